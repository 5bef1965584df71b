//! Puts ids in place of names: a file may say `type = "燃煤锅炉淘汰"` and
//! `to = { "天然气" = "60 %" }`. This happens to each file by itself, before it is laid
//! over those that it extends, so that what reads the tree knows ids alone; every place
//! stays where it was.

use super::keys::{TARGET, TRACKED};
use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::tree::{Key, Node, TableNode, Value};
use crate::vocabulary::{Meaning, Vocabulary};
use jianpai_core::catalogue::{Catalogue, Level};
use jianpai_core::measure::common::{COMMON, Holds};
use jianpai_core::measure::spec::{KINDS, kind};
use jianpai_core::measure::{Field, FieldKind, KindSpec, Role};
use jianpai_core::names::NameOf;
use jianpai_core::text::Text;

/// Words of the tables that are no measures, by key.
const WORDS: [(&str, &[&str]); 4] = [
    ("book", &["accounted", "physical"]),
    ("harmonise", &["ratio", "offset"]),
    ("objective", &["cost", "effort", "even"]),
    ("counts", &["total", "added"]),
];

/// Puts ids in place of names in a whole file.
pub(super) fn in_ids(vocabulary: &Vocabulary, tree: &mut TableNode, diags: &mut Diagnostics) {
    let mut caller = Caller { vocabulary, diags };
    caller.keys(NameOf::Table, tree, &|_| true);
    for (key, node) in &mut tree.entries {
        if let ("option", Value::Array(items)) = (key.name.as_str(), &mut node.value) {
            for item in items {
                caller.option(item);
            }
            continue;
        }
        if key.name == "options" {
            caller.option(node);
            continue;
        }
        let Value::Table(table) = &mut node.value else {
            continue;
        };
        match key.name.as_str() {
            "scenario" => caller.head(table),
            "growth" => caller.keys(NameOf::Driver, table, &|_| true),
            "elasticity" => caller.keys(NameOf::Service, table, &|_| true),
            "measures" => entries(table, |own| caller.measure(own)),
            "region" => caller.place(table),
            "zones" => entries(table, |own| caller.zone(own)),
            // What may be said of a target in the place of `reach` is its `floor`.
            "targets" => entries(table, |own| {
                caller.entry(own, &|id| TARGET.contains(&id));
            }),
            "tracked" => entries(table, |own| caller.entry(own, &|id| TRACKED.contains(&id))),
            "observed" | "splice" => entries(table, |own| caller.entry(own, &|_| true)),
            "pollutants" => entries(table, |own| caller.keys(NameOf::Key, own, &|_| true)),
            "solve" => caller.solve(table),
            "limit" => entries(table, |own| caller.limit(own)),
            _ => {}
        }
    }
}

/// Puts ids in place of the names of zones that the scenario brings along, which were not
/// known when its files were read.
pub(super) fn zones(catalogue: &Catalogue, tree: &mut TableNode) {
    let Some((_, node)) = tree
        .entries
        .iter_mut()
        .find(|(key, _)| key.name == "measures")
    else {
        return;
    };
    let Value::Table(measures) = &mut node.value else {
        return;
    };
    entries(measures, |own| {
        let zone = own.entries.iter_mut().find(|(key, _)| key.name == "zone");
        if let Some((_, node)) = zone
            && let Value::String(text) = &mut node.value
        {
            let mut all = catalogue.regions.iter();
            let named = |name: &Text| name.zh == *text || name.en == *text;
            let found = all.rfind(|r| r.own && r.level == Level::Zone && named(&r.named.name));
            if let Some(found) = found {
                text.clone_from(&found.named.id);
            }
        }
    });
}

/// Does something with every table in a table.
fn entries(table: &mut TableNode, mut act: impl FnMut(&mut TableNode)) {
    for (_, node) in &mut table.entries {
        if let Value::Table(own) = &mut node.value {
            act(own);
        }
    }
}

struct Caller<'v> {
    vocabulary: &'v Vocabulary,
    diags: &'v mut Diagnostics,
}

