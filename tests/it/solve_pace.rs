//! Levels year by year: how fast they may rise, and which come before which.

use crate::program::run as call;
use crate::solve::{modest, planned, session_of, shaanxi, written};
use jianpai::core::measure::ramp::Ramp;
use jianpai::solve::affine::Paced;
use jianpai::solve::conflict::Member;
use jianpai::study::SolveOptions;
use jianpai::study::solve::Solved;

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1e-3)
}

/// With nothing to hold it back, a plan with a level for each year costs what it costs
/// without: the last year is what counts.
#[test]
fn a_pace_that_holds_nothing_back_changes_no_cost() {
    let modest = modest();
    let plain = planned(&shaanxi(&modest));
    let paced = shaanxi(&format!("[solve]\npace = \"500 %/a\"\n{modest}"));
    assert!(paced.paced.len() > 5, "measures with several years");
    let paced = planned(&paced);
    assert!(near(plain.solution.money, paced.solution.money));
    for price in &paced.solution.prices {
        assert!(!matches!(price.member, Member::Pace(_)), "{price:?}");
    }
}

/// No level rises by more than the pace in a year, none falls, and a slower pace is no
/// cheaper.
#[test]
fn no_level_rises_faster_than_its_pace() {
    let modest = modest();
    let mut before = f64::NEG_INFINITY;
    let mut bound = 0;
    for pace in [60.0, 30.0, 22.0] {
        let asked = shaanxi(&format!("[solve]\npace = \"{pace} %/a\"\n{modest}"));
        let found = match asked.solve().unwrap() {
            Solved::Plan(found) => found,
            Solved::Infeasible(_) => break,
        };
        let x = &found.solution.point.x;
        for (_, one, columns) in &found.programme.paced {
            let (mut level, mut year) = (0.0, one.years[0] - 1);
            for (next, column) in one.years.iter().zip(columns) {
                let most = pace / 100.0 * f64::from(next - year);
                assert!(x[*column] - level <= most + 1e-9 && x[*column] >= level - 1e-9);
                (level, year) = (x[*column], *next);
            }
        }
        // The kernel has been told the same timetable.
        let run = &found.run.study;
        for (measure, path) in found.programme.paths(x) {
            let id = &asked.study.plan.measures[measure].id;
            let mut measures = run.scenario().measures.iter();
            let ramp = &measures.find(|m| m.id == *id).unwrap().ramp;
            let ends = match ramp {
                Ramp::Mean(ends) => &**ends,
                own => own,
            };
            for (year, part) in path {
                assert!(near(ends.at(year), part), "{id} {year}");
            }
        }
        bound += found
            .solution
            .prices
            .iter()
            .filter(|price| matches!(price.member, Member::Pace(_)) && price.looser > 0.0)
            .count();
        assert!(
            found.solution.money >= before - 1e-9,
            "slower is no cheaper"
        );
        before = found.solution.money;
    }
    assert!(bound > 0, "a pace that binds has a price");
}

/// What one more point a year saves is what a solve with it costs less.
#[test]
fn the_price_of_a_pace_is_a_finite_difference() {
    let modest = modest();
    let at = |pace: f64| {
        let own =
            format!("[solve]\n[solve.bounds]\nguanzhong-rail = {{ pace = \"{pace} %/a\" }}\n");
        shaanxi(&format!("{own}{modest}"))
    };
    let mut seen = 0;
    for pace in [4.0, 8.0, 12.0] {
        let Solved::Plan(found) = at(pace).solve().unwrap() else {
            continue;
        };
        let price = found.solution.prices.iter();
        let price = price.clone().find(|p| matches!(p.member, Member::Pace(_)));
        let step = 1e-4;
        let saved = found.solution.money - planned(&at(pace + step)).solution.money;
        let said = price.map_or(0.0, |price| price.looser * step / 100.0);
        assert!(
            (saved - said).abs() <= 1e-6 * said.abs().max(1e-6),
            "{saved} {said}"
        );
        seen += usize::from(said > 0.0);
    }
    assert!(seen > 0, "one of the paces binds");
}

/// Half of what stands at the end of a year counts in it, and the rest in the next; the
/// last level stays.
#[test]
fn the_years_of_a_timetable_add_up_to_it() {
    let years: Vec<i32> = (2015..=2022).collect();
    let linear = Ramp::Linear {
        start: 2018,
        end: 2020,
    };
    let mean = Ramp::Mean(Box::new(linear.clone()));
    for ramp in [linear, mean, Ramp::Points(vec![(2016, 0.2), (2019, 0.9)])] {
        let one = Paced::of(3, &ramp, &years, 0.5).unwrap();
        for year in &years {
            let sum: f64 = one
                .weights(*year)
                .iter()
                .map(|(j, part)| part * one.stated[*j])
                .sum();
            assert!(near(sum, ramp.at(*year)), "{ramp:?} {year}: {sum}");
        }
    }
    // All of it in one year has no pace.
    assert!(Paced::of(0, &Ramp::Step { year: 2018 }, &years, 0.5).is_none());
    // What goes on after the last year has levels up to that.
    let long = Paced::of(
        0,
        &Ramp::Linear {
            start: 2020,
            end: 2030,
        },
        &years,
        0.5,
    )
    .unwrap();
    assert_eq!(long.years, [2020, 2021, 2022]);
}

