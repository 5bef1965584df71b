//! What the sample says.

use super::design::{Shape, is_constant};
use super::sample::{Met, Named, Sample, Settings};
use jianpai_core::text::Text;
use jianpai_sweep::analysis::AnalysisError;
use jianpai_sweep::analysis::given_data::{self, GivenData, GivenDataOptions, Rows};
use jianpai_sweep::analysis::morris::{self, MorrisEffects, MorrisOptions, Step};
use jianpai_sweep::analysis::prim::{self, Prim, PrimOptions};
use jianpai_sweep::analysis::regression::{self, NoFit, Regression};
use jianpai_sweep::analysis::sobol::{self, Order, Scaling, SobolIndices, SobolOptions};
use jianpai_sweep::design::recognise::Scheme;

/// A finished analysis.
#[derive(Debug)]
pub struct Analysis<'a> {
    /// What was analysed.
    pub sample: &'a Sample,
    /// Confidence level of the intervals.
    pub confidence: f64,
    /// Each output with what is known of it.
    pub outputs: Vec<(&'a str, Found)>,
    /// What is known of the condition, if there is one.
    pub discovery: Option<Discovery<'a>>,
}

/// What is known of one output.
#[derive(Debug)]
pub enum Found {
    /// It has one value: no index is defined.
    Constant(f64),
    /// Sobol indices, and the linear fit of the rows of A and B.
    Sobol(SobolIndices, Result<Regression, NoFit>),
    /// Elementary effects.
    Morris(MorrisEffects),
    /// First-order indices and regressions of any sample.
    Given(GivenData),
    /// It cannot be analysed.
    Not(AnalysisError),
}

/// Boxes in which the condition is met.
#[derive(Debug)]
pub struct Discovery<'a> {
    /// The condition.
    pub condition: &'a Met,
    /// Rows that meet the condition.
    pub positives: usize,
    /// Mean of the outcome over all rows, if the condition compares one.
    pub mean: Option<f64>,
    /// The boxes, in the order in which they were found.
    pub boxes: Vec<Boxed>,
}

/// One box. It was sought among the rows outside the boxes before it.
#[derive(Debug)]
pub struct Boxed {
    /// The search: its steps, the box chosen, its limits.
    pub prim: Prim,
    /// Share of all positive rows.
    pub coverage: f64,
    /// Share of all rows.
    pub mass: f64,
    /// Mean of the outcome in the box.
    pub mean: Option<f64>,
}

impl Analysis<'_> {
    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.sample
            .inputs
            .first()
            .map_or(0, |input| input.values.len())
    }
}

/// Analyses every output and the condition.
pub fn analyse<'a>(sample: &'a Sample, settings: &Settings) -> Analysis<'a> {
    let inputs: Vec<&[f64]> = sample
        .inputs
        .iter()
        .map(|input| input.values.as_slice())
        .collect();
    let rows = match sample.design.shape {
        Shape::Morris(_) => row_after_row(&inputs),
        _ => Vec::new(),
    };
    let outputs = sample.outputs.iter().map(|output| {
        let found = one(
            settings,
            sample.design.shape,
            (&inputs, &rows),
            &output.values,
        );
        (output.name.as_str(), found)
    });
    Analysis {
        sample,
        confidence: settings.confidence,
        outputs: outputs.collect(),
        discovery: sample
            .condition
            .as_ref()
            .map(|met| discover(settings, &inputs, met)),
    }
}

fn row_after_row(columns: &[&[f64]]) -> Vec<f64> {
    let rows = columns.first().map_or(0, |column| column.len());
    (0..rows)
        .flat_map(|row| columns.iter().map(move |column| column[row]))
        .collect()
}

fn one(
    settings: &Settings,
    shape: Shape,
    (inputs, rows): (&[&[f64]], &[f64]),
    output: &[f64],
) -> Found {
    if is_constant(output) {
        return Found::Constant(output.first().copied().unwrap_or_default());
    }
    let (confidence, replicates, seed) = (settings.confidence, settings.replicates, settings.seed);
    let found = match shape {
        Shape::Saltelli(scheme) => {
            let options = SobolOptions {
                inputs: inputs.len(),
                order: match scheme {
                    Scheme::First => Order::First,
                    Scheme::Second => Order::Second,
                },
                scaling: Scaling::AllOutputs,
                replicates,
                confidence,
                seed,
            };
            sobol::indices(output, &options)
                .map(|found| Found::Sobol(found, linear(scheme.rows(inputs.len()), inputs, output)))
        }
        Shape::Morris(step) => {
            let options = MorrisOptions {
                inputs: inputs.len(),
                step: step.map_or(Step::Measured, Step::Unit),
                replicates,
                confidence,
                seed,
            };
            morris::effects(rows, output, &options).map(Found::Morris)
        }
        Shape::Grid | Shape::Any => {
            let options = GivenDataOptions {
                rows: match shape {
                    Shape::Grid => Rows::Grid,
                    _ => Rows::Sample,
                },
                intervals: replicates > 0,
                confidence,
                ..GivenDataOptions::default()
            };
            given_data::analyse(inputs, output, &options).map(Found::Given)
        }
    };
    found.unwrap_or_else(Found::Not)
}

