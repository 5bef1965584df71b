//! `jianpai report`: what lies on the table: one page with levers, a document, its sentences
//! and figures by themselves, for each scenario and for several of one place side by side.

mod pack;

use super::console::{Console, twice};
use super::out::{print, results};
use clap::{Args, ValueEnum};
use jianpai_core::text::Lang;
use jianpai_report::chart::{Format, Look, Theme};
use jianpai_study::Run;
use jianpai_study::folder::run::hashed_data;
use jianpai_study::folder::{Content, Entry, Folder, Hashed, Manifest, put};
use serde_json::{Map, json};
use std::path::PathBuf;

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
    /// Only these / 只写这些
    #[arg(long, value_enum, value_delimiter = ',', value_name = "PART")]
    only: Vec<Part>,
    /// In both languages / 中英文各一份
    #[arg(long)]
    both: bool,
    /// No comparison of the scenarios / 几个情景不合写比选报告
    #[arg(long)]
    apart: bool,
    /// Page of the figures in the folder `figures` / figures 文件夹中图的版式
    #[arg(long, value_enum, default_value_t = Page::Wide)]
    format: Page,
    /// These figures on a dark ground, for a screen / 这些图用深色底，供投屏
    #[arg(long)]
    dark: bool,
}

/// The page of a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Page {
    /// 幻灯片，16:9
    Wide,
    /// A4 版心宽
    Column,
    /// A2 横幅海报
    Poster,
}

/// What a report consists of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Part {
    /// 带滑块的网页
    Page,
    /// Word 文档
    Word,
    /// Excel 工作簿
    Excel,
    /// 文字（Markdown）与图
    Markdown,
    /// 图
    Figures,
}

impl ReportArgs {
    fn has(&self, part: Part) -> bool {
        self.only.is_empty() || self.only.contains(&part)
    }

    /// How the figures of the folder look.
    fn look(&self) -> Look {
        Look {
            format: match self.format {
                Page::Wide => Format::Wide,
                Page::Column => Format::Column,
                Page::Poster => Format::Poster,
            },
            theme: if self.dark { Theme::Dark } else { Theme::Light },
        }
    }
}

/// Writes the reports; exit code 0 or 2.
pub(super) fn main(console: &Console, args: &ReportArgs) -> u8 {
    match write(console, args) {
        Ok(()) => 0,
        Err(code) => code,
    }
}

/// What the folder of a scenario's report is called, behind the scenario.
const SUFFIX: &str = "report";
/// What the comparison is called.
const COMPARISON: &str = "comparison";

fn write(console: &Console, args: &ReportArgs) -> Result<(), u8> {
    let mut session = console.open()?;
    let regions = session.regions(&args.region);
    let regions = regions.map_err(|unknown| console.fail(&unknown.into()))?;
    let loaded = session.load_all(&args.scenarios, &regions);
    let loaded = console.tell(&mut session, loaded)?;
    let runs = session.run_all(loaded);
    let runs = console.tell(&mut session, runs)?;
    for (i, run) in runs.iter().enumerate() {
        let path = &args.scenarios[i / regions.len()];
        console.check_id(&run.study.scenario().id, path)?;
    }
    alone(console, &runs)?;
    let compared = runs.len() > 1 && !args.apart && comparable(console, &runs)?;
    let painter = pack::Painter::new(args);
    let langs: &[Lang] = match (args.both, console.lang) {
        (true, _) => &[Lang::Zh, Lang::En],
        (_, Lang::Zh) => &[Lang::Zh],
        (_, Lang::En) => &[Lang::En],
    };
    let data = hashed_data(session.data());
    let maker = pack::Maker {
        console,
        args,
        session: &session,
        data: &data,
        painter: &painter,
        langs,
    };
    let mut contents: Vec<(String, Content)> = Vec::new();
    for (i, run) in runs.iter().enumerate() {
        let path = &args.scenarios[i / regions.len()];
        let id = &run.study.scenario().id;
        let name = format!("{id}-{SUFFIX}");
        let inputs = pack::inputs(&session, [run]);
        let entries = maker.of_run((run, path), &inputs)?;
        let manifest = Manifest {
            scenario: Some(id.clone()),
            region: Some(run.study.region().to_string()),
            ..manifest(args, langs, inputs, &data)
        };
        contents.push((name, content(manifest, entries)));
    }
    if compared {
        let inputs = pack::inputs(&session, &runs);
        let entries = maker.of_options(&runs, &inputs)?;
        let manifest = manifest(args, langs, inputs, &data);
        contents.push((format!("{COMPARISON}-{SUFFIX}"), content(manifest, entries)));
    }
    let folders = put_all(console, args, contents)?;
    for folder in &folders {
        print(&results(console.lang, folder));
    }
    pack::tell_what_is_missing(console, args);
    Ok(())
}

