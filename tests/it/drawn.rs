//! What charts are given to draw, against the run: the structs, not the pictures.
//!
//! Every scenario that is shipped, and one with more measures than a chart names.

use crate::charts;
use crate::support::{bare, catalogue, close, compiled, leading, scenario};
use crate::written::{Shipped, shipped};
use jianpai::core::catalogue::{Account, IndicatorKind};
use jianpai::core::difference::{Side, explain};
use jianpai::core::dims::PollutantId;
use jianpai::core::explain::Support;
use jianpai::core::measure::Policy;
use jianpai::core::outcome;
use jianpai::core::target::{Demand, Target, Verdict};
use jianpai::report::case::Case;
use jianpai::report::chart::{Mark, StepKind, Waterfall};
use jianpai::report::decomposition;
use jianpai::report::diff::Comparison;
use jianpai::report::figures;
use jianpai::report::standing::Standing;
use std::fmt::Write as _;

/// A run as charts see it.
pub fn case(one: &Shipped) -> Case<'_> {
    Case {
        catalogue: catalogue(),
        scenario: &one.scenario,
        plan: &one.plan,
        outcome: &one.outcome,
        support: &one.support,
    }
}

/// The shipped scenarios and one of sixteen measures on boilers, each of one per cent of
/// the steam, with targets of every kind.
pub fn all() -> Vec<&'static Shipped> {
    static MANY: std::sync::OnceLock<Shipped> = std::sync::OnceLock::new();
    let many = MANY.get_or_init(|| {
        let data = catalogue();
        let mut text = bare(data, data.region("shaanxi").unwrap(), 2020);
        for i in 0..16 {
            let _ = write!(
                text,
                "\n[measures.m{i}]\ntype = \"shift\"\nname_zh = \"第{i}项\"\nname_en = \"No. {i}\"\n\
                 service = \"industrial-steam\"\nfrom = [\"coal-gt65\"]\nof_service = \"1.{i:02} %\"\n\
                 to = {{ gas = \"100 %\" }}\nstart = {}\nend = 2020\n",
                2016 + i % 4
            );
        }
        text += "\n[targets.a]\nindicator = \"SO2\"\nyear = 2020\nreduction = \"5 %\"\nbase_year = 2017\n\
                 \n[targets.b]\nindicator = \"SO2\"\nyear = 2019\nreduction = \"90 %\"\nbase_year = 2015\n\
                 \n[targets.c]\nindicator = \"NOx\"\nyear = 2020\ncap = \"62 万t\"\n\
                 \n[targets.d]\nindicator = \"COD\"\nyear = 2020\nreduction = \"7 %\"\nbase_year = 2017\n\
                 \n[targets.e]\nindicator = \"rail-share\"\nyear = 2020\nfloor = \"30 %\"\n\
                 \n[targets.f]\nindicator = \"coal\"\nyear = 2020\ncumulative = \"9 亿tce\"\n\
                 \n[targets.g]\nindicator = \"CO2-per-GDP\"\nyear = 2020\nreduction = \"3 %\"\nbase_year = 2017\n";
        let scenario = scenario(data, &text);
        let plan = compiled(data, &scenario);
        let outcome = outcome::run(data, &scenario, &plan);
        let support = Support::of(data, &scenario, &plan);
        Shipped {
            scenario,
            plan,
            outcome,
            support,
        }
    });
    shipped().iter().chain([many]).collect()
}

/// An account by year.
pub fn of_run<'r>(one: &'r Shipped, values: &'r [f64], account: Account) -> &'r [f64] {
    let span = one.plan.span();
    &values[one.plan.account(account).unwrap() * span..][..span]
}

/// What a measure changes of an account, by year.
pub fn change(one: &Shipped, m: usize, account: Account) -> &[f64] {
    let cells = one.plan.accounts.len() * one.plan.span();
    of_run(one, &one.outcome.run.change[m * cells..][..cells], account)
}

/// Tonnes in a chart's unit.
fn unit(chart: &Waterfall) -> f64 {
    match chart.unit.en.as_str() {
        "10⁴ t" | "10⁴ tce" => 1e4,
        "10⁸ t" | "10⁸ tce" => 1e8,
        other => panic!("{other}"),
    }
}

