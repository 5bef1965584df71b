//! What one more unit of each target costs: shadow prices as bars.
//!
//! Prices of one unit (a point, 10⁴ t) have one scale; those of another have their own, with
//! a heading that says so.

use jianpai_core::text::{Lang, Text};

use super::look::Paper;
use super::number;
use super::place::Rect;
use super::scale::{self, usable};
use super::sheet::{Finished, HPos, KeyItem, MARGIN, Pen, Sheet, Sign, Type, VPos, frame_height};
use super::text;
use super::theme::{AXIS, BAD, GOOD, GRID, INK, POLICY, TOTAL, readable, size};

/// A chart of prices.
#[derive(Clone, Debug, Default)]
pub struct PriceBars {
    /// Headline.
    pub title: Text,
    /// What is drawn.
    pub subtitle: Text,
    /// Prices of one unit each.
    pub groups: Vec<PriceGroup>,
    /// Source line.
    pub footnote: Text,
}

/// Prices of one unit.
#[derive(Clone, Debug, Default)]
pub struct PriceGroup {
    /// What is priced, with the unit.
    pub heading: Text,
    /// The rows.
    pub rows: Vec<PriceRow>,
}

/// The price of one thing that binds, or does not.
#[derive(Clone, Debug, Default)]
pub struct PriceRow {
    /// What it is.
    pub name: Text,
    /// What the next unit costs; none where there is no next one.
    pub next: Option<f64>,
    /// What the last unit cost, or one unit more room saves.
    pub last: Option<f64>,
    /// What is said where there is no bar: met with room, at the end.
    pub words: Text,
    /// Whether it is at the end: no stricter one can be met.
    pub at_end: bool,
}

/// Width of the column of names, as a part of the page.
const NAMES: f64 = 0.33;
/// Room for values beside the bars.
const VALUES: f64 = 96.0;
/// Height of a row, of a heading, and the space after a group.
const ROW: f64 = 40.0;
const HEAD: f64 = 26.0;
const APART: f64 = 12.0;

impl PriceBars {
    /// The chart with the boxes of its texts.
    pub(super) fn layout(&self, lang: Lang, paper: Paper) -> Finished {
        let (title, footnote) = (self.title.get(lang), self.footnote.get(lang));
        let subtitle = self.subtitle.get(lang);
        let key = self.key(lang);
        let frame = frame_height(paper, title, subtitle, &key, footnote);
        let groups = self.groups.iter().filter(|group| !group.rows.is_empty());
        let tall = groups
            .clone()
            .map(|group| HEAD + ROW * group.rows.len() as f64 + APART);
        let body = tall.sum::<f64>().max(80.0);
        let sheet = Sheet::new(paper, (frame + body + 12.0).ceil());
        let mut top = sheet.key_rows(&key, sheet.header(title, subtitle)) + 6.0;
        sheet.footer(footnote);
        if groups.clone().count() == 0 {
            sheet.no_data(
                Rect::new(MARGIN, top, sheet.width() - MARGIN, top + body),
                lang,
            );
        }
        for group in groups {
            group.draw(&sheet, top, lang);
            top += HEAD + ROW * group.rows.len() as f64 + APART;
        }
        sheet.finish(title)
    }

    /// Signs and their meaning.
    fn key(&self, lang: Lang) -> Vec<KeyItem> {
        let rows = || self.groups.iter().flat_map(|group| &group.rows);
        let mut key = Vec::new();
        if rows().any(|row| row.next.is_some()) {
            let words = lang.pick("再严一个单位多花", "one unit more costs");
            key.push((Sign::Fill(TOTAL, 1.0), words.to_owned()));
        }
        if rows().any(|row| row.last.is_some()) {
            let words = lang.pick("放宽一个单位省下", "one unit less saves");
            key.push((Sign::Fill(POLICY, 1.0), words.to_owned()));
        }
        key
    }
}

impl PriceGroup {
    fn draw(&self, sheet: &Sheet, top: f64, lang: Lang) {
        let head = Type::bold(size::TICK, INK);
        let room = sheet.width() - 2.0 * MARGIN;
        let words = text::fit(self.heading.get(lang), head.size, true, room);
        sheet.text((MARGIN, top + 11.0), HPos::Left, VPos::Center, &words, head);
        let prices = self
            .rows
            .iter()
            .flat_map(|row| row.next.into_iter().chain(row.last));
        let (lo, hi) = scale::extent(prices).unwrap_or((0.0, 0.0));
        let (lo, hi) = (lo.min(0.0), hi.max(0.0));
        let names = NAMES * sheet.width();
        let left = MARGIN + names + if lo < 0.0 { VALUES } else { 0.0 };
        let right = sheet.width() - MARGIN - VALUES;
        let wide = (hi - lo).max(1e-300);
        let at = |value: f64| left + (right - left) * ((value - lo) / wide).clamp(0.0, 1.0);
        let zero = if hi > lo { at(0.0) } else { left };
        for (k, row) in self.rows.iter().enumerate() {
            let y = top + HEAD + ROW * k as f64;
            sheet.path(
                &[(MARGIN, y), (sheet.width() - MARGIN, y)],
                Pen::solid(GRID, 1.0),
            );
            let kind = Type::plain(size::TICK, INK);
            let lines = text::lines(row.name.get(lang), kind.size, false, names - 18.0, 2);
            let tall = kind.pitch() * lines.len() as f64;
            sheet.texts((MARGIN, y + (ROW - tall) / 2.0), HPos::Left, &lines, kind);
            row.draw(sheet, (y, zero), &at, lang);
        }
        let bottom = top + HEAD + ROW * self.rows.len() as f64;
        sheet.path(
            &[(zero, top + HEAD), (zero, bottom)],
            Pen::solid(AXIS, 1.25),
        );
    }
}

impl PriceRow {
    fn draw(&self, sheet: &Sheet, (y, zero): (f64, f64), at: &dyn Fn(f64) -> f64, lang: Lang) {
        let known = |price: Option<f64>| price.filter(|price| usable(*price));
        let bars = [
            (known(self.next), TOTAL, 13.0),
            (known(self.last), POLICY, 9.0),
        ];
        let drawn: Vec<_> = bars.iter().filter(|(price, ..)| price.is_some()).collect();
        let words = self.words.get(lang);
        let mut middle = y + ROW / 2.0;
        if drawn.len() == 2 || (!drawn.is_empty() && !words.is_empty()) {
            middle = y + 13.0;
        }
        for (price, color, tall) in drawn.iter().copied() {
            let price = price.unwrap_or_default();
            let end = at(price);
            let (from, to) = (zero.min(end), zero.max(end).max(zero.min(end) + 1.0));
            sheet.tip(format!(
                "{}: {}",
                self.name.get(lang),
                number::amount(price)
            ));
            let bar = Rect::new(from, middle - tall / 2.0, to, middle + tall / 2.0);
            sheet.rect(bar, *color, 1.0);
            let kind = Type::bold(size::TICK, readable(*color));
            let value = number::amount(price);
            let (x, h) = if price < 0.0 {
                (from - 6.0, HPos::Right)
            } else {
                (to + 6.0, HPos::Left)
            };
            sheet.text((x, middle), h, VPos::Center, &value, kind);
            middle += 16.0;
        }
        if !words.is_empty() {
            let color = if self.at_end { BAD } else { GOOD };
            let kind = Type::plain(size::TICK, readable(color));
            let room = sheet.width() - MARGIN - zero - 8.0;
            let words = text::fit(words, kind.size, false, room);
            sheet.text((zero + 8.0, middle), HPos::Left, VPos::Center, &words, kind);
        }
    }
}
