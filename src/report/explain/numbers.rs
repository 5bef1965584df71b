//! How much rests on which status, and the heaviest and weakest numbers.

use super::answer::{Answer, short_status};
use super::tree::{Sources, WIDTH, cut, fill};
use crate::case::{number, percent};
use jianpai_core::explain::{self, Shares, Weight};
use jianpai_core::provenance::Status;
use jianpai_core::text::{Lang, Text};
use unicode_width::UnicodeWidthStr;

/// Numbers listed as the heaviest.
const HEAVIEST: usize = 10;
/// Further rows named of a number that several repeat.
const MOST: usize = 3;
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
    let mut out = format!("\n  {title}\n");
    let mut line = String::new();
    for part in by_status(&shares, lang) {
        if line.width() + part.width() + 5 > WIDTH {
            out += &format!("  {line}\n");
            line.clear();
        }
        line += &if line.is_empty() {
            part
        } else {
            format!(" · {part}")
        };
    }
    out += &format!("  {line}\n");
    if let Some(part) = shares.firm_of_data() {
        let part = percent(part);
        out += &match lang {
            Lang::Zh => {
                format!("  不计情景设定，数据中 {part} 有出处（引自文件、统计资料或由其算出）\n")
            }
            Lang::En => format!("  of the data alone, {part} is quoted or computed\n"),
        };
    }
    let heaviest = answer.weights.iter().take(HEAVIEST);
    let (title, header) = match lang {
        Lang::Zh => ("最重的数", ["权重", "弹性", "数", "值", "出处"]),
        Lang::En => (
            "Heaviest numbers",
            ["Weight", "Elasticity", "Number", "Value", "Where"],
        ),
    };
    let rows = heaviest.map(|weight| {
        let elasticity = format!("{:+.2}", weight.elasticity).replace('-', "−");
        let first = [percent(weight.share), elasticity];
        row(answer, lang, sources, weight, first)
    });
    let list = listed(header, &rows.collect::<Vec<_>>());
    out += &format!("\n  {title}\n{list}");
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
    let rows = weakest.into_iter().take(WEAKEST).filter_map(|weight| {
        let (sourced, _) = answer.tape.sourced(weight.input)?;
        let of = |bound: f64| format!("{:.2}", bound / sourced.value);
        let range = format!("×{}–{}", of(sourced.low), of(sourced.high));
        let first = [percent(weight.doubt), range];
        Some(row(answer, lang, sources, weight, first))
    });
    let list = listed(header, &rows.collect::<Vec<_>>());
    let unknown = answer.weights.iter().filter(|weight| {
        let sourced = answer.tape.sourced(weight.input);
        sourced.is_some_and(|(n, _)| n.origin.status > Status::Computed && n.high <= n.low)
    });
    let part = percent(unknown.map(|weight| weight.share).sum());
    let note = match lang {
        Lang::Zh => format!("二手、待核、估算和假设数中没有给出区间的占权重 {part}，未列入"),
        Lang::En => format!(
            "not listed: numbers neither quoted nor computed that have no range, {part} of the weight"
        ),
    };
    out + &format!("\n  {title}\n{list}  {}\n", cut(&note, WIDTH - 2))
}

/// One line of a list: two figures, the number's name, its value, where it stands.
type Weighed = [String; 5];

fn row(
    answer: &Answer<'_>,
    lang: Lang,
    sources: &mut Sources,
    weight: &Weight<'_>,
    [first, second]: [String; 2],
) -> Weighed {
    let node = answer.tape.node(weight.node);
    let place = answer.place(weight.input);
    let mark = sources.mark(&place);
    let name = explain::label(&answer.tape, node.what);
    let shown = explain::unit(&answer.tape, node.what);
    let unit = shown.unit.get(lang);
    let value = format!("{} {unit}", number(node.value / shown.scale));
    let mut at = sources.shortened(&place.at);
    // The other rows that repeat the number, by line.
    let lines = weight.also.iter().filter_map(|input| {
        let other = answer.place(*input).at;
        other.rsplit_once(':').map(|(_, line)| line.to_string())
    });
    let lines: Vec<String> = lines.collect();
    for line in lines.iter().take(MOST) {
        at += &format!(",{line}");
    }
    if lines.len() > MOST {
        at += ",…";
    }
    let origin = format!("{at} {} {mark}", place.status.get(lang));
    [
        first,
        second,
        name.get(lang).to_string(),
        value.trim_end().to_string(),
        origin,
    ]
}

/// The list: two figures, name and value, and below them where the number stands.
fn listed([first, second, number, value, _]: [&str; 5], rows: &[Weighed]) -> String {
    let widest = |i: usize, head: &str| {
        let cells = rows.iter().map(|row| row[i].width());
        cells.chain([head.width()]).max().unwrap_or(0)
    };
    let (a, b, d) = (widest(0, first), widest(1, second), widest(3, value));
    let room = WIDTH.saturating_sub(2 + a + 2 + b + 2 + 2 + d).min(52);
    let before = |text: &str, to: usize| {
        let gap = to.saturating_sub(text.width());
        format!("{}{text}", " ".repeat(gap))
    };
    let line = |first: &str, second: &str, name: &str, value: &str| {
        let name = fill(&cut(name, room), room);
        let (first, second, value) = (before(first, a), before(second, b), before(value, d));
        format!("  {first}  {second}  {name}  {value}\n")
    };
    let mut out = line(first, second, number, value);
    out += &format!("  {}\n", "─".repeat(a + b + room + d + 6));
    for [first, second, name, value, origin] in rows {
        out += &line(first, second, name, value);
        out += &format!("{}{origin}\n", " ".repeat(a + b + 6));
    }
    out
}

/// `quoted 41%`, `computed 12%`, …: what is nothing left out.
fn by_status(shares: &Shares, lang: Lang) -> Vec<String> {
    let parts = Status::ALL
        .into_iter()
        .map(|s| (short_status(s), shares.of(s)));
    let stated = (Text::new("情景", "scenario"), shares.stated);
    parts
        .chain([stated])
        .filter(|(_, part)| *part > 5e-4)
        .map(|(name, part)| format!("{} {}", name.get(lang), percent(part)))
        .collect()
}
