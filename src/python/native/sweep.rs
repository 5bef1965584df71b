//! Many draws of one scenario, as `jianpai sweep` runs them.

use crate::ground::{Asked, Ground};
use crate::language::chosen;
use crate::plan::drawn;
use crate::pool::aside;
use crate::problems::refuse;
use crate::source::Opened;
use crate::stream::Draws;
use crate::table::{Figure, Table};
use crate::variable::Variable;
use crate::written::Layer;
use jianpai_core::explain::Support;
use jianpai_core::text::Lang;
use jianpai_report::sweep::{self as report, Spread};
use jianpai_report::view::Table as View;
use jianpai_study::SweepStudy;
use jianpai_study::folder::name::fault_of_id;
use jianpai_study::sweep::{Failure, Finished, Format, Job, Options};
use jianpai_sweep::engine::run::Totals;
use jianpai_sweep::findings::{self, Findings};
use pyo3::exceptions::{PyOSError, PyTypeError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyCapsule, PyTuple};
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Where results go.
#[derive(Clone, Debug)]
pub(crate) struct Output {
    /// The folder in which theirs is put.
    pub(crate) to: Option<PathBuf>,
    /// How rows are kept: `parquet`, `csv` or `none`.
    pub(crate) format: Option<String>,
    /// Whether charts are drawn.
    pub(crate) charts: bool,
    /// Whether rows that are there are gone on with.
    pub(crate) resume: bool,
}

/// A finished sweep: its tables, figures and what it found.
#[pyclass(frozen, module = "jianpai")]
pub(crate) struct Sweep {
    swept: Arc<SweepStudy>,
    totals: Totals,
    findings: Option<Findings>,
    support: Support,
    folder: Option<PathBuf>,
}

/// How rows are kept.
fn format(py: Python<'_>, output: &Output) -> PyResult<Format> {
    let Some(name) = &output.format else {
        return Ok(if output.to.is_some() {
            Format::ALL[0]
        } else {
            Format::None
        });
    };
    let found = Format::ALL.iter().find(|format| format.id() == name);
    found.copied().ok_or_else(|| {
        let ids: Vec<&str> = Format::ALL.iter().map(|format| format.id()).collect();
        refuse(
            py,
            format!("没有格式 `{name}`；可用：{}", ids.join("、")),
            format!("no format `{name}`; known: {}", ids.join(", ")),
        )
    })
}

/// Runs the draws of a scenario's `[sweep]`, or of `layer` in its place.
pub(crate) fn run(
    py: Python<'_>,
    (opened, layer): (&Arc<Opened>, Option<Layer>),
    asked: Asked,
    output: Output,
    progress: Option<&Bound<'_, PyAny>>,
) -> PyResult<Sweep> {
    let format = format(py, &output)?;
    let mut ground = Ground::new(opened, layer, asked);
    let mut swept = ground.compile(py)?;
    let id = &swept.study.scenario().id;
    if let (Some(_), Some(fault)) = (&output.to, fault_of_id(id)) {
        return Err(refuse(
            py,
            format!("情景名 `{id}` 不能作结果目录名（{}）", fault.zh),
            format!("no folder of results can be called `{id}` ({})", fault.en),
        ));
    }
    if output.charts {
        swept.over_time = ground.over_time(None);
    }
    if format == Format::Csv {
        swept.sweep.cut_finer();
    }
    let options = Options {
        draws: asked.draws,
        seed: asked.seed,
        format,
        trajectories: asked.trajectories,
        model_error: asked.model_error,
        shard: None,
        charts: output.charts,
        resume: output.resume,
    };
    let all = swept.sweep.points.len();
    let told = watcher(py, progress, all)?;
    let (stop, done) = (
        Arc::new(AtomicBool::new(false)),
        Arc::new(AtomicU64::new(0)),
    );
    let (work, counted) = ((Arc::clone(&stop), Arc::clone(&done)), Arc::clone(&done));
    let lang = chosen();
    let mut last = None;
    let mut tick = |py: Python<'_>| -> PyResult<()> {
        let now = counted.load(Ordering::Relaxed);
        if let Some(told) = told.as_ref().filter(|_| last != Some(now)) {
            last = Some(now);
            told.call1(py, (now, all))?;
        }
        Ok(())
    };
    let finished = aside(py, &stop, &mut tick, move || {
        let made = finish(&swept, &options, output.to.as_deref(), lang, &work);
        made.map(|(finished, folder)| (swept, finished, folder))
    })?;
    let (swept, finished, folder) = finished.map_err(|failure| failed(py, &failure))?;
    if let Some(told) = &told {
        told.call1(py, (all, all))?;
    }
    Ok(Sweep::of(swept, finished, folder))
}

