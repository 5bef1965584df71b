//! Parts of a plan's draws: what each adds to the whole, as bytes, and the whole from them.

use crate::ground::Asked;
use crate::language::chosen;
use crate::pool::aside;
use crate::problems::{raise, refuse};
use crate::sweep::{Sweep, failed};
use jianpai_core::text::Lang;
use jianpai_study::folder::Problem;
use jianpai_study::sweep::{Failure, Format, Job, Options, Part};
use jianpai_study::{Error, SweepStudy};
use jianpai_sweep::findings::ENOUGH;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A sweep without rows: one slice of it, or all.
fn options(asked: Asked, shard: Option<(u64, u64)>, charts: bool) -> Options {
    Options {
        draws: None,
        seed: None,
        format: Format::None,
        trajectories: asked.trajectories,
        model_error: asked.model_error,
        shard,
        charts,
        resume: false,
    }
}

/// What the `i`-th of `n` parts of the draws adds to the whole.
pub(crate) fn part(
    py: Python<'_>,
    (swept, asked): (Arc<SweepStudy>, Asked),
    (i, n): (u64, u64),
) -> PyResult<Vec<u8>> {
    if !(1 <= i && i <= n) {
        return Err(PyValueError::new_err(match chosen() {
            Lang::Zh => format!("第 {i} 份不在 1 至 {n} 之内"),
            Lang::En => format!("part {i} does not lie within 1 to {n}"),
        }));
    }
    let stop = Arc::new(AtomicBool::new(false));
    let told = Arc::clone(&stop);
    let made = aside(py, &stop, &mut |_| Ok(()), move || {
        let own = options(asked, Some((i, n)), false);
        let job = Job::new(&swept, &own, ENOUGH);
        let finished = job.execute(None, &mut |_| !told.load(Ordering::Relaxed))?;
        job.part(finished.totals).map_err(Failure::Write)
    })?;
    made.map_err(|failure| failed(py, &failure))
}

/// The whole from its parts, in any order.
pub(crate) fn join(
    py: Python<'_>,
    (swept, asked): (SweepStudy, Asked),
    parts: Vec<Vec<u8>>,
) -> PyResult<Sweep> {
    let mut read = Vec::with_capacity(parts.len());
    for (i, bytes) in parts.into_iter().enumerate() {
        let part = Part::of(bytes).map_err(|what| {
            let zh = format!("第 {} 份：{}", i + 1, what.zh);
            refuse(py, zh, format!("part {}: {}", i + 1, what.en))
        })?;
        read.push(part);
    }
    read.sort_by_key(Part::place);
    let stop = Arc::new(AtomicBool::new(false));
    let told = Arc::clone(&stop);
    let joined = aside(py, &stop, &mut |_| Ok(()), move || {
        let own = options(asked, None, swept.over_time.is_some());
        let job = Job::new(&swept, &own, ENOUGH);
        let mut watch = |_| !told.load(Ordering::Relaxed);
        let joined = match job.join(read.into_iter().map(Ok), &mut watch) {
            // Only a run can tell.
            Ok(None) => job.execute(None, &mut watch),
            Ok(Some(finished)) => Ok(finished),
            Err(failure) => Err(failure),
        };
        joined.map(|finished| (swept, finished))
    })?;
    match joined {
        Ok((swept, finished)) => Ok(Sweep::of(swept, finished, None)),
        Err(Failure::Write(Problem(text))) => {
            let error = Error::refused(text.zh, text.en);
            Err(raise(py, &error, &[]))
        }
        Err(failure) => Err(failed(py, &failure)),
    }
}
