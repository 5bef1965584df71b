//! What one draw needs at least, counted from the compiled sweep.

use jianpai::core::batch::Group;
use jianpai::core::catalogue::Catalogue;
use jianpai::core::indicator::Per;
use jianpai::core::target::Demand;
use jianpai::sweep::engine::{Column, Sweep};
use std::collections::BTreeSet;

/// Operations of one draw. Products are those of an economic evaluation: a division
/// is counted once for whatever is divided by the same number.
#[derive(Clone, Copy, Debug, Default)]
pub struct Count {
    /// Fused multiply-adds.
    pub fma: usize,
    /// Operands of theirs that come from memory; rows summed together share them.
    pub loads: usize,
    /// Products, sums and differences that are not fused.
    pub other: usize,
    /// Divisions.
    pub divisions: usize,
    /// Numbers stored.
    pub stores: usize,
}

/// The cells alone: sums of terms, and demand ratios.
pub fn cells(sweep: &Sweep) -> Count {
    let batch = &sweep.batch;
    let moved = |group: &Group| batch.span.saturating_sub(group.moves_from());
    // (1 + ε·(g + δ)) / (1 + ε₀·g) is affine in δ: one fused step, one product.
    let steps: usize = batch.groups.iter().map(moved).sum();
    let products: usize = batch.monomials.iter().map(|m| m.len() - 1).sum();
    Count {
        fma: batch.operations() + steps,
        loads: batch.loads() + steps,
        other: steps + products + batch.multiples(),
        divisions: 0,
        stores: batch.rows_written(),
    }
}

/// Everything from inputs to the columns of a row.
pub fn rows(catalogue: &Catalogue, sweep: &Sweep) -> Count {
    let batch = &sweep.batch;
    let mut count = cells(sweep);
    // Inputs are copied, and every target has a margin and a verdict; rows that are the
    // same for every draw are there from the block before.
    count.stores += sweep.inputs.len() + 2 * sweep.reported.targets.len();
    // All targets met, feasible, the smallest margin.
    count.stores += 3;
    count.other += batch.feasibility.len();
    let mut divisors = BTreeSet::new();
    for column in &sweep.columns {
        let Column::Indicator(indicator, t) = column else {
            continue;
        };
        match catalogue.indicators[indicator.at()].kind.per() {
            Per::Gdp | Per::ValueAdded => {
                count.other += 2;
                divisors.insert(("base", indicator.at(), 0));
                if let Some(group) = batch.gdp_group {
                    divisors.insert(("demand", group, *t));
                }
            }
            Per::Demand(service) => {
                count.other += 1;
                if let Some(group) = batch.service_groups[service.at()] {
                    divisors.insert(("demand", group, *t));
                }
            }
            Per::Account(_) => count.other += 1,
            Per::Nothing => {}
        }
    }
    // Ratios are 1 where nothing has moved yet.
    divisors.retain(|(what, group, t)| *what == "base" || *t >= batch.groups[*group].moves_from());
    count.divisions = divisors.len();
    for target in &sweep.reported.targets {
        // Margin: difference and sign; verdict: one comparison, one conjunction.
        count.other += 4;
        match target.demand {
            Demand::Reduction { .. } => {
                count.divisions += 1;
                count.other += 1;
            }
            Demand::Cumulative { .. } => count.other += batch.span,
            _ => {}
        }
    }
    count
}
