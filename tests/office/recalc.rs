//! The workbook with levels, recalculated by LibreOffice.
//!
//! Three things are held against each other, each pair to 1e-9 of the larger:
//!
//! - what stands beside the formulas, and a run of the scenario at these levels;
//! - what LibreOffice makes of the formulas, and what stands beside them;
//! - the same after the levels have changed while what stands beside is left stale.
//!
//! `STATES` is the number of states of levels in the last one (6).

use calamine::{Data as Cell, Reader, Xlsx, open_workbook_from_rs};
use jianpai_core::catalogue::Account;
use jianpai_core::outcome;
use jianpai_core::text::Lang;
use jianpai_office::book::{Book, movable, planned, workbook, workbook_at};
use jianpai_report::case::{Case, account_name, short_name};
use jianpai_report::page::Extent;
use jianpai_report::units::Unit;
use jianpai_study::{Data, Run, Session};
use std::collections::BTreeMap;
use std::io::Cursor;
use std::path::Path;
use std::process::Command;

/// Scenarios: a province, one that is joined to published values, a plan as written, and a
/// nation with a coal cap.
const SCENARIOS: [&str; 4] = [
    "scenarios/shaanxi-2020.toml",
    "scenarios/national-14fyp-observed.toml",
    "scenarios/plans/hebei-air-2025.toml",
    "scenarios/national-13fyp.toml",
];

/// How far two numbers may be apart, of the larger.
const NEAR: f64 = 1e-9;

fn root(path: &str) -> String {
    format!("{}/../../{path}", env!("CARGO_MANIFEST_DIR"))
}

fn run(path: &str) -> Run {
    let data = Data::compiled_in().unwrap();
    let mut session = Session::new(data, |path: &str| std::fs::read(root(path)));
    session.open(path, None).unwrap().run()
}

fn book<'a>(run: &'a Run, extents: &'a [Option<Extent>]) -> Book<'a> {
    Book {
        case: run.case(),
        extents,
        places: &|_| None,
        file: "scenario.toml",
        program: "jianpai",
        hash: "0",
    }
}

/// The cells of a workbook by sheet, row and column; those of formulas alone where asked.
fn cells(bytes: &[u8], formulas: bool) -> BTreeMap<(String, u32, u32), Cell> {
    let mut book: Xlsx<_> = open_workbook_from_rs(Cursor::new(bytes.to_vec())).unwrap();
    let mut all = BTreeMap::new();
    for name in book.sheet_names() {
        let values = book.worksheet_range(&name).unwrap();
        let wanted = book.worksheet_formula(&name).unwrap();
        let (top, left) = values.start().unwrap_or_default();
        for (r, c, cell) in values.used_cells() {
            let at = (top + r as u32, left + c as u32);
            let formula = wanted.get_value(at).is_some_and(|text| !text.is_empty());
            if formula || !formulas {
                all.insert((name.clone(), at.0, at.1), cell.clone());
            }
        }
    }
    all
}

fn near(a: f64, b: f64, size: f64) -> bool {
    (a - b).abs() <= NEAR * a.abs().max(b.abs()).max(size)
}

/// Recalculates workbooks in one go.
fn recalculated(books: &[Vec<u8>]) -> Option<Vec<Vec<u8>>> {
    let known = Command::new("soffice").arg("--version").output();
    if !known.is_ok_and(|out| out.status.success()) {
        println!("soffice is not installed: formulas are not recalculated");
        return None;
    }
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    // Whatever stands beside formulas is made anew.
    let profile = at("profile/user");
    std::fs::create_dir_all(&profile).unwrap();
    let item = |mode: &str| {
        format!(
            "<item oor:path=\"/org.openoffice.Office.Calc/Formula/Load\"><prop oor:name=\"{mode}\" \
             oor:op=\"fuse\"><value>0</value></prop></item>"
        )
    };
    let text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><oor:items \
         xmlns:oor=\"http://openoffice.org/2001/registry\" \
         xmlns:xs=\"http://www.w3.org/2001/XMLSchema\">{}{}</oor:items>",
        item("OOXMLRecalcMode"),
        item("ODFRecalcMode")
    );
    std::fs::write(profile.join("registrymodifications.xcu"), text).unwrap();
    let paths: Vec<_> = (0..books.len()).map(|i| at(&format!("{i}.xlsx"))).collect();
    for (path, bytes) in paths.iter().zip(books) {
        std::fs::write(path, bytes).unwrap();
    }
    let out = Command::new("soffice")
        .arg(format!(
            "-env:UserInstallation=file://{}",
            at("profile").display()
        ))
        .args(["--headless", "--convert-to", "xlsx", "--outdir"])
        .arg(at("out"))
        .args(&paths)
        .output()
        .unwrap();
    assert!(
        out.status.success(),
        "{}",
        String::from_utf8_lossy(&out.stderr)
    );
    let read = |i: usize| std::fs::read(at(&format!("out/{i}.xlsx"))).unwrap();
    Some((0..books.len()).map(read).collect())
}

