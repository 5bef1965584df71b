//! From a scenario to a [`Plan`].
//!
//! Compiling stands above the kernel, because a plan needs a run to finish itself: a
//! coal cap takes what the other measures leave of coal use, and the join to observed
//! values is the distance of the run from them. A plan knows nothing of any of this.
//!
//! Reading order: `lay_out` and what it is made of (`skeleton`: demand and what
//! no measure changes; `reference`: the shares measures start from; `fill`: terms and
//! share rows; `own_cost`; `caps`), `claims` (nothing takes more than there is), `anchor`
//! (the join to observed values), `beside` and `outside` (electricity and non-fossil supply that no
//! technology stands for), `cut` (the years before a later base year come off),
//! `stages` (these one after the other), `further` (what else is
//! wrong), and [`variants`] (sampled timetables and mixes).

pub(crate) mod anchor;
pub(crate) mod beside;
mod caps;
mod claims;
mod cut;
mod error;
mod fill;
mod further;
mod lay_out;
pub(crate) mod outside;
mod own_cost;
mod reference;
mod skeleton;
mod stages;
mod variants;

use crate::catalogue::Catalogue;
use crate::plan::Plan;
use crate::scenario::Scenario;

pub use caps::coal_cap_of;
pub use error::{NothingLeft, PlanError};
pub use variants::{Timing, VariantError, VariantSpec, variants};

/// Compiles `scenario`.
///
/// # Errors
/// Everything that keeps the scenario from running, all at once where one does
/// not hide the other.
pub fn compile(catalogue: &Catalogue, scenario: &Scenario) -> Result<Plan, Vec<PlanError>> {
    stages::all(catalogue, scenario).map_err(|first| further::all(catalogue, scenario, first))
}
