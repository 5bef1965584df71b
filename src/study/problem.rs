//! What keeps a study from running, in both languages.

use jianpai_core::catalogue::Catalogue;
use jianpai_core::text::{Lang, Text};
use jianpai_load::diag::{Color, Diagnostic, Diagnostics, Files, nearest};
use std::fmt;

/// Why something that was asked for is not there.
#[derive(Clone, Debug)]
pub enum Error {
    /// The files say something that cannot be run; each problem with its place.
    Input(Problems),
    /// A name that does not exist.
    Unknown(Unknown),
    /// Anything else, as a sentence.
    Refused(Text),
}

/// Diagnostics, and the texts that they point into.
#[derive(Clone, Default)]
pub struct Problems {
    diagnostics: Diagnostics,
    files: Files,
}

/// A name that does not exist, and what there is.
#[derive(Clone, Debug)]
pub struct Unknown {
    /// What it should have been the name of, such as a region.
    pub what: Text,
    /// The name.
    pub name: String,
    /// The name that was probably meant.
    pub near: Option<String>,
    /// Every name there is, where the list is short enough to be read.
    pub known: Vec<String>,
}

impl Problems {
    /// Diagnostics about `files`, put in the order of their places.
    pub fn new(mut diagnostics: Diagnostics, files: &Files) -> Self {
        diagnostics.sort();
        Self {
            diagnostics,
            files: files.clone(),
        }
    }

    /// The diagnostics in the order of their places.
    pub fn diagnostics(&self) -> &Diagnostics {
        &self.diagnostics
    }

    /// The texts that they point into.
    pub fn files(&self) -> &Files {
        &self.files
    }

    /// Whether there is nothing to say.
    pub fn is_empty(&self) -> bool {
        self.diagnostics.is_empty()
    }

    /// The text for a terminal.
    pub fn render(&self, lang: Lang, color: Color) -> String {
        self.diagnostics.render(&self.files, lang, color)
    }

    /// An array of objects, one for each diagnostic: `file`, `line`, `column`, `code`,
    /// `severity`, `message`, `help`.
    pub fn to_json(&self, lang: Lang) -> serde_json::Value {
        self.diagnostics.to_json(&self.files, lang)
    }
}

impl fmt::Debug for Problems {
    /// What a terminal would show.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\n{}", self.render(Lang::En, Color::Never))
    }
}

impl Unknown {
    /// A name that is none of `known`, which is short enough to be read.
    pub fn among(what: Text, name: &str, known: &[&str]) -> Self {
        Self {
            known: known.iter().map(ToString::to_string).collect(),
            ..Self::like(what, name, known.iter().copied())
        }
    }

    /// A name that is none of `known`, which is too long to be shown.
    pub fn like<'k>(what: Text, name: &str, known: impl Iterator<Item = &'k str>) -> Self {
        Self {
            what,
            name: name.to_string(),
            near: nearest(name, known).map(str::to_string),
            known: Vec::new(),
        }
    }

    /// A region that does not exist, or has no base year of its own.
    pub fn region(catalogue: &Catalogue, name: &str) -> Self {
        let regions = catalogue.regions.iter().map(|region| &region.named);
        let ids = regions.clone().map(|named| named.id.as_str());
        let found = Self::like(Text::new("地区", "region"), name, ids);
        let by_name = regions.clone().find(|named| named.name.zh == name);
        // Who writes Chinese is answered in Chinese.
        let names = regions.map(|named| named.name.zh.as_str());
        let like = nearest(name, names).filter(|_| !name.is_ascii());
        let near = by_name.map(|named| named.id.clone());
        let near = near.or(like.map(str::to_string));
        Self {
            near: near.or(found.near.clone()),
            ..found
        }
    }

    /// What is said of it.
    pub fn text(&self) -> Text {
        let Self {
            what,
            name,
            near,
            known,
        } = self;
        let (zh, en) = match near {
            Some(near) => (
                format!("；是否指 `{near}`？"),
                format!("; did you mean `{near}`?"),
            ),
            None if known.is_empty() => (String::new(), String::new()),
            None => (
                format!("；可用：{}", known.join("、")),
                format!("; known: {}", known.join(", ")),
            ),
        };
        Text::new(
            format!("没有{} `{name}`{zh}", what.zh),
            format!("no {} `{name}`{en}", what.en),
        )
    }
}

impl Error {
    /// A sentence in both languages.
    pub fn refused(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Refused(Text::new(zh, en))
    }

    /// What is said in `lang`, without colours.
    pub fn text(&self, lang: Lang) -> String {
        match self {
            Self::Input(problems) => problems.render(lang, Color::Never),
            Self::Unknown(unknown) => unknown.text().get(lang).to_string(),
            Self::Refused(text) => text.get(lang).to_string(),
        }
    }
}

impl From<Unknown> for Error {
    fn from(unknown: Unknown) -> Self {
        Self::Unknown(unknown)
    }
}

impl From<Problems> for Error {
    fn from(problems: Problems) -> Self {
        Self::Input(problems)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(Lang::En))
    }
}

impl std::error::Error for Error {}

/// A diagnostic with a note, if there is one.
#[must_use]
pub fn noted(diagnostic: Diagnostic, note: Option<&Text>) -> Diagnostic {
    match note {
        Some(note) => diagnostic.note(note.clone()),
        None => diagnostic,
    }
}
