//! The summary on the terminal, and the same for machines.

use crate::case::{
    Case, Tally, demand_text, display, number, short_name, signed_percent, splice_text,
};
use crate::explain;
use crate::grid::{Grid, NARROW, indent, left, paragraph, right, wrap};
use crate::ledger;
use crate::tables::{is_far, kappa_reason};
use jianpai_core::account::UnitKind;
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
    let scenario = case.scenario;
    let (first, last) = (scenario.base_year, scenario.end_year);
    let region = case.region().named.name.get(lang);
    let name = scenario.name.get(lang);
    let line = match lang {
        Lang::Zh => format!("{name}（{region}，{first}—{last}）"),
        Lang::En => format!("{name} ({region}, {first}–{last})"),
    };
    let document = scenario.document.as_ref();
    let document = document.map_or(String::new(), |text| paragraph(text, NARROW, 0));
    let verdict = match score_text(case.tally(), lang) {
        text if text.is_empty() => text,
        text => paragraph(&text, NARROW, 0),
    };
    let line = wrap(&line, NARROW).join("\n");
    format!("\n{line}\n{document}{verdict}")
}

/// How many targets are met, missed and not judged, in words.
fn score_text(tally: Tally, lang: Lang) -> String {
    let all = tally.all();
    if all == 0 {
        return String::new();
    }
    if tally.met == all {
        return match lang {
            Lang::Zh => format!("{all} 项目标全部达到"),
            Lang::En => format!("all {all} targets met"),
        };
    }
    let unjudged = match (tally.unjudged, lang) {
        (0, _) => String::new(),
        (count, Lang::Zh) => format!("，{count} 项无法判定"),
        (count, Lang::En) => format!(", {count} cannot be judged"),
    };
    let (met, missed) = (tally.met, tally.missed);
    match lang {
        Lang::Zh => format!("{all} 项目标中 {met} 项达到，{missed} 项未达到{unjudged}"),
        Lang::En => format!("{met} of {all} targets met, {missed} missed{unjudged}"),
    }
}

/// The table of indicators, from the year that targets count from to the last one, and
/// the run that the charts compare with.
fn indicators(case: &Case<'_>, lang: Lang) -> String {
    let (first, last) = (case.index_base(), case.scenario.end_year);
    let (first, last) = (first.to_string(), last.to_string());
    let compared = case.reference_name();
    let mut table = Grid::new([
        lang.pick("指标", "Indicator"),
        lang.pick("单位", "Unit"),
        &first,
        &last,
        lang.pick("变化", "Change"),
        compared.get(lang),
        lang.pick("有出处占比", "Sourced"),
    ])
    .within(NARROW);
    for (i, indicator) in case.catalogue.indicators.iter().enumerate() {
        let values = &case.outcome.indicators[i];
        let shown = case.display(i);
        let (base, end) = (case.base_value(i), values[values.len() - 1]);
        let reference = case.reference(i)[values.len() - 1];
        let is_share = indicator.kind.is_share();
        let change = |end: f64| {
            if is_share {
                let points = ((end - base) * 1e6).round() / 1e4;
                let sign = if points > 0.0 { "+" } else { "" };
                format!(
                    "{sign}{}{}",
                    number(points),
                    lang.pick("个百分点", " points")
                )
            } else if base == 0.0 {
                "—".to_string()
            } else {
                changed(base, end)
            }
        };
        let amount = |value: f64| match shown.scale {
            scale if scale > 0.0 => number(value / scale),
            _ => "—".to_string(),
        };
        let support = case.support.last(IndicatorId::from_usize(i));
        table.row(vec![
            left(short_name(case.catalogue, indicator).get(lang)),
            left(shown.unit.get(lang)),
            right(amount(base)),
            right(amount(end)),
            right(change(end)),
            right(change(reference)),
            right(support.map_or(String::new(), |s| format!("{:.0}%", s.firm() * 100.0))),
        ]);
    }
    let note = lang.pick(
        "有出处占比：期末值所依据的数中，引自文件、统计资料或由其算出的部分；其余为情景设定、估算、\
         假定等，逐项见 jianpai explain",
        "Sourced: the part of the last year's value that rests on numbers quoted from a source or \
         computed from one; the rest is set by the scenario, estimated or assumed: see jianpai explain",
    );
    format!(
        "\n{}\n{}",
        indent(&table.to_string()),
        paragraph(note, NARROW, 0)
    ) + &targets(case, lang)
}

