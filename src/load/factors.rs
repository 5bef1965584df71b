//! Tables of factors for a decomposition: `group,factor,from,to`.
//!
//! A group's value is the product of its factors; every group has the same ones.

use crate::diag::{Diagnostic, Diagnostics, FileId, Files, Span, nearest};
use crate::table::{Cell, Column, Row, Table, decode};
use jianpai_core::text::Text;

/// The name of the sum of all groups in what is printed.
pub const TOTAL: &str = "total";

/// A checked table: groups × factors, in the order of their first rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Factors {
    /// Names of the groups.
    pub groups: Vec<String>,
    /// Names of the factors.
    pub factors: Vec<String>,
    /// The factors before, groups × factors.
    pub from: Vec<f64>,
    /// The factors after, groups × factors.
    pub to: Vec<f64>,
}

/// One row that could be read.
struct Entry {
    group: usize,
    factor: usize,
    values: Option<(f64, f64)>,
    span: Span,
    /// The cell of the factor's name.
    cell: Span,
}

/// Reads the table in `bytes`, which the messages call `path`. `None` if anything is
/// wrong with it; `diags` then says what, all of it.
pub fn read(
    path: &str,
    bytes: &[u8],
    files: &mut Files,
    diags: &mut Diagnostics,
) -> Option<Factors> {
    let file = files.add(path, decode(bytes));
    let before = diags.len();
    let columns = ["group", "factor", "from", "to"].map(Column::required);
    let table = Table::parse(files, file, &columns, diags)?;
    let (mut groups, mut factors) = (Vec::new(), Vec::new());
    let mut entries: Vec<Entry> = Vec::new();
    let mut nameless = false;
    for row in table.rows() {
        let values = [row.cell("from"), row.cell("to")].map(|cell| amount(&cell, diags));
        let names = [row.cell("group"), row.cell("factor")].map(|cell| name(&cell, diags));
        let [Some(group), Some(factor)] = names else {
            nameless = true;
            continue;
        };
        let entry = Entry {
            group: position(&mut groups, group),
            factor: position(&mut factors, factor),
            values: values[0].zip(values[1]),
            span: row.span(),
            cell: row.cell("factor").span,
        };
        let same = |other: &&Entry| (other.group, other.factor) == (entry.group, entry.factor);
        match entries.iter().find(same) {
            Some(first) => diags.push(duplicate(&row, first.span)),
            None => entries.push(entry),
        }
    }
    if table.is_empty() && diags.len() == before {
        diags.push(no_rows(files, file));
    }
    // A row without a name may be the one that is missing.
    if !nameless {
        diags.extend(missing(&groups, &factors, &entries));
    }
    if diags.len() > before {
        return None;
    }
    let size = groups.len() * factors.len();
    let (mut from, mut to) = (vec![0.0; size], vec![0.0; size]);
    for entry in &entries {
        let (a, b) = entry.values?;
        let cell = entry.group * factors.len() + entry.factor;
        (from[cell], to[cell]) = (a, b);
    }
    let owned = |names: Vec<&str>| names.into_iter().map(String::from).collect();
    Some(Factors {
        groups: owned(groups),
        factors: owned(factors),
        from,
        to,
    })
}

/// The position of a name, which is added if it is new.
fn position<'t>(names: &mut Vec<&'t str>, name: &'t str) -> usize {
    let found = names.iter().position(|other| *other == name);
    found.unwrap_or_else(|| {
        names.push(name);
        names.len() - 1
    })
}

/// A name of a group or factor.
fn name<'t>(cell: &Cell<'t>, diags: &mut Diagnostics) -> Option<&'t str> {
    let name = cell.text_required(diags)?;
    if name != TOTAL || cell.column != "group" {
        return Some(name);
    }
    let message = Text::new(
        format!("`{TOTAL}` 留给合计，不能作组名"),
        format!("`{TOTAL}` is kept for the sum of all groups"),
    );
    diags.push(
        Diagnostic::error("reserved-name", message)
            .label(cell.span, Text::new("保留的名称", "a name with a meaning"))
            .help(Text::new(
                "合计由程序计算：删去此行，或换一个组名",
                "the total is computed: take the row out, or give the group another name",
            )),
    );
    None
}

