//! What `check` finds: each kind has a scenario that brings it about and one that
//! does not; the findings on the shipped scenarios are kept.
//!
//! `UPDATE=1 cargo test --test it findings` writes them anew.

use crate::program;
use crate::support::{
    bare, catalogue, compiled, data_with, load, read_catalogue, session, updating,
};
use jianpai::core::catalogue::Catalogue;
use jianpai::core::outcome;
use jianpai::core::plausible::{self, Doubt, Finding, Place};
use jianpai::load::scenario;
use std::collections::BTreeMap;
use std::path::Path;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The findings on a scenario given as text.
fn findings(data: &Catalogue, text: &str) -> Vec<Finding> {
    let loaded = load(data, &[("main.toml", text)]).unwrap_or_else(|p| panic!("{p}\n{text}"));
    let plan = compiled(data, &loaded.scenario);
    let outcome = outcome::run(data, &loaded.scenario, &plan);
    plausible::find(data, &loaded.scenario, &plan, &outcome)
}

/// Growth of 2020 within the national record, every driver at its recorded mean.
fn calm(end: i32) -> String {
    let data = catalogue();
    let region = data.region("china").unwrap();
    let mut text = bare(data, region, end);
    let world = data.world(region).unwrap();
    for (d, driver) in data.drivers.iter().enumerate() {
        let own = world.growth.iter().filter(|((id, _), _)| id.at() == d);
        let rates: Vec<f64> = own.map(|(_, (value, _))| value.value).collect();
        let mean = rates.iter().sum::<f64>() / rates.len().max(1) as f64 * 100.0;
        // GDP is on record to 2022, through slow years: industry goes with it.
        let mean = if driver.id == "industry" { 4.3 } else { mean };
        text = text.replace(
            &format!("\n{} = \"3 %\"", driver.id),
            &format!("\n{} = \"{mean:.4} %\"", driver.id),
        );
    }
    text
}

/// The finding of a kind, if there is one.
fn find<'f>(all: &'f [Finding], code: &str) -> Option<&'f Finding> {
    all.iter().find(|finding| finding.code == code)
}

/// A text that brings a kind about and one that does not.
fn check(code: &str, with: &str, without: &str) -> Finding {
    let good = findings(catalogue(), without);
    assert!(
        find(&good, code).is_none(),
        "{code} without cause: {good:#?}"
    );
    let bad = findings(catalogue(), with);
    let found = find(&bad, code).unwrap_or_else(|| panic!("no {code}: {bad:#?}"));
    found.clone()
}

fn measure(body: &str) -> String {
    format!("{}\n[measures.m]\n{body}\n", calm(2020))
}

#[test]
fn growth_outside_the_record() {
    // The nation is on record to 2025.
    let calm = calm(2027);
    let line = |text: &str, id: &str| {
        let at = text.find(&format!("\n{id} = ")).unwrap() + 1;
        text[at..].lines().next().unwrap().to_string()
    };
    let with = |id: &str, rate: &str| calm.replace(&line(&calm, id), &format!("{id} = \"{rate}\""));
    let found = check("growth-beyond-record", &with("steel-output", "60 %"), &calm);
    assert_eq!(found.doubt, Doubt::High, "{found:?}");
    assert!(matches!(found.place, Place::Growth(_)) && !found.origins.is_empty());
    assert!(found.found > found.yardstick);
    let near = findings(catalogue(), &with("electricity", "-2.5 %"));
    let near = find(&near, "growth-beyond-record").unwrap();
    assert_eq!(near.doubt, Doubt::Low, "{near:?}");
    let found = check("growth-parts-from-gdp", &with("electricity", "-9 %"), &calm);
    assert!(found.found < found.yardstick);
    let stated = calm.replace(
        &line(&calm, "electricity"),
        "electricity = { 2018 = \"1 %\", 2020 = \"6.5 %\" }",
    );
    let found = check("growth-against-record", &stated, &calm);
    assert_eq!(found.doubt, Doubt::High);
}

