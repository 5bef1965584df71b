//! The data: what has to sum, what the notes say how it was worked out, and the official
//! targets, written out once more.
//!
//! The tables are read here as text: neither the loader nor its checks have a say.

use crate::support::{catalogue, close, compiled, load, read_catalogue, session, shares, study};
use jianpai::core::outcome;
use jianpai::core::plan::Plan;
use jianpai::core::plan::demand::demand;
use jianpai::load::catalogue::DataFile;
use std::collections::{BTreeMap, BTreeSet};

/// A table of `data/` by row and column name.
fn table(name: &str) -> Vec<BTreeMap<String, String>> {
    let files = jianpai::study::embedded::data();
    let file = files.iter().find(|file| file.name == name).unwrap();
    let mut reader = csv::Reader::from_reader(file.bytes.as_slice());
    reader.deserialize().map(|row| row.unwrap()).collect()
}

fn number(row: &BTreeMap<String, String>, column: &str) -> f64 {
    let cell = &row[column];
    cell.parse()
        .unwrap_or_else(|_| panic!("{column} of {row:?}"))
}

/// Values by the cells of `keys`, over all rows that `wanted` takes.
fn sums(
    rows: &[BTreeMap<String, String>],
    keys: &[&str],
    wanted: impl Fn(&BTreeMap<String, String>) -> bool,
) -> BTreeMap<Vec<String>, f64> {
    let mut found = BTreeMap::new();
    for row in rows.iter().filter(|row| wanted(row)) {
        let key = keys.iter().map(|key| row[*key].clone()).collect();
        *found.entry(key).or_insert(0.0) += number(row, "value");
    }
    found
}

/// The provinces, by id.
fn provinces() -> BTreeSet<String> {
    let rows = table("regions.csv");
    let own = rows.iter().filter(|row| row["level"] == "province");
    own.map(|row| row["id"].clone()).collect()
}

#[test]
fn zones_are_the_whole_of_their_province() {
    let rows = table("zones.csv");
    let by_service = sums(&rows, &["service"], |row| {
        row["zone"].starts_with("shaanxi-")
    });
    assert_eq!(by_service.len(), catalogue().services.len());
    for (service, sum) in by_service {
        // Parts are written to the fourth decimal.
        assert!((sum - 1.0).abs() < 1.5e-4, "{service:?}: {sum}");
    }
}

/// Parts above the whole are refused by the loader, in any service and by any zone.
#[test]
fn zones_beyond_the_whole_are_refused() {
    for (was, is) in [
        (
            "shaanxi-guanzhong,thermal-power,0.63",
            "shaanxi-guanzhong,thermal-power,0.66",
        ),
        ("shaanxi-northern,coke,0.75", "shaanxi-northern,coke,1.05"),
        (
            "shaanxi-southern,livestock,0.2399",
            "shaanxi-southern,livestock,0.2411",
        ),
    ] {
        let mut data = jianpai::study::embedded::data();
        let file = data
            .iter_mut()
            .find(|file| file.name == "zones.csv")
            .unwrap();
        let text = String::from_utf8(file.bytes.clone()).unwrap();
        assert!(text.contains(was), "{was}");
        file.bytes = text.replace(was, is).into_bytes();
        let refused = std::panic::catch_unwind(|| read_catalogue(&data).zones.len());
        let said = refused.unwrap_err();
        let said = said.downcast_ref::<String>().unwrap();
        assert!(said.contains("zone-sum"), "{is}: {said}");
    }
    // Less than the whole is allowed: not every part of a province is a zone.
    let mut data = jianpai::study::embedded::data();
    let file: &mut DataFile = data
        .iter_mut()
        .find(|file| file.name == "zones.csv")
        .unwrap();
    let text = String::from_utf8(file.bytes.clone()).unwrap();
    file.bytes = text
        .replace("thermal-power,0.63", "thermal-power,0.13")
        .into_bytes();
    assert!(!read_catalogue(&data).zones.is_empty());
}

#[test]
fn shares_of_a_service_sum_to_one() {
    let technologies = table("technologies.csv");
    let service_of: BTreeMap<&str, &str> = technologies
        .iter()
        .map(|row| (row["id"].as_str(), row["service"].as_str()))
        .collect();
    for name in ["shares.csv", "shares_regional.csv"] {
        let mut sums: BTreeMap<(String, String), f64> = BTreeMap::new();
        for row in table(name) {
            let service = service_of[row["technology"].as_str()].to_string();
            *sums.entry((row["region"].clone(), service)).or_default() += number(&row, "value");
        }
        assert!(!sums.is_empty());
        for (key, sum) in sums {
            assert!((sum - 1.0).abs() < 1e-9, "{name} {key:?}: {sum}");
        }
    }
}

