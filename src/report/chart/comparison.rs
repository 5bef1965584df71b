//! Scenarios side by side: per indicator a dot per scenario, against the target.

use jianpai_core::text::{Lang, Text};

use super::look::Paper;
use super::number;
use super::place::Rect;
use super::scale::{self, Axis, usable};
use super::sheet::{
    Finished, HPos, KeyItem, MARGIN, Pen, Plot, Point, Sheet, Sign, Type, VPos, tick_room,
};
use super::text;
use super::theme::{
    self, AXIS, BAD, GOOD, GREY, GRID, INK, NEAR, PAPER, Rgb, SOFT, readable, size,
};

/// A grouped dot plot of changes in percent.
#[derive(Clone, Debug, Default)]
pub struct Comparison {
    /// Headline.
    pub title: Text,
    /// What is drawn, as in 较2015年的变化.
    pub subtitle: Text,
    /// Names of the scenarios.
    pub scenarios: Vec<Text>,
    /// Index of the scenario that stands back in grey, if one does.
    pub muted: Option<usize>,
    /// Colours tell the verdicts instead of the scenarios, which are too many.
    pub by_verdict: bool,
    /// Indicators.
    pub rows: Vec<ComparisonRow>,
    /// Source line.
    pub footnote: Text,
}

/// One indicator of a [`Comparison`].
#[derive(Clone, Debug, Default)]
pub struct ComparisonRow {
    /// Indicator.
    pub name: Text,
    /// Change in percent of each scenario, negative for a reduction; what is not
    /// finite is left out.
    pub changes: Vec<f64>,
    /// Change to be reached by each scenario, in percent.
    pub targets: Vec<Option<f64>>,
    /// What is said of each scenario: nothing where it has no target.
    pub marks: Vec<Mark>,
}

/// The verdict on a scenario's targets on an indicator.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mark {
    /// There is none.
    #[default]
    NoTarget,
    /// All are met.
    Met,
    /// All are met, one of them within the model's error.
    Within,
    /// One is missed.
    Missed,
    /// They cannot be judged.
    Unjudged,
}

/// Height of the target's label over a group.
const HEAD: f64 = 20.0;
/// Height of a scenario's lane, when its name has one line and when it has two.
const LANES: (f64, f64) = (19.0, 35.0);
/// Between groups.
const GAP: f64 = 10.0;
/// Widest columns of indicators and scenarios.
const COLUMNS: (f64, f64) = (190.0, 240.0);

/// A group laid out.
struct Group {
    lines: Vec<String>,
    top: f64,
    height: f64,
}

impl ComparisonRow {
    /// The target of a scenario, if it can be drawn.
    fn target(&self, scenario: usize) -> Option<f64> {
        let target = self.targets.get(scenario).copied().flatten();
        target.filter(|&target| usable(target))
    }

    /// The target that all of `count` scenarios have in common.
    fn common(&self, count: usize) -> Option<f64> {
        let first = self.target(0)?;
        let same = |i: usize| self.target(i).is_some_and(|t| (t - first).abs() < 1e-9);
        (0..count).all(same).then_some(first)
    }

    fn mark(&self, scenario: usize) -> Mark {
        self.marks.get(scenario).copied().unwrap_or_default()
    }
}

impl Comparison {
    /// Heights of the lanes.
    fn lanes(&self, paper: Paper, lang: Lang) -> Vec<f64> {
        let room = paper.column(COLUMNS.1);
        let kind = Type::plain(size::TICK, INK);
        let long = |name: &Text| kind.width(name.get(lang)) > room;
        let lane = |name: &Text| if long(name) { LANES.1 } else { LANES.0 };
        self.scenarios.iter().map(lane).collect()
    }

    /// Colour of a scenario in a row.
    fn color(&self, row: &ComparisonRow, scenario: usize) -> Rgb {
        if self.by_verdict {
            return match row.mark(scenario) {
                Mark::NoTarget => GREY,
                Mark::Met => GOOD,
                Mark::Within => NEAR,
                Mark::Missed => BAD,
                Mark::Unjudged => SOFT,
            };
        }
        if self.muted == Some(scenario) {
            GREY
        } else {
            theme::series(scenario)
        }
    }

