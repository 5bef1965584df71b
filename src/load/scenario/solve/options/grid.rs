//! `[options]`: every combination of the values of targets with every case of growth.

use super::value::rate;
use super::{GrowthSpec, OptionSpec, Reading, TargetSpec, is_new, said};
use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::tree::{Node, Reader, TableNode, Value};
use jianpai_core::text::Text;

impl Reading<'_> {
    /// All options of `[options]`, the first target slowest, growth fastest.
    pub(super) fn grid(
        &self,
        table: &TableNode,
        span: Span,
        diags: &mut Diagnostics,
    ) -> Vec<OptionSpec> {
        let mut reader = Reader::new(table, Text::same("[options]"));
        reader.expect(["targets", "growth"]);
        let before = reader.diags().errors();
        let targets = reader.opt_table("targets");
        let lists = targets.map_or(Vec::new(), |table| self.lists(table, reader.diags()));
        let growth = reader.optional("growth");
        let cases = growth.map_or(Vec::new(), |node| self.cases(node, reader.diags()));
        let sound = reader.diags().errors() == before;
        if sound && lists.is_empty() && cases.is_empty() {
            reader.push_unless_misspelt(&["targets", "growth"], said::empty(span));
        }
        reader.finish(diags);
        if !sound {
            return Vec::new();
        }
        let mut sizes = lists.iter().map(Vec::len).chain([cases.len().max(1)]);
        let count = sizes.try_fold(1, usize::checked_mul);
        let count = count
            .filter(|count| *count <= super::MOST_OPTIONS)
            .ok_or(count);
        if let Err(count) = count {
            diags.push(said::too_many(count, span));
            return Vec::new();
        }
        let mut sets: Vec<Vec<TargetSpec>> = vec![Vec::new()];
        for list in &lists {
            let longer = sets.iter().flat_map(|set| {
                list.iter()
                    .map(move |one| set.iter().chain([one]).cloned().collect())
            });
            sets = longer.collect();
        }
        let none = [Vec::new()];
        let cases = if cases.is_empty() { &none[..] } else { &cases };
        let mut all = Vec::new();
        for set in sets {
            let mut targets = set;
            targets.sort_by_key(|spec| spec.target);
            for case in cases {
                all.push(OptionSpec {
                    name: None,
                    targets: targets.clone(),
                    growth: case.clone(),
                    bounds: Vec::new(),
                    span,
                });
            }
        }
        all
    }

    /// `COD = ["-6 %", "-8 %"]` for each target; one value stands for a list of one.
    fn lists(&self, table: &TableNode, diags: &mut Diagnostics) -> Vec<Vec<TargetSpec>> {
        let mut lists: Vec<Vec<TargetSpec>> = Vec::new();
        for (key, node) in &table.entries {
            let Some(target) = self.target(key, diags) else {
                continue;
            };
            let firsts: Vec<TargetSpec> = lists.iter().map(|list| list[0].clone()).collect();
            if !is_new(&firsts, target, key.span, diags) {
                continue;
            }
            let mut list: Vec<TargetSpec> = Vec::new();
            for value in values(node) {
                let Some(demand) = self.demand(target, value, diags) else {
                    continue;
                };
                let spec = TargetSpec {
                    target,
                    demand,
                    span: value.span,
                };
                match list.iter().find(|other| other.demand == demand) {
                    Some(first) => diags.push(again(value.span, first.span)),
                    None => list.push(spec),
                }
            }
            if list.is_empty() && values(node).is_empty() {
                diags.push(no_values(node.span));
            }
            if !list.is_empty() {
                lists.push(list);
            }
        }
        lists
    }

    /// The cases of growth: lists of rates side by side, or a list of tables.
    fn cases(&self, node: &Node, diags: &mut Diagnostics) -> Vec<Vec<GrowthSpec>> {
        let mut cases: Vec<(Vec<GrowthSpec>, Span)> = Vec::new();
        match &node.value {
            Value::Array(tables) => {
                for node in tables {
                    if let Some(table) = node.table(diags) {
                        cases.push((self.case(table, diags), node.span));
                    }
                }
            }
            _ => {
                if let Some(table) = node.table(diags) {
                    cases = self.side_by_side(table, diags);
                }
            }
        }
        for (i, (case, span)) in cases.iter().enumerate() {
            let first = cases[..i].iter().find(|(other, _)| other == case);
            if let (Some((_, first)), false) = (first, diags.has_errors()) {
                diags.push(again(*span, *first));
            }
        }
        cases.into_iter().map(|(case, _)| case).collect()
    }

    /// `gdp = ["4.5 %", "5 %"]`, `industry = ["4 %", "4.5 %"]`: the first rates together,
    /// then the second ones.
    fn side_by_side(
        &self,
        table: &TableNode,
        diags: &mut Diagnostics,
    ) -> Vec<(Vec<GrowthSpec>, Span)> {
        let start = self.start(table, diags);
        let mut cases: Vec<(Vec<GrowthSpec>, Span)> = Vec::new();
        let mut first: Option<(&str, usize, Span)> = None;
        for (key, node) in &table.entries {
            if self.is_start(key) {
                continue;
            }
            let Some(driver) = self.driver(key, diags) else {
                continue;
            };
            let rates = values(node);
            if rates.is_empty() {
                diags.push(no_values(node.span));
                continue;
            }
            match first {
                None => {
                    first = Some((&key.name, rates.len(), key.span));
                    let spans = rates.iter().map(|rate| rate.span);
                    cases = spans.map(|span| (Vec::new(), span)).collect();
                }
                Some((name, count, span)) if count != rates.len() => {
                    let own = (key.name.as_str(), rates.len(), key.span);
                    diags.push(uneven(own, (name, count, span)));
                    continue;
                }
                Some(_) => {}
            }
            for ((case, _), node) in cases.iter_mut().zip(rates) {
                let rate = rate(node, start.year(), diags);
                let Some(growth) = rate.map(|rate| self.growth(driver, rate)) else {
                    continue;
                };
                if self.counts(&growth, node.span, start, diags) {
                    case.push(growth);
                }
            }
        }
        for (case, _) in &mut cases {
            case.sort_by_key(|growth| growth.driver);
        }
        cases
    }
}

