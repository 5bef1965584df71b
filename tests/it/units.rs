//! From planners' units to shares: what a measure moves is the figure that a planner
//! works out on paper from the tables of `data/`, and the same in a part of the province.
//!
//! The tables are read here cell by cell, as text, so that neither the loader nor the
//! compiler of measures has a say in what is expected.

use crate::support::{bare, catalogue, close, compiled, load, run_at, scenario, shares};
use jianpai::core::catalogue::Account;
use jianpai::core::compile::compile;
use jianpai::core::measure::spec::{Field, KINDS, Role};
use jianpai::core::plan::Plan;

/// A table of `data/` as text.
fn table(name: &str) -> Vec<Vec<String>> {
    let files = jianpai::study::embedded::data();
    let file = files.iter().find(|file| file.name == name).unwrap();
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(file.bytes.as_slice());
    let rows = reader.records().map(|row| row.unwrap());
    rows.map(|row| row.iter().map(str::to_string).collect())
        .collect()
}

/// The number in column `value` of the one row that begins with `keys`.
pub fn cell(name: &str, keys: &[&str], value: usize) -> f64 {
    let table = table(name);
    let fits = |row: &&Vec<String>| row.iter().zip(keys).all(|(cell, key)| cell == key);
    let rows: Vec<&Vec<String>> = table.iter().filter(fits).collect();
    let [row] = rows[..] else {
        panic!("{} rows of {name} begin with {keys:?}", rows.len());
    };
    row[value].parse().unwrap()
}

pub fn parameter(id: &str) -> f64 {
    cell("parameters.csv", &[id], 2)
}

/// The stock of a group in Shaanxi, by the unit of the file.
pub fn stock(group: &str, unit: &str) -> f64 {
    let table = table("stocks.csv");
    let fits = |row: &&Vec<String>| row[0] == "shaanxi" && row[1] == group && row[3] == unit;
    let row = table.iter().find(fits).unwrap();
    row[2].parse().unwrap()
}

/// Natural units in one unit of a service: persons in 1e4 persons.
fn unit(service: &str) -> f64 {
    let table = table("services.csv");
    let row = table.iter().find(|row| row[0] == service).unwrap();
    match row[3].split(' ').next() {
        Some("1e4") => 1e4,
        Some("1e8") => 1e8,
        _ => panic!("{row:?}"),
    }
}

fn zone_part(service: &str) -> f64 {
    cell("zones.csv", &["shaanxi-guanzhong", service], 2)
}

/// What is expected of a measure.
pub enum Moved {
    /// So much, in the natural unit of the service (t, kWh, t·km, persons, heads …).
    Amount(f64),
    /// So much of the service.
    Part(f64),
}

/// Shaanxi to 2020 with one measure, carried out from 2016 on, wholly by 2020.
pub fn plan(measure: &str, zone: &str) -> Plan {
    let data = catalogue();
    let head = bare(data, data.region("shaanxi").unwrap(), 2020);
    let text = format!("{head}\n[measures.m]\n{measure}{zone}start = 2016\nend = 2020\n");
    compiled(data, &scenario(data, &text))
}

/// The share of technologies in the base year, summed.
pub fn before(plan: &Plan, technologies: &[&str]) -> f64 {
    let shares = &plan.base_year.shares;
    let of = |id: &&str| shares[catalogue().technology(id).unwrap().at()];
    technologies.iter().map(of).sum()
}

/// What the technologies gain (or lose) by the end, as a part of the service.
pub fn gained(plan: &Plan, technologies: &[&str]) -> f64 {
    let (with, without) = (shares(plan, &[1.0]), shares(plan, &[0.0]));
    let end = plan.span() - 1;
    let of = |id: &&str| {
        let k = catalogue().technology(id).unwrap().at();
        with[k][end] - without[k][end]
    };
    technologies.iter().map(of).sum()
}

/// Demand in 2020 over that of 2015, and that of 2020 in natural units: from the table
/// of activity and the growth of the run.
pub fn demand(plan: &Plan, service: &str) -> (f64, f64) {
    let run = run_at(plan, &[0.0]);
    let path = &run.demand[catalogue().service(service).unwrap().at()];
    let base = cell("activity.csv", &["shaanxi", service, "2015"], 3);
    assert!(close(path[0], base, 1e-12, 0.0), "{service}");
    let grown = path[plan.span() - 1] / path[0];
    (grown, grown * base * unit(service))
}

