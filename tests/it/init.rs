//! `jianpai init`: every file it makes runs, has the targets of its plan and nothing in
//! it that `check` doubts highly, in both languages, for every region.

use super::support::{catalogue, session};
use crate::program;
use jianpai::core::catalogue::Book;
use jianpai::core::catalogue::Level;
use jianpai::core::compile::compile;
use jianpai::core::outcome;
use jianpai::core::plausible::{self, Doubt, Place};
use jianpai::core::target::Demand;
use jianpai::load::scenario::Loaded;
use std::path::Path;

fn call(folder: &Path, args: &[&str]) -> program::Said {
    program::said(program::command(args).current_dir(folder))
}

fn read(path: &Path) -> Loaded {
    let mut session = session();
    let loaded = session.try_load(path.to_str().unwrap(), None);
    let loaded = session.settle(loaded);
    loaded.unwrap_or_else(|error| panic!("{error}"))
}

/// All regions, all plans: the file runs, ends with the plan, has its official targets
/// and no others, and no growth, measure or region in it is highly doubtful.
#[test]
fn every_region_and_plan_gives_a_file_to_trust() {
    let data = catalogue();
    let folder = tempfile::tempdir().unwrap();
    let mut with_targets = [0, 0, 0];
    for (r, region) in data.regions.iter().enumerate() {
        if region.level == Level::Zone || data.worlds[r].is_none() {
            continue;
        }
        let plans = [("13", 2020), ("14", 2025), ("15", 2030)];
        for (p, (plan_id, last)) in plans.into_iter().enumerate() {
            let id = &region.named.id;
            let lang = if (r + p) % 2 == 0 { "zh" } else { "en" };
            let name = format!("{id}-{plan_id}.toml");
            let args = ["init", id, "--plan", plan_id, "--lang", lang, "-o", &name];
            let (code, _, errors) = call(folder.path(), &args);
            assert_eq!(code, 0, "{id} {plan_id}: {errors}");
            let path = folder.path().join(&name);
            let loaded = read(&path);
            let scenario = &loaded.scenario;
            assert_eq!(scenario.end_year, last);
            // The 15th plan counts from 2025, the 14th from 2020 where there are totals of it.
            let base = match (plan_id, id.as_str()) {
                ("15", _) => 2025,
                ("14", "china") => 2020,
                _ => 2015,
            };
            assert_eq!(scenario.base_year, base, "{id} {plan_id}");
            assert!(
                scenario
                    .measures
                    .iter()
                    .all(|m| m.policy == jianpai::core::measure::Policy::Current)
            );
            assert!(
                scenario.measures.len() > 10,
                "{id}: {}",
                scenario.measures.len()
            );
            let official = data.targets.iter().filter(|t| {
                t.region.at() == r
                    && t.plan == format!("{plan_id}fyp")
                    && data.indicator(&t.indicator).is_some()
            });
            let official: Vec<_> = official.collect();
            assert_eq!(scenario.targets.len(), official.len(), "{id} {plan_id}");
            with_targets[p] += usize::from(!official.is_empty());
            for target in official {
                let indicator = data.indicator(&target.indicator).unwrap();
                let own = scenario.targets.iter().find(|t| {
                    let project = matches!(t.demand, Demand::Project { .. });
                    let asked = data
                        .in_book(indicator, Book::Accounted)
                        .unwrap_or(indicator);
                    t.indicator == asked && project == (target.kind == "project-reduction")
                });
                let (wanted, base_year) = match own.expect("the target").demand {
                    Demand::Reduction { wanted, base_year }
                    | Demand::Project { wanted, base_year } => (wanted, base_year),
                    ref other => panic!("{other:?}"),
                };
                assert_eq!(base_year, target.base_year);
                let scale = target.value.value.abs();
                assert!(
                    (wanted - target.value.value).abs() <= 1e-6 * scale,
                    "{id} {}",
                    target.indicator
                );
            }
            let plan = compile(data, scenario).unwrap_or_else(|e| panic!("{id}: {e:?}"));
            let outcome = outcome::run(data, scenario, &plan);
            for found in plausible::find(data, scenario, &plan, &outcome) {
                // Whether a target is easy, a calibration far off, or current policy fast where
                // GDP on record is, is not the file's doing: no measure of its own acts.
                let own = matches!(found.place, Place::Growth(_) | Place::Elasticity(_));
                assert!(
                    !own || found.doubt != Doubt::High,
                    "{id} {plan_id}: {}",
                    found.text.en
                );
            }
        }
    }
    assert!(
        with_targets[0] > 30 && with_targets[1] > 15 && with_targets[2] == 1,
        "{with_targets:?}"
    );
}

