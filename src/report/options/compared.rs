//! A comparison as reports see it.

use crate::case::{display, number, percent};
use crate::claims::Claim;
use crate::solve::{Answered, Found};
use jianpai_core::catalogue::{Catalogue, Indicator};
use jianpai_core::scenario::Scenario;
use jianpai_core::target::Demand;
use jianpai_core::text::Text;
use jianpai_solve::answer::Solution;
use jianpai_solve::conflict::{Explanation, Member};
use jianpai_sweep::engine::attained::{Attained, Met};

/// Options, solved, tried and judged.
pub struct Compared<'a> {
    /// The data.
    pub catalogue: &'a Catalogue,
    /// The scenario as it stands.
    pub scenario: &'a Scenario,
    /// The options.
    pub options: Vec<Judged<'a>>,
    /// What the cases of growth are called.
    pub cases: &'a [Text],
    /// Options of the same targets.
    pub sets: Vec<Set<'a>>,
    /// On what plans were tried.
    pub draws: Draws<'a>,
}

/// An option.
pub struct Judged<'a> {
    /// Its name.
    pub name: &'a Text,
    /// Its case of growth.
    pub case: usize,
    /// The targets that it restates, as indices into the scenario's.
    pub restated: Vec<usize>,
    /// Its answer.
    pub answered: Answered<'a>,
    /// How often its plan meets the targets, and which targets are judged so.
    pub attained: Option<(&'a Attained, &'a [usize])>,
    /// Whether anything is drawn beside the model's error.
    pub has_inputs: bool,
}

/// Options of the same targets under their cases of growth.
pub struct Set<'a> {
    /// Its name: what it asks.
    pub name: &'a Text,
    /// Its options.
    pub options: &'a [usize],
    /// Every plan in every case.
    pub judged: Vec<Judgement<'a>>,
    /// The plan of least worst regret.
    pub robust: Option<Robust<'a>>,
}

/// The plan of one option in the case of another.
pub struct Judgement<'a> {
    /// Whose plan it is.
    pub plan: usize,
    /// In whose case it is judged.
    pub under: usize,
    /// What it costs there (units of the objective).
    pub cost: f64,
    /// Targets that it misses, and by how much, in base units.
    pub missed: &'a [(usize, f64)],
    /// A limit that it breaks, by its id.
    pub broken: Option<&'a str>,
    /// The least cost there, if the case is within reach.
    pub least: Option<f64>,
    /// Its regret; infinite where it misses; none where the case is out of reach.
    pub regret: Option<f64>,
}

/// The plan of least worst regret.
pub struct Robust<'a> {
    /// Its unknowns, the levels of the free measures first.
    pub levels: &'a [f64],
    /// Options, what it costs in the case of each, and its regret there.
    pub cases: &'a [(usize, f64, f64)],
    /// The greatest regret.
    pub worst: f64,
}

/// On what plans were tried.
#[derive(Clone, Copy)]
pub struct Draws<'a> {
    /// How many there are.
    pub count: u64,
    /// Their seed.
    pub seed: u64,
    /// Whether the model's error is drawn.
    pub model_error: bool,
    /// Inputs of the `[sweep]` that are drawn.
    pub inputs: &'a [String],
    /// Inputs of it that are decisions here.
    pub decided: &'a [String],
}

/// What a target is asked, in a word: `−6%`, `≤62 万吨`.
pub fn asked_in_short(indicator: &Indicator, demand: Demand) -> Text {
    let shown = display(indicator);
    let amount = |sign: &str, value: f64| {
        let value = number(value / shown.scale);
        Text::new(
            format!("{sign}{value} {}", shown.unit.zh),
            format!("{sign}{value} {}", shown.unit.en),
        )
    };
    match demand {
        Demand::Reduction { wanted, .. } if wanted < 0.0 => {
            Text::same(format!("+{}", percent(-wanted)))
        }
        Demand::Reduction { wanted, .. } => Text::same(format!("−{}", percent(wanted))),
        Demand::Cap(limit) => amount("≤", limit),
        Demand::Floor(limit) => amount("≥", limit),
        Demand::Cumulative { limit, .. } => amount("Σ≤", limit),
        Demand::Project { wanted, .. } => {
            let Text { zh, en } = amount("≥", wanted);
            Text::new(format!("减排量{zh}"), format!("cut {en}"))
        }
    }
}

