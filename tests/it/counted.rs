//! From which year things count, and whether they count at all: reductions, project
//! reductions, growth, bases of nothing, inherited entries, an own inventory.

use crate::support::{bare, catalogue, close, compiled, load, physical, run_at, session_over};
use jianpai::core::catalogue::Account;
use jianpai::core::compile::{PlanError, compile};
use jianpai::core::outcome;
use jianpai::core::plausible::{self, Doubt};
use jianpai::core::scenario::Scenario;
use jianpai::core::target::Demand;
use jianpai::core::text::Lang;
use jianpai::load::diag::{Color, Files};
use jianpai::load::scenario::{self, Loaded};
use std::process::Command;

const POLICY_13: &str = include_str!("../../scenarios/base/current-policy-13fyp.toml");
const POLICY_14: &str = include_str!("../../scenarios/base/current-policy-14fyp.toml");
const SHAANXI: &str = include_str!("../../scenarios/shaanxi-2020.toml");

/// Reads `main.toml` of files in memory: the scenario, and what is said of it.
fn read(memory: &[(&str, &str)]) -> (Option<Loaded>, String, Files) {
    let shipped = [
        ("base/current-policy-13fyp.toml", POLICY_13),
        ("base/current-policy-14fyp.toml", POLICY_14),
        ("shaanxi-2020.toml", SHAANXI),
    ];
    // The last of a name counts.
    let mut session = session_over(&[&shipped, memory].concat());
    let loaded = session.try_load("main.toml", None);
    let said = session.take_found().render(Lang::En, Color::Never);
    (loaded, said, session.files().clone())
}

/// A scenario of a region on top of the current policy of the 14th plan.
fn to_2025(region: &str, rest: &str) -> String {
    format!(
        "[scenario]\nname_zh = \"试\"\nname_en = \"Try\"\nregion = \"{region}\"\nextends = \"base/current-policy-14fyp.toml\"\nend_year = 2025\n{rest}"
    )
}

fn good(text: &str) -> Scenario {
    let (loaded, said, _) = read(&[("main.toml", text)]);
    loaded.unwrap_or_else(|| panic!("{said}")).scenario
}

fn refused(text: &str) -> String {
    let (loaded, said, _) = read(&[("main.toml", text)]);
    assert!(loaded.is_none(), "{said}");
    said
}

/// Coal use by year (tce).
fn coal(scenario: &Scenario) -> Vec<f64> {
    let data = catalogue();
    let plan = compiled(data, scenario);
    let i = data.indicator("coal").unwrap();
    outcome::run(data, scenario, &plan).indicators[i.at()].clone()
}

const CAP: &str = "[measures.coal]\ntype = \"coal-cap\"\nreduction = \"10 %\"\n";

#[test]
fn a_coal_cap_counts_from_the_end_of_the_plan_before() {
    // 2020 is the sixth year, 2025 the last.
    for (timetable, base) in [
        ("start = 2021\nend = 2025\n", 5),
        ("start = 2024\nend = 2025\n", 5),
        ("points = { 2022 = \"20 %\", 2025 = \"100 %\" }\n", 5),
        ("start = 2025\nramp = \"step\"\n", 5),
        ("base_year = 2018\nstart = 2021\nend = 2025\n", 3),
        ("base_year = 2015\nstart = 2021\nend = 2025\n", 0),
        ("start = 2018\nend = 2025\n", 0),
        ("start = 2020\nend = 2025\n", 0),
    ] {
        let used = coal(&good(&to_2025("hebei", &format!("{CAP}{timetable}"))));
        let left = used[10] / used[base];
        assert!(close(left, 0.9, 1e-12, 0.0), "{timetable}: {left}");
    }
    // What other measures do by then belongs to the base.
    let more = "[measures.steel]\ntype = \"industry-structure\"\nservices = [\"steel\"]\ncut = \"20 %\"\nstart = 2018\nend = 2020\n";
    let text = to_2025("hebei", &format!("{CAP}start = 2021\nend = 2025\n{more}"));
    let used = coal(&good(&text));
    assert!(close(used[10], 0.9 * used[5], 1e-12, 0.0));
    let without = coal(&good(&to_2025("hebei", more)));
    assert!(close(used[5], without[5], 1e-12, 0.0));
}

