//! What the charts of a sweep are given to draw, against the draws themselves.

use jianpai::core::catalogue::Book;
use jianpai::core::explain::Support;
use jianpai::core::target::{Demand, Target};
use jianpai::report::case::{demand_text, display, probability};
use jianpai::report::chart::MapAxis;
use jianpai::report::sweep::figures::{attainment, fans, map, targets_on, tornado};
use jianpai::report::sweep::variance::variance;
use jianpai::report::sweep::{Spread, names};
use jianpai::study::{Data, Session, SweepOptions, SweepStudy};
use jianpai::sweep::engine::output::Nothing;
use jianpai::sweep::engine::run::{self, Totals};
use jianpai::sweep::engine::{Column, Sweep, Workspace};
use jianpai::sweep::findings;

/// Draws of the sweep under test.
const DRAWS: u64 = 600;

/// A sweep with targets of several kinds, some of them on a year after the base year.
const SWEEP: &str = r#"
[scenario]
name_zh = "变"
name_en = "varied"
extends = "scenarios/shaanxi-14fyp-planned.toml"

[targets.so2-cap]
indicator = "SO2"
year = 2025
cap = "25 万t"

[sweep]
design = "latin-hypercube"
draws = 600
seed = 3
years = [2020, 2025]

[sweep.inputs.boilers]
level = "boilers-le35"
uniform = ["40 %", "100 %"]

[sweep.inputs.steel]
level = "steel-ule"
uniform = ["20 %", "100 %"]

[sweep.inputs.sewage]
level = "sewage-collection"
uniform = ["30 %", "100 %"]

[sweep.inputs.pace]
growth = "industry"
uniform = ["-2 %", "2 %"]

[sweep.inputs.ask]
target = "nox"
uniform = ["6 %", "18 %"]
"#;

/// What a target asks at the median of all inputs: that on NOx is an input of 6 to 18 %.
fn asked(target: &Target) -> Demand {
    match target.demand {
        Demand::Reduction { base_year, .. } if target.id == "nox" => Demand::Reduction {
            wanted: 0.12,
            base_year,
        },
        other => other,
    }
}

/// Runs the sweep and hands over what charts are made from, and every draw: columns of
/// the sweep over all years.
pub fn with_spread(check: impl FnOnce(&Spread<'_>, &Sweep, &[Vec<f64>])) {
    let root = env!("CARGO_MANIFEST_DIR");
    let fetch = move |path: &str| match path {
        "main.toml" => Ok(SWEEP.as_bytes().to_vec()),
        other => std::fs::read(format!("{root}/{other}")),
    };
    let mut session = Session::new(Data::compiled_in().unwrap(), fetch);
    let options = SweepOptions {
        over_time: true,
        ..SweepOptions::default()
    };
    let swept = session.sweeps("main.toml", &[None], options).unwrap();
    let SweepStudy {
        study,
        sweep,
        over_time,
        ..
    } = swept.into_iter().next().unwrap();
    let over_time = over_time.unwrap();
    let (catalogue, scenario, plan) = (study.catalogue(), study.scenario(), &study.plan);
    let mut totals = Totals::new(&sweep);
    let all = 0..sweep.chunks();
    run::run(&sweep, all, &mut totals, &Nothing, &mut |_| true).unwrap();
    let columns = |sweep: &Sweep| -> Vec<Vec<f64>> {
        let mut work = Workspace::default();
        let rows = sweep.block(0, DRAWS as usize, &mut work);
        rows.columns().map(<[f64]>::to_vec).collect()
    };
    let wanted = findings::wanted(catalogue, &sweep, findings::ENOUGH);
    let drawn = columns(&sweep);
    let kept: Vec<Vec<f64>> = wanted.columns.iter().map(|c| drawn[*c].clone()).collect();
    let found = findings::analyse(catalogue, &sweep, &kept);
    let support = Support::of(catalogue, scenario, plan);
    let spread = Spread {
        catalogue,
        scenario,
        plan,
        support: &support,
        sweep: &sweep,
        totals: &totals,
        findings: Some(&found),
    };
    check(&spread, &over_time, &columns(&over_time));
}

/// A column of the sweep over all years.
fn column<'c>(sweep: &Sweep, columns: &'c [Vec<f64>], wanted: &Column) -> &'c [f64] {
    &columns[sweep.column(wanted).unwrap()]
}

