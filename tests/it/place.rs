//! A region of one's own: what it is made of, that it is a region like any other, and that
//! every place of the list gives one that runs.

use super::program;
use super::support::{self, catalogue, data};
use jianpai::core::catalogue::{Account, Book, Catalogue, IndicatorKind, World};
use jianpai::core::dims::RegionId;
use jianpai::core::place::Asked;
use jianpai::core::provenance::Status;
use jianpai::core::text::Lang;
use jianpai::load::diag::Color;
use jianpai::study::estimates::estimates;
use jianpai::study::region_file::{self, NoPlace};
use jianpai::study::{Run, Session, Study};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

fn close(a: f64, b: f64, relative: f64) -> bool {
    support::close(a, b, relative, 0.0)
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A session over files in memory, and those of the project.
fn session(memory: &[(&str, &str)]) -> Session {
    let owned = memory
        .iter()
        .map(|(name, text)| ((*name).to_string(), (*text).to_string()));
    let memory: HashMap<String, String> = owned.collect();
    Session::new(Arc::clone(data()), move |path| match memory.get(path) {
        Some(text) => Ok(text.clone().into_bytes()),
        None => std::fs::read(root().join(path)),
    })
}

fn open(memory: &[(&str, &str)]) -> Study {
    let study = session(memory).open("main.toml", None);
    study.unwrap_or_else(|error| panic!("{error}"))
}

/// A scenario on current policy, with more below its head.
fn main_file(region: &str, plan: &str, more: &str) -> String {
    let end = if plan == "13" { 2020 } else { 2025 };
    format!(
        "[scenario]\nname_zh = \"试\"\nextends = \"scenarios/base/current-policy-{plan}fyp.toml\"\nregion = \"{region}\"\nend_year = {end}\n{more}"
    )
}

/// A region that has the same part of every service.
fn part_of(parent: &str, percent: &str) -> String {
    let shares = catalogue()
        .services
        .iter()
        .map(|service| format!("{} = \"{percent}\"\n", service.named.id));
    let shares: String = shares.collect();
    format!(
        "[region]\nname_zh = \"{parent}的一部分\"\nparent = \"{parent}\"\n[region.shares]\n{shares}"
    )
}

/// Measures that speak of shares, of stocks and of the record.
const MEASURES: &str = r#"
[measures.boilers]
type = "coal-boiler-phaseout"
up_to = "10 t/h"
capacity = "300 t/h"
to = { gas = "100 %" }
start = 2016
end = 2020
[measures.rail]
type = "rail-freight"
growth = "5 %"
since = 2017
start = 2018
end = 2020
[measures.sewage]
type = "sewage-upgrade"
from = ["class2", "1b"]
share = "50 %"
to = { "1a" = "100 %" }
start = 2016
end = 2020
"#;

/// Every indicator in every year is the same.
fn same(a: &Run, b: &Run, about: &str) {
    for (i, indicator) in a.catalogue().indicators.iter().enumerate() {
        let rows = a.outcome.indicators[i].iter().zip(&b.outcome.indicators[i]);
        for (t, (one, other)) in rows.enumerate() {
            assert!(
                close(*one, *other, 1e-9),
                "{about} {} {t}: {one} {other}",
                indicator.named.id
            );
        }
    }
}

#[test]
fn a_place_that_has_all_of_its_parent_is_its_parent() {
    for (parent, plan, more) in [
        ("hebei", "13", MEASURES),
        ("hunan", "14", ""),
        ("tibet", "13", ""),
        ("china", "14", ""),
    ] {
        let theirs = open(&[("main.toml", &main_file(parent, plan, more))]).run();
        let file = part_of(parent, "100 %");
        let own = [
            ("main.toml", &*main_file("whole", plan, more)),
            ("regions/whole.toml", &*file),
        ];
        let own = open(&own).run();
        assert_eq!(own.study.region(), "whole");
        same(&theirs, &own, parent);
    }
}

/// From a later base year, too: the official amounts of 2020 are split like those of 2015.
#[test]
fn a_place_counts_from_a_later_base_as_its_parent_does() {
    let more = "base = 2020\n";
    let theirs = open(&[("main.toml", &main_file("china", "14", more))]).run();
    let file = part_of("china", "100 %");
    let own = [
        ("main.toml", &*main_file("whole", "14", more)),
        ("regions/whole.toml", &*file),
    ];
    same(&theirs, &open(&own).run(), "china from 2020");
}

#[test]
fn two_parts_of_a_place_emit_what_it_emits() {
    for (parent, plan) in [("hebei", "13"), ("guangdong", "14")] {
        let whole = open(&[("main.toml", &main_file(parent, plan, ""))]).run();
        let [a, b] = ["37.5 %", "62.5 %"].map(|percent| {
            let file = part_of(parent, percent);
            let own = [
                ("main.toml", &*main_file("part", plan, "")),
                ("regions/part.toml", &*file),
            ];
            open(&own).run()
        });
        for (i, indicator) in catalogue().indicators.iter().enumerate() {
            let amounts = matches!(
                indicator.kind,
                IndicatorKind::Emission(..) | IndicatorKind::Coal | IndicatorKind::Energy
            );
            for t in 0..whole.outcome.years.len() {
                let [all, a, b] = [&whole, &a, &b].map(|run| run.outcome.indicators[i][t]);
                let sum = if amounts { a + b } else { a };
                let id = &indicator.named.id;
                assert!(close(sum, all, 1e-9), "{parent} {id} {t}: {sum} {all}");
                if amounts && all > 0.0 {
                    assert!(close(a / all, 0.375, 1e-9), "{parent} {id} {t}");
                }
            }
        }
    }
}

/// The base year of the region that a scenario has.
fn world(memory: &[(&str, &str)]) -> (World, Study) {
    let study = open(memory);
    (study.scenario().world.clone(), study)
}

fn demand(world: &World, service: &str) -> f64 {
    let v = catalogue().service(service).unwrap();
    world.demand[v.at()].unwrap().value
}

fn hebei() -> &'static World {
    catalogue()
        .world(catalogue().region("hebei").unwrap())
        .unwrap()
}

