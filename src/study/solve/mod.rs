//! Targets backwards: a scenario with its `[solve]`, compiled to a linear programme, and
//! the plan that comes out, run by the ordinary kernel.
//!
//! A coal cap is laid out at stated levels, so it is not affine in them: in a solve it is a
//! limit on coal in every year from the one in which it is fully in force on, and the plan
//! goes without the measure. A run that is joined to observed values depends on levels
//! through the join: there the programme is made anew at the plan found, until it stands.

mod asked;
mod diagnose;
mod margin;
mod scenario;
mod way;

pub use asked::{Cap, Planned, SolveOptions, SolveStudy, Solved};
pub(crate) use asked::{compile, refused, uncapped};
pub use margin::{MarginOptions, SAMPLE, Safe, Try};
pub use scenario::toml;
pub use way::Way;
