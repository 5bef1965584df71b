//! From a plan and a design to columns of numbers, block by block.

// Inlined where the vector width has been chosen.
#![allow(clippy::inline_always)]

mod lay_out;
pub mod output;
pub mod probe;
pub mod run;

use crate::design::{Correlation, Design, Distribution, DistributionError, Points, Quantile};
use jianpai_core::batch::{self, Batch, Costs, FactorGroup, Input, Place, Scratch, Variants};
use jianpai_core::catalogue::Catalogue;
use jianpai_core::dims::IndicatorId;
use jianpai_core::plan::Plan;
use jianpai_core::target::{self, Demand, Target};
use jianpai_core::text::Text;
use pulp::{Arch, Simd, WithSimd};

/// Draws that are evaluated together: their columns stay in the second cache.
pub const BLOCK: usize = 256;
/// Draws of a chunk in designs of up to ten million draws.
const CHUNK: u64 = 16_384;

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
    /// The target whose level it replaces, by its subscript, if it is one.
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
}

/// What a sweep reports for each draw.
#[derive(Clone, Debug)]
pub struct Reported {
    /// The indicators and the subscripts of the years.
    pub cells: Vec<(IndicatorId, usize)>,
    /// The targets judged.
    pub targets: Vec<Target>,
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
    /// 1 if the target is met, else 0.
    Met(usize),
    /// 1 if every target is met, else 0.
    AllMet,
    /// 1 if no technology is over-claimed, else 0; such a draw meets no target.
    Feasible,
    /// Cost of the measures in the last year (yuan a year), where every one has a figure.
    Cost,
}

impl Column {
    /// Whether it holds yes (1) or no (0).
    pub fn is_flag(&self) -> bool {
        matches!(self, Self::Met(_) | Self::AllMet | Self::Feasible)
    }
}

/// A sweep, compiled.
#[derive(Clone, Debug)]
pub struct Sweep {
    /// The design.
    pub points: Points,
    /// The inputs.
    pub inputs: Vec<Sampled>,
    quantiles: Vec<Quantile>,
    correlation: Option<Correlation>,
    /// The compiled plan.
    pub batch: Batch,
    /// The years of the plan.
    pub years: Vec<i32>,
    /// What is reported.
    pub reported: Reported,
    /// Where the reported indicators stand in a block.
    pub places: Vec<Place>,
    /// The targets, prepared.
    pub judged: Vec<Judged>,
    /// The row of the cost of the measures, if every one has a figure.
    pub cost: Option<usize>,
    /// The columns of a row.
    pub columns: Vec<Column>,
}

/// A target prepared for blocks.
#[derive(Clone, Debug)]
pub struct Judged {
    /// What it demands.
    pub demand: Demand,
    /// The subscript of the year that it counts from.
    pub base: usize,
    /// The subscript of its year.
    pub end: usize,
    /// Where its indicator stands.
    pub place: Place,
    /// The input that replaces what is required.
    pub input: Option<usize>,
}

/// Memory of one worker.
#[derive(Debug, Default)]
pub struct Workspace {
    /// One column an input.
    draws: Vec<f64>,
    cells: Vec<f64>,
    scratch: Scratch,
    feasible: Vec<bool>,
    base: Vec<f64>,
    end: Vec<f64>,
    rows: Rows,
}

/// The columns of a block of draws.
#[derive(Debug, Default)]
pub struct Rows {
    /// One `Vec` a column of [`Sweep::columns`].
    pub values: Vec<Vec<f64>>,
    /// The smallest margin over all targets, relative to what each requires; less
    /// than −1 where the draw is not feasible. Infinite without targets.
    pub slack: Vec<f64>,
}

