//! One plan for several cases of growth: the one whose worst regret is least.
//!
//! The targets T are the same in all cases, the coefficients of the case h are its own.
//! What a plan x costs there is `c[h]·x`, and the least that any plan costs
//!
//! ```text
//! V[h] = min { c[h]·x : x keeps the rows of h }
//! ```
//!
//! A case without such an x is *out of reach*: no plan could have met T in it, so that no
//! plan is to be blamed for it, and it counts in no regret. In all others
//!
//! ```text
//! r(x, h) = c[h]·x − V[h]     where x keeps the rows of h (≥ 0)
//!           ∞                 where it does not: T is missed, whatever was saved
//! ```
//!
//! so that a plan which misses has no regret in money; by how much it misses is told
//! beside it. The robust plan is one linear programme over all cases within reach:
//!
//! ```text
//! min R    rows of every case h at x,    c[h]·x − R ≤ V[h] for every h
//! ```
//!
//! with one x for all of them (levels, and either/or decisions) and, for `even`, one peak
//! for each. Of plans of one R it is the one of least cost over all cases, then effort,
//! then the one that leans on the measures that stand first. If no x keeps the rows of
//! all cases within reach, there is no robust plan.

use crate::dual::{Ordered, in_order};
use crate::linear::{Column, Linear, Row};
use crate::programme::{Objective, Programme};
use crate::solver::{Failure, Point};

/// The plan of least worst regret.
#[derive(Clone, Debug, PartialEq)]
pub struct Robust {
    /// Its unknowns, free measures first: levels, those of earlier years, and decisions.
    pub x: Vec<f64>,
    /// The greatest regret (units of the objective).
    pub worst: f64,
    /// The regret in each case.
    pub regrets: Vec<f64>,
}

/// What a plan is worth under the objective of a programme: its levels are the first of
/// `x`.
pub fn worth(programme: &Programme, x: &[f64]) -> f64 {
    let parts = x.iter().zip(&programme.potential).map(|(x, p)| x / p);
    match programme.spec.objective {
        Objective::Cost(_) => programme.money_at(x),
        Objective::Effort => parts.sum(),
        Objective::Even => parts.fold(0.0, f64::max),
    }
}

/// The plan of least worst regret over cases, each with its programme and the least that
/// any plan costs in it; `None` if no plan keeps the rows of all.
///
/// The programmes are of the same free measures in the same order.
///
/// # Errors
/// The solver fails, or the programmes are not of the same measures.
pub fn robust(cases: &[(&Programme, f64)]) -> Result<Option<Robust>, Failure> {
    let Some((first, _)) = cases.first() else {
        return Ok(None);
    };
    let shape = |case: &Programme| (case.spec.free.len(), case.columns.len());
    if cases.iter().any(|(case, _)| shape(case) != shape(first)) {
        return Err(Failure("cases of different measures".into()));
    }
    let mut joint = Joint::of(first);
    for (programme, least) in cases {
        joint.case(programme, *least);
    }
    let further = joint.further(cases);
    match in_order(&joint.linear, &further)? {
        Ordered::Best(Point { x, .. }) => {
            let x = &x[..joint.shared];
            let each = cases.iter().map(|(case, v)| worth(case, x) - v);
            let regrets: Vec<f64> = each.collect();
            Ok(Some(Robust {
                worst: regrets.iter().copied().fold(0.0, f64::max),
                x: x.to_vec(),
                regrets,
            }))
        }
        Ordered::Infeasible => Ok(None),
        Ordered::Unbounded => Err(Failure("a regret that can fall for ever".into())),
    }
}

/// The programme over all cases.
struct Joint {
    linear: Linear,
    /// The first columns, which all cases share: levels and either/or decisions; not the
    /// peak of `even`, which is the last of each.
    shared: usize,
    /// The greatest regret.
    worst: usize,
}

impl Joint {
    fn of(first: &Programme) -> Self {
        let mut linear = Linear::default();
        let peak = usize::from(matches!(first.spec.objective, Objective::Even));
        let shared = first.columns.len() - peak;
        for column in &first.columns[..shared] {
            linear.column(Column {
                cost: 0.0,
                ..*column
            });
        }
        let worst = linear.column(Column::between(0.0, f64::INFINITY, 1.0));
        Self {
            linear,
            shared,
            worst,
        }
    }

    /// Adds the rows of a case.
    fn case(&mut self, programme: &Programme, least: f64) {
        let mut place: Vec<usize> = (0..self.shared).collect();
        for column in &programme.columns[self.shared..] {
            place.push(self.linear.column(Column {
                cost: 0.0,
                ..*column
            }));
        }
        for named in &programme.rows {
            let terms = named.row.terms.iter().map(|(j, a)| (place[*j], *a));
            self.linear.row(Row {
                terms: terms.collect(),
                ..named.row.clone()
            });
        }
        let costs = programme.columns.iter().enumerate();
        let costs = costs.filter(|(_, column)| column.cost != 0.0);
        let mut terms: Vec<(usize, f64)> =
            costs.map(|(j, column)| (place[j], -column.cost)).collect();
        terms.push((self.worst, 1.0));
        self.linear.row(Row::at_least(terms, -least));
    }

