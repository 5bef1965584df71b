//! What measures take: from every stage below the one they give, by what there is of
//! each in each year; and saving, closing and retrofits of the same plant add up.

use crate::support::{bare, catalogue, close, compiled, load, physical, run_at, scenario, shares};
use jianpai::core::catalogue::IndicatorKind;
use jianpai::core::compile::{PlanError, compile};
use jianpai::core::dims::IndicatorId;
use jianpai::core::explain::Tape;
use jianpai::core::outcome::{self, Item};
use jianpai::core::plan::Plan;
use jianpai::core::scenario::Scenario;

const POLICY_13: &str = include_str!("../../scenarios/base/current-policy-13fyp.toml");
const POLICY_14: &str = include_str!("../../scenarios/base/current-policy-14fyp.toml");

/// A scenario on top of the current policy of a plan (13 or 14), and its plan.
fn on_policy(region: &str, fyp: u32, measures: &str) -> (Scenario, Plan) {
    let text = format!(
        "[scenario]\nname_zh = \"试\"\nname_en = \"Try\"\nregion = \"{region}\"\nextends = \"base/current-policy-{fyp}fyp.toml\"\n{measures}"
    );
    let memory = [
        ("main.toml", text.as_str()),
        ("base/current-policy-13fyp.toml", POLICY_13),
        ("base/current-policy-14fyp.toml", POLICY_14),
    ];
    let loaded = load(catalogue(), &memory).unwrap_or_else(|problems| panic!("{problems}"));
    let plan = compiled(catalogue(), &loaded.scenario);
    (loaded.scenario, plan)
}

/// What the measures that the scenario adds change in a pollutant in the last year (t).
fn cut(plan: &Plan, pollutant: &str) -> f64 {
    let account = physical(catalogue().pollutant(pollutant).unwrap());
    let run = run_at(plan, &plan.stated_levels());
    let balance = outcome::balance(plan, &run, account, plan.span() - 1).unwrap();
    let new = |item: &Item| match item {
        Item::Measure(m) => plan.measures[*m].policy == jianpai::core::measure::Policy::New,
        _ => false,
    };
    let lines = balance.lines.iter().filter(|(item, _)| new(item));
    lines.map(|(_, change)| change).sum()
}

/// Shares of technologies in a year at the stated levels, and without new measures.
fn now_and_before(plan: &Plan, names: &[&str], year: i32) -> Vec<(f64, f64)> {
    let stated = plan.stated_levels();
    let current = plan.measures.iter().zip(&stated).map(|(m, x)| {
        let current = m.policy == jianpai::core::measure::Policy::Current;
        if current { *x } else { 0.0 }
    });
    let (with, without) = (
        shares(plan, &stated),
        shares(plan, &current.collect::<Vec<_>>()),
    );
    let t = plan.year(year).unwrap();
    let ids = names.iter().map(|id| catalogue().technology(id).unwrap());
    ids.map(|k| (with[k.at()][t], without[k.at()][t])).collect()
}

#[test]
fn a_retrofit_reaches_plant_that_is_treated_already() {
    let measure = |head: &str| {
        let text = format!("[measures.a]\n{head}\nstart = 2021\nend = 2025\n");
        on_policy("hebei", 14, &text).1
    };
    // Current policy has brought every cement kiln to SNCR by 2017.
    let by_hand = measure(
        "type = \"shift\"\nservice = \"cement\"\nfrom = [\"sncr\"]\nto = { ule = \"100 %\" }\nshare = \"80 %\"",
    );
    let wanted = cut(&by_hand, "NOx");
    assert!((wanted + 41_101.0).abs() < 50.0, "{wanted}");
    for extent in ["share", "reach"] {
        let plan = measure(&format!(
            "type = \"ultra-low-retrofit\"\nsector = \"cement\"\n{extent} = \"80 %\""
        ));
        let found = cut(&plan, "NOx");
        assert!(
            close(found, wanted, 1e-9, 0.0),
            "{extent}: {found} for {wanted}"
        );
    }
    // Coke ovens: some have treatment, some have none.
    let by_hand = measure(
        "type = \"shift\"\nservice = \"coke\"\nfrom = [\"plain\", \"treated\"]\nto = { ule = \"100 %\" }\nshare = \"80 %\"",
    );
    let plan = measure("type = \"ultra-low-retrofit\"\nsector = \"coke\"\nshare = \"80 %\"");
    for pollutant in ["NOx", "SO2", "VOCs"] {
        let (found, wanted) = (cut(&plan, pollutant), cut(&by_hand, pollutant));
        assert!(
            wanted < -1000.0 && close(found, wanted, 1e-9, 0.0),
            "{pollutant}: {found}"
        );
    }
}

