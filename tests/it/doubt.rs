//! How wrong the model was, and what verdicts make of it.

use crate::support::{POWER_RETROFIT, bare, catalogue, close, compiled, load, updating};
use jianpai::core::catalogue::Book;
use jianpai::core::doubt::{self, Grade};
use jianpai::core::outcome;
use jianpai::report::case::Case;
use jianpai::report::view::run;
use std::collections::BTreeMap;
use std::path::Path;

/// The tables that the program makes are those in the data: one says how many cases the
/// other has, so both are written together.
#[test]
fn the_tables_of_errors_are_those_of_the_runs() {
    for (table, file) in [
        ("model-error", "data/model_error.csv"),
        ("model-error-cases", "data/model_error_cases.csv"),
    ] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
        let (code, output, said) = crate::program::run(&["hindcast", "--table", table, "--csv"]);
        assert_eq!((code, said.as_str()), (0, ""));
        if updating() {
            std::fs::write(&path, &output).unwrap();
        }
        assert_eq!(std::fs::read_to_string(&path).unwrap(), output);
    }
}

/// A table of the program as rows by column.
fn printed(table: &str) -> Vec<BTreeMap<String, String>> {
    let (code, output, _) = crate::program::run(&["hindcast", "--table", table, "--csv"]);
    assert_eq!(code, 0);
    let mut reader = csv::Reader::from_reader(output.as_bytes());
    reader.deserialize().map(|row| row.unwrap()).collect()
}

/// What bands of plans state and what they cover, as lines of the README.
fn reliability() -> Vec<String> {
    let found = printed("reliability");
    // The table of errors has the same coverage of its own bands.
    for (row, other) in found.iter().zip(printed("model-error")) {
        assert_eq!(row["covered90"], other["covered"], "{row:?}");
    }
    let plans = found.iter().filter(|row| row["run"] == "plan");
    let line = |row: &BTreeMap<String, String>| {
        let anchored = row["anchored"] == "yes";
        let joined = if anchored { "joined" } else { "not joined" };
        let name = row["indicator"].replace("-per-", " per ");
        let share = |key: &str| match row[key].parse::<f64>() {
            Ok(share) => format!("{share:.0}"),
            Err(_) => "–".to_string(),
        };
        let half = catalogue().model_errors.iter().find(|e| {
            e.kind == doubt::RunKind::Plan
                && e.indicator == row["indicator"]
                && e.anchored == anchored
                && e.distance.to_string() == row["distance"]
        });
        format!(
            "| {name}, {joined} | {} | {} | {:.1} | {} / {} / {} |",
            row["distance"],
            row["cases"],
            half.unwrap().half90.value * 100.0,
            share("covered50"),
            share("covered80"),
            share("covered90")
        )
    };
    plans.map(line).collect()
}

/// The table of the README is the one that the program prints; `UPDATE=1` writes it, once
/// the data themselves are current.
#[test]
fn the_reliability_in_the_readme_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = std::fs::read_to_string(&path).unwrap();
    let head = "| indicator | years | cases | half-width | covered of 50 / 80 / 90 %, in % |\n\
                |---|---|---|---|---|\n";
    let start = readme.find(head).expect("a table") + head.len();
    let end = start + readme[start..].find("\n\n").unwrap();
    let lines = reliability();
    assert!(lines.len() > 15, "{}", lines.len());
    let wanted = lines.join("\n");
    if updating() {
        let text = [&readme[..start], &wanted, &readme[end..]].concat();
        std::fs::write(&path, text).unwrap();
        return;
    }
    assert_eq!(&readme[start..end], wanted);
}

/// Sectors are held against numbers of their own calibre, those of the hindcast as there.
#[test]
fn sectors_are_scored_within_their_calibre() {
    let found = printed("sectors");
    let (_, scores, _) = crate::program::run(&["hindcast", "--csv"]);
    let mut reader = csv::Reader::from_reader(scores.as_bytes());
    let scores: Vec<BTreeMap<String, String>> = reader.deserialize().map(|r| r.unwrap()).collect();
    let mut held = 0;
    for row in &found {
        let number = |key: &str| row[key].parse::<f64>().unwrap();
        let error = number("model") - number("published");
        assert!((number("error") - error).abs() < 0.0016, "{row:?}");
        let same = scores.iter().find(|score| {
            row["run"] == "recorded"
                && ["region", "indicator", "year", "base_year"]
                    .iter()
                    .all(|k| score[*k] == row[*k])
        });
        if let Some(score) = same {
            assert_eq!(
                (&row["model"], &row["error"]),
                (&score["model"], &score["error"])
            );
            held += 1;
        }
    }
    assert!(held > 40, "{held}");
    // Both kinds of runs, and after 2020 the plan of 2021.
    let of = |run: &str, base: &str| {
        let mut rows = found.iter();
        rows.any(|row| row["run"] == run && row["base_year"] == base)
    };
    assert!(of("plan", "2015") && of("recorded", "2015") && of("plan", "2020"));
    for sector in [
        "SO2:power",
        "SO2:industry",
        "NOx:transport",
        "NOx:motor-vehicles",
    ] {
        assert!(
            found.iter().any(|row| row["indicator"] == sector),
            "{sector}"
        );
    }
}

