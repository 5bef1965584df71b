//! Indicators of a block of draws.

use super::{Batch, Output};
use crate::catalogue::Catalogue;
use crate::dims::IndicatorId;
use crate::indicator::Per;
use crate::target::counts;

/// Where an indicator's numbers stand in a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// A cell as it is (t, tce).
    Plain(usize),
    /// A cell over its base year and over GDP or value added: an index.
    PerIndex(usize, Indexed),
    /// A cell over the demand of a service.
    PerDemand(usize, usize),
    /// A cell over one of another account: the first rows of both accounts.
    PerAccount(usize, usize),
}

/// What an index is divided by beside its base year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Indexed {
    /// GDP.
    Gdp,
    /// Secondary value added.
    ValueAdded,
}

/// An indicator as rows of a batch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Written {
    /// The row, scaled and divided.
    pub output: Output,
    /// The row it is still to be divided by, where that varies from draw to draw.
    pub over: Option<usize>,
}

impl Batch {
    /// Where `indicator` stands: the first row of its account.
    pub fn place(&self, catalogue: &Catalogue, indicator: IndicatorId) -> Option<Place> {
        let first = self.account(catalogue.account_of(indicator))?;
        Some(match catalogue.indicators[indicator.at()].kind.per() {
            Per::Nothing => Place::Plain(first),
            Per::Gdp => Place::PerIndex(first, Indexed::Gdp),
            Per::ValueAdded => Place::PerIndex(first, Indexed::ValueAdded),
            Per::Demand(service) => Place::PerDemand(first, service.at()),
            Per::Account(whole) => Place::PerAccount(first, self.account(whole)?),
        })
    }

    /// The index of GDP or value added at the growth of the plan.
    pub fn index_path(&self, of: Indexed) -> &[f64] {
        match of {
            Indexed::Gdp => &self.gdp,
            Indexed::ValueAdded => &self.value_added,
        }
    }

    /// The group of its driver, if its growth is sampled.
    pub fn index_group(&self, of: Indexed) -> Option<usize> {
        match of {
            Indexed::Gdp => self.gdp_group,
            Indexed::ValueAdded => self.value_added_group,
        }
    }

    /// An indicator in the year at `t`, written to `slot`: t, tce, an index (base
    /// year = 1) or a fraction.
    ///
    /// ```text
    /// per GDP      E[t] / (E[b] · GDP[t] · d[gdp,t])      per value added likewise
    /// per demand   A[t] / (D[t] · d[g,t])
    /// per account  N[t] / E[t]
    /// ```
    pub fn written(&self, place: Place, t: usize, slot: usize) -> Written {
        let (row, scale, group, over) = match place {
            Place::Plain(first) => (first + t, 1.0, None, None),
            Place::PerIndex(first, of) => {
                let base = self.constant(first);
                // On a base of nothing there is no index; see `outcome::indicators`.
                let some = base.is_none_or(counts);
                let scale = if some {
                    1.0 / (base.unwrap_or(1.0) * self.index_path(of)[t])
                } else {
                    0.0
                };
                let over = base.is_none().then_some(first);
                (first + t, scale, self.index_group(of), over)
            }
            Place::PerDemand(first, service) => {
                let demand = self.demand[service][t];
                let scale = if demand > 0.0 { 1.0 / demand } else { 0.0 };
                (first + t, scale, self.service_groups[service], None)
            }
            Place::PerAccount(first, whole) => (first + t, 1.0, None, Some(whole + t)),
        };
        Written {
            output: Output {
                row,
                scale,
                per: group.map(|g| (g, t)),
                slot,
            },
            over,
        }
    }
}
