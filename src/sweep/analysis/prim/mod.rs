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
mod step;

pub use limits::{Bound, BoxCount, Limit, PrimBox, Restriction, Side};
pub use step::{Objective, Phase, Prim, PrimOptions, PrimStep};

use super::error::{self, AnalysisError, open_unit};
use step::Sample;

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
