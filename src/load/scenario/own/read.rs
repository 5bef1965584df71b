//! The tables of a `[region]`: its head, and what it states in the place of its parent's.

use super::super::fields::{self, by_year};
use super::super::names::{self, Known, unknown};
use super::super::percent::rate;
use super::said::{
    another, exceeds, no_id, no_parent_amount, not_whole, nothing_tells, said_twice, too_early,
};
use super::{Grower, text};
use crate::catalogue::unexplained;
use crate::diag::{Diagnostic, Span};
use crate::quantity::{Dim, parse_unit};
use crate::tree::{Key, Node, Reader, TableNode};
use jianpai_core::calibrate::{Activities, calibrate};
use jianpai_core::catalogue::{Named, StockUnit, World};
use jianpai_core::dims::{CalibreId, DriverId, RegionId, ServiceId};
use jianpai_core::gazetteer::unit_name;
use jianpai_core::place::{Own, Stated};
use jianpai_core::provenance::{Origin, Sourced};
use jianpai_core::text::Text;
use std::collections::BTreeMap;

/// The keys of `[region]`.
pub(super) const KEYS: [&str; 14] = [
    "id",
    "name_zh",
    "name_en",
    "code",
    "parent",
    "note",
    "proxies",
    "shares",
    "amounts",
    "mix",
    "growth",
    "inventory",
    "stocks",
    "zones",
];

/// All of it but for rounding.
pub(super) const WHOLE: f64 = 1.0 + 1e-9;

/// What a region is called, and where it lies.
pub(super) struct Head<'t> {
    pub(super) named: Named,
    pub(super) parent: String,
    pub(super) parent_span: Span,
    pub(super) zones: Option<&'t TableNode>,
}

