//! Measures that say themselves what they take from and give to.

use super::extent::{Extent, common_extent, no_extent};
use super::{Context, Measure, Outcome};

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