#[test]
fn inventories_sum_over_classes_and_over_provinces() {
    let rows = table("inventory.csv");
    let keys = ["region", "account", "year", "unit"];
    let classes = sums(&rows, &keys, |row| row["class"] != "total");
    let totals = sums(&rows, &keys, |row| row["class"] == "total");
    for (key, sum) in &classes {
        assert!(close(*sum, totals[key], 1e-6, 0.0), "{key:?}: {sum}");
    }
    assert!(classes.len() > 40, "{}", classes.len());
    // The four pollutants of the environmental statistics; rounding of 31 provinces.
    let provinces = provinces();
    for account in ["COD", "NH3-N", "SO2", "NOx"] {
        let all = totals.iter().filter(|(key, _)| key[1] == account);
        let sum: f64 = all
            .clone()
            .filter(|(key, _)| provinces.contains(&key[0]))
            .map(|(_, value)| value)
            .sum();
        let nation = all.clone().find(|(key, _)| key[0] == "china").unwrap().1;
        assert!(close(sum, *nation, 1e-4, 0.0), "{account}: {sum} {nation}");
    }
}

/// Services whose national row is the sum of the provinces, as data/README.md says.
#[test]
fn activities_of_the_provinces_sum_to_the_nation() {
    let rows = table("activity.csv");
    let provinces = provinces();
    let sums = sums(&rows, &["service"], |row| {
        provinces.contains(&row["region"])
    });
    let summed = [
        "thermal-power",
        "industrial-steam",
        "residential-heat",
        "steel",
        "cement",
        "coke",
        "passenger-vehicles",
        "urban-sewage",
        "rural-sewage",
        "centralised-treatment",
    ];
    let mut held = 0;
    for row in rows.iter().filter(|row| row["region"] == "china") {
        let sum = sums[&vec![row["service"].clone()]];
        let ratio = sum / number(row, "value");
        if summed.contains(&row["service"].as_str()) {
            assert!((ratio - 1.0).abs() < 2e-6, "{}: {ratio}", row["service"]);
            held += 1;
        }
        // The others are national figures; data/README.md says how far they are apart.
        assert!((0.9..1.3).contains(&ratio), "{}: {ratio}", row["service"]);
    }
    assert_eq!(held, summed.len());
}

#[test]
fn stocks_of_boilers_have_the_sizes_of_their_notes() {
    let mut held = 0;
    let rows = table("stocks.csv");
    for (group, size) in [
        ("boiler-le10", 1.658_1),
        ("boiler-10-35", 17.0),
        ("boiler-35-65", 45.0),
        ("boiler-gt65", 100.0),
    ] {
        let by = |unit: &str| {
            let own = rows
                .iter()
                .filter(|row| row["group"] == group && row["unit"] == unit);
            own.map(|row| (row["region"].clone(), number(row, "value")))
                .collect::<BTreeMap<_, _>>()
        };
        let (capacity, count) = (by("t/h"), by("boilers"));
        assert_eq!(
            capacity.keys().collect::<Vec<_>>(),
            count.keys().collect::<Vec<_>>()
        );
        for (region, capacity) in &capacity {
            // Numbers are rounded to whole boilers, or to tenths of them.
            let (found, expected) = (count[region], capacity / size);
            let room = 0.51 + 2e-3 * expected;
            assert!(
                (found - expected).abs() < room,
                "{region} {group}: {found} {expected}"
            );
            held += 1;
        }
    }
    assert!(held > 100, "{held}");
    // Classes have the parts of coal boilers that the notes assume.
    let all = sums(&rows, &["region"], |row| row["unit"] == "t/h");
    for (group, part) in [
        ("boiler-le10", 0.30),
        ("boiler-10-35", 0.35),
        ("boiler-35-65", 0.12),
        ("boiler-gt65", 0.23),
    ] {
        let own = sums(&rows, &["region"], |row| {
            row["group"] == group && row["unit"] == "t/h"
        });
        for (region, value) in own {
            let found = value / all[&region];
            assert!((found - part).abs() < 1e-3, "{region:?} {group}: {found}");
        }
    }
}

/// Steam of boilers: 0.88 of the service is coal's, at 231 t of coal a t/h and 0.166 t a t.
#[test]
fn stocks_of_boilers_give_the_steam_of_the_activity() {
    let stocks = table("stocks.csv");
    let capacity = sums(&stocks, &["region"], |row| row["unit"] == "t/h");
    let activity = table("activity.csv");
    let steam = sums(&activity, &["region"], |row| {
        row["service"] == "industrial-steam"
    });
    let mut held = 0;
    for (region, capacity) in capacity {
        let expected = steam[&region] * 1e4 * 0.88 * 0.166 / 231.0;
        if expected > 0.0 {
            assert!(
                close(capacity, expected, 2e-3, 1.0),
                "{region:?}: {capacity} {expected}"
            );
            held += 1;
        }
    }
    assert!(held > 30, "{held}");
}

