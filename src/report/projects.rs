//! The ledger of projects (重点工程减排量): every project with what it is credited, sums by
//! type, place and year, and the project-reduction targets of a plan.

use crate::case::number;
use crate::grid::{WIDE, paragraph};
use crate::view::{Cell, Column, Form, Table, Unit};
use crate::write;
use jianpai_core::catalogue::{Catalogue, OfficialTarget};
use jianpai_core::dims::{PollutantId, RegionId};
use jianpai_core::projects::{Credit, Ledger, Project, ProjectType, type_of};
use jianpai_core::target::is_met;
use jianpai_core::text::{Lang, Text};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// A ledger to be shown.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a> {
    /// The data.
    pub catalogue: &'a Catalogue,
    /// The ledger.
    pub ledger: &'a Ledger,
    /// The region whose targets it is held to, if any.
    pub region: Option<RegionId>,
    /// The plan whose targets these are; all plans if `None`.
    pub plan: Option<&'a str>,
}

/// All tables: `projects`, `credits` and, with a region, `project-targets`.
pub fn tables(shown: &Shown<'_>) -> Vec<Table> {
    let mut all = vec![projects(shown), credits(shown)];
    all.extend(shown.region.map(|region| targets(shown, region)));
    all
}

/// The tables for people, with a sentence on what is not credited.
pub fn text(shown: &Shown<'_>, lang: Lang) -> String {
    let mut out = String::new();
    for table in tables(shown) {
        let title = table.title.get(lang);
        out += &format!("\n{title}\n{}\n", write::terminal(&table, lang, WIDE));
    }
    out + &lost(shown, lang)
}

/// The tables for machines.
pub fn json(shown: &Shown<'_>) -> Value {
    let mut value = write::document(&tables(shown));
    value["ledger"] = json!(shown.ledger.file);
    value["start_lag_months"] = json!(shown.ledger.lag);
    value["region"] = json!(
        shown
            .region
            .map(|r| &shown.catalogue.regions[r.at()].named.id)
    );
    value
}

/// What the rules take away, by rule.
fn lost(shown: &Shown<'_>, lang: Lang) -> String {
    let projects = &shown.ledger.projects;
    let outside = projects.iter().filter(|p| p.base.is_none()).count();
    let pledged = projects.iter().filter(|p| p.offset > 0.0).count();
    let lag = shown.ledger.lag;
    let text = match lang {
        Lang::Zh => format!(
            "核算规则：减排能力为治理后与治理前之差；自稳定运行后第 {} 个月起计，其余计入下一年；不在基数内的源不计（{outside} 行）；扣除已承诺的区域削减（{pledged} 行）；不超过该源基数，同一源不重复",
            lag + 1
        ),
        Lang::En => format!(
            "Rules: capability is before less after; credit from month {} of stable operation on, the rest in the next year; sources outside the base earn nothing ({outside} rows); pledged regional offsets are deducted ({pledged} rows); never more than the source had in the base, no source twice",
            lag + 1
        ),
    };
    format!("\n{}", paragraph(&text, WIDE, 0))
}

fn id(catalogue: &Catalogue, p: PollutantId) -> &str {
    &catalogue.pollutants[p.at()].named.id
}

/// Every project, row by row as the rules take it.
fn projects(shown: &Shown<'_>) -> Table {
    let tonnes = |key: &'static str, zh: &str, en: &str| Column::number_by(key, zh, en, "unit");
    let columns = vec![
        Column::whole("line", "行", "Line"),
        Column::id("project", "项目", "Project").at(0),
        Column::id("source", "污染源", "Source"),
        Column::id("type", "类型", "Type"),
        Column::text("type_name", "类型", "Type").at(1),
        Column::id("place", "地区", "Place").at(2),
        Column::id("pollutant", "污染物", "Pollutant").at(3),
        Column::id("stable", "稳定运行", "Stable from").at(4),
        tonnes("before", "治理前", "Before"),
        tonnes("after", "治理后", "After"),
        Column::number("load", "负荷率", "Load", Unit::Fraction).form(Form::Percent),
        tonnes("capability", "减排能力", "Capability").at(5),
        tonnes("base", "基数", "Base").absent("—"),
        tonnes("beyond_base", "超出基数", "Beyond the base"),
        tonnes("offset", "区域削减", "Offsets"),
        tonnes("credited", "认定", "Credited").at(6),
        tonnes("first_year", "当年", "First year").at(7),
        tonnes("next_year", "下一年", "Next year").at(8),
        Column::text("rule", "说明", "Rule").at(9),
        Column::unit("unit", "单位", "Unit"),
    ];
    let title = Text::new("项目减排量（t）", "Reductions by project (t)");
    let mut table = Table::new("projects", title, columns);
    for project in &shown.ledger.projects {
        let credit = project.credit(shown.ledger.lag);
        let emission = project.work.emission();
        let (year, month) = project.stable;
        table.row(vec![
            project.line.into(),
            Cell::from(&project.name),
            Cell::from(&project.source),
            project.kind.into(),
            Cell::from(type_of(project.kind).map(ProjectType::name)),
            Cell::from(&project.place),
            id(shown.catalogue, project.pollutant).into(),
            format!("{year}-{month:02}").into(),
            emission.before.into(),
            emission.after.into(),
            project.load.into(),
            credit.capability.into(),
            project.base.into(),
            credit.beyond_base.into(),
            credit.offset.into(),
            credit.credited.into(),
            credit.first.into(),
            (credit.credited - credit.first).into(),
            rule(project, &credit).into(),
            Unit::PlainTonne.into(),
        ]);
    }
    table
}

