//! What a report says in sentences. A finding holds what it says as numbers and names; its
//! sentence is one `match`, and every number in it is printed as the tables beside it print it.

use super::balance::{Balance, Part, Rounded};
use super::levels::{self, Ways};
use super::names::row;
use crate::case::{Case, Tally, number, percent, plain_account};
use crate::view::run::{IndicatorResult, TargetResult};
use crate::view::{Form, Unit};
use jianpai_core::costing::Costing;
use jianpai_core::text::{Lang, Text};

/// Something that was found, to be said in a sentence.
#[derive(Clone, Debug)]
pub enum Finding {
    /// What was tested.
    Tested(Tested),
    /// How many targets are met.
    Score(Tally),
    /// A target and what is reached.
    Target(Judged),
    /// Where the change of an account comes from.
    Change(Change),
    /// What the new measures cost.
    Cost(Cost),
    /// How wrong the verdicts may be.
    Sure {
        /// Targets with a band.
        with: usize,
        /// The names of those without.
        without: Vec<Text>,
    },
    /// How much of the results rests on numbers with a source.
    Sourced {
        /// The least: of which indicator, and the part of 1.
        least: (Text, f64),
        /// The most.
        most: (Text, f64),
    },
    /// Targets outside the model.
    Outside {
        /// How many.
        count: usize,
    },
    /// An option beside others.
    Choice(Choice),
    /// Which of several options do best.
    Best(Best),
    /// How a plan that meets all targets differs from what is stated.
    Ways(Ways),
    /// A sentence made elsewhere, without its stop.
    Said(Text),
}

/// What was tested.
#[derive(Clone, Debug)]
pub struct Tested {
    /// The region.
    pub region: Text,
    /// The scenario's name.
    pub scenario: Text,
    /// The document it comes from.
    pub document: Option<String>,
    /// First year, the year that targets count from, last year.
    pub years: [i32; 3],
    /// New measures, and those of current policy.
    pub measures: [usize; 2],
}

/// A target and what is reached, as its table prints them.
#[derive(Clone, Debug)]
pub struct Judged {
    /// The indicator.
    pub name: Text,
    /// The year by which it is to be met.
    pub year: i32,
    /// What is demanded.
    pub demand: Text,
    /// What is reached; `None` where it cannot be judged.
    pub reached: Option<Text>,
    /// Half the 90 % band.
    pub error: Option<Text>,
    /// Whether the error is in percentage points.
    pub points: bool,
    /// The verdict.
    pub verdict: Text,
}

/// Where the change of an account comes from, rounded as in its balance.
#[derive(Clone, Debug)]
pub struct Change {
    /// The account.
    pub name: Text,
    /// First and last year.
    pub years: [i32; 2],
    /// The unit.
    pub unit: Text,
    /// First, last, net change, growth, current policy, new measures.
    pub amounts: [String; 6],
    /// The new measures that change most, each with its amount.
    pub most: Vec<(Text, String)>,
}

/// What the new measures cost.
#[derive(Clone, Debug)]
pub struct Cost {
    /// The year of the cost, and that of its prices.
    pub years: [i32; 2],
    /// The whole: yuan, its range, and what it rests on.
    pub whole: Costing,
    /// Measures without a figure.
    pub unknown: usize,
    /// The dearest measures (yuan).
    pub dearest: Vec<(Text, f64)>,
    /// Measures that save money, how many and how much together (yuan).
    pub savers: Vec<(Text, f64)>,
}

/// An option beside others.
#[derive(Clone, Debug)]
pub struct Choice {
    /// Its name.
    pub name: Text,
    /// Its targets.
    pub tally: Tally,
    /// The targets it misses.
    pub missed: Vec<Text>,
    /// What its new measures cost, with its range (yuan); `None` where nothing is known.
    pub cost: Option<[f64; 3]>,
    /// The year of the cost.
    pub year: i32,
}

