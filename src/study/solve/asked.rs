//! What is asked of a plan, and the plan that is found.

use super::diagnose;
use crate::problem::Error;
use crate::run::{Run, Study, compiled};
use jianpai_core::catalogue::Account;
use jianpai_core::compile::coal_cap_of;
use jianpai_core::kernel;
use jianpai_core::measure::Policy;
use jianpai_core::plan::Plan;
use jianpai_core::target::{Verdict, is_met};
use jianpai_core::text::Text;
use jianpai_load::diag::{Diagnostic, Diagnostics, Severity};
use jianpai_load::scenario::solve::{HighSpec, LimitOf, ObjectiveSpec, SolveSpec};
use jianpai_report::solve::{Answered, Found};
use jianpai_solve::affine::{Paced, Sheets};
use jianpai_solve::answer::{Outcome, Solution, answer};
use jianpai_solve::conflict::Explanation;
use jianpai_solve::programme::{Counted, Free, Group, Limit, MOST, Objective, Programme, Spec};
use jianpai_solve::solver::Failure;

/// Times that a plan joined to observed values is sought anew.
const ROUNDS: usize = 12;
/// What a limit may lack, of itself.
const SLACK: f64 = 1e-9;

/// What overrides a `[solve]`.
#[derive(Clone, Copy, Debug, Default)]
pub struct SolveOptions {
    /// What is made least.
    pub objective: Option<ObjectiveSpec>,
}

/// A study with its `[solve]`, ready to be solved.
#[derive(Clone, Debug)]
pub struct SolveStudy {
    /// The scenario without its coal cap.
    pub study: Study,
    /// The scenario as it stands.
    pub file: Study,
    /// What is asked.
    pub spec: SolveSpec,
    /// The coal cap that is a limit here: its id, its name, and the limits.
    pub cap: Option<Cap>,
    /// Measures that stay as stated because what they cost is not known.
    pub held: Vec<usize>,
    /// The measures whose level may differ from year to year.
    pub paced: Vec<Paced>,
    /// The programme at the stated levels.
    pub programme: Programme,
}

/// A coal cap as a limit.
#[derive(Clone, Debug)]
pub struct Cap {
    /// The id of the measure.
    pub id: String,
    /// Its name.
    pub name: Text,
}

/// What came out.
#[derive(Clone, Debug)]
pub enum Solved {
    /// A plan that the kernel confirms.
    Plan(Box<Planned>),
    /// None can be made.
    Infeasible(Box<Explanation>),
}

/// A plan and its run.
#[derive(Clone, Debug)]
pub struct Planned {
    /// What the solver says.
    pub solution: Solution,
    /// The programme that it solves.
    pub programme: Programme,
    /// What the kernel says.
    pub run: Run,
}

/// Compiles a study to be solved; what is wrong goes to `diags`.
pub(crate) fn compile(
    study: &Study,
    mut spec: SolveSpec,
    options: SolveOptions,
    diags: &mut Diagnostics,
) -> Option<SolveStudy> {
    if let Some(objective) = options.objective {
        spec.objective = objective;
        if objective != ObjectiveSpec::Cost {
            spec.discount = None;
        }
    }
    let measures = study.scenario().measures.iter();
    let ids: Vec<String> = measures.map(|m| m.id.clone()).collect();
    let file = study.clone();
    let (study, cap, limits) = uncapped(study, diags)?;
    // A coal cap is no measure of the plan any more.
    let place = |m: usize| study.plan.measures.iter().position(|own| own.id == ids[m]);
    spec.renumber(place);
    let (asked, held) = asked(&study.plan, &spec, limits);
    let paced = paced(&study, &spec, &asked, diags)?;
    let catalogue = study.catalogue();
    let sheets = Sheets::of(catalogue, &study.plan).with_paced(paced.clone());
    let programme = Programme::of(&sheets, &study.scenario().targets, asked);
    let programme = programme
        .map_err(|failure| diags.push(failed(&failure)))
        .ok()?;
    let found = diagnose::all(&study, &spec, &sheets, &programme);
    let found = found.map_err(|failure| diags.push(failed(&failure))).ok()?;
    let wrong = found.iter().any(|one| one.severity == Severity::Error);
    diags.extend(found);
    drop(sheets);
    (!wrong).then_some(SolveStudy {
        study,
        file,
        spec,
        cap,
        held,
        paced,
        programme,
    })
}

