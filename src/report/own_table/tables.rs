//! The tables of an analysis. Indices are pure numbers; effects, means and limits are in
//! the units of the user's own table.

use super::analyse::{Analysis, Discovery, Found, ranked, reading};
use super::design::Shape;
use super::words;
use crate::case::percent;
use crate::view::{Across, Cell, Column, Form, Table, Unit, With};
use jianpai_core::text::Text;
use jianpai_sweep::analysis::Estimate;
use jianpai_sweep::analysis::given_data::GivenData;
use jianpai_sweep::analysis::morris::MorrisEffects;
use jianpai_sweep::analysis::regression::{NoFit, Regression};
use jianpai_sweep::analysis::sobol::SobolIndices;

/// Pairs of inputs that the terminal shows.
const PAIRS: usize = 10;
/// Outputs side by side in a shared table.
const ACROSS: usize = 5;

/// A pure number, or one in a unit of the user's.
pub(super) fn number(key: &'static str, zh: &str, en: &str) -> Column {
    Column::number(key, zh, en, Unit::None)
}

/// An index on the terminal: three decimals, a dash where it is not defined.
fn index(key: &'static str, zh: &str, en: &str) -> Column {
    number(key, zh, en).form(Form::Fixed(3)).absent("–")
}

/// The half-width of the interval of the column before it.
pub(super) fn half(of: &Analysis<'_>, key: &'static str) -> Column {
    let heading = format!("±{}", percent(of.confidence));
    number(key, &heading, &heading).form(Form::PlusMinusFixed(3))
}

pub(super) fn output() -> Column {
    Column::id("output", "输出", "Output")
}

fn input() -> Column {
    Column::id("input", "输入", "Input").at(0)
}

pub(super) fn names<'a>(of: &Analysis<'a>) -> Vec<&'a str> {
    let inputs = of.sample.inputs.iter();
    inputs.map(|input| input.name.as_str()).collect()
}

/// The value and the half-width of an estimate.
pub(super) fn estimate(found: Option<Estimate>) -> [Cell; 2] {
    [
        found.map(|found| found.value).into(),
        found.and_then(|found| found.half_width).into(),
    ]
}

/// An input's standardised coefficient.
fn fitted(fit: &Result<Regression, NoFit>, input: usize) -> Cell {
    fit.as_ref()
        .ok()
        .and_then(|fit| fit.standardised[input])
        .into()
}

/// What is known of each output as a whole; why there are no indices of it, if so.
pub(super) fn outputs(of: &Analysis<'_>) -> Table {
    let title = Text::new("输出", "Outputs");
    let columns = vec![
        output().at(0),
        number("constant", "恒为", "Always").absent("–").at(1),
        number("mean", "均值", "Mean").absent("–").at(2),
        number("variance", "方差", "Variance").absent("–").at(3),
        index("r_squared", "线性 R²", "Linear R²").at(4),
        index("r_squared_ranks", "秩的线性 R²", "Linear R² of ranks").at(5),
        Column::text("undefined", "指数无定义", "Indices undefined").at(6),
    ];
    let mut table = Table::new("outputs", title, columns);
    for (name, found) in &of.outputs {
        let fits = |fit: &Result<Regression, NoFit>| fit.as_ref().ok().map(|fit| fit.r_squared);
        let mut cells = [const { None }; 5];
        let mut why = None;
        match found {
            Found::Constant(value) => {
                cells[0] = Some(*value);
                why = Some(Text::new("输出只有一个值", "the output has one value"));
            }
            Found::Not(error) => why = Some(words::analysis(error)),
            Found::Sobol(found, linear) => {
                cells[1] = Some(found.mean);
                cells[2] = Some(found.variance);
                cells[3] = fits(linear);
            }
            Found::Morris(_) => {}
            Found::Given(found) => {
                cells[3] = fits(&found.linear);
                cells[4] = fits(&found.ranks);
            }
        }
        let mut row = vec![Cell::from(*name)];
        row.extend(cells.map(Cell::from));
        row.push(why.into());
        table.row(row);
    }
    table
}

