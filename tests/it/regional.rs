//! What measures do in single regions otherwise than elsewhere, and whose record they follow.

use crate::program;
use crate::support::{catalogue, close, compiled, load, run_at, shares};
use jianpai::core::plan::Plan;
use jianpai::core::scenario::Scenario;

const HOMES: &str = "
[measures.homes]
type = \"scattered-coal-replacement\"
share = \"20 %\"
reburn = \"0 %\"
to = { gas = \"100 %\" }
start = 2017
end = 2020
record_of = \"china\"
[measures.homes.regions.hebei]
share = \"50 %\"
points = { 2018 = \"40 %\", 2020 = \"100 %\" }
[measures.homes.regions.tianjin]
households = \"10 万户\"
";

fn head(region: &str) -> String {
    let data = catalogue();
    super::support::bare(data, data.region(region).unwrap(), 2020)
}

fn read(region: &str, more: &str) -> Scenario {
    let text = head(region) + more;
    match load(catalogue(), &[("main.toml", text.as_str())]) {
        Ok(loaded) => loaded.scenario,
        Err(problems) => panic!("{problems}"),
    }
}

/// The part of its base share that scattered coal has lost by a year.
fn lost(plan: &Plan, year: i32) -> f64 {
    let coal = catalogue().technology("heat.scattered-coal").unwrap().at();
    let path = &shares(plan, &plan.stated_levels())[coal];
    1.0 - path[plan.year(year).unwrap()] / path[0]
}

/// A region's own amount and timetable take the place of those of the measure, an amount
/// said in another way too; elsewhere the measure is as it stands.
#[test]
fn a_region_does_what_is_said_of_it_and_others_what_is_said_of_all() {
    let data = catalogue();
    for (region, pace, parts) in [
        ("shaanxi", "china", [0.05, 0.10, 0.20]),
        ("china", "china", [0.05, 0.10, 0.20]),
        ("hebei", "hebei", [0.0, 0.20, 0.50]),
    ] {
        let scenario = read(region, HOMES);
        let measure = &scenario.measures[0];
        assert_eq!(measure.record_of, data.region(pace), "{region}");
        let plan = compiled(data, &scenario);
        for (year, part) in [2017, 2018, 2020].into_iter().zip(parts) {
            let found = lost(&plan, year);
            assert!(close(found, part, 1e-12, 1e-9), "{region} {year}: {found}");
        }
    }
    // 100,000 households on the timetable of the measure; not 20 % besides.
    let scenario = read("tianjin", HOMES);
    let plan = compiled(data, &scenario);
    let heat = data.service("residential-heat").unwrap().at();
    let run = run_at(&plan, &[1.0]);
    let last = plan.year(2020).unwrap();
    let moved = lost(&plan, 2020)
        * plan.base_year.shares[data.technology("heat.scattered-coal").unwrap().at()]
        * run.demand[heat][last];
    assert!(close(moved, 10.0, 1e-9, 0.0), "{moved}");
    assert!(close(lost(&plan, 2018) * 2.0, lost(&plan, 2020), 1e-9, 0.0));
}

/// A file that states the amount anew has the last word in every region, and no record is
/// told of what is its own; one that changes the level alone keeps both.
#[test]
fn a_file_that_states_an_amount_has_the_last_word() {
    let data = catalogue();
    let parent = head("shaanxi") + HOMES;
    let child = |region: &str, more: &str| {
        let text = format!(
            "[scenario]\nname_en = \"Child\"\nextends = \"parent.toml\"\nregion = \"{region}\"\n{more}"
        );
        let files = [
            ("main.toml", text.as_str()),
            ("parent.toml", parent.as_str()),
        ];
        match load(data, &files) {
            Ok(loaded) => loaded.scenario,
            Err(problems) => panic!("{problems}"),
        }
    };
    for region in ["shaanxi", "hebei"] {
        let own = child(region, "[measures.homes]\nshare = \"33 %\"\n");
        assert_eq!(own.measures[0].record_of, None, "{region}");
        let plan = compiled(data, &own);
        assert!(close(lost(&plan, 2020), 0.33, 1e-12, 0.0), "{region}");
    }
    // Of two things that the region says, the timetable still counts.
    let own = child("hebei", "[measures.homes]\nshare = \"33 %\"\n");
    assert!(lost(&compiled(data, &own), 2017).abs() < 1e-12);
    let own = child("hebei", "[measures.homes]\nlevel = \"50 %\"\n");
    assert_eq!(own.measures[0].record_of, data.region("hebei"));
    assert!(close(lost(&compiled(data, &own), 2020), 0.25, 1e-12, 0.0));
}

/// Names in Chinese say the same.
#[test]
fn regions_are_named_in_chinese_as_well() {
    let text = HOMES
        .replace("[measures.homes.regions.hebei]", "[措施.homes.各地.河北]")
        .replace("[measures.homes.regions.tianjin]", "[措施.homes.各地.天津]")
        .replace("[measures.homes", "[措施.homes")
        .replace("record_of = \"china\"", "记录来自 = \"全国\"")
        .replace("share = \"50 %\"", "比例 = \"50 %\"");
    let scenario = read("hebei", &text);
    assert_eq!(scenario.measures[0].record_of, catalogue().region("hebei"));
    let plan = compiled(catalogue(), &scenario);
    assert!(close(lost(&plan, 2020), 0.5, 1e-12, 0.0));
}

/// A run says at whose pace its measures go: on the page, in JSON, in meta.csv, in what
/// explains a number, and as a finding of `check`; in the nation there is nothing to say.
#[test]
fn it_is_told_whose_record_a_measure_follows() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_str().unwrap();
    let run = |region: &str, more: &[&str]| {
        let args = [
            "run",
            "scenarios/provinces.toml",
            "--region",
            region,
            "--out",
            out,
        ];
        let (code, shown, errors) = program::call("en", &[&args, more].concat());
        assert!(code < 2, "{errors}");
        shown
    };
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let meta =
        |name: &str| std::fs::read_to_string(folder.path().join(name).join("meta.csv")).unwrap();
    let shown = words(&run("hebei", &[]));
    assert!(
        shown.contains("at the pace of China, without a record of the place: "),
        "{shown}"
    );
    assert!(
        shown.contains("; by the record of the place: Scattered coal replaced"),
        "{shown}"
    );
    let found = meta("provinces-hebei");
    assert!(
        found.lines().next().unwrap().ends_with(",record_of"),
        "{found}"
    );
    assert!(
        found.contains("boilers-le10 china; scattered-coal hebei"),
        "{found}"
    );
    let shown = words(&run("shaanxi", &[]));
    assert!(shown.contains("Scattered coal replaced"), "{shown}");
    assert!(!shown.contains("by the record of the place"), "{shown}");
    let shown = words(&run("china", &[]));
    assert!(!shown.contains("at the pace of"), "{shown}");
    assert!(!meta("provinces-china").contains("record_of"));
    let json: serde_json::Value = serde_json::from_str(&run("hebei", &["--json"])).unwrap();
    let measures = json["measures"]
        .as_array()
        .or(json[0]["measures"].as_array());
    let of = |id: &str| {
        let mut all = measures.unwrap().iter();
        all.find(|m| m["measure"] == id).unwrap()["record_of"].clone()
    };
    assert_eq!(of("scattered-coal"), "hebei");
    assert_eq!(of("boilers-le10"), "china");
    assert!(of("saving").is_null());
    let args = [
        "check",
        "scenarios/provinces.toml",
        "--region",
        "hebei",
        "--table",
        "findings",
        "--csv",
    ];
    let (_, shown, _) = program::call("en", &args);
    assert!(shown.contains("borrowed-pace"), "{shown}");
    let args = [
        "explain",
        "scenarios/provinces.toml",
        "SO2",
        "2020",
        "--region",
        "hebei",
    ];
    let (code, shown, errors) = program::call("en", &args);
    if code == 0 {
        assert!(words(&shown).contains("at the pace of China"), "{shown}");
    } else {
        assert!(errors.contains("--region"), "{errors}");
    }
}