/// Proxies, amounts, shares, and what stands in: all worked out by hand.
#[test]
fn parts_are_told_by_what_is_stated() {
    let file = r#"
[region]
name_zh = "唐山"
parent = "河北"
[region.proxies]
population = { value = "746.4 万人", of = "7464 万人", year = 2020, source = "city-yearbook-2021", status = "quoted" }
"二产" = "2879.8740515 亿元"
steel-capacity = { value = "1 万t", of = "4 万t" }
[region.amounts]
"火力发电" = "227.173 亿kWh"
[region.shares]
cement = "30 %"
"#;
    let own = [
        ("main.toml", &*main_file("tangshan", "13", "")),
        ("regions/tangshan.toml", file),
    ];
    let (world, study) = world(&own);
    let parent = hebei();
    for (service, part) in [
        // Stated.
        ("thermal-power", 0.1),
        ("cement", 0.3),
        // Secondary value added: a quarter of 11519.496206.
        ("other-industry", 0.25),
        ("industrial-steam", 0.25),
        ("non-road", 0.25),
        // Capacity.
        ("steel", 0.25),
        ("coke", 0.25),
        // Population stands in for everything else.
        ("urban-sewage", 0.1),
        ("freight", 0.1),
        ("livestock", 0.1),
    ] {
        let (own, all) = (demand(&world, service), demand(parent, service));
        assert!(close(own, part * all, 1e-9), "{service}: {own} of {all}");
    }
    // Stocks go with their service.
    for ((group, unit), stock) in &world.stocks {
        let part = match group.as_str() {
            "power-coal" | "trucks" | "passenger-vehicles" => 0.1,
            _ => 0.25,
        };
        let all = parent.stocks[&(group.clone(), *unit)].value.value;
        assert!(close(stock.value.value, part * all, 1e-9), "{group}");
    }
    // The class of power has thermal power alone: a tenth of its SO2.
    let account = Account::Pollutant(catalogue().pollutant("SO2").unwrap(), Book::Physical);
    let power = catalogue().class("power").unwrap();
    let of = |world: &World| world.inventory[&account].classes[&power].amount.value;
    assert!(close(of(&world), 0.1 * of(parent), 1e-9));
    // κ of every class is that of the parent.
    let theirs = open(&[("main.toml", &main_file("hebei", "13", ""))]);
    for kappa in &study.plan.base_year.kappas {
        let same = theirs.plan.base_year.kappas.iter();
        let mut same = same.filter(|k| k.account == kappa.account && k.class == kappa.class);
        let other = same.next().unwrap().value;
        let physical = kappa.account == kappa.account.official();
        assert!(
            !physical || close(kappa.value, other, 1e-9),
            "{kappa:?} {other}"
        );
    }
    // Where each number comes from.
    let catalogue = study.catalogue();
    let v = catalogue.service("steel").unwrap();
    let origin = world.demand[v.at()].unwrap().origin;
    assert_eq!(
        catalogue.row(origin).as_deref(),
        Some("regions/tangshan.toml:8")
    );
    assert_eq!(origin.status, Status::Estimated);
    let of = |service: &str| world.demand[catalogue.service(service).unwrap().at()].unwrap();
    assert_eq!(of("other-industry").origin.status, Status::Recalled);
    assert_eq!(of("industrial-steam").origin.status, Status::Estimated);
    let v = catalogue.service("thermal-power").unwrap();
    let origin = world.demand[v.at()].unwrap().origin;
    assert_eq!(origin.status, Status::Recalled);
}

