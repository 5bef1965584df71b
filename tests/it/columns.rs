//! Every column of a sweep's rows, and every table made from them, worked out again: the
//! indicators from the equations of a single run, margins and verdicts from the
//! indicators of all years, tables from the rows.

// Yes and no are 1 and 0, and a draw's number is whole.
#![allow(clippy::float_cmp)]

use crate::support::{catalogue, close, shares, study};
use jianpai::core::dims::DriverId;
use jianpai::core::kernel::{self, Draw};
use jianpai::core::outcome;
use jianpai::core::plan::Plan;
use jianpai::core::scenario::Scenario;
use jianpai::core::target::{Demand, Target};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::OnceLock;

/// Targets of every kind that a sweep judges, and inputs that make some draws miss each,
/// and some that cannot be carried out. Growth stands here year by year, so that neither
/// the record nor current policy has a say.
const SWEEP: &str = r#"
[growth]
gdp = { 2023 = "5.5 %" }
industry = { 2020 = "2.6 %", 2021 = "5 %", 2022 = "5 %", 2023 = "5 %", 2024 = "5 %", 2025 = "5 %" }
agriculture = { 2020 = "3 %", 2021 = "3.5 %", 2022 = "3.5 %", 2023 = "3.5 %", 2024 = "3.5 %", 2025 = "3.5 %" }
steel-output = { 2020 = "7 %", 2021 = "-1 %", 2022 = "-1 %", 2023 = "-1 %", 2024 = "-1 %", 2025 = "-1 %" }
cement-output = { 2020 = "2.5 %", 2021 = "-1.5 %", 2022 = "-1.5 %", 2023 = "-1.5 %", 2024 = "-1.5 %", 2025 = "-1.5 %" }
coke-output = { 2020 = "0 %", 2021 = "-1 %", 2022 = "-1 %", 2023 = "-1 %", 2024 = "-1 %", 2025 = "-1 %" }
freight = { 2020 = "0.5 %", 2021 = "4 %", 2022 = "4 %", 2023 = "4 %", 2024 = "4 %", 2025 = "4 %" }
passenger-vehicles = { 2020 = "7.5 %", 2021 = "5.5 %", 2022 = "5.5 %", 2023 = "5.5 %", 2024 = "5.5 %", 2025 = "5.5 %" }
heated-households = { 2020 = "0.1 %", 2021 = "0 %", 2022 = "0 %", 2023 = "0 %", 2024 = "0 %", 2025 = "0 %" }

[targets.cod]
book = "physical"
reduction = "8.4 %"

[targets.nh3n]
book = "physical"

[targets.nox]
book = "physical"

[targets.so2-cap]
indicator = "SO2"
year = 2024
cap = "21.88 万t"

[targets.nox-sum]
indicator = "NOx"
year = 2025
cumulative = "179.1 万t"
from = 2021

[targets.rail-floor]
indicator = "rail-share"
year = 2025
floor = "50 %"

[targets.coal-sum]
indicator = "coal"
year = 2023
cumulative = "28703 万吨标准煤"
from = 2022

[sweep]
design = "latin-hypercube"
draws = 700
seed = 5
years = [2023, 2025]

[sweep.inputs.boilers]
level = "boilers-le35"
uniform = ["40 %", "160 %"]

[sweep.inputs.cement]
level = "cement-ule"
uniform = ["40 %", "120 %"]

[sweep.inputs.sewage]
level = "sewage-collection"
uniform = ["30 %", "130 %"]

[sweep.inputs.rail]
level = "rail"
uniform = ["0 %", "100 %"]

[sweep.inputs.pace]
growth = "industry"
uniform = ["-2 %", "2 %"]

[sweep.inputs.product]
growth = "gdp"
uniform = ["-1 %", "1 %"]

[sweep.inputs.wanted]
target = "nox"
uniform = ["29 %", "36 %"]
"#;

