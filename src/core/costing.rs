//! What measures cost, and what the figures of cost rest on.
//!
//! The cost of some measures in a year is linear in the figures *n* of `data/costs.csv`:
//!
//! ```text
//! C[t] = Σ_n A[n,t] · n  +  what measures state themselves
//! A[n,t] = Σ_m x[m] · Σ_v D[v,t]·a[m,v,t]·Σ_k (q[m,k] − u[m,k,t]) · ∂c[k,t]/∂n
//! ```
//!
//! so that a figure which cancels (the level of a converter's cost, where it is only
//! retrofitted) counts for nothing. What rests on the figures of one status, and the band,
//! are
//!
//! ```text
//! w[s] = Σ_{n of status s} |A[n]·n| / (Σ_n |A[n]·n| + Σ stated |·|)
//! low  = Σ_n A[n]·(low of n where A > 0, else high) + stated,    high the other way round
//! ```
//!
//! the band being that of all figures at the worse and the better end together.

use crate::catalogue::{Account, Catalogue};
use crate::dims::TechnologyId;
use crate::kernel::Trajectory;
use crate::plan::Plan;
use crate::price::CostFigure;
use std::collections::BTreeMap;

/// Costs over technologies may stand on one another so deep; deeper is a circle, which the
/// reader of the data refuses.
const DEEPEST: usize = 16;

/// A figure by technology and place in [`crate::price::Cost::figures`].
type Place = (TechnologyId, usize);

/// ∂c[k,t]/∂n for every figure that counts in the cost of `k` in `year`, in prices of
/// `price_year`.
fn weights(
    catalogue: &Catalogue,
    k: TechnologyId,
    year: i32,
    price_year: i32,
) -> Vec<(Place, f64)> {
    let mut found = Vec::new();
    let mut next = Some(k);
    for _ in 0..DEEPEST {
        let Some(k) = next else { break };
        let Some(cost) = &catalogue.technologies[k.at()].cost else {
            break;
        };
        for (i, weight) in cost.at(year) {
            let from = cost.figures[i].price_year;
            // The reader has seen that the index holds the year of every figure.
            let prices = catalogue.prices.factor(from, price_year).unwrap_or(1.0);
            found.push(((k, i), weight * prices));
        }
        next = cost.over;
    }
    found
}

fn figure(catalogue: &Catalogue, (k, i): Place) -> Option<&CostFigure> {
    let cost = catalogue.technologies[k.at()].cost.as_ref()?;
    cost.figures.get(i)
}

/// c[k,t]: yuan per unit of service by `k` in `year`, in prices of `price_year`; 0 where no
/// figure is known.
pub fn unit(catalogue: &Catalogue, k: TechnologyId, year: i32, price_year: i32) -> f64 {
    let weights = weights(catalogue, k, year, price_year).into_iter();
    let parts =
        weights.filter_map(|(place, weight)| Some(weight * figure(catalogue, place)?.value.value));
    parts.sum()
}

/// What some measures cost in a year, and on what that rests.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Costing {
    /// Yuan a year, in prices of the plan.
    pub value: f64,
    /// The same with every figure at the end that makes it less.
    pub low: f64,
    /// The same with every figure at the end that makes it more.
    pub high: f64,
    /// How much of it rests on figures of each status (parts of 1), in the order of
    /// [`crate::provenance::Status::ALL`].
    pub by_status: [f64; 6],
    /// How much of it the measures state themselves (part of 1).
    pub stated: f64,
}

impl Costing {
    /// Whether it rests on some figure: of nothing known nothing rests on anything.
    pub fn is_known(&self) -> bool {
        self.stated + self.by_status.iter().sum::<f64>() > 0.0
    }

    /// The part that rests on figures quoted or computed from quoted ones.
    pub fn firm(&self) -> f64 {
        self.by_status[0] + self.by_status[1]
    }

    /// The part that rests on assumed figures.
    pub fn assumed(&self) -> f64 {
        self.by_status[5]
    }
}

/// What the measures `which` of `plan` cost together in the year at `t`; `None` if the
/// cost of one of them is not known.
pub fn of_measures(
    catalogue: &Catalogue,
    plan: &Plan,
    run: &Trajectory,
    which: &[usize],
    t: usize,
) -> Option<Costing> {
    let q = plan.account(Account::Cost)?;
    let mut amounts: BTreeMap<Place, f64> = BTreeMap::new();
    let (mut stated, mut size) = (0.0, 0.0);
    for &m in which {
        let measure = &plan.measures[m];
        if !measure.cost_known {
            return None;
        }
        if measure.cost_stated {
            stated += run.change.at(m, q, t);
            size += run.change.at(m, q, t).abs();
            continue;
        }
        for shift in &measure.shifts {
            // x · D: units of service, a part of which is moved.
            let units = measure.level * run.demand[shift.service.at()][t];
            let mut add = |t: usize, units: f64| {
                let i = plan.laid_out_from() + t;
                let moved = units * shift.amount[i];
                let given = shift.give.iter().map(|(k, part)| (*k, *part));
                let taken = shift.take.iter().map(|(k, parts)| (*k, -parts[i]));
                for (k, part) in given.chain(taken) {
                    for (place, weight) in weights(catalogue, k, plan.years[t], plan.price_year) {
                        *amounts.entry(place).or_default() += moved * part * weight;
                    }
                }
            };
            add(t, units);
            if plan.laid_out_from() > 0 {
                // What was done by a later base year is part of the base.
                add(0, -units);
            }
        }
    }
    let mut found = Costing {
        value: stated,
        low: stated,
        high: stated,
        ..Costing::default()
    };
    let mut all = size;
    for (place, amount) in amounts {
        let Some(figure) = figure(catalogue, place) else {
            continue;
        };
        let ends = [amount * figure.value.low, amount * figure.value.high];
        found.value += amount * figure.value.value;
        found.low += ends[0].min(ends[1]);
        found.high += ends[0].max(ends[1]);
        let weight = (amount * figure.value.value).abs();
        found.by_status[figure.value.origin.status as usize] += weight;
        all += weight;
    }
    if all > 0.0 {
        found.stated = size / all;
        found.by_status = found.by_status.map(|weight| weight / all);
    }
    Some(found)
}
