//! Every number that a run writes, against the value that it claims to be, in absolute
//! units, for every scenario that is shipped.
//!
//! What is expected is worked out here from the run alone: tonnes, tonnes of coal
//! equivalent and yuan of the kernel, and the definitions of the README. Nothing of
//! `report` has a say in it.

use crate::support::{catalogue, close, physical, study};
use csv::StringRecord;
use jianpai::core::catalogue::{Account, Book, IndicatorKind};
use jianpai::core::explain::Support;
use jianpai::core::kernel::{self, Join, Trajectory};
use jianpai::core::measure::Policy;
use jianpai::core::outcome::Outcome;
use jianpai::core::plan::Plan;
use jianpai::core::scenario::Scenario;
use jianpai::core::target::{Demand, Target};
use rayon::prelude::*;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// A scenario of the folder `scenarios/`, run without the command line.
pub struct Shipped {
    pub scenario: Scenario,
    pub plan: Plan,
    pub outcome: Outcome,
    pub support: Support,
}

/// All of them, by name.
pub fn shipped() -> &'static Vec<Shipped> {
    static ALL: OnceLock<Vec<Shipped>> = OnceLock::new();
    ALL.get_or_init(|| {
        let mut names: Vec<PathBuf> = std::fs::read_dir(root().join("scenarios"))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|e| e == "toml"))
            .collect();
        names.sort();
        names.par_iter().map(|path| solve(path)).collect()
    })
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Loads, compiles and runs one file.
fn solve(path: &Path) -> Shipped {
    let run = study(path.to_str().unwrap()).run();
    Shipped {
        scenario: run.study.loaded.scenario,
        plan: run.study.plan,
        outcome: run.outcome,
        support: run.support,
    }
}

/// What the command wrote and printed for all of them at once.
struct Written {
    folder: tempfile::TempDir,
    json: Value,
}

fn written() -> &'static Written {
    static DONE: OnceLock<Written> = OnceLock::new();
    DONE.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let files = shipped()
            .iter()
            .map(|one| format!("scenarios/{}.toml", one.scenario.id));
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_jianpai"))
            .current_dir(root())
            .args(["run", "--lang", "en", "--no-charts", "--json", "--out"])
            .arg(folder.path())
            .args(files)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{said}");
        let json = serde_json::from_slice(&output.stdout).unwrap();
        Written { folder, json }
    })
}

/// A table that the run of a scenario wrote: names of the columns, rows.
struct Rows {
    header: StringRecord,
    rows: Vec<StringRecord>,
}

impl Rows {
    fn of(id: &str, file: &str) -> Self {
        let path = written().folder.path().join(id).join(file);
        let mut reader = csv::Reader::from_path(path).unwrap();
        let header = reader.headers().unwrap().clone();
        let rows = reader.records().map(|row| row.unwrap()).collect();
        Self { header, rows }
    }

    fn cell<'r>(&self, row: &'r StringRecord, name: &str) -> &'r str {
        let column = self.header.iter().position(|cell| cell == name);
        &row[column.unwrap_or_else(|| panic!("no column {name}"))]
    }

    /// The account of a row: its columns `account` and `book` as one id.
    fn account(&self, row: &StringRecord) -> String {
        let id = self.cell(row, "account").to_string();
        match self.cell(row, "book") {
            "accounted" => id + "-accounted",
            _ => id,
        }
    }

    fn number(&self, row: &StringRecord, name: &str) -> f64 {
        let cell = self.cell(row, name);
        cell.parse().unwrap_or_else(|_| panic!("{name}: `{cell}`"))
    }
}

/// Whether two numbers are the same but for the last digits.
fn same(a: f64, b: f64) -> bool {
    close(a, b, 1e-12, 1e-12)
}

