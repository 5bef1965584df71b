//! Agreement with SALib, SciPy, NumPy and EMA Workbench on stored results.

use super::{close, numbers, slices};
use crate::analysis::given_data::{self, GivenDataOptions};
use crate::analysis::morris::{self, MorrisOptions, Step};
use crate::analysis::prim::{self, PrimOptions};
use crate::analysis::sobol::{self, Order, SobolOptions};
use crate::analysis::{Estimate, columns_of};

const SOBOL: &str = include_str!("../fixtures/salib-sobol-ishigami.txt");
const MORRIS: &str = include_str!("../fixtures/salib-morris.txt");
const GIVEN: &str = include_str!("../fixtures/given-data.txt");
const PRIM: [&str; 2] = [
    include_str!("../fixtures/ema-prim.txt"),
    include_str!("../fixtures/ema-prim-paste.txt"),
];

fn value(estimate: Option<Estimate>) -> f64 {
    estimate.unwrap().value
}

/// Bootstraps use other random numbers: half-widths agree roughly.
fn near(found: Estimate, expected: f64) {
    let ratio = found.half_width.unwrap() / expected;
    assert!((0.7..1.4).contains(&ratio), "{ratio}");
}

#[test]
fn sobol_indices_are_those_of_salib() {
    let outputs = numbers(SOBOL, "outputs");
    let options = SobolOptions {
        order: Order::Second,
        replicates: 400,
        ..SobolOptions::new(3)
    };
    let found = sobol::indices(&outputs, &options).unwrap();
    let of = |pick: fn(&sobol::SobolIndex) -> Option<Estimate>| -> Vec<Estimate> {
        found.inputs.iter().map(|i| pick(i).unwrap()).collect()
    };
    let values = |e: &[Estimate]| e.iter().map(|e| e.value).collect::<Vec<_>>();
    let (first, total) = (of(|i| i.first), of(|i| i.total));
    close(&values(&first), &numbers(SOBOL, "first"), 1e-9);
    close(&values(&total), &numbers(SOBOL, "total"), 1e-9);
    let pairs: Vec<f64> = found.pairs.iter().map(|p| value(p.interaction)).collect();
    close(&pairs, &numbers(SOBOL, "second"), 1e-9);
    for (estimate, expected) in first.iter().zip(numbers(SOBOL, "first_conf")) {
        near(*estimate, expected);
    }
    for (estimate, expected) in total.iter().zip(numbers(SOBOL, "total_conf")) {
        near(*estimate, expected);
    }
}

#[test]
fn first_order_designs_are_scaled_as_in_salib() {
    // The design without second order is part of the design with it.
    let all = numbers(SOBOL, "outputs");
    let outputs: Vec<f64> = all
        .chunks_exact(8)
        .flat_map(|r| [r[0], r[1], r[2], r[3], r[7]])
        .collect();
    let found = sobol::indices(&outputs, &SobolOptions::new(3)).unwrap();
    let first: Vec<f64> = found.inputs.iter().map(|i| value(i.first)).collect();
    let total: Vec<f64> = found.inputs.iter().map(|i| value(i.total)).collect();
    close(&first, &numbers(SOBOL, "first_only_first"), 1e-9);
    close(&total, &numbers(SOBOL, "first_only_total"), 1e-9);
}

#[test]
fn morris_effects_are_those_of_salib() {
    let (inputs, outputs) = (numbers(MORRIS, "inputs"), numbers(MORRIS, "outputs"));
    for step in [Step::Unit(morris::step_of(4)), Step::Measured] {
        let options = MorrisOptions {
            step,
            ..MorrisOptions::new(4)
        };
        let found = morris::effects(&inputs, &outputs, &options).unwrap();
        let of = |pick: fn(&morris::MorrisEffect) -> f64| -> Vec<f64> {
            found.inputs.iter().map(pick).collect()
        };
        close(&of(|e| e.mu), &numbers(MORRIS, "mu"), 1e-9);
        close(&of(|e| e.mu_star.value), &numbers(MORRIS, "mu_star"), 1e-9);
        close(&of(|e| e.sigma.unwrap()), &numbers(MORRIS, "sigma"), 1e-9);
        for (effect, expected) in found.inputs.iter().zip(numbers(MORRIS, "mu_star_conf")) {
            // An input with one size of effect has an interval of rounding.
            if expected > 1e-12 {
                near(effect.mu_star, expected);
            }
        }
    }
}

