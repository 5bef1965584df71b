//! A compiled plan: a function from arrays of inputs to arrays of results.

use crate::evaluate::{self, Kernel};
use crate::ground::{Asked, Ground};
use crate::language::chosen;
use crate::parts;
use crate::pool::{self, lock};
use crate::problems::raise;
use crate::scenario::{Kept, source_of, state};
use crate::source::Opened;
use crate::stream::{Draws, within};
use crate::sweep::{self, Output, Sweep as Finished};
use crate::variable::Variable;
use crate::written::Layer;
use jianpai_core::text::{Lang, Text};
use jianpai_study::SweepStudy;
use jianpai_study::problem::Unknown;
use jianpai_sweep::engine::{Column, Sweep};
use numpy::ndarray::ArrayView2;
use numpy::{
    PyArray1, PyArray2, PyArrayMethods, PyReadonlyArray1, PyReadonlyArray2, PyUntypedArrayMethods,
};
use pyo3::exceptions::PyValueError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyTuple};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

/// A scenario compiled to a function: rows of inputs in, rows of results out.
///
/// `pl(x)` takes an array of shape (draws, inputs) and gives one of shape (draws, outputs),
/// with the interpreter released and the same bits as the rows of `jianpai sweep
/// --no-model-error`. A row by itself gives a row. A draw that no scenario may hold has NaN
/// in place of results and is not feasible.
#[pyclass(frozen, module = "jianpai")]
pub(crate) struct Plan {
    ground: Arc<Ground>,
    /// As the sweep has it.
    swept: Arc<SweepStudy>,
    kernel: Arc<Kernel>,
    /// The columns that are its outputs.
    chosen: Vec<usize>,
    /// The sweep with another seed, asked for last.
    seeded: Mutex<Option<Arc<SweepStudy>>>,
}

impl Plan {
    /// Compiles a plan.
    pub(crate) fn new(
        py: Python<'_>,
        opened: &Arc<Opened>,
        layer: Option<Layer>,
        asked: Asked,
    ) -> PyResult<Self> {
        let mut ground = Ground::new(opened, layer, asked);
        let swept = ground.compile(py)?;
        let drawn = if asked.model_error {
            let bare = ground.again(|options| options.model_error = false);
            bare.map_or_else(|| swept.sweep.clone(), |bare| bare.sweep)
        } else {
            swept.sweep.clone()
        };
        let ground = Arc::new(ground);
        let again = Arc::clone(&ground);
        let kernel = Kernel::new(drawn, move || {
            let open = again.again(|options| {
                (options.is_open, options.model_error) = (true, false);
            });
            open.map(|open| open.sweep)
        });
        Ok(Self {
            ground,
            swept: Arc::new(swept),
            chosen: kernel.outputs(),
            kernel: Arc::new(kernel),
            seeded: Mutex::new(None),
        })
    }

    /// The sweep with this seed.
    fn with_seed(&self, seed: Option<u64>) -> Arc<SweepStudy> {
        let own = self.swept.sweep.points.seed();
        let Some(seed) = seed.filter(|seed| *seed != own) else {
            return Arc::clone(&self.swept);
        };
        let mut last = lock(&self.seeded);
        match &*last {
            Some(swept) if swept.sweep.points.seed() == seed => Arc::clone(swept),
            _ => {
                let again = self.ground.again(|options| options.seed = Some(seed));
                let again = again.map_or_else(|| Arc::clone(&self.swept), Arc::new);
                *last = Some(Arc::clone(&again));
                again
            }
        }
    }

