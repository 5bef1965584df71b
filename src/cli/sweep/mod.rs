//! `jianpai sweep`: many draws of one scenario.

mod execute;
mod progress;

use super::console::Console;
use super::out::{print, results, warn};
use super::tables::{self, PrintArgs};
use clap::{Args, ValueEnum};
use jianpai_core::dims::RegionId;
use jianpai_core::explain::Support;
use jianpai_core::text::Lang;
use jianpai_load::scenario;
use jianpai_report::sweep::{self as report, ByRegion, Spread};
use jianpai_report::write;
use jianpai_study::folder::{Folder, Manifest};
use jianpai_study::sweep::{Finished, Format, Job, Options};
use jianpai_study::{SweepOptions, SweepStudy};
use jianpai_sweep::findings as found;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

pub(super) use execute::{execute, tell};
pub(super) use progress::Show;

/// Draws that are analysed of each region where there are many.
pub(super) const FEW: u64 = 1 << 13;

/// How the rows of the draws are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Kept {
    /// Columns under zstd, for pandas and the like
    #[cfg(feature = "parquet")]
    Parquet,
    /// One line a draw
    Csv,
    /// Summaries only
    None,
}

impl Kept {
    fn format(self) -> Format {
        match self {
            #[cfg(feature = "parquet")]
            Self::Parquet => Format::Parquet,
            Self::Csv => Format::Csv,
            Self::None => Format::None,
        }
    }
}

/// Arguments of `sweep`.
// One switch of the command line each.
#[allow(clippy::struct_excessive_bools)]
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
    #[arg(long, value_enum, default_value = Format::ALL[0].id())]
    format: Kept,
    /// Rows hold every indicator in every year / 逐次结果包含所有年份
    #[arg(long)]
    trajectories: bool,
    /// Leave out the model's error, which is drawn from those of past plans / 不计模型误差
    #[arg(long)]
    no_model_error: bool,
    /// Go on with a sweep that was cut off / 续跑中断的抽样
    #[arg(long)]
    resume: bool,
    /// Only the i-th of n slices, as `i/n`; `jianpai merge` joins them / 只算第 i 份（共 n 份）
    #[arg(long, value_name = "I/N", value_parser = shard)]
    shard: Option<(u64, u64)>,
    /// Threads; by default all cores / 线程数
    #[arg(long, value_parser = threads)]
    threads: Option<usize>,
    /// How progress is shown / 进度的显示方式
    #[arg(long, value_enum, default_value_t = Show::Auto)]
    progress: Show,
    /// Run for these regions instead of the file's own; `all` is the nation and all provinces /
    /// 改在这些地区运行；all 为全国及各省
    #[arg(long, value_name = "REGION", value_delimiter = ',')]
    region: Vec<String>,
    /// Draw no charts / 不画图
    #[arg(long)]
    no_charts: bool,
    #[command(flatten)]
    print: PrintArgs,
}

/// What is told of finished sweeps, as it gathers.
pub(super) struct Telling<'a> {
    args: &'a PrintArgs,
    /// How often each region meets its targets, where there are many.
    regions: ByRegion,
    /// Each of them for machines.
    sweeps: Vec<Value>,
}

impl<'a> Telling<'a> {
    /// Nothing told yet of so many sweeps; a table that they do not have is refused.
    pub(super) fn of(
        console: &Console,
        args: &'a PrintArgs,
        (sweeps, model_error): (usize, bool),
    ) -> Result<Self, u8> {
        let known = if sweeps == 1 {
            &report::TABLES[..]
        } else {
            &report::TABLES_OF_MANY[..]
        };
        if let Some(name) = &args.table.table {
            tables::known(console, known, name)?;
        }
        Ok(Self {
            args,
            regions: ByRegion::new(model_error),
            sweeps: Vec::new(),
        })
    }
}

/// Reads a number of threads, at least one.
pub(super) fn threads(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(threads) if threads >= 1 => Ok(threads),
        _ => Err("a whole number from 1 on / 应为不小于 1 的整数".to_string()),
    }
}

