//! Is a scenario plausible? Findings beside what cannot run: growth outside the
//! record, shares that move faster than they ever did, calibration factors far
//! from 1, targets weaker than the official ones or than what happens anyway.
//!
//! Every yardstick is a row of the data or a rule stated here:
//!
//! ```text
//! growth      recorded yearly growth of the driver, in the region and in all regions
//! pace        fastest recorded yearly change of a share (experience.csv, recorded.csv)
//! progress    fastest published yearly reduction (outcomes.csv), in % of the base year
//! target      official target (targets.csv); the runs without measures and with current policy
//! kappa       0.5 to 2
//! stock       half of a stock replaced within one year (a rule)
//! closing     half of a service closed or saved (a rule)
//! ```
//!
//! A finding doubts; it does not stop a run. Against a yardstick that is itself
//! recalled, estimated or assumed it is never higher than medium.

mod base;
mod closing;
mod growth;
mod pace;
mod supply;
mod targets;

pub use base::{left_to_built_in, paced};

use crate::catalogue::Catalogue;
use crate::dims::{DriverId, ServiceId};
use crate::outcome::Outcome;
use crate::plan::Plan;
use crate::provenance::{Origin, Status};
use crate::scenario::Scenario;
use crate::text::Text;

/// How much is to be doubted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Doubt {
    /// Hardly possible, or meaningless: change it or say why.
    High,
    /// Beyond experience: needs a reason.
    Medium,
    /// Worth knowing.
    Low,
}

impl Doubt {
    /// The word used in output.
    pub fn id(self) -> &'static str {
        match self {
            Doubt::High => "high",
            Doubt::Medium => "medium",
            Doubt::Low => "low",
        }
    }
}

/// What a finding speaks of.
#[derive(Clone, Debug, PartialEq)]
pub enum Place {
    /// A measure, or one of its fields.
    Measure(String, &'static str),
    /// The growth of a driver.
    Growth(DriverId),
    /// The elasticity of a service.
    Elasticity(ServiceId),
    /// A target.
    Target(String),
    /// A row of the data or of the own inventory.
    Row(Origin),
    /// The scenario as a whole.
    Scenario,
}

/// A doubt about a scenario.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Kebab-case name of the kind, e.g. `growth-beyond-record`.
    pub code: &'static str,
    /// How much is to be doubted.
    pub doubt: Doubt,
    /// What was found, in one line.
    pub text: Text,
    /// What it speaks of.
    pub place: Place,
    /// The number found, in the terms of the yardstick (fractions).
    pub found: f64,
    /// The number it is held against.
    pub yardstick: f64,
    /// What the yardstick is.
    pub basis: Text,
    /// The rows that the yardstick stands in; none for a rule of the program.
    pub origins: Vec<Origin>,
    /// What to do.
    pub advice: Text,
}

/// What findings are made from.
#[derive(Clone, Copy)]
struct Context<'a> {
    catalogue: &'a Catalogue,
    scenario: &'a Scenario,
    plan: &'a Plan,
    outcome: &'a Outcome,
}

/// Every finding on a scenario that can run, the gravest first.
pub fn find(
    catalogue: &Catalogue,
    scenario: &Scenario,
    plan: &Plan,
    outcome: &Outcome,
) -> Vec<Finding> {
    let ctx = Context {
        catalogue,
        scenario,
        plan,
        outcome,
    };
    let mut found = Vec::new();
    growth::find(ctx, &mut found);
    pace::find(ctx, &mut found);
    targets::find(ctx, &mut found);
    base::find(ctx, &mut found);
    supply::find(ctx, &mut found);
    closing::find(ctx, &mut found);
    for finding in &mut found {
        let weak = |origin: &Origin| origin.status >= Status::Recalled;
        if finding.origins.iter().any(weak) {
            finding.doubt = finding.doubt.max(Doubt::Medium);
        }
    }
    found.sort_by_key(|finding| finding.doubt);
    found
}

/// A fraction as a percentage for messages.
fn percent(fraction: f64) -> String {
    let rounded = (fraction * 1000.0).round() / 10.0;
    format!("{rounded} %")
}

/// How far `value` lies outside `low..=high`; 0 inside.
fn outside(value: f64, low: f64, high: f64) -> f64 {
    (low - value).max(value - high).max(0.0)
}

/// The lowest and highest of numbers; `None` without any.
fn range(values: impl IntoIterator<Item = f64>) -> Option<(f64, f64)> {
    values.into_iter().fold(None, |range, value| {
        let (low, high) = range.unwrap_or((value, value));
        Some((low.min(value), high.max(value)))
    })
}
