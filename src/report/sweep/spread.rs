//! A finished sweep of one scenario, and how often its columns of yes and no are yes.

use crate::claims::Claim;
use jianpai_core::catalogue::{Account, Catalogue, IndicatorKind};
use jianpai_core::discrepancy::Discrepancy;
use jianpai_core::explain::Support;
use jianpai_core::plan::Plan;
use jianpai_core::scenario::Scenario;
use jianpai_sweep::engine::run::Totals;
use jianpai_sweep::engine::{Column, Sweep};
use jianpai_sweep::findings::Findings;

/// A finished sweep of one scenario.
#[derive(Clone, Copy, Debug)]
pub struct Spread<'a> {
    /// The data.
    pub catalogue: &'a Catalogue,
    /// The scenario.
    pub scenario: &'a Scenario,
    /// Its plan.
    pub plan: &'a Plan,
    /// Which numbers the scenario's own results rest on.
    pub support: &'a Support,
    /// What was swept.
    pub sweep: &'a Sweep,
    /// What the draws add up to.
    pub totals: &'a Totals,
    /// What the draws say; a slice says nothing of the whole.
    pub findings: Option<&'a Findings>,
}

/// How often something is so.
#[derive(Clone, Copy, Debug)]
pub(super) struct Count {
    /// Draws in which it is.
    pub(super) met: u64,
    /// All draws.
    pub(super) draws: u64,
    /// The one over the other (part of 1).
    pub(super) share: f64,
    /// The 95 % interval of its probability; none where the draws are no sample.
    pub(super) interval: Option<(f64, f64)>,
    /// What may be stated of it.
    pub(super) claim: Claim,
}

impl Count {
    /// The share as people read it.
    pub(super) fn text(&self) -> String {
        self.claim.text(self.share)
    }

    /// The interval, where the share itself is stated.
    pub(super) fn shown_interval(&self) -> Option<(f64, f64)> {
        self.interval.filter(|_| !self.claim.is_bound())
    }
}

impl Spread<'_> {
    /// How often a column of yes and no is yes.
    pub(super) fn count(&self, wanted: &Column) -> Option<Count> {
        let column = self.sweep.column(wanted)?;
        let mut counts = self.totals.counts.iter();
        let (_, count) = counts.find(|(i, _)| *i == column)?;
        let points = &self.sweep.points;
        // Rows of one base sample share inputs: they count as one trial.
        let group = points.design().group(self.sweep.inputs.len());
        let interval = points.is_sample().then(|| count.interval_of(group, 0.95));
        let share = count.share()?;
        Some(Count {
            met: count.met,
            draws: count.count,
            share,
            interval,
            claim: self.claim(wanted, share, interval),
        })
    }

    /// What may be stated of a share of the draws.
    fn claim(&self, of: &Column, share: f64, interval: Option<(f64, f64)>) -> Claim {
        let Some(errors) = &self.sweep.reported.errors else {
            return Claim::default();
        };
        let each = errors.targets.iter();
        let each = each.map(|known| known.as_ref().map(Discrepancy::cases));
        let cases: Vec<Option<usize>> = each.collect();
        match of {
            Column::Met(i) => Claim::of_one(share, interval, cases[*i]),
            Column::AllMet => {
                let own = |i: usize| self.share(&Column::Met(i));
                Claim::of_all(share, interval, (&cases, &own))
            }
            _ => Claim::default(),
        }
    }

    /// The share of draws in which a column of yes and no is yes.
    fn share(&self, wanted: &Column) -> Option<f64> {
        let column = self.sweep.column(wanted)?;
        let mut counts = self.totals.counts.iter();
        counts.find(|(i, _)| *i == column)?.1.share()
    }

    /// How often the model alone says what a column of verdicts says with its error.
    pub(super) fn by_model(&self, wanted: &Column) -> Option<Count> {
        match wanted {
            Column::Met(i) => self.count(&Column::MetByModel(*i)),
            Column::AllMet => self.count(&Column::AllMetByModel),
            _ => None,
        }
    }

    /// A share of draws in which all targets are met, as people read it: no nearer to 0
    /// and 1 than the record allows.
    pub(super) fn said_of_all(&self, share: f64) -> String {
        self.claim(&Column::AllMet, share, None).text(share)
    }

    /// Whether the model's error is drawn.
    pub(super) fn has_error(&self) -> bool {
        self.sweep.reported.errors.is_some()
    }

    /// How many draws are not feasible.
    pub(super) fn infeasible(&self) -> u64 {
        let feasible = self.count(&Column::Feasible);
        feasible.map_or(0, |count| count.draws - count.met)
    }
}

/// Whether an indicator is one that briefings speak of.
pub(super) fn is_main(kind: &IndicatorKind) -> bool {
    kind.amount() != Some(Account::Energy)
}
