//! What published shares leave beside the technologies: the water, nuclear, wind and solar
//! power beside thermal power, and the electricity of final users that came on top of what
//! the base year had.
//!
//! ```text
//! N[t] = n[t] + O[t]
//! O[y] = (s[y] · E[y] − n[y]) / (1 − s[y]·c)   in years y with a published share s
//! O[t]   on straight lines between them, constant after the last
//! ```
//!
//! with n what the technologies have at the levels that the scenario states and E the account
//! that the share is of; c is 1 where O is a part of E as well (electricity of final energy),
//! else 0 (energy use has its non-fossil part already). In a year with a published share the
//! indicator is that share; after the last one the model gives the change by measures and
//! growth alone, and the supply outside of it stays as it was. A share is of the energy use
//! of its own statistics; E is that of the run, so O is right in the part and rests on E in
//! the amount.

use super::anchor::interpolate;
use crate::catalogue::Account;
use crate::kernel;
use crate::plan::Plan;
use crate::published::Published;
use crate::scenario::Scenario;

/// The account that a published share is a part of, the part, and whether what is outside
/// counts in the whole as well. `None` for a share that no quotient counts from.
pub(crate) fn quotient(of: Published) -> Option<(Account, Account, bool)> {
    match of {
        Published::NonFossil => Some((Account::NonFossil, Account::Energy, false)),
        Published::Electricity => Some((Account::FinalElectricity, Account::FinalEnergy, true)),
        Published::IndustrialElectricity => None,
    }
}

/// The quotient that has something outside in `account`.
pub(crate) fn with_outside(account: Account) -> Option<Published> {
    Published::ALL.into_iter().find(|of| {
        quotient(*of)
            .is_some_and(|(part, whole, within)| part == account || (within && whole == account))
    })
}

/// Fills [`Plan::outside`] for every quotient that the plan keeps and whose share of the
/// base year is published.
pub(super) fn settle(scenario: &Scenario, plan: &mut Plan) {
    for of in Published::ALL {
        let Some((part, whole, within)) = quotient(of) else {
            continue;
        };
        let (Some(q), Some(e)) = (plan.account(part), plan.account(whole)) else {
            continue;
        };
        let shares = scenario.published(of);
        if shares.first().map(|(year, ..)| *year) != Some(scenario.base_year) {
            continue;
        }
        let levels = plan.stated_levels();
        let (own, energy) = (
            kernel::account(plan, &levels, q),
            kernel::account(plan, &levels, e),
        );
        let energy = |t: usize| plan.ratio.at(e, t) * energy[t] + plan.offset.at(e, t);
        let known = shares.iter().filter_map(|(year, share, _)| {
            let t = plan.year(*year)?;
            let rest = if within { 1.0 - share } else { 1.0 };
            Some((t, (share * energy(t) - own[t]) / rest))
        });
        let known: Vec<(usize, f64)> = known.collect();
        let start = known.first().map_or(0.0, |(_, value)| *value);
        let years = 0..plan.span();
        let amounts: Vec<f64> = years
            .map(|t| interpolate(&known, t, start, |_, value| value))
            .collect();
        if within {
            plan.outside.push((e, amounts.clone()));
        }
        plan.outside.push((q, amounts));
    }
}
