//! From a plan and a list of inputs to rows of coefficients.

use super::{Batch, FactorGroup, Group, Input, Monomial, Row, Segment, ShareCell};
use crate::catalogue::{Account, Catalogue};
use crate::dims::{ServiceId, TechnologyId};
use crate::kernel;
use crate::plan::Plan;
use std::collections::BTreeMap;

/// Coefficients of one cell: by group, then by monomial.
type Cell = BTreeMap<Option<usize>, BTreeMap<Key, f64>>;

/// A monomial in the order in which it is summed.
type Key = (Option<usize>, Option<usize>);

/// Compiles `plan` for draws of `inputs`.
///
/// `ranges` holds the least and greatest value that each input can take; it
/// decides which shares have to be watched. Accounts are those of the plan.
pub fn compile(
    catalogue: &Catalogue,
    plan: &Plan,
    inputs: &[Input],
    factors: &[FactorGroup],
    ranges: &[(f64, f64)],
) -> Batch {
    let groups = Groups::of(plan, inputs);
    let demand = kernel::demand(plan, &plan.growth);
    let level_input: Vec<Option<usize>> = (0..plan.measures.len())
        .map(|m| inputs.iter().position(|input| *input == Input::Level(m)))
        .collect();
    let builder = Builder {
        plan,
        inputs,
        factors,
        groups,
        demand,
        level_input,
    };
    let cells = builder.cells(catalogue);
    builder.finish(cells, ranges)
}

/// The demand groups of a plan under sampled growth.
struct Groups {
    all: Vec<Group>,
    of_service: Vec<Option<usize>>,
    gdp: Option<usize>,
}

impl Groups {
    fn of(plan: &Plan, inputs: &[Input]) -> Self {
        let mut all = Self {
            all: Vec::new(),
            of_service: Vec::new(),
            gdp: None,
        };
        for v in 0..plan.demand.len() {
            let growth = inputs
                .iter()
                .position(|input| *input == Input::Growth(plan.driver[v]));
            let service = Input::Elasticity(ServiceId::from_usize(v));
            let elasticity_input = inputs.iter().position(|input| *input == service);
            let touched = growth.is_some() || elasticity_input.is_some();
            let group = (touched && plan.demand[v] > 0.0).then(|| {
                all.add(
                    plan,
                    plan.driver[v].at(),
                    (growth, elasticity_input),
                    plan.elasticity[v],
                )
            });
            all.of_service.push(group);
        }
        let gdp = inputs
            .iter()
            .position(|input| *input == Input::Growth(plan.gdp));
        all.gdp = gdp.map(|_| all.add(plan, plan.gdp.at(), (gdp, None), 1.0));
        all
    }

    fn add(
        &mut self,
        plan: &Plan,
        driver: usize,
        (growth, elasticity_input): (Option<usize>, Option<usize>),
        elasticity: f64,
    ) -> usize {
        let projected = |year: &i32| *year > plan.recorded_until[driver];
        let group = Group {
            growth,
            elasticity_input,
            elasticity,
            path: plan.growth[driver].clone(),
            projected_from: plan.years.iter().position(projected).unwrap_or(plan.span()),
        };
        self.all
            .iter()
            .position(|other| *other == group)
            .unwrap_or_else(|| {
                self.all.push(group);
                self.all.len() - 1
            })
    }
}

struct Builder<'a> {
    plan: &'a Plan,
    inputs: &'a [Input],
    factors: &'a [FactorGroup],
    groups: Groups,
    demand: Vec<Vec<f64>>,
    level_input: Vec<Option<usize>>,
}

