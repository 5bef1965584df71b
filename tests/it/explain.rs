//! What `explain` says is what the model computed: every term follows from its
//! children, every root is the run's own result, every leaf is a row of the data or
//! a statement of the scenario, and weights are the derivatives that perturbing the
//! data gives.

use crate::support::{cases, catalogue, session};
use jianpai::core::catalogue::{Account, Catalogue};
use jianpai::core::compile;
use jianpai::core::dims::IndicatorId;
use jianpai::core::explain::{Input, NodeId, Op, Tape, What};
use jianpai::core::kernel::{self, Draw};
use jianpai::core::outcome;
use jianpai::core::plan::Plan;
use jianpai::core::provenance::Sourced;
use jianpai::core::scenario::Scenario;
use jianpai::load::diag::Files;
use jianpai::load::scenario::Loaded;
use proptest::prelude::*;
use rayon::prelude::*;
use std::path::Path;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn load(name: &str) -> (Loaded, Files) {
    let mut session = session();
    let loaded = session.try_load(&format!("{ROOT}/scenarios/{name}.toml"), None);
    match session.settle(loaded) {
        Ok(loaded) => (loaded, session.files().clone()),
        Err(error) => panic!("{error}"),
    }
}

fn read(name: &str) -> Scenario {
    load(name).0.scenario
}

fn compile(data: &Catalogue, scenario: &Scenario) -> Plan {
    compile::compile(data, scenario).unwrap_or_else(|errors| panic!("{errors:#?}"))
}

fn scenarios() -> Vec<String> {
    let entries = std::fs::read_dir(Path::new(ROOT).join("scenarios")).expect("the folder");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let toml = paths.filter(|path| path.extension().is_some_and(|e| e == "toml"));
    let mut names: Vec<String> = toml
        .map(|path| path.file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1e-12)
}

/// Every node follows from its children; every leaf has a place.
fn check_nodes(name: &str, tape: &Tape<'_>, (loaded, files): &(Loaded, Files)) {
    let data = tape.catalogue;
    for node in tape.nodes() {
        let values = tape.values(node);
        if let Some(value) = node.op.value(&values) {
            assert!(close(value, node.value), "{name}: {:?}", node.what);
            assert!(node.value.is_finite(), "{name}: {:?}", node.what);
            continue;
        }
        match node.what {
            What::Constant => {}
            What::Input(Input::Stated(statement)) => {
                let place = loaded.place(data, files, statement);
                let (file, line) = place.unwrap_or_else(|| panic!("{name}: {statement:?}"));
                let text = std::fs::read_to_string(&file).expect("a scenario file");
                let line = text.lines().nth(line - 1).expect("a line of it");
                assert!(line.contains('='), "{name}: {statement:?} at {line}");
            }
            What::Input(input) => {
                let found = tape.sourced(input);
                let (number, _) = found.unwrap_or_else(|| panic!("{name}: {input:?}"));
                assert!(close(number.value, node.value), "{name}: {input:?}");
                let file = &data.files[usize::from(number.origin.file)];
                let text = std::fs::read_to_string(Path::new(ROOT).join(file)).expect(file);
                assert!(
                    (2..=text.lines().count()).contains(&(number.origin.line as usize)),
                    "{name}: {file}:{}",
                    number.origin.line
                );
                assert!(data.sources.len() > number.origin.source.at());
            }
            other => panic!("{name}: a leaf that is no input: {other:?}"),
        }
    }
}

#[test]
fn every_term_follows_from_its_children_and_every_root_is_the_result() {
    let check = |name: &String| {
        let (data, source) = (catalogue(), load(name));
        let scenario = &source.0.scenario;
        let plan = compile(data, scenario);
        let result = outcome::run(data, scenario, &plan);
        let mut tape = Tape::new(data, scenario, &plan);
        let span = plan.span();
        let years = [0, 1, span / 2, span - 2, span - 1];
        for i in 0..data.indicators.len() {
            for t in years {
                let root = tape.indicator(IndicatorId::from_usize(i), t);
                let (found, wanted) = (tape.node(root).value, result.indicators[i][t]);
                assert!(
                    close(found, wanted),
                    "{name}: {} in {}: {found} and {wanted}",
                    data.indicators[i].named.id,
                    plan.years[t]
                );
                if let Some(shares) = tape.shares(root) {
                    let all: f64 = shares.by_status.iter().sum();
                    assert!(close(all + shares.stated, 1.0));
                }
            }
        }
        // What each measure changes, for emissions.
        let t = span - 1;
        for (i, indicator) in data.indicators.iter().enumerate() {
            let jianpai::core::catalogue::IndicatorKind::Emission(p, book) = indicator.kind else {
                continue;
            };
            let balance = outcome::balance(&plan, &result.run, Account::Pollutant(p, book), t);
            let balance = balance.expect("an account");
            for (item, value) in &balance.lines {
                if let outcome::Item::Measure(m) = item {
                    let root = tape.effect(*m, IndicatorId::from_usize(i), t);
                    let found = tape.node(root).value;
                    let scale = balance.lines[0].1.abs();
                    assert!(
                        (found - value).abs() <= 1e-9 * value.abs() + 1e-13 * scale,
                        "{name}: {} {found} {value}",
                        plan.measures[*m].id
                    );
                }
            }
        }
        check_nodes(name, &tape, &source);
    };
    scenarios().par_iter().for_each(check);
}

