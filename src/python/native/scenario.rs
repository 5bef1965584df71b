//! Scenarios.

use crate::answer::{self, Answer};
use crate::ground::Asked;
use crate::language::chosen;
use crate::plan::Plan;
use crate::pool::quietly;
use crate::problems::{raise, refuse};
use crate::run::Run;
use crate::source::{BUILT_IN, FOLDER, Opened, Origin, Source, Texts, data_hash};
use crate::sweep::{self, Sweep};
use crate::written::{Layer, Tree};
use jianpai_core::text::Text;
use jianpai_load::scenario::{beside, stem};
use jianpai_study::draws::Trial;
use jianpai_study::problem::Unknown;
use jianpai_study::{Error, Study};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyString, PyTuple};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;

/// A scenario, read and compiled. It never changes: [`Scenario.set`] gives another one.
#[pyclass(frozen, module = "jianpai")]
#[derive(Debug)]
pub(crate) struct Scenario {
    pub(crate) opened: Arc<Opened>,
}

/// Reads a scenario from a file.
///
/// `region` runs it for another region than the file's own (`"hebei"`, `"河北"`).
///
/// Raises `ScenarioError` with everything that is wrong.
#[pyfunction]
#[pyo3(signature = (path, *, region=None))]
pub(crate) fn load(py: Python<'_>, path: PathBuf, region: Option<String>) -> PyResult<Scenario> {
    let source = Source {
        region,
        ..Source::of(&path.display().to_string(), Origin::Disk)
    };
    Scenario::open(py, source)
}

/// One of the scenarios that come with the package, see [`builtins`].
///
/// >>> import jianpai as jp
/// >>> jp.builtin("shaanxi-15fyp-planned").region
/// 'shaanxi'
#[pyfunction]
#[pyo3(signature = (name, *, region=None))]
pub(crate) fn builtin(py: Python<'_>, name: &str, region: Option<String>) -> PyResult<Scenario> {
    let plain = name.strip_prefix(FOLDER).unwrap_or(name);
    let plain = plain.strip_suffix(".toml").unwrap_or(plain);
    let all = builtins();
    if !all.contains(&plain) {
        let what = Text::new("内置情景", "built-in scenario");
        let unknown = Unknown::like(what, name, all.into_iter());
        return Err(raise(py, &unknown.into(), &[]));
    }
    let source = Source {
        region,
        ..Source::of(&format!("{FOLDER}{plain}.toml"), Origin::BuiltIn)
    };
    Scenario::open(py, source)
}

/// The names of the scenarios that come with the package.
#[pyfunction]
pub(crate) fn builtins() -> Vec<&'static str> {
    let names = BUILT_IN
        .iter()
        .filter_map(|(name, _)| name.strip_suffix(".toml"));
    names.filter(|name| !name.starts_with("regions/")).collect()
}

/// A scenario from a `dict` that holds what a file would, or from the text of one.
///
/// `extends` names a file: a path from here, or a built-in one such as
/// `"base/current-policy-14fyp.toml"`. `id` is what the scenario is called.
#[pyfunction]
#[pyo3(signature = (content, *, id="scenario", region=None))]
pub(crate) fn scenario(
    py: Python<'_>,
    content: &Bound<'_, PyAny>,
    id: &str,
    region: Option<String>,
) -> PyResult<Scenario> {
    let path = format!("<{id}>");
    let layer = if let Ok(text) = content.cast::<PyString>() {
        Layer::of_text(path.clone(), text.to_str()?.to_string())
    } else if content.is_instance_of::<PyDict>() {
        Layer::new(path.clone(), Tree::of(content, "")?)
    } else {
        let wanted = chosen().pick(
            "应为 dict 或 TOML 文本；文件用 jianpai.load",
            "a dict or a text of TOML is wanted; files are read by jianpai.load",
        );
        return Err(PyTypeError::new_err(wanted));
    };
    let source = Source {
        region,
        id: Some(id.to_string()),
        layers: vec![layer],
        ..Source::of(&path, Origin::Either)
    };
    Scenario::open(py, source)
}

/// Runs the command line; the exit code.
#[pyfunction]
#[pyo3(name = "_command")]
pub(crate) fn command(py: Python<'_>, args: Vec<OsString>) -> u8 {
    py.detach(|| jianpai::cli::run(args))
}

