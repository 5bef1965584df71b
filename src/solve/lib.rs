//! Targets backwards: which measures, how far, at what cost, or why not.
//!
//! Because the model is affine in the levels of measures, the answer is exact: a linear
//! programme on the coefficients of the compiled plan. Nothing here computes an emission;
//! who calls runs the answer through the ordinary kernel and refuses what that does not
//! confirm.
//!
//! # Reading order
//!
//! Each line needs only those above it.
//!
//! | module | what it says |
//! |---|---|
//! | [`linear`] | a linear programme as numbers |
//! | [`solver`] | solves it, and looks at the answer before it is believed |
//! | [`dual`] | prices on both sides, how far they hold, ties in order |
//! | [`affine`] | accounts, indicators and targets of a plan as functions of all levels |
//! | [`programme`] | from a plan and what a planner asks to a linear programme |
//! | `paths` | its levels year by year, and what comes before what |
//! | [`conflict`] | why not: what is within reach, minimal conflicts, what giving way brings |
//! | [`curve`] | the marginal abatement cost curve of a target |
//! | [`front`] | how much of one is given for another: cost and an emission, CO2 and NOx |
//! | [`nearby`] | how differently it could look at little more cost |
//! | [`joint`] | a target of a whole shared among its parts at least cost |
//! | [`answer`] | the whole answer |
//! | [`regret`] | one plan for several cases of growth |
//! | [`robust`] | a margin of safety: all targets met in a stated part of sampled draws |
//!
//! # What must never be
//!
//! - an equation of the model written a second time: coefficients come from
//!   [`jianpai_core::batch`];
//! - a point that breaks a row handed on;
//! - a price of an either/or plan that is not said to hold its decisions.

pub mod affine;
pub mod answer;
pub mod conflict;
pub mod curve;
pub mod dual;
pub mod front;
pub mod joint;
pub mod linear;
pub mod nearby;
mod paths;
pub mod programme;
pub mod regret;
pub mod robust;
pub mod solver;
