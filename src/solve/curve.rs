//! The marginal abatement cost curve of a target: its requirement moved from what costs
//! nothing to the most that can be met.
//!
//! ```text
//! V(w)     the least cost at requirement w: convex, in pieces straight
//! V'(w+)   the greatest price of the target's row; it holds up to the next breakpoint
//! ```
//!
//! The curve is walked from breakpoint to breakpoint, each found by one programme
//! ([`crate::dual::holds`]), so it is exact, and the area under it is the cost. All measures
//! act together: what one takes, another finds gone. The stand-alone curve beside it takes
//! each measure by itself, and the difference is their interaction. Measures that save money
//! are put in order by dominance (more abatement and less cost before less and more), never
//! by cost per tonne, which ranks a small saving above a great one.

use crate::conflict::{Member, members, only};
use crate::dual::{Face, Of, Ordered, Side, holds, in_order};
use crate::linear::{Linear, Row};
use crate::programme::{Programme, Wanted};
use crate::solver::{Failure, Point};
use jianpai_core::target::Demand;

/// Breakpoints of a curve at most.
const MOST_STEPS: usize = 2000;
/// A step below this part of a row's unit is rounding.
const NOTHING: f64 = 1e-11;

/// One straight piece of the curve.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The requirement where it begins, in the terms of the target.
    pub from: f64,
    /// Where it ends.
    pub to: f64,
    /// What one unit of the requirement costs on it, in units of the objective.
    pub price: f64,
    /// The cost at its end.
    pub cost: f64,
    /// The levels at its end.
    pub x: Vec<f64>,
    /// The free measures whose levels change on it, by place, and by how much.
    pub moved: Vec<(usize, f64)>,
}

/// A curve.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    /// The levels of least cost without the target.
    pub start: Vec<f64>,
    /// What is reached there.
    pub free: f64,
    /// What they cost.
    pub cost: f64,
    /// The pieces, in order.
    pub steps: Vec<Step>,
}

/// One measure by itself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Alone {
    /// The free measure, by its place.
    pub variable: usize,
    /// What it brings at its greatest level, in the terms of the target, better being more.
    pub gain: f64,
    /// What it costs there (10⁸ yuan).
    pub money: f64,
}

impl Curve {
    /// The area under the curve.
    pub fn area(&self) -> f64 {
        self.steps
            .iter()
            .map(|step| step.price * (step.to - step.from).abs())
            .sum()
    }
}

/// The curve of target `i`; the other targets are kept if `others`.
///
/// # Errors
/// The solver fails; the rest contradicts itself; the target counts from a year that the
/// measures move, too, so that its requirement is no straight scale.
pub fn curve(programme: &Programme, i: usize, others: bool) -> Result<Curve, Failure> {
    let mut all = programme.wanted.iter();
    let Some((_, wanted)) = all.find(|(other, _)| *other == i) else {
        return Err(Failure("a target that cannot be judged".into()));
    };
    let moves = |function: &crate::affine::Affine| {
        let mut levers = function.slopes.iter().zip(&programme.column_of);
        levers.any(|(slope, column)| *slope != 0.0 && column.is_some())
    };
    if wanted.asked.base.as_ref().is_some_and(moves) {
        return Err(Failure(
            "the target counts from a year that the measures sought move, too".into(),
        ));
    }
    let kept: Vec<Member> = members(programme)
        .into_iter()
        .filter(|member| match member {
            Member::Target(other) => others && *other != i,
            _ => true,
        })
        .collect();
    let mut linear = only(programme, &kept);
    for (column, own) in linear.columns.iter_mut().zip(&programme.columns) {
        column.cost = own.cost;
    }
    walk(programme, wanted, linear, &programme.further)
}

/// The least value of the objective of `linear` at every requirement of `wanted`, from what
/// is reached without one to the most; ties broken by `further`.
///
/// # Errors
/// The solver fails, or there is no least value.
pub fn walk(
    programme: &Programme,
    wanted: &Wanted,
    linear: Linear,
    further: &[Vec<f64>],
) -> Result<Curve, Failure> {
    let start = best(&linear, further)?;
    let mut walk = Walk {
        programme,
        wanted,
        row: linear.rows.len(),
        linear,
        further,
    };
    walk.linear.row(Row::at_least(Vec::new(), 0.0));
    walk.from(start)
}

/// The point of least cost, ties broken as ever.
fn best(linear: &Linear, further: &[Vec<f64>]) -> Result<Point, Failure> {
    match in_order(linear, further)? {
        Ordered::Best(point) => Ok(point),
        Ordered::Infeasible => Err(Failure(
            "the other targets and limits cannot be kept".into(),
        )),
        Ordered::Unbounded => Err(Failure("the objective has no least value".into())),
    }
}

/// A curve being walked.
struct Walk<'a> {
    programme: &'a Programme,
    wanted: &'a Wanted,
    /// The programme with the row of the target at the end.
    linear: Linear,
    row: usize,
    further: &'a [Vec<f64>],
}

