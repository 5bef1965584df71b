//! Taking keys out of a table, and reporting those nobody took.

use jianpai_core::text::Text;
use std::collections::HashSet;

use crate::diag::{Diagnostic, Diagnostics, nearest};

use super::{Key, Node, TableNode};

/// Reads one table. It remembers which keys were asked for and gathers what is
/// wrong; [`Reader::finish`] hands everything over, so it must be called.
///
/// The plain getters want the key to be there; those with `opt_` do not mind its
/// absence. Each gives `None` after reporting a value of the wrong type.
#[must_use = "call `finish`, or the diagnostics are lost"]
pub struct Reader<'a> {
    table: &'a TableNode,
    what: Text,
    /// Keys the table may have, where they are known beforehand.
    expected: Vec<&'static str>,
    /// Words that people write, and the keys they mean by them.
    synonyms: Vec<(&'static str, &'static str)>,
    /// Keys of another table, with its name.
    elsewhere: Vec<(&'static str, &'static str)>,
    /// What to say of keys that are not known, in place of a list of those that are.
    hint: Option<Text>,
    asked: Vec<String>,
    /// Keys that must be there and are not, with what to write for them.
    missing: Vec<(String, Text)>,
    /// Diagnostics that hold unless one of the keys turns out to be misspelt.
    unless: Vec<(Vec<&'static str>, Diagnostic)>,
    found: Diagnostics,
}

impl<'a> Reader<'a> {
    /// A reader of `table`, which the messages call `what` ("measure `x`").
    pub fn new(table: &'a TableNode, what: Text) -> Self {
        Self {
            table,
            what,
            expected: Vec::new(),
            synonyms: Vec::new(),
            elsewhere: Vec::new(),
            hint: None,
            asked: Vec::new(),
            missing: Vec::new(),
            unless: Vec::new(),
            found: Diagnostics::default(),
        }
    }

    /// Says which keys the table may have: a misspelt one of them is reported, and read
    /// as what it probably is, so that the rest can be checked.
    pub fn expect(&mut self, keys: impl IntoIterator<Item = &'static str>) {
        self.expected.extend(keys);
    }

    /// Says what people mean who write `word` for a key: pairs of word and key.
    pub fn synonyms(&mut self, pairs: impl IntoIterator<Item = (&'static str, &'static str)>) {
        self.synonyms.extend(pairs);
    }

    /// Says which keys belong to the table called `table`: they are told where to go.
    pub fn belong(&mut self, table: &'static str, keys: impl IntoIterator<Item = &'static str>) {
        let keys = keys.into_iter().map(|key| (key, table));
        self.elsewhere.extend(keys);
    }

    /// What to say of keys that are not known, in place of a list of those that are.
    pub fn hint(&mut self, text: Text) {
        self.hint = Some(text);
    }