#[test]
fn parameters_are_what_their_notes_work_out() {
    let rows = table("parameters.csv");
    let value = |id: &str, column: &str| {
        let row = rows.iter().find(|row| row["id"] == id).unwrap();
        number(row, column)
    };
    for (id, expected, within) in [
        ("coal-per-household", 2_700_000.0 / 900_000.0, 1e-12),
        ("coal-rate-power", 315.0 * 0.95, 0.04),
        ("tce-per-t-coal", 20.934 / 29.3076, 1e-4),
        ("tce-per-m3-gas", 38.4 / 29_307.6, 1e-3),
        ("gj-per-tce", 29.3076, 1e-12),
        ("coal-per-capacity", 9e6 / 39_000.0, 2e-3),
        ("steam-per-capacity", 231.0 / 0.166, 1e-5),
        ("tkm-per-truck", 57_955.7e8 / 2_065.6e4, 1e-5),
        ("tkm-per-heavy-truck", 0.8 * 57_955.7e8 / 530.1e4, 1e-4),
        ("ocean-share", 54_236.0 / 91_772.0, 1e-5),
        ("rail-haul", 23_754e8 / 335_801e4, 1e-4),
        ("road-haul", 57_956e8 / 3_150_019e4, 1e-4),
        ("sewage-load", 466.65e8 * 0.919 / (14_043e4 * 365.0), 1e-3),
        ("sewage-per-resident", 466.65e8 / 77_116e4, 1e-3),
        ("persons-per-m3d", 365.0 / 60.5, 1e-9),
        ("pig-per-cattle", 248.2 / 26.6, 1e-5),
        ("pig-per-sheep", 4.4 / 26.6, 5e-3),
        ("hours-power-coal", 4364.0, 1e-12),
        ("kwh-per-household-heat-pump", 26e3 / 3.6 / 2.465, 1e-2),
    ] {
        let found = value(id, "central");
        assert!(
            close(found, expected, within, 0.0),
            "{id}: {found}, the note says {expected}"
        );
    }
    // 1000 m3/d from class 1B to 1A take exactly 3.65 t COD and 1.095 t NH3-N.
    assert!(close(1000.0 * 365.0 * 10e-6, 3.65, 1e-12, 0.0));
    for row in &rows {
        let (low, central, high) = (
            number(row, "low"),
            number(row, "central"),
            number(row, "high"),
        );
        assert!(low <= central && central <= high, "{row:?}");
    }
}

/// Rail of the provinces adds up to that of the nation, and rail, road and water to all
/// freight of a province, to the last digit printed: a slip of one number is seen.
#[test]
fn records_of_rail_agree_with_each_other() {
    let rows = table("recorded.csv");
    let series = |region: &str, quantity: &str| -> BTreeMap<i32, f64> {
        let own = rows
            .iter()
            .filter(|row| row["region"] == region && row["quantity"] == quantity);
        own.map(|row| (row["year"].parse().unwrap(), number(row, "value")))
            .collect()
    };
    let nation = series("china", "rail-turnover");
    for (year, value) in &nation {
        let provinces: f64 = provinces()
            .iter()
            .filter_map(|id| series(id, "rail-turnover").get(year).copied())
            .sum();
        let ratio = provinces / value;
        // Of the first two years some provinces were revised, the nation was not.
        let room = if *year < 2016 { 2e-3 } else { 1e-7 };
        assert!((ratio - 1.0).abs() < room, "{year}: {ratio}");
    }
    let mut held = 0;
    for id in provinces() {
        for measured in ["turnover", "volume"] {
            let of = |mode: &str| series(&id, &format!("{mode}-{measured}"));
            let (rail, road, water) = (of("rail"), of("road"), of("water"));
            for (year, all) in of("freight") {
                let modes = [&rail, &road, &water].map(|mode| mode.get(&year).unwrap_or(&0.0));
                let sum: f64 = modes.into_iter().sum();
                let place = format!("{id} {measured} {year}: {sum} of {all}");
                assert!((sum - all).abs() < 1.5e-4, "{place}");
                held += 1;
            }
        }
    }
    assert_eq!(held, 31 * 6 * 2);
}

