//! What charts claim, held against the run: the structs that are drawn, not the pictures.

use crate::support::{catalogue, close, leading, physical};
use crate::written::{Shipped, shipped};
use jianpai::core::catalogue::{Account, IndicatorKind};
use jianpai::core::compile::compile;
use jianpai::core::difference::{self, Side};
use jianpai::core::dims::{PollutantId, RegionId};
use jianpai::core::explain::Support;
use jianpai::core::measure::Policy;
use jianpai::core::outcome;
use jianpai::core::plan;
use jianpai::core::target::{Demand, Target, Verdict};
use jianpai::core::text::Lang;
use jianpai::load::diag::{Color, Diagnostics, Files};
use jianpai::load::scenario as load;
use jianpai::report::case::Case;
use jianpai::report::chart::{Mark, StepKind, Waterfall};
use jianpai::report::standing::Standing;
use jianpai::report::{decomposition, diff, figures, scorecard, summary};
use std::collections::BTreeMap;

impl Shipped {
    pub fn case(&self) -> Case<'_> {
        Case {
            catalogue: catalogue(),
            scenario: &self.scenario,
            plan: &self.plan,
            outcome: &self.outcome,
            support: &self.support,
        }
    }

    pub fn at(&self, year: i32) -> usize {
        self.plan.years.iter().position(|y| *y == year).unwrap()
    }

    pub fn value(&self, indicator: usize, year: i32) -> f64 {
        self.outcome.indicators[indicator][self.at(year)]
    }

    /// The year that most reductions count from, the earliest of equals; else the base year.
    pub fn base(&self) -> i32 {
        let mut counts: BTreeMap<i32, i32> = BTreeMap::new();
        for target in &self.scenario.targets {
            if let Demand::Reduction { base_year, .. } = target.demand {
                *counts.entry(base_year).or_default() += 1;
            }
        }
        let most = counts.values().copied().max();
        let first = counts.into_iter().find(|(_, n)| Some(*n) == most);
        first.map_or(self.scenario.base_year, |(year, _)| year)
    }

    /// What one measure takes from a pollutant between two years (t).
    fn change(&self, m: usize, p: PollutantId, from: i32, to: i32) -> f64 {
        let (span, accounts) = (self.plan.span(), self.plan.accounts.len());
        let q = self.plan.account(leading(catalogue(), p)).unwrap();
        let of = |year: i32| self.outcome.run.change[(m * accounts + q) * span + self.at(year)];
        of(to) - of(from)
    }

    fn growth(&self, p: PollutantId, from: i32, to: i32) -> f64 {
        let q = self.plan.account(leading(catalogue(), p)).unwrap();
        let of = |year: i32| self.outcome.run.frozen[q * self.plan.span() + self.at(year)];
        of(to) - of(from)
    }
}

/// Runs a scenario written here, which may extend those that are shipped.
fn run(text: &str) -> Shipped {
    let shared = format!("{}/scenarios/base/", env!("CARGO_MANIFEST_DIR"));
    let text = text.replace("base/", &shared);
    let fetch = |path: &str| match path {
        "main.toml" => Ok(text.clone().into_bytes()),
        other => std::fs::read(other),
    };
    read("main.toml", None, &fetch)
}

fn read(
    path: &str,
    region: Option<RegionId>,
    fetch: &dyn Fn(&str) -> std::io::Result<Vec<u8>>,
) -> Shipped {
    let data = catalogue();
    let (mut files, mut diags) = (Files::new(), Diagnostics::default());
    let vocabulary = jianpai::load::vocabulary::Vocabulary::new(data);
    let names = (data, &vocabulary);
    let loaded = load::read(path, region, names, &fetch, &mut files, &mut diags);
    let said = diags.render(&files, Lang::En, Color::Never);
    let scenario = loaded.unwrap_or_else(|| panic!("{said}")).scenario;
    let plan = compile(data, &scenario).unwrap();
    solved(scenario, plan)
}

