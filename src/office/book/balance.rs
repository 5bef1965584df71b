//! Balances by year, as formulas, and charts of them.
//!
//! ```text
//! base + growth + Σ_m change[m]·x[m] + join = total
//! ```

use super::model::{Calc, Known, Model};
use super::years::cell;
use crate::look::names::Names;
use crate::look::sheet::{self, Widths, height};
use crate::look::style::{BLUE, GREEN, ORANGE, Style, digits};
use jianpai_core::catalogue::{Account, Book as Ledger};
use jianpai_core::measure::Policy;
use jianpai_core::outcome::{self, Item};
use jianpai_core::text::{Lang, Text};
use jianpai_report::case::{account_name, leading};
use jianpai_report::units::Unit;
use rust_xlsxwriter::{
    Chart, ChartFormat, ChartSolidFill, ChartType, Workbook, Worksheet, XlsxError,
};
use std::collections::HashMap;

/// Columns before the years: account, unit, line.
const BEFORE: u16 = 3;

/// The names of the two sheets.
pub(super) fn names(lang: Lang, names: &mut Names) -> (String, String) {
    (
        names.add(lang.pick("逐年平衡", "Balance")),
        names.add(lang.pick("平衡图", "Balance charts")),
    )
}

/// What the first is, in the contents.
pub(super) fn about(lang: Lang) -> String {
    lang.pick(
        "逐年平衡：基年 + 新增 − 各措施削减 = 期末（随力度重算）",
        "Balance: base + growth − cuts by measure = result, by year (follows the levels)",
    )
    .to_string()
}

/// What the second is.
pub(super) fn about_charts(lang: Lang) -> String {
    lang.pick(
        "平衡图：主要科目的柱状图（随力度重算）",
        "Balance charts: columns of the main accounts (they follow the levels)",
    )
    .to_string()
}

/// Where the lines of the accounts stand.
type Places = HashMap<Account, Vec<(Item, u32)>>;

/// Writes both.
pub(super) fn write(
    book: &mut Workbook,
    model: &mut Model<'_>,
    style: &Style,
    (table, charts): (&str, &str),
) -> Result<(), XlsxError> {
    let places = lines(book, model, style, table)?;
    drawn(book, model, style, (table, charts, &places))
}

fn lines(
    book: &mut Workbook,
    model: &mut Model<'_>,
    style: &Style,
    name: &str,
) -> Result<Places, XlsxError> {
    let sheet = book.add_worksheet();
    sheet.set_name(name)?;
    sheet::page(sheet, style);
    let lang = style.lang;
    let years = model.plan().years.clone();
    let title = lang.pick("逐年减排平衡", "Balance by year");
    let note = lang.pick(
        "期末 = 基年 + 新增量 + 各措施（负为削减）+ 与观测值衔接；可调措施的各行与期末为公式，随“力度”表重算",
        "Result = base + growth + measures (negative: cuts) + join to observed values; lines of measures that can be moved, and results, are formulas",
    );
    let width = BEFORE + years.len() as u16;
    let top = sheet::heading(sheet, style, (title, note), width)?;
    let heads = [
        lang.pick("科目", "Account"),
        lang.pick("单位", "Unit"),
        lang.pick("项", "Line"),
    ];
    for (c, head) in heads.into_iter().enumerate() {
        sheet.write_with_format(top, c as u16, head, &style.head)?;
    }
    for (t, year) in years.iter().enumerate() {
        sheet.write_with_format(top, BEFORE + t as u16, *year, &style.head)?;
    }
    let mut widths = Widths::default();
    let mut places = Places::new();
    let mut row = top + 1;
    for account in accounts(model) {
        let own = account_lines(model, account);
        let mut found = Vec::new();
        for line in &own {
            found.push((line.item.clone(), row));
            one(sheet, model, style, (row, account, line), &mut widths)?;
            row += 1;
        }
        places.insert(account, found);
    }
    for c in 0..years.len() as u16 {
        widths.see(BEFORE + c, "00000.00");
    }
    widths.set(sheet)?;
    sheet.set_freeze_panes(top + 1, BEFORE)?;
    sheet.set_repeat_rows(top, top)?;
    if row > top + 1 {
        sheet.autofilter(top, 0, row - 1, width - 1)?;
    }
    Ok(places)
}

