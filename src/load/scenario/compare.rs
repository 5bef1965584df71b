//! The inputs in which two scenarios differ, after inheritance, with the text and
//! the place of each.
//!
//! Values are compared, not texts: `15 %` and `0.15` are no difference, nor are names,
//! descriptions, sources, tracked targets or `[sweep]`, which no result depends on.

use super::Loaded;
use super::problems::sub_table;
use crate::diag::Span;
use crate::tree::{Node, TableNode, Value};
use jianpai_core::catalogue::Catalogue;
use jianpai_core::difference::inputs::{self, changed, measure_fields, same_target};
use jianpai_core::difference::{Side, comparable};
use jianpai_core::measure::ramp::Ramp;
use jianpai_core::measure::{Measure, Policy};
use jianpai_core::plan::Plan;
use jianpai_core::scenario::{Harmonise, Scenario};
use jianpai_core::target::{Demand, Target};
use jianpai_core::text::Text;

/// The part of a scenario that an input belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// `[scenario]`.
    Head,
    /// `[growth]`.
    Growth,
    /// `[elasticity]`.
    Elasticity,
    /// `[measures.*]`.
    Measure,
    /// `[targets.*]`.
    Target,
    /// `[observed.*]`.
    Observed,
}

/// What one of the two says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The value as written, or what stands in for it.
    pub text: Text,
    /// Where; `None` for a default, a record or an official target.
    pub span: Option<Span>,
}

/// One input that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputDifference {
    /// Its part of the file.
    pub part: Part,
    /// Its id: a measure, driver, service, target or key.
    pub id: String,
    /// Its name.
    pub name: Text,
    /// The field; empty where the whole entry is there in one of the two alone.
    pub field: &'static str,
    /// What A says; `None` if A has no such entry.
    pub a: Option<Said>,
    /// What B says; `None` if B has no such entry.
    pub b: Option<Said>,
}

/// A loaded scenario and its plan.
type Both<'a> = (&'a Loaded, &'a Plan);

/// Every input that differs, in the order of the files.
pub fn compare(catalogue: &Catalogue, a: Both<'_>, b: Both<'_>) -> Vec<InputDifference> {
    let mut found = Vec::new();
    head(catalogue, (a.0, b.0), &mut found);
    found.extend(ledgers(a.0, b.0));
    if comparable(&a.0.scenario, &b.0.scenario) {
        demand(catalogue, a, b, &mut found);
    }
    measures(catalogue, (a.0, b.0), &mut found);
    targets(catalogue, (a.0, b.0), &mut found);
    observed(catalogue, (a.0, b.0), &mut found);
    found
}

/// A value as written, on one line.
fn written(node: &Node) -> String {
    match &node.value {
        Value::String(text) => text.clone(),
        Value::Integer(value) => value.to_string(),
        Value::Float(value) => value.to_string(),
        Value::Bool(value) => value.to_string(),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(written).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Table(table) => {
            let entries: Vec<String> = table
                .entries
                .iter()
                .map(|(key, node)| format!("{} = {}", key.name, written(node)))
                .collect();
            format!("{{ {} }}", entries.join(", "))
        }
        Value::Unread => String::new(),
    }
}

/// The value of `key`, or `default` where it is not written.
fn said(table: Option<&TableNode>, key: &str, default: Text) -> Said {
    match table.and_then(|table| table.get(key)) {
        Some(node) => Said {
            text: Text::same(written(node)),
            span: Some(node.span),
        },
        None => Said {
            text: default,
            span: None,
        },
    }
}

/// An entry of a part, `[measures.rail]`.
fn entry<'t>(loaded: &'t Loaded, part: &str, id: &str) -> Option<&'t TableNode> {
    match &sub_table(&loaded.tree, part)?.get(id)?.value {
        Value::Table(table) => Some(table),
        _ => None,
    }
}

/// An entry that is there in one of the two alone: `text` says what it is.
fn whole(loaded: &Loaded, part: &str, id: &str, text: String) -> Said {
    let key = sub_table(&loaded.tree, part).and_then(|table| table.get_key(id));
    Said {
        text: Text::same(text),
        span: key.map(|key| key.span),
    }
}

