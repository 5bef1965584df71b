//! Two scenarios side by side: the parts of a difference sum to it, and what is the
//! same in both is no difference.

use crate::program::run as call;
use crate::support::{Case, bare, cases, catalogue, close, compiled, load, study, worlds};
use jianpai::core::difference::{Cause, Explanation, Side, explain};
use jianpai::core::outcome;
use jianpai::core::scenario::Scenario;
use jianpai::load::scenario::Loaded;
use jianpai::load::scenario::compare::{InputDifference, Part, compare};
use proptest::prelude::*;

fn side(case: &Case) -> Side<'_> {
    Side {
        scenario: &case.scenario,
        plan: &case.plan,
    }
}

/// The parts sum to B − A, and A and B are what the runs give.
fn check_sums(explanation: &Explanation, a: Side<'_>, b: Side<'_>) {
    let values = |side: Side<'_>| outcome::run(catalogue(), side.scenario, side.plan).indicators;
    let (own_a, own_b) = (values(a), values(b));
    for difference in &explanation.indicators {
        let i = difference.indicator.at();
        for t in 0..explanation.years.len() {
            let (x, y) = (difference.a[t], difference.b[t]);
            assert!(close(x, own_a[i][t], 1e-12, 0.0) && close(y, own_b[i][t], 1e-12, 0.0));
            let sum: f64 = difference.parts.iter().map(|part| part.values[t]).sum();
            let scale = x.abs().max(y.abs());
            assert!(
                (sum - (y - x)).abs() <= 1e-9 * scale,
                "{} {}: {sum} is not {y} - {x}",
                catalogue().indicators[i].named.id,
                explanation.years[t]
            );
        }
    }
}