/// The levels that inputs replace, and the drivers that they shift.
const LEVELS: [(&str, &str); 4] = [
    ("boilers", "boilers-le35"),
    ("cement", "cement-ule"),
    ("sewage", "sewage-collection"),
    ("rail", "rail"),
];
const DRIVERS: [(&str, &str); 2] = [("pace", "industry"), ("product", "gdp")];
/// The ends of each input.
const RANGES: [(&str, f64, f64); 7] = [
    ("boilers", 0.4, 1.6),
    ("cement", 0.4, 1.2),
    ("sewage", 0.3, 1.3),
    ("rail", 0.0, 1.0),
    ("pace", -0.02, 0.02),
    ("product", -0.01, 0.01),
    ("wanted", 0.29, 0.36),
];

/// What a sweep wrote, and the scenario that it varies.
struct Swept {
    folder: tempfile::TempDir,
    scenario: Scenario,
    plan: Plan,
    names: Vec<String>,
    rows: Vec<Vec<f64>>,
    said: String,
}

fn swept() -> &'static Swept {
    static DONE: OnceLock<Swept> = OnceLock::new();
    DONE.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let root = env!("CARGO_MANIFEST_DIR");
        let path = folder.path().join("varied.toml");
        let head = format!(
            "[scenario]\nextends = \"{root}/scenarios/shaanxi-14fyp-planned.toml\"\n\
             name_zh = \"变\"\nname_en = \"varied\"\n"
        );
        std::fs::write(&path, head + SWEEP).unwrap();
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_jianpai"))
            .args(["--lang", "en", "sweep"])
            .arg(&path)
            .args(["--format", "csv", "--trajectories", "--no-charts"])
            // What the model itself gives; `sweep_error` holds its error.
            .args(["--no-model-error", "--out"])
            .arg(folder.path())
            .output()
            .unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{errors}");
        let study = study(path.to_str().unwrap());
        let text = std::fs::read_to_string(folder.path().join("varied/draws.csv")).unwrap();
        let mut lines = text.lines();
        let names = lines.next().unwrap().split(',').map(String::from).collect();
        let number = |cell: &str| cell.parse::<f64>().unwrap();
        let rows = lines.map(|line| line.split(',').map(number).collect());
        Swept {
            plan: study.plan,
            names,
            rows: rows.collect(),
            said: String::from_utf8(output.stdout).unwrap(),
            scenario: study.loaded.scenario,
            folder,
        }
    })
}

impl Swept {
    fn column(&self, name: &str) -> usize {
        let column = self.names.iter().position(|cell| cell == name);
        column.unwrap_or_else(|| panic!("no column {name} in {:?}", self.names))
    }

    /// The single run that a draw stands for.
    fn draw(&self, row: &[f64]) -> Draw {
        let mut draw = Draw::stated(&self.plan);
        for (input, measure) in LEVELS {
            let m = self.plan.measures.iter().position(|m| m.id == measure);
            draw.levels[m.unwrap()] = row[self.column(input)];
        }
        for (input, driver) in DRIVERS {
            let driver: DriverId = catalogue().driver(driver).unwrap();
            draw.growth_shift[driver.at()] = row[self.column(input)];
        }
        draw
    }

    /// An indicator of a row in a year.
    fn value(&self, row: &[f64], target: &Target, year: i32) -> f64 {
        let id = &catalogue().indicators[target.indicator.at()].named.id;
        row[self.column(&format!("{id}@{year}"))]
    }

    /// What a target requires of a row, and how far the row is on the good side of it.
    fn judged(&self, row: &[f64], target: &Target) -> (f64, f64) {
        let at = |year: i32| self.value(row, target, year);
        let end = at(target.year);
        match target.demand {
            Demand::Reduction { wanted, base_year } => {
                let wanted = match target.id.as_str() {
                    "nox" => row[self.column("wanted")],
                    _ => wanted,
                };
                (wanted, (at(base_year) - end) / at(base_year) - wanted)
            }
            Demand::Cap(limit) => (limit, limit - end),
            Demand::Floor(limit) => (limit, end - limit),
            Demand::Cumulative { limit, from } => {
                let sum: f64 = (from..=target.year).map(at).sum();
                (limit, limit - sum)
            }
            Demand::Project { .. } => panic!("no sweep judges projects"),
        }
    }