/// The result of a perturbed world.
fn result(data: &Catalogue, scenario: &Scenario, id: IndicatorId, t: usize) -> f64 {
    let plan = compile(data, scenario);
    let run = kernel::run(&plan, &Draw::stated(&plan));
    outcome::indicators(data, &plan, &run)[id.at()][t]
}

/// Multiplies the number behind an input by `1 + by`, as the docs say it counts:
/// shares and classes at the cost of the others.
fn perturb(data: &mut Catalogue, scenario: &mut Scenario, plan: &Plan, input: Input<'_>, by: f64) {
    let world = &mut scenario.world;
    let scale = |number: &mut Sourced| number.value *= 1.0 + by;
    match input {
        Input::Demand(v) => scale(world.demand[v.at()].as_mut().unwrap()),
        Input::Share(k) => {
            scale(world.shares[k.at()].as_mut().unwrap());
            let v = data.technologies[k.at()].service;
            let own = data.services[v.at()].technologies.iter();
            let sum: f64 = own
                .clone()
                .filter_map(|k| world.shares[k.at()])
                .map(|share| share.value)
                .sum();
            for k in own {
                if let Some(share) = world.shares[k.at()].as_mut() {
                    share.value /= sum;
                }
            }
        }
        Input::Factor(k, j) => scale(&mut data.technologies[k.at()].factors[j].1),
        Input::Credit(k, j) => scale(&mut data.technologies[k.at()].credits[j].1.value),
        Input::FuelUse(k, j) => scale(&mut data.technologies[k.at()].energy[j].1),
        Input::FuelFactor(c, j) => scale(&mut data.carriers[c.at()].factors[j].1),
        Input::Link(k, j) => scale(&mut data.technologies[k.at()].links[j].1),
        Input::Elasticity(v) => scale(&mut data.services[v.at()].elasticity),
        Input::Saving(v) => scale(&mut data.services[v.at()].saving),
        Input::Growth(d, year) => scale(&mut world.growth.get_mut(&(d, year)).unwrap().0),
        Input::Total(q) => {
            let inventory = world
                .inventory
                .get_mut(&plan.accounts[q].official())
                .unwrap();
            scale(&mut inventory.total.as_mut().unwrap().amount);
            for class in inventory.classes.values_mut() {
                scale(&mut class.amount);
            }
        }
        Input::Class(q, class) => {
            let inventory = world
                .inventory
                .get_mut(&plan.accounts[q].official())
                .unwrap();
            let sum = |i: &jianpai::core::catalogue::Inventory| -> f64 {
                i.classes.values().map(|class| class.amount.value).sum()
            };
            let before = sum(inventory);
            scale(&mut inventory.classes.get_mut(&class).unwrap().amount);
            let after = sum(inventory);
            for class in inventory.classes.values_mut() {
                class.amount.value *= before / after;
            }
        }
        Input::Zone(zone, v) => scale(data.zones.get_mut(&(zone, v)).unwrap()),
        Input::Parameter(id) => scale(&mut data.parameters.get_mut(id).unwrap().value),
        Input::Stock(group, unit) => {
            let key = (group.to_string(), unit);
            scale(&mut world.stocks.get_mut(&key).unwrap().value);
        }
        Input::Recorded(quantity, year) => {
            let key = (quantity.to_string(), year);
            scale(&mut world.recorded.get_mut(&key).unwrap().value);
        }
        Input::Stated(_) => panic!("not a number of the data"),
    }
}

/// Elasticities against finite differences: perturb one number of the data, compile
/// and run again. The heaviest numbers of each kind, in five results.
#[test]
fn weights_are_what_perturbing_the_data_gives() {
    let results = [
        ("shaanxi-2020", "SO2"),
        ("shaanxi-2020", "NOx"),
        ("shaanxi-2020", "CO2-per-GDP"),
        ("national-13fyp", "COD"),
        ("national-13fyp", "CO2-per-GDP"),
        ("national-13fyp-observed", "SO2"),
        ("national-13fyp", "rail-share"),
    ];
    let mut kinds = std::collections::BTreeSet::new();
    let checked: Vec<Vec<String>> = results.par_iter().map(differences).collect();
    for kind in checked.into_iter().flatten() {
        kinds.insert(kind);
    }
    // The comparison saw numbers of every sort.
    for kind in [
        "Demand",
        "Share",
        "Factor",
        "FuelUse",
        "FuelFactor",
        "Link",
        "Elasticity",
        "Saving",
        "Growth",
        "Total",
        "Class",
        "Parameter",
    ] {
        assert!(kinds.contains(kind), "{kind} is not among {kinds:?}");
    }
}

