//! From a plan and what a planner asks to a linear programme.
//!
//! ```text
//! unknowns   x[m]          level of each free measure, low ≤ x ≤ high
//!            b[m] ∈ {0,1}  whether a measure of an either/or group is used
//!            P[m,j]        level of a paced measure in the earlier years of its timetable
//!            z             the highest part of its own potential, for `even`
//! rows       targets       margin(x) / scale ≥ 0       see [`crate::affine::Asked`]
//!            stocks        share[k,t](x) ≥ 0           no more is taken than there is
//!            limits        (most − account(x)) / scale ≥ 0
//!            groups        x[m] ≤ high·b[m], Σ b ≤ or = count
//!            orders        x[earlier] ≥ x[later]
//!            pace          0 ≤ P[m,j] − P[m,j−1] ≤ most·(years between), P before the first 0
//! objective  cost          Σ_m x[m]·ΔC[m,T] / 10⁸      or Σ_t ΔC[m,t]·(1+r)^−(t−t₀) / 10⁸
//!            effort        Σ_m x[m] / potential[m]
//!            even          z ≥ x[m] / potential[m]
//! ```
//!
//! Costs stand in 10⁸ yuan and rows in parts of what they count from, so that all numbers
//! are of one size. Current policy is as the scenario states it, and so is what is fixed.

use crate::affine::{Affine, Asked, Paced, Sheets};
use crate::linear::{Column, Linear, NOTHING, Row};
use crate::solver::{Failure, solve};
use jianpai_core::catalogue::Account;
use jianpai_core::dims::{CarrierId, RegionId, ServiceId, TechnologyId};
use jianpai_core::measure::OVER_CLAIM_SLACK;
use jianpai_core::target::{FLOOR, Target, required};

/// Yuan in one unit of the objective.
pub const MONEY: f64 = 1e8;
/// The greatest level of a measure.
pub const MOST: f64 = 10.0;

/// What is made least.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Objective {
    /// Money: of the last year, or of all years discounted at this rate (fraction a year)
    /// to the first in which a free measure acts.
    Cost(Option<f64>),
    /// The sum over measures of the part of its own potential that each is carried out to.
    Effort,
    /// The highest of these parts; of those the least cost.
    Even,
}

/// A measure whose level is sought.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Free {
    /// The measure, as an index into the plan's.
    pub measure: usize,
    /// Its least level.
    pub low: f64,
    /// Its greatest level; [`MOST`] where the stock alone limits it.
    pub high: f64,
}

/// What a limit counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// An account: emissions, coal, energy, money.
    Account(Account),
    /// A fuel, used directly.
    Carrier(CarrierId),
    /// A service that technologies of others use: electricity of coal plants, steam.
    Service(ServiceId),
}

/// A limit on an account.
#[derive(Clone, Debug, PartialEq)]
pub struct Limit {
    /// Its id in the scenario.
    pub id: String,
    /// What it counts.
    pub of: Counted,
    /// The year's index.
    pub t: usize,
    /// The most there may be, in base units.
    pub most: f64,
    /// Whether only what new measures add counts, not the total.
    pub added: bool,
}

/// Measures of which only some are to be used.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Its id in the scenario.
    pub id: String,
    /// The measures, as indices into the plan's.
    pub measures: Vec<usize>,
    /// How many of them.
    pub count: usize,
    /// Whether exactly so many, or at most.
    pub exactly: bool,
    /// Whether each is carried out as far as it may be, or not at all.
    pub whole: bool,
}

/// What a planner asks.
#[derive(Clone, Debug, PartialEq)]
pub struct Spec {
    /// What is made least.
    pub objective: Objective,
    /// The measures whose levels are sought; all others stay as stated.
    pub free: Vec<Free>,
    /// Limits.
    pub limits: Vec<Limit>,
    /// Either/or groups.
    pub groups: Vec<Group>,
    /// Measures, as indices into the plan's, of which none is carried out further than the
    /// one before it.
    pub orders: Vec<Vec<usize>>,
}

