//! `[sweep.inputs.NAME]`: what an input moves and how it is distributed.

use super::super::Loaded;
use super::super::decode::elasticity;
use super::super::fields::one_of;
use super::super::limits::{Limits, Written};
use super::super::names::{self, Known, unknown};
use super::super::percent;
use super::{DistributionSpec, InputSpec};
use crate::diag::{Diagnostic, Diagnostics};
use crate::quantity::{self, Dim};
use crate::tree::{Key, Node, Reader};
use jianpai_core::batch::{FactorGroup, Input};
use jianpai_core::catalogue::Catalogue;
use jianpai_core::dims::DriverId;
use jianpai_core::target::Demand;
use jianpai_core::text::Text;

/// What reading an input takes.
pub(super) struct Context<'a> {
    pub catalogue: &'a Catalogue,
    pub loaded: &'a Loaded,
    /// Grows with every input of kind factor.
    pub factors: &'a mut Vec<FactorGroup>,
    /// Whether values are listed, so that nothing is distributed.
    pub is_list: bool,
}

/// What an input moves.
struct Moved {
    input: Input,
    target: Option<usize>,
    substitute: Option<String>,
    /// What it may be.
    limits: Limits,
}

impl Moved {
    fn plain(input: Input, limits: Limits) -> Self {
        Self {
            input,
            target: None,
            substitute: None,
            limits,
        }
    }
}

