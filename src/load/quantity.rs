//! Quantities as planners write them: `300 万t`, `35 t/h`, `1.2 亿元`, `25 %`.
//!
//! A text is read once into a number in base units and a dimension. The base
//! units are t, tce, km, m³, year, CNY, person, household, vehicle, item, head.
//!
//! # Grammar
//!
//! ```text
//! quantity = number [unit]
//! unit     = ["/"] product { "/" product }
//! product  = factor { (space | "·" | "." | "*" | "×") factor }
//! factor   = (number | prefix | name | "(" unit ")") [power]
//! ```
//!
//! Everything after a `/` is below the line, up to the next `/`: `g/t km` is
//! `g/(t·km)`, and `t/1e8 kWh` is tonnes for every 10⁸ kWh. `*` after `/` reads
//! either way, so it is refused.

use std::fmt;
use std::ops::Range;

use jianpai_core::text::Text;

use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::tree::{Node, Value};

mod dim;
mod hedge;
mod lex;
mod read;
mod units;

pub use dim::Dim;
use hedge::Hedge;
pub use units::{GJ_PER_TCE, HOURS_PER_YEAR};

/// A number in base units and its dimension.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Quantity {
    /// In the base units of `dim`, e.g. t for a mass and t/year for a mass flow.
    pub value: f64,
    /// What it measures.
    pub dim: Dim,
}

impl Quantity {
    /// The value in base units, if it measures `dim`.
    ///
    /// # Errors
    /// When the dimension is another one.
    pub fn to(&self, dim: Dim) -> Result<f64, QuantityError> {
        if self.dim == dim {
            return Ok(self.value);
        }
        let kind = QuantityErrorKind::WrongDimension {
            found: self.dim,
            wanted: dim,
        };
        Err(QuantityError::new(0..0, kind))
    }
}

/// Why a text is not a quantity.
#[derive(Clone, PartialEq, Debug)]
pub struct QuantityError {
    /// The part of the text at fault, in bytes.
    pub range: Range<usize>,
    /// What is wrong with it.
    pub kind: QuantityErrorKind,
    /// What to write in place of `range`.
    pub suggestion: Option<String>,
}

/// The kinds of mistake in a quantity.
#[derive(Clone, PartialEq, Debug)]
pub enum QuantityErrorKind {
    /// Nothing there.
    Empty,
    /// A unit without a number.
    MissingNumber,
    /// A number that cannot be read, as `12..5` or `1,30`.
    BadNumber,
    /// Two numbers in a row, as in `1 200 t`.
    TwoNumbers,
    /// A name that is no unit.
    UnknownUnit(String),
    /// A character that has no meaning here.
    UnexpectedChar(char),
    /// An operator without its unit.
    Dangling,
    /// A bracket without its other half, or too many of them.
    Bracket,
    /// `*` after `/`, which people read in two ways.
    AmbiguousProduct,
    /// A power that is not a small whole number.
    BadPower,
    /// `标准煤` or a substance without a mass before it.
    NotAfterMass(String),
    /// Too large, too small, or divided by nothing.
    NotFinite,
    /// It measures something else.
    WrongDimension {
        /// What it measures.
        found: Dim,
        /// What was wanted.
        wanted: Dim,
    },
}

impl QuantityError {
    pub(crate) fn new(range: Range<usize>, kind: QuantityErrorKind) -> Self {
        Self {
            range,
            kind,
            suggestion: None,
        }
    }

    pub(crate) fn suggest(mut self, suggestion: Option<String>) -> Self {
        self.suggestion = suggestion;
        self
    }

