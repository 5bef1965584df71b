//! Reading on after a mistake in the syntax.
//!
//! What is wrong in a line hides nothing in the others: the line is mended on a copy
//! of the text (a missing quote put in, a key kept without its value, a line left
//! out), and the copy is read again. Every character of the copy knows where it came
//! from, so that all that is said later points at the file as it was written.

use std::collections::BTreeSet;
use std::ops::Range;

use toml::de::DeTable;

use super::syntax::{self, Fault};
use crate::diag::{Diagnostics, FileId, Span};

/// A value that could not be read; a private character, so no file means it.
pub(super) const UNREAD: &str = "\u{e000}";

/// Mending stops after so many rounds: what is left then is no TOML.
const ROUNDS: usize = 12;

/// An open bracket is looked for in so many lines above its consequence.
const LOOK_BACK: usize = 60;

/// Signs of a Chinese keyboard, and those of TOML.
const WIDE: [(char, &str); 7] = [
    ('＝', "="),
    ('，', ","),
    ('：', "="),
    ('｛', "{"),
    ('｝', "}"),
    ('［', "["),
    ('］', "]"),
];

/// A text that can be read, and where its characters came from.
pub(super) struct Mended {
    pub(super) text: String,
    /// The place of each byte in the file, and that of the end.
    origin: Vec<usize>,
    /// Headers (their places in the file) of tables that lost a line; the root is at 0
    /// only if it is in `root`.
    torn: BTreeSet<usize>,
    /// Whether the part above the first header lost a line, or a header itself is lost.
    root: bool,
}

impl Mended {
    /// A range of the copy in the file.
    pub(super) fn range(&self, range: &Range<usize>) -> Range<usize> {
        let at = |i: usize| self.origin[i.min(self.origin.len() - 1)];
        at(range.start)..at(range.end).max(at(range.start))
    }

    /// Whether the table with this header lost a line.
    pub(super) fn is_torn(&self, header: usize) -> bool {
        self.torn.contains(&header)
    }

    /// The same of the root.
    pub(super) fn root_is_torn(&self) -> bool {
        self.root
    }

    /// Puts all of `edits` in, which do not overlap and are in order.
    fn apply(&mut self, edits: &[(Range<usize>, String)]) {
        let mut text = String::with_capacity(self.text.len() + 16 * edits.len());
        let mut origin = Vec::with_capacity(self.origin.len() + 16 * edits.len());
        let mut done = 0;
        for (range, new) in edits {
            text += &self.text[done..range.start];
            origin.extend_from_slice(&self.origin[done..range.start]);
            text += new;
            origin.extend(std::iter::repeat_n(self.origin[range.start], new.len()));
            done = range.end;
        }
        text += &self.text[done..];
        origin.extend_from_slice(&self.origin[done..]);
        self.text = text;
        self.origin = origin;
    }
}

/// What one round of mending loses, in places of the copy.
struct Losses {
    /// Where headers begin.
    headers: Vec<usize>,
    /// The headers of tables that lost a line.
    torn: Vec<usize>,
    /// Whether the root lost one, or a whole table.
    root: bool,
}

impl Losses {
    fn of(text: &str) -> Self {
        let starts = text.match_indices('\n').map(|(i, _)| i + 1);
        let starts = std::iter::once(0).chain(starts);
        let headers = starts.filter_map(|start| {
            let line = line(text, start);
            let indent = line.len() - line.trim_start().len();
            line[indent..].starts_with('[').then_some(start + indent)
        });
        Self {
            headers: headers.collect(),
            torn: Vec::new(),
            root: false,
        }
    }

    /// Marks the table in which the line at `start` is lost.
    fn tear(&mut self, start: usize) {
        match self.headers.partition_point(|header| *header < start) {
            0 => self.root = true,
            after => self.torn.push(self.headers[after - 1]),
        }
    }
}