/// What a row of the programme is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// A target, by its index in the scenario.
    Target(usize),
    /// The share of a technology.
    Stock(Stock),
    /// A limit, by its index.
    Limit(usize),
    /// A group, by its index.
    Group(usize),
    /// How fast the level of a free measure may rise, by its place.
    Pace(usize),
    /// An order of measures, by its index.
    Order(usize),
    /// What a level of earlier years is: no more than that of later ones.
    Path,
    /// The highest part of a potential.
    Peak,
}

/// A share that cannot fall below nothing: of a technology, in the region or a zone of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stock {
    /// The technology.
    pub technology: TechnologyId,
    /// The zone, or the whole region.
    pub zone: Option<RegionId>,
}

/// A target with what it asks.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The target.
    pub target: Target,
    /// As functions of the levels.
    pub asked: Asked,
    /// Units of its margin in one unit of its row.
    pub scale: f64,
}

/// A row and what it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Named {
    /// What.
    pub what: What,
    /// Base units in one unit of the row.
    pub scale: f64,
    /// The row.
    pub row: Row,
}

/// A programme.
#[derive(Clone, Debug)]
pub struct Programme {
    /// What was asked.
    pub spec: Spec,
    /// All levers as stated: the level of each measure, then the levels of earlier years of
    /// those that are paced.
    pub stated: Vec<f64>,
    /// The column of each lever; `None` for what stays as stated.
    pub column_of: Vec<Option<usize>>,
    /// The paced measures among the free ones: the place of each, its timetable, and the
    /// columns of the levels of its years, the last of which is the place.
    pub paced: Vec<(usize, Paced, Vec<usize>)>,
    /// The part of the potential of each free measure that one unit of its level is, turned
    /// over: the greatest level that its bounds and the stocks allow.
    pub potential: Vec<f64>,
    /// What each lever costs at level 1, in 10⁸ yuan, by column: of the last year, or
    /// discounted. Free measures come first, then the earlier years of those that are paced.
    pub money: Vec<f64>,
    /// The same of the new measures that are fixed, at their stated levels.
    pub money_fixed: f64,
    /// The targets that can be judged: index in the scenario, and what they ask.
    pub wanted: Vec<(usize, Wanted)>,
    /// The rows.
    pub rows: Vec<Named>,
    /// Stocks that no level within its bounds can use up: they count where a bound is
    /// given up.
    pub beyond: Vec<Named>,
    /// The unknowns, free measures first.
    pub columns: Vec<Column>,
    /// Objectives that break ties, in order.
    pub further: Vec<Vec<f64>>,
}

impl Programme {
    /// The programme of a plan.
    ///
    /// # Errors
    /// The solver fails on the potential of a measure.
    pub fn of(sheets: &Sheets<'_>, targets: &[Target], spec: Spec) -> Result<Self, Failure> {
        let stated = sheets.stated();
        let mut made = Self {
            column_of: vec![None; stated.len()],
            paced: Vec::new(),
            columns: Vec::new(),
            potential: Vec::new(),
            money: Vec::new(),
            money_fixed: 0.0,
            wanted: Vec::new(),
            rows: Vec::new(),
            beyond: Vec::new(),
            further: Vec::new(),
            stated,
            spec,
        };
        let free = made.spec.free.iter();
        made.columns = free.map(|f| Column::between(f.low, f.high, 0.0)).collect();
        for (j, free) in made.spec.free.iter().enumerate() {
            made.column_of[free.measure] = Some(j);
        }
        made.lay_paths(sheets);
        made.orders();
        made.stocks(sheets);
        made.potential = made.potentials()?;
        made.targets(sheets, targets);
        made.limits(sheets);
        made.groups();
        made.objective(sheets);
        Ok(made)
    }