    /// What is wrong, in one line.
    pub fn message(&self) -> Text {
        use QuantityErrorKind as Kind;
        match &self.kind {
            Kind::Empty => Text::new("没有写量", "no quantity is written"),
            Kind::MissingNumber => Text::new("缺少数", "the number is missing"),
            Kind::BadNumber => Text::new("数写得不对", "the number is malformed"),
            Kind::TwoNumbers => Text::new("两个数连在一起", "two numbers in a row"),
            Kind::UnknownUnit(name) => {
                Text::new(format!("没有单位 `{name}`"), format!("no unit `{name}`"))
            }
            Kind::UnexpectedChar(c) => {
                Text::new(format!("这里不能有 `{c}`"), format!("unexpected `{c}`"))
            }
            Kind::Dangling => Text::new("这里缺少单位", "a unit is missing here"),
            Kind::Bracket => Text::new("括号不配对", "the brackets do not match"),
            Kind::AmbiguousProduct => Text::new(
                "`/` 之后的 `*` 有两种读法，请加括号",
                "`*` after `/` reads two ways; use parentheses",
            ),
            Kind::BadPower => {
                Text::new("幂应为不大的整数", "the power must be a small whole number")
            }
            Kind::NotAfterMass(name) => Text::new(
                format!("`{name}` 应跟在质量单位之后"),
                format!("`{name}` must follow a unit of mass"),
            ),
            Kind::NotFinite => Text::new("数值超出范围", "the value is out of range"),
            Kind::WrongDimension { found, wanted } => {
                let (found, wanted) = (found.text(), wanted.text());
                Text::new(
                    format!("这是{}，应为{}", found.zh, wanted.zh),
                    format!("this is {}; expected {}", found.en, wanted.en),
                )
            }
        }
    }
}

impl fmt::Display for QuantityError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message().en)
    }
}

impl std::error::Error for QuantityError {}

/// Tonnes in a cubic metre of water.
const WATER: f64 = 1.0;

/// Reads a number with an optional unit. A bare number is dimensionless.
///
/// # Errors
/// When the text is anything else; the error says which part of it is wrong.
pub fn parse(text: &str) -> Result<Quantity, QuantityError> {
    let (number, unit) = read::quantity(text)?;
    let value = number * unit.num / unit.den;
    if !value.is_finite() {
        return Err(QuantityError::new(
            0..text.len(),
            QuantityErrorKind::NotFinite,
        ));
    }
    Ok(Quantity {
        value,
        dim: unit.dim,
    })
}

/// Reads a unit, which may carry a scale (`1e4 t`): how many base units it is,
/// and of what dimension.
///
/// # Errors
/// When the text is not a unit; the error says which part of it is wrong.
pub fn parse_unit(text: &str) -> Result<(f64, Dim), QuantityError> {
    let unit = read::unit(text)?;
    Ok((unit.num / unit.den, unit.dim))
}

/// Reads a TOML string as a quantity of dimension `dim`, in base units, or pushes
/// what is wrong with it, pointing into the string. `example` is a right one.
pub fn check(node: &Node, dim: Dim, diags: &mut Diagnostics, example: &str) -> Option<f64> {
    if node.value == Value::Unread {
        return None;
    }
    let Value::String(text) = &node.value else {
        let expected = Text::new(
            format!("带单位的字符串，如 \"{example}\""),
            format!("a string such as \"{example}\""),
        );
        let mut diagnostic = node.type_error(&expected);
        let number = match node.value {
            Value::Integer(value) => Some(value as f64),
            Value::Float(value) => Some(value),
            _ => None,
        };
        if let (Some(value), true) = (number, dim == Dim::NONE) {
            // 0.25 is 25 %, and so is 25.
            let percent = if value.abs() < 1.0 {
                value * 100.0
            } else {
                value
            };
            let percent = (percent * 1e6).round() / 1e6;
            diagnostic = diagnostic.suggest(node.span, format!("\"{percent} %\""));
        } else {
            diagnostic = diagnostic.help(Text::new(
                format!("数和单位一起放在引号里，如 \"{example}\""),
                format!("put number and unit in quotes, as in \"{example}\""),
            ));
        }
        diags.push(diagnostic);
        return None;
    };
    // What cannot be read as it stands may have words around it, as documents have.
    let (bare, hedge) = hedge::strip(text);
    let read = match parse(text) {
        Err(_) if bare != text.trim() => parse(bare),
        read => read,
    };
    match read {
        Ok(quantity) if quantity.dim == dim => {
            if hedge == Hedge::AtMost && dim == Dim::NONE {
                diags.push(upper(node, text));
                return None;
            }
            return Some(quantity.value);
        }
        // Works are given in tonnes of water a day.
        Ok(quantity) if quantity.dim == Dim::MASS_PER_TIME && dim == Dim::VOLUME_PER_TIME => {
            return Some(quantity.value / WATER);
        }
        Ok(quantity) => diags.push(wrong_dimension(node, text, quantity.dim, dim, example)),
        Err(error) => diags.push(unreadable(node, text, &error, example)),
    }
    None
}

