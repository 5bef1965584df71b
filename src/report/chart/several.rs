//! What holds for the charts of several runs, over many generated inputs, in both
//! languages and on every page.

use jianpai_core::text::{Lang, Text};

use super::look::{Chart, Paper};
use super::tests::{Dice, check, well_formed};
use super::*;

/// Numbers that are none.
const ODD: [f64; 5] = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, -1e300];

/// How numbers come: as they usually are, all zero, with gaps, of very different sizes.
#[derive(Clone, Copy, PartialEq)]
enum Mood {
    Usual,
    Zero,
    Gaps,
    Wild,
}

impl Mood {
    fn of(dice: &mut Dice) -> Self {
        match dice.below(10) {
            0 => Self::Zero,
            1 | 2 => Self::Gaps,
            3 | 4 => Self::Wild,
            _ => Self::Usual,
        }
    }

    /// A number where `usual` would stand.
    fn put(self, dice: &mut Dice, usual: f64) -> f64 {
        match self {
            Self::Zero => 0.0,
            Self::Gaps if dice.below(4) == 0 => f64::NAN,
            Self::Wild => usual.signum() * 10_f64.powf(dice.between(-3.0, 6.0)),
            _ => usual,
        }
    }
}

/// Names of regions and places as data have them, short and long.
fn region(dice: &mut Dice) -> Text {
    let all = [
        ("内蒙古", "Inner Mongolia"),
        ("西藏", "Tibet"),
        ("陕西", "Shaanxi"),
        ("黑龙江", "Heilongjiang"),
        ("山西", "Shanxi"),
        ("广西", "Guangxi"),
        (
            "新疆生产建设兵团",
            "Xinjiang Production and Construction Corps",
        ),
        ("博尔塔拉蒙古自治州", "Bortala Mongol Autonomous Prefecture"),
        ("全国", "China"),
        ("长三角地区", "Yangtze River Delta"),
    ];
    let (zh, en) = all[dice.below(all.len())];
    Text::new(zh, en)
}

/// A region, or any words.
fn place(dice: &mut Dice, long: usize) -> Text {
    if dice.below(2) == 0 {
        region(dice)
    } else {
        dice.text(1 + long / 3)
    }
}

/// None, one, few, or as many as there can be: fewer than `most`.
fn count(dice: &mut Dice, most: usize) -> usize {
    match dice.below(4) {
        0 => dice.below(3.min(most)),
        1 => dice.below((most / 4).max(2)),
        _ => dice.below(most),
    }
}

fn tile_map(dice: &mut Dice, long: usize) -> TileMap {
    let marks = [
        Mark::Met,
        Mark::Within,
        Mark::Missed,
        Mark::Unjudged,
        Mark::NoTarget,
    ];
    let mut places: Vec<(u8, u8)> = (0..8).flat_map(|x| (0..8).map(move |y| (x, y))).collect();
    let count = count(dice, 41);
    let mood = Mood::of(dice);
    let mut tile = |at: (u8, u8)| {
        let value = dice.between(-10.0, 80.0);
        let value = mood.put(dice, value);
        Tile {
            name: place(dice, long),
            at,
            value: if dice.below(12) == 0 { f64::NAN } else { value },
            shown: super::number::percent(-value, 1),
            mark: (dice.below(6) > 0).then(|| marks[dice.below(5)]),
            note: dice.text(2),
        }
    };
    let mut tiles = Vec::new();
    for k in 0..count {
        let at = places.swap_remove((k * 17) % places.len());
        tiles.push(tile(at));
    }
    let whole = count.is_multiple_of(2).then(|| tile((0, 0)));
    TileMap {
        title: dice.text(long * 2),
        subtitle: dice.text(long * 2),
        scale: dice.text(4),
        remarks: (0..dice.below(5)).map(|_| dice.text(long)).collect(),
        below_zero: dice.text(2),
        tiles,
        whole,
        footnote: dice.text(long * 3),
    }
}

