//! The front door of the model: from a file to a result, without a command line.
//!
//! ```
//! use jianpai_study::{Data, Error, Session};
//!
//! # fn main() -> Result<(), Error> {
//! # let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
//! # let disk = move |path: &str| std::fs::read(format!("{root}/{path}"));
//! # /*
//! let disk = |path: &str| std::fs::read(path);
//! # */
//! let data = Data::compiled_in()?;
//! let mut session = Session::new(data, disk);
//! let run = session.open("scenarios/shaanxi-2020.toml", None)?.run();
//! for (target, verdict) in run.case().targets() {
//!     let verdict = verdict.expect("a target that can be judged");
//!     println!(
//!         "{}: required {:.3}, reached {:.3}, met: {}",
//!         target.id, verdict.required, verdict.reached, verdict.met
//!     );
//! }
//! # assert!(run.case().targets().count() > 3);
//! # Ok(())
//! # }
//! ```
//!
//! # What lives here, in reading order
//!
//! | module | what it holds |
//! |---|---|
//! | [`data`] | [`Data`]: the tables of `data/`, checked, shared by all sessions |
//! | [`session`] | [`Session`]: reads files through a `fetch`, compiles, keeps what is said |
//! | [`run`] | [`Study`] (a scenario, compiled), [`Run`] (one that has run) |
//! | [`sweep`] | [`SweepStudy`]: a scenario with its `[sweep]`, compiled to one batch |
//! | [`solve`] | [`SolveStudy`]: a scenario backwards, from its targets to levels |
//! | [`joint`] | a target of a whole shared among regions at least cost |
//! | [`levers`] | [`LeverStudy`]: every level and growth free, for a reader that moves them |
//! | [`draws`] | what is uncertain beside what is decided: the draws on which plans are tried |
//! | [`options`] | [`OptionsStudy`]: candidate targets and growth, solved, tried and judged |
//! | [`explain`] | a question about one result, by the names that people use |
//! | [`difference`] | two scenarios compared |
//! | [`estimates`] | which estimated numbers of a region of one's own matter most |
//! | [`hindcast`] | the recorded measures of past years, to be held against what was published |
//! | [`problem`] | [`Error`] and [`Problems`]: what is wrong, where, and what to do |
//! | [`embedded`] | the data and the files of current policy that are compiled in |
//! | [`columns`] | Parquet as text, so that one reader takes every table |
//! | [`words`] | errors of the libraries in both languages |
//!
//! # What the model computes
//!
//! The equations stand beside their code: demand, emissions and costs in
//! [`jianpai_core::plan`], measures in [`jianpai_core::measure`], calibration in
//! [`jianpai_core::calibrate`], indicators, balances and verdicts in
//! [`jianpai_core::outcome`]. A run is a batch of one; a sweep is the same batch with many
//! draws; both call the same kernel.
//!
//! # What must never be
//!
//! - Nothing here prints or ends the program, and nothing reads a file but through the
//!   `fetch` of its session (a test reads the sources for it).
//! - No result without its data: a [`Study`] holds the [`Data`] it was compiled with.
//! - What is wrong with a file is said with its place, all of it in one pass.

pub mod columns;
pub mod data;
pub mod difference;
pub mod draws;
pub mod embedded;
pub mod estimates;
pub mod explain;
pub mod folder;
pub mod hindcast;
pub mod joint;
pub mod levers;
pub mod options;
pub mod problem;
pub mod region_file;
pub mod run;
pub mod session;
pub mod solve;
pub mod sweep;
pub mod words;

pub use data::Data;
pub use levers::LeverStudy;
pub use options::OptionsStudy;
pub use problem::{Error, Problems};
pub use run::{Run, Study};
pub use session::Session;
pub use solve::{SolveOptions, SolveStudy};
pub use sweep::{SweepOptions, SweepStudy};
