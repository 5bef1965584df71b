//! `[sweep]`: what varies from draw to draw, how it is distributed, and which
//! design lays out the draws.

use super::Loaded;
use super::decode::one_of;
use super::names::{self, Known, unknown};
use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::quantity::{self, Dim};
use crate::tree::{Key, Node, Reader, TableNode};
use jianpai_core::batch::{FactorGroup, Input};
use jianpai_core::catalogue::{Account, Catalogue};
use jianpai_core::target::Demand;
use jianpai_core::text::Text;

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
    /// Rank correlations between inputs, by subscript.
    pub correlations: Vec<(usize, usize, f64)>,
    /// Where `[sweep]` stands, for later complaints.
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
}

/// One input.
#[derive(Clone, Debug)]
pub struct InputSpec {
    /// Its id: the name of its column.
    pub name: String,
    /// What it moves.
    pub input: Input,
    /// The target whose level it replaces, by subscript.
    pub target: Option<usize>,
    /// How it is distributed, in base units.
    pub distribution: DistributionSpec,
    /// Where it stands.
    pub span: Span,
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

/// What the numbers of an input are written in.
#[derive(Clone, Copy, PartialEq)]
enum Unit {
    /// `"80 %"`.
    Fraction,
    /// A bare number.
    Number,
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
    let design = design(&mut reader);
    let years = years(&mut reader, loaded);
    let inputs = reader
        .required("inputs")
        .and_then(|node| node.table(reader.diags()));
    let correlations = reader.opt_array("correlation");
    let mut factors = Vec::new();
    let inputs: Vec<InputSpec> = inputs.map_or(Vec::new(), |table| {
        let entries = table.entries.iter();
        let read = entries.filter_map(|(key, node)| {
            input(catalogue, loaded, key, node, &mut factors, reader.diags())
        });
        read.collect()
    });
    let correlations = correlations.map_or(Vec::new(), |nodes| {
        let pairs = nodes
            .iter()
            .filter_map(|node| correlation(node, &inputs, reader.diags()));
        pairs.collect()
    });
    reader.finish(diags);
    (diags.len() == before).then_some(SweepSpec {
        draws,
        seed,
        design: design.unwrap_or(DesignSpec::LatinHypercube),
        years,
        inputs,
        factors,
        correlations,
        span: node.span,
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
        reader.push(Diagnostic::error("negative", message).label(node.span, Text::default()));
    }
    found
}

fn design(reader: &mut Reader<'_>) -> Option<DesignSpec> {
    let levels = positive(reader, "levels");
    let node = reader.optional("design")?;
    let name = node.string(reader.diags())?;
    let known = [
        "random",
        "latin-hypercube",
        "sobol",
        "saltelli",
        "morris",
        "grid",
    ];
    match name {
        "random" => Some(DesignSpec::Random),
        "latin-hypercube" => Some(DesignSpec::LatinHypercube),
        "sobol" => Some(DesignSpec::Sobol),
        "saltelli" => Some(DesignSpec::Saltelli),
        "morris" => Some(DesignSpec::Morris(
            u32::try_from(levels.unwrap_or(4)).unwrap_or(4),
        )),
        "grid" => Some(DesignSpec::Grid(levels.unwrap_or(5))),
        _ => {
            let what = Text::new("抽样设计", "design");
            reader.push(unknown(&what, name, node.span, &Known::words(&known), None));
            None
        }
    }
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
                reader.push(Diagnostic::error("year-range", message).label(node.span, label));
            }
        }
    }
    years
}

/// `[sweep.inputs.NAME]`: what it moves and how it is distributed.
fn input(
    catalogue: &Catalogue,
    loaded: &Loaded,
    key: &Key,
    node: &Node,
    factors: &mut Vec<FactorGroup>,
    diags: &mut Diagnostics,
) -> Option<InputSpec> {
    let table = node.table(diags)?;
    let mut reader = Reader::new(table, Text::same(format!("[sweep.inputs.{}]", key.name)));
    let kinds = ["level", "growth", "elasticity", "factor", "target"];
    let nodes = kinds.map(|kind| (kind, reader.optional(kind)));
    let found = one_of(&nodes, key.span, &mut reader);
    let moved = found
        .and_then(|(kind, node)| moved(catalogue, loaded, kind, node, factors, reader.diags()));
    let shapes = ["uniform", "triangular", "normal", "lognormal", "values"];
    let nodes = shapes.map(|shape| (shape, reader.optional(shape)));
    let shape = one_of(&nodes, key.span, &mut reader);
    let distribution = match (&moved, shape) {
        (Some((_, _, unit)), Some((shape, node))) => {
            distribution(shape, node, *unit, reader.diags())
        }
        _ => None,
    };
    reader.finish(diags);
    let (input, target, _) = moved?;
    let (name, span) = (key.name.clone(), key.span);
    Some(InputSpec {
        name,
        input,
        target,
        distribution: distribution?,
        span,
    })
}

