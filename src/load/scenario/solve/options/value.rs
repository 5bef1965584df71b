//! The values of options: which target, what of it, and how drivers grow.

use super::super::super::fields::by_year;
use super::super::super::names::{self, Known, unknown};
use super::super::super::percent;
use super::super::super::targets::amount;
use super::{GrowthSpec, Reading};
use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::tree::{Key, Node, TableNode, Value};
use jianpai_core::dims::DriverId;
use jianpai_core::names::NameOf;
use jianpai_core::scenario::GrowthFrom;
use jianpai_core::target::{Demand, Target};
use jianpai_core::text::Text;

/// A rate that stands in a table of growth: the driver, its path, and the rate where it is
/// one.
type Rate = (Vec<(i32, f64)>, Option<f64>);

/// From when the rates of a case count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Start {
    /// In years without a record.
    Open,
    /// From this year on, in place of the record.
    From(i32),
    /// From what is no year of the scenario, as has been reported.
    Faulty,
}

impl Start {
    /// The year, if there is one.
    pub(super) fn year(self) -> Option<i32> {
        match self {
            Start::From(year) => Some(year),
            Start::Open | Start::Faulty => None,
        }
    }
}

impl Reading<'_> {
    /// The target called by its id or by its indicator.
    pub(super) fn target(&self, key: &Key, diags: &mut Diagnostics) -> Option<usize> {
        let catalogue = self.ctx.catalogue;
        let targets = &self.ctx.loaded.scenario.targets;
        if let Some(i) = targets.iter().position(|target| target.id == key.name) {
            return Some(i);
        }
        let id = self.vocabulary.id(NameOf::Indicator, &key.name);
        let of = |target: &Target| &catalogue.indicators[target.indicator.at()];
        let is = |target: &Target| of(target).base == id || of(target).named.id == id;
        let own: Vec<usize> = (0..targets.len()).filter(|i| is(&targets[*i])).collect();
        match own.as_slice() {
            [one] => return Some(*one),
            [] => {}
            several => {
                let ids: Vec<&str> = several.iter().map(|i| targets[*i].id.as_str()).collect();
                diags.push(which(&key.name, &ids, key.span));
                return None;
            }
        }
        if catalogue.indicator(id).is_some() {
            diags.push(without_target(&key.name, id, key.span));
            return None;
        }
        let mut known: Vec<Known<'_>> = targets
            .iter()
            .map(|target| {
                let name = target.name.as_ref().unwrap_or(&of(target).named.name);
                Known::named(&target.id, &name.zh, &name.en)
            })
            .collect();
        known.extend(targets.iter().map(|target| {
            let indicator = of(target);
            let name = &indicator.named.name;
            Known::named(&indicator.base, &name.zh, &name.en)
        }));
        let what = Text::new("目标或指标", "target or indicator");
        diags.push(unknown(&what, &key.name, key.span, &known, None));
        None
    }

    /// What is asked of a target, in the spellings of its own table.
    pub(super) fn demand(
        &self,
        target: usize,
        node: &Node,
        diags: &mut Diagnostics,
    ) -> Option<Demand> {
        let target = &self.ctx.loaded.scenario.targets[target];
        let stated = target.demand;
        if let Demand::Reduction { base_year, .. } = stated {
            let wanted = fall(node, diags)?;
            return Some(Demand::Reduction { wanted, base_year });
        }
        let given = amount(self.ctx.catalogue, node, target.indicator, diags)?;
        let scale = self.scale(target);
        Some(match stated {
            Demand::Cap(_) => Demand::Cap(given * scale),
            Demand::Floor(_) => Demand::Floor(given * scale),
            Demand::Cumulative { from, .. } => Demand::Cumulative {
                limit: given * scale,
                from,
            },
            Demand::Project { base_year, .. } | Demand::Reduction { base_year, .. } => {
                Demand::Project {
                    wanted: given,
                    base_year,
                }
            }
        })
    }

    /// What an amount of a target's own calibre is multiplied with: that by which the
    /// scenario's own amount was.
    fn scale(&self, target: &Target) -> f64 {
        let (key, limit) = match target.demand {
            Demand::Cap(limit) => ("cap", limit),
            Demand::Floor(limit) => ("floor", limit),
            Demand::Cumulative { limit, .. } => ("cumulative", limit),
            Demand::Reduction { .. } | Demand::Project { .. } => return 1.0,
        };
        let mut said = Diagnostics::default();
        let table = super::super::sub_table(&self.ctx.loaded.tree, "targets");
        let entry = table.and_then(|table| table.get(&target.id)?.table(&mut said));
        let node = entry.and_then(|entry| entry.get(key));
        let written =
            node.and_then(|node| amount(self.ctx.catalogue, node, target.indicator, &mut said));
        written.filter(|w| *w > 0.0).map_or(1.0, |w| limit / w)
    }

    /// `{ gdp = "5 %", industry = { 2021 = "4 %" }, start = 2021 }`.
    pub(super) fn case(&self, table: &TableNode, diags: &mut Diagnostics) -> Vec<GrowthSpec> {
        let start = self.start(table, diags);
        let mut found: Vec<GrowthSpec> = Vec::new();
        for (key, node) in &table.entries {
            if self.is_start(key) {
                continue;
            }
            let Some(driver) = self.driver(key, diags) else {
                continue;
            };
            let rate = rate(node, start.year(), diags);
            let Some(growth) = rate.map(|rate| self.growth(driver, rate)) else {
                continue;
            };
            if self.counts(&growth, key.span, start, diags) {
                found.push(growth);
            }
        }
        found.sort_by_key(|growth| growth.driver);
        found
    }

    /// Whether a key is that of the first year.
    pub(super) fn is_start(&self, key: &Key) -> bool {
        key.name == "start" || self.vocabulary.id(NameOf::Key, &key.name) == "start"
    }

    /// The first year that rates count from in place of the record.
    pub(super) fn start(&self, table: &TableNode, diags: &mut Diagnostics) -> Start {
        let mut all = table.entries.iter();
        match all.find(|(key, _)| self.is_start(key)) {
            None => Start::Open,
            Some((_, node)) => match self.ctx.year(node, diags) {
                Some(year) => Start::From(year),
                None => Start::Faulty,
            },
        }
    }

    /// The driver called so.
    pub(super) fn driver(&self, key: &Key, diags: &mut Diagnostics) -> Option<DriverId> {
        let catalogue = self.ctx.catalogue;
        let id = self.vocabulary.id(NameOf::Driver, &key.name);
        let found = catalogue.driver(id);
        if found.is_none() {
            let what = Text::new("驱动因素", "driver");
            let mut known = names::drivers(catalogue);
            known.push(Known::word("start"));
            diags.push(unknown(&what, &key.name, key.span, &known, Some("drivers")));
        }
        found
    }

    /// A rate laid over what the scenario states: one for all years replaces it, one from a
    /// year on replaces it from there on, years of a table replace those years.
    pub(super) fn growth(&self, driver: DriverId, (own, rate): Rate) -> GrowthSpec {
        let stated = self.ctx.loaded.scenario.growth.get(&driver);
        let mut path: Vec<(i32, f64)> = stated.cloned().unwrap_or_default();
        match (rate, own.first()) {
            (Some(_), Some((first, _))) => path.retain(|(year, _)| year < first),
            _ => path.retain(|(year, _)| own.iter().all(|(other, _)| other != year)),
        }
        path.extend(own);
        path.sort_by_key(|(year, _)| *year);
        GrowthSpec { driver, path, rate }
    }

    /// Whether a rate counts in any year of the scenario; one that does not is reported.
    pub(super) fn counts(
        &self,
        growth: &GrowthSpec,
        span: Span,
        start: Start,
        diags: &mut Diagnostics,
    ) -> bool {
        let scenario = &self.ctx.loaded.scenario;
        let mut moved = scenario.clone();
        moved.growth.insert(growth.driver, growth.path.clone());
        let years = moved.years(self.ctx.catalogue);
        let stated = scenario.growth.get(&growth.driver);
        let is_new = |from: i32, rate: f64| {
            stated.is_none_or(|path| path.iter().all(|own| *own != (from, rate)))
        };
        let used = |year: &i32| match moved.growth_of(growth.driver, *year) {
            Some((rate, GrowthFrom::Statement(from))) => is_new(from, rate),
            _ => false,
        };
        // A first year that is none has been reported.
        let same = stated == Some(&growth.path) || start == Start::Faulty;
        if same || years.iter().skip(1).any(used) {
            return true;
        }
        let first = (scenario.end_year - 4).max(scenario.base_year + 1);
        let id = &self.ctx.catalogue.drivers[growth.driver.at()].id;
        let message = Text::new(
            format!(
                "`{id}` 的这一增长率不起作用：到 {} 年都有记录",
                scenario.end_year
            ),
            format!(
                "this growth of `{id}` has no effect: every year to {} is on record",
                scenario.end_year
            ),
        );
        let help = if start == Start::Open {
            Text::new(
                format!("要代替记录，写明从哪一年起：start = {first}"),
                format!("to put it in place of the record, say from when: start = {first}"),
            )
        } else {
            Text::new("改早 start", "let `start` be an earlier year")
        };
        diags.push(
            Diagnostic::error("option-growth", message)
                .label(span, Text::new("不起作用", "without effect"))
                .help(help),
        );
        false
    }
}

