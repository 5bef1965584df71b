//! Indicators of a block of draws.

// Inlined where the vector width has been chosen.
#![allow(clippy::inline_always)]

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
    ///
    /// ```text
    /// per GDP      E[t] / (E[b] · GDP[t] · d[gdp,t])
    /// per demand   A[t] / (D[t] · d[g,t])
    /// ```
    #[inline(always)]
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
                let gdp = self.gdp[t];
                let pairs = here.iter().zip(base);
                match self.gdp_group {
                    None => {
                        for (cell, (here, base)) in out.iter_mut().zip(pairs) {
                            *cell = here / (base * gdp);
                        }
                    }
                    Some(group) => {
                        let ratio = scratch.ratio(self, group, t, draws);
                        for ((cell, (here, base)), ratio) in out.iter_mut().zip(pairs).zip(ratio) {
                            *cell = here / (base * (gdp * ratio));
                        }
                    }
                }
            }
            Place::PerDemand(first, service) => {
                let demand = self.demand[service][t];
                if demand <= 0.0 {
                    out.fill(0.0);
                    return;
                }
                let here = row(first + t);
                match self.service_groups[service] {
                    None => {
                        for (cell, here) in out.iter_mut().zip(here) {
                            *cell = here / demand;
                        }
                    }
                    Some(group) => {
                        let ratio = scratch.ratio(self, group, t, draws);
                        for ((cell, here), ratio) in out.iter_mut().zip(here).zip(ratio) {
                            *cell = here / (demand * ratio);
                        }
                    }
                }
            }
        }
    }
}
