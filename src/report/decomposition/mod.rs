//! The LMDI split of a run: `decomposition.csv`, the table on the terminal, the same
//! for machines, a waterfall.

pub mod own;

use crate::case::{Case, number};
use crate::cells::Csv;
use crate::chart::{Step, StepKind, Waterfall};
use crate::figures::{self, Figure};
use crate::grid::{Grid, WIDE, indent, left, paragraph, right};
use crate::tables::account_unit;
use jianpai_core::catalogue::Account;
pub use jianpai_core::decompose::Decomposition;
use jianpai_core::decompose::{Effect, Paths, Request, View};
use jianpai_core::kernel::Draw;
use jianpai_core::text::{Lang, Text};
use serde_json::{Value, json};

/// How effects are expressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// They sum to the change.
    Additive,
    /// They multiply to the ratio.
    Multiplicative,
}

impl Method {
    /// The word used in files.
    pub fn id(self) -> &'static str {
        match self {
            Method::Additive => "additive",
            Method::Multiplicative => "multiplicative",
        }
    }
}

/// What is to be decomposed: accounts between two years.
#[derive(Clone, Debug)]
pub struct Span {
    /// The accounts.
    pub accounts: Vec<Account>,
    /// The first year and the last.
    pub years: (i32, i32),
    /// Year by year instead of end to end.
    pub chained: bool,
}

/// The accounts that are decomposed: pollutants, coal, energy.
pub fn accounts(case: &Case<'_>) -> Vec<Account> {
    let known = |a: &&Account| matches!(a, Account::Pollutant(_) | Account::Coal | Account::Energy);
    case.plan.accounts.iter().filter(known).copied().collect()
}

/// From the base year to the last and to every year with a target, in order.
pub fn spans(case: &Case<'_>) -> Vec<Span> {
    let base = case.scenario.base_year;
    let mut years = vec![case.scenario.end_year];
    years.extend(case.scenario.targets.iter().map(|target| target.year));
    years.sort_unstable();
    years.dedup();
    let years = years.into_iter().filter(|year| *year > base);
    years
        .map(|year| Span {
            accounts: accounts(case),
            years: (base, year),
            chained: false,
        })
        .collect()
}

/// Decomposes every account of a span, CO2 in both views.
pub fn decompose(case: &Case<'_>, span: &Span) -> Vec<Decomposition> {
    let draw = Draw::stated(case.plan);
    let paths = Paths::new(case.catalogue, case.plan, &draw, &case.outcome.run);
    let years = case
        .plan
        .year(span.years.0)
        .zip(case.plan.year(span.years.1));
    let Some((from, to)) = years else {
        return Vec::new();
    };
    let requests = [View::Technology, View::Kaya].into_iter().flat_map(|view| {
        span.accounts.iter().map(move |account| Request {
            account: *account,
            view,
            from,
            to,
            chained: span.chained,
        })
    });
    requests
        .filter_map(|request| paths.decompose(request))
        .collect()
}

/// The effects of one decomposition as `method` expresses them; none where a
/// multiplicative one has no value.
fn values(found: &Decomposition, method: Method) -> Vec<(Effect, Option<f64>)> {
    let effects = found.effects.iter().enumerate();
    effects
        .map(|(i, (effect, additive))| match method {
            Method::Additive => (*effect, Some(*additive)),
            Method::Multiplicative => (*effect, found.ratios.as_ref().map(|ratios| ratios[i])),
        })
        .collect()
}

