//! A scenario that has run.

use crate::answer::Answer;
use crate::language::chosen;
use crate::problems::raise;
use crate::table::{Figure, Table};
use jianpai_core::catalogue::Book;
use jianpai_core::text::Text;
use jianpai_report::view::Table as View;
use jianpai_report::{costs, figures, iamc, ledger, summary, tables, trajectory};
use jianpai_study as study;
use jianpai_study::explain::Asked;
use jianpai_study::folder::run::{combined, model};
use jianpai_study::problem::Unknown;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict};
use std::sync::Arc;

/// A scenario that has run: its tables and figures.
#[pyclass(frozen, module = "jianpai")]
#[derive(Debug)]
pub(crate) struct Run {
    run: Arc<study::Run>,
}

impl Run {
    pub(crate) fn new(run: study::Run) -> Self {
        Self { run: Arc::new(run) }
    }

    /// A table of this run alone.
    fn table(&self, make: impl FnOnce(&[jianpai_report::case::Case<'_>]) -> View) -> Table {
        Table::new(make(&[self.run.case()]))
    }
}

#[pymethods]
impl Run {
    /// What the scenario is called.
    #[getter]
    fn id(&self) -> &str {
        &self.run.study.scenario().id
    }

    /// Every indicator: from the year that targets count from to the last one.
    #[getter]
    fn indicators(&self) -> Table {
        self.table(tables::indicators)
    }

    /// The targets and their verdicts.
    #[getter]
    fn targets(&self) -> Table {
        self.table(tables::targets)
    }

    /// Every indicator in every year.
    #[getter]
    fn trajectory(&self) -> Table {
        self.table(trajectory::table)
    }

    /// The balances: each account in each year, line by line.
    #[getter]
    fn balance(&self) -> Table {
        self.table(tables::balance)
    }

    /// What measures cost.
    #[getter]
    fn costs(&self) -> Table {
        self.table(costs::table)
    }

    /// Project reductions against their targets.
    #[getter]
    fn ledger(&self) -> Table {
        self.table(ledger::table)
    }

    /// Every table that fits a document, by its name.
    #[getter]
    fn tables(&self) -> std::collections::BTreeMap<&'static str, Table> {
        let all = summary::tables_of(&[self.run.case()]).into_iter();
        all.map(|table| (table.id, Table::new(table))).collect()
    }

    /// Everything as `jianpai run --json` has it, as text.
    fn json(&self) -> String {
        format!("{:#}\n", summary::json(&self.run.case()))
    }

    /// The files `trajectory.csv` and `meta.csv` that `jianpai run` writes, by name: the run
    /// and its two comparisons in the format of IAMC.
    ///
    /// >>> import jianpai as jp
    /// >>> files = jp.builtin("shaanxi-15fyp-planned").run().iamc()
    /// >>> files.get("trajectory.csv")[:21]
    /// b'model,scenario,region'
    fn iamc<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let cases = [self.run.case()];
        let study = &self.run.study;
        let hash = combined(study.files(), &study.loaded.inputs);
        let (model, version) = (model(), env!("CARGO_PKG_VERSION"));
        let files = PyDict::new(py);
        for (name, bytes) in [
            ("trajectory.csv", iamc::trajectory(&cases, &model)),
            ("meta.csv", iamc::meta(&cases, &model, version, &[hash])),
        ] {
            files.set_item(name, PyBytes::new(py, &bytes))?;
        }
        Ok(files)
    }

    /// The figures that there are, see [`Run.figure`].
    #[getter]
    fn figures(&self) -> Vec<String> {
        Figure::names(&figures::all(&self.run.case()))
    }

    /// A figure by its name, in the language that is spoken.
    fn figure(&self, py: Python<'_>, name: &str) -> PyResult<Figure> {
        Figure::among(py, figures::all(&self.run.case()), name)
    }

    /// The terms behind a result, down to the rows of the data, see `Answer`.
    ///
    /// `book` is `"accounted"` or `"physical"`; `measure`: only what it changes.
    #[pyo3(signature = (indicator, year, *, book=None, measure=None))]
    fn explain(
        &self,
        py: Python<'_>,
        indicator: &str,
        year: i32,
        book: Option<&str>,
        measure: Option<&str>,
    ) -> PyResult<Answer> {
        let book = match book {
            None => None,
            Some("accounted") => Some(Book::Accounted),
            Some("physical") => Some(Book::Physical),
            Some(other) => {
                let what = Text::new("账", "book");
                let unknown = Unknown::among(what, other, &["accounted", "physical"]);
                return Err(raise(py, &unknown.into(), &[]));
            }
        };
        let asked = Asked {
            indicator,
            year,
            book,
            measure,
        };
        let told = self.run.study.explain(&asked, Answer::of);
        told.map_err(|error| raise(py, &error, &[]))
    }

    fn __repr__(&self) -> String {
        let (met, all) = self.run.case().score();
        format!("<Run {}: {met}/{all}>", self.id())
    }

    fn __str__(&self) -> String {
        summary::text(&self.run.case(), chosen())
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(PyTypeError::new_err(chosen().pick(
            "运行结果不能打包；打包情景后再 .run()，或打包它的表（.to_pandas()）",
            "a run cannot be pickled: pickle the scenario and run it again, or its tables (.to_pandas())",
        )))
    }

    fn _repr_html_(&self) -> String {
        self.indicators()._repr_html_() + &self.targets()._repr_html_()
    }
}
