//! From the merged tree to a checked scenario.

use super::measures;
use super::{Fetch, beside};
use crate::catalogue::overlay_inventory;
use crate::diag::{Diagnostic, Diagnostics, FileId, Files, Span, nearest};
use crate::quantity::{self, Dim};
use crate::tree::{Key, Node, Reader, TableNode, Value};
use jianpai_core::catalogue::{Catalogue, IndicatorKind, Level, World};
use jianpai_core::dims::{DriverId, IndicatorId, RegionId, ServiceId};
use jianpai_core::scenario::{Harmonise, Observation, Scenario, Tracked};
use jianpai_core::target::{Demand, Target};
use jianpai_core::text::Text;
use std::collections::BTreeMap;

/// What decoding needs beside the tree.
pub(super) struct Decoder<'a, 'f> {
    pub(super) catalogue: &'a Catalogue,
    pub(super) fetch: &'a Fetch<'f>,
    pub(super) files: &'a mut Files,
    pub(super) inputs: &'a mut Vec<FileId>,
    pub(super) stem: &'a str,
}

/// The head of a scenario.
struct Head {
    name: Text,
    description: Text,
    document: Option<String>,
    region: RegionId,
    base_year: i32,
    end_year: i32,
    inventory: Option<(String, Span)>,
    harmonise: Option<Harmonise>,
    targets_from: Option<(String, Span)>,
}

/// Reports a name that is none of `known`.
pub(super) fn unknown<'k>(
    what: &Text,
    name: &str,
    span: Span,
    known: impl IntoIterator<Item = &'k str> + Clone,
) -> Diagnostic {
    let message = Text::new(
        format!("没有名为 `{name}` 的{}", what.zh),
        format!("there is no {} `{name}`", what.en),
    );
    let mut diagnostic =
        Diagnostic::error("unknown-name", message).label(span, Text::new("未知", "not known"));
    if let Some(near) = nearest(name, known.clone()) {
        diagnostic = diagnostic.help(Text::new(
            format!("是否指 `{near}`？"),
            format!("did you mean `{near}`?"),
        ));
    } else {
        let list: Vec<&str> = known.into_iter().collect();
        if list.len() <= 30 {
            diagnostic = diagnostic.note(Text::new(
                format!("可用：{}", list.join("、")),
                format!("known: {}", list.join(", ")),
            ));
        }
    }
    diagnostic
}

