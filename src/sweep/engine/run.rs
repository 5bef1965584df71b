//! Runs a sweep: chunks in parallel, results in the order of the draws.

use super::{BLOCK, Column, Sweep, Workspace};
use crate::analysis::AnalysisError;
use crate::analysis::summary::{Best, Direction, Front, Probability, Quantiles, Scale, Summary};
use crate::design::Rng;
use rayon::prelude::*;
use std::ops::Range;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How many draws the lists of best draws hold.
const LISTED: usize = 10;
/// Values that are kept for exact quantiles: of all columns together (64 MB) …
const KEPT: usize = 1 << 23;
/// … and of one, at least and at most.
const KEPT_OF_ONE: (usize, usize) = (1 << 13, 1 << 17);
/// Parts of a power of two of the distance from the middle, as their binary logarithm.
const BITS: u32 = 11;
/// Draws that tell where the values of each column lie.
const PILOT: u64 = 1 << 10;
/// The Pareto set is looked at where so many draws more are done: a multiple of any chunk.
const SETTLED: u64 = 1 << 16;

/// What a running sweep keeps: constant memory, whatever the number of draws.
///
/// Every part is a function of the set of draws, so that it does not matter which
/// thread took in which.
#[derive(Clone, Debug)]
pub struct Totals {
    /// One summary a column that is not a yes or no, over the draws that are feasible.
    pub summaries: Vec<(usize, Summary)>,
    /// One counter a column of yes and no.
    pub counts: Vec<(usize, Probability)>,
    /// The draws with the largest smallest margin.
    pub safest: Best,
    /// The cheapest draws that meet every target.
    pub cheapest: Best,
    /// Draws than which no other is better in both cost and smallest margin; none without costs or
    /// targets.
    pub front: Front,
    /// Draws so far.
    pub draws: u64,
}

impl Totals {
    /// Nothing yet, of every column. Quantiles are exact for as many draws as 2²³ numbers
    /// hold of all columns (64 MB), at most 2¹⁷.
    pub fn new(sweep: &Sweep) -> Self {
        let numbers = sweep.columns.iter().filter(|column| !column.is_flag());
        let limit = KEPT / numbers.count().max(1);
        let limit = limit.clamp(KEPT_OF_ONE.0, KEPT_OF_ONE.1);
        Self::of(
            sweep,
            &Quantiles::new(limit, BITS).unwrap_or_default(),
            |_| true,
        )
    }

    /// Nothing yet, of the columns that `wanted` names, with quantiles of a chosen kind.
    pub fn of(sweep: &Sweep, kind: &Quantiles, wanted: impl Fn(&Column) -> bool) -> Self {
        let columns = sweep.columns.iter().enumerate();
        let columns = columns.filter(|(_, column)| wanted(column));
        let (flags, numbers): (Vec<_>, Vec<_>) = columns.partition(|(_, column)| column.is_flag());
        // If more draws come than are kept, counting needs to know the range of their values.
        let scales = if sweep.points.len() > kind.exact_limit() as u64 && !numbers.is_empty() {
            scales(sweep)
        } else {
            Vec::new()
        };
        let summary = |i: usize| {
            let scale = scales.get(i).copied().unwrap_or(Scale::PLAIN);
            Summary::with_quantiles(i, kind.about(scale))
        };
        Self {
            summaries: numbers.iter().map(|(i, _)| (*i, summary(*i))).collect(),
            counts: flags
                .iter()
                .map(|(i, _)| (*i, Probability::default()))
                .collect(),
            safest: Best::new(LISTED, Direction::Greatest),
            cheapest: Best::new(LISTED, Direction::Least),
            front: Front::default(),
            draws: 0,
        }
    }

    /// Says how many draws are to come, here and in the totals merged with these.
    pub(super) fn expect(&mut self, draws: u64) {
        for (_, summary) in &mut self.summaries {
            summary.expect(draws);
        }
    }

