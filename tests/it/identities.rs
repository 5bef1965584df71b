//! The base year is the official inventory, and the official arithmetic holds.

use crate::support::{
    bare, catalogue, close, compiled, data_with, kappa, level, load, physical, read_catalogue,
    run_at, scenario, technologies, worlds,
};
use jianpai::core::calibrate::{Activities, calibrate};
use jianpai::core::catalogue::{Account, Catalogue, Inventory, InventoryValue, Level};
use jianpai::core::dims::{ClassId, PollutantId, RegionId};
use jianpai::core::outcome::{self, Item};
use jianpai::core::provenance::Status;
use jianpai::core::target::Demand;
use std::collections::BTreeMap;

const PUBLISHED: [&str; 4] = ["COD", "NH3-N", "SO2", "NOx"];

fn pollutants(data: &Catalogue) -> impl Iterator<Item = PollutantId> {
    (0..data.pollutants.len()).map(PollutantId::from_usize)
}

fn inventory(data: &Catalogue, region: RegionId, account: Account) -> Option<&Inventory> {
    data.world(region)?.inventory.get(&account)
}

fn class_sum(inventory: &Inventory) -> f64 {
    inventory.classes.values().map(|v| v.amount.value).sum()
}

#[test]
fn thirty_four_regions_have_a_base_year() {
    let count = |wanted: Level| {
        let found = worlds(catalogue()).into_iter();
        found
            .filter(|(r, _)| level(catalogue(), *r) == wanted)
            .count()
    };
    assert_eq!(
        (
            count(Level::Nation),
            count(Level::Province),
            count(Level::City)
        ),
        (1, 31, 2)
    );
    assert_eq!(worlds(catalogue()).len(), 34);
}

#[test]
fn the_base_year_is_the_official_inventory() {
    let data = catalogue();
    let mut compared = 0;
    for (region, world) in worlds(data) {
        let id = &data.regions[region.at()].named.id;
        let plan = compiled(data, &scenario(data, &bare(data, region, 2016)));
        let run = run_at(&plan, &[]);
        for (account, inventory) in &world.inventory {
            let q = plan.account(*account).unwrap();
            // By class, from the calibrated factors and the activity of the data.
            let mut by_class: BTreeMap<ClassId, f64> = BTreeMap::new();
            for k in technologies(data) {
                let technology = &data.technologies[k.at()];
                let demand = world.demand[technology.service.at()].unwrap().value;
                let share = world.shares[k.at()].map_or(0.0, |share| share.value);
                *by_class.entry(technology.class).or_default() +=
                    demand * share * plan.base_year.coefficient(k, q);
            }
            for (class, official) in &inventory.classes {
                let model = by_class[class];
                let class = &data.classes[class.at()].named.id;
                assert!(
                    close(model, official.amount.value, 1e-9, 0.0),
                    "{id} {account:?} {class}: {model}"
                );
                compared += 1;
            }
            let total = inventory.total.expect("a total").amount.value;
            let model = run.total[q * plan.span()];
            assert!(
                close(model, total, 1e-9, 0.0),
                "{id} {account:?}: {model} for {total}"
            );
            assert!(
                close(by_class.values().sum(), total, 1e-9, 0.0),
                "{id} {account:?}"
            );
            compared += 1;
        }
        // The indicators say the same, and intensities start at 1.
        let result = outcome::run(data, &scenario(data, &bare(data, region, 2016)), &plan);
        for (i, indicator) in data.indicators.iter().enumerate() {
            if let Some(p) = data.pollutant(&indicator.named.id)
                && let Some(total) = inventory(data, region, physical(p)).and_then(|i| i.total)
            {
                assert!(
                    close(result.indicators[i][0], total.amount.value, 1e-9, 0.0),
                    "{id}"
                );
            }
            if indicator.named.id.ends_with("-per-GDP") {
                assert!(close(result.indicators[i][0], 1.0, 1e-15, 0.0), "{id}");
            }
        }
    }
    assert!(compared > 34 * 20, "{compared}");
}

#[test]
fn every_region_has_official_totals_and_classes_that_sum_to_them() {
    let data = catalogue();
    for (region, _) in worlds(data) {
        let id = &data.regions[region.at()].named.id;
        for name in PUBLISHED.into_iter().chain(["CO2"]) {
            let account = physical(data.pollutant(name).unwrap());
            let inventory = inventory(data, region, account).unwrap();
            let total = inventory.total.unwrap().amount.value;
            assert!(total > 0.0 && !inventory.classes.is_empty(), "{id} {name}");
            let sum = class_sum(inventory);
            assert!(
                close(sum, total, 1e-9, 0.0),
                "{id} {name}: {sum} for {total}"
            );
        }
    }
}