fn solved(scenario: jianpai::core::scenario::Scenario, plan: plan::Plan) -> Shipped {
    let outcome = outcome::run(catalogue(), &scenario, &plan);
    let support = Support::of(catalogue(), &scenario, &plan);
    Shipped {
        scenario,
        plan,
        outcome,
        support,
    }
}

/// A shipped file run for a region.
pub fn in_region(file: &str, region: &str) -> Shipped {
    let path = format!("{}/scenarios/{file}.toml", env!("CARGO_MANIFEST_DIR"));
    let region = catalogue().region(region);
    read(&path, region, &|path| std::fs::read(path))
}

fn pollutants() -> impl Iterator<Item = (PollutantId, usize)> {
    let kinds = catalogue().indicators.iter().enumerate();
    // Of two books the one that official targets speak of.
    kinds.filter_map(|(i, indicator)| match indicator.kind {
        IndicatorKind::Emission(p, _) if indicator.leads(catalogue()) => Some((p, i)),
        _ => None,
    })
}

/// Base units in the unit that a chart states.
fn unit(chart: &Waterfall) -> f64 {
    match chart.unit.zh.chars().next() {
        Some('万') => 1e4,
        Some('亿') => 1e8,
        _ => panic!("{}", chart.unit.zh),
    }
}

/// The first level, and where the steps lead from there, with the last level.
fn walk(chart: &Waterfall) -> (f64, f64, f64) {
    let steps = &chart.steps;
    let (first, last) = (steps.first().unwrap(), steps.last().unwrap());
    assert_eq!((first.kind, last.kind), (StepKind::Level, StepKind::Level));
    let between = &steps[1..steps.len() - 1];
    assert!(between.iter().all(|step| step.kind != StepKind::Level));
    let sum: f64 = between.iter().map(|step| step.value).sum();
    (first.value, first.value + sum, last.value)
}

#[test]
fn balances_lead_from_the_year_of_the_targets_to_the_last() {
    let mut most = 0;
    for one in shipped() {
        let (base, end) = (one.base(), one.scenario.end_year);
        for (p, i) in pollutants() {
            let chart = figures::waterfall(&one.case(), p).unwrap();
            let what = format!("{} {i}", one.scenario.id);
            let (first, reached, last) = walk(&chart);
            let scale = unit(&chart);
            assert!(
                close(first * scale, one.value(i, base), 1e-12, 0.0),
                "{what}"
            );
            assert!(close(last * scale, one.value(i, end), 1e-12, 0.0), "{what}");
            assert!(close(reached, last, 1e-8, 0.0), "{what}: {reached} {last}");
            assert_eq!(chart.steps[0].label.zh, format!("{base}年"));
            assert_eq!(chart.steps.last().unwrap().label.en, end.to_string());
            assert!(
                chart.subtitle.zh.contains(&format!("{base}—{end}")),
                "{what}"
            );
            assert!(chart.title.zh.contains(&format!("较{base}年")), "{what}");
            let mut new = 0;
            let mut policy = 0.0;
            for (m, measure) in one.plan.measures.iter().enumerate() {
                let change = one.change(m, p, base, end);
                if measure.policy == Policy::Current {
                    policy += change;
                } else if change.abs() > one.value(i, base) * 0.002 {
                    new += 1;
                }
            }
            most = most.max(new);
            let of = |kind: StepKind| -> f64 {
                let own = chart.steps.iter().filter(|step| step.kind == kind);
                own.map(|step| step.value * scale).sum()
            };
            let size = one.value(i, base);
            assert!(close(of(StepKind::Policy), policy, 1e-9, size), "{what}");
            let growth = one.growth(p, base, end);
            assert!(close(of(StepKind::Growth), growth, 1e-9, size), "{what}");
            for step in &chart.steps {
                let mut named = one.plan.measures.iter().enumerate();
                let named = named.find(|(_, measure)| {
                    measure.name == step.label && measure.policy != Policy::Current
                });
                if let Some((m, _)) = named {
                    let change = one.change(m, p, base, end);
                    assert!(close(step.value * scale, change, 1e-9, size), "{what}");
                }
            }
        }
    }
    assert!(most > 13, "a chart that sums up measures: {most}");
}

