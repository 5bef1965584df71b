//! Regions as tiles in their usual arrangement: a number, a colour and a verdict each.
//!
//! Tiles show where a region lies, not its borders or its size. The colour goes with the
//! value and is a help to the eye alone: the number stands in every tile, and the verdict
//! is a sign of its own, so that a copy in grey says the same.

use jianpai_core::text::{Lang, Text};

use super::comparison::Mark;
use super::look::Paper;
use super::place::Rect;
use super::scale::{self, Axis, usable};
use super::sheet::{Finished, HPos, MARGIN, Pen, Point, Sheet, Type, VPos, frame_height};
use super::text;
use super::theme::{self, ADVERSE, AXIS, BAD, GOOD, GREY, INK, NEAR, PAPER, Rgb, SOFT, size};

/// A map of tiles.
#[derive(Clone, Debug, Default)]
pub struct TileMap {
    /// Headline.
    pub title: Text,
    /// What is drawn.
    pub subtitle: Text,
    /// What the colour shows, with its unit.
    pub scale: Text,
    /// The regions.
    pub tiles: Vec<Tile>,
    /// What all of them make together, drawn beside them.
    pub whole: Option<Tile>,
    /// What is said beside the tiles, a line each: the greatest, the least.
    pub remarks: Vec<Text>,
    /// What a colour of its own stands for: values below zero.
    pub below_zero: Text,
    /// Source line.
    pub footnote: Text,
}

/// One region of a [`TileMap`].
#[derive(Clone, Debug, Default)]
pub struct Tile {
    /// Its name.
    pub name: Text,
    /// Its place: column from the west, row from the north.
    pub at: (u8, u8),
    /// What gives the colour; what is not finite leaves the tile empty.
    pub value: f64,
    /// The value as it is written.
    pub shown: String,
    /// How it stands with its target.
    pub mark: Option<Mark>,
    /// More about it, for a reader who points at the tile.
    pub note: Text,
}

/// Size of a tile, and the gap between two.
const TILE: Point = (91.0, 60.0);
const GAP: f64 = 4.0;
/// From the tiles to what stands beside them.
const ASIDE: f64 = 40.0;
/// Height of what stands beside the tiles, at least, and of what stands below them.
const BESIDE: f64 = 330.0;
const BELOW: f64 = 250.0;
/// Width of what stands beside the tiles, at least.
const KEY: f64 = 235.0;
/// Pages narrower than this have the key below.
const NARROW: f64 = 760.0;

/// The marks in the order of the key.
const MARKS: [Mark; 5] = [
    Mark::Met,
    Mark::Within,
    Mark::Missed,
    Mark::Unjudged,
    Mark::NoTarget,
];

impl TileMap {
    /// The chart with the boxes of its texts.
    pub(super) fn layout(&self, lang: Lang, paper: Paper) -> Finished {
        let (title, footnote) = (self.title.get(lang), self.footnote.get(lang));
        let subtitle = self.subtitle.get(lang);
        let rows = self.tiles.iter().map(|tile| f64::from(tile.at.1) + 1.0);
        let columns = self.tiles.iter().map(|tile| f64::from(tile.at.0) + 1.0);
        let (rows, columns) = (rows.fold(0.0, f64::max), columns.fold(0.0, f64::max));
        let frame = frame_height(paper, title, subtitle, &[], footnote);
        let columns = columns.max(1.0);
        // On a narrow page the key stands under the tiles.
        let below = paper.width < NARROW;
        let room = paper.width - 2.0 * MARGIN - if below { 0.0 } else { ASIDE + KEY };
        let wide = (room / columns - GAP).min(TILE.0);
        let tall = rows * (TILE.1 + GAP);
        let body = if below {
            tall + BELOW
        } else {
            tall.max(BESIDE)
        };
        let sheet = Sheet::new(paper, (frame + body + 24.0).ceil());
        let top = sheet.header(title, subtitle) + 6.0;
        sheet.footer(footnote);
        let right = sheet.width() - MARGIN;
        let values = self.tiles.iter().chain(&self.whole).map(|tile| tile.value);
        let Some((lo, hi)) = scale::extent(values) else {
            sheet.no_data(Rect::new(MARGIN, top, right, top + body), lang);
            return sheet.finish(title);
        };
        let axis = scale::axis((lo.max(0.0).min(hi.max(0.0)), hi.max(0.0)), 4);
        for tile in &self.tiles {
            let x = MARGIN + f64::from(tile.at.0) * (wide + GAP);
            let y = top + f64::from(tile.at.1) * (TILE.1 + GAP);
            let rect = Rect::new(x, y, x + wide, y + TILE.1);
            tile.draw(&sheet, rect, &axis, lang);
        }
        if below {
            let (y, half) = (top + tall + 16.0, (right - MARGIN - ASIDE) / 2.0);
            let area = Rect::new(MARGIN, y, MARGIN + half, top + body);
            self.legend(&sheet, area, &axis, lang);
            let area = Rect::new(right - half, y, right, top + body);
            self.counts(&sheet, area, lang);
        } else {
            let left = MARGIN + columns * (wide + GAP) + ASIDE;
            let mut area = Rect::new(left, top, right, top + body);
            area.y0 = self.legend(&sheet, area, &axis, lang) + 10.0;
            self.counts(&sheet, area, lang);
        }
        sheet.finish(title)
    }

