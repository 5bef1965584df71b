//! From results to bytes: values, tables, text for the terminal, CSV, JSON and charts.
//!
//! A command, a server or a notebook hands over a finished result and gets a table or the
//! text of a file; who calls decides where it goes.
//!
//! # Reading order
//!
//! Each line needs only those above it; `tests/it/layers.rs` holds it to that.
//!
//! | module | what it holds |
//! |---|---|
//! | [`units`] | the units of results for machines and for people; nothing else names one |
//! | [`grid`], [`cells`] | lines on a terminal that fit a width; cells of CSV |
//! | [`standing`], [`case`], [`calibration`] | how a target stands; a finished run as reports see it; how numbers are rounded for people |
//! | [`chart`] | drawings: a chart is plain data, `draw` gives SVG in one language for one look (slide, column, poster; light, dark) |
//! | [`view`] | results as values and as [`view::Table`]: columns with units, rows of cells, both languages |
//! | [`write`] | a table as text, CSV or JSON: one file a format |
//! | [`listing`], [`doubts`], [`compiled`], [`own_table`], [`explain`], [`diff`] | what the data hold, findings, a compiled sweep, a user's own table, one result explained, two scenarios |
//! | [`projects`], [`allocation`] | a ledger of projects; a target shared among parts |
//! | [`rounding`], [`remarks`] | lines that add up as printed; what a reader should know beside the numbers |
//! | [`tables`], [`ledger`], [`costs`], [`comparison`], [`summary`] | the tables of a run, of several, and the printed summary |
//! | [`iamc`] | the long format that pyam reads |
//! | [`figures`] | what goes into the charts of a run, and its [`figures::plates`]: every chart with caption and words |
//! | [`decomposition`], [`scorecard`], [`reliability`], [`sectors`], [`sweep`], [`solve`] | what LMDI, a hindcast, a sweep and a solve say: tables, text, charts |
//! | [`allocation_map`], [`errors`] | maps of tiles: what a rule asks of each province, where a hindcast is wrong |
//! | [`options`] | what a comparison of target options says: tables, text, chart |
//! | [`briefing`] | a report as content: headings, findings as sentences, tables, figures |
//!
//! A new table is a function that returns a [`view::Table`], listed among those of its
//! command; a new format is one file in [`write`]; a new chart is one file in [`chart`] and
//! one in [`figures`].
//!
//! # What must never be
//!
//! | never | test in `tests/it` |
//! |---|---|
//! | a file read or written, or something printed | `tidy::only_the_commands_touch_the_disk_and_print` |
//! | two formats of a table that do not say the same, or a number without its unit | `tables`, `own_table`, `listing` |
//! | a word in one language alone | `language::every_text_has_both_languages` |
//! | a line wider than its command allows | `widths` |
//! | text of a user's that a terminal or a spreadsheet obeys | `harmless::nothing_of_a_users_text_is_obeyed` |
//! | a picture that shows other numbers than the tables | `charts::balances_of_tables_and_of_charts_are_one`, `drawn`, `plates` |
//! | a text on a chart that covers another, leaves the page or is below 8 pt in print | `chart::layout_tests` beside the code |
//! | NaN or infinity in JSON | `tables::json_of_every_command_can_be_read` |

pub mod allocation;
pub mod allocation_map;
pub mod base;
pub mod briefing;
pub mod calibration;
pub mod case;
pub mod cells;
pub mod chart;
pub mod claims;
pub mod comparison;
pub mod compiled;
pub mod costs;
pub mod decomposition;
pub mod diff;
pub mod doubts;
pub mod errors;
pub mod estimates;
pub mod explain;
pub mod figures;
pub mod grid;
pub mod iamc;
pub mod ledger;
pub mod listing;
pub mod options;
pub mod own_table;
pub mod page;
pub mod projects;
pub mod reliability;
pub mod remarks;
pub mod rounding;
pub mod scorecard;
pub mod sectors;
pub mod solve;
pub mod standing;
pub mod summary;
pub mod sweep;
pub mod tables;
pub mod trajectory;
pub mod units;
pub mod view;
pub mod write;
