//! The balance of a pollutant as a waterfall: from the year that the targets count from,
//! growth, current policy, each measure, to the last year.

use super::footnote;
use crate::case::{Case, account_name, leading, number, percent};
use crate::chart::{LevelTarget, Step, StepKind, Waterfall};
use jianpai_core::catalogue::Account;
use jianpai_core::dims::{IndicatorId, PollutantId};
use jianpai_core::measure::Policy;
use jianpai_core::outcome::Item;
use jianpai_core::target::{Demand, Target};
use jianpai_core::text::Text;

/// Measures shown by name; the smaller ones are summed up.
const NAMED: usize = 13;
/// A measure below this part of the base is summed up with others.
const SMALL: f64 = 0.002;
/// A sum below this part of the base is the rounding of nothing.
const NOTHING: f64 = 1e-9;

/// A balance by what a chart tells apart (t).
struct Parts {
    base: f64,
    growth: f64,
    /// Measures in place and natural renewal.
    current: f64,
    /// Measures of the scenario, by name.
    new: Vec<(Text, f64)>,
    join: f64,
    total: f64,
}

impl Parts {
    fn of(case: &Case<'_>, p: PollutantId) -> Option<Self> {
        let mut parts = Parts {
            base: 0.0,
            growth: 0.0,
            current: 0.0,
            new: Vec::new(),
            join: 0.0,
            total: 0.0,
        };
        for (item, value) in case.balance(leading(case.catalogue, p))? {
            match item {
                Item::Base => parts.base = value,
                Item::Growth => parts.growth = value,
                Item::Join => parts.join = value,
                Item::Total => parts.total = value,
                Item::Measure(m) => {
                    let measure = &case.plan.measures[m];
                    if measure.policy == Policy::Current {
                        parts.current += value;
                    } else {
                        parts.new.push((measure.name.clone(), value));
                    }
                }
            }
        }
        (parts.base > 0.0).then_some(parts)
    }

    /// The measures to be named, largest reductions first, and the sum of the others.
    fn named(&self) -> (Vec<(Text, f64)>, f64) {
        let large = |value: f64| value.abs() >= self.base * SMALL;
        let (mut named, small): (Vec<_>, Vec<_>) = self
            .new
            .iter()
            .cloned()
            .partition(|(_, value)| large(*value));
        named.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
        let dropped = named.split_off(named.len().min(NAMED));
        named.sort_by(|a, b| a.1.total_cmp(&b.1));
        let rest = small.iter().chain(&dropped).map(|(_, value)| value).sum();
        (named, rest)
    }
}

/// The balance of a pollutant as a waterfall. The first level and all steps sum to the
/// last level. `None` where nothing is emitted in the base year.
pub fn waterfall(case: &Case<'_>, p: PollutantId) -> Option<Waterfall> {
    let parts = Parts::of(case, p)?;
    let (base, total) = (parts.base, parts.total);
    let scale = if base >= 5e8 { 1e8 } else { 1e4 };
    let (first, end) = (case.index_base(), case.scenario.end_year);
    let step = |label: Text, value: f64, kind: StepKind| Step {
        label,
        value: value / scale,
        kind,
    };
    let level = |year: i32, value: f64| {
        let label = Text::new(format!("{year}年"), year.to_string());
        step(label, value, StepKind::Level)
    };
    let acts = |value: f64| value.abs() > base * NOTHING;
    let mut steps = vec![level(first, base)];
    let growth = Text::new("新增量", "Growth");
    steps.push(step(growth, parts.growth, StepKind::Growth));
    if acts(parts.current) {
        let label = Text::new("现行政策与自然更新", "Current policy and renewal");
        steps.push(step(label, parts.current, StepKind::Policy));
    }
    let (named, rest) = parts.named();
    let named = named.into_iter();
    steps.extend(named.map(|(name, value)| step(name, value, StepKind::Change)));
    if acts(rest) {
        let label = Text::new("其他措施", "Other measures");
        steps.push(step(label, rest, StepKind::Change));
    }
    if acts(parts.join) {
        let label = Text::new("与观测值衔接", "Join to observed");
        steps.push(step(label, parts.join, StepKind::Adjustment));
    }
    steps.push(level(end, total));
    let named = case.title();
    Some(Waterfall {
        title: title(case, p, &parts, scale),
        subtitle: Text::new(
            format!("{}：{first}—{end}年减排平衡", named.zh),
            format!("{} — balance {first}–{end}", named.en),
        ),
        unit: unit_of(scale),
        steps,
        against: Text::new(format!("较{first}年"), format!("vs {first}")),
        target: level_target(case, p, scale),
        higher_is_better: false,
        full_axis: false,
        footnote: footnote(case, &[p], &amount_of(case, leading(case.catalogue, p))),
    })
}