#[test]
fn fitted_classes_meet_the_rows_and_the_columns_and_keep_the_seed() {
    let data = catalogue();
    let nation = data.region("china").unwrap();
    let provinces: Vec<RegionId> = worlds(data)
        .into_iter()
        .map(|(region, _)| region)
        .filter(|region| level(data, *region) == Level::Province)
        .collect();
    for name in PUBLISHED {
        let p = data.pollutant(name).unwrap();
        let of = |region: RegionId| inventory(data, region, physical(p)).unwrap();
        let national = of(nation);
        let is_fitted = |value: &InventoryValue| value.amount.origin.status == Status::Estimated;
        // A province that publishes its classes stands as published; the rest is fitted.
        let fits = |r: &&RegionId| of(**r).classes.values().all(is_fitted);
        let (fitted, published): (Vec<RegionId>, Vec<RegionId>) = provinces.iter().partition(fits);
        assert!(fitted.len() >= 30, "{name}: {published:?}");
        let sum = |regions: &[RegionId], class: &ClassId| -> f64 {
            let cells = regions.iter().filter_map(|r| of(*r).classes.get(class));
            cells.map(|value| value.amount.value).sum()
        };
        let left = |class: &ClassId| national.classes[class].amount.value - sum(&published, class);
        let classes: Vec<ClassId> = national.classes.keys().copied().collect();
        let rows: f64 = fitted
            .iter()
            .map(|r| of(*r).total.unwrap().amount.value)
            .sum();
        let joined = rows / classes.iter().map(left).sum::<f64>();
        // The official totals of the provinces sum to the nation's but for rounding.
        assert!((joined - 1.0).abs() < 1e-4, "{name}: {joined}");
        for class in &classes {
            let (column, wanted) = (sum(&fitted, class), left(class) * joined);
            assert!(
                close(column, wanted, 1e-9, 0.0),
                "{name} {class:?}: {column} for {wanted}"
            );
            let whole = column + sum(&published, class);
            assert!(
                close(whole, national.classes[class].amount.value, 1e-4, 0.0),
                "{name} {class:?}"
            );
        }
        // A fit keeps the cross-product ratios of its seed.
        for pair in fitted.windows(2) {
            for both in classes.windows(2) {
                let odds = |cell: &dyn Fn(RegionId, ClassId) -> f64| {
                    cell(pair[0], both[0]) * cell(pair[1], both[1])
                        / (cell(pair[0], both[1]) * cell(pair[1], both[0]))
                };
                let fitted = odds(&|r, c| of(r).classes[&c].amount.value);
                let seed = odds(&|r, c| data.seeds[&(p, r, c)].value);
                assert!(
                    !seed.is_finite() || close(fitted, seed, 1e-9, 0.0),
                    "{name}: {fitted} for {seed}"
                );
            }
        }
    }
}

#[test]
fn published_classes_are_not_fitted() {
    // The nation, the cities and every CO2 split stand as the files give them.
    let data = catalogue();
    let co2 = physical(data.pollutant("CO2").unwrap());
    let text = String::from_utf8(
        jianpai::study::embedded::data()
            .into_iter()
            .find(|file| file.name == "inventory.csv")
            .unwrap()
            .bytes,
    )
    .unwrap();
    let mut rows = 0;
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.splitn(7, ',').collect();
        let [region, "CO2", class, "2015", value, "1e4 t", _] = cells[..] else {
            continue;
        };
        let inventory = inventory(data, data.region(region).unwrap(), co2).unwrap();
        let found = match class {
            "total" => inventory.total.unwrap(),
            class => inventory.classes[&data.class(class).unwrap()],
        };
        let value = value.parse::<f64>().unwrap() * 1e4;
        assert!(close(found.amount.value, value, 1e-15, 0.0), "{line}");
        rows += 1;
    }
    assert!(rows >= 34 * 7, "{rows}");
}

