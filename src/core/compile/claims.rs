//! Measures must not take more of a technology than there is.

use super::error::PlanError;
use crate::measure::OVER_CLAIM_SLACK;
use crate::plan::Plan;

/// Technologies of which more is taken than there is, at the given levels.
pub(super) fn over_claims(plan: &Plan, levels: &[f64]) -> Vec<PlanError> {
    let mut found = Vec::new();
    for row in plan.shares.iter().chain(&plan.zone_shares) {
        let share = |t: usize| -> f64 {
            row.base
                + row
                    .changes
                    .iter()
                    .map(|(m, change)| levels[*m] * change[t])
                    .sum::<f64>()
        };
        let below: Vec<usize> = (0..plan.span())
            .filter(|t| share(*t) < -OVER_CLAIM_SLACK)
            .collect();
        let Some(&first) = below.first() else {
            continue;
        };
        let worst = below
            .iter()
            .copied()
            .min_by(|a, b| share(*a).total_cmp(&share(*b)));
        let worst = worst.unwrap_or(first);
        let at = |change: &[f64], m: usize| levels[m] * change[worst];
        let claims: Vec<(String, f64)> = row
            .changes
            .iter()
            .filter(|(m, change)| at(change, *m) < 0.0)
            .map(|(m, change)| (plan.measures[*m].id.clone(), -at(change, *m)))
            .collect();
        let claimed: f64 = claims.iter().map(|(_, part)| part).sum();
        found.push(PlanError::OverClaim {
            zone: row.zone,
            technology: row.technology,
            year: plan.years[first],
            excess: -share(worst),
            available: share(worst) + claimed,
            claims,
        });
    }
    found
}
