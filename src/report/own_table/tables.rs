//! The analysis of a table as tables: every index in one long table, and the steps of
//! the search for every box.

use super::{Discovery, Found, Report};
use crate::view::{Cell, Column, Form, Table, Unit};
use jianpai_core::text::Text;
use jianpai_sweep::analysis::Estimate;
use jianpai_sweep::analysis::prim::Side;

/// Every table of an analysis.
pub fn tables(report: &Report<'_>) -> Vec<Table> {
    let mut tables = vec![indices(report)];
    tables.extend(report.discovery.as_ref().map(|found| boxes(report, found)));
    tables
}

/// Lines of an output, an input, an index and its value. What is not defined is absent.
struct Long(Table);

impl Long {
    fn line(
        &mut self,
        output: &str,
        input: &str,
        index: &str,
        value: Option<f64>,
        half_width: Option<f64>,
    ) {
        self.0.row(vec![
            output.into(),
            input.into(),
            index.into(),
            value.into(),
            half_width.into(),
        ]);
    }

    fn estimate(&mut self, output: &str, input: &str, index: &str, found: Option<Estimate>) {
        let half_width = found.and_then(|found| found.half_width);
        self.line(
            output,
            input,
            index,
            found.map(|found| found.value),
            half_width,
        );
    }
}

/// Every index in one long table.
pub fn indices(report: &Report<'_>) -> Table {
    // Indices are parts of 1; μ, σ, means and limits are in the units of the user's table.
    let columns = vec![
        Column::id("output", "输出", "Output").at(0),
        Column::id("input", "输入", "Input").at(1),
        Column::id("index", "指数", "Index").at(2),
        Column::number("value", "数值", "Value", Unit::None)
            .absent("–")
            .at(3),
        Column::number("half_width", "区间半宽", "Half-width", Unit::None).at(4),
    ];
    let title = Text::new("敏感性指数", "Sensitivity indices");
    let names = report.names();
    let mut long = Long(Table::new("sensitivity", title, columns));
    for (output, found) in &report.outputs {
        add(&mut long, output, &names, found);
        for name in &report.sample.fixed {
            long.line(output, name, "undefined", None, None);
        }
    }
    if let Some(found) = &report.discovery {
        conditions(&mut long, &names, found);
    }
    long.0
}

fn add(long: &mut Long, output: &str, names: &[&str], found: &Found) {
    match found {
        Found::Constant(_) | Found::Not(_) => {
            for name in names {
                long.line(output, name, "undefined", None, None);
            }
        }
        Found::Sobol(found, linear) => {
            for (name, index) in names.iter().zip(&found.inputs) {
                long.estimate(output, name, "first", index.first);
                long.estimate(output, name, "total", index.total);
            }
            for pair in &found.pairs {
                let name = format!("{} × {}", names[pair.first_input], names[pair.second_input]);
                long.estimate(output, &name, "second", pair.interaction);
            }
            if let Ok(linear) = linear {
                for (name, value) in names.iter().zip(&linear.standardised) {
                    long.line(output, name, "src", *value, None);
                }
                long.line(output, "", "r_squared", Some(linear.r_squared), None);
            }
            long.line(output, "", "mean", Some(found.mean), None);
            long.line(output, "", "variance", Some(found.variance), None);
        }
        Found::Morris(found) => {
            for (name, effect) in names.iter().zip(&found.inputs) {
                long.line(output, name, "mu", Some(effect.mu), None);
                long.estimate(output, name, "mu_star", Some(effect.mu_star));
                long.line(output, name, "sigma", effect.sigma, None);
            }
        }
        Found::Given(found) => {
            for (i, (name, index)) in names.iter().zip(&found.inputs).enumerate() {
                long.estimate(output, name, "first", index.first);
                long.line(
                    output,
                    name,
                    "correlation_ratio",
                    index.correlation_ratio,
                    None,
                );
                long.line(output, name, "spearman", index.spearman, None);
                long.line(output, name, "pawn_median", index.pawn_median, None);
                long.line(output, name, "pawn_max", index.pawn_max, None);
                for (fit, src, pcc) in [
                    (&found.linear, "src", "pcc"),
                    (&found.ranks, "srrc", "prcc"),
                ] {
                    if let Ok(fit) = fit {
                        long.line(output, name, src, fit.standardised[i], None);
                        long.line(output, name, pcc, fit.partial[i], None);
                    }
                }
            }
            for (fit, index) in [
                (&found.linear, "r_squared"),
                (&found.ranks, "r_squared_ranks"),
            ] {
                if let Ok(fit) = fit {
                    long.line(output, "", index, Some(fit.r_squared), None);
                }
            }
        }
    }
}

