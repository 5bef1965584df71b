//! `jianpai init`: a commented starting file that runs as it is.

use super::out::print;
use super::results::put_file;
use super::session::Session;

use clap::Args;
use jianpai_core::catalogue::{Catalogue, OfficialTarget, World};
use jianpai_core::dims::{DriverId, RegionId};
use jianpai_core::text::Lang;
use jianpai_load::diag::Files;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// Arguments of `init`.
#[derive(Args, Debug)]
pub(super) struct InitArgs {
    /// Region id, see `jianpai list regions` / 地区 id
    region: String,
    /// Last year / 末年
    #[arg(long, default_value_t = 2025)]
    end: i32,
    /// Write to this file instead of the terminal / 写入文件
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(super) fn main(session: &Session, args: &InitArgs) -> u8 {
    let mut files = Files::new();
    let catalogue = match session.catalogue(&mut files) {
        Ok(catalogue) => catalogue,
        Err(code) => return code,
    };
    let region = catalogue
        .region(&args.region)
        .filter(|id| catalogue.world(*id).is_some());
    let Some(region) = region else {
        return session.unknown_region(&catalogue, &args.region);
    };
    if !(catalogue.base_year + 1..=catalogue.base_year + 85).contains(&args.end) {
        let text = session
            .lang
            .pick("末年超出范围", "the last year is out of range");
        return session.complain(text);
    }
    let text = template(&catalogue, region, args.end, session.lang);
    match &args.output {
        None => print(&text),
        Some(path) if path.exists() => {
            let what = session
                .lang
                .pick("文件已存在，不覆盖", "the file exists and is left alone");
            return session.complain(&format!("{what}: {}", path.display()));
        }
        Some(path) => {
            let written = put_file(path, |_| false, |to| to.write_all(text.as_bytes()));
            if let Err(problem) = written {
                return session.refuse(&problem);
            }
        }
    }
    0
}

/// The file, with comments in the language of the call.
fn template(catalogue: &Catalogue, region: RegionId, end: i32, lang: Lang) -> String {
    let named = &catalogue.regions[region.at()].named;
    let (zh, en, id) = (&named.name.zh, &named.name.en, &named.id);
    let mut out = String::new();
    out += lang.pick(
        "# 减排情景。改动后运行：jianpai run 本文件；检查：jianpai check 本文件\n# 可用的地区、措施、指标：jianpai list regions|measures|indicators\n\n",
        "# An emissions-reduction scenario. Run it: jianpai run THIS_FILE; check it: jianpai check THIS_FILE\n# What there is to choose from: jianpai list regions|measures|indicators\n\n",
    );
    out += &format!(
        "[scenario]\nname_zh = \"{zh}{end}年情景\"\nname_en = \"{en} to {end}\"\nregion = \"{id}\"\nend_year = {end}\n\n"
    );
    let Some(world) = catalogue.world(region) else {
        return out;
    };
    out += &growth(catalogue, world, end, lang);
    out += &targets(catalogue, region, end, lang);
    out += &measures(catalogue, world, end, lang);
    out
}

/// A line for every driver that the region needs and the record does not cover.
fn growth(catalogue: &Catalogue, world: &World, end: i32, lang: Lang) -> String {
    let mut out = String::from(lang.pick(
        "# 年增长率：有记录的年份用记录，之后用这里的数。下列为近三年记录的平均，请改为规划值。\n[growth]\n",
        "# Yearly growth: the record where there is one, then these. Below stands the mean of the last\n# three recorded years; put the plan's figures in their place.\n[growth]\n",
    ));
    let mut needed: BTreeSet<DriverId> = catalogue.driver("gdp").into_iter().collect();
    for (v, service) in catalogue.services.iter().enumerate() {
        if world.demand[v].is_some_and(|amount| amount.value > 0.0) {
            needed.insert(service.driver);
        }
    }
    for driver in needed {
        let named = &catalogue.drivers[driver.at()];
        let record: Vec<(i32, f64)> = world
            .growth
            .range((driver, i32::MIN)..=(driver, i32::MAX))
            .map(|((_, year), (rate, _))| (*year, rate.value))
            .collect();
        let tail = &record[record.len().saturating_sub(3)..];
        let mean = tail.iter().map(|(_, rate)| rate).sum::<f64>() / tail.len().max(1) as f64;
        let last = record.last().map_or(catalogue.base_year, |(year, _)| *year);
        let until = match lang {
            Lang::Zh => format!("{}，记录至{last}年", named.name.zh),
            Lang::En => format!("{}, recorded to {last}", named.name.en),
        };
        let line = format!("{} = \"{:.1} %\"", named.id, mean * 100.0);
        let mark = if last >= end { "# " } else { "" };
        out += &format!("{mark}{line:<34} # {until}\n");
    }
    out.push('\n');
    out
}

/// The official targets of the region that fall within the years.
fn targets(catalogue: &Catalogue, region: RegionId, end: i32, lang: Lang) -> String {
    let mut out = String::from(lang.pick(
        "# 目标：reduction（较 base_year 下降）、cap（上限）、floor（下限）、cumulative（累计）、project（措施减排量）择一\n",
        "# Targets: one of reduction (on base_year), cap, floor, cumulative, project (gross cut by measures)\n",
    ));
    let own = catalogue
        .targets
        .iter()
        .filter(|t| t.region == region && t.target_year <= end);
    let mut any = false;
    for target in own {
        let Some(indicator) = catalogue.indicator(&target.indicator) else {
            continue;
        };
        any = true;
        out += &target_entry(
            catalogue,
            target,
            &catalogue.indicators[indicator.at()].named.id,
        );
    }
    if !any {
        let year = end;
        out +=
            &format!("[targets.so2]\nindicator = \"SO2\"\nyear = {year}\nreduction = \"15 %\"\n\n");
    }
    out
}

fn target_entry(catalogue: &Catalogue, target: &OfficialTarget, indicator: &str) -> String {
    let source = &catalogue.sources[target.value.origin.source.at()]
        .title
        .replace('"', "'");
    let status = target.value.origin.status.id();
    let amount = if target.kind == "project-reduction" {
        format!("project = \"{} 万t\"", target.value.value / 1e4)
    } else {
        format!(
            "reduction = \"{} %\"",
            (target.value.value * 1e6).round() / 1e4
        )
    };
    format!(
        "[targets.{}-{indicator}]\nindicator = \"{indicator}\"\nyear = {}\nbase_year = {}\n{amount}\nsource = \"{source} ({status})\"\n\n",
        target.plan, target.target_year, target.base_year
    )
}

/// A few measures that fit every region, to be changed.
fn measures(catalogue: &Catalogue, world: &World, end: i32, lang: Lang) -> String {
    let mut out = String::from(lang.pick(
        "# 措施：share 为占现行政策之后存量的比例，reach 为期末占该活动的比例；也可写绝对量，如 amount = \"300 万t\"\n",
        "# Measures: share = part of what current policy leaves, reach = share of the service in the end;\n# absolute amounts work too, e.g. amount = \"300 万t\"\n",
    ));
    let has = |service: &str| {
        let service = catalogue.service(service);
        service
            .and_then(|v| world.demand[v.at()])
            .is_some_and(|amount| amount.value > 0.0)
    };
    let start = (catalogue.base_year + 1).max(end - 4);
    let entries: [(&str, &str, &str); 5] = [
        (
            "residential-heat",
            "scattered-coal",
            "type = \"scattered-coal-replacement\"\nname_zh = \"散煤替代\"\nname_en = \"Scattered coal\"\nshare = \"40 %\"\nto = { gas = \"50 %\", heat-pump = \"50 %\" }",
        ),
        (
            "industrial-steam",
            "boilers",
            "type = \"coal-boiler-phaseout\"\nname_zh = \"淘汰35蒸吨以下燃煤锅炉\"\nname_en = \"Coal boilers up to 35 t/h\"\nup_to = \"35 t/h\"\nshare = \"60 %\"\nto = { gas = \"60 %\", district = \"40 %\" }",
        ),
        (
            "thermal-power",
            "power-ultra-low",
            "type = \"ultra-low-retrofit\"\nname_zh = \"煤电超低排放\"\nname_en = \"Ultra-low-emission power\"\nsector = \"power\"\nshare = \"80 %\"",
        ),
        (
            "freight",
            "rail",
            "type = \"rail-freight\"\nname_zh = \"公转铁\"\nname_en = \"Road to rail\"\nturnover = \"10 亿t km\"",
        ),
        (
            "urban-sewage",
            "sewage",
            "type = \"sewage-upgrade\"\nname_zh = \"污水处理厂提标\"\nname_en = \"Sewage-works upgrade\"\nfrom = [\"class2\", \"1b\"]\nshare = \"50 %\"\nto = { \"1a\" = \"100 %\" }",
        ),
    ];
    for (service, id, text) in entries {
        if has(service) {
            out += &format!("[measures.{id}]\n{text}\nstart = {start}\nend = {end}\n\n");
        }
    }
    format!("{}\n", out.trim_end())
}
