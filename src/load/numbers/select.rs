//! Which columns are inputs and which are outputs.
//!
//! Names may be exact, patterns (`x*`, `x?`) or ranges by place in the file
//! (`a..f`). The rows of a sweep (`draws.csv`) say by themselves what is what.

use super::{Condition, Excerpt, Header};
use crate::diag::{Diagnostic, Diagnostics, Span, nearest};
use crate::table::{index_column, is_index};
use jianpai_core::text::Text;
use std::collections::HashMap;

/// What the user asked for.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// Names, patterns and ranges of inputs; none given is empty.
    pub inputs: Vec<String>,
    /// The same of outputs.
    pub outputs: Vec<String>,
    /// The condition for scenario discovery.
    pub condition: Option<Condition>,
    /// Names of columns that the file says are a data frame's index.
    pub index: Vec<String>,
}

/// Columns by their place in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// Inputs, in the order of the file.
    pub inputs: Vec<usize>,
    /// Outputs, in the order asked for.
    pub outputs: Vec<usize>,
    /// The column of each clause of the condition.
    pub clauses: Vec<usize>,
    /// The column that numbers the rows of a design.
    pub draw: Option<usize>,
    /// Whether these are the rows of a sweep.
    pub is_sweep: bool,
    /// The column of a sweep that says whether a row has results.
    pub feasible: Option<usize>,
}

/// The column that numbers rows, in files of ours.
const DRAW: &str = "draw";

/// The column that says whether a draw has results, in files of ours.
const FEASIBLE: &str = "feasible";

/// Finds the columns; what does not fit goes to `diags`.
pub fn choose(
    header: &Header,
    excerpt: &Excerpt,
    asked: &Asked,
    diags: &mut Diagnostics,
) -> Option<Chosen> {
    let finder = Finder { header, excerpt };
    let names = &header.names;
    if let [name] = names.as_slice()
        && let Some(sign) = name.chars().find(|c| matches!(c, ';' | '\t' | '，' | '|'))
    {
        diags.push(crate::table::delimiter(sign, excerpt.name(0)));
        return None;
    }
    let before = diags.errors();
    let draw = names.iter().position(|name| name == DRAW);
    let sweep = sweep(names);
    let mut inputs = finder.all(&asked.inputs, diags);
    let mut outputs = finder.all(&asked.outputs, diags);
    let clauses = asked.condition.iter().flat_map(|c| &c.clauses);
    let clauses: Vec<Option<usize>> = clauses
        .map(|clause| finder.one(&clause.column, diags))
        .collect();
    let given = (!asked.inputs.is_empty(), !asked.outputs.is_empty());
    match (given, &sweep) {
        ((true, true), _) => {}
        (_, Some((of_sweep, results))) => {
            if !given.0 {
                inputs.clone_from(of_sweep);
            }
            if !given.1 {
                outputs.clone_from(results);
            }
        }
        ((false, true), None) => inputs = rest((names, asked), &outputs, draw, &clauses),
        ((true, false), None) => outputs = rest((names, asked), &inputs, draw, &[]),
        ((false, false), None) => diags.push(finder.which()),
    }
    inputs.sort_unstable();
    for column in &inputs {
        if outputs.contains(column) {
            diags.push(finder.both(*column));
        }
    }
    finder.duplicates(diags);
    for (column, name) in names.iter().enumerate() {
        let used = inputs.contains(&column) || outputs.contains(&column);
        if is_index(name, column) && !used {
            diags.push(index_column(name, finder.excerpt.name(column)));
        } else if asked.index.contains(name) && !used && Some(column) != draw {
            diags.push(named_index(name, finder.excerpt.name(column)));
        }
    }
    if diags.errors() == before && inputs.is_empty() {
        diags.push(finder.which());
    }
    (diags.errors() == before).then(|| Chosen {
        inputs,
        outputs,
        clauses: clauses.into_iter().flatten().collect(),
        draw,
        is_sweep: sweep.is_some(),
        feasible: sweep.and_then(|_| names.iter().position(|name| name == FEASIBLE)),
    })
}

