//! Targets outside the model: what is asked, and the user's own value of each year.
//!
//! A value stands as documents write it, a number and a unit in one text; the unit is that
//! of all values of the target, and it may be any: `38.6 μg/m³`, `83.5 %`, `310 天`.

use super::fields;
use super::head::Head;
use super::worded;
use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::number::{self, ungroup};
use crate::tree::{Node, Reader, TableNode, Value};
use jianpai_core::scenario::Tracked;
use jianpai_core::text::Text;

/// Signs and words of a limit that may stand before a number, longest first.
const LIMITS: [&str; 22] = [
    "控制在",
    "不高于",
    "不超过",
    "不低于",
    "不少于",
    "不大于",
    "不小于",
    "降低到",
    "提高到",
    "at least",
    "at most",
    "within",
    "降至",
    "达到",
    "低于",
    "高于",
    "≤",
    "≥",
    "<=",
    ">=",
    "<",
    ">",
];

/// Words that may stand after it.
const AFTER: [&str; 4] = ["以内", "以上", "以下", "左右"];

/// Reads `[tracked]`.
pub(super) fn read(table: &TableNode, head: &Head, diags: &mut Diagnostics) -> Vec<Tracked> {
    let entries = table.entries.iter();
    entries
        .filter_map(|(key, node)| entry(&key.name, node, head, diags))
        .collect()
}

fn entry(id: &str, node: &Node, head: &Head, diags: &mut Diagnostics) -> Option<Tracked> {
    let entry = node.table(diags)?;
    let mut reader = Reader::new(entry, Text::same(format!("[tracked.{id}]")));
    let name = fields::name(&mut reader, None);
    let target = reader.string("target");
    let target_en = reader.opt_string("target_en");
    let year = reader.optional("year");
    let year = year.and_then(|node| worded::year_of(node, reader.diags()));
    let value = reader.opt_string("value").map(str::to_string);
    let values = reader.opt_table("values");
    let aim = reader.optional("aim");
    let source = reader.opt_string("source").map(str::to_string);
    let mut unit = None;
    let values = values.and_then(|table| series(table, &mut unit, reader.diags()));
    let values = values.unwrap_or_default();
    let aim = match aim {
        Some(node) => of_unit(node, &mut unit, reader.diags()),
        // A target that is a limit says its number itself.
        None => target
            .and_then(limit)
            .filter(|(_, of)| unit.as_ref().is_some_and(|(unit, _)| unit == of))
            .map(|(value, _)| value),
    };
    reader.finish(diags);
    let (name, target) = (name?, target?);
    Some(Tracked {
        id: id.to_string(),
        name,
        target: Text::new(target, target_en.unwrap_or(target)),
        year: year
            .and_then(|y| i32::try_from(y).ok())
            .or(head.end_year)
            .unwrap_or(head.base_year),
        value,
        values,
        unit: unit.map(|(unit, _)| unit).unwrap_or_default(),
        aim,
        source,
    })
}

/// `{ 2020 = "44.8 μg/m³", 2021 = … }`.
fn series(
    table: &TableNode,
    unit: &mut Option<(String, Span)>,
    diags: &mut Diagnostics,
) -> Option<Vec<(i32, f64)>> {
    let unit = std::cell::RefCell::new(unit);
    fields::by_year(table, diags, |node, diags| {
        of_unit(node, &mut unit.borrow_mut(), diags)
    })
}

/// A value whose unit is that of the values before it, or becomes theirs.
fn of_unit(node: &Node, unit: &mut Option<(String, Span)>, diags: &mut Diagnostics) -> Option<f64> {
    let read = match &node.value {
        Value::String(text) => split(text),
        Value::Integer(_) | Value::Float(_) => node.number(diags).map(|n| (n, String::new())),
        Value::Unread => return None,
        _ => None,
    };
    let Some((value, own)) = read else {
        diags.push(no_value(node));
        return None;
    };
    match unit {
        Some((known, first)) if *known != own => {
            diags.push(other_unit(node.span, *first, (known, &own)));
            None
        }
        Some(_) => Some(value),
        None => {
            *unit = Some((own, node.span));
            Some(value)
        }
    }
}

/// A number and what follows it.
fn split(text: &str) -> Option<(f64, String)> {
    let folded: String = text.trim().chars().map(number::fold).collect();
    let digit = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | '+');
    let end = folded.find(|c| !digit(c)).unwrap_or(folded.len());
    let (number, unit) = folded.split_at(end);
    let plain = ungroup(number).unwrap_or_else(|| number.to_string());
    let value = number::parse(&plain).ok()?;
    Some((value, unit.trim().to_string()))
}

/// The number and unit of a target that is nothing but a limit: `≤35 μg/m³`.
fn limit(target: &str) -> Option<(f64, String)> {
    let mut rest = target.trim();
    if let Some(cut) = LIMITS.iter().find_map(|word| rest.strip_prefix(word)) {
        rest = cut.trim_start();
    }
    if let Some(cut) = AFTER.iter().find_map(|word| rest.strip_suffix(word)) {
        rest = cut.trim_end();
    }
    split(rest)
}

fn no_value(node: &Node) -> Diagnostic {
    let message = Text::new(
        "自报值应以数开头，后接单位",
        "a value of one's own begins with a number, and its unit follows",
    );
    Diagnostic::error("tracked-value", message)
        .label(node.span, Text::new("没有数", "no number"))
        .help(Text::new(
            "写作 values = { 2020 = \"44.8 μg/m³\", 2021 = \"38.8 μg/m³\" }",
            "write values = { 2020 = \"44.8 μg/m³\", 2021 = \"38.8 μg/m³\" }",
        ))
}

fn other_unit(at: Span, first: Span, (known, own): (&str, &str)) -> Diagnostic {
    let told = |unit: &str| {
        if unit.is_empty() {
            "—".to_string()
        } else {
            unit.to_string()
        }
    };
    let (known, own) = (told(known), told(own));
    let message = Text::new(
        format!("同一指标的单位不同：`{own}` 与 `{known}`"),
        format!("one target has two units: `{own}` and `{known}`"),
    );
    Diagnostic::error("tracked-unit", message)
        .label(at, Text::new("另一单位", "another unit"))
        .label(first, Text::new("在先的单位", "the unit so far"))
        .help(Text::new(
            "各年和 aim 用同一单位书写",
            "write every year and `aim` in one unit",
        ))
}

#[cfg(test)]
mod tests {
    use super::{limit, split};

    #[test]
    fn a_value_is_a_number_and_any_unit() {
        let of = |text: &str| split(text).map(|(value, unit)| (value.to_bits(), unit));
        let is = |value: f64, unit: &str| Some((value.to_bits(), unit.to_string()));
        assert_eq!(of("44.8 μg/m³"), is(44.8, "μg/m³"));
        assert_eq!(of("８３．５％"), is(83.5, "%"));
        assert_eq!(of("1,310天"), is(1310.0, "天"));
        assert_eq!(of("−3.5"), is(-3.5, ""));
        assert_eq!(of("约 5"), None);
        assert_eq!(of(""), None);
    }

    #[test]
    fn a_target_that_is_a_limit_has_a_number() {
        assert_eq!(limit("≤35 μg/m³"), Some((35.0, "μg/m³".to_string())));
        assert_eq!(limit("控制在 1 % 以内"), Some((1.0, "%".to_string())));
        assert_eq!(limit("at least 83 %"), Some((83.0, "%".to_string())));
        // A reduction is no level.
        assert_eq!(limit("较 2020 年下降 20 %"), None);
    }
}
