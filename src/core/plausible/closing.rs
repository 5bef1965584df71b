//! Services of which measures leave little: a step of a process or a part of an industry
//! taken for the whole.

use super::{Context, Doubt, Finding, Place, percent};
use crate::text::Text;

/// What is saved or closed of a service beyond this is asked about.
const MOST: f64 = 0.5;

pub(super) fn find(ctx: Context<'_>, found: &mut Vec<Finding>) {
    let plan = ctx.plan;
    let last = plan.span() - 1;
    for service in &ctx.catalogue.services {
        let saved = service.technologies.last();
        let row = plan
            .shares
            .iter()
            .find(|row| Some(&row.technology) == saved);
        let Some(row) = row else { continue };
        let of = |(m, change): &(usize, Vec<f64>)| (*m, plan.measures[*m].level * change[last]);
        let changes: Vec<(usize, f64)> = row.changes.iter().map(of).collect();
        let closed = row.base + changes.iter().map(|(_, part)| part).sum::<f64>();
        let largest = changes.into_iter().max_by(|a, b| a.1.total_cmp(&b.1));
        let Some((m, _)) = largest.filter(|_| closed > MOST) else {
            continue;
        };
        let (name, year) = (&service.named.name, plan.years[last]);
        let part = percent(closed);
        found.push(Finding {
            code: "closes-most",
            doubt: Doubt::High,
            text: Text::new(
                format!("到 {year} 年，{}的 {part} 被关停或节约掉", name.zh),
                format!("by {year}, {part} of {} is closed or saved", name.en),
            ),
            place: Place::Measure(plan.measures[m].id.clone(), ""),
            found: closed,
            yardstick: MOST,
            basis: Text::new(
                "规则：关停和节约不超过一项活动的一半",
                "a rule: no more than half of a service",
            ),
            origins: Vec::new(),
            advice: Text::new(
                "比例是占整个行业的：只淘汰某道工序、某种设备或某个子行业的，写它占整个行业的比例，或写到 [tracked]",
                "the part is of the whole industry: where a step of the process, a kind of plant or a branch alone is closed, write its part of the whole, or put it under [tracked]",
            ),
        });
    }
}
