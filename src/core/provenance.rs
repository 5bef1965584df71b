//! Where a number comes from: its source, how far to trust it, and the row of
//! the file in which it stands.

use crate::dims::SourceId;
use crate::text::Text;

/// How far a number can be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// The number stands in the source.
    Quoted,
    /// Arithmetic on quoted numbers.
    Computed,
    /// Read in a third party's compilation, or computed with one such input.
    Secondary,
    /// Written down without the source at hand.
    Recalled,
    /// Derived by a stated procedure from proxies.
    Estimated,
    /// A stated assumption.
    Assumed,
}

impl Status {
    /// All of them, from the firmest to the weakest.
    pub const ALL: [Status; 6] = [
        Status::Quoted,
        Status::Computed,
        Status::Secondary,
        Status::Recalled,
        Status::Estimated,
        Status::Assumed,
    ];

    /// The word used in files.
    pub fn id(self) -> &'static str {
        match self {
            Status::Quoted => "quoted",
            Status::Computed => "computed",
            Status::Secondary => "secondary",
            Status::Recalled => "recalled",
            Status::Estimated => "estimated",
            Status::Assumed => "assumed",
        }
    }

    /// The status written as `word` in a file.
    pub fn parse(word: &str) -> Option<Status> {
        Status::ALL.into_iter().find(|s| s.id() == word)
    }

    /// The name shown to people.
    pub fn name(self) -> Text {
        match self {
            Status::Quoted => Text::new("原文引用", "quoted"),
            Status::Computed => Text::new("由引用数计算", "computed"),
            Status::Secondary => Text::new("二手资料", "secondary"),
            Status::Recalled => Text::new("凭记忆待核", "recalled"),
            Status::Estimated => Text::new("估算", "estimated"),
            Status::Assumed => Text::new("假设", "assumed"),
        }
    }
}

/// The origin of one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The source it was taken from.
    pub source: SourceId,
    /// How far to trust it.
    pub status: Status,
    /// The file it stands in, as an index into [`crate::catalogue::Catalogue::files`].
    pub file: u16,
    /// The line in that file, from 1.
    pub line: u32,
}

/// A number with its range and origin.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sourced {
    /// The value used.
    pub value: f64,
    /// The lower end of the range that the source supports.
    pub low: f64,
    /// The upper end of that range.
    pub high: f64,
    /// Where it comes from.
    pub origin: Origin,
}

impl Sourced {
    /// A number without a range of its own.
    pub fn exact(value: f64, origin: Origin) -> Self {
        Self {
            value,
            low: value,
            high: value,
            origin,
        }
    }

    /// The same number in another unit: value and range times `scale`.
    #[must_use]
    pub fn scaled(self, scale: f64) -> Self {
        Self {
            value: self.value * scale,
            low: self.low * scale,
            high: self.high * scale,
            origin: self.origin,
        }
    }
}

/// A source of numbers, as `data/sources.csv` lists it.
#[derive(Clone, Debug)]
pub struct Source {
    /// Its id.
    pub id: String,
    /// Title of the document, table or data set.
    pub title: String,
    /// Who issued it.
    pub issuer: Text,
    /// Year of issue, as printed.
    pub year: String,
    /// Where it can be read.
    pub url: String,
    /// Terms of use.
    pub terms: String,
}
