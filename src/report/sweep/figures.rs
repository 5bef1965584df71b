//! The charts of a finished sweep: attainment, fans over time, tornadoes, maps of two
//! inputs, and what inputs explain of a variance.

use super::drawn::{footnote, on_intervals, region, share_name};
use super::names;
use super::spread::Spread;
use super::variance::variance;
use crate::case::{Display, chart_id, display, number, short_name};
use crate::chart::{
    Attainment, AttainmentRow, Band, Chart as _, LineChart, MapAxis, MapFrontier, MapPoint,
    MapTicks, ResponseMap, Series, Side, TargetMark, Tornado, TornadoBar, TornadoTarget,
};
use crate::standing::Standing;
use jianpai_core::batch::Input;
use jianpai_core::dims::IndicatorId;
use jianpai_core::target::{Demand, Target};
use jianpai_core::text::{Lang, Text};
use jianpai_sweep::analysis::response_map::{self, Attained};
use jianpai_sweep::analysis::summary::Quantiles;
use jianpai_sweep::engine::output::Nothing;
use jianpai_sweep::engine::run::{self, Totals};
use jianpai_sweep::engine::{Column, Sweep};
use jianpai_sweep::findings::{OutputFindings, SWING};

/// Draws that a fan is made of, at most.
const FAN_DRAWS: u64 = 1 << 16;
/// Draws up to which its quantiles are exact: what follows is finer than a line is wide.
const FAN_EXACT: usize = 1 << 13;
/// Parts of a power of two of the distance from the middle, as their binary logarithm:
/// quantiles are known to 1 % of the spread or better.
const FAN_BITS: u32 = 10;
/// Nodes of a map along each axis.
const NODES: usize = 41;
/// Bars of a tornado, at most.
const BARS: usize = 12;

/// Every chart in both languages: name and SVG.
pub fn all(spread: &Spread<'_>, over_time: Option<&Sweep>) -> Vec<(String, Vec<u8>)> {
    let mut charts = Vec::new();
    let mut both = |name: String, render: &dyn Fn(Lang) -> String| {
        for (suffix, lang) in [("zh", Lang::Zh), ("en", Lang::En)] {
            charts.push((
                format!("charts/{name}.{suffix}.svg"),
                render(lang).into_bytes(),
            ));
        }
    };
    if let Some(chart) = attainment(spread) {
        both("attainment".to_string(), &|lang| chart.render(lang));
    }
    for (id, chart) in over_time.map_or(Vec::new(), |sweep| fans(spread, sweep)) {
        both(format!("fan-{id}"), &|lang| chart.render(lang));
    }
    for output in spread.findings.map_or(&[][..], |found| &found.outputs) {
        let id = chart_id(
            spread.catalogue,
            &spread.catalogue.indicators[output.indicator.at()],
        );
        if let Some(chart) = tornado(spread, output) {
            both(format!("tornado-{id}"), &|lang| chart.render(lang));
        }
        if let Some(chart) = variance(spread, output) {
            both(format!("variance-{id}"), &|lang| chart.render(lang));
        }
        if let Some(chart) = map(spread, output) {
            both(format!("map-{id}"), &|lang| chart.render(lang));
        }
    }
    charts
}