/// What one unit is in tonnes, tonnes of coal equivalent, or parts of 1.
fn unit(text: &str) -> f64 {
    match text {
        "t" | "tce" => 1.0,
        "1e4 t" | "1e4 tce" => 1e4,
        "1e8 CNY" => 1e8,
        // Percent, and indices of which 100 is the base year.
        "%" | "base year = 100" => 0.01,
        other => panic!("`{other}`"),
    }
}

/// The amount of an account by year.
fn total(one: &Shipped, run: &Trajectory, account: Account) -> Vec<f64> {
    let span = one.plan.span();
    let q = one.plan.account(account).unwrap();
    run.total[q * span..(q + 1) * span].to_vec()
}

/// What measures have cut of an account by each year: nothing is left out, nothing joined.
fn cut(one: &Shipped, account: Account) -> Vec<f64> {
    let (span, accounts) = (one.plan.span(), one.plan.accounts.len());
    let q = one.plan.account(account).unwrap();
    let run = &one.outcome.run;
    (0..span)
        .map(|t| {
            let of = |m: usize| run.change[(m * accounts + q) * span + t];
            -(0..one.plan.measures.len()).map(of).sum::<f64>()
        })
        .collect()
}

/// A verdict worked out from its definition.
struct Judged {
    required: f64,
    reached: f64,
    /// ≥ 0 is met.
    margin: f64,
    /// The same in tonnes (of coal equivalent), or in parts of 1.
    room: f64,
    met: bool,
    year_met: Option<i32>,
}

fn judge(one: &Shipped, target: &Target, values: &[f64]) -> Judged {
    let at = |year: i32| one.plan.years.iter().position(|y| *y == year).unwrap();
    let end = at(target.year);
    let sum = |from: usize, to: usize| values[from..=to].iter().sum::<f64>();
    let kind = &catalogue().indicators[target.indicator.at()].kind;
    let gross = |t: usize, base: usize| {
        let account = match kind {
            IndicatorKind::Emission(p, book) => Account::Pollutant(*p, *book),
            _ => Account::Coal,
        };
        let cut = cut(one, account);
        cut[t] - cut[base]
    };
    let (first, required) = match target.demand {
        Demand::Reduction { wanted, base_year } | Demand::Project { wanted, base_year } => {
            (at(base_year), wanted)
        }
        Demand::Cumulative { limit, from } => (at(from), limit),
        Demand::Cap(limit) | Demand::Floor(limit) => (0, limit),
    };
    let reached = |t: usize| match target.demand {
        Demand::Reduction { .. } => (values[first] - values[t]) / values[first],
        Demand::Project { .. } => gross(t, first),
        Demand::Cumulative { .. } => sum(first, t),
        _ => values[t],
    };
    let over = |t: usize| match target.demand {
        Demand::Cap(_) | Demand::Cumulative { .. } => required - reached(t),
        _ => reached(t) - required,
    };
    // A target is not missed by the last digits.
    let met = |t: usize| over(t) >= -1e-9 * required.abs().max(1e-3);
    let room = match target.demand {
        // What may still be emitted, not by how many percent.
        Demand::Reduction { wanted, .. } => (1.0 - wanted) * values[first] - values[end],
        _ => over(end),
    };
    let since = (first..=end).find(|from| (*from..=end).all(met));
    Judged {
        required,
        reached: reached(end),
        margin: over(end),
        room,
        met: met(end),
        year_met: since.map(|t| one.plan.years[t]),
    }
}

