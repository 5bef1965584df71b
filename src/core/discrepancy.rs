//! The model's error as something that can be drawn: what sweeps add to a result.
//!
//! The truth of a reduction is what the model gives less its error. How large errors are,
//! runs of the past say ([`crate::doubt`]). A draw takes one of `m` sizes, each as likely
//! as the others, and a sign, both from one number `u`, uniform in [0, 1):
//!
//! ```text
//! z     = 2u − 1
//! e     = sign(z) · size[⌊|z|·m⌋]                         size rises
//! n ≥ 20      m = n + 1,   size = |e₁| ≤ … ≤ |eₙ|, |eₙ|    the cases themselves
//! 3 ≤ n < 20  m = 1000,    size[k] ∝ |t| at P(|T| ≤ |t|) = (k + ½)/m   Student's t, n
//! scale       so that size at 90 % is the half-width of the verdict's band
//! reached     r − e          amount, index   max(0, x + e·x[base])
//! ```
//!
//! With `n` cases an exchangeable further one is among the `k` smallest in `k` of `n + 1`
//! times, whatever the distribution (split conformal): so ranks are drawn out of `n + 1`,
//! and the 90 % band of the draws is that of the verdict. The last rank, an error beyond
//! all on record, is drawn as the largest one: how large it would be, nothing says, and
//! no probability nearer than `1/(n + 1)` to 0 or 1 is stated ([`claim`]).
//!
//! The sign is drawn evenly: as for bands, no correction for bias is made. One `u` serves
//! an indicator in all years, so that errors of years go together and grow with distance;
//! indicators are drawn apart, since the record holds too few places to say how their
//! errors go together.

use crate::catalogue::Catalogue;
use crate::doubt::{self, Known, MANY};
use crate::outcome::Outcome;
use crate::plan::Plan;
use crate::scenario::Scenario;
use crate::student::two_sided;
use crate::target::{Demand, Verdict, is_met};
use std::collections::BTreeMap;

/// Sizes drawn where cases are few.
const FEW: usize = 1000;

/// Sizes of an error, each as likely as the others.
#[derive(Clone, Debug, PartialEq)]
pub struct Discrepancy {
    /// The sizes, rising (fraction of the base year).
    sizes: Vec<f64>,
    /// How many cases of the past are behind them.
    cases: usize,
}

impl Discrepancy {
    /// The errors of what is known; `None` for an observed year, which has none.
    pub fn of(known: &Known<'_>) -> Option<Self> {
        if known.half <= 0.0 {
            return None;
        }
        let errors = &known.errors.errors;
        let cases = known.errors.cases;
        let half90 = known.errors.half90.value;
        let sizes = if cases >= MANY && errors.len() == cases && half90 > 0.0 {
            let scale = known.half / half90;
            let mut sizes: Vec<f64> = errors.iter().map(|error| error.abs() * scale).collect();
            sizes.sort_by(f64::total_cmp);
            sizes.extend(sizes.last().copied());
            sizes
        } else {
            let scale = known.half / two_sided(0.9, cases);
            let at = |k: usize| (k as f64 + 0.5) / FEW as f64;
            (0..FEW).map(|k| scale * two_sided(at(k), cases)).collect()
        };
        Some(Self { sizes, cases })
    }

    /// The error at `z` in [−1, 1): its sign, and the rank of its size (fraction of the
    /// base year).
    #[inline]
    pub fn at(&self, z: f64) -> f64 {
        let rank = (z.abs() * self.sizes.len() as f64) as usize;
        let size = self.sizes[rank.min(self.sizes.len() - 1)];
        if z < 0.0 { -size } else { size }
    }

    /// How many cases of the past are behind it.
    pub fn cases(&self) -> usize {
        self.cases
    }

    /// The probability that a verdict stays or becomes one of a target met when the error is
    /// added: the part of all sizes, with either sign, whose error, `unit` times, the margin
    /// covers. `unit` is 1 for a reduction, the amount of the first year for a cap.
    pub fn attained(&self, verdict: &Verdict, unit: f64) -> f64 {
        let met = |error: f64| is_met(verdict.margin - error * unit, verdict.required);
        let both = |size: &f64| usize::from(met(*size)) + usize::from(met(-size));
        let count: usize = self.sizes.iter().map(both).sum();
        count as f64 / (2 * self.sizes.len()) as f64
    }
}

/// How surely the targets of a run are met, by the errors of runs of the past alone: inputs
/// stand as they are. Targets without an error on record are not among them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Attained {
    /// By target of the scenario: the probability that it is met, and the cases of the past
    /// behind it; `None` without an error on record, or where it cannot be judged.
    pub each: Vec<Option<(f64, usize)>>,
    /// The probability that all of those are met together; `None` where there are none.
    pub all: Option<f64>,
}

