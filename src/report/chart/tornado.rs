//! What one input at a time does to a result: a tornado.

use crate::standing::Standing;
use std::cmp::Ordering;

use jianpai_core::text::{Lang, Text};

use super::look::Paper;
use super::number;
use super::place::Rect;
use super::scale::{self, Axis, usable};
use super::sheet::{
    Finished, HPos, KeyItem, MARGIN, Pen, Plot, Sheet, Sign, Type, VPos, frame_height, tick_room,
    with_unit,
};
use super::text;
use super::theme::{self, ATTAINED, GRID, INK, PAPER, Rgb, SOFT, readable, size, verdict};

/// A tornado: bars from the central value to the results with one input low and high.
#[derive(Clone, Debug, Default)]
pub struct Tornado {
    /// Headline.
    pub title: Text,
    /// What is drawn; the unit is added to it.
    pub subtitle: Text,
    /// Unit of the result.
    pub unit: Text,
    /// Result with all inputs at their central value.
    pub central: f64,
    /// Name of the central value; 中心值 or Central when empty.
    pub central_name: Text,
    /// Name of the low ends for the key, as in P10; 输入取低值 or input low when empty.
    pub low_name: Text,
    /// Name of the high ends for the key.
    pub high_name: Text,
    /// What is to be attained.
    pub target: Option<TornadoTarget>,
    /// Inputs in the order they are drawn, the largest swing first as a rule.
    pub bars: Vec<TornadoBar>,
    /// Source line.
    pub footnote: Text,
}

/// One input of a [`Tornado`].
#[derive(Clone, Debug, Default)]
pub struct TornadoBar {
    /// Name of the input.
    pub name: Text,
    /// The low input as written, as in 40%.
    pub low_input: Text,
    /// The high input as written.
    pub high_input: Text,
    /// Result with the input low; what is not finite is left out.
    pub at_low: f64,
    /// Result with the input high; what is not finite is left out.
    pub at_high: f64,
    /// Whether the range of the input alone turns the verdict on the target.
    pub turns: bool,
}

/// The target of a [`Tornado`].
#[derive(Clone, Debug, Default)]
pub struct TornadoTarget {
    /// The value of the result.
    pub value: f64,
    /// Label of its line.
    pub label: Text,
    /// Where the target is met.
    pub met: Side,
}

/// A side of a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Side {
    /// At or below it, as for an emission.
    #[default]
    AtMost,
    /// At or above it, as for a reduction.
    AtLeast,
}

/// Widest column of names.
const NAMES: f64 = 270.0;
/// Widest text of an input.
const INPUT: f64 = 130.0;
/// Height of a label row over the plot.
const STRIP: f64 = 20.0;
/// Height of a lane.
const LANE: f64 = 19.0;

/// The end of a bar, worked out.
struct End {
    value: f64,
    color: Rgb,
    input: String,
    figure: String,
    /// Whether its label stands left of it.
    left: bool,
}

/// A bar, worked out.
struct Bar {
    lines: Vec<String>,
    name: String,
    ends: Vec<End>,
    /// Both ends on one side: each in a lane of its own.
    lanes: bool,
    turns: bool,
    top: f64,
    height: f64,
}

impl End {
    /// Types of the input and of the figure.
    fn types(&self) -> (Type, Type) {
        let color = readable(self.color);
        (
            Type::plain(size::TICK, color),
            Type::bold(size::TICK, color),
        )
    }

    /// The input with the arrow to the figure.
    fn lead(&self) -> String {
        if self.input.is_empty() {
            String::new()
        } else {
            format!("{} → ", self.input)
        }
    }

    /// Width of the label.
    fn width(&self) -> f64 {
        let (plain, bold) = self.types();
        plain.width(&self.lead()) + bold.width(&self.figure)
    }
}

