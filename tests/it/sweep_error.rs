//! The model's error in sweeps: what is drawn, where it enters, what is said of it.

use crate::program::run as call;
use crate::support::{catalogue, close};
use crate::sweep::sweep;
use jianpai::core::catalogue::{Book, ModelError};
use jianpai::core::doubt::RunKind;
use jianpai::core::target::Demand;
use jianpai::study::{Data, Session, SweepOptions, SweepStudy};
use jianpai::sweep::design::Rng;
use jianpai::sweep::engine::output::Nothing;
use jianpai::sweep::engine::run::{self, Totals};
use jianpai::sweep::engine::{Sweep, Workspace};
use std::collections::BTreeMap;
use std::path::Path;

/// Targets with an error on record (a reduction, one that varies by draw, a cap as
/// accounted) and without (VOCs, a cap as emitted).
const SWEEP: &str = r#"
[scenario]
name_zh = "变"
name_en = "varied"
extends = "scenarios/shaanxi-14fyp-planned.toml"

[targets.so2-cap]
indicator = "SO2"
book = "accounted"
year = 2025
cap = "33.5 万t"

[targets.so2-emitted]
indicator = "SO2"
year = 2025
cap = "27.7 万t"

[sweep]
design = "latin-hypercube"
draws = 4000
seed = 3
years = [2020, 2025]

[sweep.inputs.boilers]
level = "boilers-le35"
uniform = ["40 %", "100 %"]

[sweep.inputs.sewage]
level = "sewage-collection"
uniform = ["30 %", "100 %"]

[sweep.inputs.pace]
growth = "electricity"
uniform = ["-3 %", "3 %"]

[sweep.inputs.ask]
target = "nox"
uniform = ["6 %", "18 %"]
"#;

const DRAWS: usize = 4000;
const SEED: u64 = 3;

fn studied(model_error: bool) -> SweepStudy {
    let root = env!("CARGO_MANIFEST_DIR");
    let fetch = move |path: &str| match path {
        "main.toml" => Ok(SWEEP.as_bytes().to_vec()),
        other => std::fs::read(format!("{root}/{other}")),
    };
    let mut session = Session::new(Data::compiled_in().unwrap(), fetch);
    let options = SweepOptions {
        over_time: true,
        model_error,
        ..SweepOptions::default()
    };
    let swept = session.sweeps("main.toml", &[None], options).unwrap();
    swept.into_iter().next().unwrap()
}

/// Every column by name, one number a draw.
fn columns(sweep: &Sweep) -> BTreeMap<String, Vec<f64>> {
    let mut work = Workspace::default();
    let rows = sweep.block(0, DRAWS, &mut work);
    let names = sweep.columns.iter().map(|c| sweep.name(catalogue(), c));
    names.zip(rows.columns().map(<[f64]>::to_vec)).collect()
}

/// The errors of plans on record, unanchored, of an indicator `distance` years away.
fn errors(indicator: &str, distance: i32) -> &'static ModelError {
    let mut all = catalogue().model_errors.iter();
    let found = all.find(|e| {
        e.kind == RunKind::Plan
            && e.indicator == indicator
            && e.book == Book::Accounted
            && !e.anchored
            && e.distance == distance
    });
    found.unwrap_or_else(|| panic!("{indicator} {distance}"))
}

/// What an indicator's error is drawn from in a draw: its name alone picks the stream.
fn z(name: &str, draw: u64) -> f64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in name.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    let stream = (7 << 48) | ((hash ^ (hash >> 48)) & 0xffff_ffff_ffff);
    2.0 * Rng::new(SEED, stream).u01(draw) - 1.0
}

/// CO2 per GDP five years away: the cases of four years, 5/4 as large; 32 cases have 33
/// ranks, the last of which is drawn as the largest.
fn co2_error(draw: usize) -> f64 {
    let last = errors("CO2-per-GDP", 4);
    let mut sizes: Vec<f64> = last.errors.iter().map(|e| e.abs()).collect();
    sizes.sort_by(f64::total_cmp);
    sizes.push(sizes[31]);
    let widest = (1..=4).map(|d| errors("CO2-per-GDP", d).half90.value);
    let scale = widest.fold(0.0, f64::max) * 1.25 / last.half90.value;
    let z = z("CO2-per-GDP", draw as u64);
    z.signum() * scale * sizes[(z.abs() * 33.0).floor() as usize]
}

