//! What charts say of targets: the headline, the marks, and what is not drawn.

use crate::case::{Case, demand_text, display, number, percent, short_name};
use crate::chart::PanelTarget;
use crate::standing::Standing;
use jianpai_core::target::{Demand, Target, Verdict};
use jianpai_core::text::{Lang, Text};

/// The marks of an indicator's targets on a chart of indices: every target that asks for
/// a level in a year, at `level / value[base] · 100`, whichever year it counts from.
pub fn marks(case: &Case<'_>, indicator: usize) -> Vec<PanelTarget> {
    let own = case
        .targets()
        .filter(|(t, _)| t.indicator.at() == indicator);
    own.filter_map(|(target, verdict)| {
        Some(PanelTarget {
            year: target.year,
            index: mark(case, target)?,
            standing: case.standing(target, verdict),
            label: label(case, target),
        })
    })
    .collect()
}

/// Where a target's mark lies, if it has one.
fn mark(case: &Case<'_>, target: &Target) -> Option<f64> {
    let level = case.level(target)? / case.base_value(target.indicator.at()) * 100.0;
    (level.is_finite() && case.index_years().contains(&target.year)).then_some(level)
}

/// Whether the charts of indices show a target.
pub fn is_drawn(case: &Case<'_>, target: &Target) -> bool {
    mark(case, target).is_some()
}

/// What a target asks for, in the few words that fit beside its mark.
fn label(case: &Case<'_>, target: &Target) -> Text {
    let indicator = &case.catalogue.indicators[target.indicator.at()];
    let shown = display(indicator);
    let amount = |limit: f64| number(limit / shown.scale);
    let (zh, en) = match target.demand {
        Demand::Reduction { wanted, base_year } => {
            let wanted = percent(-wanted);
            if base_year == case.index_base() {
                (format!(" {wanted}"), format!(" {wanted}"))
            } else {
                (
                    format!("（较{base_year}年）{wanted}"),
                    format!(" {wanted} on {base_year}"),
                )
            }
        }
        Demand::Floor(limit) => (
            format!(" ≥{}{}", amount(limit), shown.unit.zh),
            format!(" ≥ {} {}", amount(limit), shown.unit.en),
        ),
        Demand::Cap(limit) | Demand::Cumulative { limit, .. } => (
            format!(" ≤{}{}", amount(limit), shown.unit.zh),
            format!(" ≤ {} {}", amount(limit), shown.unit.en),
        ),
        Demand::Project { wanted, .. } => (
            format!(" {}{}", amount(wanted), shown.unit.zh),
            format!(" {} {}", amount(wanted), shown.unit.en),
        ),
    };
    let year = target.year;
    if year == case.scenario.end_year {
        Text::new(format!("目标{zh}"), format!("target{en}"))
    } else {
        Text::new(format!("{year}年目标{zh}"), format!("{year} target{en}"))
    }
}

/// The name of a target in a sentence: its indicator, and what tells it from others on
/// the same indicator.
fn name(case: &Case<'_>, target: &Target) -> Text {
    let indicator = &case.catalogue.indicators[target.indicator.at()];
    let short = short_name(case.catalogue, indicator);
    let all = case.scenario.targets.iter();
    let same: Vec<&Target> = all.filter(|t| t.indicator == target.indicator).collect();
    let (year, demand) = (target.year, demand_text(indicator, target));
    if same.len() == 1 {
        short
    } else if same.iter().filter(|t| t.year == year).count() == 1 {
        Text::new(
            format!("{}（{year}年）", short.zh),
            format!("{} ({year})", short.en),
        )
    } else {
        Text::new(
            format!("{}（{year}年{}）", short.zh, demand.zh),
            format!("{} ({} by {year})", short.en, demand.en),
        )
    }
}

/// The names of some targets.
fn names(case: &Case<'_>, targets: &[(&Target, Option<&Verdict>)]) -> Text {
    let all: Vec<Text> = targets
        .iter()
        .map(|(target, _)| name(case, target))
        .collect();
    let join = |lang: Lang| {
        let names: Vec<&str> = all.iter().map(|name| name.get(lang)).collect();
        names.join(lang.pick("、", ", "))
    };
    Text::new(join(Lang::Zh), join(Lang::En))
}

