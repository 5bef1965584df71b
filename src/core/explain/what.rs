//! What a term is: the symbols of the model's equations, with their indices.
//!
//! `v` service, `k` technology, `q` account (an index into the plan), `t` year (an
//! index into the plan), `m` measure, `i` shift of a measure.

use crate::catalogue::{Catalogue, StockUnit};
use crate::dims::{
    CalibreId, CarrierId, ClassId, DriverId, IndicatorId, RegionId, ServiceId, TechnologyId,
};
use crate::electricity::Part;
use crate::plan::Plan;
use crate::provenance::Sourced;
use crate::published::Published;
use crate::scenario::Scenario;

/// A term of the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum What<'a> {
    /// The value of an indicator in a year.
    Indicator(IndicatorId, usize),
    /// What a measure changes in an indicator in a year.
    Effect(usize, IndicatorId, usize),
    /// E[q,t] / E[q,b].
    Index(usize, usize),
    /// Index of GDP or value added.
    Driven(DriverId, usize),
    /// 1 + growth of it in a year.
    DrivenStep(DriverId, usize),
    /// E[q,t], joined to observed values.
    Total(usize, usize),
    /// E[q,t] as modelled; without the coal cap where the flag is set.
    Modelled(usize, usize, bool),
    /// What the technologies have of an account in a year, beside what is outside of them.
    Inside(usize, usize),
    /// What is outside of them in a year.
    Outside(Published, usize),
    /// The same in a year with a published share.
    LeftOutside(Published, usize),
    /// The published share times what it is of.
    AllPublished(Published, usize),
    /// The published share times what it is of, less what the technologies have.
    BesidePublished(Published, usize),
    /// A term of electricity.
    Electric(Electric),
    /// What growth alone gives of an account in a year, with the supply outside.
    Bare(usize, usize),
    /// The factor of the join.
    JoinRatio(usize, usize),
    /// The addend of the join.
    JoinOffset(usize, usize),
    /// Observed over modelled, or observed less modelled, of one observation.
    Distance(usize),
    /// The observed amount of one observation.
    Observed(usize),
    /// 1 − the published reduction.
    Remaining(usize),
    /// What growth alone gives of a service: D[v,t] · base[v,q].
    Service(ServiceId, usize, usize),
    /// base[v,q] = Σ_k S0 · κF.
    PerUnit(ServiceId, usize),
    /// S0[k] · κF[k,q].
    Part(TechnologyId, usize),
    /// κF[k,q].
    Coefficient(TechnologyId, usize),
    /// F[k,q] before calibration.
    Raw(TechnologyId, usize),
    /// F_acc[k,q] by the rules of accounting, before calibration.
    Accounted(TechnologyId, usize),
    /// Emission by a fuel: use · factor (the fuel's position in the technology).
    Fuel(TechnologyId, usize, usize),
    /// κ.
    Kappa(usize, Option<ClassId>),
    /// Σ F · A before calibration.
    BottomUp(usize, Option<ClassId>),
    /// F · A of one technology.
    BottomUpPart(TechnologyId, usize),
    /// The official amount.
    Official(usize, Option<ClassId>),
    /// A class's part of the official total.
    ClassPart(usize, ClassId),
    /// The sum of an account's classes.
    ClassSum(usize),
    /// D[v,t].
    Demand(ServiceId, usize),
    /// D[v,t] in natural units.
    NaturalDemand(ServiceId, usize),
    /// Π (1 + ε·g)(1 − s).
    Growth(ServiceId, usize),
    /// S0[k], as a part of what its service's shares sum to.
    Share(TechnologyId),
    /// The sum of a service's shares.
    ShareSum(ServiceId),
    /// The share after current policy; after all but the coal cap where the first flag is
    /// set; as official accounting credits it where the second is.
    Reference(TechnologyId, usize, bool, bool),
    /// What one shift changes in a share (the technology taken from or given to).
    ShareChange(usize, usize, TechnologyId, usize),
    /// What a measure changes in an account.
    Change(usize, usize, usize),
    /// What a measure had done by a later base year, at the demand of a year.
    Done(usize, usize, usize),
    /// What one shift of a measure changes.
    Moved(usize, usize, usize, usize),
    /// Σ given − Σ taken, per unit of service moved.
    PerMoved(usize, usize, usize, usize),
    /// What one technology gives (or takes, where the flag is set) in a shift.
    Side(usize, usize, TechnologyId, usize, usize, bool),
    /// κF with linked use.
    Whole(TechnologyId, usize, usize),
    /// One link's use · φ.
    Linked(TechnologyId, usize, usize, usize),
    /// The part of a service that a shift moves; that is credited where the flag is set.
    Amount(usize, usize, usize, bool),
    /// The part of a service moved once fully in force.
    FullAmount(usize, usize),
    /// A technology's part of what a shift takes, by the shares of a year.
    Taken(usize, usize, TechnologyId, usize),
    /// The same where other measures leave too little of some technology of its group.
    Bent(usize, usize, TechnologyId, usize),
    /// What the measures laid out before one leave of a technology in a year; in its
    /// zone where the flag is set.
    Room(usize, TechnologyId, usize, bool),
    /// What a shift can take from in a year.
    Available(usize, usize, usize),
    /// The part of what a shift gives, by position.
    Given(usize, usize, usize),
    /// The part of coal use above the cap.
    Excess(usize, usize),
    /// Coal above the cap, before it is held to be positive; as a part where the flag is set.
    Above(usize, usize, bool),
    /// The coal that all technologies on coal use beside a cap; of one shift of it where
    /// its position stands.
    Takes(usize, Option<usize>, usize),
    /// The cap.
    Cap(usize),
    /// φ[w,q,t].
    Embodied(ServiceId, usize, usize),
    /// f[w,q,t].
    Direct(ServiceId, usize, usize),
    /// Part of f or B by one technology: the link's position, or `None` for f.
    DirectPart(TechnologyId, usize, usize, Option<usize>),
    /// B[u,w,t].
    Links(ServiceId, ServiceId, usize),
    /// A step of a measure's conversion.
    Step(usize),
    /// A constant.
    Constant,
    /// A number of the data or the scenario.
    Input(Input<'a>),
}

