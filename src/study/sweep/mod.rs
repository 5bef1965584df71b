//! Many draws of one scenario: its `[sweep]`, compiled.

mod bounds;
pub(crate) mod compile;
mod context;
mod execute;
mod inert;
mod part;
mod problems;

use crate::run::Study;
pub use execute::{Failure, Finished, Job, Options, PART};
pub use jianpai_columnar::sink::Format;
use jianpai_load::diag::FileId;
use jianpai_sweep::engine::Sweep;
pub use part::Part;

/// What overrides a `[sweep]`.
// One switch each, of callers that set one or two.
#[allow(clippy::struct_excessive_bools)]
#[derive(Clone, Copy, Debug)]
pub struct SweepOptions {
    /// Number of draws.
    pub draws: Option<u64>,
    /// Seed.
    pub seed: Option<u64>,
    /// Report every year.
    pub trajectories: bool,
    /// Compile the same draws with every year, too, for fans over time.
    pub over_time: bool,
    /// Draw the model's error beside the inputs, too.
    pub model_error: bool,
    /// Inputs may be given beside the design: everything that they may be is watched.
    pub is_open: bool,
}

impl Default for SweepOptions {
    fn default() -> Self {
        Self {
            draws: None,
            seed: None,
            trajectories: false,
            over_time: false,
            model_error: true,
            is_open: false,
        }
    }
}

/// A study with its `[sweep]`, ready to run.
#[derive(Clone, Debug)]
pub struct SweepStudy {
    /// The scenario.
    pub study: Study,
    /// The compiled sweep.
    pub sweep: Sweep,
    /// The same draws with every indicator in every year.
    pub over_time: Option<Sweep>,
    /// The file of the draws, where the design is a list.
    pub list: Option<FileId>,
}
