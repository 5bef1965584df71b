//! A target shared among parts: the command, its bounds, its sums and its reference.

use super::program::call;
use super::support::catalogue;
use std::collections::BTreeMap;

/// Rows of the table `allocation` by rule and part: emission, cut, rate (percent).
fn shared(args: &[&str]) -> BTreeMap<(String, String), [f64; 3]> {
    let asked = [&["allocate"], args, &["--table", "allocation", "--csv"]].concat();
    let (code, csv, said) = call("en", &asked);
    assert_eq!(code, 0, "{said}");
    let mut lines = csv.lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    let at = |name: &str| header.iter().position(|h| *h == name).unwrap();
    let (part, rule) = (at("part"), at("rule"));
    let numbers = ["emission", "cut", "rate"].map(at);
    let read = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        let key = (cells[rule].to_string(), cells[part].to_string());
        (key, numbers.map(|i| cells[i].parse().unwrap_or(f64::NAN)))
    };
    lines.map(read).collect()
}

#[test]
fn the_nation_is_shared_among_31_provinces_to_the_last_ton() {
    let found = shared(&["COD"]);
    let rules = [
        "equal",
        "emission",
        "gdp",
        "population",
        "per-head",
        "converge",
    ];
    let parts = |rule: &str| -> Vec<[f64; 3]> {
        let rows = found.iter().filter(|((r, p), _)| r == rule && p != "total");
        rows.map(|(_, row)| *row).collect()
    };
    for rule in rules {
        let rows = parts(rule);
        assert_eq!(rows.len(), 31, "{rule}");
        // Whole hundreds of tonnes, and their sum is the total in the last digit.
        assert!(
            rows.iter().all(|row| (row[1] / 100.0).fract().abs() < 1e-9),
            "{rule}"
        );
        let sum: f64 = rows.iter().map(|row| row[1]).sum();
        let total = found[&(rule.to_string(), "total".to_string())];
        assert!((sum - total[1]).abs() < 1e-6, "{rule}: {sum} {total:?}");
        // 10 % of what the provinces emit.
        let emission: f64 = rows.iter().map(|row| row[0]).sum();
        assert!(
            (total[1] - (emission / 1000.0).round() * 100.0).abs() < 1e-6,
            "{rule}"
        );
    }
    let equal = parts("equal");
    let unit = 100.0;
    assert!(
        equal.iter().all(|r| (r[1] - 0.1 * r[0]).abs() < unit),
        "10 % each"
    );
    // The plan's own: Hebei 19 %, and no whole that sums to 10 %.
    let hebei = found[&("official".to_string(), "hebei".to_string())];
    let data = catalogue();
    let target = data.targets.iter().find(|t| {
        t.plan == "13fyp" && t.indicator == "COD" && t.region == data.region("hebei").unwrap()
    });
    assert!((hebei[1] / hebei[0] - target.unwrap().value.value).abs() < 1e-9);
    // A GDP rule lays more on Guangdong than its emission; per head Tibet is let off.
    let cut = |rule: &str, part: &str| found[&(rule.to_string(), part.to_string())][1];
    assert!(cut("gdp", "guangdong") > cut("equal", "guangdong"));
    assert!(cut("per-head", "heilongjiang") > cut("equal", "heilongjiang"));
}

#[test]
fn floors_and_ceilings_hold_and_what_they_move_is_carried_by_others() {
    let found = shared(&[
        "NOx",
        "--by",
        "gdp,per-head",
        "--floor",
        "5%",
        "--ceiling",
        "25%",
        "--floor",
        "tibet=0%",
        "--ceiling",
        "tibet=0%",
    ]);
    for ((rule, part), [emission, cut, _]) in found {
        if rule == "official" || part == "total" {
            continue;
        }
        let rate = cut / emission;
        let slack = 100.0 / emission;
        if part == "tibet" {
            assert!(rate.abs() < slack, "{rule}");
        } else {
            assert!(
                rate > 0.05 - slack && rate < 0.25 + slack,
                "{rule} {part} {rate}"
            );
        }
    }
}

#[test]
fn a_table_of_your_own_is_shared_as_worked_out_by_hand() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cities.csv");
    let name = path.to_str().unwrap();
    // 20 of 200: by GDP 1 : 2 : 1; b at its ceiling of 10 % carries 6, the others 7 each.
    let text = "名称,排放量,GDP,人口,上限\n甲,100000,10,1,\n乙,60000,20,2,10\n丙,40000,10,1,\n";
    std::fs::write(&path, text).unwrap();
    let found = shared(&["COD", "--parts", name, "--reduction", "10%", "--by", "gdp"]);
    let cut = |part: &str| found[&("gdp".to_string(), part.to_string())][1];
    for (part, wanted) in [("甲", 7000.0), ("乙", 6000.0), ("丙", 7000.0)] {
        assert!((cut(part) - wanted).abs() < 1e-6, "{part}");
    }
    let call = |args: &[&str]| {
        call(
            "en",
            &[&["allocate", "COD", "--parts", name], args].concat(),
        )
    };
    let (code, _, said) = call(&[]);
    assert!(code == 2 && said.contains("--reduction"), "{said}");
    let (code, _, said) = call(&["--reduction", "95%"]);
    assert!(code == 2 && said.contains("within the bounds"), "{said}");
    let (code, _, said) = call(&["--reduction", "10"]);
    assert!(code == 2 && said.contains("like 10%"), "{said}");
    let (code, _, said) = call(&["--reduction", "10%", "--by", "gpd"]);
    assert!(code == 2 && said.contains("gdp"), "{said}");
    std::fs::write(
        &path,
        "part,emission,gdp,floor,ceiling\na,100,1,,\nb,-5,1,30,20\na,7,1,,\nc,9,,5,120\n",
    )
    .unwrap();
    let (code, _, said) = call(&["--reduction", "10%"]);
    assert_eq!(code, 2);
    for code in ["out-of-range", "range-order", "duplicate-row"] {
        assert!(
            said.contains(code) || code == "range-order",
            "{code}: {said}"
        );
    }
    std::fs::write(&path, "part,emission,gdp\na,100,1\nb,5,1\nc,9,\n").unwrap();
    let (code, _, said) = call(&["--reduction", "10%", "--by", "gdp"]);
    assert!(code == 2 && said.contains("`c`"), "{said}");
    let (code, _, _) = call(&["--reduction", "10%", "--by", "equal"]);
    assert_eq!(code, 0);
}

#[test]
fn what_cannot_be_shared_is_said() {
    let (code, _, said) = call("en", &["allocate", "CODD"]);
    assert!(code == 2 && said.contains("COD"), "{said}");
    let (code, _, said) = call("en", &["allocate", "COD", "--region", "hebei"]);
    assert!(code == 2 && said.contains("--parts"), "{said}");
    let (code, _, said) = call("zh", &["allocate", "COD", "--floor", "20%"]);
    assert!(code == 2 && said.contains("上下限"), "{said}");
    let (code, text, _) = call("zh", &["allocate", "SO2"]);
    assert!(
        code == 0 && text.contains("基尼") && text.contains("官方下达"),
        "{text}"
    );
}