/// The first level and all steps sum to the last level.
fn sums(place: &str, chart: &Waterfall) {
    let (first, last) = (&chart.steps[0], chart.steps.last().unwrap());
    assert!(first.kind == StepKind::Level && last.kind == StepKind::Level);
    let between = &chart.steps[1..chart.steps.len() - 1];
    assert!(between.iter().all(|step| step.kind != StepKind::Level));
    let sum: f64 = between.iter().map(|step| step.value).sum();
    assert!(
        close(first.value + sum, last.value, 1e-6, first.value),
        "{place}: {} + {sum} is not {}",
        first.value,
        last.value
    );
}

/// The numbers in a sentence, as they stand.
pub fn numbers(text: &str) -> Vec<String> {
    let text = text.replace(',', "");
    let pieces = text.split(|c: char| !(c.is_ascii_digit() || c == '.'));
    let pieces = pieces.map(|piece| piece.trim_matches('.'));
    pieces
        .filter(|piece| !piece.is_empty())
        .map(str::to_string)
        .collect()
}

/// Whether a printed number is a value, to the digits that are printed.
pub fn shows(text: &str, value: f64) -> bool {
    let decimals = text.split_once('.').map_or(0, |(_, rest)| rest.len());
    let Ok(shown) = text.parse::<f64>() else {
        return false;
    };
    (shown - value.abs()).abs() <= 0.500_001 * 10_f64.powi(-i32::try_from(decimals).unwrap())
}

// One chart after the other, and all that it says.
#[allow(clippy::too_many_lines)]
#[test]
fn a_waterfall_runs_from_the_first_level_to_the_last() {
    let (mut charts, mut rests, mut held) = (0, 0, 0);
    for one in all() {
        let case = case(one);
        for (p, pollutant) in catalogue().pollutants.iter().enumerate() {
            let p = PollutantId::from_usize(p);
            let Some(chart) = figures::waterfall(&case, p) else {
                continue;
            };
            charts += 1;
            let place = format!("{} {}", one.scenario.id, pollutant.named.id);
            sums(&place, &chart);
            let account = leading(catalogue(), p);
            let total = of_run(one, &one.outcome.run.total, account);
            let frozen = of_run(one, &one.outcome.run.frozen, account);
            let end = one.plan.span() - 1;
            // Years stand under the levels.
            let year = |at: usize| chart.steps[at].label.en.parse::<i32>().unwrap();
            let base = one.plan.year(year(0)).unwrap();
            assert_eq!(
                year(chart.steps.len() - 1),
                one.scenario.end_year,
                "{place}"
            );
            let scale = unit(&chart);
            let is = |value: f64, wanted: f64| close(value * scale, wanted, 1e-9, total[0] * 1e-3);
            assert!(is(chart.steps[0].value, total[base]), "{place}");
            assert!(is(chart.steps.last().unwrap().value, total[end]), "{place}");
            let cut = |m: usize| change(one, m, account)[end] - change(one, m, account)[base];
            let measures = one.plan.measures.iter().enumerate();
            let of = |policy: Policy| measures.clone().filter(move |(_, m)| m.policy == policy);
            let current: f64 = of(Policy::Current).map(|(m, _)| cut(m)).sum();
            let (mut named, mut rest, mut shown) = (0.0, 0.0, 0);
            for step in &chart.steps[1..chart.steps.len() - 1] {
                match step.label.en.as_str() {
                    "Growth" => {
                        assert!(
                            is(step.value, frozen[end] - frozen[base]),
                            "{place}: growth"
                        );
                    }
                    "Current policy and renewal" => assert!(is(step.value, current), "{place}"),
                    "Join to observed" => {}
                    "Other measures" => {
                        rest = step.value;
                        rests += 1;
                    }
                    name => {
                        let own = of(Policy::New).filter(|(_, m)| m.name.en == name);
                        let own: Vec<f64> = own.map(|(m, _)| cut(m)).collect();
                        // Measures of one name stand each for itself.
                        assert!(
                            own.iter().any(|value| is(step.value, *value)),
                            "{place}: {name}"
                        );
                        named += step.value;
                        shown += 1;
                    }
                }
            }
            let new: f64 = of(Policy::New).map(|(m, _)| cut(m)).sum();
            assert!(
                is(named + rest, new),
                "{place}: {named} and {rest} of {new}"
            );
            // Nothing large is left to the others while less is named.
            let mut sizes: Vec<f64> = of(Policy::New).map(|(m, _)| cut(m).abs()).collect();
            sizes.sort_by(|a, b| b.total_cmp(a));
            let large = sizes.iter().filter(|size| **size > 0.002_001 * total[base]);
            assert_eq!(shown, large.count().min(13), "{place}");
            // The headline is computed from what is drawn.
            let fall = 1.0 - total[end] / total[base];
            let known = [
                new / scale,
                current / scale,
                (frozen[end] - frozen[base]) / scale,
                fall * 100.0,
                f64::from(year(0)),
            ];
            let (id, title) = (&pollutant.named.id, &chart.title.en);
            let title = title
                .replace(&format!("({})", chart.unit.en), "")
                .replace(id.as_str(), "");
            let said = numbers(&title);
            assert!(!said.is_empty(), "{title}");
            for text in said {
                // Lines of a balance are rounded together, each by less than two units.
                let decimals = text.split_once('.').map_or(0, |(_, rest)| rest.len());
                let unit = 10_f64.powi(-i32::try_from(decimals).unwrap());
                let number: f64 = text.replace(',', "").parse().unwrap_or(f64::NAN);
                let near = |value: f64| (value.abs() - number.abs()).abs() < 2.0 * unit;
                let hit = known
                    .iter()
                    .any(|value| shows(&text, *value) || near(*value));
                assert!(hit, "{place}: {text} of `{}` in {known:?}", chart.title.en);
                held += 1;
            }
            let way = if fall >= 0.0 { "down" } else { "up" };
            assert!(chart.title.en.contains(way), "{place}: {}", chart.title.en);
            // The target's line lies at the level that it asks for, the strictest.
            let i = indicator_of(p);
            let asked: Vec<(f64, Option<bool>)> = judged(one)
                .filter(|(target, ..)| target.indicator.at() == i)
                .filter(|(target, ..)| target.year == one.scenario.end_year)
                .filter(|(target, ..)| !matches!(target.demand, Demand::Floor(_)))
                .filter_map(|(target, met)| Some((level(one, target)?, met)))
                .collect();
            let least = asked
                .iter()
                .map(|(level, _)| *level)
                .fold(f64::INFINITY, f64::min);
            assert_eq!(chart.target.is_some(), !asked.is_empty(), "{place}");
            if let Some(line) = &chart.target {
                assert!(is(line.value, least), "{place}: {} for {least}", line.value);
                let met = asked.iter().find(|(level, _)| (level - least).abs() <= 0.0);
                assert_eq!(line.standing.met(), met.unwrap().1, "{place}");
            }
        }
    }
    assert!(
        charts > 80 && rests > 3 && held > 200,
        "{charts} {rests} {held}"
    );
}

