//! A target shared among the parts of a whole, by several rules side by side.

use crate::case::percent;
use crate::chart::{Chart as _, Strip, StripRow};
use crate::figures::{Figure, both};
use crate::grid::{WIDE, paragraph};
use crate::view::{Across, Cell, Column, Form, Table, Unit};
use crate::write;
use jianpai_core::allocate::{Part, concentration, gini, round_to_sum};
use jianpai_core::text::{Lang, Text};
use jianpai_solve::programme::MONEY;
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
    /// The cuts by rule.
    pub rules: Vec<ByRule>,
    /// The unit in which tonnes are shared out (t).
    pub unit: f64,
    /// Where costs are known: of which measures, and the price of the last tonne.
    pub priced: Option<Priced>,
}

/// What one rule gives to each part.
#[derive(Clone, Debug)]
pub struct ByRule {
    /// Its id.
    pub id: &'static str,
    /// Its name.
    pub name: Text,
    /// The cuts (t).
    pub cuts: Vec<f64>,
    /// What each cut costs at least (10⁸ yuan), where costs are known; `None` for a part
    /// whose measures do not suffice.
    pub costs: Option<Vec<Option<f64>>>,
}

/// What the costs of cuts rest on.
#[derive(Clone, Debug)]
pub struct Priced {
    /// The scenario whose measures were chosen from.
    pub scenario: Text,
    /// The year in which the cut is made.
    pub year: i32,
    /// How the sharing of least cost came out.
    pub cheapest: Cheapest,
}

/// How the sharing of least cost came out.
#[derive(Clone, Debug)]
pub enum Cheapest {
    /// Shared: what one tonne more costs (10⁸ yuan), if more can be cut.
    Shared(Option<f64>),
    /// The most that the measures of all parts can cut together (t) is too little.
    Most(f64),
    /// Parts that cannot keep their floors, by place, and the highest rate of each.
    BelowFloor(Vec<(usize, f64)>),
}

/// The rule of least cost: its id and its name.
pub const COST: (&str, &str, &str) = ("cost", "成本最低", "least cost");

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
    out += &paragraph(note, WIDE, 0);
    if let Some(priced) = &shared.priced {
        out += &paragraph(priced.text(shared).get(lang), WIDE, 0);
    }
    out
}

impl Priced {
    /// What the costs rest on, and the price of the last tonne.
    fn text(&self, shared: &Shared) -> Text {
        let year = self.year;
        let Text { zh, en } = &self.scenario;
        let (mut zh, mut en) = (
            format!(
                "成本：{year} 年新增措施的年成本，措施取自《{zh}》，各规则下每个地区都按自己最省的办法做"
            ),
            format!(
                "Cost: yearly, in {year}, of the measures of “{en}”, each part cutting in the way that is cheapest for it"
            ),
        );
        let id = &shared.pollutant;
        match &self.cheapest {
            Cheapest::Most(most) => {
                let most = percent(most / shared.emission());
                zh += &format!("；这些措施合计至多削减 {most}，做不到总目标，没有“成本最低”一列");
                en += &format!(
                    "; together these measures cut {most} at most, less than is asked, so there is no column of least cost"
                );
            }
            Cheapest::BelowFloor(parts) => {
                let list = |pick: &dyn Fn(&Text) -> String, by: &str| {
                    let each = parts.iter().map(|(i, rate)| {
                        format!("{} {}", pick(&shared.parts[*i].name), percent(*rate))
                    });
                    each.collect::<Vec<_>>().join(by)
                };
                zh += &format!(
                    "；以下地区用这些措施达不到自己的下限，没有“成本最低”一列（最多削减）：{}",
                    list(&|name| name.zh.clone(), "、")
                );
                en += &format!(
                    "; no column of least cost: with these measures some parts cannot keep their floors (they cut at most): {}",
                    list(&|name| name.en.clone(), ", ")
                );
            }
            Cheapest::Shared(Some(price)) if price * MONEY < 0.5 => {
                zh += "；成本最低时，省钱的措施已经够用，多削减 1 吨不另花钱";
                en += "; at least cost what saves money is enough: a tonne more costs nothing";
            }
            Cheapest::Shared(Some(price)) => {
                let yuan = crate::case::number(price * MONEY);
                zh += &format!("；成本最低时，最后 1 吨 {id} {yuan} 元");
                en += &format!("; at least cost the last tonne of {id} costs {yuan} yuan");
            }
            Cheapest::Shared(None) => {
                zh += "；成本最低时各地区都已做到头";
                en += "; at least cost every part does all it can";
            }
        }
        Text::new(zh, en)
    }
}

