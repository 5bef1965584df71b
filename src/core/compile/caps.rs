//! Coal caps, laid out on top of all other measures.
//!
//! ```text
//! cap     = stated amount, or coal[b] · (1 − reduction)      b: `base_year`, or the last
//!                                                            end of a five-year plan
//!                                                            before the cap begins
//! part[t] = max(0, coal[t] − cap) / takes[t]                 coal: after all other measures
//! ```
//!
//! `takes` is what all technologies on coal use (see [`crate::measure::coal_cap`]), so that
//! the cap is met exactly whatever the other measures do to the use of electricity.

use super::error::PlanError;
use super::fill::unit_of;
use super::reference::{apply, context};
use crate::catalogue::{Account, Catalogue};
use crate::kernel;
use crate::measure::{CoalUse, Compiled, Measure, Problem, Room, Shift, coal_cap};
use crate::plan::Plan;
use crate::scenario::Scenario;
use crate::text::Text;
use nalgebra::DMatrix;

/// Lays out the coal caps on top of all other measures at their stated levels.
pub(super) fn caps(
    catalogue: &Catalogue,
    scenario: &Scenario,
    plan: &Plan,
    (demand, base_shares): (&[Vec<f64>], &[Vec<f64>]),
    compiled: &[(usize, Compiled)],
    embodied: &[DMatrix<f64>],
) -> Result<Vec<(usize, Compiled)>, Vec<PlanError>> {
    let mut caps = Vec::new();
    // Each would be laid out as if the others were not there.
    if let Some(second) = scenario.measures.iter().filter(|m| m.kind.is_cap()).nth(1) {
        let text = Text::new("只能有一项煤炭总量控制", "there can be only one coal cap");
        let problem = Problem::new("type", text).with_help(Text::new(
            "合并为一项，写较严的上限",
            "join them into one with the tighter cap",
        ));
        return Err(vec![PlanError::Measure {
            measure: second.id.clone(),
            problem,
        }]);
    }
    for (m, measure) in scenario
        .measures
        .iter()
        .enumerate()
        .filter(|(_, m)| m.kind.is_cap())
    {
        let Some(q) = plan.account(Account::Coal) else {
            continue;
        };
        let coal = kernel::account(plan, &plan.stated_levels(), q);
        let fail = |problem: Problem| PlanError::Measure {
            measure: measure.id.clone(),
            problem,
        };
        let cap =
            coal_cap_of(measure, &coal, &plan.years).map_err(|problem| vec![fail(problem)])?;
        let others: Vec<(usize, &[Shift])> = compiled
            .iter()
            .map(|(m, c)| (*m, c.shifts.as_slice()))
            .collect();
        let shares = apply(base_shares, scenario, &others);
        let room = Room::default();
        let bases = (demand, base_shares);
        let ctx = context(catalogue, scenario, plan, bases, &room);
        let coal = CoalUse {
            total: &coal,
            each: &|k, t| unit_of(catalogue, plan, measure.policy, embodied, (k, q, t)),
            cap,
        };
        let shifts = coal_cap(&ctx, measure, &shares, coal);
        let shifts = shifts.map_err(|problem| vec![fail(problem)])?;
        let notices = if shifts.is_empty() {
            vec![Text::new(
                "其他措施之后用煤已不超过上限，本措施不起作用",
                "no effect: coal use is below the cap already",
            )]
        } else {
            Vec::new()
        };
        caps.push((m, Compiled { shifts, notices }));
    }
    Ok(caps)
}

/// The limit on coal use (tce) that a coal cap states: an amount, or a reduction on the
/// use of an earlier year as all other measures leave it (`coal`, by year).
///
/// # Errors
/// The measure states neither, or counts from a year in which it cannot.
pub fn coal_cap_of(measure: &Measure, coal: &[f64], years: &[i32]) -> Result<f64, Problem> {
    if let Some(cap) = measure.number("cap") {
        return Ok(cap);
    }
    let Some(reduction) = measure.number("reduction") else {
        let text = Text::new(
            "没有说明上限",
            "does not say how much: give one of cap, reduction",
        );
        return Err(Problem::new("", text));
    };
    let (first, start) = (years[0], measure.ramp.start());
    let Some(year) = measure.year("base_year") else {
        let base = measure.counts_from().unwrap_or(first).max(first);
        let t = years.iter().position(|y| *y == base).unwrap_or(0);
        return Ok(coal[t] * (1.0 - reduction));
    };
    let last = years[years.len() - 1];
    let before = start.map_or(last, |start| last.min(start - 1));
    let found = years.iter().position(|y| *y == year);
    let found = found.filter(|t| years[*t] <= before);
    let t = found.ok_or_else(|| {
        Problem::new(
            "base_year",
            Text::new(
                format!("{year} 年不能作基准年：应在 {first}—{before} 年，即措施开始以前"),
                format!(
                    "{year} cannot be the base year: it lies between {first} and {before}, before the measure begins"
                ),
            ),
        )
        .with_help(Text::new(
            format!("不写 base_year 则从 {} 年算起", measure.counts_from().unwrap_or(first)),
            format!(
                "without `base_year` it counts from {}",
                measure.counts_from().unwrap_or(first)
            ),
        ))
    })?;
    Ok(coal[t] * (1.0 - reduction))
}
