//! The report for people.

use super::analyse::{Analysis, Boxed, Discovery, Found, ranked};
use super::design::Shape;
use super::sums::{ABOVE, Sum, by_chance, index, overlap, single};
use super::{tables, words};
use crate::case::percent;
use crate::grid::{WIDE, wrap};
use crate::view::Table;
use crate::write;
use jianpai_core::text::{Lang, Text};
use jianpai_sweep::analysis::given_data::GivenData;
use jianpai_sweep::analysis::regression::{NoFit, Regression};
use jianpai_sweep::analysis::sobol::SobolIndices;

/// Outputs that get a table of their own; more share one.
const FULL: usize = 4;

/// The whole analysis on the terminal, in lines of at most 120 columns.
pub fn text(of: &Analysis<'_>, lang: Lang) -> String {
    let mut out = heading(of, lang);
    let shown: Vec<&(&str, Found)> = of
        .outputs
        .iter()
        .filter(|(_, found)| !is_silent(found))
        .collect();
    if shown.len() <= FULL {
        for (name, found) in &shown {
            out += &format!("\n{name}\n{}", of_output(of, (name, found), lang));
        }
    } else {
        out += &format!("\n{}", drawn(&tables::main(of), lang));
        out += lang.pick(
            "  其他指数见 --csv、--json 或 --out。\n",
            "  The other indices are in --csv, --json or --out.\n",
        );
    }
    out += &silent(of, lang);
    if let Some(found) = &of.discovery {
        out += &discovery(of, found, lang);
    }
    out
}

fn names<'r>(of: &Analysis<'r>) -> Vec<&'r str> {
    of.sample
        .inputs
        .iter()
        .map(|input| input.name.as_str())
        .collect()
}

fn heading(of: &Analysis<'_>, lang: Lang) -> String {
    let (sample, rows) = (of.sample, of.rows());
    let (inputs, outputs) = (sample.inputs.len(), sample.outputs.len());
    let shape = sample.design.shape;
    let groups = rows / shape.group(inputs);
    let count = match shape {
        Shape::Saltelli(_) => Text::new(
            format!("，{groups} 个基样本"),
            format!(", {groups} base samples"),
        ),
        Shape::Morris(_) => Text::new(
            format!("，{groups} 条轨迹"),
            format!(", {groups} trajectories"),
        ),
        Shape::Grid | Shape::Any => Text::default(),
    };
    let (design, path) = (shape.name(), &sample.path);
    let mut out = match lang {
        Lang::Zh => format!(
            "{path}：{rows} 行，{inputs} 个输入，{outputs} 个输出；设计：{}{}\n",
            design.zh, count.zh
        ),
        Lang::En => format!(
            "{path}: {rows} rows, {}, {}; design: {}{}\n",
            plural(inputs, "input"),
            plural(outputs, "output"),
            design.en,
            count.en
        ),
    };
    for note in &sample.notes {
        out += &format!("  {}\n", note.get(lang));
    }
    if shape == Shape::Grid {
        out += lang.pick(
            "  网格不是抽样：指数是网格本身的，没有置信区间\n",
            "  A grid is no sample: the indices are those of the grid itself, without intervals\n",
        );
    }
    if !sample.fixed.is_empty() {
        let names = sample.fixed.join(lang.pick("、", ", "));
        out += &match lang {
            Lang::Zh => format!("  只有一个值的输入不参与设计，指数无定义：{names}\n"),
            Lang::En => format!(
                "  Inputs of one value take no part in the design; their indices are undefined: {names}\n"
            ),
        };
    }
    out
}