/// All columns but those that are something else, row numbers of a data frame included.
fn rest(
    (names, asked): (&[String], &Asked),
    taken: &[usize],
    draw: Option<usize>,
    clauses: &[Option<usize>],
) -> Vec<usize> {
    (0..names.len())
        .filter(|column| !is_index(&names[*column], *column))
        .filter(|column| !asked.index.contains(&names[*column]))
        .filter(|column| {
            !taken.contains(column) && Some(*column) != draw && !clauses.contains(&Some(*column))
        })
        .collect()
}

/// The remark on a column that a data frame was indexed by.
fn named_index(name: &str, span: Span) -> Diagnostic {
    let message = Text::new(
        format!("列 `{name}` 是 pandas 的索引，略去"),
        format!("the column `{name}` is the index of a pandas frame: left out"),
    );
    Diagnostic::warning("index-column", message)
        .label(span, Text::new("索引", "the index"))
        .help(Text::new(
            "要用作输入，写在 --inputs 里；或写表前 reset_index()",
            "to use it as an input, name it with --inputs; or reset_index() before writing",
        ))
}

/// Inputs and outputs of a sweep's rows: the inputs stand between `draw` and the
/// first indicator; outputs are the indicators of the last year, and the cost, as the
/// model gives them: no input moves its error.
fn sweep(names: &[String]) -> Option<(Vec<usize>, Vec<usize>)> {
    let has = |name: &str| names.iter().any(|n| n == name);
    if names.first().is_none_or(|name| name != DRAW) || !has("all_met") || !has(FEASIBLE) {
        return None;
    }
    let year = |name: &str| -> Option<i32> { name.rsplit_once('@')?.1.parse().ok() };
    let is_result = |name: &String| {
        year(name).is_some()
            || name.starts_with("margin:")
            || name.starts_with("met:")
            || name == "all_met"
    };
    let first = names.iter().position(is_result)?;
    let last = names.iter().filter_map(|name| year(name)).max();
    let outputs = (first..names.len()).filter(|column| {
        let name = &names[*column];
        let of_model = !name.starts_with("with-error:");
        (last.is_some() && year(name) == last && of_model) || name == "cost_cny"
    });
    Some(((1..first).collect(), outputs.collect()))
}

struct Finder<'a> {
    header: &'a Header,
    excerpt: &'a Excerpt,
}

