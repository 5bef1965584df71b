//! The text of a starting file: growth, targets, and measures as examples.

use super::Wanted;
use jianpai_core::catalogue::{Catalogue, OfficialTarget};
use jianpai_core::dims::{DriverId, RegionId};
use jianpai_core::scenario::Scenario;
use jianpai_core::text::Lang;
use std::fmt::Write as _;

/// The file, with comments in the language of the call.
pub(super) fn template(wanted: &Wanted<'_>) -> String {
    let lang = wanted.lang;
    let named = &wanted.catalogue.regions[wanted.region.at()].named;
    let (zh, en, id) = (&named.name.zh, &named.name.en, &named.id);
    let (plan, end, extends) = (wanted.plan, wanted.end, &wanted.extends);
    let mut out = String::new();
    out += &match lang {
        Lang::Zh => format!(
            "# 减排情景：{zh}，{}。改动后运行：jianpai run 本文件；检查：jianpai check 本文件\n# 可用的地区、措施、指标：jianpai list regions|measures|indicators\n#\n# 本文件继承现行政策（{extends}）：已在执行的措施、有记录年份之后的增长率都在其中；\n# 此处只写不同之处。目标取自 data/targets.csv，出处与可信程度写在各项 source 里。\n\n",
            plan.zh
        ),
        Lang::En => format!(
            "# An emissions-reduction scenario: {en}, {}. Run it: jianpai run THIS_FILE; check it: jianpai check THIS_FILE\n# What there is to choose from: jianpai list regions|measures|indicators\n#\n# It extends current policy ({extends}): measures in force, and growth after the recorded years.\n# Only what differs stands here. Targets are those of data/targets.csv; each `source` says how far to trust it.\n\n",
            plan.en
        ),
    };
    let _ = write!(
        out,
        "[scenario]\nname_zh = \"{zh}{}情景\"\nname_en = \"{en}, {}\"\nextends = \"{extends}\"\nregion = \"{id}\"\n{}end_year = {end}\n\n",
        plan.zh,
        plan.en,
        base_line(wanted)
    );
    out += &growth(wanted);
    out += &targets(wanted);
    out += &measures(wanted);
    out
}

/// From which year the file counts: for a plan after the first, the year before it, where
/// the file of current policy counts from it already or the region has official totals of
/// it; else a line that says why it does not.
fn base_line(wanted: &Wanted<'_>) -> String {
    let (catalogue, lang) = (wanted.catalogue, wanted.lang);
    let base = wanted.plan.first - 1;
    if base == catalogue.base_year || !catalogue.bases.contains(&base) {
        return String::new();
    }
    let official = catalogue
        .world(wanted.region)
        .is_some_and(|world| world.later.contains_key(&base));
    let inherited = wanted.base.base_year == base;
    let why = match (lang, official) {
        (Lang::Zh, true) => {
            format!("从 {base} 年官方总量算起；没有该年总量的指标由此前口径推算，运行时列出")
        }
        (Lang::En, true) => format!(
            "counts from the official totals of {base}; what has none is projected, and a run says so"
        ),
        (Lang::Zh, false) => format!(
            "数据中没有本地区 {base} 年官方总量：基数由此前口径推算；有本地总量的，用 inventory 给出"
        ),
        (Lang::En, false) => format!(
            "the data have no official totals of {base} here: the base is projected; give your own as `inventory`"
        ),
    };
    let mark = if official || inherited { "" } else { "# " };
    format!("{mark}base = {base}   # {why}\n")
}

/// What growth the file has, driver by driver: the record, and what is taken after it.
fn growth(wanted: &Wanted<'_>) -> String {
    let Wanted {
        catalogue,
        base,
        end,
        lang,
        ..
    } = wanted;
    let mut out = String::from(lang.pick(
        "# 年增长率：有记录的年份用记录，其后用现行政策文件的取值（来源与假设见该文件）。\n# 本地规划另有取值的，去掉行首的 # 改写，并写明出处。\n[growth]\n",
        "# Yearly growth: the record where there is one, then what the file of current policy takes (it says from\n# where). Where the plan of the region says otherwise, take the # off the line and state it, with its source.\n[growth]\n",
    ));
    for d in 0..catalogue.drivers.len() {
        let driver = DriverId::from_usize(d);
        let used = catalogue.driver("gdp") == Some(driver)
            || catalogue.services.iter().enumerate().any(|(v, service)| {
                let demand = base.world.demand[v];
                service.driver == driver && demand.is_some_and(|amount| amount.value > 0.0)
            });
        if used {
            out += &growth_line(catalogue, base, driver, *end, *lang);
        }
    }
    out.push('\n');
    out
}

