//! `[solve]` and `[limit.*]`: what is sought, within which bounds; [`options`] of it.

mod group;
mod limit;
pub mod options;
mod pace;

pub use group::GroupSpec;
pub use limit::{LimitOf, LimitSpec};
pub use pace::OrderSpec;

use super::Loaded;
use super::limits::Limits;
use super::names::{Known, unknown};
use super::percent;
use super::problems::sub_table;
use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::tree::{Key, Node, Reader, TableNode, Value};
use jianpai_core::catalogue::Catalogue;
use jianpai_core::measure::Policy;
use jianpai_core::text::Text;

/// What is made least.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectiveSpec {
    /// Money.
    Cost,
    /// The sum of the parts of their own potential to which measures are carried out.
    Effort,
    /// The highest of these parts, then money.
    Even,
}

impl ObjectiveSpec {
    /// All of them, with the word for each.
    pub const ALL: [(&'static str, ObjectiveSpec); 3] = [
        ("cost", ObjectiveSpec::Cost),
        ("effort", ObjectiveSpec::Effort),
        ("even", ObjectiveSpec::Even),
    ];

    /// The word for it in files.
    pub fn id(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(_, one)| *one == self)
            .map_or("", |(id, _)| id)
    }
}

/// The bounds of one level.
#[derive(Clone, Debug, PartialEq)]
pub struct BoundSpec {
    /// The measure, as an index into the scenario's.
    pub measure: usize,
    /// Its least level, if stated.
    pub low: Option<f64>,
    /// Its greatest level.
    pub high: HighSpec,
    /// The most that it may rise in a year, if stated.
    pub pace: Option<f64>,
    /// Where they stand.
    pub span: Span,
}

/// The greatest level of a measure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum HighSpec {
    /// As planned, or as stated where that is more.
    Usual,
    /// This level.
    Level(f64),
    /// What the stock allows.
    Stock,
}

/// A checked `[solve]` with the limits of the file.
#[derive(Clone, Debug)]
pub struct SolveSpec {
    /// What is made least.
    pub objective: ObjectiveSpec,
    /// The rate at which the money of all years is discounted (fraction a year); without
    /// it the last year's counts.
    pub discount: Option<f64>,
    /// The part of the draws in which all targets are to be met (fraction); without it the
    /// model's own value has to meet them.
    pub robust: Option<f64>,
    /// New measures that stay as stated.
    pub fixed: Vec<(usize, Span)>,
    /// The most that the level of any measure may rise in a year, where its own bound says
    /// nothing of it; and where that stands.
    pub pace: Option<(f64, Span)>,
    /// Bounds of levels.
    pub bounds: Vec<BoundSpec>,
    /// What comes before what.
    pub orders: Vec<OrderSpec>,
    /// Either/or groups.
    pub groups: Vec<GroupSpec>,
    /// Limits on accounts.
    pub limits: Vec<LimitSpec>,
    /// Targets that an option restates, as indices into the scenario's, and where.
    pub restated: Vec<(usize, Span)>,
    /// Where `[solve]` stands.
    pub span: Option<Span>,
}

impl SolveSpec {
    /// The same with what an option says of targets and bounds.
    #[must_use]
    pub fn under(&self, option: &options::OptionSpec) -> Self {
        let mut own = self.clone();
        for bound in &option.bounds {
            own.fixed.retain(|(m, _)| *m != bound.measure);
            own.bounds.retain(|other| other.measure != bound.measure);
            own.bounds.push(bound.clone());
        }
        let restated = option.targets.iter();
        own.restated = restated.map(|spec| (spec.target, spec.span)).collect();
        own
    }

