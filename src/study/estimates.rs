//! Which estimated numbers of a region of one's own matter most for the targets.
//!
//! Each number is made 1 % larger (smaller, where that cannot run), the place is made anew
//! with it, compiled and run: so everything that rests on the number moves along, the base
//! year too. What a number does to a target is told for 10 % of it:
//!
//! ```text
//! effect[n, target] = Σ_{parts of n} |y(n · 1.01) − y(n)| · 10
//! ```
//!
//! with *y* the reduction reached, or what is reached over what is required. A number of
//! several parts (the classes of an inventory, the technologies of a service) has the sum
//! of theirs. Numbers stand in the order of their sums over all targets.

use crate::run::Study;
use jianpai_core::catalogue::{Catalogue, IndicatorKind};
use jianpai_core::compile::compile;
use jianpai_core::dims::IndicatorId;
use jianpai_core::outcome;
use jianpai_core::place::{Asked, Input, Own};
use jianpai_core::scenario::Scenario;
use jianpai_core::target::Demand;
use jianpai_report::estimates::{Aim, Estimate};
use rayon::prelude::*;

/// By how much a number is moved.
const STEP: f64 = 0.01;

/// The estimated numbers of the region of a study, the one that matters most first; none
/// where the region is built in.
pub fn estimates(study: &Study) -> Vec<Estimate> {
    let Some(grown) = &study.loaded.grown else {
        return Vec::new();
    };
    let (catalogue, scenario) = (study.catalogue(), study.scenario());
    // Whoever asks for another region gets no advice on this one.
    let Some(own) = grown
        .place
        .as_ref()
        .filter(|_| grown.region == Some(scenario.region))
    else {
        return Vec::new();
    };
    let aims = aims(catalogue, scenario);
    let Some(stated) = reached(catalogue, scenario, &aims) else {
        return Vec::new();
    };
    let asked = own.asked(catalogue);
    let effects: Vec<Vec<f64>> = asked
        .par_iter()
        .map(|(_, inputs)| {
            let mut sums = vec![0.0; aims.len()];
            for input in inputs {
                let moved = moved(catalogue, scenario, (own, input), &aims);
                for ((sum, y), before) in
                    sums.iter_mut().zip(moved.unwrap_or_default()).zip(&stated)
                {
                    *sum += (y - before).abs() * 0.1 / STEP;
                }
            }
            sums
        })
        .collect();
    let mut all: Vec<Estimate> = asked
        .into_iter()
        .zip(effects)
        .filter(|(_, effects)| effects.iter().any(|effect| *effect > 1e-9))
        .map(|((asked, _), effects)| estimate(catalogue, own, asked, &aims, &effects))
        .collect();
    // A stable order: numbers that do the same keep the order of the file.
    all.sort_by(|a, b| b.sum.total_cmp(&a.sum));
    all
}

fn estimate(
    catalogue: &Catalogue,
    own: &Own,
    asked: Asked,
    aims: &[Aim],
    effects: &[f64],
) -> Estimate {
    let most = effects.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1));
    let (at, effect) = most.map_or((0, 0.0), |(at, effect)| (at, *effect));
    let part = match &asked {
        Asked::Proxy(p) => own.part_by(catalogue, *p),
        Asked::Amount(v) => own.part(catalogue, *v),
        _ => None,
    };
    Estimate {
        asked,
        part,
        parent: own.parent,
        aim: aims[at].clone(),
        effect,
        sum: effects.iter().sum(),
    }
}

/// What is aimed at: the targets, or where there are none the emissions of the last year.
fn aims(catalogue: &Catalogue, scenario: &Scenario) -> Vec<Aim> {
    let all = scenario.targets.iter().enumerate();
    let targets = all.map(|(at, target)| Aim {
        target: Some(at),
        indicator: target.indicator,
        year: target.year,
    });
    let targets: Vec<Aim> = targets.collect();
    if !targets.is_empty() {
        return targets;
    }
    let pairs = catalogue.in_pairs().into_iter();
    let emission = |i: &IndicatorId| {
        matches!(
            catalogue.indicators[i.at()].kind,
            IndicatorKind::Emission(..)
        )
    };
    pairs
        .filter(emission)
        .map(|indicator| Aim {
            target: None,
            indicator,
            year: scenario.end_year,
        })
        .collect()
}

/// What a scenario reaches of each aim; `None` if it cannot run.
fn reached(catalogue: &Catalogue, scenario: &Scenario, aims: &[Aim]) -> Option<Vec<f64>> {
    let plan = compile(catalogue, scenario).ok()?;
    let outcome = outcome::run(catalogue, scenario, &plan);
    let of = |aim: &Aim| {
        if let Some(at) = aim.target {
            return outcome.verdicts[at].map_or(0.0, |verdict| match scenario.targets[at].demand {
                Demand::Reduction { .. } => verdict.reached,
                _ if verdict.required == 0.0 => 0.0,
                _ => verdict.reached / verdict.required,
            });
        }
        let values = &outcome.indicators[aim.indicator.at()];
        match (values.first(), values.last()) {
            (Some(first), Some(last)) if *first > 0.0 => 1.0 - last / first,
            _ => 0.0,
        }
    };
    Some(aims.iter().map(of).collect())
}

/// The same with one number moved.
fn moved(
    catalogue: &Catalogue,
    scenario: &Scenario,
    (own, input): (&Own, &Input),
    aims: &[Aim],
) -> Option<Vec<f64>> {
    let up = with(catalogue, scenario, own, (input, 1.0 + STEP));
    let up = up.and_then(|scenario| reached(catalogue, &scenario, aims));
    up.or_else(|| {
        let down = with(catalogue, scenario, own, (input, 1.0 - STEP))?;
        reached(catalogue, &down, aims)
    })
}

/// The scenario with one number of its region times a factor.
fn with(
    catalogue: &Catalogue,
    scenario: &Scenario,
    own: &Own,
    nudge: (&Input, f64),
) -> Option<Scenario> {
    let base = scenario.base_year;
    let plain = own.world(catalogue, None)?.from_base(base);
    let mut world = own.world(catalogue, Some(nudge))?.from_base(base);
    // The user's own inventory stays what it is.
    for (account, inventory) in &scenario.world.inventory {
        if plain.inventory.get(account) != Some(inventory) {
            world.inventory.insert(*account, inventory.clone());
        }
    }
    let mut moved = scenario.clone();
    moved.world = world;
    Some(moved)
}