#[test]
fn a_base_year_that_the_cap_itself_shapes_is_refused() {
    for year in [2014, 2021, 2030] {
        let text = to_2025(
            "hebei",
            &format!("{CAP}base_year = {year}\nstart = 2021\nend = 2025\n"),
        );
        let errors = compile(catalogue(), &good(&text)).unwrap_err();
        let [PlanError::Measure { measure, problem }] = errors.as_slice() else {
            panic!("{errors:?}");
        };
        assert_eq!(
            (measure.as_str(), problem.key.as_str()),
            ("coal", "base_year")
        );
        assert!(
            problem.text.en.contains("2015 and 2020"),
            "{}",
            problem.text.en
        );
    }
}

#[test]
fn a_target_without_a_base_year_counts_from_the_end_of_the_plan_before() {
    for (year, wanted) in [(2018, 2015), (2020, 2015), (2021, 2020), (2025, 2020)] {
        for kind in ["reduction = \"10 %\"", "project = \"1 万t\""] {
            let text = to_2025(
                "hunan",
                &format!("[targets.a]\nindicator = \"NOx\"\nyear = {year}\n{kind}\n"),
            );
            match good(&text).targets[0].demand {
                Demand::Reduction { base_year, .. } | Demand::Project { base_year, .. } => {
                    assert_eq!(base_year, wanted, "{year}, {kind}");
                }
                other => panic!("{other:?}"),
            }
        }
    }
}

/// A sum begins with the year after the base year: what was emitted in 2015 is past.
#[test]
fn a_sum_without_a_first_year_begins_after_the_base_year() {
    for (keys, wanted) in [("", 2016), ("from = 2015\n", 2015), ("from = 2021\n", 2021)] {
        let text = to_2025(
            "hunan",
            &format!(
                "[targets.a]\nindicator = \"coal\"\nyear = 2025\ncumulative = \"9 亿吨标准煤\"\n{keys}"
            ),
        );
        let scenario = good(&text);
        match scenario.targets[0].demand {
            Demand::Cumulative { from, .. } => assert_eq!(from, wanted, "{keys}"),
            other => panic!("{other:?}"),
        }
        let used = coal(&scenario);
        let first = usize::try_from(wanted - 2015).unwrap();
        let sum: f64 = used[first..].iter().sum();
        let plan = compiled(catalogue(), &scenario);
        let verdict = outcome::run(catalogue(), &scenario, &plan).verdicts[0].unwrap();
        assert!(
            close(verdict.reached, sum, 1e-12, 0.0),
            "{keys}: {verdict:?} for {sum}"
        );
    }
}

#[test]
fn a_key_that_counts_for_nothing_in_a_target_is_refused() {
    for (keys, wanted) in [
        (
            "from = 2021\nreduction = \"10 %\"",
            "`from` counts for nothing",
        ),
        ("from = 2021\ncap = \"10 万t\"", "`from` counts for nothing"),
        (
            "base_year = 2020\nfloor = \"10 万t\"",
            "`base_year` counts for nothing",
        ),
        (
            "base_year = 2020\ncumulative = \"10 万t\"",
            "`base_year` counts for nothing",
        ),
        (
            "from = 2022\nbase_year = 2020\nproject = \"1 万t\"",
            "do not say the same",
        ),
        // An empty sum would be below any limit.
        (
            "from = 2025\ncumulative = \"1 t\"",
            "must come before the target year 2024",
        ),
        ("from = 2015\nproject = \"1 万t\"", "2015 lies outside"),
    ] {
        let text = to_2025(
            "hunan",
            &format!("[targets.a]\nindicator = \"NOx\"\nyear = 2024\n{keys}\n"),
        );
        let said = refused(&text);
        assert!(said.contains(wanted), "{keys}\n{said}");
    }
    // What the parent gave for another demand is no matter.
    let parent = to_2025(
        "hunan",
        "[targets.a]\nindicator = \"NOx\"\nyear = 2025\nbase_year = 2020\nreduction = \"10 %\"\n",
    );
    let child = "[scenario]\nname_zh = \"试\"\nname_en = \"Try\"\nextends = \"parent.toml\"\n[targets.a]\ncap = \"40 万t\"\n";
    let (loaded, said, _) = read(&[("main.toml", child), ("parent.toml", &parent)]);
    let target = &loaded.unwrap_or_else(|| panic!("{said}")).scenario.targets[0];
    assert_eq!(target.demand, Demand::Cap(400_000.0));
}

