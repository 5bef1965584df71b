//! Ships: low-sulphur fuel, shore power, both, or LNG.
//!
//! Low-sulphur fuel and shore power are steps of their own: a ship with one of them that
//! takes the other goes to `ship-both`, and counts for either.
//!
//! ```text
//! share p    p of what is there to be changed
//! reach r    p = (r · Σ_{k ∈ ships} R[k,e] − Σ_{k ∈ have} R[k,e]) / Σ_{k ∈ from} R[k,e]
//! ```
//!
//! *have*: the ships that do so already.

use super::extent::{Extent, no_extent};
use super::traced::Traced;
use super::{Compiled, Context, Measure, Outcome};
use crate::dims::TechnologyId;

/// From which ships to which, by approach.
fn steps(approach: &str) -> &'static [(&'static str, &'static str)] {
    match approach {
        "low-sulphur" => &[("ship", "ship-low-sulphur"), ("ship-shore", "ship-both")],
        "shore-power" => &[("ship", "ship-shore"), ("ship-low-sulphur", "ship-both")],
        "both" => &[
            ("ship", "ship-both"),
            ("ship-low-sulphur", "ship-both"),
            ("ship-shore", "ship-both"),
        ],
        _ => &[
            ("ship", "ship-lng"),
            ("ship-low-sulphur", "ship-lng"),
            ("ship-shore", "ship-lng"),
            ("ship-both", "ship-lng"),
        ],
    }
}

/// Cleaner ships.
pub(super) fn clean(ctx: &Context<'_>, m: &Measure) -> Outcome {
    let service = ctx.service("freight", "type")?;
    let end = m.ramp.end_in(ctx.years);
    let ship = |alias: &str| ctx.technology(service, alias, "approach");
    let mut pairs = Vec::new();
    for (from, to) in steps(m.word("approach").unwrap_or_default()) {
        pairs.push((ship(from)?, ship(to)?));
    }
    let from: Vec<TechnologyId> = pairs.iter().map(|(from, _)| *from).collect();
    let left = ctx.shares(&from, end);
    let part = if let Some(part) = m.traced("share") {
        part
    } else if let Some(reach) = m.traced("reach") {
        let mut have: Vec<TechnologyId> = pairs.iter().map(|(_, to)| *to).collect();
        have.sort_unstable();
        have.dedup();
        let has = ctx.shares(&have, end);
        let ships = ctx.shares(&ctx.catalogue.tagged(service, "water"), end);
        if reach.value * ships.value <= has.value {
            let has = has.value / ships.value.max(f64::MIN_POSITIVE);
            return Ok(Compiled::notice(ctx.already(service, reach.value, has)));
        }
        (reach * ships - has) / left.clone()
    } else {
        return Err(no_extent(m));
    };
    let there = pairs
        .iter()
        .filter(|(from, _)| ctx.share(*from, end).value > 0.0);
    let mut moved: Vec<Outcome> = there
        .map(|(from, to)| {
            let to = vec![(*to, Traced::fixed(1.0))];
            ctx.shift(m, service, &[*from], to, Extent::Part(part.clone()))
        })
        .collect();
    if moved.is_empty() {
        // No ships here: told as it is for any other measure.
        moved.push(ctx.shift(m, service, &from, Vec::new(), Extent::Part(part)));
    }
    Compiled::join(moved)
}