    /// The smallest margin relative to what is required.
    fn slack(&self, row: &[f64]) -> f64 {
        let targets = self.scenario.targets.iter();
        let relative = targets.map(|target| {
            let (required, margin) = self.judged(row, target);
            margin / required.abs().max(1e-3)
        });
        relative.fold(f64::INFINITY, f64::min)
    }

    /// A table beside the rows.
    fn table(&self, name: &str) -> Vec<BTreeMap<String, String>> {
        table(&self.folder.path().join("varied").join(name))
    }
}

/// The rows of a table, each by column.
fn table(path: &Path) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    reader.deserialize().map(|row| row.unwrap()).collect()
}

fn is_yes(value: f64) -> bool {
    assert!(
        value == 0.0 || value == 1.0,
        "{value} is neither yes nor no"
    );
    value > 0.5
}

/// A cell of a table as a number.
fn number(row: &BTreeMap<String, String>, name: &str) -> f64 {
    let cell = &row[name];
    cell.parse().unwrap_or_else(|_| panic!("{name} `{cell}`"))
}

#[test]
fn indicators_are_those_of_a_single_run() {
    let swept = swept();
    assert_eq!(swept.rows.len(), 700);
    for (d, row) in swept.rows.iter().enumerate().step_by(9) {
        assert_eq!(row[swept.column("draw")], d as f64);
        let draw = swept.draw(row);
        let run = kernel::run(&swept.plan, &draw);
        let indicators = outcome::indicators(catalogue(), &swept.plan, &run);
        for (indicator, values) in catalogue().indicators.iter().zip(&indicators) {
            for (year, wanted) in swept.plan.years.iter().zip(values) {
                let name = format!("{}@{year}", indicator.named.id);
                let found = row[swept.column(&name)];
                assert!(
                    close(found, *wanted, 1e-9, 0.0),
                    "draw {d}, {name}: {found} {wanted}"
                );
            }
        }
        // A draw can be carried out if no technology gives more than it has.
        let least = shares(&swept.plan, &draw.levels)
            .into_iter()
            .flatten()
            .fold(f64::INFINITY, f64::min);
        let feasible = is_yes(row[swept.column("feasible")]);
        assert_eq!(feasible, least >= -1e-9, "draw {d}: {least}");
    }
    let all = swept.rows.iter();
    let feasible = all.filter(|row| is_yes(row[swept.column("feasible")]));
    assert!(
        (600..700).contains(&feasible.count()),
        "some are, some are not"
    );
}

#[test]
fn inputs_fill_their_ranges() {
    let swept = swept();
    for (input, low, high) in RANGES {
        let column = swept.column(input);
        // A Latin hypercube has one draw in each 700th part.
        let strata: BTreeSet<i64> = swept
            .rows
            .iter()
            .map(|row| ((row[column] - low) / (high - low) * 700.0).floor() as i64)
            .collect();
        assert_eq!(strata.len(), 700, "{input}");
        assert_eq!((strata.first(), strata.last()), (Some(&0), Some(&699)));
    }
}

#[test]
fn margins_and_verdicts_follow_from_the_indicators() {
    let swept = swept();
    let mut counts: BTreeMap<String, [u32; 2]> = BTreeMap::new();
    for (d, row) in swept.rows.iter().enumerate() {
        let feasible = is_yes(row[swept.column("feasible")]);
        let mut all = feasible;
        for target in &swept.scenario.targets {
            let (required, margin) = swept.judged(row, target);
            let place = format!("draw {d}, {}", target.id);
            let found = row[swept.column(&format!("margin:{}", target.id))];
            let size = required.abs().max(1e-3);
            assert!(
                close(found, margin, 1e-9, size),
                "{place}: {found} {margin}"
            );
            let met = is_yes(row[swept.column(&format!("met:{}", target.id))]);
            // Within the slack of rounding either is right.
            if (margin / size + 1e-9).abs() > 1e-12 {
                let wanted = feasible && margin / size >= -1e-9;
                assert_eq!(met, wanted, "{place}: {margin}, feasible: {feasible}");
            }
            counts.entry(target.id.clone()).or_default()[usize::from(met)] += 1;
            all &= met;
        }
        assert_eq!(is_yes(row[swept.column("all_met")]), all, "draw {d}");
    }
    for target in ["cod", "nox", "so2-cap", "nox-sum", "rail-floor", "coal-sum"] {
        let [missed, met] = counts[target];
        assert!(missed > 100 && met > 100, "{target}: {missed} {met}");
    }
}