/// The indicator of a pollutant's amount.
fn indicator_of(p: PollutantId) -> usize {
    let mut all = catalogue().indicators.iter();
    let account = leading(catalogue(), p);
    all.position(|i| i.kind.amount() == Some(account)).unwrap()
}

/// Targets, and whether they are met.
fn judged(one: &Shipped) -> impl Iterator<Item = (&Target, Option<bool>)> + Clone {
    let verdicts = one.outcome.verdicts.iter().map(|v| v.map(|v| v.met));
    one.scenario.targets.iter().zip(verdicts)
}

/// The level that a target asks of its indicator, if it asks for one.
pub fn level(one: &Shipped, target: &Target) -> Option<f64> {
    let values = &one.outcome.indicators[target.indicator.at()];
    match target.demand {
        Demand::Reduction { wanted, base_year } => {
            Some((1.0 - wanted) * values[one.plan.year(base_year)?])
        }
        Demand::Cap(limit) | Demand::Floor(limit) => Some(limit),
        _ => None,
    }
}

/// The year that most reductions (and projects) count from, the first of several; charts
/// take it as 100.
pub fn common_base(one: &Shipped) -> i32 {
    let years: Vec<i32> = one
        .scenario
        .targets
        .iter()
        .filter_map(|target| match target.demand {
            Demand::Reduction { base_year, .. } | Demand::Project { base_year, .. } => {
                Some(base_year)
            }
            _ => None,
        })
        .collect();
    let count = |year: &i32| years.iter().filter(|other| *other == year).count();
    let most = years.iter().map(count).max();
    let mut best = years.iter().filter(|year| Some(count(year)) == most);
    best.next().map_or(one.scenario.base_year, |_| {
        let all = years.iter().filter(|year| Some(count(year)) == most);
        *all.min().unwrap()
    })
}

