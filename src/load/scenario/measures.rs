//! Measures: the common keys, and the fields that the kind's table lists.

use super::decode::{by_year, one_of, share, unknown};
use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::quantity::{self, Dim};
use crate::tree::{Key, Node, Reader, TableNode};
use jianpai_core::catalogue::Catalogue;
use jianpai_core::dims::RegionId;
use jianpai_core::measure::ramp::Ramp;
use jianpai_core::measure::spec::{Field, FieldKind, KINDS, KindSpec, Role, kind};
use jianpai_core::measure::{Measure, Policy, Value};
use jianpai_core::text::Text;
use std::collections::BTreeMap;

/// Decodes `[measures.*]`.
pub(super) fn decode(
    catalogue: &Catalogue,
    region: RegionId,
    table: &TableNode,
    diags: &mut Diagnostics,
) -> Vec<Measure> {
    let entries = table.entries.iter();
    entries
        .filter_map(|(key, node)| measure(catalogue, region, key, node, diags))
        .collect()
}

fn measure(
    catalogue: &Catalogue,
    region: RegionId,
    key: &Key,
    node: &Node,
    diags: &mut Diagnostics,
) -> Option<Measure> {
    let table = node.table(diags)?;
    let mut reader = Reader::new(table, Text::same(format!("[measures.{}]", key.name)));
    let spec = reader
        .required("type")
        .and_then(|node| kind_of(node, reader.diags()));
    let (zh, en) = (reader.opt_string("name_zh"), reader.opt_string("name_en"));
    let policy = match reader.optional("policy") {
        None => Some(Policy::New),
        Some(node) => policy(node, reader.diags()),
    };
    let level = match reader.optional("level") {
        None => Some(1.0),
        Some(node) => level(node, reader.diags()),
    };
    let zone = match reader.optional("zone") {
        None => Some(None),
        Some(node) => zone(catalogue, region, node, reader.diags()).map(Some),
    };
    let ramp = ramp(&mut reader, key.span);
    let source = reader.opt_string("source").map(str::to_string);
    reader.optional("note");
    let Some(spec) = spec else {
        // Without a kind nothing can be said about the other keys.
        diags.extend(std::mem::take(reader.diags()));
        return None;
    };
    let values = fields(catalogue, spec, &mut reader, key.span);
    reader.finish(diags);
    let fallback = Text::new(spec.zh, spec.en);
    let name = Text::new(
        zh.unwrap_or(&fallback.zh),
        en.or(zh).unwrap_or(&fallback.en),
    );
    Some(Measure {
        id: key.name.clone(),
        name,
        kind: spec,
        policy: policy?,
        level: level?,
        ramp: ramp?,
        zone: zone?,
        values: values?,
        source,
    })
}

fn kind_of(node: &Node, diags: &mut Diagnostics) -> Option<&'static KindSpec> {
    let name = node.string(diags)?;
    let found = kind(name);
    if found.is_none() {
        let what = Text::new("措施类型", "type of measure");
        diags.push(unknown(
            &what,
            name,
            node.span,
            KINDS.iter().map(|kind| kind.id),
        ));
    }
    found
}

fn policy(node: &Node, diags: &mut Diagnostics) -> Option<Policy> {
    match node.string(diags)? {
        "new" => Some(Policy::New),
        "current" => Some(Policy::Current),
        other => {
            let what = Text::new("政策类别", "policy");
            diags.push(unknown(&what, other, node.span, ["new", "current"]));
            None
        }
    }
}

/// A level: not negative; above 100 % means more than planned.
fn level(node: &Node, diags: &mut Diagnostics) -> Option<f64> {
    let value = quantity::check(node, Dim::NONE, diags, "80 %")?;
    if value >= 0.0 {
        return Some(value);
    }
    let message = Text::new("执行程度不能为负", "a level cannot be negative");
    diags.push(Diagnostic::error("negative", message).label(node.span, Text::default()));
    None
}

fn zone(
    catalogue: &Catalogue,
    region: RegionId,
    node: &Node,
    diags: &mut Diagnostics,
) -> Option<RegionId> {
    let name = node.string(diags)?;
    let zones = || {
        let regions = catalogue.regions.iter();
        regions
            .filter(move |r| r.parent == Some(region))
            .map(|r| r.named.id.as_str())
    };
    if let Some(id) = catalogue.region(name)
        && catalogue.regions[id.at()].parent == Some(region)
    {
        return Some(id);
    }
    let here = &catalogue.regions[region.at()].named;
    let zones: Vec<&str> = zones().collect();
    let what = Text::new(
        format!("{}的分区", here.name.zh),
        format!("zone of {}", here.name.en),
    );
    let mut diagnostic = unknown(&what, name, node.span, zones.iter().copied());
    if zones.is_empty() {
        diagnostic = diagnostic.note(Text::new(
            "data/regions.csv 与 zones.csv 没有该地区的分区",
            "data/regions.csv and zones.csv list no zones of this region",
        ));
    }
    diags.push(diagnostic);
    None
}

