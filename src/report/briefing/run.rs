//! The report of one run: what was tested, what is met in which book, by what, at what cost,
//! how sure, what it rests on, what the model does not know.

use super::balance::{self, Balance};
use super::content::{Block, Briefing, Maker, Section, made};
use super::finding::{Change, Cost, Finding, Judged, Tested};
use super::names::indicators_of;
use super::{figures, tables, ways};
use crate::case::Case;
use crate::costs;
use crate::figures::{Plate, plates};
use crate::remarks;
use crate::solve::Answered;
use crate::tables as all;
use crate::view::{Cell, Form, Table, run};
use jianpai_core::measure::Policy;
use jianpai_core::text::{Lang, Text};

/// The report of a run. `extents` holds how much each measure does, as its file says it, in
/// the order of the plan; `way` is the answer to what would meet its targets, where some are
/// missed.
pub fn of_run(
    case: &Case<'_>,
    extents: &[Option<String>],
    way: Option<&Answered<'_>>,
    maker: &Maker,
) -> Briefing {
    let mut plates = plates(case);
    let Text { zh, en } = case.title();
    let sections = vec![
        conclusions(case, &mut plates),
        progress(case, &mut plates),
        sources(case, &mut plates),
        cost(case, &mut plates),
        ways::section(way),
        sure(case),
        outside(case, &mut plates),
        annex(case, extents),
    ];
    let sections = sections.into_iter().filter(|s| !s.blocks.is_empty());
    Briefing {
        title: Text::new(
            format!("{zh}减排测算报告"),
            format!("{en}: what it reaches"),
        ),
        made: made(maker),
        sections: sections.collect(),
        more: plates
            .into_iter()
            .map(|plate| figures::captioned(case, plate))
            .collect(),
    }
}

/// What was tested, and how each target stands.
fn conclusions(case: &Case<'_>, plates: &mut Vec<Plate>) -> Section {
    let mut section = Section::new(1, "测算结论", "Conclusions");
    let scenario = case.scenario;
    let count = |policy: Policy| {
        let all = case.plan.measures.iter();
        all.filter(|measure| measure.policy == policy).count()
    };
    section.say(Finding::Tested(Tested {
        region: case.region().named.name.clone(),
        scenario: scenario.name.clone(),
        document: scenario.document.clone(),
        years: [scenario.base_year, case.index_base(), scenario.end_year],
        measures: [count(Policy::New), count(Policy::Current)],
    }));
    section.say(Finding::Score(case.tally()));
    let table = all::targets(std::slice::from_ref(case));
    let reached = |row: usize| printed(&table, row, "reached");
    for (row, found) in run::targets(case).iter().enumerate() {
        section.item(Finding::Target(Judged::of(found, reached(row))));
    }
    if !scenario.targets.is_empty() {
        section.table(judged(table));
    }
    figures::take(case, &mut section, plates, &["indices"]);
    section
}

/// The table of targets without the targets outside the model, which stand elsewhere.
fn judged(mut table: Table) -> Table {
    table.rows.retain(|row| !row.aside);
    table
}

/// A cell as its table prints it.
fn printed(table: &Table, row: usize, key: &str) -> Option<Text> {
    let (row, c) = (table.rows.get(row)?, table.column(key)?);
    let scale = table.unit(row, c).shown().scale;
    match &row.cells[c] {
        Cell {
            value: crate::view::Value::Number(value),
            form: Some(form),
        } => {
            let shown = |lang: Lang| form.show(*value, scale, lang);
            let unit = match form {
                Form::Fall => Text::default(),
                _ => table.unit(row, c).shown().name,
            };
            Text::new(shown(Lang::Zh) + &unit.zh, {
                let gap = if unit.en.is_empty() { "" } else { " " };
                format!("{}{gap}{}", shown(Lang::En), unit.en)
            })
            .into()
        }
        _ => None,
    }
}

/// The indicators over the years.
fn progress(case: &Case<'_>, plates: &mut Vec<Plate>) -> Section {
    let mut section = Section::new(1, "指标变化", "Indicators");
    let found = run::indicators(case);
    section.table(all::indicators(std::slice::from_ref(case)));
    section
        .blocks
        .extend(Finding::sourced(&found).into_iter().map(Block::Finding));
    figures::take(case, &mut section, plates, &["targets", "slopes", "books"]);
    section
}

