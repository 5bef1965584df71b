//! `bounds.csv`: the inputs of a user's own model and how they are distributed.
//!
//! | distribution | columns |
//! |---|---|
//! | `uniform` | `lo`, `hi` |
//! | `triangular` | `lo`, `mode`, `hi` |
//! | `normal` | `mean`, `sd`; optional `lo` and `hi` cut it |
//! | `lognormal` | `median`, `gsd` (geometric standard deviation); optional `lo` and `hi` cut it |
//! | `lognormal-range` | `lo`, `median`, `hi`: the 2.5 %, 50 % and 97.5 % quantiles |
//! | `values` | `values`, separated by spaces or `;` (optional `weights`) |
//! | `fixed` | `value` |

use crate::diag::{Diagnostic, Diagnostics, FileId, Files, Span, nearest};
use crate::number;
use crate::table::{Cell, Column, Row, Table};
use jianpai_core::text::Text;
use std::collections::HashMap;

/// One input.
#[derive(Clone, Debug, PartialEq)]
pub struct Bound {
    /// Its name.
    pub name: String,
    /// How it is distributed; the numbers are not checked against each other.
    pub form: Form,
    /// The row.
    pub span: Span,
}

/// How an input is distributed.
#[derive(Clone, Debug, PartialEq)]
pub enum Form {
    /// Lower and upper end.
    Uniform(f64, f64),
    /// Lower end, most likely value, upper end.
    Triangular(f64, f64, f64),
    /// Mean and standard deviation, cut to the ends.
    Normal(f64, f64, Ends),
    /// Median and geometric standard deviation, cut to the ends.
    LogNormal(f64, f64, Ends),
    /// Quantiles at 2.5 %, 50 % and 97.5 %.
    LogNormalRange(f64, f64, f64),
    /// Values and their weights; no weights are equal weights.
    Values(Vec<f64>, Vec<f64>),
    /// One value.
    Fixed(f64),
}

/// Where an unbounded distribution is cut, if at all.
pub type Ends = (Option<f64>, Option<f64>);

/// Columns of numbers.
const NUMBERS: [&str; 8] = ["lo", "mode", "hi", "mean", "sd", "median", "gsd", "value"];

const COLUMNS: [Column; 12] = [
    Column::required("name"),
    Column::required("distribution"),
    Column::optional("lo"),
    Column::optional("mode"),
    Column::optional("hi"),
    Column::optional("mean"),
    Column::optional("sd"),
    Column::optional("median"),
    Column::optional("gsd"),
    Column::optional("value"),
    Column::optional("values"),
    Column::optional("weights"),
];

/// Distributions with the columns they need and those they may have.
const FORMS: [(&str, &[&str], &[&str]); 7] = [
    ("uniform", &["lo", "hi"], &[]),
    ("triangular", &["lo", "mode", "hi"], &[]),
    ("normal", &["mean", "sd"], &["lo", "hi"]),
    ("lognormal", &["median", "gsd"], &["lo", "hi"]),
    ("lognormal-range", &["lo", "median", "hi"], &[]),
    ("values", &["values"], &["weights"]),
    ("fixed", &["value"], &[]),
];

/// Reads the table; what is wrong goes to `diags`, and the rows at fault are left out.
pub fn read(files: &Files, file: FileId, diags: &mut Diagnostics) -> Option<Vec<Bound>> {
    let table = Table::parse(files, file, &COLUMNS, diags)?;
    let mut bounds: Vec<Bound> = Vec::new();
    let mut firsts: HashMap<String, Span> = HashMap::new();
    for row in table.rows() {
        let name = row.cell("name").text_required(diags);
        if let Some(name) = name {
            if let Some(first) = firsts.get(name) {
                diags.push(twice(&row.cell("name"), *first));
            }
            if let Some(form) = form(&row, diags) {
                let (name, span) = (name.to_string(), row.span());
                firsts.entry(name.clone()).or_insert(span);
                bounds.push(Bound { name, form, span });
            }
        }
    }
    if table.is_empty() {
        let message = Text::new("没有输入", "there are no inputs");
        let label = Text::new("表头之下没有行", "no row below the header");
        diags.push(Diagnostic::error("empty-file", message).label(Span::new(file, 0, 0), label));
    }
    Some(bounds)
}