/// Compares the formulas of a workbook with the same cells of another; how many there are.
fn compare(what: &str, wanted: &[u8], found: &[u8]) -> usize {
    let wanted = cells(wanted, true);
    let found = cells(found, false);
    let mut wrong = Vec::new();
    for (at, one) in &wanted {
        let other = found.get(at);
        let same = match (one, other) {
            (Cell::Float(a), Some(Cell::Float(b))) => near(*a, *b, 1e-6),
            (Cell::Float(a), Some(Cell::Int(b))) => near(*a, *b as f64, 1e-6),
            (Cell::Float(a), None) => *a == 0.0,
            (a, Some(b)) => a.to_string() == b.to_string(),
            (a, None) => a.to_string().is_empty(),
        };
        if !same {
            wrong.push(format!("{at:?}: {one:?} and {other:?}"));
        }
    }
    assert!(
        wrong.is_empty(),
        "{what}: {} of {}\n{}",
        wrong.len(),
        wanted.len(),
        wrong[..wrong.len().min(20)].join("\n")
    );
    wanted.len()
}

/// Numbers from 0 to 1 that are the same every time.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Levels from nothing to a little more than planned.
    fn levels(&mut self, planned: &[f64]) -> Vec<f64> {
        planned
            .iter()
            .map(|level| level * self.next() * 1.05)
            .collect()
    }
}

#[test]
fn formulas_give_our_numbers() {
    let mut books = Vec::new();
    for path in SCENARIOS {
        let run = run(path);
        let extents = run.study.extents();
        for lang in [Lang::Zh, Lang::En] {
            books.push(workbook(&book(&run, &extents), lang).unwrap());
        }
    }
    let Some(made) = recalculated(&books) else {
        return;
    };
    let all = books.iter().zip(&made).enumerate();
    let count: usize = all
        .map(|(i, (book, made))| compare(SCENARIOS[i / 2], book, made))
        .sum();
    println!(
        "{count} formulas of {} workbooks recalculated as they stand",
        books.len()
    );
    assert!(count > 4000, "{count}");
}

#[test]
fn formulas_follow_the_levels() {
    let states: usize = std::env::var("STATES")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(6);
    let mut dice = Dice(7);
    let (mut books, mut right) = (Vec::new(), Vec::new());
    let runs = SCENARIOS.map(run);
    for i in 0..states {
        let run = &runs[i % runs.len()];
        let extents = run.study.extents();
        let book = book(run, &extents);
        let stale = planned(&book);
        let levels = dice.levels(&stale);
        right.push(workbook_at(&book, Lang::Zh, (&levels, &levels)).unwrap());
        books.push(workbook_at(&book, Lang::Zh, (&levels, &stale)).unwrap());
    }
    let Some(made) = recalculated(&books) else {
        return;
    };
    let mut count = 0;
    for (i, (right, made)) in right.iter().zip(&made).enumerate() {
        count += compare(&format!("state {i}"), right, made);
    }
    println!("{count} formulas of {states} states recalculated after the levels changed");
}

/// The cells of a workbook.
struct Sheets(BTreeMap<(String, u32, u32), Cell>);

impl Sheets {
    fn text(&self, sheet: &str, row: u32, column: u32) -> String {
        let cell = self.0.get(&(sheet.to_string(), row, column));
        cell.map_or(String::new(), ToString::to_string)
    }

    fn number(&self, sheet: &str, row: u32, column: u32) -> f64 {
        match self.0.get(&(sheet.to_string(), row, column)) {
            Some(Cell::Float(value)) => *value,
            other => panic!("{sheet}!{row},{column}: {other:?}"),
        }
    }

    /// Compares what follows from the levels with a run; how many numbers.
    fn compare(&self, case: &Case<'_>) -> usize {
        self.indicators(case) + self.balances(case) + self.verdicts(case)
    }

    fn indicators(&self, case: &Case<'_>) -> usize {
        let sheet = "By year";
        let mut count = 0;
        for (i, indicator) in case.catalogue.indicators.iter().enumerate() {
            let name = short_name(case.catalogue, indicator).en;
            let Some(row) = (0..120).find(|row| self.text(sheet, *row, 0) == name) else {
                continue;
            };
            let scale = if indicator.kind.is_share() {
                1.0
            } else {
                Unit::of_indicator(indicator).shown().scale
            };
            for t in 0..case.plan.span() {
                let wanted = case.outcome.indicators[i][t] / scale;
                let found = self.number(sheet, row, 2 + t as u32);
                assert!(near(wanted, found, 1e-9), "{name} {t}: {wanted} {found}");
                count += 1;
            }
        }
        count
    }

