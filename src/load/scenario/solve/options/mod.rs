//! `[[option]]` and `[options]`: candidate targets, each with a case of growth.
//!
//! ```toml
//! [[option]]                                   # one by one
//! name_zh = "从严"
//! targets = { COD = "-10 %", nox = "-12 %" }   # by the target's id or its indicator
//! growth = { gdp = "5.5 %" }                   # as in [growth]
//! bounds = { rail = "80 %" }                   # as in [solve.bounds]
//!
//! [options]                                    # every combination
//! targets.COD = ["-6 %", "-8 %", "-10 %"]
//! targets.NOx = ["-8 %", "-10 %", "-12 %"]
//! growth.gdp = ["4.5 %", "5 %", "5.5 %"]
//! growth.start = 2021                          # from this year on, in place of the record
//! ```
//!
//! Lists of targets are crossed; lists of growth go side by side: the first rates of all
//! drivers are the first case. A reduction is written as the change that it is (`-6 %`) or
//! as `reduction` has it (`6 %`); `+6 %` is a rise. What an option does not name is as in
//! the scenario.

mod grid;
mod said;
mod value;

use super::super::Loaded;
use super::{BoundSpec, Context};
use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::tree::{Node, Reader, TableNode};
use crate::vocabulary::Vocabulary;
use jianpai_core::catalogue::Catalogue;
use jianpai_core::dims::DriverId;
use jianpai_core::scenario::Scenario;
use jianpai_core::target::Demand;
use jianpai_core::text::Text;

/// Options of one file, at most.
pub const MOST_OPTIONS: usize = 500;

/// One driver's growth in a case.
#[derive(Clone, Debug, PartialEq)]
pub struct GrowthSpec {
    /// The driver.
    pub driver: DriverId,
    /// From a year on, the rate (fraction a year), as [`Scenario::growth`] has it.
    pub path: Vec<(i32, f64)>,
    /// The rate, where it is one for all years that it counts in.
    pub rate: Option<f64>,
}

/// What an option asks of one target.
#[derive(Clone, Debug, PartialEq)]
pub struct TargetSpec {
    /// The target, by its index in the scenario.
    pub target: usize,
    /// What is asked of it.
    pub demand: Demand,
    /// Where it stands.
    pub span: Span,
}

/// An option.
#[derive(Clone, Debug)]
pub struct OptionSpec {
    /// Its name, if the file gives one.
    pub name: Option<Text>,
    /// The targets that it changes, as they stand in the scenario.
    pub targets: Vec<TargetSpec>,
    /// The growth that it changes: its case.
    pub growth: Vec<GrowthSpec>,
    /// Bounds of levels that go before those of `[solve.bounds]`.
    pub bounds: Vec<BoundSpec>,
    /// Where it stands.
    pub span: Span,
}

impl OptionSpec {
    /// Whether it asks the same of targets and measures as another, whatever the growth.
    pub fn asks_the_same(&self, other: &Self) -> bool {
        let demands = |one: &Self| -> Vec<(usize, Demand)> {
            let all = one.targets.iter();
            all.map(|t| (t.target, t.demand)).collect()
        };
        let bounds = |one: &Self| -> Vec<(usize, Option<f64>, super::HighSpec)> {
            let all = one.bounds.iter();
            all.map(|b| (b.measure, b.low, b.high)).collect()
        };
        demands(self) == demands(other) && bounds(self) == bounds(other)
    }

    /// The scenario with its targets and its growth.
    #[must_use]
    pub fn laid_over(&self, scenario: &Scenario) -> Scenario {
        let mut own = scenario.clone();
        for spec in &self.targets {
            own.targets[spec.target].demand = spec.demand;
            // The name and the source that the scenario gives speak of another number.
            if scenario.targets[spec.target].demand != spec.demand {
                own.targets[spec.target].name = None;
                own.targets[spec.target].source = None;
            }
        }
        for growth in &self.growth {
            own.growth.insert(growth.driver, growth.path.clone());
        }
        own
    }
}

/// Whether a file states options.
pub fn are_there(loaded: &Loaded) -> bool {
    ["option", "options"]
        .iter()
        .any(|part| loaded.tree.get(part).is_some())
}

