//! Non-fossil energy that no technology of the model supplies: the water, nuclear, wind and
//! solar power beside thermal power.
//!
//! ```text
//! O[y] = s[y] · E[y] − n[y]              in years y with a published share s
//! O[t]   on straight lines between them, constant after the last
//! N[t] = n[t] + O[t]                     non-fossil energy
//! ```
//!
//! with E the energy use and n the non-fossil energy of the technologies at the levels that
//! the scenario states. In a year with a published share the indicator is that share; after
//! the last one the model gives the change by measures and growth alone, and the supply
//! outside of it stays as it was. A share is of the energy use of its own statistics; E is
//! that of the run, so O is right in the part and rests on E in the amount.

use super::anchor::interpolate;
use crate::catalogue::Account;
use crate::kernel;
use crate::plan::Plan;
use crate::scenario::Scenario;

/// Fills [`Plan::outside`], if the plan keeps non-fossil energy and the share of the base
/// year is published.
pub(super) fn settle(scenario: &Scenario, plan: &mut Plan) {
    let (Some(q), Some(e)) = (
        plan.account(Account::NonFossil),
        plan.account(Account::Energy),
    ) else {
        return;
    };
    let shares = scenario.non_fossil_shares();
    if shares.first().map(|(year, ..)| *year) != Some(scenario.base_year) {
        return;
    }
    let levels = plan.stated_levels();
    let (own, energy) = (
        kernel::account(plan, &levels, q),
        kernel::account(plan, &levels, e),
    );
    let energy = |t: usize| plan.ratio.at(e, t) * energy[t] + plan.offset.at(e, t);
    let known = shares.iter().filter_map(|(year, share, _)| {
        let t = plan.year(*year)?;
        Some((t, share * energy(t) - own[t]))
    });
    let known: Vec<(usize, f64)> = known.collect();
    let start = known.first().map_or(0.0, |(_, value)| *value);
    let years = 0..plan.span();
    plan.outside = years
        .map(|t| interpolate(&known, t, start, |_, value| value))
        .collect();
}
