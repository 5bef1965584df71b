//! PRIM: boxes of futures in which a target is met (or missed).
//!
//! The patient rule induction method (Friedman and Fisher, 1999) starts from the
//! box of all rows and peels off, again and again, a slice of a share `α` of the
//! rows at one face, the one whose loss raises the share of positive rows most;
//! then it pastes slices back while that share still rises. Used on scenarios it
//! describes where a policy works (Bryant and Lempert, 2010). Of a box:
//!
//! ```text
//! density  = positive rows in the box / rows in the box
//! coverage = positive rows in the box / all positive rows
//! mass     = rows in the box / all rows
//! ```
//!
//! Limits lie midway between neighbouring values, equal values are never cut
//! apart, and steps are compared as in EMA Workbench (Kwakkel, 2017), whose
//! peeling and pasting trajectories this module reproduces on numeric inputs.
//!
//! Density and coverage are those of the rows the box was found on and flatter
//! it; [`PrimBox::evaluate`] gives them on rows set aside.

mod limits;
mod paste;
mod peel;
mod report;

pub use limits::{BoxCount, Limit, PrimBox};
pub use report::{Bound, Restriction};

use serde::Serialize;

use super::error::{self, AnalysisError, open_unit};

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

/// A face of the box.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Side {
    /// The lower limit.
    Lower,
    /// The upper limit.
    Upper,
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

/// Finds the box of positive rows.
///
/// Returns `None` if no row is positive, or all are: there is nothing to tell
/// apart.
///
/// # Errors
///
/// An input is not finite, columns differ in length, there are no rows (or
/// more than `u32::MAX`), or a setting is out of range.
pub fn find(
    inputs: &[&[f64]],
    positive: &[bool],
    options: &PrimOptions,
) -> Result<Option<Prim>, AnalysisError> {
    error::table("inputs", inputs, positive.len())?;
    for (setting, value) in [("peel", options.peel), ("paste", options.paste)] {
        if !(value > 0.0 && value < 0.5) {
            let rule = "between 0 and 0.5, both excluded";
            return Err(AnalysisError::Setting {
                setting,
                value,
                rule,
            });
        }
    }
    open_unit("least mass", options.least_mass)?;
    for (setting, value) in [
        ("least density", options.least_density),
        ("significance", options.significance),
    ] {
        if !(0.0..=1.0).contains(&value) {
            return Err(AnalysisError::Setting {
                setting,
                value,
                rule: "between 0 and 1",
            });
        }
    }
    if positive.is_empty() {
        return Err(AnalysisError::TooFew {
            table: "inputs",
            needed: 1,
            found: 0,
        });
    }
    if u32::try_from(positive.len()).is_err() {
        let (setting, value) = ("number of rows", positive.len() as f64);
        return Err(AnalysisError::Setting {
            setting,
            value,
            rule: "below 2^32",
        });
    }
    let positives = positive.iter().filter(|p| **p).count();
    if positives == 0 || positives == positive.len() {
        return Ok(None);
    }
    let whole = Sample {
        inputs,
        positive,
        positives,
        extent: extent(inputs),
    };
    let mut trajectory = peel::peel(&whole, options);
    paste::paste(&whole, options, &mut trajectory);
    Ok(Some(report::choose(&whole, options, trajectory)))
}

/// What the search looks at.
struct Sample<'a> {
    inputs: &'a [&'a [f64]],
    positive: &'a [bool],
    positives: usize,
    /// Least and greatest value of every input.
    extent: Vec<(f64, f64)>,
}

impl Sample<'_> {
    fn rows(&self) -> usize {
        self.positive.len()
    }

    fn count(&self, rows: usize, positives: usize) -> BoxCount {
        BoxCount::new(rows, positives, self.rows(), self.positives)
    }
}

/// Least and greatest value of every input.
fn extent(inputs: &[&[f64]]) -> Vec<(f64, f64)> {
    let range = |c: &&[f64]| {
        c.iter()
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| {
                (l.min(*v), h.max(*v))
            })
    };
    inputs.iter().map(range).collect()
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
struct Candidate {
    input: usize,
    side: Side,
    limit: f64,
    rows: usize,
    positives: usize,
}

/// The candidate with the greatest gain; of equals the one that leaves more
/// inputs free, then the first in order.
fn best(
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
fn step(sample: &Sample, phase: Phase, now: &PrimStep, taken: Candidate) -> PrimStep {
    PrimStep {
        phase,
        moved: Some((taken.input, taken.side)),
        region: moved(sample, now, taken),
        count: sample.count(taken.rows, taken.positives),
    }
}