/// What a place states goes before what its parent has.
#[test]
fn what_is_stated_goes_before_the_parents() {
    let file = r#"
[region]
name_zh = "某市"
parent = "hebei"
[region.proxies]
population = { value = "746.4 万人", of = "7464 万人" }
[region.mix]
"钢铁" = { eaf = "40 %", bof-plain = "60 %" }
[region.growth]
gdp = { 2016 = "9 %", source = "统计公报", status = "quoted" }
[region.stocks]
boiler-le10 = ["123 t/h", "45 台"]
trucks = "1.5 万辆"
[region.inventory.SO2]
total = "10 万t"
power = "2 万t"
[region.inventory.NOx]
motor-vehicles = "1 万t"
"#;
    let own = [
        ("main.toml", &*main_file("city", "13", "")),
        ("regions/city.toml", file),
    ];
    let (world, study) = world(&own);
    let data = study.catalogue();
    let share = |id: &str| world.shares[data.technology(id).unwrap().at()].map(|s| s.value);
    assert_eq!(share("steel.eaf"), Some(0.4));
    assert_eq!(share("steel.bof-plain"), Some(0.6));
    assert_eq!(share("steel.bof-ule"), None);
    let gdp = data.driver("gdp").unwrap();
    let scenario = study.scenario();
    let [(first, _), (second, _)] = [2016, 2017].map(|year| scenario.growth_of(gdp, year).unwrap());
    assert!(
        close(first, 0.09, 1e-12) && close(second, 0.066, 1e-12),
        "{first} {second}"
    );
    let source = world.growth[&(gdp, 2016)].0.origin.source;
    assert_eq!(data.sources[source.at()].id, "统计公报");
    let stocks: Vec<f64> = world
        .stocks
        .iter()
        .filter(|((group, _), _)| group == "boiler-le10" || group == "trucks")
        .map(|(_, stock)| stock.value.value)
        .collect();
    assert_eq!(stocks, [123.0, 45.0, 15000.0]);
    let inventory = |p: &str| {
        let p = data.pollutant(p).unwrap();
        &world.inventory[&Account::Pollutant(p, Book::Physical)]
    };
    let theirs = |p: &str| {
        let p = catalogue().pollutant(p).unwrap();
        &hebei().inventory[&Account::Pollutant(p, Book::Physical)]
    };
    // 10 in all, 2 of power: the others share 8 as the estimate has them.
    let so2 = inventory("SO2");
    let class = |id: &str| data.class(id).unwrap();
    assert!(close(so2.total.unwrap().amount.value, 1e5, 1e-12));
    assert!(close(so2.classes[&class("power")].amount.value, 2e4, 1e-12));
    let rest =
        so2.classes[&class("industry")].amount.value + so2.classes[&class("domestic")].amount.value;
    assert!(close(rest, 8e4, 1e-9), "{rest}");
    // Without a total the others stay, and the total is the sum.
    let nox = inventory("NOx");
    assert!(close(
        nox.classes[&class("motor-vehicles")].amount.value,
        1e4,
        1e-12
    ));
    let power = nox.classes[&class("power")].amount.value;
    assert!(close(
        power,
        0.1 * theirs("NOx").classes[&class("power")].amount.value,
        1e-9
    ));
    let sum: f64 = nox.classes.values().map(|value| value.amount.value).sum();
    assert!(close(nox.total.unwrap().amount.value, sum, 1e-9));
    // And the run begins with them.
    let run = study.run();
    let so2 = catalogue().indicator("SO2").unwrap();
    assert!(close(run.outcome.indicators[so2.at()][0], 1e5, 1e-9));
}

