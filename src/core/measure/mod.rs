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
//! Reading order: this file (a measure, its kind, and the fields of a kind), `context`
//! (what a measure is compiled against), [`traced`] (numbers that remember where they
//! come from), `extent` (how much is moved), [`source`] (from what), `shift` (the
//! result), then the rules by sector (`industry`, `boiler`, `works`, `voc`, `fleet`, `sales`, `ships`, `nonroad`, `water`, `farms`, `general`, `cap`), and
//! [`spec`], the table of all kinds. To add a kind, add a row to that table, with its
//! rule; readers, schema, manual and explanations follow from it.

mod boiler;
mod cap;
pub mod common;
mod context;
mod extent;
mod farms;
mod fleet;
mod general;
mod industry;
mod names;
mod nonroad;
pub mod own_cost;
pub mod ramp;
mod sales;
mod shift;
mod ships;
pub mod source;
pub mod spec;
pub mod traced;
mod voc;
mod water;
mod works;

use crate::dims::RegionId;
use crate::text::Text;
use ramp::Ramp;
use std::collections::BTreeMap;
use traced::{Traced, Use};

pub use cap::{CoalUse, coal_cap};
pub use context::{Context, Room};
pub use shift::{Bent, Compiled, Layout, Outcome, Problem, Shift, Taken, Years};

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
    pub kind: &'static KindSpec,
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
    /// What it says that it costs.
    pub cost: Option<own_cost::OwnCost>,
    /// The region whose record its amount and timetable are, where it says so.
    pub record_of: Option<RegionId>,
    /// Where it is laid down: document and article.
    pub source: Option<String>,
}

impl Measure {
    /// Compiles it, except for a coal cap, which depends on all other measures and
    /// is laid out last (see [`crate::compile`]).
    ///
    /// # Errors
    /// Everything that keeps the measure from being carried out as stated.
    pub fn compile(&self, ctx: &Context<'_>) -> Outcome {
        match self.kind.rule {
            Rule::Shifts(rule) => rule(ctx, self),
            Rule::CoalCap => Ok(Compiled::default()),
        }
    }

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

/// A kind of measure.
#[derive(Clone, Copy, Debug)]
pub struct KindSpec {
    /// The id that `type = "…"` names.
    pub id: &'static str,
    /// Name in Chinese.
    pub zh: &'static str,
    /// Name in English.
    pub en: &'static str,
    /// What it does, in Chinese.
    pub doc_zh: &'static str,
    /// What it does, in English.
    pub doc_en: &'static str,
    /// Its fields.
    pub fields: &'static [Field],
    /// How it becomes shifts.
    pub rule: Rule,
    /// Whether it aims at plant whether it has been retrofitted or not, and so is laid
    /// out after the kinds that retrofit or replace (see [`source`]).
    pub adapts: bool,
    /// The services that it moves, where the kind alone says so; empty where its fields
    /// name them, or where it may be any.
    pub services: &'static [&'static str],
}

impl KindSpec {
    /// Whether it is a cap on coal: laid out last, and no measure that a draw can vary.
    pub fn is_cap(&self) -> bool {
        matches!(self.rule, Rule::CoalCap)
    }
}

/// How a kind of measure becomes shifts.
#[derive(Clone, Copy, Debug)]
pub enum Rule {
    /// From what the measure states and what it is compiled against.
    Shifts(fn(&Context<'_>, &Measure) -> Outcome),
    /// A coal cap, which depends on all other measures and is laid out after them by
    /// [`crate::compile`] with [`coal_cap`].
    CoalCap,
}

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// A share or percentage: `"25 %"`. Base unit: fraction.
    Share,
    /// A growth rate, which may be negative: `"-2 %"`. Base unit: fraction.
    Growth,
    /// A mass: `"300 万t"`. Base unit: t.
    Mass,
    /// Coal as a mass or as energy: `"18000 万t"`, `"13000 万吨标准煤"`. Base unit: tce.
    Coal,
    /// Households: `"100 万户"`.
    Households,
    /// Boiler capacity: `"35 t/h"`. Base unit: t/h.
    SteamCapacity,
    /// Pieces: `"1410 台"`.
    Items,
    /// Electric capacity: `"600 MW"`, `"60 万kW"`. Base unit: MW.
    Power,
    /// Output or capacity of works in a year: `"1400 万吨"`, `"1400 万吨/年"`. Base unit: t.
    Output,
    /// Capacity of the plant of a sector, in the unit of the sector that the measure names
    /// ([`Field::within`]).
    Plant,
    /// Floor area: `"800 万平方米"`. Base unit: m2.
    Area,
    /// Electricity: `"120 亿kWh"`. Base unit: kWh.
    Electricity,
    /// Hours a year: `"4000 h"`. Base unit: h.
    Hours,
    /// Vehicles: `"5 万辆"`.
    Vehicles,
    /// Persons: `"100 万人"`.
    Persons,
    /// A flow: `"50 万m3/d"`. Base unit: m3/d.
    Flow,
    /// Freight work: `"5000 万t km"`. Base unit: t·km.
    FreightWork,
    /// Animals: `"200 万头"`.
    Heads,
    /// A calendar year: `2017`.
    Year,
    /// One of the given words.
    Word(&'static [&'static str]),
    /// Service ids.
    Services,
    /// One service id.
    Service,
    /// Technology aliases of the service.
    Technologies,
    /// Shares by technology alias, summing to 100 %: `{ gas = "60 %", district = "40 %" }`.
    Mix,
}

