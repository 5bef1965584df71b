//! What the compiled sheets say: accounts and indicators as affine functions of all levels.
//!
//! ```text
//! E[q,t](x) = c[q,t] + Σ_m c[q,t,m]·x[m]          the sheets of a batch of all levels
//! ```
//!
//! Nothing is computed a second time: the constants and coefficients are those with which
//! the kernel evaluates a draw.
//!
//! A measure whose level may differ from year to year ([`Paced`]) has several levers: P[j],
//! the part of it in force in each year j of its timetable, in place of x·W[j] with the
//! stated timetable W:
//!
//! ```text
//! c[q,t,m]·x[m]  =  c[q,t,m]/w[t] · Σ_j a[t,j]·P[j]      w[t] = Σ_j a[t,j]·W[j]
//! ```
//!
//! *a* is 1 for the year itself (the last one from then on), or half for it and half for
//! the year before where the timetable says what stands at the end of years.

use jianpai_core::batch::{self, Batch, Input, Sampling, Split};
use jianpai_core::catalogue::{Account, Catalogue};
use jianpai_core::dims::{CarrierId, IndicatorId, ServiceId};
use jianpai_core::indicator::Per;
use jianpai_core::measure::Policy;
use jianpai_core::measure::ramp::Ramp;
use jianpai_core::plan::Plan;
use jianpai_core::target::{Demand, Target, span_of};

/// `constant + Σ_l slopes[l]·x[l]`, over all levers of a plan: the level of each measure,
/// then the levels of earlier years of those that are paced.
#[derive(Clone, Debug, PartialEq)]
pub struct Affine {
    /// Its value where every level is 0.
    pub constant: f64,
    /// Its change with each lever.
    pub slopes: Vec<f64>,
}

/// A measure whose level may differ from year to year.
#[derive(Clone, Debug, PartialEq)]
pub struct Paced {
    /// The measure, as an index into the plan's.
    pub measure: usize,
    /// The years of its timetable that have a level of their own; that of the last is the
    /// level of the measure.
    pub years: Vec<i32>,
    /// W: the part in force at each of them as stated.
    pub stated: Vec<f64>,
    /// Whether these are what stands at the end of years, not the mean of them.
    pub at_end: bool,
    /// The most that the level may rise in a year.
    pub most: f64,
}

impl Paced {
    /// A measure on its own timetable, with a level for every year from the first in which
    /// it acts to the one in which it is all in force (or the last of `years`). `None`
    /// where that is one year only.
    pub fn of(measure: usize, ramp: &Ramp, years: &[i32], most: f64) -> Option<Self> {
        let (ends, at_end) = match ramp {
            Ramp::Mean(ends) => (&**ends, true),
            own => (own, false),
        };
        let last = *years.last()?;
        let own: Vec<i32> = years[1..]
            .iter()
            .copied()
            .filter(|year| ends.at(*year) > 0.0 && *year <= ends.end().min(last))
            .collect();
        let stated = own.iter().map(|year| ends.at(*year)).collect();
        (own.len() > 1).then_some(Self {
            measure,
            years: own,
            stated,
            at_end,
            most,
        })
    }

    /// a[t,j]: how much of each own level is in force in `year`, as pairs (j, part).
    pub fn weights(&self, year: i32) -> Vec<(usize, f64)> {
        let at = |year: i32| {
            let after = self.years.partition_point(|own| *own <= year);
            after.checked_sub(1)
        };
        if !self.at_end {
            return at(year).map(|j| (j, 1.0)).into_iter().collect();
        }
        match (at(year - 1), at(year)) {
            (Some(a), Some(b)) if a == b => vec![(a, 1.0)],
            (before, own) => before.into_iter().chain(own).map(|j| (j, 0.5)).collect(),
        }
    }
}

impl Affine {
    fn zero(levers: usize) -> Self {
        Self {
            constant: 0.0,
            slopes: vec![0.0; levers],
        }
    }

    /// Its value at these levels.
    pub fn at(&self, levels: &[f64]) -> f64 {
        let slopes = self.slopes.iter().zip(levels);
        self.constant + slopes.map(|(slope, x)| slope * x).sum::<f64>()
    }

