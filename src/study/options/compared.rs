//! Options solved, tried on draws and judged under every case of growth.

use super::asked::{OptionsStudy, Solution};
use super::judge::{self, Judgement, RobustPlan, Set};
use super::names::Names;
use crate::draws::Trial;
use crate::problem::Error;
use crate::solve::{SolveStudy, Solved};
use jianpai_core::text::Text;
use jianpai_report::options as report;
use rayon::prelude::*;

/// All options, solved, tried and judged.
#[derive(Clone, Debug)]
pub struct Compared {
    /// What was asked.
    pub asked: OptionsStudy,
    /// How plans were tried.
    pub trial: Trial,
    /// One entry an option.
    pub all: Vec<Solution>,
    /// Options of the same targets.
    pub sets: Vec<Set>,
    /// What options, growth cases and sets are called.
    names: Names,
    /// What limits are called, an entry an option.
    limits: Vec<Vec<Text>>,
}

impl OptionsStudy {
    /// Solves every option, tries its plan, and judges it under the growth of the others.
    ///
    /// # Errors
    /// The solver fails, or the kernel does not confirm what it says.
    pub fn compare(&self, trial: Trial) -> Result<Compared, Error> {
        let solve = |own: &SolveStudy| -> Result<Solution, Error> {
            let solved = own.solve()?;
            let attained = match &solved {
                Solved::Plan(planned) => Some(self.uncertain.attained(&planned.run.study, trial)?),
                Solved::Infeasible(_) => None,
            };
            Ok(Solution { solved, attained })
        };
        let all: Result<Vec<Solution>, Error> = self.each.par_iter().map(solve).collect();
        let all = all?;
        let sets: Result<Vec<Set>, Error> = self
            .sets()
            .into_par_iter()
            .map(|options| judge::set(self, &all, options))
            .collect();
        Ok(Compared {
            names: Names::of(self),
            limits: self.each.iter().map(SolveStudy::limit_names).collect(),
            asked: self.clone(),
            trial,
            all,
            sets: sets?,
        })
    }
}

impl Compared {
    /// The comparison as reports see it.
    pub fn report(&self) -> report::Compared<'_> {
        let each = self.asked.each.iter().zip(&self.all).enumerate();
        let options = each.map(|(i, (own, found))| report::Judged {
            name: &self.names.options[i],
            case: self.asked.case(i),
            restated: self.asked.specs[i]
                .targets
                .iter()
                .map(|t| t.target)
                .collect(),
            answered: own.answered(&found.solved, &self.limits[i]),
            attained: found
                .attained
                .as_ref()
                .map(|(attained, targets)| (attained, &targets[..])),
            has_inputs: !self.asked.uncertain.drawn.is_empty(),
        });
        let sets = self.sets.iter().zip(&self.names.sets);
        let sets = sets.map(|(set, name)| report::Set {
            name,
            options: &set.options,
            judged: set.judged.iter().map(Judgement::report).collect(),
            robust: set.robust.as_ref().map(RobustPlan::report),
        });
        report::Compared {
            catalogue: self.asked.study.catalogue(),
            scenario: self.asked.study.scenario(),
            options: options.collect(),
            cases: &self.names.cases,
            sets: sets.collect(),
            draws: report::Draws {
                count: self.trial.draws,
                seed: self.trial.seed,
                model_error: self.trial.model_error,
                inputs: &self.asked.uncertain.drawn,
                decided: &self.asked.uncertain.decided,
            },
        }
    }
}