/// The accounts with a balance: the leading book of a pollutant before the other.
fn accounts(model: &Model<'_>) -> Vec<Account> {
    let all = model.plan().accounts.iter().copied();
    let all = all.filter(|account| !matches!(account, Account::Activity(_)));
    let mut all: Vec<Account> = all.filter(|account| model.is_something(*account)).collect();
    let place = |account: &Account| match account {
        Account::Pollutant(p, Ledger::Accounted) => (0, p.at(), 0),
        Account::Pollutant(p, Ledger::Physical) => (0, p.at(), 1),
        Account::Coal
        | Account::Energy
        | Account::NonFossil
        | Account::FinalEnergy
        | Account::FinalElectricity
        | Account::IndustryEnergy => (1, 0, 0),
        Account::Outside(p) => (2, p.at(), 0),
        Account::Cost | Account::Activity(_) => (3, 0, 0),
    };
    all.sort_by_key(place);
    all
}

/// A line of a balance by year.
struct Line {
    item: Item,
    cells: Vec<Calc>,
}

/// The lines of an account that are something.
fn account_lines(model: &mut Model<'_>, account: Account) -> Vec<Line> {
    let case = model.book.case;
    let plan = case.plan;
    let span = plan.span();
    let years: Vec<_> = (0..span)
        .filter_map(|t| outcome::balance(plan, &case.outcome.run, account, t))
        .collect();
    let Some(first) = years.first() else {
        return Vec::new();
    };
    let mut lines: Vec<Line> = Vec::new();
    for (i, (item, _)) in first.lines.iter().enumerate() {
        let fixed = |t: usize| Calc::number(years[t].lines[i].1);
        let cells: Vec<Calc> = (0..span)
            .map(|t| match item {
                Item::Base | Item::Growth => fixed(t),
                Item::Measure(m) => model.change(account, t, *m),
                Item::Join => {
                    let total = model.account(account, t);
                    let modelled = model.modelled(account, t);
                    Calc {
                        formula: format!("{}-{}", total.term(), modelled.term()),
                        known: Known::Number(total.get() - modelled.get()),
                    }
                }
                Item::Total => model.account(account, t),
            })
            .collect();
        let joined = || years.iter().any(|year| year.lines[i].1 != 0.0);
        let kept = match item {
            Item::Base | Item::Growth => account != Account::Cost,
            Item::Total => true,
            Item::Join => joined(),
            Item::Measure(m) => {
                let known = account != Account::Cost || plan.measures[*m].cost_known;
                known
                    && cells
                        .iter()
                        .any(|cell| cell.get() != 0.0 || !cell.formula.is_empty())
            }
        };
        if kept {
            let item = item.clone();
            lines.push(Line { item, cells });
        }
    }
    if account == Account::Cost {
        total_of_cost(&mut lines);
    }
    lines
}

/// Cost counts where it is known: its total is the sum of the lines above.
fn total_of_cost(lines: &mut [Line]) {
    let Some((total, above)) = lines.split_last_mut() else {
        return;
    };
    for (t, cell) in total.cells.iter_mut().enumerate() {
        let terms: Vec<String> = above.iter().map(|line| line.cells[t].term()).collect();
        let sum = above.iter().map(|line| line.cells[t].get()).sum();
        *cell = Calc {
            formula: terms.join("+"),
            known: Known::Number(sum),
        };
    }
}

