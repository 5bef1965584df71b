//! The random source and the permutation.

use super::super::permute::Shape;
use super::super::rng::Rng;
use super::{chi_score, correlation};

#[test]
fn bits_are_pinned() {
    // The construction of the module's documentation, worked out apart from it.
    let rng = Rng::new(2015, 3);
    let expected = [
        0x5814_6c4c_466c_933c,
        0x1556_45e2_43a2_2ad4,
        0xb1e7_a929_11f4_8444,
        0x35bf_7281_d200_8032,
    ];
    for (index, bits) in [0, 1, 2, 1_000_000_007].into_iter().zip(expected) {
        assert_eq!(rng.u64(index), bits, "index {index}");
    }
    assert_eq!(
        rng.u01(2),
        (expected[2] >> 11) as f64 / 9_007_199_254_740_992.0
    );
}

#[test]
fn numbers_are_uniform_over_index_and_over_stream() {
    for bins in [2_usize, 16, 1000] {
        let mut over_index = vec![0; bins];
        let mut over_stream = vec![0; bins];
        let mut over_seed = vec![0; bins];
        for i in 0..400_000 {
            over_index[(Rng::new(1, 5).u01(i) * bins as f64) as usize] += 1;
            over_stream[(Rng::new(1, i).u01(5) * bins as f64) as usize] += 1;
            over_seed[(Rng::new(i, 1).u01(5) * bins as f64) as usize] += 1;
        }
        for counts in [over_index, over_stream, over_seed] {
            assert!(
                chi_score(&counts).abs() < 4.0,
                "{bins} bins: {}",
                chi_score(&counts)
            );
        }
    }
}

#[test]
fn every_bit_is_a_fair_coin() {
    let mut ones = [0_i32; 64];
    for i in 0..200_000 {
        let value = Rng::new(7, i % 1000).u64(i / 1000);
        for (bit, count) in ones.iter_mut().enumerate() {
            *count += ((value >> bit) & 1) as i32;
        }
    }
    for (bit, count) in ones.iter().enumerate() {
        let score = (f64::from(*count) - 1e5) / 50_000.0_f64.sqrt();
        assert!(score.abs() < 4.5, "bit {bit}: {score}");
    }
}

#[test]
fn streams_seeds_and_neighbours_are_uncorrelated() {
    let n = 100_000;
    let draw = |seed, stream, first| {
        let mut out = vec![0.0; n];
        Rng::new(seed, stream).fill(first, &mut out);
        out
    };
    let base = draw(3, 0, 0);
    let mut others = vec![draw(3, 0, 1), draw(3, 0, 2), draw(4, 0, 0), draw(4, 1, 0)];
    others.extend((1..200).map(|stream| draw(3, stream, 0)));
    others.extend((0..60).map(|bit| draw(3 ^ (1 << bit), 0, 0)));
    for (k, other) in others.iter().enumerate() {
        // Standard deviation of a correlation of n pairs: 1/√n.
        let score = correlation(&base, other) * (n as f64).sqrt();
        assert!(score.abs() < 4.5, "{k}: {score}");
    }
}

#[test]
fn pairs_over_index_and_stream_fill_the_square() {
    let mut counts = [vec![0; 1024], vec![0; 1024]];
    let cell = |a: f64, b: f64| (a * 32.0) as usize * 32 + (b * 32.0) as usize;
    for i in 0..500_000 {
        let rng = Rng::new(11, 2);
        counts[0][cell(rng.u01(i), rng.u01(i + 1))] += 1;
        counts[1][cell(Rng::new(11, i).u01(9), Rng::new(11, i + 1).u01(9))] += 1;
    }
    for counts in counts {
        assert!(chi_score(&counts).abs() < 4.0, "{}", chi_score(&counts));
    }
}

#[test]
fn one_bit_of_any_argument_changes_half_the_bits() {
    let flips = |change: &dyn Fn(u64, u32) -> u64| {
        let total: u32 = (0..500)
            .flat_map(|i| (0..48).map(move |b| change(i, b).count_ones()))
            .sum();
        f64::from(total) / (500.0 * 48.0)
    };
    let value = |seed, stream, index| Rng::new(seed, stream).u64(index);
    let means = [
        flips(&|i, bit| value(i, 4, 5) ^ value(i ^ (1 << bit), 4, 5)),
        flips(&|i, bit| value(3, i, 5) ^ value(3, i ^ (1 << bit), 5)),
        flips(&|i, bit| value(3, 4, i) ^ value(3, 4, i ^ (1 << bit))),
    ];
    for mean in means {
        assert!((mean - 32.0).abs() < 0.15, "{mean}");
    }
}

#[test]
fn permutations_hit_every_place_once() {
    for n in (1..300).chain([1000, 1024, 4095, 4096, 4097, 65_537]) {
        let order = Shape::new(n).keyed(n * 31 + 7);
        let mut seen = vec![false; n as usize];
        let mut walked = vec![0; n as usize];
        order.images(0, &mut walked);
        for (i, &image) in walked.iter().enumerate() {
            assert_eq!(order.apply(i as u64), image);
            assert!(
                !std::mem::replace(&mut seen[image as usize], true),
                "{n}: {image} twice"
            );
        }
    }
}

#[test]
fn all_permutations_are_equally_frequent() {
    for n in 2..=5_u64 {
        let orders: u64 = (1..=n).product();
        let mut counts = vec![0; orders as usize];
        for key in 0..200 * orders.max(50) {
            let order = Shape::new(n).keyed(Rng::new(n, 0).u64(key));
            let images: Vec<u64> = (0..n).map(|i| order.apply(i)).collect();
            // Lehmer code.
            let rank = (0..n as usize).fold(0, |rank, i| {
                let smaller = images[i + 1..]
                    .iter()
                    .filter(|&&later| later < images[i])
                    .count();
                rank * (n as usize - i) + smaller
            });
            counts[rank] += 1;
        }
        assert!(chi_score(&counts) < 4.0, "{n}: {}", chi_score(&counts));
    }
}

#[test]
fn places_and_images_are_uncorrelated() {
    for n in [3_u64, 10, 30, 63, 64, 97, 300, 1000, 1024, 3000, 10_000] {
        let keys = 4_000_000 / n;
        let mut sum = 0.0;
        let place: Vec<f64> = (0..n).map(|i| i as f64).collect();
        for key in 0..keys {
            let order = Shape::new(n).keyed(key);
            let image: Vec<f64> = (0..n).map(|i| order.apply(i) as f64).collect();
            // Variance of a rank correlation: 1/(n − 1).
            let score = correlation(&place, &image) * (n as f64 - 1.0).sqrt();
            sum += score * score;
        }
        let mean = sum / keys as f64;
        assert!(
            (mean - 1.0).abs() < 5.0 * (2.0 / keys as f64).sqrt(),
            "{n}: {mean}"
        );
    }
}

#[test]
fn neighbours_and_distant_places_go_anywhere() {
    // Image of i against image of i+1 (and of i + √n: the box's next row), by cells.
    let n = 4096_u64;
    for step in [1, 2, 64, 2048] {
        let mut counts = vec![0; 256];
        for key in 0..200 {
            let order = Shape::new(n).keyed(key);
            for i in (0..n).step_by(7) {
                let (a, b) = (order.apply(i), order.apply((i + step) % n));
                counts[(a / 256 * 16 + b / 256) as usize] += 1;
            }
        }
        assert!(
            chi_score(&counts).abs() < 4.5,
            "{step}: {}",
            chi_score(&counts)
        );
    }
}
