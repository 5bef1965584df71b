//! What is asked about one result, by the names that people use, and its answer.

use crate::problem::{Error, Unknown};
use crate::run::Study;
use jianpai_core::catalogue::{Book, Catalogue};
use jianpai_core::dims::IndicatorId;
use jianpai_core::explain::{Statement, Support};
use jianpai_core::names::NameOf;
use jianpai_core::outcome;
use jianpai_core::scenario::Scenario;
use jianpai_core::text::Text;
use jianpai_load::diag::nearest;
use jianpai_report::case::{Case, plain_name, short_name};
use jianpai_report::explain::{Answer, Question};

/// A question about one result.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The indicator: its id or name (`SO2`, `二氧化硫`).
    pub indicator: &'a str,
    /// The year.
    pub year: i32,
    /// The book in which it is kept; without one, that in which the scenario judges it, or
    /// official accounting.
    pub book: Option<Book>,
    /// Only what this measure changes: its id or name.
    pub measure: Option<&'a str>,
}

impl Study {
    /// Answers a question; `told` takes the answer, which lives no longer.
    ///
    /// # Errors
    /// A name or a year that is none, or a book in which the indicator is not kept.
    pub fn explain<T>(
        &self,
        asked: &Asked<'_>,
        told: impl FnOnce(&Answer<'_>) -> T,
    ) -> Result<T, Error> {
        let catalogue = self.catalogue();
        let called = self
            .data()
            .vocabulary()
            .id(NameOf::Indicator, asked.indicator);
        let indicator = indicator(catalogue, called)?;
        let (loaded, plan) = (&self.loaded, &self.plan);
        let book = asked.book;
        let book = book.or_else(|| judged_in(catalogue, &loaded.scenario, indicator));
        let indicator = in_book(catalogue, indicator.0, book)?;
        let Some(t) = plan.year(asked.year) else {
            let near = plan
                .years
                .iter()
                .min_by_key(|year| (**year - asked.year).abs());
            return Err(Error::Unknown(Unknown {
                what: Text::new("年份", "year"),
                name: asked.year.to_string(),
                near: near.map(i32::to_string),
                known: plan.years.iter().map(i32::to_string).collect(),
            }));
        };
        let measure = asked.measure.map(|name| {
            let known = plan
                .measures
                .iter()
                .map(|m| (m.id.as_str(), &m.name, [""; 2]));
            let known: Vec<_> = known.collect();
            find(&known, name)
                .map_err(|near| unknown(Text::new("措施", "measure"), name, near, &known))
        });
        let measure = measure.transpose()?;
        let outcome = outcome::run(catalogue, &loaded.scenario, plan);
        let support = Support::default();
        let case = Case {
            catalogue,
            scenario: &loaded.scenario,
            plan,
            outcome: &outcome,
            support: &support,
        };
        let question = Question {
            indicator,
            t,
            measure,
        };
        let places = |statement: Statement<'_>| loaded.place(catalogue, self.files(), statement);
        Ok(told(&Answer::new(&case, question, &places)))
    }
}

/// The indicator in the book asked for.
fn in_book(
    catalogue: &Catalogue,
    id: IndicatorId,
    book: Option<Book>,
) -> Result<IndicatorId, Error> {
    let Some(book) = book else {
        return Ok(id);
    };
    catalogue.in_book(id, book).ok_or_else(|| {
        let (id, book) = (&catalogue.indicators[id.at()].base, book.name());
        Error::refused(
            format!("{id} 没有“{}”这本账；不写 --book", book.zh),
            format!("{id} is not kept in the {} book; leave out --book", book.en),
        )
    })
}

/// The book meant where none is named: the one in which the scenario judges the
/// indicator, or else that of official accounting. `None` where there is one book alone,
/// and where the indicator was named with its book.
fn judged_in(
    catalogue: &Catalogue,
    scenario: &Scenario,
    (id, said): (IndicatorId, bool),
) -> Option<Book> {
    let indicator = &catalogue.indicators[id.at()];
    if said || indicator.told_book(catalogue).is_none() {
        return None;
    }
    let of = |book: Book| {
        let mut targets = scenario.targets.iter();
        let other = catalogue.in_book(id, book);
        targets.any(|target| Some(target.indicator) == other)
    };
    let physical = of(Book::Physical) && !of(Book::Accounted);
    Some(if physical {
        Book::Physical
    } else {
        Book::Accounted
    })
}

/// The indicator called `name`: its id, its name in either language, or its short name;
/// and whether the name says the book.
fn indicator(catalogue: &Catalogue, name: &str) -> Result<(IndicatorId, bool), Error> {
    let with_book = catalogue.indicators.iter().position(|indicator| {
        let told = indicator.told_book(catalogue);
        let (short, key) = (short_name(catalogue, indicator), &indicator.named.id);
        told.is_some() && (short.zh == name || short.en.eq_ignore_ascii_case(name))
            || told == Some(Book::Accounted) && key.eq_ignore_ascii_case(name)
    });
    if let Some(i) = with_book {
        return Ok((IndicatorId::from_usize(i), true));
    }
    let short: Vec<Text> = catalogue
        .indicators
        .iter()
        .map(|indicator| match indicator.book {
            Book::Physical => plain_name(catalogue, indicator),
            Book::Accounted => short_name(catalogue, indicator),
        })
        .collect();
    let known: Vec<_> = catalogue
        .indicators
        .iter()
        .zip(&short)
        .map(|(i, short)| {
            let names = [short.zh.as_str(), short.en.as_str()];
            (i.named.id.as_str(), &i.named.name, names)
        })
        .collect();
    find(&known, name)
        .map(|i| (IndicatorId::from_usize(i), false))
        .map_err(|near| {
            let what = Text::new("指标", "indicator");
            unknown(what, name, near, &known)
        })
}

/// A name that none of `known` has.
fn unknown(what: Text, name: &str, near: Option<&str>, known: &[Known<'_>]) -> Error {
    Error::Unknown(Unknown {
        what,
        name: name.to_string(),
        near: near.map(str::to_string),
        known: known.iter().map(|(id, ..)| (*id).to_string()).collect(),
    })
}

/// An id, the name, and short names in both languages.
type Known<'k> = (&'k str, &'k Text, [&'k str; 2]);