impl Context<'_> {
    /// `[sweep.inputs.NAME]`: what it moves and how it is distributed.
    pub(super) fn input(
        &mut self,
        key: &Key,
        node: &Node,
        diags: &mut Diagnostics,
    ) -> Option<InputSpec> {
        let table = node.table(diags)?;
        let mut reader = Reader::new(table, Text::same(format!("[sweep.inputs.{}]", key.name)));
        let kinds = [
            "level",
            "start",
            "end",
            "mix",
            "growth",
            "elasticity",
            "factor",
            "target",
        ];
        let nodes = kinds.map(|kind| (kind, reader.optional(kind)));
        let found = one_of(&nodes, key.span, &mut reader);
        let moved = found.and_then(|(kind, node)| self.moved(kind, node, reader.diags()));
        let names = ["name_zh", "name_en"].map(|key| {
            let node = reader.optional(key)?;
            node.string(reader.diags()).map(ToString::to_string)
        });
        let shapes = ["uniform", "triangular", "normal", "lognormal", "values"];
        let nodes = shapes.map(|shape| (shape, reader.optional(shape)));
        let shape = if self.is_list {
            nodes
                .iter()
                .find_map(|(shape, node)| node.map(|node| (*shape, node)))
        } else {
            one_of(&nodes, key.span, &mut reader)
        };
        let distribution = match (&moved, shape) {
            (Some(moved), Some((shape, node))) => distribution(shape, node, moved, reader.diags()),
            _ => None,
        };
        let truncate = reader
            .optional("truncate")
            .and_then(|node| node.bool(reader.diags()));
        reader.finish(diags);
        let Moved {
            input,
            target,
            substitute,
            limits,
        } = moved?;
        if distribution.is_none() && !self.is_list {
            return None;
        }
        let (name, span) = (key.name.clone(), key.span);
        Some(InputSpec {
            name,
            input,
            target,
            substitute,
            label: label(names),
            distribution,
            limits,
            truncate: truncate.unwrap_or(false),
            span,
        })
    }

    fn moved(&mut self, kind: &str, node: &Node, diags: &mut Diagnostics) -> Option<Moved> {
        let catalogue = self.catalogue;
        match kind {
            "factor" => {
                self.factors.push(factor(catalogue, node, diags)?);
                let input = Input::Factor(self.factors.len() - 1);
                Some(Moved::plain(input, Limits::multiplier()))
            }
            "level" => {
                let m = self.measure(node.string(diags)?, node, diags)?;
                Some(Moved::plain(Input::Level(m), Limits::level()))
            }
            "start" => {
                let m = self.measure(node.string(diags)?, node, diags)?;
                Some(Moved::plain(Input::Start(m), self.years()))
            }
            "end" => {
                let m = self.measure(node.string(diags)?, node, diags)?;
                Some(Moved::plain(Input::End(m), self.years()))
            }
            "mix" => self.mix(node, diags),
            "growth" => {
                let name = node.string(diags)?;
                let found = catalogue.driver(name);
                if found.is_none() {
                    let what = Text::new("驱动因素", "driver");
                    let known = names::drivers(catalogue);
                    diags.push(unknown(&what, name, node.span, &known, Some("drivers")));
                }
                Some(Moved::plain(Input::Growth(found?), self.departure(found?)))
            }
            "elasticity" => {
                let name = node.string(diags)?;
                let found = catalogue.service(name);
                if found.is_none() {
                    let what = Text::new("活动", "service");
                    let known = names::services(catalogue);
                    diags.push(unknown(&what, name, node.span, &known, Some("services")));
                }
                Some(Moved::plain(
                    Input::Elasticity(found?),
                    Limits::elasticity(),
                ))
            }
            _ => self.target(node.string(diags)?, node, diags),
        }
    }

    /// Years that a timetable may name.
    fn years(&self) -> Limits {
        let scenario = &self.loaded.scenario;
        Limits::year(scenario.base_year, scenario.end_year)
    }

    /// What may be added to the growth of a driver in the years after its record.
    fn departure(&self, driver: DriverId) -> Limits {
        let scenario = &self.loaded.scenario;
        let recorded = |year: &i32| scenario.world.growth.contains_key(&(driver, *year));
        let years = scenario.base_year + 1..=scenario.end_year;
        let last = years.clone().filter(recorded).max();
        let projected = years.filter(|year| last.is_none_or(|last| *year > last));
        let growth = projected.filter_map(|year| Some(scenario.growth_of(driver, year)?.0));
        Limits::departure(growth.fold((0.0, 0.0), |(least, most), g| (g.min(least), g.max(most))))
    }

    /// The index of the measure called `name`.
    fn measure(&self, name: &str, node: &Node, diags: &mut Diagnostics) -> Option<usize> {
        let measures = &self.loaded.scenario.measures;
        let found = measures.iter().position(|m| m.id == name);
        if found.is_none() {
            let ids: Vec<&str> = measures.iter().map(|m| m.id.as_str()).collect();
            let what = Text::new("措施", "measure");
            diags.push(unknown(&what, name, node.span, &Known::words(&ids), None));
        }
        found
    }

    /// `mix = { measure = "boilers", of = "gas" }`.
    fn mix(&self, node: &Node, diags: &mut Diagnostics) -> Option<Moved> {
        let table = node.table(diags)?;
        let mut reader = Reader::new(table, Text::new("替代结构", "the mix"));
        let measure = reader.required("measure");
        let of = reader.required("of");
        let name = measure.and_then(|node| Some((node, node.string(reader.diags())?)));
        let found = name.and_then(|(node, name)| self.measure(name, node, reader.diags()));
        let substitute = of.and_then(|node| node.string(reader.diags()));
        reader.finish(diags);
        Some(Moved {
            substitute: Some(substitute?.to_string()),
            ..Moved::plain(Input::Mix(found?), Limits::share())
        })
    }

    /// The level of a target.
    fn target(&self, name: &str, node: &Node, diags: &mut Diagnostics) -> Option<Moved> {
        let targets = &self.loaded.scenario.targets;
        let ids: Vec<&str> = targets.iter().map(|t| t.id.as_str()).collect();
        let found = ids.iter().position(|id| *id == name);
        if found.is_none() {
            let what = Text::new("目标", "target");
            diags.push(unknown(&what, name, node.span, &Known::words(&ids), None));
        }
        if !matches!(targets[found?].demand, Demand::Reduction { .. }) {
            let message = Text::new(
                format!("目标 `{name}` 不是 reduction，不能抽样其大小"),
                format!("target `{name}` is no `reduction`; its level cannot be sampled"),
            );
            diags.push(
                Diagnostic::error("target-kind", message)
                    .label(node.span, Text::new("不是降幅", "no reduction"))
                    .help(Text::new(
                        "抽样 reduction 类目标，或去掉这一输入",
                        "sample a target given as `reduction`, or leave this input out",
                    )),
            );
            return None;
        }
        Some(Moved {
            target: found,
            ..Moved::plain(Input::Outside, Limits::reduction())
        })
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
    let mut moved = Vec::new();
    for node in pollutants.unwrap_or_default() {
        let Some(name) = node.string(reader.diags()) else {
            continue;
        };
        if let Some(p) = catalogue.pollutant(name) {
            moved.push(p);
        } else {
            let known = catalogue.pollutants.iter().map(|p| p.named.id.as_str());
            let known: Vec<&str> = known.collect();
            let what = Text::new("污染物", "pollutant");
            reader.push(unknown(&what, name, node.span, &Known::words(&known), None));
        }
    }
    reader.finish(diags);
    Some(FactorGroup::new(catalogue, &technologies, &moved))
}

/// The numbers of a distribution, in base units. What is stated lies within the bounds
/// that the scenario's own reader sets to the same quantity.
fn distribution(
    shape: &str,
    node: &Node,
    moved: &Moved,
    diags: &mut Diagnostics,
) -> Option<DistributionSpec> {
    let nodes = node.array(diags)?;
    let is_year = moved.limits.written == Written::Year;
    // A year is one of those named, or of those between two.
    if is_year && ["triangular", "normal", "lognormal"].contains(&shape) {
        diags.push(no_years(node));
        return None;
    }
    let values: Vec<Option<f64>> = nodes
        .iter()
        .enumerate()
        .map(|(i, node)| match (shape, i) {
            // A deviation is no value of the input.
            ("normal", 1) => deviation(node, &moved.limits, diags),
            _ => stated(node, moved, diags),
        })
        .collect();
    let values: Vec<f64> = values.into_iter().collect::<Option<_>>()?;
    match (shape, values.as_slice()) {
        ("uniform", [lo, hi]) if is_year && lo <= hi => {
            let years = (*lo as i32)..=(*hi as i32);
            Some(DistributionSpec::Values(years.map(f64::from).collect()))
        }
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
            diags.push(misshapen(shape, node, &moved.limits));
            None
        }
    }
}

