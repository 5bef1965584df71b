//! Fields that several parts of a scenario have: years, amounts, one of several keys.

use super::head::{Head, LONGEST};
use super::worded;
use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::tree::{Node, Reader, TableNode};
use jianpai_core::text::Text;

/// A name in both languages: one that is given alone serves for both, and `otherwise`
/// where there is none. It has been reported if nothing serves.
pub(super) fn name(reader: &mut Reader<'_>, otherwise: Option<&str>) -> Option<Text> {
    let en = reader.opt_string("name_en");
    let zh = match (en, otherwise) {
        (None, None) => reader.string("name_zh"),
        _ => reader.opt_string("name_zh"),
    };
    let zh = zh.or(en).or(otherwise)?;
    Some(Text::new(zh, en.unwrap_or(zh)))
}

/// An amount below zero is a mistake.
pub(super) fn not_negative(node: &Node, amount: f64, diags: &mut Diagnostics) -> Option<f64> {
    if amount >= 0.0 {
        return Some(amount);
    }
    let message = Text::new("不能为负", "this cannot be negative");
    diags.push(
        Diagnostic::error("negative", message)
            .label(node.span, Text::new("负值", "negative"))
            .help(Text::new("去掉负号", "leave the sign out")),
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
        let year = worded::year(&key.name).map(|(year, _)| year);
        match (year, value) {
            (Some(year), Some(value)) if (1900..=2200).contains(&year) => {
                points.push((year, value));
            }
            (_, None) => {}
            _ => {
                let message = Text::new(
                    format!("`{}` 不是年份", key.name),
                    format!("`{}` is not a year", key.name),
                );
                let example = Text::new("写法如 2020 = \"3 %\"", "write it like 2020 = \"3 %\"");
                let label = Text::new("应为年份", "expected a year");
                let diagnostic = Diagnostic::error("year", message).label(key.span, label);
                diags.push(diagnostic.help(example));
            }
        }
    }
    points.sort_by_key(|(year, _)| *year);
    (!points.is_empty()).then_some(points)
}

/// A year between `first` and the scenario's last.
pub(super) fn within(node: &Node, head: &Head, first: i32, diags: &mut Diagnostics) -> Option<i32> {
    let written = worded::year_of(node, diags)?;
    let last = head.end_year.unwrap_or(head.base_year + LONGEST);
    if let Ok(year) = i32::try_from(written)
        && (first..=last).contains(&year)
    {
        return Some(year);
    }
    let message = Text::new(
        format!("{written} 年不在情景的 {first}—{last} 年之内"),
        format!("{written} lies outside the scenario's years {first} to {last}"),
    );
    let help = if written > i64::from(last) {
        Text::new(
            "改年份，或延长 [scenario] end_year",
            "change it, or extend [scenario] end_year",
        )
    } else {
        Text::new(
            format!("改为 {first} 年或以后"),
            format!("name {first} or a later year"),
        )
    };
    let mut diagnostic = Diagnostic::error("year-range", message)
        .label(node.span, Text::new("超出范围", "out of range"));
    if head.rebased && written < i64::from(first) {
        let base = head.base_year;
        diagnostic = diagnostic.note(Text::new(
            format!("情景以 {base} 年为基年：更早的年份是另一口径的记录，不与它相接"),
            format!(
                "the scenario counts from {base}: earlier years are a record of another calibre and do not join it"
            ),
        ));
        diagnostic = diagnostic.help(Text::new(
            format!("写较 {base} 年的降幅，或去掉 [scenario] base；要用更早口径的绝对量，写 cap 或 value 连同 calibre，并声明 [splice.*]"),
            format!("give the reduction on {base}, or take `base` out of [scenario]; an amount of an earlier calibre goes in as `cap` or `value` with its `calibre` and a [splice.*]"),
        ));
    } else {
        diagnostic = diagnostic.help(help);
    }
    diags.push(diagnostic);
    None
}

/// Exactly one of several keys; where a child file gives another one than its
/// parent, the child's counts.
pub(super) fn one_of<'n>(
    nodes: &[(&'static str, Option<&'n Node>)],
    owner: Span,
    reader: &mut Reader<'_>,
) -> Option<(&'static str, &'n Node)> {
    let examples: Vec<String> = nodes.iter().map(|(key, _)| format!("{key} = …")).collect();
    one_of_like(nodes, owner, &examples, reader)
}

/// The same with examples to show where there is none.
pub(super) fn one_of_like<'n>(
    nodes: &[(&'static str, Option<&'n Node>)],
    owner: Span,
    examples: &[String],
    reader: &mut Reader<'_>,
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
            let keys: Vec<&'static str> = nodes.iter().map(|(key, _)| *key).collect();
            let message = Text::new(
                format!("须写明其中之一：{}", keys.join("、")),
                format!("one of these must be given: {}", keys.join(", ")),
            );
            let label = Text::new("没有说明做多少", "does not say how much");
            let diagnostic = Diagnostic::error("missing-extent", message)
                .label(owner, label)
                .help(Text::new(
                    format!("写法如 {}", examples.join("、")),
                    format!("write for example {}", examples.join(" or ")),
                ));
            reader.push_unless_misspelt(&keys, diagnostic);
            None
        }
        [first, rest @ ..] => {
            let keys: Vec<String> = own.iter().map(|(key, _)| format!("`{key}`")).collect();
            let message = Text::new(
                format!("{} 只能写一个", keys.join(" 与 ")),
                format!("give only one of {}", keys.join(" and ")),
            );
            let mut diagnostic = Diagnostic::error("two-extents", message);
            for (_, node) in rest {
                diagnostic = diagnostic.label(node.span, Text::new("多余", "one too many"));
            }
            reader.push(
                diagnostic
                    .label(first.1.span, Text::new("已写", "given already"))
                    .help(Text::new(
                        "删去其余，只留文件里写的那一个",
                        "keep the one the document states",
                    )),
            );
            None
        }
    }
}

/// A retrofit by capacity of a sector that has none in the model.
pub(super) fn no_capacity(sector: &str, span: Span) -> Diagnostic {
    let message = Text::new(
        format!("`{sector}` 的改造不能按产能给出：模型没有它的产能"),
        format!("a retrofit of `{sector}` cannot be given by its capacity: the model has none"),
    );
    Diagnostic::error("no-capacity", message)
        .label(span, Text::new("没有对应的量", "the model has no such amount"))
        .note(Text::new(
            "有 capacity 的是电力（MW）、锅炉（蒸吨）、钢铁、水泥、焦化（万吨）；其他工业按增加值计",
            "power (MW), boilers (t/h), steel, cement and coke (t a year) have `capacity`; other industry is counted by value added",
        ))
        .help(Text::new(
            "写改造产能 ÷ 总产能：reach = \"60 %\"（末年累计已改造的占比），或 share = \"60 %\"（占尚未改造的比例）",
            "write the capacity retrofitted over all there is: reach = \"60 %\" (retrofitted in the end, of all), or share = \"60 %\" (of what is not yet retrofitted)",
        ))
}
