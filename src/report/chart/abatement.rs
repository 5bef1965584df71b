//! The marginal abatement cost curve by measure: how wide a bar is tells what a measure can
//! take away, how high it is what a tonne costs, and its area what it costs altogether.
//!
//! Numbers stand on the side of the zero line where the bar does not, so that no bar covers
//! one; the list below names them. Bars far beyond all others are cut and say so.

use jianpai_core::text::{Lang, Text};

use super::look::Paper;
use super::number;
use super::place::{Rect, spread};
use super::scale::{self, Axis, usable};
use super::sheet::{
    Finished, HPos, KeyItem, MARGIN, Pen, Plot, Sheet, Sign, Type, VPos, frame_height, tick_room,
};
use super::text;
use super::theme::{AXIS, GOOD, GRID, INK, PAPER, Rgb, SOFT, readable, series, size};

/// A marginal abatement cost curve.
#[derive(Clone, Debug, Default)]
pub struct Abatement {
    /// Headline.
    pub title: Text,
    /// What is drawn.
    pub subtitle: Text,
    /// What is taken away, with its unit, for the axis below.
    pub across: Text,
    /// The unit of what is taken away.
    pub unit: Text,
    /// The cost of a unit, with its unit, for the axis at the side.
    pub price: Text,
    /// The unit of the cost of a unit.
    pub price_unit: Text,
    /// The measures, in the order in which they are drawn.
    pub bars: Vec<AbatementBar>,
    /// What is needed, and what it is called.
    pub needed: Option<(f64, Text)>,
    /// Source line.
    pub footnote: Text,
}

/// One measure of an [`Abatement`].
#[derive(Clone, Debug, Default)]
pub struct AbatementBar {
    /// Its name.
    pub name: Text,
    /// What it takes away.
    pub amount: f64,
    /// What of that the plan has already.
    pub planned: f64,
    /// What a unit costs; below zero where money is saved.
    pub price: f64,
}

/// Height of the plot, and of a line of the list.
const PLOT: f64 = 300.0;
const LINE: f64 = 19.0;
/// Height that the numbers of bars need beside the zero line.
const NUMBERS: f64 = 26.0;
/// A bar narrower than this part of all does not make the axis longer.
const THIN: f64 = 0.02;
/// By so many times a thin bar is higher than all others before it is cut.
const BEYOND: f64 = 1.8;

impl AbatementBar {
    fn is_drawn(&self) -> bool {
        usable(self.amount) && usable(self.price) && self.amount > 0.0
    }

    fn color(&self) -> Rgb {
        if self.price < 0.0 { GOOD } else { series(0) }
    }
}

impl Abatement {
    /// The bars that can be drawn, each with where it begins.
    fn placed(&self) -> Vec<(f64, &AbatementBar)> {
        let mut at = 0.0;
        let drawn = self.bars.iter().filter(|bar| bar.is_drawn());
        drawn
            .map(|bar| {
                let from = at;
                at += bar.amount;
                (from, bar)
            })
            .collect()
    }

    /// The chart with the boxes of its texts.
    pub(super) fn layout(&self, lang: Lang, paper: Paper) -> Finished {
        let (title, footnote) = (self.title.get(lang), self.footnote.get(lang));
        let subtitle = self.subtitle.get(lang);
        let key = self.key(lang);
        let bars = self.placed();
        let frame = frame_height(paper, title, subtitle, &key, footnote);
        let list = LINE * bars.len().div_ceil(lists(paper.width)) as f64 + 30.0;
        let sheet = Sheet::new(paper, (frame + PLOT + 82.0 + list).ceil());
        let top = sheet.key_rows(&key, sheet.header(title, subtitle)) + 27.0;
        sheet.footer(footnote);
        let all: f64 = bars.iter().map(|(_, bar)| bar.amount).sum();
        if bars.is_empty() || !usable(all) {
            sheet.no_data(
                Rect::new(MARGIN, top, sheet.width() - MARGIN, top + PLOT),
                lang,
            );
            return sheet.finish(title);
        }
        let axis = price_axis(&bars, all);
        let room = tick_room(&axis).min(120.0);
        let rect = Rect::new(
            MARGIN + room + 10.0,
            top,
            sheet.width() - MARGIN - 8.0,
            top + PLOT,
        );
        let most = self.needed.as_ref().map_or(all, |(needed, _)| {
            if usable(*needed) {
                all.max(*needed)
            } else {
                all
            }
        });
        let plot = Plot::new(&sheet, rect, (0.0, most), roomy(&bars, &axis));
        let small = Type::plain(size::SMALL, SOFT);
        let words = text::fit(self.price.get(lang), small.size, false, rect.width());
        sheet.text(
            (MARGIN, top - 17.0),
            HPos::Left,
            VPos::Center,
            &words,
            small,
        );
        sheet.y_grid(&plot, &axis);
        self.across(&sheet, &plot, lang);
        for (k, (from, bar)) in bars.iter().enumerate() {
            self.draw_bar(&sheet, &plot, (k, *from, bar), lang);
        }
        let zero = plot.at(0.0, 0.0).1;
        sheet.path(&[(rect.x0, zero), (rect.x1, zero)], Pen::solid(INK, 1.25));
        let needed = self.needed.as_ref().map(|(needed, _)| *needed);
        numbers(&sheet, &plot, &bars, needed);
        self.draw_needed(&sheet, &plot, lang);
        self.list(&sheet, &bars, top + PLOT + 70.0, lang);
        sheet.finish(title)
    }