/// The index that tells most, one column an output.
pub(super) fn main(of: &Analysis<'_>) -> Table {
    let (zh, en, form) = match of.sample.design.shape {
        Shape::Saltelli(_) => ("总指数 ST", "Total ST", Form::Fixed(3)),
        Shape::Morris(_) => ("μ*", "μ*", Form::Amount),
        Shape::Grid | Shape::Any => ("一阶 S1", "First S1", Form::Fixed(3)),
    };
    let interval = if of.sample.design.shape == Shape::Grid {
        String::new()
    } else {
        format!(" ±{}", percent(of.confidence))
    };
    let (zh, en) = (format!("{zh}{interval}"), format!("{en}{interval}"));
    let title = Text::new("主要指数", "Main indices");
    let columns = vec![
        output(),
        Column::id("input", &zh, &en).at(0),
        number("value", &zh, &en)
            .form(form)
            .absent("–")
            .with(With::Half("half_width")),
        number("half_width", "区间半宽", "Half-width of the interval").form(form),
    ];
    let mut table = Table::new("main", title, columns);
    for (output, found) in &of.outputs {
        for (i, input) in names(of).iter().enumerate() {
            let found = match found {
                Found::Sobol(found, _) => found.inputs[i].total,
                Found::Morris(found) => Some(found.inputs[i].mu_star),
                Found::Given(found) => found.inputs[i].first,
                Found::Constant(_) | Found::Not(_) => continue,
            };
            let [value, half_width] = estimate(found);
            table.row(vec![(*output).into(), (*input).into(), value, half_width]);
        }
    }
    table.across = Some(Across {
        most: ACROSS,
        ..Across::of(&["input"], ("output", "output"), "value")
    });
    table
}

/// Sobol indices and standardised coefficients, for each output the input with the
/// greatest total first.
pub(super) fn sobol(of: &Analysis<'_>) -> Table {
    let each = of.outputs.iter();
    let parts = each.filter_map(|(output, found)| match found {
        Found::Sobol(found, linear) => Some(sobol_of(of, output, found, linear)),
        _ => None,
    });
    Table::stacked(parts).unwrap_or_else(|| empty_sobol(of))
}

fn empty_sobol(of: &Analysis<'_>) -> Table {
    let title = Text::new("Sobol 指数", "Sobol indices");
    let columns = vec![
        output(),
        input(),
        index("first", "一阶 S1", "First S1").at(1),
        half(of, "first_half_width").at(2),
        index("total", "总 ST", "Total ST").at(3),
        half(of, "total_half_width").at(4),
        index("src", "SRC", "SRC").at(5),
    ];
    Table::new("sobol", title, columns)
}

/// The Sobol indices of one output.
pub(super) fn sobol_of(
    of: &Analysis<'_>,
    output: &str,
    found: &SobolIndices,
    linear: &Result<Regression, NoFit>,
) -> Table {
    let mut table = empty_sobol(of);
    let names = names(of);
    let total = found.inputs.iter().map(|i| i.total.map(|t| t.value));
    for i in ranked(&total.collect::<Vec<_>>()) {
        let [first, first_half] = estimate(found.inputs[i].first);
        let [total, total_half] = estimate(found.inputs[i].total);
        let src = fitted(linear, i);
        let ids = [Cell::from(output), Cell::from(names[i])];
        table.row([&ids[..], &[first, first_half, total, total_half, src]].concat());
    }
    table
}

/// Interactions of pairs of inputs, for each output the greatest first.
pub(super) fn pairs(of: &Analysis<'_>) -> Table {
    let each = of.outputs.iter();
    let parts = each.filter_map(|(output, found)| match found {
        Found::Sobol(found, _) => Some(pairs_of(of, output, found)),
        _ => None,
    });
    Table::stacked(parts).unwrap_or_else(|| empty_pairs(of))
}

fn empty_pairs(of: &Analysis<'_>) -> Table {
    let title = Text::new("二阶指数", "Second-order indices");
    let columns = vec![
        output(),
        Column::id("first_input", "第一个输入", "First input"),
        Column::id("second_input", "第二个输入", "Second input"),
        Column::id("pair", "输入对", "Pair of inputs").at(0),
        index("second", "二阶 S2", "Second S2").at(1),
        half(of, "half_width").at(2),
    ];
    Table::new("pairs", title, columns)
}