/// `decomposition.csv`: one line an effect.
pub fn csv(cases: &[(&Case<'_>, Vec<Decomposition>)], method: Method, lang: Lang) -> Vec<u8> {
    let mut writer = Csv::new();
    let header = [
        "scenario", "region", "account", "from", "to", "view", "method", "chained", "effect",
        "name", "value", "unit", "total",
    ];
    writer.row(header);
    for (case, all) in cases {
        for found in all {
            let request = found.request;
            let (scale, unit) = match method {
                Method::Additive => account_unit(request.account),
                Method::Multiplicative => (1.0, ""),
            };
            let total = match method {
                Method::Additive => Some(found.to - found.from),
                Method::Multiplicative => (found.from > 0.0).then(|| found.to / found.from),
            };
            let number = |value: Option<f64>| {
                value.map_or(String::new(), |value| format!("{}", value / scale))
            };
            for (effect, value) in values(found, method) {
                let name = effect.name();
                let record: [&str; 13] = [
                    &case.scenario.id,
                    &case.region().named.id,
                    &request.account.id(case.catalogue),
                    &case.plan.years[request.from].to_string(),
                    &case.plan.years[request.to].to_string(),
                    request.view.id(),
                    method.id(),
                    if request.chained { "yes" } else { "no" },
                    effect.id(),
                    name.get(lang),
                    &number(value),
                    unit,
                    &number(total),
                ];
                writer.row(record);
            }
        }
    }
    writer.into_bytes()
}

/// The tables on the terminal: one a view, a column an account.
pub fn text(case: &Case<'_>, all: &[Decomposition], method: Method, lang: Lang) -> String {
    let mut out = String::new();
    for view in [View::Technology, View::Kaya] {
        let shown: Vec<&Decomposition> = all.iter().filter(|d| d.request.view == view).collect();
        if let Some(first) = shown.first() {
            out += &grid(case, first, &shown, method, lang);
        }
    }
    out
}

fn grid(
    case: &Case<'_>,
    first: &Decomposition,
    shown: &[&Decomposition],
    method: Method,
    lang: Lang,
) -> String {
    let view = first.request.view;
    let title = match view {
        View::Technology => lang.pick("LMDI 分解", "LMDI split"),
        View::Kaya => lang.pick("LMDI 分解（Kaya）", "LMDI split (Kaya)"),
    };
    let mut header = vec![title.to_string()];
    header.extend(shown.iter().map(|found| heading(case, found, lang)));
    let mut grid = Grid::new(header.iter().map(String::as_str));
    let level = |at: usize, value: &dyn Fn(&Decomposition) -> f64| {
        let year = case.plan.years[at];
        let mut row = vec![left(format!("{year}{}", lang.pick("年", "")))];
        row.extend(shown.iter().map(|found| right(number(value(found) / 1e4))));
        row
    };
    grid.row(level(first.request.from, &|found| found.from));
    for (i, (effect, _)) in first.effects.iter().enumerate() {
        let cells: Vec<Option<f64>> = shown.iter().map(|d| values(d, method)[i].1).collect();
        // The join to observed values and linked use are rare: no line of nothing.
        let acts = |(found, value): (&&Decomposition, &Option<f64>)| {
            matters(found, *value, method) || value.is_none()
        };
        if effect_is_rare(*effect) && !shown.iter().zip(&cells).any(acts) {
            continue;
        }
        let mut row = vec![left(format!("  {}", effect.name().get(lang)))];
        let cells = shown.iter().zip(&cells);
        row.extend(cells.map(|(found, value)| right(cell(found, *value, method))));
        grid.row(row);
    }
    grid.row(level(first.request.to, &|found| found.to));
    let how = match (method, first.request.chained) {
        (Method::Additive, false) => lang.pick("加法，首末年", "additive, end to end"),
        (Method::Additive, true) => lang.pick("加法，逐年链接", "additive, chained"),
        (Method::Multiplicative, false) => lang.pick("乘法，首末年", "multiplicative, end to end"),
        (Method::Multiplicative, true) => lang.pick("乘法，逐年链接", "multiplicative, chained"),
    };
    let unit = lang.pick(
        "单位：万吨，煤炭与能源为万吨标准煤",
        "10⁴ t, coal and energy 10⁴ tce",
    );
    let note = paragraph(&format!("{unit}{}{how}", lang.pick("；", "; ")), WIDE, 0);
    format!("\n{}\n{note}", indent(&grid.to_string()))
}

/// Effects that most runs do not have.
fn effect_is_rare(effect: Effect) -> bool {
    matches!(
        effect,
        Effect::Linked | Effect::Join | Effect::Carbon | Effect::Process
    )
}

/// Whether a value is more than the rounding of nothing.
fn matters(found: &Decomposition, value: Option<f64>, method: Method) -> bool {
    let top = found.from.abs().max(found.to.abs());
    value.is_some_and(|value| match method {
        Method::Additive => value.abs() > top * 1e-9,
        Method::Multiplicative => (value - 1.0).abs() > 1e-9,
    })
}

fn cell(found: &Decomposition, value: Option<f64>, method: Method) -> String {
    match (value, method) {
        (None, _) => "—".to_string(),
        (Some(_), _) if !matters(found, value, method) => "·".to_string(),
        (Some(value), Method::Additive) if value > 0.0 => format!("+{}", number(value / 1e4)),
        (Some(value), Method::Additive) => number(value / 1e4),
        (Some(value), Method::Multiplicative) => format!("×{value:.4}"),
    }
}

fn heading(case: &Case<'_>, found: &Decomposition, lang: Lang) -> String {
    match found.request.account {
        Account::Coal => lang.pick("煤炭", "Coal").to_string(),
        Account::Energy => lang.pick("能源", "Energy").to_string(),
        Account::Pollutant(p) => {
            let named = &case.catalogue.pollutants[p.at()].named;
            lang.pick(&named.name.zh, &named.id).clone()
        }
        account => account.id(case.catalogue),
    }
}

/// The same for machines: base units.
pub fn json(case: &Case<'_>, all: &[Decomposition], method: Method) -> Value {
    let items = all.iter().map(|found| {
        let request = found.request;
        let effects = values(found, method).into_iter().map(|(effect, value)| {
            json!({ "effect": effect.id(), "name_zh": effect.name().zh, "name_en": effect.name().en, "value": value })
        });
        json!({
            "scenario": case.scenario.id,
            "region": case.region().named.id,
            "account": request.account.id(case.catalogue),
            "unit": if matches!(request.account, Account::Pollutant(_)) { "t" } else { "tce" },
            "view": request.view.id(),
            "method": method.id(),
            "chained": request.chained,
            "from": case.plan.years[request.from],
            "to": case.plan.years[request.to],
            "start": found.from,
            "end": found.to,
            "effects": effects.collect::<Vec<_>>(),
        })
    });
    Value::Array(items.collect())
}

/// The waterfalls of decompositions, in both languages.
pub fn charts(case: &Case<'_>, all: &[Decomposition]) -> Vec<Figure> {
    let charts = all.iter().flat_map(|found| {
        let id = found.request.account.id(case.catalogue);
        let name = match found.request.view {
            View::Technology => format!("decomposition-{id}"),
            View::Kaya => format!("decomposition-{id}-kaya"),
        };
        let chart = waterfall(case, found);
        figures::both(&name, |lang| chart.render(lang))
    });
    charts.collect()
}

/// One decomposition as a waterfall.
pub fn waterfall(case: &Case<'_>, found: &Decomposition) -> Waterfall {
    let request = found.request;
    let (scale, unit) = scale(found);
    let (first, last) = (case.plan.years[request.from], case.plan.years[request.to]);
    let level = |year: i32, value: f64| Step {
        label: Text::new(format!("{year}年"), year.to_string()),
        value: value / scale,
        kind: StepKind::Level,
    };
    let mut steps = vec![level(first, found.from)];
    for (effect, value) in &found.effects {
        if effect_is_rare(*effect) && !matters(found, Some(*value), Method::Additive) {
            continue;
        }
        steps.push(Step {
            label: effect.name(),
            value: value / scale,
            kind: if *effect == Effect::Join {
                StepKind::Adjustment
            } else {
                StepKind::Change
            },
        });
    }
    steps.push(level(last, found.to));
    let name = match request.account {
        Account::Pollutant(p) => {
            let named = &case.catalogue.pollutants[p.at()].named;
            Text::new(&named.name.zh, &named.id)
        }
        Account::Coal => Text::new("用煤", "Coal use"),
        _ => Text::new("能源消费", "Energy use"),
    };
    let pollutant = match request.account {
        Account::Pollutant(p) => Some(p),
        _ => None,
    };
    let footnote = figures::footnote(
        case,
        pollutant.as_slice(),
        &figures::amount_of(case, request.account),
    );
    let how = match (request.view, request.chained) {
        (View::Technology, false) => Text::new("LMDI 分解", "LMDI split"),
        (View::Technology, true) => Text::new("LMDI 逐年链接分解", "chained LMDI split"),
        (View::Kaya, false) => Text::new("LMDI 分解（Kaya）", "LMDI split (Kaya)"),
        (View::Kaya, true) => Text::new("LMDI 逐年链接分解（Kaya）", "chained LMDI split (Kaya)"),
    };
    let named = case.title();
    Waterfall {
        title: own::title(&name, found.to / found.from, &largest(found)),
        subtitle: Text::new(
            format!("{}：{first}—{last}年{}", named.zh, how.zh),
            format!("{} — {} {first}–{last}", named.en, how.en),
        ),
        unit,
        steps,
        against: Text::new(format!("较{first}年"), format!("vs {first}")),
        target: None,
        full_axis: false,
        higher_is_better: false,
        footnote,
    }
}

/// The effects by name, for the headline.
fn largest(found: &Decomposition) -> Vec<(Text, f64)> {
    let named = found
        .effects
        .iter()
        .filter(|(effect, _)| *effect != Effect::Join);
    named
        .map(|(effect, value)| (effect.name(), *value))
        .collect()
}

/// Base units in the unit of a chart, and its name.
fn scale(found: &Decomposition) -> (f64, Text) {
    let big = found.from >= 5e8;
    match (found.request.account, big) {
        (Account::Pollutant(_), true) => (1e8, Text::new("亿吨", "10⁸ t")),
        (Account::Pollutant(_), false) => (1e4, Text::new("万吨", "10⁴ t")),
        (_, true) => (1e8, Text::new("亿吨标准煤", "10⁸ tce")),
        (_, false) => (1e4, Text::new("万吨标准煤", "10⁴ tce")),
    }
}