/// Cost counts what measures add in the last year, at the levels of the draw.
#[test]
fn cost_is_that_of_the_measures_in_the_last_year() {
    let swept = swept();
    let plan = &swept.plan;
    let q = plan
        .account(jianpai::core::catalogue::Account::Cost)
        .unwrap();
    let (span, accounts) = (plan.span(), plan.accounts.len());
    for (d, row) in swept.rows.iter().enumerate().step_by(31) {
        let run = kernel::run(plan, &swept.draw(row));
        let of = |m: usize| run.change[(m * accounts + q) * span + span - 1];
        let wanted: f64 = (0..plan.measures.len()).map(of).sum();
        let found = row[swept.column("cost_cny")];
        assert!(
            close(found, wanted, 1e-9, 0.0),
            "draw {d}: {found} {wanted}"
        );
    }
}

#[test]
fn attainment_is_counted_from_the_rows() {
    let swept = swept();
    let table = swept.table("attainment.csv");
    assert_eq!(table.len(), swept.scenario.targets.len() + 2);
    for line in &table {
        let id = &line["target"];
        let column = match id.as_str() {
            "all" => "all_met".to_string(),
            "feasible" => id.clone(),
            _ => format!("met:{id}"),
        };
        let column = swept.column(&column);
        let met = swept.rows.iter().filter(|row| is_yes(row[column])).count();
        assert_eq!(line["met"], met.to_string(), "{id}");
        assert_eq!(line["draws"], "700", "{id}");
        let share = met as f64 / 700.0;
        assert!(
            close(number(line, "probability"), share, 1e-12, 0.0),
            "{id}"
        );
        // Wilson (1927): the proportions from which `share` is 1.96 deviations away.
        for (name, sign) in [("low95", -1.0), ("high95", 1.0)] {
            let bound = number(line, name);
            let deviation = (bound * (1.0 - bound) / 700.0).sqrt();
            let away = sign * (bound - share) - 1.959_963_985 * deviation;
            assert!(away.abs() < 1e-9, "{id} {name}: {bound}");
        }
        if let Some(target) = swept.scenario.targets.iter().find(|t| t.id == *id) {
            let indicator = &catalogue().indicators[target.indicator.at()].named.id;
            assert_eq!(line["indicator"], *indicator);
            assert_eq!(line["year"], target.year.to_string());
        }
        // The terminal says the same percentage.
        let percent = format!("{:.1}%", share * 100.0);
        let percent = percent.replace("100.0%", "100%");
        assert!(
            swept.said.contains(&percent),
            "{id}: {percent}\n{}",
            swept.said
        );
    }
}

