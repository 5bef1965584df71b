//! Target options: the options of a scenario, each solved, tried on draws, and judged under
//! every case of growth.
//!
//! ```text
//! option o = (T, g)   targets and bounds T, growth g; options of one T are a set
//! V[o]                least cost, with its prices
//! P[o]                part of the draws in which the plan of least cost meets all of T
//! r(o, h)             the plan of o judged in the case h of its set, see jianpai_solve::regret
//! R(T)                the plan of least worst regret over the cases of T within reach
//! ```
//!
//! Every judgement is the ordinary kernel's: a plan is compiled anew in the other case, and
//! what it costs there, what it meets and by how much it misses is what that run says.

mod asked;
mod compared;
mod judge;
mod names;

pub(crate) use asked::compile;
pub use asked::{OptionsStudy, Solution};
pub use compared::Compared;
pub use judge::{Judged, Judgement, RobustPlan, Set};
