//! How wrong the model has been, and how wide a band a result deserves for it.
//!
//! Runs of the past are held against what was published ([`Case`]: model less published,
//! a fraction of the base year). Their errors are kept by indicator, book, kind of run
//! and **distance**: the years since the last value that was observed. An unanchored run
//! counts from the base year of the reduction; an anchored one is joined to the published
//! progress of its own place and counts from there.
//!
//! ```text
//! anchored at s     r[t] = 1 − (1 − r_pub[s]) · E[t] / E[s]
//! n ≥ 20            half = |e| at rank ⌈0.9 (n + 1)⌉            split conformal
//! 3 ≤ n < 20        half = t(0.95; n) · √(Σ e² / n) · √(1 + 1/n)  Student's t about 0
//! band              reached ± half
//! ```
//!
//! The band covers 90 % of cases like those it was made from: no correction for bias is
//! made, so that a model that is always too good has a wide band, not a shifted result.
//! With distance the half-width never falls; beyond the longest distance on record it
//! grows in proportion. Sweeps draw from the same errors: [`crate::discrepancy`].

pub use crate::catalogue::RunKind;
use crate::catalogue::{Book, Catalogue, Indicator, ModelError};
use crate::dims::{IndicatorId, RegionId};
use crate::plan::Plan;
use crate::scenario::Scenario;
use crate::student::two_sided;
use crate::target::{Demand, Target, Verdict, is_met};
use std::collections::BTreeMap;

/// Which errors are alike.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Alike {
    /// The kind of run.
    pub kind: RunKind,
    /// The indicator, without its book.
    pub indicator: String,
    /// The book.
    pub book: Book,
    /// Whether it was joined to published progress.
    pub anchored: bool,
    /// Years since the base year, or since the year it was joined to.
    pub distance: i32,
}

/// One run held against one published number.
#[derive(Clone, Debug)]
pub struct Case {
    /// What it is like.
    pub alike: Alike,
    /// Where it was.
    pub region: RegionId,
    /// The base year of the reduction.
    pub base_year: i32,
    /// The year that its distance counts from.
    pub from: i32,
    /// The year that it speaks of.
    pub year: i32,
    /// Model less published (fraction).
    pub error: f64,
}

/// How a half-width was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// The rank of an error among many.
    Conformal,
    /// Student's t on few.
    StudentT,
}

impl Method {
    /// The id in files.
    pub fn id(self) -> &'static str {
        match self {
            Method::Conformal => "conformal",
            Method::StudentT => "student-t",
        }
    }
}

/// The errors of alike cases.
#[derive(Clone, Debug)]
pub struct Summary {
    /// What they are like.
    pub alike: Alike,
    /// How many there are.
    pub cases: usize,
    /// Their mean (fraction): above 0 where the model is too good.
    pub mean: f64,
    /// Half the width of the band that covers 90 % (fraction).
    pub half90: f64,
    /// How that was found.
    pub method: Method,
    /// The part of cases within the band made without their own region (fraction);
    /// `None` where the others are too few.
    pub covered: Option<f64>,
}

/// Fewer cases than this say nothing.
pub const FEWEST: usize = 3;
/// From so many on the rank of an error is taken.
pub const MANY: usize = 20;
/// Cases, alike ones together in the order given; what has fewer than three is left out.
pub fn groups(cases: &[Case]) -> BTreeMap<&Alike, Vec<&Case>> {
    let mut groups: BTreeMap<&Alike, Vec<&Case>> = BTreeMap::new();
    for case in cases {
        groups.entry(&case.alike).or_default().push(case);
    }
    groups.retain(|_, own| own.len() >= FEWEST);
    groups
}

/// The errors of cases, alike ones together; what has fewer than three cases is left out.
pub fn summaries(cases: &[Case]) -> Vec<Summary> {
    groups(cases)
        .into_iter()
        .map(|(alike, own)| {
            let errors: Vec<f64> = own.iter().map(|case| case.error).collect();
            Summary {
                alike: alike.clone(),
                cases: errors.len(),
                mean: errors.iter().sum::<f64>() / errors.len() as f64,
                half90: half(&errors, 0.9),
                method: if errors.len() >= MANY {
                    Method::Conformal
                } else {
                    Method::StudentT
                },
                covered: covered(&own, 0.9),
            }
        })
        .collect()
}

/// Half the width of the band around 0 that covers `level` (below 1) of cases like those
/// of `errors` (fraction): by rank of many, by Student's t of few.
pub fn half(errors: &[f64], level: f64) -> f64 {
    let n = errors.len();
    let count = n as f64;
    if n >= MANY {
        let mut sizes: Vec<f64> = errors.iter().map(|error| error.abs()).collect();
        sizes.sort_by(f64::total_cmp);
        let rank = (level * (count + 1.0) - 1e-9).ceil() as usize;
        return sizes[rank.clamp(1, n) - 1];
    }
    let squares: f64 = errors.iter().map(|error| error * error).sum();
    two_sided(level, n) * (squares / count).sqrt() * (1.0 + 1.0 / count).sqrt()
}

