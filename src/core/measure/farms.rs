//! Crops and ponds: the rules by which their measures become shifts.
//!
//! Crops and ponds are one service. A cut of fertiliser by c moves c of conventional
//! farming to crops that lose nothing of fertiliser, so that what crops lose falls by c and
//! ponds stay as they are; ponds treated work in the same way. Both take from conventional
//! farming, so that together they move no more than all of it.

use super::extent::{Extent, no_extent};
use super::traced::Traced;
use super::{Context, Measure, Outcome};

/// Less fertiliser.
pub(super) fn fertiliser(ctx: &Context<'_>, m: &Measure) -> Outcome {
    moved(ctx, m, "cut", "unfertilised")
}

/// Tail water of ponds treated.
pub(super) fn tail_water(ctx: &Context<'_>, m: &Measure) -> Outcome {
    moved(ctx, m, "share", "tail-water")
}

/// Moves the part in field `key` of conventional farming.
fn moved(ctx: &Context<'_>, m: &Measure, key: &'static str, to: &str) -> Outcome {
    let part = m.traced(key).ok_or_else(|| no_extent(m))?;
    let service = ctx.service("other-agriculture", "type")?;
    let named = |alias: &str| ctx.technology(service, alias, "type");
    let (from, to) = (named("conventional")?, named(to)?);
    let to = vec![(to, Traced::fixed(1.0))];
    ctx.shift(m, service, &[from], to, Extent::Part(part))
}