fn region_panels(dice: &mut Dice, long: usize) -> RegionPanels {
    let span = [0, 1, 4, 5, 15, 45][dice.below(6)];
    let years: Vec<i32> = (2015..=2015 + span).collect();
    let mood = Mood::of(dice);
    let line = |dice: &mut Dice, swing: f64| -> Vec<f64> {
        let values = dice.line(years.len(), 100.0, swing);
        values.into_iter().map(|v| mood.put(dice, v)).collect()
    };
    let panels = (0..count(dice, 41)).map(|_| RegionPanel {
        name: place(dice, long),
        values: line(dice, 0.7),
        without: line(dice, 0.5),
        target: (dice.below(3) > 0).then(|| (2015 + span, dice.between(40.0, 110.0))),
        standing: (dice.below(3) > 0).then(|| dice.standing()),
        years: years.clone(),
    });
    let panels = panels.collect();
    RegionPanels {
        panels,
        title: dice.text(long * 2),
        subtitle: dice.text(long * 2),
        with_name: dice.text(3),
        without_name: dice.text(3),
        footnote: dice.text(long * 3),
    }
}

fn scenario_card(dice: &mut Dice, long: usize) -> ScenarioCard {
    let targets = (0..count(dice, 16)).map(|_| CardTarget {
        name: dice.text(3),
        asks: dice.text(1 + long / 2),
        more_is_better: dice.below(2) > 0,
    });
    let targets: Vec<CardTarget> = targets.collect();
    let (priced, tried) = (dice.below(3) > 0, dice.below(3) == 0);
    let mood = Mood::of(dice);
    let rows = (0..count(dice, 41)).map(|_| {
        let cells = targets.iter().map(|_| {
            let limit = dice.between(-5.0, 30.0);
            let reached = limit + dice.between(-10.0, 20.0);
            let (limit, reached) = (mood.put(dice, limit), mood.put(dice, reached));
            let half = dice.between(0.5, 30.0);
            (dice.below(6) > 0).then(|| CardCell {
                reached,
                shown: super::number::percent(-reached, dice.below(4)),
                limit,
                band: (dice.below(2) > 0).then_some((reached - half, reached + half)),
                standing: dice.standing(),
            })
        });
        let cells: Vec<Option<CardCell>> = cells.collect();
        let value = dice.between(-2e4, 3e4);
        let value = mood.put(dice, value);
        let half = dice.between(0.0, 1e4);
        CardRow {
            name: if dice.below(2) == 0 {
                region(dice)
            } else {
                dice.text(long)
            },
            cells,
            cost: (priced && dice.below(5) > 0).then_some((value, value - half, value + half)),
            probability: tried.then(|| dice.next()),
            stated: (dice.below(3) == 0).then(|| "<20.0%".to_string()),
        }
    });
    let rows = rows.collect();
    ScenarioCard {
        rows,
        targets,
        title: dice.text(long * 2),
        subtitle: dice.text(long * 2),
        cost: dice.text(6),
        chance: dice.text(6),
        footnote: dice.text(long * 3),
    }
}

fn coverage(dice: &mut Dice, long: usize) -> Coverage {
    let mood = Mood::of(dice);
    let panels = (0..dice.below(7)).map(|_| {
        let series = (0..count(dice, 24)).map(|_| CoverageSeries {
            name: dice.text(1 + long / 2),
            cases: dice.below(400),
            points: [50.0, 80.0, 90.0]
                .map(|p| {
                    let covered = dice.between(20.0, 100.0);
                    (p, mood.put(dice, covered).min(100.0))
                })
                .to_vec(),
        });
        let series: Vec<CoverageSeries> = series.collect();
        CoveragePanel {
            name: if dice.below(3) == 0 {
                region(dice)
            } else {
                dice.text(long)
            },
            series,
        }
    });
    Coverage {
        panels: panels.collect(),
        title: dice.text(long * 2),
        subtitle: dice.text(long * 2),
        footnote: dice.text(long * 3),
    }
}

