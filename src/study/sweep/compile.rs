//! From a scenario with a `[sweep]` to a compiled sweep.

use super::context::Context;
use super::{SweepOptions, problems};
use crate::columns;
use jianpai_core::batch::{Input, Variants};
use jianpai_core::catalogue::Catalogue;
use jianpai_core::compile::{Timing, VariantSpec, variants};
use jianpai_core::dims::IndicatorId;
use jianpai_core::plan::Plan;
use jianpai_core::text::Text;
use jianpai_load::diag::{Diagnostic, Diagnostics, FileId, Files, Span};
use jianpai_load::digest::hex;
use jianpai_load::format::{self, Format};
use jianpai_load::input::why;
use jianpai_load::scenario::sweep::{
    self as spec, DesignSpec, DistributionSpec, InputSpec, SweepSpec,
};
use jianpai_load::scenario::{self, Fetch, Loaded};
use jianpai_sweep::design::{
    Correlation, Design, Distribution, DistributionError, Points, score_of_rank,
};
use jianpai_sweep::engine::known::Errors;
use jianpai_sweep::engine::{Reported, Sampled, Sweep, Varied};
use std::collections::HashSet;
use std::sync::Arc;

/// Draws where neither the file nor the caller says how many.
const DRAWS: u64 = 10_000;

/// A compiled sweep, and the file of its list if the design is one.
pub(crate) type Compiled = (Sweep, Option<FileId>);

