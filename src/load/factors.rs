//! Tables of factors for a decomposition: `group,factor,from,to`.
//!
//! A group's value is the product of its factors; every group has the same ones.

use crate::diag::{Diagnostic, Diagnostics, FileId, Files, MOST, Span, nearest};
use crate::format::take_in;
use crate::table::{Cell, Column, Row, Table};
use jianpai_core::text::Text;
use std::collections::{HashMap, HashSet};

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
    let file = take_in(path, bytes, files, diags)?;
    let before = diags.errors();
    let columns = ["group", "factor", "from", "to"].map(Column::required);
    let table = Table::parse(files, file, &columns, diags)?;
    let (mut groups, mut factors) = (Names::default(), Names::default());
    let mut entries: Vec<Entry> = Vec::new();
    let mut firsts: HashMap<(usize, usize), Span> = HashMap::new();
    let mut nameless = false;
    for row in table.rows() {
        let values = [row.cell("from"), row.cell("to")].map(|cell| amount(&cell, diags));
        let names = [row.cell("group"), row.cell("factor")].map(|cell| name(&cell, diags));
        let [Some(group), Some(factor)] = names else {
            nameless = true;
            continue;
        };
        let entry = Entry {
            group: groups.place(group),
            factor: factors.place(factor),
            values: values[0].zip(values[1]),
            span: row.span(),
            cell: row.cell("factor").span,
        };
        if let Some(first) = firsts.get(&(entry.group, entry.factor)) {
            diags.push(duplicate(&row, *first));
        } else {
            firsts.insert((entry.group, entry.factor), entry.span);
            entries.push(entry);
        }
    }
    let (groups, factors) = (groups.list, factors.list);
    if table.is_empty() && diags.errors() == before {
        diags.push(no_rows(files, file));
    }
    // A row without a name may be the one that is missing.
    if !nameless {
        diags.extend(missing(&groups, &factors, &entries));
    }
    if diags.errors() > before {
        return None;
    }
    let size = groups.len() * factors.len();
    let (mut from, mut to) = (vec![0.0; size], vec![0.0; size]);
    for entry in &entries {
        let (a, b) = entry.values?;
        let cell = entry.group * factors.len() + entry.factor;
        (from[cell], to[cell]) = (a, b);
    }
    diags.extend(too_large(&groups, factors.len(), &entries, [&from, &to]));
    if diags.errors() > before {
        return None;
    }
    let owned = |names: Vec<&str>| names.into_iter().map(String::from).collect();
    Some(Factors {
        groups: owned(groups),
        factors: owned(factors),
        from,
        to,
    })
}

/// Names in the order in which they first stand.
#[derive(Default)]
struct Names<'t> {
    list: Vec<&'t str>,
    places: HashMap<&'t str, usize>,
}

impl<'t> Names<'t> {
    /// The place of a name, which is added if it is new.
    fn place(&mut self, name: &'t str) -> usize {
        *self.places.entry(name).or_insert_with(|| {
            self.list.push(name);
            self.list.len() - 1
        })
    }
}

/// Groups whose product, and a table whose sum, is more than a number can hold.
fn too_large(
    groups: &[&str],
    factors: usize,
    entries: &[Entry],
    states: [&Vec<f64>; 2],
) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut firsts: Vec<Option<Span>> = vec![None; groups.len()];
    for entry in entries {
        firsts[entry.group].get_or_insert(entry.span);
    }
    let products = states.map(|state| -> Vec<f64> {
        let groups = state.chunks_exact(factors);
        groups.map(|group| group.iter().product()).collect()
    });
    for (g, group) in groups.iter().enumerate() {
        let infinite = products.iter().any(|products| !products[g].is_finite());
        if let (true, Some(span)) = (infinite, firsts[g]) {
            let message = Text::new(
                format!("`{group}` 各因素之积超出数值范围"),
                format!("the product of the factors of `{group}` is out of range"),
            );
            found.push(out_of_range(message, span));
        }
    }
    let sums = products.iter().map(|products| products.iter().sum::<f64>());
    let infinite = sums.into_iter().any(|sum: f64| !sum.is_finite());
    if let (true, true, Some(Some(span))) = (infinite, found.is_empty(), firsts.first()) {
        let message = Text::new(
            "各组之和超出数值范围",
            "the sum of all groups is out of range",
        );
        found.push(out_of_range(message, *span));
    }
    found
}

fn out_of_range(message: Text, span: Span) -> Diagnostic {
    Diagnostic::error("out-of-range", message)
        .label(span, Text::new("该组的第一行", "the group's first row"))
        .help(Text::new(
            "换更大的单位（如 t 换成万t），使积与和小于 1e308",
            "use larger units (1e4 t instead of t), so that products and sums stay below 1e308",
        ))
}

/// Names in one message at most.
const SHOWN: usize = 20;
/// Factors for which a name like theirs is looked for.
const ASKED: usize = 50;

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
    let there: HashSet<(usize, usize)> = entries.iter().map(|e| (e.group, e.factor)).collect();
    let mut counts = vec![0; factors.len()];
    let mut firsts: Vec<Option<&Entry>> = vec![None; factors.len()];
    let mut of_group: Vec<Option<&Entry>> = vec![None; groups.len()];
    for entry in entries {
        counts[entry.factor] += 1;
        firsts[entry.factor].get_or_insert(entry);
        of_group[entry.group].get_or_insert(entry);
    }
    let count = |f: usize| counts[f];
    let (common, rare): (Vec<usize>, Vec<usize>) =
        (0..factors.len()).partition(|f| count(*f) * 2 >= groups.len());
    let mut found = Vec::new();
    let mut explained = HashSet::new();
    for (asked, f) in rare.into_iter().enumerate() {
        let Some(first) = firsts[f] else {
            continue;
        };
        let lacks = common
            .iter()
            .filter(|other| asked < ASKED && !there.contains(&(first.group, **other)));
        let near = nearest(factors[f], lacks.clone().map(|other| factors[*other]));
        explained.extend(
            lacks
                .filter(|other| Some(factors[**other]) == near)
                .map(|other| (first.group, *other)),
        );
        found.push(few(groups.len(), factors[f], (count(f), first.cell), near));
    }
    for (g, group) in groups.iter().enumerate() {
        let Some(first) = of_group[g] else {
            continue;
        };
        let lacks = |f: &&usize| !there.contains(&(g, **f)) && !explained.contains(&(g, **f));
        let absent: Vec<&str> = common.iter().filter(lacks).map(|f| factors[*f]).collect();
        if !absent.is_empty() {
            found.push(lacking(group, &absent, first.span));
        }
        if found.len() > 2 * MOST {
            break;
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
    let (shown, more) = (&absent[..absent.len().min(SHOWN)], absent.len() > SHOWN);
    let more = if more { " …" } else { "" };
    let message = Text::new(
        format!("`{group}` 没有因素 {}{more}", shown.join("、")),
        format!("`{group}` lacks the factor {}{more}", shown.join(", ")),
    );
    let label = Text::new("该组的第一行", "the group's first row");
    Diagnostic::error("missing-factor", message)
        .label(row, label)
        .help(Text::new(
            "各组的因素须相同：补上该行；与它无关的因素写 1",
            "all groups have the same factors: add the row, with 1 where it does not apply",
        ))
}
