//! Measures: the common keys, and the fields that the kind's table lists
//! ([`jianpai_core::measure::spec::KINDS`]), read by what each field holds. Kinds
//! are not named here.

use super::beyond;
use super::fields::{no_capacity, not_negative, one_of_like};
use super::head::Head;
use super::names::{self, Known, unknown};
use super::percent::{change, level, part, share};
use super::regional::Elsewhere;
use super::{own_cost, timetable};
use crate::diag::{Diagnostic, Diagnostics, Files, Span};
use crate::quantity::{self, Dim};
use crate::tree::{Key, Node, Reader, TableNode, Value as NodeValue};
use jianpai_core::catalogue::{Catalogue, Level, Region};
use jianpai_core::dims::RegionId;
use jianpai_core::measure::common::COMMON;
use jianpai_core::measure::ramp::Ramp;
use jianpai_core::measure::spec::{Field, FieldKind, KINDS, KindSpec, Role, kind};
use jianpai_core::measure::{Measure, Policy, Value};
use jianpai_core::text::Text;
use std::collections::BTreeMap;

/// A measure as far as it could be read.
#[derive(Clone, Debug)]
pub(super) struct Read {
    /// The measure, with something in place of what could not be read.
    pub(super) measure: Measure,
    /// The keys that are missing or could not be read, as has been said.
    pub(super) faulty: Vec<&'static str>,
}

/// Decodes `[measures.*]`.
pub(super) fn decode(
    bases: (&Catalogue, &Files, &Head),
    table: &TableNode,
    diags: &mut Diagnostics,
) -> Vec<Read> {
    let entries = table.entries.iter();
    entries
        .filter_map(|(key, node)| measure(bases, key, node, diags))
        .collect()
}

/// Reports what is wrong with what measures are in other regions, where only that is at
/// fault.
pub(super) fn check_elsewhere(
    bases: (&Catalogue, &Files, &Head),
    elsewhere: &[Elsewhere],
    diags: &mut Diagnostics,
) {
    for own in elsewhere {
        let mut found = Diagnostics::default();
        measure(bases, &own.key, &own.node, &mut found);
        let inside = |span: Span| {
            let mut places = own.places.iter();
            places.any(|p| p.file == span.file && p.start <= span.start && span.end <= p.end)
        };
        let theirs = |one: &&Diagnostic| one.labels.first().is_some_and(|at| inside(at.span));
        diags.extend(found.iter().filter(theirs).cloned());
    }
}