impl FieldKind {
    /// The unit in which the model takes a quantity, as it is written in files; `None`
    /// for shares, coal (tce from t or tce) and what is no quantity.
    pub fn base_unit(self) -> Option<&'static str> {
        Some(match self {
            Self::Mass | Self::Output => "t",
            Self::Area => "m2",
            Self::Households => "households",
            Self::SteamCapacity => "t/h",
            Self::Items => "台",
            Self::Power => "MW",
            Self::Electricity => "kWh",
            Self::Hours => "h",
            Self::Vehicles => "vehicles",
            Self::Persons => "persons",
            Self::Flow => "m3/d",
            Self::FreightWork => "t km",
            Self::Heads => "头",
            _ => return None,
        })
    }

    /// What a value looks like in a file; a quantity without its quotes.
    pub const fn example(self) -> &'static str {
        match self {
            Self::Mass => "300 万t",
            Self::Output => "1400 万吨",
            Self::Area => "800 万平方米",
            Self::Coal => "18000 万t",
            Self::Households => "100 万户",
            Self::SteamCapacity => "35 t/h",
            Self::Items => "1410 台",
            Self::Power | Self::Plant => "600 MW",
            Self::Electricity => "120 亿kWh",
            Self::Hours => "4000 h",
            Self::Vehicles => "5 万辆",
            Self::Persons => "100 万人",
            Self::Flow => "50 万m3/d",
            Self::FreightWork => "5000 万t km",
            Self::Heads => "200 万头",
            Self::Year => "2017",
            Self::Word([first, ..]) => first,
            Self::Word([]) => "",
            Self::Service => "\"freight\"",
            Self::Services => "[\"steel\"]",
            Self::Technologies => "[\"1b\"]",
            Self::Mix => "{ gas = \"60 %\", district = \"40 %\" }",
            Self::Share | Self::Growth => "25 %",
        }
    }
}

/// How a field takes part in a measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It must be there.
    Required,
    /// It may be there.
    Optional,
    /// Exactly one of the fields with this role must be there: how much is done.
    Extent,
}

/// One field of a kind.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Its key.
    pub key: &'static str,
    /// What it holds.
    pub kind: FieldKind,
    /// Its role.
    pub role: Role,
    /// What it means, in Chinese.
    pub zh: &'static str,
    /// What it means, in English.
    pub en: &'static str,
    /// What its value looks like in a file; a quantity or word without its quotes.
    pub example: &'static str,
}

impl Field {
    /// The same with an example of its own.
    #[must_use]
    pub const fn such_as(self, example: &'static str) -> Self {
        Self { example, ..self }
    }

    /// The field as the other fields of its measure make it: a capacity of plant is
    /// counted in MW, t/h or t a year, by the sector in `values`. `None` where the sector
    /// is not known, or has no capacity in the model.
    #[must_use]
    pub fn within(self, values: &BTreeMap<&'static str, Value>) -> Option<Self> {
        if self.kind == FieldKind::Mix && values.get("area") == Some(&Value::Word("rural".into())) {
            // Villages have one kind of works.
            let example = r#"{ treated = "100 %" }"#;
            return Some(Self { example, ..self });
        }
        if self.kind != FieldKind::Plant {
            return Some(self);
        }
        let Some(Value::Word(sector)) = values.get("sector") else {
            return None;
        };
        let kind = match sector.as_str() {
            "power" => FieldKind::Power,
            "boilers" => FieldKind::SteamCapacity,
            "steel" | "cement" | "coke" => FieldKind::Output,
            _ => return None,
        };
        let example = kind.example();
        Some(Self {
            kind,
            example,
            ..self
        })
    }

    /// Key and example as they stand in a file: `share = "25 %"`.
    pub fn written(&self) -> String {
        let (key, example) = (self.key, self.example);
        let bare = matches!(
            self.kind,
            FieldKind::Year
                | FieldKind::Service
                | FieldKind::Services
                | FieldKind::Technologies
                | FieldKind::Mix
        );
        if bare {
            format!("{key} = {example}")
        } else {
            format!("{key} = \"{example}\"")
        }
    }
}
