//! Which design the rows follow, and what to say if they do not.

use super::read::{Reading, is_constant};
use super::{Kind, LEVELS, Levels, SensitivityArgs};
use jianpai_core::text::Text;
use jianpai_load::diag::{Diagnostic, Files};
use jianpai_sweep::design::levels;
use jianpai_sweep::design::recognise::{self, Break, Flaw, Scheme, check_morris};
use std::io;

/// A design that the rows follow.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub shape: Shape,
    /// The rows that follow it, in its order, if they are not all rows in their own.
    pub order: Option<Vec<usize>>,
    /// Inputs of one value that take no part in it, by their places among the inputs.
    pub fixed: Vec<usize>,
    /// What is to be said of how it was read.
    pub notes: Vec<Text>,
}

/// Designs that an analysis makes a difference of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Shape {
    Saltelli(Scheme),
    /// The step in parts of the range of an input; `None` for the steps found.
    Morris(Option<f64>),
    /// Every combination of some values of each input.
    Grid,
    Any,
}

/// Why the rows are not what they should be.
pub(super) enum Wrong {
    /// They leave the design at some row.
    Broken(Shape, Break),
    /// The values of an input stand on no grid of so many levels.
    Levels {
        /// The input, by its place among the inputs.
        input: usize,
        /// How many values it takes.
        values: usize,
        /// The levels asked for.
        levels: u32,
        /// The fewest levels that fit all inputs.
        fits: Option<u32>,
    },
}

/// Tells the design, or checks the one that was named.
pub(super) fn tell(args: &SensitivityArgs, reading: &Reading<'_>) -> Result<Known, Wrong> {
    let inputs = reading.inputs();
    let (fixed, moving): (Vec<usize>, Vec<usize>) =
        (0..inputs.len()).partition(|input| is_constant(inputs[*input]));
    let told = named(args, &inputs);
    let is_told = |told: &Result<Known, Wrong>| !told.as_ref().is_ok_and(|k| k.shape == Shape::Any);
    if fixed.is_empty()
        || moving.is_empty()
        || args.design == Kind::Any
        || (told.is_ok() && is_told(&told))
    {
        return told;
    }
    // Inputs of one value may have been left out of the design, or moved without effect.
    let columns: Vec<&[f64]> = moving.iter().map(|input| inputs[*input]).collect();
    let again = match named(args, &columns) {
        Ok(known) if known.shape != Shape::Any => Ok(known),
        other => match repeats(args, &columns, fixed.len()) {
            Some(known) => known,
            None => other,
        },
    };
    match again {
        Ok(known) if known.shape != Shape::Any => Ok(Known { fixed, ..known }),
        // Only where trajectories are sound are levels looked at.
        Err(Wrong::Levels {
            input,
            values,
            levels,
            fits,
        }) => Err(Wrong::Levels {
            input: moving[input],
            values,
            levels,
            fits,
        }),
        _ => told,
    }
}

/// Morris rows of which some repeat the row before: moves of inputs of one value.
fn repeats(
    args: &SensitivityArgs,
    columns: &[&[f64]],
    fixed: usize,
) -> Option<Result<Known, Wrong>> {
    if !matches!(args.design, Kind::Auto | Kind::Morris) {
        return None;
    }
    let rows = recognise::without_repeats(columns, fixed)?;
    let kept: Vec<Vec<f64>> = columns
        .iter()
        .map(|column| rows.iter().map(|row| column[*row]).collect())
        .collect();
    let kept: Vec<&[f64]> = kept.iter().map(Vec::as_slice).collect();
    let repeated = columns[0].len() - rows.len();
    Some(morris(args, &kept).map(|known| {
        let mut notes = known.notes;
        notes.push(Text::new(
            format!("{repeated} 行与上一行相同（只有一个值的输入的移动），已略去"),
            format!(
                "{repeated} rows that repeat the row before them (moves of inputs of one value) were left out"
            ),
        ));
        Known {
            order: Some(rows),
            notes,
            ..known
        }
    }))
}

/// Tells the design of these columns, or checks the one that was named.
fn named(args: &SensitivityArgs, inputs: &[&[f64]]) -> Result<Known, Wrong> {
    match args.design {
        Kind::Any => Ok(Known::of(if is_grid(inputs) {
            Shape::Grid
        } else {
            Shape::Any
        })),
        Kind::Morris => morris(args, inputs),
        Kind::Saltelli => saltelli(Scheme::First, inputs),
        Kind::SaltelliSecond => saltelli(Scheme::Second, inputs),
        Kind::Auto => auto(args, inputs),
    }
}

