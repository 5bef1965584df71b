//! An answer: the terms and weights of one result, and where its numbers stand.

use crate::case::{Case, number};
use jianpai_core::dims::{CalibreId, IndicatorId, SourceId};
use jianpai_core::explain::{self, Input, Node, NodeId, Statement, Tape, Weight};
use jianpai_core::provenance::Status;
use jianpai_core::text::{Lang, Text};
use std::collections::BTreeSet;

/// Finds the file and line of a statement of the scenario.
pub type Places<'p> = dyn Fn(Statement<'_>) -> Option<(String, usize)> + 'p;

/// What is to be explained.
#[derive(Clone, Copy, Debug)]
pub struct Question {
    /// The indicator.
    pub indicator: IndicatorId,
    /// The year, as an index of the plan.
    pub t: usize,
    /// Only what this measure changes.
    pub measure: Option<usize>,
}

/// How much of the tree is shown.
#[derive(Clone, Copy, Debug)]
pub struct Detail {
    /// Terms below this part of the result are summed up in one line.
    pub least: f64,
    /// Levels shown.
    pub depth: usize,
    /// Whether sums that only scale (bottom-up sums, sums of shares) are spread out.
    pub sums: Sums,
}

/// What is done with sums that only scale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sums {
    /// One line each.
    Folded,
    /// All their terms.
    Spread,
}

/// An answer: the terms and weights of one result.
pub struct Answer<'a> {
    /// The case.
    pub(super) case: Case<'a>,
    pub(super) question: Question,
    pub(super) tape: Tape<'a>,
    pub(super) root: NodeId,
    /// The same indicator in the base year.
    pub(super) base: f64,
    pub(super) weights: Vec<Weight<'a>>,
    places: &'a Places<'a>,
}

/// Where a number stands.
pub(super) struct Place {
    /// `data/factors.csv:12`.
    pub(super) at: String,
    /// Its status; a word for statements of the scenario.
    pub(super) status: Text,
    /// The status in files.
    pub(super) id: &'static str,
    /// Source and calibre.
    pub(super) source: Option<(SourceId, Option<CalibreId>)>,
    /// The source that the scenario gives.
    pub(super) said: Option<String>,
}

impl<'a> Answer<'a> {
    /// Writes out the terms of a result.
    pub fn new(case: &Case<'a>, question: Question, places: &'a Places<'a>) -> Self {
        let mut tape = Tape::new(case.catalogue, case.scenario, case.plan);
        let root = match question.measure {
            None => tape.indicator(question.indicator, question.t),
            Some(m) => tape.effect(m, question.indicator, question.t),
        };
        let base = case.outcome.indicators[question.indicator.at()][0];
        let weights = tape.weights(root);
        Self {
            case: *case,
            question,
            tape,
            root,
            base,
            weights,
            places,
        }
    }

    pub(super) fn year(&self) -> i32 {
        self.case.plan.years[self.question.t]
    }

    /// The terms below the root, children first.
    pub(super) fn reached(&self) -> BTreeSet<NodeId> {
        let mut reached = BTreeSet::new();
        let mut open = vec![self.root];
        while let Some(id) = open.pop() {
            if reached.insert(id) {
                open.extend(&self.tape.node(id).children);
            }
        }
        reached
    }

    /// Where the number of a leaf stands.
    pub(super) fn place(&self, input: Input<'_>) -> Place {
        if let Input::Stated(statement) = input {
            let at =
                (self.places)(statement).map_or(String::new(), |(f, line)| format!("{f}:{line}"));
            return Place {
                at,
                status: Text::new("情景", "scenario"),
                id: "scenario",
                source: None,
                said: self.said(statement),
            };
        }
        let Some((number, calibre)) = self.tape.sourced(input) else {
            return Place {
                at: String::new(),
                status: Text::default(),
                id: "",
                source: None,
                said: None,
            };
        };
        let origin = number.origin;
        let file = self.case.catalogue.file(origin);
        let file = file.or(self.case.scenario.inventory.as_deref());
        Place {
            at: format!("{}:{}", file.unwrap_or_default(), origin.line),
            status: short_status(origin.status),
            id: origin.status.id(),
            source: Some((origin.source, calibre)),
            said: None,
        }
    }

    /// The source that the scenario gives for a statement.
    fn said(&self, statement: Statement<'_>) -> Option<String> {
        let scenario = self.case.scenario;
        match statement {
            Statement::Level(m)
            | Statement::Ramp(m, ..)
            | Statement::Field(m, _)
            | Statement::Entry(m, ..) => scenario.measures[m].source.clone(),
            Statement::Observed(i) => scenario.observed[i].source.clone(),
            Statement::Growth(..) | Statement::Elasticity(_) | Statement::Published(..) => None,
        }
        .or_else(|| scenario.document.clone())
    }

    /// A term's value in the unit shown.
    pub(super) fn value(&self, node: &Node<'_>, lang: Lang) -> (String, String) {
        let shown = explain::unit(&self.tape, node.what);
        (
            number(node.value / shown.scale),
            shown.unit.get(lang).to_string(),
        )
    }
}

/// A status in a word or two.
pub(super) fn short_status(status: Status) -> Text {
    match status {
        Status::Quoted => Text::new("引用", "quoted"),
        Status::Computed => Text::new("计算", "computed"),
        Status::Secondary => Text::new("二手", "secondary"),
        Status::Recalled => Text::new("待核", "recalled"),
        Status::Estimated => Text::new("估算", "estimated"),
        Status::Assumed => Text::new("假设", "assumed"),
    }
}
