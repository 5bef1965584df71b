//! `balance.csv`, `targets.csv` and `calibration.csv`.

use crate::case::{Case, display};
use crate::cells::Csv;
use jianpai_core::account::UnitKind;
use jianpai_core::calibrate::Kappa;
use jianpai_core::catalogue::Account;
use jianpai_core::outcome::{self, Item};
use jianpai_core::target::Demand;
use jianpai_core::text::{Lang, Text};

/// The unit of an account in tables: base units in one, and its name.
pub(crate) fn account_unit(account: Account) -> (f64, &'static str) {
    match account.unit_kind() {
        UnitKind::Mass => (1e4, "1e4 t"),
        UnitKind::Energy => (1e4, "1e4 tce"),
        UnitKind::Money => (1e8, "1e8 CNY"),
        _ => (1.0, "service units"),
    }
}

/// Base + growth + each measure + join = total, for every account and year.
pub fn balance(cases: &[Case<'_>], lang: Lang) -> Vec<u8> {
    let mut writer = Csv::new();
    let header = [
        "scenario", "region", "account", "year", "item", "measure", "name", "value", "unit",
    ];
    writer.row(header);
    for case in cases {
        for &account in &case.plan.accounts {
            if matches!(account, Account::Activity(_)) {
                continue;
            }
            for t in 0..case.plan.span() {
                let Some(balance) = outcome::balance(case.plan, &case.outcome.run, account, t)
                else {
                    continue;
                };
                let (scale, unit) = account_unit(account);
                for (item, value) in &balance.lines {
                    if account == Account::Cost && !cost_counts(case, item) {
                        continue;
                    }
                    let (kind, measure, name) = item_names(case, item, lang);
                    writer.row([
                        &case.scenario.id,
                        &case.region().named.id,
                        &account.id(case.catalogue),
                        &balance.year.to_string(),
                        kind,
                        &measure,
                        &name,
                        &format!("{}", value / scale),
                        unit,
                    ]);
                }
            }
        }
    }
    writer.into_bytes()
}

/// Only differences of cost mean something, and only where every technology has one.
fn cost_counts(case: &Case<'_>, item: &Item) -> bool {
    matches!(item, Item::Measure(m) if case.plan.measures[*m].cost_known)
}

/// Kind, id and name of a line.
fn item_names(case: &Case<'_>, item: &Item, lang: Lang) -> (&'static str, String, String) {
    let plain =
        |id: &'static str, zh: &str, en: &str| (id, String::new(), lang.pick(zh, en).to_string());
    match item {
        Item::Base => plain("base", "基年排放量", "base year"),
        Item::Growth => plain("growth", "新增量", "growth increment"),
        Item::Join => plain("join", "与观测值衔接", "join to observed values"),
        Item::Total => plain("total", "期末排放量", "result"),
        Item::Measure(m) => {
            let measure = &case.plan.measures[*m];
            (
                "measure",
                measure.id.clone(),
                measure.name.get(lang).to_string(),
            )
        }
    }
}

/// Every target: required, reached, gap, verdict, year met, and the part of the
/// indicator's level that rests on quoted or computed numbers (fraction); then what
/// is only tracked.
pub fn targets(cases: &[Case<'_>], lang: Lang) -> Vec<u8> {
    let mut writer = Csv::new();
    let header = [
        "scenario",
        "region",
        "target",
        "name",
        "indicator",
        "kind",
        "base_year",
        "year",
        "required",
        "reached",
        "margin",
        "unit",
        "room",
        "room_unit",
        "met",
        "year_met",
        "quoted_share",
        "source",
    ];
    writer.row(header);
    for case in cases {
        let (id, region) = (&case.scenario.id, &case.region().named.id);
        for (target, verdict) in case.targets() {
            let indicator = &case.catalogue.indicators[target.indicator.at()];
            let shown = display(indicator);
            let (kind, base) = kind_of(target.demand);
            let (scale, unit) = match target.demand {
                Demand::Reduction { .. } => (0.01, "%"),
                _ => (shown.scale, indicator.display_unit.as_str()),
            };
            let name = target
                .name
                .as_ref()
                .unwrap_or(&indicator.named.name)
                .get(lang);
            let number = |value: Option<f64>, scale: f64| {
                value.map_or(String::new(), |value| format!("{}", value / scale))
            };
            let year = case.plan.year(target.year);
            let support = year.and_then(|t| case.support.at(target.indicator, t));
            let quoted = support.map(|shares| (shares.firm() * 1e4).round() / 1e4);
            let record: [&str; 18] = [
                id,
                region,
                &target.id,
                name,
                &indicator.named.id,
                kind,
                &base.map_or(String::new(), |year| year.to_string()),
                &target.year.to_string(),
                &number(verdict.map(|v| v.required), scale),
                &number(verdict.map(|v| v.reached), scale),
                &number(verdict.map(|v| v.margin), scale),
                unit,
                &number(verdict.map(|v| v.room), shown.scale),
                &indicator.display_unit,
                verdict.map_or("", |v| if v.met { "yes" } else { "no" }),
                &verdict
                    .and_then(|v| v.year_met)
                    .map_or(String::new(), |year| year.to_string()),
                &number(quoted, 1.0),
                target.source.as_deref().unwrap_or_default(),
            ];
            writer.row(record);
        }
        for tracked in &case.scenario.tracked {
            let value = tracked.value.as_deref().unwrap_or_default();
            writer.row([
                id,
                region,
                &tracked.id,
                tracked.name.get(lang),
                "",
                "tracked",
                "",
                &tracked.year.to_string(),
                tracked.target.get(lang),
                value,
                "",
                "",
                "",
                "",
                "",
                "",
                "",
                tracked.source.as_deref().unwrap_or_default(),
            ]);
        }
    }
    writer.into_bytes()
}

fn kind_of(demand: Demand) -> (&'static str, Option<i32>) {
    match demand {
        Demand::Reduction { base_year, .. } => ("reduction", Some(base_year)),
        Demand::Cap(_) => ("cap", None),
        Demand::Floor(_) => ("floor", None),
        Demand::Cumulative { from, .. } => ("cumulative", Some(from)),
        Demand::Project { base_year, .. } => ("project", Some(base_year)),
    }
}

/// Every calibration factor with the official number behind it.
pub fn calibration(case: &Case<'_>, lang: Lang) -> Vec<u8> {
    let mut writer = Csv::new();
    let header = [
        "account",
        "class",
        "official",
        "bottom_up",
        "unit",
        "kappa",
        "status",
        "source",
        "note",
    ];
    writer.row(header);
    for kappa in &case.plan.base_year.kappas {
        let (scale, unit) = account_unit(kappa.account);
        let origin = kappa.official.origin;
        let class = kappa.class.map(|class| &case.catalogue.classes[class.at()]);
        let reason = kappa_reason(case, kappa).filter(|_| is_far(kappa.value));
        let record: [&str; 9] = [
            &kappa.account.id(case.catalogue),
            class.map_or("total", |class| class.named.id.as_str()),
            &format!("{}", kappa.official.value / scale),
            &format!("{}", kappa.bottom_up / scale),
            unit,
            &format!("{}", kappa.value),
            origin.status.id(),
            &case.catalogue.sources[origin.source.at()].id,
            reason.map_or("", |reason| reason.get(lang)),
        ];
        writer.row(record);
    }
    for p in &case.plan.base_year.uncalibrated {
        let note = lang.pick("没有官方总量，按自下而上计", "no official total: bottom-up");
        let id = &case.catalogue.pollutants[p.at()].named.id;
        writer.row([id.as_str(), "total", "", "", "1e4 t", "1", "", "", note]);
    }
    writer.into_bytes()
}

/// Why a calibration factor may lie far from 1, if the data say.
pub fn kappa_reason<'c>(case: &'c Case<'_>, kappa: &Kappa) -> Option<&'c Text> {
    let account = kappa.account.id(case.catalogue);
    let reasons = &case.catalogue.kappa_reasons;
    let own = reasons.get(&(kappa.class, account.clone()));
    own.or_else(|| reasons.get(&(None, account)))
}

/// Whether a calibration factor lies outside 0.5–2.
pub fn is_far(kappa: f64) -> bool {
    !(0.5..=2.0).contains(&kappa)
}