/// Mends `text` until it can be read; `None` if it cannot be.
pub(super) fn mend(text: &str, file: FileId, diags: &mut Diagnostics) -> Option<Mended> {
    let mut copy = Mended {
        text: text.to_string(),
        origin: (0..=text.len()).collect(),
        torn: BTreeSet::new(),
        root: false,
    };
    // Places in the file with what was said of them: lines, and words that are plain to mend.
    let mut told: BTreeSet<(usize, String)> = BTreeSet::new();
    for _ in 0..ROUNDS {
        let (_, errors) = DeTable::parse_recoverable(&copy.text);
        if errors.is_empty() {
            return Some(copy);
        }
        let mut losses = Losses::of(&copy.text);
        let mut edits: Vec<(Range<usize>, String)> = Vec::new();
        for fault in syntax::faults(&copy.text, &errors) {
            let open = unclosed(&copy.text, &fault);
            let last = open.is_some();
            let fault = open.unwrap_or(fault);
            // What an open bracket swallows is its consequence.
            if edits.last().is_some_and(|(done, _)| fault.line < done.end) {
                if last {
                    break;
                }
                continue;
            }
            let place = |range: &Range<usize>| {
                let Range { start, end } = copy.range(range);
                Span::new(file, start, end)
            };
            let plain = syntax::better(&copy.text, &fault).is_some();
            let at = if plain { fault.start } else { fault.line };
            let again = !told.insert((copy.origin[at], fault.what().to_string()));
            let edit = if let Some((first, edit)) = fullwidth(&copy.text, &fault) {
                let sign = place(&first);
                diags.push(syntax::wide(&copy.text[first], sign));
                edit
            } else {
                // A key in Chinese is read as it stands, though TOML wants quotes.
                if !again && !syntax::is_plain_key(&copy.text, &fault) {
                    let span = place(&(fault.start..fault.end));
                    diags.push(syntax::one(&copy.text, &fault, span));
                }
                repair(&copy.text, &fault, again, &mut losses)
            };
            edits.extend(edit);
            if last {
                break;
            }
        }
        if edits.is_empty() {
            return None;
        }
        let torn = losses.torn.iter().map(|header| copy.origin[*header]);
        copy.torn.extend(torn.collect::<Vec<_>>());
        copy.root |= losses.root;
        copy.apply(&edits);
    }
    let (_, errors) = DeTable::parse_recoverable(&copy.text);
    errors.is_empty().then_some(copy)
}

