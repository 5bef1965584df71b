//! The names by which things go in files beside their ids: `data/names.csv`.

/// What kind of thing a name is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NameOf {
    /// A region or a zone.
    Region,
    /// A driver of growth.
    Driver,
    /// A service.
    Service,
    /// An indicator.
    Indicator,
    /// A kind of measure.
    Measure,
    /// A technology, by what a mix calls it (`gas`) or by its whole id.
    Technology,
    /// A calibre.
    Calibre,
    /// A word that a field holds, such as `trucks`.
    Word,
    /// A table of a scenario, such as `targets`.
    Table,
    /// A key of a table, such as `share`.
    Key,
    /// An amount by which a place's part of its parent is told.
    Proxy,
    /// A source class of inventories.
    Class,
    /// A group of stocks, such as `boiler-le10`.
    Stock,
}

impl NameOf {
    /// Every one of them, with its id in files.
    pub const ALL: [(&'static str, NameOf); 13] = [
        ("region", Self::Region),
        ("driver", Self::Driver),
        ("service", Self::Service),
        ("indicator", Self::Indicator),
        ("measure", Self::Measure),
        ("technology", Self::Technology),
        ("calibre", Self::Calibre),
        ("word", Self::Word),
        ("table", Self::Table),
        ("key", Self::Key),
        ("proxy", Self::Proxy),
        ("class", Self::Class),
        ("stock", Self::Stock),
    ];
}

/// Another name of something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherName {
    /// What kind of thing.
    pub of: NameOf,
    /// Its id.
    pub id: String,
    /// The name.
    pub name: String,
}