    fn balances(&self, case: &Case<'_>) -> usize {
        let sheet = "Balance";
        let run = &case.outcome.run;
        let mut count = 0;
        for row in 4..2000 {
            let (account, item) = (self.text(sheet, row, 0), self.text(sheet, row, 2));
            let mut accounts = case.plan.accounts.iter().copied();
            let named = |own: &Account| account_name(case.catalogue, *own).en == account;
            let Some(account) = accounts.find(named) else {
                continue;
            };
            let q = case.plan.account(account).unwrap();
            let scale = Unit::of_account(account).shown().scale;
            let measure = case.plan.measures.iter().position(|m| m.name.en == item);
            for t in 0..case.plan.span() {
                let wanted = match (measure, item.as_str()) {
                    (Some(m), _) => run.change.at(m, q, t),
                    (None, "result") if account != Account::Cost => run.total.at(q, t),
                    (None, "join to observed values") => run.join.at(q, t),
                    (None, "base year") => run.frozen.at(q, 0),
                    (None, "growth") => run.frozen.at(q, t) - run.frozen.at(q, 0),
                    _ => continue,
                };
                let size = run.total.at(q, t).abs() / scale;
                let found = self.number(sheet, row, 3 + t as u32);
                let wanted = wanted / scale;
                assert!(
                    near(wanted, found, size),
                    "{account:?} {item} {t}: {wanted} {found}"
                );
                count += 1;
            }
        }
        count
    }

    fn verdicts(&self, case: &Case<'_>) -> usize {
        let sheet = "Levels";
        let top = (0..200)
            .find(|row| self.text(sheet, *row, 3) == "Demand")
            .unwrap();
        let mut count = 0;
        for (i, (target, verdict)) in case.targets().enumerate() {
            let row = top + 1 + i as u32;
            let Some(verdict) = verdict else {
                continue;
            };
            let said = self.text(sheet, row, 9);
            let over = said.starts_with('—');
            assert!(
                over || said.contains("missed") != verdict.met,
                "{}: {said}",
                target.id
            );
            let required = self.number(sheet, row, 4);
            if verdict.required != 0.0 {
                let wanted = verdict.reached * required / verdict.required;
                let found = self.number(sheet, row, 5);
                assert!(near(wanted, found, 1e-6), "{}: {wanted} {found}", target.id);
            }
            count += 2;
        }
        count
    }
}

/// What stands beside the formulas at any levels is a run of the scenario at these levels.
#[test]
fn what_is_kept_is_the_run_at_these_levels() {
    let mut dice = Dice(3);
    let (mut compared, mut anew) = (0, 0);
    for path in SCENARIOS {
        let run = run(path);
        let extents = run.study.extents();
        let own = book(&run, &extents);
        let (ids, stated) = (movable(&own), planned(&own));
        for state in 0..5 {
            let levels = match state {
                0 => stated.clone(),
                _ => dice.levels(&stated),
            };
            let named = ids.iter().map(String::as_str).zip(levels.iter().copied());
            let named: Vec<(&str, f64)> = named.collect();
            let bytes = workbook_at(&own, Lang::En, (&levels, &levels)).unwrap();
            let sheets = Sheets(cells(&bytes, false));
            // The kernel, with what is not affine as planned.
            let mut plan = run.study.plan.clone();
            for (id, level) in &named {
                let mut measures = plan.measures.iter_mut();
                measures.find(|m| m.id == *id).unwrap().level = *level;
            }
            let outcome = outcome::run(run.catalogue(), run.study.scenario(), &plan);
            let case = Case {
                plan: &plan,
                outcome: &outcome,
                ..run.case()
            };
            compared += sheets.compare(&case);
            // The scenario compiled anew, where nothing depends on levels otherwise.
            let capped = plan.measures.iter().any(|m| m.kind.is_cap());
            if capped || !run.study.scenario().observed.is_empty() {
                continue;
            }
            if let Ok(other) = run.study.with_levels(&named) {
                compared += sheets.compare(&other.run().case());
                anew += 1;
            }
        }
    }
    assert!(anew > 5, "{anew}");
    println!("{compared} numbers of workbooks are those of runs");
    assert!(compared > 3000, "{compared}");
}

/// The same run makes the same bytes.
#[test]
fn the_same_run_is_the_same_workbook() {
    let run = run(SCENARIOS[0]);
    let extents = run.study.extents();
    let book = book(&run, &extents);
    let all = [(); 2].map(|()| workbook(&book, Lang::Zh).unwrap());
    assert!(all[0] == all[1]);
    if let Ok(dir) = std::env::var("KEEP") {
        for path in SCENARIOS {
            let run = self::run(path);
            let extents = run.study.extents();
            let own = self::book(&run, &extents);
            let name = Path::new(path)
                .file_stem()
                .unwrap()
                .to_string_lossy()
                .into_owned();
            for (lang, end) in [(Lang::Zh, "zh"), (Lang::En, "en")] {
                let bytes = workbook(&own, lang).unwrap();
                std::fs::write(format!("{dir}/{name}.{end}.xlsx"), bytes).unwrap();
            }
        }
    }
}