/// A term of the electricity of final users; see [`crate::electricity`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Electric {
    /// Electricity by one link at its heat content: the link's position.
    Link(TechnologyId, usize),
    /// τ times the heat content of coal equivalent.
    Scaled,
    /// What a plant gives off.
    Output(ServiceId),
    /// e[v]: electricity beside the links, per unit of a service.
    Beside(Published, ServiceId),
    /// ρ.
    Rate(Published),
    /// s / (1 − s).
    Odds(Published),
    /// 1 − s.
    Rest(Published, i32),
    /// Electricity of links over fuel in the base year.
    LinksToFuel(Published),
    /// Σ A·f or Σ A·l of the base year.
    Sum(Published, Part),
    /// One technology of it.
    SumPart(TechnologyId, Part),
    /// A service's fuel per unit in the base year.
    FuelOf(Published, ServiceId),
    /// One technology of it.
    FuelOfPart(TechnologyId),
    /// A part of a technology per unit of service.
    PerUnit(TechnologyId, Part),
}

/// A number that a result rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Input<'a> {
    /// Base-year amount of a service.
    Demand(ServiceId),
    /// Base-year share of a technology.
    Share(TechnologyId),
    /// An emission factor: its position in the technology.
    Factor(TechnologyId, usize),
    /// A number of the accounting: the position of its credit in the technology.
    Credit(TechnologyId, usize),
    /// A fuel use: its position in the technology.
    FuelUse(TechnologyId, usize),
    /// An emission factor of a fuel: its position in the carrier.
    FuelFactor(CarrierId, usize),
    /// Use of another service: its position in the technology.
    Link(TechnologyId, usize),
    /// Elasticity of a service.
    Elasticity(ServiceId),
    /// Autonomous saving of a service.
    Saving(ServiceId),
    /// Recorded growth of a driver in a year.
    Growth(DriverId, i32),
    /// Official total of an account (an index into the plan).
    Total(usize),
    /// Official amount of a class.
    Class(usize, ClassId),
    /// A zone's part of a service.
    Zone(RegionId, ServiceId),
    /// A parameter.
    Parameter(&'a str),
    /// A stock.
    Stock(&'a str, StockUnit),
    /// A recorded level.
    Recorded(&'a str, i32),
    /// What the scenario states.
    Stated(Statement<'a>),
}

/// A number that the scenario states.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Statement<'a> {
    /// Growth of a driver, from a year on (`i32::MIN`: all years).
    Growth(DriverId, i32),
    /// Elasticity of a service.
    Elasticity(ServiceId),
    /// Level of a measure.
    Level(usize),
    /// The part of a measure in force in a year (an index); credited in it where the flag
    /// is set.
    Ramp(usize, usize, bool),
    /// A field of a measure.
    Field(usize, &'a str),
    /// An entry of a mix of a measure.
    Entry(usize, &'a str, &'a str),
    /// The published reduction of an observation.
    Observed(usize),
    /// A published share in a year.
    Published(Published, i32),
}

/// The number behind `input`, if the data hold it.
pub(super) fn sourced(
    (catalogue, scenario, plan): (&Catalogue, &Scenario, &Plan),
    input: Input<'_>,
) -> Option<(Sourced, Option<CalibreId>)> {
    let world = &scenario.world;
    let technology = |k: TechnologyId| &catalogue.technologies[k.at()];
    let plain = |value: Option<Sourced>| value.map(|value| (value, None));
    match input {
        Input::Demand(v) => plain(world.demand[v.at()]),
        Input::Share(k) => plain(world.shares[k.at()]),
        Input::Factor(k, j) => plain(Some(technology(k).factors.get(j)?.1)),
        Input::Credit(k, j) => plain(Some(technology(k).credits.get(j)?.1.value)),
        Input::FuelUse(k, j) => plain(Some(technology(k).energy.get(j)?.1)),
        Input::FuelFactor(c, j) => plain(Some(catalogue.carriers[c.at()].factors.get(j)?.1)),
        Input::Link(k, j) => plain(Some(technology(k).links.get(j)?.1)),
        Input::Elasticity(v) => plain(Some(catalogue.services[v.at()].elasticity)),
        Input::Saving(v) => plain(Some(catalogue.services[v.at()].saving)),
        Input::Growth(d, year) => {
            let (value, calibre) = world.growth.get(&(d, year))?;
            Some((*value, Some(*calibre)))
        }
        Input::Total(q) => {
            let total = world.inventory.get(&plan.accounts[q].official())?.total?;
            Some((total.amount, Some(total.calibre)))
        }
        Input::Class(q, class) => {
            let classes = &world.inventory.get(&plan.accounts[q].official())?.classes;
            let value = classes.get(&class)?;
            Some((value.amount, Some(value.calibre)))
        }
        Input::Zone(zone, v) => plain(catalogue.zones.get(&(zone, v)).copied()),
        Input::Parameter(id) => plain(catalogue.parameters.get(id).map(|p| p.value)),
        Input::Stock(group, unit) => {
            let stock = world.stocks.get(&(group.to_string(), unit))?;
            plain(Some(stock.value))
        }
        Input::Recorded(quantity, year) => {
            let level = world.recorded.get(&(quantity.to_string(), year))?;
            Some((level.value, Some(level.calibre)))
        }
        Input::Stated(_) => None,
    }
}