fn none() -> Text {
    Text::new("未写", "not given")
}

/// The ledgers of projects, where they do not list the same.
fn ledgers(a: &Loaded, b: &Loaded) -> Option<InputDifference> {
    let listed = |loaded: &Loaded| loaded.scenario.ledger.as_ref().map(|l| l.projects.clone());
    let side = |loaded: &Loaded| Some(said(sub_table(&loaded.tree, "ledger"), "file", none()));
    (listed(a) != listed(b)).then(|| InputDifference {
        part: Part::Head,
        id: "ledger".to_string(),
        name: Text::new("重点工程台账", "ledger of projects"),
        field: "file",
        a: side(a),
        b: side(b),
    })
}

fn head(catalogue: &Catalogue, (a, b): (&Loaded, &Loaded), found: &mut Vec<InputDifference>) {
    let (x, y) = (&a.scenario, &b.scenario);
    let mut push = |field: &'static str, name: Text, default: &dyn Fn(&Scenario) -> Text| {
        let side = |loaded: &Loaded| {
            let table = sub_table(&loaded.tree, "scenario");
            let mut said = said(table, field, default(&loaded.scenario));
            if field == "region" && loaded.replaced {
                said = Said {
                    text: default(&loaded.scenario),
                    span: None,
                };
            }
            said
        };
        found.push(InputDifference {
            part: Part::Head,
            id: field.to_string(),
            name,
            field,
            a: Some(side(a)),
            b: Some(side(b)),
        });
    };
    if x.region != y.region {
        let region = |s: &Scenario| Text::same(catalogue.regions[s.region.at()].named.id.clone());
        push("region", Text::new("地区", "region"), &region);
    }
    if x.end_year != y.end_year {
        let year = |s: &Scenario| Text::same(s.end_year.to_string());
        push("end_year", Text::new("末年", "last year"), &year);
    }
    if x.price_year != y.price_year {
        let year = |s: &Scenario| Text::same(s.price_year.to_string());
        push("price_year", Text::new("价格年份", "year of prices"), &year);
    }
    if x.region == y.region && !inputs::same_inventories(x, y) {
        let built_in = |_: &Scenario| Text::new("程序自带", "built in");
        push("inventory", Text::new("基年清单", "inventory"), &built_in);
    }
    let joined = !x.observed.is_empty() && !y.observed.is_empty();
    if joined && x.harmonise != y.harmonise {
        let way = |s: &Scenario| {
            Text::same(match s.harmonise {
                Harmonise::Ratio => "ratio",
                Harmonise::Offset => "offset",
            })
        };
        push("harmonise", Text::new("衔接方式", "way of joining"), &way);
    }
}

fn demand(catalogue: &Catalogue, a: Both<'_>, b: Both<'_>, found: &mut Vec<InputDifference>) {
    let (growth_a, growth_b) = (
        sub_table(&a.0.tree, "growth"),
        sub_table(&b.0.tree, "growth"),
    );
    let elastic_a = sub_table(&a.0.tree, "elasticity");
    let elastic_b = sub_table(&b.0.tree, "elasticity");
    let changed = changed(
        Side {
            scenario: &a.0.scenario,
            plan: a.1,
        },
        Side {
            scenario: &b.0.scenario,
            plan: b.1,
        },
    );
    for driver in &changed.drivers {
        let named = &catalogue.drivers[driver.at()];
        let record = || Text::new("记录", "the record");
        found.push(InputDifference {
            part: Part::Growth,
            id: named.id.clone(),
            name: named.name.clone(),
            field: "growth",
            a: Some(said(growth_a, &named.id, record())),
            b: Some(said(growth_b, &named.id, record())),
        });
    }
    for service in &changed.elasticities {
        let service = &catalogue.services[service.at()];
        let data = service.elasticity.value;
        let default = || Text::new(format!("{data}（数据）"), format!("{data} (data)"));
        found.push(InputDifference {
            part: Part::Elasticity,
            id: service.named.id.clone(),
            name: service.named.name.clone(),
            field: "elasticity",
            a: Some(said(elastic_a, &service.named.id, default())),
            b: Some(said(elastic_b, &service.named.id, default())),
        });
    }
}

