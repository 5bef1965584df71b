//! From a plan and a design to columns of numbers, block by block.

mod acts;
pub mod attained;
pub mod carried;
pub mod error;
mod evaluate;
mod floor;
mod judge;
pub mod known;
mod lay_out;
pub mod output;
pub mod part;
pub mod probe;
pub mod run;

use self::known::Errors;
use crate::design::{
    Correlation, Design, Distribution, DistributionError, Points, Quantile, Rng, Strata,
};
use jianpai_core::batch::{self, Batch, FactorGroup, Input, Place, Scratch, Variants};
use jianpai_core::catalogue::Catalogue;
use jianpai_core::dims::IndicatorId;
use jianpai_core::discrepancy::Discrepancy;
use jianpai_core::plan::Plan;
use jianpai_core::target::{Demand, Target};
use jianpai_core::text::Text;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Draws that are evaluated together: their columns stay in the second cache.
pub const BLOCK: usize = 256;
/// Draws of a chunk at most, in designs of up to ten million draws.
const CHUNK: u64 = 16_384;
/// Numbers of a chunk at most: 20 MB.
const ROOM: u64 = 5 << 19;
/// Sweeps compiled so far.
static SWEEPS: AtomicU64 = AtomicU64::new(1);
/// A number past a bound by no more than this is rounding.
const ROUNDING: f64 = 1e-12;
/// Numbers in a line of the cache.
const LINE: usize = 8;

/// Something sampled.
#[derive(Clone, Debug)]
pub struct Sampled {
    /// Its id in the sweep file: the name of its column.
    pub name: String,
    /// Its name for people, if the file gives one.
    pub label: Option<Text>,
    /// What it moves.
    pub input: Input,
    /// How it is distributed.
    pub distribution: Distribution,
    /// The least and greatest value that a scenario may hold: a draw beyond them is not
    /// feasible and has no results.
    pub limits: (f64, f64),
    /// The target whose level it replaces, by its index, if it is one.
    pub target: Option<usize>,
}

/// What varies.
#[derive(Clone, Debug, Default)]
pub struct Varied {
    /// The inputs.
    pub inputs: Vec<Sampled>,
    /// Factors that inputs scale.
    pub factors: Vec<FactorGroup>,
    /// Measures whose timetable or mix is an input.
    pub variants: Vec<Variants>,
    /// Whether values of the inputs may come from elsewhere than the design: everything
    /// that they may be is watched then, not only what the design can draw.
    pub is_open: bool,
}

/// What a sweep reports for each draw.
#[derive(Clone, Debug)]
pub struct Reported {
    /// The indicators and the indices of the years.
    pub cells: Vec<(IndicatorId, usize)>,
    /// The targets judged.
    pub targets: Vec<Target>,
    /// How wrong the model may be about them; `None` leaves its error out.
    pub errors: Option<Errors>,
}

/// What one column of a sweep's rows holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Column {
    /// The value of an input.
    Input(usize),
    /// An indicator in a year: t, tce, an index (base year = 1) or a fraction.
    Indicator(IndicatorId, usize),
    /// A target's margin: ≥ 0 is met; a fraction for reductions, else the base unit.
    Margin(usize),
    /// 1 if the target is met, else 0: with the model's error, where it has one.
    Met(usize),
    /// 1 if every target is met, else 0.
    AllMet,
    /// An indicator in a year with the model's error.
    WithError(IndicatorId, usize),
    /// A target's margin with the model's error.
    MarginWithError(usize),
    /// 1 if a target whose verdict has the error is met by the model alone, else 0.
    MetByModel(usize),
    /// 1 if every target is met by the model alone, else 0.
    AllMetByModel,
    /// 1 if no technology is over-claimed and no year takes all of a service, else 0;
    /// such a draw meets no target.
    Feasible,
    /// Cost of the measures in the last year (yuan a year), where every one has a figure.
    Cost,
}

/// What stands in place of a result that a draw does not have, because an input lies
/// outside what a scenario may hold, or an emission would be negative: an empty cell in
/// CSV, no value in Parquet.
pub const NO_RESULT: f64 = f64::NAN;

impl Column {
    /// Whether it holds yes (1) or no (0).
    pub fn is_flag(&self) -> bool {
        matches!(
            self,
            Self::Met(_)
                | Self::AllMet
                | Self::MetByModel(_)
                | Self::AllMetByModel
                | Self::Feasible
        )
    }

    /// Whether it holds a result, which a draw may lack ([`NO_RESULT`]).
    pub fn is_result(&self) -> bool {
        matches!(
            self,
            Self::Indicator(..)
                | Self::WithError(..)
                | Self::Margin(_)
                | Self::MarginWithError(_)
                | Self::Cost
        )
    }
}