/// Which options meet all their targets, and the cheapest of those.
#[derive(Clone, Debug)]
pub struct Best {
    /// How many there are.
    pub of: usize,
    /// Those that meet all.
    pub full: Vec<Text>,
    /// The cheapest of them, where the costs of all are known.
    pub cheapest: Option<Text>,
    /// The largest number of targets met by one, and by which.
    pub most: (usize, Vec<Text>),
}

/// 10⁸ yuan.
pub(super) fn yuan(value: f64) -> String {
    number(value / Unit::Yuan.shown().scale)
}

impl Finding {
    /// The sentence.
    pub fn text(&self) -> Text {
        match self {
            Finding::Tested(found) => tested(found),
            Finding::Score(tally) => score(*tally),
            Finding::Target(found) => judged(found),
            Finding::Change(found) => change(found),
            Finding::Cost(found) => cost(found),
            Finding::Sure { with, without } => sure(*with, without),
            Finding::Sourced { least, most } => sourced(least, most),
            Finding::Outside { count } => Text::new(
                format!("另有{count}项目标不在模型之内，只列出、不判定。"),
                format!("{count} more targets lie outside the model: listed, not judged."),
            ),
            Finding::Choice(found) => choice(found),
            Finding::Best(found) => best(found),
            Finding::Ways(found) => levels::said(found),
            Finding::Said(text) => Text::new(format!("{}。", text.zh), format!("{}.", text.en)),
        }
    }
}

fn tested(found: &Tested) -> Text {
    let Tested {
        region,
        scenario,
        years: [first, base, last],
        measures: [new, current],
        ..
    } = found;
    let by = |lang: Lang| match (&found.document, lang) {
        (None, _) => String::new(),
        (Some(document), Lang::Zh) => format!("依据{document}，"),
        (Some(document), Lang::En) => format!(" It follows {document}."),
    };
    Text::new(
        format!(
            "{}对{}的方案《{}》逐年测算，自{first}年至{last}年，变化从{base}年起算；计入新增措施{new}项、现行政策与自然更新{current}项。",
            by(Lang::Zh),
            region.zh,
            scenario.zh
        ),
        format!(
            "“{}” was run for {}, year by year from {first} to {last}; changes count from {base}. It has {new} new measures beside {current} of current policy and renewal.{}",
            scenario.en,
            region.en,
            by(Lang::En)
        ),
    )
}

fn score(tally: Tally) -> Text {
    if tally.all() == 0 {
        return Text::new(
            "该情景没有设定可由模型判定的目标，以下只给出测算结果。",
            "The scenario has no target that the model can judge; what follows are its results alone.",
        );
    }
    let zh = crate::summary::score_text(tally, Lang::Zh);
    let en = crate::summary::score_text(tally, Lang::En);
    let near = |lang: Lang| crate::summary::within_text(tally, lang);
    let zh = tight(&format!("{zh}{}。", near(Lang::Zh)));
    let mut first = en.chars();
    let head = first.next().map(|c| c.to_uppercase().to_string());
    Text::new(
        zh,
        format!(
            "{}{}{}.",
            head.unwrap_or_default(),
            first.as_str(),
            near(Lang::En)
        ),
    )
}

/// A verdict without its mark and its brackets: `达到，误差之内，余 7.58 万吨`.
fn plain_verdict(verdict: &str, lang: Lang) -> String {
    let text = verdict.trim_start_matches(['✓', '≈', '✗', '?', ' ']);
    let (open, close, comma) = lang.pick(("（", "）", "，"), (" (", ")", ", "));
    let text = text.trim_end_matches(close).replace(open, comma);
    match lang {
        Lang::Zh => tight(&text),
        Lang::En => text,
    }
}

/// Chinese without the spaces around its numbers.
fn tight(text: &str) -> String {
    let near = |c: Option<char>| c.is_some_and(|c| !c.is_ascii() || c.is_ascii_digit());
    let all: Vec<char> = text.chars().collect();
    let keep = |i: usize| {
        let before = i.checked_sub(1).map(|before| all[before]);
        all[i] != ' ' || !(near(before) && near(all.get(i + 1).copied()))
    };
    (0..all.len())
        .filter(|i| keep(*i))
        .map(|i| all[i])
        .collect()
}