impl Scenario {
    fn open(py: Python<'_>, source: Source) -> PyResult<Self> {
        Ok(Self {
            opened: Arc::new(source.open(py)?),
        })
    }

    pub(crate) fn study(&self) -> &Study {
        &self.opened.study
    }

    /// A scenario with something laid over it.
    fn over(&self, py: Python<'_>, tree: Tree, id: Option<String>) -> PyResult<Self> {
        let mut source = self.opened.source.clone();
        if id.is_some() {
            source.id = id;
        } else if source.id.is_none() {
            source.id = Some(stem(&source.path));
        }
        let last = source.layers.last_mut();
        let below = last.and_then(|layer| Some((layer.path.clone(), layer.tree.take()?)));
        match below {
            // What only states values is one layer, however often it is said.
            Some((path, mut under)) if under.is_plain() && tree.is_plain() => {
                under.lay(tree);
                source.layers.pop();
                source.layers.push(Layer::new(path, under));
            }
            below => {
                if let (Some((_, under)), Some(layer)) = (below, source.layers.last_mut()) {
                    layer.tree = Some(under);
                }
                source.layers.push(layer_over(py, &source, tree)?);
            }
        }
        Self::open(py, source)
    }
}

/// A layer over the uppermost one of a source.
fn layer_over(py: Python<'_>, source: &Source, tree: Tree) -> PyResult<Layer> {
    let Tree::Table(mut entries) = tree else {
        return Err(refuse(py, "没有内容", "nothing is set"));
    };
    let top = source.top();
    let name = top.rsplit(['/', '\\']).next().unwrap_or(top);
    let extends = ("extends".to_string(), Tree::Text(name.to_string()));
    let names = ["scenario", "情景"];
    let head = entries
        .iter()
        .position(|(key, _)| names.contains(&key.as_str()));
    let mut head = match head.map(|at| entries.remove(at).1) {
        Some(Tree::Table(own)) => own,
        Some(_) => {
            return Err(refuse(py, "scenario 应为 dict", "`scenario` is a dict"));
        }
        None => Vec::new(),
    };
    if head
        .iter()
        .any(|(key, _)| matches!(key.as_str(), "extends" | "继承"))
    {
        return Err(refuse(
            py,
            "set 改写本情景，不能另写 extends；另起情景用 jianpai.scenario",
            "set changes this scenario and takes no `extends`: make another one by jianpai.scenario",
        ));
    }
    head.insert(0, extends);
    entries.insert(0, ("scenario".to_string(), Tree::Table(head)));
    let number = source.layers.len() + 1;
    let path = beside(&source.path, &format!("<set {number}>"));
    Ok(Layer::new(path, Tree::Table(entries)))
}

#[pymethods]
impl Scenario {
    /// What it is called.
    #[getter]
    fn id(&self) -> &str {
        &self.study().scenario().id
    }

    /// Its name, in the language that is spoken.
    #[getter]
    fn name(&self) -> &str {
        self.study().scenario().name.get(chosen())
    }

    /// The id of its region.
    #[getter]
    fn region(&self) -> &str {
        self.study().region()
    }

    /// Its years, the base year first.
    #[getter]
    fn years(&self) -> Vec<i32> {
        self.study().plan.years.clone()
    }

    /// The ids of its measures.
    #[getter]
    fn measures(&self) -> Vec<&str> {
        let measures = self.study().scenario().measures.iter();
        measures.map(|measure| measure.id.as_str()).collect()
    }

    /// The ids of its targets.
    #[getter]
    fn targets(&self) -> Vec<&str> {
        let targets = self.study().scenario().targets.iter();
        targets.map(|target| target.id.as_str()).collect()
    }

    /// The paths of the files that it was read from.
    #[getter]
    fn files(&self) -> Vec<&str> {
        let files = self.study().files();
        let inputs = self.study().loaded.inputs.iter();
        inputs.map(|id| files.path(*id)).collect()
    }

