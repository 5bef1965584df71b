//! What a measure becomes: shifts of shares, or what is wrong with it.
//!
//! Data only; the rules of the kinds fill it, and plans and explanations read it.

use super::traced::Traced;
use crate::catalogue::{Account, Book};
use crate::dims::{ServiceId, TechnologyId};
use crate::text::Text;

/// A measure compiled for one service of one region.
#[derive(Clone, Debug, PartialEq)]
pub struct Shift {
    /// The service.
    pub service: ServiceId,
    /// Part of the service moved, by year, at level 1.
    pub amount: Vec<f64>,
    /// The part of it that official accounting credits ([`super::ramp`]).
    pub credited: Vec<f64>,
    /// What is taken, by year; Σ over technologies = 1 in each year.
    pub take: Vec<(TechnologyId, Vec<f64>)>,
    /// What is given, Σ = 1.
    pub give: Vec<(TechnologyId, f64)>,
    /// How it was laid out; `None` for a coal cap, which follows from all the others.
    pub layout: Option<Layout>,
}

impl Shift {
    /// The part of the service moved by year, as `account` counts it.
    pub fn amount_in(&self, account: Account) -> &[f64] {
        match account {
            Account::Pollutant(_, Book::Accounted) => &self.credited,
            _ => &self.amount,
        }
    }

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
    pub taken: Vec<Taken>,
    /// The parts of what is given, in the order of [`Shift::give`].
    pub give: Vec<Traced>,
    /// What is moved in each year, where that is not `part` along the timetable.
    pub years: Option<Years>,
}

/// The part of the service moved by year, of a measure with a course of its own.
#[derive(Clone, Debug, PartialEq)]
pub struct Years {
    /// See [`Shift::amount`].
    pub amount: Vec<Traced>,
    /// See [`Shift::credited`].
    pub credited: Vec<Traced>,
}

/// How the split of one year follows from shares.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Taken {
    /// The index of the year whose reference shares count: the year itself, or the
    /// last of the measure where there is nothing to take in the year itself.
    pub year: usize,
    /// The technologies that lose in proportion to those shares.
    pub pool: Vec<TechnologyId>,
    /// The groups of which other measures leave too little of some technology.
    pub bent: Vec<Bent>,
}

/// A group in which some technologies have less left than their part.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bent {
    /// Those that give all that is left of them; whether the zone sets the limit.
    pub short: Vec<(TechnologyId, bool)>,
    /// Those that give more than their part; whether the zone sets the limit.
    pub spare: Vec<(TechnologyId, bool)>,
    /// Whether all of them together have too little: what then is missing stays with
    /// those that are short of it.
    pub lacks: bool,
}

/// What a measure becomes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Compiled {
    /// Its shifts.
    pub shifts: Vec<Shift>,
    /// What a planner should know: not applicable here, already reached.
    pub notices: Vec<Text>,
}

impl Compiled {
    /// Nothing but a notice.
    pub(super) fn notice(text: Text) -> Self {
        Self {
            shifts: Vec::new(),
            notices: vec![text],
        }
    }

    /// Joins several.
    pub(super) fn join(parts: Vec<Outcome>) -> Outcome {
        let mut all = Compiled::default();
        let mut problems = Vec::new();
        for part in parts {
            match part {
                Ok(part) => {
                    all.shifts.extend(part.shifts);
                    all.notices.extend(part.notices);
                }
                Err(found) => problems.extend(found),
            }
        }
        if problems.is_empty() {
            Ok(all)
        } else {
            Err(problems)
        }
    }
}

/// The result of compiling: shifts, or every problem found.
pub type Outcome = Result<Compiled, Vec<Problem>>;

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
