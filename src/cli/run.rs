//! `jianpai run`: scenarios in, a folder of results each out.

use super::MISSED;
use super::console::{Console, twice};
use super::out::{print, results};
use super::tables::PrintArgs;
use clap::Args;
use jianpai_core::plausible::{self, Doubt};
use jianpai_core::text::Lang;
use jianpai_load::diag::FileId;
use jianpai_load::scenario::Loaded;
use jianpai_report::case::Case;
use jianpai_report::{self as report, summary};
use jianpai_study::{Run, folder};
use std::path::PathBuf;

/// Arguments of `run`.
#[derive(Args, Debug)]
pub(super) struct RunArgs {
    /// Scenario files / 情景文件
    #[arg(required = true, value_name = "SCENARIO")]
    scenarios: Vec<String>,
    /// Folder for results: one folder a scenario in it / 结果目录，每个情景一个子目录
    #[arg(long, value_name = "DIR", default_value = "results")]
    out: PathBuf,
    /// Run for these regions instead of the file's own; `all` is the nation and all provinces /
    /// 改在这些地区运行；all 为全国及各省
    #[arg(long, value_name = "REGION", value_delimiter = ',')]
    region: Vec<String>,
    #[command(flatten)]
    print: PrintArgs,
    /// Exit with code 1 if a target is missed / 有目标未达到时退出码为 1
    #[arg(long)]
    strict: bool,
    /// Draw no charts / 不画图
    #[arg(long)]
    no_charts: bool,
    /// Write no files, only print / 只打印，不写文件
    #[arg(long)]
    dry: bool,
}

/// Runs every scenario; exit codes 0, 1 (targets missed, with `--strict`), 2 (bad input).
pub(super) fn main(console: &Console, args: &RunArgs) -> u8 {
    match run(console, args) {
        Ok(code) | Err(code) => code,
    }
}

fn run(console: &Console, args: &RunArgs) -> Result<u8, u8> {
    let mut session = console.open()?;
    let loaded = load(console, args, &mut session)?;
    let runs = session.run_all(loaded);
    let runs = console.tell(&mut session, runs)?;
    let (files, data) = (session.files(), session.data());
    let cases: Vec<Case<'_>> = runs.iter().map(Run::case).collect();
    let inputs = runs.iter().map(|run| run.study.loaded.inputs.as_slice());
    let inputs: Vec<&[FileId]> = inputs.collect();
    // A name that is none is refused before anything is written.
    let alone = if args.print.table.table.is_some() {
        let mut all = summary::tables_of(&cases);
        all.push(report::tables::balance(&cases));
        args.print.alone(console, &all)?
    } else {
        None
    };
    let written = if args.dry {
        Vec::new()
    } else {
        let results = folder::run::Results {
            cases: &cases,
            inputs: &inputs,
            files,
            data,
            lang: console.lang,
            charts: if args.no_charts {
                folder::run::Charts::None
            } else {
                folder::run::Charts::All
            },
        };
        let written = folder::run::write(&results, &args.out);
        let (folders, kept) = written.map_err(|problem| console.refuse(&problem))?;
        console.tell_kept(&kept);
        folders
    };
    print(&if let Some(table) = alone {
        table
    } else if args.print.json {
        json(&cases)
    } else {
        let paths = inputs.iter().map(|inputs| files.path(inputs[0]));
        let paths: Vec<&str> = paths.collect();
        let of_regions = !args.region.is_empty();
        text(console.lang, &cases, &written) + &doubts(console.lang, &cases, &paths, of_regions)
    });
    let missed = cases.iter().any(|case| case.score().0 < case.score().1);
    Ok(if args.strict && missed { MISSED } else { 0 })
}

/// Reads every file for every region asked for; all problems are printed at once.
fn load(
    console: &Console,
    args: &RunArgs,
    session: &mut jianpai_study::Session,
) -> Result<Vec<Loaded>, u8> {
    let regions = session.regions_for(&args.region, &args.scenarios);
    let regions = regions.map_err(|error| console.fail(&error))?;
    let all = session.load_all(&args.scenarios, &regions);
    let all = console.tell(session, all)?;
    let files = session.files();
    let ids = all.iter().map(|loaded| loaded.scenario.id.as_str());
    let ids: Vec<&str> = ids.collect();
    for (loaded, id) in all.iter().zip(&ids) {
        console.check_id(id, files.path(loaded.inputs[0]))?;
    }
    if let Some(id) = twice(&ids) {
        return Err(console.complain(&match console.lang {
            Lang::Zh => format!("两个情景文件同名 `{id}`，结果会互相覆盖"),
            Lang::En => {
                format!(
                    "two scenario files are called `{id}`; one would overwrite the other's results"
                )
            }
        }));
    }
    Ok(all)
}

/// The printed summary: each scenario, or a comparison where there are many.
fn text(lang: Lang, cases: &[Case<'_>], written: &[PathBuf]) -> String {
    let mut out = String::new();
    if cases.len() <= 4 {
        for case in cases {
            out += &summary::text(case, lang);
        }
    }
    if cases.len() > 1 {
        out += &summary::comparison(cases, lang);
    }
    match written {
        [] => {}
        [one] => {
            out += &results(lang, one);
        }
        [first, .., last] => {
            out += &format!(
                "\n  {} {}/ … {}/\n",
                lang.pick("结果：", "Results:"),
                first.display(),
                last.display()
            );
        }
    }
    out
}

/// One line for each file, or each region of it, with high findings.
fn doubts(lang: Lang, cases: &[Case<'_>], paths: &[&str], of_regions: bool) -> String {
    let mut lines: Vec<String> = Vec::new();
    for (case, path) in cases.iter().zip(paths) {
        let found = plausible::find(case.catalogue, case.scenario, case.plan, case.outcome);
        let high = found.iter().filter(|f| f.doubt == Doubt::High).count();
        if high == 0 {
            continue;
        }
        // The file names one region; another one is asked for by name.
        let region = &case.region().named;
        let (name, option) = if of_regions {
            let name = region.name.get(lang);
            let name = format!("{name}{}", lang.pick("：", ": "));
            (name, format!(" --region {}", region.id))
        } else {
            (String::new(), String::new())
        };
        let line = match lang {
            Lang::Zh => format!(
                "  {name}存疑 {} 处，其中“高” {high} 处：jianpai check {path}{option}\n",
                found.len()
            ),
            Lang::En => format!(
                "  {name}{} findings, {high} of them high: jianpai check {path}{option}\n",
                found.len()
            ),
        };
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines.concat()
}

fn json(cases: &[Case<'_>]) -> String {
    let all: Vec<_> = cases.iter().map(summary::json).collect();
    let value = match all.as_slice() {
        [one] => one.clone(),
        _ => serde_json::Value::Array(all),
    };
    format!("{value:#}\n")
}
