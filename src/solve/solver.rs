//! Solves a linear programme, and looks at what the solver says before it is believed.
//!
//! Rows are divided by their greatest coefficient and rows that are multiples of one
//! another are handed over once, with the tightest limit: simplex then meets no two equal
//! rows, between which a price would be split at will. A point comes back only if it keeps
//! every bound and row to [`FEASIBLE`]; `microlp` gives no prices, so those are made by
//! [`crate::dual`].

use crate::linear::{Linear, NOTHING, Row, Sense};
use microlp::{ComparisonOp, Error, OptimizationDirection, Problem, SolveOptions};

/// What a row, measured on its greatest coefficient, or a bound may lack.
pub const FEASIBLE: f64 = 1e-9;
/// The tolerance that the solver is given.
const ASKED: f64 = 1e-10;
/// Nodes of a search over whole numbers: one that is not done then is given up.
const NODES: u64 = 200_000;

/// What came out.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// A point of least cost, and what it costs.
    Best(Point),
    /// No point keeps all rows and bounds.
    Infeasible,
    /// The cost can fall for ever.
    Unbounded,
}

/// A point.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// The unknowns.
    pub x: Vec<f64>,
    /// c·x.
    pub cost: f64,
}

/// Why there is no answer: the solver's own words, or what its point breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure(pub String);

impl Answer {
    /// The point, if there is one.
    pub fn point(self) -> Option<Point> {
        match self {
            Answer::Best(point) => Some(point),
            Answer::Infeasible | Answer::Unbounded => None,
        }
    }
}

/// Solves `linear`.
///
/// # Errors
/// The solver fails numerically, gives up a search over whole numbers, or gives a point
/// that breaks a row or a bound by more than [`FEASIBLE`].
pub fn solve(linear: &Linear) -> Result<Answer, Failure> {
    let mut problem = Problem::new(OptimizationDirection::Minimize);
    let mut variables = Vec::with_capacity(linear.columns.len());
    for column in &linear.columns {
        if column.low > column.high {
            return Ok(Answer::Infeasible);
        }
        variables.push(if column.whole {
            let (low, high) = (column.low.ceil() as i32, column.high.floor() as i32);
            problem.add_integer_var(column.cost, (low, high))
        } else {
            problem.add_var(column.cost, (column.low, column.high))
        });
    }
    for row in merged(&linear.rows) {
        if row.terms.is_empty() {
            if row.slack(&[]) < -FEASIBLE {
                return Ok(Answer::Infeasible);
            }
            continue;
        }
        let terms = row.terms.iter().map(|(j, a)| (variables[*j], *a));
        let terms: Vec<(microlp::Variable, f64)> = terms.collect();
        let sense = match row.sense {
            Sense::AtLeast => ComparisonOp::Ge,
            Sense::AtMost => ComparisonOp::Le,
            Sense::Equal => ComparisonOp::Eq,
        };
        problem.add_constraint(&terms[..], sense, row.limit);
    }
    let mut options = SolveOptions::default();
    options.tolerances.feasibility = ASKED;
    options.node_limit = Some(NODES);
    let outcome = match problem.solve_with(options) {
        Ok(outcome) => outcome,
        Err(Error::Infeasible) => return Ok(Answer::Infeasible),
        Err(Error::Unbounded) => return Ok(Answer::Unbounded),
        Err(error) => return Err(Failure(error.to_string())),
    };
    if !outcome.is_optimal() {
        return Err(Failure("the search over whole numbers was given up".into()));
    }
    let Some(found) = outcome.solution() else {
        return Err(Failure("the search ended without a point".into()));
    };
    let value = |(j, column): (usize, &crate::linear::Column)| {
        let x = found.var_value(variables[j]);
        let x = if column.whole { x.round() } else { x };
        // Rounding of a bound is no amount.
        x.clamp(column.low, column.high)
    };
    let x: Vec<f64> = linear.columns.iter().enumerate().map(value).collect();
    let violation = linear.violation(&x);
    if violation > FEASIBLE {
        return Err(Failure(format!(
            "the solver's point breaks a row by {violation:.1e}"
        )));
    }
    Ok(Answer::Best(Point {
        cost: linear.cost(&x),
        x,
    }))
}

