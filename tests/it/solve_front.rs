//! Pareto fronts and plans that differ, against random plans.

use crate::program::run as call;
use crate::solve::{modest, planned, shaanxi, written};
use jianpai::solve::affine::Sheets;
use jianpai::solve::conflict::{Member, members, only};
use jianpai::solve::front::{Axis, front};
use jianpai::solve::nearby;
use jianpai::solve::solver::solve;

/// A number in [0, 1) from a seed.
fn random(seed: &mut u64) -> f64 {
    *seed = seed
        .wrapping_mul(6_364_136_223_846_793_005)
        .wrapping_add(1_442_695_040_888_963_407);
    (*seed >> 11) as f64 / (1_u64 << 53) as f64
}

/// No plan within the limits is better on both sides than the front, the front is convex,
/// and its ends are the least there is of each.
#[test]
fn no_plan_lies_beyond_a_front() {
    let asked = shaanxi("");
    let programme = &asked.programme;
    let sheets = Sheets::of(asked.study.catalogue(), &asked.study.plan);
    let catalogue = asked.study.catalogue();
    let axis = |id: &str| Axis::Indicator(catalogue.indicator(id).unwrap());
    let kept: Vec<Member> = members(programme)
        .into_iter()
        .filter(|member| !matches!(member, Member::Target(_)))
        .collect();
    let limits = only(programme, &kept);
    let last = asked.study.plan.span() - 1;
    for (less, more) in [
        (axis("NOx"), Axis::Money),
        (axis("COD"), Axis::Money),
        (axis("CO2"), axis("NOx")),
        (Axis::Money, axis("SO2")),
    ] {
        let found = front(programme, &sheets, (less, more), false).unwrap();
        assert!(found.points.len() > 1);
        for pair in found.points.windows(2) {
            assert!(pair[1].less < pair[0].less && pair[1].more >= pair[0].more - 1e-6);
        }
        for three in found.points.windows(3) {
            let price = |a: usize, b: usize| {
                (three[b].more - three[a].more) / (three[a].less - three[b].less)
            };
            assert!(price(1, 2) >= price(0, 1) * (1.0 - 1e-7) - 1e-9, "convex");
        }
        let value = |axis: Axis, x: &[f64]| match axis {
            Axis::Money => programme.money_at(x),
            Axis::Indicator(id) => {
                let function = sheets.indicator(id, last).unwrap();
                function.at(&programme.levels(x))
            }
        };
        // The end is the least of what becomes less.
        let mut alone = limits.clone();
        for j in 0..alone.columns.len() {
            let mut one = programme.nothing();
            let none = value(less, &one);
            one[j] = 1.0;
            alone.columns[j].cost = (value(less, &one) - none) / none.abs().max(1.0);
        }
        let best = solve(&alone).unwrap().point().unwrap();
        let (end, least) = (found.points.last().unwrap().less, value(less, &best.x));
        assert!((end - least).abs() <= 1e-7 * least.abs(), "{end} {least}");
        // Random plans lie above the line between the points.
        let mut seed = 7;
        let mut tried = 0;
        for _ in 0..3000 {
            let x: Vec<f64> = limits
                .columns
                .iter()
                .map(|column| column.high.min(1.0) * random(&mut seed))
                .collect();
            if limits.violation(&x) > 0.0 {
                continue;
            }
            tried += 1;
            let (a, b) = (value(less, &x), value(more, &x));
            let line = found
                .points
                .windows(2)
                .find(|pair| pair[1].less <= a && a <= pair[0].less);
            let Some([p, q]) = line else {
                assert!(a >= found.points[0].less, "{a} below the end");
                continue;
            };
            let part = (p.less - a) / (p.less - q.less);
            let at = p.more + part * (q.more - p.more);
            assert!(b >= at - 1e-6 * at.abs().max(1.0), "{b} below {at}");
        }
        assert!(tried > 300, "{tried}");
    }
}

/// Plans that differ keep all targets, cost no more than was said, and none is another.
#[test]
fn plans_apart_keep_all_and_cost_no_more_than_said() {
    let found = planned(&shaanxi(&modest()));
    let linear = found.programme.linear();
    let best = &found.solution.point;
    let part = 0.05;
    let plans = nearby::apart(&found.programme, best, part, 6).unwrap();
    assert!(plans.len() >= 3, "{}", plans.len());
    for (k, plan) in plans.iter().enumerate() {
        assert!(linear.violation(&plan.x) < 1e-8);
        let most = best.cost + part * best.cost.abs();
        assert!(linear.cost(&plan.x) <= most + 1e-8);
        for other in &plans[..k] {
            let free = found.programme.spec.free.len();
            let differ = |j: usize| (plan.x[j] - other.x[j]).abs() / found.programme.potential[j];
            assert!((0..free).map(differ).fold(0.0, f64::max) > 1e-3);
        }
    }
}

/// The command prints both, by ids and by Chinese names, and says what it does not know.
#[test]
fn fronts_and_plans_apart_are_printed() {
    let folder = tempfile::tempdir().unwrap();
    let path = written(folder.path(), "both.toml", &modest());
    let (code, said, error) = call(&["solve", &path, "--front", "NOx,cost", "--apart", "3"]);
    assert_eq!(code, 0, "{error}");
    assert!(
        said.contains("Pareto fronts") && said.contains("that differ most"),
        "{said}"
    );
    let by_id = call(&[
        "solve", &path, "--front", "CO2,NOx", "--table", "front", "--csv",
    ]);
    let by_name = call(&[
        "solve",
        &path,
        "--front",
        "二氧化碳，氮氧化物",
        "--table",
        "front",
        "--csv",
    ]);
    assert_eq!(by_id.1, by_name.1);
    let (code, said, error) = call(&["solve", &path, "--front", "all", "--json"]);
    assert_eq!(code, 0, "{error}");
    let said: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert!(said["tables"]["front"]["rows"].as_array().unwrap().len() > 20);
    for (wrong, why) in [
        ("NOx", "name two"),
        ("NOx,NOx", "the two are the same"),
        ("NOxx,cost", "did you mean"),
    ] {
        let (code, _, error) = call(&["solve", &path, "--front", wrong]);
        assert!(code == 2 && error.contains(why), "{wrong}: {error}");
    }
    let (code, _, error) = call(&["solve", &path, "--with-others"]);
    assert!(code == 2 && error.contains("--curve or --front"), "{error}");
}