    /// Signs and their meaning.
    fn key(&self, lang: Lang) -> Vec<KeyItem> {
        let bars = self.placed();
        let mut key = Vec::new();
        if bars.iter().any(|(_, bar)| bar.price < 0.0) {
            let words = lang.pick("省钱的措施", "measures that save money");
            key.push((Sign::Fill(GOOD, 1.0), words.to_owned()));
        }
        if bars.iter().any(|(_, bar)| bar.price >= 0.0) {
            let words = lang.pick("要花钱的措施", "measures that cost money");
            key.push((Sign::Fill(series(0), 1.0), words.to_owned()));
        }
        if bars
            .iter()
            .any(|(_, bar)| bar.planned < bar.amount * (1.0 - 1e-6))
        {
            let words = lang.pick(
                "浅色：还可做、情景未安排的部分",
                "pale: could be done, not in the scenario",
            );
            key.push((Sign::Fill(series(0), 0.35), words.to_owned()));
        }
        key
    }

    /// The axis below.
    fn across(&self, sheet: &Sheet, plot: &Plot, lang: Lang) {
        let kind = Type::plain(size::TICK, SOFT);
        let axis = scale::axis(plot.x, 8);
        let decimals = number::tick_decimals(axis.step());
        let y = plot.rect.y1;
        sheet.path(
            &[(plot.rect.x0, y), (plot.rect.x1, y)],
            Pen::solid(AXIS, 1.0),
        );
        let step = plot.at(axis.step(), 0.0).0 - plot.at(0.0, 0.0).0;
        let widest = tick_room(&axis);
        let every = ((widest + 14.0) / step.max(1e-6)).ceil().max(1.0) as usize;
        for (k, &tick) in axis.ticks.iter().enumerate() {
            if tick > plot.x.1 * (1.0 + 1e-9) {
                continue;
            }
            let x = plot.at(tick, 0.0).0;
            sheet.path(&[(x, y), (x, y + 4.0)], Pen::solid(AXIS, 1.0));
            if k.is_multiple_of(every) {
                let label = number::fixed(tick, decimals);
                sheet.text((x, y + 7.0), HPos::Center, VPos::Top, &label, kind);
            }
        }
        let kind = Type::plain(size::SMALL, SOFT);
        let words = text::fit(self.across.get(lang), kind.size, false, plot.rect.width());
        let at = (plot.rect.x1, y + 27.0);
        sheet.text(at, HPos::Right, VPos::Top, &words, kind);
    }

