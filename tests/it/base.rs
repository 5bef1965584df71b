//! Scenarios that count from a later base year than the data: κ of the base year worked out
//! by hand, what comes after it the same as in the run from 2015, nothing joined to 2015
//! without a splice.

use crate::program;
use crate::support::{
    bare, cases, catalogue, close, compiled, load, physical, run_at, scenario, shares,
};
use jianpai::core::account::UnitKind;
use jianpai::core::catalogue::{Account, Book, Catalogue};
use jianpai::core::compile::compile;
use jianpai::core::dims::TechnologyId;
use jianpai::core::outcome::{self, Item};
use jianpai::core::plan::Plan;
use jianpai::core::scenario::Scenario;
use jianpai::core::target::Demand;
use proptest::prelude::*;

const POLICY_13: &str = include_str!("../../scenarios/base/current-policy-13fyp.toml");
const POLICY_14: &str = include_str!("../../scenarios/base/current-policy-14fyp.toml");
const POLICY_15: &str = include_str!("../../scenarios/base/current-policy-15fyp.toml");

/// Current policy to 2030 in a region, counted from a base, with more below.
fn from(region: &str, base: i32, more: &str) -> Scenario {
    let main = format!(
        "[scenario]\nname_zh = \"试\"\nname_en = \"Try\"\nregion = \"{region}\"\nextends = \"base/current-policy-15fyp.toml\"\nbase = {base}\nend_year = 2030\n{more}"
    );
    let files = [
        ("main.toml", main.as_str()),
        ("base/current-policy-13fyp.toml", POLICY_13),
        ("base/current-policy-14fyp.toml", POLICY_14),
        ("base/current-policy-15fyp.toml", POLICY_15),
    ];
    match load(catalogue(), &files) {
        Ok(loaded) => loaded.scenario,
        Err(problems) => panic!("{problems}"),
    }
}

/// An account in a year, by the run as stated.
fn at(plan: &Plan, account: Account, year: i32) -> f64 {
    let run = run_at(plan, &plan.stated_levels());
    let q = plan.account(account).expect("an account");
    run.total.at(q, plan.year(year).expect("a year of the run"))
}

/// F·D·S of a technology in a year of a plan from 2015: what it emits before calibration.
fn raw(data: &Catalogue, plan: &Plan, account: Account, (k, year): (usize, i32)) -> f64 {
    let run = run_at(plan, &plan.stated_levels());
    let t = plan.year(year).unwrap();
    let share = shares(plan, &plan.stated_levels())[k][t];
    let technology = &data.technologies[k];
    let factor = data.coefficient(TechnologyId::from_usize(k), account);
    factor * run.demand[technology.service.at()][t] * share
}

fn amount(data: &Catalogue, pollutant: &str) -> Account {
    physical(data.pollutant(pollutant).unwrap())
}

/// κ of 2020 = official amount of 2020 / Σ F·A of 2020, A by the run from 2015.
#[test]
fn kappa_of_2020_is_the_official_amount_over_what_was_done_in_2020() {
    let data = catalogue();
    let before = compiled(data, &from("china", 2015, ""));
    let plan = compiled(data, &from("china", 2020, ""));
    assert_eq!(plan.years[0], 2020);
    // Amounts of the yearbook of 2020 by class, 10⁴ t, as in the data.
    for (pollutant, class, official) in [
        ("SO2", "power", 78.0),
        ("SO2", "domestic", 64.8),
        ("NOx", "motor-vehicles", 566.9),
        ("COD", "rural", 466.8337),
        ("NH3-N", "agriculture", 25.4),
    ] {
        let (account, id) = (amount(data, pollutant), data.class(class).unwrap());
        let own = |k: &usize| data.technologies[*k].class == id;
        let technologies = (0..data.technologies.len()).filter(own);
        let sum: f64 = technologies
            .map(|k| raw(data, &before, account, (k, 2020)))
            .sum();
        let found = plan.base_year.kappas.iter();
        let found = found
            .clone()
            .find(|kappa| kappa.account == account && kappa.class == Some(id))
            .unwrap();
        assert_eq!(found.year, Some(2020));
        let wanted = official * 1e4 / sum;
        assert!(
            close(found.value, wanted, 1e-9, 0.0),
            "{pollutant} {class}: {} and {wanted}",
            found.value
        );
    }
}

