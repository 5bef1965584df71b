//! A scenario compiled once, to be run a million times.
//!
//! A [`Plan`] is numbers only: it is made by [`crate::compile`] and run by
//! [`crate::kernel`] and [`crate::batch`], and knows none of them.
//!
//! # Equations
//!
//! D[v,t] is the demand of [`demand`]. For every account *q*:
//!
//! ```text
//! E[q,t] = Σ_v D[v,t] · base[v,q]  +  Σ_m x[m] · Σ_v D[v,t] · term[m,v,q,t]
//! base[v,q]      = Σ_k S0[k] · κF[k,q]
//! term[m,v,q,t]  = a[m,v,q,t] · Σ_k (q[m,k] − u[m,k]) · (κF[k,q] + Σ_w use[k,w]·φ[w,q,t])
//! H[q,t] = ratio[q,t] · E[q,t] + offset[q,t]                 joined to observed values
//! ```
//!
//! Everything is affine in the levels x once growth is fixed. The part moved, a, is one for
//! all accounts but those of the accounted book, which credits work of a year later
//! ([`crate::measure::ramp`]): what is moved is the same, and so are demand, shares and
//! everything that no rule counts.
//!
//! # Cost
//!
//! Cost is an account like any other, without a base and without linked use (φ = 0: the
//! price of electricity and steam is in the figure of the technology that buys them). Only
//! differences mean something, so it holds what measures add:
//!
//! ```text
//! C[t]    = Σ_m x[m]·ΔC[m,t]
//! ΔC[m,t] = Σ_v D[v,t]·a[m,v,t]·Σ_k (q[m,k] − u[m,k])·c[k,t]
//! ```
//!
//! with c[k,t] the annualised cost of a unit of service by technology *k* in year *t*
//! (capital, operation and fuel, yuan per unit of service, [`crate::price`]), and so C and
//! ΔC in yuan a year. What a year costs does not depend on what was built in the years
//! before. All of it is in prices of one year, [`Plan::price_year`].
//!
//! A measure that states its own cost ([`crate::measure::own_cost`]) has that in the place
//! of ΔC; it is laid on the first service that the measure moves, per unit of its demand,
//! and so grows with it. A measure that touches a technology without a figure, and states
//! none, has no cost at all ([`PlannedMeasure::cost_known`]).

pub mod demand;

use crate::calibrate::BaseYear;
use crate::catalogue::{Account, Book};
use crate::dims::{DriverId, RegionId, ServiceId, TechnologyId};
use crate::grid::Grid;
use crate::indicator::Per;
use crate::measure::{KindSpec, Policy, Shift};
use crate::text::Text;

pub use demand::LEAST_LEFT;

/// What one measure does to one service, per unit of its demand.
#[derive(Clone, Debug)]
pub struct Term {
    /// The measure, as an index into [`Plan::measures`].
    pub measure: usize,
    /// The service.
    pub service: ServiceId,
    /// Change of each account per unit of demand at level 1: accounts × years.
    pub change: Grid,
}

/// A measure of a plan.
#[derive(Clone, Debug)]
pub struct PlannedMeasure {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Text,
    /// Its kind.
    pub kind: &'static KindSpec,
    /// Current or new policy.
    pub policy: Policy,
    /// The zone it aims at, if not the whole region.
    pub zone: Option<RegionId>,
    /// The level the scenario states.
    pub level: f64,
    /// Whether it states its cost or every technology it touches has a figure.
    pub cost_known: bool,
    /// Whether its cost is the one that it states.
    pub cost_stated: bool,
    /// Its shifts, for explanation: by the years of [`Plan::whole`] where there is one, see
    /// [`Plan::laid_out_from`].
    pub shifts: Vec<Shift>,
}

/// How the share of one technology depends on the levels, in the region or in one
/// of its zones.
#[derive(Clone, Debug)]
pub struct ShareRow {
    /// The zone, or `None` for the whole region.
    pub zone: Option<RegionId>,
    /// The technology.
    pub technology: TechnologyId,
    /// Its base-year share.
    pub base: f64,
    /// Change of its share at level 1, by measure: index and change by year.
    pub changes: Vec<(usize, Vec<f64>)>,
    /// The same two as official accounting credits them; of rows of zones, which only limit
    /// what a measure can take, nothing.
    pub credited: (f64, Vec<(usize, Vec<f64>)>),
}