#[test]
fn given_data_measures_are_those_of_salib_numpy_and_scipy() {
    let inputs = columns_of(&numbers(GIVEN, "inputs"), 3).unwrap();
    let outputs = numbers(GIVEN, "outputs");
    let found =
        given_data::analyse(&slices(&inputs), &outputs, &GivenDataOptions::default()).unwrap();
    let of = |pick: fn(&given_data::GivenDataIndex) -> f64| -> Vec<f64> {
        found.inputs.iter().map(pick).collect()
    };
    close(
        &of(|i| i.correlation_ratio.unwrap()),
        &numbers(GIVEN, "first"),
        1e-9,
    );
    close(
        &of(|i| i.spearman.unwrap()),
        &numbers(GIVEN, "spearman"),
        1e-9,
    );
    let ks = numbers(GIVEN, "ks");
    close(
        &of(|i| i.pawn_median.unwrap()),
        &[ks[0], ks[2], ks[4]],
        1e-9,
    );
    close(&of(|i| i.pawn_max.unwrap()), &[ks[1], ks[3], ks[5]], 1e-9);
    let (linear, ranks) = (found.linear.unwrap(), found.ranks.unwrap());
    for (fit, names) in [
        (linear, ["src", "pcc", "r2"]),
        (ranks, ["srrc", "prcc", "r2_rank"]),
    ] {
        let plain = |c: &[Option<f64>]| c.iter().map(|v| v.unwrap()).collect::<Vec<_>>();
        close(&plain(&fit.standardised), &numbers(GIVEN, names[0]), 1e-9);
        close(&plain(&fit.partial), &numbers(GIVEN, names[1]), 1e-9);
        close(&[fit.r_squared], &numbers(GIVEN, names[2]), 1e-9);
    }
}

/// Every box of the trajectory, peeled and pasted, has the limits, rows and
/// positives of EMA Workbench.
#[test]
fn prim_trajectories_are_those_of_ema_workbench() {
    for fixture in PRIM {
        let inputs = columns_of(&numbers(fixture, "inputs"), 4).unwrap();
        let positive: Vec<bool> = numbers(fixture, "outcome")
            .iter()
            .map(|y| *y > 0.5)
            .collect();
        let alphas = numbers(fixture, "alphas");
        let options = PrimOptions {
            peel: alphas[0],
            paste: alphas[1],
            ..PrimOptions::default()
        };
        let found = prim::find(&slices(&inputs), &positive, &options)
            .unwrap()
            .unwrap();
        let of = |pick: fn(&prim::PrimStep) -> f64| -> Vec<f64> {
            found.trajectory.iter().map(pick).collect()
        };
        close(&of(|s| s.count.rows as f64), &numbers(fixture, "rows"), 0.0);
        close(
            &of(|s| s.count.positives as f64),
            &numbers(fixture, "positives"),
            0.0,
        );
        let restricted = of(|s| s.region.restricted().count() as f64);
        close(&restricted, &numbers(fixture, "restricted"), 0.0);
        let whole = &numbers(fixture, "limits")[..8];
        let limits: Vec<f64> = found
            .trajectory
            .iter()
            .flat_map(|s| &s.region.limits)
            .enumerate()
            .flat_map(|(place, l)| {
                let (low, high) = (whole[place % 4 * 2], whole[place % 4 * 2 + 1]);
                [l.lower.unwrap_or(low), l.upper.unwrap_or(high)]
            })
            .collect();
        close(&limits, &numbers(fixture, "limits"), 1e-12);
        assert_eq!(
            found
                .trajectory
                .iter()
                .any(|s| s.phase == prim::Phase::Paste),
            fixture.contains("pasted")
        );
    }
}

#[test]
fn quasi_p_values_are_those_of_ema_workbench() {
    let fixture = PRIM[0];
    let inputs = columns_of(&numbers(fixture, "inputs"), 4).unwrap();
    let positive: Vec<bool> = numbers(fixture, "outcome")
        .iter()
        .map(|y| *y > 0.5)
        .collect();
    // The box of greatest coverage · density above this density is step 29.
    let options = PrimOptions {
        least_density: 0.95,
        significance: 1.0,
        ..PrimOptions::default()
    };
    let found = prim::find(&slices(&inputs), &positive, &options)
        .unwrap()
        .unwrap();
    let qp = numbers(fixture, &format!("qp{}", found.chosen));
    let mut checked = 0;
    for restriction in &found.restrictions {
        for (side, bound) in [restriction.lower, restriction.upper].iter().enumerate() {
            let expected = qp[restriction.input * 2 + side];
            let Some(bound) = bound else {
                assert!(expected < 0.0);
                continue;
            };
            assert!((bound.quasi_p - expected).abs() <= 1e-9 * expected.max(1e-9));
            checked += 1;
        }
    }
    assert!(checked >= 2);
}
