//! A table: columns that say what they hold and in which unit, and rows of cells.

use super::{Form, Unit};
use jianpai_core::text::Text;
use std::borrow::Cow;

/// A result as a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// Its name for machines: `targets`.
    pub id: &'static str,
    /// Its name for people.
    pub title: Text,
    /// The columns, in the order in which machines have them.
    pub columns: Vec<Column>,
    /// The rows.
    pub rows: Vec<Record>,
    /// How the terminal turns a long table: one column a value of one of its columns.
    pub across: Option<Across>,
}

/// A column.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Its name for machines, the header of CSV.
    pub key: Cow<'static, str>,
    /// Its name for people.
    pub heading: Text,
    /// What it holds.
    pub holds: Holds,
    /// Its place on the terminal, from the left; `None`: machines alone have it.
    pub place: Option<u8>,
    /// What stands in the same cell on the terminal.
    pub with: With,
    /// What the terminal shows where there is no value.
    pub absent: &'static str,
    /// The terminal shows it only where the value of this column is another than in the
    /// row above.
    pub once: Option<&'static str>,
    /// Decimals in CSV; `None`: the shortest text that reads back to the same bits.
    pub decimals: Option<usize>,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Holds {
    /// Numbers, and how people read them.
    Number(Measured, Form),
    /// Whole numbers: years, counts.
    Whole,
    /// Ids.
    Id,
    /// Texts in both languages.
    Text,
    /// Yes and no, and how CSV writes them.
    Flag([&'static str; 2]),
    /// Units of a column beside it.
    Unit,
}

/// Where the unit of a column of numbers is said.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Measured {
    /// All its numbers have this one.
    In(Unit),
    /// Each row says it in this column.
    By(&'static str),
}

/// What the terminal shows beside a value in its cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum With {
    /// Nothing.
    Nothing,
    /// The upper bound in this column: `79.7–83.1%`.
    UpTo(&'static str),
    /// Not the number but a bound of it, where one of these columns has one: `<20%` from
    /// the first, `>80%` from the second.
    Bound(&'static str, &'static str),
    /// Half the width of its interval in this column: `12.3% ±1.2`.
    Half(&'static str),
    /// The verdict in this column, as a mark: `−12.3% ✓`.
    Mark(&'static str),
    /// The whole of which it is a part, in this column: `3/5`.
    Of(&'static str),
}

/// A long table turned on the terminal.
#[derive(Clone, Debug, PartialEq)]
pub struct Across {
    /// What tells lines apart: rows that agree in these columns are one line.
    pub line: Vec<&'static str>,
    /// What tells columns apart.
    pub column: &'static str,
    /// The column with their headings.
    pub heading: &'static str,
    /// The column with the values.
    pub value: &'static str,
    /// The value of that column which stands last.
    pub last: Option<&'static str>,
    /// Whether each heading has the unit in a second line.
    pub units: bool,
    /// Columns of values side by side, at most; more stand in further blocks.
    pub most: usize,
}

impl Across {
    /// Of the columns `line`, the column and the heading that tell columns apart, and the
    /// values; all side by side, without units.
    pub fn of(
        line: &[&'static str],
        (column, heading): (&'static str, &'static str),
        value: &'static str,
    ) -> Self {
        Self {
            line: line.to_vec(),
            column,
            heading,
            value,
            last: None,
            units: false,
            most: usize::MAX,
        }
    }
}

/// A row.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// One cell a column.
    pub cells: Vec<Cell>,
    /// The terminal leaves it out: it is shown elsewhere, or is one of very many.
    pub aside: bool,
}

/// A cell.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// What it holds.
    pub value: Value,
    /// How people read it, where that is not the column's way.
    pub form: Option<Form>,
}

/// The value of a cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// There is none.
    Absent,
    /// A finite number in base units.
    Number(f64),
    /// A whole number.
    Whole(i64),
    /// An id.
    Id(String),
    /// A text.
    Text(Text),
    /// Yes or no.
    Flag(bool),
    /// A unit.
    Unit(Unit),
    /// A unit that the data name; numbers in it are kept in it.
    Named(Text),
}

impl Table {
    /// A table without rows.
    pub fn new(id: &'static str, title: Text, columns: Vec<Column>) -> Self {
        Self {
            id,
            title,
            columns,
            rows: Vec::new(),
            across: None,
        }
    }

    /// Adds a row, one cell a column.
    pub fn row(&mut self, cells: Vec<Cell>) {
        debug_assert_eq!(cells.len(), self.columns.len(), "{}", self.id);
        self.rows.push(Record {
            cells,
            aside: false,
        });
    }

    /// Adds a row that the terminal leaves out.
    pub fn row_aside(&mut self, cells: Vec<Cell>) {
        self.row(cells);
        if let Some(row) = self.rows.last_mut() {
            row.aside = true;
        }
    }

    /// The place of the column called `key`.
    pub fn column(&self, key: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.key == key)
    }

    /// The cell of a row in the column called `key`.
    pub fn cell<'t>(&self, row: &'t Record, key: &str) -> Option<&'t Cell> {
        row.cells.get(self.column(key)?)
    }

    /// The unit of a row's number in the column at `c`.
    pub fn unit(&self, row: &Record, c: usize) -> Unit {
        match self.columns[c].holds {
            Holds::Number(Measured::In(unit), _) => unit,
            Holds::Number(Measured::By(key), _) => match self.cell(row, key) {
                Some(Cell {
                    value: Value::Unit(unit),
                    ..
                }) => *unit,
                _ => Unit::None,
            },
            _ => Unit::None,
        }
    }

    /// Tables of the same columns one below the other; `None` if there are no tables.
    pub fn stacked(tables: impl IntoIterator<Item = Self>) -> Option<Self> {
        let mut tables = tables.into_iter();
        let mut first = tables.next()?;
        first.rows.extend(tables.flat_map(|table| table.rows));
        Some(first)
    }
}