/// Compiles the `[sweep]` of a loaded scenario; `fetch` gets the bytes of a list of
/// draws. `None` if anything is wrong, and `diags` then says what.
pub(crate) fn sweep(
    catalogue: &Catalogue,
    (loaded, plan): (&Loaded, &Plan),
    options: SweepOptions,
    (fetch, files): (&Fetch<'_>, &mut Files),
    diags: &mut Diagnostics,
) -> Option<Compiled> {
    let spec = spec::read(catalogue, loaded, diags)?;
    let mut ctx = Context {
        catalogue,
        loaded,
        spec: &spec,
        fetch,
        files,
        diags,
        carried: Vec::new(),
        listed: None,
    };
    let sweep = ctx.sweep(plan, options)?;
    ctx.inert(plan, &sweep);
    let sweep = ctx.carry(sweep)?;
    Some((sweep, ctx.listed))
}

/// Compiles a `[sweep]` that was read, or made of one; of a design that lists nothing.
pub(crate) fn of_spec(
    catalogue: &Catalogue,
    (loaded, plan): (&Loaded, &Plan),
    spec: &SweepSpec,
    options: SweepOptions,
    diags: &mut Diagnostics,
) -> Option<Sweep> {
    let nothing = |_: &str| Err(std::io::ErrorKind::NotFound.into());
    let mut ctx = Context {
        catalogue,
        loaded,
        spec,
        fetch: &nothing,
        files: &mut Files::new(),
        diags,
        carried: Vec::new(),
        listed: None,
    };
    ctx.sweep(plan, options)
}

impl Context<'_> {
    /// The sweep of the specification.
    fn sweep(&mut self, plan: &Plan, options: SweepOptions) -> Option<Sweep> {
        let points = self.points(options)?;
        let correlation = self.correlation().ok()?;
        let inputs = self.inputs(&points)?;
        let variants = self.variants(&inputs, &points)?;
        let varied = Varied {
            inputs,
            factors: self.spec.factors.clone(),
            variants,
            is_open: options.is_open,
        };
        let reported = reported(self.catalogue, (self.loaded, plan), self.spec, options);
        match Sweep::new(
            self.catalogue,
            plan,
            varied,
            (points, correlation),
            reported,
        ) {
            Ok(sweep) => Some(sweep),
            Err(errors) => {
                let found = errors.iter().map(|error| self.sweep_problem(error));
                let found: Vec<Diagnostic> = found.collect();
                self.diags.extend(found);
                None
            }
        }
    }

    /// The design laid out.
    fn points(&mut self, options: SweepOptions) -> Option<Points> {
        let spec = self.spec;
        let draws = options.draws.or(spec.draws).unwrap_or(DRAWS);
        let seed = options.seed.or(spec.seed).unwrap_or(1);
        let design = match &spec.design {
            DesignSpec::Random => Design::Random,
            DesignSpec::LatinHypercube => Design::LatinHypercube,
            DesignSpec::Sobol => Design::Sobol,
            DesignSpec::Saltelli => Design::Saltelli {
                second_order: false,
            },
            DesignSpec::Morris(levels) => Design::Morris { levels: *levels },
            DesignSpec::Grid(size) => Design::Grid {
                sizes: vec![*size; spec.inputs.len()],
            },
            DesignSpec::List(path, span) => self.list(path, *span)?,
        };
        match Points::new(design, spec.inputs.len(), draws, seed) {
            Ok(points) => Some(points),
            Err(error) => {
                let found = self.design_problem(&error);
                self.diags.push(found);
                None
            }
        }
    }

    /// The values in a file, CSV or Parquet, as its first bytes say.
    fn list(&mut self, path: &str, span: Span) -> Option<Design> {
        let path = scenario::beside(self.files.path(span.file), path);
        let names: Vec<&str> = self.spec.inputs.iter().map(|i| i.name.as_str()).collect();
        let bytes = match (self.fetch)(&path) {
            Ok(bytes) => bytes,
            Err(error) => {
                let found = scenario::cannot_open(&path, &error, Some(span));
                self.diags.push(found);
                return None;
            }
        };
        let is_parquet = format::of(&bytes) == Some(Format::Parquet);
        let mut found = Diagnostics::default();
        let file = if is_parquet {
            let sha256 = hex(&bytes);
            match columns::bytes_as_text(&path, bytes) {
                Ok(text) => Some(self.files.add_hashed(&path, text, sha256)),
                Err(error) => {
                    let why = columns::why(&error).unwrap_or_else(|| why(&error));
                    found.push(problems::unread(
                        span,
                        Text::new(
                            format!("`{path}`：{}", why.zh),
                            format!("`{path}`: {}", why.en),
                        ),
                    ));
                    None
                }
            }
        } else {
            format::take_in(&path, &bytes, self.files, &mut found)
        };
        let list = file.and_then(|file| spec::read_list(self.files, file, &names, &mut found));
        let noted = |item: Diagnostic| match file {
            Some(_) if is_parquet => item.note(columns::rows_of_parquet()),
            _ => item,
        };
        self.diags.extend(found.into_iter().map(noted));
        let mut list = list?;
        self.listed = file;
        self.bound_list(&mut list.columns, (file, span))?;
        self.carried = list.carried;
        Some(Design::Values {
            columns: Arc::from(list.columns),
        })
    }

    /// Adds the columns that a list carries along, unless their names are taken.
    fn carry(&mut self, mut sweep: Sweep) -> Option<Sweep> {
        let names = sweep.columns.iter();
        let names: HashSet<String> = names.map(|c| sweep.name(self.catalogue, c)).collect();
        let carried = std::mem::take(&mut self.carried);
        let DesignSpec::List(path, span) = &self.spec.design else {
            return Some(sweep);
        };
        let mut sound = true;
        for (name, _) in carried.iter().filter(|(name, _)| names.contains(name)) {
            sound = false;
            let message = Text::new(
                format!("`{path}` 的列 `{name}` 与结果的一列同名"),
                format!("the column `{name}` of `{path}` has the name of a column of the results"),
            );
            let label = Text::new(
                "此清单的其他列随结果写出",
                "its other columns go along with the results",
            );
            self.diags.push(
                Diagnostic::error("duplicate-column", message)
                    .label(*span, label)
                    .help(Text::new(
                        "改名或删去该列",
                        "rename the column, or take it out",
                    )),
            );
        }
        sweep.carried = carried.into();
        sound.then_some(sweep)
    }

    /// The Gaussian copula of the stated rank correlations. What is wrong with them goes to
    /// the diagnostics.
    fn correlation(&mut self) -> Result<Option<Correlation>, ()> {
        let pairs = &self.spec.correlations;
        let between = pairs.iter().map(|pair| pair.between);
        let mut dims: Vec<usize> = between.flat_map(|(a, b)| [a, b]).collect();
        dims.sort_unstable();
        dims.dedup();
        if dims.is_empty() {
            return Ok(None);
        }
        let place = |input: usize| dims.iter().position(|d| *d == input).unwrap_or(0);
        let mut matrix = nalgebra::DMatrix::identity(dims.len(), dims.len());
        for pair in pairs {
            let (i, j) = (place(pair.between.0), place(pair.between.1));
            matrix[(i, j)] = score_of_rank(pair.rank);
            matrix[(j, i)] = score_of_rank(pair.rank);
        }
        match Correlation::new(dims.clone(), &matrix) {
            Ok(correlation) => Ok(Some(correlation)),
            Err(error) => {
                let found = self.correlation_problem(&error, &dims);
                self.diags.push(found);
                Err(())
            }
        }
    }

    fn inputs(&mut self, points: &Points) -> Option<Vec<Sampled>> {
        let mut inputs = Vec::new();
        for (i, input) in self.spec.inputs.iter().enumerate() {
            let distribution = match (&input.distribution, points.design()) {
                (Some(written), _) => distribution(written, input),
                (None, Design::Values { columns }) => Ok(Distribution::Points {
                    values: distinct(&columns[i]),
                }),
                (None, _) => continue,
            };
            match distribution {
                Ok(distribution) => inputs.push(Sampled {
                    name: input.name.clone(),
                    label: input.label.clone(),
                    input: input.input.clone(),
                    distribution,
                    limits: (input.limits.low, input.limits.high),
                    target: input.target,
                }),
                Err(error) => {
                    let found = problems::distribution(input, &error);
                    self.diags.push(found);
                }
            }
        }
        if inputs.len() < self.spec.inputs.len() || !self.bound_grid(points, &inputs) {
            return None;
        }
        Some(inputs)
    }

    /// Compiles the cases of measures whose timetable or mix is sampled.
    fn variants(&mut self, inputs: &[Sampled], points: &Points) -> Option<Vec<Variants>> {
        let mut specs: Vec<(VariantSpec, Span)> = Vec::new();
        for (i, input) in self.spec.inputs.iter().enumerate() {
            let (Input::Start(m) | Input::End(m) | Input::Mix(m)) = input.input else {
                continue;
            };
            let known = specs.iter().position(|(spec, _)| spec.measure == m);
            let place = known.unwrap_or_else(|| {
                let spec = VariantSpec {
                    measure: m,
                    start: None,
                    end: None,
                    mix: None,
                };
                specs.push((spec, input.span));
                specs.len() - 1
            });
            let years = || Timing {
                input: i,
                years: years(&inputs[i], points, i),
            };
            let spec = &mut specs[place].0;
            match input.input {
                Input::Start(_) => spec.start = Some(years()),
                Input::End(_) => spec.end = Some(years()),
                _ => spec.mix = input.substitute.clone().map(|alias| (i, alias)),
            }
        }
        let mut found = Vec::new();
        let count = specs.len();
        for (spec, span) in specs {
            match variants(self.catalogue, &self.loaded.scenario, &spec) {
                Ok(variants) => found.push(variants),
                Err(error) => {
                    let id = &self.loaded.scenario.measures[spec.measure].id;
                    let found =
                        problems::variant((self.catalogue, self.loaded), (id, span), &error);
                    self.diags.push(found);
                }
            }
        }
        (found.len() == count).then_some(found)
    }
}

