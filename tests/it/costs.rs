//! Costs: figures by year in one year's prices, measures that state their own, and what
//! a cost rests on.

use super::program::run as call;
use super::support::{bare, catalogue, compiled, load, scenario, study};
use jianpai::core::catalogue::{Account, Catalogue};
use jianpai::core::costing;
use jianpai::core::kernel::{self, Draw};
use jianpai::core::plan::Plan;
use jianpai::core::provenance::Status;

/// c[k,t] by id.
fn unit(data: &Catalogue, id: &str, year: i32, prices: i32) -> f64 {
    costing::unit(data, data.technology(id).unwrap(), year, prices)
}

/// The index of a year, 2015 being 1.
fn index(year: i32) -> f64 {
    catalogue().prices.factor(2015, year).unwrap()
}

fn close(found: f64, wanted: f64) {
    let off = (found - wanted).abs() / wanted.abs().max(1.0);
    assert!(off < 1e-9, "{found} {wanted}");
}

/// Homes, boilers and vehicles stand in the order that the sources give.
#[test]
fn signs_and_ranks_are_those_of_the_sources() {
    let data = catalogue();
    let cost = |id: &str| unit(data, id, 2018, 2015);
    let order = [
        "heat.scattered-coal",
        "heat.briquette",
        "heat.heat-pump",
        "heat.gas",
    ];
    for pair in order.windows(2) {
        assert!(cost(pair[0]) < cost(pair[1]), "{pair:?}");
    }
    let times = cost("heat.heat-pump") / cost("heat.scattered-coal");
    assert!(
        (2.5..5.0).contains(&times),
        "3 to 5 times raw coal: {times}"
    );
    assert!(cost("steam.gas") - cost("steam.coal-le10") > 100.0);
    // One price of coal: 0.42 kg a kWh, 0.185 t a t of steam.
    let fuel = |id: &str| {
        let cost = data.technologies[data.technology(id).unwrap().at()]
            .cost
            .as_ref();
        let figures = cost.unwrap().figures.iter();
        let part = |f: &&jianpai::core::price::CostFigure| f.part == "fuel";
        figures.clone().find(part).unwrap().value.value
    };
    // Held in yuan per unit of service: 1e8 kWh and 1e4 t.
    let (power, steam) = (
        fuel("power.coal-plain") / 1e8,
        fuel("steam.coal-le10") / 1e4,
    );
    assert!(
        (power / 0.42e-3 - steam / 0.185).abs() < 1e-6,
        "{power} {steam}"
    );
    // An electric car costs more than one on petrol in 2016 and less from 2020 on.
    let dearer = |year| unit(data, "car.nev", year, 2015) - unit(data, "car.c5", year, 2015);
    assert!(dearer(2015) > 0.0 && dearer(2020) < 0.0 && dearer(2030) < 0.0);
    assert!(unit(data, "power.nonfossil", 2022, 2015) < unit(data, "power.nonfossil", 2015, 2015));
}

#[test]
fn figures_are_brought_to_one_year_and_lie_on_lines_between_years() {
    let data = catalogue();
    // 3,500 in prices of 2020 and 10,000 over 15 years in prices of 2018.
    let crf = 0.06 / (1.0 - 1.06_f64.powi(-15));
    let wanted = 3500.0 / index(2020) + 10_000.0 * crf / index(2018);
    let found = unit(data, "heat.heat-pump", 2025, 2015) / 1e4;
    assert!((found / wanted - 1.0).abs() < 1e-5, "{found} {wanted}");
    close(
        unit(data, "heat.heat-pump", 2025, 2020),
        unit(data, "heat.heat-pump", 2025, 2015) * index(2020),
    );
    // 0.56 of 2015 in its prices, 0.36 of 2020 in those of 2020; 2018 lies at 3/5.
    let (first, last) = (0.56e8, 0.36e8 / index(2020));
    close(
        unit(data, "power.nonfossil", 2018, 2015),
        first + 0.6 * (last - first),
    );
    close(unit(data, "power.nonfossil", 2014, 2015), first);
    close(
        unit(data, "power.nonfossil", 2035, 2015),
        0.34e8 / index(2022),
    );
    // A cost over another is the sum of both.
    let treatment = 0.01e8 / index(2016);
    let over =
        unit(data, "power.coal-ule", 2018, 2015) - unit(data, "power.coal-plain", 2018, 2015);
    close(over, treatment);
}

/// The index from nominal and real GDP: 2016 is 746,395 / 688,858 / 1.068488.
#[test]
fn the_index_is_the_deflator_of_gdp() {
    let wanted = 746_395.059_5 / 688_858.218 / 1.068_488;
    assert!((index(2016) - wanted).abs() < 1e-6);
    let china = catalogue().region("china").unwrap();
    let world = catalogue().world(china).unwrap();
    let gdp = catalogue().driver("gdp").unwrap();
    let (growth, _) = world.growth[&(gdp, 2016)];
    let nominal = |year| {
        world.recorded[&("gdp-nominal".to_string(), year)]
            .value
            .value
    };
    let found = nominal(2016) / nominal(2015) / (1.0 + growth.value);
    assert!((index(2016) - found).abs() < 1e-5);
}

