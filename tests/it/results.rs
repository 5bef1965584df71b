//! Folders of results from the command line: nobody's files are lost, one process
//! writes at a time, slices give what one run gives.

use crate::sweep::sweep;
use jianpai::load::digest::hex;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const A: &str = "tests/fixtures/valid.toml";
const B: &str = "tests/fixtures/other.toml";
const MISSED: &str = "tests/fixtures/missed.toml";

fn jianpai(args: &[&str]) -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin("jianpai"));
    command
        .args(["--lang", "en"])
        .args(args)
        .current_dir(env!("CARGO_MANIFEST_DIR"));
    command
}

fn call(args: &[&str]) -> Output {
    jianpai(args).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Every file below a folder with its bytes.
pub fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            let inner = files(&path).into_iter();
            found.extend(inner.map(|(inner, bytes)| (format!("{name}/{inner}"), bytes)));
        } else {
            found.insert(name, std::fs::read(path).unwrap());
        }
    }
    found
}

fn manifest(folder: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(folder.join("manifest.json")).unwrap()).unwrap()
}

/// Each command that writes a folder, and the folder below `--out`.
fn commands() -> [(Vec<&'static str>, &'static str); 7] {
    [
        (vec!["run", "--no-charts", A], "valid"),
        (vec!["run", "--no-charts", A, B], "comparison"),
        (vec!["diff", A, B], "valid-vs-other"),
        (vec!["hindcast", "--region", "china"], "hindcast"),
        (vec!["decompose", A], "valid-decomposition"),
        (
            vec![
                "sensitivity",
                "tests/fixtures/sensitivity/morris-4.csv",
                "--outputs",
                "y",
            ],
            "morris-4-sensitivity",
        ),
        (
            vec![
                "sweep",
                "scenarios/sweeps/shaanxi-14fyp.toml",
                "--draws",
                "500",
                "--no-charts",
            ],
            "shaanxi-14fyp",
        ),
    ]
}

#[test]
fn no_command_touches_a_file_of_the_users() {
    for (args, name) in commands() {
        let out = tempfile::tempdir().unwrap();
        let folder = out.path().join(name);
        let path = out.path().to_str().unwrap();
        let args = [&args[..], &["--out", path]].concat();
        std::fs::write(out.path().join("report.docx"), "mine").unwrap();
        let first = call(&args);
        assert_eq!(
            first.status.code(),
            Some(0),
            "{args:?}: {}",
            text(&first.stderr)
        );
        std::fs::write(folder.join("notes.txt"), "mine").unwrap();
        let before = files(out.path());
        assert_eq!(call(&args).status.code(), Some(0), "{args:?}");
        assert_eq!(files(out.path()), before, "{args:?}: twice is as once");

        // A folder of somebody else's in its place.
        std::fs::remove_dir_all(&folder).unwrap();
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(folder.join("thesis.docx"), "mine").unwrap();
        let before = files(out.path());
        let refused = call(&args);
        assert_eq!(refused.status.code(), Some(2), "{args:?}");
        assert!(text(&refused.stderr).contains("thesis.docx"), "{args:?}");
        assert_eq!(files(out.path()), before, "{args:?}");

        // A file in its place.
        std::fs::remove_dir_all(&folder).unwrap();
        std::fs::write(&folder, "mine").unwrap();
        let before = files(out.path());
        assert_eq!(call(&args).status.code(), Some(2), "{args:?}");
        assert_eq!(files(out.path()), before, "{args:?}");
    }
}

