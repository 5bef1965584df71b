//! Measures: every one of them moves part of a service from some technologies
//! to others, on a timetable.
//!
//! ```text
//! S[v,k,t] = S0[v,k] + Σ_m x[m] · a[m,v,t] · (q[m,k] − u[m,k,t])
//! ```
//!
//! *a* is the part of service *v* that the measure moves by year *t* when carried
//! out as stated, *u* what it takes (Σ u = 1), *q* what it gives (Σ q = 1), *x*
//! the level at which it is carried out. What is taken is split in each year by what
//! current policy leaves of each technology in that year ([`source`]):
//!
//! ```text
//! u[m,k,t] = R[k,t] / Σ_j R[j,t]        R: shares after current policy
//! ```
//!
//! [`spec`] lists the kinds in planners' units, [`compile`] turns each into shifts.

pub mod compile;
pub use industry::coal_cap;
mod fleet;
mod industry;
pub mod ramp;
pub mod source;
pub mod spec;
pub mod traced;
mod water;

use crate::dims::{RegionId, ServiceId, TechnologyId};
use crate::text::Text;
use ramp::Ramp;
use std::collections::BTreeMap;
use traced::{Traced, Use};

/// Shares below zero by no more than this are rounding.
pub const OVER_CLAIM_SLACK: f64 = 1e-9;

/// Whether a measure happens anyway or is what the scenario tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// Policy in force or natural renewal: part of the reference against which
    /// new measures are laid out.
    Current,
    /// What the scenario adds.
    New,
}

/// One value of a measure's field, in base units (t, m3/d, MW, t/h, pieces; fractions).
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A quantity, converted to the base unit of its field.
    Number(f64),
    /// A year.
    Year(i32),
    /// A word from a list.
    Word(String),
    /// Several ids.
    Words(Vec<String>),
    /// Shares by technology alias.
    Mix(Vec<(String, f64)>),
}

/// A measure as a scenario states it, checked for form but not yet against the region.
#[derive(Clone, Debug)]
pub struct Measure {
    /// Its id in the scenario.
    pub id: String,
    /// Its name.
    pub name: Text,
    /// Its kind.
    pub kind: &'static spec::KindSpec,
    /// Current or new policy.
    pub policy: Policy,
    /// The level x at which it is carried out.
    pub level: f64,
    /// Its timetable.
    pub ramp: Ramp,
    /// The part of the region it aims at, if not all.
    pub zone: Option<RegionId>,
    /// The fields of its kind.
    pub values: BTreeMap<&'static str, Value>,
    /// Where it is laid down: document and article.
    pub source: Option<String>,
}

impl Measure {
    /// The number in field `key`.
    pub fn number(&self, key: &str) -> Option<f64> {
        match self.values.get(key) {
            Some(Value::Number(value)) => Some(*value),
            _ => None,
        }
    }

    /// The same, with where it stands.
    pub(crate) fn traced(&self, key: &'static str) -> Option<Traced> {
        self.number(key)
            .map(|value| Traced::of(value, Use::Field(key)))
    }

    /// The year that a reduction stated by the measure counts from unless it says: the
    /// last year, before its own first, that ends a five-year plan.
    pub fn counts_from(&self) -> Option<i32> {
        self.ramp.start().map(crate::target::plan_base)
    }

    /// The word in field `key`.
    pub fn word(&self, key: &str) -> Option<&str> {
        match self.values.get(key) {
            Some(Value::Word(word)) => Some(word),
            _ => None,
        }
    }

    /// The year in field `key`.
    pub fn year(&self, key: &str) -> Option<i32> {
        match self.values.get(key) {
            Some(Value::Year(year)) => Some(*year),
            _ => None,
        }
    }

    /// The mix in field `key`.
    pub fn mix(&self, key: &str) -> Option<&[(String, f64)]> {
        match self.values.get(key) {
            Some(Value::Mix(mix)) => Some(mix),
            _ => None,
        }
    }

    /// The ids in field `key`.
    pub fn words(&self, key: &str) -> Option<&[String]> {
        match self.values.get(key) {
            Some(Value::Words(words)) => Some(words),
            _ => None,
        }
    }
}

/// A measure compiled for one service of one region.
#[derive(Clone, Debug, PartialEq)]
pub struct Shift {
    /// The service.
    pub service: ServiceId,
    /// Part of the service moved, by year, at level 1.
    pub amount: Vec<f64>,
    /// What is taken, by year; Σ over technologies = 1 in each year.
    pub take: Vec<(TechnologyId, Vec<f64>)>,
    /// What is given, Σ = 1.
    pub give: Vec<(TechnologyId, f64)>,
    /// How it was laid out; `None` for a coal cap, which follows from all the others.
    pub layout: Option<Layout>,
}

impl Shift {
    /// The technologies that lose or gain.
    pub fn touched(&self) -> impl Iterator<Item = &TechnologyId> {
        let gaining = self.give.iter().map(|(k, _)| k);
        self.take.iter().map(|(k, _)| k).chain(gaining)
    }
}

/// How a shift follows from what the measure states.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    /// The part of the service moved once the measure is fully in force.
    pub part: Traced,
    /// What says how much is taken from whom, by year.
    pub taken: Vec<source::Taken>,
    /// The parts of what is given, in the order of [`Shift::give`].
    pub give: Vec<Traced>,
}

/// Something that keeps a measure from being carried out as stated.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// The field concerned, dotted for entries of a mix (`to.gas`); empty for the measure itself.
    pub key: String,
    /// What is wrong.
    pub text: Text,
    /// The likely fix.
    pub help: Option<Text>,
}

impl Problem {
    /// A problem with field `key`.
    pub fn new(key: impl Into<String>, text: Text) -> Self {
        Self {
            key: key.into(),
            text,
            help: None,
        }
    }

    /// Adds the likely fix.
    #[must_use]
    pub fn with_help(mut self, help: Text) -> Self {
        self.help = Some(help);
        self
    }
}
