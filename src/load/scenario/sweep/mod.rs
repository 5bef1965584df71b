//! `[sweep]`: what varies from draw to draw, how it is distributed, and which
//! design lays out the draws.

mod input;
mod list;

pub use list::{List, cell as list_cell, read as read_list};

use super::Loaded;
use super::limits::Limits;
use super::names::{Known, unknown};
use crate::diag::{Diagnostic, Diagnostics, FileId, Span};
use crate::tree::{Node, Reader, TableNode};
use jianpai_core::batch::{FactorGroup, Input};
use jianpai_core::catalogue::Catalogue;
use jianpai_core::text::Text;
use std::collections::HashMap;

/// Most levels of a Morris design.
pub const MOST_LEVELS: u32 = 1000;

/// A checked `[sweep]`.
#[derive(Clone, Debug)]
pub struct SweepSpec {
    /// Draws asked for.
    pub draws: Option<u64>,
    /// Seed.
    pub seed: Option<u64>,
    /// The design's name and its own numbers.
    pub design: DesignSpec,
    /// The years whose indicators are reported; empty for the last.
    pub years: Vec<i32>,
    /// What varies.
    pub inputs: Vec<InputSpec>,
    /// The factor groups that inputs of kind factor refer to.
    pub factors: Vec<FactorGroup>,
    /// Rank correlations between inputs.
    pub correlations: Vec<CorrelationSpec>,
    /// Where `[sweep]` stands, for what is said of it later.
    pub span: Span,
    /// Where the values of its keys stand.
    keys: Vec<(String, Span)>,
}

impl SweepSpec {
    /// Where the value of a key stands; `[sweep]` itself where there is none.
    pub fn place(&self, key: &str) -> Span {
        let found = self.keys.iter().find(|(name, _)| name == key);
        found.map_or(self.span, |(_, span)| *span)
    }

    /// Independent draws of nothing.
    pub fn of_nothing() -> Self {
        let span = Span {
            file: FileId(0),
            start: 0,
            end: 0,
        };
        Self {
            draws: None,
            seed: None,
            design: DesignSpec::Random,
            years: Vec::new(),
            inputs: Vec::new(),
            factors: Vec::new(),
            correlations: Vec::new(),
            span,
            keys: Vec::new(),
        }
    }

    /// Independent draws of some of its inputs, with the correlations between them.
    #[must_use]
    pub fn narrowed(&self, keep: impl Fn(&InputSpec) -> bool) -> Self {
        let all = self.inputs.iter().enumerate();
        let kept: Vec<usize> = all.filter(|(_, one)| keep(one)).map(|(i, _)| i).collect();
        let place = |input: usize| kept.iter().position(|own| *own == input);
        let correlations = self.correlations.iter().filter_map(|pair| {
            let between = (place(pair.between.0)?, place(pair.between.1)?);
            Some(CorrelationSpec { between, ..*pair })
        });
        Self {
            design: DesignSpec::Random,
            draws: None,
            years: Vec::new(),
            correlations: correlations.collect(),
            inputs: kept.iter().map(|i| self.inputs[*i].clone()).collect(),
            ..self.clone()
        }
    }
}

/// A rank correlation between two inputs.
#[derive(Clone, Copy, Debug)]
pub struct CorrelationSpec {
    /// The inputs, by index.
    pub between: (usize, usize),
    /// Spearman's, −1 to 1.
    pub rank: f64,
    /// Where it stands.
    pub span: Span,
}

/// A design by name.
#[derive(Clone, Debug, PartialEq)]
pub enum DesignSpec {
    /// Independent points.
    Random,
    /// Latin hypercube.
    LatinHypercube,
    /// Scrambled Sobol sequence.
    Sobol,
    /// Saltelli's rows for Sobol indices.
    Saltelli,
    /// Morris trajectories with so many levels.
    Morris(u32),
    /// Every combination of so many levels of each input.
    Grid(u64),
    /// Given values, from this file (a path from where the program runs).
    List(String, Span),
}

