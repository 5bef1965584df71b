//! Tables and figures.

use crate::arrow;
use crate::language::chosen;
use crate::problems::raise;
use jianpai_core::text::{Lang, Text};
use jianpai_report::figures as report;
use jianpai_report::grid::WIDE;
use jianpai_report::view::{Holds, Measured, Table as View, Value};
use jianpai_report::write;
use jianpai_study::problem::Unknown;
use numpy::PyArray1;
use pyo3::exceptions::PyKeyError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyCapsule, PyDict};
use std::sync::Arc;

/// A table: columns of numbers as arrays of NumPy, others as lists, in the units that
/// machines read.
#[pyclass(frozen, module = "jianpai")]
#[derive(Clone, Debug)]
pub(crate) struct Table {
    view: Arc<View>,
}

impl Table {
    pub(crate) fn new(view: View) -> Self {
        Self {
            view: Arc::new(view),
        }
    }

    /// The number in a row, in the unit that machines read.
    fn number(&self, r: usize, c: usize) -> Option<f64> {
        let row = &self.view.rows[r];
        match row.cells[c].value {
            Value::Number(value) => Some(value / self.view.unit(row, c).machine().scale),
            Value::Whole(value) => Some(value as f64),
            _ => None,
        }
    }

    /// What a column holds: whole numbers are such where no row is without one.
    pub(crate) fn values(&self, c: usize) -> Values {
        let lang = chosen();
        let rows = &self.view.rows;
        let values = rows.iter().map(|row| &row.cells[c].value);
        let whole = |value: &Value| match value {
            Value::Whole(value) => Some(*value),
            _ => None,
        };
        let numbers = || Values::Number((0..rows.len()).map(|r| self.number(r, c)).collect());
        match self.view.columns[c].holds {
            Holds::Whole => {
                let all: Option<Vec<i64>> = values.map(whole).collect();
                all.map_or_else(numbers, Values::Whole)
            }
            Holds::Number(..) => numbers(),
            Holds::Flag(_) => {
                let flags = values.map(|value| match value {
                    Value::Flag(flag) => Some(*flag),
                    _ => None,
                });
                Values::Flag(flags.collect())
            }
            Holds::Id | Holds::Text | Holds::Unit => {
                Values::Text(values.map(|value| said(value, lang)).collect())
            }
        }
    }

    fn column<'py>(&self, py: Python<'py>, c: usize) -> PyResult<Bound<'py, PyAny>> {
        match self.values(c) {
            Values::Whole(values) => Ok(PyArray1::from_vec(py, values).into_any()),
            Values::Number(values) => {
                let values = values.into_iter().map(|value| value.unwrap_or(f64::NAN));
                Ok(PyArray1::from_iter(py, values).into_any())
            }
            Values::Flag(values) => values.into_pyobject(py),
            Values::Text(values) => values.into_pyobject(py),
        }
    }

    /// The unit of a column of numbers.
    pub(crate) fn unit(&self, c: usize) -> Option<Measure> {
        match self.view.columns[c].holds {
            Holds::Number(Measured::In(unit), _) => Some(Measure::One(unit.machine().name.en)),
            Holds::Number(Measured::By(_), _) => {
                let rows = self.view.rows.iter();
                let units = rows.map(|row| self.view.unit(row, c).machine().name.en);
                Some(Measure::Each(units.collect()))
            }
            _ => None,
        }
    }

    /// What a column is called.
    pub(crate) fn heading(&self, c: usize) -> &str {
        self.view.columns[c].heading.get(chosen())
    }
}

/// The values of a column, one a row.
pub(crate) enum Values {
    Whole(Vec<i64>),
    Number(Vec<Option<f64>>),
    Flag(Vec<Option<bool>>),
    Text(Vec<Option<String>>),
}

/// The unit of numbers.
#[derive(IntoPyObject)]
pub(crate) enum Measure {
    /// Of all of them.
    One(String),
    /// Of each.
    Each(Vec<String>),
}

/// What a cell without a number says.
fn said(value: &Value, lang: Lang) -> Option<String> {
    match value {
        Value::Id(id) => Some(id.clone()),
        Value::Text(text) => Some(text.get(lang).to_string()),
        Value::Unit(unit) => Some(unit.machine().name.en),
        Value::Named(unit) => Some(unit.en.clone()),
        Value::Whole(value) => Some(value.to_string()),
        Value::Number(value) => Some(value.to_string()),
        Value::Flag(flag) => Some(flag.to_string()),
        Value::Absent => None,
    }
}

/// A text inside HTML.
fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    text.replace('>', "&gt;").replace('"', "&quot;")
}

