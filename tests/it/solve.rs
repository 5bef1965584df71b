//! Targets backwards: what is found on the policy scenarios, against the kernel, grids and
//! finite differences.

use crate::program::run as call;
use crate::support::{session, session_over};
use jianpai::core::dims::CarrierId;
use jianpai::core::measure::Policy;
use jianpai::core::outcome;
use jianpai::core::target::{is_met, judge};
use jianpai::load::scenario::solve::ObjectiveSpec;
use jianpai::solve::affine::Sheets;
use jianpai::solve::answer::at_requirement;
use jianpai::solve::conflict::{self, Member};
use jianpai::solve::dual::{Face, Of, Side};
use jianpai::solve::programme::Programme;
use jianpai::solve::solver::solve;
use jianpai::solve::{curve, nearby};
use jianpai::study::solve::{Planned, Solved};
use jianpai::study::{SolveOptions, SolveStudy};
use std::path::Path;

/// The scenarios of policy documents and plans.
fn policies() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let paths = std::fs::read_dir(folder).unwrap();
    let paths = paths.map(|entry| entry.unwrap().path());
    let mut found: Vec<String> = paths
        .filter(|path| path.extension().is_some_and(|end| end == "toml"))
        .map(|path| format!("scenarios/{}", path.file_name().unwrap().to_string_lossy()))
        .collect();
    found.sort();
    assert!(found.len() > 10);
    found
}

