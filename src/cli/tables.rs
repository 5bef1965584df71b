//! One table of a result, printed alone: as text, CSV or JSON.

use super::console::Console;
use clap::Args;
use jianpai_core::text::{Lang, Text};
use jianpai_load::quantity;
use jianpai_report::grid::WIDE;
use jianpai_report::view::Table;
use jianpai_report::write;
use jianpai_study::problem::Unknown;

/// The argument with which a command prints one of its tables.
#[derive(Args, Debug)]
pub(super) struct TableArgs {
    /// Print this table alone; with --csv or --json in that format / 只输出这张表
    #[arg(long, value_name = "TABLE")]
    pub table: Option<String>,
}

/// How results are printed: all tables as JSON, or one of them.
#[derive(Args, Debug)]
pub(super) struct PrintArgs {
    /// Print all tables as JSON / 以 JSON 输出全部表
    #[arg(long)]
    pub json: bool,
    /// With --table: print it as CSV / 与 --table 同用：以 CSV 输出
    #[arg(long, requires = "table", conflicts_with = "json")]
    pub csv: bool,
    #[command(flatten)]
    pub table: TableArgs,
}

impl PrintArgs {
    /// How one table is printed.
    pub(super) fn format(&self) -> Format {
        Format::of(self.csv, self.json)
    }

    /// The one table that is asked for, as it is printed; the exit code after saying that
    /// there is none of its name.
    pub(super) fn alone(&self, console: &Console, all: &[Table]) -> Result<Option<String>, u8> {
        let name = self.table.table.as_deref();
        let alone = name.map(|name| {
            let table = named(console, all, name)?;
            Ok(text(console, table, self.format()))
        });
        alone.transpose()
    }
}

/// How a table is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// For people.
    Text,
    /// As CSV.
    Csv,
    /// As JSON.
    Json,
}

impl Format {
    /// The format that two switches ask for.
    pub(super) fn of(csv: bool, json: bool) -> Self {
        match (csv, json) {
            (true, _) => Format::Csv,
            (_, true) => Format::Json,
            _ => Format::Text,
        }
    }
}

/// Refuses a name that is none of `ids`; the exit code after saying so.
pub(super) fn known(console: &Console, ids: &[&str], name: &str) -> Result<(), u8> {
    if ids.contains(&name) {
        return Ok(());
    }
    let unknown = Unknown::among(Text::new("表", "table"), name, ids);
    Err(console.fail(&unknown.into()))
}

/// The table called `name`; the exit code after saying that there is none.
pub(super) fn named<'t>(
    console: &Console,
    tables: &'t [Table],
    name: &str,
) -> Result<&'t Table, u8> {
    let found = tables.iter().find(|table| table.id == name);
    found.ok_or_else(|| {
        let ids: Vec<&str> = tables.iter().map(|table| table.id).collect();
        known(console, &ids, name).err().unwrap_or(super::BAD_INPUT)
    })
}

/// A table as it is printed.
pub(super) fn text(console: &Console, table: &Table, format: Format) -> String {
    match format {
        Format::Text => format!("{}\n", write::terminal(table, console.lang, WIDE)),
        Format::Csv => String::from_utf8_lossy(&write::csv(table, console.lang)).into_owned(),
        Format::Json => format!("{:#}\n", write::document([table])),
    }
}

/// A percentage between 0 and 100 as a fraction.
pub(super) fn fraction(console: &Console, option: &str, text: &str) -> Result<f64, u8> {
    let parsed = quantity::parse(text).ok();
    let value = parsed.and_then(|q| q.to(quantity::Dim::NONE).ok());
    let written = text.contains(['%', '％']);
    match value {
        Some(value) if written && (0.0..=1.0).contains(&value) => Ok(value),
        _ => Err(console.complain(&match console.lang {
            Lang::Zh => format!("{option} `{text}`：应为 0—100 % 的百分数，如 10%"),
            Lang::En => format!("{option} `{text}`: a percentage from 0 to 100, like 10%"),
        })),
    }
}