fn abatement(dice: &mut Dice, long: usize) -> Abatement {
    let size = 10_f64.powf(dice.between(-3.0, 6.0));
    let mood = Mood::of(dice);
    let bars = (0..count(dice, 45)).map(|_| {
        let amount = size * 10_f64.powf(dice.between(-3.0, 0.0));
        let price = dice.between(-1.0, 2.0) * 10_f64.powf(dice.between(-2.0, 4.0));
        AbatementBar {
            name: dice.text(long),
            amount: mood.put(dice, amount),
            planned: amount * dice.between(0.0, 1.2),
            price: mood.put(dice, price),
        }
    });
    Abatement {
        bars: bars.collect(),
        title: dice.text(long * 2),
        subtitle: dice.text(long * 2),
        across: dice.text(long),
        unit: dice.text(2),
        price: dice.text(long),
        price_unit: dice.text(2),
        needed: (dice.below(2) > 0).then(|| (size * dice.between(0.0, 3.0), dice.text(long))),
        footnote: dice.text(long * 3),
    }
}

fn trade_off(dice: &mut Dice, long: usize) -> TradeOff {
    let size = 10_f64.powf(dice.between(-3.0, 6.0));
    let mood = Mood::of(dice);
    let (mut less, mut more) = (size, -size * dice.next());
    let points = (0..count(dice, 41)).map(|_| {
        less -= size * dice.between(0.0, 0.05);
        more += size * dice.between(0.0, 0.3);
        TradePoint {
            less: mood.put(dice, less),
            more: mood.put(dice, more),
            by: dice.text(long),
        }
    });
    let points: Vec<TradePoint> = points.collect();
    let plans = (0..dice.below(4)).map(|k| TradePlan {
        less: size * dice.between(0.6, 1.1),
        more: size * dice.between(-1.0, 2.0),
        name: dice.text(1 + long / 2),
        chosen: k > 0,
    });
    TradeOff {
        plans: plans.collect(),
        points,
        title: dice.text(long * 2),
        subtitle: dice.text(long * 2),
        across: dice.text(long),
        upwards: dice.text(long),
        footnote: dice.text(long * 3),
    }
}

fn price_bars(dice: &mut Dice, long: usize) -> PriceBars {
    let mood = Mood::of(dice);
    let groups = (0..dice.below(5)).map(|_| {
        let size = 10_f64.powf(dice.between(-3.0, 6.0));
        let rows = (0..count(dice, 20)).map(|_| {
            let (a, b) = (
                dice.between(-0.2, 1.0) * size,
                dice.between(-0.2, 1.0) * size,
            );
            let next = (dice.below(3) > 0).then(|| mood.put(dice, a));
            let last = (dice.below(3) > 0).then(|| mood.put(dice, b));
            PriceRow {
                name: dice.text(long * 2),
                next,
                last,
                words: if next.is_some() && last.is_some() {
                    Text::default()
                } else {
                    dice.text(long)
                },
                at_end: dice.below(2) > 0,
            }
        });
        let rows: Vec<PriceRow> = rows.collect();
        PriceGroup {
            heading: dice.text(long),
            rows,
        }
    });
    PriceBars {
        groups: groups.collect(),
        title: dice.text(long * 2),
        subtitle: dice.text(long * 2),
        footnote: dice.text(long * 3),
    }
}

fn level_ranges(dice: &mut Dice, long: usize) -> LevelRanges {
    let parts = 1 + dice.below(3);
    let mood = Mood::of(dice);
    let rows = (0..count(dice, 41)).map(|_| {
        let best = dice.between(0.0, 130.0);
        let ranges = (0..parts).map(|_| (best * dice.next(), best + dice.between(0.0, 60.0)));
        let ranges: Vec<(f64, f64)> = ranges.collect();
        let ranges = ranges.iter().map(|(low, high)| {
            let ends = [mood.put(dice, *low), mood.put(dice, *high)];
            (ends[0].min(ends[1]), ends[0].max(ends[1]))
        });
        let ranges: Vec<(f64, f64)> = ranges.collect();
        LevelRow {
            name: dice.text(long * 2),
            ranges,
            best: mood.put(dice, best),
            stated: dice.between(0.0, 120.0),
            word: dice.text(2),
        }
    });
    LevelRanges {
        rows: rows.collect(),
        parts: (0..parts).map(|_| dice.text(2)).collect(),
        title: dice.text(long * 2),
        subtitle: dice.text(long * 2),
        footnote: dice.text(long * 3),
    }
}