/// Student's t of four degrees of freedom at a two-sided probability, from its closed
/// form: with x = t/√(4 + t²), P(|T| ≤ t) = 3/2·x − 1/2·x³.
fn student4(p: f64) -> f64 {
    let (mut low, mut high) = (0.0_f64, 1.0);
    for _ in 0..60 {
        let x = f64::midpoint(low, high);
        if x * (3.0 - x * x) / 2.0 < p {
            low = x;
        } else {
            high = x;
        }
    }
    2.0 * low / (1.0 - low * low).sqrt()
}

/// SO2 and NOx have four cases four years away: sizes of Student's t with 90 % within the
/// half-width, in proportion beyond.
fn student_error(indicator: &str, draw: usize, years: f64) -> f64 {
    let half = errors(indicator, 4).half90.value * years / 4.0;
    let z = z(indicator, draw as u64);
    let p = ((z.abs() * 1000.0).floor() + 0.5) / 1000.0;
    z.signum() * half * student4(p) / student4(0.9)
}

/// Everything that the error moves, worked out draw by draw from the columns of the model.
#[test]
fn the_error_is_that_of_the_record() {
    let study = studied(true);
    let sweep = &study.sweep;
    let found = columns(sweep);
    let id = |base: &str| {
        let id = catalogue().indicator_in(base, Book::Accounted).unwrap();
        catalogue().indicators[id.at()].named.id.clone()
    };
    let (so2, co2) = (id("SO2"), id("CO2-per-GDP"));
    let mut moved = 0;
    for d in 0..DRAWS {
        let at = |name: &str| found[name][d];
        let feasible = at("feasible") > 0.5;
        let near = |name: &str, wanted: f64, size: f64| {
            let value = at(name);
            assert!(
                close(value, wanted, 1e-9, size),
                "{name} {d}: {value} {wanted}"
            );
        };
        // Amounts and indices count from 2020, the year that the targets count from.
        let (e, base) = (co2_error(d), at(&format!("{co2}@2020")));
        let own = at(&format!("{co2}@2025"));
        near(
            &format!("with-error:{co2}@2025"),
            (own + e * base).max(0.0),
            1.0,
        );
        let error = student_error("SO2", d, 5.0);
        let (own, base) = (at(&format!("{so2}@2025")), at(&format!("{so2}@2020")));
        let with = (own + error * base).max(0.0);
        near(&format!("with-error:{so2}@2025"), with, base);
        // A reduction loses the error; no more than everything can be reduced.
        let Demand::Reduction { wanted, .. } = target(sweep, "co2-per-gdp").demand else {
            panic!("a reduction");
        };
        let margin = (at("margin:co2-per-gdp") - e).min(1.0 - wanted);
        near("with-error:margin:co2-per-gdp", margin, 1.0);
        let error = student_error("NOx", d, 5.0);
        let margin_nox = (at("margin:nox") - error).min(1.0 - at("ask"));
        near("with-error:margin:nox", margin_nox, 1.0);
        // A cap counts from 2015, the base year of the scenario.
        let first = first_so2(&study);
        let limit = 33.5e4;
        let error = student_error("SO2", d, 10.0);
        let margin_cap = (at("margin:so2-cap") - error * first).min(limit);
        near("with-error:margin:so2-cap", margin_cap, limit);
        for (name, margin) in [
            ("co2-per-gdp", margin),
            ("nox", margin_nox),
            ("so2-cap", margin_cap),
        ] {
            let own = at(&format!("margin:{name}")) >= 0.0;
            assert_eq!(at(&format!("met_by_model:{name}")) > 0.5, own && feasible);
            let met = at(&format!("met:{name}")) > 0.5;
            assert_eq!(met, margin >= 0.0 && feasible, "{name} {d}: {margin}");
            moved += usize::from(met != own);
        }
        // Nothing is on record of these.
        for name in ["vocs", "so2-emitted", "energy-per-gdp"] {
            let met = at(&format!("met:{name}")) > 0.5;
            assert_eq!(
                met,
                at(&format!("margin:{name}")) >= 0.0 && feasible,
                "{name}"
            );
            assert!(!found.contains_key(&format!("met_by_model:{name}")));
        }
        let targets = sweep.reported.targets.iter();
        let all = targets.clone().all(|t| at(&format!("met:{}", t.id)) > 0.5);
        assert_eq!(at("all_met") > 0.5, all && feasible);
        let own = targets
            .clone()
            .all(|t| at(&format!("margin:{}", t.id)) >= 0.0);
        assert_eq!(at("all_met_by_model") > 0.5, own && feasible);
    }
    assert!(moved > 1000, "{moved}");
    // The year that is counted from, and books without a record, have no error.
    assert!(!found.contains_key(&format!("with-error:{so2}@2020")));
    assert!(!found.contains_key("with-error:VOCs@2025"));
    // Counts are those of the columns.
    let mut totals = Totals::new(sweep);
    run::run(sweep, 0..sweep.chunks(), &mut totals, &Nothing, &mut |_| {
        true
    })
    .unwrap();
    for (c, count) in &totals.counts {
        let name = sweep.name(catalogue(), &sweep.columns[*c]);
        let met = found[&name].iter().filter(|v| **v > 0.5).count() as u64;
        assert_eq!((count.met, count.count), (met, DRAWS as u64), "{name}");
    }
    // Best draws are chosen for their inputs: each meets its targets by the model.
    for draw in totals.cheapest.draws() {
        assert!(found["all_met_by_model"][draw.draw as usize] > 0.5);
    }
}

