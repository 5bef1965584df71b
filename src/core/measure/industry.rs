//! Coal, power and industry: the rules by which their measures become shifts.

use super::extent::{Extent, common_extent, no_extent};
use super::source::Source;
use super::traced::Traced;
use super::{Compiled, Context, Measure, Outcome, Problem};
use crate::catalogue::StockUnit;
use crate::dims::{ServiceId, TechnologyId};
use crate::text::Text;

/// The size classes of boilers: upper bound in t/h and tag.
const BOILER_CLASSES: [(f64, &str); 3] = [
    (10.0, "boiler-le10"),
    (35.0, "boiler-10-35"),
    (65.0, "boiler-35-65"),
];

/// Scattered coal: an amount of coal is a number of households at
/// `coal-per-household` t each; what burns coal again does not count.
pub(super) fn scattered_coal(ctx: &Context<'_>, m: &Measure) -> Outcome {
    let service = ctx.service("residential-heat", "type")?;
    let to = ctx.mix(m, "to", service)?;
    let lasting = m
        .traced("reburn")
        .map_or_else(|| ctx.parameter("reburn-share"), Ok)?
        .rest();
    let extent = if let Some(coal) = m.traced("amount") {
        // t / (t/household) = households
        Extent::Absolute(coal / ctx.parameter("coal-per-household")? * lasting)
    } else if let Some(households) = m.traced("households") {
        Extent::Absolute(households * lasting)
    } else if let Some(part) = m.traced("share") {
        Extent::Part(part * lasting)
    } else {
        return Err(no_extent(m));
    };
    ctx.shift(
        m,
        service,
        &ctx.catalogue.tagged(service, "scattered"),
        to,
        extent,
    )
}

/// Coal boilers up to a size: a capacity or number is a part of the region's
/// stock of those classes.
pub(super) fn boilers(ctx: &Context<'_>, m: &Measure) -> Outcome {
    let service = ctx.service("industrial-steam", "type")?;
    let to = ctx.mix(m, "to", service);
    let limit = m.number("up_to").unwrap_or_default();
    if !BOILER_CLASSES
        .iter()
        .any(|(bound, _)| (bound - limit).abs() < 1e-9)
    {
        let mut problems = to.err().unwrap_or_default();
        problems.push(Problem::new(
            "up_to",
            Text::new(
                format!("锅炉按 10、35、65 t/h 分级，没有 {limit} t/h 这一级"),
                format!(
                    "boilers are classed at 10, 35 and 65 t/h; there is no class up to {limit} t/h"
                ),
            ),
        ));
        return Err(problems);
    }
    let to = to?;
    let tags = BOILER_CLASSES
        .iter()
        .filter(|(bound, _)| *bound <= limit + 1e-9);
    let tags: Vec<&str> = tags.map(|(_, tag)| *tag).collect();
    // Within a size class plain and retrofitted boilers stand in for each other.
    let classes = tags.iter().map(|tag| ctx.catalogue.tagged(service, tag));
    let classes: Vec<Vec<TechnologyId>> = classes.collect();
    let from = classes.concat();
    let base_share = ctx.base_shares(&from);
    let extent = if let Some(part) = m.traced("share") {
        Extent::Part(part)
    } else if let Some(capacity) = m.traced("capacity") {
        let stock = ctx.stock(&tags, StockUnit::SteamCapacity, "capacity")?;
        Extent::OfService(capacity / stock * base_share / ctx.zone_part(m, service)?)
    } else if let Some(number) = m.traced("number") {
        let stock = ctx.stock(&tags, StockUnit::Items, "number")?;
        Extent::OfService(number / stock * base_share / ctx.zone_part(m, service)?)
    } else {
        return Err(no_extent(m));
    };
    let from = Source::grouped(&from, classes);
    ctx.shift_from(m, service, &from, to, extent)
}

/// Ultra-low-emission retrofits: from every stage below to the retrofitted plant of a
/// sector, that is from plain plant and from plant that is treated already.
pub(super) fn retrofit(ctx: &Context<'_>, m: &Measure) -> Outcome {
    let sector = m.word("sector").unwrap_or_default();
    let id = match sector {
        "power" => "thermal-power",
        "boilers" => "industrial-steam",
        other => other,
    };
    let service = ctx.service(id, "sector")?;
    if sector == "boilers" {
        return retrofit_boilers(ctx, m, service);
    }
    let tag = if sector == "other-industry" {
        "retrofit"
    } else {
        "ule"
    };
    let to = ctx.catalogue.tagged(service, tag);
    let from = below(ctx, service, &to, &["plain", "treated"]);
    let Some(&target) = to.first() else {
        return Err(vec![Problem::new(
            "sector",
            Text::new(
                format!("行业 `{sector}` 没有标记 `{tag}` 的工艺"),
                format!("sector `{sector}` has no technology tagged `{tag}`"),
            ),
        )]);
    };
    let extent = match (common_extent(m), m.traced("capacity")) {
        (Some(extent), _) => extent,
        (None, Some(capacity)) if sector == "power" => {
            // MW · h · 1000 = kWh
            Extent::Absolute(capacity * ctx.parameter("hours-power-coal")? * 1000.0)
        }
        (None, Some(_)) => {
            return Err(vec![Problem::new(
                "capacity",
                Text::new(
                    "只有电力可按装机改造",
                    "only power can be stated as capacity",
                ),
            )]);
        }
        (None, None) => return Err(no_extent(m)),
    };
    ctx.shift(
        m,
        service,
        &from,
        vec![(target, Traced::fixed(1.0))],
        extent,
    )
}

