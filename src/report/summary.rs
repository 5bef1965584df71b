//! The summary on the terminal, and the same for machines.

use crate::case::{Case, demand_text, display, number, short_name, signed_percent, splice_text};
use crate::explain;
use crate::grid::{Grid, indent, left, right};
use crate::ledger;
use crate::tables::{account_id, is_far, kappa_reason};
use jianpai_core::calibre::Splice;
use jianpai_core::catalogue::{Account, Catalogue, Indicator, IndicatorKind};
use jianpai_core::dims::{CalibreId, IndicatorId};
use jianpai_core::outcome::{self, Item};
use jianpai_core::target::{Demand, Verdict};
use jianpai_core::text::Lang;
use serde_json::{Value, json};

/// The whole summary of one case.
pub fn text(case: &Case<'_>, lang: Lang) -> String {
    let mut out = heading(case, lang);
    out += &indicators(case, lang);
    out += &ledger::text(case, lang);
    out += &outside(case, lang);
    out += &tracked(case, lang);
    out += &splices(case, lang);
    out += &remarks(case, lang);
    out
}

fn heading(case: &Case<'_>, lang: Lang) -> String {
    let (met, all) = case.score();
    let scenario = case.scenario;
    let (first, last) = (scenario.base_year, scenario.end_year);
    let region = case.region().named.name.get(lang);
    let open = case.targets().filter(|(_, v)| v.is_none()).count();
    let missed = all - met - open;
    let open = match lang {
        _ if open == 0 => String::new(),
        Lang::Zh => format!("，{open} 项无法判定"),
        Lang::En => format!(", {open} cannot be judged"),
    };
    let verdict = match (lang, met == all, all) {
        (_, _, 0) => String::new(),
        (Lang::Zh, true, _) => format!("{all} 项目标全部达到"),
        (Lang::Zh, false, _) => format!("{all} 项目标中 {met} 项达到，{missed} 项未达到{open}"),
        (Lang::En, true, _) => format!("all {all} targets met"),
        (Lang::En, false, _) => format!("{met} of {all} targets met, {missed} missed{open}"),
    };
    let name = scenario.name.get(lang);
    let line = format!("{name}（{region}，{first}—{last}）");
    let line = match lang {
        Lang::Zh => line,
        Lang::En => format!("{name} ({region}, {first}–{last})"),
    };
    let document = scenario
        .document
        .as_ref()
        .map_or(String::new(), |d| format!("  {d}\n"));
    format!(
        "\n{line}\n{document}{}",
        if all > 0 {
            format!("  {verdict}\n")
        } else {
            String::new()
        }
    )
}

/// The table of indicators with their targets.
fn indicators(case: &Case<'_>, lang: Lang) -> String {
    let (first, last) = (case.scenario.base_year, case.scenario.end_year);
    let (first, last) = (first.to_string(), last.to_string());
    let header = match lang {
        Lang::Zh => [
            "指标",
            "单位",
            &first,
            &last,
            "变化",
            "无措施",
            "目标",
            "达到",
            "判定",
            "引用",
        ],
        Lang::En => [
            "Indicator",
            "Unit",
            &first,
            &last,
            "Change",
            "No measures",
            "Target",
            "Reached",
            "Verdict",
            "Quoted",
        ],
    };
    let mut table = Grid::new(header);
    for (i, indicator) in case.catalogue.indicators.iter().enumerate() {
        let values = &case.outcome.indicators[i];
        let shown = display(indicator);
        let (base, end) = (values[0], values[values.len() - 1]);
        let frozen = case.outcome.frozen[i][values.len() - 1];
        let is_share = matches!(indicator.kind, IndicatorKind::Share { .. });
        let change = |end: f64| {
            if is_share {
                let points = ((end - base) * 1e6).round() / 1e4;
                format!("{}{}", if points > 0.0 { "+" } else { "" }, number(points))
            } else {
                changed(base, end)
            }
        };
        let mut row = vec![
            left(short_name(case.catalogue, indicator).get(lang)),
            left(shown.unit.get(lang)),
            right(number(base / shown.scale)),
            right(number(end / shown.scale)),
            right(change(end)),
            right(change(frozen)),
        ];
        let support = case.support.last(IndicatorId::from_usize(i));
        let mut quoted = support.map_or(String::new(), |s| format!("{:.0}%", s.firm() * 100.0));
        let mut own = case
            .targets()
            .filter(|(t, _)| t.indicator.at() == i)
            .peekable();
        if own.peek().is_none() {
            row.extend([left(""), left(""), left(""), right(quoted)]);
            table.row(row);
            continue;
        }
        for (target, verdict) in own {
            let mut row = std::mem::replace(&mut row, vec![left(""); 6]);
            let demand = demand_text(indicator, target);
            let year = target.year;
            let end_year = case.scenario.end_year;
            let demand = if year == end_year {
                demand.get(lang).to_string()
            } else {
                match lang {
                    Lang::Zh => format!("{year}年{}", demand.zh),
                    Lang::En => format!("{} by {year}", demand.en),
                }
            };
            row.push(left(demand));
            match verdict {
                Some(verdict) => {
                    row.push(right(reached(target.demand, verdict, shown.scale)));
                    row.push(left(judgement(verdict, indicator, lang)));
                }
                None => row.extend([left(""), left(lang.pick("无法判定", "cannot be judged"))]),
            }
            row.push(right(std::mem::take(&mut quoted)));
            table.row(row);
        }
    }
    let note = lang.pick(
        "引用：期末值按权重依据原文引用数或其计算数的部分；详见 jianpai explain",
        "Quoted: part of the last year's value that rests on quoted or computed numbers; see jianpai explain",
    );
    format!("\n{}\n  {note}\n", indent(&table.to_string()))
}

