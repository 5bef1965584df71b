//! Charts over several scenarios.

use super::{Figure, both, footnote_of, main_target};
use crate::case::{Case, percent, short_name, signed_percent, splice_mark};
use crate::chart::{self, Comparison, ComparisonRow, LineChart, Series, TargetMark};
use crate::summary::compared;
use jianpai_core::catalogue::{Account, IndicatorKind};
use jianpai_core::dims::PollutantId;
use jianpai_core::text::Text;

/// More cases than this get a chart for each indicator, not one for all.
const FEW: usize = 8;

/// The charts that compare several cases.
pub fn comparing(cases: &[Case<'_>]) -> Vec<Figure> {
    let shown = compared(cases);
    let id = |i: usize| &cases[0].catalogue.indicators[i].named.id;
    if cases.len() > FEW {
        let charts = shown.iter().flat_map(|&i| {
            let chart = comparison(cases, &[i]);
            both(&format!("comparison-{}", id(i)), |lang| chart.render(lang))
        });
        return charts.collect();
    }
    let chart = comparison(cases, &shown);
    let mut figures = both("comparison", |lang| chart.render(lang)).to_vec();
    for i in shown {
        if let Some(chart) = trajectories(cases, i) {
            figures.extend(both(&format!("comparison-{}", id(i)), |lang| {
                chart.render(lang)
            }));
        }
    }
    figures
}

/// The year that all cases count from, if it is one.
fn common_base(cases: &[Case<'_>]) -> i32 {
    let first = cases[0].index_base();
    let same = cases.iter().all(|case| case.index_base() == first);
    if same {
        first
    } else {
        cases[0].scenario.base_year
    }
}

/// An indicator's change between `base` and the last year (fraction).
fn change(case: &Case<'_>, i: usize, base: i32) -> f64 {
    let values = &case.outcome.indicators[i];
    let from = case.plan.year(base).unwrap_or(0);
    values[values.len() - 1] / values[from] - 1.0
}

/// The pollutants whose calibre a chart of these indicators rests on.
fn pollutants(case: &Case<'_>, indicators: &[usize]) -> Vec<PollutantId> {
    let kinds = indicators
        .iter()
        .map(|i| &case.catalogue.indicators[*i].kind);
    let found = kinds.filter_map(|kind| match kind {
        IndicatorKind::Emission(p) | IndicatorKind::EmissionIntensity(p) => Some(*p),
        _ => None,
    });
    found
        .filter(|p| case.plan.account(Account::Pollutant(*p)).is_some())
        .collect()
}

/// What each scenario reaches on each indicator, against the targets.
fn comparison(cases: &[Case<'_>], shown: &[usize]) -> Comparison {
    let base = common_base(cases);
    let rows = shown.iter().map(|&i| row(cases, i, base)).collect();
    let last = cases[0].scenario.end_year;
    let (met, all) = cases
        .iter()
        .map(Case::score)
        .max_by_key(|(met, _)| *met)
        .unwrap_or((0, 0));
    let count = cases.len();
    let full = cases
        .iter()
        .filter(|case| case.score().0 == case.score().1)
        .count();
    let title = match (all, full) {
        (0, _) => Text::new("各情景比较", "Scenarios compared"),
        (_, 0) => Text::new(
            format!("{count}个情景均未全部达标；最好的达到{all}项目标中的{met}项"),
            format!("None of {count} scenarios meets every target; the best meets {met} of {all}"),
        ),
        (_, full) => Text::new(
            format!("{count}个情景中{full}个全部达标"),
            format!("{full} of {count} scenarios meet every target"),
        ),
    };
    Comparison {
        title,
        subtitle: Text::new(
            format!("{last}年较{base}年变化"),
            format!("Change {base}–{last}"),
        ),
        scenarios: names(cases),
        muted: None,
        rows,
        footnote: footnote_of(cases, &pollutants(&cases[0], shown), shown),
    }
}

/// One indicator: a target is marked if all cases that have one have the same.
fn row(cases: &[Case<'_>], i: usize, base: i32) -> ComparisonRow {
    let indicator = &cases[0].catalogue.indicators[i];
    let same_base = cases.iter().all(|case| case.index_base() == base);
    let mut targets = cases
        .iter()
        .filter_map(|case| main_target(case, i).map(|t| t.1));
    let first = targets.next().filter(|_| same_base);
    let common = first.filter(|first| targets.all(|other| (other - first).abs() < 1e-9));
    let judged = |case: &Case<'_>| case.targets().any(|(t, _)| t.indicator.at() == i);
    let met = |case: &Case<'_>| {
        let mut own = case.targets().filter(|(t, _)| t.indicator.at() == i);
        own.all(|(_, verdict)| verdict.is_none_or(|v| v.met))
    };
    let any = cases.iter().any(judged);
    ComparisonRow {
        name: short_name(cases[0].catalogue, indicator),
        changes: cases
            .iter()
            .map(|case| change(case, i, base) * 100.0)
            .collect(),
        target: common.map(|wanted| -wanted * 100.0),
        met: if any {
            cases.iter().map(met).collect()
        } else {
            Vec::new()
        },
    }
}

/// The names of several cases, with the region where it differs.
fn names(cases: &[Case<'_>]) -> Vec<Text> {
    let same_scenario = cases
        .iter()
        .all(|c| c.scenario.name == cases[0].scenario.name);
    let same_region = cases.iter().all(|c| c.plan.region == cases[0].plan.region);
    let name = |case: &Case<'_>| {
        let region = &case.region().named.name;
        let name = &case.scenario.name;
        match (same_scenario, same_region) {
            (true, false) => region.clone(),
            (_, true) => name.clone(),
            _ => Text::new(
                format!("{} {}", region.zh, name.zh),
                format!("{} {}", region.en, name.en),
            ),
        }
    };
    cases.iter().map(name).collect()
}

/// One indicator's index in a few cases.
/// The splices behind the recorded values of an indicator in any of the cases.
fn splices(cases: &[Case<'_>], i: usize) -> Vec<chart::Splice> {
    let mut found: Vec<chart::Splice> = Vec::new();
    for case in cases {
        for (year, splice) in case.spliced(i) {
            let label = splice_mark(case, splice);
            if !found.iter().any(|s| s.year == year && s.label == label) {
                found.push(chart::Splice { year, label });
            }
        }
    }
    found
}

fn trajectories(cases: &[Case<'_>], i: usize) -> Option<LineChart> {
    let indicator = &cases[0].catalogue.indicators[i];
    let base = common_base(cases);
    let longest = cases.iter().max_by_key(|case| case.outcome.years.len())?;
    let years = longest.outcome.years.clone();
    let series = cases
        .iter()
        .zip(names(cases))
        .enumerate()
        .map(|(color, (case, name))| {
            let values = &case.outcome.indicators[i];
            let from = values[case.plan.year(base).unwrap_or(0)];
            let index = values.iter().map(|value| value / from * 100.0);
            Series {
                name,
                color,
                muted: false,
                values: index
                    .chain(std::iter::repeat(f64::NAN))
                    .take(years.len())
                    .collect(),
                observed: Vec::new(),
                bands: Vec::new(),
            }
        });
    let series = series.collect();
    let same = cases.iter().all(|case| case.index_base() == base);
    let target = cases
        .iter()
        .find_map(|case| main_target(case, i))
        .filter(|_| same);
    let targets = target.map(|(target, wanted, _)| {
        let wanted_text = percent(wanted);
        TargetMark {
            year: target.year,
            value: (1.0 - wanted) * 100.0,
            label: Text::new(
                format!("目标 −{wanted_text}"),
                format!("Target −{wanted_text}"),
            ),
            met: None,
        }
    });
    let name = short_name(cases[0].catalogue, indicator);
    let last = years[years.len() - 1];
    let ends: Vec<f64> = cases.iter().map(|case| change(case, i, base)).collect();
    let low = signed_percent(ends.iter().copied().fold(f64::INFINITY, f64::min));
    let high = signed_percent(ends.iter().copied().fold(f64::NEG_INFINITY, f64::max));
    Some(LineChart {
        title: Text::new(
            format!("{}：{last}年较{base}年 {low} 至 {high}", name.zh),
            format!("{}: {low} to {high} between {base} and {last}", name.en),
        ),
        subtitle: Text::new(
            format!("指数，{base}年=100"),
            format!("Index, {base} = 100"),
        ),
        unit: Text::default(),
        history_until: Some(cases[0].recorded_until()).filter(|year| *year > years[0]),
        change_from: None,
        series,
        targets: targets.into_iter().collect(),
        caps: Vec::new(),
        splices: splices(cases, i),
        from_zero: false,
        footnote: footnote_of(cases, &pollutants(&cases[0], &[i]), &[i]),
        years,
    })
}
