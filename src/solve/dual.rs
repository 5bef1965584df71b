//! Prices: the dual of a solved programme, as a second programme on what is tight.
//!
//! At a point x of least cost, complementary slackness leaves of the dual only
//!
//! ```text
//! y[i] ≥ 0 for rows that are tight at x, 0 for all others             rows as a·x ≥ b
//! d[j] = c[j] − Σ_i a[i,j]·y[i]     ≥ 0 where x[j] is at its lower bound,
//!                                   ≤ 0 where at its upper one, free where both meet,
//!                                   = 0 between
//! ```
//!
//! Every point of this *face* is an optimal dual: its value Σ b·y + Σ bound·d is the cost
//! of x, and the difference of the two, the gap, is the certificate. The least cost V as a
//! function of a limit b[i] is convex and in pieces straight, so
//!
//! ```text
//! V'(b[i]+) = max y[i] over the face        what the next unit costs
//! V'(b[i]−) = min y[i] over the face        what the last unit cost
//! ```
//!
//! and the two differ where x is degenerate. A price y* holds as long as some point
//! complementary to y* keeps all rows: how far, [`holds`] finds with one more programme.

use crate::linear::{Column, Linear, Row, Sense};
use crate::solver::{Answer, Failure, Point, solve};

/// What a row or a column may lack of its bound and still count as tight.
pub const TIGHT: f64 = 1e-7;
/// Prices below this part of the greatest cost are rounding.
const SMALL: f64 = 1e-9;

/// Where a column stands between its bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    Low,
    High,
    Both,
    Between,
}

/// An optimal dual.
#[derive(Clone, Debug, PartialEq)]
pub struct Dual {
    /// By row of the programme: what one unit more of its limit costs, ∂V/∂b.
    pub rows: Vec<f64>,
    /// By column: what one unit more of the bound that it is at costs.
    pub columns: Vec<f64>,
    /// Its value, equal to the cost of the point but for rounding.
    pub value: f64,
}

/// All optimal duals of a programme without whole columns.
#[derive(Clone, Debug)]
pub struct Face<'a> {
    linear: &'a Linear,
    /// Tight rows as `a·x ≥ b`: row, sign, the row.
    tight: Vec<(usize, f64, Row)>,
    at: Vec<At>,
    /// The greatest cost of a column, at least 1.
    scale: f64,
}

/// What moves when a price is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// The limit of a row.
    Row(usize),
    /// The upper bound of a column.
    High(usize),
    /// The lower bound of a column.
    Low(usize),
}

/// Which way it moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Up.
    More,
    /// Down.
    Less,
}

impl Side {
    /// +1 or −1.
    pub fn sign(self) -> f64 {
        match self {
            Side::More => 1.0,
            Side::Less => -1.0,
        }
    }
}

impl<'a> Face<'a> {
    /// The face of `linear`, of which `x` is a point of least cost.
    pub fn of(linear: &'a Linear, x: &[f64]) -> Self {
        let tight = linear.rows_at_least().into_iter().filter(|(_, _, row)| {
            let size = row.size();
            size > 0.0 && row.slack(x) <= TIGHT * size
        });
        let at = linear.columns.iter().zip(x).map(|(column, x)| {
            let low = x - column.low <= TIGHT;
            let high = column.high - x <= TIGHT;
            match (low, high) {
                (true, true) => At::Both,
                (true, false) => At::Low,
                (false, true) => At::High,
                (false, false) => At::Between,
            }
        });
        let costs = linear.columns.iter().map(|column| column.cost.abs());
        Self {
            tight: tight.collect(),
            at: at.collect(),
            scale: costs.fold(1.0, f64::max),
            linear,
        }
    }

