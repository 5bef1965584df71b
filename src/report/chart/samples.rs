//! Realistic charts of the kinds that sweeps and comparisons need, checked in both
//! languages. With `JIANPAI_CHART_SAMPLES` naming a directory they are also written
//! there, to be looked at. The numbers are made up.

use crate::standing::Standing;
use jianpai_core::text::{Lang, Text};

use super::look::Paper;
use super::tests::{check, well_formed};
use super::*;

/// A text in both languages.
fn t(zh: &str, en: &str) -> Text {
    Text::new(zh, en)
}

/// The source line of every sample.
fn made_up() -> Text {
    t(
        "数据：示意数据（非真实统计）。蒙特卡洛2,000次，种子42。",
        "Data: made up, for illustration. Monte Carlo, 2,000 draws, seed 42.",
    )
}

/// Checks a finished chart and writes it if asked to.
fn keep(name: &str, draw: impl Fn(Lang) -> super::sheet::Finished) {
    for (lang, code) in [(Lang::Zh, "zh"), (Lang::En, "en")] {
        let chart = draw(lang);
        check(&chart, name);
        if let Some(folder) = std::env::var_os("JIANPAI_CHART_SAMPLES") {
            let path = std::path::Path::new(&folder).join(format!("{name}.{code}.svg"));
            std::fs::write(path, &chart.svg).expect("the folder exists");
        }
    }
}

/// A tornado of `count` inputs.
pub(super) fn tornado(count: usize) -> Tornado {
    let names = [
        ("地区生产总值年均增速", "GDP growth"),
        (
            "燃煤电厂超低排放改造完成比例",
            "Ultra-low retrofit of coal power",
        ),
        (
            "钢铁行业超低排放改造完成比例",
            "Ultra-low retrofit of steel",
        ),
        ("非化石能源发电占比", "Non-fossil share of power"),
        ("民用散煤清洁取暖替代率", "Clean heating in homes"),
        ("粗钢产量", "Crude steel output"),
        (
            "35蒸吨及以下燃煤锅炉淘汰进度（含工业园区自备锅炉）",
            "Closure of coal-fired boilers up to 35 t/h, captive ones included",
        ),
        ("煤炭含硫率", "Sulphur in coal"),
        ("水泥熟料产量", "Clinker output"),
        (
            "脱硫设施综合脱除效率",
            "Removal efficiency of desulphurisation",
        ),
        ("货物运输公转铁比例", "Freight moved from road to rail"),
        ("单位建筑面积采暖能耗", "Heat demand of buildings"),
    ];
    let bars = (0..count).map(|index| {
        let (zh, en) = names[index % names.len()];
        let swing = 9.0 * 0.82_f64.powi(i32::try_from(index).unwrap_or(0));
        let up = index % 3 == 0;
        let (at_low, at_high) = match index {
            4 => (83.1 + swing, 83.1 + 0.4 * swing),
            7 => (83.1 - 0.3 * swing, 83.1 - swing),
            9 => (83.1, 83.1 + 1.1),
            _ if up => (83.1 - swing, 83.1 + 1.1 * swing),
            _ => (83.1 + swing, 83.1 - 0.8 * swing),
        };
        let inputs = [
            ("4.0%", "5.5%"),
            ("70%", "95%"),
            ("40%", "80%"),
            ("较2020年 −5%", "+3%"),
        ];
        let (low, high) = inputs[index % 4];
        TornadoBar {
            name: t(zh, en),
            low_input: t(low, &low.replace("较2020年 ", "")),
            high_input: Text::same(high),
            at_low,
            at_high,
            turns: at_low.min(at_high) <= 80.0,
        }
    });
    Tornado {
        title: t(
            "经济增速与电力、钢铁改造进度决定2025年二氧化硫目标能否完成",
            "Growth and the pace of retrofits decide whether the 2025 SO2 target is met",
        ),
        subtitle: t(
            "单因素敏感性：各输入取低值或高值、其余取中心值时的2025年SO2排放量",
            "One input at a time: SO2 emissions in 2025 with the input low or high, all others central",
        ),
        unit: t("万吨", "10⁴ t"),
        central: 83.1,
        target: Some(TornadoTarget {
            value: 80.0,
            label: t(
                "目标：较2020年 −15%，即80.0万吨",
                "Target: −15% on 2020, 80.0",
            ),
            met: Side::AtMost,
        }),
        bars: bars.collect(),
        footnote: made_up(),
        ..Tornado::default()
    }
}