type Moved = (Input, Option<usize>, Unit);

fn moved(
    catalogue: &Catalogue,
    loaded: &Loaded,
    kind: &str,
    node: &Node,
    factors: &mut Vec<FactorGroup>,
    diags: &mut Diagnostics,
) -> Option<Moved> {
    if kind == "factor" {
        factors.push(factor(catalogue, node, diags)?);
        return Some((Input::Factor(factors.len() - 1), None, Unit::Number));
    }
    let name = node.string(diags)?;
    let scenario = &loaded.scenario;
    match kind {
        "level" => {
            let ids: Vec<&str> = scenario.measures.iter().map(|m| m.id.as_str()).collect();
            let found = ids.iter().position(|id| *id == name);
            if found.is_none() {
                let what = Text::new("措施", "measure");
                diags.push(unknown(&what, name, node.span, &Known::words(&ids), None));
            }
            Some((Input::Level(found?), None, Unit::Fraction))
        }
        "growth" => {
            let found = catalogue.driver(name);
            if found.is_none() {
                let what = Text::new("驱动因素", "driver");
                let known = names::drivers(catalogue);
                diags.push(unknown(&what, name, node.span, &known, Some("drivers")));
            }
            Some((Input::Growth(found?), None, Unit::Fraction))
        }
        "elasticity" => {
            let found = catalogue.service(name);
            if found.is_none() {
                let what = Text::new("活动", "service");
                let known = names::services(catalogue);
                diags.push(unknown(&what, name, node.span, &known, Some("services")));
            }
            Some((Input::Elasticity(found?), None, Unit::Number))
        }
        _ => {
            let ids: Vec<&str> = scenario.targets.iter().map(|t| t.id.as_str()).collect();
            let found = ids.iter().position(|id| *id == name);
            if found.is_none() {
                let what = Text::new("目标", "target");
                diags.push(unknown(&what, name, node.span, &Known::words(&ids), None));
            }
            if !matches!(scenario.targets[found?].demand, Demand::Reduction { .. }) {
                let message = Text::new(
                    format!("目标 `{name}` 不是 reduction，不能抽样其大小"),
                    format!("target `{name}` is no `reduction`; its level cannot be sampled"),
                );
                diags.push(
                    Diagnostic::error("target-kind", message).label(node.span, Text::default()),
                );
                return None;
            }
            Some((Input::Outside, found, Unit::Fraction))
        }
    }
}

