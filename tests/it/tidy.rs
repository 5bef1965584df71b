//! The house rules that a program can check.

use crate::support::updating;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Files that may be longer than [`LONGEST`], each for a reason: the catalogue is one list of
/// what the data hold, read as a whole.
const LONG: [&str; 1] = ["src/core/catalogue.rs"];
/// Lines of a source file.
const LONGEST: usize = 600;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file below a folder, by its path from the root, with its text.
pub fn sources(folder: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root().join(folder)];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(&next).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(root()).unwrap().to_string_lossy();
                found.insert(name.into_owned(), std::fs::read_to_string(&path).unwrap());
            }
        }
    }
    assert!(found.len() > 3, "{folder}");
    found
}

#[test]
fn every_file_says_what_it_is() {
    for (name, text) in sources("src") {
        assert!(text.starts_with("//! "), "{name} does not open with `//!`");
    }
}

#[test]
fn no_file_is_too_long() {
    let mut long = BTreeSet::new();
    for (name, text) in sources("src") {
        if text.lines().count() > LONGEST && !name.contains("/tests") {
            long.insert(name);
        }
    }
    assert_eq!(
        long,
        LONG.map(String::from).into(),
        "split them, or list them with a reason"
    );
}

/// The core computes: it opens no file and knows no format.
#[test]
fn the_core_reads_and_writes_nothing() {
    for (name, text) in sources("src/core") {
        for word in [
            "std::fs",
            "std::io",
            "std::net",
            "serde",
            "println!",
            "eprintln!",
        ] {
            let code = text
                .lines()
                .filter(|line| !line.trim_start().starts_with("//"));
            let hit = code.clone().any(|line| line.contains(word));
            assert!(!hit, "{name} names {word}");
        }
    }
    let manifest = std::fs::read_to_string(root().join("src/core/Cargo.toml")).unwrap();
    let used = manifest
        .split("[dev-dependencies]")
        .next()
        .unwrap_or_default();
    assert!(!used.contains("serde"), "{used}");
}

/// What Python gets computes nothing itself: it names no part of the arithmetic, and nothing
/// in the program builds on it.
#[test]
fn python_stands_on_the_facade() {
    for (name, text) in sources("src/python/native") {
        for word in [
            "kernel::",
            "jianpai_core::plan",
            "jianpai_core::measure",
            "unsafe {",
        ] {
            assert!(!text.contains(word), "{name} names {word}");
        }
    }
    for manifest in [
        "Cargo.toml",
        "src/study/Cargo.toml",
        "src/report/Cargo.toml",
    ] {
        let text = std::fs::read_to_string(root().join(manifest)).unwrap();
        let uses = |line: &str| line.starts_with("jianpai-python") && !line.contains("opt-level");
        assert!(!text.lines().any(uses), "{manifest}");
    }
}

/// Arrows point down only: which members each may build on. Neither the command line's
/// crates nor charts reach those who run a study without them.
#[test]
fn members_build_on_those_below_them() {
    let below = [
        (
            "core",
            &[][..],
            &["clap", "plotters", "rayon", "serde", "toml", "parquet"][..],
        ),
        ("load", &["core"], &["clap", "plotters", "rayon", "parquet"]),
        (
            "report",
            &["core", "solve", "sweep"],
            &["clap", "rayon", "toml", "parquet"],
        ),
        (
            "solve",
            &["core"],
            &["clap", "plotters", "rayon", "serde", "toml", "parquet"],
        ),
        ("sweep", &["core"], &["clap", "plotters", "toml", "parquet"]),
        ("columnar", &["sweep"], &["clap", "plotters", "toml"]),
        (
            "study",
            &["core", "load", "report", "solve", "sweep", "columnar"],
            &["clap", "indicatif", "ctrlc"],
        ),
        (
            "office",
            &["core", "load", "report", "solve"],
            &["clap", "plotters", "rayon", "toml", "parquet"],
        ),
    ];
    for (member, may, never) in below {
        let path = root().join(format!("src/{member}/Cargo.toml"));
        let manifest = std::fs::read_to_string(path).unwrap();
        let used = manifest
            .split("[dev-dependencies]")
            .next()
            .unwrap_or_default();
        let names = used
            .lines()
            .filter_map(|line| line.split(['.', ' ', '=']).next());
        for name in names {
            if let Some(other) = name.strip_prefix("jianpai-") {
                assert!(may.contains(&other), "{member} builds on {other}");
            }
            assert!(!never.contains(&name), "{member} builds on {name}");
        }
    }
}