/// A measure in a zone takes from the part that lies there.
#[test]
fn zones_of_any_place_confine_measures() {
    let measure = |zone: &str| {
        format!(
            "[zones.north]\nname_zh = \"冀北\"\nshare = \"20 %\"\nshares = {{ steel = \"0 %\" }}\n[measures.boilers]\ntype = \"coal-boiler-phaseout\"\n{zone}up_to = \"35 t/h\"\nshare = \"50 %\"\nto = {{ gas = \"100 %\" }}\nstart = 2016\nend = 2020\n"
        )
    };
    let so2 = |more: &str| {
        let run = open(&[("main.toml", &main_file("hebei", "13", more))]).run();
        let i = catalogue().indicator("SO2").unwrap();
        *run.outcome.indicators[i.at()].last().unwrap()
    };
    let (without, all, north) = (
        so2(""),
        so2(&measure("")),
        so2(&measure("zone = \"冀北\"\n")),
    );
    assert!(without - all > 1.0);
    assert!(close(without - north, 0.2 * (without - all), 1e-9));
}

/// The effect of a number is what a run with another number shows.
#[test]
fn estimates_are_weighed_by_what_they_do() {
    let target =
        "[targets.so2]\nindicator = \"SO2\"\nyear = 2020\nbase_year = 2015\nreduction = \"20 %\"\n";
    let file = |secondary: &str| {
        format!(
            "[region]\nname_zh = \"某市\"\nparent = \"hebei\"\n[region.proxies]\npopulation = {{ value = \"746.4 万人\", of = \"7464 万人\", status = \"quoted\", source = \"x\" }}\nsecondary = {{ value = \"{secondary} 亿元\", status = \"estimated\" }}\n"
        )
    };
    let study = |secondary: &str| {
        let file = file(secondary);
        let own = [
            ("main.toml", &*main_file("city", "13", target)),
            ("regions/city.toml", &*file),
        ];
        open(&own)
    };
    let reached = |study: Study| study.run().outcome.verdicts[0].unwrap().reached;
    let study_at = study("2000");
    let found = estimates(&study_at);
    let proxy = catalogue().gazetteer.proxy("secondary").unwrap();
    let own = found
        .iter()
        .find(|e| e.asked == Asked::Proxy(proxy))
        .unwrap();
    let moved = (reached(study("2020")) - reached(study_at)).abs() * 10.0;
    assert!(own.effect > 1e-4);
    assert!(close(own.effect, moved, 1e-9), "{} {moved}", own.effect);
    // In order, and nothing that is firmly stated is asked for.
    assert!(found.windows(2).all(|pair| pair[0].sum >= pair[1].sum));
    let population = catalogue().gazetteer.proxy("population").unwrap();
    assert!(found.iter().all(|e| e.asked != Asked::Proxy(population)));
    assert!(found.len() > 10);
}

/// A built-in region has nothing to replace here.
#[test]
fn built_in_regions_are_not_asked_for_numbers() {
    let study = open(&[("main.toml", &main_file("hebei", "13", ""))]);
    assert!(estimates(&study).is_empty());
}

