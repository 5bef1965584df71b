//! What holds for every chart, over many generated inputs in both languages.

use crate::standing::Standing;
use jianpai_core::text::{Lang, Text};

use super::look::Paper;
use super::sheet::Finished;
use super::strip::{Strip, StripRow};
use super::*;

/// Deterministic numbers in 0..1.
pub(super) struct Dice(pub u64);

impl Dice {
    pub fn next(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as f64 / f64::from(1_u32 << 31)
    }

    pub fn below(&mut self, bound: usize) -> usize {
        (self.next() * bound as f64) as usize
    }

    pub fn between(&mut self, lo: f64, hi: f64) -> f64 {
        lo + self.next() * (hi - lo)
    }

    /// A text of up to `most` pieces.
    pub fn text(&mut self, most: usize) -> Text {
        let zh = [
            "强化减排",
            "情景",
            "（SO2）",
            "2020年",
            "燃煤锅炉",
            "淘汰10蒸吨",
            "超低排放",
            "，",
            "−12.3%",
            "NH3-N",
            "“十三五”",
            "；",
            "氮氧化物",
            "清洁取暖",
            "公转铁",
        ];
        let en = [
            "ultra-low",
            "emission",
            "retrofit",
            "of",
            "coal-fired",
            "boilers",
            "(SO2)",
            "2020",
            "−12.3%",
            "NH3-N",
            "administrative",
            "the province’s",
            "target;",
            "NOx",
            "in",
        ];
        let count = 1 + self.below(most);
        let (mut a, mut b) = (String::new(), String::new());
        for _ in 0..count {
            a.push_str(zh[self.below(zh.len())]);
            b.push_str(en[self.below(en.len())]);
            b.push(' ');
        }
        Text::new(a, b.trim_end())
    }

    /// A line of values around a level.
    pub(super) fn line(&mut self, count: usize, level: f64, swing: f64) -> Vec<f64> {
        let drift = self.between(-swing, swing);
        (0..count)
            .map(|index| {
                let share = index as f64 / count as f64;
                level * (1.0 + drift * share + self.between(-0.02, 0.02))
            })
            .collect()
    }

    /// Any.
    pub fn standing(&mut self) -> Standing {
        Standing::ALL[self.below(4)]
    }
}

/// Checks one finished chart.
pub(super) fn check(chart: &Finished, what: &str) {
    let (width, height) = chart.size;
    for (index, (one, text)) in chart.boxes.iter().enumerate() {
        let inside =
            one.x0 >= -0.1 && one.y0 >= -0.1 && one.x1 <= width + 0.1 && one.y1 <= height + 0.1;
        assert!(inside, "{what}: leaves the page: {text:?} {one:?}");
        for (other, words) in &chart.boxes[..index] {
            let overlap = one.grown(-0.2).overlaps(&other.grown(-0.2));
            assert!(
                !overlap,
                "{what}: {text:?} {one:?} covers {words:?} {other:?}"
            );
        }
    }
    well_formed(&chart.svg, what);
}

/// Tags balanced, nothing unescaped, no number that is none.
pub(super) fn well_formed(svg: &str, what: &str) {
    for bad in ["NaN", "nan", "inf\"", "inf,", "=\"-0\""] {
        assert!(!svg.contains(bad), "{what}: {bad}");
    }
    let mut open: Vec<&str> = Vec::new();
    for part in svg.split('<').skip(1) {
        let (tag, content) = part.split_once('>').expect("tags are closed");
        let name = tag.split_whitespace().next().unwrap_or("");
        if let Some(name) = name.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "{what}");
        } else if !tag.ends_with('/') {
            open.push(name);
        }
        assert_eq!(tag.matches('"').count() % 2, 0, "{what}: {tag}");
        for rest in content.split('&').skip(1) {
            let entity = rest.split(';').next().unwrap_or("");
            assert!(
                ["amp", "lt", "gt", "quot", "#39"].contains(&entity),
                "{what}: {rest}"
            );
        }
    }
    assert!(open.is_empty(), "{what}: {open:?}");
}