#[test]
fn balances_of_tables_and_of_charts_are_one() {
    for one in shipped() {
        let case = one.case();
        for account in [Account::Coal]
            .into_iter()
            .chain(pollutants().map(|(p, _)| physical(p)))
        {
            let lines = case.balance(account).unwrap();
            let (last, rest) = lines.split_last().unwrap();
            let sum: f64 = rest.iter().map(|(_, value)| value).sum();
            assert!(
                close(sum, last.1, 1e-9, last.1),
                "{} {account:?}",
                one.scenario.id
            );
        }
    }
}

/// The level that a target asks for, in base units of its indicator.
pub fn level(one: &Shipped, target: &Target) -> Option<f64> {
    match target.demand {
        Demand::Reduction { wanted, base_year } => {
            Some(one.value(target.indicator.at(), base_year) * (1.0 - wanted))
        }
        Demand::Cap(limit) | Demand::Floor(limit) => Some(limit),
        _ => None,
    }
}

/// How a target stands, from its verdict and the band of past errors: met, but within
/// error, if the end of the band that is worse misses what is asked.
pub fn standing(one: &Shipped, target: &Target, verdict: Option<&Verdict>) -> Standing {
    let Some(verdict) = verdict else {
        return Standing::Open;
    };
    if !verdict.met {
        return Standing::Missed;
    }
    let most = matches!(target.demand, Demand::Cap(_));
    let near = one.case().band(target, verdict).is_some_and(|band| {
        if most {
            band.high > verdict.required
        } else {
            band.low < verdict.required
        }
    });
    if near {
        Standing::Within
    } else {
        Standing::Met
    }
}

/// Marks of the panels against the targets of the file: each once, at its level.
fn marks_are_the_targets(one: &Shipped) {
    let base = one.base();
    let chart = figures::indices(&one.case());
    let mut marks: Vec<(i32, f64, Standing)> = Vec::new();
    for panel in &chart.panels {
        marks.extend(panel.targets.iter().map(|t| (t.year, t.index, t.standing)));
        let start = panel.years.iter().position(|year| *year == base);
        assert_eq!(start, Some(0), "{}", one.scenario.id);
        assert!(close(panel.with_measures[0], 100.0, 1e-12, 0.0));
    }
    assert!(chart.subtitle.zh.contains(&format!("{base}年=100")));
    let verdicts = one.scenario.targets.iter().zip(&one.outcome.verdicts);
    for (target, verdict) in verdicts {
        let Some(level) = level(one, target) else {
            let shown = figures::not_drawn(&one.case());
            assert!(!shown.zh.is_empty() && chart.footnote.zh.contains(&shown.zh));
            continue;
        };
        let index = level / one.value(target.indicator.at(), base) * 100.0;
        let standing = standing(one, target, verdict.as_ref());
        let found = marks.iter().position(|(year, at, own)| {
            *year == target.year && close(*at, index, 1e-12, 0.0) && *own == standing
        });
        let found = found.unwrap_or_else(|| panic!("{}: {}", one.scenario.id, target.id));
        marks.remove(found);
    }
    assert!(marks.is_empty(), "{}: {marks:?}", one.scenario.id);
}

#[test]
fn every_target_has_its_mark_at_its_level() {
    for one in shipped() {
        marks_are_the_targets(one);
    }
    marks_are_the_targets(&run(TARGETS));
}