impl Finder<'_> {
    /// The columns of all names, patterns and ranges, each once.
    fn all(&self, asked: &[String], diags: &mut Diagnostics) -> Vec<usize> {
        let mut found = Vec::new();
        for text in asked {
            for column in self.some(text, diags) {
                if !found.contains(&column) {
                    found.push(column);
                }
            }
        }
        found
    }

    fn place(&self, name: &str) -> Option<usize> {
        let name = super::name(name);
        self.header.names.iter().position(|n| *n == name)
    }

    fn some(&self, text: &str, diags: &mut Diagnostics) -> Vec<usize> {
        let text = text.trim();
        if let Some(column) = self.place(text) {
            return vec![column];
        }
        if let Some((from, to)) = text.split_once("..") {
            let ends = (
                self.one(from, diags),
                self.one(to.trim_start_matches('='), diags),
            );
            let (Some(from), Some(to)) = ends else {
                return Vec::new();
            };
            if from > to {
                let message = Text::new(
                    format!("范围 `{text}` 首尾颠倒"),
                    format!("the range `{text}` runs backwards"),
                );
                let label = Text::new("这一列在后", "this column stands later");
                diags.push(
                    Diagnostic::error("column-range", message)
                        .label(self.excerpt.name(from), label)
                        .help(Text::new(
                            format!(
                                "写成 `{}..{}`",
                                self.header.names[to], self.header.names[from]
                            ),
                            format!(
                                "write `{}..{}`",
                                self.header.names[to], self.header.names[from]
                            ),
                        )),
                );
            }
            return (from..=to).collect();
        }
        if text.contains(['*', '?']) {
            let pattern: Vec<char> = text.chars().collect();
            let fits = |column: &usize| {
                let name: Vec<char> = self.header.names[*column].chars().collect();
                matches(&pattern, &name)
            };
            let found: Vec<usize> = (0..self.header.names.len()).filter(fits).collect();
            if found.is_empty() {
                diags.push(self.missing(text));
            }
            return found;
        }
        self.one(text, diags).into_iter().collect()
    }

    fn one(&self, name: &str, diags: &mut Diagnostics) -> Option<usize> {
        let name = name.trim();
        let found = self.place(name);
        if found.is_none() {
            diags.push(self.missing(name));
        }
        found
    }

    fn missing(&self, name: &str) -> Diagnostic {
        let names = self.header.names.iter().map(String::as_str);
        let message = Text::new(format!("没有 `{name}` 列"), format!("no column `{name}`"));
        let diagnostic = Diagnostic::error("missing-column", message);
        match nearest(name, names) {
            Some(near) => {
                let place = self.place(near).unwrap_or(0);
                diagnostic
                    .label(
                        self.excerpt.name(place),
                        Text::new("是这一列吗？", "is this it?"),
                    )
                    .help(Text::new(
                        format!("是否指 `{near}`？"),
                        format!("did you mean `{near}`?"),
                    ))
            }
            None => diagnostic
                .label(self.excerpt.header(), Text::new("表头", "the header"))
                .help(self.list()),
        }
    }

    fn list(&self) -> Text {
        let names = &self.header.names;
        let shown: Vec<&str> = names.iter().take(30).map(String::as_str).collect();
        let more = if names.len() > shown.len() {
            " …"
        } else {
            ""
        };
        Text::new(
            format!("有这些列：{}{more}", shown.join("、")),
            format!("the columns are {}{more}", shown.join(", ")),
        )
    }

    fn which(&self) -> Diagnostic {
        let message = Text::new(
            "未说明哪些列是输入、哪些是输出",
            "which columns are inputs and which are outputs is not said",
        );
        let label = Text::new("表头", "the header");
        Diagnostic::error("which-columns", message)
            .label(self.excerpt.header(), label)
            .help(Text::new(
                "加上 --inputs a,b,c --outputs y（可写 `x*` 或 `a..f`；只写其一时，其余列归另一方）",
                "add --inputs a,b,c --outputs y (also `x*` or `a..f`; with one of the two, the other columns are the other)",
            ))
    }

    fn both(&self, column: usize) -> Diagnostic {
        let name = &self.header.names[column];
        let message = Text::new(
            format!("`{name}` 既是输入又是输出"),
            format!("`{name}` is both an input and an output"),
        );
        Diagnostic::error("input-is-output", message)
            .label(
                self.excerpt.name(column),
                Text::new("这一列", "this column"),
            )
            .help(Text::new("从一方中去掉", "take it out of one of the two"))
    }

    /// Names that stand in the header twice.
    fn duplicates(&self, diags: &mut Diagnostics) {
        let mut firsts: HashMap<&str, usize> = HashMap::new();
        for (column, name) in self.header.names.iter().enumerate() {
            if is_index(name, column) {
                continue;
            }
            if let Some(first) = firsts.get(name.as_str()) {
                let (first, again) = (self.excerpt.name(*first), self.excerpt.name(column));
                diags.push(crate::table::duplicate(name, first, again));
            } else {
                firsts.insert(name, column);
            }
        }
    }
}

/// Whether a name fits a pattern: `*` is any text, `?` any character.
fn matches(pattern: &[char], name: &[char]) -> bool {
    match (pattern.split_first(), name.split_first()) {
        (None, None) => true,
        (Some(('*', rest)), _) => (0..=name.len()).any(|skipped| matches(rest, &name[skipped..])),
        (Some((sign, rest)), Some((character, tail))) => {
            (*sign == '?' || sign == character) && matches(rest, tail)
        }
        _ => false,
    }
}