fn growth_line(
    catalogue: &Catalogue,
    base: &Scenario,
    driver: DriverId,
    end: i32,
    lang: Lang,
) -> String {
    let named = &catalogue.drivers[driver.at()];
    let all = base
        .world
        .growth
        .range((driver, i32::MIN)..=(driver, i32::MAX));
    let record: Vec<(i32, f64)> = all
        .map(|((_, year), (rate, _))| (*year, rate.value))
        .collect();
    let last = record.last().map_or(base.base_year, |(year, _)| *year);
    let mean = record.iter().map(|(_, rate)| rate).sum::<f64>() / record.len().max(1) as f64;
    let percent = |rate: f64| format!("{:.1} %", rate * 100.0 + 0.0).replace("-0.0", "0.0");
    // What holds in each year after the record, years of one rate together.
    let mut parts: Vec<(i32, f64)> = Vec::new();
    for year in last + 1..=end {
        if let Some((rate, _)) = base.growth_of(driver, year)
            && parts
                .last()
                .is_none_or(|(_, before)| (before - rate).abs() > 1e-12)
        {
            parts.push((year, rate));
        }
    }
    let value = match parts.as_slice() {
        [] => format!("\"{}\"", percent(mean)),
        [(_, rate)] => format!("\"{}\"", percent(*rate)),
        parts => {
            let years: Vec<String> = parts
                .iter()
                .map(|(year, rate)| format!("{year} = \"{}\"", percent(*rate)))
                .collect();
            format!("{{ {} }}", years.join(", "))
        }
    };
    let first = record.first().map_or(base.base_year, |(year, _)| *year);
    let source = record
        .last()
        .and_then(|(year, _)| base.world.growth.get(&(driver, *year)))
        .map_or(String::new(), |(rate, _)| {
            let source = &catalogue.sources[rate.origin.source.at()].id;
            format!("{source}, {}", rate.origin.status.name().get(lang))
        });
    let (name, mean) = (named.name.get(lang), percent(mean));
    let comment = match (lang, record.is_empty(), parts.is_empty()) {
        (Lang::Zh, true, _) => format!("{name}：没有记录，全部取自现行政策文件"),
        (Lang::Zh, false, true) => {
            format!("{name}：{first}—{last} 年均有记录，年均 {mean}（{source}），此处不起作用")
        }
        (Lang::Zh, false, false) => {
            format!("{name}：记录至 {last} 年，年均 {mean}（{source}）；其后如左")
        }
        (Lang::En, true, _) => format!("{name}: no record; from the file of current policy"),
        (Lang::En, false, true) => {
            format!(
                "{name}: recorded {first}-{last}, {mean} a year ({source}); without effect here"
            )
        }
        (Lang::En, false, false) => {
            format!("{name}: recorded to {last}, {mean} a year ({source}); then as stated")
        }
    };
    let line = format!("# {} = {value}", named.id);
    format!("{line:<44} # {comment}\n")
}