impl Caller<'_> {
    /// `[scenario]`.
    fn head(&mut self, table: &mut TableNode) {
        self.keys(NameOf::Key, table, &|_| true);
        for (key, node) in &mut table.entries {
            if key.name == "region" {
                self.value(NameOf::Region, node, &|_| true);
            }
            if let ("indicators", Value::Array(items)) = (key.name.as_str(), &mut node.value) {
                for item in items {
                    self.value(NameOf::Indicator, item, &|_| true);
                }
            }
            self.word(key, node);
        }
    }

    /// `[region]`, and the tables below it.
    fn place(&mut self, table: &mut TableNode) {
        self.keys(NameOf::Key, table, &|_| true);
        for (key, node) in &mut table.entries {
            let Value::Table(part) = &mut node.value else {
                continue;
            };
            match key.name.as_str() {
                "proxies" => self.keys(NameOf::Proxy, part, &|_| true),
                "amounts" | "shares" => self.keys(NameOf::Service, part, &|_| true),
                "growth" => self.keys(NameOf::Driver, part, &|_| true),
                "stocks" => self.keys(NameOf::Stock, part, &|_| true),
                "mix" => self.mixes(part),
                "inventory" => {
                    self.keys(NameOf::Indicator, part, &|_| true);
                    entries(part, |own| self.keys(NameOf::Class, own, &|_| true));
                }
                "zones" => entries(part, |own| self.zone(own)),
                _ => {}
            }
        }
    }

    /// Technologies by service.
    fn mixes(&mut self, table: &mut TableNode) {
        self.keys(NameOf::Service, table, &|_| true);
        let vocabulary = self.vocabulary;
        for (key, node) in &mut table.entries {
            if let Value::Table(mix) = &mut node.value {
                let service = [key.name.as_str()];
                self.keys(NameOf::Technology, mix, &|id| {
                    vocabulary.serves(&service, id)
                });
            }
        }
    }

    /// A part of a region.
    fn zone(&mut self, table: &mut TableNode) {
        self.keys(NameOf::Key, table, &|_| true);
        for (key, node) in &mut table.entries {
            if let ("shares", Value::Table(shares)) = (key.name.as_str(), &mut node.value) {
                self.keys(NameOf::Service, shares, &|_| true);
            }
        }
    }

    /// An entry of `[targets]` and its like, whose keys `fits` lets through.
    fn entry(&mut self, table: &mut TableNode, fits: &dyn Fn(&str) -> bool) {
        self.keys(NameOf::Key, table, fits);
        for (key, node) in &mut table.entries {
            match key.name.as_str() {
                "indicator" => self.value(NameOf::Indicator, node, &|_| true),
                "calibre" | "from" | "to" => self.value(NameOf::Calibre, node, &|_| true),
                _ => self.word(key, node),
            }
        }
    }

    /// A table of `[[option]]`, or `[options]`: names of targets, drivers and measures in
    /// it are read as they stand.
    fn option(&mut self, node: &mut Node) {
        if let Value::Table(table) = &mut node.value {
            self.keys(NameOf::Table, table, &|_| true);
            self.keys(NameOf::Key, table, &|id| id.starts_with("name"));
        }
    }

    /// `[solve]`.
    fn solve(&mut self, table: &mut TableNode) {
        self.keys(NameOf::Key, table, &|_| true);
        for (key, node) in &mut table.entries {
            self.word(key, node);
            let Value::Table(own) = &mut node.value else {
                continue;
            };
            if matches!(key.name.as_str(), "bounds" | "group") {
                entries(own, |own| self.keys(NameOf::Key, own, &|_| true));
            }
        }
    }

    /// An entry of `[limit]`: an emission, a fuel or a service.
    fn limit(&mut self, table: &mut TableNode) {
        self.keys(NameOf::Key, table, &|_| true);
        for (key, node) in &mut table.entries {
            if key.name == "account" {
                self.value(NameOf::Indicator, node, &|_| true);
            }
            self.word(key, node);
        }
    }

    fn word(&mut self, key: &Key, node: &mut Node) {
        if let Some((_, words)) = WORDS.iter().find(|(own, _)| *own == key.name) {
            self.value(NameOf::Word, node, &|id| words.contains(&id));
        }
    }

    /// One measure.
    fn measure(&mut self, table: &mut TableNode) {
        let vocabulary = self.vocabulary;
        let is_type =
            |key: &Key| key.name == "type" || vocabulary.id(NameOf::Key, &key.name) == "type";
        let mut words = None;
        if let Some((_, node)) = table.entries.iter_mut().find(|(key, _)| is_type(key)) {
            words = match &node.value {
                Value::String(text) if kind(text).is_none() => Some((text.clone(), node.span)),
                _ => None,
            };
            self.value(NameOf::Measure, node, &|_| true);
        }
        // Where the type is inherited, any kind's fields will do.
        let typed = table.entries.iter().find(|(key, _)| is_type(key));
        let spec = typed.and_then(|(_, node)| match &node.value {
            Value::String(name) => kind(name),
            _ => None,
        });
        self.keys(NameOf::Key, table, &|id| of_measure(spec, id));
        if let (Some(spec), Some((text, span))) = (spec, words) {
            self.said_by_type(spec, (&text, span), table);
        }
        for (key, node) in &mut table.entries {
            if key.name == "zone" || key.name == "record_of" {
                self.value(NameOf::Region, node, &|_| true);
                continue;
            }
            if let ("regions", Value::Table(regions)) = (key.name.as_str(), &mut node.value) {
                self.keys(NameOf::Region, regions, &|_| true);
                for (_, own) in &mut regions.entries {
                    let Value::Table(own) = &mut own.value else {
                        continue;
                    };
                    self.keys(NameOf::Key, own, &|id| of_measure(spec, id));
                    for (key, node) in &mut own.entries {
                        self.one(spec, key, node);
                    }
                }
                continue;
            }
            self.one(spec, key, node);
        }
    }

    /// Words that the name of the type says itself: 农村生活污水治理 is sewage of the rural
    /// area, 压减焦炭产能 capacity of coke. What a key states goes before it.
    fn said_by_type(&self, spec: &KindSpec, (text, span): (&str, Span), table: &mut TableNode) {
        for field in spec.fields {
            let FieldKind::Word(words) = field.kind else {
                continue;
            };
            if field.role == Role::Extent || table.get(field.key).is_some() {
                continue;
            }
            if let Some(word) = self.vocabulary.said_in(NameOf::Word, text, words) {
                let key = Key {
                    name: field.key.to_string(),
                    span,
                    near: None,
                };
                let value = Value::String(word.to_string());
                table.entries.push((key, Node { span, value }));
            }
        }
    }

    /// One field of a measure, or of what a region does otherwise.
    fn one(&mut self, spec: Option<&KindSpec>, key: &Key, node: &mut Node) {
        let common = COMMON.iter().find(|common| common.key == key.name);
        if let Some(Holds::Word(words)) = common.map(|common| common.holds) {
            self.value(NameOf::Word, node, &|id| words.contains(&id));
        }
        for field in fields(spec, &key.name) {
            self.field(spec, field, node);
        }
    }

    fn field(&mut self, spec: Option<&KindSpec>, field: &Field, node: &mut Node) {
        let vocabulary = self.vocabulary;
        let services = spec.map_or(&[][..], |spec| spec.services);
        let serves = |id: &str| vocabulary.serves(services, id);
        match field.kind {
            FieldKind::Word(words) => self.value(NameOf::Word, node, &|id| words.contains(&id)),
            FieldKind::Service | FieldKind::Services => {
                self.values(NameOf::Service, node, &|_| true);
            }
            FieldKind::Technologies => self.values(NameOf::Technology, node, &serves),
            FieldKind::Mix => match &mut node.value {
                Value::Table(mix) => self.keys(NameOf::Technology, mix, &serves),
                _ => self.value(NameOf::Technology, node, &serves),
            },
            _ => {}
        }
    }

    /// One text, or every text of an array.
    fn values(&mut self, of: NameOf, node: &mut Node, fits: &dyn Fn(&str) -> bool) {
        match &mut node.value {
            Value::Array(items) => {
                for item in items {
                    self.value(of, item, fits);
                }
            }
            _ => self.value(of, node, fits),
        }
    }

    /// A text that names something.
    fn value(&mut self, of: NameOf, node: &mut Node, fits: &dyn Fn(&str) -> bool) {
        let span = node.span;
        if let Value::String(text) = &mut node.value
            && let Some(id) = self.id(of, text, span, fits)
        {
            *text = id;
        }
    }

    /// The keys of a table, each of which names something.
    fn keys(&mut self, of: NameOf, table: &mut TableNode, fits: &dyn Fn(&str) -> bool) {
        let mut renamed: Vec<(String, Span)> = Vec::new();
        for (key, _) in &mut table.entries {
            if let Some(id) = self.id(of, &key.name, key.span, fits) {
                key.name.clone_from(&id);
                renamed.push((id, key.span));
            } else if !key.name.is_ascii() && !self.vocabulary.is_id(of, &key.name) {
                // A name that stands elsewhere for something else is no slip.
                if of == NameOf::Key && self.vocabulary.id(of, &key.name) != key.name {
                    continue;
                }
                let near = self.vocabulary.near(of, &key.name);
                key.near = near.map(|(name, id)| (name.to_string(), id.to_string()));
            }
        }
        // A name and the id that it stands for in one table.
        for (id, span) in &renamed {
            let mut same = table.entries.iter().filter(|(key, _)| key.name == *id);
            if let Some((first, _)) = same.find(|(key, _)| key.span != *span)
                && (first.span.start < span.start || renamed.iter().all(|(_, s)| *s != first.span))
            {
                self.diags.push(twice(id, first.span, *span));
            }
        }
    }

    /// The id that a name stands for; `None` where it stands as it is.
    fn id(
        &mut self,
        of: NameOf,
        name: &str,
        span: Span,
        fits: &dyn Fn(&str) -> bool,
    ) -> Option<String> {
        if self.vocabulary.is_id(of, name) && fits(name) {
            return None;
        }
        match self.vocabulary.meaning(of, name, fits) {
            Meaning::Nothing => None,
            Meaning::One(id) => Some(id.to_string()),
            // What a key means its table says; without that, the first that it may mean.
            Meaning::Several(ids) if of == NameOf::Key => ids.first().map(|id| (*id).to_string()),
            Meaning::Several(ids) => {
                self.diags.push(several(name, &ids, span));
                // The rest is checked with one of them.
                ids.first().map(|id| (*id).to_string())
            }
        }
    }
}

