//! What a measure does in one region otherwise than elsewhere.
//!
//! A file for several regions states a measure once, at one pace, and under `regions` what
//! is known of single ones:
//!
//! ```toml
//! [measures.homes]
//! type = "scattered-coal-replacement"
//! share = "38.7 %"
//! start = 2017
//! end = 2020
//! record_of = "china"             # whose record that is
//! [measures.homes.regions.hebei]  # in Hebei this, the rest as above
//! share = "63.8 %"
//! source = "…"
//! ```
//!
//! The keys of the region take the place of the measure's own; a timetable takes the place
//! of a timetable and an amount of an amount, however either is said. What the measure then
//! does follows the record of the region itself. A file that extends this one and states
//! the amount or the timetable anew has the last word, in every region.

use super::names::{self, unknown};
use crate::diag::{Diagnostic, Diagnostics, FileId, Span};
use crate::tree::{Key, Node, TableNode, Value};
use jianpai_core::catalogue::Catalogue;
use jianpai_core::dims::RegionId;
use jianpai_core::measure::spec::{KINDS, Role, kind};
use jianpai_core::text::Text;

/// The key of what regions do otherwise.
pub(super) const REGIONS: &str = "regions";
/// The key of whose record a measure follows.
pub(super) const RECORD: &str = "record_of";
/// Keys that say what a measure is, one for all regions.
const ONE: [&str; 5] = ["type", "policy", "zone", RECORD, REGIONS];
/// Keys of which a region's own timetable takes the place.
const TIMETABLE: [&str; 4] = ["start", "end", "ramp", "points"];

/// A measure as it stands in a region other than that of the scenario: nothing follows from
/// it here, but it is checked.
#[derive(Clone, Debug)]
pub(super) struct Elsewhere {
    /// The measure.
    pub(super) key: Key,
    /// It with what the region does otherwise.
    pub(super) node: Node,
    /// Where that is said.
    pub(super) places: Vec<Span>,
}

/// Takes `regions` out of every measure of `tree`, with what `region` does otherwise put in
/// the place of the measure's own; what other regions do is returned.
pub(super) fn settle(
    catalogue: &Catalogue,
    tree: &mut TableNode,
    region: Option<RegionId>,
    diags: &mut Diagnostics,
) -> Vec<Elsewhere> {
    let mut elsewhere = Vec::new();
    let measures = tree.entries.iter_mut();
    let Some((_, measures)) = measures.into_iter().find(|(key, _)| key.name == "measures") else {
        return elsewhere;
    };
    let Value::Table(measures) = &mut measures.value else {
        return elsewhere;
    };
    for (key, node) in &mut measures.entries {
        let whole = node.clone();
        let Value::Table(table) = &mut node.value else {
            continue;
        };
        forget(table);
        let place = table
            .entries
            .iter()
            .position(|(key, _)| key.name == REGIONS);
        let Some(place) = place else {
            continue;
        };
        let (_, regions) = table.entries.remove(place);
        let plain = table.clone();
        let Some(regions) = regions.table(diags) else {
            continue;
        };
        for (name, own) in &regions.entries {
            let Some(there) = known(catalogue, name, diags) else {
                continue;
            };
            let Some(own) = own.table(diags) else {
                continue;
            };
            let own = allowed(own, diags);
            let merged = over(&plain, name, &own);
            if Some(there) == region {
                *table = merged;
                continue;
            }
            elsewhere.push(Elsewhere {
                key: key.clone(),
                node: Node {
                    value: Value::Table(merged),
                    ..whole.clone()
                },
                places: own
                    .entries
                    .iter()
                    .map(|(key, node)| key.span.to(node.span))
                    .collect(),
            });
        }
    }
    elsewhere
}

/// The region of a scenario as the file names it, if there is one of that name.
pub(super) fn of_file(catalogue: &Catalogue, tree: &TableNode) -> Option<RegionId> {
    let Value::Table(head) = &tree.get("scenario")?.value else {
        return None;
    };
    match &head.get("region")?.value {
        Value::String(name) => catalogue.region(name),
        _ => None,
    }
}

