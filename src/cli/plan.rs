//! `jianpai plan`: a compiled sweep as JSON, so that anyone can check the arithmetic
//! with other tools.

use super::console::Console;
use super::input::stream;
use super::out::print;
use super::tables::{self, Format, TableArgs};
use clap::Args;
use jianpai_report::compiled::{self, FORMAT};
use jianpai_study::SweepOptions;
use jianpai_study::folder::put_file;
use serde::Deserialize;
use serde_json::json;
use std::io::BufReader;
use std::path::{Path, PathBuf};

/// Arguments of `plan`.
#[derive(Args, Debug)]
pub(super) struct PlanArgs {
    /// Scenario file with a [sweep] / 含 [sweep] 的情景文件
    scenario: String,
    /// Where to write it; standard output without / 写到此文件，默认标准输出
    #[arg(long, value_name = "FILE")]
    export: Option<PathBuf>,
    /// With --table: print it as CSV / 与 --table 同用：以 CSV 输出
    #[arg(long, requires = "table", conflicts_with = "json")]
    csv: bool,
    /// With --table: print it as JSON; without it the plan is JSON / 与 --table 同用：以 JSON 输出
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    table: TableArgs,
}

/// Compiles the sweep of a file and writes it as JSON.
pub(super) fn main(console: &Console, args: &PlanArgs) -> u8 {
    match export(console, args) {
        Ok(()) => 0,
        Err(code) => code,
    }
}

fn export(console: &Console, args: &PlanArgs) -> Result<(), u8> {
    let mut session = console.open()?;
    let study = session.try_open_varied(&args.scenario, None);
    let swept = study.and_then(|study| session.try_sweep(&study, SweepOptions::default()));
    let swept = session.settle(swept);
    let swept = console.tell(&mut session, swept)?;
    if let Some(name) = &args.table.table {
        let all = compiled::tables(session.catalogue(), &swept.sweep);
        let table = tables::named(console, &all, name)?;
        let format = Format::of(args.csv, args.json);
        print(&tables::text(console, table, format));
        return Ok(());
    }
    let mut value = compiled::json(session.catalogue(), &swept.sweep);
    value["program"] = json!(jianpai_study::folder::run::model());
    value["scenario"] = json!(swept.study.scenario().id);
    value["region"] = json!(swept.study.region());
    let text = format!("{value}\n");
    let Some(path) = &args.export else {
        print(&text);
        return Ok(());
    };
    let written = put_file(path, is_plan, |to| to.write_all(text.as_bytes()));
    written.map_err(|problem| console.refuse(&problem))
}

/// The head of a plan.
#[derive(Deserialize)]
struct Head {
    format: String,
}

/// Whether a file is a plan that this command wrote. It is read piece by piece, so it may
/// be of any size.
fn is_plan(path: &Path) -> bool {
    let file = stream(path).ok().map(BufReader::new);
    let found = file.and_then(|file| serde_json::from_reader::<_, Head>(file).ok());
    found.is_some_and(|head| head.format == FORMAT)
}
