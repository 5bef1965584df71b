//! Calibration factors, levels, timetables and costs.

use super::{Context, Doubt, Finding, Place, percent};
use crate::calibrate::Kappa;
use crate::catalogue::{Account, Catalogue};
use crate::dims::RegionId;
use crate::scenario::Scenario;
use crate::text::Text;

/// Calibration factors within this are unremarkable.
const NEAR: std::ops::RangeInclusive<f64> = 0.5..=2.0;
/// Beyond this the base year is not explained by the activity at all.
const FAR: std::ops::RangeInclusive<f64> = 0.1..=10.0;

pub(super) fn find(ctx: Context<'_>, found: &mut Vec<Finding>) {
    let kappas = ctx.plan.base_year.kappas.iter();
    let far = kappas.filter(|kappa| kappa.bottom_up > 0.0 && !NEAR.contains(&kappa.value));
    found.extend(far.map(|factor| kappa(ctx, factor)));
    for measure in &ctx.scenario.measures {
        if measure.level > 1.0 + 1e-9 {
            found.push(over_level(&measure.id, &measure.name, measure.level));
        }
        let end = measure.ramp.end();
        if end > ctx.scenario.end_year && end < i32::MAX {
            found.push(unfinished(ctx, &measure.id, &measure.name, end));
        }
    }
    for (m, notice) in &ctx.plan.notices {
        let measure = &ctx.plan.measures[*m];
        found.push(Finding {
            code: "measure-notice",
            doubt: Doubt::Low,
            text: Text::new(
                format!("“{}”：{}", measure.name.zh, notice.zh),
                format!("{}: {}", measure.name.en, notice.en),
            ),
            place: Place::Measure(measure.id.clone(), ""),
            found: measure.level,
            yardstick: 0.0,
            basis: Text::new("按情景编译的结果", "as the scenario is compiled"),
            origins: Vec::new(),
            advice: Text::new(
                "去掉这项措施，或核对它的范围",
                "take the measure out, or check what it aims at",
            ),
        });
    }
    found.extend(pace(ctx));
    found.extend(partial_inventory(ctx));
    found.extend(without_effect(ctx));
    found.extend(costs(ctx));
}

/// Whose record the measures follow that say so, in one sentence; `None` where all of it is
/// that of a file's only region.
pub fn paced(catalogue: &Catalogue, scenario: &Scenario) -> Option<Text> {
    let name = |region: RegionId| &catalogue.regions[region.at()].named.name;
    let mut borrowed: Vec<RegionId> = Vec::new();
    for pace in scenario.measures.iter().filter_map(|m| m.record_of) {
        if pace != scenario.region && !borrowed.contains(&pace) {
            borrowed.push(pace);
        }
    }
    let list = |pace: RegionId, zh: bool| -> String {
        let own = scenario
            .measures
            .iter()
            .filter(|m| m.record_of == Some(pace));
        let names = own.map(|m| if zh { &m.name.zh } else { &m.name.en });
        let names: Vec<&str> = names.map(String::as_str).collect();
        names.join(if zh { "、" } else { ", " })
    };
    if borrowed.is_empty() {
        return None;
    }
    let parts = borrowed.iter().map(|pace| {
        Text::new(
            format!(
                "按{}的进度（没有本地记录）：{}",
                name(*pace).zh,
                list(*pace, true)
            ),
            format!(
                "at the pace of {}, without a record of the place: {}",
                name(*pace).en,
                list(*pace, false)
            ),
        )
    });
    let mut parts: Vec<Text> = parts.collect();
    if scenario
        .measures
        .iter()
        .any(|m| m.record_of == Some(scenario.region))
    {
        parts.push(Text::new(
            format!("按本地记录：{}", list(scenario.region, true)),
            format!(
                "by the record of the place: {}",
                list(scenario.region, false)
            ),
        ));
    }
    let zh: Vec<&str> = parts.iter().map(|part| part.zh.as_str()).collect();
    let en: Vec<&str> = parts.iter().map(|part| part.en.as_str()).collect();
    Some(Text::new(zh.join("；"), en.join("; ")))
}