#[test]
fn elasticities_outside_their_range() {
    let calm = calm(2020);
    let with = |value: &str| format!("{calm}\n[elasticity]\nindustrial-steam = {value}\n");
    let found = check("elasticity-outside-range", &with("1.5"), &with("0.6"));
    assert_eq!(
        found.doubt,
        Doubt::Medium,
        "the data's own range is assumed"
    );
}

#[test]
fn shares_faster_than_recorded() {
    let power = |start: i32| {
        measure(&format!(
            "type = \"ultra-low-retrofit\"\nsector = \"power\"\nreach = \"70 %\"\nstart = {start}\nend = 2020"
        ))
    };
    let found = check("share-faster-than-recorded", &power(2020), &power(2016));
    assert_eq!(found.place, Place::Measure("m".to_string(), ""));
    let rail = |reach: &str| {
        measure(&format!(
            "type = \"rail-freight\"\nreach = \"{reach}\"\nstart = 2016\nend = 2020"
        ))
    };
    let data = catalogue();
    let freight = data.service("freight").unwrap();
    let world = data.world(data.region("china").unwrap()).unwrap();
    let base: f64 = data
        .tagged(freight, "rail")
        .iter()
        .map(|k| world.shares[k.at()].unwrap().value)
        .sum();
    let to = |points: f64| format!("{:.3} %", (base + points) * 100.0);
    check(
        "rail-faster-than-recorded",
        &rail(&to(0.10)),
        &rail(&to(0.01)),
    );
}

#[test]
fn a_stock_replaced_within_a_year() {
    let cement = |end: i32| {
        measure(&format!(
            "type = \"shift\"\nservice = \"cement\"\nfrom = [\"plain\"]\nto = {{ sncr = \"100 %\" }}\nshare = \"95 %\"\nstart = 2016\nend = {end}"
        ))
    };
    let found = check("stock-replaced-in-one-year", &cement(2016), &cement(2018));
    assert_eq!(found.doubt, Doubt::High);
}

#[test]
fn reductions_faster_than_published() {
    let manure = |share: &str| {
        measure(&format!(
            "type = \"manure-utilisation\"\nto = {{ returned = \"100 %\" }}\nshare = \"{share}\"\nstart = 2018\nend = 2020"
        ))
    };
    let found = check("faster-than-published", &manure("90 %"), &manure("2 %"));
    assert!(found.found > found.yardstick && found.origins.len() == 1);
}

#[test]
fn weak_targets() {
    let target = |wanted: &str| {
        format!(
            "{}\n[targets.t]\nindicator = \"SO2\"\nyear = 2020\nreduction = \"{wanted}\"\n",
            calm(2020)
        )
    };
    let found = check(
        "target-weaker-than-official",
        &target("12 %"),
        &target("15 %"),
    );
    assert_eq!(found.doubt, Doubt::High);
    assert_eq!(found.place, Place::Target("t".to_string()));
    let found = check("target-met-anyway", &target("-80 %"), &target("15 %"));
    assert_eq!(found.doubt, Doubt::High);
    // Current policy alone: a measure of that policy meets it.
    let policy = "\n[measures.p]\ntype = \"ultra-low-retrofit\"\npolicy = \"current\"\nsector = \"power\"\nreach = \"80 %\"\nstart = 2016\nend = 2020\n";
    let all = findings(catalogue(), &format!("{}{policy}", target("1 %")));
    let frozen = findings(catalogue(), &target("1 %"));
    assert!(find(&frozen, "target-met-anyway").is_none(), "{frozen:#?}");
    assert_eq!(
        find(&all, "target-met-anyway").unwrap().doubt,
        Doubt::Medium
    );
}

