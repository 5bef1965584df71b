//! The LMDI split of runs and of tables: exact, whatever moves, and the same from the
//! library, the result folder and the command line.

use super::program;
use super::support::{Case, cases, catalogue, close, physical, technologies};
use jianpai::core::catalogue::{Account, Book, Catalogue};
use jianpai::core::decompose::{Decomposition, Effect, Paths, Request, View};
use jianpai::core::dims::{ServiceId, TechnologyId};
use jianpai::core::kernel::{self, Draw};
use jianpai::core::measure::Policy;
use jianpai::core::plan::Plan;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// Every decomposition of a case between two years.
fn all(data: &Catalogue, case: &Case, from: usize, to: usize, chained: bool) -> Vec<Decomposition> {
    let draw = Draw::stated(&case.plan);
    let run = kernel::run(&case.plan, &draw);
    let paths = Paths::new(data, &case.plan, &draw, &run);
    let known =
        |a: &&Account| matches!(a, Account::Pollutant(..) | Account::Coal | Account::Energy);
    let accounts = case.plan.accounts.iter().filter(known);
    let requests = accounts.flat_map(|account| {
        [View::Technology, View::Kaya].map(|view| Request {
            account: *account,
            view,
            from,
            to,
            chained,
        })
    });
    requests
        .filter_map(|request| paths.decompose(request))
        .collect()
}

fn effect(found: &Decomposition, wanted: Effect) -> f64 {
    let effects = found.effects.iter();
    effects
        .filter(|(effect, _)| *effect == wanted)
        .map(|(_, value)| value)
        .sum()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn effects_sum_to_the_change(case in cases(5, 3), chained in any::<bool>(), cut in 0..4_usize) {
        let last = case.plan.span() - 1;
        let to = last - cut.min(last - 1);
        let found = all(catalogue(), &case, 0, to, chained);
        let accounted = catalogue().indicators.iter().filter(|i| i.book == Book::Accounted);
        let accounts = catalogue().pollutants.len() + accounted.count();
        prop_assert_eq!(found.len(), accounts + 3, "coal, energy, and CO2 once more");
        for found in &found {
            let sum: f64 = found.effects.iter().map(|(_, value)| value).sum();
            let top = found.from.abs().max(found.to.abs());
            prop_assert!(close(sum, found.to - found.from, 1e-9, top), "{:?}: {sum}", found.request);
            if let Some(ratios) = &found.ratios {
                let product: f64 = ratios.iter().product();
                prop_assert!(close(product, found.to / found.from, 1e-9, 1.0), "{product}");
            }
        }
    }

    /// Linked use is what the terms of new measures hold beside their own technologies.
    #[test]
    fn linked_use_is_that_of_new_measures(case in cases(5, 2)) {
        let plan = &case.plan;
        let (last, span) = (plan.span() - 1, plan.span());
        let run = kernel::run(plan, &Draw::stated(plan));
        for found in all(catalogue(), &case, 0, last, false) {
            let q = plan.account(found.request.account).unwrap();
            let mut linked = 0.0;
            for term in &plan.terms {
                let measure = &plan.measures[term.measure];
                let shifts = measure.shifts.iter().filter(|shift| shift.service == term.service);
                let own: f64 = shifts.map(|shift| {
                    let given = shift.give.iter().map(|(k, part)| part * plan.base_year.coefficient(*k, q));
                    let taken = shift.take.iter().map(|(k, parts)| parts[last] * plan.base_year.coefficient(*k, q));
                    shift.amount_in(plan.accounts[q])[last] * (given.sum::<f64>() - taken.sum::<f64>())
                }).sum();
                let extra = term.change[q * span + last] - own;
                let extra = measure.level * run.demand[term.service.at()][last] * extra;
                prop_assert!(measure.policy == Policy::New || extra.abs() <= 1e-9 * found.to.abs());
                linked += extra;
            }
            let top = found.from.abs().max(found.to.abs());
            let value = effect(&found, Effect::Linked);
            prop_assert!(close(value, linked, 1e-9, top), "{:?}: {value} {linked}", found.request);
            let join = effect(&found, Effect::Join);
            prop_assert!(close(join, run.join[q * span + last] - run.join[q * span], 1e-12, top));
        }
    }

    /// Without measures nothing moves among technologies or fuels.
    #[test]
    fn growth_alone_is_activity_structure_and_intensity(case in cases(3, 0)) {
        let mut case = case;
        case.plan.measures.iter_mut().for_each(|measure| measure.level = 0.0);
        for found in all(catalogue(), &case, 0, case.plan.span() - 1, false) {
            let top = found.from.abs().max(found.to.abs());
            if found.request.view == View::Technology {
                for still in [Effect::Saving, Effect::Energy, Effect::Control, Effect::Linked] {
                    prop_assert!(effect(&found, still).abs() <= 1e-9 * top, "{still:?}");
                }
            } else {
                prop_assert!(effect(&found, Effect::FuelMix).abs() <= 1e-9 * top);
            }
        }
    }
}