/// A column that is carried along: its name, and a text a draw.
pub type Carried = (String, Vec<String>);

/// A sweep, compiled.
#[derive(Clone, Debug)]
pub struct Sweep {
    /// The design.
    pub points: Points,
    /// The inputs.
    pub inputs: Vec<Sampled>,
    quantiles: Vec<Quantile>,
    correlation: Option<Correlation>,
    /// How a Latin hypercube is correlated.
    strata: Option<Strata>,
    /// The compiled plan.
    pub batch: Batch,
    /// The years of the plan.
    pub years: Vec<i32>,
    /// What is reported.
    pub reported: Reported,
    /// The targets, prepared.
    pub judged: Vec<Judged>,
    /// The columns of a row.
    pub columns: Vec<Column>,
    /// Columns of a list that are no inputs, such as an id: a name, and a text a draw.
    /// They come after the other columns in the rows, unchanged.
    pub carried: Arc<[Carried]>,
    /// A number that tells its blocks apart from those of other sweeps.
    id: u64,
    /// Numbers that a chunk may hold.
    room: u64,
    /// The number of all columns; those that are not reported come last.
    width: usize,
    /// By column, its value where all draws have the same.
    alike: Vec<Option<f64>>,
    /// Columns to be divided by another one, which comes after them.
    divisions: Vec<(usize, usize)>,
    /// Inputs that can be drawn beyond their bounds, and these.
    bounded: Vec<(usize, (f64, f64))>,
    /// Rows that could fall below zero, and what each may lack of it.
    floors: Vec<(usize, f64)>,
    /// The columns that hold those rows.
    watched: Vec<(usize, f64)>,
    /// Where the columns with the model's error stand.
    places: Places,
    /// The draws of the model's error, and what they move.
    streams: Vec<Stream>,
}

/// A target prepared for blocks.
#[derive(Clone, Debug)]
pub struct Judged {
    /// What it demands.
    pub demand: Demand,
    /// The index of the year that it counts from.
    pub base: usize,
    /// The index of its year.
    pub end: usize,
    /// Where its indicator stands.
    pub place: Place,
    /// The input that replaces what is required.
    pub input: Option<usize>,
    /// How what is reached comes from the columns.
    reached: Reached,
}

/// What is reached, from columns.
#[derive(Clone, Debug)]
enum Reached {
    /// A column as it is.
    Value(usize),
    /// One less a column over its base.
    Reduction(usize, Base),
    /// The sum of columns.
    Sum(Vec<usize>),
}

/// What a reduction counts from.
#[derive(Clone, Copy, Debug)]
enum Base {
    /// The same for every draw.
    Constant(f64),
    /// A column.
    Column(usize),
}

/// Everything that one indicator's error moves.
#[derive(Clone, Debug)]
struct Stream {
    rng: Rng,
    moved: Vec<Moved>,
}

/// What an error of one size moves.
#[derive(Clone, Debug)]
struct Moved {
    sizes: Discrepancy,
    levels: Vec<ErredLevel>,
    margins: Vec<ErredMargin>,
}

/// An indicator in a year that an error moves.
#[derive(Clone, Debug)]
struct ErredLevel {
    /// Its column.
    own: usize,
    /// The column with the error.
    with: usize,
    base: Base,
}

/// The margin of a target that an error moves.
#[derive(Clone, Debug)]
struct ErredMargin {
    target: usize,
    /// Its column.
    own: usize,
    /// The column with the error.
    with: usize,
    /// The column of the verdict, and that of the model's own.
    met: (usize, usize),
    /// What the error is a part of: nothing for a reduction.
    unit: Option<Base>,
}

/// The columns of a sweep that are there for the error's sake.
#[derive(Clone, Copy, Debug, Default)]
struct Places {
    /// The first of all.
    first: usize,
    /// How many there are.
    count: usize,
    /// Those of `all_met`, and of the model's own.
    all: (usize, usize),
}

/// Room for the errors of a block: one number a draw each.
#[derive(Debug, Default)]
struct Room {
    /// From −1 to 1, what an error is drawn from.
    signed: Vec<f64>,
    error: Vec<f64>,
    /// What it is a part of.
    base: Vec<f64>,
    /// What a target requires.
    wanted: Vec<f64>,
}

/// Memory of one worker.
#[derive(Debug, Default)]
pub struct Workspace {
    scratch: Scratch,
    rows: Rows,
}

