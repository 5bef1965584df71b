//! Why targets cannot be met: what is within reach, which demands contradict each other,
//! and what giving way would bring.
//!
//! ```text
//! alone       max reached[i](x)                       every other target left out
//! least sum   min Σ_i s[i]    margin[i](x) + s[i] ≥ 0, s ≥ 0
//! least most  min s           margin[i](x) + s ≥ 0
//! ```
//!
//! A *conflict* is a set of demands (targets, stocks, ceilings, limits …) that cannot all
//! be kept, while without any one of them the others can. The multipliers of the elastic
//! programme (Farkas) name candidates; deletion makes the set minimal.

use crate::dual::{Face, Of, Ordered, Side, in_order};
use crate::linear::{Column, Linear, Row};
use crate::programme::{MOST, Programme, Stock, What};
use crate::solver::{Answer, Failure, solve};
use jianpai_core::target::{Demand, required};

/// Conflicts that are shown.
pub const MOST_CONFLICTS: usize = 5;
/// Sets of targets that are tried.
const MOST_SETS: usize = 300;
/// A lack below this part of a row's unit is rounding.
const LACK: f64 = 1e-8;

/// Something that a planner demands, and could give way on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Member {
    /// A target, by its index in the scenario.
    Target(usize),
    /// There is no more of a technology than there is.
    Stock(Stock),
    /// The greatest level of a free measure, by its place among the free ones.
    Ceiling(usize),
    /// Its least level.
    Least(usize),
    /// A limit.
    Limit(usize),
    /// An either/or group.
    Group(usize),
    /// How fast the level of a free measure may rise, by its place.
    Pace(usize),
    /// What comes before what.
    Order(usize),
}

impl Member {
    /// The demand that a row is part of; `None` for a row that only says what its columns
    /// are.
    fn of(what: What) -> Option<Self> {
        match what {
            What::Target(i) => Some(Member::Target(i)),
            What::Stock(stock) => Some(Member::Stock(stock)),
            What::Limit(i) => Some(Member::Limit(i)),
            What::Group(i) => Some(Member::Group(i)),
            What::Pace(j) => Some(Member::Pace(j)),
            What::Order(i) => Some(Member::Order(i)),
            What::Path | What::Peak => None,
        }
    }
}

/// A member of a conflict and what giving way by one unit brings.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Blocker {
    /// The member.
    pub member: Member,
    /// By how much less the targets of the conflict lack together, in units of their rows
    /// (parts of the base of a reduction), for one unit: 1 level, the whole of a service,
    /// one unit of a limit's row. 0 where something else stands in the way as well; `None`
    /// for a target, and for groups, which have no unit.
    pub gain: Option<f64>,
}

/// A minimal conflict.
#[derive(Clone, Debug, PartialEq)]
pub struct Conflict {
    /// Its members, targets first.
    pub members: Vec<Blocker>,
}

impl Conflict {
    /// The targets in it.
    pub fn targets(&self) -> impl Iterator<Item = usize> {
        self.members
            .iter()
            .filter_map(|blocker| match blocker.member {
                Member::Target(i) => Some(i),
                _ => None,
            })
    }
}

/// What is within reach of one target, in its own terms.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reach {
    /// The target, by its index in the scenario.
    pub target: usize,
    /// What is required.
    pub required: f64,
    /// The best that can be reached if no other target counts.
    pub alone: f64,
    /// What is reached where all targets together lack the least.
    pub least_sum: f64,
    /// What is reached where the one that lacks most lacks the least.
    pub least_most: f64,
}

/// Why there is no solution.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// What is within reach; empty if not even the rest can be kept without any target.
    pub reach: Vec<Reach>,
    /// Minimal conflicts, those with the fewest targets first.
    pub conflicts: Vec<Conflict>,
    /// Whether there may be more of them.
    pub more: bool,
}

/// Everything that a programme demands.
pub fn members(programme: &Programme) -> Vec<Member> {
    let mut all: Vec<Member> = Vec::new();
    for named in programme.rows.iter().chain(&programme.beyond) {
        if let Some(member) = Member::of(named.what)
            && !all.contains(&member)
        {
            all.push(member);
        }
    }
    for (j, free) in programme.spec.free.iter().enumerate() {
        if free.high < MOST {
            all.push(Member::Ceiling(j));
        }
        if free.low > 0.0 {
            all.push(Member::Least(j));
        }
    }
    all
}

/// The programme of some of its demands, without an objective.
pub fn only(programme: &Programme, kept: &[Member]) -> Linear {
    let mut linear = Linear {
        columns: programme.columns.clone(),
        rows: Vec::new(),
    };
    for column in &mut linear.columns {
        column.cost = 0.0;
    }
    for (j, free) in programme.spec.free.iter().enumerate() {
        if free.high < MOST && !kept.contains(&Member::Ceiling(j)) {
            // Not without end: two stocks in proportion but for rounding would give way
            // at levels of 10¹⁵.
            linear.columns[j].high = MOST;
        }
        if free.low > 0.0 && !kept.contains(&Member::Least(j)) {
            linear.columns[j].low = 0.0;
        }
    }
    for named in programme.rows.iter().chain(&programme.beyond) {
        if is_kept(named.what, kept) {
            linear.row(named.row.clone());
        }
    }
    linear
}

