//! Scenarios side by side: what each reaches of every target, how surely, and at what cost.
//!
//! A row is a scenario, a column a target with a scale of its own: the ground is tinted on
//! the side where the target is met, a mark stands at what is reached, a whisker over the
//! band that past errors of the model leave.

use crate::standing::Standing;
use jianpai_core::text::{Lang, Text};

use super::look::Paper;
use super::number;
use super::place::Rect;
use super::scale::{self, usable};
use super::sheet::{Finished, HPos, KeyItem, MARGIN, Pen, Sheet, Sign, Type, VPos, frame_height};
use super::text;
use super::theme::{
    ATTAINED, AXIS, BAD, GOOD, GREY, GRID, INK, NEAR, SHADE, SOFT, TOTAL, readable, series, size,
    verdict,
};

/// A scorecard of scenarios.
#[derive(Clone, Debug, Default)]
pub struct ScenarioCard {
    /// Headline.
    pub title: Text,
    /// What is drawn.
    pub subtitle: Text,
    /// The targets.
    pub targets: Vec<CardTarget>,
    /// The scenarios.
    pub rows: Vec<CardRow>,
    /// The heading of the cost, with its unit; drawn where a row has one.
    pub cost: Text,
    /// The heading of the probability; drawn where a row has one.
    pub chance: Text,
    /// Source line.
    pub footnote: Text,
}

/// A column of a [`ScenarioCard`].
#[derive(Clone, Debug, Default)]
pub struct CardTarget {
    /// The indicator.
    pub name: Text,
    /// What is asked.
    pub asks: Text,
    /// Whether more than the limit meets it.
    pub more_is_better: bool,
}

/// A scenario.
#[derive(Clone, Debug, Default)]
pub struct CardRow {
    /// Its name.
    pub name: Text,
    /// One cell a target; none where the scenario has no such target.
    pub cells: Vec<Option<CardCell>>,
    /// What it costs, with its range, in the unit of the heading.
    pub cost: Option<(f64, f64, f64)>,
    /// The probability that its targets are met (0 to 1), where it is known.
    pub probability: Option<f64>,
    /// What is stated in its place.
    pub stated: Option<String>,
}

/// How a scenario stands with a target.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CardCell {
    /// What is reached, in the terms of the column.
    pub reached: f64,
    /// The same as it is written.
    pub shown: String,
    /// What is asked.
    pub limit: f64,
    /// The band of what is reached.
    pub band: Option<(f64, f64)>,
    /// Whether it is met.
    pub standing: Standing,
}

/// Widths of the column of names as a part of the page, at least and at most; of those of
/// the count, of costs, of probabilities.
const NAMES: (f64, f64, f64) = (0.15, 104.0, 150.0);
const COUNT: f64 = 54.0;
const COST: f64 = 128.0;
const CHANCE: f64 = 104.0;
/// Narrowest and widest column of a target.
const CELL: (f64, f64) = (96.0, 150.0);
/// Height of a row, and of the space between blocks.
const ROW: f64 = 52.0;
const APART: f64 = 18.0;
/// Space at both ends of a column.
const INSET: f64 = 8.0;

/// Where the columns of one block of targets stand.
struct Block {
    /// The targets, as indices.
    targets: Vec<usize>,
    /// Width of the column of each.
    cell: f64,
    /// Whether costs and probabilities stand beside it.
    first: bool,
}

impl ScenarioCard {
    fn has_cost(&self) -> bool {
        self.rows.iter().any(|row| row.cost.is_some())
    }

    fn has_chance(&self) -> bool {
        self.rows.iter().any(|row| row.probability.is_some())
    }

    /// Width of what stands right of the targets.
    fn right(&self) -> f64 {
        let cost = if self.has_cost() { COST } else { 0.0 };
        cost + if self.has_chance() { CHANCE } else { 0.0 }
    }

    /// The targets in blocks that fit beside each other on a page of this width.
    fn blocks(&self, width: f64) -> Vec<Block> {
        let room = width - 2.0 * MARGIN - names(width) - COUNT - self.right();
        let most = (room / CELL.0).floor().max(1.0) as usize;
        let count = self.targets.len();
        let blocks = count.div_ceil(most).max(1);
        let each = count.div_ceil(blocks).max(1);
        let all: Vec<usize> = (0..count).collect();
        let cell = (room / each as f64).min(CELL.1);
        let chunks = all.chunks(each).enumerate();
        chunks
            .map(|(k, targets)| Block {
                targets: targets.to_vec(),
                cell,
                first: k == 0,
            })
            .collect()
    }

