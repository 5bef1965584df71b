//! How likely each target is met, and all of them together.

use crate::case::{probability, probability_range};
use jianpai_core::text::{Lang, Text};

use super::look::Paper;
use super::place::Rect;
use super::scale::usable;
use super::sheet::{Finished, HPos, KeyItem, MARGIN, Pen, Sheet, Sign, Type, VPos, frame_height};
use super::text;
use super::theme::{self, AXIS, GRID, INK, Rgb, SHADE, SOFT, TOTAL, readable, size};

/// Probabilities of meeting targets as bars from 0 to 100 %.
#[derive(Clone, Debug, Default)]
pub struct Attainment {
    /// Headline.
    pub title: Text,
    /// What is drawn.
    pub subtitle: Text,
    /// One row a target.
    pub rows: Vec<AttainmentRow>,
    /// All targets together, set apart below the others.
    pub all: Option<AttainmentRow>,
    /// Source line.
    pub footnote: Text,
}

/// One target of an [`Attainment`].
#[derive(Clone, Debug, Default)]
pub struct AttainmentRow {
    /// Name of the target.
    pub name: Text,
    /// What it demands, in small type, as in 较2015年 −15%.
    pub demand: Text,
    /// Probability of meeting it, 0 to 1.
    pub probability: f64,
    /// What is stated in its place: a bound, where the record allows no more.
    pub stated: Option<String>,
    /// Its 95 % interval, 0 to 1.
    pub interval: Option<(f64, f64)>,
}

/// Widest column of names.
const NAMES: f64 = 310.0;
/// Height of a bar.
const BAR: f64 = 20.0;
/// Between the other rows and the one of all targets.
const APART: f64 = 18.0;
/// Least height of a row.
const ROW: f64 = 44.0;

/// A row laid out.
struct PlacedRow<'a> {
    of: &'a AttainmentRow,
    names: Vec<String>,
    demands: Vec<String>,
    height: f64,
    color: Rgb,
}

/// Types of names and demands.
fn types() -> (Type, Type) {
    (Type::bold(size::LABEL, INK), Type::plain(size::SMALL, SOFT))
}

impl AttainmentRow {
    /// The interval, if it can be drawn, in 0 to 1.
    fn interval(&self) -> Option<(f64, f64)> {
        let (lo, hi) = self.interval.filter(|&(lo, hi)| usable(lo) && usable(hi))?;
        Some((lo.min(hi).clamp(0.0, 1.0), hi.max(lo).clamp(0.0, 1.0)))
    }

    /// The probability as written.
    pub fn text(&self) -> String {
        let stated = self.stated.clone();
        stated.unwrap_or_else(|| probability(self.probability))
    }

    /// Probability and interval as written.
    fn figures(&self) -> (String, String) {
        if !usable(self.probability) {
            return ("–".to_owned(), String::new());
        }
        let interval = self.interval().map_or(String::new(), probability_range);
        (self.text(), interval)
    }

    /// Laid out in a colour.
    fn laid_out(&self, color: Rgb, paper: Paper, lang: Lang) -> PlacedRow<'_> {
        let (bold, small) = types();
        let names = text::lines(self.name.get(lang), bold.size, true, paper.column(NAMES), 2);
        let demands = text::lines(
            self.demand.get(lang),
            small.size,
            false,
            paper.column(NAMES),
            2,
        );
        let tall = bold.pitch() * names.len() as f64 + small.pitch() * demands.len() as f64;
        PlacedRow {
            of: self,
            names,
            demands,
            height: (tall + 12.0).max(ROW),
            color,
        }
    }
}

