//! Runs the draws of one sweep, shows how far it has come, and puts its results in their
//! folder.

use super::super::console::Console;
use super::super::out::warn;
use super::progress::{Progress, Show};
use jianpai_report::sweep::{self as report, Spread};
use jianpai_study::folder::{Folder, Problem, SealedRows};
use jianpai_study::sweep::{Failure, Finished, Job};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

/// Exit code of a sweep that the user interrupted, as shells give it.
const INTERRUPTED: u8 = 130;

/// Runs the draws of a job, until `stop`.
pub(crate) fn execute(
    console: &Console,
    job: &Job<'_>,
    folder: Option<&Folder>,
    (show, stop): (Show, &AtomicBool),
) -> Result<Finished, u8> {
    let mut progress = Progress::new(show, console.lang, &job.name(), job.draws());
    let mut last = 0;
    let done = job.execute(folder, &mut |done| {
        last = done;
        progress.set(done);
        !stop.load(Ordering::Relaxed)
    });
    match &done {
        Ok(finished) => progress.finish(finished.totals.draws),
        Err(_) => progress.finish(last),
    }
    done.map_err(|failure| tell(console, &failure))
}

/// Puts rows, tables and charts in place together; the folder.
pub(super) fn put(
    console: &Console,
    job: &Job<'_>,
    folder: Folder,
    spread: &Spread<'_>,
    rows: Option<SealedRows>,
) -> Result<PathBuf, u8> {
    let mut entries = report::files(spread, console.lang);
    let part = job.part_entry(spread.totals);
    entries.extend(part.map_err(|problem| console.refuse(&problem))?);
    if let Some(over_time) = &job.swept().over_time {
        entries.extend(report::figures::all(spread, Some(over_time)));
    }
    let placed = job.put(folder, entries, rows);
    let (path, kept) = placed.map_err(|problem| console.refuse(&problem))?;
    console.tell_kept(&kept);
    Ok(path)
}

/// Prints why a sweep came to no end, or how to go on; the exit code.
pub(crate) fn tell(console: &Console, failure: &Failure) -> u8 {
    let refuse = |problem: &Problem| console.refuse(problem);
    match failure {
        Failure::Write(problem) => refuse(problem),
        Failure::Rows(error) => console.complain(&error.to_string()),
        Failure::OtherSweep => console.complain(console.lang.pick(
            "要续跑的是另一次抽样（情景、数据、种子或次数不同）；去掉 --resume 重新开始",
            "what is there is another sweep (scenario, data, seed or draws differ); start anew without --resume",
        )),
        Failure::Stopped => {
            warn(console.lang.pick(
                "已中断；同样的命令加 --resume 可续跑\n",
                "interrupted; the same command with --resume goes on\n",
            ));
            INTERRUPTED
        }
    }
}
