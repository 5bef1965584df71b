//! The report that compares several scenarios of one place.

use super::content::{Block, Briefing, Maker, Section, made};
use super::figures;
use super::finding::{Best, Choice, Finding};
use super::names::indicators_of;
use crate::case::Case;
use crate::comparison;
use crate::costs;
use crate::figures::{Plate, plates_of_runs};
use crate::standing::Standing;
use crate::view::{Cell, Column, Table, Unit};
use jianpai_core::costing::Costing;
use jianpai_core::measure::Policy;
use jianpai_core::text::Text;

/// The report that compares `cases`, which are of one region and the same years. `extents`
/// holds how much each measure of each case does, as its file says it.
pub fn of_options(cases: &[Case<'_>], extents: &[Vec<Option<String>>], maker: &Maker) -> Briefing {
    let region = cases.first().map(|case| case.region().named.name.clone());
    let region = region.unwrap_or_default();
    let mut first = Section::new(1, "比选结论", "Conclusions");
    first.say(Finding::Best(best(cases)));
    for case in cases {
        first.item(Finding::Choice(choice(case)));
    }
    first.table(comparison::table(cases));
    first.note(
        "“✓”为该指标的目标全部达到，“≈”为达到、但余量在模型误差之内，“✗”为有目标未达到，没有记号的没有目标。",
        "✓: its targets are met; ≈: met, but by no more than the model's error; ✗: one is missed; no mark: no target.",
    );
    let mut drawn: Vec<Plate> = plates_of_runs(cases)
        .into_iter()
        .map(|plate| figures::captioned(&cases[0], plate))
        .collect();
    let rest = drawn.split_off(drawn.len().min(2));
    first.blocks.extend(drawn.into_iter().map(Block::Figure));
    let mut second = Section::new(1, "各指标的轨迹", "The course of each indicator");
    second.blocks.extend(rest.into_iter().map(Block::Figure));
    let mut third = Section::new(1, "费用与措施", "Costs and measures");
    third.table(money(cases));
    third.table(measures(cases, extents));
    third.note(
        "空白为该方案没有这项措施。",
        "Blank: the option has no such measure.",
    );
    let sections = [first, second, third].into_iter();
    Briefing {
        title: Text::new(
            format!("{}减排方案比选报告", region.zh),
            format!("{}: options compared", region.en),
        ),
        made: made(maker),
        sections: sections.filter(|s| !s.blocks.is_empty()).collect(),
        more: Vec::new(),
    }
}

/// What the new measures of a run cost, if something is known of it.
fn cost_of(case: &Case<'_>) -> Option<Costing> {
    let (whole, _) = costs::of_new(case);
    whole.is_known().then_some(whole)
}

fn choice(case: &Case<'_>) -> Choice {
    let missed = case
        .targets()
        .filter(|(target, verdict)| case.standing(target, *verdict) == Standing::Missed);
    Choice {
        name: case.scenario.name.clone(),
        tally: case.tally(),
        missed: indicators_of(case, missed.map(|(target, _)| target)),
        cost: cost_of(case).map(|cost| [cost.value, cost.low, cost.high]),
        year: case.scenario.end_year,
    }
}

fn best(cases: &[Case<'_>]) -> Best {
    let name = |case: &Case<'_>| case.scenario.name.clone();
    let full = cases.iter().filter(|case| {
        let tally = case.tally();
        tally.all() > 0 && tally.met == tally.all()
    });
    let full: Vec<&Case<'_>> = full.collect();
    let costs: Option<Vec<f64>> = full.iter().map(|case| Some(cost_of(case)?.value)).collect();
    let cheapest = costs.and_then(|costs| {
        let all = full.iter().zip(costs);
        all.min_by(|a, b| a.1.total_cmp(&b.1))
            .map(|(case, _)| name(case))
    });
    let most = cases.iter().map(|case| case.tally().met).max();
    let most = most.unwrap_or_default();
    let by = cases.iter().filter(|case| case.tally().met == most);
    Best {
        of: cases.len(),
        full: full.iter().map(|case| name(case)).collect(),
        cheapest,
        most: (most, by.map(name).collect()),
    }
}

/// Cost and targets met of each option.
fn money(cases: &[Case<'_>]) -> Table {
    let year = cases.first().map_or(0, |case| case.scenario.end_year);
    let prices = cases.first().map_or(0, |case| case.plan.price_year);
    let title = Text::new(
        format!("各方案新增措施{year}年费用（{prices}年价格，亿元）"),
        format!("Costs of new measures of each option in {year} (prices of {prices}, 10⁸ CNY)"),
    );
    let money =
        |key: &'static str, zh: &str, en: &str| Column::number(key, zh, en, Unit::Yuan).absent("—");
    let columns = vec![
        Column::id("scenario", "方案", "Option"),
        Column::text("name", "方案", "Option").at(0),
        money("cost", "年费用", "Cost").at(1),
        money("low", "下限", "Low").at(2),
        money("high", "上限", "High").at(3),
        Column::whole("measures", "新增措施（项）", "New measures").at(4),
        Column::whole("without", "其中无费用数据（项）", "Without a figure").at(5),
        Column::whole("met", "达标（项）", "Targets met").at(6),
    ];
    let mut table = Table::new("option-costs", title, columns);
    for case in cases {
        let (whole, unknown) = costs::of_new(case);
        let known = cost_of(case).is_some();
        let new = case.plan.measures.iter();
        let new = new.filter(|measure| measure.policy == Policy::New).count();
        table.row(vec![
            Cell::from(&case.scenario.id),
            Cell::from(&case.scenario.name),
            known.then_some(whole.value).into(),
            known.then_some(whole.low).into(),
            known.then_some(whole.high).into(),
            new.into(),
            unknown.into(),
            case.tally().met.into(),
        ]);
    }
    table
}

/// Which new measures each option has, and how far it goes with them.
fn measures(cases: &[Case<'_>], extents: &[Vec<Option<String>>]) -> Table {
    let title = Text::new("各方案的新增措施", "New measures of each option");
    let mut columns = vec![
        Column::id("measure", "措施", "Measure"),
        Column::text("name", "措施", "Measure").at(0),
    ];
    for (c, case) in cases.iter().enumerate() {
        let Text { zh, en } = &case.scenario.name;
        let key = format!("option_{}", c + 1);
        columns.push(Column::text(key, zh, en).at(c as u8 + 1));
    }
    let mut table = Table::new("option-measures", title, columns);
    let mut ids: Vec<(&str, &Text)> = Vec::new();
    for case in cases {
        for measure in &case.scenario.measures {
            let known = ids.iter().any(|(id, _)| *id == measure.id);
            if measure.policy == Policy::New && !known {
                ids.push((&measure.id, &measure.name));
            }
        }
    }
    let none = Text::new("有", "yes");
    for (id, name) in ids {
        let mut cells = vec![Cell::from(id), Cell::from(name)];
        for (case, extents) in cases.iter().zip(extents) {
            let own = case.scenario.measures.iter();
            let at = own
                .enumerate()
                .find(|(_, m)| m.id == id && m.policy == Policy::New);
            cells.push(match at.map(|(m, _)| extents.get(m).cloned().flatten()) {
                None => Cell::absent(),
                Some(None) => Cell::from(&none),
                Some(Some(text)) => Cell::from(Text::same(text)),
            });
        }
        table.row(cells);
    }
    table
}

#[cfg(test)]
mod tests {
    use crate::briefing::finding::yuan;

    #[test]
    fn money_is_said_as_tables_say_it() {
        assert_eq!(yuan(-25.196e8), "−25.20");
    }
}
