//! What may be read: ordinary files of a stated size, whatever the command and whatever
//! names them. All else is refused by its kind before it is opened.

use crate::program;
use std::path::Path;
use std::time::Duration;
use tempfile::TempDir;

/// Exit code, standard output and standard error. A pipe that is opened waits for ever.
/// A file that is opened must not be waited for.
fn call(args: &[&str]) -> program::Said {
    program::said(program::command(args).timeout(Duration::from_secs(120)))
}

fn temporary() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn written(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_string()
}

/// A scenario with `rest` in its head.
fn scenario(rest: &str) -> String {
    let base = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/shaanxi-2020.toml");
    format!(
        "[scenario]\nname_zh = \"试\"\nname_en = \"Try\"\nextends = \"{}\"\n{rest}\n",
        base.display()
    )
}

/// A sweep over the list `name`.
fn sweep(name: &str) -> String {
    scenario("")
        + &format!(
            "[sweep]\ndesign = \"list\"\nlist = \"{name}\"\nyears = [2020]\n[sweep.inputs.boilers]\nlevel = \"guanzhong-boilers\"\n"
        )
}

/// Every way to name an input, with `bad` in its place.
fn uses(folder: &Path, bad: &str) -> Vec<Vec<String>> {
    let out = folder.join("out").to_str().unwrap().to_string();
    let good = "scenarios/shaanxi-2020.toml";
    let extending =
        format!("[scenario]\nname_zh = \"试\"\nname_en = \"Try\"\nextends = \"{bad}\"\n");
    let extending = written(folder, "extending.toml", &extending);
    let own = scenario(&format!("inventory = \"{bad}\""));
    let own = written(folder, "own.toml", &own);
    let list = written(folder, "list.toml", &sweep(bad));
    let commands: [&[&str]; 14] = [
        &["run", bad, "--out", &out],
        &["check", bad],
        &["explain", bad, "SO2", "2020"],
        &["diff", good, bad, "--out", &out],
        &["decompose", bad],
        &["sweep", bad, "--out", &out],
        &["plan", bad],
        &["run", &extending, "--out", &out],
        &["check", &own],
        &["sweep", &list, "--out", &out],
        &["sensitivity", bad, "--outputs", "y"],
        &["sensitivity", "--sample", "random", "--bounds", bad],
        &["--data", bad, "list", "regions"],
        &["hindcast", "--scenarios", bad],
    ];
    commands
        .iter()
        .map(|args| args.iter().map(|arg| (*arg).to_string()).collect())
        .collect()
}

/// Calls every command with `bad`; each is refused in `words`, and writes nothing.
fn refused(folder: &Path, bad: &str, words: &str, skip: &[&str]) {
    for args in uses(folder, bad) {
        if args.iter().any(|arg| skip.contains(&arg.as_str())) {
            continue;
        }
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let (code, out, errors) = call(&args);
        assert_eq!(code, 2, "{args:?}: {errors}");
        assert!(errors.contains(words), "{args:?}: {errors}");
        assert!(out.is_empty() || args[0] == "check", "{args:?}: {out}");
        assert!(!folder.join("out").exists(), "{args:?}");
    }
}

