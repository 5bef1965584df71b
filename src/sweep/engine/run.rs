//! Runs a sweep: blocks in parallel, results in the order of the draws.

use super::{Column, Sweep, Workspace};
use crate::analysis::summary::{Probability, Summary};
use rayon::prelude::*;
use std::ops::Range;

/// What a running sweep keeps: constant memory, whatever the number of draws.
#[derive(Clone, Debug)]
pub struct Totals {
    /// One summary a column that is not a yes or no.
    pub summaries: Vec<(usize, Summary)>,
    /// One counter a column of yes and no.
    pub counts: Vec<(usize, Probability)>,
    /// Draws so far.
    pub draws: u64,
}

impl Totals {
    /// Nothing yet.
    pub fn new(sweep: &Sweep) -> Self {
        let is_flag = |c: &Column| matches!(c, Column::Met(_) | Column::AllMet | Column::Feasible);
        let columns = sweep.columns.iter().enumerate();
        let (flags, numbers): (Vec<_>, Vec<_>) = columns.partition(|(_, column)| is_flag(column));
        Self {
            summaries: numbers
                .into_iter()
                .map(|(i, _)| (i, Summary::new(i)))
                .collect(),
            counts: flags
                .into_iter()
                .map(|(i, _)| (i, Probability::default()))
                .collect(),
            draws: 0,
        }
    }

    /// Takes in a block.
    fn push(&mut self, first: u64, values: &[Vec<f64>]) {
        for (i, summary) in &mut self.summaries {
            for (d, value) in (first..).zip(&values[*i]) {
                // Values are finite: plans and distributions are.
                let _ = summary.push(d, *value);
            }
        }
        for (i, count) in &mut self.counts {
            values[*i].iter().for_each(|value| count.push(*value > 0.5));
        }
        self.draws += values.first().map_or(0, |column| column.len() as u64);
    }

    /// Takes in the totals of later draws.
    fn merge(&mut self, later: &Self) {
        for ((_, mine), (_, theirs)) in self.summaries.iter_mut().zip(&later.summaries) {
            // Totals of one sweep have the same columns.
            let _ = mine.merge(theirs);
        }
        for ((_, mine), (_, theirs)) in self.counts.iter_mut().zip(&later.counts) {
            mine.merge(theirs);
        }
        self.draws += later.draws;
    }
}

/// A computed chunk of blocks, encoded by the sink.
struct Chunk<T> {
    totals: Totals,
    encoded: T,
}

/// Takes the rows of a sweep in order.
pub trait Sink: Sync {
    /// What a block becomes while still in parallel.
    type Encoded: Send;
    /// The error of writing.
    type Error: Send;

    /// Turns a block into bytes; runs in parallel.
    ///
    /// # Errors
    /// The block cannot be encoded.
    fn encode(&self, first: u64, values: &[Vec<f64>]) -> Result<Self::Encoded, Self::Error>;

    /// Takes encoded blocks in order.
    ///
    /// # Errors
    /// They cannot be written.
    fn write(&mut self, encoded: Self::Encoded) -> Result<(), Self::Error>;

    /// Told now and then that all blocks before `blocks` have been written.
    ///
    /// # Errors
    /// They cannot be made to last.
    fn checkpoint(&mut self, blocks: u64) -> Result<(), Self::Error> {
        let _ = blocks;
        Ok(())
    }
}

/// Runs the blocks of `range`; the totals start from `totals`.
///
/// `watch` is told the draws done so far and says whether to go on.
///
/// # Errors
/// Whatever the sink reports.
pub fn run<S: Sink>(
    sweep: &Sweep,
    range: Range<u64>,
    totals: &mut Totals,
    sink: &mut S,
    watch: &mut dyn FnMut(u64) -> bool,
) -> Result<(), S::Error> {
    let batch = 8 * rayon::current_num_threads() as u64;
    let mut start = range.start;
    while start < range.end {
        let end = (start + batch).min(range.end);
        let chunks: Vec<Result<Chunk<S::Encoded>, S::Error>> = {
            let sink = &*sink;
            (start..end)
                .into_par_iter()
                .map_init(Workspace::default, |work, block| {
                    let (first, _) = sweep.draws_of(block);
                    let values = sweep.block(block, work);
                    let mut totals = Totals::new(sweep);
                    totals.push(first, values);
                    Ok(Chunk {
                        totals,
                        encoded: sink.encode(first, values)?,
                    })
                })
                .collect()
        };
        for chunk in chunks {
            let chunk = chunk?;
            totals.merge(&chunk.totals);
            sink.write(chunk.encoded)?;
        }
        start = end;
        sink.checkpoint(end)?;
        if !watch(totals.draws) {
            break;
        }
    }
    Ok(())
}
