//! The LMDI split of a run: `decomposition.csv`, the table on the terminal, the same
//! for machines, a waterfall.

mod method;
pub mod own;

pub use method::Method;

use crate::case::{Case, account_name};
use crate::chart::{Chart as _, Step, StepKind, Waterfall};
use crate::figures::{self, Figure};
use crate::grid::{WIDE, paragraph};
use crate::tables::{of_run, run_of};
use crate::view::{Across, Cell, Column, Form, Table, Unit};
use crate::write;
use jianpai_core::catalogue::{Account, Book};
pub use jianpai_core::decompose::Decomposition;
use jianpai_core::decompose::{Effect, Paths, Request, View};
use jianpai_core::kernel::Draw;
use jianpai_core::text::{Lang, Text};
use serde_json::{Value, json};

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
    let known =
        |a: &&Account| matches!(a, Account::Pollutant(..) | Account::Coal | Account::Energy);
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

/// Every effect of some decompositions: one line an effect.
pub fn table(cases: &[(&Case<'_>, Vec<Decomposition>)], method: Method) -> Table {
    let mut columns = of_run().to_vec();
    columns.extend([
        Column::id("account", "科目", "Account").at(0),
        Column::id("book", "账", "Book"),
        Column::whole("from", "起始年", "From").at(1),
        Column::whole("to", "终止年", "To").at(2),
        Column::id("view", "视角", "View").at(3),
        Column::id("method", "方法", "Method"),
        Column::flag("chained", "逐年链接", "Chained", ["no", "yes"]),
        Column::id("effect", "因素", "Effect"),
        Column::text("name", "因素", "Effect").at(4),
        Column::number_by("value", "效应", "Value", "unit")
            .form(form(method))
            .at(5),
        Column::unit("unit", "单位", "Unit").at(7),
        Column::number_by("total", "总变化", "Total", "unit")
            .form(form(method))
            .at(6),
        Column::number_by("start", "期初", "Start", "level_unit"),
        Column::number_by("end", "期末", "End", "level_unit"),
        Column::unit("level_unit", "总量的单位", "Unit of levels"),
    ]);
    let title = Text::new("LMDI 分解", "LMDI split");
    let mut table = Table::new("decomposition", title, columns);
    for (case, all) in cases {
        for found in all {
            let request = found.request;
            let level_unit = Unit::of_account(request.account);
            let (unit, total) = match method {
                Method::Additive => (level_unit, Some(found.to - found.from)),
                Method::Multiplicative => {
                    let total = (found.from > 0.0).then(|| found.to / found.from);
                    (Unit::Ratio, total)
                }
            };
            for (effect, value) in values(found, method) {
                let mut cells = run_of(case).to_vec();
                cells.extend([
                    request.account.base_id(case.catalogue).into(),
                    request.account.book().map(Book::id).into(),
                    case.plan.years[request.from].into(),
                    case.plan.years[request.to].into(),
                    request.view.id().into(),
                    method.id().into(),
                    request.chained.into(),
                    effect.id().into(),
                    effect.name().into(),
                    value.into(),
                    unit.into(),
                    total.into(),
                    found.from.into(),
                    found.to.into(),
                    level_unit.into(),
                ]);
                table.row(cells);
            }
        }
    }
    table
}

/// How people read an effect.
fn form(method: Method) -> Form {
    match method {
        Method::Additive => Form::Signed,
        Method::Multiplicative => Form::Times,
    }
}

/// The tables on the terminal: one a view, a column an account.
pub fn text(case: &Case<'_>, all: &[Decomposition], method: Method, lang: Lang) -> String {
    let mut out = String::new();
    for view in [View::Technology, View::Kaya] {
        let shown: Vec<&Decomposition> = all.iter().filter(|d| d.request.view == view).collect();
        let Some(first) = shown.first() else { continue };
        let table = split(case, first, &shown, method);
        let how = match (method, first.request.chained) {
            (Method::Additive, false) => lang.pick("加法，首末年", "additive, end to end"),
            (Method::Additive, true) => lang.pick("加法，逐年链接", "additive, chained"),
            (Method::Multiplicative, false) => {
                lang.pick("乘法，首末年", "multiplicative, end to end")
            }
            (Method::Multiplicative, true) => {
                lang.pick("乘法，逐年链接", "multiplicative, chained")
            }
        };
        let unit = lang.pick(
            "单位：万吨，煤炭与能源为万吨标准煤",
            "10⁴ t, coal and energy 10⁴ tce",
        );
        let note = paragraph(&format!("{unit}{}{how}", lang.pick("；", "; ")), WIDE, 0);
        out += &format!("\n{}\n{note}", write::terminal(&table, lang, WIDE));
    }
    out
}

/// One view between the levels of its two years, a line an effect, a column an account.
pub fn split(
    case: &Case<'_>,
    first: &Decomposition,
    shown: &[&Decomposition],
    method: Method,
) -> Table {
    let title = match first.request.view {
        View::Technology => Text::new("LMDI 分解", "LMDI split"),
        View::Kaya => Text::new("LMDI 分解（Kaya）", "LMDI split (Kaya)"),
    };
    let columns = vec![
        Column::id("account", "科目", "Account"),
        Column::id("book", "账", "Book"),
        Column::text("account_name", "科目", "Account"),
        Column::id("line", "行", "Line"),
        Column::text("name", &title.zh, &title.en).at(0),
        Column::number_by("value", "数量", "Value", "unit").absent("—"),
        Column::unit("unit", "单位", "Unit"),
    ];
    let mut table = Table::new("split", title, columns);
    table.across = Some(Across::of(
        &["line"],
        ("account_name", "account_name"),
        "value",
    ));
    // The join to observed values and linked use are rare: no line of nothing.
    let acts = |i: usize, effect: Effect| {
        let mut all = shown
            .iter()
            .map(|found| (found, values(found, method)[i].1));
        !effect_is_rare(effect)
            || all.any(|(found, value)| matters(found, value, method) || value.is_none())
    };
    for found in shown {
        let heading = heading(case, found);
        let unit = Unit::of_account(found.request.account);
        let mut row = |line: &str, name: Text, value: Cell, unit: Unit| {
            table.row(vec![
                found.request.account.base_id(case.catalogue).into(),
                found.request.account.book().map(Book::id).into(),
                Cell::from(&heading),
                line.into(),
                name.into(),
                value,
                unit.into(),
            ]);
        };
        let year = |at: usize| {
            let year = case.plan.years[at];
            Text::new(format!("{year}年"), year.to_string())
        };
        row("start", year(found.request.from), found.from.into(), unit);
        for (i, (effect, value)) in values(found, method).into_iter().enumerate() {
            if !acts(i, effect) {
                continue;
            }
            let Text { zh, en } = effect.name();
            let form = match value {
                Some(_) if !matters(found, value, method) => Form::Nothing,
                _ => form(method),
            };
            let unit = match method {
                Method::Additive => unit,
                Method::Multiplicative => Unit::Ratio,
            };
            let name = Text::new(format!("  {zh}"), format!("  {en}"));
            row(effect.id(), name, Cell::from(value).form(form), unit);
        }
        row("end", year(found.request.to), found.to.into(), unit);
    }
    table
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

fn heading(case: &Case<'_>, found: &Decomposition) -> Text {
    match found.request.account {
        Account::Coal => Text::new("煤炭", "Coal"),
        Account::Energy => Text::new("能源", "Energy"),
        account @ Account::Pollutant(..) => account_name(case.catalogue, account),
        account => Text::same(account.id(case.catalogue)),
    }
}

/// Decompositions for machines, in base units, and the table.
pub fn json(case: &Case<'_>, all: &[Decomposition], method: Method) -> Value {
    let items = all.iter().map(|found| {
        let request = found.request;
        let effects = values(found, method).into_iter().map(|(effect, value)| {
            json!({ "effect": effect.id(), "name_zh": effect.name().zh, "name_en": effect.name().en, "value": value })
        });
        json!({
            "scenario": case.scenario.id,
            "region": case.region().named.id,
            "account": request.account.base_id(case.catalogue),
            "book": request.account.book().map(Book::id),
            "unit": if matches!(request.account, Account::Pollutant(..)) { "t" } else { "tce" },
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
    let mut document = write::document([&table(&[(case, all.to_vec())], method)]);
    document["scenario"] = json!(case.scenario.id);
    document["region"] = json!(case.region().named.id);
    document["method"] = json!(method.id());
    document["decompositions"] = items.collect();
    document
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
        account @ Account::Pollutant(..) => account_name(case.catalogue, account),
        Account::Coal => Text::new("用煤", "Coal use"),
        _ => Text::new("能源消费", "Energy use"),
    };
    let pollutant = match request.account {
        Account::Pollutant(p, _) => Some(p),
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
        (Account::Pollutant(..), true) => (1e8, Text::new("亿吨", "10⁸ t")),
        (Account::Pollutant(..), false) => (1e4, Text::new("万吨", "10⁴ t")),
        (_, true) => (1e8, Text::new("亿吨标准煤", "10⁸ tce")),
        (_, false) => (1e4, Text::new("万吨标准煤", "10⁴ tce")),
    }
}
