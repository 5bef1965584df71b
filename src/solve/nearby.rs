//! How differently could it look: how far each level can move at little more cost.
//!
//! ```text
//! min, max x[m]    rows and bounds of the programme, c·x ≤ V + part·|V|
//! ```
//!
//! A measure whose least value is above nothing is in every such plan; one whose greatest
//! is nothing is in none.

use crate::linear::{Linear, Row};
use crate::programme::Programme;
use crate::solver::{Answer, Failure, Point, solve};

/// The range of one level.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    /// The free measure, by its place.
    pub variable: usize,
    /// What more may be spent, as a part of the least cost.
    pub part: f64,
    /// The least level.
    pub low: f64,
    /// The greatest.
    pub high: f64,
}

/// The ranges of all levels for each part of the least cost more.
///
/// # Errors
/// The solver fails.
pub fn ranges(programme: &Programme, best: &Point, parts: &[f64]) -> Result<Vec<Range>, Failure> {
    let linear = programme.linear();
    let mut found = Vec::new();
    for part in parts {
        let within = within(&linear, best, *part);
        for variable in 0..programme.spec.free.len() {
            let mut ends = [best.x[variable]; 2];
            for (end, sign) in ends.iter_mut().zip([1.0, -1.0]) {
                let mut asked = within.clone();
                asked.columns[variable].cost = sign;
                // Nothing better is found where rounding leaves no room.
                if let Answer::Best(point) = solve(&asked)? {
                    let x = point.x[variable];
                    *end = if sign > 0.0 { end.min(x) } else { end.max(x) };
                }
            }
            found.push(Range {
                variable,
                part: *part,
                low: ends[0],
                high: ends[1],
            });
        }
    }
    Ok(found)
}

/// The programme without an objective, of which no more is spent.
fn within(linear: &Linear, best: &Point, part: f64) -> Linear {
    let mut within = linear.clone();
    let terms = linear.columns.iter().enumerate();
    let terms = terms.map(|(j, column)| (j, column.cost));
    let terms: Vec<(usize, f64)> = terms.filter(|(_, cost)| *cost != 0.0).collect();
    let most = best.cost + part * best.cost.abs();
    within.row(Row::at_most(terms, most));
    for column in &mut within.columns {
        column.cost = 0.0;
    }
    within
}

/// Plans that cost no more than a part more than the least and are as far from each other
/// as one programme each can make them: every next one has the least of what the ones
/// before it have most (in parts of the potential of each measure). At most `count`, the
/// best one first; fewer if the next one is known already.
///
/// # Errors
/// The solver fails.
pub fn apart(
    programme: &Programme,
    best: &Point,
    part: f64,
    count: usize,
) -> Result<Vec<Point>, Failure> {
    let within = within(&programme.linear(), best, part);
    let mut plans = vec![best.clone()];
    let share = |x: &[f64], j: usize| x[j] / programme.potential[j];
    while plans.len() < count {
        let mut asked = within.clone();
        for j in 0..programme.spec.free.len() {
            // What is much used is avoided, what is little used is sought.
            let used: f64 = plans.iter().map(|plan| share(&plan.x, j)).sum();
            let mean = used / plans.len() as f64;
            asked.columns[j].cost = (mean - 0.5) / programme.potential[j];
        }
        let Answer::Best(mut point) = solve(&asked)? else {
            break;
        };
        let known = plans.iter().any(|plan| {
            let differ = |j: usize| (share(&plan.x, j) - share(&point.x, j)).abs();
            (0..programme.spec.free.len()).all(|j| differ(j) < 1e-6)
        });
        if known {
            break;
        }
        point.cost = programme.linear().cost(&point.x);
        plans.push(point);
    }
    Ok(plans)
}