    /// The programme as numbers.
    pub fn linear(&self) -> Linear {
        let mut linear = Linear {
            columns: self.columns.clone(),
            rows: Vec::with_capacity(self.rows.len()),
        };
        for named in &self.rows {
            linear.row(named.row.clone());
        }
        linear
    }

    /// All levers at a point: the levels of all measures of the plan, then those of earlier
    /// years.
    pub fn levels(&self, x: &[f64]) -> Vec<f64> {
        let levers = self.stated.iter().zip(&self.column_of);
        levers
            .map(|(stated, column)| column.map_or(*stated, |j| x[j]))
            .collect()
    }

    /// A point at which nothing is done.
    pub fn nothing(&self) -> Vec<f64> {
        vec![0.0; self.columns.len()]
    }

    /// Adds a row that is counted in its own unit.
    pub(crate) fn push(&mut self, what: What, row: Row) {
        self.rows.push(Named {
            what,
            scale: 1.0,
            row,
        });
    }

    /// A function of all levels as a row that must not fall below `−room`: the fixed levels
    /// go into its limit. Divided by `scale`.
    pub(crate) fn row(&self, function: &Affine, scale: f64) -> Row {
        let mut constant = function.constant;
        let mut terms = Vec::new();
        for (lever, slope) in function.slopes.iter().enumerate() {
            match self.column_of[lever] {
                None => constant += slope * self.stated[lever],
                Some(j) if *slope != 0.0 => terms.push((j, slope / scale)),
                Some(_) => {}
            }
        }
        terms.sort_unstable_by_key(|(j, _)| *j);
        let mut row = Row::at_least(terms, -constant / scale);
        let least = row.size() * NOTHING;
        row.terms.retain(|(_, a)| a.abs() > least);
        row
    }

    /// Shares that the levels could push below zero.
    fn stocks(&mut self, sheets: &Sheets<'_>) {
        let plan = sheets.plan;
        let all = plan.shares.iter().chain(&plan.zone_shares).enumerate();
        for (i, share) in all {
            for t in 1..plan.span() {
                let mut row = self.row(&sheets.share(i, t), 1.0);
                // A share that current policy has used up is nothing, but for rounding.
                if (0.0..OVER_CLAIM_SLACK).contains(&row.limit) {
                    row.limit = 0.0;
                }
                let least = |most: &dyn Fn(&Column) -> f64| -> f64 {
                    let each = row.terms.iter().map(|(j, a)| {
                        let column = &self.columns[*j];
                        (a * column.low).min(a * most(column))
                    });
                    each.sum()
                };
                if row.terms.is_empty() || least(&|_| MOST) >= row.limit {
                    continue;
                }
                let needed = least(&|column| column.high) < row.limit;
                let stock = Stock {
                    technology: share.technology,
                    zone: share.zone,
                };
                let named = Named {
                    what: What::Stock(stock),
                    scale: 1.0,
                    row,
                };
                if needed {
                    self.rows.push(named);
                } else {
                    self.beyond.push(named);
                }
            }
        }
    }

    /// The greatest level of each free measure that its bounds and the stocks allow.
    fn potentials(&self) -> Result<Vec<f64>, Failure> {
        let mut all = Vec::with_capacity(self.spec.free.len());
        for (j, column) in self.columns[..self.spec.free.len()].iter().enumerate() {
            let paced = self.paced.iter().any(|(place, ..)| *place == j);
            if column.high < MOST && !paced {
                all.push(column.high.max(f64::MIN_POSITIVE));
                continue;
            }
            let mut linear = self.linear();
            linear.columns[j].cost = -1.0;
            let found = solve(&linear)?.point();
            all.push(found.map_or(MOST, |point| point.x[j]).max(NOTHING));
        }
        Ok(all)
    }

