//! Runs the draws of one sweep and puts its results in their folder.

use super::super::out::warn;
use super::super::output;
use super::super::results::manifest::{Blocks, Swept};
use super::super::results::{Content, Folder, Manifest, Problem, SealedRows, hex, put};
use super::super::session::Session;
use super::progress::{Progress, Show};
use super::rows::{self, Format, Refusal, Rows};
use super::{Spread, figures, tables};
use jianpai_core::catalogue::Catalogue;
use jianpai_load::diag::FileId;
use jianpai_load::scenario::Loaded;
use jianpai_report::summary;
use jianpai_study::SweepStudy;
use jianpai_sweep::engine::output::{Keep, Nothing};
use jianpai_sweep::engine::run::{self, End, Totals};
use jianpai_sweep::engine::{Sweep, Workspace};
use jianpai_sweep::findings::{self as found, Findings};
use serde_json::{Map, Value, json};
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

/// Exit code of a sweep that the user interrupted, as shells give it.
const INTERRUPTED: u8 = 130;

/// What is asked of a sweep beside its scenario.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    pub draws: Option<u64>,
    pub seed: Option<u64>,
    pub format: Format,
    pub trajectories: bool,
    /// The slice: the i-th of n.
    pub shard: Option<(u64, u64)>,
    pub charts: bool,
    pub resume: bool,
    pub show: Show,
}

impl Options {
    /// What the manifest tells of them: what the results depend on.
    fn told(&self, region: Option<&str>) -> Map<String, Value> {
        let mut told = Map::new();
        told.insert("charts".to_string(), json!(self.charts));
        told.insert("format".to_string(), json!(self.format.id()));
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
pub(crate) struct Finished {
    pub totals: Totals,
    /// What the draws say; a slice says nothing of the whole.
    pub findings: Option<Findings>,
    /// The rows, beside their place.
    pub rows: Option<SealedRows>,
}

/// What is to be executed.
pub(crate) struct Job<'a> {
    pub session: &'a Session,
    pub studies: &'a jianpai_study::Session,
    pub prepared: &'a SweepStudy,
    pub options: &'a Options,
    /// Draws that suffice for the analysis.
    pub enough: u64,
    pub stop: Arc<AtomicBool>,
    /// See [`Job::fingerprint`].
    pub fingerprint: OnceLock<String>,
}

/// Draws whose bits tell programs apart.
const PROBED: usize = 8;

impl Job<'_> {
    fn sweep(&self) -> &Sweep {
        &self.prepared.sweep
    }

    fn catalogue(&self) -> &Catalogue {
        self.prepared.study.catalogue()
    }

    fn loaded(&self) -> &Loaded {
        &self.prepared.study.loaded
    }

    fn id(&self) -> &str {
        &self.loaded().scenario.id
    }

    /// The name of the folder.
    pub(crate) fn name(&self) -> String {
        match self.options.shard {
            None => self.id().to_string(),
            Some((i, n)) => format!("{}-{i}-of-{n}", self.id()),
        }
    }