const TRUCKS: &str = "[measures.trucks]\ntype = \"old-vehicle-retirement\"\nfleet = \"trucks\"\nup_to = \"c4\"\nshare = \"60 %\"\nto = { c6 = \"100 %\" }\nstart = 2019\nend = 2025\n";

#[test]
fn project_reductions_count_new_measures_from_the_year_given() {
    let data = catalogue();
    let targets = "[targets.a]\nindicator = \"NOx\"\nyear = 2025\nproject = \"5.04 万吨\"\nfrom = 2021\n[targets.b]\nindicator = \"NOx\"\nyear = 2025\nproject = \"5.04 万吨\"\nbase_year = 2020\n[targets.c]\nindicator = \"NOx\"\nyear = 2025\nproject = \"5.04 万吨\"\nfrom = 2016\n";
    // Current policy cuts far more than that; it is no project.
    let scenario = good(&to_2025("hunan", targets));
    let plan = compiled(data, &scenario);
    for verdict in outcome::run(data, &scenario, &plan).verdicts {
        let verdict = verdict.unwrap();
        assert!(!verdict.met && verdict.reached.abs() < 1e-9, "{verdict:?}");
    }
    // A new measure counts by what it changes after the year before the first.
    let scenario = good(&to_2025("hunan", &format!("{TRUCKS}{targets}")));
    let plan = compiled(data, &scenario);
    let result = outcome::run(data, &scenario, &plan);
    let m = plan.measures.iter().position(|m| m.id == "trucks").unwrap();
    let q = plan.account(physical(data.pollutant("NOx").unwrap()));
    let line = |t: usize| {
        let cells = plan.accounts.len() * plan.span();
        -result.run.change[m * cells + q.unwrap() * plan.span() + t]
    };
    let wanted = [line(10) - line(5), line(10) - line(5), line(10)];
    for (verdict, wanted) in result.verdicts.iter().zip(wanted) {
        let reached = verdict.unwrap().reached;
        assert!(
            wanted > 1000.0 && close(reached, wanted, 1e-9, 0.0),
            "{reached} for {wanted}"
        );
    }
    assert!(line(5) > 1000.0, "some of it comes before 2021");
}

/// The coal and the energy that a new measure saves are what the runs with and without it
/// differ by: other than each other, and nothing of what current policy saves.
#[test]
fn project_reductions_count_coal_and_energy_too() {
    let data = catalogue();
    let steel = "[measures.steel]\ntype = \"industry-structure\"\nservices = [\"steel\", \"coke\"]\ncut = \"20 %\"\nstart = 2019\nend = 2025\n";
    let targets = "[targets.coal]\nindicator = \"coal\"\nyear = 2025\nproject = \"50 万吨标准煤\"\nfrom = 2021\n[targets.energy]\nindicator = \"energy\"\nyear = 2025\nproject = \"50 万吨标准煤\"\nfrom = 2021\n";
    let scenario = good(&to_2025("hunan", &format!("{steel}{targets}")));
    let plan = compiled(data, &scenario);
    let levels = plan.stated_levels();
    let mut without = levels.clone();
    without[plan.measures.iter().position(|m| m.id == "steel").unwrap()] = 0.0;
    let (with, without) = (run_at(&plan, &levels), run_at(&plan, &without));
    let saved = |account: Account| {
        let q = plan.account(account).unwrap();
        let in_year = |t: usize| without.total.at(q, t) - with.total.at(q, t);
        in_year(10) - in_year(5)
    };
    let wanted = [saved(Account::Coal), saved(Account::Energy)];
    assert!(
        wanted[0] > 50e4 && (wanted[1] - wanted[0]).abs() > 1e4,
        "{wanted:?}"
    );
    let verdicts = outcome::run(data, &scenario, &plan).verdicts;
    for (verdict, wanted) in verdicts.iter().zip(wanted) {
        let verdict = verdict.unwrap();
        assert!(
            verdict.met && close(verdict.reached, wanted, 1e-9, 0.0),
            "{verdict:?} for {wanted}"
        );
    }
}

