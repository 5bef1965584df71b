//! The parts of a sweep, one by one: `cargo bench --bench batch`.

mod support;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use jianpai::sweep::analysis::summary::{Quantiles, Scale, Summary};
use jianpai::sweep::design::{Design, Distribution, Points};
use jianpai::sweep::engine::output;
use jianpai::sweep::engine::run::{self, Totals};
use jianpai::sweep::engine::{BLOCK, Workspace};
use std::hint::black_box;
use std::time::Duration;

const SWEEP: &str = "scenarios/sweeps/shaanxi-14fyp.toml";
/// Inputs of a sweep of usual size.
const DIMS: usize = 12;

/// A block of draws: as a whole, without sampling, and as text.
fn blocks(c: &mut Criterion) {
    let draws = BLOCK as u64;
    let (_, sweep) = support::sweep_of(SWEEP, Design::LatinHypercube, draws, 1);
    let mut group = c.benchmark_group("block");
    group.throughput(Throughput::Elements(draws));
    let mut work = Workspace::default();
    group.bench_function("sample and evaluate", |b| {
        b.iter(|| black_box(sweep.block(0, BLOCK, &mut work)).slack.len());
    });
    group.bench_function("evaluate", |b| {
        b.iter(|| black_box(sweep.evaluate(BLOCK, &mut work)).slack.len());
    });
    let rows = sweep.evaluate(BLOCK, &mut work);
    let values: Vec<Vec<f64>> = rows.columns().map(<[f64]>::to_vec).collect();
    group.bench_function("as CSV", |b| {
        b.iter(|| output::lines(0, black_box(&values)));
    });
    group.finish();
}

/// A block of points of every design.
fn designs(c: &mut Criterion) {
    let designs = [
        Design::Random,
        Design::LatinHypercube,
        Design::Sobol,
        Design::Saltelli {
            second_order: false,
        },
        Design::Morris { levels: 4 },
        Design::Grid {
            sizes: vec![3; DIMS],
        },
    ];
    let mut group = c.benchmark_group("design");
    group.throughput(Throughput::Elements(BLOCK as u64));
    for design in designs {
        let name = design.id();
        let points = Points::new(design, DIMS, 1 << 20, 1).expect("a possible design");
        let mut out = vec![0.0; DIMS * BLOCK];
        group.bench_function(name, |b| {
            b.iter(|| points.fill(black_box(0), black_box(&mut out)));
        });
    }
    group.finish();
}

/// A block of values of every distribution.
fn quantiles(c: &mut Criterion) {
    let distributions = [
        ("uniform", Distribution::Uniform { lo: 0.4, hi: 1.0 }),
        (
            "triangular",
            Distribution::Triangular {
                lo: 0.0,
                mode: 0.3,
                hi: 1.0,
            },
        ),
        (
            "normal",
            Distribution::Normal {
                mean: 0.0,
                sd: 0.01,
            },
        ),
        (
            "lognormal",
            Distribution::from_range(0.87, 1.0, 1.37).expect("a range in order"),
        ),
        (
            "values",
            Distribution::Points {
                values: vec![0.0, 0.5, 1.0],
            },
        ),
    ];
    let points = Points::new(Design::Random, 1, BLOCK as u64, 1).expect("a possible design");
    let mut u = vec![0.0; BLOCK];
    points.fill(0, &mut u);
    let mut group = c.benchmark_group("quantile");
    group.throughput(Throughput::Elements(BLOCK as u64));
    for (name, distribution) in distributions {
        let quantile = distribution.prepare().expect("a distribution");
        group.bench_function(name, |b| {
            b.iter_batched_ref(|| u.clone(), |u| quantile.apply(u), BatchSize::SmallInput);
        });
    }
    group.finish();
}

/// A block of values into the summary of a column that is counted, and a chunk of draws
/// into the summaries of all columns.
fn summaries(c: &mut Criterion) {
    let mut group = c.benchmark_group("summary");
    let points = Points::new(Design::Random, 1, BLOCK as u64, 1).expect("a possible design");
    let mut u = vec![0.0; BLOCK];
    points.fill(0, &mut u);
    let normal = Distribution::Normal {
        mean: 50.0,
        sd: 2.0,
    };
    let mut spread = u.clone();
    normal.apply(&mut spread).expect("a distribution");
    let few: Vec<f64> = u.iter().map(|u| (3.0 * u).floor() + 49.0).collect();
    let kind = Quantiles::new(0, 11).expect("a possible kind");
    let kind = kind.about(Scale {
        center: 50.0,
        width: 2.0,
    });
    group.throughput(Throughput::Elements(BLOCK as u64));
    for (name, values) in [
        ("all different", spread),
        ("three values", few),
        ("one value", vec![50.0; BLOCK]),
    ] {
        let mut summary = Summary::with_quantiles(0, kind.clone());
        group.bench_function(name, |b| {
            b.iter(|| summary.extend(0, black_box(&values)));
        });
    }
    let (_, sweep) = support::sweep_of(SWEEP, Design::LatinHypercube, 1 << 20, 1);
    group.throughput(Throughput::Elements(sweep.chunk()));
    group.bench_function("a chunk", |b| {
        b.iter_batched(
            || Totals::new(&sweep),
            |mut totals| {
                let done = run::run(&sweep, 0..1, &mut totals, &output::Nothing, &mut |_| true);
                done.map(|_| totals)
            },
            BatchSize::SmallInput,
        );
    });
    group.finish();
}

criterion_group! {
    name = all;
    config = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1));
    targets = blocks, designs, quantiles, summaries
}
criterion_main!(all);