/// Every kind that gives a stage leaves none below it out: where current policy has moved
/// all plain plant one stage up, the measure still has something to take.
#[test]
fn no_kind_is_left_with_nothing_when_current_policy_has_moved_plant_one_stage_up() {
    let data = catalogue();
    for (service, stage, measure) in [
        (
            "cement",
            "sncr",
            "type = \"ultra-low-retrofit\"\nsector = \"cement\"",
        ),
        (
            "coke",
            "treated",
            "type = \"ultra-low-retrofit\"\nsector = \"coke\"",
        ),
        (
            "solvents",
            "voc-source",
            "type = \"voc-control\"\napproach = \"both\"",
        ),
        (
            "solvents",
            "voc-end",
            "type = \"voc-control\"\napproach = \"both\"",
        ),
    ] {
        let text = bare(data, data.region("hebei").unwrap(), 2020)
            + &format!(
                "\n[measures.before]\ntype = \"shift\"\npolicy = \"current\"\nservice = \"{service}\"\nfrom = [\"plain\"]\nto = {{ {stage} = \"100 %\" }}\nshare = \"100 %\"\nstart = 2016\nend = 2017\n\n[measures.a]\n{measure}\nshare = \"50 %\"\nstart = 2018\nend = 2020\n"
            );
        let plan = compiled(data, &scenario(data, &text));
        let service = data.service(service).unwrap();
        let below = data.technology_of(service, stage).unwrap();
        let levels = plan.stated_levels();
        let before = shares(&plan, &[levels[0], 0.0])[below.at()][5];
        let left = shares(&plan, &levels)[below.at()][5];
        assert!(
            before > 0.5 && close(left, before / 2.0, 1e-9, 0.0),
            "{text}\n{left} of {before}"
        );
    }
}

#[test]
fn what_is_taken_is_split_by_the_shares_of_each_year() {
    // There was no China VI car in 2016: 30,000 new cars could not take from them then.
    let (_, plan) = on_policy(
        "shaanxi",
        13,
        "[measures.nev]\ntype = \"new-energy-vehicles\"\nfleet = \"cars\"\nnumber = \"3 万辆\"\nstart = 2016\nend = 2020\n",
    );
    let petrol = ["car.pre3", "car.c3", "car.c4", "car.c5", "car.c6"];
    for year in 2016..=2020 {
        let found = now_and_before(&plan, &petrol, year);
        let all: f64 = found.iter().map(|(_, before)| before).sum();
        let taken: f64 = found.iter().map(|(now, before)| before - now).sum();
        assert!(taken > 0.0);
        for ((now, before), name) in found.iter().zip(petrol) {
            assert!(*now >= 0.0, "{name} in {year}: {now}");
            let own = taken * before / all;
            assert!(close(before - now, own, 1e-9, 1e-6), "{name} in {year}");
        }
    }
    assert!(now_and_before(&plan, &["car.c6"], 2016)[0].1.abs() < 1e-12);
    // The number by hand: 30,000 of a fleet that grew as the service did.
    let data = catalogue();
    let world = data.world(data.region("shaanxi").unwrap()).unwrap();
    let unit = jianpai::core::catalogue::StockUnit::Vehicles;
    let stock = world.stocks[&("passenger-vehicles".to_string(), unit)]
        .value
        .value;
    let service = data.service("passenger-vehicles").unwrap().at();
    let run = run_at(&plan, &plan.stated_levels());
    let fleet = stock * run.demand[service][5] / run.demand[service][0];
    let found = now_and_before(&plan, &petrol, 2020);
    let taken: f64 = found.iter().map(|(now, before)| before - now).sum();
    assert!(close(taken, 30_000.0 / fleet, 1e-9, 0.0), "{taken}");
}

const SAVING_AND_RETROFIT: &str = r#"
[measures.ule]
type = "ultra-low-retrofit"
sector = "steel"
share = "95 %"
start = 2016
end = 2020