fn target<'s>(sweep: &'s Sweep, id: &str) -> &'s jianpai::core::target::Target {
    let mut targets = sweep.reported.targets.iter();
    targets.find(|t| t.id == id).unwrap()
}

/// SO2 as accounted in 2015 (t), which no input moves.
fn first_so2(study: &SweepStudy) -> f64 {
    let outcome =
        jianpai::core::outcome::run(catalogue(), study.study.scenario(), &study.study.plan);
    let id = catalogue().indicator_in("SO2", Book::Accounted).unwrap();
    outcome.indicators[id.at()][0]
}

/// Nine of ten errors drawn lie within the half-width of the verdict's band, half of them
/// on each side, and years go together and grow.
#[test]
fn draws_cover_what_bands_state() {
    let study = studied(true);
    let over_time = columns(study.over_time.as_ref().unwrap());
    let (five, base) = (
        &over_time["with-error:CO2-per-GDP@2025"],
        &over_time["CO2-per-GDP@2020"],
    );
    let own = &over_time["CO2-per-GDP@2025"];
    let widest = (1..=4).map(|d| errors("CO2-per-GDP", d).half90.value);
    let half = 1.25 * widest.fold(0.0, f64::max);
    let error = |d: usize| (five[d] - own[d]) / base[d];
    let within = (0..DRAWS).filter(|d| error(*d).abs() <= half + 1e-12);
    let share = within.count() as f64 / DRAWS as f64;
    // 30 of 33 ranks, and the noise of 4000 draws.
    assert!((share - 30.0 / 33.0).abs() < 0.015, "{share}");
    let above = (0..DRAWS).filter(|d| error(*d) > 0.0).count() as f64 / DRAWS as f64;
    assert!((above - 0.5).abs() < 0.03, "{above}");
    for d in 0..DRAWS {
        let year = |year: i32| {
            let with = over_time[&format!("with-error:CO2-per-GDP@{year}")][d];
            (with - over_time[&format!("CO2-per-GDP@{year}")][d]) / base[d]
        };
        let errors: Vec<f64> = (2021..=2025).map(year).collect();
        assert!(errors.iter().all(|e| e.signum() == errors[0].signum()));
        assert!(errors[4].abs() >= 1.24 * errors[3].abs(), "{errors:?}");
        assert!((year(2025) - error(d)).abs() < 1e-15, "{d}");
    }
}

