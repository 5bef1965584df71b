//! Runs the draws of one sweep and puts its results in their folder.

use super::SweepStudy;
use crate::folder::manifest::{Blocks, Swept};
use crate::folder::run::{hashed_data, hashed_inputs};
use crate::folder::{Content, Entry, Folder, Kept, Manifest, Problem, SealedRows, put};
use jianpai_columnar::sink::{Format, Layout, Refusal, Rows};
use jianpai_core::catalogue::Catalogue;
use jianpai_load::digest::hex;
use jianpai_load::scenario::Loaded;
use jianpai_report::sweep::units::of_column as unit_of;
use jianpai_report::{base, summary};
use jianpai_sweep::analysis::summary::Quantiles;
use jianpai_sweep::engine::output::{Keep, Nothing};
use jianpai_sweep::engine::run::{self, End, Totals};
use jianpai_sweep::engine::{Sweep, Workspace};
use jianpai_sweep::findings::{self as found, Findings};
use serde_json::{Map, Value, json};
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// What is asked of a sweep beside its scenario.
// One switch of the command line each.
#[allow(clippy::struct_excessive_bools)]
#[derive(Clone, Debug)]
pub struct Options {
    /// Number of draws, instead of what the file says.
    pub draws: Option<u64>,
    /// Seed, instead of what the file says.
    pub seed: Option<u64>,
    /// How rows are kept.
    pub format: Format,
    /// Rows hold every indicator in every year.
    pub trajectories: bool,
    /// Whether the model's error is drawn, too.
    pub model_error: bool,
    /// The slice: the i-th of n.
    pub shard: Option<(u64, u64)>,
    /// Whether charts are drawn.
    pub charts: bool,
    /// Whether rows that are there are gone on with.
    pub resume: bool,
}

impl Options {
    /// What the manifest tells of them: what the results depend on.
    fn told(&self, region: Option<&str>) -> Map<String, Value> {
        let mut told = Map::new();
        told.insert("charts".to_string(), json!(self.charts));
        told.insert("format".to_string(), json!(self.format.id()));
        told.insert("model_error".to_string(), json!(self.model_error));
        told.insert("trajectories".to_string(), json!(self.trajectories));
        if let Some(draws) = self.draws {
            told.insert("draws".to_string(), json!(draws));
        }
        if let Some(seed) = self.seed {
            told.insert("seed".to_string(), json!(seed));
        }
        if let Some(region) = region {
            told.insert("region".to_string(), json!(region));
        }
        told
    }
}

/// What came out of a sweep.
#[derive(Debug)]
pub struct Finished {
    /// Statistics of every column.
    pub totals: Totals,
    /// What the draws say; a slice says nothing of the whole.
    pub findings: Option<Findings>,
    /// The rows, beside their place.
    pub rows: Option<SealedRows>,
}

/// Why a sweep was not run to its end.
#[derive(Debug)]
pub enum Failure {
    /// Its rows cannot be written.
    Write(Problem),
    /// A draw cannot be written down.
    Rows(io::Error),
    /// What is to be gone on with is another sweep.
    OtherSweep,
    /// The caller stopped it.
    Stopped,
}

/// A sweep that is to be run, or one slice of it.
pub struct Job<'a> {
    swept: &'a SweepStudy,
    options: &'a Options,
    /// Draws that suffice for the analysis.
    enough: u64,
    fingerprint: OnceLock<String>,
}

/// Draws whose bits tell programs apart.
const PROBED: usize = 8;

impl<'a> Job<'a> {
    /// A job over a compiled sweep; its analysis looks at `enough` draws at most.
    pub fn new(swept: &'a SweepStudy, options: &'a Options, enough: u64) -> Self {
        Self {
            swept,
            options,
            enough,
            fingerprint: OnceLock::new(),
        }
    }

