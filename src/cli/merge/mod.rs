//! `jianpai merge`: joins the slices of a sweep into what one run gives: rows,
//! summaries, charts and manifest, the same bytes.
//!
//! Slices are checked by their manifests: one sweep, every block once, rows and totals as
//! they were written. Rows are copied and totals are added up, not computed again; but the
//! draws of findings are, which belong to no slice. Where a slice has no totals, or a Pareto
//! set may have been thinned on the way, all draws are computed again, without rows.

mod join;
mod slice;

use super::BAD_INPUT;
use super::console::Console;
use super::out::print;
use super::sweep::{self, Show, Telling};
use super::tables::PrintArgs;
use clap::Args;
use jianpai_core::text::{Lang, Text};
use jianpai_study::SweepStudy;
use jianpai_study::folder::{self, Folder, Problem, SealedRows};
use jianpai_study::sweep::{Finished, Format, Job, Options};
use jianpai_sweep::findings::ENOUGH;
use slice::Group;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

/// Arguments of `merge`.
#[derive(Args, Debug)]
pub(super) struct MergeArgs {
    /// Folders of slices, or the folders that hold them; or files of rows / 各分片的结果目录或其上级目录，或 draws 文件
    #[arg(required = true, value_name = "SLICE")]
    slices: Vec<PathBuf>,
    /// Folder for results, as `sweep --out`; or a .csv or .parquet file for the rows alone /
    /// 结果目录；或 .csv、.parquet 文件，只写逐次结果
    #[arg(long, short, value_name = "DIR")]
    out: PathBuf,
    /// The sweep's scenario file, where it is not where the slices found it / 情景文件的新位置
    #[arg(long, value_name = "FILE")]
    scenario: Option<String>,
    /// Join files of rows that have no manifest beside them; what sweep they are of is
    /// not checked / 合并没有 manifest 的 CSV，不核对是否同一次抽样
    #[arg(long)]
    unchecked: bool,
    /// Draw no charts / 不画图
    #[arg(long)]
    no_charts: bool,
    /// Threads; by default all cores / 线程数
    #[arg(long, value_parser = sweep::threads)]
    threads: Option<usize>,
    /// How progress is shown / 进度的显示方式
    #[arg(long, value_enum, default_value_t = Show::Auto)]
    progress: Show,
    #[command(flatten)]
    print: PrintArgs,
}

pub(super) fn main(console: &Console, args: &MergeArgs) -> u8 {
    let done = match kind(&args.out) {
        Some(format) => rows_alone(console, args, format),
        None => whole(console, args),
    };
    done.err().unwrap_or(0)
}

/// The format of a file of rows by the ending of its name; `None` for a folder.
fn kind(out: &Path) -> Option<&'static str> {
    let ending = out.extension()?.to_str()?.to_ascii_lowercase();
    let found = ["csv", "parquet"].into_iter().find(|kind| *kind == ending);
    found.filter(|_| !out.is_dir())
}

/// Joins the rows into one file.
fn rows_alone(console: &Console, args: &MergeArgs, format: &str) -> Result<(), u8> {
    let refuse = |problem: Problem| console.refuse(&problem);
    let joined = (|| {
        let slices = slice::find(&args.slices)?;
        let found = slice::files(slices, args.unchecked, &args.out)?;
        let draws = join::to_file(&found.files, &args.out, format)?;
        Ok((draws, found.unchecked))
    })();
    let (draws, unchecked) = joined.map_err(refuse)?;
    let path = args.out.display();
    if args.print.json {
        let told = serde_json::json!({
            "program": folder::run::model(),
            "draws": draws,
            "checked": !unchecked,
            "results": path.to_string(),
        });
        print(&format!("{told:#}\n"));
        return Ok(());
    }
    print(&match console.lang {
        Lang::Zh => format!("合并 {draws} 次抽样：{path}\n"),
        Lang::En => format!("{draws} draws joined: {path}\n"),
    });
    if unchecked {
        print(console.lang.pick(
            "未核对：没有 manifest，这些结果是否出自同一次抽样，请自行确认\n",
            "not checked: without manifests nothing says whether these rows are of one sweep\n",
        ));
    }
    Ok(())
}

/// Gives everything that one run gives, for every sweep among the slices.
fn whole(console: &Console, args: &MergeArgs) -> Result<(), u8> {
    let refuse = |problem: Problem| console.refuse(&problem);
    let groups = slice::find(&args.slices).and_then(slice::grouped);
    let groups = groups.map_err(refuse)?;
    let mut session = console.open()?;
    let mut prepared = Vec::new();
    for group in &groups {
        let options = options(args, group, groups.len() == 1).map_err(refuse)?;
        let one = prepare(console, &mut session, args, group, &options)?;
        prepared.push((options, one));
    }
    let wrong = prepared.iter().any(|(options, _)| options.model_error);
    let mut telling = Telling::of(console, &args.print, (groups.len(), wrong))?;
    let pool = sweep::pool(console, args.threads)?;
    let stop = sweep::stop();
    let enough = if groups.len() == 1 {
        ENOUGH
    } else {
        sweep::FEW
    };
    pool.install(|| {
        let jobs: Vec<Job<'_>> = prepared
            .iter()
            .map(|(options, one)| Job::new(one, options, enough))
            .collect();
        for (job, group) in jobs.iter().zip(&groups) {
            same_sweep(job, group).map_err(refuse)?;
        }
        let mut folders = Vec::new();
        for (job, group) in jobs.iter().zip(&groups) {
            let folder = job.folder(&args.out).map_err(refuse)?;
            group.apart_from(folder.path()).map_err(refuse)?;
            folders.push(folder);
        }
        for ((job, group), folder) in jobs.iter().zip(&groups).zip(folders) {
            let sealed = joined(group, &folder).map_err(refuse)?;
            let finished = Finished {
                rows: sealed,
                ..summed(console, job, group, (args.progress, &*stop))?
            };
            let alone = groups.len() == 1;
            sweep::finish(console, job, (folder, finished), &mut telling, alone)?;
        }
        if groups.len() > 1 {
            sweep::by_region(console, &jobs, &telling, Some(&args.out))?;
        }
        Ok(())
    })
}