#[pymethods]
impl Table {
    /// Its name for machines.
    #[getter]
    pub(crate) fn id(&self) -> &'static str {
        self.view.id
    }

    /// Its name for people.
    #[getter]
    pub(crate) fn title(&self) -> &str {
        self.view.title.get(chosen())
    }

    /// The keys of its columns.
    #[getter]
    pub(crate) fn columns(&self) -> Vec<&str> {
        self.view
            .columns
            .iter()
            .map(|column| column.key.as_ref())
            .collect()
    }

    /// What the columns are called, by key.
    #[getter]
    fn headings<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let found = PyDict::new(py);
        for (c, column) in self.view.columns.iter().enumerate() {
            found.set_item(column.key.as_ref(), self.heading(c))?;
        }
        Ok(found)
    }

    /// The unit of each column of numbers, by key: of some, one a row, as a list.
    #[getter]
    fn units<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let found = PyDict::new(py);
        for (c, column) in self.view.columns.iter().enumerate() {
            if let Some(unit) = self.unit(c) {
                found.set_item(column.key.as_ref(), unit)?;
            }
        }
        Ok(found)
    }

    fn __len__(&self) -> usize {
        self.view.rows.len()
    }

    fn __contains__(&self, key: &str) -> bool {
        self.view.column(key).is_some()
    }

    /// The column called `key`.
    fn __getitem__<'py>(&self, py: Python<'py>, key: &str) -> PyResult<Bound<'py, PyAny>> {
        let Some(c) = self.view.column(key) else {
            let keys = self.columns();
            let unknown = Unknown::among(Text::new("列", "column"), key, &keys);
            let said = unknown.text();
            return Err(PyKeyError::new_err(said.get(chosen()).to_string()));
        };
        self.column(py, c)
    }

    /// The columns by their keys.
    pub(crate) fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let found = PyDict::new(py);
        for (c, column) in self.view.columns.iter().enumerate() {
            found.set_item(column.key.as_ref(), self.column(py, c)?)?;
        }
        Ok(found)
    }

    /// A stream of Arrow, for whoever takes one: what is absent is null, a field has its
    /// `unit` (one a line, if each row has its own) and its `heading` in its metadata. Another
    /// schema cannot be requested: what is requested is not looked at.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        #[allow(unused_variables)] requested_schema: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        arrow::table(py, self)
    }

    /// The schema of that stream.
    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        arrow::schema_of_table(py, self)
    }

    /// A `DataFrame` of pandas, which is imported then.
    fn to_pandas<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        let frames = slf.py().import("jianpai._frames")?;
        frames.call_method1("to_pandas", (slf,))
    }

    /// The table as CSV, as commands write it.
    fn to_csv<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &write::csv(&self.view, chosen()))
    }

    /// The table as JSON, as commands print it.
    fn json(&self) -> String {
        write::json(&self.view).to_string()
    }

    fn __repr__(&self) -> String {
        format!(
            "<Table {}: {} × {}>",
            self.id(),
            self.__len__(),
            self.view.columns.len()
        )
    }

    fn __str__(&self) -> String {
        write::terminal(&self.view, chosen(), WIDE)
    }

    pub(crate) fn _repr_html_(&self) -> String {
        let mut html = format!("<p><b>{}</b></p>", escaped(self.title()));
        for block in write::blocks(&self.view, chosen()) {
            html += "<table><thead><tr>";
            for heading in &block.header {
                html += &format!("<th>{}</th>", escaped(heading));
            }
            html += "</tr></thead><tbody>";
            for line in &block.lines {
                html += "<tr>";
                for cell in line {
                    let side = if cell.right { "right" } else { "left" };
                    let text = escaped(&cell.text);
                    html += &format!("<td style=\"text-align: {side}\">{text}</td>");
                }
                html += "</tr>";
            }
            html += "</tbody></table>";
        }
        html
    }
}

/// A chart.
#[pyclass(frozen, module = "jianpai")]
#[derive(Clone, Debug)]
pub(crate) struct Figure {
    name: String,
    svg: String,
}

impl Figure {
    /// The names of figures, without language.
    pub(crate) fn names(all: &[report::Figure]) -> Vec<String> {
        let names = all
            .iter()
            .filter_map(|figure| figure.name.strip_suffix(".en.svg"));
        names.map(str::to_string).collect()
    }

    /// The figure called `name` in the language that is spoken.
    pub(crate) fn among(py: Python<'_>, all: Vec<report::Figure>, name: &str) -> PyResult<Self> {
        let file = format!("{name}.{}.svg", chosen().pick("zh", "en"));
        let names = Self::names(&all);
        let found = all.into_iter().find(|figure| figure.name == file);
        let Some(figure) = found else {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let unknown = Unknown::among(Text::new("图", "figure"), name, &names);
            return Err(raise(py, &unknown.into(), &[]));
        };
        Ok(Self {
            name: name.to_string(),
            svg: figure.svg,
        })
    }
}

#[pymethods]
impl Figure {
    /// What it is called.
    #[getter]
    fn name(&self) -> &str {
        &self.name
    }

    /// The picture.
    #[getter]
    fn svg(&self) -> &str {
        &self.svg
    }

    fn _repr_svg_(&self) -> &str {
        &self.svg
    }

    fn __repr__(&self) -> String {
        format!("<Figure {}>", self.name)
    }
}
