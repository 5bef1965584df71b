//! `jianpai sweep`: many draws of one scenario.

mod figures;
mod findings;
mod names;
mod regions;
mod rows;
mod tables;
mod text;

use super::session::{Ready, Session, print};
use super::{BAD_INPUT, output, put};
use crate::prepare::{self, SweepOptions};
use clap::Args;
use jianpai_core::catalogue::{Catalogue, IndicatorKind};
use jianpai_core::dims::RegionId;
use jianpai_core::explain::Support;
use jianpai_core::plan::Plan;
use jianpai_core::scenario::Scenario;
use jianpai_load::diag::{Diagnostics, Files};
use jianpai_sweep::engine::output::{Keep, Nothing};
use jianpai_sweep::engine::run::{self, End, Totals};
use jianpai_sweep::engine::{Column, Sweep, Workspace};
use jianpai_sweep::findings::{self as found, Findings};
use rows::{Format, Refusal, Rows};
use serde_json::json;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Exit code of a sweep that the user interrupted, as shells give it.
const INTERRUPTED: u8 = 130;

/// Draws that are analysed of each region where there are many.
const FEW: u64 = 1 << 13;

/// Arguments of `sweep`.
#[derive(Args, Debug)]
pub(super) struct SweepArgs {
    /// Scenario file with a [sweep] / 含 [sweep] 的情景文件
    scenario: String,
    /// Draws; by default what the file says, or 10,000 / 抽样次数
    #[arg(long)]
    draws: Option<u64>,
    /// Seed; by default what the file says, or 1 / 随机种子
    #[arg(long)]
    seed: Option<u64>,
    /// Folder for results / 结果目录
    #[arg(long, value_name = "DIR", default_value = "results")]
    out: PathBuf,
    /// Rows of every draw / 逐次结果的格式
    #[arg(long, value_enum, default_value_t = Format::DEFAULT)]
    format: Format,
    /// Rows hold every indicator in every year / 逐次结果包含所有年份
    #[arg(long)]
    trajectories: bool,
    /// Go on with a sweep that was cut off / 续跑中断的抽样
    #[arg(long)]
    resume: bool,
    /// Only the i-th of n slices, as `i/n`; `jianpai merge` joins them / 只算第 i 份（共 n 份）
    #[arg(long, value_name = "I/N", value_parser = shard)]
    shard: Option<(u64, u64)>,
    /// Threads; by default all cores / 线程数
    #[arg(long)]
    threads: Option<usize>,
    /// Run for these regions instead of the file's own; `all` is the nation and all provinces /
    /// 改在这些地区运行；all 为全国及各省
    #[arg(long, value_name = "REGION", value_delimiter = ',')]
    region: Vec<String>,
    /// Draw no charts / 不画图
    #[arg(long)]
    no_charts: bool,
}

/// Reads `i/n`, 1 ≤ i ≤ n.
fn shard(text: &str) -> Result<(u64, u64), String> {
    let parts = text
        .split_once('/')
        .and_then(|(i, n)| Some((i.parse().ok()?, n.parse().ok()?)));
    match parts {
        Some((i, n)) if 1 <= i && i <= n => Ok((i, n)),
        _ => Err(format!("`{text}`: expected I/N with 1 ≤ I ≤ N, e.g. 2/4")),
    }
}

pub(super) fn main(session: &Session, args: &SweepArgs) -> u8 {
    match prepare_and_run(session, args) {
        Ok(()) => 0,
        Err(code) => code,
    }
}

