//! What may be stated of a probability, with no more behind it than the record of past runs.

use crate::case::{above, below, probability};
use jianpai_core::discrepancy::claim;

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