/// Beside the scenario, one folder up, by name, where `region_file` says, or inside.
#[test]
fn a_region_is_found_where_it_may_lie() {
    let file = "[region]\nname_zh = \"唐山\"\nname_en = \"Tangshan\"\nparent = \"hebei\"\n[region.proxies]\npopulation = { value = \"772 万人\", of = \"7464 万人\" }\n";
    let main = |region: &str, more: &str| {
        format!(
            "[scenario]\nname_zh = \"试\"\nextends = \"../../scenarios/base/current-policy-13fyp.toml\"\n{region}\nend_year = 2020\n{more}"
        )
    };
    for (head, path) in [
        ("region = \"tangshan\"", "a/b/regions/tangshan.toml"),
        ("region = \"唐山\"", "a/b/regions/tangshan.toml"),
        ("region = \"唐山市\"", "a/regions/tangshan.toml"),
        ("region_file = \"x/y.toml\"", "a/b/x/y.toml"),
        (
            "region = \"tangshan\"\nregion_file = \"x/y.toml\"",
            "a/b/x/y.toml",
        ),
    ] {
        let text = main(head, "");
        // `region_file` alone: the id is that of the place, or the name of the file.
        let memory = [("a/b/main.toml", &*text), (path, file)];
        let study = session(&memory).open("a/b/main.toml", None);
        let study = study.unwrap_or_else(|error| panic!("{head}: {error}"));
        let id = if head.starts_with("region_file") {
            "y"
        } else {
            "tangshan"
        };
        assert_eq!(study.region(), id, "{head}");
    }
    let inside = main("region = \"tangshan\"", file);
    let study = session(&[("a/b/main.toml", &inside)]).open("a/b/main.toml", None);
    assert_eq!(study.unwrap().region(), "tangshan");
    // A place may lie in a place: a county has a tenth of the city.
    let county = "[region]\nname_zh = \"迁安\"\nparent = \"tangshan\"\n[region.proxies]\npopulation = { value = \"77.2 万人\", of = \"772 万人\" }\n";
    let text = main("region = \"迁安\"", "");
    let memory = [
        ("a/b/main.toml", &*text),
        ("a/b/regions/迁安.toml", county),
        ("a/b/regions/tangshan.toml", file),
    ];
    let study = session(&memory).open("a/b/main.toml", None);
    let study = study.unwrap_or_else(|error| panic!("{error}"));
    let cement = demand(&study.scenario().world, "cement");
    let all = demand(hebei(), "cement");
    assert!(close(cement, all * 77.2 / 7464.0, 1e-9), "{cement}");
}

/// One call may run scenarios of several regions; an own inventory stays the user's own.
#[test]
fn regions_of_their_own_run_side_by_side() {
    let one = part_of("hebei", "50 %");
    let two = part_of("hunan", "25 %");
    let inventory = "region,account,class,year,value,unit,calibre,source,status,note\nhubei,SO2,total,2015,50,1e4 t,env-stats-2015,x,quoted,\n";
    let hubei = main_file("hubei", "13", "inventory = \"own.csv\"\n");
    let memory = [
        ("a.toml", hubei.as_str()),
        ("own.csv", inventory),
        ("b.toml", &main_file("one", "13", "")),
        ("c.toml", &main_file("two", "13", "")),
        ("regions/one.toml", &one),
        ("regions/two.toml", &two),
    ];
    let mut session = session(&memory);
    let paths = ["a.toml", "b.toml", "c.toml"].map(String::from);
    let loaded = session
        .load_all(&paths, &[None])
        .unwrap_or_else(|e| panic!("{e}"));
    let runs = session.run_all(loaded).unwrap_or_else(|e| panic!("{e}"));
    let regions: Vec<&str> = runs.iter().map(|run| run.study.region()).collect();
    assert_eq!(regions, ["hubei", "one", "two"]);
    let own = runs[0].study.scenario().own_inventory(runs[0].catalogue());
    assert_eq!(own.unwrap().scaled.len(), 1);
    for run in &runs {
        let alone = session.open(&format!("{}.toml", run.study.scenario().id), None);
        same(run, &alone.unwrap().run(), run.study.region());
    }
}

