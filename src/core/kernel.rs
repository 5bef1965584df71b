//! The arithmetic of a run: one draw of levels and growth through a compiled plan.
//!
//! A single run, a sweep and everything else call these functions; no other
//! place computes an emission.

use crate::plan::Plan;

/// One point of a design: the levels of the measures and what growth is added.
#[derive(Clone, Debug, PartialEq)]
pub struct Draw {
    /// Level x of each measure.
    pub levels: Vec<f64>,
    /// Added to the yearly growth of each driver after its last recorded year (fraction).
    pub growth_shift: Vec<f64>,
}

impl Draw {
    /// The scenario as stated.
    pub fn stated(plan: &Plan) -> Self {
        Self {
            levels: plan.stated_levels(),
            growth_shift: vec![0.0; plan.growth.len()],
        }
    }
}

/// What a run gives, by account and year.
#[derive(Clone, Debug, PartialEq)]
pub struct Trajectory {
    /// Demand by service and year.
    pub demand: Vec<Vec<f64>>,
    /// GDP index, base year = 1.
    pub gdp: Vec<f64>,
    /// Σ_v D[v,t] · base[v,q]: what growth alone gives; accounts × years.
    pub frozen: Vec<f64>,
    /// Change by measure: measures × accounts × years (negative where it reduces).
    pub change: Vec<f64>,
    /// Added by the join to observed values; accounts × years.
    pub join: Vec<f64>,
    /// The result; accounts × years.
    pub total: Vec<f64>,
}

impl Trajectory {
    /// The run as modelled, not joined to observed values.
    #[must_use]
    pub fn unjoined(mut self) -> Self {
        for (total, join) in self.total.iter_mut().zip(&mut self.join) {
            *total -= *join;
            *join = 0.0;
        }
        self
    }
}

/// Π (1 + g): the index of a growth path, 1 in the first year.
pub fn index(growth: &[f64]) -> Vec<f64> {
    let mut level = 1.0;
    growth
        .iter()
        .enumerate()
        .map(|(t, g)| {
            if t > 0 {
                level *= 1.0 + g;
            }
            level
        })
        .collect()
}

/// D[v,t] = D[v,b] · Π (1 + ε·g) · (1 − a), in units of each service.
pub fn demand(plan: &Plan, growth: &[Vec<f64>]) -> Vec<Vec<f64>> {
    (0..plan.demand.len())
        .map(|v| {
            let path = &growth[plan.driver[v].at()];
            let mut level = plan.demand[v];
            let step = |(t, g): (usize, &f64)| {
                if t > 0 {
                    level *= (1.0 + plan.elasticity[v] * g) * (1.0 - plan.saving[v]);
                }
                level
            };
            path.iter().enumerate().map(step).collect()
        })
        .collect()
}

/// The growth paths of a draw.
pub fn growth(plan: &Plan, draw: &Draw) -> Vec<Vec<f64>> {
    let shifted = plan.growth.iter().enumerate().map(|(d, path)| {
        let step = |(t, g): (usize, &f64)| {
            let projected = plan.years[t] > plan.recorded_until[d];
            g + if projected { draw.growth_shift[d] } else { 0.0 }
        };
        path.iter().enumerate().map(step).collect()
    });
    shifted.collect()
}

/// One account by year, before the join to observed values.
pub fn account(plan: &Plan, levels: &[f64], demand: &[Vec<f64>], q: usize) -> Vec<f64> {
    let (width, span) = (plan.accounts.len(), plan.span());
    let mut total = vec![0.0; span];
    for (v, path) in demand.iter().enumerate() {
        for (cell, amount) in total.iter_mut().zip(path) {
            *cell += amount * plan.base[v * width + q]; // units · t/unit = t
        }
    }
    for term in &plan.terms {
        let path = &demand[term.service.at()];
        for (t, cell) in total.iter_mut().enumerate() {
            *cell += levels[term.measure] * path[t] * term.change[q * span + t];
        }
    }
    total
}

/// Runs one draw.
pub fn run(plan: &Plan, draw: &Draw) -> Trajectory {
    let growth = growth(plan, draw);
    let demand = demand(plan, &growth);
    let (width, span) = (plan.accounts.len(), plan.span());
    let cells = width * span;
    let mut result = Trajectory {
        gdp: index(&growth[plan.gdp.at()]),
        frozen: vec![0.0; cells],
        change: vec![0.0; plan.measures.len() * cells],
        join: vec![0.0; cells],
        total: vec![0.0; cells],
        demand,
    };
    for (v, path) in result.demand.iter().enumerate() {
        for q in 0..width {
            let per_unit = plan.base[v * width + q];
            for (t, amount) in path.iter().enumerate() {
                result.frozen[q * span + t] += amount * per_unit; // units · t/unit = t
            }
        }
    }
    for term in &plan.terms {
        let path = &result.demand[term.service.at()];
        let level = draw.levels[term.measure];
        let change = &mut result.change[term.measure * cells..][..cells];
        for (cell, (i, per_unit)) in change.iter_mut().zip(term.change.iter().enumerate()) {
            *cell += level * path[i % span] * per_unit; // units · t/unit = t
        }
    }
    for i in 0..cells {
        let changes = (0..plan.measures.len()).map(|m| result.change[m * cells + i]);
        let modelled = result.frozen[i] + changes.sum::<f64>();
        result.join[i] = (plan.ratio[i] - 1.0) * modelled + plan.offset[i];
        result.total[i] = modelled + result.join[i];
    }
    result
}

/// Whether a run is joined to observed values.
///
/// The scenario itself is; what would have been without its measures is not, so
/// that base + growth increment stays the run of growth alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Join {
    /// It is.
    Observed,
    /// It stands as modelled.
    Modelled,
}

/// One account by service and year. What an offset adds belongs to no service and
/// stands in the last row.
pub fn by_service(
    plan: &Plan,
    levels: &[f64],
    demand: &[Vec<f64>],
    q: usize,
    join: Join,
) -> Vec<Vec<f64>> {
    let (width, span) = (plan.accounts.len(), plan.span());
    let mut rows: Vec<Vec<f64>> = demand
        .iter()
        .enumerate()
        .map(|(v, path)| {
            path.iter()
                .map(|amount| amount * plan.base[v * width + q])
                .collect()
        })
        .collect();
    for term in &plan.terms {
        let path = &demand[term.service.at()];
        for (t, cell) in rows[term.service.at()].iter_mut().enumerate() {
            *cell += levels[term.measure] * path[t] * term.change[q * span + t];
        }
    }
    if join == Join::Modelled {
        return rows;
    }
    for row in &mut rows {
        for (t, cell) in row.iter_mut().enumerate() {
            *cell *= plan.ratio[q * span + t];
        }
    }
    rows.push(plan.offset[q * span..(q + 1) * span].to_vec());
    rows
}