/// The change from a base, a dash where there is nothing to count from.
fn changed(base: f64, end: f64) -> String {
    if jianpai_core::target::counts(base) {
        signed_percent(end / base - 1.0)
    } else {
        "—".to_string()
    }
}

fn reached(demand: Demand, verdict: &Verdict, scale: f64) -> String {
    match demand {
        Demand::Reduction { .. } => signed_percent(-verdict.reached),
        _ => number(verdict.reached / scale),
    }
}

/// The verdict in words, with what is left over or missing.
fn judgement(verdict: &Verdict, indicator: &Indicator, lang: Lang) -> String {
    let shown = display(indicator);
    let room = number(verdict.room.abs() / shown.scale);
    let is_ratio = !matches!(
        indicator.kind,
        IndicatorKind::Emission(_) | IndicatorKind::Coal | IndicatorKind::Energy
    );
    let unit = if is_ratio {
        lang.pick("个点", "points")
    } else {
        shown.unit.get(lang)
    };
    let amount = format!("{room} {unit}");
    let since = verdict.year_met.map_or(String::new(), |year| match lang {
        Lang::Zh => format!("，{year}年起"),
        Lang::En => format!(", from {year}"),
    });
    match (lang, verdict.met) {
        (Lang::Zh, true) => format!("✓ 达到（余 {amount}{since}）"),
        (Lang::Zh, false) => format!("✗ 未达到（差 {amount}）"),
        (Lang::En, true) => format!("✓ met ({amount} to spare{since})"),
        (Lang::En, false) => format!("✗ missed by {amount}"),
    }
}

/// What the official calibre does not count.
fn outside(case: &Case<'_>, lang: Lang) -> String {
    let last = case.plan.span() - 1;
    let mut parts = Vec::new();
    for (q, account) in case.plan.accounts.iter().enumerate() {
        if let Account::Outside(p) = account {
            let at = |t: usize| case.outcome.run.total[q * case.plan.span() + t] / 1e4;
            if at(0) != 0.0 {
                let id = &case.catalogue.pollutants[p.at()].named.id;
                parts.push(format!("{id} {} → {}", number(at(0)), number(at(last))));
            }
        }
    }
    if parts.is_empty() {
        return String::new();
    }
    let list = parts.join(lang.pick("；", "; "));
    match lang {
        Lang::Zh => format!("\n  统计口径以外（不计入上表，万吨）：{list}\n"),
        Lang::En => {
            format!("\n  Outside the official calibre (not counted above, 10⁴ t): {list}\n")
        }
    }
}

/// Targets outside the model.
fn tracked(case: &Case<'_>, lang: Lang) -> String {
    if case.scenario.tracked.is_empty() {
        return String::new();
    }
    let header = match lang {
        Lang::Zh => ["模型以外的目标", "年份", "目标", "自报值"],
        Lang::En => ["Targets outside the model", "Year", "Target", "Own value"],
    };
    let mut table = Grid::new(header);
    for tracked in &case.scenario.tracked {
        let value = tracked.value.as_deref();
        table.row(vec![
            left(tracked.name.get(lang)),
            right(tracked.year),
            left(tracked.target.get(lang)),
            left(value.unwrap_or(lang.pick("未填", "not given"))),
        ]);
    }
    format!("\n{}\n", indent(&table.to_string()))
}