/// Holds one measure against the figure, in the province and in a part of it.
pub fn check(measure: &str, service: &str, to: &[(&str, f64)], expected: &dyn Fn(&Plan) -> Moved) {
    for in_zone in [false, true] {
        let zone = if in_zone {
            "zone = \"shaanxi-guanzhong\"\n"
        } else {
            ""
        };
        let plan = plan(measure, zone);
        assert!(plan.notices.is_empty(), "{measure}: {:?}", plan.notices);
        let natural = demand(&plan, service).1;
        let moved = match expected(&plan) {
            // Ten thousand are ten thousand, wherever they stand.
            Moved::Amount(amount) => amount / natural,
            Moved::Part(part) if in_zone => part * zone_part(service),
            Moved::Part(part) => part,
        };
        for (technology, part) in to {
            let found = gained(&plan, &[technology]);
            assert!(
                close(found, moved * part, 1e-9, 0.0),
                "{measure}{zone}{technology} gains {found} of {service}, not {}",
                moved * part
            );
        }
        // Nothing is made or lost.
        let all = &catalogue().services[catalogue().service(service).unwrap().at()].technologies;
        let ids = all
            .iter()
            .map(|k| &catalogue().technologies[k.at()].named.id);
        let ids: Vec<&str> = ids.map(String::as_str).collect();
        assert!(gained(&plan, &ids).abs() < 1e-12, "{measure}");
    }
}

#[test]
fn scattered_coal_by_amount_and_by_households() {
    let mix =
        "type = \"scattered-coal-replacement\"\nto = { gas = \"60 %\", heat-pump = \"40 %\" }\n";
    let to = [("heat.gas", 0.6), ("heat.heat-pump", 0.4)];
    let (each, again) = (parameter("coal-per-household"), parameter("reburn-share"));
    assert!(again > 0.0 && each > 1.0, "else the next lines show little");
    let check = |extent: &str, households: f64| {
        let measure = format!("{mix}{extent}\n");
        check(&measure, "residential-heat", &to, &|_| {
            Moved::Amount(households)
        });
    };
    check("amount = \"60 万t\"", 600_000.0 / each * (1.0 - again));
    check(
        "amount = \"60 万t\"\nreburn = \"20 %\"",
        600_000.0 / each * 0.8,
    );
    check("households = \"20 万户\"", 200_000.0 * (1.0 - again));
    check("households = \"20 万户\"\nreburn = \"0 %\"", 200_000.0);
    check("households = \"20 万户\"\nreburn = \"36.1 %\"", 127_800.0);
    let measure = format!("{mix}share = \"50 %\"\nreburn = \"20 %\"\n");
    self::check(&measure, "residential-heat", &to, &|plan| {
        Moved::Part(0.5 * 0.8 * before(plan, &["heat.scattered-coal"]))
    });
}

#[test]
fn boilers_by_capacity_and_by_number() {
    let le10 = ["steam.coal-le10", "steam.coal-le10-ule"];
    let le35 = [
        "steam.coal-le10",
        "steam.coal-le10-ule",
        "steam.coal-10-35",
        "steam.coal-10-35-ule",
    ];
    let check = |up_to: u32, extent: &str, part: f64, of: &[&str]| {
        let measure = format!(
            "type = \"coal-boiler-phaseout\"\nup_to = \"{up_to} t/h\"\nto = {{ gas = \"70 %\", district = \"30 %\" }}\n{extent}\n"
        );
        let to = [("steam.gas", 0.7), ("steam.district", 0.3)];
        check(&measure, "industrial-steam", &to, &|plan| {
            // What the boilers gave in 2015 is their part of the stock of 2015.
            let part = part * before(plan, of);
            if extent.starts_with("share") {
                Moved::Part(part)
            } else {
                Moved::Amount(part * demand(plan, "industrial-steam").1)
            }
        });
    };
    let (small, middle) = (stock("boiler-le10", "t/h"), stock("boiler-10-35", "t/h"));
    check(10, "capacity = \"3000 t/h\"", 3000.0 / small, &le10);
    check(
        35,
        "capacity = \"9000 t/h\"",
        9000.0 / (small + middle),
        &le35,
    );
    let (few, more) = (
        stock("boiler-le10", "boilers"),
        stock("boiler-10-35", "boilers"),
    );
    check(10, "number = \"1410 台\"", 1410.0 / few, &le10);
    check(35, "number = \"0.2 万台\"", 2000.0 / (few + more), &le35);
    check(10, "share = \"40 %\"", 0.4, &le10);
}