/// The rows, each with a greatest coefficient of 1; of those that are multiples of one
/// another the tightest.
fn merged(rows: &[Row]) -> Vec<Row> {
    let mut kept: Vec<Row> = Vec::with_capacity(rows.len());
    let mut order: std::collections::HashMap<Vec<(usize, i64)>, Vec<usize>> =
        std::collections::HashMap::new();
    for row in rows {
        let row = scaled(row);
        // Near enough to be looked at, coefficient by coefficient.
        let key: Vec<(usize, i64)> = row
            .terms
            .iter()
            .map(|(j, a)| (*j, (a * 1e6).round() as i64))
            .collect();
        let places = order.entry(key).or_default();
        let same = places.iter().copied().find(|i| alike(&kept[*i], &row));
        let Some(same) = same else {
            places.push(kept.len());
            kept.push(row);
            continue;
        };
        let limit = &mut kept[same].limit;
        *limit = if row.sense == Sense::AtLeast {
            limit.max(row.limit)
        } else {
            limit.min(row.limit)
        };
    }
    kept
}

/// A row divided by its greatest coefficient.
pub(crate) fn scaled(row: &Row) -> Row {
    let size = row.size();
    if size == 0.0 {
        return row.clone();
    }
    Row {
        terms: row.terms.iter().map(|(j, a)| (*j, a / size)).collect(),
        sense: row.sense,
        limit: row.limit / size,
    }
}

/// Whether two scaled rows differ in their limits alone.
pub(crate) fn alike(a: &Row, b: &Row) -> bool {
    a.sense == b.sense
        && a.sense != Sense::Equal
        && a.terms.len() == b.terms.len()
        && a.terms
            .iter()
            .zip(&b.terms)
            .all(|((i, a), (j, b))| i == j && (a - b).abs() <= NOTHING)
}

#[cfg(test)]
mod tests {
    use super::{Answer, solve};
    use crate::linear::{Column, Linear, Row};

    /// min 3x + 2y, x + y ≥ 4, x + 3y ≥ 6, x, y in 0..10: (3, 1), 11.
    pub(crate) fn small() -> Linear {
        let mut linear = Linear::default();
        linear.column(Column::between(0.0, 10.0, 3.0));
        linear.column(Column::between(0.0, 10.0, 4.0));
        linear.row(Row::at_least(vec![(0, 1.0), (1, 1.0)], 4.0));
        linear.row(Row::at_least(vec![(0, 1.0), (1, 3.0)], 6.0));
        linear
    }

    fn best(linear: &Linear) -> (Vec<f64>, f64) {
        match solve(linear) {
            Ok(Answer::Best(point)) => (point.x, point.cost),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_corner_found_by_hand() {
        let (x, cost) = best(&small());
        assert!(
            (x[0] - 3.0).abs() < 1e-12 && (x[1] - 1.0).abs() < 1e-12,
            "{x:?}"
        );
        assert!((cost - 13.0).abs() < 1e-12);
    }

    #[test]
    fn of_equal_rows_the_tightest_holds() {
        let mut linear = small();
        linear.row(Row::at_least(vec![(0, 2.0), (1, 2.0)], 9.0));
        let (x, _) = best(&linear);
        assert!((x[0] + x[1] - 4.5).abs() < 1e-12, "{x:?}");
        linear.row(Row::at_most(vec![(0, 1.0), (1, 1.0)], 4.4));
        assert_eq!(solve(&linear), Ok(Answer::Infeasible));
    }

    #[test]
    fn whole_numbers_are_whole() {
        let mut linear = small();
        linear.columns[0].whole = true;
        linear.columns[1].whole = true;
        linear.rows[1].limit = 6.5;
        let (x, cost) = best(&linear);
        // 3 + 3·1 is too little; (4, 1) costs 16, (2, 2) costs 14.
        assert_eq!((x[0], x[1]), (2.0, 2.0));
        assert!((cost - 14.0).abs() < 1e-12);
    }

    #[test]
    fn a_row_that_nothing_moves_holds_or_does_not() {
        let mut linear = small();
        linear.row(Row::at_least(Vec::new(), -1.0));
        assert!(matches!(solve(&linear), Ok(Answer::Best(_))));
        linear.row(Row::at_least(Vec::new(), 1.0));
        assert_eq!(solve(&linear), Ok(Answer::Infeasible));
    }

    #[test]
    fn a_cost_that_can_fall_for_ever_is_said_to() {
        let mut linear = Linear::default();
        linear.column(Column::between(0.0, f64::INFINITY, -1.0));
        assert_eq!(solve(&linear), Ok(Answer::Unbounded));
    }
}