/// The position of what is called `name` among ids with their names; otherwise the id
/// that was probably meant.
fn find<'k>(known: &[Known<'k>], name: &str) -> Result<usize, Option<&'k str>> {
    let exact = known
        .iter()
        .position(|(id, ..)| id.eq_ignore_ascii_case(name));
    let named = |(_, full, short): &(&str, &Text, [&str; 2])| {
        let names = [full.zh.as_str(), full.en.as_str(), short[0], short[1]];
        names.iter().any(|other| other.eq_ignore_ascii_case(name))
    };
    // A name that two share does not say which is meant.
    let mut by_name = known.iter().enumerate().filter(|(_, known)| named(known));
    let first = by_name.next().map(|(i, _)| i);
    let only = first.filter(|_| by_name.next().is_none());
    if let Some(found) = exact.or(only) {
        return Ok(found);
    }
    let near = nearest(name, known.iter().map(|(id, ..)| *id));
    Err(near.or_else(|| {
        let names = known.iter().flat_map(|(id, full, short)| {
            let names = [full.zh.as_str(), full.en.as_str(), short[0], short[1]];
            names.map(|other| (*id, other))
        });
        let names: Vec<(&str, &str)> = names.filter(|(_, other)| !other.is_empty()).collect();
        let near = nearest(name, names.iter().map(|(_, other)| *other))?;
        names
            .iter()
            .find(|(_, other)| *other == near)
            .map(|(id, _)| *id)
    }))
}
