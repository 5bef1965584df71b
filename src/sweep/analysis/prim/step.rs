//! Boxes on the way: what a step is, and which one is best.

use super::limits::{BoxCount, PrimBox, Restriction, Side};
use serde::Serialize;

/// By what the best slice is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Objective {
    /// The rise in density per row given up (EMA Workbench's "lenient 1"): fair
    /// to inputs with few values, whose slices are large.
    GainPerRow,
    /// The density after the step (Friedman and Fisher).
    Density,
}

/// Settings of [`find`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PrimOptions {
    /// Share of the box's rows in one peel.
    pub peel: f64,
    /// Share of the neighbouring rows in one paste.
    pub paste: f64,
    /// Least share of all rows in a box.
    pub least_mass: f64,
    /// By what the best slice is chosen.
    pub objective: Objective,
    /// Least density of the chosen box.
    pub least_density: f64,
    /// Limits of the chosen box with a quasi-p-value above this are dropped,
    /// the least significant first; 1 keeps all.
    pub significance: f64,
}

impl Default for PrimOptions {
    fn default() -> Self {
        Self {
            peel: 0.05,
            paste: 0.05,
            least_mass: 0.05,
            objective: Objective::GainPerRow,
            least_density: 0.8,
            significance: 0.05,
        }
    }
}

/// What a step did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Phase {
    /// The box of all rows.
    Start,
    /// A slice was taken off.
    Peel,
    /// A slice was put back.
    Paste,
}

/// One box on the way.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PrimStep {
    /// How it was reached.
    pub phase: Phase,
    /// The face that moved; `None` at the start.
    pub moved: Option<(usize, Side)>,
    /// The box.
    pub region: PrimBox,
    /// Rows, positives, coverage, density and mass.
    pub count: BoxCount,
}

/// A search and its chosen box.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Prim {
    /// All boxes from the whole sample on.
    pub trajectory: Vec<PrimStep>,
    /// Place of the chosen box in the trajectory: of the boxes with at least
    /// the least density, the one with the greatest coverage · density; of
    /// equals the one with fewer restricted inputs, then the earlier. If no box
    /// is dense enough, the densest.
    pub chosen: usize,
    /// Whether the chosen box has the least density.
    pub dense_enough: bool,
    /// The chosen box, insignificant limits dropped.
    pub region: PrimBox,
    /// Its counts.
    pub count: BoxCount,
    /// Its restricted inputs, the one that matters most first: in falling order
    /// of the density lost when the input is set free.
    pub restrictions: Vec<Restriction>,
    /// Faces that were dropped as not significant, in the order of dropping.
    pub dropped: Vec<(usize, Side)>,
}

/// What the search looks at.
pub(super) struct Sample<'a> {
    pub(super) inputs: &'a [&'a [f64]],
    pub(super) positive: &'a [bool],
    pub(super) positives: usize,
    /// Least and greatest value of every input.
    pub(super) extent: Vec<(f64, f64)>,
}

impl Sample<'_> {
    pub(super) fn rows(&self) -> usize {
        self.positive.len()
    }

    pub(super) fn count(&self, rows: usize, positives: usize) -> BoxCount {
        BoxCount::new(rows, positives, self.rows(), self.positives)
    }
}

/// How good it is to go from `(rows, positives)` to another box; `None` if the
/// density does not rise.
fn gain(objective: Objective, old: (usize, usize), new: (usize, usize)) -> Option<f64> {
    let density = |(rows, positives): (usize, usize)| positives as f64 / rows as f64;
    if new.0 == 0 || new.0 == old.0 || density(new) <= density(old) {
        return None;
    }
    Some(match objective {
        Objective::GainPerRow => (density(new) - density(old)) / old.0.abs_diff(new.0) as f64,
        Objective::Density => density(new),
    })
}

/// A step that could be taken.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate {
    pub(super) input: usize,
    pub(super) side: Side,
    pub(super) limit: f64,
    pub(super) rows: usize,
    pub(super) positives: usize,
}

/// The candidate with the greatest gain; of equals the one that leaves more
/// inputs free, then the first in order.
pub(super) fn best(
    sample: &Sample,
    candidates: impl IntoIterator<Item = Candidate>,
    objective: Objective,
    now: &PrimStep,
) -> Option<Candidate> {
    let mut found: Option<(f64, usize, Candidate)> = None;
    for candidate in candidates {
        let old = (now.count.rows, now.count.positives);
        let Some(gain) = gain(objective, old, (candidate.rows, candidate.positives)) else {
            continue;
        };
        if found.as_ref().is_some_and(|(g, _, _)| gain < *g) {
            continue;
        }
        let restricted = moved(sample, now, candidate).restricted().count();
        if found
            .as_ref()
            .is_none_or(|(g, r, _)| gain > *g || restricted < *r)
        {
            found = Some((gain, restricted, candidate));
        }
    }
    found.map(|(_, _, candidate)| candidate)
}

/// The box with the candidate's face moved; a face that keeps out nothing is
/// no limit.
fn moved(sample: &Sample, now: &PrimStep, taken: Candidate) -> PrimBox {
    let mut region = now.region.clone();
    let (low, high) = sample.extent[taken.input];
    let free = match taken.side {
        Side::Lower => taken.limit <= low,
        Side::Upper => taken.limit >= high,
    };
    if free {
        region.release(taken.input, taken.side);
    } else {
        region.set(taken.input, taken.side, taken.limit);
    }
    region
}

/// The step that takes the candidate.
pub(super) fn step(sample: &Sample, phase: Phase, now: &PrimStep, taken: Candidate) -> PrimStep {
    PrimStep {
        phase,
        moved: Some((taken.input, taken.side)),
        region: moved(sample, now, taken),
        count: sample.count(taken.rows, taken.positives),
    }
}