fn asked(path: &str) -> SolveStudy {
    let mut session = session();
    let study = session.try_open(path, None);
    let asked = study.and_then(|study| session.try_solve(&study, SolveOptions::default()));
    session
        .settle(asked)
        .unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// A scenario in memory that extends Shaanxi's of 2020.
pub(crate) fn shaanxi(more: &str) -> SolveStudy {
    shaanxi_for(more, SolveOptions::default())
}

pub(crate) fn shaanxi_for(more: &str, options: SolveOptions) -> SolveStudy {
    let mut session = session_of(more);
    let study = session.try_open("main.toml", None);
    let asked = study.and_then(|study| session.try_solve(&study, options));
    session
        .settle(asked)
        .unwrap_or_else(|error| panic!("{error}\n{more}"))
}

pub(crate) fn session_of(more: &str) -> jianpai::study::Session {
    let read = |path: &str| {
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
    };
    let own = format!("[scenario]\nextends = \"scenarios/shaanxi-2020.toml\"\n{more}");
    let (parent, base) = (
        read("scenarios/shaanxi-2020.toml"),
        read("scenarios/base/current-policy-13fyp.toml"),
    );
    session_over(&[
        ("main.toml", &own),
        ("scenarios/shaanxi-2020.toml", &parent),
        ("scenarios/base/current-policy-13fyp.toml", &base),
    ])
}

/// Targets that ask for four fifths of what the measures as stated bring: all of them can
/// be met together, whatever the data say.
pub(crate) fn modest() -> String {
    let plain = shaanxi("");
    let programme = &plain.programme;
    let none = programme.levels(&programme.nothing());
    let mut text = String::new();
    for (_, wanted) in &programme.wanted {
        let (least, most) = (
            wanted.asked.reached(&none),
            wanted.asked.reached(&programme.stated),
        );
        let percent = 100.0 * (least + 0.8 * (most - least));
        let id = &wanted.target.id;
        text += &format!("[targets.{id}]\nreduction = \"{percent:.6} %\"\n");
    }
    text
}

pub(crate) fn planned(asked: &SolveStudy) -> Planned {
    match asked.solve().unwrap_or_else(|error| panic!("{error}")) {
        Solved::Plan(planned) => *planned,
        Solved::Infeasible(why) => panic!("{why:?}"),
    }
}

#[test]
fn every_policy_scenario_has_a_plan_or_a_reason() {
    let (mut plans, mut reasons) = (0, 0);
    for path in policies() {
        let asked = asked(&path);
        match asked
            .solve()
            .unwrap_or_else(|error| panic!("{path}: {error}"))
        {
            Solved::Plan(planned) => {
                plans += 1;
                let Planned {
                    solution,
                    programme,
                    run,
                } = &*planned;
                let size = 1.0 + solution.point.cost.abs();
                assert!(
                    solution.gap().abs() < 1e-7 * size,
                    "{path}: {}",
                    solution.gap()
                );
                // What is stated, where it meets all targets, costs no less.
                let stated: Vec<f64> = programme
                    .spec
                    .free
                    .iter()
                    .map(|f| programme.stated[f.measure])
                    .collect();
                let linear = programme.linear();
                if linear.columns.len() == stated.len() && linear.violation(&stated) < 1e-9 {
                    let cost = linear.cost(&stated);
                    assert!(cost >= solution.point.cost - 1e-9 * size, "{path}");
                }
                // The kernel, run again, says the same of every target.
                for (i, wanted) in &programme.wanted {
                    let verdict = run.outcome.verdicts[*i].as_ref().unwrap();
                    assert!(is_met(verdict.margin, verdict.required), "{path}");
                    let reached = wanted.asked.reached(&solution.levels);
                    let near = (verdict.reached - reached).abs() <= 1e-9 * reached.abs().max(1e-3);
                    assert!(near, "{path}: {} or {reached}", verdict.reached);
                }
            }
            Solved::Infeasible(why) => {
                reasons += 1;
                let programme = &asked.programme;
                assert!(!why.conflicts.is_empty(), "{path}");
                for conflict in &why.conflicts {
                    let all: Vec<Member> = conflict.members.iter().map(|m| m.member).collect();
                    assert!(!conflict::can_be_kept(programme, &all).unwrap(), "{path}");
                    for dropped in &all {
                        let rest: Vec<Member> =
                            all.iter().copied().filter(|m| m != dropped).collect();
                        let kept = conflict::can_be_kept(programme, &rest).unwrap();
                        assert!(kept, "{path}: {dropped:?} is not needed");
                    }
                }
                for pair in why.conflicts.windows(2) {
                    assert!(
                        pair[0].targets().count() <= pair[1].targets().count(),
                        "{path}"
                    );
                }
            }
        }
    }
    assert!(plans > 0 && reasons > 0, "{plans} plans, {reasons} reasons");
}

/// Prices are the slopes of the least cost.
#[test]
fn prices_of_targets_are_finite_differences() {
    let asked = shaanxi(&modest());
    let Planned {
        solution,
        programme,
        ..
    } = planned(&asked);
    let mut seen = 0;
    for (i, wanted) in &programme.wanted {
        let price = solution
            .prices
            .iter()
            .find(|p| p.member == Member::Target(*i));
        let (required, _) = jianpai::core::target::required(wanted.target.demand);
        for (sign, stated) in [
            (1.0, price.map_or(Some(0.0), |p| p.tighter)),
            (-1.0, price.map(|p| p.looser).or(Some(0.0))),
        ] {
            let h = 1e-5;
            let moved = at_requirement(&programme, *i, required + sign * h).unwrap();
            let (Some(stated), Some(moved)) = (stated, moved) else {
                continue;
            };
            let slope = sign * (moved.cost - solution.point.cost) / h;
            let near = (slope - stated).abs() <= 1e-6 * stated.abs().max(1.0);
            assert!(near, "{}: {slope}, stated {stated}", wanted.target.id);
            seen += usize::from(stated > 0.0);
            // It holds up to where it is said to, and not much further.
            let to = price.and_then(|p| {
                if sign > 0.0 {
                    p.tighter_to
                } else {
                    p.looser_to
                }
            });
            let Some(to) = to.filter(|to| to.is_finite() && *to > 0.0) else {
                continue;
            };
            let at = |part: f64| {
                let found = at_requirement(&programme, *i, required + sign * to * part).unwrap();
                found.map(|point| sign * (point.cost - solution.point.cost) / (to * part))
            };
            let within = at(1.0).expect("up to there it can be met");
            assert!((within - stated).abs() <= 1e-6 * stated.abs().max(1.0));
            if let Some(beyond) = at(1.5) {
                assert!(
                    (beyond - stated).abs() > 1e-9 * stated.abs(),
                    "{}",
                    wanted.target.id
                );
            }
        }
    }
    assert!(seen >= 2, "{seen} prices");
}

/// A ceiling's price is what one more level saves.
#[test]
fn prices_of_ceilings_are_finite_differences() {
    let asked = shaanxi(&modest());
    let Planned {
        solution,
        programme,
        ..
    } = planned(&asked);
    let mut seen = 0;
    for price in &solution.prices {
        let Member::Ceiling(j) = price.member else {
            continue;
        };
        let mut linear = programme.linear();
        linear.columns[j].high += 1e-5;
        let moved = solve(&linear).unwrap().point().unwrap();
        let saved = (solution.point.cost - moved.cost) / 1e-5;
        assert!(
            (saved - price.looser).abs() <= 1e-5 * saved.abs().max(1.0),
            "{saved}"
        );
        seen += 1;
    }
    assert!(seen > 0, "{seen} ceilings");
}

/// Two levels sought by trying them all, with the kernel.
#[test]
fn a_grid_of_runs_finds_nothing_cheaper() {
    let two = ["manure-new", "sewage-collection"];
    let plain = shaanxi("");
    let fixed: Vec<String> = plain
        .programme
        .spec
        .free
        .iter()
        .map(|free| &plain.study.plan.measures[free.measure].id)
        .filter(|id| !two.contains(&id.as_str()))
        .map(|id| format!("{id:?}"))
        .collect();
    let text = format!("[solve]\nfixed = [{}]\n{}", fixed.join(", "), modest());
    let asked = shaanxi(&text);
    let Planned {
        solution,
        programme,
        ..
    } = planned(&asked);
    assert_eq!(programme.spec.free.len(), 2);
    let plan = &asked.study.plan;
    let catalogue = asked.study.catalogue();
    let cost_of = plan
        .account(jianpai::core::catalogue::Account::Cost)
        .unwrap();
    let last = plan.span() - 1;
    let base = crate::support::run_at(plan, &programme.levels(&[0.0, 0.0]));
    let mut best = f64::INFINITY;
    for a in 0..=50 {
        for b in 0..=50 {
            let x = [f64::from(a) / 50.0, f64::from(b) / 50.0];
            let run = crate::support::run_at(plan, &programme.levels(&x));
            let values = outcome::indicators(catalogue, plan, &run);
            let met = asked.study.scenario().targets.iter().all(|target| {
                let values = &values[target.indicator.at()];
                judge(target, &plan.years, values, &[]).is_some_and(|verdict| verdict.met)
            });
            if met {
                let cost = run.total.at(cost_of, last) - base.total.at(cost_of, last);
                best = best.min(cost / 1e8);
            }
        }
    }
    assert!(best.is_finite());
    assert!(
        solution.point.cost <= best + 1e-9,
        "{} or {best}",
        solution.point.cost
    );
    // A cell of the grid is worth no more than that.
    let cell: f64 = programme.money.iter().map(|money| money.abs() / 50.0).sum();
    assert!(
        solution.point.cost >= best - cell,
        "{} or {best}",
        solution.point.cost
    );
}

/// The same answer from any objective is a plan; each is the best of its own.
#[test]
fn each_objective_is_best_by_itself() {
    let mut values = Vec::new();
    for objective in [
        ObjectiveSpec::Cost,
        ObjectiveSpec::Effort,
        ObjectiveSpec::Even,
    ] {
        let options = SolveOptions {
            objective: Some(objective),
        };
        let asked = shaanxi_for(&modest(), options);
        let Planned {
            solution,
            programme,
            ..
        } = planned(&asked);
        let parts: Vec<f64> = solution
            .point
            .x
            .iter()
            .zip(&programme.potential)
            .map(|(x, potential)| x / potential)
            .collect();
        let most = parts.iter().copied().fold(0.0, f64::max);
        values.push([solution.money, parts.iter().sum(), most]);
    }
    for (k, own) in values.iter().enumerate() {
        for other in &values {
            assert!(own[k] <= other[k] + 1e-7, "{values:?}");
        }
    }
    assert!(values[2][2] < 0.999, "{values:?}");
}

#[test]
fn limits_bind_and_their_price_is_what_they_save() {
    let modest = modest();
    let free = planned(&shaanxi(&modest));
    let text = |id: &str, amount: f64| {
        format!("{modest}[limit.most]\naccount = \"{id}\"\nmax = \"{amount:.6} t\"\n")
    };
    let counted = |asked: &SolveStudy, levels: &[f64]| {
        let sheets = Sheets::of(asked.study.catalogue(), &asked.study.plan);
        Programme::counted(&sheets, &asked.programme.spec.limits[0]).at(levels)
    };
    let mut bound = 0;
    for id in ["NOx", "CO2", "COD", "SO2"] {
        let wide = shaanxi(&text(id, 1e12));
        let used = counted(&wide, &free.solution.levels);
        // The plan as stated keeps all targets and has less of it.
        let stated = counted(&wide, &wide.programme.stated);
        if used <= stated * (1.0 + 1e-6) {
            continue;
        }
        bound += 1;
        let most = f64::midpoint(used, stated);
        let tight = shaanxi(&text(id, most));
        let found = planned(&tight);
        assert!(found.solution.point.cost > free.solution.point.cost);
        let amount = counted(&tight, &found.solution.levels);
        assert!((amount - most).abs() < 1e-8 * most, "{id}: {amount}");
        let own = |p: &&jianpai::solve::answer::Price| p.member == Member::Limit(0);
        let price = found.solution.prices.iter().find(own).unwrap();
        let h = most * 1e-7;
        let more = planned(&shaanxi(&text(id, most + h)));
        let saved = (found.solution.point.cost - more.solution.point.cost) / h;
        assert!(
            (saved - price.looser).abs() < 1e-3 * saved,
            "{id}: {saved} or {}",
            price.looser
        );
    }
    assert!(bound > 0);
}

/// What measures add to the use of a fuel, from the shares themselves.
#[test]
fn fuels_are_shares_times_demand_times_use() {
    let asked = shaanxi("");
    let (data, plan) = (asked.study.catalogue(), &asked.study.plan);
    let sheets = Sheets::of(data, plan);
    let t = plan.span() - 1;
    let levels = plan.stated_levels();
    let shares = crate::support::shares(plan, &levels);
    let demand = &asked.study.clone().run().outcome.run.demand;
    let mut some = 0;
    for (c, carrier) in data.carriers.iter().enumerate() {
        let c = CarrierId::from_usize(c);
        let mut expected = 0.0;
        for (k, technology) in data.technologies.iter().enumerate() {
            let change = shares[k][t] - plan.base_year.shares[k];
            let own = technology.energy.iter().filter(|(other, _)| *other == c);
            let each: f64 = own.map(|(_, amount)| amount.value).sum();
            expected += change * demand[technology.service.at()][t] * each;
        }
        let found = sheets.carrier(c, t).at(&levels);
        let size = expected.abs().max(1.0);
        assert!(
            (found - expected).abs() < 1e-9 * size,
            "{}",
            carrier.named.id
        );
        some += usize::from(expected.abs() > 1.0);
    }
    assert!(some > 2);
}

#[test]
fn of_a_choice_no_more_are_used_than_allowed() {
    let modest = modest();
    let best = planned(&shaanxi(&modest));
    // Measures that are used although they cost something.
    let programme = &best.programme;
    let dear = programme
        .spec
        .free
        .iter()
        .enumerate()
        .filter(|(j, _)| best.solution.point.x[*j] > 1e-6 && programme.money[*j] > 0.0);
    let ids: Vec<String> = dear
        .map(|(_, free)| best.run.study.plan.measures[free.measure].id.clone())
        .take(4)
        .collect();
    assert!(ids.len() > 1, "{ids:?}");
    let names: Vec<String> = ids.iter().map(|id| format!("{id:?}")).collect();
    let most = ids.len() - 1;
    let text = format!(
        "{modest}[solve.group.a]\nmeasures = [{}]\nmost = {most}\n",
        names.join(", ")
    );
    let choice = shaanxi(&text);
    let found = planned(&choice);
    let measures = &choice.study.plan.measures;
    let used = ids.iter().filter(|id| {
        let m = measures.iter().position(|m| m.id == **id).unwrap();
        found.solution.levels[m] > 1e-9
    });
    assert!(used.count() <= most);
    assert!(found.solution.settled);
    assert!(found.solution.point.cost > best.solution.point.cost);
    // The best of the ways of leaving one out.
    let least = ids
        .iter()
        .filter_map(|id| {
            let asked = shaanxi(&format!("{modest}[solve.bounds]\n{id} = \"0 %\"\n"));
            match asked.solve().unwrap() {
                Solved::Plan(planned) => Some(planned.solution.point.cost),
                Solved::Infeasible(_) => None,
            }
        })
        .fold(f64::INFINITY, f64::min);
    assert!((found.solution.point.cost - least).abs() < 1e-7 * least.abs());
}

#[test]
fn a_coal_cap_is_a_limit_of_every_year_from_its_end_on() {
    let cap = "[measures.cap]\ntype = \"coal-cap\"\ncap = \"11150 万吨标准煤\"\nstart = 2018\nend = 2019\n";
    let asked = shaanxi(cap);
    assert_eq!(asked.programme.spec.limits.len(), 2);
    assert!(asked.study.plan.measures.iter().all(|m| m.id != "cap"));
    match asked.solve().unwrap() {
        Solved::Plan(planned) => {
            let run = &planned.run.outcome.run;
            let plan = &planned.run.study.plan;
            let q = plan
                .account(jianpai::core::catalogue::Account::Coal)
                .unwrap();
            for t in [plan.span() - 2, plan.span() - 1] {
                assert!(
                    run.total.at(q, t) <= 1.115e8 * (1.0 + 1e-9),
                    "{}",
                    run.total.at(q, t)
                );
            }
        }
        Solved::Infeasible(why) => {
            let named = why.conflicts.iter().flat_map(|c| &c.members);
            assert!(
                named.clone().any(|m| matches!(m.member, Member::Limit(_))),
                "{why:?}"
            );
        }
    }
}

#[test]
fn all_kinds_of_targets_are_met_as_the_kernel_judges_them() {
    let plain = shaanxi("");
    let run = plain.study.clone().run();
    let data = run.catalogue();
    let last = run.outcome.years.len() - 1;
    let value = |id: &str, t: usize| {
        let i = data.indicator(id).unwrap();
        run.outcome.indicators[i.at()][t]
    };
    let share = data
        .indicators
        .iter()
        .position(|i| i.kind.is_share())
        .unwrap();
    let floor = run.outcome.indicators[share][last] * 90.0;
    let share = &data.indicators[share].named.id;
    let q = |id: &str| {
        let account = data.account_of(data.indicator(id).unwrap());
        plain.study.plan.account(account).unwrap()
    };
    let cut: f64 = (0..plain.study.plan.measures.len())
        .filter(|m| plain.study.plan.measures[*m].policy == Policy::New)
        .map(|m| -run.outcome.run.change.at(m, q("SO2-accounted"), last))
        .sum();
    let before = 1.0 - value("NH3-N-accounted", last) / value("NH3-N-accounted", last - 1);
    let text = format!(
        "{}[targets.cap]\nindicator = \"VOCs\"\nyear = 2020\ncap = \"{} t\"\n\
         [targets.sum]\nindicator = \"NOx\"\nyear = 2020\nfrom = 2019\ncumulative = \"{} t\"\n\
         [targets.project]\nindicator = \"SO2\"\nyear = 2020\nproject = \"{} t\"\n\
         [targets.before]\nindicator = \"NH3-N\"\nyear = 2020\nbase_year = 2019\nreduction = \"{} %\"\n\
         [targets.floor]\nindicator = \"{share}\"\nyear = 2020\nfloor = \"{floor:.6} %\"\n",
        modest(),
        value("VOCs", last) * 1.001,
        (value("NOx", last) + value("NOx", last - 1)) * 1.001,
        cut * 0.97,
        (before - 0.0005) * 100.0,
    );
    let asked = shaanxi(&text);
    assert_eq!(asked.programme.wanted.len(), 10);
    let found = planned(&asked);
    assert!(found.run.outcome.verdicts.iter().flatten().all(|v| v.met));
    // Each binds or is met with room; some bind.
    let binding = found.solution.prices.iter();
    let binding = binding.filter(|p| matches!(p.member, Member::Target(i) if i > 4));
    assert!(binding.count() > 0);
}

#[test]
fn ranges_hold_the_plan_and_open_with_what_is_spent() {
    let asked = shaanxi(&modest());
    let Planned {
        solution,
        programme,
        ..
    } = planned(&asked);
    let parts = [0.01, 0.05, 0.10];
    let ranges = nearby::ranges(&programme, &solution.point, &parts).unwrap();
    let count = programme.spec.free.len();
    assert_eq!(ranges.len(), 3 * count);
    for (k, range) in ranges.iter().enumerate() {
        let x = solution.point.x[range.variable];
        assert!(range.low <= x + 1e-9 && range.high >= x - 1e-9);
        if k >= count {
            let before = &ranges[k - count];
            assert!(range.low <= before.low + 1e-7 && range.high >= before.high - 1e-7);
        }
    }
    let plans = nearby::apart(&programme, &solution.point, 0.05, 10).unwrap();
    assert!(plans.len() > 2);
    let linear = programme.linear();
    for plan in &plans {
        assert!(linear.violation(&plan.x) < 1e-8);
        let most = solution.point.cost + 0.05 * solution.point.cost.abs();
        assert!(plan.cost <= most + 1e-6, "{} above {most}", plan.cost);
    }
}

/// A dual is feasible, complementary, and worth no more than any plan.
#[test]
fn the_dual_of_a_policy_scenario_keeps_its_own_rules() {
    let asked = shaanxi(&modest());
    let Planned {
        solution,
        programme,
        ..
    } = planned(&asked);
    let linear = programme.linear();
    let face = Face::of(&linear, &solution.point.x);
    let dual = face.any().unwrap();
    for (row, price) in linear.rows.iter().zip(&dual.rows) {
        assert!(*price >= -1e-9, "rows are at least: {price}");
        assert!(price * row.slack(&solution.point.x) < 1e-6);
    }
    let more = face.price(&[Of::Row(0)], Side::More).unwrap();
    let less = face.price(&[Of::Row(0)], Side::Less).unwrap();
    if let (Some((more, _)), Some((less, _))) = (more, less) {
        assert!(more >= less - 1e-9, "V is convex: {more}, {less}");
    }
}

/// A file that extends Shaanxi's scenario of 2020, in a folder.
pub(crate) fn written(folder: &Path, name: &str, more: &str) -> String {
    let root = env!("CARGO_MANIFEST_DIR");
    let path = folder.join(name);
    let text = format!("[scenario]\nextends = \"{root}/scenarios/shaanxi-2020.toml\"\n{more}");
    std::fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_string()
}

#[test]
fn the_plan_found_is_a_scenario_that_runs_and_meets_its_targets() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let out = out.to_str().unwrap();
    let path = written(folder.path(), "within-reach.toml", &modest());
    let (code, said, error) = call(&["solve", &path, "--out", out]);
    assert_eq!(code, 0, "{error}");
    assert!(said.contains("All 5 targets can be met"), "{said}");
    let solution = format!("{out}/within-reach/solution.toml");
    let (code, _, error) = call(&["run", &solution, "--dry", "--strict"]);
    assert_eq!(code, 0, "{error}");
    // The same again, byte for byte.
    let first = std::fs::read(&solution).unwrap();
    let (code, ..) = call(&["solve", &path, "--out", out]);
    assert_eq!(code, 0);
    assert_eq!(std::fs::read(&solution).unwrap(), first);
    let (code, said, error) = call(&["solve", &path, "--json", "--ranges", "--curve", "nox"]);
    assert_eq!(code, 0, "{error}");
    let said: serde_json::Value = serde_json::from_str(&said).unwrap();
    for table in ["solution", "certificate", "ranges", "curve", "alone"] {
        assert!(said["tables"][table]["rows"].is_array(), "{table}");
    }
    // A plan solved again is a plan.
    let (code, said, error) = call(&["solve", &solution, "--json"]);
    assert_eq!(code, 0, "{error}");
    assert!(said.contains("primal"));
}