/// The timetable: `points`, or `start` (and `end`) with `ramp`.
fn ramp(reader: &mut Reader<'_>, owner: Span) -> Option<Ramp> {
    let points = reader.optional("points");
    let start = reader.optional("start");
    let end = reader.optional("end");
    let shape = reader.optional("ramp");
    let newest = |nodes: &[Option<&Node>]| nodes.iter().flatten().map(|n| n.span.file).min();
    if let Some(points) = points {
        let other = newest(&[start, end, shape]);
        if other.is_some() && other <= Some(points.span.file) {
            let message = Text::new(
                "points 与 start、end、ramp 只能写一种",
                "give either points or start, end and ramp",
            );
            reader
                .push(Diagnostic::error("two-ramps", message).label(points.span, Text::default()));
            return None;
        }
        let table = points.table(reader.diags())?;
        return by_year(table, reader.diags(), share).map(Ramp::Points);
    }
    let Some(start) = start else {
        let message = Text::new(
            "缺少时间表：start、end 或 points",
            "no timetable: give start and end, or points",
        );
        let label = Text::new("没有时间表", "no timetable");
        reader.push(Diagnostic::error("missing-key", message).label(owner, label));
        return None;
    };
    let first = year(start, reader.diags())?;
    let last = end.and_then(|node| year(node, reader.diags()));
    let word = match shape {
        None => "linear",
        Some(node) => node.string(reader.diags())?,
    };
    match (word, last) {
        ("step", _) => Some(Ramp::Step { year: first }),
        ("linear" | "s-curve", None) => {
            let message = Text::new(
                "缺少 end：全部实施的年份",
                "`end` is missing: the year fully in force",
            );
            reader
                .push(Diagnostic::error("missing-key", message).label(start.span, Text::default()));
            None
        }
        ("linear" | "s-curve", Some(last)) if last < first => {
            let message = Text::new(
                format!("end {last} 早于 start {first}"),
                format!("end {last} comes before start {first}"),
            );
            let span = end.map_or(start.span, |node| node.span);
            reader.push(Diagnostic::error("year-order", message).label(span, Text::default()));
            None
        }
        ("linear", Some(last)) => Some(Ramp::Linear {
            start: first,
            end: last,
        }),
        ("s-curve", Some(last)) => Some(Ramp::SCurve {
            start: first,
            end: last,
        }),
        (other, _) => {
            let span = shape.map_or(owner, |node| node.span);
            let what = Text::new("时间曲线", "ramp");
            reader.push(unknown(&what, other, span, ["linear", "s-curve", "step"]));
            None
        }
    }
}

fn year(node: &Node, diags: &mut Diagnostics) -> Option<i32> {
    let year = node.integer(diags)?;
    if (2000..=2200).contains(&year) {
        return i32::try_from(year).ok();
    }
    let message = Text::new(
        format!("`{year}` 不是年份"),
        format!("`{year}` is not a year"),
    );
    diags.push(Diagnostic::error("year", message).label(node.span, Text::default()));
    None
}

/// The fields of a kind: all of its required ones, exactly one extent.
fn fields(
    catalogue: &Catalogue,
    spec: &'static KindSpec,
    reader: &mut Reader<'_>,
    owner: Span,
) -> Option<BTreeMap<&'static str, Value>> {
    let mut values = BTreeMap::new();
    let mut complete = true;
    let mut extents = Vec::new();
    for field in spec.fields {
        let node = match field.role {
            Role::Required => {
                let node = reader.required(field.key);
                complete &= node.is_some();
                node
            }
            Role::Optional => reader.optional(field.key),
            Role::Extent => {
                extents.push((field.key, reader.optional(field.key)));
                None
            }
        };
        if let Some(node) = node {
            match value(catalogue, field, node, reader.diags()) {
                Some(value) => {
                    values.insert(field.key, value);
                }
                None => complete = false,
            }
        }
    }
    let (key, node) = one_of(&extents, owner, reader.diags())?;
    let field = spec.fields.iter().find(|field| field.key == key)?;
    let extent = value(catalogue, field, node, reader.diags())?;
    values.insert(field.key, extent);
    complete.then_some(values)
}

/// The unit in which the model takes a field, with an example.
fn unit(kind: FieldKind) -> Option<(&'static str, Dim, &'static str)> {
    Some(match kind {
        FieldKind::Mass => ("t", Dim::MASS, "300 万t"),
        FieldKind::Households => ("households", Dim::HOUSEHOLD, "100 万户"),
        FieldKind::SteamCapacity => ("t/h", Dim::MASS_PER_TIME, "35 t/h"),
        FieldKind::Items => ("台", Dim::ITEM, "1410 台"),
        FieldKind::Power => ("MW", Dim::POWER, "600 MW"),
        FieldKind::Electricity => ("kWh", Dim::ENERGY, "120 亿kWh"),
        FieldKind::Hours => ("h", Dim::TIME, "4000 h"),
        FieldKind::Vehicles => ("vehicles", Dim::VEHICLE, "5 万辆"),
        FieldKind::Persons => ("persons", Dim::PERSON, "100 万人"),
        FieldKind::Flow => ("m3/d", Dim::VOLUME_PER_TIME, "50 万m3/d"),
        FieldKind::FreightWork => ("t km", Dim::FREIGHT, "5000 万t km"),
        FieldKind::Heads => ("头", Dim::HEAD, "200 万头"),
        _ => return None,
    })
}