    /// Gives every measure another index; what has none any more is left out.
    pub fn renumber(&mut self, place: impl Fn(usize) -> Option<usize>) {
        let moved = |list: &mut Vec<(usize, Span)>| {
            list.retain_mut(|(m, _)| place(*m).map(|other| *m = other).is_some());
        };
        moved(&mut self.fixed);
        for group in &mut self.groups {
            moved(&mut group.measures);
        }
        for order in &mut self.orders {
            moved(&mut order.measures);
        }
        self.bounds
            .retain_mut(|bound| place(bound.measure).map(|m| bound.measure = m).is_some());
    }
}

/// Where a target stands, if the file states it itself.
pub fn target_span(loaded: &Loaded, id: &str) -> Option<Span> {
    let table = sub_table(&loaded.tree, "targets")?;
    table.get_key(id).map(|key| key.span)
}

/// What reading the parts takes.
struct Context<'a> {
    catalogue: &'a Catalogue,
    loaded: &'a Loaded,
}

/// Whether a file says anything of how it is to be solved.
pub fn is_there(loaded: &Loaded) -> bool {
    ["solve", "limit"]
        .iter()
        .any(|part| loaded.tree.get(part).is_some())
}

/// Reads `[solve]` and `[limit.*]` of a loaded scenario; `None` if anything is wrong. A
/// file without them seeks the least cost.
pub fn read(catalogue: &Catalogue, loaded: &Loaded, diags: &mut Diagnostics) -> Option<SolveSpec> {
    let before = diags.errors();
    let ctx = Context { catalogue, loaded };
    let mut spec = SolveSpec {
        objective: ObjectiveSpec::Cost,
        discount: None,
        robust: None,
        fixed: Vec::new(),
        pace: None,
        bounds: Vec::new(),
        orders: Vec::new(),
        groups: Vec::new(),
        limits: Vec::new(),
        restated: Vec::new(),
        span: None,
    };
    if let Some(node) = loaded.tree.get("solve")
        && let Some(table) = node.table(diags)
    {
        spec.span = Some(node.span);
        ctx.solve(table, &mut spec, diags);
    }
    if let Some(table) = loaded.tree.get("limit").and_then(|node| node.table(diags)) {
        let entries = table.entries.iter();
        let read = entries.filter_map(|(key, node)| ctx.limit(key, node, diags));
        spec.limits = read.collect();
    }
    (diags.errors() == before).then_some(spec)
}