/// Whether `value` is the quantile of `values`, but for a hundredth of their spread.
fn is_quantile(value: f64, values: &[f64], q: f64) -> bool {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let rank = q * (sorted.len() - 1) as f64;
    let room = 0.01 * (sorted[sorted.len() - 1] - sorted[0]) + 1e-9 * value.abs();
    let (low, high) = (sorted[rank.floor() as usize], sorted[rank.ceil() as usize]);
    (low - room..=high + room).contains(&value)
}

#[test]
fn attainment_is_what_the_draws_attain() {
    with_spread(|spread, sweep, columns| {
        let chart = attainment(spread).unwrap();
        let share = |wanted: &Column| {
            let flags = column(sweep, columns, wanted);
            flags.iter().sum::<f64>() / DRAWS as f64
        };
        let targets = &spread.scenario.targets;
        assert_eq!(chart.rows.len(), targets.len());
        for (i, row) in chart.rows.iter().enumerate() {
            let wanted = share(&Column::Met(i));
            assert!(
                (row.probability - wanted).abs() < 1e-12,
                "{}",
                targets[i].id
            );
            // Where the record allows a bound alone, there is no interval.
            match (&row.stated, row.interval) {
                (None, Some((low, high))) => {
                    assert!(low <= wanted && wanted <= high && high - low < 0.1);
                }
                (Some(bound), None) => assert!(!(0.2..0.8).contains(&wanted), "{bound}"),
                other => panic!("{other:?}"),
            }
            let indicator = &spread.catalogue.indicators[targets[i].indicator.at()];
            if targets[i].id == "nox" {
                assert_eq!(row.demand.en, "−6% to −18% on 2020 (varies by draw)");
                assert_eq!(row.demand.zh, "较2020年下降6%至18%（随抽样而变）");
            } else {
                assert_eq!(row.demand, demand_text(indicator, &targets[i]));
            }
        }
        let all = share(&Column::AllMet);
        let row = chart.all.unwrap();
        assert!((row.probability - all).abs() < 1e-12);
        let percent = row.stated.unwrap_or_else(|| probability(all));
        assert!(chart.title.en.contains(&percent) && chart.title.zh.contains(&percent));
        let shares: Vec<f64> = chart.rows.iter().map(|row| row.probability).collect();
        assert!(
            shares.iter().any(|share| (0.1..0.9).contains(share)),
            "{shares:?}"
        );
    });
}

#[test]
fn fans_are_the_quantiles_of_the_draws() {
    with_spread(|spread, sweep, columns| {
        let charts = fans(spread, sweep);
        assert!(charts.len() > 4);
        for (id, chart) in &charts {
            // The chart of an accounted pollutant has its plain id.
            let accounted = spread.catalogue.indicator_in(id, Book::Accounted);
            let i = accounted
                .or_else(|| spread.catalogue.indicator(id))
                .unwrap();
            let scale = display(&spread.catalogue.indicators[i.at()]).scale;
            assert_eq!(chart.years, spread.plan.years);
            let series = &chart.series[0];
            assert_eq!(series.bands.len(), 2);
            for t in 0..chart.years.len() {
                // With the model's error where there is one.
                let with = Column::WithError(i, t);
                let wanted = match sweep.column(&with) {
                    Some(_) => with,
                    None => Column::Indicator(i, t),
                };
                let values = column(sweep, columns, &wanted);
                let place = format!("{id} {}", chart.years[t]);
                let mut held = vec![(series.values[t], 0.5)];
                for (band, (low, high)) in series.bands.iter().zip([(0.05, 0.95), (0.25, 0.75)]) {
                    held.extend([(band.lo[t], low), (band.hi[t], high)]);
                    assert!(band.lo[t] <= series.values[t] && series.values[t] <= band.hi[t]);
                }
                for (shown, q) in held {
                    assert!(
                        is_quantile(shown * scale, values, q),
                        "{place}: {shown} at {q}"
                    );
                }
            }
            for mark in &chart.targets {
                let own = spread.scenario.targets.iter().enumerate();
                let mut own = own.filter(|(_, t)| t.indicator == i && t.year == mark.year);
                let fits = own.any(|(_, target)| {
                    let level = match asked(target) {
                        // Of the median in the year that the reduction counts from.
                        Demand::Reduction { wanted, base_year } => {
                            let t = spread.plan.year(base_year).unwrap();
                            series.values[t] * (1.0 - wanted)
                        }
                        Demand::Cap(limit) | Demand::Floor(limit) => limit / scale,
                        _ => return false,
                    };
                    (mark.value - level).abs() <= 1e-9 * level.abs()
                });
                assert!(fits, "{id}: a mark at {} in {}", mark.value, mark.year);
            }
        }
        let marks = charts.iter().map(|(_, chart)| chart.targets.len());
        assert!(marks.sum::<usize>() >= 5, "targets are drawn");
    });
}