#[test]
fn panels_are_indices_of_the_common_base_year() {
    let mut marks = 0;
    for one in all() {
        let chart = figures::indices(&case(one));
        let base = common_base(one);
        let from = one.plan.year(base).unwrap();
        let place = |name: &str| format!("{} {name}", one.scenario.id);
        assert!(
            chart.subtitle.en.contains(&format!("{base} = 100")),
            "{}",
            place("")
        );
        let mut drawn = 0;
        for panel in &chart.panels {
            let place = place(&panel.name.en);
            let mut indicators = catalogue().indicators.iter();
            let i = indicators.position(|x| short(x) == panel.name.en).unwrap();
            let values = &one.outcome.indicators[i];
            assert_eq!(panel.years, one.plan.years[from..], "{place}");
            let index = |values: &[f64]| -> Vec<f64> {
                let base = one.outcome.indicators[i][from];
                values[from..]
                    .iter()
                    .map(|value| 100.0 * value / base)
                    .collect()
            };
            let same = |a: &[f64], b: &[f64]| {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| close(*a, *b, 1e-9, 0.0))
            };
            assert!(same(&panel.with_measures, &index(values)), "{place}");
            let other = if base > one.scenario.base_year {
                &one.outcome.current[i]
            } else {
                &one.outcome.frozen[i]
            };
            assert!(same(&panel.without_measures, &index(other)), "{place}");
            for (year, value) in &panel.observed {
                let mut own = one.scenario.observed.iter();
                let own = own.find(|o| o.indicator.at() == i && o.year == *year);
                assert!(close(
                    *value,
                    100.0 - 100.0 * own.unwrap().reduction,
                    1e-9,
                    0.0
                ));
            }
            let own = judged(one).filter(|(target, _)| target.indicator.at() == i);
            let asked: Vec<(i32, f64, Option<bool>)> = own
                .filter(|(target, _)| target.year >= base)
                .filter_map(|(target, met)| {
                    let level = level(one, target)? / values[from] * 100.0;
                    Some((target.year, level, met))
                })
                .collect();
            assert_eq!(panel.targets.len(), asked.len(), "{place}");
            for (mark, (year, level, met)) in panel.targets.iter().zip(asked) {
                assert_eq!((mark.year, mark.standing.met()), (year, met), "{place}");
                assert!(
                    close(mark.index, level, 1e-9, 0.0),
                    "{place}: {} {level}",
                    mark.index
                );
                marks += 1;
                drawn += 1;
            }
        }
        // Every target that asks for a level is drawn somewhere.
        let asked = judged(one).filter(|(target, _)| level(one, target).is_some());
        assert_eq!(drawn, asked.count(), "{}", place(""));
    }
    assert!(marks > 60, "{marks}");
}

/// How an indicator is called on charts in English.
pub fn short(indicator: &jianpai::core::catalogue::Indicator) -> String {
    let data = catalogue();
    match &indicator.kind {
        IndicatorKind::Emission(p, _) => {
            let id = &data.pollutants[p.at()].named.id;
            match indicator.told_book(data) {
                Some(book) => format!("{id} ({})", book.id()),
                None => id.clone(),
            }
        }
        IndicatorKind::EmissionIntensity(p, _) => {
            format!("{} per GDP", data.pollutants[p.at()].named.id)
        }
        IndicatorKind::EnergyIntensity => "Energy per GDP".to_string(),
        _ => indicator.named.name.en.clone(),
    }
}

