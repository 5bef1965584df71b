//! Laws that hold for every scenario, tried on random ones: any region, any
//! kinds of measures with random amounts, mixes, ramps, levels and zones.

use crate::support::shares as shares_at;
use crate::support::{
    Recipe, bare, bits, cases, catalogue, close, compiled, data_with, feasible, read_catalogue,
    recipes, run_at, scenario, shares, shares_in, technologies, worlds,
};
use jianpai::core::catalogue::{Account, Catalogue, IndicatorKind};
use jianpai::core::compile::{PlanError, compile};
use jianpai::core::costing;
use jianpai::core::dims::{DriverId, ServiceId};
use jianpai::core::kernel::{self, Draw, Trajectory};
use jianpai::core::measure::ramp::Ramp;
use jianpai::core::measure::spec::KINDS;
use jianpai::core::measure::{CoalUse, Context, Policy, Room, coal_cap};
use jianpai::core::outcome::{self, Item};
use jianpai::core::plan::{Plan, PlannedMeasure};
use jianpai::core::scenario::{Harmonise, Scenario};
use jianpai::core::{lmdi, outcome::Balance};
use proptest::prelude::*;
use rayon::prelude::*;
use std::collections::BTreeSet;

/// Settings: no files of past failures; the failing scenario is printed in full.
fn tries(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: None,
        max_shrink_iters: 400,
        ..ProptestConfig::default()
    }
}

/// The changes of one measure: accounts × years.
fn line<'r>(plan: &Plan, run: &'r Trajectory, measure: usize) -> &'r [f64] {
    let cells = plan.accounts.len() * plan.span();
    &run.change[measure * cells..][..cells]
}

/// Σ |terms| of each account and year: what rounding is measured on.
fn scales(plan: &Plan, run: &Trajectory) -> Vec<f64> {
    let cells = plan.accounts.len() * plan.span();
    (0..cells)
        .map(|i| {
            let changes = (0..plan.measures.len()).map(|m| run.change[m * cells + i].abs());
            let (q, t) = (i / plan.span(), i % plan.span());
            let all = match plan.accounts[q] {
                // Differences of what serving everything costs.
                Account::Cost => served(plan, run, t),
                _ => 0.0,
            };
            run.frozen[i].abs() + run.join[i].abs() + changes.sum::<f64>() + all
        })
        .collect()
}

/// What all services cost at base-year shares (yuan).
fn served(plan: &Plan, run: &Trajectory, t: usize) -> f64 {
    let all = plan.base_year.shares.iter().enumerate();
    all.map(|(k, share)| run.demand[plan.service[k].at()][t] * share * plan.costs.at(k, t))
        .sum()
}

/// Asserts that two tables agree to 1e-9, rounding measured on `scale`.
fn same(a: &[f64], b: &[f64], scale: &[f64], what: &str) {
    assert_eq!(a.len(), b.len(), "{what}");
    for (i, (a, b)) in a.iter().zip(b).enumerate() {
        assert!(
            close(*a, *b, 1e-9, scale[i % scale.len()]),
            "{what} [{i}]: {a} and {b}"
        );
    }
}

/// The scenario without what its measures and observations add.
fn without_measures(scenario: &Scenario) -> Scenario {
    Scenario {
        measures: Vec::new(),
        observed: Vec::new(),
        ..scenario.clone()
    }
}

/// Whether a scenario has a coal cap, which answers to the levels of all measures.
fn has_cap(scenario: &Scenario) -> bool {
    scenario.measures.iter().any(|m| m.kind.is_cap())
}

/// Whether a measure takes from one technology what others leave too little of in another:
/// its split then answers to their levels.
fn is_bent(plan: &Plan) -> bool {
    let shifts = plan.measures.iter().flat_map(|m| &m.shifts);
    let layouts = shifts.filter_map(|shift| shift.layout.as_ref());
    layouts
        .flat_map(|layout| &layout.taken)
        .any(|taken| !taken.bent.is_empty())
}

// The generator itself: laws tried on nothing prove nothing.

#[test]
fn random_scenarios_use_every_kind_of_measure_and_every_way_to_say_how_much() {
    let regions = worlds(catalogue()).len();
    let (mut moved, mut said) = (BTreeSet::new(), BTreeSet::new());
    let (mut kept, mut all) = (0, 0);
    for seed in 0..9 * KINDS.len() as u64 {
        let kind = seed as usize % KINDS.len();
        let recipe = Recipe {
            region: (seed as usize * 7) % regions,
            end: 2022,
            measures: (0..4).map(|i| (kind, seed * 31 + i)).collect(),
            observed: 1,
            seed,
        };
        let case = recipe.case();
        all += 4;
        kept += case.scenario.measures.len();
        for (measure, planned) in case.scenario.measures.iter().zip(&case.plan.measures) {
            said.extend(measure.values.keys().map(|key| (measure.kind.id, *key)));
            if !planned.shifts.is_empty() && measure.level > 0.0 {
                moved.insert(measure.kind.id);
            }
        }
    }
    let kinds: BTreeSet<&str> = KINDS.iter().map(|kind| kind.id).collect();
    assert_eq!(moved, kinds);
    for kind in KINDS {
        for field in kind.fields {
            assert!(
                said.contains(&(kind.id, field.key)),
                "{}: {}",
                kind.id,
                field.key
            );
        }
    }
    assert!(
        kept * 10 > all * 8,
        "only {kept} of {all} measures are carried out"
    );
}