fn call(args: &[&str]) -> (i32, String, String) {
    program::call("en", args)
}

/// Rows of a CSV without quotes, by the header.
fn rows(text: &str) -> Vec<BTreeMap<&str, &str>> {
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    lines
        .map(|line| header.iter().copied().zip(line.split(',')).collect())
        .collect()
}

const OWN: &str = "tests/fixtures/factors.csv";
const SCENARIO: &str = "tests/fixtures/valid.toml";

/// The first step of the example published with LMDIR (see the tests of `lmdi`).
#[test]
fn a_table_of_ones_own() {
    let (code, text, errors) = call(&["decompose", OWN, "--csv"]);
    assert_eq!((code, errors.as_str()), (0, ""));
    assert!(text.starts_with("group,factor,effect,"), "{text}");
    let found = rows(&text);
    let value = |group: &str, factor: &str| -> f64 {
        let row = found
            .iter()
            .find(|row| row["group"] == group && row["factor"] == factor);
        row.unwrap()["effect"].parse().unwrap()
    };
    for (group, factor, published) in [
        ("one", "first", 50.474_380_29),
        ("one", "second", -25.237_190_14),
        ("two", "third", 24.902_249_96),
        ("total", "first", 69.790_065_98),
        ("total", "second", -9.455_125_793),
        ("total", "third", 39.665_059_81),
    ] {
        assert!(
            close(value(group, factor), published, 1e-8, 1.0),
            "{group} {factor}"
        );
    }
    assert_eq!(found.len(), 9);
    let args = ["decompose", OWN, "--csv", "--method", "multiplicative"];
    let (_, text, _) = call(&args);
    let totals: Vec<f64> = rows(&text)
        .iter()
        .filter(|row| row["group"] == "total")
        .map(|row| row["effect"].parse().unwrap())
        .collect();
    for (found, published) in totals
        .iter()
        .zip([1.761_117_821, 0.926_191_306, 1.379_410_116])
    {
        assert!(close(*found, published, 1e-8, 1.0), "{found} {published}");
    }
    assert!(close(totals.iter().product(), 180.0 / 80.0, 1e-12, 1.0));
    let (_, text, _) = call(&["decompose", OWN, "--json"]);
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert!(close(
        value["total"]["first"].as_f64().unwrap(),
        69.790_065_98,
        1e-8,
        1.0
    ));
    let (_, text, _) = call(&["decompose", OWN]);
    assert!(
        text.contains("Total") && text.contains("80.00 → 180.0"),
        "{text}"
    );
}

#[test]
fn what_cannot_be_decomposed_is_refused() {
    for args in [
        &["decompose", "no/such.csv"][..],
        &["decompose", "no/such.toml"],
        &["decompose", "README.md"],
        &["decompose", OWN, "--chained"],
        &["decompose", OWN, "--indicator", "SO2"],
        &["decompose", SCENARIO, "--indicator", "SO3"],
        &["decompose", SCENARIO, "--indicator", "rail-share"],
        &["decompose", SCENARIO, "--from", "2018", "--to", "2017"],
        &["decompose", SCENARIO, "--to", "2031"],
        &["decompose", "tests/invalid/factors-several-problems.csv"],
        &["decompose", "tests/invalid/over-claim.toml"],
        &["decompose", OWN, "--csv", "--json"],
    ] {
        let (code, out, errors) = call(args);
        assert_eq!((code, out.as_str()), (2, ""), "{args:?}");
        assert!(!errors.is_empty(), "{args:?}");
    }
}

