//! Where the texts of a scenario come from. Every text that is read is kept, so that a
//! scenario is the same again elsewhere, whatever became of the files.

use crate::problems::{raise, warn};
use crate::written::Layer;
use jianpai_load::digest::hex;
use jianpai_load::scenario::stem;
use jianpai_study::{Data, Error, Session, Study};
use pyo3::prelude::*;
use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, OnceLock};

/// The scenario files of the project, by their path below `scenarios`.
pub(crate) const BUILT_IN: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/scenarios.rs"));
/// The folder that they are said to stand in.
pub(crate) const FOLDER: &str = "scenarios/";

/// The texts read so far, by their paths.
pub(crate) type Texts = BTreeMap<String, Arc<[u8]>>;

/// Gets the bytes of a file.
pub(crate) type Fetch = dyn Fn(&str) -> io::Result<Vec<u8>> + Send + Sync;

/// Where files are looked for that have not been read yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// On the disk.
    Disk,
    /// Among those that are built in.
    BuiltIn,
    /// On the disk, then among those that are built in.
    Either,
    /// Nowhere: it comes from a pickle.
    Sealed,
}

/// A scenario before it is read.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    /// The path of its file.
    pub(crate) path: String,
    pub(crate) origin: Origin,
    /// The region asked for instead of its own.
    pub(crate) region: Option<String>,
    /// What it is called, if not by its file.
    pub(crate) id: Option<String>,
    /// What is laid over it, in order.
    pub(crate) layers: Vec<Layer>,
    /// What was read.
    pub(crate) texts: Texts,
}

/// The data compiled in.
pub(crate) fn data(py: Python<'_>) -> PyResult<Arc<Data>> {
    static DATA: OnceLock<Arc<Data>> = OnceLock::new();
    if let Some(data) = DATA.get() {
        return Ok(Arc::clone(data));
    }
    let data = Data::compiled_in().map_err(|problems| raise(py, &problems.into(), &[]))?;
    Ok(Arc::clone(DATA.get_or_init(|| data)))
}

/// What tells data apart: a hash of all their tables.
pub(crate) fn hash(data: &Data) -> String {
    let files = data.files();
    let mut all = String::new();
    for id in data.ids() {
        all += &format!("{} {}\n", files.path(id), files.sha256(id));
    }
    hex(all.as_bytes())
}

/// The hash of the data that are compiled in.
#[pyfunction]
pub(crate) fn data_hash(py: Python<'_>) -> PyResult<String> {
    static HASH: OnceLock<String> = OnceLock::new();
    let data = data(py)?;
    Ok(HASH.get_or_init(|| hash(&data)).clone())
}

/// A file that is built in.
pub(crate) fn built_in(path: &str) -> io::Result<Vec<u8>> {
    let name = path.strip_prefix(FOLDER).unwrap_or(path);
    let found = BUILT_IN.iter().find(|(own, _)| *own == name);
    let found = found.map(|(_, bytes)| bytes.to_vec());
    found.ok_or_else(|| io::ErrorKind::NotFound.into())
}

impl Origin {
    fn fetch(self, path: &str) -> io::Result<Vec<u8>> {
        match self {
            Self::Disk => jianpai::cli::fetch()(path),
            Self::BuiltIn => built_in(path),
            Self::Either => Self::Disk.fetch(path).or_else(|error| {
                let absent = error.kind() == io::ErrorKind::NotFound;
                built_in(path).ok().filter(|_| absent).ok_or(error)
            }),
            Self::Sealed => Err(io::ErrorKind::NotFound.into()),
        }
    }
}

impl Source {
    /// A file as it stands.
    pub(crate) fn of(path: &str, origin: Origin) -> Self {
        Self {
            path: path.to_string(),
            origin,
            region: None,
            id: None,
            layers: Vec::new(),
            texts: Texts::new(),
        }
    }

    /// The file that is read first: the uppermost layer.
    pub(crate) fn top(&self) -> &str {
        self.layers.last().map_or(&self.path, |layer| &layer.path)
    }

    /// How its files are fetched; what is fetched anew goes to `read`.
    pub(crate) fn fetch(&self, read: &Arc<Mutex<Texts>>) -> Arc<Fetch> {
        let own: BTreeMap<String, Arc<[u8]>> = {
            let layers = self.layers.iter();
            let layers = layers.map(|l| (l.path.clone(), Arc::from(l.text.as_bytes())));
            let texts = self
                .texts
                .iter()
                .map(|(path, text)| (path.clone(), Arc::clone(text)));
            texts.chain(layers).collect()
        };
        let (origin, read) = (self.origin, Arc::clone(read));
        Arc::new(move |path: &str| {
            if let Some(text) = own.get(path) {
                return Ok(text.to_vec());
            }
            let bytes = origin.fetch(path)?;
            let text = Arc::from(bytes.as_slice());
            crate::pool::lock(&read).insert(path.to_string(), text);
            Ok(bytes)
        })
    }

    /// Reads and compiles it: with what was read, and warnings given.
    pub(crate) fn open(mut self, py: Python<'_>) -> PyResult<Opened> {
        let read: Arc<Mutex<Texts>> = Arc::default();
        let fetch = self.fetch(&read);
        let mut session = Session::new(data(py)?, move |path: &str| fetch(path));
        let found = self.study(&mut session);
        let study = found.map_err(|error| raise(py, &error, &self.layers))?;
        let warnings = warn(py, &session.take_found(), &self.layers)?;
        self.texts
            .extend(std::mem::take(&mut *crate::pool::lock(&read)));
        Ok(Opened {
            source: self,
            study,
            warnings: warnings.into_iter().map(Bound::unbind).collect(),
        })
    }

    /// The study of it, as it is called.
    pub(crate) fn study(&self, session: &mut Session) -> Result<Study, Error> {
        let names: Vec<String> = self.region.iter().cloned().collect();
        let regions = session.regions_for(&names, std::slice::from_ref(&self.path))?;
        let region = regions.first().copied().flatten();
        let mut study = session.open(self.top(), region)?;
        let id = self.id.clone().unwrap_or_else(|| stem(&self.path));
        study.loaded.scenario.id = match region {
            Some(_) => format!("{id}-{}", study.region()),
            None => id,
        };
        Ok(study)
    }
}

/// A scenario that was read.
#[derive(Debug)]
pub(crate) struct Opened {
    pub(crate) source: Source,
    pub(crate) study: Study,
    /// What was said of it, as diagnostics of Python.
    pub(crate) warnings: Vec<Py<PyAny>>,
}