/// A factor: a number that is not negative.
fn amount(cell: &Cell<'_>, diags: &mut Diagnostics) -> Option<f64> {
    let value = cell.number(diags)?;
    if value >= 0.0 {
        return Some(value);
    }
    let message = Text::new(
        format!("因素不能为负：{}", cell.text),
        format!("a factor cannot be negative: {}", cell.text),
    );
    diags.push(
        Diagnostic::error("negative", message)
            .label(
                cell.span,
                Text::new("负数没有对数", "no logarithm of a negative number"),
            )
            .help(Text::new(
                "LMDI 只分解非负因素的乘积；零可以，负的项（如净进口、碳汇）请另列",
                "LMDI takes products of factors that are not negative; zero is fine, but keep negative items (net imports, sinks) apart",
            )),
    );
    None
}

fn duplicate(row: &Row<'_>, first: Span) -> Diagnostic {
    let key = format!("{} / {}", row.cell("group").text, row.cell("factor").text);
    let message = Text::new(
        format!("`{key}` 已有一行"),
        format!("there is a row for `{key}` already"),
    );
    Diagnostic::error("duplicate-row", message)
        .label(row.span(), Text::new("重复", "the second"))
        .label(first, Text::new("先前的一行", "the first"))
        .help(Text::new(
            "每组的每个因素只留一行",
            "keep one row for each factor of a group",
        ))
}

fn no_rows(files: &Files, file: FileId) -> Diagnostic {
    let message = Text::new("表中没有一行数据", "the table has no row");
    Diagnostic::error("no-rows", message)
        .label(
            files.line(file, 1),
            Text::new("只有表头", "nothing but a header"),
        )
        .help(Text::new(
            "每组每个因素写一行，如 钢铁,产量,8.0,9.2",
            "write a row for each factor of each group, such as steel,output,8.0,9.2",
        ))
}

/// Groups that lack a factor which others have, and factors that few groups have: one
/// misspelt name is told once.
fn missing(groups: &[&str], factors: &[&str], entries: &[Entry]) -> Vec<Diagnostic> {
    let row = |g: usize, f: usize| entries.iter().find(|e| (e.group, e.factor) == (g, f));
    let count = |f: usize| entries.iter().filter(|e| e.factor == f).count();
    let (common, rare): (Vec<usize>, Vec<usize>) =
        (0..factors.len()).partition(|f| count(*f) * 2 >= groups.len());
    let mut found = Vec::new();
    let mut explained = Vec::new();
    for f in rare {
        let Some(first) = entries.iter().find(|e| e.factor == f) else {
            continue;
        };
        let lacks = common
            .iter()
            .filter(|other| row(first.group, **other).is_none());
        let near = nearest(factors[f], lacks.clone().map(|other| factors[*other]));
        explained.extend(
            lacks
                .filter(|other| Some(factors[**other]) == near)
                .map(|other| (first.group, *other)),
        );
        found.push(few(groups.len(), factors[f], (count(f), first.cell), near));
    }
    for (g, group) in groups.iter().enumerate() {
        let lacks = |f: &&usize| row(g, **f).is_none() && !explained.contains(&(g, **f));
        let absent: Vec<&str> = common.iter().filter(lacks).map(|f| factors[*f]).collect();
        if let (false, Some(first)) = (absent.is_empty(), entries.iter().find(|e| e.group == g)) {
            found.push(lacking(group, &absent, first.span));
        }
    }
    found
}

/// A factor that only a few groups have.
fn few(
    groups: usize,
    factor: &str,
    (count, cell): (usize, Span),
    near: Option<&str>,
) -> Diagnostic {
    let message = Text::new(
        format!("{groups} 组中只有 {count} 组有因素 `{factor}`"),
        format!("only {count} of {groups} groups have the factor `{factor}`"),
    );
    let diagnostic = Diagnostic::error("missing-factor", message)
        .label(cell, Text::new("首次出现", "where it first occurs"));
    match near {
        Some(near) => diagnostic.suggest(cell, near).help(Text::new(
            format!("是否指 `{near}`？"),
            format!("did you mean `{near}`?"),
        )),
        None => diagnostic.help(Text::new(
            "各组的因素须相同：其余各组补上该行，与其无关的写 1",
            "all groups have the same factors: add it to the others, with 1 where it does not apply",
        )),
    }
}

/// A group without a factor that most groups have.
fn lacking(group: &str, absent: &[&str], row: Span) -> Diagnostic {
    let message = Text::new(
        format!("`{group}` 没有因素 {}", absent.join("、")),
        format!("`{group}` lacks the factor {}", absent.join(", ")),
    );
    let label = Text::new("该组的第一行", "the group's first row");
    Diagnostic::error("missing-factor", message)
        .label(row, label)
        .help(Text::new(
            "各组的因素须相同：补上该行；与它无关的因素写 1",
            "all groups have the same factors: add the row, with 1 where it does not apply",
        ))
}
