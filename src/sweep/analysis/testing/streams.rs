//! Summaries: the same for any cut of the stream, exact where they say so.

use proptest::prelude::*;

use super::uniform;
use crate::analysis::summary::{Best, Direction, Moments, Probability, Quantiles, Scale, Summary};

/// Any finite value a summary takes, of either sign and any size.
fn value() -> impl Strategy<Value = f64> {
    prop_oneof![
        -1e150..1e150_f64,
        -1.0..1.0_f64,
        (-300_i32..150, -1.0..1.0_f64).prop_map(|(e, m)| (m * 10_f64.powi(e)).clamp(-1e150, 1e150)),
        Just(0.0),
        Just(-0.0),
        (0_u8..4).prop_map(f64::from),
    ]
}

/// A summary of values numbered from `first`.
fn summary(first: usize, values: &[f64], quantiles: &Quantiles) -> Summary {
    let mut summary = Summary::with_quantiles(0, quantiles.clone());
    for (place, value) in values.iter().enumerate() {
        summary.push((first + place) as u64, *value).unwrap();
    }
    summary
}

/// Everything a summary says, to the bit.
fn said(summary: &Summary) -> Vec<Option<u64>> {
    let bits = |v: Option<f64>| v.map(f64::to_bits);
    let mut all = vec![
        Some(summary.count()),
        bits(summary.mean()),
        bits(summary.variance()),
    ];
    for draw in [summary.least(), summary.greatest()] {
        all.extend([draw.map(|d| d.draw), bits(draw.map(|d| d.value))]);
    }
    for quantile in summary.quantiles(&[0.0, 0.05, 0.5, 0.77, 1.0]) {
        all.extend([
            bits(quantile.map(|q| q.value)),
            bits(quantile.map(|q| q.lower)),
            bits(quantile.map(|q| q.upper)),
        ]);
    }
    all
}

/// The order statistics on both sides of NumPy's quantile, and the share of the second.
fn neighbours(values: &[f64], q: f64) -> (f64, f64, f64) {
    let mut sorted: Vec<f64> = values.iter().map(|v| v + 0.0).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let place = (sorted.len() - 1) as f64 * q;
    let low = sorted[place.floor() as usize];
    let high = sorted[(place.floor() as usize + 1).min(sorted.len() - 1)];
    (low, high, place - place.floor())
}