/// Declared bridges between calibres.
fn splices(case: &Case<'_>, lang: Lang) -> String {
    let lines = case.scenario.splices.iter().map(|splice| {
        let id = &case.catalogue.indicators[splice.indicator.at()].named.id;
        format!("  {id}: {}\n", splice_text(case, splice).get(lang))
    });
    let lines: String = lines.collect();
    if lines.is_empty() {
        return lines;
    }
    format!("\n{lines}")
}

/// Notices about measures and calibration.
fn remarks(case: &Case<'_>, lang: Lang) -> String {
    let mut lines = Vec::new();
    let left = jianpai_core::plausible::left_to_built_in(case.catalogue, case.scenario);
    lines.extend(left.map(|text| text.get(lang).to_string()));
    for (m, notice) in &case.plan.notices {
        let name = case.plan.measures[*m].name.get(lang);
        lines.push(format!(
            "{name}{}{}",
            lang.pick("：", ": "),
            notice.get(lang)
        ));
    }
    for kappa in case
        .plan
        .base_year
        .kappas
        .iter()
        .filter(|kappa| is_far(kappa.value))
    {
        let account = account_id(case, kappa.account);
        let class = kappa.class.map(|class| &case.catalogue.classes[class.at()]);
        let class_name = class.map_or("", |class| class.named.name.get(lang));
        let status = kappa.official.origin.status.name();
        let reason = kappa_reason(case, kappa).map_or("", |reason| reason.get(lang));
        lines.push(match lang {
            Lang::Zh => format!(
                "{account} {class_name}的校准系数 {:.2} 偏离 0.5—2（官方数：{}）{}",
                kappa.value,
                status.zh,
                if reason.is_empty() { String::new() } else { format!("：{reason}") }
            ),
            Lang::En => format!(
                "calibration factor {:.2} of {account}, {class_name}, lies outside 0.5–2 (official number: {}){}",
                kappa.value,
                status.en,
                if reason.is_empty() { String::new() } else { format!(": {reason}") }
            ),
        });
    }
    for p in &case.plan.base_year.uncalibrated {
        let id = &case.catalogue.pollutants[p.at()].named.id;
        lines.push(match lang {
            Lang::Zh => format!("{id} 没有官方总量，为自下而上估算，未校准"),
            Lang::En => format!("{id} has no official total: bottom-up, not calibrated"),
        });
    }
    if lines.is_empty() {
        return String::new();
    }
    let title = lang.pick("提示", "Remarks");
    let lines: Vec<String> = lines
        .iter()
        .map(|line| {
            format!(
                "  - {line}
"
            )
        })
        .collect();
    format!(
        "
  {title}
{}",
        lines.concat()
    )
}

