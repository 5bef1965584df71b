//! `jianpai sweep`: many draws of one scenario.

use super::session::{Ready, Session, print};
use super::sweep_rows::{Refusal, Rows};
use super::{BAD_INPUT, output, sweep_findings, sweep_text};
use clap::{Args, ValueEnum};
use jianpai_core::catalogue::{Catalogue, IndicatorKind};
use jianpai_core::dims::IndicatorId;
use jianpai_core::text::Text;
use jianpai_load::diag::{Diagnostic, Diagnostics, Files};
use jianpai_load::scenario::sweep::{self as spec, DesignSpec, DistributionSpec, SweepSpec};
use jianpai_sweep::design::{Correlation, Design, Distribution, Points, score_of_rank};
use jianpai_sweep::engine::output::{Keep, Nothing};
use jianpai_sweep::engine::run::{self, Totals};
use jianpai_sweep::engine::{Reported, Sampled, Sweep};
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

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

/// How the rows of the draws are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One line a draw
    Csv,
    /// Summaries only
    None,
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
    let spec = ready
        .as_ref()
        .and_then(|ready| spec::read(&catalogue, &ready.loaded, &mut diags));
    let sweep = match (&ready, &spec) {
        (Some(ready), Some(spec)) => compile(&catalogue, ready, spec, args, &mut diags),
        _ => None,
    };
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
        sweep: &sweep,
        args,
        folder: &folder,
        fingerprint: fingerprint(&ready, &files, &sweep, args),
    };
    let done = pool.install(|| execute(&job))?;
    let Finished { totals, kept } = done;
    let (catalogue, plan, sweep) = (&catalogue, &ready.plan, &sweep);
    let spread = sweep_text::Spread {
        catalogue,
        plan,
        sweep,
        totals: &totals,
    };
    let mut out = sweep_text::text(&spread, session.lang);
    out += &pool.install(|| sweep_findings::text(&spread, kept.as_deref(), session.lang));
    print(&out);
    Ok(())
}

/// Puts the parts of a sweep together; what does not fit goes to `diags`.
fn compile(
    catalogue: &Catalogue,
    ready: &Ready,
    spec: &SweepSpec,
    args: &SweepArgs,
    diags: &mut Diagnostics,
) -> Option<Sweep> {
    let mut complain = |text: String| {
        let message = Text::same(text);
        diags.push(Diagnostic::error("sweep", message).label(spec.span, Text::default()));
    };
    let draws = args.draws.or(spec.draws).unwrap_or(10_000);
    let seed = args.seed.or(spec.seed).unwrap_or(1);
    let design = match &spec.design {
        DesignSpec::Random => Design::Random,
        DesignSpec::LatinHypercube => Design::LatinHypercube,
        DesignSpec::Sobol => Design::Sobol,
        DesignSpec::Saltelli => Design::Saltelli {
            second_order: false,
        },
        DesignSpec::Morris(levels) => Design::Morris { levels: *levels },
        DesignSpec::Grid(size) => Design::Grid {
            sizes: vec![*size; spec.inputs.len()],
        },
    };
    let points = match Points::new(design, spec.inputs.len(), draws, seed) {
        Ok(points) => points,
        Err(error) => {
            complain(error.to_string());
            return None;
        }
    };
    let correlation = match correlation(spec) {
        Ok(correlation) => correlation,
        Err(error) => {
            complain(error);
            return None;
        }
    };
    let inputs: Result<Vec<Sampled>, String> = spec.inputs.iter().map(sampled).collect();
    let inputs = match inputs {
        Ok(inputs) => inputs,
        Err(error) => {
            complain(error);
            return None;
        }
    };
    let reported = reported(catalogue, ready, spec);
    let parts = (inputs, spec.factors.as_slice());
    match Sweep::new(
        catalogue,
        &ready.plan,
        parts,
        (points, correlation),
        reported,
    ) {
        Ok(sweep) => Some(sweep),
        Err(errors) => {
            for error in errors {
                complain(error.to_string());
            }
            None
        }
    }
}

/// Every indicator in the years asked for, and every target of the scenario.
fn reported(catalogue: &Catalogue, ready: &Ready, spec: &SweepSpec) -> Reported {
    let plan = &ready.plan;
    let last = plan.span() - 1;
    let mut years: Vec<usize> = spec
        .years
        .iter()
        .filter_map(|year| plan.year(*year))
        .collect();
    if years.is_empty() {
        years.push(last);
    }
    let indicators = (0..catalogue.indicators.len()).map(IndicatorId::from_usize);
    let cells = years
        .iter()
        .flat_map(|t| indicators.clone().map(move |i| (i, *t)));
    Reported {
        cells: cells.collect(),
        targets: ready.loaded.scenario.targets.clone(),
    }
}

fn sampled(spec: &spec::InputSpec) -> Result<Sampled, String> {
    let distribution = match &spec.distribution {
        DistributionSpec::Uniform(lo, hi) => Distribution::Uniform { lo: *lo, hi: *hi },
        DistributionSpec::Triangular(lo, mode, hi) => Distribution::Triangular {
            lo: *lo,
            mode: *mode,
            hi: *hi,
        },
        DistributionSpec::Normal(mean, sd) => Distribution::Normal {
            mean: *mean,
            sd: *sd,
        },
        DistributionSpec::LogNormal(low, central, high) => {
            Distribution::from_range(*low, *central, *high).map_err(|error| error.to_string())?
        }
        DistributionSpec::Values(values) => Distribution::Points {
            values: values.clone(),
        },
    };
    let (name, input, target) = (spec.name.clone(), spec.input.clone(), spec.target);
    Ok(Sampled {
        name,
        input,
        distribution,
        target,
    })
}

