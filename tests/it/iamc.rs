//! Machine output in the IAMC format: the code list and the units that ship with it hold
//! every variable that any scenario writes, sectors sum to their parents, and each part
//! of an emission stands where the common variable list has it.

use super::support::{catalogue, physical, study, updating};
use jianpai::core::catalogue::Catalogue;
use jianpai::report::iamc;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every scenario that ships.
fn shipped() -> Vec<PathBuf> {
    let folders = ["scenarios", "scenarios/hindcast", "scenarios/base"];
    let mut all: Vec<PathBuf> = folders
        .iter()
        .flat_map(|folder| std::fs::read_dir(root().join(folder)).unwrap())
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "toml")
        })
        .collect();
    all.sort();
    assert!(all.len() > 12, "{all:?}");
    all
}

/// The long table of a scenario.
fn table(path: &Path) -> Vec<u8> {
    let run = study(path.to_str().unwrap()).run();
    iamc::trajectory(&[run.case()], "jianpai")
}

/// Scenario, variable, unit and value by year.
type Row = (String, String, String, BTreeMap<i32, f64>);

fn rows(table: &[u8]) -> Vec<Row> {
    let mut found: BTreeMap<(String, String, String), BTreeMap<i32, f64>> = BTreeMap::new();
    let mut reader = csv::Reader::from_reader(table);
    for record in reader.records() {
        let record = record.unwrap();
        let key = [1, 3, 4].map(|i| record[i].to_string());
        let [scenario, variable, unit] = key;
        let value: f64 = record[6].parse().unwrap();
        let year: i32 = record[5].parse().unwrap();
        let old = found
            .entry((scenario, variable, unit))
            .or_default()
            .insert(year, value);
        assert_eq!(old, None);
    }
    let rows = found.into_iter();
    rows.map(|((s, v, u), values)| (s, v, u, values)).collect()
}

/// The code list as nomenclature reads it: written here, from the variables of the data.
fn variables(data: &Catalogue) -> String {
    let mut out = String::from(
        "# Every variable that jianpai writes, for nomenclature (DataStructureDefinition).\n\
         # Names are those of IAMconsortium/common-definitions where it has one; the others\n\
         # (water pollutants, steam, machinery, indices) extend them.\n",
    );
    for code in iamc::codelist(data) {
        let description = code.description.replace('"', "'");
        out += &format!("- {}:\n    description: \"{description}\"\n", code.variable);
        let unit = code.unit;
        out += &if unit.is_empty() {
            "    unit:\n".to_string()
        } else {
            format!("    unit: {unit}\n")
        };
    }
    out
}

fn regions(data: &Catalogue) -> String {
    let mut out = String::from("# The regions of jianpai, for nomenclature.\n- jianpai:\n");
    let names: BTreeSet<&str> = data
        .regions
        .iter()
        .enumerate()
        .filter(|(i, _)| data.worlds[*i].is_some())
        .map(|(_, region)| region.named.name.en.as_str())
        .collect();
    for name in names {
        out += &format!("    - {name}\n");
    }
    out
}

/// `UPDATE=1` writes the files anew.
#[test]
fn the_code_list_is_that_of_the_data() {
    let data = catalogue();
    for (path, text) in [
        (
            "data/iamc/definitions/variable/jianpai.yaml",
            variables(data),
        ),
        ("data/iamc/definitions/region/jianpai.yaml", regions(data)),
    ] {
        let path = root().join(path);
        if updating() {
            std::fs::write(&path, &text).unwrap();
        }
        let written = std::fs::read_to_string(&path).unwrap();
        assert_eq!(written, text, "{}", path.display());
    }
}

/// Name and unit of every entry of the code list as it ships.
fn listed() -> BTreeMap<String, String> {
    let path = root().join("data/iamc/definitions/variable/jianpai.yaml");
    let text = std::fs::read_to_string(path).unwrap();
    let mut found = BTreeMap::new();
    let mut name = String::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        if let Some(entry) = line.strip_prefix("- ") {
            name = entry.strip_suffix(':').expect("a name").to_string();
        } else if let Some(unit) = line.strip_prefix("    unit:") {
            assert_eq!(found.insert(name.clone(), unit.trim().to_string()), None);
        }
    }
    found
}

/// The words that the units file defines.
fn defined() -> BTreeSet<String> {
    let text = std::fs::read_to_string(root().join("data/iamc/units.txt")).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let words = lines.flat_map(|line| line.split('=').map(str::trim).map(str::to_string));
    words.filter(|word| !word.is_empty()).collect()
}

#[test]
fn every_variable_and_unit_is_listed_and_sectors_sum() {
    let (_data, listed, defined) = (catalogue(), listed(), defined());
    let mut seen = BTreeSet::new();
    for path in shipped() {
        let name = path.display().to_string();
        let rows = rows(&table(&path));
        assert!(rows.len() > 60, "{name}: {}", rows.len());
        for (scenario, variable, unit, values) in &rows {
            assert_eq!(listed.get(variable), Some(unit), "{name}: {variable}");
            for word in unit.split(['/', ' ']).filter(|word| !word.is_empty()) {
                let known = ["yr", "EJ"].contains(&word);
                assert!(known || defined.contains(word), "{name}: {unit}");
            }
            for character in [';', ':', '"', '`', '\''] {
                assert!(!variable.contains(character), "{variable}");
            }
            seen.insert(variable.clone());
            let parts: Vec<&Row> = rows
                .iter()
                .filter(|(other, part, _, _)| {
                    let rest = part.strip_prefix(&format!("{variable}|"));
                    other == scenario && rest.is_some_and(|rest| !rest.contains('|'))
                })
                .collect();
            if parts.is_empty() {
                continue;
            }
            for (year, value) in values {
                let sum: f64 = parts.iter().map(|(_, _, _, part)| part[year]).sum();
                assert!(
                    (sum - value).abs() <= 1e-9 * value.abs().max(1e-9),
                    "{name} {scenario} {variable} {year}: {sum} and {value}"
                );
            }
        }
    }
    // Nothing is listed that nobody writes, but what some data may come to write.
    let idle: Vec<&String> = listed.keys().filter(|name| !seen.contains(*name)).collect();
    let may =
        |name: &&&String| name.contains("|Other") || name.starts_with("Emissions Outside Calibre");
    assert!(
        idle.iter().filter(|name| !may(name)).count() < listed.len() / 2,
        "{idle:?}"
    );
}

