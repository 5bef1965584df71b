//! What the draws say, on the terminal: which inputs matter, and under which
//! conditions all targets are met.

use super::moves::alone;
use super::spread::Spread;
use super::{names, sensitivity};
use crate::case::{count, percent, short_name};
use crate::claims::Claim;
use crate::grid::{WIDE, indent, wrap};
use crate::write;
use jianpai_core::text::{Lang, Text};
use jianpai_sweep::analysis::Estimate;
use jianpai_sweep::analysis::prim::{BoxCount, Prim};
use jianpai_sweep::design::Design;
use jianpai_sweep::engine::Column;
use jianpai_sweep::findings::{Findings, Importance, IndexKind, OutputFindings};

/// The findings; nothing for a slice.
pub(super) fn text(spread: &Spread<'_>, lang: Lang) -> String {
    let Some(findings) = spread.findings else {
        return String::new();
    };
    if findings.draws == 0 {
        let note = lang.pick(
            "网格过大，未作敏感性分析",
            "too large a grid for a sensitivity analysis",
        );
        return format!("\n  {note}\n");
    }
    indices(spread, findings, lang) + &conditions(spread, lang)
}

/// Lines that fit the terminal; what follows the first stands further in.
fn within(text: &str) -> String {
    let lines = wrap(text, WIDE).into_iter();
    lines.map(|line| line + "\n").collect()
}

/// What indices may be above 1 before it is remarked on.
const ABOVE: f64 = 1.0005;

/// The tables of inputs and outputs, and what is to be said of them.
fn indices(spread: &Spread<'_>, findings: &Findings, lang: Lang) -> String {
    let table = sensitivity::table(spread, findings);
    let blocks = write::blocks(&table, lang).into_iter();
    let blocks: Vec<String> = blocks
        .map(|block| format!("\n{}\n", indent(&block.grid(WIDE).to_string())))
        .collect();
    let mut out = blocks.concat();
    if (findings.draws as u64) < spread.sweep.points.len() {
        let draws = count(findings.draws as u64);
        out += &match lang {
            Lang::Zh => format!("  （据前 {draws} 次抽样）\n"),
            Lang::En => format!("  (from the first {draws} draws)\n"),
        };
    }
    if findings.left_out > 0 {
        let without = count(findings.left_out as u64);
        out += &match (findings.kind, lang) {
            (IndexKind::GivenData, Lang::Zh) => format!("  （{without} 次不可行，未计入）\n"),
            (IndexKind::GivenData, Lang::En) => {
                format!("  (without {without} draws that are not feasible)\n")
            }
            (_, Lang::Zh) => format!("  （{without} 次与不可行的抽样同组，未计入）\n"),
            (_, Lang::En) => {
                format!("  (without {without} draws in groups with one that is not feasible)\n")
            }
        };
    }
    let points = &spread.sweep.points;
    match (findings.kind, points.design()) {
        (IndexKind::GivenData, Design::Grid { .. }) => {
            out += lang.pick(
                "  （网格不是抽样：指数是网格本身的，没有置信区间）\n",
                "  (a grid is no sample: the indices are those of the grid itself, without intervals)\n",
            );
        }
        (IndexKind::GivenData, _) if !points.is_sample() => {
            out += lang.pick(
                "  （清单不是抽样：指数只就所列各行而言，没有置信区间）\n",
                "  (a list is no sample: the indices speak of its rows alone, without intervals)\n",
            );
        }
        _ => {}
    }
    if matches!(findings.kind, IndexKind::GivenData) {
        out += &within(&correlated(spread, lang));
    }
    out + &within(&above(spread, findings, lang))
}

fn called(spread: &Spread<'_>, output: &OutputFindings) -> Text {
    let indicator = &spread.catalogue.indicators[output.indicator.at()];
    short_name(spread.catalogue, indicator)
}

