//! Rows of a sweep say the units of their columns.

use crate::program::run;
use parquet::file::reader::{FileReader, SerializedFileReader};
use std::collections::BTreeMap;
use std::path::Path;

/// The units that a file of rows says, by column.
fn units(path: &Path) -> BTreeMap<String, String> {
    let file = std::fs::File::open(path).unwrap();
    let reader = SerializedFileReader::new(file).unwrap();
    let pairs = reader.metadata().file_metadata().key_value_metadata();
    let pair = pairs.unwrap().iter().find(|pair| pair.key == "units");
    serde_json::from_str(pair.unwrap().value.as_ref().unwrap()).unwrap()
}

#[test]
fn parquet_says_the_units_of_its_columns() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_str().unwrap();
    let file = "scenarios/sweeps/shaanxi-14fyp.toml";
    let args = ["sweep", file, "--draws", "500", "--no-charts", "--out", out];
    let (code, _, errors) = run(&args);
    assert_eq!(code, 0, "{errors}");
    let found = units(&folder.path().join("shaanxi-14fyp/draws.parquet"));
    for (column, unit) in [
        ("SO2@2025", "t"),
        ("coal@2025", "tce"),
        ("CO2-per-GDP@2025", "base year = 1"),
        ("rail-share@2025", "1"),
        ("margin:cod", "1"),
        ("boilers", "1"),
        ("cost_cny", "CNY/yr"),
    ] {
        assert_eq!(
            found.get(column).map(String::as_str),
            Some(unit),
            "{column}"
        );
    }
    // Flags and multipliers have none.
    for column in ["all_met", "feasible", "truck-nox", "draw"] {
        assert!(!found.contains_key(column), "{column}");
    }
    // The table of distributions says the same.
    let table = folder.path().join("shaanxi-14fyp/summary.csv");
    let mut reader = csv::Reader::from_path(table).unwrap();
    let mut checked = 0;
    for row in reader.records() {
        let row = row.unwrap();
        assert_eq!(
            found.get(&row[0]).map_or("", String::as_str),
            &row[1],
            "{row:?}"
        );
        checked += 1;
    }
    assert!(checked > 15, "{checked}");
}