    /// The same before its first draw.
    fn without_draws(&self, sweep: &Sweep) -> Self {
        let empty = |(i, summary): &(usize, Summary)| (*i, summary.without_draws());
        let counts = self.counts.iter();
        Self {
            summaries: self.summaries.iter().map(empty).collect(),
            counts: counts.map(|(i, _)| (*i, Probability::default())).collect(),
            ..Self::of(sweep, &Quantiles::default(), |_| false)
        }
    }

    /// The summary of a column.
    pub fn summary(&self, column: usize) -> Option<&Summary> {
        let mut all = self.summaries.iter();
        all.find(|(i, _)| *i == column).map(|(_, summary)| summary)
    }

    /// Takes in a block, but for columns that are the same in all draws.
    fn push(&mut self, sweep: &Sweep, first: u64, rows: &super::Rows) {
        self.sum_up(sweep, first, rows);
        for (i, count) in &mut self.counts {
            count.extend(rows.column(*i));
        }
        self.draws += rows.slack.len() as u64;
        if sweep.judged.is_empty() {
            return;
        }
        for (d, slack) in (first..).zip(&rows.slack) {
            if *slack > f64::NEG_INFINITY {
                let _ = self.safest.push(d, *slack);
            }
        }
        // Best draws are chosen for their inputs: by the model, not by the luck of its error.
        let (Some(cost), Some(all)) = (sweep.column(&Column::Cost), sweep.met_by_model()) else {
            return;
        };
        let draws = rows
            .column(cost)
            .iter()
            .zip(rows.column(all))
            .zip(&rows.slack);
        for (d, ((cost, all_met), slack)) in (first..).zip(draws) {
            if *all_met > 0.5 {
                let _ = self.cheapest.push(d, *cost);
            }
            let feasible = *slack > f64::NEG_INFINITY;
            if feasible {
                let _ = self.front.push(d, *cost, *slack);
            }
        }
    }

    /// Takes what the columns of a block hold into their summaries; draws that are not
    /// feasible are left out.
    fn sum_up(&mut self, sweep: &Sweep, first: u64, rows: &super::Rows) {
        // Values are finite: results of feasible draws are.
        let feasible = rows.feasible();
        let varying = self.summaries.iter_mut();
        let varying = varying.filter(|(i, _)| sweep.alike[*i].is_none());
        if feasible.iter().all(|ok| *ok) {
            for (i, summary) in varying {
                let _ = summary.extend(first, rows.column(*i));
            }
            return;
        }
        let kept = feasible.iter().enumerate().filter(|(_, ok)| **ok);
        let kept: Vec<usize> = kept.map(|(d, _)| d).collect();
        let mut picked = Vec::with_capacity(kept.len());
        for (i, summary) in varying {
            let column = rows.column(*i);
            picked.clear();
            picked.extend(kept.iter().map(|d| column[*d]));
            let _ = summary.extend_some((first, &kept), &picked);
        }
    }

    /// Takes in the columns that are the same in all draws: so many feasible ones, and the
    /// first of them.
    fn repeat(&mut self, sweep: &Sweep, first: u64, count: u64) {
        for (i, summary) in &mut self.summaries {
            if let Some(value) = sweep.alike[*i] {
                let _ = summary.repeat(first, value, count);
            }
        }
    }

    /// Takes in the totals of other draws, which are of the same columns.
    ///
    /// # Errors
    /// Lists or quantiles are of another kind.
    pub(super) fn try_merge(&mut self, other: &Self) -> Result<(), AnalysisError> {
        let summaries = self.summaries.par_iter_mut().zip(&other.summaries);
        summaries.try_for_each(|((_, mine), (_, theirs))| mine.merge(theirs))?;
        for ((_, mine), (_, theirs)) in self.counts.iter_mut().zip(&other.counts) {
            mine.merge(theirs);
        }
        self.safest.merge(&other.safest)?;
        self.cheapest.merge(&other.cheapest)?;
        self.front.merge(&other.front);
        self.draws += other.draws;
        Ok(())
    }