/// Targets of the 13th plan by region: SO2, NOx, COD, NH3-N and CO2 per GDP, percent on
/// 2015 (annexes of 国发〔2016〕74号 and 国发〔2016〕61号), written out a second time.
const TARGETS: [(&str, [f64; 5]); 33] = [
    ("china", [15.0, 15.0, 10.0, 10.0, 18.0]),
    ("beijing", [35.0, 25.0, 14.4, 16.1, 20.5]),
    ("tianjin", [25.0, 25.0, 14.4, 16.1, 20.5]),
    ("hebei", [28.0, 28.0, 19.0, 20.0, 20.5]),
    ("shanxi", [20.0, 20.0, 17.6, 18.0, 18.0]),
    ("inner-mongolia", [11.0, 11.0, 7.1, 7.0, 17.0]),
    ("liaoning", [20.0, 20.0, 13.4, 8.8, 18.0]),
    ("jilin", [18.0, 18.0, 4.8, 6.4, 18.0]),
    ("heilongjiang", [11.0, 11.0, 6.0, 7.0, 17.0]),
    ("shanghai", [20.0, 20.0, 14.5, 13.4, 20.5]),
    ("jiangsu", [20.0, 20.0, 13.5, 13.4, 20.5]),
    ("zhejiang", [17.0, 17.0, 19.2, 17.6, 20.5]),
    ("anhui", [16.0, 16.0, 9.9, 14.3, 18.0]),
    ("fujian", [0.0, 0.0, 4.1, 3.5, 19.5]),
    ("jiangxi", [12.0, 12.0, 4.3, 3.8, 19.5]),
    ("shandong", [27.0, 27.0, 11.7, 13.4, 20.5]),
    ("henan", [28.0, 28.0, 18.4, 16.6, 19.5]),
    ("hubei", [20.0, 20.0, 9.9, 10.2, 19.5]),
    ("hunan", [21.0, 15.0, 10.1, 10.1, 18.0]),
    ("guangdong", [3.0, 3.0, 10.4, 11.3, 20.5]),
    ("guangxi", [13.0, 13.0, 1.0, 1.0, 17.0]),
    ("hainan", [0.0, 0.0, 1.2, 1.9, 12.0]),
    ("chongqing", [18.0, 18.0, 7.4, 6.3, 19.5]),
    ("sichuan", [16.0, 16.0, 12.8, 13.9, 19.5]),
    ("guizhou", [7.0, 7.0, 8.5, 11.2, 18.0]),
    ("yunnan", [1.0, 1.0, 14.1, 12.9, 18.0]),
    ("tibet", [0.0, 0.0, 0.0, 0.0, 12.0]),
    ("shaanxi", [15.0, 15.0, 10.0, 10.0, 18.0]),
    ("gansu", [8.0, 8.0, 8.2, 8.0, 17.0]),
    ("qinghai", [6.0, 6.0, 1.1, 1.4, 12.0]),
    ("ningxia", [12.0, 12.0, 1.2, 0.7, 17.0]),
    ("xinjiang", [3.0, 3.0, 1.6, 2.8, 12.0]),
    ("guangzhou", [9.9, 9.5, 14.7, 18.4, 23.0]),
];

#[test]
fn official_targets_are_those_of_the_plan() {
    let rows = table("targets.csv");
    let own: BTreeMap<(String, String), f64> = rows
        .iter()
        .filter(|row| row["plan"] == "13fyp" && row["kind"] == "reduction")
        .filter(|row| row["base_year"] == "2015" && row["target_year"] == "2020")
        .map(|row| {
            assert_eq!(row["unit"], "%", "{row:?}");
            let key = (row["region"].clone(), row["indicator"].clone());
            (key, number(row, "value"))
        })
        .collect();
    let mut held = 0;
    for (region, wanted) in TARGETS {
        let indicators = ["SO2", "NOx", "COD", "NH3-N", "CO2-per-GDP"];
        for (indicator, wanted) in indicators.into_iter().zip(wanted) {
            let found = own.get(&(region.to_string(), indicator.to_string()));
            // No amount was set where 0 stands here.
            let wanted = (wanted > 0.0).then_some(wanted);
            assert_eq!(found.copied(), wanted, "{region} {indicator}");
            held += usize::from(wanted.is_some());
        }
    }
    assert_eq!(
        held,
        own.iter()
            .filter(|((_, i), _)| i != "energy-per-GDP" && i != "VOCs")
            .count()
    );
}

/// With `targets_from`, every province is judged by its own official targets.
#[test]
fn every_province_is_judged_by_its_own_targets() {
    let data = catalogue();
    for (region, wanted) in TARGETS {
        let id = data.region(region).unwrap();
        let text = crate::support::bare(data, id, 2020)
            .replace("end_year", "targets_from = \"13fyp\"\nend_year");
        let loaded = load(data, &[("main.toml", &text)]).unwrap_or_else(|error| panic!("{error}"));
        let scenario = loaded.scenario;
        let plan = compiled(data, &scenario);
        let result = outcome::run(data, &scenario, &plan);
        let mut judged = 0;
        for (target, verdict) in scenario.targets.iter().zip(&result.verdicts) {
            let i = target.indicator.at();
            let order = ["SO2", "NOx", "COD", "NH3-N", "CO2-per-GDP"];
            let indicator = &data.indicators[i].base;
            let Some(at) = order.iter().position(|id| id == indicator) else {
                continue;
            };
            let verdict = verdict.unwrap();
            let values = &result.indicators[i];
            let place = format!("{region} {indicator}");
            assert!(
                close(verdict.required * 100.0, wanted[at], 1e-12, 0.0),
                "{place}"
            );
            let reached = 1.0 - values[5] / values[0];
            assert!(close(verdict.reached, reached, 1e-9, 1e-3), "{place}");
            judged += 1;
        }
        let set = wanted.iter().filter(|wanted| **wanted > 0.0).count();
        assert_eq!(judged, set, "{region}");
    }
}

/// Growth of a driver by year, in percent.
fn growth(region: &str, driver: &str) -> BTreeMap<i32, f64> {
    let rows = table("driver_growth.csv");
    let own = rows
        .iter()
        .filter(|row| row["region"] == region && row["driver"] == driver);
    own.map(|row| (row["year"].parse().unwrap(), number(row, "value")))
        .collect()
}