impl Grower<'_, '_> {
    /// The head of a `[region]`; `None` if it cannot be placed.
    pub(super) fn head<'t>(
        &mut self,
        table: &'t TableNode,
        here: Span,
        named: Option<&(String, Span)>,
    ) -> Option<Head<'t>> {
        let mut reader = Reader::new(table, Text::same("[region]"));
        reader.expect(KEYS);
        reader.synonyms([
            ("name", "name_zh"),
            ("title", "name_zh"),
            ("province", "parent"),
        ]);
        for part in KEYS.iter().skip(6) {
            reader.optional(part);
        }
        reader.optional("code");
        reader.optional("note");
        let id = reader.optional("id");
        let id = id.and_then(|node| Some((node.string(reader.diags())?.to_string(), node.span)));
        let asked = id.clone().or_else(|| named.cloned());
        let place = asked.as_ref().and_then(|(id, _)| {
            let called = self.catalogue.gazetteer.called(id, None);
            called.first().map(|place| (*place).clone())
        });
        let known = place.as_ref().map(|place| place.short.clone());
        let given = reader.opt_string("name_en").is_some();
        let name = fields::name(&mut reader, known.as_deref());
        let name = name.map(|name| match &place {
            Some(place) if !given => Text::new(name.zh, place.name.en.clone()),
            _ => name,
        });
        let parent = match (&place, reader.optional("parent")) {
            (_, Some(node)) => node
                .string(reader.diags())
                .map(|name| (name.to_string(), node.span)),
            (Some(place), None) => {
                let parent = &self.catalogue.regions[place.parent.at()].named.id;
                Some((parent.clone(), here))
            }
            (None, None) => {
                reader.required_like("parent", "parent = \"hebei\"");
                None
            }
        };
        reader.finish(self.diags);
        if let (Some((id, at)), Some((other, span))) = (&id, named) {
            let same = place.as_ref().is_some_and(|place| {
                let called = self.catalogue.gazetteer.called(other, None);
                called.iter().any(|called| called.id == place.id)
            });
            let by_name = name
                .as_ref()
                .is_some_and(|n| n.zh == *other || n.en == *other);
            if id != other && !same && !by_name {
                self.diags.push(another(id, *at, other, *span));
            }
        }
        let (id, at) = if let Some((id, at)) = id {
            (id, at)
        } else if let Some(place) = &place {
            (place.id.clone(), here)
        } else if let Some((id, at)) = asked {
            (id, at)
        } else {
            self.diags.push(no_id(here));
            return None;
        };
        let name = name?;
        self.shadow(&id, &name, at)?;
        let (parent, parent_span) = parent?;
        let zones = table.get("zones").and_then(|node| node.table(self.diags));
        Some(Head {
            named: Named { id, name },
            parent,
            parent_span,
            zones,
        })
    }

    /// Refuses a region that would stand in the light of a built-in one.
    fn shadow(&mut self, id: &str, name: &Text, at: Span) -> Option<()> {
        let mut built_in = self.catalogue.regions.iter().filter(|r| !r.own);
        let found = built_in.find(|r| r.named.id == id || r.named.name.zh == name.zh);
        let Some(found) = found else {
            return Some(());
        };
        let (own, theirs) = (&found.named.id, &found.named.name);
        let message = Text::new(
            format!("`{own}`（{}）是程序自带的地区，不能另写一个", theirs.zh),
            format!(
                "`{own}` ({}) is built in: there cannot be another",
                theirs.en
            ),
        );
        self.diags.push(
            Diagnostic::error("shadows", message)
                .label(at, Text::new("同名", "the same name"))
                .help(Text::new(
                    format!("直接写 region = \"{own}\"；要改它的数，用 inventory 或另起 id、名称"),
                    format!("write region = \"{own}\"; to change its numbers give an `inventory`, or another id and name"),
                )),
        );
        None
    }

    /// Everything that the place states.
    pub(super) fn own(&mut self, table: &TableNode, parent: RegionId, origin: Origin) -> Own {
        let mut own = Own {
            parent,
            origin,
            proxies: BTreeMap::new(),
            shares: BTreeMap::new(),
            amounts: BTreeMap::new(),
            mix: BTreeMap::new(),
            growth: BTreeMap::new(),
            inventory: BTreeMap::new(),
            stocks: BTreeMap::new(),
        };
        for (name, read) in [
            (
                "proxies",
                Self::proxies as fn(&mut Self, &TableNode, &mut Own),
            ),
            ("amounts", Self::amounts),
            ("shares", Self::shares),
            ("mix", Self::mix),
            ("growth", Self::growth),
            ("inventory", Self::inventory),
            ("stocks", Self::stocks),
        ] {
            let part = table.get(name).and_then(|node| node.table(self.diags));
            if let Some(part) = part {
                read(self, part, &mut own);
            }
        }
        own
    }

    /// The base year that follows, with what is wrong with it; that of the parent stands in.
    /// `sound`: whether all that it states could be read.
    pub(super) fn made(&mut self, own: &Own, named: &Named, here: Span, sound: bool) -> World {
        let all = (0..self.catalogue.services.len()).map(ServiceId::from_usize);
        let open: Vec<&Text> = all
            .filter(|v| !own.amounts.contains_key(v) && own.part(&self.catalogue, *v).is_none())
            .map(|v| &self.catalogue.services[v.at()].named.name)
            .collect();
        // What is missing may stand where something else is wrong.
        if !open.is_empty() && sound {
            self.diags.push(nothing_tells(named, &open, here));
        }
        let world = own.world(&self.catalogue, None);
        let Some(world) = world.filter(|_| open.is_empty()) else {
            let parent = self.catalogue.world(own.parent);
            return parent.cloned().unwrap_or_default();
        };
        let found = calibrate(&self.catalogue, &world, &Activities::new()).err();
        for found in found.iter().flatten() {
            let line = found.official.origin;
            let path = self.catalogue.file(line).unwrap_or_default();
            let file = self.files.iter().find(|(_, name, _)| *name == path);
            let file = file.map_or(here.file, |(id, ..)| id);
            let row = self.files.line(file, line.line as usize);
            let label = Text::new("这一官方数", "this official amount");
            let diagnostic = unexplained(&self.catalogue, found);
            self.diags.push(diagnostic.label(row, label));
        }
        world
    }

    fn proxies(&mut self, table: &TableNode, own: &mut Own) {
        for (key, node) in &table.entries {
            let Some(at) = self.catalogue.gazetteer.proxy(&key.name) else {
                let what = Text::new("指标", "proxy");
                let all = self.catalogue.gazetteer.proxies.iter();
                let known: Vec<Known<'_>> = all
                    .map(|p| Known::named(&p.id, &p.name.zh, &p.name.en))
                    .collect();
                let found = unknown(&what, &key.name, key.span, &known, None);
                self.diags.push(found);
                continue;
            };
            let proxy = self.catalogue.gazetteer.proxies[at].clone();
            let (_, dim) = parse_unit(&proxy.unit).unwrap_or((1.0, Dim::NONE));
            let example = format!("100 {}", unit_name(&proxy.unit).zh);
            let Some(number) = self.number((&key.name, node), dim, &example, true) else {
                continue;
            };
            let parent = &self.catalogue.regions[own.parent.at()].named;
            let summed = self.catalogue.gazetteer.amount(&parent.id, &proxy.id);
            let stated = number.of.map(|(of, _)| of);
            // The sum of the places stands for a parent that nothing else tells.
            let of = stated.or_else(|| match own.parent_amount(&self.catalogue, at) {
                None => summed.map(|amount| amount.value.value),
                Some(_) => None,
            });
            let Some(whole) = of.or_else(|| own.parent_amount(&self.catalogue, at)) else {
                self.diags
                    .push(no_parent_amount(&proxy.name, key, &example));
                continue;
            };
            if number.value > whole * WHOLE {
                let (value, whole) = (number.value / proxy.scale, whole / proxy.scale);
                let found = exceeds(&proxy.name, (value, whole), &proxy.unit, &number);
                self.diags.push(found);
                continue;
            }
            let stated = Stated {
                value: number.value,
                of,
                origin: number.origin,
            };
            own.proxies.insert(at, stated);
        }
    }

    /// The service that a key names.
    pub(super) fn service(&mut self, key: &Key) -> Option<ServiceId> {
        let found = self.catalogue.service(&key.name);
        if found.is_none() {
            let what = Text::new("活动", "service");
            let known = names::services(&self.catalogue);
            let found = unknown(&what, &key.name, key.span, &known, Some("services"));
            self.diags.push(found);
        }
        found
    }

    fn amounts(&mut self, table: &TableNode, own: &mut Own) {
        for (key, node) in &table.entries {
            let Some(v) = self.service(key) else { continue };
            let service = &self.catalogue.services[v.at()];
            let (unit, name) = (service.unit.clone(), service.named.name.clone());
            let (scale, dim) = parse_unit(&unit).unwrap_or((1.0, Dim::NONE));
            let example = format!("100 {}", unit_name(&unit).zh);
            let Some(number) = self.number((&key.name, node), dim, &example, false) else {
                continue;
            };
            let world = self.catalogue.world(own.parent);
            let whole = world.and_then(|world| world.demand[v.at()]);
            let whole = whole.map_or(0.0, |amount| amount.value);
            let value = number.value / scale;
            if value > whole * WHOLE {
                self.diags
                    .push(exceeds(&name, (value, whole), &unit, &number));
                continue;
            }
            own.amounts.insert(v, number.sourced(1.0 / scale));
        }
    }

    fn shares(&mut self, table: &TableNode, own: &mut Own) {
        for (key, node) in &table.entries {
            let Some(v) = self.service(key) else { continue };
            let name = self.catalogue.services[v.at()].named.name.clone();
            let Some(number) = self.number((&key.name, node), Dim::NONE, "12 %", false) else {
                continue;
            };
            if number.value > WHOLE {
                let percent = (number.value * 100.0, 100.0);
                self.diags.push(exceeds(&name, percent, "%", &number));
                continue;
            }
            if own.amounts.contains_key(&v) {
                self.diags.push(said_twice(&name, key.span));
                continue;
            }
            own.shares.insert(v, number.sourced(1.0));
        }
    }

    fn mix(&mut self, table: &TableNode, own: &mut Own) {
        for (key, node) in &table.entries {
            let Some(v) = self.service(key) else { continue };
            let Some(table) = node.table(self.diags) else {
                continue;
            };
            let (mut sum, mut sound) = (0.0, true);
            for (alias, node) in &table.entries {
                let number = self.number((&alias.name, node), Dim::NONE, "12 %", false);
                let k = self.catalogue.technology_of(v, &alias.name);
                if k.is_none() {
                    self.diags.push(self.unknown_technology(v, alias));
                }
                let (Some(k), Some(number)) = (k, number) else {
                    sound = false;
                    continue;
                };
                sum += number.value;
                own.mix.insert(k, number.sourced(1.0));
            }
            if sound && (sum - 1.0).abs() > 1e-9 {
                let name = &self.catalogue.services[v.at()].named.name;
                self.diags.push(not_whole(name, sum, key.span));
            }
        }
    }

    fn unknown_technology(&self, v: ServiceId, alias: &Key) -> Diagnostic {
        let what = Text::new("工艺", "technology");
        let technologies = self.catalogue.services[v.at()].technologies.iter();
        let known: Vec<Known<'_>> = technologies
            .map(|k| &self.catalogue.technologies[k.at()])
            .filter(|k| k.alias() != "saved")
            .map(|k| Known::named(k.alias(), &k.named.name.zh, &k.named.name.en))
            .collect();
        unknown(&what, &alias.name, alias.span, &known, Some("technologies"))
    }

    fn growth(&mut self, table: &TableNode, own: &mut Own) {
        for (key, node) in &table.entries {
            let Some(driver) = self.catalogue.driver(&key.name) else {
                let what = Text::new("驱动因素", "driver");
                let known = names::drivers(&self.catalogue);
                let found = unknown(&what, &key.name, key.span, &known, Some("drivers"));
                self.diags.push(found);
                continue;
            };
            let Some(years) = node.table(self.diags) else {
                continue;
            };
            let mut reader =
                Reader::new(years, Text::same(format!("[region.growth] {}", key.name)));
            let (source, status) = (reader.optional("source"), reader.optional("status"));
            let origin = self.origin(key.span, source, status);
            let rates = TableNode {
                entries: years
                    .entries
                    .iter()
                    .filter(|(key, _)| key.name != "source" && key.name != "status")
                    .cloned()
                    .collect(),
                ..years.clone()
            };
            let calibre = self.calibre_of(driver);
            for (year, value) in by_year(&rates, self.diags, rate).unwrap_or_default() {
                if year <= self.catalogue.base_year {
                    let base = self.catalogue.base_year;
                    self.diags.push(too_early(year, base, key.span));
                    continue;
                }
                let rate = (Sourced::exact(value, origin), calibre);
                own.growth.insert((driver, year), rate);
            }
        }
    }

    /// The calibre in which a driver is on record.
    fn calibre_of(&self, driver: DriverId) -> CalibreId {
        let worlds = self.catalogue.worlds.iter().flatten();
        let mut all = worlds.flat_map(|world| {
            let of = world.growth.range((driver, i32::MIN)..=(driver, i32::MAX));
            of.map(|(_, (_, calibre))| *calibre)
        });
        all.next().unwrap_or(CalibreId(0))
    }

    fn stocks(&mut self, table: &TableNode, own: &mut Own) {
        const UNITS: [(&str, StockUnit); 4] = [
            ("t/h", StockUnit::SteamCapacity),
            ("boilers", StockUnit::Items),
            ("MW", StockUnit::Power),
            ("vehicles", StockUnit::Vehicles),
        ];
        for (key, node) in &table.entries {
            let world = self.catalogue.world(own.parent);
            let all = world.into_iter().flat_map(|world| world.stocks.keys());
            let groups: Vec<(String, StockUnit)> = all.cloned().collect();
            let units: Vec<StockUnit> = groups
                .iter()
                .filter(|(group, _)| *group == key.name)
                .map(|(_, unit)| *unit)
                .collect();
            if units.is_empty() {
                let mut ids: Vec<&str> = groups.iter().map(|(group, _)| group.as_str()).collect();
                ids.dedup();
                let what = Text::new("存量", "stock");
                let known = Known::words(&ids);
                let found = unknown(&what, &key.name, key.span, &known, None);
                self.diags.push(found);
                continue;
            }
            // Boilers may be given by capacity, by number, or by both.
            let parts: Vec<&Node> = match &node.value {
                crate::tree::Value::Array(items) => items.iter().collect(),
                _ => vec![node],
            };
            for node in parts {
                let fits = UNITS.iter().filter(|(_, unit)| units.contains(unit));
                let dims = fits.map(|(text, unit)| {
                    let (scale, dim) = parse_unit(text).unwrap_or((1.0, Dim::NONE));
                    (*text, *unit, scale, dim)
                });
                let dims: Vec<(&str, StockUnit, f64, Dim)> = dims.collect();
                let written = written(node);
                let chosen = dims.iter().find(|d| Some(d.3) == written).or(dims.first());
                let Some((unit, kind, scale, dim)) = chosen.copied() else {
                    continue;
                };
                let example = format!("100 {unit}");
                if let Some(number) = self.number((&key.name, node), dim, &example, false) {
                    let key = (key.name.clone(), kind);
                    own.stocks.insert(key, number.sourced(1.0 / scale));
                }
            }
        }
    }
}

/// What the quantity at `node` measures, if it can be read.
fn written(node: &Node) -> Option<Dim> {
    let own = match &node.value {
        crate::tree::Value::Table(table) => text(table.get("value")?)?,
        _ => text(node)?,
    };
    crate::quantity::parse(own)
        .ok()
        .map(|quantity| quantity.dim)
}