    /// The chunks of the slice.
    fn range(&self) -> Range<u64> {
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

    /// Says that results cannot be written, and where; the exit code.
    fn cannot_write(&self, folder: &Folder, error: &io::Error) -> u8 {
        self.session.refuse(&Problem::write(folder.path(), error))
    }

    /// What the rows depend on: program, data, scenario and design. Two builds may share
    /// a version and yet differ in last digits, so the bits of the first draws belong to
    /// it.
    pub(crate) fn fingerprint(&self) -> &str {
        self.fingerprint.get_or_init(|| self.identity())
    }

    fn identity(&self) -> String {
        let sweep = self.sweep();
        let points = &sweep.points;
        let head = format!(
            "{} {} {} {} {} {}",
            env!("CARGO_PKG_VERSION"),
            self.id(),
            points.design().id(),
            points.len(),
            points.seed(),
            self.options.trajectories,
        );
        let files = self.studies.files();
        let data = self.studies.data().files().iter();
        let mut texts: Vec<&str> = data.map(|(_, _, text)| text).collect();
        let inputs = self.loaded().inputs.iter();
        texts.extend(inputs.map(|id| files.text(*id)));
        let list = self.prepared.list.map_or("", |list| files.sha256(list));
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
    pub(crate) fn manifest(&self) -> Manifest {
        let (sweep, loaded) = (self.sweep(), self.loaded());
        let inputs: Vec<FileId> = loaded
            .inputs
            .iter()
            .copied()
            .chain(self.prepared.list)
            .collect();
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
            inputs: output::hashed_inputs(self.studies.files(), &inputs),
            data: output::hashed_data(self.studies.data()),
            ..Manifest::of("sweep")
        }
    }

    /// Takes the folder of the results; what stands in their way is told now, not after
    /// hours.
    pub(crate) fn folder(&self, out: &Path) -> Result<Folder, u8> {
        let refuse = |problem| self.session.refuse(&problem);
        let folder = Folder::take(out, &self.name(), "sweep").map_err(refuse)?;
        let rows = self.options.format.file().into_iter();
        for name in TABLES.into_iter().chain(rows) {
            folder.reserve(name).map_err(refuse)?;
        }
        Ok(folder)
    }

    /// Runs every draw of the slice; rows go to a temporary place in `folder`, or,
    /// without one, nowhere.
    pub(crate) fn execute(&self, folder: Option<&Folder>) -> Result<Finished, u8> {
        let failed = |error: io::Error| match folder {
            Some(folder) => self.cannot_write(folder, &error),
            None => self.session.complain(&error.to_string()),
        };
        let (sweep, range) = (self.sweep(), self.range());
        let mut totals = Totals::new(sweep);
        let draws = sweep.draws_in(&range);
        let lang = self.session.lang;
        let mut progress = Progress::new(self.options.show, lang, &self.name(), draws);
        let mut watch = |done: u64| {
            progress.set(done);
            !self.stop.load(Ordering::Relaxed)
        };
        let wanted = found::wanted(self.catalogue(), sweep, self.enough);
        let whole = self.options.shard.is_none();
        let analysed = if whole { wanted.draws } else { 0 };
        let kept_chunks = analysed.div_ceil(sweep.chunk());
        let (rows, start) = match (folder, self.options.format) {
            (None, _) | (_, Format::None) => (None, range.start),
            (Some(folder), _) => self.rows(folder, &range)?,
        };
        // What is written already is computed again for the totals, not written.
        let sink = Keep::new(Nothing, wanted.columns.clone(), kept_chunks);
        let before = range.start..if rows.is_some() { start } else { range.end };
        let mut end = run::run(sweep, before, &mut totals, &sink, &mut watch).map_err(failed)?;
        let mut kept = sink.into_parts().1;
        let mut sealed = None;
        if let (Some(rows), End::Done) = (rows, end) {
            let sink = Keep::new(rows, wanted.columns, kept_chunks).with(kept);
            let rest = start..range.end;
            end = run::run(sweep, rest, &mut totals, &sink, &mut watch).map_err(failed)?;
            let (rows, all) = sink.into_parts();
            if end == End::Done {
                sealed = Some(rows.seal().map_err(failed)?);
            }
            kept = all;
        }
        progress.finish(totals.draws);
        if end == End::Stopped {
            return Err(interrupted(self.session));
        }
        let analysed = usize::try_from(analysed).unwrap_or(usize::MAX);
        for column in &mut kept {
            column.truncate(analysed);
        }
        let findings = whole.then(|| found::analyse(self.catalogue(), sweep, &kept));
        Ok(Finished {
            totals,
            findings,
            rows: sealed,
        })
    }

    /// The rows, new or resumed, and the chunk to go on from.
    fn rows(&self, folder: &Folder, range: &Range<u64>) -> Result<(Option<Rows>, u64), u8> {
        let failed = |error: io::Error| self.cannot_write(folder, &error);
        let sweep = self.sweep();
        let carried = sweep.carried.iter().map(|(name, _)| name.clone());
        let layout = rows::Layout {
            folder: folder.path(),
            format: self.options.format,
            fingerprint: self.fingerprint(),
            draws: sweep.points.len(),
            names: self.names().into_iter().chain(carried).collect(),
            carried: Arc::clone(&sweep.carried),
            columns: &sweep.columns,
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
                Err(Refusal::Other) => {
                    let lang = self.session.lang;
                    return Err(self.session.complain(lang.pick(
                        "要续跑的是另一次抽样（情景、数据、种子或次数不同）；去掉 --resume 重新开始",
                        "what is there is another sweep (scenario, data, seed or draws differ); start anew without --resume",
                    )));
                }
            }
        }
        let cleared = folder.drop_growing();
        cleared.map_err(|problem| self.session.refuse(&problem))?;
        let rows = Rows::create(&layout).map_err(failed)?;
        Ok((Some(rows), range.start))
    }

    /// Puts rows, tables, charts and the manifest in place together.
    pub(crate) fn put(
        &self,
        folder: Folder,
        spread: &Spread<'_>,
        rows: Option<SealedRows>,
    ) -> Result<PathBuf, u8> {
        let path = folder.path().to_path_buf();
        let mut entries = tables::all(spread);
        if let Some(over_time) = &self.prepared.over_time {
            entries.extend(figures::all(spread, Some(over_time)));
        }
        let content = Content {
            manifest: self.manifest(),
            entries,
            rows,
        };
        let kept = put(vec![(folder, content)]);
        let kept = kept.map_err(|problem| self.session.refuse(&problem))?;
        self.session.tell_kept(&kept);
        Ok(path)
    }
}

/// Tables that every sweep writes.
const TABLES: [&str; 3] = ["summary.csv", "attainment.csv", "best.csv"];

/// Tells how to go on; the exit code.
fn interrupted(session: &Session) -> u8 {
    warn(session.lang.pick(
        "已中断；同样的命令加 --resume 可续跑\n",
        "interrupted; the same command with --resume goes on\n",
    ));
    INTERRUPTED
}
