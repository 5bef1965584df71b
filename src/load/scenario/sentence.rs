//! What a planner copies from a document in the place of a percentage: `13 %，力争 13.5 %`,
//! `18963 吨（16.8 %）`, `负增长`, `年均下降 3 %`.

use super::{percent, worded};
use crate::diag::{Diagnostic, Diagnostics};
use crate::quantity::{self, Dim};
use crate::tree::{Node, Value};
use jianpai_core::target::Said;
use jianpai_core::text::Text;

/// No growth, without a number.
const NO_GROWTH: [&str; 5] = ["负增长", "零增长", "不增长", "只减不增", "不增加"];

/// Words of a target that hangs on what somebody else sets, or that gives no number.
const SET_ELSEWHERE: [&str; 12] = [
    "下达",
    "国家要求",
    "省要求",
    "上级",
    "目标任务",
    "进一步",
    "持续",
    "稳步",
    "有效控制",
    "达标",
    "明显",
    "基本",
];

/// Whether a target is nothing but words that leave its number to somebody else.
pub(super) fn is_open(text: &str) -> bool {
    let numeral = |c: char| c.is_numeric() || "一二三四五六七八九十".contains(c);
    !text.contains(numeral) && SET_ELSEWHERE.iter().any(|word| text.contains(word))
}

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

/// The reduction over `years` that a part asks for which speaks of each year: a fall by x a
/// year on average is one by 1 − (1 − x)ⁿ over n years, a rise one by 1 − (1 + x)ⁿ.
fn yearly(part: &str, years: Option<i32>) -> Option<f64> {
    let moved = worded::motion(part);
    if !moved.yearly || moved.falls == moved.rises {
        return None;
    }
    let each = fraction(moved.rest)?;
    let each = if moved.falls { -each } else { each };
    Some(1.0 - (1.0 + each).powi(years?))
}

/// A part as a fall: a rise (增长 12 %) is one below zero.
fn fall(part: &str) -> Option<f64> {
    let moved = worded::motion(part);
    let sign = if moved.rises && !moved.falls {
        -1.0
    } else {
        1.0
    };
    Some(sign * fraction(moved.rest)?)
}

/// The reduction that a sentence asks for, over `years` where that is known.
pub(super) fn wanted(node: &Node, years: Option<i32>, diags: &mut Diagnostics) -> Option<f64> {
    let Some(sentence) = worded::text(node) else {
        return percent::reduction(node, diags);
    };
    if sentence.contains("百分点") {
        diags.push(worded::points(node, sentence));
        return None;
    }
    let parts = parts(sentence);
    let each = parts.iter().find_map(|part| yearly(part, years));
    if let Some(wanted) = each {
        return percent::reduction(&percentage(node, wanted), diags);
    }
    if parts.iter().any(|part| NO_GROWTH.contains(part)) {
        return Some(0.0);
    }
    if !sentence.contains(|c: char| c.is_numeric() || "一二三四五六七八九十".contains(c))
    {
        diags.push(no_number(node, sentence));
        return None;
    }
    let firm = parts.iter().filter(|part| aim(part).is_none());
    let firm: Vec<f64> = firm.filter_map(|part| fall(part)).collect();
    let masses = parts.iter().filter_map(|part| amount(part, Dim::MASS));
    match (firm.as_slice(), masses.count()) {
        ([one], _) if parts.len() > 1 || worded::motion(sentence).rises => {
            percent::reduction(&percentage(node, *one), diags)
        }
        ([], 1..) => {
            diags.push(tonnes(node, sentence));
            None
        }
        _ => percent::reduction(node, diags),
    }
}

/// A node with a percentage in the place of a sentence.
fn percentage(node: &Node, value: f64) -> Node {
    let mut plain = node.clone();
    plain.value = Value::String(format!("{} %", value * 100.0));
    plain
}

/// What a sentence says beside what it asks for.
pub(super) fn said(node: &Node, years: Option<i32>) -> Option<Said> {
    let parts = parts(worded::text(node)?);
    let firm = parts.iter().filter(|part| aim(part).is_none());
    let wanted = firm.clone().find_map(|part| fall(part));
    let mass = firm.clone().find_map(|part| amount(part, Dim::MASS));
    let base = match (wanted, mass) {
        (Some(wanted), Some(mass)) if wanted > 0.0 => Some(mass / wanted),
        _ => None,
    };
    // What is aimed at beside a fall of each year is one of each year as well.
    let each = parts.iter().any(|part| worded::motion(part).yearly);
    let whole = |aim: f64| match (each, years) {
        (false, _) => Some(aim),
        (true, years) => Some(1.0 - (1.0 - aim).powi(years?)),
    };
    let aim = parts.iter().find_map(|part| aim(part)).and_then(whole);
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