    /// The chart with the boxes of its texts.
    pub(super) fn layout(&self, lang: Lang, paper: Paper) -> Finished {
        let (title, footnote) = (self.title.get(lang), self.footnote.get(lang));
        let subtitle = self.subtitle.get(lang);
        let key = self.key(lang);
        let blocks = self.blocks(paper.width);
        let heads: Vec<f64> = blocks.iter().map(|block| self.head(block, lang)).collect();
        let rows = ROW * self.rows.len() as f64;
        let body: f64 = heads.iter().map(|head| head + rows + APART).sum();
        let frame = frame_height(paper, title, subtitle, &key, footnote);
        let sheet = Sheet::new(paper, (frame + body.max(90.0) + 12.0).ceil());
        let mut top = sheet.key_rows(&key, sheet.header(title, subtitle)) + 8.0;
        sheet.footer(footnote);
        if self.rows.is_empty() || self.targets.is_empty() {
            sheet.no_data(
                Rect::new(MARGIN, top, sheet.width() - MARGIN, top + 80.0),
                lang,
            );
            return sheet.finish(title);
        }
        for (block, head) in blocks.iter().zip(&heads) {
            self.draw_block(&sheet, block, (top, *head), lang);
            top += head + rows + APART;
        }
        sheet.finish(title)
    }

    /// Signs and their meaning.
    fn key(&self, lang: Lang) -> Vec<KeyItem> {
        let all = self.rows.iter().flat_map(|row| row.cells.iter().flatten());
        let has = |standing: Standing| all.clone().any(|cell| cell.standing == standing);
        let mut key = Vec::new();
        for standing in Standing::ALL {
            if has(standing) {
                let sign = match standing {
                    Standing::Met => Sign::Dot(GOOD),
                    Standing::Within => Sign::Bullseye(NEAR),
                    Standing::Missed => Sign::Hollow(BAD),
                    Standing::Open => Sign::Hollow(GREY),
                };
                key.push((sign, standing.words().get(lang).to_string()));
            }
        }
        let ground = lang.pick("达标的一侧", "where the target is met");
        key.push((Sign::Fill(ATTAINED, 1.0), ground.to_owned()));
        if all.clone().any(|cell| cell.band.is_some()) {
            let words = lang.pick(
                "模型历史误差的区间（90%）",
                "band of the model's past errors (90%)",
            );
            key.push((Sign::Whisker(SOFT), words.to_owned()));
        }
        key
    }

    /// The lines over a target's column: its name and what it asks.
    fn heading(&self, target: usize, wide: f64, lang: Lang) -> (Vec<String>, Vec<String>) {
        let target = &self.targets[target];
        let room = wide - INSET;
        (
            text::lines(target.name.get(lang), size::TICK, true, room, 2),
            text::lines(target.asks.get(lang), size::SMALL, false, room, 3),
        )
    }

    /// Height of the headings of a block.
    fn head(&self, block: &Block, lang: Lang) -> f64 {
        let (bold, plain) = (Type::bold(size::TICK, INK), Type::plain(size::SMALL, SOFT));
        let tall = block.targets.iter().map(|target| {
            let (name, asks) = self.heading(*target, block.cell, lang);
            bold.pitch() * name.len() as f64 + plain.pitch() * asks.len() as f64
        });
        let right = [COST, CHANCE].into_iter().map(|_| plain.pitch() * 3.0);
        tall.chain(right).fold(0.0, f64::max) + 8.0
    }

    /// The range of a target's column.
    fn range(&self, target: usize) -> (f64, f64) {
        let cells = self
            .rows
            .iter()
            .filter_map(|row| row.cells.get(target)?.as_ref());
        let values = cells.flat_map(|cell| {
            let band = cell
                .band
                .map_or([cell.reached; 2], |(low, high)| [low, high]);
            [cell.reached, cell.limit, band[0], band[1]]
        });
        let (lo, hi) = scale::extent(values).unwrap_or((0.0, 1.0));
        let more = 0.08 * (hi - lo).max(1e-9 * hi.abs().max(1e-9));
        (lo - more, hi + more)
    }

