//! Demand: what growth makes of each service, whatever the measures.
//!
//! ```text
//! D[v,t] = D[v,b] · Π_{τ=b+1..t} [ (1 + ε[v]·g[d(v),τ]) · (1 − s[v]) ]
//! I[t]   = Π_{τ=b+1..t} (1 + g[τ])                                   GDP index, I[b] = 1
//! ```
//!
//! with D[v,b] the demand of service *v* in the base year *b* (in its own unit), *g* the
//! yearly growth of its driver d(v), ε its elasticity to it, and *s* the yearly saving
//! that comes by itself (fractions), which so compounds from year to year. No measure
//! moves D: measures move shares of it, and what one saves is served by the technology
//! `saved`, which emits nothing.

use crate::plan::Plan;

/// What a year leaves of a service, at least: `1 + ε·g`. Less is a slip of the pen, and
/// below zero the service would serve a negative amount.
pub const LEAST_LEFT: f64 = 1e-9;

/// I[t]: the index of a path of yearly growth (fractions), 1 in the first year, whose own
/// growth is not looked at.
pub fn index(growth: &[f64]) -> Vec<f64> {
    let mut level = 1.0;
    growth
        .iter()
        .enumerate()
        .map(|(t, g)| {
            if t > 0 {
                level *= 1.0 + g;
            }
            level
        })
        .collect()
}

/// D[v,t] by service and year, in the unit of each service, for growth paths by driver
/// and year (fractions).
pub fn demand(plan: &Plan, growth: &[Vec<f64>]) -> Vec<Vec<f64>> {
    (0..plan.demand.len())
        .map(|v| {
            let path = &growth[plan.driver[v].at()];
            let mut level = plan.demand[v];
            let step = |(t, g): (usize, &f64)| {
                if t > 0 {
                    level *= (1.0 + plan.elasticity[v] * g) * (1.0 - plan.saving[v]);
                }
                level
            };
            path.iter().enumerate().map(step).collect()
        })
        .collect()
}
