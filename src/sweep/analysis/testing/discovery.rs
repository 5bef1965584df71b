//! Planted boxes, frontiers and swings.

use super::{slices, uniform};
use crate::analysis::prim::{self, Objective, PrimOptions};
use crate::analysis::response_map::{Attained, frontier};
use crate::analysis::tornado;

fn sample(n: usize, d: usize, stream: u64) -> Vec<Vec<f64>> {
    (0..d)
        .map(|j| (0..n).map(|i| uniform(stream + j as u64, i)).collect())
        .collect()
}

#[test]
fn a_planted_box_is_recovered() {
    let n = 20_000;
    let columns = sample(n, 6, 40);
    let positive: Vec<bool> = (0..n)
        .map(|i| {
            let inside = columns[1][i] > 0.55 && columns[4][i] > 0.2 && columns[4][i] < 0.7;
            uniform(90, i) < if inside { 0.95 } else { 0.02 }
        })
        .collect();
    for objective in [Objective::GainPerRow, Objective::Density] {
        let options = PrimOptions {
            objective,
            ..PrimOptions::default()
        };
        let found = prim::find(&slices(&columns), &positive, &options)
            .unwrap()
            .unwrap();
        assert!(found.dense_enough);
        assert_eq!(found.region.restricted().collect::<Vec<_>>(), [1, 4]);
        let (first, second) = (found.region.limits[1], found.region.limits[4]);
        assert!((first.lower.unwrap() - 0.55).abs() < 0.03 && first.upper.is_none());
        assert!((second.lower.unwrap() - 0.2).abs() < 0.03, "{second:?}");
        assert!((second.upper.unwrap() - 0.7).abs() < 0.03, "{second:?}");
        // Counts by counting.
        assert_eq!(
            found.count,
            found.region.evaluate(&slices(&columns), &positive).unwrap()
        );
        assert!(
            found.count.density > 0.9 && found.count.coverage > 0.85,
            "{:?}",
            found.count
        );
        for step in &found.trajectory {
            assert_eq!(
                step.count,
                step.region.evaluate(&slices(&columns), &positive).unwrap()
            );
        }
        // What matters most comes first, and all of it is significant.
        let without: Vec<f64> = found
            .restrictions
            .iter()
            .map(|r| r.without.density)
            .collect();
        assert!(without.is_sorted());
        for restriction in &found.restrictions {
            let mut free = found.region.clone();
            free.limits[restriction.input] = prim::Limit::default();
            let counted = free.evaluate(&slices(&columns), &positive).unwrap();
            assert_eq!(restriction.without, counted);
            for bound in [restriction.lower, restriction.upper].into_iter().flatten() {
                assert!(bound.quasi_p < 0.05);
            }
        }
        // As good on futures it has not seen.
        let fresh = sample(n, 6, 60);
        let outcome: Vec<bool> = (0..n)
            .map(|i| {
                let inside = fresh[1][i] > 0.55 && fresh[4][i] > 0.2 && fresh[4][i] < 0.7;
                uniform(91, i) < if inside { 0.95 } else { 0.02 }
            })
            .collect();
        let seen = found.region.evaluate(&slices(&fresh), &outcome).unwrap();
        assert!((seen.density - found.count.density).abs() < 0.02);
    }
}

#[test]
fn nothing_to_tell_apart_gives_no_box() {
    let columns = sample(100, 2, 5);
    for outcome in [true, false] {
        let found = prim::find(&slices(&columns), &[outcome; 100], &PrimOptions::default());
        assert_eq!(found, Ok(None));
    }
}

#[test]
fn pure_noise_gives_no_dense_box() {
    let columns = sample(2000, 5, 5);
    let positive: Vec<bool> = (0..2000).map(|i| uniform(99, i) < 0.3).collect();
    let found = prim::find(&slices(&columns), &positive, &PrimOptions::default());
    let found = found.unwrap().unwrap();
    assert!(!found.dense_enough);
}

#[test]
fn inputs_with_few_values_are_never_cut_within_a_value() {
    let n = 3000;
    let steps: Vec<f64> = (0..n).map(|i| (uniform(1, i) * 3.0).floor()).collect();
    let constant = vec![2.5; n];
    let positive: Vec<bool> = (0..n)
        .map(|i| steps[i] > 1.5 || uniform(2, i) < 0.1)
        .collect();
    let options = PrimOptions {
        least_density: 0.9,
        ..PrimOptions::default()
    };
    let found = prim::find(&[&steps, &constant], &positive, &options)
        .unwrap()
        .unwrap();
    assert_eq!(found.region.limits[0].lower, Some(1.5));
    assert!(found.region.limits[1].is_free());
    assert!((found.count.density - 1.0).abs() < 1e-15);
}

