//! Plans under another growth than they were made for, and the one of least worst regret.

use super::asked::{OptionsStudy, Solution};
use crate::problem::Error;
use crate::solve::{Solved, refused};
use jianpai_core::target::is_met;
use jianpai_report::options as report;
use jianpai_solve::programme::Programme;
use jianpai_solve::regret::{robust, worth};

/// Times that a robust plan is sought anew where what measures take moves with levels.
const ROUNDS: usize = 12;
/// Regrets that differ by less, of themselves, are the same.
const SAME: f64 = 1e-9;

/// A plan in one case of growth.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    /// What it costs there (units of the objective).
    pub cost: f64,
    /// Targets that it misses, as indices into the scenario's, and by how much, in the
    /// terms of the verdict's margin.
    pub missed: Vec<(usize, f64)>,
    /// A limit that it breaks, by its id.
    pub broken: Option<String>,
}

impl Judged {
    /// Whether it keeps all targets and limits.
    pub fn holds(&self) -> bool {
        self.missed.is_empty() && self.broken.is_none()
    }
}

/// The plan of an option judged in the case of another option of its set.
#[derive(Clone, Debug, PartialEq)]
pub struct Judgement {
    /// The option whose plan it is.
    pub plan: usize,
    /// The option in whose case it is judged.
    pub under: usize,
    /// What comes out.
    pub judged: Judged,
    /// The least cost in that case; `None` where it is out of reach.
    pub least: Option<f64>,
}

impl Judgement {
    /// Its regret: `None` where the case is out of reach, so that nothing is to be blamed;
    /// infinite where the plan misses.
    pub fn regret(&self) -> Option<f64> {
        let least = self.least?;
        Some(if self.judged.holds() {
            self.judged.cost - least
        } else {
            f64::INFINITY
        })
    }

    /// As reports see it.
    pub(super) fn report(&self) -> report::Judgement<'_> {
        report::Judgement {
            plan: self.plan,
            under: self.under,
            cost: self.judged.cost,
            missed: &self.judged.missed,
            broken: self.judged.broken.as_deref(),
            least: self.least,
            regret: self.regret(),
        }
    }
}

/// The plan of least worst regret over the cases of a set within reach.
#[derive(Clone, Debug, PartialEq)]
pub struct RobustPlan {
    /// Its unknowns, the levels of free measures first.
    pub x: Vec<f64>,
    /// The cases, as options of the set, with what it costs in each and its regret.
    pub cases: Vec<(usize, f64, f64)>,
    /// The greatest regret.
    pub worst: f64,
}

impl RobustPlan {
    /// As reports see it.
    pub(super) fn report(&self) -> report::Robust<'_> {
        report::Robust {
            levels: &self.x,
            cases: &self.cases,
            worst: self.worst,
        }
    }
}

/// Options of the same targets under their cases of growth.
#[derive(Clone, Debug)]
pub struct Set {
    /// The options.
    pub options: Vec<usize>,
    /// Every plan in every case.
    pub judged: Vec<Judgement>,
    /// The robust plan; `None` if no plan keeps all cases within reach, or if there are
    /// fewer than two.
    pub robust: Option<RobustPlan>,
}

/// Judges the options of a set.
pub(super) fn set(
    asked: &OptionsStudy,
    all: &[Solution],
    options: Vec<usize>,
) -> Result<Set, Error> {
    let mut judged = Vec::new();
    for plan in &options {
        let Solved::Plan(planned) = &all[*plan].solved else {
            continue;
        };
        for under in &options {
            let least = match &all[*under].solved {
                Solved::Plan(own) => Some(own.solution.point.cost),
                Solved::Infeasible(_) => None,
            };
            let (found, _) = under_growth(asked, *under, &planned.solution.point.x)?;
            judged.push(Judgement {
                plan: *plan,
                under: *under,
                judged: found,
                least,
            });
        }
    }
    let within: Vec<(usize, f64)> = options
        .iter()
        .filter_map(|i| match &all[*i].solved {
            Solved::Plan(planned) => Some((*i, planned.solution.point.cost)),
            Solved::Infeasible(_) => None,
        })
        .collect();
    let robust = if within.len() > 1 {
        robust_plan(asked, &within)?
    } else {
        None
    };
    Ok(Set {
        options,
        judged,
        robust,
    })
}

/// A point in the case of an option: what comes out, and the programme there.
fn under_growth(
    asked: &OptionsStudy,
    option: usize,
    x: &[f64],
) -> Result<(Judged, Programme), Error> {
    let own = &asked.each[option];
    let run = own.run_at(&own.programme, x)?;
    let programme = own.programme_at(&own.programme, x, &run)?;
    let missed = programme.wanted.iter().filter_map(|(i, _)| {
        let verdict = run.outcome.verdicts[*i].as_ref();
        match verdict {
            Some(v) if is_met(v.margin, v.required) => None,
            Some(v) => Some((*i, -v.margin)),
            None => Some((*i, f64::INFINITY)),
        }
    });
    let judged = Judged {
        cost: worth(&programme, x),
        missed: missed.collect(),
        broken: own.broken(&programme, &run),
    };
    Ok((judged, programme))
}

/// The plan of least worst regret over options with the least cost of each, confirmed by
/// the kernel in every case.
fn robust_plan(asked: &OptionsStudy, within: &[(usize, f64)]) -> Result<Option<RobustPlan>, Error> {
    let first = within.iter().map(|(i, _)| asked.each[*i].programme.clone());
    let mut programmes: Vec<Programme> = first.collect();
    let mut kept: Option<RobustPlan> = None;
    for _ in 0..ROUNDS {
        let cases: Vec<(&Programme, f64)> = programmes
            .iter()
            .zip(within)
            .map(|(programme, (_, least))| (programme, *least))
            .collect();
        let found = robust(&cases).map_err(|failure| refused(&failure))?;
        let Some(found) = found else {
            return Ok(kept);
        };
        let (mut next, mut own) = (Vec::new(), Vec::new());
        let (mut holds, mut same) = (true, true);
        for ((option, least), said) in within.iter().zip(&found.regrets) {
            let (judged, programme) = under_growth(asked, *option, &found.x)?;
            holds &= judged.holds();
            let regret = judged.cost - least;
            same &= (regret - said).abs() <= SAME * judged.cost.abs().max(1.0);
            own.push((*option, judged.cost, regret));
            next.push(programme);
        }
        if holds {
            let worst = own.iter().map(|(_, _, regret)| *regret);
            let plan = RobustPlan {
                worst: worst.fold(0.0, f64::max),
                cases: own,
                x: found.x,
            };
            if kept
                .as_ref()
                .is_none_or(|before| plan.worst <= before.worst)
                || same
            {
                kept = Some(plan);
            }
            if same {
                break;
            }
        }
        programmes = next;
    }
    Ok(kept)
}