/// What the totals of a group's slices come to.
fn summed(
    console: &Console,
    job: &Job<'_>,
    group: &Group,
    (show, stop): (Show, &AtomicBool),
) -> Result<Finished, u8> {
    let mut watch = |_| !stop.load(Ordering::Relaxed);
    let joined = match group.parts() {
        Some(parts) => job.join(parts, &mut watch),
        None => Ok(None),
    };
    match joined.map_err(|failure| sweep::tell(console, &failure))? {
        Some(finished) => Ok(finished),
        None => sweep::execute(console, job, None, (show, stop)),
    }
}

/// The rows of a group, joined below the folder's temporary one.
fn joined(group: &Group, folder: &Folder) -> Result<Option<SealedRows>, Problem> {
    let Some((name, files)) = group.rows()? else {
        return Ok(None);
    };
    let part = folder.fresh(name)?;
    let (_, sha256) = join::rows(&files, &part)?;
    Ok(Some(SealedRows {
        name,
        journal: part.with_extension("journal"),
        part,
        sha256,
    }))
}

/// What was asked of the sweep, as the slices' manifests tell.
fn options(args: &MergeArgs, group: &Group, alone: bool) -> Result<Options, Problem> {
    let told = &group.first().manifest.options;
    let number = |key: &str| told.get(key).and_then(serde_json::Value::as_u64);
    let name = told.get("format").and_then(|value| value.as_str());
    let format = name.and_then(Format::named).ok_or_else(|| {
        group.first().fault(&Text::new(
            "manifest 里没有认得的 format",
            "its manifest names no format of rows that is known",
        ))
    })?;
    let flag = |key: &str| told.get(key).and_then(serde_json::Value::as_bool);
    Ok(Options {
        draws: number("draws"),
        seed: number("seed"),
        format,
        trajectories: flag("trajectories").unwrap_or(false),
        model_error: flag("model_error").unwrap_or(false),
        shard: None,
        charts: alone && !args.no_charts && flag("charts").unwrap_or(true),
        resume: false,
    })
}

/// Reads and compiles the sweep that the slices are of.
fn prepare(
    console: &Console,
    session: &mut jianpai_study::Session,
    args: &MergeArgs,
    group: &Group,
    options: &Options,
) -> Result<SweepStudy, u8> {
    let manifest = &group.first().manifest;
    let recorded = manifest.inputs.first().map(|input| input.path.as_str());
    let Some(path) = args.scenario.as_deref().or(recorded) else {
        return Err(console.refuse(&group.first().fault(&Text::new(
            "manifest 里没有情景文件；请用 --scenario 给出",
            "its manifest names no scenario: give it with --scenario",
        ))));
    };
    if args.scenario.is_none() && !Path::new(path).exists() {
        return Err(console.complain(&match console.lang {
            Lang::Zh => format!("找不到分片所用的情景 {path}；请用 --scenario 给出它现在的位置"),
            Lang::En => format!(
                "the slices' scenario {path} is not there: say with --scenario where it is now"
            ),
        }));
    }
    let region = manifest
        .options
        .get("region")
        .and_then(|value| value.as_str());
    let region = match region {
        None => None,
        Some(name) => {
            let region = session.region(name);
            Some(region.map_err(|unknown| console.fail(&unknown.into()))?)
        }
    };
    let found = sweep::prepare_all(console, session, path, options, &[region])?;
    found.into_iter().next().ok_or(BAD_INPUT)
}

/// Refuses where the scenario, the data or the program are not those of the slices.
fn same_sweep(job: &Job<'_>, group: &Group) -> Result<(), Problem> {
    let first = group.first();
    if job.fingerprint() == first.swept.sweep {
        return Ok(());
    }
    let now = job.manifest();
    let changed = slice::changed(&first.manifest, &now);
    let (zh, en) = match changed {
        Some(path) => (format!("{path} 已改动"), format!("{path} has changed")),
        None => (
            "程序版本或计算环境不同".to_string(),
            "the program is another build".to_string(),
        ),
    };
    Err(first.fault(&Text::new(
        format!("与现在的情景、数据或程序不是同一次抽样：{zh}；请用原来的文件与程序合并"),
        format!("is not of the sweep that scenario, data and program give now: {en}; merge with those it was computed with"),
    )))
}