/// The columns of a block of draws.
#[derive(Debug, Default)]
pub struct Rows {
    /// The inputs: columns of `draws` numbers.
    inputs: Vec<f64>,
    /// The columns behind the inputs, `stride` apart, hidden ones last.
    cells: Vec<f64>,
    /// Numbers before the first cell.
    skip: usize,
    /// From one column to the next.
    stride: usize,
    /// The sweep and the number of draws whose constant columns are there.
    filled: (u64, usize),
    /// The number of draws.
    draws: usize,
    /// The number of columns that are reported.
    reported: usize,
    /// The smallest margin over all targets, relative to what each requires: −∞ where
    /// the draw is not feasible, +∞ without targets.
    pub slack: Vec<f64>,
    /// Whether each draw is feasible.
    feasible: Vec<bool>,
    /// Whether each draw has results; those that have none are not feasible.
    sound: Vec<bool>,
    /// The index of the first draw; `None` of draws chosen by hand, which have no error.
    first: Option<u64>,
    /// Room for the model's errors.
    room: Room,
}

impl Rows {
    /// Room for a block.
    fn resize(&mut self, sweep: &Sweep, draws: usize) {
        let inputs = sweep.inputs.len();
        (self.draws, self.reported) = (draws, sweep.columns.len());
        // Room for whole groups of vectors; columns a power of two apart would share
        // few lines of the cache.
        self.stride = draws.next_multiple_of(4 * LINE) + LINE;
        self.inputs.resize(inputs * draws, 0.0);
        let length = (sweep.width - inputs) * self.stride + LINE;
        if self.cells.len() < length {
            self.cells.resize(length, 0.0);
            self.skip = batch::aligned(&self.cells);
            self.filled = (0, 0);
        }
        self.slack.resize(draws, 0.0);
        self.feasible.resize(draws, true);
        self.sound.clear();
        self.sound.resize(draws, true);
    }

    /// The number of inputs.
    fn given(&self) -> usize {
        self.inputs.len().checked_div(self.draws).unwrap_or(0)
    }

    /// Whether each draw is feasible.
    pub fn feasible(&self) -> &[bool] {
        &self.feasible
    }

    /// Adds a column of [`Sweep::columns`] to `out`, with [`NO_RESULT`] where a draw has
    /// none.
    pub fn append(&self, i: usize, column: &Column, out: &mut Vec<f64>) {
        self.append_of(&self.sound, i, column, out);
    }

    /// The same with results of feasible draws only.
    fn append_feasible(&self, i: usize, column: &Column, out: &mut Vec<f64>) {
        self.append_of(&self.feasible, i, column, out);
    }

    /// Writes a column of [`Sweep::columns`] to `out`, one number a draw, with [`NO_RESULT`]
    /// where a draw has none.
    ///
    /// # Panics
    /// If `out` is not as long as there are draws.
    pub fn write(&self, i: usize, column: &Column, out: &mut [f64]) {
        out.copy_from_slice(self.column(i));
        if column.is_result() && self.sound.iter().any(|ok| !ok) {
            let results = out.iter_mut().zip(&self.sound).filter(|(_, ok)| !**ok);
            results.for_each(|(value, _)| *value = NO_RESULT);
        }
    }

    fn append_of(&self, some: &[bool], i: usize, column: &Column, out: &mut Vec<f64>) {
        let values = self.column(i);
        if !column.is_result() || some.iter().all(|ok| *ok) {
            out.extend_from_slice(values);
            return;
        }
        let results = values.iter().zip(some);
        out.extend(results.map(|(value, ok)| if *ok { *value } else { NO_RESULT }));
    }

    /// One column of [`Sweep::columns`], whatever it is of draws without results.
    pub fn column(&self, i: usize) -> &[f64] {
        match i.checked_sub(self.given()) {
            None => &self.inputs[i * self.draws..][..self.draws],
            Some(cell) => &self.cells[self.skip + cell * self.stride..][..self.draws],
        }
    }

    /// The columns of [`Sweep::columns`] in order, whatever they are of draws without
    /// results.
    pub fn columns(&self) -> impl ExactSizeIterator<Item = &[f64]> {
        (0..self.reported).map(|i| self.column(i))
    }
}

/// Why a sweep cannot be compiled.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SweepError {
    /// A distribution is not valid.
    #[error("input `{input}`: {error}")]
    Distribution {
        /// The input's name.
        input: String,
        /// What is wrong.
        error: DistributionError,
    },
    /// A gross reduction by measures cannot be judged in a sweep.
    #[error("target `{0}` is a project reduction, which a sweep does not judge")]
    Project(String),
    /// A reduction on a base of nothing: it is neither met nor missed.
    #[error("target `{0}` counts from a year in which there is nothing: it cannot be judged")]
    Baseless(String),
    /// A target or indicator outside the years of the plan.
    #[error("target `{0}` lies outside the years of the scenario")]
    Years(String),
}

