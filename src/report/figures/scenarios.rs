//! A few scenarios on one scorecard: targets, bands, cost.

use super::compare::{names, pollutants};
use super::footnote::footnote_of;
use crate::case::{Case, Tally, demand_text, display, number, short_name, signed_percent};
use crate::chart::{CardCell, CardRow, CardTarget, ScenarioCard};
use crate::claims::Claim;
use crate::costs;
use jianpai_core::catalogue::Book;
use jianpai_core::dims::IndicatorId;
use jianpai_core::discrepancy::{self, Attained};
use jianpai_core::target::{Demand, Target, Verdict};
use jianpai_core::text::{Lang, Text};

/// Yuan in the unit of the costs drawn.
const MONEY: f64 = 1e8;

/// What makes two targets of several scenarios one column: what they speak of and how, but
/// not how much they ask.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Same {
    indicator: IndicatorId,
    book: Book,
    year: i32,
    kind: u8,
    base: i32,
}

fn same(target: &Target) -> Same {
    let (kind, base) = match target.demand {
        Demand::Reduction { base_year, .. } => (0, base_year),
        Demand::Cap(_) => (1, 0),
        Demand::Floor(_) => (2, 0),
        Demand::Cumulative { from, .. } => (3, from),
        Demand::Project { base_year, .. } => (4, base_year),
    };
    Same {
        indicator: target.indicator,
        book: target.book,
        year: target.year,
        kind,
        base,
    }
}

/// Whether a verdict's `reached` is better when it is greater.
fn more_is_better(demand: Demand) -> bool {
    !matches!(demand, Demand::Cap(_) | Demand::Cumulative { .. })
}

/// What is reached and required in the terms of a column: percent of a reduction, units
/// for people of all else.
fn scale(case: &Case<'_>, target: &Target) -> f64 {
    match target.demand {
        Demand::Reduction { .. } => 0.01,
        _ => display(&case.catalogue.indicators[target.indicator.at()]).scale,
    }
}

fn cell(case: &Case<'_>, target: &Target, verdict: &Verdict) -> CardCell {
    let scale = scale(case, target);
    let shown = match target.demand {
        Demand::Reduction { .. } => reduction(verdict),
        _ => number(verdict.reached / scale),
    };
    let band = case.band(target, verdict);
    CardCell {
        reached: verdict.reached / scale,
        shown,
        limit: verdict.required / scale,
        band: band.map(|band| (band.low / scale, band.high / scale)),
        standing: case.standing(target, Some(verdict)),
    }
}

/// A reduction as a change, with as many decimals as tell it from what is asked.
fn reduction(verdict: &Verdict) -> String {
    let (reached, required) = (-verdict.reached, -verdict.required);
    let shown = signed_percent(reached);
    if shown != signed_percent(required) || (reached - required).abs() < 1e-9 {
        return shown;
    }
    format!("{:+.3}%", reached * 100.0).replace('-', "−")
}

