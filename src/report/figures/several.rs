//! The charts that compare several runs, as plates: a few scenarios on one scorecard and on
//! common curves; many of them, or many regions, an indicator at a time.

use super::alt::joined;
use super::plates::Plate;
use super::{Figure, both, comparison, ranking, regions, scenarios, trajectories};
use crate::case::{Case, short_name, signed_percent};
use crate::chart::{Comparison, LineChart, RegionPanels, ScenarioCard, TileMap};
use crate::summary::compared;
use jianpai_core::text::Text;

/// More cases than this get charts for each indicator, not one for all.
const FEW: usize = 8;
/// How many regions are told as the first and the last.
const TOLD: usize = 3;

/// Every chart that compares several cases, in the order in which a report shows them; none
/// of fewer than two.
pub fn plates_of_runs(cases: &[Case<'_>]) -> Vec<Plate> {
    if cases.len() < 2 {
        return Vec::new();
    }
    let shown = compared(cases);
    let id = |i: usize| &cases[0].catalogue.indicators[i].named.id;
    let mut plates = Vec::new();
    if cases.len() > FEW {
        for i in shown {
            let chart = ranking(cases, i);
            let alt = alt_of_ranking(&chart);
            let name = format!("comparison-{}", id(i));
            plates.push(Plate::new(name, &chart.title.clone(), alt, chart));
            if let Some(chart) = regions::tile_map(cases, i) {
                let alt = alt_of_map(&chart);
                let name = format!("map-{}", id(i));
                plates.push(Plate::new(name, &chart.title.clone(), alt, chart));
            }
            let chart = regions::panels(cases, i);
            let alt = alt_of_panels(cases, i, &chart);
            let name = format!("years-{}", id(i));
            plates.push(Plate::new(name, &chart.title.clone(), alt, chart));
        }
        return plates;
    }
    if let Some(chart) = scenarios::scorecard(cases) {
        let alt = alt_of_card(&chart);
        plates.push(Plate::new("scorecard", &chart.title.clone(), alt, chart));
    }
    let chart = comparison(cases, &shown);
    let alt = alt_of_comparison(&chart);
    plates.push(Plate::new("comparison", &chart.title.clone(), alt, chart));
    for i in shown {
        if let Some(chart) = trajectories(cases, i) {
            let name = short_name(cases[0].catalogue, &cases[0].catalogue.indicators[i]);
            let alt = alt_of_curves(&name, &chart);
            let id = format!("comparison-{}", id(i));
            plates.push(Plate::new(id, &chart.title.clone(), alt, chart));
        }
    }
    plates
}

/// The same as files in both languages.
pub fn comparing(cases: &[Case<'_>]) -> Vec<Figure> {
    let plates = plates_of_runs(cases).into_iter();
    plates
        .flat_map(|plate| both(&plate.id, |lang| plate.chart.render(lang)))
        .collect()
}

/// A name and what is said of it.
fn said(name: &Text, words: &str) -> Text {
    Text::new(
        format!("{} {words}", name.zh),
        format!("{} {words}", name.en),
    )
}

fn alt_of_card(chart: &ScenarioCard) -> Text {
    let rows = chart.rows.iter().map(|row| {
        let cells = row.cells.iter().flatten();
        let all = cells.clone().count();
        let met = cells.filter(|cell| cell.standing.met() == Some(true));
        let met = met.count();
        Text::new(
            format!("{}{all}项中达到{met}项", row.name.zh),
            format!("{} {met} of {all}", row.name.en),
        )
    });
    let rows = joined(&rows.collect::<Vec<_>>());
    Text::new(
        format!(
            "评分表，每行一个情景，每列一项目标，标出达到值、要求和误差区间。达标：{}。",
            rows.zh
        ),
        format!(
            "Scorecard, one scenario a row and one target a column, with what is reached, what is \
             asked and the band of error. Targets met: {}.",
            rows.en
        ),
    )
}

fn alt_of_comparison(chart: &Comparison) -> Text {
    let rows = chart.rows.iter().map(|row| {
        let changes = row.changes.iter().filter(|change| change.is_finite());
        let shown = changes.map(|change| signed_percent(change / 100.0));
        said(&row.name, &shown.collect::<Vec<_>>().join(" / "))
    });
    let rows = joined(&rows.collect::<Vec<_>>());
    let names = joined(&chart.scenarios);
    Text::new(
        format!(
            "各情景各指标的变化与目标。情景依次为{}。{}。",
            names.zh, rows.zh
        ),
        format!(
            "Change of each indicator by scenario, with targets. Scenarios in order: {}. {}.",
            names.en, rows.en
        ),
    )
}

fn alt_of_ranking(chart: &Comparison) -> Text {
    let changes = chart.rows.first().map(|row| &row.changes);
    let pairs = chart.scenarios.iter().zip(changes.into_iter().flatten());
    let known = pairs.filter(|(_, change)| change.is_finite());
    let known: Vec<Text> = known
        .map(|(name, change)| said(name, &signed_percent(change / 100.0)))
        .collect();
    let (first, last) = (
        joined(&known[..TOLD.min(known.len())]),
        joined(&known[known.len().saturating_sub(TOLD)..]),
    );
    Text::new(
        format!(
            "按变化排序的条形图，标出各自目标。最前：{}；最后：{}。",
            first.zh, last.zh
        ),
        format!(
            "Bars ordered by change, each with its target. First: {}; last: {}.",
            first.en, last.en
        ),
    )
}

fn alt_of_map(chart: &TileMap) -> Text {
    let remarks: Vec<Text> = chart.remarks.clone();
    let join = |pick: &dyn Fn(&Text) -> String, by: &str| {
        let all = remarks.iter().map(pick);
        all.collect::<Vec<_>>().join(by)
    };
    Text::new(
        format!(
            "方格图，每省一格，写出变化并标出达标与否。{}。",
            join(&|remark| remark.zh.clone(), "；")
        ),
        format!(
            "Tiles, one a province, with the change and whether the target is met. {}.",
            join(&|remark| remark.en.clone(), "; ")
        ),
    )
}

fn alt_of_panels(cases: &[Case<'_>], i: usize, chart: &RegionPanels) -> Text {
    let name = short_name(cases[0].catalogue, &cases[0].catalogue.indicators[i]);
    let ends = chart.panels.iter().filter_map(|panel| {
        let end = panel.values.last().filter(|end| end.is_finite())?;
        Some(said(&panel.name, &signed_percent(end / 100.0 - 1.0)))
    });
    let ends = joined(&ends.collect::<Vec<_>>());
    Text::new(
        format!(
            "{}逐年变化的小图，每个一幅。期末变化：{}。",
            name.zh, ends.zh
        ),
        format!(
            "Small charts of {} year by year, one each. Change at the end: {}.",
            name.en, ends.en
        ),
    )
}

fn alt_of_curves(name: &Text, chart: &LineChart) -> Text {
    let ends = chart.series.iter().filter_map(|series| {
        let end = series.values.iter().rev().find(|value| value.is_finite())?;
        Some(said(&series.name, &signed_percent(end / 100.0 - 1.0)))
    });
    let ends = joined(&ends.collect::<Vec<_>>());
    Text::new(
        format!(
            "{}的折线图，每个情景一条线，并标出目标。期末变化：{}。",
            name.zh, ends.zh
        ),
        format!(
            "Lines of {}, one a scenario, with targets. Change at the end: {}.",
            name.en, ends.en
        ),
    )
}