    /// What is to be said of it that keeps it from nothing.
    #[getter]
    fn warnings<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, &self.opened.warnings)
    }

    /// Another scenario, with these tables laid over those of this one, as a file would that
    /// extends it.
    ///
    /// >>> import jianpai as jp
    /// >>> sc = jp.builtin("shaanxi-15fyp-planned")
    /// >>> slow = sc.set(growth={"gdp": "3 %"}, id="slow")
    /// >>> slow.id, sc.id
    /// ('slow', 'shaanxi-15fyp-planned')
    #[pyo3(signature = (*, id=None, **tables))]
    fn set(
        &self,
        py: Python<'_>,
        id: Option<String>,
        tables: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Self> {
        let tree = match tables {
            Some(tables) => Tree::of(tables.as_any(), "")?,
            None => Tree::Table(Vec::new()),
        };
        self.over(py, tree, id)
    }

    /// Runs it as stated.
    fn run(&self, py: Python<'_>) -> PyResult<Run> {
        let study = self.study().clone();
        Ok(Run::new(quietly(py, move || study.run())?))
    }

    /// Compiles it to a function of arrays, see `Plan`.
    ///
    /// `inputs` says what varies, by `level`, `growth`, `factor` and the like; without it, the
    /// `[sweep]` of the file does.
    #[pyo3(signature = (inputs=None, *, design=None, draws=None, seed=None, years=None, trajectories=false, model_error=true, **sweep))]
    #[allow(clippy::too_many_arguments)]
    fn compile(
        &self,
        py: Python<'_>,
        inputs: Option<&Bound<'_, PyDict>>,
        design: Option<String>,
        draws: Option<u64>,
        seed: Option<u64>,
        years: Option<Vec<i64>>,
        trajectories: bool,
        model_error: bool,
        sweep: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Plan> {
        let mut own = Vec::new();
        if let Some(design) = design {
            own.push(("design".to_string(), Tree::Text(design)));
        }
        if let Some(years) = years {
            let years = years.into_iter().map(Tree::Whole).collect();
            own.push(("years".to_string(), Tree::List(years)));
        }
        if let Some(Tree::Table(more)) = sweep.map(|s| Tree::of(s.as_any(), "sweep")).transpose()? {
            own.extend(more);
        }
        let asked = Asked {
            draws,
            seed,
            trajectories,
            model_error,
        };
        let Some(inputs) = inputs else {
            if own.is_empty() {
                return Plan::new(py, &self.opened, None, asked);
            }
            let table = vec![("sweep".to_string(), Tree::Table(own))];
            let over = self.over(py, Tree::Table(table), None)?;
            return Plan::new(py, &over.opened, None, asked);
        };
        own.push(("inputs".to_string(), Tree::of(inputs.as_any(), "inputs")?));
        let table = vec![("sweep".to_string(), Tree::Table(own))];
        let layer = Layer::new("<compile>".to_string(), Tree::Table(table));
        Plan::new(py, &self.opened, Some(layer), asked)
    }

    /// Runs the draws of its `[sweep]`, or of `inputs`: the bits of `jianpai sweep`.
    #[pyo3(signature = (inputs=None, *, draws=None, seed=None, progress=None, to=None, format=None, trajectories=false, model_error=true, charts=true, resume=false))]
    #[allow(clippy::too_many_arguments, clippy::fn_params_excessive_bools)]
    fn sweep(
        &self,
        py: Python<'_>,
        inputs: Option<&Bound<'_, PyDict>>,
        draws: Option<u64>,
        seed: Option<u64>,
        progress: Option<&Bound<'_, PyAny>>,
        to: Option<PathBuf>,
        format: Option<&str>,
        trajectories: bool,
        model_error: bool,
        charts: bool,
        resume: bool,
    ) -> PyResult<Sweep> {
        let layer = match inputs {
            Some(inputs) => {
                let inputs = Tree::of(inputs.as_any(), "inputs")?;
                let own = vec![("inputs".to_string(), inputs)];
                let table = vec![("sweep".to_string(), Tree::Table(own))];
                Some(Layer::new("<sweep>".to_string(), Tree::Table(table)))
            }
            None => None,
        };
        let asked = Asked {
            draws,
            seed,
            trajectories,
            model_error,
        };
        let output = sweep::Output {
            to,
            format: format.map(str::to_string),
            charts,
            resume,
        };
        sweep::run(py, (&self.opened, layer), asked, output, progress)
    }

    /// Seeks the levels that meet all targets at least cost (or least `"effort"`, or `"even"`),
    /// or says why there are none.
    #[pyo3(signature = (objective=None))]
    fn solve(&self, py: Python<'_>, objective: Option<&str>) -> PyResult<Answer> {
        answer::solve(py, self, objective)
    }

    /// Solves every target option of the scenario, tries its plan on draws, and judges it.
    #[pyo3(signature = (*, draws=None, seed=None, model_error=true))]
    fn options(
        &self,
        py: Python<'_>,
        draws: Option<u64>,
        seed: Option<u64>,
        model_error: bool,
    ) -> PyResult<Answer> {
        let own = Trial::default();
        let trial = Trial {
            draws: draws.unwrap_or(own.draws),
            seed: seed.unwrap_or(own.seed),
            model_error,
        };
        if !(1..=10_000_000).contains(&trial.draws) {
            return Err(PyValueError::new_err("draws: 1 … 10,000,000"));
        }
        answer::options(py, self, trial)
    }

    fn __repr__(&self) -> String {
        let (first, last) = {
            let years = &self.study().plan.years;
            (years.first().copied(), years.last().copied())
        };
        format!(
            "<Scenario {} ({}, {}–{})>",
            self.id(),
            self.region(),
            first.unwrap_or_default(),
            last.unwrap_or_default()
        )
    }

    /// Scenarios pickle as texts: they are read and compiled again where they are unpickled.
    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let module = py.import("jianpai._native")?;
        let restore = module.getattr("restore_scenario")?;
        (restore, state(py, &self.opened.source)?).into_pyobject(py)
    }
}