#[test]
fn a_growth_rate_that_counts_in_no_year_is_told() {
    let child = |growth: &str| {
        format!(
            "[scenario]\nname_zh = \"试\"\nname_en = \"Try\"\nextends = \"shaanxi-2020.toml\"\n[growth]\n{growth}\n"
        )
    };
    let said = |growth: &str| {
        let text = child(growth);
        let (loaded, said, _) = read(&[("main.toml", &text)]);
        assert!(loaded.is_some(), "{said}");
        said
    };
    // GDP is on record to 2025.
    let flat = said("gdp = \"12 %\"");
    for part in [
        "warning[growth-without-effect]",
        "counts from 2026 on",
        "main.toml:6:1",
    ] {
        assert!(flat.contains(part), "{part}\n{flat}");
    }
    let late = said("industry = { 2020 = \"5 %\", 2021 = \"4 %\" }");
    assert!(
        late.contains("counts from 2021 on, and the scenario ends in 2020"),
        "{late}"
    );
    // Said of what the file itself states, and only where it counts for nothing.
    assert_eq!(said("gdp = { 2020 = \"12 %\" }"), "");
    assert_eq!(said("industry = \"5 %\""), "");
    // One that counts does: without it GDP grows by the 2.2 % on record, so that CO2 per
    // GDP is 1.12 / 1.022 of what it is with it.
    let per_gdp = |growth: &str| {
        let text = child(growth);
        let scenario = good(&text);
        let data = catalogue();
        let plan = compiled(data, &scenario);
        let i = data.indicator("CO2-per-GDP").unwrap();
        outcome::run(data, &scenario, &plan).indicators[i.at()][5]
    };
    let (flat, by_year) = (
        per_gdp("gdp = \"12 %\""),
        per_gdp("gdp = { 2020 = \"12 %\" }"),
    );
    let ratio = flat / by_year;
    assert!((ratio - 1.12 / 1.022).abs() < 5e-5, "{flat} {by_year}");
}

/// A scenario whose base year has no SO2 and no CO2.
fn of_nothing(targets: &str) -> (Vec<(String, String)>, String) {
    let text = format!(
        "[scenario]\nname_zh = \"试\"\nname_en = \"Try\"\nextends = \"shaanxi-2020.toml\"\ninventory = \"own.csv\"\ndrop = [\"so2\", \"co2-per-gdp\"]\n{targets}"
    );
    let own = "region,account,class,year,value,unit,calibre,source,status,note\n\
        shaanxi,SO2,total,2015,0,1e4 t,env-stats-2015,mine,quoted,\n\
        shaanxi,CO2,total,2015,0,1e4 t,ceads,mine,quoted,\n";
    let files = vec![
        ("main.toml".to_string(), text.clone()),
        ("own.csv".to_string(), own.to_string()),
    ];
    (files, text)
}