impl Column {
    fn new(key: impl Into<Cow<'static, str>>, zh: &str, en: &str, holds: Holds) -> Self {
        Self {
            key: key.into(),
            heading: Text::new(zh, en),
            holds,
            place: None,
            with: With::Nothing,
            absent: "",
            once: None,
            decimals: None,
        }
    }

    /// Ids.
    pub fn id(key: impl Into<Cow<'static, str>>, zh: &str, en: &str) -> Self {
        Self::new(key, zh, en, Holds::Id)
    }

    /// Texts.
    pub fn text(key: impl Into<Cow<'static, str>>, zh: &str, en: &str) -> Self {
        Self::new(key, zh, en, Holds::Text)
    }

    /// Years, counts.
    pub fn whole(key: impl Into<Cow<'static, str>>, zh: &str, en: &str) -> Self {
        Self::new(key, zh, en, Holds::Whole)
    }

    /// Yes and no, which CSV writes as these words.
    pub fn flag(key: &'static str, zh: &str, en: &str, words: [&'static str; 2]) -> Self {
        Self::new(key, zh, en, Holds::Flag(words))
    }

    /// The units of another column.
    pub fn unit(key: &'static str, zh: &str, en: &str) -> Self {
        Self::new(key, zh, en, Holds::Unit)
    }

    /// Numbers that all have one unit.
    pub fn number(key: impl Into<Cow<'static, str>>, zh: &str, en: &str, unit: Unit) -> Self {
        let holds = Holds::Number(Measured::In(unit), Form::Amount);
        Self::new(key, zh, en, holds)
    }

    /// Numbers whose unit stands in the column `by`.
    pub fn number_by(
        key: impl Into<Cow<'static, str>>,
        zh: &str,
        en: &str,
        by: &'static str,
    ) -> Self {
        let holds = Holds::Number(Measured::By(by), Form::Amount);
        Self::new(key, zh, en, holds)
    }

    /// The same, which people read so.
    #[must_use]
    pub fn form(mut self, form: Form) -> Self {
        if let Holds::Number(_, own) = &mut self.holds {
            *own = form;
        }
        self
    }

    /// The same at this place on the terminal.
    #[must_use]
    pub fn at(self, place: u8) -> Self {
        Self {
            place: Some(place),
            ..self
        }
    }

    /// The same with something beside the value on the terminal.
    #[must_use]
    pub fn with(self, with: With) -> Self {
        Self { with, ..self }
    }

    /// The same, which shows this where there is no value.
    #[must_use]
    pub fn absent(self, absent: &'static str) -> Self {
        Self { absent, ..self }
    }

    /// The same, shown once for rows that agree in the column `key`.
    #[must_use]
    pub fn once(self, key: &'static str) -> Self {
        Self {
            once: Some(key),
            ..self
        }
    }

    /// The same with so many decimals in CSV.
    #[must_use]
    pub fn decimals(self, decimals: usize) -> Self {
        Self {
            decimals: Some(decimals),
            ..self
        }
    }

    /// Whether it holds numbers.
    pub fn is_number(&self) -> bool {
        matches!(self.holds, Holds::Number(..) | Holds::Whole)
    }
}

impl Cell {
    /// No value.
    pub fn absent() -> Self {
        Self {
            value: Value::Absent,
            form: None,
        }
    }

    /// The same, which people read so.
    #[must_use]
    pub fn form(self, form: Form) -> Self {
        Self {
            form: Some(form),
            ..self
        }
    }
}

impl From<Value> for Cell {
    fn from(value: Value) -> Self {
        Self { value, form: None }
    }
}

/// A number in base units; what is infinite or no number is absent.
impl From<f64> for Cell {
    fn from(value: f64) -> Self {
        if value.is_finite() {
            Value::Number(value).into()
        } else {
            Self::absent()
        }
    }
}

impl From<i32> for Cell {
    fn from(value: i32) -> Self {
        Value::Whole(value.into()).into()
    }
}

/// A count; none is as large as 2⁶³.
impl From<u64> for Cell {
    fn from(value: u64) -> Self {
        Value::Whole(i64::try_from(value).unwrap_or(i64::MAX)).into()
    }
}

impl From<usize> for Cell {
    fn from(value: usize) -> Self {
        Cell::from(value as u64)
    }
}

impl From<bool> for Cell {
    fn from(value: bool) -> Self {
        Value::Flag(value).into()
    }
}

/// An id.
impl From<&str> for Cell {
    fn from(id: &str) -> Self {
        Value::Id(id.to_string()).into()
    }
}

impl From<&String> for Cell {
    fn from(id: &String) -> Self {
        Value::Id(id.clone()).into()
    }
}

impl From<String> for Cell {
    fn from(id: String) -> Self {
        Value::Id(id).into()
    }
}

impl From<Text> for Cell {
    fn from(text: Text) -> Self {
        Value::Text(text).into()
    }
}

impl From<&Text> for Cell {
    fn from(text: &Text) -> Self {
        Value::Text(text.clone()).into()
    }
}

impl From<Unit> for Cell {
    fn from(unit: Unit) -> Self {
        Value::Unit(unit).into()
    }
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or_else(Cell::absent, Into::into)
    }
}