impl Tornado {
    /// The chart with the boxes of its texts.
    pub(super) fn layout(&self, lang: Lang, paper: Paper) -> Finished {
        let (title, footnote) = (self.title.get(lang), self.footnote.get(lang));
        let subtitle = with_unit(&self.subtitle, &self.unit, lang);
        let key = self.key(lang);
        let mut rows = self.rows(paper, lang);
        let range = self.range(&rows).filter(|_| usable(self.central));
        let axis = range.map(|range| scale::axis(range, 7));
        let cut = axis.as_ref().is_some_and(scale::is_cut);
        let subtitle = scale::noted(&subtitle, cut, lang);
        let strips = if self.target().is_some() { 2.0 } else { 1.0 } * STRIP;
        let body: f64 = rows.iter().map(|row| row.height).sum();
        let frame = frame_height(paper, title, &subtitle, &key, footnote);
        let sheet = Sheet::new(paper, (frame + strips + body.max(80.0) + 46.0).ceil());
        let top = sheet.header(title, &subtitle);
        let top = sheet.key_rows(&key, top) + 6.0 + strips;
        sheet.footer(footnote);
        let Some(axis) = axis else {
            let area = Rect::new(MARGIN, top, sheet.width() - MARGIN, top + 80.0);
            sheet.no_data(area, lang);
            return sheet.finish(title);
        };
        let mut y = top;
        for row in &mut rows {
            row.top = y;
            y += row.height;
        }
        let lines = rows.iter().flat_map(|row| &row.lines);
        let widest = lines.map(|line| Type::bold(13.0, INK).width(line));
        let marks = if rows.iter().any(|row| row.turns) {
            16.0
        } else {
            0.0
        };
        let left = MARGIN + widest.fold(0.0, f64::max) + marks + 12.0;
        let (x0, x1) = plot_ends(&rows, &axis, (left, sheet.width() - MARGIN));
        let plot = Plot::new(
            &sheet,
            Rect::new(x0, top, x1, y + 4.0),
            (axis.lo(), axis.hi()),
            (0.0, 1.0),
        );
        self.ground(&sheet, &plot);
        let labels = axis.labels();
        draw_axis(&sheet, &plot, (&axis.ticks, &labels), Pen::solid(GRID, 1.0));
        for row in &rows {
            draw_name(&sheet, row, left - 12.0);
            self.draw_bars(&sheet, &plot, row);
        }
        let center = plot.at(self.central, 0.0).0;
        sheet.path(
            &[(center, top - 3.0), (center, y + 4.0)],
            Pen::solid(INK, 1.5),
        );
        let line = self.target_line(&sheet, &plot);
        for row in &rows {
            self.draw_labels(&sheet, &plot, row, line);
        }
        self.central_label(&sheet, &plot, lang);
        self.target_label(&sheet, &plot, lang);
        sheet.finish(title)
    }

    /// On which side of the central value a result lies.
    fn side(&self, value: f64) -> Ordering {
        value.partial_cmp(&self.central).unwrap_or(Ordering::Equal)
    }

    /// The target, if it can be drawn.
    fn target(&self) -> Option<&TornadoTarget> {
        self.target.as_ref().filter(|target| usable(target.value))
    }

    /// Whether the central value meets the target.
    fn met(&self, target: &TornadoTarget) -> bool {
        match target.met {
            Side::AtMost => self.central <= target.value,
            Side::AtLeast => self.central >= target.value,
        }
    }

    /// Colours of the low and the high ends.
    fn colors() -> [Rgb; 2] {
        [theme::series(0), theme::series(1)]
    }

    /// Signs and their meaning.
    fn key(&self, lang: Lang) -> Vec<KeyItem> {
        let or = |name: &Text, zh: &str, en: &str| {
            let name = name.get(lang).trim();
            let name = if name.is_empty() {
                lang.pick(zh, en)
            } else {
                name
            };
            name.to_owned()
        };
        let [low, high] = Self::colors();
        let mut key = vec![
            (
                Sign::Fill(low, 1.0),
                or(&self.low_name, "输入取低值", "input low"),
            ),
            (
                Sign::Fill(high, 1.0),
                or(&self.high_name, "输入取高值", "input high"),
            ),
        ];
        if self.target().is_some() {
            let words = lang.pick("达标一侧", "target met on this side");
            key.push((Sign::Fill(theme::GOOD, 0.16), words.to_owned()));
        }
        if self.bars.iter().any(|bar| bar.turns) {
            let words = lang.pick("单独即可改变达标结论", "turns the verdict by itself");
            key.push((Sign::Diamond(INK), words.to_owned()));
        }
        key
    }

