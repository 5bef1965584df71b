//! Boilers and what takes their place: coal boilers by size class, gas and biomass
//! boilers, and heat brought by a network.
//!
//! A capacity or number of coal boilers is a part of the stock of the base year, which the
//! data have by size class. Of gas and biomass boilers there is no stock: a capacity is the
//! steam it gives in a year (`steam-per-capacity`), a number a capacity at the mean size.
//!
//! ```text
//! coal          part of the service = X / stock(classes) · Σ S0[classes]
//! gas, biomass  t steam = t/h · steam-per-capacity        t/h = number · size-boiler-…
//! heated area   households = m² / area-per-household
//!               t steam    = m² · heat-per-area / heat-per-steam
//! ```

use super::extent::{Extent, Shown, common_extent, no_extent};
use super::source::Source;
use super::traced::Traced;
use super::{Compiled, Context, Measure, Outcome, Problem};
use crate::catalogue::StockUnit;
use crate::dims::{ServiceId, TechnologyId};
use crate::text::Text;

/// The size classes of coal boilers: upper bound in t/h and tag. The last has none.
const CLASSES: [(f64, &str); 4] = [
    (10.0, "boiler-le10"),
    (35.0, "boiler-10-35"),
    (65.0, "boiler-35-65"),
    (f64::INFINITY, "boiler-gt65"),
];

/// How many size classes lie below the bound in field `key`.
fn bound(m: &Measure, key: &'static str, absent: usize) -> Result<usize, Vec<Problem>> {
    let Some(limit) = m.number(key) else {
        return Ok(absent);
    };
    let at = CLASSES
        .iter()
        .position(|(bound, _)| (bound - limit).abs() < 1e-9);
    at.map(|at| at + 1).ok_or_else(|| {
        let text = if key == "above" {
            Text::new(
                format!("锅炉按 10、35、65 t/h 分级，没有 {limit} t/h 以上这一级"),
                format!(
                    "boilers are classed at 10, 35 and 65 t/h; there is no class above {limit} t/h"
                ),
            )
        } else {
            Text::new(
                format!("锅炉按 10、35、65 t/h 分级，没有 {limit} t/h 这一级"),
                format!(
                    "boilers are classed at 10, 35 and 65 t/h; there is no class up to {limit} t/h"
                ),
            )
        };
        vec![Problem::new(key, text)]
    })
}

/// The tags of the size classes between the bounds of a measure; all without bounds.
fn classes(m: &Measure) -> Result<Vec<&'static str>, Vec<Problem>> {
    let (low, high) = (bound(m, "above", 0), bound(m, "up_to", CLASSES.len()));
    let (low, high) = match (low, high) {
        (Ok(low), Ok(high)) => (low, high),
        (low, high) => {
            let found = [low.err(), high.err()];
            return Err(found.into_iter().flatten().flatten().collect());
        }
    };
    if low >= high {
        let text = Text::new(
            "`above` 不小于 `up_to`，其间没有锅炉",
            "`above` is not below `up_to`: no boiler lies between them",
        );
        return Err(vec![Problem::new("above", text)]);
    }
    Ok(CLASSES[low..high].iter().map(|(_, tag)| *tag).collect())
}

/// The coal boilers of some size classes, by class: plain and retrofitted ones stand in for
/// each other within a class.
fn by_class(ctx: &Context<'_>, service: ServiceId, tags: &[&str]) -> Vec<Vec<TechnologyId>> {
    let classes = tags.iter().map(|tag| ctx.catalogue.tagged(service, tag));
    classes.collect()
}