    /// The chart with the boxes of its texts.
    pub(super) fn layout(&self, lang: Lang, paper: Paper) -> Finished {
        let title = self.title.get(lang);
        let mut groups = self.groups(paper, lang);
        let body: f64 = groups.iter().map(|group| group.height + GAP).sum();
        let probe = Sheet::probe(paper);
        let frame =
            self.frame(&probe, lang) + probe.height() - probe.footer(self.footnote.get(lang));
        let sheet = Sheet::new(paper, (frame + body.max(120.0) + 40.0).ceil());
        let mut y = self.frame(&sheet, lang) + 4.0;
        sheet.footer(self.footnote.get(lang));
        let values = self.rows.iter().flat_map(|row| {
            let targets = (0..self.scenarios.len()).filter_map(|i| row.target(i));
            row.changes.iter().copied().chain(targets)
        });
        let Some((lo, hi)) = scale::extent(values).filter(|_| !self.scenarios.is_empty()) else {
            sheet.no_data(
                Rect::new(MARGIN, y, sheet.width() - MARGIN, y + 120.0),
                lang,
            );
            return sheet.finish(title);
        };
        let top = y;
        for group in &mut groups {
            group.top = y;
            y += group.height + GAP;
        }
        let axis = scale::axis((lo.min(0.0), hi.max(0.0)), 7);
        let lanes = self.lanes(paper, lang);
        let (names, left) = self.columns(&groups, paper, lang);
        // A value that stands past its own target needs room for both.
        let count = self.scenarios.len();
        let own = |row: &ComparisonRow| {
            row.common(count).is_none() && (0..count).any(|i| row.target(i).is_some())
        };
        let places = if self.rows.iter().any(own) { 2.0 } else { 1.0 };
        let room = (sheet.width() - MARGIN - left) * 0.3;
        let margin = (8.0 + places * self.value_width()).min(room);
        let (below, above) = (
            if lo < 0.0 { margin } else { 12.0 },
            if hi > 0.0 { margin } else { 20.0 },
        );
        let rect = Rect::new(left + below, top, sheet.width() - MARGIN - above, y);
        let plot = Plot::new(&sheet, rect, (axis.lo(), axis.hi()), (0.0, 1.0));
        draw_grid(&sheet, &plot, &axis);
        for (index, group) in groups.iter().enumerate() {
            if index > 0 {
                let y = group.top - GAP / 2.0;
                sheet.path(
                    &[(MARGIN, y), (sheet.width() - MARGIN, y)],
                    Pen::solid(GRID, 1.0),
                );
            }
            let kind = Type::bold(size::LABEL, INK);
            let middle = group.top + HEAD + (group.height - HEAD) / 2.0;
            let tall = kind.pitch() * group.lines.len() as f64;
            sheet.texts(
                (
                    MARGIN,
                    (middle - tall / 2.0)
                        .min(group.top + group.height - tall)
                        .max(group.top),
                ),
                HPos::Left,
                &group.lines,
                kind,
            );
            let columns = (group, names, left);
            self.draw_group(&sheet, &plot, (&self.rows[index], &lanes), columns, lang);
        }
        sheet.finish(title)
    }

    /// Headline and key; returns their bottom.
    fn frame(&self, sheet: &Sheet, lang: Lang) -> f64 {
        let top = sheet.header(self.title.get(lang), self.subtitle.get(lang));
        sheet.key_rows(&self.key(lang), top)
    }

    /// Signs and their meaning.
    fn key(&self, lang: Lang) -> Vec<KeyItem> {
        let mut key = Vec::new();
        let count = self.scenarios.len();
        let any_target = |row: &ComparisonRow| (0..count).any(|i| row.target(i).is_some());
        if self.rows.iter().any(any_target) {
            key.push((Sign::Diamond(INK), lang.pick("目标", "target").to_owned()));
        }
        let signs = [
            (Mark::Met, lang.pick("实心：达标", "filled: target met")),
            (
                Mark::Within,
                lang.pick("≈：达标，误差之内", "≈: met, within error"),
            ),
            (
                Mark::Missed,
                lang.pick("空心：未达标", "hollow: target missed"),
            ),
            (
                Mark::NoTarget,
                lang.pick("短线：未设目标", "short bar: no target"),
            ),
            (
                Mark::Unjudged,
                lang.pick("?：无法判定", "?: cannot be judged"),
            ),
        ];
        for (mark, words) in signs {
            let mut rows = self.rows.iter();
            if !rows.any(|row| (0..count).any(|i| row.mark(i) == mark)) {
                continue;
            }
            let (good, near, bad) = if self.by_verdict {
                (GOOD, NEAR, BAD)
            } else {
                (SOFT, SOFT, SOFT)
            };
            key.push((
                match mark {
                    Mark::Met => Sign::Dot(good),
                    Mark::Within => Sign::Bullseye(near),
                    Mark::Missed => Sign::Hollow(bad),
                    Mark::NoTarget => Sign::End(if self.by_verdict { GREY } else { SOFT }),
                    Mark::Unjudged => Sign::End(SOFT),
                },
                words.to_owned(),
            ));
        }
        key
    }

