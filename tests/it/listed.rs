//! Lists in slices.

use crate::program::run;
use crate::results::files;
use std::fmt::Write as _;
use std::path::Path;

/// Other columns of a list go through slices as through one run: texts, numbers, and a
/// cell with a comma and quotes in it.
#[test]
fn slices_of_a_list_carry_its_other_columns() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_string();
    let base = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/shaanxi-2020.toml");
    let mut list = "id,boilers,note,weight\n".to_string();
    for i in 0..40_000 {
        let level = 0.4 + 0.5 * f64::from(i) / 40_000.0;
        let _ = writeln!(list, "a-{i},{level},\"甲, \"\"{}\"\"\",{}", i % 7, i * 3);
    }
    std::fs::write(at("list.csv"), list).unwrap();
    let text = format!(
        "[scenario]\nname_zh = \"试\"\nname_en = \"Try\"\nextends = \"{}\"\n[sweep]\nlist = \"list.csv\"\nyears = [2020]\n[sweep.inputs.boilers]\nlevel = \"guanzhong-boilers\"\n",
        base.display()
    );
    let file = at("listed.toml");
    std::fs::write(&file, text).unwrap();
    let call = |args: &[&str]| {
        let (code, _, errors) = run(&[args, &["--lang", "en"]].concat());
        assert_eq!(code, 0, "{args:?}: {errors}");
    };
    for format in ["csv", "parquet"] {
        let out = |name: &str| at(&format!("{format}-{name}"));
        let sweep = |to: &str, shard: &[&str]| {
            let words = [
                "sweep",
                &file,
                "--no-charts",
                "--format",
                format,
                "--out",
                to,
            ];
            call(&[&words[..], shard].concat());
        };
        let (whole, joined) = (out("whole"), out("joined"));
        sweep(&whole, &[]);
        let slices = ["1/3", "2/3", "3/3"].map(|shard| {
            let to = out(&shard[..1]);
            sweep(&to, &["--shard", shard]);
            to
        });
        let [a, b, c] = &slices;
        call(&["merge", c, a, b, "--no-charts", "--out", &joined]);
        let (one, other) = (files(Path::new(&whole)), files(Path::new(&joined)));
        let names = |all: &std::collections::BTreeMap<String, Vec<u8>>| {
            all.keys().cloned().collect::<Vec<_>>()
        };
        assert_eq!(names(&one), names(&other));
        for (name, bytes) in &one {
            assert!(
                *bytes == other[name] || name.ends_with("manifest.json"),
                "{format}: {name}"
            );
        }
        let rows = &one[&format!("listed/draws.{format}")];
        let alone = at(&format!("alone.{format}"));
        call(&["merge", a, b, c, "--out", &alone]);
        assert!(std::fs::read(&alone).unwrap() == *rows, "{format}");
        if format == "csv" {
            let table = String::from_utf8(rows.clone()).unwrap();
            let header = table.lines().next().unwrap();
            assert!(header.ends_with(",id,note,weight"), "{header}");
            let last = table.lines().last().unwrap();
            assert!(
                last.ends_with(",a-39999,\"甲, \"\"1\"\"\",119997"),
                "{last}"
            );
        }
    }
}