/// GDP year by year comes to the mean of 2021-2025 that the reports of 2026 state: the
/// nation's as revised, those of provinces as first published.
#[test]
fn gdp_of_five_years_is_what_the_reports_say() {
    let stated = [
        ("china", 5.4, 0.05),
        ("beijing", 5.2, 0.25),
        ("tianjin", 4.4, 0.25),
        ("shanxi", 5.0, 0.25),
        ("liaoning", 4.5, 0.25),
        ("jiangsu", 5.7, 0.25),
        ("shandong", 5.9, 0.25),
        ("guangxi", 4.8, 0.25),
        ("yunnan", 4.7, 0.25),
        ("tibet", 6.3, 0.25),
        ("shaanxi", 5.2, 0.25),
        ("xinjiang", 5.9, 0.25),
    ];
    for (region, stated, room) in stated {
        let gdp = growth(region, "gdp");
        let index: f64 = (2021..=2025).map(|year| 1.0 + gdp[&year] / 100.0).product();
        let mean = (index.powf(0.2) - 1.0) * 100.0;
        assert!((mean - stated).abs() < room, "{region}: {mean}");
    }
}

/// The record of the nation reaches 2025, but for what data/README.md names, and no series
/// has a gap that a statement would fill.
#[test]
fn drivers_are_on_record_to_the_years_that_are_named() {
    let drivers = table("drivers.csv");
    let regions = table("regions.csv");
    for driver in drivers.iter().map(|row| row["id"].as_str()) {
        let late = ["freight", "livestock"].contains(&driver);
        let last = growth("china", driver).into_keys().max();
        assert_eq!(last, Some(if late { 2024 } else { 2025 }), "{driver}");
        for region in regions.iter().map(|row| row["id"].as_str()) {
            let years: Vec<i32> = growth(region, driver).into_keys().collect();
            let gaps = years.windows(2).any(|pair| pair[1] != pair[0] + 1);
            assert!(!gaps, "{region} {driver}: {years:?}");
        }
    }
    for province in provinces() {
        let last = growth(&province, "gdp").into_keys().max();
        let known = !["sichuan", "ningxia"].contains(&province.as_str());
        assert_eq!(last, Some(if known { 2025 } else { 2024 }), "{province}");
    }
}

/// What current policy to 2025 states year by year for provinces is the nation's record,
/// to the digit: in the nation itself neither goes before the other.
#[test]
fn current_policy_states_the_record_of_the_nation() {
    let data = catalogue();
    let base = jianpai::study::embedded::BASES;
    let files = [("main.toml", base[1].1), (base[0].0, base[0].1)];
    let scenario = load(data, &files)
        .unwrap_or_else(|error| panic!("{error}"))
        .scenario;
    let nation = data.world(data.region("china").unwrap()).unwrap();
    let mut held = 0;
    for driver in scenario.growth.keys() {
        for year in 2016..=2025 {
            let Some((recorded, _)) = nation.growth.get(&(*driver, year)) else {
                continue;
            };
            let (used, _) = scenario.growth_of(*driver, year).unwrap();
            let id = &data.drivers[driver.at()].id;
            assert!(
                close(used, recorded.value, 1e-12, 1e-15),
                "{id} {year}: {used}"
            );
            held += 1;
        }
    }
    assert!(held > 120, "{held}");
}

/// The herd grows as its recorded stocks do, in pig equivalents.
#[test]
fn livestock_grows_as_its_stocks() {
    let rows = table("recorded.csv");
    let stock = |quantity: &str, year: i32| {
        let year = year.to_string();
        let own = |row: &&BTreeMap<String, String>| {
            row["region"] == "china" && row["quantity"] == quantity && row["year"] == year
        };
        number(rows.iter().find(own).unwrap(), "value")
    };
    let herd = |year: i32| {
        stock("pig-stock", year)
            + 9.33 * stock("cattle-stock", year)
            + 0.165 * stock("sheep-stock", year)
    };
    let growth = growth("china", "livestock");
    for year in 2016..=2024 {
        let expected = (herd(year) / herd(year - 1) - 1.0) * 100.0;
        // The weights are printed to three digits.
        assert!(
            (growth[&year] - expected).abs() < 0.02,
            "{year}: {expected}"
        );
    }
}

/// A number of the nation in recorded.csv.
fn recorded(rows: &[BTreeMap<String, String>], quantity: &str, year: i32) -> f64 {
    let year = year.to_string();
    let own = |row: &&BTreeMap<String, String>| {
        row["region"] == "china" && row["quantity"] == quantity && row["year"] == year
    };
    let row = rows.iter().find(own);
    number(row.unwrap_or_else(|| panic!("{quantity} {year}")), "value")
}

