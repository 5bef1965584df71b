//! A finished sweep of one scenario, and how often its columns of yes and no are yes.

use crate::case::{above, below, probability};
use jianpai_core::catalogue::{Account, Catalogue, IndicatorKind};
use jianpai_core::discrepancy::{Discrepancy, claim};
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

/// What may be stated of a share of the draws with the model's error: with `n` cases of
/// the past nothing nearer than `1/(n + 1)` to 0 or 1, and of draws that all agree no more
/// than the end of their interval.
///
/// ```text
/// share = 0            below  max(1/(n + 1), upper end)
/// share < 1/(n + 1)    below  1/(n + 1)                     the same from 1 down
/// ```
///
/// All targets together are met no more often than any of them: they are near 0 only as
/// far as one of them is so, and near 1 only if all are.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Claim {
    /// How many cases of the past there are.
    pub cases: Option<usize>,
    /// It is stated to be below this.
    pub below: Option<f64>,
    /// It is stated to be above this.
    pub above: Option<f64>,
}

impl Claim {
    /// What may be stated of a share, of which the record allows to say that it is below
    /// or above so much.
    fn of(share: f64, interval: Option<(f64, f64)>, (zero, one): (f64, f64)) -> Self {
        let (low, high) = interval.unwrap_or((1.0, 0.0));
        let below = if share <= 0.0 { high.max(zero) } else { zero };
        let above = if share >= 1.0 {
            (1.0 - low).max(one)
        } else {
            one
        };
        Self {
            cases: None,
            below: Some(below).filter(|end| share < *end),
            above: Some(1.0 - above).filter(|end| share > *end),
        }
    }

    /// What may be stated of the share of one target, with so many cases behind its error.
    pub(crate) fn of_one(share: f64, interval: Option<(f64, f64)>, cases: Option<usize>) -> Self {
        let least = cases.map_or(0.0, claim);
        let found = Self::of(share, interval, (least, least));
        Self { cases, ..found }
    }

    /// The same of all targets together: the cases of each, and the share of each.
    pub(crate) fn of_all(
        share: f64,
        interval: Option<(f64, f64)>,
        (cases, own): (&[Option<usize>], &dyn Fn(usize) -> Option<f64>),
    ) -> Self {
        let each = cases.iter().map(|cases| cases.map_or(0.0, claim));
        let one = each.clone().fold(0.0, f64::max);
        let near_zero = each
            .enumerate()
            .filter(|(i, least)| own(*i).is_some_and(|share| share < *least));
        let zero = near_zero.map(|(_, least)| least).fold(0.0, f64::max);
        let found = Self::of(share, interval, (zero, one));
        let cases = cases.iter().filter_map(|cases| *cases).min();
        Self { cases, ..found }
    }

    /// The share as people read it.
    pub fn text(&self, share: f64) -> String {
        match (self.below, self.above) {
            (Some(end), _) => below(end),
            (None, Some(end)) => above(end),
            (None, None) => probability(share),
        }
    }

    /// Whether a bound is stated in place of the share.
    pub fn is_bound(&self) -> bool {
        self.below.is_some() || self.above.is_some()
    }
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

#[cfg(test)]
mod tests {
    use super::Claim;

    /// Four cases allow a fifth, 32 a thirty-third; draws that all agree no more than
    /// their interval.
    #[test]
    fn bounds_are_those_of_cases_and_draws() {
        let four = (0.2, 0.2);
        let said = |share: f64, ends, record| Claim::of(share, ends, record).text(share);
        assert_eq!(said(0.0, Some((0.0, 0.0076)), four), "<20%");
        assert_eq!(said(0.19, Some((0.18, 0.2)), four), "<20%");
        assert_eq!(said(0.21, Some((0.2, 0.22)), four), "21.0%");
        assert_eq!(said(0.2, Some((0.19, 0.21)), four), "20.0%");
        assert_eq!(said(1.0, Some((0.9924, 1.0)), four), ">80%");
        assert_eq!(said(0.81, None, four), ">80%");
        let many = (1.0 / 33.0, 1.0 / 33.0);
        assert_eq!(said(0.0, Some((0.0, 0.0076)), many), "<3.1%");
        assert_eq!(said(1.0, Some((0.9924, 1.0)), many), ">96.9%");
        // Fewer draws than cases: the interval is what is known.
        assert_eq!(said(0.0, Some((0.0, 0.2775)), many), "<27.8%");
        // Without a record, and of a list, which has no interval.
        assert_eq!(said(0.0, Some((0.0, 0.0076)), (0.0, 0.0)), "<0.8%");
        assert_eq!(said(1.0, None, (0.0, 0.0)), "100%");
        assert_eq!(said(0.0, None, (0.0, 0.0)), "0%");
        assert_eq!(said(1.0, None, four), ">80%");
    }
}