#[test]
fn summaries_are_those_of_the_rows() {
    let swept = swept();
    let feasible = swept.column("feasible");
    let (mut columns, mut narrower) = (0, 0);
    for line in swept.table("summary.csv") {
        let name = &line["column"];
        let column = swept.column(name);
        let count = number(&line, "draws") as usize;
        // Over all draws, or over those that can be carried out: the file says which.
        let all = swept.rows.iter();
        let mut values: Vec<f64> = all
            .filter(|row| count == 700 || is_yes(row[feasible]))
            .map(|row| row[column])
            .collect();
        narrower += usize::from(count < 700);
        assert_eq!(values.len(), count, "{name}");
        values.sort_by(f64::total_cmp);
        let n = count as f64;
        let mean = values.iter().sum::<f64>() / n;
        let squares: f64 = values.iter().map(|x| (x - mean).powi(2)).sum();
        let deviation = (squares / (n - 1.0)).sqrt();
        let spread = values[count - 1] - values[0];
        let (found, sd) = (number(&line, "mean"), number(&line, "sd"));
        assert!(
            close(found, mean, 1e-10, spread),
            "{name}: mean {found} {mean}"
        );
        assert!(
            close(sd, deviation, 1e-6, spread * 1e-3 + mean.abs() * 1e-6),
            "{name}: sd {sd} {deviation}"
        );
        let (least, greatest) = (number(&line, "min"), number(&line, "max"));
        assert!(close(least, values[0], 1e-14, 0.0), "{name}: {least}");
        assert!(close(greatest, values[count - 1], 1e-14, 0.0), "{name}");
        for q in [2.5, 5.0, 25.0, 50.0, 75.0, 95.0, 97.5] {
            let found = number(&line, &format!("q{q}"));
            // Between the neighbours of the rank, but for a hundredth of the spread.
            let rank = q / 100.0 * (n - 1.0);
            let (low, high) = (values[rank.floor() as usize], values[rank.ceil() as usize]);
            let room = 0.01 * spread + 1e-12 * mean.abs();
            assert!(
                found >= low - room && found <= high + room,
                "{name}: q{q} is {found}, not {low} to {high}"
            );
        }
        let unit = match name.split('@').next().unwrap() {
            "COD" | "NH3-N" | "SO2" | "NOx" | "VOCs" | "CO2" => "t",
            "coal" | "energy" => "tce",
            "cost_cny" => "CNY/yr",
            "CO2-per-GDP" | "energy-per-GDP" => "base year = 1",
            "rail-share" => "1",
            // Inputs and margins: a part of 1, a year, a multiplier, or what a target asks.
            _ => {
                let known = ["1", "year", "", "t", "tce", "base year = 1"];
                let found = known.into_iter().find(|unit| line["unit"] == **unit);
                found.unwrap_or_else(|| panic!("{name}: {}", line["unit"]))
            }
        };
        assert_eq!(line["unit"], unit, "{name}");
        columns += 1;
    }
    // Inputs, indicators of every year, margins, cost.
    let cells = catalogue().indicators.len() * swept.plan.span();
    assert_eq!(
        columns,
        RANGES.len() + cells + swept.scenario.targets.len() + 1
    );
    assert!(narrower == 0 || narrower > cells / 2, "{narrower}");
}

#[test]
fn the_best_draws_are_the_best() {
    let swept = swept();
    let (all_met, cost) = (swept.column("all_met"), swept.column("cost_cny"));
    let feasible = swept.column("feasible");
    let table = swept.table("best.csv");
    let mut lists: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for line in &table {
        let draw: usize = line["draw"].parse().unwrap();
        let row = &swept.rows[draw];
        lists.entry(line["list"].as_str()).or_default().push(draw);
        assert!(
            close(number(line, "cost_cny"), row[cost], 1e-12, 0.0),
            "{draw}"
        );
        let slack = number(line, "smallest_relative_margin");
        assert!(
            close(slack, swept.slack(row), 1e-9, 1e-2),
            "draw {draw}: {slack}"
        );
        for (input, ..) in RANGES {
            let value = row[swept.column(input)];
            assert!(
                close(number(line, input), value, 1e-14, 0.0),
                "{draw} {input}"
            );
        }
    }
    // The cheapest meet every target, and none that does is cheaper.
    let mut good: Vec<usize> = (0..700)
        .filter(|d| is_yes(swept.rows[*d][all_met]))
        .collect();
    assert!(good.len() > 20);
    good.sort_by(|a, b| swept.rows[*a][cost].total_cmp(&swept.rows[*b][cost]));
    assert_eq!(lists["cheapest"], good[..10]);
    // The safest have the largest smallest margin of those that can be carried out.
    let mut safe: Vec<usize> = (0..700)
        .filter(|d| is_yes(swept.rows[*d][feasible]))
        .collect();
    safe.sort_by(|a, b| {
        swept
            .slack(&swept.rows[*b])
            .total_cmp(&swept.slack(&swept.rows[*a]))
    });
    assert_eq!(lists["safest"], safe[..10]);
    // No draw is both cheaper and safer than one of the Pareto set, but for the cells of
    // its axes.
    let range = |of: &dyn Fn(usize) -> f64| {
        let values: Vec<f64> = safe.iter().map(|d| of(*d)).collect();
        let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        most - values.iter().copied().fold(f64::INFINITY, f64::min)
    };
    let (cost_of, slack_of) = (
        |d: usize| swept.rows[d][cost],
        |d: usize| swept.slack(&swept.rows[d]),
    );
    let (costs, slacks) = (range(&cost_of), range(&slack_of));
    for draw in &lists["pareto"] {
        assert!(safe.contains(draw), "draw {draw} cannot be carried out");
        let better = safe.iter().find(|d| {
            cost_of(**d) < cost_of(*draw) - 0.01 * costs
                && slack_of(**d) > slack_of(*draw) + 0.01 * slacks
        });
        assert_eq!(better, None, "beats draw {draw}");
    }
    // And every draw has one in the set that is as cheap and as safe.
    for d in &safe {
        let as_good = lists["pareto"].iter().any(|draw| {
            cost_of(*draw) <= cost_of(*d) + 0.01 * costs
                && slack_of(*draw) >= slack_of(*d) - 0.01 * slacks
        });
        assert!(as_good, "draw {d} is missing from the Pareto set");
    }
}

