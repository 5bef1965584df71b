//! From the merged tree to a checked scenario.

use super::limits::Limits;
use super::names::{self, Known, unknown};
use super::percent::rate;
use super::{Fetch, beside, growth, measures};
use crate::catalogue::overlay_inventory;
use crate::diag::{Diagnostic, Diagnostics, FileId, Files, Span};
use crate::tree::{Node, Reader, TableNode, Value};
use jianpai_core::catalogue::{Catalogue, Level, World};
use jianpai_core::dims::{DriverId, IndicatorId, RegionId, ServiceId};
use jianpai_core::scenario::{Harmonise, Scenario, Tracked};
use jianpai_core::text::Text;
use std::collections::BTreeMap;

/// Scenarios end at most this many years after the base year.
const LONGEST: i32 = 85;

/// What decoding needs beside the tree.
pub(super) struct Decoder<'a, 'f> {
    pub(super) catalogue: &'a Catalogue,
    pub(super) fetch: &'a Fetch<'f>,
    pub(super) files: &'a mut Files,
    pub(super) inputs: &'a mut Vec<FileId>,
    pub(super) stem: &'a str,
}

/// The head of a scenario; what is `None` has been reported.
pub(super) struct Head {
    pub(super) name: Option<Text>,
    pub(super) description: Text,
    pub(super) document: Option<String>,
    pub(super) region: Option<RegionId>,
    pub(super) base_year: i32,
    pub(super) end_year: Option<i32>,
    pub(super) inventory: Option<(String, Span)>,
    pub(super) harmonise: Option<Harmonise>,
    pub(super) targets_from: Option<(String, Span)>,
}

impl Decoder<'_, '_> {
    /// Decodes a whole scenario.
    pub(super) fn scenario(
        &mut self,
        tree: &TableNode,
        region: Option<RegionId>,
        diags: &mut Diagnostics,
    ) -> Option<Scenario> {
        let mut root = Reader::new(tree, Text::new("情景文件", "the scenario file"));
        let head = root.opt_table("scenario");
        if tree.get("scenario").is_none() {
            let message = Text::new(
                "情景文件没有 [scenario]",
                "the scenario file has no [scenario]",
            );
            let diagnostic = Diagnostic::error("missing-key", message)
                .label(
                    tree.span,
                    Text::new("文件从这里开始", "the file begins here"),
                )
                .help(Text::new(
                    "用 jianpai init 地区id 生成一份可运行的模板",
                    "jianpai init REGION writes a file that runs",
                ));
            root.push_unless_misspelt(&["scenario"], diagnostic);
        }
        let head = head.map(|table| self.head(table, region, root.diags()));
        let head = head.unwrap_or_else(|| self.no_head());
        let growth_node = root.optional("growth");
        let growth_table = root.opt_table("growth");
        let growth = growth_table.map(|table| self.growth(table, root.diags()));
        let elasticity = root.opt_table("elasticity");
        let elasticity = elasticity.map(|table| self.elasticity(table, root.diags()));
        let measures = root.opt_table("measures");
        let targets = root.opt_table("targets");
        let tracked = root.opt_table("tracked");
        let observed = root.opt_table("observed");
        let splice = root.opt_table("splice");
        // Read by `sweep::read`, for those who ask.
        root.optional("sweep");
        let measures = measures
            .map(|table| measures::decode(self.catalogue, head.region, table, root.diags()));
        let world = self.world(&head, root.diags());
        let (world, inventory) = world.map_or((None, None), |(w, i)| (Some(w), i));
        let mut splices = splice
            .map(|table| self.splices(table, root.diags()))
            .unwrap_or_default();
        let targets = targets.map(|table| {
            let bases = (world.as_ref(), &mut splices);
            self.targets(table, &head, bases, root.diags())
        });
        let tracked = tracked.map(|table| Self::tracked(table, &head, root.diags()));
        let observations = observed.map(|table| {
            let bases = (world.as_ref(), &mut splices);
            self.observed(table, &head, bases, root.diags())
        });
        if let (Some(region), Some(last)) = (head.region, head.end_year)
            && growth_node.is_none() == growth_table.is_none()
        {
            let needed = growth::Needed {
                catalogue: self.catalogue,
                region,
                years: head.base_year + 1..=last,
            };
            root.diags().extend(needed.missing(tree, growth.as_ref()));
        }
        if let (Some(table), None) = (observed.filter(|t| !t.entries.is_empty()), head.harmonise) {
            let message = Text::new(
                "有观测值时须写 [scenario] harmonise = \"ratio\" 或 \"offset\"",
                "with observed values, [scenario] needs harmonise = \"ratio\" or \"offset\"",
            );
            let label = Text::new("有观测值", "there are observed values");
            root.push(
                Diagnostic::error("missing-key", message)
                    .label(table.span, label)
                    .help(Text::new(
                        "ratio：此后按比例衔接；offset：此后按差额衔接",
                        "ratio carries on the quotient of observed and modelled, offset the difference",
                    )),
            );
        }
        root.finish(diags);
        let mut scenario = Scenario {
            id: self.stem.to_string(),
            name: head.name.clone()?,
            description: head.description.clone(),
            document: head.document.clone(),
            region: head.region?,
            base_year: head.base_year,
            end_year: head.end_year?,
            growth: growth.unwrap_or_default(),
            elasticity: elasticity.unwrap_or_default(),
            measures: measures.unwrap_or_default(),
            targets: targets.unwrap_or_default(),
            tracked: tracked.unwrap_or_default(),
            observed: observations.unwrap_or_default(),
            splices: splices.all.clone(),
            harmonise: head.harmonise.unwrap_or(Harmonise::Ratio),
            inventory,
            world: world?,
        };
        if let Some(own) = self.inputs.first() {
            diags.extend(growth::idle(self.catalogue, &scenario, tree, *own));
        }
        self.official_targets(&head, &mut scenario, &mut splices, diags);
        splices.unused(diags);
        Some(scenario)
    }