/// Points of a line `y = f(x)` over the map, from right to left or back.
fn curve(axis: &[f64], f: impl Fn(f64) -> f64) -> Vec<(f64, f64)> {
    axis.iter().map(|&x| (x, f(x))).collect()
}

/// A map of `size` by `size` nodes.
pub(super) fn map(size: usize) -> ResponseMap {
    let axis = |lo: f64, hi: f64| -> Vec<f64> {
        let step = (hi - lo) / (size - 1) as f64;
        (0..size).map(|k| lo + step * k as f64).collect()
    };
    let (x, y) = (axis(0.4, 1.0), axis(0.0, 0.8));
    let result = |x: f64, y: f64| 108.0 - 32.0 * x - 14.0 * y - 9.0 * x * y;
    let values = y.iter().flat_map(|&y| x.iter().map(move |&x| result(x, y)));
    let values = values.collect();
    let line = |level: f64| {
        let y_at = |x: f64| (108.0 - 32.0 * x - level) / (14.0 + 9.0 * x);
        let inside: Vec<f64> = (0..=48)
            .map(|k| 0.4 + 0.6 * f64::from(k) / 48.0)
            .filter(|&x| (0.0..=0.8).contains(&y_at(x)))
            .collect();
        // Lower emissions lie above the line: on the left when it runs to the right.
        curve(&inside, y_at)
    };
    ResponseMap {
        title: t(
            "电厂改造须达到八成以上，散煤替代才能补足二氧化硫缺口",
            "Clean heating can close the SO2 gap only with four fifths of power plants retrofitted",
        ),
        subtitle: t(
            "2025年SO2排放量随两项措施力度的变化",
            "SO2 emissions in 2025 over two measures",
        ),
        unit: t("万吨", "10⁴ t"),
        x: MapAxis {
            name: t(
                "燃煤电厂超低排放改造完成比例",
                "Ultra-low retrofit of coal power",
            ),
            ticks: MapTicks::Share,
            values: x,
            ..MapAxis::default()
        },
        y: MapAxis {
            name: t("民用散煤清洁取暖替代率", "Clean heating in homes"),
            ticks: MapTicks::Share,
            values: y,
            ..MapAxis::default()
        },
        values,
        frontiers: vec![
            MapFrontier {
                label: t("达标线 SO2 −15%", "SO2 −15% met"),
                lines: vec![line(77.0)],
                hatched: true,
                attained: false,
            },
            MapFrontier {
                label: t("较强目标 SO2 −22%", "SO2 −22% (stretch)"),
                lines: vec![line(70.0)],
                ..MapFrontier::default()
            },
        ],
        marked: Some(MapPoint {
            x: 0.7,
            y: 0.35,
            label: t("规划情景：78.5万吨", "Scenario as stated: 78.5"),
        }),
        footnote: made_up(),
    }
}

/// Two peaks, a closed frontier and a gap.
fn islands() -> ResponseMap {
    let mut map = map(41);
    let round = |cx: f64, cy: f64| -> Vec<(f64, f64)> {
        (0..=60)
            .map(|k| f64::from(k) / 60.0 * std::f64::consts::TAU)
            .map(|a| (cx + 0.1 * a.cos(), cy + 0.13 * a.sin()))
            .collect()
    };
    let width = map.x.values.len();
    for (index, value) in map.values.iter_mut().enumerate() {
        let (x, y) = (map.x.values[index % width], map.y.values[index / width]);
        let peak = |cx: f64, cy: f64| (-((x - cx).powi(2) + (y - cy).powi(2)) / 0.02).exp();
        *value = 20.0 * (peak(0.55, 0.3) + peak(0.8, 0.5));
        if x > 0.93 && y > 0.65 {
            *value = f64::NAN;
        }
    }
    map.frontiers.truncate(1);
    map.frontiers[0].lines = vec![round(0.55, 0.3), round(0.8, 0.5)];
    map.marked = None;
    map
}