/// Fuels, SO2 and NOx of other industry are what the notes start from: the amounts that
/// the balance and the inventory leave to it.
#[test]
fn fuels_of_other_industry_are_what_the_balance_leaves() {
    let (share, energy) = (table("shares.csv"), table("energy_use.csv"));
    let (factors, activity) = (table("factors.csv"), table("activity.csv"));
    let service = |row: &&BTreeMap<String, String>| {
        row["region"] == "china" && row["service"] == "other-industry"
    };
    let amount = number(activity.iter().find(service).unwrap(), "value");
    let served = |technology: &str| {
        let own = share
            .iter()
            .find(|row| row["region"] == "*" && row["technology"] == technology);
        amount * number(own.unwrap(), "value")
    };
    for (technology, carrier, expected) in [
        ("other.coal", "coal", 20_909e4),
        ("other.oil", "oil", 7_000e4),
        ("other.gas", "gas", 10_000e4),
    ] {
        let own = energy
            .iter()
            .find(|row| row["technology"] == technology && row["carrier"] == carrier);
        let used = served(technology) * number(own.unwrap(), "central");
        assert!(close(used, expected, 3e-4, 0.0), "{technology}: {used}");
    }
    for (pollutant, expected) in [("SO2", 426.2e4), ("NOx", 104.3e4)] {
        let own = factors
            .iter()
            .filter(|row| row["technology"].starts_with("other.") && row["pollutant"] == pollutant);
        let all = own.map(|row| served(&row["technology"]) * number(row, "central"));
        let sum: f64 = all.sum();
        assert!(close(sum, expected, 1e-3, 0.0), "{pollutant}: {sum}");
    }
}

/// Other industry leaves coal as the balance of industry does, less what cement and iron
/// burn: in the hindcast and in current policy alike, and no further than 2018.
#[test]
fn other_industry_leaves_coal_as_the_balance_does() {
    let rows = table("recorded.csv");
    let rest = |year: i32| {
        recorded(&rows, "coal-industry-final", year)
            - 0.09 * recorded(&rows, "cement-output", year)
            - 0.14 * recorded(&rows, "pig-iron-output", year)
    };
    assert!((rest(2018) / rest(2015) - 0.5586).abs() < 1e-4);
    let services = table("services.csv");
    let own = |row: &&BTreeMap<String, String>| row["id"] == "other-industry";
    let service = services.iter().find(own).unwrap();
    let (elasticity, saving) = (number(service, "elasticity"), number(service, "saving"));
    let industry = growth("china", "industry");
    let coal = catalogue().technology("other.coal").unwrap().at();
    for path in [
        "scenarios/hindcast/china.toml",
        "scenarios/base/current-policy-13fyp.toml",
    ] {
        let plan = study(path).plan;
        let shares = shares(&plan, &plan.stated_levels());
        let mut demand = 1.0;
        for year in 2016..=2019 {
            let held = year.min(2018);
            if year <= 2018 {
                demand *= (1.0 + elasticity * industry[&year] / 100.0) * (1.0 - saving);
            }
            let expected = rest(held) / rest(2015) / demand;
            let found = shares[coal][plan.year(year).unwrap()] / shares[coal][0];
            assert!(
                (found - expected).abs() < 1e-3,
                "{path} {year}: {found} {expected}"
            );
        }
    }
}

/// Work done is stated as it was counted: boilers of the stock that the ministry states,
/// homes by number, and the rates of sewage of cities and county towns by what they discharge.
#[test]
fn work_done_is_that_of_the_record() {
    let rows = table("recorded.csv");
    let recorded = |quantity: &str, year: i32| recorded(&rows, quantity, year);
    let data = catalogue();
    let hindcast = study("scenarios/hindcast/china.toml").plan;
    let end_of_plan = study("scenarios/national-14fyp-planned.toml").plan;
    let change = |plan: &Plan, measure: &str, technology: &str, year: i32| {
        let m = plan.measures.iter().find(|m| m.id == measure).unwrap();
        let k = data.technology(technology).unwrap();
        let t = plan.year(year).unwrap();
        let taken = m.shifts.iter().flat_map(|shift| {
            let of = shift.take.iter().filter(move |(other, _)| *other == k);
            of.map(move |(_, part)| shift.amount[t] * part[t])
        });
        taken.sum::<f64>() / plan.base_year.shares[k.at()]
    };
    // 1e4 boilers: nearly 50 in 2013, 4 a year less to 2015; larger ones are not meant.
    let stocks = table("stocks.csv");
    let larger = stocks.iter().filter(|row| {
        row["region"] == "china" && row["unit"] == "boilers" && row["group"] != "boiler-le10"
    });
    let larger: f64 = larger.map(|row| number(row, "value")).sum();
    let stock = recorded("coal-boilers", 2013) - 3.0 * 4.0 - larger / 1e4;
    let gone_2018: f64 = (2016..=2018)
        .map(|y| recorded("boilers-retired-le10", y))
        .sum();
    let since_2017 = recorded("boilers-retired-2018-2020", 2020);
    let gone_2019 = gone_2018 + (since_2017 - recorded("boilers-retired-le10", 2018)) / 2.0;
    let mean = f64::midpoint(gone_2018, gone_2019) / stock;
    let found = change(&hindcast, "boilers-le10", "steam.coal-le10", 2019);
    assert!((found - mean).abs() < 1e-3, "{found} {mean}");
    // 1e4 households, less those who burn coal again.
    let homes: f64 = (2017..=2020)
        .map(|y| recorded("clean-heating-households", y))
        .sum();
    assert!((homes - 2467.0).abs() < 0.5);
    let total = recorded("clean-heating-households-total", 2020);
    assert!((homes / total - 1.0).abs() < 0.02);
    let activity = table("activity.csv");
    let own = |row: &&BTreeMap<String, String>| {
        row["region"] == "china" && row["service"] == "residential-heat"
    };
    let heated = number(activity.iter().find(own).unwrap(), "value");
    let heat = data.service("residential-heat").unwrap().at();
    let path = &demand(&end_of_plan, &end_of_plan.growth)[heat];
    let grown = path[end_of_plan.year(2021).unwrap()] / path[0];
    let lasting = 0.85 * homes / (heated * grown);
    let coal = data.technology("heat.scattered-coal").unwrap().at();
    let found = change(
        &end_of_plan,
        "done-scattered-coal",
        "heat.scattered-coal",
        2021,
    );
    let found = found * end_of_plan.base_year.shares[coal];
    assert!((found - lasting).abs() < 1e-3, "{found} {lasting}");
    let (cities, counties) = (
        recorded("sewage-discharge", 2015),
        recorded("sewage-discharge-counties", 2015),
    );
    let treated = |year: i32| {
        let of_cities = recorded("sewage-treatment-rate", year) * cities;
        let of_counties = recorded("sewage-treatment-rate-counties", year) * counties;
        (of_cities + of_counties) / (cities + counties) / 100.0
    };
    let untreated = data.technology("sewage.untreated").unwrap().at();
    let now = shares(&hindcast, &hindcast.stated_levels());
    for year in [2015, 2016, 2017, 2018, 2019] {
        let found = now[untreated][hindcast.year(year).unwrap()];
        let expected = 1.0 - treated(year);
        assert!(
            (found - expected).abs() < 3e-4,
            "{year}: {found} {expected}"
        );
    }
}