    /// What stands for a `[scenario]` that is not there.
    fn no_head(&self) -> Head {
        Head {
            name: None,
            description: Text::default(),
            document: None,
            region: None,
            base_year: self.catalogue.base_year,
            end_year: None,
            inventory: None,
            harmonise: None,
            targets_from: None,
        }
    }

    fn head(&self, table: &TableNode, replaced: Option<RegionId>, diags: &mut Diagnostics) -> Head {
        let mut reader = Reader::new(table, Text::new("[scenario]", "[scenario]"));
        let (zh, en) = (reader.string("name_zh"), reader.string("name_en"));
        let description = Text::new(
            reader.opt_string("description_zh").unwrap_or_default(),
            reader.opt_string("description_en").unwrap_or_default(),
        );
        let document = reader.opt_string("document").map(str::to_string);
        let region = reader.required("region").and_then(|node| {
            let found = self.region(node, reader.diags());
            replaced.or(found)
        });
        reader.optional("extends");
        reader.optional("drop");
        if let Some(node) = reader.optional("base_year") {
            self.base_year(node, reader.diags());
        }
        let end_node = reader.required("end_year");
        let end_year = end_node.and_then(|node| self.end_year(node, reader.diags()));
        let inventory = reader.optional("inventory");
        let inventory =
            inventory.and_then(|node| Some((node.string(reader.diags())?.to_string(), node.span)));
        let targets_from = reader.optional("targets_from");
        let targets_from = targets_from
            .and_then(|node| Some((node.string(reader.diags())?.to_string(), node.span)));
        let harmonise = reader.optional("harmonise");
        let harmonise = harmonise.and_then(|node| match node.string(reader.diags())? {
            "ratio" => Some(Harmonise::Ratio),
            "offset" => Some(Harmonise::Offset),
            other => {
                let what = Text::new("衔接方式", "way of harmonising");
                let known = Known::words(&["ratio", "offset"]);
                reader.push(unknown(&what, other, node.span, &known, None));
                // Said once is enough.
                Some(Harmonise::Ratio)
            }
        });
        reader.finish(diags);
        Head {
            name: zh.zip(en).map(|(zh, en)| Text::new(zh, en)),
            description,
            document,
            region,
            base_year: self.catalogue.base_year,
            end_year,
            inventory,
            harmonise,
            targets_from,
        }
    }

