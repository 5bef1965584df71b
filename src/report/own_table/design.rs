//! Which design the rows of a table follow, told from the inputs alone.

use jianpai_core::text::Text;
use jianpai_sweep::design::levels;
use jianpai_sweep::design::recognise::{self, Break, Scheme, check_morris};

/// What the user says of the design of the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The design.
    pub design: Wanted,
    /// The levels of a Morris design; `None`: [`LEVELS`].
    pub levels: Option<Levels>,
}

/// A design that can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Told from the inputs.
    Auto,
    /// A, AB_1 … AB_D, B.
    Saltelli,
    /// The same with BA_1 … BA_D, for second-order indices.
    SaltelliSecond,
    /// Trajectories.
    Morris,
    /// Any sample.
    Any,
}

/// What Morris differences are divided by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Levels {
    /// The step of a grid of so many levels in the unit cube.
    Grid(u32),
    /// The step found, in the unit of the input.
    Measured,
}

/// Levels of a Morris design where none are given.
pub const LEVELS: u32 = 4;

/// A design that the rows follow.
#[derive(Clone, Debug)]
pub struct Known {
    /// The design.
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
pub enum Shape {
    /// Base samples.
    Saltelli(Scheme),
    /// Trajectories; the step in parts of the range of an input; `None` for the steps found.
    Morris(Option<f64>),
    /// Every combination of some values of each input.
    Grid,
    /// Rows of no design that matters.
    Any,
}

/// Why the rows are not what they should be.
#[derive(Clone, Debug)]
pub enum Wrong {
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

/// Tells the design of the rows from the columns of their inputs, or checks the one that
/// was named.
///
/// # Errors
/// The rows leave the design, or stand on no grid of the levels asked for.
pub fn tell(asked: &Asked, inputs: &[&[f64]]) -> Result<Known, Wrong> {
    let (fixed, moving): (Vec<usize>, Vec<usize>) =
        (0..inputs.len()).partition(|input| is_constant(inputs[*input]));
    let told = named(asked, inputs);
    let is_told = |told: &Result<Known, Wrong>| !told.as_ref().is_ok_and(|k| k.shape == Shape::Any);
    if fixed.is_empty()
        || moving.is_empty()
        || asked.design == Wanted::Any
        || (told.is_ok() && is_told(&told))
    {
        return told;
    }
    // Inputs of one value may have been left out of the design, or moved without effect.
    let columns: Vec<&[f64]> = moving.iter().map(|input| inputs[*input]).collect();
    let again = match named(asked, &columns) {
        Ok(known) if known.shape != Shape::Any => Ok(known),
        other => match repeats(asked, &columns, fixed.len()) {
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
fn repeats(asked: &Asked, columns: &[&[f64]], fixed: usize) -> Option<Result<Known, Wrong>> {
    if !matches!(asked.design, Wanted::Auto | Wanted::Morris) {
        return None;
    }
    let rows = recognise::without_repeats(columns, fixed)?;
    let kept: Vec<Vec<f64>> = columns
        .iter()
        .map(|column| rows.iter().map(|row| column[*row]).collect())
        .collect();
    let kept: Vec<&[f64]> = kept.iter().map(Vec::as_slice).collect();
    let repeated = columns[0].len() - rows.len();
    Some(morris(asked, &kept).map(|known| {
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
fn named(asked: &Asked, inputs: &[&[f64]]) -> Result<Known, Wrong> {
    match asked.design {
        Wanted::Any => Ok(Known::of(if is_grid(inputs) {
            Shape::Grid
        } else {
            Shape::Any
        })),
        Wanted::Morris => morris(asked, inputs),
        Wanted::Saltelli => saltelli(Scheme::First, inputs),
        Wanted::SaltelliSecond => saltelli(Scheme::Second, inputs),
        Wanted::Auto => auto(asked, inputs),
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

fn morris(asked: &Asked, inputs: &[&[f64]]) -> Result<Known, Wrong> {
    let wanted = asked.levels.unwrap_or(Levels::Grid(LEVELS));
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
    if few && asked.levels.is_none() && !others.is_empty() {
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
fn auto(asked: &Asked, inputs: &[&[f64]]) -> Result<Known, Wrong> {
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
            Ok(()) => return morris(asked, inputs),
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
    pub fn name(self) -> Text {
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
    pub fn id(self) -> &'static str {
        match self {
            Self::Saltelli(Scheme::First) => "saltelli",
            Self::Saltelli(Scheme::Second) => "saltelli-second",
            Self::Morris(_) => "morris",
            Self::Grid => "grid",
            Self::Any => "any",
        }
    }

    /// Rows of a base sample or trajectory.
    pub fn group(self, inputs: usize) -> usize {
        match self {
            Self::Saltelli(scheme) => scheme.rows(inputs),
            Self::Morris(_) => inputs + 1,
            Self::Grid | Self::Any => 1,
        }
    }
}

/// Whether a column has one value only.
pub fn is_constant(values: &[f64]) -> bool {
    values
        .windows(2)
        .all(|pair| pair[0].to_bits() == pair[1].to_bits())
}