#[test]
fn targets_are_what_the_run_reaches() {
    let (mut met, mut missed) = (0, 0);
    let mut kinds = BTreeSet::new();
    for one in shipped() {
        let id = &one.scenario.id;
        let table = Rows::of(id, "targets.csv");
        let judged = one.scenario.targets.len();
        assert_eq!(table.rows.len(), judged + one.scenario.tracked.len());
        for (target, row) in one.scenario.targets.iter().zip(&table.rows) {
            let place = format!("{id}, {}", target.id);
            let text = |name: &str| table.cell(row, name);
            let i = target.indicator.at();
            let indicator = &catalogue().indicators[i];
            assert_eq!(text("target"), target.id);
            assert_eq!(text("indicator"), indicator.base);
            assert_eq!(text("book"), target.book.id());
            assert!(indicator.both || indicator.book == target.book, "{place}");
            assert_eq!(text("year"), target.year.to_string());
            assert_eq!(text("scenario"), id);
            let wanted = judge(one, target, &one.outcome.indicators[i]);
            let (kind, base, shown) = match target.demand {
                Demand::Reduction { base_year, .. } => ("reduction", base_year, "%"),
                Demand::Cap(_) => ("cap", 0, indicator.display_unit.as_str()),
                Demand::Floor(_) => ("floor", 0, indicator.display_unit.as_str()),
                Demand::Cumulative { from, .. } => {
                    ("cumulative", from, indicator.display_unit.as_str())
                }
                Demand::Project { base_year, .. } => {
                    ("project", base_year, indicator.display_unit.as_str())
                }
            };
            kinds.insert(kind);
            assert_eq!((text("kind"), text("unit")), (kind, shown), "{place}");
            if base > 0 {
                assert_eq!(text("base_year"), base.to_string(), "{place}");
            }
            let number = |name: &str, of: &str| table.number(row, name) * unit(text(of));
            let (required, reached, margin) = (
                number("required", "unit"),
                number("reached", "unit"),
                number("margin", "unit"),
            );
            assert!(same(required, wanted.required), "{place}: {required}");
            assert!(
                close(reached, wanted.reached, 1e-9, 1e-6),
                "{place}: {reached}"
            );
            assert!(
                close(margin, wanted.margin, 1e-9, 1e-6),
                "{place}: {margin}"
            );
            let room = number("room", "room_unit");
            assert!(
                close(room, wanted.room, 1e-9, one.outcome.indicators[i][0]),
                "{place}: {room} for {}",
                wanted.room
            );
            let said = text("met");
            assert_eq!(said, if wanted.met { "yes" } else { "no" }, "{place}");
            let since = wanted
                .year_met
                .map_or(String::new(), |year| year.to_string());
            assert_eq!(text("year_met"), since, "{place}");
            let t = one.plan.year(target.year).unwrap();
            if let Some(shares) = one.support.at(target.indicator, t) {
                let quoted = table.number(row, "quoted_share");
                assert!(
                    (quoted - shares.firm()).abs() <= 5.1e-5,
                    "{place}: {quoted}"
                );
            }
            if wanted.met {
                met += 1;
            } else {
                missed += 1;
            }
        }
        for (tracked, row) in one.scenario.tracked.iter().zip(&table.rows[judged..]) {
            assert_eq!(table.cell(row, "target"), tracked.id);
            assert_eq!(table.cell(row, "kind"), "tracked");
            assert_eq!(table.cell(row, "met"), "", "what is tracked is not judged");
        }
    }
    assert!(
        met > 20 && missed > 5,
        "{met} {missed}: both kinds are held"
    );
    assert!(
        kinds.contains("reduction") && kinds.contains("cap"),
        "{kinds:?}"
    );
}

/// The id of an account in tables, spelt out.
fn account_of(id: &str) -> Account {
    let data = catalogue();
    if let Some(p) = data.pollutant(id) {
        return physical(p);
    }
    if let Some(id) = id.strip_suffix("-accounted") {
        return Account::Pollutant(data.pollutant(id).unwrap(), Book::Accounted);
    }
    match id {
        "coal" => Account::Coal,
        "energy" => Account::Energy,
        "cost" => Account::Cost,
        other => {
            let id = other.strip_suffix(" outside calibre").unwrap();
            Account::Outside(data.pollutant(id).unwrap())
        }
    }
}