    fn region(&self, node: &Node, diags: &mut Diagnostics) -> Option<RegionId> {
        let name = node.string(diags)?;
        match self.catalogue.region(name) {
            Some(id) if self.catalogue.regions[id.at()].level == Level::Zone => {
                let message = Text::new(
                    format!("`{name}` 是分区，不能作为情景的地区"),
                    format!("`{name}` is a zone and cannot be the region of a scenario"),
                );
                let parent = self.catalogue.regions[id.at()].parent;
                let parent = parent.map_or("", |p| &self.catalogue.regions[p.at()].named.id);
                diags.push(
                    Diagnostic::error("zone", message)
                        .label(node.span, Text::new("分区", "a zone"))
                        .suggest(node.span, format!("\"{parent}\""))
                        .help(Text::new(
                            format!("此处写所在省，在措施里写 zone = \"{name}\""),
                            format!(
                                "name its province here and aim measures at it with zone = \"{name}\""
                            ),
                        )),
                );
                None
            }
            Some(id) => Some(id),
            None => {
                let (what, known) = (Text::new("地区", "region"), names::regions(self.catalogue));
                diags.push(unknown(&what, name, node.span, &known, Some("regions")));
                None
            }
        }
    }

    fn base_year(&self, node: &Node, diags: &mut Diagnostics) {
        let Some(year) = node.integer(diags) else {
            return;
        };
        if year == i64::from(self.catalogue.base_year) {
            return;
        }
        let wanted = self.catalogue.base_year;
        let message = Text::new(
            format!("基年只能是 {wanted}：各地清单均为 {wanted} 年口径"),
            format!("the base year can only be {wanted}, the year of all inventories"),
        );
        let diagnostic = Diagnostic::error("base-year", message)
            .label(
                node.span,
                Text::new("没有该年清单", "no inventory of that year"),
            )
            .help(Text::new(
                "较其他年份的目标，在 [targets.*] 里写 base_year",
                "for targets against another year, give `base_year` in [targets.*]",
            ));
        diags.push(diagnostic);
    }

    fn end_year(&self, node: &Node, diags: &mut Diagnostics) -> Option<i32> {
        let year = node.integer(diags)?;
        let base = self.catalogue.base_year;
        let (first, last) = (base + 1, base + LONGEST);
        if let Ok(year) = i32::try_from(year)
            && (first..=last).contains(&year)
        {
            return Some(year);
        }
        let message = Text::new(
            format!("末年应在 {first} 与 {last} 之间，这里是 {year}"),
            format!("the last year lies between {first} and {last}, this is {year}"),
        );
        diags.push(
            Diagnostic::error("year-range", message)
                .label(node.span, Text::new("超出范围", "out of range"))
                .help(Text::new(
                    format!("基年为 {base}，末年须在其后"),
                    format!("the base year is {base}; the last year comes after it"),
                )),
        );
        None
    }

    fn growth(
        &self,
        table: &TableNode,
        diags: &mut Diagnostics,
    ) -> BTreeMap<DriverId, Vec<(i32, f64)>> {
        let mut growth = BTreeMap::new();
        for (key, node) in &table.entries {
            let Some(driver) = self.catalogue.driver(&key.name) else {
                let what = Text::new("驱动因素", "driver");
                let known = names::drivers(self.catalogue);
                diags.push(unknown(&what, &key.name, key.span, &known, Some("drivers")));
                continue;
            };
            let path = match &node.value {
                Value::Table(years) => by_year(years, diags, rate),
                _ => rate(node, diags).map(|value| vec![(i32::MIN, value)]),
            };
            if let Some(path) = path {
                growth.insert(driver, path);
            }
        }
        growth
    }

    fn elasticity(&self, table: &TableNode, diags: &mut Diagnostics) -> BTreeMap<ServiceId, f64> {
        let mut found = BTreeMap::new();
        for (key, node) in &table.entries {
            let value = elasticity(node, diags);
            match (self.catalogue.service(&key.name), value) {
                (Some(service), Some(value)) => {
                    found.insert(service, value);
                }
                (None, _) => {
                    let what = Text::new("活动", "service");
                    let known = names::services(self.catalogue);
                    diags.push(unknown(
                        &what,
                        &key.name,
                        key.span,
                        &known,
                        Some("services"),
                    ));
                }
                (Some(_), None) => {}
            }
        }
        found
    }

