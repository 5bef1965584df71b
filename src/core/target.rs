//! Targets and verdicts.
//!
//! ```text
//! reduction    1 − value[t] / value[base] ≥ wanted
//! cap, floor   value[t] ≤ limit, value[t] ≥ limit
//! cumulative   Σ value[from..=t] ≤ limit
//! project      gross reduction by new measures[t] ≥ wanted (summed as the target says)
//! ```
//!
//! A verdict needs values alone: this file knows neither scenarios nor runs.

use crate::catalogue::Book;
use crate::dims::IndicatorId;
use crate::text::Text;

/// What a target demands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Demand {
    /// A reduction against a year: `1 − value[t] / value[base] ≥ wanted` (fraction).
    Reduction {
        /// The wanted reduction (fraction).
        wanted: f64,
        /// The year it is counted from.
        base_year: i32,
    },
    /// `value[t] ≤ limit`, in the indicator's base unit.
    Cap(f64),
    /// `value[t] ≥ limit`, in the indicator's base unit.
    Floor(f64),
    /// `Σ value[from..=t] ≤ limit`, in the indicator's base unit times years.
    Cumulative {
        /// The limit.
        limit: f64,
        /// The first year of the sum.
        from: i32,
    },
    /// Gross reduction by new measures after a year, `≥ wanted` t (重点工程减排量).
    /// Current policy happens anyway and counts for nothing here.
    Project {
        /// The wanted gross reduction (t).
        wanted: f64,
        /// The year after which it counts.
        base_year: i32,
    },
}

/// The year that a reduction by `year` counts from where nothing says: the last one
/// before it that ends a five-year plan (2015, 2020, 2025 …).
pub fn plan_base(year: i32) -> i32 {
    (year - 1).div_euclid(5) * 5
}

/// What the sentence of a target says beside what it demands.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Said {
    /// What is aimed at beyond the demand (力争), in its terms: fraction of a reduction.
    pub aim: Option<f64>,
    /// The amount of the base year that tonnes and percent together imply (t).
    pub base: Option<f64>,
}

/// A target on an indicator in a year.
#[derive(Clone, Debug)]
pub struct Target {
    /// Its id in the scenario.
    pub id: String,
    /// Its name, if the scenario gives one.
    pub name: Option<Text>,
    /// The indicator, in the book in which the target is judged.
    pub indicator: IndicatorId,
    /// That book.
    pub book: Book,
    /// The year.
    pub year: i32,
    /// What it demands.
    pub demand: Demand,
    /// What its sentence says beside.
    pub said: Said,
    /// Where it is laid down.
    pub source: Option<String>,
}

/// Whether a target is met, and by how much.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Verdict {
    /// What is demanded: fraction for reductions, base unit otherwise.
    pub required: f64,
    /// What the scenario reaches, in the same terms.
    pub reached: f64,
    /// How much is left over (≥ 0) or missing (< 0), in the same terms.
    pub margin: f64,
    /// The same in the indicator's own unit (t, tce, …): room left (≥ 0) or excess (< 0).
    pub room: f64,
    /// Whether it is met.
    pub met: bool,
    /// The first year from which it would be met and stay met until the target year.
    pub year_met: Option<i32>,
}

/// Rounding slack of verdicts: a target is not missed by the last bit.
pub const SLACK: f64 = 1e-9;
/// The least size of what is required that the slack is taken of.
pub const FLOOR: f64 = 1e-3;

/// Judges `target` on a trajectory.
///
/// `values` are the indicator's values by year of `years`; `gross` gives the
/// gross reduction by new measures in each year (t), for project targets. `None`, it
/// cannot be judged, if a year that the target names lies outside the trajectory, or
/// if a reduction counts from nothing.
pub fn judge(target: &Target, years: &[i32], values: &[f64], gross: &[f64]) -> Option<Verdict> {
    let (base, end) = span_of(target, years)?;
    if matches!(target.demand, Demand::Reduction { .. }) && !counts(values[base]) {
        return None;
    }
    let reached = |t: usize| reach(target.demand, base, t, |t| values[t], |t| gross[t]);
    let (required, sign) = required(target.demand);
    // One unit of a reduction's margin is the base year's value.
    let unit = if matches!(target.demand, Demand::Reduction { .. }) {
        values[base]
    } else {
        1.0
    };
    let margin = |t: usize| sign * (reached(t) - required);
    let met = |t: usize| is_met(margin(t), required);
    let first = base;
    let held = (first..=end).rev().take_while(|t| met(*t)).last();
    Some(Verdict {
        required,
        reached: reached(end),
        margin: margin(end),
        room: margin(end) * unit,
        met: met(end),
        year_met: held.map(|t| years[t]),
    })
}

/// What a trajectory reaches in the terms of `demand` in the year at `t`, `base`
/// being the index of the year that it counts from.
///
/// ```text
/// reduction   1 − value[t] / value[base]        cap, floor   value[t]
/// cumulative  Σ value[base..=t]                 project      gross[t] − gross[base]
/// ```
pub fn reach(
    demand: Demand,
    base: usize,
    t: usize,
    value: impl Fn(usize) -> f64,
    gross: impl Fn(usize) -> f64,
) -> f64 {
    match demand {
        Demand::Reduction { .. } => 1.0 - value(t) / value(base),
        Demand::Cap(_) | Demand::Floor(_) => value(t),
        Demand::Cumulative { .. } => (base..=t).map(value).sum(),
        Demand::Project { .. } => gross(t) - gross(base),
    }
}

