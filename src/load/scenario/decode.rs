//! From the merged tree to a checked scenario: the head first, then every part against it.
//! Where something is wrong, the draft has something in its place, so that the rest can be
//! checked as well.

use super::base::end_year;
use super::fields;
use super::fields::by_year;
use super::head::Head;
use super::limits::Limits;
use super::names::{self, Known, unknown};
use super::percent::rate;
use super::{
    Draft, Fetch, Grown, base, beside, growth, measures, on_call, own_cost, regional, tracked,
};
use crate::catalogue::overlay_inventory;
use crate::diag::{Diagnostic, Diagnostics, FileId, Files, Span};
use crate::tree::{Node, Reader, TableNode, Value};
use jianpai_core::catalogue::{Book, Catalogue, Level, World};
use jianpai_core::dims::{DriverId, IndicatorId, RegionId, ServiceId};
use jianpai_core::scenario::{Harmonise, Scenario};
use jianpai_core::text::Text;
use std::collections::BTreeMap;

/// A scenario that does not say when it ends is looked at for so many years.
const FALLBACK: i32 = 10;

/// What decoding needs beside the tree.
pub(super) struct Decoder<'a, 'f> {
    pub(super) catalogue: &'a Catalogue,
    pub(super) fetch: &'a Fetch<'f>,
    pub(super) files: &'a mut Files,
    pub(super) inputs: &'a mut Vec<FileId>,
    pub(super) stem: &'a str,
    /// What measures are in other regions.
    pub(super) elsewhere: Vec<regional::Elsewhere>,
    /// The region that the scenario brings along.
    pub(super) grown: Option<&'a Grown>,
}

/// The parts of a scenario file.
const PARTS: [&str; 17] = [
    "scenario",
    "growth",
    "elasticity",
    "measures",
    "targets",
    "tracked",
    "observed",
    "splice",
    "ledger",
    "sweep",
    "solve",
    "limit",
    "option",
    "options",
    "region",
    "zones",
    "pollutants",
];

/// The keys of `[scenario]`.
pub(super) const HEAD: [&str; 20] = [
    "name_zh",
    "name_en",
    "description_zh",
    "description_en",
    "document",
    "region",
    "region_file",
    "extends",
    "drop",
    "base",
    "base_year",
    "end_year",
    "price_year",
    "inventory",
    "targets_from",
    "harmonise",
    "non_fossil",
    "electricity_share",
    "industrial_electricity_share",
    "indicators",
];

/// Observed values are joined in one of two ways: the file says which.
fn needs_join(observed: Option<&TableNode>, head: &Head, root: &mut Reader<'_>) {
    let observed = observed.filter(|table| !table.entries.is_empty());
    if let (Some(table), None, false) = (observed, head.harmonise, head.torn) {
        root.push(no_join(table.span));
    }
}

/// Passes over what `sweep::read` and `solve::read` read for those who ask, and `own::grow`
/// has read.
fn read_elsewhere(root: &mut Reader<'_>) {
    for part in [
        "sweep",
        "solve",
        "limit",
        "option",
        "options",
        "region",
        "zones",
        "pollutants",
    ] {
        root.optional(part);
    }
}

/// Yearly growth by driver: years and rates.
type Growth = BTreeMap<DriverId, Vec<(i32, f64)>>;

