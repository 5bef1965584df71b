//! Laws of a solve on random scenarios: affine as the kernel, optimal as the dual says,
//! impossible as the conflict says.

use crate::support::{cases, catalogue, run_at};
use jianpai::core::measure::Policy;
use jianpai::core::outcome;
use jianpai::core::target::{Demand, Target, judge};
use jianpai::solve::affine::Sheets;
use jianpai::solve::answer::{Outcome, answer};
use jianpai::solve::conflict::{self, Member};
use jianpai::solve::dual::{Face, TIGHT};
use jianpai::solve::linear::Linear;
use jianpai::solve::programme::{Free, MOST, Objective, Programme, Spec};
use jianpai::solve::solver::{Answer, solve};
use proptest::prelude::*;

/// A number from 0 to 1 that follows from a seed.
fn unit(seed: u64, k: usize) -> f64 {
    let mut z = seed.wrapping_add((k as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}

/// Reductions of a few indicators by the last year, to be given their levels.
fn targets(last: i32) -> Vec<Target> {
    let data = catalogue();
    let ids = [
        "SO2-accounted",
        "NOx",
        "COD-accounted",
        "CO2-per-GDP",
        "energy-per-GDP",
        "VOCs",
    ];
    let found = ids
        .iter()
        .filter_map(|id| data.indicator(id).map(|i| (id, i)));
    found
        .map(|(id, indicator)| Target {
            id: (*id).to_string(),
            name: None,
            indicator,
            book: data.indicators[indicator.at()].book,
            year: last,
            demand: Demand::Reduction {
                wanted: 0.0,
                base_year: 2015,
            },
            said: jianpai::core::target::Said::default(),
            source: None,
        })
        .collect()
}

/// Whether x, with some dual, is optimal: both feasible, complementary, of one value.
fn assert_optimal(linear: &Linear, x: &[f64]) {
    assert!(linear.violation(x) <= 1e-9, "{}", linear.violation(x));
    let dual = Face::of(linear, x).any().unwrap();
    let scale = linear
        .columns
        .iter()
        .map(|c| c.cost.abs())
        .fold(1.0, f64::max);
    // Reduced costs, from the prices anew.
    for (j, column) in linear.columns.iter().enumerate() {
        let mut d = column.cost;
        for (row, price) in linear.rows.iter().zip(&dual.rows) {
            let a = row.terms.iter().find(|(other, _)| *other == j);
            d -= price * a.map_or(0.0, |(_, a)| *a);
        }
        if x[j] > column.low + TIGHT {
            assert!(d <= 1e-7 * scale, "column {j} could fall: {d}");
        }
        if x[j] < column.high - TIGHT {
            assert!(d >= -1e-7 * scale, "column {j} could rise: {d}");
        }
    }
    for (row, price) in linear.rows.iter().zip(&dual.rows) {
        assert!(
            *price * row.size() >= -1e-9 * scale,
            "a price below nothing: {price}"
        );
        let slack = row.slack(x);
        assert!(
            price * slack <= 1e-6 * scale,
            "a price of what does not bind"
        );
    }
    let gap = linear.cost(x) - dual.value;
    assert!(
        gap.abs() <= 1e-6 * scale * (1.0 + x.len() as f64),
        "gap {gap}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn solves_of_random_scenarios(case in cases(10, 2), seed in any::<u64>()) {
        let (data, plan) = (catalogue(), &case.plan);
        let sheets = Sheets::of(data, plan);
        let stated = plan.stated_levels();
        let last = *plan.years.last().unwrap();
        let mut targets = targets(last);

        // Affine as the kernel, at levels of no plan.
        let levels: Vec<f64> = (0..stated.len()).map(|m| unit(seed, m) * stated[m]).collect();
        let run = run_at(plan, &levels);
        let values = outcome::indicators(data, plan, &run);
        for target in &targets {
            let verdict = judge(target, &plan.years, &values[target.indicator.at()], &[]);
            let (Some(verdict), Some(asked)) = (verdict, sheets.asked(target)) else { continue };
            let reached = asked.reached(&levels);
            prop_assert!((reached - verdict.reached).abs() <= 1e-9, "{}", target.id);
        }

        let measures = plan.measures.iter().enumerate();
        let free: Vec<Free> = measures
            .filter(|(_, m)| m.policy == Policy::New && !m.kind.is_cap())
            .map(|(m, measure)| Free {
                measure: m,
                low: 0.0,
                high: if unit(seed, 100 + m) < 0.2 { MOST } else { measure.level.max(1.0) },
            })
            .collect();
        // Within reach: what a plan that can be carried out reaches, or less.
        for (k, target) in targets.iter_mut().enumerate() {
            if let Some(asked) = sheets.asked(target)
                && let Demand::Reduction { wanted, .. } = &mut target.demand
            {
                *wanted = asked.reached(&stated) - 0.02 * unit(seed, 200 + k);
            }
        }
        targets.retain(|target| sheets.asked(target).is_some());
        let spec = Spec { objective: Objective::Effort, free, limits: Vec::new(), groups: Vec::new(), orders: Vec::new() };
        let programme = Programme::of(&sheets, &targets, spec.clone()).unwrap();
        let costs: Vec<f64> = (0..programme.columns.len())
            .map(|j| unit(seed, 300 + j) * 2.0 - 0.3)
            .collect();
        let linear = programme.linear().with_costs(&costs);
        let Answer::Best(point) = solve(&linear).unwrap() else {
            panic!("the stated plan can be carried out\n{case:?}");
        };
        assert_optimal(&linear, &point.x);
        let own: Vec<f64> = programme.spec.free.iter().map(|f| stated[f.measure]).collect();
        prop_assert!(point.cost <= linear.cost(&own) + 1e-7);

        // Out of reach: a little more than the best.
        let rest: Vec<Member> = conflict::members(&programme)
            .into_iter()
            .filter(|member| !matches!(member, Member::Target(_)))
            .collect();
        let Some((i, _)) = programme.wanted.first() else { return Ok(()) };
        // Two stocks in proportion but for rounding would give way at levels without end.
        let free = conflict::only(&programme, &[]);
        prop_assert!(free.columns.iter().all(|column| column.high <= MOST));
        let best = conflict::alone(&programme, *i, &rest).unwrap();
        let mut beyond = targets.clone();
        if let Demand::Reduction { wanted, .. } = &mut beyond[*i].demand {
            *wanted = best + 0.001;
        }
        let programme = Programme::of(&sheets, &beyond, spec).unwrap();
        let Outcome::Infeasible(why) = answer(&programme).unwrap() else {
            panic!("beyond the best");
        };
        let reach = why.reach.iter().find(|reach| reach.target == *i).unwrap();
        prop_assert!((reach.alone - best).abs() < 1e-9);
        prop_assert!(!why.conflicts.is_empty());
        for conflict in &why.conflicts {
            let all: Vec<Member> = conflict.members.iter().map(|m| m.member).collect();
            prop_assert!(!conflict::can_be_kept(&programme, &all).unwrap());
            for dropped in &all {
                let rest: Vec<Member> = all.iter().copied().filter(|m| m != dropped).collect();
                prop_assert!(conflict::can_be_kept(&programme, &rest).unwrap(), "{dropped:?}");
            }
        }
    }
}
