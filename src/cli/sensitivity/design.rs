//! Which design the rows follow, and what to say if they do not.

use super::read::Reading;
use super::{Kind, Levels, SensitivityArgs};
use jianpai_core::text::Text;
use jianpai_load::diag::{Diagnostic, Files};
use jianpai_sweep::design::recognise::{Break, Flaw, Scheme, check_morris};
use std::io;

/// A design that the rows follow.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub shape: Shape,
    /// The order of the rows in which they follow it, if it is not their own.
    pub order: Option<Vec<usize>>,
}

/// Designs that an analysis makes a difference of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Saltelli(Scheme),
    Morris(Levels),
    Any,
}

/// Why the rows are not what they should be.
pub(super) enum Wrong {
    /// They leave the design at some row.
    Broken(Shape, Break),
    /// A Morris input (by its place among the inputs) takes so many values.
    Levels(usize, usize, u32),
}

/// Tells the design, or checks the one that was named.
pub(super) fn tell(args: &SensitivityArgs, reading: &Reading<'_>) -> Result<Known, Wrong> {
    let inputs = reading.inputs();
    let as_is = |shape| Known { shape, order: None };
    match args.design {
        Kind::Any => Ok(as_is(Shape::Any)),
        Kind::Morris => morris(args, &inputs).map(as_is),
        Kind::Saltelli => saltelli(Scheme::First, &inputs),
        Kind::SaltelliSecond => saltelli(Scheme::Second, &inputs),
        Kind::Auto => auto(args, &inputs),
    }
}

fn saltelli(scheme: Scheme, inputs: &[&[f64]]) -> Result<Known, Wrong> {
    let shape = Shape::Saltelli(scheme);
    match scheme.check(inputs) {
        Ok(()) => Ok(Known { shape, order: None }),
        Err(found) => match restored(scheme, inputs) {
            Some(order) => Ok(Known {
                shape,
                order: Some(order),
            }),
            None => Err(Wrong::Broken(shape, found)),
        },
    }
}

/// The order of shuffled rows. In a Saltelli sample an input has at most two values a
/// base sample; where one has more there is no need to search.
fn restored(scheme: Scheme, inputs: &[&[f64]]) -> Option<Vec<usize>> {
    let (rows, group) = (inputs.first()?.len(), scheme.rows(inputs.len()));
    let most = 2 * (rows / group);
    if rows % group > 0 || inputs.iter().any(|column| distinct(column).len() > most) {
        return None;
    }
    scheme.restore(inputs)
}

/// The values of a column, rising, each once.
#[allow(clippy::float_cmp)] // a design repeats values to the bit
fn distinct(column: &[f64]) -> Vec<f64> {
    let mut values = column.to_vec();
    values.sort_unstable_by(f64::total_cmp);
    values.dedup_by(|a, b| a == b);
    values
}

/// What counts as no distance between levels, which are computed.
fn slack(rising: &[f64]) -> f64 {
    match (rising.first(), rising.last()) {
        (Some(low), Some(high)) => 1e-9 * (high - low),
        _ => 0.0,
    }
}

/// The levels of a column, rising; values apart by rounding are one.
fn levels_of(column: &[f64]) -> Vec<f64> {
    let mut values = distinct(column);
    let slack = slack(&values);
    values.dedup_by(|a, b| *a - *b <= slack);
    values
}

fn morris(args: &SensitivityArgs, inputs: &[&[f64]]) -> Result<Shape, Wrong> {
    let shape = Shape::Morris(args.levels);
    check_morris(inputs).map_err(|found| Wrong::Broken(shape, found))?;
    if let Levels::Grid(levels) = args.levels {
        for (input, column) in inputs.iter().enumerate() {
            let values = levels_of(column);
            let half = levels as usize / 2;
            let place = |value: f64| values.partition_point(|v| *v < value - slack(&values));
            // With all levels there, a step goes over half of them.
            let steps_fit = || {
                let pairs = column
                    .windows(2)
                    .map(|pair| place(pair[0]).abs_diff(place(pair[1])));
                let group = inputs.len() + 1;
                let within = pairs.enumerate().filter(|(i, _)| (i + 1) % group > 0);
                within
                    .map(|(_, step)| step)
                    .all(|step| step == 0 || step == half)
            };
            if values.len() > levels as usize || (values.len() == levels as usize && !steps_fit()) {
                return Err(Wrong::Levels(input, values.len(), levels));
            }
        }
    }
    Ok(shape)
}