fn form(row: &Row<'_>, diags: &mut Diagnostics) -> Option<Form> {
    let cell = row.cell("distribution");
    let kind = cell.text_required(diags)?;
    let Some((_, needed, allowed)) = FORMS.iter().find(|(id, _, _)| *id == kind) else {
        diags.push(unknown(&cell));
        return None;
    };
    let mut good = true;
    for column in NUMBERS.iter().chain(&["values", "weights"]) {
        let unused = !needed.contains(column) && !allowed.contains(column);
        if unused && !row.cell(column).is_empty() {
            diags.push(superfluous(&row.cell(column), kind, needed));
            good = false;
        }
    }
    let mut number = |name: &'static str| {
        let cell = row.cell(name);
        if cell.is_empty() {
            if needed.contains(&name) {
                diags.push(lacking(row, kind, name));
                good = false;
            }
            return None;
        }
        let value = cell.number(diags);
        good &= value.is_some();
        value
    };
    let mut get = |name: &'static str| number(name).unwrap_or(0.0);
    let form = match kind {
        "uniform" => Form::Uniform(get("lo"), get("hi")),
        "triangular" => Form::Triangular(get("lo"), get("mode"), get("hi")),
        "normal" => Form::Normal(get("mean"), get("sd"), (number("lo"), number("hi"))),
        "lognormal" => Form::LogNormal(get("median"), get("gsd"), (number("lo"), number("hi"))),
        "lognormal-range" => Form::LogNormalRange(get("lo"), get("median"), get("hi")),
        "fixed" => Form::Fixed(get("value")),
        _ => return values(row, diags).filter(|_| good),
    };
    good.then_some(form)
}

fn values(row: &Row<'_>, diags: &mut Diagnostics) -> Option<Form> {
    let cell = row.cell("values");
    if cell.is_empty() {
        diags.push(lacking(row, "values", "values"));
        return None;
    }
    let (values, weights) = (list(&cell, diags)?, list(&row.cell("weights"), diags)?);
    Some(Form::Values(values, weights))
}

/// Numbers separated by spaces or `;`.
fn list(cell: &Cell<'_>, diags: &mut Diagnostics) -> Option<Vec<f64>> {
    let parts = cell
        .text
        .split([' ', ';', '；'])
        .filter(|part| !part.is_empty());
    let mut numbers = Vec::new();
    for part in parts {
        match number::parse(part) {
            Ok(value) => numbers.push(value),
            Err(error) => {
                diags.push(crate::table::not_a_number(
                    cell.column,
                    part,
                    (cell.span, false),
                    &error,
                ));
                return None;
            }
        }
    }
    Some(numbers)
}

fn unknown(cell: &Cell<'_>) -> Diagnostic {
    let text = cell.text;
    let message = Text::new(
        format!("没有分布 `{text}`"),
        format!("unknown distribution `{text}`"),
    );
    let ids = FORMS.iter().map(|(id, _, _)| *id);
    let list: Vec<&str> = ids.clone().collect();
    let diagnostic = Diagnostic::error("unknown-word", message)
        .label(cell.span, Text::new("未知的分布", "unknown distribution"));
    match nearest(text, ids) {
        Some(near) => diagnostic.suggest(cell.span, near),
        None => diagnostic.help(Text::new(
            format!("可用的分布：{}", list.join("、")),
            format!("the distributions are {}", list.join(", ")),
        )),
    }
}

fn twice(cell: &Cell<'_>, first: Span) -> Diagnostic {
    let name = cell.text;
    let message = Text::new(
        format!("输入 `{name}` 出现两次"),
        format!("the input `{name}` occurs twice"),
    );
    Diagnostic::error("duplicate-row", message)
        .label(cell.span, Text::new("又一次", "again here"))
        .label(first, Text::new("先在这里", "first here"))
        .help(Text::new(
            "删去一行，或改名",
            "take one out, or give it another name",
        ))
}

fn superfluous(cell: &Cell<'_>, kind: &str, needed: &[&str]) -> Diagnostic {
    let (column, list) = (cell.column, needed.join(", "));
    let message = Text::new(
        format!("{kind} 分布不用 `{column}`"),
        format!("a {kind} distribution takes no `{column}`"),
    );
    Diagnostic::error("distribution", message)
        .label(cell.span, Text::new("多余", "not used"))
        .help(Text::new(
            format!("{kind} 由 {list} 给定；清空此格"),
            format!("{kind} is given by {list}; empty this cell"),
        ))
}

fn lacking(row: &Row<'_>, kind: &str, column: &str) -> Diagnostic {
    let message = Text::new(
        format!("{kind} 分布缺 `{column}`"),
        format!("a {kind} distribution needs `{column}`"),
    );
    Diagnostic::error("distribution", message)
        .label(row.span(), Text::new("这一行", "in this row"))
        .help(Text::new(
            format!("在 `{column}` 列填数"),
            format!("fill in the column `{column}`"),
        ))
}