    /// The key among `absent` that is meant by `word`, if that is plain.
    fn meant<'k>(
        &self,
        word: &str,
        mut absent: impl Iterator<Item = &'k str> + Clone,
    ) -> Option<&'k str> {
        let known = self.synonyms.iter().find(|(other, _)| *other == word);
        let known = known.and_then(|(_, key)| absent.find(|other| other == key));
        known.or_else(|| nearest(word, absent))
    }

    /// Says that the table must have this key, even if it may hold more than could be read.
    pub fn insist(&mut self, key: &str) {
        if self.table.torn && self.optional(key).is_none() {
            let diagnostic = self.absent(key, &add(key));
            self.found.push(diagnostic);
        }
    }

    /// The table itself.
    pub fn source(&self) -> &'a TableNode {
        self.table
    }

    /// What the messages call the table.
    pub fn what(&self) -> &Text {
        &self.what
    }

    /// Adds a diagnostic to those that [`Reader::finish`] hands over.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.found.push(diagnostic);
    }

    /// Adds a diagnostic about the absence of `keys`. [`Reader::finish`] leaves it out
    /// if the table has a key that looks like one of them.
    pub fn push_unless_misspelt(&mut self, keys: &[&'static str], diagnostic: Diagnostic) {
        self.unless.push((keys.to_vec(), diagnostic));
    }

    /// Where to push while reading; handed over by [`Reader::finish`].
    pub fn diags(&mut self) -> &mut Diagnostics {
        &mut self.found
    }

    /// The value of a key that must be there.
    pub fn required(&mut self, key: &str) -> Option<&'a Node> {
        self.required_or(key, add(key))
    }

    /// The same; where it is missing, the help shows `example`: `share = "25 %"`.
    pub fn required_like(&mut self, key: &str, example: &str) -> Option<&'a Node> {
        let help = Text::new(
            format!("加上这一项，例如 `{example}`"),
            format!("add it, for example `{example}`"),
        );
        self.required_or(key, help)
    }

    fn required_or(&mut self, key: &str, help: Text) -> Option<&'a Node> {
        let node = self.optional(key);
        if node.is_none() && !self.missing.iter().any(|(missing, _)| missing == key) {
            self.missing.push((key.to_owned(), help));
        }
        node
    }

    /// The value of a key that may be absent.
    pub fn optional(&mut self, key: &str) -> Option<&'a Node> {
        if !self.asked.iter().any(|asked| asked == key) {
            self.asked.push(key.to_owned());
        }
        self.table.get(key).or_else(|| self.misspelt(key))
    }

    /// The value of a key that is probably meant for `key`, which is absent.
    fn misspelt(&self, key: &str) -> Option<&'a Node> {
        if !self.expected.contains(&key) {
            return None;
        }
        let absent = self.expected.iter().copied();
        let absent = absent.filter(|other| self.table.get(other).is_none());
        let absent: Vec<&str> = absent.collect();
        let strange = |(found, _): &&(Key, Node)| {
            let known = self.expected.contains(&found.name.as_str());
            !known && self.meant(&found.name, absent.iter().copied()) == Some(key)
        };
        let mut like = self.table.entries.iter().filter(strange);
        let (_, node) = like.next()?;
        like.next().is_none().then_some(node)
    }

    /// A string that must be there.
    pub fn string(&mut self, key: &str) -> Option<&'a str> {
        self.required(key)?.string(&mut self.found)
    }

    /// A string, if there.
    pub fn opt_string(&mut self, key: &str) -> Option<&'a str> {
        self.optional(key)?.string(&mut self.found)
    }

    /// A number, whole or not, that must be there.
    pub fn number(&mut self, key: &str) -> Option<f64> {
        self.required(key)?.number(&mut self.found)
    }

    /// A whole number, if there.
    pub fn opt_integer(&mut self, key: &str) -> Option<i64> {
        self.optional(key)?.integer(&mut self.found)
    }

    /// A table, if there.
    pub fn opt_table(&mut self, key: &str) -> Option<&'a TableNode> {
        self.optional(key)?.table(&mut self.found)
    }

    /// An array that must be there.
    pub fn array(&mut self, key: &str) -> Option<&'a [Node]> {
        self.required(key)?.array(&mut self.found)
    }

    /// An array, if there.
    pub fn opt_array(&mut self, key: &str) -> Option<&'a [Node]> {
        self.optional(key)?.array(&mut self.found)
    }

    /// Reports the keys that are missing and those that nobody asked for, and hands
    /// over all diagnostics. A key that looks like a missing one stands for both.
    pub fn finish(mut self, diags: &mut Diagnostics) {
        let asked: HashSet<String> = self.asked.iter().cloned().collect();
        for (key, _) in &self.table.entries {
            if asked.contains(&key.name) {
                continue;
            }
            // Keys that are not there, or only in another file, which this one overrides.
            let absent = self.asked.iter().filter(|asked| {
                let there = self.table.get_key(asked);
                there.is_none_or(|there| there.span.file != key.span.file)
            });
            let absent: Vec<&str> = absent.map(String::as_str).collect();
            let near = self.meant(&key.name, absent.iter().copied());
            // A name in the user's own language goes before ids.
            let called = key.near.as_ref();
            let called = called.filter(|(_, id)| absent.contains(&id.as_str()));
            let near = called.map_or(near, |(_, id)| Some(id)).map(str::to_owned);
            self.missing
                .retain(|(missing, _)| Some(missing) != near.as_ref());
            self.unless
                .retain(|(keys, _)| !keys.iter().any(|key| Some(*key) == near.as_deref()));
            let diagnostic = self.unknown(key, near);
            self.found.push(diagnostic);
        }
        if !self.table.torn {
            for (key, help) in &self.missing {
                self.found.push(self.absent(key, help));
            }
            self.found
                .extend(self.unless.into_iter().map(|(_, diagnostic)| diagnostic));
        }
        diags.extend(self.found);
    }

    fn absent(&self, key: &str, help: &Text) -> Diagnostic {
        let message = Text::new(
            format!("{}缺少 `{key}`", self.subject()),
            format!("{} lacks `{key}`", self.what.en),
        );
        let label = Text::new(
            format!("此处应有 `{key}`"),
            format!("`{key}` is missing here"),
        );
        Diagnostic::error("missing-key", message)
            .label(self.table.span, label)
            .help(help.clone())
    }

    fn unknown(&self, key: &Key, near: Option<String>) -> Diagnostic {
        let message = Text::new(
            format!("{}没有 `{}` 这一项", self.subject(), key.name),
            format!("{} has no key `{}`", self.what.en, key.name),
        );
        let diagnostic = Diagnostic::error("unknown-key", message)
            .label(key.span, Text::new("未知的键", "unknown key"));
        if let Some(near) = near {
            let called = key.near.as_ref().filter(|(_, id)| *id == near);
            let near = called.map_or(near, |(name, _)| name.clone());
            let help = Text::new(
                format!("是否指 `{near}`？"),
                format!("did you mean `{near}`?"),
            );
            return diagnostic.help(help).suggest(key.span, near);
        }
        let elsewhere = self.elsewhere.iter().find(|(other, _)| *other == key.name);
        if let Some((_, table)) = elsewhere {
            return diagnostic.help(Text::new(
                format!("移到 {table} 之下"),
                format!("move it under {table}"),
            ));
        }
        if let Some(hint) = &self.hint {
            return diagnostic.help(hint.clone());
        }
        let list: Vec<String> = self.asked.iter().map(|key| format!("`{key}`")).collect();
        if list.is_empty() {
            return diagnostic;
        }
        diagnostic.help(Text::new(
            format!("可用的键：{}", list.join("、")),
            format!("known keys: {}", list.join(", ")),
        ))
    }

    /// The table's Chinese name, with a space after Latin letters and signs.
    fn subject(&self) -> String {
        let name = &self.what.zh;
        let space = if name.ends_with(|c: char| c.is_ascii()) {
            " "
        } else {
            ""
        };
        format!("{name}{space}")
    }
}

/// What to do about a key that is missing.
fn add(key: &str) -> Text {
    Text::new(format!("加上 `{key} = …`"), format!("add `{key} = …`"))
}
