//! What measures are laid out against: shares after other measures, and what a unit of
//! each service causes at those shares.

use crate::catalogue::{Account, Catalogue};
use crate::linked;
use crate::measure::source::move_shares;
use crate::measure::{Context, Room, Shift};
use crate::plan::Plan;
use crate::scenario::Scenario;
use nalgebra::DMatrix;

/// What the compilers of measures see: demand and `reference` shares are by service or
/// technology and year.
pub(super) fn context<'a>(
    catalogue: &'a Catalogue,
    scenario: &'a Scenario,
    plan: &'a Plan,
    (demand, reference): (&'a [Vec<f64>], &'a [Vec<f64>]),
    room: &'a Room,
) -> Context<'a> {
    Context {
        catalogue,
        world: &scenario.world,
        base: &plan.base_year,
        years: &plan.years,
        demand,
        growth: &plan.growth,
        reference,
        room,
    }
}

/// Shares by technology and year after `shifts` at their stated levels.
pub(super) fn apply(
    shares: &[Vec<f64>],
    scenario: &Scenario,
    shifts: &[(usize, &[Shift])],
) -> Vec<Vec<f64>> {
    moved(shares, scenario, shifts, |shift| &shift.amount)
}

/// The same as official accounting credits them.
pub(super) fn apply_credited(
    shares: &[Vec<f64>],
    scenario: &Scenario,
    shifts: &[(usize, &[Shift])],
) -> Vec<Vec<f64>> {
    moved(shares, scenario, shifts, |shift| &shift.credited)
}

fn moved(
    shares: &[Vec<f64>],
    scenario: &Scenario,
    shifts: &[(usize, &[Shift])],
    amount: fn(&Shift) -> &[f64],
) -> Vec<Vec<f64>> {
    let mut shares = shares.to_vec();
    for (m, shifts) in shifts {
        let level = scenario.measures[*m].level;
        for shift in *shifts {
            move_shares(&mut shares, (shift, amount(shift)), level);
        }
    }
    shares
}

/// φ by year: what a unit of each service causes in each account at reference shares.
pub(super) fn embodied(
    catalogue: &Catalogue,
    plan: &Plan,
    reference: &[Vec<f64>],
) -> Option<Vec<DMatrix<f64>>> {
    let (services, width) = (catalogue.services.len(), plan.accounts.len());
    (0..plan.span())
        .map(|t| {
            let mut links = DMatrix::zeros(services, services);
            let mut direct = DMatrix::zeros(services, width);
            for (k, technology) in catalogue.technologies.iter().enumerate() {
                let (v, share) = (technology.service.at(), reference[k][t]);
                for (w, used) in &technology.links {
                    links[(v, w.at())] += share * used.value;
                }
                for q in 0..width {
                    direct[(v, q)] += share * plan.base_year.coefficients.at(k, q);
                }
            }
            // A unit of a linked service is no activity of the share indicators.
            for (q, account) in plan.accounts.iter().enumerate() {
                if matches!(account, Account::Activity(_) | Account::Cost) {
                    direct.column_mut(q).fill(0.0);
                }
            }
            linked::embodied(&links, &direct)
        })
        .collect()
}