/// Whether a reduction can count from this value: it is a number, and not nothing.
pub fn counts(base: f64) -> bool {
    base.is_finite() && base.abs() > f64::MIN_POSITIVE
}

/// What is required, and the sign of a good deviation from it.
pub fn required(demand: Demand) -> (f64, f64) {
    match demand {
        Demand::Reduction { wanted, .. } | Demand::Project { wanted, .. } => (wanted, 1.0),
        Demand::Cap(limit) | Demand::Cumulative { limit, .. } => (limit, -1.0),
        Demand::Floor(limit) => (limit, 1.0),
    }
}

/// What a margin against `required` is multiplied by to be relative to it.
pub fn relative(required: f64) -> f64 {
    1.0 / required.abs().max(FLOOR)
}

/// Whether a margin against `required` counts as met.
pub fn is_met(margin: f64, required: f64) -> bool {
    margin * relative(required) >= -SLACK
}

/// The indices of the years that a target counts from and to.
pub fn span_of(target: &Target, years: &[i32]) -> Option<(usize, usize)> {
    let at = |year: i32| years.iter().position(|y| *y == year);
    let base = match target.demand {
        Demand::Reduction { base_year, .. } | Demand::Project { base_year, .. } => at(base_year)?,
        Demand::Cumulative { from, .. } => at(from)?,
        Demand::Cap(_) | Demand::Floor(_) => 0,
    };
    Some((base, at(target.year)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(demand: Demand) -> Target {
        Target {
            id: "t".into(),
            name: None,
            indicator: IndicatorId(0),
            book: Book::Physical,
            year: 2020,
            demand,
            said: Said::default(),
            source: None,
        }
    }

    const YEARS: [i32; 6] = [2015, 2016, 2017, 2018, 2019, 2020];
    const VALUES: [f64; 6] = [100.0, 98.0, 91.0, 92.0, 89.0, 86.0];

    #[test]
    fn reduction_against_a_base_year() {
        let demand = Demand::Reduction {
            wanted: 0.10,
            base_year: 2015,
        };
        let verdict = judge(&target(demand), &YEARS, &VALUES, &[]).unwrap();
        assert!(verdict.met);
        assert!((verdict.reached - 0.14).abs() < 1e-12);
        assert!((verdict.room - 4.0).abs() < 1e-9, "4 more could be emitted");
        assert_eq!(
            verdict.year_met,
            Some(2019),
            "met from the year after which it stays met"
        );
    }

    #[test]
    fn reduction_against_the_year_before() {
        let demand = Demand::Reduction {
            wanted: 0.04,
            base_year: 2019,
        };
        let verdict = judge(&target(demand), &YEARS, &VALUES, &[]).unwrap();
        assert!(!verdict.met && verdict.margin < 0.0 && verdict.year_met.is_none());
    }

    #[test]
    fn exactly_met_is_met() {
        let demand = Demand::Reduction {
            wanted: 0.14,
            base_year: 2015,
        };
        assert!(judge(&target(demand), &YEARS, &VALUES, &[]).unwrap().met);
    }

    #[test]
    fn caps_floors_sums_and_projects() {
        let check = |demand, gross: &[f64]| judge(&target(demand), &YEARS, &VALUES, gross).unwrap();
        assert!(check(Demand::Cap(86.0), &[]).met);
        assert!(!check(Demand::Cap(85.0), &[]).met);
        assert!(check(Demand::Floor(80.0), &[]).met);
        assert!(
            !check(
                Demand::Cumulative {
                    limit: 500.0,
                    from: 2015
                },
                &[]
            )
            .met
        );
        let gross = [0.0, 1.0, 2.0, 3.0, 5.0, 8.0];
        let verdict = check(
            Demand::Project {
                wanted: 7.0,
                base_year: 2016,
            },
            &gross,
        );
        assert!(verdict.met && (verdict.reached - 7.0).abs() < 1e-12);
    }

    #[test]
    fn a_plan_counts_from_the_end_of_the_one_before() {
        let bases = [2016, 2018, 2020, 2021, 2025, 2026].map(plan_base);
        assert_eq!(bases, [2015, 2015, 2015, 2020, 2020, 2025]);
    }

    #[test]
    fn a_reduction_on_nothing_cannot_be_judged() {
        for wanted in [-0.1, 0.0, 0.1] {
            let demand = Demand::Reduction {
                wanted,
                base_year: 2015,
            };
            for values in [[0.0; 6], [0.0, 0.0, 0.0, 0.0, 0.0, 5.0], [f64::NAN; 6]] {
                assert!(judge(&target(demand), &YEARS, &values, &[]).is_none());
            }
        }
        // What counts from no year can be: nothing is below a cap.
        let cap = judge(&target(Demand::Cap(1.0)), &YEARS, &[0.0; 6], &[]);
        assert!(cap.is_some_and(|verdict| verdict.met));
    }

    #[test]
    fn a_year_outside_the_run_cannot_be_judged() {
        let demand = Demand::Reduction {
            wanted: 0.1,
            base_year: 2013,
        };
        assert!(judge(&target(demand), &YEARS, &VALUES, &[]).is_none());
    }
}
