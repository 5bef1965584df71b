//! Basics, measures and targets as the text of a scenario.

use super::cells;
use super::flaw::{Flaw, Place};
use super::made::{Made, key, quoted};
use super::table::{Line, Table, bare};
use jianpai_core::measure::spec::KINDS;
use jianpai_core::measure::{Field, FieldKind, KindSpec, Role};
use jianpai_core::names::NameOf;
use jianpai_core::text::Text;
use jianpai_load::diag::nearest;
use jianpai_load::vocabulary::{Meaning, Vocabulary};
use std::collections::BTreeSet;

/// Keys of tables that are given so far.
pub(super) type Ids = BTreeSet<String>;

/// The id of a row: its own, or a number.
fn id(
    table: &mut Table<'_>,
    line: Line,
    (word, ids): (&str, &mut Ids),
    flaws: &mut Vec<Flaw>,
) -> (String, Place) {
    let own = table.text(line, "id", flaws);
    let (mut id, place) = match own {
        Some((id, place)) => (cells::narrow(&id), place),
        None => (String::new(), table.place(line, "name")),
    };
    if id.is_empty() {
        let numbers = 1..;
        let mut free = numbers
            .map(|n: usize| format!("{word}-{n}"))
            .filter(|id| !ids.contains(id));
        id = free.next().unwrap_or_default();
    }
    ids.insert(id.clone());
    (id, place)
}

/// Adds a text of a cell under a key, if there is one.
fn string(
    made: &mut Made,
    table: &mut Table<'_>,
    line: Line,
    (from, to): (&str, &str),
    flaws: &mut Vec<Flaw>,
) {
    if let Some((text, place)) = table.text(line, from, flaws) {
        made.string(place, to, &text);
    }
}

/// Adds a year: a whole number, or a text that says more.
fn year(
    made: &mut Made,
    table: &mut Table<'_>,
    line: Line,
    (from, to): (&str, &str),
    flaws: &mut Vec<Flaw>,
) {
    if let Some((cell, place)) = table.cell(line, from, flaws) {
        match cells::year(cell) {
            Ok(year) => made.code(place, to, &year.to_string()),
            Err(text) => made.string(place, to, &text),
        }
    }
}

/// Adds a name in the language that it is written in.
fn name(made: &mut Made, table: &mut Table<'_>, line: Line, flaws: &mut Vec<Flaw>) {
    if let Some((text, place)) = table.text(line, "name", flaws) {
        let to = if text.is_ascii() {
            "name_en"
        } else {
            "name_zh"
        };
        made.string(place, to, &text);
    }
}

/// An amount with its unit, as one text.
fn amount(table: &mut Table<'_>, line: Line, flaws: &mut Vec<Flaw>) -> Option<(String, Place)> {
    let (text, place) = table.text(line, "amount", flaws)?;
    let unit = table.text(line, "unit", flaws);
    let Some((unit, _)) = unit else {
        return Some((text, place));
    };
    let (own, bare_unit) = (cells::narrow(&text), cells::narrow(&unit));
    // A cell shown in percent says so already.
    if own.trim_end().ends_with(bare_unit.trim()) {
        return Some((text, place));
    }
    Some((format!("{text} {unit}"), place))
}

/// The measures of a sheet.
pub(super) fn measures(
    made: &mut Made,
    table: &mut Table<'_>,
    vocabulary: &Vocabulary,
    flaws: &mut Vec<Flaw>,
) {
    let lines = table.lines();
    table.remarks(&lines, flaws);
    let mut ids = Ids::new();
    for line in lines {
        let (id, place) = id(table, line, ("measure", &mut ids), flaws);
        made.push("\n");
        made.from(place, &format!("[measures.{}]", key(&id)));
        made.push("\n");
        name(made, table, line, flaws);
        let kind = table.text(line, "type", flaws);
        let spec = match &kind {
            None => {
                table.missing(line, "type", flaws);
                None
            }
            Some((text, place)) => {
                made.string(*place, "type", text);
                // A misspelt type is told by the reader; its fields are read as those meant.
                let own = vocabulary.id(NameOf::Measure, text);
                let is_known = KINDS.iter().any(|kind| kind.id == own);
                let near = vocabulary.near(NameOf::Measure, text).map(|(_, id)| id);
                let id = if is_known { own } else { near.unwrap_or(own) };
                KINDS.iter().find(|kind| kind.id == id)
            }
        };
        string(made, table, line, ("zone", "zone"), flaws);
        if let Some(spec) = spec {
            object(made, table, (line, spec), flaws);
            how_much(made, table, (line, spec), vocabulary, flaws);
        }
        if let Some((text, place)) = table.text(line, "to", flaws) {
            mix(made, (&text, place), flaws);
        }
        further(made, table, (line, spec), vocabulary, flaws);
        year(made, table, line, ("start", "start"), flaws);
        year(made, table, line, ("end", "end"), flaws);
        if table.columns.contains_key("end") && table.text(line, "end", &mut Vec::new()).is_none() {
            table.missing(line, "end", flaws);
        }
        string(made, table, line, ("at", "at"), flaws);
        level(made, table, line, flaws);
        for own in ["cost", "capital"] {
            string(made, table, line, (own, own), flaws);
        }
        year(made, table, line, ("life", "life"), flaws);
        for own in ["source", "note"] {
            string(made, table, line, (own, own), flaws);
        }
    }
}