/// The scorecard of a few scenarios; `None` where none has a target.
pub fn scorecard(cases: &[Case<'_>]) -> Option<ScenarioCard> {
    let mut columns: Vec<(Same, usize, usize)> = Vec::new();
    for (c, case) in cases.iter().enumerate() {
        for (t, target) in case.scenario.targets.iter().enumerate() {
            if !columns.iter().any(|(known, ..)| *known == same(target)) {
                columns.push((same(target), c, t));
            }
        }
    }
    if columns.is_empty() {
        return None;
    }
    let targets = columns.iter().map(|(key, c, t)| {
        let case = &cases[*c];
        column(cases, *key, case, &case.scenario.targets[*t])
    });
    let names = names(cases);
    let rows: Vec<CardRow> = cases
        .iter()
        .zip(&names)
        .map(|(case, name)| {
            let chances = chances(case);
            CardRow {
                name: name.clone(),
                cells: columns.iter().map(|(key, ..)| own(case, *key)).collect(),
                cost: cost(case),
                probability: chances.all,
                stated: stated(&chances),
            }
        })
        .collect();
    let shown: Vec<usize> = columns.iter().map(|(key, ..)| key.indicator.at()).collect();
    let priced = rows.iter().any(|row| row.cost.is_some());
    let mut footnote = footnote_of(cases, &pollutants(&cases[0], &shown), &shown);
    if priced {
        let note = cost_note(cases);
        footnote.zh = note.zh + &footnote.zh;
        footnote.en = note.en + &footnote.en;
    }
    if rows.iter().any(|row| row.probability.is_some()) {
        let note = chance_note(cases);
        footnote.zh = note.zh + &footnote.zh;
        footnote.en = note.en + &footnote.en;
    }
    Some(ScenarioCard {
        title: headline(cases, &names),
        subtitle: Text::new(
            "每行一个情景，每列一项目标：数字为达到值，虚线为要求",
            "One scenario a row, one target a column: the figure is what is reached, the dashed line what is asked",
        ),
        targets: targets.collect(),
        rows,
        cost: cost_heading(cases),
        chance: chance_heading(cases),
        footnote,
    })
}

/// How a case stands with the target of a column.
fn own(case: &Case<'_>, key: Same) -> Option<CardCell> {
    let mut targets = case.targets();
    let (target, verdict) = targets.find(|(target, _)| same(target) == key)?;
    Some(cell(case, target, verdict?))
}

/// A column: what it is about, and what is asked where all ask the same.
fn column(cases: &[Case<'_>], key: Same, case: &Case<'_>, target: &Target) -> CardTarget {
    let indicator = &case.catalogue.indicators[key.indicator.at()];
    let all = cases.iter().flat_map(|case| case.scenario.targets.iter());
    let mut asks: Vec<Text> = Vec::new();
    for other in all.filter(|other| same(other) == key) {
        let text = demand_text(indicator, other);
        if !asks.contains(&text) {
            asks.push(text);
        }
    }
    let ends = cases.iter().all(|case| case.scenario.end_year == key.year);
    let year = key.year;
    let asks = match asks.as_slice() {
        [one] if ends => one.clone(),
        [one] => Text::new(
            format!("{year}年{}", one.zh),
            format!("{} by {year}", one.en),
        ),
        _ => Text::new(
            format!("{year}年，各情景要求不同"),
            format!("{year}, asked differently"),
        ),
    };
    let unit = match target.demand {
        Demand::Reduction { .. } => Text::default(),
        _ => display(indicator).unit,
    };
    let name = short_name(case.catalogue, indicator);
    let name = if unit.zh.is_empty() {
        name
    } else {
        Text::new(
            format!("{}（{}）", name.zh, unit.zh),
            format!("{} ({})", name.en, unit.en),
        )
    };
    CardTarget {
        name,
        asks,
        more_is_better: more_is_better(target.demand),
    }
}

/// What the new measures cost in the last year, with its range; `None` where no figure is
/// known.
fn cost(case: &Case<'_>) -> Option<(f64, f64, f64)> {
    let (all, _) = costs::of_new(case);
    all.is_known()
        .then_some((all.value / MONEY, all.low / MONEY, all.high / MONEY))
}

/// How surely the targets of a case are met, by the model's past errors alone.
fn chances(case: &Case<'_>) -> Attained {
    let run = (case.scenario, case.plan);
    discrepancy::attained(case.catalogue, run, case.outcome)
}

/// The probability of all targets with an error on record, as far as the record allows.
fn stated(chances: &Attained) -> Option<String> {
    let share = chances.all?;
    let cases: Vec<Option<usize>> = chances
        .each
        .iter()
        .map(|one| Some(one.as_ref()?.1))
        .collect();
    let own = |i: usize| Some(chances.each[i].as_ref()?.0);
    Some(Claim::of_all(share, None, (&cases, &own)).text(share))
}

/// What the probability speaks of.
fn chance_heading(cases: &[Case<'_>]) -> Text {
    let counts = cases.iter().map(|case| {
        let each = chances(case).each;
        (each.iter().flatten().count(), each.len())
    });
    let mut counts: Vec<(usize, usize)> = counts.collect();
    counts.sort_unstable();
    counts.dedup();
    match counts.as_slice() {
        [(some, all)] if some == all => Text::new("全部目标达标概率", "all targets met in"),
        [(some, _)] => Text::new(
            format!("有误差记录的{some}项均达标的概率"),
            format!("the {some} with past errors all met in"),
        ),
        _ => Text::new(
            "有误差记录的目标均达标的概率",
            "those with past errors all met in",
        ),
    }
}

/// What the probability counts and what it does not.
fn chance_note(cases: &[Case<'_>]) -> Text {
    let mut without: Vec<Text> = Vec::new();
    for case in cases {
        let each = chances(case).each;
        for (target, _) in case
            .scenario
            .targets
            .iter()
            .zip(each)
            .filter(|one| one.1.is_none())
        {
            let indicator = &case.catalogue.indicators[target.indicator.at()];
            let name = short_name(case.catalogue, indicator);
            if !without.contains(&name) {
                without.push(name);
            }
        }
    }
    let mut text = Text::new(
        "概率只按模型以往的误差推算，各指标的误差视为互不相关，增速、力度等输入不变",
        "The probability comes from the model's past errors alone, those of different indicators \
         taken as independent, with growth and measures as stated",
    );
    if !without.is_empty() {
        let list = |lang: Lang| {
            let names: Vec<&str> = without.iter().map(|name| name.get(lang)).collect();
            names.join(lang.pick("、", ", "))
        };
        text.zh += &format!("；{}没有误差记录，不在其内", list(Lang::Zh));
        text.en += &format!("; without such a record and not in it: {}", list(Lang::En));
    }
    text.zh += "。";
    text.en += ". ";
    text
}

fn cost_heading(cases: &[Case<'_>]) -> Text {
    let year = cases[0].scenario.end_year;
    let prices = cases[0].plan.price_year;
    if cases.iter().any(|case| case.scenario.end_year != year) {
        return Text::new(
            format!("新增措施期末年费用（亿元，{prices}年价）"),
            format!("cost of new measures in the last year (10⁸ CNY of {prices})"),
        );
    }
    Text::new(
        format!("新增措施{year}年费用（亿元，{prices}年价）"),
        format!("cost of new measures in {year} (10⁸ CNY of {prices})"),
    )
}

/// What is in the costs and what is not.
fn cost_note(cases: &[Case<'_>]) -> Text {
    let unknown: Vec<usize> = cases.iter().map(|case| costs::of_new(case).1).collect();
    let (low, high) = (
        unknown.iter().copied().min().unwrap_or(0),
        unknown.iter().copied().max().unwrap_or(0),
    );
    let count = if low == high {
        low.to_string()
    } else {
        format!("{low}—{high}")
    };
    if high == 0 {
        return Text::new("费用低于零为省钱。", "A cost below zero is money saved. ");
    }
    Text::new(
        format!("费用低于零为省钱；各情景另有{count}项措施没有费用数据，未计入。"),
        format!(
            "A cost below zero is money saved; {count} measures a scenario have no figure and are not in it. "
        ),
    )
}

/// How many of the targets met are so by no more than the model is usually wrong.
fn near(tally: &Tally) -> Text {
    match tally.within {
        0 => Text::default(),
        all if all == tally.met => Text::new("（均在误差之内）", ", all within error"),
        some => Text::new(
            format!("（{some}项在误差之内）"),
            format!(" ({some} within error)"),
        ),
    }
}

/// A cost with its range, as far as it can be told: not as one or the other where the range
/// holds both money saved and money spent.
fn money((value, low, high): (f64, f64, f64)) -> Text {
    let amount = number(value.abs());
    if low < 0.0 && high > 0.0 {
        let ends = [low, high].map(|end| {
            let sign = if end < 0.0 { "−" } else { "" };
            format!("{sign}{}", number(end.abs()))
        });
        let [low, high] = ends;
        return Text::new(
            format!("，年费用在{low}～{high}亿元之间，是省是花尚不能定"),
            format!(", at {low} to {high} (10⁸ CNY) a year: saving or costing is not settled"),
        );
    }
    if value < 0.0 {
        Text::new(
            format!("，每年省{amount}亿元"),
            format!(", saving {amount} (10⁸ CNY) a year"),
        )
    } else {
        Text::new(
            format!("，年费用{amount}亿元"),
            format!(", at {amount} (10⁸ CNY) a year"),
        )
    }
}

/// Which scenarios meet everything, and the cheapest of them; or which comes nearest.
fn headline(cases: &[Case<'_>], names: &[Text]) -> Text {
    let tallies: Vec<_> = cases.iter().map(Case::tally).collect();
    let count = cases.len();
    let full: Vec<usize> = (0..count)
        .filter(|c| tallies[*c].all() > 0 && tallies[*c].met == tallies[*c].all())
        .collect();
    let priced = |c: usize| cost(&cases[c]).map(|cost| cost.0);
    let said = |c: usize| {
        let near = near(&tallies[c]);
        let cost = cost(&cases[c]).map_or(Text::default(), money);
        Text::new(near.zh + &cost.zh, near.en + &cost.en)
    };
    let quoted = |c: usize, lang: Lang| names[c].get(lang).to_string();
    match full.as_slice() {
        [] => {
            let best = (0..count).max_by_key(|c| (tallies[*c].met, count - c));
            let best = best.unwrap_or(0);
            let (met, all) = (tallies[best].met, tallies[best].all());
            Text::new(
                format!(
                    "{count}个情景均未全部达标；最接近的是{}：{all}项达到{met}项",
                    quoted(best, Lang::Zh)
                ),
                format!(
                    "None of {count} scenarios meets every target; nearest is {}: {met} of {all}",
                    quoted(best, Lang::En)
                ),
            )
        }
        [one] => {
            let cost = said(*one);
            Text::new(
                format!(
                    "{count}个情景中只有{}全部达标{}",
                    quoted(*one, Lang::Zh),
                    cost.zh
                ),
                format!(
                    "Of {count} scenarios only {} meets every target{}",
                    quoted(*one, Lang::En),
                    cost.en
                ),
            )
        }
        several => {
            let found = several.len();
            let known = several.iter().copied().filter(|c| priced(*c).is_some());
            let cheapest = known.min_by(|a, b| {
                let (a, b) = (priced(*a).unwrap_or(0.0), priced(*b).unwrap_or(0.0));
                a.total_cmp(&b)
            });
            let rest = cheapest.map_or(Text::default(), |c| {
                let cost = said(c);
                Text::new(
                    format!("；其中费用中值最低的是{}{}", quoted(c, Lang::Zh), cost.zh),
                    format!(
                        "; the cheapest of them by central figures is {}{}",
                        quoted(c, Lang::En),
                        cost.en
                    ),
                )
            });
            Text::new(
                format!("{count}个情景中{found}个全部达标{}", rest.zh),
                format!("{found} of {count} scenarios meet every target{}", rest.en),
            )
        }
    }
}