/// Whether a row stands in the programme of some of the demands.
fn is_kept(what: What, kept: &[Member]) -> bool {
    match Member::of(what) {
        Some(member) => kept.contains(&member),
        None => what == What::Path,
    }
}

/// Whether some of the demands can be kept.
///
/// # Errors
/// The solver fails.
pub fn can_be_kept(programme: &Programme, kept: &[Member]) -> Result<bool, Failure> {
    Ok(match solve(&only(programme, kept))? {
        Answer::Best(_) | Answer::Unbounded => true,
        Answer::Infeasible => false,
    })
}

/// Explains why `programme` has no solution.
///
/// # Errors
/// The solver fails.
pub fn explain(programme: &Programme) -> Result<Explanation, Failure> {
    let all = members(programme);
    let targets: Vec<usize> = programme.wanted.iter().map(|(i, _)| *i).collect();
    let rest: Vec<Member> = all
        .iter()
        .copied()
        .filter(|member| !matches!(member, Member::Target(_)))
        .collect();
    let reach = if can_be_kept(programme, &rest)? {
        reach(programme, &rest)?
    } else {
        Vec::new()
    };
    let (mut conflicts, mut found, mut tried) = (Vec::new(), Vec::<Vec<usize>>::new(), 0);
    let mut more = false;
    'sizes: for size in 0..=targets.len() {
        for set in subsets(&targets, size) {
            if found
                .iter()
                .any(|known| known.iter().all(|i| set.contains(i)))
            {
                continue;
            }
            if conflicts.len() >= MOST_CONFLICTS || tried >= MOST_SETS {
                more = true;
                break 'sizes;
            }
            tried += 1;
            if let Some(conflict) = conflict(programme, &set, &rest)? {
                conflicts.push(conflict);
                found.push(set);
            }
        }
    }
    Ok(Explanation {
        reach,
        conflicts,
        more,
    })
}

