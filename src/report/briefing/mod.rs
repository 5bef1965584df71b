//! A report as content: headings, findings, tables and figures in their order, in both
//! languages. Writers turn it into a document, a page of Markdown, a folder of figures; none
//! of them adds a word or a number of its own.

mod balance;
mod content;
mod figures;
mod finding;
mod levels;
mod markdown;
mod names;
mod options;
mod run;
mod tables;
mod ways;

pub use balance::{Balance, Entry, Part, Rounded};
pub use content::{Block, Briefing, Maker, Section};
pub use finding::{Best, Change, Choice, Cost, Finding, Judged, Tested};
pub use levels::Ways;
pub use markdown::markdown;
pub use options::of_options;
pub use run::of_run;
