//! Emissions by sector, in the terms in which inventories publish them.
//!
//! A sector is the services of a source class. What a service's measures use of
//! other services (the electricity of heat pumps) stays with that service.

use crate::catalogue::{Account, Book, Catalogue};
use crate::dims::{ClassId, PollutantId};
use crate::kernel::{self, Join};
use crate::plan::Plan;

/// A part of a pollutant's emissions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sector {
    /// One source class, within the official calibre.
    Class(ClassId),
    /// Road and non-road together, with what lies outside the official calibre.
    Transport,
    /// Everything, with what lies outside the official calibre.
    Total,
}

/// What `text` means: a pollutant and a class, `transport` or `total`, as in `SO2:power`.
pub fn parse(catalogue: &Catalogue, text: &str) -> Option<(PollutantId, Sector)> {
    let (pollutant, part) = text.split_once(':')?;
    let sector = match part {
        "transport" => Sector::Transport,
        "total" => Sector::Total,
        class => Sector::Class(catalogue.class(class)?),
    };
    Some((catalogue.pollutant(pollutant)?, sector))
}

/// Emissions (t) of a sector by year, at the levels that the scenario states.
pub fn emissions(
    catalogue: &Catalogue,
    plan: &Plan,
    (pollutant, sector): (PollutantId, Sector),
) -> Vec<f64> {
    let belongs = |v: usize| {
        let Some(service) = catalogue.services.get(v) else {
            return sector == Sector::Total; // what an offset adds
        };
        let class = &catalogue.classes[service.class.at()].named.id;
        match sector {
            Sector::Class(wanted) => service.class == wanted,
            Sector::Transport => matches!(class.as_str(), "motor-vehicles" | "non-road"),
            Sector::Total => true,
        }
    };
    let outside = match sector {
        Sector::Class(_) => None,
        Sector::Transport | Sector::Total => Some(Account::Outside(pollutant)),
    };
    let mut sums = vec![0.0; plan.span()];
    for account in [Some(Account::Pollutant(pollutant, Book::Physical)), outside] {
        let Some(q) = account.and_then(|account| plan.account(account)) else {
            continue;
        };
        let levels = plan.stated_levels();
        let rows = kernel::by_service(plan, &levels, q, Join::Observed);
        for (_, row) in rows.iter().enumerate().filter(|(v, _)| belongs(*v)) {
            for (sum, value) in sums.iter_mut().zip(row) {
                *sum += value;
            }
        }
    }
    sums
}
