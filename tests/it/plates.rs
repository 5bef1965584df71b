//! The charts of a report: what is given to them to draw, held against the run, and how
//! they come as plates.

use crate::drawn::{all, case, change, numbers, of_run, shows};
use crate::support::{catalogue, close, leading};
use crate::written::Shipped;
use jianpai::core::catalogue::{Account, Accounting, Book};
use jianpai::core::dims::{ClassId, PollutantId};
use jianpai::core::measure::Policy;
use jianpai::core::sector::{self, Sector};
use jianpai::core::target::Demand;
use jianpai::core::text::Lang;
use jianpai::report::chart::{AreaChart, Look, Paint};
use jianpai::report::figures;
use std::collections::BTreeSet;

fn pollutants() -> impl Iterator<Item = PollutantId> {
    (0..catalogue().pollutants.len()).map(PollutantId::from_usize)
}

/// Tonnes in one unit of a chart of areas.
fn unit(chart: &AreaChart) -> f64 {
    if chart.unit.en == "10⁸ t" { 1e8 } else { 1e4 }
}

/// Where the years of a chart begin in the run.
fn start(one: &Shipped, chart: &AreaChart) -> usize {
    one.plan.year(chart.years[0]).unwrap()
}

/// Every number of an English headline is one of those known.
fn told(place: &str, title: &str, drop: &[&str], known: &[f64]) -> usize {
    let title = drop
        .iter()
        .fold(title.to_string(), |t, word| t.replace(word, ""));
    let said = numbers(&title);
    for text in &said {
        let hit = known.iter().any(|value| shows(text, *value));
        assert!(hit, "{place}: {text} of `{title}` in {known:?}");
    }
    said.len()
}

#[test]
fn wedges_lead_from_growth_alone_to_the_scenario_in_every_year() {
    let (mut charts, mut with_current, mut held) = (0, 0, 0);
    for one in all() {
        let case = case(one);
        for p in pollutants() {
            let Some(chart) = figures::wedges(&case, p) else {
                continue;
            };
            charts += 1;
            let id = &catalogue().pollutants[p.at()].named.id;
            let place = format!("{} {id}", one.scenario.id);
            let account = leading(catalogue(), p);
            let total = of_run(one, &one.outcome.run.total, account);
            let (scale, from) = (unit(&chart), start(one, &chart));
            let is = |value: f64, wanted: f64| close(value * scale, wanted, 1e-9, total[0] * 1e-3);
            let line = &chart.edges[0].values;
            // Growth alone is a run of its own where the chart begins with the scenario.
            let i = catalogue().amount_indicator(account);
            for (t, year) in chart.years.iter().enumerate() {
                assert!(is(chart.floor[t], total[from + t]), "{place} {year}");
                assert!(
                    is(chart.edges[1].values[t], total[from + t]),
                    "{place} {year}"
                );
                if let (0, Some(i)) = (from, i) {
                    assert!(
                        is(line[t], one.outcome.frozen[i.at()][t]),
                        "{place} {year}: line"
                    );
                }
                let areas: f64 = chart.areas.iter().map(|area| area.values[t]).sum();
                assert!(
                    chart.areas.iter().all(|area| area.values[t] >= 0.0),
                    "{place}"
                );
                let top = chart.raised.as_ref().map_or(line[t], |raised| raised.to[t]);
                let slack = (chart.floor[t] + areas - top).abs() * scale / total[from];
                // Without a band for it, what is added lies within a thousandth.
                assert!(slack < 1.1e-3, "{place} {year}: {slack}");
                if chart.raised.is_some() {
                    assert!(is(chart.floor[t] + areas, top * scale), "{place} {year}");
                }
            }
            // Each measure's wedge is what the run says of it.
            for area in chart
                .areas
                .iter()
                .filter(|area| area.paint == Paint::Series)
            {
                let mut own = (0..one.plan.measures.len()).filter(|m| {
                    let measure = &one.plan.measures[*m];
                    measure.policy == Policy::New && measure.name == area.name
                });
                let same = own.any(|m| {
                    let change = change(one, m, account);
                    let wedge = |t: usize| (change[from] - change[from + t]).max(0.0);
                    (0..chart.years.len()).all(|t| is(area.values[t], wedge(t)))
                });
                assert!(same, "{place}: {}", area.name.en);
            }
            with_current += usize::from(chart.areas.iter().any(|a| a.paint == Paint::Policy));
            let last = chart.years.len() - 1;
            let gap = line[last] - chart.floor[last];
            let mut known = vec![chart.floor[last], gap.abs()];
            known.extend([f64::from(chart.years[last]), f64::from(chart.years[0])]);
            // The largest wedge of a new measure is named, with its own number.
            let of = |paint: Paint| {
                let own = chart.areas.iter().filter(move |area| area.paint == paint);
                own.max_by(|a, b| a.values[last].total_cmp(&b.values[last]))
            };
            known.extend(
                [Paint::Series, Paint::Policy]
                    .map(|paint| of(paint).map_or(f64::NAN, |area| area.values[last])),
            );
            if chart.title.zh.contains("减排最多的是") {
                let most = of(Paint::Series).expect("a new measure");
                assert!(
                    chart.title.zh.contains(&most.name.zh),
                    "{place}: {}",
                    chart.title.zh
                );
            }
            // Names may hold numbers of their own.
            let mut title = chart.title.en.clone();
            if let Some(at) = title.find("; of new measures, ") {
                let figure = title.rfind(" cuts most").unwrap();
                title.replace_range(at..figure, ";");
            }
            let drop = [chart.unit.en.as_str(), id];
            held += told(&place, &title, &drop, &known);
        }
    }
    assert!(
        charts > 60 && with_current > 20 && held > 180,
        "{charts} {with_current} {held}"
    );
}