/// Every place of the list, as `init` writes it: it is read without a word, compiles, runs,
/// and what it emits is finite and some.
#[test]
fn every_place_of_the_list_runs_as_it_is_written() {
    let data = catalogue();
    let places = &data.gazetteer.places;
    assert_eq!(places.len(), 333);
    let mut built_in = Vec::new();
    for (n, place) in places.iter().enumerate() {
        let id = &place.id;
        let found = match region_file::find(data, id, None) {
            Ok(found) => found,
            Err(NoPlace::BuiltIn(region)) => {
                built_in.push(region);
                continue;
            }
            Err(other) => panic!("{id}: {other:?}"),
        };
        let lang = if n % 2 == 0 { Lang::Zh } else { Lang::En };
        let text = region_file::text(data, &found, lang).unwrap();
        let path = format!("regions/{id}.toml");
        let plan = if n % 3 == 0 { "14" } else { "13" };
        let main = main_file(id, plan, "");
        let mut session = session(&[("main.toml", &main), (&path, &text)]);
        let study = session.open("main.toml", None);
        let said = session.take_found();
        let study = study.unwrap_or_else(|error| panic!("{id}: {error}"));
        assert!(
            said.is_empty(),
            "{id}: {}",
            said.render(Lang::En, Color::Never)
        );
        let run = study.run();
        for p in ["COD", "NH3-N", "SO2", "NOx", "CO2"] {
            let i = data.indicator(p).unwrap();
            for value in &run.outcome.indicators[i.at()] {
                assert!(value.is_finite() && *value > 0.0, "{id} {p}: {value}");
            }
        }
        // Some of them in full.
        if n % 40 == 0 {
            assert!(estimates(&run.study).len() > 20, "{id}");
        }
    }
    assert_eq!(built_in, ["hengyang", "guangzhou"]);
}

/// Places of a province have no more people than it has, but for rounding.
#[test]
fn people_of_places_add_up_to_no_more_than_the_province() {
    let data = catalogue();
    let gazetteer = &data.gazetteer;
    for (r, region) in data.regions.iter().enumerate() {
        let id = RegionId::from_usize(r);
        let own: Vec<f64> = gazetteer
            .places
            .iter()
            .filter(|place| place.parent == id)
            .filter_map(|place| gazetteer.amount(&place.id, "population"))
            .map(|amount| amount.value.value)
            .collect();
        let Some(all) = gazetteer.amount(&region.named.id, "population") else {
            continue;
        };
        let sum: f64 = own.iter().sum();
        let most = all.value.value * 1.005;
        assert!(sum <= most, "{}: {sum} of {most}", region.named.id);
    }
    let with: usize = gazetteer
        .places
        .iter()
        .filter(|place| gazetteer.amount(&place.id, "population").is_some())
        .count();
    assert_eq!(with, 333);
}

/// The value of every line that waits for one can be taken as it is: what is estimated,
/// stated, gives the same run.
#[test]
fn lines_that_wait_can_be_taken_as_they_are() {
    let data = catalogue();
    let place = region_file::find(data, "徐州", None).unwrap_or_else(|e| panic!("{e:?}"));
    let text = region_file::text(data, &place, Lang::Zh).unwrap();
    let lines = text.lines().map(|line| {
        let filled = !line.contains('…') && line.contains("【估计】") && line.starts_with("# ");
        if filled { &line[2..] } else { line }
    });
    let stated = lines.collect::<Vec<_>>().join("\n");
    assert!(stated.matches("\nsteel = {").count() == 1, "{stated}");
    let run = |region: &str| {
        let main = main_file("xuzhou", "13", MEASURES);
        open(&[("main.toml", &main), ("regions/xuzhou.toml", region)]).run()
    };
    let (before, after) = (run(&text), run(&stated));
    for (i, indicator) in data.indicators.iter().enumerate() {
        let rows = before.outcome.indicators[i]
            .iter()
            .zip(&after.outcome.indicators[i]);
        for (a, b) in rows {
            // Amounts are written with six decimals or four figures.
            assert!(close(*a, *b, 2e-3), "{}: {a} {b}", indicator.named.id);
        }
    }
}

fn call(folder: &Path, args: &[&str]) -> program::Said {
    program::said(program::command(args).current_dir(folder))
}

/// What a planner adds to the file: a measure, and what is varied.
const ADDED: &str = r#"
[measures.sewage-works]
type = "sewage-upgrade"
name_zh = "污水处理厂提标"
from = ["class2", "1b"]
share = "50 %"
to = { "1a" = "100 %" }
start = 2021
end = 2025
[targets.nitrogen]
indicator = "NH3-N"
year = 2025
base_year = 2020
reduction = "1 %"
[sweep]
design = "sobol"
draws = 64
[sweep.inputs.works]
level = "sewage-works"
uniform = ["0 %", "100 %"]
"#;

