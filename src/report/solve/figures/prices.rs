//! What targets and other limits cost at the margin.

use super::common::{computed, of_costs};
use crate::case::{number, short_name};
use crate::chart::{PriceBars, PriceGroup, PriceRow};
use crate::solve::answered::Answered;
use jianpai_core::target::Demand;
use jianpai_core::text::Text;
use jianpai_solve::answer::{Price, Solution};
use jianpai_solve::conflict::Member;
use jianpai_solve::programme::{Objective, Wanted};

/// A price below this is nothing.
const FREE: f64 = 1e-9;

/// Puts a row below its heading.
fn add(groups: &mut Vec<PriceGroup>, heading: Text, row: PriceRow) {
    match groups.iter_mut().find(|group| group.heading == heading) {
        Some(group) => group.rows.push(row),
        None => groups.push(PriceGroup {
            heading,
            rows: vec![row],
        }),
    }
}

/// What the next and the last unit of every target cost.
fn of_targets(answered: &Answered<'_>, solution: &Solution, groups: &mut Vec<PriceGroup>) {
    let (_, money) = answered.objective();
    for (i, wanted) in &answered.programme.wanted {
        let each = answered.each(&wanted.target);
        let mut prices = solution.prices.iter();
        let price = prices.find(|p| p.member == Member::Target(*i));
        let shown = |price: f64| price * each.scale / money.scale;
        let heading = Text::new(
            format!("目标（{}/{}）", money.unit.zh, each.unit.zh),
            format!("Targets ({} per {})", money.unit.en, each.unit.en),
        );
        let at_end = matches!(price, Some(Price { tighter: None, .. }));
        let words = match price {
            None => Text::new(
                "有余，再严一点不多花",
                "met with room: a little more costs nothing",
            ),
            Some(_) if at_end => {
                Text::new("到头，再严做不到", "at the end: no stricter one can be met")
            }
            Some(_) => Text::default(),
        };
        let row = PriceRow {
            name: answered.target(&wanted.target),
            next: price.and_then(|p| p.tighter).map(shown),
            last: price.map(|p| shown(p.looser)),
            words,
            at_end,
        };
        add(groups, heading, row);
    }
}

/// What one unit more room of everything else that binds saves, the most first.
fn of_limits(answered: &Answered<'_>, solution: &Solution, groups: &mut Vec<PriceGroup>) {
    let (_, money) = answered.objective();
    let binding = solution.prices.iter();
    let binding = binding.filter(|p| !matches!(p.member, Member::Target(_)) && p.looser > FREE);
    let mut others: Vec<(&Price, f64)> = binding
        .map(|price| {
            let each = answered.unit_of(price.member);
            (price, price.looser * each.scale / money.scale)
        })
        .collect();
    others.sort_by(|a, b| b.1.total_cmp(&a.1));
    for (price, saves) in others {
        let each = answered.unit_of(price.member).unit;
        let heading = Text::new(
            format!("其他限制（{}/{}）", money.unit.zh, each.zh),
            format!("Other limits ({} per {})", money.unit.en, each.en),
        );
        let row = PriceRow {
            name: answered.name(price.member),
            last: Some(saves),
            ..PriceRow::default()
        };
        add(groups, heading, row);
    }
}

/// What the next and the last unit of every target cost, and what other limits cost.
pub fn prices(answered: &Answered<'_>, solution: &Solution) -> PriceBars {
    let mut groups: Vec<PriceGroup> = Vec::new();
    of_targets(answered, solution, &mut groups);
    of_limits(answered, solution, &mut groups);
    // Of effort nothing is told of costs.
    let costs = match answered.programme.spec.objective {
        Objective::Cost(_) => of_costs(answered),
        Objective::Effort | Objective::Even => Text::default(),
    };
    let source = computed(answered);
    PriceBars {
        title: dearest(answered, solution),
        subtitle: {
            let (objective, _) = answered.objective();
            Text::new(
                format!("{}时的边际价格", objective.zh),
                format!("Prices at the margin: {}", objective.en),
            )
        },
        groups,
        footnote: Text::new(
            format!(
                "价格只在当前方案附近成立，走远了更贵，适用范围见表 prices-of-targets。{}{}",
                costs.zh, source.zh
            ),
            format!(
                "Prices hold near this plan and rise farther away; how far they hold is in the table \
                 prices-of-targets. {}{}",
                costs.en, source.en
            ),
        ),
    }
}

/// Which target is dearest, and how many cost nothing.
fn dearest(answered: &Answered<'_>, solution: &Solution) -> Text {
    let (_, money) = answered.objective();
    let targets = answered.programme.wanted.iter();
    let priced: Vec<(f64, &Wanted)> = targets
        .filter_map(|(i, wanted)| {
            let price = solution
                .prices
                .iter()
                .find(|p| p.member == Member::Target(*i))?;
            let each = answered.each(&wanted.target);
            Some((price.tighter? * each.scale / money.scale, wanted))
        })
        .collect();
    let all = answered.programme.wanted.len();
    let binding = |i: &usize| {
        solution
            .prices
            .iter()
            .any(|p| p.member == Member::Target(*i))
    };
    let slack = answered
        .programme
        .wanted
        .iter()
        .filter(|(i, _)| !binding(i))
        .count();
    // Prices of one unit alone can be set against each other.
    let unit = |wanted: &Wanted| answered.each(&wanted.target).unit;
    let same = priced
        .windows(2)
        .all(|pair| unit(pair[0].1) == unit(pair[1].1));
    let dear = priced.iter().filter(|_| same);
    let dear = dear
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .filter(|(price, _)| *price > FREE);
    let rest = match slack {
        0 => Text::new(
            format!("{all}项目标都不宽裕"),
            format!("none of {all} targets has room"),
        ),
        _ => Text::new(
            format!("{all}项目标中{slack}项有余，再严一点不花钱"),
            format!("{slack} of {all} targets have room and cost nothing more"),
        ),
    };
    match dear {
        Some((price, wanted)) => {
            let indicator = &answered.catalogue.indicators[wanted.target.indicator.at()];
            let name = short_name(answered.catalogue, indicator);
            let (price, each) = (number(*price), unit(wanted));
            let one_zh = if matches!(wanted.target.demand, Demand::Reduction { .. }) {
                "一个百分点".to_string()
            } else {
                format!("1{}", each.zh)
            };
            let several = priced.len() > 1;
            let first = if several { "最贵的是" } else { "" };
            let first_en = if several { "Dearest is " } else { "" };
            Text::new(
                format!(
                    "{first}{}：再严{one_zh}多花{price}{}；{}",
                    name.zh, money.unit.zh, rest.zh
                ),
                format!(
                    "{first_en}{}: one {} more costs {price} {}; {}",
                    name.en, each.en, money.unit.en, rest.en
                ),
            )
        }
        None => rest,
    }
}