/// NumPy's quantile.
fn quantile(values: &[f64], q: f64) -> f64 {
    let (low, high, share) = neighbours(values, q);
    low + share * (high - low)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_cut_and_any_order_of_merging_gives_the_same_bits(
        values in prop::collection::vec(value(), 0..60),
        cuts in prop::collection::vec(0_usize..60, 0..5),
        backwards: bool,
        told: bool,
        limit in 0_usize..40,
    ) {
        let kind = Quantiles::new(limit, 6).unwrap();
        let whole = summary(0, &values, &kind);
        // Parts that know how many come in all may count from the start.
        let mut part = kind.clone();
        part.expect(if told { values.len() as u64 } else { 0 });
        let mut cuts: Vec<usize> = cuts.into_iter().map(|c| c.min(values.len())).collect();
        cuts.extend([0, values.len()]);
        cuts.sort_unstable();
        let mut blocks: Vec<Summary> =
            cuts.windows(2).map(|w| summary(w[0], &values[w[0]..w[1]], &part)).collect();
        if backwards {
            blocks.reverse();
        }
        let mut merged = Summary::with_quantiles(0, kind);
        for block in &blocks {
            merged.merge(block).unwrap();
        }
        prop_assert_eq!(&merged, &whole);
        prop_assert_eq!(said(&merged), said(&whole));
    }

    #[test]
    fn a_block_counts_as_its_draws_do_one_by_one(
        values in prop::collection::vec(value(), 1..700),
        spread in prop_oneof![Just(0.0), Just(0.3), Just(1.0)],
        limit in 0_usize..900,
        block in 1_usize..600,
    ) {
        // All alike, within a power of two, or anything.
        let values: Vec<f64> = match spread {
            0.0 => vec![values[0]; values.len()],
            0.3 => values.iter().map(|v| 1.2 + 0.3 * (v % 1.0)).collect(),
            _ => values,
        };
        let kind = Quantiles::new(limit, 6).unwrap();
        let whole = summary(7, &values, &kind);
        let mut blocks = Summary::with_quantiles(0, kind);
        for (first, values) in (7..).step_by(block).zip(values.chunks(block)) {
            blocks.extend(first, values).unwrap();
        }
        let (mut one, mut other) = (said(&blocks), said(&whole));
        // Sums of blocks are rounded, about one of their values.
        let bounds = values.iter().fold((f64::MAX, f64::MIN), |(low, high), v| (low.min(*v), high.max(*v)));
        let (width, size) = (bounds.1 - bounds.0, bounds.0.abs().max(bounds.1.abs()));
        for (moment, most) in [(1, 1e-15 * size + 1e-12 * width), (2, 1e-12 * width * width)] {
            let [one, other] = [&one, &other].map(|said| said[moment].map(f64::from_bits));
            prop_assert_eq!(one.is_some(), other.is_some());
            let off = (one.unwrap_or(0.0) - other.unwrap_or(0.0)).abs();
            prop_assert!(off <= most + 1e-300, "{moment}: {one:?} {other:?}");
        }
        if width == 0.0 {
            prop_assert_eq!(&one, &other);
        }
        (one[1], one[2], other[1], other[2]) = (None, None, None, None);
        prop_assert_eq!(one, other);
        // One bad value, and nothing of the block is taken in.
        let mut bad = values.clone();
        bad[values.len() / 2] = f64::NAN;
        let before = blocks.clone();
        prop_assert!(blocks.extend(900, &bad).is_err());
        for other in [f64::INFINITY, f64::NEG_INFINITY, -2e150] {
            bad[values.len() / 2] = other;
            prop_assert!(blocks.extend(900, &bad).is_err());
        }
        prop_assert_eq!(&blocks, &before);
    }

    #[test]
    fn quantile_bounds_hold_and_are_as_narrow_as_promised(
        values in prop::collection::vec(value(), 1..80),
        limit in 0_usize..80,
        q in 0.0..=1.0_f64,
    ) {
        let summary = summary(0, &values, &Quantiles::new(limit, 8).unwrap());
        let found = summary.quantile(q).unwrap();
        let exact = quantile(&values, q);
        prop_assert!(found.lower <= exact && exact <= found.upper, "{found:?} {exact}");
        prop_assert!(found.lower <= found.value && found.value <= found.upper);
        if values.len() <= limit {
            prop_assert_eq!(found.value.to_bits(), exact.to_bits());
        }
        // An order statistic is known to 2^-8 of its size, what lies between two as well
        // as they are, but for rounding. The product (n − 1) · k / (n − 1) need not be k.
        let place = ((values.len() - 1) as f64 * q).round() / (values.len() - 1).max(1) as f64;
        for q in [q, place] {
            let at = summary.quantile(q).unwrap();
            let (low, high, share) = neighbours(&values, q);
            let size = (1.0 - share) * low.abs() + share * high.abs();
            let between = if share > 0.0 { low.abs().max(high.abs()) } else { 0.0 };
            let most = size / 128.0 + 4.0 * f64::EPSILON * between + 1e-300;
            prop_assert!(at.upper - at.lower <= most, "{at:?} {low} {high} {share}");
        }
    }

    #[test]
    fn the_best_do_not_depend_on_cuts(
        points in prop::collection::vec(0.0..10.0_f64, 1..80),
        cut in 0_usize..80,
    ) {
        let run = |from: usize, to: usize| {
            let mut best = Best::new(5, Direction::Greatest);
            for (draw, cut) in points.iter().enumerate().take(to).skip(from) {
                best.push(draw as u64, *cut).unwrap();
            }
            best
        };
        let n = points.len();
        let cut = cut.min(n);
        let (best, mut late, early) = (run(0, n), run(cut, n), run(0, cut));
        late.merge(&early).unwrap();
        prop_assert_eq!(&late, &best);
        let mut sorted: Vec<usize> = (0..n).collect();
        sorted.sort_by(|a, b| points[*b].total_cmp(&points[*a]).then(a.cmp(b)));
        let draws: Vec<usize> = best.draws().iter().map(|d| d.draw as usize).collect();
        prop_assert_eq!(&draws[..], &sorted[..n.min(5)]);
    }

    /// About any center and width bounds hold, and are within the distance from the
    /// center and the width.
    #[test]
    fn bounds_about_a_center_hold(
        values in prop::collection::vec(value(), 1..80),
        center in value(),
        width in prop_oneof![Just(1e-30), 1e-6..1e6_f64],
        q in 0.0..=1.0_f64,
    ) {
        let kind = Quantiles::new(0, 8).unwrap().about(Scale { center, width });
        let summary = summary(0, &values, &kind);
        let (found, exact) = (summary.quantile(q).unwrap(), quantile(&values, q));
        prop_assert!(found.lower <= exact && exact <= found.upper, "{found:?} {exact}");
        prop_assert!(found.lower <= found.value && found.value <= found.upper);
        // One number that a bucket may hold is as near as its distance says.
        let place = ((values.len() - 1) as f64 * q).round() / (values.len() - 1).max(1) as f64;
        let at = summary.quantile(place).unwrap();
        let (low, high, share) = neighbours(&values, place);
        let off = |v: f64| (v - center).abs() + width;
        let most = ((1.0 - share) * off(low) + share * off(high)) / 128.0;
        let size = center.abs() + low.abs() + high.abs() + width;
        prop_assert!(at.upper - at.lower <= most + 32.0 * f64::EPSILON * size, "{at:?} {low} {high}");
    }
}

