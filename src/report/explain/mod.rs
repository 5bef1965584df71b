//! The terms behind a result, for people and for machines.

mod json;
mod numbers;
mod tree;

pub use json::{json, shares};

use crate::case::{Case, number, signed_percent};
use jianpai_core::dims::{CalibreId, IndicatorId, SourceId};
use jianpai_core::explain::{self, Input, Node, NodeId, Statement, Tape, Weight, What};
use jianpai_core::provenance::Status;
use jianpai_core::text::{Lang, Text};

/// Finds the file and line of a statement of the scenario.
pub type Places<'p> = dyn Fn(Statement<'_>) -> Option<(String, usize)> + 'p;

/// What is to be explained.
#[derive(Clone, Copy, Debug)]
pub struct Question {
    /// The indicator.
    pub indicator: IndicatorId,
    /// The year, as a subscript of the plan.
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
    case: Case<'a>,
    question: Question,
    tape: Tape<'a>,
    root: NodeId,
    /// The same indicator in the base year.
    base: f64,
    weights: Vec<Weight<'a>>,
    places: &'a Places<'a>,
}

/// Where a number stands.
struct Place {
    /// `data/factors.csv:12`.
    at: String,
    /// Its status; a word for statements of the scenario.
    status: Text,
    /// The status in files.
    id: &'static str,
    /// Source and calibre.
    source: Option<(SourceId, Option<CalibreId>)>,
    /// The source that the scenario gives.
    said: Option<String>,
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

    /// The whole answer as text of at most 100 columns.
    pub fn text(&self, lang: Lang, detail: Detail) -> String {
        let mut sources = tree::Sources::default();
        let mut out = self.heading(lang);
        out += &tree::text(self, lang, detail, &mut sources);
        out += &numbers::text(self, lang, &mut sources);
        out += &sources.text(self, lang);
        out
    }

    fn year(&self) -> i32 {
        self.case.plan.years[self.question.t]
    }

    /// What is explained, its value, and how it compares.
    fn heading(&self, lang: Lang) -> String {
        let case = &self.case;
        let indicator = &case.catalogue.indicators[self.question.indicator.at()];
        let (first, year) = (case.scenario.base_year, self.year());
        let name = indicator.named.name.get(lang);
        let value = self.tape.node(self.root).value;
        let shown = explain::unit(&self.tape, What::Indicator(self.question.indicator, 0));
        let amount = format!("{} {}", number(value / shown.scale), shown.unit.get(lang));
        let scenario = case.scenario.name.get(lang);
        let region = case.region().named.name.get(lang);
        let change = if indicator.kind.is_share() || self.base == 0.0 {
            String::new()
        } else {
            let part = match self.question.measure {
                None => value / self.base - 1.0,
                Some(_) => value / self.base,
            };
            match lang {
                Lang::Zh => format!("，较{first}年 {}", signed_percent(part)),
                Lang::En => format!(", {} on {first}", signed_percent(part)),
            }
        };
        let measure = self.question.measure.map_or(String::new(), |m| {
            let name = case.plan.measures[m].name.get(lang);
            match lang {
                Lang::Zh => format!("，“{name}”所致的变化"),
                Lang::En => format!(", change by {name}"),
            }
        });
        let (open, close) = lang.pick(("（", "）"), (" (", ")"));
        format!(
            "\n{scenario}{open}{region}{close}\n{name}{measure}{comma}{year}{of}{amount}{change}\n\n",
            comma = lang.pick("，", ", "),
            of = lang.pick("年：", ": "),
        )
    }

    /// Where the number of a leaf stands.
    fn place(&self, input: Input<'_>) -> Place {
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
            | Statement::Ramp(m, _)
            | Statement::Field(m, _)
            | Statement::Entry(m, ..) => scenario.measures[m].source.clone(),
            Statement::Observed(i) => scenario.observed[i].source.clone(),
            Statement::Growth(..) | Statement::Elasticity(_) => None,
        }
        .or_else(|| scenario.document.clone())
    }

    /// A term's value in the unit shown.
    fn value(&self, node: &Node<'_>, lang: Lang) -> (String, String) {
        let shown = explain::unit(&self.tape, node.what);
        (
            number(node.value / shown.scale),
            shown.unit.get(lang).to_string(),
        )
    }
}

/// A status in a word or two.
fn short_status(status: Status) -> Text {
    match status {
        Status::Quoted => Text::new("引用", "quoted"),
        Status::Computed => Text::new("计算", "computed"),
        Status::Secondary => Text::new("二手", "secondary"),
        Status::Recalled => Text::new("待核", "recalled"),
        Status::Estimated => Text::new("估算", "estimated"),
        Status::Assumed => Text::new("假设", "assumed"),
    }
}
