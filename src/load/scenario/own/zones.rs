//! Parts of a region that measures can aim at: `[zones.*]` of a scenario, or of a region.

use super::super::fields;
use super::Grower;
use super::read::WHOLE;
use crate::diag::{Diagnostic, Span};
use crate::quantity::Dim;
use crate::tree::{Node, Reader, TableNode};
use jianpai_core::catalogue::{Level, Named};
use jianpai_core::dims::{RegionId, ServiceId};
use jianpai_core::provenance::Sourced;
use jianpai_core::text::Text;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// A zone's part of each service, and where it stands.
type Parts = BTreeMap<ServiceId, (Sourced, Span)>;

impl Grower<'_, '_> {
    /// Adds the zones of `region`: of every service the part in `share`, or that which
    /// `shares` gives for it.
    pub(super) fn zones(&mut self, table: &TableNode, region: RegionId) {
        let mut sums: BTreeMap<ServiceId, f64> = BTreeMap::new();
        let (mut full, mut said) = (BTreeSet::new(), HashSet::new());
        let own = self.catalogue.regions.iter().enumerate();
        let built_in: Vec<RegionId> = own
            .filter(|(_, r)| r.level == Level::Zone && r.parent == Some(region) && !r.own)
            .map(|(i, _)| RegionId::from_usize(i))
            .collect();
        for (key, node) in &table.entries {
            let Some(entry) = node.table(self.diags) else {
                continue;
            };
            if self
                .catalogue
                .regions
                .iter()
                .any(|r| !r.own && r.named.id == key.name)
            {
                self.diags.push(taken(&key.name, key.span));
                continue;
            }
            let Some((named, parts)) = self.zone(&key.name, entry) else {
                continue;
            };
            let zone = self.add(named, Level::Zone, region, None);
            for (v, (part, span)) in parts {
                self.catalogue.zones.insert((zone, v), part);
                let sum = sums.entry(v).or_default();
                *sum += part.value;
                // Once a service, and once a number.
                if *sum > WHOLE && full.insert(v) && said.insert((span.file, span.start)) {
                    let name = &self.catalogue.services[v.at()].named.name;
                    self.diags.push(too_much(name, *sum, span));
                }
            }
        }
        if let (Some(first), Some((key, _))) = (built_in.first(), table.entries.first()) {
            let other = &self.catalogue.regions[first.at()].named;
            self.diags.push(has_zones(other, key.span));
        }
    }

    /// One zone: its names, and its part of every service.
    fn zone(&mut self, id: &str, entry: &TableNode) -> Option<(Named, Parts)> {
        let mut reader = Reader::new(entry, Text::same(format!("[zones.{id}]")));
        reader.expect([
            "name_zh", "name_en", "share", "shares", "source", "status", "note",
        ]);
        let name = fields::name(&mut reader, Some(id));
        let shares = reader.opt_table("shares");
        let all = match shares {
            None => reader.required_like("share", "share = \"40 %\""),
            Some(_) => reader.optional("share"),
        };
        let (source, status) = (reader.optional("source"), reader.optional("status"));
        reader.opt_string("note");
        reader.finish(self.diags);
        let mut parts = BTreeMap::new();
        let read = |grower: &mut Self, node: &Node| {
            let number = grower.number(("share", node), Dim::NONE, "40 %", false)?;
            let mut part = number.sourced(1.0);
            if source.is_some() || status.is_some() {
                part.origin = grower.origin(node.span, source, status);
            }
            if part.value > WHOLE {
                let whole = Text::new("分区", "the zone");
                grower.diags.push(too_much(&whole, part.value, node.span));
                return None;
            }
            Some((part, node.span))
        };
        if let Some(part) = all.and_then(|node| read(self, node)) {
            for v in (0..self.catalogue.services.len()).map(ServiceId::from_usize) {
                parts.insert(v, part);
            }
        }
        for (key, node) in shares.into_iter().flat_map(|table| &table.entries) {
            let Some(v) = self.service(key) else { continue };
            if let Some(part) = read(self, node) {
                parts.insert(v, part);
            }
        }
        let named = Named {
            id: id.to_string(),
            name: name?,
        };
        Some((named, parts))
    }
}

fn taken(id: &str, span: Span) -> Diagnostic {
    let message = Text::new(
        format!("`{id}` 是程序自带的地区或分区，不能另写一个"),
        format!("`{id}` is built in: there cannot be another"),
    );
    Diagnostic::error("shadows", message)
        .label(span, Text::new("同名", "the same name"))
        .help(Text::new("换一个 id", "choose another id"))
}

fn too_much(name: &Text, sum: f64, span: Span) -> Diagnostic {
    let percent = (sum * 1e6).round() / 1e4;
    let message = Text::new(
        format!("各分区合计超过全部：{} {percent} %", name.zh),
        format!("the zones have more than there is: {} {percent} %", name.en),
    );
    Diagnostic::error("zone-sum", message)
        .label(
            span,
            Text::new("加上它超过 100 %", "with this they pass 100 %"),
        )
        .help(Text::new(
            "各分区之和不超过 100 %；不到 100 % 的，其余不属于任何分区",
            "zones sum to at most 100 %; what is left lies in none of them",
        ))
}

fn has_zones(other: &Named, span: Span) -> Diagnostic {
    let message = Text::new(
        format!("该地区已有程序自带的分区（如 `{}`），不能再分", other.id),
        format!(
            "the region has built-in zones (such as `{}`) already",
            other.id
        ),
    );
    Diagnostic::error("zones-twice", message)
        .label(span, Text::new("另一种分法", "another division"))
        .help(Text::new(
            format!("用 zone = \"{}\" 等自带分区", other.id),
            format!("aim at the built-in ones: zone = \"{}\"", other.id),
        ))
}
