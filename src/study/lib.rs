//! jianpai-study

pub mod columns;
pub mod data;
pub mod embedded;
pub mod hindcast;
pub mod problem;
pub mod run;
pub mod session;
pub mod sweep;
pub mod words;

pub use data::Data;
pub use problem::{Error, Problems};
pub use run::{Run, Study};
pub use session::Session;
pub use sweep::{SweepOptions, SweepStudy};
