//! How a measure comes into force over the years.
//!
//! A level in a year is the **mean** of the year for what emits through the year; what
//! stands at the **end** of a year is another number. The record counts capacity at the
//! end of years, plans say what is to be done by the end of one. [`Ramp::Mean`] makes
//! the one from the other, here and nowhere else:
//!
//! ```text
//! w[t] = (W[t−1] + W[t]) / 2        W the part in force at the end of a year
//! ```
//!
//! Work done evenly over a year counts half in it and all of it in the next.
//!
//! Official accounting credits less of it: a project counts from the second month after
//! stable operation, what is left of its first year counts in the next. Where the work is
//! spread over the months of the year, the accounted book has ([`crate::accounting`])
//!
//! ```text
//! w'[t] = W[t−1] + c · (W[t] − W[t−1])    c = Σ_n part(n + lag) / 12 = 11/24
//! ```
//!
//! A timetable of means says what counts in a year by itself, in both books.

/// The timetable of a measure: w[t] ∈ [0, 1], the part of it in force in year t.
#[derive(Clone, Debug, PartialEq)]
pub enum Ramp {
    /// Equal steps: 1/n in the first year, all of it in the last.
    Linear {
        /// The first year with an effect.
        start: i32,
        /// The first year fully in force.
        end: i32,
    },
    /// Slow, fast, slow: a logistic curve of steepness 10 over the same span,
    /// scaled to run from 0 to 1.
    SCurve {
        /// The first year with an effect.
        start: i32,
        /// The first year fully in force.
        end: i32,
    },
    /// Nothing before the year, all of it from then on.
    Step {
        /// The first year in force.
        year: i32,
    },
    /// Straight lines between given years; 0 before the first, constant after the last.
    Points(Vec<(i32, f64)>),
    /// The mean of each year, where the timetable says what stands at the end of years.
    Mean(Box<Ramp>),
}

impl Ramp {
    /// w[t]: the part in force in `year`.
    pub fn at(&self, year: i32) -> f64 {
        self.with(year, 0.5)
    }

    /// w'[t]: the part that official accounting credits in `year`, which credits `first` of
    /// the work of a year in that year and all of it in the next.
    pub fn credited(&self, year: i32, first: f64) -> f64 {
        self.with(year, first)
    }

    /// The part in `year` where work counts with `first` in its own year.
    fn with(&self, year: i32, first: f64) -> f64 {
        match self {
            Ramp::Linear { start, end } => progress(*start, *end, year),
            Ramp::SCurve { start, end } => {
                let logistic = |u: f64| 1.0 / (1.0 + libm::exp(-10.0 * (u - 0.5)));
                let u = progress(*start, *end, year);
                (logistic(u) - logistic(0.0)) / (logistic(1.0) - logistic(0.0))
            }
            Ramp::Step { year: from } => f64::from(u8::from(year >= *from)),
            Ramp::Points(points) => between(points, year),
            Ramp::Mean(ends) => {
                let (before, after) = (ends.at(year - 1), ends.at(year));
                before + first * (after - before)
            }
        }
    }

    /// The first year with an effect (or the first point).
    pub fn start(&self) -> Option<i32> {
        match self {
            Ramp::Linear { start, .. } | Ramp::SCurve { start, .. } => Some(*start),
            Ramp::Step { year } => Some(*year),
            Ramp::Points(points) => points.first().map(|(year, _)| *year),
            Ramp::Mean(ends) => ends.start(),
        }
    }

    /// The year by which the measure is fully in force (or at its last point): in it,
    /// or at the end of it.
    pub fn end(&self) -> i32 {
        match self {
            Ramp::Linear { end, .. } | Ramp::SCurve { end, .. } => *end,
            Ramp::Step { year } => *year,
            Ramp::Points(points) => points.last().map_or(i32::MAX, |(year, _)| *year),
            Ramp::Mean(ends) => ends.end(),
        }
    }

    /// Whether it is made of parts that the scenario states year by year.
    pub fn is_stated(&self) -> bool {
        match self {
            Ramp::Points(_) => true,
            Ramp::Mean(ends) => ends.is_stated(),
            _ => false,
        }
    }