/// Which rule takes something off, in words.
fn rule(project: &Project, credit: &Credit) -> Text {
    if project.base.is_none() {
        return Text::new("不在基数内，不计", "not in the base: no credit");
    }
    if credit.beyond_base > 0.0 {
        return Text::new("以基数为限", "limited by the base");
    }
    if credit.offset > 0.0 {
        return Text::new("扣除区域削减", "less pledged offsets");
    }
    Text::default()
}

/// What a project is summed under.
type Key = fn(&Project) -> String;

/// New and cumulative credit by pollutant and year: all, by type and by place.
fn credits(shown: &Shown<'_>) -> Table {
    let columns = vec![
        Column::id("by", "分组", "By"),
        Column::text("by_name", "分组", "By").at(0),
        Column::id("group", "组", "Group"),
        Column::text("group_name", "组", "Group").at(1),
        Column::id("pollutant", "污染物", "Pollutant").at(2),
        Column::whole("year", "年份", "Year").at(3),
        Column::number_by("new", "当年新增", "New", "unit").at(4),
        Column::number_by("total", "累计", "Cumulative", "unit").at(5),
        Column::unit("unit", "单位", "Unit"),
    ];
    let title = Text::new("分年减排量（t）", "Credit by year (t)");
    let mut table = Table::new("credits", title, columns);
    let Some((first, last)) = shown.ledger.span() else {
        return table;
    };
    let groups: [(&str, Text, Key); 3] = [
        ("all", Text::new("全部", "all"), |_| String::new()),
        ("type", Text::new("类型", "type"), |p| p.kind.to_string()),
        ("place", Text::new("地区", "place"), |p| p.place.clone()),
    ];
    for (by, by_name, key) in groups {
        let sums = shown.ledger.sums(key);
        let lines: BTreeSet<(&String, PollutantId)> =
            sums.keys().map(|(group, p, _)| (group, *p)).collect();
        for (group, pollutant) in lines {
            let name = match by {
                "type" => type_of(group).map(ProjectType::name).unwrap_or_default(),
                _ => Text::same(group.clone()),
            };
            let mut total = 0.0;
            for year in first..=last {
                let new = sums.get(&(group.clone(), pollutant, year)).copied();
                let new = new.unwrap_or(0.0);
                total += new;
                table.row(vec![
                    by.into(),
                    Cell::from(&by_name),
                    Cell::from(group),
                    Cell::from(&name),
                    id(shown.catalogue, pollutant).into(),
                    year.into(),
                    new.into(),
                    total.into(),
                    Unit::PlainTonne.into(),
                ]);
            }
        }
    }
    table
}

/// What the ledger reaches of one official target: the new credit of the years after its
/// base year, up to its own (t).
pub fn reached(catalogue: &Catalogue, ledger: &Ledger, target: &OfficialTarget) -> Option<f64> {
    let pollutant = catalogue.pollutant(&target.indicator)?;
    let years = target.base_year + 1..=target.target_year;
    Some(
        years
            .map(|year| ledger.new_in(pollutant, year, |_| true))
            .sum(),
    )
}

/// The project-reduction targets of a region.
fn targets(shown: &Shown<'_>, region: RegionId) -> Table {
    let catalogue = shown.catalogue;
    let columns = vec![
        Column::id("plan", "规划", "Plan").at(0),
        Column::id("region", "地区", "Region").at(1),
        Column::id("pollutant", "污染物", "Pollutant").at(2),
        Column::whole("base_year", "基年", "Base year"),
        Column::whole("year", "目标年", "Year").at(3),
        Column::number_by("required", "要求", "Required", "unit").at(4),
        Column::number_by("reached", "台账合计", "Ledger", "unit").at(5),
        Column::number("part", "完成", "Done", Unit::Fraction)
            .form(Form::Percent)
            .at(6),
        Column::flag("met", "达到", "Met", ["no", "yes"]),
        Column::text("verdict", "判定", "Verdict").at(7),
        Column::id("source", "来源", "Source"),
        Column::unit("unit", "单位", "Unit"),
    ];
    let title = Text::new("重点工程减排目标", "Project-reduction targets");
    let mut table = Table::new("project-targets", title, columns);
    for target in &catalogue.targets {
        let wanted = target.value.value;
        let own = target.region == region && target.kind == "project-reduction";
        if !own || shown.plan.is_some_and(|plan| plan != target.plan) {
            continue;
        }
        let Some(reached) = reached(catalogue, shown.ledger, target) else {
            continue;
        };
        let margin = reached - wanted;
        let met = is_met(margin, wanted);
        let amount = number(margin.abs());
        let verdict = if met {
            Text::new(
                format!("✓ 达到（余 {amount} t）"),
                format!("✓ met ({amount} t to spare)"),
            )
        } else {
            Text::new(
                format!("✗ 差 {amount} t"),
                format!("✗ missed by {amount} t"),
            )
        };
        table.row(vec![
            Cell::from(&target.plan),
            Cell::from(&catalogue.regions[region.at()].named.id),
            Cell::from(&target.indicator),
            target.base_year.into(),
            target.target_year.into(),
            wanted.into(),
            reached.into(),
            (reached / wanted).into(),
            met.into(),
            verdict.into(),
            Cell::from(&catalogue.sources[target.value.origin.source.at()].id),
            Unit::PlainTonne.into(),
        ]);
    }
    table
}