#[test]
fn balances_hold_every_line_and_sum_to_the_total() {
    for one in shipped() {
        let id = &one.scenario.id;
        let table = Rows::of(id, "balance.csv");
        let (span, accounts) = (one.plan.span(), one.plan.accounts.len());
        let run = &one.outcome.run;
        let mut sums: BTreeMap<(String, String), (f64, f64)> = BTreeMap::new();
        let mut seen: BTreeSet<(String, String, String)> = BTreeSet::new();
        for row in &table.rows {
            let text = |name: &str| table.cell(row, name).to_string();
            let account = account_of(&table.account(row));
            let q = one.plan.account(account).unwrap();
            let t = one.plan.year(text("year").parse().unwrap()).unwrap();
            let (item, measure) = (text("item"), text("measure"));
            let place = format!("{id}: {row:?}");
            let expected = match account {
                Account::Cost => "1e8 CNY",
                Account::Coal | Account::Energy => "1e4 tce",
                _ => "1e4 t",
            };
            assert_eq!(text("unit"), expected, "{place}");
            let value = table.number(row, "value") * unit(expected);
            let cell = |t: usize| q * span + t;
            let wanted = match item.as_str() {
                "base" => run.frozen[cell(0)],
                "growth" => run.frozen[cell(t)] - run.frozen[cell(0)],
                "join" => run.join[cell(t)],
                "total" => run.total[cell(t)],
                "measure" => {
                    let m = one.plan.measures.iter().position(|m| m.id == measure);
                    run.change[m.unwrap() * accounts * span + cell(t)]
                }
                other => panic!("{other}"),
            };
            let size = run.frozen[cell(0)].abs();
            assert!(
                close(value, wanted, 1e-12, size * 1e-3),
                "{place}: {wanted}"
            );
            assert!(
                seen.insert((table.account(row), text("year"), item.clone() + &measure)),
                "{place} twice"
            );
            let (sum, whole) = sums.entry((table.account(row), text("year"))).or_default();
            if item == "total" {
                *whole = value;
            } else {
                *sum += value;
            }
        }
        let shown = one.plan.accounts.iter();
        let shown = shown.filter(|a| !matches!(a, Account::Activity(_) | Account::Cost));
        let mut whole_accounts = 0;
        for ((account, year), (sum, whole)) in &sums {
            if account_of(account) == Account::Cost {
                continue;
            }
            whole_accounts += 1;
            let lines = seen.iter().filter(|(a, y, _)| a == account && y == year);
            assert_eq!(
                lines.count(),
                one.plan.measures.len() + 4,
                "{id} {account} {year}"
            );
            assert!(
                close(*sum, *whole, 1e-9, 1.0),
                "{id} {account} {year}: {sum} {whole}"
            );
        }
        assert_eq!(whole_accounts, shown.count() * span, "{id}");
    }
}

/// A run of the machine output: its name, levels, whether it is joined, indicators.
type Variant<'a> = (String, Vec<f64>, Join, &'a [Vec<f64>]);

/// The three runs that the machine output holds.
fn variants(one: &Shipped) -> [Variant<'_>; 3] {
    let levels = |keep: &dyn Fn(Policy) -> bool| -> Vec<f64> {
        let all = one.plan.measures.iter();
        all.map(|m| f64::from(u8::from(keep(m.policy))) * m.level)
            .collect()
    };
    let id = &one.scenario.id;
    let of = &one.outcome;
    [
        (
            id.clone(),
            levels(&|_| true),
            Join::Observed,
            &of.indicators,
        ),
        (
            format!("{id}-no-measures"),
            levels(&|_| false),
            Join::Modelled,
            &of.frozen,
        ),
        (
            format!("{id}-current-policy"),
            levels(&|policy| policy == Policy::Current),
            Join::Modelled,
            &of.current,
        ),
    ]
}

/// What a unit of the machine output is in tonnes or tonnes of coal equivalent.
fn machine_unit(text: &str) -> f64 {
    let mass = text.split([' ', '/']).next().unwrap();
    match mass {
        "kt" => 1e3,
        "Mt" => 1e6,
        // 29.3076 GJ are one tonne of coal equivalent, 1e9 GJ one EJ.
        "EJ" => 1.0 / 29.3076e-9,
        "" => 1.0,
        other => panic!("`{other}`"),
    }
}