/// Measures that run at the pace of another region.
fn pace(ctx: Context<'_>) -> Option<Finding> {
    let measures = ctx.scenario.measures.iter();
    let borrowed = measures.filter(|m| m.record_of.is_some_and(|of| of != ctx.scenario.region));
    Some(Finding {
        code: "borrowed-pace",
        doubt: Doubt::Low,
        text: paced(ctx.catalogue, ctx.scenario)?,
        place: Place::Scenario,
        found: borrowed.count() as f64,
        yardstick: 0.0,
        basis: Text::new(
            "措施的 record_of 与情景的地区",
            "`record_of` of the measures, region of the scenario",
        ),
        origins: Vec::new(),
        advice: Text::new(
            "有本地的年度数字时，写进这些措施（replace = true）",
            "put the yearly figures of the place into these measures where there are any (replace = true)",
        ),
    })
}

/// What a user's own inventory leaves to the built-in one, in one sentence; `None` if it
/// leaves nothing or there is none.
pub fn left_to_built_in(catalogue: &Catalogue, scenario: &Scenario) -> Option<Text> {
    let found = scenario.own_inventory(catalogue)?;
    let list = |accounts: &[Account], zh: bool| -> String {
        let names = accounts.iter().map(|account| {
            let name = account.name(catalogue);
            if zh { name.zh } else { name.en }
        });
        names.collect::<Vec<_>>().join(if zh { "、" } else { ", " })
    };
    let mut parts = Vec::new();
    if !found.built_in.is_empty() {
        parts.push(Text::new(
            format!("{}取自程序自带清单", list(&found.built_in, true)),
            format!(
                "{} come from the built-in inventory",
                list(&found.built_in, false)
            ),
        ));
    }
    if !found.scaled.is_empty() {
        parts.push(Text::new(
            format!(
                "{}只给出总量，各类按自带清单的比例分",
                list(&found.scaled, true)
            ),
            format!(
                "of {} it gives the total alone, split into classes as the built-in one is",
                list(&found.scaled, false)
            ),
        ));
    }
    if parts.is_empty() {
        return None;
    }
    let (zh, en): (Vec<String>, Vec<String>) = parts.into_iter().map(|p| (p.zh, p.en)).unzip();
    Some(Text::new(
        format!("自有清单不全：{}", zh.join("；")),
        format!("the own inventory is partial: {}", en.join("; ")),
    ))
}

fn partial_inventory(ctx: Context<'_>) -> Option<Finding> {
    let text = left_to_built_in(ctx.catalogue, ctx.scenario)?;
    let found = ctx.scenario.own_inventory(ctx.catalogue)?;
    let (own, all) = (
        found.own.len() + found.scaled.len(),
        found.own.len() + found.scaled.len() + found.built_in.len(),
    );
    Some(Finding {
        code: "inventory-partial",
        doubt: Doubt::Low,
        text,
        place: Place::Scenario,
        found: own as f64,
        yardstick: all as f64,
        basis: Text::new(
            format!("自有清单给出 {all} 个账户中的 {own} 个"),
            format!("the own inventory gives {own} of {all} accounts"),
        ),
        origins: Vec::new(),
        advice: Text::new(
            "补上其余账户；确要沿用自带清单的，不必改动",
            "add the other accounts, unless the built-in ones are meant to stand",
        ),
    })
}

/// Measures that move nothing although nothing says so: what they reach for is there
/// already.
fn without_effect(ctx: Context<'_>) -> impl Iterator<Item = Finding> {
    let measures = ctx.plan.measures.iter().enumerate();
    let idle = measures.filter(move |(m, measure)| {
        let moves = measure.shifts.iter().flat_map(|shift| &shift.amount);
        let noticed = ctx.plan.notices.iter().any(|(other, _)| other == m);
        !noticed && measure.level > 0.0 && moves.into_iter().all(|amount| amount.abs() < 1e-12)
    });
    idle.map(|(_, measure)| Finding {
        code: "measure-without-effect",
        doubt: Doubt::Medium,
        text: Text::new(
            format!("“{}”不起作用：没有可替代的，或已达到", measure.name.zh),
            format!(
                "{} does nothing: there is nothing to take, or it is reached already",
                measure.name.en
            ),
        ),
        place: Place::Measure(measure.id.clone(), ""),
        found: 0.0,
        yardstick: 0.0,
        basis: Text::new("各年替代量均为零", "it moves nothing in any year"),
        origins: Vec::new(),
        advice: Text::new(
            "核对数量、分区与时间表",
            "check its amount, zone and timetable",
        ),
    })
}