    /// Some columns of a sweep of it.
    fn variables<'py, 'c>(
        &self,
        py: Python<'py>,
        sweep: &Sweep,
        columns: impl Iterator<Item = &'c Column>,
    ) -> PyResult<Bound<'py, PyTuple>> {
        let own = (&self.swept.study, sweep);
        Variable::all(py, own, columns, &self.kernel.ranges)
    }

    fn names_of(&self, sweep: &Sweep, inputs: bool) -> Vec<String> {
        let catalogue = self.swept.study.catalogue();
        let columns = sweep.columns.iter();
        let columns = columns.filter(|column| matches!(column, Column::Input(_)) == inputs);
        columns
            .map(|column| sweep.name(catalogue, column))
            .collect()
    }

    /// Says which number is none.
    fn not_finite(&self, flaw: evaluate::NotFinite, value: f64) -> PyErr {
        let (row, name) = (flaw.row, &self.kernel.drawn.inputs[flaw.column].name);
        PyValueError::new_err(match chosen() {
            Lang::Zh => {
                format!("第 {row} 行的 `{name}` 是 {value}，不是有限的数")
            }
            Lang::En => {
                format!("row {row}: `{name}` is {value}, no finite number")
            }
        })
    }

    /// Evaluates rows.
    fn evaluate<'py>(
        &self,
        py: Python<'py>,
        x: &ArrayView2<'_, f64>,
        out: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyArray2<f64>>> {
        let shape = [x.nrows(), self.chosen.len()];
        let out = match out {
            None => PyArray2::<f64>::zeros(py, shape, true),
            Some(given) => fitting(given, shape)?,
        };
        let mut room = out.try_readwrite()?;
        let slice = room.as_slice_mut()?;
        let done = self
            .kernel
            .rows((py, &*pool::pool(py)?), &self.chosen, x, slice)?;
        done.map_err(|flaw| self.not_finite(flaw, x[[flaw.row, flaw.column]]))?;
        drop(room);
        Ok(out)
    }

    /// Evaluates one row.
    fn evaluate_one<'py>(
        &self,
        py: Python<'py>,
        x: &ArrayView2<'_, f64>,
    ) -> PyResult<Bound<'py, PyArray1<f64>>> {
        let out = PyArray1::<f64>::zeros(py, [self.chosen.len()], false);
        let mut room = out.readwrite();
        let slice = room.as_slice_mut()?;
        let done = py.detach(|| self.kernel.row(&self.chosen, x, slice));
        done.map_err(|flaw| self.not_finite(flaw, x[[0, flaw.column]]))?;
        drop(room);
        Ok(out)
    }
}

/// An array that results are written to: of the right shape, column behind column.
fn fitting<'py>(
    given: &Bound<'py, PyAny>,
    shape: [usize; 2],
) -> PyResult<Bound<'py, PyArray2<f64>>> {
    let [draws, outputs] = shape;
    if let Ok(out) = given.cast::<PyArray2<f64>>()
        && out.shape() == shape
        && out.is_fortran_contiguous()
        && is_aligned(given)?
    {
        return Ok(out.clone());
    }
    Err(PyValueError::new_err(match chosen() {
        Lang::Zh => format!(
            "out 应为 float64 数组，形状（{draws}, {outputs}），按列存放：np.empty(({draws}, {outputs}), order=\"F\")"
        ),
        Lang::En => format!(
            "out is an array of float64 of shape ({draws}, {outputs}), column behind column: np.empty(({draws}, {outputs}), order=\"F\")"
        ),
    }))
}

/// Whether the numbers of an array lie where numbers may lie.
fn is_aligned(array: &Bound<'_, PyAny>) -> PyResult<bool> {
    let py = array.py();
    array
        .getattr(intern!(py, "flags"))?
        .getattr(intern!(py, "aligned"))?
        .extract()
}

