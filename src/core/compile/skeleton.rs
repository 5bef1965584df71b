//! The part of a plan that no measure changes: growth, demand, and what a unit of each
//! service causes at base-year shares.

use super::error::{NothingLeft, PlanError};
use crate::calibrate::BaseYear;
use crate::catalogue::Catalogue;
use crate::costing;
use crate::dims::{DriverId, ServiceId, TechnologyId};
use crate::grid::Grid;
use crate::plan::{LEAST_LEFT, Plan};
use crate::scenario::Scenario;

/// The part of a plan that does not depend on measures.
pub(super) fn skeleton(
    catalogue: &Catalogue,
    scenario: &Scenario,
    base_year: BaseYear,
) -> Result<Plan, Vec<PlanError>> {
    let years = scenario.years(catalogue);
    let width = base_year.accounts.len();
    let mut base = Grid::filled(catalogue.services.len(), width, 0.0);
    for (k, technology) in catalogue.technologies.iter().enumerate() {
        let cells = base.row_mut(technology.service.at()).iter_mut();
        for (cell, coefficient) in cells.zip(base_year.coefficients.row(k)) {
            // share · t/unit = t per unit of service
            *cell += base_year.shares[k] * coefficient;
        }
    }
    let mut errors = Vec::new();
    let mut growth = vec![vec![0.0; years.len()]; catalogue.drivers.len()];
    let mut recorded_until = vec![catalogue.base_year; catalogue.drivers.len()];
    for (d, path) in growth.iter_mut().enumerate() {
        let driver = DriverId::from_usize(d);
        let needed = catalogue.drivers[d].id == "gdp"
            || catalogue
                .services
                .iter()
                .enumerate()
                .any(|(v, service)| service.driver == driver && base_year.demand[v] > 0.0);
        let mut missing = Vec::new();
        for (t, year) in years.iter().enumerate().skip(1) {
            if scenario.world.growth.contains_key(&(driver, *year)) {
                recorded_until[d] = *year;
            }
            match scenario.growth_of(driver, *year) {
                Some((rate, _)) => path[t] = rate,
                None => missing.push(*year),
            }
        }
        if needed && !missing.is_empty() {
            errors.push(PlanError::NoGrowth {
                driver,
                years: missing,
            });
        }
    }
    let elasticity = catalogue.services.iter().enumerate().map(|(v, service)| {
        let stated = scenario.elasticity.get(&ServiceId::from_usize(v));
        stated.copied().unwrap_or(service.elasticity.value)
    });
    let elasticity: Vec<f64> = elasticity.collect();
    for (v, service) in catalogue.services.iter().enumerate() {
        if base_year.demand[v] > 0.0 {
            let service = (ServiceId::from_usize(v), service.driver);
            let found = nothing_left(scenario, &years, service, elasticity[v]);
            errors.extend(found.map(PlanError::NothingLeft));
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    Ok(Plan {
        price_year: scenario.price_year,
        costs: costs(catalogue, scenario.price_year, &years),
        region: scenario.region,
        first: years
            .iter()
            .position(|year| *year == scenario.base_year)
            .unwrap_or(0),
        whole: None,
        recorded_until,
        growth,
        service: catalogue.technologies.iter().map(|k| k.service).collect(),
        driver: catalogue.services.iter().map(|s| s.driver).collect(),
        elasticity,
        saving: catalogue.services.iter().map(|s| s.saving.value).collect(),
        demand: base_year.demand.clone(),
        gdp: catalogue.driver("gdp").unwrap_or(DriverId(0)),
        value_added: catalogue.driver("industry").unwrap_or(DriverId(0)),
        base,
        terms: Vec::new(),
        measures: Vec::new(),
        shares: Vec::new(),
        zone_shares: Vec::new(),
        ratio: Grid::filled(width, years.len(), 1.0),
        offset: Grid::filled(width, years.len(), 0.0),
        outside: Vec::new(),
        observed_until: vec![None; width],
        notices: Vec::new(),
        accounts: base_year.accounts.clone(),
        base_year,
        years,
    })
}

/// c[k,t], yuan per unit of service in prices of `price_year`.
fn costs(catalogue: &Catalogue, price_year: i32, years: &[i32]) -> Grid {
    let all = (0..catalogue.technologies.len()).map(TechnologyId::from_usize);
    let cells = all.flat_map(|k| {
        let unit = |year: &i32| costing::unit(catalogue, k, *year, price_year);
        years.iter().map(unit).collect::<Vec<f64>>()
    });
    Grid::of(years.len(), cells.collect())
}

/// The first year that leaves nothing of a service.
fn nothing_left(
    scenario: &Scenario,
    years: &[i32],
    (service, driver): (ServiceId, DriverId),
    elasticity: f64,
) -> Option<NothingLeft> {
    let mut later = years.iter().skip(1);
    later.find_map(|year| {
        let (growth, from) = scenario.growth_of(driver, *year)?;
        (1.0 + elasticity * growth < LEAST_LEFT).then_some(NothingLeft {
            service,
            driver,
            year: *year,
            growth,
            from,
            elasticity,
        })
    })
}