fn one(
    sheet: &mut Worksheet,
    model: &Model<'_>,
    style: &Style,
    (row, account, line): (u32, Account, &Line),
    widths: &mut Widths,
) -> Result<(), XlsxError> {
    let lang = style.lang;
    let unit = Unit::of_account(account).shown();
    let text = if line.item == Item::Total {
        &style.strong
    } else {
        &style.text
    };
    let texts = [
        name_of(model, account),
        unit.name.clone(),
        item_name(model, &line.item),
    ];
    let mut lines = 1;
    for (c, said) in texts.iter().enumerate() {
        let said = said.get(lang);
        widths.see(c as u16, said);
        lines = lines.max(widths.lines(c as u16, said));
        sheet.write_with_format(row, c as u16, said, text)?;
    }
    for (t, cell) in line.cells.iter().enumerate() {
        let cell = cell.scaled(unit.scale);
        let format = style.number(digits(cell.get()));
        let format = if line.item == Item::Total {
            format.set_bold()
        } else {
            format
        };
        cell.write(sheet, (row, BEFORE + t as u16), &format)?;
    }
    sheet.set_row_height(row, height(lines))?;
    Ok(())
}

/// An account with its book, where it has two.
fn name_of(model: &Model<'_>, account: Account) -> Text {
    account_name(model.catalogue(), account)
}

fn item_name(model: &Model<'_>, item: &Item) -> Text {
    match item {
        Item::Base => Text::new("基年", "base year"),
        Item::Growth => Text::new("新增量", "growth"),
        Item::Join => Text::new("与观测值衔接", "join to observed values"),
        Item::Total => Text::new("期末", "result"),
        Item::Measure(m) => model.plan().measures[*m].name.clone(),
    }
}

/// The accounts that are drawn: those of targets and headlines, in the leading book.
fn charted(model: &Model<'_>) -> Vec<Account> {
    let case = &model.book.case;
    let targets = case.scenario.targets.iter();
    let targets = targets.map(|target| &case.catalogue.indicators[target.indicator.at()]);
    let headlines = case.catalogue.indicators.iter();
    let headlines = headlines.filter(|indicator| indicator.is_headline(case.catalogue));
    let mut all: Vec<Account> = Vec::new();
    for indicator in targets.chain(headlines) {
        let Some(p) = indicator.kind.pollutant() else {
            continue;
        };
        let account = leading(case.catalogue, p);
        if !all.contains(&account) && model.is_something(account) && all.len() < 6 {
            all.push(account);
        }
    }
    all
}

/// Rows that a chart takes.
const TALL: u32 = 19;

/// The sheet of charts: a table and a chart an account, from the year that tables count
/// from to the last one.
fn drawn(
    book: &mut Workbook,
    model: &mut Model<'_>,
    style: &Style,
    (table, name, places): (&str, &str, &Places),
) -> Result<(), XlsxError> {
    let sheet = book.add_worksheet();
    sheet.set_name(name)?;
    sheet::page(sheet, style);
    let lang = style.lang;
    let case = model.book.case;
    let start = case.plan.year(case.index_base()).unwrap_or(0);
    let last = case.plan.span() - 1;
    let (from, to) = (case.plan.years[start], case.plan.years[last]);
    let title = match lang {
        Lang::Zh => format!("从{from}年到{to}年：增减由什么构成"),
        Lang::En => format!("From {from} to {to}: what makes up the change"),
    };
    let note = lang.pick(
        "数取自“逐年平衡”表，随力度重算",
        "Numbers from the balance; they follow the levels",
    );
    sheet::heading(sheet, style, (&title, note), 14)?;
    for (c, width) in [30.0, 12.0, 12.0, 12.0, 12.0, 12.0, 12.0, 3.0]
        .into_iter()
        .enumerate()
    {
        sheet.set_column_width(c as u16, width)?;
    }
    let mut top = 3;
    let mut breaks = Vec::new();
    for (i, account) in charted(model).into_iter().enumerate() {
        let Some(lines) = places.get(&account) else {
            continue;
        };
        if i > 0 && i % 2 == 0 {
            breaks.push(top);
        }
        let block = (top, account, lines.as_slice());
        let next = waterfall(sheet, model, style, block, (table, name, start, last))?;
        top = next.max(top + TALL) + 2;
    }
    sheet.set_page_breaks(&breaks)?;
    Ok(())
}