/// A fraction between 0 and 1.
pub(super) fn share(node: &Node, diags: &mut Diagnostics) -> Option<f64> {
    let value = quantity::check(node, Dim::NONE, diags, "25 %")?;
    if (-1e-12..=1.0 + 1e-12).contains(&value) {
        return Some(value);
    }
    let percent = value * 100.0;
    let message = Text::new(
        format!("占比应在 0 % 与 100 % 之间，这里是 {percent} %"),
        format!("a share lies between 0 % and 100 %, this is {percent} %"),
    );
    let mut diagnostic = Diagnostic::error("share-range", message)
        .label(node.span, Text::new("超出范围", "out of range"));
    if let Value::String(text) = &node.value
        && !text.contains(['%', '％', '‰'])
    {
        diagnostic = diagnostic.help(Text::new(
            format!("是否指 \"{text} %\"？"),
            format!("did you mean \"{text} %\"?"),
        ));
    }
    diags.push(diagnostic);
    None
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
        let head = root
            .table("scenario")
            .and_then(|table| self.head(table, region, root.diags()));
        let growth = root
            .opt_table("growth")
            .map(|table| self.growth(table, root.diags()));
        let elasticity = root.opt_table("elasticity");
        let elasticity = elasticity.map(|table| self.elasticity(table, root.diags()));
        let measures = root.opt_table("measures");
        let targets = root.opt_table("targets");
        let tracked = root.opt_table("tracked");
        let observed = root.opt_table("observed");
        // What follows needs the head for its years and region.
        let Some(head) = head else {
            root.finish(diags);
            return None;
        };
        let measures = measures
            .map(|table| measures::decode(self.catalogue, head.region, table, root.diags()));
        let targets = targets.map(|table| self.targets(table, &head, root.diags()));
        let tracked = tracked.map(|table| Self::tracked(table, &head, root.diags()));
        let observations = observed.map(|table| self.observed(table, root.diags()));
        if let (Some(table), None) = (observed.filter(|t| !t.entries.is_empty()), head.harmonise) {
            let message = Text::new(
                "有观测值时须写 [scenario] harmonise = \"ratio\" 或 \"offset\"",
                "with observed values, [scenario] needs harmonise = \"ratio\" or \"offset\"",
            );
            root.push(Diagnostic::error("missing-key", message).label(table.span, Text::default()));
        }
        let world = self.world(&head, root.diags());
        root.finish(diags);
        let mut scenario = Scenario {
            id: self.stem.to_string(),
            name: head.name.clone(),
            description: head.description.clone(),
            document: head.document.clone(),
            region: head.region,
            base_year: head.base_year,
            end_year: head.end_year,
            growth: growth.unwrap_or_default(),
            elasticity: elasticity.unwrap_or_default(),
            measures: measures.unwrap_or_default(),
            targets: targets.unwrap_or_default(),
            tracked: tracked.unwrap_or_default(),
            observed: observations.unwrap_or_default(),
            harmonise: head.harmonise.unwrap_or(Harmonise::Ratio),
            world: world?,
        };
        self.official_targets(&head, &mut scenario, diags);
        Some(scenario)
    }

    fn head(
        &self,
        table: &TableNode,
        replaced: Option<RegionId>,
        diags: &mut Diagnostics,
    ) -> Option<Head> {
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
        let base_node = reader.optional("base_year");
        let base_year = base_node.map_or(Some(i64::from(self.catalogue.base_year)), |node| {
            self.base_year(node, reader.diags())
        });
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
                reader.push(unknown(&what, other, node.span, ["ratio", "offset"]));
                None
            }
        });
        reader.finish(diags);
        Some(Head {
            name: Text::new(zh?, en?),
            description,
            document,
            region: region?,
            base_year: i32::try_from(base_year?).ok()?,
            end_year: i32::try_from(end_year?).ok()?,
            inventory,
            harmonise,
            targets_from,
        })
    }

    fn region(&self, node: &Node, diags: &mut Diagnostics) -> Option<RegionId> {
        let name = node.string(diags)?;
        let regions = self.catalogue.regions.iter();
        match self.catalogue.region(name) {
            Some(id) if self.catalogue.regions[id.at()].level == Level::Zone => {
                let message = Text::new(
                    format!("`{name}` 是分区；情景的地区写所在省，措施用 zone 指向分区"),
                    format!(
                        "`{name}` is a zone; name its province here and let measures aim at it with `zone`"
                    ),
                );
                diags.push(Diagnostic::error("zone", message).label(node.span, Text::default()));
                None
            }
            Some(id) => Some(id),
            None => {
                // A planner may well write the Chinese name.
                let by_name = regions.clone().find(|r| r.named.name.zh == name);
                let mut diagnostic = unknown(
                    &Text::new("地区", "region"),
                    name,
                    node.span,
                    self.catalogue.regions.iter().map(|r| r.named.id.as_str()),
                );
                if let Some(region) = by_name {
                    let id = &region.named.id;
                    diagnostic = diagnostic
                        .help(Text::new(
                            format!("写作 \"{id}\""),
                            format!("write \"{id}\""),
                        ))
                        .suggest(node.span, format!("\"{id}\""));
                }
                diags.push(diagnostic);
                None
            }
        }
    }

    fn base_year(&self, node: &Node, diags: &mut Diagnostics) -> Option<i64> {
        let year = node.integer(diags)?;
        if year == i64::from(self.catalogue.base_year) {
            return Some(year);
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
        None
    }

    fn end_year(&self, node: &Node, diags: &mut Diagnostics) -> Option<i64> {
        let year = node.integer(diags)?;
        let base = i64::from(self.catalogue.base_year);
        if (base + 1..=base + 85).contains(&year) {
            return Some(year);
        }
        let message = Text::new(
            format!("末年应在 {} 与 {} 之间", base + 1, base + 85),
            format!("the last year lies between {} and {}", base + 1, base + 85),
        );
        diags.push(Diagnostic::error("year-range", message).label(node.span, Text::default()));
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
                let known = self.catalogue.drivers.iter().map(|d| d.id.as_str());
                diags.push(unknown(&what, &key.name, key.span, known));
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
            let value = node.number(diags);
            match (self.catalogue.service(&key.name), value) {
                (Some(service), Some(value)) => {
                    found.insert(service, value);
                }
                (None, _) => {
                    let what = Text::new("活动", "service");
                    let known = self.catalogue.services.iter().map(|s| s.named.id.as_str());
                    diags.push(unknown(&what, &key.name, key.span, known));
                }
                (Some(_), None) => {}
            }
        }
        found
    }

    fn indicator(&self, node: &Node, diags: &mut Diagnostics) -> Option<IndicatorId> {
        let name = node.string(diags)?;
        let found = self.catalogue.indicator(name);
        if found.is_none() {
            let known = self
                .catalogue
                .indicators
                .iter()
                .map(|i| i.named.id.as_str());
            let diagnostic = unknown(&Text::new("指标", "indicator"), name, node.span, known);
            diags.push(diagnostic.note(Text::new(
                "模型以外的指标请写入 [tracked.*]",
                "list indicators outside the model under [tracked.*]",
            )));
        }
        found
    }

    fn observed(&self, table: &TableNode, diags: &mut Diagnostics) -> Vec<Observation> {
        let mut found = Vec::new();
        for (key, node) in &table.entries {
            let Some(entry) = node.table(diags) else {
                continue;
            };
            let what = format!("observed.{}", key.name);
            let mut reader = Reader::new(entry, Text::same(format!("[{what}]")));
            let indicator = reader.required("indicator");
            let indicator = indicator.and_then(|node| self.indicator(node, reader.diags()));
            let year = reader.integer("year");
            let reduction = reader.quantity("reduction", Dim::NONE, "11.5 %");
            let source = reader.opt_string("source").map(str::to_string);
            reader.finish(diags);
            if let (Some(indicator), Some(year), Some(reduction)) = (indicator, year, reduction) {
                let year = i32::try_from(year).unwrap_or(i32::MAX);
                found.push(Observation {
                    indicator,
                    year,
                    reduction,
                    source,
                });
            }
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
            let year = reader.opt_integer("year");
            let value = reader.opt_string("value").map(str::to_string);
            let source = reader.opt_string("source").map(str::to_string);
            reader.finish(diags);
            if let (Some(zh), Some(en), Some(target)) = (zh, en, target) {
                found.push(Tracked {
                    id: key.name.clone(),
                    name: Text::new(zh, en),
                    target: target.to_string(),
                    year: year
                        .and_then(|y| i32::try_from(y).ok())
                        .unwrap_or(head.end_year),
                    value,
                    source,
                });
            }
        }
        found
    }

    fn targets(&self, table: &TableNode, head: &Head, diags: &mut Diagnostics) -> Vec<Target> {
        let entries = table.entries.iter();
        entries
            .filter_map(|(key, node)| self.target(key, node, head, diags))
            .collect()
    }

    fn target(
        &self,
        key: &Key,
        node: &Node,
        head: &Head,
        diags: &mut Diagnostics,
    ) -> Option<Target> {
        let entry = node.table(diags)?;
        let what = format!("[targets.{}]", key.name);
        let mut reader = Reader::new(entry, Text::same(what));
        let indicator = reader.required("indicator");
        let indicator = indicator.and_then(|node| self.indicator(node, reader.diags()));
        let year_node = reader.required("year");
        let year =
            year_node.and_then(|node| within(node, head, head.base_year + 1, reader.diags()));
        let base_node = reader.optional("base_year");
        let base_year = match base_node {
            None => Some(head.base_year),
            Some(node) => within(node, head, head.base_year, reader.diags()),
        };
        let from_node = reader.optional("from");
        let from = match from_node {
            None => Some(head.base_year + 1),
            Some(node) => within(node, head, head.base_year, reader.diags()),
        };
        let (zh, en) = (reader.opt_string("name_zh"), reader.opt_string("name_en"));
        let source = reader.opt_string("source").map(str::to_string);
        let keys = ["reduction", "cap", "floor", "cumulative", "project"];
        let nodes = keys.map(|key| (key, reader.optional(key)));
        let demand = one_of(&nodes, key.span, reader.diags());
        let demand = match (demand, indicator, base_year, from) {
            (Some((kind, node)), Some(indicator), Some(base_year), Some(from)) => {
                self.demand(kind, node, indicator, base_year, from, reader.diags())
            }
            _ => None,
        };
        if let (Some(from), Some(to), Some(node)) = (base_year, year, base_node)
            && from >= to
        {
            let message = Text::new(
                format!("基准年 {from} 应早于目标年 {to}"),
                format!("the base year {from} must come before the target year {to}"),
            );
            reader.push(Diagnostic::error("year-order", message).label(node.span, Text::default()));
        }
        reader.finish(diags);
        Some(Target {
            id: key.name.clone(),
            name: zh
                .or(en)
                .map(|name| Text::new(zh.unwrap_or(name), en.unwrap_or(name))),
            indicator: indicator?,
            year: year?,
            demand: demand?,
            source,
        })
    }

    fn demand(
        &self,
        kind: &str,
        node: &Node,
        indicator: IndicatorId,
        base_year: i32,
        from: i32,
        diags: &mut Diagnostics,
    ) -> Option<Demand> {
        if kind == "reduction" {
            let wanted = quantity::check(node, Dim::NONE, diags, "10 %")?;
            return Some(Demand::Reduction { wanted, base_year });
        }
        let amount = self.amount(node, indicator, diags)?;
        Some(match kind {
            "cap" => Demand::Cap(amount),
            "floor" => Demand::Floor(amount),
            "cumulative" => Demand::Cumulative {
                limit: amount,
                from,
            },
            _ => Demand::Project {
                wanted: amount,
                base_year,
            },
        })
    }

    /// An amount in the base unit of an indicator.
    fn amount(&self, node: &Node, id: IndicatorId, diags: &mut Diagnostics) -> Option<f64> {
        match &self.catalogue.indicators[id.at()].kind {
            IndicatorKind::Emission(_) => quantity::check(node, Dim::MASS, diags, "62 万t"),
            IndicatorKind::Coal => measures::coal(node, self.catalogue, diags),
            IndicatorKind::Energy => quantity::check(node, Dim::ENERGY, diags, "13000 万吨标准煤"),
            IndicatorKind::Share { .. } => share(node, diags),
            IndicatorKind::EmissionIntensity(_) | IndicatorKind::EnergyIntensity => {
                let message = Text::new(
                    "强度指标只能写 reduction（较某年下降）",
                    "an intensity can only be given as `reduction` against a year",
                );
                let diagnostic = Diagnostic::error("intensity-amount", message);
                diags.push(
                    diagnostic.label(node.span, Text::new("改为 reduction", "use `reduction`")),
                );
                None
            }
        }
    }

    /// The region's base year, with the user's own inventory laid over it.
    fn world(&mut self, head: &Head, diags: &mut Diagnostics) -> Option<World> {
        let mut world = self.catalogue.world(head.region)?.clone();
        let Some((name, span)) = &head.inventory else {
            return Some(world);
        };
        // The file is named beside the scenario file that names it.
        let from = self.files.path(span.file).to_string();
        let path = beside(&from, name);
        match (self.fetch)(&path) {
            Ok(bytes) => {
                let file = overlay_inventory(
                    self.catalogue,
                    head.region,
                    &mut world,
                    (&path, &bytes),
                    self.files,
                    diags,
                );
                self.inputs.extend(file);
                Some(world)
            }
            Err(error) => {
                let message = Text::new(
                    format!("打不开清单文件 `{path}`：{error}"),
                    format!("cannot open the inventory `{path}`: {error}"),
                );
                let label = Text::new("由此引用", "named here");
                diags.push(Diagnostic::error("cannot-open", message).label(*span, label));
                None
            }
        }
    }

    /// Adds the official targets of a plan for which the file has none of its own.
    fn official_targets(&self, head: &Head, scenario: &mut Scenario, diags: &mut Diagnostics) {
        let Some((plan, span)) = &head.targets_from else {
            return;
        };
        let all = self.catalogue.targets.iter();
        let mut plans: Vec<&str> = all.clone().map(|t| t.plan.as_str()).collect();
        plans.sort_unstable();
        plans.dedup();
        if !plans.contains(&plan.as_str()) {
            diags.push(unknown(&Text::new("规划", "plan"), plan, *span, plans));
            return;
        }
        for official in all.filter(|t| t.plan == *plan && t.region == head.region) {
            let id = format!("{plan}-{}", official.indicator);
            let source = self.catalogue.sources[official.value.origin.source.at()]
                .title
                .clone();
            let project = official.kind == "project-reduction";
            match self.catalogue.indicator(&official.indicator) {
                Some(indicator) if official.target_year <= head.end_year => {
                    let same =
                        |t: &Target| t.indicator == indicator && t.year == official.target_year;
                    if scenario.targets.iter().any(same) {
                        continue;
                    }
                    let (wanted, base_year) = (official.value.value, official.base_year);
                    let demand = if project {
                        Demand::Project { wanted, base_year }
                    } else {
                        Demand::Reduction { wanted, base_year }
                    };
                    scenario.targets.push(Target {
                        id,
                        name: None,
                        indicator,
                        year: official.target_year,
                        demand,
                        source: Some(source),
                    });
                }
                Some(_) => {}
                None => scenario.tracked.push(Tracked {
                    id,
                    name: Text::same(official.indicator.clone()),
                    target: format!("−{} %", official.value.value * 100.0),
                    year: official.target_year,
                    value: None,
                    source: Some(source),
                }),
            }
        }
    }
}

