//! The cap on coal: the part above it comes off every coal technology in proportion.
//!
//! ```text
//! takes[t]    = Σ_{v,k} D[v,t] · S[k,t] · (c[k,t] − c[saved,t])     k: technologies on coal
//! part[t]     = max(0, coal[t] − cap) / takes[t]      from the year fully in force on;
//!               before it part[end] · w[t]
//! amount[k,t] = part[t] · S[k,t]                      S: shares after all other measures
//! ```
//!
//! c[k,t] is the coal behind a unit of *k*, with that of the electricity and steam it uses.
//! `takes` is the coal that goes if every technology on coal stands still. It is not
//! `coal`: the coal behind electricity that other measures save or add is in the total, but
//! in no technology's share.

use super::{Context, Measure, OVER_CLAIM_SLACK, Problem, Shift};
use crate::catalogue::Account;
use crate::dims::{ServiceId, TechnologyId};
use crate::text::Text;

/// What a coal cap is held against.
#[derive(Clone, Copy)]
pub struct CoalUse<'a> {
    /// Coal use after all other measures at their stated levels, by year (tce).
    pub total: &'a [f64],
    /// c[k,t]: the coal behind a unit of a technology in the year at an index (tce).
    pub each: &'a dyn Fn(TechnologyId, usize) -> f64,
    /// The limit (tce).
    pub cap: f64,
}

/// A coal cap, laid out after all other measures: in each year the part of coal
/// use above the cap comes off every coal technology in proportion.
///
/// `shares` are the shares by technology and year after all other measures at
/// their stated levels.
///
/// # Errors
/// More coal is above the cap than all technologies on coal use.
pub fn coal_cap(
    ctx: &Context<'_>,
    m: &Measure,
    shares: &[Vec<f64>],
    coal: CoalUse<'_>,
) -> Result<Vec<Shift>, Problem> {
    let users = users(ctx);
    // A share below zero by rounding has no coal to take.
    let share = |k: TechnologyId, t: usize| shares[k.at()][t].max(0.0);
    let takes = |t: usize| -> f64 {
        let each = users.iter().map(|(service, k)| {
            let saved = ctx.catalogue.saved(*service);
            let less = (coal.each)(*k, t) - (coal.each)(saved, t);
            ctx.demand[service.at()][t] * share(*k, t) * less
        });
        each.sum()
    };
    let end = m.ramp.end_in(ctx.years);
    let full = (0..ctx.years.len()).map(|t| {
        let above = (coal.total[t] - coal.cap).max(0.0);
        let takes = takes(t);
        if above <= 0.0 || t < end {
            Ok(0.0)
        } else if above <= takes * (1.0 + OVER_CLAIM_SLACK) {
            Ok((above / takes).min(1.0))
        } else {
            Err(out_of_reach(m, ctx.years[t], coal.total[t] - takes))
        }
    });
    let mut part = full.collect::<Result<Vec<f64>, Problem>>()?;
    for t in 0..end {
        part[t] = part[end] * m.ramp.at(ctx.years[t]);
    }
    let mut shifts = Vec::new();
    for (service, k) in users {
        let part = part.iter().enumerate();
        let amount: Vec<f64> = part.map(|(t, part)| part * share(k, t)).collect();
        if amount.iter().any(|a| *a > 0.0) {
            shifts.push(Shift {
                service,
                take: vec![(k, vec![1.0; amount.len()])],
                give: vec![(ctx.catalogue.saved(service), 1.0)],
                credited: amount.clone(),
                amount,
                layout: None,
            });
        }
    }
    Ok(shifts)
}

/// The technologies on coal of the services that the region has.
fn users(ctx: &Context<'_>) -> Vec<(ServiceId, TechnologyId)> {
    let services = ctx.catalogue.services.iter().enumerate();
    let here = services.filter(|(v, _)| ctx.demand[*v][0] > 0.0);
    here.flat_map(|(v, service)| {
        let technologies = service.technologies.iter().copied();
        let on_coal = |k: &TechnologyId| ctx.catalogue.coefficient(*k, Account::Coal) > 0.0;
        let on_coal = technologies.filter(on_coal);
        on_coal.map(move |k| (ServiceId::from_usize(v), k))
    })
    .collect()
}

/// More is above the cap than all technologies on coal use: `left` (tce) would remain.
fn out_of_reach(m: &Measure, year: i32, left: f64) -> Problem {
    let key = if m.number("cap").is_some() {
        "cap"
    } else {
        "reduction"
    };
    let left = left / 1e4;
    Problem::new(
        key,
        Text::new(
            format!(
                "{year} 年达不到：各用煤环节全部停用，其他措施新增的用电、用热仍要耗煤 {left:.2} 万吨标准煤，高于上限"
            ),
            format!(
                "cannot be met in {year}: with every user of coal shut down, {left:.2} × 10⁴ tce would remain behind electricity and steam that other measures add, which is above the cap"
            ),
        ),
    )
    .with_help(Text::new(
        "放宽上限，或减少新增用电、用热的措施",
        "raise the cap, or do less of what adds use of electricity and steam",
    ))
}
