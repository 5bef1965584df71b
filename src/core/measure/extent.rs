//! How much a measure moves, and the shift that follows from it.
//!
//! With the ramp w[t] and the extent as a part *a* of the service once the measure is
//! fully in force, the part moved in year t is a·w[t]:
//!
//! ```text
//! Part(p)       a = p · Σ_{k from} R[k,end] · zone
//! Reach(r)      a = (r − Σ_{k to} R[k,end]) · zone, nothing where that is reached already
//! OfService(p)  a = p · zone
//! Absolute(x)   a = x / D[v,end]
//! ```
//!
//! R: shares after current policy; D: demand in natural units; zone: the zone's part of
//! the service, 1 without a zone; end: the year fully in force.

use super::source::Source;
use super::traced::{Traced, Use};
use super::{Compiled, Context, Layout, Measure, Outcome, Problem, Role, Shift, Years};
use crate::accounting::{first_year_credit, start_lag};
use crate::dims::{ServiceId, TechnologyId};
use crate::text::Text;

/// How much a measure moves.
#[derive(Clone, Debug, PartialEq)]
pub enum Extent {
    /// A part of what the `from` technologies still have.
    Part(Traced),
    /// As much as brings the `to` technologies to this share of the service.
    Reach(Traced),
    /// A part of the whole service.
    OfService(Traced),
    /// An amount in natural units of the service (t, kWh, households, t·km …).
    Absolute(Traced),
}

/// The extent of `m` if it is one that every kind knows: `share` or `reach`.
pub(super) fn common_extent(m: &Measure) -> Option<Extent> {
    let part = m.traced("share").map(Extent::Part);
    part.or_else(|| m.traced("reach").map(Extent::Reach))
}

/// The problem of a measure that does not say how much.
pub(super) fn no_extent(m: &Measure) -> Vec<Problem> {
    let keys: Vec<&str> = m
        .kind
        .fields
        .iter()
        .filter(|field| field.role == Role::Extent)
        .map(|field| field.key)
        .collect();
    let keys = keys.join(", ");
    vec![Problem::new(
        "",
        Text::new(
            format!("没有说明做多少，需写其中之一：{keys}"),
            format!("does not say how much: give one of {keys}"),
        ),
    )]
}

/// The shift of a measure that moves `amount` in each year, and of which `credited` counts
/// in official accounting.
pub(super) fn amount_of_years(
    ctx: &Context<'_>,
    m: &Measure,
    service: ServiceId,
    sides: (&Source, Vec<(TechnologyId, Traced)>),
    (amount, credited): (Vec<Traced>, Vec<Traced>),
) -> Compiled {
    let values = |years: &[Traced]| years.iter().map(|part| part.value).collect();
    let moved = (values(&amount), values(&credited));
    let end = m.ramp.end_in(ctx.years);
    let part = amount[end].clone();
    let years = Some(Years { amount, credited });
    laid_out(ctx, m, service, sides, moved, part, years)
}

/// The shift that moves `amount` from one side to the other.
fn laid_out(
    ctx: &Context<'_>,
    m: &Measure,
    service: ServiceId,
    (from, to): (&Source, Vec<(TechnologyId, Traced)>),
    (amount, credited): (Vec<f64>, Vec<f64>),
    part: Traced,
    years: Option<Years>,
) -> Compiled {
    let (give, made) = to
        .into_iter()
        .map(|(k, part)| ((k, part.value), part))
        .unzip();
    let (take, taken) = from.split(ctx, m, &amount, m.ramp.end_in(ctx.years));
    Compiled {
        shifts: vec![Shift {
            service,
            amount,
            credited,
            take,
            give,
            layout: Some(Layout {
                part,
                taken,
                give: made,
                years,
            }),
        }],
        notices: Vec::new(),
    }
}