#[test]
fn tornadoes_are_single_draws() {
    with_spread(|spread, _, _| {
        let mut drawn = 0;
        for output in &spread.findings.unwrap().outputs {
            let Some(chart) = tornado(spread, output) else {
                continue;
            };
            drawn += 1;
            let indicator = &spread.catalogue.indicators[output.indicator.at()];
            let scale = display(indicator).scale;
            let central = spread.sweep.central();
            let value = |point: &[f64]| {
                let point = point.to_vec();
                spread.sweep.at(&[point])[output.column][0] / scale
            };
            let close = |a: f64, b: f64| (a - b).abs() <= 1e-9 * a.abs().max(b.abs());
            assert!(close(chart.central, value(&central)));
            for bar in &chart.bars {
                let names = spread.sweep.inputs.iter();
                let mut names = names.map(|x| names::name(spread.catalogue, spread.plan, x));
                let input = names.position(|name| name == bar.name).unwrap();
                for (shown, u) in [(bar.at_low, 0.05), (bar.at_high, 0.95)] {
                    let mut point = central.clone();
                    point[input] = spread.sweep.value_at(input, u);
                    assert!(close(shown, value(&point)), "{} {u}", bar.name.en);
                }
            }
            // The widest bar stands first, and is named.
            let widths: Vec<f64> = chart
                .bars
                .iter()
                .map(|bar| (bar.at_high - bar.at_low).abs())
                .collect();
            assert!(widths.is_sorted_by(|a, b| a >= b), "{widths:?}");
            assert!(chart.title.en.contains(&chart.bars[0].name.en));
            if let Some(line) = &chart.target {
                let on = targets_on(spread, output.indicator).map(|(_, target)| target);
                let year = spread.plan.years[output.year];
                let target = on.into_iter().find(|target| target.year == year).unwrap();
                let level = match asked(target) {
                    Demand::Reduction { wanted, base_year } => {
                        // All inputs at their medians, in the year that is counted from.
                        let t = spread.plan.year(base_year).unwrap();
                        let base = spread.sweep.column(&Column::Indicator(output.indicator, t));
                        spread.sweep.at(&[central])[base.unwrap()][0] * (1.0 - wanted) / scale
                    }
                    Demand::Cap(limit) | Demand::Floor(limit) => limit / scale,
                    _ => panic!("no level"),
                };
                assert!(close(line.value, level), "{}: {level}", indicator.named.id);
            }
        }
        assert!(drawn >= 3, "{drawn}");
    });
}

/// The variance of the means of a result in bins of an input, as a part of its variance:
/// what a first-order index is.
fn binned(input: &[f64], result: &[f64]) -> f64 {
    let mut order: Vec<usize> = (0..input.len()).collect();
    order.sort_by(|a, b| input[*a].total_cmp(&input[*b]));
    let mean = |rows: &[usize]| rows.iter().map(|i| result[*i]).sum::<f64>() / rows.len() as f64;
    let whole = mean(&order);
    let all = result
        .iter()
        .map(|value| (value - whole).powi(2))
        .sum::<f64>();
    let bins = order.chunks(60);
    let between: f64 = bins
        .map(|bin| bin.len() as f64 * (mean(bin) - whole).powi(2))
        .sum();
    between / all
}

