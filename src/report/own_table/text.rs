//! The report for people.

use super::analyse::reading;
use super::sums::{ABOVE, Sum, by_chance, overlap, single};
use super::{Boxed, Discovery, Found, Report, Shape, words};
use jianpai_core::text::{Lang, Text};
use crate::case::{number, percent};
use crate::grid::{Grid, indent, left, right};
use jianpai_sweep::analysis::Estimate;
use jianpai_sweep::analysis::given_data::GivenData;
use jianpai_sweep::analysis::morris::MorrisEffects;
use jianpai_sweep::analysis::regression::{NoFit, Regression};
use jianpai_sweep::analysis::sobol::SobolIndices;

/// Outputs that get a table of their own; more share one.
const FULL: usize = 4;
/// Outputs side by side in a shared table.
const ACROSS: usize = 5;
/// Pairs of inputs that are shown.
const PAIRS: usize = 10;

/// The whole report.
pub fn text(report: &Report<'_>, lang: Lang) -> String {
    let mut out = heading(report, lang);
    let shown: Vec<&(&str, Found)> = report
        .outputs
        .iter()
        .filter(|(_, found)| !is_silent(found))
        .collect();
    if shown.len() <= FULL {
        for (name, found) in &shown {
            out += &format!("\n{name}\n{}", of_output(report, found, lang));
        }
    } else {
        for some in shown.chunks(ACROSS) {
            out += &shared(report, some, lang);
        }
        out += lang.pick(
            "  其他指数见 --csv、--json 或 --out。\n",
            "  The other indices are in --csv, --json or --out.\n",
        );
    }
    out += &silent(report, lang);
    if let Some(found) = &report.discovery {
        out += &discovery(report, found, lang);
    }
    out
}