/// One of each kind that this file makes.
pub(super) fn every_kind(dice: &mut Dice, long: usize) -> Vec<(&'static str, Box<dyn Chart>)> {
    macro_rules! kinds {
        ($($name:ident),* $(,)?) => {
            vec![$((stringify!($name), Box::new($name(dice, long)) as Box<dyn Chart>)),*]
        };
    }
    kinds![
        tile_map,
        region_panels,
        scenario_card,
        coverage,
        abatement,
        trade_off,
        price_bars,
        level_ranges,
    ]
}

#[test]
fn odd_numbers_do_not_reach_the_charts_of_several_runs() {
    let mut dice = Dice(5);
    for round in 0..40 {
        let odd = ODD[round % ODD.len()];
        let mut map = tile_map(&mut dice, 3);
        let mut panels = region_panels(&mut dice, 3);
        let mut card = scenario_card(&mut dice, 3);
        let mut bands = coverage(&mut dice, 3);
        let mut curve = abatement(&mut dice, 3);
        let mut front = trade_off(&mut dice, 3);
        let mut prices = price_bars(&mut dice, 3);
        let mut levels = level_ranges(&mut dice, 3);
        for (k, tile) in map.tiles.iter_mut().enumerate() {
            if k % 3 == round % 3 {
                tile.value = odd;
            }
        }
        for panel in panels.panels.iter_mut().step_by(2) {
            panel.values[0] = odd;
            panel.target = Some((2017, odd));
        }
        for row in card.rows.iter_mut().step_by(2) {
            row.cost = Some((odd, odd, 3.0));
            row.probability = Some(odd);
            for cell in row.cells.iter_mut().flatten() {
                cell.limit = odd;
                cell.band = Some((odd, 2.0));
            }
        }
        for panel in &mut bands.panels {
            for series in panel.series.iter_mut().step_by(2) {
                series.points[1].1 = odd;
            }
        }
        for bar in curve.bars.iter_mut().step_by(3) {
            bar.price = odd;
            bar.planned = odd;
        }
        for point in front.points.iter_mut().step_by(3) {
            point.more = odd;
        }
        for row in prices.groups.iter_mut().flat_map(|group| &mut group.rows) {
            row.next = Some(odd);
        }
        for row in levels.rows.iter_mut().step_by(2) {
            row.ranges[0] = (odd, 4.0);
            row.stated = odd;
        }
        for lang in [Lang::Zh, Lang::En] {
            for svg in [
                map.render(lang),
                panels.render(lang),
                card.render(lang),
                bands.render(lang),
                curve.render(lang),
                front.render(lang),
                prices.render(lang),
                levels.render(lang),
            ] {
                well_formed(&svg, &format!("{odd} {round}"));
            }
        }
    }
}

#[test]
fn nothing_to_draw_is_said_on_the_charts_of_several_runs() {
    for (lang, words) in [(Lang::Zh, "无数据"), (Lang::En, "No data")] {
        let paper = Paper::default();
        for drawn in [
            TileMap::default().layout(lang, paper),
            RegionPanels::default().layout(lang, paper),
            ScenarioCard::default().layout(lang, paper),
            Coverage::default().layout(lang, paper),
            Abatement::default().layout(lang, paper),
            TradeOff::default().layout(lang, paper),
            PriceBars::default().layout(lang, paper),
            LevelRanges::default().layout(lang, paper),
        ] {
            assert!(drawn.svg.contains(words));
            check(&drawn, "empty");
        }
    }
}

/// Numbers of bars stand on the side of the zero line where the bar does not.
#[test]
fn no_bar_of_a_cost_curve_covers_a_number() {
    let bar = |price: f64| AbatementBar {
        name: Text::same("x"),
        amount: 100.0,
        planned: 100.0,
        price,
    };
    let chart = Abatement {
        bars: vec![bar(-50.0), bar(30.0)],
        ..Abatement::default()
    };
    let drawn = chart.layout(Lang::En, Paper::default());
    let at = |words: &str| {
        let mut own = drawn.boxes.iter().filter(|(_, text)| text == words);
        own.next().map(|(rect, _)| rect.center().1).expect("drawn")
    };
    let zero = at("0");
    assert!(
        at("1") < zero && at("2") > zero,
        "{} {zero} {}",
        at("1"),
        at("2")
    );
}
