//! `jianpai options`: target options of a scenario, solved, tried and judged.

use super::MISSED;
use super::console::Console;
use super::out::{print, results};
use super::tables::PrintArgs;
use clap::Args;
use jianpai_report::options as report;
use jianpai_report::view::Table;
use jianpai_report::write;
use jianpai_study::draws::Trial;
use jianpai_study::folder::run::{hashed_data, hashed_inputs};
use jianpai_study::folder::{Entry, Manifest};
use jianpai_study::options::Compared;
use jianpai_study::{Session, SolveOptions};
use serde_json::{Map, json};
use std::path::{Path, PathBuf};

/// Arguments of `options`.
#[derive(Args, Debug)]
pub(super) struct OptionsArgs {
    /// Scenario file with [[option]] or [options] / 写有 [[option]] 或 [options] 的情景文件
    scenario: String,
    /// Draws on which each plan is tried / 每个方案的抽样次数
    #[arg(long, default_value_t = Trial::default().draws, value_parser = clap::value_parser!(u64).range(1..=10_000_000))]
    draws: u64,
    /// Seed of the draws / 抽样的随机种子
    #[arg(long, default_value_t = Trial::default().seed)]
    seed: u64,
    /// Leave the model's error out of the draws / 抽样不计模型自身的误差
    #[arg(long)]
    no_model_error: bool,
    /// Folder for results: tables, chart, manifest / 结果目录
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    #[command(flatten)]
    print: PrintArgs,
    /// Exit with code 1 if an option cannot be met / 有方案做不到时退出码为 1
    #[arg(long)]
    strict: bool,
}

/// Compares the options; exit codes 0, 1 (one cannot be met, with `--strict`), 2 (bad
/// input).
pub(super) fn main(console: &Console, args: &OptionsArgs) -> u8 {
    match compare(console, args) {
        Ok(code) | Err(code) => code,
    }
}

fn compare(console: &Console, args: &OptionsArgs) -> Result<u8, u8> {
    let mut session = console.open()?;
    let study = session.try_open_varied(&args.scenario, None);
    let found = study.and_then(|study| session.try_options(&study, SolveOptions::default()));
    let found = session.settle(found);
    let asked = console.tell(&mut session, found)?;
    let id = asked.study.scenario().id.clone();
    if args.out.is_some() {
        console.check_id(&id, &args.scenario)?;
    }
    let trial = Trial {
        draws: args.draws,
        seed: args.seed,
        model_error: !args.no_model_error,
    };
    let compared = asked.compare(trial);
    let compared = compared.map_err(|error| console.fail(&error))?;
    let seen = compared.report();
    let all = report::tables(&seen);
    let alone = args.print.alone(console, &all)?;
    let folder = args.out.as_ref().map(|out| {
        let charts = report::figures(&seen).into_iter();
        let charts = charts.map(|figure| {
            let name = format!("charts/{}", figure.name);
            (name, figure.svg.into_bytes())
        });
        put(
            console,
            (&session, &compared),
            (&all, charts.collect()),
            (args, out),
        )
    });
    let folder = folder.transpose()?;
    print(&if let Some(table) = alone {
        table
    } else if args.print.json {
        format!("{:#}\n", write::document(&all))
    } else {
        let mut out = report::text(&seen, console.lang);
        if let Some(folder) = folder {
            out += &results(console.lang, &folder);
        }
        out
    });
    let missed = compared.all.iter().any(|option| option.attained.is_none());
    Ok(if args.strict && missed { MISSED } else { 0 })
}

/// Writes the tables and the chart.
fn put(
    console: &Console,
    (session, compared): (&Session, &Compared),
    (all, charts): (&[Table], Vec<Entry>),
    (args, out): (&OptionsArgs, &Path),
) -> Result<PathBuf, u8> {
    let lang = console.lang;
    let study = &compared.asked.study;
    let id = &study.scenario().id;
    let mut entries: Vec<Entry> = all
        .iter()
        .map(|table| (format!("{}.csv", table.id), write::csv(table, lang)))
        .collect();
    entries.extend(charts);
    let mut options = Map::new();
    options.insert("draws".to_string(), json!(args.draws));
    options.insert("seed".to_string(), json!(args.seed));
    options.insert("model_error".to_string(), json!(!args.no_model_error));
    options.insert("lang".to_string(), json!(lang.pick("zh", "en")));
    let inputs = study.loaded.inputs.iter().copied();
    let manifest = Manifest {
        scenario: Some(id.clone()),
        region: Some(study.region().to_string()),
        options,
        inputs: hashed_inputs(session.files(), inputs),
        data: hashed_data(session.data()),
        ..Manifest::of("options")
    };
    console.put_folder((out, id), manifest, entries)
}