/// The values of a list; one that stands alone is a list of one.
fn values(node: &Node) -> Vec<&Node> {
    match &node.value {
        Value::Array(items) => items.iter().collect(),
        _ => vec![node],
    }
}

/// A value that stands twice in a list.
fn again(again: Span, first: Span) -> Diagnostic {
    let message = Text::new("同一取值写了两次", "one value is listed twice");
    Diagnostic::error("option-twice", message)
        .label(again, Text::new("又一次", "again here"))
        .label(first, Text::new("先在这里", "first here"))
        .help(Text::new("只留一处", "keep one of the two"))
}

/// An empty list.
fn no_values(span: Span) -> Diagnostic {
    let message = Text::new("列表里没有取值", "there are no values in this list");
    Diagnostic::error("option-empty", message)
        .label(span, Text::new("空列表", "an empty list"))
        .help(Text::new(
            "写法如 [\"-6 %\", \"-8 %\"]，不改则删去",
            "write it like [\"-6 %\", \"-8 %\"], or take it out",
        ))
}

/// Rates of two drivers that do not go side by side.
fn uneven(own: (&str, usize, Span), first: (&str, usize, Span)) -> Diagnostic {
    let ((name, count, span), (other, wanted, there)) = (own, first);
    let message = Text::new(
        format!("`{name}` 有 {count} 个增长率，`{other}` 有 {wanted} 个：各情形的增长率逐个对应"),
        format!(
            "`{name}` has {count} rates and `{other}` {wanted}: the rates of a case stand side by side"
        ),
    );
    Diagnostic::error("option-uneven", message)
        .label(span, Text::new("个数不同", "another number"))
        .label(there, Text::new("以此为准", "as many as here"))
        .help(Text::new("两项写成同样多个", "give both as many rates"))
}