#[cfg(unix)]
#[test]
fn pipes_sockets_and_devices_are_refused_before_they_are_opened() {
    let folder = temporary();
    let pipe = folder.path().join("pipe.toml");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    let socket = folder.path().join("socket.csv");
    let _listening = std::os::unix::net::UnixListener::bind(&socket).unwrap();
    // A folder is wanted there, and none of these is one.
    let folders = ["--data", "hindcast"];
    for (path, words) in [
        (pipe.as_path(), "it is a pipe"),
        (socket.as_path(), "it is a socket"),
        (Path::new("/dev/zero"), "it is a device"),
    ] {
        refused(folder.path(), path.to_str().unwrap(), words, &folders);
        for args in [
            ["--data", "list", "regions"],
            ["--scenarios", "hindcast", ""],
        ] {
            let mut all = vec![args[1], args[0], path.to_str().unwrap()];
            all.extend(args.get(2).filter(|arg| !arg.is_empty()));
            let (code, _, errors) = call(&all);
            assert_eq!(code, 2, "{errors}");
            assert!(errors.contains("it is no folder"), "{errors}");
        }
    }
    // A link to a pipe is a pipe, and so is a table of the data.
    let link = folder.path().join("link.toml");
    std::os::unix::fs::symlink(&pipe, &link).unwrap();
    let (code, _, errors) = call(&["check", link.to_str().unwrap()]);
    assert!(code == 2 && errors.contains("it is a pipe"), "{errors}");
    let data = folder.path().join("data");
    std::fs::create_dir(&data).unwrap();
    std::fs::rename(&pipe, data.join("regions.csv")).unwrap();
    let (code, _, errors) = call(&["--data", data.to_str().unwrap(), "list", "regions"]);
    assert!(code == 2 && errors.contains("it is a pipe"), "{errors}");
}

#[test]
fn a_folder_is_no_file() {
    let folder = temporary();
    let bad = folder.path().join("folder.csv");
    std::fs::create_dir(&bad).unwrap();
    let folders = ["--data", "hindcast"];
    refused(
        folder.path(),
        bad.to_str().unwrap(),
        "it is a folder",
        &folders,
    );
}

/// `--max-size` holds for every input, and what is offered suffices.
#[test]
fn a_file_over_the_stated_size_is_refused() {
    let folder = temporary();
    let large = written(folder.path(), "large.csv", &"#".repeat(2_500_000));
    for args in uses(folder.path(), &large) {
        if args.iter().any(|arg| arg == "--data" || arg == "hindcast") {
            continue;
        }
        let mut all = vec!["--max-size", "2MB"];
        all.extend(args.iter().map(String::as_str));
        let (code, _, errors) = call(&all);
        assert_eq!(code, 2, "{args:?}: {errors}");
        let said = errors.contains("it is too large: 2.5 MB where 2 MB are read at most");
        assert!(
            said && errors.contains("--max-size 3MB"),
            "{args:?}: {errors}"
        );
    }
    let (code, _, errors) = call(&["--max-size", "3MB", "check", &large]);
    assert!(code == 2 && !errors.contains("too large"), "{errors}");
    let (code, _, errors) = call(&["--max-size", "some", "list", "regions"]);
    assert!(code == 2 && errors.contains("256MB"), "{errors}");
}

/// Files that extend one another: a circle is one, a long chain is not.
#[test]
fn a_long_chain_is_no_circle() {
    let folder = temporary();
    let last = 20;
    for i in 0..last {
        let text = format!(
            "[scenario]\nname_zh = \"试\"\nname_en = \"Try\"\nextends = \"{}.toml\"\n",
            i + 1
        );
        written(folder.path(), &format!("{i}.toml"), &text);
    }
    written(folder.path(), &format!("{last}.toml"), &scenario(""));
    let file = |i: i32| {
        folder
            .path()
            .join(format!("{i}.toml"))
            .to_str()
            .unwrap()
            .to_string()
    };
    let (code, _, errors) = call(&["check", &file(0)]);
    assert_eq!(code, 2, "{errors}");
    assert!(errors.contains("[extends-too-deep]"), "{errors}");
    assert!(errors.contains("longer than 16 files"), "{errors}");
    assert!(
        !errors.contains("circle") && !errors.contains("back to that file"),
        "{errors}"
    );
    // The rest of the chain is short enough.
    let (code, _, errors) = call(&["check", &file(10)]);
    assert_eq!(code, 0, "{errors}");
    written(
        folder.path(),
        &format!("{last}.toml"),
        &scenario("").replace("extends = \"", "extends = \"18.toml\" # "),
    );
    let (code, _, errors) = call(&["check", &file(15)]);
    assert!(
        code == 2 && errors.contains("extends itself in a circle"),
        "{errors}"
    );
}

