//! Where studies come from: the data, the files read so far, and how files are fetched.

use crate::data::Data;
use crate::draws::Uncertain;
use crate::options::{self, OptionsStudy};
use crate::problem::{Error, Problems, Unknown, noted};
use crate::run::{Run, Study, compiled};
use crate::solve::{self, SolveOptions, SolveStudy};
use crate::sweep::{SweepOptions, SweepStudy, compile};
use jianpai_core::catalogue::{Catalogue, Level};
use jianpai_core::dims::RegionId;
use jianpai_core::names::NameOf;
use jianpai_core::text::Text;
use jianpai_load::diag::{Diagnostic, Diagnostics, FileId, Files};
use jianpai_load::scenario::{self, Grown, Loaded};
use rayon::prelude::*;
use std::io;
use std::sync::Arc;

/// Gets the bytes of a file that a scenario names, or that the caller asks for.
pub type Fetch = dyn Fn(&str) -> io::Result<Vec<u8>> + Send + Sync;

/// Reads scenarios and compiles them.
///
/// The methods that return a `Result` stop at the first file with an error. Who wants the
/// problems of many files in one pass calls the `try_` methods, which return `None` and
/// keep what is wrong, and asks with [`Session::settle`] at the end.
pub struct Session {
    data: Arc<Data>,
    files: Files,
    fetch: Arc<Fetch>,
    found: Diagnostics,
    /// Regions of their own that were asked for by name, and the files they were made from.
    brought: Vec<(RegionId, Arc<Grown>, Vec<FileId>)>,
}

impl Session {
    /// A session over `data` that gets files through `fetch`.
    pub fn new(
        data: Arc<Data>,
        fetch: impl Fn(&str) -> io::Result<Vec<u8>> + Send + Sync + 'static,
    ) -> Self {
        Self {
            files: data.files().clone(),
            data,
            fetch: Arc::new(fetch),
            found: Diagnostics::default(),
            brought: Vec::new(),
        }
    }

    /// A session that goes on from a study: over the data that it grew, with the texts that
    /// its places point into.
    pub fn of(
        study: &Study,
        fetch: impl Fn(&str) -> io::Result<Vec<u8>> + Send + Sync + 'static,
    ) -> Self {
        Self {
            data: Arc::clone(&study.data),
            files: study.files.clone(),
            fetch: Arc::new(fetch),
            found: Diagnostics::default(),
            brought: Vec::new(),
        }
    }

    /// The data.
    pub fn data(&self) -> &Arc<Data> {
        &self.data
    }

    /// What the data hold.
    pub fn catalogue(&self) -> &Catalogue {
        self.data.catalogue()
    }

    /// Every file read so far, the data first.
    pub fn files(&self) -> &Files {
        &self.files
    }

    /// Does something with files fetched in another way.
    pub fn with_fetch<T>(
        &mut self,
        fetch: impl Fn(&str) -> io::Result<Vec<u8>> + Send + Sync + 'static,
        act: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let own = std::mem::replace(&mut self.fetch, Arc::new(fetch));
        let done = act(self);
        self.fetch = own;
        done
    }

    /// Whether there is no file at `path`; one that cannot be read is there.
    pub(crate) fn is_missing(&self, path: &str) -> bool {
        (self.fetch)(path).is_err_and(|error| error.kind() == io::ErrorKind::NotFound)
    }

    /// A region with a base year of its own.
    ///
    /// # Errors
    /// There is none of this name.
    pub fn region(&self, name: &str) -> Result<RegionId, Unknown> {
        let catalogue = self.catalogue();
        let id = self.data.vocabulary().id(NameOf::Region, name);
        catalogue
            .region(id)
            .filter(|id| catalogue.world(*id).is_some())
            .ok_or_else(|| Unknown::region(catalogue, name))
    }

    /// The regions that names stand for: `all` is the nation and all provinces. Without
    /// names, `None`: each file's own.
    ///
    /// # Errors
    /// The first name that is no region's.
    pub fn regions(&self, names: &[String]) -> Result<Vec<Option<RegionId>>, Unknown> {
        if names.is_empty() {
            return Ok(vec![None]);
        }
        let mut found = Vec::new();
        for name in names {
            if name == "all" {
                let regions = self.catalogue().regions.iter().enumerate();
                let wide =
                    regions.filter(|(_, r)| matches!(r.level, Level::Nation | Level::Province));
                found.extend(wide.map(|(i, _)| Some(RegionId::from_usize(i))));
            } else {
                found.push(Some(self.region(name)?));
            }
        }
        Ok(found)
    }

