//! How near the kernel of a sweep comes to what the machine can do.
//!
//! `cargo bench --bench kernel -- [SWEEP.toml] [--seconds N]`
//!
//! Machine peaks and kernel are measured in the same run, in rounds that take turns.
//! The bound of a draw is the longest of four times, each of them unavoidable if the
//! operations are as counted (see `count.rs`):
//!
//! ```text
//! arithmetic   (fused multiply-adds + other products and sums) / FMA peak
//! loads        operands from memory / rate of FMAs with one operand from L1
//! divisions    divisions / division peak
//! stores       numbers stored / rate of stores to L2
//! ```

mod count;
mod meter;
mod peaks;
#[path = "../support/mod.rs"]
mod support;

use count::Count;
use jianpai::core::batch::{Block, Scratch, aligned};
use jianpai::sweep::design::Design;
use jianpai::sweep::engine::{BLOCK, Sweep, Workspace};
use meter::{Task, Work};
use std::hint::black_box;

/// From row to row: not a power of two.
const STRIDE: usize = BLOCK + 8;
/// Numbers in a line of the cache.
const LINE: usize = 8;
/// Blocks of inputs that are gone through in turn: 400 KB for twelve inputs.
const BLOCKS: usize = 16;
/// Numbers in 16 KB, half of a small L1.
const L1: usize = 16 * 1024 / 8;
/// Numbers in 256 KB, half of a small L2.
const L2: usize = 256 * 1024 / 8;

struct Args {
    path: String,
    seconds: f64,
}

fn args() -> Args {
    let mut found = Args {
        path: "benches/peers/workload.toml".to_string(),
        seconds: 20.0,
    };
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        if arg == "--seconds" {
            let seconds = args.next().and_then(|text| text.parse().ok());
            found.seconds = seconds.expect("--seconds takes a number");
        } else if !arg.starts_with("--") {
            found.path = arg;
        }
    }
    found
}

/// The sampled inputs of several blocks.
struct Inputs {
    blocks: Vec<Vec<f64>>,
}

impl Inputs {
    fn of(sweep: &Sweep) -> Self {
        let mut work = Workspace::default();
        let block = |n: usize| {
            sweep.sample((n * BLOCK) as u64, BLOCK, &mut work);
            work.inputs().to_vec()
        };
        Self {
            blocks: (0..BLOCKS).map(block).collect(),
        }
    }
}

/// Inputs in memory to cells in memory.
fn cells<'a>(sweep: &'a Sweep, inputs: &'a Inputs) -> Work<'a> {
    let mut scratch = Scratch::default();
    let mut memory = vec![0.0; sweep.batch.slots() * STRIDE + LINE];
    let skip = aligned(&memory);
    let mut feasible = vec![true; BLOCK];
    let mut turns = inputs.blocks.iter().cycle();
    Box::new(move || {
        let mut block = Block {
            inputs: turns.next().expect("a block"),
            draws: BLOCK,
            cells: &mut memory[skip..],
            stride: STRIDE,
            feasible: &mut feasible,
        };
        sweep.batch.refresh(&mut block, &mut scratch);
        black_box(&mut memory);
        BLOCK as f64
    })
}

/// Inputs in memory to rows in memory.
fn rows<'a>(sweep: &'a Sweep, inputs: &'a Inputs) -> Work<'a> {
    let mut work = Workspace::default();
    let mut turns = inputs.blocks.iter().cycle();
    Box::new(move || {
        sweep.take(turns.next().expect("a block"), BLOCK, &mut work);
        black_box(sweep.evaluate(BLOCK, &mut work));
        BLOCK as f64
    })
}

/// Draws of the inputs.
fn sampling(sweep: &Sweep) -> Work<'_> {
    let mut work = Workspace::default();
    let mut block = 0;
    Box::new(move || {
        sweep.sample(block % BLOCKS as u64 * BLOCK as u64, BLOCK, &mut work);
        block += 1;
        black_box(&mut work);
        BLOCK as f64
    })
}

/// A whole block: sampling and all.
fn whole(sweep: &Sweep) -> Work<'_> {
    let mut work = Workspace::default();
    let mut block = 0;
    Box::new(move || {
        let first = block % BLOCKS as u64 * BLOCK as u64;
        black_box(sweep.block(first, BLOCK, &mut work));
        block += 1;
        BLOCK as f64
    })
}

fn stores<'a>(length: usize) -> Work<'a> {
    let mut buffer = peaks::Buffer::new(length);
    Box::new(move || peaks::store(&mut buffer))
}

fn loads<'a>(length: usize) -> Work<'a> {
    let buffer = peaks::Buffer::new(length);
    Box::new(move || peaks::load(&buffer))
}

/// Measured rates, units a second.
struct Peaks {
    fma: f64,
    divide: f64,
    load: f64,
    store: f64,
}

impl Peaks {
    /// What was measured in a round, or the median of all.
    fn of(rate: impl Fn(&str) -> f64) -> Self {
        Self {
            fma: rate("FMA"),
            divide: rate("division"),
            load: rate("L1 load + FMA"),
            store: rate("L2 store"),
        }
    }

