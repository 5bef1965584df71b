//! Targets that are listed and not judged: of a part of the region, of what the model does
//! not compute, or without a number. What the document says stays, beside the others.
//!
//! A run gives the emissions of a region as one whole: zones have their parts of services
//! and the mix of the whole, so nothing is known of theirs that could be held against a
//! target.

use super::decode::Decoder;
use super::head::Head;
use super::keys::TARGET;
use super::names::{self, Known, unknown};
use super::{sentence, worded};
use crate::diag::{Diagnostic, Diagnostics};
use crate::tree::{Key, Node, Reader, TableNode, Value};
use jianpai_core::catalogue::Level;
use jianpai_core::scenario::Tracked;
use jianpai_core::target::plan_base;
use jianpai_core::text::Text;

/// Signs of what is measured in air and water and is no emission of the model.
const MEASURED: [&str; 12] = [
    "PM2.5", "PM10", "PM25", "O3", "NO2", "CO", "AQI", "TP", "TN", "NH3", "CH4", "N2O",
];

/// Why a target is not judged.
enum Why<'n> {
    /// It is of a part of the region.
    Zone(&'n Node, &'n str),
    /// Its indicator is none of the model's.
    Outside(&'n Node, &'n str),
    /// It leaves its number open.
    Open(&'n Node, &'n str),
}

impl Decoder<'_, '_> {
    /// The target at `key`, if it is one that is listed and not judged, as is said.
    pub(super) fn aside(
        &self,
        (key, node): (&Key, &Node),
        head: &Head,
        diags: &mut Diagnostics,
    ) -> Option<Tracked> {
        let Value::Table(entry) = &node.value else {
            return None;
        };
        let before = diags.errors();
        let why = self.why(entry, head, diags)?;
        // Of a slip that has been said.
        if diags.errors() == before {
            diags.push(not_judged(&why));
        }
        let mut reader = Reader::new(entry, Text::same(format!("[targets.{}]", key.name)));
        reader.expect(TARGET);
        for key in TARGET {
            reader.optional(key);
        }
        let (zh, en) = (reader.opt_string("name_zh"), reader.opt_string("name_en"));
        let source = reader.opt_string("source").map(str::to_string);
        let year = |key: &str, reader: &mut Reader<'_>| {
            let node = reader.optional(key)?;
            let year = worded::year_of(node, reader.diags())?;
            i32::try_from(year).ok()
        };
        let to = year("year", &mut reader);
        let base = year("base_year", &mut reader);
        reader.required("year");
        reader.finish(diags);
        let to = to.or(head.end_year).unwrap_or(head.base_year);
        let base = base.unwrap_or_else(|| plan_base(to).max(head.base_year));
        Some(Tracked {
            id: key.name.clone(),
            name: self.name(entry, (zh, en), &why),
            target: demand(entry, base),
            year: to,
            value: None,
            values: Vec::new(),
            unit: String::new(),
            aim: None,
            source,
        })
    }

    fn why<'n>(
        &self,
        entry: &'n TableNode,
        head: &Head,
        diags: &mut Diagnostics,
    ) -> Option<Why<'n>> {
        let text = |key: &str| entry.get(key).and_then(|n| Some((n, worded::text(n)?)));
        if let Some((node, zone)) = text("zone") {
            let own = self.catalogue.regions.iter();
            let own = own.filter(|r| r.level == Level::Zone && r.parent == head.region);
            let own = Known::all(own.map(|r| &r.named));
            let slip = names::meant(zone, &own).filter(|id| *id != zone);
            let called = self.catalogue.regions.iter();
            let mut called = called.filter(|r| Some(r.named.id.as_str()) == slip);
            if slip.is_some() && !called.any(|r| r.named.name.zh == zone) {
                let what = Text::new("分区", "zone");
                diags.push(unknown(&what, zone, node.span, &own, None));
            }
            return Some(Why::Zone(node, zone));
        }
        if let Some((node, name)) = text("indicator")
            && self.catalogue.indicator(name).is_none()
        {
            let known = names::indicators(self.catalogue);
            let measured = MEASURED.iter().any(|m| m.eq_ignore_ascii_case(name));
            if measured || (!name.is_ascii() && names::meant(name, &known).is_none()) {
                return Some(Why::Outside(node, name));
            }
        }
        let (node, words) = text("reduction").or_else(|| text("cap"))?;
        sentence::is_open(words).then_some(Why::Open(node, words))
    }

    /// What the target is called: by its own name, else by where and what it is.
    fn name(
        &self,
        entry: &TableNode,
        (zh, en): (Option<&str>, Option<&str>),
        why: &Why<'_>,
    ) -> Text {
        if let Some(name) = zh.or(en) {
            return Text::new(zh.unwrap_or(name), en.unwrap_or(name));
        }
        let node = entry.get("indicator").and_then(worded::text);
        let name = node.unwrap_or_default();
        let name = match self.catalogue.indicator(name) {
            Some(id) => self.catalogue.indicators[id.at()].named.name.clone(),
            None => Text::same(name),
        };
        match why {
            Why::Zone(_, zone) => Text::new(
                format!("{}（{zone}）", name.zh),
                format!("{} ({zone})", name.en),
            ),
            _ => name,
        }
    }
}