    fn draw_block(&self, sheet: &Sheet, block: &Block, (top, head): (f64, f64), lang: Lang) {
        let right = sheet.width() - MARGIN;
        let (bold, plain) = (Type::bold(size::TICK, INK), Type::plain(size::SMALL, SOFT));
        let left = MARGIN + names(sheet.width()) + COUNT;
        let ends = left + block.cell * block.targets.len() as f64;
        for (k, &target) in block.targets.iter().enumerate() {
            let x = left + block.cell * k as f64;
            let (name, asks) = self.heading(target, block.cell, lang);
            let y = sheet.texts((x, top), HPos::Left, &name, bold);
            sheet.texts((x, y), HPos::Left, &asks, plain);
        }
        let words = lang.pick("达标", "met");
        sheet.text(
            (left - COUNT, top + head - 16.0),
            HPos::Left,
            VPos::Center,
            words,
            plain,
        );
        if block.first {
            let mut x = right - self.right() + 10.0;
            if self.has_cost() {
                let lines = text::lines(self.cost.get(lang), plain.size, false, COST - 14.0, 3);
                sheet.texts((x, top), HPos::Left, &lines, plain);
                x += COST;
            }
            if self.has_chance() {
                let words = self.chance.get(lang);
                let lines = text::lines(words, plain.size, false, CHANCE - 14.0, 3);
                sheet.texts((x, top), HPos::Left, &lines, plain);
            }
        }
        let edge = if block.first { right } else { ends };
        for (i, row) in self.rows.iter().enumerate() {
            let y = top + head + ROW * i as f64;
            sheet.path(&[(MARGIN, y), (edge, y)], Pen::solid(GRID, 1.0));
            draw_name(sheet, row, y, lang);
            for (k, &target) in block.targets.iter().enumerate() {
                let x = left + block.cell * k as f64;
                let rect = Rect::new(x, y, x + block.cell, y + ROW);
                if let Some(cell) = row.cells.get(target).and_then(Option::as_ref) {
                    let more = self.targets[target].more_is_better;
                    cell.draw(sheet, rect, (self.range(target), more), row.name.get(lang));
                } else {
                    let at = (x, y + 16.0);
                    sheet.text(at, HPos::Left, VPos::Center, "–", plain);
                }
            }
            if block.first {
                self.draw_right(sheet, row, (right - self.right() + 10.0, y));
            }
        }
        let y = top + head + ROW * self.rows.len() as f64;
        sheet.path(&[(MARGIN, y), (edge, y)], Pen::solid(AXIS, 1.0));
    }

    /// Cost and probability of a row.
    fn draw_right(&self, sheet: &Sheet, row: &CardRow, (mut x, y): (f64, f64)) {
        let kind = Type::bold(size::TICK, INK);
        let small = Type::plain(size::SMALL, SOFT);
        let bar = y + ROW - 16.0;
        if self.has_cost() {
            let costs = self.rows.iter().filter_map(|row| row.cost);
            let all = costs.flat_map(|(value, low, high)| [value, low, high]);
            let (lo, hi) = scale::extent(all).unwrap_or((0.0, 1.0));
            let (lo, hi) = (lo.min(0.0), hi.max(0.0));
            let wide = COST - 22.0;
            let at = |value: f64| x + wide * (value - lo) / (hi - lo).max(1e-12);
            if let Some((value, low, high)) = row.cost.filter(|cost| usable(cost.0)) {
                let color = if value < 0.0 { GOOD } else { TOTAL };
                let (from, to) = (at(0.0).min(at(value)), at(0.0).max(at(value)));
                sheet.rect(Rect::new(x, bar - 4.0, x + wide, bar + 4.0), SHADE, 1.0);
                sheet.rect(Rect::new(from, bar - 4.0, to, bar + 4.0), color, 1.0);
                if usable(low) && usable(high) && high > low {
                    let pen = Pen::solid(INK, 1.25);
                    let (low, high) = (at(low), at(high));
                    sheet.path(&[(low, bar), (high, bar)], pen);
                    for x in [low, high] {
                        sheet.path(&[(x, bar - 4.0), (x, bar + 4.0)], pen);
                    }
                }
                let words = number::amount(value);
                sheet.text((x, y + 16.0), HPos::Left, VPos::Center, &words, kind);
                if usable(low) && usable(high) && high > low {
                    let range = format!("{}～{}", number::amount(low), number::amount(high));
                    let from = x + kind.width(&words) + 7.0;
                    let range = text::fit(&range, small.size, false, x + COST - 8.0 - from);
                    sheet.text((from, y + 16.0), HPos::Left, VPos::Center, &range, small);
                }
            } else {
                sheet.text((x, y + 16.0), HPos::Left, VPos::Center, "–", small);
            }
            x += COST;
        }
        if let Some(share) = row.probability.filter(|share| usable(*share)) {
            let wide = CHANCE - 22.0;
            sheet.rect(Rect::new(x, bar - 4.0, x + wide, bar + 4.0), SHADE, 1.0);
            let to = x + wide * share.clamp(0.0, 1.0);
            sheet.rect(Rect::new(x, bar - 4.0, to, bar + 4.0), series(0), 1.0);
            let words = row.stated.clone();
            let words = words.unwrap_or_else(|| crate::case::probability(share));
            sheet.text((x, y + 16.0), HPos::Left, VPos::Center, &words, kind);
        }
    }
}

