//! Files of an office: workbooks written and read, documents written.
//!
//! Everything here takes checked values or bytes and gives bytes or values; the command
//! line reads and writes the files.
//!
//! | module | what it holds |
//! |---|---|
//! | [`book`] | a run as a workbook whose levels of measures can be moved |

pub mod book;
