//! Margins of safety against closed forms and every choice of draws.

use super::{Draw, SampledRow, margin};
use crate::affine::{Affine, Asked};
use crate::linear::{Column, Row};
use crate::programme::{Free, Named, Objective, Programme, Spec, Wanted, What};
use crate::solver::solve;
use jianpai_core::catalogue::Book;
use jianpai_core::dims::IndicatorId;
use jianpai_core::target::{Demand, Said, Target};

/// A target that asks for a floor, with nothing else to it.
fn wanted(id: &str) -> Wanted {
    let target = Target {
        id: id.to_string(),
        name: None,
        indicator: IndicatorId(0),
        book: Book::Physical,
        year: 2020,
        demand: Demand::Floor(1.0),
        said: Said::default(),
        source: None,
    };
    let value = Affine {
        constant: 0.0,
        slopes: vec![0.0; 2],
    };
    Wanted {
        target,
        asked: Asked { value, base: None },
        scale: 1.0,
    }
}

/// Two measures up to level 10 that cost `money`, and two targets without rows.
fn programme(money: [f64; 2]) -> Programme {
    let free = |measure| Free {
        measure,
        low: 0.0,
        high: 10.0,
    };
    Programme {
        spec: Spec {
            objective: Objective::Cost(None),
            free: vec![free(0), free(1)],
            limits: Vec::new(),
            groups: Vec::new(),
            orders: Vec::new(),
        },
        column_of: vec![Some(0), Some(1)],
        paced: Vec::new(),
        stated: vec![1.0; 2],
        potential: vec![10.0; 2],
        money: money.to_vec(),
        money_fixed: 0.0,
        wanted: vec![(0, wanted("a")), (1, wanted("b"))],
        rows: Vec::new(),
        beyond: Vec::new(),
        columns: money.map(|cost| Column::between(0.0, 10.0, cost)).to_vec(),
        further: Vec::new(),
    }
}

fn row(target: usize, a: [f64; 2], b: f64) -> SampledRow {
    let terms = [(0, a[0]), (1, a[1])].into_iter();
    SampledRow {
        target,
        row: Row::at_least(terms.filter(|(_, a)| *a != 0.0).collect(), b),
        scale: 1.0,
    }
}

fn best(programme: &Programme) -> (Vec<f64>, f64) {
    let point = solve(&programme.linear()).unwrap().point().unwrap();
    (point.x, point.cost)
}

/// min x, a·x ≥ 1 in 90 % of 200 draws of a, evenly from 1 to 2: the 20 least a go, and
/// x = 1/a of the next.
#[test]
fn one_uncertain_coefficient_has_its_quantile() {
    let a = |k: usize| 1.0 + (k as f64 + 0.5) / 200.0;
    // In no order.
    let draws: Vec<Draw> = (0..200)
        .map(|k| Some(vec![row(0, [a((k * 77) % 200), 0.0], 1.0)]))
        .collect();
    for (need, k) in [(200, 0), (180, 20), (150, 50), (1, 199)] {
        let found = margin(&programme([1.0, 1.0]), &draws, need)
            .unwrap()
            .unwrap();
        let (x, _) = best(&found.programme);
        assert!((x[0] - 1.0 / a(k)).abs() < 1e-9, "{need}: {x:?}");
        assert_eq!(found.kept, need, "{x:?}");
    }
}

/// Errors come in few sizes: those of one size go together, or none.
#[test]
fn draws_of_one_size_go_together() {
    // x ≥ 1, 2, 3, 4, a quarter of the draws each.
    let draws: Vec<Draw> = (0..100)
        .map(|k| Some(vec![row(0, [1.0, 0.0], f64::from(k % 4) + 1.0)]))
        .collect();
    for (need, least, kept) in [
        (100, 4.0, 100),
        (80, 4.0, 100),
        (75, 3.0, 75),
        (50, 2.0, 50),
    ] {
        let found = margin(&programme([1.0, 1.0]), &draws, need)
            .unwrap()
            .unwrap();
        let (x, _) = best(&found.programme);
        assert!((x[0] - least).abs() < 1e-9, "{need}: {x:?}");
        assert_eq!(found.kept, kept);
    }
}

/// Twelve draws of two targets, of which three may be broken: every choice of three is
/// tried, and none is cheaper by more than a little.
#[test]
fn no_choice_of_draws_is_much_cheaper() {
    let mut state = 5_u64;
    let mut next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 33) as f64 / f64::from(1_u32 << 31)
    };
    let mut exact = 0;
    for _ in 0..30 {
        let draws: Vec<Draw> = (0..12)
            .map(|_| {
                let a = [0.5 + next(), 0.2 * next()];
                let b = [0.2 * next(), 0.5 + next()];
                Some(vec![row(0, a, 1.0 + next()), row(1, b, 1.0 + next())])
            })
            .collect();
        let plain = programme([1.0 + next(), 1.0 + next()]);
        let cost = |gone: [usize; 3]| {
            let mut whole = plain.clone();
            for (d, draw) in draws.iter().enumerate() {
                for one in draw.iter().flatten().filter(|_| !gone.contains(&d)) {
                    whole.rows.push(Named {
                        what: What::Target(one.target),
                        scale: 1.0,
                        row: one.row.clone(),
                    });
                }
            }
            best(&whole).1
        };
        let mut least = f64::INFINITY;
        for i in 0..12 {
            for j in 0..i {
                for k in 0..j {
                    least = least.min(cost([i, j, k]));
                }
            }
        }
        let found = margin(&plain, &draws, 9).unwrap().unwrap();
        let (_, own) = best(&found.programme);
        assert!(found.kept >= 9);
        assert!(own >= least - 1e-9, "{own} {least}");
        assert!(own <= least * 1.1, "{own} {least}");
        exact += usize::from(own <= least * (1.0 + 1e-9));
    }
    assert!(exact >= 15, "{exact} of 30 are the best there is");
}

/// x ≤ 10: half of the draws ask for 12, and cannot be had. What is left is found.
#[test]
fn what_is_out_of_reach_is_told() {
    let draws: Vec<Draw> = (0..40)
        .map(|k| {
            Some(vec![row(
                0,
                [1.0, 0.0],
                if k % 2 == 0 { 12.0 } else { 5.0 },
            )])
        })
        .collect();
    let found = margin(&programme([1.0, 1.0]), &draws, 36).unwrap().unwrap();
    assert_eq!((found.kept, found.draws), (20, 40));
    assert!((best(&found.programme).0[0] - 5.0).abs() < 1e-9);
    // And of two targets of which one cannot be had in a quarter of the draws.
    let draws: Vec<Draw> = (0..40)
        .map(|k| {
            let far = if k % 4 == 0 { 11.0 } else { 3.0 };
            Some(vec![
                row(0, [1.0, 0.0], far),
                row(1, [0.0, 1.0], f64::from(k) / 10.0),
            ])
        })
        .collect();
    let found = margin(&programme([1.0, 1.0]), &draws, 36).unwrap().unwrap();
    assert_eq!(found.kept, 30);
}

/// A draw that no plan keeps counts as broken.
#[test]
fn a_draw_that_cannot_be_counts_as_broken() {
    let mut draws: Vec<Draw> = (0..10)
        .map(|k| Some(vec![row(0, [1.0, 0.0], f64::from(k))]))
        .collect();
    draws[0] = None;
    let found = margin(&programme([1.0, 1.0]), &draws, 8).unwrap().unwrap();
    assert_eq!(found.kept, 8);
    assert!((best(&found.programme).0[0] - 8.0).abs() < 1e-9);
}