fn measure(
    (catalogue, files, head): (&Catalogue, &Files, &Head),
    key: &Key,
    node: &Node,
    diags: &mut Diagnostics,
) -> Option<Read> {
    let table = node.table(diags)?;
    if let Some(outside) = outside_model(catalogue, key, table) {
        diags.push(outside);
        return None;
    }
    let mut reader = Reader::new(table, Text::same(format!("[measures.{}]", key.name)));
    let every = KINDS.iter().flat_map(|kind| kind.fields);
    reader.expect(["type"]);
    reader.synonyms([
        ("kind", "type"),
        ("measure", "type"),
        ("title", "name_zh"),
        ("name", "name_zh"),
    ]);
    reader.expect(COMMON.iter().map(|common| common.key));
    reader.expect(every.map(|field| field.key));
    let spec = reader
        .required("type")
        .and_then(|node| kind_of(catalogue, node, reader.diags()));
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
        Some(node) => zone(catalogue, head.region, node, reader.diags()).map(Some),
    };
    // What happens anyway brings the record to a later base year; what is new comes after it.
    let after = match policy {
        Some(Policy::New) => head.base_year,
        _ => catalogue.base_year,
    };
    let ramp = timetable::read(&mut reader, key.span, (after, catalogue.base_year), spec);
    let cost = own_cost::Keys::of(&mut reader);
    let record = reader.optional("record_of");
    let record_of = record.and_then(|node| recorded(catalogue, node, reader.diags()));
    let source = reader.opt_string("source").map(str::to_string);
    reader.optional("note");
    let Some(spec) = spec else {
        // Without a kind nothing can be said about the other keys, but that some kind has them.
        for field in KINDS.iter().flat_map(|kind| kind.fields) {
            reader.optional(field.key);
        }
        reader.hint(Text::new(
            "先写 type；各类措施可用的键见 jianpai list measures",
            "give `type` first; jianpai list measures has the keys of each",
        ));
        reader.finish(diags);
        return None;
    };
    if let Some(hint) = beyond::of_kind(spec.id) {
        reader.hint(hint);
    }
    let (values, mut faulty) = fields(catalogue, spec, &mut reader, key.span);
    let place = |span: Span| {
        let (line, _) = files.position(span.file, span.start);
        format!("{}:{line}", files.path(span.file))
    };
    let cost = cost.read(catalogue, (spec, &values), &place, reader.diags());
    reader.finish(diags);
    let parts = [
        (policy.is_none(), "policy"),
        (level.is_none(), "level"),
        (zone.is_none(), "zone"),
        (ramp.is_none(), "start"),
    ];
    faulty.extend(parts.iter().filter(|(wrong, _)| *wrong).map(|(_, key)| key));
    let fallback = Text::new(spec.zh, spec.en);
    let name = Text::new(
        zh.unwrap_or(&fallback.zh),
        en.or(zh).unwrap_or(&fallback.en),
    );
    let soon = Ramp::Step { year: after + 1 };
    Some(Read {
        measure: Measure {
            id: key.name.clone(),
            name,
            kind: spec,
            policy: policy.unwrap_or(Policy::New),
            level: level.unwrap_or(1.0),
            ramp: ramp.unwrap_or(soon),
            zone: zone.unwrap_or_default(),
            values,
            cost,
            record_of,
            source,
        },
        faulty,
    })
}

/// A measure of a kind that is known, and known not to be computed.
fn outside_model(catalogue: &Catalogue, key: &Key, table: &TableNode) -> Option<Diagnostic> {
    let node = table.get("type")?;
    let NodeValue::String(name) = &node.value else {
        return None;
    };
    let mut kinds = names::kinds(catalogue).into_iter();
    if kind(name).is_some() || kinds.any(|known| known.is(name)) {
        return None;
    }
    let why = beyond::why(name)?;
    Some(beyond::measure((&key.name, table), (name, node.span), why))
}

fn kind_of(
    catalogue: &Catalogue,
    node: &Node,
    diags: &mut Diagnostics,
) -> Option<&'static KindSpec> {
    let name = node.string(diags)?;
    kind(name).or_else(|| {
        let what = Text::new("措施类型", "type of measure");
        let known = names::kinds(catalogue);
        diags.push(unknown(&what, name, node.span, &known, Some("measures")).note(Text::new(
            "没有这一类的，可以用 shift 写明从哪种工艺转到哪种；模型不算的写到 [tracked]，原话放在 `target`",
            "where no kind fits, `shift` moves a part from one technology to another; what the model does not compute goes under [tracked], its words as `target`",
        )));
        // The rest is checked as that of the type which was probably meant.
        kind(names::meant(name, &known)?)
    })
}

/// The region whose record a measure follows.
fn recorded(catalogue: &Catalogue, node: &Node, diags: &mut Diagnostics) -> Option<RegionId> {
    let name = node.string(diags)?;
    let found = catalogue.region(name);
    if found.is_none() {
        let (what, known) = (Text::new("地区", "region"), names::regions(catalogue));
        diags.push(unknown(&what, name, node.span, &known, Some("regions")));
    }
    found
}

fn policy(node: &Node, diags: &mut Diagnostics) -> Option<Policy> {
    match node.string(diags)? {
        "new" => Some(Policy::New),
        "current" => Some(Policy::Current),
        other => {
            let what = Text::new("政策类别", "policy");
            let known = Known::words(&["new", "current"]);
            diags.push(unknown(&what, other, node.span, &known, None));
            None
        }
    }
}