/// What the inputs show. Rows that follow a design for the most part are a mistake to
/// be told, not another sample.
fn auto(args: &SensitivityArgs, inputs: &[&[f64]]) -> Result<Known, Wrong> {
    let mut nearly: Option<Wrong> = None;
    let rows = inputs.first().map_or(0, |column| column.len());
    let mut note = |shape: Shape, group: usize, found: Break| {
        if found.sound >= 2 && found.sound * 2 > rows / group {
            nearly.get_or_insert(Wrong::Broken(shape, found));
        }
    };
    for scheme in [Scheme::Second, Scheme::First] {
        let shape = Shape::Saltelli(scheme);
        match scheme.check(inputs) {
            Ok(()) => return Ok(Known { shape, order: None }),
            Err(found) => note(shape, scheme.rows(inputs.len()), found),
        }
    }
    // Any two rows are a trajectory of one input.
    if inputs.len() > 1 {
        match check_morris(inputs) {
            Ok(()) => {
                return morris(args, inputs).map(|shape| Known { shape, order: None });
            }
            Err(found) => note(Shape::Morris(args.levels), inputs.len() + 1, found),
        }
    }
    for scheme in [Scheme::First, Scheme::Second] {
        if let Some(order) = restored(scheme, inputs) {
            return Ok(Known {
                shape: Shape::Saltelli(scheme),
                order: Some(order),
            });
        }
    }
    nearly.map_or(
        Ok(Known {
            shape: Shape::Any,
            order: None,
        }),
        Err,
    )
}

impl Shape {
    /// Its name in messages.
    pub(super) fn name(self) -> Text {
        match self {
            Self::Saltelli(Scheme::First) => {
                Text::new("Saltelli（一阶）", "Saltelli (first order)")
            }
            Self::Saltelli(Scheme::Second) => {
                Text::new("Saltelli（二阶）", "Saltelli (second order)")
            }
            Self::Morris(_) => Text::same("Morris"),
            Self::Any => Text::new("任意样本", "any sample"),
        }
    }

    /// Its id in machine output.
    pub(super) fn id(self) -> &'static str {
        match self {
            Self::Saltelli(Scheme::First) => "saltelli",
            Self::Saltelli(Scheme::Second) => "saltelli-second",
            Self::Morris(_) => "morris",
            Self::Any => "any",
        }
    }

    /// Rows of a base sample or trajectory.
    pub(super) fn group(self, inputs: usize) -> usize {
        match self {
            Self::Saltelli(scheme) => scheme.rows(inputs),
            Self::Morris(_) => inputs + 1,
            Self::Any => 1,
        }
    }
}

impl Wrong {
    pub(super) fn diagnostic(
        &self,
        reading: &Reading<'_>,
        files: &mut Files,
    ) -> io::Result<Diagnostic> {
        match self {
            Self::Broken(shape, found) => broken(*shape, found, reading, files),
            Self::Levels(input, values, levels) => {
                let excerpt = reading.excerpt(&[], files)?;
                let column = reading.chosen.inputs[*input];
                let name = reading.name(column);
                let message = Text::new(
                    format!("输入 `{name}` 取 {values} 个值，与 {levels} 水平的 Morris 设计不合"),
                    format!(
                        "the input `{name}` takes {values} values, which does not fit a Morris design of {levels} levels"
                    ),
                );
                let even = values + values % 2;
                let help = Text::new(
                    format!(
                        "抽样时的水平数写在 --levels（也许是 {even}），或用 --levels measured 按输入的单位计效应"
                    ),
                    format!(
                        "give the levels of the design by --levels (perhaps {even}), or take --levels measured for effects per unit of the input"
                    ),
                );
                let label = Text::new("这一列", "this column");
                Ok(Diagnostic::error("levels-do-not-fit", message)
                    .label(excerpt.name(column), label)
                    .help(help))
            }
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