    /// Bars worked out; tops follow later.
    fn rows(&self, paper: Paper, lang: Lang) -> Vec<Bar> {
        let reach = self.bars.iter().flat_map(|bar| [bar.at_low, bar.at_high]);
        let reach = reach.chain([self.central]).filter(|&v| usable(v));
        let (lo, hi) = scale::extent(reach).unwrap_or((0.0, 1.0));
        let decimals = decimals(lo, hi);
        let row = |bar: &TornadoBar| {
            let name = text::tidy(bar.name.get(lang));
            let lines = text::lines(&name, 13.0, true, paper.column(NAMES), 2);
            let ends = self.ends(bar, decimals, (paper.column(INPUT), lang));
            let sides: Vec<Ordering> = ends.iter().map(|end| self.side(end.value)).collect();
            let lanes = matches!(sides[..], [a, b] if a == b && a.is_ne());
            let body = if lanes { 2.0 * LANE + 10.0 } else { 31.0 };
            let height = (17.0 * lines.len() as f64 + 11.0).max(body);
            Bar {
                lines,
                name,
                ends,
                lanes,
                turns: bar.turns,
                top: 0.0,
                height,
            }
        };
        self.bars.iter().map(row).collect()
    }

    /// The ends of a bar, the low one first.
    fn ends(&self, bar: &TornadoBar, decimals: usize, (room, lang): (f64, Lang)) -> Vec<End> {
        let values = [bar.at_low, bar.at_high];
        let inputs = [&bar.low_input, &bar.high_input];
        let end = |index: usize| {
            let (value, other) = (values[index], values[1 - index]);
            let left = match (self.side(value), self.side(other)) {
                (Ordering::Equal, Ordering::Equal) => index == 0,
                (Ordering::Equal, beside) => beside.is_gt(),
                (side, _) => side.is_lt(),
            };
            End {
                value,
                color: Self::colors()[index],
                input: text::fit(inputs[index].get(lang).trim(), size::TICK, false, room),
                figure: number::fixed(value, decimals),
                left,
            }
        };
        (0..2)
            .filter(|&index| usable(values[index]))
            .map(end)
            .collect()
    }

    /// Range of the axis: a target far beyond the bars does not flatten them.
    fn range(&self, rows: &[Bar]) -> Option<(f64, f64)> {
        let ends = rows
            .iter()
            .flat_map(|row| row.ends.iter().map(|end| end.value));
        let (lo, hi) = scale::extent(ends)?;
        let (lo, hi) = (lo.min(self.central), hi.max(self.central));
        let span = hi - lo;
        let target = self.target().map(|target| target.value);
        let near = target.filter(|&value| value > lo - span && value < hi + span);
        scale::extent([lo, hi].into_iter().chain(near))
    }

    /// The light ground of the side where the target is met.
    fn ground(&self, sheet: &Sheet, plot: &Plot) {
        let Some(target) = self.target() else { return };
        let x = plot.at(target.value.clamp(plot.x.0, plot.x.1), 0.0).0;
        let (x0, x1) = match target.met {
            Side::AtMost => (plot.rect.x0, x),
            Side::AtLeast => (x, plot.rect.x1),
        };
        let area = Rect::new(x0, plot.rect.y0, x1, plot.rect.y1);
        if area.width() > 0.5 {
            sheet.rect(area, ATTAINED, 1.0);
        }
    }

    /// Bars of an input.
    fn draw_bars(&self, sheet: &Sheet, plot: &Plot, row: &Bar) {
        let center = plot.at(self.central, 0.0).0;
        for (lane, end) in row.ends.iter().enumerate() {
            let (middle, half) = lane_of(row, lane);
            let x = plot.at(end.value, 0.0).0;
            let area = Rect::new(center.min(x), middle - half, center.max(x), middle + half);
            let input = if end.input.is_empty() {
                String::new()
            } else {
                format!(" {}", end.input)
            };
            sheet.tip(format!("{}{input}: {}", row.name, end.figure));
            if area.width() > 0.0 {
                sheet.rect(area, end.color, 1.0);
            }
        }
    }

