//! The model: services, technologies, measures as shifts of shares, and the arithmetic
//! that follows. On checked input nothing here fails.
//!
//! # Reading order
//!
//! Each line needs only those above it; `tests/it/layers.rs` holds it to that.
//!
//! | module | what it says |
//! |---|---|
//! | [`text`], [`names`], [`dims`], [`grid`] | two languages, other names of things, indices, tables with a shape |
//! | [`provenance`], [`calibre`], [`book`] | where a number comes from, on which basis it was counted, and by which rule it is accounted |
//! | [`price`] | figures of cost by year, and prices of one year as those of another |
//! | [`experience`] | how fast shares have risen at most |
//! | [`gazetteer`] | places below the provinces, and by what their parts are told |
//! | [`catalogue`] | what the world is like: services, technologies, factors, base years |
//! | [`account`], [`indicator`] | what a run keeps, and what planners call it |
//! | [`on_call`] | what only those scenarios have that speak of it |
//! | [`published`], [`electricity`] | published shares from which indicators count, and the electricity of final users |
//! | [`calibrate`] | the base year equals the official inventory |
//! | [`place`] | a region of one's own, made from the one it lies in |
//! | [`accounting`], [`projects`] | official arithmetic; the ledger of projects by its rules |
//! | [`target`], [`measure`], [`scenario`] | what is demanded, what is to be done, and both with growth |
//! | [`base`] | the later base years that a scenario may count from |
//! | [`plan`] | a scenario as numbers: demand, terms, shares, cost |
//! | [`batch`], [`kernel`] | many draws of a plan, and one |
//! | [`linked`], [`compile`] | from a scenario to a plan, which needs runs to finish itself |
//! | [`outcome`], [`sector`] | what a run means: indicators, balances, verdicts, sectors |
//! | [`student`] | Student's t |
//! | [`doubt`], [`discrepancy`] | how wrong runs of the past were, and one draw of such an error |
//! | [`costing`] | what measures cost, and what the figures of cost rest on |
//! | [`explain`], [`difference`], [`lmdi`], [`decompose`] | what a result rests on, and what moved it |
//! | [`plausible`] | what can run but is hard to believe |
//! | [`allocate`] | a target of a whole, shared among its parts |
//! | [`plain`] | text made harmless for what shows it |
//!
//! # What must never be
//!
//! - a file system, a parser, a clock, a random number or a picture: bytes come in as
//!   checked values and go out as values;
//! - two ways to compute an emission: everything goes through [`batch`];
//! - something that is not affine in the levels of measures once growth is fixed, and is
//!   not said to be so: sweeps, attribution and least-cost search rest on it;
//! - a number of one calibre beside one of another without a splice;
//! - a pollutant, measure or region that is known by name in a formula: they are rows of
//!   data and of [`measure::spec::KINDS`].

pub mod account;
pub mod accounting;
pub mod allocate;
pub mod base;
pub mod batch;
pub mod book;
pub mod calibrate;
pub mod calibre;
pub mod catalogue;
pub mod compile;
pub mod costing;
pub mod decompose;
pub mod difference;
pub mod dims;
pub mod discrepancy;
pub mod doubt;
pub mod electricity;
pub mod experience;
pub mod explain;
pub mod gazetteer;
pub mod grid;
pub mod indicator;
pub mod kernel;
pub mod linked;
pub mod lmdi;
pub mod measure;
pub mod names;
pub mod on_call;
pub mod outcome;
pub mod place;
pub mod plain;
pub mod plan;
pub mod plausible;
pub mod price;
pub mod projects;
pub mod provenance;
pub mod published;
pub mod scenario;
pub mod sector;
pub mod student;
pub mod target;
pub mod text;
