//! The summary on the terminal, and the same for machines.

use crate::base;
use crate::calibration::{is_far, kappa_reason};
use crate::case::{Case, Tally, account_name, number, short_name, splice_text};
pub use crate::comparison::{compared, text as comparison};
use crate::costs;
use crate::grid::{NARROW, paragraph, wrap};
use crate::ledger;
use crate::tables;
use crate::view::{Form, Table, run};
use crate::write;
use jianpai_core::calibrate::Kappa;
use jianpai_core::calibre::Splice;
use jianpai_core::catalogue::{Account, Catalogue};
use jianpai_core::dims::CalibreId;
use jianpai_core::doubt;
use jianpai_core::outcome::{self, Item};
use jianpai_core::text::Lang;
use serde_json::{Value, json};

/// The whole summary of one case.
pub fn text(case: &Case<'_>, lang: Lang) -> String {
    let mut out = heading(case, lang);
    out += &indicators(case, lang);
    out += &ledger::text(case, lang);
    out += &costs::text(case, lang);
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
        text => paragraph(&(text + &within_text(case.tally(), lang)), NARROW, 0),
    };
    let line = wrap(&line, NARROW).join("\n");
    format!("\n{line}\n{document}{verdict}")
}

/// How many of the targets met are so within the model's error; empty if none is.
fn within_text(tally: Tally, lang: Lang) -> String {
    match (tally.within, lang) {
        (0, _) => String::new(),
        (count, Lang::Zh) => format!("；达到的有 {count} 项在模型误差之内"),
        (count, Lang::En) => format!("; {count} of those met are within the model's error"),
    }
}