proptest! {
    #![proptest_config(tries(256))]

    // Shares.

    #[test]
    fn every_shift_conserves_demand(case in cases(6, 0)) {
        for measure in &case.plan.measures {
            for shift in &measure.shifts {
                let service = |k: &jianpai::core::dims::TechnologyId| catalogue().technologies[k.at()].service;
                prop_assert!(shift.touched().all(|k| service(k) == shift.service));
                let given: Vec<f64> = shift.give.iter().map(|(_, part)| *part).collect();
                for t in 0..case.plan.span() {
                    let taken: Vec<f64> = shift.take.iter().map(|(_, parts)| parts[t]).collect();
                    for side in [&taken, &given] {
                        let sum: f64 = side.iter().sum();
                        prop_assert!((sum - 1.0).abs() < 1e-12, "{}: {sum}", measure.id);
                        prop_assert!(side.iter().all(|part| *part >= 0.0));
                    }
                }
                prop_assert!(shift.amount.iter().all(|amount| *amount >= 0.0 && amount.is_finite()));
                prop_assert!(shift.amount[0].abs() < f64::EPSILON, "{} moves something in the base year", measure.id);
            }
        }
    }

    #[test]
    fn shares_sum_to_one_and_none_is_negative(case in cases(6, 0)) {
        let shares = shares(&case.plan, &case.plan.stated_levels());
        for service in &catalogue().services {
            let id = &service.named.id;
            let paths: Vec<&Vec<f64>> = service.technologies.iter().map(|k| &shares[k.at()]).collect();
            let mut sums = vec![0.0; case.plan.span()];
            for path in paths {
                prop_assert!(path.iter().all(|share| (-1e-9..=1.0 + 1e-9).contains(share)), "{id}: {path:?}");
                sums.iter_mut().zip(path).for_each(|(sum, share)| *sum += share);
            }
            prop_assert!(sums.iter().all(|sum| (sum - 1.0).abs() < 1e-12), "{id}: {sums:?}");
        }
        // What the plan keeps for sweeps says the same.
        for row in &case.plan.shares {
            for (t, expected) in shares[row.technology.at()].iter().enumerate() {
                let changes = row.changes.iter().map(|(m, change)| case.plan.measures[*m].level * change[t]);
                let share = row.base + changes.sum::<f64>();
                prop_assert!((share - expected).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn an_over_claim_is_found_exactly_when_a_share_falls_below_zero(case in cases(5, 0), factor in 0.5..4.0f64) {
        prop_assume!(!has_cap(&case.scenario));
        let mut more = case.scenario.clone();
        for measure in more.measures.iter_mut().filter(|m| m.policy == Policy::New) {
            measure.level *= factor;
        }
        let levels: Vec<f64> = more.measures.iter().map(|m| m.level).collect();
        let shares = shares(&case.plan, &levels);
        let lowest = |k: usize| shares[k].iter().copied().fold(f64::INFINITY, f64::min);
        let below: BTreeSet<usize> = (0..shares.len()).filter(|k| lowest(*k) < -1e-9).collect();
        let exact = !more.measures.iter().any(|m| m.kind.adapts);
        let found = match compile(catalogue(), &more) {
            Ok(plan) => {
                // What one technology cannot give others did: none is below zero.
                let left = shares_at(&plan, &levels);
                prop_assert!(left.iter().flatten().all(|share| *share >= -1e-9));
                prop_assert!(!exact || below.is_empty());
                return Ok(());
            }
            Err(errors) => errors,
        };
        let mut named = BTreeSet::new();
        for error in found {
            let PlanError::OverClaim { zone, technology, year, excess, available, claims } = error else {
                // A stock that a measure counts itself (vehicles, t/h) is told in its own unit,
                // and of the whole that is stated, which a run may end before.
                let PlanError::Measure { problem, .. } = &error else {
                    panic!("{error:?}");
                };
                prop_assert!(["number", "capacity"].contains(&problem.key.as_str()), "{error:?}");
                return Ok(());
            };
            if zone.is_some() {
                continue; // a zone can be short where the region is not
            }
            let path = &shares[technology.at()];
            named.insert(technology.at());
            if !exact {
                continue; // others may give a part of it
            }
            let first = path.iter().position(|share| *share < -1e-9);
            prop_assert_eq!(first, case.plan.year(year));
            prop_assert!(close(excess, -lowest(technology.at()), 1e-9, 0.0));
            let claimed: f64 = claims.iter().map(|(_, part)| part).sum();
            prop_assert!(close(claimed - available, excess, 1e-9, 1e-3), "{claimed} - {available} = {excess}");
        }
        // Where a zone alone is short, the region need not be.
        prop_assume!(!named.is_empty());
        // Where others give a part of it, they may come short as well.
        prop_assert!(!below.is_empty(), "{named:?}");
        prop_assert!(!exact || named == below, "{named:?} of {below:?}");
    }

    #[test]
    fn a_scenario_is_refused_exactly_when_a_year_leaves_nothing_of_a_service(
        case in cases(0, 0), v in 0..catalogue().services.len(), elasticity in -1.0..5.0f64,
    ) {
        let mut case = case;
        case.scenario.elasticity.insert(ServiceId::from_usize(v), elasticity);
        let path = &case.plan.growth[case.plan.driver[v].at()];
        let first = path.iter().position(|g| 1.0 + elasticity * g < 1e-9);
        let first = first.filter(|_| case.plan.demand[v] > 0.0);
        match compile(catalogue(), &case.scenario).err().as_deref() {
            None => prop_assert_eq!(first, None),
            Some([PlanError::NothingLeft(found)]) => {
                prop_assert_eq!(found.service.at(), v);
                prop_assert_eq!(case.plan.year(found.year), first);
                prop_assert_eq!(Some(found.growth), first.map(|t| path[t]));
            }
            Some(other) => panic!("{other:?}"),
        }
    }

    // Emissions.

    #[test]
    fn emissions_are_demand_times_share_times_factor_and_linked_use(case in cases(5, 0)) {
        let levels = case.plan.stated_levels();
        let run = run_at(&case.plan, &levels);
        let expected = by_hand(catalogue(), &case.scenario, &case.plan);
        same(&run.total, &expected, &scales(&case.plan, &run), "total");
    }

    #[test]
    fn the_balance_is_exact(case in cases(6, 3)) {
        let run = run_at(&case.plan, &case.plan.stated_levels());
        let plan = &case.plan;
        for account in &plan.accounts {
            for t in 0..plan.span() {
                let balance = outcome::balance(plan, &run, *account, t).unwrap();
                check_balance(plan, &run, &balance, t);
            }
        }
        // The kernel's short cut for one account and its split by service agree with the run.
        for q in 0..plan.accounts.len() {
            let here = |values: &[f64]| values[q * plan.span()..][..plan.span()].to_vec();
            let scale = here(&scales(plan, &run));
            let one = kernel::account(plan, &plan.stated_levels(), q);
            let modelled: Vec<f64> = here(&run.total).iter().zip(here(&run.join)).map(|(a, b)| a - b).collect();
            same(&one, &modelled, &scale, "account");
            let rows = kernel::by_service(plan, &plan.stated_levels(), q, kernel::Join::Observed);
            let sum: Vec<f64> = (0..plan.span()).map(|t| rows.iter().map(|row| row[t]).sum()).collect();
            same(&sum, &here(&run.total), &scale, "by service");
        }
    }

    #[test]
    fn the_divisia_split_is_exact(case in cases(5, 0)) {
        let plan = &case.plan;
        let (shares, last) = (shares(plan, &plan.stated_levels()), plan.span() - 1);
        let run = run_at(plan, &plan.stated_levels());
        for q in 0..plan.accounts.len() {
            let mut effects = [0.0; 3];
            let (mut before, mut after) = (0.0, 0.0);
            for k in technologies(catalogue()) {
                let demand = &run.demand[catalogue().technologies[k.at()].service.at()];
                let factor = plan.base_year.coefficient(k, q);
                let at = |t: usize| [demand[t], shares[k.at()][t].max(0.0), factor];
                before += at(0).iter().product::<f64>();
                after += at(last).iter().product::<f64>();
                for (sum, effect) in effects.iter_mut().zip(lmdi::effects(&at(0), &at(last))) {
                    *sum += effect;
                }
            }
            let sum: f64 = effects.iter().sum();
            prop_assert!(close(sum, after - before, 1e-9, before.max(after)), "{q}: {effects:?}");
            prop_assert!(effects[2].abs() <= 1e-9 * before.max(after), "factors do not change");
        }
    }

    // Levels.

    #[test]
    fn results_are_affine_in_the_levels(
        case in cases(6, 3),
        a in prop::collection::vec(0.0..2.0f64, 6),
        b in prop::collection::vec(0.0..2.0f64, 6),
        mix in -0.5..1.5f64,
    ) {
        let count = case.plan.measures.len();
        let blend: Vec<f64> = a.iter().zip(&b).map(|(a, b)| mix * a + (1.0 - mix) * b).collect();
        let run = |levels: &[f64]| run_at(&case.plan, &levels[..count]);
        let (at_a, at_b, at_mix) = (run(&a), run(&b), run(&blend));
        let expected = at_a.total.iter().zip(&at_b.total).map(|(a, b)| mix * a + (1.0 - mix) * b);
        let sizes = scales(&case.plan, &at_a).into_iter().zip(scales(&case.plan, &at_b));
        let scale: Vec<f64> = sizes.map(|(a, b)| a + b).collect();
        same(&at_mix.total, &expected.collect::<Vec<_>>(), &scale, "total");
    }

    #[test]
    fn doubling_a_level_doubles_its_reduction(case in cases(4, 0)) {
        let plan = &case.plan;
        let stated = run_at(plan, &plan.stated_levels());
        for m in 0..plan.measures.len() {
            let mut levels = plan.stated_levels();
            levels[m] *= 2.0;
            let run = run_at(plan, &levels);
            let twice: Vec<u64> = line(plan, &stated, m).iter().map(|x| (2.0 * x).to_bits()).collect();
            let found: Vec<u64> = line(plan, &run, m).iter().map(|x| x.to_bits()).collect();
            prop_assert_eq!(twice, found, "{}", plan.measures[m].id);
            // The same by the file: half the level, half the line (a cap answers to all levels).
            let mut half = case.scenario.clone();
            half.measures[m].level /= 2.0;
            if let (false, Ok(plan)) = (has_cap(&half), compile(catalogue(), &half))
                && !is_bent(&plan) && !is_bent(&case.plan)
            {
                let run = run_at(&plan, &plan.stated_levels());
                let half: Vec<f64> = line(&plan, &stated, m).iter().map(|x| x / 2.0).collect();
                same(line(&plan, &run, m), &half, &half, "half");
            }
        }
    }

    #[test]
    fn a_measure_at_level_zero_is_no_measure(case in cases(5, 0)) {
        for m in 0..case.scenario.measures.len() {
            let (mut zero, mut gone) = (case.scenario.clone(), case.scenario.clone());
            zero.measures[m].level = 0.0;
            gone.measures.remove(m);
            let compiled = [zero, gone].map(|scenario| compile(catalogue(), &scenario));
            let [Ok(zero), Ok(gone)] = compiled else {
                // What it gave was needed by others: then it is needed at either.
                prop_assert!(compiled.iter().all(Result::is_err));
                continue;
            };
            let (with, without) = (run_at(&zero, &zero.stated_levels()), run_at(&gone, &gone.stated_levels()));
            for (i, (a, b)) in with.total.iter().zip(&without.total).enumerate() {
                prop_assert!(close(*a, *b, 1e-12, scales(&zero, &with)[i]), "{a} and {b}");
            }
        }
    }

    #[test]
    fn the_shapley_value_of_a_measure_is_its_line_of_the_balance(case in cases(6, 3)) {
        let plan = &case.plan;
        let count = plan.measures.len();
        let stated = plan.stated_levels();
        let run = run_at(plan, &stated);
        let scale = scales(plan, &run);
        // The value of every coalition: bit m says whether measure m takes part.
        let modelled: Vec<Vec<f64>> = (0..1_usize << count)
            .map(|set| {
                let levels = stated.iter().enumerate();
                let levels: Vec<f64> = levels.map(|(m, x)| if set >> m & 1 == 1 { *x } else { 0.0 }).collect();
                let run = run_at(plan, &levels);
                run.total.iter().zip(&run.join).map(|(total, join)| total - join).collect()
            })
            .collect();
        let orders = orders(count);
        let last: Vec<usize> = (0..plan.accounts.len()).map(|q| q * plan.span() + plan.span() - 1).collect();
        for m in 0..count {
            for &i in &last {
                let mut sum = 0.0;
                for order in &orders {
                    let place = order.iter().position(|other| *other == m).unwrap();
                    let before: usize = order[..place].iter().map(|other| 1 << other).sum();
                    sum += modelled[before | 1 << m][i] - modelled[before][i];
                }
                let (value, line) = (sum / orders.len() as f64, line(plan, &run, m)[i]);
                prop_assert!(close(value, line, 1e-9, scale[i]), "{}: {value} and {line}", plan.measures[m].id);
            }
        }
    }

    #[test]
    fn a_line_depends_neither_on_the_other_new_measures_nor_on_their_order(case in cases(5, 0), turn in 0..5_usize) {
        prop_assume!(!has_cap(&case.scenario) && !is_bent(&case.plan));
        let stated = run_at(&case.plan, &case.plan.stated_levels());
        // A line can be the rounding of a change that cancels out.
        let scale = scales(&case.plan, &stated);
        let by_id = |plan: &Plan, run: &Trajectory| {
            for (m, measure) in plan.measures.iter().enumerate() {
                let before = case.plan.measures.iter().position(|other| other.id == measure.id).unwrap();
                let before = line(&case.plan, &stated, before);
                same(line(plan, run, m), before, &scale, &measure.id);
            }
        };
        let mut turned = case.scenario.clone();
        let count = turned.measures.len().max(1);
        turned.measures.rotate_left(turn % count);
        let plan = compiled(catalogue(), &turned);
        let run = run_at(&plan, &plan.stated_levels());
        by_id(&plan, &run);
        same(&run.total, &stated.total, &scales(&plan, &run), "total");
        for m in 0..case.scenario.measures.len() {
            let mut fewer = case.scenario.clone();
            if fewer.measures.remove(m).policy == Policy::New
                && let Ok(plan) = compile(catalogue(), &fewer)
                && !is_bent(&plan)
            {
                by_id(&plan, &run_at(&plan, &plan.stated_levels()));
            }
        }
    }

    // Growth.

    #[test]
    fn without_measures_there_is_growth_alone(case in cases(5, 0)) {
        let bare = without_measures(&case.scenario);
        let plan = compiled(catalogue(), &bare);
        let alone = run_at(&plan, &[]);
        let text = |values: &[f64]| values.iter().map(|x| x.to_bits()).collect::<Vec<u64>>();
        prop_assert_eq!(text(&alone.total), text(&alone.frozen));
        let zero = run_at(&case.plan, &vec![0.0; case.plan.measures.len()]);
        prop_assert_eq!(text(&zero.total), text(&alone.total));
        // And growth alone is the demand of each service times what a unit of it emits.
        let result = outcome::run(catalogue(), &case.scenario, &case.plan);
        prop_assert_eq!(text(&result.frozen.concat()), text(&outcome::indicators(catalogue(), &plan, &alone).concat()));
        let mut expected = vec![0.0; plan.accounts.len() * plan.span()];
        let demand = demand_by_hand(catalogue(), &bare);
        for k in technologies(catalogue()) {
            let service = catalogue().technologies[k.at()].service.at();
            for q in 0..plan.accounts.len() {
                for t in 0..plan.span() {
                    let factor = plan.base_year.coefficient(k, q);
                    expected[q * plan.span() + t] += demand[service][t] * plan.base_year.shares[k.at()] * factor;
                }
            }
        }
        same(&alone.total, &expected, &scales(&plan, &alone), "growth");
    }

    #[test]
    fn without_growth_and_measures_every_year_is_the_base_year(recipe in recipes(0, 0)) {
        let mut still = catalogue().clone();
        for service in &mut still.services {
            service.saving.value = 0.0;
        }
        let mut scenario = without_measures(&scenario(catalogue(), &recipe.text()));
        scenario.world.growth.clear();
        for d in 0..still.drivers.len() {
            scenario.growth.insert(DriverId::from_usize(d), vec![(i32::MIN, 0.0)]);
        }
        let plan = compiled(&still, &scenario);
        let run = run_at(&plan, &[]);
        for years in run.total.chunks(plan.span()) {
            prop_assert!(years.iter().all(|value| value.to_bits() == years[0].to_bits()), "{years:?}");
        }
        prop_assert!(run.gdp.iter().all(|gdp| gdp.to_bits() == 1f64.to_bits()));
    }

    #[test]
    fn a_shift_of_growth_leaves_recorded_years_alone(case in cases(3, 0), shift in -0.03..0.03f64) {
        let plan = &case.plan;
        let draw = Draw { growth_shift: vec![shift; plan.growth.len()], ..Draw::stated(plan) };
        let paths = kernel::growth(plan, &draw);
        for (d, path) in paths.iter().enumerate() {
            for (t, rate) in path.iter().enumerate() {
                let recorded = plan.years[t] <= plan.recorded_until[d];
                let expected = plan.growth[d][t] + if recorded { 0.0 } else { shift };
                prop_assert!((rate - expected).abs() < 1e-15);
                let known = case.scenario.world.growth.contains_key(&(DriverId::from_usize(d), plan.years[t]));
                prop_assert!(recorded || !known, "a recorded year is not shifted");
            }
        }
        prop_assert!(paths.iter().all(|path| path[0].abs() < f64::EPSILON), "the base year is known");
    }

    // Observed years.

    #[test]
    fn harmonised_values_pass_through_the_observed_ones(case in cases(4, 6)) {
        let (plan, scenario) = (&case.plan, &case.scenario);
        prop_assume!(!scenario.observed.is_empty());
        let result = outcome::run(catalogue(), scenario, plan);
        // Two indicators of one account are two claims on the same number.
        for observation in &scenario.observed {
            let values = &result.indicators[observation.indicator.at()];
            let t = plan.year(observation.year).unwrap();
            let reached = 1.0 - values[t] / values[0];
            prop_assert!(close(reached, observation.reduction, 1e-9, 1.0), "{reached} for {}", observation.reduction);
        }
        for (q, until) in plan.observed_until.iter().enumerate() {
            let (ratio, offset) = (&plan.ratio[q * plan.span()..][..plan.span()], &plan.offset[q * plan.span()..][..plan.span()]);
            let Some(until) = until else {
                prop_assert!(ratio.iter().all(|r| r.to_bits() == 1f64.to_bits()));
                prop_assert!(offset.iter().all(|o| o.to_bits() == 0));
                continue;
            };
            let last = plan.year(*until).unwrap();
            let (path, start) = match scenario.harmonise {
                Harmonise::Ratio => (ratio, 1.0),
                Harmonise::Offset => (offset, 0.0),
            };
            prop_assert!((path[0] - start).abs() < f64::EPSILON, "the base year is the inventory");
            prop_assert!(path[last..].iter().all(|x| close(*x, path[last], 1e-12, 0.0)), "constant after the last");
        }
        // Growth alone starts from the same anchors: the join does not depend on levels.
        let run = run_at(plan, &vec![0.0; plan.measures.len()]);
        for i in 0..run.total.len() {
            let joined = run.frozen[i] * plan.ratio[i] + plan.offset[i];
            prop_assert!(close(run.total[i], joined, 1e-9, run.frozen[i].abs() + plan.offset[i].abs()));
        }
    }

    // Ramps.

    #[test]
    fn ramps_rise_from_nothing_to_all(start in 2010..2040, length in 0..30, from in 2005..2045) {
        let end = start + length;
        for ramp in [Ramp::Linear { start, end }, Ramp::SCurve { start, end }, Ramp::Step { year: start }] {
            let path: Vec<f64> = (2000..2080).map(|year| ramp.at(year)).collect();
            prop_assert!(path.is_sorted(), "{ramp:?}");
            prop_assert!(path.iter().all(|w| (0.0..=1.0).contains(w)), "{ramp:?}");
            prop_assert!(ramp.at(start - 1).abs() < 1e-12 && ramp.at(start) > 0.0, "{ramp:?}");
            prop_assert!((ramp.at(ramp.end()) - 1.0).abs() < 1e-12, "{ramp:?}");
            prop_assert!(ramp.at(ramp.end() - 1) < 1.0, "{ramp:?}");
        }
        let linear = Ramp::Linear { start, end };
        if from >= start && from < end {
            let step = linear.at(from) - linear.at(from - 1);
            prop_assert!((step - 1.0 / f64::from(length + 1)).abs() < 1e-12, "equal steps");
            let mirrored = Ramp::SCurve { start, end }.at(start + end - 1 - from);
            prop_assert!((Ramp::SCurve { start, end }.at(from) + mirrored - 1.0).abs() < 1e-12, "symmetric");
        }
    }

    #[test]
    fn ramps_given_as_points_pass_through_them(values in prop::collection::btree_map(2016..2040, 0.0..1.0f64, 1..6)) {
        let points: Vec<(i32, f64)> = values.into_iter().collect();
        let ramp = Ramp::Points(points.clone());
        for pair in points.windows(2) {
            let ((y0, v0), (y1, v1)) = (pair[0], pair[1]);
            for year in y0..=y1 {
                let expected = v0 + (v1 - v0) * f64::from(year - y0) / f64::from(y1 - y0);
                prop_assert!((ramp.at(year) - expected).abs() < 1e-12);
            }
        }
        let (first, last) = (points[0], points[points.len() - 1]);
        prop_assert!(ramp.at(first.0 - 1).abs() < f64::EPSILON && (ramp.at(last.0 + 9) - last.1).abs() < 1e-15);
        prop_assert!((ramp.at(first.0) - first.1).abs() < 1e-12);
        prop_assert_eq!(ramp.end(), last.0);
    }
}

#[test]
fn serial_and_parallel_runs_agree_to_the_bit() {
    let regions = worlds(catalogue()).len();
    let recipes: Vec<Recipe> = (0..64)
        .map(|seed| Recipe {
            region: (seed * 5) % regions,
            end: 2024,
            measures: (0..6)
                .map(|i| (seed * 3 + i * 5, (seed * 100 + i) as u64))
                .map(|(k, s)| (k % KINDS.len(), s))
                .collect(),
            observed: seed % 4,
            seed: seed as u64,
        })
        .collect();
    let texts: Vec<String> = recipes.iter().map(Recipe::text).collect();
    let run = |text: &String| -> Vec<u64> {
        let (scenario, plan) = feasible(scenario(catalogue(), text));
        let result = outcome::run(catalogue(), &scenario, &plan);
        let indicators = [result.indicators, result.frozen, result.current]
            .concat()
            .concat();
        let indicators = indicators.iter().map(|value| value.to_bits());
        bits(&result.run).into_iter().chain(indicators).collect()
    };
    let serial: Vec<Vec<u64>> = texts.iter().map(run).collect();
    for threads in [1, 2, 5] {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        let parallel: Vec<Vec<u64>> = pool.install(|| texts.par_iter().map(run).collect());
        assert!(serial == parallel, "{threads} threads");
    }
    let distinct: BTreeSet<&Vec<u64>> = serial.iter().collect();
    assert_eq!(distinct.len(), serial.len(), "the scenarios differ");
}

/// base + growth + Σ measures + join = total, each line what its name says.
fn check_balance(plan: &Plan, run: &Trajectory, balance: &Balance, t: usize) {
    let q = plan.account(balance.account).unwrap();
    let mut total = f64::NAN;
    let (mut sum, mut largest, mut measures) = (0.0, 0.0_f64, 0);
    for (item, value) in &balance.lines {
        match item {
            Item::Total => total = *value,
            _ => sum += value,
        }
        if let Item::Measure(m) = item {
            measures += 1;
            assert_eq!(
                value.to_bits(),
                line(plan, run, *m)[q * plan.span() + t].to_bits()
            );
        }
        largest = largest.max(value.abs());
    }
    assert_eq!(
        (balance.year, measures),
        (plan.years[t], plan.measures.len())
    );
    assert_eq!(total.to_bits(), run.total[q * plan.span() + t].to_bits());
    assert!(
        close(sum, total, 1e-9, largest),
        "{:?}: {sum} and {total}",
        balance.account
    );
    assert!(total.is_finite(), "{:?}", balance.account);
}

/// All orders of the numbers below `count`.
fn orders(count: usize) -> Vec<Vec<usize>> {
    let Some(last) = count.checked_sub(1) else {
        return vec![Vec::new()];
    };
    let insert = |order: Vec<usize>| {
        (0..=order.len()).map(move |at| {
            let mut order = order.clone();
            order.insert(at, last);
            order
        })
    };
    orders(last).into_iter().flat_map(insert).collect()
}

/// Demand by service and year, from the equation and the scenario alone.
fn demand_by_hand(data: &Catalogue, scenario: &Scenario) -> Vec<Vec<f64>> {
    let paths = data.services.iter().enumerate().map(|(v, service)| {
        let mut demand = scenario.world.demand[v].map_or(0.0, |amount| amount.value);
        let id = ServiceId::from_usize(v);
        let elasticity = scenario.elasticity.get(&id).copied();
        let elasticity = elasticity.unwrap_or(service.elasticity.value);
        let mut path = vec![demand];
        for year in scenario.base_year + 1..=scenario.end_year {
            let record = scenario.world.growth.get(&(service.driver, year));
            let path_stated = scenario.growth.get(&service.driver);
            let stated = path_stated.and_then(|path| path.iter().rfind(|(from, _)| *from <= year));
            // A year that the file names beats the record; a rate without years does not.
            let rate = match (record, stated) {
                (Some((rate, _)), None | Some((i32::MIN, _))) => rate.value,
                (_, Some((_, rate))) => *rate,
                (None, None) => 0.0,
            };
            demand *= (1.0 + elasticity * rate) * (1.0 - service.saving.value);
            path.push(demand);
        }
        path
    });
    paths.collect()
}

/// Every account by year, without the compiler's terms: activity of each
/// technology times its factor, and for new measures what the use of other
/// services causes, its chain of uses followed link by link.
fn by_hand(data: &Catalogue, scenario: &Scenario, plan: &Plan) -> Vec<f64> {
    let (width, span) = (plan.accounts.len(), plan.span());
    let demand = demand_by_hand(data, scenario);
    let levels = plan.stated_levels();
    // Coal caps answer to all other measures, so they are never part of the reference.
    let reference = |m: &PlannedMeasure| m.policy == Policy::Current && !m.kind.is_cap();
    let current = plan.measures.iter();
    let current: Vec<f64> = current
        .map(|m| if reference(m) { m.level } else { 0.0 })
        .collect();
    let (with_all, reference) = (shares(plan, &levels), shares(plan, &current));
    // The accounted book credits the work of a year later.
    let credited = plan.accounts.iter();
    let credited: Vec<Vec<Vec<f64>>> = credited.map(|q| shares_in(plan, &levels, *q)).collect();
    let credited_reference = plan.accounts.iter();
    let credited_reference: Vec<Vec<Vec<f64>>> = credited_reference
        .map(|q| shares_in(plan, &current, *q))
        .collect();
    let mut total = vec![0.0; width * span];
    for k in technologies(data) {
        let technology = &data.technologies[k.at()];
        let path = &demand[technology.service.at()];
        for q in 0..width {
            let factor = plan.base_year.coefficient(k, q);
            if plan.accounts[q] == Account::Cost {
                // What measures add to the cost of base-year shares.
                for t in 0..span {
                    let more = with_all[k.at()][t] - plan.base_year.shares[k.at()];
                    let cost = costing::unit(data, k, plan.years[t], scenario.price_year);
                    total[q * span + t] += path[t] * more * cost;
                }
                continue;
            }
            for t in 0..span {
                total[q * span + t] += path[t] * credited[q][k.at()][t] * factor;
                // What new measures change in the use of other services.
                let more = credited[q][k.at()][t] - credited_reference[q][k.at()][t];
                for (used, amount) in &technology.links {
                    let caused = chain(data, plan, &reference, *used, t, q, 12);
                    total[q * span + t] += path[t] * more * amount.value * caused;
                }
            }
        }
    }
    total
}

/// What one unit of `service` causes in account `q`, uses of other services included.
fn chain(
    data: &Catalogue,
    plan: &Plan,
    reference: &[Vec<f64>],
    service: ServiceId,
    t: usize,
    q: usize,
    depth: u32,
) -> f64 {
    if depth == 0 || matches!(plan.accounts[q], Account::Cost | Account::Activity(_)) {
        return 0.0;
    }
    let technologies = data.services[service.at()].technologies.iter();
    let each = technologies.map(|k| {
        let links = data.technologies[k.at()].links.iter();
        let linked = links.map(|(used, amount)| {
            amount.value * chain(data, plan, reference, *used, t, q, depth - 1)
        });
        reference[k.at()][t] * (plan.base_year.coefficient(*k, q) + linked.sum::<f64>())
    });
    each.sum()
}

/// A cap on top of a random scenario that has none, as a measure of `policy`.
fn with_cap(case: &Scenario, cut: u32, policy: &str) -> Scenario {
    let data = catalogue();
    let text = bare(data, case.region, 2020)
        + &format!(
            "[measures.the-cap]\ntype = \"coal-cap\"\npolicy = \"{policy}\"\nreduction = \"{cut} %\"\n\
             base_year = 2015\nstart = 2016\nend = 2018\n"
        );
    let mut scenario = case.clone();
    scenario.measures.retain(|m| !m.kind.is_cap());
    let cap = crate::support::scenario(data, &text).measures.remove(0);
    scenario.measures.push(cap);
    scenario
}

proptest! {
    #![proptest_config(tries(128))]

    /// Whatever stands beside it, a coal cap is met to the last digit: with measures that
    /// add electricity, that save it, and that change how it is made.
    #[test]
    fn a_coal_cap_is_met_exactly_beside_any_measures(
        case in cases(6, 0), cut in 0_u32..60, current in any::<bool>()
    ) {
        let data = catalogue();
        let capped = with_cap(&case.scenario, cut, if current { "current" } else { "new" });
        // At level 0 the cap is not there.
        let mut open = capped.clone();
        open.measures.pop();
        let (open, _) = feasible(open);
        let mut capped = capped;
        let cap = capped.measures.pop().unwrap();
        capped.measures = open.measures.clone();
        capped.measures.push(cap);
        let open = compiled(data, &open);
        let q = open.account(Account::Coal).unwrap();
        let free = run_at(&open, &open.stated_levels()).total.row(q).to_vec();
        let limit = free[0] * (1.0 - f64::from(cut) / 100.0);
        let plan = compiled(data, &capped);
        let held = run_at(&plan, &plan.stated_levels()).total.row(q).to_vec();
        for t in 3..plan.span() {
            let wanted = free[t].min(limit);
            prop_assert!(close(held[t], wanted, 1e-12, 0.0), "{}: {} for {wanted}", plan.years[t], held[t]);
        }
    }
}

/// A cap takes coal where it is left: a zone that a measure has emptied has none to give, and
/// is not asked for any.
#[test]
fn a_coal_cap_asks_nothing_of_a_zone_without_coal() {
    let data = catalogue();
    let region = data.region("shaanxi").unwrap();
    for policy in ["current", "new"] {
        let text = bare(data, region, 2020)
            + &format!(
                "[measures.south]\ntype = \"scattered-coal-replacement\"\npolicy = \"current\"\n\
                 zone = \"shaanxi-southern\"\nshare = \"100 %\"\nreburn = \"0 %\"\n\
                 to = {{ gas = \"100 %\" }}\nstart = 2016\nend = 2018\n\
                 [measures.cap]\ntype = \"coal-cap\"\npolicy = \"{policy}\"\n\
                 reduction = \"20 %\"\nstart = 2016\nend = 2018\n"
            );
        let plan = compiled(data, &scenario(data, &text));
        let run = run_at(&plan, &[1.0, 1.0]);
        let q = plan.account(Account::Coal).unwrap();
        let limit = 0.8 * run.frozen.at(q, 0);
        for t in 3..plan.span() {
            let total = run.total.at(q, t);
            assert!(close(total, limit, 1e-12, 0.0), "{policy}: {total}");
        }
    }
}

/// Power is in the total of coal, and its coal in the share of power plants alone: heat
/// pumps add coal that no user has, saved electricity takes coal off that users still have.
#[test]
fn coal_behind_electricity_that_others_add_or_save_does_not_loosen_a_cap() {
    let data = catalogue();
    let region = data.region("hebei").unwrap();
    let cap =
        "[measures.cap]\ntype = \"coal-cap\"\nreduction = \"10 %\"\nstart = 2016\nend = 2018\n";
    let pumps = "[measures.pumps]\ntype = \"scattered-coal-replacement\"\nshare = \"50 %\"\n\
                 to = { heat-pump = \"100 %\" }\nstart = 2016\nend = 2018\n";
    let arcs = "[measures.arcs]\ntype = \"shift\"\nservice = \"steel\"\nfrom = [\"eaf\"]\n\
                to = { saved = \"100 %\" }\nshare = \"50 %\"\nstart = 2016\nend = 2018\n";
    for (beside, more) in [(pumps, true), (arcs, false)] {
        let text = bare(data, region, 2020) + cap + beside;
        let plan = compiled(data, &scenario(data, &text));
        let q = plan.account(Account::Coal).unwrap();
        let run = run_at(&plan, &[1.0, 1.0]);
        let users = shares(&plan, &[1.0, 1.0]);
        for t in [3, plan.span() - 1] {
            let own: f64 = technologies(data)
                .map(|k| {
                    let service = data.technologies[k.at()].service.at();
                    run.demand[service][t] * users[k.at()][t] * plan.base_year.coefficient(k, q)
                })
                .sum();
            let total = run.total.at(q, t);
            assert_eq!(total > own, more, "{beside}: {total} of {own}");
            assert!(
                (total - own).abs() > 1e-5 * total,
                "{beside}: {total} of {own}"
            );
            let limit = 0.9 * run.frozen.at(q, 0);
            assert!(
                close(total, limit, 1e-12, 0.0),
                "{beside}: {total} for {limit}"
            );
        }
    }
}

/// With every boiler and plant on coal shut down, what heat pumps draw is still there.
#[test]
fn a_coal_cap_out_of_reach_is_said() {
    let data = catalogue();
    let region = data.region("hebei").unwrap();
    let pumps = "[measures.pumps]\ntype = \"scattered-coal-replacement\"\nshare = \"50 %\"\n\
                 to = { heat-pump = \"100 %\" }\nstart = 2016\nend = 2018\n";
    for (extent, key) in [
        ("reduction = \"100 %\"", "reduction"),
        ("cap = \"1 万t\"", "cap"),
    ] {
        let cap =
            format!("[measures.cap]\ntype = \"coal-cap\"\n{extent}\nstart = 2016\nend = 2019\n");
        let alone = compile(data, &scenario(data, &(bare(data, region, 2020) + &cap)));
        assert!(alone.is_ok(), "{extent}: {:?}", alone.err());
        let both = scenario(data, &(bare(data, region, 2020) + &cap + pumps));
        let errors = compile(data, &both).unwrap_err();
        let [PlanError::Measure { measure, problem }] = errors.as_slice() else {
            panic!("{errors:?}");
        };
        assert_eq!((measure.as_str(), problem.key.as_str()), ("cap", key));
        assert!(problem.text.en.contains("in 2019"), "{}", problem.text.en);
    }
}

#[test]
fn a_coal_cap_takes_nothing_where_rounding_left_less_than_nothing() {
    let data = catalogue();
    let region = data.region("hebei").unwrap();
    let text = bare(data, region, 2020)
        + "\n[measures.cap]\ntype = \"coal-cap\"\nreduction = \"10 %\"\nstart = 2016\nend = 2020\n";
    let scenario = scenario(data, &text);
    let plan = compiled(data, &scenario);
    let run = run_at(&plan, &[1.0]);
    let q = plan.account(Account::Coal).unwrap() * plan.span();
    let mut shares = shares(&plan, &[0.0]);
    let empty = data.technology("power.coal-ule").unwrap();
    shares[empty.at()][3] = -1e-17;
    let ctx = Context {
        catalogue: data,
        world: &scenario.world,
        base: &plan.base_year,
        years: &plan.years,
        demand: &run.demand,
        growth: &plan.growth,
        reference: &shares,
        room: &Room::default(),
    };
    let coal = &run.frozen[q..q + plan.span()];
    let coal_at = plan.account(Account::Coal).unwrap();
    let used = CoalUse {
        total: coal,
        each: &|k, _| plan.base_year.coefficient(k, coal_at),
        cap: coal[0] * 0.9,
    };
    let shifts = coal_cap(&ctx, &scenario.measures[0], &shares, used).unwrap();
    assert!(shifts.iter().any(|shift| shift.take[0].0 == empty));
    for shift in &shifts {
        assert!(
            shift.amount.iter().all(|amount| *amount >= 0.0),
            "{shift:?}"
        );
    }
    // What is left is the cap: 10 % below the base year.
    let left = run.total[q + 5];
    assert!(
        close(left, coal[0] * 0.9, 1e-9, 0.0),
        "{left} for {}",
        coal[0] * 0.9
    );
}

#[test]
fn chains_of_linked_use_are_followed_to_the_end() {
    // No service of the data uses itself; here power does, and boilers use power.
    let data = read_catalogue(&data_with(&[
        (
            "links.csv",
            "power.coal-plain,thermal-power,0.04,0.05,0.06,kWh/kWh,assumption,assumed,test",
        ),
        (
            "links.csv",
            "steam.gas,thermal-power,8,10,12,kWh/t,assumption,assumed,test",
        ),
        (
            "links.csv",
            "heat.district,industrial-steam,8,10,12,t/household,assumption,assumed,test",
        ),
    ]));
    let text = bare(&data, data.region("hebei").unwrap(), 2020)
        + r#"
[measures.cleaner-power]
type = "ultra-low-retrofit"
policy = "current"
sector = "power"
share = "50 %"
start = 2016
end = 2019

[measures.heat]
type = "scattered-coal-replacement"
share = "40 %"
to = { heat-pump = "50 %", district = "50 %" }
start = 2016
end = 2020
"#;
    let scenario = scenario(&data, &text);
    let plan = compiled(&data, &scenario);
    let run = run_at(&plan, &plan.stated_levels());
    let scale = scales(&plan, &run);
    same(
        &run.total,
        &by_hand(&data, &scenario, &plan),
        &scale,
        "total",
    );
    // What is linked is not nothing.
    let no_links = compiled(catalogue(), &scenario);
    let alone = run_at(&no_links, &no_links.stated_levels());
    let q = plan.account(Account::Coal).unwrap() * plan.span() + 5;
    assert!(run.total[q] > alone.total[q] * (1.0 + 1e-6));
}

#[test]
fn a_share_indicator_is_the_share_that_its_technologies_have() {
    for (region, world) in worlds(catalogue()) {
        let data = catalogue();
        let freight = data.service("freight").unwrap();
        let of = |tag: &str| -> f64 {
            let tagged = data.tagged(freight, tag);
            let shares = tagged.iter().map(|k| world.shares[k.at()].unwrap().value);
            shares.sum()
        };
        // Rail takes half of what goes by road in 2015.
        let reach = of("rail") + of("truck") / 2.0;
        let percent = reach * 100.0;
        let text = bare(data, region, 2020)
            + &format!(
                "\n[measures.rail]\ntype = \"rail-freight\"\nreach = \"{percent:.12} %\"\nstart = 2016\nend = 2020\n"
            );
        let scenario = scenario(data, &text);
        let plan = compiled(data, &scenario);
        let result = outcome::run(data, &scenario, &plan);
        let shares = shares(&plan, &plan.stated_levels());
        for (i, indicator) in data.indicators.iter().enumerate() {
            let IndicatorKind::Share { tag, service } = &indicator.kind else {
                continue;
            };
            for (t, value) in result.indicators[i].iter().enumerate() {
                let tagged = data.tagged(*service, tag);
                let sum: f64 = tagged.iter().map(|k| shares[k.at()][t]).sum();
                assert!(close(*value, sum, 1e-12, 1.0), "{text}");
            }
            let last = plan.span() - 1;
            assert!(
                close(result.indicators[i][last], reach, 1e-9, 1.0),
                "{text}"
            );
            assert!(
                close(result.frozen[i][last], of("rail"), 1e-9, 1.0),
                "{text}"
            );
        }
    }
}