/// What is compiled into the program: the text up to the tests, without comments.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]").next().unwrap_or_default();
    let lines = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

fn is_test(name: &str) -> bool {
    name.contains("/test") || name.ends_with("tests.rs") || name.ends_with("chart/samples.rs")
}

/// Files are read by the commands, written by them, by `study::folder` and by `columnar`;
/// nothing but the commands prints. Files that stand outside this rule, each for a reason:
const TOUCH_THE_DISK: [(&str, &str); 1] = [(
    "src/report/chart/samples.rs",
    "pictures to look at, in tests",
)];

#[test]
fn only_the_commands_touch_the_disk_and_print() {
    let disk = [
        "std::fs",
        "fs::",
        "File::open",
        "File::create",
        "OpenOptions",
        ".exists()",
        ".is_file()",
        ".is_dir()",
        ".metadata()",
        ".canonicalize()",
        "read_dir",
    ];
    let print = [
        "print!(",
        "println!(",
        "dbg!(",
        "stdout",
        "stderr",
        "stdin",
        "std::env::",
        "std::process",
        "std::net",
    ];
    let mut wrong = Vec::new();
    for (name, text) in sources("src") {
        // A build script looks for what it compiles in.
        let is_script = name == "src/main.rs" || name.ends_with("/build.rs");
        if name.starts_with("src/cli/") || is_script || is_test(&name) {
            continue;
        }
        let mut words = print.to_vec();
        let listed = TOUCH_THE_DISK.iter().any(|(file, _)| *file == name);
        let is_folder = name.starts_with("src/study/folder/");
        if is_folder {
            // Who holds a folder, and paths as seen from here.
            words.retain(|word| !["std::env::", "std::process"].contains(word));
        }
        if !listed && !is_folder && !name.starts_with("src/columnar/") {
            words.extend(disk);
        }
        let code = code(&text);
        let named = |word: &&str| {
            code.match_indices(*word).any(|(at, _)| {
                let before = code[..at].chars().next_back();
                let inside = |c: char| c.is_alphanumeric() || c == '_';
                word.starts_with('.') || !before.is_some_and(inside)
            })
        };
        let hits = words.into_iter().filter(named);
        wrong.extend(hits.map(|word| format!("{name}: `{word}`")));
    }
    assert!(
        wrong.is_empty(),
        "move this to src/cli or src/study/folder: {wrong:#?}"
    );
    for (file, reason) in TOUCH_THE_DISK {
        assert!(root().join(file).exists(), "{file} ({reason}) is no more");
    }
}

/// A failed property prints its case and its seed; it leaves no file in the tree.
#[test]
fn properties_leave_no_files() {
    for folder in ["src", "tests/it"] {
        for (name, text) in sources(folder) {
            for (at, opening) in text.match_indices("\nproptest! {\n") {
                let next = text[at + opening.len()..].trim_start();
                let stated = text.contains("failure_persistence: None");
                assert!(
                    next.starts_with("#![proptest_config(") && stated,
                    "{name} has properties without `failure_persistence: None`"
                );
            }
        }
    }
}

/// A recording is written anew by `UPDATE=1` alone, and a test does not ask the clock.
#[test]
fn tests_ask_neither_the_clock_nor_for_any_update() {
    let clock = ["Instant", "SystemTime"].map(|word| format!("{word}::now"));
    for folder in ["src", "tests/it"] {
        for (name, text) in sources(folder) {
            let asks = text.contains("var_os(\"UPDATE\")") && name != "tests/it/support.rs";
            assert!(!asks && !text.contains("var(\"UPDATE\")"), "{name}");
            if folder == "tests/it" || is_test(&name) {
                let timed = clock.iter().any(|word| text.contains(word));
                assert!(!timed, "{name} measures time: a busy machine fails it");
            }
        }
    }
}

/// Exponentials and the like of the system's library differ in their last bits from one
/// system and processor to another: those of `libm` do not.
#[test]
fn results_do_not_depend_on_the_systems_functions() {
    let functions = [
        ".exp()",
        ".exp2()",
        ".exp_m1()",
        ".ln()",
        ".ln_1p()",
        ".log2()",
        ".log10()",
        ".powf(",
        ".sin()",
        ".cos()",
        ".sin_cos()",
        ".tan()",
        ".tanh()",
        ".cbrt()",
        ".hypot(",
    ];
    for folder in ["src/core", "src/solve", "src/sweep"] {
        for (name, text) in sources(folder) {
            if name.contains("/test") || name.ends_with("tests.rs") {
                continue;
            }
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            for function in functions {
                assert!(
                    !code.contains(function),
                    "{name} uses `{function}`: use `libm`"
                );
            }
        }
    }
}

