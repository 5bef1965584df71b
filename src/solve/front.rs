//! How much of one is given for another: the Pareto front of two things that are both to be
//! little, such as cost and an emission, or CO2 and NOx.
//!
//! ```text
//! y(w) = min y(x)    x within all limits, a(x) ≤ w        w from a where y is least, down
//!                                                         to the least a there is
//! ```
//!
//! y(w) is convex and in straight pieces; it is walked from breakpoint to breakpoint like a
//! marginal abatement cost curve ([`crate::curve`]), so the front is exact.

use crate::affine::{Affine, Asked, Sheets};
use crate::conflict::{Member, members, only};
use crate::curve::{Curve, walk};
use crate::programme::{Programme, Wanted};
use crate::solver::Failure;
use jianpai_core::catalogue::Book;
use jianpai_core::dims::IndicatorId;
use jianpai_core::target::{Demand, FLOOR, Said, Target};

/// One side of a front.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axis {
    /// The money of the objective: of the last year, or discounted.
    Money,
    /// An indicator in the last year.
    Indicator(IndicatorId),
}

/// A front.
#[derive(Clone, Debug, PartialEq)]
pub struct Front {
    /// What becomes less along it.
    pub less: Axis,
    /// What becomes more.
    pub more: Axis,
    /// The points, in order: the value of the one, of the other, and the levels.
    pub points: Vec<Pair>,
}

/// A point of a front.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    /// What becomes less: base units of the indicator, or 10⁸ yuan.
    pub less: f64,
    /// What becomes more.
    pub more: f64,
    /// The unknowns of the programme.
    pub x: Vec<f64>,
    /// The free measures whose levels change towards it, by place, and by how much.
    pub moved: Vec<(usize, f64)>,
}

/// The front of two axes; targets are kept if `targets`.
///
/// # Errors
/// An axis that no measure sought moves; the solver fails; targets or limits that cannot be
/// kept.
pub fn front(
    programme: &Programme,
    sheets: &Sheets<'_>,
    (less, more): (Axis, Axis),
    targets: bool,
) -> Result<Front, Failure> {
    let (less_of, more_of) = (of(programme, sheets, less)?, of(programme, sheets, more)?);
    let kept: Vec<Member> = members(programme)
        .into_iter()
        .filter(|member| targets || !matches!(member, Member::Target(_)))
        .collect();
    let mut linear = only(programme, &kept);
    let size = size(&more_of, programme);
    for (column, slope) in linear.columns.iter_mut().zip(columns(programme, &more_of)) {
        column.cost = slope / size;
    }
    // Of all that are as good in the one, those that are best in the other come first.
    let mut further = vec![columns(programme, &less_of)];
    let scale = self::size(&less_of, programme);
    further[0].iter_mut().for_each(|slope| *slope /= scale);
    let mut money = programme.money.clone();
    money.resize(programme.columns.len(), 0.0);
    further.push(money);
    further.extend(programme.further.iter().cloned());
    let wanted = Wanted {
        target: cap(sheets, less),
        scale,
        asked: Asked {
            value: less_of.clone(),
            base: None,
        },
    };
    let found = walk(programme, &wanted, linear, &further)?;
    Ok(Front {
        less,
        more,
        points: points(programme, &found, (&less_of, &more_of)),
    })
}

fn points(programme: &Programme, found: &Curve, (less, more): (&Affine, &Affine)) -> Vec<Pair> {
    let pair = |x: &[f64], moved: Vec<(usize, f64)>| {
        let levels = programme.levels(x);
        Pair {
            less: less.at(&levels),
            more: more.at(&levels),
            x: x.to_vec(),
            moved,
        }
    };
    let start = pair(&found.start, Vec::new());
    let steps = found.steps.iter();
    let steps = steps.map(|step| pair(&step.x, step.moved.clone()));
    std::iter::once(start).chain(steps).collect()
}

/// An axis as a function of the levers: base units of an indicator, 10⁸ yuan.
fn of(programme: &Programme, sheets: &Sheets<'_>, axis: Axis) -> Result<Affine, Failure> {
    let found = match axis {
        Axis::Money => Some(programme.money_function()),
        Axis::Indicator(id) => sheets.indicator(id, sheets.plan.span() - 1),
    };
    let moved = found.filter(|function| {
        let mut columns = columns(programme, function).into_iter();
        columns.any(|slope| slope != 0.0)
    });
    moved.ok_or_else(|| Failure("no measure that is sought moves one of the axes".into()))
}

/// The slopes of a function by column.
fn columns(programme: &Programme, function: &Affine) -> Vec<f64> {
    let mut all = vec![0.0; programme.columns.len()];
    for (slope, column) in function.slopes.iter().zip(&programme.column_of) {
        if let Some(j) = column {
            all[*j] = *slope;
        }
    }
    all
}

/// What a function is counted in, so that numbers are of one size: its value as stated, or
/// the most that one measure does to it.
fn size(function: &Affine, programme: &Programme) -> f64 {
    let slopes = columns(programme, function);
    let most = slopes.iter().fold(0.0, |most: f64, s| most.max(s.abs()));
    function.at(&programme.stated).abs().max(most).max(FLOOR)
}

/// A target that only says that less is better.
fn cap(sheets: &Sheets<'_>, axis: Axis) -> Target {
    Target {
        id: "front".to_string(),
        name: None,
        indicator: match axis {
            Axis::Indicator(id) => id,
            Axis::Money => IndicatorId::from_usize(0),
        },
        book: Book::Physical,
        year: sheets.plan.years[sheets.plan.span() - 1],
        demand: Demand::Cap(0.0),
        said: Said::default(),
        source: None,
    }
}
