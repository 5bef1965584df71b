//! The tables of a finished sweep: CSV for machines and spreadsheets.

use super::{Spread, names};
use jianpai_core::account::UnitKind;
use jianpai_core::text::Lang;
use jianpai_report::cells::Csv;
use jianpai_sweep::analysis::summary::front::{Front, MOST, Point};
use jianpai_sweep::design::Design;
use jianpai_sweep::engine::{Column, Workspace};
use jianpai_sweep::findings::{Findings, Kind};

/// Writes rows of text as CSV.
fn csv(rows: impl IntoIterator<Item = Vec<String>>) -> Vec<u8> {
    let mut writer = Csv::new();
    for row in rows {
        writer.row(&row);
    }
    writer.into_bytes()
}

fn cells(texts: &[&str]) -> Vec<String> {
    texts.iter().map(ToString::to_string).collect()
}

/// A number; empty where there is none, or what there is is no number.
fn number(value: Option<f64>) -> String {
    let value = value.filter(|value| value.is_finite());
    value.map_or(String::new(), |value| value.to_string())
}

/// Every table with its name.
pub(super) fn all(spread: &Spread<'_>) -> Vec<(String, Vec<u8>)> {
    let mut tables = vec![
        ("summary.csv".to_string(), summary(spread)),
        ("attainment.csv".to_string(), attainment(spread)),
        ("best.csv".to_string(), best(spread)),
    ];
    if let Some(findings) = spread.findings {
        tables.push(("sensitivity.csv".to_string(), sensitivity(spread, findings)));
        tables.push(("conditions.csv".to_string(), conditions(spread, findings)));
    }
    tables
}

/// Mean, deviation and quantiles of every column of numbers, over the draws that are
/// feasible; how many these are, and how many are not.
fn summary(spread: &Spread<'_>) -> Vec<u8> {
    const LEVELS: [f64; 7] = [0.025, 0.05, 0.25, 0.5, 0.75, 0.95, 0.975];
    let names = ["column", "unit", "draws", "infeasible", "mean", "sd", "min"];
    let mut header = cells(&names);
    let quantile = |q: &f64| format!("q{}", q * 100.0);
    header.extend(LEVELS.iter().map(quantile));
    header.push("max".to_string());
    // Between which the exact quantile lies; empty where the quantile is exact.
    let bounds = |q: &f64| [quantile(q) + "_low", quantile(q) + "_high"];
    header.extend(LEVELS.iter().flat_map(bounds));
    let rows = spread.totals.summaries.iter().map(|(c, summary)| {
        let column = &spread.sweep.columns[*c];
        let mut row = vec![
            spread.sweep.name(spread.catalogue, column),
            unit(spread, column),
            summary.count().to_string(),
            spread.infeasible().to_string(),
            number(summary.mean()),
            number(summary.deviation()),
            number(summary.least().map(|draw| draw.value)),
        ];
        let quantiles = summary.quantiles(&LEVELS);
        row.extend(quantiles.iter().map(|found| number(found.map(|q| q.value))));
        row.push(number(summary.greatest().map(|draw| draw.value)));
        let bounds = quantiles.iter().flat_map(|found| {
            let found = found.filter(|_| !summary.is_exact());
            [found.map(|q| q.lower), found.map(|q| q.upper)]
        });
        row.extend(bounds.map(number));
        row
    });
    csv(std::iter::once(header).chain(rows))
}

/// The unit of a column in machine output.
fn unit(spread: &Spread<'_>, column: &Column) -> String {
    match column {
        Column::Indicator(id, _) => match spread.catalogue.indicators[id.at()].kind.unit_kind() {
            UnitKind::Mass => "t",
            UnitKind::Energy => "tce",
            _ => "",
        },
        Column::Cost => "CNY/yr",
        _ => "",
    }
    .to_string()
}

/// How often each target is met, and all together.
fn attainment(spread: &Spread<'_>) -> Vec<u8> {
    let header = cells(&[
        "target",
        "indicator",
        "year",
        "demand",
        "met",
        "draws",
        "probability",
        "low95",
        "high95",
        // What the interval is, or why there is none.
        "interval",
    ]);
    let points = &spread.sweep.points;
    let kind = match points.design() {
        design if !points.is_sample() => format!("none: {} is no sample", design.id()),
        Design::Saltelli { .. } => "wilson over base samples".to_string(),
        _ => "wilson".to_string(),
    };
    let row = |names: Vec<String>, wanted: &Column| {
        let count = spread.count(wanted)?;
        let mut row = names;
        row.extend([
            count.met.to_string(),
            count.draws.to_string(),
            count.share.to_string(),
            number(count.interval.map(|(low, _)| low)),
            number(count.interval.map(|(_, high)| high)),
            kind.clone(),
        ]);
        Some(row)
    };
    let targets = spread.sweep.reported.targets.iter().enumerate();
    let mut rows: Vec<Vec<String>> = targets
        .filter_map(|(i, target)| {
            let indicator = &spread.catalogue.indicators[target.indicator.at()];
            let (_, demand) = names::target(spread, i);
            let names = vec![
                target.id.clone(),
                indicator.named.id.clone(),
                target.year.to_string(),
                demand.get(Lang::En).to_string(),
            ];
            row(names, &Column::Met(i))
        })
        .collect();
    rows.extend(row(cells(&["all", "", "", ""]), &Column::AllMet));
    rows.extend(row(cells(&["feasible", "", "", ""]), &Column::Feasible));
    csv(std::iter::once(header).chain(rows))
}