/// How many of the targets met are so by no more than the model is usually wrong.
fn near(met: usize, within: usize) -> Text {
    if within == 0 {
        Text::default()
    } else if within < met {
        Text::new(
            format!("（{within}项在误差之内）"),
            format!(" ({within} within the model's error)"),
        )
    } else {
        Text::new(
            if met == 1 {
                "（在误差之内）"
            } else {
                "（均在误差之内）"
            },
            " (within the model's error)",
        )
    }
}

/// The headline of a chart of indices: how many of the targets drawn are met, and
/// exactly which are missed, in one sentence.
pub fn headline(case: &Case<'_>) -> Text {
    let all = case.targets();
    let (drawn, rest): (Vec<_>, Vec<_>) = all.partition(|(target, _)| is_drawn(case, target));
    let of = |wanted: Standing| {
        let own = drawn.iter().copied();
        own.filter(|(target, verdict)| case.standing(target, *verdict) == wanted)
            .collect::<Vec<_>>()
    };
    let (missed, unjudged) = (of(Standing::Missed), of(Standing::Open));
    let within = of(Standing::Within).len();
    let (count, met) = (drawn.len(), of(Standing::Met).len() + within);
    let region = &case.region().named.name;
    let year = case.scenario.end_year;
    if count == 0 {
        return Text::new(
            format!("{}{year}年排放走势", region.zh),
            format!("{}: emissions to {year}", region.en),
        );
    }
    let when = if drawn.iter().all(|(target, _)| target.year == year) {
        format!("{year}年")
    } else {
        format!("到{year}年")
    };
    // Where some cannot be drawn, the sentence speaks of those that are.
    let (some_zh, some_en) = if rest.is_empty() {
        ("", "targets")
    } else {
        ("图中", "targets drawn")
    };
    let near = near(met, within);
    let mut text = if met == count {
        Text::new(
            format!(
                "{}{when}{some_zh}{count}项目标全部达到{}",
                region.zh, near.zh
            ),
            format!(
                "{} meets all {count} {some_en} by {year}{}",
                region.en, near.en
            ),
        )
    } else {
        Text::new(
            format!(
                "{}{when}{some_zh}{count}项目标达到{met}项{}",
                region.zh, near.zh
            ),
            format!(
                "{} meets {met} of {count} {some_en} by {year}{}",
                region.en, near.en
            ),
        )
    };
    if !missed.is_empty() {
        let names = names(case, &missed);
        text.zh += &format!("，{}未达到", names.zh);
        text.en += &format!("; missed: {}", names.en);
    }
    if !unjudged.is_empty() {
        let names = names(case, &unjudged);
        text.zh += &format!("，{}无法判定", names.zh);
        text.en += &format!("; cannot be judged: {}", names.en);
    }
    text
}

/// The targets that a chart of indices cannot draw (sums, project reductions), with their
/// verdicts, as a sentence under it; empty if there are none.
pub fn not_drawn(case: &Case<'_>) -> Text {
    let mut text = Text::default();
    for (target, verdict) in case.targets() {
        if is_drawn(case, target) {
            continue;
        }
        let indicator = &case.catalogue.indicators[target.indicator.at()];
        let short = short_name(case.catalogue, indicator);
        let (demand, year) = (demand_text(indicator, target), target.year);
        let word = case.standing(target, verdict).words();
        let (sep_zh, sep_en) = if text.zh.is_empty() {
            ("未画出的目标：", " Targets not drawn: ")
        } else {
            ("；", "; ")
        };
        text.zh += &format!("{sep_zh}{}{year}年{}（{}）", short.zh, demand.zh, word.zh);
        text.en += &format!("{sep_en}{} {} by {year} ({})", short.en, demand.en, word.en);
    }
    if !text.zh.is_empty() {
        text.zh += "。";
        text.en += ".";
    }
    text
}