/// The zone of the region that `node` names; without a region any zone will do.
fn zone(
    catalogue: &Catalogue,
    region: Option<RegionId>,
    node: &Node,
    diags: &mut Diagnostics,
) -> Option<RegionId> {
    let name = node.string(diags)?;
    let Some(region) = region else {
        return catalogue.region(name);
    };
    // Own zones of different regions may share an id.
    let here = |r: &Region| r.named.id == name && r.parent == Some(region);
    if let Some(at) = catalogue.regions.iter().rposition(here) {
        return Some(RegionId::from_usize(at));
    }
    let here = &catalogue.regions[region.at()].named;
    let zones = catalogue.regions.iter();
    let zones = Known::all(
        zones
            .filter(|r| r.level == Level::Zone && r.parent == Some(region))
            .map(|r| &r.named),
    );
    let what = Text::new(
        format!("{}的分区", here.name.zh),
        format!("zone of {}", here.name.en),
    );
    let elsewhere = catalogue
        .region(name)
        .and_then(|id| catalogue.regions[id.at()].parent)
        .map(|parent| &catalogue.regions[parent.at()].named.name);
    let mut diagnostic = if let Some(parent) = elsewhere {
        let message = Text::new(
            format!("`{name}` 属于{}，不是{}", parent.zh, what.zh),
            format!("`{name}` is part of {}, not a {}", parent.en, what.en),
        );
        Diagnostic::error("zone-elsewhere", message)
            .label(node.span, Text::new("在别处", "elsewhere"))
            .help(names::choices(&zones))
    } else {
        unknown(&what, name, node.span, &zones, None)
    };
    if zones.is_empty() {
        diagnostic = diagnostic.help(Text::new(
            format!("数据中该地区没有分区：写 [zones.key-area] name_zh = \"{name}\"、share = \"… %\"（占各项活动的比例）自定一个；或去掉 zone，作用于全地区"),
            "the data have no zones of this region: make one with [zones.key-area] and share = \"… %\", its part of the services; or leave `zone` out to act on all of it",
        ));
    }
    diags.push(diagnostic);
    None
}

/// The fields of a kind: all of its required ones, exactly one extent; and those that
/// are missing or could not be read. Nothing is moved in place of an extent.
fn fields(
    catalogue: &Catalogue,
    spec: &'static KindSpec,
    reader: &mut Reader<'_>,
    owner: Span,
) -> (BTreeMap<&'static str, Value>, Vec<&'static str>) {
    let mut values = BTreeMap::new();
    let mut faulty = Vec::new();
    let mut extents = Vec::new();
    for field in spec.fields {
        let node = match field.role {
            Role::Required => {
                let like = field.within(&values).unwrap_or(*field);
                let node = reader.required_like(field.key, &like.written());
                if node.is_none() {
                    faulty.push(field.key);
                }
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
                None => faulty.push(field.key),
            }
        }
    }
    // What the sector does not have is no example: boilers alone are counted.
    let sector = match values.get("sector") {
        Some(Value::Word(sector)) => Some(sector.as_str()),
        _ => None,
    };
    let counted = sector.is_none_or(|sector| sector == "boilers");
    let fits = |field: &Field| {
        field.within(&values).is_some() && (field.kind != FieldKind::Items || counted)
    };
    let without: Vec<&str> = spec
        .fields
        .iter()
        .filter(|field| !fits(field))
        .map(|field| field.key)
        .collect();
    extents.retain(|(key, node)| node.is_some() || !without.contains(key));
    let of_extent = |field: &&Field| field.role == Role::Extent && !without.contains(&field.key);
    let examples: Vec<String> = spec
        .fields
        .iter()
        .filter(of_extent)
        .filter_map(|field| field.within(&values))
        .map(|field| field.written())
        .collect();
    let said = one_of_like(&extents, owner, &examples, reader).and_then(|(key, node)| {
        let field = spec.fields.iter().find(|field| field.key == key)?;
        let Some(field) = field.within(&values) else {
            // Without a sector, which is missed already, nothing can be said about it.
            if let Some(Value::Word(sector)) = values.get("sector") {
                reader.push(no_capacity(sector, node.span));
            }
            return None;
        };
        Some((key, value(catalogue, &field, node, reader.diags())?))
    });
    if let Some((key, value)) = said {
        values.insert(key, value);
    } else {
        let mut all = spec
            .fields
            .iter()
            .filter(|field| field.role == Role::Extent);
        faulty.extend(all.clone().map(|field| field.key));
        if let Some(field) = all.next() {
            values.insert(field.key, Value::Number(0.0));
        }
    }
    (values, faulty)
}

