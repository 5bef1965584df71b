//! VOC control: the rule by which it becomes a shift.
//!
//! A cut of X tonnes is the part of the service that, once moved, emits so much less:
//!
//! ```text
//! a = X / (D[v,e] · (Σ_{k ∈ from} R[k,e] · κF[k] / Σ_{k ∈ from} R[k,e] − κF[to]))
//! ```
//!
//! so it is met at the growth of the scenario, in the year fully in force. More than can be
//! moved is refused.

use super::extent::{Extent, common_extent, no_extent};
use super::industry::below;
use super::traced::Traced;
use super::{Context, Measure, Outcome, Problem};
use crate::catalogue::{Account, Book};
use crate::dims::{ServiceId, TechnologyId};
use crate::text::Text;

/// VOC control. Source substitution and end-of-pipe control together are a
/// technology of their own, so their effects are never added; it stands above either.
pub(super) fn voc(ctx: &Context<'_>, m: &Measure) -> Outcome {
    let service = ctx.service("solvents", "type")?;
    let approach = m.word("approach").unwrap_or_default();
    let alias = match approach {
        "source" => "voc-source",
        "both" => "voc-both",
        _ => "voc-end",
    };
    let to = ctx.technology(service, alias, "approach")?;
    let stages: &[&str] = match alias {
        "voc-both" => &["plain", "voc-source", "voc-end"],
        _ => &["plain"],
    };
    let from = below(ctx, service, &[to], stages);
    let extent = match (common_extent(m), m.traced("amount")) {
        (Some(_), _) if matches!(approach, "leaks" | "tanks") => return Err(no_sources()),
        (Some(extent), _) => extent,
        (None, Some(amount)) => tonnes(ctx, m, service, (&from, to), amount)?,
        (None, None) => return Err(no_extent(m)),
    };
    ctx.shift(m, service, &from, vec![(to, Traced::fixed(1.0))], extent)
}

/// Leaks and tanks have no activity of their own that a share could be of.
fn no_sources() -> Vec<Problem> {
    let text = Text::new(
        "数据没有泄漏和储罐的活动量，说不出它们的比例",
        "the data have no activity of leaks and tanks that a share could be of",
    );
    vec![Problem::new("share", text).with_help(Text::new(
        "写减排量，例如 amount = \"5000 吨\"",
        "say how much is cut, e.g. amount = \"5000 t\"",
    ))]
}

/// The part of the service by which `amount` t of VOCs less are emitted.
fn tonnes(
    ctx: &Context<'_>,
    m: &Measure,
    service: ServiceId,
    (from, to): (&[TechnologyId], TechnologyId),
    amount: Traced,
) -> Result<Extent, Vec<Problem>> {
    let Some(p) = ctx.catalogue.pollutant("VOCs") else {
        let text = Text::new("数据中没有 VOCs", "the data have no VOCs");
        return Err(vec![Problem::new("amount", text)]);
    };
    let account = Account::Pollutant(p, Book::Physical);
    let emits = |k: TechnologyId| ctx.coefficient(k, account);
    let end = m.ramp.end_in(ctx.years);
    let there = from.iter().filter(|k| ctx.share(**k, end).value > 0.0);
    let there: Vec<TechnologyId> = there.copied().collect();
    let left = ctx.shares(&there, end);
    let demand = ctx.demand_at(service, end);
    if there.is_empty() || demand.value <= 0.0 {
        // Nothing to move: told by the shift.
        return Ok(Extent::OfService(Traced::fixed(0.0)));
    }
    // t/unit
    let mean = match there.as_slice() {
        [one] => emits(*one),
        several => {
            let all = several.iter().map(|k| ctx.share(*k, end) * emits(*k));
            Traced::sum(all) / left.clone()
        }
    };
    let less = mean - emits(to);
    let scale = ctx.catalogue.services[service.at()].scale;
    let zone = ctx.zone_part(m, service)?;
    let most = demand.value / scale * less.value * left.value * zone.value;
    if amount.value > most {
        let (asked, most) = (amount.value, most.max(0.0));
        let text = Text::new(
            format!("要减 {asked:.0} 吨，期末可治理的排放只能减 {most:.0} 吨"),
            format!(
                "{asked:.0} t are to be cut, while what can be controlled in the end gives {most:.0} t"
            ),
        );
        return Err(vec![Problem::new("amount", text).with_help(Text::new(
            "写得少一些，或改用减得更多的方式（approach = \"both\"）",
            "state less, or an approach that cuts more (approach = \"both\")",
        ))]);
    }
    Ok(Extent::OfService(
        amount / (demand * (1.0 / scale) * less) / zone,
    ))
}
