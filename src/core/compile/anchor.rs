//! Joining the projection to published values of past years.
//!
//! ```text
//! ratio:   H[q,t] = r[t] · E[q,t],   r[b] = 1, r[t] = observed/modelled at observed years,
//! offset:  H[q,t] = E[q,t] + o[t],   o[b] = 0, o[t] = observed − modelled at observed years,
//! ```
//!
//! straight lines between, constant after the last. "Modelled" is the run at the
//! stated levels and growth, so r and o do not depend on levels: results stay affine.

use super::error::PlanError;
use crate::catalogue::Catalogue;
use crate::kernel;
use crate::plan::{Plan, demand};
use crate::scenario::{Harmonise, Observation, Scenario};
use crate::text::Text;

/// Fills the plan's ratios and offsets; returns what is wrong with the observations.
pub(super) fn join(catalogue: &Catalogue, scenario: &Scenario, plan: &mut Plan) -> Vec<PlanError> {
    let mut errors = Vec::new();
    let mut points: Vec<(usize, usize, f64)> = Vec::new(); // account, year, observed value
    for (position, observation) in scenario.observed.iter().enumerate() {
        match place(catalogue, scenario, plan, observation) {
            Ok((q, t, _)) if points.iter().any(|p| (p.0, p.1) == (q, t)) => {
                let text = Text::new(
                    "同一排放量、同一年份已有观测值",
                    "the same emission is observed twice in that year",
                );
                errors.push(PlanError::Observation { position, text });
            }
            Ok(point) => points.push(point),
            Err(text) => errors.push(PlanError::Observation { position, text }),
        }
    }
    points.sort_by_key(|(q, t, _)| (*q, *t));
    let levels = plan.stated_levels();
    for q in 0..plan.accounts.len() {
        let observed: Vec<(usize, f64)> = points
            .iter()
            .filter(|p| p.0 == q)
            .map(|(_, t, value)| (*t, *value))
            .collect();
        let Some(&(last, _)) = observed.last() else {
            continue;
        };
        let modelled = kernel::account(plan, &levels, q);
        plan.observed_until[q] = Some(plan.years[last]);
        // Nothing is joined up to the base year.
        let first = plan.first;
        let observed: Vec<(usize, f64)> = observed.iter().map(|(t, v)| (t - first, *v)).collect();
        for t in first..plan.span() {
            match scenario.harmonise {
                Harmonise::Ratio => {
                    let at = |i: usize, value: f64| value / modelled[first + i];
                    let value = interpolate(&observed, t - first, 1.0, at);
                    plan.ratio.set(q, t, value);
                }
                Harmonise::Offset => {
                    let at = |i: usize, value: f64| value - modelled[first + i];
                    let value = interpolate(&observed, t - first, 0.0, at);
                    plan.offset.set(q, t, value);
                }
            }
        }
    }
    errors
}

/// Piecewise-linear through `start` at 0 and the observed points, constant after the last.
pub(crate) fn interpolate(
    observed: &[(usize, f64)],
    t: usize,
    start: f64,
    at: impl Fn(usize, f64) -> f64,
) -> f64 {
    let mut before = (0, start);
    for &(i, value) in observed {
        let here = (i, at(i, value));
        if t <= i {
            if i == before.0 {
                return here.1;
            }
            let part = (t - before.0) as f64 / (i - before.0) as f64;
            return before.1 + part * (here.1 - before.1);
        }
        before = here;
    }
    before.1
}

/// The account, year and absolute value that an observation speaks of.
pub(crate) fn place(
    catalogue: &Catalogue,
    scenario: &Scenario,
    plan: &Plan,
    observation: &Observation,
) -> Result<(usize, usize, f64), Text> {
    let t = plan
        .year(observation.year)
        .filter(|t| *t > plan.first)
        .ok_or_else(|| {
            let (from, to) = (scenario.base_year + 1, scenario.end_year);
            Text::new(
                format!("观测年份须在 {from}—{to} 之间"),
                format!("the observed year must lie between {from} and {to}"),
            )
        })?;
    let kind = &catalogue.indicators[observation.indicator.at()].kind;
    let account = kind.inventoried().ok_or_else(|| {
        if kind.is_index() {
            return Text::new(
                "这一指标没有官方基数（由公布的比重算起），不能作为观测锚点",
                "this indicator has no official base (it counts from a published share): no anchor",
            );
        }
        Text::new(
            "占比指标不能作为观测锚点",
            "a share cannot be an observed anchor",
        )
    })?;
    let index = plan.driver_of(kind.per()).map_or(1.0, |driver| {
        demand::index(&plan.growth[driver.at()][plan.first..])[t - plan.first]
    });
    let q = plan
        .account(account)
        .ok_or_else(|| Text::new("没有该账户", "no such account"))?;
    let base: f64 = if plan.first == 0 {
        let all = 0..plan.demand.len();
        all.map(|v| plan.demand[v] * plan.base.at(v, q)).sum()
    } else {
        kernel::account(plan, &plan.stated_levels(), q)[plan.first]
    };
    Ok((q, t, base * (1.0 - observation.reduction) * index))
}
