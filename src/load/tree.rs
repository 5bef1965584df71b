//! TOML as a tree that remembers where every key and value was written.
//!
//! [`parse`] reads a file, [`merge`] lays one tree over another (`extends`), and
//! a [`Reader`] takes the keys out of a table, so that what nobody asked for can
//! be reported with a suggestion.

use std::ops::Range;

use jianpai_core::text::Text;
use std::collections::HashMap;
use toml::de::{DeTable, DeValue};

use crate::diag::{Diagnostic, Diagnostics, FileId, Files, Span};

mod mend;
mod reader;
mod syntax;

pub use reader::Reader;

/// A kind of value in Chinese and English, with an example.
type Wanted = (&'static str, &'static str, &'static str);

/// What the messages call a string.
const STRING: Wanted = ("字符串", "a string", "\"…\"");

/// A key and where it stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Key {
    /// The key without quotes.
    pub name: String,
    /// Where, quotes included.
    pub span: Span,
    /// Where it is nothing that is known: the known name that it looks like, and the id
    /// that this stands for.
    pub near: Option<(String, String)>,
}

/// A TOML value. Dates are refused by [`parse`].
#[derive(Clone, PartialEq, Debug)]
pub enum Value {
    /// A string, escapes resolved.
    String(String),
    /// A whole number.
    Integer(i64),
    /// A finite number.
    Float(f64),
    /// `true` or `false`.
    Bool(bool),
    /// `[…]`, or the tables of `[[…]]`.
    Array(Vec<Node>),
    /// `{…}` or `[…]`.
    Table(TableNode),
    /// Something that could not be read, as has been said.
    Unread,
}

/// A value and where it stands.
#[derive(Clone, PartialEq, Debug)]
pub struct Node {
    /// Where, quotes and brackets included; of a `[table]` its header.
    pub span: Span,
    /// What.
    pub value: Value,
}

/// A table; the entries in the order they were written.
#[derive(Clone, PartialEq, Debug)]
pub struct TableNode {
    /// The braces of an inline table, the header of a `[table]`, and the start
    /// of the file for the root.
    pub span: Span,
    /// Keys and values.
    pub entries: Vec<(Key, Node)>,
    /// Whether there may be more: a line of it, or a file it extends, could not be
    /// read. Nothing can be said to be missing then.
    pub torn: bool,
}

impl TableNode {
    /// The value of a key.
    pub fn get(&self, name: &str) -> Option<&Node> {
        self.entry(name).map(|(_, node)| node)
    }

    /// A key as it was written.
    pub fn get_key(&self, name: &str) -> Option<&Key> {
        self.entry(name).map(|(key, _)| key)
    }

    /// A key and its value.
    pub fn entry(&self, name: &str) -> Option<(&Key, &Node)> {
        let found = self.entries.iter().find(|(key, _)| key.name == name)?;
        Some((&found.0, &found.1))
    }
}