#[pymethods]
impl Plan {
    /// What is given: name, unit, range.
    #[getter]
    fn inputs<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let sweep = &self.kernel.drawn;
        let own = sweep.columns.iter().take(self.kernel.inputs());
        self.variables(py, sweep, own)
    }

    /// What comes out: name and unit.
    #[getter]
    fn outputs<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let sweep = &self.kernel.drawn;
        let own = self.chosen.iter().map(|i| &sweep.columns[*i]);
        self.variables(py, sweep, own)
    }

    /// The names of the inputs, in order.
    #[getter]
    fn input_names(&self) -> Vec<String> {
        self.names_of(&self.kernel.drawn, true)
    }

    /// The names of the outputs, in order.
    #[getter]
    fn output_names(&self) -> Vec<String> {
        let (sweep, catalogue) = (&self.kernel.drawn, self.swept.study.catalogue());
        let own = self.chosen.iter().map(|i| &sweep.columns[*i]);
        own.map(|column| sweep.name(catalogue, column)).collect()
    }

    /// The same plan with these outputs alone, in this order: what is not asked for is not
    /// written.
    fn only(&self, py: Python<'_>, outputs: Vec<String>) -> PyResult<Self> {
        let (sweep, catalogue) = (&self.kernel.drawn, self.swept.study.catalogue());
        let all = self.kernel.outputs();
        let names: Vec<String> = all
            .iter()
            .map(|i| sweep.name(catalogue, &sweep.columns[*i]))
            .collect();
        let mut chosen = Vec::with_capacity(outputs.len());
        for name in &outputs {
            let Some(at) = names.iter().position(|own| own == name) else {
                let known = names.iter().map(String::as_str);
                let unknown = Unknown::like(Text::new("输出", "output"), name, known);
                return Err(raise(py, &unknown.into(), &[]));
            };
            chosen.push(all[at]);
        }
        Ok(Self {
            ground: Arc::clone(&self.ground),
            swept: Arc::clone(&self.swept),
            kernel: Arc::clone(&self.kernel),
            chosen,
            seeded: Mutex::new(None),
        })
    }

    /// The names of the outputs of [`Plan.block`]: those of the rows of `jianpai sweep`, the
    /// model's error among them.
    #[getter]
    fn block_names(&self) -> Vec<String> {
        self.names_of(&self.swept.sweep, false)
    }

    /// What comes out of [`Plan.block`]: name and unit.
    #[getter]
    fn block_outputs<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let sweep = &self.swept.sweep;
        let own = sweep.columns.iter().skip(self.kernel.inputs());
        self.variables(py, sweep, own)
    }

    /// The id of the scenario.
    #[getter]
    fn id(&self) -> &str {
        &self.swept.study.scenario().id
    }

    /// The number of draws of the design.
    #[getter]
    fn draws(&self) -> u64 {
        self.swept.sweep.points.len()
    }

    /// The seed of the design.
    #[getter]
    fn seed(&self) -> u64 {
        self.swept.sweep.points.seed()
    }

    /// The design.
    #[getter]
    fn design(&self) -> &'static str {
        self.swept.sweep.points.design().id()
    }

    /// Results of rows of inputs: shape (draws, inputs) in, (draws, outputs) out.
    ///
    /// `out` is an array that they are written to, as a former call gave it.
    #[pyo3(signature = (x, *, out=None))]
    fn __call__<'py>(
        &self,
        py: Python<'py>,
        x: &Bound<'py, PyAny>,
        out: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let inputs = self.kernel.inputs();
        if out.is_none()
            && let Ok(x) = x.cast::<PyArray1<f64>>()
            && x.len() == inputs
            && is_aligned(x)?
        {
            let x: PyReadonlyArray1<'_, f64> = x.try_readonly()?;
            let x = x.as_array().insert_axis(numpy::ndarray::Axis(0));
            return Ok(self.evaluate_one(py, &x)?.into_any());
        }
        if let Ok(x) = x.cast::<PyArray2<f64>>()
            && x.shape()[1] == inputs
            && is_aligned(x)?
        {
            let x: PyReadonlyArray2<'_, f64> = x.try_readonly()?;
            return Ok(self.evaluate(py, &x.as_array(), out)?.into_any());
        }
        // Everything else is looked at in Python: what it gives is such an array.
        let module = py.import(intern!(py, "jianpai._inputs"))?;
        let found = module.call_method1(intern!(py, "matrix"), (x, self.input_names()))?;
        let (x, alone): (PyReadonlyArray2<'_, f64>, bool) = found.extract()?;
        let x = x.as_array();
        if alone && out.is_none() {
            return Ok(self.evaluate_one(py, &x)?.into_any());
        }
        Ok(self.evaluate(py, &x, out)?.into_any())
    }

    /// The draws `start` to `stop` of the design, as the sweep has them: inputs and outputs
    /// (see [`Plan.block_names`]), a function of the seed and the index alone.
    #[pyo3(signature = (start, stop, seed=None))]
    fn block<'py>(
        &self,
        py: Python<'py>,
        start: i64,
        stop: i64,
        seed: Option<u64>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let swept = self.with_seed(seed);
        drawn(py, &swept.sweep, start, Some(stop))
    }

    /// The draws `start` to `stop` of the design, all of them without, as a stream of Arrow:
    /// the numbers of [`Plan.block`], computed batch by batch when they are read.
    ///
    /// >>> import jianpai as jp
    /// >>> draws = jp.builtin("sweeps/shaanxi-14fyp").compile(draws=10_000_000).stream()
    /// >>> len(draws), draws.columns[1]
    /// (10000000, 'boilers')
    #[pyo3(signature = (start=0, stop=None, seed=None))]
    fn stream(&self, start: i64, stop: Option<i64>, seed: Option<u64>) -> PyResult<Draws> {
        Draws::new(self.with_seed(seed), start, stop)
    }

    /// Runs the draws of the plan: the bits of `jianpai sweep`.
    #[pyo3(signature = (*, draws=None, seed=None, progress=None, to=None, format=None, charts=true, resume=false))]
    #[allow(clippy::too_many_arguments)]
    fn sweep(
        &self,
        py: Python<'_>,
        draws: Option<u64>,
        seed: Option<u64>,
        progress: Option<&Bound<'_, PyAny>>,
        to: Option<PathBuf>,
        format: Option<&str>,
        charts: bool,
        resume: bool,
    ) -> PyResult<Finished> {
        let asked = Asked {
            draws: draws.or(self.ground.asked.draws),
            seed: seed.or(self.ground.asked.seed),
            ..self.ground.asked
        };
        let output = Output {
            to,
            format: format.map(str::to_string),
            charts,
            resume,
        };
        let own = (&self.ground.opened, self.ground.layer.clone());
        sweep::run(py, own, asked, output, progress)
    }

    /// What the `i`-th of `n` parts of the draws adds to a sweep of all of them: some tens
    /// of kilobytes a column, whatever the number of draws. Whoever has all parts has the sweep
    /// ([`Plan.join`]).
    #[pyo3(signature = (i, n, *, seed=None))]
    fn part<'py>(
        &self,
        py: Python<'py>,
        i: u64,
        n: u64,
        seed: Option<u64>,
    ) -> PyResult<Bound<'py, PyBytes>> {
        let made = parts::part(py, (self.with_seed(seed), self.ground.asked), (i, n))?;
        Ok(PyBytes::new(py, &made))
    }

    /// The sweep from its parts, in any order: to the bit what [`Plan.sweep`] gives.
    ///
    /// The draws that findings look at, at most a million, are run here. Where so many draws
    /// are best in cost and margin that a sweep lists only some of them, all are.
    ///
    /// Raises `ScenarioError` where a part is missing, there twice, damaged, or of another
    /// sweep.
    ///
    /// >>> import jianpai as jp
    /// >>> pl = jp.builtin("sweeps/shaanxi-14fyp").compile(draws=5000, seed=7)
    /// >>> sw = pl.join([pl.part(1, 2), pl.part(2, 2)])
    /// >>> sw.json() == pl.sweep().json()
    /// True
    #[pyo3(signature = (parts, *, seed=None, charts=true))]
    fn join(
        &self,
        py: Python<'_>,
        parts: Vec<Vec<u8>>,
        seed: Option<u64>,
        charts: bool,
    ) -> PyResult<Finished> {
        let mut swept = (*self.with_seed(seed)).clone();
        if charts {
            swept.over_time = self.ground.over_time(seed);
        }
        parts::join(py, (swept, self.ground.asked), parts)
    }

    fn __repr__(&self) -> String {
        let (inputs, outputs) = (self.kernel.inputs(), self.chosen.len());
        format!("<Plan {}: {inputs} → {outputs}>", self.id())
    }

    /// Plans pickle as texts: they are compiled again where they are unpickled.
    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let restore = py.import("jianpai._native")?.getattr("restore_plan")?;
        let Asked {
            draws,
            seed,
            trajectories,
            model_error,
        } = self.ground.asked;
        let layer = self.ground.layer.as_ref();
        let layer = layer.map(|layer| (layer.path.clone(), layer.text.clone()));
        let options = (draws, seed, trajectories, model_error);
        let is_whole = self.chosen == self.kernel.outputs();
        let chosen = (!is_whole).then(|| self.output_names());
        let own = state(py, &self.ground.source)?;
        (restore, (own, layer, options, chosen)).into_pyobject(py)
    }
}

