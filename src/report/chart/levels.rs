//! How differently plans could look that cost little more: the range of every level.

use jianpai_core::text::{Lang, Text};

use super::look::Paper;
use super::number;
use super::place::Rect;
use super::scale::{self, Axis, usable};
use super::sheet::{
    Finished, HPos, KeyItem, MARGIN, Pen, Plot, Sheet, Sign, Type, VPos, frame_height, tick_room,
};
use super::text;
use super::theme::{self, AXIS, GRID, INK, Rgb, SOFT, readable, series, size};

/// Ranges of levels.
#[derive(Clone, Debug, Default)]
pub struct LevelRanges {
    /// Headline.
    pub title: Text,
    /// What is drawn.
    pub subtitle: Text,
    /// What each range allows, from the narrowest to the widest: 1 % more cost, 5 % …
    pub parts: Vec<Text>,
    /// The measures.
    pub rows: Vec<LevelRow>,
    /// Source line.
    pub footnote: Text,
}

/// One measure of [`LevelRanges`], in percent of what is planned.
#[derive(Clone, Debug, Default)]
pub struct LevelRow {
    /// Its name.
    pub name: Text,
    /// The least and the greatest level by part.
    pub ranges: Vec<(f64, f64)>,
    /// The level of the plan of least cost.
    pub best: f64,
    /// The level that the scenario states.
    pub stated: f64,
    /// What follows: in every plan, in none.
    pub word: Text,
}

/// Width of the columns of names and of words, as parts of the page.
const NAMES: f64 = 0.3;
const WORDS: f64 = 0.122;
/// Height of a lane.
const LANE: f64 = 30.0;

impl LevelRanges {
    /// The chart with the boxes of its texts.
    pub(super) fn layout(&self, lang: Lang, paper: Paper) -> Finished {
        let (title, footnote) = (self.title.get(lang), self.footnote.get(lang));
        let subtitle = self.subtitle.get(lang);
        let key = self.key(lang);
        let frame = frame_height(paper, title, subtitle, &key, footnote);
        let body = (LANE * self.rows.len() as f64).max(80.0);
        let sheet = Sheet::new(paper, (frame + body + 46.0).ceil());
        let top = sheet.key_rows(&key, sheet.header(title, subtitle)) + 6.0;
        sheet.footer(footnote);
        let values = self.rows.iter().flat_map(|row| {
            let ends = row.ranges.iter().flat_map(|(low, high)| [*low, *high]);
            ends.chain([row.best, row.stated])
        });
        let Some((lo, hi)) = scale::extent(values) else {
            sheet.no_data(
                Rect::new(MARGIN, top, sheet.width() - MARGIN, top + body),
                lang,
            );
            return sheet.finish(title);
        };
        let axis = scale::axis((lo.min(0.0), hi.max(0.0)), 6);
        let half = tick_room(&axis) / 2.0 + 8.0;
        let (names, words) = (NAMES * sheet.width(), WORDS * sheet.width());
        let left = MARGIN + names + half;
        let right = sheet.width() - MARGIN - words - half;
        let rect = Rect::new(left, top, right, top + body);
        let plot = Plot::new(&sheet, rect, (axis.lo(), axis.hi()), (0.0, 1.0));
        grid(&sheet, &plot, &axis);
        for (k, row) in self.rows.iter().enumerate() {
            row.draw(&sheet, &plot, top + LANE * k as f64, lang);
        }
        sheet.finish(title)
    }

    /// Signs and their meaning.
    fn key(&self, lang: Lang) -> Vec<KeyItem> {
        let parts = self.parts.iter().enumerate();
        let count = self.parts.len();
        let mut key: Vec<KeyItem> = parts
            .map(|(k, name)| (Sign::Fill(shade(k, count), 1.0), name.get(lang).to_owned()))
            .collect();
        let best = lang.pick("成本最低的方案", "plan of least cost");
        let stated = lang.pick("情景所述", "as stated");
        key.push((Sign::Dot(INK), best.to_owned()));
        key.push((Sign::Diamond(series(1)), stated.to_owned()));
        key
    }
}