/// The examples of measures run when the marks are taken off, and so do the lines of
/// growth.
#[test]
fn the_examples_are_right() {
    let folder = tempfile::tempdir().unwrap();
    for (region, plan_id) in [
        ("hebei", "13"),
        ("hebei", "14"),
        ("china", "14"),
        ("guangzhou", "13"),
        ("ningxia", "14"),
    ] {
        let name = format!("{region}-{plan_id}.toml");
        let (code, _, errors) = call(
            folder.path(),
            &[
                "init", region, "--plan", plan_id, "--lang", "en", "-o", &name,
            ],
        );
        assert_eq!(code, 0, "{errors}");
        let path = folder.path().join(&name);
        let text = std::fs::read_to_string(&path).unwrap();
        let is_toml = |line: &str| {
            line.starts_with("# [measures")
                || (line.starts_with("# ")
                    && line.contains(" = ")
                    && !line.contains("amount = ")
                    && !line.contains("share = part")
                    && ![
                        "# share = part",
                        "# indicator",
                        "# year",
                        "# base_year",
                        "# base = ",
                        "# source",
                    ]
                    .iter()
                    .any(|start| line.starts_with(start))
                    && !line.contains("… %"))
        };
        let live: Vec<&str> = text
            .lines()
            .map(|line| if is_toml(line) { &line[2..] } else { line })
            .collect();
        let live = live.join("\n");
        std::fs::write(&path, &live).unwrap();
        let (code, _, errors) = call(folder.path(), &["run", "--dry", &name]);
        assert_eq!(code, 0, "{errors}\n{live}");
        let loaded = read(&path);
        let new = loaded
            .scenario
            .measures
            .iter()
            .filter(|m| m.policy == jianpai::core::measure::Policy::New);
        assert!(new.count() >= 4, "{live}");
        // The lines of growth say what held without them.
        let bare = {
            let path = folder.path().join("bare.toml");
            std::fs::write(&path, text).unwrap();
            read(&path).scenario
        };
        let data = catalogue();
        let (with, without) = (
            compile(data, &loaded.scenario).unwrap(),
            compile(data, &bare).unwrap(),
        );
        for (d, (a, b)) in with.growth.iter().zip(&without.growth).enumerate() {
            for (x, y) in a.iter().zip(b) {
                assert!(
                    (x - y).abs() < 6e-4,
                    "{region} {plan_id} {}: {x} and {y}",
                    data.drivers[d].id
                );
            }
        }
    }
}

/// The program puts the files of current policy beside the new one, uses those that are
/// there, and writes over nothing.
#[test]
fn current_policy_is_put_beside_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let (code, shown, errors) = call(at, &["init", "hebei", "--lang", "en"]);
    assert_eq!(code, 0, "{errors}");
    assert!(
        shown.contains("extends = \"base/current-policy-14fyp.toml\""),
        "{shown}"
    );
    assert!(std::fs::read_dir(at).unwrap().next().is_none());
    let (code, _, errors) = call(at, &["init", "hebei", "--lang", "en", "-o", "hebei.toml"]);
    assert_eq!(code, 0, "{errors}");
    assert!(errors.contains("current policy written to"), "{errors}");
    let base = at.join("base/current-policy-14fyp.toml");
    let own = std::fs::read_to_string(&base).unwrap() + "# a note\n";
    std::fs::write(&base, &own).unwrap();
    let (code, _, errors) = call(at, &["init", "henan", "--lang", "en", "-o", "henan.toml"]);
    assert_eq!((code, errors.as_str()), (0, ""));
    assert_eq!(std::fs::read_to_string(&base).unwrap(), own);
    for file in ["hebei.toml", "henan.toml"] {
        let (code, _, errors) = call(at, &["run", "--dry", file]);
        assert_eq!(code, 0, "{errors}");
    }
    // From a folder below, and with the scenarios of the project.
    std::fs::create_dir_all(at.join("mine")).unwrap();
    let (code, _, errors) = call(
        at,
        &[
            "init",
            "hunan",
            "--plan",
            "13",
            "-o",
            "mine/hunan.toml",
            "--lang",
            "en",
        ],
    );
    assert_eq!((code, errors.as_str()), (0, ""));
    let text = std::fs::read_to_string(at.join("mine/hunan.toml")).unwrap();
    assert!(
        text.contains("extends = \"../base/current-policy-13fyp.toml\""),
        "{text}"
    );
    assert_eq!(call(at, &["run", "--dry", "mine/hunan.toml"]).0, 0);
}

