//! Bad input: every file of `tests/invalid` gives the diagnostics that stand beside
//! it, in English and in Chinese.
//!
//! `NAME.toml` is a scenario; `NAME.csv` a table of factors; `data-NAME/` is laid over the real data. A table there
//! that begins with `#patch` takes the rows beginning with what follows a `-` out of
//! the real table and puts the other lines below its header; `=remove` takes the
//! table away; any other replaces the real one.
//!
//! `UPDATE=1 cargo test --test it invalid` writes the diagnostics anew; read them as
//! a planner would before you commit them.

use super::support::{data, session, session_over, updating};
use jianpai::core::text::Lang;
use jianpai::load::catalogue::{self as tables, DataFile};
use jianpai::load::diag::{Color, Diagnostic, Diagnostics, Files};
use jianpai::load::factors;
use jianpai::load::scenario;
use jianpai::study::{Session, SolveOptions, SweepOptions};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

const FOLDER: &str = "tests/invalid";

/// What was read, and what was said about it.
struct Found {
    files: Files,
    diags: Diagnostics,
}

impl Found {
    fn text(&self, lang: Lang) -> String {
        self.diags.render(&self.files, lang, Color::Never)
    }
}

/// Loads and compiles a scenario, as `jianpai check` does.
fn check(mut session: Session, path: &str) -> Found {
    if let Some(study) = session.try_open_varied(path, None) {
        if study.loaded.tree.get("sweep").is_some() {
            session.try_sweep(&study, SweepOptions::default());
        }
        if scenario::solve::options::are_there(&study.loaded) {
            session.try_options(&study, SolveOptions::default());
        } else if scenario::solve::is_there(&study.loaded) {
            session.try_solve(&study, SolveOptions::default());
        }
    }
    let found = session.take_found();
    Found {
        files: found.files().clone(),
        diags: found.diagnostics().clone(),
    }
}

/// The same with bytes for every path.
fn check_with(path: &str, bytes: impl Fn(&str) -> Vec<u8> + Send + Sync + 'static) -> Found {
    let session = Session::new(Arc::clone(data()), move |path| Ok(bytes(path)));
    check(session, path)
}

fn check_file(path: &str) -> Found {
    check(session(), path)
}

/// Reads a table of factors, as `jianpai decompose` does.
fn check_factors(path: &str) -> Found {
    let bytes = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap();
    let (mut files, mut diags) = (Files::new(), Diagnostics::default());
    factors::read(path, &bytes, &mut files, &mut diags);
    diags.sort();
    Found { files, diags }
}

/// Reads tables, which leaves nothing out where something is wrong.
fn check_data(data: &[DataFile]) -> (Found, bool) {
    let (mut files, mut diags) = (Files::new(), Diagnostics::default());
    let good = tables::read("data", data, &mut files, &mut diags).is_some();
    diags.sort();
    (Found { files, diags }, good)
}

/// The real tables with those of a folder laid over them.
fn overlaid(folder: &Path) -> Vec<DataFile> {
    let mut data = jianpai::study::embedded::data();
    for path in sorted(folder) {
        let name = path.file_name().unwrap().to_str().unwrap().to_string();
        let bytes = std::fs::read(&path).unwrap();
        let place = data.iter().position(|file| file.name == name);
        if bytes.starts_with(b"=remove") {
            data.remove(place.unwrap());
        } else if bytes.starts_with(b"#patch") {
            let file = &mut data[place.unwrap()];
            let patch = String::from_utf8(bytes).unwrap();
            file.bytes = patched(std::str::from_utf8(&file.bytes).unwrap(), &patch).into_bytes();
        } else if let Some(place) = place {
            data[place].bytes = bytes;
        } else {
            data.push(DataFile { name, bytes });
        }
    }
    data
}

/// A table with the rows of a patch below its header, where the real data may grow
/// without moving them.
fn patched(table: &str, patch: &str) -> String {
    let lines = patch.lines().skip(1);
    let (out, new): (Vec<&str>, Vec<&str>) = lines.partition(|line| line.starts_with('-'));
    for start in &out {
        let hit = table.lines().any(|line| line.starts_with(&start[1..]));
        assert!(hit, "no row begins with {}", &start[1..]);
    }
    let header = table.lines().take(1);
    let stays = |line: &&str| !out.iter().any(|start| line.starts_with(&start[1..]));
    let rest = table.lines().skip(1).filter(stays);
    let all: Vec<&str> = header.chain(new).chain(rest).collect();
    all.join("\n") + "\n"
}