/// Reads one field.
fn value(
    catalogue: &Catalogue,
    field: &Field,
    node: &Node,
    diags: &mut Diagnostics,
) -> Option<Value> {
    if let Some((unit, dim, example)) = unit(field.kind) {
        let amount = quantity::check(node, dim, diags, example)?;
        let (scale, _) = quantity::parse_unit(unit).ok()?;
        if amount < 0.0 {
            let message = Text::new("不能为负", "cannot be negative");
            diags.push(Diagnostic::error("negative", message).label(node.span, Text::default()));
            return None;
        }
        return Some(Value::Number(amount / scale));
    }
    match field.kind {
        FieldKind::Share => share(node, diags).map(Value::Number),
        FieldKind::Growth => quantity::check(node, Dim::NONE, diags, "25 %").map(Value::Number),
        FieldKind::Coal => coal(node, catalogue, diags).map(Value::Number),
        FieldKind::Year => year(node, diags).map(Value::Year),
        FieldKind::Word(words) => {
            let word = node.string(diags)?;
            if words.contains(&word) {
                return Some(Value::Word(word.to_string()));
            }
            let what = Text::new(
                format!("`{}` 取值", field.key),
                format!("value of `{}`", field.key),
            );
            diags.push(unknown(&what, word, node.span, words.iter().copied()));
            None
        }
        FieldKind::Service => {
            let name = service(catalogue, node, diags)?;
            Some(Value::Word(name))
        }
        FieldKind::Services => list(node, diags, |node, diags| service(catalogue, node, diags)),
        FieldKind::Technologies => list(node, diags, |node, diags| {
            node.string(diags).map(str::to_string)
        }),
        FieldKind::Mix => mix(node, diags),
        _ => None,
    }
}

fn service(catalogue: &Catalogue, node: &Node, diags: &mut Diagnostics) -> Option<String> {
    let name = node.string(diags)?;
    if catalogue.service(name).is_some() {
        return Some(name.to_string());
    }
    let known = catalogue.services.iter().map(|s| s.named.id.as_str());
    diags.push(unknown(
        &Text::new("活动", "service"),
        name,
        node.span,
        known,
    ));
    None
}

fn list(
    node: &Node,
    diags: &mut Diagnostics,
    item: impl Fn(&Node, &mut Diagnostics) -> Option<String>,
) -> Option<Value> {
    let nodes = node.array(diags)?;
    let items: Vec<Option<String>> = nodes.iter().map(|node| item(node, diags)).collect();
    if items.is_empty() {
        let message = Text::new("至少写一项", "name at least one");
        diags.push(Diagnostic::error("empty-list", message).label(node.span, Text::default()));
        return None;
    }
    items
        .into_iter()
        .collect::<Option<Vec<String>>>()
        .map(Value::Words)
}

/// `{ gas = "60 %", district = "40 %" }`: shares that sum to 100 %.
fn mix(node: &Node, diags: &mut Diagnostics) -> Option<Value> {
    let table = node.table(diags)?;
    let mut parts = Vec::new();
    let mut complete = true;
    for (key, node) in &table.entries {
        match share(node, diags) {
            Some(part) => parts.push((key.name.clone(), part)),
            None => complete = false,
        }
    }
    let sum: f64 = parts.iter().map(|(_, part)| part).sum();
    if complete && (sum - 1.0).abs() > 1e-9 {
        let percent = sum * 100.0;
        let message = Text::new(
            format!("各项合计应为 100 %，这里是 {percent:.4} %"),
            format!("the shares must sum to 100 %, these sum to {percent:.4} %"),
        );
        let span = if table.entries.is_empty() {
            node.span
        } else {
            table.span
        };
        diags.push(
            Diagnostic::error("mix-sum", message)
                .label(span, Text::new("合计不是 100 %", "does not sum to 100 %")),
        );
        return None;
    }
    complete.then_some(Value::Mix(parts))
}

/// Coal as a mass of raw coal or as coal equivalent, in tce.
pub(super) fn coal(node: &Node, catalogue: &Catalogue, diags: &mut Diagnostics) -> Option<f64> {
    if let crate::tree::Value::String(text) = &node.value
        && let Ok(parsed) = quantity::parse(text)
        && parsed.dim == Dim::MASS
        && let Some(per_t) = catalogue.parameter("tce-per-t-coal")
    {
        return Some(parsed.value * per_t); // t · tce/t
    }
    quantity::check(node, Dim::ENERGY, diags, "13000 万吨标准煤")
}
