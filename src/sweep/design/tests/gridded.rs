//! Grids and lists.

use super::super::{Design, Points};
use super::columns;

#[test]
fn a_grid_runs_through_every_combination_last_input_fastest() {
    let points = Points::new(
        Design::Grid {
            sizes: vec![2, 1, 3],
        },
        3,
        0,
        0,
    )
    .unwrap();
    assert_eq!(points.len(), 6);
    assert_eq!(
        columns(&points),
        [
            vec![0.0, 0.0, 0.0, 1.0, 1.0, 1.0],
            vec![0.5; 6],
            vec![0.0, 0.5, 1.0, 0.0, 0.5, 1.0],
        ]
    );
}

#[test]
fn a_large_grid_needs_no_room() {
    let sizes = vec![1 << 10, 1 << 15, 1 << 15];
    let points = Points::new(Design::Grid { sizes }, 3, 0, 0).unwrap();
    assert_eq!(points.len(), 1 << 40);
    let mut out = [0.0; 6];
    points.fill((1 << 40) - 2, &mut out);
    assert_eq!(out[..4], [1.0; 4]);
    assert_eq!(out[4..], [32_766.0 / 32_767.0, 1.0]);
}

#[test]
fn a_list_gives_its_rows() {
    let rows = vec![vec![0.1, 0.2], vec![0.3, 0.4], vec![1.0, 0.0]];
    let points = Points::new(Design::List { rows: rows.into() }, 2, 99, 0).unwrap();
    assert_eq!(points.len(), 3);
    let mut out = [0.0; 4];
    points.fill(1, &mut out);
    assert_eq!(out, [0.3, 1.0, 0.4, 0.0]);
}

#[test]
#[should_panic(expected = "pass the last")]
fn reading_past_the_end_stops() {
    let points = Points::new(Design::Random, 2, 10, 0).unwrap();
    points.fill(9, &mut [0.0; 4]);
}
