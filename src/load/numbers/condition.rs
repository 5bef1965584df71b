//! Conditions on the columns of a table: `all_met`, `y <= 12.5`, `not x and z > 3`.

use crate::diag::Diagnostic;
use crate::number;
use jianpai_core::text::Text;

/// How a value is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `=` or `==`.
    Equal,
    /// `!=`.
    Differs,
    /// `<`.
    Below,
    /// `<=`.
    AtMost,
    /// `>`.
    Above,
    /// `>=`.
    AtLeast,
    /// A bare name: the value is not 0.
    Holds,
    /// `not` and a name: the value is 0.
    Fails,
}

/// One comparison.
#[derive(Clone, Debug, PartialEq)]
pub struct Clause {
    /// Name of the column.
    pub column: String,
    /// How its value is compared.
    pub comparison: Comparison,
    /// With what; 0 for [`Comparison::Holds`] and [`Comparison::Fails`].
    pub value: f64,
}

/// Comparisons that must all hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// As it was written.
    pub text: String,
    /// At least one.
    pub clauses: Vec<Clause>,
}

/// Operators, longer ones before those they begin with.
const OPERATORS: [(&str, Comparison); 10] = [
    ("<=", Comparison::AtMost),
    (">=", Comparison::AtLeast),
    ("==", Comparison::Equal),
    ("!=", Comparison::Differs),
    ("≤", Comparison::AtMost),
    ("≥", Comparison::AtLeast),
    ("≠", Comparison::Differs),
    ("<", Comparison::Below),
    (">", Comparison::Above),
    ("=", Comparison::Equal),
];

impl Comparison {
    /// Whether `value` compares so with `with`.
    #[allow(clippy::float_cmp)] // equality is what was asked for
    pub fn holds(self, value: f64, with: f64) -> bool {
        match self {
            Self::Equal => value == with,
            Self::Differs => value != with,
            Self::Below => value < with,
            Self::AtMost => value <= with,
            Self::Above => value > with,
            Self::AtLeast => value >= with,
            Self::Holds => value != 0.0,
            Self::Fails => value == 0.0,
        }
    }

    /// Whether the column has to be one of 0 and 1.
    pub fn is_truth(self) -> bool {
        matches!(self, Self::Holds | Self::Fails)
    }
}

impl Condition {
    /// Reads a condition. Clauses are joined by `and`, `&&` or `且`; a name with an
    /// operator or such a word in it goes in back-ticks.
    ///
    /// # Errors
    /// What cannot be read, as a diagnostic.
    pub fn parse(text: &str) -> Result<Self, Box<Diagnostic>> {
        let clauses: Result<Vec<Clause>, Text> = split(text).into_iter().map(clause).collect();
        let text = text.trim().to_string();
        match clauses {
            Ok(clauses) => Ok(Self { text, clauses }),
            Err(why) => {
                let message = Text::new(
                    format!("无法识别的条件 `{text}`：{}", why.zh),
                    format!("cannot read the condition `{text}`: {}", why.en),
                );
                let help = Text::new(
                    "写成 `列名`、`列名 <= 数` 或以 and 相连的几条",
                    "write `COLUMN`, `COLUMN <= NUMBER`, or several of them joined by `and`",
                );
                let diagnostic = Diagnostic::error("bad-condition", message);
                Err(Box::new(diagnostic.help(help)))
            }
        }
    }
}

/// The parts between `and`, `&&` and `且` that stand outside back-ticks.
fn split(text: &str) -> Vec<&str> {
    let (mut parts, mut from, mut quoted) = (Vec::new(), 0, false);
    let mut skip = 0;
    for (at, character) in text.char_indices() {
        if at < skip {
            continue;
        }
        quoted ^= character == '`';
        let rest = &text[at..];
        let word = ["&&", "且", " and ", " AND "]
            .into_iter()
            .find(|word| !quoted && rest.starts_with(word));
        if let Some(word) = word {
            parts.push(&text[from..at]);
            from = at + word.len();
            skip = from;
        }
    }
    parts.push(&text[from..]);
    parts
}

fn clause(text: &str) -> Result<Clause, Text> {
    let text = text.trim();
    let mut quoted = false;
    for (at, character) in text.char_indices() {
        quoted ^= character == '`';
        if quoted {
            continue;
        }
        let rest = &text[at..];
        if let Some((sign, comparison)) = OPERATORS.iter().find(|(sign, _)| rest.starts_with(sign))
        {
            let written = rest[sign.len()..].trim();
            let value = number::parse(written).map_err(|_| {
                Text::new(
                    format!("`{sign}` 之后应为数，却是 `{written}`"),
                    format!("`{sign}` should be followed by a number, found `{written}`"),
                )
            })?;
            return Ok(Clause {
                column: name(&text[..at])?,
                comparison: *comparison,
                value,
            });
        }
    }
    let negated = ["not ", "NOT ", "!", "非 "]
        .iter()
        .find_map(|word| text.strip_prefix(word));
    Ok(Clause {
        column: name(negated.unwrap_or(text))?,
        comparison: if negated.is_some() {
            Comparison::Fails
        } else {
            Comparison::Holds
        },
        value: 0.0,
    })
}

/// A name without its back-ticks.
fn name(text: &str) -> Result<String, Text> {
    let name = text.trim().trim_matches('`').trim();
    if name.is_empty() {
        return Err(Text::new("缺列名", "a column is missing"));
    }
    Ok(name.to_string())
}
