//! Sewage and manure: the rules by which their measures become shifts.

use super::extent::{Extent, common_extent, no_extent};
use super::traced::Traced;
use super::{Context, Measure, Outcome, Problem};
use crate::dims::TechnologyId;

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

/// Manure: `reach` is the rate of use, that is all that is not left untreated.
pub(super) fn manure(ctx: &Context<'_>, m: &Measure) -> Outcome {
    let service = ctx.service("livestock", "type")?;
    let from: Vec<TechnologyId> = ctx.catalogue.tagged(service, "untreated");
    let to = ctx.mix(m, "to", service)?;
    let untreated = ctx.shares(&from, m.ramp.end_in(ctx.years));
    let extent = match (m.traced("reach"), m.traced("share"), m.traced("heads")) {
        (Some(reach), _, _) => Extent::OfService(short_of(reach, untreated)),
        (None, Some(part), _) => Extent::Part(part),
        (None, None, Some(heads)) => Extent::Absolute(heads),
        (None, None, None) => return Err(no_extent(m)),
    };
    ctx.shift(m, service, &from, to, extent)
}