/// What lies in a folder, in order.
fn sorted(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

/// Every bad input by name, with what is said about it.
fn inputs() -> Vec<(String, Found)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(FOLDER);
    let mut all = Vec::new();
    for path in sorted(&root) {
        let name = path.file_name().unwrap().to_str().unwrap();
        if let Some(stem) = name.strip_suffix(".toml") {
            all.push((stem.to_string(), check_file(&format!("{FOLDER}/{name}"))));
        } else if let Some(stem) = name.strip_suffix(".csv") {
            all.push((stem.to_string(), check_factors(&format!("{FOLDER}/{name}"))));
        } else if name.starts_with("data-") && path.is_dir() {
            let (found, good) = check_data(&overlaid(&path));
            assert!(!good, "{name} was taken");
            all.push((name.to_string(), found));
        }
    }
    all
}

/// Compares with the file, or writes it.
fn matches(path: &Path, text: &str, wrong: &mut Vec<String>) {
    if updating() {
        std::fs::write(path, text).unwrap();
        return;
    }
    let expected = std::fs::read_to_string(path).unwrap_or_default();
    if expected != text {
        let name = path.file_name().unwrap().to_string_lossy();
        wrong.push(format!(
            "── {name}, expected:\n{expected}\n── found:\n{text}"
        ));
    }
}

#[test]
fn says_what_stands_beside_the_input() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(FOLDER);
    let mut wrong = Vec::new();
    let mut snapshots = BTreeSet::new();
    for (name, found) in inputs() {
        assert!(found.diags.has_errors(), "{name} is not refused");
        for (lang, code) in [(Lang::En, "en"), (Lang::Zh, "zh")] {
            let file = format!("{name}.{code}.txt");
            matches(&root.join(&file), &found.text(lang), &mut wrong);
            snapshots.insert(file);
        }
    }
    let stale = sorted(&root)
        .into_iter()
        .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
        .filter(|name| name.ends_with(".en.txt") || name.ends_with(".zh.txt"))
        .find(|name| !snapshots.contains(name));
    assert_eq!(stale, None, "a snapshot without its input");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Where, why and what to do: every diagnostic has all three, in both languages.
#[test]
fn every_diagnostic_is_whole() {
    for (name, found) in inputs() {
        for item in &found.diags {
            let about = format!("{name}: {} ({})", item.message.en, item.code);
            // What is not there has no place: a file, or the scenario itself.
            let placeless =
                ["missing-file", "cases-missing", "cannot-open", "not-text"].contains(&item.code);
            assert!(placeless || item.span().is_some(), "no place: {about}");
            assert!(
                item.help.is_some() || item.replace.is_some() || item.code == "toml-syntax",
                "no way out: {about}"
            );
            for label in &item.labels {
                let said = !label.text.en.is_empty() && !label.text.zh.is_empty();
                let syntax = item.code == "toml-syntax" || item.replace.is_some();
                assert!(
                    said || syntax || ["wrong-type", "number-range"].contains(&item.code),
                    "bare label: {about}"
                );
            }
            let texts = [Some(&item.message), item.help.as_ref()];
            for text in texts.into_iter().flatten().chain(&item.notes) {
                assert!(!text.en.is_empty() && !text.zh.is_empty(), "{about}");
                let han = text.en.chars().filter(|c| is_han(*c)).count();
                let quoted = text.en.contains(['`', '"', '#', '→']);
                assert!(han == 0 || quoted, "Chinese in English: {about}");
                assert!(
                    text.zh.chars().any(is_han) || text.zh.contains(['`', ':', '→']),
                    "not in Chinese: {about}"
                );
            }
        }
    }
}

