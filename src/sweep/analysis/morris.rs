//! Elementary effects (Morris, 1991; Campolongo, Cariboni and Saltelli, 2007).
//!
//! A trajectory is `D + 1` runs; each run changes one input of the run before.
//! The elementary effect of that input is
//!
//! ```text
//! d_j = (y(x_j higher) − y(x_j lower)) / Δ
//! μ_j = mean d_j,   μ*_j = mean |d_j|,   σ_j = standard deviation (divisor r − 1)
//! ```
//!
//! over `r` trajectories. μ* ranks influence; σ next to μ* tells of curvature or
//! interaction. These are the estimators of SALib's `morris.analyze`.
//!
//! Which input moved in a row is found from the inputs ([`effects`]), or known from the
//! design ([`effects_of`]): a move between two quantiles of an input with few values may
//! change nothing.

use rayon::prelude::*;
use serde::Serialize;

use super::error::{AnalysisError, finite, open_unit};
use super::random::Resample;
use super::{Estimate, stats};

/// The step Δ that differences are divided by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Step {
    /// So much of the range of every input: [`step_of`] the levels of a grid in the
    /// unit cube, as in SALib.
    Unit(f64),
    /// The step actually found in the inputs: effects per unit of the input as
    /// given. Use unit-cube inputs for effects that compare between inputs.
    Measured,
}

/// The step `p / (2 (p − 1))` of a grid with `p` levels in the unit cube.
pub fn step_of(levels: u32) -> f64 {
    let p = f64::from(levels);
    p / (2.0 * (p - 1.0))
}

/// What a row of a trajectory moved.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Move {
    /// The input, counted from 0.
    pub input: usize,
    /// By how much, below 0 for a fall.
    pub by: f64,
}

/// Settings of [`effects`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MorrisOptions {
    /// Number of inputs `D`.
    pub inputs: usize,
    /// The step Δ.
    pub step: Step,
    /// Bootstrap replicates (of trajectories); 0 for none.
    pub replicates: usize,
    /// Confidence level of the interval of μ*.
    pub confidence: f64,
    /// Seed of the bootstrap.
    pub seed: u64,
}

impl MorrisOptions {
    /// Measured steps, 1000 replicates, 95 %, seed 0.
    pub fn new(inputs: usize) -> Self {
        Self {
            inputs,
            step: Step::Measured,
            replicates: 1000,
            confidence: 0.95,
            seed: 0,
        }
    }
}

/// The effect of one input.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct MorrisEffect {
    /// Mean effect.
    pub mu: f64,
    /// Mean size of effect, with its confidence interval.
    pub mu_star: Estimate,
    /// Standard deviation of effects; `None` for a single trajectory.
    pub sigma: Option<f64>,
}

/// The effects of all inputs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MorrisEffects {
    /// Number of trajectories `r`.
    pub trajectories: usize,
    /// One entry per input.
    pub inputs: Vec<MorrisEffect>,
}

/// Elementary effects from `inputs` (row after row, `D` values each) and the
/// output of every row, trajectory after trajectory.
///
/// # Errors
///
/// A value is not finite, the numbers of rows do not fit, a row changes other
/// than one input, or an input changes twice in a trajectory; steps or effects that are
/// too large for numbers.
pub fn effects(
    inputs: &[f64],
    outputs: &[f64],
    options: &MorrisOptions,
) -> Result<MorrisEffects, AnalysisError> {
    check(inputs, outputs, options)?;
    let d = options.inputs;
    let mut moves = Vec::with_capacity(outputs.len());
    for first in (0..outputs.len()).step_by(d + 1) {
        let mut seen = vec![false; d];
        for row in first + 1..=first + d {
            let before = &inputs[(row - 1) * d..row * d];
            let after = &inputs[row * d..(row + 1) * d];
            let column = changed(before, after, row)?;
            if std::mem::replace(&mut seen[column], true) {
                return Err(AnalysisError::Repeated { row, column });
            }
            let change = after[column] - before[column];
            if !change.is_finite() {
                return Err(AnalysisError::TooLarge { table: "inputs" });
            }
            let by = match options.step {
                Step::Unit(step) => step * change.signum(),
                Step::Measured => change,
            };
            moves.push(Move { input: column, by });
        }
    }
    found(&moves, outputs, options)
}

/// Elementary effects where it is known what every row moved: `D` moves a trajectory,
/// those of the rows after its first.
///
/// # Errors
///
/// An output is not finite, the numbers of rows and moves do not fit, or effects are too
/// large for numbers.
pub fn effects_of(
    moves: &[Move],
    outputs: &[f64],
    options: &MorrisOptions,
) -> Result<MorrisEffects, AnalysisError> {
    check_options(outputs, options)?;
    finite("outputs", 0, outputs)?;
    let expected = outputs.len() / (options.inputs + 1) * options.inputs;
    if moves.len() != expected {
        return Err(AnalysisError::Length {
            table: "moves",
            column: 0,
            expected,
            found: moves.len(),
        });
    }
    found(moves, outputs, options)
}