/// The result folder, the command and the library say the same.
#[test]
fn a_run_leaves_its_split_beside_the_balance() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_str().unwrap();
    assert_eq!(call(&["run", "--no-charts", "--out", out, SCENARIO]).0, 0);
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    let written = read("valid/decomposition.csv");
    let (code, printed, _) = call(&["decompose", SCENARIO, "--csv", "--out", out]);
    assert_eq!(code, 0);
    assert_eq!(written, printed);
    assert_eq!(read("valid-decomposition/decomposition.csv"), printed);
    for chart in ["SO2.zh", "SO2.en", "CO2-kaya.zh", "coal.en"] {
        let svg = read(&format!("valid-decomposition/decomposition-{chart}.svg"));
        assert!(
            svg.starts_with("<svg") || svg.starts_with("<?xml"),
            "{chart}"
        );
    }
    // Effects sum to the change, which is that of the balance.
    let mut sums: BTreeMap<(&str, &str, &str), (f64, f64)> = BTreeMap::new();
    for row in &rows(&written) {
        let number = |key: &str| row[key].parse::<f64>().unwrap();
        let sum = sums
            .entry((row["account"], row["book"], row["view"]))
            .or_insert((0.0, number("total")));
        sum.0 += number("value");
    }
    assert!(sums.len() > 7, "{sums:?}");
    let balance = read("valid/balance.csv");
    for ((account, book, view), (sum, total)) in sums {
        let line = |item: &str, year: &str| -> f64 {
            let found = rows(&balance).into_iter().find(|row| {
                row["account"] == account
                    && row["book"] == book
                    && row["item"] == item
                    && row["year"] == year
            });
            found.unwrap()["value"].parse().unwrap()
        };
        let change = line("total", "2020") - line("base", "2020");
        let scale = line("base", "2020");
        assert!(close(sum, total, 1e-9, scale), "{account} {view}");
        assert!(
            close(total, change, 1e-9, scale),
            "{account} {view}: {total} {change}"
        );
    }
}

/// A base share with the changes of it by measure and year.
type Path<'p> = (&'p mut f64, &'p mut Vec<(usize, Vec<f64>)>);

/// Halves a share and its twin, of which `drift` of the year goes from the one to the other.
fn halve((old, new): (Path<'_>, Path<'_>), (levels, drift): (&[f64], &dyn Fn(usize) -> f64)) {
    let (base, changes) = old;
    *base /= 2.0;
    *new.0 = *base;
    for (_, change) in changes.iter_mut() {
        for cell in change.iter_mut() {
            *cell /= 2.0;
        }
    }
    new.1.clone_from(changes);
    let acts = changes.iter().position(|(m, _)| levels[*m] > 0.0);
    let Some(acts) = acts else {
        return;
    };
    for t in 0..changes[acts].1.len() {
        let moves = changes.iter().map(|(m, c)| levels[*m] * c[t]);
        let half = *base + moves.sum::<f64>();
        let moved = half * drift(t) / levels[changes[acts].0];
        changes[acts].1[t] -= moved;
        new.1[acts].1[t] += moved;
    }
}

