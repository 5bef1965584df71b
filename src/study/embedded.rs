//! The data folder and the hindcast, compiled into the program so that they run anywhere.

use jianpai_load::catalogue::DataFile;

/// Name and contents of one file of `data/`.
macro_rules! data {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_bytes!(concat!("../../data/", $name)))),*]
    };
}

/// Every table of `data/`.
const FILES: &[(&str, &[u8])] = data![
    "abatement_costs.csv",
    "accounting.csv",
    "activity.csv",
    "calibres.csv",
    "carrier_factors.csv",
    "carriers.csv",
    "class_seeds.csv",
    "classes.csv",
    "costs.csv",
    "driver_growth.csv",
    "drivers.csv",
    "energy_use.csv",
    "experience.csv",
    "factors.csv",
    "indicators.csv",
    "inventory.csv",
    "kappa_reasons.csv",
    "links.csv",
    "model_error.csv",
    "model_error_cases.csv",
    "names.csv",
    "outcomes.csv",
    "parameters.csv",
    "place_amounts.csv",
    "place_shares.csv",
    "places.csv",
    "pollutants.csv",
    "prices.csv",
    "proxies.csv",
    "recorded.csv",
    "regions.csv",
    "services.csv",
    "shares.csv",
    "shares_regional.csv",
    "sources.csv",
    "stocks.csv",
    "targets.csv",
    "technologies.csv",
    "zones.csv",
];

/// The files of current policy, by their names.
pub const BASES: [(&str, &str); 3] = [
    (
        "current-policy-13fyp.toml",
        include_str!("../../scenarios/base/current-policy-13fyp.toml"),
    ),
    (
        "current-policy-14fyp.toml",
        include_str!("../../scenarios/base/current-policy-14fyp.toml"),
    ),
    (
        "current-policy-15fyp.toml",
        include_str!("../../scenarios/base/current-policy-15fyp.toml"),
    ),
];

/// The scenarios of the hindcast, by their path from the project's root.
pub const HINDCAST: &[(&str, &str)] = &[
    (
        "scenarios/hindcast/base.toml",
        include_str!("../../scenarios/hindcast/base.toml"),
    ),
    (
        "scenarios/hindcast/china.toml",
        include_str!("../../scenarios/hindcast/china.toml"),
    ),
    (
        "scenarios/hindcast/provinces.toml",
        include_str!("../../scenarios/hindcast/provinces.toml"),
    ),
];

/// Plans as they were written before the years they speak of, with what they extend, by
/// their path from the project's root: how wrong they were is measured on them.
pub const PLANS: &[(&str, &str)] = &[
    (
        "scenarios/base/current-policy-13fyp.toml",
        include_str!("../../scenarios/base/current-policy-13fyp.toml"),
    ),
    (
        "scenarios/base/current-policy-14fyp.toml",
        include_str!("../../scenarios/base/current-policy-14fyp.toml"),
    ),
    (
        "scenarios/national-13fyp.toml",
        include_str!("../../scenarios/national-13fyp.toml"),
    ),
    (
        "scenarios/national-14fyp-planned.toml",
        include_str!("../../scenarios/national-14fyp-planned.toml"),
    ),
    (
        "scenarios/provinces.toml",
        include_str!("../../scenarios/provinces.toml"),
    ),
];

/// The compiled-in data folder.
pub fn data() -> Vec<DataFile> {
    let files = FILES.iter();
    files
        .map(|(name, bytes)| DataFile {
            name: (*name).to_string(),
            bytes: bytes.to_vec(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_hindcast_scenario_is_compiled_in() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scenarios/hindcast");
        let mut there: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .map(|name| format!("scenarios/hindcast/{name}"))
            .collect();
        there.sort();
        let here: Vec<&str> = super::HINDCAST.iter().map(|(name, _)| *name).collect();
        assert_eq!(here, there);
    }

    #[test]
    fn every_table_is_compiled_in() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data");
        let mut there: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| {
                std::path::Path::new(name)
                    .extension()
                    .is_some_and(|e| e == "csv")
            })
            .collect();
        there.sort();
        let here: Vec<&str> = super::FILES.iter().map(|(name, _)| *name).collect();
        assert_eq!(here, there);
    }
}
