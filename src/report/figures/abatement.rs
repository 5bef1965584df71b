//! What the measures of a run take away of a pollutant and what a tonne of it costs by each:
//! the abatement cost curve of the plan.
//!
//! ```text
//! cut[m]   = −change[m,T]                          against the same run without m, last year T
//! price[m] = C[m,T] / cut[m]                       the whole cost of m, as in the table of costs
//! needed   = Σ cut[m] + E[T] − level of the target over the measures drawn
//! ```
//!
//! The whole cost of a measure is put on one pollutant at a time, so curves of two
//! pollutants are not to be added. A price below zero is money saved; such measures are not
//! ranked by it, since less saved a tonne is no merit ([`in_turn`]).

use super::balance::amount_of;
use super::footnote::footnote;
use crate::case::{Case, account_name, leading, number, percent};
use crate::chart::{Abatement, AbatementBar};
use crate::costs;
use jianpai_core::catalogue::Account;
use jianpai_core::costing;
use jianpai_core::dims::PollutantId;
use jianpai_core::measure::Policy;
use jianpai_core::target::Demand;
use jianpai_core::text::Text;
use jianpai_solve::curve::in_turn;

/// The pollutant that carbon is counted in.
const CARBON: &str = "CO2";
/// Less than this part of the base is nothing.
const NOTHING: f64 = 1e-6;
/// Yuan a tonne from which on costs are written in 10⁴ yuan.
const DEAR: f64 = 1e4;

/// What the new measures of a run do to an account.
struct Found {
    /// Name, tonnes taken away and yuan, in the order of the curve.
    drawn: Vec<(Text, f64, f64)>,
    /// How many measures take some away and have no figure of cost, and their tonnes.
    unpriced: (usize, f64),
    /// How many add some, and their tonnes.
    adding: (usize, f64),
    /// How many of those drawn may save or cost money, by the range of their cost.
    open: usize,
}

impl Found {
    fn of(case: &Case<'_>, p: PollutantId) -> Option<Self> {
        let q = case.plan.account(leading(case.catalogue, p))?;
        let base = case
            .plan
            .year(case.index_base())
            .map(|t| case.outcome.run.total.at(q, t))
            .filter(|base| *base > 0.0)?;
        let mut found = Self {
            drawn: Vec::new(),
            unpriced: (0, 0.0),
            adding: (0, 0.0),
            open: 0,
        };
        for (m, measure) in case.plan.measures.iter().enumerate() {
            let cut = costs::cut(case, m, p).filter(|cut| cut.abs() > base * NOTHING);
            let (Policy::New, Some(cut)) = (measure.policy, cut) else {
                continue;
            };
            let cost = costs::of_measure(case, m).filter(costing::Costing::is_known);
            match cost {
                _ if cut < 0.0 => found.adding = (found.adding.0 + 1, found.adding.1 - cut),
                None => found.unpriced = (found.unpriced.0 + 1, found.unpriced.1 + cut),
                Some(cost) => {
                    found.open += usize::from(cost.low < 0.0 && cost.high > 0.0);
                    found.drawn.push((measure.name.clone(), cut, cost.value));
                }
            }
        }
        let pairs: Vec<(f64, f64)> = found.drawn.iter().map(|one| (one.1, one.2)).collect();
        let order = in_turn(&pairs).into_iter();
        found.drawn = order.map(|i| found.drawn[i].clone()).collect();
        (!found.drawn.is_empty()).then_some(found)
    }

    fn sum(&self) -> f64 {
        self.drawn.iter().map(|one| one.1).sum()
    }
}

/// Units of a curve: tonnes in one of the axis below with its name; yuan a tonne in one of
/// the axis at the side with its name.
struct Units {
    amount: (f64, Text),
    price: (f64, Text),
}

impl Units {
    fn of(found: &Found) -> Self {
        let mut sizes: Vec<f64> = found
            .drawn
            .iter()
            .map(|one| (one.2 / one.1).abs())
            .collect();
        sizes.sort_by(f64::total_cmp);
        Self {
            amount: if found.sum() >= 1e8 {
                (1e8, Text::new("亿吨", "10⁸ t"))
            } else {
                (1e4, Text::new("万吨", "10⁴ t"))
            },
            price: if sizes[sizes.len() / 2] >= DEAR {
                (1e4, Text::new("万元/吨", "10⁴ CNY/t"))
            } else {
                (1.0, Text::new("元/吨", "CNY/t"))
            },
        }
    }
}