/// What growth adds and each measure takes away.
fn sources(case: &Case<'_>, plates: &mut Vec<Plate>) -> Section {
    let mut section = Section::new(1, "减排从何而来", "Where the change comes from");
    let balances = balance::of(case);
    for balance in &balances {
        for column in spoken(case, balance, &balances) {
            let change = Change::of(case, balance, &balance.columns[column]);
            section.item(Finding::Change(change));
        }
    }
    for balance in &balances {
        section.table(balance.table(case));
    }
    section.note(
        "表中各项按最大余数法一并取整，合计等于各项之和；“·”为没有变化，“≈0”为不足末位的一半。",
        "Lines are rounded together by largest remainders, so that they add up to the totals; “·”: no change, “≈0”: less than half a unit of the last digit.",
    );
    figures::take(case, &mut section, plates, &["balance", "wedges"]);
    section
}

/// The columns of a balance that sentences speak of: what is accounted, and of what is
/// emitted that which has no account, but for coal.
fn spoken(case: &Case<'_>, balance: &Balance, all: &[Balance]) -> Vec<usize> {
    use jianpai_core::catalogue::{Account, Book};
    let id = |account: Account| account.base_id(case.catalogue);
    let told = |account: Account| {
        let accounted = all.iter().filter(|other| other.book == Book::Accounted);
        let mut columns = accounted.flat_map(|other| &other.columns);
        balance.book == Book::Physical && columns.any(|c| id(c.account) == id(account))
    };
    let columns = balance.columns.iter().enumerate();
    let columns = columns.filter(|(_, column)| {
        matches!(column.account, Account::Pollutant(..)) && !told(column.account)
    });
    columns.map(|(c, _)| c).collect()
}

/// How many measures sentences on costs name.
const DEAREST: usize = 3;

/// What the new measures cost.
fn cost(case: &Case<'_>, plates: &mut Vec<Plate>) -> Section {
    let mut section = Section::new(1, "费用与协同", "Costs and co-benefits");
    let (whole, unknown) = costs::of_new(case);
    if whole.is_known() {
        let measures = case.plan.measures.iter().enumerate();
        let new = measures.filter(|(_, measure)| measure.policy == Policy::New);
        let known = new.filter_map(|(m, measure)| {
            let cost = costs::of_measure(case, m)?;
            Some((measure.name.clone(), cost.value))
        });
        let mut known: Vec<(Text, f64)> = known.collect();
        known.sort_by(|a, b| b.1.total_cmp(&a.1));
        let some = |all: &mut dyn Iterator<Item = &(Text, f64)>| -> Vec<(Text, f64)> {
            all.take(DEAREST).cloned().collect()
        };
        section.say(Finding::Cost(Cost {
            years: [case.scenario.end_year, case.plan.price_year],
            whole,
            unknown,
            dearest: some(&mut known.iter().filter(|(_, cost)| *cost > 0.0)),
            savers: some(&mut known.iter().rev().filter(|(_, cost)| *cost < 0.0)),
        }));
        section.table(tables::costs(case));
    }
    figures::take(case, &mut section, plates, &["abatement", "synergy"]);
    section
}

/// How wrong the verdicts may be, and what they rest on.
fn sure(case: &Case<'_>) -> Section {
    let mut section = Section::new(1, "把握程度", "How sure");
    if case.scenario.targets.is_empty() {
        return section;
    }
    let judged = case.targets().filter(|(_, verdict)| verdict.is_some());
    let (with, without): (Vec<_>, Vec<_>) = judged.partition(|(target, verdict)| {
        verdict.is_some_and(|verdict| case.band(target, verdict).is_some())
    });
    section.say(Finding::Sure {
        with: with.len(),
        without: indicators_of(case, without.into_iter().map(|(target, _)| target)),
    });
    for remark in remarks::all(case) {
        section.item(Finding::Said(remark));
    }
    section
}

/// What the model does not cover.
fn outside(case: &Case<'_>, plates: &mut Vec<Plate>) -> Section {
    let mut section = Section::new(1, "模型未涵盖的内容", "What the model does not cover");
    let count = case.scenario.tracked.len();
    if count > 0 {
        section.say(Finding::Outside { count });
        section.table(all::tracked_targets(case));
        let one = std::slice::from_ref(case);
        if let Some(table) = all::tracked_values(one) {
            section.table(table);
        }
        figures::take(case, &mut section, plates, &["tracked"]);
    }
    if let Some(text) = remarks::outside(case) {
        section.say(Finding::Said(text));
    }
    section
}

/// The measures and the calibration.
fn annex(case: &Case<'_>, extents: &[Option<String>]) -> Section {
    let mut section = Section::new(1, "附表", "Annex");
    section.table(tables::measures(case, extents));
    section.table(tables::calibration(case));
    section
}
