//! A target of a whole shared among its parts at least cost: one programme of all parts.
//!
//! ```text
//! unknowns   x[i]        levels of the free measures of part i, within its own limits
//!            ρ[i]        the rate by which part i is to cut, floor ≤ ρ ≤ ceiling
//! rows       (e[i] − f[i](x[i])) / e[i] ≥ ρ[i]        f what it still emits, e its base
//!            Σ_i ρ[i]·e[i] / E ≥ R / E                R what the whole has to cut, E = Σ e
//! objective  Σ_i c[i]·x[i]
//! ```
//!
//! Of plans of one cost it is the one whose highest rate is the least, then the one of least
//! effort. Targets of the parts themselves are left out: what is asked for is where the
//! whole's cut costs least.

use crate::affine::Affine;
use crate::conflict::{Member, members, only};
use crate::dual::{Face, Of, Ordered, Side, in_order};
use crate::linear::{Column, Linear, Row};
use crate::programme::Programme;
use crate::solver::Failure;
use jianpai_core::allocate::fill;

/// One part of the whole.
#[derive(Clone, Copy, Debug)]
pub struct Part<'a> {
    /// Its measures and limits.
    pub programme: &'a Programme,
    /// What it emits in the last year, as a function of its levers (t).
    pub left: &'a Affine,
    /// What it emitted in the base year (t).
    pub emission: f64,
    /// The least rate by which it cuts, as a fraction of that.
    pub floor: f64,
    /// The highest.
    pub ceiling: f64,
}

/// A cut shared at least cost.
#[derive(Clone, Debug, PartialEq)]
pub struct Shares {
    /// The cut of each part (t), summing to what the whole has to cut.
    pub cuts: Vec<f64>,
    /// What each part spends (10⁸ yuan; below nothing it saves).
    pub costs: Vec<f64>,
    /// What one tonne more costs (10⁸ yuan); `None` where no more can be cut.
    pub price: Option<f64>,
    /// The levers of each part.
    pub levels: Vec<Vec<f64>>,
}

/// What came out.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// A cut for each part.
    Shared(Shares),
    /// The parts cannot cut as much: the most that they can within their bounds (t).
    OutOfReach(f64),
    /// Parts that cannot even keep their floors, by place, and the highest rate of each.
    BelowFloor(Vec<(usize, f64)>),
}

/// The programme of all parts: the columns of each in turn, then their rates.
struct Joint<'a> {
    parts: &'a [Part<'a>],
    linear: Linear,
    /// Where the columns of each part begin.
    begins: Vec<usize>,
    /// The column of the rate of each part.
    rates: Vec<usize>,
}

impl<'a> Joint<'a> {
    fn of(parts: &'a [Part<'a>]) -> Self {
        let mut joint = Self {
            parts,
            linear: Linear::default(),
            begins: Vec::new(),
            rates: Vec::new(),
        };
        for part in parts {
            let begin = joint.linear.columns.len();
            let own = own(part);
            for (column, whole) in own.columns.iter().zip(&part.programme.columns) {
                let cost = part.programme.money.get(joint.linear.columns.len() - begin);
                joint.linear.column(Column {
                    cost: cost.copied().unwrap_or(0.0),
                    whole: whole.whole,
                    ..*column
                });
            }
            for row in &own.rows {
                joint.linear.row(moved(row, begin));
            }
            joint.begins.push(begin);
        }
        for part in parts {
            let rate = Column::between(part.floor, part.ceiling, 0.0);
            joint.rates.push(joint.linear.column(rate));
        }
        for (i, part) in parts.iter().enumerate() {
            let mut row = moved(&cut(part), joint.begins[i]);
            row.terms.push((joint.rates[i], -1.0));
            joint.linear.row(row);
        }
        joint
    }

    /// Ties: the highest rate, then effort.
    fn further(&mut self) -> Vec<Vec<f64>> {
        let highest = self
            .linear
            .column(Column::between(f64::NEG_INFINITY, f64::INFINITY, 0.0));
        for rate in self.rates.clone() {
            self.linear
                .row(Row::at_least(vec![(highest, 1.0), (rate, -1.0)], 0.0));
        }
        let mut even = vec![0.0; self.linear.columns.len()];
        even[highest] = 1.0;
        let mut effort = vec![0.0; self.linear.columns.len()];
        for (part, begin) in self.parts.iter().zip(&self.begins) {
            for (j, potential) in part.programme.potential.iter().enumerate() {
                effort[begin + j] = 1.0 / potential;
            }
        }
        vec![even, effort]
    }
}

/// The measures and limits of a part, without its targets.
fn own(part: &Part<'_>) -> Linear {
    let kept: Vec<Member> = members(part.programme)
        .into_iter()
        .filter(|member| !matches!(member, Member::Target(_)))
        .collect();
    only(part.programme, &kept)
}

