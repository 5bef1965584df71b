//! What the draws say, on the terminal: which inputs matter, and under which
//! conditions all targets are met.

use super::{Spread, names};
use jianpai_core::text::{Lang, Text};
use jianpai_report::case::{count, number, percent, probability, short_name};
use jianpai_report::grid::{Grid, indent, left, right};
use jianpai_sweep::analysis::prim::Prim;
use jianpai_sweep::findings::{Findings, Kind};

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
    sensitivity(spread, findings, lang) + &conditions(spread, findings, lang)
}

/// What the numbers of the sensitivity table are.
fn title(kind: Kind) -> Text {
    match kind {
        Kind::Sobol => Text::new(
            "Sobol 总指数（占方差）",
            "Sobol total index (part of variance)",
        ),
        Kind::Morris => Text::new(
            "Morris μ*（指标单位）",
            "Morris μ* (units of the indicator)",
        ),
        Kind::GivenData => Text::new("一阶指数（占方差）", "First-order index (part of variance)"),
    }
}

/// The table of inputs and outputs.
fn sensitivity(spread: &Spread<'_>, findings: &Findings, lang: Lang) -> String {
    let title = title(findings.kind);
    let mut header = vec![title.get(lang).to_string()];
    for output in &findings.outputs {
        let indicator = &spread.catalogue.indicators[output.indicator.at()];
        header.push(
            short_name(spread.catalogue, indicator)
                .get(lang)
                .to_string(),
        );
    }
    let mut grid = Grid::new(header.iter().map(String::as_str));
    for (i, input) in spread.sweep.inputs.iter().enumerate() {
        let name = names::name(spread.catalogue, spread.plan, input);
        let mut row = vec![left(name.get(lang))];
        for output in &findings.outputs {
            let importance = output.inputs.get(i).copied().unwrap_or_default();
            let value = match findings.kind {
                Kind::Sobol => importance.total,
                _ => importance.first,
            };
            row.push(match (value, findings.kind) {
                (Some(value), Kind::Morris) => right(number(value.value)),
                // An index below half a percent is the noise of the estimate.
                (Some(value), _) if value.value < 0.005 => right("·"),
                (Some(value), _) => right(percent(value.value)),
                (None, _) => right("–"),
            });
        }
        grid.row(row);
    }
    let mut out = format!("\n{}\n", indent(&grid.to_string()));
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
            (Kind::GivenData, Lang::Zh) => format!("  （{without} 次不可行，未计入）\n"),
            (Kind::GivenData, Lang::En) => {
                format!("  (without {without} draws that are not feasible)\n")
            }
            (_, Lang::Zh) => format!("  （{without} 次与不可行的抽样同组，未计入）\n"),
            (_, Lang::En) => {
                format!("  (without {without} draws in groups with one that is not feasible)\n")
            }
        };
    }
    if matches!(findings.kind, Kind::GivenData) {
        out += &correlated(spread, lang);
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
fn conditions(spread: &Spread<'_>, findings: &Findings, lang: Lang) -> String {
    let Some(share) = findings.all_met else {
        return String::new();
    };
    match sentence(spread, findings.conditions.as_ref(), share) {
        Some(sentence) => format!("\n  {}\n", sentence.get(lang)),
        None => String::new(),
    }
}

/// Under which conditions all targets are met, in words.
fn sentence(spread: &Spread<'_>, found: Option<&Prim>, share: f64) -> Option<Text> {
    let Some(found) = found else {
        let share = probability(share);
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
    let density = probability(found.count.density);
    let coverage = percent(found.count.coverage);
    Some(Text::new(
        format!(
            "若 {}，全部目标在 {density} 的抽样中达到（含全部达标抽样的 {coverage}）",
            join(&bounds, Lang::Zh, " 且 ")
        ),
        format!(
            "If {}, all targets are met in {density} of the draws (the box holds {coverage} of those that meet them)",
            join(&bounds, Lang::En, " and ")
        ),
    ))
}

fn join(texts: &[Text], lang: Lang, word: &str) -> String {
    let texts: Vec<&str> = texts.iter().map(|text| text.get(lang)).collect();
    texts.join(word)
}