/// The tables for machines.
pub fn json(shared: &Shared) -> Value {
    let mut value = write::document(&tables(shared));
    value["pollutant"] = json!(shared.pollutant);
    value["cut_t"] = json!(shared.cut);
    value["unit_t"] = json!(shared.unit);
    value
}

/// The chart: the rate of each part by each rule, in both languages.
pub fn charts(shared: &Shared) -> Vec<Figure> {
    let emission = shared.emission();
    let told = shared.rules.iter().position(|rule| rule.id == COST.0);
    // The rule whose values are told is the one that orders the parts; else what is
    // official, else the last rule.
    let rate = |i: usize, rule: &ByRule| rule.cuts[i] / shared.parts[i].emission * 100.0;
    let key = |i: usize| -> f64 {
        let part = &shared.parts[i];
        let official = part.official.map(|rate| rate * 100.0);
        let own = told.map(|told| rate(i, &shared.rules[told]));
        own.or(official)
            .or(shared.rules.last().map(|rule| rate(i, rule)))
            .unwrap_or(0.0)
    };
    let mut order: Vec<usize> = (0..shared.parts.len()).collect();
    order.sort_by(|a, b| key(*b).total_cmp(&key(*a)));
    let rows = order.iter().map(|i| StripRow {
        name: shared.parts[*i].name.clone(),
        values: shared.rules.iter().map(|rule| rate(*i, rule)).collect(),
        mark: shared.parts[*i].official.map(|rate| rate * 100.0),
    });
    let whole = percent(shared.cut / emission);
    let span = |rates: &mut dyn Iterator<Item = f64>| {
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for rate in rates {
            (low, high) = (low.min(rate), high.max(rate));
        }
        (low.is_finite()).then(|| (percent(low), percent(high)))
    };
    let official = span(&mut shared.parts.iter().filter_map(|part| part.official));
    let cheapest = told.map(|told| &shared.rules[told]);
    let cheapest = cheapest.and_then(|rule| {
        let rates = rule.cuts.iter().zip(&shared.parts);
        span(&mut rates.map(|(cut, part)| cut / part.emission))
    });
    let id = &shared.pollutant;
    let Text { zh, en } = &shared.whole;
    let (mut zh, mut en) = (
        format!("{zh}{id}削减 {whole}的分解"),
        format!("{id} of {en}, {whole} to be cut"),
    );
    for (range, name_zh, name_en) in [
        (cheapest, "成本最低时各地区", "at least cost the parts cut"),
        (official, "官方下达", "officially"),
    ] {
        if let Some((low, high)) = range {
            zh += &format!("，{name_zh} {low}—{high}");
            en += &format!(", {name_en} {low} to {high}");
        }
    }
    let mut footnote = (
        "各地区削减比例之和按排放量加权，等于总目标".to_string(),
        "rates weighted with emissions sum to the whole".to_string(),
    );
    if let Some(year) = shared.base_year {
        footnote.0 = format!("较 {year} 年；{}", footnote.0);
        footnote.1 = format!("on {year}; {}", footnote.1);
    }
    if let Some(priced) = &shared.priced {
        let text = priced.text(shared);
        footnote.0 += &format!("。{}", text.zh);
        footnote.1 += &format!(". {}", text.en);
    }
    let strip = Strip {
        title: Text::new(zh, en),
        subtitle: Text::new("各地区的削减比例（%）", "Rate of reduction by part (%)"),
        series: shared.rules.iter().map(|rule| rule.name.clone()).collect(),
        told,
        rows: rows.collect(),
        footnote: Text::new(footnote.0, footnote.1),
    };
    both("allocation", |lang| strip.render(lang)).to_vec()
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
        Column::number("cost", "成本", "Cost", Unit::Yuan).form(Form::Signed),
        Column::id("bound", "受限", "Bound"),
        Column::unit("unit", "单位", "Unit"),
    ];
    let title = Text::new("目标分解", "Target by part");
    let mut table = Table::new("allocation", title, columns);
    table.across = Some(Across {
        most: 8,
        ..Across::of(&["part"], ("rule", "rule_name"), "rate")
    });
    let official = |part: &Part| part.official.map(|rate| rate * part.emission);
    let known: Option<Vec<f64>> = shared.parts.iter().map(official).collect();
    if shared.parts.iter().any(|part| part.official.is_some()) {
        let name = Text::new("官方下达", "official");
        for (i, part) in shared.parts.iter().enumerate() {
            let cut = known.as_ref().map(|all| all[i]).or(official(part));
            line(&mut table, (OFFICIAL, &name), part, (cut, None), "");
        }
        let total = known.map(|all| all.iter().sum());
        total_line(shared, &mut table, (OFFICIAL, &name), (total, None));
    }
    for rule in &shared.rules {
        let (name, cuts) = (&rule.name, &rule.cuts);
        let whole = round_to_sum(cuts, shared.unit);
        let costs = |i: usize| rule.costs.as_ref().and_then(|costs| costs[i]);
        let each = shared.parts.iter().zip(cuts).zip(&whole).enumerate();
        for (i, ((part, cut), units)) in each {
            let bound = match cut / part.emission {
                rate if (rate - part.floor).abs() < 1e-9 && part.floor < part.ceiling => "floor",
                rate if (rate - part.ceiling).abs() < 1e-9 => "ceiling",
                _ => "",
            };
            let tonnes = *units as f64 * shared.unit;
            let cost = costs(i).map(|cost| cost * MONEY);
            line(
                &mut table,
                (rule.id, name),
                part,
                (Some(tonnes), cost),
                bound,
            );
        }
        let sum = whole.iter().sum::<i64>() as f64 * shared.unit;
        total_line(
            shared,
            &mut table,
            (rule.id, name),
            (Some(sum), rule.cost()),
        );
    }
    table
}