#[test]
fn trajectories_are_the_run_in_the_units_of_the_machine() {
    let data = catalogue();
    for one in shipped() {
        let id = &one.scenario.id;
        let table = Rows::of(id, "trajectory.csv");
        let mut found: BTreeMap<(String, String, i32), (f64, String)> = BTreeMap::new();
        for row in &table.rows {
            let text = |name: &str| table.cell(row, name).to_string();
            let year: i32 = text("year").parse().unwrap();
            let value = (table.number(row, "value"), text("unit"));
            found.insert((text("scenario"), text("variable"), year), value);
        }
        let check = |scenario: &str, variable: &str, unit: Option<f64>, values: &[f64]| {
            for (year, wanted) in one.plan.years.iter().zip(values) {
                let key = (scenario.to_string(), variable.to_string(), *year);
                let Some((value, name)) = found.get(&key) else {
                    panic!("{id} has no {key:?}");
                };
                let value = value * unit.unwrap_or_else(|| machine_unit(name));
                let size = values[0].abs();
                assert!(
                    close(value, *wanted, 1e-9, size * 1e-3),
                    "{key:?}: {value} for {wanted}"
                );
            }
        };
        for (name, levels, join, indicators) in variants(one) {
            for (indicator, values) in data.indicators.iter().zip(indicators) {
                let variable = &indicator.iamc_variable;
                if one
                    .plan
                    .years
                    .iter()
                    .zip(values)
                    .all(|(_, v)| v.is_finite())
                {
                    check(&name, variable, None, values);
                }
            }
            let of = |kind: &IndicatorKind| {
                let i = data.indicators.iter().position(|x| x.kind == *kind);
                &indicators[i.unwrap()]
            };
            let energy = of(&IndicatorKind::Energy).iter();
            let coal = of(&IndicatorKind::Coal).iter();
            let rest: Vec<f64> = energy.zip(coal).map(|(all, coal)| all - coal).collect();
            check(&name, "Primary Energy|Other", None, &rest);
            check(&name, "GDP [Index]", None, &one.outcome.run.gdp);
            // 1e8 t·km are a tenth of a billion.
            let v = data.service("freight").unwrap().at();
            let freight = &one.outcome.run.demand[v];
            let variable = "Energy Service|Transportation|Freight";
            check(&name, variable, Some(10.0), freight);
            let i = data.indicator("rail-share").unwrap().at();
            let rail = freight.iter().zip(&indicators[i]);
            let rail: Vec<f64> = rail.map(|(all, share)| all * share).collect();
            check(&name, &format!("{variable}|Rail"), Some(10.0), &rail);
            // Outside the calibre: what is left at these levels.
            for (p, pollutant) in data.pollutants.iter().enumerate() {
                let p = jianpai::core::dims::PollutantId::from_usize(p);
                let account = Account::Outside(p);
                let Some(q) = one.plan.account(account) else {
                    continue;
                };
                let rows = kernel::by_service(&one.plan, &levels, q, join);
                let years = 0..one.plan.span();
                let all: Vec<f64> = years
                    .map(|t| rows.iter().map(|row| row[t]).sum::<f64>())
                    .collect();
                if all.iter().any(|value| *value != 0.0) {
                    let variable = &pollutant.iamc_variable;
                    let variable = variable.replace("Emissions", "Emissions Outside Calibre");
                    check(&name, &variable, None, &all);
                }
                if name == *id {
                    assert!(close(
                        *all.last().unwrap(),
                        *total(one, &one.outcome.run, account).last().unwrap(),
                        1e-9,
                        1.0
                    ));
                }
            }
        }
        // A scenario, growth alone and current policy: nothing else, and they differ.
        let names: BTreeSet<&str> = found.keys().map(|(name, ..)| name.as_str()).collect();
        assert_eq!(names.len(), 3, "{id}: {names:?}");
    }
}