    /// The bound of a draw, s, and what sets it.
    fn bound(&self, count: Count) -> [(&'static str, f64); 4] {
        let mut times = [
            ("arithmetic", (count.fma + count.other) as f64 / self.fma),
            ("loads", count.loads as f64 / self.load),
            ("divisions", count.divisions as f64 / self.divide),
            ("stores", count.stores as f64 / self.store),
        ];
        times.sort_by(|a, b| b.1.total_cmp(&a.1));
        times
    }
}

fn main() {
    let args = args();
    // Random draws: as good as any for the kernel, and any block can be drawn.
    let draws = (BLOCKS * BLOCK) as u64;
    let (catalogue, sweep) = support::sweep_of(&args.path, Design::Random, draws, 1);
    let inputs = Inputs::of(&sweep);
    let mut tasks = [
        Task::new("clock", 1, || Box::new(peaks::cycles)),
        Task::new("FMA", 1, || Box::new(peaks::fma)),
        Task::new("rows", 1, || rows(&sweep, &inputs)),
        Task::new("FMA, 2 threads", 2, || Box::new(peaks::fma)),
        Task::new("rows, 2 threads", 2, || rows(&sweep, &inputs)),
        Task::new("cells", 1, || cells(&sweep, &inputs)),
        Task::new("cells, 2 threads", 2, || cells(&sweep, &inputs)),
        Task::new("sampling", 1, || sampling(&sweep)),
        Task::new("whole block", 1, || whole(&sweep)),
        Task::new("division", 1, || Box::new(peaks::divide)),
        Task::new("L1 load + FMA", 1, || loads(L1)),
        Task::new("L2 load + FMA", 1, || loads(L2)),
        Task::new("L1 store", 1, || stores(L1)),
        Task::new("L2 store", 1, || stores(L2)),
    ];
    meter::take_turns(&mut tasks, args.seconds);
    report(
        &tasks,
        count::cells(&sweep),
        count::rows(&catalogue, &sweep),
    );
}

fn report(tasks: &[Task<'_>], of_cells: Count, of_rows: Count) {
    let find = |name: &str| tasks.iter().find(|task| task.name == name).expect("a task");
    let median = |name: &str| find(name).rates().0;
    let (clock, lanes) = (median("clock"), peaks::lanes() as f64);
    println!("vectors of {lanes} numbers, clock {:.2} GHz", clock * 1e-9);
    println!(
        "{:18} {:>12} {:>12} {:>10}",
        "peak", "median G/s", "best G/s", "a cycle"
    );
    let machine = [
        "FMA",
        "FMA, 2 threads",
        "L1 load + FMA",
        "L2 load + FMA",
        "L1 store",
        "L2 store",
        "division",
    ];
    for name in machine {
        let (middle, best) = find(name).rates();
        let vectors = middle / lanes / clock;
        println!(
            "{name:18} {:12.2} {:12.2} {vectors:10.2}",
            middle * 1e-9,
            best * 1e-9
        );
    }
    println!(
        "\n{:18} {:>12} {:>12} {:>10}",
        "kernel", "median M/s", "best M/s", "ns a draw"
    );
    let kernel = [
        "cells",
        "cells, 2 threads",
        "rows",
        "rows, 2 threads",
        "sampling",
        "whole block",
    ];
    for name in kernel {
        let (middle, best) = find(name).rates();
        println!(
            "{name:18} {:12.3} {:12.3} {:10.1}",
            middle * 1e-6,
            best * 1e-6,
            1e9 / middle
        );
    }
    let peaks = Peaks::of(median);
    println!();
    explain("cells", of_cells, &peaks, median("cells"));
    explain("rows", of_rows, &peaks, median("rows"));
    // The machine is shared: each round is held against its own peaks.
    let reached = |kernel: &str, count: Count| {
        meter::median_of(find(kernel).rounds(), |n| {
            let peaks = Peaks::of(|name| find(name).rate(n));
            peaks.bound(count)[0].1 * find(kernel).rate(n)
        })
    };
    let cells_fraction = reached("cells", of_cells);
    let fraction = reached("rows", of_rows);
    let fused = of_rows.fma as f64 * median("rows") / peaks.fma;
    let scaling = |kernel: &str| {
        let (one, two) = (find(kernel), find(&format!("{kernel}, 2 threads")));
        meter::ratio_of_ratios((one, two), (find("FMA"), find("FMA, 2 threads")))
    };
    println!();
    println!("fma_peak_per_s {:e}", peaks.fma);
    println!("fma_per_cycle {:.3}", peaks.fma / lanes / clock);
    println!("sampling_draws_per_s_per_core {:.0}", median("sampling"));
    println!("block_draws_per_s_per_core {:.0}", median("whole block"));
    println!("cells_draws_per_s_per_core {:.0}", median("cells"));
    println!("cells_bound_fraction {cells_fraction:.3}");
    println!("cells_scaling_fraction {:.3}", scaling("cells"));
    println!("fma_fraction {fused:.3}");
    println!("kernel_draws_per_s_per_core {:.0}", median("rows"));
    println!("kernel_us_per_draw {:.6}", 1e6 / median("rows"));
    println!("bound_fraction {fraction:.3}");
    println!("scaling_fraction {:.3}", scaling("rows"));
}

/// Prints what is counted and the bound.
fn explain(what: &str, count: Count, peaks: &Peaks, rate: f64) {
    let times = peaks.bound(count);
    println!(
        "{what}: {} FMA, {} other, {} divisions, {} loads, {} stores a draw",
        count.fma, count.other, count.divisions, count.loads, count.stores
    );
    let parts = times.map(|(name, time)| format!("{name} {:.1} ns", time * 1e9));
    println!(
        "  bounds: {}; measured {:.1} ns",
        parts.join(", "),
        1e9 / rate
    );
}
