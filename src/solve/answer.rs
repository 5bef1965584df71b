//! The whole answer to a programme: the plan, its certificate, its prices; or why not.
//!
//! Prices are those of the programme with its whole numbers held where they are: what an
//! either/or decision costs has no slope.

use crate::conflict::{self, Explanation, Member};
use crate::dual::{Dual, Face, Of, Ordered, Side, holds, in_order};
use crate::linear::Linear;
use crate::programme::{Programme, What};
use crate::solver::{Failure, Point, solve};
use jianpai_core::target::Demand;

/// A price below this part of the greatest cost is nothing.
const SMALL: f64 = 1e-9;

/// What came out.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// A plan.
    Best(Box<Solution>),
    /// None can be made.
    Infeasible(Box<Explanation>),
}

/// A plan of least cost (or effort …) and what it tells.
#[derive(Clone, Debug, PartialEq)]
pub struct Solution {
    /// The unknowns, free measures first, and the value of the objective.
    pub point: Point,
    /// The levels of all measures of the plan.
    pub levels: Vec<f64>,
    /// The money of the free measures (10⁸ yuan).
    pub money: f64,
    /// The value of the dual: equal to the objective but for rounding.
    pub dual: f64,
    /// Whether whole numbers were held for prices.
    pub settled: bool,
    /// What binds, with its prices.
    pub prices: Vec<Price>,
}

impl Solution {
    /// The objective less the value of the dual.
    pub fn gap(&self) -> f64 {
        self.point.cost - self.dual
    }
}

/// The price of something that binds, in units of the objective per unit of it: of a
/// target, one unit of its requirement (1 of a fraction, one base unit); of a limit, one
/// base unit; of a stock, the whole of the service; of a ceiling, one level; of a pace, one
/// level a year.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Price {
    /// What binds.
    pub member: Member,
    /// What one unit less room costs (the next unit of a target); `None` where there is no
    /// less room to be had at any cost, or where it was not asked.
    pub tighter: Option<f64>,
    /// What one unit more room saves (the last unit of a target).
    pub looser: f64,
    /// How far it can be tightened while the first price holds, where asked.
    pub tighter_to: Option<f64>,
    /// How far it can be loosened while the second holds.
    pub looser_to: Option<f64>,
}

/// Solves a programme.
///
/// # Errors
/// The solver fails, or the objective has no least value.
pub fn answer(programme: &Programme) -> Result<Outcome, Failure> {
    let linear = programme.linear();
    let point = match in_order(&linear, &programme.further)? {
        Ordered::Best(point) => point,
        Ordered::Infeasible => {
            let found = conflict::explain(programme)?;
            return Ok(Outcome::Infeasible(Box::new(found)));
        }
        Ordered::Unbounded => return Err(Failure("the objective has no least value".into())),
    };
    let settled = linear.settled(&point.x);
    let face = Face::of(&settled, &point.x);
    let dual = face.any()?;
    let prices = Prices {
        programme,
        settled: &settled,
        face: &face,
        point: &point,
        dual: &dual,
    };
    Ok(Outcome::Best(Box::new(Solution {
        levels: programme.levels(&point.x),
        money: programme.money_at(&point.x),
        dual: dual.value,
        settled: linear.has_whole(),
        prices: prices.all()?,
        point,
    })))
}

/// What asking for prices takes.
struct Prices<'a> {
    programme: &'a Programme,
    settled: &'a Linear,
    face: &'a Face<'a>,
    point: &'a Point,
    dual: &'a Dual,
}

