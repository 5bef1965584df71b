//! From compiled measures to the terms and share rows of a plan.

use super::own_cost;
use crate::catalogue::{Account, Catalogue};
use crate::dims::{RegionId, TechnologyId};
use crate::grid::Grid;
use crate::measure::{Compiled, Measure, Policy, Shift};
use crate::plan::{Plan, PlannedMeasure, ShareRow, Term};
use crate::scenario::Scenario;
use nalgebra::DMatrix;
use std::collections::BTreeSet;

/// Fills terms, share rows, measures and notices from compiled measures.
pub(super) fn fill(
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
        own_cost::lay(catalogue, plan, *m, &scenario.measures[*m]);
    }
    plan.zone_shares = zone_shares(catalogue, plan);
}

fn planned(measure: &Measure) -> PlannedMeasure {
    PlannedMeasure {
        id: measure.id.clone(),
        name: measure.name.clone(),
        kind: measure.kind,
        policy: measure.policy,
        zone: measure.zone,
        level: measure.level,
        cost_known: true,
        cost_stated: false,
        shifts: Vec::new(),
    }
}

/// κF[k,q] + Σ_w use[k,w]·φ[w,q,t], of cost c[k,t]: what a unit of `k` that a measure of `policy` gives or
/// takes causes in the account at `q` in the year at `t`. Linked use counts for new measures
/// only: the record and the growth of current demand contain that of current policy.
pub(super) fn unit_of(
    catalogue: &Catalogue,
    plan: &Plan,
    policy: Policy,
    embodied: &[DMatrix<f64>],
    (k, q, t): (TechnologyId, usize, usize),
) -> f64 {
    if plan.accounts[q] == Account::Cost {
        return plan.costs.at(k.at(), t);
    }
    let links = match policy {
        Policy::New => catalogue.technologies[k.at()].links.as_slice(),
        Policy::Current => &[],
    };
    let linked = links.iter();
    let linked = linked.map(|(w, used)| used.value * embodied[t][(w.at(), q)]);
    plan.base_year.coefficient(k, q) + linked.sum::<f64>()
}

/// Adds `a[q,t] · Σ_k (q − u) · (κF[k] + Σ_w use[k,w]·φ[w,t])` to the term of the
/// measure and service.
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
    for (k, parts) in sides(shift) {
        for q in 0..width {
            for t in 0..span {
                let unit = unit_of(catalogue, plan, policy, embodied, (k, q, t));
                let amount = shift.amount_in(plan.accounts[q])[t];
                let cell = &mut plan.terms[position].change.row_mut(q)[t];
                *cell += amount * parts.at(t) * unit;
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
                    credited: (base, Vec::new()),
                });
                plan.shares.len() - 1
            });
        let row = &mut plan.shares[row];
        add_change(&mut row.changes, m, &parts, &shift.amount);
        add_change(&mut row.credited.1, m, &parts, &shift.credited);
    }
}

/// Adds what one side of a shift of measure `m` changes in a share.
fn add_change(changes: &mut Vec<(usize, Vec<f64>)>, m: usize, parts: &Side<'_>, amount: &[f64]) {
    let position = changes
        .iter()
        .position(|(other, _)| *other == m)
        .unwrap_or_else(|| {
            changes.push((m, vec![0.0; amount.len()]));
            changes.len() - 1
        });
    let cells = changes[position].1.iter_mut().zip(amount);
    for (t, (cell, amount)) in cells.enumerate() {
        *cell += parts.at(t) * amount;
    }
}

/// What a zone's own measures leave of its part of the base shares and of what
/// current policy makes of them.
///
/// Region-wide new measures and coal caps are left out: they take what is left wherever it
/// is.
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
                    (None, Policy::Current) if !measure.kind.is_cap() => part.value,
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
                credited: (0.0, Vec::new()),
            });
        }
    }
    rows
}