/// The curve of a pollutant. `None` unless it is carbon dioxide or a target speaks of it,
/// and where no measure with a known cost takes any away.
pub fn abatement(case: &Case<'_>, p: PollutantId) -> Option<Abatement> {
    let catalogue = case.catalogue;
    let mut asked = case.scenario.targets.iter().map(|target| {
        let kind = &catalogue.indicators[target.indicator.at()].kind;
        kind.pollutant() == Some(p)
    });
    if catalogue.pollutant(CARBON) != Some(p) && !asked.any(|own| own) {
        return None;
    }
    let found = Found::of(case, p)?;
    let units = Units::of(&found);
    let account = leading(catalogue, p);
    let ((scale, unit), (dear, price_unit)) = (&units.amount, &units.price);
    let bars: Vec<AbatementBar> = found
        .drawn
        .iter()
        .map(|(name, cut, cost)| AbatementBar {
            name: name.clone(),
            amount: cut / scale,
            planned: cut / scale,
            price: cost / cut / dear,
        })
        .collect();
    let (named, end, prices) = (case.title(), case.scenario.end_year, case.plan.price_year);
    let mut footnote = footnote(case, &[p], &amount_of(case, account));
    let own = note(&found, &account_name(catalogue, account), (*scale, unit));
    footnote.zh = own.zh + &footnote.zh;
    footnote.en = own.en + &footnote.en;
    Some(Abatement {
        title: title(&account_name(catalogue, account), end, &bars, &units),
        subtitle: Text::new(
            format!(
                "{}：柱宽为{end}年减排量，柱高为每吨费用，面积为费用",
                named.zh
            ),
            format!(
                "{} — width: what a measure takes away in {end}; height: the cost of a tonne; area: the cost",
                named.en
            ),
        ),
        across: Text::new(
            format!("新增措施累计减排量（{}）", unit.zh),
            format!("taken away by new measures so far ({})", unit.en),
        ),
        unit: unit.clone(),
        price: Text::new(
            format!("每吨费用（{}，{prices}年价）", price_unit.zh),
            format!("cost of a tonne ({}, prices of {prices})", price_unit.en),
        ),
        price_unit: price_unit.clone(),
        needed: needed(case, account, &found).map(|needed| {
            let amount = number(needed / scale);
            let label = Text::new(
                format!("达标需要这些措施减{amount}{}", unit.zh),
                format!("the target needs {amount} {} of it", unit.en),
            );
            (needed / scale, label)
        }),
        bars,
        footnote,
    })
}

/// Tonnes that the measures drawn have to take away for the strictest target on the amount
/// in the last year; `None` where there is no such target, where they need not take any, and
/// where the run is joined to observed values, which moves what a tonne counts.
fn needed(case: &Case<'_>, account: Account, found: &Found) -> Option<f64> {
    let q = case.plan.account(account)?;
    let last = case.plan.span() - 1;
    let run = &case.outcome.run;
    let reached = run.total.at(q, last);
    if run.join.at(q, last).abs() > reached.abs() * NOTHING {
        return None;
    }
    let own = case.scenario.targets.iter().filter(|target| {
        let kind = &case.catalogue.indicators[target.indicator.at()].kind;
        let level = matches!(target.demand, Demand::Reduction { .. } | Demand::Cap(_));
        kind.amount() == Some(account) && level && target.year == case.scenario.end_year
    });
    let level = own
        .filter_map(|target| case.level(target))
        .reduce(f64::min)?;
    Some(found.sum() + reached - level).filter(|needed| *needed > 0.0)
}