impl DesignSpec {
    /// Why inputs cannot be correlated under it; nothing where they can.
    fn independent(&self) -> Option<Text> {
        Some(match self {
            Self::Random | Self::LatinHypercube | Self::Sobol => return None,
            Self::Saltelli | Self::Morris(_) => Text::new(
                "这种设计逐个改变输入，指数只对相互独立的输入有意义",
                "it moves one input at a time: its indices have a meaning for independent inputs alone",
            ),
            Self::Grid(_) => Text::new(
                "网格取遍各水平的所有组合",
                "a grid holds every combination of its levels",
            ),
            Self::List(..) => Text::new(
                "清单里的值按原样采用，相关已在其中",
                "the values of a list are taken as they are, correlated or not",
            ),
        })
    }
}

/// One input.
#[derive(Clone, Debug)]
pub struct InputSpec {
    /// Its id: the name of its column.
    pub name: String,
    /// What it moves.
    pub input: Input,
    /// The target whose level it replaces, by index.
    pub target: Option<usize>,
    /// Its name for people, if the file gives one.
    pub label: Option<Text>,
    /// The substitute whose part it is, where it moves a mix.
    pub substitute: Option<String>,
    /// How it is distributed, in base units; a list has none.
    pub distribution: Option<DistributionSpec>,
    /// What it may be: the bounds of the same quantity in a scenario.
    pub limits: Limits,
    /// Whether draws beyond them are cut to them (`truncate = true`), not infeasible.
    pub truncate: bool,
    /// Where it stands.
    pub span: Span,
}

impl InputSpec {
    /// An input that no file states, uniform between two values.
    pub fn uniform(
        name: String,
        input: Input,
        (low, high): (f64, f64),
        (limits, span): (Limits, Span),
    ) -> Self {
        Self {
            name,
            input,
            target: None,
            label: None,
            substitute: None,
            distribution: Some(DistributionSpec::Uniform(low, high)),
            limits,
            truncate: false,
            span,
        }
    }
}

/// A distribution as written.
#[derive(Clone, Debug, PartialEq)]
pub enum DistributionSpec {
    /// Between two values.
    Uniform(f64, f64),
    /// Least, most likely, greatest.
    Triangular(f64, f64, f64),
    /// Mean and standard deviation.
    Normal(f64, f64),
    /// The 2.5 %, 50 % and 97.5 % quantiles of a (split) log-normal.
    LogNormal(f64, f64, f64),
    /// Equally likely values.
    Values(Vec<f64>),
}

/// Reads `[sweep]` of a loaded scenario; `None` if it is missing or wrong.
pub fn read(catalogue: &Catalogue, loaded: &Loaded, diags: &mut Diagnostics) -> Option<SweepSpec> {
    let Some(node) = loaded.tree.get("sweep") else {
        let path = &loaded.scenario.id;
        let message = Text::new(
            format!("`{path}` 没有 [sweep]：没有说明什么在变"),
            format!("`{path}` has no [sweep]: nothing is said to vary"),
        );
        diags.push(Diagnostic::error("no-sweep", message).help(Text::new(
            "例子见 scenarios/sweeps/",
            "see scenarios/sweeps/ for examples",
        )));
        return None;
    };
    let before = diags.len();
    let table = node.table(diags)?;
    let mut reader = Reader::new(table, Text::same("[sweep]"));
    let draws = positive(&mut reader, "draws");
    let seed = positive(&mut reader, "seed");
    let design = design(&mut reader).unwrap_or(DesignSpec::LatinHypercube);
    let is_list = matches!(design, DesignSpec::List(..));
    let years = years(&mut reader, loaded);
    let inputs = reader
        .required("inputs")
        .and_then(|node| node.table(reader.diags()));
    let correlations = reader.opt_array("correlation");
    let mut factors = Vec::new();
    let inputs: Vec<InputSpec> = inputs.map_or(Vec::new(), |table| {
        let entries = table.entries.iter();
        let read = entries.filter_map(|(key, node)| {
            let mut ctx = input::Context {
                catalogue,
                loaded,
                factors: &mut factors,
                is_list,
            };
            ctx.input(key, node, reader.diags())
        });
        read.collect()
    });
    let correlated = correlations.and_then(|nodes| nodes.first());
    if let (Some(node), Some(why)) = (correlated, design.independent()) {
        reader.push(not_correlated(node.span, why));
    }
    let correlations = correlations.map_or(Vec::new(), |nodes| {
        let pairs = nodes
            .iter()
            .filter_map(|node| correlation(node, &inputs, reader.diags()));
        let pairs: Vec<CorrelationSpec> = pairs.collect();
        once(&inputs, &pairs, reader.diags());
        pairs
    });
    reader.finish(diags);
    (diags.len() == before).then_some(SweepSpec {
        draws,
        seed,
        design,
        years,
        inputs,
        factors,
        correlations,
        span: node.span,
        keys: table
            .entries
            .iter()
            .map(|(key, node)| (key.name.clone(), node.span))
            .collect(),
    })
}

