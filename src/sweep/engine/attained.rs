//! How often the targets of a sweep are met, and nothing else.

use super::{BLOCK, Column, Sweep, Workspace};
use crate::analysis::summary::Probability;
use jianpai_core::discrepancy::Discrepancy;
use rayon::prelude::*;

/// How often targets are met.
#[derive(Clone, Debug, PartialEq)]
pub struct Attained {
    /// One entry a target of the sweep.
    pub each: Vec<Met>,
    /// All of them together.
    pub all: Met,
}

/// How often something is met.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Met {
    /// With the model's error, where it is drawn.
    pub said: Probability,
    /// By the model alone.
    pub by_model: Probability,
    /// Cases of the past behind the error; of several targets the fewest.
    pub cases: Option<usize>,
}

impl Met {
    fn merge(&mut self, other: &Self) {
        self.said.merge(&other.said);
        self.by_model.merge(&other.by_model);
    }
}

impl Sweep {
    /// How often its targets are met over all of its draws: sums of whole numbers, the
    /// same on any number of threads.
    pub fn attained(&self) -> Attained {
        let targets = self.reported.targets.len();
        let place = |said: &Column, alone: &Column| {
            let said = self.column(said);
            let alone = self.column(alone).or(said);
            Some((said?, alone?))
        };
        let each = (0..targets).map(|i| place(&Column::Met(i), &Column::MetByModel(i)));
        let each: Vec<Option<(usize, usize)>> = each
            .chain([place(&Column::AllMet, &Column::AllMetByModel)])
            .collect();
        let starts: Vec<u64> = (0..self.points.len()).step_by(BLOCK).collect();
        let none = || vec![Met::default(); each.len()];
        let counted = starts
            .into_par_iter()
            .map_init(Workspace::default, |work, first| {
                let draws = (self.points.len() - first).min(BLOCK as u64) as usize;
                let rows = self.block(first, draws, work);
                let mut own = none();
                for (met, place) in own.iter_mut().zip(&each) {
                    if let Some((said, alone)) = place {
                        met.said.extend(rows.column(*said));
                        met.by_model.extend(rows.column(*alone));
                    }
                }
                own
            })
            .reduce(none, |mut a, b| {
                a.iter_mut().zip(&b).for_each(|(a, b)| a.merge(b));
                a
            });
        let errors = self.reported.errors.as_ref();
        let cases = |i: usize| errors?.targets.get(i)?.as_ref().map(Discrepancy::cases);
        let mut each = counted;
        for (i, met) in each.iter_mut().enumerate() {
            met.cases = cases(i);
        }
        let mut all = each.pop().unwrap_or_default();
        all.cases = (0..targets).filter_map(cases).min();
        Attained { each, all }
    }
}
