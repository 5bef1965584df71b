//! What is the program's is replaced; what is not stays.

use super::*;
use jianpai_load::digest::hex;
use std::collections::BTreeMap;
use std::path::Path;

fn content(command: &str, entries: &[(&str, &str)]) -> Content {
    let entry = |(name, text): &(&str, &str)| ((*name).to_string(), text.as_bytes().to_vec());
    Content {
        manifest: Manifest::of(command),
        entries: entries.iter().map(entry).collect(),
        rows: None,
    }
}

fn write(out: &Path, command: &str, entries: &[(&str, &str)]) -> Result<Vec<Kept>, Problem> {
    let folder = Folder::take(out, "x", command)?;
    put(vec![(folder, content(command, entries))])
}

/// Every file below a folder with its text, the manifest left out.
fn files(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            let inner = files(&path).into_iter();
            found.extend(inner.map(|(inner, text)| (format!("{name}/{inner}"), text)));
        } else if name != manifest::FILE {
            found.insert(name, std::fs::read_to_string(path).unwrap());
        }
    }
    found
}

fn named(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    let pairs = pairs.iter();
    pairs.map(|(a, b)| ((*a).into(), (*b).into())).collect()
}

/// Every output of a manifest, beside and above, is there with its hash.
fn holds_what_it_says(folder: &Path) {
    let known = Manifest::read(folder).unwrap().unwrap();
    assert!(known.pending.is_none());
    for one in known.all() {
        for output in &one.outputs {
            let found = manifest::hash_of(&folder.join(&output.path)).unwrap();
            assert_eq!(found, output.sha256, "{}", output.path);
        }
    }
}

#[test]
fn files_of_others_stay_and_those_out_of_date_go() {
    let out = tempfile::tempdir().unwrap();
    let x = out.path().join("x");
    write(
        out.path(),
        "run",
        &[("a.csv", "1"), ("charts/b.svg", "2"), ("c/d.svg", "3")],
    )
    .unwrap();
    std::fs::write(x.join("notes.docx"), "mine").unwrap();
    std::fs::write(x.join("charts/mine.png"), "mine").unwrap();
    std::fs::write(out.path().join("beside.txt"), "mine").unwrap();
    let kept = write(out.path(), "run", &[("a.csv", "4"), ("charts/e.svg", "5")]).unwrap();
    assert!(kept.is_empty());
    assert_eq!(
        files(&x),
        named(&[
            ("a.csv", "4"),
            ("charts/e.svg", "5"),
            ("charts/mine.png", "mine"),
            ("notes.docx", "mine"),
        ])
    );
    assert!(!x.join("c").exists(), "an empty folder is left");
    holds_what_it_says(&x);
    assert!(out.path().join("beside.txt").exists());
}

#[test]
fn a_folder_of_somebody_else_is_refused_untouched() {
    let out = tempfile::tempdir().unwrap();
    let x = out.path().join("x");
    std::fs::create_dir(&x).unwrap();
    std::fs::write(x.join("report.docx"), "mine").unwrap();
    std::fs::write(x.join("z.txt"), "mine").unwrap();
    let before = files(&x);
    let problem = write(out.path(), "run", &[("a.csv", "1")]).unwrap_err();
    assert!(problem.0.en.contains("report.docx"), "{problem:?}");
    assert!(problem.0.zh.contains("report.docx"), "{problem:?}");
    // A manifest of another program's is a file like any other.
    std::fs::write(x.join("manifest.json"), "{\"program\": \"other\"}").unwrap();
    assert!(write(out.path(), "run", &[("a.csv", "1")]).is_err());
    assert_eq!(files(&x), before);
}

#[test]
fn a_file_in_the_folders_place_is_refused_untouched() {
    let out = tempfile::tempdir().unwrap();
    std::fs::write(out.path().join("x"), "mine").unwrap();
    let problem = write(out.path(), "run", &[("a.csv", "1")]).unwrap_err();
    assert!(problem.0.en.contains("is a file"), "{problem:?}");
    assert_eq!(files(out.path()), named(&[("x", "mine")]));
    let below = out.path().join("x");
    assert!(
        Folder::take(&below, "y", "run").is_err(),
        "a parent is a file"
    );
}

#[test]
fn a_file_in_an_outputs_place_is_refused_before_anything_is_changed() {
    let out = tempfile::tempdir().unwrap();
    let x = out.path().join("x");
    write(out.path(), "run", &[("a.csv", "1")]).unwrap();
    std::fs::write(x.join("b.csv"), "mine").unwrap();
    let problem = write(out.path(), "run", &[("a.csv", "2"), ("b.csv", "3")]).unwrap_err();
    assert!(problem.0.en.contains("b.csv"), "{problem:?}");
    assert_eq!(files(&x), named(&[("a.csv", "1"), ("b.csv", "mine")]));
}

#[test]
fn a_changed_output_is_kept_beside_the_new_one() {
    let out = tempfile::tempdir().unwrap();
    let x = out.path().join("x");
    write(out.path(), "run", &[("a.csv", "1"), ("b.csv", "1")]).unwrap();
    std::fs::write(x.join("a.csv"), "edited").unwrap();
    std::fs::write(x.join("b.csv"), "edited").unwrap();
    // `b.csv` is no output any more: it is the user's now.
    let kept = write(out.path(), "run", &[("a.csv", "2")]).unwrap();
    assert_eq!(kept.len(), 1);
    assert_eq!(
        files(&x),
        named(&[
            ("a.csv", "2"),
            ("a.kept-1.csv", "edited"),
            ("b.csv", "edited")
        ])
    );
    assert!(write(out.path(), "run", &[("b.csv", "3")]).is_err());
}

