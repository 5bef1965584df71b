//! `jianpai explain`: the terms behind one result, down to the rows of the data.

use super::console::Console;
use super::out::print;
use super::tables::PrintArgs;
use clap::{Args, ValueEnum};
use jianpai_core::catalogue::{Book, Catalogue};
use jianpai_core::dims::IndicatorId;
use jianpai_core::explain::{Statement, Support};
use jianpai_core::names::NameOf;
use jianpai_core::outcome;
use jianpai_core::scenario::Scenario;
use jianpai_core::text::Text;
use jianpai_load::diag::nearest;
use jianpai_report::case::{Case, plain_name, short_name};
use jianpai_report::explain::{Answer, Detail, Question, Sums, json};
use jianpai_study::Error;
use jianpai_study::problem::Unknown;
use std::sync::Arc;

/// Terms below this part of the result are summed up.
const LEAST: f64 = 0.02;

/// Arguments of `explain`.
#[derive(Args, Debug)]
pub(super) struct ExplainArgs {
    /// Scenario file / 情景文件
    #[arg(value_name = "SCENARIO")]
    scenario: String,
    /// Indicator: its id or name (SO2, 二氧化硫) / 指标 id 或名称
    #[arg(value_name = "INDICATOR")]
    indicator: String,
    /// Year / 年份
    #[arg(value_name = "YEAR")]
    year: i32,
    /// The book in which it is kept; by default that in which the scenario judges it, or
    /// official accounting / 核算账或实际排放账；默认取目标所用的账，无目标时为核算
    #[arg(long, value_enum)]
    book: Option<Kept>,
    /// Only what this measure changes: its id or name / 只看这项措施
    #[arg(long, value_name = "MEASURE")]
    measure: Option<String>,
    /// Run for this region instead of the file's own / 改在此地区
    #[arg(long, value_name = "REGION")]
    region: Option<String>,
    /// Levels of the tree shown / 显示的层数
    #[arg(long, value_name = "N", default_value_t = 99)]
    depth: usize,
    /// Show every term, however small / 全部列出
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    print: PrintArgs,
}

/// A book, as it is named on the command line.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Kept {
    /// What official accounting counts / 核算
    Accounted,
    /// What is really emitted / 实际排放
    Physical,
}

impl Kept {
    fn book(self) -> Book {
        match self {
            Kept::Accounted => Book::Accounted,
            Kept::Physical => Book::Physical,
        }
    }
}

/// The indicator in the book asked for.
fn in_book(
    console: &Console,
    catalogue: &Catalogue,
    id: IndicatorId,
    book: Option<Book>,
) -> Result<IndicatorId, u8> {
    let Some(book) = book else {
        return Ok(id);
    };
    catalogue.in_book(id, book).ok_or_else(|| {
        let (id, book) = (&catalogue.indicators[id.at()].base, book.name());
        console.fail(&Error::refused(
            format!("{id} 没有“{}”这本账；不写 --book", book.zh),
            format!("{id} is not kept in the {} book; leave out --book", book.en),
        ))
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

/// Explains one result; exit codes 0, 2 (bad input).
pub(super) fn main(console: &Console, args: &ExplainArgs) -> u8 {
    match explain(console, args) {
        Ok(()) => 0,
        Err(code) => code,
    }
}

fn explain(console: &Console, args: &ExplainArgs) -> Result<(), u8> {
    let mut session = console.open()?;
    let named: Vec<String> = args.region.iter().cloned().collect();
    let regions = session.regions_for(&named, std::slice::from_ref(&args.scenario));
    let regions = regions.map_err(|error| console.fail(&error))?;
    let region = regions.first().copied().flatten();
    let study = session.open(&args.scenario, region);
    let study = console.tell(&mut session, study)?;
    // A scenario may bring its region along, and indicators.
    let data = Arc::clone(session.data());
    let catalogue = data.catalogue();
    let called = data.vocabulary().id(NameOf::Indicator, &args.indicator);
    let indicator = indicator(console, catalogue, called)?;
    let (loaded, plan) = (&study.loaded, &study.plan);
    let book = args.book.map(Kept::book);
    let book = book.or_else(|| judged_in(catalogue, &loaded.scenario, indicator));
    let indicator = in_book(console, catalogue, indicator.0, book)?;
    let Some(t) = plan.year(args.year) else {
        let near = plan
            .years
            .iter()
            .min_by_key(|year| (**year - args.year).abs());
        return Err(console.fail(&Error::Unknown(Unknown {
            what: Text::new("年份", "year"),
            name: args.year.to_string(),
            near: near.map(i32::to_string),
            known: plan.years.iter().map(i32::to_string).collect(),
        })));
    };
    let measure = args.measure.as_deref();
    let measure = measure.map(|name| {
        let known = plan
            .measures
            .iter()
            .map(|m| (m.id.as_str(), &m.name, [""; 2]));
        let known: Vec<_> = known.collect();
        find(&known, name).map_err(|near| {
            let what = Text::new("措施", "measure");
            console.fail(&unknown(what, name, near, &known))
        })
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
    let places = |statement: Statement<'_>| loaded.place(catalogue, session.files(), statement);
    let answer = Answer::new(&case, question, &places);
    let (least, sums) = if args.all {
        (0.0, Sums::Spread)
    } else {
        (LEAST, Sums::Folded)
    };
    let depth = args.depth.max(1);
    let all = jianpai_report::explain::tables(&answer);
    print(&if let Some(table) = args.print.alone(console, &all)? {
        table
    } else if args.print.json {
        format!("{:#}\n", json(&answer))
    } else {
        answer.text(console.lang, Detail { least, depth, sums })
    });
    Ok(())
}

/// The indicator called `name`: its id, its name in either language, or its short name;
/// and whether the name says the book.
fn indicator(
    console: &Console,
    catalogue: &Catalogue,
    name: &str,
) -> Result<(IndicatorId, bool), u8> {
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
            console.fail(&unknown(what, name, near, &known))
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
