//! `[sweep.inputs.NAME]`: what an input moves and how it is distributed.

use super::super::Loaded;
use super::super::decode::one_of;
use super::super::names::{self, Known, unknown};
use super::{DistributionSpec, InputSpec, Unit};
use crate::diag::{Diagnostic, Diagnostics};
use crate::quantity::{self, Dim};
use crate::tree::{Key, Node, Reader};
use jianpai_core::batch::{FactorGroup, Input};
use jianpai_core::catalogue::{Account, Catalogue};
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
    unit: Unit,
}

impl Moved {
    fn plain(input: Input, unit: Unit) -> Self {
        Self {
            input,
            target: None,
            substitute: None,
            unit,
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
            (Some(moved), Some((shape, node))) => {
                let span = (
                    self.loaded.scenario.base_year,
                    self.loaded.scenario.end_year,
                );
                distribution(shape, node, (moved.unit, span), reader.diags())
            }
            _ => None,
        };
        reader.finish(diags);
        let Moved {
            input,
            target,
            substitute,
            ..
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
            span,
        })
    }

    fn moved(&mut self, kind: &str, node: &Node, diags: &mut Diagnostics) -> Option<Moved> {
        let catalogue = self.catalogue;
        match kind {
            "factor" => {
                self.factors.push(factor(catalogue, node, diags)?);
                let input = Input::Factor(self.factors.len() - 1);
                Some(Moved::plain(input, Unit::Number))
            }
            "level" => {
                let m = self.measure(node.string(diags)?, node, diags)?;
                Some(Moved::plain(Input::Level(m), Unit::Fraction))
            }
            "start" => {
                let m = self.measure(node.string(diags)?, node, diags)?;
                Some(Moved::plain(Input::Start(m), Unit::Year))
            }
            "end" => {
                let m = self.measure(node.string(diags)?, node, diags)?;
                Some(Moved::plain(Input::End(m), Unit::Year))
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
                Some(Moved::plain(Input::Growth(found?), Unit::Fraction))
            }
            "elasticity" => {
                let name = node.string(diags)?;
                let found = catalogue.service(name);
                if found.is_none() {
                    let what = Text::new("活动", "service");
                    let known = names::services(catalogue);
                    diags.push(unknown(&what, name, node.span, &known, Some("services")));
                }
                Some(Moved::plain(Input::Elasticity(found?), Unit::Number))
            }
            _ => self.target(node.string(diags)?, node, diags),
        }
    }

    /// The subscript of the measure called `name`.
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
            ..Moved::plain(Input::Mix(found?), Unit::Fraction)
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
            diags.push(Diagnostic::error("target-kind", message).label(node.span, Text::default()));
            return None;
        }
        Some(Moved {
            target: found,
            ..Moved::plain(Input::Outside, Unit::Fraction)
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
    (unit, span): (Unit, (i32, i32)),
    diags: &mut Diagnostics,
) -> Option<DistributionSpec> {
    let nodes = node.array(diags)?;
    let value = |node: &Node, diags: &mut Diagnostics| match unit {
        Unit::Fraction => quantity::check(node, Dim::NONE, diags, "80 %"),
        Unit::Number => node.number(diags),
        Unit::Year => year(node, span, diags),
    };
    let values: Vec<Option<f64>> = nodes.iter().map(|node| value(node, diags)).collect();
    let values: Vec<f64> = values.into_iter().collect::<Option<_>>()?;
    match (shape, values.as_slice()) {
        // A year is one of those named, or of those between two.
        ("uniform", [lo, hi]) if unit == Unit::Year && lo <= hi => {
            let years = (*lo as i32)..=(*hi as i32);
            Some(DistributionSpec::Values(years.map(f64::from).collect()))
        }
        ("triangular" | "normal" | "lognormal", _) if unit == Unit::Year => {
            let message = Text::new(
                "年份只能用 values 或 uniform",
                "a year is drawn from `values` or between two (`uniform`)",
            );
            diags
                .push(Diagnostic::error("distribution", message).label(node.span, Text::default()));
            None
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

/// A year after the base year, within the scenario.
fn year(node: &Node, (first, last): (i32, i32), diags: &mut Diagnostics) -> Option<f64> {
    let year = node.integer(diags)?;
    match i32::try_from(year) {
        Ok(year) if first < year && year <= last => Some(f64::from(year)),
        _ => {
            let from = first + 1;
            let message = Text::new(
                format!("{year} 年不在 {from}—{last} 年之内"),
                format!("{year} lies outside {from} to {last}"),
            );
            let label = Text::new("超出范围", "out of range");
            diags.push(Diagnostic::error("year-range", message).label(node.span, label));
            None
        }
    }
}

/// The name in both languages, if one is given; either stands for the other.
fn label([zh, en]: [Option<String>; 2]) -> Option<Text> {
    match (zh, en) {
        (None, None) => None,
        (Some(zh), Some(en)) => Some(Text::new(zh, en)),
        (Some(one), None) | (None, Some(one)) => Some(Text::same(one)),
    }
}