    /// The sweep with its study.
    pub fn swept(&self) -> &'a SweepStudy {
        self.swept
    }

    /// The path of the scenario's file.
    pub fn path(&self) -> &str {
        self.swept.study.files.path(self.loaded().inputs[0])
    }

    /// Draws of the slice.
    pub fn draws(&self) -> u64 {
        self.sweep().draws_in(&self.range())
    }

    fn sweep(&self) -> &Sweep {
        &self.swept.sweep
    }

    fn catalogue(&self) -> &Catalogue {
        self.swept.study.catalogue()
    }

    fn loaded(&self) -> &Loaded {
        &self.swept.study.loaded
    }

    fn id(&self) -> &str {
        &self.loaded().scenario.id
    }

    /// The name of the folder.
    pub fn name(&self) -> String {
        match self.options.shard {
            None => self.id().to_string(),
            Some((i, n)) => format!("{}-{i}-of-{n}", self.id()),
        }
    }

    /// Whether it is one slice of many.
    pub(super) fn is_slice(&self) -> bool {
        self.options.shard.is_some()
    }

    /// The chunks of the slice.
    pub(super) fn range(&self) -> Range<u64> {
        let (i, n) = self.options.shard.unwrap_or((1, 1));
        let chunks = u128::from(self.sweep().chunks());
        // Less than the number of chunks: it fits again.
        let cut = |i: u64| (chunks * u128::from(i) / u128::from(n)) as u64;
        cut(i - 1)..cut(i)
    }

    /// The names of the columns.
    fn names(&self) -> Vec<String> {
        let columns = self.sweep().columns.iter();
        columns
            .map(|column| self.sweep().name(self.catalogue(), column))
            .collect()
    }

    /// What the rows depend on: program, data, scenario and design. Two builds may share
    /// a version and yet differ in last digits, so the bits of the first draws belong to
    /// it.
    pub fn fingerprint(&self) -> &str {
        self.fingerprint.get_or_init(|| self.identity())
    }

    fn identity(&self) -> String {
        let sweep = self.sweep();
        let points = &sweep.points;
        let head = format!(
            "{} {} {} {} {} {} {}",
            env!("CARGO_PKG_VERSION"),
            self.id(),
            points.design().id(),
            points.len(),
            points.seed(),
            self.options.trajectories,
            self.options.model_error,
        );
        let files = &self.swept.study.files;
        let data = self.swept.study.data().files().iter();
        let mut texts: Vec<&str> = data.map(|(_, _, text)| text).collect();
        let inputs = self.loaded().inputs.iter();
        texts.extend(inputs.map(|id| files.text(*id)));
        let list = self.swept.list.map_or("", |list| files.sha256(list));
        let mut bytes = format!("{head}\n{}\n{list}", texts.join("\n")).into_bytes();
        let draws = usize::try_from(points.len()).map_or(PROBED, |draws| draws.min(PROBED));
        let mut work = Workspace::default();
        for column in sweep.block(0, draws, &mut work).columns() {
            // Numbers that are none have no bits of their own.
            let numbers = column
                .iter()
                .map(|value| if value.is_nan() { 0.0 } else { *value });
            bytes.extend(numbers.flat_map(f64::to_le_bytes));
        }
        hex(&bytes)
    }

    /// What the results were made from.
    pub fn manifest(&self) -> Manifest {
        let (sweep, loaded) = (self.sweep(), self.loaded());
        let inputs = loaded.inputs.iter().copied().chain(self.swept.list);
        let region = &self.catalogue().regions[loaded.scenario.region.at()]
            .named
            .id;
        let range = self.range();
        let splices = loaded.scenario.splices.iter();
        Manifest {
            scenario: Some(self.id().to_string()),
            region: Some(region.clone()),
            options: self.options.told(loaded.replaced.then_some(region)),
            swept: Some(Swept {
                design: sweep.points.design().id().to_string(),
                draws: sweep.points.len(),
                seed: sweep.points.seed(),
                shard: self.options.shard.map(|(i, n)| format!("{i}/{n}")),
                sweep: self.fingerprint().to_string(),
                blocks: Blocks {
                    draws: sweep.chunk(),
                    first: range.start,
                    end: range.end,
                    of: sweep.chunks(),
                },
            }),
            splices: splices
                .map(|splice| summary::splice(self.catalogue(), splice))
                .collect(),
            base: base::json(self.catalogue(), &loaded.scenario),
            inputs: hashed_inputs(&self.swept.study.files, inputs),
            data: hashed_data(self.swept.study.data()),
            ..Manifest::of("sweep")
        }
    }

    /// Takes the folder of the results; what stands in their way is told now, not after
    /// hours.
    ///
    /// # Errors
    /// The folder is somebody else's, in use, or cannot be written.
    pub fn folder(&self, out: &Path) -> Result<Folder, Problem> {
        let folder = Folder::take(out, &self.name(), "sweep")?;
        let rows = self.options.format.file().into_iter();
        let part = self.is_slice().then_some(PART);
        for name in TABLES.into_iter().chain(rows).chain(part) {
            folder.reserve(name)?;
        }
        Ok(folder)
    }

    /// Runs every draw of the slice; rows go to a temporary place in `folder`, or,
    /// without one, nowhere. `watch` is told how many draws are done, and goes on with
    /// `true`.
    ///
    /// # Errors
    /// See [`Failure`]. What was written can be resumed.
    pub fn execute(
        &self,
        folder: Option<&Folder>,
        watch: &mut dyn FnMut(u64) -> bool,
    ) -> Result<Finished, Failure> {
        let failed = |error: io::Error| match folder {
            Some(folder) => Failure::Write(Problem::write(folder.path(), &error)),
            None => Failure::Rows(error),
        };
        let (sweep, range) = (self.sweep(), self.range());
        let mut totals = Totals::new(sweep);
        let wanted = found::wanted(self.catalogue(), sweep, self.enough);
        let analysed = if self.is_slice() { 0 } else { wanted.draws };
        let kept_chunks = analysed.div_ceil(sweep.chunk());
        let (rows, start) = match (folder, self.options.format) {
            (None, _) | (_, Format::None) => (None, range.start),
            (Some(folder), _) => self.rows(folder, &range)?,
        };
        // What is written already is computed again for the totals, not written.
        let sink = Keep::new(Nothing, wanted.columns.clone(), kept_chunks);
        let before = range.start..if rows.is_some() { start } else { range.end };
        let mut end = run::run(sweep, before, &mut totals, &sink, watch).map_err(failed)?;
        let mut kept = sink.into_parts().1;
        let mut sealed = None;
        if let (Some(rows), End::Done) = (rows, end) {
            let sink = Keep::new(rows, wanted.columns, kept_chunks).with(kept);
            let rest = start..range.end;
            end = run::run(sweep, rest, &mut totals, &sink, watch).map_err(failed)?;
            let (rows, all) = sink.into_parts();
            if end == End::Done {
                sealed = Some(rows.seal().map_err(failed)?);
            }
            kept = all;
        }
        if end == End::Stopped {
            return Err(Failure::Stopped);
        }
        let findings = (!self.is_slice()).then(|| self.analyse(kept, analysed));
        Ok(Finished {
            totals,
            findings,
            rows: sealed,
        })
    }

    /// What the first draws say, of which columns have been kept.
    fn analyse(&self, mut kept: Vec<Vec<f64>>, draws: u64) -> Findings {
        let draws = usize::try_from(draws).unwrap_or(usize::MAX);
        for column in &mut kept {
            column.truncate(draws);
        }
        found::analyse(self.catalogue(), self.sweep(), &kept)
    }

    /// What the draws say, of which only those are run that are looked at.
    pub(super) fn look(&self, watch: &mut dyn FnMut(u64) -> bool) -> Result<Findings, Failure> {
        let sweep = self.sweep();
        let wanted = found::wanted(self.catalogue(), sweep, self.enough);
        let chunks = wanted.draws.div_ceil(sweep.chunk());
        let sink = Keep::new(Nothing, wanted.columns, chunks);
        let mut nothing = Totals::of(sweep, &Quantiles::default(), |_| false);
        let end = run::run(sweep, 0..chunks, &mut nothing, &sink, watch);
        match end.map_err(Failure::Rows)? {
            End::Done => Ok(self.analyse(sink.into_parts().1, wanted.draws)),
            End::Stopped => Err(Failure::Stopped),
        }
    }

    /// The unit of each column, as machines read it; empty for a pure number.
    fn units(&self) -> Vec<String> {
        let columns = self.sweep().columns.iter();
        let unit = |column| unit_of(self.catalogue(), self.sweep(), column);
        columns
            .map(|column| unit(column).machine().name.en)
            .collect()
    }

    /// The rows, new or resumed, and the chunk to go on from.
    fn rows(&self, folder: &Folder, range: &Range<u64>) -> Result<(Option<Rows>, u64), Failure> {
        let failed = |error: io::Error| Failure::Write(Problem::write(folder.path(), &error));
        let sweep = self.sweep();
        let carried = sweep.carried.iter().map(|(name, _)| name.clone());
        let layout = Layout {
            folder: folder.path(),
            format: self.options.format,
            fingerprint: self.fingerprint(),
            draws: sweep.points.len(),
            names: self.names().into_iter().chain(carried).collect(),
            carried: Arc::clone(&sweep.carried),
            columns: &sweep.columns,
            units: self.units(),
            first: (range.start, range.start * sweep.chunk()),
            chunk: sweep.chunk(),
        };
        if self.options.resume {
            match Rows::resume(&layout).map_err(failed)? {
                Ok((rows, chunks)) => {
                    let chunks = chunks.clamp(range.start, range.end);
                    return Ok((Some(rows), chunks));
                }
                Err(Refusal::Nothing) => {}
                Err(Refusal::Other) => return Err(Failure::OtherSweep),
            }
        }
        folder.drop_growing().map_err(Failure::Write)?;
        let rows = Rows::create(&layout).map_err(failed)?;
        Ok((Some(rows), range.start))
    }

    /// Puts rows, `entries` and the manifest in place together; the folder, and the files
    /// that somebody had changed.
    ///
    /// # Errors
    /// Something of somebody else's stands in the way, or the disk refuses.
    pub fn put(
        &self,
        folder: Folder,
        entries: Vec<Entry>,
        rows: Option<SealedRows>,
    ) -> Result<(PathBuf, Vec<Kept>), Problem> {
        let path = folder.path().to_path_buf();
        let content = Content {
            manifest: self.manifest(),
            entries,
            rows,
        };
        Ok((path, put(vec![(folder, content)])?))
    }
}

/// The file of a slice's folder that holds what it adds to the whole.
pub const PART: &str = "totals.bin";
/// Tables that every sweep writes.
const TABLES: [&str; 3] = ["summary.csv", "attainment.csv", "best.csv"];