    /// `self + factor · other`.
    #[must_use]
    pub fn plus(mut self, factor: f64, other: &Self) -> Self {
        self.constant += factor * other.constant;
        for (slope, other) in self.slopes.iter_mut().zip(&other.slopes) {
            *slope += factor * other;
        }
        self
    }

    /// `factor · self`.
    #[must_use]
    pub fn times(mut self, factor: f64) -> Self {
        self.constant *= factor;
        self.slopes.iter_mut().for_each(|slope| *slope *= factor);
        self
    }
}

/// A plan as affine functions of the levels of all its measures.
pub struct Sheets<'a> {
    /// The data.
    pub catalogue: &'a Catalogue,
    /// The plan.
    pub plan: &'a Plan,
    /// The measures whose level may differ from year to year.
    pub paced: Vec<Paced>,
    /// The measure of each lever.
    owners: Vec<usize>,
    batch: Batch,
}

impl<'a> Sheets<'a> {
    /// Compiles a plan.
    pub fn of(catalogue: &'a Catalogue, plan: &'a Plan) -> Self {
        let inputs: Vec<Input> = (0..plan.measures.len()).map(Input::Level).collect();
        let sampling = Sampling {
            inputs: &inputs,
            // What serving all demand costs is no decision.
            ..Sampling::default()
        };
        Self {
            batch: batch::compile(plan, sampling, Split::Whole),
            owners: (0..plan.measures.len()).collect(),
            paced: Vec::new(),
            catalogue,
            plan,
        }
    }

    /// With measures whose level may differ from year to year.
    #[must_use]
    pub fn with_paced(mut self, paced: Vec<Paced>) -> Self {
        for one in &paced {
            let earlier = one.years.len() - 1;
            self.owners
                .extend(std::iter::repeat_n(one.measure, earlier));
        }
        self.paced = paced;
        self
    }

    /// The levers of each paced measure: one for each of its years, the last of which is
    /// the level of the measure.
    pub fn levers(&self) -> Vec<Vec<usize>> {
        let mut next = self.plan.measures.len();
        let each = self.paced.iter().map(|one| {
            let earlier = one.years.len() - 1;
            let mut own: Vec<usize> = (next..next + earlier).collect();
            next += earlier;
            own.push(one.measure);
            own
        });
        each.collect()
    }

    /// The measure of each lever.
    pub fn owners(&self) -> &[usize] {
        &self.owners
    }

    /// All levers as the scenario states them.
    pub fn stated(&self) -> Vec<f64> {
        let mut stated = self.plan.stated_levels();
        stated.resize(self.owners.len(), 0.0);
        for (one, own) in self.paced.iter().zip(self.levers()) {
            let level = stated[one.measure];
            for (lever, part) in own.iter().zip(&one.stated) {
                stated[*lever] = level * part;
            }
        }
        stated
    }

    /// A function of the levels of measures in the year at `t`, in terms of the levers.
    pub fn spread(&self, mut function: Affine, t: usize) -> Affine {
        function.slopes.resize(self.owners.len(), 0.0);
        let year = self.plan.years[t];
        for (one, own) in self.paced.iter().zip(self.levers()) {
            let slope = std::mem::take(&mut function.slopes[one.measure]);
            let weights = one.weights(year);
            let stated: f64 = weights.iter().map(|(j, part)| part * one.stated[*j]).sum();
            if slope == 0.0 || stated <= 0.0 {
                continue;
            }
            for (j, part) in weights {
                function.slopes[own[j]] += slope / stated * part;
            }
        }
        function
    }

