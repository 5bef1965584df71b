//! What a planner copies from a document in the place of a percentage: `13 %，力争 13.5 %`,
//! `18963 吨（16.8 %）`, `负增长`.

use super::percent;
use crate::diag::{Diagnostic, Diagnostics};
use crate::quantity::{self, Dim};
use crate::tree::{Node, Value};
use jianpai_core::target::Said;
use jianpai_core::text::Text;

/// No growth, without a number.
const NO_GROWTH: [&str; 5] = ["负增长", "零增长", "不增长", "只减不增", "不增加"];

/// The parts of a sentence between commas and brackets.
fn parts(text: &str) -> Vec<&str> {
    let between = [',', '，', ';', '；', '、', '(', '（', ')', '）'];
    let parts = text.split(between).map(str::trim);
    parts.filter(|part| !part.is_empty()).collect()
}

/// A part as a number of dimension `dim`; words around it are let go.
fn amount(part: &str, dim: Dim) -> Option<f64> {
    let read = |text: &str| quantity::parse(text).ok().and_then(|q| q.to(dim).ok());
    read(part).or_else(|| read(quantity::bare(part)))
}

/// A part that is a percentage.
fn fraction(part: &str) -> Option<f64> {
    let is_percent = part.contains(['%', '％']) || part.contains("百分之");
    amount(part, Dim::NONE).filter(|_| is_percent)
}

/// The aim that a part states.
fn aim(part: &str) -> Option<f64> {
    quantity::is_wish(part).then(|| fraction(part))?
}

/// The text of a node that is one.
fn text(node: &Node) -> Option<&str> {
    match &node.value {
        Value::String(text) => Some(text),
        _ => None,
    }
}

/// The reduction that a sentence asks for.
pub(super) fn wanted(node: &Node, diags: &mut Diagnostics) -> Option<f64> {
    let Some(sentence) = text(node) else {
        return percent::reduction(node, diags);
    };
    let parts = parts(sentence);
    if parts.iter().any(|part| NO_GROWTH.contains(part)) {
        return Some(0.0);
    }
    if !sentence.contains(|c: char| c.is_numeric() || "一二三四五六七八九十".contains(c))
    {
        diags.push(no_number(node, sentence));
        return None;
    }
    let firm = parts.iter().filter(|part| aim(part).is_none());
    let firm: Vec<f64> = firm.filter_map(|part| fraction(part)).collect();
    let masses = parts.iter().filter_map(|part| amount(part, Dim::MASS));
    match (firm.as_slice(), masses.count()) {
        ([one], _) if parts.len() > 1 => {
            let mut plain = node.clone();
            plain.value = Value::String(format!("{} %", one * 100.0));
            percent::reduction(&plain, diags)
        }
        ([], 1..) => {
            diags.push(tonnes(node, sentence));
            None
        }
        _ => percent::reduction(node, diags),
    }
}

/// What a sentence says beside what it asks for.
pub(super) fn said(node: &Node) -> Option<Said> {
    let parts = parts(text(node)?);
    let firm = parts.iter().filter(|part| aim(part).is_none());
    let wanted = firm.clone().find_map(|part| fraction(part));
    let mass = firm.clone().find_map(|part| amount(part, Dim::MASS));
    let base = match (wanted, mass) {
        (Some(wanted), Some(mass)) if wanted > 0.0 => Some(mass / wanted),
        _ => None,
    };
    let aim = parts.iter().find_map(|part| aim(part));
    (aim.is_some() || base.is_some()).then_some(Said {
        aim: aim.filter(|_| wanted.is_some()),
        base,
    })
}

/// A cut in tonnes where a part of the base is asked for.
fn tonnes(node: &Node, sentence: &str) -> Diagnostic {
    let message = Text::new(
        format!("`{sentence}` 是减排量，不是降幅"),
        format!("`{sentence}` is an amount that is cut, not a part of the base"),
    );
    Diagnostic::error("cut-in-tonnes", message)
        .label(node.span, Text::new("应为百分数", "expected a percentage"))
        .note(Text::new(
            "文件里“较某年减少若干吨”常是重点工程减排量：只算工程做了多少，不减去新增量",
            "a cut of so many tonnes \"against\" a year mostly counts what projects do, without what growth adds",
        ))
        .help(Text::new(
            format!("重点工程减排量写 project = \"{sentence}\"；总量降幅写百分数，两样都有的写在一起，如 \"18963 吨（16.8 %）\""),
            format!("write project = \"{sentence}\" for cuts by projects; a percentage for a fall of the total, or both together, as \"18963 t (16.8 %)\""),
        ))
}

/// Words without a number.
fn no_number(node: &Node, sentence: &str) -> Diagnostic {
    let message = Text::new(
        format!("`{sentence}` 没有数字，无从判定"),
        format!("`{sentence}` has no number to be judged by"),
    );
    Diagnostic::error("no-number", message)
        .label(node.span, Text::new("没有数字", "no number"))
        .help(Text::new(
            "数字下达后再写；在此之前写到 [tracked]，原话放在 target",
            "write it when the number is known; until then put the words under [tracked], as its `target`",
        ))
}
