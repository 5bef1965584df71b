//! `jianpai sweep`: many draws of one scenario.

mod findings;
mod rows;
mod text;

use super::session::{Session, print};
use super::{BAD_INPUT, output};
use crate::prepare::{self, SweepOptions};
use clap::Args;
use jianpai_core::catalogue::{Catalogue, IndicatorKind};
use jianpai_core::plan::Plan;
use jianpai_load::diag::{Diagnostics, Files};
use jianpai_sweep::engine::Sweep;
use jianpai_sweep::engine::output::{Keep, Nothing};
use jianpai_sweep::engine::run::{self, End, Totals};
use jianpai_sweep::findings::{self as found, Findings};
use rows::{Format, Refusal, Rows};
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Exit code of a sweep that the user interrupted, as shells give it.
const INTERRUPTED: u8 = 130;

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
    #[arg(long, value_enum, default_value_t = Format::Csv)]
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
    let mut diags = Diagnostics::default();
    let ready = Session::prepare(&args.scenario, None, &catalogue, &mut files, &mut diags);
    let options = SweepOptions {
        draws: args.draws,
        seed: args.seed,
        trajectories: args.trajectories,
    };
    let sweep = ready.as_ref().and_then(|ready| {
        let scenario = (&ready.loaded, &ready.plan);
        prepare::sweep(&catalogue, scenario, options, &mut files, &mut diags)
    });
    session.report(&files, &mut diags);
    let (Some(ready), Some(sweep)) = (ready, sweep) else {
        return Err(BAD_INPUT);
    };
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(args.threads.unwrap_or(0))
        .build();
    let pool = pool.map_err(|error| session.complain(&error.to_string()))?;
    let id = &ready.loaded.scenario.id;
    let folder = args.out.join(match args.shard {
        None => id.clone(),
        Some((i, n)) => format!("{id}-{i}-of-{n}"),
    });
    let job = Job {
        session,
        catalogue: &catalogue,
        plan: &ready.plan,
        sweep: &sweep,
        args,
        folder: &folder,
        fingerprint: fingerprint(id, &files, &sweep, args),
        stop: stop(),
    };
    pool.install(|| {
        let Finished { totals, findings } = execute(&job)?;
        let spread = Spread {
            catalogue: &catalogue,
            plan: &ready.plan,
            sweep: &sweep,
            totals: &totals,
            findings: findings.as_ref(),
        };
        let mut out = text::text(&spread, session.lang);
        out += &findings::text(&spread, session.lang);
        print(&out);
        Ok(())
    })
}

/// A finished sweep.
struct Spread<'a> {
    catalogue: &'a Catalogue,
    plan: &'a Plan,
    sweep: &'a Sweep,
    totals: &'a Totals,
    /// What the draws say; a slice says nothing of the whole.
    findings: Option<&'a Findings>,
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
    plan: &'a Plan,
    sweep: &'a Sweep,
    args: &'a SweepArgs,
    folder: &'a Path,
    fingerprint: String,
    stop: Arc<AtomicBool>,
}

impl Job<'_> {
    /// Says that the results cannot be written, and where; the exit code.
    fn cannot_write(&self, error: &io::Error) -> u8 {
        let what = self.session.lang.pick("写不出结果", "cannot write results");
        self.session
            .complain(&format!("{what} ({}): {error}", self.folder.display()))
    }

    /// The names of the columns.
    fn names(&self) -> Vec<String> {
        let columns = self.sweep.columns.iter();
        columns
            .map(|column| self.sweep.name(self.catalogue, column))
            .collect()
    }
}

/// What the rows depend on: program, data, scenario, design and slice.
fn fingerprint(id: &str, files: &Files, sweep: &Sweep, args: &SweepArgs) -> String {
    let texts: Vec<&str> = files.iter().map(|(_, _, text)| text).collect();
    let points = &sweep.points;
    let head = format!(
        "{} {id} {} {} {} {:?} {:?} {}",
        env!("CARGO_PKG_VERSION"),
        points.design().id(),
        points.len(),
        points.seed(),
        args.shard,
        args.format,
        args.trajectories,
    );
    output::hex(format!("{head}\n{}", texts.join("\n")).as_bytes())
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
    let draws = range.clone().map(|chunk| sweep.draws_of(chunk).1 as u64);
    let bar = progress(draws.sum());
    let mut watch = |done: u64| {
        bar.set_position(done);
        !job.stop.load(Ordering::Relaxed)
    };
    let wanted = found::wanted(job.catalogue, sweep);
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
    let mut sink = Keep::new(Nothing, wanted.columns.clone(), kept_chunks);
    let before = range.start..if rows.is_some() { start } else { range.end };
    let mut end = run::run(sweep, before, &mut totals, &mut sink, &mut watch).map_err(failed)?;
    let mut kept = sink.into_parts().1;
    if let (Some(rows), End::Done) = (rows, end) {
        let mut sink = Keep::new(rows, wanted.columns, kept_chunks).with(kept);
        let rest = start..range.end;
        end = run::run(sweep, rest, &mut totals, &mut sink, &mut watch).map_err(failed)?;
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
        flags: job.sweep.columns.iter().map(|c| c.is_flag()).collect(),
        seed: job.sweep.points.seed(),
        first: range.start,
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