/// A source as a pickle has it.
pub(crate) type State<'py> = (
    &'static str,
    String,
    String,
    Option<String>,
    Option<String>,
    Vec<(String, String)>,
    BTreeMap<String, Bound<'py, PyBytes>>,
);

/// What a pickle holds of a source: version, hash of the data, path, region, id, layers,
/// every text that was read.
pub(crate) fn state<'py>(py: Python<'py>, source: &Source) -> PyResult<State<'py>> {
    let layers = source.layers.iter();
    let texts = source.texts.iter();
    Ok((
        env!("CARGO_PKG_VERSION"),
        data_hash(py)?,
        source.path.clone(),
        source.region.clone(),
        source.id.clone(),
        layers.map(|l| (l.path.clone(), l.text.clone())).collect(),
        texts
            .map(|(path, text)| (path.clone(), PyBytes::new(py, text)))
            .collect(),
    ))
}

/// The same, read from a pickle.
pub(crate) type Kept = (
    String,
    String,
    String,
    Option<String>,
    Option<String>,
    Vec<(String, String)>,
    BTreeMap<String, Vec<u8>>,
);

/// A source from a pickle, unless it is of another version or of other data.
pub(crate) fn source_of(py: Python<'_>, kept: Kept) -> PyResult<Source> {
    let (version, hash, path, region, id, layers, texts) = kept;
    let own = env!("CARGO_PKG_VERSION");
    let here = data_hash(py)?;
    if version != own || hash != here {
        let error = Error::refused(
            format!(
                "打包时为 jianpai {version}、数据 {hash}；此处为 jianpai {own}、数据 {here}：请在各处装同一版本"
            ),
            format!(
                "it was pickled by jianpai {version} with data {hash}; here are jianpai {own} and data {here}: install the same version everywhere"
            ),
        );
        return Err(raise(py, &error, &[]));
    }
    let texts: Texts = texts
        .into_iter()
        .map(|(path, text)| (path, Arc::from(text)))
        .collect();
    let layers = layers.into_iter();
    Ok(Source {
        region,
        id,
        layers: layers
            .map(|(path, text)| Layer::of_text(path, text))
            .collect(),
        texts,
        ..Source::of(&path, Origin::Sealed)
    })
}

/// A scenario from a pickle.
#[pyfunction]
#[pyo3(signature = (*state))]
pub(crate) fn restore_scenario(state: &Bound<'_, PyTuple>) -> PyResult<Scenario> {
    let py = state.py();
    let source = source_of(py, state.extract()?)?;
    Scenario::open(py, source)
}
