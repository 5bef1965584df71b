//! The model: services, technologies, measures as shifts of shares, and the
//! arithmetic that follows. No file system, no parsing, no drawing; on checked
//! input nothing here fails.
//!
//! Reading order: [`catalogue`] (what the world is like), [`calibrate`] (the base
//! year equals the official inventory), [`measure`] (what is to be done),
//! [`plan`] (compiled once), [`kernel`] (run a million times), [`outcome`] and
//! [`target`] (what it means), [`explain`] (what it rests on).

pub mod account;
pub mod accounting;
pub mod batch;
pub mod calibrate;
pub mod calibre;
pub mod catalogue;
pub mod compile;
pub mod decompose;
pub mod difference;
pub mod dims;
pub mod explain;
pub mod grid;
pub mod indicator;
pub mod kernel;
pub mod linked;
pub mod lmdi;
pub mod measure;
pub mod outcome;
pub mod plain;
pub mod plan;
pub mod plausible;
pub mod provenance;
pub mod scenario;
pub mod sector;
pub mod target;
pub mod text;