    pub(super) fn indicator(&self, node: &Node, diags: &mut Diagnostics) -> Option<IndicatorId> {
        let name = node.string(diags)?;
        let found = self.catalogue.indicator(name);
        if found.is_none() {
            let (what, known) = (
                Text::new("指标", "indicator"),
                names::indicators(self.catalogue),
            );
            let diagnostic = unknown(&what, name, node.span, &known, Some("indicators"));
            diags.push(diagnostic.note(Text::new(
                "模型以外的指标请写入 [tracked.*]",
                "list indicators outside the model under [tracked.*]",
            )));
        }
        found
    }

    fn tracked(table: &TableNode, head: &Head, diags: &mut Diagnostics) -> Vec<Tracked> {
        let mut found = Vec::new();
        for (key, node) in &table.entries {
            let Some(entry) = node.table(diags) else {
                continue;
            };
            let what = format!("tracked.{}", key.name);
            let mut reader = Reader::new(entry, Text::same(format!("[{what}]")));
            let (zh, en) = (reader.string("name_zh"), reader.string("name_en"));
            let target = reader.string("target");
            let target_en = reader.opt_string("target_en");
            let year = reader.opt_integer("year");
            let value = reader.opt_string("value").map(str::to_string);
            let source = reader.opt_string("source").map(str::to_string);
            reader.finish(diags);
            if let (Some(zh), Some(en), Some(target)) = (zh, en, target) {
                found.push(Tracked {
                    id: key.name.clone(),
                    name: Text::new(zh, en),
                    target: Text::new(target, target_en.unwrap_or(target)),
                    year: year
                        .and_then(|y| i32::try_from(y).ok())
                        .or(head.end_year)
                        .unwrap_or(head.base_year),
                    value,
                    source,
                });
            }
        }
        found
    }

    /// The region's base year, with the user's own inventory laid over it, and the
    /// path of that inventory.
    fn world(&mut self, head: &Head, diags: &mut Diagnostics) -> Option<(World, Option<String>)> {
        let region = head.region?;
        let mut world = self.catalogue.world(region)?.clone();
        let Some((name, span)) = &head.inventory else {
            return Some((world, None));
        };
        // The file is named beside the scenario file that names it.
        let from = self.files.path(span.file).to_string();
        let path = beside(&from, name);
        match (self.fetch)(&path) {
            Ok(bytes) => {
                let file = overlay_inventory(
                    self.catalogue,
                    region,
                    &mut world,
                    (&path, &bytes),
                    self.files,
                    diags,
                );
                self.inputs.extend(file);
                Some((world, Some(path)))
            }
            Err(error) => {
                diags.push(super::cannot_open(&path, &error, Some(*span)));
                None
            }
        }
    }
}

/// How a service follows its driver.
pub(super) fn elasticity(node: &Node, diags: &mut Diagnostics) -> Option<f64> {
    let value = node.number(diags)?;
    let limits = Limits::elasticity();
    if limits.hold(value) {
        return Some(value);
    }
    let (low, high) = (limits.low.to_string().replace('-', "−"), limits.high);
    let message = Text::new(
        format!("弹性 {value} 不可信"),
        format!("an elasticity of {value} is not credible"),
    );
    diags.push(
        Diagnostic::error("elasticity-range", message)
            .label(
                node.span,
                Text::new(
                    format!("应在 {low} 与 {high} 之间"),
                    format!("expected between {low} and {high}"),
                ),
            )
            .help(Text::new(
                "1 表示与驱动因素同步，如 0.9",
                "1 grows as the driver does; write it like 0.9",
            )),
    );
    None
}

/// An amount below zero is a mistake.
pub(super) fn not_negative(node: &Node, amount: f64, diags: &mut Diagnostics) -> Option<f64> {
    if amount >= 0.0 {
        return Some(amount);
    }
    let message = Text::new("不能为负", "this cannot be negative");
    diags.push(
        Diagnostic::error("negative", message)
            .label(node.span, Text::new("负值", "negative"))
            .help(Text::new("去掉负号", "leave the sign out")),
    );
    None
}

