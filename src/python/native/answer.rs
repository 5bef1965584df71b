//! What commands beside `run` and `sweep` say: explanations, plans found, options and
//! scenarios compared, each as its tables, figures and text.

use crate::language::chosen;
use crate::pool::quietly;
use crate::problems::{raise, warn};
use crate::scenario::Scenario;
use crate::source::data;
use crate::table::{Figure, Table};
use jianpai_core::text::Text;
use jianpai_load::scenario::solve::ObjectiveSpec;
use jianpai_report::explain::{self, Detail, Sums};
use jianpai_report::figures::{self, Figure as Drawn};
use jianpai_report::view::Table as View;
use jianpai_report::{diff as differing, options as optional, solve as solving, write};
use jianpai_study::draws::Trial;
use jianpai_study::problem::Unknown;
use jianpai_study::solve::{Solved, toml};
use jianpai_study::{Session, SolveOptions};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Terms below this part of a result are summed up, as the command does.
const LEAST: f64 = 0.02;

/// What was asked and found: tables by name, figures, a text.
#[pyclass(frozen, module = "jianpai")]
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    what: &'static str,
    tables: Vec<Table>,
    figures: Vec<Drawn>,
    json: String,
    text: Text,
    /// A plan found, as a file.
    toml: Option<String>,
    is_feasible: Option<bool>,
}

impl Answer {
    fn new(what: &'static str, all: Vec<View>, figures: Vec<Drawn>, text: Text) -> Self {
        Self {
            what,
            json: format!("{:#}\n", write::document(&all)),
            tables: all.into_iter().map(Table::new).collect(),
            figures,
            text,
            toml: None,
            is_feasible: None,
        }
    }

    /// The terms behind a result.
    pub(crate) fn of(answer: &explain::Answer<'_>) -> Self {
        let detail = Detail {
            least: LEAST,
            depth: 99,
            sums: Sums::Folded,
        };
        let text = both(|lang| answer.text(lang, detail));
        Self {
            json: format!("{:#}\n", explain::json(answer)),
            ..Self::new("explain", explain::tables(answer), Vec::new(), text)
        }
    }
}

/// A text in both languages.
fn both(say: impl Fn(jianpai_core::text::Lang) -> String) -> Text {
    use jianpai_core::text::Lang;
    Text::new(say(Lang::Zh), say(Lang::En))
}

#[pymethods]
impl Answer {
    /// Every table by its name.
    #[getter]
    fn tables(&self) -> BTreeMap<&'static str, Table> {
        let all = self.tables.iter();
        all.map(|table| (table.id(), table.clone())).collect()
    }

    /// The table called `name`.
    fn __getitem__(&self, py: Python<'_>, name: &str) -> PyResult<Table> {
        let found = self.tables.iter().find(|table| table.id() == name);
        found.cloned().ok_or_else(|| {
            let ids: Vec<&str> = self.tables.iter().map(Table::id).collect();
            let unknown = Unknown::among(Text::new("表", "table"), name, &ids);
            raise(py, &unknown.into(), &[])
        })
    }

    /// The figures that there are.
    #[getter]
    fn figures(&self) -> Vec<String> {
        Figure::names(&self.figures)
    }

    /// A figure by its name, in the language that is spoken.
    fn figure(&self, py: Python<'_>, name: &str) -> PyResult<Figure> {
        Figure::among(py, self.figures.clone(), name)
    }

    /// Of a solve, whether there is a plan; else `None`.
    #[getter]
    fn feasible(&self) -> Option<bool> {
        self.is_feasible
    }

    /// Of a solve with a plan: the scenario that it is, as the text of a file.
    #[getter]
    fn toml(&self) -> Option<&str> {
        self.toml.as_deref()
    }

    /// Everything as the command has it with `--json`, as text.
    fn json(&self) -> &str {
        &self.json
    }

    fn __repr__(&self) -> String {
        let ids: Vec<&str> = self.tables.iter().map(Table::id).collect();
        format!("<Answer {}: {}>", self.what, ids.join(", "))
    }

    fn __str__(&self) -> &str {
        self.text.get(chosen())
    }

    fn _repr_html_(&self) -> String {
        self.tables.iter().map(Table::_repr_html_).collect()
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(PyTypeError::new_err(chosen().pick(
            "结果不能打包；打包它的表（.to_pandas()）或情景",
            "it cannot be pickled: pickle its tables (.to_pandas()), or the scenario",
        )))
    }
}