/// The table of targets with their verdicts.
fn targets(case: &Case<'_>, lang: Lang) -> String {
    if case.scenario.targets.is_empty() {
        return String::new();
    }
    let header = match lang {
        Lang::Zh => ["目标", "要求", "达到", "判定"],
        Lang::En => ["Target", "Demand", "Reached", "Verdict"],
    };
    let mut table = Grid::new(header).within(NARROW);
    for (target, verdict) in case.targets() {
        let indicator = &case.catalogue.indicators[target.indicator.at()];
        let demand = demand_text(indicator, target);
        let year = target.year;
        let demand = match (year == case.scenario.end_year, lang) {
            (true, _) => demand.get(lang).to_string(),
            (false, Lang::Zh) => format!("{year}年{}", demand.zh),
            (false, Lang::En) => format!("{} by {year}", demand.en),
        };
        let (reached, word) = match verdict {
            Some(verdict) => (
                reached(target.demand, verdict, display(indicator).scale),
                judgement(target.demand, verdict, indicator, lang),
            ),
            None => (
                String::new(),
                lang.pick("无法判定", "cannot be judged").to_string(),
            ),
        };
        table.row(vec![
            left(short_name(case.catalogue, indicator).get(lang)),
            left(demand),
            right(reached),
            left(word),
        ]);
    }
    format!("\n{}\n", indent(&table.to_string()))
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

/// The verdict in words, with what is left over or missing: in the indicator's unit, or
/// in percentage points where it is a ratio.
fn judgement(demand: Demand, verdict: &Verdict, indicator: &Indicator, lang: Lang) -> String {
    let shown = display(indicator);
    let (room, unit) = match (indicator.kind.is_ratio(), demand) {
        (true, Demand::Reduction { .. }) => {
            (verdict.margin / 0.01, lang.pick("个百分点", "points"))
        }
        (true, _) => (verdict.room / shown.scale, lang.pick("个百分点", "points")),
        (false, _) => (verdict.room / shown.scale, shown.unit.get(lang)),
    };
    let amount = format!("{} {unit}", number(room.abs()));
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
    let start = case.plan.year(case.index_base()).unwrap_or(0);
    let mut parts = Vec::new();
    for (q, account) in case.plan.accounts.iter().enumerate() {
        if let Account::Outside(p) = account {
            let at = |t: usize| case.outcome.run.total[q * case.plan.span() + t] / 1e4;
            if at(start) != 0.0 {
                let id = &case.catalogue.pollutants[p.at()].named.id;
                parts.push(format!("{id} {} → {}", number(at(start)), number(at(last))));
            }
        }
    }
    if parts.is_empty() {
        return String::new();
    }
    let list = parts.join(lang.pick("；", "; "));
    let text = match lang {
        Lang::Zh => format!("统计口径以外（不计入上表，万吨）：{list}"),
        Lang::En => format!("Outside the official calibre (not counted above, 10⁴ t): {list}"),
    };
    format!("\n{}", paragraph(&text, NARROW, 0))
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
    let mut table = Grid::new(header).within(NARROW);
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
        let text = splice_text(case, splice);
        paragraph(
            &format!("{id}{}{}", lang.pick("：", ": "), text.get(lang)),
            NARROW,
            0,
        )
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
        let account = kappa.account.id(case.catalogue);
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
    let lines = lines.iter();
    let lines: String = lines
        .map(|line| paragraph(&format!("- {line}"), NARROW, 2))
        .collect();
    format!("\n  {title}\n{lines}")
}

/// Several scenarios side by side: what each target asks and each scenario reaches, from
/// the year that its targets count from to its last one.
pub fn comparison(cases: &[Case<'_>], lang: Lang) -> String {
    let ids = compared(cases);
    let span = |case: &Case<'_>| (case.index_base(), case.scenario.end_year);
    let same_span = cases.iter().all(|case| span(case) == span(&cases[0]));
    let title = cases[0].scenario.name.get(lang);
    let same_name = cases.len() > 1 && cases.iter().all(|c| c.scenario.name.get(lang) == title);
    let mut header = vec![
        if same_name {
            lang.pick("地区", "Region")
        } else {
            lang.pick("情景比较", "Scenarios")
        }
        .to_string(),
    ];
    if !same_span {
        header.push(lang.pick("时段", "Years").to_string());
    }
    for i in &ids {
        let indicator = &cases[0].catalogue.indicators[*i];
        let name = short_name(cases[0].catalogue, indicator);
        header.push(name.get(lang).to_string());
    }
    header.push(lang.pick("达标", "Met").to_string());
    let mut table = Grid::new(header.iter().map(String::as_str)).within(NARROW);
    for case in cases {
        let region = case.region().named.name.get(lang);
        let name = case.scenario.name.get(lang);
        let mut row = vec![left(if same_name {
            region.to_string()
        } else if name.contains(region) {
            name.to_string()
        } else {
            format!("{name} · {region}")
        })];
        let (from, to) = span(case);
        if !same_span {
            row.push(left(format!("{from}{}{to}", lang.pick("—", "–"))));
        }
        row.extend(ids.iter().map(|i| right(compared_cell(case, *i))));
        let (met, all) = case.score();
        row.push(right(format!("{met}/{all}")));
        table.row(row);
    }
    let (from, to) = span(&cases[0]);
    let change = match (same_span, lang) {
        (true, Lang::Zh) => format!("{to}年较{from}年变化"),
        (true, Lang::En) => format!("change {from}–{to}"),
        (false, Lang::Zh) => "期末较各自目标基年的变化".to_string(),
        (false, Lang::En) => {
            "change from the year that each scenario's targets count from".to_string()
        }
    };
    let marks = lang.pick(
        "✓ 该指标的目标全部达到，✗ 有目标未达到，? 无法判定，无记号为未设目标",
        "✓ its targets are met, ✗ one is missed, ? cannot be judged, no mark: no target",
    );
    let title = if same_name {
        format!("\n{}\n", wrap(title, NARROW).join("\n"))
    } else {
        String::new()
    };
    let note = paragraph(
        &format!("{change}{}{marks}", lang.pick("；", "; ")),
        NARROW,
        0,
    );
    format!("{title}\n{}\n{note}", indent(&table.to_string()))
}

/// The change of an indicator, and a mark exactly where it has a target.
fn compared_cell(case: &Case<'_>, i: usize) -> String {
    let values = &case.outcome.indicators[i];
    let base = case.base_value(i);
    let mark = match case.verdict_on(i) {
        None => "  ",
        Some(Some(true)) => " ✓",
        Some(Some(false)) => " ✗",
        Some(None) => " ?",
    };
    format!("{}{mark}", changed(base, values[values.len() - 1]))
}

/// The indicators that comparisons show: emissions, CO2 per GDP, and every other that a
/// scenario has a target on.
pub fn compared(cases: &[Case<'_>]) -> Vec<usize> {
    let Some(case) = cases.first() else {
        return Vec::new();
    };
    let has_target = |i: usize| {
        let mut targets = cases.iter().flat_map(|case| &case.scenario.targets);
        targets.any(|target| target.indicator.at() == i)
    };
    let shown = case
        .catalogue
        .indicators
        .iter()
        .enumerate()
        .filter(|(i, indicator)| indicator.is_headline(case.catalogue) || has_target(*i));
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
                .map(|a| (a.id(case.catalogue), json!(change(*a))))
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
    match kind.unit_kind() {
        UnitKind::Mass => "t",
        UnitKind::Energy => "tce",
        UnitKind::Index => "base year = 1",
        _ => "1",
    }
}