    /// Indicators wrapped, with the height of their groups.
    fn groups(&self, paper: Paper, lang: Lang) -> Vec<Group> {
        let lanes = self.lanes(paper, lang).iter().sum::<f64>().max(LANES.0);
        let group = |row: &ComparisonRow| {
            let lines = text::lines(
                row.name.get(lang),
                size::LABEL,
                true,
                paper.column(COLUMNS.0),
                4,
            );
            let name = Type::bold(size::LABEL, INK).pitch() * lines.len() as f64;
            Group {
                lines,
                top: 0.0,
                height: HEAD + lanes.max(name - HEAD),
            }
        };
        self.rows.iter().map(group).collect()
    }

    /// Where the scenarios' names begin and where they end.
    fn columns(&self, groups: &[Group], paper: Paper, lang: Lang) -> (f64, f64) {
        let bold = Type::bold(size::LABEL, INK);
        let widest = groups
            .iter()
            .flat_map(|group| &group.lines)
            .map(|line| bold.width(line));
        let names = MARGIN + widest.fold(0.0, f64::max) + 18.0;
        let small = Type::plain(size::TICK, INK);
        let widest = self
            .scenarios
            .iter()
            .map(|name| small.width(name.get(lang)));
        (
            names,
            names + widest.fold(0.0, f64::max).min(paper.column(COLUMNS.1)),
        )
    }

    /// Room for the widest value.
    fn value_width(&self) -> f64 {
        let kind = Type::bold(size::TICK, INK);
        let texts = self.rows.iter().flat_map(|row| {
            let changes = row.changes.iter().enumerate();
            changes.map(|(index, &change)| value_text(row, index, change))
        });
        texts.map(|text| kind.width(&text)).fold(0.0, f64::max) + 24.0
    }

    /// Lanes and target of one indicator.
    fn draw_group(
        &self,
        sheet: &Sheet,
        plot: &Plot,
        (row, heights): (&ComparisonRow, &[f64]),
        (group, names, left): (&Group, f64, f64),
        lang: Lang,
    ) {
        let lanes = group.top + HEAD;
        let zero = plot.at(0.0, 0.0).0;
        let common = row.common(self.scenarios.len());
        if let Some(value) = common {
            let x = plot.at(value, 0.0).0;
            let bottom = lanes + heights.iter().sum::<f64>();
            draw_target(sheet, x, value, (lanes, bottom), lang);
        }
        let mut next = lanes;
        for (index, (name, lane)) in self.scenarios.iter().zip(heights).enumerate() {
            let y = next + lane / 2.0;
            next += lane;
            let color = self.color(row, index);
            let named = if self.by_verdict {
                INK
            } else {
                readable(color)
            };
            let kind = Type::plain(size::TICK, named);
            let words = text::lines(name.get(lang), kind.size, false, left - names, 2);
            let start = y - kind.pitch() * words.len() as f64 / 2.0;
            sheet.texts((names, start), HPos::Left, &words, kind);
            let Some(change) = row
                .changes
                .get(index)
                .copied()
                .filter(|&change| usable(change))
            else {
                sheet.text((zero, y), HPos::Center, VPos::Center, "–", kind);
                continue;
            };
            let at = (plot.at(change, 0.0).0, y);
            sheet.path(&[(zero, y), at], Pen::solid(color, 2.0));
            sheet.tip(format!(
                "{} {}: {}",
                row.name.get(lang),
                name.get(lang),
                value_text(row, index, change)
            ));
            let target = row.target(index).map(|target| plot.at(target, 0.0).0);
            if let (Some(x), None) = (target, common) {
                sheet.path(&[(x, y - 7.0), (x, y + 7.0)], Pen::solid(INK, 1.25));
            }
            draw_mark(sheet, at, row.mark(index), color);
            if let (Some(x), None, Some(set)) = (target, common, row.target(index)) {
                sheet.tip(format!(
                    "{} {}: {}",
                    name.get(lang),
                    lang.pick("目标", "target"),
                    number::round_percent(set)
                ));
                sheet.diamond((x, y), 4.0, INK);
            }
            let down = if change < 0.0 { -1.0 } else { 1.0 };
            let words = match row.mark(index) {
                Mark::Unjudged => format!("{} ?", value_text(row, index, change)),
                Mark::Within => format!("{} ≈", value_text(row, index, change)),
                _ => value_text(row, index, change),
            };
            let passes = common.is_some();
            let bounds = (left + 4.0, sheet.width() - 8.0);
            value(sheet, (at, bounds), down, &words, (color, target), passes);
        }
    }
}