#[test]
fn levels_timetables_notices_and_costs() {
    let sewage = |more: &str| {
        measure(&format!(
            "type = \"sewage-expansion\"\narea = \"urban\"\nto = {{ 1a = \"100 %\" }}\nshare = \"20 %\"\nstart = 2016\n{more}"
        ))
    };
    let plain = sewage("end = 2020");
    let found = check(
        "level-above-plan",
        &sewage("end = 2020\nlevel = \"120 %\""),
        &plain,
    );
    assert_eq!(found.doubt, Doubt::Medium);
    check("measure-unfinished", &sewage("end = 2023"), &plain);
    let reach = |part: &str| plain.replace("share = \"20 %\"", &format!("reach = \"{part}\""));
    check("measure-without-effect", &reach("1 %"), &reach("95 %"));
    let power = |reach: &str| {
        measure(&format!(
            "type = \"ultra-low-retrofit\"\nsector = \"power\"\nreach = \"{reach}\"\nstart = 2016\nend = 2020"
        ))
    };
    check("measure-notice", &power("1 %"), &power("70 %"));
    let data = catalogue();
    let unknown = data
        .technologies
        .iter()
        .find(|k| k.cost.is_none() && k.alias() != "saved");
    let codes = findings(data, &plain);
    if unknown.is_none() {
        assert!(find(&codes, "cost-unknown").is_none());
    }
    let mut without = data.clone();
    for k in &mut without.technologies {
        k.cost = None;
    }
    assert!(find(&findings(&without, &plain), "cost-unknown").is_some());
    let mut all = data.clone();
    for (k, technology) in all.technologies.iter_mut().enumerate() {
        let own = technology.cost.take();
        let other = || data.technologies[k].cost.clone();
        technology.cost = own
            .or_else(other)
            .or_else(|| data.technologies[0].cost.clone());
    }
    assert!(find(&findings(&all, &plain), "cost-unknown").is_none());
}

/// A factor without a reason on file is medium, one with a reason low.
#[test]
fn calibration_factors_far_from_one() {
    let data = catalogue();
    let text = calm(2020);
    let all = findings(data, &text);
    let far = all
        .iter()
        .filter(|f| f.code == "kappa-far-from-one")
        .count();
    let plan = compiled(data, &load(data, &[("main.toml", &text)]).unwrap().scenario);
    let kappas = plan.base_year.kappas.iter();
    let expected = kappas
        .filter(|k| k.bottom_up > 0.0 && !(0.5..=2.0).contains(&k.value))
        .count();
    assert_eq!(far, expected);
    let hebei = bare(data, data.region("beijing").unwrap(), 2020);
    let found = findings(data, &hebei);
    let reasoned = find(&found, "kappa-far-from-one").expect("Beijing has such factors");
    let mut unreasoned = data.clone();
    unreasoned.kappa_reasons.clear();
    let found = findings(&unreasoned, &hebei);
    let plain = find(&found, "kappa-far-from-one").unwrap();
    assert!(plain.doubt <= reasoned.doubt && plain.doubt <= Doubt::Medium);
}

/// A finding against a weak yardstick is never high; a firmer row of the region
/// comes before that of the nation.
#[test]
fn yardsticks_carry_their_weight() {
    let text = measure(
        "type = \"ultra-low-retrofit\"\nsector = \"power\"\nreach = \"85 %\"\nramp = \"step\"\nstart = 2016",
    );
    let recalled = findings(catalogue(), &text);
    let found = find(&recalled, "share-faster-than-recorded").unwrap();
    assert_eq!(found.doubt, Doubt::Medium);
    let row = "超低排放,ultra-low,thermal-power,ule,beijing,3,%,2016,nbs-portal,quoted,for a test";
    let data = read_catalogue(&data_with(&[("experience.csv", row)]));
    let beijing = text.replace("region = \"china\"", "region = \"beijing\"");
    let found = findings(&data, &beijing);
    let found = find(&found, "share-faster-than-recorded").unwrap();
    assert!(
        (found.yardstick - 0.03).abs() < 1e-12 && found.doubt == Doubt::High,
        "{found:?}"
    );
}