    /// The same; a name may also be that of a region of its own, whose file lies beside one
    /// of the files at `paths` (`regions/ID.toml`) or in `scenarios/regions`.
    ///
    /// # Errors
    /// The first name that is no region's, or what is wrong with the file of one.
    pub fn regions_for(
        &mut self,
        names: &[String],
        paths: &[String],
    ) -> Result<Vec<Option<RegionId>>, Error> {
        let mut found = Vec::new();
        for name in names {
            match self.regions(std::slice::from_ref(name)) {
                Ok(regions) => found.extend(regions),
                Err(unknown) => match self.bring(name, paths)? {
                    Some(region) => found.push(Some(region)),
                    None => return Err(unknown.into()),
                },
            }
        }
        Ok(if names.is_empty() { vec![None] } else { found })
    }

    /// A region of its own, from its file; `None` where there is no such file.
    fn bring(&mut self, name: &str, paths: &[String]) -> Result<Option<RegionId>, Error> {
        for path in paths {
            let (mut inputs, mut said) = (Vec::new(), Diagnostics::default());
            let names = (self.data.catalogue(), self.data.vocabulary(), &*self.fetch);
            let (catalogue, vocabulary, fetch) = names;
            let names = (catalogue, vocabulary, fetch as &scenario::Fetch<'_>);
            let files = &mut self.files;
            let grown = scenario::own::named(name, path, names, files, &mut inputs, &mut said);
            if said.has_errors() {
                return Err(Error::Input(Problems::new(said, &self.files)));
            }
            let Some(grown) = grown else { continue };
            self.found.extend(said);
            let region = grown.region;
            self.data = Arc::new(self.data.with(grown.catalogue.clone()));
            if let Some(region) = region {
                self.brought.push((region, Arc::new(grown), inputs));
            }
            return Ok(region);
        }
        Ok(None)
    }

    /// Reads and compiles the scenario at `path`, for `region` instead of its own if one
    /// is given.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn open(&mut self, path: &str, region: Option<RegionId>) -> Result<Study, Error> {
        let study = self.try_open(path, region);
        self.settle(study)
    }

    /// Reads scenarios, each for each region, before any of them is compiled; one for a
    /// region that the caller chose is called by the region, too.
    ///
    /// # Errors
    /// Everything that is wrong with any of them.
    pub fn load_all(
        &mut self,
        paths: &[String],
        regions: &[Option<RegionId>],
    ) -> Result<Vec<Loaded>, Error> {
        let before = (self.data.clone(), self.files.clone(), self.found.clone());
        let mut all = self.each(paths, regions);
        let called: Vec<String> = self.called_since(&before.0);
        if all.len() > 1 && !called.is_empty() {
            // What one of them calls up all of them have, whichever is read first.
            let (data, files, found) = before;
            let grown = data.catalogue().called(&called);
            self.data = grown.map_or(Arc::clone(&data), |grown| Arc::new(data.with(grown)));
            (self.files, self.found) = (files, found);
            all = self.each(paths, regions);
        }
        self.settle(Some(all))
    }

    /// Every scenario for every region, as far as they can be read.
    fn each(&mut self, paths: &[String], regions: &[Option<RegionId>]) -> Vec<Loaded> {
        let mut all = Vec::new();
        for path in paths {
            for region in regions {
                let Some(mut loaded) = self.try_load(path, *region) else {
                    break;
                };
                if let Some(region) = region {
                    loaded.scenario.id = self.id_for(&loaded.scenario.id, *region);
                }
                all.push(loaded);
            }
        }
        all
    }

    /// The indicators called up since the data were `before`, without their books.
    fn called_since(&self, before: &Data) -> Vec<String> {
        let known = before.catalogue();
        let all = self.data.catalogue().indicators.iter();
        let new = all.filter(|i| known.indicator(&i.named.id).is_none());
        new.map(|i| i.base.clone()).collect()
    }

    /// The id of a scenario that runs for a region which the caller chose.
    fn id_for(&self, id: &str, region: RegionId) -> String {
        let region = &self.catalogue().regions[region.at()].named.id;
        format!("{id}-{region}")
    }

