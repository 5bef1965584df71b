//! `jianpai explain`: the terms behind one result, down to the rows of the data.

use super::console::Console;
use super::out::print;
use super::tables::PrintArgs;
use clap::{Args, ValueEnum};
use jianpai_core::catalogue::Book;
use jianpai_report::explain::{Answer, Detail, Sums, json};
use jianpai_study::explain::Asked;

/// Terms below this part of the result are summed up.
const LEAST: f64 = 0.02;

/// Arguments of `explain`.
#[derive(Args, Debug)]
pub(super) struct ExplainArgs {
    /// Scenario file / 情景文件
    #[arg(value_name = "SCENARIO")]
    scenario: String,
    /// Indicator: its id or name (SO2, 二氧化硫) / 指标 id 或名称
    #[arg(value_name = "INDICATOR")]
    indicator: String,
    /// Year / 年份
    #[arg(value_name = "YEAR")]
    year: i32,
    /// The book in which it is kept; by default that in which the scenario judges it, or
    /// official accounting / 核算账或实际排放账；默认取目标所用的账，无目标时为核算
    #[arg(long, value_enum)]
    book: Option<Kept>,
    /// Only what this measure changes: its id or name / 只看这项措施
    #[arg(long, value_name = "MEASURE")]
    measure: Option<String>,
    /// Run for this region instead of the file's own / 改在此地区
    #[arg(long, value_name = "REGION")]
    region: Option<String>,
    /// Levels of the tree shown / 显示的层数
    #[arg(long, value_name = "N", default_value_t = 99)]
    depth: usize,
    /// Show every term, however small / 全部列出
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    print: PrintArgs,
}

/// A book, as it is named on the command line.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Kept {
    /// What official accounting counts / 核算
    Accounted,
    /// What is really emitted / 实际排放
    Physical,
}

impl Kept {
    fn book(self) -> Book {
        match self {
            Kept::Accounted => Book::Accounted,
            Kept::Physical => Book::Physical,
        }
    }
}

/// Explains one result; exit codes 0, 2 (bad input).
pub(super) fn main(console: &Console, args: &ExplainArgs) -> u8 {
    match explain(console, args) {
        Ok(()) => 0,
        Err(code) => code,
    }
}

fn explain(console: &Console, args: &ExplainArgs) -> Result<(), u8> {
    let mut session = console.open()?;
    let named: Vec<String> = args.region.iter().cloned().collect();
    let regions = session.regions_for(&named, std::slice::from_ref(&args.scenario));
    let regions = regions.map_err(|error| console.fail(&error))?;
    let region = regions.first().copied().flatten();
    let study = session.open(&args.scenario, region);
    let study = console.tell(&mut session, study)?;
    let asked = Asked {
        indicator: &args.indicator,
        year: args.year,
        book: args.book.map(Kept::book),
        measure: args.measure.as_deref(),
    };
    let told = study.explain(&asked, |answer| tell(console, args, answer));
    told.map_err(|error| console.fail(&error))?
}

/// Prints an answer.
fn tell(console: &Console, args: &ExplainArgs, answer: &Answer<'_>) -> Result<(), u8> {
    let (least, sums) = if args.all {
        (0.0, Sums::Spread)
    } else {
        (LEAST, Sums::Folded)
    };
    let depth = args.depth.max(1);
    let all = jianpai_report::explain::tables(answer);
    print(&if let Some(table) = args.print.alone(console, &all)? {
        table
    } else if args.print.json {
        format!("{:#}\n", json(answer))
    } else {
        answer.text(console.lang, Detail { least, depth, sums })
    });
    Ok(())
}
