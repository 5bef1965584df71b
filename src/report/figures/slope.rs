//! The main indicators from one five-year plan to the next.

use super::footnote::footnote;
use super::indices::panel_indicators;
use super::wedges::lowered;
use crate::case::{Case, display, number, short_name, signed_percent};
use crate::chart::{SlopeChart, SlopeLine};
use jianpai_core::text::Text;

/// Length of a plan in years: plans end in 2015, 2020, 2025 …
const PLAN: i32 = 5;

/// The years shown: the first and the last, and those between in which a plan ends.
fn columns(case: &Case<'_>) -> Vec<i32> {
    let years = &case.outcome.years;
    let (first, last) = (case.scenario.base_year, case.scenario.end_year);
    let ends = |year: &i32| year % PLAN == 0 || *year == first || *year == last;
    years.iter().copied().filter(ends).collect()
}

/// The lines of the main indicators; `None` where fewer than two years or no indicator
/// can be shown.
pub fn slopes(case: &Case<'_>) -> Option<SlopeChart> {
    let years = columns(case);
    let first = *years.first()?;
    let last = *years.last().filter(|last| **last > first)?;
    let at: Vec<usize> = years
        .iter()
        .filter_map(|year| case.plan.year(*year))
        .collect();
    let shown: Vec<usize> = (panel_indicators(case).into_iter())
        .filter(|i| case.outcome.indicators[*i][at[0]] > 0.0)
        .collect();
    let line = |i: &usize| {
        let values = &case.outcome.indicators[*i];
        let indicator = &case.catalogue.indicators[*i];
        let unit = display(indicator);
        let amount = |t: usize| number(values[t] / unit.scale);
        let (from, to) = (amount(at[0]), amount(at[at.len() - 1]));
        SlopeLine {
            name: short_name(case.catalogue, indicator),
            values: at
                .iter()
                .map(|t| values[*t] / values[at[0]] * 100.0)
                .collect(),
            note: if indicator.kind.is_index() {
                Text::default()
            } else {
                Text::new(
                    format!("{from} → {to}{}", unit.unit.zh),
                    format!("{from} → {to} {}", unit.unit.en),
                )
            },
        }
    };
    let lines: Vec<SlopeLine> = shown.iter().map(line).collect();
    if lines.is_empty() {
        return None;
    }
    let pollutants: Vec<_> = shown
        .iter()
        .filter_map(|i| case.catalogue.indicators[*i].kind.pollutant())
        .collect();
    let named = case.title();
    let list: Vec<String> = years.iter().map(ToString::to_string).collect();
    Some(SlopeChart {
        title: title(&lines, (first, last)),
        subtitle: Text::new(
            format!("{}：{}年主要指标，{first}年=100", named.zh, list.join("、")),
            format!(
                "{} — main indicators in {}, {first} = 100",
                named.en,
                list.join(", ")
            ),
        ),
        years,
        recorded_until: Some(case.recorded_until()),
        lines,
        footnote: footnote(case, &pollutants, &shown),
    })
}

/// The headline: what falls most and what falls least, or rises.
fn title(lines: &[SlopeLine], (first, last): (i32, i32)) -> Text {
    let end = |line: &SlopeLine| line.values.last().copied().unwrap_or(f64::NAN);
    let by_end = |a: &&SlopeLine, b: &&SlopeLine| end(a).total_cmp(&end(b));
    let change = |line: &SlopeLine| signed_percent(end(line) / 100.0 - 1.0);
    let (Some(low), Some(high)) = (lines.iter().min_by(by_end), lines.iter().max_by(by_end)) else {
        return Text::default();
    };
    let moved = |line: &SlopeLine| if end(line) < 100.0 { "falls" } else { "rises" };
    let word = |line: &SlopeLine| {
        if end(line) < 100.0 {
            "下降"
        } else {
            "上升"
        }
    };
    if lines.len() == 1 {
        return Text::new(
            format!(
                "{first}—{last}年{}{}（{}）",
                low.name.zh,
                word(low),
                change(low)
            ),
            format!(
                "{} {} {first}–{last} ({})",
                low.name.en,
                moved(low),
                change(low)
            ),
        );
    }
    match (end(low) < 100.0, end(high) < 100.0) {
        (true, true) => Text::new(
            format!(
                "{first}—{last}年各项指标均下降，降幅最大的是{}（{}），最小的是{}（{}）",
                low.name.zh,
                change(low),
                high.name.zh,
                change(high)
            ),
            format!(
                "All indicators fall {first}–{last}: most {} ({}), least {} ({})",
                lowered(&low.name.en),
                change(low),
                lowered(&high.name.en),
                change(high)
            ),
        ),
        (true, false) => Text::new(
            format!(
                "{first}—{last}年降幅最大的是{}（{}），{}上升（{}）",
                low.name.zh,
                change(low),
                high.name.zh,
                change(high)
            ),
            format!(
                "{} falls most {first}–{last} ({}); {} rises ({})",
                low.name.en,
                change(low),
                lowered(&high.name.en),
                change(high)
            ),
        ),
        _ => Text::new(
            format!(
                "{first}—{last}年各项指标均未下降，升幅最大的是{}（{}）",
                high.name.zh,
                change(high)
            ),
            format!(
                "No indicator falls {first}–{last}; {} rises most ({})",
                lowered(&high.name.en),
                change(high)
            ),
        ),
    }
}