impl Builder<'_> {
    /// The coefficients of every cell, accounts × years.
    fn cells(&self, catalogue: &Catalogue) -> Vec<Cell> {
        let (width, span) = (self.plan.accounts.len(), self.plan.span());
        let mut cells: Vec<Cell> = vec![Cell::new(); width * span];
        for v in 0..self.demand.len() {
            let group = self.groups.of_service[v];
            for q in 0..width {
                // Costs are those of the measures: only differences mean something.
                if self.plan.accounts[q] == Account::Cost {
                    continue;
                }
                let per_unit = self.plan.base[v * width + q];
                for t in 0..span {
                    Self::add(
                        &mut cells[q * span + t],
                        group,
                        (None, None),
                        self.demand[v][t] * per_unit,
                    );
                }
            }
        }
        for term in &self.plan.terms {
            let v = term.service.at();
            let group = self.groups.of_service[v];
            let (level, scale) = self.level(term.measure);
            for q in 0..width {
                for t in 0..span {
                    let i = q * span + t;
                    let amount = self.demand[v][t] * term.change[i] * scale;
                    Self::add(&mut cells[i], group, (level, None), amount);
                }
            }
        }
        for h in 0..self.factors.len() {
            if let Some(input) = self.inputs.iter().position(|i| *i == Input::Factor(h)) {
                self.factor(catalogue, h, input, &mut cells);
            }
        }
        cells
    }

    /// The input of a measure's level, or the stated level where it is not sampled.
    fn level(&self, measure: usize) -> (Option<usize>, f64) {
        match self.level_input[measure] {
            Some(input) => (Some(input), 1.0),
            None => (None, self.plan.measures[measure].level),
        }
    }

    fn add(cell: &mut Cell, group: Option<usize>, key: Key, amount: f64) {
        if amount != 0.0 {
            *cell.entry(group).or_default().entry(key).or_insert(0.0) += amount;
        }
    }

    /// Adds `(f − 1) · (part of the cell that the group's factors make)`.
    ///
    /// The multiplier scales the direct emission of the technologies; what new
    /// measures cause through linked services keeps the factors of the reference.
    fn factor(&self, catalogue: &Catalogue, h: usize, input: usize, cells: &mut [Cell]) {
        let (plan, span) = (self.plan, self.plan.span());
        let width = plan.accounts.len();
        for &k in &self.factors[h].technologies {
            let v = catalogue.technologies[k.at()].service.at();
            let group = self.groups.of_service[v];
            for account in &self.factors[h].accounts {
                let Some(q) = plan.account(*account) else {
                    continue;
                };
                let per_unit = plan.base_year.coefficients[k.at() * width + q];
                if per_unit == 0.0 {
                    continue;
                }
                for t in 0..span {
                    let cell = &mut cells[q * span + t];
                    let mut part = |level: Option<usize>, share: f64| {
                        let amount = self.demand[v][t] * share * per_unit;
                        Self::add(cell, group, (level, Some(input)), amount);
                        Self::add(cell, group, (level, None), -amount);
                    };
                    part(None, plan.base_year.shares[k.at()]);
                    for (m, change) in self.share_changes(k) {
                        let (level, scale) = self.level(m);
                        part(level, change[t] * scale);
                    }
                }
            }
        }
    }

    fn share_changes(&self, k: TechnologyId) -> impl Iterator<Item = (usize, &[f64])> {
        let row = self.plan.shares.iter().find(|row| row.technology == k);
        row.into_iter()
            .flat_map(|row| row.changes.iter().map(|(m, c)| (*m, c.as_slice())))
    }

    /// Lays the cells out as rows, the join to observed years folded in.
    fn finish(self, cells: Vec<Cell>, ranges: &[(f64, f64)]) -> Batch {
        let plan = self.plan;
        let mut batch = Batch {
            inputs: self.inputs.to_vec(),
            accounts: plan.accounts.clone(),
            span: plan.span(),
            monomials: Vec::new(),
            groups: self.groups.all.clone(),
            gdp_group: self.groups.gdp,
            gdp: kernel::index(&plan.growth[plan.gdp.at()]),
            service_groups: self.groups.of_service.clone(),
            demand: self.demand.clone(),
            rows: Vec::with_capacity(cells.len()),
            wanted: vec![true; cells.len()],
            segments: Vec::new(),
            terms: Vec::new(),
            coefficients: Vec::new(),
            group_constants: Vec::new(),
            feasibility: self.feasibility(ranges),
        };
        for (i, cell) in cells.into_iter().enumerate() {
            let ratio = plan.ratio[i];
            let mut row = Row {
                constant: plan.offset[i],
                segments: (batch.segments.len(), 0),
            };
            for (group, entries) in cell {
                let start = batch.coefficients.len();
                let mut constant = 0.0;
                for ((level, factor), amount) in entries {
                    if amount == 0.0 {
                        continue;
                    }
                    if (level, factor) == (None, None) {
                        constant = amount * ratio;
                        continue;
                    }
                    batch
                        .terms
                        .push(monomial(&mut batch.monomials, Monomial { level, factor }));
                    batch.coefficients.push(amount * ratio);
                }
                let end = batch.coefficients.len();
                if group.is_none() {
                    row.constant += constant;
                    constant = 0.0;
                }
                if group.is_some() || end > start {
                    batch.segments.push(Segment { group, start, end });
                    batch.group_constants.push(constant);
                }
            }
            row.segments.1 = batch.segments.len();
            batch.rows.push(row);
        }
        batch
    }

    /// Shares that the ranges of the sampled levels could push below zero.
    fn feasibility(&self, ranges: &[(f64, f64)]) -> Vec<ShareCell> {
        let mut watched = Vec::new();
        for row in self.plan.shares.iter().chain(&self.plan.zone_shares) {
            for t in 0..self.plan.span() {
                let mut cell = ShareCell {
                    technology: row.technology,
                    year: t,
                    constant: row.base,
                    changes: Vec::new(),
                };
                let mut least = 0.0;
                for (m, change) in &row.changes {
                    match self.level_input[*m] {
                        None => cell.constant += self.plan.measures[*m].level * change[t],
                        Some(input) if change[t] != 0.0 => {
                            let (low, high) = ranges[input];
                            least += (low * change[t]).min(high * change[t]);
                            cell.changes.push((input, change[t]));
                        }
                        Some(_) => {}
                    }
                }
                if !cell.changes.is_empty() && cell.constant + least < 0.0 {
                    watched.push(cell);
                }
            }
        }
        watched
    }
}

/// The subscript of a monomial, added if new.
fn monomial(all: &mut Vec<Monomial>, wanted: Monomial) -> u32 {
    let position = all.iter().position(|m| *m == wanted).unwrap_or_else(|| {
        all.push(wanted);
        all.len() - 1
    });
    u32::try_from(position).unwrap_or(u32::MAX)
}
