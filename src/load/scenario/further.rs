//! What else is wrong in a scenario that cannot run: so that one pass tells everything
//! that does not follow from something told already.

use super::problems::explain;
use super::{Draft, Loaded};
use crate::diag::{Diagnostic, FileId};
use crate::tree::{TableNode, Value};
use jianpai_core::catalogue::Catalogue;
use jianpai_core::compile::{PlanError, compile};
use jianpai_core::dims::{DriverId, RegionId};
use jianpai_core::measure::spec::Role;

/// What compiling a draft brings to light.
///
/// Without a region, what holds in every region is told; a measure that could not be
/// read whole is asked about the keys that could be.
pub(super) fn find(
    catalogue: &Catalogue,
    draft: &Draft,
    tree: &TableNode,
    inputs: &[FileId],
) -> Vec<Diagnostic> {
    let Some(region) = draft.region else {
        let all = (0..catalogue.regions.len()).map(RegionId::from_usize);
        let all = all.filter(|id| catalogue.world(*id).is_some());
        let mut common: Option<Vec<Diagnostic>> = None;
        for region in all {
            let here = in_region(catalogue, draft, region, tree, inputs);
            common = Some(match common {
                None => here,
                Some(found) => found.into_iter().filter(|x| here.contains(x)).collect(),
            });
            if common.as_ref().is_some_and(Vec::is_empty) {
                break;
            }
        }
        return common.unwrap_or_default();
    };
    in_region(catalogue, draft, region, tree, inputs)
}

fn in_region(
    catalogue: &Catalogue,
    draft: &Draft,
    region: RegionId,
    tree: &TableNode,
    inputs: &[FileId],
) -> Vec<Diagnostic> {
    let mut scenario = draft.scenario.clone();
    if draft.region.is_none() {
        scenario.region = region;
        let base = scenario.base_year;
        let world = catalogue.world(region).map(|world| world.from_base(base));
        scenario.world = world.unwrap_or(scenario.world);
    }
    let readable = draft.reads.iter().filter(|read| {
        let fields = read.measure.kind.fields.iter();
        let mut needed = fields.filter(|field| field.role == Role::Required);
        needed.all(|field| !read.faulty.contains(&field.key))
    });
    scenario.measures = readable.map(|read| read.measure.clone()).collect();
    let whole = draft.reads.iter().all(|read| read.faulty.is_empty())
        && draft.reads.len() == entries(tree, "measures")
        && !tree.torn;
    let mut unknown_growth = tree.torn;
    for d in 0..catalogue.drivers.len() {
        // Any growth will do where none is given: it is asked about no amounts then.
        let path = scenario.growth.entry(DriverId::from_usize(d)).or_default();
        unknown_growth |= path.is_empty();
        if path.first().is_none_or(|(from, _)| *from != i32::MIN) {
            path.insert(0, (i32::MIN, 0.0));
        }
    }
    scenario.observed.clear();
    let errors = compile(catalogue, &scenario).err().unwrap_or_default();
    let told = |error: &&PlanError| match error {
        PlanError::Measure { measure, problem } => {
            let mut reads = draft.reads.iter();
            let read = reads.find(|read| read.measure.id == *measure);
            let key = problem.key.split('.').next().unwrap_or_default();
            // Of a measure that is not whole, only what stands at a sound key.
            read.is_some_and(|read| {
                read.faulty.is_empty() || (!key.is_empty() && !read.faulty.contains(&key))
            })
        }
        PlanError::OverClaim { .. } => whole && !unknown_growth && draft.region.is_some(),
        PlanError::NothingLeft(_) => draft.region.is_some(),
        _ => false,
    };
    let loaded = Loaded {
        called: None,
        grown: None,
        scenario: scenario.clone(),
        tree: tree.clone(),
        replaced: false,
        inputs: inputs.to_vec(),
        overrides: Vec::new(),
    };
    let errors = errors.iter().filter(told);
    errors
        .map(|error| explain(catalogue, &loaded, error))
        .collect()
}

/// How many entries a part of the file has.
fn entries(tree: &TableNode, part: &str) -> usize {
    match tree.get(part).map(|node| &node.value) {
        Some(Value::Table(table)) => table.entries.len(),
        _ => 0,
    }
}