/// The end of a scenario's line: a dot if its targets are met, a ring with a dot in it if
/// one is so within the model's error, a ring if one is missed, a short bar where nothing is judged.
fn draw_mark(sheet: &Sheet, at: Point, mark: Mark, color: Rgb) {
    match mark {
        Mark::Met => sheet.dot(at, 5.25, color),
        Mark::Within => sheet.bullseye(at, color),
        Mark::Missed => sheet.ring(at, 4.5, color),
        Mark::NoTarget | Mark::Unjudged => {
            let (x, y) = at;
            sheet.path(&[(x, y - 5.0), (x, y + 5.0)], Pen::solid(color, 2.5));
        }
    }
}

/// A target's line across the lanes, with its label on top.
fn draw_target(sheet: &Sheet, x: f64, value: f64, (lanes, bottom): (f64, f64), lang: Lang) {
    sheet.path(
        &[(x, lanes - 8.0), (x, bottom)],
        Pen::dashed(INK, 1.25, "4 3"),
    );
    let words = format!(
        "{} {}",
        lang.pick("目标", "target"),
        number::round_percent(value)
    );
    sheet.tip(words.clone());
    sheet.diamond((x, lanes - 9.0), 5.0, INK);
    let kind = Type::plain(size::SMALL, INK);
    let room = kind.width(&words) + 10.0;
    let after = x + room <= sheet.width() - MARGIN;
    let (at, side) = if after {
        (x + 10.0, HPos::Left)
    } else {
        (x - 10.0, HPos::Right)
    };
    let ground = if after {
        (at, at + room - 8.0)
    } else {
        (at - room + 8.0, at)
    };
    sheet.rect(
        Rect::new(ground.0, lanes - 17.0, ground.1, lanes - 2.0),
        PAPER,
        1.0,
    );
    sheet.text((at, lanes - 9.0), side, VPos::Center, &words, kind);
}

/// A change as written beside its dot.
fn value_text(row: &ComparisonRow, scenario: usize, change: f64) -> String {
    number::reached_percent(change, row.target(scenario))
}

/// The value on the far side of its dot; past the target if that is near, or if it is the
/// scenario's own mark rather than a line that passes under the value.
fn value(
    sheet: &Sheet,
    ((x, y), (left, right)): (Point, (f64, f64)),
    side: f64,
    words: &str,
    (color, target): (Rgb, Option<f64>),
    passes: bool,
) {
    let kind = Type::bold(size::TICK, readable(color));
    let wide = kind.width(words);
    let mut near = x + side * 9.0;
    if let Some(target) = target {
        let (a, b) = (near.min(near + side * wide), near.max(near + side * wide));
        if target > a - 3.0 && target < b + 3.0 {
            if !passes {
                near = target + side * 8.0;
            } else if (target - x).abs() <= 14.0 {
                near = target + side * 5.0;
            } else {
                sheet.rect(Rect::new(a - 2.0, y - 8.0, b + 2.0, y + 8.0), PAPER, 1.0);
            }
        }
    }
    // Where the page is too narrow for it, the value stands on its own line.
    let near = if side < 0.0 {
        near.max(left + wide)
    } else {
        near.min(right - wide)
    };
    let anchor = if side < 0.0 { HPos::Right } else { HPos::Left };
    sheet.text((near, y), anchor, VPos::Center, words, kind);
}

/// Grid lines with their percentages below, and the line of no change.
fn draw_grid(sheet: &Sheet, plot: &Plot, axis: &Axis) {
    let decimals = number::tick_decimals(axis.step());
    let kind = Type::plain(size::TICK, SOFT);
    let step = plot.rect.width() / axis.ticks.len().saturating_sub(1).max(1) as f64;
    let every = ((tick_room(axis) + 22.0) / step).ceil().max(1.0) as usize;
    for (index, &tick) in axis.ticks.iter().enumerate() {
        let x = plot.at(tick, 0.0).0;
        let color = if tick == 0.0 { AXIS } else { GRID };
        sheet.path(
            &[(x, plot.rect.y0), (x, plot.rect.y1)],
            Pen::solid(color, 1.0),
        );
        if index % every == 0 {
            let label = number::percent(tick, decimals);
            sheet.text(
                (x, plot.rect.y1 + 5.0),
                HPos::Center,
                VPos::Top,
                &label,
                kind,
            );
        }
    }
}