#[test]
fn a_reduction_on_nothing_is_neither_met_nor_missed() {
    let data = catalogue();
    let targets = "[targets.so2-new]\nindicator = \"SO2\"\nyear = 2020\nreduction = \"0 %\"\n[targets.intensity]\nindicator = \"CO2-per-GDP\"\nyear = 2020\nreduction = \"10 %\"\n[targets.cap]\nindicator = \"SO2\"\nyear = 2020\ncap = \"1 万t\"\n";
    let (files, _) = of_nothing(targets);
    let memory: Vec<(&str, &str)> = files
        .iter()
        .map(|(a, b)| (a.as_str(), b.as_str()))
        .collect();
    let (loaded, said, _) = read(&memory);
    let scenario = loaded.unwrap_or_else(|| panic!("{said}")).scenario;
    let plan = compiled(data, &scenario);
    let result = outcome::run(data, &scenario, &plan);
    let verdict = |id: &str| {
        let place = scenario.targets.iter().position(|t| t.id == id).unwrap();
        result.verdicts[place]
    };
    assert!(verdict("so2-new").is_none() && verdict("intensity").is_none());
    assert!(
        verdict("cap").is_some_and(|v| v.met),
        "a limit counts from no year"
    );
    let all = [&result.indicators, &result.frozen, &result.current];
    assert!(
        all.iter()
            .flat_map(|x| x.iter())
            .flatten()
            .all(|x| x.is_finite())
    );
}

#[test]
fn no_output_holds_a_quotient_of_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let root = env!("CARGO_MANIFEST_DIR");
    let targets = "[targets.so2-new]\nindicator = \"SO2\"\nyear = 2020\nreduction = \"0 %\"\n";
    let (files, text) = of_nothing(targets);
    for (name, text) in &files {
        let text = text.replace(
            "\"shaanxi-2020.toml\"",
            &format!("\"{root}/scenarios/shaanxi-2020.toml\""),
        );
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let call = |args: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_jianpai"))
            .current_dir(folder.path())
            .args(["--lang", "zh"])
            .args(args)
            .output()
            .unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (
            output.status.code().unwrap(),
            text(&output.stdout) + &text(&output.stderr),
        )
    };
    let (code, out) = call(&["run", "main.toml", "--out", "results"]);
    assert_eq!(code, 0, "{out}");
    assert!(
        out.contains("无法判定") && out.contains("1 项无法判定"),
        "{out}"
    );
    assert_eq!(call(&["run", "main.toml", "--dry", "--strict"]).0, 1);
    let mut texts = vec![out];
    for indicator in ["SO2", "CO2-per-GDP"] {
        texts.push(call(&["explain", "main.toml", indicator, "2020"]).1);
    }
    texts.push(call(&["check", "main.toml"]).1);
    let mut folders = vec![folder.path().join("results")];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                texts.push(String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned());
            }
        }
    }
    assert!(texts.len() > 10);
    for text in texts {
        let word = |word: &str| {
            text.split(|c: char| !c.is_alphanumeric())
                .any(|w| w == word)
        };
        assert!(!word("NaN") && !word("inf"), "{text}");
    }
    // A sweep does not judge it either.
    let sweep = "[sweep]\ndraws = 8\n[sweep.inputs.b]\nlevel = \"guanzhong-boilers\"\nuniform = [\"40 %\", \"90 %\"]\n";
    let text = text.replace(
        "\"shaanxi-2020.toml\"",
        &format!("\"{root}/scenarios/shaanxi-2020.toml\""),
    );
    std::fs::write(folder.path().join("main.toml"), format!("{text}{sweep}")).unwrap();
    let (code, out) = call(&["sweep", "main.toml", "--out", "swept"]);
    assert!(code == 2 && out.contains("so2-new"), "{out}");
}

const OWN_MANURE: &str = "type = \"manure-utilisation\"\nname_zh = \"我省粪污利用\"\nto = { treated = \"25 %\", returned = \"75 %\" }\nshare = \"20 %\"\nstart = 2021\nend = 2025\n";
const COD: &str =
    "[targets.cod]\nindicator = \"COD\"\nyear = 2025\nbase_year = 2020\nreduction = \"8 %\"\n";

/// Cut of COD on 2020 by 2025, and COD in 2020 and 2025 (t).
fn cod(scenario: &Scenario) -> (f64, f64) {
    let data = catalogue();
    let plan = compiled(data, scenario);
    let i = data.indicator("COD").unwrap();
    let values = &outcome::run(data, scenario, &plan).indicators[i.at()];
    (values[5], values[10])
}