/// The last year of the wedges is the balance of the waterfall.
#[test]
fn wedges_and_waterfalls_say_the_same_of_the_last_year() {
    let mut steps = 0;
    for one in all() {
        let case = case(one);
        for p in pollutants() {
            let charts = (figures::wedges(&case, p), figures::waterfall(&case, p));
            let (Some(wedges), Some(waterfall)) = charts else {
                continue;
            };
            let last = wedges.years.len() - 1;
            let place = format!("{} {}", one.scenario.id, wedges.title.en);
            let end = waterfall.steps.last().unwrap().value;
            assert!(close(wedges.floor[last], end, 1e-9, end), "{place}");
            for step in &waterfall.steps {
                let mut own = wedges.areas.iter().filter(|a| a.name.en == step.label.en);
                if step.value < 0.0 && own.clone().count() == 1 {
                    let wedge = own.next().unwrap().values[last];
                    assert!(
                        close(wedge, -step.value, 1e-9, end),
                        "{place}: {}",
                        step.label.en
                    );
                    steps += 1;
                }
            }
        }
    }
    assert!(steps > 150, "{steps}");
}

#[test]
fn sources_add_up_and_are_those_of_the_inventories() {
    let (mut charts, mut checked) = (0, 0);
    for one in all() {
        let case = case(one);
        for p in pollutants() {
            let Some(chart) = figures::by_source(&case, p) else {
                continue;
            };
            charts += 1;
            let data = catalogue();
            let place = format!("{} {}", one.scenario.id, data.pollutants[p.at()].named.id);
            let account = leading(data, p);
            let total = of_run(one, &one.outcome.run.total, account);
            let (scale, from) = (unit(&chart), start(one, &chart));
            let is = |value: f64, wanted: f64| close(value * scale, wanted, 1e-9, total[0]);
            for t in 0..chart.years.len() {
                let sum: f64 = chart.areas.iter().map(|area| area.values[t]).sum();
                assert!(is(sum, total[from + t]), "{place}");
                assert!(is(chart.edges[0].values[t], total[from + t]), "{place}");
            }
            // The physical book by another way: the classes of published inventories.
            if account != Account::Pollutant(p, Book::Physical) {
                continue;
            }
            for class in (0..data.classes.len()).map(ClassId::from_usize) {
                let name = &data.classes[class.at()].named.name;
                let values = sector::emissions(data, &one.plan, (p, Sector::Class(class)));
                let area = chart.areas.iter().find(|area| area.name == *name);
                let drawn = |t: usize| area.map_or(0.0, |area| area.values[t]);
                let same = (0..chart.years.len()).all(|t| is(drawn(t), values[from + t]));
                assert!(same, "{place}: {}", name.en);
                checked += 1;
            }
        }
    }
    assert!(charts > 60 && checked > 100, "{charts} {checked}");
}

