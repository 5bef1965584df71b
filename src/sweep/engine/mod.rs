//! From a plan and a design to columns of numbers, block by block.

pub mod output;
pub mod run;

use crate::design::{Correlation, Distribution, DistributionError, Points, Quantile};
use jianpai_core::batch::{self, Batch, FactorGroup, Input, Place, Scratch};
use jianpai_core::catalogue::{Account, Catalogue};
use jianpai_core::dims::IndicatorId;
use jianpai_core::plan::Plan;
use jianpai_core::target::{self, Demand, Target};

/// Draws that are evaluated together; the unit of work, of output and of resuming.
pub const BLOCK: usize = 1024;

/// Something sampled.
#[derive(Clone, Debug)]
pub struct Sampled {
    /// Its id in the sweep file: the name of its column.
    pub name: String,
    /// What it moves.
    pub input: Input,
    /// How it is distributed.
    pub distribution: Distribution,
    /// The target whose level it replaces, by its subscript, if it is one.
    pub target: Option<usize>,
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
    places: Vec<Place>,
    judged: Vec<Judged>,
    cost: Option<usize>,
    /// The columns of a row.
    pub columns: Vec<Column>,
}

/// A target prepared for blocks.
#[derive(Clone, Debug)]
struct Judged {
    demand: Demand,
    base: usize,
    end: usize,
    place: Place,
    /// The input that replaces what is required.
    input: Option<usize>,
}