/// The official targets of the plan for the region.
fn targets(wanted: &Wanted<'_>) -> String {
    let Wanted {
        catalogue,
        plan,
        lang,
        ..
    } = wanted;
    // A place's own are handed down to it; until they are known, those of its parent stand
    // for them where they are rates.
    let of = match (wanted.own, catalogue.regions[wanted.region.at()].parent) {
        (true, Some(parent)) => parent,
        _ => wanted.region,
    };
    let region = &of;
    let mut out = String::from(lang.pick(
        "# 目标：reduction（较 base_year 下降）、cap（上限）、floor（下限）、cumulative（累计）、project（重点工程减排量）择一\n",
        "# Targets: one of reduction (on base_year), cap, floor, cumulative, project (gross cut by new measures)\n",
    ));
    let mut all = catalogue.targets.iter();
    let mut any = false;
    for target in all
        .by_ref()
        .filter(|t| t.region == *region && t.plan == plan.targets)
    {
        if let Some(indicator) = catalogue.indicator(&target.indicator) {
            let id = &catalogue.indicators[indicator.at()].named.id;
            let entry = target_entry(catalogue, target, id);
            if !wanted.own {
                any = true;
                out += &entry;
                continue;
            }
            let rate = target.kind != "project-reduction";
            any |= rate;
            out += &of_the_parent(wanted, of, &entry, rate);
        }
    }
    if any {
        return out;
    }
    let (zh, en, last) = (plan.zh, plan.en, plan.last);
    out + &match lang {
        Lang::Zh => format!(
            "# 数据中没有本地区{zh}的约束性目标。请按下达的文件填写，例如：\n# [targets.nox]\n# indicator = \"NOx\"\n# year = {last}\n# base_year = {}\n# reduction = \"… %\"\n# source = \"文件名、文号\"\n\n",
            plan.first - 1
        ),
        Lang::En => format!(
            "# The data have no targets of this region for the {en}. State those handed down, for example:\n# [targets.nox]\n# indicator = \"NOx\"\n# year = {last}\n# base_year = {}\n# reduction = \"… %\"\n# source = \"document and number\"\n\n",
            plan.first - 1
        ),
    }
}

/// A target of the parent in the file of a place: a rate stands for the place's own until
/// that is known, tonnes do not.
fn of_the_parent(wanted: &Wanted<'_>, parent: RegionId, entry: &str, rate: bool) -> String {
    let name = &wanted.catalogue.regions[parent.at()].named.name;
    let word = match (wanted.lang, rate) {
        (Lang::Zh, true) => format!("# 【估计】这是{}的目标，请换成下达到本地的", name.zh),
        (Lang::En, true) => {
            format!(
                "# [estimate] the target of {}: put the one handed down to the place",
                name.en
            )
        }
        (Lang::Zh, false) => format!("# {}的量，本地应为其中一部分：填下达数后去掉 #", name.zh),
        (Lang::En, false) => {
            format!(
                "# tonnes of {}, of which the place has a part: put that and take the # off",
                name.en
            )
        }
    };
    let lines = entry.trim_end().lines();
    let mark = if rate { "" } else { "# " };
    let body: Vec<String> = lines.map(|line| format!("{mark}{line}")).collect();
    format!("{word}\n{}\n\n", body.join("\n"))
}

fn target_entry(catalogue: &Catalogue, target: &OfficialTarget, indicator: &str) -> String {
    let source = &catalogue.sources[target.value.origin.source.at()]
        .title
        .replace('\\', "\\\\")
        .replace('"', "'");
    let status = target.value.origin.status.id();
    let amount = if target.kind == "project-reduction" {
        format!(
            "project = \"{} 万t\"",
            (target.value.value * 1e2).round() / 1e6
        )
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

/// Measures of the kinds that plans have, as examples: nothing in them acts until the
/// marks are taken off, for no figure in them comes from a document.
fn measures(wanted: &Wanted<'_>) -> String {
    let lang = wanted.lang;
    let mut out = String::from(lang.pick(
        "# 措施：以下为写法示例，数字不出自任何文件，因此不起作用；去掉行首的 # 并改为本地文件中的数。\n# share 为占现行政策之后存量的比例，reach 为期末占该活动的比例；也可写绝对量，如 amount = \"300 万t\"\n",
        "# Measures: examples of how they are written. No figure comes from a document, so none acts: take the # off\n# and put the figures of the plan in. share = part of what current policy leaves, reach = share of the service\n# in the end; absolute amounts work too, e.g. amount = \"300 万t\"\n",
    ));
    let has = |service: &str| {
        let service = wanted.catalogue.service(service);
        service
            .and_then(|v| wanted.base.world.demand[v.at()])
            .is_some_and(|amount| amount.value > 0.0)
    };
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
    let end = wanted.plan.last;
    for (service, id, text) in entries {
        if has(service) {
            // Freight moves in the last three years: the newest trucks come late.
            let start = if id == "rail" {
                end - 2
            } else {
                wanted.plan.first
            };
            let whole = format!("[measures.{id}]\n{text}\nstart = {start}\nend = {end}");
            for line in whole.lines() {
                let _ = writeln!(out, "# {line}");
            }
            out.push('\n');
        }
    }
    format!("{}\n", out.trim_end())
}