#[test]
fn shares_of_every_service_sum_to_one() {
    let data = catalogue();
    for (region, world) in worlds(data) {
        for service in &data.services {
            let each = || {
                service
                    .technologies
                    .iter()
                    .filter_map(|k| world.shares[k.at()])
            };
            let sum: f64 = each().map(|share| share.value).sum();
            assert!(
                (sum - 1.0).abs() < 1e-12,
                "{region:?} {}: {sum}",
                service.named.id
            );
            assert!(each().all(|share| (0.0..=1.0).contains(&share.value)));
        }
    }
}

#[test]
fn classes_that_the_official_total_does_not_count_stand_outside() {
    let data = catalogue();
    let (mut outside_any, mut counted_any) = (0, 0);
    for (region, world) in worlds(data) {
        let base = calibrate(data, world, &Activities::new()).unwrap();
        for p in pollutants(data) {
            let (inside, outside) = (physical(p), Account::Outside(p));
            let (here, there) = (
                base.position(inside).unwrap(),
                base.position(outside).unwrap(),
            );
            let classes = world.inventory.get(&inside).map(|i| &i.classes);
            for k in technologies(data) {
                let raw = data.coefficient(k, inside);
                let class = data.technologies[k.at()].class;
                let counted = classes.is_none_or(|classes| classes.contains_key(&class));
                let (counts, beside) = (base.coefficient(k, here), base.coefficient(k, there));
                if counted {
                    assert!(beside.abs() < f64::EPSILON, "{region:?} {p:?} {k:?}");
                    counted_any += usize::from(counts > 0.0);
                } else {
                    assert_eq!((counts.to_bits(), beside.to_bits()), (0, raw.to_bits()));
                    outside_any += usize::from(beside > 0.0);
                }
            }
        }
    }
    assert!(outside_any > 34 && counted_any > 34 * 10);
    // The statistics of 2015: no machinery, rail or ships in NOx, no rural sewage in COD.
    let beijing = data.world(data.region("beijing").unwrap()).unwrap();
    let base = calibrate(data, beijing, &Activities::new()).unwrap();
    for (technology, pollutant) in [
        ("machine.stage2", "NOx"),
        ("rail.diesel", "NOx"),
        ("water.ship", "NOx"),
        ("rural.untreated", "COD"),
        ("rural.untreated", "NH3-N"),
    ] {
        let (k, p) = (
            data.technology(technology).unwrap(),
            data.pollutant(pollutant).unwrap(),
        );
        let inside = base.position(physical(p)).unwrap();
        let outside = base.position(Account::Outside(p)).unwrap();
        assert!(
            base.coefficient(k, inside).abs() < f64::EPSILON,
            "{technology}"
        );
        assert!(base.coefficient(k, outside) > 0.0, "{technology}");
    }
}

#[test]
fn pollutants_without_an_official_total_stand_bottom_up() {
    let data = catalogue();
    let vocs = data.pollutant("VOCs").unwrap();
    for (region, world) in worlds(data) {
        let base = calibrate(data, world, &Activities::new()).unwrap();
        assert_eq!(base.uncalibrated, [vocs], "{region:?}");
        let q = base.position(physical(vocs)).unwrap();
        for k in technologies(data) {
            let raw = data.coefficient(k, physical(vocs));
            assert_eq!(base.coefficient(k, q).to_bits(), raw.to_bits());
        }
    }
}

#[test]
fn a_factor_is_its_own_emission_and_that_of_its_fuels() {
    let data = catalogue();
    let row = |file: &str, start: &str| -> f64 {
        let file = jianpai::study::embedded::data()
            .into_iter()
            .find(|f| f.name == file)
            .unwrap();
        let text = String::from_utf8(file.bytes).unwrap();
        let line = text.lines().find(|line| line.starts_with(start)).unwrap();
        line.split(',').nth(3).unwrap().parse().unwrap() // region or technology, what, low, central
    };
    let of = |technology: &str, pollutant: &str| {
        let account = physical(data.pollutant(pollutant).unwrap());
        data.coefficient(data.technology(technology).unwrap(), account)
    };
    // CO2 of a coal unit, t per 1e8 kWh: tce per 1e8 kWh · t CO2 per tce.
    let coal = row("energy_use.csv", "power.coal-plain,coal,");
    let co2 = row("carrier_factors.csv", "coal,CO2,");
    assert!(close(of("power.coal-plain", "CO2"), coal * co2, 1e-12, 0.0));
    // SO2 stands in the factors, g/kWh = 100 t per 1e8 kWh.
    let so2 = row("factors.csv", "power.coal-plain,SO2,");
    assert!(close(
        of("power.coal-plain", "SO2"),
        so2 * 100.0,
        1e-12,
        0.0
    ));
    // A converter has both, per 1e4 t of steel: t/t of its own, tce/t of coal.
    let own = row("factors.csv", "steel.bof-plain,CO2,");
    let burnt = row("energy_use.csv", "steel.bof-plain,coal,");
    let both = 1e4 * (own + burnt * co2);
    assert!(
        close(of("steel.bof-plain", "CO2"), both, 1e-12, 0.0),
        "{both}"
    );
}