    /// Puts what is kept in order, so that quantiles are found at once.
    pub(super) fn sort(&mut self) {
        let summaries = self.summaries.par_iter_mut();
        summaries.for_each(|(_, summary)| summary.sort());
    }
}

/// The middle and the spread of every column, over some draws from all over the sweep: a
/// function of the sweep alone, whatever part of it is run.
fn scales(sweep: &Sweep) -> Vec<Scale> {
    let rng = Rng::new(0, 0);
    let mut values = vec![Vec::with_capacity(PILOT as usize); sweep.columns.len()];
    let mut work = Workspace::default();
    for i in 0..PILOT {
        let draw = (u128::from(rng.u64(i)) * u128::from(sweep.points.len())) >> 64;
        let rows = sweep.block(draw as u64, 1, &mut work);
        for (i, column) in sweep.columns.iter().enumerate() {
            if rows.feasible()[0] || !column.is_result() {
                values[i].push(rows.column(i)[0]);
            }
        }
    }
    values.into_iter().map(scale).collect()
}

/// The median, and the lesser of the standard deviation and the one that the quartiles of
/// a normal distribution would have: too narrow a width costs a little memory, too wide a
/// one precision.
fn scale(mut values: Vec<f64>) -> Scale {
    values.sort_unstable_by(f64::total_cmp);
    let Some(last) = values.len().checked_sub(1) else {
        return Scale::PLAIN;
    };
    let at = |q: usize| values[q * last / 4];
    let n = values.len() as f64;
    let mean = at(2) + values.iter().map(|v| v - at(2)).sum::<f64>() / n;
    let squares = values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>();
    let widths = [(squares / n).sqrt(), 0.7413 * (at(3) - at(1))];
    let widths = widths.into_iter().filter(|width| *width > 0.0);
    // Nothing varied: whatever comes beside it is far away.
    let none = at(2).abs().max(f64::MIN_POSITIVE) * 2.0_f64.powi(-30);
    Scale {
        center: at(2),
        width: widths.reduce(f64::min).unwrap_or(none),
    }
}

/// Takes the rows of a sweep in order. One thread at a time writes, while others encode:
/// what is written to stands behind a lock.
pub trait Sink: Sync {
    /// What a chunk becomes while still in parallel.
    type Encoded: Send;
    /// The error of writing.
    type Error: Send;

    /// Whether the rows of a chunk are wanted at all.
    fn wants(&self, chunk: u64) -> bool;

    /// Turns a chunk into bytes; runs in parallel.
    ///
    /// # Errors
    /// The chunk cannot be encoded.
    fn encode(
        &self,
        chunk: u64,
        first: u64,
        values: &[Vec<f64>],
    ) -> Result<Self::Encoded, Self::Error>;

    /// Takes encoded chunks in order.
    ///
    /// # Errors
    /// They cannot be written.
    fn write(&self, encoded: Self::Encoded) -> Result<(), Self::Error>;

    /// Told now and then that all chunks before `chunks` have been written.
    ///
    /// # Errors
    /// They cannot be made to last.
    fn checkpoint(&self, chunks: u64) -> Result<(), Self::Error> {
        let _ = chunks;
        Ok(())
    }
}

/// Whether a sweep came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// It did.
    Done,
    /// The watcher stopped it; what is written so far can be resumed.
    Stopped,
}

