//! What a run gives: indicators, targets with their verdicts, the balance line by line,
//! calibration factors. Amounts are in base units; each says which.

use super::{Form, Unit};
use crate::calibration::{is_far, kappa_reason};
use crate::case::{Case, demand_text, display, number, short_name};
use jianpai_core::catalogue::{Account, Book, Indicator};
use jianpai_core::dims::IndicatorId;
use jianpai_core::doubt::{self, Band, Grade};
use jianpai_core::explain::Shares;
use jianpai_core::outcome::{self, Item};
use jianpai_core::provenance::Status;
use jianpai_core::target::{Demand, Target, Verdict, counts};
use jianpai_core::text::{Lang, Text};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};

/// Both languages of a text as an object.
pub(crate) fn both<S: Serializer>(text: &Text, to: S) -> Result<S::Ok, S::Error> {
    use serde::ser::SerializeMap;
    let mut map = to.serialize_map(Some(2))?;
    map.serialize_entry("zh", &text.zh)?;
    map.serialize_entry("en", &text.en)?;
    map.end()
}

/// The English of a text.
fn english<S: Serializer>(text: &Text, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&text.en)
}

/// The name that machines have for a unit.
fn machine<S: Serializer>(unit: &Unit, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&unit.machine().name.en)
}

/// An indicator by year, and from the year that tables count from to the last one.
#[derive(Clone, Debug, Serialize)]
pub struct IndicatorResult {
    /// The indicator.
    pub indicator: String,
    /// The book it is kept in: `accounted` or `physical`.
    pub book: &'static str,
    /// Whether it repeats the one before, whose account serves for both books.
    #[serde(skip)]
    pub repeats: bool,
    /// Its index in the catalogue.
    #[serde(skip)]
    pub at: usize,
    /// Its short name.
    #[serde(serialize_with = "both")]
    pub name: Text,
    /// The unit of all its values: t, tce, 1 (a share), or base year = 1 (an index).
    #[serde(serialize_with = "machine")]
    pub unit: Unit,
    /// The years.
    pub years: Vec<i32>,
    /// Its value with all measures, by year.
    pub values: Vec<f64>,
    /// With growth alone, by year.
    pub no_measures: Vec<f64>,
    /// With current policy alone, by year.
    pub current_policy: Vec<f64>,
    /// Which kinds of numbers the last value rests on (parts of 1, by status).
    pub rests_on: Option<Value>,
    /// The year that tables count from.
    pub from: i32,
    /// The last year.
    pub to: i32,
    /// The change between the two with all measures: a fraction of the first value, or
    /// a difference of shares; `None` where there is nothing to count from.
    pub change: Option<f64>,
    /// The same of the run that charts compare with.
    pub reference_change: Option<f64>,
    /// The unit of the changes: % or percentage points, both as parts of 1 here.
    #[serde(serialize_with = "machine")]
    pub change_unit: Unit,
    /// The part of the last value that rests on quoted or computed numbers (part of 1).
    pub sourced: Option<f64>,
}

/// Every indicator of a run.
pub fn indicators(case: &Case<'_>) -> Vec<IndicatorResult> {
    let mut found = Vec::new();
    for i in case.catalogue.in_pairs().into_iter().map(IndicatorId::at) {
        let indicator = &case.catalogue.indicators[i];
        let result = indicator_result(case, i);
        if indicator.both {
            // One account serves for both books: the same numbers in either.
            found.push(IndicatorResult {
                book: Book::Accounted.id(),
                ..result.clone()
            });
        }
        found.push(IndicatorResult {
            repeats: indicator.both,
            ..result
        });
    }
    found
}

fn indicator_result(case: &Case<'_>, i: usize) -> IndicatorResult {
    let indicator = &case.catalogue.indicators[i];
    let values = &case.outcome.indicators[i];
    let base = case.base_value(i);
    let is_share = indicator.kind.is_share();
    let change = |end: f64| {
        if is_share {
            Some(end - base)
        } else {
            counts(base).then(|| end / base - 1.0)
        }
    };
    let last = values.len() - 1;
    let support = case.support.last(IndicatorId::from_usize(i));
    IndicatorResult {
        indicator: indicator.base.clone(),
        book: indicator.book.id(),
        repeats: false,
        at: i,
        name: short_name(case.catalogue, indicator),
        unit: Unit::base_of(&indicator.kind),
        years: case.outcome.years.clone(),
        values: values.clone(),
        no_measures: case.outcome.frozen[i].clone(),
        current_policy: case.outcome.current[i].clone(),
        rests_on: support.map(shares),
        from: case.index_base(),
        to: case.scenario.end_year,
        change: change(values[last]),
        reference_change: change(case.reference(i)[last]),
        change_unit: if is_share {
            Unit::Points
        } else {
            Unit::Percent
        },
        sourced: support.map(Shares::firm),
    }
}