fn prepare_and_run(session: &Session, args: &SweepArgs) -> Result<(), u8> {
    let mut files = Files::new();
    let catalogue = session.catalogue(&mut files)?;
    let regions = super::run::regions(session, &args.region, &catalogue)?;
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(args.threads.unwrap_or(0))
        .build();
    let pool = pool.map_err(|error| session.complain(&error.to_string()))?;
    let prepared = prepare_all(session, args, &catalogue, &regions, &mut files)?;
    let stop = stop();
    pool.install(|| {
        let mut rows = regions::Rows::default();
        for one in &prepared {
            let id = &one.ready.loaded.scenario.id;
            let job = Job {
                session,
                catalogue: &catalogue,
                sweep: &one.sweep,
                args,
                folder: &args.out.join(match args.shard {
                    None => id.clone(),
                    Some((i, n)) => format!("{id}-{i}-of-{n}"),
                }),
                fingerprint: fingerprint(id, &files, &one.sweep, args),
                enough: if prepared.len() == 1 {
                    found::ENOUGH
                } else {
                    FEW
                },
                stop: Arc::clone(&stop),
            };
            let Finished { totals, findings } = execute(&job)?;
            let scenario = &one.ready.loaded.scenario;
            let support = Support::of(&catalogue, scenario, &one.ready.plan);
            let spread = Spread {
                catalogue: &catalogue,
                scenario,
                plan: &one.ready.plan,
                support: &support,
                sweep: &one.sweep,
                totals: &totals,
                findings: findings.as_ref(),
            };
            write(&job, &spread, one.over_time.as_ref())?;
            if prepared.len() == 1 {
                let mut out = text::text(&spread, session.lang);
                out += &findings::text(&spread, session.lang);
                let results = session.lang.pick("结果：", "Results:");
                out += &format!("\n  {results} {}/\n", job.folder.display());
                print(&out);
            } else {
                rows.take(&spread);
            }
        }
        if prepared.len() > 1 {
            let table = rows.table();
            let name = args.out.join("attainment-by-region.csv");
            put(&name, &table).map_err(|error| cannot_write(session, &name, &error))?;
            print(&rows.text(session.lang));
        }
        Ok(())
    })
}

/// A sweep ready to run.
struct Prepared {
    ready: Ready,
    sweep: Sweep,
    /// The same draws with every year, for fans.
    over_time: Option<Sweep>,
}

/// Reads and compiles the sweep for every region; all problems are printed at once.
fn prepare_all(
    session: &Session,
    args: &SweepArgs,
    catalogue: &Catalogue,
    regions: &[Option<RegionId>],
    files: &mut Files,
) -> Result<Vec<Prepared>, u8> {
    let mut diags = Diagnostics::default();
    let mut prepared = Vec::new();
    let options = SweepOptions {
        draws: args.draws,
        seed: args.seed,
        trajectories: args.trajectories,
    };
    let charts = regions.len() == 1 && args.shard.is_none() && !args.no_charts;
    for region in regions {
        let ready = Session::prepare(&args.scenario, *region, catalogue, files, &mut diags);
        let Some(mut ready) = ready else { continue };
        let scenario = (&ready.loaded, &ready.plan);
        let sweep = prepare::sweep(catalogue, scenario, options, files, &mut diags);
        let Some(mut sweep) = sweep else { continue };
        if args.format == Format::Csv {
            sweep.cut_finer();
        }
        let over_time = charts
            .then(|| prepare::over_time(catalogue, scenario, options, files))
            .flatten();
        if let Some(region) = region {
            let name = &catalogue.regions[region.at()].named.id;
            ready.loaded.scenario.id = format!("{}-{name}", ready.loaded.scenario.id);
        }
        prepared.push(Prepared {
            ready,
            sweep,
            over_time,
        });
    }
    session.report(files, &mut diags);
    if diags.has_errors() {
        return Err(BAD_INPUT);
    }
    Ok(prepared)
}

/// Writes tables, charts and the manifest beside the rows.
fn write(job: &Job<'_>, spread: &Spread<'_>, over_time: Option<&Sweep>) -> Result<(), u8> {
    let failed = |error| job.cannot_write(&error);
    std::fs::create_dir_all(job.folder).map_err(failed)?;
    let mut entries = tables::all(spread);
    if let Some(over_time) = over_time {
        entries.extend(figures::all(spread, Some(over_time)));
    }
    let manifest = json!({
        "program": "jianpai",
        "version": env!("CARGO_PKG_VERSION"),
        "scenario": spread.scenario.id,
        "region": spread.catalogue.regions[spread.plan.region.at()].named.id,
        "design": spread.sweep.points.design().id(),
        "draws": spread.totals.draws,
        "seed": spread.sweep.points.seed(),
        "shard": job.args.shard.map(|(i, n)| format!("{i}/{n}")),
        "sweep": job.fingerprint,
        "outputs": entries
            .iter()
            .map(|(name, bytes)| json!({ "path": name, "sha256": output::hex(bytes) }))
            .collect::<Vec<_>>(),
    });
    entries.push((
        "manifest.json".to_string(),
        format!("{manifest:#}\n").into_bytes(),
    ));
    for (name, bytes) in &entries {
        put(&job.folder.join(name), bytes).map_err(failed)?;
    }
    Ok(())
}

