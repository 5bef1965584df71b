//! `jianpai diff`: which inputs of two scenarios differ, which outputs move, and
//! what explains how much.

use super::BAD_INPUT;
use super::console::Console;
use super::out::{print, results};
use super::tables::{self, TableArgs};
use clap::{Args, ValueEnum};
use jianpai_core::catalogue::{Account, Catalogue};
use jianpai_core::difference::{self, Side};
use jianpai_core::text::{Lang, Text};
use jianpai_load::diag::{Diagnostic, Files};
use jianpai_load::scenario::compare::{self, Part};
use jianpai_report::diff::{self, Comparison, Input, Said};
use jianpai_report::{figures, write};
use jianpai_study::folder::{Entry, Manifest};
use jianpai_study::{Study, folder};
use std::path::PathBuf;
use std::sync::Arc;

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
    // Scenarios may bring their regions along.
    let data = Arc::clone(session.data());
    let catalogue = data.catalogue();
    let mut apart = other_calibres(catalogue, &a, &b);
    if !apart.is_empty() {
        session.push(calibres_differ(catalogue, &apart));
    }
    let bases = [&a, &b].map(|study| study.loaded.scenario.base_year);
    if bases[0] != bases[1] {
        let indices = indices(catalogue);
        session.push(bases_differ(catalogue, &indices, bases));
        apart.extend(
            indices
                .into_iter()
                .filter(|i| !apart.contains(i))
                .collect::<Vec<_>>(),
        );
        apart.sort_unstable();
    }
    console.report(&session.take_found());
    if apart.len() == catalogue.indicators.len() {
        return Err(BAD_INPUT);
    }
    let files = session.files();
    let [a, b] = [a, b].map(Study::run);
    let (of, to) = (&a.study, &b.study);
    let found = compare::compare(catalogue, (&of.loaded, &of.plan), (&to.loaded, &to.plan));
    let inputs: Vec<Input> = found.into_iter().map(|input| shown(files, input)).collect();
    let explanation = difference::explain(catalogue, side(of), side(to));
    let comparison = Comparison {
        a: a.case(),
        b: b.case(),
        inputs: &inputs,
        apart: &apart,
        explanation: explanation.as_ref(),
    };
    // A name that is none is refused before anything is written.
    let all = diff::tables(&comparison);
    let alone = args.table.table.as_deref();
    let alone = alone.map(|name| tables::named(console, &all, name));
    let alone = alone.transpose()?;
    let written = args.out.as_ref().map(|out| {
        let ids = [of, to].map(|ready| ready.loaded.scenario.id.as_str());
        let inputs = of.loaded.inputs.iter().chain(&to.loaded.inputs);
        let manifest = Manifest {
            inputs: folder::run::hashed_inputs(files, inputs.copied()),
            data: folder::run::hashed_data(&data),
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

fn side(ready: &Study) -> Side<'_> {
    Side {
        scenario: &ready.loaded.scenario,
        plan: &ready.plan,
    }
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

/// An input with its places as `file:line`.
fn shown(files: &Files, input: compare::InputDifference) -> Input {
    let said = |side: Option<compare::Said>| {
        side.map(|said| Said {
            text: said.text,
            place: said.span.map(|span| {
                let line = files.position(span.file, span.start).0;
                format!("{}:{line}", files.path(span.file))
            }),
        })
    };
    Input {
        part: match input.part {
            Part::Head => "scenario",
            Part::Growth => "growth",
            Part::Elasticity => "elasticity",
            Part::Measure => "measures",
            Part::Target => "targets",
            Part::Observed => "observed",
        },
        id: input.id,
        name: input.name,
        field: input.field.to_string(),
        a: said(input.a),
        b: said(input.b),
    }
}

/// Indicators whose base years are of different calibres in the two.
fn other_calibres(catalogue: &Catalogue, a: &Study, b: &Study) -> Vec<usize> {
    let calibre = |ready: &Study, account: Account| {
        let inventory = ready
            .loaded
            .scenario
            .world
            .inventory
            .get(&account.official());
        inventory
            .and_then(|inventory| inventory.total)
            .map(|total| total.calibre)
    };
    let apart = catalogue
        .indicators
        .iter()
        .enumerate()
        .filter(|(_, indicator)| {
            let account = indicator.kind.inventoried();
            account.is_some_and(|account| calibre(a, account) != calibre(b, account))
        });
    apart.map(|(i, _)| i).collect()
}

/// Indicators that are 1 in the base year.
fn indices(catalogue: &Catalogue) -> Vec<usize> {
    let all = catalogue.indicators.iter().enumerate();
    let index = all.filter(|(_, indicator)| indicator.kind.is_index());
    index.map(|(i, _)| i).collect()
}

/// Two scenarios that count from different years.
fn bases_differ(catalogue: &Catalogue, indices: &[usize], [a, b]: [i32; 2]) -> Diagnostic {
    let ids: Vec<&str> = indices
        .iter()
        .map(|i| catalogue.indicators[*i].named.id.as_str())
        .collect();
    let (zh, en) = (ids.join("、"), ids.join(", "));
    let message = Text::new(
        format!("A 从 {a} 年算起，B 从 {b} 年算起：以基年为 1 的指标不能比较：{zh}"),
        format!("A counts from {a}, B from {b}: indices of the base year cannot be compared: {en}"),
    );
    Diagnostic::warning("bases-differ", message).help(Text::new(
        "两个情景写同一 base；这些指标已略去",
        "give both the same `base`; these indicators are left out",
    ))
}

fn calibres_differ(catalogue: &Catalogue, apart: &[usize]) -> Diagnostic {
    let ids: Vec<&str> = apart
        .iter()
        .map(|i| catalogue.indicators[*i].named.id.as_str())
        .collect();
    let (zh, en) = (ids.join("、"), ids.join(", "));
    let message = Text::new(
        format!("两个情景的基年口径不同，不能比较：{zh}"),
        format!("the base years are of different calibres and cannot be compared: {en}"),
    );
    let diagnostic = if apart.len() == catalogue.indicators.len() {
        Diagnostic::error("calibres-differ", message)
    } else {
        Diagnostic::warning("calibres-differ", message)
    };
    diagnostic.help(Text::new(
        "改用同一口径的清单；这些指标已略去",
        "use inventories of one calibre; these indicators are left out",
    ))
}