/// The indicator of an account's amount, if there is one.
pub(crate) fn amount_of(case: &Case<'_>, account: Account) -> Vec<usize> {
    let found = case.catalogue.amount_indicator(account);
    found.into_iter().map(IndicatorId::at).collect()
}

pub(super) fn unit_of(scale: f64) -> Text {
    if scale > 1e7 {
        Text::new("亿吨", "10⁸ t")
    } else {
        Text::new("万吨", "10⁴ t")
    }
}

/// The headline, computed from the numbers drawn: measures and current policy apart.
fn title(case: &Case<'_>, p: PollutantId, parts: &Parts, scale: f64) -> Text {
    let pollutant = account_name(case.catalogue, leading(case.catalogue, p));
    let (base, first) = (parts.base, case.index_base());
    let acts = |value: f64| value.abs() > base * NOTHING;
    let (unit, new) = (
        unit_of(scale),
        parts.new.iter().map(|(_, value)| value).sum::<f64>(),
    );
    let amount = |value: f64| number(value.abs() / scale);
    let (mut zh, mut en) = (Vec::new(), Vec::new());
    let mut add = |value: f64, names: [&str; 2], less: [&str; 2], more: [&str; 2]| {
        let [way_zh, way_en] = if value <= 0.0 { less } else { more };
        zh.push(format!("{}{way_zh}{}{}", names[0], amount(value), unit.zh));
        en.push(format!("{}{way_en} {}", names[1], amount(value)));
    };
    let ways = (["减排", "cut"], ["增排", "add"]);
    if acts(new) {
        add(new, ["措施", "measures "], ways.0, ways.1);
    }
    if acts(parts.current) {
        add(
            parts.current,
            ["现行政策", "current policy "],
            ways.0,
            ways.1,
        );
    }
    if acts(parts.growth) {
        add(
            parts.growth,
            ["", ""],
            ["活动减少", "lower activity takes"],
            ["新增", "growth adds"],
        );
    }
    let fall = 1.0 - parts.total / base;
    let (way_zh, way_en) = if fall >= 0.0 {
        ("下降", "down")
    } else {
        ("上升", "up")
    };
    let change = percent(fall.abs());
    let result_zh = format!("{}较{first}年{way_zh}{change}", pollutant.zh);
    let result_en = format!("{} {way_en} {change} on {first}", pollutant.en);
    if zh.is_empty() {
        return Text::new(result_zh, result_en);
    }
    Text::new(
        format!("{}，{result_zh}", zh.join("，")),
        format!("{} ({}): {result_en}", sentence(&en.join(", ")), unit.en),
    )
}

/// The text with a capital letter first.
fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or(String::new(), |first| {
        first.to_uppercase().collect::<String>() + chars.as_str()
    })
}

/// The level that the targets of the last year come to, the strictest of them: a
/// reduction counts from its own base year.
fn level_target(case: &Case<'_>, p: PollutantId, scale: f64) -> Option<LevelTarget> {
    let account = leading(case.catalogue, p);
    let of = |target: &Target| {
        let kind = &case.catalogue.indicators[target.indicator.at()].kind;
        kind.amount() == Some(account)
    };
    let own = case
        .targets()
        .filter(|(target, _)| of(target) && target.year == case.scenario.end_year);
    let levels = own.filter_map(|(target, verdict)| Some((target, verdict, case.level(target)?)));
    let upper = levels.filter(|(target, ..)| !matches!(target.demand, Demand::Floor(_)));
    let (target, verdict, level) = upper.min_by(|a, b| a.2.total_cmp(&b.2))?;
    Some(LevelTarget {
        value: level / scale,
        label: target_label(target, level / scale),
        standing: case.standing(target, verdict),
    })
}

pub(super) fn target_label(target: &Target, level: f64) -> Text {
    let shown = number(level);
    match target.demand {
        Demand::Reduction { wanted, base_year } => {
            let change = percent(-wanted);
            Text::new(
                format!("目标：较{base_year}年 {change}（{shown}）"),
                format!("Target: {change} on {base_year} ({shown})"),
            )
        }
        _ => Text::new(format!("目标：≤{shown}"), format!("Target: ≤ {shown}")),
    }
}