#[test]
fn the_headline_names_exactly_the_missed() {
    let (mut with, mut without) = (0, 0);
    for one in all() {
        let title = figures::headline(&case(one));
        let drawn: Vec<(&Target, Option<bool>)> = judged(one)
            .filter(|(target, _)| level(one, target).is_some())
            .collect();
        let of = |wanted: bool| -> Vec<String> {
            let own = drawn.iter().filter(|(_, met)| *met == Some(wanted));
            own.map(|(target, _)| short(&catalogue().indicators[target.indicator.at()]))
                .collect()
        };
        let (met, missed) = (of(true), of(false));
        let (count, all) = (met.len(), drawn.len());
        let place = format!("{}: {}", one.scenario.id, title.en);
        let region = &catalogue().regions[one.plan.region.at()].named.name;
        assert!(title.en.starts_with(&region.en) && title.zh.starts_with(&region.zh));
        let years = numbers(&title.en);
        assert!(
            years.contains(&one.scenario.end_year.to_string()),
            "{place}"
        );
        if all == 0 {
            continue;
        }
        let (said, named) = title.en.split_once("; missed: ").unwrap_or((&title.en, ""));
        let listed: Vec<&str> = named.split([';']).next().unwrap().split(", ").collect();
        let listed: Vec<&str> = listed.into_iter().filter(|name| !name.is_empty()).collect();
        assert_eq!(listed.len(), missed.len(), "{place}");
        for (name, wanted) in listed.iter().zip(&missed) {
            // Where an indicator has several targets, the name goes on with which.
            assert!(
                name.starts_with(wanted.as_str()),
                "{place}: {name} {wanted}"
            );
        }
        if missed.is_empty() && count == all {
            assert!(said.contains(&format!("meets all {all} ")), "{place}");
            assert!(
                title.zh.contains(&format!("{all}项目标全部达到")),
                "{}",
                title.zh
            );
            without += 1;
        } else {
            assert!(
                said.contains(&format!("meets {count} of {all} ")),
                "{place}"
            );
            let zh = format!("{all}项目标达到{count}项");
            assert!(title.zh.contains(&zh), "{}", title.zh);
            with += 1;
        }
    }
    assert!(with > 2 && without > 2, "{with} {without}");
}

#[test]
fn comparisons_hold_changes_targets_and_verdicts() {
    let every = all();
    let cases: Vec<Case<'_>> = every.iter().map(|one| case(one)).collect();
    let (mut met, mut missed, mut none) = (0, 0, 0);
    let shown: Vec<usize> = (0..catalogue().indicators.len()).collect();
    let chart = figures::comparison(&cases, &shown);
    for (i, row) in shown.iter().zip(&chart.rows) {
        assert_eq!(row.name.en, short(&catalogue().indicators[*i]));
        for (c, one) in every.iter().enumerate() {
            let place = format!("{} {}", one.scenario.id, row.name.en);
            let values = &one.outcome.indicators[*i];
            let from = values[one.plan.year(common_base(one)).unwrap()];
            let change = 100.0 * (values[values.len() - 1] - from) / from;
            assert!(
                close(row.changes[c], change, 1e-9, 1e-3),
                "{place}: {change}"
            );
            let own = judged(one).filter(|(target, _)| target.indicator.at() == *i);
            let verdicts: Vec<Option<bool>> = own.clone().map(|(_, met)| met).collect();
            let wanted = if verdicts.is_empty() {
                none += 1;
                Mark::NoTarget
            } else if verdicts.contains(&Some(false)) {
                missed += 1;
                Mark::Missed
            } else if verdicts.contains(&None) {
                Mark::Unjudged
            } else {
                met += 1;
                let verdicts = one.scenario.targets.iter().zip(&one.outcome.verdicts);
                let mut own = verdicts.filter(|(target, _)| target.indicator.at() == *i);
                let near = |t: &Target, v: &Option<Verdict>| {
                    charts::standing(one, t, v.as_ref()) == Standing::Within
                };
                if own.any(|(target, verdict)| near(target, verdict)) {
                    Mark::Within
                } else {
                    Mark::Met
                }
            };
            assert_eq!(row.marks[c], wanted, "{place}");
            let last = own.filter(|(target, _)| target.year == one.scenario.end_year);
            let levels = last.filter_map(|(target, _)| level(one, target));
            let levels: Vec<f64> = levels.map(|level| 100.0 * (level / from - 1.0)).collect();
            assert_eq!(row.targets[c].is_some(), !levels.is_empty(), "{place}");
            if let Some(target) = row.targets[c] {
                let hit = levels.iter().any(|level| close(*level, target, 1e-9, 1e-3));
                assert!(hit, "{place}: {target} of {levels:?}");
            }
        }
    }
    assert!(met > 10 && missed > 3 && none > 10, "{met} {missed} {none}");
    // In a ranking the largest reduction stands first, each case with its own mark.
    for i in shown {
        let chart = figures::ranking(&cases, i);
        let row = &chart.rows[0];
        assert!(
            row.changes.is_sorted(),
            "{}: {:?}",
            row.name.en,
            row.changes
        );
        let all = figures::comparison(&cases, &[i]);
        for (place, name) in chart.scenarios.iter().enumerate() {
            let at = all
                .scenarios
                .iter()
                .position(|other| other == name)
                .unwrap();
            assert!(close(
                row.changes[place],
                all.rows[0].changes[at],
                1e-12,
                0.0
            ));
            assert_eq!(row.marks[place], all.rows[0].marks[at], "{}", name.en);
        }
    }
}

