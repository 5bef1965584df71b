//! The keys of entries, for those who read them and those who put them in the place of names.

/// The keys of an entry of `[targets]`.
pub(super) const TARGET: [&str; 15] = [
    "indicator",
    "zone",
    "book",
    "year",
    "base_year",
    "from",
    "name_zh",
    "name_en",
    "source",
    "calibre",
    "reduction",
    "cap",
    "floor",
    "cumulative",
    "project",
];

/// The keys of an entry of `[tracked]`.
pub(super) const TRACKED: [&str; 10] = [
    "name_zh",
    "name_en",
    "target",
    "target_en",
    "year",
    "value",
    "values",
    "aim",
    "source",
    "replace",
];