/// Targets of every kind: met and missed, on several years and bases.
const TARGETS: &str = r#"
[scenario]
name_zh = "各种目标"
name_en = "Targets of every kind"
region = "shaanxi"
extends = "base/current-policy-13fyp.toml"
end_year = 2020
[targets.so2]
indicator = "SO2"
book = "physical"
year = 2020
reduction = "1 %"
[targets.so2-early]
indicator = "SO2"
book = "physical"
year = 2018
reduction = "90 %"
[targets.nox-on-2018]
indicator = "NOx"
book = "physical"
year = 2020
reduction = "1 %"
base_year = 2018
[targets.cod]
indicator = "COD"
book = "physical"
year = 2020
reduction = "70 %"
[targets.coal]
indicator = "coal"
year = 2020
cap = "20000 万tce"
[targets.rail]
indicator = "rail-share"
year = 2020
floor = "90 %"
[targets.nox-sum]
indicator = "NOx"
year = 2020
cumulative = "1000 万t"
from = 2016
"#;

#[test]
fn the_headline_names_exactly_the_missed() {
    let one = run(TARGETS);
    let text = figures::headline(&one.case());
    let met = one.outcome.verdicts.iter().map(|v| v.unwrap().met);
    let met: Vec<bool> = met.collect();
    assert_eq!(met, [true, false, true, false, true, false, true]);
    assert_eq!(
        text.zh,
        "陕西到2020年图中6项目标达到3项，二氧化硫（实际）（2018年）、化学需氧量（实际）、铁路货运周转量占比未达到"
    );
    assert!(text.en.contains(
        "meets 3 of 6 targets drawn by 2020; missed: SO2 (physical) (2018), COD (physical), "
    ));
    let shown = figures::not_drawn(&one.case());
    assert!(
        shown.zh.contains("氮氧化物") && shown.zh.contains("累计"),
        "{}",
        shown.zh
    );
    // Every scenario: a target is named if it is missed, and only then.
    for one in shipped() {
        let case = one.case();
        let text = figures::headline(&case).zh;
        let named = text.split_once('，').map_or("", |pair| pair.1);
        for (target, verdict) in case.targets() {
            let indicator = &catalogue().indicators[target.indicator.at()];
            let name = jianpai::report::case::short_name(catalogue(), indicator).zh;
            let alone = case.scenario.targets.iter();
            let alone = alone.filter(|t| t.indicator == target.indicator).count() == 1;
            let missed = verdict.is_some_and(|verdict| !verdict.met);
            if alone {
                assert_eq!(named.contains(&name), missed, "{text}");
            }
        }
        let tally = case.tally();
        if tally.met == tally.all() && tally.all() > 0 {
            let near = match tally.within {
                0 => String::new(),
                1 if tally.met == 1 => "（在误差之内）".to_string(),
                all if all == tally.met => "（均在误差之内）".to_string(),
                some => format!("（{some}项在误差之内）"),
            };
            let wanted = format!("{}项目标全部达到{near}", tally.all());
            assert!(text.ends_with(&wanted), "{text}");
        }
    }
}