/// The indicators that targets speak of.
fn judged(spread: &Spread<'_>) -> Vec<usize> {
    let targets = spread.sweep.reported.targets.iter();
    let mut found: Vec<usize> = targets.map(|target| target.indicator.at()).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// How often each target is met.
pub fn attainment(spread: &Spread<'_>) -> Option<Attainment> {
    let row = |name: Text, demand: Text, wanted: &Column| {
        let count = spread.count(wanted)?;
        Some(AttainmentRow {
            name,
            demand,
            probability: count.share,
            stated: count.claim.is_bound().then(|| count.text()),
            interval: count.shown_interval(),
        })
    };
    let targets = &spread.sweep.reported.targets;
    let rows: Vec<AttainmentRow> = targets
        .iter()
        .enumerate()
        .filter_map(|(i, target)| {
            let indicator = &spread.catalogue.indicators[target.indicator.at()];
            let name = short_name(spread.catalogue, indicator);
            row(name, names::target(spread, i).1, &Column::Met(i))
        })
        .collect();
    let all = row(
        Text::new("全部目标", "All targets"),
        Text::default(),
        &Column::AllMet,
    )?;
    if rows.is_empty() {
        return None;
    }
    let (region, share) = (region(spread), all.text());
    let is_sample = spread.sweep.points.is_sample();
    let (word, draws) = if is_sample {
        ("概率", "draws")
    } else {
        ("占比", "rows")
    };
    Some(Attainment {
        title: Text::new(
            format!("{}：全部目标同时达到的{word}为 {share}", region.zh),
            format!(
                "{}: all targets are met in {share} of the {draws}",
                region.en
            ),
        ),
        subtitle: match on_intervals(spread).filter(|_| !is_sample) {
            Some(why) => Text::new(
                format!("各目标的达标占比；{}", why.zh),
                format!("Share of rows that meet each target; {}", why.en),
            ),
            None if spread.has_error() => Text::new(
                "各目标的达标概率（计入模型误差）与 95 % 区间",
                "Probability of meeting each target with the model's error, and its 95 % interval",
            ),
            None => Text::new(
                "各目标的达标概率与 95 % 区间",
                "Probability of meeting each target, with its 95 % interval",
            ),
        },
        rows,
        all: Some(all),
        footnote: footnote(spread, &judged(spread)),
    })
}

/// The targets on an indicator.
pub fn targets_on<'a>(
    spread: &'a Spread<'_>,
    id: IndicatorId,
) -> impl Iterator<Item = (usize, &'a Target)> {
    let targets = spread.sweep.reported.targets.iter().enumerate();
    targets.filter(move |(_, target)| target.indicator == id)
}

/// The level that a target demands of its indicator, in its display unit; a reduction
/// counts from `base`, the value of the year that it counts from.
fn level(target: &Target, base: Option<f64>, shown: &Display) -> Option<f64> {
    Some(match target.demand {
        Demand::Reduction { wanted, .. } => base? * (1.0 - wanted) / shown.scale,
        Demand::Cap(limit) | Demand::Floor(limit) => limit / shown.scale,
        Demand::Cumulative { .. } | Demand::Project { .. } => return None,
    })
}

/// Median and bands of every indicator shown over all years.
pub fn fans(spread: &Spread<'_>, sweep: &Sweep) -> Vec<(String, LineChart)> {
    let chunks = FAN_DRAWS.div_ceil(sweep.chunk()).min(sweep.chunks());
    let all = &spread.catalogue.indicators;
    let is_drawn = |column: &Column| match column {
        Column::Indicator(id, _) | Column::WithError(id, _) => {
            all[id.at()].is_headline(spread.catalogue)
        }
        _ => false,
    };
    let kind = Quantiles::new(FAN_EXACT, FAN_BITS).unwrap_or_default();
    let mut totals = Totals::of(sweep, &kind, is_drawn);
    let sink = Nothing;
    if run::run(sweep, 0..chunks, &mut totals, &sink, &mut |_| true).is_err() {
        return Vec::new();
    }
    let shown = (0..all.len()).filter(|i| all[*i].is_headline(spread.catalogue));
    shown
        .filter_map(|i| {
            let chart = fan(spread, (sweep, &totals), IndicatorId::from_usize(i))?;
            Some((chart_id(spread.catalogue, &all[i]).to_string(), chart))
        })
        .collect()
}