fn measures(catalogue: &Catalogue, (a, b): (&Loaded, &Loaded), found: &mut Vec<InputDifference>) {
    let find = |loaded: &'_ Loaded, id: &str| -> Option<Measure> {
        let all = loaded.scenario.measures.iter();
        all.clone().find(|m| m.id == id).cloned()
    };
    let mut push = |measure: &Measure, field: &'static str, a: Option<Said>, b: Option<Said>| {
        found.push(InputDifference {
            part: Part::Measure,
            id: measure.id.clone(),
            name: measure.name.clone(),
            field,
            a,
            b,
        });
    };
    let alone = |loaded: &Loaded, measure: &Measure| {
        let kind = measure.kind.id.to_string();
        Some(whole(loaded, "measures", &measure.id, kind))
    };
    for x in &a.scenario.measures {
        let Some(y) = find(b, &x.id) else {
            push(x, "", alone(a, x), None);
            continue;
        };
        for field in measure_fields(x, &y) {
            let (said_a, said_b) = (
                field_said(catalogue, a, x, field),
                field_said(catalogue, b, &y, field),
            );
            push(x, field, Some(said_a), Some(said_b));
        }
    }
    for y in &b.scenario.measures {
        if find(a, &y.id).is_none() {
            push(y, "", None, alone(b, y));
        }
    }
}

/// What a measure says in one field.
fn field_said(
    catalogue: &Catalogue,
    loaded: &Loaded,
    measure: &Measure,
    field: &'static str,
) -> Said {
    let table = entry(loaded, "measures", &measure.id);
    match field {
        "timetable" => timetable(table, &measure.ramp),
        "policy" => {
            let default = match measure.policy {
                Policy::New => "new",
                Policy::Current => "current",
            };
            said(table, field, Text::same(default))
        }
        "level" => said(table, field, Text::same("100 %")),
        "zone" => {
            let zone = measure
                .zone
                .map(|z| catalogue.regions[z.at()].named.id.clone());
            let default = zone.map_or(Text::new("全地区", "the whole region"), Text::same);
            said(table, field, default)
        }
        "type" => said(table, field, Text::same(measure.kind.id)),
        // A child's extent stands in place of its parent's, which the tree still has.
        _ if !measure.values.contains_key(field) => Said {
            text: none(),
            span: None,
        },
        _ => said(table, field, none()),
    }
}

/// The keys of a timetable on one line.
fn timetable(table: Option<&TableNode>, ramp: &Ramp) -> Said {
    let (ramp, at): (&Ramp, &[&str]) = match ramp {
        Ramp::Mean(ends) => (ends, &["at"]),
        other => (other, &[]),
    };
    let keys: &[&str] = match ramp {
        Ramp::Points(_) | Ramp::Mean(_) => &["points"],
        Ramp::Step { .. } => &["start", "ramp"],
        Ramp::Linear { .. } | Ramp::SCurve { .. } => &["start", "end", "ramp"],
    };
    let keys: Vec<&str> = keys.iter().chain(at).copied().collect();
    let nodes: Vec<(&str, &Node)> = keys
        .iter()
        .filter_map(|key| Some((*key, table?.get(key)?)))
        .collect();
    let parts: Vec<String> = nodes
        .iter()
        .map(|(key, node)| format!("{key} = {}", written(node)))
        .collect();
    // The newest file (the lowest number) is the one that changed it.
    let place = nodes.iter().map(|(_, node)| node.span);
    Said {
        text: Text::same(parts.join(", ")),
        span: place.min_by_key(|span| span.file),
    }
}