/// The measures sought that have a pace, with their timetables.
fn paced(
    study: &Study,
    spec: &SolveSpec,
    asked: &Spec,
    diags: &mut Diagnostics,
) -> Option<Vec<Paced>> {
    let (mut all, mut at_once) = (Vec::new(), Vec::new());
    let mut wrong = false;
    for free in &asked.free {
        let measure = &study.plan.measures[free.measure];
        let bound = spec.bounds.iter().find(|b| b.measure == free.measure);
        let own = bound.and_then(|bound| Some((bound.pace?, bound.span)));
        let Some((most, span)) = own.or(spec.pace) else {
            continue;
        };
        let measures = &study.scenario().measures;
        let Some(stated) = measures.iter().find(|m| m.id == measure.id) else {
            continue;
        };
        // What turns a fleet over has a course of its own, no level of each year.
        let mut layouts = measure.shifts.iter().filter_map(|s| s.layout.as_ref());
        if layouts.any(|layout| layout.years.is_some()) {
            if own.is_some() {
                diags.push(diagnose::own_course(&measure.id, span));
                wrong = true;
            }
            continue;
        }
        match Paced::of(free.measure, &stated.ramp, &study.plan.years, most) {
            Some(paced) => all.push(paced),
            None if own.is_some() => {
                diags.push(diagnose::no_years(&measure.id, span));
                wrong = true;
            }
            None => at_once.push(measure.id.as_str()),
        }
    }
    if let (Some((_, span)), false) = (spec.pace, at_once.is_empty()) {
        diags.push(diagnose::at_once(&at_once, span));
    }
    (!wrong).then_some(all)
}

/// The study without its coal cap, and the limits that stand for it.
pub(crate) fn uncapped(
    study: &Study,
    diags: &mut Diagnostics,
) -> Option<(Study, Option<Cap>, Vec<Limit>)> {
    let scenario = study.scenario();
    let capped = scenario
        .measures
        .iter()
        .find(|m| m.kind.is_cap() && m.level > 0.0);
    if !scenario.measures.iter().any(|m| m.kind.is_cap()) {
        return Some((study.clone(), None, Vec::new()));
    }
    let mut loaded = study.loaded.clone();
    loaded.scenario.measures.retain(|m| !m.kind.is_cap());
    let without = match compiled(&study.data, &study.files, loaded) {
        Ok(without) => without,
        Err((_, found)) => {
            diags.extend(found);
            return None;
        }
    };
    let Some(measure) = capped else {
        return Some((without, None, Vec::new()));
    };
    let plan = &without.plan;
    let q = plan.account(Account::Coal)?;
    let coal = kernel::account(plan, &plan.stated_levels(), q);
    // It compiled with the measure.
    let most = coal_cap_of(measure, &coal, &plan.years).ok()?;
    let limits = (measure.ramp.end_in(&plan.years)..plan.span()).map(|t| Limit {
        id: measure.id.clone(),
        of: Counted::Account(Account::Coal),
        t,
        most,
        added: false,
    });
    let limits = limits.collect();
    let cap = Cap {
        id: measure.id.clone(),
        name: measure.name.clone(),
    };
    Some((without, Some(cap), limits))
}

/// What is asked of a plan, and the measures that are held for want of a cost.
fn asked(plan: &Plan, spec: &SolveSpec, mut limits: Vec<Limit>) -> (Spec, Vec<usize>) {
    let fixed: Vec<usize> = spec.fixed.iter().map(|(m, _)| *m).collect();
    let (mut free, mut held) = (Vec::new(), Vec::new());
    for (m, measure) in plan.measures.iter().enumerate() {
        if measure.policy == Policy::Current || fixed.contains(&m) {
            continue;
        }
        let bound = spec.bounds.iter().find(|bound| bound.measure == m);
        if spec.objective == ObjectiveSpec::Cost && !measure.cost_known && bound.is_none() {
            held.push(m);
            continue;
        }
        let usual = measure.level.max(1.0);
        let high = match bound.map(|bound| bound.high) {
            None | Some(HighSpec::Usual) => usual,
            Some(HighSpec::Level(level)) => level,
            Some(HighSpec::Stock) => MOST,
        };
        free.push(Free {
            measure: m,
            low: bound.and_then(|bound| bound.low).unwrap_or(0.0),
            high,
        });
    }
    let own = spec.limits.iter().filter_map(|limit| {
        Some(Limit {
            id: limit.id.clone(),
            of: match limit.of {
                LimitOf::Account(account) => Counted::Account(account),
                LimitOf::Carrier(carrier) => Counted::Carrier(carrier),
                LimitOf::Service(service) => Counted::Service(service),
            },
            t: plan.year(limit.year)?,
            most: limit.most,
            added: limit.added,
        })
    });
    // Those of the file come first: their places are those of the specification.
    let mut all: Vec<Limit> = own.collect();
    all.append(&mut limits);
    let groups = spec.groups.iter().map(|group| Group {
        id: group.id.clone(),
        measures: group.measures.iter().map(|(m, _)| *m).collect(),
        count: group.count,
        exactly: group.exactly,
        whole: group.whole,
    });
    let groups = groups.collect();
    let objective = match spec.objective {
        ObjectiveSpec::Cost => Objective::Cost(spec.discount),
        ObjectiveSpec::Effort => Objective::Effort,
        ObjectiveSpec::Even => Objective::Even,
    };
    let orders = spec.orders.iter();
    let orders = orders.map(|order| order.measures.iter().map(|(m, _)| *m).collect());
    let asked = Spec {
        objective,
        free,
        limits: all,
        groups,
        orders: orders.collect(),
    };
    (asked, held)
}

