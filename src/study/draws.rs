//! What is uncertain in a scenario beside what is decided in it: the draws on which a plan
//! is tried.
//!
//! A `[sweep]` may move levels, timetables and mixes of measures and what targets ask, too.
//! Where a plan is sought those are decisions: they stay out, and are told. What stays in
//! is growth, elasticities, factors, and the levels of current policy. Draws are
//! independent, so that shares of them have binomial intervals; a draw is a function of
//! the seed and its index, whatever the plan: all plans are tried on the same draws.

use crate::problem::Error;
use crate::run::Study;
use crate::sweep::{SweepOptions, compile};
use jianpai_core::batch::Input;
use jianpai_core::catalogue::Catalogue;
use jianpai_core::measure::Policy;
use jianpai_core::target::{Demand, counts};
use jianpai_load::diag::Diagnostics;
use jianpai_load::scenario::sweep::{self as spec, InputSpec, SweepSpec};
use jianpai_load::scenario::{Limits, Loaded};
use jianpai_solve::affine::Sheets;
use jianpai_sweep::engine::Sweep;
use jianpai_sweep::engine::attained::Attained;

/// How plans are tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trial {
    /// Draws.
    pub draws: u64,
    /// Seed.
    pub seed: u64,
    /// Whether the model's error is drawn, too.
    pub model_error: bool,
}

impl Default for Trial {
    fn default() -> Self {
        Self {
            draws: 10_000,
            seed: 1,
            model_error: true,
        }
    }
}

/// What is uncertain.
#[derive(Clone, Debug)]
pub struct Uncertain {
    /// The inputs that stay, as a `[sweep]` of independent draws.
    spec: SweepSpec,
    /// The ids of the measures of the file.
    ids: Vec<String>,
    /// The ids of inputs that stay.
    pub drawn: Vec<String>,
    /// The ids of inputs that are decisions and stay out.
    pub decided: Vec<String>,
}

/// A sweep of a plan, and which targets of its scenario it judges.
#[derive(Clone, Debug)]
pub struct Tried {
    /// The sweep.
    pub sweep: Sweep,
    /// The targets that it judges, as indices into the scenario's: not projects, nor those
    /// on a base of nothing.
    pub targets: Vec<usize>,
}

impl Uncertain {
    /// Reads what is uncertain: of the `[sweep]`, where there is one. `None` if that is
    /// wrong, and `diags` says what.
    pub(crate) fn of(
        catalogue: &Catalogue,
        loaded: &Loaded,
        diags: &mut Diagnostics,
    ) -> Option<Self> {
        let ids = loaded.scenario.measures.iter();
        let ids: Vec<String> = ids.map(|measure| measure.id.clone()).collect();
        if loaded.tree.get("sweep").is_none() {
            return Some(Self {
                spec: SweepSpec::of_nothing(),
                ids,
                drawn: Vec::new(),
                decided: Vec::new(),
            });
        }
        let read = spec::read(catalogue, loaded, diags)?;
        let measures = &loaded.scenario.measures;
        let stays = |input: &InputSpec| match input.input {
            Input::Growth(_) | Input::Elasticity(_) | Input::Factor(_) => true,
            Input::Level(m) => measures[m].policy == Policy::Current,
            _ => false,
        } && input.distribution.is_some();
        let names = |stay: bool| {
            let own = read.inputs.iter().filter(|input| stays(input) == stay);
            own.map(|input| input.name.clone()).collect()
        };
        Some(Self {
            ids,
            drawn: names(true),
            decided: names(false),
            spec: read.narrowed(stays),
        })
    }

    /// Whether anything at all varies from draw to draw.
    pub fn varies(&self, trial: Trial) -> bool {
        trial.model_error || !self.drawn.is_empty()
    }

    /// How often a study, at its levels, meets its targets, and which of them draws judge,
    /// as indices into the scenario's.
    ///
    /// # Errors
    /// The `[sweep]` does not fit the study.
    pub fn attained(&self, study: &Study, trial: Trial) -> Result<(Attained, Vec<usize>), Error> {
        let mut said = Diagnostics::default();
        let tried = self.sweep(study, trial, (&[], &[]), &mut said);
        let Tried { sweep, targets } = tried.ok_or_else(|| study.refusal(said))?;
        Ok((sweep.attained(), targets))
    }

    /// The draws of a study; with the levels of `free` measures as further inputs behind
    /// the others, where a caller chooses them. `years`: whose indicators are reported.
    ///
    /// `None` if the sweep cannot be compiled, and `diags` says why.
    pub(crate) fn sweep(
        &self,
        study: &Study,
        trial: Trial,
        (free, years): (&[usize], &[i32]),
        diags: &mut Diagnostics,
    ) -> Option<Tried> {
        let catalogue = study.catalogue();
        let (loaded, targets) = judged(study);
        let mut spec = self.spec.clone();
        spec.years = years.to_vec();
        // Levels of current policy, counted without a coal cap.
        for input in &mut spec.inputs {
            if let Input::Level(m) = &mut input.input {
                *m = self.place(study, *m)?;
            }
        }
        let within = || (Limits::level(), spec.span);
        let uniform = |name: String, input: Input, most: f64| {
            InputSpec::uniform(name, input, (0.0, most), within())
        };
        let levels = free
            .iter()
            .map(|m| uniform(format!("level {m}"), Input::Level(*m), 1.0));
        let mut more: Vec<InputSpec> = levels.collect();
        if spec.inputs.is_empty() && more.is_empty() {
            // A design needs something to vary.
            more.push(uniform("nothing".to_string(), Input::Outside, 1.0));
        }
        spec.inputs.extend(more);
        let options = SweepOptions {
            draws: Some(trial.draws),
            seed: Some(trial.seed),
            model_error: trial.model_error,
            ..SweepOptions::default()
        };
        let sweep = compile::of_spec(catalogue, (&loaded, &study.plan), &spec, options, diags)?;
        Some(Tried { sweep, targets })
    }

    /// The number of inputs that are drawn.
    pub(crate) fn count(&self) -> usize {
        self.spec.inputs.len()
    }

    /// The place of a measure of the file in the plan of a study, which may go without the
    /// coal cap.
    fn place(&self, study: &Study, m: usize) -> Option<usize> {
        let id = self.ids.get(m)?;
        study.plan.measures.iter().position(|own| own.id == *id)
    }
}

/// A study's scenario with the targets alone that draws can judge, and which these are.
pub(crate) fn judged(study: &Study) -> (Loaded, Vec<usize>) {
    let sheets = Sheets::of(study.catalogue(), &study.plan);
    let stated = study.plan.stated_levels();
    let targets = study.scenario().targets.iter().enumerate();
    let can = |target: &jianpai_core::target::Target| {
        let asked = sheets.asked(target);
        let base = asked.map(|asked| asked.base.map(|base| base.at(&stated)));
        let sound = base.is_some_and(|base| base.is_none_or(counts));
        sound && !matches!(target.demand, Demand::Project { .. })
    };
    let kept: Vec<usize> = targets.filter(|(_, t)| can(t)).map(|(i, _)| i).collect();
    let mut loaded = study.loaded.clone();
    let own = kept.iter().map(|i| study.scenario().targets[*i].clone());
    loaded.scenario.targets = own.collect();
    (loaded, kept)
}