/// Without the error every column is that of the model; with it the same columns have the
/// same bits, but for the verdicts.
#[test]
fn the_model_itself_is_not_moved() {
    let (with, without) = (
        columns(&studied(true).sweep),
        columns(&studied(false).sweep),
    );
    let extra = |name: &str| {
        ["with-error:", "met_by_model:", "all_met_by_model"]
            .iter()
            .any(|start| name.starts_with(start))
    };
    assert!(with.keys().filter(|name| extra(name)).count() > 10);
    let names: Vec<&String> = with.keys().filter(|name| !extra(name)).collect();
    assert_eq!(names, without.keys().collect::<Vec<_>>());
    for (name, values) in &without {
        let bits = |values: &[f64]| values.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
        let now = match name.as_str() {
            "all_met" => &with["all_met_by_model"],
            name => {
                let own = name.strip_prefix("met:");
                let own = own.and_then(|id| with.get(&format!("met_by_model:{id}")));
                own.unwrap_or(&with[name])
            }
        };
        assert!(bits(values) == bits(now), "{name}");
    }
}

/// A further case lies within the band made of many others as often as the band states:
/// on heavy tails as on any, and on the record itself.
#[test]
fn bands_cover_cases_held_back() {
    use jianpai::core::doubt::half;
    let rng = Rng::new(11, 5);
    // Cauchy, shifted: no mean, no variance, not about 0.
    let error = |i: u64| 0.02 * (std::f64::consts::PI * (rng.u01(i) - 0.5)).tan() + 0.01;
    for (cases, from, to) in [(20, 0.85, 0.95), (32, 0.85, 0.95), (98, 0.87, 0.93)] {
        let mut inside = 0;
        for trial in 0..2000 {
            let start = trial * (cases + 1);
            let known: Vec<f64> = (start..start + cases).map(error).collect();
            inside += usize::from(error(start + cases).abs() <= half(&known, 0.9));
        }
        let share = inside as f64 / 2000.0;
        assert!((from..to).contains(&share), "{cases}: {share}");
    }
    let (mut inside, mut all) = (0_u32, 0_u32);
    for known in catalogue().model_errors.iter().filter(|e| e.cases >= 20) {
        for i in 0..known.errors.len() {
            let mut others = known.errors.clone();
            let own = others.remove(i);
            inside += u32::from(own.abs() <= half(&others, 0.9));
            all += 1;
        }
    }
    let share = f64::from(inside) / f64::from(all);
    assert!(
        all > 500 && (0.85..0.95).contains(&share),
        "{share} of {all}"
    );
    // The table of the data was made so.
    for known in &catalogue().model_errors {
        let found = half(&known.errors, 0.9);
        assert!(
            (found - known.half90.value).abs() < 2e-5 + 1e-4 * found,
            "{found}"
        );
    }
}

/// A sweep with the error and one without are different sweeps.
#[test]
fn with_and_without_do_not_join() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path();
    let run = |more: &[&str]| {
        let options = [&["--draws", "40000", "--format", "csv"], more].concat();
        sweep(out, &options).status().unwrap().code()
    };
    assert_eq!(run(&["--shard", "1/2"]), Some(0));
    assert_eq!(run(&["--shard", "2/2", "--no-model-error"]), Some(0));
    let slice = |i: usize| out.join(format!("shaanxi-14fyp-{i}-of-2"));
    let told = |i: usize| {
        let text = std::fs::read_to_string(slice(i).join("manifest.json")).unwrap();
        let manifest: serde_json::Value = serde_json::from_str(&text).unwrap();
        (
            manifest["options"]["model_error"].clone(),
            manifest["sweep"].clone(),
        )
    };
    let (first, second) = (told(1), told(2));
    assert_eq!((&first.0, &second.0), (&true.into(), &false.into()));
    assert_ne!(first.1, second.1);
    let merge = || {
        let whole = out.join("whole");
        let [a, b] = [slice(1), slice(2)].map(|path| path.display().to_string());
        call(&[
            "merge",
            &a,
            &b,
            "--no-charts",
            "--out",
            whole.to_str().unwrap(),
        ])
    };
    let (code, _, said) = merge();
    assert!(
        code == 2 && said.contains("--no-model-error differs"),
        "{said}"
    );
    assert_eq!(run(&["--shard", "2/2"]), Some(0));
    let (code, printed, said) = merge();
    assert_eq!((code, said.as_str()), (0, ""));
    // One run gives the same bytes and says the same.
    let one = out.join("one");
    let args = [
        "sweep",
        "scenarios/sweeps/shaanxi-14fyp.toml",
        "--no-charts",
    ];
    let args = [&args[..], &["--draws", "40000", "--format", "csv", "--out"]].concat();
    let (code, alone, _) = call(&[&args[..], &[one.to_str().unwrap()]].concat());
    assert_eq!(code, 0);
    for name in [
        "draws.csv",
        "attainment.csv",
        "summary.csv",
        "conditions.csv",
    ] {
        let read = |at: &Path| std::fs::read(at.join("shaanxi-14fyp").join(name)).unwrap();
        assert!(read(&one) == read(&out.join("whole")), "{name}");
    }
    let sentence = |text: &str| {
        let start = text.find("With the model's error").expect("a sentence");
        let end = text[start..].find("leaves it out").unwrap();
        text[start..start + end].to_string()
    };
    assert_eq!(sentence(&printed), sentence(&alone));
    assert!(sentence(&alone).contains("all targets from"), "{alone}");
}