/// A capacity or output that is written as a rate (`1400 万吨/年`, `2500 吨/日`), in t a year.
fn a_year(node: &Node) -> Option<f64> {
    let NodeValue::String(text) = &node.value else {
        return None;
    };
    let rate = |text: &str| quantity::parse(text).ok()?.to(Dim::MASS_PER_TIME).ok();
    rate(text).or_else(|| rate(quantity::bare(text)))
}

/// Reads one field.
fn value(
    catalogue: &Catalogue,
    field: &Field,
    node: &Node,
    diags: &mut Diagnostics,
) -> Option<Value> {
    if let Some(unit) = field.kind.base_unit() {
        let (scale, dim) = quantity::parse_unit(unit).ok()?;
        let yearly = (field.kind == FieldKind::Output)
            .then(|| a_year(node))
            .flatten();
        let amount = match yearly {
            Some(amount) => amount,
            None => quantity::check(node, dim, diags, field.example)?,
        };
        let amount = not_negative(node, amount, diags)?;
        return Some(Value::Number(amount / scale));
    }
    match field.kind {
        // 20 points of the whole service are a part of it; of what there is they are not.
        FieldKind::Share if field.key == "of_service" => share(node, diags).map(Value::Number),
        FieldKind::Share => part(node, diags).map(Value::Number),
        FieldKind::Growth => change(node, diags).map(Value::Number),
        FieldKind::Coal => {
            let amount = coal(node, catalogue, diags)?;
            not_negative(node, amount, diags).map(Value::Number)
        }
        FieldKind::Year => timetable::year(node, diags).map(Value::Year),
        FieldKind::Word(words) => {
            let word = node.string(diags)?;
            if words.contains(&word) {
                return Some(Value::Word(word.to_string()));
            }
            let what = Text::new(
                format!("`{}` 取值", field.key),
                format!("value of `{}`", field.key),
            );
            let known = names::words(catalogue, words);
            let mut found = unknown(&what, word, node.span, &known, None);
            if let Some(why) = beyond::why(word).or_else(|| beyond::industry(word)) {
                found = found.note(why);
            }
            diags.push(found);
            names::meant(word, &known).map(|word| Value::Word(word.to_string()))
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
    let (what, known) = (Text::new("活动", "service"), names::services(catalogue));
    let mut found = unknown(&what, name, node.span, &known, Some("services"));
    if let Some(why) = beyond::industry(name).or_else(|| beyond::why(name)) {
        found = found.note(why);
    }
    diags.push(found);
    names::meant(name, &known).map(str::to_string)
}

fn list(
    node: &Node,
    diags: &mut Diagnostics,
    item: impl Fn(&Node, &mut Diagnostics) -> Option<String>,
) -> Option<Value> {
    // One may stand without brackets.
    let one = matches!(node.value, crate::tree::Value::String(_));
    let nodes = if one {
        std::slice::from_ref(node)
    } else {
        node.array(diags)?
    };
    let items: Vec<Option<String>> = nodes.iter().map(|node| item(node, diags)).collect();
    if items.is_empty() {
        let message = Text::new("至少写一项", "name at least one");
        diags.push(
            Diagnostic::error("empty-list", message)
                .label(node.span, Text::new("空的", "empty"))
                .help(Text::new("写法如 [\"1b\"]", "write it like [\"1b\"]")),
        );
        return None;
    }
    // Those that can be read are checked further.
    let items: Vec<String> = items.into_iter().flatten().collect();
    (!items.is_empty()).then_some(Value::Words(items))
}

/// `{ gas = "60 %", district = "40 %" }`: shares that sum to 100 %; `"gas"` is all of it.
fn mix(node: &Node, diags: &mut Diagnostics) -> Option<Value> {
    if let crate::tree::Value::String(name) = &node.value {
        return Some(Value::Mix(vec![(name.trim().to_string(), 1.0)]));
    }
    if let crate::tree::Value::Array(items) = &node.value {
        let names = items.iter().filter_map(|item| match &item.value {
            crate::tree::Value::String(name) => Some(name.as_str()),
            _ => None,
        });
        let names: Vec<&str> = names.collect();
        let expected = Text::new("各去向的占比", "shares by technology");
        let refused = node.type_error(&expected);
        diags.push(match names.as_slice() {
            [one] => refused.suggest(node.span, format!("\"{one}\"")),
            _ => refused.help(Text::new(
                "写明各占多少，合计 100 %：{ gas = \"60 %\", district = \"40 %\" }",
                "say how much each has, 100 % together: { gas = \"60 %\", district = \"40 %\" }",
            )),
        });
        return None;
    }
    let table = node.table(diags)?;
    let mut parts = Vec::new();
    let mut complete = true;
    for (key, node) in &table.entries {
        let part = share(node, diags);
        complete &= part.is_some();
        // The name of a part that cannot be read is checked all the same.
        parts.push((key.name.clone(), part.unwrap_or(1.0)));
    }
    let sum: f64 = parts.iter().map(|(_, part)| part).sum();
    if complete && (sum - 1.0).abs() > 1e-9 {
        let percent = (sum * 1e6).round() / 1e4;
        let message = Text::new(
            format!("各项合计应为 100 %，这里是 {percent} %"),
            format!("the shares must sum to 100 %, these sum to {percent} %"),
        );
        let mut diagnostic = Diagnostic::error("mix-sum", message).label(
            node.span,
            Text::new("合计不是 100 %", "does not sum to 100 %"),
        );
        for (key, part) in &table.entries {
            if part.span.file != node.span.file {
                let label = Text::new("沿用自此", "inherited from here");
                diagnostic = diagnostic.label(key.span.to(part.span), label);
            }
        }
        let list: Vec<String> = parts
            .iter()
            .map(|(name, part)| format!("{name} {} %", (part * 1e6).round() / 1e4))
            .collect();
        let list = list.join(" + ");
        diags.push(diagnostic.help(if list.is_empty() {
            Text::new(
                "写法如 { gas = \"100 %\" }",
                "write it like { gas = \"100 %\" }",
            )
        } else {
            Text::new(
                format!("现为 {list}；请改到合计 100 %，不要的一项写 0 %"),
                format!("now {list}; change them to sum to 100 %, with 0 % for one not wanted"),
            )
        }));
    }
    // What is wrong has been said; the names are checked further.
    (!parts.is_empty()).then_some(Value::Mix(parts))
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

#[cfg(test)]
mod tests {
    use super::KINDS;
    use crate::quantity::{parse, parse_unit};

    #[test]
    fn every_quantity_of_a_field_has_a_unit_and_an_example_of_one_dimension() {
        for field in KINDS.iter().flat_map(|kind| kind.fields) {
            let Some(unit) = field.kind.base_unit() else {
                continue;
            };
            let (_, dim) = parse_unit(unit).unwrap_or_else(|_| panic!("{unit}"));
            let example = field.example;
            let found = parse(example).unwrap_or_else(|_| panic!("{example}"));
            assert_eq!(found.dim, dim, "{}: {example} in {unit}", field.key);
        }
    }
}