/// The value of a line in a year as it is shown.
fn shown(model: &mut Model<'_>, account: Account, item: &Item, t: usize) -> f64 {
    let case = model.book.case;
    let value = match item {
        Item::Measure(m) => model.change(account, t, *m).get(),
        Item::Total => model.account(account, t).get(),
        Item::Join => model.account(account, t).get() - model.modelled(account, t).get(),
        Item::Base | Item::Growth => {
            let lines = outcome::balance(case.plan, &case.outcome.run, account, t);
            let lines = lines.map_or_else(Vec::new, |balance| balance.lines);
            let own = lines.iter().find(|(other, _)| other == item);
            own.map_or(0.0, |(_, value)| *value)
        }
    };
    value / Unit::of_account(account).shown().scale
}

/// A step of a waterfall.
struct Step {
    label: Text,
    formula: String,
    value: f64,
    /// Whether it is an amount, not a change.
    ends: bool,
}

/// New measures with a step of their own; what the others do is one step.
const MOST: usize = 8;

/// The steps from the year at `start` to the last: what is there, growth, current policy,
/// the measures that change most as planned, the others, the join, and what is left.
fn steps_of(
    model: &mut Model<'_>,
    (account, lines): (Account, &[(Item, u32)]),
    (table, start, last): (&str, usize, usize),
) -> Vec<Step> {
    let plan = model.plan();
    let column = |t: usize| BEFORE + t as u16;
    let at = |line: u32, t: usize| cell(table, (line, column(t)));
    let change = |model: &mut Model<'_>, item: &Item| {
        shown(model, account, item, last) - shown(model, account, item, start)
    };
    let year = |t: usize| Text::new(format!("{}年", plan.years[t]), plan.years[t].to_string());
    let size = |m: usize| {
        let run = &model.book.case.outcome.run;
        let q = plan.account(account);
        q.map_or(0.0, |q| {
            (run.change.at(m, q, last) - run.change.at(m, q, start)).abs()
        })
    };
    let mut largest: Vec<(f64, usize)> = lines
        .iter()
        .filter_map(|(item, _)| match item {
            Item::Measure(m) if plan.measures[*m].policy == Policy::New => Some((size(*m), *m)),
            _ => None,
        })
        .collect();
    largest.sort_by(|a, b| b.0.total_cmp(&a.0));
    let own: Vec<usize> = largest.iter().take(MOST).map(|(_, m)| *m).collect();
    let mut steps = Vec::new();
    let (mut current, mut others) = (Vec::new(), Vec::new());
    for (item, line) in lines {
        match item {
            Item::Measure(m) if own.contains(m) => {}
            Item::Measure(m) if plan.measures[*m].policy == Policy::New => {
                others.push((item, *line));
            }
            Item::Measure(_) => current.push((item, *line)),
            _ => {}
        }
    }
    let group = |model: &mut Model<'_>, label: Text, items: &[(&Item, u32)]| {
        let terms = items
            .iter()
            .map(|(_, line)| format!("{}-{}", at(*line, last), at(*line, start)));
        (!items.is_empty()).then(|| Step {
            label,
            formula: terms.collect::<Vec<_>>().join("+"),
            value: items.iter().map(|(item, _)| change(model, item)).sum(),
            ends: false,
        })
    };
    let total = lines.iter().find(|(item, _)| *item == Item::Total);
    let Some((_, total)) = total else {
        return steps;
    };
    steps.push(Step {
        label: year(start),
        formula: at(*total, start),
        value: shown(model, account, &Item::Total, start),
        ends: true,
    });
    let single = |wanted: &Item| lines.iter().find(|(item, _)| item == wanted).cloned();
    if let Some((item, line)) = single(&Item::Growth) {
        steps.extend(group(model, item_name(model, &item), &[(&item, line)]));
    }
    steps.extend(group(
        model,
        Text::new("现行政策", "current policy"),
        &current,
    ));
    for m in own {
        if let Some((item, line)) = single(&Item::Measure(m)) {
            steps.extend(group(model, item_name(model, &item), &[(&item, line)]));
        }
    }
    let n = others.len();
    let rest = Text::new(
        format!("其余新增措施（{n} 项）"),
        format!("{n} other new measures"),
    );
    steps.extend(group(model, rest, &others));
    if let Some((item, line)) = single(&Item::Join) {
        steps.extend(group(model, item_name(model, &item), &[(&item, line)]));
    }
    steps.push(Step {
        label: year(last),
        formula: at(*total, last),
        value: shown(model, account, &Item::Total, last),
        ends: true,
    });
    steps
}