/// Runs the chunks of `range`; the totals start from `totals`. A batch of chunks is
/// written while the next one is computed.
///
/// `watch` is told the draws computed so far and says whether to go on.
///
/// # Errors
/// Whatever the sink reports.
pub fn run<S: Sink>(
    sweep: &Sweep,
    range: Range<u64>,
    totals: &mut Totals,
    sink: &S,
    watch: &mut dyn FnMut(u64) -> bool,
) -> Result<End, S::Error> {
    let at_once = 2 * rayon::current_num_threads() as u64;
    let pool: Mutex<Vec<(Totals, Workspace)>> = Mutex::default();
    // Columns that have been encoded: they are filled again.
    let spare: Mutex<Vec<Vec<Vec<f64>>>> = Mutex::default();
    // The Pareto sets of chunks are joined in their order.
    let front = Mutex::new(std::mem::take(&mut totals.front));
    let before = totals.draws;
    let mut empty = totals.without_draws(sweep);
    empty.expect(before + sweep.draws_in(&range));
    let compute = |chunk: u64| {
        let own = lock(&pool).pop();
        let mut own = own.unwrap_or_else(|| (empty.clone(), Workspace::default()));
        let mut rows = lock(&spare).pop().unwrap_or_default();
        let wanted = sink.wants(chunk);
        one(sweep, chunk, wanted, &mut own, &mut rows);
        // Given back before encoding: that is done in parallel, too, and a thread that
        // waits for its parts may begin another chunk.
        let part = std::mem::take(&mut own.0.front);
        lock(&pool).push(own);
        let first = sweep.draws_of(chunk).0;
        let encoded = wanted.then(|| sink.encode(chunk, first, &rows));
        lock(&spare).push(rows);
        encoded.transpose().map(|encoded| (chunk, part, encoded))
    };
    let write = |done: Vec<(u64, Front, Option<S::Encoded>)>, chunks: u64| {
        for (chunk, part, encoded) in done {
            let mut front = lock(&front);
            front.merge(&part);
            let (first, draws) = sweep.draws_of(chunk);
            let end = first + draws as u64;
            if end.is_multiple_of(SETTLED) || end == sweep.points.len() {
                front.settle();
            }
            drop(front);
            if let Some(encoded) = encoded {
                sink.write(encoded)?;
            }
        }
        sink.checkpoint(chunks)
    };
    let mut start = range.start;
    let mut end = End::Done;
    let mut waiting = Vec::new();
    while start < range.end {
        let next = (start + at_once).min(range.end);
        let (encoded, written) = rayon::join(
            || (start..next).into_par_iter().map(compute).collect(),
            || write(std::mem::take(&mut waiting), start),
        );
        written?;
        let encoded: Result<_, S::Error> = encoded;
        waiting = encoded?;
        start = next;
        if !watch(before + sweep.draws_in(&(range.start..start))) {
            end = End::Stopped;
            break;
        }
    }
    write(waiting, start)?;
    for (own, _) in lock(&pool).drain(..) {
        // Totals of one sweep have the same columns, lists and axes.
        let _ = totals.try_merge(&own);
    }
    totals.front = std::mem::take(&mut lock(&front));
    totals.sort();
    Ok(end)
}

/// A lock that a panic elsewhere does not poison: the panic ends the sweep.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Computes one chunk, block by block. `columns` hold its rows afterwards, if they are
/// `wanted`.
fn one(
    sweep: &Sweep,
    chunk: u64,
    wanted: bool,
    (totals, work): &mut (Totals, Workspace),
    columns: &mut Vec<Vec<f64>>,
) {
    let (first, draws) = sweep.draws_of(chunk);
    if wanted {
        columns.resize_with(sweep.columns.len(), Vec::new);
        for out in columns.iter_mut() {
            out.clear();
            out.reserve(draws);
        }
    }
    let (mut from, mut feasible) = (None, 0);
    for start in (0..draws).step_by(BLOCK) {
        let at = first + start as u64;
        let rows = sweep.block(at, (draws - start).min(BLOCK), work);
        totals.push(sweep, at, rows);
        let kept = rows.feasible().iter().filter(|ok| **ok).count();
        let lead = rows.feasible().iter().position(|ok| *ok);
        from = from.or(lead.map(|d| at + d as u64));
        feasible += kept as u64;
        if wanted {
            for (i, (out, column)) in columns.iter_mut().zip(&sweep.columns).enumerate() {
                rows.append(i, column, out);
            }
        }
    }
    if let Some(from) = from {
        totals.repeat(sweep, from, feasible);
    }
}
