//! The XML of a workbook, tag by tag. Programs write it, so no more than they write is
//! understood: tags with attributes, text, entities, comments, CDATA. A prefix before a
//! name (`x:row`) is left out.

use std::borrow::Cow;

/// A piece of XML.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Piece<'a> {
    /// `<name …>`, or `<name …/>` where `closed`.
    Open {
        /// The name without a prefix.
        name: &'a str,
        /// What stands behind it.
        attributes: &'a str,
        /// Whether it is its own end.
        closed: bool,
    },
    /// `</name>`.
    Close(&'a str),
    /// Text between tags, entities resolved.
    Text(Cow<'a, str>),
}

/// The pieces of a text, one after the other.
pub(super) struct Pieces<'a> {
    rest: &'a str,
}

/// The pieces of `text`.
pub(super) fn pieces(text: &str) -> Pieces<'_> {
    Pieces { rest: text }
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        loop {
            if self.rest.is_empty() {
                return None;
            }
            let Some(tail) = self.rest.strip_prefix('<') else {
                let end = self.rest.find('<').unwrap_or(self.rest.len());
                let (text, rest) = self.rest.split_at(end);
                self.rest = rest;
                return Some(Piece::Text(resolved(text)));
            };
            if let Some(body) = tail.strip_prefix("!--") {
                self.rest = body.split_once("-->").map_or("", |(_, rest)| rest);
                continue;
            }
            if let Some(body) = tail.strip_prefix("![CDATA[") {
                let (text, rest) = body.split_once("]]>").unwrap_or((body, ""));
                self.rest = rest;
                return Some(Piece::Text(Cow::Borrowed(text)));
            }
            let end = tag_end(tail);
            let tag = &tail[..end];
            self.rest = tail.get(end + 1..).unwrap_or("");
            if tag.starts_with(['?', '!']) {
                continue;
            }
            if let Some(name) = tag.strip_prefix('/') {
                return Some(Piece::Close(local(name.trim())));
            }
            let closed = tag.ends_with('/');
            let tag = tag.strip_suffix('/').unwrap_or(tag);
            let (name, attributes) = tag
                .split_once(|c: char| c.is_ascii_whitespace())
                .unwrap_or((tag, ""));
            return Some(Piece::Open {
                name: local(name),
                attributes,
                closed,
            });
        }
    }
}

/// Where a tag ends: `>` may stand inside quotes.
fn tag_end(tail: &str) -> usize {
    let mut quote = None;
    for (at, byte) in tail.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return at,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), byte) if byte == open => quote = None,
            _ => {}
        }
    }
    tail.len()
}

/// A name without its prefix.
fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

/// The value of an attribute, by its name without a prefix.
pub(super) fn attribute<'a>(attributes: &'a str, wanted: &str) -> Option<Cow<'a, str>> {
    let mut rest = attributes;
    while let Some((name, tail)) = rest.split_once('=') {
        let tail = tail.trim_start();
        let quote = tail.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let (value, after) = tail[1..].split_once(quote)?;
        if local(name.trim()) == wanted {
            return Some(resolved(value));
        }
        rest = after;
    }
    None
}

/// Entities as the characters that they stand for.
fn resolved(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, tail)) = rest.split_once('&') {
        out += before;
        let Some((entity, after)) = tail.split_once(';') else {
            out.push('&');
            rest = tail;
            continue;
        };
        let number = |digits: &str, radix: u32| {
            let code = u32::from_str_radix(digits, radix).ok();
            code.and_then(char::from_u32)
        };
        let found = match entity {
            "lt" => Some('<'),
            "gt" => Some('>'),
            "amp" => Some('&'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            _ => entity.strip_prefix("#x").map_or_else(
                || {
                    entity
                        .strip_prefix('#')
                        .and_then(|digits| number(digits, 10))
                },
                |digits| number(digits, 16),
            ),
        };
        if let Some(found) = found {
            out.push(found);
        }
        rest = after;
    }
    out += rest;
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::{Piece, attribute, pieces};

    #[test]
    fn tags_texts_and_attributes() {
        let text = "<?xml version='1.0'?><!-- a > b --><x:row r=\"3\" s = '>' ><v>1 &lt; 2 &#x7164;</v><c/></x:row>";
        let all: Vec<Piece> = pieces(text).collect();
        let Piece::Open {
            name,
            attributes,
            closed,
        } = &all[0]
        else {
            panic!("{all:?}");
        };
        assert_eq!((*name, *closed), ("row", false));
        assert_eq!(attribute(attributes, "r").as_deref(), Some("3"));
        assert_eq!(attribute(attributes, "s").as_deref(), Some(">"));
        assert_eq!(attribute(attributes, "t"), None);
        assert_eq!(all[2], Piece::Text("1 < 2 煤".into()));
        assert!(matches!(
            all[4],
            Piece::Open {
                name: "c",
                closed: true,
                ..
            }
        ));
        assert_eq!(all[5], Piece::Close("row"));
        // What is cut off ends, and nothing panics.
        for cut in 0..text.len() {
            if text.is_char_boundary(cut) {
                let _ = pieces(&text[..cut]).count();
            }
        }
    }
}
