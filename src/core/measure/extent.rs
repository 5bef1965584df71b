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
use super::{
    Compiled, Context, Layout, Measure, OVER_CLAIM_SLACK, Outcome, Problem, Role, Shift, Years,
};
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

/// A unit in which an amount is told: how many base units one is, and its names.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shown {
    scale: f64,
    zh: &'static str,
    en: &'static str,
}

impl Shown {
    /// Output of works (base unit: t).
    pub const OUTPUT: Self = Self::of(1e4, "万吨", "× 10⁴ t");
    /// Capacity of boilers (base unit: t/h).
    pub const STEAM: Self = Self::of(1.0, "蒸吨/小时", "t/h");
    /// Boilers (base unit: one).
    pub const ITEMS: Self = Self::of(1.0, "台", "boilers");
    /// Power (base unit: MW).
    pub const POWER: Self = Self::of(10.0, "万千瓦", "× 10 MW");
    /// Floor area (base unit: m2).
    pub const AREA: Self = Self::of(1e4, "万平方米", "× 10⁴ m²");
    /// Households.
    pub const HOUSEHOLDS: Self = Self::of(1e4, "万户", "× 10⁴ households");
    /// Vehicles.
    pub const VEHICLES: Self = Self::of(1e4, "万辆", "× 10⁴ vehicles");
    /// Coal (base unit: tce).
    pub const COAL: Self = Self::of(1e4, "万吨标准煤", "× 10⁴ tce");

    const fn of(scale: f64, zh: &'static str, en: &'static str) -> Self {
        Self { scale, zh, en }
    }
}

impl Context<'_> {
    /// Holds what a field states, which is `amount` of the service (natural units) in the
    /// year fully in force, against what is there of `from` after current policy. A level
    /// counts where the caller has it in `amount`; what several measures claim together is
    /// found when all are laid out.
    ///
    /// # Errors
    /// More is stated than there is, with both figures in the unit of the field.
    pub(super) fn within_stock(
        &self,
        m: &Measure,
        (key, shown): (&str, Shown),
        service: ServiceId,
        from: &[TechnologyId],
        amount: &Traced,
    ) -> Result<(), Vec<Problem>> {
        let end = m.ramp.end_in(self.years);
        let demand = self.demand_at(service, end).value * self.zone_part(m, service)?.value;
        let there = demand * self.shares(from, end).value;
        // Where nothing is there at all, the measure has no effect, which is told.
        if there <= 0.0 || amount.value <= there * (1.0 + OVER_CLAIM_SLACK) {
            return Ok(());
        }
        let stated = m.number(key).unwrap_or_default();
        let most = stated * there / amount.value / shown.scale;
        let stated = stated / shown.scale;
        let (year, name) = (self.years[end], self.names_of(from));
        Err(vec![
            Problem::new(
                key,
                Text::new(
                    format!(
                        "{year} 年可动用的{}只相当于 {most:.1} {}，这里是 {stated:.1} {}",
                        name.zh, shown.zh, shown.zh
                    ),
                    format!(
                        "what is there of {} in {year} comes to {most:.1} {}, this is {stated:.1} {}",
                        name.en, shown.en, shown.en
                    ),
                ),
            )
            .with_help(Text::new(
                "存量由现行政策之后的产出折算；数字属实的，改写折算用的利用率、小时等，或改用 share 比例",
                "what is there follows from the output that current policy leaves; where the figure is right, state the rate or hours behind it, or give a `share`",
            )),
        ])
    }

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

    /// The names of technologies in a row.
    fn names_of(&self, technologies: &[TechnologyId]) -> Text {
        let names = technologies
            .iter()
            .map(|k| &self.catalogue.technologies[k.at()].named.name);
        let (zh, en): (Vec<&str>, Vec<&str>) = names
            .map(|name| (name.zh.as_str(), name.en.as_str()))
            .unzip();
        Text::new(zh.join("、"), en.join(", "))
    }

    /// Tells that nothing is there to be taken.
    pub(super) fn nothing_left(&self, service: ServiceId, from: &[TechnologyId]) -> Text {
        let name = &self.catalogue.services[service.at()].named.name;
        let list = self.names_of(from);
        Text::new(
            format!("“{}”中已没有{}可替代，措施不起作用", name.zh, list.zh),
            format!("no effect: nothing is left of {} in {}", list.en, name.en),
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