/// No probability of 0 or 100 % is printed, and none nearer than the record allows: with
/// four cases a fifth. Numbers stay numbers.
#[test]
fn no_more_is_stated_than_the_record_allows() {
    let folder = tempfile::tempdir().unwrap();
    let text = "[targets.nh3n]\nreduction = \"-200 %\"\n[targets.nox]\nreduction = \"99 %\"\n\
        [targets.vocs]\nreduction = \"-200 %\"\n[targets.co2-per-gdp]\nreduction = \"-100 %\"\n\
        [sweep]\ndraws = 500\nseed = 7\nyears = [2025]\n\
        [sweep.inputs.sewage]\nlevel = \"sewage-collection\"\nuniform = [\"40 %\", \"100 %\"]\n";
    let root = env!("CARGO_MANIFEST_DIR");
    let head = format!(
        "[scenario]\nextends = \"{root}/scenarios/shaanxi-14fyp-planned.toml\"\n\
         name_zh = \"变\"\nname_en = \"varied\"\n"
    );
    let path = folder.path().join("varied.toml");
    std::fs::write(&path, head + text).unwrap();
    let run = |lang: &str, more: &[&str]| {
        let (path, out) = (path.to_str().unwrap(), folder.path().to_str().unwrap());
        let args = ["--lang", lang, "sweep", path, "--out", out];
        let (code, said, errors) = call(&[&args[..], more].concat());
        assert_eq!(code, 0, "{errors}");
        said
    };
    for (lang, names) in [
        ("en", ["NH3-N", "NOx", "VOCs", "CO2 per GDP", "All targets"]),
        (
            "zh",
            ["氨氮", "氮氧化物", "挥发性有机物", "CO2强度", "全部目标"],
        ),
    ] {
        let said = run(lang, &["--no-charts"]);
        // One of five; Wilson's bound of 500 of 500, 3.84/(500 + 3.84) = 0.76 %; of 32
        // cases 1/33 = 3.03 %.
        let wanted = [">80%", "<20%", ">99.2%", ">96.9%", "<20%"];
        for (name, wanted) in names.iter().zip(wanted) {
            let of = |line: &&str| line.trim_start().starts_with(name) && line.contains(wanted);
            assert!(
                said.lines().any(|line| of(&line)),
                "{name} {wanted}\n{said}"
            );
        }
    }
    let json: serde_json::Value = serde_json::from_str(&run("en", &["--json"])).unwrap();
    let rows = json["tables"]["attainment"]["rows"].as_array().unwrap();
    let row = |id: &str| rows.iter().find(|row| row["target"] == id).unwrap();
    assert!((row("nh3n")["above"].as_f64().unwrap() - 0.8).abs() < 1e-12);
    assert!((row("nox")["below"].as_f64().unwrap() - 0.2).abs() < 1e-12);
    assert!(row("nox")["probability"].as_f64().unwrap() < 0.05);
    assert_eq!(row("nox")["cases"], 4);
    assert_eq!(row("nox")["met_by_model"], 0);
    assert!(row("vocs")["cases"].is_null());
    let svg = folder.path().join("varied/charts/attainment.en.svg");
    let svg = std::fs::read_to_string(svg).unwrap();
    assert!(svg.contains("&lt;20%") && svg.contains("&gt;80%"));
    // Without the error the model speaks alone, as it did.
    let said = run("en", &["--no-charts", "--no-model-error"]);
    assert!(
        said.contains("100%") && !said.contains("model's error"),
        "{said}"
    );
}

