//! Targets, the scenario's own and the official ones.

use super::decode::{Decoder, Head, not_negative, one_of_like, within};
use super::measures;
use super::names::{Known, unknown};
use super::observed::Splices;
use super::percent::{reduction, share};
use crate::diag::{Diagnostic, Diagnostics};
use crate::quantity::{self, Dim};
use crate::tree::{Key, Node, Reader, TableNode};
use jianpai_core::catalogue::{IndicatorKind, World};
use jianpai_core::dims::IndicatorId;
use jianpai_core::scenario::{Scenario, Tracked};
use jianpai_core::target::{Demand, Target};
use jianpai_core::text::Text;

impl Decoder<'_, '_> {
    /// The indicator, if published values of it can be joined to.
    pub(super) fn observable(
        &self,
        id: IndicatorId,
        node: &Node,
        diags: &mut Diagnostics,
    ) -> Option<IndicatorId> {
        let IndicatorKind::Share { .. } = self.catalogue.indicators[id.at()].kind else {
            return Some(id);
        };
        let message = Text::new(
            "占比指标不能作为观测值衔接",
            "a projection cannot be joined to an observed share",
        );
        diags.push(
            Diagnostic::error("observation", message)
                .label(node.span, Text::new("占比指标", "a share"))
                .help(Text::new(
                    "可写排放量、强度、煤炭或能源指标",
                    "observe emissions, intensities, coal or energy instead",
                )),
        );
        None
    }

    pub(super) fn targets(
        &self,
        table: &TableNode,
        head: &Head,
        (world, splices): (Option<&World>, &mut Splices),
        diags: &mut Diagnostics,
    ) -> Vec<Target> {
        let entries = table.entries.iter();
        entries
            .filter_map(|(key, node)| self.target(key, node, head, (world, splices), diags))
            .collect()
    }

    fn target(
        &self,
        key: &Key,
        node: &Node,
        head: &Head,
        (world, splices): (Option<&World>, &mut Splices),
        diags: &mut Diagnostics,
    ) -> Option<Target> {
        let entry = node.table(diags)?;
        let what = format!("[targets.{}]", key.name);
        let mut reader = Reader::new(entry, Text::same(what));
        let indicator = reader.required("indicator");
        let indicator = indicator.and_then(|node| self.indicator(node, reader.diags()));
        let year_node = reader.required("year");
        let year =
            year_node.and_then(|node| within(node, head, head.base_year + 1, reader.diags()));
        let base_node = reader.optional("base_year");
        let base_year = match base_node {
            None => Some(head.base_year),
            Some(node) => within(node, head, head.base_year, reader.diags()),
        };
        let from_node = reader.optional("from");
        let from = match from_node {
            None => Some(head.base_year + 1),
            Some(node) => within(node, head, head.base_year, reader.diags()),
        };
        let (zh, en) = (reader.opt_string("name_zh"), reader.opt_string("name_en"));
        let source = reader.opt_string("source").map(str::to_string);
        let keys = ["reduction", "cap", "floor", "cumulative", "project"];
        let nodes = keys.map(|key| (key, reader.optional(key)));
        let examples = [
            "reduction = \"10 %\"".to_string(),
            "cap = \"62 万t\"".to_string(),
        ];
        let demand = one_of_like(&nodes, key.span, &examples, &mut reader);
        let years = (
            base_year.unwrap_or(head.base_year),
            from.unwrap_or(head.base_year + 1),
        );
        let calibre = reader.optional("calibre").and_then(|node| {
            let calibre = self.calibre(node, reader.diags())?;
            Some((calibre, node.span))
        });
        let project = demand.is_some_and(|(kind, _)| kind == "project");
        let demand = demand
            .and_then(|(kind, node)| self.demand(kind, node, indicator, years, reader.diags()));
        // Project reductions are gross cuts: they are set against no total.
        let scale = match (calibre, indicator) {
            (Some(given), Some(id)) if !project => {
                self.target_scale(id, given, (world, splices), reader.diags())
            }
            _ => Some(1.0),
        };
        let demand = demand
            .zip(scale)
            .map(|(demand, scale)| scaled(demand, scale));
        if let (Some(from), Some(to), Some(node)) = (base_year, year, base_node)
            && from >= to
        {
            let message = Text::new(
                format!("基准年 {from} 应早于目标年 {to}"),
                format!("the base year {from} must come before the target year {to}"),
            );
            reader.push(
                Diagnostic::error("year-order", message)
                    .label(
                        node.span,
                        Text::new("不早于目标年", "not before the target year"),
                    )
                    .help(Text::new(
                        "不写 base_year 则较情景基年计",
                        "without `base_year` it is the scenario's base year",
                    )),
            );
        }
        reader.finish(diags);
        Some(Target {
            id: key.name.clone(),
            name: zh
                .or(en)
                .map(|name| Text::new(zh.unwrap_or(name), en.unwrap_or(name))),
            indicator: indicator?,
            year: base_year.and(from).and(year)?,
            demand: demand?,
            source,
        })
    }

