//! `jianpai sensitivity`: which inputs of a table matter for its outputs, and under
//! which conditions an outcome comes about.

mod flaws;
mod read;
mod sample;

use super::BAD_INPUT;
use super::console::Console;
use super::out::print;
use super::tables::{self, TableArgs};
use clap::{Args, ValueEnum};
use jianpai_load::scenario::sweep::MOST_LEVELS;
use jianpai_report::own_table::design::{Asked, Levels, Wanted};
use jianpai_report::own_table::{self, Analysis, Settings};
use jianpai_report::write;
use jianpai_study::folder::manifest::{hash_of, relative};
use jianpai_study::folder::{Hashed, Manifest, Problem};
use std::path::{Path, PathBuf};

/// Arguments of `sensitivity`.
#[derive(Args, Debug)]
pub(super) struct SensitivityArgs {
    /// Table of inputs and outputs, one row a run; or the draws.csv of a sweep / 输入输出表
    #[arg(value_name = "FILE", required_unless_present = "sample")]
    file: Option<String>,
    /// Columns of inputs: names, `x*`, or ranges `a..f` / 输入列
    #[arg(long, value_delimiter = ',', value_name = "COLUMNS")]
    inputs: Vec<String>,
    /// Columns of outputs / 输出列
    #[arg(long, value_delimiter = ',', value_name = "COLUMNS")]
    outputs: Vec<String>,
    /// Design of the rows; `auto` tells it from the inputs / 抽样设计
    #[arg(long, value_enum, default_value_t = DesignArg::Auto)]
    design: DesignArg,
    /// Levels of a Morris design (by default 4), or `measured` for effects per unit of the input / 水平数
    #[arg(long, value_parser = levels)]
    levels: Option<Levels>,
    /// Condition for scenario discovery, such as `all_met` or `y <= 12.5` / 情景发现的条件
    #[arg(long, value_name = "CONDITION")]
    prim: Option<String>,
    /// Boxes to look for / 最多找几个盒子
    #[arg(long, default_value_t = 3)]
    boxes: usize,
    /// Confidence level of the intervals / 置信水平
    #[arg(long, default_value_t = 0.95, value_parser = confidence)]
    confidence: f64,
    /// Bootstrap replicates of Sobol indices and Morris effects; 0 for no intervals / 自助法次数
    #[arg(long, default_value_t = 100, value_parser = replicates)]
    replicates: usize,
    /// Seed of the bootstrap, or of the sample / 随机种子
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Print CSV: output,input,index,value,half_width / 输出长表 CSV
    #[arg(long, conflicts_with = "json")]
    csv: bool,
    /// Print everything as JSON / 输出 JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    table: TableArgs,
    /// Folder for results; with --sample the file of the design / 结果目录（或设计文件）
    #[arg(long, value_name = "PATH")]
    out: Option<PathBuf>,
    /// Write a design for a model of your own instead / 生成抽样设计
    #[arg(long, value_enum, value_name = "DESIGN", requires = "bounds", conflicts_with_all = ["file", "prim", "csv", "json", "table"])]
    sample: Option<sample::NewDesign>,
    /// With --sample: the inputs and their distributions / 输入及其分布
    #[arg(long, value_name = "FILE", requires = "sample")]
    bounds: Option<String>,
    /// With --sample: base samples (Saltelli), trajectories (Morris) or draws / 样本数
    #[arg(long, default_value_t = 1024, requires = "sample")]
    n: u64,
}

/// A design on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum DesignArg {
    /// Told from the inputs
    Auto,
    /// A, AB_1 … AB_D, B
    Saltelli,
    /// With BA_1 … BA_D, for second-order indices
    SaltelliSecond,
    /// Trajectories
    Morris,
    /// Any sample
    Any,
}

impl DesignArg {
    fn wanted(self) -> Wanted {
        match self {
            DesignArg::Auto => Wanted::Auto,
            DesignArg::Saltelli => Wanted::Saltelli,
            DesignArg::SaltelliSecond => Wanted::SaltelliSecond,
            DesignArg::Morris => Wanted::Morris,
            DesignArg::Any => Wanted::Any,
        }
    }
}