[measures.saving]
type = "energy-efficiency"
services = ["steel"]
gain = "10 %"
start = 2016
end = 2020
"#;

#[test]
fn saving_on_plant_that_is_retrofitted_is_no_over_claim() {
    let (_, plan) = on_policy("shaanxi", 13, SAVING_AND_RETROFIT);
    let names = ["steel.bof-plain", "steel.bof-ule", "steel.eaf"];
    let found = now_and_before(&plan, &names, 2020);
    let [(plain, all), (ule, none), (eaf, electric)] = [found[0], found[1], found[2]];
    assert!(none.abs() < 1e-12 && (all + electric - 1.0).abs() < 1e-12);
    // By hand: 95 % of the plain plant is retrofitted; a tenth of the service is saved.
    // The 5 % left of plain give all of it, and the others what is missing.
    let retrofitted = 0.95 * all;
    let missing = 0.1 * all - 0.05 * all;
    let spare = (retrofitted, electric - 0.1 * electric);
    let of = |part: f64| missing * part / (spare.0 + spare.1);
    assert!(plain.abs() < 1e-12, "{plain}");
    assert!(close(ule, retrofitted - of(spare.0), 1e-12, 0.0), "{ule}");
    assert!(close(eaf, spare.1 - of(spare.1), 1e-12, 0.0), "{eaf}");
    let saved = now_and_before(&plan, &["steel.saved"], 2020)[0].0;
    assert!(close(saved, 0.1, 1e-12, 0.0), "{saved}");
}

#[test]
fn what_fits_beside_the_retrofit_is_split_as_without_it() {
    let roomy = SAVING_AND_RETROFIT.replace("95 %", "60 %");
    let (_, plan) = on_policy("shaanxi", 13, &roomy);
    let found = now_and_before(&plan, &["steel.bof-plain", "steel.eaf"], 2020);
    let [(plain, all), (eaf, electric)] = [found[0], found[1]];
    assert!(close(plain, all * (1.0 - 0.6 - 0.1), 1e-12, 0.0), "{plain}");
    assert!(close(eaf, electric * 0.9, 1e-12, 0.0), "{eaf}");
}

/// Closing, boiler phase-out, non-fossil power, rail and new-energy vehicles beside a
/// retrofit or renewal that leaves little of what they would take from.
#[test]
fn closing_and_displacing_go_beside_retrofits() {
    let pairs = [
        (
            "type = \"ultra-low-retrofit\"\nsector = \"power\"\nshare = \"100 %\"",
            "type = \"unit-closure\"\ncapacity = \"1000 MW\"\nto = { nonfossil = \"100 %\" }",
        ),
        (
            "type = \"ultra-low-retrofit\"\nsector = \"power\"\nshare = \"100 %\"",
            "type = \"non-fossil-power\"\nshare = \"5 %\"",
        ),
        (
            "type = \"ultra-low-retrofit\"\nsector = \"boilers\"\nshare = \"80 %\"",
            "type = \"coal-boiler-phaseout\"\nup_to = \"35 t/h\"\nshare = \"95 %\"\nto = { gas = \"60 %\", district = \"40 %\" }",
        ),
        (
            "type = \"ultra-low-retrofit\"\nsector = \"steel\"\nreach = \"90 %\"",
            "type = \"industry-structure\"\nservices = [\"steel\"]\ncut = \"8 %\"",
        ),
        (
            "type = \"old-vehicle-retirement\"\nfleet = \"trucks\"\nup_to = \"c3\"\nshare = \"100 %\"\nto = { c6 = \"100 %\" }",
            "type = \"rail-freight\"\nreach = \"50 %\"",
        ),
        (
            "type = \"old-vehicle-retirement\"\nfleet = \"cars\"\nup_to = \"c3\"\nshare = \"100 %\"\nto = { c6 = \"100 %\" }",
            "type = \"new-energy-vehicles\"\nfleet = \"cars\"\nreach = \"12 %\"",
        ),
    ];
    for (first, second) in pairs {
        let alone = format!("[measures.b]\n{second}\nstart = 2016\nend = 2020\n");
        let both = format!("[measures.a]\n{first}\nstart = 2016\nend = 2020\n{alone}");
        let (_, alone) = on_policy("shaanxi", 13, &alone);
        let (scenario, plan) = on_policy("shaanxi", 13, &both);
        let all = shares(&plan, &plan.stated_levels());
        let lowest = all.iter().flatten().copied().fold(f64::INFINITY, f64::min);
        assert!(lowest > -1e-9, "{second}: {lowest}");
        // The second moves as much as it does alone, and takes what adds up to it.
        let moved = |plan: &Plan| {
            let own = plan.measures.iter().find(|m| m.id == "b").unwrap();
            own.shifts.iter().map(|s| s.amount[5]).sum::<f64>()
        };
        assert!(close(moved(&plan), moved(&alone), 1e-12, 0.0), "{second}");
        explained(&scenario, &plan);
    }
}