fn targets(catalogue: &Catalogue, (a, b): (&Loaded, &Loaded), found: &mut Vec<InputDifference>) {
    let mut push = |target: &Target, a: Option<Said>, b: Option<Said>, field: &'static str| {
        let indicator = &catalogue.indicators[target.indicator.at()].named.name;
        found.push(InputDifference {
            part: Part::Target,
            id: target.id.clone(),
            name: target.name.clone().unwrap_or_else(|| indicator.clone()),
            field,
            a,
            b,
        });
    };
    let side = |loaded: &Loaded, target: &Target| {
        let table = entry(loaded, "targets", &target.id);
        Some(match table {
            Some(_) => whole(
                loaded,
                "targets",
                &target.id,
                asked(catalogue, table, target),
            ),
            None => Said {
                text: Text::same(asked(catalogue, None, target)),
                span: None,
            },
        })
    };
    let (x, y) = (&a.scenario.targets, &b.scenario.targets);
    for target in x {
        match y.iter().find(|other| other.id == target.id) {
            None => push(target, side(a, target), None, ""),
            Some(other) if !same_target(target, other) => {
                push(target, side(a, target), side(b, other), "demand");
            }
            Some(_) => {}
        }
    }
    for target in y {
        if !x.iter().any(|other| other.id == target.id) {
            push(target, None, side(b, target), "");
        }
    }
}

/// What a target asks, on one line: `SO2 2020 reduction 15 % (2015)`.
fn asked(catalogue: &Catalogue, table: Option<&TableNode>, target: &Target) -> String {
    let indicator = &catalogue.indicators[target.indicator.at()].named.id;
    let (key, value, base) = match target.demand {
        Demand::Reduction { wanted, base_year } => ("reduction", wanted, Some(base_year)),
        Demand::Project { wanted, base_year } => ("project", wanted, Some(base_year)),
        Demand::Cumulative { limit, from } => ("cumulative", limit, Some(from)),
        Demand::Cap(limit) => ("cap", limit, None),
        Demand::Floor(limit) => ("floor", limit, None),
    };
    let amount = match table.and_then(|table| table.get(key)) {
        Some(node) => written(node),
        None if key == "reduction" => format!("{} %", (value * 1e6).round() / 1e4),
        None => format!("{value}"),
    };
    let base = base.map_or(String::new(), |year| format!(" ({year})"));
    format!("{indicator} {} {key} {amount}{base}", target.year)
}

fn observed(catalogue: &Catalogue, (a, b): (&Loaded, &Loaded), found: &mut Vec<InputDifference>) {
    let all = |loaded: &Loaded| -> Vec<(usize, i32, f64, Said)> {
        let table = sub_table(&loaded.tree, "observed");
        let entries = table
            .map(|table| table.entries.as_slice())
            .unwrap_or_default();
        let pairs = loaded.scenario.observed.iter().zip(entries);
        pairs
            .map(|(o, (key, node))| {
                let text = match &node.value {
                    Value::Table(table) => table.get("reduction").map(|cut| {
                        let base = table.get("base_year").map(written);
                        let base = base.map_or(String::new(), |year| format!(" ({year})"));
                        written(cut) + &base
                    }),
                    _ => None,
                };
                let said = Said {
                    text: Text::same(text.unwrap_or_default()),
                    span: Some(key.span),
                };
                (o.indicator.at(), o.year, o.reduction, said)
            })
            .collect()
    };
    let (x, y) = (all(a), all(b));
    let mut keys: Vec<(usize, i32)> = x.iter().chain(&y).map(|o| (o.0, o.1)).collect();
    keys.sort_unstable();
    keys.dedup();
    for (indicator, year) in keys {
        let find = |all: &[(usize, i32, f64, Said)]| {
            let found = all.iter().find(|o| (o.0, o.1) == (indicator, year));
            found.map(|o| (o.2, o.3.clone()))
        };
        let (left, right) = (find(&x), find(&y));
        if let (Some(left), Some(right)) = (&left, &right)
            && inputs::same(left.0, right.0)
        {
            continue;
        }
        let named = &catalogue.indicators[indicator].named;
        let field = if left.is_some() && right.is_some() {
            "reduction"
        } else {
            ""
        };
        found.push(InputDifference {
            part: Part::Observed,
            id: format!("{}-{year}", named.id),
            name: named.name.clone(),
            field,
            a: left.map(|(_, said)| said),
            b: right.map(|(_, said)| said),
        });
    }
}
