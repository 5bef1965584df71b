//! Indicators of a block of draws.

use super::{Batch, Scratch};
use crate::catalogue::{Account, Catalogue, IndicatorKind};
use crate::dims::IndicatorId;

/// Where an indicator's numbers stand in a block.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Place {
    /// A cell as it is (t, tce).
    Plain(usize),
    /// A cell over its base year and over GDP: an index.
    PerGdp(usize),
    /// A cell over the demand of a service.
    PerDemand(usize, usize),
}

impl Batch {
    /// Where `indicator` stands: the first row of its account.
    pub fn place(&self, catalogue: &Catalogue, indicator: IndicatorId) -> Option<Place> {
        Some(match &catalogue.indicators[indicator.at()].kind {
            IndicatorKind::Emission(p) => Place::Plain(self.account(Account::Pollutant(*p))?),
            IndicatorKind::Coal => Place::Plain(self.account(Account::Coal)?),
            IndicatorKind::Energy => Place::Plain(self.account(Account::Energy)?),
            IndicatorKind::EmissionIntensity(p) => {
                Place::PerGdp(self.account(Account::Pollutant(*p))?)
            }
            IndicatorKind::EnergyIntensity => Place::PerGdp(self.account(Account::Energy)?),
            IndicatorKind::Share { service, .. } => {
                Place::PerDemand(self.account(Account::Activity(indicator))?, service.at())
            }
        })
    }

    /// The rows that an indicator in the year at `t` is made from.
    pub fn rows_of(&self, place: Place, t: usize) -> Vec<usize> {
        match place {
            Place::Plain(row) | Place::PerDemand(row, _) => vec![row + t],
            Place::PerGdp(row) => vec![row, row + t],
        }
    }

    /// An indicator in the year at `t` for every draw of an evaluated block: t, tce,
    /// an index (base year = 1) or a fraction.
    pub fn indicator(
        &self,
        place: Place,
        t: usize,
        block: &[f64],
        scratch: &Scratch,
        out: &mut [f64],
    ) {
        let draws = out.len();
        let row = |i: usize| &block[i * draws..][..draws];
        match place {
            Place::Plain(first) => out.copy_from_slice(row(first + t)),
            Place::PerGdp(first) => {
                let (base, here) = (row(first), row(first + t));
                for ((cell, here), base) in out.iter_mut().zip(here).zip(base) {
                    *cell = here / base / self.gdp[t];
                }
                if let Some(group) = self.gdp_group {
                    let ratio = scratch.ratio(self, group, t, draws);
                    for (cell, ratio) in out.iter_mut().zip(ratio) {
                        *cell /= ratio;
                    }
                }
            }
            Place::PerDemand(first, service) => {
                let demand = self.demand[service][t];
                for (cell, here) in out.iter_mut().zip(row(first + t)) {
                    *cell = if demand > 0.0 { here / demand } else { 0.0 };
                }
                if let Some(group) = self.service_groups[service] {
                    let ratio = scratch.ratio(self, group, t, draws);
                    for (cell, ratio) in out.iter_mut().zip(ratio) {
                        *cell /= ratio;
                    }
                }
            }
        }
    }
}