fn content(manifest: Manifest, entries: Vec<Entry>) -> Content {
    Content {
        manifest,
        entries,
        rows: None,
    }
}

/// Refuses two scenarios whose folders would be one.
fn alone(console: &Console, runs: &[Run]) -> Result<(), u8> {
    let ids = runs.iter().map(|run| run.study.scenario().id.as_str());
    let Some(id) = twice(&ids.collect::<Vec<_>>()) else {
        return Ok(());
    };
    Err(console.complain(&match console.lang {
        Lang::Zh => format!("两个情景同名：`{id}`，报告会互相覆盖"),
        Lang::En => format!("two scenarios are called `{id}`: their reports would be one"),
    }))
}

/// Whether the runs are options of one place; those of different years are refused, since no
/// target of one could be held against the other's.
fn comparable(console: &Console, runs: &[Run]) -> Result<bool, u8> {
    let region = |run: &Run| run.study.scenario().region;
    if runs.iter().any(|run| region(run) != region(&runs[0])) {
        return Ok(false);
    }
    let span = |run: &Run| {
        let case = run.case();
        (case.index_base(), case.scenario.end_year)
    };
    let first = span(&runs[0]);
    let Some(other) = runs.iter().find(|run| span(run) != first) else {
        return Ok(true);
    };
    let (one, two) = (&runs[0].study.scenario().id, &other.study.scenario().id);
    let ((a, b), (c, d)) = (first, span(other));
    Err(console.complain(&match console.lang {
        Lang::Zh => format!(
            "情景 `{one}`（{a}—{b}）与 `{two}`（{c}—{d}）的年份不同，不能放进一份比选报告；只要各自的报告，请加 --apart"
        ),
        Lang::En => format!(
            "scenarios `{one}` ({a}–{b}) and `{two}` ({c}–{d}) have other years and cannot be compared in one report; --apart gives each its own alone"
        ),
    }))
}

fn manifest(args: &ReportArgs, langs: &[Lang], inputs: Vec<Hashed>, data: &[Hashed]) -> Manifest {
    let mut options = Map::new();
    let langs: Vec<&str> = langs.iter().map(|lang| lang.pick("zh", "en")).collect();
    options.insert("lang".to_string(), json!(langs.join(",")));
    if !args.only.is_empty() {
        let only = args.only.iter().filter_map(ValueEnum::to_possible_value);
        let only: Vec<String> = only.map(|part| part.get_name().to_string()).collect();
        options.insert("only".to_string(), json!(only));
    }
    if let Some(page) = args
        .format
        .to_possible_value()
        .filter(|_| args.format != Page::Wide)
    {
        options.insert("format".to_string(), json!(page.get_name()));
    }
    if args.dark {
        options.insert("dark".to_string(), json!(true));
    }
    Manifest {
        options,
        inputs,
        data: data.to_vec(),
        ..Manifest::of("report")
    }
}

/// Writes all folders or none, each taken before anything is written, in one order for all
/// processes.
fn put_all(
    console: &Console,
    args: &ReportArgs,
    mut contents: Vec<(String, Content)>,
) -> Result<Vec<PathBuf>, u8> {
    contents.sort_by(|a, b| a.0.cmp(&b.0));
    let mut taken = Vec::new();
    for (name, content) in contents {
        let folder = Folder::take(&args.out, &name, "report");
        let folder = folder.map_err(|problem| console.refuse(&problem))?;
        taken.push((folder, content));
    }
    let paths = taken.iter().map(|(folder, _)| folder.path().to_path_buf());
    let paths: Vec<PathBuf> = paths.collect();
    let kept = put(taken).map_err(|problem| console.refuse(&problem))?;
    console.tell_kept(&kept);
    Ok(paths)
}
