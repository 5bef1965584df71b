//! Tables as bytes: each format once, for every table.
//!
//! A format is one file here with one function from a [`Table`](crate::view::Table); a new
//! one (HTML, a workbook, a document) is added beside these without touching a table.

mod csv;
mod json;
mod terminal;

pub use csv::{csv, csv_file, marked};
pub use json::{SCHEMA, document, json};
pub use terminal::{AFTER, Block, Shown, blocks, terminal};