/// The region of one scenario with the inputs of another, if that can be carried out.
fn moved(case: &Case, to: &Scenario) -> Option<Case> {
    let mut scenario = case.scenario.clone();
    scenario.region = to.region;
    scenario.world = to.world.clone();
    for measure in &mut scenario.measures {
        measure.zone = None;
    }
    let plan = jianpai::core::compile::compile(catalogue(), &scenario).ok()?;
    Some(Case {
        scenario,
        plan,
        text: case.text.clone(),
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 40, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever two scenarios of a region differ in, the parts leave no remainder.
    #[test]
    fn parts_sum_to_the_difference(a in cases(5, 3), b in cases(5, 3)) {
        prop_assume!(moved(&b, &a.scenario).is_some());
        let b = moved(&b, &a.scenario).unwrap();
        let explanation = explain(catalogue(), side(&a), side(&b)).unwrap();
        check_sums(&explanation, side(&a), side(&b));
        // Seen from the other side every part has the other sign.
        let back = explain(catalogue(), side(&b), side(&a)).unwrap();
        prop_assert_eq!(explanation.orders, back.orders);
        for (there, back) in explanation.indicators.iter().zip(&back.indicators) {
            let scale = there.a.iter().chain(&there.b).fold(0.0_f64, |m, x| m.max(x.abs()));
            for part in &there.parts {
                let other = back.parts.iter().find(|other| other.cause == part.cause);
                for (t, value) in part.values.iter().enumerate() {
                    let other = other.map_or(0.0, |other| other.values[t]);
                    prop_assert!((value + other).abs() <= 1e-9 * scale, "{:?}", part.cause);
                }
            }
        }
    }

    /// A scenario does not differ from itself.
    #[test]
    fn nothing_differs_from_itself(a in cases(4, 2)) {
        let explanation = explain(catalogue(), side(&a), side(&a)).unwrap();
        prop_assert!(explanation.indicators.iter().all(|d| d.parts.is_empty()));
    }
}

const RAIL: &str = "
[measures.rail]
type = \"rail-freight\"
growth = \"25 %\"
since = 2017
start = 2018
end = 2020
";

const SEWAGE: &str = "
[measures.sewage]
type = \"sewage-expansion\"
area = \"urban\"
to = { 1a = \"60 %\", better = \"40 %\" }
share = \"50 %\"
start = 2018
end = 2020
";

fn shaanxi(more: &str) -> Loaded {
    let data = catalogue();
    let region = data.region("shaanxi").unwrap();
    let text = format!("{}{more}", bare(data, region, 2020));
    load(data, &[("main.toml", &text)]).unwrap_or_else(|problems| panic!("{problems}"))
}

fn inputs(a: &Loaded, b: &Loaded) -> Vec<InputDifference> {
    let data = catalogue();
    let plans = [a, b].map(|x| compiled(data, &x.scenario));
    compare(data, (a, &plans[0]), (b, &plans[1]))
}

/// Texts that say the same are no difference; names and sources are no inputs.
#[test]
fn only_values_count() {
    let a = shaanxi(SEWAGE);
    let other = SEWAGE
        .replace("\"50 %\"", "\"0.5\"")
        .replace(
            "{ 1a = \"60 %\", better = \"40 %\" }",
            "{ better = \"0.4\", 1a = \"60.0 %\" }",
        )
        .replace(
            "end = 2020",
            "end = 2020\nname_zh = \"污水\"\nramp = \"linear\"\nlevel = \"100 %\"",
        );
    assert!(inputs(&a, &shaanxi(&other)).is_empty());
}

/// Added, gone and changed measures, growth, elasticity and targets are found, each
/// with its place.
#[test]
fn what_differs_is_found() {
    let target = "\n[targets.so2]\nindicator = \"SO2\"\nyear = 2020\nreduction = \"15 %\"\n";
    let a = shaanxi(&format!("{RAIL}{SEWAGE}{target}"));
    let changed = SEWAGE
        .replace("\"50 %\"", "\"40 %\"")
        .replace("start = 2018", "start = 2017");
    let more = format!(
        "{changed}{}\n[elasticity]\nfreight = 0.8\n[measures.gone]\ntype = \"energy-efficiency\"\nservices = [\"steel\"]\ngain = \"2 %\"\nstart = 2018\nend = 2020\n",
        target.replace("15 %", "16 %")
    );
    let data = catalogue();
    let region = data.region("shaanxi").unwrap();
    let text = bare(data, region, 2020).replace("gdp = \"3 %\"", "gdp = { 2019 = \"9 %\" }");
    let b = load(data, &[("main.toml", &format!("{text}{more}"))]).unwrap();
    let found = inputs(&a, &b);
    let list: Vec<(Part, &str, &str)> = found
        .iter()
        .map(|x| (x.part, x.id.as_str(), x.field))
        .collect();
    assert_eq!(
        list,
        [
            (Part::Growth, "gdp", "growth"),
            (Part::Elasticity, "freight", "elasticity"),
            (Part::Measure, "rail", ""),
            (Part::Measure, "sewage", "timetable"),
            (Part::Measure, "sewage", "share"),
            (Part::Measure, "gone", ""),
            (Part::Target, "so2", "demand"),
        ]
    );
    assert!(found[2].b.is_none() && found[5].a.is_none());
    let share = &found[4];
    assert_eq!(share.a.as_ref().unwrap().text.en, "50 %");
    assert_eq!(share.b.as_ref().unwrap().text.en, "40 %");
    assert!(share.b.as_ref().unwrap().span.is_some());
}

/// A measure that only one scenario has carries the whole difference: nothing else
/// differs.
#[test]
fn a_single_measure_carries_the_whole_difference() {
    let data = catalogue();
    let (a, b) = (shaanxi(""), shaanxi(SEWAGE));
    let plans = [&a, &b].map(|x| compiled(data, &x.scenario));
    let (a, b) = (
        Side {
            scenario: &a.scenario,
            plan: &plans[0],
        },
        Side {
            scenario: &b.scenario,
            plan: &plans[1],
        },
    );
    let explanation = explain(data, a, b).unwrap();
    let cod = data.indicator("COD").unwrap();
    let difference = &explanation.indicators[cod.at()];
    let [part] = difference.parts.as_slice() else {
        panic!("{:?}", difference.parts)
    };
    assert_eq!(part.cause, Cause::Measure("sewage".to_string()));
    assert!(part.differs && *part.values.last().unwrap() < -1.0);
}

/// Growth of a driver that differs alone carries the difference of what follows it,
/// GDP that of intensities too.
#[test]
fn growth_is_told_apart_by_driver() {
    let data = catalogue();
    let region = data.region("shaanxi").unwrap();
    let text = bare(data, region, 2022).replace("livestock = \"3 %\"", "livestock = \"5 %\"");
    let b = load(
        data,
        &[(
            "main.toml",
            &text.replace("gdp = \"3 %\"", "gdp = { 2020 = \"4 %\" }"),
        )],
    );
    let a = load(data, &[("main.toml", &bare(data, region, 2022))]).unwrap();
    let b = b.unwrap();
    let plans = [&a, &b].map(|x| compiled(data, &x.scenario));
    let explanation = explain(
        data,
        Side {
            scenario: &a.scenario,
            plan: &plans[0],
        },
        Side {
            scenario: &b.scenario,
            plan: &plans[1],
        },
    )
    .unwrap();
    let causes = |id: &str| -> Vec<String> {
        let difference = &explanation.indicators[data.indicator(id).unwrap().at()];
        let name = |cause: &Cause| match cause {
            Cause::Driver(d) => data.drivers[d.at()].id.clone(),
            other => format!("{other:?}"),
        };
        difference
            .parts
            .iter()
            .map(|part| name(&part.cause))
            .collect()
    };
    assert_eq!(causes("COD"), ["livestock"]);
    assert_eq!(causes("CO2-per-GDP"), ["gdp"]);
}

/// Scenarios of different regions are not explained.
#[test]
fn regions_are_not_exchanged() {
    let data = catalogue();
    let cases: Vec<Loaded> = worlds(data)
        .into_iter()
        .take(2)
        .map(|(region, _)| load(data, &[("main.toml", &bare(data, region, 2020))]).unwrap())
        .collect();
    let plans: Vec<_> = cases.iter().map(|x| compiled(data, &x.scenario)).collect();
    let side = |i: usize| Side {
        scenario: &cases[i].scenario,
        plan: &plans[i],
    };
    assert!(explain(data, side(0), side(1)).is_none());
}

/// The shipped options of a plan.
#[test]
fn shipped_options_are_explained_without_remainder() {
    let data = catalogue();
    let read = |name: &str| {
        let study = study(&format!("scenarios/{name}.toml"));
        study.loaded.scenario
    };
    for (a, b) in [
        ("shaanxi-14fyp-weak", "shaanxi-14fyp-strengthened"),
        ("national-13fyp", "national-13fyp-observed"),
        ("shaanxi-2020", "shaanxi-14fyp-planned"),
    ] {
        let scenarios = [read(a), read(b)];
        let plans = [0, 1].map(|i| compiled(data, &scenarios[i]));
        let side = |i: usize| Side {
            scenario: &scenarios[i],
            plan: &plans[i],
        };
        let explanation = explain(data, side(0), side(1)).unwrap();
        check_sums(&explanation, side(0), side(1));
    }
}

#[test]
fn the_command_prints_writes_and_exits() {
    let file = "scenarios/shaanxi-14fyp-weak.toml";
    let (code, out, _) = call(&["--lang", "en", "diff", file, file]);
    assert_eq!(code, 0);
    assert!(out.contains("no difference"), "{out}");
    let folder = tempfile::tempdir().unwrap();
    let out_dir = folder.path().join("d");
    let (code, out, _) = call(&[
        "--lang",
        "zh",
        "diff",
        file,
        "scenarios/shaanxi-14fyp-planned.toml",
        "--out",
        out_dir.to_str().unwrap(),
    ]);
    assert_eq!(code, 0);
    assert!(
        out.contains("措施 rail") && out.contains("差别的来源"),
        "{out}"
    );
    for name in [
        "inputs.csv",
        "outputs.csv",
        "explanation.csv",
        "diff-SO2.zh.svg",
        "diff-SO2.en.svg",
    ] {
        let folder = out_dir.join("shaanxi-14fyp-weak-vs-shaanxi-14fyp-planned");
        assert!(folder.join(name).exists(), "{name}");
    }
    let (code, out, _) = call(&[
        "diff",
        file,
        "scenarios/shaanxi-14fyp-planned.toml",
        "--json",
    ]);
    let value: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert!(code == 0 && value["same"] == false && value["explanation"][0]["parts"].is_array());
    let (code, out, _) = call(&[
        "diff",
        file,
        "scenarios/national-13fyp.toml",
        "--csv=outputs",
    ]);
    assert!(code == 0 && out.starts_with("indicator,year,a,b,"), "{out}");
    let (code, _, problems) = call(&["diff", file, "tests/invalid/over-claim.toml"]);
    assert!(code == 2 && problems.contains("over-claim"), "{problems}");
}