#[test]
fn other_plans_and_years_are_refused_with_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    for (args, part) in [
        (["--plan", "16", "--lang", "zh"], "可用：13、14、15"),
        (["--plan", "12", "--lang", "en"], "known: 13, 14, 15"),
        (["--end", "2019", "--lang", "en"], "lies between 2020"),
        (["--end", "1999", "--lang", "zh"], "末年应在"),
    ] {
        let mut all = vec!["init", "hebei", "-o", "x.toml"];
        all.extend(args);
        let (code, shown, errors) = call(folder.path(), &all);
        assert_eq!(code, 2, "{args:?}");
        assert!(
            shown.is_empty() && errors.contains(part),
            "{args:?}: {errors}"
        );
        assert!(std::fs::read_dir(folder.path()).unwrap().next().is_none());
    }
}

/// Growth carried on for years at the pace of a few: nothing else about it is out of
/// the ordinary, for each year of it is on record.
#[test]
fn growth_carried_beyond_the_record_is_doubted() {
    let data = catalogue();
    let finding = |region: &str, growth: &str| {
        let base = jianpai::study::embedded::BASES;
        let text = format!(
            "[scenario]\nname_zh = \"一\"\nname_en = \"one\"\nextends = \"b.toml\"\nregion = \"{region}\"\nend_year = 2025\n[growth]\n{growth}\n"
        );
        let files = [
            ("main.toml", text.as_str()),
            ("b.toml", base[1].1),
            ("current-policy-13fyp.toml", base[0].1),
        ];
        let loaded = super::support::load(data, &files).unwrap_or_else(|e| panic!("{e}"));
        let plan = compile(data, &loaded.scenario).unwrap();
        let outcome = outcome::run(data, &loaded.scenario, &plan);
        let all = plausible::find(data, &loaded.scenario, &plan, &outcome);
        let driver = data.driver(growth.split(' ').next().unwrap());
        let mut own = all.into_iter().filter(|f| f.code == "growth-carried-on");
        own.find(|f| driver.is_none_or(|driver| matches!(f.place, Place::Growth(d) if d == driver)))
    };
    // Steel of Ningxia grew by a quarter a year for three years; not for nine.
    let steel = finding("ningxia", "steel-output = \"25.5 %\"").expect("a doubt");
    assert_eq!(steel.doubt, Doubt::High, "{}", steel.text.en);
    // 1.255^6
    assert!((steel.found - 3.907).abs() < 0.001, "{}", steel.found);
    let steel = finding("shaanxi", "steel-output = \"16.3 %\"").expect("a doubt");
    assert!(steel.doubt <= Doubt::Medium);
    let cement = finding("henan", "cement-output = \"-12 %\"").expect("a doubt");
    assert!(cement.doubt <= Doubt::Medium && cement.found < 0.5);
    let power = finding("ningxia", "electricity = \"15.8 %\"").expect("a doubt");
    assert!(power.doubt <= Doubt::Medium);
    // What the base files say is no cause for it, nor is what the record did as long.
    assert!(finding("hebei", "").is_none_or(|f| f.doubt == Doubt::Low));
    assert!(finding("hebei", "gdp = \"6 %\"").is_none());
    // Getting back to where it was before is no growth beyond the record.
    assert!(
        finding(
            "henan",
            "livestock = { 2020 = \"11 %\", 2021 = \"5 %\", 2022 = \"0 %\" }"
        )
        .is_none()
    );
}