/// How far it is carried out. A bare number up to 3 is a part of 1 (0.8 is 80 %); a larger
/// one lacks its percent sign, which the reader says.
fn level(made: &mut Made, table: &mut Table<'_>, line: Line, flaws: &mut Vec<Flaw>) {
    let Some((text, place)) = table.text(line, "level", flaws) else {
        return;
    };
    match cells::narrow(&text).parse::<f64>() {
        Ok(part) if part.abs() <= 3.0 => {
            let percent = format!("{} %", cells::digits(part * 100.0));
            made.code(place, "level", &quoted(&percent));
        }
        _ => made.string(place, "level", &text),
    }
}

/// What a kind asks for beside how much and by what.
fn object(
    made: &mut Made,
    table: &mut Table<'_>,
    (line, spec): (Line, &KindSpec),
    flaws: &mut Vec<Flaw>,
) {
    let mut fields = spec.fields.iter();
    let wanted = fields.find(|field| field.role == Role::Required && field.key != "to");
    let Some((text, place)) = table.text(line, "object", flaws) else {
        if let Some(field) = wanted {
            let filled = table.text(line, "more", &mut Vec::new()).is_some();
            if !filled {
                flaws.push(
                    Flaw::error(
                        "no-object",
                        Text::new(
                            format!("“{}”要写对象：{}", spec.zh, field.zh),
                            format!("{} needs its object: {}", spec.id, field.en),
                        ),
                    )
                    .at(table.place(line, "object"), Text::new("没有填", "empty"))
                    .help(Text::new(
                        format!("如 {}", field.example),
                        format!("such as {}", field.example),
                    )),
                );
            }
        }
        return;
    };
    match wanted {
        Some(field) => value(made, field, (&text, place), flaws),
        None => flaws.push(
            Flaw::error(
                "object",
                Text::new(
                    format!("“{}”没有对象这一项", spec.zh),
                    format!("{} has no object", spec.id),
                ),
            )
            .at(place, Text::new("多余", "not needed"))
            .help(Text::new(
                "清空此格；别的字段写在“其他参数”",
                "leave it empty; further fields go into “Further fields”",
            )),
        ),
    }
}

/// A field in the form in which files have it.
fn value(made: &mut Made, field: &Field, (text, place): (&str, Place), flaws: &mut Vec<Flaw>) {
    match field.kind {
        FieldKind::Services | FieldKind::Technologies => {
            let parts = text.split(['、', '，', ',', ';', '；']);
            let parts = parts
                .map(str::trim)
                .filter(|part| !part.is_empty())
                .map(quoted);
            let list = parts.collect::<Vec<_>>().join(", ");
            made.code(place, field.key, &format!("[{list}]"));
        }
        FieldKind::Year => {
            let narrow = cells::narrow(text);
            match narrow.trim_end_matches('年').trim().parse::<i64>() {
                Ok(year) => made.code(place, field.key, &year.to_string()),
                Err(_) => made.string(place, field.key, text),
            }
        }
        FieldKind::Mix => mix_of(made, field.key, (text, place), flaws),
        _ => made.string(place, field.key, text),
    }
}