#[test]
fn names_that_cannot_be_folders_are_refused_with_their_file() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let source = std::fs::read(A).unwrap();
    for name in [
        "comparison",
        "hindcast",
        "NUL",
        "com1",
        "a:b",
        &"长".repeat(70),
    ] {
        let path = folder.path().join(format!("{name}.toml"));
        std::fs::write(&path, &source).unwrap();
        let path = path.to_str().unwrap();
        let refused = call(&["run", path, "--out", out.to_str().unwrap()]);
        assert_eq!(refused.status.code(), Some(2), "{name}");
        assert!(
            text(&refused.stderr).contains(&format!("{name}.toml")),
            "{name}"
        );
        assert!(!out.exists(), "{name}");
    }
    // Names that only some systems tell apart.
    let pair = ["Plan", "plan"].map(|name| {
        let path = folder.path().join(name).with_extension("toml");
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &source).unwrap();
        path.to_str().unwrap().to_string()
    });
    let refused = call(&["run", &pair[0], &pair[1], "--out", out.to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(2));
}

#[test]
fn a_second_process_is_told_who_writes() {
    let folder = tempfile::tempdir().unwrap();
    let (out, name) = (folder.path(), "shaanxi-14fyp");
    let many = ["--draws", "200000000", "--format", "none"];
    let mut first = sweep(out, &many).spawn().unwrap();
    let lock = out.join(name).join(".jianpai.lock");
    let holder = first.id().to_string();
    let held = (0..6000).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(10));
        let there = std::fs::read_to_string(&lock).is_ok_and(|text| text.starts_with(&holder));
        there || first.try_wait().unwrap().is_some()
    });
    assert!(held);
    let mut second = sweep(out, &["--draws", "1000"]);
    let second = second.stderr(Stdio::piped()).output().unwrap();
    let said = text(&second.stderr);
    let _ = first.kill();
    first.wait().unwrap();
    assert_eq!(second.status.code(), Some(2), "{said}");
    assert!(
        said.contains(&holder) && said.contains("jianpai sweep"),
        "{said}"
    );
    // The lock ended with its process.
    assert!(sweep(out, &["--draws", "1000"]).status().unwrap().success());
    assert!(!lock.exists());
}

/// A reader that goes away is nobody's fault; output that is lost is.
#[cfg(target_os = "linux")]
#[test]
fn codes_of_output_that_cannot_be_written() {
    let full = || {
        std::fs::OpenOptions::new()
            .write(true)
            .open("/dev/full")
            .unwrap()
    };
    for (args, code) in [
        (vec!["run", "--dry", A], 0),
        (vec!["run", "--dry", "--strict", MISSED], 1),
        (vec!["list", "measures"], 0),
        (vec!["schema"], 0),
        (vec!["--help"], 0),
        (vec!["run", "--dry", "nowhere.toml"], 2),
    ] {
        let lost = jianpai(&args).stdout(full()).output().unwrap();
        let said = text(&lost.stderr);
        assert_eq!(lost.status.code(), Some(2), "{args:?}");
        if code != 2 {
            assert_eq!(said.lines().count(), 1, "{args:?}: {said}");
        }
        // Standard error that cannot be written is no panic and changes no code.
        let mute = jianpai(&args).stderr(full()).output().unwrap();
        assert_eq!(mute.status.code(), Some(code), "{args:?}");
        // The reader goes away before anything is written.
        let mut child = jianpai(&args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let gone = child.wait_with_output().unwrap();
        assert_eq!(gone.status.code(), Some(code), "{args:?}");
        assert!(
            code == 2 || gone.stderr.is_empty(),
            "{args:?}: {}",
            text(&gone.stderr)
        );
    }
}

#[test]
fn manifests_say_what_results_are_of() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path();
    for format in ["csv", "parquet"] {
        let options = ["--draws", "40000", "--format", format];
        assert!(sweep(out, &options).status().unwrap().success());
        let folder = out.join("shaanxi-14fyp");
        let found = manifest(&folder);
        assert_eq!(found["command"], "sweep");
        assert_eq!(
            (&found["draws"], &found["seed"]),
            (&40000.into(), &20_210_313.into())
        );
        assert_eq!(found["options"]["format"], format);
        assert_eq!(found["options"]["draws"], 40000);
        let blocks = &found["blocks"];
        assert_eq!(blocks["first"], 0);
        assert_eq!(blocks["end"], blocks["of"]);
        let size = blocks["draws"].as_u64().unwrap();
        assert_eq!(blocks["of"].as_u64().unwrap(), 40000_u64.div_ceil(size));
        let list = |key: &str| found[key].as_array().unwrap().clone();
        let inputs = list("inputs");
        assert_eq!(inputs[0]["path"], "scenarios/sweeps/shaanxi-14fyp.toml");
        assert!(inputs.len() >= 3 && list("data").len() > 20);
        for input in inputs.iter().chain(&list("data")) {
            assert!(!Path::new(input["path"].as_str().unwrap()).is_absolute());
        }
        let outputs = list("outputs");
        let rows = format!("draws.{format}");
        assert!(outputs.iter().any(|output| output["path"] == *rows));
        for output in outputs {
            let path = folder.join(output["path"].as_str().unwrap());
            assert_eq!(output["sha256"], *sha256(&std::fs::read(path).unwrap()));
        }
        let other = if format == "csv" {
            "draws.parquet"
        } else {
            "draws.csv"
        };
        assert!(!folder.join(other).exists(), "{format}: old rows go");
    }
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    let mut text = String::new();
    for byte in Sha256::digest(bytes) {
        text += &format!("{byte:02x}");
    }
    text
}