#[test]
fn a_mark_stands_exactly_where_a_target_is() {
    let data = catalogue();
    let options: Vec<&Shipped> = shipped()
        .iter()
        .filter(|one| one.scenario.id.contains("14fyp"))
        .collect();
    let regions = ["hebei", "tibet", "shanghai", "china"];
    let provinces = regions.map(|region| in_region("provinces", region));
    let groups: [Vec<&Shipped>; 3] = [
        options,
        provinces.iter().collect(),
        shipped().iter().collect(),
    ];
    let mut without = 0;
    for group in groups {
        let cases: Vec<Case<'_>> = group.iter().map(|one| one.case()).collect();
        let shown = summary::compared(&cases);
        for one in &group {
            for target in &one.scenario.targets {
                assert!(shown.contains(&target.indicator.at()), "{}", target.id);
            }
        }
        let chart = figures::comparison(&cases, &shown);
        for (row, i) in chart.rows.iter().zip(&shown) {
            let ranked = figures::ranking(&cases, *i);
            let changes = &ranked.rows[0].changes;
            assert!(changes.is_sorted(), "largest reductions first");
            for (c, one) in group.iter().enumerate() {
                let own = one.scenario.targets.iter().zip(&one.outcome.verdicts);
                let own: Vec<Standing> = own
                    .filter(|(target, _)| target.indicator.at() == *i)
                    .map(|(target, verdict)| standing(one, target, verdict.as_ref()))
                    .collect();
                let mark = match own.as_slice() {
                    [] => Mark::NoTarget,
                    all if all.contains(&Standing::Missed) => Mark::Missed,
                    all if all.contains(&Standing::Within) => Mark::Within,
                    _ => Mark::Met,
                };
                without += usize::from(mark == Mark::NoTarget);
                let what = format!("{} {}", one.scenario.id, data.indicators[*i].named.id);
                assert_eq!(row.marks[c], mark, "{what}");
                let change = one.value(*i, one.scenario.end_year) / one.value(*i, one.base());
                let change = (change - 1.0) * 100.0;
                assert!(close(row.changes[c], change, 1e-9, 1.0), "{what}");
                if own.is_empty() {
                    assert_eq!(row.targets[c], None, "{what}");
                }
                let last = one.scenario.targets.iter().filter(|target| {
                    target.indicator.at() == *i && target.year == one.scenario.end_year
                });
                let levels: Vec<f64> = last.filter_map(|target| level(one, target)).collect();
                if let [level] = levels.as_slice() {
                    let wanted = (level / one.value(*i, one.base()) - 1.0) * 100.0;
                    assert!(close(row.targets[c].unwrap(), wanted, 1e-9, 1.0), "{what}");
                }
                // The same scenario stands in the ranking with the same mark.
                let name = &chart.scenarios[c];
                let places = ranked.scenarios.iter().zip(&ranked.rows[0].marks);
                let found: Vec<_> = places.filter(|(other, _)| *other == name).collect();
                assert!(found.iter().any(|(_, other)| **other == mark), "{what}");
            }
        }
    }
    assert!(without > 20, "{without}");
}

#[test]
fn several_scenarios_are_shown_over_the_years_that_are_theirs() {
    let find = |id: &str| shipped().iter().find(|one| one.scenario.id == id).unwrap();
    let (city, plan) = (find("hengyang-2019"), find("national-14fyp-weak"));
    let cases = [city.case(), plan.case()];
    let chart = figures::comparison(&cases, &summary::compared(&cases));
    assert!(
        chart.scenarios[0].zh.contains("2018—2019"),
        "{:?}",
        chart.scenarios
    );
    assert!(
        chart.scenarios[1].zh.contains("2020—2025"),
        "{:?}",
        chart.scenarios
    );
    assert!(!chart.subtitle.zh.contains("20"), "{}", chart.subtitle.zh);
    for lang in [Lang::Zh, Lang::En] {
        let text = summary::comparison(&cases, lang);
        let sign = lang.pick("—", "–");
        assert!(text.contains(&format!("2018{sign}2019")), "{text}");
    }
    for (p, i) in pollutants() {
        let lines = figures::trajectories(&cases, i).unwrap();
        let (city_end, last) = (city.value(i, 2019), city.value(i, 2015));
        let at = lines.years.iter().position(|year| *year == 2019).unwrap();
        assert!(close(
            lines.series[0].values[at],
            city_end / last * 100.0,
            1e-12,
            0.0
        ));
        assert!(lines.series[0].values[at + 1].is_nan(), "{p:?}");
        let marks = cases.iter().flat_map(|case| &case.scenario.targets);
        let wanted = marks.filter(|target| target.indicator.at() == i).count();
        assert_eq!(lines.targets.len(), wanted, "{p:?}");
        for target in &city.scenario.targets {
            let Demand::Reduction { wanted, base_year } = target.demand else {
                continue;
            };
            if target.indicator.at() == i {
                let level = city.value(i, base_year) * (1.0 - wanted) / last * 100.0;
                let mut marks = lines.targets.iter();
                assert!(marks.any(|mark| close(mark.value, level, 1e-12, 0.0)));
            }
        }
    }
}