fn heading(report: &Report<'_>, lang: Lang) -> String {
    let (sample, rows) = (report.sample, report.rows());
    let (inputs, outputs) = (sample.inputs.len(), sample.outputs.len());
    let shape = sample.shape;
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

/// An index, to three decimals; a dash where it is not defined.
pub(super) fn index(value: Option<f64>) -> String {
    let value = value.filter(|value| value.is_finite());
    value.map_or("–".to_string(), |value| {
        let text = format!("{value:.3}");
        // No minus before nothing but noughts.
        let text = if text == "-0.000" {
            "0.000".to_string()
        } else {
            text
        };
        text.replace('-', "−")
    })
}

fn half(found: Option<Estimate>) -> String {
    found
        .and_then(|found| found.half_width)
        .map_or(String::new(), |half| format!("±{half:.3}"))
}

/// Places of the inputs, the one with the greatest value first.
fn ranked(values: &[Option<f64>]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    let key = |i: &usize| values[*i].unwrap_or(f64::NEG_INFINITY);
    order.sort_by(|a, b| key(b).total_cmp(&key(a)).then(a.cmp(b)));
    order
}

fn of_output(report: &Report<'_>, found: &Found, lang: Lang) -> String {
    let names = report.names();
    match found {
        Found::Sobol(found, linear) => sobol(report, &names, (found, linear), lang),
        Found::Morris(found) => morris(report, &names, found, lang),
        Found::Given(found) => given(report, &names, found, lang),
        Found::Constant(_) | Found::Not(_) => String::new(),
    }
}

/// A header whose intervals say their confidence.
fn grid(report: &Report<'_>, columns: &[&str]) -> Grid {
    let interval = format!("±{}", percent(report.confidence));
    Grid::new(columns.iter().map(|name| {
        if *name == "±" {
            interval.as_str()
        } else {
            name
        }
    }))
}

fn sobol(
    report: &Report<'_>,
    names: &[&str],
    (found, linear): (&SobolIndices, &Result<Regression, NoFit>),
    lang: Lang,
) -> String {
    let columns = lang.pick(
        ["输入", "一阶 S1", "±", "总 ST", "±", "SRC"],
        ["Input", "First S1", "±", "Total ST", "±", "SRC"],
    );
    let mut table = grid(report, &columns);
    let total: Vec<Option<f64>> = found
        .inputs
        .iter()
        .map(|i| i.total.map(|t| t.value))
        .collect();
    for i in ranked(&total) {
        let (first, all) = (found.inputs[i].first, found.inputs[i].total);
        table.row(vec![
            left(names[i]),
            right(index(first.map(|f| f.value))),
            right(half(first)),
            right(index(total[i])),
            right(half(all)),
            right(fitted(linear, i)),
        ]);
    }
    let mut out = format!("{}\n", indent(&table.to_string()));
    let first = Sum::of(found.inputs.iter().map(|i| i.first));
    let all = Sum::of(found.inputs.iter().map(|i| i.total));
    let sum = index(Some(first.value));
    out += &if first.value > ABOVE {
        first.above(lang, &by_chance(report, lang))
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
        &by_chance(report, lang),
        lang,
    );
    out += &linearity(linear, lang);
    out + &pairs(report, names, found, lang)
}

/// An input's standardised coefficient.
fn fitted(fit: &Result<Regression, NoFit>, input: usize) -> String {
    index(fit.as_ref().ok().and_then(|fit| fit.standardised[input]))
}

fn pairs(report: &Report<'_>, names: &[&str], found: &SobolIndices, lang: Lang) -> String {
    if found.pairs.is_empty() {
        return String::new();
    }
    let mut order: Vec<_> = found
        .pairs
        .iter()
        .filter_map(|pair| Some((pair, pair.interaction?)))
        .collect();
    order.sort_by(|a, b| b.1.value.abs().total_cmp(&a.1.value.abs()));
    let columns = lang.pick(
        ["输入对", "二阶 S2", "±"],
        ["Pair of inputs", "Second S2", "±"],
    );
    let mut table = grid(report, &columns);
    for (pair, found) in order.iter().take(PAIRS) {
        let name = format!("{} × {}", names[pair.first_input], names[pair.second_input]);
        table.row(vec![
            left(name),
            right(index(Some(found.value))),
            right(half(Some(*found))),
        ]);
    }
    format!("\n{}\n", indent(&table.to_string()))
}

fn morris(report: &Report<'_>, names: &[&str], found: &MorrisEffects, lang: Lang) -> String {
    let columns = lang.pick(
        ["输入", "μ", "μ*", "±", "σ", "σ/μ*", "读法"],
        ["Input", "μ", "μ*", "±", "σ", "σ/μ*", "Reading"],
    );
    let mut table = grid(report, &columns);
    let sizes: Vec<Option<f64>> = found.inputs.iter().map(|e| Some(e.mu_star.value)).collect();
    let greatest = sizes.iter().flatten().copied().fold(0.0, f64::max);
    for i in ranked(&sizes) {
        let effect = &found.inputs[i];
        let (size, sigma) = (effect.mu_star.value, effect.sigma);
        let half = effect
            .mu_star
            .half_width
            .map_or(String::new(), |half| format!("±{}", number(half)));
        let ratio = sigma
            .filter(|_| size > 0.0)
            .map(|sigma| format!("{:.2}", sigma / size));
        table.row(vec![
            left(names[i]),
            right(number(effect.mu)),
            right(number(size)),
            right(half),
            right(sigma.map_or("–".to_string(), number)),
            right(ratio.unwrap_or("–".to_string())),
            left(reading(effect, greatest).get(lang)),
        ]);
    }
    let text = lang.pick(
        "  读法：σ/μ* < 0.1 近线性，< 0.5 单调，< 1 近单调，否则非单调或与他项交互；μ* 不足最大者 5% 的影响小\n",
        "  Reading: σ/μ* < 0.1 almost linear, < 0.5 monotonic, < 1 almost monotonic, else not monotonic or interacting; weak: μ* within 5% of the greatest\n",
    );
    format!("{}\n{text}", indent(&table.to_string()))
}

fn given(report: &Report<'_>, names: &[&str], found: &GivenData, lang: Lang) -> String {
    let columns = lang.pick(
        ["输入", "一阶 S1", "±", "SRC", "SRRC", "Spearman", "PAWN"],
        ["Input", "First S1", "±", "SRC", "SRRC", "Spearman", "PAWN"],
    );
    let mut table = grid(report, &columns);
    let first: Vec<Option<f64>> = found
        .inputs
        .iter()
        .map(|i| i.first.map(|f| f.value))
        .collect();
    for i in ranked(&first) {
        let of = &found.inputs[i];
        table.row(vec![
            left(names[i]),
            right(index(first[i])),
            right(half(of.first)),
            right(fitted(&found.linear, i)),
            right(fitted(&found.ranks, i)),
            right(index(of.spearman)),
            right(index(of.pawn_median)),
        ]);
    }
    let mut out = format!("{}\n", indent(&table.to_string()));
    let sum = Sum::of(found.inputs.iter().map(|i| i.first));
    if sum.value > ABOVE {
        out += &sum.above(lang, &overlap(report, lang));
    }
    let high = ranked(&first)
        .into_iter()
        .filter(|i| first[*i].is_some_and(|s| s > ABOVE));
    out += &single(
        &high.map(|i| names[i]).collect::<Vec<_>>(),
        &by_chance(report, lang),
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
            Lang::Zh => format!("  无线性回归：{}\n", no_fit(why)),
            Lang::En => format!("  No linear fit: {why}\n"),
        },
    }
}