#[test]
fn power_by_capacity_hours_and_electricity() {
    let hours = parameter("hours-power-coal");
    // 1 MW over 1 h is 1000 kWh.
    let kwh = |mw: f64, hours: f64| move |_: &Plan| Moved::Amount(mw * hours * 1000.0);
    check(
        "type = \"ultra-low-retrofit\"\nsector = \"power\"\ncapacity = \"300 万kW\"\n",
        "thermal-power",
        &[("power.coal-ule", 1.0)],
        &kwh(3000.0, hours),
    );
    let closure = "type = \"unit-closure\"\ncapacity = \"600 MW\"\nto = { gas = \"25 %\", nonfossil = \"75 %\" }\n";
    let to = [("power.gas", 0.25), ("power.nonfossil", 0.75)];
    check(closure, "thermal-power", &to, &kwh(600.0, hours));
    let stated = format!("{closure}hours = \"5000 h\"\n");
    check(&stated, "thermal-power", &to, &kwh(600.0, 5000.0));
    check(
        "type = \"non-fossil-power\"\nelectricity = \"120 亿kWh\"\n",
        "thermal-power",
        &[("power.nonfossil", 1.0)],
        &|_| Moved::Amount(120e8),
    );
    check(
        "type = \"non-fossil-power\"\nreach = \"8 %\"\n",
        "thermal-power",
        &[("power.nonfossil", 1.0)],
        &|plan| Moved::Part(0.08 - before(plan, &["power.nonfossil"])),
    );
    check(
        "type = \"non-fossil-power\"\nshare = \"10 %\"\n",
        "thermal-power",
        &[("power.nonfossil", 1.0)],
        &|plan| Moved::Part(0.1 * before(plan, &["power.coal-plain", "power.coal-ule"])),
    );
}

const TRUCKS: [&str; 6] = [
    "truck.c3",
    "truck.c4",
    "truck.c5",
    "truck.c6",
    "truck.lng",
    "truck.electric",
];
const CARS: [&str; 6] = [
    "car.pre3", "car.c3", "car.c4", "car.c5", "car.c6", "car.nev",
];

/// A number of vehicles out of the fleet, which has grown with its service since 2015.
fn vehicles(plan: &Plan, fleet: &str, number: f64) -> Moved {
    let (service, group, technologies) = match fleet {
        "trucks" => ("freight", "trucks", &TRUCKS),
        _ => ("passenger-vehicles", "passenger-vehicles", &CARS),
    };
    let (grown, natural) = demand(plan, service);
    let fleet = stock(group, "1e4 vehicles") * 1e4 * grown;
    Moved::Amount(number / fleet * before(plan, technologies) * natural)
}

#[test]
fn vehicles_by_number() {
    for (fleet, service, number, to) in [
        ("trucks", "freight", 20_000.0, ["truck.c6", "truck.lng"]),
        (
            "cars",
            "passenger-vehicles",
            100_000.0,
            ["car.c6", "car.nev"],
        ),
    ] {
        let aliases = to.map(|id| id.split('.').nth(1).unwrap());
        let mix = format!(
            "to = {{ {} = \"80 %\", {} = \"20 %\" }}\n",
            aliases[0], aliases[1]
        );
        let count = format!("number = \"{} 万辆\"\n", number / 1e4);
        let parts = [(to[0], 0.8), (to[1], 0.2)];
        for head in [
            "type = \"old-vehicle-retirement\"\nup_to = \"c4\"\n",
            "type = \"fleet-renewal\"\nfrom = [\"c3\", \"c4\"]\n",
        ] {
            let measure = format!("{head}fleet = \"{fleet}\"\n{mix}{count}");
            check(&measure, service, &parts, &|plan| {
                vehicles(plan, fleet, number)
            });
        }
        let measure = format!("type = \"new-energy-vehicles\"\nfleet = \"{fleet}\"\n");
        let electric = if fleet == "cars" {
            "car.nev"
        } else {
            "truck.electric"
        };
        let few = format!("{measure}number = \"0.2 万辆\"\n");
        check(&few, service, &[(electric, 1.0)], &|plan| {
            vehicles(plan, fleet, 2000.0)
        });
        // The share of the fleet, which is only a part of freight.
        let all: &[&str] = if fleet == "cars" { &CARS } else { &TRUCKS };
        let reach = format!("{measure}reach = \"6 %\"\n");
        check(&reach, service, &[(electric, 1.0)], &|plan| {
            Moved::Part(0.06 * before(plan, all) - before(plan, &[electric]))
        });
    }
}