#[test]
fn an_inherited_measure_of_current_policy_is_touched_only_if_the_file_says_so() {
    let with = |id: &str, body: &str| to_2025("hunan", &format!("{COD}[measures.{id}]\n{body}"));
    for body in [
        OWN_MANURE,
        "level = \"50 %\"\n",
        "share = \"40 %\"\n",
        "policy = \"new\"\n",
    ] {
        let said = refused(&with("manure", body));
        for part in ["error[inherited-id]", "current policy", "replace = true"] {
            assert!(said.contains(part), "{part}\n{said}");
        }
        assert!(said.contains("base/current-policy-13fyp.toml"), "{said}");
    }
    // Under an id of its own it takes from what current policy leaves: −6.7 % on 2020.
    let own = good(&with("manure-hn", OWN_MANURE));
    let none = good(&to_2025("hunan", COD));
    let ((base, last), (before, _)) = (cod(&own), cod(&none));
    assert!(close(base, before, 1e-12, 0.0), "the base does not move");
    assert!(
        (last / base - 1.0 + 0.0671).abs() < 0.0005,
        "{}",
        last / base - 1.0
    );
    // Where the file says so it stands alone: a new measure, and current policy is gone.
    let text = with("manure", &format!("replace = true\n{OWN_MANURE}"));
    let (loaded, said, files) = read(&[("main.toml", &text)]);
    let loaded = loaded.unwrap_or_else(|| panic!("{said}"));
    let m = loaded
        .scenario
        .measures
        .iter()
        .find(|m| m.id == "manure")
        .unwrap();
    assert_eq!(m.policy, jianpai::core::measure::Policy::New);
    assert!(m.source.is_none(), "nothing of the inherited one is left");
    assert!(
        cod(&loaded.scenario).0 > before * 1.01,
        "which moves the base"
    );
    let found = scenario::replaced(&loaded, &files);
    // Where the share stands that it had.
    let base = include_str!("../../scenarios/base/current-policy-13fyp.toml");
    let at = 1 + base.lines().position(|l| l == "[measures.manure]").unwrap();
    let [one] = found.as_slice() else {
        panic!("{found:?}")
    };
    assert_eq!((one.code, one.doubt), ("replaces-inherited", Doubt::Medium));
    assert!(
        one.text.en.contains("measures.manure")
            && one.basis.en.contains(&format!("13fyp.toml:{at}"))
    );
    // Fields alone change what they name, the rest stays.
    let text = with("manure", "replace = true\nlevel = \"50 %\"\n");
    let (loaded, said, files) = read(&[("main.toml", &text)]);
    let loaded = loaded.unwrap_or_else(|| panic!("{said}"));
    let m = loaded
        .scenario
        .measures
        .iter()
        .find(|m| m.id == "manure")
        .unwrap();
    assert_eq!(m.policy, jianpai::core::measure::Policy::Current);
    assert!(close(m.level, 0.5, 1e-12, 0.0) && m.source.is_some());
    assert!(
        scenario::replaced(&loaded, &files)[0]
            .text
            .en
            .contains("changes")
    );
}

