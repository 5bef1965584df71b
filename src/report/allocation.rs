//! A target shared among the parts of a whole, by several rules side by side.

use crate::case::percent;
use crate::grid::{WIDE, paragraph};
use crate::view::{Across, Cell, Column, Form, Table, Unit};
use crate::write;
use jianpai_core::allocate::{Part, Rule, concentration, gini, round_to_sum};
use jianpai_core::text::{Lang, Text};
use serde_json::{Value, json};

/// A target that has been shared out.
#[derive(Clone, Debug)]
pub struct Shared {
    /// What is shared: `COD`.
    pub pollutant: String,
    /// The name of the whole.
    pub whole: Text,
    /// The base year of the emissions.
    pub base_year: Option<i32>,
    /// The parts.
    pub parts: Vec<Part>,
    /// What the whole has to cut (t).
    pub cut: f64,
    /// The cuts by rule (t).
    pub rules: Vec<(Rule, Vec<f64>)>,
    /// The unit in which tonnes are shared out (t).
    pub unit: f64,
}

impl Shared {
    fn emission(&self) -> f64 {
        self.parts.iter().map(|part| part.emission).sum()
    }
}

/// The column that tells rules apart, and what stands before them.
const OFFICIAL: &str = "official";

/// All tables: `allocation` and `fairness`.
pub fn tables(shared: &Shared) -> Vec<Table> {
    vec![allocation(shared), fairness(shared)]
}

/// The tables for people.
pub fn text(shared: &Shared, lang: Lang) -> String {
    let rate = percent(shared.cut / shared.emission());
    let parts = shared.parts.len();
    let (whole, id) = (shared.whole.get(lang), &shared.pollutant);
    let line = match lang {
        Lang::Zh => format!(
            "{whole} {id} 削减 {rate}，分解到 {parts} 个地区（各列为削减比例；吨数见 --table allocation --csv，合计分毫不差）"
        ),
        Lang::En => format!(
            "{id} of {whole}, {rate} to be cut, shared among {parts} parts (columns are rates of reduction; tonnes, exact in their sum, by --table allocation --csv)"
        ),
    };
    let mut out = format!("\n{}", paragraph(&line, WIDE, 0));
    for table in tables(shared) {
        out += &format!("\n{}\n", write::terminal(&table, lang, WIDE));
    }
    let note = lang.pick(
        "基尼系数：削减后人均排放在居民间的不均程度（0 为人人相等）；集中度：各地区削减份额的平方和（1/地区数 为均担）；与下达之差：各地区比例与官方下达比例之差的平均绝对值",
        "Gini: how unequally emission per head is spread over residents afterwards (0 if all have the same); concentration: squared shares of the cut summed (1/parts if all carry the same); off the official: mean distance from the official rates",
    );
    out + &paragraph(note, WIDE, 0)
}

/// The tables for machines.
pub fn json(shared: &Shared) -> Value {
    let mut value = write::document(&tables(shared));
    value["pollutant"] = json!(shared.pollutant);
    value["cut_t"] = json!(shared.cut);
    value["unit_t"] = json!(shared.unit);
    value
}

/// One line a part and rule: what it cuts in whole units, what it may still emit, its rate.
fn allocation(shared: &Shared) -> Table {
    let columns = vec![
        Column::id("part", "地区", "Part"),
        Column::text("name", "地区", "Part").at(0),
        Column::id("rule", "规则", "Rule"),
        Column::text("rule_name", "规则", "Rule"),
        Column::number_by("emission", "基年排放", "Base", "unit"),
        Column::number_by("cut", "削减量", "Cut", "unit"),
        Column::number_by("quota", "削减后", "Left", "unit"),
        Column::number("rate", "削减比例", "Rate", Unit::Fraction).form(Form::Percent),
        Column::id("bound", "受限", "Bound"),
        Column::unit("unit", "单位", "Unit"),
    ];
    let title = Text::new("目标分解", "Target by part");
    let mut table = Table::new("allocation", title, columns);
    table.across = Some(Across {
        line: vec!["part"],
        column: "rule",
        heading: "rule_name",
        value: "rate",
        last: None,
        units: false,
        most: 8,
    });
    let official = |part: &Part| part.official.map(|rate| rate * part.emission);
    let known: Option<Vec<f64>> = shared.parts.iter().map(official).collect();
    if shared.parts.iter().any(|part| part.official.is_some()) {
        let name = Text::new("官方下达", "official");
        for (i, part) in shared.parts.iter().enumerate() {
            let cut = known.as_ref().map(|all| all[i]).or(official(part));
            line(&mut table, (OFFICIAL, &name), part, cut, "");
        }
        let total = known.map(|all| all.iter().sum());
        total_line(shared, &mut table, (OFFICIAL, &name), total);
    }
    for (rule, cuts) in &shared.rules {
        let name = rule.name();
        let whole = round_to_sum(cuts, shared.unit);
        for ((part, cut), units) in shared.parts.iter().zip(cuts).zip(&whole) {
            let bound = match cut / part.emission {
                rate if (rate - part.floor).abs() < 1e-9 && part.floor < part.ceiling => "floor",
                rate if (rate - part.ceiling).abs() < 1e-9 => "ceiling",
                _ => "",
            };
            let tonnes = *units as f64 * shared.unit;
            line(&mut table, (rule.id(), &name), part, Some(tonnes), bound);
        }
        let sum = whole.iter().sum::<i64>() as f64 * shared.unit;
        total_line(shared, &mut table, (rule.id(), &name), Some(sum));
    }
    table
}