#[test]
fn without_a_plan_the_reason_is_told_and_strict_fails() {
    let folder = tempfile::tempdir().unwrap();
    let text = "[targets.cod]\nreduction = \"70 %\"\n";
    let path = written(folder.path(), "out-of-reach.toml", text);
    let (code, said, error) = call(&["solve", &path]);
    assert_eq!(code, 0, "{error}");
    assert!(said.contains("cannot be done: at best"), "{said}");
    assert_eq!(call(&["solve", &path, "--strict"]).0, 1);
    let (_, zh, _) = crate::program::call("zh", &["solve", &path]);
    assert!(zh.contains("做不到：最多"), "{zh}");
    let (code, _, error) = call(&["solve", &path, "--curve", "codd"]);
    assert!(code == 2 && error.contains("did you mean `cod`"), "{error}");
}

/// A target that nothing sought touches is said to be so before anything is solved.
#[test]
fn a_target_that_no_measure_touches_is_told() {
    let text = "[solve]\nfixed = [\"voc-source\", \"voc-end\", \"voc-both\", \"relocation\"]\n\
        [targets.voc]\nindicator = \"VOCs\"\nyear = 2016\nreduction = \"1 %\"\nbase_year = 2015\n";
    let mut session = session_of(text);
    let study = session.try_open("main.toml", None).unwrap();
    assert!(session.try_solve(&study, SolveOptions::default()).is_some());
    let said = format!("{:?}", session.take_found());
    assert!(
        said.contains("target-untouched") && said.contains("`voc`"),
        "{said}"
    );
}