    fn demand(
        &self,
        kind: &str,
        node: &Node,
        indicator: Option<IndicatorId>,
        (base_year, from): (i32, i32),
        diags: &mut Diagnostics,
    ) -> Option<Demand> {
        if kind == "reduction" {
            let wanted = reduction(node, diags)?;
            return Some(Demand::Reduction { wanted, base_year });
        }
        let amount = self.amount(node, indicator?, diags)?;
        Some(match kind {
            "cap" => Demand::Cap(amount),
            "floor" => Demand::Floor(amount),
            "cumulative" => Demand::Cumulative {
                limit: amount,
                from,
            },
            _ => Demand::Project {
                wanted: amount,
                base_year,
            },
        })
    }

    /// An amount in the base unit of an indicator.
    pub(super) fn amount(
        &self,
        node: &Node,
        id: IndicatorId,
        diags: &mut Diagnostics,
    ) -> Option<f64> {
        let amount = match &self.catalogue.indicators[id.at()].kind {
            IndicatorKind::Emission(_) => quantity::check(node, Dim::MASS, diags, "62 万t"),
            IndicatorKind::Coal => measures::coal(node, self.catalogue, diags),
            IndicatorKind::Energy => quantity::check(node, Dim::ENERGY, diags, "13000 万吨标准煤"),
            IndicatorKind::Share { .. } => share(node, diags),
            IndicatorKind::EmissionIntensity(_) | IndicatorKind::EnergyIntensity => {
                let message = Text::new(
                    "强度指标只能写 reduction（较某年下降）",
                    "an intensity can only be given as `reduction` against a year",
                );
                let diagnostic = Diagnostic::error("intensity-amount", message);
                let label = Text::new("强度没有绝对量", "an intensity has no amount");
                diags.push(diagnostic.label(node.span, label).help(Text::new(
                    "写作 reduction = \"18 %\"，较某年另加 base_year",
                    "write reduction = \"18 %\", with `base_year` for another year",
                )));
                None
            }
        };
        not_negative(node, amount?, diags)
    }

    /// Adds the official targets of a plan for which the file has none of its own.
    pub(super) fn official_targets(
        &self,
        head: &Head,
        scenario: &mut Scenario,
        splices: &mut Splices,
        diags: &mut Diagnostics,
    ) {
        let Some((plan, span)) = &head.targets_from else {
            return;
        };
        let all = self.catalogue.targets.iter();
        let mut plans: Vec<&str> = all.clone().map(|t| t.plan.as_str()).collect();
        plans.sort_unstable();
        plans.dedup();
        if !plans.contains(&plan.as_str()) {
            let what = Text::new("规划", "plan");
            diags.push(unknown(&what, plan, *span, &Known::words(&plans), None));
            return;
        }
        for official in all.filter(|t| t.plan == *plan && Some(t.region) == head.region) {
            let id = format!("{plan}-{}", official.indicator);
            let source = self.catalogue.sources[official.value.origin.source.at()]
                .title
                .clone();
            let project = official.kind == "project-reduction";
            match self.catalogue.indicator(&official.indicator) {
                Some(indicator) if official.target_year <= scenario.end_year => {
                    let same =
                        |t: &Target| t.indicator == indicator && t.year == official.target_year;
                    if scenario.targets.iter().any(same) {
                        continue;
                    }
                    let (wanted, base_year) = (official.value.value, official.base_year);
                    let demand = if project {
                        Demand::Project { wanted, base_year }
                    } else {
                        // It counts from the data's own base, not from any other.
                        let world = Some(&scenario.world);
                        let calibre = self.official_calibre(head, indicator);
                        let fits = calibre.is_none_or(|calibre| {
                            let given = (calibre, *span);
                            let scale =
                                self.target_scale(indicator, given, (world, splices), diags);
                            scale.is_some()
                        });
                        if !fits {
                            continue;
                        }
                        Demand::Reduction { wanted, base_year }
                    };
                    scenario.targets.push(Target {
                        id,
                        name: None,
                        indicator,
                        year: official.target_year,
                        demand,
                        source: Some(source),
                    });
                }
                Some(_) => {}
                None => scenario.tracked.push(Tracked {
                    id,
                    name: Text::same(official.indicator.clone()),
                    target: Text::same(format!("−{} %", official.value.value * 100.0)),
                    year: official.target_year,
                    value: None,
                    source: Some(source),
                }),
            }
        }
    }
}

/// A demand for an amount, in another calibre; fractions stay.
fn scaled(demand: Demand, scale: f64) -> Demand {
    match demand {
        Demand::Cap(limit) => Demand::Cap(limit * scale),
        Demand::Floor(limit) => Demand::Floor(limit * scale),
        Demand::Cumulative { limit, from } => Demand::Cumulative {
            limit: limit * scale,
            from,
        },
        Demand::Reduction { .. } | Demand::Project { .. } => demand,
    }
}