/// In both books the base year is the official total of 2020; a draw that varies a level of
/// current policy leaves it there.
#[test]
fn the_base_year_equals_the_official_totals_of_2020_in_every_draw() {
    let data = catalogue();
    let plan = compiled(data, &from("china", 2020, ""));
    let official = [
        ("COD", 2564.8),
        ("NH3-N", 98.4),
        ("SO2", 318.2),
        ("NOx", 1019.7),
    ];
    let mut levels = plan.stated_levels();
    for (m, level) in levels.iter_mut().enumerate() {
        *level *= if m % 2 == 0 { 0.5 } else { 0.0 };
    }
    for levels in [plan.stated_levels(), levels] {
        let run = run_at(&plan, &levels);
        for (pollutant, wanted) in official {
            let p = data.pollutant(pollutant).unwrap();
            for book in Book::ALL {
                let q = plan.account(Account::Pollutant(p, book)).unwrap();
                let found = run.total.at(q, 0) / 1e4;
                assert!(close(found, wanted, 1e-6, 0.0), "{pollutant}: {found}");
            }
        }
        let vocs = plan.account(amount(data, "VOCs")).unwrap();
        assert!(close(run.total.at(vocs, 0), 610.2e4, 1e-9, 0.0));
        let coal = plan.account(Account::Coal).unwrap();
        assert!(close(run.total.at(coal, 0), 4980e5 * 5.68, 1e-9, 0.0));
    }
}

/// What follows is Σ κ·F·A with A of the run from 2015: by technology, independently.
#[test]
fn later_years_follow_from_the_same_activities() {
    let data = catalogue();
    let before = compiled(data, &from("china", 2015, ""));
    let plan = compiled(data, &from("china", 2020, ""));
    for pollutant in ["SO2", "COD"] {
        let account = amount(data, pollutant);
        let kappa = |class| {
            let mut all = plan.base_year.kappas.iter();
            all.find(|kappa| kappa.account == account && kappa.class == Some(class))
                .map(|kappa| kappa.value)
        };
        for year in [2020, 2023, 2030] {
            let parts = (0..data.technologies.len()).filter_map(|k| {
                let kappa = kappa(data.technologies[k].class)?;
                Some(kappa * raw(data, &before, account, (k, year)))
            });
            let wanted: f64 = parts.sum();
            let found = at(&plan, account, year);
            assert!(
                close(found, wanted, 1e-9, 0.0),
                "{pollutant} {year}: {found} and {wanted}"
            );
        }
    }
}

/// Where a region has no official total of the base year, the base is what the run from
/// 2015 comes to; the nation's of 2025 is what the run from 2020 comes to.
#[test]
fn a_projected_base_is_the_result_of_the_run_up_to_it() {
    let data = catalogue();
    let plans = |region: &str| [2015, 2020, 2025].map(|b| compiled(data, &from(region, b, "")));
    let [a, b, c] = plans("shaanxi");
    let [_, nation_20, nation_25] = plans("china");
    for account in data.accounts() {
        if account.unit_kind() == UnitKind::Money {
            continue;
        }
        for year in [2025, 2027, 2030] {
            let wanted = at(&a, account, year);
            for plan in [&b, &c] {
                let found = at(plan, account, year);
                assert!(
                    close(found, wanted, 1e-9, 1e-3),
                    "{account:?} {year}: {found} and {wanted}"
                );
            }
            let (found, wanted) = (at(&nation_25, account, year), at(&nation_20, account, year));
            assert!(close(found, wanted, 1e-9, 1e-3), "{account:?} {year}");
        }
    }
    // What stands behind each base is told.
    let bases = from("china", 2025, "").bases(data);
    assert!(bases.iter().all(|base| !base.official));
    let from_2020 = bases.iter().filter(|base| base.year == 2020);
    assert_eq!(from_2020.count(), 7, "{bases:?}");
    let bases = from("china", 2020, "").bases(data);
    assert_eq!(bases.iter().filter(|base| base.official).count(), 7);
    let bases = from("shaanxi", 2020, "").bases(data);
    assert!(!bases.is_empty() && bases.iter().all(|base| base.year == 2015));
    assert!(from("china", 2015, "").bases(data).is_empty());
}