/// The technologies of a service that bear one of `tags`, but for those of `above`.
pub(super) fn below(
    ctx: &Context<'_>,
    service: ServiceId,
    above: &[TechnologyId],
    tags: &[&str],
) -> Vec<TechnologyId> {
    let all = ctx.catalogue.services[service.at()].technologies.iter();
    let technology = |k: &TechnologyId| &ctx.catalogue.technologies[k.at()];
    let stage = |k: &&TechnologyId| tags.iter().any(|tag| technology(k).has_tag(tag));
    let found = all.filter(stage).filter(|k| !above.contains(k));
    found.copied().collect()
}

/// Each boiler class is retrofitted to its own ultra-low technology.
fn retrofit_boilers(ctx: &Context<'_>, m: &Measure, service: ServiceId) -> Outcome {
    let plain: Vec<TechnologyId> = ctx
        .catalogue
        .tagged(service, "plain")
        .into_iter()
        .filter(|k| ctx.catalogue.technologies[k.at()].has_tag("boiler"))
        .collect();
    let end = m.ramp.end_in(ctx.years);
    let ule = ctx.shares(&ctx.catalogue.tagged(service, "ule"), end);
    let left = ctx.shares(&plain, end);
    let part = match common_extent(m) {
        Some(Extent::Reach(reach)) => {
            // `reach` is a share of the coal boilers, not of all steam.
            let boilers = ule.clone() + left.clone();
            if boilers.value <= 0.0 || left.value <= 0.0 {
                Traced::fixed(0.0)
            } else {
                (reach * boilers - ule).positive() / left
            }
        }
        Some(Extent::Part(part)) => part,
        _ => return Err(no_extent(m)),
    };
    let parts = plain
        .iter()
        .filter(|k| ctx.reference[k.at()][end] > 0.0)
        .map(|k| {
            let id = format!("{}-ule", ctx.catalogue.technologies[k.at()].named.id);
            let Some(to) = ctx.catalogue.technology(&id) else {
                return Err(vec![Problem::new(
                    "sector",
                    Text::new(format!("没有工艺 `{id}`"), format!("no technology `{id}`")),
                )]);
            };
            let to = vec![(to, Traced::fixed(1.0))];
            ctx.shift(m, service, &[*k], to, Extent::Part(part.clone()))
        })
        .collect();
    Compiled::join(parts)
}

/// Closing coal units: MW · h/a moves to the technologies of `to`. Units without a
/// retrofit are closed first; where too little is left of them, others are.
pub(super) fn closure(ctx: &Context<'_>, m: &Measure) -> Outcome {
    let service = ctx.service("thermal-power", "type")?;
    let to = ctx.mix(m, "to", service)?;
    let Some(capacity) = m.traced("capacity") else {
        return Err(no_extent(m));
    };
    let hours = m
        .traced("hours")
        .map_or_else(|| ctx.parameter("hours-power-coal"), Ok)?;
    let coal = ctx.catalogue.tagged(service, "power-coal").into_iter();
    let (plain, others): (Vec<TechnologyId>, Vec<TechnologyId>) =
        coal.partition(|k| ctx.catalogue.technologies[k.at()].has_tag("plain"));
    let gains = |k: &TechnologyId| to.iter().any(|(other, _)| other == k);
    let others: Vec<TechnologyId> = others.into_iter().filter(|k| !gains(k)).collect();
    // MW · h · 1000 = kWh
    ctx.shift_from(
        m,
        service,
        &Source::then(&plain, &others),
        to,
        Extent::Absolute(capacity * hours * 1000.0),
    )
}

/// Non-fossil power displaces coal power.
pub(super) fn non_fossil(ctx: &Context<'_>, m: &Measure) -> Outcome {
    let service = ctx.service("thermal-power", "type")?;
    let from = ctx.catalogue.tagged(service, "power-coal");
    let to = ctx.catalogue.tagged(service, "nonfossil");
    let Some(&to) = to.first() else {
        return Err(vec![Problem::new(
            "type",
            Text::new(
                "没有标记 `nonfossil` 的工艺",
                "no technology is tagged `nonfossil`",
            ),
        )]);
    };
    let electricity = m.traced("electricity").map(Extent::Absolute);
    let extent = common_extent(m)
        .or(electricity)
        .ok_or_else(|| no_extent(m))?;
    let to = vec![(to, Traced::fixed(1.0))];
    ctx.shift_from(m, service, &Source::whole(&from), to, extent)
}

/// Saving energy or closing output: a part of every technology (or of the named
/// ones) moves to `saved`, which serves it with nothing.
pub(super) fn saving(ctx: &Context<'_>, m: &Measure, key: &'static str) -> Outcome {
    let Some(part) = m.traced(key) else {
        return Err(no_extent(m));
    };
    let services = m.words("services").unwrap_or_default();
    let named = m.words("technologies");
    let parts = services
        .iter()
        .map(|id| {
            let service = ctx.service(id, "services")?;
            let all = &ctx.catalogue.services[service.at()].technologies;
            let saved = ctx.catalogue.saved(service);
            let from: Vec<TechnologyId> = match named {
                Some(_) => ctx.aliases(m, "technologies", service)?,
                None => all.iter().copied().filter(|k| *k != saved).collect(),
            };
            let to = vec![(saved, Traced::fixed(1.0))];
            let from = Source::whole(&from);
            ctx.shift_from(m, service, &from, to, Extent::Part(part.clone()))
        })
        .collect();
    Compiled::join(parts)
}