/// The draws `start` to `stop` of a sweep, as `jianpai.Block`; to the last one without `stop`.
pub(crate) fn drawn<'py>(
    py: Python<'py>,
    sweep: &Sweep,
    start: i64,
    stop: Option<i64>,
) -> PyResult<Bound<'py, PyAny>> {
    let (first, stop) = within(sweep, start, stop)?;
    let draws = usize::try_from(stop - first).unwrap_or(usize::MAX);
    let all = PyArray2::<f64>::zeros(py, [draws, sweep.columns.len()], true);
    let mut room = all.readwrite();
    let pool = pool::pool(py)?;
    evaluate::block((py, &*pool), sweep, (first, draws), room.as_slice_mut()?)?;
    drop(room);
    let class = py.import("jianpai._types")?.getattr("Block")?;
    class.call_method1("_of", (start, all, sweep.inputs.len()))
}

/// A plan from a pickle.
#[pyfunction]
pub(crate) fn restore_plan(
    py: Python<'_>,
    own: Kept,
    layer: Option<(String, String)>,
    options: (Option<u64>, Option<u64>, bool, bool),
    chosen: Option<Vec<String>>,
) -> PyResult<Plan> {
    let opened = Arc::new(source_of(py, own)?.open(py)?);
    let layer = layer.map(|(path, text)| Layer::of_text(path, text));
    let (draws, seed, trajectories, model_error) = options;
    let asked = Asked {
        draws,
        seed,
        trajectories,
        model_error,
    };
    let whole = Plan::new(py, &opened, layer, asked)?;
    match chosen {
        Some(chosen) => whole.only(py, chosen),
        None => Ok(whole),
    }
}
