//! What the draws of a sweep say: which inputs matter, how far each swings a result,
//! and under which conditions all targets are met.

use crate::analysis::given_data;
use crate::analysis::morris::{self, MorrisOptions};
use crate::analysis::prim::{self, Prim, PrimOptions};
use crate::analysis::sobol::{self, SobolOptions};
use crate::analysis::tornado::{self, Swing};
use crate::analysis::{AnalysisError, Estimate};
use crate::design::Design;
use crate::engine::{BLOCK, Column, Sweep, Workspace};
use jianpai_core::catalogue::{Catalogue, IndicatorKind};
use jianpai_core::dims::IndicatorId;
use rayon::prelude::*;

/// Draws that suffice for an analysis, where any of them say the same.
pub const ENOUGH: u64 = 1 << 16;
/// Draws that are analysed at most, where they belong together.
const MOST_GROUPED: u64 = 1 << 20;
/// The probabilities between which an input swings a result.
pub const SWING: (f64, f64) = (0.05, 0.95);

/// What the indices are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// First-order and total Sobol indices of a Saltelli design.
    Sobol,
    /// μ* and σ of Morris trajectories, in the indicator's unit.
    Morris,
    /// First-order indices from any sample.
    GivenData,
}

/// How much one input matters for one output.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Importance {
    /// First-order index, or μ*.
    pub first: Option<Estimate>,
    /// Total index, or σ (without an interval).
    pub total: Option<Estimate>,
}

/// One output analysed.
#[derive(Clone, Debug)]
pub struct Output {
    /// Its column.
    pub column: usize,
    /// The indicator.
    pub indicator: IndicatorId,
    /// The subscript of the year.
    pub year: usize,
    /// One entry an input; empty where it cannot be analysed.
    pub inputs: Vec<Importance>,
    /// Its value with every input at its median.
    pub central: f64,
    /// Swings of single inputs between their 5 % and 95 % quantiles, largest first.
    pub swings: Vec<Swing>,
}

/// What the draws say.
#[derive(Clone, Debug)]
pub struct Findings {
    /// What the indices are.
    pub kind: Kind,
    /// Draws analysed.
    pub draws: usize,
    /// The outputs: pollutants and intensities in the last year reported.
    pub outputs: Vec<Output>,
    /// The box of inputs in which all targets are met; `None` where there is nothing
    /// to tell apart.
    pub conditions: Option<Prim>,
    /// The part of the analysed draws that meet all targets, if there are any targets.
    pub all_met: Option<f64>,
}

/// What an analysis reads of a sweep: its columns, and how many draws.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The draws: the first so many.
    pub draws: u64,
    /// The columns.
    pub columns: Vec<usize>,
}

/// What an analysis of `sweep` would read: all draws where they belong together, else
/// `enough` of them.
pub fn wanted(catalogue: &Catalogue, sweep: &Sweep, enough: u64) -> Wanted {
    let all = sweep.points.len();
    let group = sweep.points.design().group(sweep.inputs.len());
    let most = match sweep.points.design() {
        Design::Grid { .. } if all > MOST_GROUPED => 0,
        Design::Saltelli { .. } | Design::Morris { .. } | Design::Grid { .. } => MOST_GROUPED,
        _ => enough,
    };
    let mut columns: Vec<usize> = outputs(catalogue, sweep).map(|(c, ..)| c).collect();
    columns.extend(sweep.column(&Column::AllMet));
    Wanted {
        draws: all.min(most) / group * group,
        columns,
    }
}

/// Pollutants and intensities in the last year reported.
fn outputs<'a>(
    catalogue: &'a Catalogue,
    sweep: &'a Sweep,
) -> impl Iterator<Item = (usize, IndicatorId, usize)> + 'a {
    let last = sweep.reported.cells.iter().map(|(_, t)| *t).max();
    let columns = sweep.columns.iter().enumerate();
    columns.filter_map(move |(c, column)| {
        let Column::Indicator(id, t) = column else {
            return None;
        };
        let is_main = match &catalogue.indicators[id.at()].kind {
            IndicatorKind::Emission(p) => catalogue.pollutants[p.at()].medium != "carbon",
            IndicatorKind::EmissionIntensity(_) => true,
            _ => false,
        };
        (is_main && Some(*t) == last).then_some((c, *id, *t))
    })
}

