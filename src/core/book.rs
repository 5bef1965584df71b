//! The two books of emissions, and how official accounting counts a technology.
//!
//! The **physical** book (实际排放) is what goes up the stack and down the river: research
//! inventories, monitors and the yearly statistics are held against it. The **accounted**
//! book (核算) is what the rules of official accounting count: base-year statistics, plus
//! growth, less audited reductions credited by rule. Official targets are judged in it.
//! Both share activities, shares, measures and the base-year total; they differ in the
//! factors ([`Credit`]), and each has calibration factors of its own.

use crate::dims::TechnologyId;
use crate::provenance::Sourced;
use crate::text::Text;

/// The two books in which an emission is kept; see [`crate::account`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Book {
    /// What is really emitted (实际排放).
    Physical,
    /// What the rules of official accounting count (核算).
    Accounted,
}

/// Whether a pollutant has an accounted book, and how it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accounting {
    /// By rules of its own: accounting factors beside the physical ones.
    Rules,
    /// By the same arithmetic as the physical book, which serves for both.
    Physical,
    /// Not at all: there is no official total to count it against.
    None,
}

impl Book {
    /// Both of them.
    pub const ALL: [Book; 2] = [Book::Physical, Book::Accounted];

    /// The id in files and tables.
    pub fn id(self) -> &'static str {
        match self {
            Book::Physical => "physical",
            Book::Accounted => "accounted",
        }
    }

    /// What a bureau calls it.
    pub fn name(self) -> Text {
        match self {
            Book::Physical => Text::new("实际排放", "physical"),
            Book::Accounted => Text::new("核算", "accounted"),
        }
    }

    /// The book called `id`.
    pub fn parse(id: &str) -> Option<Book> {
        Book::ALL.into_iter().find(|book| book.id() == id)
    }

    /// An id that says the book: plain in the physical one, `SO2-accounted` in the other.
    pub fn key(self, id: &str) -> String {
        match self {
            Book::Physical => id.to_string(),
            Book::Accounted => format!("{id}-{}", self.id()),
        }
    }

    /// A name with its book beside it: `SO2（核算）`, `SO2 (accounted)`.
    pub fn beside(self, name: &Text) -> Text {
        let book = match self {
            Book::Accounted => Text::new("核算", "accounted"),
            Book::Physical => Text::new("实际", "physical"),
        };
        Text::new(
            format!("{}（{}）", name.zh, book.zh),
            format!("{} ({})", name.en, book.en),
        )
    }
}

/// How official accounting counts a technology's emission of a pollutant.
///
/// ```text
/// rule       F_acc[k] = value                   t per unit of service
/// limits     F_acc[k] = value · F_acc[of]       the ratio of two limits
/// none       F_acc[k] = F_acc[of]               the step from `of` to k earns no credit
/// physical   F_acc[k] = F[k]
/// ```
///
/// `of` is counted as its own row says; a chain of them ends in a technology that is
/// counted by a rule or physically (the reader of the data refuses a circle).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Credit {
    /// By which of the four.
    pub rule: CreditRule,
    /// The technology whose accounting factor it starts from, for `limits` and `none`.
    pub of: Option<TechnologyId>,
    /// The factor (`rule`: t per unit of service) or the ratio (`limits`); 1 otherwise.
    pub value: Sourced,
}

/// The kinds of [`Credit`], in the order in which they are preferred.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CreditRule {
    /// A published coefficient.
    Rule,
    /// The ratio of the limits after and before.
    Limits,
    /// No credit.
    Nothing,
    /// The physical factor.
    Physical,
}
