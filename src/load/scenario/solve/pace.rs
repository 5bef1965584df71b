//! `pace = "15 %/a"`: how fast levels may rise; `order`: which come before which.

use super::group::twice;
use super::{Context, SolveSpec};
use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::quantity::{self, Dim};
use crate::tree::{Node, Value};
use jianpai_core::text::Text;

/// One pace, as it is written.
const EXAMPLE: &str = "15 %/a";

/// The most that a level may rise in a year, as a part of what is planned.
pub(super) fn pace(node: &Node, diags: &mut Diagnostics) -> Option<f64> {
    let text = node.string(diags)?;
    let parsed = quantity::parse(text).ok();
    let rate = parsed.and_then(|q| q.to(Dim::PER_TIME).or_else(|_| q.to(Dim::NONE)).ok());
    if let Some(rate) = rate.filter(|rate| *rate > 0.0 && *rate <= 10.0) {
        return Some(rate);
    }
    let message = Text::new(
        format!("`{text}` 不是推进速度：应为每年推进计划量的百分之几"),
        format!("`{text}` is no pace: a percentage of what is planned in a year, above 0"),
    );
    diags.push(
        Diagnostic::error("pace", message)
            .label(
                node.span,
                Text::new("应为正的百分数", "expected a percentage above 0"),
            )
            .help(Text::new(
                format!("写法如 \"{EXAMPLE}\"：每年至多再做计划量的 15 %"),
                format!(
                    "write it like \"{EXAMPLE}\": at most 15 % of what is planned more each year"
                ),
            )),
    );
    None
}

/// Measures of which none is carried out further than the one before it.
#[derive(Clone, Debug, PartialEq)]
pub struct OrderSpec {
    /// The measures, as indices into the scenario's, the first one first.
    pub measures: Vec<(usize, Span)>,
}

impl Context<'_> {
    /// `order = ["a", "b"]`, or several of them: `[["a", "b"], ["c", "d"]]`.
    pub(super) fn orders(
        &self,
        nodes: &[Node],
        owner: Span,
        spec: &mut SolveSpec,
        diags: &mut Diagnostics,
    ) {
        let lists = nodes
            .iter()
            .any(|node| matches!(node.value, Value::Array(_)));
        let mut each: Vec<(Span, &[Node])> = Vec::new();
        if lists {
            for node in nodes {
                if let Some(own) = node.array(diags) {
                    each.push((node.span, own));
                }
            }
        } else {
            each.push((owner, nodes));
        }
        for (span, own) in each {
            let mut measures: Vec<(usize, Span)> = Vec::new();
            for node in own {
                if let Some(name) = node.string(diags)
                    && let Some(m) = self.measure(name, node.span, diags)
                    && self.may_move(m, node.span, diags)
                {
                    if let Some((_, before)) = measures.iter().find(|(other, _)| *other == m) {
                        diags.push(twice(name, node.span, *before));
                        continue;
                    }
                    measures.push((m, node.span));
                }
            }
            if own.len() < 2 {
                let message = Text::new(
                    "order 说明先后，至少要两项措施",
                    "`order` says what comes before what: it takes two measures at least",
                );
                diags.push(
                    Diagnostic::error("order-short", message)
                        .label(span, Text::new("不足两项", "fewer than two"))
                        .help(Text::new(
                            "写法如 order = [\"先做的\", \"后做的\"]",
                            "write it like order = [\"the first\", \"the next\"]",
                        )),
                );
            }
            spec.orders.push(OrderSpec { measures });
        }
    }
}