/// Probabilities of four targets and of all.
pub(super) fn attainment() -> Attainment {
    let row = |name: Text, demand: Text, probability: f64, half: f64| AttainmentRow {
        name,
        demand,
        probability,
        stated: None,
        interval: Some(((probability - half).max(0.0), (probability + half).min(1.0))),
    };
    Attainment {
        title: t(
            "四项约束性指标单独达标概率多在八成以上，但同时达标只有六成",
            "Each binding target is likely to be met, all four together only in six cases of ten",
        ),
        subtitle: t(
            "规划情景下2025年达标概率",
            "Probability of meeting the 2025 targets, scenario as planned",
        ),
        rows: vec![
            row(
                t("化学需氧量", "COD"),
                t("较2020年 −8%", "−8% on 2020"),
                0.993,
                0.004,
            ),
            row(
                t("氨氮", "Ammonia nitrogen"),
                t("较2020年 −8%", "−8% on 2020"),
                0.9998,
                0.0002,
            ),
            row(
                t("氮氧化物", "NOx"),
                t("较2020年 −10%", "−10% on 2020"),
                0.814,
                0.017,
            ),
            row(
                t("单位地区生产总值二氧化碳排放", "CO2 per unit of GDP"),
                t(
                    "较2020年 −18%，按2020年可比价计算",
                    "−18% on 2020, in constant prices of 2020",
                ),
                0.672,
                0.021,
            ),
        ],
        all: Some(row(
            t("全部目标同时达标", "All targets together"),
            t("四项同时满足", "all four at once"),
            0.604,
            0.021,
        )),
        footnote: made_up(),
    }
}

/// A fan with records, targets and two splices.
pub(super) fn fan() -> LineChart {
    let years: Vec<i32> = (2020..=2060).collect();
    let path = |k: f64| 8000.0 + 260.0 * k - 14.5 * k * k + 0.14 * k * k * k;
    let middle: Vec<f64> = (0..=40).map(|k| path(f64::from(k))).collect();
    let around = |share: f64| -> Vec<f64> {
        middle
            .iter()
            .enumerate()
            .map(|(k, value)| value + share * 62.0 * k as f64)
            .collect()
    };
    let observed = (2005..=2020)
        .map(|year| (year, 5600.0 + 160.0 * f64::from(year - 2005)))
        .collect();
    LineChart {
        title: t(
            "全省碳排放有九成把握在2035年前达峰",
            "Emissions peak before 2035 in nine cases out of ten",
        ),
        subtitle: t("能源活动二氧化碳排放量", "CO2 emissions of energy use"),
        unit: t("万吨", "10⁴ t"),
        series: vec![
            Series {
                name: t("强化减排", "Strengthened"),
                color: 2,
                bands: vec![
                    Band {
                        name: t("5%—95%区间", "5–95% range"),
                        lo: around(-1.0),
                        hi: around(1.0),
                    },
                    Band {
                        name: t("25%—75%区间", "25–75% range"),
                        lo: around(-0.42),
                        hi: around(0.42),
                    },
                ],
                values: middle.clone(),
                observed,
                ..Series::default()
            },
            Series {
                name: t("既有政策", "Policies in place"),
                muted: true,
                values: middle
                    .iter()
                    .zip(0..)
                    .map(|(v, k)| v + 75.0 * f64::from(k))
                    .collect(),
                ..Series::default()
            },
        ],
        history_until: Some(2020),
        change_from: Some(2020),
        targets: vec![
            TargetMark {
                year: 2030,
                value: 9600.0,
                label: t("2030年：不高于9,600万吨", "2030: at most 9,600"),
                standing: Standing::Met,
            },
            TargetMark {
                year: 2045,
                value: 5800.0,
                label: t("2045年：较2020年 −28%", "2045: −28% on 2020"),
                standing: Standing::Missed,
            },
        ],
        splices: vec![
            Splice {
                year: 2011,
                label: t("环统调查范围扩大", "survey widened"),
            },
            Splice {
                year: 2016,
                label: t("第二次污染源普查", "second census"),
            },
        ],
        from_zero: true,
        footnote: made_up(),
        years,
        ..LineChart::default()
    }
}