/// The Gaussian copula of the stated rank correlations.
fn correlation(spec: &SweepSpec) -> Result<Option<Correlation>, String> {
    let mut dims: Vec<usize> = spec
        .correlations
        .iter()
        .flat_map(|(a, b, _)| [*a, *b])
        .collect();
    dims.sort_unstable();
    dims.dedup();
    if dims.is_empty() {
        return Ok(None);
    }
    let place = |input: usize| dims.iter().position(|d| *d == input).unwrap_or(0);
    let mut matrix = nalgebra::DMatrix::identity(dims.len(), dims.len());
    for (a, b, rank) in &spec.correlations {
        let (i, j) = (place(*a), place(*b));
        matrix[(i, j)] = score_of_rank(*rank);
        matrix[(j, i)] = score_of_rank(*rank);
    }
    Correlation::new(dims, &matrix)
        .map(Some)
        .map_err(|error| error.to_string())
}

/// A finished sweep: its totals, and every draw's columns where they fit in memory.
struct Finished {
    totals: Totals,
    kept: Option<Vec<Vec<f64>>>,
}

/// Numbers that may be kept in memory for the analysis: 20 million, 160 MB.
const MOST_KEPT: u64 = 20_000_000;

/// What is to be executed.
struct Job<'a> {
    session: &'a Session,
    catalogue: &'a Catalogue,
    sweep: &'a Sweep,
    args: &'a SweepArgs,
    folder: &'a Path,
    fingerprint: String,
}

impl Job<'_> {
    /// Says that the results cannot be written, and where; the exit code.
    fn cannot_write(&self, error: &io::Error) -> u8 {
        let what = self.session.lang.pick("写不出结果", "cannot write results");
        self.session
            .complain(&format!("{what} ({}): {error}", self.folder.display()))
    }
}

/// What the rows depend on: program, data, scenario, design and slice.
fn fingerprint(ready: &Ready, files: &Files, sweep: &Sweep, args: &SweepArgs) -> String {
    let texts: Vec<&str> = files.iter().map(|(_, _, text)| text).collect();
    let points = &sweep.points;
    let head = format!(
        "{} {} {} {} {} {:?}",
        env!("CARGO_PKG_VERSION"),
        ready.loaded.scenario.id,
        points.design().id(),
        points.len(),
        points.seed(),
        args.shard,
    );
    output::hex(format!("{head}\n{}", texts.join("\n")).as_bytes())
}

/// The blocks of a slice.
fn slice(blocks: u64, shard: Option<(u64, u64)>) -> Range<u64> {
    let (i, n) = shard.unwrap_or((1, 1));
    blocks * (i - 1) / n..blocks * i / n
}

/// Runs every draw of the slice; rows go to a temporary file that takes its place
/// at the end.
fn execute(job: &Job<'_>) -> Result<Finished, u8> {
    let failed = |error| job.cannot_write(&error);
    let sweep = job.sweep;
    let range = slice(sweep.blocks(), job.args.shard);
    let mut totals = Totals::new(sweep);
    let draws: u64 = range
        .clone()
        .map(|block| sweep.draws_of(block).1 as u64)
        .sum();
    let bar = progress(draws);
    let mut watch = |done: u64| {
        bar.set_position(done);
        true
    };
    let fits = draws * sweep.columns.len() as u64 <= MOST_KEPT;
    let columns: Vec<usize> = if fits {
        (0..sweep.columns.len()).collect()
    } else {
        Vec::new()
    };
    let (rows, start) = match job.args.format {
        Format::None => (None, range.start),
        Format::Csv => rows(job, &range)?,
    };
    // What is in the file already is computed again for the totals, not written.
    let mut sink = Keep::new(Nothing, columns.clone());
    let before = range.start..if rows.is_some() { start } else { range.end };
    run::run(sweep, before, &mut totals, &mut sink, &mut watch).map_err(failed)?;
    let mut kept = sink.into_parts().1;
    if let Some(rows) = rows {
        let mut sink = Keep::new(rows, columns).with(kept);
        run::run(sweep, start..range.end, &mut totals, &mut sink, &mut watch).map_err(failed)?;
        let (rows, all) = sink.into_parts();
        rows.finish().map_err(failed)?;
        kept = all;
    }
    bar.finish_and_clear();
    Ok(Finished {
        totals,
        kept: fits.then_some(kept),
    })
}

/// The file of rows, new or resumed, and the block to go on from.
fn rows(job: &Job<'_>, range: &Range<u64>) -> Result<(Option<Rows>, u64), u8> {
    let failed = |error| job.cannot_write(&error);
    if job.args.resume {
        match Rows::resume(job.folder, &job.fingerprint).map_err(failed)? {
            Ok((rows, blocks)) => return Ok((Some(rows), blocks.max(range.start))),
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
    let names: Vec<String> = job
        .sweep
        .columns
        .iter()
        .map(|c| job.sweep.name(job.catalogue, c))
        .collect();
    let rows = Rows::create(job.folder, &job.fingerprint, &names).map_err(failed)?;
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
pub(super) fn is_main(kind: &IndicatorKind) -> bool {
    !matches!(kind, IndicatorKind::Energy)
}