/// What is made least, by name.
fn objective(name: &str) -> PyResult<ObjectiveSpec> {
    match name {
        "cost" => Ok(ObjectiveSpec::Cost),
        "effort" => Ok(ObjectiveSpec::Effort),
        "even" => Ok(ObjectiveSpec::Even),
        other => Err(PyValueError::new_err(format!(
            "{other:?}: \"cost\", \"effort\", \"even\""
        ))),
    }
}

/// Seeks the levels that meet all targets of a scenario.
pub(crate) fn solve(py: Python<'_>, scenario: &Scenario, name: Option<&str>) -> PyResult<Answer> {
    let options = SolveOptions {
        objective: name.map(objective).transpose()?,
    };
    let source = &scenario.opened.source;
    let fetch = source.fetch(&Arc::default());
    let mut session = Session::of(scenario.study(), move |path: &str| fetch(path));
    let asked = session.try_solve(scenario.study(), options);
    let asked = session.settle(asked);
    let asked = asked.map_err(|error| raise(py, &error, &source.layers))?;
    warn(py, &session.take_found(), &source.layers)?;
    let parent = source.path.clone();
    let found = quietly(py, move || {
        let solved = asked.solve()?;
        let limits = asked.limit_names();
        let answered = asked.answered(&solved, &limits);
        let tables = solving::tables(&answered);
        let none = solving::Further {
            ranges: &[],
            fronts: &[],
        };
        let charts = solving::figures(&answered, none);
        let text = both(|lang| solving::text(&answered, lang));
        let mut answer = Answer::new("solve", tables, charts, text);
        answer.is_feasible = Some(matches!(solved, Solved::Plan(_)));
        if let Solved::Plan(planned) = &solved {
            answer.toml = Some(toml(&asked, planned, &parent));
        }
        Ok::<_, jianpai_study::Error>(answer)
    })?;
    found.map_err(|error| raise(py, &error, &source.layers))
}

/// Solves, tries and judges the options of a scenario.
pub(crate) fn options(py: Python<'_>, scenario: &Scenario, trial: Trial) -> PyResult<Answer> {
    let source = &scenario.opened.source;
    let fetch = source.fetch(&Arc::default());
    let mut session = Session::of(scenario.study(), move |path: &str| fetch(path));
    let asked = session.try_options(scenario.study(), SolveOptions::default());
    let asked = session.settle(asked);
    let asked = asked.map_err(|error| raise(py, &error, &source.layers))?;
    warn(py, &session.take_found(), &source.layers)?;
    let found = quietly(py, move || {
        let compared = asked.compare(trial)?;
        let seen = compared.report();
        let text = both(|lang| optional::text(&seen, lang));
        let (tables, charts) = (optional::tables(&seen), optional::figures(&seen));
        Ok::<_, jianpai_study::Error>(Answer::new("options", tables, charts, text))
    })?;
    found.map_err(|error| raise(py, &error, &source.layers))
}

/// Compares two scenarios: which inputs differ, which results move, and what explains how
/// much.
#[pyfunction]
pub(crate) fn diff(py: Python<'_>, a: &Scenario, b: &Scenario) -> PyResult<Answer> {
    let mut session = Session::new(
        data(py)?,
        |_: &str| Err(std::io::ErrorKind::NotFound.into()),
    );
    let mut layers = Vec::new();
    let mut read = |one: &Scenario| {
        let source = &one.opened.source;
        layers.extend(source.layers.iter().cloned());
        let fetch = source.fetch(&Arc::default());
        let fetch = move |path: &str| fetch(path);
        let study = session.with_fetch(fetch, |session| source.study(session));
        study.map_err(|error| raise(py, &error, &source.layers))
    };
    let pair = [read(a)?, read(b)?];
    // What is to be said of either was said when it was read.
    let _ = session.take_found();
    let compared = session.try_compare(pair);
    let compared = session.settle(compared);
    let compared = compared.map_err(|error| raise(py, &error, &layers))?;
    warn(py, &session.take_found(), &layers)?;
    quietly(py, move || {
        let seen = compared.report();
        let text = both(|lang| differing::text(&seen, lang));
        let charts = figures::differences(&seen);
        Answer::new("diff", differing::tables(&seen), charts, text)
    })
}
