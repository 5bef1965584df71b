//! Messages in the words of the file: who writes 措施 and 改为 is not told of `measures` and
//! `to`. Ids in the Chinese text of a message become the names that the file could say in
//! their place; English texts keep ids.

use crate::diag::{Diagnostic, Diagnostics, FileId, Files};
use crate::vocabulary::Vocabulary;
use jianpai_core::names::NameOf;
use std::collections::{BTreeMap, BTreeSet};

/// What an id may be that stands alone, in the order in which it is looked up.
const ALONE: [NameOf; 9] = [
    NameOf::Key,
    NameOf::Measure,
    NameOf::Indicator,
    NameOf::Service,
    NameOf::Driver,
    NameOf::Word,
    NameOf::Technology,
    NameOf::Region,
    NameOf::Calibre,
];

/// What an id in quotes may be: a value, no key.
const VALUE: [NameOf; 7] = [
    NameOf::Measure,
    NameOf::Indicator,
    NameOf::Word,
    NameOf::Service,
    NameOf::Technology,
    NameOf::Region,
    NameOf::Driver,
];

/// Puts the Chinese texts of diagnostics about files that are written in Chinese into the
/// words of such a file.
pub fn in_own_words(vocabulary: &Vocabulary, files: &Files, diags: &mut Diagnostics) {
    let mut chinese: BTreeMap<FileId, Option<BTreeSet<&str>>> = BTreeMap::new();
    diags.change(|one| {
        let Some(span) = one.span() else { return };
        // A name that has several meanings cannot tell them apart.
        if one.code == "two-meanings" {
            return;
        }
        let own = chinese.entry(span.file).or_insert_with(|| {
            let text = files.text(span.file);
            is_chinese(text).then(|| ids_in(text))
        });
        if let Some(own) = own {
            let speaker = Speaker { vocabulary, own };
            respell(&speaker, one);
            // Who wrote an id is given one.
            if let Some((span, better)) = &mut one.replace
                && !files.slice(*span).is_ascii()
            {
                let said = speaker.text(&format!("`{better}`"));
                *better = said[1..said.len() - 1].to_string();
            }
        }
    });
}

/// Whatever looks like an id in a file: its own words, which stay.
fn ids_in(text: &str) -> BTreeSet<&str> {
    text.split(|c: char| !in_id(c)).collect()
}

/// Whether an id may have this sign.
fn in_id(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_')
}

/// Whether most tables and keys of a file are in Chinese.
fn is_chinese(text: &str) -> bool {
    let begins = |line: &str| {
        let line = line.trim_start().trim_start_matches(['[', '"', ' ']);
        line.starts_with(|c: char| ('\u{4e00}'..='\u{9fff}').contains(&c))
    };
    let lines = text
        .lines()
        .filter(|line| !line.trim_start().starts_with('#'));
    let stated = |line: &&str| line.trim_start().starts_with('[') || line.contains('=');
    let stated: Vec<&str> = lines.filter(stated).collect();
    let chinese = stated.iter().filter(|line| begins(line)).count();
    chinese * 2 > stated.len()
}

fn respell(speaker: &Speaker<'_>, one: &mut Diagnostic) {
    one.message.zh = speaker.text(&one.message.zh);
    for label in &mut one.labels {
        label.text.zh = speaker.text(&label.text.zh);
    }
    for note in &mut one.notes {
        note.zh = speaker.text(&note.zh);
    }
    if let Some(help) = &mut one.help {
        help.zh = speaker.text(&help.zh);
    }
}

struct Speaker<'v> {
    vocabulary: &'v Vocabulary,
    /// The ids that the file itself says.
    own: &'v BTreeSet<&'v str>,
}

impl Speaker<'_> {
    /// A text with names in the place of ids.
    fn text(&self, text: &str) -> String {
        let mut said = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(|c: char| c.is_ascii_alphanumeric()) {
            let (before, from) = rest.split_at(at);
            said.push_str(before);
            let end = from.find(|c| !in_id(c)).unwrap_or(from.len());
            let (id, after) = from.split_at(end);
            let last = said.chars().last();
            // What follows the program's name is a command.
            let command = said.trim_end().ends_with("jianpai") || said.ends_with("jianpai list ");
            let kept = command || self.own.contains(id);
            let name = self.name(id, last, after).filter(|_| !kept);
            let Some(name) = name else {
                said.push_str(id);
                rest = after;
                continue;
            };
            // An id with its name behind it: the name was wanted.
            let bracketed = after.strip_prefix('（').and_then(|a| a.split_once('）'));
            let again = bracketed.filter(|(inner, _)| self.is_name_of(id, inner));
            rest = again.map_or(after, |(_, after)| after);
            // The table's own name goes before another one.
            let inner = again.map(|(inner, _)| inner);
            said.push_str(inner.filter(|_| last != Some('`')).unwrap_or(name));
        }
        said.push_str(rest);
        said
    }

    /// Whether a text is a Chinese name of an id.
    fn is_name_of(&self, id: &str, text: &str) -> bool {
        ALONE
            .iter()
            .any(|of| self.vocabulary.is_id(*of, id) && self.vocabulary.stands_for(*of, text, id))
    }

    /// The name to be said for an id between what stands before and after it, if it stands
    /// where an id does.
    fn name(&self, id: &str, before: Option<char>, after: &str) -> Option<&str> {
        let find = |kinds: &[NameOf]| {
            let mut found = kinds.iter().filter_map(|of| {
                let name = self.vocabulary.chinese(*of, id)?;
                Some(name)
            });
            found.next()
        };
        let next = after.chars().next();
        let listed = !matches!(before, Some('.' | '/' | '`' | '"' | '[' | '-' | '(' | '<'));
        let ended = !matches!(next, Some('.' | '/' | '`' | '"' | ']' | '(' | '%'));
        match (before, next) {
            // `share = …` in an example; the blank does not count.
            _ if after.trim_start().starts_with('=') => find(&[
                NameOf::Key,
                NameOf::Technology,
                NameOf::Driver,
                NameOf::Service,
            ]),
            (Some('`'), Some('`')) => find(&ALONE),
            (Some('"'), Some('"')) => find(&VALUE),
            (Some('['), Some(']' | '.')) => find(&[NameOf::Table]),
            // A key that is named in a sentence, or something with its name behind it.
            (_, Some('（')) if listed => find(&ALONE),
            _ if listed && ended => find(&[NameOf::Key, NameOf::Word]),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::is_chinese;

    #[test]
    fn a_file_is_chinese_by_its_tables_and_keys() {
        assert!(is_chinese("# x\n[情景]\n名称 = 1\nname_zh = 1\n"));
        assert!(is_chinese("[scenario]\n名称 = \"a\"\n地区 = \"b\"\n"));
        assert!(!is_chinese("# 说明 = 1\n[scenario]\nname_zh = \"名称\"\n"));
        assert!(!is_chinese("[measures.锅炉]\ntype = \"x\"\n"));
    }
}