/// The catalogue and plan with technology `k` cut into two that emit alike. By the
/// year at `t` of `n`, `drift·t/n` of the share of its year has gone from the one to
/// the other.
fn cut(data: &Catalogue, plan: &Plan, k: TechnologyId, drift: f64) -> (Catalogue, Plan) {
    let (mut data, mut plan) = (data.clone(), plan.clone());
    let twin = TechnologyId::from_usize(data.technologies.len());
    let technology = data.technologies[k.at()].clone();
    let v = technology.service;
    data.technologies.push(technology);
    // The last technology of a service is what is saved of it.
    let last = data.services[v.at()].technologies.len() - 1;
    data.services[v.at()].technologies.insert(last, twin);
    let own = plan.base_year.coefficients.row(k.at()).to_vec();
    plan.base_year.coefficients.push(&own);
    plan.base_year.shares[k.at()] /= 2.0;
    plan.base_year.shares.push(plan.base_year.shares[k.at()]);
    plan.base_year.credited[k.at()] /= 2.0;
    plan.base_year
        .credited
        .push(plan.base_year.credited[k.at()]);
    plan.service.push(v);
    let levels = plan.stated_levels();
    let row = plan.shares.iter().position(|row| row.technology == k);
    let Some(row) = row else {
        return (data, plan);
    };
    let old = &mut plan.shares[row];
    let mut new = old.clone();
    new.technology = twin;
    let years = plan.years.len();
    let drift = |t: usize| drift * t as f64 / years as f64;
    halve(
        (
            (&mut old.base, &mut old.changes),
            (&mut new.base, &mut new.changes),
        ),
        (&levels, &drift),
    );
    let (was, is) = (&mut old.credited, &mut new.credited);
    halve(
        ((&mut was.0, &mut was.1), (&mut is.0, &mut is.1)),
        (&levels, &drift),
    );
    plan.shares.push(new);
    (data, plan)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// A technology cut into two that emit alike, whatever goes from the one to the
    /// other: no effect changes.
    #[test]
    fn a_technology_cut_in_two_changes_no_effect(
        case in cases(5, 2),
        which in any::<prop::sample::Index>(),
        drift in prop::sample::select(vec![0.0, 0.3, 0.9]),
        chained in any::<bool>(),
    ) {
        let data = catalogue();
        let saved: Vec<_> = (0..data.services.len()).map(|v| data.saved(ServiceId::from_usize(v))).collect();
        let counts = technologies(data).filter(|k| {
            let moves = case.plan.shares.iter().any(|row| row.technology == *k);
            !saved.contains(k) && (moves || case.plan.base_year.shares[k.at()] > 0.0)
        });
        let counts: Vec<TechnologyId> = counts.collect();
        let k = counts[which.index(counts.len())];
        let last = case.plan.span() - 1;
        let before = all(data, &case, 0, last, chained);
        let (data, plan) = cut(data, &case.plan, k, drift);
        // The run itself is what it was: terms, not shares, make it.
        let case = Case { scenario: case.scenario.clone(), plan, text: String::new() };
        let after = all(&data, &case, 0, last, chained);
        prop_assert_eq!(before.len(), after.len());
        for (a, b) in before.iter().zip(&after) {
            let top = a.from.abs().max(a.to.abs());
            for ((effect, x), (_, y)) in a.effects.iter().zip(&b.effects) {
                prop_assert!(
                    close(*x, *y, 1e-9, top),
                    "{:?} {:?} of {:?}: {x} and {y}", effect, k, a.request
                );
            }
        }
    }
}

/// Retrofits that leave CO2 as it is are no effect on CO2, however demand moves: only
/// another fuel, or a technology that burns more or less, is.
#[test]
fn a_filter_is_no_effect_on_co2() {
    let data = catalogue();
    let text = super::support::bare(data, data.region("shaanxi").unwrap(), 2020)
        + "[measures.ule]\ntype = \"ultra-low-retrofit\"\nsector = \"power\"\nshare = \"100 %\"\nstart = 2016\nend = 2019\n";
    let scenario = super::support::scenario(data, &text);
    let plan = super::support::compiled(data, &scenario);
    let case = Case {
        scenario,
        plan,
        text,
    };
    let last = case.plan.span() - 1;
    let found = all(data, &case, 0, last, false);
    let co2 = physical(data.pollutant("CO2").unwrap());
    let nox = physical(data.pollutant("NOx").unwrap());
    for found in found.iter().filter(|d| d.request.view == View::Technology) {
        if found.request.account == co2 {
            let control = effect(found, Effect::Control);
            assert!(control.abs() < found.from * 1e-9, "{control}");
        }
        if found.request.account == nox {
            assert!(effect(found, Effect::Control) < -found.from * 0.01);
        }
    }
}