/// `{ 2017 = …, 2020 = … }`, sorted by year.
pub(super) fn by_year(
    table: &TableNode,
    diags: &mut Diagnostics,
    value: impl Fn(&Node, &mut Diagnostics) -> Option<f64>,
) -> Option<Vec<(i32, f64)>> {
    let mut points = Vec::new();
    for (key, node) in &table.entries {
        let value = value(node, diags);
        match (key.name.parse::<i32>(), value) {
            (Ok(year), Some(value)) if (1900..=2200).contains(&year) => points.push((year, value)),
            (Ok(_) | Err(_), None) => {}
            _ => {
                let message = Text::new(
                    format!("`{}` 不是年份", key.name),
                    format!("`{}` is not a year", key.name),
                );
                let example = Text::new("写法如 2020 = \"3 %\"", "write it like 2020 = \"3 %\"");
                let label = Text::new("应为年份", "expected a year");
                let diagnostic = Diagnostic::error("year", message).label(key.span, label);
                diags.push(diagnostic.help(example));
            }
        }
    }
    points.sort_by_key(|(year, _)| *year);
    (!points.is_empty()).then_some(points)
}

/// A year between `first` and the scenario's last.
pub(super) fn within(node: &Node, head: &Head, first: i32, diags: &mut Diagnostics) -> Option<i32> {
    let written = node.integer(diags)?;
    let last = head.end_year.unwrap_or(head.base_year + LONGEST);
    if let Ok(year) = i32::try_from(written)
        && (first..=last).contains(&year)
    {
        return Some(year);
    }
    let message = Text::new(
        format!("{written} 年不在情景的 {first}—{last} 年之内"),
        format!("{written} lies outside the scenario's years {first} to {last}"),
    );
    let help = if written > i64::from(last) {
        Text::new(
            "改年份，或延长 [scenario] end_year",
            "change it, or extend [scenario] end_year",
        )
    } else {
        Text::new(
            format!("改为 {first} 年或以后"),
            format!("name {first} or a later year"),
        )
    };
    diags.push(
        Diagnostic::error("year-range", message)
            .label(node.span, Text::new("超出范围", "out of range"))
            .help(help),
    );
    None
}

/// Exactly one of several keys; where a child file gives another one than its
/// parent, the child's counts.
pub(super) fn one_of<'n>(
    nodes: &[(&'static str, Option<&'n Node>)],
    owner: Span,
    reader: &mut Reader<'_>,
) -> Option<(&'static str, &'n Node)> {
    let examples: Vec<String> = nodes.iter().map(|(key, _)| format!("{key} = …")).collect();
    one_of_like(nodes, owner, &examples, reader)
}

/// The same with examples to show where there is none.
pub(super) fn one_of_like<'n>(
    nodes: &[(&'static str, Option<&'n Node>)],
    owner: Span,
    examples: &[String],
    reader: &mut Reader<'_>,
) -> Option<(&'static str, &'n Node)> {
    let there: Vec<(&'static str, &Node)> = nodes
        .iter()
        .filter_map(|(key, node)| Some((*key, (*node)?)))
        .collect();
    let newest = there.iter().map(|(_, node)| node.span.file).min();
    let own: Vec<_> = there
        .iter()
        .filter(|(_, node)| Some(node.span.file) == newest)
        .collect();
    match own.as_slice() {
        [one] => Some(**one),
        [] => {
            let keys: Vec<&'static str> = nodes.iter().map(|(key, _)| *key).collect();
            let message = Text::new(
                format!("须写明其中之一：{}", keys.join("、")),
                format!("one of these must be given: {}", keys.join(", ")),
            );
            let label = Text::new("没有说明做多少", "does not say how much");
            let diagnostic = Diagnostic::error("missing-extent", message)
                .label(owner, label)
                .help(Text::new(
                    format!("写法如 {}", examples.join("、")),
                    format!("write for example {}", examples.join(" or ")),
                ));
            reader.push_unless_misspelt(&keys, diagnostic);
            None
        }
        [first, rest @ ..] => {
            let keys: Vec<String> = own.iter().map(|(key, _)| format!("`{key}`")).collect();
            let message = Text::new(
                format!("{} 只能写一个", keys.join(" 与 ")),
                format!("give only one of {}", keys.join(" and ")),
            );
            let mut diagnostic = Diagnostic::error("two-extents", message);
            for (_, node) in rest {
                diagnostic = diagnostic.label(node.span, Text::new("多余", "one too many"));
            }
            reader.push(
                diagnostic
                    .label(first.1.span, Text::new("已写", "given already"))
                    .help(Text::new(
                        "删去其余，只留文件里写的那一个",
                        "keep the one the document states",
                    )),
            );
            None
        }
    }
}