/// The circle x² + y² = 1 from a grid.
#[test]
fn a_circle_is_one_closed_line() {
    let axis: Vec<f64> = (0..41).map(|i| f64::from(i) / 16.0 - 1.25).collect();
    let values: Vec<f64> = axis
        .iter()
        .flat_map(|y| axis.iter().map(move |x| x * x + y * y))
        .collect();
    let found = frontier(&axis, &axis, &values, 1.0, Attained::AtMost).unwrap();
    assert_eq!(found.lines.len(), 1);
    let line = &found.lines[0];
    assert!(line.closed);
    let mut twice_area = 0.0;
    for (place, [x, y]) in line.points.iter().enumerate() {
        assert!((x.hypot(*y) - 1.0).abs() < 0.002);
        let [u, v] = line.points[(place + 1) % line.points.len()];
        assert!((u - x).hypot(v - y) < 0.1, "points follow one another");
        twice_area += x * v - u * y;
    }
    // Attainment on the left: anticlockwise.
    assert!((twice_area / 2.0 - std::f64::consts::PI).abs() < 0.01);
    // The other way round the line is the same and turns the other way.
    let outside = frontier(&axis, &axis, &values, 1.0, Attained::AtLeast).unwrap();
    let [x, y] = outside.lines[0].points[0];
    assert!((x.hypot(y) - 1.0).abs() < 0.002);
}

#[test]
fn a_straight_frontier_is_exact_and_open() {
    let (x, y) = ([0.0, 1.0, 2.0, 5.0], [0.0, 10.0, 20.0]);
    let values: Vec<f64> = y.iter().flat_map(|y| x.map(|x| x + y / 10.0)).collect();
    let found = frontier(&x, &y, &values, 2.5, Attained::AtLeast).unwrap();
    assert_eq!((found.lines.len(), found.lines[0].closed), (1, false));
    for [x, y] in &found.lines[0].points {
        assert!((x + y / 10.0 - 2.5).abs() < 1e-12);
    }
    assert_eq!((found.attained, found.nodes), (6, 12));
    let none = frontier(&x, &y, &values, 100.0, Attained::AtLeast).unwrap();
    assert_eq!((none.attained, none.lines.len()), (0, 0));
}

/// Where there is no value there is no line, and the others stay where they are.
#[test]
fn a_frontier_leaves_gaps_out() {
    let x: Vec<f64> = (0..5).map(f64::from).collect();
    let y = [0.0, 1.0, 2.0];
    let mut values: Vec<f64> = y.iter().flat_map(|_| x.clone()).collect();
    let whole = frontier(&x, &y, &values, 1.5, Attained::AtMost).unwrap();
    assert_eq!((whole.attained, whole.nodes, whole.lines.len()), (6, 15, 1));
    values[14] = f64::NAN;
    let far = frontier(&x, &y, &values, 1.5, Attained::AtMost).unwrap();
    assert_eq!((far.attained, far.nodes), (6, 14));
    assert_eq!(far.lines, whole.lines);
    // A node beside the line: it ends at the row that still is whole.
    values[11] = f64::NAN;
    let near = frontier(&x, &y, &values, 1.5, Attained::AtMost).unwrap();
    assert_eq!((near.attained, near.nodes, near.lines.len()), (5, 13, 1));
    let rows = near.lines[0].points.iter().map(|point| point[1]);
    assert!(rows.clone().all(|y| y <= 1.0) && rows.count() == 2);
}

#[test]
fn a_saddle_is_decided_by_its_middle() {
    let axis = [0.0, 1.0];
    let joined = frontier(
        &axis,
        &axis,
        &[3.0, -1.0, -1.0, 3.0],
        0.0,
        Attained::AtLeast,
    )
    .unwrap();
    let parted = frontier(
        &axis,
        &axis,
        &[1.0, -3.0, -3.0, 1.0],
        0.0,
        Attained::AtLeast,
    )
    .unwrap();
    assert_eq!((joined.lines.len(), parted.lines.len()), (2, 2));
    // Parted: each line cuts off an attained corner, (0, 0) or (1, 1).
    for line in &parted.lines {
        let near = |corner: f64| {
            line.points
                .iter()
                .all(|p| (p[0] - corner).abs() <= 0.25 && (p[1] - corner).abs() <= 0.25)
        };
        assert!(near(0.0) || near(1.0), "{line:?}");
    }
    for line in &joined.lines {
        assert!(
            line.points.iter().any(|p| (p[0] - p[1]).abs() > 0.5),
            "{line:?}"
        );
    }
}

#[test]
fn swings_come_in_falling_order() {
    let found = tornado::swings(&[9.0, 4.0, 12.0], &[11.0, 15.0, 14.0], 10.0).unwrap();
    let order: Vec<usize> = found.iter().map(|s| s.input).collect();
    assert_eq!(order, [1, 0, 2]);
    assert_eq!(
        found.iter().map(|s| s.turns).collect::<Vec<_>>(),
        [false, false, true]
    );
}
