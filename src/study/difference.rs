//! Two scenarios compared: which inputs differ, which outputs move, what explains how much.

use crate::run::{Run, Study};
use crate::session::Session;
use jianpai_core::catalogue::{Account, Catalogue};
use jianpai_core::difference::{self, Explanation, Side};
use jianpai_core::text::Text;
use jianpai_load::diag::{Diagnostic, Files};
use jianpai_load::scenario::compare::{self, Part};
use jianpai_report::diff::{Comparison, Input, Said};
use std::sync::Arc;

/// Two scenarios that have run, side by side.
#[derive(Debug)]
pub struct Compared {
    /// A.
    pub a: Run,
    /// B.
    pub b: Run,
    inputs: Vec<Input>,
    /// Indicators that cannot be compared.
    apart: Vec<usize>,
    explanation: Option<Explanation>,
}

impl Compared {
    /// The comparison as reports see it.
    pub fn report(&self) -> Comparison<'_> {
        Comparison {
            a: self.a.case(),
            b: self.b.case(),
            inputs: &self.inputs,
            apart: &self.apart,
            explanation: self.explanation.as_ref(),
        }
    }
}

impl Session {
    /// Runs two studies of this session and compares them; `None` if nothing of them can be
    /// compared.
    pub fn try_compare(&mut self, [a, b]: [Study; 2]) -> Option<Compared> {
        // Scenarios may bring their regions along.
        let data = Arc::clone(self.data());
        let catalogue = data.catalogue();
        let mut apart = other_calibres(catalogue, &a, &b);
        if !apart.is_empty() {
            self.push(calibres_differ(catalogue, &apart));
        }
        let bases = [&a, &b].map(|study| study.loaded.scenario.base_year);
        if bases[0] != bases[1] {
            let indices = indices(catalogue);
            self.push(bases_differ(catalogue, &indices, bases));
            apart.extend(
                indices
                    .into_iter()
                    .filter(|i| !apart.contains(i))
                    .collect::<Vec<_>>(),
            );
            apart.sort_unstable();
        }
        if apart.len() == catalogue.indicators.len() {
            return None;
        }
        let files = self.files();
        let found = compare::compare(catalogue, (&a.loaded, &a.plan), (&b.loaded, &b.plan));
        let inputs = found.into_iter().map(|input| shown(files, input)).collect();
        let explanation = difference::explain(catalogue, side(&a), side(&b));
        Some(Compared {
            a: a.run(),
            b: b.run(),
            inputs,
            apart,
            explanation,
        })
    }
}

fn side(ready: &Study) -> Side<'_> {
    Side {
        scenario: &ready.loaded.scenario,
        plan: &ready.plan,
    }
}

/// An input with its places as `file:line`.
fn shown(files: &Files, input: compare::InputDifference) -> Input {
    let said = |side: Option<compare::Said>| {
        side.map(|said| Said {
            text: said.text,
            place: said.span.map(|span| {
                let line = files.position(span.file, span.start).0;
                format!("{}:{line}", files.path(span.file))
            }),
        })
    };
    Input {
        part: match input.part {
            Part::Head => "scenario",
            Part::Growth => "growth",
            Part::Elasticity => "elasticity",
            Part::Measure => "measures",
            Part::Target => "targets",
            Part::Observed => "observed",
        },
        id: input.id,
        name: input.name,
        field: input.field.to_string(),
        a: said(input.a),
        b: said(input.b),
    }
}

/// Indicators whose base years are of different calibres in the two.
fn other_calibres(catalogue: &Catalogue, a: &Study, b: &Study) -> Vec<usize> {
    let calibre = |ready: &Study, account: Account| {
        let inventory = ready
            .loaded
            .scenario
            .world
            .inventory
            .get(&account.official());
        inventory
            .and_then(|inventory| inventory.total)
            .map(|total| total.calibre)
    };
    let apart = catalogue
        .indicators
        .iter()
        .enumerate()
        .filter(|(_, indicator)| {
            let account = indicator.kind.inventoried();
            account.is_some_and(|account| calibre(a, account) != calibre(b, account))
        });
    apart.map(|(i, _)| i).collect()
}

/// Indicators that are 1 in the base year.
fn indices(catalogue: &Catalogue) -> Vec<usize> {
    let all = catalogue.indicators.iter().enumerate();
    let index = all.filter(|(_, indicator)| indicator.kind.is_index());
    index.map(|(i, _)| i).collect()
}

/// Two scenarios that count from different years.
fn bases_differ(catalogue: &Catalogue, indices: &[usize], [a, b]: [i32; 2]) -> Diagnostic {
    let ids: Vec<&str> = indices
        .iter()
        .map(|i| catalogue.indicators[*i].named.id.as_str())
        .collect();
    let (zh, en) = (ids.join("、"), ids.join(", "));
    let message = Text::new(
        format!("A 从 {a} 年算起，B 从 {b} 年算起：以基年为 1 的指标不能比较：{zh}"),
        format!("A counts from {a}, B from {b}: indices of the base year cannot be compared: {en}"),
    );
    Diagnostic::warning("bases-differ", message).help(Text::new(
        "两个情景写同一 base；这些指标已略去",
        "give both the same `base`; these indicators are left out",
    ))
}

fn calibres_differ(catalogue: &Catalogue, apart: &[usize]) -> Diagnostic {
    let ids: Vec<&str> = apart
        .iter()
        .map(|i| catalogue.indicators[*i].named.id.as_str())
        .collect();
    let (zh, en) = (ids.join("、"), ids.join(", "));
    let message = Text::new(
        format!("两个情景的基年口径不同，不能比较：{zh}"),
        format!("the base years are of different calibres and cannot be compared: {en}"),
    );
    let diagnostic = if apart.len() == catalogue.indicators.len() {
        Diagnostic::error("calibres-differ", message)
    } else {
        Diagnostic::warning("calibres-differ", message)
    };
    diagnostic.help(Text::new(
        "改用同一口径的清单；这些指标已略去",
        "use inventories of one calibre; these indicators are left out",
    ))
}