/// Analyses the columns that [`wanted`] named, one `Vec` each.
pub fn analyse(catalogue: &Catalogue, sweep: &Sweep, columns: &[Vec<f64>]) -> Findings {
    let draws = columns.first().map_or(0, Vec::len);
    let kind = match sweep.points.design() {
        Design::Saltelli { .. } => Kind::Sobol,
        Design::Morris { .. } => Kind::Morris,
        _ => Kind::GivenData,
    };
    let inputs = inputs(sweep, draws);
    let swung = swung(sweep);
    let count = outputs(catalogue, sweep).count();
    let mut importance = if draws == 0 {
        Vec::new()
    } else {
        importance(kind, &inputs, &columns[..count])
    }
    .into_iter();
    let found = outputs(catalogue, sweep)
        .map(|(column, indicator, year)| {
            let importance = importance.next().unwrap_or_default();
            let (central, swings) = swings(&swung[column]);
            Output {
                column,
                indicator,
                year,
                inputs: importance,
                central,
                swings,
            }
        })
        .collect();
    let met = columns
        .last()
        .filter(|_| !sweep.judged.is_empty() && draws > 0);
    let met: Option<Vec<bool>> = met.map(|met| met.iter().map(|value| *value > 0.5).collect());
    let views: Vec<&[f64]> = inputs.iter().map(Vec::as_slice).collect();
    let conditions = met.as_ref().and_then(|met| {
        let few = usize::try_from(ENOUGH).unwrap_or(draws).min(draws);
        let views: Vec<&[f64]> = views.iter().map(|column| &column[..few]).collect();
        prim::find(&views, &met[..few], &PrimOptions::default()).ok()?
    });
    let all_met = met.map(|met| met.iter().filter(|met| **met).count() as f64 / draws as f64);
    Findings {
        kind,
        draws,
        outputs: found,
        conditions,
        all_met,
    }
}

/// The inputs of the first draws: one `Vec` an input.
fn inputs(sweep: &Sweep, draws: usize) -> Vec<Vec<f64>> {
    let mut work = Workspace::default();
    let mut inputs = vec![Vec::with_capacity(draws); sweep.inputs.len()];
    // Block by block: a workspace holds the rows of its draws, too.
    for first in (0..draws).step_by(BLOCK) {
        let count = (draws - first).min(BLOCK);
        sweep.sample(first as u64, count, &mut work);
        for (input, block) in inputs.iter_mut().zip(work.inputs().chunks_exact(count)) {
            input.extend_from_slice(block);
        }
    }
    inputs
}

/// The columns of the central draw, then of each input low, then of each high.
fn swung(sweep: &Sweep) -> Vec<Vec<f64>> {
    let central = sweep.central();
    let mut points = vec![central.clone()];
    for u in [SWING.0, SWING.1] {
        for i in 0..sweep.inputs.len() {
            let mut point = central.clone();
            point[i] = sweep.value_at(i, u);
            points.push(point);
        }
    }
    sweep.at(&points)
}

fn swings(values: &[f64]) -> (f64, Vec<Swing>) {
    let count = (values.len() - 1) / 2;
    let (low, high) = values[1..].split_at(count);
    let swings = tornado::swings(low, high, values[0]).unwrap_or_default();
    (values[0], swings)
}

/// One list an output, one entry an input; empty where it cannot be analysed.
fn importance(kind: Kind, inputs: &[Vec<f64>], outputs: &[Vec<f64>]) -> Vec<Vec<Importance>> {
    if kind == Kind::GivenData {
        let inputs: Vec<&[f64]> = inputs.iter().map(Vec::as_slice).collect();
        let outputs: Vec<&[f64]> = outputs.iter().map(Vec::as_slice).collect();
        let found = given_data::first_order(&inputs, &outputs).unwrap_or_default();
        let plain = |value: Option<f64>| Importance {
            first: value.map(|value| Estimate {
                value,
                half_width: None,
            }),
            total: None,
        };
        let lists = found.into_iter();
        return lists
            .map(|list| list.into_iter().map(plain).collect())
            .collect();
    }
    outputs
        .par_iter()
        .map(|output| designed(kind, inputs, output).unwrap_or_default())
        .collect()
}

/// Indices from a design made for them.
fn designed(
    kind: Kind,
    inputs: &[Vec<f64>],
    output: &[f64],
) -> Result<Vec<Importance>, AnalysisError> {
    if kind == Kind::Sobol {
        let found = sobol::indices(output, &SobolOptions::new(inputs.len()))?;
        let each = found.inputs.iter().map(|index| Importance {
            first: index.first,
            total: index.total,
        });
        return Ok(each.collect());
    }
    let rows: Vec<f64> = (0..output.len())
        .flat_map(|d| inputs.iter().map(move |column| column[d]))
        .collect();
    // Effects over the whole range of an input, so that they compare.
    let ranges: Vec<f64> = inputs.iter().map(|column| range(column)).collect();
    let found = morris::effects(&rows, output, &MorrisOptions::new(inputs.len()))?;
    let each = found.inputs.iter().zip(&ranges).map(|(effect, range)| {
        let scaled = |e: Estimate| Estimate {
            value: e.value * range,
            half_width: e.half_width.map(|h| h * range),
        };
        let sigma = effect.sigma.map(|value| Estimate {
            value,
            half_width: None,
        });
        Importance {
            first: Some(scaled(effect.mu_star)),
            total: sigma.map(scaled),
        }
    });
    Ok(each.collect())
}

/// Greatest less least.
fn range(values: &[f64]) -> f64 {
    let least = values.iter().copied().fold(f64::INFINITY, f64::min);
    let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    most - least
}
