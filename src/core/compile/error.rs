//! What keeps a scenario from running.

use crate::calibrate::Unexplained;
use crate::dims::{DriverId, RegionId, ServiceId, TechnologyId};
use crate::measure::Problem;
use crate::scenario::GrowthFrom;
use crate::text::Text;

/// Why a scenario cannot be compiled. The loader points each at its place in the file.
#[derive(Clone, Debug)]
pub enum PlanError {
    /// The base year cannot be calibrated.
    Unexplained(Unexplained),
    /// A driver has neither a record nor a statement for these years.
    NoGrowth {
        /// The driver.
        driver: DriverId,
        /// The years.
        years: Vec<i32>,
    },
    /// Growth times elasticity leaves nothing of a service.
    NothingLeft(NothingLeft),
    /// A measure cannot be carried out as stated.
    Measure {
        /// Its id.
        measure: String,
        /// What is wrong.
        problem: Problem,
    },
    /// Measures together take more of a technology than there is.
    OverClaim {
        /// The zone that has too little, or `None` for the whole region.
        zone: Option<RegionId>,
        /// The technology.
        technology: TechnologyId,
        /// The first year in which it happens.
        year: i32,
        /// By how much the share falls below zero in the worst year (of the service).
        excess: f64,
        /// The share available in that year before they take.
        available: f64,
        /// The measures that take from it, and how much each (share of the service).
        claims: Vec<(String, f64)>,
    },
    /// Services use up more of each other than they serve.
    CircularLinks,
    /// An observation lies outside the years of the plan or before any change.
    Observation {
        /// Its position in the scenario.
        position: usize,
        /// What is wrong.
        text: Text,
    },
}

/// Growth times elasticity that leaves less than [`LEAST_LEFT`](crate::plan::LEAST_LEFT) of a service.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NothingLeft {
    /// The service.
    pub service: ServiceId,
    /// Its driver.
    pub driver: DriverId,
    /// The first year in which it happens.
    pub year: i32,
    /// The growth of the driver in that year (fraction).
    pub growth: f64,
    /// Where the growth comes from.
    pub from: GrowthFrom,
    /// The elasticity of the service.
    pub elasticity: f64,
}