impl Context<'_> {
    fn solve(&self, table: &TableNode, spec: &mut SolveSpec, diags: &mut Diagnostics) {
        let mut reader = Reader::new(table, Text::same("[solve]"));
        reader.expect([
            "objective",
            "discount",
            "robust",
            "fixed",
            "pace",
            "order",
            "bounds",
            "group",
        ]);
        if let Some(node) = reader.optional("objective")
            && let Some(word) = node.string(reader.diags())
        {
            let found = ObjectiveSpec::ALL.iter().find(|(id, _)| *id == word);
            if let Some((_, found)) = found {
                spec.objective = *found;
            } else {
                let what = Text::new("求解目标", "objective");
                let known = Known::words(&ObjectiveSpec::ALL.map(|(id, _)| id));
                reader.push(unknown(&what, word, node.span, &known, None));
            }
        }
        if let Some(node) = reader.optional("discount") {
            spec.discount = percent::within(node, &Limits::discount(), reader.diags());
            if spec.objective != ObjectiveSpec::Cost {
                reader.push(no_money(node.span));
            }
        }
        if let Some(node) = reader.optional("robust") {
            spec.robust = robust(node, reader.diags());
        }
        for node in reader.opt_array("fixed").unwrap_or_default() {
            if let Some(name) = node.string(reader.diags())
                && let Some(m) = self.measure(name, node.span, reader.diags())
                && self.may_move(m, node.span, reader.diags())
            {
                spec.fixed.push((m, node.span));
            }
        }
        if let Some(node) = reader.optional("pace") {
            let pace = pace::pace(node, reader.diags());
            spec.pace = pace.map(|pace| (pace, node.span));
        }
        if let Some(node) = reader.optional("order")
            && let Some(nodes) = node.array(reader.diags())
        {
            self.orders(nodes, node.span, spec, reader.diags());
        }
        if let Some(bounds) = reader.opt_table("bounds") {
            let read = bounds.entries.iter();
            let read = read.filter_map(|(key, node)| self.bound(key, node, reader.diags()));
            spec.bounds = read.collect();
        }
        for bound in &spec.bounds {
            let twice = spec.fixed.iter().find(|(m, _)| *m == bound.measure);
            if let Some((m, span)) = twice {
                reader.push(self.fixed_and_moved(*m, (bound.span, *span)));
            }
        }
        if let Some(groups) = reader.opt_table("group") {
            let entries = groups.entries.iter();
            let read = entries.filter_map(|(key, node)| self.group(key, node, reader.diags()));
            spec.groups = read.collect();
        }
        let of_groups = spec.groups.iter().map(|group| &group.measures);
        let of_orders = spec.orders.iter().map(|order| &order.measures);
        for measures in of_groups.chain(of_orders) {
            for (m, span) in measures {
                let twice = spec.fixed.iter().find(|(other, _)| other == m);
                if let Some((_, fixed)) = twice {
                    reader.push(self.fixed_and_moved(*m, (*span, *fixed)));
                }
            }
        }
        reader.finish(diags);
    }

    /// The index of the measure called `name`.
    fn measure(&self, name: &str, span: Span, diags: &mut Diagnostics) -> Option<usize> {
        let measures = &self.loaded.scenario.measures;
        let found = measures.iter().position(|m| m.id == name);
        if found.is_none() {
            let known: Vec<Known<'_>> = measures
                .iter()
                .map(|m| Known::named(&m.id, &m.name.zh, &m.name.en))
                .collect();
            let what = Text::new("措施", "measure");
            diags.push(unknown(&what, name, span, &known, None));
        }
        found
    }

    /// Whether the level of a measure can be sought: current policy is as it is, and a coal
    /// cap is a limit.
    fn may_move(&self, m: usize, span: Span, diags: &mut Diagnostics) -> bool {
        let measure = &self.loaded.scenario.measures[m];
        let id = &measure.id;
        if measure.policy == Policy::Current {
            let message = Text::new(
                format!("`{id}` 属现行政策，按情景所述执行，不参与求解"),
                format!("`{id}` is current policy, which stays as it is stated"),
            );
            diags.push(
                Diagnostic::error("solve-current", message)
                    .label(span, Text::new("现行政策", "current policy"))
                    .help(Text::new(
                        "删去这一项；要改现行政策的执行程度，写在措施的 level",
                        "take it out; the level of current policy is stated with the measure",
                    )),
            );
            return false;
        }
        if measure.kind.is_cap() {
            let message = Text::new(
                format!("`{id}` 是煤炭总量控制，求解时作为上限，没有执行程度可求"),
                format!("`{id}` is a coal cap: in a solve it is a limit and has no level to seek"),
            );
            diags.push(
                Diagnostic::error("solve-coal-cap", message)
                    .label(span, Text::new("求解时是上限", "a limit in a solve"))
                    .help(Text::new(
                        "删去这一项；要放宽或收紧，改措施的 cap 或 reduction",
                        "take it out; to loosen or tighten it, change `cap` or `reduction` of the measure",
                    )),
            );
            return false;
        }
        true
    }

    /// `id = "150 %"`, `id = "stock"` or `id = { min = …, max = …, pace = … }`.
    fn bound(&self, key: &Key, node: &Node, diags: &mut Diagnostics) -> Option<BoundSpec> {
        let measure = self.measure(&key.name, key.span, diags);
        let (low, high, pace) = match &node.value {
            Value::Table(table) => {
                let what = format!("[solve.bounds] {}", key.name);
                let mut reader = Reader::new(table, Text::same(what));
                reader.expect(["min", "max", "pace"]);
                let low = reader.optional("min");
                let low = low.and_then(|node| percent::level(node, reader.diags()));
                let high = reader.optional("max");
                let high = match high {
                    Some(node) => highest(node, reader.diags()),
                    None => Some(HighSpec::Usual),
                };
                let pace = reader.optional("pace");
                let pace = pace.and_then(|node| pace::pace(node, reader.diags()));
                reader.finish(diags);
                (low, high, pace)
            }
            _ => (None, highest(node, diags), None),
        };
        let measure = measure?;
        if !self.may_move(measure, key.span, diags) {
            return None;
        }
        if let (Some(low), Some(HighSpec::Level(high))) = (low, high)
            && low > high
        {
            let percent = |part: f64| Limits::level().say(part);
            let message = Text::new(
                format!(
                    "`{}` 的下限 {} 高于上限 {}",
                    key.name,
                    percent(low),
                    percent(high)
                ),
                format!(
                    "the least level of `{}`, {}, is above its greatest, {}",
                    key.name,
                    percent(low),
                    percent(high)
                ),
            );
            diags.push(
                Diagnostic::error("bound-order", message)
                    .label(node.span, Text::new("下限高于上限", "min above max"))
                    .help(Text::new("对调，或改其中之一", "swap them, or change one")),
            );
        }
        Some(BoundSpec {
            measure,
            low,
            high: high?,
            pace,
            span: key.span,
        })
    }

    /// A measure that is fixed and is to move as well.
    fn fixed_and_moved(&self, m: usize, (moved, fixed): (Span, Span)) -> Diagnostic {
        let id = &self.loaded.scenario.measures[m].id;
        let message = Text::new(
            format!("`{id}` 既写在 fixed，又要求解"),
            format!("`{id}` is fixed and yet to be sought"),
        );
        Diagnostic::error("fixed-and-sought", message)
            .label(moved, Text::new("要求解", "to be sought"))
            .label(fixed, Text::new("按情景所述", "stays as stated"))
            .help(Text::new("只留一处", "keep one of the two"))
    }
}

