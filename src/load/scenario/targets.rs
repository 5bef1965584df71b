//! Targets, the scenario's own and the official ones.

use super::decode::Decoder;
use super::fields::{not_negative, one_of_like, within};
use super::head::Head;
use super::keys::TARGET;
use super::measures;
use super::names::{Known, unknown};
use super::observed::Splices;
use super::percent::share;
use super::sentence;
use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::quantity::{self, Dim};
use crate::tree::{Key, Node, Reader, TableNode};
use jianpai_core::account::UnitKind;
use jianpai_core::catalogue::{Account, Book, Catalogue, OfficialTarget, World};
use jianpai_core::dims::IndicatorId;
use jianpai_core::scenario::{Scenario, Tracked};
use jianpai_core::target::{Demand, Said, Target, plan_base};
use jianpai_core::text::Text;

impl Decoder<'_, '_> {
    /// The indicator, if published values of it can be joined to.
    pub(super) fn observable(
        &self,
        id: IndicatorId,
        node: &Node,
        diags: &mut Diagnostics,
    ) -> Option<IndicatorId> {
        if !self.catalogue.indicators[id.at()].kind.is_share() {
            return Some(id);
        }
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

    /// `[targets]`: those that are judged, and those that are listed alone.
    pub(super) fn targets(
        &self,
        table: &TableNode,
        head: &Head,
        (world, splices): (Option<&World>, &mut Splices),
        diags: &mut Diagnostics,
    ) -> (Vec<Target>, Vec<Tracked>) {
        let (mut judged, mut listed) = (Vec::new(), Vec::new());
        for (key, node) in &table.entries {
            if let Some(aside) = self.aside((key, node), head, diags) {
                listed.push(aside);
            } else {
                judged.extend(self.target(key, node, head, (world, splices), diags));
            }
        }
        (judged, listed)
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
        reader.expect(TARGET);
        let indicator = reader.required("indicator");
        let indicator = indicator.and_then(|node| self.indicator(node, reader.diags()));
        let book = reader.optional("book");
        let year_node = reader.required("year");
        let year =
            year_node.and_then(|node| within(node, head, head.base_year + 1, reader.diags()));
        let counted = CountedFrom {
            base: reader.optional("base_year"),
            from: reader.optional("from"),
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
        // Progress and projects are accounted for; a limit is set to what is emitted.
        let usual = match demand {
            Some(("reduction" | "project", _)) => Book::Accounted,
            _ => Book::Physical,
        };
        let kept = indicator.and_then(|id| self.in_book(id, book, usual, reader.diags()));
        let indicator = kept.map(|(id, _)| id);
        let start = counted.start(demand, year, head, &mut reader);
        let calibre = reader.optional("calibre").and_then(|node| {
            let calibre = self.calibre(node, reader.diags())?;
            Some((calibre, node.span))
        });
        let project = demand.is_some_and(|(kind, _)| kind == "project");
        let said = match demand {
            Some(("reduction", node)) => sentence::said(node, over(start, year)),
            _ => None,
        };
        let years = (start, year);
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
        reader.finish(diags);
        Some(Target {
            id: key.name.clone(),
            name: zh
                .or(en)
                .map(|name| Text::new(zh.unwrap_or(name), en.unwrap_or(name))),
            indicator: indicator?,
            book: kept?.1,
            year: year?,
            demand: demand?,
            said: said.unwrap_or_default(),
            source,
        })
    }

    fn demand(
        &self,
        kind: &str,
        node: &Node,
        indicator: Option<IndicatorId>,
        (start, year): (Option<i32>, Option<i32>),
        diags: &mut Diagnostics,
    ) -> Option<Demand> {
        let quotient = indicator.map(|id| &self.catalogue.indicators[id.at()]);
        let quotient = quotient.filter(|i| i.kind.is_quotient());
        if let Some(own) = quotient.filter(|_| kind != "floor") {
            diags.push(only_floor(&own.named.name, node));
            return None;
        }
        if kind == "reduction" {
            let wanted = sentence::wanted(node, over(start, year), diags)?;
            let base_year = start?;
            return Some(Demand::Reduction { wanted, base_year });
        }
        let indicator = indicator?;
        let share = self.catalogue.indicators[indicator.at()].kind.is_share();
        if share && matches!(kind, "cumulative" | "project") {
            diags.push(share_amount(kind, node));
            return None;
        }
        let amount = self.amount(node, indicator, diags)?;
        Some(match kind {
            "cap" => Demand::Cap(amount),
            "floor" => Demand::Floor(amount),
            "cumulative" => Demand::Cumulative {
                limit: amount,
                from: start?,
            },
            _ => Demand::Project {
                wanted: amount,
                base_year: start?,
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
        amount(self.catalogue, node, id, diags)
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
        let own = all.filter(|t| t.plan == *plan && Some(t.region) == head.region);
        let early = |t: &&OfficialTarget| t.base_year < head.base_year;
        if let Some(first) = own.clone().find(early) {
            diags.push(counts_before(
                plan,
                *span,
                (first.base_year, head.base_year),
            ));
        }
        for official in own.filter(|t| !early(t)) {
            let id = format!("{plan}-{}", official.indicator);
            let source = self.catalogue.sources[official.value.origin.source.at()]
                .title
                .clone();
            let project = official.kind == "project-reduction";
            let indicator = self.catalogue.indicator(&official.indicator);
            // Official targets are judged by the official accounting where there is one.
            let accounted = indicator.and_then(|id| self.catalogue.in_book(id, Book::Accounted));
            let book = match accounted {
                Some(_) => Book::Accounted,
                None => Book::Physical,
            };
            match accounted.or(indicator) {
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
                        book,
                        year: official.target_year,
                        demand,
                        said: Said::default(),
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
                    values: Vec::new(),
                    unit: String::new(),
                    aim: None,
                    source: Some(source),
                }),
            }
        }
    }
}

/// An amount in the base unit of an indicator.
pub(super) fn amount(
    catalogue: &Catalogue,
    node: &Node,
    id: IndicatorId,
    diags: &mut Diagnostics,
) -> Option<f64> {
    let kind = &catalogue.indicators[id.at()].kind;
    let amount = match kind.unit_kind() {
        UnitKind::Mass => quantity::check(node, Dim::MASS, diags, "62 万t"),
        // Coal may be written as a mass, too.
        UnitKind::Energy if kind.amount() == Some(Account::Coal) => {
            measures::coal(node, catalogue, diags)
        }
        UnitKind::Energy => quantity::check(node, Dim::ENERGY, diags, "13000 万吨标准煤"),
        UnitKind::Share => share(node, diags),
        UnitKind::Index | UnitKind::Money | UnitKind::Activity => {
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

/// How many years lie between two.
fn over(from: Option<i32>, to: Option<i32>) -> Option<i32> {
    Some(to? - from?).filter(|years| *years > 0)
}

/// Official targets that count from a year before the scenario does.
fn counts_before(plan: &str, span: Span, (from, base): (i32, i32)) -> Diagnostic {
    let message = Text::new(
        format!("`{plan}` 的目标较 {from} 年，情景以 {base} 年为基年：两者口径不同"),
        format!(
            "targets of `{plan}` count from {from}, the scenario from {base}: the calibres differ"
        ),
    );
    Diagnostic::error("year-range", message)
        .label(span, Text::new("早于基年", "before the base year"))
        .help(Text::new(
            format!("换成从 {base} 年算起的规划，或写 [scenario] base = {from}"),
            format!("name a plan that counts from {base}, or write base = {from} in [scenario]"),
        ))
}

/// The keys of a target that say from which year it counts.
struct CountedFrom<'n> {
    base: Option<&'n Node>,
    from: Option<&'n Node>,
}

impl CountedFrom<'_> {
    /// The year that the target counts from: the base year of a reduction, the first
    /// year of a sum, the year before the first of projects. `None` has been reported,
    /// or follows from what has been.
    ///
    /// | demand | key | if absent |
    /// |---|---|---|
    /// | reduction | `base_year` | the last end of a five-year plan before the target year |
    /// | project | `base_year`, or `from`, the year after it | the same |
    /// | cumulative | `from` | the first year after the scenario's base year |
    /// | cap, floor | none | |
    fn start(
        &self,
        demand: Option<(&str, &Node)>,
        year: Option<i32>,
        head: &Head,
        reader: &mut Reader<'_>,
    ) -> Option<i32> {
        let first = head.base_year;
        let Some((kind, node)) = demand else {
            // Both are read, so that what is wrong with them is told all the same.
            let read = |key: Option<&Node>, reader: &mut Reader<'_>| {
                key.and_then(|node| within(node, head, first, reader.diags()))
            };
            read(self.base, reader);
            read(self.from, reader);
            return None;
        };
        let by_base = matches!(kind, "reduction" | "project");
        let by_from = matches!(kind, "cumulative" | "project");
        for (key, given, counts) in [
            ("base_year", self.base, by_base),
            ("from", self.from, by_from),
        ] {
            // What a parent file gave for another demand is no matter.
            if let Some(given) = given.filter(|g| !counts && g.span.file <= node.span.file) {
                reader.push(idle(key, kind, given));
            }
        }
        let base = self.base.filter(|_| by_base);
        let from = self.from.filter(|_| by_from);
        let lowest = if kind == "project" { first + 1 } else { first };
        let base_year = base.map(|node| within(node, head, first, reader.diags()));
        let from_year = from.map(|node| within(node, head, lowest, reader.diags()));
        let before = year.map_or(first, |year| plan_base(year).max(first));
        if let (Some(base), Some(Some(from)), Some(to)) = (base, base_year, year)
            && from >= to
        {
            reader.push(too_late(base, ("基准年", "base year"), (from, to), before));
        }
        if let (Some(node), Some(Some(from)), Some(to)) = (from, from_year, year)
            && from > to
        {
            let usual = if kind == "cumulative" {
                first + 1
            } else {
                before + 1
            };
            let what = ("起始年", "first year");
            reader.push(too_late(node, what, (from, to), usual));
        }
        match (base_year, from_year) {
            (None, None) if kind == "cumulative" => Some(first + 1),
            (None, None) => Some(before),
            (Some(base), None) => base,
            (None, Some(from)) if kind == "cumulative" => from,
            (None, Some(from)) => from.map(|from| from - 1),
            (Some(own), Some(other)) => {
                let (base, from) = (base?, from?);
                let (a, b) = (base.span.file, from.span.file);
                if a == b && own.zip(other).is_some_and(|(own, other)| own + 1 != other) {
                    reader.push(two_starts(base, from));
                }
                if a <= b {
                    own
                } else {
                    other.map(|from| from - 1)
                }
            }
        }
    }
}

/// A share has no amount that years or measures add up to.
fn share_amount(kind: &str, node: &Node) -> Diagnostic {
    let message = Text::new(
        format!("占比指标不能写 {kind}：占比不能累加"),
        format!("a share cannot be given as `{kind}`: shares do not add up"),
    );
    Diagnostic::error("share-amount", message)
        .label(
            node.span,
            Text::new("占比没有绝对量", "a share has no amount"),
        )
        .help(Text::new(
            "写作 floor = \"30 %\" 或 cap = \"30 %\"",
            "write floor = \"30 %\" or cap = \"30 %\"",
        ))
}

/// A share of energy use of which only the least is asked for.
fn only_floor(name: &Text, node: &Node) -> Diagnostic {
    let message = Text::new(
        format!("{}只能写 floor（不低于）", name.zh),
        format!("{} can only be given as `floor`", name.en),
    );
    Diagnostic::error("only-floor", message)
        .label(node.span, Text::new("不是下限", "no lower limit"))
        .help(Text::new(
            "写作 floor = \"20 %\"，年份写在 year",
            "write floor = \"20 %\", with its `year`",
        ))
}

/// A key that counts for nothing in a target of this kind.
fn idle(key: &str, kind: &str, node: &Node) -> Diagnostic {
    let message = Text::new(
        format!("{kind} 目标用不到 {key}"),
        format!("`{key}` counts for nothing in a target with `{kind}`"),
    );
    let help = match (key, kind) {
        ("from", "reduction") => Text::new(
            "降幅用 base_year 写明基准年",
            "a reduction counts from its `base_year`",
        ),
        ("base_year", "cumulative") => Text::new(
            "累计量用 from 写明起始年",
            "a sum begins with the year `from`",
        ),
        _ => Text::new(
            "删去：上下限只看目标年",
            "take it out: a limit looks at the target year alone",
        ),
    };
    Diagnostic::error("no-use", message)
        .label(node.span, Text::new("不起作用", "without effect"))
        .help(help)
}

/// A target that counts from a year that does not come before its own.
fn too_late(node: &Node, what: (&str, &str), (from, to): (i32, i32), usual: i32) -> Diagnostic {
    let message = Text::new(
        format!("{} {from} 应早于目标年 {to}", what.0),
        format!(
            "the {} {from} must come before the target year {to}",
            what.1
        ),
    );
    Diagnostic::error("year-order", message)
        .label(
            node.span,
            Text::new("不早于目标年", "not before the target year"),
        )
        .help(Text::new(
            format!("不写则从 {usual} 年算起"),
            format!("without it, it counts from {usual}"),
        ))
}

/// A base year and a first year that do not follow each other.
fn two_starts(base: &Node, from: &Node) -> Diagnostic {
    let message = Text::new(
        "base_year 与 from 说的不是同一起点",
        "`base_year` and `from` do not say the same",
    );
    Diagnostic::error("two-starts", message)
        .label(
            from.span,
            Text::new("从这一年起计", "the first year that counts"),
        )
        .label(
            base.span,
            Text::new("这一年之后起计", "counts after this year"),
        )
        .help(Text::new(
            "只写一个：from = 2021 即 base_year = 2020",
            "keep one: from = 2021 is base_year = 2020",
        ))
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
