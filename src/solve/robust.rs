//! A margin of safety: least cost such that all targets are met in a stated part of
//! sampled draws.
//!
//! In a draw ω every target i is a row of its own, affine in the levels:
//!
//! ```text
//! reduction     (1 − wanted − e(ω))·base(x, ω) − value(x, ω) ≥ 0
//! cap           limit − e(ω)·value(x, ω, first year) − value(x, ω) ≥ 0
//! others        as in crate::affine::Asked, which have no error on record
//! ```
//!
//! with what varies in the draw and the model's error e. Asked is
//!
//! ```text
//! min c·x     rows of the programme,     #{ω : x keeps all rows of ω} ≥ p·N
//! ```
//!
//! which is not convex. It is approached from inside by *sampling and discarding*
//! (Campi and Garatti 2011): first every draw is to be kept; then, as long as no more than
//! (1 − p)·N are broken, the draws go that lie nearest to the edge of one target (or of all
//! of them), of the candidates that one which saves most per draw that it breaks. If not
//! even all draws together leave a plan, what they lack at most is made least first, in the
//! same way, until there is one: that tells the highest part within reach that this finds.
//!
//! The part p on the sample is no probability: the plan was made on these draws. Who calls
//! tries it on fresh ones.

use crate::affine::Asked;
use crate::linear::{Column, Linear, Row};
use crate::programme::{Named, Programme, What};
use crate::solver::{Answer, Failure, Point, solve};
use jianpai_core::target::{Demand, required};

/// What sampled rows are tightened by, in parts of what targets count from: more than
/// rounding of a verdict, less than anybody could mean.
const ROOM: f64 = 1e-8;
/// What a sampled row may lack.
const LACK: f64 = 2e-9;
/// Parts of what may still be broken that go at once.
const PARTS: usize = 12;
/// Draws that are taken back to see what others would save.
const EXCHANGES: usize = 40;
/// Times that broken rows are added before it is given up.
const ROUNDS: usize = 200;

/// A target in a draw.
#[derive(Clone, Debug, PartialEq)]
pub struct SampledRow {
    /// The target, by its index in the scenario.
    pub target: usize,
    /// The row.
    pub row: Row,
    /// Units of the target's requirement in one unit of the row, times what the target
    /// counts from at the levels of the programme: see [`Named::scale`].
    pub scale: f64,
}

/// A draw: its rows; `None` of one that no plan can keep.
pub type Draw = Option<Vec<SampledRow>>;

/// The row of target `i` of a programme in a draw: what it asks there, the model's error
/// (fraction), and the value in the first year that the error of an amount is a part of.
/// `None` if the programme has no such target.
pub fn sampled(
    programme: &Programme,
    i: usize,
    asked: &Asked,
    (error, first): (f64, f64),
) -> Option<SampledRow> {
    let (_, wanted) = programme.wanted.iter().find(|(own, _)| *own == i)?;
    let demand = wanted.target.demand;
    let (level, _) = required(demand);
    let level = match demand {
        Demand::Reduction { .. } => level + error,
        Demand::Cap(_) => level - error * first,
        _ => level,
    };
    let margin = asked.margin(demand, level);
    let mut row = programme.row(&margin, wanted.scale);
    row.limit += ROOM;
    let stated = &programme.stated;
    let scale = wanted.scale * wanted.asked.unit(stated) / asked.unit(stated);
    Some(SampledRow {
        target: i,
        row,
        scale,
    })
}

/// A programme in which sampled rows stand beside its own.
#[derive(Clone, Debug)]
pub struct Margin {
    /// The programme with the sampled rows that it needs.
    pub programme: Programme,
    /// Draws whose rows its best point keeps.
    pub kept: usize,
    /// All draws.
    pub draws: usize,
}

