//! Compiling a scenario.

use super::caps::caps;
use super::error::{LEAST_LEFT, NothingLeft, OVER_CLAIM_SLACK, PlanError};
use super::{Plan, PlannedMeasure, ShareRow, Term, anchor, further};
use crate::calibrate::{BaseYear, calibrate};
use crate::catalogue::{Account, Catalogue};
use crate::dims::{DriverId, RegionId, ServiceId, TechnologyId};
use crate::grid::Grid;
use crate::kernel;
use crate::linked;
use crate::measure::compile::{Compiled, Context};
use crate::measure::source::{Room, adapts, move_shares};
use crate::measure::{self, Measure, Policy, Shift};
use crate::scenario::Scenario;
use nalgebra::DMatrix;
use std::collections::BTreeSet;

/// Compiles `scenario`.
///
/// # Errors
/// Everything that keeps the scenario from running, all at once where one does
/// not hide the other.
pub fn compile(catalogue: &Catalogue, scenario: &Scenario) -> Result<Plan, Vec<PlanError>> {
    whole(catalogue, scenario).map_err(|first| further::all(catalogue, scenario, first))
}

/// The same, with the errors of the first stage that has any.
pub(super) fn whole(catalogue: &Catalogue, scenario: &Scenario) -> Result<Plan, Vec<PlanError>> {
    let mut plan = lay_out(catalogue, scenario)?;
    let mut errors = over_claims(&plan, &plan.stated_levels());
    errors.extend(anchor::join(catalogue, scenario, &mut plan));
    if errors.is_empty() {
        Ok(plan)
    } else {
        Err(errors)
    }
}

