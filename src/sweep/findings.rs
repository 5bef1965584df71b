//! What the draws of a sweep say: which inputs matter, how far each swings a result,
//! and under which conditions all targets are met.

use crate::analysis::given_data::{self, Rows};
use crate::analysis::morris::{self, MorrisOptions, Move};
use crate::analysis::prim::{self, BoxCount, Prim, PrimOptions};
use crate::analysis::sobol::{self, SobolOptions};
use crate::analysis::tornado::{self, Swing};
use crate::analysis::{AnalysisError, Estimate};
use crate::design::{Design, Points, Role};
use crate::engine::{BLOCK, Column, Sweep, Workspace};
use jianpai_core::catalogue::Catalogue;
use jianpai_core::dims::IndicatorId;
use rayon::prelude::*;

/// Draws that suffice for an analysis, where any of them say the same.
pub const ENOUGH: u64 = 1 << 16;
/// Draws that are analysed at most, where they belong together.
const MOST_GROUPED: u64 = 1 << 20;
/// Confidence level of intervals.
pub const CONFIDENCE: f64 = 0.95;
/// The probabilities between which an input swings a result.
pub const SWING: (f64, f64) = (0.05, 0.95);

/// What the indices are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IndexKind {
    /// First-order and total Sobol indices of a Saltelli design.
    Sobol,
    /// μ* and σ of Morris trajectories over the whole range of an input, in the
    /// indicator's unit.
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
pub struct OutputFindings {
    /// Its column.
    pub column: usize,
    /// The indicator.
    pub indicator: IndicatorId,
    /// The index of the year.
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
    pub kind: IndexKind,
    /// Draws looked at.
    pub draws: usize,
    /// Draws among them that are in no index, because they are not feasible, or belong
    /// to a base sample or trajectory with one that is not.
    pub left_out: usize,
    /// The outputs: pollutants and intensities in the last year reported.
    pub outputs: Vec<OutputFindings>,
    /// The box of inputs in which the model meets all targets; `None` where there is
    /// nothing to tell apart.
    pub conditions: Option<Prim>,
    /// What that box holds of the draws that meet them with the model's error; as found
    /// where no error is drawn.
    pub held: Option<BoxCount>,
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
    columns.extend(sweep.column(&Column::Feasible));
    columns.extend(sweep.met_by_model());
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
        let is_main = catalogue.indicators[id.at()].is_headline(catalogue);
        (is_main && Some(*t) == last).then_some((c, *id, *t))
    })
}

/// Analyses the columns that [`wanted`] named, one `Vec` each.
pub fn analyse(catalogue: &Catalogue, sweep: &Sweep, columns: &[Vec<f64>]) -> Findings {
    let draws = columns.first().map_or(0, Vec::len);
    let kind = kind(sweep.points.design());
    let inputs = inputs(sweep, draws);
    let swung = swung(sweep);
    let count = outputs(catalogue, sweep).count();
    let results = &columns[..count];
    let kept = kept(sweep, columns.get(count).map_or(&[], Vec::as_slice));
    let left_out = draws - kept.as_ref().map_or(draws, Vec::len);
    let mut importance = match &kept {
        _ if left_out == draws => Vec::new(),
        None => importance(&sweep.points, 0..draws, (&inputs, results)),
        Some(kept) => {
            let draws = kept.iter().copied();
            let columns = (&picked(&inputs, kept)[..], &picked(results, kept)[..]);
            importance(&sweep.points, draws, columns)
        }
    }
    .into_iter();
    let found = outputs(catalogue, sweep)
        .map(|(column, indicator, year)| {
            let mut importance = importance.next().unwrap_or_default();
            settle(
                &mut importance,
                &sweep.acting(catalogue, column),
                sweep.correlated(),
            );
            let (central, swings) = swings(&swung[column]);
            OutputFindings {
                column,
                indicator,
                year,
                inputs: importance,
                central,
                swings,
            }
        })
        .collect();
    let views: Vec<&[f64]> = inputs.iter().map(Vec::as_slice).collect();
    let flags = |column: Option<&Vec<f64>>| -> Option<Vec<bool>> {
        let met = column.filter(|_| !sweep.judged.is_empty() && draws > 0)?;
        Some(met.iter().map(|value| *value > 0.5).collect())
    };
    // The model's own verdict, then that with its error: the same where none is drawn.
    let (own, met) = (flags(columns.get(count + 1)), flags(columns.last()));
    let few = usize::try_from(ENOUGH).unwrap_or(draws).min(draws);
    let views: Vec<&[f64]> = views.iter().map(|column| &column[..few]).collect();
    let conditions = own
        .as_ref()
        .and_then(|met| prim::find(&views, &met[..few], &PrimOptions::default()).ok()?);
    let held = conditions.as_ref().zip(met.as_ref());
    let held = held.and_then(|(found, met)| found.region.evaluate(&views, &met[..few]).ok());
    let all_met = met.map(|met| met.iter().filter(|met| **met).count() as f64 / draws as f64);
    Findings {
        kind,
        draws,
        left_out,
        outputs: found,
        conditions,
        held,
        all_met,
    }
}