/// Several scenarios side by side: what each target asks and each scenario reaches.
pub fn comparison(cases: &[Case<'_>], lang: Lang) -> String {
    let mut header = vec![lang.pick("情景比较", "Scenarios").to_string()];
    let ids = compared(cases);
    for i in &ids {
        let indicator = &cases[0].catalogue.indicators[*i];
        header.push(
            short_name(cases[0].catalogue, indicator)
                .get(lang)
                .to_string(),
        );
    }
    header.push(lang.pick("达标", "Met").to_string());
    let mut table = Grid::new(header.iter().map(String::as_str));
    for case in cases {
        let region = case.region().named.name.get(lang);
        let name = case.scenario.name.get(lang);
        let mut row = vec![left(format!("{name} · {region}"))];
        for i in &ids {
            let values = &case.outcome.indicators[*i];
            let (base, end) = (values[0], values[values.len() - 1]);
            let missed = case
                .targets()
                .any(|(t, v)| t.indicator.at() == *i && v.is_some_and(|v| !v.met));
            let mark = if missed { " ✗" } else { "" };
            row.push(right(format!("{}{mark}", signed_percent(end / base - 1.0))));
        }
        let (met, all) = case.score();
        row.push(right(format!("{met}/{all}")));
        table.row(row);
    }
    let note = match lang {
        Lang::Zh => "较基年变化；✗ 有目标未达到",
        Lang::En => "change on the base year; ✗ a target is missed",
    };
    format!("\n{}\n  {note}\n", indent(&table.to_string()))
}

/// The indicators that comparisons show: emissions, and CO2 per GDP.
pub fn compared(cases: &[Case<'_>]) -> Vec<usize> {
    let Some(case) = cases.first() else {
        return Vec::new();
    };
    let shown = case
        .catalogue
        .indicators
        .iter()
        .enumerate()
        .filter(|(_, indicator)| match &indicator.kind {
            IndicatorKind::Emission(p) => case.catalogue.pollutants[p.at()].medium != "carbon",
            IndicatorKind::EmissionIntensity(_) => true,
            _ => false,
        });
    shown.map(|(i, _)| i).collect()
}

/// The summary for machines.
pub fn json(case: &Case<'_>) -> Value {
    let last = case.plan.span() - 1;
    let indicators: Vec<Value> = case
        .catalogue
        .indicators
        .iter()
        .enumerate()
        .map(|(i, indicator)| {
            let values = &case.outcome.indicators[i];
            json!({
                "indicator": indicator.named.id,
                "unit": base_unit(&indicator.kind),
                "years": case.outcome.years,
                "values": values,
                "no_measures": case.outcome.frozen[i],
                "current_policy": case.outcome.current[i],
                "rests_on": case.support.last(IndicatorId::from_usize(i)).map(explain::shares),
            })
        })
        .collect();
    let targets: Vec<Value> = case
        .targets()
        .map(|(target, verdict)| {
            let indicator = &case.catalogue.indicators[target.indicator.at()];
            json!({
                "target": target.id,
                "indicator": indicator.named.id,
                "year": target.year,
                "demand": demand_text(indicator, target).en,
                "required": verdict.map(|v| v.required),
                "reached": verdict.map(|v| v.reached),
                "margin": verdict.map(|v| v.margin),
                "room": verdict.map(|v| v.room),
                "met": verdict.map(|v| v.met),
                "year_met": verdict.and_then(|v| v.year_met),
            })
        })
        .collect();
    let measures: Vec<Value> = case
        .plan
        .measures
        .iter()
        .enumerate()
        .map(|(m, measure)| {
            let change = |account: Account| -> Option<f64> {
                let balance = outcome::balance(case.plan, &case.outcome.run, account, last)?;
                balance
                    .lines
                    .iter()
                    .find(|(item, _)| *item == Item::Measure(m))
                    .map(|(_, v)| *v)
            };
            let changes: serde_json::Map<String, Value> = case
                .plan
                .accounts
                .iter()
                .filter(|a| matches!(a, Account::Pollutant(_) | Account::Coal | Account::Energy))
                .map(|a| (account_id(case, *a), json!(change(*a))))
                .collect();
            let cost = measure.cost_known.then(|| change(Account::Cost)).flatten();
            json!({
                "measure": measure.id,
                "type": measure.kind,
                "level": measure.level,
                "change": changes,
                "cost_cny": cost,
            })
        })
        .collect();
    let splices: Vec<Value> = case
        .scenario
        .splices
        .iter()
        .map(|s| splice(case.catalogue, s))
        .collect();
    let (met, all) = case.score();
    json!({
        "scenario": case.scenario.id,
        "region": case.region().named.id,
        "targets_met": met,
        "targets_total": all,
        "indicators": indicators,
        "targets": targets,
        "measures": measures,
        "splices": splices,
    })
}

/// A splice for machines.
pub fn splice(catalogue: &Catalogue, splice: &Splice) -> Value {
    let calibre = |id: CalibreId| &catalogue.calibres[id.at()].id;
    json!({
        "splice": splice.id,
        "indicator": catalogue.indicators[splice.indicator.at()].named.id,
        "from": calibre(splice.from),
        "to": calibre(splice.to),
        "factor": splice.factor,
        "year": splice.year,
        "source": splice.source,
    })
}

fn base_unit(kind: &IndicatorKind) -> &'static str {
    match kind {
        IndicatorKind::Emission(_) => "t",
        IndicatorKind::Coal | IndicatorKind::Energy => "tce",
        IndicatorKind::Share { .. } => "1",
        IndicatorKind::EmissionIntensity(_) | IndicatorKind::EnergyIntensity => "base year = 1",
    }
}