/// One rate, or one from each of several years on.
pub(super) fn rate(node: &Node, start: Option<i32>, diags: &mut Diagnostics) -> Option<Rate> {
    if let Value::Table(years) = &node.value {
        return Some((by_year(years, diags, percent::rate)?, None));
    }
    let rate = percent::rate(node, diags)?;
    Some((vec![(start.unwrap_or(i32::MIN), rate)], Some(rate)))
}

/// A reduction written as a change (`-6 %` is a fall, `+6 %` a rise) or without a sign, as
/// `reduction` has it.
fn fall(node: &Node, diags: &mut Diagnostics) -> Option<f64> {
    let sign = match &node.value {
        Value::String(text) => text.trim_start().chars().next(),
        _ => None,
    };
    match sign {
        Some('-' | '−' | '－' | '–' | '+' | '＋') => percent::change(node, diags).map(|v| -v),
        _ => percent::reduction(node, diags),
    }
}

/// An indicator with several targets.
fn which(name: &str, ids: &[&str], span: Span) -> Diagnostic {
    let message = Text::new(
        format!("`{name}` 有 {} 个目标，不知指哪一个", ids.len()),
        format!("`{name}` has {} targets: which is meant?", ids.len()),
    );
    Diagnostic::error("option-which", message)
        .label(span, Text::new("不止一个", "more than one"))
        .help(Text::new(
            format!("写目标的 id：{}", ids.join("、")),
            format!("write the target's id: {}", ids.join(", ")),
        ))
}

/// An indicator without a target.
fn without_target(name: &str, id: &str, span: Span) -> Diagnostic {
    let message = Text::new(
        format!("情景没有关于 `{name}` 的目标，方案无从改起"),
        format!("the scenario has no target on `{name}` that an option could change"),
    );
    Diagnostic::error("option-no-target", message)
        .label(span, Text::new("没有这个目标", "no such target"))
        .help(Text::new(
            format!("先写 [targets.*]，indicator = \"{id}\"，注明年份与基准年"),
            format!("state it first: a [targets.*] with indicator = \"{id}\" and its years"),
        ))
}
