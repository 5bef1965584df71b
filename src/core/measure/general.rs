//! Measures that say themselves what they take from and give to.

use super::extent::{Extent, common_extent, no_extent};
use super::{Context, Measure, Outcome};

/// A measure with `from`, `share` and `to` in a service known by its kind.
pub(super) fn named_service(ctx: &Context<'_>, m: &Measure, id: &str) -> Outcome {
    let service = ctx.service(id, "type")?;
    let from = ctx.aliases(m, "from", service)?;
    let to = ctx.mix(m, "to", service)?;
    let extent = common_extent(m).ok_or_else(|| no_extent(m))?;
    ctx.shift(m, service, &from, to, extent)
}

/// The general form.
pub(super) fn general(ctx: &Context<'_>, m: &Measure) -> Outcome {
    let service = ctx.service(m.word("service").unwrap_or_default(), "service")?;
    let from = ctx.aliases(m, "from", service)?;
    let to = ctx.mix(m, "to", service)?;
    let of_service = m.traced("of_service").map(Extent::OfService);
    let extent = common_extent(m)
        .or(of_service)
        .ok_or_else(|| no_extent(m))?;
    ctx.shift(m, service, &from, to, extent)
}
