//! A region of one's own, and zones of any region.
//!
//! A scenario may be of a region that the data do not hold. It stands in a file of its
//! own, `regions/ID.toml` beside the scenario or one folder up (`region = "ID"`), wherever
//! `region_file` says, or in the scenario itself: the same `[region]` table. `[zones.*]` of
//! a scenario cut its region into parts that measures can aim at.
//!
//! What is read becomes a region of the catalogue before the rest of the scenario is read:
//! nothing after it knows the difference. [`jianpai_core::place`] has the equations.

mod inventory;
mod numbers;
mod read;
mod said;
mod zones;

use super::problems::sub_table;
use super::{Fetch, beside, called, cannot_open};
use crate::diag::{Diagnostic, Diagnostics, FileId, Files, Span};
use crate::format::take_in;
use crate::tree::{self, Node, TableNode, Value};
use crate::vocabulary::{Meaning, Vocabulary};
use jianpai_core::catalogue::{Catalogue, Level, Named, Region, World};
use jianpai_core::dims::RegionId;
use jianpai_core::names::NameOf;
use jianpai_core::place::Own;
use jianpai_core::text::Text;
use std::io::ErrorKind;

/// Where files of regions lie, as seen from the file that names one.
pub const FOLDERS: [&str; 3] = ["regions", "../regions", "scenarios/regions"];

/// The catalogue with what a scenario brings along.
#[derive(Clone, Debug)]
pub struct Grown {
    /// The data, with the region and the zones.
    pub catalogue: Catalogue,
    /// The region of the scenario; `None` if it could not be made.
    pub region: Option<RegionId>,
    /// What it was made from, if it is no built-in one.
    pub place: Option<Own>,
}

/// What reading a region needs, and the catalogue as far as it has grown.
struct Grower<'a, 'f> {
    catalogue: Catalogue,
    vocabulary: &'a Vocabulary,
    fetch: &'a Fetch<'f>,
    files: &'a mut Files,
    inputs: &'a mut Vec<FileId>,
    diags: &'a mut Diagnostics,
    /// Files and ids of the regions that are being read.
    chain: Vec<String>,
}