/// Runs all draws and, where there is a folder, puts the results in place.
fn finish(
    swept: &SweepStudy,
    options: &Options,
    out: Option<&Path>,
    lang: Lang,
    (stop, done): &(Arc<AtomicBool>, Arc<AtomicU64>),
) -> Result<(Finished, Option<PathBuf>), Failure> {
    let job = Job::new(swept, options, findings::ENOUGH);
    let folder = out.map(|out| job.folder(out)).transpose();
    let folder = folder.map_err(Failure::Write)?;
    let mut finished = job.execute(folder.as_ref(), &mut |now| {
        done.store(now, Ordering::Relaxed);
        !stop.load(Ordering::Relaxed)
    })?;
    let Some(folder) = folder else {
        return Ok((finished, None));
    };
    let study = &swept.study;
    let support = Support::of(study.catalogue(), study.scenario(), &study.plan);
    let spread = spread(
        swept,
        &support,
        &finished.totals,
        finished.findings.as_ref(),
    );
    let mut entries = report::files(&spread, lang);
    if let Some(over_time) = &swept.over_time {
        entries.extend(report::figures::all(&spread, Some(over_time)));
    }
    let placed = job.put(folder, entries, finished.rows.take());
    let (path, _) = placed.map_err(Failure::Write)?;
    Ok((finished, Some(path)))
}

/// A sweep as reports see it.
fn spread<'a>(
    swept: &'a SweepStudy,
    support: &'a Support,
    totals: &'a Totals,
    findings: Option<&'a Findings>,
) -> Spread<'a> {
    let study = &swept.study;
    Spread {
        catalogue: study.catalogue(),
        scenario: study.scenario(),
        plan: &study.plan,
        support,
        sweep: &swept.sweep,
        totals,
        findings,
    }
}

/// Who is told of progress: a function of draws done and draws in all, or a bar.
fn watcher(
    py: Python<'_>,
    progress: Option<&Bound<'_, PyAny>>,
    all: u64,
) -> PyResult<Option<Py<PyAny>>> {
    let Some(progress) = progress else {
        return Ok(None);
    };
    if progress.is_instance_of::<PyBool>() {
        if !progress.is_truthy()? {
            return Ok(None);
        }
        let module = py.import(intern!(py, "jianpai._progress"))?;
        return Ok(Some(module.call_method1("bar", (all,))?.unbind()));
    }
    if !progress.is_callable() {
        return Err(PyTypeError::new_err(chosen().pick(
            "progress 应为 True，或以（已完成, 总数）调用的函数",
            "progress is True, or a function that takes draws done and draws in all",
        )));
    }
    Ok(Some(progress.clone().unbind()))
}

/// Why a sweep came to no end.
pub(crate) fn failed(py: Python<'_>, failure: &Failure) -> PyErr {
    let lang = chosen();
    match failure {
        Failure::Write(problem) => PyOSError::new_err(problem.0.get(lang).to_string()),
        Failure::Rows(error) => PyOSError::new_err(error.to_string()),
        Failure::OtherSweep => refuse(
            py,
            "要续跑的是另一次抽样（情景、数据、种子或次数不同）；去掉 resume 重新开始",
            "what is there is another sweep (scenario, data, seed or draws differ); start anew without resume",
        ),
        Failure::Stopped => pyo3::exceptions::PyKeyboardInterrupt::new_err(()),
    }
}

impl Sweep {
    /// What came out of a sweep, and where its results stand.
    pub(crate) fn of(swept: SweepStudy, finished: Finished, folder: Option<PathBuf>) -> Self {
        let study = &swept.study;
        Self {
            support: Support::of(study.catalogue(), study.scenario(), &study.plan),
            totals: finished.totals,
            findings: finished.findings,
            swept: Arc::new(swept),
            folder,
        }
    }

    fn spread(&self) -> Spread<'_> {
        spread(
            &self.swept,
            &self.support,
            &self.totals,
            self.findings.as_ref(),
        )
    }

    fn all(&self) -> Vec<View> {
        report::tables(&self.spread())
    }

    fn table(&self, py: Python<'_>, id: &str) -> PyResult<Table> {
        let found = self.all().into_iter().find(|table| table.id == id);
        let found =
            found.ok_or_else(|| refuse(py, format!("没有表 {id}"), format!("no table {id}")));
        found.map(Table::new)
    }

    fn variables<'py>(
        &self,
        py: Python<'py>,
        columns: Range<usize>,
    ) -> PyResult<Bound<'py, PyTuple>> {
        let SweepStudy { study, sweep, .. } = &*self.swept;
        let columns = sweep.columns[columns].iter();
        Variable::all(py, (study, sweep), columns, &sweep.drawn())
    }

    /// Charts by name.
    fn charts(&self) -> Vec<jianpai_report::figures::Figure> {
        let all = report::figures::all(&self.spread(), self.swept.over_time.as_ref());
        let all = all.into_iter().filter_map(|(name, bytes)| {
            let name = name.rsplit('/').next().unwrap_or(&name).to_string();
            let svg = String::from_utf8(bytes).ok()?;
            Some(jianpai_report::figures::Figure { name, svg })
        });
        all.collect()
    }
}