#[test]
fn an_official_amount_that_nothing_emits_is_refused() {
    let data = catalogue();
    let region = data.region("beijing").unwrap();
    let mut world = data.world(region).unwrap().clone();
    let centralised = data.service("centralised-treatment").unwrap();
    world.demand[centralised.at()].as_mut().unwrap().value = 0.0;
    let problems = calibrate(data, &world, &Activities::new()).unwrap_err();
    let named: Vec<(Account, Option<ClassId>)> = problems
        .iter()
        .map(|problem| (problem.account, problem.class))
        .collect();
    let wanted = |name| physical(data.pollutant(name).unwrap());
    let class = data.class("centralised");
    assert_eq!(named, [(wanted("COD"), class), (wanted("NH3-N"), class)]);
}

// A pollutant by data files alone.

/// Lead in the air of two coal technologies, with an official total for one
/// province and a split by seeds for another.
const LEAD: &[(&str, &str)] = &[
    (
        "pollutants.csv",
        "Pb,铅,lead,Pb,air,Emissions|Lead,t Pb/yr,1,none,assumption,assumed,test",
    ),
    (
        "indicators.csv",
        "Pb,铅排放量,lead emissions,emission,Pb,,lower,Emissions|Lead,t Pb/yr,t,,assumption,assumed,test",
    ),
    (
        "factors.csv",
        "power.coal-plain,Pb,0.01,0.02,0.04,mg/kWh,,assumption,assumed,test",
    ),
    (
        "factors.csv",
        "steam.coal-le10,Pb,10,30,60,mg/t,,assumption,assumed,test",
    ),
    (
        "inventory.csv",
        "hunan,Pb,total,2015,120,t,env-stats-2015,assumption,assumed,test",
    ),
    (
        "inventory.csv",
        "yunnan,Pb,total,2015,60,t,env-stats-2015,assumption,assumed,test",
    ),
    (
        "class_seeds.csv",
        "yunnan,Pb,power,1,assumption,assumed,test",
    ),
    (
        "class_seeds.csv",
        "yunnan,Pb,industry,3,assumption,assumed,test",
    ),
];

const LEAD_MEASURES: &str = r#"
[targets.lead]
indicator = "Pb"
year = 2020
reduction = "10 %"

[targets.lead-cap]
indicator = "Pb"
year = 2020
cap = "200 t"

[targets.lead-project]
indicator = "Pb"
year = 2020
project = "12 t"

[measures.boilers]
type = "coal-boiler-phaseout"
up_to = "10 t/h"
share = "80 %"
to = { gas = "100 %" }
start = 2016
end = 2020
"#;

