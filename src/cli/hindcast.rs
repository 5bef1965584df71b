//! `jianpai hindcast`: the recorded measures of past years against published progress.

use super::console::Console;
use super::input;
use super::out::{print, results};
use super::tables::{self, TableArgs};
use clap::Args;
use jianpai_core::text::Text;
use jianpai_report::case::Case;
use jianpai_report::view::Table;
use jianpai_report::{errors, reliability, scorecard, sectors, write};
use jianpai_study::folder::Manifest;
use jianpai_study::hindcast::Past;
use jianpai_study::{Run, Session, folder, hindcast};
use std::path::PathBuf;

/// Arguments of `hindcast`.
#[derive(Args, Debug)]
pub(super) struct HindcastArgs {
    /// Folder with `REGION.toml` or `provinces.toml` instead of the scenarios compiled in /
    /// 改用此目录中的“地区.toml”或 provinces.toml
    #[arg(long, value_name = "DIR")]
    scenarios: Option<PathBuf>,
    /// Only these regions / 只算这些地区
    #[arg(long, value_name = "REGION", value_delimiter = ',')]
    region: Vec<String>,
    /// Print `region,indicator,year,model,published,error`, in percent and points, and
    /// what is known of each number / 输出 CSV，单位为 % 与百分点
    #[arg(long, conflicts_with = "json")]
    csv: bool,
    /// Print JSON, with calibre, status and source / 输出 JSON，含口径、状态与来源
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    table: TableArgs,
    /// Write the table and charts to a folder `hindcast` in this one /
    /// 在此目录下写出 hindcast 文件夹：表与图
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// Runs the hindcast of every region with published numbers; exit code 0 or 2.
pub(super) fn main(console: &Console, args: &HindcastArgs) -> u8 {
    match run(console, args) {
        Ok(()) => 0,
        Err(code) => code,
    }
}

fn run(console: &Console, args: &HindcastArgs) -> Result<(), u8> {
    let mut session = console.open()?;
    let own = own_folder(console, args)?;
    let runs = hindcast::run(&mut session, own.as_deref(), &args.region);
    let runs = console.tell(&mut session, runs)?;
    let cases: Vec<Case<'_>> = runs.iter().map(Run::case).collect();
    let scores = scorecard::scores(&cases);
    let mut all = scorecard::tables(&cases, &scores);
    let wanted = args.table.table.as_deref();
    if let Some(made) = OF_THE_PAST.iter().find(|(id, _)| wanted == Some(*id)) {
        all.push(of_the_past(console, &mut session, made.1)?);
    }
    if let Some(name) = wanted {
        let own = all.iter().map(|table| table.id);
        let ids: Vec<&str> = own.chain(OF_THE_PAST.map(|(id, _)| id)).collect();
        tables::known(console, &ids, name)?;
    }
    let table = write::csv(&all[0], console.lang);
    // A name that is none is refused before anything is written.
    let alone = args.table.table.as_deref();
    let alone = alone.map(|name| tables::named(console, &all, name));
    let alone = alone.transpose()?;
    let written = match &args.out {
        None => None,
        Some(out) => {
            let marked = write::marked(table.clone(), console.lang);
            let mut entries = vec![("hindcast.csv".to_string(), marked)];
            let mut charts = scorecard::figures(&cases, &scores);
            charts.extend(errors::figures(&cases, &scores));
            if args.scenarios.is_none() && args.region.is_empty() {
                charts.extend(of_the_past(console, &mut session, reliability::figures)?);
            }
            let charts = charts.into_iter();
            entries.extend(charts.map(|f| (format!("charts/{}", f.name), f.svg.into_bytes())));
            let manifest = manifest(&runs, &session);
            Some(console.put_folder((out, "hindcast"), manifest, entries)?)
        }
    };
    print(&if let Some(table) = alone {
        tables::text(console, table, tables::Format::of(args.csv, args.json))
    } else if args.csv {
        String::from_utf8_lossy(&table).into_owned()
    } else if args.json {
        format!("{:#}\n", scorecard::json(&cases, &scores))
    } else {
        let written = written.map(|folder| results(console.lang, &folder));
        scorecard::text(&cases, &scores, console.lang) + &written.unwrap_or_default()
    });
    Ok(())
}

/// How a table is made of runs of the past.
type Made = fn(&[reliability::Past<'_>]) -> Table;

/// The tables over plans and the record, each of which runs every one of them.
const OF_THE_PAST: [(&str, Made); 4] = [
    ("model-error", reliability::table),
    ("model-error-cases", reliability::cases_table),
    ("reliability", reliability::coverage),
    ("sectors", sectors::table),
];

/// What is made of runs of the past of both kinds: a table, charts.
fn of_the_past<T>(
    console: &Console,
    session: &mut Session,
    made: fn(&[reliability::Past<'_>]) -> T,
) -> Result<T, u8> {
    let past = hindcast::past(session);
    let past = console.tell(session, past)?;
    let runs: Vec<_> = past.iter().map(Past::held).collect();
    Ok(made(&runs))
}

/// What went in.
fn manifest(runs: &[Run], session: &jianpai_study::Session) -> Manifest {
    let inputs = runs.iter().flat_map(|run| &run.study.loaded.inputs);
    Manifest {
        inputs: folder::run::hashed_inputs(session.files(), inputs.copied()),
        data: folder::run::hashed_data(session.data()),
        ..Manifest::of("hindcast")
    }
}

/// The folder of scenarios on the command line, if there is one there.
fn own_folder(console: &Console, args: &HindcastArgs) -> Result<Option<String>, u8> {
    let Some(folder) = &args.scenarios else {
        return Ok(None);
    };
    input::folder(folder).map_err(|error| {
        let what = Text::new("情景目录", "the folder of scenarios");
        console.cannot_read(&what, folder, &error)
    })?;
    Ok(Some(folder.display().to_string()))
}