/// What one input does alone, the others at their medians.
#[test]
fn swings_are_single_runs() {
    let swept = swept();
    let middle: BTreeMap<&str, f64> = RANGES
        .iter()
        .map(|(name, low, high)| (*name, f64::midpoint(*low, *high)))
        .collect();
    let mut moved = 0;
    for line in swept.table("sensitivity.csv") {
        let (output, input) = (&line["output"], line["input"].as_str());
        let Some((id, year)) = output.split_once('@') else {
            continue;
        };
        let i = catalogue().indicator(id).unwrap().at();
        let t = swept.plan.year(year.parse().unwrap()).unwrap();
        let (_, low, high) = RANGES.iter().find(|(name, ..)| *name == input).unwrap();
        for (name, part) in [("at_q5", 0.05), ("at_q95", 0.95)] {
            if line[name].is_empty() {
                continue;
            }
            let mut row = vec![0.0; swept.names.len()];
            for (other, value) in &middle {
                row[swept.column(other)] = *value;
            }
            row[swept.column(input)] = low + (high - low) * part;
            let run = kernel::run(&swept.plan, &swept.draw(&row));
            let wanted = outcome::indicators(catalogue(), &swept.plan, &run)[i][t];
            let found = number(&line, name);
            assert!(
                close(found, wanted, 1e-9, 0.0),
                "{output}, {input}, {name}: {found} for {wanted}"
            );
            moved += 1;
        }
        assert_eq!(line["correlated"], "0");
    }
    assert!(moved > 20, "{moved}");
}

/// Draws in the box of `conditions.csv` are counted again.
#[test]
fn conditions_hold_as_often_as_they_say() {
    let swept = swept();
    let table = swept.table("conditions.csv");
    assert!(!table.is_empty());
    let inside = |row: &&Vec<f64>| {
        table.iter().all(|line| {
            let value = row[swept.column(&line["input"])];
            let over = line["at_least"].parse::<f64>().is_ok_and(|low| value < low);
            let under = line["at_most"]
                .parse::<f64>()
                .is_ok_and(|high| value > high);
            !over && !under
        })
    };
    let column = swept.column("all_met");
    let all = swept.rows.iter();
    let met = all.clone().filter(|row| is_yes(row[column])).count() as f64;
    let there = all.clone().filter(inside).count() as f64;
    let both = all.filter(inside).filter(|row| is_yes(row[column])).count() as f64;
    for line in &table {
        assert!(
            close(number(line, "density"), both / there, 1e-9, 0.0),
            "{line:?}"
        );
        assert!(
            close(number(line, "coverage"), both / met, 1e-9, 0.0),
            "{line:?}"
        );
    }
    assert!(both / there > 2.0 * met / 700.0, "the box says something");
}

