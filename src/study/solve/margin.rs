//! A plan with a margin of safety: all targets met in a stated part of the draws.
//!
//! The plan is made on a sample ([`jianpai_solve::robust`]) and tried on fresh draws, which
//! it has not seen, by the ordinary kernel. On those it does worse than on its own sample;
//! so the part kept on the sample is raised, a bounded number of times, until the lower end
//! of the 95 % interval of the part met on fresh draws is no less than what is asked:
//!
//! ```text
//! p₁ = p      p[k+1] = p[k] + max(p − low[k], 1/N)        low: Wilson's interval
//! ```
//!
//! Every try has draws of its own, so that no try is chosen for its luck. If none gets
//! there, the best is kept and is called what it is.

use super::asked::{Planned, SolveStudy, Solved, refused, says_the_same};
use crate::draws::{Trial, Tried, Uncertain};
use crate::problem::Error;
use crate::run::Study;
use jianpai_core::dims::IndicatorId;
use jianpai_core::target::{Demand, Target, span_of};
use jianpai_load::diag::Diagnostics;
use jianpai_solve::affine::{Affine, Asked, Sheets};
use jianpai_solve::answer::{Outcome, answer};
use jianpai_solve::programme::Programme;
use jianpai_solve::robust::{Draw, margin, sampled};
use jianpai_sweep::analysis::summary::Probability;
use jianpai_sweep::design::Rng;
use jianpai_sweep::engine::attained::Attained;
use jianpai_sweep::engine::{BLOCK, Column, Sweep, Workspace};

/// Times that it is tried.
const TRIES: usize = 6;
/// Times that a plan is sought anew where what measures take moves with levels.
const ROUNDS: usize = 8;
/// Draws that a plan is made on.
pub const SAMPLE: u64 = 1000;
/// The stream of seeds.
const STREAM: u64 = 18;

/// One try: how much of the sample was kept, and how fresh draws went.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Try {
    /// The part of the sample that was asked for.
    pub asked: f64,
    /// The part that was kept.
    pub kept: f64,
    /// Fresh draws in which all targets are met.
    pub fresh: Probability,
}

/// A plan with its margin of safety.
#[derive(Clone, Debug)]
pub struct Safe {
    /// The plan.
    pub planned: Planned,
    /// How it does on fresh draws, and which targets are judged.
    pub attained: (Attained, Vec<usize>),
    /// The plan of least cost without a margin.
    pub plain: Planned,
    /// How that does on the same draws.
    pub plain_attained: Attained,
    /// The part of the draws that was asked for.
    pub asked: f64,
    /// The draws that the plan was made on.
    pub sample: Trial,
    /// The tries.
    pub tries: Vec<Try>,
    /// The place of the plan's own try.
    pub own: usize,
    /// Whether the sample itself could not be kept as far as was asked.
    pub out_of_reach: bool,
}

impl Safe {
    /// Whether fresh draws confirm what was asked: the lower end of the interval of their
    /// share is no less.
    pub fn is_reached(&self) -> bool {
        self.attained.0.all.said.interval(0.95).0 >= self.asked
    }
}

/// What is asked of a margin.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MarginOptions {
    /// The part of the draws in which all targets are to be met.
    pub part: f64,
    /// Draws that a plan is made on.
    pub sample: u64,
    /// Fresh draws that it is tried on, their seed, and whether the model's error is drawn.
    pub trial: Trial,
}