/// Width of the column of names.
fn names(width: f64) -> f64 {
    (NAMES.0 * width).clamp(NAMES.1, NAMES.2)
}

/// The name of a scenario and how many of its targets are met.
fn draw_name(sheet: &Sheet, row: &CardRow, y: f64, lang: Lang) {
    let kind = Type::bold(size::TICK, INK);
    let names = names(sheet.width());
    let lines = text::lines(row.name.get(lang), kind.size, true, names - 12.0, 3);
    let tall = kind.pitch() * lines.len() as f64;
    sheet.texts((MARGIN, y + (ROW - tall) / 2.0), HPos::Left, &lines, kind);
    let cells = row.cells.iter().flatten();
    let all = cells.clone().count();
    let met = cells
        .filter(|cell| cell.standing.met() == Some(true))
        .count();
    let color = if met == all { GOOD } else { BAD };
    let kind = Type::bold(size::LABEL, readable(color));
    let at = (MARGIN + names, y + ROW / 2.0);
    sheet.text(at, HPos::Left, VPos::Center, &format!("{met}/{all}"), kind);
}

impl CardCell {
    fn draw(&self, sheet: &Sheet, rect: Rect, (range, more): ((f64, f64), bool), row: &str) {
        let (left, right) = (rect.x0, rect.x1 - INSET);
        let wide = (range.1 - range.0).max(1e-300);
        let at = |value: f64| left + (right - left) * (value - range.0) / wide;
        let y = rect.y1 - 16.0;
        let color = verdict(self.standing);
        if usable(self.limit) {
            let x = at(self.limit);
            let (from, to) = if more { (x, right) } else { (left, x) };
            let ground = Rect::new(from, rect.y0 + 1.0, to, rect.y1);
            sheet.rect(ground, ATTAINED, 1.0);
            let pen = Pen::dashed(INK, 1.0, "3 3");
            sheet.path(&[(x, rect.y0 + 27.0), (x, rect.y1)], pen);
        }
        sheet.path(&[(left, y), (right, y)], Pen::solid(GRID, 1.0));
        if let Some((low, high)) = self.band.filter(|(a, b)| usable(*a) && usable(*b)) {
            sheet.whisker((at(low), at(high)), y, 4.0, SOFT);
        }
        let kind = Type::bold(size::TICK, readable(color));
        let words = text::fit(&self.shown, kind.size, true, right - left);
        let place = (left, rect.y0 + 16.0);
        sheet.text(place, HPos::Left, VPos::Center, &words, kind);
        if !usable(self.reached) {
            return;
        }
        let place = (at(self.reached), y);
        sheet.tip(format!("{row}: {}", self.shown));
        match self.standing {
            Standing::Met => sheet.dot(place, 5.0, color),
            Standing::Within => sheet.bullseye(place, color),
            Standing::Missed => sheet.ring(place, 4.5, color),
            Standing::Open => sheet.ring(place, 4.5, GREY),
        }
    }
}