fn no_fit(why: &NoFit) -> String {
    match why {
        NoFit::ConstantOutput => "输出不变".to_string(),
        NoFit::ConstantInputs => "输入均不变".to_string(),
        NoFit::TooFewRows { rows, coefficients } => {
            format!("{rows} 行定不出 {coefficients} 个系数")
        }
        NoFit::Collinear { input } => format!("第 {} 个输入是前面输入的线性组合", input + 1),
    }
}

/// One column an output: the index that tells most.
fn shared(report: &Report<'_>, some: &[&(&str, Found)], lang: Lang) -> String {
    let title = match report.sample.shape {
        Shape::Saltelli(_) => lang.pick("总指数 ST", "Total ST"),
        Shape::Morris(_) => "μ*",
        Shape::Grid | Shape::Any => lang.pick("一阶 S1", "First S1"),
    };
    let interval = format!("{title} ±{}", percent(report.confidence));
    let title = if report.sample.shape == Shape::Grid {
        title
    } else {
        interval.as_str()
    };
    let both = |found: Option<Estimate>| {
        let text = format!("{} {}", index(found.map(|e| e.value)), half(found));
        text.trim_end().to_string()
    };
    let header = std::iter::once(title).chain(some.iter().map(|(name, _)| *name));
    let mut table = Grid::new(header);
    for (i, name) in report.names().iter().enumerate() {
        let mut row = vec![left(name)];
        for (_, found) in some {
            row.push(right(match found {
                Found::Sobol(found, _) => both(found.inputs[i].total),
                Found::Morris(found) => {
                    let size = found.inputs[i].mu_star;
                    let half = size.half_width.map(|half| format!(" ±{}", number(half)));
                    number(size.value) + &half.unwrap_or_default()
                }
                Found::Given(found) => both(found.inputs[i].first),
                Found::Constant(_) | Found::Not(_) => String::new(),
            }));
        }
        table.row(row);
    }
    format!("\n{}\n", indent(&table.to_string()))
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
fn silent(report: &Report<'_>, lang: Lang) -> String {
    let mut out = String::new();
    for (name, found) in &report.outputs {
        out += &match (found, lang) {
            (Found::Constant(value), Lang::Zh) => {
                format!("\n{name}：恒为 {}，指数无定义\n", plain(*value))
            }
            (Found::Constant(value), Lang::En) => format!(
                "\n{name}: always {}; its indices are not defined\n",
                plain(*value)
            ),
            (Found::Not(error), Lang::Zh) => {
                format!("\n{name}：无法分析（{}）\n", words::not_analysed(error).zh)
            }
            (Found::Not(error), Lang::En) => format!("\n{name}: cannot be analysed ({error})\n"),
            _ => continue,
        };
    }
    out
}

fn discovery(report: &Report<'_>, found: &Discovery<'_>, lang: Lang) -> String {
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
    let mean = found.condition.outcome.as_ref().map(|outcome| match lang {
        Lang::Zh => format!("{}均值", outcome.name),
        Lang::En => format!("Mean {}", outcome.name),
    });
    let mut header = lang
        .pick(
            ["盒", "密度", "覆盖率", "占行数"],
            ["Box", "Density", "Coverage", "Mass"],
        )
        .to_vec();
    header.extend(mean.as_deref());
    let mut table = Grid::new(header);
    let mut row = |name: String, shares: [f64; 3], mean: Option<f64>| {
        let mut cells = vec![left(name)];
        cells.extend(shares.map(|share| right(percent(share))));
        cells.extend(mean.map(|mean| right(number(mean))));
        table.row(cells);
    };
    let whole = positives as f64 / rows as f64;
    row(
        lang.pick("全体", "all").to_string(),
        [whole, 1.0, 1.0],
        found.mean,
    );
    for (i, each) in found.boxes.iter().enumerate() {
        row(
            (i + 1).to_string(),
            [each.prim.count.density, each.coverage, each.mass],
            each.mean,
        );
    }
    out += &format!("{}\n", indent(&table.to_string()));
    for (i, each) in found.boxes.iter().enumerate() {
        out += &sentence(report, (i, each), text, lang);
    }
    out
}

fn sentence(
    report: &Report<'_>,
    (i, found): (usize, &Boxed),
    condition: &str,
    lang: Lang,
) -> String {
    let names = report.names();
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
