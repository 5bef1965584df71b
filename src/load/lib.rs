//! From bytes to checked values: the data folder, scenario files, and users' own tables.
//!
//! Everything that a person writes comes in here, and nothing else. A reader goes on after
//! a mistake, so that one pass tells every mistake, each with its place, the reason and
//! what to write instead; what follows from a mistake told already is not told again.
//!
//! # Reading order
//!
//! Each line needs only those above it; `tests/it/layers.rs` holds it to that.
//!
//! | module | what it reads |
//! |---|---|
//! | [`diag`] | what is wrong, where, and what to write instead |
//! | [`encoding`], [`format`](mod@format), [`input`] | what a file is, its characters, and why it is refused |
//! | [`number`], [`tree`], [`quantity`] | numbers as people write them; TOML with places; `300 万t` |
//! | `cut`, [`table`] | CSV cut into cells, each with its place |
//! | [`vocabulary`] | what things are called: ids, and the names that planners write in their place |
//! | [`catalogue`] | `data/`: the world, from vocabulary to base years |
//! | [`numbers`] | tables of a million rows, as columns |
//! | [`scenario`] | a scenario: inheritance, its parts, then what the model finds wrong with it |
//! | [`schema`] | the JSON Schema of scenario files |
//! | [`bounds`], [`factors`] | a user's own model: how its inputs vary; its factors by group |
//!
//! # What must never be
//!
//! - opening a file: bytes come through [`scenario::Fetch`] or a stream that the caller
//!   opened;
//! - a default in place of a number that is missing or cannot be read;
//! - a mistake without a place, or a message in one language;
//! - a panic, whatever the bytes;
//! - a rule of the model: what a measure does with its fields is said in `jianpai_core`.

pub mod bounds;
pub mod catalogue;
pub(crate) mod cut;
pub mod diag;
pub mod digest;
pub mod encoding;
pub mod factors;
pub mod format;
pub mod input;
pub mod ledger;
pub mod number;
pub mod numbers;
pub mod parts;
pub mod quantity;
pub mod scenario;
pub mod schema;
pub mod table;
pub mod tree;
pub mod vocabulary;