/// Compiles `scenario` without looking whether it takes more than there is, and
/// without joining it to observed values.
pub(super) fn lay_out(catalogue: &Catalogue, scenario: &Scenario) -> Result<Plan, Vec<PlanError>> {
    let base_year = calibrate(catalogue, &scenario.world).map_err(|found| {
        found
            .into_iter()
            .map(PlanError::Unexplained)
            .collect::<Vec<_>>()
    })?;
    let mut plan = skeleton(catalogue, scenario, base_year)?;
    let demand = kernel::demand(&plan, &plan.growth);
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
    let embodied = embodied(catalogue, &plan, &reference).ok_or(vec![PlanError::CircularLinks])?;
    let bases = (demand.as_slice(), reference.as_slice());
    let new = shifts(catalogue, scenario, &plan, bases, &mut room, Policy::New);

    let mut compiled: Vec<(usize, Compiled)> = Vec::new();
    for (m, outcome) in current.into_iter().chain(new) {
        match outcome {
            Ok(found) => compiled.push((m, found)),
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
    let caps = caps(catalogue, scenario, &plan, &demand, &base_shares, &compiled)?;
    if !caps.is_empty() {
        compiled.extend(caps);
        compiled.sort_by_key(|(m, _)| *m);
        fill(catalogue, scenario, &mut plan, &compiled, &embodied);
    }
    Ok(plan)
}

/// The part of a plan that does not depend on measures.
fn skeleton(
    catalogue: &Catalogue,
    scenario: &Scenario,
    base_year: BaseYear,
) -> Result<Plan, Vec<PlanError>> {
    let years = scenario.years();
    let width = base_year.accounts.len();
    let mut base = Grid::filled(catalogue.services.len(), width, 0.0);
    for (k, technology) in catalogue.technologies.iter().enumerate() {
        let cells = base.row_mut(technology.service.at()).iter_mut();
        for (cell, coefficient) in cells.zip(base_year.coefficients.row(k)) {
            // share · t/unit = t per unit of service
            *cell += base_year.shares[k] * coefficient;
        }
    }
    let mut errors = Vec::new();
    let mut growth = vec![vec![0.0; years.len()]; catalogue.drivers.len()];
    let mut recorded_until = vec![scenario.base_year; catalogue.drivers.len()];
    for (d, path) in growth.iter_mut().enumerate() {
        let driver = DriverId::from_usize(d);
        let needed = catalogue.drivers[d].id == "gdp"
            || catalogue
                .services
                .iter()
                .enumerate()
                .any(|(v, service)| service.driver == driver && base_year.demand[v] > 0.0);
        let mut missing = Vec::new();
        for (t, year) in years.iter().enumerate().skip(1) {
            if scenario.world.growth.contains_key(&(driver, *year)) {
                recorded_until[d] = *year;
            }
            match scenario.growth_of(driver, *year) {
                Some((rate, _)) => path[t] = rate,
                None => missing.push(*year),
            }
        }
        if needed && !missing.is_empty() {
            errors.push(PlanError::NoGrowth {
                driver,
                years: missing,
            });
        }
    }
    let elasticity = catalogue.services.iter().enumerate().map(|(v, service)| {
        let stated = scenario.elasticity.get(&ServiceId::from_usize(v));
        stated.copied().unwrap_or(service.elasticity.value)
    });
    let elasticity: Vec<f64> = elasticity.collect();
    for (v, service) in catalogue.services.iter().enumerate() {
        if base_year.demand[v] > 0.0 {
            let service = (ServiceId::from_usize(v), service.driver);
            let found = nothing_left(scenario, &years, service, elasticity[v]);
            errors.extend(found.map(PlanError::NothingLeft));
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    Ok(Plan {
        region: scenario.region,
        recorded_until,
        growth,
        service: catalogue.technologies.iter().map(|k| k.service).collect(),
        driver: catalogue.services.iter().map(|s| s.driver).collect(),
        elasticity,
        saving: catalogue.services.iter().map(|s| s.saving.value).collect(),
        demand: base_year.demand.clone(),
        gdp: catalogue.driver("gdp").unwrap_or(DriverId(0)),
        base,
        terms: Vec::new(),
        measures: Vec::new(),
        shares: Vec::new(),
        zone_shares: Vec::new(),
        ratio: Grid::filled(width, years.len(), 1.0),
        offset: Grid::filled(width, years.len(), 0.0),
        observed_until: vec![None; width],
        notices: Vec::new(),
        accounts: base_year.accounts.clone(),
        base_year,
        years,
    })
}

/// The first year that leaves nothing of a service.
fn nothing_left(
    scenario: &Scenario,
    years: &[i32],
    (service, driver): (ServiceId, DriverId),
    elasticity: f64,
) -> Option<NothingLeft> {
    let mut later = years.iter().skip(1);
    later.find_map(|year| {
        let (growth, from) = scenario.growth_of(driver, *year)?;
        (1.0 + elasticity * growth < LEAST_LEFT).then_some(NothingLeft {
            service,
            driver,
            year: *year,
            growth,
            from,
            elasticity,
        })
    })
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
) -> Vec<(usize, measure::compile::Outcome)> {
    let all = scenario.measures.iter().enumerate();
    let mut chosen: Vec<(usize, &Measure)> = all.filter(|(_, m)| m.policy == policy).collect();
    chosen.sort_by_key(|(m, measure)| (adapts(measure.kind.id), *m));
    let mut found = Vec::with_capacity(chosen.len());
    for (m, measure) in chosen {
        let ctx = context(catalogue, scenario, plan, (demand, reference), room);
        let outcome = measure::compile::compile(&ctx, measure);
        if let Ok(compiled) = &outcome {
            room.carry_out(catalogue, measure, &compiled.shifts);
        }
        found.push((m, outcome));
    }
    found.sort_by_key(|(m, _)| *m);
    found
}

pub(super) fn context<'a>(
    catalogue: &'a Catalogue,
    scenario: &'a Scenario,
    plan: &'a Plan,
    (demand, reference): (&'a [Vec<f64>], &'a [Vec<f64>]),
    room: &'a Room,
) -> Context<'a> {
    Context {
        catalogue,
        world: &scenario.world,
        base: &plan.base_year,
        years: &plan.years,
        demand,
        reference,
        room,
    }
}

/// The shifts of those measures that compiled.
fn keep(outcomes: &[(usize, measure::compile::Outcome)]) -> Vec<(usize, &[Shift])> {
    let good = outcomes
        .iter()
        .filter_map(|(m, o)| Some((*m, o.as_ref().ok()?)));
    good.map(|(m, compiled)| (m, compiled.shifts.as_slice()))
        .collect()
}

/// Shares by technology and year after `shifts` at their stated levels.
pub(super) fn apply(
    shares: &[Vec<f64>],
    scenario: &Scenario,
    shifts: &[(usize, &[Shift])],
) -> Vec<Vec<f64>> {
    let mut shares = shares.to_vec();
    for (m, shifts) in shifts {
        let level = scenario.measures[*m].level;
        for shift in *shifts {
            move_shares(&mut shares, shift, level);
        }
    }
    shares
}

/// φ by year: what a unit of each service causes in each account at reference shares.
fn embodied(
    catalogue: &Catalogue,
    plan: &Plan,
    reference: &[Vec<f64>],
) -> Option<Vec<DMatrix<f64>>> {
    let (services, width) = (catalogue.services.len(), plan.accounts.len());
    (0..plan.span())
        .map(|t| {
            let mut links = DMatrix::zeros(services, services);
            let mut direct = DMatrix::zeros(services, width);
            for (k, technology) in catalogue.technologies.iter().enumerate() {
                let (v, share) = (technology.service.at(), reference[k][t]);
                for (w, used) in &technology.links {
                    links[(v, w.at())] += share * used.value;
                }
                for q in 0..width {
                    direct[(v, q)] += share * plan.base_year.coefficients.at(k, q);
                }
            }
            // A unit of a linked service is no activity of the share indicators.
            for (q, account) in plan.accounts.iter().enumerate() {
                if matches!(account, Account::Activity(_) | Account::Cost) {
                    direct.column_mut(q).fill(0.0);
                }
            }
            linked::embodied(&links, &direct)
        })
        .collect()
}

/// Fills terms, share rows, measures and notices from compiled measures.
fn fill(
    catalogue: &Catalogue,
    scenario: &Scenario,
    plan: &mut Plan,
    compiled: &[(usize, Compiled)],
    embodied: &[DMatrix<f64>],
) {
    plan.terms.clear();
    plan.shares.clear();
    plan.notices.clear();
    plan.measures = scenario.measures.iter().map(planned).collect();
    for (m, found) in compiled {
        plan.notices
            .extend(found.notices.iter().map(|text| (*m, text.clone())));
        let policy = scenario.measures[*m].policy;
        for shift in &found.shifts {
            add_term(catalogue, plan, *m, shift, policy, embodied);
            add_shares(plan, *m, shift);
            let touched = shift.touched();
            plan.measures[*m].cost_known &= touched
                .map(|k| &catalogue.technologies[k.at()])
                .all(|k| k.cost.is_some() || k.alias() == "saved");
            plan.measures[*m].shifts.push(shift.clone());
        }
    }
    plan.zone_shares = zone_shares(catalogue, plan);
}

fn planned(measure: &Measure) -> PlannedMeasure {
    PlannedMeasure {
        id: measure.id.clone(),
        name: measure.name.clone(),
        kind: measure.kind.id,
        policy: measure.policy,
        zone: measure.zone,
        level: measure.level,
        cost_known: true,
        shifts: Vec::new(),
    }
}

/// Adds `a[t] · Σ_k (q − u) · (κF[k] + Σ_w use[k,w]·φ[w,t])` to the term of the
/// measure and service. Linked use counts for new measures only: the record and
/// the growth of current demand contain that of current policy.
fn add_term(
    catalogue: &Catalogue,
    plan: &mut Plan,
    m: usize,
    shift: &Shift,
    policy: Policy,
    embodied: &[DMatrix<f64>],
) {
    let (width, span) = (plan.accounts.len(), plan.span());
    let position = plan
        .terms
        .iter()
        .position(|term| term.measure == m && term.service == shift.service);
    let position = position.unwrap_or_else(|| {
        let change = Grid::filled(width, span, 0.0);
        plan.terms.push(Term {
            measure: m,
            service: shift.service,
            change,
        });
        plan.terms.len() - 1
    });
    let change = &mut plan.terms[position].change;
    for (k, parts) in sides(shift) {
        let links = match policy {
            Policy::New => catalogue.technologies[k.at()].links.as_slice(),
            Policy::Current => &[],
        };
        for q in 0..width {
            let own = plan.base_year.coefficient(k, q);
            for (t, cell) in change.row_mut(q).iter_mut().enumerate() {
                let linked: f64 = links
                    .iter()
                    .map(|(w, used)| used.value * embodied[t][(w.at(), q)])
                    .sum();
                *cell += shift.amount[t] * parts.at(t) * (own + linked);
            }
        }
    }
}

/// What a shift gives (positive) and takes (negative) of a technology.
enum Side<'a> {
    Given(f64),
    Taken(&'a [f64]),
}

impl Side<'_> {
    fn at(&self, t: usize) -> f64 {
        match self {
            Side::Given(part) => *part,
            Side::Taken(parts) => -parts[t],
        }
    }
}

fn sides(shift: &Shift) -> impl Iterator<Item = (TechnologyId, Side<'_>)> {
    let given = shift.give.iter().map(|(k, part)| (*k, Side::Given(*part)));
    let taken = shift.take.iter();
    given.chain(taken.map(|(k, parts)| (*k, Side::Taken(parts))))
}

fn add_shares(plan: &mut Plan, m: usize, shift: &Shift) {
    for (k, parts) in sides(shift) {
        let row = plan
            .shares
            .iter()
            .position(|row| row.technology == k)
            .unwrap_or_else(|| {
                let base = plan.base_year.shares[k.at()];
                plan.shares.push(ShareRow {
                    zone: None,
                    technology: k,
                    base,
                    changes: Vec::new(),
                });
                plan.shares.len() - 1
            });
        let changes = &mut plan.shares[row].changes;
        let position = changes
            .iter()
            .position(|(other, _)| *other == m)
            .unwrap_or_else(|| {
                changes.push((m, vec![0.0; shift.amount.len()]));
                changes.len() - 1
            });
        let cells = changes[position].1.iter_mut().zip(&shift.amount);
        for (t, (cell, amount)) in cells.enumerate() {
            *cell += parts.at(t) * amount;
        }
    }
}

/// What a zone's own measures leave of its part of the base shares and of what
/// current policy makes of them.
///
/// Region-wide new measures are left out: they take what is left wherever it is.
fn zone_shares(catalogue: &Catalogue, plan: &Plan) -> Vec<ShareRow> {
    let mut rows = Vec::new();
    let zones: BTreeSet<RegionId> = plan.measures.iter().filter_map(|m| m.zone).collect();
    for zone in zones {
        for row in &plan.shares {
            let service = catalogue.technologies[row.technology.at()].service;
            let own = row
                .changes
                .iter()
                .any(|(m, _)| plan.measures[*m].zone == Some(zone));
            let Some(part) = catalogue.zones.get(&(zone, service)).filter(|_| own) else {
                continue;
            };
            let changes = row.changes.iter().filter_map(|(m, change)| {
                let measure = &plan.measures[*m];
                let scale = match (measure.zone, measure.policy) {
                    (Some(other), _) if other == zone => 1.0,
                    (None, Policy::Current) => part.value,
                    _ => return None,
                };
                Some((*m, change.iter().map(|cell| cell * scale).collect()))
            });
            let changes = changes.collect();
            let base = row.base * part.value;
            rows.push(ShareRow {
                zone: Some(zone),
                technology: row.technology,
                base,
                changes,
            });
        }
    }
    rows
}

/// Technologies of which more is taken than there is, at the given levels.
pub fn over_claims(plan: &Plan, levels: &[f64]) -> Vec<PlanError> {
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
