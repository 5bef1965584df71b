//! A front and the plans beside it.

use super::common::{computed, of_costs};
use crate::case::{number, percent};
use crate::chart::{TradeOff, TradePlan, TradePoint};
use crate::solve::answered::{Answered, Found};
use crate::solve::names::Each;
use jianpai_core::text::Text;
use jianpai_solve::front::{Axis, Front};

/// A front, with the plan as stated and the one found.
pub fn trade_off(answered: &Answered<'_>, front: &Front) -> TradeOff {
    let (_, less, less_each) = answered.axis(front.less);
    let (_, more, more_each) = answered.axis(front.more);
    let scaled = |a: f64, b: f64| (a / less_each.scale, b / more_each.scale);
    let points = front.points.iter().enumerate().map(|(k, point)| {
        let (less, more) = scaled(point.less, point.more);
        let by = match (k, front.more) {
            (0, Axis::Money) => Text::new("不求减排时的最低成本", "least cost, nothing asked"),
            (0, Axis::Indicator(_)) => Text::new("起点", "start"),
            _ => answered.names(&point.moved),
        };
        TradePoint { less, more, by }
    });
    let points: Vec<TradePoint> = points.collect();
    let sheets = answered.sheets();
    let at = |axis: Axis, levels: &[f64]| match axis {
        Axis::Money => Some(answered.programme.money_function().at(levels)),
        Axis::Indicator(id) => {
            let function = sheets.indicator(id, answered.laid_out.span() - 1);
            function.map(|function| function.at(levels))
        }
    };
    let plan = |levels: &[f64], name: Text, chosen: bool| {
        let (less, more) = scaled(at(front.less, levels)?, at(front.more, levels)?);
        Some(TradePlan {
            less,
            more,
            name,
            chosen,
        })
    };
    let stated = Text::new("情景所述", "as stated");
    let mut plans = Vec::new();
    plans.extend(plan(&answered.programme.stated, stated, false));
    if let Found::Plan(solution) = answered.found {
        let levels = answered.programme.levels(&solution.point.x);
        let name = Text::new("求得的方案", "plan found");
        plans.extend(plan(&levels, name, true));
    }
    let heading = |name: &Text, each: &Each| {
        Text::new(
            format!("{}（{}）", name.zh, each.unit.zh),
            format!("{} ({})", name.en, each.unit.en),
        )
    };
    let year = answered.scenario.end_year;
    // Of two emissions nothing is told of costs.
    let costs = if front.less == Axis::Money || front.more == Axis::Money {
        of_costs(answered)
    } else {
        Text::default()
    };
    let source = computed(answered);
    TradeOff {
        title: given((&less, &less_each), (&more, &more_each), &points),
        subtitle: Text::new(
            format!(
                "{year}年的帕累托前沿：{}再降，{}付出多少；每段旁为动用的措施",
                less.zh, more.zh
            ),
            format!(
                "Pareto front in {year}: what less {} takes of {}; beside each piece what is done",
                less.en, more.en
            ),
        ),
        across: heading(&less, &less_each),
        upwards: heading(&more, &more_each),
        points,
        plans,
        footnote: Text::new(
            format!(
                "线上每一点都是同样代价下{}最低的做法；线的左下方用这些措施做不到。{}{}",
                less.zh, costs.zh, source.zh
            ),
            format!(
                "Every point of the line has the least {} for what is given; what lies below and left of \
                 it cannot be done with these measures. {}{}",
                less.en, costs.en, source.en
            ),
        ),
    }
}

/// What the whole way costs, and what of that the first half.
fn given(
    (less, less_each): (&Text, &Each),
    (more, more_each): (&Text, &Each),
    points: &[TradePoint],
) -> Text {
    let (Some(first), Some(last)) = (points.first(), points.last()) else {
        return less.clone();
    };
    let rise = last.more - first.more;
    let half = f64::midpoint(first.less, last.less);
    let pair = points.windows(2).find(|pair| pair[1].less <= half);
    let at_half = pair.map(|pair| {
        let part = (pair[0].less - half) / (pair[0].less - pair[1].less);
        pair[0].more + part * (pair[1].more - pair[0].more) - first.more
    });
    let share = at_half
        .filter(|_| rise > 0.0)
        .map(|cost| percent(cost / rise));
    let (from, to) = (number(first.less), number(last.less));
    let amount = number(rise);
    let (half_zh, half_en) = share.map_or((String::new(), String::new()), |share| {
        (
            format!("，前一半只占{share}"),
            format!("; the first half takes {share} of that"),
        )
    });
    Text::new(
        format!(
            "{}从{from}降到{to}{}，{}多{amount}{}{half_zh}",
            less.zh, less_each.unit.zh, more.zh, more_each.unit.zh
        ),
        format!(
            "From {from} to {to} {} of {}: {amount} {} more {}{half_en}",
            less_each.unit.en, less.en, more_each.unit.en, more.en
        ),
    )
}