fn line_chart(dice: &mut Dice, long: usize) -> LineChart {
    let first = 2005 + i32::try_from(dice.below(15)).unwrap_or(0);
    let span = [1, 2, 5, 6, 16, 46][dice.below(6)];
    let years: Vec<i32> = (first..first + span).collect();
    let last = first + span - 1;
    let level = 10_f64.powf(dice.between(-3.0, 6.0));
    let known = dice.below(years.len() + 1);
    let series = (0..=dice.below(8)).map(|index| {
        let values = dice.line(years.len(), level, 0.8);
        let around = |share: f64| values.iter().map(|v| v * share).collect();
        let bands = [(0.8, 1.2), (0.9, 1.1)].map(|(lo, hi)| Band {
            name: Text::new("区间", "range"),
            lo: around(lo),
            hi: around(hi),
        });
        Series {
            name: dice.text(long),
            color: index,
            muted: index == 0,
            observed: years
                .iter()
                .copied()
                .zip(values.iter().copied())
                .take(known)
                .collect(),
            bands: if index == 1 {
                bands.to_vec()
            } else {
                Vec::new()
            },
            values,
        }
    });
    let series = series.collect();
    let targets = (0..dice.below(4)).map(|_| TargetMark {
        year: first + i32::try_from(dice.below(years.len())).unwrap_or(0),
        value: level * dice.between(0.3, 1.6),
        label: dice.text(long),
        standing: dice.standing(),
    });
    let targets = targets.collect();
    let caps = (0..dice.below(3)).map(|_| Cap {
        value: level * dice.between(0.5, 1.5),
        label: dice.text(long),
        standing: dice.standing(),
    });
    LineChart {
        caps: caps.collect(),
        splices: (0..dice.below(3))
            .map(|_| Splice {
                year: first + i32::try_from(dice.below(years.len() + 1)).unwrap_or(0),
                label: dice.text(2),
            })
            .collect(),
        title: dice.text(long * 2),
        subtitle: dice.text(long * 2),
        unit: Text::new("万吨", "10 kt"),
        series,
        history_until: (dice.below(3) > 0).then(|| first + i32::try_from(known).unwrap_or(0) - 1),
        change_from: (dice.below(2) > 0).then_some(first),
        targets,
        from_zero: dice.below(2) > 0,
        footnote: dice.text(long * 4),
        years: if last < first { Vec::new() } else { years },
    }
}

fn panels(dice: &mut Dice, long: usize) -> IndexPanels {
    let panels = (0..=dice.below(8)).map(|index| {
        let years: Vec<i32> = (2015..=[2016, 2020, 2025, 2035][dice.below(4)]).collect();
        let with_measures = dice.line(years.len(), 100.0, 0.5);
        let last = with_measures.last().copied().unwrap_or(100.0);
        IndexPanel {
            name: dice.text(long),
            color: index,
            without_measures: dice.line(years.len(), 100.0, 0.4),
            other_book: if dice.below(2) > 0 {
                dice.line(years.len(), 100.0, 0.3)
            } else {
                Vec::new()
            },
            observed: vec![(2015, 100.0), (2016, dice.between(95.0, 102.0))],
            splices: years[..dice.below(3)].to_vec(),
            targets: (0..dice.below(4))
                .map(|_| PanelTarget {
                    year: years[dice.below(years.len())],
                    index: last + dice.between(-3.0, 3.0),
                    standing: dice.standing(),
                    label: dice.text(3),
                })
                .collect(),
            years,
            with_measures,
        }
    });
    let panels = panels.collect();
    IndexPanels {
        title: dice.text(long * 2),
        subtitle: dice.text(long * 2),
        panels,
        with_name: dice.text(long),
        without_name: dice.text(long),
        other_name: dice.text(long),
        history_until: Some(2016),
        own_scales: dice.below(2) > 0,
        footnote: dice.text(long * 3),
    }
}