/// Tables beside the rows are counted from them, with the error.
#[test]
fn tables_are_those_of_the_rows() {
    let folder = tempfile::tempdir().unwrap();
    let options = ["--draws", "3000", "--format", "csv"];
    assert!(sweep(folder.path(), &options).status().unwrap().success());
    let table = |name: &str| -> Vec<BTreeMap<String, String>> {
        let path = folder.path().join("shaanxi-14fyp").join(name);
        let mut reader = csv::Reader::from_path(path).unwrap();
        reader.deserialize().map(|row| row.unwrap()).collect()
    };
    let rows = table("draws.csv");
    let number = |row: &BTreeMap<String, String>, name: &str| row[name].parse::<f64>().unwrap();
    let share = |name: &str, some: &dyn Fn(&BTreeMap<String, String>) -> bool| {
        let some: Vec<_> = rows.iter().filter(|row| some(row)).collect();
        let met = some.iter().filter(|row| row[name] == "1").count();
        (met, some.len())
    };
    for line in table("attainment.csv") {
        let id = &line["target"];
        let (with, own) = match id.as_str() {
            "feasible" => continue,
            "all" => ("all_met".to_string(), "all_met_by_model".to_string()),
            id => (format!("met:{id}"), format!("met_by_model:{id}")),
        };
        let (met, all) = share(&with, &|_| true);
        assert_eq!((line["met"].clone(), all), (met.to_string(), 3000), "{id}");
        let probability = met as f64 / 3000.0;
        assert!((number(&line, "probability") - probability).abs() < 1e-12);
        if line["cases"].is_empty() {
            assert!(!rows[0].contains_key(&own) && line["met_by_model"].is_empty());
            continue;
        }
        let (own, _) = share(&own, &|_| true);
        assert_eq!(line["met_by_model"], own.to_string(), "{id}");
        // Nearer to 0 or 1 than the cases allow a bound is stated.
        let least = 1.0 / (number(&line, "cases") + 1.0);
        let bounded = |name: &str| line[name].parse::<f64>().ok();
        // All together are rare without one of them being so.
        if id != "all" {
            assert_eq!(bounded("below").is_some(), probability < least, "{id}");
        }
        assert_eq!(
            bounded("above").is_some(),
            probability > 1.0 - least,
            "{id}"
        );
    }
    for line in table("summary.csv") {
        let values: Vec<f64> = rows
            .iter()
            .map(|row| number(row, &line["column"]))
            .collect();
        let mean = values.iter().sum::<f64>() / 3000.0;
        assert!(
            close(number(&line, "mean"), mean, 1e-9, 1e-9),
            "{}",
            line["column"]
        );
    }
    let conditions = table("conditions.csv");
    assert!(!conditions.is_empty());
    let inside = |row: &BTreeMap<String, String>| {
        conditions.iter().all(|line| {
            let value = number(row, &line["input"]);
            let over = line["at_least"].parse::<f64>().is_ok_and(|low| value < low);
            let under = line["at_most"]
                .parse::<f64>()
                .is_ok_and(|high| value > high);
            !over && !under
        })
    };
    for (name, column) in [
        ("all_met", "density"),
        ("all_met_by_model", "density_by_model"),
    ] {
        let (met, all) = share(name, &inside);
        let found = number(&conditions[0], column);
        assert!(
            close(found, met as f64 / all as f64, 1e-9, 0.0),
            "{name}: {found}"
        );
    }
}