/// The part of alike cases within the bands for `level` that are made without their own
/// region; `None` where the others are too few.
pub fn covered(cases: &[&Case], level: f64) -> Option<f64> {
    let inside = |case: &&&Case| -> Option<bool> {
        let others = cases.iter().filter(|other| other.region != case.region);
        let others: Vec<f64> = others.map(|other| other.error).collect();
        (others.len() >= FEWEST).then(|| case.error.abs() <= half(&others, level))
    };
    let inside: Option<Vec<bool>> = cases.iter().map(|case| inside(&case)).collect();
    let inside = inside.filter(|inside| !inside.is_empty())?;
    let count = inside.iter().filter(|inside| **inside).count();
    Some(count as f64 / inside.len() as f64)
}

/// The band of a result.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Band {
    /// Its ends, in the terms of the verdict's `reached`.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// The cases behind it.
    pub cases: usize,
    /// Years from the base year or the last observed one.
    pub distance: i32,
    /// Whether the run is joined to observed progress.
    pub anchored: bool,
}

/// What a verdict comes to with the model's error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grade {
    /// Met, whatever the model's usual error.
    Met,
    /// Met, but within the model's error.
    MetWithinError,
    /// Missed.
    Missed,
}

impl Grade {
    /// The id in files.
    pub fn id(self) -> &'static str {
        match self {
            Grade::Met => "met",
            Grade::MetWithinError => "met-within-error",
            Grade::Missed => "missed",
        }
    }
}

/// The book under which the errors of an indicator are kept: one account in both books
/// has one error, and so has what is kept in one book alone, whatever was told.
pub fn book_of(catalogue: &Catalogue, indicator: &Indicator, told: Book) -> Book {
    if indicator.both {
        Book::Accounted
    } else if catalogue.indicator_in(&indicator.base, told).is_some() {
        told
    } else {
        Book::Physical
    }
}

/// What is known of the errors at a distance.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// Half the width of the band that covers 90 % (fraction).
    pub half: f64,
    /// The errors that it was made from: those of the nearest distance at or beyond.
    pub errors: &'a ModelError,
    /// Years from the base year or the last observed one.
    pub distance: i32,
    /// Whether the run is joined to observed progress.
    pub anchored: bool,
}

/// How wrong the model may be about what a target reaches; `None` where no run of the
/// past says: shares, sums, floors, projects, and indicators without published progress.
///
/// A cap is on the amount: its error is that of the reduction on the scenario's base year.
pub fn of_target<'a>(
    catalogue: &'a Catalogue,
    (scenario, plan): (&Scenario, &Plan),
    target: &Target,
) -> Option<Known<'a>> {
    let indicator = &catalogue.indicators[target.indicator.at()];
    let base_year = match target.demand {
        Demand::Reduction { base_year, .. } => base_year,
        Demand::Cap(_) if !indicator.kind.is_share() => scenario.base_year,
        _ => return None,
    };
    let book = book_of(catalogue, indicator, target.book);
    of_year(
        (catalogue, plan),
        (target.indicator, book),
        (base_year, target.year),
    )
}

/// How wrong the model may be about the change of an indicator from `base_year` to `year`.
pub fn of_year<'a>(
    (catalogue, plan): (&'a Catalogue, &Plan),
    (id, book): (IndicatorId, Book),
    (base_year, year): (i32, i32),
) -> Option<Known<'a>> {
    let account = plan.account(catalogue.account_of(id))?;
    let seen = plan.observed_until[account].filter(|seen| *seen >= base_year);
    let anchored = seen.is_some_and(|seen| seen <= year);
    let from = seen.filter(|_| anchored).unwrap_or(base_year);
    let indicator = &catalogue.indicators[id.at()].base;
    known(catalogue, indicator, book, (anchored, year - from))
}

/// The 90 % band of what a target reaches; `None` where no run of the past says how wrong
/// the model is ([`of_target`]).
pub fn band(
    catalogue: &Catalogue,
    (scenario, plan): (&Scenario, &Plan),
    target: &Target,
    (verdict, values): (&Verdict, &[f64]),
) -> Option<Band> {
    let known = of_target(catalogue, (scenario, plan), target)?;
    let scale = match target.demand {
        Demand::Cap(_) => values[0],
        _ => 1.0,
    };
    let half = known.half * scale;
    Some(Band {
        low: verdict.reached - half,
        high: verdict.reached + half,
        cases: known.errors.cases,
        distance: known.distance,
        anchored: known.anchored,
    })
}

/// Half the width that a reduction would have if the run were joined to the published
/// progress of the year before its target (fraction).
pub fn joined(catalogue: &Catalogue, target: &Target) -> Option<f64> {
    let indicator = &catalogue.indicators[target.indicator.at()];
    let reduction = matches!(target.demand, Demand::Reduction { .. });
    let book = book_of(catalogue, indicator, target.book);
    let found = width(catalogue, &indicator.base, book, (true, 1));
    found.filter(|_| reduction).map(|(half, _)| half)
}