/// The programme of least cost that keeps at least `need` of the draws, or as many as are
/// found to be within reach. `None` if there is no plan at all, whatever is broken.
///
/// # Errors
/// The solver fails.
pub fn margin(
    programme: &Programme,
    draws: &[Draw],
    need: usize,
) -> Result<Option<Margin>, Failure> {
    let mut search = Search::of(programme, draws);
    let budget = draws.len() - need.min(draws.len());
    // Draws that no plan keeps are broken whatever is done.
    let Some(mut point) = search.reach()? else {
        return Ok(None);
    };
    point = search.spend(point, budget)?;
    point = search.exchanged(point, budget)?;
    search.settled(&point)
}

/// What is searched.
struct Search<'a> {
    programme: &'a Programme,
    base: Linear,
    draws: &'a [Draw],
    /// Whether each draw is to be kept.
    alive: Vec<bool>,
    /// A draw that does not go.
    held: Option<usize>,
    /// Rows that were needed so far: draw and place.
    cuts: Vec<(usize, usize)>,
}

/// How many draws are to be kept.
fn count(alive: &[bool]) -> usize {
    alive.iter().filter(|kept| **kept).count()
}

impl<'a> Search<'a> {
    fn of(programme: &'a Programme, draws: &'a [Draw]) -> Self {
        Self {
            base: programme.linear(),
            alive: draws.iter().map(Option::is_some).collect(),
            programme,
            draws,
            held: None,
            cuts: Vec::new(),
        }
    }