/// Every code of a diagnostic, with the files that use it. A code stands for one
/// kind of mistake: read the list before you add to it.
#[test]
fn codes_are_listed() {
    let mut codes: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for folder in ["src"] {
        for (name, text) in sources(folder) {
            if name.contains("/tests") || name.ends_with("tests.rs") {
                continue;
            }
            for start in ["Diagnostic::error(", "Diagnostic::warning(", "self.refuse("] {
                for (at, _) in text.match_indices(start) {
                    let rest = &text[at + start.len()..];
                    // `refuse` takes the place first.
                    let rest = match start {
                        "self.refuse(" => rest.split_once(',').map_or("", |(_, rest)| rest),
                        _ => rest,
                    };
                    let Some(code) = rest.trim_start().strip_prefix('"') else {
                        continue;
                    };
                    let code = code.split('"').next().unwrap_or_default();
                    codes
                        .entry(code.to_string())
                        .or_default()
                        .insert(name.clone());
                }
            }
        }
    }
    for code in codes.keys() {
        let kebab = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        assert!(
            !code.is_empty() && code.chars().all(kebab),
            "`{code}` is not kebab-case"
        );
    }
    let list: Vec<String> = codes
        .iter()
        .map(|(code, files)| {
            let files: Vec<&str> = files.iter().map(String::as_str).collect();
            format!("{code}: {}\n", files.join(", "))
        })
        .collect();
    let list = list.concat();
    let path = root().join("tests/invalid/codes.txt");
    if updating() {
        std::fs::write(&path, &list).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        expected == list,
        "UPDATE=1 writes {}; it should read\n{list}",
        path.display()
    );
}

/// Every code is shown by some bad input, but for those that no file can bring about here.
#[test]
fn codes_are_shown() {
    let unreachable = [
        // 4 GiB of table.
        "file-too-large",
        // A chain of many files: a test of its own.
        "extends-too-deep",
        // Found earlier, by the loader itself.
        "observation",
        "circular-links",
        // A list that does not fit is refused where it is read.
        "design",
        // `check` passes over files that vary nothing.
        "no-sweep",
        // And over files without options.
        "no-options",
        // Found earlier, by the reader of targets.
        "target-years",
        // Needs an inventory of nothing (`counted`).
        "target-baseless",
        // More than a thousand inputs.
        "too-many-inputs",
        // A warning of a sweep that runs (`sweep_bounds`).
        "inert-input",
        // A solver that fails on a programme it should not fail on.
        "solver",
        // A warning of a solve that goes on (`solve`).
        "target-untouched",
        // Warnings of `diff`, which takes two files (`base`); no two shipped files show the second.
        "bases-differ",
        "calibres-differ",
    ];
    let mut shown = String::new();
    for folder in ["tests/invalid", "tests/invalid/sensitivity"] {
        for entry in std::fs::read_dir(root().join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.to_string_lossy().ends_with(".en.txt") {
                shown += &std::fs::read_to_string(path).unwrap();
            }
        }
    }
    let codes = std::fs::read_to_string(root().join("tests/invalid/codes.txt")).unwrap();
    let missing: Vec<&str> = codes
        .lines()
        .filter(|line| {
            line.split([':', ','])
                .any(|file| file.contains("src/load/") || file.contains("src/study/"))
        })
        .filter_map(|line| line.split(':').next())
        .filter(|code| !unreachable.contains(code) && !shown.contains(&format!("[{code}]")))
        .collect();
    assert!(
        missing.is_empty(),
        "no input of tests/invalid shows {missing:?}"
    );
}

/// The README names every command of the program.
#[test]
fn the_readme_names_every_command() {
    let Ok(readme) = std::fs::read_to_string(root().join("README.md")) else {
        return;
    };
    let output = assert_cmd::Command::new(env!("CARGO_BIN_EXE_jianpai"))
        .arg("--help")
        .output()
        .unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    let commands = help.split("Commands:").nth(1).unwrap_or_default();
    let commands: Vec<&str> = commands
        .lines()
        .skip(1)
        .take_while(|line| line.starts_with("  "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|command| *command != "help")
        .collect();
    assert!(commands.contains(&"run"), "{help}");
    for command in commands {
        assert!(
            readme.contains(&format!("jianpai {command}")),
            "README.md lacks `jianpai {command}`"
        );
    }
}