/// The rows of which all that belong together are feasible; `None` where all are.
fn kept(sweep: &Sweep, feasible: &[f64]) -> Option<Vec<usize>> {
    let group = sweep.points.design().group(sweep.inputs.len());
    let group = usize::try_from(group).unwrap_or(usize::MAX).max(1);
    let mut kept = Vec::with_capacity(feasible.len());
    for (g, rows) in feasible.chunks(group).enumerate() {
        if rows.iter().all(|flag| *flag > 0.5) {
            kept.extend(g * group..g * group + rows.len());
        }
    }
    (kept.len() < feasible.len()).then_some(kept)
}

/// Some rows of columns.
fn picked(columns: &[Vec<f64>], rows: &[usize]) -> Vec<Vec<f64>> {
    let pick = |column: &Vec<f64>| rows.iter().map(|row| column[*row]).collect();
    columns.iter().map(pick).collect()
}

/// What cannot act has an index of nothing, not what the noise of an estimate leaves. An
/// input that is correlated with others keeps its estimate: it holds what they share.
fn settle(importance: &mut [Importance], acting: &[bool], correlated: &[usize]) {
    let nothing = Estimate {
        value: 0.0,
        half_width: None,
    };
    for (i, (one, acts)) in importance.iter_mut().zip(acting).enumerate() {
        if !acts && !correlated.contains(&i) {
            one.first = one.first.map(|_| nothing);
            one.total = one.total.map(|_| nothing);
        }
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

/// The central value and the swings of the inputs at whose ends there is a result.
fn swings(values: &[f64]) -> (f64, Vec<Swing>) {
    let (central, count) = (values[0], (values.len() - 1) / 2);
    let (low, high) = values[1..].split_at(count);
    let is_whole = |i: usize| low[i].is_finite() && high[i].is_finite();
    let end = |(i, value): (usize, &f64)| if is_whole(i) { *value } else { central };
    let [low, high] = [low, high].map(|ends| ends.iter().enumerate().map(end).collect::<Vec<_>>());
    let mut swings = tornado::swings(&low, &high, central).unwrap_or_default();
    let ends = &values[1..];
    swings.retain(|swing| ends[swing.input].is_finite() && ends[count + swing.input].is_finite());
    (central, swings)
}

/// What the indices of a design are.
fn kind(design: &Design) -> IndexKind {
    match design {
        Design::Saltelli { .. } => IndexKind::Sobol,
        Design::Morris { .. } => IndexKind::Morris,
        _ => IndexKind::GivenData,
    }
}

/// One list an output, one entry an input; empty where it cannot be analysed.
fn importance(
    points: &Points,
    draws: impl Iterator<Item = usize>,
    (inputs, outputs): (&[Vec<f64>], &[Vec<f64>]),
) -> Vec<Vec<Importance>> {
    let kind = kind(points.design());
    if kind == IndexKind::GivenData {
        let inputs: Vec<&[f64]> = inputs.iter().map(Vec::as_slice).collect();
        let outputs: Vec<&[f64]> = outputs.iter().map(Vec::as_slice).collect();
        let rows = match points.design() {
            Design::Grid { .. } => Rows::Grid,
            _ if points.is_sample() => Rows::Sample,
            _ => Rows::List,
        };
        let found = given_data::first_order(&inputs, &outputs, rows, CONFIDENCE);
        let plain = |first: Option<Estimate>| Importance { first, total: None };
        let lists = found.unwrap_or_default().into_iter();
        return lists
            .map(|list| list.into_iter().map(plain).collect())
            .collect();
    }
    let moves = moves(points, draws);
    outputs
        .par_iter()
        .map(|output| designed(points, &moves, output).unwrap_or_default())
        .collect()
}

/// What some draws of a Morris design moved, in parts of the range of an input; nothing
/// for other designs.
fn moves(points: &Points, draws: impl Iterator<Item = usize>) -> Vec<Move> {
    let Design::Morris { levels } = points.design() else {
        return Vec::new();
    };
    let step = morris::step_of(*levels);
    let roles = draws.map(|draw| points.role(draw as u64));
    roles
        .filter_map(|role| match role {
            Role::Step {
                moved: Some(input),
                rises,
                ..
            } => {
                let by = if rises { step } else { -step };
                Some(Move { input, by })
            }
            _ => None,
        })
        .collect()
}

/// Indices from a design made for them.
fn designed(
    points: &Points,
    moves: &[Move],
    output: &[f64],
) -> Result<Vec<Importance>, AnalysisError> {
    if kind(points.design()) == IndexKind::Sobol {
        let found = sobol::indices(output, &SobolOptions::new(points.dims()))?;
        let each = found.inputs.iter().map(|index| Importance {
            first: index.first,
            total: index.total,
        });
        return Ok(each.collect());
    }
    // Effects over the whole range of an input, so that they compare.
    let found = morris::effects_of(moves, output, &MorrisOptions::new(points.dims()))?;
    let each = found.inputs.iter().map(|effect| {
        let sigma = effect.sigma.map(|value| Estimate {
            value,
            half_width: None,
        });
        Importance {
            first: Some(effect.mu_star),
            total: sigma,
        }
    });
    Ok(each.collect())
}