    /// An account in the year at `t`: t, tce, yuan or units of activity; joined to observed
    /// values or as modelled.
    fn cell(&self, account: Account, t: usize, joined: bool) -> Affine {
        let mut found = Affine::zero(self.plan.measures.len());
        let Some(q) = self.plan.account(account) else {
            return self.spread(found, t);
        };
        let sheet = &self.batch.sheets[q];
        for segment in &sheet.segments {
            found.constant += segment.constants[t];
            let terms = segment.coefficients.rows();
            for (monomial, slopes) in segment.monomials.iter().zip(terms) {
                // The only products of this batch are single levels.
                if let [m] = self.batch.monomials[*monomial][..] {
                    found.slopes[m] += slopes[t];
                }
            }
        }
        if let (Some((ratio, offset)), true) = (&sheet.join, joined) {
            found = found.times(ratio[t]);
            found.constant += offset[t];
        }
        self.spread(found, t)
    }

    /// An account in the year at `t`.
    pub fn account(&self, account: Account, t: usize) -> Affine {
        self.cell(account, t, true)
    }

    /// The same as modelled, before the join to observed values.
    pub fn modelled(&self, account: Account, t: usize) -> Affine {
        self.cell(account, t, false)
    }

    /// An indicator in the year at `t`: t, tce, an index (base year = 1) or a fraction.
    /// `None` for an index on a base of nothing, and for a quotient such as the non-fossil
    /// share, whose lower part depends on the levels as well.
    pub fn indicator(&self, id: IndicatorId, t: usize) -> Option<Affine> {
        let account = self.catalogue.account_of(id);
        let value = self.account(account, t);
        Some(match self.catalogue.indicators[id.at()].kind.per() {
            Per::Nothing => value,
            per @ (Per::Gdp | Per::ValueAdded) => {
                // No measure acts in the base year.
                let base = self.account(account, 0).constant;
                if !jianpai_core::target::counts(base) {
                    return None;
                }
                let index = match per {
                    Per::Gdp => self.batch.gdp[t],
                    _ => self.batch.value_added[t],
                };
                value.times(1.0 / (base * index))
            }
            Per::Demand(service) => {
                let demand = self.batch.demand[service.at()][t];
                value.times(if demand > 0.0 { 1.0 / demand } else { 0.0 })
            }
            // Not affine: only a floor on it is, see `asked`.
            Per::Account(_) => return None,
        })
    }

    /// The gross reduction by new measures of an amount (t or tce) in the year at `t`.
    fn gross(&self, id: IndicatorId, t: usize) -> Affine {
        let amount = self.catalogue.indicators[id.at()].kind.amount();
        let Some(account) = amount else {
            return Affine::zero(self.owners.len());
        };
        let mut found = self.cell(account, t, false).times(-1.0);
        found.constant = 0.0;
        for (slope, owner) in found.slopes.iter_mut().zip(&self.owners) {
            if self.plan.measures[*owner].policy != Policy::New {
                *slope = 0.0;
            }
        }
        found
    }

    /// What a target asks for, as two functions of which the first is to be no less than
    /// `wanted` times the second less `limit`; see [`Asked`]. `None` if it cannot be judged.
    pub fn asked(&self, target: &Target) -> Option<Asked> {
        let (base, end) = span_of(target, &self.plan.years)?;
        let id = target.indicator;
        let nothing = || Affine::zero(self.owners.len());
        let kind = &self.catalogue.indicators[id.at()].kind;
        if let (Per::Account(whole), Demand::Floor(_)) = (kind.per(), target.demand) {
            // N/E ≥ wanted is the fall of the rest, E − N, against E by as much.
            let part = self.catalogue.account_of(id);
            let known = self.plan.account(part);
            known.and_then(|q| self.plan.outside_of(q))?;
            let energy = self.account(whole, end);
            let rest = energy.clone().plus(-1.0, &self.account(part, end));
            return Some(Asked {
                value: rest,
                base: Some(energy),
            });
        }
        Some(match target.demand {
            Demand::Reduction { .. } => Asked {
                value: self.indicator(id, end)?,
                base: Some(self.indicator(id, base)?),
            },
            Demand::Cap(_) | Demand::Floor(_) => Asked {
                value: self.indicator(id, end)?,
                base: None,
            },
            Demand::Cumulative { .. } => {
                let mut value = nothing();
                for t in base..=end {
                    value = value.plus(1.0, &self.indicator(id, t)?);
                }
                Asked { value, base: None }
            }
            Demand::Project { .. } => Asked {
                value: self.gross(id, end).plus(-1.0, &self.gross(id, base)),
                base: None,
            },
        })
    }