#[pymethods]
impl Sweep {
    /// The id of the scenario.
    #[getter]
    fn id(&self) -> &str {
        &self.swept.study.scenario().id
    }

    /// Draws that were run.
    #[getter]
    fn draws(&self) -> u64 {
        self.totals.draws
    }

    /// The seed.
    #[getter]
    fn seed(&self) -> u64 {
        self.swept.sweep.points.seed()
    }

    /// The folder of results, if there is one.
    #[getter]
    fn folder(&self) -> Option<PathBuf> {
        self.folder.clone()
    }

    /// Mean, deviation and quantiles of every column of numbers.
    #[getter]
    fn summary(&self, py: Python<'_>) -> PyResult<Table> {
        self.table(py, "summary")
    }

    /// How often each target is met.
    #[getter]
    fn attainment(&self, py: Python<'_>) -> PyResult<Table> {
        self.table(py, "attainment")
    }

    /// The draws with most room, and the cheapest that meet every target.
    #[getter]
    fn best(&self, py: Python<'_>) -> PyResult<Table> {
        self.table(py, "best")
    }

    /// Which inputs matter, by indicator.
    #[getter]
    fn sensitivity(&self, py: Python<'_>) -> PyResult<Table> {
        self.table(py, "sensitivity")
    }

    /// When all targets are met: limits of inputs (PRIM).
    #[getter]
    fn conditions(&self, py: Python<'_>) -> PyResult<Table> {
        self.table(py, "conditions")
    }

    /// Every table by its name.
    #[getter]
    fn tables(&self) -> BTreeMap<&'static str, Table> {
        let all = self.all().into_iter();
        all.map(|table| (table.id, Table::new(table))).collect()
    }

    /// Everything as `jianpai sweep --json` has it, as text.
    fn json(&self) -> String {
        format!("{:#}\n", report::json(&self.spread()))
    }

    /// The rows of the draws `start` to `stop`, all of them without: computed again.
    #[pyo3(signature = (start=0, stop=None))]
    fn rows<'py>(
        &self,
        py: Python<'py>,
        start: i64,
        stop: Option<i64>,
    ) -> PyResult<Bound<'py, PyAny>> {
        drawn(py, &self.swept.sweep, start, stop)
    }

    /// The rows of the draws `start` to `stop`, all of them without, as a stream of Arrow:
    /// computed again, batch by batch, when they are read.
    #[pyo3(signature = (start=0, stop=None))]
    fn stream(&self, start: i64, stop: Option<i64>) -> PyResult<Draws> {
        Draws::new(Arc::clone(&self.swept), start, stop)
    }

    /// All its draws, see [`Sweep.stream`].
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        self.stream(0, None)?
            .__arrow_c_stream__(py, requested_schema)
    }

    /// The schema of that stream.
    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        self.stream(0, None)?.__arrow_c_schema__(py)
    }

    /// What is drawn: name, unit, range.
    #[getter]
    fn inputs<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        self.variables(py, 0..self.swept.sweep.inputs.len())
    }

    /// What comes out: name and unit.
    #[getter]
    fn outputs<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let sweep = &self.swept.sweep;
        self.variables(py, sweep.inputs.len()..sweep.columns.len())
    }

    /// The names of the columns of [`Sweep.rows`]: inputs, then outputs.
    #[getter]
    fn columns(&self) -> Vec<String> {
        let sweep = &self.swept.sweep;
        let columns = sweep.columns.iter();
        columns
            .map(|column| sweep.name(self.swept.study.catalogue(), column))
            .collect()
    }

    /// The figures that there are.
    #[getter]
    fn figures(&self) -> Vec<String> {
        Figure::names(&self.charts())
    }

    /// A figure by its name, in the language that is spoken.
    fn figure(&self, py: Python<'_>, name: &str) -> PyResult<Figure> {
        Figure::among(py, self.charts(), name)
    }

    fn __repr__(&self) -> String {
        format!("<Sweep {}: {} draws>", self.id(), self.draws())
    }

    fn __str__(&self) -> String {
        report::text(&self.spread(), chosen())
    }

    fn _repr_html_(&self, py: Python<'_>) -> PyResult<String> {
        Ok(self.attainment(py)?._repr_html_())
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(PyTypeError::new_err(chosen().pick(
            "抽样结果不能打包；打包它的表（.to_pandas()）或情景，或用 to= 写出",
            "a sweep cannot be pickled: pickle its tables (.to_pandas()) or the scenario, or write it with to=",
        )))
    }
}