impl Prices<'_> {
    fn all(&self) -> Result<Vec<Price>, Failure> {
        let mut all = Vec::new();
        for member in conflict::members(self.programme) {
            let price = match member {
                Member::Target(_) | Member::Limit(_) => self.of_row(member)?,
                Member::Stock(_) | Member::Pace(_) => self.of_rows(member)?,
                Member::Ceiling(j) => self.of_bound(member, Of::High(j), Side::More)?,
                Member::Least(j) => self.of_bound(member, Of::Low(j), Side::Less)?,
                Member::Group(_) | Member::Order(_) => None,
            };
            all.extend(price);
        }
        Ok(all)
    }

    /// The rows of a member.
    fn rows(&self, member: Member) -> impl Iterator<Item = usize> {
        let what = match member {
            Member::Target(i) => Some(What::Target(i)),
            Member::Limit(i) => Some(What::Limit(i)),
            Member::Stock(stock) => Some(What::Stock(stock)),
            Member::Pace(j) => Some(What::Pace(j)),
            _ => None,
        };
        let rows = self.programme.rows.iter().enumerate();
        rows.filter(move |(_, named)| Some(named.what) == what)
            .map(|(i, _)| i)
    }

    /// Units of a member in one unit of its row.
    fn scale(&self, member: Member, row: usize) -> f64 {
        let scale = self.programme.rows[row].scale;
        let Member::Target(i) = member else {
            return scale;
        };
        let mut wanted = self.programme.wanted.iter();
        let wanted = wanted.find(|(other, _)| *other == i);
        let levels = self.programme.levels(&self.point.x);
        wanted.map_or(scale, |(_, wanted)| scale / wanted.asked.unit(&levels))
    }

    fn is_tight(&self, row: usize) -> bool {
        let row = &self.settled.rows[row];
        row.slack(&self.point.x) <= crate::dual::TIGHT * row.size()
    }

    /// A target or a limit, with how far its prices hold.
    fn of_row(&self, member: Member) -> Result<Option<Price>, Failure> {
        let Some(row) = self.rows(member).find(|row| self.is_tight(*row)) else {
            return Ok(None);
        };
        if self.settled.rows[row].terms.is_empty() {
            return Ok(None);
        }
        let scale = self.scale(member, row);
        let next = self.face.price(&[Of::Row(row)], Side::More)?;
        let last = self.face.price(&[Of::Row(row)], Side::Less)?;
        let range = |side: Side, dual: &Dual| -> Result<f64, Failure> {
            Ok(holds(self.settled, dual, row, side)? * scale)
        };
        let tighter_to = next.as_ref().map(|(_, dual)| range(Side::More, dual));
        let looser_to = last.as_ref().map(|(_, dual)| range(Side::Less, dual));
        Ok(Some(Price {
            member,
            tighter: next.map(|(price, _)| price / scale),
            looser: last.map_or(0.0, |(price, _)| price / scale),
            tighter_to: tighter_to.transpose()?,
            looser_to: looser_to.transpose()?,
        }))
    }

    /// A stock, or a pace: all its rows together.
    fn of_rows(&self, member: Member) -> Result<Option<Price>, Failure> {
        let rows: Vec<usize> = self
            .rows(member)
            .filter(|row| self.is_tight(*row))
            .collect();
        let some = |row: &usize| self.dual.rows[*row].abs() * self.settled.rows[*row].size();
        let any: f64 = rows.iter().map(some).sum();
        if any <= SMALL {
            return Ok(None);
        }
        let of: Vec<Of> = rows.into_iter().map(Of::Row).collect();
        let saved = self.face.price(&of, Side::Less)?;
        let looser = saved.map_or(0.0, |(price, _)| price);
        Ok((looser > SMALL).then_some(Price {
            member,
            tighter: None,
            looser,
            tighter_to: None,
            looser_to: None,
        }))
    }

    /// A bound of a level. One that has no price in some dual saves nothing.
    fn of_bound(&self, member: Member, of: Of, side: Side) -> Result<Option<Price>, Failure> {
        let (Of::High(j) | Of::Low(j)) = of else {
            return Ok(None);
        };
        let any = self.dual.columns[j] * side.sign();
        if any >= -SMALL {
            return Ok(None);
        }
        let saved = self.face.price(&[of], side)?;
        let looser = saved.map_or(0.0, |(price, _)| -side.sign() * price);
        Ok((looser > SMALL).then_some(Price {
            member,
            tighter: None,
            looser,
            tighter_to: None,
            looser_to: None,
        }))
    }
}

/// The plan that takes the least money (or effort …) if target `i` asked for `required`
/// instead; `None` if there is none. For checks of prices.
///
/// # Errors
/// The solver fails.
pub fn at_requirement(
    programme: &Programme,
    i: usize,
    required: f64,
) -> Result<Option<Point>, Failure> {
    let mut linear = programme.linear();
    let mut wanted = programme.wanted.iter();
    let Some((_, wanted)) = wanted.find(|(other, _)| *other == i) else {
        return Ok(None);
    };
    let own = programme.rows.iter();
    let mut own = own.zip(&mut linear.rows);
    if let Some((_, row)) = own.find(|(named, _)| named.what == What::Target(i)) {
        *row = programme.row_of(wanted, required);
    }
    Ok(solve(&linear)?.point())
}

/// Whether more of what a target requires is stricter.
pub fn more_is_stricter(demand: Demand) -> bool {
    !matches!(demand, Demand::Cap(_) | Demand::Cumulative { .. })
}
