//! How much rests on which status, and the heaviest and weakest numbers.

use super::tree::{Sources, WIDTH, cut};
use super::{Answer, short_status};
use crate::case::{number, percent};
use crate::grid::{Grid, indent, left, right};
use jianpai_core::explain::{self, Shares, Weight};
use jianpai_core::provenance::Status;
use jianpai_core::text::{Lang, Text};

/// Numbers listed as the heaviest.
const HEAVIEST: usize = 10;
/// Numbers listed as the weakest.
const WEAKEST: usize = 5;

/// The two lists, with the shares by status above them.
pub(super) fn text(answer: &Answer<'_>, lang: Lang, sources: &mut Sources) -> String {
    let Some(shares) = answer.tape.shares_of(&answer.weights) else {
        return String::new();
    };
    let title = lang.pick(
        "结果依据的数（各数弹性的绝对值占比）",
        "What the result rests on (parts of Σ |elasticity|)",
    );
    let mut out = format!("\n  {title}\n  {}\n", by_status(&shares).get(lang));
    let heaviest = answer.weights.iter().take(HEAVIEST);
    let (title, header) = match lang {
        Lang::Zh => ("最重的数", ["权重", "弹性", "数", "值", "出处"]),
        Lang::En => (
            "Heaviest numbers",
            ["Weight", "Elasticity", "Number", "Value", "Where"],
        ),
    };
    let mut table = Grid::new(header);
    for weight in heaviest {
        let first = [percent(weight.share), format!("{:+.2}", weight.elasticity)];
        row(answer, lang, sources, weight, first, &mut table);
    }
    out += &format!("\n  {title}\n{}\n", indent(&table.to_string()));
    let mut weakest: Vec<&Weight<'_>> = answer.weights.iter().filter(|w| w.doubt > 0.0).collect();
    weakest.sort_by(|a, b| b.doubt.total_cmp(&a.doubt).then(a.node.cmp(&b.node)));
    if weakest.is_empty() {
        return out;
    }
    let (title, header) = match lang {
        Lang::Zh => (
            "最薄弱的数（弹性×区间宽度：结果随之变动多少）",
            ["变动", "区间", "数", "值", "出处"],
        ),
        Lang::En => (
            "Weakest numbers (elasticity × range: how far the result moves with it)",
            ["Moves by", "Range", "Number", "Value", "Where"],
        ),
    };
    let mut table = Grid::new(header);
    for weight in weakest.into_iter().take(WEAKEST) {
        let Some((sourced, _)) = answer.tape.sourced(weight.input) else {
            continue;
        };
        let of = |bound: f64| format!("{:.2}", bound / sourced.value);
        let range = format!("×{}–{}", of(sourced.low), of(sourced.high));
        row(
            answer,
            lang,
            sources,
            weight,
            [percent(weight.doubt), range],
            &mut table,
        );
    }
    out + &format!("\n  {title}\n{}\n", indent(&table.to_string()))
}

fn row(
    answer: &Answer<'_>,
    lang: Lang,
    sources: &mut Sources,
    weight: &Weight<'_>,
    first: [String; 2],
    table: &mut Grid,
) {
    let node = answer.tape.node(weight.node);
    let place = answer.place(weight.input);
    let mark = sources.mark(&place);
    let name = explain::label(&answer.tape, node.what);
    let shown = explain::unit(&answer.tape, node.what);
    let value = format!(
        "{} {}",
        number(node.value / shown.scale),
        shown.unit.get(lang)
    );
    let at = sources.shortened(&place.at);
    let origin = format!("{at} {} {mark}", place.status.get(lang));
    let used = first.iter().map(|text| text.chars().count()).sum::<usize>();
    let taken = used + unicode_width::UnicodeWidthStr::width(value.as_str());
    let taken = taken + unicode_width::UnicodeWidthStr::width(origin.as_str()) + 16;
    let [a, b] = first;
    table.row(vec![
        right(a),
        right(b),
        left(cut(
            name.get(lang),
            WIDTH.saturating_sub(taken).clamp(20, 34),
        )),
        right(value.trim_end()),
        left(origin),
    ]);
}

/// `41 % quoted · 12 % computed · …`, what is nothing left out.
pub(super) fn by_status(shares: &Shares) -> Text {
    let parts = Status::ALL
        .into_iter()
        .map(|s| (short_status(s), shares.of(s)));
    let stated = (Text::new("情景设定", "scenario"), shares.stated);
    let parts: Vec<(Text, f64)> = parts
        .chain([stated])
        .filter(|(_, part)| *part > 5e-4)
        .collect();
    let list = |lang: Lang| {
        let parts = parts.iter();
        let parts = parts.map(|(name, part)| format!("{} {}", name.get(lang), percent(*part)));
        parts.collect::<Vec<_>>().join(" · ")
    };
    Text::new(list(Lang::Zh), list(Lang::En))
}