#[test]
fn a_pollutant_is_added_by_data_files_alone() {
    let data = read_catalogue(&data_with(LEAD));
    let lead = data.pollutant("Pb").unwrap();
    let indicator = data.indicator("Pb").unwrap();
    let run = |data: &Catalogue, name: &str, more: &str| {
        let region = data.region(name).unwrap();
        let scenario = scenario(data, &(bare(data, region, 2020) + more));
        let plan = compiled(data, &scenario);
        let result = outcome::run(data, &scenario, &plan);
        (scenario, plan, result)
    };

    let (scenario, plan, result) = run(&data, "hunan", LEAD_MEASURES);
    let values = &result.indicators[indicator.at()];
    assert!(close(values[0], 120.0, 1e-9, 0.0), "{}", values[0]);
    // One factor for all classes: the official total over what activity gives.
    let world = data.world(data.region("hunan").unwrap()).unwrap();
    let amount = |service: &str, technology: &str| {
        let share = world.shares[data.technology(technology).unwrap().at()]
            .unwrap()
            .value;
        world.demand[data.service(service).unwrap().at()]
            .unwrap()
            .value
            * share
    };
    let power = amount("thermal-power", "power.coal-plain") * 1e8 * 0.02 * 1e-9; // kWh · mg/kWh · t/mg
    let steam = amount("industrial-steam", "steam.coal-le10") * 1e4 * 30.0 * 1e-9; // t · mg/t · t/mg
    let kappas = plan.base_year.kappas.iter();
    let kappas: Vec<_> = kappas.filter(|k| k.account == physical(lead)).collect();
    assert_eq!(kappas.len(), 1);
    assert!(
        kappas[0].class.is_none() && close(kappas[0].value, 120.0 / (power + steam), 1e-9, 0.0)
    );
    // The measure takes 80 % of what the small boilers of 2020 emit.
    let v = data.service("industrial-steam").unwrap().at();
    let grown = result.run.demand[v][5] / result.run.demand[v][0];
    let expected = -0.8 * 120.0 * steam / (power + steam) * grown;
    let balance = outcome::balance(&plan, &result.run, physical(lead), 5).unwrap();
    let (_, line) = balance
        .lines
        .iter()
        .find(|(item, _)| *item == Item::Measure(0))
        .unwrap();
    assert!(close(*line, expected, 1e-9, 0.0), "{line} for {expected}");
    // Its targets are judged like any other.
    let verdicts: Vec<_> = result.verdicts.iter().map(|v| v.unwrap()).collect();
    assert!(matches!(
        scenario.targets[0].demand,
        Demand::Reduction { .. }
    ));
    assert!(close(
        verdicts[0].reached,
        1.0 - values[5] / 120.0,
        1e-9,
        0.0
    ));
    assert_eq!(verdicts[0].met, verdicts[0].reached >= 0.1);
    assert!(
        close(verdicts[1].reached, values[5], 1e-12, 0.0)
            && verdicts[1].met == (values[5] <= 200.0)
    );
    assert!(close(verdicts[2].reached, -expected, 1e-9, 0.0));

    // Without a national split, a province's total is spread by its seeds.
    let (_, _, result) = run(&data, "yunnan", "");
    assert!(close(result.indicators[indicator.at()][0], 60.0, 1e-9, 0.0));
    let yunnan = inventory(&data, data.region("yunnan").unwrap(), physical(lead)).unwrap();
    let class = |id: &str| yunnan.classes[&data.class(id).unwrap()].amount.value;
    assert!(close(class("power"), 15.0, 1e-12, 0.0) && close(class("industry"), 45.0, 1e-12, 0.0));

    // Elsewhere it stands bottom-up and is said to be uncalibrated.
    let (_, plan, _) = run(&data, "hebei", "");
    assert!(plan.base_year.uncalibrated.contains(&lead));

    // No other pollutant changes by a bit.
    let boilers = LEAD_MEASURES.split("[measures").nth(1).unwrap();
    let boilers = format!("\n[measures{boilers}");
    let (_, _, before) = run(catalogue(), "hunan", &boilers);
    let (_, _, after) = run(&data, "hunan", &boilers);
    for (i, values) in before.indicators.iter().enumerate() {
        let id = &catalogue().indicators[i].named.id;
        let same = data.indicator(id).unwrap().at();
        let bits = |values: &[f64]| values.iter().map(|x| x.to_bits()).collect::<Vec<u64>>();
        assert_eq!(bits(values), bits(&after.indicators[same]), "{id}");
    }
}

// A planner's own inventory.

const HEADER: &str = "region,account,class,year,value,unit,calibre,source,status,note\n";

fn overlaid(rows: &str) -> Result<jianpai::core::scenario::Scenario, String> {
    let data = catalogue();
    let region = data.region("guangzhou").unwrap();
    let text = bare(data, region, 2018).replace("end_year", "inventory = \"own.csv\"\nend_year");
    let own = format!("{HEADER}{rows}");
    load(data, &[("main.toml", &text), ("own.csv", &own)]).map(|loaded| loaded.scenario)
}