fn known(catalogue: &Catalogue, name: &Key, diags: &mut Diagnostics) -> Option<RegionId> {
    let found = catalogue.region(&name.name);
    if found.is_none() {
        let what = Text::new("地区", "region");
        let known = names::regions(catalogue);
        let list = Some("regions");
        diags.push(unknown(&what, &name.name, name.span, &known, list));
    }
    found
}

/// What a region may do otherwise: how much and when, not what the measure is.
fn allowed(own: &TableNode, diags: &mut Diagnostics) -> TableNode {
    let mut kept = own.clone();
    kept.entries.retain(|(key, _)| {
        let one = ONE.contains(&key.name.as_str());
        if one {
            let message = Text::new(
                format!("`{}` 说明措施本身，各地相同", key.name),
                format!(
                    "`{}` says what the measure is: it is one for all regions",
                    key.name
                ),
            );
            diags.push(
                Diagnostic::error("not-by-region", message)
                    .label(key.span, Text::new("不分地区", "not by region"))
                    .help(Text::new(
                        "各地可以不同的是量、时间表、执行程度、去向和出处；另一类措施请另写一项",
                        "regions differ in amount, timetable, level, mix and source; write another \
                         measure for what is of another kind",
                    )),
            );
        }
        !one
    });
    kept
}

/// The ways to say how much a measure of a type moves.
fn extents(table: &TableNode) -> Vec<&'static str> {
    let spec = match table.get("type").map(|node| &node.value) {
        Some(Value::String(name)) => kind(name),
        _ => None,
    };
    let kinds = KINDS
        .iter()
        .filter(|one| spec.is_none_or(|spec| spec.id == one.id));
    kinds
        .flat_map(|kind| kind.fields)
        .filter(|field| field.role == Role::Extent)
        .map(|field| field.key)
        .collect()
}

/// The file nearest to the one that is run that gives one of `keys`.
fn newest(table: &TableNode, keys: &[&str]) -> Option<FileId> {
    let given = keys.iter().filter_map(|key| table.get(key));
    given.map(|node| node.span.file).min()
}

/// Takes out whose record a measure follows where a file nearer to the one that is run
/// states its amount or timetable anew.
fn forget(table: &mut TableNode) {
    let stated = [extents(table).as_slice(), &TIMETABLE].concat();
    let record = newest(table, &[RECORD]);
    if let (Some(stated), Some(record)) = (newest(table, &stated), record)
        && stated < record
    {
        table.entries.retain(|(key, _)| key.name != RECORD);
    }
}

/// `plain` with what a region does otherwise, which is its own record. What a file that
/// extends the one of the region's states for itself stands.
fn over(plain: &TableNode, name: &Key, own: &TableNode) -> TableNode {
    let extents = extents(plain);
    let group = |key: &str| -> Vec<String> {
        let all = [extents.as_slice(), TIMETABLE.as_slice()];
        let alike = all.into_iter().find(|group| group.contains(&key));
        match alike {
            Some(group) => group.iter().map(|key| (*key).to_string()).collect(),
            None => vec![key.to_string()],
        }
    };
    let stands = |key: &str| {
        let keys = group(key);
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        match (newest(plain, &keys), newest(own, &keys)) {
            (Some(stated), Some(of_region)) => stated < of_region,
            _ => false,
        }
    };
    let entries = own.entries.iter();
    let (kept, counts): (Vec<_>, Vec<_>) = entries.partition(|(key, _)| stands(&key.name));
    let mut merged = plain.clone();
    merged.entries.retain(|(key, _)| {
        let mut alike = counts.iter().map(|(own, _)| group(&own.name));
        key.name != RECORD && !alike.any(|group| group.contains(&key.name))
    });
    merged.entries.extend(counts.into_iter().cloned());
    if kept.is_empty() {
        let key = Key {
            name: RECORD.to_string(),
            span: name.span,
            near: None,
        };
        let record = Node {
            span: name.span,
            value: Value::String(name.name.clone()),
        };
        merged.entries.push((key, record));
    }
    merged
}