/// Reads the options of a loaded scenario, those of `[[option]]` first; `None` if there
/// are none or anything is wrong.
pub fn read(
    catalogue: &Catalogue,
    loaded: &Loaded,
    diags: &mut Diagnostics,
) -> Option<Vec<OptionSpec>> {
    if !are_there(loaded) {
        diags.push(said::none(&loaded.scenario.id));
        return None;
    }
    let before = diags.errors();
    let ctx = Context { catalogue, loaded };
    let vocabulary = Vocabulary::new(catalogue);
    let reading = Reading {
        ctx: &ctx,
        vocabulary: &vocabulary,
    };
    let mut all: Vec<OptionSpec> = Vec::new();
    if let Some(node) = loaded.tree.get("option") {
        let listed = match &node.value {
            crate::tree::Value::Table(_) => {
                diags.push(said::single(node.span));
                None
            }
            _ => node.array(diags),
        };
        for node in listed.unwrap_or_default() {
            all.extend(reading.option(node, diags));
        }
    }
    if let Some(node) = loaded.tree.get("options")
        && let Some(table) = node.table(diags)
    {
        all.extend(reading.grid(table, node.span, diags));
    }
    if diags.errors() == before {
        twice(&all, diags);
    }
    (diags.errors() == before).then_some(all)
}

/// Options of one name, and options that say the same.
fn twice(all: &[OptionSpec], diags: &mut Diagnostics) {
    for (i, one) in all.iter().enumerate() {
        let mut earlier = all[..i].iter();
        let named = |other: &&OptionSpec| match (&one.name, &other.name) {
            (Some(a), Some(b)) => a.zh == b.zh || a.en == b.en,
            _ => false,
        };
        if let Some(first) = earlier.clone().find(named) {
            let name = one.name.as_ref().map_or("", |name| &name.zh);
            diags.push(said::two_of_one_name(name, (one.span, first.span)));
            continue;
        }
        let same = |other: &&OptionSpec| one.asks_the_same(other) && one.growth == other.growth;
        if let Some(first) = earlier.find(same) {
            diags.push(said::two_alike((one.span, first.span)));
        }
    }
}

/// What reading options takes.
struct Reading<'a> {
    ctx: &'a Context<'a>,
    vocabulary: &'a Vocabulary,
}

impl Reading<'_> {
    /// One table of `[[option]]`.
    fn option(&self, node: &Node, diags: &mut Diagnostics) -> Option<OptionSpec> {
        let table = node.table(diags)?;
        let mut reader = Reader::new(table, Text::same("[[option]]"));
        reader.expect(["name", "name_zh", "name_en", "targets", "growth", "bounds"]);
        let both = reader.opt_string("name");
        let (zh, en) = (reader.opt_string("name_zh"), reader.opt_string("name_en"));
        let (zh, en) = (zh.or(both), en.or(both));
        let name = zh.or(en);
        let name = name.map(|name| Text::new(zh.unwrap_or(name), en.unwrap_or(name)));
        let before = reader.diags().errors();
        let targets = reader.opt_table("targets");
        let targets = targets.map_or(Vec::new(), |table| self.targets(table, reader.diags()));
        let growth = reader.opt_table("growth");
        let growth = growth.map_or(Vec::new(), |table| self.case(table, reader.diags()));
        let mut bounds = Vec::new();
        if let Some(table) = reader.opt_table("bounds") {
            for (key, node) in &table.entries {
                bounds.extend(self.ctx.bound(key, node, reader.diags()));
            }
        }
        bounds.sort_by_key(|bound: &BoundSpec| bound.measure);
        let sound = reader.diags().errors() == before;
        if sound && targets.is_empty() && growth.is_empty() && bounds.is_empty() {
            reader.push_unless_misspelt(&["targets", "growth", "bounds"], said::empty(node.span));
        }
        reader.finish(diags);
        sound.then_some(OptionSpec {
            name,
            targets,
            growth,
            bounds,
            span: node.span,
        })
    }

    /// `{ COD = "-6 %", … }`.
    fn targets(&self, table: &TableNode, diags: &mut Diagnostics) -> Vec<TargetSpec> {
        let mut found: Vec<TargetSpec> = Vec::new();
        for (key, node) in &table.entries {
            let target = self.target(key, diags);
            let Some(target) = target.filter(|t| is_new(&found, *t, key.span, diags)) else {
                continue;
            };
            if let Some(demand) = self.demand(target, node, diags) {
                found.push(TargetSpec {
                    target,
                    demand,
                    span: node.span,
                });
            }
        }
        found.sort_by_key(|spec| spec.target);
        found
    }
}

/// Whether a target is not named yet; one that is, by its id and by its indicator, is
/// reported.
fn is_new(found: &[TargetSpec], target: usize, span: Span, diags: &mut Diagnostics) -> bool {
    let first = found.iter().find(|spec| spec.target == target);
    if let Some(first) = first {
        let message = Text::new(
            "同一目标写了两次（一次用 id，一次用指标）",
            "one target is given twice, by its id and by its indicator",
        );
        diags.push(
            Diagnostic::error("option-twice", message)
                .label(span, Text::new("又一次", "again here"))
                .label(first.span, Text::new("先在这里", "first here"))
                .help(Text::new("只留一处", "keep one of the two")),
        );
    }
    first.is_none()
}