/// The interactions of one output; the terminal shows the first few.
pub(super) fn pairs_of(of: &Analysis<'_>, output: &str, found: &SobolIndices) -> Table {
    let mut table = empty_pairs(of);
    let names = names(of);
    let each = found.pairs.iter();
    let mut order: Vec<_> = each
        .filter_map(|pair| Some((pair, pair.interaction?)))
        .collect();
    order.sort_by(|a, b| b.1.value.abs().total_cmp(&a.1.value.abs()));
    for (place, (pair, interaction)) in order.into_iter().enumerate() {
        let (first, second) = (names[pair.first_input], names[pair.second_input]);
        let [value, half_width] = estimate(Some(interaction));
        let row = vec![
            Cell::from(output),
            first.into(),
            second.into(),
            format!("{first} × {second}").into(),
            value,
            half_width,
        ];
        if place < PAIRS {
            table.row(row);
        } else {
            table.row_aside(row);
        }
    }
    table
}

/// Morris effects, for each output the input with the greatest μ* first.
pub(super) fn morris(of: &Analysis<'_>) -> Table {
    let each = of.outputs.iter();
    let parts = each.filter_map(|(output, found)| match found {
        Found::Morris(found) => Some(morris_of(of, output, found)),
        _ => None,
    });
    Table::stacked(parts).unwrap_or_else(|| empty_morris(of))
}

fn empty_morris(of: &Analysis<'_>) -> Table {
    let title = Text::new("Morris 效应", "Morris effects");
    let columns = vec![
        output(),
        input(),
        number("mu", "μ", "μ").absent("–").at(1),
        number("mu_star", "μ*", "μ*").absent("–").at(2),
        half(of, "half_width").form(Form::PlusMinus).at(3),
        number("sigma", "σ", "σ").absent("–").at(4),
        number("ratio", "σ/μ*", "σ/μ*")
            .form(Form::Fixed(2))
            .absent("–")
            .at(5),
        Column::text("reading", "读法", "Reading").at(6),
    ];
    Table::new("morris", title, columns)
}

/// The Morris effects of one output.
pub(super) fn morris_of(of: &Analysis<'_>, output: &str, found: &MorrisEffects) -> Table {
    let mut table = empty_morris(of);
    let names = names(of);
    let sizes: Vec<Option<f64>> = found.inputs.iter().map(|e| Some(e.mu_star.value)).collect();
    let greatest = sizes.iter().flatten().copied().fold(0.0, f64::max);
    for i in ranked(&sizes) {
        let effect = &found.inputs[i];
        let (size, sigma) = (effect.mu_star.value, effect.sigma);
        let [mu_star, half_width] = estimate(Some(effect.mu_star));
        table.row(vec![
            output.into(),
            names[i].into(),
            effect.mu.into(),
            mu_star,
            half_width,
            sigma.into(),
            sigma
                .filter(|_| size > 0.0)
                .map(|sigma| sigma / size)
                .into(),
            reading(effect, greatest).into(),
        ]);
    }
    table
}

/// Indices of any sample, for each output the input with the greatest first.
pub(super) fn first_order(of: &Analysis<'_>) -> Table {
    let each = of.outputs.iter();
    let parts = each.filter_map(|(output, found)| match found {
        Found::Given(found) => Some(first_order_of(of, output, found)),
        _ => None,
    });
    Table::stacked(parts).unwrap_or_else(|| empty_first_order(of))
}

fn empty_first_order(of: &Analysis<'_>) -> Table {
    let title = Text::new("一阶指数与回归", "First-order indices and regressions");
    let columns = vec![
        output(),
        input(),
        index("first", "一阶 S1", "First S1").at(1),
        half(of, "half_width").at(2),
        index("correlation_ratio", "相关比", "Correlation ratio"),
        index("src", "SRC", "SRC").at(3),
        index("srrc", "SRRC", "SRRC").at(4),
        index("pcc", "PCC", "PCC"),
        index("prcc", "PRCC", "PRCC"),
        index("spearman", "Spearman", "Spearman").at(5),
        index("pawn_median", "PAWN", "PAWN").at(6),
        index("pawn_max", "PAWN 最大", "PAWN, greatest"),
    ];
    Table::new("first-order", title, columns)
}

