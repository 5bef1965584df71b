//! Totals: what growth gives, what measures change, and the join to observed values.
//!
//! ```text
//! E[q,t] = Σ_v D[v,t]·base[v,q] + Σ_m change[m,q,t]
//! H[q,t] = ratio[q,t] · E[q,t]   or   E[q,t] + offset[q,t]
//! N[t]   = n[t] + O[t],  O[y] = (s[y]·E[y] − n[y])/(1 − s·c) shares that are published
//! ```

use super::{NodeId, Op, Statement, Tape, What, product, sum};
use crate::catalogue::{Account, Catalogue};
use crate::compile::{anchor, outside};
use crate::dims::{ServiceId, TechnologyId};
use crate::measure::Shift;
use crate::plan::Plan;
use crate::published::Published;
use crate::scenario::{Harmonise, Scenario};
use crate::target::counts;

/// The observations that the plan joins to, by account and year.
pub(super) fn observed(
    catalogue: &Catalogue,
    scenario: &Scenario,
    plan: &Plan,
) -> Vec<(usize, usize, usize)> {
    let points = scenario.observed.iter().enumerate();
    let mut points: Vec<(usize, usize, usize)> = points
        .filter_map(|(i, observation)| {
            let (q, t, _) = anchor::place(catalogue, scenario, plan, observation).ok()?;
            Some((q, t, i))
        })
        .collect();
    points.sort_unstable();
    points
}

