//! `jianpai list`: what the data hold.

use super::console::Console;
use super::input;
use super::out::print;
use super::tables::{self, Format};
use clap::{Args, ValueEnum};
use jianpai_core::measure::common::COMMON;
use jianpai_core::measure::spec::{KINDS, Role};
use jianpai_core::text::{Lang, Text};
use jianpai_load::table::decode;
use jianpai_report::grid::{WIDE, wrap};
use jianpai_report::view::Table;
use jianpai_report::{listing, write};
use std::path::{Path, PathBuf};

/// Arguments of `list`.
#[derive(Args, Debug)]
pub(super) struct ListArgs {
    /// What to list / 列出什么
    what: What,
    /// Print the list as CSV / 以 CSV 输出
    #[arg(long, conflicts_with = "json")]
    csv: bool,
    /// Print the list as JSON / 以 JSON 输出
    #[arg(long)]
    json: bool,
    /// With `places`: those of this region / 与 places 同用：只列该地区的
    #[arg(long, value_name = "REGION")]
    parent: Option<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum What {
    /// Regions and zones / 地区与分区
    Regions,
    /// Prefecture-level places, see `jianpai init --place` / 地级行政区
    Places,
    /// Services, their units and drivers / 活动及其单位、驱动因素
    Services,
    /// Technologies by service / 各活动的工艺
    Technologies,
    /// Kinds of measures and their fields / 措施类型与字段
    Measures,
    /// Indicators that targets speak of / 指标
    Indicators,
    /// Drivers of demand / 驱动因素
    Drivers,
    /// Other names that may stand in place of ids / 可代替 id 的名称
    Names,
    /// Statistical bases of published numbers / 统计口径
    Calibres,
    /// Scenario files below `scenarios/` / scenarios 目录下的情景文件
    Scenarios,
    /// Sources of numbers / 数据来源
    Sources,
    /// Published costs of taking away a tonne / 文献中的减排费用
    AbatementCosts,
    /// How many numbers there are of each status / 各状态的数据行数
    Statuses,
}

pub(super) fn main(console: &Console, args: &ListArgs) -> u8 {
    let table = match table(console, args) {
        Ok(table) => table,
        Err(code) => return code,
    };
    let format = Format::of(args.csv, args.json);
    print(&match (format, args.what) {
        (Format::Text, What::Measures) => measures(console.lang),
        (Format::Text, _) => {
            let blocks = write::blocks(&table, console.lang).into_iter();
            blocks.map(|block| block.grid(WIDE).to_string()).collect()
        }
        _ => tables::text(console, &table, format),
    });
    0
}

/// The list as a table; the exit code after saying why there is none.
fn table(console: &Console, args: &ListArgs) -> Result<Table, u8> {
    let what = args.what;
    if let What::Scenarios = what {
        return scenarios(console);
    }
    let session = console.open()?;
    let parent = args.parent.as_deref().map(|name| session.region(name));
    let parent = parent
        .transpose()
        .map_err(|unknown| console.fail(&unknown.into()))?;
    if parent.is_some() && !matches!(what, What::Places) {
        return Err(console.complain(console.lang.pick(
            "--parent 只用于列出地级行政区（places）",
            "--parent goes with list places alone",
        )));
    }
    let catalogue = session.catalogue();
    Ok(match what {
        What::Regions => listing::regions(catalogue),
        What::Places => listing::places(catalogue, parent),
        What::Services => listing::services(catalogue),
        What::Technologies => listing::technologies(catalogue),
        What::Measures => listing::measures(),
        What::Indicators => listing::indicators(catalogue),
        What::Drivers => listing::drivers(catalogue),
        What::Names => listing::names(catalogue),
        What::Calibres => listing::calibres(catalogue),
        What::Sources => listing::sources(catalogue),
        What::AbatementCosts => listing::abatement_costs(catalogue),
        What::Statuses | What::Scenarios => listing::statuses(catalogue),
    })
}

/// Every kind of measure with its fields, as a short manual.
fn measures(lang: Lang) -> String {
    let mut out = String::new();
    for kind in KINDS {
        let name = lang.pick(kind.zh, kind.en);
        let doc = format!("    {}", lang.pick(kind.doc_zh, kind.doc_en));
        out += &format!("{} — {name}\n{}\n", kind.id, wrap(&doc, WIDE).join("\n"));
        for field in kind.fields {
            let role = match field.role {
                Role::Required => lang.pick("必填", "required"),
                Role::Optional => lang.pick("可选", "optional"),
                Role::Extent => lang.pick("择一", "one of these"),
            };
            let example = field.example;
            let text = lang.pick(field.zh, field.en);
            let line = format!("      {:<13} {role}: {text} ({example})", field.key);
            out += &(wrap(&line, WIDE).join("\n") + "\n");
        }
        out.push('\n');
    }
    let optional = COMMON.iter().filter(|common| !common.timetable);
    let optional: Vec<&str> = optional.map(|common| common.key).collect();
    let note = match lang {
        Lang::Zh => format!(
            "所有措施：type、start 与 end（或 points）必填；{} 可选",
            optional.join("、")
        ),
        Lang::En => format!(
            "Every measure: type, start and end (or points) required; {} optional",
            optional.join(", ")
        ),
    };
    for line in wrap(&note, WIDE) {
        out += &line;
        out.push('\n');
    }
    out
}

/// Scenario files in `scenarios/` of the working directory, with their names.
fn scenarios(console: &Console) -> Result<Table, u8> {
    let folder = Path::new("scenarios");
    let mut paths = Vec::new();
    if let Err(error) = collect(folder, &mut paths) {
        return Err(console.cannot_read(&Text::new("目录", "the folder"), folder, &error));
    }
    paths.sort();
    let files = paths.iter().map(|path| {
        let text = decode(&console.inputs.bytes(path).unwrap_or_default());
        let name = |key: &str| {
            let line = text.lines().find(|line| line.trim_start().starts_with(key));
            let name = line.and_then(|line| line.split('"').nth(1));
            name.unwrap_or_default().to_string()
        };
        let names = Text::new(name("name_zh"), name("name_en"));
        (path.display().to_string(), names)
    });
    Ok(listing::scenarios(&files.collect::<Vec<_>>()))
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for (path, kind) in input::folder(folder)? {
        // A link may lead back.
        if kind.is_dir() {
            collect(&path, paths)?;
        } else if path
            .extension()
            .is_some_and(|extension| extension == "toml")
        {
            paths.push(path);
        }
    }
    Ok(())
}