/// How much: the field that the row names, or the only one that the kind has.
fn how_much(
    made: &mut Made,
    table: &mut Table<'_>,
    (line, spec): (Line, &KindSpec),
    vocabulary: &Vocabulary,
    flaws: &mut Vec<Flaw>,
) {
    let fields = spec
        .fields
        .iter()
        .filter(|field| field.role == Role::Extent);
    let fields: Vec<&Field> = fields.collect();
    let called = |field: &Field| {
        vocabulary
            .chinese(NameOf::Key, field.key)
            .unwrap_or(field.key)
            .to_string()
    };
    let list = |flaw: Flaw| {
        let zh: Vec<String> = fields
            .iter()
            .map(|field| format!("{}（{}）", called(field), field.zh))
            .collect();
        let en: Vec<String> = fields
            .iter()
            .map(|field| format!("{} ({})", field.key, field.en))
            .collect();
        flaw.help(Text::new(
            format!("此类型可按：{}", zh.join("；")),
            format!("this type takes {}", en.join("; ")),
        ))
    };
    let by = table.text(line, "by", flaws);
    let field = match (&by, fields.as_slice()) {
        (None, [one]) => Some(*one),
        (None, []) => None,
        (None, _) => {
            if table.text(line, "amount", &mut Vec::new()).is_some() {
                let message = Text::new(
                    "没有说数量是按什么算的",
                    "how the amount is meant is not said",
                );
                let flaw = Flaw::error("no-by", message)
                    .at(table.place(line, "by"), Text::new("没有填", "empty"));
                flaws.push(list(flaw));
            } else {
                table.missing(line, "amount", flaws);
                table.missing(line, "by", flaws);
            }
            return;
        }
        (Some((text, place)), _) => {
            let fits = |id: &str| fields.iter().any(|field| field.key == id);
            let id = match vocabulary.meaning(NameOf::Key, text, &fits) {
                Meaning::One(id) => Some(id.to_string()),
                _ => fields
                    .iter()
                    .find(|field| bare(field.key) == bare(text))
                    .map(|field| field.key.to_string()),
            };
            let found = fields.iter().find(|field| Some(field.key) == id.as_deref());
            if found.is_none() {
                let names: Vec<String> = fields
                    .iter()
                    .flat_map(|field| [called(field), field.key.to_string()])
                    .collect();
                let near = nearest(text, names.iter().map(String::as_str)).map(str::to_string);
                let message = Text::new(
                    format!("“{}”不能按“{text}”算", spec.zh),
                    format!("{} takes no `{text}`", spec.id),
                );
                let mut flaw = list(
                    Flaw::error("by", message).at(*place, Text::new("不适用", "not of this type")),
                );
                flaw.replace = near.map(|near| (*place, None, near));
                flaws.push(flaw);
                return;
            }
            found.copied()
        }
    };
    match (field, amount(table, line, flaws)) {
        (Some(field), Some((text, place))) => made.string(place, field.key, &text),
        (Some(_), None) => table.missing(line, "amount", flaws),
        (None, _) => {}
    }
}

/// What replaces something: `天然气 60 %，集中供热 40 %`.
fn mix(made: &mut Made, text: (&str, Place), flaws: &mut Vec<Flaw>) {
    mix_of(made, "to", text, flaws);
}

fn mix_of(made: &mut Made, to: &str, (text, place): (&str, Place), flaws: &mut Vec<Flaw>) {
    let whole = text.trim().trim_start_matches('{').trim_end_matches('}');
    let parts = whole.split(['，', ',', '、', '；', ';']);
    let parts: Vec<&str> = parts
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect();
    let mut written = Vec::new();
    for part in &parts {
        let digit = |c: char| c.is_ascii_digit() || ('０'..='９').contains(&c);
        // A number at the end is the part; names may hold digits (1a).
        let cut = part
            .char_indices()
            .rev()
            .find(|(_, c)| !digit(*c) && !matches!(c, '.' | '．' | '%' | '％' | ' ' | '\u{3000}'));
        let cut = cut.map_or(0, |(at, c)| at + c.len_utf8());
        let (name, share) = part.split_at(cut);
        let name = name
            .trim()
            .trim_end_matches(['=', '＝', ':', '：', '占'])
            .trim()
            .trim_matches('"');
        let share = share.trim().trim_matches('"');
        let share = match (share.is_empty(), parts.len()) {
            (true, 1) => "100 %",
            _ => share,
        };
        if name.is_empty() || share.is_empty() {
            flaws.push(
                Flaw::error(
                    "mix",
                    Text::new(format!("看不懂“{part}”"), format!("cannot read `{part}`")),
                )
                .at(
                    place,
                    Text::new("应为 名称 百分数", "a name and a percentage"),
                )
                .help(Text::new(
                    "写法如 天然气 60 %，集中供热 40 %",
                    "write it like gas 60 %, district 40 %",
                )),
            );
            return;
        }
        written.push(format!("{} = {}", key(name), quoted(share)));
    }
    made.code(place, to, &format!("{{ {} }}", written.join(", ")));
}