/// Half the width for a distance (fraction), and the cases behind it.
pub fn width(
    catalogue: &Catalogue,
    indicator: &str,
    book: Book,
    reach: (bool, i32),
) -> Option<(f64, usize)> {
    let found = known(catalogue, indicator, book, reach)?;
    Some((found.half, found.errors.cases))
}

/// What is known of the errors of plans at a distance, joined to observed progress or not.
pub fn known<'a>(
    catalogue: &'a Catalogue,
    indicator: &str,
    book: Book,
    (anchored, distance): (bool, i32),
) -> Option<Known<'a>> {
    let alike = |e: &&ModelError| {
        e.kind == RunKind::Plan
            && e.indicator == indicator
            && e.book == book
            && e.anchored == anchored
    };
    let mut known: Vec<&ModelError> = catalogue.model_errors.iter().filter(alike).collect();
    known.sort_by_key(|e| e.distance);
    let found = |half: f64, errors| Known {
        half,
        errors,
        distance,
        anchored,
    };
    if distance <= 0 && anchored {
        // It is the observed year itself.
        return known.first().map(|errors| found(0.0, *errors));
    }
    let beyond = known.partition_point(|e| e.distance < distance);
    let at = known.get(beyond).or(known.last())?;
    let reach = &known[..=beyond.min(known.len() - 1)];
    // An error does not shrink with distance, whatever few cases say.
    let half = reach.iter().map(|e| e.half90.value).fold(0.0, f64::max);
    let further = f64::from(distance.max(1)) / f64::from(at.distance);
    Some(found(half * further.max(1.0), *at))
}

/// The grade of a verdict with its band.
pub fn grade(demand: Demand, verdict: &Verdict, band: Option<&Band>) -> Grade {
    if !verdict.met {
        return Grade::Missed;
    }
    let Some(band) = band else {
        return Grade::Met;
    };
    let worst = match demand {
        Demand::Cap(_) | Demand::Cumulative { .. } => verdict.required - band.high,
        _ => band.low - verdict.required,
    };
    if is_met(worst, verdict.required) {
        Grade::Met
    } else {
        Grade::MetWithinError
    }
}

#[cfg(test)]
mod tests {
    use super::{Alike, Case, Method, RunKind, half, summaries};
    use crate::catalogue::Book;
    use crate::dims::RegionId;

    fn cases(errors: &[f64]) -> Vec<Case> {
        let alike = Alike {
            kind: RunKind::Plan,
            indicator: "SO2".to_string(),
            book: Book::Accounted,
            anchored: false,
            distance: 4,
        };
        let case = |error: &f64| Case {
            alike: alike.clone(),
            region: RegionId(0),
            base_year: 2015,
            from: 2015,
            year: 2019,
            error: *error,
        };
        errors.iter().map(case).collect()
    }

    #[test]
    fn many_cases_are_ranked_and_few_are_students() {
        // 19 of 20: ⌈0.9 · 21⌉ = 19.
        let many: Vec<f64> = (1..=20)
            .map(|i| f64::from(i) * if i % 2 == 0 { -0.01 } else { 0.01 })
            .collect();
        let found = &summaries(&cases(&many))[0];
        assert_eq!((found.cases, found.method), (20, Method::Conformal));
        assert!((found.half90 - 0.19).abs() < 1e-12);
        assert!((found.mean + 0.005).abs() < 1e-12);
        // Three errors of 0.03: t(0.95; 3) = 2.35336 (tables), root mean square 0.03, √(4/3).
        let few = &summaries(&cases(&[0.03, -0.03, 0.03]))[0];
        assert_eq!(few.method, Method::StudentT);
        assert!((few.half90 / (2.35336 * 0.03 * (4.0_f64 / 3.0).sqrt()) - 1.0).abs() < 3e-6);
        assert!(summaries(&cases(&[0.1, 0.2])).is_empty(), "two say nothing");
    }

    /// Ranks of twenty: ⌈0.5·21⌉ = 11, ⌈0.8·21⌉ = 17, ⌈0.9·21⌉ = 19. Students of three:
    /// t(0.95; 3) · 0.03 · √(4/3).
    #[test]
    fn bands_of_any_level() {
        let many: Vec<f64> = (1..=20).map(|i| f64::from(i) * -0.01).collect();
        for (level, size) in [(0.5, 0.11), (0.8, 0.17), (0.9, 0.19), (0.99, 0.2)] {
            assert!((half(&many, level) - size).abs() < 1e-12, "{level}");
        }
        let few = half(&[0.03, -0.03, 0.03], 0.9);
        assert!((few / (2.3534 * 0.03 * (4.0_f64 / 3.0).sqrt()) - 1.0).abs() < 2e-5);
    }
}