/// Bands from the table by hand: the nearest distance at or beyond, never narrower than a
/// shorter one, in proportion beyond the last; none where nothing was published.
#[test]
fn a_band_follows_from_distance_and_book() {
    let data = catalogue();
    let rows: Vec<_> = data.model_errors.iter().collect();
    let of = |indicator: &str, anchored: bool| -> Vec<(i32, f64)> {
        let plan = rows.iter().filter(|e| {
            e.kind == doubt::RunKind::Plan && e.indicator == indicator && e.anchored == anchored
        });
        plan.map(|e| (e.distance, e.half90.value)).collect()
    };
    let known = of("CO2-per-GDP", false);
    assert!(known.len() >= 4, "{known:?}");
    let mut widest: f64 = 0.0;
    for (distance, half) in &known {
        widest = widest.max(*half);
        let found = doubt::width(data, "CO2-per-GDP", Book::Accounted, (false, *distance));
        assert!(close(found.unwrap().0, widest, 1e-12, 0.0), "{distance}");
    }
    let (last, _) = *known.last().unwrap();
    let twice = doubt::width(data, "CO2-per-GDP", Book::Accounted, (false, 2 * last));
    assert!(close(twice.unwrap().0, 2.0 * widest, 1e-12, 0.0));
    assert!(doubt::width(data, "VOCs", Book::Physical, (false, 1)).is_none());
    // What is joined is nearer the year after than what is not joined after five.
    let joined = doubt::width(data, "CO2-per-GDP", Book::Accounted, (true, 1)).unwrap();
    let free = doubt::width(data, "CO2-per-GDP", Book::Accounted, (false, 5)).unwrap();
    assert!(joined.0 < free.0, "{joined:?} {free:?}");
}

/// Three grades: met beyond the error, met within it, missed; the band of a reduction lies
/// around it in the same terms, and joining the progress of the place narrows it.
#[test]
fn verdicts_have_three_grades() {
    let data = catalogue();
    let text = bare(data, data.region("china").unwrap(), 2020).replace("3 %", "0 %")
        + POWER_RETROFIT
        + r#"
[targets.far]
indicator = "NOx"
year = 2020
reduction = "-60 %"
[targets.near]
indicator = "NOx"
year = 2020
reduction = "NEAR %"
[targets.missed]
indicator = "NOx"
year = 2020
reduction = "70 %"
[targets.vocs]
indicator = "VOCs"
year = 2020
reduction = "-90 %"
"#;
    let grades = |text: &str| {
        let loaded = load(data, &[("main.toml", text)]).unwrap();
        let plan = compiled(data, &loaded.scenario);
        let outcome = outcome::run(data, &loaded.scenario, &plan);
        let case = Case {
            catalogue: data,
            scenario: &loaded.scenario,
            plan: &plan,
            outcome: &outcome,
            support: &jianpai::core::explain::Support::default(),
        };
        run::targets(&case)
    };
    let reached = grades(&text.replace("NEAR", "0"))[0].reached.unwrap();
    let near = format!("{:.3}", (reached - 0.001) * 100.0);
    let found = grades(&text.replace("NEAR", &near));
    let ids: Vec<_> = found.iter().map(|t| t.grade.unwrap()).collect();
    assert_eq!(
        ids,
        [Grade::Met, Grade::MetWithinError, Grade::Missed, Grade::Met].map(Grade::id)
    );
    let [low, high] = found[1].band90.unwrap();
    assert!(close(f64::midpoint(low, high), reached, 1e-9, 0.0) && low < reached);
    assert!(found[3].band90.is_none(), "nothing was published of VOCs");
    let observed = "[observed.nox]\nindicator = \"NOx\"\nyear = 2019\nreduction = \"16.3 %\"\n";
    let joined = text
        .replace("NEAR", &near)
        .replace("end_year", "harmonise = \"ratio\"\nend_year")
        + observed;
    let [joined_low, joined_high] = grades(&joined)[1].band90.unwrap();
    assert!(
        joined_high - joined_low < high - low,
        "{joined_low} {joined_high}"
    );
}