impl Node {
    /// The string, or a type error.
    pub fn string(&self, diags: &mut Diagnostics) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text),
            Value::Integer(value) => {
                self.instead(&STRING, &format!("\"{value}\""), diags);
                None
            }
            Value::Float(value) => {
                self.instead(&STRING, &format!("\"{value}\""), diags);
                None
            }
            _ => self.mismatch(&STRING, diags),
        }
    }

    /// The number, whole or not, or a type error.
    pub fn number(&self, diags: &mut Diagnostics) -> Option<f64> {
        match self.value {
            Value::Integer(value) => Some(value as f64),
            Value::Float(value) => Some(value),
            _ => self.unquoted(
                &("数", "a number", "0.9"),
                |text| text.parse::<f64>().is_ok(),
                diags,
            ),
        }
    }

    /// The whole number, or a type error.
    pub fn integer(&self, diags: &mut Diagnostics) -> Option<i64> {
        match self.value {
            Value::Integer(value) => Some(value),
            _ => self.unquoted(
                &("整数", "an integer", "2020"),
                |text| text.parse::<i64>().is_ok(),
                diags,
            ),
        }
    }

    /// The truth value, or a type error.
    pub fn bool(&self, diags: &mut Diagnostics) -> Option<bool> {
        match self.value {
            Value::Bool(value) => Some(value),
            _ => self.unquoted(
                &("true 或 false", "true or false", "true"),
                |text| text.parse::<bool>().is_ok(),
                diags,
            ),
        }
    }

    /// The elements, or a type error.
    pub fn array(&self, diags: &mut Diagnostics) -> Option<&[Node]> {
        match &self.value {
            Value::Array(items) => Some(items),
            Value::String(text) => {
                self.instead(&("数组", "an array", ""), &format!("[\"{text}\"]"), diags);
                None
            }
            _ => self.mismatch(&("数组", "an array", r#"["…"]"#), diags),
        }
    }

    /// The table, or a type error.
    pub fn table(&self, diags: &mut Diagnostics) -> Option<&TableNode> {
        match &self.value {
            Value::Table(table) => Some(table),
            _ => self.mismatch(&("表", "a table", "[name]"), diags),
        }
    }

    /// What kind of value it is, with its article.
    pub fn kind(&self) -> Text {
        match self.value {
            Value::String(_) => Text::new("字符串", "a string"),
            Value::Integer(_) => Text::new("整数", "an integer"),
            Value::Float(_) => Text::new("小数", "a float"),
            Value::Bool(_) => Text::new("布尔值", "a boolean"),
            Value::Array(_) => Text::new("数组", "an array"),
            Value::Table(_) => Text::new("表", "a table"),
            Value::Unread => Text::new("无法识别的内容", "something unreadable"),
        }
    }

    /// Pushes "expected X, found Y".
    fn mismatch<T>(&self, (zh, en, example): &Wanted, diags: &mut Diagnostics) -> Option<T> {
        if self.value == Value::Unread {
            return None;
        }
        let diagnostic = self.type_error(&Text::new(*zh, *en));
        diags.push(diagnostic.help(Text::new(
            format!("写法如 {example}"),
            format!("write it like {example}"),
        )));
        None
    }

    /// The same with what to write instead.
    fn instead(&self, (zh, en, _): &Wanted, better: &str, diags: &mut Diagnostics) {
        let diagnostic = self.type_error(&Text::new(*zh, *en));
        diags.push(diagnostic.suggest(self.span, better));
    }

    /// The same; a string that only has quotes too many is offered without them.
    fn unquoted<T>(
        &self,
        expected: &Wanted,
        fits: impl Fn(&str) -> bool,
        diags: &mut Diagnostics,
    ) -> Option<T> {
        match &self.value {
            Value::String(text) if fits(text.trim()) => {
                self.instead(expected, text.trim(), diags);
                None
            }
            _ => self.mismatch(expected, diags),
        }
    }

    /// "expected X, found Y", pointing at the value.
    pub fn type_error(&self, expected: &Text) -> Diagnostic {
        let found = self.kind();
        let message = Text::new(
            format!("应为{}，却是{}", expected.zh, found.zh),
            format!("expected {}, found {}", expected.en, found.en),
        );
        Diagnostic::error("wrong-type", message).label(self.span, Text::default())
    }
}

/// Reads a TOML file. Syntax errors, dates and numbers that are not finite become
/// diagnostics. What is wrong in one line hides nothing in the others: the tree holds
/// [`Value::Unread`] for values that could not be read, and says of tables whether
/// they lost a line. Without a tree nothing could be read at all; with errors the tree
/// is only good for finding more of them.
pub fn parse(files: &Files, file: FileId, diags: &mut Diagnostics) -> Option<TableNode> {
    let text = files.text(file);
    let mut found = Diagnostics::default();
    let mended = mend::mend(text, file, &mut found);
    let faulty = found.has_errors();
    let tree = mended.and_then(|mended| {
        let root = DeTable::parse(&mended.text).ok()?;
        let mut converter = Converter {
            file,
            mended: &mended,
            faulty,
            diags: &mut found,
        };
        let mut tree = converter.table(root.get_ref(), 0..0);
        tree.torn = mended.root_is_torn();
        Some(tree)
    });
    diags.extend(found);
    tree
}

/// From the parser's tree to ours.
struct Converter<'a> {
    file: FileId,
    mended: &'a mend::Mended,
    /// Whether anything was mended.
    faulty: bool,
    diags: &'a mut Diagnostics,
}