#[test]
fn options_change_fields_and_something_else_needs_another_id() {
    let parent = to_2025("hunan", &format!("{COD}{TRUCKS}"));
    let child = |rest: &str| {
        let text = format!(
            "[scenario]\nname_zh = \"试\"\nname_en = \"Try\"\nextends = \"parent.toml\"\n{rest}"
        );
        let (loaded, said, files) = read(&[("main.toml", &text), ("parent.toml", &parent)]);
        let listed = loaded.as_ref().map(|l| scenario::replaced(l, &files).len());
        (loaded.map(|l| l.scenario), said, listed)
    };
    // The level of a measure, the reduction of a target: what options are made of.
    let (found, said, listed) = child(
        "[measures.trucks]\nlevel = \"50 %\"\nshare = \"40 %\"\n[targets.cod]\nreduction = \"9 %\"\n",
    );
    let found = found.unwrap_or_else(|| panic!("{said}"));
    assert!(close(
        found
            .measures
            .iter()
            .find(|m| m.id == "trucks")
            .unwrap()
            .level,
        0.5,
        1e-12,
        0.0
    ));
    assert_eq!(listed, Some(0));
    for (rest, wanted) in [
        (
            format!("[measures.trucks]\n{OWN_MANURE}"),
            "its `type` is `old-vehicle-retirement`",
        ),
        (
            "[targets.cod]\nindicator = \"NOx\"\n".to_string(),
            "its `indicator` is `COD`",
        ),
        (
            "[measures.trucks]\npolicy = \"current\"\n".to_string(),
            "makes a new measure current",
        ),
    ] {
        let (found, said, _) = child(&rest);
        assert!(found.is_none() && said.contains(wanted), "{said}");
        // And where the file says so, it is done.
        let (head, body) = rest.split_once('\n').unwrap();
        let (found, said, listed) = child(&format!("{head}\nreplace = true\n{body}"));
        if wanted.contains("COD") {
            // It stands alone, so it must say all that a target says.
            assert!(found.is_none() && said.contains("`year`"), "{said}");
        } else {
            assert!(found.is_some() && listed == Some(1), "{said}");
        }
    }
    let (found, said, _) = child("[measures.truck]\nreplace = true\nlevel = \"50 %\"\n");
    assert!(
        found.is_none() && said.contains("no inherited `truck`"),
        "{said}"
    );
    assert!(said.contains("did you mean `trucks`?"), "{said}");
    let (found, said, _) = child("[measures.trucks]\nreplace = \"yes\"\n");
    assert!(
        found.is_none() && said.contains("expected true or false"),
        "{said}"
    );
    // Nothing is inherited: nothing to replace.
    let data = catalogue();
    let text = bare(data, data.region("hunan").unwrap(), 2020)
        + &TRUCKS.replace("start", "replace = true\nstart");
    let text = text.replace("end = 2025", "end = 2020");
    assert!(
        load(data, &[("main.toml", &text)])
            .unwrap_err()
            .contains("nothing-to-replace")
    );
}

#[test]
fn an_own_inventory_that_is_partial_says_what_it_leaves() {
    let data = catalogue();
    let said = |rows: &str| {
        let text = "[scenario]\nname_zh = \"试\"\nname_en = \"Try\"\nextends = \"shaanxi-2020.toml\"\ninventory = \"own.csv\"\n";
        let own =
            format!("region,account,class,year,value,unit,calibre,source,status,note\n{rows}");
        let (loaded, said, _) = read(&[("main.toml", text), ("own.csv", &own)]);
        let scenario = loaded.unwrap_or_else(|| panic!("{said}")).scenario;
        let plan = compiled(data, &scenario);
        let result = outcome::run(data, &scenario, &plan);
        let found = plausible::find(data, &scenario, &plan, &result);
        let found = found.into_iter().find(|f| f.code == "inventory-partial");
        (found, plausible::left_to_built_in(data, &scenario))
    };
    let (found, text) = said("shaanxi,SO2,total,2015,50,1e4 t,env-stats-2015,mine,quoted,\n");
    let (found, text) = (found.unwrap(), text.unwrap());
    assert_eq!(found.text, text);
    assert!(
        text.en
            .contains("COD, NH3-N, NOx, CO2, coal come from the built-in inventory"),
        "{}",
        text.en
    );
    assert!(
        text.en.contains("of SO2 it gives the total alone"),
        "{}",
        text.en
    );
    assert!(text.zh.contains("煤炭取自程序自带清单"), "{}", text.zh);
    // Classes of its own are no remainder.
    let (_, text) = said(
        "shaanxi,SO2,power,2015,20,1e4 t,env-stats-2015,mine,quoted,\n\
         shaanxi,SO2,industry,2015,20,1e4 t,env-stats-2015,mine,quoted,\n\
         shaanxi,SO2,domestic,2015,20,1e4 t,env-stats-2015,mine,quoted,\n",
    );
    assert!(!text.unwrap().en.contains("total alone"));
    // Without one there is nothing to say.
    let scenario =
        good("[scenario]\nname_zh = \"试\"\nname_en = \"Try\"\nextends = \"shaanxi-2020.toml\"\n");
    assert!(plausible::left_to_built_in(data, &scenario).is_none());
}
