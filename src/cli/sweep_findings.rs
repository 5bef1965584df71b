//! What the draws of a sweep say: which inputs matter, and under which conditions
//! all targets are met.

use super::sweep_text::Spread;
use jianpai_core::batch::Input;
use jianpai_core::catalogue::IndicatorKind;
use jianpai_core::text::Lang;
use jianpai_report::case::{number, percent, short_name};
use jianpai_report::grid::{Grid, indent, left, right};
use jianpai_sweep::analysis::given_data::{self, GivenDataOptions};
use jianpai_sweep::analysis::morris::{self, MorrisOptions};
use jianpai_sweep::analysis::prim::{self, PrimOptions};
use jianpai_sweep::analysis::sobol::{self, SobolOptions};
use jianpai_sweep::design::Design;
use jianpai_sweep::engine::Column;

/// The findings, or nothing where the draws were too many to keep.
pub(super) fn text(spread: &Spread<'_>, kept: Option<&[Vec<f64>]>, lang: Lang) -> String {
    let Some(columns) = kept else {
        return format!(
            "\n  {}\n",
            lang.pick(
                "抽样过多，未作敏感性分析",
                "too many draws to keep for a sensitivity analysis"
            )
        );
    };
    sensitivity(spread, columns, lang) + &conditions(spread, columns, lang)
}

/// The columns of emissions and intensities in the last year reported.
fn outputs(spread: &Spread<'_>) -> Vec<(usize, String, String)> {
    let cells = &spread.sweep.reported.cells;
    let last = cells.iter().map(|(_, t)| *t).max().unwrap_or(0);
    let columns = spread.sweep.columns.iter().enumerate();
    let shown = columns.filter_map(|(c, column)| {
        let Column::Indicator(id, t) = column else {
            return None;
        };
        let indicator = &spread.catalogue.indicators[id.at()];
        let is_main = match &indicator.kind {
            IndicatorKind::Emission(p) => spread.catalogue.pollutants[p.at()].medium != "carbon",
            IndicatorKind::EmissionIntensity(_) => true,
            _ => false,
        };
        let name = short_name(spread.catalogue, indicator);
        (is_main && *t == last).then_some((c, name.zh, name.en))
    });
    shown.collect()
}

/// One number an input and output: total Sobol index, μ*, or the first-order index
/// estimated from the sample, by what the design allows.
fn measure(spread: &Spread<'_>, columns: &[Vec<f64>], output: &[f64]) -> Option<Vec<Option<f64>>> {
    let count = spread.sweep.inputs.len();
    match spread.sweep.points.design() {
        Design::Saltelli { .. } => {
            let found = sobol::indices(output, &SobolOptions::new(count)).ok()?;
            Some(
                found
                    .inputs
                    .iter()
                    .map(|index| index.total.map(|total| total.value))
                    .collect(),
            )
        }
        Design::Morris { .. } => {
            let rows: Vec<f64> = (0..output.len())
                .flat_map(|d| columns[..count].iter().map(move |column| column[d]))
                .collect();
            let found = morris::effects(&rows, output, &MorrisOptions::new(count)).ok()?;
            Some(
                found
                    .inputs
                    .iter()
                    .map(|effect| Some(effect.mu_star.value))
                    .collect(),
            )
        }
        _ => {
            let inputs: Vec<&[f64]> = columns[..count].iter().map(Vec::as_slice).collect();
            let options = GivenDataOptions {
                replicates: 0,
                ..GivenDataOptions::default()
            };
            let found = given_data::analyse(&inputs, output, &options).ok()?;
            Some(
                found
                    .inputs
                    .iter()
                    .map(|index| index.first.map(|first| first.value))
                    .collect(),
            )
        }
    }
}

/// The table of inputs and outputs.
fn sensitivity(spread: &Spread<'_>, columns: &[Vec<f64>], lang: Lang) -> String {
    let outputs = outputs(spread);
    let (zh, en) = match spread.sweep.points.design() {
        Design::Saltelli { .. } => ("Sobol 总指数", "Sobol total index"),
        Design::Morris { .. } => (
            "Morris μ*（指标单位）",
            "Morris μ* (units of the indicator)",
        ),
        _ => ("一阶指数（占方差）", "First-order index (part of variance)"),
    };
    let is_morris = matches!(spread.sweep.points.design(), Design::Morris { .. });
    let mut header = vec![lang.pick(zh, en).to_string()];
    header.extend(outputs.iter().map(|(_, zh, en)| lang.pick(zh, en).clone()));
    let found: Vec<Option<Vec<Option<f64>>>> = outputs
        .iter()
        .map(|(c, ..)| measure(spread, columns, &columns[*c]))
        .collect();
    let mut grid = Grid::new(header.iter().map(String::as_str));
    for (i, input) in spread.sweep.inputs.iter().enumerate() {
        let mut row = vec![left(&input.name)];
        for values in &found {
            row.push(match values.as_ref().and_then(|values| values[i]) {
                // An index below half a percent is the noise of the estimate.
                Some(value) if !is_morris && value < 0.005 => right("·"),
                Some(value) if !is_morris => right(percent(value)),
                Some(value) => right(number(value)),
                None => right("–"),
            });
        }
        grid.row(row);
    }
    format!("\n{}\n", indent(&grid.to_string()))
}

/// The box of inputs in which all targets are met, as a sentence.
fn conditions(spread: &Spread<'_>, columns: &[Vec<f64>], lang: Lang) -> String {
    let all = spread
        .sweep
        .columns
        .iter()
        .position(|column| *column == Column::AllMet);
    let (Some(all), true) = (all, !spread.sweep.reported.targets.is_empty()) else {
        return String::new();
    };
    let met: Vec<bool> = columns[all].iter().map(|value| *value > 0.5).collect();
    let count = spread.sweep.inputs.len();
    let inputs: Vec<&[f64]> = columns[..count].iter().map(Vec::as_slice).collect();
    let Ok(Some(found)) = prim::find(&inputs, &met, &PrimOptions::default()) else {
        let share = met.iter().filter(|met| **met).count() as f64 / met.len().max(1) as f64;
        return match lang {
            Lang::Zh => format!("\n  全部目标在 {} 的抽样中达到\n", percent(share)),
            Lang::En => format!(
                "\n  All targets are met in {} of the draws\n",
                percent(share)
            ),
        };
    };
    let bounds: Vec<String> = found
        .restrictions
        .iter()
        .flat_map(|limit| {
            let sampled = &spread.sweep.inputs[limit.input];
            let name = &sampled.name;
            // Levels, growth and targets are fractions; elasticities and factors plain numbers.
            let number = |value: f64| match sampled.input {
                Input::Factor(_) | Input::Elasticity(_) => number(value),
                _ => percent(value),
            };
            let lower = limit
                .lower
                .as_ref()
                .map(|b| format!("{name} ≥ {}", number(b.value)));
            let upper = limit
                .upper
                .as_ref()
                .map(|b| format!("{name} ≤ {}", number(b.value)));
            lower.into_iter().chain(upper)
        })
        .collect();
    let (density, coverage) = (percent(found.count.density), percent(found.count.coverage));
    let conditions = bounds.join(lang.pick(" 且 ", " and "));
    match lang {
        Lang::Zh => format!(
            "\n  若 {conditions}，全部目标在 {density} 的抽样中达到（含全部达标抽样的 {coverage}）\n"
        ),
        Lang::En => format!(
            "\n  If {conditions}, all targets are met in {density} of the draws (the box holds {coverage} of those that meet them)\n"
        ),
    }
}
