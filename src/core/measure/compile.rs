//! From planners' units to shifts of shares.

use super::source::{Room, Source};
use super::traced::{Traced, Use};
use super::{Layout, Measure, Problem, Shift, fleet, industry, water};
use crate::calibrate::BaseYear;
use crate::catalogue::{Catalogue, World};
use crate::dims::{ServiceId, TechnologyId};
use crate::text::Text;

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
    /// Shares by technology and year after the current-policy measures.
    pub reference: &'a [Vec<f64>],
    /// What the measures laid out before leave of each technology.
    pub room: &'a Room,
}

/// What a measure becomes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Compiled {
    /// Its shifts.
    pub shifts: Vec<Shift>,
    /// What a planner should know: not applicable here, already reached.
    pub notices: Vec<Text>,
}

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

/// The result of compiling: shifts, or every problem found.
pub type Outcome = Result<Compiled, Vec<Problem>>;

/// Compiles one measure, except for coal caps, which depend on all the others
/// and are laid out last (see [`crate::plan`]).
///
/// # Errors
/// Everything that keeps the measure from being carried out as stated.
pub fn compile(ctx: &Context<'_>, m: &Measure) -> Outcome {
    match m.kind.id {
        "scattered-coal-replacement" => industry::scattered_coal(ctx, m),
        "coal-boiler-phaseout" => industry::boilers(ctx, m),
        "ultra-low-retrofit" => industry::retrofit(ctx, m),
        "unit-closure" => industry::closure(ctx, m),
        "non-fossil-power" => industry::non_fossil(ctx, m),
        "voc-control" => industry::voc(ctx, m),
        "energy-efficiency" => industry::saving(ctx, m, "gain"),
        "industry-structure" => industry::saving(ctx, m, "cut"),
        "rail-freight" => fleet::rail(ctx, m),
        "old-vehicle-retirement" => fleet::retirement(ctx, m),
        "new-energy-vehicles" => fleet::new_energy(ctx, m),
        "fleet-renewal" => fleet::renewal(ctx, m),
        "non-road-renewal" => water::named_service(ctx, m, "non-road"),
        "sewage-expansion" => water::sewage_expansion(ctx, m),
        "sewage-upgrade" => water::sewage_upgrade(ctx, m),
        "industrial-wastewater-upgrade" => water::named_service(ctx, m, "industrial-wastewater"),
        "manure-utilisation" => water::manure(ctx, m),
        "shift" => water::general(ctx, m),
        "coal-cap" => Ok(Compiled::default()),
        other => Err(vec![Problem::new(
            "type",
            Text::new(
                format!("措施类型 `{other}` 没有编译规则"),
                format!("kind `{other}` has no rule"),
            ),
        )]),
    }
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
                let zone = &self.catalogue.regions[zone.at()].named.id;
                let service = &self.catalogue.services[service.at()].named.id;
                vec![Problem::new(
                    "zone",
                    Text::new(
                        format!("data/zones.csv 没有 `{zone}` 在 `{service}` 中的占比"),
                        format!("data/zones.csv has no part of `{zone}` in `{service}`"),
                    ),
                )]
            })
    }

    /// Resolves a mix of aliases to technologies of `service`.
    pub(super) fn mix(
        &self,
        m: &Measure,
        key: &'static str,
        service: ServiceId,
    ) -> Result<Vec<(TechnologyId, Traced)>, Vec<Problem>> {
        let entries = m.mix(key).unwrap_or_default();
        let mut found: Vec<(TechnologyId, Traced)> = Vec::new();
        let mut problems = Vec::new();
        for (alias, part) in entries {
            match self.resolve(m, service, alias) {
                Some(technology) if found.iter().any(|(k, _)| *k == technology) => {
                    problems.push(twice(&format!("{key}.{alias}"), alias));
                }
                Some(technology) => {
                    let part = Traced::of(*part, Use::Entry(key, alias.clone()));
                    found.push((technology, part));
                }
                None => {
                    problems.push(self.unknown_alias(&format!("{key}.{alias}"), alias, service));
                }
            }
        }
        // The reader takes sums within a billionth of 100 %; here they are 1.
        let sum = Traced::sum(found.iter().map(|(_, part)| part.clone()));
        for (_, part) in &mut found {
            *part = part.clone() / sum.clone();
        }
        if problems.is_empty() {
            Ok(found)
        } else {
            Err(problems)
        }
    }

    /// Resolves a list of aliases to technologies of `service`.
    pub(super) fn aliases(
        &self,
        m: &Measure,
        key: &'static str,
        service: ServiceId,
    ) -> Result<Vec<TechnologyId>, Vec<Problem>> {
        let mut found = Vec::new();
        let mut problems = Vec::new();
        for alias in m.words(key).unwrap_or_default() {
            match self.resolve(m, service, alias) {
                Some(technology) if found.contains(&technology) => {
                    problems.push(twice(key, alias));
                }
                Some(technology) => found.push(technology),
                None => problems.push(self.unknown_alias(key, alias, service)),
            }
        }
        if problems.is_empty() {
            Ok(found)
        } else {
            Err(problems)
        }
    }

    /// The technology that `alias` names; in a measure on a fleet, among its vehicles
    /// where there are several (`electric` is a truck in a fleet of trucks).
    fn resolve(&self, m: &Measure, service: ServiceId, alias: &str) -> Option<TechnologyId> {
        let mut found = self.catalogue.technologies_of(service, alias);
        if let (Some(fleet), true) = (m.word("fleet"), found.len() > 1) {
            let tag = if fleet == "trucks" { "truck" } else { "car" };
            found.retain(|k| self.catalogue.technologies[k.at()].has_tag(tag));
        }
        match found.as_slice() {
            [one] => Some(*one),
            _ => None,
        }
    }

    /// The problem with an alias that names no technology of `service`, or several.
    fn unknown_alias(&self, key: &str, alias: &str, service: ServiceId) -> Problem {
        let ids = |technologies: &[TechnologyId], full: bool| -> String {
            let technologies = technologies
                .iter()
                .map(|k| &self.catalogue.technologies[k.at()]);
            let names = technologies.map(|k| if full { k.named.id.as_str() } else { k.alias() });
            names.collect::<Vec<_>>().join(", ")
        };
        let several = self.catalogue.technologies_of(service, alias);
        let service = &self.catalogue.services[service.at()];
        let id = &service.named.id;
        if several.is_empty() {
            let known = ids(&service.technologies, false);
            let text = Text::new(
                format!("活动 `{id}` 没有工艺 `{alias}`"),
                format!("service `{id}` has no technology `{alias}`"),
            );
            return Problem::new(key, text).with_help(Text::new(
                format!("可选：{known}"),
                format!("one of: {known}"),
            ));
        }
        let several = ids(&several, true);
        let text = Text::new(
            format!("活动 `{id}` 中 `{alias}` 不止一种工艺"),
            format!("`{alias}` is more than one technology of `{id}`"),
        );
        Problem::new(key, text).with_help(Text::new(
            format!("写全 id（加引号）：{several}"),
            format!("write the full id, in quotes: {several}"),
        ))
    }

    /// Demand for `service` in the year at `t`, in natural units.
    pub(super) fn demand_at(&self, service: ServiceId, t: usize) -> Traced {
        let scale = self.catalogue.services[service.at()].scale;
        let amount = self.demand[service.at()][t] * scale;
        Traced::of(amount, Use::Demand(service, t))
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
        let (give, made) = to
            .into_iter()
            .map(|(k, part)| ((k, part.value), part))
            .unzip();
        let (take, taken) = from.split(self, m, &amount, end);
        Ok(Compiled {
            shifts: vec![Shift {
                service,
                amount,
                take,
                give,
                layout: Some(Layout {
                    part,
                    taken,
                    give: made,
                }),
            }],
            notices: Vec::new(),
        })
    }

    fn not_here(&self, service: ServiceId) -> Text {
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

    fn already(&self, service: ServiceId, reach: f64, has: f64) -> Text {
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

/// The problem of a technology that is named twice.
fn twice(key: &str, alias: &str) -> Problem {
    let text = Text::new(
        format!("`{alias}` 写了两次"),
        format!("`{alias}` is named twice"),
    );
    Problem::new(key, text)
}

impl Compiled {
    /// Nothing but a notice.
    pub(super) fn notice(text: Text) -> Self {
        Self {
            shifts: Vec::new(),
            notices: vec![text],
        }
    }

    /// Joins several.
    pub(super) fn join(parts: Vec<Outcome>) -> Outcome {
        let mut all = Compiled::default();
        let mut problems = Vec::new();
        for part in parts {
            match part {
                Ok(part) => {
                    all.shifts.extend(part.shifts);
                    all.notices.extend(part.notices);
                }
                Err(found) => problems.extend(found),
            }
        }
        if problems.is_empty() {
            Ok(all)
        } else {
            Err(problems)
        }
    }
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
        .filter(|field| field.role == super::spec::Role::Extent)
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
