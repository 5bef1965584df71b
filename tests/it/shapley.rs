//! The attribution to measures is their Shapley value: the mean, over all orders in
//! which the measures may be carried out, of what each adds when its turn comes.
//!
//! The model is affine in the levels, so every order gives the same. Here it is shown
//! by brute force: all subsets of up to eight measures are run.

use super::support::{close, run_at, study};
use jianpai::core::grid::Grid;
use jianpai::core::kernel::Trajectory;
use jianpai::core::plan::Plan;
use rayon::prelude::*;

/// As many measures as are permuted: 2^8 runs, 8! orders.
const MOST: usize = 8;

fn plan(name: &str) -> Plan {
    study(&format!("scenarios/{name}.toml")).plan
}

/// The measures that change most, as subscripts.
fn largest(plan: &Plan, run: &Trajectory) -> Vec<usize> {
    let (span, cells) = (plan.span(), plan.accounts.len() * plan.span());
    let size = |m: &usize| -> f64 {
        let accounts = 0..plan.accounts.len();
        let parts = accounts.map(|q| {
            let last = q * span + span - 1;
            run.change[m * cells + last].abs() / run.frozen[last].abs().max(1.0)
        });
        parts.sum()
    };
    let mut all: Vec<usize> = (0..plan.measures.len()).collect();
    all.sort_by(|a, b| size(b).total_cmp(&size(a)));
    all.truncate(MOST);
    all
}

/// |S|! (n − |S| − 1)! / n!: in how many orders just the members of S come before.
fn weight(before: usize, count: usize) -> f64 {
    let factorial = |n: usize| (1..=n).map(|i| i as f64).product::<f64>();
    factorial(before) * factorial(count - before - 1) / factorial(count)
}

fn is_the_shapley_value(name: &str) {
    let plan = plan(name);
    let stated = plan.stated_levels();
    let whole = run_at(&plan, &stated);
    let chosen = largest(&plan, &whole);
    assert!(chosen.len() >= 5, "{name} has too few measures to permute");
    let cells = plan.accounts.len() * plan.span();
    // What is reached when those of a subset are carried out, and the rest as stated.
    let runs: Vec<Grid> = (0..1_usize << chosen.len())
        .into_par_iter()
        .map(|subset| {
            let mut levels = stated.clone();
            for (bit, m) in chosen.iter().enumerate() {
                if subset & (1 << bit) == 0 {
                    levels[*m] = 0.0;
                }
            }
            run_at(&plan, &levels).total
        })
        .collect();
    let mut marginals = 0;
    for (bit, m) in chosen.iter().enumerate() {
        let mut shapley = vec![0.0; cells];
        for subset in (0..runs.len()).filter(|subset| subset & (1 << bit) == 0) {
            let weight = weight(subset.count_ones() as usize, chosen.len());
            let (with, without) = (&runs[subset | (1 << bit)], &runs[subset]);
            for i in 0..cells {
                let added = with[i] - without[i];
                shapley[i] += weight * added;
                // The join to observed values scales what measures do; it is 1 without.
                let change = plan.ratio[i] * whole.change[m * cells + i];
                let scale = whole.frozen[i].abs();
                assert!(
                    close(added, change, 1e-9, scale),
                    "{name}: {added} {change}"
                );
                marginals += 1;
            }
        }
        for (i, value) in shapley.iter().enumerate() {
            let change = plan.ratio[i] * whole.change[m * cells + i];
            let what = &plan.measures[*m].id;
            let scale = whole.frozen[i].abs();
            assert!(
                close(*value, change, 1e-9, scale),
                "{name}, {what}: {value} {change}"
            );
        }
    }
    assert_eq!(marginals, chosen.len() * runs.len() / 2 * cells);
    // Efficiency: together they are what separates all from none.
    let ends = runs[runs.len() - 1].iter().zip(&runs[0]);
    for (i, (all, none)) in ends.enumerate() {
        let changes = chosen.iter().map(|m| whole.change[m * cells + i]);
        let sum = plan.ratio[i] * changes.sum::<f64>();
        let scale = whole.frozen[i].abs();
        assert!(close(sum, all - none, 1e-9, scale), "{name}: {sum}");
    }
}

#[test]
fn of_a_province() {
    is_the_shapley_value("shaanxi-2020");
}

#[test]
fn of_a_city() {
    is_the_shapley_value("hengyang-2019");
}

#[test]
fn of_the_nation() {
    is_the_shapley_value("national-14fyp-strengthened");
}

#[test]
fn of_a_run_joined_to_observed_values() {
    is_the_shapley_value("national-13fyp-observed");
}