/// The colour of a range: the narrowest is the darkest.
fn shade(part: usize, count: usize) -> Rgb {
    let share = 1.0 - part as f64 / count.max(1) as f64;
    theme::sequential(0.12 + 0.68 * share)
}

impl LevelRow {
    fn draw(&self, sheet: &Sheet, plot: &Plot, y: f64, lang: Lang) {
        let middle = y + LANE / 2.0;
        let line = Pen::solid(GRID, 1.0);
        sheet.path(&[(MARGIN, y), (sheet.width() - MARGIN, y)], line);
        let kind = Type::plain(size::TICK, INK);
        let name = self.name.get(lang);
        let (names, words) = (NAMES * sheet.width(), WORDS * sheet.width());
        // Two lines of smaller letters rather than a name that is cut.
        let lines = if kind.width(name) <= names - 10.0 {
            vec![text::tidy(name).replace('\n', " ")]
        } else {
            text::lines(name, 11.0, false, names - 10.0, 2)
        };
        let kind = if lines.len() == 1 && kind.width(&lines[0]) <= names - 10.0 {
            kind
        } else {
            Type::plain(11.0, INK)
        };
        let tall = kind.pitch() * lines.len() as f64;
        sheet.texts((MARGIN, middle - tall / 2.0), HPos::Left, &lines, kind);
        let count = self.ranges.len();
        for (k, &(low, high)) in self.ranges.iter().enumerate().rev() {
            if !usable(low) || !usable(high) {
                continue;
            }
            let (from, to) = (plot.at(low, 0.0).0, plot.at(high, 0.0).0);
            let tall = 7.0 + 11.0 * (k + 1) as f64 / count.max(1) as f64;
            let (low, high) = (number::fixed(low, 0), number::fixed(high, 0));
            sheet.tip(format!("{name}: {low}–{high}%"));
            let bar = Rect::new(
                from - 1.0,
                middle - tall / 2.0,
                to + 1.0,
                middle + tall / 2.0,
            );
            sheet.rect(bar, shade(k, count), 1.0);
        }
        if usable(self.stated) {
            let at = (plot.at(self.stated, 0.0).0, middle);
            sheet.diamond(at, 5.5, series(1));
        }
        if usable(self.best) {
            let at = (plot.at(self.best, 0.0).0, middle);
            // Where both are one, the diamond stays to be seen around the dot.
            let both = usable(self.stated) && (plot.at(self.stated, 0.0).0 - at.0).abs() < 6.0;
            if !both {
                sheet.dot(at, 4.75, theme::PAPER);
            }
            sheet.dot(at, if both { 2.25 } else { 3.5 }, INK);
        }
        let kind = Type::plain(size::SMALL, readable(SOFT));
        let word = text::fit(self.word.get(lang), kind.size, false, words - 4.0);
        let at = (sheet.width() - MARGIN, middle);
        sheet.text(at, HPos::Right, VPos::Center, &word, kind);
    }
}

/// Grid lines with their percentages below.
fn grid(sheet: &Sheet, plot: &Plot, axis: &Axis) {
    let kind = Type::plain(size::TICK, SOFT);
    let decimals = number::tick_decimals(axis.step());
    let gap = plot.rect.width() / axis.ticks.len().saturating_sub(1).max(1) as f64;
    let every = ((tick_room(axis) + 26.0) / gap).ceil().max(1.0) as usize;
    for (k, &tick) in axis.ticks.iter().enumerate() {
        let x = plot.at(tick, 0.0).0;
        let color = if tick == 0.0 { AXIS } else { GRID };
        sheet.path(
            &[(x, plot.rect.y0), (x, plot.rect.y1)],
            Pen::solid(color, 1.0),
        );
        if k.is_multiple_of(every) {
            let label = format!("{}%", number::fixed(tick, decimals));
            let at = (x, plot.rect.y1 + 5.0);
            sheet.text(at, HPos::Center, VPos::Top, &label, kind);
        }
    }
}