fn is_han(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

/// One mistake is reported once.
#[test]
fn nothing_is_said_twice() {
    for (name, found) in inputs() {
        let mut seen = BTreeSet::new();
        for item in &found.diags {
            let place = item.span().map(|span| (span.file, span.start, span.end));
            let key = (place, item.code, item.message.en.clone());
            assert!(seen.insert(key), "{name}: {} twice", item.message.en);
        }
        // One measure may take too much of two technologies, one table lack two rows.
        let one = |item: &&Diagnostic| !["incomplete", "over-claim"].contains(&item.code);
        let places: Vec<_> = found
            .diags
            .iter()
            .filter(one)
            .filter_map(Diagnostic::span)
            .collect();
        let distinct: BTreeSet<_> = places.iter().collect();
        assert_eq!(
            places.len(),
            distinct.len(),
            "{name}: two at one place\n{}",
            found.text(Lang::En)
        );
    }
}

#[test]
fn the_json_names_file_line_and_column() {
    for (name, found) in inputs() {
        let value = found.diags.to_json(&found.files, Lang::Zh);
        let items = value.as_array().unwrap();
        assert!(
            !items.is_empty() && items.len() <= found.diags.len(),
            "{name}"
        );
        for item in items {
            let placeless = ["missing-file", "cases-missing", "cannot-open", "not-text"]
                .iter()
                .any(|c| item["code"] == **c);
            assert!(
                placeless || item["line"].as_u64() > Some(0),
                "{name}: {item}"
            );
            assert!(
                placeless || item["column"].as_u64() > Some(0),
                "{name}: {item}"
            );
        }
    }
}

/// What one pass must find where everything is wrong at once.
#[test]
fn one_pass_finds_everything() {
    let found = check_file(&format!("{FOLDER}/several-problems-at-once.toml"));
    let codes: Vec<&str> = found.diags.iter().map(|item| item.code).collect();
    for code in [
        "unknown-key",
        "unknown-name",
        "wrong-type",
        "missing-percent",
        "intensity-amount",
        "year-order",
        "wrong-dimension",
        "percent-range",
        "mix-sum",
        "missing-key",
    ] {
        assert!(codes.contains(&code), "{code} is not among {codes:?}");
    }
    let found = check_file(&format!("{FOLDER}/read-and-compiled-together.toml"));
    let codes: Vec<&str> = found.diags.iter().map(|item| item.code).collect();
    assert_eq!(
        codes,
        ["no-growth", "measure", "bad-quantity", "measure"],
        "{}",
        found.text(Lang::En)
    );
}

#[test]
fn an_over_claim_names_measures_technology_year_and_excess() {
    let found = check_file(&format!("{FOLDER}/over-claim.toml"));
    let text = found.text(Lang::En);
    for part in ["boilers-again", "`steam.coal-le10`", "2020", "5.280 %"] {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }
}

/// Encodings that planners' machines write are no mistake.
#[test]
fn any_encoding_is_read() {
    let plain = check_file("tests/fixtures/valid.toml");
    assert!(plain.diags.is_empty(), "{}", plain.text(Lang::En));
    for name in ["valid-bom", "valid-gbk", "valid-utf16", "valid-crlf"] {
        let found = check_file(&format!("tests/fixtures/{name}.toml"));
        assert!(found.diags.is_empty(), "{name}\n{}", found.text(Lang::En));
        let text = |found: &Found| found.files.iter().next().unwrap().2.replace('\r', "");
        assert_eq!(text(&found), text(&plain), "{name}");
    }
}

/// The data of the program themselves are whole: every row has a source that exists.
#[test]
fn the_real_data_are_sound() {
    let (found, good) = check_data(&jianpai::study::embedded::data());
    assert!(good && found.diags.is_empty(), "{}", found.text(Lang::En));
}

/// Two scenarios that extend one broken file: its mistakes are told once.
#[test]
fn a_shared_parent_is_told_once() {
    let child = "[scenario]\nextends = \"parent.toml\"\nname_zh = \"x\"\nname_en = \"x\"\nend_year = 2019\n";
    let mut session = session_over(&[
        ("parent.toml", "[scenario]\nregion = \"shanxii\"\n"),
        ("a.toml", child),
        ("b.toml", child),
    ]);
    for path in ["a.toml", "b.toml"] {
        session.try_load(path, None);
    }
    let found = session.take_found();
    let text = found.render(Lang::En, Color::Never);
    assert_eq!(text.matches("error[").count(), 1, "{text}");
    assert_eq!(found.to_json(Lang::En).as_array().map(Vec::len), Some(1));
}

/// A file that extends itself by another spelling of its path.
#[test]
fn a_circle_is_seen_through_its_spelling() {
    // The last goes one folder up each time.
    for name in ["../s/./a.toml", "a.toml", "./a.toml", "../../s/a.toml"] {
        let text = format!("[scenario]\nextends = \"{name}\"\n");
        let found = check_with("s/a.toml", move |_| text.clone().into_bytes());
        let first = found.diags.iter().next().map(|item| item.code);
        assert_eq!(first, Some("extends-circle"), "{name}");
    }
}

/// One change to a text: where (of its length) and what.
#[derive(Clone, Debug)]
enum Change {
    Replace(f64, u8),
    Insert(f64, Vec<u8>),
    Cut(f64, usize),
    Copy(f64, f64, usize),
}

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let tokens = prop::sample::select(vec![
        "\"",
        "'",
        "\"\"\"",
        "[",
        "]",
        "[[",
        "{",
        "}",
        "=",
        ",",
        "\n",
        "\r",
        "\0",
        "-",
        "1e999",
        "nan",
        "-inf",
        "0",
        "%",
        " 万t",
        "年",
        "９９",
        "/",
        "^",
        "2019-01-01",
        "true",
        "#",
        ".",
        "\u{feff}",
        "9999999999999999999",
        "-1",
        "\t",
        "*",
        "saved",
        "total",
    ]);
    let at = || 0.0..1.0_f64;
    let change = prop_oneof![
        (at(), any::<u8>()).prop_map(|(at, byte)| Change::Replace(at, byte)),
        (at(), tokens).prop_map(|(at, token)| Change::Insert(at, token.as_bytes().to_vec())),
        (at(), 1..60_usize).prop_map(|(at, length)| Change::Cut(at, length)),
        (at(), at(), 1..120_usize).prop_map(|(from, to, n)| Change::Copy(from, to, n)),
    ];
    prop::collection::vec(change, 1..6)
}