/// Compares the heaviest numbers of each kind; returns the kinds compared.
fn differences((name, indicator): &(&str, &str)) -> Vec<String> {
    let (data, stated) = (catalogue(), read(name));
    let plan = compile(data, &stated);
    let id = data.indicator(indicator).expect("an indicator");
    let t = plan.span() - 1;
    let mut tape = Tape::new(data, &stated, &plan);
    let root = tape.indicator(id, t);
    let value = tape.node(root).value;
    let mut seen: std::collections::BTreeMap<String, usize> = std::collections::BTreeMap::new();
    for weight in tape.weights(root) {
        if matches!(weight.input, Input::Stated(_)) {
            continue;
        }
        let kind = format!("{:?}", weight.input);
        let kind = kind.split('(').next().unwrap_or_default().to_string();
        let count = seen.entry(kind).or_default();
        *count += 1;
        if *count > 3 {
            continue;
        }
        let step = 1e-4;
        let moved = |by: f64| {
            let (mut data, mut scenario) = (data.clone(), stated.clone());
            for input in weight.also.iter().chain([&weight.input]) {
                perturb(&mut data, &mut scenario, &plan, *input, by);
            }
            result(&data, &scenario, id, t)
        };
        let difference = (moved(step) - moved(-step)) / (2.0 * step) / value;
        let wanted = weight.elasticity;
        assert!(
            (difference - wanted).abs() <= 1e-5 * wanted.abs().max(1e-2),
            "{name}, {indicator}: {:?}: {wanted} and {difference}",
            weight.input
        );
    }
    seen.into_keys().collect()
}

/// In the base year all rests on the official total; factors only distribute.
#[test]
fn in_the_base_year_everything_rests_on_the_official_total() {
    for (name, indicators) in [
        ("shaanxi-2020", ["COD", "NH3-N", "SO2", "NOx"]),
        ("national-13fyp", ["COD", "NH3-N", "SO2", "NOx"]),
    ] {
        let (data, scenario) = (catalogue(), read(name));
        let plan = compile(data, &scenario);
        let mut tape = Tape::new(data, &scenario, &plan);
        for indicator in indicators {
            let root = tape.indicator(data.indicator(indicator).unwrap(), 0);
            let weights = tape.weights(root);
            let total = weights
                .iter()
                .find(|weight| matches!(weight.input, Input::Total(_)))
                .expect("the total");
            assert!(close(total.elasticity, 1.0));
            let rest = weights.iter().filter(|w| w.node != total.node);
            assert!(rest.clone().all(|w| w.elasticity.abs() < 1e-9));
            let shares = tape.shares(root).unwrap();
            assert!((shares.firm() - 1.0).abs() < 1e-6, "{name} {indicator}");
        }
    }
}

/// Leaves count once, however many paths lead to them: the tape is a graph.
#[test]
fn a_number_used_twice_stands_once() {
    let (data, scenario) = (catalogue(), read("shaanxi-2020"));
    let plan = compile(data, &scenario);
    let mut tape = Tape::new(data, &scenario, &plan);
    let t = plan.span() - 1;
    let root = tape.indicator(data.indicator("SO2").unwrap(), t);
    let again = tape.indicator(data.indicator("SO2").unwrap(), t);
    assert_eq!(root, again);
    let mut inputs: Vec<String> = Vec::new();
    for node in tape.nodes() {
        assert!(node.op != Op::Leaf || node.children.is_empty());
        if let What::Input(input) = node.what {
            inputs.push(format!("{input:?}"));
        }
    }
    let count = inputs.len();
    inputs.sort();
    inputs.dedup();
    assert_eq!(inputs.len(), count);
    assert!(root > NodeId(0));
}

