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
//! Draws are evaluated in tiles of [`TILE`] with the draw index innermost, in the
//! order of work that `program.rs` lays out. Every product and sum of a cell is a
//! fused multiply-add in a fixed order: the bits of a draw depend neither on its place
//! in a block, nor on threads, nor on the vector width; nor do those of a row depend on
//! which others are asked for.

mod compile;
mod evaluate;
mod indicators;
mod order;
mod program;
mod tile;

pub use compile::{Sampling, Split, compile};
pub use evaluate::{Block, Scratch, aligned};
pub use indicators::{Place, Written};
pub use program::Output;

use crate::catalogue::{Account, Book, Catalogue};
use crate::dims::{DriverId, PollutantId, RegionId, ServiceId, TechnologyId};
use crate::grid::Grid;
use crate::plan::Term;
use program::{Make, Program};

/// Draws that are evaluated together.
pub const TILE: usize = 64;

/// Something that varies from draw to draw.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// The level x of a measure (1 = as stated), by its index in the plan.
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
    /// A multiplier of emission factors, by its index among the factor groups.
    Factor(usize),
    /// Nothing in the model: a target's own level, say.
    Outside,
}

/// Factors that one multiplier scales.
#[derive(Clone, Debug, PartialEq)]
pub struct FactorGroup {
    /// By account, the technologies whose coefficient it scales.
    pub parts: Vec<(Account, Vec<TechnologyId>)>,
}

impl FactorGroup {
    /// The physical factors of `technologies` for `pollutants`, in and outside the
    /// calibre, with every accounting factor that rests on one of them: a ratio of
    /// limits moves with the factor that it starts from, a published coefficient with
    /// none.
    pub fn new(
        catalogue: &Catalogue,
        technologies: &[TechnologyId],
        pollutants: &[PollutantId],
    ) -> Self {
        let all = (0..catalogue.technologies.len()).map(TechnologyId::from_usize);
        let accounted = |p: PollutantId| -> Vec<TechnologyId> {
            let rests = |k: &TechnologyId| {
                let on = catalogue.rests_on(*k, p);
                on.is_some_and(|on| technologies.contains(&on))
            };
            all.clone().filter(rests).collect()
        };
        let parts = pollutants.iter().flat_map(|&p| {
            [
                (Account::Pollutant(p, Book::Physical), technologies.to_vec()),
                (Account::Outside(p), technologies.to_vec()),
                (Account::Pollutant(p, Book::Accounted), accounted(p)),
            ]
        });
        Self {
            parts: parts.collect(),
        }
    }

    /// The technologies whose coefficient for `account` it scales.
    pub fn of(&self, account: Account) -> &[TechnologyId] {
        let part = self.parts.iter().find(|(of, _)| *of == account);
        part.map_or(&[], |(_, technologies)| technologies)
    }
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
    /// The same in the region, as official accounting credits it.
    pub credited: Vec<(TechnologyId, Option<RegionId>, Vec<f64>)>,
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
    /// The monomials, as indices of [`Batch::monomials`].
    pub monomials: Vec<usize>,
    /// Coefficients, monomials × years.
    pub coefficients: Grid,
}