impl Decoder<'_, '_> {
    /// Decodes a whole scenario. Where anything is wrong, which is in `diags` then, the
    /// draft has something in its place, good for finding what else is wrong.
    pub(super) fn scenario(
        &mut self,
        tree: &TableNode,
        region: Option<RegionId>,
        diags: &mut Diagnostics,
    ) -> Option<Draft> {
        let mut root = Reader::new(tree, Text::new("情景文件", "the scenario file"));
        root.expect(PARTS);
        root.belong("[scenario]", HEAD.iter().copied());
        root.belong("[scenario]", ["title", "name"]);
        let head = root.opt_table("scenario");
        if tree.get("scenario").is_none() {
            root.push_unless_misspelt(&["scenario"], no_scenario(tree.span));
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
        let ledger = root.opt_table("ledger");
        let ledger = ledger.and_then(|table| self.ledger(table, root.diags()));
        read_elsewhere(&mut root);
        let measures = measures.map(|table| self.measures(table, &head, root.diags()));
        let world = self.world(&head, root.diags());
        let (world, inventory) = world.map_or((None, None), |(w, i)| (Some(w), i));
        let mut splices = splice
            .map(|table| self.splices(table, root.diags()))
            .unwrap_or_default();
        let targets = targets.map(|table| {
            let bases = (world.as_ref(), &mut splices);
            self.targets(table, &head, bases, root.diags())
        });
        let (targets, listed) = targets.unwrap_or_default();
        let tracked = tracked.map(|table| tracked::read(table, &head, root.diags()));
        let tracked = [listed, tracked.unwrap_or_default()].concat();
        let observations = observed.map(|table| {
            let bases = (world.as_ref(), &mut splices);
            self.observed(table, &head, bases, root.diags())
        });
        let complete = !tree.torn && growth_table.is_none_or(|table| !table.torn);
        if complete && growth_node.is_none() == growth_table.is_none() {
            self.needs_growth((tree, growth.as_ref()), &head, root.diags());
        }
        needs_join(observed, &head, &mut root);
        root.finish(diags);
        // Findings on measures need some region: that of the nation will do, if what is
        // found holds in every other as well.
        let whole = |id: &RegionId| self.catalogue.world(*id).is_some();
        let mut regions = (0..self.catalogue.regions.len()).map(RegionId::from_usize);
        let place = head.region.filter(whole).or_else(|| regions.find(whole))?;
        let reads = measures.unwrap_or_default();
        let sound = |read: &&measures::Read| read.faulty.is_empty();
        // What could not be read may use a splice.
        let sure = head.region.is_some() && head.end_year.is_some() && world.is_some();
        let sure = sure && head.name.is_some() && !tree.torn;
        let mut scenario = Scenario {
            id: self.stem.to_string(),
            name: head.name.clone().unwrap_or_else(|| Text::same(self.stem)),
            description: head.description.clone(),
            document: head.document.clone(),
            region: place,
            base_year: head.base_year,
            end_year: head.end_year.unwrap_or(head.base_year + FALLBACK),
            price_year: head.price_year.unwrap_or(head.base_year),
            growth: growth.unwrap_or_default(),
            elasticity: elasticity.unwrap_or_default(),
            measures: reads
                .iter()
                .filter(sound)
                .map(|read| read.measure.clone())
                .collect(),
            ledger,
            targets,
            tracked,
            observed: observations.unwrap_or_default(),
            splices: splices.all.clone(),
            harmonise: head.harmonise.unwrap_or(Harmonise::Ratio),
            published: head.published.clone(),
            inventory,
            world: world
                .or_else(|| Some(self.catalogue.world(place)?.from_base(head.base_year)))?,
        };
        if let Some(own) = self.inputs.first() {
            diags.extend(growth::idle(self.catalogue, &scenario, tree, *own));
        }
        self.official_targets(&head, &mut scenario, &mut splices, diags);
        if sure {
            on_call::needs_share(self.catalogue, &scenario, tree, diags);
            splices.unused(diags);
        }
        Some(Draft {
            scenario,
            reads,
            region: head.region,
        })
    }

    /// Says which growth is missing, where region and years are known.
    fn needs_growth(
        &self,
        (tree, growth): (&TableNode, Option<&Growth>),
        head: &Head,
        diags: &mut Diagnostics,
    ) {
        if let (Some(region), Some(last)) = (head.region, head.end_year) {
            let needed = growth::Needed {
                catalogue: self.catalogue,
                region,
                years: self.catalogue.base_year + 1..=last,
            };
            diags.extend(needed.missing(tree, growth));
        }
    }

    fn measures(
        &self,
        table: &TableNode,
        head: &Head,
        diags: &mut Diagnostics,
    ) -> Vec<measures::Read> {
        let bases = (self.catalogue, &*self.files, head);
        measures::check_elsewhere(bases, &self.elsewhere, diags);
        measures::decode(bases, table, diags)
    }

    /// What stands for a `[scenario]` that is not there.
    fn no_head(&self) -> Head {
        Head {
            name: None,
            description: Text::default(),
            document: None,
            region: None,
            base_year: self.catalogue.base_year,
            rebased: false,
            end_year: None,
            price_year: None,
            inventory: None,
            harmonise: None,
            targets_from: None,
            published: BTreeMap::new(),
            torn: true,
        }
    }

    fn head(&self, table: &TableNode, replaced: Option<RegionId>, diags: &mut Diagnostics) -> Head {
        let mut reader = Reader::new(table, Text::new("[scenario]", "[scenario]"));
        reader.expect(HEAD);
        reader.synonyms([
            ("title", "name_zh"),
            ("name", "name_zh"),
            ("province", "region"),
            ("place", "region"),
            ("end", "end_year"),
        ]);
        let document = reader.opt_string("document").map(str::to_string);
        let name = fields::name(&mut reader, document.as_deref());
        let description = Text::new(
            reader.opt_string("description_zh").unwrap_or_default(),
            reader.opt_string("description_en").unwrap_or_default(),
        );
        reader.optional("region_file");
        let region = match self.grown {
            Some(grown) => {
                reader.optional("region");
                replaced.or(grown.region)
            }
            None => reader.required("region").and_then(|node| {
                let found = self.region(node, reader.diags());
                replaced.or(found)
            }),
        };
        reader.optional("extends");
        reader.optional("drop");
        let base_year = base::read(self.catalogue, &mut reader);
        let end_node = reader.required("end_year");
        let end_year = end_node.and_then(|node| end_year(node, base_year, reader.diags()));
        let price_year = reader.optional("price_year");
        let price_year =
            price_year.and_then(|node| own_cost::price_year(self.catalogue, node, reader.diags()));
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
        let published = on_call::published(&mut reader, base_year);
        let more = reader.opt_array("indicators").unwrap_or_default();
        for node in more {
            self.indicator(node, reader.diags());
        }
        reader.finish(diags);
        Head {
            name,
            description,
            document,
            region,
            base_year,
            rebased: base_year != self.catalogue.base_year,
            end_year,
            price_year,
            inventory,
            harmonise,
            targets_from,
            published,
            torn: table.torn,
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
                let within = self.catalogue.regions[id.at()].parent;
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
                within
            }
            Some(id) => Some(id),
            None => {
                let (what, known) = (Text::new("地区", "region"), names::regions(self.catalogue));
                let found = unknown(&what, name, node.span, &known, Some("regions"));
                let meant = names::meant(name, &known).is_some();
                let places = super::own::like(self.catalogue, name).filter(|_| !meant);
                diags.push(match places {
                    Some(places) => found.help(places),
                    None => found,
                });
                // The rest is checked for the region that was probably meant.
                self.catalogue.region(names::meant(name, &known)?)
            }
        }
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
        let mut found = self.catalogue.indicator(name);
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
            // The rest is checked for the indicator that was probably meant.
            found = names::meant(name, &known).and_then(|near| self.catalogue.indicator(near));
        }
        found
    }

    /// The indicator `id` in the book that the file names, else in `usual` where it is
    /// kept there; a book in which it is not kept is reported.
    pub(super) fn in_book(
        &self,
        id: IndicatorId,
        node: Option<&Node>,
        usual: Book,
        diags: &mut Diagnostics,
    ) -> Option<(IndicatorId, Book)> {
        let catalogue = self.catalogue;
        let Some(node) = node else {
            // An indicator that names its book keeps it.
            let own = &catalogue.indicators[id.at()];
            let free = own.named.id == own.base;
            let found = catalogue.in_book(id, usual).filter(|_| free);
            return Some(found.map_or((id, own.book), |found| (found, usual)));
        };
        let name = node.string(diags)?;
        let Some(book) = Book::parse(name) else {
            let what = Text::new("账", "book");
            let known = Book::ALL.map(Book::id);
            diags.push(unknown(&what, name, node.span, &Known::words(&known), None));
            return None;
        };
        let found = catalogue.in_book(id, book);
        if found.is_none() {
            let base = &catalogue.indicators[id.at()].base;
            let name = book.name();
            let message = Text::new(
                format!("{base} 没有“{}”这本账", name.zh),
                format!("{base} is not kept in the {} book", name.en),
            );
            let kept: Vec<&str> = catalogue
                .indicators
                .iter()
                .filter(|i| i.book == book || i.both)
                .map(|i| i.base.as_str())
                .collect();
            diags.push(
                Diagnostic::error("no-book", message)
                    .label(node.span, Text::new("没有这本账", "no such book"))
                    .help(Text::new(
                        format!("删去 book；这本账有 {}", kept.join("、")),
                        format!("take `book` out; that book has {}", kept.join(", ")),
                    )),
            );
        }
        found.map(|found| (found, book))
    }

    /// The region's base year, with the user's own inventory laid over it, and the
    /// path of that inventory.
    fn world(&mut self, head: &Head, diags: &mut Diagnostics) -> Option<(World, Option<String>)> {
        let region = head.region?;
        let mut world = self.catalogue.world(region)?.from_base(head.base_year);
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
                    (region, head.base_year),
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

/// A file without `[scenario]`.
fn no_scenario(start: Span) -> Diagnostic {
    let message = Text::new(
        "情景文件没有 [scenario]",
        "the scenario file has no [scenario]",
    );
    Diagnostic::error("missing-key", message)
        .label(start, Text::new("文件从这里开始", "the file begins here"))
        .help(Text::new(
            "用 jianpai init 地区id 生成一份可运行的模板",
            "jianpai init REGION writes a file that runs",
        ))
}

/// Observed values without a way to join to them.
fn no_join(observed: Span) -> Diagnostic {
    let message = Text::new(
        "有观测值时须写 [scenario] harmonise = \"ratio\" 或 \"offset\"",
        "with observed values, [scenario] needs harmonise = \"ratio\" or \"offset\"",
    );
    Diagnostic::error("missing-key", message)
        .label(observed, Text::new("有观测值", "there are observed values"))
        .help(Text::new(
            "ratio：此后按比例衔接；offset：此后按差额衔接",
            "ratio carries on the quotient of observed and modelled, offset the difference",
        ))
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