#[test]
fn an_own_inventory_replaces_the_base_year() {
    let data = catalogue();
    let scenario = overlaid(
        "guangzhou,SO2,power,2015,8000,t,env-stats-2015,assumption,quoted,\n\
         guangzhou,SO2,industry,2015,3.2,1e4 t,env-stats-2015,assumption,quoted,\n\
         guangzhou,SO2,domestic,2015,1000,t,env-stats-2015,assumption,quoted,\n\
         guangzhou,NOx,total,2015,20,1e4 t,env-stats-2015,assumption,quoted,\n\
         beijing,COD,total,2015,1,1e4 t,env-stats-2015,assumption,quoted,\n",
    )
    .unwrap();
    let plan = compiled(data, &scenario);
    let run = run_at(&plan, &[]);
    let old = data.world(scenario.region).unwrap();
    let account = |name: &str| physical(data.pollutant(name).unwrap());
    let base = |name: &str| run.total[plan.account(account(name)).unwrap() * plan.span()];
    // Classes given replace the classes; their sum is the total.
    assert!(close(base("SO2"), 41_000.0, 1e-9, 0.0), "{}", base("SO2"));
    let new = &scenario.world.inventory[&account("SO2")];
    assert!(close(new.total.unwrap().amount.value, 41_000.0, 1e-12, 0.0));
    let power = kappa(&plan, account("SO2"), Some("power")).unwrap();
    assert!(close(power.official.value, 8000.0, 1e-12, 0.0));
    assert!(close(power.value * power.bottom_up, 8000.0, 1e-9, 0.0));
    // A total alone scales the classes.
    assert!(close(base("NOx"), 200_000.0, 1e-9, 0.0), "{}", base("NOx"));
    let before = &old.inventory[&account("NOx")];
    for (class, value) in &scenario.world.inventory[&account("NOx")].classes {
        let part = value.amount.value / 200_000.0;
        let old = before.classes[class].amount.value / before.total.unwrap().amount.value;
        assert!(close(part, old, 1e-12, 0.0));
    }
    // What the file does not name stays; rows of other regions do nothing.
    for name in ["COD", "NH3-N", "CO2"] {
        let total = old.inventory[&account(name)].total.unwrap().amount.value;
        assert!(close(base(name), total, 1e-9, 0.0), "{name}");
    }
}

#[test]
fn an_own_inventory_that_says_nothing_or_is_not_there_is_refused() {
    assert!(overlaid("").unwrap_err().contains("empty-inventory"));
    let elsewhere = "beijing,COD,total,2015,1,1e4 t,env-stats-2015,assumption,quoted,\n";
    assert!(overlaid(elsewhere).unwrap_err().contains("empty-inventory"));
    let data = catalogue();
    let text = bare(data, data.region("guangzhou").unwrap(), 2018)
        .replace("end_year", "inventory = \"own.csv\"\nend_year");
    assert!(
        load(data, &[("main.toml", &text)])
            .unwrap_err()
            .contains("cannot-open")
    );
}

// Official arithmetic from the data.

#[test]
fn upgrading_a_thousand_cubic_metres_a_day_in_the_factors_of_the_data() {
    // 2015 factors before calibration: 1000 m3/d · 365 d / 60.5 m3 a resident.
    let data = catalogue();
    let residents = 1000.0 * 365.0 / data.parameter("sewage-per-resident").unwrap() / 1e4; // 1e4 persons
    let saved = |pollutant: &str| {
        let account = physical(data.pollutant(pollutant).unwrap());
        let of = |technology: &str| data.coefficient(data.technology(technology).unwrap(), account);
        residents * (of("sewage.1b") - of("sewage.1a"))
    };
    assert!((saved("COD") - 3.65).abs() < 1e-6, "{}", saved("COD"));
    assert!((saved("NH3-N") - 1.095).abs() < 1e-6, "{}", saved("NH3-N"));
}

#[test]
fn upgrading_a_thousand_cubic_metres_a_day_in_every_region() {
    // The measure's line over the region's calibration factor is the official figure.
    let data = catalogue();
    for (region, _) in worlds(data) {
        let text = bare(data, region, 2020)
            + "\n[measures.plant]\ntype = \"sewage-upgrade\"\nfrom = [\"1b\"]\ncapacity = \"1000 m3/d\"\nto = { 1a = \"100 %\" }\nstart = 2017\nend = 2020\n";
        let plan = compiled(data, &scenario(data, &text));
        let run = run_at(&plan, &[1.0]);
        for (pollutant, official) in [("COD", 3.65), ("NH3-N", 1.095)] {
            let account = physical(data.pollutant(pollutant).unwrap());
            let kappa = kappa(&plan, account, Some("domestic")).unwrap().value;
            let balance = outcome::balance(&plan, &run, account, plan.span() - 1).unwrap();
            let (_, line) = balance
                .lines
                .iter()
                .find(|(item, _)| *item == Item::Measure(0))
                .unwrap();
            assert!(
                (-line / kappa - official).abs() < 1e-6,
                "{region:?} {pollutant}: {line}"
            );
        }
    }
}