/// Level, kind, place and English text of every finding, one a line.
fn list(name: &str) -> String {
    let path = format!("{ROOT}/scenarios/{name}.toml");
    let data = catalogue();
    let mut session = session();
    let run = session.open(&path, None).unwrap().run();
    let (loaded, plan, files) = (&run.study.loaded, &run.study.plan, session.files());
    let found = plausible::find(data, &loaded.scenario, plan, &run.outcome);
    let lines = found.iter().map(|finding| {
        let located = scenario::locate(data, loaded, files, finding);
        let place = match &finding.place {
            Place::Measure(id, _) => format!("measures.{id}"),
            Place::Growth(d) => format!("growth.{}", data.drivers[d.at()].id),
            Place::Elasticity(v) => format!("elasticity.{}", data.services[v.at()].named.id),
            Place::Target(id) => format!("targets.{id}"),
            Place::Row(origin) => data.files[usize::from(origin.file)].clone(),
            Place::Scenario => "scenario".to_string(),
        };
        let data_row = matches!(finding.place, Place::Row(_));
        assert!(
            data_row || located.span().is_some(),
            "{finding:?} has no place"
        );
        format!(
            "{} {} {place}: {}\n",
            finding.doubt.id(),
            finding.code,
            finding.text.en
        )
    });
    lines.collect()
}

#[test]
fn shipped_scenarios_have_the_findings_on_file() {
    let folder = Path::new(ROOT).join("tests/golden/findings");
    let mut names: Vec<String> = std::fs::read_dir(Path::new(ROOT).join("scenarios"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "toml"))
        .map(|path| path.file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    names.sort();
    let mut wrong = Vec::new();
    for name in &names {
        let now = list(name);
        let path = folder.join(format!("{name}.txt"));
        if updating() {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(&path, &now).unwrap();
        }
        if std::fs::read_to_string(&path).unwrap_or_default() != now {
            wrong.push(name);
        }
    }
    assert!(
        wrong.is_empty(),
        "UPDATE=1 writes them; read what changed: {wrong:?}"
    );
    let kept = std::fs::read_dir(&folder).unwrap().count();
    assert_eq!(kept, names.len(), "a file without a scenario");
}

fn call(args: &[&str]) -> (i32, String) {
    let (code, out, _) = program::run(args);
    (code, out)
}

#[test]
fn check_prints_counts_filters_and_exits() {
    let file = "scenarios/national-14fyp-planned.toml";
    let (code, out) = call(&["--lang", "en", "check", file]);
    assert!(code == 0 && out.contains("findings: 2 high"), "{out}");
    let (high, medium) = (out.find("high[").unwrap(), out.find("medium[").unwrap());
    assert!(high < medium);
    let (_, out) = call(&["--lang", "en", "check", file, "--level", "high"]);
    assert!(out.contains("high[") && !out.contains("medium[") && !out.contains("low["));
    assert_eq!(call(&["check", file, "--strict"]).0, 1);
    assert_eq!(
        call(&["check", "tests/invalid/over-claim.toml", "--strict"]).0,
        2
    );
    let (_, out) = call(&["--lang", "zh", "check", file, "--json"]);
    let value: serde_json::Value = serde_json::from_str(&out).unwrap();
    let levels: BTreeMap<&str, usize> =
        value
            .as_array()
            .unwrap()
            .iter()
            .fold(BTreeMap::new(), |mut counts, item| {
                *counts
                    .entry(item["severity"].as_str().unwrap())
                    .or_default() += 1;
                counts
            });
    assert_eq!(levels["high"], 2);
    assert!(value[0]["yardstick"].is_number() && value[2]["sources"][0]["status"].is_string());
    let (_, out) = call(&["--lang", "en", "run", file, "--dry"]);
    assert!(
        out.contains("2 of them high: jianpai check scenarios/national-14fyp-planned.toml"),
        "{out}"
    );
}