impl Sweep {
    /// Compiles a sweep.
    ///
    /// # Errors
    /// Everything wrong with the inputs' distributions and the targets.
    pub fn new(
        catalogue: &Catalogue,
        plan: &Plan,
        varied: Varied,
        (points, correlation): (Points, Option<Correlation>),
        reported: Reported,
    ) -> Result<Self, Vec<SweepError>> {
        let Varied {
            inputs,
            factors,
            variants,
            is_open,
        } = varied;
        let mut errors = Vec::new();
        let mut quantiles = Vec::new();
        for sampled in &inputs {
            match sampled.distribution.prepare() {
                Ok(quantile) => quantiles.push(quantile),
                Err(error) => {
                    let input = sampled.name.clone();
                    errors.push(SweepError::Distribution { input, error });
                }
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        // All that can be drawn, and the part of it that is within bounds: over that
        // shares are watched.
        let ends = |q: &Quantile| (q.quantile(0.0), q.quantile(1.0));
        let drawn: Vec<(f64, f64)> = match points.design() {
            Design::Values { columns } => columns.iter().map(|c| extremes(c)).collect(),
            _ => quantiles.iter().map(ends).collect(),
        };
        let within = inputs.iter().zip(&drawn).map(|(sampled, (least, most))| {
            let (low, high) = sampled.limits;
            if is_open {
                (low, high)
            } else {
                (least.clamp(low, high), most.clamp(low, high))
            }
        });
        let ranges: Vec<(f64, f64)> = within.collect();
        let bounded = inputs.iter().zip(&drawn).enumerate();
        let bounded = bounded.filter(|(_, (sampled, drawn))| {
            is_open || drawn.0 < sampled.limits.0 || drawn.1 > sampled.limits.1
        });
        let bounded = bounded
            .map(|(i, (sampled, _))| (i, sampled.limits))
            .collect();
        let kinds: Vec<Input> = inputs.iter().map(|sampled| sampled.input.clone()).collect();
        let sampling = batch::Sampling {
            inputs: &kinds,
            factors: &factors,
            variants: &variants,
            ranges: Some(&ranges),
        };
        let batch = batch::compile(plan, sampling, batch::Split::Whole);
        let strata = correlation
            .as_ref()
            .and_then(|correlation| Strata::new(&points, correlation));
        let mut sweep = Self {
            strata,
            points,
            inputs,
            quantiles,
            correlation,
            batch,
            years: plan.years.clone(),
            reported,
            judged: Vec::new(),
            columns: Vec::new(),
            carried: Arc::from([]),
            id: SWEEPS.fetch_add(1, Ordering::Relaxed),
            room: ROOM,
            width: 0,
            alike: Vec::new(),
            divisions: Vec::new(),
            bounded,
            floors: Vec::new(),
            watched: Vec::new(),
            places: Places::default(),
            streams: Vec::new(),
        };
        sweep.floors = Self::floors(&sweep.batch, &ranges);
        sweep.lay_out(catalogue, plan)?;
        Ok(sweep)
    }

    /// The inputs that are sampled in correlation with others, by index.
    pub fn correlated(&self) -> &[usize] {
        self.correlation.as_ref().map_or(&[], Correlation::dims)
    }

    /// Draws of a chunk, the unit of work, of output and of resuming: a power of two,
    /// more in very large designs, so that the list of chunks stays short, and fewer
    /// where rows are wide.
    pub fn chunk(&self) -> u64 {
        let most = if self.points.len() > 10_000_000 {
            4 * CHUNK
        } else {
            CHUNK
        };
        let fit = (self.room / self.columns.len().max(1) as u64).clamp(BLOCK as u64, most);
        1 << fit.ilog2()
    }

    /// Cuts the draws into chunks of a quarter of the numbers at most, for rows whose
    /// written form is long. What a draw gives does not depend on it.
    pub fn cut_finer(&mut self) {
        self.room = ROOM / 4;
    }

    /// The number of chunks.
    pub fn chunks(&self) -> u64 {
        self.points.len().div_ceil(self.chunk())
    }

    /// The draws of a chunk: the first, and how many.
    pub fn draws_of(&self, chunk: u64) -> (u64, usize) {
        let first = chunk * self.chunk();
        let left = self.points.len() - first;
        (
            first,
            usize::try_from(left.min(self.chunk())).unwrap_or(usize::MAX),
        )
    }

    /// The number of draws of consecutive chunks.
    pub fn draws_in(&self, chunks: &Range<u64>) -> u64 {
        let before = |chunk: u64| (chunk * self.chunk()).min(self.points.len());
        before(chunks.end) - before(chunks.start)
    }

    /// The rows of the plan that have to stay at or above zero, where inputs could push
    /// them below: the row, and the least value that rounding may leave.
    pub fn not_negative(&self) -> &[(usize, f64)] {
        &self.floors
    }
}

/// The least and greatest of some values.
fn extremes(values: &[f64]) -> (f64, f64) {
    values
        .iter()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| {
            (low.min(*v), high.max(*v))
        })
}
