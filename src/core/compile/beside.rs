//! Electricity that no technology stands for, spread over the services of final users as
//! [`crate::electricity`] says.

use crate::calibrate::{Activity, BaseYear};
use crate::catalogue::{Account, Catalogue};
use crate::dims::TechnologyId;
use crate::electricity::Part;
use crate::published::Published;
use crate::scenario::Scenario;

/// What is spread: by which share, over industry alone or over all, in which accounts.
const SPREAD: [(Published, bool, &[Account]); 2] = [
    (
        Published::Electricity,
        false,
        &[Account::FinalElectricity, Account::FinalEnergy],
    ),
    (
        Published::IndustrialElectricity,
        true,
        &[Account::IndustryEnergy],
    ),
];

/// Whether a scenario needs to know what is done in its base year for this.
pub(super) fn asked(catalogue: &Catalogue, scenario: &Scenario) -> bool {
    let accounts = catalogue.accounts();
    let mut spread = SPREAD.iter();
    spread.any(|(of, _, all)| {
        at_base(scenario, *of).is_some() && all.iter().any(|a| accounts.contains(a))
    })
}

/// The published share of the scenario's base year.
pub(crate) fn at_base(scenario: &Scenario, of: Published) -> Option<(i32, f64, bool)> {
    let first = scenario.published(of).first().copied();
    first.filter(|(year, ..)| *year == scenario.base_year)
}

/// Adds it to the coefficients of `base`; `done` is what is done in the scenario's base year
/// where that is a later one than the data's own.
pub(super) fn add(
    catalogue: &Catalogue,
    scenario: &Scenario,
    done: Option<&Activity>,
    base: &mut BaseYear,
) {
    for (of, industry, accounts) in SPREAD {
        let places = accounts
            .iter()
            .filter_map(|account| base.position(*account));
        let places: Vec<usize> = places.collect();
        let (Some((_, share, _)), false) = (at_base(scenario, of), places.is_empty()) else {
            continue;
        };
        let (demand, shares) = match done {
            Some(done) => (done.demand.clone(), done.shares.clone()),
            None => (base.demand.clone(), base.shares.clone()),
        };
        let all = (0..catalogue.technologies.len()).map(TechnologyId::from_usize);
        let users: Vec<TechnologyId> = all.filter(|k| catalogue.is_final(*k, industry)).collect();
        let service = |k: TechnologyId| catalogue.technologies[k.at()].service.at();
        let mut fuel_of = vec![0.0; catalogue.services.len()];
        let (mut fuel, mut links) = (0.0, 0.0);
        for &k in &users {
            let (v, part) = (service(k), shares[k.at()]);
            fuel_of[v] += part * catalogue.electric_part(k, Part::Fuel);
            fuel += demand[v] * part * catalogue.electric_part(k, Part::Fuel);
            links += demand[v] * part * catalogue.electric_part(k, Part::Links);
        }
        if fuel <= 0.0 {
            continue;
        }
        let rate = share / (1.0 - share) - links / fuel;
        for k in users {
            if !catalogue.has_beside(k, industry) {
                continue;
            }
            for &q in &places {
                let own = base.coefficients.at(k.at(), q);
                base.coefficients
                    .set(k.at(), q, own + rate * fuel_of[service(k)]);
            }
        }
    }
}