/// One run, and the folders of so many slices of the same sweep.
fn sliced(out: &Path, options: &[&str], count: usize) -> (PathBuf, Vec<PathBuf>) {
    assert!(
        sweep(&out.join("whole"), options)
            .status()
            .unwrap()
            .success()
    );
    let mut slices = Vec::new();
    for i in 1..=count {
        let slice = format!("{i}/{count}");
        let options = [options, &["--shard", &slice]].concat();
        assert!(
            sweep(&out.join("slices"), &options)
                .status()
                .unwrap()
                .success()
        );
        slices.push(out.join(format!("slices/shaanxi-14fyp-{i}-of-{count}")));
    }
    (out.join("whole/shaanxi-14fyp"), slices)
}

fn merge(slices: &[PathBuf], out: &Path) -> Output {
    let mut command = jianpai(&["merge", "--no-charts", "--out"]);
    command.arg(out).args(slices).output().unwrap()
}

#[test]
fn slices_give_everything_that_one_run_gives() {
    for format in ["csv", "parquet", "none"] {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path();
        // More slices than chunks: some hold no draws.
        let (whole, mut slices) = sliced(out, &["--draws", "40000", "--format", format], 5);
        slices.rotate_left(2);
        let joined = out.join("joined");
        let merged = merge(&slices, &joined);
        assert_eq!(
            merged.status.code(),
            Some(0),
            "{format}: {}",
            text(&merged.stderr)
        );
        let (found, wanted) = (files(&joined.join("shaanxi-14fyp")), files(&whole));
        assert!(
            found.keys().eq(wanted.keys()),
            "{format}: {:?}",
            found.keys()
        );
        for (name, bytes) in &wanted {
            assert!(found[name] == *bytes, "{format}: {name} differs");
        }
        // The folder above them does as well.
        let parent = merge(&[out.join("slices")], &out.join("parent"));
        assert_eq!(parent.status.code(), Some(0), "{}", text(&parent.stderr));
        assert!(
            files(&out.join("parent/shaanxi-14fyp")) == wanted,
            "{format}"
        );
        // A slice missing, or there twice.
        for wrong in [
            [&slices[..2], &slices[3..]].concat(),
            [&slices[..], &slices[..]].concat(),
        ] {
            let refused = merge(&wrong, &out.join("refused"));
            assert_eq!(refused.status.code(), Some(2), "{format}");
            assert!(text(&refused.stderr).contains("draws "), "{format}");
            assert!(!out.join("refused").exists(), "{format}");
        }
    }
}