fn changed(bytes: &[u8], changes: &[Change]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for change in changes {
        let place = |at: f64| (at * bytes.len() as f64) as usize;
        match change {
            Change::Replace(at, byte) => {
                let at = place(*at);
                if let Some(slot) = bytes.get_mut(at) {
                    *slot = *byte;
                }
            }
            Change::Insert(at, token) => {
                let at = place(*at);
                bytes.splice(at..at, token.iter().copied());
            }
            Change::Cut(at, length) => {
                let at = place(*at);
                bytes.drain(at..(at + length).min(bytes.len()));
            }
            Change::Copy(from, to, length) => {
                let (from, to) = (place(*from), place(*to));
                let piece = bytes[from..(from + length).min(bytes.len())].to_vec();
                bytes.splice(to..to, piece);
            }
        }
    }
    bytes
}

/// So many tries, or as many as `PROPTEST_CASES` says.
fn tries(cases: u32) -> ProptestConfig {
    let more = std::env::var("PROPTEST_CASES").ok();
    ProptestConfig {
        cases: more.and_then(|n| n.parse().ok()).unwrap_or(cases),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(tries(400))]

    /// A scenario damaged at random is refused or read, never a panic; what is said
    /// can be shown in both languages.
    #[test]
    fn a_damaged_scenario_is_no_panic(changes in changes(), which in 0..3_usize) {
        let texts: [&[u8]; 3] = [
            include_bytes!("../fixtures/valid.toml"),
            include_bytes!("../invalid/several-problems-at-once.toml"),
            include_bytes!("../../scenarios/shaanxi-2020.toml"),
        ];
        let bytes = changed(texts[which], &changes);
        let base = include_bytes!("../../scenarios/base/current-policy-13fyp.toml");
        let found = check_with("a.toml", move |path| {
            if path == "a.toml" { bytes.clone() } else { base.to_vec() }
        });
        prop_assert!(found.diags.is_empty() == found.text(Lang::En).is_empty());
        found.text(Lang::Zh);
    }
}

proptest! {
    #![proptest_config(tries(60))]

    /// The same of a data table.
    #[test]
    fn a_damaged_table_is_no_panic(changes in changes(), which in any::<prop::sample::Index>()) {
        let mut data = jianpai::study::embedded::data();
        let file = which.get(&data).name.clone();
        let file = data.iter_mut().find(|other| other.name == file).unwrap();
        file.bytes = changed(&file.bytes, &changes);
        let (found, _) = check_data(&data);
        for item in found.diags.iter().take(20) {
            let mut one = Diagnostics::default();
            one.push(item.clone());
            one.render(&found.files, Lang::Zh, Color::Never);
        }
    }

    /// The same of an inventory of the user's own.
    #[test]
    fn a_damaged_inventory_is_no_panic(changes in changes()) {
        let own = "region,account,class,year,value,unit,calibre,source,status,note\n\
            shaanxi,SO2,total,2015,70,1e4 t,env-stats-2015,own,quoted,\n\
            shaanxi,NOx,industry,2015,50,1e4 t,env-stats-2015,own,quoted,\n\
            shaanxi,COD,total,2015,50,1e4 t,env-stats-2015,own,quoted,\n";
        let own = changed(own.as_bytes(), &changes);
        let text = include_str!("../fixtures/valid.toml").replace("end_year", "inventory = \"own.csv\"\nend_year");
        let found = check_with("a.toml", move |path| {
            if path == "a.toml" { text.clone().into_bytes() } else { own.clone() }
        });
        found.text(Lang::Zh);
    }
}

/// A child's timetable stands in place of its parent's, whichever kind either is.
#[test]
fn a_child_gives_another_timetable() {
    let parent = include_str!("../fixtures/valid.toml");
    let by_points = parent.replace("start = 2016\nend = 2020", "points = { 2020 = \"100 %\" }");
    let head = "[scenario]\nextends = \"parent.toml\"\n[measures.boilers]\n";
    for (parent, child) in [
        (by_points.as_str(), "start = 2017\nend = 2019\n"),
        (parent, "points = { 2019 = \"100 %\" }\n"),
        (parent, "end = 2019\n"),
    ] {
        let main = format!("{head}{child}");
        let memory = [("a.toml", main.as_str()), ("parent.toml", parent)];
        let found = check(session_over(&memory), "a.toml");
        assert!(found.diags.is_empty(), "{child}\n{}", found.text(Lang::En));
    }
}