/// The subsets of a size, in order.
fn subsets(of: &[usize], size: usize) -> Vec<Vec<usize>> {
    if size == 0 {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for (k, first) in of.iter().enumerate() {
        for rest in subsets(&of[k + 1..], size - 1) {
            all.push([&[*first][..], &rest].concat());
            if all.len() > MOST_SETS {
                return all;
            }
        }
    }
    all
}

/// A programme in which some targets may lack something, which is to be the least in sum;
/// one column a target, behind all others.
fn elastic(programme: &Programme, kept: &[Member], targets: &[usize]) -> (Linear, Vec<usize>) {
    let mut linear = only(programme, kept);
    let mut lacks = Vec::new();
    for named in &programme.rows {
        let What::Target(i) = named.what else {
            continue;
        };
        if targets.contains(&i) {
            let lack = linear.column(Column::between(0.0, f64::INFINITY, 1.0));
            let mut row: Row = named.row.clone();
            row.terms.push((lack, 1.0));
            linear.row(row);
            lacks.push(lack);
        }
    }
    (linear, lacks)
}

/// What is within reach of each target.
fn reach(programme: &Programme, rest: &[Member]) -> Result<Vec<Reach>, Failure> {
    let targets: Vec<usize> = programme.wanted.iter().map(|(i, _)| *i).collect();
    let together = |largest: bool| -> Result<Vec<f64>, Failure> {
        let (mut linear, lacks) = elastic(programme, rest, &targets);
        let sum: Vec<f64> = linear.columns.iter().map(|column| column.cost).collect();
        // Of the nearest the one of least effort.
        let mut further = vec![programme.potential.iter().map(|p| 1.0 / p).collect()];
        if largest {
            let most = linear.column(Column::between(0.0, f64::INFINITY, 1.0));
            for lack in lacks {
                linear.columns[lack].cost = 0.0;
                linear.row(Row::at_least(vec![(most, 1.0), (lack, -1.0)], 0.0));
            }
            further.insert(0, sum);
        }
        for costs in &mut further {
            costs.resize(linear.columns.len(), 0.0);
        }
        match in_order(&linear, &further)? {
            Ordered::Best(point) => Ok(programme.levels(&point.x)),
            _ => Err(Failure("what all targets lack has no least".into())),
        }
    };
    let (sum, most) = (together(false)?, together(true)?);
    let mut all = Vec::with_capacity(targets.len());
    for (i, wanted) in &programme.wanted {
        all.push(Reach {
            target: *i,
            required: required(wanted.target.demand).0,
            alone: alone(programme, *i, rest)?,
            least_sum: wanted.asked.reached(&sum),
            least_most: wanted.asked.reached(&most),
        });
    }
    Ok(all)
}

/// The best that target `i` can reach if no other counts, in its own terms. A reduction
/// against a year that the measures move, too, is a quotient of two functions: the best of
/// the margin at a requirement gives the next requirement, until it stands (Dinkelbach).
///
/// # Errors
/// The solver fails.
pub fn alone(programme: &Programme, i: usize, rest: &[Member]) -> Result<f64, Failure> {
    let found = programme.wanted.iter().find(|(other, _)| *other == i);
    let Some((_, wanted)) = found else {
        return Err(Failure("a target that cannot be judged".into()));
    };
    let mut linear = only(programme, rest);
    let demand = wanted.target.demand;
    let mut level = required(demand).0;
    for _ in 0..50 {
        let margin = wanted.asked.margin(demand, level);
        for (slope, column) in margin.slopes.iter().zip(&programme.column_of) {
            if let Some(j) = column {
                linear.columns[*j].cost = -slope / wanted.scale;
            }
        }
        let point = match solve(&linear)? {
            Answer::Best(point) => point,
            Answer::Unbounded => return Ok(best_of(demand)),
            Answer::Infeasible => return Err(Failure("nothing can be kept".into())),
        };
        let next = wanted.asked.reached(&programme.levels(&point.x));
        let still = (next - level).abs() <= 1e-12 * next.abs().max(1.0);
        level = next;
        if still || wanted.asked.base.is_none() {
            break;
        }
    }
    Ok(level)
}

/// What is reached where nothing limits it.
fn best_of(demand: Demand) -> f64 {
    match demand {
        Demand::Cap(_) | Demand::Cumulative { .. } => f64::NEG_INFINITY,
        _ => f64::INFINITY,
    }
}

/// A minimal conflict of these targets, all of which are in it, with some of the rest;
/// `None` if they can be met together.
fn conflict(
    programme: &Programme,
    targets: &[usize],
    rest: &[Member],
) -> Result<Option<Conflict>, Failure> {
    let own: Vec<Member> = targets.iter().map(|i| Member::Target(*i)).collect();
    let whole = [&own[..], rest].concat();
    if can_be_kept(programme, &whole)? {
        return Ok(None);
    }
    let gains = gains(programme, targets, rest)?;
    let gain = |member: &Member| {
        let found = gains.iter().find(|(other, _)| other == member);
        found.map_or(0.0, |(_, (_, any))| *any)
    };
    // What has a multiplier contradicts already; what has the least is tried first.
    let mut kept: Vec<Member> = own.clone();
    kept.extend(rest.iter().filter(|member| gain(member).abs() > 0.0));
    if can_be_kept(programme, &kept)? {
        kept = whole;
    }
    let mut order: Vec<Member> = kept[own.len()..].to_vec();
    order.sort_by(|a, b| gain(a).abs().total_cmp(&gain(b).abs()));
    for member in order.iter().chain(&own) {
        let without: Vec<Member> = kept.iter().copied().filter(|m| m != member).collect();
        if !can_be_kept(programme, &without)? {
            kept = without;
        }
    }
    kept.sort_unstable();
    let members = kept.into_iter().map(|member| Blocker {
        gain: match member {
            Member::Target(_) | Member::Group(_) | Member::Order(_) => None,
            _ => gains
                .iter()
                .find(|(other, _)| *other == member)
                .map(|(_, (next, _))| *next),
        },
        member,
    });
    Ok(Some(Conflict {
        members: members.collect(),
    }))
}

/// By how much less the targets lack for one unit of each demand that is tight: the next
/// unit, and one multiplier of it.
type Gains = Vec<(Member, (f64, f64))>;

fn gains(programme: &Programme, targets: &[usize], rest: &[Member]) -> Result<Gains, Failure> {
    let (linear, _) = elastic(programme, rest, targets);
    let point = match in_order(&linear, &[])? {
        Ordered::Best(point) if point.cost > LACK => point,
        _ => return Ok(Vec::new()),
    };
    let settled = linear.settled(&point.x);
    let face = Face::of(&settled, &point.x);
    let dual = face.any()?;
    let next = |of: &[Of], side: Side| -> Result<f64, Failure> {
        Ok(face.price(of, side)?.map_or(0.0, |(price, _)| price.abs()))
    };
    let mut all: Gains = Vec::new();
    for member in rest {
        let (of, side, any) = match *member {
            Member::Ceiling(j) => (Of::High(j), Side::More, -dual.columns[j]),
            Member::Least(j) => (Of::Low(j), Side::Less, dual.columns[j]),
            _ => continue,
        };
        if any > LACK {
            all.push((*member, (next(&[of], side)?, any)));
        }
    }
    // Rows stand in the order of the programme, those of the targets at the end.
    let kept = programme
        .rows
        .iter()
        .chain(&programme.beyond)
        .filter(|named| is_kept(named.what, rest))
        .map(|named| Member::of(named.what));
    let rows: Vec<(usize, Option<Member>)> = kept.enumerate().collect();
    for member in rest {
        // A stock may bind in several years: giving way is of all of them.
        let own = rows.iter().filter(|(_, other)| *other == Some(*member));
        let own: Vec<Of> = own.map(|(i, _)| Of::Row(*i)).collect();
        let price = |of: &Of| match of {
            Of::Row(i) => dual.rows[*i].abs() * settled.rows[*i].size(),
            _ => 0.0,
        };
        let any: f64 = own.iter().map(price).sum();
        if any > LACK {
            all.push((*member, (next(&own, Side::Less)?, any)));
        }
    }
    Ok(all)
}