/// A reduction from the base is 1 − E/E_base, the index is 1 in the base year, and the
/// balance has no residual.
#[test]
fn reductions_and_balances_count_from_the_base() {
    let data = catalogue();
    let target = "\n[targets.so2]\nindicator = \"SO2\"\nyear = 2030\nreduction = \"10 %\"\n\n[targets.co2]\nindicator = \"CO2-per-GDP\"\nyear = 2030\nreduction = \"10 %\"\n";
    let scenario = from("china", 2025, target);
    for target in &scenario.targets {
        assert!(matches!(target.demand, Demand::Reduction { base_year, .. } if base_year == 2025));
    }
    let plan = compiled(data, &scenario);
    let result = outcome::run(data, &scenario, &plan);
    assert_eq!(result.years, (2025..=2030).collect::<Vec<i32>>());
    let p = data.pollutant("SO2").unwrap();
    let so2 = Account::Pollutant(p, Book::Accounted);
    let by_hand = 1.0 - at(&plan, so2, 2030) / at(&plan, so2, 2025);
    let reached = result.verdicts[0].as_ref().unwrap().reached;
    assert!(close(reached, by_hand, 1e-12, 0.0), "{reached} {by_hand}");
    let co2 = data.indicator("CO2-per-GDP").unwrap();
    assert!(close(result.indicators[co2.at()][0], 1.0, 1e-15, 0.0));
    let carbon = amount(data, "CO2");
    let grown: f64 = 1.0475_f64.powi(5);
    let by_hand = 1.0 - at(&plan, carbon, 2030) / at(&plan, carbon, 2025) / grown;
    let reached = result.verdicts[1].as_ref().unwrap().reached;
    assert!(close(reached, by_hand, 1e-12, 0.0), "{reached} {by_hand}");
    for account in data.accounts() {
        let balance = outcome::balance(&plan, &result.run, account, 5).unwrap();
        let value = |wanted: &Item| {
            let mut lines = balance.lines.iter();
            lines.find(|(item, _)| item == wanted).unwrap().1
        };
        let parts = balance
            .lines
            .iter()
            .filter(|(item, _)| *item != Item::Total);
        let sum: f64 = parts.map(|(_, value)| value).sum();
        let total = value(&Item::Total);
        assert!(close(sum, total, 1e-9, 1e-3), "{account:?}: {sum} {total}");
        let base = value(&Item::Base);
        let wanted = at(&plan, account, 2025);
        assert!(
            close(base, wanted, 1e-9, 1e-3),
            "{account:?}: {base} {wanted}"
        );
    }
}

/// `base = 2015` is what it is without it, to the bit.
#[test]
fn base_2015_is_todays_run_to_the_bit() {
    let data = catalogue();
    let china = data.region("china").unwrap();
    let text = bare(data, china, 2025);
    let run = |text: &str| {
        let plan = compiled(data, &scenario(data, text));
        assert!(plan.whole.is_none() && plan.first == 0);
        crate::support::bits(&run_at(&plan, &plan.stated_levels()))
    };
    let named = text.replace("end_year", "base = 2015\nend_year");
    assert_eq!(run(&text), run(&named));
}

/// An amount of the 2015 calibre is no observation of a base of 2020 unless a splice
/// carries it there.
#[test]
fn nothing_of_2015_joins_a_later_base_without_a_splice() {
    let data = catalogue();
    let china = data.region("china").unwrap();
    let text = bare(data, china, 2025).replace(
        "end_year = 2025",
        "base = 2020\nend_year = 2025\nharmonise = \"ratio\"",
    );
    let seen = "\n[observed.so2]\nindicator = \"SO2\"\nyear = 2021\nvalue = \"1000 万t\"\ncalibre = \"env-stats-2015\"\n";
    let problems = load(data, &[("main.toml", &(text.clone() + seen))]).unwrap_err();
    for part in [
        "error[calibre-mixed]",
        "main.toml:",
        "environmental statistics from 2020",
        "data/inventory.csv:",
        "on 2020: an artefact",
        "declare a splice",
    ] {
        assert!(problems.contains(part), "{part:?} is not in\n{problems}");
    }
    let splice = "\n[splice.so2]\nindicator = \"SO2\"\nfrom = \"env-stats-2015\"\nto = \"stats-2020\"\nfactor = 0.29\nsource = \"a paper\"\n";
    let joined = scenario(data, &(text.clone() + seen + splice));
    let wanted = 1.0 - 1000.0 * 0.29 / 318.2;
    assert!(close(joined.observed[0].reduction, wanted, 1e-12, 0.0));
    let plan = compiled(data, &joined);
    assert!(close(
        at(&plan, amount(data, "SO2"), 2021),
        290e4,
        1e-9,
        0.0
    ));
    // Of one calibre no splice is needed, and progress on 2020 is accounted for.
    let own = seen.replace("env-stats-2015", "stats-2020");
    let joined = scenario(data, &(text.clone() + &own.replace("1000", "274.78")));
    let wanted = 1.0 - 274.78 / 318.2;
    assert!(close(joined.observed[0].reduction, wanted, 1e-12, 0.0));
    let cut = "\n[observed.so2]\nindicator = \"SO2\"\nyear = 2021\nreduction = \"5 %\"\n";
    let joined = scenario(data, &(text + cut));
    let seen = &joined.observed[0];
    assert_eq!(data.calibres[seen.calibre.at()].id, "mee-fixed-base-2020");
    assert_eq!(data.indicators[seen.indicator.at()].book, Book::Accounted);
}