    /// The rows of a draw.
    fn rows(&self, d: usize) -> &'a [SampledRow] {
        self.draws[d].as_deref().unwrap_or_default()
    }

    /// What the worst row of a draw lacks at a point: ≤ 0 where all are kept.
    fn lack(&self, d: usize, x: &[f64]) -> f64 {
        if self.draws[d].is_none() {
            return f64::INFINITY;
        }
        let each = self.rows(d).iter().map(|one| -one.row.slack(x));
        each.fold(f64::NEG_INFINITY, f64::max)
    }

    /// How many draws a point breaks.
    fn broken(&self, x: &[f64]) -> usize {
        let all = 0..self.draws.len();
        all.filter(|d| self.lack(*d, x) > LACK).count()
    }

    /// The best point that keeps the draws in `alive`: rows are added as they are broken,
    /// of each target the worst. With `elastic` the least that all rows lack at most, as
    /// the last unknown.
    fn best(&mut self, alive: &[bool], elastic: bool) -> Result<Option<Point>, Failure> {
        for _ in 0..ROUNDS {
            let mut linear = self.base.clone();
            let lack = elastic.then(|| {
                for column in &mut linear.columns {
                    column.cost = 0.0;
                }
                linear.column(Column::between(0.0, f64::INFINITY, 1.0))
            });
            for (d, k) in self.cuts.iter().filter(|(d, _)| alive[*d]) {
                let mut row = self.rows(*d)[*k].row.clone();
                row.terms.extend(lack.map(|lack| (lack, 1.0)));
                linear.row(row);
            }
            let point = match solve(&linear)? {
                Answer::Best(point) => point,
                Answer::Infeasible => return Ok(None),
                Answer::Unbounded => {
                    return Err(Failure("the objective has no least value".into()));
                }
            };
            let room = lack.map_or(0.0, |lack| point.x[lack]);
            let worst = self.worst(alive, &point.x, room);
            if worst.is_empty() {
                return Ok(Some(point));
            }
            self.cuts.extend(worst);
        }
        Err(Failure("rows of draws without an end".into()))
    }

    /// Of each target the row of the draws in `alive` that lacks most beyond `room`, unless
    /// it is there already.
    fn worst(&self, alive: &[bool], x: &[f64], room: f64) -> Vec<(usize, usize)> {
        let mut worst: Vec<(usize, f64, (usize, usize))> = Vec::new();
        for d in (0..self.draws.len()).filter(|d| alive[*d]) {
            for (k, one) in self.rows(d).iter().enumerate() {
                let lack = -one.row.slack(x) - room;
                if lack <= LACK {
                    continue;
                }
                match worst.iter_mut().find(|(target, ..)| *target == one.target) {
                    Some((_, most, _)) if *most >= lack => {}
                    Some((_, most, place)) => (*most, *place) = (lack, (d, k)),
                    None => worst.push((one.target, lack, (d, k))),
                }
            }
        }
        let places = worst.into_iter().map(|(.., place)| place);
        places.filter(|place| !self.cuts.contains(place)).collect()
    }

    /// A point that keeps all draws in `alive`, after as many have gone as must for there
    /// to be one; `None` if there is none even without any.
    fn reach(&mut self) -> Result<Option<Point>, Failure> {
        let alive = self.alive.clone();
        if let Some(point) = self.best(&alive, false)? {
            return Ok(Some(point));
        }
        let Some(mut point) = self.best(&alive, true)? else {
            return Ok(None);
        };
        while point.cost > LACK {
            let Some(next) = self.discard(&point, None)? else {
                return Ok(None);
            };
            point = next;
        }
        // What the point keeps by itself needs not go.
        let x = point.x.clone();
        for d in 0..self.draws.len() {
            self.alive[d] = self.lack(d, &x) <= LACK;
        }
        let alive = self.alive.clone();
        self.best(&alive, false)
    }

    /// Lets draws go as long as the budget lasts and something is saved.
    fn spend(&mut self, mut point: Point, budget: usize) -> Result<Point, Failure> {
        while self.broken(&point.x) < budget {
            let Some(next) = self.discard(&point, Some(budget))? else {
                break;
            };
            point = next;
        }
        Ok(point)
    }

    /// Takes draws back, those first that lack least, and spends what that sets free on
    /// others, where that saves.
    fn exchanged(&mut self, mut point: Point, budget: usize) -> Result<Point, Failure> {
        let mut tried = 0;
        'again: while tried < EXCHANGES {
            let dead = (0..self.draws.len()).filter(|d| self.draws[*d].is_some());
            let mut dead: Vec<(f64, usize)> = dead
                .map(|d| (self.lack(d, &point.x), d))
                .filter(|(lack, _)| *lack > LACK)
                .collect();
            dead.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            let before = self.alive.clone();
            for (_, d) in dead {
                if tried >= EXCHANGES {
                    break;
                }
                tried += 1;
                self.alive.clone_from(&before);
                for (other, alive) in self.alive.iter_mut().enumerate() {
                    // What the point keeps by itself needs not go.
                    *alive |= self.draws[other].as_ref().is_some_and(|rows| {
                        rows.iter().all(|one| one.row.slack(&point.x) >= -LACK)
                    });
                }
                self.alive[d] = true;
                let alive = self.alive.clone();
                let Some(taken) = self.best(&alive, false)? else {
                    continue;
                };
                self.held = Some(d);
                let next = self.spend(taken, budget)?;
                self.held = None;
                if next.cost < point.cost - 1e-9 * point.cost.abs().max(1.0) {
                    point = next;
                    continue 'again;
                }
            }
            self.alive = before;
            break;
        }
        Ok(point)
    }

    /// Lets draws go: of those nearest to the edge of one target, or of all, the ones whose
    /// going saves most for each draw that is broken then. With a budget no more than so
    /// many are broken; without one, what all lack at most is made less. `None` where
    /// nothing is to be had.
    fn discard(&mut self, point: &Point, budget: Option<usize>) -> Result<Option<Point>, Failure> {
        let elastic = budget.is_none();
        let broken = self.broken(&point.x);
        let left = budget.map_or(self.draws.len() / PARTS, |budget| budget - broken);
        let least = left.div_ceil(PARTS).max(1);
        // Some at once may save what fewer do not; where so many do not fit, fewer may.
        let mut sizes = vec![
            left.max(1),
            left.div_ceil(2).max(1),
            left.div_ceil(4).max(1),
            least,
        ];
        sizes.dedup();
        let mut last = least;
        let mut found: Option<(f64, Vec<bool>, Point)> = None;
        loop {
            for size in sizes {
                for alive in self.candidates(&point.x, size) {
                    let Some(next) = self.best(&alive, elastic)? else {
                        continue;
                    };
                    let saved = point.cost - next.cost;
                    let small = 1e-12 * point.cost.abs().max(1.0);
                    let now = self.broken(&next.x);
                    if saved <= small || budget.is_some_and(|budget| now > budget) {
                        continue;
                    }
                    let gone = if elastic {
                        count(&self.alive) - count(&alive)
                    } else {
                        now.saturating_sub(broken)
                    };
                    let rate = saved / gone.max(1) as f64;
                    if found.as_ref().is_none_or(|(best, ..)| rate > *best) {
                        found = Some((rate, alive, next));
                    }
                }
            }
            if let Some((_, alive, next)) = found {
                self.alive = alive;
                return Ok(Some(next));
            }
            if last == 1 {
                return if elastic {
                    self.all_gone(point)
                } else {
                    Ok(None)
                };
            }
            last = last.div_ceil(4).min(last - 1);
            sizes = vec![last];
        }
    }

    /// Where nothing saves by itself, everything at the edge goes at once.
    fn all_gone(&mut self, point: &Point) -> Result<Option<Point>, Failure> {
        let room = point.x.last().copied().unwrap_or(0.0);
        let mut alive = self.alive.clone();
        let mut any = false;
        for (d, kept) in alive.iter_mut().enumerate() {
            if *kept && self.lack(d, &point.x) >= room - LACK {
                (*kept, any) = (false, true);
            }
        }
        if !any {
            return Ok(None);
        }
        self.alive.clone_from(&alive);
        self.best(&alive, true)
    }

    /// Draws to be kept if the `size` that lie nearest to the edge of a target go, with
    /// those that lie as near: for each target, and for all of them.
    fn candidates(&self, x: &[f64], size: usize) -> Vec<Vec<bool>> {
        let mut targets: Vec<usize> = Vec::new();
        for one in self.draws.iter().flatten().flatten() {
            if !targets.contains(&one.target) {
                targets.push(one.target);
            }
        }
        let near = |of: Option<usize>| -> Option<Vec<bool>> {
            let slack = |d: usize| {
                let rows = self.rows(d).iter();
                let rows = rows.filter(|one| of.is_none_or(|target| one.target == target));
                rows.map(|one| one.row.slack(x))
                    .fold(f64::INFINITY, f64::min)
            };
            let may_go = |d: &usize| self.alive[*d] && self.held != Some(*d);
            let all = (0..self.draws.len()).filter(may_go);
            let mut order: Vec<(f64, usize)> = all.map(|d| (slack(d), d)).collect();
            order.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            let (last, _) = order.get(size - 1).or(order.last())?;
            let mut alive = self.alive.clone();
            for (slack, d) in &order {
                // Errors come in sizes: those of one size go together.
                if slack <= &(last + LACK) {
                    alive[*d] = false;
                }
            }
            Some(alive)
        };
        let each = targets.iter().map(|target| Some(*target)).chain([None]);
        each.filter_map(near).collect()
    }

    /// The programme with the rows that the draws kept need: also of the point that ties
    /// leave.
    fn settled(mut self, point: &Point) -> Result<Option<Margin>, Failure> {
        for d in 0..self.draws.len() {
            self.alive[d] = self.lack(d, &point.x) <= LACK;
        }
        let alive = self.alive.clone();
        for _ in 0..ROUNDS {
            let mut programme = self.programme.clone();
            for (d, k) in self.cuts.iter().filter(|(d, _)| alive[*d]) {
                let one = &self.rows(*d)[*k];
                programme.rows.push(Named {
                    what: What::Target(one.target),
                    scale: one.scale,
                    row: one.row.clone(),
                });
            }
            let linear = programme.linear();
            let found = crate::dual::in_order(&linear, &programme.further)?;
            let crate::dual::Ordered::Best(best) = found else {
                return Ok(None);
            };
            let worst = self.worst(&alive, &best.x, 0.0);
            if worst.is_empty() {
                let kept = self.draws.len() - self.broken(&best.x);
                return Ok(Some(Margin {
                    programme,
                    kept,
                    draws: self.draws.len(),
                }));
            }
            self.cuts.extend(worst);
        }
        Err(Failure("rows of draws without an end".into()))
    }
}

#[cfg(test)]
mod tests;