    /// The whole and the scale of colours; returns its bottom.
    fn legend(&self, sheet: &Sheet, area: Rect, axis: &Axis, lang: Lang) -> f64 {
        let kind = Type::plain(size::TICK, SOFT);
        let mut y = area.y0;
        if let Some(whole) = &self.whole {
            let right = area.x0 + 116.0_f64.min(area.width());
            whole.draw(sheet, Rect::new(area.x0, y, right, y + TILE.1), axis, lang);
            y += TILE.1 + 18.0;
        }
        let heading = text::lines(self.scale.get(lang), kind.size, false, area.width(), 2);
        y = sheet.texts((area.x0, y), HPos::Left, &heading, kind) + 4.0;
        let wide = area.width().min(240.0) - 24.0;
        y = scale_bar(sheet, (area.x0 + 12.0, y), wide, axis);
        if self.tiles.iter().any(|tile| tile.value < 0.0) {
            let swatch = Rect::new(area.x0, y + 2.0, area.x0 + 20.0, y + 14.0);
            sheet.rect(swatch, ADVERSE, 1.0);
            let words = self.below_zero.get(lang);
            let words = text::fit(words, kind.size, false, area.width() - 30.0);
            let at = (area.x0 + 30.0, y + 8.0);
            sheet.text(at, HPos::Left, VPos::Center, &words, kind);
            y += 20.0;
        }
        y
    }

    /// How many stand how with their targets, and the remarks.
    fn counts(&self, sheet: &Sheet, area: Rect, lang: Lang) {
        let kind = Type::plain(size::TICK, SOFT);
        let mut y = area.y0;
        for mark in MARKS {
            let own = self.tiles.iter().filter(|tile| tile.mark == Some(mark));
            let count = own.count();
            if count == 0 {
                continue;
            }
            chip(sheet, (area.x0 + 10.0, y + 8.0), mark);
            let words = said(mark, lang);
            let line = match lang {
                Lang::Zh => format!("{words}：{count}个"),
                Lang::En => format!("{words}: {count}"),
            };
            let line = text::fit(&line, kind.size, false, area.width() - 30.0);
            let at = (area.x0 + 30.0, y + 8.0);
            sheet.text(at, HPos::Left, VPos::Center, &line, kind);
            y += 21.0;
        }
        if y > area.y0 {
            y += 10.0;
        }
        for remark in &self.remarks {
            let kind = Type::plain(size::TICK, INK);
            let lines = text::lines(remark.get(lang), kind.size, false, area.width(), 3);
            if y + kind.pitch() * lines.len() as f64 > area.y1 {
                break;
            }
            y = sheet.texts((area.x0, y), HPos::Left, &lines, kind) + 5.0;
        }
    }
}

impl Tile {
    fn draw(&self, sheet: &Sheet, rect: Rect, axis: &Axis, lang: Lang) {
        let known = usable(self.value);
        let fill = if known {
            color(self.value, axis)
        } else {
            PAPER
        };
        let ink = if theme::contrast(INK, fill) >= theme::contrast(PAPER, fill) {
            INK
        } else {
            PAPER
        };
        let name = self.name.get(lang);
        let note = self.note.get(lang);
        let words = if note.is_empty() { &self.shown } else { note };
        sheet.tip(format!("{name}: {words}"));
        sheet.rect(rect, fill, 1.0);
        if !known {
            let corners = [
                (rect.x0, rect.y0),
                (rect.x1, rect.y0),
                (rect.x1, rect.y1),
                (rect.x0, rect.y1),
                (rect.x0, rect.y0),
            ];
            sheet.path(&corners, Pen::solid(AXIS, 1.0));
        }
        let text_ink = if known { ink } else { SOFT };
        self.write_name(sheet, rect, text_ink, lang);
        let sign = self.mark.filter(|_| known);
        let room = rect.width() - 12.0 - if sign.is_some() { 18.0 } else { 0.0 };
        let value = if known { self.shown.as_str() } else { "–" };
        let kind = shrunk(Type::bold(15.0, text_ink), value, room);
        let value = text::fit(value, kind.size, true, room);
        let at = (rect.x0 + 7.0, rect.y1 - 16.0);
        sheet.text(at, HPos::Left, VPos::Center, &value, kind);
        if let Some(mark) = sign {
            chip(sheet, (rect.x1 - 13.0, rect.y1 - 16.0), mark);
        }
    }

