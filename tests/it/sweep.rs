//! Sweeps: the kernel against the equations written out, and the same bits whatever the
//! block, the thread or the shard.

use crate::support::{catalogue, compiled, physical, study};
use assert_cmd::Command;
use jianpai::core::batch::{
    self, Batch, Block, FactorGroup, Input, Output, Sampling, Scratch, Split,
};
use jianpai::core::compile::{Timing, VariantSpec, variants};
use jianpai::core::dims::DriverId;
use jianpai::core::kernel::{self, Draw};
use jianpai::core::measure::Value;
use jianpai::core::measure::ramp::Ramp;
use jianpai::core::plan::{Plan, demand};

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
    study(path).plan
}

/// Every measure's level and every driver's growth.
fn all_inputs(plan: &Plan) -> Vec<Input> {
    let levels = (0..plan.measures.len()).map(Input::Level);
    let drivers = (0..plan.growth.len()).map(|d| Input::Growth(DriverId::from_usize(d)));
    levels.chain(drivers).collect()
}

/// The equations of the plan written out, cell by cell: an oracle for the kernel.
fn by_hand(plan: &Plan, levels: &[f64], growth: &[Vec<f64>], q: usize, t: usize) -> f64 {
    let demand = demand::demand(plan, growth);
    let (width, span) = (plan.accounts.len(), plan.span());
    let base: f64 = (0..demand.len())
        .map(|v| demand[v][t] * plan.base[v * width + q])
        .sum();
    let changes: f64 = plan
        .terms
        .iter()
        .map(|term| levels[term.measure] * demand[term.service.at()][t] * term.change[q * span + t])
        .sum();
    let i = q * span + t;
    plan.ratio[i] * (base + changes) + plan.offset[i]
}

/// A batch of these inputs, with no factors or variants.
fn batch_of(plan: &Plan, inputs: &[Input]) -> Batch {
    let sampling = Sampling {
        inputs,
        ..Sampling::default()
    };
    batch::compile(plan, sampling, Split::Whole)
}

/// The cells of a block: rows × draws.
fn cells(batch: &Batch, inputs: &[f64], draws: usize) -> Vec<f64> {
    let mut cells = vec![0.0; batch.rows() * draws];
    let mut feasible = vec![true; draws];
    let mut block = Block {
        inputs,
        draws,
        cells: &mut cells,
        stride: draws,
        feasible: &mut feasible,
    };
    batch.evaluate(&mut block, &mut Scratch::default());
    cells
}