/// What the published progress of the place itself would narrow, as a remark.
fn anchoring(case: &Case<'_>, lang: Lang) -> Option<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut latest = i32::MIN;
    for (target, verdict) in case.targets() {
        let Some(verdict) = verdict else { continue };
        let band = case.band(target, verdict);
        let Some(band) = band.filter(|band| !band.anchored && band.distance > 1) else {
            continue;
        };
        let Some(half) = doubt::joined(case.catalogue, target) else {
            continue;
        };
        let now = band.high - verdict.reached;
        if half < now {
            let name = short_name(
                case.catalogue,
                &case.catalogue.indicators[target.indicator.at()],
            );
            let points = |half: f64| Form::Fixed(1).show(half, 0.01, Lang::En);
            parts.push(format!(
                "{} ±{} → ±{}",
                name.get(lang),
                points(now),
                points(half)
            ));
            latest = latest.max(target.year - 1);
        }
    }
    let list = parts.join(lang.pick("；", "; "));
    (!parts.is_empty()).then(|| match lang {
        Lang::Zh => format!("把本地 {latest} 年已公布的进展写入 [observed.*]，误差可缩小（个百分点）：{list}"),
        Lang::En => format!(
            "the place's own published progress of {latest} under [observed.*] would narrow the error (points): {list}"
        ),
    })
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
/// the run that the charts compare with; then the targets.
fn indicators(case: &Case<'_>, lang: Lang) -> String {
    let table = tables::indicators(std::slice::from_ref(case));
    let note = lang.pick(
        "有出处占比：期末值所依据的数中，引自文件、统计资料或由其算出的部分；其余为情景设定、估算、\
         假定等，逐项见 jianpai explain",
        "Sourced: the part of the last year's value that rests on numbers quoted from a source or \
         computed from one; the rest is set by the scenario, estimated or assumed: see jianpai explain",
    );
    format!(
        "\n{}\n{}",
        write::terminal(&table, lang, NARROW),
        paragraph(note, NARROW, 0)
    ) + &targets(case, lang)
}

/// The table of targets with their verdicts.
fn targets(case: &Case<'_>, lang: Lang) -> String {
    if case.scenario.targets.is_empty() {
        return String::new();
    }
    let table = tables::targets(std::slice::from_ref(case));
    format!("\n{}\n", write::terminal(&table, lang, NARROW))
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
    let one = std::slice::from_ref(case);
    let all = std::iter::once(tables::tracked_targets(case)).chain(tables::tracked_values(one));
    let all = all.map(|table| format!("\n{}\n", write::terminal(&table, lang, NARROW)));
    all.collect()
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

/// Whether the physical factor of the same class is far from 1 as well, and told.
fn is_told(case: &Case<'_>, kappa: &Kappa) -> bool {
    let physical = kappa.account.official();
    let mut all = case.plan.base_year.kappas.iter();
    kappa.account != physical
        && all.any(|k| k.account == physical && k.class == kappa.class && is_far(k.value))
}

/// Notices about measures and calibration.
fn remarks(case: &Case<'_>, lang: Lang) -> String {
    let mut lines = Vec::new();
    lines.extend(anchoring(case, lang));
    let base = base::text(case.catalogue, case.scenario);
    lines.extend(base.map(|text| text.get(lang).to_string()));
    let paced = jianpai_core::plausible::paced(case.catalogue, case.scenario);
    lines.extend(paced.map(|text| text.get(lang).to_string()));
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
        .filter(|kappa| is_far(kappa.value) && !is_told(case, kappa))
    {
        let account = account_name(case.catalogue, kappa.account);
        let account = account.get(lang);
        let class = kappa.class.map(|class| &case.catalogue.classes[class.at()]);
        let class_name = class.map_or(String::new(), |class| {
            let name = class.named.name.get(lang);
            format!("{}{name}", lang.pick(" ", ", "))
        });
        let status = kappa.official.origin.status.name();
        let reason = kappa_reason(case, kappa).map_or("", |reason| reason.get(lang));
        lines.push(match lang {
            Lang::Zh => format!(
                "{account}{class_name}的校准系数 {:.2} 偏离 0.5—2（官方数：{}）{}",
                kappa.value,
                status.zh,
                if reason.is_empty() { String::new() } else { format!("：{reason}") }
            ),
            Lang::En => format!(
                "calibration factor {:.2} of {account}{class_name}, lies outside 0.5–2 (official number: {}){}",
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

/// The summary for machines: results in base units, and the tables as everywhere else.
pub fn json(case: &Case<'_>) -> Value {
    let splices: Vec<Value> = case
        .scenario
        .splices
        .iter()
        .map(|s| splice(case.catalogue, s))
        .collect();
    let (met, all) = case.score();
    let tables = tables_of(std::slice::from_ref(case));
    let mut value = write::document(&tables);
    value["scenario"] = json!(case.scenario.id);
    value["region"] = json!(case.region().named.id);
    value["targets_met"] = json!(met);
    value["targets_total"] = json!(all);
    value["indicators"] = json!(run::indicators(case));
    value["targets"] = json!(run::targets(case));
    value["measures"] = json!(measures(case));
    value["splices"] = json!(splices);
    let bases = base::json(case.catalogue, case.scenario);
    if !bases.is_empty() {
        value["base"] = json!(bases);
    }
    let (cost, unknown) = costs::of_new(case);
    value["cost_of_new_measures"] = costs::json(case, &cost);
    value["cost_of_new_measures"]["without_figure"] = json!(unknown);
    value
}

/// The tables of some runs that fit a document; `balance`, whose rows are thousands, is
/// given where it is asked for.
pub fn tables_of(cases: &[Case<'_>]) -> Vec<Table> {
    let calibration = cases.iter().map(tables::calibration);
    let mut all = vec![
        tables::indicators(cases),
        tables::targets(cases),
        ledger::table(cases),
        costs::table(cases),
    ];
    all.extend(Table::stacked(calibration));
    all.extend(tables::tracked_values(cases));
    if cases.len() > 1 {
        all.push(crate::comparison::table(cases));
    }
    all
}

/// What each measure changes in the last year, in base units.
fn measures(case: &Case<'_>) -> Vec<Value> {
    let last = case.plan.span() - 1;
    let each = case.plan.measures.iter().enumerate().map(|(m, measure)| {
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
            .filter(|a| matches!(a, Account::Pollutant(..) | Account::Coal | Account::Energy))
            .map(|a| (a.id(case.catalogue), json!(change(*a))))
            .collect();
        let cost = measure.cost_known.then(|| change(Account::Cost)).flatten();
        let mut value = json!({
            "measure": measure.id,
            "type": measure.kind.id,
            "level": measure.level,
            "change": changes,
            "cost_cny": cost,
            "cost": costs::of_measure(case, m).map(|cost| costs::json(case, &cost)),
        });
        if let Some(of) = case.scenario.measures[m].record_of {
            value["record_of"] = json!(case.catalogue.regions[of.at()].named.id);
        }
        value
    });
    each.collect()
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