    /// The name: a long one in smaller letters, then in two lines, before it is cut.
    fn write_name(&self, sheet: &Sheet, rect: Rect, ink: Rgb, lang: Lang) {
        let name = self.name.get(lang);
        let room = rect.width() - 12.0;
        let kind = shrunk(Type::plain(size::SMALL, ink), name, room);
        let lines = if kind.width(name) <= room + 0.01 {
            vec![text::tidy(name).replace('\n', " ")]
        } else {
            text::lines(name, kind.size, false, room, 2)
        };
        let top = if lines.len() > 1 { 4.0 } else { 8.0 };
        sheet.texts((rect.x0 + 7.0, rect.y0 + top), HPos::Left, &lines, kind);
    }
}

/// The smallest type.
const LEAST: f64 = 11.0;

/// A type small enough for a text to fit, if the smallest is.
fn shrunk(kind: Type, words: &str, room: f64) -> Type {
    let wide = kind.width(words);
    if wide <= room || wide <= 0.0 {
        return kind;
    }
    Type {
        size: (kind.size * room / wide).max(LEAST),
        ..kind
    }
}

/// The colour of a value.
fn color(value: f64, axis: &Axis) -> Rgb {
    if value < 0.0 {
        return ADVERSE;
    }
    let wide = axis.hi() - axis.lo();
    theme::sequential(if wide > 0.0 {
        (value - axis.lo()) / wide
    } else {
        0.5
    })
}

/// The sign of a verdict on a light ground, so that it shows on every colour.
fn chip(sheet: &Sheet, at: Point, mark: Mark) {
    sheet.dot(at, 7.5, PAPER);
    match mark {
        Mark::Met => sheet.dot(at, 4.5, GOOD),
        Mark::Within => sheet.bullseye(at, NEAR),
        Mark::Missed => sheet.ring(at, 4.0, BAD),
        Mark::Unjudged => sheet.ring(at, 4.0, GREY),
        Mark::NoTarget => {
            let (x, y) = at;
            sheet.path(&[(x - 4.0, y), (x + 4.0, y)], Pen::solid(GREY, 2.0));
        }
    }
}

/// What a mark means.
fn said(mark: Mark, lang: Lang) -> &'static str {
    match mark {
        Mark::Met => lang.pick("达标", "target met"),
        Mark::Within => lang.pick("达标，误差之内", "met, within the model's error"),
        Mark::Missed => lang.pick("未达标", "missed"),
        Mark::Unjudged => lang.pick("无法判定", "cannot be judged"),
        Mark::NoTarget => lang.pick("未设目标", "no target"),
    }
}

/// The scale of colours with its ticks; returns its bottom.
fn scale_bar(sheet: &Sheet, (x, y): Point, wide: f64, axis: &Axis) -> f64 {
    let slices = 48;
    let step = wide / f64::from(slices);
    for k in 0..slices {
        let share = (f64::from(k) + 0.5) / f64::from(slices);
        let from = x + step * f64::from(k);
        let slice = Rect::new(from, y, from + step + 0.3, y + 12.0);
        sheet.rect(slice, theme::sequential(share), 1.0);
    }
    let kind = Type::plain(size::SMALL, SOFT);
    let labels = axis.labels();
    let last = labels.len().saturating_sub(1);
    let widest = labels.iter().map(|label| kind.width(label));
    let widest = widest.fold(0.0, f64::max);
    let gap = wide / last.max(1) as f64;
    let every = ((widest + 8.0) / gap).ceil().max(1.0) as usize;
    for (k, label) in labels.iter().enumerate() {
        let at = x + gap * k as f64;
        sheet.path(&[(at, y + 12.0), (at, y + 16.0)], Pen::solid(AXIS, 1.0));
        if k.is_multiple_of(every) {
            sheet.text((at, y + 18.0), HPos::Center, VPos::Top, label, kind);
        }
    }
    y + 38.0
}