    /// A bar: what is planned full, the rest pale; cut where it leaves the plot.
    fn draw_bar(
        &self,
        sheet: &Sheet,
        plot: &Plot,
        (k, from, bar): (usize, f64, &AbatementBar),
        lang: Lang,
    ) {
        let reach = bar.price.clamp(plot.y.0, plot.y.1);
        let (x0, y0) = plot.at(from, 0.0);
        let (x1, y1) = plot.at(from + bar.amount, reach);
        let (top, bottom) = (y0.min(y1), y0.max(y1).max(y0.min(y1) + 1.0));
        let color = bar.color();
        let part = (bar.planned / bar.amount).clamp(0.0, 1.0);
        let split = x0 + (x1 - x0) * if usable(part) { part } else { 0.0 };
        let words = format!(
            "{} {}: {} {}, {} {}",
            k + 1,
            bar.name.get(lang),
            number::amount(bar.amount),
            self.unit.get(lang),
            number::amount(bar.price),
            self.price_unit.get(lang)
        );
        sheet.tip(words);
        sheet.rect(Rect::new(x0, top, x1, bottom), color, 0.35);
        if split > x0 {
            sheet.rect(Rect::new(x0, top, split, bottom), color, 1.0);
        }
        sheet.path(&[(x1, top), (x1, bottom)], Pen::solid(PAPER, 0.75));
        if (reach - bar.price).abs() > 1e-9 * bar.price.abs() {
            let out = if bar.price < 0.0 { bottom } else { top };
            let inwards = if bar.price < 0.0 { -1.0 } else { 1.0 };
            for shift in [7.0, 11.0] {
                let y = out + inwards * shift;
                sheet.path(
                    &[(x0 - 3.0, y + 2.5), (x1 + 3.0, y - 2.5)],
                    Pen::solid(PAPER, 1.75),
                );
            }
        }
    }

    /// What is needed, as a vertical line.
    fn draw_needed(&self, sheet: &Sheet, plot: &Plot, lang: Lang) {
        let Some((needed, label)) = &self.needed else {
            return;
        };
        if !usable(*needed) || *needed <= 0.0 {
            return;
        }
        let x = plot.at(*needed, 0.0).0;
        let rect = plot.rect;
        let pen = Pen::dashed(INK, 1.25, "5 4");
        sheet.path(&[(x, rect.y0 - 9.0), (x, rect.y1)], pen);
        let kind = Type::bold(size::SMALL, INK);
        let words = label.get(lang);
        let wide = kind.width(words);
        // Above the plot nothing is covered but the name of the axis.
        let axis = Type::plain(size::SMALL, SOFT).width(self.price.get(lang)) + MARGIN + 14.0;
        let room = rect.x1 - axis;
        let words = text::fit(words, kind.size, true, room);
        let left = (x - wide.min(room) / 2.0)
            .max(axis)
            .min(rect.x1 - wide.min(room));
        sheet.text(
            (left, rect.y0 - 17.0),
            HPos::Left,
            VPos::Center,
            &words,
            kind,
        );
    }

    /// The measures by number, in as many columns as the page has room for.
    fn list(&self, sheet: &Sheet, bars: &[(f64, &AbatementBar)], top: f64, lang: Lang) {
        let count = lists(sheet.width());
        let half = bars.len().div_ceil(count);
        let wide = (sheet.width() - 2.0 * MARGIN - 28.0 * (count - 1) as f64) / count as f64;
        let head = Type::plain(size::SMALL, SOFT);
        let columns = [wide - 82.0, wide];
        for column in 0..count.min(bars.len()) {
            let x = MARGIN + (wide + 28.0) * column as f64;
            let units = [self.unit.get(lang), self.price_unit.get(lang)];
            for (right, unit) in columns.iter().zip(units) {
                let unit = text::fit(unit, head.size, false, 76.0);
                sheet.text(
                    (x + right, top - 10.0),
                    HPos::Right,
                    VPos::Center,
                    &unit,
                    head,
                );
            }
        }
        for (k, (_, bar)) in bars.iter().enumerate() {
            let (column, row) = (k / half.max(1), k % half.max(1));
            let x = MARGIN + (wide + 28.0) * column as f64;
            let y = top + LINE * (row as f64 + 0.5);
            if row > 0 {
                let line = y - LINE / 2.0;
                sheet.path(&[(x, line), (x + wide, line)], Pen::solid(GRID, 1.0));
            }
            let kind = Type::bold(size::TICK, readable(bar.color()));
            let index = (k + 1).to_string();
            sheet.text((x + 20.0, y), HPos::Right, VPos::Center, &index, kind);
            let plain = Type::plain(size::TICK, INK);
            let (name, room) = (bar.name.get(lang), wide - 28.0 - 132.0);
            // Smaller letters rather than a name that is cut.
            let small = plain.size * room / plain.width(name).max(room);
            let named = Type::plain(small.max(11.0), INK);
            let name = text::fit(name, named.size, false, room);
            sheet.text((x + 28.0, y), HPos::Left, VPos::Center, &name, named);
            let cells = [
                (number::amount(bar.amount), plain),
                (number::amount(bar.price), kind),
            ];
            for (right, (words, kind)) in columns.iter().zip(cells) {
                let words = text::fit(
                    &words,
                    kind.size,
                    kind.bold,
                    50.0 + 20.0 * f64::from(kind.bold),
                );
                sheet.text((x + right, y), HPos::Right, VPos::Center, &words, kind);
            }
        }
    }
}