impl SolveStudy {
    /// The plan of least cost that meets all targets in a part of the draws; `Err(Solved)`
    /// inside where there is no plan even without a margin.
    ///
    /// # Errors
    /// The solver fails, or the kernel does not confirm what it says.
    pub fn solve_safe(
        &self,
        uncertain: &Uncertain,
        options: MarginOptions,
    ) -> Result<Result<Box<Safe>, Solved>, Error> {
        let plain = match self.solve()? {
            Solved::Plan(plain) => *plain,
            none @ Solved::Infeasible(_) => return Ok(Err(none)),
        };
        let seeds = Rng::new(options.trial.seed, STREAM);
        let sample = Trial {
            draws: options.sample,
            seed: seeds.u64(0),
            ..options.trial
        };
        let (mut wanted, mut tries) = (options.part, Vec::new());
        let mut best: Option<Safe> = None;
        for k in 0..TRIES {
            let need = (wanted * options.sample as f64 - 1e-9).ceil() as usize;
            let need = need.min(options.sample as usize);
            let (planned, kept) = self.on_sample(&plain, (uncertain, sample), need)?;
            let fresh = Trial {
                seed: seeds.u64(1 + k as u64),
                ..options.trial
            };
            let (attained, targets) = uncertain.attained(&planned.run.study, fresh)?;
            let (plain_attained, _) = uncertain.attained(&plain.run.study, fresh)?;
            let said = attained.all.said;
            tries.push(Try {
                asked: wanted,
                kept: kept as f64 / options.sample as f64,
                fresh: said,
            });
            let out_of_reach = kept < need;
            let share = |safe: &Safe| safe.attained.0.all.said.share();
            let better = best.as_ref().is_none_or(|best| said.share() > share(best));
            let (low, _) = said.interval(0.95);
            let enough = low >= options.part;
            if better || enough {
                best = Some(Safe {
                    planned,
                    attained: (attained, targets),
                    plain: plain.clone(),
                    plain_attained,
                    asked: options.part,
                    sample,
                    tries: tries.clone(),
                    own: k,
                    out_of_reach,
                });
            }
            let next = wanted + (options.part - low).max(1.0 / options.sample as f64);
            if enough || out_of_reach || wanted >= 1.0 {
                break;
            }
            wanted = next.min(1.0);
        }
        match best {
            Some(mut best) => {
                best.tries = tries;
                Ok(Ok(Box::new(best)))
            }
            None => Ok(Err(Solved::Plan(Box::new(plain)))),
        }
    }

    /// The plan that keeps `need` draws of the sample or as many as it can, confirmed by
    /// the kernel, and how many it keeps.
    fn on_sample(
        &self,
        plain: &Planned,
        (uncertain, sample): (&Uncertain, Trial),
        need: usize,
    ) -> Result<(Planned, usize), Error> {
        let x = &plain.solution.point.x;
        let mut study = self.laid_out_at(&plain.programme, x, &plain.run)?;
        let mut programme = plain.programme.clone();
        let mut kept: Option<(Planned, usize)> = None;
        for _ in 0..ROUNDS {
            let draws = self.draws(&study, &programme, (uncertain, sample))?;
            let found = margin(&programme, &draws, need).map_err(|failure| refused(&failure))?;
            let Some(found) = found else { break };
            let outcome = answer(&found.programme).map_err(|failure| refused(&failure))?;
            let Outcome::Best(solution) = outcome else {
                break;
            };
            let x = &solution.point.x;
            let run = self.run_at(&found.programme, x)?;
            let same = says_the_same(&found.programme, &solution, &run);
            let holds = self.unconfirmed(&found.programme, &run).is_none();
            let next = self.programme_at(&found.programme, x, &run)?;
            study = self.laid_out_at(&found.programme, x, &run)?;
            if holds {
                let planned = Planned {
                    solution: *solution,
                    programme: found.programme,
                    run,
                };
                kept = Some((planned, found.kept));
                if same {
                    break;
                }
            }
            programme = next;
        }
        // The plan without a margin keeps what it keeps.
        match kept {
            Some(kept) => Ok(kept),
            None => Ok((plain.clone(), 0)),
        }
    }

    /// The rows of every draw of a sample: the sweep of the study is evaluated where all
    /// levels that are sought are 0, and where each of them is 1. Between, everything is
    /// affine.
    fn draws(
        &self,
        study: &Study,
        programme: &Programme,
        (uncertain, sample): (&Uncertain, Trial),
    ) -> Result<Vec<Draw>, Error> {
        let free: Vec<usize> = programme
            .spec
            .free
            .iter()
            .map(|free| free.measure)
            .collect();
        let years = years(study, programme);
        let sheets = Sheets::of(study.catalogue(), &study.plan).with_paced(self.paced.clone());
        let mut said = Diagnostics::default();
        let tried = uncertain.sweep(study, sample, (&free, &years), &mut said);
        let Tried { sweep, targets } = tried.ok_or_else(|| study.refusal(said))?;
        let mut all = Vec::with_capacity(sweep.points.len() as usize);
        let mut work = Workspace::default();
        let given = uncertain.count();
        for first in (0..sweep.points.len()).step_by(BLOCK) {
            let count = (sweep.points.len() - first).min(BLOCK as u64) as usize;
            let probe = Probe::of(&sweep, (first, count), (given, free.len()), &mut work);
            let errors = sweep.errors_of_targets(first, count);
            for d in 0..count {
                if !probe.sound[d] {
                    all.push(None);
                    continue;
                }
                let mut rows = Vec::new();
                for (k, i) in targets.iter().enumerate() {
                    let target = &study.scenario().targets[*i];
                    let own = probe.asked(&sheets, target, &free, d);
                    let error = errors[k].as_ref().map_or(0.0, |errors| errors[d]);
                    let Some((asked, at_first)) = own else {
                        continue;
                    };
                    rows.extend(sampled(programme, *i, &asked, (error, at_first)));
                }
                all.push(Some(rows));
            }
        }
        Ok(all)
    }
}