impl Known {
    /// All rows as they stand.
    fn of(shape: Shape) -> Self {
        Self {
            shape,
            order: None,
            fixed: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Rows that had to be put back in order.
    fn restored(shape: Shape, order: Vec<usize>) -> Self {
        let note = Text::new(
            "行的次序已按输入列还原为抽样设计的次序",
            "the rows were not in the order of the design; the inputs gave it back",
        );
        Self {
            order: Some(order),
            notes: vec![note],
            ..Self::of(shape)
        }
    }
}

fn saltelli(scheme: Scheme, inputs: &[&[f64]]) -> Result<Known, Wrong> {
    let shape = Shape::Saltelli(scheme);
    match scheme.check(inputs) {
        Ok(()) => Ok(Known::of(shape)),
        Err(found) => match restored(scheme, inputs) {
            Some(order) => Ok(Known::restored(shape, order)),
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

/// Whether the rows are every combination of the values of their inputs, each once, with
/// two values of each or more. One input is a list.
fn is_grid(inputs: &[&[f64]]) -> bool {
    let rows = inputs.first().map_or(0, |column| column.len());
    let values: Vec<Vec<f64>> = inputs.iter().map(|column| distinct(column)).collect();
    let sizes = values.iter().map(Vec::len);
    let cells = sizes.clone().try_fold(1_usize, usize::checked_mul);
    if inputs.len() < 2 || cells != Some(rows) || sizes.clone().any(|size| size < 2) {
        return false;
    }
    let mut seen = vec![false; rows];
    (0..rows).all(|row| {
        let cell = inputs
            .iter()
            .zip(&values)
            .fold(0, |cell, (column, values)| {
                let place = values.partition_point(|value| *value < column[row]);
                cell * values.len() + place
            });
        !std::mem::replace(&mut seen[cell], true)
    })
}

/// Trajectories up to which it is said that other levels fit, too.
const FEW: usize = 3;

fn morris(args: &SensitivityArgs, inputs: &[&[f64]]) -> Result<Known, Wrong> {
    let wanted = args.levels.unwrap_or(Levels::Grid(LEVELS));
    let broken = |found| Wrong::Broken(Shape::Morris(None), found);
    check_morris(inputs).map_err(broken)?;
    let Levels::Grid(wanted) = wanted else {
        return Ok(Known::of(Shape::Morris(None)));
    };
    let found = levels::Levels::of(inputs);
    let fit = found.fit(wanted).map_err(|input| Wrong::Levels {
        input,
        values: found.values(input),
        levels: wanted,
        fits: found.fewest(),
    })?;
    let mut known = Known::of(Shape::Morris(Some(fit.step)));
    if fit.quantiles {
        known.notes.push(Text::new(
            format!("有的输入的水平不等距：按其分布的 {wanted} 个分位水平计"),
            format!(
                "some inputs stand on unequal steps: taken for {wanted} levels of their distribution's quantiles"
            ),
        ));
    }
    // A few trajectories show few of the levels.
    let few = inputs.first().map_or(0, |column| column.len()) <= FEW * (inputs.len() + 1);
    let others: Vec<String> = found
        .fitting()
        .take_while(|p| p % 2 == 0 && *p <= 12)
        .filter(|p| *p != wanted)
        .map(|p| p.to_string())
        .collect();
    if few && args.levels.is_none() && !others.is_empty() {
        let (zh, en) = (others.join("、"), others.join(", "));
        known.notes.push(Text::new(
            format!("按 {wanted} 个水平计；这些值与 {zh} 个水平也相合，若如此抽样请写 --levels"),
            format!(
                "taken for {wanted} levels; the values fit {en} levels as well: say --levels if they were sampled so"
            ),
        ));
    }
    Ok(known)
}

/// Whether pairs of rows of one input look like moves of a Morris design: at least two,
/// all of one size. Any two rows are a trajectory of one input.
fn are_moves(column: &[f64]) -> bool {
    let pairs = column.chunks_exact(2);
    let sizes: Vec<f64> = pairs.map(|pair| (pair[1] - pair[0]).abs()).collect();
    let (least, most) = sizes
        .iter()
        .fold((f64::INFINITY, 0.0_f64), |(least, most), size| {
            (least.min(*size), most.max(*size))
        });
    column.len().is_multiple_of(2) && sizes.len() > 1 && least > 0.0 && most - least <= 1e-9 * most
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
            Ok(()) => return Ok(Known::of(shape)),
            Err(found) => note(shape, scheme.rows(inputs.len()), found),
        }
    }
    if inputs.len() > 1 || inputs.first().is_some_and(|column| are_moves(column)) {
        match check_morris(inputs) {
            Ok(()) => return morris(args, inputs),
            Err(found) => note(Shape::Morris(None), inputs.len() + 1, found),
        }
    }
    for scheme in [Scheme::First, Scheme::Second] {
        if let Some(order) = restored(scheme, inputs) {
            return Ok(Known::restored(Shape::Saltelli(scheme), order));
        }
    }
    match nearly {
        _ if is_grid(inputs) => Ok(Known::of(Shape::Grid)),
        None => Ok(Known::of(Shape::Any)),
        Some(wrong) => Err(wrong),
    }
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
            Self::Grid => Text::new("全网格", "full grid"),
            Self::Any => Text::new("任意样本", "any sample"),
        }
    }

    /// Its id in machine output.
    pub(super) fn id(self) -> &'static str {
        match self {
            Self::Saltelli(Scheme::First) => "saltelli",
            Self::Saltelli(Scheme::Second) => "saltelli-second",
            Self::Morris(_) => "morris",
            Self::Grid => "grid",
            Self::Any => "any",
        }
    }

    /// Rows of a base sample or trajectory.
    pub(super) fn group(self, inputs: usize) -> usize {
        match self {
            Self::Saltelli(scheme) => scheme.rows(inputs),
            Self::Morris(_) => inputs + 1,
            Self::Grid | Self::Any => 1,
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
            Self::Levels {
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