    /// The programme of y, with nothing to be made least yet: one column a tight row, one
    /// or two rows a column. `room` is what a column between its bounds may lack of
    /// nothing.
    fn programme(&self, room: f64) -> Linear {
        let mut dual = Linear::default();
        // Rows are measured on their greatest coefficient, so that prices are of one size.
        for _ in &self.tight {
            dual.column(Column::between(0.0, f64::INFINITY, 0.0));
        }
        let mut terms: Vec<Vec<(usize, f64)>> = vec![Vec::new(); self.linear.columns.len()];
        for (k, (_, _, row)) in self.tight.iter().enumerate() {
            let size = row.size();
            for (j, a) in &row.terms {
                terms[*j].push((k, a / size));
            }
        }
        for ((column, at), terms) in self.linear.columns.iter().zip(&self.at).zip(terms) {
            match at {
                At::Both => {}
                At::Low => {
                    dual.row(Row::at_most(terms, column.cost));
                }
                At::High => {
                    dual.row(Row::at_least(terms, column.cost));
                }
                At::Between if room == 0.0 => {
                    dual.row(Row::equal(terms, column.cost));
                }
                At::Between => {
                    dual.row(Row::at_most(terms.clone(), column.cost + room));
                    dual.row(Row::at_least(terms, column.cost - room));
                }
            }
        }
        dual
    }

    /// The dual with these prices of scaled tight rows.
    fn dual(&self, y: &[f64]) -> Dual {
        let linear = self.linear;
        let mut rows = vec![0.0; linear.rows.len()];
        let mut columns: Vec<f64> = linear.columns.iter().map(|column| column.cost).collect();
        let mut value = 0.0;
        for ((i, sign, row), y) in self.tight.iter().zip(y) {
            let y = y / row.size();
            rows[*i] += sign * y;
            value += row.limit * y;
            for (j, a) in &row.terms {
                columns[*j] -= a * y;
            }
        }
        for ((column, at), d) in linear.columns.iter().zip(&self.at).zip(&mut columns) {
            match at {
                // Between its bounds it is nothing but rounding.
                At::Between => *d = 0.0,
                At::Low => value += column.low * *d,
                At::High => value += column.high * *d,
                At::Both => value += if *d > 0.0 { column.low } else { column.high } * *d,
            }
        }
        Dual {
            rows,
            columns,
            value,
        }
    }

    /// The best point of the face for these costs of the tight rows. Where rounding leaves
    /// no exact one, one that is exact but for rounding.
    fn best(&self, costs: &[f64]) -> Result<Answer, Failure> {
        for room in [0.0, SMALL * self.scale] {
            let found = solve(&self.programme(room).with_costs(costs));
            match found {
                Ok(Answer::Infeasible) => {}
                Err(_) if room == 0.0 => {}
                other => return other,
            }
        }
        Err(Failure(
            "the point has no prices: it is not of least cost".into(),
        ))
    }

    /// Any dual of the face.
    ///
    /// # Errors
    /// The solver fails, or finds none: the point was not of least cost.
    pub fn any(&self) -> Result<Dual, Failure> {
        match self.best(&vec![0.0; self.tight.len()])? {
            Answer::Best(point) => Ok(self.dual(&point.x)),
            _ => Err(Failure("prices without an end".into())),
        }
    }

    /// What one unit more (or less) of something costs, with the dual that says so: the
    /// derivative of the least cost, times +1 whichever the side. What has several rows, one
    /// a year, moves in all of them together. `None`: there is no such unit, not at any
    /// cost.
    ///
    /// # Errors
    /// The solver fails.
    pub fn price(&self, of: &[Of], side: Side) -> Result<Option<(f64, Dual)>, Failure> {
        let mut costs = vec![0.0; self.tight.len()];
        // V'(+) is the greatest of the face, V'(−) the least.
        let sign = -side.sign();
        for of in of {
            for (k, (row, own, at)) in self.tight.iter().enumerate() {
                let size = at.size();
                costs[k] += match *of {
                    Of::Row(i) if *row == i => sign * own / size,
                    Of::Row(_) => 0.0,
                    Of::High(j) | Of::Low(j) => {
                        let a = at.terms.iter().find(|(other, _)| *other == j);
                        a.map_or(0.0, |(_, a)| -sign * a / size)
                    }
                };
            }
        }
        let Some(point) = self.best(&costs)?.point() else {
            return Ok(None);
        };
        let dual = self.dual(&point.x);
        let each = of.iter().map(|of| match *of {
            Of::Row(i) => dual.rows[i],
            // Only the part that belongs to this bound counts.
            Of::High(j) => match self.at[j] {
                At::High | At::Both => dual.columns[j].min(0.0),
                At::Low | At::Between => 0.0,
            },
            Of::Low(j) => match self.at[j] {
                At::Low | At::Both => dual.columns[j].max(0.0),
                At::High | At::Between => 0.0,
            },
        });
        Ok(Some((each.sum(), dual)))
    }

