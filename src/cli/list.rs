//! `jianpai list`: what the data hold.

use super::console::Console;
use super::input;
use super::out::print;
use clap::{Args, ValueEnum};
use jianpai_core::catalogue::{Catalogue, Level};
use jianpai_core::measure::common::COMMON;
use jianpai_core::measure::spec::{KINDS, Role};
use jianpai_core::provenance::Status;
use jianpai_core::text::{Lang, Text};
use jianpai_load::table::decode;
use jianpai_report::grid::{Grid, WIDE, wrap};
use std::path::{Path, PathBuf};

/// Arguments of `list`.
#[derive(Args, Debug)]
pub(super) struct ListArgs {
    /// What to list / 列出什么
    what: What,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum What {
    /// Regions and zones / 地区与分区
    Regions,
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
    /// Statistical bases of published numbers / 统计口径
    Calibres,
    /// Scenario files below `scenarios/` / scenarios 目录下的情景文件
    Scenarios,
    /// Sources of numbers / 数据来源
    Sources,
    /// How many numbers there are of each status / 各状态的数据行数
    Statuses,
}

pub(super) fn main(console: &Console, args: &ListArgs) -> u8 {
    if let What::Scenarios = args.what {
        return scenarios(console);
    }
    let session = match console.open() {
        Ok(session) => session,
        Err(code) => return code,
    };
    let catalogue = session.catalogue();
    let lang = console.lang;
    let table = match args.what {
        What::Regions => regions(catalogue, lang),
        What::Services => services(catalogue, lang),
        What::Technologies => technologies(catalogue, lang),
        What::Measures => {
            print(&measures(lang));
            return 0;
        }
        What::Indicators => named(
            lang,
            catalogue
                .indicators
                .iter()
                .map(|i| (&i.named, i.display_unit.clone())),
        ),
        What::Drivers => named(lang, catalogue.drivers.iter().map(|d| (d, String::new()))),
        What::Calibres => named(lang, catalogue.calibres.iter().map(|c| (c, String::new()))),
        What::Sources => sources(catalogue, lang),
        What::Statuses | What::Scenarios => statuses(catalogue, lang),
    };
    print(&table.to_string());
    0
}

fn regions(catalogue: &Catalogue, lang: Lang) -> Grid {
    let mut table = match lang {
        Lang::Zh => Grid::new(["id", "名称", "级别", "所属"]),
        Lang::En => Grid::new(["id", "Name", "Level", "Part of"]),
    };
    for region in &catalogue.regions {
        let level = match region.level {
            Level::Nation => lang.pick("全国", "nation"),
            Level::Province => lang.pick("省级", "province"),
            Level::City => lang.pick("地级市", "city"),
            Level::Zone => lang.pick("分区", "zone"),
        };
        let parent = region
            .parent
            .map_or("", |p| catalogue.regions[p.at()].named.id.as_str());
        table.texts([&region.named.id, region.named.name.get(lang), level, parent]);
    }
    table
}

fn services(catalogue: &Catalogue, lang: Lang) -> Grid {
    let mut table = match lang {
        Lang::Zh => Grid::new(["id", "名称", "单位", "驱动因素", "弹性", "年节约率"]),
        Lang::En => Grid::new([
            "id",
            "Name",
            "Unit",
            "Driver",
            "Elasticity",
            "Saving a year",
        ]),
    };
    for service in &catalogue.services {
        table.texts([
            &service.named.id,
            service.named.name.get(lang),
            &service.unit,
            &catalogue.drivers[service.driver.at()].id,
            &format!("{}", service.elasticity.value),
            &format!("{:.1} %", service.saving.value * 100.0),
        ]);
    }
    table
}

fn technologies(catalogue: &Catalogue, lang: Lang) -> Grid {
    let mut table = match lang {
        Lang::Zh => Grid::new(["活动", "在措施中写作", "名称", "标签"]),
        Lang::En => Grid::new(["Service", "Written in measures", "Name", "Tags"]),
    };
    for technology in &catalogue.technologies {
        table.texts([
            &catalogue.services[technology.service.at()].named.id,
            technology.alias(),
            technology.named.name.get(lang),
            &technology.tags.join(" "),
        ]);
    }
    table
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

fn named<'c>(
    lang: Lang,
    items: impl Iterator<Item = (&'c jianpai_core::catalogue::Named, String)>,
) -> Grid {
    let mut table = match lang {
        Lang::Zh => Grid::new(["id", "名称", "单位"]),
        Lang::En => Grid::new(["id", "Name", "Unit"]),
    };
    for (named, unit) in items {
        table.texts([named.id.as_str(), named.name.get(lang), &unit]);
    }
    table
}

fn sources(catalogue: &Catalogue, lang: Lang) -> Grid {
    let mut table = match lang {
        Lang::Zh => Grid::new(["id", "题名", "发布", "年份"]),
        Lang::En => Grid::new(["id", "Title", "Issuer", "Year"]),
    };
    for source in &catalogue.sources {
        table.texts([
            source.id.as_str(),
            &source.title,
            source.issuer.get(lang),
            &source.year,
        ]);
    }
    table
}

fn statuses(catalogue: &Catalogue, lang: Lang) -> Grid {
    let mut table = match lang {
        Lang::Zh => Grid::new(["状态", "含义", "行数"]),
        Lang::En => Grid::new(["Status", "Meaning", "Rows"]),
    };
    for (status, count) in Status::ALL.iter().zip(catalogue.status_counts) {
        table.texts([status.id(), status.name().get(lang), &count.to_string()]);
    }
    table
}

/// Scenario files in `scenarios/` of the working directory, with their names.
fn scenarios(console: &Console) -> u8 {
    let folder = Path::new("scenarios");
    let mut paths = Vec::new();
    if let Err(error) = collect(folder, &mut paths) {
        return console.cannot_read(&Text::new("目录", "the folder"), folder, &error);
    }
    paths.sort();
    let mut table = match console.lang {
        Lang::Zh => Grid::new(["文件", "名称"]),
        Lang::En => Grid::new(["File", "Name"]),
    };
    for path in &paths {
        let text = decode(&console.inputs.bytes(path).unwrap_or_default());
        let key = console.lang.pick("name_zh", "name_en");
        let line = text.lines().find(|line| line.trim_start().starts_with(key));
        let name = line
            .and_then(|line| line.split('"').nth(1))
            .unwrap_or_default();
        table.texts([&path.display().to_string(), name]);
    }
    print(&table.to_string());
    0
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
