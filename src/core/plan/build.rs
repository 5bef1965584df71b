//! Compiling a scenario.

use super::error::{LEAST_LEFT, NothingLeft, OVER_CLAIM_SLACK, PlanError};
use super::{Plan, PlannedMeasure, ShareRow, Term, anchor};
use crate::calibrate::{BaseYear, calibrate};
use crate::catalogue::{Account, Catalogue};
use crate::dims::{DriverId, RegionId, ServiceId};
use crate::kernel;
use crate::linked;
use crate::measure::compile::{Compiled, Context};
use crate::measure::{self, Measure, Policy, Problem, Shift};
use crate::scenario::Scenario;
use crate::text::Text;
use nalgebra::DMatrix;
use std::collections::BTreeSet;

/// Compiles `scenario`.
///
/// # Errors
/// Everything that keeps the scenario from running, all at once where one does
/// not hide the other.
pub fn compile(catalogue: &Catalogue, scenario: &Scenario) -> Result<Plan, Vec<PlanError>> {
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

    let current = shifts(
        catalogue,
        scenario,
        &plan,
        &demand,
        &base_shares,
        Policy::Current,
    );
    let reference = apply(&base_shares, scenario, &keep(&current));
    let embodied = embodied(catalogue, &plan, &reference).ok_or(vec![PlanError::CircularLinks])?;
    let new = shifts(catalogue, scenario, &plan, &demand, &reference, Policy::New);

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
    let mut base = vec![0.0; catalogue.services.len() * width];
    for (k, technology) in catalogue.technologies.iter().enumerate() {
        for q in 0..width {
            // share · t/unit = t per unit of service
            base[technology.service.at() * width + q] +=
                base_year.shares[k] * base_year.coefficients[k * width + q];
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
    let cells = width * years.len();
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
        ratio: vec![1.0; cells],
        offset: vec![0.0; cells],
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

/// Compiles the measures of one policy against reference shares.
fn shifts(
    catalogue: &Catalogue,
    scenario: &Scenario,
    plan: &Plan,
    demand: &[Vec<f64>],
    reference: &[Vec<f64>],
    policy: Policy,
) -> Vec<(usize, measure::compile::Outcome)> {
    let ctx = context(catalogue, scenario, plan, demand, reference);
    let chosen = scenario
        .measures
        .iter()
        .enumerate()
        .filter(|(_, m)| m.policy == policy);
    chosen
        .map(|(m, measure)| (m, measure::compile::compile(&ctx, measure)))
        .collect()
}

fn context<'a>(
    catalogue: &'a Catalogue,
    scenario: &'a Scenario,
    plan: &'a Plan,
    demand: &'a [Vec<f64>],
    reference: &'a [Vec<f64>],
) -> Context<'a> {
    Context {
        catalogue,
        world: &scenario.world,
        base: &plan.base_year,
        years: &plan.years,
        demand,
        reference,
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
fn apply(shares: &[Vec<f64>], scenario: &Scenario, shifts: &[(usize, &[Shift])]) -> Vec<Vec<f64>> {
    let mut shares = shares.to_vec();
    for (m, shifts) in shifts {
        let level = scenario.measures[*m].level;
        for shift in *shifts {
            for (t, amount) in shift.amount.iter().enumerate() {
                for (k, part) in &shift.take {
                    shares[k.at()][t] -= level * amount * part;
                }
                for (k, part) in &shift.give {
                    shares[k.at()][t] += level * amount * part;
                }
            }
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
                    direct[(v, q)] += share * plan.base_year.coefficients[k * width + q];
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
            let touched = shift.take.iter().chain(&shift.give).map(|(k, _)| k);
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
        let change = vec![0.0; width * span];
        plan.terms.push(Term {
            measure: m,
            service: shift.service,
            change,
        });
        plan.terms.len() - 1
    });
    let change = &mut plan.terms[position].change;
    let given = shift.give.iter().map(|(k, part)| (*k, *part));
    let taken = shift.take.iter().map(|(k, part)| (*k, -*part));
    for (k, part) in given.chain(taken) {
        let links = match policy {
            Policy::New => catalogue.technologies[k.at()].links.as_slice(),
            Policy::Current => &[],
        };
        for q in 0..width {
            let own = plan.base_year.coefficients[k.at() * width + q];
            for t in 0..span {
                let linked: f64 = links
                    .iter()
                    .map(|(w, used)| used.value * embodied[t][(w.at(), q)])
                    .sum();
                change[q * span + t] += shift.amount[t] * part * (own + linked);
            }
        }
    }
}

fn add_shares(plan: &mut Plan, m: usize, shift: &Shift) {
    let given = shift.give.iter().map(|(k, part)| (*k, *part));
    let taken = shift.take.iter().map(|(k, part)| (*k, -*part));
    for (k, part) in given.chain(taken) {
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
        for (cell, amount) in changes[position].1.iter_mut().zip(&shift.amount) {
            *cell += part * amount;
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

/// Lays out the coal caps on top of all other measures at their stated levels.
fn caps(
    catalogue: &Catalogue,
    scenario: &Scenario,
    plan: &Plan,
    demand: &[Vec<f64>],
    base_shares: &[Vec<f64>],
    compiled: &[(usize, Compiled)],
) -> Result<Vec<(usize, Compiled)>, Vec<PlanError>> {
    let mut caps = Vec::new();
    let is_cap = |m: &Measure| m.kind.id == "coal-cap";
    // Each would be laid out as if the others were not there.
    if let Some(second) = scenario.measures.iter().filter(|m| is_cap(m)).nth(1) {
        let text = Text::new("只能有一项煤炭总量控制", "there can be only one coal cap");
        let problem = Problem::new("type", text).with_help(Text::new(
            "合并为一项，写较严的上限",
            "join them into one with the tighter cap",
        ));
        return Err(vec![PlanError::Measure {
            measure: second.id.clone(),
            problem,
        }]);
    }
    for (m, measure) in scenario
        .measures
        .iter()
        .enumerate()
        .filter(|(_, m)| is_cap(m))
    {
        let Some(q) = plan.account(Account::Coal) else {
            continue;
        };
        let coal = kernel::account(plan, &plan.stated_levels(), q);
        let base = coal[0];
        let cap = measure
            .number("cap")
            .or_else(|| Some(base * (1.0 - measure.number("reduction")?)));
        let Some(cap) = cap else {
            let problem = Problem::new(
                "",
                Text::new(
                    "没有说明上限",
                    "does not say how much: give one of cap, reduction",
                ),
            );
            return Err(vec![PlanError::Measure {
                measure: measure.id.clone(),
                problem,
            }]);
        };
        let others: Vec<(usize, &[Shift])> = compiled
            .iter()
            .map(|(m, c)| (*m, c.shifts.as_slice()))
            .collect();
        let shares = apply(base_shares, scenario, &others);
        let ctx = context(catalogue, scenario, plan, demand, base_shares);
        let shifts = measure::coal_cap(&ctx, measure, &shares, &coal, cap);
        let notices = if shifts.is_empty() {
            vec![Text::new(
                "其他措施之后用煤已不超过上限，本措施不起作用",
                "no effect: coal use is below the cap already",
            )]
        } else {
            Vec::new()
        };
        caps.push((m, Compiled { shifts, notices }));
    }
    Ok(caps)
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