impl SolveStudy {
    /// Solves it. A plan comes back only as the ordinary kernel confirms it: compiled anew
    /// at its levels, every target met and every limit kept.
    ///
    /// # Errors
    /// The solver fails, or the kernel does not confirm what it says.
    pub fn solve(&self) -> Result<Solved, Error> {
        let mut programme = self.programme.clone();
        let (mut kept, mut lacked) = (None, None);
        for _ in 0..ROUNDS {
            let found = answer(&programme).map_err(|failure| refused(&failure))?;
            let solution = match found {
                Outcome::Best(solution) => *solution,
                Outcome::Infeasible(why) => {
                    return Ok(kept.unwrap_or(Solved::Infeasible(why)));
                }
            };
            let run = self.run_at(&programme, &solution.point.x)?;
            let lacking = self.unconfirmed(&programme, &run);
            let same = says_the_same(&programme, &solution, &run);
            if same && lacking.is_none() {
                return Ok(Solved::Plan(Box::new(Planned {
                    solution,
                    programme,
                    run,
                })));
            }
            // What a measure takes from whom, and the join to observed values, may move
            // with the levels: once more from here.
            if same && kept.is_some() {
                break;
            }
            let next = self.programme_at(&programme, &solution.point.x, &run)?;
            let before = std::mem::replace(&mut programme, next);
            match lacking {
                Some(lacking) => lacked = Some((lacking, is_joined(&run))),
                None => {
                    kept = Some(Solved::Plan(Box::new(Planned {
                        solution,
                        programme: before,
                        run,
                    })));
                }
            }
        }
        match (kept, lacked) {
            (Some(plan), _) => Ok(plan),
            (None, Some((lacking, false))) => Err(unconfirmed(&lacking)),
            _ => Err(unsettled()),
        }
    }

