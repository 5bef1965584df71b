//! `jianpai report`: a scenario for the table: one page with levers.

use super::console::Console;
use super::out::{print, results};
use clap::Args;
use jianpai_core::text::Lang;
use jianpai_load::digest::hex;
use jianpai_report::page;
use jianpai_study::Study;
use jianpai_study::folder::run::{hashed_data, hashed_inputs, model};
use jianpai_study::folder::{Entry, Hashed, Manifest};
use serde_json::{Map, json};
use std::path::{Path, PathBuf};

/// What the folder of a scenario's page is called, behind the scenario.
const SUFFIX: &str = "report";

/// Arguments of `report`.
#[derive(Args, Debug)]
pub(super) struct ReportArgs {
    /// Scenario files / 情景文件
    #[arg(required = true)]
    scenarios: Vec<String>,
    /// Another region than the file's; may be repeated / 换一个地区，可重复
    #[arg(long, value_name = "REGION")]
    region: Vec<String>,
    /// Folder in which a folder `SCENARIO-report` is written / 在此目录下写出“情景名-report”文件夹
    #[arg(long, value_name = "DIR", default_value = "out")]
    out: PathBuf,
}

/// Writes the pages; exit code 0 or 2.
pub(super) fn main(console: &Console, args: &ReportArgs) -> u8 {
    match write(console, args) {
        Ok(()) => 0,
        Err(code) => code,
    }
}

fn write(console: &Console, args: &ReportArgs) -> Result<(), u8> {
    let mut session = console.open()?;
    let regions = session.regions(&args.region);
    let regions = regions.map_err(|unknown| console.fail(&unknown.into()))?;
    let loaded = session.load_all(&args.scenarios, &regions);
    let loaded = console.tell(&mut session, loaded)?;
    let runs = session.run_all(loaded);
    let runs = console.tell(&mut session, runs)?;
    let data = hashed_data(session.data());
    let mut pages: Vec<(String, Manifest, Vec<Entry>)> = Vec::new();
    for (i, run) in runs.iter().enumerate() {
        let path = &args.scenarios[i / regions.len()];
        let id = &run.study.scenario().id;
        console.check_id(id, path)?;
        let name = format!("{id}-{SUFFIX}");
        if pages.iter().any(|(other, ..)| *other == name) {
            return Err(console.complain(&match console.lang {
                Lang::Zh => format!("两个情景同名：`{id}`，网页会互相覆盖"),
                Lang::En => format!("two scenarios are called `{id}`: their pages would be one"),
            }));
        }
        let inputs = hashed_inputs(session.files(), run.study.loaded.inputs.iter().copied());
        let text = one(console, (&run.study, path), &[&data, &inputs])?;
        let entries: Vec<Entry> = vec![(format!("{id}.html"), text.into_bytes())];
        let mut options = Map::new();
        options.insert("lang".to_string(), json!(console.lang.pick("zh", "en")));
        let manifest = Manifest {
            scenario: Some(id.clone()),
            region: Some(run.study.region().to_string()),
            options,
            inputs,
            data: data.clone(),
            ..Manifest::of("report")
        };
        pages.push((name, manifest, entries));
    }
    for (name, manifest, entries) in pages {
        let folder = console.put_folder((&args.out, &name), manifest, entries)?;
        print(&results(console.lang, &folder));
    }
    Ok(())
}

/// The page of a study.
fn one(console: &Console, (study, path): (&Study, &str), read: &[&[Hashed]]) -> Result<String, u8> {
    let free = study.with_levers().map_err(|error| console.fail(&error))?;
    let run = free.study.clone().run();
    // Files by what is in them: a link goes on working where they lie elsewhere.
    let all = read.iter().copied().flatten();
    let all = all.map(|one| one.sha256.as_str());
    let hash = hex(all.collect::<Vec<_>>().join("\n").as_bytes());
    let file = Path::new(path).file_name();
    let file = file.map_or_else(
        || path.to_string(),
        |name| name.to_string_lossy().into_owned(),
    );
    let program = model();
    let page = free.page(&run, (&file, &program, &hash));
    Ok(page::html(&page, console.lang))
}
