//! Speed by hand: `cargo test --release -p jianpai-sweep speed -- --ignored --nocapture`.

use std::hint::black_box;
use std::time::Instant;

use nalgebra::DMatrix;

use super::super::{Correlation, Design, Distribution, Points};

/// Least time of several passes, in ns per number.
fn time(numbers: usize, mut pass: impl FnMut()) -> f64 {
    let seconds = (0..15)
        .map(|_| {
            let start = Instant::now();
            pass();
            start.elapsed().as_secs_f64()
        })
        .fold(f64::INFINITY, f64::min);
    seconds * 1e9 / numbers as f64
}

#[test]
#[ignore = "prints times; run by hand in release"]
fn speed() {
    let (dims, block) = (100, 1024);
    let draws = 1_000_003;
    let mut out = vec![0.0; dims * block];
    for design in [
        Design::Random,
        Design::LatinHypercube,
        Design::Sobol,
        Design::PlainSobol,
        Design::Saltelli {
            second_order: false,
        },
        Design::Saltelli { second_order: true },
        Design::Morris { levels: 4 },
        Design::Grid {
            sizes: vec![4; 3]
                .into_iter()
                .chain(vec![2; 30])
                .chain(vec![1; 67])
                .collect(),
        },
    ] {
        let start = Instant::now();
        let points = Points::new(design, dims, draws, 1).unwrap();
        let setup = start.elapsed().as_secs_f64() * 1e3;
        let ns = time(out.len(), || points.fill(black_box(500_000), &mut out));
        let mut row = vec![0.0; dims];
        let single = time(dims * 100, || {
            for i in 0..100 {
                points.fill(black_box(7919 * i), &mut row);
            }
        });
        let id = points.design().id();
        println!("{id:16} {ns:6.2} ns in blocks, {single:6.1} ns row by row, {setup:.2} ms setup");
    }
    speed_of_distributions(&mut out);
}

fn speed_of_distributions(out: &mut [f64]) {
    let points = Points::new(Design::Random, 100, 1 << 20, 1).unwrap();
    points.fill(0, out);
    let uniform = out.to_vec();
    let copy = time(out.len(), || out.copy_from_slice(black_box(&uniform)));
    for distribution in [
        Distribution::Uniform { lo: 1.0, hi: 3.0 },
        Distribution::Triangular {
            lo: 1.0,
            mode: 1.5,
            hi: 3.0,
        },
        Distribution::Normal { mean: 1.0, sd: 0.2 },
        Distribution::LogNormal {
            median: 1.0,
            gsd: 1.5,
        },
        Distribution::from_range(1.0, 2.0, 5.0).unwrap(),
        Distribution::Normal { mean: 1.0, sd: 0.2 }.truncated(0.5, 2.0),
        Distribution::Points {
            values: vec![1.0, 2.0, 3.0],
        },
    ] {
        let ns = time(out.len(), || {
            out.copy_from_slice(black_box(&uniform));
            distribution.apply(out).unwrap();
        });
        println!("{:6.2} ns {distribution:?}", ns - copy);
    }
    for n in [2, 10, 50] {
        let matrix = DMatrix::from_fn(n, n, |i, j| if i == j { 1.0 } else { 0.5 });
        let correlation = Correlation::new((0..n).collect(), &matrix).unwrap();
        let ns = time(n * 1024, || {
            out.copy_from_slice(black_box(&uniform));
            correlation.apply(out, 1024);
        });
        println!(
            "{:6.2} ns per number, {n} correlated",
            ns - copy * 100.0 / n as f64
        );
    }
}