#[test]
fn dots_stand_right_of_the_line_exactly_where_targets_are_met() {
    let (mut rows, mut others, mut bands) = (0, 0, 0);
    for one in all() {
        let case = case(one);
        let chart = figures::dots(&case);
        assert_eq!(chart.is_some(), !one.scenario.targets.is_empty());
        let Some(chart) = chart else { continue };
        assert_eq!(chart.rows.len(), one.scenario.targets.len());
        let met = case.tally().met;
        assert!(
            chart.title.zh.contains(&met.to_string()),
            "{}",
            chart.title.zh
        );
        for (row, (target, verdict)) in chart.rows.iter().zip(case.targets()) {
            let place = format!("{} {}", one.scenario.id, target.id);
            let Some(verdict) = verdict else {
                assert!(row.margin.is_nan(), "{place}");
                continue;
            };
            rows += 1;
            if row.margin.is_nan() {
                assert!(verdict.required.abs() < 1e-12, "{place}");
                continue;
            }
            assert_eq!(row.margin >= -1e-5, verdict.met, "{place}: {}", row.margin);
            if let Demand::Reduction { wanted, base_year } = target.demand {
                let at = |year: i32| one.value(target.indicator.at(), year);
                let reached = 1.0 - at(target.year) / at(base_year);
                let margin = (reached / wanted - 1.0) * 100.0;
                assert!(close(row.margin, margin, 1e-9, 1.0), "{place}");
                let other = row.other.map(|other| {
                    let book = match catalogue().indicators[target.indicator.at()].book {
                        Book::Accounted => Book::Physical,
                        Book::Physical => Book::Accounted,
                    };
                    let i = catalogue().in_book(target.indicator, book).unwrap().at();
                    let reached = 1.0 - one.value(i, target.year) / one.value(i, base_year);
                    (other, (reached / wanted - 1.0) * 100.0)
                });
                if let Some((drawn, margin)) = other {
                    assert!(close(drawn, margin, 1e-9, 1.0), "{place}");
                    others += 1;
                }
            }
            if let Some((lo, hi)) = row.interval {
                assert!(lo <= row.margin && row.margin <= hi, "{place}");
                bands += 1;
            }
        }
    }
    assert!(
        rows > 100 && others > 30 && bands > 30,
        "{rows} {others} {bands}"
    );
}

#[test]
fn slopes_are_indices_of_the_first_year() {
    let (mut charts, mut three) = (0, 0);
    for one in all() {
        let Some(chart) = figures::slopes(&case(one)) else {
            continue;
        };
        charts += 1;
        let first = one.scenario.base_year;
        assert_eq!(chart.years[0], first);
        assert_eq!(*chart.years.last().unwrap(), one.scenario.end_year);
        three += usize::from(chart.years.len() > 2);
        let indicators = &one.outcome.indicators;
        for line in &chart.lines {
            let place = format!("{} {}", one.scenario.id, line.name.en);
            let own = indicators.iter().any(|values| {
                chart.years.iter().zip(&line.values).all(|(year, index)| {
                    close(values[one.at(*year)] / values[0] * 100.0, *index, 1e-9, 1.0)
                })
            });
            assert!(own, "{place}");
        }
        let ends = chart.lines.iter().map(|line| *line.values.last().unwrap());
        let least = ends.clone().fold(f64::INFINITY, f64::min);
        let most = ends.fold(f64::NEG_INFINITY, f64::max);
        let named = |index: f64| {
            let mut lines = chart.lines.iter();
            let line = lines
                .find(|line| line.values.last() == Some(&index))
                .unwrap();
            chart.title.zh.contains(&line.name.zh)
        };
        if least < 100.0 {
            assert!(named(least), "{}", chart.title.zh);
        }
        assert!(named(most) || least >= 100.0, "{}", chart.title.zh);
    }
    assert!(charts > 20 && three > 3, "{charts} {three}");
}

#[test]
fn quadrants_hold_what_each_measure_does_to_both() {
    let (mut charts, mut points) = (0, 0);
    for one in all() {
        for p in pollutants() {
            let Some(chart) = figures::synergy(&case(one), p) else {
                continue;
            };
            charts += 1;
            let data = catalogue();
            let carbon = leading(data, data.pollutant("CO2").unwrap());
            let other = leading(data, p);
            let base = one.plan.year(one.base()).unwrap();
            let cut = |m: usize, account: Account| {
                let (change, total) = (
                    change(one, m, account),
                    of_run(one, &one.outcome.run.total, account),
                );
                (change[base] - change[change.len() - 1]) / total[base] * 100.0
            };
            let place = format!("{} {}", one.scenario.id, chart.title.en);
            for point in &chart.points {
                let own = (0..one.plan.measures.len()).any(|m| {
                    let measure = &one.plan.measures[m];
                    let near =
                        |a: f64, b: f64| (a - b).abs() < 1e-9 || (a == 0.0 && b.abs() < 5e-3);
                    measure.policy == Policy::New
                        && measure.name == point.name
                        && near(point.x, cut(m, carbon))
                        && near(point.y, cut(m, other))
                });
                assert!(own, "{place}: {}", point.name.en);
                points += 1;
            }
            let both = chart
                .points
                .iter()
                .filter(|p| p.x > 0.0 && p.y > 0.0)
                .count();
            let start = format!("{both} of {} ", chart.points.len());
            assert!(chart.title.en.starts_with(&start), "{place}");
        }
    }
    assert!(charts > 20 && points > 80, "{charts} {points}");
}