/// A text without the words that documents put around numbers (约, 以上 …).
pub fn bare(text: &str) -> &str {
    hedge::strip(text).0
}

/// Whether a text is an aim (力争) rather than a demand.
pub fn is_wish(text: &str) -> bool {
    hedge::strip(text).1 == Hedge::Wish
}

/// A share that is said to be at most so much, where a number is wanted.
fn upper(node: &Node, text: &str) -> Diagnostic {
    let message = Text::new(
        format!("`{text}` 是上限，说不清做到多少"),
        format!("`{text}` is an upper bound: it does not say how much"),
    );
    Diagnostic::error("upper-bound", message)
        .label(node.span, Text::new("上限", "at most"))
        .help(Text::new(
            "写要做到的数，或写“不低于”的下限",
            "write what is to be reached, or at least so much",
        ))
}

fn wrong_dimension(node: &Node, text: &str, found: Dim, wanted: Dim, example: &str) -> Diagnostic {
    let expected = wanted.text();
    let label = Text::new(
        format!("应为{}", expected.zh),
        format!("expected {}", expected.en),
    );
    let span = inside(node, text, 0..text.len());
    let help = Text::new(
        format!("写法如 \"{example}\""),
        format!("write it like \"{example}\""),
    );
    if found == Dim::NONE && crate::number::parse(text).is_ok() {
        let message = Text::new(
            format!("`{text}` 没有单位"),
            format!("`{text}` has no unit"),
        );
        return Diagnostic::error("missing-unit", message)
            .label(span, label)
            .help(help);
    }
    let found = found.text();
    let message = Text::new(
        format!("`{text}` 是{}，不是{}", found.zh, expected.zh),
        format!("`{text}` is {}, not {}", found.en, expected.en),
    );
    Diagnostic::error("wrong-dimension", message)
        .label(span, label)
        .help(help)
}

/// A quantity that begins with Chinese numerals, in digits: 三百万吨 is `300 万吨`.
fn in_digits(text: &str) -> Option<String> {
    let numeral = |c: char| "零一二三四五六七八九两十百千".contains(c);
    let cut = text.find(|c| !numeral(c)).unwrap_or(text.len());
    let (number, unit) = text.split_at(cut);
    let digits = crate::number::chinese(number)?;
    let whole = format!("{digits} {}", unit.trim());
    parse(&whole).ok().map(|_| whole)
}

fn unreadable(node: &Node, text: &str, error: &QuantityError, example: &str) -> Diagnostic {
    let message = Text::new(
        format!("无法识别的数量 `{text}`"),
        format!("cannot read the quantity `{text}`"),
    );
    let span = inside(node, text, error.range.clone());
    if let Some(digits) = in_digits(text) {
        return Diagnostic::error("bad-quantity", message)
            .label(
                inside(node, text, 0..text.len()),
                Text::new("请用数字", "write it in digits"),
            )
            .suggest(node.span, format!("\"{digits}\""));
    }
    let diagnostic = Diagnostic::error("bad-quantity", message).label(span, error.message());
    match &error.suggestion {
        Some(better) => {
            let help = Text::new(
                format!("是否指 `{better}`？"),
                format!("did you mean `{better}`?"),
            );
            let exact = span.end - span.start == error.range.len();
            let diagnostic = diagnostic.help(help);
            if exact {
                diagnostic.suggest(span, better.clone())
            } else {
                diagnostic
            }
        }
        None => diagnostic.help(Text::new(
            format!("写法如 `{example}`"),
            format!("write it like `{example}`"),
        )),
    }
}

/// The span of a part of a TOML string. Only a string written without escapes on
/// one line has its characters where they seem; for others it is the whole string.
fn inside(node: &Node, text: &str, range: Range<usize>) -> Span {
    let Span { file, start, end } = node.span;
    if end.saturating_sub(start) != text.len() + 2 {
        return node.span;
    }
    Span::new(file, start + 1 + range.start, start + 1 + range.end)
}

#[cfg(test)]
mod tests;