    /// Compiles and runs scenarios in parallel, in the order given.
    ///
    /// # Errors
    /// Everything that keeps any of them from running.
    pub fn run_all(&mut self, loaded: Vec<Loaded>) -> Result<Vec<Run>, Error> {
        let (data, files) = (&self.data, &self.files);
        let results: Vec<Result<Run, Vec<Diagnostic>>> = loaded
            .into_par_iter()
            .map(|loaded| {
                compiled(data, files, loaded)
                    .map(Study::run)
                    .map_err(|(_, found)| found)
            })
            .collect();
        let mut runs = Vec::new();
        for result in results {
            match result {
                Ok(run) => runs.push(run),
                Err(found) => self.found.extend(found),
            }
        }
        self.settle(Some(runs))
    }

    /// Reads and compiles a scenario with its `[sweep]`, for each region.
    ///
    /// # Errors
    /// Everything that is wrong with it in any of the regions; what is wrong in all of
    /// several is said once.
    pub fn sweeps(
        &mut self,
        path: &str,
        regions: &[Option<RegionId>],
        options: SweepOptions,
    ) -> Result<Vec<SweepStudy>, Error> {
        let mut all = Vec::new();
        // What is said of the [sweep] in each region.
        let mut said: Vec<(Option<Text>, Diagnostics)> = Vec::new();
        for region in regions {
            let Some(mut study) = self.try_open_varied(path, *region) else {
                continue;
            };
            let mut own = Diagnostics::default();
            let swept = self.compile_sweep(&study, options, &mut own);
            // With the list of draws.
            study.files = self.files.clone();
            said.push((study.chosen_region(), own));
            let Some((sweep, list)) = swept else { continue };
            let over_time = options.over_time.then(|| {
                let options = SweepOptions {
                    trajectories: true,
                    ..options
                };
                // What is to be said has been said.
                self.compile_sweep(&study, options, &mut Diagnostics::default())
            });
            if let Some(region) = region {
                study.loaded.scenario.id = self.id_for(&study.loaded.scenario.id, *region);
            }
            all.push(SweepStudy {
                study,
                sweep,
                over_time: over_time.flatten().map(|(sweep, _)| sweep),
                list,
            });
        }
        self.found.extend(said_of(&said, regions.len()));
        self.settle(Some(all))
    }

    /// Reads a scenario; `None` if anything is wrong with it.
    pub fn try_load(&mut self, path: &str, region: Option<RegionId>) -> Option<Loaded> {
        let Self {
            data,
            files,
            fetch,
            found,
            brought,
        } = self;
        let names = (data.catalogue(), data.vocabulary());
        let mut loaded = scenario::read(path, region, names, &**fetch, files, found);
        let asked = brought.iter().find(|(id, ..)| Some(*id) == region);
        if let (Some(loaded), Some((_, grown, inputs))) = (&mut loaded, asked) {
            loaded.inputs.extend(inputs);
            loaded.grown.get_or_insert_with(|| Arc::clone(grown));
        }
        // What a scenario brings along is there for those read after it: indices stay.
        let grown = loaded.as_ref().and_then(|loaded| {
            let grown = loaded.grown.as_ref().map(|grown| &grown.catalogue);
            grown.or(loaded.called.as_deref())
        });
        if let Some(grown) = grown {
            *data = Arc::new(data.with(grown.clone()));
        }
        loaded
    }

    /// Reads and compiles a scenario; `None` if anything is wrong with it.
    pub fn try_open(&mut self, path: &str, region: Option<RegionId>) -> Option<Study> {
        let loaded = self.try_load(path, region)?;
        self.compile(loaded).ok()
    }

    /// The same for who reads its `[sweep]`, too: what is wrong with that is said even
    /// if the scenario cannot run.
    pub fn try_open_varied(&mut self, path: &str, region: Option<RegionId>) -> Option<Study> {
        let loaded = self.try_load(path, region)?;
        let compiled = self.compile(loaded);
        if let Err(loaded) = &compiled {
            if loaded.tree.get("sweep").is_some() {
                scenario::sweep::read(self.data.catalogue(), loaded, &mut self.found);
            }
            if scenario::solve::is_there(loaded) {
                scenario::solve::read(self.data.catalogue(), loaded, &mut self.found);
            }
            if scenario::solve::options::are_there(loaded) {
                scenario::solve::options::read(self.data.catalogue(), loaded, &mut self.found);
            }
        }
        compiled.ok()
    }

    /// Compiles a scenario and keeps what is wrong with it; it is given back then.
    fn compile(&mut self, loaded: Loaded) -> Result<Study, Box<Loaded>> {
        compiled(&self.data, &self.files, loaded).map_err(|(loaded, found)| {
            self.found.extend(found);
            loaded
        })
    }