/// The fit of the rows of A and B, which are independent of each other.
fn linear(group: usize, inputs: &[&[f64]], output: &[f64]) -> Result<Regression, NoFit> {
    let ends = |column: &[f64]| -> Vec<f64> {
        column
            .chunks_exact(group)
            .flat_map(|rows| [rows[0], rows[group - 1]])
            .collect()
    };
    let columns: Vec<Vec<f64>> = inputs.iter().map(|column| ends(column)).collect();
    let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    regression::fit(&columns, &ends(output))
}

/// Seeks one box after the other, each among the rows that are in none before.
fn discover<'a>(settings: &Settings, inputs: &[&[f64]], condition: &'a Met) -> Discovery<'a> {
    let all = condition.rows.len();
    let positives = condition.rows.iter().filter(|met| **met).count();
    let mean_of = |rows: &mut dyn Iterator<Item = usize>, outcome: &Named| {
        // A running mean: sums of the largest numbers are none.
        let (mut mean, mut count) = (0.0, 0.0);
        for row in rows {
            count += 1.0;
            mean += outcome.values[row] / count - mean / count;
        }
        (count > 0.0).then_some(mean)
    };
    let outcome = condition.outcome.as_ref();
    let mut boxes: Vec<Boxed> = Vec::new();
    let mut left: Vec<usize> = (0..all).collect();
    while boxes.len() < settings.boxes {
        let take = |column: &&[f64]| left.iter().map(|row| column[*row]).collect::<Vec<f64>>();
        let columns: Vec<Vec<f64>> = inputs.iter().map(take).collect();
        let slices: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        let met: Vec<bool> = left.iter().map(|row| condition.rows[*row]).collect();
        let Ok(Some(prim)) = prim::find(&slices, &met, &PrimOptions::default()) else {
            break;
        };
        // A later box is worth telling only if it is one.
        if prim.restrictions.is_empty() || (!boxes.is_empty() && !prim.dense_enough) {
            break;
        }
        let is_in = |row: &usize| {
            let limits = prim.region.limits.iter().zip(inputs);
            limits
                .into_iter()
                .all(|(limit, column)| limit.contains(column[*row]))
        };
        let (inside, outside): (Vec<usize>, Vec<usize>) = left.iter().partition(|row| is_in(row));
        boxes.push(Boxed {
            coverage: prim.count.positives as f64 / positives as f64,
            mass: prim.count.rows as f64 / all as f64,
            mean: outcome.and_then(|outcome| mean_of(&mut inside.into_iter(), outcome)),
            prim,
        });
        left = outside;
    }
    Discovery {
        condition,
        positives,
        mean: outcome.and_then(|outcome| mean_of(&mut (0..all), outcome)),
        boxes,
    }
}

/// How a Morris effect is read: by σ/μ* (Garcia Sanchez et al., Energy and Buildings
/// 68, 2014), and as weak below a twentieth of the greatest μ*.
pub(super) fn reading(effect: &morris::MorrisEffect, greatest: f64) -> Text {
    let size = effect.mu_star.value;
    if size <= 0.05 * greatest {
        return Text::new("影响小", "weak");
    }
    let Some(sigma) = effect.sigma else {
        return Text::default();
    };
    match sigma / size {
        ratio if ratio < 0.1 => Text::new("近线性", "almost linear"),
        ratio if ratio < 0.5 => Text::new("单调", "monotonic"),
        ratio if ratio < 1.0 => Text::new("近单调", "almost monotonic"),
        _ => Text::new("非单调或有交互", "not monotonic, or interacting"),
    }
}

/// The places of some values, the greatest first; what is not defined comes last.
pub(super) fn ranked(values: &[Option<f64>]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    let key = |i: &usize| values[*i].unwrap_or(f64::NEG_INFINITY);
    order.sort_by(|a, b| key(b).total_cmp(&key(a)).then(a.cmp(b)));
    order
}