fn line(
    table: &mut Table,
    (rule, name): (&str, &Text),
    part: &Part,
    cut: Option<f64>,
    bound: &str,
) {
    table.row(vec![
        Cell::from(&part.id),
        Cell::from(&part.name),
        rule.into(),
        Cell::from(name),
        part.emission.into(),
        cut.into(),
        cut.map(|cut| part.emission - cut).into(),
        cut.map(|cut| cut / part.emission).into(),
        Some(bound).filter(|bound| !bound.is_empty()).into(),
        Unit::PlainTonne.into(),
    ]);
}

fn total_line(shared: &Shared, table: &mut Table, rule: (&str, &Text), cut: Option<f64>) {
    let total = Part {
        id: "total".to_string(),
        name: Text::new("合计", "total"),
        emission: shared.emission(),
        gdp: None,
        population: None,
        floor: 0.0,
        ceiling: 0.0,
        official: None,
    };
    line(table, rule, &total, cut, "");
}

/// How each rule spreads emission and effort.
fn fairness(shared: &Shared) -> Table {
    let plain = |key: &'static str, zh: &str, en: &str| {
        Column::number(key, zh, en, Unit::None)
            .form(Form::Fixed(3))
            .absent("—")
    };
    let columns = vec![
        Column::id("rule", "规则", "Rule"),
        Column::text("name", "规则", "Rule").at(0),
        plain("gini_before", "基尼（现状）", "Gini, before").at(1),
        plain("gini", "基尼（削减后）", "Gini, after").at(2),
        plain("concentration", "削减集中度", "Concentration").at(3),
        Column::number("largest", "最大一家份额", "Largest share", Unit::Fraction)
            .form(Form::Percent)
            .at(4),
        Column::number("lowest", "最低比例", "Lowest rate", Unit::Fraction)
            .form(Form::Percent)
            .at(5),
        Column::number("highest", "最高比例", "Highest rate", Unit::Fraction)
            .form(Form::Percent)
            .at(6),
        Column::number_by("off_official", "与下达之差", "Off the official", "off_unit")
            .form(Form::Points)
            .at(7),
        Column::unit("off_unit", "差的单位", "Unit of the distance"),
    ];
    let title = Text::new("公平与集中", "Fairness and concentration");
    let mut table = Table::new("fairness", title, columns);
    let parts = &shared.parts;
    let official: Option<Vec<f64>> = parts
        .iter()
        .map(|p| p.official.map(|rate| rate * p.emission))
        .collect();
    if let Some(cuts) = &official {
        let name = Text::new("官方下达", "official");
        table.row(fair(parts, OFFICIAL, &name, cuts));
    }
    for (rule, cuts) in &shared.rules {
        table.row(fair(parts, rule.id(), &rule.name(), cuts));
    }
    table
}

fn fair(parts: &[Part], id: &str, name: &Text, cuts: &[f64]) -> Vec<Cell> {
    let heads: Option<Vec<f64>> = parts.iter().map(|p| p.population).collect();
    let now: Vec<f64> = parts.iter().map(|p| p.emission).collect();
    let left: Vec<f64> = parts
        .iter()
        .zip(cuts)
        .map(|(p, cut)| p.emission - cut)
        .collect();
    let spread = |amounts: &[f64]| heads.as_ref().and_then(|heads| gini(amounts, heads));
    let rates: Vec<f64> = parts
        .iter()
        .zip(cuts)
        .map(|(p, cut)| cut / p.emission)
        .collect();
    let all: f64 = cuts.iter().sum();
    let most = cuts.iter().copied().fold(0.0, f64::max);
    let off = parts.iter().zip(&rates);
    let off: Vec<f64> = off
        .filter_map(|(p, rate)| p.official.map(|official| (rate - official).abs()))
        .collect();
    let off = (!off.is_empty()).then(|| off.iter().sum::<f64>() / off.len() as f64);
    vec![
        id.into(),
        Cell::from(name),
        spread(&now).into(),
        spread(&left).into(),
        concentration(cuts).into(),
        (all > 0.0).then(|| most / all).into(),
        rates.iter().copied().reduce(f64::min).into(),
        rates.iter().copied().reduce(f64::max).into(),
        off.into(),
        off.map(|_| Unit::Points).into(),
    ]
}