const HOMES: &str = r#"
[measures.homes]
type = "scattered-coal-replacement"
households = "10 万户"
reburn = "0 %"
start = 2018
end = 2020
to = { heat-pump = "100 %" }
"#;

fn cost_of(plan: &Plan, m: usize, year: i32) -> f64 {
    let run = kernel::run(plan, &Draw::stated(plan));
    let q = plan.account(Account::Cost).unwrap();
    run.change.at(m, q, plan.year(year).unwrap())
}

fn hebei(more: &str) -> Plan {
    let data = catalogue();
    let text = bare(data, data.region("hebei").unwrap(), 2020) + more;
    compiled(data, &scenario(data, &text))
}

#[test]
fn a_hundred_thousand_homes_cost_the_difference() {
    let data = catalogue();
    let plan = hebei(HOMES);
    let run = kernel::run(&plan, &Draw::stated(&plan));
    let shift = &plan.measures[0].shifts[0];
    assert!(shift.take.len() == 1 && shift.give.len() == 1);
    for (year, part) in [(2017, 0.0), (2018, 1.0 / 3.0), (2020, 1.0)] {
        let t = plan.year(year).unwrap();
        let coal = unit(data, "heat.scattered-coal", year, 2015) / 1e4;
        let pump = unit(data, "heat.heat-pump", year, 2015) / 1e4;
        // Homes moved: a part of all in each year, a hundred thousand in the last.
        let homes =
            1e5 * part * run.demand[shift.service.at()][t] / run.demand[shift.service.at()][5];
        close(cost_of(&plan, 0, year), homes * (pump - coal));
    }
    // In prices of 2020 the same money.
    let text = bare(data, data.region("hebei").unwrap(), 2020);
    let text = text.replacen("end_year = 2020", "end_year = 2020\nprice_year = 2020", 1) + HOMES;
    let later = compiled(data, &scenario(data, &text));
    assert_eq!((plan.price_year, later.price_year), (2015, 2020));
    close(
        cost_of(&later, 0, 2020),
        cost_of(&plan, 0, 2020) * index(2020),
    );
}

#[test]
fn a_measure_may_state_its_cost() {
    let crf = 0.06 / (1.0 - 1.06_f64.powi(-15));
    let cases = [
        // By household, of the extent.
        ("cost = \"1200 元/户\"", 1.2e8),
        ("cost = \"1200 元/(户·年)\"", 1.2e8),
        // Of the whole.
        ("cost = \"3 亿元\"", 3e8),
        ("cost = \"-3 亿元/年\"", -3e8),
        ("capital = \"7000 元/户\"\nlife = 15", 7e8 * crf),
        (
            "cost = \"500 元/户\"\ncapital = \"12 亿元\"\nlife = 15",
            0.5e8 + 12e8 * crf,
        ),
        // In prices of 2018.
        ("cost = \"3 亿元\"\nprice_year = 2018", 3e8 / index(2018)),
    ];
    for (own, wanted) in cases {
        let plan = hebei(&format!("{HOMES}{own}\n"));
        close(cost_of(&plan, 0, 2020), wanted);
        close(cost_of(&plan, 0, 2018), wanted / 3.0);
        assert!(plan.measures[0].cost_stated && plan.measures[0].cost_known);
    }
    // By the unit of the service where the extent is a share: half of all homes.
    let share = HOMES.replace("households = \"10 万户\"", "share = \"50 %\"");
    let plan = hebei(&format!("{share}cost = \"1000 元/户\"\n"));
    let run = kernel::run(&plan, &Draw::stated(&plan));
    let shift = &plan.measures[0].shifts[0];
    let homes = run.demand[shift.service.at()][5] * shift.amount[5] * 1e4;
    assert!(homes > 1e5);
    close(cost_of(&plan, 0, 2020), 1000.0 * homes);
    // Levels are affine in it, and it is laid once however many services are moved.
    let half = hebei(&format!("{HOMES}cost = \"3 亿元\"\nlevel = \"50 %\"\n"));
    close(cost_of(&half, 0, 2020), 1.5e8);
    let works = r#"
[measures.sewage]
type = "sewage-expansion"
area = "urban"
to = { 1a = "100 %" }
persons = "100 万人"
start = 2016
ramp = "step"
cost = "2 亿元"
"#;
    close(cost_of(&hebei(works), 0, 2020), 2e8);
}

