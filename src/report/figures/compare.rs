//! Charts over several scenarios.

use super::footnote::footnote_of;
use crate::case::{Case, demand_text, short_name, signed_percent, splice_mark};
use crate::chart::{self, Comparison, ComparisonRow, LineChart, Mark, Series, TargetMark};
use crate::standing::Standing;
use jianpai_core::catalogue::{Account, Book};
use jianpai_core::dims::PollutantId;
use jianpai_core::text::Text;

/// From which year to which a case counts.
pub(super) fn span(case: &Case<'_>) -> (i32, i32) {
    (case.index_base(), case.scenario.end_year)
}

pub(super) fn same_span(cases: &[Case<'_>]) -> bool {
    cases.iter().all(|case| span(case) == span(&cases[0]))
}

/// The year that curves of several cases take as 100: the one that the targets of all
/// count from, or else the first that all have.
fn common_base(cases: &[Case<'_>]) -> i32 {
    let first = cases[0].index_base();
    if cases.iter().all(|case| case.index_base() == first) {
        return first;
    }
    let starts = cases.iter().map(|case| case.scenario.base_year);
    starts.max().unwrap_or(first)
}

/// An indicator's change in percent from `base` to the case's last year.
pub(super) fn change(case: &Case<'_>, i: usize, base: i32) -> f64 {
    let values = &case.outcome.indicators[i];
    let from = case.plan.year(base).map_or(f64::NAN, |t| values[t]);
    (values[values.len() - 1] / from - 1.0) * 100.0
}

/// What is drawn, as a subtitle.
pub(super) fn changes_text(cases: &[Case<'_>]) -> Text {
    let (from, to) = span(&cases[0]);
    if same_span(cases) {
        Text::new(
            format!("{to}年较{from}年变化"),
            format!("Change {from}–{to}"),
        )
    } else {
        Text::new(
            "各情景期末较其目标基年的变化",
            "Change from the year that each scenario's targets count from to its last",
        )
    }
}

/// The pollutants whose calibre a chart of these indicators rests on.
pub(super) fn pollutants(case: &Case<'_>, indicators: &[usize]) -> Vec<PollutantId> {
    indicators
        .iter()
        .filter_map(|i| case.catalogue.indicators[*i].kind.pollutant())
        .filter(|p| {
            let account = Account::Pollutant(*p, Book::Physical);
            case.plan.account(account).is_some()
        })
        .collect()
}

/// What each scenario reaches on each indicator, against the targets.
pub fn comparison(cases: &[Case<'_>], shown: &[usize]) -> Comparison {
    let rows = shown.iter().map(|&i| row(cases, i)).collect();
    let tallies: Vec<_> = cases.iter().map(Case::tally).collect();
    let with_targets = tallies.iter().filter(|tally| tally.all() > 0).count();
    let full = tallies.iter().filter(|t| t.all() > 0 && t.met == t.all());
    let within = full.clone().filter(|t| t.within > 0).count();
    let full = full.count();
    // Where some of a scenario's targets are met by no more than the model's error, the
    // title says so.
    let (near_zh, near_en) = match within {
        0 => (String::new(), String::new()),
        all if all == full => (
            "（有的目标在误差之内）".to_string(),
            ", some within the model's error".to_string(),
        ),
        some => (
            format!("（其中{some}个有目标在误差之内）"),
            format!(" ({some} of them within the model's error)"),
        ),
    };
    let best = tallies.iter().max_by_key(|tally| tally.met).copied();
    let best = best.unwrap_or_default();
    let title = match (with_targets, full) {
        (0, _) => Text::new("各情景比较", "Scenarios compared"),
        (count, 0) => Text::new(
            format!(
                "{count}个情景均未全部达标；最好的达到{}项目标中的{}项",
                best.all(),
                best.met
            ),
            format!(
                "None of {count} scenarios meets every target; the best meets {} of {}",
                best.met,
                best.all()
            ),
        ),
        (count, full) if count == cases.len() => Text::new(
            format!("{count}个情景中{full}个全部达标{near_zh}"),
            format!("{full} of {count} scenarios meet every target{near_en}"),
        ),
        (count, full) => Text::new(
            format!("{count}个有目标的情景中{full}个全部达标{near_zh}"),
            format!("{full} of {count} scenarios with targets meet every one{near_en}"),
        ),
    };
    Comparison {
        title,
        subtitle: changes_text(cases),
        scenarios: names(cases),
        muted: None,
        by_verdict: false,
        rows,
        footnote: footnote_of(cases, &pollutants(&cases[0], shown), shown),
    }
}

/// One indicator in many cases, the largest reduction first, each against its own target.
pub fn ranking(cases: &[Case<'_>], i: usize) -> Comparison {
    let mut order: Vec<usize> = (0..cases.len()).collect();
    let key = |c: &usize| change(&cases[*c], i, cases[*c].index_base());
    order.sort_by(|a, b| key(a).total_cmp(&key(b)));
    let ordered: Vec<Case<'_>> = order.iter().map(|c| cases[*c]).collect();
    let all = names(cases);
    let row = row(&ordered, i);
    let count = |mark: Mark| row.marks.iter().filter(|m| **m == mark).count();
    let (within, none) = (count(Mark::Within), count(Mark::NoTarget));
    let met = count(Mark::Met) + within;
    let (near_zh, near_en) = match within {
        0 => (String::new(), String::new()),
        _ => (
            format!("（{within}个在误差之内）"),
            format!(" ({within} within error)"),
        ),
    };
    let judged = cases.len() - none;
    let what = if same_scenario(cases) {
        Text::new("个地区", "regions")
    } else {
        Text::new("个情景", "scenarios")
    };
    let name = &row.name;
    let (rest_zh, rest_en) = if none > 0 && judged > 0 {
        (
            format!("，另{none}个未设目标"),
            format!("; {none} have none"),
        )
    } else {
        (String::new(), String::new())
    };
    let title = if judged == 0 {
        Text::new(
            format!("{}：{}{}，均未设目标", name.zh, cases.len(), what.zh),
            format!(
                "{}: {} {}, none with a target",
                name.en,
                cases.len(),
                what.en
            ),
        )
    } else {
        Text::new(
            format!(
                "{}：{judged}{}中{met}个达到目标{near_zh}{rest_zh}",
                name.zh, what.zh
            ),
            format!(
                "{}: {met} of {judged} {} meet their targets{near_en}{rest_en}",
                name.en, what.en
            ),
        )
    };
    Comparison {
        title,
        subtitle: changes_text(cases),
        scenarios: order.iter().map(|c| all[*c].clone()).collect(),
        muted: None,
        by_verdict: true,
        rows: vec![row],
        footnote: footnote_of(cases, &pollutants(&cases[0], &[i]), &[i]),
    }
}

/// One indicator: what each case reaches, its target where it can be drawn in its last
/// year, and a mark exactly where it has a target.
fn row(cases: &[Case<'_>], i: usize) -> ComparisonRow {
    let indicator = &cases[0].catalogue.indicators[i];
    ComparisonRow {
        name: short_name(cases[0].catalogue, indicator),
        changes: cases
            .iter()
            .map(|case| change(case, i, case.index_base()))
            .collect(),
        targets: cases.iter().map(|case| last_target(case, i)).collect(),
        marks: cases.iter().map(|case| mark_of(case, i)).collect(),
    }
}

/// How a case stands with its targets on an indicator.
pub(super) fn mark_of(case: &Case<'_>, i: usize) -> Mark {
    match case.standing_on(i) {
        None => Mark::NoTarget,
        Some(Standing::Met) => Mark::Met,
        Some(Standing::Within) => Mark::Within,
        Some(Standing::Missed) => Mark::Missed,
        Some(Standing::Open) => Mark::Unjudged,
    }
}

/// The strictest target of the last year, as a change in percent from the year that the
/// case counts from.
pub(super) fn last_target(case: &Case<'_>, i: usize) -> Option<f64> {
    let own = case
        .scenario
        .targets
        .iter()
        .filter(|target| target.indicator.at() == i && target.year == case.scenario.end_year);
    let levels = own.filter_map(|target| case.level(target));
    let levels = levels.map(|level| (level / case.base_value(i) - 1.0) * 100.0);
    let finite = levels.filter(|change| change.is_finite());
    if case.catalogue.indicators[i].higher_is_better {
        finite.max_by(f64::total_cmp)
    } else {
        finite.min_by(f64::total_cmp)
    }
}

pub(super) fn same_scenario(cases: &[Case<'_>]) -> bool {
    let first = &cases[0].scenario.name;
    cases.iter().all(|case| case.scenario.name == *first)
}

/// The names of several cases, with the region and the years where they differ.
pub(super) fn names(cases: &[Case<'_>]) -> Vec<Text> {
    let same_scenario = cases.len() > 1 && same_scenario(cases);
    let same_region = cases.iter().all(|c| c.plan.region == cases[0].plan.region);
    let same_span = same_span(cases);
    let name = |case: &Case<'_>| {
        let region = &case.region().named.name;
        let name = &case.scenario.name;
        let name = match (same_scenario, same_region) {
            (true, false) => region.clone(),
            (_, true) => name.clone(),
            _ => case.title(),
        };
        if same_span {
            return name;
        }
        let (from, to) = span(case);
        Text::new(
            format!("{}（{from}—{to}）", name.zh),
            format!("{} ({from}–{to})", name.en),
        )
    };
    cases.iter().map(name).collect()
}

/// A target on curves: what it asks, at which level, and whose it is.
struct Asked {
    mark: TargetMark,
    asks: Text,
    of: Vec<usize>,
}

/// The targets of a few cases on curves of an indicator, each once.
fn target_marks(cases: &[Case<'_>], i: usize, base: i32) -> Vec<TargetMark> {
    let mut found: Vec<Asked> = Vec::new();
    for (c, case) in cases.iter().enumerate() {
        let from = case.plan.year(base);
        let from = from.map_or(f64::NAN, |t| case.outcome.indicators[i][t]);
        let own = case.targets().filter(|(t, _)| t.indicator.at() == i);
        for (target, verdict) in own {
            let Some(level) = case.level(target) else {
                continue;
            };
            let (year, value) = (target.year, level / from * 100.0);
            let same = |x: &Asked| x.mark.year == year && (x.mark.value - value).abs() < 1e-9;
            if let Some(known) = found.iter_mut().find(|x| same(x)) {
                known.of.push(c);
                continue;
            }
            found.push(Asked {
                mark: TargetMark {
                    year,
                    value,
                    label: Text::default(),
                    standing: case.standing(target, verdict),
                },
                asks: demand_text(&case.catalogue.indicators[i], target),
                of: vec![c],
            });
        }
    }
    let names = names(cases);
    let marks = found.into_iter().map(|Asked { mut mark, asks, of }| {
        let (mut zh, mut en) = (String::from("目标"), String::from("Target"));
        match of.as_slice() {
            [one] if cases.len() > 1 => {
                zh.clone_from(&names[*one].zh);
                en.clone_from(&names[*one].en);
            }
            [_] => {}
            // One mark cannot tell several verdicts.
            _ => mark.standing = Standing::Open,
        }
        mark.label = Text::new(format!("{zh}：{}", asks.zh), format!("{en}: {}", asks.en));
        mark
    });
    marks.collect()
}

/// The splices behind the recorded values of an indicator in any of the cases.
fn splices(cases: &[Case<'_>], i: usize) -> Vec<chart::Splice> {
    let mut found: Vec<chart::Splice> = Vec::new();
    for case in cases {
        for (year, splice) in case.spliced(i) {
            let label = splice_mark(case, splice);
            if !found.iter().any(|s| s.year == year && s.label == label) {
                found.push(chart::Splice { year, label });
            }
        }
    }
    found
}

/// One indicator's index in a few cases, with every target that asks for a level.
pub fn trajectories(cases: &[Case<'_>], i: usize) -> Option<LineChart> {
    let indicator = &cases[0].catalogue.indicators[i];
    let base = common_base(cases);
    let first = cases.iter().map(|case| case.scenario.base_year).min()?;
    let last = cases.iter().map(|case| case.scenario.end_year).max()?;
    let years: Vec<i32> = (first..=last).collect();
    let series = cases.iter().zip(names(cases)).enumerate();
    let series = series.map(|(color, (case, name))| {
        let values = &case.outcome.indicators[i];
        let value = |year: i32| case.plan.year(year).map_or(f64::NAN, |t| values[t]);
        let from = value(base);
        Series {
            name,
            color,
            muted: false,
            values: years
                .iter()
                .map(|year| value(*year) / from * 100.0)
                .collect(),
            observed: Vec::new(),
            bands: Vec::new(),
        }
    });
    let series = series.collect();
    let name = short_name(cases[0].catalogue, indicator);
    let ends: Vec<f64> = cases.iter().map(|case| change(case, i, base)).collect();
    let low = ends.iter().copied().fold(f64::INFINITY, f64::min);
    let high = ends.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let same_end = cases.iter().all(|case| case.scenario.end_year == last);
    let (when_zh, when_en) = if same_end {
        (format!("{last}年"), format!("{last}"))
    } else {
        ("期末".to_string(), "the last year of each".to_string())
    };
    let title = if low.is_finite() && high.is_finite() {
        let (low, high) = (signed_percent(low / 100.0), signed_percent(high / 100.0));
        Text::new(
            format!("{}：{when_zh}较{base}年 {low} 至 {high}", name.zh),
            format!("{}: {low} to {high} between {base} and {when_en}", name.en),
        )
    } else {
        name
    };
    let recorded = cases.iter().map(Case::recorded_until).min();
    Some(LineChart {
        title,
        subtitle: Text::new(
            format!("指数，{base}年=100"),
            format!("Index, {base} = 100"),
        ),
        unit: Text::default(),
        history_until: recorded.filter(|year| *year > first),
        change_from: None,
        series,
        targets: target_marks(cases, i, base),
        caps: Vec::new(),
        splices: splices(cases, i),
        from_zero: false,
        footnote: footnote_of(cases, &pollutants(&cases[0], &[i]), &[i]),
        years,
    })
}