#[test]
fn results_of_two_commands_stand_side_by_side() {
    let out = tempfile::tempdir().unwrap();
    let x = out.path().join("x");
    write(out.path(), "run", &[("a.csv", "1"), ("both.csv", "1")]).unwrap();
    write(out.path(), "sweep", &[("s.csv", "2"), ("both.csv", "2")]).unwrap();
    write(out.path(), "run", &[("a.csv", "3")]).unwrap();
    let both = named(&[("a.csv", "3"), ("both.csv", "2"), ("s.csv", "2")]);
    assert_eq!(files(&x), both);
    holds_what_it_says(&x);
    write(out.path(), "sweep", &[("t.csv", "4")]).unwrap();
    assert_eq!(files(&x), named(&[("a.csv", "3"), ("t.csv", "4")]));
    holds_what_it_says(&x);
}

#[test]
fn one_folder_has_one_writer() {
    let out = tempfile::tempdir().unwrap();
    let first = Folder::take(out.path(), "x", "sweep").unwrap();
    let problem = Folder::take(out.path(), "x", "run").unwrap_err();
    let process = std::process::id().to_string();
    assert!(problem.0.en.contains(&process), "{problem:?}");
    assert!(problem.0.zh.contains("jianpai sweep"), "{problem:?}");
    drop(first);
    assert!(!out.path().join("x").exists(), "an empty folder is left");
    // What a killed process left behind stops nobody.
    std::fs::create_dir(out.path().join("x")).unwrap();
    std::fs::write(out.path().join("x/.jianpai.lock"), "1 jianpai run\n").unwrap();
    std::fs::create_dir(out.path().join("x/.jianpai-new")).unwrap();
    std::fs::write(out.path().join("x/.jianpai-new/a.csv"), "half").unwrap();
    write(out.path(), "run", &[("a.csv", "1")]).unwrap();
    assert_eq!(files(&out.path().join("x")), named(&[("a.csv", "1")]));
}

#[test]
fn of_several_folders_all_are_written_or_none() {
    let out = tempfile::tempdir().unwrap();
    let take = |name| Folder::take(out.path(), name, "run").unwrap();
    let one = content("run", &[("a.csv", "1")]);
    put(vec![(take("x"), one)]).unwrap();
    std::fs::create_dir(out.path().join("y")).unwrap();
    put(vec![(take("y"), content("run", &[("a.csv", "1")]))]).unwrap();
    std::fs::write(out.path().join("y/b.csv"), "mine").unwrap();
    let second = |text| content("run", &[("a.csv", text), ("b.csv", text)]);
    let both = vec![(take("x"), second("2")), (take("y"), second("2"))];
    assert!(put(both).is_err());
    assert_eq!(files(&out.path().join("x")), named(&[("a.csv", "1")]));
    assert_eq!(
        files(&out.path().join("y")),
        named(&[("a.csv", "1"), ("b.csv", "mine")])
    );
}

/// A run killed while it put its results in place: the manifest says so, and the next
/// run mends it, whatever of it has got its name.
#[test]
fn what_was_cut_off_is_mended() {
    for placed in 0..3 {
        let out = tempfile::tempdir().unwrap();
        let x = out.path().join("x");
        write(out.path(), "run", &[("a.csv", "1"), ("b.csv", "1")]).unwrap();
        let mut known = Manifest::read(&x).unwrap().unwrap();
        let mut next = Manifest::of("run");
        for (name, text) in [("a.csv", "2"), ("c.csv", "2")].iter().take(placed) {
            std::fs::write(x.join(name), text).unwrap();
        }
        for name in ["a.csv", "c.csv"] {
            next.outputs.push(Hashed {
                path: name.to_string(),
                sha256: hex(b"2"),
            });
        }
        known.pending = Some(Box::new(next));
        std::fs::write(x.join("manifest.json"), known.bytes()).unwrap();
        let kept = write(out.path(), "run", &[("a.csv", "3")]).unwrap();
        assert!(kept.is_empty(), "{placed}");
        assert_eq!(files(&x), named(&[("a.csv", "3")]), "{placed}");
        holds_what_it_says(&x);
    }
}

#[test]
fn a_manifest_leads_nowhere_else() {
    let folder = Path::new("x");
    assert!(manifest::below(folder, "charts/a.svg").is_some());
    for path in ["", "../a", "/etc/passwd", "a/../../b", "manifest.json", "."] {
        assert!(manifest::below(folder, path).is_none(), "{path}");
    }
}

#[test]
fn single_files_of_others_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deep/plan.json");
    let put = |own: bool| put_file(&path, |_| own, |to| to.write_all(b"new"));
    put(false).unwrap();
    std::fs::write(&path, "mine").unwrap();
    assert!(put(false).is_err());
    assert_eq!(std::fs::read(&path).unwrap(), b"mine");
    put(true).unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), b"new");
    assert_eq!(
        files(path.parent().unwrap()).len(),
        1,
        "nothing is left beside it"
    );
    assert!(put_file(folder.path(), |_| true, |_| Ok(())).is_err());
}