impl SweepArgs {
    fn options(&self) -> Options {
        Options {
            draws: self.draws,
            seed: self.seed,
            format: self.format.format(),
            trajectories: self.trajectories,
            model_error: !self.no_model_error,
            shard: self.shard,
            charts: !self.no_charts,
            resume: self.resume,
        }
    }
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

pub(super) fn main(console: &Console, args: &SweepArgs) -> u8 {
    match prepare_and_run(console, args) {
        Ok(()) => 0,
        Err(code) => code,
    }
}

fn prepare_and_run(console: &Console, args: &SweepArgs) -> Result<(), u8> {
    let mut session = console.open()?;
    let regions = session.regions_for(&args.region, std::slice::from_ref(&args.scenario));
    let regions = regions.map_err(|error| console.fail(&error))?;
    let pool = pool(console, args.threads)?;
    let options = args.options();
    let prepared = prepare_all(console, &mut session, &args.scenario, &options, &regions)?;
    let mut telling = Telling::of(console, &args.print, (prepared.len(), options.model_error))?;
    let stop = stop();
    let enough = if prepared.len() == 1 {
        found::ENOUGH
    } else {
        FEW
    };
    pool.install(|| {
        let jobs: Vec<Job<'_>> = prepared
            .iter()
            .map(|one| Job::new(one, &options, enough))
            .collect();
        // All folders before the first draw: in one order for all processes.
        let mut folders = Vec::new();
        for job in &jobs {
            let folder = job.folder(&args.out);
            folders.push(folder.map_err(|problem| console.refuse(&problem))?);
        }
        for (job, folder) in jobs.iter().zip(folders) {
            let shown = (args.progress, &*stop);
            let finished = execute(console, job, Some(&folder), shown)?;
            finish(
                console,
                job,
                (folder, finished),
                &mut telling,
                jobs.len() == 1,
            )?;
        }
        if jobs.len() > 1 {
            let whole = args.shard.is_none();
            by_region(console, &jobs, &telling, whole.then_some(&*args.out))?;
        }
        Ok(())
    })
}

/// Puts the results of one sweep in place and says what they are, or takes them in
/// for a table of regions.
pub(super) fn finish(
    console: &Console,
    job: &Job<'_>,
    (folder, finished): (Folder, Finished),
    telling: &mut Telling<'_>,
    alone: bool,
) -> Result<(), u8> {
    let Finished {
        totals,
        findings,
        rows: sealed,
    } = finished;
    let one = job.swept();
    let (catalogue, scenario) = (one.study.catalogue(), one.study.scenario());
    let support = Support::of(catalogue, scenario, &one.study.plan);
    let spread = Spread {
        catalogue,
        scenario,
        plan: &one.study.plan,
        support: &support,
        sweep: &one.sweep,
        totals: &totals,
        findings: findings.as_ref(),
    };
    let path = execute::put(console, job, folder, &spread, sealed)?;
    if !alone {
        telling.regions.take(&spread);
        telling.sweeps.push(json!({
            "scenario": scenario.id,
            "region": catalogue.regions[one.study.plan.region.at()].named.id,
            "results": path.display().to_string(),
        }));
        return Ok(());
    }
    let lang = console.lang;
    if let Some(table) = telling.args.alone(console, &report::tables(&spread))? {
        print(&table);
        return Ok(());
    }
    if telling.args.json {
        let mut value = report::json(&spread);
        value["results"] = json!(path.display().to_string());
        print(&format!("{value:#}\n"));
        return Ok(());
    }
    let mut out = report::text(&spread, lang);
    out += &results(lang, &path);
    print(&out);
    Ok(())
}

/// The table of regions, printed and, for whole sweeps, written to a folder of its own.
pub(super) fn by_region(
    console: &Console,
    jobs: &[Job<'_>],
    telling: &Telling<'_>,
    out: Option<&Path>,
) -> Result<(), u8> {
    let table = telling.regions.table();
    let mut text = report::by_region(&telling.regions, console.lang);
    let mut folder = None;
    if let (Some(out), Some(first)) = (out, jobs.first()) {
        let manifest = Manifest {
            outputs: Vec::new(),
            scenario: None,
            region: None,
            swept: None,
            ..first.manifest()
        };
        let id = scenario::stem(first.path());
        let name = format!("{id}-by-region");
        let csv = write::csv_file(table, console.lang);
        let entries = vec![("attainment-by-region.csv".to_string(), csv)];
        let path = console.put_folder((out, &name), manifest, entries)?;
        text += &results(console.lang, &path);
        folder = Some(path.display().to_string());
    }
    if let Some(table) = telling.args.alone(console, std::slice::from_ref(table))? {
        text = table;
    } else if telling.args.json {
        let mut value = write::document([table]);
        value["sweeps"] = json!(telling.sweeps);
        value["results"] = json!(folder);
        text = format!("{value:#}\n");
    }
    print(&text);
    Ok(())
}

/// A pool of so many threads, or of all cores.
pub(super) fn pool(console: &Console, threads: Option<usize>) -> Result<rayon::ThreadPool, u8> {
    let most = super::most_threads();
    let threads = threads.unwrap_or_else(rayon::current_num_threads);
    if threads > most {
        warn(&match console.lang {
            Lang::Zh => format!("注意: 线程数 {threads} 超出本机合理范围，按 {most} 运行\n"),
            Lang::En => {
                format!("note: {threads} threads are beyond reason on this machine; {most} run\n")
            }
        });
    }
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads.min(most))
        .build();
    pool.map_err(|error| console.complain(&error.to_string()))
}

/// Reads and compiles the sweep for every region; all problems are printed at once.
pub(super) fn prepare_all(
    console: &Console,
    session: &mut jianpai_study::Session,
    path: &str,
    asked: &Options,
    regions: &[Option<RegionId>],
) -> Result<Vec<SweepStudy>, u8> {
    let options = SweepOptions {
        draws: asked.draws,
        seed: asked.seed,
        trajectories: asked.trajectories,
        model_error: asked.model_error,
        over_time: regions.len() == 1 && asked.shard.is_none() && asked.charts,
        ..SweepOptions::default()
    };
    let prepared = session.sweeps(path, regions, options);
    let mut prepared = console.tell(session, prepared)?;
    for one in &mut prepared {
        if asked.format == Format::Csv {
            one.sweep.cut_finer();
        }
        let file = one.study.loaded.inputs[0];
        console.check_id(&one.study.scenario().id, session.files().path(file))?;
    }
    Ok(prepared)
}

/// Set when the user interrupts the program.
pub(super) fn stop() -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    // Without a handler an interrupt ends the program at once: what is written can
    // be resumed all the same.
    let _ = ctrlc::set_handler(move || flag.store(true, Ordering::Relaxed));
    stop
}