#[test]
fn totals_of_slices_are_added_up_as_they_were_written() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path();
    let (whole, slices) = sliced(out, &["--draws", "40000", "--format", "none"], 3);
    let wanted = files(&whole);
    assert!(!wanted.contains_key("totals.bin"));
    let totals = slices[1].join("totals.bin");
    let own = std::fs::read(&totals).unwrap();
    // What another program wrote in its place is refused, and named.
    let mut other = own.clone();
    *other.last_mut().unwrap() ^= 1;
    std::fs::write(&totals, &other).unwrap();
    let refused = merge(&slices, &out.join("refused"));
    let said = text(&refused.stderr);
    assert_eq!(refused.status.code(), Some(2), "{said}");
    assert!(
        said.contains("totals.bin") && said.contains("was changed since"),
        "{said}"
    );
    std::fs::remove_file(&totals).unwrap();
    let refused = merge(&slices, &out.join("refused"));
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).contains("totals.bin"));
    assert!(!out.join("refused").exists());
    // Those of another slice in its place: every hash fits, the draws do not.
    let manifest = slices[1].join("manifest.json");
    let before = std::fs::read_to_string(&manifest).unwrap();
    let third = std::fs::read(slices[2].join("totals.bin")).unwrap();
    std::fs::write(&totals, &third).unwrap();
    let swapped = before.replace(&hex(&own), &hex(&third));
    assert_ne!(swapped, before);
    std::fs::write(&manifest, swapped).unwrap();
    let refused = merge(&slices, &out.join("refused"));
    let said = text(&refused.stderr);
    assert_eq!(refused.status.code(), Some(2), "{said}");
    assert!(said.contains("do not follow one another"), "{said}");
    // Where a slice keeps none, all draws are computed again: the same bytes.
    let mut told: serde_json::Value = serde_json::from_str(&before).unwrap();
    let outputs = told["outputs"].as_array_mut().unwrap();
    outputs.retain(|output| output["path"] != "totals.bin");
    std::fs::write(&manifest, told.to_string()).unwrap();
    std::fs::remove_file(&totals).unwrap();
    let merged = merge(&slices, &out.join("joined"));
    assert_eq!(merged.status.code(), Some(0), "{}", text(&merged.stderr));
    assert!(files(&out.join("joined/shaanxi-14fyp")) == wanted);
}

