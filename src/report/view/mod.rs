//! Results as values: what a command found, before it is text, CSV or JSON.
//!
//! A result is a value with documented fields in base units (t, tce, CNY, fractions), and
//! a [`Table`] made from it. [`crate::write`] turns a table into each format; a table
//! knows nothing of formats, a format nothing of tables. Units are named in [`crate::units`] alone.

pub mod form;
pub mod run;
pub mod table;

pub use crate::units::Unit;
pub use form::Form;
pub use table::{Across, Cell, Column, Holds, Measured, Record, Table, Value, With};