    /// What measures add to the use of a fuel in the year at `t`, directly (tce): every
    /// share that they change, times demand and the use of its technology. There is no
    /// official total of it, so it is not calibrated.
    pub fn carrier(&self, carrier: CarrierId, t: usize) -> Affine {
        self.used(t, |technology| {
            let all = self.catalogue.technologies[technology].energy.iter();
            let own = all.filter(|(other, _)| *other == carrier);
            own.map(|(_, amount)| amount.value).sum()
        })
    }

    /// What measures add to the use of a service by others in the year at `t`, such as
    /// electricity for heat pumps (units of that service).
    pub fn service(&self, service: ServiceId, t: usize) -> Affine {
        self.used(t, |technology| {
            let all = self.catalogue.technologies[technology].links.iter();
            let own = all.filter(|(other, _)| *other == service);
            own.map(|(_, amount)| amount.value).sum()
        })
    }

    fn used(&self, t: usize, each: impl Fn(usize) -> f64) -> Affine {
        let mut found = Affine::zero(self.plan.measures.len());
        for row in &self.plan.shares {
            let k = row.technology.at();
            let demand = self.batch.demand[self.plan.service[k].at()][t];
            let per_share = demand * each(k);
            for (m, changes) in &row.changes {
                found.slopes[*m] += per_share * changes[t];
            }
        }
        self.spread(found, t)
    }

    /// The demand of a service in the year at `t`, in its unit.
    pub fn demand(&self, service: ServiceId, t: usize) -> f64 {
        self.batch.demand[service.at()][t]
    }

    /// The share of a technology, in the region or a zone, in the year at `t`; `row` is an
    /// index into the shares of the plan followed by those of its zones.
    pub fn share(&self, row: usize, t: usize) -> Affine {
        let mut found = Affine::zero(self.plan.measures.len());
        let own = self.plan.shares.len();
        let row = match row.checked_sub(own) {
            None => &self.plan.shares[row],
            Some(row) => &self.plan.zone_shares[row],
        };
        found.constant = row.base;
        for (m, changes) in &row.changes {
            found.slopes[*m] += changes[t];
        }
        self.spread(found, t)
    }
}

/// A target as affine functions of the levels.
///
/// ```text
/// reduction            (1 − wanted)·base(x) − value(x) ≥ 0
/// cap, cumulative      limit − value(x) ≥ 0
/// floor, project       value(x) − wanted ≥ 0
/// floor of a quotient  (1 − wanted)·E(x) − (E − N)(x) ≥ 0, as a reduction
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// The value in the target year, or the sum.
    pub value: Affine,
    /// The value that a reduction counts from.
    pub base: Option<Affine>,
}

impl Asked {
    /// What is left over (≥ 0) or missing at a requirement: the function of the levels that
    /// must not be below zero.
    pub fn margin(&self, demand: Demand, required: f64) -> Affine {
        match (&self.base, demand) {
            (Some(base), _) => self.value.clone().times(-1.0).plus(1.0 - required, base),
            (None, Demand::Cap(_) | Demand::Cumulative { .. }) => {
                let mut margin = self.value.clone().times(-1.0);
                margin.constant += required;
                margin
            }
            (None, _) => {
                let mut margin = self.value.clone();
                margin.constant -= required;
                margin
            }
        }
    }

    /// What is reached at these levels, in the terms of the target.
    pub fn reached(&self, levels: &[f64]) -> f64 {
        let value = self.value.at(levels);
        self.base
            .as_ref()
            .map_or(value, |base| 1.0 - value / base.at(levels))
    }

    /// The size of one unit of the requirement at these levels, in the unit of the margin:
    /// the base of a reduction, 1 otherwise.
    pub fn unit(&self, levels: &[f64]) -> f64 {
        self.base.as_ref().map_or(1.0, |base| base.at(levels))
    }
}