/// Two measures that put something else in the place of the same plant still over-claim.
#[test]
fn a_true_over_claim_stays_one() {
    let data = catalogue();
    let text = bare(data, data.region("shaanxi").unwrap(), 2020)
        + r#"
[measures.boilers]
type = "coal-boiler-phaseout"
up_to = "35 t/h"
share = "70 %"
to = { gas = "100 %" }
start = 2016
end = 2020

[measures.again]
type = "coal-boiler-phaseout"
up_to = "10 t/h"
share = "50 %"
to = { gas = "100 %" }
start = 2016
end = 2020

[measures.close]
type = "industry-structure"
services = ["coke"]
cut = "70 %"
start = 2016
end = 2020

[measures.close-more]
type = "energy-efficiency"
services = ["coke"]
gain = "40 %"
start = 2016
end = 2020
"#;
    let errors = compile(data, &scenario(data, &text)).unwrap_err();
    let excess = |id: &str| {
        let k = data.technology(id).unwrap();
        errors.iter().find_map(|error| match error {
            PlanError::OverClaim {
                technology, excess, ..
            } if *technology == k => Some(*excess),
            _ => None,
        })
    };
    let world = data.world(data.region("shaanxi").unwrap()).unwrap();
    let small = world.shares[data.technology("steam.coal-le10").unwrap().at()].unwrap();
    // 70 % and 50 % of the boilers up to 10 t/h.
    let found = excess("steam.coal-le10").unwrap();
    assert!(close(found, 0.2 * small.value, 1e-9, 0.0), "{found}");
    let coke = ["coke.plain", "coke.treated", "coke.ule"];
    let all: f64 = coke.iter().filter_map(|id| excess(id)).sum();
    assert!(close(all, 0.1, 1e-9, 0.0), "{all}");
}

/// Explanations of a run in which technologies stand in for each other give its numbers.
fn explained(scenario: &Scenario, plan: &Plan) {
    let data = catalogue();
    let result = outcome::run(data, scenario, plan);
    let mut tape = Tape::new(data, scenario, plan);
    for (i, indicator) in data.indicators.iter().enumerate() {
        if !matches!(indicator.kind, IndicatorKind::Emission(..)) {
            continue;
        }
        for t in [1, 3, plan.span() - 1] {
            let root = tape.indicator(IndicatorId::from_usize(i), t);
            let (found, wanted) = (tape.node(root).value, result.indicators[i][t]);
            assert!(close(found, wanted, 1e-9, 0.0), "{found} and {wanted}");
        }
    }
}

#[test]
fn a_zone_gives_no_more_than_it_has() {
    let zone = "zone = \"shaanxi-guanzhong\"\n";
    let text = SAVING_AND_RETROFIT.replace("start = 2016", &format!("{zone}start = 2016"));
    let (scenario, plan) = on_policy("shaanxi", 13, &text);
    let data = catalogue();
    let part = data.zones[&(
        data.region("shaanxi-guanzhong").unwrap(),
        data.service("steel").unwrap(),
    )]
        .value;
    let found = now_and_before(&plan, &["steel.bof-plain", "steel.saved"], 2020);
    let [(plain, all), (saved, _)] = [found[0], found[1]];
    // In the zone nothing is left of plain plant, outside everything.
    assert!(close(plain, all * (1.0 - part), 1e-12, 0.0), "{plain}");
    assert!(close(saved, 0.1 * part, 1e-12, 0.0), "{saved}");
    explained(&scenario, &plan);
}
