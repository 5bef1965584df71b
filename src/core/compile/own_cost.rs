//! The cost that a measure states itself, laid on what it moves; the equation stands in
//! [`crate::measure::own_cost`].

use crate::catalogue::{Account, Catalogue};
use crate::measure::own_cost::{OwnCost, Per, Rate};
use crate::measure::{Compiled, Measure, Problem};
use crate::plan::{Plan, demand};
use crate::price::annuity;
use crate::text::Text;

/// What is wrong with a cost by the unit of a service that the measure does not move.
pub(super) fn misfit(
    catalogue: &Catalogue,
    measure: &Measure,
    found: &Compiled,
) -> Option<Problem> {
    let cost = measure.cost.as_ref()?;
    let rates = [("cost", &cost.yearly), ("capital", &cost.capital)];
    let mut moved = found.shifts.iter().map(|shift| shift.service);
    rates.into_iter().find_map(|(key, rate)| {
        let Per::Service(fits) = &rate.as_ref()?.per else {
            return None;
        };
        let other = moved.find(|v| fits.iter().all(|(fit, _)| fit != v))?;
        let service = &catalogue.services[other.at()];
        let text = Text::new(
            format!(
                "`{key}` 的单位与本措施作用的“{}”（{}）不合",
                service.named.name.zh, service.unit
            ),
            format!(
                "the unit of `{key}` does not fit {} ({}), which this measure moves",
                service.named.name.en, service.unit
            ),
        );
        Some(Problem::new(key, text).with_help(Text::new(
            "改为整项措施的金额，如 \"3 亿元\"",
            "give it for the whole measure, like \"3e8 CNY\"",
        )))
    })
}

/// Puts the stated cost of measure `m` in the place of what its technologies cost: on the
/// first service that it moves, per unit of demand.
pub(super) fn lay(catalogue: &Catalogue, plan: &mut Plan, m: usize, measure: &Measure) {
    let (Some(cost), Some(q)) = (&measure.cost, plan.account(Account::Cost)) else {
        return;
    };
    let demand = demand::demand(plan, &plan.growth);
    let yuan = by_year(catalogue, plan, &demand, (m, measure), cost);
    let mut left = Some(yuan);
    for term in plan.terms.iter_mut().filter(|term| term.measure == m) {
        let served = &demand[term.service.at()];
        let here = left.take();
        for (t, cell) in term.change.row_mut(q).iter_mut().enumerate() {
            // yuan / units of service; of a service that is not demanded nothing is moved
            let yuan = here.as_ref().map(|yuan| yuan[t]);
            *cell = yuan
                .filter(|_| served[t] > 0.0)
                .map_or(0.0, |y| y / served[t]);
        }
    }
    plan.measures[m].cost_known = true;
    plan.measures[m].cost_stated = true;
}

/// ΔC[m,t] by year: yuan in prices of the plan, at level 1.
fn by_year(
    catalogue: &Catalogue,
    plan: &Plan,
    demand: &[Vec<f64>],
    (m, measure): (usize, &Measure),
    cost: &OwnCost,
) -> Vec<f64> {
    let rate = catalogue.parameter("discount-rate").unwrap_or_default();
    let crf = annuity(rate, cost.life);
    let stated = cost.price_year.unwrap_or(plan.price_year);
    // The reader has seen that the index holds both years.
    let prices = catalogue.prices.factor(stated, plan.price_year);
    let prices = prices.unwrap_or(1.0);
    let shifts = &plan.measures[m].shifts;
    let of = |rate: &Option<Rate>, t: usize| -> f64 {
        let Some(Rate { value, per }) = rate else {
            return 0.0;
        };
        let force = measure.ramp.at(plan.years[t]);
        let amount = match per {
            Per::Whole => force,
            Per::Extent(key) => measure.number(key).unwrap_or_default() * force,
            Per::Service(fits) => shifts
                .iter()
                .map(|shift| {
                    let fit = fits.iter().find(|(v, _)| *v == shift.service);
                    let units = fit.map_or(0.0, |(_, units)| *units);
                    demand[shift.service.at()][t] * shift.amount[t] * units
                })
                .sum(),
        };
        value * amount
    };
    let year = |t: usize| (of(&cost.yearly, t) + of(&cost.capital, t) * crf) * prices;
    (0..plan.span()).map(year).collect()
}
