//! A scenario that counts from a later base year: the plan laid out from the data's own
//! base year on, cut to the years from the later one on.
//!
//! What was done up to the base year *b* is history: it becomes part of the base. At the
//! levels x̂ that the scenario states,
//!
//! ```text
//! D'[v,b]       = D[v,b]
//! S'0[k]        = S0[k] + Σ_m x̂[m] · change[m,k,b]
//! base'[v,q]    = base[v,q] + Σ_m x̂[m] · term[m,v,q,b]
//! term'[m,v,q,t] = term[m,v,q,t] − term[m,v,q,b]              likewise the shares' changes
//! ```
//!
//! so that at the stated levels nothing changes from b on, and a draw that varies a level
//! varies what comes after b alone. Factors keep; κ is of the base year already (see
//! [`crate::calibrate`]).

use crate::grid::Grid;
use crate::plan::{Plan, ShareRow, demand};

/// The plan from its base year on, with the whole of it kept for explanations. A plan that
/// begins with its base year is left as it is.
pub(super) fn to_base(whole: Plan) -> Plan {
    let first = whole.first;
    if first == 0 {
        return whole;
    }
    let levels = whole.stated_levels();
    let mut plan = whole.clone();
    plan.first = 0;
    plan.years.drain(..first);
    for path in &mut plan.growth {
        path.drain(..first);
        // The growth of a plan's first year is not looked at.
        path[0] = 0.0;
    }
    let demand = demand::demand(&whole, &whole.growth);
    plan.demand = demand.iter().map(|path| path[first]).collect();
    plan.base_year.demand.clone_from(&plan.demand);
    for term in &mut plan.terms {
        let (m, v) = (term.measure, term.service);
        for q in 0..whole.accounts.len() {
            let done = term.change.at(q, first);
            let base = plan.base.at(v.at(), q) + levels[m] * done;
            plan.base.set(v.at(), q, base);
        }
        term.change = later(&term.change, first, true);
    }
    for row in plan.shares.iter_mut().chain(&mut plan.zone_shares) {
        advance(row, first, &levels);
    }
    for row in &plan.shares {
        plan.base_year.shares[row.technology.at()] = row.base;
        plan.base_year.credited[row.technology.at()] = row.credited.0;
    }
    plan.ratio = later(&whole.ratio, first, false);
    plan.offset = later(&whole.offset, first, false);
    for (_, amounts) in &mut plan.outside {
        amounts.drain(..first);
    }
    plan.whole = Some(Box::new(whole));
    plan
}

/// The columns of `grid` from `first` on, less the first of them if `less`.
fn later(grid: &Grid, first: usize, less: bool) -> Grid {
    let rows = grid.rows().map(|row| {
        let done = if less { row[first] } else { 0.0 };
        row[first..].iter().map(move |cell| cell - done)
    });
    let cells: Vec<f64> = rows.flatten().collect();
    let width = grid.rows().next().map_or(0, |row| row.len() - first);
    Grid::of(width, cells)
}

/// Makes what was done by `first` part of a row's base, and what was credited by then of
/// that of accounting.
fn advance(row: &mut ShareRow, first: usize, levels: &[f64]) {
    let (credited, later) = &mut row.credited;
    for (base, changes) in [(&mut row.base, &mut row.changes), (credited, later)] {
        for (m, change) in changes {
            let done = change[first];
            *base += levels[*m] * done;
            change.drain(..first);
            for cell in change {
                *cell -= done;
            }
        }
    }
}