#[test]
fn differences_lead_from_a_to_b_and_name_both() {
    let find = |id: &str| shipped().iter().find(|one| one.scenario.id == id).unwrap();
    for (a, b) in [
        ("shaanxi-14fyp-weak", "shaanxi-14fyp-strengthened"),
        ("national-14fyp-planned", "national-14fyp-weak"),
    ] {
        let (a, b) = (find(a), find(b));
        let side = |one: &'static Shipped| Side {
            scenario: &one.scenario,
            plan: &one.plan,
        };
        let explanation = difference::explain(catalogue(), side(a), side(b));
        let of = diff::Comparison {
            a: a.case(),
            b: b.case(),
            inputs: &[],
            apart: &[],
            explanation: explanation.as_ref(),
        };
        let charts = figures::steps_between(&of);
        assert!(charts.len() > 5);
        for (id, chart) in charts {
            let i = catalogue().indicator(&id).unwrap().at();
            let (first, reached, last) = walk(&chart);
            assert!(close(reached, last, 1e-8, last), "{id}: {reached} {last}");
            let end = a.scenario.end_year;
            let ratio = b.value(i, end) / a.value(i, end);
            assert!(close(last / first, ratio, 1e-9, 0.0), "{id}");
            for (text, name) in [
                (&chart.title, &a.scenario.name),
                (&chart.title, &b.scenario.name),
                (&chart.steps[0].label, &a.scenario.name),
                (&chart.steps.last().unwrap().label, &b.scenario.name),
            ] {
                assert!(
                    text.zh.contains(&name.zh) && text.en.contains(&name.en),
                    "{text:?}"
                );
            }
        }
    }
}

#[test]
fn decompositions_lead_from_year_to_year() {
    for one in shipped()
        .iter()
        .filter(|one| one.scenario.id.contains("2020"))
    {
        let case = one.case();
        for span in decomposition::spans(&case) {
            for found in decomposition::decompose(&case, &span) {
                let chart = decomposition::waterfall(&case, &found);
                let (first, reached, last) = walk(&chart);
                assert!(close(reached, last, 1e-7, last), "{}", one.scenario.id);
                let q = one.plan.account(found.request.account).unwrap() * one.plan.span();
                let value = |t: usize| one.outcome.run.total[q + t];
                let ratio = value(found.request.to) / value(found.request.from);
                assert!(close(last / first, ratio, 1e-9, 0.0), "{}", one.scenario.id);
            }
        }
    }
}

#[test]
fn published_points_stand_at_what_was_published() {
    let one = in_region("hindcast/provinces", "hebei");
    let cases = [one.case()];
    let scores = scorecard::scores(&cases);
    assert!(!scores.is_empty());
    let chart = scorecard::panels(&cases[0], &scores.iter().collect::<Vec<_>>());
    let points = chart.panels.iter().flat_map(|panel| &panel.observed);
    let mut found: Vec<(i32, f64)> = points.copied().collect();
    let mut wanted: Vec<(i32, f64)> = scores
        .iter()
        .map(|s| (s.published.year, (1.0 - s.published.value.value) * 100.0))
        .collect();
    let order = |a: &(i32, f64), b: &(i32, f64)| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1));
    found.sort_by(order);
    wanted.sort_by(order);
    assert_eq!(found.len(), wanted.len());
    for (a, b) in found.iter().zip(&wanted) {
        assert!(a.0 == b.0 && close(a.1, b.1, 1e-12, 0.0), "{a:?} {b:?}");
    }
}