/// A calibration factor far from 1: the official amount and the activity do not fit.
fn kappa(ctx: Context<'_>, kappa: &Kappa) -> Finding {
    let account = kappa.account.id(ctx.catalogue);
    let reasons = &ctx.catalogue.kappa_reasons;
    let reason = reasons
        .get(&(kappa.class, account.clone()))
        .or_else(|| reasons.get(&(None, account.clone())));
    let class = kappa
        .class
        .map(|class| &ctx.catalogue.classes[class.at()].named.name);
    let (class_zh, class_en) = class.map_or(("总量", "total"), |name| (&name.zh, &name.en));
    let value = format!("{:.2}", kappa.value);
    let basis = reason.map_or_else(
        || Text::new("没有登记的原因", "no reason on file"),
        |reason| {
            Text::new(
                format!("登记的原因：{}", reason.zh),
                format!("reason on file: {}", reason.en),
            )
        },
    );
    Finding {
        code: "kappa-far-from-one",
        doubt: match reason {
            _ if !FAR.contains(&kappa.value) => Doubt::High,
            None => Doubt::Medium,
            Some(_) => Doubt::Low,
        },
        text: Text::new(
            format!("{account}（{class_zh}）校准系数 {value}，偏离 0.5—2"),
            format!("calibration factor {value} of {account}, {class_en}, lies outside 0.5-2"),
        ),
        place: Place::Row(kappa.official.origin),
        found: kappa.value,
        yardstick: if kappa.value > 1.0 { 2.0 } else { 0.5 },
        basis,
        origins: vec![kappa.official.origin],
        advice: Text::new(
            "换用本地清单（inventory = …）、活动量或因子",
            "put local figures in its place: an own inventory, activity or factors",
        ),
    }
}

/// A level above 100 %.
fn over_level(id: &str, name: &Text, level: f64) -> Finding {
    let shown = percent(level);
    Finding {
        code: "level-above-plan",
        doubt: if level > 1.5 {
            Doubt::High
        } else {
            Doubt::Medium
        },
        text: Text::new(
            format!("“{}”的执行程度 {shown}，超过其自身所述", name.zh),
            format!("{} is carried out to {shown}, more than it states", name.en),
        ),
        place: Place::Measure(id.to_string(), "level"),
        found: level,
        yardstick: 1.0,
        basis: Text::new(
            "100 % 即按所述全部实施（程序规则）",
            "100 % is all that the measure states (a rule of the program)",
        ),
        origins: Vec::new(),
        advice: Text::new(
            "改写措施的数量，不用 level 放大",
            "state the larger amount in the measure instead",
        ),
    }
}

/// A measure that is not finished when the scenario ends.
fn unfinished(ctx: Context<'_>, id: &str, name: &Text, end: i32) -> Finding {
    let last = ctx.scenario.end_year;
    Finding {
        code: "measure-unfinished",
        doubt: Doubt::Low,
        text: Text::new(
            format!("“{}”到 {end} 年才全部实施，情景止于 {last} 年", name.zh),
            format!(
                "{} is fully in force in {end} only; the scenario ends in {last}",
                name.en
            ),
        ),
        place: Place::Measure(id.to_string(), "end"),
        found: f64::from(end),
        yardstick: f64::from(last),
        basis: Text::new("情景的末年", "the last year of the scenario"),
        origins: Vec::new(),
        advice: Text::new(
            "延长 end_year，或核对 end",
            "extend `end_year`, or check `end`",
        ),
    }
}

/// Measures that touch technologies without a cost figure.
fn costs(ctx: Context<'_>) -> Option<Finding> {
    let unknown: Vec<&str> = ctx
        .plan
        .measures
        .iter()
        .filter(|measure| !measure.cost_known)
        .map(|measure| measure.id.as_str())
        .collect();
    let first = unknown.first()?;
    let (count, all) = (unknown.len(), ctx.plan.measures.len());
    let list = unknown.join(", ");
    Some(Finding {
        code: "cost-unknown",
        doubt: Doubt::Low,
        text: Text::new(
            format!("{all} 项措施中 {count} 项涉及没有成本数的工艺，其成本不列出"),
            format!(
                "{count} of {all} measures touch technologies without a cost figure; their cost is not shown"
            ),
        ),
        place: Place::Measure((*first).to_string(), ""),
        found: count as f64,
        yardstick: 0.0,
        basis: Text::new(format!("措施：{list}"), format!("measures: {list}")),
        origins: Vec::new(),
        advice: Text::new(
            "在 data/costs.csv 补上",
            "add the figures to data/costs.csv",
        ),
    })
}