    fn targets(&mut self, sheets: &Sheets<'_>, targets: &[Target]) {
        for (i, target) in targets.iter().enumerate() {
            let Some(asked) = sheets.asked(target) else {
                continue;
            };
            let (required, _) = required(target.demand);
            // A reduction in parts of its base, all else in parts of what is required.
            let scale = if asked.base.is_some() {
                asked.unit(&self.stated).abs()
            } else {
                required.abs().max(FLOOR)
            };
            if !(scale > 0.0 && scale.is_finite()) {
                continue;
            }
            let wanted = Wanted {
                target: target.clone(),
                asked,
                scale,
            };
            self.rows.push(Named {
                what: What::Target(i),
                scale,
                row: self.row_of(&wanted, required),
            });
            self.wanted.push((i, wanted));
        }
    }

    /// The row of a target that asks for `required`.
    pub fn row_of(&self, wanted: &Wanted, required: f64) -> Row {
        let margin = wanted.asked.margin(wanted.target.demand, required);
        self.row(&margin, wanted.scale)
    }

    /// The greatest level that the stocks alone allow a free measure, by its place, where
    /// the others do nothing.
    ///
    /// # Errors
    /// The solver fails.
    pub fn room(&self, j: usize) -> Result<f64, Failure> {
        let mut linear = Linear {
            columns: self.columns.clone(),
            rows: Vec::new(),
        };
        for column in &mut linear.columns {
            (column.low, column.cost) = (0.0, 0.0);
        }
        (linear.columns[j].high, linear.columns[j].cost) = (MOST, -1.0);
        for named in &self.rows {
            if matches!(named.what, What::Stock(_)) {
                linear.row(named.row.clone());
            }
        }
        Ok(solve(&linear)?.point().map_or(0.0, |point| point.x[j]))
    }

    /// What a limit counts, as a function of the levels.
    pub fn counted(sheets: &Sheets<'_>, limit: &Limit) -> Affine {
        let whole = match limit.of {
            Counted::Account(account) => sheets.account(account, limit.t),
            Counted::Carrier(carrier) => sheets.carrier(carrier, limit.t),
            Counted::Service(service) => sheets.service(service, limit.t),
        };
        if !limit.added {
            return whole;
        }
        let new = |m: usize| sheets.plan.measures[m].policy == jianpai_core::measure::Policy::New;
        let slopes = whole.slopes.iter().zip(sheets.owners());
        Affine {
            constant: 0.0,
            slopes: slopes
                .map(|(slope, owner)| if new(*owner) { *slope } else { 0.0 })
                .collect(),
        }
    }

    fn limits(&mut self, sheets: &Sheets<'_>) {
        for (i, limit) in self.spec.limits.clone().iter().enumerate() {
            let counted = Self::counted(sheets, limit);
            // Nothing at all is in units of what the measures do.
            let most = counted
                .slopes
                .iter()
                .fold(0.0, |most: f64, s| s.abs().max(most));
            let scale = if limit.most.abs() > 0.0 {
                limit.most.abs()
            } else if most > 0.0 {
                most
            } else {
                1.0
            };
            let mut left = counted.times(-1.0);
            left.constant += limit.most;
            self.rows.push(Named {
                what: What::Limit(i),
                scale,
                row: self.row(&left, scale),
            });
        }
    }

    fn groups(&mut self) {
        for (g, group) in self.spec.groups.clone().iter().enumerate() {
            let mut used = Vec::new();
            for measure in &group.measures {
                let place = self.spec.free.iter().position(|f| f.measure == *measure);
                let Some(j) = place else { continue };
                self.columns.push(Column::either());
                let b = self.columns.len() - 1;
                used.push((b, 1.0));
                let Free { low, high, .. } = self.spec.free[j];
                let high = high.min(self.potential[j]);
                // A measure that is not used has no least level.
                self.columns[j].low = 0.0;
                let least = if group.whole { high } else { low };
                let mut rows = vec![Row::at_least(vec![(j, -1.0), (b, high)], 0.0)];
                if least > 0.0 {
                    rows.push(Row::at_least(vec![(j, 1.0), (b, -least)], 0.0));
                }
                self.push_group(g, rows);
            }
            let count = group.count as f64;
            let most = used.iter().map(|(b, _)| (*b, -1.0)).collect();
            let mut rows = vec![Row::at_least(most, -count)];
            if group.exactly {
                rows.push(Row::at_least(used, count));
            }
            self.push_group(g, rows);
        }
    }