/// Files that are copied or looked into piece by piece may be of any size, but are
/// ordinary ones; the base file that `init` finds is an input like any other.
#[cfg(unix)]
#[test]
fn what_lies_beside_or_is_copied_is_looked_at_first() {
    let folder = temporary();
    let base = folder.path().join("base");
    std::fs::create_dir(&base).unwrap();
    let policy = std::fs::read("scenarios/base/current-policy-14fyp.toml").unwrap();
    std::fs::write(base.join("current-policy-14fyp.toml"), policy).unwrap();
    std::fs::copy(
        "scenarios/base/current-policy-13fyp.toml",
        base.join("current-policy-13fyp.toml"),
    )
    .unwrap();
    let new = folder.path().join("new.toml");
    let new = new.to_str().unwrap();
    let (code, _, errors) = call(&["--max-size", "1kB", "init", "hebei", "-o", new]);
    assert!(code == 2 && errors.contains("it is too large"), "{errors}");
    assert!(!Path::new(new).exists());
    let (code, _, errors) = call(&["init", "hebei", "-o", new]);
    assert_eq!(code, 0, "{errors}");
    // Rows that are a pipe, beside a manifest that names them.
    let text = scenario("")
        + "[sweep]\ndraws = 8\nyears = [2020]\n[sweep.inputs.a]\nlevel = \"guanzhong-boilers\"\nuniform = [\"40 %\", \"90 %\"]\n";
    let own = written(folder.path(), "own.toml", &text);
    let out = folder.path().join("out");
    let swept = [
        "sweep",
        &own,
        "--format",
        "csv",
        "--no-charts",
        "--out",
        out.to_str().unwrap(),
    ];
    assert_eq!(call(&swept).0, 0);
    let rows = out.join("own/draws.csv");
    let joined = folder.path().join("joined.csv");
    let merge = |more: &str| {
        call(&[
            "--max-size",
            "1B",
            "merge",
            more,
            "--out",
            joined.to_str().unwrap(),
        ])
    };
    let (code, _, errors) = merge(rows.to_str().unwrap());
    assert_eq!(code, 0, "rows of any size are copied: {errors}");
    std::fs::remove_file(&rows).unwrap();
    let made = std::process::Command::new("mkfifo").arg(&rows).status();
    assert!(made.unwrap().success());
    let (code, _, errors) = merge(out.join("own").to_str().unwrap());
    assert!(code == 2 && errors.contains("it is a pipe"), "{errors}");
}

/// Where a folder of results cannot be written, nothing is printed either.
#[test]
fn nothing_is_printed_of_what_could_not_be_written() {
    let folder = temporary();
    let taken = written(folder.path(), "taken", "mine");
    let table = written(
        folder.path(),
        "t.csv",
        "group,factor,from,to\na,x,1,2\na,y,3,4\n",
    );
    let rows: Vec<String> = (0..40)
        .map(|i| format!("{},{}\n", i * i % 37, (i * 7) % 11))
        .collect();
    let rows = rows.concat();
    let model = written(folder.path(), "m.csv", &format!("a,y\n{rows}"));
    for args in [
        &["decompose", "scenarios/shaanxi-2020.toml"][..],
        &["decompose", &table],
        &["decompose", &table, "--csv"],
        &["sensitivity", &model, "--outputs", "y"],
        &["sensitivity", &model, "--outputs", "y", "--json"],
        &["run", "scenarios/shaanxi-2020.toml"],
    ] {
        let (code, out, errors) = call(&[args, &["--out", &taken]].concat());
        assert_eq!(code, 2, "{args:?}: {errors}");
        assert!(out.is_empty(), "{args:?}: {out}");
        assert!(
            errors.contains("cannot write results"),
            "{args:?}: {errors}"
        );
    }
    assert_eq!(std::fs::read_to_string(&taken).unwrap(), "mine");
}