fn waterfall(dice: &mut Dice, long: usize) -> Waterfall {
    let level = 10_f64.powf(dice.between(-2.0, 5.0));
    let mut steps = vec![Step {
        label: dice.text(2),
        value: level,
        kind: StepKind::Level,
    }];
    let mut now = level;
    for index in 0..dice.below(17) {
        let value = level * dice.between(-0.12, if index == 0 { 0.4 } else { 0.02 });
        let kind = match dice.below(8) {
            0 => StepKind::Adjustment,
            1 => StepKind::Policy,
            _ => StepKind::Change,
        };
        now += value;
        steps.push(Step {
            label: dice.text(long),
            value,
            kind,
        });
    }
    steps.push(Step {
        label: dice.text(2),
        value: now,
        kind: StepKind::Level,
    });
    Waterfall {
        title: dice.text(long * 2),
        subtitle: dice.text(long),
        unit: Text::new("万吨", "10 kt"),
        steps,
        against: Text::new("较2015年", "against 2015"),
        target: (dice.below(3) > 0).then(|| LevelTarget {
            value: level * dice.between(0.3, 1.3),
            label: dice.text(long),
            standing: dice.standing(),
        }),
        higher_is_better: false,
        full_axis: dice.below(2) > 0,
        footnote: dice.text(long * 3),
    }
}

fn comparison(dice: &mut Dice, long: usize) -> Comparison {
    let count = 1 + dice.below(8);
    let rows = (0..=dice.below(8)).map(|_| ComparisonRow {
        name: dice.text(long),
        changes: (0..count).map(|_| dice.between(-40.0, 15.0)).collect(),
        targets: {
            let common = (dice.below(3) > 0).then(|| dice.between(-30.0, 5.0).round());
            let own =
                |dice: &mut Dice| (dice.below(3) > 0).then(|| dice.between(-30.0, 5.0).round());
            (0..count).map(|_| common.or_else(|| own(dice))).collect()
        },
        marks: (0..count)
            .map(|_| match dice.below(4) {
                0 => Mark::NoTarget,
                1 => Mark::Met,
                2 => Mark::Missed,
                _ => Mark::Unjudged,
            })
            .collect(),
    });
    let rows = rows.collect();
    Comparison {
        title: dice.text(long * 2),
        subtitle: dice.text(long * 2),
        scenarios: (0..count).map(|_| dice.text(long)).collect(),
        muted: Some(0),
        by_verdict: dice.below(3) == 0,
        rows,
        footnote: dice.text(long * 3),
    }
}

fn strip(dice: &mut Dice, long: usize) -> Strip {
    let count = 1 + dice.below(8);
    let rows = (0..dice.below(35)).map(|_| StripRow {
        name: dice.text(long),
        values: (0..count).map(|_| dice.between(-20.0, 90.0)).collect(),
        mark: (dice.below(3) > 0).then(|| dice.between(0.0, 40.0)),
    });
    let rows = rows.collect();
    Strip {
        title: dice.text(long * 2),
        subtitle: dice.text(long * 2),
        series: (0..count).map(|_| dice.text(long)).collect(),
        told: (dice.below(2) > 0).then(|| dice.below(count)),
        rows,
        footnote: dice.text(long * 3),
    }
}

#[test]
fn no_text_covers_another_or_leaves_the_page() {
    for seed in 0..150 {
        let mut dice = Dice(seed * 7919 + 1);
        let long = 2 + usize::try_from(seed % 9).unwrap_or(0);
        let line = line_chart(&mut dice, long);
        let panels = panels(&mut dice, long);
        let waterfall = waterfall(&mut dice, long);
        let comparison = comparison(&mut dice, long);
        let strip = strip(&mut dice, long);
        for lang in [Lang::Zh, Lang::En] {
            check(
                &strip.layout(lang, Paper::default()),
                &format!("strip {seed} {lang:?}"),
            );
            check(
                &line.layout(lang, Paper::default()),
                &format!("line {seed} {lang:?}"),
            );
            check(
                &panels.layout(lang, Paper::default()),
                &format!("panels {seed} {lang:?}"),
            );
            check(
                &waterfall.layout(lang, Paper::default()),
                &format!("waterfall {seed} {lang:?}"),
            );
            check(
                &comparison.layout(lang, Paper::default()),
                &format!("comparison {seed} {lang:?}"),
            );
        }
        assert_eq!(line.render(Lang::Zh), line.render(Lang::Zh));
    }
}

