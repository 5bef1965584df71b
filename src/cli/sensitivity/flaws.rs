//! Rows that do not follow the design that they should: what is wrong, and where.

use super::read::Reading;
use jianpai_core::text::Text;
use jianpai_load::diag::{Diagnostic, Files};
use jianpai_report::own_table::design::{Shape, Wrong};
use jianpai_sweep::design::recognise::{Break, Flaw};
use std::io;

/// What is wrong with the rows of a table, at their place.
pub(super) fn diagnostic(
    wrong: &Wrong,
    reading: &Reading<'_>,
    files: &mut Files,
) -> io::Result<Diagnostic> {
    match wrong {
        Wrong::Broken(shape, found) => broken(*shape, found, reading, files),
        Wrong::Levels {
            input,
            values,
            levels,
            fits,
        } => {
            let excerpt = reading.excerpt(&[], files)?;
            let column = reading.chosen.inputs[*input];
            let name = reading.name(column);
            let message = Text::new(
                format!("输入 `{name}` 的 {values} 个值不在 {levels} 水平的 Morris 网格上"),
                format!(
                    "the {values} values of the input `{name}` stand on no Morris grid of {levels} levels"
                ),
            );
            let help = match fits {
                Some(fits) => Text::new(
                    format!(
                        "这些值与 {fits} 个水平相合：写 --levels {fits}；或用 --levels measured 按输入的单位计效应"
                    ),
                    format!(
                        "they fit {fits} levels: take --levels {fits}, or --levels measured for effects per unit of the input"
                    ),
                ),
                None => Text::new(
                    "没有相合的水平数：用 --levels measured 按输入的单位计效应",
                    "no number of levels fits them: take --levels measured for effects per unit of the input",
                ),
            };
            let label = Text::new("这一列", "this column");
            Ok(Diagnostic::error("levels-do-not-fit", message)
                .label(excerpt.name(column), label)
                .help(help))
        }
    }
}

fn broken(
    shape: Shape,
    found: &Break,
    reading: &Reading<'_>,
    files: &mut Files,
) -> io::Result<Diagnostic> {
    let (rows, inputs) = (reading.numbers.rows(), reading.chosen.inputs.len());
    let group = shape.group(inputs);
    let line = reading.line(found.row);
    let (unit_zh, unit_en) = match shape {
        Shape::Morris(_) => ("条轨迹", "trajectories"),
        _ => ("个基样本", "base samples"),
    };
    let shown = match found.flaw {
        Flaw::Differs { with, .. } => vec![found.row, with],
        Flaw::Incomplete { rows: 0 } => vec![],
        Flaw::Incomplete { .. } => vec![found.row],
        _ => vec![found.row, found.row - 1],
    };
    let excerpt = reading.excerpt(&shown, files)?;
    let column = |input: usize| reading.chosen.inputs[input];
    let name = shape.name();
    let space = if name.zh.ends_with('）') { "" } else { " " };
    let diagnostic = if let Flaw::Incomplete { rows: last } = found.flaw {
        let message = Text::new(
            format!(
                "{}{space}设计每 {group} 行一组，{rows} 行末组只有 {last} 行",
                name.zh
            ),
            format!(
                "a {} design comes in groups of {group} rows; of {rows} rows the last group has {last}",
                name.en
            ),
        );
        Diagnostic::error("rows-do-not-fit", message).label(
            excerpt.line(line),
            Text::new("末组从这里开始", "the last group begins here"),
        )
    } else {
        let message = Text::new(
            format!(
                "第 {line} 行不合 {}{space}设计（{} {unit_zh}中 {} 个相合）",
                name.zh,
                rows / group,
                found.sound
            ),
            format!(
                "line {line} does not fit a {} design ({} of {} {unit_en} fit)",
                name.en,
                found.sound,
                rows / group
            ),
        );
        let diagnostic = Diagnostic::error("broken-design", message);
        let diagnostic = match found.flaw {
            Flaw::Differs { input, with } => diagnostic
                .label(
                    excerpt.cell(line, column(input)),
                    Text::new("应与另一行相同", "should be as in the other row"),
                )
                .label(
                    excerpt.cell(reading.line(with), column(input)),
                    Text::new("取自这里", "it is taken from here"),
                ),
            Flaw::Changed(changed) => diagnostic.label(
                excerpt.line(line),
                Text::new(
                    format!("与上一行相比变了 {changed} 个输入，应为 1 个"),
                    format!("changes {changed} inputs of the row before, not one"),
                ),
            ),
            Flaw::Again(input) => diagnostic.label(
                excerpt.cell(line, column(input)),
                Text::new("本条轨迹中已变过", "has changed in this trajectory before"),
            ),
            Flaw::Incomplete { .. } => diagnostic,
        };
        if rows % group == 0 {
            diagnostic
        } else {
            diagnostic.note(Text::new(
                format!("{rows} 行不是 {group} 的倍数"),
                format!("{rows} rows are not a multiple of {group}"),
            ))
        }
    };
    Ok(diagnostic.help(Text::new(
        "补上缺行或恢复原来的行次序（输入列须与抽样文件逐位相同）；不按设计分析时用 --design any",
        "put back missing rows and the order of the design (inputs to the digit as sampled); to analyse it as any other sample take --design any",
    )))
}
