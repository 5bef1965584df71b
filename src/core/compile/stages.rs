//! The stages of compiling, one after the other.

use super::claims::over_claims;
use super::error::PlanError;
use super::{anchor, cut, lay_out, outside};
use crate::catalogue::Catalogue;
use crate::plan::Plan;
use crate::scenario::Scenario;

/// Compiles `scenario`; the errors are those of the first stage that has any.
pub(super) fn all(catalogue: &Catalogue, scenario: &Scenario) -> Result<Plan, Vec<PlanError>> {
    let mut plan = lay_out::lay_out(catalogue, scenario)?;
    let mut errors = over_claims(&plan, &plan.stated_levels());
    errors.extend(anchor::join(catalogue, scenario, &mut plan));
    outside::settle(scenario, &mut plan);
    if errors.is_empty() {
        Ok(cut::to_base(plan))
    } else {
        Err(errors)
    }
}