/// Columns of the list on a page of this width.
fn lists(width: f64) -> usize {
    if width < 800.0 { 1 } else { 2 }
}

/// The axis of costs: with zero, and as long as bars that can be seen ask for.
fn price_axis(bars: &[(f64, &AbatementBar)], all: f64) -> Axis {
    let most = |sign: f64, least: f64| {
        let own = bars.iter().filter(|(_, bar)| bar.amount >= least * all);
        own.map(|(_, bar)| (bar.price * sign).max(0.0))
            .fold(0.0, f64::max)
    };
    let end = |sign: f64| {
        let (every, wide) = (most(sign, 0.0), most(sign, THIN));
        if wide > 0.0 && every > BEYOND * wide {
            wide * 1.15
        } else {
            every
        }
    };
    scale::axis((-end(-1.0), end(1.0)), 6)
}

/// The range of the plot: that of the axis, and beside the zero line room for the numbers of
/// bars that stand on its other side.
fn roomy(bars: &[(f64, &AbatementBar)], axis: &Axis) -> (f64, f64) {
    let (mut lo, mut hi) = (axis.lo(), axis.hi());
    let has = |saves: bool| bars.iter().any(|(_, bar)| (bar.price < 0.0) == saves);
    // Of the height of the plot, what numbers need.
    let part = NUMBERS / PLOT;
    if has(false) {
        lo = lo.min(-hi * part / (1.0 - part));
    }
    if has(true) {
        hi = hi.max(-lo * part / (1.0 - part));
    }
    (lo, hi)
}

/// The number of each bar beside the zero line, opposite the bar.
fn numbers(sheet: &Sheet, plot: &Plot, bars: &[(f64, &AbatementBar)], needed: Option<f64>) {
    let zero = plot.at(0.0, 0.0).1;
    let line = needed.filter(|needed| usable(*needed) && *needed > 0.0);
    let line = line.map(|needed| plot.at(needed, 0.0).0);
    for saves in [true, false] {
        let own = bars.iter().enumerate();
        let own = own.filter(|(_, (_, bar))| (bar.price < 0.0) == saves);
        let own: Vec<(usize, f64, Rgb)> = own
            .map(|(k, (from, bar))| {
                let x = plot.at(from + bar.amount / 2.0, 0.0).0;
                // Off the line of what is needed.
                let near = line.filter(|line| (x - line).abs() < 11.0);
                let x = near.map_or(x, |line| line + if x < line { -11.0 } else { 11.0 });
                (k, x, bar.color())
            })
            .collect();
        let kind = |color: Rgb| Type::bold(size::TICK, readable(color));
        let widths = own
            .iter()
            .map(|(k, _, color)| kind(*color).width(&(k + 1).to_string()));
        let widths: Vec<f64> = widths.map(|wide| wide + 2.0).collect();
        let wanted: Vec<f64> = own.iter().map(|(_, x, _)| *x).collect();
        let room = plot.rect.width();
        if widths.iter().sum::<f64>() + 2.0 * widths.len() as f64 > room {
            continue;
        }
        let centres = spread(&wanted, &widths, 2.0, plot.rect.x0, plot.rect.x1);
        // Bars that save lie below the line, so their numbers stand above it.
        let side = if saves { -1.0 } else { 1.0 };
        for ((k, x, color), centre) in own.iter().zip(centres) {
            let moved = (centre - x).abs() > 3.0;
            let far = if moved { 16.0 } else { 10.0 };
            if moved {
                let from = (*x, zero + side * 2.0);
                let to = (centre, zero + side * 9.0);
                sheet.path(&[from, to], Pen::solid(AXIS, 1.0));
            }
            let at = (centre, zero + side * far);
            let words = (k + 1).to_string();
            sheet.text(at, HPos::Center, VPos::Center, &words, kind(*color));
        }
    }
}