/// Ten cities of different kinds: as written, and with a measure.
#[test]
fn ten_cities_go_through_every_command() {
    let cities = [
        "唐山", "鞍山", "合肥", "榆林", "佛山", "拉萨", "三亚", "徐州", "延边", "大庆",
    ];
    let folder = tempfile::tempdir().unwrap();
    for (n, city) in cities.into_iter().enumerate() {
        let lang = if n % 2 == 0 { "zh" } else { "en" };
        let name = format!("{n}.toml");
        let args = ["init", "--place", city, "--lang", lang, "-o", &name];
        let (code, _, errors) = call(folder.path(), &args);
        assert_eq!(code, 0, "{city}: {errors}");
        let (code, out, errors) = call(folder.path(), &["check", &name, "--lang", lang]);
        assert_eq!((code, errors.as_str()), (0, ""), "{city}");
        let asked = if lang == "zh" {
            "先替换"
        } else {
            "First replace"
        };
        let at = out.find(asked).unwrap_or_else(|| panic!("{city}: {out}"));
        for number in ["1. ", "2. ", "3. "] {
            assert!(out[at..].contains(number), "{city}: {out}");
        }
        let file = folder.path().join(&name);
        let text = std::fs::read_to_string(&file).unwrap() + ADDED;
        std::fs::write(&file, text).unwrap();
        for args in [
            &["run", &name, "--dry"][..],
            &["explain", &name, "NH3-N", "2025"],
            &["solve", &name],
            &["sweep", &name, "--no-charts", "--out", "out"],
            &["check", &name, "--table", "estimates", "--csv"],
        ] {
            let (code, out, errors) = call(folder.path(), args);
            assert!(
                code == 0 && !out.is_empty(),
                "{city} {args:?} {code}: {out} {errors}"
            );
        }
    }
}

/// What `init --place` says where a name leads nowhere, or to several places.
#[test]
fn init_asks_which_place_is_meant() {
    let folder = tempfile::tempdir().unwrap();
    let said = |args: &[&str]| call(folder.path(), args);
    for (name, parts) in [
        ("海南", ["hainan-qinghai", "hainan（海南）"]),
        ("Suzhou", ["suzhou-jiangsu", "suzhou-anhui"]),
        ("唐衫", ["唐山", "list places"]),
    ] {
        let (code, out, errors) = said(&["init", "--place", name, "--lang", "zh"]);
        assert_eq!((code, out.as_str()), (2, ""), "{name}");
        assert!(parts.iter().all(|part| errors.contains(part)), "{errors}");
    }
    let (code, _, errors) = said(&[
        "init", "--place", "唐山", "--parent", "河南", "--lang", "zh",
    ]);
    assert_eq!(code, 2);
    assert!(errors.contains("hebei"), "{errors}");
    let (_, out, _) = said(&[
        "init", "--place", "海南", "--parent", "青海", "--lang", "zh",
    ]);
    assert!(out.contains("id = \"hainan-qinghai\""), "{out}");
    // A built-in city needs no file of its own; whoever leaves `--place` out means the place.
    let (_, out, _) = said(&["init", "--place", "广州", "--lang", "zh"]);
    assert!(
        out.contains("region = \"guangzhou\"") && !out.contains("[region]"),
        "{out}"
    );
    let (code, out, _) = said(&["init", "鞍山", "--lang", "zh"]);
    assert!(code == 0 && out.contains("id = \"anshan\""), "{out}");
    let (code, _, errors) = said(&["init", "--place", "迁安", "--lang", "zh"]);
    assert!(code == 2 && errors.contains("--new"), "{errors}");
    let new = [
        "init", "--place", "迁安", "--parent", "河北", "--new", "-o", "q.toml",
    ];
    assert_eq!(said(&new).0, 0);
    let region = folder.path().join("regions/迁安.toml");
    assert!(
        std::fs::read_to_string(&region)
            .unwrap()
            .contains("status = \"assumed\"")
    );
    let (code, out, errors) = said(&["check", "q.toml", "--lang", "en"]);
    assert!(code == 0 && out.contains("First replace"), "{out} {errors}");
}

