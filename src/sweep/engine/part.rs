//! Totals of parts of a sweep, and of the whole from them.
//!
//! Every total but one is a function of the set of draws, so that parts may be cut at any
//! chunk: what comes out is what one run gives, to the bit. The one is the Pareto set,
//! which a run thins where it has grown beyond [`MOST`] draws: with parts, that can only be
//! told where it did not happen for certain.

use super::Sweep;
use super::run::Totals;
use crate::analysis::AnalysisError;
use crate::analysis::summary::front::MOST;
use rayon::prelude::*;

impl Totals {
    /// These, of a part of `sweep`, in as little memory as the whole will take.
    pub fn as_part(&mut self, sweep: &Sweep) {
        let all = sweep.points.len();
        let summaries = self.summaries.par_iter_mut();
        summaries.for_each(|(_, summary)| summary.count_on(all));
    }

    /// Whether these can be totals of so many draws of the sweep that `empty` is of.
    fn check(&self, empty: &Self, draws: u64) -> Result<(), AnalysisError> {
        let wrong = |difference| Err(AnalysisError::Merge { difference });
        let columns = |totals: &Self| -> (Vec<usize>, Vec<usize>) {
            let numbers = totals.summaries.iter().map(|(i, _)| *i);
            let flags = totals.counts.iter().map(|(i, _)| *i);
            (numbers.collect(), flags.collect())
        };
        if columns(self) != columns(empty) {
            return wrong("their columns");
        }
        let counts = self.counts.iter().map(|(_, count)| count.count);
        let summaries = self.summaries.iter().map(|(_, summary)| summary.count());
        let all_within = summaries.chain(counts).all(|count| count <= draws);
        if self.draws != draws || !all_within {
            return wrong("the number of draws");
        }
        Ok(())
    }

    /// The totals of all draws of `sweep` from those of its parts, each with the number of its
    /// draws, in order: what a run of all of them gives, to the bit. `None` where the Pareto
    /// set may have grown so large that a run would have thinned it on the way: then only a
    /// run can tell.
    ///
    /// # Errors
    /// A part is of other columns or draws, or its summaries of another kind.
    pub fn join(
        sweep: &Sweep,
        parts: impl IntoIterator<Item = (u64, Self)>,
    ) -> Result<Option<Self>, AnalysisError> {
        let mut all = Self::new(sweep);
        let empty = all.clone();
        all.expect(sweep.points.len());
        for (draws, part) in parts {
            part.check(&empty, draws)?;
            if all.front.points().len().saturating_add(part.front.peak()) > MOST {
                return Ok(None);
            }
            all.try_merge(&part)?;
        }
        if all.draws != sweep.points.len() {
            let difference = "the number of draws";
            return Err(AnalysisError::Merge { difference });
        }
        all.sort();
        Ok(Some(all))
    }
}