/// Memory of one worker.
#[derive(Debug, Default)]
pub struct Workspace {
    draws: Vec<f64>,
    cells: Vec<f64>,
    scratch: Scratch,
    feasible: Vec<bool>,
    values: Vec<Vec<f64>>,
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
        (inputs, factors): (Vec<Sampled>, &[FactorGroup]),
        (points, correlation): (Points, Option<Correlation>),
        reported: Reported,
    ) -> Result<Self, Vec<SweepError>> {
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
        let ranges: Vec<(f64, f64)> = quantiles.iter().map(ends).collect();
        let kinds: Vec<Input> = inputs.iter().map(|sampled| sampled.input.clone()).collect();
        let batch = batch::compile(catalogue, plan, &kinds, factors, &ranges);
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

    /// Finds where everything reported stands, and keeps only the rows it needs.
    fn lay_out(&mut self, catalogue: &Catalogue, plan: &Plan) -> Result<(), Vec<SweepError>> {
        let mut errors = Vec::new();
        let mut wanted = vec![false; self.batch.rows.len()];
        for (indicator, t) in &self.reported.cells {
            if let Some(place) = self.batch.place(catalogue, *indicator) {
                self.batch
                    .rows_of(place, *t)
                    .into_iter()
                    .for_each(|row| wanted[row] = true);
                self.places.push(place);
            }
        }
        for (i, target) in self.reported.targets.iter().enumerate() {
            if matches!(target.demand, Demand::Project { .. }) {
                errors.push(SweepError::Project(target.id.clone()));
                continue;
            }
            let span = target::span_of(target, &plan.years);
            let (Some((base, end)), Some(place)) =
                (span, self.batch.place(catalogue, target.indicator))
            else {
                errors.push(SweepError::Years(target.id.clone()));
                continue;
            };
            for t in base..=end {
                let cumulative = matches!(target.demand, Demand::Cumulative { .. });
                if cumulative || t == base || t == end {
                    self.batch
                        .rows_of(place, t)
                        .into_iter()
                        .for_each(|row| wanted[row] = true);
                }
            }
            let input = self
                .inputs
                .iter()
                .position(|sampled| sampled.target == Some(i));
            self.judged.push(Judged {
                demand: target.demand,
                base,
                end,
                place,
                input,
            });
        }
        if plan.measures.iter().all(|measure| measure.cost_known) {
            self.cost = self
                .batch
                .account(Account::Cost)
                .map(|row| row + plan.span() - 1);
        }
        if let Some(row) = self.cost {
            wanted[row] = true;
        }
        self.batch.keep(|row| wanted[row]);
        self.columns = self.column_list();
        if errors.is_empty() {
            Ok(())
        } else {
            Err(errors)
        }
    }

    fn column_list(&self) -> Vec<Column> {
        let mut columns: Vec<Column> = (0..self.inputs.len()).map(Column::Input).collect();
        let cells = self.reported.cells.iter();
        columns.extend(cells.map(|(indicator, t)| Column::Indicator(*indicator, *t)));
        columns.extend((0..self.judged.len()).map(Column::Margin));
        columns.extend((0..self.judged.len()).map(Column::Met));
        columns.push(Column::AllMet);
        columns.push(Column::Feasible);
        columns.extend(self.cost.map(|_| Column::Cost));
        columns
    }

    /// The name of a column in files.
    pub fn name(&self, catalogue: &Catalogue, column: &Column) -> String {
        match column {
            Column::Input(i) => self.inputs[*i].name.clone(),
            Column::Indicator(indicator, t) => {
                format!(
                    "{}@{}",
                    catalogue.indicators[indicator.at()].named.id,
                    self.years[*t]
                )
            }
            Column::Margin(i) => format!("margin:{}", self.reported.targets[*i].id),
            Column::Met(i) => format!("met:{}", self.reported.targets[*i].id),
            Column::AllMet => "all_met".to_string(),
            Column::Feasible => "feasible".to_string(),
            Column::Cost => "cost_cny".to_string(),
        }
    }

    /// The number of blocks.
    pub fn blocks(&self) -> u64 {
        self.points.len().div_ceil(BLOCK as u64)
    }

    /// The draws of a block: the first, and how many.
    pub fn draws_of(&self, block: u64) -> (u64, usize) {
        let first = block * BLOCK as u64;
        let left = self.points.len() - first;
        (
            first,
            usize::try_from(left.min(BLOCK as u64)).unwrap_or(BLOCK),
        )
    }

    /// Computes a block: one `Vec` a column, one number a draw.
    ///
    /// The numbers of a draw depend on the design, its seed and its index alone.
    pub fn block<'w>(&self, block: u64, work: &'w mut Workspace) -> &'w [Vec<f64>] {
        let (first, draws) = self.draws_of(block);
        let mut inputs = std::mem::take(&mut work.draws);
        inputs.resize(self.inputs.len() * draws, 0.0);
        self.sample(first, draws, &mut inputs);
        self.evaluate(&inputs, draws, work);
        work.draws = inputs;
        &work.values
    }

    /// Draws the inputs of `draws` draws from `first` on: one column an input.
    ///
    /// # Panics
    /// If `inputs` does not hold inputs × draws numbers.
    pub fn sample(&self, first: u64, draws: usize, inputs: &mut [f64]) {
        self.points.fill(first, inputs);
        if let Some(correlation) = &self.correlation {
            correlation.apply(inputs, draws);
        }
        for (quantile, column) in self.quantiles.iter().zip(inputs.chunks_exact_mut(draws)) {
            quantile.apply(column);
        }
    }

    /// Computes the columns of drawn inputs, laid out as by [`Sweep::sample`].
    ///
    /// # Panics
    /// If `inputs` is shorter than that.
    pub fn evaluate<'w>(
        &self,
        inputs: &[f64],
        draws: usize,
        work: &'w mut Workspace,
    ) -> &'w [Vec<f64>] {
        work.cells.resize(self.batch.rows.len() * draws, 0.0);
        self.batch
            .evaluate(inputs, draws, &mut work.scratch, &mut work.cells);
        work.feasible.resize(draws, true);
        self.batch.feasible(inputs, draws, &mut work.feasible);
        work.values.resize(self.columns.len(), Vec::new());
        for values in &mut work.values {
            values.resize(draws, 0.0);
        }
        self.fill(inputs, draws, work);
        &work.values
    }

    /// Fills the columns from an evaluated block.
    fn fill(&self, input: &[f64], draws: usize, work: &mut Workspace) {
        let Workspace {
            cells,
            scratch,
            feasible,
            values,
            ..
        } = work;
        let (inputs, shown) = (self.inputs.len(), self.places.len());
        for (column, source) in values.iter_mut().zip(input.chunks_exact(draws)) {
            column.copy_from_slice(source);
        }
        for (i, (place, (_, t))) in self.places.iter().zip(&self.reported.cells).enumerate() {
            self.batch
                .indicator(*place, *t, cells, scratch, &mut values[inputs + i]);
        }
        let (margins, mets) = (inputs + shown, inputs + shown + self.judged.len());
        let all = mets + self.judged.len();
        for (cell, ok) in values[all].iter_mut().zip(feasible.iter()) {
            *cell = f64::from(u8::from(*ok));
        }
        let mut base = vec![0.0; draws];
        let mut end = vec![0.0; draws];
        for (j, judged) in self.judged.iter().enumerate() {
            self.batch
                .indicator(judged.place, judged.base, cells, scratch, &mut base);
            if matches!(judged.demand, Demand::Cumulative { .. }) {
                self.cumulate(judged, cells, scratch, &mut base, &mut end);
            } else {
                self.batch
                    .indicator(judged.place, judged.end, cells, scratch, &mut end);
            }
            let (wanted, sign) = target::required(judged.demand);
            for d in 0..draws {
                let value = |t: usize| if t == judged.end { end[d] } else { base[d] };
                let reached = match judged.demand {
                    Demand::Cumulative { .. } => end[d],
                    demand => target::reach(demand, judged.base, judged.end, value, |_| 0.0),
                };
                let wanted = judged.input.map_or(wanted, |i| input[i * draws + d]);
                let margin = sign * (reached - wanted);
                let met = target::is_met(margin, wanted) && feasible[d];
                values[margins + j][d] = margin;
                values[mets + j][d] = f64::from(u8::from(met));
                if !met {
                    values[all][d] = 0.0;
                }
            }
        }
        for (cell, ok) in values[all + 1].iter_mut().zip(feasible.iter()) {
            *cell = f64::from(u8::from(*ok));
        }
        if let Some(row) = self.cost {
            values[all + 2].copy_from_slice(&cells[row * draws..][..draws]);
        }
    }

    /// Σ over the years of a cumulative target.
    fn cumulate(
        &self,
        judged: &Judged,
        cells: &[f64],
        scratch: &Scratch,
        year: &mut [f64],
        sum: &mut [f64],
    ) {
        sum.fill(0.0);
        for t in judged.base..=judged.end {
            self.batch.indicator(judged.place, t, cells, scratch, year);
            for (sum, value) in sum.iter_mut().zip(year.iter()) {
                *sum += value;
            }
        }
    }
}