    /// Input and result at the ends, on a ground where the target's line passes.
    fn draw_labels(&self, sheet: &Sheet, plot: &Plot, row: &Bar, line: Option<f64>) {
        for (lane, end) in row.ends.iter().enumerate() {
            let (y, _) = lane_of(row, lane);
            let x = plot.at(end.value, 0.0).0;
            let wide = end.width();
            let start = if end.left { x - 7.0 - wide } else { x + 7.0 };
            let box_ = Rect::new(start - 3.0, y - 8.5, start + wide + 3.0, y + 8.5);
            if let Some(line) = line.filter(|line| *line > box_.x0 && *line < box_.x1) {
                let met_left = self.target().is_some_and(|t| t.met == Side::AtMost);
                let (before, after) = if met_left {
                    (ATTAINED, PAPER)
                } else {
                    (PAPER, ATTAINED)
                };
                sheet.rect(Rect { x1: line, ..box_ }, before, 1.0);
                sheet.rect(Rect { x0: line, ..box_ }, after, 1.0);
            }
            let (plain, bold) = end.types();
            let lead = end.lead();
            sheet.text((start, y), HPos::Left, VPos::Center, lead.trim_end(), plain);
            let at = (start + plain.width(&lead), y);
            sheet.text(at, HPos::Left, VPos::Center, &end.figure, bold);
        }
        if row.ends.is_empty() {
            let at = (
                plot.at(self.central, 0.0).0 + 8.0,
                row.top + row.height / 2.0,
            );
            sheet.text(
                at,
                HPos::Left,
                VPos::Center,
                "–",
                Type::plain(size::TICK, SOFT),
            );
        }
    }

    /// The line of the target; returns where it lies, if inside.
    fn target_line(&self, sheet: &Sheet, plot: &Plot) -> Option<f64> {
        let target = self.target()?;
        if target.value < plot.x.0 || target.value > plot.x.1 {
            return None;
        }
        let x = plot.at(target.value, 0.0).0;
        let pen = Pen::dashed(
            readable(verdict(if self.met(target) {
                Standing::Met
            } else {
                Standing::Missed
            })),
            1.5,
            "5 4",
        );
        let (top, bottom) = (plot.rect.y0 - STRIP - 2.0, plot.rect.y1);
        sheet.path(&[(x, top), (x, bottom)], pen);
        Some(x)
    }

    /// The label of the target; an arrow head shows the way when it lies outside.
    fn target_label(&self, sheet: &Sheet, plot: &Plot, lang: Lang) {
        let Some(target) = self.target() else { return };
        let kind = Type::bold(
            size::TICK,
            readable(verdict(if self.met(target) {
                Standing::Met
            } else {
                Standing::Missed
            })),
        );
        let y = plot.rect.y0 - STRIP * 1.5 - 2.0;
        let x = plot.at(target.value.clamp(plot.x.0, plot.x.1), 0.0).0;
        let label = target.label.get(lang);
        if target.value < plot.x.0 {
            let tip = [(x, y), (x + 9.0, y - 5.0), (x + 9.0, y + 5.0)];
            sheet.polygon(&tip, kind.color, 1.0);
            let words = text::fit(label, kind.size, true, sheet.width() - MARGIN - x - 15.0);
            sheet.text((x + 15.0, y), HPos::Left, VPos::Center, &words, kind);
        } else if target.value > plot.x.1 {
            let tip = [(x, y), (x - 9.0, y - 5.0), (x - 9.0, y + 5.0)];
            sheet.polygon(&tip, kind.color, 1.0);
            let words = text::fit(label, kind.size, true, x - 15.0 - MARGIN);
            sheet.text((x - 15.0, y), HPos::Right, VPos::Center, &words, kind);
        } else {
            centered(sheet, (x, y), label, kind);
        }
    }