fn tornado(dice: &mut Dice, long: usize) -> Tornado {
    let central = 10_f64.powf(dice.between(-2.0, 5.0));
    let bars = (0..=dice.below(20)).map(|_| TornadoBar {
        name: dice.text(long),
        low_input: dice.text(2),
        high_input: dice.text(3),
        at_low: central * dice.between(0.7, 1.2),
        at_high: central * [1.0, dice.between(0.8, 1.4)][dice.below(2)],
        turns: dice.below(3) == 0,
    });
    Tornado {
        bars: bars.collect(),
        title: dice.text(long * 2),
        subtitle: dice.text(long * 2),
        unit: Text::new("万吨", "10 kt"),
        target: (dice.below(4) > 0).then(|| TornadoTarget {
            value: central * dice.between(0.1, 2.5),
            label: dice.text(long),
            met: [Side::AtMost, Side::AtLeast][dice.below(2)],
        }),
        central,
        footnote: dice.text(long * 3),
        ..Tornado::default()
    }
}

fn map(dice: &mut Dice, long: usize) -> ResponseMap {
    let mut map = samples::map(2 + dice.below(12));
    let swing = dice.between(0.0, 20.0);
    for value in &mut map.values {
        *value += dice.between(-swing, swing);
    }
    map.title = dice.text(long * 2);
    map.x.name = dice.text(long);
    map.y.name = dice.text(long);
    map.x.ticks = [MapTicks::Share, MapTicks::Number][dice.below(2)];
    map.footnote = dice.text(long * 3);
    for frontier in &mut map.frontiers {
        frontier.label = dice.text(long);
        frontier.hatched = dice.below(2) > 0;
    }
    map.marked = (dice.below(4) > 0).then(|| MapPoint {
        x: dice.between(0.3, 1.1),
        y: dice.between(-0.1, 0.9),
        label: dice.text(long),
    });
    map
}

fn attainment(dice: &mut Dice, long: usize) -> Attainment {
    let mut row = || {
        let probability = dice.between(-0.1, 1.1).clamp(0.0, 1.0);
        AttainmentRow {
            name: dice.text(long),
            demand: dice.text(long),
            probability,
            stated: None,
            interval: (dice.below(3) > 0).then_some((probability * 0.95, probability * 1.02)),
        }
    };
    let rows = (0..4).map(|_| row()).collect();
    Attainment {
        rows,
        all: Some(row()),
        title: dice.text(long * 2),
        subtitle: dice.text(long),
        footnote: dice.text(long * 3),
    }
}

fn cascades(dice: &mut Dice, long: usize) -> Cascades {
    let mut chart = samples::cascades(1 + dice.below(9));
    for panel in &mut chart.panels {
        panel.name = dice.text(long);
        let factor = 10_f64.powf(dice.between(-3.0, 4.0));
        for change in &mut panel.changes {
            *change *= factor * dice.between(-1.0, 1.0);
        }
        panel.from *= factor;
        panel.to = panel.from + panel.changes.iter().sum::<f64>();
    }
    for step in &mut chart.steps {
        step.name = dice.text(long);
    }
    chart.title = dice.text(long * 2);
    chart
}

#[test]
fn no_text_covers_another_on_the_charts_of_sweeps() {
    for seed in 0..40 {
        let mut dice = Dice(seed * 104_729 + 3);
        let long = 2 + usize::try_from(seed % 7).unwrap_or(0);
        let tornado = tornado(&mut dice, long);
        let map = map(&mut dice, long);
        let attainment = attainment(&mut dice, long);
        let cascades = cascades(&mut dice, long);
        for lang in [Lang::Zh, Lang::En] {
            check(
                &tornado.layout(lang, Paper::default()),
                &format!("tornado {seed} {lang:?}"),
            );
            check(
                &map.layout(lang, Paper::default()),
                &format!("map {seed} {lang:?}"),
            );
            check(
                &attainment.layout(lang, Paper::default()),
                &format!("attainment {seed} {lang:?}"),
            );
            check(
                &cascades.layout(lang, Paper::default()),
                &format!("cascades {seed} {lang:?}"),
            );
        }
        assert_eq!(map.render(Lang::En), map.render(Lang::En));
    }
}

#[test]
fn labels_are_all_there() {
    let mut dice = Dice(3);
    for _ in 0..40 {
        let mut chart = line_chart(&mut dice, 4);
        for (index, series) in chart.series.iter_mut().enumerate() {
            series.name = Text::same(format!("series-{index}"));
        }
        for (index, target) in chart.targets.iter_mut().enumerate() {
            target.label = Text::same(format!("target-{index}"));
        }
        let svg = chart.render(Lang::Zh);
        let written = |what: &str| svg.contains(&format!(">{what}"));
        assert!((0..chart.series.len()).all(|index| written(&format!("series-{index}"))));
        assert!((0..chart.targets.len()).all(|index| written(&format!("target-{index}</text>"))));
    }
}