    /// The index in `years` of the year from which it is fully in force; the last
    /// year where that comes later.
    pub fn end_in(&self, years: &[i32]) -> usize {
        let found = years.iter().position(|year| *year >= self.end());
        found.unwrap_or(years.len() - 1)
    }
}

/// (t − start + 1) / (end − start + 1), held within [0, 1].
fn progress(start: i32, end: i32, year: i32) -> f64 {
    let span = f64::from((end - start + 1).max(1));
    (f64::from(year - start + 1) / span).clamp(0.0, 1.0)
}

/// Linear interpolation between points that are sorted by year.
fn between(points: &[(i32, f64)], year: i32) -> f64 {
    let after = points.partition_point(|(y, _)| *y <= year);
    match (after.checked_sub(1).map(|i| points[i]), points.get(after)) {
        (None, _) => 0.0,
        (Some((_, value)), None) => value,
        (Some((y0, v0)), Some((y1, v1))) => {
            v0 + (v1 - v0) * f64::from(year - y0) / f64::from(y1 - y0)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Ramp;
    use crate::accounting::first_year_credit;

    #[test]
    fn every_ramp_runs_from_nothing_to_all() {
        for ramp in [
            Ramp::Linear {
                start: 2016,
                end: 2020,
            },
            Ramp::SCurve {
                start: 2016,
                end: 2020,
            },
            Ramp::Step { year: 2018 },
            Ramp::Points(vec![(2016, 0.2), (2020, 1.0)]),
        ] {
            assert!(ramp.at(2015).abs() < 1e-12);
            assert!((ramp.at(2020) - 1.0).abs() < 1e-12 && (ramp.at(2030) - 1.0).abs() < 1e-12);
            let steps: Vec<f64> = (2015..=2021).map(|year| ramp.at(year)).collect();
            assert!(steps.is_sorted(), "{ramp:?}: {steps:?}");
        }
        assert!(
            (Ramp::Linear {
                start: 2016,
                end: 2020
            }
            .at(2016)
                - 0.2)
                .abs()
                < 1e-12
        );
        assert!((Ramp::Points(vec![(2016, 0.2), (2020, 1.0)]).at(2018) - 0.6).abs() < 1e-12);
    }

    #[test]
    fn what_stands_at_the_ends_of_years_counts_in_the_mean() {
        // Ultra-low coal power at the ends of 2015 to 2019, as parts of the rise.
        let ends = Ramp::Points(vec![(2016, 0.45), (2017, 0.79), (2018, 0.92), (2019, 1.0)]);
        let mean = Ramp::Mean(Box::new(ends));
        let found = [2015, 2016, 2017, 2018, 2019, 2020, 2021].map(|year| mean.at(year));
        for (found, by_hand) in found.iter().zip([0.0, 0.225, 0.62, 0.855, 0.96, 1.0, 1.0]) {
            assert!((found - by_hand).abs() < 1e-12, "{found} {by_hand}");
        }
        assert_eq!((mean.start(), mean.end()), (Some(2016), 2019));
        // Of the work of 2017 and 2018 eleven months of 24 are credited in the year itself:
        // 0.45 + 11/24 · 0.34, 0.79 + 11/24 · 0.13; what is done is credited in full.
        let first = first_year_credit(1);
        for (year, by_hand) in [
            (2015, 0.0),
            (2016, 0.20625),
            (2017, 0.605_833_333),
            (2018, 0.849_583_333),
            (2020, 1.0),
        ] {
            assert!(
                (mean.credited(year, first) - by_hand).abs() < 1e-9,
                "{year}"
            );
        }
        // A mean is what counts.
        let stated = Ramp::Points(vec![(2016, 0.2), (2020, 1.0)]);
        assert!((stated.credited(2018, first) - 0.6).abs() < 1e-12);
        // Done by the end of 2018, in force through 2019.
        let step = Ramp::Mean(Box::new(Ramp::Step { year: 2018 }));
        let found = [2017, 2018, 2019].map(|year| step.at(year));
        assert!(
            found
                .iter()
                .zip([0.0, 0.5, 1.0])
                .all(|(a, b)| (a - b).abs() < 1e-15)
        );
    }
}
