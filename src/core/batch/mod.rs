//! A plan compiled for many draws: what is constant, what is affine in the
//! sampled levels, what moves with growth or factors.
//!
//! # Equations
//!
//! With sampled levels x, factor multipliers f and demand ratios d[g,t] (the
//! demand of group g relative to the plan's own), each cell (account q, year t)
//! is
//!
//! ```text
//! E[q,t] = Σ_j c[q,t,j]·s[j]  +  Σ_g d[g,t] · Σ_j c[q,t,g,j]·s[j]
//! s      = 1, x[m], f[h], f[h]·x[m]                            (the terms)
//! d[g,t] = Π_{τ ≤ t, τ projected} (1 + ε·(g + δ)) / (1 + ε₀·g)
//! ```
//!
//! Measures that are not sampled, services whose growth is not sampled and the
//! join to observed years are folded into the coefficients when compiling.
//!
//! Draws are evaluated in blocks with the draw index innermost. Every product and
//! sum is a fused multiply-add in a fixed order, so the bits of a draw depend
//! neither on its place in a block, nor on threads, nor on the vector width.

mod compile;
mod evaluate;
mod indicators;

pub use compile::compile;
pub use evaluate::Scratch;
pub use indicators::Place;

use crate::catalogue::Account;
use crate::dims::{DriverId, ServiceId, TechnologyId};

/// Something that varies from draw to draw.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// The level x of a measure (1 = as stated), by its subscript in the plan.
    Level(usize),
    /// Added to the yearly growth of a driver after its last recorded year (fraction).
    Growth(DriverId),
    /// The elasticity ε of a service, in place of the plan's.
    Elasticity(ServiceId),
    /// A multiplier of emission factors, by its subscript among the factor groups.
    Factor(usize),
    /// Nothing in the model: a target's own level, say.
    Outside,
}

/// Factors that one multiplier scales.
#[derive(Clone, Debug, PartialEq)]
pub struct FactorGroup {
    /// The technologies.
    pub technologies: Vec<TechnologyId>,
    /// The accounts.
    pub accounts: Vec<Account>,
}

/// A product of sampled quantities that does not depend on the year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Monomial {
    /// The input that holds a level, if any.
    pub level: Option<usize>,
    /// The input that holds a factor multiplier, if any.
    pub factor: Option<usize>,
}

/// Part of a row: `Σ_j coefficient[j]·monomial[j]`, times a demand ratio where
/// it has a group.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Segment {
    /// The demand group, or `None` for what does not move with sampled growth.
    pub group: Option<usize>,
    /// Its first entry.
    pub start: usize,
    /// One past its last entry.
    pub end: usize,
}

/// A cell that is evaluated: its constant and its segments.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The part that no input touches.
    pub constant: f64,
    /// Its segments, as a range of [`Batch::segments`].
    pub segments: (usize, usize),
}

/// Services that share a sampled driver and an elasticity.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// The input that shifts the growth of the driver, if any.
    pub growth: Option<usize>,
    /// The input that holds the elasticity, if any.
    pub elasticity_input: Option<usize>,
    /// The plan's elasticity.
    pub elasticity: f64,
    /// The plan's growth by year.
    pub path: Vec<f64>,
    /// The first subscript of a year to which a growth shift applies.
    pub projected_from: usize,
}

/// A share that the sampled levels might push below zero.
#[derive(Clone, Debug, PartialEq)]
pub struct ShareCell {
    /// The technology.
    pub technology: TechnologyId,
    /// The year's subscript.
    pub year: usize,
    /// The share with unsampled measures at their stated levels.
    pub constant: f64,
    /// Input and change of the share per unit of level.
    pub changes: Vec<(usize, f64)>,
}

/// A plan compiled for many draws.
#[derive(Clone, Debug)]
pub struct Batch {
    /// What the columns of a block of draws mean.
    pub inputs: Vec<Input>,
    /// Accounts evaluated; rows are accounts × years.
    pub accounts: Vec<Account>,
    /// The number of years.
    pub span: usize,
    /// The terms s; term 0 of a row's segments is never the constant 1.
    pub monomials: Vec<Monomial>,
    /// Demand groups.
    pub groups: Vec<Group>,
    /// The group of the driver `gdp`, if its growth is sampled.
    pub gdp_group: Option<usize>,
    /// The plan's GDP index.
    pub gdp: Vec<f64>,
    /// The group and the plan's demand of each service (for shares of services).
    pub service_groups: Vec<Option<usize>>,
    /// The plan's demand by service and year.
    pub demand: Vec<Vec<f64>>,
    /// Rows, accounts × years.
    pub rows: Vec<Row>,
    /// Whether a row is evaluated; the others are left as they are.
    pub wanted: Vec<bool>,
    /// Segments of all rows.
    pub segments: Vec<Segment>,
    /// Monomial of each entry.
    pub terms: Vec<u32>,
    /// Coefficient of each entry.
    pub coefficients: Vec<f64>,
    /// Constant of the monomial 1 in a segment with a group.
    pub group_constants: Vec<f64>,
    /// Shares that could fall below zero.
    pub feasibility: Vec<ShareCell>,
}

impl Batch {
    /// The subscript of the first row of `account`.
    pub fn account(&self, account: Account) -> Option<usize> {
        self.accounts
            .iter()
            .position(|a| *a == account)
            .map(|q| q * self.span)
    }

    /// Fused multiply-adds that one draw takes: entries and demand ratios.
    pub fn operations(&self) -> usize {
        let rows = self
            .rows
            .iter()
            .zip(&self.wanted)
            .filter(|(_, wanted)| **wanted);
        let segments = rows.flat_map(|(row, _)| &self.segments[row.segments.0..row.segments.1]);
        segments
            .map(|s| s.end - s.start + usize::from(s.group.is_some()))
            .sum()
    }

    /// Evaluates only the rows that `wanted` names.
    pub fn keep(&mut self, wanted: impl Fn(usize) -> bool) {
        self.wanted = (0..self.rows.len()).map(wanted).collect();
    }
}