#[test]
fn freight_to_rail_by_turnover_growth_and_reach() {
    let to = ["rail.electric", "rail.diesel"];
    let check = |extent: &str, expected: &dyn Fn(&Plan) -> Moved| {
        let measure = format!("type = \"rail-freight\"\n{extent}\n");
        // What rail gains is spread over its traction as it stands.
        let bare = plan(&measure, "");
        let all = before(&bare, &to);
        let parts = to.map(|id| (id, before(&bare, &[id]) / all));
        check(&measure, "freight", &parts, expected);
    };
    check("turnover = \"150 亿t km\"", &|_| Moved::Amount(150e8));
    check("reach = \"50 %\"", &|plan| {
        Moved::Part(0.5 - before(plan, &to))
    });
    let recorded = cell("recorded.csv", &["shaanxi", "rail-turnover", "2017"], 3);
    check("growth = \"25 %\"\nsince = 2017", &|plan| {
        let wanted = recorded * 1e8 * 1.25 / demand(plan, "freight").1;
        Moved::Part(wanted - before(plan, &to))
    });
}

#[test]
fn sewage_by_capacity_and_by_persons() {
    let each = parameter("sewage-per-resident");
    for (head, service, to) in [
        (
            "type = \"sewage-expansion\"\narea = \"urban\"\nto = { 1a = \"60 %\", better = \"40 %\" }\n",
            "urban-sewage",
            vec![("sewage.1a", 0.6), ("sewage.better", 0.4)],
        ),
        (
            "type = \"sewage-expansion\"\narea = \"rural\"\nto = { treated = \"100 %\" }\n",
            "rural-sewage",
            vec![("rural.treated", 1.0)],
        ),
        (
            "type = \"sewage-upgrade\"\nfrom = [\"class2\", \"1b\"]\nto = { 1a = \"60 %\", better = \"40 %\" }\n",
            "urban-sewage",
            vec![("sewage.1a", 0.6), ("sewage.better", 0.4)],
        ),
    ] {
        let capacity = format!("{head}capacity = \"5 万m3/d\"\n");
        check(&capacity, service, &to, &|_| {
            Moved::Amount(50_000.0 * 365.0 / each)
        });
        let persons = format!("{head}persons = \"40 万人\"\n");
        check(&persons, service, &to, &|_| Moved::Amount(400_000.0));
    }
    // `reach` is the rate of treatment of the whole province.
    let urban = "type = \"sewage-expansion\"\narea = \"urban\"\nreach = \"96 %\"\nto = { 1a = \"100 %\" }\n";
    check(urban, "urban-sewage", &[("sewage.1a", 1.0)], &|plan| {
        Moved::Part(before(plan, &["sewage.untreated"]) - 0.04)
    });
}

#[test]
fn manure_by_heads_and_by_rate() {
    let head = "type = \"manure-utilisation\"\nto = { treated = \"30 %\", returned = \"70 %\" }\n";
    let to = [("manure.treated", 0.3), ("manure.returned", 0.7)];
    let check = |extent: &str, expected: &dyn Fn(&Plan) -> Moved| {
        check(&format!("{head}{extent}\n"), "livestock", &to, expected);
    };
    check("heads = \"200 万头\"", &|_| Moved::Amount(2e6));
    check("share = \"40 %\"", &|plan| {
        Moved::Part(0.4 * before(plan, &["manure.untreated"]))
    });
    check("reach = \"80 %\"", &|plan| {
        Moved::Part(before(plan, &["manure.untreated"]) - 0.2)
    });
}

