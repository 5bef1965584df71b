//! What is drawn and what comes out: names, units, ranges.

use crate::language::chosen;
use jianpai_report::case::short_name;
use jianpai_report::sweep::{names, units};
use jianpai_study::Study;
use jianpai_sweep::engine::{Column, Sweep};
use pyo3::prelude::*;
use pyo3::types::PyTuple;

/// One input or output of a plan, or of a sweep.
#[pyclass(frozen, get_all, module = "jianpai")]
#[derive(Clone, Debug)]
pub(crate) struct Variable {
    /// The name of its column.
    pub(crate) name: String,
    /// What it is, in words, where that is known.
    pub(crate) label: Option<String>,
    /// Its unit; empty for a pure number.
    pub(crate) unit: String,
    /// The least value that is drawn; `None` of an output.
    low: Option<f64>,
    /// The greatest.
    high: Option<f64>,
}

impl Variable {
    /// A column of a sweep; `ranges` is what its inputs are drawn from.
    pub(crate) fn of(study: &Study, sweep: &Sweep, column: &Column, ranges: &[(f64, f64)]) -> Self {
        let catalogue = study.catalogue();
        let label = match column {
            Column::Input(i) => {
                let name = names::name(catalogue, &study.plan, &sweep.inputs[*i]);
                Some(name.get(chosen()).to_string())
            }
            Column::Indicator(id, t) => {
                let name = short_name(catalogue, &catalogue.indicators[id.at()]);
                Some(format!("{}, {}", name.get(chosen()), sweep.years[*t]))
            }
            _ => None,
        };
        let range = match column {
            Column::Input(i) => Some(ranges[*i]),
            _ => None,
        };
        Self {
            name: sweep.name(catalogue, column),
            label,
            unit: units::of_column(catalogue, sweep, column).machine().name.en,
            low: range.map(|(low, _)| low),
            high: range.map(|(_, high)| high),
        }
    }

    /// Some columns of a sweep.
    pub(crate) fn all<'py, 'c>(
        py: Python<'py>,
        (study, sweep): (&Study, &Sweep),
        columns: impl Iterator<Item = &'c Column>,
        ranges: &[(f64, f64)],
    ) -> PyResult<Bound<'py, PyTuple>> {
        let own = columns.map(|column| Self::of(study, sweep, column, ranges));
        PyTuple::new(py, own.collect::<Vec<_>>())
    }
}

#[pymethods]
impl Variable {
    fn __repr__(&self) -> String {
        let unit = if self.unit.is_empty() {
            String::new()
        } else {
            format!(" ({})", self.unit)
        };
        match (self.low, self.high) {
            (Some(low), Some(high)) => format!("<{}{unit}: {low} … {high}>", self.name),
            _ => format!("<{}{unit}>", self.name),
        }
    }
}