fn line(
    table: &mut Table,
    (rule, name): (&str, &Text),
    part: &Part,
    (cut, cost): (Option<f64>, Option<f64>),
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
        cost.into(),
        Some(bound).filter(|bound| !bound.is_empty()).into(),
        Unit::PlainTonne.into(),
    ]);
}

fn total_line(
    shared: &Shared,
    table: &mut Table,
    rule: (&str, &Text),
    numbers: (Option<f64>, Option<f64>),
) {
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
    line(table, rule, &total, numbers, "");
}

impl ByRule {
    /// What all cuts cost together (yuan); `None` where a part cannot make its own.
    fn cost(&self) -> Option<f64> {
        let all: Option<Vec<f64>> = self.costs.as_ref()?.iter().copied().collect();
        all.map(|all| all.iter().sum::<f64>() * MONEY)
    }

    /// The parts that cannot make their cut with the measures there are.
    fn short(&self) -> usize {
        let costs = self.costs.iter().flatten();
        costs.filter(|cost| cost.is_none()).count()
    }
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
        Column::number("cost", "总成本", "Cost", Unit::Yuan)
            .form(Form::Signed)
            .absent(if shared.priced.is_some() { "—" } else { "" })
            .at(8),
        Column::number("extra", "比最省多花", "More than least", Unit::Yuan)
            .form(Form::Signed)
            .at(9),
        Column::whole("short", "做不到的地区", "Parts that cannot").at(10),
    ];
    let title = Text::new("公平与集中", "Fairness and concentration");
    let mut table = Table::new("fairness", title, columns);
    let parts = &shared.parts;
    let given: Vec<Part> = parts
        .iter()
        .filter(|p| p.official.is_some())
        .cloned()
        .collect();
    if !given.is_empty() {
        let cuts = given.iter().map(|p| p.official.unwrap_or(0.0) * p.emission);
        let name = if given.len() == parts.len() {
            Text::new("官方下达", "official")
        } else {
            let count = given.len();
            Text::new(
                format!("官方下达（有指标的 {count} 个）"),
                format!("official ({count} parts that have one)"),
            )
        };
        table.row(fair(
            &given,
            (OFFICIAL, &name),
            &cuts.collect::<Vec<_>>(),
            [None, None],
            None,
        ));
    }
    let least = shared.rules.iter().find(|rule| rule.id == COST.0);
    let least = least.and_then(ByRule::cost);
    for rule in &shared.rules {
        let short = shared.priced.as_ref().map(|_| rule.short());
        let cost = rule.cost();
        let extra = cost.and_then(|cost| Some(cost - least?));
        let name = (rule.id, &rule.name);
        table.row(fair(parts, name, &rule.cuts, [cost, extra], short));
    }
    table
}

fn fair(
    parts: &[Part],
    (id, name): (&str, &Text),
    cuts: &[f64],
    costs: [Option<f64>; 2],
    short: Option<usize>,
) -> Vec<Cell> {
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
        costs[0].into(),
        costs[1].into(),
        short.into(),
    ]
}