/// Why indices are above 100 %, or add up to more.
fn above(spread: &Spread<'_>, findings: &Findings, lang: Lang) -> String {
    if findings.kind == IndexKind::Morris {
        return String::new();
    }
    let total = |of: fn(&Importance) -> Option<Estimate>, output: &OutputFindings| -> f64 {
        output.inputs.iter().filter_map(of).map(|e| e.value).sum()
    };
    let list = |of: &dyn Fn(&OutputFindings) -> Option<String>| -> String {
        let each = findings.outputs.iter().filter_map(|output| {
            let found = of(output)?;
            Some(format!("{} {found}", called(spread, output).get(lang)))
        });
        each.collect::<Vec<_>>().join(lang.pick("、", ", "))
    };
    let mut out = String::new();
    let single = list(&|output| {
        let all = output.inputs.iter().flat_map(|i| [i.first, i.total]);
        let most = all.flatten().map(|e| e.value).fold(0.0, f64::max);
        (most > ABOVE).then(|| percent(most))
    });
    if !single.is_empty() {
        out += &match lang {
            Lang::Zh => format!("  （单个指数超过 100 % 是抽样误差，增加抽样可减小：{single}）\n"),
            Lang::En => format!(
                "  (single indices above 100 % are sampling error, which more draws narrow: {single})\n"
            ),
        };
    }
    let sums = list(&|output| {
        let sum = total(|i| i.first, output);
        (sum > ABOVE).then(|| percent(sum))
    });
    // Of correlated inputs it has been said already.
    if !sums.is_empty() && spread.sweep.correlated().is_empty() {
        out += &match lang {
            Lang::Zh => format!("  （一阶指数之和超过 100 % 是抽样误差：{sums}）\n"),
            Lang::En => format!(
                "  (first-order indices add up to more than 100 % by sampling error: {sums})\n"
            ),
        };
    }
    let sums = list(&|output| {
        let sum = total(|i| i.total, output);
        (sum > ABOVE).then(|| percent(sum))
    });
    if !sums.is_empty() {
        out += &match lang {
            Lang::Zh => format!(
                "  （总指数之和超过 100 %：交互在参与的每个输入中各计一次，另有抽样误差：{sums}）\n"
            ),
            Lang::En => format!(
                "  (total indices add up to more than 100 %: an interaction counts in every input that takes part, and there is sampling error: {sums})\n"
            ),
        };
    }
    out
}

/// Which inputs are correlated, and what that makes of first-order indices.
fn correlated(spread: &Spread<'_>, lang: Lang) -> String {
    let inputs = spread.sweep.correlated();
    if inputs.is_empty() {
        return String::new();
    }
    let name = |i: &usize| names::name(spread.catalogue, spread.plan, &spread.sweep.inputs[*i]);
    let names: Vec<Text> = inputs.iter().map(name).collect();
    match lang {
        Lang::Zh => format!(
            "  （{}之间相关：各自的指数都含共同部分，合计可超过 100 %）\n",
            join(&names, lang, "、")
        ),
        Lang::En => format!(
            "  (correlated: {}; each index holds what they share, so that a column may add up to more than 100 %)\n",
            join(&names, lang, ", ")
        ),
    }
}

/// The box of inputs in which all targets are met, as a sentence.
fn conditions(spread: &Spread<'_>, lang: Lang) -> String {
    conditions_of(spread).map_or(String::new(), |said| {
        format!("\n{}", within(&format!("  {}", said.get(lang))))
    })
}

/// The same; `None` for a slice, without targets, or where there is nothing to tell apart.
pub(super) fn conditions_of(spread: &Spread<'_>) -> Option<Text> {
    let findings = spread.findings.filter(|findings| findings.draws > 0)?;
    let claim = spread.count(&Column::AllMet)?.claim;
    let found = findings.conditions.as_ref().zip(findings.held);
    sentence(spread, found, (findings.all_met?, claim))
}

/// Under which conditions all targets are met, in words.
fn sentence(
    spread: &Spread<'_>,
    found: Option<(&Prim, BoxCount)>,
    (share, claim): (f64, Claim),
) -> Option<Text> {
    let Some((found, held)) = found else {
        let share = claim.text(share);
        return Some(Text::new(
            format!("全部目标在 {share} 的抽样中达到"),
            format!("All targets are met in {share} of the draws"),
        ));
    };
    let bounds: Vec<Text> = found
        .restrictions
        .iter()
        .flat_map(|limit| {
            let input = &spread.sweep.inputs[limit.input];
            let name = names::name(spread.catalogue, spread.plan, input);
            let bound = |sign: &str, value: f64| {
                let value = names::value(input, value);
                Text::new(
                    format!("{} {sign} {value}", name.zh),
                    format!("{} {sign} {value}", name.en),
                )
            };
            let lower = limit.lower.as_ref().map(|b| bound("≥", b.value));
            let upper = limit.upper.as_ref().map(|b| bound("≤", b.value));
            [lower, upper].into_iter().flatten().collect::<Vec<_>>()
        })
        .collect();
    if bounds.is_empty() {
        return None;
    }
    let density = spread.said_of_all(held.density);
    let coverage = percent(held.coverage);
    let own = if spread.has_error() {
        let own = alone(found.count.density);
        Text::new(
            format!("仅按模型在{}中；", own.zh),
            format!("by the model alone in {}; ", own.en),
        )
    } else {
        Text::default()
    };
    Some(Text::new(
        format!(
            "若 {}，全部目标在 {density} 的抽样中达到（{}含全部达标抽样的 {coverage}）",
            join(&bounds, Lang::Zh, " 且 "),
            own.zh
        ),
        format!(
            "If {}, all targets are met in {density} of the draws ({}the box holds {coverage} of those that meet them)",
            join(&bounds, Lang::En, " and "),
            own.en
        ),
    ))
}

fn join(texts: &[Text], lang: Lang, word: &str) -> String {
    let texts: Vec<&str> = texts.iter().map(|text| text.get(lang)).collect();
    texts.join(word)
}