impl ShareRow {
    /// Its base-year share and the changes of it, as `account` counts them.
    pub fn in_account(&self, account: Account) -> (f64, &[(usize, Vec<f64>)]) {
        match account {
            Account::Pollutant(_, Book::Accounted) => (self.credited.0, &self.credited.1),
            _ => (self.base, &self.changes),
        }
    }
}

/// A compiled scenario.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The region.
    pub region: RegionId,
    /// The years, base year first; in [`Plan::whole`] those before it as well.
    pub years: Vec<i32>,
    /// The index of the base year: 0 but in [`Plan::whole`].
    pub first: usize,
    /// Where the scenario counts from a later base year than the data, the same plan over
    /// all years from theirs on: how demand and shares came to be what they are in the base
    /// year. Runs never look at it; explanations do.
    pub whole: Option<Box<Plan>>,
    /// The last year for which each driver is recorded, by driver.
    pub recorded_until: Vec<i32>,
    /// The accounts.
    pub accounts: Vec<Account>,
    /// The year whose prices costs are in.
    pub price_year: i32,
    /// c[k,t], yuan per unit of service, 0 where no figure is known: technologies × years.
    pub costs: Grid,
    /// The calibrated base year.
    pub base_year: BaseYear,
    /// Yearly growth by driver and year; 0 in the base year.
    pub growth: Vec<Vec<f64>>,
    /// The service of each technology.
    pub service: Vec<ServiceId>,
    /// The driver of each service.
    pub driver: Vec<DriverId>,
    /// The elasticity of each service.
    pub elasticity: Vec<f64>,
    /// The yearly saving of each service.
    pub saving: Vec<f64>,
    /// Base-year demand of each service.
    pub demand: Vec<f64>,
    /// The driver called `gdp`.
    pub gdp: DriverId,
    /// The driver called `industry`: secondary value added.
    pub value_added: DriverId,
    /// Emission per unit of demand at base-year shares: services × accounts.
    pub base: Grid,
    /// What measures change.
    pub terms: Vec<Term>,
    /// The measures.
    pub measures: Vec<PlannedMeasure>,
    /// Shares that measures touch.
    pub shares: Vec<ShareRow>,
    /// The parts of those shares that lie in zones, as parts of the region's service,
    /// under the measures that aim at the zone: it cannot give more than it has.
    pub zone_shares: Vec<ShareRow>,
    /// Factor of the join to observed values: accounts × years.
    pub ratio: Grid,
    /// Addend of the join to observed values: accounts × years.
    pub offset: Grid,
    /// What published shares leave of accounts beside the technologies, by account and year
    /// (tce); see [`crate::compile`]. Empty where nobody asks or no share is known.
    pub outside: Vec<(usize, Vec<f64>)>,
    /// The last observed year of each account, if it has any.
    pub observed_until: Vec<Option<i32>>,
    /// What a planner should know about measures: index and text.
    pub notices: Vec<(usize, Text)>,
}

impl Plan {
    /// The number of years.
    pub fn span(&self) -> usize {
        self.years.len()
    }

    /// The place of the first year in the shifts of measures, which are laid out from the
    /// data's own base year on.
    pub fn laid_out_from(&self) -> usize {
        self.whole.as_ref().map_or(0, |whole| whole.first)
    }

    /// The index of `year`.
    pub fn year(&self, year: i32) -> Option<usize> {
        self.years.iter().position(|y| *y == year)
    }

    /// The last year up to which the drivers that matter are recorded.
    pub fn recorded(&self) -> i32 {
        let of = |driver: DriverId| self.recorded_until[driver.at()];
        let used = self.driver.iter().enumerate();
        let used = used.filter(|(v, _)| self.demand[*v] > 0.0);
        used.map(|(_, driver)| of(*driver))
            .fold(of(self.gdp), i32::min)
    }

    /// The index of `account`.
    pub fn account(&self, account: Account) -> Option<usize> {
        self.accounts.iter().position(|a| *a == account)
    }

    /// What is outside the technologies in the account at `q` by year, where a published
    /// share tells it.
    pub fn outside_of(&self, q: usize) -> Option<&[f64]> {
        let found = self.outside.iter().find(|(own, _)| *own == q);
        found.map(|(_, amounts)| amounts.as_slice())
    }

    /// The driver whose index an indicator is divided by.
    pub fn driver_of(&self, per: Per) -> Option<DriverId> {
        match per {
            Per::Gdp => Some(self.gdp),
            Per::ValueAdded => Some(self.value_added),
            _ => None,
        }
    }

    /// The levels that the scenario states.
    pub fn stated_levels(&self) -> Vec<f64> {
        self.measures.iter().map(|m| m.level).collect()
    }
}