/// The cells of one account (of one service, where split) over the years.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    /// The account, as an index into the plan's accounts.
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
    /// The first index of a year to which a growth shift applies.
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

    /// The input that shifts growth in the year at `t`.
    fn shift(&self, t: usize) -> Option<usize> {
        self.growth.filter(|_| t >= self.projected_from)
    }

    /// What the year at `t` leaves of the services, `1 + ε·(g + δ)`: a constant, and
    /// coefficients of products of inputs.
    fn left(&self, t: usize) -> (f64, Vec<(Vec<usize>, f64)>) {
        let growth = self.path[t];
        match (self.elasticity_input, self.shift(t)) {
            (Some(elasticity), None) => (1.0, vec![(vec![elasticity], growth)]),
            (Some(elasticity), Some(shift)) => {
                let both = vec![elasticity.min(shift), elasticity.max(shift)];
                (1.0, vec![(vec![elasticity], growth), (both, 1.0)])
            }
            (None, shift) => {
                let slope = shift.map(|shift| (vec![shift], self.elasticity));
                let constant = self.elasticity.mul_add(growth, 1.0);
                (constant, slope.into_iter().collect())
            }
        }
    }

    /// How d[g,t] comes from d[g,t−1], in the column `before`.
    fn step(&self, t: usize, before: Option<u32>) -> Make {
        let growth = self.path[t];
        let scale = 1.0 / self.elasticity.mul_add(growth, 1.0);
        let column = |input: usize| u32::try_from(input).unwrap_or(u32::MAX);
        let shift = self.shift(t).map(column);
        match (self.elasticity_input.map(column), shift) {
            (Some(elasticity), shift) => Make::Elastic {
                before,
                elasticity,
                shift,
                growth,
                scale,
            },
            // (1 + ε·(g + δ)) / (1 + ε·g) = 1 + δ·ε / (1 + ε·g)
            (None, shift) => Make::Shift {
                before,
                input: shift.unwrap_or_default(),
                slope: shift.map_or(0.0, |_| self.elasticity * scale),
            },
        }
    }
}

/// What a sampled input might push below zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Watch {
    /// The share of a technology.
    Share(TechnologyId),
    /// What a year leaves of the services of a group, `1 + ε·(g + δ)`, less
    /// [`LEAST_LEFT`](crate::plan::LEAST_LEFT) and what a watched number may lack.
    Demand(usize),
}

/// A number that may lack no more than
/// [`OVER_CLAIM_SLACK`](crate::measure::OVER_CLAIM_SLACK) of zero.
#[derive(Clone, Debug, PartialEq)]
pub struct Watched {
    /// What it is.
    pub what: Watch,
    /// The year's index.
    pub year: usize,
    /// Its value where every monomial is 0.
    pub constant: f64,
    /// Monomial and change of the number per unit of it.
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
    /// The group of the driver `industry`, if its growth is sampled and an account is
    /// divided by it.
    pub value_added_group: Option<usize>,
    /// Index of secondary value added by year, base year = 1, at the plan's growth.
    pub value_added: Vec<f64>,
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
    /// What could fall below zero.
    pub feasibility: Vec<Watched>,
    /// The order of work.
    program: Program,
}

impl Batch {
    /// The number of rows: sheets × years.
    pub fn rows(&self) -> usize {
        self.sheets.len() * self.span
    }

    /// The index of the first row of `account`.
    pub fn account(&self, account: Account) -> Option<usize> {
        let q = self.accounts.iter().position(|a| *a == account)?;
        let sheet = self.sheets.iter().position(|sheet| sheet.account == q)?;
        Some(sheet * self.span)
    }

    /// Fused multiply-adds that one draw takes, for rows and watched shares.
    pub fn operations(&self) -> usize {
        self.program.operations()
    }

    /// Columns that are loaded for them: rows that are summed together share theirs.
    pub fn loads(&self) -> usize {
        self.program.loads()
    }

    /// Products that make multiples of rows, such as indices.
    pub fn multiples(&self) -> usize {
        self.program.multiples()
    }

    /// Rows that are written and vary from draw to draw.
    pub fn rows_written(&self) -> usize {
        self.program.written()
    }

    /// The number in every draw of a row of a block, by its slot; `None` where it varies or
    /// none is written.
    pub fn same_in_all(&self, slot: usize) -> Option<f64> {
        let mut constants = self.program.constants.iter();
        constants
            .find(|(of, _)| *of == slot)
            .map(|(_, value)| *value)
    }

    /// Rows of a block: one more than the last one that is written.
    pub fn slots(&self) -> usize {
        self.program.slots
    }
}