/// A count in English.
fn plural(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

fn of_output(of: &Analysis<'_>, (output, found): (&str, &Found), lang: Lang) -> String {
    match found {
        Found::Sobol(found, linear) => sobol(of, output, (found, linear), lang),
        Found::Morris(found) => drawn(&tables::morris_of(of, output, found), lang) + legend(lang),
        Found::Given(found) => given(of, output, found, lang),
        Found::Constant(_) | Found::Not(_) => String::new(),
    }
}

/// A table in lines of its own.
fn drawn(table: &Table, lang: Lang) -> String {
    format!("{}\n", write::terminal(table, lang, WIDE))
}

fn sobol(
    of: &Analysis<'_>,
    output: &str,
    (found, linear): (&SobolIndices, &Result<Regression, NoFit>),
    lang: Lang,
) -> String {
    let names = names(of);
    let mut out = drawn(&tables::sobol_of(of, output, found, linear), lang);
    let first = Sum::of(found.inputs.iter().map(|i| i.first));
    let all = Sum::of(found.inputs.iter().map(|i| i.total));
    let sum = index(Some(first.value));
    out += &if first.value > ABOVE {
        first.above(lang, &by_chance(of, lang))
    } else {
        let rest = percent((1.0 - first.value).max(0.0));
        match lang {
            Lang::Zh => format!("  一阶之和 {sum}：其余 {rest} 的方差来自输入之间的交互\n"),
            Lang::En => format!(
                "  First-order indices sum to {sum}: the other {rest} of the variance is interaction\n"
            ),
        }
    };
    if all.value > ABOVE {
        let sum = index(Some(all.value));
        out += &match lang {
            Lang::Zh => format!("  总指数之和 {sum}：交互在参与的每个输入中各计一次\n"),
            Lang::En => format!(
                "  Total indices sum to {sum}: an interaction counts in every input that takes part in it\n"
            ),
        };
    }
    let each = found.inputs.iter().enumerate();
    let high = each.filter(|(_, i)| [i.first, i.total].iter().flatten().any(|e| e.value > ABOVE));
    out += &single(
        &high.map(|(i, _)| names[i]).collect::<Vec<_>>(),
        &by_chance(of, lang),
        lang,
    );
    out += &linearity(linear, lang);
    let pairs = tables::pairs_of(of, output, found);
    if !found.pairs.is_empty() {
        out += &format!("\n{}", drawn(&pairs, lang));
    }
    out
}

/// How effects are read.
fn legend(lang: Lang) -> &'static str {
    lang.pick(
        "  读法：σ/μ* < 0.1 近线性，< 0.5 单调，< 1 近单调，否则非单调或与他项交互；μ* 不足最大者 5% 的影响小\n",
        "  Reading: σ/μ* < 0.1 almost linear, < 0.5 monotonic, < 1 almost monotonic, else not monotonic or interacting; weak: μ* within 5% of the greatest\n",
    )
}

fn given(of: &Analysis<'_>, output: &str, found: &GivenData, lang: Lang) -> String {
    let names = names(of);
    let first = found.inputs.iter().map(|i| i.first.map(|f| f.value));
    let first: Vec<Option<f64>> = first.collect();
    let mut out = drawn(&tables::first_order_of(of, output, found), lang);
    let sum = Sum::of(found.inputs.iter().map(|i| i.first));
    if sum.value > ABOVE {
        out += &sum.above(lang, &overlap(of, lang));
    }
    let high = ranked(&first)
        .into_iter()
        .filter(|i| first[*i].is_some_and(|s| s > ABOVE));
    out += &single(
        &high.map(|i| names[i]).collect::<Vec<_>>(),
        &by_chance(of, lang),
        lang,
    );
    if first.iter().any(Option::is_none) {
        out += lang.pick(
            "  –：无定义（输入只有一个值，或行数太少）\n",
            "  –: undefined (an input of one value, or too few rows)\n",
        );
    }
    out + &linearity(&found.linear, lang)
}

/// What R² says of the standardised coefficients.
fn linearity(linear: &Result<Regression, NoFit>, lang: Lang) -> String {
    match linear {
        Ok(fit) => {
            let r = format!("{:.3}", fit.r_squared);
            // Saltelli et al. (2008), chapter 1.
            let good = fit.r_squared >= 0.7;
            match (lang, good) {
                (Lang::Zh, true) => format!("  线性回归 R² = {r}：大体线性，SRC 可用\n"),
                (Lang::Zh, false) => format!("  线性回归 R² = {r}，低于 0.7：SRC 说明不了多少\n"),
                (Lang::En, true) => {
                    format!("  Linear fit: R² = {r}, mostly linear; the SRC hold\n")
                }
                (Lang::En, false) => {
                    format!("  Linear fit: R² = {r}, below 0.7; the SRC say little\n")
                }
            }
        }
        Err(why) => match lang {
            Lang::Zh => format!("  无线性回归：{}\n", words::no_fit(why)),
            Lang::En => format!("  No linear fit: {why}\n"),
        },
    }
}

/// A number in full, unless it is very long.
fn plain(value: f64) -> String {
    if value == 0.0 || (1e-6..1e15).contains(&value.abs()) {
        value.to_string()
    } else {
        format!("{value:e}")
    }
}

/// Whether there are no indices to show.
fn is_silent(found: &Found) -> bool {
    matches!(found, Found::Constant(_) | Found::Not(_))
}