/// A target and its verdict.
#[derive(Clone, Debug, Serialize)]
pub struct TargetResult {
    /// Its id in the scenario.
    pub target: String,
    /// Its name, or that of the indicator.
    #[serde(serialize_with = "both")]
    pub name: Text,
    /// A short name of the indicator.
    #[serde(serialize_with = "both")]
    pub short_name: Text,
    /// The indicator.
    pub indicator: String,
    /// The book in which it is judged: `accounted` or `physical`.
    pub book: &'static str,
    /// `reduction`, `cap`, `floor`, `cumulative` or `project`.
    pub kind: &'static str,
    /// The year that it counts from, if any.
    pub base_year: Option<i32>,
    /// The year by which it is to be met.
    pub year: i32,
    /// What is demanded, in `unit`; `None` with all that follows where it cannot be judged.
    pub required: Option<f64>,
    /// What is reached, in `unit`.
    pub reached: Option<f64>,
    /// What is left over (≥ 0) or missing (< 0), in `unit`.
    pub margin: Option<f64>,
    /// The unit of the three above: 1 (a fraction) for reductions, else the indicator's
    /// base unit.
    #[serde(serialize_with = "machine")]
    pub unit: Unit,
    /// The margin in `room_unit`.
    pub room: Option<f64>,
    /// The indicator's base unit.
    #[serde(serialize_with = "machine")]
    pub room_unit: Unit,
    /// Whether it is met.
    pub met: Option<bool>,
    /// `met`, `met-within-error` or `missed`: the verdict with the usual error of the model.
    pub grade: Option<&'static str>,
    /// The 90 % band of `reached`, in `unit`, from the errors of past runs; `None` where
    /// none says how wrong the model is.
    pub band90: Option<[f64; 2]>,
    /// How many past runs the band rests on.
    pub band_cases: Option<usize>,
    /// Half the width of the band, in words.
    #[serde(skip)]
    pub error: Option<Text>,
    /// The first year from which it stays met.
    pub year_met: Option<i32>,
    /// The part of the indicator's value in its year that rests on quoted or computed
    /// numbers (part of 1, to four decimals).
    pub quoted_share: Option<f64>,
    /// Where it is laid down.
    pub source: Option<String>,
    /// What it demands, in words.
    #[serde(serialize_with = "english")]
    pub demand: Text,
    /// The verdict in words, with what is left over or missing.
    #[serde(serialize_with = "both")]
    pub verdict: Text,
}

/// Every target of a run.
pub fn targets(case: &Case<'_>) -> Vec<TargetResult> {
    let all = case.targets();
    all.map(|(target, verdict)| target_result(case, target, verdict))
        .collect()
}

fn target_result(case: &Case<'_>, target: &Target, verdict: Option<&Verdict>) -> TargetResult {
    let indicator = &case.catalogue.indicators[target.indicator.at()];
    let (kind, base_year) = kind_of(target.demand);
    let base_unit = Unit::base_of(&indicator.kind);
    let year = case.plan.year(target.year);
    let support = year.and_then(|t| case.support.at(target.indicator, t));
    let band = verdict.and_then(|verdict| case.band(target, verdict));
    let graded = |verdict: &Verdict| doubt::grade(target.demand, verdict, band.as_ref());
    let grade = verdict.map(graded);
    let error = verdict
        .zip(band.as_ref())
        .map(|(verdict, band)| error_text(target.demand, verdict, indicator, band));
    let verdict_text = match verdict {
        Some(verdict) => Text::new(
            judgement(target.demand, (verdict, grade), indicator, Lang::Zh),
            judgement(target.demand, (verdict, grade), indicator, Lang::En),
        ),
        None => Text::new("无法判定", "cannot be judged"),
    };
    TargetResult {
        target: target.id.clone(),
        name: target
            .name
            .as_ref()
            .unwrap_or(&indicator.named.name)
            .clone(),
        short_name: short_name(case.catalogue, indicator),
        indicator: indicator.base.clone(),
        book: target.book.id(),
        kind,
        base_year,
        year: target.year,
        required: verdict.map(|v| v.required),
        reached: verdict.map(|v| v.reached),
        margin: verdict.map(|v| v.margin),
        unit: match target.demand {
            Demand::Reduction { .. } => Unit::Fraction,
            _ => base_unit,
        },
        room: verdict.map(|v| v.room),
        room_unit: base_unit,
        met: verdict.map(|v| v.met),
        grade: grade.map(Grade::id),
        band90: band.map(|band| [band.low, band.high]),
        band_cases: band.map(|band| band.cases),
        error,
        year_met: verdict.and_then(|v| v.year_met),
        quoted_share: support.map(|shares| (shares.firm() * 1e4).round() / 1e4),
        source: target.source.clone(),
        demand: match case.scenario.ledger_of(case.catalogue, target) {
            Some(_) => listed(&demand_text(indicator, target)),
            None => demand_text(indicator, target),
        },
        verdict: verdict_text,
    }
}