/// `{ technologies = […] | class = "…" | service = "…", pollutants = […] }`.
fn factor(catalogue: &Catalogue, node: &Node, diags: &mut Diagnostics) -> Option<FactorGroup> {
    let table = node.table(diags)?;
    let mut reader = Reader::new(table, Text::new("因子", "the factor"));
    let nodes = ["technologies", "class", "service"].map(|key| (key, reader.optional(key)));
    let chosen = one_of(&nodes, node.span, &mut reader);
    let pollutants = reader.array("pollutants");
    let mut technologies = Vec::new();
    if let Some((key, node)) = chosen {
        let names: Vec<&Node> = match key {
            "technologies" => node
                .array(reader.diags())
                .unwrap_or_default()
                .iter()
                .collect(),
            _ => vec![node],
        };
        for node in names {
            let Some(name) = node.string(reader.diags()) else {
                continue;
            };
            let all = catalogue.technologies.iter().enumerate();
            let before = technologies.len();
            technologies.extend(
                all.filter(|(_, k)| match key {
                    "technologies" => k.named.id == name,
                    "class" => catalogue.classes[k.class.at()].named.id == name,
                    _ => catalogue.services[k.service.at()].named.id == name,
                })
                .map(|(k, _)| jianpai_core::dims::TechnologyId::from_usize(k)),
            );
            if technologies.len() == before {
                let known: Vec<&str> = match key {
                    "technologies" => catalogue
                        .technologies
                        .iter()
                        .map(|k| k.named.id.as_str())
                        .collect(),
                    "class" => catalogue
                        .classes
                        .iter()
                        .map(|c| c.named.id.as_str())
                        .collect(),
                    _ => catalogue
                        .services
                        .iter()
                        .map(|s| s.named.id.as_str())
                        .collect(),
                };
                let what = Text::new("工艺、类别或活动", "technology, class or service");
                reader.push(unknown(&what, name, node.span, &Known::words(&known), None));
            }
        }
    }
    let mut accounts = Vec::new();
    for node in pollutants.unwrap_or_default() {
        let Some(name) = node.string(reader.diags()) else {
            continue;
        };
        if let Some(p) = catalogue.pollutant(name) {
            accounts.extend([Account::Pollutant(p), Account::Outside(p)]);
        } else {
            let known = catalogue.pollutants.iter().map(|p| p.named.id.as_str());
            let known: Vec<&str> = known.collect();
            let what = Text::new("污染物", "pollutant");
            reader.push(unknown(&what, name, node.span, &Known::words(&known), None));
        }
    }
    reader.finish(diags);
    Some(FactorGroup {
        technologies,
        accounts,
    })
}

/// The numbers of a distribution, in base units.
fn distribution(
    shape: &str,
    node: &Node,
    unit: Unit,
    diags: &mut Diagnostics,
) -> Option<DistributionSpec> {
    let nodes = node.array(diags)?;
    let value = |node: &Node, diags: &mut Diagnostics| match unit {
        Unit::Fraction => quantity::check(node, Dim::NONE, diags, "80 %"),
        Unit::Number => node.number(diags),
    };
    let values: Vec<Option<f64>> = nodes.iter().map(|node| value(node, diags)).collect();
    let values: Vec<f64> = values.into_iter().collect::<Option<_>>()?;
    match (shape, values.as_slice()) {
        ("uniform", [lo, hi]) if lo <= hi => Some(DistributionSpec::Uniform(*lo, *hi)),
        ("triangular", [lo, mode, hi]) if lo <= mode && mode <= hi => {
            Some(DistributionSpec::Triangular(*lo, *mode, *hi))
        }
        ("normal", [mean, sd]) if *sd > 0.0 => Some(DistributionSpec::Normal(*mean, *sd)),
        ("lognormal", [low, central, high]) if 0.0 < *low && low <= central && central <= high => {
            Some(DistributionSpec::LogNormal(*low, *central, *high))
        }
        ("values", [_, ..]) => Some(DistributionSpec::Values(values)),
        _ => {
            let (zh, en) = match shape {
                "uniform" => ("[下限, 上限]", "[low, high]"),
                "triangular" => ("[下限, 最可能, 上限]", "[low, most likely, high]"),
                "normal" => (
                    "[均值, 标准差]，标准差大于 0",
                    "[mean, standard deviation > 0]",
                ),
                "lognormal" => (
                    "[下限, 中值, 上限]，均大于 0",
                    "[low, central, high], all above 0",
                ),
                _ => ("[值, …]，至少一个", "[value, …], at least one"),
            };
            let message = Text::new(
                format!("`{shape}` 写作 {zh}，由小到大"),
                format!("`{shape}` is written {en}, in rising order"),
            );
            diags
                .push(Diagnostic::error("distribution", message).label(node.span, Text::default()));
            None
        }
    }
}

/// `{ between = ["a", "b"], rank = 0.5 }`.
fn correlation(
    node: &Node,
    inputs: &[InputSpec],
    diags: &mut Diagnostics,
) -> Option<(usize, usize, f64)> {
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
        ([a, b], Some(rank)) if a != b && (-1.0..=1.0).contains(&rank) => Some((*a, *b, rank)),
        ([_, _], Some(_)) => {
            let message = Text::new(
                "相关系数应在 −1 与 1 之间，且是两个不同的输入",
                "a correlation lies between −1 and 1 and joins two different inputs",
            );
            let diagnostic = Diagnostic::error("correlation", message);
            diags.push(diagnostic.label(node.span, Text::default()));
            None
        }
        _ => None,
    }
}