/// The indices of one output of any sample.
pub(super) fn first_order_of(of: &Analysis<'_>, output: &str, found: &GivenData) -> Table {
    let mut table = empty_first_order(of);
    let names = names(of);
    let sizes = found.inputs.iter().map(|i| i.first.map(|f| f.value));
    let partial = |fit: &Result<Regression, NoFit>, i: usize| -> Cell {
        fit.as_ref().ok().and_then(|fit| fit.partial[i]).into()
    };
    for i in ranked(&sizes.collect::<Vec<_>>()) {
        let own = &found.inputs[i];
        let [first, half_width] = estimate(own.first);
        table.row(vec![
            output.into(),
            names[i].into(),
            first,
            half_width,
            own.correlation_ratio.into(),
            fitted(&found.linear, i),
            fitted(&found.ranks, i),
            partial(&found.linear, i),
            partial(&found.ranks, i),
            own.spearman.into(),
            own.pawn_median.into(),
            own.pawn_max.into(),
        ]);
    }
    table
}

/// How well each box tells where the condition holds; all rows first.
pub(super) fn conditions(found: &Discovery<'_>) -> Table {
    let share = |key: &'static str, zh: &str, en: &str| {
        Column::number(key, zh, en, Unit::Fraction).form(Form::Percent)
    };
    let mean = number("mean", "均值", "Mean");
    let mean = match &found.condition.outcome {
        Some(outcome) => Column {
            heading: Text::new(
                format!("{}均值", outcome.name),
                format!("Mean {}", outcome.name),
            ),
            ..mean.at(4)
        },
        None => mean,
    };
    let columns = vec![
        Column::id("condition", "条件", "Condition"),
        Column::id("box", "盒", "Box"),
        Column::text("name", "盒", "Box").at(0),
        Column::whole("rows", "行数", "Rows"),
        Column::whole("met", "成立的行数", "Rows where it holds"),
        share("density", "密度", "Density").at(1),
        share("coverage", "覆盖率", "Coverage").at(2),
        share("mass", "占行数", "Mass").at(3),
        mean,
    ];
    let mut table = Table::new("conditions", Text::new("情景发现", "Discovery"), columns);
    let (all, text) = (found.condition.rows.len(), &found.condition.text);
    table.row(vec![
        text.into(),
        "all".into(),
        Text::new("全体", "all").into(),
        all.into(),
        found.positives.into(),
        (found.positives as f64 / all as f64).into(),
        1.0.into(),
        1.0.into(),
        found.mean.into(),
    ]);
    for (i, each) in found.boxes.iter().enumerate() {
        let count = &each.prim.count;
        let name = (i + 1).to_string();
        table.row(vec![
            text.into(),
            Cell::from(&name),
            Text::same(name).into(),
            count.rows.into(),
            count.positives.into(),
            count.density.into(),
            each.coverage.into(),
            each.mass.into(),
            each.mean.into(),
        ]);
    }
    table
}

/// The limits of each box, one row an input.
pub(super) fn limits(of: &Analysis<'_>, found: &Discovery<'_>) -> Table {
    let columns = vec![
        Column::id("condition", "条件", "Condition"),
        Column::whole("box", "盒", "Box").at(0),
        Column::id("input", "输入", "Input").at(1),
        number("lower", "不小于", "At least").at(2),
        number("upper", "不大于", "At most").at(3),
    ];
    let title = Text::new("盒子的界限", "Limits of the boxes");
    let mut table = Table::new("limits", title, columns);
    let names = names(of);
    for (i, each) in found.boxes.iter().enumerate() {
        for limit in &each.prim.restrictions {
            table.row(vec![
                Cell::from(&found.condition.text),
                (i + 1).into(),
                names[limit.input].into(),
                limit.lower.map(|bound| bound.value).into(),
                limit.upper.map(|bound| bound.value).into(),
            ]);
        }
    }
    table
}
