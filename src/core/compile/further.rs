//! Everything that keeps a scenario from running, not only what the first stage of
//! compiling finds.
//!
//! What one stage finds is mended on a copy (a measure left out, growth of zero where
//! none is given), and the copy is compiled again: what comes to light then has
//! nothing to do with what was found before, unless it hangs on what was mended.

use super::error::PlanError;
use super::stages;
use crate::catalogue::Catalogue;
use crate::dims::ServiceId;
use crate::measure::Measure;
use crate::scenario::Scenario;

/// Compiling has no more stages than this that can find something.
const STAGES: usize = 6;

/// What was mended, which later findings may hang on.
#[derive(Default)]
struct Mended {
    dropped: Vec<Measure>,
    /// Demand is not that of the scenario.
    demand: bool,
}

/// The errors in `first` and those of the later stages that do not follow from them.
pub(super) fn all(
    catalogue: &Catalogue,
    scenario: &Scenario,
    first: Vec<PlanError>,
) -> Vec<PlanError> {
    let mut found = Vec::new();
    let mut copy = scenario.clone();
    let mut mended = Mended::default();
    let mut errors = first;
    for _ in 0..STAGES {
        errors.retain(|error| !follows(catalogue, &copy, &mended, error));
        let any = mend(catalogue, &mut copy, &mut mended, &errors);
        found.append(&mut errors);
        if !any {
            break;
        }
        match stages::all(catalogue, &copy) {
            Ok(_) => break,
            Err(next) => errors = next,
        }
    }
    found
}

/// Takes what is wrong out of the scenario; whether there was anything to take.
fn mend(
    catalogue: &Catalogue,
    copy: &mut Scenario,
    mended: &mut Mended,
    errors: &[PlanError],
) -> bool {
    let mut any = false;
    for error in errors {
        match error {
            PlanError::Unexplained(_) => {
                // The data's own base year can be explained.
                if let (Some(world), true) = (
                    catalogue.world(copy.region),
                    copy.inventory.take().is_some(),
                ) {
                    copy.world = world.from_base(copy.base_year);
                    copy.observed.clear();
                    any = true;
                }
            }
            PlanError::NoGrowth { driver, .. } => {
                copy.growth
                    .entry(*driver)
                    .or_default()
                    .insert(0, (i32::MIN, 0.0));
                mended.demand = true;
                any = true;
            }
            PlanError::NothingLeft(found) => {
                copy.elasticity.insert(found.service, 0.0);
                mended.demand = true;
                any = true;
            }
            PlanError::Measure { measure, .. } => {
                if let Some(at) = copy.measures.iter().position(|m| m.id == *measure) {
                    mended.dropped.push(copy.measures.remove(at));
                    any = true;
                }
            }
            PlanError::OverClaim { .. }
            | PlanError::CircularLinks
            | PlanError::Observation { .. } => {}
        }
    }
    any
}

/// Whether an error may follow from what was mended.
fn follows(catalogue: &Catalogue, copy: &Scenario, mended: &Mended, error: &PlanError) -> bool {
    let nothing = mended.dropped.is_empty() && !mended.demand;
    match error {
        PlanError::OverClaim {
            technology, claims, ..
        } if !nothing => {
            let service = catalogue.technologies[technology.at()].service;
            let touched = |m: &Measure| may_touch(catalogue, m, service);
            // A coal cap follows from everything else.
            let cap = |(id, _): &(String, f64)| {
                let mut measures = copy.measures.iter();
                measures.any(|m| m.id == *id && m.kind.is_cap())
            };
            mended.demand || mended.dropped.iter().any(touched) || claims.iter().any(cap)
        }
        // Whether a cap is within reach too; what it states itself is not in question.
        PlanError::Measure { measure, problem } if !nothing => {
            let mut measures = copy.measures.iter();
            let cap = measures.any(|m| m.id == *measure && m.kind.is_cap());
            cap && matches!(problem.key.as_str(), "cap" | "reduction")
        }
        _ => false,
    }
}

/// Whether a measure that could not be compiled may move shares of `service`.
fn may_touch(catalogue: &Catalogue, m: &Measure, service: ServiceId) -> bool {
    let id = catalogue.services[service.at()].named.id.as_str();
    let named = m.word("service").into_iter();
    let named: Vec<&str> = named
        .chain(
            m.words("services")
                .into_iter()
                .flatten()
                .map(String::as_str),
        )
        .collect();
    if !named.is_empty() {
        return named.contains(&id);
    }
    let own = m.kind.services;
    own.is_empty() || own.contains(&id)
}