#[test]
fn curves_of_several_scenarios_share_one_base() {
    let three: Vec<&Shipped> = shipped()
        .iter()
        .filter(|one| {
            one.scenario.id.starts_with("shaanxi-14fyp") && one.scenario.base_year == 2015
        })
        .collect();
    assert_eq!(three.len(), 3);
    let cases: Vec<Case<'_>> = three.iter().map(|one| case(one)).collect();
    for (i, indicator) in catalogue().indicators.iter().enumerate() {
        let chart = figures::trajectories(&cases, i).unwrap();
        let base = common_base(three[0]);
        assert!(chart.subtitle.en.contains(&format!("{base} = 100")));
        let mut ends = Vec::new();
        for (one, series) in three.iter().zip(&chart.series) {
            let values = &one.outcome.indicators[i];
            let from = values[one.plan.year(base).unwrap()];
            for (year, shown) in chart.years.iter().zip(&series.values) {
                let wanted = values[one.plan.year(*year).unwrap()] / from * 100.0;
                assert!(
                    close(*shown, wanted, 1e-9, 0.0),
                    "{} {year}",
                    indicator.named.id
                );
            }
            ends.push(values[values.len() - 1] / from * 100.0 - 100.0);
            assert_eq!(series.name, one.scenario.name);
        }
        for mark in &chart.targets {
            let hit = three.iter().any(|one| {
                let from = one.outcome.indicators[i][one.plan.year(base).unwrap()];
                let own = one.scenario.targets.iter();
                own.filter(|t| t.indicator.at() == i && t.year == mark.year)
                    .filter_map(|target| level(one, target))
                    .any(|level| close(mark.value, level / from * 100.0, 1e-9, 0.0))
            });
            assert!(hit, "{}: {}", indicator.named.id, mark.value);
        }
        let asked = three[0]
            .scenario
            .targets
            .iter()
            .any(|t| t.indicator.at() == i);
        assert_eq!(asked, !chart.targets.is_empty(), "{}", indicator.named.id);
        // The title gives the range of what is drawn.
        let (_, range) = chart.title.en.split_once(": ").unwrap();
        let said = numbers(range);
        let low = ends.iter().copied().fold(f64::INFINITY, f64::min);
        let high = ends.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        assert!(
            shows(&said[0], low) && shows(&said[1], high),
            "{}",
            chart.title.en
        );
    }
}

#[test]
fn decompositions_are_drawn_with_every_effect() {
    for one in all() {
        let case = case(one);
        let span = decomposition::spans(&case).pop().unwrap();
        for found in decomposition::decompose(&case, &span) {
            let chart = decomposition::waterfall(&case, &found);
            let place = format!("{} {:?}", one.scenario.id, found.request.account);
            sums(&place, &chart);
            let total = of_run(one, &one.outcome.run.total, found.request.account);
            let scale = unit(&chart);
            let ends = [
                (0, found.request.from),
                (chart.steps.len() - 1, found.request.to),
            ];
            for (at, t) in ends {
                let value = chart.steps[at].value * scale;
                assert!(close(value, total[t], 1e-9, 0.0), "{place}: {value}");
                assert_eq!(chart.steps[at].label.en, one.plan.years[t].to_string());
            }
            let effects: f64 = found.effects.iter().map(|(_, value)| value).sum();
            assert!(close(
                effects,
                total[found.request.to] - total[found.request.from],
                1e-9,
                total[0]
            ));
        }
    }
}

/// The charts that a run writes hold the numbers of the structs as text.
#[test]
fn pictures_hold_the_numbers_of_the_structs() {
    for one in all() {
        let case = case(one);
        let pictures = figures::all(&case);
        for p in (0..catalogue().pollutants.len()).map(PollutantId::from_usize) {
            let Some(chart) = figures::waterfall(&case, p) else {
                continue;
            };
            let id = &catalogue().pollutants[p.at()].named.id;
            let name = format!("balance-{id}.en.svg");
            let picture = pictures.iter().find(|figure| figure.name == name).unwrap();
            let texts = texts(&picture.svg);
            for step in &chart.steps {
                let hit = texts.iter().any(|text| {
                    numbers(text).iter().any(|number| {
                        let digits = number.chars().filter(char::is_ascii_digit).count();
                        (digits >= 2 || step.value.abs() < 10.0) && shows(number, step.value)
                    })
                });
                let place = format!("{} {name}", one.scenario.id);
                assert!(
                    hit,
                    "{place}: {} of {} in {texts:?}",
                    step.value, step.label.en
                );
            }
        }
    }
}