/// Homes off coal in a province: its own households in the years that have them, the pace
/// of the nation in the others; of a year's, two of five heating months count in it.
#[test]
fn homes_off_coal_of_provinces_are_their_own_where_on_record() {
    let rows = table("recorded.csv");
    let activity = table("activity.csv");
    let stock = |region: &str| {
        let own = |row: &&BTreeMap<String, String>| {
            row["region"] == region && row["service"] == "residential-heat"
        };
        0.85 * number(activity.iter().find(own).unwrap(), "value")
    };
    let of = |region: &str, year: i32| {
        let year = year.to_string();
        let own = |row: &&BTreeMap<String, String>| {
            row["region"] == region
                && row["quantity"] == "clean-heating-households"
                && row["year"] == year
        };
        rows.iter()
            .find(own)
            .map(|row| number(row, "value") / stock(region))
    };
    let coal = catalogue().technology("heat.scattered-coal").unwrap();
    let mut own_years = 0;
    for region in provinces() {
        for (path, last) in [
            ("scenarios/hindcast/provinces.toml", 2019),
            ("scenarios/provinces.toml", 2020),
        ] {
            let study = session().open(path, catalogue().region(&region)).unwrap();
            let plan = study.plan;
            let homes = plan.measures.iter();
            let homes = homes.filter(|m| m.kind.id == "scattered-coal-replacement");
            let shift = &homes.clone().next().unwrap().shifts[0];
            assert_eq!(shift.take[0].0, coal);
            let mut done = 0.0;
            for year in 2017..=last {
                let own = of(&region, year);
                own_years += i32::from(own.is_some());
                let now = own.unwrap_or_else(|| of("china", year).unwrap());
                // 15 % of the homes burn coal again.
                let expected = 0.85 * (done + 0.4 * now);
                let t = plan.year(year).unwrap();
                let found = shift.amount[t] / plan.base_year.shares[coal.at()];
                assert!(
                    (found - expected).abs() < 1.5e-3,
                    "{path} {region} {year}: {found} {expected}"
                );
                done += now;
            }
        }
    }
    assert_eq!(
        own_years, 12,
        "five provinces in 2019, Henan in 2018 as well"
    );
}