/// Further fields: `复烧率=10 %；hours=4000 h`.
fn further(
    made: &mut Made,
    table: &mut Table<'_>,
    (line, spec): (Line, Option<&KindSpec>),
    vocabulary: &Vocabulary,
    flaws: &mut Vec<Flaw>,
) {
    let Some((text, place)) = table.text(line, "more", flaws) else {
        return;
    };
    for part in text
        .split(['；', ';'])
        .map(str::trim)
        .filter(|part| !part.is_empty())
    {
        let Some((name, own)) = part.split_once(['=', '＝']) else {
            flaws.push(
                Flaw::error(
                    "further",
                    Text::new(format!("看不懂“{part}”"), format!("cannot read `{part}`")),
                )
                .at(place, Text::new("应为 字段=值", "field = value"))
                .help(Text::new(
                    "写法如 复烧率=10 %；几项用分号隔开",
                    "write it like reburn = 10 %, with semicolons between",
                )),
            );
            continue;
        };
        let (name, own) = (name.trim(), own.trim().trim_matches('"'));
        let fits =
            |id: &str| spec.is_some_and(|spec| spec.fields.iter().any(|field| field.key == id));
        let id = match vocabulary.meaning(NameOf::Key, name, &fits) {
            Meaning::One(id) => id,
            _ => name,
        };
        let field = spec.and_then(|spec| spec.fields.iter().find(|field| field.key == id));
        match field {
            Some(field) => value(made, field, (own, place), flaws),
            None => made.string(place, &key(name), own),
        }
    }
}

/// What targets demand, as people say it.
const DEMANDS: [(&str, &[&str]); 5] = [
    ("reduction", &["下降", "降低", "削减", "reduction"]),
    ("cap", &["不超过", "控制在", "上限", "cap"]),
    ("floor", &["不低于", "达到", "下限", "floor"]),
    ("cumulative", &["累计不超过", "累计", "cumulative"]),
    ("project", &["重点工程减排量", "工程减排量", "project"]),
];

/// The targets of a sheet.
pub(super) fn targets(made: &mut Made, table: &mut Table<'_>, flaws: &mut Vec<Flaw>) {
    let lines = table.lines();
    table.remarks(&lines, flaws);
    let mut ids = Ids::new();
    for line in lines {
        let (id, place) = id(table, line, ("target", &mut ids), flaws);
        made.push("\n");
        made.from(place, &format!("[targets.{}]", key(&id)));
        made.push("\n");
        name(made, table, line, flaws);
        for needed in ["indicator", "year", "demand", "amount"] {
            if table.cell(line, needed, &mut Vec::new()).is_none() {
                // An error in the cell is said where it is read.
                table.cell(line, needed, flaws);
                table.missing(line, needed, flaws);
            }
        }
        string(made, table, line, ("indicator", "indicator"), flaws);
        year(made, table, line, ("year", "year"), flaws);
        let demand = demand(table, line, flaws);
        if let (Some(demand), Some((text, place))) = (demand, amount(table, line, flaws)) {
            made.string(place, demand, &text);
        }
        let counts = matches!(demand, Some("cumulative" | "project"));
        year(
            made,
            table,
            line,
            ("base_year", if counts { "from" } else { "base_year" }),
            flaws,
        );
        for own in ["book", "source"] {
            string(made, table, line, (own, own), flaws);
        }
    }
}

fn demand(table: &mut Table<'_>, line: Line, flaws: &mut Vec<Flaw>) -> Option<&'static str> {
    let (text, place) = table.text(line, "demand", flaws)?;
    let wanted = bare(&text);
    let found = DEMANDS
        .iter()
        .find(|(_, names)| names.iter().any(|name| bare(name) == wanted));
    if let Some((key, _)) = found {
        return Some(key);
    }
    let names = DEMANDS.iter().flat_map(|(_, names)| names.iter().copied());
    let near = nearest(&text, names).map(str::to_string);
    let mut flaw = Flaw::error(
        "demand",
        Text::new(
            format!("没有“{text}”这种要求"),
            format!("there is no demand `{text}`"),
        ),
    )
    .at(place, Text::new("未知", "not known"))
    .help(Text::new(
        "可用：下降、不超过、不低于、累计不超过、重点工程减排量",
        "known: reduction, cap, floor, cumulative, project",
    ));
    flaw.replace = near.map(|near| (place, None, near));
    flaws.push(flaw);
    None
}