    /// The programme whose points are those of least cost: what has a price is held.
    ///
    /// # Errors
    /// See [`Face::any`].
    pub fn optima(&self, x: &[f64]) -> Result<Linear, Failure> {
        let dual = self.any()?;
        let mut held = self.linear.clone();
        let small = SMALL * self.scale;
        for (j, column) in held.columns.iter_mut().enumerate() {
            if dual.columns[j].abs() > small {
                let bound = match self.at[j] {
                    At::Low => column.low,
                    At::High => column.high,
                    At::Both | At::Between => x[j],
                };
                (column.low, column.high) = (bound, bound);
            }
        }
        for (row, price) in held.rows.iter_mut().zip(&dual.rows) {
            if price.abs() * row.size() > small {
                row.sense = Sense::Equal;
                row.limit = row.value(x);
            }
        }
        Ok(held)
    }
}

/// How far the limit of row `i` can move to one side while the price of `dual` holds:
/// a distance, infinite if for ever.
///
/// # Errors
/// The solver fails.
pub fn holds(linear: &Linear, dual: &Dual, i: usize, side: Side) -> Result<f64, Failure> {
    let scale = linear.columns.iter().map(|column| column.cost.abs());
    let small = SMALL * scale.fold(1.0, f64::max);
    let mut moved = linear.clone();
    for (column, d) in moved.columns.iter_mut().zip(&dual.columns) {
        if *d > small {
            column.high = column.low;
        } else if *d < -small {
            column.low = column.high;
        }
        column.cost = 0.0;
    }
    for (row, price) in moved.rows.iter_mut().zip(&dual.rows) {
        if price.abs() * row.size() > small {
            row.sense = Sense::Equal;
        }
    }
    let size = linear.rows[i].size().max(f64::MIN_POSITIVE);
    let far = moved.column(Column::between(0.0, f64::INFINITY, -1.0));
    let row = &mut moved.rows[i];
    row.terms.push((far, -side.sign() * size));
    match solve(&moved)? {
        Answer::Best(point) => Ok(point.x[far] * size),
        Answer::Unbounded => Ok(f64::INFINITY),
        Answer::Infeasible => Ok(0.0),
    }
}

/// Solves for one objective after the other: each is made least among the points that are
/// best for all before it. Gives the last point and the value of each objective; the first
/// is that of `linear` itself.
///
/// # Errors
/// The solver fails.
pub fn in_order(linear: &Linear, further: &[Vec<f64>]) -> Result<Ordered, Failure> {
    let first = match solve(linear)? {
        Answer::Best(point) => point,
        Answer::Infeasible => return Ok(Ordered::Infeasible),
        Answer::Unbounded => return Ok(Ordered::Unbounded),
    };
    let mut held = linear.settled(&first.x);
    let mut x = first.x;
    for costs in further {
        let best = Face::of(&held, &x).optima(&x)?.with_costs(costs);
        match solve(&best)? {
            Answer::Best(point) => x = point.x,
            // Rounding of what is held: the point that is known is as good.
            Answer::Infeasible => {}
            Answer::Unbounded => return Err(Failure("a tie that nothing bounds".into())),
        }
        held = best;
    }
    Ok(Ordered::Best(Point {
        cost: linear.cost(&x),
        x,
    }))
}

/// What [`in_order`] gives.
#[derive(Clone, Debug, PartialEq)]
pub enum Ordered {
    /// The point that is best in this order, with its cost by the first objective.
    Best(Point),
    /// No point keeps all rows and bounds.
    Infeasible,
    /// The first objective can fall for ever.
    Unbounded,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// min 3x + 4y, x + y ≥ 4, x + 3y ≥ 6, in 0..10: (3, 1), 13; y = (2.5, 0.5).
    fn small() -> Linear {
        let mut linear = Linear::default();
        linear.column(Column::between(0.0, 10.0, 3.0));
        linear.column(Column::between(0.0, 10.0, 4.0));
        linear.row(Row::at_least(vec![(0, 1.0), (1, 1.0)], 4.0));
        linear.row(Row::at_most(vec![(0, -2.0), (1, -6.0)], -12.0));
        linear
    }