    /// What came out, as reports see it; `limits` are what [`SolveStudy::limit_names`] gives.
    pub fn answered<'a>(&'a self, solved: &'a Solved, limits: &'a [Text]) -> Answered<'a> {
        let (planned, found) = match solved {
            Solved::Plan(planned) => (Some(planned), Found::Plan(&planned.solution)),
            Solved::Infeasible(why) => (None, Found::Infeasible(why)),
        };
        let plan = planned.map_or(&self.study.plan, |planned| &planned.run.study.plan);
        let alike = self.paced.is_empty();
        Answered {
            catalogue: self.study.catalogue(),
            scenario: self.study.scenario(),
            plan,
            laid_out: if alike { plan } else { &self.study.plan },
            programme: planned.map_or(&self.programme, |planned| &planned.programme),
            limits,
            held: &self.held,
            found,
        }
    }

    /// What each limit is called: by the file, by the coal cap that it stands for, or by
    /// what it counts.
    pub fn limit_names(&self) -> Vec<Text> {
        let own = self.spec.limits.iter();
        let mut names: Vec<Text> = own
            .map(|limit| {
                let named = limit.name.clone();
                named.unwrap_or_else(|| {
                    let id = &limit.id;
                    Text::new(format!("上限 `{id}`"), format!("the limit `{id}`"))
                })
            })
            .collect();
        let rest = self.programme.spec.limits.len() - names.len();
        if let Some(cap) = &self.cap {
            names.extend(std::iter::repeat_n(cap.name.clone(), rest));
        }
        names
    }

    /// The id of a free measure.
    fn id(&self, measure: usize) -> &str {
        &self.study.plan.measures[measure].id
    }

    /// The levels of the free measures at a point.
    fn levels(&self, programme: &Programme, x: &[f64]) -> Vec<(&str, f64)> {
        let free = programme.spec.free.iter().zip(x);
        free.map(|(free, x)| (self.id(free.measure), *x)).collect()
    }

    /// The programme made anew at a point that was run: what measures take from whom, and
    /// the join to observed values, may move with levels.
    pub(crate) fn programme_at(
        &self,
        programme: &Programme,
        x: &[f64],
        run: &Run,
    ) -> Result<Programme, Error> {
        let laid_out = self.laid_out_at(programme, x, run)?;
        let sheets = Sheets::of(self.study.catalogue(), &laid_out.plan);
        let sheets = sheets.with_paced(self.paced.clone());
        let targets = &self.study.scenario().targets;
        let made = Programme::of(&sheets, targets, self.programme.spec.clone());
        let mut made = made.map_err(|failure| refused(&failure))?;
        made.stated.clone_from(&self.programme.stated);
        Ok(made)
    }

    /// The study at a point of a programme, run.
    pub(crate) fn run_at(&self, programme: &Programme, x: &[f64]) -> Result<Run, Error> {
        let levels = self.levels(programme, x);
        let paths: Vec<(&str, Vec<(i32, f64)>)> = programme
            .paths(x)
            .map(|(measure, path)| (self.id(measure), path))
            .collect();
        Ok(self.study.with_paths(&levels, &paths)?.run())
    }

    /// The study from which the programme is made anew at a solution: at its levels, and on
    /// the stated timetables of what is paced, which tell what each year does.
    pub(crate) fn laid_out_at(
        &self,
        programme: &Programme,
        x: &[f64],
        run: &Run,
    ) -> Result<Study, Error> {
        if self.paced.is_empty() {
            return Ok(run.study.clone());
        }
        self.study.with_levels(&self.levels(programme, x))
    }

    /// What the kernel does not confirm: the id of a target that is missed or of a limit
    /// that is broken.
    pub(crate) fn unconfirmed(&self, programme: &Programme, run: &Run) -> Option<String> {
        for (i, wanted) in &programme.wanted {
            let verdict = run.outcome.verdicts[*i].as_ref();
            let met = verdict.is_some_and(|v| is_met(v.margin, v.required));
            if !met {
                return Some(wanted.target.id.clone());
            }
        }
        self.broken(programme, run)
    }

    /// The id of a limit that a run does not keep.
    pub(crate) fn broken(&self, programme: &Programme, run: &Run) -> Option<String> {
        let plan = &run.study.plan;
        let sheets = Sheets::of(self.study.catalogue(), plan);
        let levels = plan.stated_levels();
        for limit in &programme.spec.limits {
            let counted = Programme::counted(&sheets, limit);
            let size = counted
                .slopes
                .iter()
                .fold(limit.most, |a, s| a.max(s.abs()));
            if counted.at(&levels) > limit.most + SLACK * size {
                return Some(limit.id.clone());
            }
        }
        None
    }
}

/// Whether a plan is joined to observed values.
fn is_joined(run: &Run) -> bool {
    run.study.plan.observed_until.iter().any(Option::is_some)
}

/// Whether what the programme says of every target is what the kernel gives.
pub(super) fn says_the_same(programme: &Programme, solution: &Solution, run: &Run) -> bool {
    programme.wanted.iter().all(|(i, wanted)| {
        let verdict = run.outcome.verdicts[*i].as_ref();
        let said = wanted.asked.reached(&solution.levels);
        let near = |v: &Verdict| (v.reached - said).abs() <= 1e-9 * said.abs().max(1e-3);
        verdict.is_some_and(near)
    })
}

/// A join that moves with the measures and does not come to rest.
fn unsettled() -> Error {
    Error::refused(
        "与观测值衔接的情景，求解未能收敛：衔接随措施而变。请把观测年份以前的措施写入 [solve] fixed",
        "the solve does not settle: the join to observed values moves with the measures. Name those before the observed years in `fixed` of [solve]",
    )
}

/// A solver that fails, as a diagnostic.
fn failed(failure: &Failure) -> Diagnostic {
    let Failure(why) = failure;
    let message = Text::new(
        format!("求解器失败：{why}"),
        format!("the solver fails: {why}"),
    );
    Diagnostic::error("solver", message)
}

/// A solver that fails.
pub(crate) fn refused(failure: &Failure) -> Error {
    let Failure(why) = failure;
    Error::refused(
        format!("求解器失败：{why}"),
        format!("the solver fails: {why}"),
    )
}

/// A plan that the kernel does not confirm.
fn unconfirmed(id: &str) -> Error {
    Error::refused(
        format!("求解结果未得到模型证实：`{id}` 重算后不满足。结果不采用"),
        format!(
            "the model does not confirm the solution: `{id}` does not hold when it is run. It is not used"
        ),
    )
}