    /// What breaks ties.
    fn further(&self, cases: &[(&Programme, f64)]) -> Vec<Vec<f64>> {
        let free = cases.first().map_or(0, |(case, _)| case.spec.free.len());
        let mut all = vec![vec![0.0; self.linear.columns.len()]; 3];
        for (j, order) in all[2].iter_mut().take(free).enumerate() {
            *order = (j + 1) as f64;
        }
        for (case, _) in cases {
            let own = all[0].iter_mut().zip(&case.money);
            own.for_each(|(sum, money)| *sum += money);
            let own = all[1].iter_mut().zip(&case.potential);
            own.for_each(|(sum, potential)| *sum += 1.0 / potential);
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::{robust, worth};
    use crate::linear::{Column, Row};
    use crate::programme::{Free, Named, Objective, Programme, Spec, What};

    /// Two measures of unit potential that cost `money`, under `a·x ≥ b` for the target 0.
    fn case(money: [f64; 2], a: [f64; 2], b: f64) -> Programme {
        let free = |measure| Free {
            measure,
            low: 0.0,
            high: 1.0,
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
            potential: vec![1.0; 2],
            money: money.to_vec(),
            money_fixed: 0.0,
            wanted: Vec::new(),
            rows: vec![Named {
                what: What::Target(0),
                scale: 1.0,
                row: Row::at_least(vec![(0, a[0]), (1, a[1])], b),
            }],
            beyond: Vec::new(),
            columns: money.map(|cost| Column::between(0.0, 1.0, cost)).to_vec(),
            further: Vec::new(),
        }
    }

    /// Slow growth: costs (1, 2), x + y ≥ 1, so V = 1 at (1, 0). Fast growth: costs
    /// (4, 1), x + y ≥ 1.2, so V = 1 + 0.8 = 1.8 at (0.2, 1). A plan for both has
    /// x + y ≥ 1.2; on that edge y = 1.2 − x:
    ///
    /// ```text
    /// slow   x + 2y − 1 = 1.4 − x          fast   4x + y − 1.8 = 3x − 0.6
    /// ```
    ///
    /// equal at x = 0.5: (0.5, 0.7) with a regret of 0.9 in both.
    #[test]
    fn two_cases_by_hand() {
        let (slow, fast) = (
            case([1.0, 2.0], [1.0, 1.0], 1.0),
            case([4.0, 1.0], [1.0, 1.0], 1.2),
        );
        let found = robust(&[(&slow, 1.0), (&fast, 1.8)]).unwrap().unwrap();
        assert!((found.worst - 0.9).abs() < 1e-9, "{found:?}");
        for (x, wanted) in found.x.iter().zip([0.5, 0.7]) {
            assert!((x - wanted).abs() < 1e-9, "{found:?}");
        }
        for regret in &found.regrets {
            assert!((regret - 0.9).abs() < 1e-9, "{found:?}");
        }
    }

    /// No plan of a grid has less worst regret.
    #[test]
    fn no_point_of_a_grid_is_better() {
        let all = [
            (case([1.0, 3.0], [1.0, 2.0], 1.1), [0.0; 2]),
            (case([2.0, 1.0], [1.5, 0.5], 1.0), [0.0; 2]),
            (case([2.5, 2.0], [1.0, 1.0], 1.3), [0.0; 2]),
        ];
        let steps = 400;
        let points = (0..=steps).flat_map(|i| (0..=steps).map(move |j| [i, j]));
        let points: Vec<[f64; 2]> = points
            .map(|point| point.map(|k| f64::from(k) / f64::from(steps)))
            .collect();
        let keeps = |case: &Programme, x: &[f64]| case.rows[0].row.slack(x) >= -1e-12;
        let least = |case: &Programme| {
            let kept = points.iter().filter(|x| keeps(case, &x[..]));
            kept.map(|x| worth(case, x)).fold(f64::INFINITY, f64::min)
        };
        // The least costs come from the programme; a grid can only be above them.
        let exact: Vec<f64> = all
            .iter()
            .map(|(case, _)| {
                crate::solver::solve(&case.linear())
                    .unwrap()
                    .point()
                    .unwrap()
                    .cost
            })
            .collect();
        for ((case, _), v) in all.iter().zip(&exact) {
            let grid = least(case);
            assert!(grid >= v - 1e-9 && grid <= v + 0.02, "{grid} {v}");
        }
        let cases: Vec<(&Programme, f64)> = all
            .iter()
            .zip(&exact)
            .map(|((case, _), v)| (case, *v))
            .collect();
        let found = robust(&cases).unwrap().unwrap();
        let worst = |x: &[f64; 2]| {
            let each = cases.iter().map(|(case, v)| {
                if keeps(case, x) {
                    worth(case, x) - v
                } else {
                    f64::INFINITY
                }
            });
            each.fold(0.0, f64::max)
        };
        let best = points.iter().map(worst).fold(f64::INFINITY, f64::min);
        assert!(found.worst <= best + 1e-9, "{found:?} {best}");
        assert!(found.worst >= best - 0.03, "{found:?} {best}");
    }

    #[test]
    fn cases_that_no_plan_keeps_together_have_none() {
        // x + y ≥ 1.5 in one, x + y ≤ 1 in the other.
        let (one, other) = (
            case([1.0, 1.0], [1.0, 1.0], 1.5),
            case([1.0, 1.0], [-1.0, -1.0], -1.0),
        );
        assert_eq!(robust(&[(&one, 1.5), (&other, 0.0)]), Ok(None));
    }
}