    fn price(linear: &Linear, of: Of, side: Side) -> Option<f64> {
        let x = solve(linear).unwrap().point().unwrap().x;
        let face = Face::of(linear, &x);
        face.price(&[of], side).unwrap().map(|(price, _)| price)
    }

    fn near(a: Option<f64>, b: f64) {
        assert!(a.is_some_and(|a| (a - b).abs() < 1e-7), "{a:?} is not {b}");
    }

    #[test]
    fn prices_of_a_corner_found_by_hand() {
        let linear = small();
        let x = solve(&linear).unwrap().point().unwrap();
        let dual = Face::of(&linear, &x.x).any().unwrap();
        assert!((dual.rows[0] - 2.5).abs() < 1e-7);
        // The second is −2x − 6y ≤ −12: half of 0.5, and less costs more.
        assert!((dual.rows[1] + 0.25).abs() < 1e-7);
        assert!((dual.value - x.cost).abs() < 1e-9);
        for side in [Side::More, Side::Less] {
            near(price(&linear, Of::Row(0), side), 2.5);
            near(price(&linear, Of::Row(1), side), -0.25);
        }
    }

    #[test]
    fn how_far_prices_hold() {
        let linear = small();
        let x = solve(&linear).unwrap().point().unwrap().x;
        let dual = Face::of(&linear, &x).any().unwrap();
        // x + y = b, x + 3y = 6: y = (6 − b)/2 ≥ 0 up to b = 6, x = (3b − 6)/2 ≥ 0 down to 2.
        assert!((holds(&linear, &dual, 0, Side::More).unwrap() - 2.0).abs() < 1e-7);
        assert!((holds(&linear, &dual, 0, Side::Less).unwrap() - 2.0).abs() < 1e-7);
    }

    #[test]
    fn both_sides_of_a_kink() {
        // min x + 3y, x + y ≥ 1, x ≤ 1: the next unit costs 3, the last one cost 1.
        let mut linear = Linear::default();
        linear.column(Column::between(0.0, 1.0, 1.0));
        linear.column(Column::between(0.0, 1.0, 3.0));
        linear.row(Row::at_least(vec![(0, 1.0), (1, 1.0)], 1.0));
        near(price(&linear, Of::Row(0), Side::More), 3.0);
        near(price(&linear, Of::Row(0), Side::Less), 1.0);
        // More of x saves nothing yet, less of it costs 2.
        near(price(&linear, Of::High(0), Side::More), 0.0);
        near(price(&linear, Of::High(0), Side::Less), -2.0);
        // At the very end there is no next unit.
        linear.rows[0].limit = 2.0;
        assert_eq!(price(&linear, Of::Row(0), Side::More), None);
        near(price(&linear, Of::Row(0), Side::Less), 3.0);
    }

    #[test]
    fn equal_rows_have_a_price_each_on_the_side_that_binds() {
        let mut linear = small();
        linear.row(Row::at_least(vec![(0, 2.0), (1, 2.0)], 8.0));
        near(price(&linear, Of::Row(0), Side::More), 2.5);
        near(price(&linear, Of::Row(0), Side::Less), 0.0);
        near(price(&linear, Of::Row(2), Side::More), 1.25);
    }

    #[test]
    fn ties_are_broken_in_order() {
        // min x + y, x + y ≥ 1: of all these the one with the least y, then the least z.
        let mut linear = Linear::default();
        for cost in [1.0, 1.0, 0.0] {
            linear.column(Column::between(0.0, 0.8, cost));
        }
        linear.row(Row::at_least(vec![(0, 1.0), (1, 1.0)], 1.0));
        linear.row(Row::at_least(vec![(1, 1.0), (2, 1.0)], 0.5));
        let further = [vec![0.0, 1.0, 0.0], vec![0.0, 0.0, 1.0]];
        let Ordered::Best(found) = in_order(&linear, &further).unwrap() else {
            panic!("a point");
        };
        for (x, wanted) in found.x.iter().zip([0.8, 0.2, 0.3]) {
            assert!((x - wanted).abs() < 1e-9, "{:?}", found.x);
        }
        assert!((found.cost - 1.0).abs() < 1e-12);
    }
}