/// The effects of the moves, one each in every trajectory.
fn found(
    moves: &[Move],
    outputs: &[f64],
    options: &MorrisOptions,
) -> Result<MorrisEffects, AnalysisError> {
    let d = options.inputs;
    let trajectories = outputs.len() / (d + 1);
    let (scaled, exponent) = stats::scaled(outputs);
    let mut found = vec![Vec::with_capacity(trajectories); d];
    for (rows, moves) in scaled.chunks_exact(d + 1).zip(moves.chunks_exact(d)) {
        for (pair, moved) in rows.windows(2).zip(moves) {
            found[moved.input].push((pair[1] - pair[0]) / moved.by);
        }
    }
    let inputs: Vec<MorrisEffect> = found
        .par_iter()
        .map(|effects| describe(effects, options).times(exponent))
        .collect();
    let sound =
        |e: &MorrisEffect| e.mu_star.value.is_finite() && e.sigma.is_none_or(f64::is_finite);
    if !inputs.iter().all(sound) {
        return Err(AnalysisError::TooLarge { table: "outputs" });
    }
    Ok(MorrisEffects {
        trajectories,
        inputs,
    })
}

impl MorrisEffect {
    /// In units of a power of two.
    fn times(self, exponent: i32) -> Self {
        let times = |v: f64| libm::ldexp(v, exponent);
        Self {
            mu: times(self.mu),
            mu_star: Estimate {
                value: times(self.mu_star.value),
                half_width: self.mu_star.half_width.map(times),
            },
            sigma: self.sigma.map(times),
        }
    }
}

/// Checks options and the number of rows.
fn check_options(outputs: &[f64], options: &MorrisOptions) -> Result<(), AnalysisError> {
    let d = options.inputs;
    if d == 0 {
        let setting = "number of inputs";
        return Err(AnalysisError::Setting {
            setting,
            value: 0.0,
            rule: "at least 1",
        });
    }
    open_unit("confidence", options.confidence)?;
    if let Step::Unit(step) = options.step
        && !(step > 0.0 && step <= 1.0)
    {
        let (setting, value) = ("step", step);
        return Err(AnalysisError::Setting {
            setting,
            value,
            rule: "above 0 and at most 1",
        });
    }
    if outputs.is_empty() || !outputs.len().is_multiple_of(d + 1) {
        let (table, values) = ("outputs", outputs.len());
        return Err(AnalysisError::Shape {
            table,
            values,
            multiple: d + 1,
        });
    }
    Ok(())
}

/// Checks everything that does not need the trajectories' steps.
fn check(inputs: &[f64], outputs: &[f64], options: &MorrisOptions) -> Result<(), AnalysisError> {
    let d = options.inputs;
    check_options(outputs, options)?;
    if inputs.len() != outputs.len() * d {
        let (expected, found) = (outputs.len(), inputs.len() / d);
        return Err(AnalysisError::Length {
            table: "inputs",
            column: 0,
            expected,
            found,
        });
    }
    finite("outputs", 0, outputs)?;
    if let Some(place) = inputs.iter().position(|v| !v.is_finite()) {
        let (row, column) = (place / d, place % d);
        return Err(AnalysisError::NotFinite {
            table: "inputs",
            row,
            column,
            value: inputs[place],
        });
    }
    Ok(())
}

/// The one input that differs between two rows.
#[allow(clippy::float_cmp)] // a step leaves the other inputs as they are, to the bit
fn changed(before: &[f64], after: &[f64], row: usize) -> Result<usize, AnalysisError> {
    let mut differing = (0..before.len()).filter(|j| before[*j] != after[*j]);
    match (differing.next(), differing.count()) {
        (Some(column), 0) => Ok(column),
        (first, more) => Err(AnalysisError::Step {
            row,
            changed: usize::from(first.is_some()) + more,
        }),
    }
}

/// μ, μ*, σ of one input's effects.
fn describe(effects: &[f64], options: &MorrisOptions) -> MorrisEffect {
    let r = effects.len();
    let mu = stats::mean(effects);
    let sizes: Vec<f64> = effects.iter().map(|e| e.abs()).collect();
    let squares = stats::sum(effects.iter().map(|e| (e - mu) * (e - mu)));
    let replicate = |number: u64| {
        let stream = Resample::new(options.seed, number);
        stats::sum((0..r as u64).map(|j| sizes[stream.index(j, r)])) / r as f64
    };
    let replicates: Vec<f64> = (0..options.replicates as u64).map(replicate).collect();
    let half_width = if r < 2 {
        None
    } else {
        stats::half_width(&replicates, options.confidence)
    };
    MorrisEffect {
        mu,
        mu_star: Estimate {
            value: stats::mean(&sizes),
            half_width,
        },
        sigma: (r > 1).then(|| (squares / (r as f64 - 1.0)).sqrt()),
    }
}