/// Regions one after the other: the table over all holds what each counts.
#[test]
fn attainment_by_region_is_that_of_each_region() {
    let folder = tempfile::tempdir().unwrap();
    let sweep = |region: &str, to: &str| {
        let out = folder.path().join(to);
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_jianpai"))
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .args(["--lang", "en", "sweep", "scenarios/sweeps/provinces.toml"])
            .args(["--draws", "512", "--format", "csv", "--no-charts"])
            .args(["--region", region, "--out"])
            .arg(&out)
            .output()
            .unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{errors}");
        out
    };
    let both = sweep("hebei,henan", "both");
    let over_all = table(&both.join("provinces-by-region/attainment-by-region.csv"));
    for region in ["hebei", "henan"] {
        let alone = sweep(region, region);
        let own = table(&alone.join(format!("provinces-{region}/attainment.csv")));
        let row_of = |target: &String| {
            let mut rows = over_all.iter();
            rows.find(|row| row["region"] == region && row["target"] == *target)
        };
        assert!(own.len() > 3, "{region}");
        for line in own.iter().filter(|line| line["target"] != "feasible") {
            let row = row_of(&line["target"]).unwrap_or_else(|| panic!("{region} {line:?}"));
            assert_eq!(row["probability"], line["probability"], "{region}");
            assert_eq!(
                (row["draws"].as_str(), line["draws"].as_str()),
                ("512", "512")
            );
        }
        let bytes = |folder: &Path| std::fs::read(folder.join("draws.csv")).unwrap();
        let name = format!("provinces-{region}");
        assert!(
            bytes(&both.join(&name)) == bytes(&alone.join(&name)),
            "{region}"
        );
    }
}

/// The rank of each value among all.
fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let mut ranks = vec![0.0; values.len()];
    for (rank, at) in order.into_iter().enumerate() {
        ranks[at] = rank as f64;
    }
    ranks
}

/// The correlation of two columns by rank.
fn rank_correlation(a: &[f64], b: &[f64]) -> f64 {
    let (a, b) = (ranks(a), ranks(b));
    let middle = (a.len() - 1) as f64 / 2.0;
    let of = |x: &[f64], y: &[f64]| -> f64 {
        let pairs = x.iter().zip(y);
        pairs.map(|(x, y)| (x - middle) * (y - middle)).sum()
    };
    of(&a, &b) / of(&a, &a)
}

/// Inputs are correlated by rank as the file states, and no others are; each keeps its
/// distribution.
#[test]
fn rank_correlations_are_those_stated() {
    for design in ["random", "latin-hypercube"] {
        let folder = tempfile::tempdir().unwrap();
        let text = format!(
            "[sweep]\ndesign = \"{design}\"\ndraws = 4000\nseed = 9\nyears = [2025]\n\
             [sweep.inputs.a]\nlevel = \"boilers-le35\"\nuniform = [\"40 %\", \"100 %\"]\n\
             [sweep.inputs.b]\ngrowth = \"industry\"\nnormal = [\"0 %\", \"1 %\"]\n\
             [sweep.inputs.c]\nlevel = \"rail\"\nuniform = [\"0 %\", \"100 %\"]\n\
             [sweep.inputs.d]\ngrowth = \"gdp\"\ntriangular = [\"-1 %\", \"0 %\", \"1 %\"]\n\
             [[sweep.correlation]]\nbetween = [\"a\", \"b\"]\nrank = 0.6\n\
             [[sweep.correlation]]\nbetween = [\"c\", \"d\"]\nrank = -0.45\n"
        );
        let output = crate::sweep::variation(folder.path(), &text);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}");
        let rows = table(&folder.path().join("varied/draws.csv"));
        let column =
            |name: &str| -> Vec<f64> { rows.iter().map(|row| number(row, name)).collect() };
        for (one, other, stated) in [
            ("a", "b", 0.6),
            ("c", "d", -0.45),
            ("a", "c", 0.0),
            ("b", "d", 0.0),
            ("a", "d", 0.0),
        ] {
            let found = rank_correlation(&column(one), &column(other));
            // Three deviations of 4,000 independent draws.
            assert!(
                (found - stated).abs() < 0.05,
                "{design} {one} {other}: {found}"
            );
        }
        let mean = |name: &str| column(name).iter().sum::<f64>() / 4000.0;
        assert!(
            (mean("a") - 0.7).abs() < 0.01 && (mean("c") - 0.5).abs() < 0.02,
            "{design}"
        );
        assert!(mean("b").abs() < 6e-4 && mean("d").abs() < 3e-4, "{design}");
    }
}