/// A percentage, or what the stock allows.
fn highest(node: &Node, diags: &mut Diagnostics) -> Option<HighSpec> {
    match &node.value {
        Value::String(word) if word.trim() == "stock" => Some(HighSpec::Stock),
        _ => percent::level(node, diags).map(HighSpec::Level),
    }
}

/// A part of the draws in which all targets are to be met: neither none nor all, which no
/// number of draws can tell.
fn robust(node: &Node, diags: &mut Diagnostics) -> Option<f64> {
    let part = percent::share(node, diags)?;
    if is_part_of_draws(part) {
        return Some(part);
    }
    let message = Text::new(
        "把握要在 0 与 100 % 之间：0 等于不要余量，100 % 再多抽样也无从检验",
        "a margin lies between 0 and 100 %: 0 is none, and 100 % cannot be tried on any number of draws",
    );
    diags.push(
        Diagnostic::error("robust-range", message)
            .label(node.span, Text::new("不在其间", "not between"))
            .help(Text::new(
                "写法如 robust = \"90 %\"",
                "write it like robust = \"90 %\"",
            )),
    );
    None
}

/// Whether a fraction is a part of draws that a margin can ask for.
pub fn is_part_of_draws(part: f64) -> bool {
    part > 0.0 && part < 1.0
}

/// A rate of discount where no money is made least.
fn no_money(span: Span) -> Diagnostic {
    let message = Text::new(
        "只有 objective = \"cost\" 才折现",
        "only money is discounted: objective = \"cost\"",
    );
    Diagnostic::error("solve-discount", message)
        .label(
            span,
            Text::new("没有金额可折现", "there is no money to discount"),
        )
        .help(Text::new(
            "删去 discount，或改为 objective = \"cost\"",
            "take `discount` out, or write objective = \"cost\"",
        ))
}
