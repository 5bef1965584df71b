//! Sweeps: the batch kernel against the plain one, and the same bits whatever the
//! block, the thread or the shard.

use crate::support::{catalogue, compiled};
use assert_cmd::Command;
use jianpai::core::batch::{self, FactorGroup, Input, Scratch};
use jianpai::core::dims::DriverId;
use jianpai::core::kernel::{self, Draw};
use jianpai::core::plan::Plan;
use jianpai::load::diag::{Diagnostics, Files};
use jianpai::load::scenario;

/// A small deterministic generator for test inputs.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }
}

const SCENARIOS: [&str; 3] = [
    "scenarios/shaanxi-14fyp-planned.toml",
    "scenarios/national-13fyp-observed.toml",
    "scenarios/guangzhou-2020.toml",
];

fn plan(path: &str) -> Plan {
    let root = env!("CARGO_MANIFEST_DIR");
    let fetch = |path: &str| std::fs::read(path);
    let (mut files, mut diags) = (Files::new(), Diagnostics::default());
    let path = format!("{root}/{path}");
    let loaded = scenario::read(&path, None, catalogue(), &fetch, &mut files, &mut diags);
    compiled(catalogue(), &loaded.expect("a good scenario").scenario)
}

/// Every measure's level and every driver's growth.
fn all_inputs(plan: &Plan) -> Vec<Input> {
    let levels = (0..plan.measures.len()).map(Input::Level);
    let drivers = (0..plan.growth.len()).map(|d| Input::Growth(DriverId::from_usize(d)));
    levels.chain(drivers).collect()
}

#[test]
fn the_batch_agrees_with_the_plain_kernel() {
    for path in SCENARIOS {
        let plan = plan(path);
        let inputs = all_inputs(&plan);
        let ranges = vec![(0.0, 1.0); inputs.len()];
        let batch = batch::compile(catalogue(), &plan, &inputs, &[], &ranges);
        let draws = 7;
        let mut numbers = Numbers(7);
        let measures = plan.measures.len();
        let block: Vec<f64> = (0..inputs.len() * draws)
            .map(|i| {
                let u = numbers.next();
                if i / draws < measures {
                    u * 1.2
                } else {
                    (u - 0.5) * 0.04
                }
            })
            .collect();
        let mut cells = vec![0.0; batch.rows.len() * draws];
        batch.evaluate(&block, draws, &mut Scratch::default(), &mut cells);
        for d in 0..draws {
            let mut draw = Draw::stated(&plan);
            for (i, input) in inputs.iter().enumerate() {
                match input {
                    Input::Level(m) => draw.levels[*m] = block[i * draws + d],
                    Input::Growth(g) => draw.growth_shift[g.at()] = block[i * draws + d],
                    _ => {}
                }
            }
            let plain = kernel::run(&plan, &draw);
            for (q, account) in plan.accounts.iter().enumerate() {
                if *account == jianpai::core::catalogue::Account::Cost {
                    continue;
                }
                let scale = plain.total[q * plan.span()].abs().max(1.0);
                for t in 0..plan.span() {
                    let i = q * plan.span() + t;
                    let distance = (cells[i * draws + d] - plain.total[i]).abs() / scale;
                    assert!(
                        distance < 1e-10,
                        "{path}: {account:?}, year {t}: {distance:e}"
                    );
                }
            }
        }
    }
}

#[test]
fn a_multiplier_of_one_changes_nothing_and_two_doubles() {
    let plan = plan(SCENARIOS[0]);
    let catalogue = catalogue();
    let q = jianpai::core::catalogue::Account::Pollutant(catalogue.pollutant("NOx").unwrap());
    let all = (0..catalogue.technologies.len()).map(jianpai::core::dims::TechnologyId::from_usize);
    let group = FactorGroup {
        technologies: all.collect(),
        accounts: vec![q],
    };
    let batch = batch::compile(
        catalogue,
        &plan,
        &[Input::Factor(0)],
        &[group],
        &[(0.5, 2.0)],
    );
    let mut cells = vec![0.0; batch.rows.len() * 2];
    batch.evaluate(&[1.0, 2.0], 2, &mut Scratch::default(), &mut cells);
    let row = batch.account(q).unwrap();
    let stated = kernel::run(&plan, &Draw::stated(&plan));
    for t in 0..plan.span() {
        let (one, two) = (cells[(row + t) * 2], cells[(row + t) * 2 + 1]);
        let plain = stated.total[row + t];
        assert!((one / plain - 1.0).abs() < 1e-12, "year {t}");
        // All but the electricity of new measures, which keeps its factors.
        assert!((two / one - 2.0).abs() < 0.02, "year {t}: {}", two / one);
    }
    let base = row * 2;
    assert!(
        (cells[base + 1] / cells[base] - 2.0).abs() < 1e-12,
        "the base year doubles exactly"
    );
}