/// A region file that the planner has filled is left alone.
#[test]
fn a_filled_region_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let said = |args: &[&str]| call(folder.path(), args);
    assert_eq!(
        said(&[
            "init", "--place", "tangshan", "--plan", "13", "-o", "a.toml"
        ])
        .0,
        0
    );
    let path: PathBuf = folder.path().join("regions/tangshan.toml");
    let filled = std::fs::read_to_string(&path)
        .unwrap()
        .replace("# steel = \"… 万t\"", "steel = \"8270 万t\"");
    std::fs::write(&path, &filled).unwrap();
    assert_eq!(
        said(&[
            "init", "--place", "tangshan", "--plan", "14", "-o", "b.toml"
        ])
        .0,
        0
    );
    assert_eq!(std::fs::read_to_string(&path).unwrap(), filled);
    assert_eq!(said(&["run", "a.toml", "b.toml", "--dry"]).0, 0);
    assert_eq!(said(&["init", "--place", "tangshan", "-o", "a.toml"]).0, 2);
}

/// The list of places, whole and of one province.
#[test]
fn places_are_listed() {
    let rows = |args: &[&str]| {
        let (code, out, errors) =
            program::call("zh", &[&["list", "places", "--csv"], args].concat());
        assert_eq!(code, 0, "{errors}");
        out.lines().count() - 1
    };
    assert_eq!(rows(&[]), 333);
    assert_eq!(rows(&["--parent", "河北"]), 11);
    let (code, _, errors) = program::call("en", &["list", "regions", "--parent", "hebei"]);
    assert!(code == 2 && errors.contains("--parent"), "{errors}");
}

/// The catalogue in use is whole: every service, stock and level of use has a rule.
#[test]
fn every_service_and_stock_has_a_rule() {
    use jianpai::core::gazetteer::PartOf;
    let data: &Catalogue = catalogue();
    let rules = &data.gazetteer.rules;
    for v in 0..data.services.len() {
        let v = jianpai::core::dims::ServiceId::from_usize(v);
        assert!(data.gazetteer.by(v).is_some());
    }
    for (group, _) in hebei().stocks.keys() {
        let fits = |rule: &jianpai::core::gazetteer::Rule| matches!(&rule.of, PartOf::Stock(own) if own == group);
        assert!(rules.iter().any(fits), "{group}");
    }
}

/// A region of its own may be asked for by any file beside which it lies, by its id or its
/// name, and gives what a file that names it gives.
#[test]
fn a_command_may_ask_for_a_region_that_no_file_names() {
    let file = part_of("shaanxi", "40 %");
    let main = main_file("shaanxi", "14", "");
    let own = main_file("a-place", "14", "");
    let memory = [
        ("main.toml", main.as_str()),
        ("own.toml", own.as_str()),
        ("regions/a-place.toml", file.as_str()),
    ];
    let mut session = session(&memory);
    let paths = ["main.toml".to_string()];
    let regions = session.regions_for(&["a-place".to_string()], &paths);
    let regions = regions.unwrap_or_else(|error| panic!("{error}"));
    let asked = session.open("main.toml", regions[0]);
    let asked = asked.unwrap_or_else(|error| panic!("{error}"));
    // What was read is told, so that manifests have it.
    let files = session.files();
    let read = asked.loaded.inputs.iter().map(|file| files.path(*file));
    assert!(read.clone().any(|path| path == "regions/a-place.toml"));
    let asked = asked.run();
    let named = session.open("own.toml", None).unwrap().run();
    same(&asked, &named, "asked for and named");
    // Neither a region nor a file: what is like it is said.
    let nowhere = session.regions_for(&["河被".to_string()], &paths);
    let said = nowhere.expect_err("no such region").text(Lang::Zh);
    assert!(said.contains("河北"), "{said}");
    let place = session.regions_for(&["唐山".to_string()], &paths);
    let said = place.expect_err("no file").text(Lang::Zh);
    assert!(said.contains("jianpai init --place"), "{said}");
}
