//! jianpai (减排): an emissions-reduction scenario simulator.

pub mod cli;
pub mod embedded;

pub use jianpai_core as core;
pub use jianpai_load as load;
pub use jianpai_report as report;