fn judged(found: &Judged) -> Text {
    let error = |lang: Lang| match (&found.error, found.points, lang) {
        (None, ..) => String::new(),
        (Some(error), true, Lang::Zh) => format!("（误差{}个百分点）", error.zh),
        (Some(error), false, Lang::Zh) => format!("（误差{}）", error.zh),
        (Some(error), true, Lang::En) => format!(" ({} points)", error.en),
        (Some(error), false, Lang::En) => format!(" ({})", error.en),
    };
    let Judged {
        name,
        year,
        demand,
        verdict,
        ..
    } = found;
    match &found.reached {
        None => Text::new(
            format!("{}：要求到{year}年{}，{}。", name.zh, demand.zh, verdict.zh),
            format!(
                "{}: {} asked by {year}; {}.",
                name.en, demand.en, verdict.en
            ),
        ),
        Some(reached) => Text::new(
            format!(
                "{}：要求到{year}年{}，测算结果{}{}，{}。",
                name.zh,
                demand.zh,
                reached.zh,
                error(Lang::Zh),
                plain_verdict(&verdict.zh, Lang::Zh)
            ),
            format!(
                "{}: {} asked by {year}, {} reached{}; {}.",
                name.en,
                demand.en,
                reached.en,
                error(Lang::En),
                plain_verdict(&verdict.en, Lang::En)
            ),
        ),
    }
}

fn change(found: &Change) -> Text {
    let [from, to] = found.years;
    let [first, last, net, growth, current, new] = &found.amounts;
    let Text { zh: unit, en } = &found.unit;
    let most = |lang: Lang| {
        let all = found.most.iter();
        let all: Vec<String> = all
            .map(|(name, amount)| match lang {
                Lang::Zh => format!("“{}”{amount}", name.zh),
                Lang::En => format!("{} {amount}", name.en),
            })
            .collect();
        match (all.as_slice(), lang) {
            ([], _) => String::new(),
            (all, Lang::Zh) => format!("，其中{}", all.join("、")),
            (all, Lang::En) => format!(", first of all {}", all.join(", ")),
        }
    };
    Text::new(
        format!(
            "{}：{from}—{to}年由{first}{unit}变为{last}{unit}，净变化{net}{unit}；新增量{growth}，现行政策与自然更新{current}，新增措施{new}{}。",
            found.name.zh,
            most(Lang::Zh)
        ),
        format!(
            "{}: {first} {en} in {from}, {last} in {to}, a net change of {net}; growth {growth}, current policy and renewal {current}, new measures {new}{}.",
            found.name.en,
            most(Lang::En)
        ),
    )
}

fn cost(found: &Cost) -> Text {
    let [year, prices] = found.years;
    let whole = &found.whole;
    let (value, low, high) = (yuan(whole.value), yuan(whole.low), yuan(whole.high));
    let (firm, assumed) = (percent(whole.firm()), percent(whole.assumed()));
    let list = |all: &[(Text, f64)], lang: Lang| {
        let all = all.iter().map(|(name, cost)| {
            let cost = yuan(*cost);
            match lang {
                Lang::Zh => format!("“{}”{cost}亿元", name.zh),
                Lang::En => format!("{} {cost}", name.en),
            }
        });
        all.collect::<Vec<_>>().join(lang.pick("、", ", "))
    };
    let more = |lang: Lang| {
        let mut text = String::new();
        if !found.dearest.is_empty() {
            let list = list(&found.dearest, lang);
            text += &match lang {
                Lang::Zh => format!("费用居前的有{list}；"),
                Lang::En => format!(" The dearest: {list}."),
            };
        }
        if !found.savers.is_empty() {
            let list = list(&found.savers, lang);
            text += &match lang {
                Lang::Zh => format!("节省大于支出的有{list}；"),
                Lang::En => format!(" What saves more than it costs: {list}."),
            };
        }
        if found.unknown > 0 {
            let count = found.unknown;
            text += &match lang {
                Lang::Zh => format!("另有{count}项措施没有费用数据，未计入；"),
                Lang::En => format!(" {count} measures have no figure and are not in it."),
            };
        }
        text
    };
    let mut zh = format!(
        "新增措施{year}年费用合计{value}亿元（{low}～{high}亿元，{prices}年价格），其中引用或由引用数计算的占{firm}，假设的占{assumed}；{}",
        more(Lang::Zh)
    );
    zh.truncate(zh.trim_end_matches('；').len());
    zh.push('。');
    Text::new(
        zh,
        format!(
            "All new measures cost {value} × 10⁸ CNY in {year} ({low} to {high}, prices of {prices}); {firm} of it rests on quoted or computed figures, {assumed} on assumed ones.{}",
            more(Lang::En)
        ),
    )
}

