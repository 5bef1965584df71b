//! How sheets look: formats, widths, names.

pub(crate) mod names;
pub(crate) mod sheet;
pub(crate) mod style;