/// Discounted over all years, what costs money comes as late as its pace allows.
#[test]
fn with_all_years_counted_a_plan_with_a_pace_costs_no_more_than_the_stated_timetables() {
    let modest = modest();
    let stated = planned(&shaanxi(&format!("[solve]\ndiscount = \"5 %\"\n{modest}")));
    let paced = planned(&shaanxi(&format!(
        "[solve]\ndiscount = \"5 %\"\npace = \"500 %/a\"\n{modest}"
    )));
    assert!(
        paced.solution.point.cost < stated.solution.point.cost - 1e-6,
        "{} {}",
        paced.solution.point.cost,
        stated.solution.point.cost
    );
    assert!(paced.solution.gap().abs() < 1e-8);
}

/// Too slow to get there: the pace is named among what stands in the way.
#[test]
fn a_pace_too_slow_is_the_reason_why_not() {
    let folder = tempfile::tempdir().unwrap();
    let text = format!("[solve]\npace = \"1 %/a\"\n{}", modest());
    let path = written(folder.path(), "slow.toml", &text);
    let (code, said, error) = call(&["solve", &path]);
    assert_eq!(code, 0, "{error}");
    assert!(said.contains("the pace of"), "{said}");
    let (_, said, _) = call(&["solve", &path, "--table", "conflicts", "--csv"]);
    assert!(said.contains("pace"), "{said}");
}

/// The plan of levels year by year is a file that runs to the same numbers.
#[test]
fn a_plan_with_a_pace_is_a_scenario_that_runs() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let out = out.to_str().unwrap();
    let text = format!("[solve]\npace = \"30 %/a\"\n{}", modest());
    let path = written(folder.path(), "paced.toml", &text);
    let (code, said, error) = call(&["solve", &path, "--out", out]);
    assert_eq!(code, 0, "{error}");
    assert!(said.contains("Levels year by year"), "{said}");
    let solution = format!("{out}/paced/solution.toml");
    let (code, _, error) = call(&["run", &solution, "--dry", "--strict"]);
    assert_eq!(code, 0, "{error}");
    let text = std::fs::read_to_string(&solution).unwrap();
    assert!(text.contains("points = { 20"), "{text}");
}

/// None is carried out further than the one before it, and the same file without the order
/// costs no more.
#[test]
fn an_order_holds_and_costs() {
    let modest = modest();
    let free = planned(&shaanxi(&modest));
    let of = |found: &jianpai::study::solve::Planned, id: &str| {
        let measures = &found.run.study.plan.measures;
        let m = measures.iter().position(|m| m.id == id).unwrap();
        found.solution.levels[m]
    };
    let names: Vec<String> = free
        .programme
        .spec
        .free
        .iter()
        .map(|one| free.run.study.plan.measures[one.measure].id.clone())
        .collect();
    let mut held = 0;
    for pair in names.windows(2) {
        // Turned round where the plan has it the other way.
        let (a, b) = if of(&free, &pair[0]) < of(&free, &pair[1]) {
            (&pair[0], &pair[1])
        } else {
            (&pair[1], &pair[0])
        };
        let text = format!("[solve]\norder = [\"{a}\", \"{b}\"]\n{modest}");
        if let Solved::Plan(found) = shaanxi(&text).solve().unwrap() {
            assert!(of(&found, a) >= of(&found, b) - 1e-9, "{a} {b}");
            assert!(found.solution.point.cost >= free.solution.point.cost - 1e-9);
            held += usize::from(of(&free, a) < of(&free, b) - 1e-6);
        }
    }
    assert!(held > 3, "orders that hold something back: {held}");
}

/// A pace for what happens within one year is an error where it is asked of that measure,
/// and told where it is asked of all.
#[test]
fn a_pace_is_not_for_what_happens_within_one_year() {
    let step = "[measures.guanzhong-rail]\nramp = \"step\"\nstart = 2019\n";
    let own = format!("[solve.bounds]\nguanzhong-rail = {{ pace = \"10 %/a\" }}\n{step}");
    let mut session = session_of(&own);
    let study = session.try_open("main.toml", None).unwrap();
    assert!(session.try_solve(&study, SolveOptions::default()).is_none());
    let said = format!("{:?}", session.take_found());
    assert!(said.contains("pace-one-year"), "{said}");
    let all = format!("[solve]\npace = \"40 %/a\"\n{step}");
    let mut session = session_of(&all);
    let study = session.try_open("main.toml", None).unwrap();
    assert!(session.try_solve(&study, SolveOptions::default()).is_some());
    let said = format!("{:?}", session.take_found());
    assert!(
        said.contains("pace-one-year") && said.contains("guanzhong-rail"),
        "{said}"
    );
}
