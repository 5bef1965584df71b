//! What measures are compiled against: the region's base year, demand, the shares that
//! current policy leaves, and the stocks and parameters that turn planners' units into
//! shares.

use super::shift::Problem;
use super::traced::{Traced, Use};
use crate::calibrate::BaseYear;
use crate::catalogue::{Account, Catalogue, StockUnit, World};
use crate::dims::{RegionId, ServiceId, TechnologyId};
use crate::text::Text;
use std::collections::BTreeMap;

/// What a measure is compiled against.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The catalogue.
    pub catalogue: &'a Catalogue,
    /// The region's base year as loaded.
    pub world: &'a World,
    /// The region's base year as calibrated.
    pub base: &'a BaseYear,
    /// The years of the plan; the first is the base year.
    pub years: &'a [i32],
    /// Demand by service and year, at the scenario's own growth.
    pub demand: &'a [Vec<f64>],
    /// Yearly growth by driver and year (fractions); 0 in the base year.
    pub growth: &'a [Vec<f64>],
    /// Shares by technology and year after the current-policy measures.
    pub reference: &'a [Vec<f64>],
    /// What the measures laid out before leave of each technology.
    pub room: &'a Room,
}

/// What measures leave of each technology, by technology and year, at the levels that
/// the scenario states: in the region, and in each zone that a measure aims at.
#[derive(Clone, Debug, Default)]
pub struct Room {
    pub(super) region: Vec<Vec<f64>>,
    pub(super) zones: BTreeMap<RegionId, Vec<Vec<f64>>>,
}

impl Context<'_> {
    /// The service called `id`.
    pub(super) fn service(&self, id: &str, key: &str) -> Result<ServiceId, Vec<Problem>> {
        self.catalogue.service(id).ok_or_else(|| {
            vec![Problem::new(
                key,
                Text::new(
                    format!("数据中没有活动 `{id}`"),
                    format!("the data have no service `{id}`"),
                ),
            )]
        })
    }

    /// The technology of `service` called `alias`, which a rule needs for field `key`.
    pub(super) fn technology(
        &self,
        service: ServiceId,
        alias: &str,
        key: &str,
    ) -> Result<TechnologyId, Vec<Problem>> {
        self.catalogue.technology_of(service, alias).ok_or_else(|| {
            vec![Problem::new(
                key,
                Text::new(
                    format!("没有工艺 `{alias}`"),
                    format!("no technology `{alias}`"),
                ),
            )]
        })
    }

    /// A parameter of the data.
    pub(super) fn parameter(&self, id: &str) -> Result<Traced, Vec<Problem>> {
        let value = self.catalogue.parameter(id);
        let value = value.map(|value| Traced::of(value, Use::Parameter(id.to_string())));
        value.ok_or_else(|| {
            vec![Problem::new(
                "",
                Text::new(
                    format!("data/parameters.csv 缺少参数 `{id}`"),
                    format!("data/parameters.csv lacks the parameter `{id}`"),
                ),
            )]
        })
    }

    /// Demand for `service` in the year at `t`, in natural units.
    pub(super) fn demand_at(&self, service: ServiceId, t: usize) -> Traced {
        let scale = self.catalogue.services[service.at()].scale;
        let amount = self.demand[service.at()][t] * scale;
        Traced::of(amount, Use::Demand(service, t))
    }

    /// What a unit served by `k` causes in `account`: t, tce.
    pub(super) fn coefficient(&self, k: TechnologyId, account: Account) -> Traced {
        let q = self.base.position(account);
        let value = q.map_or(0.0, |q| self.base.coefficient(k, q));
        Traced::of(value, Use::Coefficient(k, account))
    }

    /// The share of `k` in the year at `t` after current policy.
    pub(super) fn share(&self, k: TechnologyId, t: usize) -> Traced {
        Traced::of(self.reference[k.at()][t], Use::ReferenceShare(k, t))
    }

    /// The shares of several in the base year, summed.
    pub(super) fn base_shares(&self, technologies: &[TechnologyId]) -> Traced {
        Traced::sum(
            technologies
                .iter()
                .map(|k| Traced::of(self.base.shares[k.at()], Use::BaseShare(*k))),
        )
    }

    /// The shares of several after current policy, summed.
    pub(super) fn shares(&self, technologies: &[TechnologyId], t: usize) -> Traced {
        Traced::sum(technologies.iter().map(|k| self.share(*k, t)))
    }

    /// The region's stock of several groups.
    pub(super) fn stock(
        &self,
        groups: &[&str],
        unit: StockUnit,
        key: &str,
    ) -> Result<Traced, Vec<Problem>> {
        let mut parts = Vec::new();
        for group in groups {
            match self.world.stocks.get(&((*group).to_string(), unit)) {
                Some(stock) => {
                    let used = Use::Stock((*group).to_string(), unit);
                    parts.push(Traced::of(stock.value.value, used));
                }
                None => {
                    return Err(vec![Problem::new(
                        key,
                        Text::new(
                            format!("data/stocks.csv 没有本地区 `{group}` 的存量，无法由绝对量换算"),
                            format!("data/stocks.csv has no stock of `{group}` here to convert an absolute amount"),
                        ),
                    )
                    .with_help(Text::new("改用 share 比例", "give a `share` instead"))]);
                }
            }
        }
        let total = Traced::sum(parts);
        if total.value > 0.0 {
            Ok(total)
        } else {
            Err(vec![Problem::new(
                key,
                Text::new(
                    "本地区该类存量为 0",
                    "the region's stock of this group is 0",
                ),
            )])
        }
    }
}