/// A yearly rate: more than −100 %, less than +100 %.
fn rate(node: &Node, diags: &mut Diagnostics) -> Option<f64> {
    let value = quantity::check(node, Dim::NONE, diags, "6 %")?;
    if value > -1.0 && value < 1.0 {
        return Some(value);
    }
    let percent = value * 100.0;
    let message = Text::new(
        format!("年增长率 {percent} % 不可信"),
        format!("a yearly growth of {percent} % is not credible"),
    );
    diags.push(
        Diagnostic::error("growth-range", message)
            .label(
                node.span,
                Text::new("应在 ±100 % 以内", "expected within ±100 %"),
            )
            .help(Text::new("写法如 \"6 %\"", "write it like \"6 %\"")),
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
                diags.push(Diagnostic::error("year", message).label(key.span, example));
            }
        }
    }
    points.sort_by_key(|(year, _)| *year);
    (!points.is_empty()).then_some(points)
}

/// A year between `first` and the scenario's last.
fn within(node: &Node, head: &Head, first: i32, diags: &mut Diagnostics) -> Option<i32> {
    let year = i32::try_from(node.integer(diags)?).unwrap_or(i32::MAX);
    if (first..=head.end_year).contains(&year) {
        return Some(year);
    }
    let last = head.end_year;
    let message = Text::new(
        format!("{year} 年不在情景的 {first}—{last} 年之内"),
        format!("{year} lies outside the scenario's years {first} to {last}"),
    );
    diags.push(
        Diagnostic::error("year-range", message)
            .label(node.span, Text::new("超出范围", "out of range"))
            .help(Text::new(
                "或延长 [scenario] end_year",
                "or extend [scenario] end_year",
            )),
    );
    None
}

/// Exactly one of several keys; where a child file gives another one than its
/// parent, the child's counts.
pub(super) fn one_of<'n>(
    nodes: &[(&'static str, Option<&'n Node>)],
    owner: Span,
    diags: &mut Diagnostics,
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
            let keys: Vec<&str> = nodes.iter().map(|(key, _)| *key).collect();
            let message = Text::new(
                format!("须写明其中之一：{}", keys.join("、")),
                format!("one of these must be given: {}", keys.join(", ")),
            );
            let label = Text::new("没有说明做多少", "does not say how much");
            diags.push(Diagnostic::error("missing-extent", message).label(owner, label));
            None
        }
        [first, second, ..] => {
            let message = Text::new(
                format!("`{}` 与 `{}` 只能写一个", first.0, second.0),
                format!("give only one of `{}` and `{}`", first.0, second.0),
            );
            diags.push(
                Diagnostic::error("two-extents", message)
                    .label(second.1.span, Text::new("多余", "one too many"))
                    .label(first.1.span, Text::new("已写", "given already")),
            );
            None
        }
    }
}
