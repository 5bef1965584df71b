//! A scenario with what varies in it, compiled as often as need be.

use crate::pool::lock;
use crate::problems::{raise, warn};
use crate::source::{Opened, Source, Texts};
use crate::written::Layer;
use jianpai_study::{Session, SweepOptions, SweepStudy};
use jianpai_sweep::engine::Sweep;
use pyo3::prelude::*;
use std::sync::{Arc, Mutex};

/// What overrides a `[sweep]`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked {
    pub(crate) draws: Option<u64>,
    pub(crate) seed: Option<u64>,
    pub(crate) trajectories: bool,
    pub(crate) model_error: bool,
}

impl Asked {
    pub(crate) fn options(self) -> SweepOptions {
        SweepOptions {
            draws: self.draws,
            seed: self.seed,
            trajectories: self.trajectories,
            model_error: self.model_error,
            ..SweepOptions::default()
        }
    }
}

/// A scenario with what varies in it: enough to compile it again.
#[derive(Clone)]
pub(crate) struct Ground {
    pub(crate) opened: Arc<Opened>,
    /// What its `[sweep]` is, if not the scenario's own.
    pub(crate) layer: Option<Layer>,
    pub(crate) asked: Asked,
    /// The scenario's source, with the list of draws if there is one.
    pub(crate) source: Source,
}

impl Ground {
    pub(crate) fn new(opened: &Arc<Opened>, layer: Option<Layer>, asked: Asked) -> Self {
        Self {
            opened: Arc::clone(opened),
            layer,
            asked,
            source: opened.source.clone(),
        }
    }

    /// The texts whose places are told as paths.
    pub(crate) fn layers(&self) -> Vec<Layer> {
        let own = self.opened.source.layers.iter();
        own.chain(&self.layer).cloned().collect()
    }

    /// Compiles it; `None` where something is wrong, and the session says what.
    fn try_compile(
        &self,
        options: SweepOptions,
        read: &Arc<Mutex<Texts>>,
    ) -> (Session, Option<SweepStudy>) {
        let fetch = self.source.fetch(read);
        let mut session = Session::of(&self.opened.study, move |path: &str| fetch(path));
        let study = match &self.layer {
            Some(layer) => session.try_with_sweep(&self.opened.study, &layer.path, &layer.text),
            None => Some(self.opened.study.clone()),
        };
        let swept = study.and_then(|study| session.try_sweep(&study, options));
        (session, swept)
    }

    /// Compiles it as asked, and says what is to be said.
    pub(crate) fn compile(&mut self, py: Python<'_>) -> PyResult<SweepStudy> {
        let read: Arc<Mutex<Texts>> = Arc::default();
        let (mut session, swept) = self.try_compile(self.asked.options(), &read);
        let layers = self.layers();
        let swept = session.settle(swept);
        let swept = swept.map_err(|error| raise(py, &error, &layers))?;
        warn(py, &session.take_found(), &layers)?;
        self.source.texts.extend(std::mem::take(&mut *lock(&read)));
        Ok(swept)
    }

    /// The same draws with every indicator in every year, for fans over time.
    pub(crate) fn over_time(&self, seed: Option<u64>) -> Option<Sweep> {
        let every = self.again(|options| {
            options.trajectories = true;
            options.seed = seed.or(options.seed);
        });
        every.map(|every| every.sweep)
    }

    /// Compiles it otherwise, when it is known to be sound.
    pub(crate) fn again(&self, change: impl FnOnce(&mut SweepOptions)) -> Option<SweepStudy> {
        let mut options = self.asked.options();
        change(&mut options);
        self.try_compile(options, &Arc::default()).1
    }
}
