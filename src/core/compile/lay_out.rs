//! Laying out: from the calibrated base year to terms and shares, over all years from the
//! data's own base year on (see [`super::cut`] for scenarios that count from a later one).
//!
//! Measures are compiled in three rounds, each against what the one before leaves:
//!
//! 1. current policy, against the shares of the base year;
//! 2. new measures, against the shares that current policy leaves in each year;
//! 3. the coal cap, against what all others leave at their stated levels.
//!
//! Within a round, measures that aim at plant whether retrofitted or not come last.

use super::beside;
use super::caps::caps;
use super::error::PlanError;
use super::fill::fill;
use super::own_cost;
use super::reference::{apply, apply_credited, context, embodied};
use super::skeleton::skeleton;
use crate::calibrate::{Activities, Activity, BaseYear, calibrate, uncalibrated};
use crate::catalogue::Catalogue;
use crate::dims::RegionId;
use crate::measure::{Compiled, Measure, Outcome, Policy, Room, Shift};
use crate::plan::{Plan, demand};
use crate::scenario::Scenario;
use std::collections::BTreeSet;

/// Compiles `scenario` without looking whether it takes more than there is, and
/// without joining it to observed values.
pub(super) fn lay_out(catalogue: &Catalogue, scenario: &Scenario) -> Result<Plan, Vec<PlanError>> {
    let world = &scenario.world;
    let years = world.inventory.values().filter_map(|own| own.year);
    let mut years: BTreeSet<i32> = years.collect();
    if scenario.base_year > catalogue.base_year && beside::asked(catalogue, scenario) {
        years.insert(scenario.base_year);
    }
    let mut plan = if years.is_empty() {
        skeleton(
            catalogue,
            scenario,
            calibrated(catalogue, scenario, &Activities::new())?,
        )?
    } else {
        // Amounts of later years: what was done in them comes first.
        skeleton(catalogue, scenario, uncalibrated(catalogue, world))?
    };
    let demand = demand::demand(&plan, &plan.growth);
    let mut errors = Vec::new();
    let base_shares: Vec<Vec<f64>> = plan
        .base_year
        .shares
        .iter()
        .map(|share| vec![*share; plan.span()])
        .collect();

    let zones: BTreeSet<RegionId> = scenario.measures.iter().filter_map(|m| m.zone).collect();
    let mut room = Room::before(catalogue, &base_shares, zones);
    let bases = (demand.as_slice(), base_shares.as_slice());
    let current = shifts(
        catalogue,
        scenario,
        &plan,
        bases,
        &mut room,
        Policy::Current,
    );
    let reference = apply(&base_shares, scenario, &keep(&current));
    if !years.is_empty() {
        let credited = apply_credited(&base_shares, scenario, &keep(&current));
        let at = |year: i32| {
            let t = plan.year(year)?;
            let of = |rows: &[Vec<f64>]| rows.iter().map(|row| row[t]).collect();
            let (demand, shares, credited) = (of(&demand), of(&reference), of(&credited));
            let activity = Activity {
                demand,
                shares,
                credited,
            };
            Some((year, activity))
        };
        let later: Activities = years.into_iter().filter_map(at).collect();
        let base_year = calibrated(catalogue, scenario, &later)?;
        plan = skeleton(catalogue, scenario, base_year)?;
    }
    let embodied = embodied(catalogue, &plan, &reference).ok_or(vec![PlanError::CircularLinks])?;
    let bases = (demand.as_slice(), reference.as_slice());
    let new = shifts(catalogue, scenario, &plan, bases, &mut room, Policy::New);

    let mut compiled: Vec<(usize, Compiled)> = Vec::new();
    for (m, outcome) in current.into_iter().chain(new) {
        match outcome {
            Ok(found) => {
                let measure = &scenario.measures[m];
                let problem = own_cost::misfit(catalogue, measure, &found);
                errors.extend(problem.map(|problem| PlanError::Measure {
                    measure: measure.id.clone(),
                    problem,
                }));
                compiled.push((m, found));
            }
            Err(problems) => {
                errors.extend(problems.into_iter().map(|problem| PlanError::Measure {
                    measure: scenario.measures[m].id.clone(),
                    problem,
                }));
            }
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    compiled.sort_by_key(|(m, _)| *m);
    fill(catalogue, scenario, &mut plan, &compiled, &embodied);
    let bases = (demand.as_slice(), base_shares.as_slice());
    let caps = caps(catalogue, scenario, &plan, bases, &compiled, &embodied)?;
    if !caps.is_empty() {
        compiled.extend(caps);
        compiled.sort_by_key(|(m, _)| *m);
        fill(catalogue, scenario, &mut plan, &compiled, &embodied);
    }
    Ok(plan)
}

/// The calibrated base year of a scenario's world.
fn calibrated(
    catalogue: &Catalogue,
    scenario: &Scenario,
    later: &Activities,
) -> Result<BaseYear, Vec<PlanError>> {
    let found = calibrate(catalogue, &scenario.world, later);
    let mut base = found.map_err(|found| {
        let found = found.into_iter().map(PlanError::Unexplained);
        found.collect::<Vec<PlanError>>()
    })?;
    beside::add(
        catalogue,
        scenario,
        later.get(&scenario.base_year),
        &mut base,
    );
    Ok(base)
}

/// Compiles the measures of one policy against reference shares. Those that aim at plant
/// whether retrofitted or not come last, against what the others leave.
fn shifts(
    catalogue: &Catalogue,
    scenario: &Scenario,
    plan: &Plan,
    (demand, reference): (&[Vec<f64>], &[Vec<f64>]),
    room: &mut Room,
    policy: Policy,
) -> Vec<(usize, Outcome)> {
    let all = scenario.measures.iter().enumerate();
    let mut chosen: Vec<(usize, &Measure)> = all.filter(|(_, m)| m.policy == policy).collect();
    chosen.sort_by_key(|(m, measure)| (measure.kind.adapts, *m));
    let mut found = Vec::with_capacity(chosen.len());
    for (m, measure) in chosen {
        let ctx = context(catalogue, scenario, plan, (demand, reference), room);
        let outcome = measure.compile(&ctx);
        if let Ok(compiled) = &outcome {
            room.carry_out(catalogue, measure, &compiled.shifts);
        }
        found.push((m, outcome));
    }
    found.sort_by_key(|(m, _)| *m);
    found
}

/// The shifts of those measures that compiled.
fn keep(outcomes: &[(usize, Outcome)]) -> Vec<(usize, &[Shift])> {
    let good = outcomes
        .iter()
        .filter_map(|(m, o)| Some((*m, o.as_ref().ok()?)));
    good.map(|(m, compiled)| (m, compiled.shifts.as_slice()))
        .collect()
}