/// Units of a zone are closed that have less left than is asked of them, and are built
/// again in part: what the group lacks stays with the plain ones, in the run as in what
/// explains it.
#[test]
fn what_a_group_lacks_stays_where_it_was_asked_for() {
    let data = catalogue();
    let text = "[scenario]\nname_zh = \"关停\"\nname_en = \"closing\"\nregion = \"shaanxi\"\n\
        end_year = 2018\n[measures.closing]\ntype = \"unit-closure\"\npolicy = \"current\"\n\
        level = \"20 %\"\nzone = \"shaanxi-southern\"\nstart = 2016\nend = 2020\nramp = \"s-curve\"\n\
        to = { saved = \"60 %\", coal-plain = \"40 %\" }\ncapacity = \"9000 MW\"\nhours = \"3400 h\"\n";
    let loaded = super::support::load(data, &[("main.toml", text)]);
    let scenario = loaded.unwrap_or_else(|e| panic!("{e}")).scenario;
    let plan = compile(data, &scenario);
    let t = plan.span() - 1;
    let shift = &plan.measures[0].shifts[0];
    let bent = &shift.layout.as_ref().unwrap().taken[t].bent;
    assert!(bent.iter().any(|bent| bent.lacks), "{bent:?}");
    let taken: f64 = shift.take.iter().map(|(_, parts)| parts[t]).sum();
    assert!(close(taken, 1.0), "{taken}");
    let run = kernel::run(&plan, &Draw::stated(&plan));
    let values = outcome::indicators(data, &plan, &run);
    let mut tape = Tape::new(data, &scenario, &plan);
    for (i, values) in values.iter().enumerate() {
        let root = tape.indicator(IndicatorId::from_usize(i), t);
        let found = tape.node(root).value;
        assert!(close(found, values[t]), "{found} and {}", values[t]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// The same in random scenarios: every kind of measure, zones, coal caps, both
    /// kinds of join, any region.
    #[test]
    fn random_scenarios_are_explained_exactly(case in cases(6, 2)) {
        let data = catalogue();
        let run = kernel::run(&case.plan, &Draw::stated(&case.plan));
        let values = outcome::indicators(data, &case.plan, &run);
        let mut tape = Tape::new(data, &case.scenario, &case.plan);
        let last = case.plan.span() - 1;
        for (i, values) in values.iter().enumerate() {
            for t in [1, last] {
                let root = tape.indicator(IndicatorId::from_usize(i), t);
                let found = tape.node(root).value;
                let scale = 1e-9 * values[0].abs();
                prop_assert!(
                    (found - values[t]).abs() <= 1e-9 * values[t].abs() + scale,
                    "{} in {}: {found} and {}",
                    data.indicators[i].named.id,
                    case.plan.years[t],
                    values[t]
                );
            }
        }
        for node in tape.nodes() {
            if let Some(value) = node.op.value(&tape.values(node)) {
                prop_assert!(close(value, node.value), "{:?}", node.what);
            }
        }
    }
}

/// The coal a plant burns per kWh stands in the row of the plain plant and in that of
/// the retrofitted one. A retrofit takes it off the one and gives it to the other: of
/// one number nothing is left, and only what else differs between the two has a weight.
#[test]
fn a_number_in_two_rows_is_one_number() {
    let data = catalogue();
    let text = "[scenario]\nname_zh = \"一\"\nname_en = \"one\"\nregion = \"shaanxi\"\nend_year = 2019\n\
        extends = \"base.toml\"\n[measures.retrofit]\ntype = \"ultra-low-retrofit\"\nsector = \"power\"\n\
        share = \"10 %\"\nstart = 2016\nend = 2019\n";
    let base = include_str!("../../scenarios/base/current-policy-13fyp.toml");
    // Current policy retrofits nothing here: what is given is what is taken.
    let base = base.replace("end_year = 2020", "end_year = 2019");
    let files = [("main.toml", text), ("base.toml", base.as_str())];
    let loaded = super::support::load(data, &files).unwrap_or_else(|e| panic!("{e}"));
    let plan = compile(data, &loaded.scenario);
    let m = plan
        .measures
        .iter()
        .position(|m| m.id == "retrofit")
        .unwrap();
    let t = plan.span() - 1;
    let coal = |input: &Input<'_>| match input {
        Input::FuelUse(k, _) => {
            let id = &data.technologies[k.at()].named.id;
            id == "power.coal-plain" || id == "power.coal-ule"
        }
        _ => false,
    };
    let mut tape = Tape::new(data, &loaded.scenario, &plan);
    // The total burns the coal; both rows are one weight of it.
    let root = tape.indicator(data.indicator("CO2").unwrap(), t);
    let weights = tape.weights(root);
    let of_coal: Vec<_> = weights.iter().filter(|w| coal(&w.input)).collect();
    assert_eq!(of_coal.len(), 1, "{of_coal:?}");
    assert_eq!(of_coal[0].also.len(), 1);
    assert!(coal(&of_coal[0].also[0]));
    // The retrofit burns what it burnt before: no coal rate in its change of NOx, and
    // none in that of CO2, which is nothing at all.
    let root = tape.effect(m, data.indicator("NOx").unwrap(), t);
    assert!(tape.node(root).value < 0.0);
    assert!(tape.weights(root).iter().all(|w| !coal(&w.input)));
    let root = tape.effect(m, data.indicator("CO2").unwrap(), t);
    assert!(
        tape.node(root).value.abs() < 1.0,
        "{}",
        tape.node(root).value
    );
}
