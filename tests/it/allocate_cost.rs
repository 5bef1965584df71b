//! A target shared among provinces at least cost: against the curves of each by itself, and
//! as the command prints it.

use super::program::call;
use super::support::session;
use jianpai::core::dims::RegionId;
use jianpai::solve::affine::{Affine, Sheets};
use jianpai::solve::joint::{Outcome, Part, cost_of, share};
use jianpai::study::{SolveOptions, SolveStudy};

fn province(id: &str) -> SolveStudy {
    let mut session = session();
    let region: RegionId = session.region(id).unwrap();
    let study = session.try_open_varied("scenarios/provinces.toml", Some(region));
    let solved = study.and_then(|study| session.try_solve(&study, SolveOptions::default()));
    session
        .settle(solved)
        .unwrap_or_else(|error| panic!("{id}: {error}"))
}

/// What a province still emits, and what it emitted.
fn left(solved: &SolveStudy, indicator: &str) -> (Affine, f64) {
    let sheets = Sheets::of(solved.study.catalogue(), &solved.study.plan);
    let id = solved.study.catalogue().indicator(indicator).unwrap();
    let base = sheets.indicator(id, 0).unwrap().constant;
    (
        sheets.indicator(id, solved.study.plan.span() - 1).unwrap(),
        base,
    )
}

/// Four provinces: sharing at least cost is as cheap as the best of all ways to share that a
/// grid finds by the cost of each province alone, and no way is cheaper.
#[test]
fn no_other_sharing_is_cheaper() {
    let solved = ["shaanxi", "hebei", "hunan", "guangdong"].map(province);
    for indicator in ["SO2-accounted", "NOx-accounted", "COD"] {
        let functions: Vec<(Affine, f64)> = solved.iter().map(|one| left(one, indicator)).collect();
        let parts: Vec<Part<'_>> = solved
            .iter()
            .zip(&functions)
            .map(|(solved, (left, base))| Part {
                programme: &solved.programme,
                left,
                emission: *base,
                floor: -0.5,
                ceiling: 0.9,
            })
            .collect();
        let all: f64 = functions.iter().map(|(_, base)| base).sum();
        let Outcome::OutOfReach(most) = share(&parts, all).unwrap() else {
            panic!("everything cannot be cut");
        };
        let mut dear = 0;
        for part_of_most in [0.6, 0.9, 0.98] {
            let total = most * part_of_most;
            let Outcome::Shared(found) = share(&parts, total).unwrap() else {
                panic!("{indicator}: within reach");
            };
            let sum: f64 = found.cuts.iter().sum();
            assert!((sum - total).abs() <= 1e-9 * total, "{sum} {total}");
            let cost: f64 = found.costs.iter().sum();
            // Each part spends what its own cut costs at least.
            for ((part, cut), cost) in parts.iter().zip(&found.cuts).zip(&found.costs) {
                let alone = cost_of(part, *cut).unwrap().expect("it makes its cut");
                assert!(
                    (alone - cost).abs() < 1e-6 * cost.abs().max(1.0),
                    "{alone} {cost}"
                );
            }
            // Shifting some of the cut from one to another is no cheaper.
            for from in 0..parts.len() {
                for to in 0..parts.len() {
                    let by = 0.01 * total;
                    let mut cuts = found.cuts.clone();
                    cuts[from] -= by;
                    cuts[to] += by;
                    let mut other = 0.0;
                    for (part, cut) in parts.iter().zip(&cuts) {
                        match cost_of(part, *cut).unwrap() {
                            Some(cost) => other += cost,
                            None => other = f64::INFINITY,
                        }
                    }
                    assert!(other >= cost - 1e-7 * cost.abs().max(1.0), "{other} {cost}");
                }
            }
            // The price is what a little more costs.
            let step = total * 1e-6;
            if let (Some(price), Outcome::Shared(more)) =
                (found.price, share(&parts, total + step).unwrap())
            {
                let rise = more.costs.iter().sum::<f64>() - cost;
                assert!(
                    (rise - price * step).abs() <= 1e-3 * (price * step).abs().max(1e-7),
                    "{rise} {}",
                    price * step
                );
                dear += usize::from(price > 0.0);
            }
        }
        assert!(dear > 0, "{indicator}: a price above nothing");
    }
}