fn cannot_write(session: &Session, path: &Path, error: &io::Error) -> u8 {
    let what = session.lang.pick("写不出结果", "cannot write results");
    session.complain(&format!("{what} ({}): {error}", path.display()))
}

/// A finished sweep.
struct Spread<'a> {
    catalogue: &'a Catalogue,
    scenario: &'a Scenario,
    plan: &'a Plan,
    /// Which numbers the scenario's own results rest on.
    support: &'a Support,
    sweep: &'a Sweep,
    totals: &'a Totals,
    /// What the draws say; a slice says nothing of the whole.
    findings: Option<&'a Findings>,
}

impl Spread<'_> {
    /// How often a column of yes and no is yes: draws, all draws, their share and its
    /// 95 % interval.
    fn count(&self, wanted: &Column) -> Option<(u64, u64, f64, (f64, f64))> {
        let column = self.sweep.column(wanted)?;
        let mut counts = self.totals.counts.iter();
        let (_, count) = counts.find(|(i, _)| *i == column)?;
        Some((count.met, count.count, count.share()?, count.interval(0.95)))
    }
}

/// Set when the user interrupts the program.
fn stop() -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    // Without a handler an interrupt ends the program at once: what is written can
    // be resumed all the same.
    let _ = ctrlc::set_handler(move || flag.store(true, Ordering::Relaxed));
    stop
}

/// What came out of a sweep.
struct Finished {
    totals: Totals,
    findings: Option<Findings>,
}

/// What is to be executed.
struct Job<'a> {
    session: &'a Session,
    catalogue: &'a Catalogue,
    sweep: &'a Sweep,
    args: &'a SweepArgs,
    folder: &'a Path,
    fingerprint: String,
    /// Draws that suffice for the analysis.
    enough: u64,
    stop: Arc<AtomicBool>,
}

impl Job<'_> {
    /// Says that the results cannot be written, and where; the exit code.
    fn cannot_write(&self, error: &io::Error) -> u8 {
        cannot_write(self.session, self.folder, error)
    }

    /// The names of the columns.
    fn names(&self) -> Vec<String> {
        let columns = self.sweep.columns.iter();
        columns
            .map(|column| self.sweep.name(self.catalogue, column))
            .collect()
    }
}

/// Draws whose bits tell programs apart.
const PROBED: usize = 8;

/// What the rows depend on: program, data, scenario and design. Two builds may share a
/// version and yet differ in last digits, so the bits of the first draws belong to it.
fn fingerprint(id: &str, files: &Files, sweep: &Sweep, args: &SweepArgs) -> String {
    let texts: Vec<&str> = files.iter().map(|(_, _, text)| text).collect();
    let points = &sweep.points;
    let head = format!(
        "{} {id} {} {} {} {}",
        env!("CARGO_PKG_VERSION"),
        points.design().id(),
        points.len(),
        points.seed(),
        args.trajectories,
    );
    let mut bytes = format!("{head}\n{}", texts.join("\n")).into_bytes();
    let draws = usize::try_from(points.len()).map_or(PROBED, |draws| draws.min(PROBED));
    let mut work = Workspace::default();
    for column in sweep.block(0, draws, &mut work).columns() {
        bytes.extend(column.iter().flat_map(|value| value.to_le_bytes()));
    }
    output::hex(&bytes)
}

/// The chunks of a slice.
fn slice(chunks: u64, shard: Option<(u64, u64)>) -> Range<u64> {
    let (i, n) = shard.unwrap_or((1, 1));
    chunks * (i - 1) / n..chunks * i / n
}

