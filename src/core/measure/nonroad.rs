//! Machinery: the rule by which its renewal becomes a shift.
//!
//! The unit of the service is a tonne of diesel. A number of machines is
//! number · each tonnes, each the diesel of one, stated or ρ `diesel-per-machine`.

use super::extent::{Extent, no_extent};
use super::{Context, Measure, Outcome};

/// Renews machinery, all of it or that of a part of the service.
pub(super) fn renewal(ctx: &Context<'_>, m: &Measure) -> Outcome {
    let service = ctx.service("non-road", "type")?;
    let from = ctx.aliases(m, "from", service)?;
    let to = ctx.mix(m, "to", service)?;
    let extent = match (m.traced("fuel"), m.traced("number")) {
        (Some(fuel), _) => Extent::Absolute(fuel),
        (None, Some(number)) => {
            let each = m.traced("each");
            let each = each.map_or_else(|| ctx.parameter("diesel-per-machine"), Ok)?;
            Extent::Absolute(number * each)
        }
        (None, None) => share_of_part(m)?,
    };
    ctx.shift(m, service, &from, to, extent)
}

/// `share` of all that is addressed, or of the part of it that `part` states.
pub(super) fn share_of_part(m: &Measure) -> Result<Extent, Vec<super::Problem>> {
    let share = m.traced("share").ok_or_else(|| no_extent(m))?;
    Ok(Extent::Part(match m.traced("part") {
        Some(part) => share * part,
        None => share,
    }))
}