#[test]
fn a_draw_has_the_same_bits_alone_and_in_any_block() {
    let plan = plan(SCENARIOS[0]);
    let inputs = all_inputs(&plan);
    let ranges = vec![(0.0, 1.0); inputs.len()];
    let batch = batch::compile(catalogue(), &plan, &inputs, &[], &ranges);
    let draws = 131; // neither a multiple of a tile nor of a register
    let mut numbers = Numbers(3);
    let block: Vec<f64> = (0..inputs.len() * draws)
        .map(|_| numbers.next() * 0.03)
        .collect();
    let mut cells = vec![0.0; batch.rows.len() * draws];
    batch.evaluate(&block, draws, &mut Scratch::default(), &mut cells);
    for d in [0, 1, 63, 64, 127, 128, 130] {
        let alone: Vec<f64> = (0..inputs.len()).map(|i| block[i * draws + d]).collect();
        let mut one = vec![0.0; batch.rows.len()];
        batch.evaluate(&alone, 1, &mut Scratch::default(), &mut one);
        for (i, value) in one.iter().enumerate() {
            assert_eq!(
                value.to_bits(),
                cells[i * draws + d].to_bits(),
                "draw {d}, row {i}"
            );
        }
    }
}

#[test]
fn rows_do_not_depend_on_threads_or_on_how_many_draws_follow() {
    let folder = tempfile::tempdir().unwrap();
    let rows = |threads: &str, design_draws: &str, name: &str| {
        let out = folder.path().join(name);
        Command::cargo_bin("jianpai")
            .unwrap()
            .args([
                "sweep",
                "scenarios/sweeps/shaanxi-14fyp.toml",
                "--lang",
                "en",
            ])
            .args(["--draws", design_draws, "--threads", threads, "--out"])
            .arg(&out)
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .assert()
            .success();
        std::fs::read(out.join("shaanxi-14fyp/draws.csv")).unwrap()
    };
    let one = rows("1", "5000", "one");
    let two = rows("2", "5000", "two");
    assert!(one == two, "one thread and two give other bytes");
    assert_eq!(String::from_utf8(one).unwrap().lines().count(), 5001);
}

/// The command that sweeps the example into `out`.
fn sweep(out: &std::path::Path, more: &[&str]) -> std::process::Command {
    let mut command = std::process::Command::new(assert_cmd::cargo::cargo_bin("jianpai"));
    command
        .args([
            "sweep",
            "scenarios/sweeps/shaanxi-14fyp.toml",
            "--lang",
            "en",
            "--out",
        ])
        .arg(out)
        .args(more)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null());
    command
}

#[test]
fn killed_at_twenty_moments_it_ends_in_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let (calm, rough) = (folder.path().join("calm"), folder.path().join("rough"));
    let draws = ["--draws", "150000", "--threads", "2"];
    let started = std::time::Instant::now();
    assert!(sweep(&calm, &draws).status().unwrap().success());
    let whole = started.elapsed();
    let mut numbers = Numbers(20);
    let mut killed = 0;
    let rows = rough.join("shaanxi-14fyp/draws.csv");
    for _ in 0..20 {
        let more = [&draws[..], &["--resume"]].concat();
        let mut child = sweep(&rough, &more).spawn().unwrap();
        std::thread::sleep(whole.mul_f64(numbers.next() * 0.6));
        // SIGKILL: nothing in the program gets to run after it.
        let _ = child.kill();
        killed += u32::from(!child.wait().unwrap().success());
        if rows.exists() {
            std::fs::remove_file(&rows).unwrap();
        }
    }
    assert!(
        killed >= 10,
        "only {killed} of 20 were killed before they ended"
    );
    let more = [&draws[..], &["--resume"]].concat();
    assert!(sweep(&rough, &more).status().unwrap().success());
    let calm = std::fs::read(calm.join("shaanxi-14fyp/draws.csv")).unwrap();
    assert!(
        std::fs::read(&rows).unwrap() == calm,
        "a resumed sweep ends in other bytes"
    );
    let left: Vec<_> = std::fs::read_dir(rows.parent().unwrap()).unwrap().collect();
    assert_eq!(left.len(), 1, "nothing is left beside the rows: {left:?}");
}

#[test]
fn another_sweep_is_not_resumed() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path();
    let mut child = sweep(out, &["--draws", "2000000"]).spawn().unwrap();
    let journal = out.join("shaanxi-14fyp/draws.journal.json");
    while !journal.exists() {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    let _ = child.kill();
    child.wait().unwrap();
    let other = sweep(out, &["--draws", "3000", "--resume"])
        .status()
        .unwrap();
    assert_eq!(other.code(), Some(2));
}

#[test]
fn slices_join_to_the_whole() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path();
    assert!(
        sweep(out, &["--draws", "10000"])
            .status()
            .unwrap()
            .success()
    );
    let whole = std::fs::read(out.join("shaanxi-14fyp/draws.csv")).unwrap();
    let mut slices = Vec::new();
    for i in 1..=3 {
        let slice = format!("{i}/3");
        assert!(
            sweep(out, &["--draws", "10000", "--shard", &slice])
                .status()
                .unwrap()
                .success()
        );
        slices.push(out.join(format!("shaanxi-14fyp-{i}-of-3")));
    }
    let joined = out.join("joined.csv");
    let merge = |slices: &[std::path::PathBuf]| {
        let mut command = Command::cargo_bin("jianpai").unwrap();
        command
            .arg("merge")
            .args(slices)
            .arg("--out")
            .arg(&joined)
            .assert()
    };
    // In any order.
    slices.rotate_left(1);
    merge(&slices).success();
    assert!(
        std::fs::read(&joined).unwrap() == whole,
        "slices join to other bytes"
    );
    std::fs::remove_file(&joined).unwrap();
    merge(&slices[..2]).code(2);
    assert!(
        !joined.exists(),
        "nothing is written where a slice is missing"
    );
}