    /// A study with the `[sweep]` of another text, called `path`, in place of its own; `None`
    /// if that text cannot be read.
    pub fn try_with_sweep(&mut self, study: &Study, path: &str, text: &str) -> Option<Study> {
        let file = self.files.add(path, text);
        let mut found = Diagnostics::default();
        let part = scenario::part(self.data.vocabulary(), &self.files, file, &mut found);
        let faulty = found.has_errors();
        self.found.extend(found);
        let mut entries = part?.entries.into_iter();
        let own = entries.find(|(key, _)| key.name == "sweep")?;
        let mut study = study.clone();
        let all = &mut study.loaded.tree.entries;
        all.retain(|(key, _)| key.name != "sweep");
        all.push(own);
        study.loaded.inputs.push(file);
        study.files = self.files.clone();
        (!faulty).then_some(study)
    }

    /// Compiles the `[sweep]` of a study; `None` if anything is wrong with it.
    pub fn try_sweep(&mut self, study: &Study, options: SweepOptions) -> Option<SweepStudy> {
        let mut found = Diagnostics::default();
        let swept = self.compile_sweep(study, options, &mut found);
        self.found.extend(found);
        let (sweep, list) = swept?;
        let mut study = study.clone();
        study.files = self.files.clone();
        Some(SweepStudy {
            study,
            sweep,
            over_time: None,
            list,
        })
    }

    /// Compiles the `[solve]` of a study; `None` if anything is wrong with it.
    pub fn try_solve(&mut self, study: &Study, options: SolveOptions) -> Option<SolveStudy> {
        let mut found = Diagnostics::default();
        let spec = scenario::solve::read(self.data.catalogue(), &study.loaded, &mut found);
        let solved = spec.and_then(|spec| solve::compile(study, spec, options, &mut found));
        self.found.extend(found);
        solved
    }

    /// Reads what is uncertain in a study beside what is decided in it; `None` if its
    /// `[sweep]` is wrong.
    pub fn try_uncertain(&mut self, study: &Study) -> Option<Uncertain> {
        Uncertain::of(self.data.catalogue(), &study.loaded, &mut self.found)
    }

    /// Compiles the options of a study; `None` if anything is wrong with them.
    pub fn try_options(&mut self, study: &Study, options: SolveOptions) -> Option<OptionsStudy> {
        let mut found = Diagnostics::default();
        let compiled = options::compile(study, options, &mut found);
        self.found.extend(found);
        compiled
    }

    fn compile_sweep(
        &mut self,
        study: &Study,
        options: SweepOptions,
        diags: &mut Diagnostics,
    ) -> Option<compile::Compiled> {
        let fetch = Arc::clone(&self.fetch);
        let fetch = |path: &str| fetch(path);
        let scenario = (&study.loaded, &study.plan);
        let files: (&scenario::Fetch<'_>, _) = (&fetch, &mut self.files);
        compile::sweep(self.data.catalogue(), scenario, options, files, diags)
    }

    /// Says that something is wrong, or to be doubted.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.found.push(diagnostic);
    }

    /// What was found since this was asked last.
    pub fn take_found(&mut self) -> Problems {
        let mut found = std::mem::take(&mut self.found);
        if !found.is_empty() {
            scenario::in_own_words(self.data.vocabulary(), &self.files, &mut found);
        }
        Problems::new(found, &self.files)
    }

    /// The value, unless something was found since the last time that is an error.
    /// Warnings are kept for [`Session::take_found`].
    ///
    /// # Errors
    /// What was found, warnings included.
    pub fn settle<T>(&mut self, value: Option<T>) -> Result<T, Error> {
        match value {
            Some(value) if !self.found.has_errors() => Ok(value),
            _ => Err(Error::Input(self.take_found())),
        }
    }
}

/// What is said of the `[sweep]` in each region, with its name; once and without a name
/// what is said of all of several.
fn said_of(said: &[(Option<Text>, Diagnostics)], regions: usize) -> Vec<Diagnostic> {
    let same = |a: &Diagnostic, b: &Diagnostic| a.code == b.code && a.message == b.message;
    let mut all: Vec<Diagnostic> = Vec::new();
    for (here, diags) in said {
        for one in diags {
            let alike = said
                .iter()
                .filter(|(_, other)| other.iter().any(|b| same(one, b)));
            let everywhere = regions > 1 && alike.count() == regions;
            if !everywhere {
                all.push(noted(one.clone(), here.as_ref()));
            } else if !all.iter().any(|other| same(one, other)) {
                all.push(one.clone());
            }
        }
    }
    all
}