    fn push_group(&mut self, g: usize, rows: Vec<Row>) {
        self.rows.extend(rows.into_iter().map(|row| Named {
            what: What::Group(g),
            scale: 1.0,
            row,
        }));
    }

    /// The factor of each year's money: of the last year alone, or discounted to the first
    /// year in which a free measure acts; and that year's index.
    pub fn discounts(&self, sheets: &Sheets<'_>) -> (Vec<f64>, usize) {
        let span = sheets.plan.span();
        let money = |t: usize| sheets.account(Account::Cost, t);
        let Objective::Cost(Some(rate)) = self.spec.objective else {
            let mut last = vec![0.0; span];
            last[span - 1] = 1.0;
            return (last, span - 1);
        };
        let acts = |t: &usize| {
            let cost = money(*t).slopes;
            let mut levers = cost.iter().zip(&self.column_of);
            levers.any(|(slope, column)| *slope != 0.0 && column.is_some())
        };
        let first = (0..span).find(acts).unwrap_or(span - 1);
        let mut factors = vec![0.0; span];
        let mut factor = 1.0;
        for one in &mut factors[first..] {
            *one = factor;
            factor /= 1.0 + rate;
        }
        (factors, first)
    }

    fn objective(&mut self, sheets: &Sheets<'_>) {
        let (factors, _) = self.discounts(sheets);
        let mut money = Affine {
            constant: 0.0,
            slopes: vec![0.0; self.stated.len()],
        };
        for (t, factor) in factors.iter().enumerate() {
            if *factor != 0.0 {
                money = money.plus(*factor / MONEY, &sheets.account(Account::Cost, t));
            }
        }
        let levers = self.column_of.iter().flatten().count();
        self.money = vec![0.0; levers];
        self.money_fixed = 0.0;
        for (lever, slope) in money.slopes.iter().enumerate() {
            let measure = &sheets.plan.measures[sheets.owners()[lever]];
            match self.column_of[lever] {
                Some(j) => self.money[j] = *slope,
                None if measure.policy == jianpai_core::measure::Policy::New => {
                    self.money_fixed += slope * self.stated[lever];
                }
                None => {}
            }
        }
        let peak = matches!(self.spec.objective, Objective::Even).then(|| self.peak());
        let wide = |own: Vec<f64>| {
            let mut all = own;
            all.resize(self.columns.len(), 0.0);
            all
        };
        let money = wide(self.money.clone());
        let effort = wide(self.potential.iter().map(|p| 1.0 / p).collect());
        // At last the measure that stands first.
        let order = wide((1..=self.money.len()).map(|j| j as f64).collect());
        let (own, further) = match self.spec.objective {
            Objective::Cost(_) => (money, vec![effort, order]),
            Objective::Effort => (effort, vec![money, order]),
            Objective::Even => {
                let mut own = vec![0.0; self.columns.len()];
                if let Some(z) = peak {
                    own[z] = 1.0;
                }
                (own, vec![money, effort, order])
            }
        };
        for (column, cost) in self.columns.iter_mut().zip(&own) {
            column.cost = *cost;
        }
        self.further = further;
    }

    /// The column of the highest part of a potential, and its rows.
    fn peak(&mut self) -> usize {
        self.columns.push(Column::between(0.0, f64::INFINITY, 0.0));
        let z = self.columns.len() - 1;
        for (j, potential) in self.potential.iter().enumerate() {
            self.rows.push(Named {
                what: What::Peak,
                scale: 1.0,
                row: Row::at_least(vec![(z, 1.0), (j, -1.0 / potential)], 0.0),
            });
        }
        z
    }
}
