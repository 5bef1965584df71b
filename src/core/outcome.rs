//! What a run says in a planner's terms: indicators, balances, verdicts.
//!
//! ```text
//! base + growth + Σ_m change[m] + join = total          by account and year, exact
//! gross reduction = −Σ_{m new} change[m]                what projects are held to, unless
//!                                                       a ledger lists them
//! ```
//!
//! Indicators follow from accounts as [`crate::indicator`] says. Growth alone and current
//! policy are runs of their own, not joined to observed values.

use crate::catalogue::{Account, Catalogue};
use crate::dims::IndicatorId;
use crate::indicator::Per;
use crate::kernel::{self, Draw};
use crate::measure::Policy;
use crate::plan::Plan;
use crate::scenario::Scenario;
use crate::target::{Verdict, counts, judge};

/// A finished run of a scenario.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The years.
    pub years: Vec<i32>,
    /// The run with all measures.
    pub run: kernel::Trajectory,
    /// Indicator values by indicator and year, with all measures.
    pub indicators: Vec<Vec<f64>>,
    /// The same without any measure and not joined to observed values: growth alone.
    pub frozen: Vec<Vec<f64>>,
    /// The same with current policy only, not joined either.
    pub current: Vec<Vec<f64>>,
    /// The verdict on each target of the scenario; `None` if it cannot be judged.
    pub verdicts: Vec<Option<Verdict>>,
}

/// One line of a balance.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// Base-year emission.
    Base,
    /// What growth alone adds.
    Growth,
    /// What one measure changes: its index in the plan.
    Measure(usize),
    /// The join to observed values.
    Join,
    /// The result.
    Total,
}

/// The official balance of one account: base + growth + Σ measures + join = total.
#[derive(Clone, Debug)]
pub struct Balance {
    /// The account.
    pub account: Account,
    /// The year.
    pub year: i32,
    /// Its lines, in order.
    pub lines: Vec<(Item, f64)>,
}

/// Runs a compiled scenario as stated.
pub fn run(catalogue: &Catalogue, scenario: &Scenario, plan: &Plan) -> Outcome {
    let stated = Draw::stated(plan);
    let result = kernel::run(plan, &stated);
    let with = |keep: &dyn Fn(usize) -> bool| {
        let mut draw = stated.clone();
        for (m, level) in draw.levels.iter_mut().enumerate() {
            if !keep(m) {
                *level = 0.0;
            }
        }
        indicators(catalogue, plan, &kernel::run(plan, &draw).unjoined())
    };
    let frozen = with(&|_| false);
    let current = with(&|m| plan.measures[m].policy == Policy::Current);
    let indicators = indicators(catalogue, plan, &result);
    let verdicts = scenario.targets.iter().map(|target| {
        let i = target.indicator.at();
        let gross = match scenario.ledger_of(catalogue, target) {
            Some((ledger, pollutant)) => ledger.by_year(pollutant, &plan.years),
            None => gross_reduction(catalogue, plan, &result, target.indicator),
        };
        judge(target, &plan.years, &indicators[i], &gross)
    });
    let verdicts = verdicts.collect();
    Outcome {
        years: plan.years.clone(),
        run: result,
        indicators,
        frozen,
        current,
        verdicts,
    }
}

/// Indicator values by indicator and year.
pub fn indicators(
    catalogue: &Catalogue,
    plan: &Plan,
    result: &kernel::Trajectory,
) -> Vec<Vec<f64>> {
    let ids = (0..catalogue.indicators.len()).map(IndicatorId::from_usize);
    ids.map(|i| indicator(catalogue, plan, result, i)).collect()
}

/// One indicator by year: t, tce, an index (base year = 1) or a fraction.
fn indicator(
    catalogue: &Catalogue,
    plan: &Plan,
    result: &kernel::Trajectory,
    id: IndicatorId,
) -> Vec<f64> {
    let span = plan.span();
    let values = match plan.account(catalogue.account_of(id)) {
        Some(q) => result.total.row(q).to_vec(),
        None => vec![0.0; span],
    };
    let per = catalogue.indicators[id.at()].kind.per();
    match per {
        Per::Nothing => values,
        Per::Gdp | Per::ValueAdded => {
            let base = values[0];
            let index = |(value, gdp): (&f64, &f64)| {
                // Where there was nothing, there is no index: targets on it cannot be judged.
                if counts(base) {
                    value / base / gdp
                } else {
                    0.0
                }
            };
            let indices = result.index_of(per).unwrap_or_default();
            values.iter().zip(indices).map(index).collect()
        }
        Per::Demand(service) => {
            let demand = &result.demand[service.at()];
            let share = |(a, d): (&f64, &f64)| if *d > 0.0 { a / d } else { 0.0 };
            values.iter().zip(demand).map(share).collect()
        }
        Per::Account(whole) => {
            let own = plan.account(catalogue.account_of(id));
            let known = own.is_some_and(|q| plan.outside_of(q).is_some());
            let Some(energy) = plan.account(whole).filter(|_| known) else {
                return vec![0.0; span];
            };
            let energy = result.total.row(energy);
            let share = |(n, e): (&f64, &f64)| if *e > 0.0 { n / e } else { 0.0 };
            values.iter().zip(energy).map(share).collect()
        }
    }
}

/// The gross reduction by new measures in an indicator that is an amount (t or tce, by
/// year); what current policy does is no project.
fn gross_reduction(
    catalogue: &Catalogue,
    plan: &Plan,
    result: &kernel::Trajectory,
    id: IndicatorId,
) -> Vec<f64> {
    let span = plan.span();
    let amount = catalogue.indicators[id.at()].kind.amount();
    let Some(q) = amount.and_then(|account| plan.account(account)) else {
        return vec![0.0; span];
    };
    let at = |t: usize| -> f64 {
        let new = |m: &usize| plan.measures[*m].policy == Policy::New;
        (0..plan.measures.len())
            .filter(new)
            .map(|m| -result.change.at(m, q, t))
            .sum()
    };
    (0..span).map(at).collect()
}

/// The balance of `account` in the year at index `t`.
pub fn balance(
    plan: &Plan,
    result: &kernel::Trajectory,
    account: Account,
    t: usize,
) -> Option<Balance> {
    let q = plan.account(account)?;
    let frozen = result.frozen.row(q);
    let mut lines = vec![
        (Item::Base, frozen[0]),
        (Item::Growth, frozen[t] - frozen[0]),
    ];
    let measures = 0..plan.measures.len();
    lines.extend(measures.map(|m| (Item::Measure(m), result.change.at(m, q, t))));
    lines.push((Item::Join, result.join.at(q, t)));
    lines.push((Item::Total, result.total.at(q, t)));
    Some(Balance {
        account,
        year: plan.years[t],
        lines,
    })
}
