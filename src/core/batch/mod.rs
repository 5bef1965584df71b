//! The kernel: a plan compiled for draws, evaluated in blocks.
//!
//! A single run, a sweep, Monte Carlo, sensitivities and response maps all go
//! through here; no other place computes an emission.
//!
//! # Equations
//!
//! With sampled inputs x, switches 1{x = value} and demand ratios d[g,t] (the demand
//! of group g relative to the plan's own), each cell (account q, year t) is
//!
//! ```text
//! s[j]   = Π x[i], i ∈ monomial j                    level · factor · switch · mix
//! d[g,t] = Π_{τ ≤ t} (1 + ε·(g + δ)) / (1 + ε₀·g)     δ only in projected years
//! E[q,t] = c[q,t] + Σ_j c[q,t,j]·s[j]  +  Σ_g d[g,t] · (c[q,t,g] + Σ_j c[q,t,g,j]·s[j])
//! H[q,t] = ratio[q,t]·E[q,t] + offset[q,t]            where joined to observed years
//! ```
//!
//! Measures that are not sampled and services whose growth is not sampled are
//! folded into the coefficients when compiling.
//!
//! Draws are evaluated in tiles of [`TILE`] with the draw index innermost, several
//! years at once, so that a term is loaded once for all of them. Every product and
//! sum of a cell is a fused multiply-add in a fixed order: the bits of a draw depend
//! neither on its place in a block, nor on threads, nor on the vector width.

mod bundle;
mod compile;
mod evaluate;
mod indicators;
mod tile;

pub use compile::{Costs, Sampling, Split, compile};
pub use evaluate::{Block, Scratch};
pub use indicators::Place;

use crate::catalogue::Account;
use crate::dims::{DriverId, RegionId, ServiceId, TechnologyId};
use crate::plan::Term;
use bundle::Bundle;

/// Draws that are evaluated together.
pub const TILE: usize = 64;

/// Something that varies from draw to draw.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// The level x of a measure (1 = as stated), by its subscript in the plan.
    Level(usize),
    /// The year in which a measure starts; a switch of its [`Variants`].
    Start(usize),
    /// The year in which a measure is fully in force; a switch of its [`Variants`].
    End(usize),
    /// The part of one substitute in what a measure gives (fraction), the others
    /// sharing the rest as stated; a scale of its [`Variants`].
    Mix(usize),
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

/// A condition on a draw: 1 where the input equals the value, else 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Switch {
    /// The input.
    pub input: usize,
    /// The value.
    pub equals: f64,
}

/// What a measure does under some conditions, times a scale.
#[derive(Clone, Debug)]
pub struct VariantCase {
    /// All of them hold.
    pub when: Vec<Switch>,
    /// The input that scales it, if any.
    pub scale: Option<usize>,
    /// What it changes; [`Term::measure`] is not looked at.
    pub terms: Vec<Term>,
    /// Change of the share of each technology it touches by year, in the region or,
    /// second, in a zone.
    pub shares: Vec<(TechnologyId, Option<RegionId>, Vec<f64>)>,
}

/// A measure whose timetable or mix is sampled: the sum of its cases.
#[derive(Clone, Debug)]
pub struct Variants {
    /// The measure.
    pub measure: usize,
    /// Its cases.
    pub cases: Vec<VariantCase>,
}

/// Part of a sheet: `c[t] + Σ_j c[t,j]·s[j]`, times a demand ratio where it has a group.
#[derive(Clone, Debug, PartialEq)]
pub struct Segment {
    /// The demand group, or `None` for what does not move with sampled growth.
    pub group: Option<usize>,
    /// The constant, by year.
    pub constants: Vec<f64>,
    /// The monomials, as subscripts of [`Batch::monomials`].
    pub monomials: Vec<usize>,
    /// Coefficients, monomials × years.
    pub coefficients: Vec<f64>,
}

/// The cells of one account (of one service, where split) over the years.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    /// The account, as a subscript of the plan's accounts.
    pub account: usize,
    /// The service, where split by service.
    pub service: Option<usize>,
    /// Its segments, the one without a group first.
    pub segments: Vec<Segment>,
    /// Ratio and offset by year, where it is joined to observed values.
    pub join: Option<(Vec<f64>, Vec<f64>)>,
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

impl Group {
    /// The first year in which the demand ratio can differ from 1.
    pub fn moves_from(&self) -> usize {
        if self.elasticity_input.is_some() {
            1
        } else {
            self.projected_from.max(1)
        }
    }
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
    /// Monomial and change of the share per unit of it.
    pub changes: Vec<(usize, f64)>,
}

/// A plan compiled for many draws.
#[derive(Clone, Debug)]
pub struct Batch {
    /// What the columns of a block of draws mean.
    pub inputs: Vec<Input>,
    /// Columns behind the inputs: 1 where the condition holds, else 0.
    pub switches: Vec<Switch>,
    /// The terms s: products of columns (inputs, then switches), in rising order.
    pub monomials: Vec<Vec<usize>>,
    /// Accounts of the sheets; without a split, sheet q is account q.
    pub accounts: Vec<Account>,
    /// The number of years.
    pub span: usize,
    /// Demand groups.
    pub groups: Vec<Group>,
    /// The group of the driver `gdp`, if its growth is sampled.
    pub gdp_group: Option<usize>,
    /// The plan's GDP index.
    pub gdp: Vec<f64>,
    /// The group of each service.
    pub service_groups: Vec<Option<usize>>,
    /// The plan's demand by service and year.
    pub demand: Vec<Vec<f64>>,
    /// The sheets; row `sheet · span + t` is one cell.
    pub sheets: Vec<Sheet>,
    /// Shares that could fall below zero.
    pub feasibility: Vec<ShareCell>,
    /// The rows that are evaluated, several years at a time.
    bundles: Vec<Bundle>,
    /// The shares, likewise.
    share_bundles: Vec<Bundle>,
}

impl Batch {
    /// The number of rows: sheets × years.
    pub fn rows(&self) -> usize {
        self.sheets.len() * self.span
    }

    /// The subscript of the first row of `account`.
    pub fn account(&self, account: Account) -> Option<usize> {
        let q = self.accounts.iter().position(|a| *a == account)?;
        let sheet = self.sheets.iter().position(|sheet| sheet.account == q)?;
        Some(sheet * self.span)
    }

    /// Fused multiply-adds that one draw takes: terms, demand ratios and joins of the
    /// rows evaluated, and the shares that are watched.
    pub fn operations(&self) -> usize {
        let all = self.bundles.iter().chain(&self.share_bundles);
        all.map(Bundle::operations).sum()
    }

    /// Multiplications that make the terms and the demand ratios of one draw.
    pub fn preparations(&self) -> usize {
        let products: usize = self.monomials.iter().map(|m| m.len() - 1).sum();
        let ratios: usize = self
            .groups
            .iter()
            .map(|group| 3 * (self.span - group.moves_from().min(self.span)))
            .sum();
        products + ratios
    }

    /// Rows that are evaluated.
    pub fn evaluated(&self) -> usize {
        self.bundles.iter().map(Bundle::years).sum()
    }

    /// Leaves out the join to observed values.
    pub fn unjoin(&mut self) {
        for sheet in &mut self.sheets {
            sheet.join = None;
        }
        self.keep(|_| true);
    }

    /// Evaluates only the rows that `wanted` names; the others are left as they are.
    pub fn keep(&mut self, wanted: impl Fn(usize) -> bool) {
        self.bundles = bundle::of_sheets(self, &wanted);
        self.share_bundles = bundle::of_shares(self);
    }
}