#[test]
fn both_books_are_drawn_as_they_are_kept() {
    let mut panels = 0;
    for one in all() {
        let Some(chart) = figures::books(&case(one)) else {
            continue;
        };
        let base = one.plan.year(one.base()).unwrap();
        let mut own = pollutants().filter(|p| {
            let accounting = catalogue().pollutants[p.at()].accounting;
            accounting == Accounting::Rules
                && of_run(one, &one.outcome.run.total, leading(catalogue(), *p))[base] > 0.0
        });
        for panel in &chart.panels {
            let p = own.next().expect("a pollutant a panel");
            for (book, bars) in [
                (Book::Accounted, &panel.first),
                (Book::Physical, &panel.second),
            ] {
                let account = Account::Pollutant(p, book);
                let total = of_run(one, &one.outcome.run.total, account);
                for (t, bar) in bars.iter().enumerate() {
                    let year = one.plan.years[base + 1 + t];
                    assert_eq!(panel.years[t], year);
                    let cut = (1.0 - total[base + 1 + t] / total[base]) * 100.0;
                    assert!(close(*bar, cut, 1e-9, 1.0), "{}: {year}", one.scenario.id);
                }
            }
            panels += 1;
        }
    }
    assert!(panels > 40, "{panels}");
}

#[test]
fn plates_come_with_a_caption_and_words_in_both_languages() {
    let mut seen = BTreeSet::new();
    for one in all() {
        let plates = figures::plates(&case(one));
        assert_eq!(plates[0].id, "indices");
        let ids: BTreeSet<&str> = plates.iter().map(|plate| plate.id.as_str()).collect();
        assert_eq!(ids.len(), plates.len(), "{}", one.scenario.id);
        // What every run writes comes first, in its own order.
        let written = figures::all(&case(one));
        for (pair, plate) in written.chunks(2).zip(&plates) {
            assert_eq!(pair[0].name, format!("{}.zh.svg", plate.id));
            assert_eq!(pair[0].svg, plate.chart.draw(Lang::Zh, Look::default()));
        }
        for plate in &plates {
            let place = format!("{} {}", one.scenario.id, plate.id);
            let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
            assert!(plate.id.chars().all(plain), "{place}");
            for text in [&plate.caption, &plate.alt] {
                assert!(!text.zh.is_empty() && !text.en.is_empty(), "{place}");
                let han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
                assert!(text.zh.chars().any(han), "{place}: {}", text.zh);
                for broken in [
                    "NaN", "inf", "：。", "：；", "，。", "（）", ": .", ", .", "()",
                ] {
                    let inside = text.zh.contains(broken) || text.en.contains(broken);
                    assert!(!inside, "{place}: {broken} in {text:?}");
                }
            }
            assert!(!plate.caption.zh.ends_with('。') && !plate.caption.en.ends_with('.'));
            assert!(
                plate.alt.zh.ends_with('。') && plate.alt.en.ends_with('.'),
                "{place}"
            );
            assert!(plate.alt.en.chars().any(|c| c.is_ascii_digit()), "{place}");
            seen.insert(plate.id.split('-').next().unwrap_or("").to_string());
        }
    }
    for stem in [
        "balance", "targets", "slopes", "wedges", "sources", "books", "synergy",
    ] {
        assert!(seen.contains(stem), "{stem} in {seen:?}");
    }
}

/// A chart in another look says the same words: names and numbers of its titles.
#[test]
fn another_look_draws_the_same_contents() {
    let one = all()[0];
    for plate in figures::plates(&case(one)) {
        for look in Look::all() {
            let svg = plate.chart.draw(Lang::Zh, look);
            let label = svg
                .split("aria-label=\"")
                .nth(1)
                .and_then(|s| s.split('"').next());
            assert!(label.is_some_and(|label| !label.is_empty()), "{}", plate.id);
            let dark = svg.contains("fill=\"#15191e\"");
            assert_eq!(dark, look.theme == jianpai::report::chart::Theme::Dark);
            assert_eq!(svg, plate.chart.draw(Lang::Zh, look));
        }
    }
}