/// Draws of a Pareto set that are listed, if it has no more …
const WHOLE: usize = 10_000;
/// … else so many of them, evenly along it.
const PART: usize = 1000;

/// The draws of a Pareto set that are listed.
pub(super) fn listed(front: &Front) -> Vec<Point> {
    if front.points().len() <= WHOLE {
        front.points().to_vec()
    } else {
        front.some(PART)
    }
}

/// The safest and the cheapest draws and the Pareto set, with their inputs.
fn best(spread: &Spread<'_>) -> Vec<u8> {
    let sweep = spread.sweep;
    let mut header = cells(&["list", "draw", "cost_cny", "smallest_relative_margin"]);
    header.extend(sweep.inputs.iter().map(|input| input.name.clone()));
    // How many draws the Pareto set has, where it is listed in part.
    header.push("set_size".to_string());
    let mut work = Workspace::default();
    let mut row = |list: &str, draw: u64, size: &str| {
        let rows = sweep.block(draw, 1, &mut work);
        let cost = sweep.column(&Column::Cost).map(|c| rows.column(c)[0]);
        let slack = rows
            .slack
            .first()
            .copied()
            .filter(|slack| slack.is_finite());
        let mut row = vec![
            list.to_string(),
            draw.to_string(),
            number(cost),
            number(slack),
        ];
        row.extend((0..sweep.inputs.len()).map(|i| rows.column(i)[0].to_string()));
        row.push(size.to_string());
        row
    };
    let mut rows = vec![header];
    for draw in spread.totals.safest.draws() {
        rows.push(row("safest", draw.draw, ""));
    }
    for draw in spread.totals.cheapest.draws() {
        rows.push(row("cheapest", draw.draw, ""));
    }
    let front = &spread.totals.front;
    let size = match front.points().len() {
        found if front.is_thinned() => format!("over {}", found.max(MOST)),
        found => found.to_string(),
    };
    for point in listed(front) {
        rows.push(row("pareto", point.draw, &size));
    }
    csv(rows)
}

/// Importance and swing of every input for every output.
fn sensitivity(spread: &Spread<'_>, findings: &Findings) -> Vec<u8> {
    let (first, total) = match findings.kind {
        Kind::Morris => ("mu_star", "sigma"),
        Kind::Sobol | Kind::GivenData => ("first", "total"),
    };
    let header = vec![
        "output".to_string(),
        "input".to_string(),
        first.to_string(),
        format!("{first}_half_width"),
        total.to_string(),
        format!("{total}_half_width"),
        "at_q5".to_string(),
        "at_q95".to_string(),
        // 1: a first-order index holds what the input shares with others.
        "correlated".to_string(),
    ];
    let mut rows = vec![header];
    for output in &findings.outputs {
        let name = spread
            .sweep
            .name(spread.catalogue, &spread.sweep.columns[output.column]);
        for (i, input) in spread.sweep.inputs.iter().enumerate() {
            let importance = output.inputs.get(i).copied().unwrap_or_default();
            let swing = output.swings.iter().find(|swing| swing.input == i);
            let half = |e: Option<jianpai_sweep::analysis::Estimate>| e.and_then(|e| e.half_width);
            rows.push(vec![
                name.clone(),
                input.name.clone(),
                number(importance.first.map(|e| e.value)),
                number(half(importance.first)),
                number(importance.total.map(|e| e.value)),
                number(half(importance.total)),
                number(swing.map(|swing| swing.at_low)),
                number(swing.map(|swing| swing.at_high)),
                u8::from(spread.sweep.correlated().contains(&i)).to_string(),
            ]);
        }
    }
    csv(rows)
}

/// The box in which all targets are met.
fn conditions(spread: &Spread<'_>, findings: &Findings) -> Vec<u8> {
    let mut rows = vec![cells(&[
        "input", "at_least", "at_most", "density", "coverage", "draws",
    ])];
    if let Some(found) = &findings.conditions {
        for limit in &found.restrictions {
            rows.push(vec![
                spread.sweep.inputs[limit.input].name.clone(),
                number(limit.lower.as_ref().map(|bound| bound.value)),
                number(limit.upper.as_ref().map(|bound| bound.value)),
                found.count.density.to_string(),
                found.count.coverage.to_string(),
                findings.draws.to_string(),
            ]);
        }
    }
    csv(rows)
}
