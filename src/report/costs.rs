//! What measures cost in the last year, on which numbers that rests, and a tonne of it
//! beside published figures.
//!
//! A cost a tonne is the whole cost of a measure over what it takes away of the pollutant
//! of which it takes the largest part; measures that save money have none, since less
//! saved a tonne is not better (Taylor 2012).

use crate::case::{Case, leading, number, percent};
use crate::grid::{NARROW, paragraph};
use crate::tables::{of_run, run_of};
use crate::view::{Cell, Column, Form, Table, Unit};
use jianpai_core::costing::{self, Costing};
use jianpai_core::dims::PollutantId;
use jianpai_core::measure::Policy;
use jianpai_core::provenance::Status;
use jianpai_core::text::{Lang, Text};
use serde_json::{Value, json};

/// What one measure costs in the last year; `None` where it is not known.
pub fn of_measure(case: &Case<'_>, m: usize) -> Option<Costing> {
    of(case, &[m])
}

/// What all new measures whose cost is known cost together in the last year, and how many
/// there are whose cost is not.
pub fn of_new(case: &Case<'_>) -> (Costing, usize) {
    let measures = case.plan.measures.iter().enumerate();
    let new = measures.filter(|(_, measure)| measure.policy == Policy::New);
    let (known, unknown): (Vec<_>, Vec<_>) = new.partition(|(_, measure)| measure.cost_known);
    let known: Vec<usize> = known.into_iter().map(|(m, _)| m).collect();
    (of(case, &known).unwrap_or_default(), unknown.len())
}

fn of(case: &Case<'_>, which: &[usize]) -> Option<Costing> {
    let last = case.plan.span() - 1;
    costing::of_measures(case.catalogue, case.plan, &case.outcome.run, which, last)
}

/// A cost for machines: yuan in prices of `price_year`, and the parts of 1 that rest on
/// numbers of each status.
pub fn json(case: &Case<'_>, cost: &Costing) -> Value {
    let mut rests: serde_json::Map<String, Value> = Status::ALL
        .iter()
        .zip(cost.by_status)
        .map(|(status, part)| (status.id().to_string(), json!(part)))
        .collect();
    rests.insert("scenario".to_string(), json!(cost.stated));
    json!({
        "value_cny": cost.value,
        "low_cny": cost.low,
        "high_cny": cost.high,
        "price_year": case.plan.price_year,
        "rests_on": rests,
    })
}

/// A pollutant with what a tonne of it costs by a measure (yuan).
struct Tonne {
    pollutant: PollutantId,
    /// Tonnes taken away.
    cut: f64,
    /// Yuan a tonne; `None` where the measure saves money.
    cost: Option<f64>,
}

/// What a measure takes away of a pollutant in the last year, in the book that leads (t);
/// below zero where it adds. `None` where the pollutant is not kept.
pub fn cut(case: &Case<'_>, m: usize, p: PollutantId) -> Option<f64> {
    let q = case.plan.account(leading(case.catalogue, p))?;
    let last = case.plan.span() - 1;
    Some(-case.outcome.run.change.at(m, q, last))
}

/// The pollutant of which a measure takes away the largest part of its base-year total.
fn tonne(case: &Case<'_>, m: usize, cost: f64) -> Option<Tonne> {
    let all = (0..case.catalogue.pollutants.len()).map(PollutantId::from_usize);
    let cuts = all.filter_map(|p| {
        let q = case.plan.account(leading(case.catalogue, p))?;
        let (cut, base) = (cut(case, m, p)?, case.outcome.run.total.at(q, 0));
        (cut > base.abs() * 1e-9).then_some((p, cut, cut / base))
    });
    let (pollutant, cut, _) = cuts.max_by(|a, b| a.2.total_cmp(&b.2))?;
    let cost = (cost > 0.0).then(|| cost / cut);
    Some(Tonne {
        pollutant,
        cut,
        cost,
    })
}

/// The least and the most published for a tonne of a pollutant, taxes left out, in prices
/// of `price_year`.
fn published(case: &Case<'_>, p: PollutantId) -> Option<(f64, f64)> {
    let all = case.catalogue.published_costs.iter();
    let all = all.filter(|cost| cost.pollutant == p && cost.kind != "tax");
    let ends = all.filter_map(|cost| {
        let factor = case
            .catalogue
            .prices
            .factor(cost.price_year, case.plan.price_year)?;
        Some((cost.value.low * factor, cost.value.high * factor))
    });
    ends.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
}

/// The columns of [`table`].
fn columns() -> Vec<Column> {
    let mut columns = of_run().to_vec();
    columns.extend([
        Column::id("measure", "措施", "Measure"),
        Column::id("policy", "政策", "Policy"),
        Column::text("name", "措施", "Measure").at(0),
        Column::whole("year", "年份", "Year"),
        Column::whole("price_year", "价格年份", "Prices of"),
        Column::number("cost_cny", "年费用", "Cost a year", Unit::Yuan)
            .absent("—")
            .at(1),
        Column::number("low_cny", "下限", "Low", Unit::Yuan).at(2),
        Column::number("high_cny", "上限", "High", Unit::Yuan).at(3),
    ]);
    for status in Status::ALL {
        let name = status.name();
        let column = Column::number(status.id(), &name.zh, &name.en, Unit::Fraction);
        let column = column.form(Form::WholePercent);
        columns.push(if status == Status::Assumed {
            column.at(4)
        } else {
            column
        });
    }
    columns.extend([
        Column::number("scenario_states", "情景自述", "Stated", Unit::Fraction)
            .form(Form::WholePercent),
        Column::id("pollutant", "主要污染物", "Pollutant").at(5),
        Column::number_by("cut", "减排量", "Cut", "cut_unit").at(6),
        Column::number_by("per_tonne", "吨成本", "A tonne", "per_tonne_unit")
            .absent("—")
            .at(7),
        Column::number_by(
            "published_low",
            "文献下限",
            "Published, low",
            "per_tonne_unit",
        )
        .at(8),
        Column::number_by(
            "published_high",
            "文献上限",
            "Published, high",
            "per_tonne_unit",
        )
        .at(9),
        Column::unit("cut_unit", "减排量单位", "Unit of the cut"),
        Column::unit("per_tonne_unit", "吨成本单位", "Unit of costs a tonne"),
        Column::id("place", "自述出处", "Stated at"),
    ]);
    columns
}