/// A bracket left open in an earlier line, if the fault is only its consequence.
fn unclosed(text: &str, fault: &Fault<'_>) -> Option<Fault<'static>> {
    if syntax::better(text, fault).is_some() {
        return None;
    }
    let before = text[..fault.line].match_indices('\n').rev();
    let mut starts: Vec<usize> = before.take(LOOK_BACK).map(|(i, _)| i + 1).collect();
    starts.retain(|start| *start < fault.line);
    if starts.len() < LOOK_BACK {
        starts.push(0);
    }
    let mut opens = starts.into_iter().filter(|start| {
        let line = line(text, *start);
        *start < fault.line && assignment(line).is_some() && balance(line) > 0
    });
    let line_at = opens.next()?;
    let whole = &text[line_at..statement_end(text, line_at)];
    if whole.lines().map(balance).sum::<i64>() <= 0 {
        return None;
    }
    let equals = assignment(line(text, line_at))?;
    let bracket = whole[equals..].find(['[', '{', '"', '\''])?;
    let start = line_at + equals + bracket;
    let message = match text.as_bytes()[start] {
        b'[' => "unclosed array",
        b'{' => "unclosed inline table",
        _ => "invalid multi-line basic string",
    };
    Some(Fault {
        line: line_at,
        start,
        end: start + 1,
        message,
    })
}

/// The line at `start`, without its end.
fn line(text: &str, start: usize) -> &str {
    let rest = &text[start..];
    let line = rest.find('\n').map_or(rest, |end| &rest[..end]);
    line.strip_suffix('\r').unwrap_or(line)
}

/// Signs of a Chinese keyboard outside of strings and comments: the first one, and the
/// line with all of them replaced.
#[allow(clippy::type_complexity)]
fn fullwidth(text: &str, fault: &Fault<'_>) -> Option<(Range<usize>, Vec<(Range<usize>, String)>)> {
    let mut quote = None;
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    let written = line(text, fault.line);
    for (i, c) in written.char_indices() {
        match (quote, c) {
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if c == open => quote = None,
            (None, '#') => break,
            (None, c) => {
                let at = fault.line + i;
                let sign = WIDE.iter().find(|(wide, _)| *wide == c);
                edits
                    .extend(sign.map(|(_, narrow)| (at..at + c.len_utf8(), (*narrow).to_string())));
            }
            _ => {}
        }
    }
    let first = edits.first()?.0.clone();
    Some((first, edits))
}

/// What to change for one fault.
fn repair(
    text: &str,
    fault: &Fault<'_>,
    again: bool,
    losses: &mut Losses,
) -> Vec<(Range<usize>, String)> {
    if let Some(better) = syntax::better(text, fault) {
        return vec![(fault.start..fault.end, better)];
    }
    let written = line(text, fault.line);
    let whole = fault.line..fault.line + written.len();
    if written.trim_start().starts_with('[') {
        return vec![header(text, fault, again, losses)];
    }
    if fault.what() == "duplicate key" || written.trim_start().starts_with('#') {
        return vec![(whole, String::new())];
    }
    let end = statement_end(text, fault.line);
    if let Some(equals) = assignment(written).filter(|_| !again) {
        let value = fault.line + equals + 1..end;
        return vec![(value, format!(" \"{UNREAD}\""))];
    }
    let key: String = written
        .trim_start()
        .chars()
        .take_while(|c| bare(*c))
        .collect();
    let word = key.starts_with(|c: char| c.is_ascii_alphabetic());
    if word && fault.what() == "key with no value" && !again {
        return vec![(whole, format!("{key} = \"{UNREAD}\""))];
    }
    losses.tear(fault.line);
    vec![(fault.line..end, String::new())]
}

/// A header: closed, renamed where it stands twice, or left out with all below it.
fn header(
    text: &str,
    fault: &Fault<'_>,
    again: bool,
    losses: &mut Losses,
) -> (Range<usize>, String) {
    let written = line(text, fault.line);
    let whole = fault.line..fault.line + written.len();
    let trimmed = written.trim_start();
    let name = trimmed.trim_start_matches('[');
    let name = name.split([']', '#']).next().unwrap_or_default().trim();
    let twice = fault.what() == "duplicate key";
    if twice && name.contains('.') {
        let quoted = text[..fault.end].ends_with(['"', '\'']);
        let at = fault.end - usize::from(quoted);
        return (at..at, "-2".to_string());
    }
    if !again && !name.is_empty() && !twice {
        let [open, close] = if trimmed.starts_with("[[") {
            ["[[", "]]"]
        } else {
            ["[", "]"]
        };
        return (whole, format!("{open}{name}{close}"));
    }
    losses.root = true;
    let next = losses.headers.partition_point(|header| *header < whole.end);
    let end = losses.headers.get(next).copied().unwrap_or(text.len());
    (whole.start..end, String::new())
}

/// Where the statement that begins in the line at `start` ends: with its line, or
/// where the next statement begins if it opens more brackets than it closes.
fn statement_end(text: &str, start: usize) -> usize {
    let mut at = start + line(text, start).len();
    if balance(line(text, start)) <= 0 {
        return at;
    }
    while let Some(step) = text[at..].find('\n') {
        let next = at + step + 1;
        let following = line(text, next);
        let trimmed = following.trim_start();
        if assignment(following).is_some() || trimmed.starts_with('[') {
            break;
        }
        at = next + following.len();
        if trimmed.starts_with([']', '}']) || trimmed.contains("\"\"\"") {
            break;
        }
    }
    at
}

/// How many more brackets (and triple quotes) a line opens than it closes.
fn balance(line: &str) -> i64 {
    let count = |set: &[char]| i64::try_from(line.matches(set).count()).unwrap_or(0);
    let triple = line.matches("\"\"\"").count() + line.matches("'''").count();
    count(&['[', '{']) - count(&[']', '}']) + i64::from(triple % 2 == 1)
}

/// The place of the `=` of a line that gives a key a value.
fn assignment(line: &str) -> Option<usize> {
    let equals = line.find('=')?;
    let key = line[..equals].trim();
    let plain = |c: char| bare(c) || c.is_alphanumeric() || matches!(c, '.' | '"' | '\'' | ' ');
    (!key.is_empty() && key.chars().all(plain)).then_some(equals)
}

/// Whether a character may stand in a key without quotes.
fn bare(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_')
}