/// The curve is the least cost at every requirement, and its area the cost.
#[test]
fn the_curve_of_a_target_is_the_least_cost_at_each_of_its_values() {
    let asked = shaanxi(&modest());
    let programme = &asked.programme;
    for others in [false, true] {
        for (i, wanted) in &programme.wanted {
            let found = curve::curve(programme, *i, others).unwrap();
            let end = found.steps.last().expect("a step");
            let area = found.area();
            let rise = end.cost - found.cost;
            assert!(
                (area - rise).abs() <= 1e-9 * rise.abs().max(1.0),
                "{area} or {rise}"
            );
            for pair in found.steps.windows(2) {
                assert!(pair[1].price >= pair[0].price - 1e-7, "V is convex");
                assert!((pair[1].from - pair[0].to).abs() < 1e-12);
            }
            // The end is the most there is.
            if !others {
                let rest: Vec<Member> = conflict::members(programme)
                    .into_iter()
                    .filter(|member| !matches!(member, Member::Target(_)))
                    .collect();
                let best = conflict::alone(programme, *i, &rest).unwrap();
                assert!((end.to - best).abs() < 1e-8, "{} or {best}", end.to);
            } else if wanted.target.id == "nox" {
                // In the midst of each piece, a solve says the same.
                for step in &found.steps {
                    let at = f64::midpoint(step.from, step.to);
                    let point = at_requirement(programme, *i, at).unwrap().unwrap();
                    let cost = step.cost - step.price * (step.to - at);
                    assert!((point.cost - cost).abs() < 1e-7 * cost.abs().max(1.0));
                }
            }
        }
    }
}

/// Of measures that save money, one that abates more and saves more comes first.
#[test]
fn measures_that_save_are_ranked_by_dominance() {
    let asked = shaanxi(&modest());
    let programme = &asked.programme;
    let (_, wanted) = programme
        .wanted
        .iter()
        .find(|(_, w)| w.target.id == "co2-per-gdp")
        .unwrap();
    let alone = curve::alone(programme, wanted);
    let saving: Vec<_> = alone.iter().filter(|one| one.money < 0.0).collect();
    for (k, one) in saving.iter().enumerate() {
        for later in &saving[k + 1..] {
            assert!(
                !(later.gain > one.gain && later.money < one.money),
                "{later:?} before {one:?}"
            );
        }
    }
    assert!(alone.iter().skip(saving.len()).all(|one| one.money >= 0.0));
}