/// How surely the targets of a run are met.
///
/// ```text
/// P[j]  = part of errors e with margin[j] − e·unit[j] ≥ 0
/// all   = Π_i min_{j of i} P[j]                    one error an indicator i, drawn apart
/// ```
///
/// Errors rise with `u`, so of an indicator's targets the least sure one decides.
pub fn attained(
    catalogue: &Catalogue,
    (scenario, plan): (&Scenario, &Plan),
    outcome: &Outcome,
) -> Attained {
    let mut least: BTreeMap<&str, f64> = BTreeMap::new();
    let targets = scenario.targets.iter().zip(&outcome.verdicts);
    let each = targets.map(|(target, verdict)| {
        let verdict = verdict.as_ref()?;
        let known = doubt::of_target(catalogue, (scenario, plan), target)?;
        let sizes = Discrepancy::of(&known)?;
        let unit = match target.demand {
            Demand::Cap(_) => outcome.indicators[target.indicator.at()][0],
            _ => 1.0,
        };
        let share = sizes.attained(verdict, unit);
        let indicator = catalogue.indicators[target.indicator.at()].base.as_str();
        let own = least.entry(indicator).or_insert(1.0);
        *own = own.min(share);
        Some((share, sizes.cases()))
    });
    let each: Vec<Option<(f64, usize)>> = each.collect();
    let all = (!least.is_empty()).then(|| least.values().product());
    Attained { each, all }
}

/// The least probability that `cases` of the past allow to be stated: an error beyond
/// all of theirs is as likely as any of theirs.
pub fn claim(cases: usize) -> f64 {
    1.0 / (cases as f64 + 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::{Book, ModelError};
    use crate::dims::SourceId;
    use crate::doubt::RunKind;
    use crate::provenance::{Origin, Sourced, Status};

    fn errors(half90: f64, errors: &[f64]) -> ModelError {
        ModelError {
            kind: RunKind::Plan,
            indicator: "SO2".to_string(),
            book: Book::Accounted,
            anchored: false,
            distance: 4,
            cases: errors.len(),
            half90: Sourced {
                value: half90,
                low: half90,
                high: half90,
                origin: Origin {
                    source: SourceId(0),
                    status: Status::Computed,
                    file: 0,
                    line: 1,
                },
            },
            errors: errors.to_vec(),
        }
    }

    fn drawn(half: f64, errors: &ModelError) -> Discrepancy {
        let known = Known {
            half,
            errors,
            distance: 4,
            anchored: false,
        };
        Discrepancy::of(&known).unwrap()
    }

    /// Twenty cases of 1 to 20 points: 21 ranks, the largest twice; half of the draws are
    /// on either side.
    #[test]
    fn many_cases_are_drawn_themselves() {
        let cases: Vec<f64> = (1..=20)
            .map(|i| f64::from(i) * if i % 3 == 0 { -0.01 } else { 0.01 })
            .collect();
        let found = drawn(0.19, &errors(0.19, &cases));
        assert_eq!(found.sizes.len(), 21);
        let at = |rank: f64| found.at((rank + 0.5) / 21.0);
        for rank in 0..20 {
            let size = 0.01 * f64::from(rank + 1);
            assert!((at(f64::from(rank)) - size).abs() < 1e-12, "{rank}");
        }
        assert!((at(20.0) - 0.2).abs() < 1e-12);
        assert!((found.at(-0.5 / 21.0) + 0.01).abs() < 1e-12);
        assert!((found.at(-1.0) + 0.2).abs() < 1e-12);
        // Twice as far it is twice as large.
        let far = drawn(0.38, &errors(0.19, &cases));
        assert!((far.at(0.5 / 21.0) - 0.02).abs() < 1e-12);
        assert!((claim(20) - 1.0 / 21.0).abs() < 1e-15);
    }

    /// Sizes 1 to 20 points, the largest twice, of 21: a margin of 4.5 points covers every
    /// error below zero and 4 of those above, one of −4.5 only those of −5 and beyond; twice
    /// the unit is twice the error.
    #[test]
    fn a_margin_is_met_as_often_as_errors_leave_it() {
        let cases: Vec<f64> = (1..=20).map(|i| f64::from(i) * 0.01).collect();
        let found = drawn(0.19, &errors(0.19, &cases));
        let verdict = |margin: f64| Verdict {
            required: 0.15,
            reached: 0.15 + margin,
            margin,
            room: margin,
            met: margin >= 0.0,
            year_met: None,
        };
        let at = |margin: f64, unit: f64| found.attained(&verdict(margin), unit) * 42.0;
        for (margin, unit, met) in [
            (0.045, 1.0, 25.0),
            (-0.045, 1.0, 17.0),
            (0.045, 2.0, 23.0),
            (0.2, 1.0, 42.0),
            (-0.3, 1.0, 0.0),
            (0.0, 1.0, 21.0),
        ] {
            assert!((at(margin, unit) - met).abs() < 1e-9, "{margin} {unit}");
        }
    }

    /// Four cases: Student's t, of which 90 % lie within the half-width and 95 % within
    /// 2.7764/2.1318 of it.
    #[test]
    fn few_cases_are_students() {
        let found = drawn(0.3, &errors(0.3, &[0.1, -0.1, 0.1, 0.1]));
        let within = |size: f64| found.sizes.iter().filter(|s| **s <= size).count();
        assert_eq!(within(0.3), 900);
        assert_eq!(within(0.3 * 2.7764 / 2.1318), 950);
        assert!((found.at(0.0) - 0.3 * two_sided(0.0005, 4) / 2.1318).abs() < 1e-6);
    }

    #[test]
    fn an_observed_year_has_no_error() {
        let errors = errors(0.3, &[0.1, -0.1, 0.1, 0.1]);
        let known = Known {
            half: 0.0,
            errors: &errors,
            distance: 0,
            anchored: true,
        };
        assert!(Discrepancy::of(&known).is_none());
    }
}
