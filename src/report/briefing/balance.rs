//! Balances as reports print them: the ledger with all new measures together and the net
//! change, rounded so that its lines add up ([`crate::rounding`]).

use crate::case::{Case, plain_account};
use crate::ledger::{self, Line};
use crate::rounding::Rounding;
use crate::tables::{of_run, run_of};
use crate::view::{Cell, Column, Form, Table, Unit};
use jianpai_core::catalogue::{Account, Book};
use jianpai_core::text::Text;

/// A balance of a book: lines, and a column for each account.
#[derive(Clone, Debug)]
pub struct Balance {
    /// The book; coal, which is in none, stands with what is really emitted.
    pub book: Book,
    /// What the lines are.
    pub lines: Vec<Entry>,
    /// The accounts.
    pub columns: Vec<Rounded>,
}

/// A line of a balance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What it is.
    pub item: Part,
    /// Its name.
    pub name: Text,
}

/// What a line of a balance is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// The amount in the year that the targets count from.
    Base,
    /// What growth adds.
    Growth,
    /// What current policy and renewal change.
    Current,
    /// What all new measures change together.
    New,
    /// What one of them changes, by its id.
    Measure(String),
    /// The join to observed values.
    Join,
    /// The amount in the last year.
    Total,
    /// The last year less the first.
    Net,
}

impl Part {
    /// The id in tables.
    fn id(&self) -> &'static str {
        match self {
            Part::Base => "base",
            Part::Growth => "growth",
            Part::Current => "current_policy",
            Part::New => "new_measures",
            Part::Measure(_) => "measure",
            Part::Join => "join",
            Part::Total => "total",
            Part::Net => "net",
        }
    }

    /// Whether it is a change.
    fn is_change(&self) -> bool {
        !matches!(self, Part::Base | Part::Total)
    }
}

/// An account of a balance, in units of the last decimal that is printed.
#[derive(Clone, Debug)]
pub struct Rounded {
    /// The account.
    pub account: Account,
    /// Its name and unit, as a heading.
    pub name: Text,
    /// How its lines are rounded.
    pub rounding: Rounding,
    /// Units of the last decimal, one for each line; `None` where nothing changes.
    pub units: Vec<Option<i64>>,
    /// The same as they are (base units).
    pub values: Vec<f64>,
}

impl Rounded {
    /// How a line is printed.
    pub fn form(&self, line: usize, signed: bool) -> Form {
        self.rounding.form(self.units[line], signed)
    }
}

/// The balances of a run: what is accounted, then what is really emitted; one of them alone
/// where the run has no other.
pub fn of(case: &Case<'_>) -> Vec<Balance> {
    let all = ledger::columns(case);
    let accounted = |account: &Account| account.book() == Some(Book::Accounted);
    [Book::Accounted, Book::Physical]
        .into_iter()
        .filter_map(|book| {
            let own = all.iter();
            let own = own.filter(|(account, _)| accounted(account) == (book == Book::Accounted));
            let own: Vec<_> = own.cloned().collect();
            let lines = ledger::lines(case, &own);
            (!lines.is_empty()).then(|| balance(case, book, &lines, &own))
        })
        .collect()
}

fn balance(case: &Case<'_>, book: Book, lines: &[Line], own: &[ledger::Balance]) -> Balance {
    let entries = entries(lines);
    let columns = own.iter().enumerate();
    let columns = columns.map(|(c, (account, _))| {
        let scale = Unit::of_account(*account).shown().scale;
        let values: Vec<f64> = lines.iter().map(|line| line.values[c]).collect();
        let base = values[0];
        let last = lines.len() - 1;
        let rounding = Rounding::of(&values, scale, ledger::measures(lines));
        let unit = |line: usize| rounding.units[line];
        let sum = |some: &dyn Fn(usize) -> Option<i64>, item: &str| {
            let own = (0..lines.len()).filter(|i| lines[*i].item == item);
            let own: Vec<i64> = own.filter_map(some).collect();
            (!own.is_empty()).then(|| own.iter().sum::<i64>())
        };
        let net = unit(last).zip(unit(0)).map(|(to, from)| to - from);
        let whole = |item: &str| {
            let own = lines.iter().zip(&values);
            let own = own.filter(|(line, _)| line.item == item);
            own.map(|(_, value)| *value).sum::<f64>()
        };
        let printed = entries.iter().map(|entry| match &entry.item {
            Part::Base => (unit(0), base),
            Part::Total => (unit(last), values[last]),
            Part::Net => (net, values[last] - base),
            Part::New => (sum(&unit, "measure"), whole("measure")),
            Part::Measure(id) => {
                let at = lines
                    .iter()
                    .position(|line| line.measure.as_ref() == Some(id));
                at.map_or((None, 0.0), |at| (unit(at), values[at]))
            }
            other => (sum(&unit, other.id()), whole(other.id())),
        });
        let (units, values) = printed.unzip();
        Rounded {
            account: *account,
            name: ledger::heading(*account, |account| plain_account(case.catalogue, account)),
            rounding,
            units,
            values,
        }
    });
    Balance {
        book,
        columns: columns.collect(),
        lines: entries,
    }
}

