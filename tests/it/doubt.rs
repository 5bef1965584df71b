//! How wrong the model was, and what verdicts make of it.

use crate::support::{POWER_RETROFIT, bare, catalogue, close, compiled, load, updating};
use jianpai::core::catalogue::Book;
use jianpai::core::doubt::{self, Grade};
use jianpai::core::outcome;
use jianpai::report::case::Case;
use jianpai::report::view::run;
use std::path::Path;

/// The table that the program makes is the one in the data.
#[test]
fn the_table_of_errors_is_that_of_the_runs() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/model_error.csv");
    let (code, output, said) =
        crate::program::run(&["hindcast", "--table", "model-error", "--csv"]);
    assert_eq!((code, said.as_str()), (0, ""));
    if updating() {
        std::fs::write(&path, &output).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap(), output);
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