impl SensitivityArgs {
    fn asked(&self) -> Asked {
        Asked {
            design: self.design.wanted(),
            levels: self.levels,
        }
    }

    fn settings(&self) -> Settings {
        Settings {
            confidence: self.confidence,
            replicates: self.replicates,
            seed: self.seed,
            boxes: self.boxes,
        }
    }
}

fn levels(text: &str) -> Result<Levels, String> {
    match text.parse() {
        _ if text == "measured" => Ok(Levels::Measured),
        Ok(p) if (2..=MOST_LEVELS).contains(&p) => Ok(Levels::Grid(p)),
        _ => Err(format!("a number from 2 to {MOST_LEVELS}, or `measured`")),
    }
}

/// More replicates than these tell nothing more, and fill the memory.
const MOST_REPLICATES: usize = 100_000;

fn replicates(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(count) if count <= MOST_REPLICATES => Ok(count),
        _ => Err(format!(
            "a whole number from 0 to {MOST_REPLICATES} / 应为 0 至 {MOST_REPLICATES} 的整数"
        )),
    }
}

fn confidence(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(level) if 0.0 < level && level < 1.0 => Ok(level),
        _ => Err("a number between 0 and 1, such as 0.95".to_string()),
    }
}

pub(super) fn main(console: &Console, args: &SensitivityArgs) -> u8 {
    let done = match (args.sample, &args.bounds, &args.file) {
        (Some(kind), Some(bounds), _) => sample::write(console, args, kind, bounds),
        (_, _, Some(file)) => run(console, args, file),
        _ => Err(BAD_INPUT),
    };
    done.err().unwrap_or(0)
}

fn run(console: &Console, args: &SensitivityArgs, path: &str) -> Result<(), u8> {
    let sample = read::sample(console, args, path)?;
    let analysis = own_table::analyse(&sample, &args.settings());
    let csv = write::csv(&own_table::indices(&analysis), console.lang);
    let json = format!("{:#}\n", own_table::json(&analysis));
    let shown = if let Some(name) = &args.table.table {
        let mut all = own_table::tables(&analysis);
        let found = analysis.discovery.as_ref();
        all.extend(found.map(|found| own_table::steps(&analysis, found)));
        let table = tables::named(console, &all, name)?;
        tables::text(console, table, tables::Format::of(args.csv, args.json))
    } else if args.csv {
        String::from_utf8_lossy(&csv).into_owned()
    } else if args.json {
        json.clone()
    } else {
        own_table::text(&analysis, console.lang)
    };
    // Written first: what is printed stands for a call that went well.
    let written = match &args.out {
        Some(out) => Some(put(console, path, out, (&analysis, csv, json))?),
        None => None,
    };
    print(&shown);
    if let Some(folder) = written.filter(|_| !args.csv && !args.json) {
        let word = console.lang.pick("结果", "Results");
        print(&format!("\n{word}: {}\n", folder.display()));
    }
    Ok(())
}

/// Writes the folder of results; returns its path.
fn put(
    console: &Console,
    path: &str,
    out: &Path,
    (analysis, csv, json): (&Analysis<'_>, Vec<u8>, String),
) -> Result<PathBuf, u8> {
    let stem = Path::new(path).file_stem().and_then(|stem| stem.to_str());
    let name = format!("{}-sensitivity", stem.unwrap_or("table"));
    let csv = write::marked(csv, console.lang);
    let mut entries = vec![
        ("sensitivity.csv".to_string(), csv),
        ("sensitivity.json".to_string(), json.into_bytes()),
    ];
    if let Some(found) = &analysis.discovery {
        let steps = write::csv_file(&own_table::steps(analysis, found), console.lang);
        entries.push(("boxes.csv".to_string(), steps));
    }
    let hash = hash_of(Path::new(path));
    let hash = hash.map_err(|error| console.refuse(&Problem::read(Path::new(path), &error)))?;
    let manifest = Manifest {
        inputs: vec![Hashed {
            path: relative(path),
            sha256: hash,
        }],
        ..Manifest::of("sensitivity")
    };
    console.put_folder((out, &name), manifest, entries)
}