/// A province's own totals of 2025 make its base; a row of another year is refused.
#[test]
fn an_own_inventory_of_the_base_year_makes_the_base() {
    let data = catalogue();
    let head = "region,account,class,year,value,unit,calibre,source,status,note\n";
    let rows = |year: i32| {
        let classes = [("power", 3.0), ("industry", 9.0), ("domestic", 2.0)];
        let rows = classes.map(|(class, value)| {
            format!("shaanxi,SO2,{class},{year},{value},1e4 t,stats-2020,own-inventory,quoted,\n")
        });
        head.to_string() + &rows.concat()
    };
    let try_with = |year: i32| {
        let main = "[scenario]\nname_zh = \"试\"\nname_en = \"Try\"\nregion = \"shaanxi\"\nextends = \"base/current-policy-15fyp.toml\"\ninventory = \"own.csv\"\nend_year = 2030\n";
        let own = rows(year);
        let files = [
            ("main.toml", main),
            ("own.csv", own.as_str()),
            ("base/current-policy-13fyp.toml", POLICY_13),
            ("base/current-policy-14fyp.toml", POLICY_14),
            ("base/current-policy-15fyp.toml", POLICY_15),
        ];
        load(data, &files).map(|loaded| loaded.scenario)
    };
    let scenario = try_with(2025).unwrap_or_else(|problems| panic!("{problems}"));
    let plan = compiled(data, &scenario);
    assert!(close(at(&plan, amount(data, "SO2"), 2025), 14e4, 1e-9, 0.0));
    let bases = scenario.bases(data);
    assert_eq!(bases.iter().filter(|base| base.official).count(), 1);
    let refused = try_with(2015).unwrap_err();
    assert!(
        refused.contains("error[base-year]") && refused.contains("2025"),
        "{refused}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 24,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// Cutting a plan of any measures to a later year changes nothing from then on; shares
    /// sum to 1; what levels change counts from the base.
    #[test]
    fn a_plan_cut_to_a_later_base_goes_on_as_it_was(case in cases(5, 0), part in 0.0..1.0_f64) {
        let data = catalogue();
        let end = case.scenario.end_year.max(2022);
        let mut before = case.scenario.clone();
        before.measures.retain(|measure| !measure.kind.is_cap());
        before.end_year = end;
        let mut after = before.clone();
        after.base_year = 2020;
        let (Ok(before), Ok(plan)) = (compile(data, &before), compile(data, &after)) else {
            return Ok(());
        };
        prop_assert_eq!(plan.years[0], 2020);
        let (levels, span) = (plan.stated_levels(), plan.span());
        let (old, new) = (run_at(&before, &levels), run_at(&plan, &levels));
        let other: Vec<f64> = levels.iter().map(|level| level * part).collect();
        let new_other = run_at(&plan, &other);
        for q in 0..plan.accounts.len() {
            let scale: f64 = old.frozen.row(q).iter().fold(1e-6, |a, b| a.max(b.abs()));
            for t in 0..span {
                let (a, b) = (old.total.at(q, t + 5), new.total.at(q, t));
                prop_assert!(close(a, b, 1e-9, scale), "{:?} {t}: {a} {b}", plan.accounts[q]);
            }
            // The base does not move with the levels.
            let (a, b) = (new.total.at(q, 0), new_other.total.at(q, 0));
            prop_assert!(close(a, b, 1e-9, scale));
            // What comes after it moves by what is done after it alone, at the demand of
            // its own year.
            for (m, level) in levels.iter().enumerate() {
                let terms = plan.terms.iter().filter(|term| term.measure == m);
                let wanted: f64 = terms
                    .map(|term| {
                        let whole = before.terms.iter().find(|w| {
                            w.measure == m && w.service == term.service
                        });
                        let whole = &whole.unwrap().change;
                        let demand = new.demand[term.service.at()][span - 1];
                        level * demand * (whole.at(q, span + 4) - whole.at(q, 5))
                    })
                    .sum();
                let found = new.change.at(m, q, span - 1);
                prop_assert!(close(found, wanted, 1e-9, scale), "{found} {wanted}");
            }
        }
        for service in &data.services {
            let sum: f64 = service
                .technologies
                .iter()
                .map(|k| plan.base_year.shares[k.at()])
                .sum();
            prop_assert!(sum == 0.0 || close(sum, 1.0, 1e-9, 1.0), "{sum}");
        }
    }
}

/// Every command takes a scenario that counts from a later year, and says what its base is.
#[test]
fn every_command_takes_a_later_base() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_str().unwrap();
    let root = env!("CARGO_MANIFEST_DIR");
    let path = |name: &str| format!("{root}/scenarios/{name}.toml");
    let (planned, weak) = (path("national-15fyp-planned"), path("national-15fyp-weak"));
    // A sweep beside copies of what it extends.
    let base = folder.path().join("base");
    std::fs::create_dir(&base).unwrap();
    for name in [
        "base/current-policy-13fyp",
        "base/current-policy-14fyp",
        "base/current-policy-15fyp",
        "national-15fyp-planned",
    ] {
        let to = folder.path().join(format!("{name}.toml"));
        std::fs::copy(path(name), to).unwrap();
    }
    let sweep = folder.path().join("swept.toml");
    let text = "[scenario]\nname_zh = \"试\"\nname_en = \"Try\"\nextends = \"national-15fyp-planned.toml\"\n\n[sweep]\ndesign = \"latin-hypercube\"\ndraws = 200\nseed = 1\nyears = [2025, 2030]\n\n[sweep.inputs.saving]\nlevel = \"saving\"\nuniform = [\"0 %\", \"100 %\"]\n\n[sweep.inputs.gdp]\ngrowth = \"gdp\"\nuniform = [\"-1 %\", \"1 %\"]\n";
    std::fs::write(&sweep, text).unwrap();
    let sweep = sweep.to_str().unwrap();
    let calls: [&[&str]; 7] = [
        &["run", &planned, "--lang", "en", "--out", out],
        &["explain", &planned, "SO2", "2030", "--lang", "en"],
        &[
            "explain",
            &planned,
            "CO2-per-GDP",
            "2028",
            "--measure",
            "coke-ule",
            "--json",
        ],
        &["diff", &planned, &weak, "--lang", "en"],
        &["decompose", &planned, "--lang", "en"],
        &["check", &planned, "--lang", "en"],
        &[
            "sweep", sweep, "--format", "csv", "--lang", "en", "--out", out,
        ],
    ];
    for args in calls {
        let (code, shown, errors) = program::said(&mut program::command(args));
        assert_eq!(code, 0, "{args:?}\n{errors}");
        assert!(!shown.contains("2015–2030"), "{args:?}\n{shown}");
        if args[0] == "run" {
            assert!(shown.contains("base 2025: "), "{shown}");
            assert!(shown.contains("projected from 2020"), "{shown}");
        }
    }
    // In every draw the base is the same.
    let rows = std::fs::read_to_string(folder.path().join("swept/draws.csv")).unwrap();
    let mut lines = rows.lines();
    let column = lines
        .next()
        .unwrap()
        .split(',')
        .position(|name| name == "SO2@2025");
    let column = column.expect("a column of the base year");
    let mut bases: Vec<&str> = lines
        .map(|line| line.split(',').nth(column).unwrap())
        .collect();
    bases.dedup();
    assert_eq!(bases.len(), 1, "{bases:?}");
    let manifest = folder.path().join("national-15fyp-planned/manifest.json");
    let manifest = std::fs::read_to_string(manifest).unwrap();
    let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
    let base = manifest["base"].as_array().unwrap();
    assert!(base.iter().all(|own| own["is"] == "projected"), "{base:?}");
    let meta = folder.path().join("national-15fyp-planned/meta.csv");
    let meta = std::fs::read_to_string(meta).unwrap();
    assert!(meta.lines().next().unwrap().ends_with(",base"), "{meta}");
    assert!(meta.contains("SO2 projected 2020 stats-2020"), "{meta}");
}

/// Indices of different base years are not set against each other.
#[test]
fn scenarios_of_different_bases_are_compared_but_for_their_indices() {
    let (a, b) = ("national-14fyp-planned", "national-14fyp-as-written");
    let [a, b] = [a, b].map(|name| format!("scenarios/{name}.toml"));
    let (code, shown, errors) = program::call("en", &["diff", &a, &b]);
    assert_eq!(code, 0, "{errors}");
    assert!(
        errors.contains("warning[bases-differ]: A counts from 2015, B from 2020"),
        "{errors}"
    );
    assert!(!shown.contains("per GDP"), "{shown}");
    assert!(shown.contains("rail share"), "{shown}");
}