/// Every service's part of a pollutant stands under the path of the service.
#[test]
fn sectors_are_the_services_of_the_data() {
    let data = catalogue();
    let mut held = 0;
    for one in shipped() {
        let id = &one.scenario.id;
        let table = Rows::of(id, "trajectory.csv");
        let last = *one.plan.years.last().unwrap();
        for (p, pollutant) in data.pollutants.iter().enumerate() {
            // CO2 of processes stands apart from that of fuels.
            if pollutant.medium == "carbon" {
                continue;
            }
            let p = jianpai::core::dims::PollutantId::from_usize(p);
            let q = one.plan.account(physical(p)).unwrap();
            for (name, levels, join, _) in variants(one) {
                let by_service = kernel::by_service(&one.plan, &levels, q, join);
                let mut paths: BTreeMap<String, f64> = BTreeMap::new();
                for (service, values) in data.services.iter().zip(&by_service) {
                    let path = format!("{}|{}", pollutant.iamc_variable, service.iamc);
                    *paths.entry(path).or_default() += values.last().unwrap();
                }
                for (variable, wanted) in paths {
                    let row = table.rows.iter().find(|row| {
                        table.cell(row, "scenario") == name
                            && table.cell(row, "variable") == variable
                            && table.cell(row, "year") == last.to_string()
                    });
                    let value = row.map_or(0.0, |row| {
                        table.number(row, "value") * machine_unit(table.cell(row, "unit"))
                    });
                    assert!(close(value, wanted, 1e-9, 1.0), "{id}: {variable} {value}");
                    held += usize::from(wanted != 0.0);
                }
            }
        }
    }
    assert!(held > 1000, "{held}");
}

#[test]
fn calibration_factors_are_official_over_bottom_up() {
    let data = catalogue();
    for one in shipped() {
        let id = &one.scenario.id;
        let table = Rows::of(id, "calibration.csv");
        let base = &one.plan.base_year;
        assert_eq!(
            table.rows.len(),
            base.kappas.len() + base.uncalibrated.len()
        );
        for (kappa, row) in base.kappas.iter().zip(&table.rows) {
            let number = |name: &str| table.number(row, name);
            let scale = unit(table.cell(row, "unit"));
            let account = account_of(&table.account(row));
            assert_eq!(account, kappa.account);
            let inventory = &one.scenario.world.inventory[&account.official()];
            let class = table.cell(row, "class");
            let official = match data.class(class) {
                Some(class) => inventory.classes[&class].amount.value,
                None => inventory.total.unwrap().amount.value,
            };
            let (stated, bottom_up) = (number("official") * scale, number("bottom_up") * scale);
            assert!(same(stated, official), "{id} {row:?}: {official}");
            assert!(same(bottom_up, kappa.bottom_up), "{id} {row:?}");
            let factor = number("kappa");
            assert!(close(factor * bottom_up, stated, 1e-9, 0.0), "{id} {row:?}");
            assert_eq!(table.cell(row, "status"), kappa.official.origin.status.id());
        }
        for row in &table.rows[base.kappas.len()..] {
            assert_eq!(table.cell(row, "kappa"), "1", "{id} {row:?}");
        }
    }
}