#[test]
fn the_kernel_agrees_with_the_equations_written_out() {
    for path in SCENARIOS {
        let plan = plan(path);
        let inputs = all_inputs(&plan);
        let batch = batch_of(&plan, &inputs);
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
        let cells = cells(&batch, &block, draws);
        for d in 0..draws {
            let mut draw = Draw::stated(&plan);
            for (i, input) in inputs.iter().enumerate() {
                match input {
                    Input::Level(m) => draw.levels[*m] = block[i * draws + d],
                    Input::Growth(g) => draw.growth_shift[g.at()] = block[i * draws + d],
                    _ => {}
                }
            }
            let run = kernel::run(&plan, &draw);
            let growth = kernel::growth(&plan, &draw);
            for (q, account) in plan.accounts.iter().enumerate() {
                let row = run.total.row(q).iter();
                let scale = row.fold(1.0, |most: f64, cell| most.max(cell.abs()));
                for t in 0..plan.span() {
                    let i = q * plan.span() + t;
                    let wanted = by_hand(&plan, &draw.levels, &growth, q, t);
                    for (what, found) in [("batch", cells[i * draws + d]), ("run", run.total[i])] {
                        let distance = (found - wanted).abs() / scale;
                        assert!(
                            distance < 1e-10,
                            "{path}: {what}, {account:?}, year {t}: {distance:e}"
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn a_multiplier_of_one_changes_nothing_and_two_doubles() {
    let plan = plan(SCENARIOS[0]);
    let catalogue = catalogue();
    let q = physical(catalogue.pollutant("NOx").unwrap());
    let all = (0..catalogue.technologies.len()).map(jianpai::core::dims::TechnologyId::from_usize);
    let group = FactorGroup {
        parts: vec![(q, all.collect())],
    };
    let sampling = Sampling {
        inputs: &[Input::Factor(0)],
        factors: &[group],
        ..Sampling::default()
    };
    let batch = batch::compile(&plan, sampling, Split::Whole);
    let cells = cells(&batch, &[1.0, 2.0], 2);
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
    let batch = batch_of(&plan, &inputs);
    let draws = 131; // not a multiple of a tile
    let mut numbers = Numbers(3);
    let block: Vec<f64> = (0..inputs.len() * draws)
        .map(|_| numbers.next() * 0.03)
        .collect();
    let all = cells(&batch, &block, draws);
    for d in [0, 1, 63, 64, 127, 128, 130] {
        let alone: Vec<f64> = (0..inputs.len()).map(|i| block[i * draws + d]).collect();
        let (one, _) = batch.one(&alone);
        for (i, value) in one.iter().enumerate() {
            assert_eq!(
                value.to_bits(),
                all[i * draws + d].to_bits(),
                "draw {d}, row {i}"
            );
        }
    }
}

#[test]
fn a_row_has_the_same_bits_whatever_else_is_asked_for() {
    for path in SCENARIOS {
        let plan = plan(path);
        let inputs = all_inputs(&plan);
        let mut batch = batch_of(&plan, &inputs);
        let mut numbers = Numbers(5);
        let draw: Vec<f64> = inputs.iter().map(|_| numbers.next() * 0.03).collect();
        let (all, _) = batch.one(&draw);
        let rows = batch.rows();
        for step in [rows, 7, 2] {
            for first in 0..step.min(rows) {
                let some: Vec<usize> = (first..rows).step_by(step).collect();
                let outputs = some.iter().zip(0..);
                let outputs: Vec<Output> = outputs.map(|(r, i)| Output::plain(*r, i)).collect();
                batch.write(&outputs);
                let (found, _) = batch.one(&draw);
                for (row, value) in some.iter().zip(found) {
                    assert_eq!(value.to_bits(), all[*row].to_bits(), "{path}: row {row}");
                }
            }
        }
    }
}

/// A sampled start, end and mix give what the scenario gives with them written in.
#[test]
fn a_sampled_timetable_and_mix_are_those_of_the_scenario() {
    let catalogue = catalogue();
    let study = study(SCENARIOS[0]);
    let (scenario, plan) = (study.loaded.scenario, study.plan);
    let m = scenario
        .measures
        .iter()
        .position(|m| m.id == "boilers-le35");
    let m = m.expect("the measure");
    let Some(Value::Mix(mix)) = scenario.measures[m].values.get("to").cloned() else {
        panic!("it has a mix");
    };
    let (own, others) = (mix[0].0.clone(), 1.0 - mix[0].1);
    let inputs = [
        Input::Level(m),
        Input::Start(m),
        Input::End(m),
        Input::Mix(m),
    ];
    let spec = VariantSpec {
        measure: m,
        start: Some(Timing {
            input: 1,
            years: vec![2021, 2022],
        }),
        end: Some(Timing {
            input: 2,
            years: vec![2023, 2025],
        }),
        mix: Some((3, own.clone())),
    };
    let variants = variants(catalogue, &scenario, &spec).unwrap();
    let sampling = Sampling {
        inputs: &inputs,
        variants: &[variants],
        ..Sampling::default()
    };
    let batch = batch::compile(&plan, sampling, Split::Whole);
    for (level, start, end, part) in [
        (1.0, 2021, 2025, mix[0].1),
        (0.6, 2022, 2023, 0.2),
        (0.9, 2021, 2023, 1.0),
        (0.3, 2022, 2025, 0.0),
    ] {
        let mut written = scenario.clone();
        let measure = &mut written.measures[m];
        measure.level = level;
        measure.ramp = Ramp::Linear { start, end };
        let parts = mix.iter().map(|(name, share)| {
            let share = if *name == own {
                part
            } else {
                (1.0 - part) * share / others
            };
            (name.clone(), share)
        });
        measure.values.insert("to", Value::Mix(parts.collect()));
        let direct = compiled(catalogue, &written);
        let wanted = kernel::run(&direct, &Draw::stated(&direct)).total;
        let (found, _) = batch.one(&[level, f64::from(start), f64::from(end), part]);
        for (i, (found, wanted)) in found.iter().zip(&wanted).enumerate() {
            let distance = (found - wanted).abs() / wanted.abs().max(1.0);
            assert!(
                distance < 1e-9,
                "{level} {start} {end} {part}: row {i}: {found} {wanted}"
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
            .args([
                "--draws",
                design_draws,
                "--threads",
                threads,
                "--format",
                "csv",
                "--out",
            ])
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
pub fn sweep(out: &std::path::Path, more: &[&str]) -> std::process::Command {
    let mut command = std::process::Command::new(assert_cmd::cargo::cargo_bin("jianpai"));
    command
        .args([
            "sweep",
            "scenarios/sweeps/shaanxi-14fyp.toml",
            "--no-charts",
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

/// Both formats of rows: the word on the command line, and the file.
const FORMATS: [(&str, &str); 2] = [("csv", "draws.csv"), ("parquet", "draws.parquet")];

/// Bytes of every file below a folder, or none where there is no folder yet.
fn bytes_below(folder: &std::path::Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return 0;
    };
    let sizes = entries.flatten().map(|entry| match entry.metadata() {
        Ok(found) if found.is_dir() => bytes_below(&entry.path()),
        Ok(found) => found.len(),
        // Renamed or removed since it was listed.
        Err(_) => 0,
    });
    sizes.sum()
}

/// Waits until a folder holds so many bytes, then kills the child with SIGKILL: nothing
/// in the program gets to run after it. What counts is how far the child has come, never
/// how long it took. Returns whether it was killed, not ended.
fn kill_at(child: &mut std::process::Child, folder: &std::path::Path, bytes: u64) -> bool {
    // Ten minutes at the most; a child that ends is no longer waited for.
    for _ in 0..300_000 {
        if child.try_wait().unwrap().is_some() {
            return false;
        }
        if bytes_below(folder) >= bytes {
            let _ = child.kill();
            return !child.wait().unwrap().success();
        }
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    let _ = child.kill();
    let _ = child.wait();
    panic!("{} does not come to {bytes} bytes", folder.display());
}

#[test]
fn killed_at_twenty_moments_it_ends_in_the_same_bytes() {
    for (format, file) in FORMATS {
        let folder = tempfile::tempdir().unwrap();
        let (calm, rough) = (folder.path().join("calm"), folder.path().join("rough"));
        let options = ["--draws", "300000", "--threads", "2", "--format", format];
        assert!(sweep(&calm, &options).status().unwrap().success());
        let calm = calm.join("shaanxi-14fyp").join(file);
        let whole = std::fs::metadata(&calm).unwrap().len() as f64;
        let mut numbers = Numbers(20);
        let mut killed = 0;
        let rows = rough.join("shaanxi-14fyp").join(file);
        for i in 0..20 {
            let more = [&options[..], &["--resume"]].concat();
            let mut child = sweep(&rough, &more).spawn().unwrap();
            // From the first instant to nine tenths of the rows, ever further.
            let part = 0.045 * (f64::from(i) + numbers.next());
            killed += u32::from(kill_at(&mut child, &rough, (whole * part) as u64));
            if rows.exists() {
                std::fs::remove_file(&rows).unwrap();
            }
        }
        assert!(
            killed > 0,
            "{format}: none of 20 was killed before it ended"
        );
        let more = [&options[..], &["--resume"]].concat();
        assert!(sweep(&rough, &more).status().unwrap().success());
        assert!(
            std::fs::read(&rows).unwrap() == std::fs::read(&calm).unwrap(),
            "{format}: a resumed sweep ends in other bytes"
        );
        let left = std::fs::read_dir(rows.parent().unwrap()).unwrap();
        let left = left.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let left: Vec<String> = left
            .filter(|name| {
                name.contains("part") || name.contains("journal") || name.contains("new")
            })
            .collect();
        assert!(
            left.is_empty(),
            "{format}: {left:?} are left beside the rows"
        );
    }
}

#[test]
fn another_sweep_is_not_resumed() {
    for (format, _) in FORMATS {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path();
        let format = ["--format", format];
        let many = [&["--draws", "20000000"][..], &format].concat();
        let mut child = sweep(out, &many).spawn().unwrap();
        // Some blocks are whole by then: there is something to be resumed.
        assert!(
            kill_at(&mut child, out, 64 << 20),
            "{format:?}: twenty million draws ended before they were killed"
        );
        let other = [&["--draws", "3000", "--resume"][..], &format].concat();
        assert_eq!(sweep(out, &other).status().unwrap().code(), Some(2));
    }
}

#[test]
fn slices_join_to_the_whole() {
    for (format, file) in FORMATS {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path();
        let options = ["--draws", "60000", "--format", format];
        assert!(sweep(out, &options).status().unwrap().success());
        let whole = std::fs::read(out.join("shaanxi-14fyp").join(file)).unwrap();
        let mut slices = Vec::new();
        for i in 1..=3 {
            let slice = format!("{i}/3");
            let options = [&options[..], &["--shard", &slice]].concat();
            assert!(sweep(out, &options).status().unwrap().success());
            slices.push(out.join(format!("shaanxi-14fyp-{i}-of-3")));
        }
        let joined = out.join(format!("joined.{format}"));
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
            "{format}: slices join to other bytes"
        );
        std::fs::remove_file(&joined).unwrap();
        merge(&slices[..2]).code(2);
        assert!(
            !joined.exists(),
            "{format}: nothing is written where a slice is missing"
        );
        // More slices than chunks: some hold no draws, and are written all the same.
        let empty = [&options[..], &["--shard", "1/900"]].concat();
        assert!(sweep(out, &empty).status().unwrap().success());
        assert!(out.join("shaanxi-14fyp-1-of-900").join(file).exists());
    }
}

/// Writes a sweep file that lays `text` over the example and runs it to CSV.
pub fn variation(folder: &std::path::Path, text: &str) -> std::process::Output {
    let root = env!("CARGO_MANIFEST_DIR");
    let head = format!(
        "[scenario]\nextends = \"{root}/scenarios/shaanxi-14fyp-planned.toml\"\n\
         name_zh = \"变\"\nname_en = \"varied\"\n"
    );
    let path = folder.join("varied.toml");
    std::fs::write(&path, head + text).unwrap();
    let mut command = std::process::Command::new(assert_cmd::cargo::cargo_bin("jianpai"));
    command
        .args(["--lang", "en", "sweep"])
        .arg(&path)
        .args(["--format", "csv", "--no-charts", "--out"])
        .arg(folder)
        .output()
        .unwrap()
}

/// Runs a list of options that lies beside its sweep file.
pub fn listed(folder: &std::path::Path, list: &str, inputs: &str) -> std::process::Output {
    std::fs::write(folder.join("options.csv"), list).unwrap();
    let head = "[sweep]\ndesign = \"list\"\nlist = \"options.csv\"\n";
    variation(folder, &format!("{head}{inputs}"))
}

/// The rows that [`variation`] wrote: header and lines of numbers.
pub fn rows_of(folder: &std::path::Path) -> (Vec<String>, Vec<Vec<f64>>) {
    let text = std::fs::read_to_string(folder.join("varied/draws.csv")).unwrap();
    let mut lines = text.lines();
    let header = lines.next().unwrap().split(',').map(String::from).collect();
    // Some draws have no results.
    let number = |cell: &str| match cell {
        "" => f64::NAN,
        cell => cell.parse::<f64>().unwrap(),
    };
    let rows = lines.map(|line| line.split(',').map(number).collect());
    (header, rows.collect())
}

#[test]
fn a_list_gives_its_own_draws() {
    let folder = tempfile::tempdir().unwrap();
    let list = "steel,pace\n0.5,0.002\n1,0\n0.25,-0.01\n";
    let inputs = "[sweep.inputs.pace]\ngrowth = \"industry\"\n\
        [sweep.inputs.steel]\nlevel = \"steel-ule\"\n";
    let output = listed(folder.path(), list, inputs);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let (header, rows) = rows_of(folder.path());
    let column = |name: &str| header.iter().position(|cell| cell == name).unwrap();
    let found: Vec<(f64, f64)> = rows
        .iter()
        .map(|row| (row[column("steel")], row[column("pace")]))
        .collect();
    assert_eq!(found, [(0.5, 0.002), (1.0, 0.0), (0.25, -0.01)]);
    let so2 = column("SO2@2025");
    assert!(
        rows[1][so2] < rows[0][so2],
        "more steel retrofitted, less SO2"
    );
}

/// Growth of −60 % a year under an elasticity of 2 leaves less than nothing.
#[test]
fn a_draw_that_leaves_nothing_of_a_service_is_not_feasible() {
    let folder = tempfile::tempdir().unwrap();
    let list = "pace,steam\n0,0.5\n0,1.5\n-0.6,0.5\n-0.6,1.5\n-0.6,2\n-1.2,0.5\n";
    let inputs = "[sweep.inputs.pace]\ngrowth = \"industry\"\n\
        [sweep.inputs.steam]\nelasticity = \"industrial-steam\"\n";
    let output = listed(folder.path(), list, inputs);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let (header, rows) = rows_of(folder.path());
    let column = |name: &str| header.iter().position(|cell| cell == name).unwrap();
    let flags = |name: &str| rows.iter().map(|row| row[column(name)]).collect::<Vec<_>>();
    // Industry grows by some 5 % a year; no other service follows it by more than 0.6. A
    // growth of −115 % is none that a scenario may state.
    assert_eq!(flags("feasible"), [1.0, 1.0, 1.0, 1.0, 0.0, 0.0]);
    assert!(flags("all_met")[4] < 0.5);
}

#[test]
fn what_is_wrong_with_a_list_is_said_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let list = "stel,pace\n0.5,x\n1\n";
    let inputs = "[sweep.inputs.pace]\ngrowth = \"industry\"\n\
        [sweep.inputs.steel]\nlevel = \"steel-ule\"\n";
    let output = listed(folder.path(), list, inputs);
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    for part in [
        "`stel`",
        "rename `stel` to `steel`",
        "options.csv:2:5",
        "`pace` should be a number, found `x`",
        "1 cells",
    ] {
        assert!(said.contains(part), "{part} is missing in\n{said}");
    }
    assert!(!folder.path().join("varied").exists(), "nothing is written");
}

#[test]
fn sampled_years_and_mixes_move_the_result() {
    let folder = tempfile::tempdir().unwrap();
    let text = "[sweep]\ndesign = \"grid\"\nlevels = 3\nyears = [2023]\n\
        [sweep.inputs.begin]\nstart = \"boilers-le35\"\nvalues = [2021, 2022, 2023]\n\
        [sweep.inputs.gas]\nmix = { measure = \"boilers-le35\", of = \"gas\" }\n\
        uniform = [\"0 %\", \"100 %\"]\n";
    let output = variation(folder.path(), text);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let (header, rows) = rows_of(folder.path());
    let column = |name: &str| header.iter().position(|cell| cell == name).unwrap();
    let at = |begin: f64, gas: f64, name: &str| {
        let (b, g, out) = (column("begin"), column("gas"), column(name));
        let row = rows
            .iter()
            .find(|row| (row[b] - begin).abs() < 1e-9 && (row[g] - gas).abs() < 1e-9);
        row.unwrap_or_else(|| panic!("no draw {begin} {gas}"))[out]
    };
    assert_eq!(rows.len(), 9);
    assert!(
        at(2021.0, 0.0, "SO2@2023") < at(2023.0, 0.0, "SO2@2023"),
        "an early start cuts more"
    );
    let (none, half, all) = (
        at(2021.0, 0.0, "CO2@2023"),
        at(2021.0, 0.5, "CO2@2023"),
        at(2021.0, 1.0, "CO2@2023"),
    );
    assert!(
        (f64::midpoint(none, all) - half).abs() < 1e-9 * half,
        "a mix is linear"
    );
    assert!((none - all).abs() > 1e-6 * half, "a mix matters");
}

#[test]
fn what_cannot_be_sampled_is_said() {
    let folder = tempfile::tempdir().unwrap();
    for (text, wanted) in [
        (
            "[sweep.inputs.a]\nstart = \"boilers-le35\"\nvalues = [2014]\n",
            "2014 lies outside",
        ),
        (
            "[sweep.inputs.a]\nstart = \"boilers-le35\"\nnormal = [2022, 2023]\n",
            "a year is drawn from",
        ),
        (
            "[sweep.inputs.a]\nmix = { measure = \"boilers-le35\", of = \"steam\" }\n\
             uniform = [\"0 %\", \"50 %\"]\n",
            "no such substitute",
        ),
        (
            "[sweep.inputs.a]\nend = \"boilers-le35\"\nvalues = [2016, 2025]\n",
            "after its end",
        ),
        (
            "design = \"saltelli\"\n\
             [sweep.inputs.a]\nlevel = \"boilers-le35\"\nuniform = [0, 1]\n\
             [sweep.inputs.b]\nlevel = \"rail\"\nuniform = [0, 1]\n\
             [[sweep.correlation]]\nbetween = [\"a\", \"b\"]\nrank = 0.5\n",
            "cannot be correlated",
        ),
    ] {
        let output = variation(folder.path(), &format!("[sweep]\n{text}"));
        assert_eq!(output.status.code(), Some(2), "{text}");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains(wanted), "{wanted} is missing in\n{said}");
    }
}

#[test]
fn the_exported_plan_holds_every_row() {
    let output = Command::cargo_bin("jianpai")
        .unwrap()
        .args(["plan", "scenarios/sweeps/shaanxi-14fyp.toml"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .assert()
        .success();
    let text = String::from_utf8(output.get_output().stdout.clone()).unwrap();
    let plan: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(plan["format"], "jianpai-plan/1");
    assert_eq!(plan["inputs"].as_array().unwrap().len(), 12);
    let years = plan["years"].as_array().unwrap().len();
    assert_eq!(plan["rows"].as_array().unwrap().len() % years, 0);
    assert_eq!(plan["indicators"].as_array().unwrap().len(), 11 + 4);
}