/// A hundredth of the spread, of what varies little about a large mean, of long tails, of
/// values with many alike: beyond the draws that are kept, and with a width that is
/// twice too wide.
#[test]
fn quantiles_are_within_a_hundredth_of_the_spread() {
    type Of = fn(f64) -> f64;
    let n = 150_000;
    let cases: [(&str, Of); 4] = [
        ("narrow", |u| 1e6 + u * u),
        ("long tail", |u| 50.0 / (1.0 - 0.9999 * u).powf(0.45)),
        ("both signs", |u| (u - 0.3) * 1e-9),
        ("steps", |u| (u * 7.0).floor() * 3.0 + 1e4),
    ];
    for (name, of) in cases {
        let mut values: Vec<f64> = (0..n).map(|i| of(uniform(9, i))).collect();
        let mut sorted = values.clone();
        sorted.sort_unstable_by(f64::total_cmp);
        let mean = values.iter().sum::<f64>() / n as f64;
        let sd = (values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n as f64).sqrt();
        let center = sorted[n / 2];
        let kind = Quantiles::default().about(Scale {
            center,
            width: 2.0 * sd,
        });
        let mut whole = Summary::with_quantiles(0, kind);
        whole.expect(n as u64);
        for (first, block) in (0..).step_by(1000).zip(values.chunks_mut(1000)) {
            whole.extend(first, block).unwrap();
        }
        assert!(!whole.is_exact());
        for q in [0.025, 0.05, 0.25, 0.5, 0.75, 0.95, 0.975] {
            let (found, exact) = (whole.quantile(q).unwrap(), quantile(&sorted, q));
            assert!(found.lower <= exact && exact <= found.upper, "{name} {q}");
            let off = (found.value - exact).abs().max(found.upper - found.lower);
            assert!(off <= 0.01 * sd, "{name} {q}: {off} of {sd}");
        }
    }
}

