//! Files of an office: workbooks written and read, documents written.
//!
//! Everything here takes checked values or bytes and gives bytes or values; the command
//! line reads and writes the files.
//!
//! | module | what it holds |
//! |---|---|
//! | [`book`] | a run as a workbook whose levels of measures can be moved |
//! | [`forms`] | the sheets that planners fill in: their columns |
//! | [`template`] | a workbook of these sheets, to be filled in |
//! | [`xlsx`] | a workbook as cells |
//! | [`import`] | a workbook that is filled in, as a scenario, a ledger, a region |
//! | [`word`] | a report as a Word document, in the form of official papers (GB/T 9704) |

pub mod book;
pub mod forms;
pub mod import;
mod look;
pub mod template;
pub mod word;
pub mod xlsx;