impl Attainment {
    /// The chart with the boxes of its texts.
    pub(super) fn layout(&self, lang: Lang, paper: Paper) -> Finished {
        let (title, footnote) = (self.title.get(lang), self.footnote.get(lang));
        let subtitle = self.subtitle.get(lang);
        let key = self.key(lang);
        let mut rows: Vec<PlacedRow> = self
            .rows
            .iter()
            .map(|row| row.laid_out(theme::series(0), paper, lang))
            .collect();
        let single = rows.len();
        rows.extend(self.all.iter().map(|row| row.laid_out(TOTAL, paper, lang)));
        let body: f64 = rows.iter().map(|row| row.height).sum();
        let frame = frame_height(paper, title, subtitle, &key, footnote);
        let sheet = Sheet::new(paper, (frame + body.max(80.0) + APART + 50.0).ceil());
        let top = sheet.key_rows(&key, sheet.header(title, subtitle)) + 8.0;
        sheet.footer(footnote);
        if rows.is_empty() {
            let area = Rect::new(MARGIN, top, sheet.width() - MARGIN, top + 80.0);
            sheet.no_data(area, lang);
            return sheet.finish(title);
        }
        let apart = self.all.is_some() && single > 0;
        let bottom = top + body + if apart { APART } else { 0.0 };
        let (x0, x1) = columns(&rows, paper.width);
        if apart {
            let y = bottom - rows[single].height;
            let ground = Rect::new(
                MARGIN - 10.0,
                y - 4.0,
                sheet.width() - MARGIN + 10.0,
                bottom + 2.0,
            );
            sheet.rect(ground, SHADE, 1.0);
        }
        let ends = if apart {
            (top, bottom + 2.0)
        } else {
            (top, bottom)
        };
        draw_axis(&sheet, (x0, x1), ends);
        let mut y = top;
        for (index, row) in rows.iter().enumerate() {
            if apart && index == single {
                y += APART;
            }
            draw_row(&sheet, row, (x0, x1), y, lang);
            y += row.height;
        }
        sheet.finish(title)
    }

    /// Signs and their meaning.
    fn key(&self, lang: Lang) -> Vec<KeyItem> {
        let mut rows = self.rows.iter().chain(&self.all);
        let words = lang.pick("95%区间（抽样误差）", "95% interval (sampling error)");
        let shown = rows.any(|row| row.interval().is_some());
        shown
            .then(|| (Sign::Whisker(INK), words.to_owned()))
            .into_iter()
            .collect()
    }
}

/// Left and right end of the bars.
fn columns(rows: &[PlacedRow], wide: f64) -> (f64, f64) {
    let (bold, small) = types();
    let left = rows.iter().flat_map(|row| {
        let names = row.names.iter().map(move |line| bold.width(line));
        names.chain(row.demands.iter().map(move |line| small.width(line)))
    });
    let right = rows.iter().map(|row| {
        let (value, interval) = row.of.figures();
        bold.width(&value).max(small.width(&interval))
    });
    (
        MARGIN + left.fold(60.0, f64::max) + 20.0,
        wide - MARGIN - right.fold(40.0, f64::max) - 18.0,
    )
}

/// Grid lines every quarter with their percentages below.
fn draw_axis(sheet: &Sheet, (x0, x1): (f64, f64), (top, bottom): (f64, f64)) {
    let kind = Type::plain(size::TICK, SOFT);
    for quarter in 0..=4 {
        let share = f64::from(quarter) / 4.0;
        let x = x0 + share * (x1 - x0);
        let color = if quarter == 0 { AXIS } else { GRID };
        sheet.path(&[(x, top), (x, bottom)], Pen::solid(color, 1.0));
        let label = format!("{}%", quarter * 25);
        let at = (x, bottom + 6.0);
        sheet.text(at, HPos::Center, VPos::Top, &label, kind);
    }
}

/// Name, bar, interval and figures of a target.
fn draw_row(sheet: &Sheet, row: &PlacedRow, (x0, x1): (f64, f64), top: f64, lang: Lang) {
    let (bold, small) = types();
    let middle = top + row.height / 2.0;
    let tall = bold.pitch() * row.names.len() as f64 + small.pitch() * row.demands.len() as f64;
    let y = sheet.texts((MARGIN, middle - tall / 2.0), HPos::Left, &row.names, bold);
    sheet.texts((MARGIN, y), HPos::Left, &row.demands, small);
    let at = |share: f64| x0 + share.clamp(0.0, 1.0) * (x1 - x0);
    let bar = |to: f64| Rect::new(x0, middle - BAR / 2.0, to, middle + BAR / 2.0);
    sheet.rect(bar(x1), GRID, 0.7);
    let (value, interval) = row.of.figures();
    if usable(row.of.probability) {
        let name = row.of.name.get(lang);
        sheet.tip(format!("{name}: {value}"));
        sheet.rect(bar(at(row.of.probability)), row.color, 1.0);
        if let Some((lo, hi)) = row.of.interval() {
            sheet.tip(format!("{name}: {interval}"));
            sheet.whisker((at(lo), at(hi)), middle, 5.0, INK);
        }
    }
    let kind = Type::bold(16.0, readable(row.color));
    let x = sheet.width() - MARGIN;
    if interval.is_empty() {
        sheet.text((x, middle), HPos::Right, VPos::Center, &value, kind);
    } else {
        sheet.text((x, middle - 9.0), HPos::Right, VPos::Center, &value, kind);
        sheet.text(
            (x, middle + 9.0),
            HPos::Right,
            VPos::Center,
            &interval,
            small,
        );
    }
}