fn fan(
    spread: &Spread<'_>,
    (sweep, totals): (&Sweep, &Totals),
    id: IndicatorId,
) -> Option<LineChart> {
    let indicator = &spread.catalogue.indicators[id.at()];
    let shown = display(indicator);
    let years = &spread.plan.years;
    // With the model's error where there is one.
    let column = |t: usize| {
        let with = sweep.column(&Column::WithError(id, t));
        with.or_else(|| sweep.column(&Column::Indicator(id, t)))
    };
    let wrong = (0..years.len()).any(|t| sweep.column(&Column::WithError(id, t)).is_some());
    let quantile = |t: usize, q: f64| {
        let column = column(t)?;
        let found = totals.summary(column)?.quantile(q)?;
        Some(found.value / shown.scale)
    };
    let path = |q: f64| -> Option<Vec<f64>> { (0..years.len()).map(|t| quantile(t, q)).collect() };
    let band = |name: Text, low: f64, high: f64| {
        Some(Band {
            name,
            lo: path(low)?,
            hi: path(high)?,
        })
    };
    let name = short_name(spread.catalogue, indicator);
    let marks: Vec<(Text, TargetMark)> = targets_on(spread, id)
        .filter_map(|(i, _)| {
            let (target, label) = names::target(spread, i);
            let base = match target.demand {
                Demand::Reduction { base_year, .. } => {
                    let t = years.iter().position(|year| *year == base_year)?;
                    Some(quantile(t, 0.5)? * shown.scale)
                }
                _ => None,
            };
            let share = spread.count(&Column::Met(i))?.text();
            let word = share_name(spread).zh;
            let met = Text::new(format!("{word}{share}"), share.clone());
            let mark = TargetMark {
                year: target.year,
                value: level(&target, base, &shown)?,
                label: Text::new(
                    format!("{}（{word} {share}）", label.zh),
                    format!("{} (met in {share})", label.en),
                ),
                standing: Standing::Open,
            };
            Some((met, mark))
        })
        .collect();
    let median = path(0.5)?;
    let wide = band(Text::new("5—95 %", "5-95 %"), 0.05, 0.95)?;
    Some(LineChart {
        title: fan_title(spread, (&name, &shown.unit), (&median, &wide), &marks),
        subtitle: if wrong {
            Text::new(
                "各抽样情景与模型误差的分布，5—95 % 与 25—75 % 区间",
                "Distribution over the draws with the model's error, 5-95 % and 25-75 % ranges",
            )
        } else {
            Text::new(
                "各抽样情景的分布，5—95 % 与 25—75 % 区间",
                "Distribution over the draws, 5-95 % and 25-75 % ranges",
            )
        },
        unit: shown.unit,
        years: years.clone(),
        series: vec![Series {
            name: Text::new("中位值", "median"),
            values: median,
            bands: vec![wide, band(Text::new("25—75 %", "25-75 %"), 0.25, 0.75)?],
            ..Series::default()
        }],
        history_until: Some(spread.plan.recorded()).filter(|year| years.contains(year)),
        targets: marks.into_iter().map(|(_, mark)| mark).collect(),
        footnote: footnote(spread, &[id.at()]),
        ..LineChart::default()
    })
}

/// What the headline of a fan says: where the median ends, between what 90 % of the draws
/// end, and how often the target of the last year is met.
fn fan_title(
    spread: &Spread<'_>,
    (name, unit): (&Text, &Text),
    (median, wide): (&[f64], &Band),
    marks: &[(Text, TargetMark)],
) -> Text {
    let region = region(spread);
    let last = median.len() - 1;
    let year = spread.plan.years[last];
    let [middle, low, high] = [median[last], wide.lo[last], wide.hi[last]].map(number);
    let mut title = Text::new(
        format!(
            "{}{}：{year}年中位{middle}{}，九成在{low}—{high}之间",
            region.zh, name.zh, unit.zh
        ),
        format!(
            "{}, {}: median {middle} {} in {year}, nine in ten between {low} and {high}",
            region.en, name.en, unit.en
        ),
    );
    let own = marks.iter().filter(|(_, mark)| mark.year == year);
    if let [(met, _)] = own.collect::<Vec<_>>()[..] {
        title.zh += &format!("，{}", met.zh);
        title.en += &format!("; target met in {}", met.en);
    }
    title
}