/// The years that an input can be; a draw with another is not feasible.
fn years(input: &Sampled, points: &Points, i: usize) -> Vec<i32> {
    let values = match (points.design(), &input.distribution) {
        (Design::Values { columns }, _) => distinct(&columns[i]),
        (_, Distribution::Points { values }) => values.clone(),
        _ => Vec::new(),
    };
    let (low, high) = input.limits;
    let within = values
        .into_iter()
        .filter(|year| (low..=high).contains(year));
    within.map(|year| year as i32).collect()
}

/// The different values of a column, rising.
fn distinct(values: &[f64]) -> Vec<f64> {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    values.dedup();
    values
}

/// The distribution of an input, cut to its bounds where the file says so.
fn distribution(
    written: &DistributionSpec,
    input: &InputSpec,
) -> Result<Distribution, DistributionError> {
    let whole = match written {
        DistributionSpec::Uniform(lo, hi) => Distribution::Uniform { lo: *lo, hi: *hi },
        DistributionSpec::Triangular(lo, mode, hi) => Distribution::Triangular {
            lo: *lo,
            mode: *mode,
            hi: *hi,
        },
        DistributionSpec::Normal(mean, sd) => Distribution::Normal {
            mean: *mean,
            sd: *sd,
        },
        DistributionSpec::LogNormal(low, central, high) => {
            Distribution::from_range(*low, *central, *high)?
        }
        DistributionSpec::Values(values) => Distribution::Points {
            values: values.clone(),
        },
    };
    // What has ends lies within the bounds already.
    Ok(if input.truncate && whole.is_unbounded() {
        whole.truncated(input.limits.low, input.limits.high)
    } else {
        whole
    })
}

/// Every indicator in the years asked for, and every target of the scenario.
fn reported(
    catalogue: &Catalogue,
    (loaded, plan): (&Loaded, &Plan),
    spec: &SweepSpec,
    options: SweepOptions,
) -> Reported {
    let last = plan.span() - 1;
    let mut years: Vec<usize> = spec
        .years
        .iter()
        .filter_map(|year| plan.year(*year))
        .collect();
    if options.trajectories {
        years = (0..=last).collect();
    }
    if years.is_empty() {
        years.push(last);
    }
    let indicators = (0..catalogue.indicators.len()).map(IndicatorId::from_usize);
    let cells = years
        .iter()
        .flat_map(|t| indicators.clone().map(move |i| (i, *t)));
    let cells: Vec<(IndicatorId, usize)> = cells.collect();
    let targets = loaded.scenario.targets.clone();
    let run = (&loaded.scenario, plan);
    let errors = Errors::of(catalogue, run, &cells, &targets);
    Reported {
        cells,
        targets,
        errors: options.model_error.then_some(errors),
    }
}