impl Context<'_> {
    /// The zone's part of `service`, 1 without a zone.
    pub(super) fn zone_part(
        &self,
        m: &Measure,
        service: ServiceId,
    ) -> Result<Traced, Vec<Problem>> {
        let Some(zone) = m.zone else {
            return Ok(Traced::fixed(1.0));
        };
        self.catalogue
            .zones
            .get(&(zone, service))
            .map(|part| Traced::of(part.value, Use::Zone(zone, service)))
            .ok_or_else(|| {
                let region = &self.catalogue.regions[zone.at()];
                let (zone, own) = (&region.named.id, region.own);
                let service = &self.catalogue.services[service.at()].named.id;
                let place = if own {
                    format!("[zones.{zone}]")
                } else {
                    "data/zones.csv".to_string()
                };
                vec![Problem::new(
                    "zone",
                    Text::new(
                        format!("{place} 没有 `{zone}` 在 `{service}` 中的占比"),
                        format!("{place} has no part of `{zone}` in `{service}`"),
                    ),
                )]
            })
    }

    /// Lays out one shift of `service` that takes from `from`, in proportion to what
    /// is there of each in each year.
    pub(super) fn shift(
        &self,
        m: &Measure,
        service: ServiceId,
        from: &[TechnologyId],
        to: Vec<(TechnologyId, Traced)>,
        extent: Extent,
    ) -> Outcome {
        self.shift_from(m, service, &Source::of(from), to, extent)
    }

    /// Lays out one shift of `service`.
    pub(super) fn shift_from(
        &self,
        m: &Measure,
        service: ServiceId,
        from: &Source,
        to: Vec<(TechnologyId, Traced)>,
        extent: Extent,
    ) -> Outcome {
        let end = m.ramp.end_in(self.years);
        let demand = self.demand_at(service, end);
        if demand.value <= 0.0 {
            return Ok(Compiled::notice(self.not_here(service)));
        }
        if from.pool(self.reference, end).is_empty() {
            return Ok(Compiled::notice(self.nothing_left(service, &from.all())));
        }
        let zone = self.zone_part(m, service)?;
        let part = match extent {
            Extent::Part(part) => part * self.shares(&from.first, end) * zone,
            Extent::OfService(part) => part * zone,
            Extent::Absolute(amount) => amount / demand,
            Extent::Reach(reach) => {
                let gaining: Vec<TechnologyId> = to.iter().map(|(k, _)| *k).collect();
                let has = self.shares(&gaining, end);
                if reach.value <= has.value {
                    return Ok(Compiled::notice(self.already(
                        service,
                        reach.value,
                        has.value,
                    )));
                }
                (reach - has) * zone
            }
        };
        let amount: Vec<f64> = self
            .years
            .iter()
            .map(|year| part.value * m.ramp.at(*year))
            .collect();
        let first = first_year_credit(start_lag(self.catalogue));
        let credited = self.years.iter();
        let credited = credited
            .map(|year| part.value * m.ramp.credited(*year, first))
            .collect();
        let moved = (amount, credited);
        Ok(laid_out(self, m, service, (from, to), moved, part, None))
    }

    pub(super) fn not_here(&self, service: ServiceId) -> Text {
        let name = &self.catalogue.services[service.at()].named.name;
        Text::new(
            format!("本地区没有“{}”活动，措施不起作用", name.zh),
            format!("no effect: this region has no {}", name.en),
        )
    }

    fn nothing_left(&self, service: ServiceId, from: &[TechnologyId]) -> Text {
        let name = &self.catalogue.services[service.at()].named.name;
        let list = |zh: bool| -> String {
            let names = from.iter().map(|k| {
                let name = &self.catalogue.technologies[k.at()].named.name;
                if zh {
                    name.zh.as_str()
                } else {
                    name.en.as_str()
                }
            });
            names.collect::<Vec<_>>().join(if zh { "、" } else { ", " })
        };
        Text::new(
            format!("“{}”中已没有{}可替代，措施不起作用", name.zh, list(true)),
            format!(
                "no effect: nothing is left of {} in {}",
                list(false),
                name.en
            ),
        )
    }

    pub(super) fn already(&self, service: ServiceId, reach: f64, has: f64) -> Text {
        let name = &self.catalogue.services[service.at()].named.name;
        let (reach, has) = (reach * 100.0, has * 100.0);
        Text::new(
            format!(
                "“{}”现行政策下已达 {has:.1} %，不低于措施要求的 {reach:.1} %",
                name.zh
            ),
            format!(
                "{} already reaches {has:.1} % of {reach:.1} % under current policy",
                name.en
            ),
        )
    }
}