/// What single inputs do to one output.
pub fn tornado(spread: &Spread<'_>, output: &OutputFindings) -> Option<Tornado> {
    let indicator = &spread.catalogue.indicators[output.indicator.at()];
    let shown = display(indicator);
    let largest = output.swings.first()?.swing;
    let swings = output.swings.iter().take(BARS);
    let bars: Vec<TornadoBar> = swings
        .filter(|swing| swing.swing > largest * 0.005 && swing.swing > 0.0)
        .map(|swing| {
            let input = &spread.sweep.inputs[swing.input];
            let at = |u: f64| names::value(input, spread.sweep.value_at(swing.input, u));
            TornadoBar {
                name: names::name(spread.catalogue, spread.plan, input),
                low_input: Text::same(at(SWING.0)),
                high_input: Text::same(at(SWING.1)),
                at_low: swing.at_low / shown.scale,
                at_high: swing.at_high / shown.scale,
                turns: swing.turns,
            }
        })
        .collect();
    if bars.len() < 2 {
        return None;
    }
    let (name, region) = (short_name(spread.catalogue, indicator), region(spread));
    let year = spread.plan.years[output.year];
    let first = bars[0].name.clone();
    let turning = bars.iter().filter(|bar| bar.turns).count();
    let mut subtitle = Text::new(
        format!("{year}年，单个输入取 5 % 与 95 % 分位、其他取中位"),
        format!("{year}; one input at its 5 % and 95 % quantile, the others at their median"),
    );
    let apart = number((bars[0].at_high - bars[0].at_low).abs());
    let mut title = Text::new(
        format!(
            "{}{}：影响最大的是{}（高低两端相差{apart}{}）",
            region.zh, name.zh, first.zh, shown.unit.zh
        ),
        format!(
            "{}, {}: {} matters most ({apart} {} between its ends)",
            region.en, name.en, first.en, shown.unit.en
        ),
    );
    if turning > 0 {
        title.zh += &format!("，{turning}个输入单独即可改变达标结论");
        title.en += &format!("; {turning} turn the verdict alone");
    }
    // Inputs with an end that is not feasible have no bar, and may matter more.
    let missing = spread.sweep.inputs.len() - output.swings.len();
    if missing > 0 {
        subtitle.zh += &format!("；{missing} 个输入的分位不可行，未画");
        subtitle.en += &format!("; without {missing} whose quantiles are not feasible");
        title = Text::new(
            format!("{}{}：单个输入的影响", region.zh, name.zh),
            format!("{}, {}: what single inputs do", region.en, name.en),
        );
    }
    Some(Tornado {
        title,
        subtitle,
        unit: shown.unit.clone(),
        central: output.central / shown.scale,
        central_name: Text::new("各输入取中位", "all at their median"),
        low_name: Text::new("取 5 % 分位", "at the 5 % quantile"),
        high_name: Text::new("取 95 % 分位", "at the 95 % quantile"),
        target: target_line(spread, output, &shown),
        bars,
        footnote: footnote(spread, &[output.indicator.at()]),
    })
}

/// The first target on the output in its year, as a level.
fn target_line(
    spread: &Spread<'_>,
    output: &OutputFindings,
    shown: &Display,
) -> Option<TornadoTarget> {
    let year = spread.plan.years[output.year];
    let (i, _) = targets_on(spread, output.indicator).find(|(_, t)| t.year == year)?;
    let (target, label) = names::target(spread, i);
    let margin = spread.sweep.column(&Column::Margin(i))?;
    let central = spread.sweep.at(&[spread.sweep.central()]);
    let value = match target.demand {
        // reached = 1 − E/base and margin = reached − wanted give the base.
        Demand::Reduction { wanted, .. } => {
            let reached = central[margin][0] + wanted;
            level(&target, Some(output.central / (1.0 - reached)), shown)?
        }
        _ => level(&target, None, shown)?,
    };
    Some(TornadoTarget {
        value,
        label,
        met: if matches!(target.demand, Demand::Floor(_)) {
            Side::AtLeast
        } else {
            Side::AtMost
        },
    })
}

/// Where the targets on an indicator are just met, from the columns at the nodes.
fn frontiers(
    spread: &Spread<'_>,
    id: IndicatorId,
    (x, y): (&MapAxis, &MapAxis),
    columns: &[Vec<f64>],
) -> Vec<MapFrontier> {
    let frontier = |(i, _): (usize, &Target)| {
        let margins = &columns[spread.sweep.column(&Column::Margin(i))?];
        let (x, y) = (&x.values, &y.values);
        let found = response_map::frontier(x, y, margins, 0.0, Attained::AtLeast).ok()?;
        let (_, label) = names::target(spread, i);
        let lines = found.lines.into_iter().map(|line| {
            let mut points: Vec<(f64, f64)> = line.points.iter().map(|[x, y]| (*x, *y)).collect();
            if line.closed {
                points.extend(points.first().copied());
            }
            points
        });
        Some(MapFrontier {
            label: Text::new(
                format!("达标线：{}", label.zh),
                format!("target: {}", label.en),
            ),
            lines: lines.collect(),
            // Beside draws that are not feasible lines end within the map.
            hatched: found.nodes == margins.len(),
            attained: found.attained == found.nodes,
        })
    };
    targets_on(spread, id).filter_map(frontier).collect()
}

