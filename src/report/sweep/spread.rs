//! A finished sweep of one scenario, and how often its columns of yes and no are yes.

use jianpai_core::catalogue::{Account, Catalogue, IndicatorKind};
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
        Some(Count {
            met: count.met,
            draws: count.count,
            share: count.share()?,
            interval,
        })
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