/// Coal power of Inner Mongolia: what it retrofitted in 2021-2025 was left to do in 2020.
/// Boilers of Qinghai: its own of 2020 after the pace of the nation.
#[test]
fn retrofits_and_boilers_of_provinces_are_their_own_where_on_record() {
    let rows = table("recorded.csv");
    let find = |region: &str, quantity: &str| {
        let own = |row: &&BTreeMap<String, String>| {
            row["region"] == region && row["quantity"] == quantity
        };
        number(rows.iter().find(own).unwrap(), "value")
    };
    let stocks = table("stocks.csv");
    let stock = |region: &str, group: &str, unit: &str| {
        let own = |row: &&BTreeMap<String, String>| {
            row["region"] == region && row["group"] == group && row["unit"] == unit
        };
        number(stocks.iter().find(own).unwrap(), "value")
    };
    let region = catalogue().region("inner-mongolia");
    let path = "scenarios/base/current-policy-14fyp.toml";
    let plan = session().open(path, region).unwrap().plan;
    // Capacity follows the output: its own to 2019, that of the nation after.
    let (own, nation) = (
        growth("inner-mongolia", "electricity"),
        growth("china", "electricity"),
    );
    let rate = |year: i32| own.get(&year).or(nation.get(&year)).unwrap() / 100.0;
    let grown: f64 = (2016..=2024).map(|year| 1.0 + rate(year)).product();
    // 1e4 kW = 10 MW.
    let finished = find("inner-mongolia", "ule-thermal-finished") * 10.0;
    let part = finished / (stock("inner-mongolia", "power-coal", "MW") * grown);
    assert!((part - 0.164).abs() < 5e-4, "{part}");
    let now = shares(&plan, &plan.stated_levels());
    let ule = catalogue().technology("power.coal-ule").unwrap().at();
    let gained = |m: &str, year: i32| {
        let m = plan.measures.iter().find(|own| own.id == m).unwrap();
        m.shifts
            .iter()
            .map(|shift| shift.amount[plan.year(year).unwrap()])
            .sum::<f64>()
    };
    let by_2020 = now[ule][0] + gained("power-ule", 2025);
    assert!((by_2020 / 0.95 - (0.95 - part)).abs() < 2e-3, "{by_2020}");
    let later = gained("power-ule-2025", 2025);
    assert!((later / 0.95 - part).abs() < 2e-3, "{later}");
    // Qinghai.
    let retired = find("qinghai", "boilers-retired-capacity");
    let own = retired / stock("qinghai", "boiler-le10", "t/h");
    let before: f64 = 14.15 / (stock("china", "boiler-le10", "boilers") / 1e4);
    let path = "scenarios/provinces.toml";
    let plan = session()
        .open(path, catalogue().region("qinghai"))
        .unwrap()
        .plan;
    let boilers = plan
        .measures
        .iter()
        .find(|m| m.id == "boilers-le10")
        .unwrap();
    let coal = catalogue().technology("steam.coal-le10").unwrap();
    let t = plan.year(2020).unwrap();
    let taken = boilers.shifts.iter().flat_map(|shift| {
        let of = shift.take.iter().filter(|(k, _)| *k == coal);
        of.map(|(_, part)| shift.amount[t] * part[t])
    });
    let found = taken.sum::<f64>() / plan.base_year.shares[coal.at()];
    let expected = before + own / 2.0;
    assert!((found - expected).abs() < 2e-3, "{found} {expected}");
}

/// The use of cars grows with the fleet as petrol did: from 2015 to 2018, less the cars
/// that run on electricity.
#[test]
fn use_of_cars_follows_petrol() {
    let rows = table("recorded.csv");
    let recorded = |quantity: &str, year: i32| recorded(&rows, quantity, year);
    let ratio = |quantity: &str| recorded(quantity, 2018) / recorded(quantity, 2015);
    assert!((ratio("petrol-use") - 1.1484).abs() < 1e-4);
    assert!((ratio("passenger-vehicles") - 1.4583).abs() < 1e-4);
    let on_petrol = |year: i32| 1.0 - recorded("passenger-vehicle-stage-nev", year) / 100.0;
    let expected = ratio("petrol-use") * on_petrol(2015) / on_petrol(2018);
    let fleet = growth("china", "passenger-vehicles");
    let services = table("services.csv");
    let own = |row: &&BTreeMap<String, String>| row["id"] == "passenger-vehicles";
    let cars = services.iter().find(own).unwrap();
    let (elasticity, saving) = (number(cars, "elasticity"), number(cars, "saving"));
    let use_of_cars = |elasticity: f64| -> f64 {
        let years = (2016..=2018).map(|year| 1.0 + elasticity * fleet[&year] / 100.0);
        years.product::<f64>() * (1.0 - saving).powi(3)
    };
    // The elasticity is printed to two digits: petrol lies between its neighbours.
    assert!(use_of_cars(elasticity - 0.01) < expected);
    assert!(use_of_cars(elasticity + 0.01) > expected);
}

/// Progress of several years is the product of the years as the communiques give them.
#[test]
fn progress_on_2020_multiplies_its_years() {
    let rows = table("outcomes.csv");
    let published = |indicator: &str, year: i32| {
        let year = year.to_string();
        let own = |row: &&BTreeMap<String, String>| {
            row["region"] == "china"
                && row["indicator"] == indicator
                && row["base_year"] == "2020"
                && row["year"] == year
        };
        number(rows.iter().find(own).unwrap(), "value")
    };
    for (indicator, falls) in [
        ("CO2-per-GDP", &[3.8, 0.8, 0.0, 3.4, 5.0][..]),
        ("energy-per-GDP", &[2.7, 0.1, 0.5]),
    ] {
        let mut left = 1.0;
        for (year, fall) in (2021..).zip(falls) {
            left *= 1.0 - fall / 100.0;
            let found = published(indicator, year);
            let place = format!("{indicator} {year}: {found}");
            assert!((found - (1.0 - left) * 100.0).abs() < 0.006, "{place}");
        }
    }
    // Stated for the four years together as well.
    assert!((published("CO2-per-GDP", 2024) - 7.81).abs() < 0.006);
}