/// Mean and variance survive what ruins running sums.
#[test]
fn moments_are_exact() {
    let moments = |values: &[f64]| summary(0, values, &Quantiles::default());
    let hard = moments(&[1e16, 1.0, -1e16, 1.0]);
    assert_eq!(hard.mean(), Some(0.5));
    // A variance of 2/3 of offsets far beyond a float's digits of squares.
    let shifted = moments(&[1e9, 1e9 + 1.0, 1e9 + 2.0]);
    assert_eq!(shifted.variance(), Some(1.0));
    assert_eq!(moments(&[0.1; 10]).variance(), Some(0.0));
    assert_eq!(moments(&[0.1; 7]).mean(), Some(0.1));
    assert_eq!(moments(&[-3.0]).mean(), Some(-3.0));
    assert_eq!(
        (moments(&[5.0]).variance(), moments(&[]).mean()),
        (None, None)
    );
    let tiny = f64::from_bits(1);
    assert_eq!(moments(&[tiny, tiny]).mean(), Some(tiny));
    assert_eq!(Moments::default().count(), 0);
}

#[test]
fn a_million_draws_agree_with_their_distribution() {
    let mut whole = Summary::new(0);
    for draw in 0..200_000 {
        whole.push(draw as u64, uniform(5, draw)).unwrap();
    }
    assert!((whole.mean().unwrap() - 0.5).abs() < 0.002);
    assert!((whole.variance().unwrap() - 1.0 / 12.0).abs() < 0.001);
    let mut values: Vec<f64> = (0..200_000).map(|draw| uniform(5, draw)).collect();
    values.sort_unstable_by(f64::total_cmp);
    for q in [0.001, 0.05, 0.5, 0.95, 0.999] {
        let (found, exact) = (whole.quantile(q).unwrap(), quantile(&values, q));
        assert!(found.lower <= exact && exact <= found.upper);
        assert!((found.value - exact).abs() <= 0.000_26 * exact, "{q}");
    }
}

#[test]
fn summaries_of_different_kinds_do_not_merge() {
    let mut one = Summary::new(0);
    assert!(one.merge(&Summary::new(1)).is_err());
    let other = Summary::with_quantiles(0, Quantiles::new(10, 8).unwrap());
    assert!(one.merge(&other).is_err());
    assert!(one.push(0, 1e151).is_err() && one.count() == 0);
    assert!(Quantiles::new(1 << 21, 8).is_err() && Quantiles::new(1, 30).is_err());
}

#[test]
fn probabilities_count() {
    let (mut met, mut rest) = (Probability::default(), Probability::default());
    assert_eq!(met.share(), None);
    met.push(true);
    rest.push(false);
    met.merge(&rest);
    assert_eq!(met.share(), Some(0.5));
    let (low, high) = met.interval(0.95);
    assert!(low < 0.2 && high > 0.8);
}

#[test]
fn a_value_repeated_counts_as_its_draws_do() {
    for value in [0.0, -0.0, 3.7, -1e150, 1e-300, 0.1] {
        for (limit, count) in [
            (0, 1),
            (0, 70_000),
            (300, 256),
            (300, 301),
            (100_000, 70_000),
        ] {
            let scale = Scale {
                center: 3.0,
                width: 0.5,
            };
            let kind = Quantiles::new(limit, 11).unwrap().about(scale);
            let before = [1.0, 2.0, value];
            let mut at_once = summary(0, &before, &kind);
            let one_by_one = vec![value; count];
            let mut whole = summary(0, &before, &kind);
            whole.extend(3, &one_by_one).unwrap();
            at_once.repeat(3, value, count as u64).unwrap();
            assert_eq!(at_once, whole, "{value} {limit} {count}");
            assert_eq!(said(&at_once), said(&whole), "{value} {limit} {count}");
            for bad in [f64::NAN, f64::INFINITY, 2e150] {
                assert!(at_once.repeat(9, bad, 4).is_err());
            }
            at_once.repeat(9, f64::NAN, 0).unwrap();
            assert_eq!(at_once, whole);
        }
    }
}
