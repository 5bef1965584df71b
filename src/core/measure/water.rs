//! Sewage and manure: the rules by which their measures become shifts.

use super::extent::{Extent, common_extent, no_extent};
use super::nonroad::share_of_part;
use super::source::Source;
use super::traced::Traced;
use super::{Compiled, Context, Measure, Outcome, Problem};
use crate::dims::{ServiceId, TechnologyId};
use crate::text::Text;

/// Persons served by a flow of sewage: m3/d · 365 d/a / (m3 per resident and year).
fn persons(ctx: &Context<'_>, m: &Measure) -> Result<Option<Extent>, Vec<Problem>> {
    if let Some(flow) = m.traced("capacity") {
        return Ok(Some(Extent::Absolute(
            flow * 365.0 / ctx.parameter("sewage-per-resident")?,
        )));
    }
    Ok(m.traced("persons").map(Extent::Absolute))
}

/// What treatment lacks of the rate `reach`: reach − (1 − untreated), or nothing.
fn short_of(reach: Traced, untreated: Traced) -> Traced {
    (reach - untreated.rest()).positive()
}

/// Brings untreated sewage to treatment. `reach` is the treatment rate: the
/// share of residents whose sewage is treated at all.
pub(super) fn sewage_expansion(ctx: &Context<'_>, m: &Measure) -> Outcome {
    let id = if m.word("area") == Some("rural") {
        "rural-sewage"
    } else {
        "urban-sewage"
    };
    let service = ctx.service(id, "area")?;
    let from = ctx.catalogue.tagged(service, "untreated");
    let to = ctx.mix(m, "to", service)?;
    let untreated = ctx.shares(&from, m.ramp.end_in(ctx.years));
    let extent = match (m.traced("reach"), m.traced("share"), persons(ctx, m)?) {
        (Some(reach), _, _) => Extent::OfService(short_of(reach, untreated)),
        (None, Some(part), _) => Extent::Part(part),
        (None, None, Some(extent)) => extent,
        (None, None, None) => return Err(no_extent(m)),
    };
    ctx.shift(m, service, &from, to, extent)
}

/// Upgrades sewage works between classes.
pub(super) fn sewage_upgrade(ctx: &Context<'_>, m: &Measure) -> Outcome {
    let service = ctx.service("urban-sewage", "type")?;
    let from = ctx.aliases(m, "from", service)?;
    let to = ctx.mix(m, "to", service)?;
    let extent = match common_extent(m) {
        Some(extent) => extent,
        None => persons(ctx, m)?.ok_or_else(|| no_extent(m))?,
    };
    ctx.shift(m, service, &from, to, extent)
}

/// Manure: `reach` is the rate of use, that is all that is not left untreated. Large farms
/// that are equipped use theirs: at least equipment · (their part of livestock).
pub(super) fn manure(ctx: &Context<'_>, m: &Measure) -> Outcome {
    let service = ctx.service("livestock", "type")?;
    let from: Vec<TechnologyId> = ctx.catalogue.tagged(service, "untreated");
    let to = ctx.mix(m, "to", service)?;
    let untreated = ctx.shares(&from, m.ramp.end_in(ctx.years));
    let reach = match m.traced("equipment") {
        Some(equipped) => {
            let scale = m.traced("scale");
            let scale = scale.map_or_else(|| ctx.parameter("scale-farm-share"), Ok)?;
            Some(equipped * scale)
        }
        None => m.traced("reach"),
    };
    let extent = match (reach, m.traced("share"), m.traced("heads")) {
        (Some(reach), _, _) => Extent::OfService(short_of(reach, untreated)),
        (None, Some(part), _) => Extent::Part(part),
        (None, None, Some(heads)) => Extent::Absolute(heads),
        (None, None, None) => return Err(no_extent(m)),
    };
    ctx.shift(m, service, &from, to, extent)
}

/// Industrial wastewater: a flow is m3/d · 365 d/a / (m3 per yuan of value added).
pub(super) fn industrial(ctx: &Context<'_>, m: &Measure) -> Outcome {
    let service = ctx.service("industrial-wastewater", "type")?;
    let from = ctx.aliases(m, "from", service)?;
    let to = ctx.mix(m, "to", service)?;
    let extent = match m.traced("capacity") {
        Some(flow) => {
            // The parameter is t for each 1e8 CNY.
            let each = ctx.parameter("wastewater-per-value-added")?;
            Extent::Absolute(flow * 365.0 * 1e8 / each)
        }
        None => share_of_part(m)?,
    };
    ctx.shift(m, service, &from, to, extent)
}

/// The part by which `reach` is above the rate of today; `None` where it is not.
fn rise(m: &Measure) -> Result<Option<(Traced, Traced)>, Vec<Problem>> {
    let Some(reach) = m.traced("reach") else {
        return Err(no_extent(m));
    };
    let Some(now) = m.traced("now") else {
        return Err(vec![
            Problem::new(
                "now",
                Text::new(
                    "写了 reach 就要写现状 `now`：基年的部分已在清单之中",
                    "`reach` needs the rate of today, `now`: that of the base year is in the inventory",
                ),
            )
            .with_help(Text::new(
                "例如 now = \"65 %\"，或改写 share",
                "e.g. now = \"65 %\", or give a `share` instead",
            )),
        ]);
    };
    Ok((reach.value > now.value).then_some((reach, now)))
}

/// The notice of a rate that is there already.
fn there(ctx: &Context<'_>, m: &Measure, service: ServiceId) -> Compiled {
    let rate = |key| m.number(key).unwrap_or_default();
    Compiled::notice(ctx.already(service, rate("reach"), rate("now")))
}

/// Sewers: of what stays uncollected behind works of the classes of `from`, the part
/// (reach − now) / (1 − now) is collected.
pub(super) fn sewers(ctx: &Context<'_>, m: &Measure) -> Outcome {
    let service = ctx.service("urban-sewage", "type")?;
    let from = ctx.aliases(m, "from", service)?;
    let part = match m.traced("share") {
        Some(part) => part,
        None => match rise(m)? {
            Some((reach, now)) => (reach - now.clone()) / now.rest(),
            None => return Ok(there(ctx, m, service)),
        },
    };
    give(ctx, m, service, (&from, "collected"), Extent::Part(part))
}

/// Reuse: reach − now of what is treated is no longer discharged; a flow serves as many
/// residents as treatment does.
pub(super) fn reuse(ctx: &Context<'_>, m: &Measure) -> Outcome {
    let service = ctx.service("urban-sewage", "type")?;
    let reused = ctx.catalogue.tagged(service, "reused");
    let treated = ctx.catalogue.tagged(service, "treated").into_iter();
    let from: Vec<TechnologyId> = treated.filter(|k| !reused.contains(k)).collect();
    let extent = match (m.traced("share"), persons(ctx, m)?) {
        (Some(part), _) => Extent::Part(part),
        (None, Some(extent)) => extent,
        (None, None) => match rise(m)? {
            Some((reach, now)) => Extent::Part(reach - now),
            None => return Ok(there(ctx, m, service)),
        },
    };
    give(ctx, m, service, (&from, "reused"), extent)
}

/// Moves from whatever is left of `from` to the technology called `to`.
fn give(
    ctx: &Context<'_>,
    m: &Measure,
    service: ServiceId,
    (from, to): (&[TechnologyId], &str),
    extent: Extent,
) -> Outcome {
    let to = ctx.technology(service, to, "type")?;
    let to = vec![(to, Traced::fixed(1.0))];
    ctx.shift_from(m, service, &Source::whole(from), to, extent)
}