/// Why a sweep cannot be compiled.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SweepError {
    /// A distribution is none.
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
        // The range over which shares are watched: all but a billionth on each side.
        let ends = |q: &Quantile| (q.quantile(1e-9), q.quantile(1.0 - 1e-9));
        let ranges: Vec<(f64, f64)> = match points.design() {
            Design::Values { columns } => columns.iter().map(|c| extremes(c)).collect(),
            _ => quantiles.iter().map(ends).collect(),
        };
        let kinds: Vec<Input> = inputs.iter().map(|sampled| sampled.input.clone()).collect();
        let sampling = batch::Sampling {
            inputs: &kinds,
            factors: &factors,
            variants: &variants,
            ranges: Some(&ranges),
            costs: Costs::Measures,
        };
        let batch = batch::compile(plan, sampling, batch::Split::Whole);
        let mut sweep = Self {
            points,
            inputs,
            quantiles,
            correlation,
            batch,
            years: plan.years.clone(),
            reported,
            places: Vec::new(),
            judged: Vec::new(),
            cost: None,
            columns: Vec::new(),
        };
        sweep.lay_out(catalogue, plan)?;
        Ok(sweep)
    }

    /// Draws of a chunk, the unit of work, of output and of resuming: more in very
    /// large designs, so that the list of chunks stays short.
    pub fn chunk(&self) -> u64 {
        if self.points.len() > 10_000_000 {
            4 * CHUNK
        } else {
            CHUNK
        }
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

    /// The inputs of `draws` draws from `first` on: one column an input.
    ///
    /// The numbers of a draw depend on the design, its seed and its index alone.
    pub fn sample(&self, first: u64, draws: usize, work: &mut Workspace) {
        work.draws.resize(self.inputs.len() * draws, 0.0);
        self.points.fill(first, &mut work.draws);
        if matches!(self.points.design(), Design::Values { .. }) {
            return;
        }
        if let Some(correlation) = &self.correlation {
            correlation.apply(&mut work.draws, draws);
        }
        let columns = work.draws.chunks_exact_mut(draws);
        for (quantile, column) in self.quantiles.iter().zip(columns) {
            quantile.apply(column);
        }
    }

    /// Takes the inputs of `draws` draws as given: one column an input.
    ///
    /// # Panics
    /// If there is not one number an input and draw.
    pub fn take(&self, inputs: &[f64], draws: usize, work: &mut Workspace) {
        assert_eq!(inputs.len(), self.inputs.len() * draws);
        work.draws.clear();
        work.draws.extend_from_slice(inputs);
    }

    /// Evaluates the draws sampled or taken last.
    pub fn evaluate<'w>(&self, draws: usize, work: &'w mut Workspace) -> &'w Rows {
        let sweep = self;
        work.cells.resize(self.batch.rows() * draws, 0.0);
        work.feasible.resize(draws, true);
        work.base.resize(draws, 0.0);
        work.end.resize(draws, 0.0);
        work.rows.values.resize(self.columns.len(), Vec::new());
        for values in &mut work.rows.values {
            values.resize(draws, 0.0);
        }
        work.rows.slack.clear();
        work.rows.slack.resize(draws, f64::INFINITY);
        let mut block = batch::Block {
            inputs: &work.draws,
            draws,
            cells: &mut work.cells,
            feasible: &mut work.feasible,
        };
        self.batch.evaluate(&mut block, &mut work.scratch);
        Arch::new().dispatch(Filling { sweep, draws, work });
        &work.rows
    }

    /// Samples and evaluates a block of draws.
    pub fn block<'w>(&self, first: u64, draws: usize, work: &'w mut Workspace) -> &'w Rows {
        self.sample(first, draws, work);
        self.evaluate(draws, work)
    }

    /// Fills the columns from an evaluated block.
    #[inline(always)]
    fn fill(&self, draws: usize, work: &mut Workspace) {
        let Workspace {
            draws: input,
            cells,
            scratch,
            feasible,
            base,
            end,
            rows: Rows { values, slack },
        } = work;
        let (inputs, shown) = (self.inputs.len(), self.places.len());
        for (column, source) in values.iter_mut().zip(input.chunks_exact(draws)) {
            column.copy_from_slice(source);
        }
        for (i, (place, (_, t))) in self.places.iter().zip(&self.reported.cells).enumerate() {
            let out = &mut values[inputs + i];
            self.batch.indicator(*place, *t, cells, scratch, out);
        }
        let (margins, mets) = (inputs + shown, inputs + shown + self.judged.len());
        let all = mets + self.judged.len();
        for (cell, ok) in values[all + 1].iter_mut().zip(feasible.iter()) {
            *cell = f64::from(u8::from(*ok));
        }
        let (before, after) = values.split_at_mut(all);
        let (all_met, feasible) = after.split_at_mut(1);
        all_met[0].copy_from_slice(&feasible[0]);
        for (j, judged) in self.judged.iter().enumerate() {
            self.reach(judged, cells, scratch, base, end);
            let (wanted, sign) = target::required(judged.demand);
            let (margin, met) = before.split_at_mut(mets);
            let (margin, met) = (&mut margin[margins + j], &mut met[j]);
            match judged.input {
                None => {
                    for (margin, reached) in margin.iter_mut().zip(end.iter()) {
                        *margin = sign * (reached - wanted);
                    }
                }
                Some(i) => {
                    let wanted = &input[i * draws..][..draws];
                    for ((margin, reached), wanted) in margin.iter_mut().zip(end.iter()).zip(wanted)
                    {
                        *margin = sign * (reached - wanted);
                    }
                }
            }
            for d in 0..draws {
                let wanted = judged.input.map_or(wanted, |i| input[i * draws + d]);
                let good = f64::from(u8::from(target::is_met(margin[d], wanted)));
                let good = good * feasible[0][d];
                met[d] = good;
                all_met[0][d] *= good;
                let relative = margin[d] / wanted.abs().max(target::FLOOR);
                slack[d] = if relative < slack[d] {
                    relative
                } else {
                    slack[d]
                };
            }
        }
        for (slack, ok) in slack.iter_mut().zip(&feasible[0]) {
            *slack = if *ok > 0.5 { *slack } else { -1e9 };
        }
        if let Some(row) = self.cost {
            values[all + 2].copy_from_slice(&cells[row * draws..][..draws]);
        }
    }

    /// What every draw reaches in the terms of a target, into `end`.
    #[inline(always)]
    fn reach(
        &self,
        judged: &Judged,
        cells: &[f64],
        scratch: &Scratch,
        base: &mut [f64],
        end: &mut [f64],
    ) {
        let place = judged.place;
        if matches!(judged.demand, Demand::Cumulative { .. }) {
            end.fill(0.0);
            for t in judged.base..=judged.end {
                self.batch.indicator(place, t, cells, scratch, base);
                for (sum, value) in end.iter_mut().zip(base.iter()) {
                    *sum += value;
                }
            }
            return;
        }
        self.batch.indicator(place, judged.end, cells, scratch, end);
        if matches!(judged.demand, Demand::Reduction { .. }) {
            self.batch
                .indicator(place, judged.base, cells, scratch, base);
            for (end, base) in end.iter_mut().zip(base.iter()) {
                *end = 1.0 - *end / base;
            }
        }
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

/// The columns of a block under whichever instruction set the machine has.
struct Filling<'a> {
    sweep: &'a Sweep,
    draws: usize,
    work: &'a mut Workspace,
}

impl WithSimd for Filling<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        self.sweep.fill(self.draws, self.work);
    }
}