fn positive(reader: &mut Reader<'_>, key: &str) -> Option<u64> {
    let node = reader.optional(key)?;
    let value = node.integer(reader.diags())?;
    let found = u64::try_from(value).ok();
    if found.is_none() {
        let message = Text::new(
            format!("`{key}` 不能为负"),
            format!("`{key}` cannot be negative"),
        );
        reader.push(
            Diagnostic::error("negative", message)
                .label(node.span, Text::new("负值", "negative"))
                .help(Text::new("去掉负号", "leave the sign out")),
        );
    }
    found
}

fn design(reader: &mut Reader<'_>) -> Option<DesignSpec> {
    let levels = positive(reader, "levels");
    let list = reader.optional("list");
    let Some(node) = reader.optional("design") else {
        let path = list?.string(reader.diags())?;
        return Some(DesignSpec::List(path.to_string(), list?.span));
    };
    let name = node.string(reader.diags())?;
    let known = [
        "random",
        "latin-hypercube",
        "sobol",
        "saltelli",
        "morris",
        "grid",
        "list",
    ];
    match name {
        "random" => Some(DesignSpec::Random),
        "latin-hypercube" => Some(DesignSpec::LatinHypercube),
        "sobol" => Some(DesignSpec::Sobol),
        "saltelli" => Some(DesignSpec::Saltelli),
        "morris" => Some(DesignSpec::Morris(morris_levels(levels, reader)?)),
        "grid" => Some(DesignSpec::Grid(levels.unwrap_or(5))),
        "list" => {
            let Some(file) = list else {
                let message = Text::new(
                    "`list` 设计要给出文件：list = \"方案.csv\"",
                    "the design `list` needs its file: list = \"options.csv\"",
                );
                reader.push(
                    Diagnostic::error("no-list", message)
                        .label(node.span, Text::new("没有 list", "no `list`"))
                        .help(Text::new(
                            "文件每列一个输入，每行一次抽样，表头是输入的 id",
                            "the file has one column an input, named by its id, and one line a draw",
                        )),
                );
                // What is listed stays unsaid: nothing else is missing for it.
                return Some(DesignSpec::List(String::new(), node.span));
            };
            let path = file.string(reader.diags())?;
            Some(DesignSpec::List(path.to_string(), file.span))
        }
        _ => {
            let what = Text::new("抽样设计", "design");
            reader.push(unknown(&what, name, node.span, &Known::words(&known), None));
            None
        }
    }
}

/// The levels of a Morris design: those stated, or four.
fn morris_levels(stated: Option<u64>, reader: &mut Reader<'_>) -> Option<u32> {
    let Some(stated) = stated else {
        return Some(4);
    };
    let found = u32::try_from(stated).ok();
    let found = found.filter(|levels| *levels <= MOST_LEVELS);
    if let (None, Some(node)) = (found, reader.optional("levels")) {
        let message = Text::new(
            format!("morris 的水平数为 2 或 4 至 {MOST_LEVELS}，这里是 {stated}"),
            format!("morris takes 2 or 4 to {MOST_LEVELS} levels, this is {stated}"),
        );
        reader.push(
            Diagnostic::error("design-levels", message)
                .label(node.span, Text::new("水平过多", "too many levels"))
                .help(Text::new("写 levels = 4", "write levels = 4")),
        );
    }
    found
}