#[test]
fn parts_of_what_there_is() {
    let solvents = ["solvent.plain"];
    check(
        "type = \"voc-control\"\napproach = \"both\"\nshare = \"30 %\"\n",
        "solvents",
        &[("solvent.voc-both", 1.0)],
        &|plan| Moved::Part(0.3 * before(plan, &solvents)),
    );
    check(
        "type = \"energy-efficiency\"\nservices = [\"cement\"]\ngain = \"4 %\"\n",
        "cement",
        &[("cement.saved", 1.0)],
        &|_| Moved::Part(0.04),
    );
    check(
        "type = \"industry-structure\"\nservices = [\"steel\"]\ncut = \"10 %\"\ntechnologies = [\"bof-plain\"]\n",
        "steel",
        &[("steel.saved", 1.0)],
        &|plan| Moved::Part(0.1 * before(plan, &["steel.bof-plain"])),
    );
    check(
        "type = \"shift\"\nservice = \"industrial-steam\"\nfrom = [\"coal-gt65\"]\nof_service = \"2 %\"\nto = { gas = \"100 %\" }\n",
        "industrial-steam",
        &[("steam.gas", 1.0)],
        &|_| Moved::Part(0.02),
    );
    for (kind, service, from, to) in [
        (
            "non-road-renewal",
            "non-road",
            "machine.stage2",
            "machine.stage4",
        ),
        (
            "industrial-wastewater-upgrade",
            "industrial-wastewater",
            "wastewater.direct",
            "wastewater.advanced",
        ),
    ] {
        let alias = |id: &str| id.split('.').nth(1).unwrap().to_string();
        let measure = format!(
            "type = \"{kind}\"\nfrom = [\"{}\"]\nshare = \"35 %\"\nto = {{ {} = \"100 %\" }}\n",
            alias(from),
            alias(to)
        );
        check(&measure, service, &[(to, 1.0)], &|plan| {
            Moved::Part(0.35 * before(plan, &[from]))
        });
    }
}

/// A cap is kept to the tonne, and a reduction is that of the base year.
#[test]
fn coal_is_capped_to_the_tonne() {
    let tce = parameter("tce-per-t-coal");
    let coal = |plan: &Plan, level: f64, t: usize| {
        let q = plan.account(Account::Coal).unwrap();
        run_at(plan, &[level]).total[q * plan.span() + t]
    };
    for (extent, limit) in [
        ("cap = \"13000 万t\"", Some(13_000e4 * tce)),
        ("cap = \"9500 万吨标准煤\"", Some(9500e4)),
        ("reduction = \"10 %\"", None),
    ] {
        let plan = plan(&format!("type = \"coal-cap\"\n{extent}\n"), "");
        let end = plan.span() - 1;
        let limit = limit.unwrap_or(0.9 * coal(&plan, 0.0, 0));
        assert!(coal(&plan, 0.0, end) > limit, "{extent}: nothing to cap");
        let found = coal(&plan, 1.0, end);
        assert!(
            close(found, limit, 1e-9, 0.0),
            "{extent}: {found} for {limit}"
        );
    }
}

/// What the manual and the messages show of a field can be written as it stands: the names
/// in it are those of the kind, and it is shown where the field is missing.
#[test]
fn examples_of_fields_can_be_written_as_they_stand() {
    let data = catalogue();
    let head = bare(data, data.region("hebei").unwrap(), 2020)
        + "[measures.m]\nstart = 2016\nend = 2020\n";
    for kind in KINDS {
        let of = |role: Role| kind.fields.iter().filter(move |field| field.role == role);
        let text = |stated: &[String]| {
            let stated = stated.join("\n");
            format!("{head}type = \"{}\"\n{stated}\n", kind.id)
        };
        let with = |extent: &Field| -> Vec<String> {
            let required = of(Role::Required).map(Field::written);
            required.chain([extent.written()]).collect()
        };
        // One way to say how much may be of other plant than the required fields name.
        let read = |extent: &Field| scenario(data, &text(&with(extent)));
        let acts = |extent: &&Field| {
            let plan = compile(data, &read(extent));
            plan.is_ok_and(|plan| !plan.measures[0].shifts.is_empty())
        };
        let extent = of(Role::Extent).find(acts);
        let stated = with(extent.unwrap_or_else(|| panic!("{}", kind.id)));
        for (i, field) in of(Role::Required).enumerate() {
            let mut less = stated.clone();
            let example = less.remove(i);
            let said = load(data, &[("main.toml", &text(&less))]).err().unwrap();
            assert!(said.contains(&format!("lacks `{}`", field.key)), "{said}");
            assert!(said.contains(&format!("for example `{example}`")), "{said}");
        }
    }
}
