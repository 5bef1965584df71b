//! Measures whose timetable or mix of substitutes varies from draw to draw.
//!
//! A year is one of a few, so a timetable is a choice between compiled cases, each
//! with its switch. A mix is linear: with g the part of one substitute and the others
//! sharing the rest as stated, what the measure does is
//!
//! ```text
//! term(g) = term(0) + g · (term(1) − term(0))
//! ```
//!
//! so both keep the draw a sum of products of its inputs.

use super::cut;
use super::error::PlanError;
use super::lay_out::lay_out;
use crate::batch::{Switch, VariantCase, Variants};
use crate::catalogue::Catalogue;
use crate::dims::{RegionId, TechnologyId};
use crate::measure::ramp::Ramp;
use crate::measure::{Measure, Policy, Value};
use crate::plan::{Plan, Term};
use crate::scenario::Scenario;

/// A sampled year of a timetable: the input that holds it, and the years it can be.
#[derive(Clone, Debug, PartialEq)]
pub struct Timing {
    /// The input.
    pub input: usize,
    /// The years.
    pub years: Vec<i32>,
}

/// What is sampled of a measure beside its level.
#[derive(Clone, Debug, PartialEq)]
pub struct VariantSpec {
    /// The measure's index.
    pub measure: usize,
    /// Its start.
    pub start: Option<Timing>,
    /// Its end.
    pub end: Option<Timing>,
    /// The input that holds the part of a substitute, and the substitute's alias.
    pub mix: Option<(usize, String)>,
}

/// Why a measure's timetable or mix cannot be sampled.
#[derive(Clone, Debug)]
pub enum VariantError {
    /// Current policy: other measures are laid out against it.
    Current,
    /// The scenario caps coal; the cap is laid out after all other measures.
    CoalCap,
    /// The timetable has no such year (points), or is a single step.
    NoTimetable,
    /// Some start lies after some end.
    StartAfterEnd(i32, i32),
    /// The mix has no such substitute, or only one.
    NoSubstitute(Vec<String>),
    /// A case cannot be compiled.
    Case(Box<PlanError>),
}

/// The field of a measure that holds its substitutes.
const MIX: &str = "to";

/// Compiles every case of a measure.
///
/// # Errors
/// The first thing that keeps it from being sampled so.
pub fn variants(
    catalogue: &Catalogue,
    scenario: &Scenario,
    spec: &VariantSpec,
) -> Result<Variants, VariantError> {
    let measure = &scenario.measures[spec.measure];
    if measure.policy == Policy::Current {
        return Err(VariantError::Current);
    }
    if scenario.measures.iter().any(|m| m.kind.is_cap()) {
        return Err(VariantError::CoalCap);
    }
    let ends = mixes(measure, spec)?;
    let mut cases = Vec::new();
    for (when, ramp) in ramps(&measure.ramp, spec)? {
        let case = |mix: Option<&Vec<(String, f64)>>| {
            let mut changed = scenario.clone();
            let own = &mut changed.measures[spec.measure];
            own.ramp = ramp.clone();
            if let Some(mix) = mix {
                own.values.insert(MIX, Value::Mix(mix.clone()));
            }
            let plan = lay_out(catalogue, &changed)
                .map(cut::to_base)
                .map_err(|errors| {
                    let first = errors.into_iter().next();
                    VariantError::Case(Box::new(first.unwrap_or(PlanError::CircularLinks)))
                })?;
            Ok::<_, VariantError>(Parts::of(&plan, spec.measure))
        };
        match &ends {
            None => cases.push(case(None)?.into_case(when, None)),
            Some((input, without, with)) => {
                let (from, to) = (case(Some(without))?, case(Some(with))?);
                let slope = to.minus(&from);
                cases.push(from.into_case(when.clone(), None));
                cases.push(slope.into_case(when, Some(*input)));
            }
        }
    }
    Ok(Variants {
        measure: spec.measure,
        cases,
    })
}

/// Every combination of sampled years with its switches.
fn ramps(ramp: &Ramp, spec: &VariantSpec) -> Result<Vec<(Vec<Switch>, Ramp)>, VariantError> {
    let (from, to) = match ramp {
        _ if spec.start.is_none() && spec.end.is_none() => {
            return Ok(vec![(Vec::new(), ramp.clone())]);
        }
        Ramp::Linear { start, end } | Ramp::SCurve { start, end } => (*start, *end),
        Ramp::Mean(ends) => {
            let cases = ramps(ends, spec)?.into_iter();
            let mean = |(when, ends)| (when, Ramp::Mean(Box::new(ends)));
            return Ok(cases.map(mean).collect());
        }
        Ramp::Step { .. } | Ramp::Points(_) => return Err(VariantError::NoTimetable),
    };
    let choices = |timing: &Option<Timing>, stated: i32| match timing {
        None => vec![(None, stated)],
        Some(timing) => {
            let mut years = timing.years.clone();
            years.sort_unstable();
            years.dedup();
            let switch = |year: &i32| Switch {
                input: timing.input,
                equals: f64::from(*year),
            };
            years
                .iter()
                .map(|year| (Some(switch(year)), *year))
                .collect()
        }
    };
    let mut found = Vec::new();
    for (first, start) in choices(&spec.start, from) {
        for (second, end) in choices(&spec.end, to) {
            if start > end {
                return Err(VariantError::StartAfterEnd(start, end));
            }
            let changed = match ramp {
                Ramp::SCurve { .. } => Ramp::SCurve { start, end },
                _ => Ramp::Linear { start, end },
            };
            found.push((first.into_iter().chain(second).collect(), changed));
        }
    }
    Ok(found)
}