/// What a target demands of the projects of a ledger.
fn listed(demand: &Text) -> Text {
    Text::new(
        demand.zh.replace("新增措施", "台账项目"),
        demand.en.replace("new measures", "listed projects"),
    )
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

/// The verdict in words, with what is left over or missing: in the indicator's unit, or
/// in percentage points where it is a ratio.
fn judgement(
    demand: Demand,
    (verdict, grade): (&Verdict, Option<Grade>),
    indicator: &Indicator,
    lang: Lang,
) -> String {
    let shown = display(indicator);
    let points = Unit::Points.shown();
    let (room, unit) = match (indicator.kind.is_ratio(), demand) {
        (true, Demand::Reduction { .. }) => (verdict.margin / points.scale, &points.name),
        (true, _) => (verdict.room / shown.scale, &points.name),
        (false, _) => (verdict.room / shown.scale, &shown.unit),
    };
    let amount = format!("{} {}", number(room.abs()), unit.get(lang));
    let since = verdict.year_met.map_or(String::new(), |year| match lang {
        Lang::Zh => format!("，{year}年起"),
        Lang::En => format!(", from {year}"),
    });
    // Met, but by no more than the model is usually wrong: the year would say too much.
    let within = grade == Some(Grade::MetWithinError);
    match (lang, verdict.met) {
        (Lang::Zh, true) if within => format!("≈ 达到，误差之内（余 {amount}）"),
        (Lang::En, true) if within => format!("≈ met, within error ({amount} to spare)"),
        (Lang::Zh, true) => format!("✓ 达到（余 {amount}{since}）"),
        (Lang::Zh, false) => format!("✗ 未达到（差 {amount}）"),
        (Lang::En, true) => format!("✓ met ({amount} to spare{since})"),
        (Lang::En, false) => format!("✗ missed by {amount}"),
    }
}

/// How far past runs were off, in the terms of what is reached: points, or the
/// indicator's unit.
fn error_text(demand: Demand, verdict: &Verdict, indicator: &Indicator, band: &Band) -> Text {
    let half = band.high - verdict.reached;
    Text::same(match demand {
        Demand::Reduction { .. } => {
            format!(
                "±{}",
                Form::Fixed(1).show(half, Unit::Points.shown().scale, Lang::En)
            )
        }
        _ => format!("±{}", number(half / display(indicator).scale)),
    })
}

/// One line of the balance of an account in a year.
#[derive(Clone, Debug, Serialize)]
pub struct BalanceLine {
    /// The account: a pollutant, `coal`, `energy`, `cost`.
    pub account: String,
    /// The book it is kept in, where it has one.
    pub book: Option<&'static str>,
    /// The year.
    pub year: i32,
    /// `base`, `growth`, `measure`, `join` or `total`.
    pub item: &'static str,
    /// The measure, where it is one.
    pub measure: Option<String>,
    /// The name of the line.
    #[serde(serialize_with = "both")]
    pub name: Text,
    /// The amount: t, tce or CNY.
    pub value: f64,
    /// The unit in which tables have it.
    #[serde(skip)]
    pub unit: Unit,
}

/// Base + growth + each measure + join = total, for every account and year.
pub fn balance(case: &Case<'_>) -> Vec<BalanceLine> {
    let mut lines = Vec::new();
    for &account in &case.plan.accounts {
        if matches!(account, Account::Activity(_)) {
            continue;
        }
        for t in 0..case.plan.span() {
            let Some(balance) = outcome::balance(case.plan, &case.outcome.run, account, t) else {
                continue;
            };
            for (item, value) in &balance.lines {
                if account == Account::Cost && !cost_counts(case, item) {
                    continue;
                }
                let (kind, measure, name) = item_names(case, item);
                lines.push(BalanceLine {
                    account: account.base_id(case.catalogue),
                    book: account.book().map(Book::id),
                    year: balance.year,
                    item: kind,
                    measure,
                    name,
                    value: *value,
                    unit: Unit::of_account(account),
                });
            }
        }
    }
    lines
}

/// Only differences of cost mean something, and only where every technology has one.
fn cost_counts(case: &Case<'_>, item: &Item) -> bool {
    matches!(item, Item::Measure(m) if case.plan.measures[*m].cost_known)
}

/// Kind, id and name of a line.
fn item_names(case: &Case<'_>, item: &Item) -> (&'static str, Option<String>, Text) {
    let plain = |id: &'static str, zh: &str, en: &str| (id, None, Text::new(zh, en));
    match item {
        Item::Base => plain("base", "基年排放量", "base year"),
        Item::Growth => plain("growth", "新增量", "growth increment"),
        Item::Join => plain("join", "与观测值衔接", "join to observed values"),
        Item::Total => plain("total", "期末排放量", "result"),
        Item::Measure(m) => {
            let measure = &case.plan.measures[*m];
            ("measure", Some(measure.id.clone()), measure.name.clone())
        }
    }
}

/// A calibration factor with the official number behind it.
#[derive(Clone, Debug, Serialize)]
pub struct CalibrationFactor {
    /// The account.
    pub account: String,
    /// The book it is kept in, where it has one.
    pub book: Option<&'static str>,
    /// The class of sources, or `total`.
    pub class: String,
    /// The official amount (t or tce); `None` where there is none.
    pub official: Option<f64>,
    /// What activities and factors give before calibration (t or tce).
    pub bottom_up: Option<f64>,
    /// The unit in which tables have both.
    #[serde(skip)]
    pub unit: Unit,
    /// The factor: official over bottom-up; 1 where nothing is calibrated.
    pub kappa: f64,
    /// How far the official number can be trusted.
    pub status: Option<&'static str>,
    /// Its source.
    pub source: Option<String>,
    /// Why the factor lies far from 1, or that there is no official number.
    #[serde(serialize_with = "both")]
    pub note: Text,
}

/// Every calibration factor of the base year.
pub fn calibration(case: &Case<'_>) -> Vec<CalibrationFactor> {
    let base = &case.plan.base_year;
    let found = base.kappas.iter().map(|kappa| {
        let origin = kappa.official.origin;
        let class = kappa.class.map(|class| &case.catalogue.classes[class.at()]);
        let reason = kappa_reason(case, kappa).filter(|_| is_far(kappa.value));
        CalibrationFactor {
            account: kappa.account.base_id(case.catalogue),
            book: kappa.account.book().map(Book::id),
            class: class.map_or("total", |class| &class.named.id).to_string(),
            official: Some(kappa.official.value),
            bottom_up: Some(kappa.bottom_up),
            unit: Unit::of_account(kappa.account),
            kappa: kappa.value,
            status: Some(origin.status.id()),
            source: Some(case.catalogue.sources[origin.source.at()].id.clone()),
            note: reason.cloned().unwrap_or_default(),
        }
    });
    let without = base.uncalibrated.iter().map(|p| CalibrationFactor {
        account: case.catalogue.pollutants[p.at()].named.id.clone(),
        book: Some(Book::Physical.id()),
        class: "total".to_string(),
        official: None,
        bottom_up: None,
        unit: Unit::of_account(Account::Pollutant(*p, Book::Physical)),
        kappa: 1.0,
        status: None,
        source: None,
        note: Text::new("没有官方总量，按自下而上计", "no official total: bottom-up"),
    });
    found.chain(without).collect()
}

/// Shares by status, and that of quoted and computed numbers together.
pub fn shares(shares: &Shares) -> Value {
    let mut map = Map::new();
    for status in Status::ALL {
        map.insert(status.id().to_string(), json!(shares.of(status)));
    }
    map.insert("scenario".to_string(), json!(shares.stated));
    map.insert("quoted_or_computed".to_string(), json!(shares.firm()));
    Value::Object(map)
}