/// Whether a measure of a kind may have a key; of any kind, where that is not known.
fn of_measure(spec: Option<&KindSpec>, key: &str) -> bool {
    let own = spec.map_or(KINDS, std::slice::from_ref);
    let mut fields = own.iter().flat_map(|kind| kind.fields);
    let common = ["type", "replace"].contains(&key) || COMMON.iter().any(|c| c.key == key);
    common || fields.any(|field| field.key == key)
}

/// The fields called `key` of a kind, or of any kind.
fn fields<'k>(spec: Option<&'k KindSpec>, key: &str) -> Vec<&'k Field> {
    let of = |spec: &'k KindSpec| spec.fields.iter();
    let all: Vec<&'k Field> = match spec {
        Some(spec) => of(spec).collect(),
        None => KINDS.iter().flat_map(of).collect(),
    };
    all.into_iter().filter(|field| field.key == key).collect()
}

/// A name that stands for several things.
pub(super) fn several(name: &str, ids: &[&str], span: Span) -> Diagnostic {
    let list = |open: &str, between: &str, close: &str| {
        let ids: Vec<String> = ids.iter().map(|id| format!("{open}{id}{close}")).collect();
        ids.join(between)
    };
    let message = Text::new(
        format!("`{name}` 可指 {}", list("`", "、", "`")),
        format!("`{name}` may mean {}", list("`", ", ", "`")),
    );
    Diagnostic::error("two-meanings", message)
        .label(span, Text::new("不止一个", "more than one"))
        .help(Text::new(
            format!("写明是哪一个：{}", list("\"", " 或 ", "\"")),
            format!("say which: {}", list("\"", " or ", "\"")),
        ))
}

/// Two keys that mean the same.
fn twice(id: &str, first: Span, second: Span) -> Diagnostic {
    let message = Text::new(
        format!("两处都是 `{id}`"),
        format!("`{id}` is given twice, by two names"),
    );
    Diagnostic::error("named-twice", message)
        .label(second, Text::new("同一项", "the same"))
        .label(first, Text::new("已写", "given already"))
        .help(Text::new("只留一处", "keep one of them"))
}
