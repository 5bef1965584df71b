//! The tree of terms on the terminal, at most 100 columns wide.

use super::answer::{Answer, Detail, Place, Sums};
use jianpai_core::dims::{CalibreId, SourceId};
use jianpai_core::explain::{self, NodeId, Op, What};
use jianpai_core::text::Lang;
use std::collections::HashSet;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The widest line.
pub(super) const WIDTH: usize = 100;

/// Where values end.
const VALUES: usize = 51;

/// The sources named so far, by number.
#[derive(Default)]
pub(super) struct Sources {
    known: Vec<(SourceId, Option<CalibreId>)>,
    said: Vec<String>,
    files: Vec<String>,
}

impl Sources {
    /// The number of a source with its calibre.
    pub(super) fn mark(&mut self, place: &Place) -> String {
        if let Some(source) = place.source {
            let at = self.known.iter().position(|other| *other == source);
            let at = at.unwrap_or_else(|| {
                self.known.push(source);
                self.known.len() - 1
            });
            return format!("[{}]", at + 1);
        }
        let Some(said) = &place.said else {
            return String::new();
        };
        let at = self.said.iter().position(|other| other == said);
        let at = at.unwrap_or_else(|| {
            self.said.push(said.clone());
            self.said.len() - 1
        });
        format!("[s{}]", at + 1)
    }

    /// A place with its file's name alone, where that is long; the list of sources has
    /// the whole.
    pub(super) fn shortened(&mut self, at: &str) -> String {
        let Some((folder, name)) = at.rsplit_once('/').filter(|(f, _)| *f != "data") else {
            return at.to_string();
        };
        let file = name.rsplit_once(':').map_or(name, |(file, _)| file);
        let whole = format!("{folder}/{file}");
        if !self.files.contains(&whole) {
            self.files.push(whole);
        }
        name.to_string()
    }

    /// The list of sources.
    pub(super) fn text(&self, answer: &Answer<'_>, lang: Lang) -> String {
        let data = answer.case.catalogue;
        let mut lines = Vec::new();
        for (i, (source, calibre)) in self.known.iter().enumerate() {
            let source = &data.sources[source.at()];
            let issuer = source.issuer.get(lang);
            let calibre = calibre.map_or(String::new(), |calibre| {
                let name = data.calibres[calibre.at()].name.get(lang);
                let word = lang.pick("口径：", "calibre: ");
                format!(" · {word}{name}")
            });
            let year = &source.year;
            let issuer = match issuer {
                "" | "无" | "none" => String::new(),
                issuer => format!(" · {issuer} {year}"),
            };
            let line = format!("  [{}] {}{issuer}", i + 1, source.title);
            let room = WIDTH - calibre.width().min(WIDTH / 2);
            lines.push(cut(&(cut(&line, room) + &calibre), WIDTH));
        }
        for (i, said) in self.said.iter().enumerate() {
            let word = lang.pick("情景所注：", "the scenario: ");
            lines.push(cut(&format!("  [s{}] {word}{said}", i + 1), WIDTH));
        }
        for file in &self.files {
            lines.push(format!("  {} {file}", lang.pick("文件", "file")));
        }
        if lines.is_empty() {
            return String::new();
        }
        format!(
            "\n  {}\n{}\n",
            lang.pick("来源", "Sources"),
            lines.join("\n")
        )
    }
}

/// `text` in at most `room` columns.
pub(super) fn cut(text: &str, room: usize) -> String {
    if text.width() <= room {
        return text.to_string();
    }
    let (mut kept, mut used) = (String::new(), 1);
    for c in text.chars() {
        used += c.width().unwrap_or(0);
        if used > room {
            break;
        }
        kept.push(c);
    }
    kept + "…"
}

/// `text` filled up with blanks.
pub(super) fn fill(text: &str, to: usize) -> String {
    format!("{text}{}", " ".repeat(to.saturating_sub(text.width())))
}

struct Writer<'w, 'a> {
    answer: &'w Answer<'a>,
    lang: Lang,
    detail: Detail,
    sources: &'w mut Sources,
    seen: HashSet<NodeId>,
    out: String,
}

/// A line's place in the tree.
#[derive(Clone)]
struct Spot {
    /// What stands before the children's lines.
    guide: String,
    /// What stands before this line.
    head: String,
    /// The part of the result that hangs on it by way of sums.
    weight: f64,
    /// Its part of its parent, if that is a sum.
    part: Option<f64>,
    /// Whether it is taken away.
    negative: bool,
    level: usize,
}

/// The tree below the root of `answer`.
pub(super) fn text(
    answer: &Answer<'_>,
    lang: Lang,
    detail: Detail,
    sources: &mut Sources,
) -> String {
    let mut writer = Writer {
        answer,
        lang,
        detail,
        sources,
        seen: HashSet::new(),
        out: String::new(),
    };
    let spot = Spot {
        guide: "  ".to_string(),
        head: "  ".to_string(),
        weight: 1.0,
        part: None,
        negative: false,
        level: 0,
    };
    writer.node(answer.root, &spot);
    writer.out
}