#[test]
fn slices_of_another_sweep_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path();
    let slice = |name: &str, draws: &str, format: &str, more: &[&str]| {
        let out = out.join(name);
        let options = [&["--draws", draws, "--format", format][..], more].concat();
        assert!(sweep(&out, &options).status().unwrap().success());
        out
    };
    let first = slice("first", "40000", "csv", &["--shard", "1/2"]);
    let second = slice("second", "40000", "csv", &["--shard", "2/2"]);
    let seed = slice("seed", "40000", "csv", &["--shard", "2/2", "--seed", "77"]);
    let draws = slice("draws", "50000", "csv", &["--shard", "2/2"]);
    let years = slice(
        "years",
        "40000",
        "csv",
        &["--shard", "2/2", "--trajectories"],
    );
    let format = slice("format", "40000", "none", &["--shard", "2/2"]);
    for (other, word) in [
        (&seed, "the seed differs"),
        (&draws, "number of draws differs"),
        (&years, "--trajectories differs"),
        (&format, "format of the rows differs"),
    ] {
        for target in ["joined", "joined.csv"] {
            let target = out.join(target);
            let refused = merge(&[first.clone(), other.clone()], &target);
            let said = text(&refused.stderr);
            assert_eq!(refused.status.code(), Some(2), "{said}");
            assert!(said.contains(word), "{said}");
            assert!(!target.exists(), "{word}");
        }
    }
    // Rows alone: by the content, and only where there is a manifest.
    let rows = |of: &Path, i: usize| of.join(format!("shaanxi-14fyp-{i}-of-2/draws.csv"));
    let bare = [rows(&first, 1), rows(&second, 2)].map(|path| {
        let to = out
            .join(path.parent().unwrap().file_name().unwrap())
            .with_extension("csv");
        std::fs::copy(&path, &to).unwrap();
        to
    });
    let refused = merge(&bare, &out.join("joined.csv"));
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).contains("no manifest.json"));
    let unchecked = jianpai(&["merge", "--unchecked", "--out"])
        .arg(out.join("joined.csv"))
        .args(&bare)
        .output()
        .unwrap();
    assert_eq!(
        unchecked.status.code(),
        Some(0),
        "{}",
        text(&unchecked.stderr)
    );
    assert!(text(&unchecked.stdout).contains("\nnot checked: "));
    let in_chinese = Command::new(assert_cmd::cargo::cargo_bin("jianpai"))
        .args(["--lang", "zh", "merge", "--unchecked", "--out"])
        .arg(out.join("joined.csv"))
        .args(&bare)
        .output()
        .unwrap();
    assert!(text(&in_chinese.stdout).contains("\n未核对："));
    let known = merge(&[rows(&first, 1), rows(&second, 2)], &out.join("known.csv"));
    assert_eq!(known.status.code(), Some(0), "{}", text(&known.stderr));
    // What has manifests is checked, whatever was said.
    assert!(!text(&known.stdout).contains("not checked"));
    let read = |name: &str| std::fs::read(out.join(name)).unwrap();
    assert!(read("joined.csv") == read("known.csv"));
    // A name that lies, an output that is an input, somebody else's file.
    assert_eq!(
        merge(&[first.clone(), second.clone()], &out.join("x.parquet"))
            .status
            .code(),
        Some(2)
    );
    let own = rows(&first, 1);
    let before = std::fs::read(&own).unwrap();
    assert_eq!(
        merge(&[first.clone(), second.clone()], &own).status.code(),
        Some(2)
    );
    assert!(std::fs::read(&own).unwrap() == before);
    std::fs::write(out.join("mine.csv"), "draw,x\n1,2\n").unwrap();
    assert_eq!(
        merge(&[first, second], &out.join("mine.csv")).status.code(),
        Some(2)
    );
    assert_eq!(read("mine.csv"), b"draw,x\n1,2\n");
}

#[test]
fn rows_that_were_changed_are_refused_with_the_draw() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path();
    let (_, slices) = sliced(out, &["--draws", "40000", "--format", "csv"], 2);
    let rows = slices[1].join("draws.csv");
    let whole = std::fs::read_to_string(&rows).unwrap();
    let lines: Vec<&str> = whole.lines().collect();
    let draw: u64 = lines[1].split(',').next().unwrap().parse().unwrap();
    let with = |change: &dyn Fn(&mut Vec<String>)| {
        let mut lines: Vec<String> = lines.iter().map(ToString::to_string).collect();
        change(&mut lines);
        lines.join("\n") + "\n"
    };
    let second = |word: &str| {
        let cells: Vec<&str> = lines[2].split(',').collect();
        let mut cells: Vec<String> = cells.iter().map(ToString::to_string).collect();
        cells[3] = word.to_string();
        cells.join(",")
    };
    let changes = [
        (with(&|lines| lines[2] = second("nan")), draw + 1),
        (with(&|lines| lines[2] = second("inf")), draw + 1),
        (with(&|lines| lines[2] = second("")), draw + 1),
        (with(&|lines| drop(lines.remove(2))), draw + 1),
        (with(&|lines| lines.insert(3, lines[2].clone())), draw + 2),
        (whole[..whole.len() - 30].to_string(), 39_999),
    ];
    for (text_of, draw) in changes {
        std::fs::write(&rows, text_of).unwrap();
        let refused = merge(&slices, &out.join("joined"));
        let said = text(&refused.stderr);
        assert_eq!(refused.status.code(), Some(2), "{said}");
        assert!(said.contains(&format!("(draw {draw})")), "{draw}: {said}");
        assert!(!out.join("joined").exists());
    }
    // A number that could be: only the hash tells.
    std::fs::write(&rows, with(&|lines| lines[2] = second("0.5"))).unwrap();
    let refused = merge(&slices, &out.join("joined"));
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).contains("changed since"));
}