impl Tape<'_> {
    /// E[q,t], joined to observed values where there are any.
    pub(super) fn total(&mut self, q: usize, t: usize) -> NodeId {
        if t <= self.first || !self.observed.iter().any(|(other, _, _)| *other == q) {
            return self.modelled(q, t, false);
        }
        self.memo(What::Total(q, t), |tape| {
            let modelled = tape.modelled(q, t, false);
            match tape.scenario.harmonise {
                Harmonise::Ratio => {
                    let ratio = tape.joint(What::JoinRatio(q, t), q, t, 1.0);
                    product(vec![modelled, ratio])
                }
                Harmonise::Offset => {
                    let offset = tape.joint(What::JoinOffset(q, t), q, t, 0.0);
                    sum(vec![modelled, offset])
                }
            }
        })
    }

    /// E[q,t] / E[q,b].
    pub(super) fn index(&mut self, q: usize, t: usize) -> NodeId {
        self.memo(What::Index(q, t), |tape| {
            let (here, base) = (tape.total(q, t), tape.total(q, tape.first));
            if !counts(tape.value(base)) {
                // On a base of nothing there is no index; see `outcome::indicators`.
                return (Op::Product { scale: 0.0 }, vec![here]);
            }
            (Op::Ratio { scale: 1.0 }, vec![here, base])
        })
    }

    /// E[q,t] as modelled; without the coal cap if `uncapped`.
    pub(super) fn modelled(&mut self, q: usize, t: usize, uncapped: bool) -> NodeId {
        self.memo(What::Modelled(q, t, uncapped), |tape| {
            if let Some(of) = tape.with_outside(q) {
                return sum(vec![tape.inside(q, t), tape.outside(of, t)]);
            }
            sum(tape.parts(q, t, uncapped))
        })
    }

    /// What services and measures make of an account.
    fn parts(&mut self, q: usize, t: usize, uncapped: bool) -> Vec<NodeId> {
        let (plan, own) = (self.plan, self.own);
        let mut parts = Vec::new();
        for v in 0..own.demand.len() {
            if own.demand[v] > 0.0 && own.base.at(v, q) != 0.0 {
                parts.push(self.service(ServiceId::from_usize(v), q, t));
            }
        }
        for (m, measure) in plan.measures.iter().enumerate() {
            let skipped = uncapped && measure.kind.is_cap();
            if t > self.first && !skipped && self.acts(m, q, t) {
                parts.push(self.change(m, q, t));
            }
        }
        parts
    }

    /// The published share that tells what is outside the technologies in an account.
    fn with_outside(&self, q: usize) -> Option<Published> {
        self.own.outside_of(q)?;
        outside::with_outside(self.plan.accounts[q])
    }

    /// What the technologies have of an account with something outside.
    fn inside(&mut self, q: usize, t: usize) -> NodeId {
        self.memo(What::Inside(q, t), |tape| sum(tape.parts(q, t, false)))
    }

    /// What growth alone gives of an account, with the supply outside the technologies.
    pub(super) fn bare(&mut self, q: usize, t: usize) -> NodeId {
        self.memo(What::Bare(q, t), |tape| {
            let own = tape.own;
            let mut parts = Vec::new();
            for v in 0..own.demand.len() {
                if own.demand[v] > 0.0 && own.base.at(v, q) != 0.0 {
                    parts.push(tape.service(ServiceId::from_usize(v), q, t));
                }
            }
            if let Some(of) = tape.with_outside(q) {
                parts.push(tape.outside(of, t));
            }
            sum(parts)
        })
    }

    /// What is outside the technologies: on straight lines between the years with a published
    /// share.
    fn outside(&mut self, of: Published, t: usize) -> NodeId {
        self.memo(What::Outside(of, t), |tape| {
            let shares = tape.scenario.published(of).into_iter();
            let at = |year: i32| tape.plan.year(year);
            let known: Vec<(usize, i32, f64, bool)> = shares
                .filter_map(|(year, share, stated)| Some((at(year)?, year, share, stated)))
                .collect();
            let after = known.iter().position(|(i, ..)| *i >= t);
            let (before, after) = match after {
                Some(k) if known[k].0 == t || k == 0 => (k, None),
                Some(k) => (k - 1, Some(k)),
                None => (known.len() - 1, None),
            };
            let first = tape.left_outside(of, known[before]);
            let Some(after) = after else {
                return sum(vec![first]);
            };
            let (from, to) = (known[before].0, known[after].0);
            let part = (t - from) as f64 / (to - from) as f64;
            let second = tape.left_outside(of, known[after]);
            let line = Op::Linear {
                constant: 0.0,
                factors: vec![1.0 - part, part],
            };
            (line, vec![first, second])
        })
    }

    /// What a published share leaves beside the technologies: (s·E − n) / (1 − s·c).
    fn left_outside(
        &mut self,
        of: Published,
        (t, year, share, stated): (usize, i32, f64, bool),
    ) -> NodeId {
        let Some((part, whole, within)) = outside::quotient(of) else {
            return self.constant(0.0);
        };
        let account = |account: Account| self.plan.account(account).unwrap_or_default();
        let (q, e) = (account(part), account(whole));
        let published = (year, share, stated);
        self.memo(What::LeftOutside(of, t), |tape| {
            let share = tape.share_published(of, published);
            let whole = if within {
                tape.inside(e, t)
            } else {
                tape.total(e, t)
            };
            let all = tape.memo(What::AllPublished(of, t), |_| product(vec![share, whole]));
            let inside = tape.inside(q, t);
            let less = Op::Linear {
                constant: 0.0,
                factors: vec![1.0, -1.0],
            };
            if !within {
                return (less, vec![all, inside]);
            }
            let more = tape.memo(What::BesidePublished(of, t), |_| (less, vec![all, inside]));
            let rest = tape.rest(of, published);
            (Op::Ratio { scale: 1.0 }, vec![more, rest])
        })
    }

    /// Whether a measure moves anything that emits into an account in the year at `t`.
    /// What it takes and gives may cancel: it then changes nothing, but rests on both.
    fn acts(&self, m: usize, q: usize, t: usize) -> bool {
        let emits = |k: &TechnologyId| {
            let links = &self.catalogue.technologies[k.at()].links;
            self.plan.base_year.coefficient(*k, q) != 0.0 || !links.is_empty()
        };
        // What was done by a later base year is in it.
        let first = self.first;
        let moved = |row: &[f64]| (row[t] - row[first]).abs() > 0.0;
        let account = self.plan.accounts[q];
        let more = |shift: &Shift| {
            let mut parts = shift.take.iter();
            first == 0 || moved(shift.amount_in(account)) || parts.any(|(_, part)| moved(part))
        };
        let mut shifts = self.plan.measures[m].shifts.iter();
        shifts.any(|shift| {
            shift.amount_in(account)[t] != 0.0 && more(shift) && shift.touched().any(emits)
        })
    }

    /// The factor or addend of the join: straight lines between observed years.
    fn joint(&mut self, what: super::What<'_>, q: usize, t: usize, start: f64) -> NodeId {
        let points: Vec<(usize, usize)> = self
            .observed
            .iter()
            .filter(|(other, _, _)| *other == q)
            .map(|(_, t, i)| (*t - self.first, *i))
            .collect();
        let (first, t) = (self.first, t - self.first);
        let lines: Vec<(usize, f64)> = points.iter().map(|(t, i)| (*t, *i as f64)).collect();
        // The line is linear in the values at its points: their weights are its values
        // where one is 1 and the others 0.
        let constant = anchor::interpolate(&lines, t, start, |_, _| 0.0);
        let mut factors = Vec::new();
        let mut children = Vec::new();
        for (there, i) in points {
            let weight =
                anchor::interpolate(&lines, t, 0.0, |at, _| f64::from(u8::from(at == there)));
            if weight != 0.0 {
                factors.push(weight);
                children.push(self.distance(q, first + there, i));
            }
        }
        let what = match what {
            What::JoinRatio(q, t) => What::JoinRatio(q, t),
            _ => What::JoinOffset(q, t),
        };
        self.memo(what, |_| (Op::Linear { constant, factors }, children))
    }

    /// Observed over modelled, or observed less modelled, of observation `i`.
    fn distance(&mut self, q: usize, t: usize, i: usize) -> NodeId {
        self.memo(What::Distance(i), |tape| {
            let (seen, modelled) = (tape.seen(q, t, i), tape.modelled(q, t, false));
            let op = match tape.scenario.harmonise {
                Harmonise::Ratio => Op::Ratio { scale: 1.0 },
                Harmonise::Offset => Op::Linear {
                    constant: 0.0,
                    factors: vec![1.0, -1.0],
                },
            };
            (op, vec![seen, modelled])
        })
    }

    /// The observed amount: base · (1 − reduction), times the GDP index for an intensity.
    fn seen(&mut self, q: usize, t: usize, i: usize) -> NodeId {
        self.memo(What::Observed(i), |tape| {
            let observation = &tape.scenario.observed[i];
            let base = tape.modelled(q, tape.first, false);
            let stated = tape.stated(Statement::Observed(i), observation.reduction);
            let left = Op::Linear {
                constant: 1.0,
                factors: vec![-1.0],
            };
            let left = tape.memo(What::Remaining(i), |_| (left, vec![stated]));
            let mut parts = vec![base, left];
            let kind = &tape.catalogue.indicators[observation.indicator.at()].kind;
            if kind.is_index() {
                parts.push(tape.driven(kind.per(), t));
            }
            product(parts)
        })
    }
}