impl Converter<'_> {
    fn span(&self, range: &Range<usize>) -> Span {
        let Range { start, end } = self.mended.range(range);
        Span::new(self.file, start, end)
    }

    fn table(&mut self, table: &DeTable<'_>, range: Range<usize>) -> TableNode {
        let span = self.span(&range);
        let mut entries: Vec<(Key, Node)> = Vec::with_capacity(table.len());
        for (key, value) in table {
            let name = key.get_ref().to_string();
            let key = Key {
                name,
                span: self.span(&key.span()),
                near: None,
            };
            let span = value.span();
            entries.push((key, self.node(value.get_ref(), span)));
        }
        // The parser's map is ordered by name.
        entries.sort_by_key(|(key, _)| key.span.start);
        TableNode {
            torn: self.mended.is_torn(span.start),
            span,
            entries,
        }
    }

    fn node(&mut self, value: &DeValue<'_>, range: Range<usize>) -> Node {
        let span = self.span(&range);
        let value = match value {
            DeValue::String(text) if self.faulty && text.as_ref() == mend::UNREAD => Value::Unread,
            DeValue::String(text) => Value::String(text.to_string()),
            DeValue::Integer(integer) => {
                match i64::from_str_radix(integer.as_str(), integer.radix()) {
                    Ok(value) => Value::Integer(value),
                    Err(_) => self.refuse(
                        span,
                        "number-range",
                        &Text::new("整数过大", "integer out of range"),
                    ),
                }
            }
            DeValue::Float(float) => match float.as_str().parse::<f64>() {
                Ok(value) if value.is_finite() => Value::Float(value),
                _ => self.refuse(
                    span,
                    "number-range",
                    &Text::new("不是有限的数", "not a finite number"),
                ),
            },
            DeValue::Boolean(value) => Value::Bool(*value),
            DeValue::Datetime(_) => {
                let text = self.mended.text.get(range).unwrap_or_default();
                self.date(span, text)
            }
            DeValue::Array(items) => {
                let item =
                    |item: &toml::Spanned<DeValue<'_>>| self.node(item.get_ref(), item.span());
                Value::Array(items.iter().map(item).collect())
            }
            DeValue::Table(table) => Value::Table(self.table(table, range)),
        };
        Node { span, value }
    }

    fn date(&mut self, span: Span, written: &str) -> Value {
        let message = Text::new(
            format!("这里不用日期 `{written}`"),
            format!("`{written}` is a date; dates are not used here"),
        );
        let year: String = written.chars().take_while(char::is_ascii_digit).collect();
        let mut diagnostic = Diagnostic::error("date", message).label(span, Text::default());
        if year.len() == 4 {
            diagnostic = diagnostic.suggest(span, year).help(Text::new(
                "年份写作整数；若是文字，请加引号",
                "a year is written as an integer; a text goes in quotes",
            ));
        }
        self.diags.push(diagnostic);
        Value::Unread
    }

    /// Pushes an error; no value is left.
    fn refuse(&mut self, span: Span, code: &'static str, message: &Text) -> Value {
        let diagnostic = Diagnostic::error(code, message.clone());
        self.diags
            .push(diagnostic.label(span, Text::default()).help(Text::new(
                "写一个平常的数，如 0.9",
                "write an ordinary number, such as 0.9",
            )));
        Value::Unread
    }
}

/// Marks a tree, and every table in it, as one that may hold more: what it extends
/// could not be read.
pub fn tear(tree: &mut TableNode) {
    tree.torn = true;
    for (_, node) in &mut tree.entries {
        match &mut node.value {
            Value::Table(table) => tear(table),
            Value::Array(items) => {
                let tables = items.iter_mut().filter_map(|item| match &mut item.value {
                    Value::Table(table) => Some(table),
                    _ => None,
                });
                tables.for_each(tear);
            }
            _ => {}
        }
    }
}

/// Lays `over` on `base`: tables are merged key by key, everything else is
/// replaced. Keys keep the order of `base`; new ones follow in their own order.
/// A merged table takes the place (`span`) of `over`.
#[must_use]
pub fn merge(base: TableNode, over: TableNode) -> TableNode {
    let mut merged = TableNode {
        span: over.span,
        entries: base.entries,
        torn: base.torn || over.torn,
    };
    let entries = merged.entries.iter().enumerate();
    let places: HashMap<String, usize> =
        entries.map(|(i, (key, _))| (key.name.clone(), i)).collect();
    for (key, node) in over.entries {
        // The keys of one table are different.
        let Some(&index) = places.get(&key.name) else {
            merged.entries.push((key, node));
            continue;
        };
        let slot = &mut merged.entries[index];
        slot.0 = key;
        let span = node.span;
        slot.1.value = match (
            std::mem::replace(&mut slot.1.value, Value::Bool(false)),
            node.value,
        ) {
            (Value::Table(base), Value::Table(over)) => Value::Table(merge(base, over)),
            (_, over) => over,
        };
        slot.1.span = span;
    }
    merged
}

#[cfg(test)]
mod tests;