/// Every footnote says which bases no official total stands behind, and from which year the
/// run has brought them there; those of a base that is official, or of 2015, do not.
#[test]
fn footnotes_say_which_bases_are_projected() {
    let named = |name: &str| {
        let found = shipped().iter().find(|one| one.scenario.id == name);
        found.unwrap_or_else(|| panic!("{name}"))
    };
    let index = |name: &str| catalogue().indicator(name).unwrap().at();
    let note = |one: &Shipped| figures::indices(&one.case()).footnote;
    // The nation has totals of 2020 for all but CO2, none of 2025; Shaanxi has none of either.
    for (name, zh, en) in [
        (
            "national-15fyp-planned",
            "。基年2025年无官方总量：COD、NH3-N、SO2、NOx、VOCs 由2020年推算，CO2 由2015年推算",
            ". Base year 2025 has no official total: COD, NH3-N, SO2, NOx, VOCs projected from 2020; \
             CO2 projected from 2015",
        ),
        (
            "national-14fyp-as-written",
            "。基年2020年无官方总量：CO2 由2015年推算",
            ". Base year 2020 has no official total: CO2 projected from 2015",
        ),
        (
            "shaanxi-15fyp-weak",
            "。基年2025年无官方总量：COD、NH3-N、SO2、NOx、CO2 由2015年推算",
            ". Base year 2025 has no official total: COD, NH3-N, SO2, NOx, CO2 projected from 2015",
        ),
    ] {
        let found = note(named(name));
        assert!(found.zh.contains(zh), "{}", found.zh);
        assert!(found.en.contains(en), "{}", found.en);
    }
    let plain = note(named("national-14fyp-planned"));
    assert!(!plain.zh.contains("推算") && !plain.en.contains("projected from"));
    // One pollutant's balance speaks of its own base alone.
    let one = named("national-15fyp-planned");
    let p = catalogue().pollutant("SO2").unwrap();
    let found = figures::waterfall(&one.case(), p).unwrap().footnote;
    assert!(found.zh.contains("基年2025年无官方总量：SO2 由2020年推算"));
    assert!(!found.en.contains("CO2 projected"), "{}", found.en);
    // Several scenarios: those that count from a base are told together, and from how far
    // back; one of 2020 has CO2 alone, beside it there is nothing to say of 2015.
    let cases = [
        named("national-15fyp-weak").case(),
        named("shaanxi-15fyp-weak").case(),
        named("national-14fyp-as-written").case(),
        named("national-14fyp-planned").case(),
    ];
    let shown = [index("SO2"), index("CO2-per-GDP")];
    let found = figures::comparison(&cases, &shown).footnote;
    assert!(
        found.en.contains(
            ". Base year 2020 has no official total: CO2 projected from 2015. Base year 2025 has \
             no official total: SO2 projected from 2015–2020; CO2 projected from 2015"
        ),
        "{}",
        found.en
    );
}

/// The same under the charts of a sweep.
#[test]
fn charts_of_sweeps_say_which_bases_are_projected() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("late.toml");
    let base = format!("{}/scenarios", env!("CARGO_MANIFEST_DIR"));
    let text = format!(
        "[scenario]\nname_en = \"Late\"\nextends = \"{base}/national-15fyp-planned.toml\"\n\
         [sweep]\ndraws = 64\n[sweep.inputs.gdp]\ngrowth = \"gdp\"\nuniform = [\"-1 %\", \"1 %\"]\n"
    );
    std::fs::write(&file, text).unwrap();
    let out = folder.path().join("out");
    let args = [
        "sweep",
        file.to_str().unwrap(),
        "--out",
        out.to_str().unwrap(),
    ];
    let (code, _, errors) = crate::program::call("en", &args);
    assert!(code < 2, "{errors}");
    let chart = std::fs::read_to_string(out.join("late/charts/attainment.en.svg")).unwrap();
    let texts = chart.split('>').filter_map(|part| part.split('<').next());
    let words: Vec<&str> = texts.flat_map(str::split_whitespace).collect();
    let words = words.join(" ");
    assert!(
        words.contains("Base year 2025 has no official total: "),
        "{words}"
    );
}
