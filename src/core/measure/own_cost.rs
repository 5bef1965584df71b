//! What a measure says that it costs itself, in the place of the figures of the
//! technologies that it moves.
//!
//! ```text
//! ΔC[m,t] = (y · n_y[t] + I · n_I[t] · CRF(r, life)) · P[p] / P[price year stated]
//! ```
//!
//! with y yuan a year and I yuan of capital for each of *n*, which is 1 · w[t] for a cost
//! of the whole measure, its own extent · w[t] for a cost by the unit of its extent, and
//! D[v,t] · a[m,v,t] for a cost by the unit of the service that it moves; w is the
//! timetable, r the parameter `discount-rate`, P the price index ([`crate::price`]).

use crate::dims::ServiceId;

/// Of what a stated cost is.
#[derive(Clone, Debug, PartialEq)]
pub enum Per {
    /// Of the whole measure, once it is fully in force.
    Whole,
    /// Of one base unit of its extent, by the key of the field.
    Extent(&'static str),
    /// Of one unit of the services in which it fits; second, how many of the stated units
    /// are one unit of the service.
    Service(Vec<(ServiceId, f64)>),
}

/// An amount of money for each of something.
#[derive(Clone, Debug, PartialEq)]
pub struct Rate {
    /// Yuan for one.
    pub value: f64,
    /// Of what.
    pub per: Per,
}

/// The cost that a measure states.
#[derive(Clone, Debug, PartialEq)]
pub struct OwnCost {
    /// Yuan a year; less than zero where it saves.
    pub yearly: Option<Rate>,
    /// Yuan of capital, spread over `life`.
    pub capital: Option<Rate>,
    /// Years that the capital lasts; stated wherever there is capital.
    pub life: f64,
    /// The year of its prices; that of the run if `None`.
    pub price_year: Option<i32>,
    /// Where it stands: file and line.
    pub place: String,
}