#[test]
fn decompositions_sum_to_the_change_of_the_run() {
    for one in shipped() {
        let id = &one.scenario.id;
        let table = Rows::of(id, "decomposition.csv");
        let mut sums: BTreeMap<[String; 4], (f64, f64)> = BTreeMap::new();
        for row in &table.rows {
            let mut key =
                ["account", "from", "to", "view"].map(|name| table.cell(row, name).into());
            key[0] = table.account(row);
            let scale = unit(table.cell(row, "unit"));
            let entry = sums.entry(key).or_default();
            entry.0 += table.number(row, "value") * scale;
            entry.1 = table.number(row, "total") * scale;
        }
        let last = one.scenario.end_year.to_string();
        assert!(sums.keys().any(|[.., to, _]| *to == last), "{id}");
        for ([account, from, to, view], (sum, whole)) in &sums {
            let values = total(one, &one.outcome.run, account_of(account));
            let at = |year: &str| values[one.plan.year(year.parse().unwrap()).unwrap()];
            let place = format!("{id} {account} {view} {from}-{to}");
            let change = at(to) - at(from);
            assert!(
                close(*whole, change, 1e-9, at(from) * 1e-3),
                "{place}: {whole} {change}"
            );
            assert!(
                close(*sum, change, 1e-9, at(from)),
                "{place}: {sum} for {change}"
            );
        }
    }
}

#[test]
fn scenarios_are_described_by_what_they_meet() {
    for one in shipped() {
        let id = &one.scenario.id;
        let table = Rows::of(id, "meta.csv");
        assert_eq!(table.rows.len(), 3, "{id}");
        let all = one.scenario.targets.len();
        for (row, (name, _, _, indicators)) in table.rows.iter().zip(variants(one)) {
            let text = |name: &str| table.cell(row, name);
            // Projects are measures: without them nothing is reduced by any.
            let counts =
                |target: &&Target| name == *id || !matches!(target.demand, Demand::Project { .. });
            let targets = one.scenario.targets.iter().filter(counts);
            let met = targets
                .filter(|target| judge(one, target, &indicators[target.indicator.at()]).met)
                .count();
            assert_eq!(text("scenario"), name);
            assert_eq!(text("targets"), all.to_string(), "{name}");
            assert_eq!(text("targets_met"), met.to_string(), "{name}");
            assert_eq!(text("all_targets_met"), (met == all).to_string(), "{name}");
            assert_eq!(text("end_year"), one.scenario.end_year.to_string());
            let region = &catalogue().regions[one.plan.region.at()].named.id;
            assert_eq!(text("region_id"), *region, "{name}");
        }
    }
}

/// The numbers of a list.
fn list(value: &Value) -> Vec<f64> {
    let items = value.as_array().unwrap().iter();
    items.map(|item| item.as_f64().unwrap()).collect()
}