fn conditions(long: &mut Long, names: &[&str], found: &Discovery<'_>) {
    let output = &found.condition.text;
    let share = found.positives as f64 / found.condition.rows.len() as f64;
    long.line(output, "", "share", Some(share), None);
    for (i, each) in found.boxes.iter().enumerate() {
        let index = |word: &str| format!("box{}_{word}", i + 1);
        for limit in &each.prim.restrictions {
            for (bound, word) in [(limit.lower, "lower"), (limit.upper, "upper")] {
                if let Some(bound) = bound {
                    long.line(
                        output,
                        names[limit.input],
                        &index(word),
                        Some(bound.value),
                        None,
                    );
                }
            }
        }
        let density = each.prim.count.density;
        for (word, value) in [
            ("density", Some(density)),
            ("coverage", Some(each.coverage)),
            ("mass", Some(each.mass)),
            ("mean", each.mean),
        ] {
            if value.is_some() {
                long.line(output, "", &index(word), value, None);
            }
        }
    }
}

/// Every step of the search for every box: the trade-off of coverage and density.
pub fn boxes(report: &Report<'_>, found: &Discovery<'_>) -> Table {
    let share = |key: &'static str, zh, en| {
        Column::number(key, zh, en, Unit::Fraction).form(Form::Percent)
    };
    let columns = vec![
        Column::whole("box", "盒", "Box").at(0),
        Column::whole("step", "步", "Step").at(1),
        Column::id("phase", "阶段", "Phase").at(2),
        Column::id("input", "输入", "Input").at(3),
        Column::id("side", "侧", "Side").at(4),
        Column::number("limit", "界限", "Limit", Unit::None).at(5),
        Column::whole("rows", "行数", "Rows").at(6),
        share("coverage", "覆盖率", "Coverage").at(7),
        share("density", "密度", "Density").at(8),
        share("mass", "占行数", "Mass").at(9),
        Column::whole("restricted", "受限输入", "Restricted").at(10),
        Column::flag("chosen", "选用", "Chosen", ["0", "1"]).at(11),
    ];
    let title = Text::new("盒子的搜索", "The search for boxes");
    let mut table = Table::new("boxes", title, columns);
    for (b, each) in found.boxes.iter().enumerate() {
        for (s, step) in each.prim.trajectory.iter().enumerate() {
            let moved = step.moved.map(|(input, side)| {
                let limit = step.region.limits[input];
                let (word, limit) = match side {
                    Side::Lower => ("lower", limit.lower),
                    Side::Upper => ("upper", limit.upper),
                };
                (&report.sample.inputs[input].name, word, limit)
            });
            let count = &step.count;
            table.row(vec![
                (b + 1).into(),
                s.into(),
                format!("{:?}", step.phase).to_lowercase().into(),
                moved.map(|(name, _, _)| name).into(),
                moved.map(|(_, word, _)| word).into(),
                moved.and_then(|(_, _, limit)| limit).into(),
                count.rows.into(),
                count.coverage.into(),
                count.density.into(),
                count.mass.into(),
                step.region.restricted().count().into(),
                (s == each.prim.chosen).into(),
            ]);
        }
    }
    table
}