/// Emissions of fuels stand under energy, those of processes under processes, by the
/// names of the common list.
#[test]
fn each_part_stands_under_its_sector() {
    let data = catalogue();
    let rows = rows(&table(&root().join("scenarios/national-13fyp.toml")));
    let value = |variable: &str| -> f64 {
        let all = rows.iter();
        let mut own = all.filter(|(s, v, _, _)| v == variable && s == "national-13fyp");
        own.next().map_or(0.0, |(_, _, _, values)| values[&2015])
    };
    for variable in [
        "Emissions|CO2|Energy|Supply|Electricity",
        "Emissions|CO2|Energy|Supply|Solids|Coal",
        "Emissions|CO2|Energy|Demand|Industry|Iron and Steel",
        "Emissions|CO2|Energy|Demand|Industry|Non-Metallic Minerals|Cement",
        "Emissions|CO2|Energy|Demand|Industry|Other Sector",
        "Emissions|CO2|Energy|Demand|Residential and Commercial|Space Heating",
        "Emissions|CO2|Energy|Demand|Transportation|Freight",
        "Emissions|CO2|Energy|Demand|Transportation|Passenger",
        "Emissions|CO2|Energy|Demand|AFOFI",
        "Emissions|CO2|Industrial Processes|Iron and Steel",
        "Emissions|CO2|Industrial Processes|Non-Metallic Minerals|Cement",
        "Emissions|CO2|Industrial Processes|Other Sector",
        "Emissions|NOx|Energy|Demand|Industry|Iron and Steel",
        "Emissions|COD|AFOLU|Agriculture|Livestock",
        "Emissions|COD|Waste|Urban Sewage",
    ] {
        assert!(value(variable) > 0.0, "{variable}");
    }
    // Farms burn fuels; the land emits no CO2 here.
    for (_, variable, _, _) in &rows {
        assert!(!variable.starts_with("Emissions|CO2|AFOLU"), "{variable}");
        assert!(
            !variable.contains("|Steel") && !variable.contains("Industry|Cement"),
            "{variable}"
        );
    }
    // Of cement the part of the process is that of its factor, whatever the calibration.
    let cement = data.service("cement").unwrap();
    let co2 = data.pollutant("CO2").unwrap();
    let (mut process, mut whole) = (0.0, 0.0);
    let world = data.world(data.region("china").unwrap()).unwrap();
    for k in &data.services[cement.at()].technologies {
        let Some(share) = world.shares[k.at()] else {
            continue;
        };
        let technology = &data.technologies[k.at()];
        let own = technology.factors.iter().filter(|(p, _)| *p == co2);
        process += share.value * own.map(|(_, factor)| factor.value).sum::<f64>();
        whole += share.value * data.coefficient(*k, physical(co2));
    }
    let of_process = value("Emissions|CO2|Industrial Processes|Non-Metallic Minerals|Cement");
    let of_fuels = value("Emissions|CO2|Energy|Demand|Industry|Non-Metallic Minerals|Cement");
    let part = of_process / (of_process + of_fuels);
    assert!(
        (part - process / whole).abs() < 1e-9,
        "{part} and {}",
        process / whole
    );
    assert!((0.3..0.8).contains(&part), "{part}");
}

/// The same with the packages that read such files: pyam, nomenclature, pint. Where
/// Python (or `JIANPAI_PYTHON`) has none of them, this says so and holds nothing.
#[test]
fn the_python_packages_take_the_output() {
    let python = std::env::var("JIANPAI_PYTHON").unwrap_or_else(|_| "python3".to_string());
    let folder = tempfile::tempdir().unwrap();
    let _data = catalogue();
    let tables: Vec<PathBuf> = ["national-13fyp-observed", "shaanxi-2020", "guangzhou-2020"]
        .iter()
        .map(|name| {
            let path = folder.path().join(format!("{name}.csv"));
            let scenario = root().join(format!("scenarios/{name}.toml"));
            std::fs::write(&path, table(&scenario)).unwrap();
            path
        })
        .collect();
    let script = root().join("tests/iamc/validate.py");
    let output = std::process::Command::new(&python)
        .arg(script)
        .arg(root().join("data/iamc"))
        .args(&tables)
        .output();
    match output {
        Err(error) => eprintln!("skipped: {python}: {error}"),
        Ok(output) if output.status.code() == Some(3) => {
            eprintln!(
                "skipped: {}",
                String::from_utf8_lossy(&output.stdout).trim()
            );
        }
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{said}");
            assert!(String::from_utf8_lossy(&output.stdout).contains("3 tables hold"));
        }
    }
}