fn sure(with: usize, without: &[Text]) -> Text {
    let none = |lang: Lang| match (without, lang) {
        ([], _) => String::new(),
        (some, Lang::Zh) => format!("；{}没有可比的历史误差，未给误差", row(some, lang)),
        (some, Lang::En) => format!("; {} have no such record and no error", row(some, lang)),
    };
    if with == 0 {
        return Text::new(
            "没有一项目标有可比的历史误差，判定不含误差。",
            "No target has a record of past errors; the verdicts are without error.",
        );
    }
    Text::new(
        format!(
            "误差取自模型对以往规划的回测，为90%范围的半宽，{with}项目标给出误差{}；“达到，误差之内”指余量小于误差。",
            none(Lang::Zh)
        ),
        format!(
            "Errors are those of past plans run by the model, half the width of their 90% range; {with} targets have one{}. “Met, within error” means that the margin is smaller than the error.",
            none(Lang::En)
        ),
    )
}

fn sourced(least: &(Text, f64), most: &(Text, f64)) -> Text {
    let whole = |part: f64| Form::WholePercent.show(part, 1.0, Lang::Zh);
    let (low, high) = (whole(least.1), whole(most.1));
    Text::new(
        format!(
            "各指标期末值所依据的数中，有出处（引用或由引用数计算）的占{low}（{}）至{high}（{}），其余为情景设定、估算或假定。",
            least.0.zh, most.0.zh
        ),
        format!(
            "Of the numbers that the last values rest on, {low} ({}) to {high} ({}) are quoted or computed from quoted ones; the rest is set by the scenario, estimated or assumed.",
            least.0.en, most.0.en
        ),
    )
}

fn choice(found: &Choice) -> Text {
    let tally = found.tally;
    let (met, all, year) = (tally.met, tally.all(), found.year);
    let missed = |lang: Lang| match (found.missed.as_slice(), lang) {
        ([], _) => String::new(),
        (some, Lang::Zh) => format!("，未达到的是{}", row(some, lang)),
        (some, Lang::En) => format!(", missed: {}", row(some, lang)),
    };
    let near = |lang: Lang| match (tally.within, lang) {
        (0, _) => String::new(),
        (count, Lang::Zh) => format!("（{count}项在误差之内）"),
        (count, Lang::En) => format!(" ({count} within the model's error)"),
    };
    let cost = found.cost.map(|ends| ends.map(yuan));
    let cost = |lang: Lang| match (&cost, lang) {
        (None, Lang::Zh) => "；费用不详".to_string(),
        (None, Lang::En) => "; its cost is not known".to_string(),
        (Some([cost, low, high]), Lang::Zh) => {
            format!("；新增措施{year}年费用{cost}亿元（{low}～{high}）")
        }
        (Some([cost, low, high]), Lang::En) => {
            format!("; its new measures cost {cost} × 10⁸ CNY in {year} ({low} to {high})")
        }
    };
    Text::new(
        format!(
            "{}：{all}项目标达到{met}项{}{}{}。",
            found.name.zh,
            near(Lang::Zh),
            missed(Lang::Zh),
            cost(Lang::Zh)
        ),
        format!(
            "{}: {met} of {all} targets met{}{}{}.",
            found.name.en,
            near(Lang::En),
            missed(Lang::En),
            cost(Lang::En)
        ),
    )
}