/// One table with its chart; the next row that is free.
fn waterfall(
    sheet: &mut Worksheet,
    model: &mut Model<'_>,
    style: &Style,
    (top, account, lines): (u32, Account, &[(Item, u32)]),
    (table, name, start, last): (&str, &str, usize, usize),
) -> Result<u32, XlsxError> {
    let lang = style.lang;
    let unit = Unit::of_account(account).shown();
    let (own, unit) = (name_of(model, account), unit.name.get(lang).to_string());
    let title = lang.pick(
        format!("{}（{unit}）", own.zh),
        format!("{} ({unit})", own.en),
    );
    sheet.write_with_format(top, 0, &title, &style.part)?;
    let heads = lang.pick(
        ["项", "数量", "累计", "底", "总量", "增加", "减少"],
        [
            "Line", "Amount", "Running", "Below", "Total", "More", "Less",
        ],
    );
    for (c, head) in heads.into_iter().enumerate() {
        sheet.write_with_format(top + 1, c as u16, head, &style.head)?;
    }
    let mut row = top + 2;
    let mut running = 0.0;
    for step in steps_of(model, (account, lines), (table, start, last)) {
        let before = running;
        running = if step.ends {
            step.value
        } else {
            before + step.value
        };
        write_step(sheet, style, (row, &step), (before, running))?;
        row += 1;
    }
    let range = |c: u16| (name, top + 2, c, row - 1, c);
    // Lying columns: names of measures are long.
    let mut chart = Chart::new(ChartType::BarStacked);
    let parts = [
        (3, None),
        (4, Some(BLUE)),
        (5, Some(ORANGE)),
        (6, Some(GREEN)),
    ];
    for (c, colour) in parts {
        let mut format = ChartFormat::new();
        match colour {
            Some(colour) => format.set_solid_fill(ChartSolidFill::new().set_color(colour)),
            None => format.set_no_fill(),
        };
        chart
            .add_series()
            .set_categories(range(0))
            .set_values(range(c))
            .set_name((name, top + 1, c))
            .set_gap(40)
            .set_format(&mut format);
    }
    chart.title().set_name(&title);
    chart.legend().set_hidden();
    chart.y_axis().set_reverse();
    chart.set_width(760).set_height(440);
    sheet.insert_chart(top, 8, &chart)?;
    Ok(row)
}

/// The cells of a step of a waterfall.
fn write_step(
    sheet: &mut Worksheet,
    style: &Style,
    (row, step): (u32, &Step),
    (before, running): (f64, f64),
) -> Result<(), XlsxError> {
    let line = row + 1;
    let value = step.value;
    sheet.write_with_format(row, 0, step.label.get(style.lang), &style.text)?;
    let number = |formula: String, value: f64| Calc {
        formula,
        known: Known::Number(value),
    };
    let own = number(step.formula.clone(), value);
    let cells = if step.ends {
        [
            own,
            number(format!("B{line}"), running),
            Calc::number(0.0),
            number(format!("B{line}"), value),
            Calc::number(0.0),
            Calc::number(0.0),
        ]
    } else {
        [
            own,
            number(format!("C{row}+B{line}"), running),
            number(format!("MIN(C{row},C{line})"), before.min(running)),
            Calc::number(0.0),
            number(format!("MAX(B{line},0)"), value.max(0.0)),
            number(format!("MAX(-B{line},0)"), (-value).max(0.0)),
        ]
    };
    for (c, cell) in cells.iter().enumerate() {
        let size = if matches!(c, 1 | 2) { running } else { value };
        cell.write(sheet, (row, 1 + c as u16), &style.number(digits(size)))?;
    }
    let name = style.lang.pick(13, 26);
    let lines = step.label.get(style.lang).chars().count().div_ceil(name);
    sheet.set_row_height(row, height(lines))?;
    Ok(())
}
