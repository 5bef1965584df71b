//! The cap on coal: the part above it comes off every coal technology in proportion.
//!
//! ```text
//! part[t]     = max(0, (coal[t] − cap) / coal[t])     from the year fully in force on;
//!               before it part[end] · w[t]
//! amount[k,t] = part[t] · S[k,t]                      S: shares after all other measures
//! ```

use super::{Context, Measure, Shift};
use crate::catalogue::Account;
use crate::dims::ServiceId;

/// A coal cap, laid out after all other measures: in each year the part of coal
/// use above the cap comes off every coal technology in proportion.
///
/// `shares` are the shares by technology and year after all other measures at
/// their stated levels, `coal` the coal use they cause (tce), `cap` the limit (tce).
pub fn coal_cap(
    ctx: &Context<'_>,
    m: &Measure,
    shares: &[Vec<f64>],
    coal: &[f64],
    cap: f64,
) -> Vec<Shift> {
    let end = m.ramp.end_in(ctx.years);
    let excess = |t: usize| ((coal[t] - cap) / coal[t]).max(0.0);
    let part: Vec<f64> = (0..ctx.years.len())
        .map(|t| {
            if t < end {
                excess(end) * m.ramp.at(ctx.years[t])
            } else {
                excess(t)
            }
        })
        .collect();
    let mut shifts = Vec::new();
    for (v, service) in ctx.catalogue.services.iter().enumerate() {
        let service_id = ServiceId::from_usize(v);
        let coal_of = service
            .technologies
            .iter()
            .copied()
            .filter(|k| ctx.catalogue.coefficient(*k, Account::Coal) > 0.0);
        let saved = ctx.catalogue.saved(service_id);
        for k in coal_of {
            let amount: Vec<f64> = part
                .iter()
                .zip(&shares[k.at()])
                // A share below zero by rounding has no coal to take.
                .map(|(part, share)| part * share.max(0.0))
                .collect();
            if ctx.demand[v][0] > 0.0 && amount.iter().any(|a| *a > 0.0) {
                let take = vec![(k, vec![1.0; amount.len()])];
                let give = vec![(saved, 1.0)];
                shifts.push(Shift {
                    service: service_id,
                    amount,
                    take,
                    give,
                    layout: None,
                });
            }
        }
    }
    shifts
}
