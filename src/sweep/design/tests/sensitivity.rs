//! Saltelli's and Morris's rows.

use super::super::saltelli::Saltelli;
use super::super::{Design, Points, Role};
use super::{chi_score, columns};

fn row(points: &Points, index: u64) -> Vec<f64> {
    let mut out = vec![0.0; points.dims()];
    points.fill(index, &mut out);
    out
}

#[test]
fn saltelli_rows_mix_two_independent_rows() {
    for second_order in [false, true] {
        let dims = 7;
        let points = Points::new(Design::Saltelli { second_order }, dims, 2000, 4).unwrap();
        let sobol = Points::new(Design::Sobol, 2 * dims, points.groups(), 4).unwrap();
        let per_base = points.design().group(dims);
        for index in 0..points.len() {
            let both = row(&sobol, index / per_base);
            let (a, b) = both.split_at(dims);
            let mixed = |from: &[f64], other: &[f64], input: usize| {
                let mut mixed = from.to_vec();
                mixed[input] = other[input];
                mixed
            };
            let base = index / per_base;
            let (expected, role) = match (index % per_base) as usize {
                0 => (a.to_vec(), Role::A { base }),
                r if r as u64 == per_base - 1 => (b.to_vec(), Role::B { base }),
                r if r <= dims => (mixed(a, b, r - 1), Role::Ab { base, input: r - 1 }),
                r => (
                    mixed(b, a, r - 1 - dims),
                    Role::Ba {
                        base,
                        input: r - 1 - dims,
                    },
                ),
            };
            assert_eq!(row(&points, index), expected);
            assert_eq!(points.role(index), role);
        }
    }
}

#[test]
fn saltelli_rows_are_in_the_order_of_salib() {
    // SALib 1.5, sample.sobol.sample(problem, 8, calc_second_order, scramble=False),
    // the rows of base sample 5, times 8.
    let eighths = |second_order: bool, rows: &[[f64; 3]]| {
        let saltelli = Saltelli::new(3, 8, second_order, None);
        for d in 0..3 {
            let mut column = vec![0.0; rows.len()];
            saltelli.column(d, 5 * rows.len() as u64, &mut column);
            let expected: Vec<f64> = rows.iter().map(|row| row[d] / 8.0).collect();
            assert_eq!(column, expected, "input {d}");
        }
    };
    let (a, b) = ([7.0, 7.0, 1.0], [3.0, 7.0, 5.0]);
    let mixed = [[3.0, 7.0, 1.0], a, [7.0, 7.0, 5.0]];
    eighths(false, &[a, mixed[0], mixed[1], mixed[2], b]);
    eighths(
        true,
        &[
            a,
            mixed[0],
            mixed[1],
            mixed[2],
            [7.0, 7.0, 5.0],
            b,
            [3.0, 7.0, 1.0],
            b,
        ],
    );
}

#[test]
fn saltelli_gives_the_indices_of_a_known_function() {
    // Ishigami's function with a = 7, b = 0.1 over −π to π; indices are known.
    let dims = 3;
    let points = Points::new(
        Design::Saltelli {
            second_order: false,
        },
        dims,
        5 * 4096,
        1,
    )
    .unwrap();
    let all = columns(&points);
    let pi = std::f64::consts::PI;
    let f: Vec<f64> = (0..all[0].len())
        .map(|i| {
            let x = [0, 1, 2].map(|d| pi * (2.0 * all[d][i] - 1.0));
            x[0].sin() * (1.0 + 0.1 * x[2].powi(4)) + 7.0 * x[1].sin().powi(2)
        })
        .collect();
    let n = f.len() as f64 / 5.0;
    let mean = f.chunks(5).map(|r| r[0] + r[4]).sum::<f64>() / (2.0 * n);
    let spread = |y: f64| (y - mean).powi(2);
    let variance = f
        .chunks(5)
        .map(|r| spread(r[0]) + spread(r[4]))
        .sum::<f64>()
        / (2.0 * n);
    for (d, (first, total)) in [(0.3139, 0.5576), (0.4424, 0.4424), (0.0, 0.2437)]
        .iter()
        .enumerate()
    {
        let s = f.chunks(5).map(|r| r[4] * (r[1 + d] - r[0])).sum::<f64>() / n / variance;
        let t = f.chunks(5).map(|r| (r[0] - r[1 + d]).powi(2)).sum::<f64>() / (2.0 * n) / variance;
        assert!((s - first).abs() < 0.02, "S{d} {s}");
        assert!((t - total).abs() < 0.02, "T{d} {t}");
    }
}

#[test]
fn morris_moves_one_input_per_step_and_each_input_once() {
    for (dims, levels) in [(1, 2), (3, 4), (8, 4), (20, 10), (4, 5), (6, 9)] {
        let points = Points::new(Design::Morris { levels }, dims, 300, 6).unwrap();
        let top = f64::from(levels - 1);
        let delta = f64::from(levels) / (2.0 * top);
        let mut moves = vec![0; dims];
        for index in 0..points.len() {
            let here = row(&points, index);
            let grid = super::super::morris_levels(levels);
            for u in &here {
                let level = u * top;
                let whole = (level - level.round()).abs() < 1e-12;
                assert!(
                    (whole || levels % 2 == 1) && grid.contains(u),
                    "{levels}: {u}"
                );
            }
            let Role::Step {
                trajectory,
                step,
                moved,
                rises,
            } = points.role(index)
            else {
                panic!("no step at {index}")
            };
            assert_eq!(
                (trajectory, step as u64),
                (index / (dims as u64 + 1), index % (dims as u64 + 1))
            );
            if step == 0 {
                assert_eq!(moved, None);
                continue;
            }
            let before = row(&points, index - 1);
            let changed: Vec<usize> = (0..dims).filter(|&d| here[d] != before[d]).collect();
            assert_eq!(changed, [moved.unwrap()]);
            let change = here[changed[0]] - before[changed[0]];
            assert!((change.abs() - delta).abs() < 1e-12);
            assert_eq!(change > 0.0, rises);
            moves[changed[0]] += 1;
        }
        assert!(
            moves.iter().all(|&n| n == points.groups()),
            "each input once per trajectory"
        );
    }
}

#[test]
fn morris_starts_signs_and_orders_are_even() {
    let (dims, levels) = (4_usize, 8_u32);
    let points = Points::new(Design::Morris { levels }, dims, 5 * 20_000, 2).unwrap();
    let all = columns(&points);
    let mut signs = [vec![0; 2], vec![0; 2]];
    let mut first_move = vec![0; dims];
    for (d, column) in all.iter().enumerate() {
        let mut counts = vec![0; levels as usize];
        for rows in column.chunks(dims + 1) {
            counts[(rows[0] * f64::from(levels - 1)).round() as usize] += 1;
            signs[d % 2][usize::from(rows[dims] > rows[0])] += 1;
            first_move[d] += u32::from(rows[1] != rows[0]);
        }
        assert!(chi_score(&counts).abs() < 4.0, "input {d}: {counts:?}");
    }
    for counts in [&signs[0], &signs[1], &first_move] {
        assert!(chi_score(counts).abs() < 4.0, "{counts:?}");
    }
}