#[test]
fn parts_of_a_variance_are_those_of_the_draws() {
    with_spread(|spread, _, drawn| {
        let (mut charts, mut claims) = (0, 0);
        let mut work = Workspace::default();
        let rows = spread.sweep.block(0, DRAWS as usize, &mut work);
        assert_eq!(rows.columns().len(), spread.sweep.columns.len());
        assert!(!drawn.is_empty());
        for output in &spread.findings.unwrap().outputs {
            let Some(chart) = variance(spread, output) else {
                continue;
            };
            charts += 1;
            let result = rows.column(output.column);
            let parts = |i: usize| binned(rows.column(i), result);
            let mut shown = Vec::new();
            for row in &chart.rows {
                let inputs = spread.sweep.inputs.iter();
                let mut names = inputs.map(|x| names::name(spread.catalogue, spread.plan, x));
                let input = names.position(|name| name == row.name).unwrap();
                let first = row.first.unwrap();
                let part = parts(input);
                // Ten bins of sixty draws know it to a few percent.
                assert!(
                    (first.value - part).abs() < 0.04 + first.half_width.unwrap(),
                    "{} of {}: {} {part}",
                    row.name.en,
                    chart.title.en,
                    first.value
                );
                assert!(row.total.is_none() && !row.is_marked);
                shown.push(first.value);
            }
            assert!(shown.is_sorted_by(|a, b| a >= b), "{shown:?}");
            // What is not drawn is next to nothing, and counted.
            let left = spread.sweep.inputs.len() - chart.rows.len();
            assert!(left == 0 || chart.subtitle.en.contains(&format!("; {left} more input")));
            // Who is named stands apart from all others.
            if chart.title.en.contains("alone explains") {
                claims += 1;
                let first = &chart.rows[0];
                assert!(chart.title.en.contains(&first.name.en));
                assert!(parts(0).max(parts(1)).max(parts(2)).max(parts(3)) > 0.5);
            }
        }
        assert!(charts >= 3 && claims >= 1, "{charts} {claims}");
    });
}

#[test]
fn maps_hold_the_values_and_where_targets_are_met() {
    with_spread(|spread, _, _| {
        let mut drawn = 0;
        for output in &spread.findings.unwrap().outputs {
            let Some(chart) = map(spread, output) else {
                continue;
            };
            drawn += 1;
            let indicator = &spread.catalogue.indicators[output.indicator.at()];
            let scale = display(indicator).scale;
            let input_of = |axis: &MapAxis| {
                let mut names = spread.sweep.inputs.iter();
                let same = |x: &_| names::name(spread.catalogue, spread.plan, x) == axis.name;
                names.position(same).unwrap()
            };
            let (a, b) = (input_of(&chart.x), input_of(&chart.y));
            let central = spread.sweep.central();
            let columns = |x: f64, y: f64| {
                let mut point = central.clone();
                (point[a], point[b]) = (x, y);
                spread.sweep.at(&[point])
            };
            let width = chart.x.values.len();
            for (at, shown) in chart.values.iter().enumerate().step_by(97) {
                let (x, y) = (chart.x.values[at % width], chart.y.values[at / width]);
                let value = columns(x, y)[output.column][0] / scale;
                assert!((shown - value).abs() <= 1e-9 * value.abs(), "{x} {y}");
            }
            // On a frontier the target is just met.
            let targets: Vec<usize> = targets_on(spread, output.indicator).map(|t| t.0).collect();
            assert_eq!(targets.len(), chart.frontiers.len());
            for (i, frontier) in targets.iter().zip(&chart.frontiers) {
                let margin = spread.sweep.column(&Column::Margin(*i)).unwrap();
                let corners = [0.0, 1.0].map(|x| columns(x, x)[margin][0]);
                let spread = (corners[1] - corners[0]).abs();
                for (x, y) in frontier.lines.iter().flatten() {
                    let here = columns(*x, *y)[margin][0];
                    assert!(here.abs() <= 0.02 * spread, "{x} {y}: {here} of {spread}");
                }
                let all = frontier.lines.is_empty() && columns(0.7, 0.7)[margin][0] >= 0.0;
                assert_eq!(frontier.attained, all, "{}", frontier.label.en);
            }
        }
        assert!(drawn >= 1, "{drawn}");
    });
}