    /// The label of the central value.
    fn central_label(&self, sheet: &Sheet, plot: &Plot, lang: Lang) {
        let name = self.central_name.get(lang).trim();
        let name = if name.is_empty() {
            lang.pick("中心值", "Central")
        } else {
            name
        };
        let words = format!(
            "{name} {}",
            number::fixed(self.central, decimals(plot.x.0, plot.x.1))
        );
        let kind = Type::bold(size::TICK, INK);
        let x = plot.at(self.central, 0.0).0;
        let y = plot.rect.y0 - STRIP / 2.0 - 2.0;
        let words = text::fit(&words, kind.size, true, sheet.width() - 2.0 * MARGIN);
        let half = kind.width(&words) / 2.0;
        let middle = x.min(sheet.width() - MARGIN - half).max(MARGIN + half);
        let ground = Rect::new(middle - half - 3.0, y - 9.0, middle + half + 3.0, y + 8.0);
        sheet.rect(ground, PAPER, 1.0);
        sheet.text((middle, y), HPos::Center, VPos::Center, &words, kind);
    }
}

/// Decimals of the results: three digits, and enough to tell the ends of the range apart.
fn decimals(lo: f64, hi: f64) -> usize {
    let digits = number::amount_decimals(lo.abs().max(hi.abs()));
    let apart = number::amount_decimals((hi - lo) * 5.0);
    digits.max(apart.min(digits + 2))
}

/// Middle and half height of the bar of an end.
fn lane_of(row: &Bar, lane: usize) -> (f64, f64) {
    let middle = row.top + row.height / 2.0;
    if row.lanes {
        (middle + LANE * (lane as f64 - 0.5), LANE / 2.0 - 1.0)
    } else {
        (middle, 10.5)
    }
}

/// A label over a point, kept on the page.
fn centered(sheet: &Sheet, (x, y): (f64, f64), label: &str, kind: Type) {
    let words = text::fit(label, kind.size, kind.bold, sheet.width() - 2.0 * MARGIN);
    let half = kind.width(&words) / 2.0;
    let middle = x.min(sheet.width() - MARGIN - half).max(MARGIN + half);
    sheet.text((middle, y), HPos::Center, VPos::Center, &words, kind);
}

/// The name of an input, right of it the sign of what turns the verdict.
fn draw_name(sheet: &Sheet, row: &Bar, right: f64) {
    let kind = if row.turns {
        Type::bold(13.0, INK)
    } else {
        Type::plain(13.0, INK)
    };
    let tall = kind.pitch() * row.lines.len() as f64;
    let (middle, mut x) = (row.top + row.height / 2.0, right);
    if row.turns {
        sheet.diamond((right - 5.0, middle), 4.5, INK);
        x -= 16.0;
    }
    sheet.texts((x, middle - tall / 2.0), HPos::Right, &row.lines, kind);
}

/// Grid lines with labels below, every other label where they would touch; that at nought
/// has a pen of its own.
pub(super) fn draw_axis(
    sheet: &Sheet,
    plot: &Plot,
    (ticks, labels): (&[f64], &[String]),
    nought: Pen,
) {
    let kind = Type::plain(size::TICK, SOFT);
    let step = plot.rect.width() / ticks.len().saturating_sub(1).max(1) as f64;
    let widest = labels.iter().map(|label| kind.width(label));
    let every = ((widest.fold(0.0, f64::max) + 14.0) / step).ceil().max(1.0) as usize;
    for (index, (&tick, label)) in ticks.iter().zip(labels).enumerate() {
        let x = plot.at(tick, 0.0).0;
        let ends = [(x, plot.rect.y0), (x, plot.rect.y1)];
        let pen = if tick == 0.0 {
            nought
        } else {
            Pen::solid(GRID, 1.0)
        };
        sheet.path(&ends, pen);
        if index % every == 0 {
            let at = (x, plot.rect.y1 + 6.0);
            sheet.text(at, HPos::Center, VPos::Top, label, kind);
        }
    }
}

/// Left and right end of the plot that leave every label its room.
fn plot_ends(rows: &[Bar], axis: &Axis, (left, right): (f64, f64)) -> (f64, f64) {
    let room = right - left;
    let half = tick_room(axis) / 2.0;
    let span = axis.hi() - axis.lo();
    let (mut before, mut after) = (half, half);
    for _ in 0..12 {
        let wide = (room - before - after).max(120.0);
        for end in rows.iter().flat_map(|row| &row.ends) {
            let share = (end.value - axis.lo()) / span;
            let needed = end.width() + 11.0;
            if end.left {
                before = before.max(needed - share * wide);
            } else {
                after = after.max(needed - (1.0 - share) * wide);
            }
        }
    }
    (left + before, right - after)
}