/// A share of draws, with what may be stated of it.
pub(crate) struct Stated {
    /// The share (part of 1).
    pub share: f64,
    /// By the model alone.
    pub by_model: f64,
    /// Its 95 % interval.
    pub interval: (f64, f64),
    /// What may be stated.
    pub claim: Claim,
}

impl Stated {
    /// The share as people read it.
    pub fn text(&self) -> String {
        self.claim.text(self.share)
    }
}

impl Judged<'_> {
    /// Its plan, if there is one.
    pub(crate) fn plan(&self) -> Option<&Solution> {
        match self.answered.found {
            Found::Plan(solution) => Some(solution),
            Found::Infeasible(_) => None,
        }
    }

    /// Why there is none.
    pub(crate) fn why(&self) -> Option<&Explanation> {
        match self.answered.found {
            Found::Plan(_) => None,
            Found::Infeasible(why) => Some(why),
        }
    }

    /// How often all targets are met.
    pub(crate) fn all(&self) -> Option<Stated> {
        let (attained, _) = self.attained?;
        let cases: Vec<Option<usize>> = attained.each.iter().map(|met| met.cases).collect();
        let own = |i: usize| attained.each[i].said.share();
        stated(&attained.all, |share, interval| {
            Claim::of_all(share, Some(interval), (&cases, &own))
        })
    }

    /// How often a target of the scenario is met; none where nothing that is drawn touches
    /// it.
    pub(crate) fn one(&self, target: usize) -> Option<Stated> {
        let (attained, targets) = self.attained?;
        let place = targets.iter().position(|own| *own == target)?;
        let met = &attained.each[place];
        if met.cases.is_none() && !self.has_inputs {
            return None;
        }
        stated(met, |share, interval| {
            Claim::of_one(share, Some(interval), met.cases)
        })
    }

    /// The part of its money that rests on assumed numbers; none where what the money rests
    /// on is not known.
    pub(crate) fn assumed(&self, plan: &Solution) -> Option<f64> {
        let parts = self.answered.support(plan);
        (parts.iter().sum::<f64>() > 0.0).then(|| self.answered.assumed(plan))
    }

    /// Measures at their ceilings and stocks used up that have a price, dearest first: what
    /// one unit more of each saves (units of the objective).
    pub(crate) fn binding(&self) -> Vec<(Member, f64)> {
        let Some(plan) = self.plan() else {
            return Vec::new();
        };
        let binds = plan.prices.iter().filter(|price| {
            let of = matches!(price.member, Member::Target(_) | Member::Least(_));
            !of && price.looser > 0.0
        });
        let mut all: Vec<(Member, f64)> = binds
            .map(|price| {
                let each = self.answered.unit_of(price.member);
                (price.member, price.looser * each.scale)
            })
            .collect();
        all.sort_by(|a, b| b.1.total_cmp(&a.1));
        all
    }
}

fn stated(met: &Met, claim: impl Fn(f64, (f64, f64)) -> Claim) -> Option<Stated> {
    let share = met.said.share()?;
    let interval = met.said.interval(0.95);
    Some(Stated {
        share,
        by_model: met.by_model.share()?,
        interval,
        claim: claim(share, interval),
    })
}

impl Compared<'_> {
    /// The regrets of an option's plan in all cases of its set.
    pub(crate) fn regrets(&self, option: usize) -> impl Iterator<Item = &Judgement<'_>> {
        let sets = self.sets.iter().flat_map(|set| &set.judged);
        sets.filter(move |judged| judged.plan == option)
    }

    /// The greatest regret of an option's plan over the cases within reach, where there are
    /// several; infinite where it misses in one of them.
    pub(crate) fn worst(&self, option: usize) -> Option<f64> {
        let all: Vec<f64> = self.regrets(option).filter_map(|j| j.regret).collect();
        (all.len() > 1).then(|| all.iter().copied().fold(0.0, f64::max))
    }

    /// Whether the plans of any set are judged under another growth than their own.
    pub(crate) fn has_regret(&self) -> bool {
        self.sets.iter().any(|set| set.options.len() > 1)
    }
}