/// Numbers nobody should hand in.
const ODD: [f64; 12] = [
    f64::NAN,
    f64::INFINITY,
    f64::NEG_INFINITY,
    0.0,
    -0.0,
    f64::MAX,
    f64::MIN,
    f64::MIN_POSITIVE,
    1e99,
    -1e-99,
    5.0,
    -3.0,
];

#[test]
fn odd_numbers_never_reach_the_page() {
    for seed in 0..300 {
        let mut dice = Dice(seed + 99);
        let odd = |dice: &mut Dice| ODD[dice.below(ODD.len())];
        let mut line = line_chart(&mut dice, 3);
        let mut panels = panels(&mut dice, 3);
        let mut waterfall = waterfall(&mut dice, 3);
        let mut comparison = comparison(&mut dice, 3);
        for series in &mut line.series {
            for value in series
                .values
                .iter_mut()
                .chain(series.observed.iter_mut().map(|o| &mut o.1))
            {
                *value = odd(&mut dice);
            }
        }
        for target in &mut line.targets {
            target.value = odd(&mut dice);
        }
        for panel in &mut panels.panels {
            for value in panel
                .with_measures
                .iter_mut()
                .chain(&mut panel.without_measures)
            {
                *value = odd(&mut dice);
            }
        }
        for step in &mut waterfall.steps {
            step.value = odd(&mut dice);
        }
        for row in &mut comparison.rows {
            for change in &mut row.changes {
                *change = odd(&mut dice);
            }
            for target in &mut row.targets {
                *target = Some(odd(&mut dice));
            }
        }
        for lang in [Lang::Zh, Lang::En] {
            let what = format!("odd {seed}");
            well_formed(&line.render(lang), &what);
            well_formed(&panels.render(lang), &what);
            well_formed(&waterfall.render(lang), &what);
            well_formed(&comparison.render(lang), &what);
        }
    }
}

#[test]
fn nothing_to_draw_is_said() {
    let title = Text::new("标题", "Title");
    let line = LineChart {
        title: title.clone(),
        ..LineChart::default()
    };
    let panels = IndexPanels {
        title: title.clone(),
        ..IndexPanels::default()
    };
    let waterfall = Waterfall {
        title: title.clone(),
        ..Waterfall::default()
    };
    let comparison = Comparison {
        title,
        ..Comparison::default()
    };
    for (lang, words) in [(Lang::Zh, "无数据"), (Lang::En, "No data")] {
        for chart in [
            line.layout(lang, Paper::default()),
            panels.layout(lang, Paper::default()),
            waterfall.layout(lang, Paper::default()),
            comparison.layout(lang, Paper::default()),
        ] {
            assert!(chart.svg.contains(words));
            check(&chart, "empty");
        }
    }
}

#[test]
fn names_are_escaped_and_formulas_lowered() {
    let nasty = Text::same("<b>&\"SO2\"'</b>\u{0}");
    let chart = LineChart {
        title: nasty.clone(),
        footnote: nasty.clone(),
        years: vec![2015, 2020],
        series: vec![Series {
            name: nasty,
            values: vec![1.0, 2.0],
            ..Series::default()
        }],
        ..LineChart::default()
    };
    let svg = chart.render(Lang::En);
    well_formed(&svg, "nasty");
    assert!(svg.contains("&lt;b&gt;&amp;&quot;SO<tspan dy="));
    assert!(!svg.contains('₂'));
}