/// What a target asks for, in the words of its file.
fn demand(entry: &TableNode, base: i32) -> Text {
    let said = |key: &str| entry.get(key).and_then(worded::text);
    let labels = [
        ("cap", "不超过", "at most"),
        ("floor", "不低于", "at least"),
        ("cumulative", "累计不超过", "in all at most"),
        ("project", "重点工程减排量", "cut by projects"),
    ];
    if let Some(words) = said("reduction") {
        if sentence::is_open(words) {
            return Text::same(words);
        }
        let moved = worded::motion(words);
        let way = if moved.rises { "增长" } else { "下降" };
        let each = if moved.yearly { "年均" } else { "" };
        let way_en = if moved.rises { "up" } else { "down" };
        let each_en = if moved.yearly { "a year, " } else { "" };
        return Text::new(
            format!("较 {base} 年{each}{way} {}", moved.rest),
            format!("{way_en} {}, {each_en}on {base}", moved.rest),
        );
    }
    let found = labels
        .iter()
        .find_map(|(key, zh, en)| Some((said(key)?, zh, en)));
    match found {
        Some((words, zh, _)) if words.starts_with(zh) => Text::same(words),
        Some((words, zh, en)) => Text::new(format!("{zh} {words}"), format!("{en} {words}")),
        None => Text::same("—"),
    }
}

/// Says why a target is not judged, and how it could be.
fn not_judged(why: &Why<'_>) -> Diagnostic {
    let warning = |message: Text, node: &Node| {
        Diagnostic::warning("not-judged", message)
            .label(node.span, Text::new("只列出，不判定", "listed, not judged"))
    };
    match why {
        Why::Zone(node, zone) => {
            let message = Text::new(
                format!("`{zone}` 的目标原样列出，不作判定"),
                format!("the target of `{zone}` is listed and not judged"),
            );
            let each = zone.contains(['各', '每']);
            let help = if each {
                Text::new(
                    "各市分别考核的，每个市定一个自定地区，各写一份情景（手册 4.1）",
                    "where each city is judged by itself, each is a region of one's own with its own scenario (manual, 4.1)",
                )
            } else {
                Text::new(
                    "要判定，把这一片定为自定地区，另写一份情景（手册 4.1）；全地区的目标不写 `zone`",
                    "to have it judged, make the part a region of one's own with its own scenario (manual, 4.1); a target of the whole has no `zone`",
                )
            };
            warning(message, node)
                .note(Text::new(
                    "结果是全地区的：分区只有各活动的占比，没有自己的排放量",
                    "results are those of the whole: a zone has its parts of services and no emissions of its own",
                ))
                .help(help)
        }
        Why::Outside(node, name) => {
            let message = Text::new(
                format!("模型不算“{name}”：目标原样列出，不作判定"),
                format!("the model does not compute `{name}`: the target is listed and not judged"),
            );
            warning(message, node).help(Text::new(
                "写到 [tracked] 之下就不再提示；能判定的指标见 jianpai list indicators",
                "under [tracked] nothing is said of it; jianpai list indicators has those that can be judged",
            ))
        }
        Why::Open(node, words) => {
            let message = Text::new(
                format!("`{words}` 没有数字：目标原样列出，不作判定"),
                format!("`{words}` has no number: the target is listed and not judged"),
            );
            warning(message, node).help(Text::new(
                "数字下达后改为带百分号的数，如 \"10 %\"",
                "put the number in its place when it is known, such as \"10 %\"",
            ))
        }
    }
}
