//! The library behind the `jianpai` command.
//!
#![doc = include_str!("../README.md")]

pub mod cli;

pub use jianpai_core as core;
pub use jianpai_load as load;
pub use jianpai_office as office;
pub use jianpai_report as report;
pub use jianpai_solve as solve;
pub use jianpai_study as study;
pub use jianpai_sweep as sweep;