/// The lines printed: those of the ledger, all new measures together before each of them, and
/// the net change last.
fn entries(lines: &[Line]) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for line in lines {
        let name = Text::new(line.name.zh.trim(), line.name.en.trim());
        let item = match (line.item, &line.measure) {
            ("base", _) => Part::Base,
            ("growth", _) => Part::Growth,
            ("current_policy", _) => Part::Current,
            ("join", _) => Part::Join,
            ("total", _) => Part::Total,
            (_, Some(id)) => Part::Measure(id.clone()),
            _ => continue,
        };
        let is_first = !entries.iter().any(|entry| entry.item == Part::New);
        if matches!(item, Part::Measure(_)) && is_first {
            entries.push(Entry {
                item: Part::New,
                name: Text::new("新增措施合计", "All new measures"),
            });
        }
        let name = match item {
            Part::Growth => Text::new("新增量", "Growth increment"),
            _ => name,
        };
        entries.push(Entry { item, name });
    }
    entries.push(Entry {
        item: Part::Net,
        name: Text::new("净变化", "Net change"),
    });
    entries
}

impl Balance {
    /// What it is called.
    pub fn title(&self, case: &Case<'_>) -> Text {
        let (from, to) = (case.index_base(), case.scenario.end_year);
        let one = case.catalogue.pollutants.iter();
        let mut one = one.map(|p| p.accounting);
        let both = one.any(|a| a == jianpai_core::catalogue::Accounting::Rules);
        let (zh, en) = match (self.book, both) {
            (_, false) => ("减排平衡", "Balance"),
            (Book::Accounted, _) => ("减排平衡（核算）", "Balance, as accounted"),
            (Book::Physical, _) => ("减排平衡（实际排放）", "Balance, physical emission"),
        };
        Text::new(
            format!("{from}—{to}年{zh}（万吨）"),
            format!("{en}, {from}–{to} (10⁴ t)"),
        )
    }

    /// The balance as a table.
    pub fn table(&self, case: &Case<'_>) -> Table {
        let mut columns = of_run().to_vec();
        columns.extend([
            Column::id("account", "科目", "Account"),
            Column::id("book", "账", "Book"),
            Column::text("account_name", "科目", "Account"),
            Column::id("item", "项", "Item"),
            Column::id("measure", "措施", "Measure"),
            Column::text("name", "项目", "Item").at(0),
            Column::number_by("value", "数量", "Value", "unit"),
            Column::unit("unit", "单位", "Unit"),
        ]);
        let mut table = Table::new("balance", self.title(case), columns);
        table.across = Some(ledger::across());
        for column in &self.columns {
            for (l, entry) in self.lines.iter().enumerate() {
                let measure = match &entry.item {
                    Part::Measure(id) => Some(id.clone()),
                    _ => None,
                };
                let indent = if measure.is_some() { "　" } else { "" };
                let space = if measure.is_some() { "  " } else { "" };
                let name = Text::new(
                    format!("{indent}{}", entry.name.zh),
                    format!("{space}{}", entry.name.en),
                );
                let form = column.form(l, entry.item.is_change());
                let mut cells = run_of(case).to_vec();
                cells.extend([
                    column.account.base_id(case.catalogue).into(),
                    self.book.id().into(),
                    Cell::from(&column.name),
                    entry.item.id().into(),
                    Cell::from(measure.as_ref()),
                    name.into(),
                    Cell::from(column.values[l]).form(form),
                    Unit::of_account(column.account).into(),
                ]);
                table.row(cells);
            }
        }
        table
    }

    /// The place of the line that is `item`.
    pub fn line(&self, item: &Part) -> Option<usize> {
        self.lines.iter().position(|entry| entry.item == *item)
    }
}