impl Writer<'_, '_> {
    fn node(&mut self, id: NodeId, spot: &Spot) {
        let tape = &self.answer.tape;
        let node = tape.node(id);
        let name = explain::label(tape, node.what);
        let sign = if spot.negative { "− " } else { "" };
        let name = format!("{sign}{}", name.get(self.lang));
        let (value, unit) = self.answer.value(node, self.lang);
        let part = spot
            .part
            .map_or(String::new(), |part| format!("{:.0}%", part * 100.0));
        let again = !self.seen.insert(id);
        let rest = if let What::Input(input) = node.what {
            let place = self.answer.place(input);
            let mark = self.sources.mark(&place);
            let status = place.status.get(self.lang);
            let at = self.sources.shortened(&place.at);
            format!("{at} {status} {mark}")
        } else if again && !node.children.is_empty() {
            self.lang.pick("↑ 见上", "↑ as above").to_string()
        } else {
            let formula = explain::symbol(node);
            match (part.as_str(), formula) {
                ("", "") => String::new(),
                ("", formula) => format!("= {formula}"),
                (part, "") => part.to_string(),
                (part, formula) => format!("{part} = {formula}"),
            }
        };
        self.line(&spot.head, &name, &value, &unit, &rest);
        if again || node.children.is_empty() {
            return;
        }
        if spot.level + 1 >= self.detail.depth || self.is_folded(node.what) {
            let count = node.children.len();
            let note = match self.lang {
                Lang::Zh => format!("… {count} 项，--all 全部列出"),
                Lang::En => format!("… {count} terms; --all lists them"),
            };
            self.out += &format!("{}└ {note}\n", spot.guide);
            // It has not been shown yet.
            self.seen.remove(&id);
            return;
        }
        self.children(id, spot);
    }

    fn is_folded(&self, what: What<'_>) -> bool {
        let scales = matches!(
            what,
            What::BottomUp(..) | What::ShareSum(_) | What::ClassSum(_) | What::Available(..)
        );
        scales && self.detail.sums == Sums::Folded
    }

    fn children(&mut self, id: NodeId, spot: &Spot) {
        let tape = &self.answer.tape;
        let node = tape.node(id);
        let mut rows: Vec<(NodeId, Option<f64>, bool)> = match &node.op {
            Op::Linear { factors, .. } => {
                let sizes = node.children.iter().zip(factors);
                let sizes: Vec<f64> = sizes
                    .map(|(c, f)| (f * tape.node(*c).value).abs())
                    .collect();
                let sum: f64 = sizes.iter().sum();
                let parts = sizes
                    .iter()
                    .map(|size| if sum > 0.0 { size / sum } else { 0.0 });
                let signs = factors.iter().map(|factor| *factor < 0.0);
                let children = node.children.iter().zip(parts).zip(signs);
                children
                    .map(|((c, part), sign)| (*c, Some(part), sign))
                    .collect()
            }
            _ => node.children.iter().map(|c| (*c, None, false)).collect(),
        };
        // A constant 1 of a product, or 0 of a sum, says nothing; nor does x / x say x twice.
        let idle = if matches!(node.op, Op::Linear { .. }) {
            0.0
        } else {
            1.0
        };
        let says = |id: NodeId| {
            let node = tape.node(id);
            node.what != What::Constant || (node.value - idle).abs() > f64::EPSILON
        };
        rows.retain(|(child, ..)| says(*child));
        rows.dedup_by_key(|row| row.0);
        rows.sort_by(|a, b| b.1.unwrap_or(1.0).total_cmp(&a.1.unwrap_or(1.0)));
        let heavy = |part: &Option<f64>| {
            part.is_none_or(|part| part * spot.weight >= self.detail.least && part > 0.0)
                || self.detail.least <= 0.0
        };
        let kept = rows.iter().filter(|(_, part, _)| heavy(part)).count();
        // One line that says "one smaller" says no more than the term itself.
        let kept = if rows.len() - kept == 1 || kept == 0 {
            (kept + 1).min(rows.len())
        } else {
            kept
        };
        for (i, (child, part, negative)) in rows[..kept].iter().enumerate() {
            let last = i + 1 == rows.len();
            let (branch, trunk) = if last {
                ("└ ", "  ")
            } else {
                ("├ ", "│ ")
            };
            let spot = Spot {
                guide: format!("{}{trunk}", spot.guide),
                head: format!("{}{branch}", spot.guide),
                weight: spot.weight * part.unwrap_or(1.0),
                part: *part,
                negative: *negative,
                level: spot.level + 1,
            };
            self.node(*child, &spot);
        }
        if kept < rows.len() {
            let (count, left) = (rows.len() - kept, &rows[kept..]);
            let part: f64 = left.iter().filter_map(|(_, part, _)| *part).sum::<f64>() * 100.0;
            let note = match self.lang {
                Lang::Zh => format!("… 另有较小的 {count} 项（{part:.1} %）"),
                Lang::En => format!("… and {count} smaller ({part:.1} %)"),
            };
            self.out += &format!("{}└ {note}\n", spot.guide);
        }
    }

    /// One line: name, value, unit, and what there is to say.
    fn line(&mut self, head: &str, name: &str, value: &str, unit: &str, rest: &str) {
        let tail = if rest.is_empty() {
            String::new()
        } else {
            format!("  {rest}")
        };
        let tail = format!(" {}{tail}", fill(unit, 9));
        let room = WIDTH.saturating_sub(value.width() + tail.width() + 2);
        let room = room.min(VALUES - value.width() - 1).max(24);
        let front = cut(&format!("{head}{name}"), room);
        let gap = (VALUES - value.width()).min(room + 1);
        let line = format!("{}{value}{tail}", fill(&front, gap));
        self.out += cut(line.trim_end(), WIDTH).as_str();
        self.out += "\n";
    }
}