fn years(reader: &mut Reader<'_>, loaded: &Loaded) -> Vec<i32> {
    let Some(nodes) = reader.opt_array("years") else {
        return Vec::new();
    };
    let (first, last) = (loaded.scenario.base_year, loaded.scenario.end_year);
    let mut years = Vec::new();
    for node in nodes {
        let Some(year) = node.integer(reader.diags()) else {
            continue;
        };
        match i32::try_from(year) {
            Ok(year) if (first..=last).contains(&year) => years.push(year),
            _ => {
                let message = Text::new(
                    format!("{year} 年不在情景的 {first}—{last} 年之内"),
                    format!("{year} lies outside the scenario's years {first} to {last}"),
                );
                let label = Text::new("超出范围", "out of range");
                reader.push(
                    Diagnostic::error("year-range", message)
                        .label(node.span, label)
                        .help(Text::new(
                            format!("写 {first} 至 {last} 之间的年份，或改 [scenario] end_year"),
                            format!(
                                "name a year from {first} to {last}, or change [scenario] end_year"
                            ),
                        )),
                );
            }
        }
    }
    years
}

/// Correlations under a design that cannot have them.
fn not_correlated(span: Span, why: Text) -> Diagnostic {
    let message = Text::new(
        "这种抽样设计的输入不能相关",
        "the inputs of this design cannot be correlated",
    );
    Diagnostic::error("correlated-design", message)
        .label(span, why)
        .help(Text::new(
            "写 correlation = [] 按独立输入抽样，或改用 latin-hypercube、sobol、random 设计",
            "write correlation = [] for independent inputs, or take the design latin-hypercube, sobol or random",
        ))
}

/// Each pair of inputs has one correlation, in whatever order they are named.
fn once(inputs: &[InputSpec], pairs: &[CorrelationSpec], diags: &mut Diagnostics) {
    let mut firsts: HashMap<(usize, usize), Span> = HashMap::new();
    for CorrelationSpec { between, span, .. } in pairs {
        let (a, b) = between;
        let key = (*a.min(b), *a.max(b));
        let Some(first) = firsts.get(&key) else {
            firsts.insert(key, *span);
            continue;
        };
        let (a, b) = (&inputs[*a].name, &inputs[*b].name);
        let message = Text::new(
            format!("`{a}` 与 `{b}` 的相关系数写了两次"),
            format!("the correlation of `{a}` and `{b}` is stated twice"),
        );
        diags.push(
            Diagnostic::error("duplicate-correlation", message)
                .label(*span, Text::new("又一次", "again here"))
                .label(*first, Text::new("先在这里", "first here"))
                .help(Text::new("只留一处", "keep one of the two")),
        );
    }
}

/// `{ between = ["a", "b"], rank = 0.5 }`.
fn correlation(
    node: &Node,
    inputs: &[InputSpec],
    diags: &mut Diagnostics,
) -> Option<CorrelationSpec> {
    let table: &TableNode = node.table(diags)?;
    let mut reader = Reader::new(table, Text::new("相关", "the correlation"));
    let between = reader.array("between");
    let rank = reader.number("rank");
    let mut found = Vec::new();
    for node in between.unwrap_or_default() {
        let Some(name) = node.string(reader.diags()) else {
            continue;
        };
        let ids: Vec<&str> = inputs.iter().map(|input| input.name.as_str()).collect();
        if let Some(i) = ids.iter().position(|id| *id == name) {
            found.push(i);
        } else {
            let what = Text::new("输入", "input");
            reader.push(unknown(&what, name, node.span, &Known::words(&ids), None));
        }
    }
    reader.finish(diags);
    match (found.as_slice(), rank) {
        ([a, b], Some(rank)) if a != b && (-1.0..=1.0).contains(&rank) => Some(CorrelationSpec {
            between: (*a, *b),
            rank,
            span: node.span,
        }),
        ([_, _], Some(_)) => {
            let message = Text::new(
                "相关系数应在 −1 与 1 之间，且是两个不同的输入",
                "a correlation lies between −1 and 1 and joins two different inputs",
            );
            let diagnostic = Diagnostic::error("correlation", message);
            let label = Text::new("不是这样的一对", "no such pair");
            diags.push(diagnostic.label(node.span, label).help(Text::new(
                "写法如 { between = [\"a\", \"b\"], rank = 0.5 }",
                "write it like { between = [\"a\", \"b\"], rank = 0.5 }",
            )));
            None
        }
        _ => None,
    }
}
