//! What each measure takes away and what a unit of it costs.

use super::common::{computed, of_costs};
use crate::case::{number, percent, short_name};
use crate::chart::{Abatement, AbatementBar};
use crate::solve::answered::Answered;
use crate::solve::names::Each;
use jianpai_core::target::required;
use jianpai_core::text::Text;
use jianpai_solve::curve::{Alone, Curve};
use jianpai_solve::programme::Wanted;

/// 10⁴ yuan a tonne from which on costs are written so, and not in yuan.
const DEAR: f64 = 1.0;

/// The curve by measure: each by itself, from doing nothing to all that can be done.
pub fn abatement(
    answered: &Answered<'_>,
    wanted: &Wanted,
    (curve, alone): (&Curve, &[Alone]),
) -> Abatement {
    let programme = answered.programme;
    let (per, each) = answered.amount(wanted);
    let to_unit = per / each.scale;
    // 10⁸ yuan a unit; a unit of 10⁴ t makes that 10⁴ yuan a tonne.
    let prices = alone.iter().map(|one| one.money / (one.gain * to_unit));
    let mut sizes: Vec<f64> = prices.map(f64::abs).collect();
    sizes.sort_by(f64::total_cmp);
    let middle = sizes.get(sizes.len() / 2).copied().unwrap_or(0.0);
    let (scale, price_unit) = price_unit(answered, wanted, middle);
    let bars: Vec<AbatementBar> = alone
        .iter()
        .map(|one| {
            let measure = programme.spec.free[one.variable].measure;
            let stated = programme.stated[measure] / programme.potential[one.variable];
            let amount = one.gain * to_unit;
            AbatementBar {
                name: answered.measure(one.variable).clone(),
                amount,
                planned: amount * stated.clamp(0.0, 1.0),
                price: one.money / amount * scale,
            }
        })
        .collect();
    let nothing = programme.levels(&programme.nothing());
    let start = wanted.asked.reached(&nothing);
    let (asked, sign) = required(wanted.target.demand);
    let lacking = (asked - start) * sign * to_unit;
    let indicator = &answered.catalogue.indicators[wanted.target.indicator.at()];
    let name = short_name(answered.catalogue, indicator);
    let needed = (lacking > 0.0).then(|| {
        let amount = number(lacking);
        Text::new(
            format!("目标还需{amount}{}", each.unit.zh),
            format!("the target asks for {amount} {}", each.unit.en),
        )
    });
    let most = curve.steps.last().map_or(curve.free, |step| step.to);
    let together = (most - start).abs() * to_unit;
    Abatement {
        title: headline(&name, &bars, (&each, &price_unit)),
        subtitle: {
            let target = answered.target(&wanted.target);
            Text::new(
                format!("{}：柱宽为减排量，柱高为单位成本，面积为费用", target.zh),
                format!(
                    "{}: width is what a measure takes away, height the cost of a unit, area the cost",
                    target.en
                ),
            )
        },
        across: Text::new(
            format!("累计减排量（{}，不含现行政策）", each.unit.zh),
            format!(
                "taken away so far ({}, beyond current policy)",
                each.unit.en
            ),
        ),
        unit: each.unit.clone(),
        price: Text::new(
            format!("单位成本（{}）", price_unit.zh),
            format!("cost of a unit ({})", price_unit.en),
        ),
        price_unit,
        needed: needed.map(|label| (lacking, label)),
        footnote: curve_note(answered, &name, (together, &bars, &each)),
        bars,
    }
}

/// The unit of costs a unit, and how many of it one 10⁸ yuan a unit is.
fn price_unit(answered: &Answered<'_>, wanted: &Wanted, middle: f64) -> (f64, Text) {
    let (_, each) = answered.amount(wanted);
    let indicator = &answered.catalogue.indicators[wanted.target.indicator.at()];
    let of_mass = indicator.kind.is_emission() && (each.scale - 1e4).abs() < 1e-6;
    match (of_mass, middle >= DEAR) {
        (true, true) => (1.0, Text::new("万元/吨", "10⁴ CNY/t")),
        (true, false) => (1e4, Text::new("元/吨", "CNY/t")),
        (false, _) => (
            1.0,
            Text::new(
                format!("亿元/{}", each.unit.zh),
                format!("10⁸ CNY per {}", each.unit.en),
            ),
        ),
    }
}

/// How much there is, and how much of it costs nothing.
fn headline(name: &Text, bars: &[AbatementBar], (each, price): (&Each, &Text)) -> Text {
    let count = bars.len();
    let all: f64 = bars.iter().map(|bar| bar.amount).sum();
    let saving = bars.iter().filter(|bar| bar.price < 0.0);
    let (saves, part) = (
        saving.clone().count(),
        saving.map(|bar| bar.amount).sum::<f64>() / all,
    );
    if count == 0 {
        return Text::new(
            format!("{}：没有可做的措施", name.zh),
            format!("{}: no measure takes any away", name.en),
        );
    }
    let dear = bars.iter().filter(|bar| bar.price >= 0.0);
    let range = |pick: fn(f64, f64) -> f64| dear.clone().map(|bar| bar.price).reduce(pick);
    let (amount, share) = (number(all), percent(part));
    let free = match saves {
        0 => Text::new("没有一项省钱", "none saves money"),
        _ => Text::new(
            format!("{saves}项省钱，占{share}"),
            format!("{saves} save money and make {share} of it"),
        ),
    };
    let rest = match (range(f64::min), range(f64::max)) {
        (Some(low), Some(high)) => Text::new(
            format!("；其余{}—{}{}", number(low), number(high), price.zh),
            format!(
                "; the rest cost {} to {} {}",
                number(low),
                number(high),
                price.en
            ),
        ),
        _ => Text::default(),
    };
    Text::new(
        format!(
            "{}：{count}项措施可减{amount}{}，{}{}",
            name.zh, each.unit.zh, free.zh, rest.zh
        ),
        format!(
            "{}: {count} measures can take away {amount} {}; {}{}",
            name.en, each.unit.en, free.en, rest.en
        ),
    )
}

/// How costs are attributed, and what the bars leave out.
fn curve_note(
    answered: &Answered<'_>,
    name: &Text,
    (together, bars, each): (f64, &[AbatementBar], &Each),
) -> Text {
    let sum: f64 = bars.iter().map(|bar| bar.amount).sum();
    let (costs, source) = (of_costs(answered), computed(answered));
    let (sum, together) = (number(sum), number(together));
    let unit = &each.unit;
    Text::new(
        format!(
            "每项措施的费用全部记在{}上，它同时减下的其他污染物不另计价，所以不同污染物的图不能相加。\
             每项单独做到底，合计{sum}{}；一起做为{together}{}。省钱的按减得多又省得多在前，其余按单位成本。{}{}",
            name.zh, unit.zh, unit.zh, costs.zh, source.zh
        ),
        format!(
            "The whole cost of a measure is put on {}; what it takes away of other pollutants is not \
             priced, so charts of two pollutants are not to be added. Each measure by itself: {sum} {} \
             in sum, {together} together. What saves money comes first, more abatement and more saved \
             before less; the rest by cost of a unit. {}{}",
            name.en, unit.en, costs.en, source.en
        ),
    )
}