/// Bounds hold, and what cannot be is said with the most that can.
#[test]
fn floors_and_ceilings_hold() {
    let solved = ["shaanxi", "hunan"].map(province);
    let functions: Vec<(Affine, f64)> = solved.iter().map(|one| left(one, "COD")).collect();
    let part = |i: usize, floor: f64, ceiling: f64| Part {
        programme: &solved[i].programme,
        left: &functions[i].0,
        emission: functions[i].1,
        floor,
        ceiling,
    };
    let all = functions[0].1 + functions[1].1;
    let parts = [part(0, 0.02, 0.03), part(1, 0.0, 1.0)];
    let Outcome::Shared(found) = share(&parts, 0.05 * all).unwrap() else {
        panic!("within reach");
    };
    let rate = found.cuts[0] / functions[0].1;
    assert!((0.02 - 1e-9..=0.03 + 1e-9).contains(&rate), "{rate}");
    let parts = [part(0, 0.0, 0.03), part(1, 0.0, 0.01)];
    match share(&parts, 0.05 * all).unwrap() {
        Outcome::OutOfReach(most) => {
            let wanted = 0.03 * functions[0].1 + 0.01 * functions[1].1;
            assert!((most - wanted).abs() < 1e-6 * wanted);
        }
        other => panic!("{other:?}"),
    }
    match share(&[part(0, 0.99, 1.0), part(1, 0.0, 1.0)], 0.0).unwrap() {
        Outcome::BelowFloor(parts) => {
            assert!(parts.len() == 1 && parts[0].0 == 0 && parts[0].1 < 0.99);
        }
        other => panic!("{other:?}"),
    }
}

/// 31 provinces with the measures of one scenario: the sum is exact, least cost is no dearer
/// than any rule, and the folder has tables and charts.
#[test]
fn the_nation_is_shared_at_least_cost() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_str().unwrap();
    let scenario = ["--scenario", "scenarios/provinces.toml"];
    let asked = [
        &["allocate", "化学需氧量", "--region", "全国"][..],
        &scenario,
    ]
    .concat();
    let (code, said, error) = call("zh", &[&asked[..], &["--out", out]].concat());
    assert_eq!(code, 0, "{error}");
    assert!(
        said.contains("成本最低") && said.contains("比最省"),
        "{said}"
    );
    for file in [
        "allocation.csv",
        "fairness.csv",
        "allocation.zh.svg",
        "manifest.json",
    ] {
        assert!(
            folder.path().join("COD-allocation").join(file).exists(),
            "{file}"
        );
    }
    // The manifest names what was read, and the region by its id.
    let manifest = folder.path().join("COD-allocation/manifest.json");
    let manifest: serde_json::Value =
        serde_json::from_slice(&std::fs::read(manifest).unwrap()).unwrap();
    assert_eq!(manifest["region"], "china");
    assert_eq!(manifest["inputs"][0]["path"], "scenarios/provinces.toml");
    assert!(
        manifest["inputs"].as_array().unwrap().len() > 1,
        "and its base"
    );
    let (code, said, error) = call("en", &[&asked[..], &["--json"]].concat());
    assert_eq!(code, 0, "{error}");
    let said: serde_json::Value = serde_json::from_str(&said).unwrap();
    let table = |id: &str| said["tables"][id]["rows"].as_array().unwrap().clone();
    let cost: Vec<f64> = table("allocation")
        .iter()
        .filter(|row| row["rule"] == "cost" && row["part"] != "total")
        .map(|row| row["cut"].as_f64().unwrap())
        .collect();
    assert_eq!(cost.len(), 31);
    let total = said["cut_t"].as_f64().unwrap();
    assert!(
        (cost.iter().sum::<f64>() - total).abs() <= 50.0,
        "whole hundreds of tonnes"
    );
    for row in table("fairness") {
        if let Some(extra) = row["extra"].as_f64() {
            assert!(extra >= -1.0, "{row}");
        }
    }
    // What the measures cannot do is said, and with --by cost refused.
    let far = ["--reduction", "40%", "--ceiling", "60%"];
    let asked = [&["allocate", "NOx"][..], &scenario, &far].concat();
    let (code, said, error) = call("en", &asked);
    assert_eq!(code, 0, "{error}");
    assert!(said.contains("cannot keep their floors"), "{said}");
    let by_cost = |floor: &str| {
        let floor = format!("--floor={floor}");
        call("en", &[&asked[..], &["--by", "cost", &floor]].concat())
    };
    let (code, _, error) = by_cost("0%");
    assert!(code == 2 && error.contains("Widen --floor"), "{error}");
    let (code, _, error) = by_cost("-90%");
    assert!(code == 2 && error.contains("at most, not 40"), "{error}");
    let (code, _, error) = call("en", &["allocate", "NOx", "--by", "cost"]);
    assert!(code == 2 && error.contains("--scenario"), "{error}");
    let late = [
        "allocate",
        "NOx",
        "--scenario",
        "scenarios/national-15fyp-planned.toml",
    ];
    assert_eq!(call("en", &late).0, 2);
}
