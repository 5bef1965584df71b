//! `jianpai diff`: which inputs of two scenarios differ, which outputs move, and
//! what explains how much.

use super::console::Console;
use super::out::{print, results};
use super::tables::{self, TableArgs};
use clap::{Args, ValueEnum};
use jianpai_core::text::Lang;
use jianpai_report::diff::{self, Comparison};
use jianpai_report::{figures, write};
use jianpai_study::folder;
use jianpai_study::folder::{Entry, Manifest};
use std::path::PathBuf;

/// Arguments of `diff`.
#[derive(Args, Debug)]
pub(super) struct DiffArgs {
    /// The scenario to start from / 情景 A
    #[arg(value_name = "A")]
    a: String,
    /// The scenario to compare with it / 情景 B
    #[arg(value_name = "B")]
    b: String,
    /// Print a table as CSV, by default the explanation / 以 CSV 输出一张表，默认为差别的来源
    #[arg(
        long,
        value_name = "TABLE",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "explanation",
        conflicts_with = "json"
    )]
    csv: Option<Table>,
    /// Print everything as JSON / 以 JSON 输出
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    table: TableArgs,
    /// Write the tables and charts to a folder `A-vs-B` in this one / 在此目录下写出“A-vs-B”文件夹：表与图
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// A table of a comparison.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Table {
    /// Inputs that differ
    Inputs,
    /// Every indicator in every common year
    Outputs,
    /// What explains the differences
    Explanation,
    /// Targets whose verdict changes
    Verdicts,
}

/// Compares two scenarios; exit codes 0 and 2 (bad input).
pub(super) fn main(console: &Console, args: &DiffArgs) -> u8 {
    match run(console, args) {
        Ok(()) => 0,
        Err(code) => code,
    }
}

fn run(console: &Console, args: &DiffArgs) -> Result<(), u8> {
    let mut session = console.open()?;
    let pair = [&args.a, &args.b].map(|path| session.try_open(path, None));
    let pair = match pair {
        [Some(a), Some(b)] => Some([a, b]),
        _ => None,
    };
    let pair = session.settle(pair);
    let [a, b] = pair.map_err(|error| console.fail(&error))?;
    let compared = session.try_compare([a, b]);
    let compared = session.settle(compared);
    let compared = console.tell(&mut session, compared)?;
    let (of, to) = (&compared.a.study, &compared.b.study);
    let comparison = compared.report();
    // A name that is none is refused before anything is written.
    let all = diff::tables(&comparison);
    let alone = args.table.table.as_deref();
    let alone = alone.map(|name| tables::named(console, &all, name));
    let alone = alone.transpose()?;
    let written = args.out.as_ref().map(|out| {
        let ids = [of, to].map(|ready| ready.loaded.scenario.id.as_str());
        let inputs = of.loaded.inputs.iter().chain(&to.loaded.inputs);
        let manifest = Manifest {
            inputs: folder::run::hashed_inputs(session.files(), inputs.copied()),
            data: folder::run::hashed_data(session.data()),
            ..Manifest::of("diff")
        };
        let name = format!("{}-vs-{}", ids[0], ids[1]);
        console.put_folder((out, &name), manifest, entries(console.lang, &comparison))
    });
    let written = written.transpose()?;
    print(&match alone {
        Some(table) => {
            let format = tables::Format::of(args.csv.is_some(), args.json);
            tables::text(console, table, format)
        }
        None => text(console.lang, args, &comparison, written.as_ref()),
    });
    Ok(())
}

fn text(
    lang: Lang,
    args: &DiffArgs,
    comparison: &Comparison<'_>,
    written: Option<&PathBuf>,
) -> String {
    if args.json {
        return format!("{:#}\n", diff::json(comparison, lang));
    }
    if let Some(table) = args.csv {
        let table = match table {
            Table::Inputs => diff::inputs(comparison),
            Table::Outputs => diff::outputs(comparison),
            Table::Explanation => diff::explanation(comparison),
            Table::Verdicts => diff::verdicts(comparison),
        };
        return String::from_utf8_lossy(&write::csv(&table, lang)).into_owned();
    }
    let mut out = diff::text(comparison, lang);
    if let Some(folder) = written {
        out += &results(lang, folder);
    }
    out
}

/// The three tables and the charts.
fn entries(lang: Lang, comparison: &Comparison<'_>) -> Vec<Entry> {
    let mut entries = vec![
        (
            "inputs.csv".to_string(),
            write::csv_file(&diff::inputs(comparison), lang),
        ),
        (
            "outputs.csv".to_string(),
            write::csv_file(&diff::outputs(comparison), lang),
        ),
        (
            "explanation.csv".to_string(),
            write::csv_file(&diff::explanation(comparison), lang),
        ),
    ];
    let charts = figures::differences(comparison).into_iter();
    entries.extend(charts.map(|figure| (figure.name, figure.svg.into_bytes())));
    entries
}