/// A distribution that gives no years.
fn no_years(node: &Node) -> Diagnostic {
    let message = Text::new(
        "年份只能用 values 或 uniform",
        "a year is drawn from `values` or between two (`uniform`)",
    );
    Diagnostic::error("distribution", message)
        .label(node.span, Text::new("年份", "years"))
        .help(Text::new(
            "写法如 values = [2020, 2022]，或 uniform = [2020, 2025]",
            "write for example values = [2020, 2022] or uniform = [2020, 2025]",
        ))
}

/// A value of the input as the file states it.
fn stated(node: &Node, moved: &Moved, diags: &mut Diagnostics) -> Option<f64> {
    let limits = &moved.limits;
    match (limits.written, &moved.input) {
        (Written::Percent, _) => percent::within(node, limits, diags),
        (Written::Year, _) => year(node, limits, diags),
        (Written::Number, Input::Elasticity(_)) => elasticity(node, diags),
        (Written::Number, _) => number(node, limits, diags),
    }
}

/// A standard deviation; one wider than all that the input may be is a slip of the pen.
fn deviation(node: &Node, limits: &Limits, diags: &mut Diagnostics) -> Option<f64> {
    let value = match limits.written {
        Written::Percent => quantity::check(node, Dim::NONE, diags, limits.example)?,
        Written::Number | Written::Year => node.number(diags)?,
    };
    let most = limits.high - limits.low;
    if value <= most {
        return Some(value);
    }
    let (said, most) = (limits.say(value), limits.say(most));
    let message = Text::new(
        format!("标准差 {said} 大于{}的全部范围（{most}）", limits.what.zh),
        format!(
            "a standard deviation of {said} is wider than all that {} may be ({most})",
            limits.what.en
        ),
    );
    diags.push(
        Diagnostic::error("distribution", message)
            .label(node.span, Text::new("过大", "too wide"))
            .help(Text::new(
                format!("写法如 \"{}\"", limits.example),
                format!("write it like \"{}\"", limits.example),
            )),
    );
    None
}

/// A bare number within bounds.
fn number(node: &Node, limits: &Limits, diags: &mut Diagnostics) -> Option<f64> {
    let value = node.number(diags)?;
    if limits.hold(value) {
        return Some(value);
    }
    let (low, high) = (limits.say(limits.low), limits.say(limits.high));
    let message = Text::new(
        format!(
            "{}应在 {low} 与 {high} 之间，这里是 {value}",
            limits.what.zh
        ),
        format!(
            "{} lies between {low} and {high}, this is {value}",
            limits.what.en
        ),
    );
    diags.push(
        Diagnostic::error("factor-range", message)
            .label(node.span, Text::new("超出范围", "out of range"))
            .help(Text::new(
                format!("1 为数据中的因子，写法如 {}", limits.example),
                format!(
                    "1 is the factor of the data; write it like {}",
                    limits.example
                ),
            )),
    );
    None
}

/// A distribution that is not written as its shape wants it.
fn misshapen(shape: &str, node: &Node, limits: &Limits) -> Diagnostic {
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
    let (order_zh, order_en) = match shape {
        "normal" | "values" => ("", ""),
        _ => ("，由小到大", ", in rising order"),
    };
    let message = Text::new(
        format!("`{shape}` 写作 {zh}{order_zh}"),
        format!("`{shape}` is written {en}{order_en}"),
    );
    let example = match limits.written {
        Written::Percent => format!("\"{}\"", limits.example),
        Written::Number | Written::Year => limits.example.to_string(),
    };
    Diagnostic::error("distribution", message)
        .label(node.span, Text::new("不是这样写的", "not written so"))
        .help(Text::new(
            format!("每个值的写法如 {example}"),
            format!("write each value like {example}"),
        ))
}

/// A year after the base year, within the scenario.
fn year(node: &Node, limits: &Limits, diags: &mut Diagnostics) -> Option<f64> {
    let year = node.integer(diags)?;
    if limits.hold(year as f64) {
        return Some(year as f64);
    }
    let (from, last) = (limits.low, limits.high);
    let message = Text::new(
        format!("{year} 年不在 {from}—{last} 年之内"),
        format!("{year} lies outside {from} to {last}"),
    );
    diags.push(
        Diagnostic::error("year-range", message)
            .label(node.span, Text::new("超出范围", "out of range"))
            .help(Text::new(
                format!("写 {from} 至 {last} 之间的年份"),
                format!("name a year from {from} to {last}"),
            )),
    );
    None
}

/// The name in both languages, if one is given; either stands for the other.
fn label([zh, en]: [Option<String>; 2]) -> Option<Text> {
    match (zh, en) {
        (None, None) => None,
        (Some(zh), Some(en)) => Some(Text::new(zh, en)),
        (Some(one), None) | (None, Some(one)) => Some(Text::same(one)),
    }
}