/// An axis that leaves out zero says so, and only such an axis.
#[test]
fn an_axis_that_does_not_start_at_zero_says_so() {
    let line = |values: Vec<f64>| LineChart {
        years: vec![2015, 2020],
        series: vec![Series {
            values,
            ..Series::default()
        }],
        ..LineChart::default()
    };
    let panels = |values: Vec<f64>| IndexPanels {
        panels: vec![IndexPanel {
            years: vec![2015, 2020],
            with_measures: values,
            ..IndexPanel::default()
        }],
        ..IndexPanels::default()
    };
    let tornado = |low: f64| Tornado {
        central: 100.0,
        bars: vec![TornadoBar {
            at_low: low,
            at_high: 110.0,
            ..TornadoBar::default()
        }],
        ..Tornado::default()
    };
    for (lang, words) in [
        (Lang::Zh, "坐标轴不从零起"),
        (Lang::En, "axis does not start at zero"),
    ] {
        for (low, cut) in [(90.0, true), (5.0, false), (-20.0, false)] {
            for svg in [
                line(vec![100.0, low]).render(lang),
                panels(vec![100.0, low]).render(lang),
                tornado(low).render(lang),
            ] {
                assert_eq!(svg.contains(words), cut, "{low}");
            }
        }
    }
}

/// Growth, current policy and measures have colours of their own, with a key.
#[test]
fn current_policy_has_a_colour_of_its_own() {
    let kinds = [
        StepKind::Level,
        StepKind::Growth,
        StepKind::Policy,
        StepKind::Change,
        StepKind::Adjustment,
    ];
    let chart = Waterfall {
        steps: kinds
            .iter()
            .map(|kind| Step {
                value: if *kind == StepKind::Level { 10.0 } else { -1.0 },
                kind: *kind,
                ..Step::default()
            })
            .collect(),
        ..Waterfall::default()
    };
    let bars = chart.bars(Lang::Zh);
    for (i, one) in bars.iter().enumerate() {
        for other in &bars[..i] {
            assert_ne!(one.color, other.color, "{:?} {:?}", one.kind, other.kind);
        }
    }
    assert!(chart.render(Lang::Zh).contains("现行政策与自然更新"));
    assert!(
        chart
            .render(Lang::En)
            .contains("current policy and renewal")
    );
}

fn card(dice: &mut Dice) -> OptionCard {
    let targets = dice.below(8);
    let rows = (0..dice.below(30)).map(|_| {
        let feasible = dice.next() < 0.6;
        let cells = (0..targets).map(|_| OptionCell {
            met: [Some(true), Some(false), None][dice.below(3)],
            words: ["", "52.3%", "−17.0%", ">99.9%", "12,345"][dice.below(5)].to_string(),
        });
        let cells: Vec<OptionCell> = cells.collect();
        OptionRow {
            name: dice.text(12),
            cells,
            cost: feasible.then(|| dice.between(-1e5, 1e5)),
            probability: feasible.then(|| dice.next()),
            stated: None,
            regret: Some(Text::new("会不达标", "may miss")),
            begins: dice.next() < 0.3,
        }
    });
    let rows: Vec<OptionRow> = rows.collect();
    OptionCard {
        title: dice.text(9),
        subtitle: dice.text(9),
        targets: (0..targets).map(|_| dice.text(2)).collect(),
        cost: Text::new("最低成本（亿元）", "least cost (10⁸ CNY)"),
        regret: (dice.next() < 0.5)
            .then(|| Text::new("最大后悔值（亿元）", "worst regret (10⁸ CNY)")),
        rows,
        footnote: dice.text(12),
    }
}

/// A card of many options keeps its texts apart, whatever they say.
#[test]
fn cards_of_options_keep_their_texts_apart() {
    let mut dice = Dice(18);
    for round in 0..40 {
        let card = card(&mut dice);
        for lang in [Lang::Zh, Lang::En] {
            check(
                &card.layout(lang, Paper::default()),
                &format!("card {round}"),
            );
        }
    }
}

/// One of each kind that this file makes.
pub(super) fn every_kind(dice: &mut Dice, long: usize) -> Vec<(&'static str, Box<dyn Chart>)> {
    vec![
        ("line", Box::new(line_chart(dice, long))),
        ("panels", Box::new(panels(dice, long))),
        ("waterfall", Box::new(waterfall(dice, long))),
        ("comparison", Box::new(comparison(dice, long))),
        ("strip", Box::new(strip(dice, long))),
        ("tornado", Box::new(tornado(dice, long))),
        ("map", Box::new(map(dice, long))),
        ("attainment", Box::new(attainment(dice, long))),
        ("cascades", Box::new(cascades(dice, long))),
        ("card", Box::new(card(dice))),
    ]
}