/// What a map says: where its frontiers run, or that there are none.
fn map_says(frontiers: &[MapFrontier], demands: &[Text]) -> Text {
    if frontiers.iter().any(|line| !line.lines.is_empty()) {
        return Text::new(
            "两项措施做到什么程度才达标",
            "how far two measures have to go",
        );
    }
    let (zh, en) = if frontiers.iter().all(|line| line.attained) {
        ("所示力度都能达标", "met at every level shown here")
    } else {
        ("所示力度都不能达标", "not met at any level shown here")
    };
    let all = |of: fn(&Text) -> &str| demands.iter().map(of).collect::<Vec<_>>();
    Text::new(
        format!("{zh}（{}）", all(|text| &text.zh).join("、")),
        format!("{}: {en}", all(|text| &text.en).join(", ")),
    )
}

/// One output over the two measures that swing it most, with the frontiers of its
/// targets.
pub fn map(spread: &Spread<'_>, output: &OutputFindings) -> Option<ResponseMap> {
    let sweep = spread.sweep;
    let is_level = |i: usize| matches!(sweep.inputs[i].input, Input::Level(_));
    let largest = output.swings.first()?.swing;
    let mut chosen = output
        .swings
        .iter()
        .filter(|swing| is_level(swing.input) && swing.swing > 0.01 * largest);
    let (a, b) = (chosen.next()?.input, chosen.next()?.input);
    let (axis_x, axis_y) = (axis(spread, a)?, axis(spread, b)?);
    let central = sweep.central();
    let mut points = Vec::with_capacity(NODES * NODES);
    for y in &axis_y.values {
        for x in &axis_x.values {
            let mut point = central.clone();
            (point[a], point[b]) = (*x, *y);
            points.push(point);
        }
    }
    let columns = sweep.at(&points);
    let indicator = &spread.catalogue.indicators[output.indicator.at()];
    let shown = display(indicator);
    let demands: Vec<Text> = targets_on(spread, output.indicator)
        .map(|(i, _)| names::target(spread, i).1)
        .collect();
    let frontiers = frontiers(spread, output.indicator, (&axis_x, &axis_y), &columns);
    if frontiers.is_empty() {
        return None;
    }
    let (name, region) = (short_name(spread.catalogue, indicator), region(spread));
    let year = spread.plan.years[output.year];
    let full = axis_x.values.last() >= Some(&1.0) && axis_y.values.last() >= Some(&1.0);
    let told = map_says(&frontiers, &demands);
    Some(ResponseMap {
        title: Text::new(
            format!("{}{}：{}", region.zh, name.zh, told.zh),
            format!("{}, {}: {}", region.en, name.en, told.en),
        ),
        subtitle: Text::new(
            format!("{year}年{}，其他输入取中位", name.zh),
            format!("{} in {year}, other inputs at their median", name.en),
        ),
        unit: shown.unit.clone(),
        x: axis_x,
        y: axis_y,
        values: columns[output.column]
            .iter()
            .map(|value| value / shown.scale)
            .collect(),
        frontiers,
        marked: full.then(|| MapPoint {
            x: 1.0,
            y: 1.0,
            label: Text::new("规划力度", "as planned"),
        }),
        footnote: footnote(spread, &[output.indicator.at()]),
    })
}

/// An axis over the range of an input.
fn axis(spread: &Spread<'_>, input: usize) -> Option<MapAxis> {
    let sampled = &spread.sweep.inputs[input];
    let (low, high) = (
        spread.sweep.value_at(input, 1e-9),
        spread.sweep.value_at(input, 1.0 - 1e-9),
    );
    let step = (high - low) / (NODES - 1) as f64;
    // Ends are rounded to a millionth: 40 %, not 40.00000006 %.
    let round = |value: f64| (value * 1e6).round() / 1e6;
    (step > 0.0).then(|| MapAxis {
        name: names::name(spread.catalogue, spread.plan, sampled),
        unit: Text::default(),
        ticks: MapTicks::Share,
        values: (0..NODES).map(|i| round(low + step * i as f64)).collect(),
    })
}