type Mix = Vec<(String, f64)>;

/// The input of a sampled mix, and the mix without and with nothing but the substitute.
fn mixes(measure: &Measure, spec: &VariantSpec) -> Result<Option<(usize, Mix, Mix)>, VariantError> {
    let Some((input, alias)) = &spec.mix else {
        return Ok(None);
    };
    let stated = measure.mix(MIX).unwrap_or_default();
    let names = || stated.iter().map(|(name, _)| name.clone()).collect();
    let known = stated.iter().any(|(name, _)| name == alias);
    let others: f64 = stated
        .iter()
        .filter(|(name, _)| name != alias)
        .map(|(_, part)| part)
        .sum();
    if !known || others <= 0.0 {
        return Err(VariantError::NoSubstitute(names()));
    }
    let with = |own: f64| -> Mix {
        let part = |(name, part): &(String, f64)| {
            let share = if name == alias {
                own
            } else {
                (1.0 - own) * part / others
            };
            (name.clone(), share)
        };
        stated.iter().map(part).collect()
    };
    Ok(Some((*input, with(0.0), with(1.0))))
}

/// What one measure does in a plan.
struct Parts {
    terms: Vec<Term>,
    shares: Vec<OfShare>,
    credited: Vec<OfShare>,
}

/// The change of a share by year, in the region or in a zone.
type OfShare = (TechnologyId, Option<RegionId>, Vec<f64>);

impl Parts {
    fn of(plan: &Plan, measure: usize) -> Self {
        let terms = plan.terms.iter().filter(|term| term.measure == measure);
        let rows = plan.shares.iter().chain(&plan.zone_shares);
        let shares = rows.filter_map(|row| {
            let (_, change) = row.changes.iter().find(|(m, _)| *m == measure)?;
            Some((row.technology, row.zone, change.clone()))
        });
        let credited = plan.shares.iter().filter_map(|row| {
            let mut own = row.credited.1.iter();
            let (_, change) = own.find(|(m, _)| *m == measure)?;
            Some((row.technology, row.zone, change.clone()))
        });
        Self {
            terms: terms.cloned().collect(),
            shares: shares.collect(),
            credited: credited.collect(),
        }
    }

    /// This less `other`, term by term and share by share.
    fn minus(&self, other: &Self) -> Self {
        let mut result = Self {
            terms: Vec::new(),
            shares: less(&self.shares, &other.shares),
            credited: less(&self.credited, &other.credited),
        };
        for term in &self.terms {
            let same = other.terms.iter().find(|o| o.service == term.service);
            result.terms.push(Term {
                change: term
                    .change
                    .map(|i, a| a - same.map_or(0.0, |o| o.change[i])),
                ..term.clone()
            });
        }
        for term in &other.terms {
            if !self.terms.iter().any(|own| own.service == term.service) {
                result.terms.push(Term {
                    change: term.change.map(|_, c| -c),
                    ..term.clone()
                });
            }
        }
        result
    }

    fn into_case(self, when: Vec<Switch>, scale: Option<usize>) -> VariantCase {
        VariantCase {
            when,
            scale,
            terms: self.terms,
            shares: self.shares,
            credited: self.credited,
        }
    }
}

/// Changes of shares less others, share by share.
fn less(all: &[OfShare], others: &[OfShare]) -> Vec<OfShare> {
    let key = |share: &OfShare| (share.0, share.1);
    let mut found: Vec<OfShare> = Vec::new();
    for share in all {
        let same = others.iter().find(|other| key(other) == key(share));
        let at = |i: usize| same.map_or(0.0, |other| other.2[i]);
        let change = share.2.iter().enumerate().map(|(i, cell)| cell - at(i));
        found.push((share.0, share.1, change.collect()));
    }
    for share in others {
        if !all.iter().any(|own| key(own) == key(share)) {
            let change = share.2.iter().map(|cell| -cell).collect();
            found.push((share.0, share.1, change));
        }
    }
    found
}