fn best(found: &Best) -> Text {
    let (count, by) = &found.most;
    if found.full.is_empty() {
        return Text::new(
            format!(
                "{}个方案均未全部达到目标；达到最多的是{}，{count}项。",
                found.of,
                row(by, Lang::Zh)
            ),
            format!(
                "None of the {} options meets all its targets; most are met by {} ({count}).",
                found.of,
                row(by, Lang::En)
            ),
        );
    }
    let cheapest = |lang: Lang| match (&found.cheapest, lang) {
        (None, _) => String::new(),
        (Some(name), Lang::Zh) => format!("，其中费用最低的是{}", name.zh),
        (Some(name), Lang::En) => format!("; the cheapest of these is {}", name.en),
    };
    let full = found.full.len();
    Text::new(
        format!(
            "{}个方案中{full}个全部达到目标：{}{}。",
            found.of,
            row(&found.full, Lang::Zh),
            if full > 1 {
                cheapest(Lang::Zh)
            } else {
                String::new()
            }
        ),
        format!(
            "{full} of {} options meet all their targets: {}{}.",
            found.of,
            row(&found.full, Lang::En),
            if full > 1 {
                cheapest(Lang::En)
            } else {
                String::new()
            }
        ),
    )
}

impl Judged {
    /// A target of a run, and how its table prints what is reached.
    pub fn of(found: &TargetResult, reached: Option<Text>) -> Self {
        Self {
            name: found.short_name.clone(),
            year: found.year,
            demand: found.demand.clone(),
            reached: reached.filter(|_| found.reached.is_some()),
            error: found.error.clone(),
            points: found.kind == "reduction",
            verdict: found.verdict.clone(),
        }
    }
}

/// How many measures a sentence names.
const NAMED: usize = 3;

impl Change {
    /// Where the change of a column of a balance comes from.
    pub fn of(case: &Case<'_>, balance: &Balance, column: &Rounded) -> Self {
        let shown = |l: usize, signed: bool| {
            let form = column.form(l, signed);
            match form {
                Form::Nothing => "0".to_string(),
                form => form.show(column.values[l], 1.0, Lang::Zh),
            }
        };
        let line = |item: &Part, signed: bool| {
            balance
                .line(item)
                .map_or("0".to_string(), |l| shown(l, signed))
        };
        let mut named: Vec<usize> = (0..balance.lines.len())
            .filter(|l| matches!(balance.lines[*l].item, Part::Measure(_)))
            .filter(|l| column.units[*l].is_some_and(|units| units < 0))
            .collect();
        named.sort_by_key(|l| (column.units[*l], *l));
        named.truncate(NAMED);
        let most = named.iter();
        let most = most.map(|l| (balance.lines[*l].name.clone(), shown(*l, true)));
        let amounts = [
            line(&Part::Base, false),
            line(&Part::Total, false),
            line(&Part::Net, true),
            line(&Part::Growth, true),
            line(&Part::Current, true),
            line(&Part::New, true),
        ];
        let name = plain_account(case.catalogue, column.account);
        let both = matches!(column.account, jianpai_core::catalogue::Account::Pollutant(p, _)
            if case.catalogue.pollutants[p.at()].accounting
                == jianpai_core::catalogue::Accounting::Rules);
        Self {
            name: if both {
                balance.book.beside(&name)
            } else {
                name
            },
            years: [case.index_base(), case.scenario.end_year],
            unit: Unit::of_account(column.account).shown().name,
            amounts,
            most: most.collect(),
        }
    }
}

impl Finding {
    /// The least and the most sourced of some indicators; `None` where that of none is known.
    pub fn sourced(all: &[IndicatorResult]) -> Option<Self> {
        let known = all.iter().filter(|one| !one.repeats);
        let known = known.filter_map(|one| Some((one.name.clone(), one.sourced?)));
        let known: Vec<(Text, f64)> = known.collect();
        let least = known.iter().min_by(|a, b| a.1.total_cmp(&b.1))?;
        let most = known.iter().max_by(|a, b| a.1.total_cmp(&b.1))?;
        Some(Finding::Sourced {
            least: least.clone(),
            most: most.clone(),
        })
    }
}