/// One indicator from one case to another, growth apart from measures.
pub(super) fn difference() -> Waterfall {
    let step = |zh: &str, en: &str, value: f64, kind: StepKind| Step {
        label: t(zh, en),
        value,
        kind,
    };
    Waterfall {
        title: t(
            "强化情景比规划情景少排5.6万吨，电厂改造提前贡献最大",
            "The strengthened case emits 5.6 less, mostly through earlier retrofits",
        ),
        subtitle: t(
            "规划情景→强化情景：2025年SO2排放量",
            "From planned to strengthened: SO2 in 2025",
        ),
        unit: t("万吨", "10⁴ t"),
        steps: vec![
            step("规划情景", "Planned", 83.1, StepKind::Level),
            step("经济增速", "GDP growth", 2.6, StepKind::Growth),
            step("钢铁产量", "Steel output", -1.4, StepKind::Growth),
            step("电厂改造提前", "Earlier retrofits", -4.9, StepKind::Change),
            step("清洁取暖", "Clean heating", -2.2, StepKind::Change),
            step("锅炉淘汰推迟", "Boilers close later", 0.3, StepKind::Change),
            step("强化情景", "Strengthened", 77.5, StepKind::Level),
        ],
        against: t("较规划情景", "vs planned"),
        target: Some(LevelTarget {
            value: 80.0,
            label: t("目标 80.0", "Target 80.0"),
            standing: Standing::Met,
        }),
        footnote: made_up(),
        ..Waterfall::default()
    }
}

/// Several indicators from one case to another.
pub(super) fn cascades(panels: usize) -> Cascades {
    let step = |zh: &str, en: &str, kind: StepKind| CascadeStep {
        name: t(zh, en),
        kind,
    };
    let data = [
        ("二氧化硫", "SO2", "万吨", "10⁴ t", 83.1, Some(80.0)),
        ("氮氧化物", "NOx", "万吨", "10⁴ t", 104.0, Some(101.0)),
        ("二氧化碳", "CO2", "亿吨", "10⁸ t", 9.31, None),
        ("化学需氧量", "COD", "万吨", "10⁴ t", 46.2, Some(46.0)),
        ("氨氮", "Ammonia nitrogen", "万吨", "10⁴ t", 3.92, None),
        (
            "单位地区生产总值二氧化碳排放",
            "CO2 per unit of GDP",
            "2020年=100",
            "2020 = 100",
            84.0,
            Some(82.0),
        ),
    ];
    let shares = [0.031, -0.017, -0.052, -0.021, 0.004, 0.0];
    let panels = data.into_iter().cycle().take(panels).enumerate();
    let panels = panels.map(|(index, (zh, en, unit_zh, unit_en, from, target))| {
        let tilt = |k: usize| 0.4 + ((index * 5 + k * 3) % 7) as f64 / 5.0;
        let changes: Vec<f64> = shares
            .iter()
            .enumerate()
            .map(|(k, share)| share * from * tilt(k))
            .collect();
        CascadePanel {
            name: t(zh, en),
            unit: t(unit_zh, unit_en),
            from,
            to: from + changes.iter().sum::<f64>(),
            changes,
            target,
        }
    });
    Cascades {
        title: t(
            "强化情景与规划情景的差别：增速推高排放，电厂改造和清洁取暖抵消有余",
            "Planned and strengthened: growth adds emissions, retrofits and heating more than offset it",
        ),
        subtitle: t(
            "2025年各指标由规划情景到强化情景的逐项变化；各列坐标独立",
            "Each indicator in 2025, input by input; every column on its own scale",
        ),
        from_name: t("规划情景（A）", "Planned (A)"),
        to_name: t("强化情景（B）", "Strengthened (B)"),
        steps: vec![
            step(
                "地区生产总值年均增速 4.8%→5.2%",
                "GDP growth 4.8% → 5.2%",
                StepKind::Growth,
            ),
            step("粗钢产量 −3%", "Crude steel output −3%", StepKind::Growth),
            step(
                "燃煤电厂超低排放改造 80%→95%",
                "Ultra-low retrofit of coal power 80% → 95%",
                StepKind::Change,
            ),
            step(
                "民用散煤清洁取暖 40%→55%",
                "Clean heating in homes 40% → 55%",
                StepKind::Change,
            ),
            step(
                "35蒸吨及以下锅炉淘汰推迟一年",
                "Closure of small boilers a year later",
                StepKind::Change,
            ),
            step("交互作用", "Interaction", StepKind::Adjustment),
        ],
        panels: panels.collect(),
        footnote: made_up(),
    }
}