/// `(e − f(x)) / e ≥ 0`, as a row of the part's own columns.
fn cut(part: &Part<'_>) -> Row {
    let mut less = part.left.clone().times(-1.0);
    less.constant += part.emission;
    part.programme.row(&less, part.emission)
}

/// A row whose columns begin elsewhere.
fn moved(row: &Row, begin: usize) -> Row {
    let mut row = row.clone();
    for (j, _) in &mut row.terms {
        *j += begin;
    }
    row
}

/// The cut of each part that costs least.
///
/// # Errors
/// The solver fails.
pub fn share(parts: &[Part<'_>], total: f64) -> Result<Outcome, Failure> {
    let mut joint = Joint::of(parts);
    let scale: f64 = parts.iter().map(|part| part.emission).sum();
    let terms = |joint: &Joint<'_>, sign: f64| -> Vec<(usize, f64)> {
        let rates = joint.rates.iter().zip(parts);
        rates
            .map(|(rate, part)| (*rate, sign * part.emission / scale))
            .collect()
    };
    let sum = joint
        .linear
        .row(Row::at_least(terms(&joint, 1.0), total / scale));
    let further = joint.further();
    let point = match in_order(&joint.linear, &further)? {
        Ordered::Best(point) => point,
        Ordered::Infeasible => {
            let mut most = Joint::of(parts);
            for column in &mut most.linear.columns {
                column.cost = 0.0;
            }
            for (rate, cost) in terms(&most, -1.0) {
                most.linear.columns[rate].cost = cost;
            }
            let Some(point) = crate::solver::solve(&most.linear)?.point() else {
                return Ok(Outcome::BelowFloor(below_floor(parts)?));
            };
            let rates = most.rates.iter().zip(parts);
            let most = rates
                .map(|(rate, part)| point.x[*rate] * part.emission)
                .sum();
            return Ok(Outcome::OutOfReach(most));
        }
        Ordered::Unbounded => return Err(Failure("the cost has no least value".into())),
    };
    let settled = joint.linear.settled(&point.x);
    let face = Face::of(&settled, &point.x);
    let price = face.price(&[Of::Row(sum)], Side::More)?;
    // What is cut beyond what is asked for, at no cost, is nobody's: rates are scaled to it.
    let rates: Vec<f64> = joint.rates.iter().map(|rate| point.x[*rate]).collect();
    let mut shares = Shares {
        cuts: exactly(parts, &rates, total),
        costs: Vec::new(),
        price: price.map(|(price, _)| price / scale),
        levels: Vec::new(),
    };
    for (part, begin) in parts.iter().zip(&joint.begins) {
        let x = &point.x[*begin..begin + part.programme.columns.len()];
        shares.costs.push(part.programme.money_at(x));
        shares.levels.push(part.programme.levels(x));
    }
    Ok(Outcome::Shared(shares))
}

/// The parts that cannot cut as much as they must, and the highest rate of each.
fn below_floor(parts: &[Part<'_>]) -> Result<Vec<(usize, f64)>, Failure> {
    let mut found = Vec::new();
    for (i, part) in parts.iter().enumerate() {
        let mut linear = own(part);
        let row = cut(part);
        for column in &mut linear.columns {
            column.cost = 0.0;
        }
        for (j, slope) in &row.terms {
            linear.columns[*j].cost = -slope;
        }
        let best = crate::solver::solve(&linear)?.point();
        let rate = best.map_or(f64::NEG_INFINITY, |point| row.value(&point.x) - row.limit);
        if rate < part.floor {
            found.push((i, rate));
        }
    }
    Ok(found)
}

/// The cuts at these rates, brought to the total within the floors: the highest rates give
/// way first.
fn exactly(parts: &[Part<'_>], rates: &[f64], total: f64) -> Vec<f64> {
    let emissions: Vec<f64> = parts.iter().map(|part| part.emission).collect();
    let bounds = parts.iter().zip(rates);
    let bounds: Vec<(f64, f64)> = bounds
        .map(|(part, rate)| (part.floor * part.emission, rate * part.emission))
        .collect();
    fill(&emissions, &bounds, total)
}

/// What a cut of one part (t) costs at least (10⁸ yuan); `None` where it cannot be made.
///
/// # Errors
/// The solver fails.
pub fn cost_of(part: &Part<'_>, amount: f64) -> Result<Option<f64>, Failure> {
    let mut linear = own(part);
    for (column, cost) in linear.columns.iter_mut().zip(&part.programme.money) {
        column.cost = *cost;
    }
    let mut row = cut(part);
    row.limit += amount / part.emission;
    linear.row(row);
    let found = crate::solver::solve(&linear)?.point();
    Ok(found.map(|point| part.programme.money_at(&point.x)))
}