/// The texts of a picture.
fn texts(svg: &str) -> Vec<String> {
    let pieces = svg.split("<text").skip(1);
    let inner = pieces.filter_map(|piece| piece.split_once('>')?.1.split_once("</text>"));
    let plain = inner.map(|(text, _)| {
        let mut out = String::new();
        let mut inside = false;
        for c in text.chars() {
            match c {
                '<' => inside = true,
                '>' => inside = false,
                c if !inside => out.push(c),
                _ => {}
            }
        }
        out.trim().to_string()
    });
    plain.collect()
}

/// From A to B: the steps are the parts of the difference, the small ones summed up.
#[test]
fn differences_are_drawn_without_remainder() {
    let many = all().pop().unwrap();
    // The same with every measure at half its level.
    let half = {
        let mut scenario = many.scenario.clone();
        for measure in &mut scenario.measures {
            measure.level = 0.5;
        }
        let plan = compiled(catalogue(), &scenario);
        let outcome = outcome::run(catalogue(), &scenario, &plan);
        let support = Support::of(catalogue(), &scenario, &plan);
        Shipped {
            scenario,
            plan,
            outcome,
            support,
        }
    };
    let named = |id: &str| shipped().iter().find(|one| one.scenario.id == id).unwrap();
    let (weak, strong) = (
        named("shaanxi-14fyp-weak"),
        named("shaanxi-14fyp-strengthened"),
    );
    let (mut charts, mut rests) = (0, 0);
    for (a, b) in [(&half, many), (weak, strong), (strong, weak)] {
        let [of_a, of_b] = [a, b].map(|one| Side {
            scenario: &one.scenario,
            plan: &one.plan,
        });
        let explanation = explain(catalogue(), of_a, of_b).unwrap();
        let comparison = Comparison {
            a: case(a),
            b: case(b),
            inputs: &[],
            apart: &[],
            explanation: Some(&explanation),
        };
        for (id, chart) in figures::steps_between(&comparison) {
            charts += 1;
            let i = catalogue().indicator(&id).unwrap().at();
            let place = format!("{} {} {id}", a.scenario.id, b.scenario.id);
            let (first, last) = (&chart.steps[0], chart.steps.last().unwrap());
            let values = [a, b].map(|one| *one.outcome.indicators[i].last().unwrap());
            // Both levels are in one unit, which follows from the larger.
            let scale = values[0] / first.value;
            let known = [1.0, 0.01, 1e4, 1e8];
            let wanted = known.iter().find(|known| close(scale, **known, 1e-9, 0.0));
            let scale = *wanted.unwrap_or_else(|| panic!("{place}: {scale}"));
            assert!(close(last.value * scale, values[1], 1e-9, 0.0), "{place}");
            let between = &chart.steps[1..chart.steps.len() - 1];
            let sum: f64 = between.iter().map(|step| step.value * scale).sum();
            let size = values[0].abs();
            assert!(
                close(sum, values[1] - values[0], 1e-5, size * 1e-3),
                "{place}: {sum}"
            );
            let parts = &explanation.indicators[i].parts;
            let last_year = explanation.years.len() - 1;
            for step in between {
                if step.label.en == "Other measures" {
                    rests += 1;
                    continue;
                }
                let own = parts
                    .iter()
                    .filter(|part| comparison.cause_name(&part.cause).en == step.label.en);
                let hit = own
                    .map(|part| part.values[last_year])
                    .any(|value| close(value, step.value * scale, 1e-9, size * 1e-6));
                assert!(hit, "{place}: {} {}", step.label.en, step.value);
            }
            // The title says by how much, and which way.
            let (_, said) = chart.title.en.split_once(": ").unwrap();
            let hit = numbers(said)
                .iter()
                .any(|text| shows(text, (values[1] - values[0]) / scale));
            assert!(hit, "{place}: {}", chart.title.en);
            let way = if values[1] < values[0] {
                "below"
            } else {
                "above"
            };
            assert!(said.contains(way), "{place}: {}", chart.title.en);
        }
    }
    assert!(charts > 15 && rests > 2, "{charts} {rests}");
}