/// The part of the service that a capacity or number of coal boilers gives: its part of the
/// stock of those classes in the base year · the base-year share of those classes.
fn of_stock(
    ctx: &Context<'_>,
    tags: &[&str],
    boilers: &[TechnologyId],
    (key, stated): (&'static str, Traced),
) -> Result<Traced, Vec<Problem>> {
    let unit = if key == "number" {
        StockUnit::Items
    } else {
        StockUnit::SteamCapacity
    };
    let stock = ctx.stock(tags, unit, key)?;
    Ok(stated / stock * ctx.base_shares(boilers))
}

/// The unit in which a capacity or number of boilers is told.
fn shown(key: &str) -> Shown {
    if key == "number" {
        Shown::ITEMS
    } else {
        Shown::STEAM
    }
}

/// The capacity or number that a measure states.
fn size(m: &Measure) -> Option<(&'static str, Traced)> {
    let of = |key| m.traced(key).map(|stated| (key, stated));
    of("capacity").or_else(|| of("number"))
}

/// Coal boilers up to a size: a capacity or number is a part of the region's
/// stock of those classes.
pub(super) fn phase_out(ctx: &Context<'_>, m: &Measure) -> Outcome {
    let service = ctx.service("industrial-steam", "type")?;
    let (to, tags) = match (ctx.mix(m, "to", service), classes(m)) {
        (Ok(to), Ok(tags)) => (to, tags),
        (to, tags) => {
            let found = [to.err(), tags.err()];
            return Err(found.into_iter().flatten().flatten().collect());
        }
    };
    let classes = by_class(ctx, service, &tags);
    let from = classes.concat();
    let extent = if let Some(part) = m.traced("share") {
        Extent::Part(part)
    } else if let Some(stated) = size(m) {
        let (key, shown) = (stated.0, shown(stated.0));
        let part = of_stock(ctx, &tags, &from, stated)?;
        let amount = part.clone() * ctx.demand_at(service, m.ramp.end_in(ctx.years)) * m.level;
        ctx.within_stock(m, (key, shown), service, &from, &amount)?;
        Extent::OfService(part / ctx.zone_part(m, service)?)
    } else {
        return Err(no_extent(m));
    };
    let from = Source::grouped(&from, classes);
    ctx.shift_from(m, service, &from, to, extent)
}

/// Coal boilers of some size classes are retrofitted, each class to its own ultra-low
/// technology.
///
/// ```text
/// reach r     part of each class = max(0, r · (R[ule] + R[plain]) − R[ule]) / R[plain]
/// capacity X  part of each class = X / stock · Σ S0 / R[plain]        number alike
/// ```
pub(super) fn retrofit(ctx: &Context<'_>, m: &Measure, service: ServiceId) -> Outcome {
    let tags = classes(m)?;
    let has = |k: &TechnologyId, tag: &str| ctx.catalogue.technologies[k.at()].has_tag(tag);
    let of_class = |k: &TechnologyId| tags.iter().any(|tag| has(k, tag));
    let all = ctx.catalogue.services[service.at()].technologies.iter();
    let boilers: Vec<TechnologyId> = all.copied().filter(of_class).collect();
    let (ule, plain): (Vec<TechnologyId>, Vec<TechnologyId>) =
        boilers.iter().partition(|k| has(k, "ule"));
    let end = m.ramp.end_in(ctx.years);
    let left = ctx.shares(&plain, end);
    let part = match (common_extent(m), size(m)) {
        (Some(Extent::Reach(reach)), _) => {
            // `reach` is a share of the coal boilers, not of all steam.
            let ule = ctx.shares(&ule, end);
            let all = ule.clone() + left.clone();
            part_short_of(reach, (ule, left), all)
        }
        (Some(Extent::Part(part)), _) => part,
        (None, Some(stated)) => {
            let key = stated.0;
            let part = of_stock(ctx, &tags, &boilers, stated)? / ctx.zone_part(m, service)?;
            let shown = shown(key);
            let zone = ctx.zone_part(m, service)?;
            let amount = part.clone() * ctx.demand_at(service, end) * zone;
            ctx.within_stock(m, (key, shown), service, &plain, &amount)?;
            if left.value > 0.0 { part / left } else { part }
        }
        _ => return Err(no_extent(m)),
    };
    let there: Vec<TechnologyId> = plain
        .iter()
        .copied()
        .filter(|k| ctx.reference[k.at()][end] > 0.0)
        .collect();
    if there.is_empty() {
        return Ok(Compiled::notice(ctx.nothing_left(service, &plain)));
    }
    let parts = there.iter().map(|k| {
        let alias = format!("{}-ule", ctx.catalogue.technologies[k.at()].alias());
        let to = ctx.technology(service, &alias, "sector")?;
        let to = vec![(to, Traced::fixed(1.0))];
        ctx.shift(m, service, &[*k], to, Extent::Part(part.clone()))
    });
    Compiled::join(parts.collect())
}

/// The part of what is `left` that brings `done` to `reach` of `all`.
fn part_short_of(reach: Traced, (done, left): (Traced, Traced), all: Traced) -> Traced {
    if all.value <= 0.0 || left.value <= 0.0 {
        Traced::fixed(0.0)
    } else {
        (reach * all - done).positive() / left
    }
}

/// Steam (t a year) of a capacity or number of boilers of which there is no stock.
fn steam(
    ctx: &Context<'_>,
    size: &str,
    (key, stated): (&'static str, Traced),
) -> Result<Traced, Vec<Problem>> {
    let capacity = if key == "number" {
        stated * ctx.parameter(size)?
    } else {
        stated
    };
    Ok(capacity * ctx.parameter("steam-per-capacity")?)
}

/// The extent of a capacity or number of gas or biomass boilers, held against what is
/// there of `from`.
fn boilers_without_stock(
    ctx: &Context<'_>,
    m: &Measure,
    (service, from): (ServiceId, &[TechnologyId]),
    mean_size: &str,
) -> Result<Extent, Vec<Problem>> {
    let stated = size(m).ok_or_else(|| no_extent(m))?;
    let (key, shown) = (stated.0, shown(stated.0));
    let steam = steam(ctx, mean_size, stated)?;
    ctx.within_stock(m, (key, shown), service, from, &steam)?;
    Ok(Extent::Absolute(steam))
}

/// Low-NOx burners for gas boilers; `reach` is a share of the gas boilers.
pub(super) fn low_nox(ctx: &Context<'_>, m: &Measure) -> Outcome {
    let service = ctx.service("industrial-steam", "type")?;
    let to = ctx.technology(service, "gas-low-nox", "type")?;
    let mut from = ctx.catalogue.tagged(service, "boiler-gas");
    from.retain(|k| *k != to);
    let end = m.ramp.end_in(ctx.years);
    let extent = match common_extent(m) {
        Some(Extent::Reach(reach)) => {
            let (done, left) = (ctx.share(to, end), ctx.shares(&from, end));
            let all = done.clone() + left.clone();
            Extent::Part(part_short_of(reach, (done, left), all))
        }
        Some(extent) => extent,
        None => boilers_without_stock(ctx, m, (service, &from), "size-boiler-gas")?,
    };
    ctx.shift(m, service, &from, vec![(to, Traced::fixed(1.0))], extent)
}

/// Biomass boilers are fitted with dust and NOx control, or give way to something else.
pub(super) fn biomass(ctx: &Context<'_>, m: &Measure) -> Outcome {
    let service = ctx.service("industrial-steam", "type")?;
    let to = ctx.mix(m, "to", service)?;
    let technology = |k: &TechnologyId| &ctx.catalogue.technologies[k.at()];
    let mut from = ctx.catalogue.tagged(service, "biomass");
    // What is fitted already is not fitted again; where all is replaced, it goes as well.
    let fits = to.iter().any(|(k, _)| technology(k).has_tag("biomass"));
    from.retain(|k| !(fits && technology(k).has_tag("retrofit")));
    let extent = match m.traced("share") {
        Some(part) => Extent::Part(part),
        None => boilers_without_stock(ctx, m, (service, &from), "size-boiler-biomass")?,
    };
    ctx.shift_from(m, service, &Source::whole(&from), to, extent)
}

/// Heat brought by a network, from a power plant or a large boiler house, in the place of
/// scattered coal, coal boilers or gas boilers.
pub(super) fn network(ctx: &Context<'_>, m: &Measure) -> Outcome {
    let replaces = m.word("replaces").unwrap_or_default();
    let homes = replaces == "scattered-coal";
    let id = if homes {
        "residential-heat"
    } else {
        "industrial-steam"
    };
    let service = ctx.service(id, "replaces")?;
    let to = ctx.mix(m, "to", service)?;
    if let Some(problem) = misplaced(m, replaces) {
        return Err(vec![problem]);
    }
    let tags = classes(m)?;
    let groups = match replaces {
        "scattered-coal" => vec![ctx.catalogue.tagged(service, "scattered")],
        "gas-boilers" => vec![ctx.catalogue.tagged(service, "boiler-gas")],
        _ => by_class(ctx, service, &tags),
    };
    let from = groups.concat();
    let held = |key, shown, amount: Traced| -> Result<Extent, Vec<Problem>> {
        ctx.within_stock(m, (key, shown), service, &from, &amount)?;
        Ok(Extent::Absolute(amount))
    };
    let extent = if let Some(part) = m.traced("share") {
        Extent::Part(part)
    } else if let Some(households) = m.traced("households") {
        held("households", Shown::HOUSEHOLDS, households)?
    } else if let Some(area) = m.traced("heated_area") {
        let amount = if homes {
            area / ctx.parameter("area-per-household")?
        } else {
            // m² · GJ/m² / (GJ/t) = t of steam
            area * ctx.parameter("heat-per-area")? / ctx.parameter("heat-per-steam")?
        };
        held("heated_area", Shown::AREA, amount)?
    } else if let Some(stated) = size(m) {
        if replaces == "gas-boilers" {
            held("capacity", Shown::STEAM, steam(ctx, "", stated)?)?
        } else {
            let part = of_stock(ctx, &tags, &from, stated)?;
            Extent::OfService(part / ctx.zone_part(m, service)?)
        }
    } else {
        return Err(no_extent(m));
    };
    let from = Source::grouped(&from, groups);
    ctx.shift_from(m, service, &from, to, extent)
}

/// A field that does not fit what heat from a network replaces.
fn misplaced(m: &Measure, replaces: &str) -> Option<Problem> {
    let fits = |key: &str| match key {
        "households" => replaces == "scattered-coal",
        "up_to" => replaces == "coal-boilers",
        _ => replaces != "scattered-coal",
    };
    let keys = ["households", "up_to", "capacity"];
    let key = keys
        .into_iter()
        .find(|key| m.values.contains_key(key) && !fits(key))?;
    Some(
        Problem::new(
            key,
            Text::new(
                format!("替代对象是 {replaces} 时不能写 `{key}`"),
                format!("`{key}` does not fit what replaces {replaces}"),
            ),
        )
        .with_help(Text::new(
            "households 用于散煤，capacity 用于锅炉，up_to 用于燃煤锅炉；都可写 heated_area 或 share",
            "`households` is of scattered coal, `capacity` of boilers, `up_to` of coal boilers; `heated_area` and `share` fit all",
        )),
    )
}