impl<'a, 'f> Grower<'a, 'f> {
    /// Nothing grown yet.
    fn new(
        (catalogue, vocabulary, fetch): (&Catalogue, &'a Vocabulary, &'a Fetch<'f>),
        (files, inputs, diags): (&'a mut Files, &'a mut Vec<FileId>, &'a mut Diagnostics),
    ) -> Self {
        Self {
            catalogue: catalogue.clone(),
            vocabulary,
            fetch,
            files,
            inputs,
            diags,
            chain: Vec::new(),
        }
    }
}

/// Reads the region and the zones that a scenario brings along; `None` if it brings none.
pub(super) fn grow(
    tree: &TableNode,
    (catalogue, vocabulary, fetch): (&Catalogue, &Vocabulary, &Fetch<'_>),
    files: &mut Files,
    inputs: &mut Vec<FileId>,
    diags: &mut Diagnostics,
) -> Option<Grown> {
    let head = sub_table(tree, "scenario");
    let named = head.and_then(|head| head.get("region"));
    let file = head.and_then(|head| head.get("region_file"));
    let inline = tree.entry("region");
    let zones = sub_table(tree, "zones");
    let id = named.and_then(|node| match &node.value {
        Value::String(text) => Some((text.clone(), node.span)),
        _ => None,
    });
    // Of a name and a file or table that stand in different files the nearer one counts.
    let rank = |span: Span| inputs.iter().position(|file| *file == span.file);
    let brought = file
        .map(|node| node.span)
        .or(inline.map(|(key, _)| key.span));
    let (id, file, inline) = match (id, brought) {
        (Some((id, at)), Some(span)) if at.file != span.file => {
            if rank(at) < rank(span) {
                (Some((id, at)), None, None)
            } else {
                (None, file, inline)
            }
        }
        (id, _) => (id, file, inline),
    };
    let built_in = |id: &str| catalogue.regions.iter().any(|r| !r.own && r.named.id == id);
    let strange = id.as_ref().filter(|(id, _)| !built_in(id));
    if inline.is_none() && file.is_none() && zones.is_none() && strange.is_none() {
        return None;
    }
    let mut grower = Grower::new((catalogue, vocabulary, fetch), (files, inputs, diags));
    let mut own = None;
    let region = match (inline, file) {
        (Some((key, _)), Some(file)) => {
            grower.diags.push(two_regions(key.span, file.span));
            None
        }
        (Some((key, node)), None) => {
            let table = node.table(grower.diags);
            own = table.and_then(|table| grower.region(table, key.span, id.as_ref()));
            own.as_ref().map(|(region, _)| *region)
        }
        (None, Some(node)) => {
            if let Some(name) = node.string(grower.diags) {
                let path = beside(grower.files.path(node.span.file), name);
                own = grower.file(&path, node.span, id.as_ref());
            }
            own.as_ref().map(|(region, _)| *region)
        }
        (None, None) => {
            let Some((id, span)) = strange else {
                let region = id.and_then(|(id, _)| grower.catalogue.region(&id));
                return zones_alone(grower, region, zones);
            };
            own = match grower.search(id, *span, &FOLDERS) {
                Search::Nothing => return None,
                Search::Failed => None,
                Search::Found(own) => Some(*own),
            };
            own.as_ref().map(|(region, _)| *region)
        }
    };
    if let (Some(region), Some(zones)) = (region, zones) {
        grower.zones(zones, region);
    }
    Some(Grown {
        catalogue: grower.catalogue,
        region,
        place: own.map(|(_, own)| own),
    })
}

/// The region called `name` that no file names, such as one that a command asks for: its
/// file is sought beside the file at `path`, as if that had named it. `None` without a word
/// where there is none; what is wrong with one is said.
pub fn named(
    name: &str,
    path: &str,
    (catalogue, vocabulary, fetch): (&Catalogue, &Vocabulary, &Fetch<'_>),
    files: &mut Files,
    inputs: &mut Vec<FileId>,
    diags: &mut Diagnostics,
) -> Option<Grown> {
    let asked = files.add(beside(path, "--region"), name);
    let span = Span::new(asked, 0, name.len());
    let mut grower = Grower::new((catalogue, vocabulary, fetch), (files, inputs, diags));
    let Search::Found(found) = grower.search(name, span, &FOLDERS) else {
        return None;
    };
    let (region, own) = *found;
    Some(Grown {
        catalogue: grower.catalogue,
        region: Some(region),
        place: Some(own),
    })
}

/// A region that is built in, or is none, with zones.
fn zones_alone(
    mut grower: Grower<'_, '_>,
    region: Option<RegionId>,
    zones: Option<&TableNode>,
) -> Option<Grown> {
    let region = region?;
    grower.zones(zones?, region);
    Some(Grown {
        catalogue: grower.catalogue,
        region: Some(region),
        place: None,
    })
}

/// What came of looking for a file.
enum Search {
    Nothing,
    /// There is one, and something is wrong with it.
    Failed,
    Found(Box<(RegionId, Own)>),
}

impl Grower<'_, '_> {
    /// Looks for the file of the region called `name` in `folders`.
    fn search(&mut self, name: &str, span: Span, folders: &[&str]) -> Search {
        let Some(id) = self.id_of(name, span) else {
            return Search::Failed;
        };
        let plain = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
        if id.is_empty() || !id.chars().all(plain) {
            return Search::Nothing;
        }
        let from = self.files.path(span.file).to_string();
        for folder in folders {
            let path = beside(&from, &format!("{folder}/{id}.toml"));
            let there = (self.fetch)(&path);
            if there.is_err_and(|error| error.kind() == ErrorKind::NotFound) {
                continue;
            }
            let found = self.file(&path, span, Some(&(id, span)));
            return found.map_or(Search::Failed, |found| Search::Found(Box::new(found)));
        }
        if let Some(place) = self.catalogue.gazetteer.place(&id) {
            self.diags.push(no_file(&place.id, &place.name, span));
            return Search::Failed;
        }
        Search::Nothing
    }

    /// The id that a name of a place stands for; `None` where it stands for several.
    fn id_of(&mut self, name: &str, span: Span) -> Option<String> {
        let found = self.catalogue.gazetteer.called(name, None);
        let ids: Vec<&str> = found.iter().map(|place| place.id.as_str()).collect();
        match ids.as_slice() {
            [] => Some(name.to_string()),
            [one] => Some((*one).to_string()),
            several => {
                self.diags.push(called::several(name, several, span));
                None
            }
        }
    }

    /// Reads the file of a region.
    fn file(
        &mut self,
        path: &str,
        named: Span,
        id: Option<&(String, Span)>,
    ) -> Option<(RegionId, Own)> {
        if self.chain.iter().any(|other| other == path) {
            let chain = format!("{} → {path}", self.chain.join(" → "));
            self.diags.push(circle(&chain, named));
            return None;
        }
        let bytes = match (self.fetch)(path) {
            Ok(bytes) => bytes,
            Err(error) => {
                self.diags.push(cannot_open(path, &error, Some(named)));
                return None;
            }
        };
        let file = take_in(path, &bytes, self.files, self.diags)?;
        self.inputs.push(file);
        let mut tree = tree::parse(self.files, file, self.diags)?;
        called::in_ids(self.vocabulary, &mut tree, self.diags);
        for (key, _) in &tree.entries {
            if key.name != "region" {
                self.diags.push(not_of_a_region(&key.name, key.span));
            }
        }
        let Some((key, node)) = tree.entry("region") else {
            self.diags.push(no_region(tree.span));
            return None;
        };
        let table = node.table(self.diags)?;
        let stem = (super::stem(path), key.span);
        self.chain.push(path.to_string());
        let found = self.region(table, key.span, id.or(Some(&stem)));
        self.chain.pop();
        found
    }

    /// Makes a region of a `[region]` table. `named` is what it is called by.
    fn region(
        &mut self,
        table: &TableNode,
        here: Span,
        named: Option<&(String, Span)>,
    ) -> Option<(RegionId, Own)> {
        let head = self.head(table, here, named)?;
        if self.chain.contains(&head.named.id) {
            let chain = format!("{} → {}", self.chain.join(" → "), head.named.id);
            self.diags.push(circle(&chain, here));
            return None;
        }
        self.chain.push(head.named.id.clone());
        let parent = self.parent(&head);
        self.chain.pop();
        let parent = parent?;
        let origin = self.origin_at(head.parent_span);
        let before = self.diags.errors();
        let own = self.own(table, parent, origin);
        let sound = self.diags.errors() == before;
        let world = self.made(&own, &head.named, here, sound);
        let region = self.add(head.named, Level::City, parent, Some(world));
        if let Some(zones) = head.zones {
            self.zones(zones, region);
        }
        Some((region, own))
    }

    /// Adds a region to the catalogue.
    fn add(
        &mut self,
        named: Named,
        level: Level,
        parent: RegionId,
        world: Option<World>,
    ) -> RegionId {
        self.catalogue.regions.push(Region {
            named,
            level,
            parent: Some(parent),
            own: true,
        });
        self.catalogue.worlds.push(world);
        RegionId::from_usize(self.catalogue.regions.len() - 1)
    }

    /// The region that a `[region]` table names as its parent.
    fn parent(&mut self, head: &read::Head<'_>) -> Option<RegionId> {
        let (name, span) = (&head.parent, head.parent_span);
        let vocabulary = self.vocabulary;
        let id = match vocabulary.meaning(NameOf::Region, name, &|_| true) {
            Meaning::One(id) if !vocabulary.is_id(NameOf::Region, name) => id.to_string(),
            _ => name.clone(),
        };
        let built_in = self.catalogue.regions.iter();
        let found = built_in
            .enumerate()
            .find(|(_, r)| !r.own && r.named.id == id)
            .map(|(i, _)| RegionId::from_usize(i));
        if let Some(found) = found {
            if self.catalogue.world(found).is_some() {
                return Some(found);
            }
            self.diags.push(zone_as_parent(name, span));
            return None;
        }
        // Another own region lies beside this one.
        let inside = ["."].into_iter().chain(FOLDERS);
        let folders: Vec<&str> = inside.collect();
        match self.search(&id, span, &folders) {
            Search::Found(found) => Some(found.0),
            Search::Failed => None,
            Search::Nothing => {
                self.diags
                    .push(said::unknown_parent(&self.catalogue, name, span));
                None
            }
        }
    }
}

/// A string, where one stands; nothing is said of anything else.
fn text(node: &Node) -> Option<&str> {
    match &node.value {
        Value::String(text) => Some(text),
        _ => None,
    }
}

fn two_regions(inline: Span, file: Span) -> Diagnostic {
    let message = Text::new(
        "[region] 与 region_file 只能有一个",
        "either [region] or region_file, not both",
    );
    Diagnostic::error("two-regions", message)
        .label(file, Text::new("又写了文件", "a file as well"))
        .label(inline, Text::new("已在此给出", "given here"))
        .help(Text::new("删去其中一个", "take one of them out"))
}

fn no_file(id: &str, name: &Text, span: Span) -> Diagnostic {
    let message = Text::new(
        format!("{}没有地区文件 regions/{id}.toml", name.zh),
        format!("there is no file regions/{id}.toml for {}", name.en),
    );
    Diagnostic::error("no-region-file", message)
        .label(
            span,
            Text::new("数据中没有基年", "no base year in the data"),
        )
        .help(Text::new(
            format!("用 jianpai init --place {id} -o 情景.toml 生成，数字逐项注明"),
            format!(
                "jianpai init --place {id} -o SCENARIO.toml writes one, with a word on each number"
            ),
        ))
}

fn circle(chain: &str, span: Span) -> Diagnostic {
    let message = Text::new("地区绕了一圈又属于自己", "the region lies in itself");
    Diagnostic::error("parent-circle", message)
        .label(span, Text::new("又回到这里", "back here"))
        .help(Text::new(
            format!("{chain}：改正其中一个 parent"),
            format!("{chain}: correct one `parent`"),
        ))
}

fn not_of_a_region(name: &str, span: Span) -> Diagnostic {
    let message = Text::new(
        format!("地区文件里只能有 [region] 及其下的表，没有 `{name}`"),
        format!("the file of a region holds [region] and tables below it, no `{name}`"),
    );
    Diagnostic::error("unknown-key", message)
        .label(span, Text::new("未知", "not known"))
        .help(Text::new(
            format!("表名写成 [region.{name}]；措施、目标写在情景里"),
            format!("write [region.{name}]; measures and targets go in the scenario"),
        ))
}

fn no_region(start: Span) -> Diagnostic {
    let message = Text::new("地区文件没有 [region]", "the file has no [region]");
    Diagnostic::error("missing-key", message)
        .label(start, Text::new("文件从这里开始", "the file begins here"))
        .help(Text::new(
            "用 jianpai init --place 地名 生成一份",
            "jianpai init --place NAME writes one",
        ))
}

fn zone_as_parent(name: &str, span: Span) -> Diagnostic {
    let message = Text::new(
        format!("`{name}` 是分区，没有自己的基年，不能作上级"),
        format!("`{name}` is a zone without a base year and cannot be a parent"),
    );
    Diagnostic::error("zone", message)
        .label(span, Text::new("分区", "a zone"))
        .help(Text::new("写所在的省", "name its province"))
}

/// The places that a name is like, as advice; `None` if it is like none.
pub(super) fn like(catalogue: &Catalogue, name: &str) -> Option<Text> {
    let gazetteer = &catalogue.gazetteer;
    let ids = gazetteer.places.iter().map(|place| place.id.as_str());
    let near = crate::diag::nearest(name, ids).and_then(|id| gazetteer.place(id));
    let mut all: Vec<_> = near.into_iter().chain(gazetteer.alike(name)).collect();
    all.truncate(3);
    if all.is_empty() {
        return None;
    }
    let zh: Vec<String> = all
        .iter()
        .map(|p| format!("{}（{}）", p.id, p.short))
        .collect();
    let en: Vec<&str> = all.iter().map(|p| p.id.as_str()).collect();
    Some(Text::new(
        format!(
            "相近的地级行政区：{}；用 jianpai init --place 生成地区文件",
            zh.join("、")
        ),
        format!(
            "places like it: {}; jianpai init --place writes the file of one",
            en.join(", ")
        ),
    ))
}
