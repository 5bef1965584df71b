//! Texts made from cells, and which cell each part of them came from.

use super::flaw::{Flaw, Place, Point};
use jianpai_load::diag::{Diagnostic, Files, Span};

/// A part of a text that came from a cell.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Part {
    start: usize,
    end: usize,
    place: Place,
    /// Where the text of the cell begins, where it stands there as it is.
    own: Option<usize>,
}

/// A file that is made from a workbook.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Made {
    /// Its name below the folder of the scenario.
    pub name: String,
    /// Its text.
    pub text: String,
    parts: Vec<Part>,
}

impl Made {
    /// An empty one.
    pub(super) fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            ..Self::default()
        }
    }

    /// Adds what comes from no cell.
    pub(super) fn push(&mut self, text: &str) {
        self.text += text;
    }

    /// Adds what comes from a cell.
    pub(super) fn from(&mut self, place: Place, text: &str) {
        let start = self.text.len();
        self.text += text;
        let end = self.text.len();
        self.parts.push(Part {
            start,
            end,
            place,
            own: None,
        });
    }

    /// Adds a line `key = "text"` from a cell.
    pub(super) fn string(&mut self, place: Place, key: &str, text: &str) {
        let quoted = quoted(text);
        let start = self.text.len();
        self.text += &format!("{key} = {quoted}");
        // Escapes would put places out of step.
        let plain = quoted.len() == text.len() + 2;
        let own = plain.then_some(start + key.len() + 4);
        self.parts.push(Part {
            start,
            end: self.text.len(),
            place,
            own,
        });
        self.text.push('\n');
    }

    /// Adds a line `key = code`.
    pub(super) fn code(&mut self, place: Place, key: &str, code: &str) {
        self.from(place, &format!("{key} = {code}"));
        self.text.push('\n');
    }

    /// Adds a cell of CSV.
    pub(super) fn csv(&mut self, place: Option<Place>, text: &str) {
        let start = self.text.len();
        let plain = !text.contains([',', '"', '\n', '\r']);
        if plain {
            self.text += text;
        } else {
            self.text += &format!("\"{}\"", text.replace('"', "\"\""));
        }
        if let Some(place) = place {
            self.parts.push(Part {
                start,
                end: self.text.len(),
                place,
                own: plain.then_some(start),
            });
        }
    }

    /// The place of a span, and which part of the cell's text it is.
    fn place(&self, span: Span) -> Option<(Place, Option<(usize, usize)>)> {
        let after = self.parts.partition_point(|part| part.start <= span.start);
        let part = self.parts[..after].last().or(self.parts.first())?;
        let inside = part
            .own
            .filter(|own| *own <= span.start && span.end <= part.end && span.end > span.start);
        let bytes = inside.map(|own| (span.start - own, span.end - own));
        Some((part.place, bytes))
    }

    /// A diagnostic that points into this text, which is `file` of the texts that were
    /// read, as one that points at cells.
    pub(super) fn addressed(
        &self,
        said: &Diagnostic,
        is_own: &dyn Fn(Span) -> bool,
    ) -> Option<Flaw> {
        let primary = said.labels.first()?;
        if !is_own(primary.span) {
            return None;
        }
        let points = said.labels.iter().filter(|label| is_own(label.span));
        let points = points.filter_map(|label| {
            let (place, part) = self.place(label.span)?;
            Some(Point {
                place,
                part,
                text: label.text.clone(),
            })
        });
        let mut points: Vec<Point> = points.collect();
        points.dedup();
        let replace = said.replace.as_ref().filter(|(span, _)| is_own(*span));
        let replace = replace.and_then(|(span, better)| {
            // What could stand in place of a part of a cell is no offer for the whole.
            let (place, part) = self.place(*span).filter(|(_, part)| part.is_some())?;
            // A quoted text of TOML stands in its cell without quotes.
            let bare = better.trim_matches('"').to_string();
            Some((place, part, bare))
        });
        let mut bare = said.clone();
        bare.labels.clear();
        bare.replace = None;
        Some(Flaw {
            said: bare,
            points,
            replace,
        })
    }
}

/// Diagnostics about texts made from cells, as flaws of these cells; beside them those that
/// speak of other files. `paths` says under which path each text was read.
pub fn addressed<'d>(
    said: impl Iterator<Item = &'d Diagnostic>,
    files: &Files,
    paths: &[(&str, &Made)],
) -> (Vec<Flaw>, Vec<Diagnostic>) {
    let (mut flaws, mut others) = (Vec::new(), Vec::new());
    for one in said {
        let found = paths
            .iter()
            .find_map(|(path, made)| made.addressed(one, &|span| files.path(span.file) == *path));
        match found {
            Some(flaw) => {
                if !flaws.contains(&flaw) {
                    flaws.push(flaw);
                }
            }
            None => others.push(one.clone()),
        }
    }
    (flaws, others)
}

/// A text as TOML has it.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out += "\\\"",
            '\\' => out += "\\\\",
            c if c.is_control() => out += &format!("\\u{:04x}", u32::from(c)),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A key as TOML has it.
pub(super) fn key(text: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if !text.is_empty() && text.chars().all(bare) {
        text.to_string()
    } else {
        quoted(text)
    }
}

#[cfg(test)]
mod tests {
    use super::super::flaw::Place;
    use super::{Made, key, quoted};
    use jianpai_load::diag::{Files, Span};

    #[test]
    fn places_lead_back_to_cells() {
        let mut made = Made::new("x.toml");
        let (a, b) = (Place::cell(0, (3, 1)), Place::cell(0, (3, 2)));
        made.from(a, "[measures.x]");
        made.push("\n");
        made.string(b, "type", "燃煤锅炉淘太");
        let mut files = Files::new();
        let file = files.add("x.toml", made.text.clone());
        let at = made.text.find("淘太").unwrap();
        let found = made.place(Span::new(file, at, at + 6)).unwrap();
        assert_eq!(found, (b, Some((12, 18))));
        assert_eq!(made.place(Span::new(file, 2, 5)).unwrap(), (a, None));
        let whole = made.text.find("type").unwrap();
        assert_eq!(
            made.place(Span::new(file, whole, whole + 4)).unwrap(),
            (b, None)
        );
    }

    #[test]
    fn toml_is_quoted_where_it_must_be() {
        assert_eq!(key("so2-x"), "so2-x");
        assert_eq!(key("常住人口"), "\"常住人口\"");
        assert_eq!(quoted("a\"b\\c\u{7}"), "\"a\\\"b\\\\c\\u0007\"");
    }
}