impl Walk<'_> {
    fn from(&mut self, start: Point) -> Result<Curve, Failure> {
        let levels = self.programme.levels(&start.x);
        let unit = self.wanted.asked.unit(&levels);
        let free = self.wanted.asked.reached(&levels);
        let sign = match self.wanted.target.demand {
            Demand::Cap(_) | Demand::Cumulative { .. } => -1.0,
            _ => 1.0,
        };
        let mut curve = Curve {
            free,
            cost: start.cost,
            steps: Vec::new(),
            start: start.x.clone(),
        };
        let (mut at, mut point) = (free, start);
        for _ in 0..MOST_STEPS {
            self.linear.rows[self.row] = self.programme.row_of(self.wanted, at);
            // Rounding of the requirement is no demand.
            let row = &mut self.linear.rows[self.row];
            row.limit = row.limit.min(row.value(&point.x));
            let settled = self.linear.settled(&point.x);
            let face = Face::of(&settled, &point.x);
            let Some((price, dual)) = face.price(&[Of::Row(self.row)], Side::More)? else {
                return Ok(curve);
            };
            let far = holds(&settled, &dual, self.row, Side::More)?;
            if far <= NOTHING || !far.is_finite() {
                return Ok(curve);
            }
            let to = at + sign * far * self.wanted.scale / unit;
            let limit = settled.rows[self.row].limit + far;
            self.linear.rows[self.row].limit = limit;
            let found = in_order(&self.linear, self.further)?;
            let next = if let Ordered::Best(next) = found {
                next
            } else {
                // The very end, but for rounding.
                self.linear.rows[self.row].limit = limit - NOTHING;
                best(&self.linear, self.further)?
            };
            let count = self.programme.spec.free.len();
            let moved = (0..count).map(|j| (j, next.x[j] - point.x[j]));
            curve.steps.push(Step {
                from: at,
                to,
                price: price * unit / self.wanted.scale,
                cost: next.cost,
                moved: moved.filter(|(_, by)| by.abs() > 1e-9).collect(),
                x: next.x.clone(),
            });
            (at, point) = (to, next);
        }
        Err(Failure("a curve without an end".into()))
    }
}

/// Each free measure by itself, from doing nothing to its greatest level: those that save
/// money first, by dominance, then by cost per unit of gain. What brings nothing is left
/// out.
pub fn alone(programme: &Programme, wanted: &Wanted) -> Vec<Alone> {
    let count = programme.spec.free.len();
    let none = programme.nothing();
    let base = wanted.asked.reached(&programme.levels(&none));
    let sign = match wanted.target.demand {
        Demand::Cap(_) | Demand::Cumulative { .. } => -1.0,
        _ => 1.0,
    };
    let each = (0..count).map(|j| {
        let x = programme.alone(j);
        Alone {
            variable: j,
            gain: sign * (wanted.asked.reached(&programme.levels(&x)) - base),
            money: programme.money_of(j, &x),
        }
    });
    let all: Vec<Alone> = each.filter(|one| one.gain > NOTHING).collect();
    let pairs: Vec<(f64, f64)> = all.iter().map(|one| (one.gain, one.money)).collect();
    in_turn(&pairs).into_iter().map(|i| all[i]).collect()
}

/// The order in which measures stand in a curve of costs, from what each brings (above 0)
/// and what it costs: first those that save money, then the others by the cost of a unit.
///
/// Less saved a unit is no merit, so those that save stand by layers: what no other beats in
/// both, then what only those beat, and so on; within a layer what saves most comes first.
pub fn in_turn(measures: &[(f64, f64)]) -> Vec<usize> {
    let saving: Vec<usize> = (0..measures.len())
        .filter(|i| measures[*i].1 < 0.0)
        .collect();
    let beats = |a: usize, b: usize| {
        let (a, b) = (measures[a], measures[b]);
        a.0 >= b.0 && a.1 <= b.1 && (a.0 > b.0 || a.1 < b.1)
    };
    let layer = |one: usize| -> usize {
        let (mut left, mut depth) = (saving.clone(), 0);
        loop {
            let beaten = |a: &usize| left.iter().any(|b| beats(*b, *a));
            let (later, top): (Vec<usize>, Vec<usize>) = left.iter().partition(|a| beaten(a));
            if top.contains(&one) || top.is_empty() {
                return depth;
            }
            left = later;
            depth += 1;
        }
    };
    let keys = (0..measures.len()).map(|i| {
        let (gain, money) = measures[i];
        if money < 0.0 {
            (0, layer(i) as f64, money)
        } else {
            (1, money / gain, 0.0)
        }
    });
    let keys: Vec<(u8, f64, f64)> = keys.collect();
    let mut order: Vec<usize> = (0..measures.len()).collect();
    order.sort_by(|a, b| {
        let (a, b) = (keys[*a], keys[*b]);
        a.0.cmp(&b.0)
            .then(a.1.total_cmp(&b.1))
            .then(a.2.total_cmp(&b.2))
    });
    order
}
