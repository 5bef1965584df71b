//! The summary on the terminal, and the same for machines.

use crate::base;
use crate::case::{Case, Tally, splice_text};
pub use crate::comparison::{compared, text as comparison};
use crate::costs;
use crate::grid::{NARROW, paragraph, wrap};
use crate::ledger;
use crate::remarks;
use crate::tables;
use crate::view::{Table, run};
use crate::write;
use jianpai_core::calibre::Splice;
use jianpai_core::catalogue::{Account, Catalogue};
use jianpai_core::dims::CalibreId;
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
pub(crate) fn within_text(tally: Tally, lang: Lang) -> String {
    match (tally.within, lang) {
        (0, _) => String::new(),
        (count, Lang::Zh) => format!("；达到的有 {count} 项在模型误差之内"),
        (count, Lang::En) => format!("; {count} of those met are within the model's error"),
    }
}

/// How many targets are met, missed and not judged, in words.
pub(crate) fn score_text(tally: Tally, lang: Lang) -> String {
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
    let text = remarks::outside(case);
    let text = text.map(|text| format!("\n{}", paragraph(text.get(lang), NARROW, 0)));
    text.unwrap_or_default()
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

/// Notices about measures and calibration.
fn remarks(case: &Case<'_>, lang: Lang) -> String {
    let lines = remarks::all(case);
    if lines.is_empty() {
        return String::new();
    }
    let title = lang.pick("提示", "Remarks");
    let lines = lines.iter();
    let lines: String = lines
        .map(|line| paragraph(&format!("- {}", line.get(lang)), NARROW, 2))
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