/// Outputs without indices, and why.
fn silent(of: &Analysis<'_>, lang: Lang) -> String {
    let mut out = String::new();
    for (name, found) in &of.outputs {
        out += &match (found, lang) {
            (Found::Constant(value), Lang::Zh) => {
                format!("\n{name}：恒为 {}，指数无定义\n", plain(*value))
            }
            (Found::Constant(value), Lang::En) => format!(
                "\n{name}: always {}; its indices are not defined\n",
                plain(*value)
            ),
            (Found::Not(error), Lang::Zh) => {
                format!("\n{name}：无法分析（{}）\n", words::analysis(error).zh)
            }
            (Found::Not(error), Lang::En) => format!("\n{name}: cannot be analysed ({error})\n"),
            _ => continue,
        };
    }
    out
}

fn discovery(of: &Analysis<'_>, found: &Discovery<'_>, lang: Lang) -> String {
    let rows = found.condition.rows.len();
    let (text, share) = (
        &found.condition.text,
        percent(found.positives as f64 / rows as f64),
    );
    let positives = found.positives;
    let mut out = match lang {
        Lang::Zh => {
            format!("\n情景发现（PRIM）：{text}，{rows} 行中 {positives} 行（{share}）成立\n")
        }
        Lang::En => format!(
            "\nScenario discovery (PRIM): {text} holds in {positives} of {rows} rows ({share})\n"
        ),
    };
    if found.boxes.is_empty() {
        out += if positives == 0 || positives == rows {
            lang.pick(
                "  处处如此，无可区分\n",
                "  There is nothing to tell apart.\n",
            )
        } else {
            lang.pick("  未找到盒子\n", "  No box was found.\n")
        };
        return out;
    }
    out += &drawn(&tables::conditions(found), lang);
    for (i, each) in found.boxes.iter().enumerate() {
        let lines = wrap(&sentence(of, (i, each), text, lang), 120);
        out.extend(lines.into_iter().map(|line| line + "\n"));
    }
    out
}

fn sentence(of: &Analysis<'_>, (i, found): (usize, &Boxed), condition: &str, lang: Lang) -> String {
    let names = names(of);
    let bounds = found.prim.restrictions.iter().map(|limit| {
        let name = names[limit.input];
        let value = |bound: jianpai_sweep::analysis::prim::Bound| significant(bound.value);
        match (limit.lower, limit.upper) {
            (Some(lower), Some(upper)) => format!("{} ≤ {name} ≤ {}", value(lower), value(upper)),
            (Some(lower), None) => format!("{name} ≥ {}", value(lower)),
            (None, Some(upper)) => format!("{name} ≤ {}", value(upper)),
            (None, None) => name.to_string(),
        }
    });
    let conditions = bounds.collect::<Vec<_>>().join(lang.pick(" 且 ", " and "));
    let (density, coverage) = (percent(found.prim.count.density), percent(found.coverage));
    let doubt = if found.prim.dense_enough {
        ""
    } else {
        lang.pick("（密度不足 80%）", " (less dense than 80%)")
    };
    match (lang, i) {
        (Lang::Zh, 0) => format!(
            "  1. 若 {conditions}，则 {condition} 在 {density} 的行中成立，含全部成立行的 {coverage}{doubt}\n"
        ),
        (Lang::Zh, _) => format!(
            "  {}. 此外若 {conditions}，则在 {density} 的行中成立，又含 {coverage}{doubt}\n",
            i + 1
        ),
        (Lang::En, 0) => format!(
            "  1. If {conditions}, then {condition} in {density} of the rows; these are {coverage} of all where it holds{doubt}\n"
        ),
        (Lang::En, _) => format!(
            "  {}. Of the rest, if {conditions}, then in {density}; another {coverage}{doubt}\n",
            i + 1
        ),
    }
}

/// A limit to four significant digits, whatever its size.
fn significant(value: f64) -> String {
    let size = value.abs();
    let text = if size != 0.0 && !(1e-4..1e7).contains(&size) {
        format!("{value:.3e}")
    } else {
        let digits = 3 - size.max(f64::MIN_POSITIVE).log10().floor() as i32;
        let text = format!(
            "{value:.*}",
            usize::try_from(digits.clamp(0, 8)).unwrap_or(0)
        );
        if text.contains('.') {
            text.trim_end_matches('0').trim_end_matches('.').to_string()
        } else {
            text
        }
    };
    text.replace('-', "−")
}
