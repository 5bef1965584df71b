//! Fractions, which planners write as percentages.

use super::limits::Limits;
use super::worded::{self, Worded};
use crate::diag::{Diagnostic, Diagnostics};
use crate::quantity::{self, Dim};
use crate::tree::{Node, Value};
use jianpai_core::text::Text;

/// A share: between 0 and 1.
pub(super) fn share(node: &Node, diags: &mut Diagnostics) -> Option<f64> {
    in_words(node, worded::share, "… %", diags)
        .unwrap_or_else(|()| within(node, &Limits::share(), diags))
}

/// A share of what there is, not of the whole: percentage points say something else.
pub(super) fn part(node: &Node, diags: &mut Diagnostics) -> Option<f64> {
    match worded::text(node) {
        Some(text) if text.contains("百分点") => {
            diags.push(worded::points(node, text));
            None
        }
        _ => share(node, diags),
    }
}

/// The number that words stand for, if `read` knows them: `Err` where a number stands or
/// nothing that is known; `Ok(None)` has been reported.
fn in_words(
    node: &Node,
    read: fn(&str) -> Option<Worded>,
    form: &str,
    diags: &mut Diagnostics,
) -> Result<Option<f64>, ()> {
    let text = worded::text(node).ok_or(())?;
    match read(text).ok_or(())? {
        Worded::Number(value) => Ok(Some(value)),
        Worded::Unsaid => {
            diags.push(worded::unsaid(node, text, form));
            Ok(None)
        }
    }
}

/// A reduction; one below zero is an increase.
pub(super) fn reduction(node: &Node, diags: &mut Diagnostics) -> Option<f64> {
    within(node, &Limits::reduction(), diags)
}

/// Growth over several years, or a reduction as seen from the other side.
pub(super) fn change(node: &Node, diags: &mut Diagnostics) -> Option<f64> {
    let signed = worded::signed(node);
    within(signed.as_ref().unwrap_or(node), &Limits::change(), diags)
}

/// A level; above 100 % means more than planned.
pub(super) fn level(node: &Node, diags: &mut Diagnostics) -> Option<f64> {
    within(node, &Limits::level(), diags)
}

/// A yearly rate of growth: more than −100 %, less than +100 %.
pub(super) fn rate(node: &Node, diags: &mut Diagnostics) -> Option<f64> {
    in_words(node, worded::rate, "-1 %", diags).unwrap_or_else(|()| {
        let signed = worded::signed(node);
        within(signed.as_ref().unwrap_or(node), &Limits::rate(), diags)
    })
}

/// A fraction within bounds. What is out of bounds for want of a `%` is told apart.
pub(super) fn within(node: &Node, limits: &Limits, diags: &mut Diagnostics) -> Option<f64> {
    let (example, what) = (limits.example, &limits.what);
    let value = quantity::check(node, Dim::NONE, diags, example)?;
    let written = match &node.value {
        Value::String(text) => text.trim(),
        _ => "",
    };
    let percent = rounded(value * 100.0);
    let bare = crate::number::parse(written).is_ok();
    if bare && value.abs() > 1.0 {
        let message = Text::new(
            format!("`{written}` 没有百分号，等于 {percent} %"),
            format!("`{written}` has no percent sign, so it is {percent} %"),
        );
        diags.push(
            Diagnostic::error("missing-percent", message)
                .label(node.span, Text::new("缺少 %", "no %"))
                .suggest(node.span, format!("\"{written} %\"")),
        );
        return None;
    }
    if limits.hold(value) {
        return Some(value);
    }
    let (low, high) = (rounded(limits.low * 100.0), rounded(limits.high * 100.0));
    let message = Text::new(
        format!(
            "{}应在 {low} % 与 {high} % 之间，这里是 {percent} %",
            what.zh
        ),
        format!(
            "{} lies between {low} % and {high} %, this is {percent} %",
            what.en
        ),
    );
    diags.push(
        Diagnostic::error("percent-range", message)
            .label(node.span, Text::new("超出范围", "out of range"))
            .help(Text::new(
                format!("写法如 \"{example}\""),
                format!("write it like \"{example}\""),
            )),
    );
    None
}

/// A percentage for people: one decimal, a true minus sign.
pub(super) fn number(percent: f64) -> String {
    format!("{percent:+.1}").replace('-', "−")
}

/// Without the last digits, which are rounding.
fn rounded(percent: f64) -> f64 {
    (percent * 1e6).round() / 1e6
}
