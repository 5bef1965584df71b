//! Terms of measures: from planners' units to what is taken away.
//!
//! ```text
//! change[m,q,t] = x[m] · Σ_i D[v,t] · a[i,q,t] · (Σ_k q[k]·κF'[k] − Σ_k u[k]·κF'[k])
//! κF'[k,q,t]    = κF[k,q] + Σ_w use[k,w]·φ[w,q,t]          new measures only
//! ```

use super::{Input, NodeId, Op, Statement, Tape, What, product, sum};
use crate::accounting::{first_year_credit, start_lag};
use crate::catalogue::{Account, Book};
use crate::dims::{ServiceId, TechnologyId};
use crate::measure::ramp::Ramp;
use crate::measure::traced::{Made, Traced, Use};
use crate::measure::{Bent, Policy};
use crate::plan::PlannedMeasure;

impl<'a> Tape<'a> {
    pub(super) fn planned(&self, m: usize) -> &'a PlannedMeasure {
        &self.plan.measures[m]
    }

    /// What measure `m` changes in account `q`, counted from the base year.
    pub(super) fn change(&mut self, m: usize, q: usize, t: usize) -> NodeId {
        self.memo(What::Change(m, q, t), |tape| {
            let (shifts, account) = (&tape.planned(m).shifts, tape.plan.accounts[q]);
            let moved = (0..shifts.len()).filter(|i| shifts[*i].amount_in(account)[t] != 0.0);
            let mut moved: Vec<NodeId> = moved.map(|i| tape.moved(m, i, q, t)).collect();
            moved.extend(tape.done(m, q, t));
            match tape.level(m) {
                None => sum(moved),
                Some(level) => {
                    let (op, moved) = sum(moved);
                    let all = tape.push(What::Step(m), op, moved);
                    product(vec![level, all])
                }
            }
        })
    }

    /// What a measure had moved by a later base year, at the demand of the year at `t`: it
    /// is in the base already and comes off.
    fn done(&mut self, m: usize, q: usize, t: usize) -> Option<NodeId> {
        let first = self.first;
        let (shifts, account) = (&self.planned(m).shifts, self.plan.accounts[q]);
        let before = |i: &usize| first > 0 && shifts[*i].amount_in(account)[first] != 0.0;
        let before: Vec<usize> = (0..shifts.len()).filter(before).collect();
        if before.is_empty() {
            return None;
        }
        Some(self.memo(What::Done(m, q, t), |tape| {
            let parts = before.into_iter().map(|i| {
                let demand = tape.demand(tape.planned(m).shifts[i].service, t);
                let amount = tape.amount((m, i, first), tape.credits(q));
                let difference = tape.difference(m, i, q, first);
                let (op, parts) = product(vec![demand, amount, difference]);
                tape.push(What::Step(m), op, parts)
            });
            let children: Vec<NodeId> = parts.collect();
            let constant = 0.0;
            let factors = vec![-1.0; children.len()];
            (Op::Linear { constant, factors }, children)
        }))
    }

    /// The level, unless the measure is carried out as stated.
    pub(super) fn level(&mut self, m: usize) -> Option<NodeId> {
        let level = self.planned(m).level;
        ((level - 1.0).abs() > f64::EPSILON).then(|| self.stated(Statement::Level(m), level))
    }

    /// What shift `i` of measure `m` changes at level 1: D · a · (given − taken).
    fn moved(&mut self, m: usize, i: usize, q: usize, t: usize) -> NodeId {
        self.memo(What::Moved(m, i, q, t), |tape| {
            let service = tape.planned(m).shifts[i].service;
            let demand = tape.demand(service, t);
            let amount = tape.amount((m, i, t), tape.credits(q));
            let difference = tape.difference(m, i, q, t);
            product(vec![demand, amount, difference])
        })
    }

    /// What a unit that shift `i` of measure `m` moves changes: given − taken.
    fn difference(&mut self, m: usize, i: usize, q: usize, t: usize) -> NodeId {
        self.memo(What::PerMoved(m, i, q, t), |tape| {
            let shift = &tape.planned(m).shifts[i];
            let (mut factors, mut children) = (Vec::new(), Vec::new());
            for (j, (k, part)) in shift.give.iter().enumerate() {
                if *part != 0.0 {
                    factors.push(1.0);
                    children.push(tape.memo(What::Side(m, i, *k, q, t, false), |tape| {
                        product(vec![tape.given(m, i, j), tape.whole(m, *k, q, t)])
                    }));
                }
            }
            for (k, parts) in &shift.take {
                if parts[t] != 0.0 {
                    factors.push(-1.0);
                    children.push(tape.memo(What::Side(m, i, *k, q, t, true), |tape| {
                        product(vec![tape.taken(m, i, *k, t), tape.whole(m, *k, q, t)])
                    }));
                }
            }
            let constant = 0.0;
            (Op::Linear { constant, factors }, children)
        })
    }

    /// Whether the account at `q` counts work when official accounting credits it.
    pub(super) fn credits(&self, q: usize) -> bool {
        matches!(
            self.plan.accounts[q],
            Account::Pollutant(_, Book::Accounted)
        )
    }

    /// a[i,q,t]: the part of the service that a shift moves by the year at `t`; that is
    /// credited by then if `credited`.
    pub(super) fn amount(&mut self, (m, i, t): (usize, usize, usize), credited: bool) -> NodeId {
        let layout = self.planned(m).shifts[i].layout.as_ref();
        if let Some(years) = layout.and_then(|layout| layout.years.as_ref()) {
            let years = if credited {
                &years.credited
            } else {
                &years.amount
            };
            return self.once(What::Amount(m, i, t, credited), m, &years[t]);
        }
        let credited = credited && matches!(self.scenario.measures[m].ramp, Ramp::Mean(_));
        self.memo(What::Amount(m, i, t, credited), |tape| {
            let shift = &tape.planned(m).shifts[i];
            let Some(layout) = &shift.layout else {
                return tape.capped(m, shift.take[0].0, t);
            };
            let full = tape.once(What::FullAmount(m, i), m, &layout.part);
            match tape.ramp(m, t, credited) {
                None => product(vec![full]),
                Some(ramp) => product(vec![full, ramp]),
            }
        })
    }

    /// w[t], or w'[t] if `credited`, unless all of the measure is in force.
    fn ramp(&mut self, m: usize, t: usize, credited: bool) -> Option<NodeId> {
        let (ramp, year) = (&self.scenario.measures[m].ramp, self.plan.years[t]);
        let part = if credited {
            ramp.credited(year, first_year_credit(start_lag(self.catalogue)))
        } else {
            ramp.at(year)
        };
        let stated = Statement::Ramp(m, t, credited);
        ((part - 1.0).abs() > f64::EPSILON).then(|| self.stated(stated, part))
    }

    /// A coal cap takes coal use above it off every coal technology in proportion:
    /// `max(0, (coal − cap) / takes) · S`, on its timetable until the end year.
    fn capped(&mut self, m: usize, k: TechnologyId, t: usize) -> (Op, Vec<NodeId>) {
        let end = self.scenario.measures[m].ramp.end_in(&self.plan.years);
        let year = t.max(end);
        let excess = self.memo(What::Excess(m, year), |tape| {
            let coal = tape.plan.account(Account::Coal).unwrap_or_default();
            let used = tape.modelled(coal, year, true);
            let above = tape.memo(What::Above(m, year, false), |tape| {
                let cap = tape.cap(m, coal);
                let factors = vec![1.0, -1.0];
                let constant = 0.0;
                (Op::Linear { constant, factors }, vec![used, cap])
            });
            let takes = tape.takes(m, coal, year);
            let part = tape.memo(What::Above(m, year, true), |_| {
                (Op::Ratio { scale: 1.0 }, vec![above, takes])
            });
            (Op::Positive, vec![part])
        });
        let mut parts = vec![excess];
        if t < end {
            parts.extend(self.ramp(m, t, false));
        }
        parts.push(self.reference(k, t, (true, false)));
        product(parts)
    }

    /// What all technologies on coal use: Σ D · S · (taken − given).
    fn takes(&mut self, m: usize, coal: usize, t: usize) -> NodeId {
        self.memo(What::Takes(m, None, t), |tape| {
            let shifts = &tape.planned(m).shifts;
            let parts = shifts.iter().enumerate().map(|(i, shift)| {
                let demand = tape.demand(shift.service, t);
                let share = tape.reference(shift.take[0].0, t, (true, false));
                let less = tape.difference(m, i, coal, t);
                tape.memo(What::Takes(m, Some(i), t), |_| {
                    (Op::Product { scale: -1.0 }, vec![demand, share, less])
                })
            });
            sum(parts.collect())
        })
    }

    fn cap(&mut self, m: usize, coal: usize) -> NodeId {
        self.memo(What::Cap(m), |tape| {
            let measure = &tape.scenario.measures[m];
            if let Some(cap) = measure.number("cap") {
                return product(vec![tape.stated(Statement::Field(m, "cap"), cap)]);
            }
            let reduction = measure.number("reduction").unwrap_or_default();
            let stated = tape.stated(Statement::Field(m, "reduction"), reduction);
            let from = measure.year("base_year").or_else(|| measure.counts_from());
            let from = from.and_then(|year| tape.plan.year(year));
            let from = from.unwrap_or(0).max(tape.first);
            let base = tape.modelled(coal, from, from > tape.first);
            let left = Op::Linear {
                constant: 1.0,
                factors: vec![-1.0],
            };
            let left = tape.push(What::Step(m), left, vec![stated]);
            product(vec![base, left])
        })
    }

    /// u[k,t]: a technology's part of what a shift takes, by what is left of each; where
    /// other measures leave less of it than that, or it stands in for one, by their room.
    pub(super) fn taken(&mut self, m: usize, i: usize, k: TechnologyId, t: usize) -> NodeId {
        let shift = &self.planned(m).shifts[i];
        let Some(layout) = shift.layout.as_ref() else {
            return self.constant(1.0);
        };
        let bent = layout.taken[t].bent.iter().find(|bent| {
            let mut all = bent.short.iter().chain(&bent.spare);
            all.any(|(other, _)| *other == k)
        });
        match bent {
            None => self.nominal(m, i, k, t),
            Some(bent) => self.bent(bent, (m, i, k, t)),
        }
    }

    /// R[k] / Σ_j R[j] in the year that counts.
    fn nominal(&mut self, m: usize, i: usize, k: TechnologyId, t: usize) -> NodeId {
        let layout = self.planned(m).shifts[i].layout.as_ref();
        let Some(taken) = layout.map(|layout| &layout.taken[t]) else {
            return self.constant(1.0);
        };
        match taken.pool.as_slice() {
            [one] if *one == k => return self.constant(1.0),
            pool if !pool.contains(&k) => return self.constant(0.0),
            _ => {}
        }
        let (year, policy) = (taken.year, self.planned(m).policy);
        self.memo(What::Taken(m, i, k, year), |tape| {
            let own = tape.available(policy, k, year);
            let all = tape.memo(What::Available(m, i, year), |tape| {
                let pool = taken.pool.iter();
                sum(pool.map(|k| tape.available(policy, *k, year)).collect())
            });
            (Op::Ratio { scale: 1.0 }, vec![own, all])
        })
    }

    /// The part of a technology in a group of which other measures leave too little of
    /// some: see [`crate::measure::source`].
    fn bent(
        &mut self,
        bent: &'a Bent,
        (m, i, k, t): (usize, usize, TechnologyId, usize),
    ) -> NodeId {
        self.memo(What::Bent(m, i, k, t), |tape| {
            let step = What::Step(m);
            let mut moved = vec![tape.amount((m, i, t), false)];
            moved.extend(tape.level(m));
            let (op, moved) = product(moved);
            let moved = tape.push(step, op, moved);
            let gives_all = if bent.lacks { &bent.spare } else { &bent.short };
            if let Some((_, zoned)) = gives_all.iter().find(|(other, _)| *other == k) {
                let room = tape.room(m, k, t, *zoned);
                return (Op::Ratio { scale: 1.0 }, vec![room, moved]);
            }
            let over = |tape: &mut Self, (k, zoned): (TechnologyId, bool), sign: f64| {
                let part = tape.nominal(m, i, k, t);
                let (op, need) = product(vec![part, moved]);
                let need = tape.push(step, op, need);
                let room = tape.room(m, k, t, zoned);
                let over = Op::Linear {
                    constant: 0.0,
                    factors: vec![sign, -sign],
                };
                tape.push(step, over, vec![need, room])
            };
            let short: Vec<NodeId> = bent.short.iter().map(|s| over(tape, *s, 1.0)).collect();
            let spare: Vec<NodeId> = bent.spare.iter().map(|s| over(tape, *s, -1.0)).collect();
            // The others share in what the group has: of its spare where it has enough,
            // of what is missing where it has not.
            let (own, side, sign) = if bent.lacks {
                (&short, &bent.short, -1.0)
            } else {
                (&spare, &bent.spare, 1.0)
            };
            let place = side.iter().position(|(other, _)| *other == k);
            let own = own[place.unwrap_or_default()];
            let (op, short) = sum(short);
            let short = tape.push(step, op, short);
            let (op, spare) = sum(spare);
            let spare = tape.push(step, op, spare);
            let (found, whole) = if bent.lacks {
                (spare, short)
            } else {
                (short, spare)
            };
            let ratio = Op::Ratio { scale: 1.0 };
            let part = tape.push(step, ratio.clone(), vec![own, whole]);
            let (op, more) = product(vec![found, part]);
            let more = tape.push(step, op, more);
            let more = tape.push(step, ratio, vec![more, moved]);
            let nominal = tape.nominal(m, i, k, t);
            let op = Op::Linear {
                constant: 0.0,
                factors: vec![1.0, sign],
            };
            (op, vec![nominal, more])
        })
    }

    /// What the measures laid out before `m` leave of `k`, in its zone where that sets
    /// the limit.
    fn room(&mut self, m: usize, k: TechnologyId, t: usize, zoned: bool) -> NodeId {
        self.memo(What::Room(m, k, t, zoned), |tape| {
            let own = tape.planned(m);
            let zone = own.zone.filter(|_| zoned);
            let service = tape.catalogue.technologies[k.at()].service;
            let part = zone.map(|zone| tape.input(Input::Zone(zone, service)));
            let share = tape.share_or_nothing(k);
            let (mut factors, mut children) = (vec![1.0], vec![tape.part_of(m, share, part)]);
            for (other, measure) in tape.plan.measures.iter().enumerate() {
                let before = match (measure.policy, own.policy) {
                    (Policy::Current, Policy::New) => true,
                    (Policy::New, Policy::Current) => false,
                    _ => (measure.kind.adapts, other) < (own.kind.adapts, m),
                };
                if measure.kind.is_cap() || !before {
                    continue;
                }
                let scale = match (zone, measure.zone, measure.policy) {
                    (None, ..) => None,
                    (Some(zone), Some(there), _) if there == zone => None,
                    (Some(_), None, Policy::Current) => part,
                    _ => continue,
                };
                for (sign, change) in tape.share_changes(other, k, t, false) {
                    factors.push(sign);
                    children.push(tape.part_of(m, change, scale));
                }
            }
            let constant = 0.0;
            (Op::Linear { constant, factors }, children)
        })
    }

    /// A zone's part of a share, or all of it.
    fn part_of(&mut self, m: usize, share: NodeId, part: Option<NodeId>) -> NodeId {
        match part {
            None => share,
            Some(part) => {
                let (op, parts) = product(vec![share, part]);
                self.push(What::Step(m), op, parts)
            }
        }
    }

    /// The share of which measures of a policy take: the base year's for current
    /// policy, what that leaves for new measures.
    fn available(&mut self, policy: Policy, k: TechnologyId, t: usize) -> NodeId {
        match policy {
            Policy::Current => self.share_or_nothing(k),
            Policy::New => self.reference(k, t, (false, false)),
        }
    }

    /// q[j]: the part of what is given, by position.
    pub(super) fn given(&mut self, m: usize, i: usize, j: usize) -> NodeId {
        let layout = self.planned(m).shifts[i].layout.as_ref();
        match layout {
            None => self.constant(1.0),
            Some(layout) => self.once(What::Given(m, i, j), m, &layout.give[j]),
        }
    }

    /// The terms of a measure's conversion, written unless they stand already.
    fn once(&mut self, what: What<'a>, m: usize, number: &'a Traced) -> NodeId {
        if let Some(id) = self.known.get(&what) {
            return *id;
        }
        let id = self.traced(what, m, number);
        self.known.insert(what, id);
        id
    }

    /// κF of a technology with the use of other services that a new measure adds.
    fn whole(&mut self, m: usize, k: TechnologyId, q: usize, t: usize) -> NodeId {
        let links = &self.catalogue.technologies[k.at()].links;
        let unlinked = matches!(self.plan.accounts[q], Account::Activity(_) | Account::Cost);
        if self.planned(m).policy == Policy::Current || links.is_empty() || unlinked {
            return self.own(k, q);
        }
        self.memo(What::Whole(k, q, t), |tape| {
            let mut parts = vec![tape.own(k, q)];
            for (j, (w, _)) in links.iter().enumerate() {
                parts.push(tape.memo(What::Linked(k, j, q, t), |tape| {
                    let used = tape.input(Input::Link(k, j));
                    product(vec![used, tape.embodied(*w, q, t)])
                }));
            }
            sum(parts)
        })
    }

    /// κF, or a plain 0 where the technology does not emit.
    fn own(&mut self, k: TechnologyId, q: usize) -> NodeId {
        if self.plan.base_year.coefficient(k, q) == 0.0 {
            return self.constant(0.0);
        }
        self.coefficient(k, q)
    }

    /// φ[w,q,t]: what a unit of a service causes with all that it uses.
    fn embodied(&mut self, w: ServiceId, q: usize, t: usize) -> NodeId {
        self.memo(What::Embodied(w, q, t), |tape| {
            let (mut reached, mut entries, mut links) = (vec![w], Vec::new(), Vec::new());
            let mut a = 0;
            while a < reached.len() {
                for other in 0..tape.catalogue.services.len() {
                    let other = ServiceId::from_usize(other);
                    let Some(used) = tape.links(reached[a], other, t) else {
                        continue;
                    };
                    let b = reached.iter().position(|v| *v == other);
                    let b = b.unwrap_or_else(|| {
                        reached.push(other);
                        reached.len() - 1
                    });
                    entries.push((a, b));
                    links.push(used);
                }
                a += 1;
            }
            let direct = reached.iter().map(|v| tape.direct(*v, q, t));
            let children: Vec<NodeId> = direct.collect();
            if entries.is_empty() {
                return product(children);
            }
            (Op::Leontief { entries }, [children, links].concat())
        })
    }

    /// f[v,q,t] = Σ_k S[k,t] · κF[k,q] after current policy.
    fn direct(&mut self, v: ServiceId, q: usize, t: usize) -> NodeId {
        self.memo(What::Direct(v, q, t), |tape| {
            let technologies = &tape.catalogue.services[v.at()].technologies;
            let emits = |k: &&TechnologyId| tape.plan.base_year.coefficient(**k, q) != 0.0;
            let emitting: Vec<TechnologyId> = technologies.iter().filter(emits).copied().collect();
            let parts = emitting.into_iter().map(|k| {
                tape.memo(What::DirectPart(k, q, t, None), |tape| {
                    product(vec![
                        tape.reference(k, t, (false, false)),
                        tape.coefficient(k, q),
                    ])
                })
            });
            sum(parts.collect())
        })
    }

    /// B[v,w,t] = Σ_k S[k,t] · use[k,w], if anything of `v` uses `w`.
    fn links(&mut self, v: ServiceId, w: ServiceId, t: usize) -> Option<NodeId> {
        let catalogue = self.catalogue;
        let technologies = &catalogue.services[v.at()].technologies;
        let uses = technologies.iter().flat_map(|k| {
            let links = catalogue.technologies[k.at()].links.iter().enumerate();
            links
                .filter(|(_, (other, _))| *other == w)
                .map(|(j, _)| (*k, j))
        });
        let uses: Vec<(TechnologyId, usize)> = uses.collect();
        if uses.is_empty() {
            return None;
        }
        let id = self.memo(What::Links(v, w, t), |tape| {
            let parts = uses.into_iter().map(|(k, j)| {
                tape.memo(What::DirectPart(k, 0, t, Some(j)), |tape| {
                    product(vec![
                        tape.reference(k, t, (false, false)),
                        tape.input(Input::Link(k, j)),
                    ])
                })
            });
            sum(parts.collect())
        });
        (self.value(id) != 0.0).then_some(id)
    }

    /// The terms of a measure's conversion; `what` is its result.
    fn traced(&mut self, what: What<'a>, m: usize, number: &'a Traced) -> NodeId {
        let step = What::Step(m);
        match &number.made {
            Made::Fixed => self.constant(number.value),
            Made::Of(used) => self.used(m, number.value, used),
            Made::Linear { constant, parts } => {
                let children: Vec<NodeId> =
                    parts.iter().map(|(_, p)| self.traced(step, m, p)).collect();
                let factors: Vec<f64> = parts.iter().map(|(factor, _)| *factor).collect();
                if *constant == 0.0 && factors == [1.0] {
                    return children[0];
                }
                let constant = *constant;
                self.push(what, Op::Linear { constant, factors }, children)
            }
            Made::Product { scale, parts } => {
                let (mut scale, mut children) = (*scale, Vec::new());
                for part in parts {
                    match part.made {
                        Made::Fixed => scale *= part.value,
                        _ => children.push(self.traced(step, m, part)),
                    }
                }
                if (scale - 1.0).abs() < f64::EPSILON && children.len() == 1 {
                    return children[0];
                }
                self.push(what, Op::Product { scale }, children)
            }
            Made::Ratio(pair) => {
                let children = vec![self.traced(step, m, &pair.0), self.traced(step, m, &pair.1)];
                self.push(what, Op::Ratio { scale: 1.0 }, children)
            }
            Made::Positive(inner) => {
                let inner = self.traced(step, m, inner);
                self.push(what, Op::Positive, vec![inner])
            }
        }
    }

    /// A number that the conversion of a measure uses.
    fn used(&mut self, m: usize, value: f64, used: &'a Use) -> NodeId {
        match used {
            Use::Field(key) => self.stated(Statement::Field(m, key), value),
            Use::Entry(key, alias) => self.stated(Statement::Entry(m, key, alias), value),
            Use::Parameter(id) => self.input(Input::Parameter(id)),
            Use::Stock(group, unit) => self.input(Input::Stock(group, *unit)),
            Use::Zone(zone, v) => self.input(Input::Zone(*zone, *v)),
            Use::Recorded(quantity, year) => self.input(Input::Recorded(quantity, *year)),
            Use::Coefficient(k, account) => match self.plan.account(*account) {
                Some(q) => self.own(*k, q),
                None => self.constant(0.0),
            },
            Use::Ramp(t) => self.stated(Statement::Ramp(m, *t, false), value),
            Use::Fuel(k, j) => self.input(Input::FuelUse(*k, *j)),
            Use::BaseShare(k) => self.share_or_nothing(*k),
            Use::ReferenceShare(k, t) => {
                let policy = self.planned(m).policy;
                match policy {
                    Policy::Current => self.share_or_nothing(*k),
                    Policy::New => self.available(policy, *k, *t),
                }
            }
            Use::Demand(v, t) => self.memo(What::NaturalDemand(*v, *t), |tape| {
                let scale = tape.catalogue.services[v.at()].scale;
                (Op::Product { scale }, vec![tape.demand(*v, *t)])
            }),
        }
    }

    /// S0[k], or a plain 0 where the data have no share of it here.
    pub(super) fn share_or_nothing(&mut self, k: TechnologyId) -> NodeId {
        if self.plan.base_year.shares[k.at()] == 0.0 {
            return self.constant(0.0);
        }
        self.share(k)
    }
}
