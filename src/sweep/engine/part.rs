//! Totals of parts of a sweep, and of the whole from them.
//!
//! Every total but one is a function of the set of draws, so that parts may be cut at any
//! chunk: what comes out is what one run gives, to the bit. The one is the Pareto set,
//! which a run thins where it has grown beyond [`MOST`] draws: with parts, that can only be
//! told where it did not happen for certain.

use super::Sweep;
use super::run::Totals;
use crate::analysis::AnalysisError;
use crate::analysis::summary::Front;
use crate::analysis::summary::front::MOST;
use crate::analysis::summary::kept::{KeptBest, KeptFront, KeptProbability, KeptSummary};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// [`Totals`] of a part as they are written down.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Part {
    summaries: Vec<(usize, KeptSummary)>,
    counts: Vec<(usize, KeptProbability)>,
    safest: KeptBest,
    cheapest: KeptBest,
    front: KeptFront,
    draws: u64,
}

impl Part {
    /// Totals of a part of `sweep`, in as little room as those of the whole take.
    pub fn of(sweep: &Sweep, mut totals: Totals) -> Self {
        let all = sweep.points.len();
        let summaries = totals.summaries.par_iter_mut();
        let summaries = summaries.map(|(i, summary)| {
            summary.count_on(all);
            (*i, KeptSummary::from(&*summary))
        });
        Self {
            summaries: summaries.collect(),
            counts: totals
                .counts
                .iter()
                .map(|(i, count)| (*i, count.into()))
                .collect(),
            safest: (&totals.safest).into(),
            cheapest: (&totals.cheapest).into(),
            front: (&totals.front).into(),
            draws: totals.draws,
        }
    }

    /// The totals, held against what totals can be.
    fn totals(self) -> Result<Totals, AnalysisError> {
        let summaries = self.summaries.into_iter();
        let summaries = summaries.map(|(i, summary)| Ok((i, summary.try_into()?)));
        let counts = self.counts.into_iter();
        let counts = counts.map(|(i, count)| Ok((i, count.try_into()?)));
        Ok(Totals {
            summaries: summaries.collect::<Result<_, AnalysisError>>()?,
            counts: counts.collect::<Result<_, AnalysisError>>()?,
            safest: self.safest.try_into()?,
            cheapest: self.cheapest.try_into()?,
            front: Front::try_from(self.front)?,
            draws: self.draws,
        })
    }
}

impl Totals {
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
        parts: impl IntoIterator<Item = (u64, Part)>,
    ) -> Result<Option<Self>, AnalysisError> {
        let mut all = Self::new(sweep);
        let empty = all.clone();
        all.expect(sweep.points.len());
        for (draws, part) in parts {
            let part = part.totals()?;
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