/// What a cost rests on is worked out from figures apart from the kernel, and agrees.
#[test]
fn costs_by_figure_are_those_of_the_run() {
    let data = catalogue();
    for path in [
        "scenarios/shaanxi-2020.toml",
        "scenarios/national-14fyp-planned.toml",
        // From a later base year on.
        "scenarios/national-15fyp-planned.toml",
    ] {
        let study = study(path);
        let (plan, run) = (
            &study.plan,
            kernel::run(&study.plan, &Draw::stated(&study.plan)),
        );
        let q = plan.account(Account::Cost).unwrap();
        let mut counted = 0;
        for t in [1, plan.span() - 1] {
            for m in 0..plan.measures.len() {
                let Some(found) = costing::of_measures(data, plan, &run, &[m], t) else {
                    assert!(!plan.measures[m].cost_known);
                    continue;
                };
                let wanted = run.change.at(m, q, t);
                assert!(
                    (found.value - wanted).abs() <= 1e-9 * wanted.abs() + 1e-3,
                    "{path} {m}"
                );
                assert!(found.low <= found.value + 1e-3 && found.value <= found.high + 1e-3);
                let parts = found.stated + found.by_status.iter().sum::<f64>();
                assert!(
                    (parts - 1.0).abs() < 1e-9 || parts == 0.0,
                    "{path} {m}: {parts}"
                );
                counted += 1;
            }
        }
        assert!(counted > 20, "{path}: {counted}");
    }
}

/// A converter that is only retrofitted rests on the treatment, not on its own level.
#[test]
fn what_cancels_weighs_nothing() {
    let data = catalogue();
    let plan = hebei(
        r#"
[measures.steel]
type = "ultra-low-retrofit"
sector = "steel"
share = "100 %"
start = 2016
ramp = "step"
"#,
    );
    let run = kernel::run(&plan, &Draw::stated(&plan));
    let found = costing::of_measures(data, &plan, &run, &[0], 5).unwrap();
    // The one figure that counts is computed.
    assert!(
        (found.by_status[Status::Computed as usize] - 1.0).abs() < 1e-12,
        "{found:?}"
    );
    // 124, 185 and 275 yuan a tonne.
    close(found.low / found.value, 124.0 / 185.0);
    close(found.high / found.value, 275.0 / 185.0);
}

#[test]
fn costs_are_told_with_what_they_rest_on() {
    let (code, text, _) = call(&["run", "scenarios/shaanxi-2020.toml", "--dry"]);
    assert_eq!(code, 0);
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        text.contains("New measures cost") && text.contains("prices of 2015"),
        "{text}"
    );
    assert!(text.contains("on assumed ones"), "{text}");
    let (_, json, _) = call(&["run", "scenarios/shaanxi-2020.toml", "--dry", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let all = &json["cost_of_new_measures"];
    let rests = all["rests_on"].as_object().unwrap();
    let sum: f64 = rests.values().map(|part| part.as_f64().unwrap()).sum();
    assert!((sum - 1.0).abs() < 1e-9);
    assert_eq!(all["price_year"], 2015);
    let known: f64 = json["measures"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|m| {
            let cost = m["cost_cny"].as_f64()?;
            assert!(
                (cost - m["cost"]["value_cny"].as_f64().unwrap()).abs() <= 1e-9 * cost.abs() + 1e-3
            );
            Some(cost)
        })
        .sum();
    assert!(known.is_finite());
    let table = [
        "run",
        "scenarios/shaanxi-2020.toml",
        "--dry",
        "--table",
        "costs",
        "--csv",
    ];
    let (code, csv, _) = call(&table);
    assert_eq!(code, 0);
    assert!(
        csv.lines().next().unwrap().contains("published_low"),
        "{csv}"
    );
    let (code, list, _) = call(&["list", "abatement-costs", "--csv"]);
    assert_eq!(code, 0);
    assert!(
        list.contains("so2-ule-power,SO2") && list.contains("44600"),
        "{list}"
    );
}

#[test]
fn what_is_wrong_with_a_cost_is_said() {
    let data = catalogue();
    let text = bare(data, data.region("hebei").unwrap(), 2020);
    let said = |own: &str| {
        let whole = format!("{text}{HOMES}{own}\n");
        load(data, &[("main.toml", &whole)])
            .err()
            .unwrap_or_default()
    };
    assert_eq!(said("cost = \"1200 元/户\""), "");
    for (own, code) in [
        ("cost = \"1200\"", "missing-unit"),
        ("cost = \"1200 元/辆\"", "cost-unit"),
        ("cost = 1200", "wrong-type"),
        ("capital = \"12 亿元\"", "missing-key"),
        ("capital = \"-12 亿元\"\nlife = 15", "negative"),
        ("capital = \"12 亿元\"\nlife = 0", "out-of-range"),
        ("cost = \"3 亿元\"\nlife = 15", "no-use"),
        ("life = 15", "cost-missing"),
        ("cost = \"3 亿元\"\nprice_year = 1999", "no-price-index"),
    ] {
        let found = said(own);
        assert!(found.contains(&format!("[{code}]")), "{own}: {found}");
        assert!(found.contains("help"), "{own}: {found}");
    }
}