/// The headline, counted from the bars: how much in all, which part saves money, and what a
/// tonne costs by the cheapest and the dearest of the others.
fn title(name: &Text, year: i32, bars: &[AbatementBar], units: &Units) -> Text {
    let unit = &units.amount.1;
    let all: f64 = bars.iter().map(|bar| bar.amount).sum();
    let saving = bars.iter().filter(|bar| bar.price < 0.0);
    let saved: f64 = saving.clone().map(|bar| bar.amount).sum();
    let (count, saves, amount) = (bars.len(), saving.count(), number(all));
    let mut text = Text::new(
        format!("{}：{count}项措施{year}年减{amount}{}", name.zh, unit.zh),
        format!(
            "{}: {count} {} {amount} {} off in {year}",
            name.en,
            if count == 1 {
                "measure takes"
            } else {
                "measures take"
            },
            unit.en
        ),
    );
    if saves == count {
        text.zh += "，都省钱";
        text.en += if count == 1 {
            " and saves money"
        } else {
            ", all saving money"
        };
        return text;
    }
    if saves > 0 {
        let part = percent(saved / all);
        text.zh += &format!("，其中{saves}项省钱，占{part}");
        text.en += &format!("; {saves} of them save money and make {part} of it");
    }
    let costly: Vec<&AbatementBar> = bars.iter().filter(|bar| bar.price >= 0.0).collect();
    let price = &units.price.1;
    let rest = saves > 0;
    match costly.as_slice() {
        [] => {}
        [one] => {
            let each = number(one.price);
            text.zh += &format!(
                "{}{}每吨{each}{}",
                if rest { "；另一项" } else { "，" },
                one.name.zh,
                a_tonne(&price.zh)
            );
            text.en += &format!("; {} costs {each} {}", one.name.en, price.en);
        }
        [low, .., high] if number(low.price) == number(high.price) => {
            let each = number(low.price);
            let [zh, en] = if rest {
                ["；其余", "; the rest cost"]
            } else {
                ["，", ", at"]
            };
            text.zh += &format!("{zh}每吨都是{each}{}", a_tonne(&price.zh));
            text.en += &format!("{en} {each} {} each", price.en);
        }
        [low, .., high] => {
            let [least, most] = [low, high].map(|bar| number(bar.price));
            let [zh, en] = if rest {
                ["；其余", "; the rest cost"]
            } else {
                ["，", ", at"]
            };
            text.zh += &format!(
                "{zh}每吨{least}{}（{}）至{most}{}（{}）",
                a_tonne(&price.zh),
                low.name.zh,
                a_tonne(&price.zh),
                high.name.zh
            );
            text.en += &format!(
                "{en} {least} ({}) to {most} {} ({})",
                low.name.en, price.en, high.name.en
            );
        }
    }
    text
}

/// `万元/吨` as it stands after `每吨`.
fn a_tonne(unit: &str) -> &str {
    unit.trim_end_matches("/吨")
}

/// What the bars leave out and how costs are put on them.
fn note(found: &Found, name: &Text, (scale, unit): (f64, &Text)) -> Text {
    let mut text = Text::new(
        format!(
            "每项措施的费用全部记在{}上，同时减下的其他污染物不另计价，不同污染物的图不能相加；省钱的措施不按每吨省多少排序。",
            name.zh
        ),
        format!(
            "The whole cost of a measure is put on {}; what it takes away of other pollutants is not \
             priced, so charts of two pollutants are not to be added. What saves money is not ranked \
             by what a tonne saves. ",
            name.en
        ),
    );
    if found.open > 0 {
        let open = found.open;
        text.zh += &format!("费用按中值画；{open}项的费用区间跨零，是省是花尚不能定。");
        text.en += &format!(
            "Costs are central figures; the range of {open} holds both money saved and money spent. "
        );
    }
    let (count, amount) = found.unpriced;
    if count > 0 {
        let amount = number(amount / scale);
        text.zh += &format!(
            "另有{count}项措施没有费用数据，共减{amount}{}，未画出。",
            unit.zh
        );
        text.en += &format!(
            "{} without a figure of cost, {amount} {} together, {} not drawn. ",
            some(count),
            unit.en,
            if count == 1 { "is" } else { "are" }
        );
    }
    let (count, amount) = found.adding;
    if count > 0 {
        let amount = number(amount / scale);
        text.zh += &format!("{count}项措施使其增加，共{amount}{}，未画出。", unit.zh);
        text.en += &format!(
            "{} that {} some, {amount} {} together, {} not drawn. ",
            some(count),
            if count == 1 { "adds" } else { "add" },
            unit.en,
            if count == 1 { "is" } else { "are" }
        );
    }
    text
}

fn some(count: usize) -> String {
    let measures = if count == 1 { "measure" } else { "measures" };
    format!("{count} {measures}")
}