/// Runs every draw of the slice; rows go to a temporary place and are put in theirs
/// at the end.
fn execute(job: &Job<'_>) -> Result<Finished, u8> {
    let failed = |error| job.cannot_write(&error);
    let sweep = job.sweep;
    let range = slice(sweep.chunks(), job.args.shard);
    if range.is_empty() {
        let lang = job.session.lang;
        return Err(job.session.complain(lang.pick(
            "分片多于数据块，这一片是空的；请减少分片数",
            "there are more slices than chunks of draws, and this one is empty: use fewer slices",
        )));
    }
    let mut totals = Totals::new(sweep);
    let bar = progress(sweep.draws_in(&range));
    let mut watch = |done: u64| {
        bar.set_position(done);
        !job.stop.load(Ordering::Relaxed)
    };
    let wanted = found::wanted(job.catalogue, sweep, job.enough);
    let analysed = if job.args.shard.is_some() {
        0
    } else {
        wanted.draws
    };
    let kept_chunks = analysed.div_ceil(sweep.chunk());
    let (rows, start) = match job.args.format {
        Format::None => (None, range.start),
        _ => rows(job, &range)?,
    };
    // What is written already is computed again for the totals, not written.
    let sink = Keep::new(Nothing, wanted.columns.clone(), kept_chunks);
    let before = range.start..if rows.is_some() { start } else { range.end };
    let mut end = run::run(sweep, before, &mut totals, &sink, &mut watch).map_err(failed)?;
    let mut kept = sink.into_parts().1;
    if let (Some(rows), End::Done) = (rows, end) {
        let sink = Keep::new(rows, wanted.columns, kept_chunks).with(kept);
        let rest = start..range.end;
        end = run::run(sweep, rest, &mut totals, &sink, &mut watch).map_err(failed)?;
        let (rows, all) = sink.into_parts();
        if end == End::Done {
            rows.finish().map_err(failed)?;
        }
        kept = all;
    }
    bar.finish_and_clear();
    if end == End::Stopped {
        return Err(interrupted(job));
    }
    let analysed = usize::try_from(analysed).unwrap_or(usize::MAX);
    for column in &mut kept {
        column.truncate(analysed);
    }
    let whole = job.args.shard.is_none();
    let findings = whole.then(|| found::analyse(job.catalogue, sweep, &kept));
    Ok(Finished { totals, findings })
}

/// Tells how to go on; the exit code.
fn interrupted(job: &Job<'_>) -> u8 {
    eprintln!(
        "{}",
        job.session.lang.pick(
            "已中断；同样的命令加 --resume 可续跑",
            "interrupted; the same command with --resume goes on"
        )
    );
    INTERRUPTED
}

/// The rows, new or resumed, and the chunk to go on from.
fn rows(job: &Job<'_>, range: &Range<u64>) -> Result<(Option<Rows>, u64), u8> {
    let failed = |error| job.cannot_write(&error);
    let plan = rows::Layout {
        folder: job.folder,
        format: job.args.format,
        fingerprint: &job.fingerprint,
        names: job.names(),
        flags: job
            .sweep
            .columns
            .iter()
            .map(jianpai_sweep::engine::Column::is_flag)
            .collect(),
        first: (range.start, range.start * job.sweep.chunk()),
        chunk: job.sweep.chunk(),
    };
    if job.args.resume {
        match Rows::resume(&plan).map_err(failed)? {
            Ok((rows, chunks)) => return Ok((Some(rows), chunks.max(range.start))),
            Err(Refusal::Nothing) => {}
            Err(Refusal::Other) => {
                let lang = job.session.lang;
                return Err(job.session.complain(lang.pick(
                    "要续跑的是另一次抽样（情景、数据、种子或次数不同）；去掉 --resume 重新开始",
                    "what is there is another sweep (scenario, data, seed or draws differ); start anew without --resume",
                )));
            }
        }
    }
    let rows = Rows::create(&plan).map_err(failed)?;
    Ok((Some(rows), range.start))
}

fn progress(draws: u64) -> indicatif::ProgressBar {
    let bar = indicatif::ProgressBar::new(draws);
    let style = "{bar:40} {human_pos}/{human_len}  {per_sec}  {eta}";
    if let Ok(style) = indicatif::ProgressStyle::with_template(style) {
        bar.set_style(style);
    }
    bar
}

/// Whether an indicator is one that briefings speak of.
fn is_main(kind: &IndicatorKind) -> bool {
    !matches!(kind, IndicatorKind::Energy)
}
