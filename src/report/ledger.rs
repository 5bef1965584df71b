//! The balance from the year that the targets count from to the last one: what growth
//! adds and each measure takes away. Current policy is one line; the table `balance` has
//! it in full, from the scenario's base year.

use crate::case::{Case, account_name, plain_account};
use crate::grid::NARROW;
use crate::tables::{of_run, run_of};
use crate::view::{Across, Cell, Column, Form, Table, Unit};
use crate::write;
use jianpai_core::catalogue::{Account, Book, Catalogue};
use jianpai_core::dims::PollutantId;
use jianpai_core::measure::Policy;
use jianpai_core::outcome::Item;
use jianpai_core::text::{Lang, Text};
use std::ops::Range;

/// One line of the ledger: what it is, its name, and its value for each account.
pub(crate) struct Line {
    /// `base`, `growth`, `current_policy`, `measure`, `join` or `total`.
    pub item: &'static str,
    /// The measure, if it is one.
    pub measure: Option<String>,
    /// Its name.
    pub name: Text,
    /// Base units of the account.
    pub values: Vec<f64>,
}

impl Line {
    fn is_change(&self) -> bool {
        !matches!(self.item, "base" | "total")
    }
}

/// The ledgers of runs, one below the other: a line an account and item.
pub fn table(cases: &[Case<'_>]) -> Table {
    let title = Text::new("减排平衡", "Balance");
    table_of(cases, &title, |_| true, account_name)
}

/// The same for some of the accounts, called `title`.
fn table_of(
    cases: &[Case<'_>],
    title: &Text,
    keep: impl Fn(Account) -> bool,
    name: impl Fn(&Catalogue, Account) -> Text,
) -> Table {
    let mut columns = of_run().to_vec();
    columns.extend([
        Column::id("account", "科目", "Account"),
        Column::id("book", "账", "Book"),
        Column::text("account_name", "科目", "Account"),
        Column::whole("from", "起始年", "From"),
        Column::whole("to", "终止年", "To"),
        Column::id("item", "项", "Item"),
        Column::id("measure", "措施", "Measure"),
        Column::text("name", &title.zh, &title.en).at(0),
        Column::number_by("value", "数量", "Value", "unit"),
        Column::unit("unit", "单位", "Unit"),
    ]);
    let mut table = Table::new("ledger", title.clone(), columns);
    table.across = Some(across());
    for case in cases {
        add(case, &mut table, &keep, &name);
    }
    table
}

fn add(
    case: &Case<'_>,
    table: &mut Table,
    keep: &dyn Fn(Account) -> bool,
    name: &dyn Fn(&Catalogue, Account) -> Text,
) {
    let mut columns = columns(case);
    columns.retain(|(account, _)| keep(*account));
    let lines = lines(case, &columns);
    for (c, (account, column)) in columns.iter().enumerate() {
        let heading = heading(*account, |account| name(case.catalogue, account));
        for line in &lines {
            let value = line.values[c];
            // Rounding leaves traces of 1e-13 where nothing changes.
            let nothing = value.abs() <= column[0].1.abs() * 1e-9;
            let form = match line.is_change() {
                true if nothing => Form::Nothing,
                true => Form::Change,
                false => Form::Amount,
            };
            let mut cells = run_of(case).to_vec();
            cells.extend([
                account.base_id(case.catalogue).into(),
                account.book().map(Book::id).into(),
                Cell::from(&heading),
                case.index_base().into(),
                case.scenario.end_year.into(),
                line.item.into(),
                Cell::from(line.measure.as_ref()),
                Cell::from(&line.name),
                Cell::from(value).form(form),
                Unit::of_account(*account).into(),
            ]);
            table.row(cells);
        }
    }
}

/// How a balance is turned: a line an item, a column an account.
pub(crate) fn across() -> Across {
    Across::of(
        &["scenario", "item", "measure"],
        ("account_name", "account_name"),
        "value",
    )
}

/// An account as the heading of its column; that of coal has its unit, which is another than
/// that of the rest.
pub(crate) fn heading(account: Account, name: impl Fn(Account) -> Text) -> Text {
    match account {
        Account::Pollutant(..) => name(account),
        _ => Text::new("用煤（万吨标准煤）", "Coal (10⁴ tce)"),
    }
}

/// Which of the lines are new measures.
pub(crate) fn measures(lines: &[Line]) -> Range<usize> {
    let is_measure = |line: &Line| line.item == "measure";
    let first = lines.iter().position(is_measure).unwrap_or_default();
    let last = lines.iter().rposition(is_measure);
    first..last.map_or(first, |last| last + 1)
}

/// The balances on the terminal: what official accounting counts, then what is really
/// emitted.
pub fn text(case: &Case<'_>, lang: Lang) -> String {
    let accounted = |account: Account| account.book() == Some(Book::Accounted);
    let physical = Text::new("减排平衡：实际排放", "Balance, physical");
    let counted = Text::new("减排平衡：核算", "Balance, as accounted");
    let case = std::slice::from_ref(case);
    let unit = lang.pick("单位：万吨", "10⁴ t");
    // The title says the book; the columns need not.
    let tables = [
        table_of(case, &counted, accounted, plain_account),
        table_of(
            case,
            &physical,
            |account| !accounted(account),
            plain_account,
        ),
    ];
    let mut out = String::new();
    for table in tables.iter().filter(|table| !table.rows.is_empty()) {
        let lines = write::terminal(table, lang, NARROW);
        out += &format!("\n{lines}\n  {unit}\n");
    }
    out
}

/// The balance of an account.
pub(crate) type Balance = (Account, Vec<(Item, f64)>);

/// The balances shown: every pollutant, in both books where there are two, and coal.
pub(crate) fn columns(case: &Case<'_>) -> Vec<Balance> {
    let pollutants = (0..case.catalogue.pollutants.len()).map(PollutantId::from_usize);
    let books = |book: Book| {
        let all = pollutants.clone();
        all.map(move |p| Account::Pollutant(p, book))
    };
    books(Book::Physical)
        .chain([Account::Coal])
        .chain(books(Book::Accounted))
        .filter_map(|account| Some((account, case.balance(account)?)))
        .collect()
}

/// The lines shown: current policy summed up, measures without effect left out.
pub(crate) fn lines(case: &Case<'_>, columns: &[Balance]) -> Vec<Line> {
    let Some((_, first)) = columns.first() else {
        return Vec::new();
    };
    let values = |i: usize| -> Vec<f64> { columns.iter().map(|(_, column)| column[i].1).collect() };
    let acts = |values: &[f64]| {
        let mut pairs = values.iter().zip(columns);
        pairs.any(|(value, (_, column))| value.abs() > column[0].1.abs() * 1e-9)
    };
    let (start, end) = (case.index_base(), case.scenario.end_year);
    let level = |year: i32| Text::new(format!("{year}年排放量"), format!("{year} emission"));
    let mut lines = Vec::new();
    let mut current: Option<(usize, Vec<f64>)> = None;
    let mut place = 0;
    for (i, (item, _)) in first.iter().enumerate() {
        let (kind, measure, name) = match item {
            Item::Base => ("base", None, level(start)),
            Item::Total => ("total", None, level(end)),
            Item::Growth => ("growth", None, Text::new("＋ 新增量", "+ growth increment")),
            Item::Join => (
                "join",
                None,
                Text::new("与观测值衔接", "join to observed values"),
            ),
            Item::Measure(m) if case.plan.measures[*m].policy == Policy::Current => {
                let (count, sums) = current.get_or_insert_with(|| (0, vec![0.0; columns.len()]));
                *count += 1;
                for (sum, value) in sums.iter_mut().zip(values(i)) {
                    *sum += value;
                }
                continue;
            }
            Item::Measure(m) => {
                let measure = &case.plan.measures[*m];
                let Text { zh, en } = &measure.name;
                let name = Text::new(format!("  {zh}"), format!("  {en}"));
                ("measure", Some(measure.id.clone()), name)
            }
        };
        let values = values(i);
        if matches!(item, Item::Base | Item::Growth | Item::Total) || acts(&values) {
            lines.push(Line {
                item: kind,
                measure,
                name,
                values,
            });
        }
        if *item == Item::Growth {
            place = lines.len();
        }
    }
    if let Some((count, values)) = current {
        let name = Text::new(
            format!("  现行政策与自然更新（{count} 项）"),
            format!("  Current policy and renewal ({count})"),
        );
        let line = Line {
            item: "current_policy",
            measure: None,
            name,
            values,
        };
        lines.insert(place, line);
    }
    lines
}