/// A part that the disk spoiled is computed again from there.
#[test]
fn spoiled_rows_are_not_trusted_on_resuming() {
    for (format, file) in [("csv", "draws.csv"), ("parquet", "draws.parquet")] {
        let folder = tempfile::tempdir().unwrap();
        let options = ["--draws", "400000", "--threads", "1", "--format", format];
        let (calm, rough) = (folder.path().join("calm"), folder.path().join("rough"));
        assert!(sweep(&calm, &options).status().unwrap().success());
        let part = rough.join("shaanxi-14fyp").join(format!("{file}.part"));
        let mut child = sweep(&rough, &options).spawn().unwrap();
        let long = |path: &Path| std::fs::metadata(path).is_ok_and(|m| m.len() > 3_000_000);
        for _ in 0..60_000 {
            if long(&part) || child.try_wait().unwrap().is_some() {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
        let _ = child.kill();
        child.wait().unwrap();
        if let Ok(mut bytes) = std::fs::read(&part) {
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
            std::fs::write(&part, bytes).unwrap();
        }
        let resume = [&options[..], &["--resume"]].concat();
        assert!(sweep(&rough, &resume).status().unwrap().success());
        let read = |out: &Path| std::fs::read(out.join("shaanxi-14fyp").join(file)).unwrap();
        assert!(read(&calm) == read(&rough), "{format}");
    }
}

#[test]
fn progress_for_schedulers_is_json() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = sweep(folder.path(), &["--draws", "20000", "--progress", "json"]);
    let done = command.stderr(Stdio::piped()).output().unwrap();
    let said = text(&done.stderr);
    let last: Value = serde_json::from_str(said.lines().last().unwrap()).unwrap();
    assert_eq!(
        (&last["draws"], &last["of"]),
        (&20000.into(), &20000.into())
    );
    assert!(
        last["rate"].is_number() && last["remaining"] == 0.0,
        "{last}"
    );
}

/// Files in Chinese begin with the mark by which Excel knows UTF-8; what is printed, files
/// in English and those for other programs do not. Our own reader takes both.
#[test]
fn files_in_chinese_open_in_excel() {
    let folder = tempfile::tempdir().unwrap();
    let out = |lang: &str| {
        let to = folder.path().join(lang);
        let arguments = ["run", "scenarios/shaanxi-2020.toml", "--no-charts", "--out"];
        let arguments = [&arguments[..], &[to.to_str().unwrap()]].concat();
        let (code, _, errors) = crate::program::call(lang, &arguments);
        assert_eq!(code, 0, "{errors}");
        files(&to.join("shaanxi-2020"))
    };
    let mark = "\u{feff}".as_bytes();
    let (zh, en) = (out("zh"), out("en"));
    for name in ["targets.csv", "balance.csv", "calibration.csv", "costs.csv"] {
        assert!(zh[name].starts_with(mark), "{name}");
        assert!(!en[name].starts_with(mark), "{name}");
    }
    for name in ["trajectory.csv", "meta.csv"] {
        assert!(!zh[name].starts_with(mark), "{name}");
    }
    let table = [
        "run",
        "scenarios/shaanxi-2020.toml",
        "--table",
        "targets",
        "--csv",
    ];
    let (_, printed, _) = crate::program::call("zh", &table);
    assert!(printed.contains("二氧化硫") && !printed.as_bytes().starts_with(mark));
    assert!(zh["targets.csv"].ends_with(printed.as_bytes()));
}