/// Every measure with what it costs in the last year; the terminal leaves out current
/// policy. The last line of each run is that of all new measures.
pub fn table(cases: &[Case<'_>]) -> Table {
    let title = Text::new("措施费用", "Costs of measures");
    let mut table = Table::new("costs", title, columns());
    for case in cases {
        for (m, measure) in case.plan.measures.iter().enumerate() {
            let cost = of_measure(case, m);
            let tonne = cost.as_ref().and_then(|cost| tonne(case, m, cost.value));
            let stated = case.scenario.measures.get(m).and_then(|m| m.cost.as_ref());
            let policy = match measure.policy {
                Policy::New => "new",
                Policy::Current => "current",
            };
            let head = [
                Cell::from(&measure.id),
                policy.into(),
                (&measure.name).into(),
            ];
            let place = stated.map(|cost| &cost.place);
            let cells = row(case, head, cost.as_ref(), tonne.as_ref(), place);
            if measure.policy == Policy::New {
                table.row(cells);
            } else {
                table.row_aside(cells);
            }
        }
        let (all, unknown) = of_new(case);
        let name = Text::new("新增措施合计", "All new measures");
        let name = match unknown {
            0 => name,
            count => Text::new(
                format!("{}（另有 {count} 项无费用数据）", name.zh),
                format!("{} ({count} more without a figure)", name.en),
            ),
        };
        let head = [Cell::absent(), "new".into(), name.into()];
        table.row(row(case, head, Some(&all), None, None));
    }
    table
}

fn row(
    case: &Case<'_>,
    head: [Cell; 3],
    cost: Option<&Costing>,
    tonne: Option<&Tonne>,
    place: Option<&String>,
) -> Vec<Cell> {
    let mut cells = run_of(case).to_vec();
    cells.extend(head);
    cells.extend([
        case.scenario.end_year.into(),
        case.plan.price_year.into(),
        cost.map(|cost| cost.value).into(),
        cost.map(|cost| cost.low).into(),
        cost.map(|cost| cost.high).into(),
    ]);
    // Of nothing nothing rests on anything.
    let rests = cost.filter(|cost| cost.is_known());
    for s in 0..Status::ALL.len() {
        cells.push(rests.map(|cost| cost.by_status[s]).into());
    }
    let range = tonne.filter(|tonne| tonne.cost.is_some());
    let range = range.and_then(|tonne| published(case, tonne.pollutant));
    let id = |tonne: &Tonne| {
        case.catalogue.pollutants[tonne.pollutant.at()]
            .named
            .id
            .clone()
    };
    cells.extend([
        rests.map(|cost| cost.stated).into(),
        tonne.map(id).into(),
        tonne.map(|tonne| tonne.cut).into(),
        tonne.and_then(|tonne| tonne.cost).into(),
        range.map(|(low, _)| low).into(),
        range.map(|(_, high)| high).into(),
        tonne.map(|_| Unit::TenThousandTonnes).into(),
        tonne.map(|_| Unit::YuanPerTonne).into(),
        Cell::from(place),
    ]);
    cells
}

/// What the new measures cost together, in a sentence; empty where nothing is known.
pub fn text(case: &Case<'_>, lang: Lang) -> String {
    let (all, unknown) = of_new(case);
    if !all.is_known() {
        return String::new();
    }
    let (year, prices) = (case.scenario.end_year, case.plan.price_year);
    let shown = |yuan: f64| number(yuan / 1e8);
    let (value, low, high) = (shown(all.value), shown(all.low), shown(all.high));
    let rests = rests(&all, lang);
    let without = match (unknown, lang) {
        (0, _) => String::new(),
        (count, Lang::Zh) => format!("；另有 {count} 项措施没有费用数据，未计入"),
        (count, Lang::En) => format!("; {count} measures without a figure are not in it"),
    };
    let text = match lang {
        Lang::Zh => format!(
            "新增措施 {year} 年费用 {value} 亿元（{low}～{high}，{prices} 年价格），{rests}{without}；逐项见 --table costs"
        ),
        Lang::En => format!(
            "New measures cost {value} (10⁸ CNY) in {year} ({low} to {high}, prices of {prices}); {rests}{without}; each of them: --table costs"
        ),
    };
    format!("\n{}", paragraph(&text, NARROW, 0))
}

/// How much of a cost rests on what, in words.
pub fn rests(cost: &Costing, lang: Lang) -> String {
    let (firm, assumed) = (percent(cost.firm()), percent(cost.assumed()));
    let stated = match (cost.stated > 0.0, lang) {
        (false, _) => String::new(),
        (true, Lang::Zh) => format!("，情景自述占 {}", percent(cost.stated)),
        (true, Lang::En) => format!(", {} on what the scenario states", percent(cost.stated)),
    };
    match lang {
        Lang::Zh => format!("其中引用或由引用数计算的占 {firm}，假设的占 {assumed}{stated}"),
        Lang::En => format!(
            "{firm} of it rests on quoted or computed figures, {assumed} on assumed ones{stated}"
        ),
    }
}