#[test]
fn the_summary_for_machines_is_the_run() {
    let data = catalogue();
    let all = written().json.as_array().unwrap();
    assert_eq!(all.len(), shipped().len());
    for (one, json) in shipped().iter().zip(all) {
        let id = &one.scenario.id;
        assert_eq!(json["scenario"], **id);
        let judged: Vec<Judged> = one
            .scenario
            .targets
            .iter()
            .map(|t| judge(one, t, &one.outcome.indicators[t.indicator.at()]))
            .collect();
        assert_eq!(json["targets_total"], judged.len(), "{id}");
        let met = judged.iter().filter(|judged| judged.met).count();
        assert_eq!(json["targets_met"], met, "{id}");
        let indicators = json["indicators"].as_array().unwrap();
        // Each once for every book it is kept in.
        let kept = data.indicators.iter().map(|i| 1 + usize::from(i.both));
        assert_eq!(indicators.len(), kept.sum::<usize>(), "{id}");
        let mut seen = BTreeSet::new();
        for json in indicators {
            let place = format!("{id} {} {}", json["indicator"], json["book"]);
            assert!(seen.insert(place.clone()), "{place} twice");
            let text = |key: &str| json[key].as_str().unwrap();
            let book = Book::parse(text("book")).unwrap();
            let i = data.indicator_in(text("indicator"), book).unwrap().at();
            let unit = match data.indicators[i].kind {
                IndicatorKind::Emission(..) => "t",
                IndicatorKind::Coal | IndicatorKind::Energy => "tce",
                IndicatorKind::Share { .. } => "1",
                _ => "base year = 1",
            };
            assert_eq!(json["unit"], unit, "{place}");
            let years: Vec<f64> = one.plan.years.iter().map(|y| f64::from(*y)).collect();
            assert_eq!(list(&json["years"]), years, "{place}");
            let of = &one.outcome;
            for (key, values) in [
                ("values", &of.indicators),
                ("no_measures", &of.frozen),
                ("current_policy", &of.current),
            ] {
                let found = list(&json[key]);
                assert_eq!(found.len(), values[i].len(), "{place}: {key}");
                let mut pairs = found.iter().zip(&values[i]);
                // The reader of JSON is off by a last digit here and there.
                let fits = pairs.all(|(a, b)| close(*a, *b, 1e-14, 0.0));
                assert!(fits, "{place}: {key} {found:?} {:?}", values[i]);
            }
        }
        let targets = json["targets"].as_array().unwrap();
        for ((target, judged), json) in one.scenario.targets.iter().zip(&judged).zip(targets) {
            let place = format!("{id} {}", target.id);
            assert_eq!(json["target"], *target.id);
            assert_eq!(json["met"], judged.met, "{place}");
            let number = |key: &str| json[key].as_f64().unwrap();
            let size = one.outcome.indicators[target.indicator.at()][0];
            assert!(same(number("required"), judged.required), "{place}");
            assert!(
                close(number("reached"), judged.reached, 1e-9, 1e-6),
                "{place}"
            );
            assert!(
                close(number("margin"), judged.margin, 1e-9, 1e-6),
                "{place}"
            );
            assert!(close(number("room"), judged.room, 1e-9, size), "{place}");
            let since = json["year_met"].as_i64();
            assert_eq!(since, judged.year_met.map(i64::from), "{place}");
        }
        let (span, accounts) = (one.plan.span(), one.plan.accounts.len());
        let measures = json["measures"].as_array().unwrap();
        assert_eq!(measures.len(), one.plan.measures.len());
        for (m, (measure, json)) in one.plan.measures.iter().zip(measures).enumerate() {
            assert_eq!(json["measure"], *measure.id);
            assert!(close(
                json["level"].as_f64().unwrap(),
                measure.level,
                1e-14,
                0.0
            ));
            let at = |account: Account| {
                let q = one.plan.account(account).unwrap();
                one.outcome.run.change[(m * accounts + q) * span + span - 1]
            };
            let changes = json["change"].as_object().unwrap();
            assert!(changes.len() >= 8, "{id}: {changes:?}");
            for (account, value) in changes {
                let (wanted, value) = (at(account_of(account)), value.as_f64().unwrap());
                let place = format!("{id} {} {account}", measure.id);
                assert!(
                    close(value, wanted, 1e-14, 1e-9),
                    "{place}: {value} {wanted}"
                );
            }
            let cost = json["cost_cny"].as_f64();
            assert_eq!(cost.is_some(), measure.cost_known, "{id} {}", measure.id);
            if let Some(cost) = cost {
                let wanted = at(Account::Cost);
                assert!(close(cost, wanted, 1e-14, 1e-3), "{id} {}", measure.id);
            }
        }
    }
}

/// The tables over all scenarios are those of each, one after the other.
#[test]
fn the_comparison_holds_what_each_holds() {
    for file in ["trajectory.csv", "targets.csv", "meta.csv"] {
        let all = Rows::of("comparison", file);
        // A column that some need is empty for the others.
        let named = |rows: &Rows, row: &StringRecord, name: &str| {
            let place = rows.header.iter().position(|own| own == name);
            place.map_or(String::new(), |i| row[i].to_string())
        };
        let each: Vec<StringRecord> = shipped()
            .iter()
            .flat_map(|one| {
                let own = Rows::of(&one.scenario.id, file);
                let wide = |row: &StringRecord| {
                    all.header
                        .iter()
                        .map(|name| named(&own, row, name))
                        .collect()
                };
                own.rows.iter().map(wide).collect::<Vec<StringRecord>>()
            })
            .collect();
        assert!(all.rows == each, "{file}");
    }
}