#[test]
fn samples_are_sound() {
    keep("tornado", |lang| tornado(11).layout(lang, Paper::default()));
    keep("tornado-20", |lang| {
        tornado(20).layout(lang, Paper::default())
    });
    keep("tornado-3", |lang| {
        tornado(3).layout(lang, Paper::default())
    });
    for (count, with_total) in [(1, false), (4, true), (12, true)] {
        keep(&format!("variance-{count}"), |lang| {
            variance::sample(count, with_total).layout(lang, Paper::default())
        });
    }
    keep("map", |lang| map(41).layout(lang, Paper::default()));
    keep("map-islands", |lang| {
        islands().layout(lang, Paper::default())
    });
    keep("attainment", |lang| {
        attainment().layout(lang, Paper::default())
    });
    keep("fan", |lang| fan().layout(lang, Paper::default()));
    keep("difference", |lang| {
        difference().layout(lang, Paper::default())
    });
    keep("cascades-3", |lang| {
        cascades(3).layout(lang, Paper::default())
    });
    keep("cascades-6", |lang| {
        cascades(6).layout(lang, Paper::default())
    });
}

#[test]
fn a_map_of_41_by_41_stays_small() {
    let svg = map(41).render(Lang::Zh);
    assert!(svg.len() < 60_000, "{}", svg.len());
    let coarse = map(9).render(Lang::Zh);
    assert!(coarse.len() < svg.len());
}

#[test]
fn odd_numbers_leave_gaps() {
    for odd in [f64::NAN, f64::INFINITY, f64::MAX, -1e99, 0.0] {
        let mut storm = tornado(6);
        storm.bars[2].at_low = odd;
        storm.bars[3].at_high = odd;
        let mut central = tornado(4);
        central.central = odd;
        let mut grid = map(7);
        grid.values[10] = odd;
        grid.frontiers[0].lines[0][0].0 = odd;
        let mut chances = attainment();
        chances.rows[0].probability = odd;
        chances.rows[1].interval = Some((odd, 0.5));
        let mut cases = cascades(3);
        cases.panels[0].changes[1] = odd;
        cases.panels[1].from = odd;
        for lang in [Lang::Zh, Lang::En] {
            for svg in [
                storm.render(lang),
                central.render(lang),
                grid.render(lang),
                chances.render(lang),
                cases.render(lang),
            ] {
                well_formed(&svg, &format!("{odd}"));
            }
        }
    }
}

#[test]
fn nothing_to_draw_is_said() {
    let empty = [
        Tornado::default().layout(Lang::En, Paper::default()),
        ResponseMap::default().layout(Lang::En, Paper::default()),
        Attainment::default().layout(Lang::En, Paper::default()),
        Cascades::default().layout(Lang::En, Paper::default()),
    ];
    for chart in &empty {
        assert!(chart.svg.contains("No data"));
        check(chart, "empty");
    }
}

#[test]
fn a_splice_is_drawn_and_named_and_is_optional() {
    let with = fan().render(Lang::Zh);
    assert!(with.contains("口径衔接：环统调查范围扩大"));
    assert_eq!(with.matches("stroke-dasharray=\"2 4\"").count(), 2);
    let without = LineChart {
        splices: Vec::new(),
        ..fan()
    };
    assert!(
        !without
            .render(Lang::Zh)
            .contains("stroke-dasharray=\"2 4\"")
    );
}

#[test]
fn growth_is_told_from_measures_only_where_there_is_some() {
    let key = "增长与结构";
    assert!(difference().render(Lang::Zh).contains(key));
    let mut plain = difference();
    for step in &mut plain.steps {
        if step.kind == StepKind::Growth {
            step.kind = StepKind::Change;
        }
    }
    assert!(!plain.render(Lang::Zh).contains(key));
}