/// The years whose indicators targets look at.
fn years(study: &Study, programme: &Programme) -> Vec<i32> {
    let plan = &study.plan;
    let mut all: Vec<usize> = vec![0];
    for (_, wanted) in &programme.wanted {
        let Some((base, end)) = span_of(&wanted.target, &plan.years) else {
            continue;
        };
        match wanted.target.demand {
            Demand::Cumulative { .. } => all.extend(base..=end),
            _ => all.extend([base, end]),
        }
    }
    all.sort_unstable();
    all.dedup();
    all.into_iter().map(|t| plan.years[t]).collect()
}

/// The indicators of a block of draws where all levels are 0 and where each is 1.
struct Probe<'a> {
    sweep: &'a Sweep,
    /// By point, by column of the sweep: one number a draw. The first is all levels at 0.
    points: Vec<Vec<Vec<f64>>>,
    /// Draws within what a scenario may hold.
    sound: Vec<bool>,
}

impl<'a> Probe<'a> {
    fn of(
        sweep: &'a Sweep,
        (first, count): (u64, usize),
        (given, free): (usize, usize),
        work: &mut Workspace,
    ) -> Self {
        let rows = sweep.block(first, count, work);
        let drawn: Vec<f64> = (0..given).flat_map(|i| rows.column(i).to_vec()).collect();
        let mut points = Vec::with_capacity(free + 1);
        let mut sound = Vec::new();
        for p in 0..=free {
            let mut inputs = drawn.clone();
            for j in 0..free {
                let level = if j + 1 == p { 1.0 } else { 0.0 };
                inputs.extend(std::iter::repeat_n(level, count));
            }
            if sweep.inputs.len() > given + free {
                inputs.extend(std::iter::repeat_n(0.0, count));
            }
            sweep.take(&inputs, count, work);
            let rows = sweep.evaluate(count, work);
            if p == 0 {
                sound = rows.feasible().to_vec();
            }
            let columns = sweep.columns.iter().enumerate();
            let columns = columns.map(|(i, column)| match column {
                Column::Indicator(..) => rows.column(i).to_vec(),
                _ => Vec::new(),
            });
            points.push(columns.collect());
        }
        Self {
            sweep,
            points,
            sound,
        }
    }

    /// An indicator in the year at `t`, as a function of all levers.
    fn indicator(
        &self,
        (id, t): (IndicatorId, usize),
        (sheets, free): (&Sheets<'_>, &[usize]),
        d: usize,
    ) -> Option<Affine> {
        let column = self.sweep.column(&Column::Indicator(id, t))?;
        let at = |p: usize| self.points[p][column][d];
        let constant = at(0);
        let mut slopes = vec![0.0; sheets.plan.measures.len()];
        for (j, m) in free.iter().enumerate() {
            slopes[*m] = at(j + 1) - constant;
        }
        Some(sheets.spread(Affine { constant, slopes }, t))
    }

    /// What a target asks in a draw, and the value of its indicator in the first year.
    fn asked(
        &self,
        sheets: &Sheets<'_>,
        target: &Target,
        free: &[usize],
        d: usize,
    ) -> Option<(Asked, f64)> {
        let (base, end) = span_of(target, &sheets.plan.years)?;
        // Points along the levers tell a quotient of two accounts only about.
        let kind = &sheets.catalogue.indicators[target.indicator.at()].kind;
        if kind.is_quotient() {
            return None;
        }
        let value = |t: usize| self.indicator((target.indicator, t), (sheets, free), d);
        let asked = match target.demand {
            Demand::Reduction { .. } => Asked {
                value: value(end)?,
                base: Some(value(base)?),
            },
            Demand::Cap(_) | Demand::Floor(_) => Asked {
                value: value(end)?,
                base: None,
            },
            Demand::Cumulative { .. } => {
                let mut sum = value(base)?;
                for t in base + 1..=end {
                    sum = sum.plus(1.0, &value(t)?);
                }
                Asked {
                    value: sum,
                    base: None,
                }
            }
            Demand::Project { .. } => return None,
        };
        Some((asked, value(0)?.constant))
    }
}
