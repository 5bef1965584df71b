//! One value of each part by several rules: a lane a part, a sign a rule.

use jianpai_core::text::{Lang, Text};

use super::look::Paper;
use super::number;
use super::place::Rect;
use super::scale::{self, Axis, usable};
use super::sheet::{
    Finished, HPos, KeyItem, MARGIN, Pen, Plot, Sheet, Sign, Type, VPos, frame_height, tick_room,
};
use super::text;
use super::theme::{self, AXIS, GRID, INK, Rgb, SHADE, SOFT, readable, size};

/// A dot plot of percentages.
#[derive(Clone, Debug, Default)]
pub struct Strip {
    /// Headline.
    pub title: Text,
    /// What is drawn.
    pub subtitle: Text,
    /// The rules.
    pub series: Vec<Text>,
    /// The rule whose values stand beside the lanes.
    pub told: Option<usize>,
    /// The parts, from top to bottom.
    pub rows: Vec<StripRow>,
    /// Source line.
    pub footnote: Text,
}

/// One part of a [`Strip`].
#[derive(Clone, Debug, Default)]
pub struct StripRow {
    /// Its name.
    pub name: Text,
    /// Its value by each rule, in percent; what is not finite is left out.
    pub values: Vec<f64>,
    /// A value to compare with, drawn as a short bar.
    pub mark: Option<f64>,
}

/// Height of a lane.
const LANE: f64 = 19.0;
/// Widest column of names.
const NAMES: f64 = 220.0;

impl Strip {
    /// The chart with the boxes of its texts.
    pub(super) fn layout(&self, lang: Lang, paper: Paper) -> Finished {
        let (title, subtitle) = (self.title.get(lang), self.subtitle.get(lang));
        let (key, footnote) = (self.key(lang), self.footnote.get(lang));
        let frame = frame_height(paper, title, subtitle, &key, footnote);
        let body = (LANE * self.rows.len() as f64).max(80.0);
        let head = if self.told.is_some() { 20.0 } else { 4.0 };
        let sheet = Sheet::new(paper, (frame + head + body + 46.0).ceil());
        let top = sheet.header(title, subtitle);
        let top = sheet.key_rows(&key, top) + head;
        sheet.footer(footnote);
        let values = self.rows.iter().flat_map(|row| {
            let marks = row.mark.iter().copied();
            row.values.iter().copied().chain(marks)
        });
        let Some((lo, hi)) = scale::extent(values.filter(|value| usable(*value))) else {
            sheet.no_data(
                Rect::new(MARGIN, top, sheet.width() - MARGIN, top + 80.0),
                lang,
            );
            return sheet.finish(title);
        };
        let axis = scale::axis((lo.min(0.0), hi.max(0.0)), 8);
        let kind = Type::plain(size::TICK, INK);
        let names: Vec<String> = self
            .rows
            .iter()
            .map(|row| text::fit(row.name.get(lang), size::TICK, false, paper.column(NAMES)))
            .collect();
        let widest = names
            .iter()
            .map(|name| kind.width(name))
            .fold(0.0, f64::max);
        let told = self.told_width(lang);
        let half = tick_room(&axis) / 2.0;
        let rect = Rect::new(
            MARGIN + widest + 10.0 + half,
            top,
            sheet.width() - MARGIN - told - half.max(10.0),
            top + body,
        );
        let plot = Plot::new(&sheet, rect, (axis.lo(), axis.hi()), (0.0, 1.0));
        draw_lanes(&sheet, &plot, &names);
        draw_grid(&sheet, &plot, &axis);
        for (i, row) in self.rows.iter().enumerate() {
            self.draw_row(&sheet, &plot, (row, top + LANE * (i as f64 + 0.5)), lang);
        }
        if let Some(told) = self.told {
            let kind = Type::bold(size::SMALL, readable(theme::series(told)));
            let name = text::fit(self.series[told].get(lang), size::SMALL, true, 110.0);
            let at = (sheet.width() - MARGIN, top - 10.0);
            sheet.text(at, HPos::Right, VPos::Center, &name, kind);
        }
        sheet.finish(title)
    }

    /// Room for the values beside the lanes.
    fn told_width(&self, lang: Lang) -> f64 {
        let Some(told) = self.told else { return 0.0 };
        let kind = Type::bold(size::TICK, INK);
        let values = self
            .rows
            .iter()
            .map(|row| kind.width(&told_text(row, told)));
        let head = Type::bold(size::SMALL, INK).width(self.series[told].get(lang));
        values.fold(head.min(110.0), f64::max) + 12.0
    }

    /// Signs and their meaning.
    fn key(&self, lang: Lang) -> Vec<KeyItem> {
        let series = self.series.iter().enumerate();
        let mut key: Vec<KeyItem> = series
            .map(|(i, name)| (sign(i), name.get(lang).to_string()))
            .collect();
        if self.rows.iter().any(|row| row.mark.is_some()) {
            key.push((
                Sign::End(INK),
                lang.pick("官方下达", "official").to_string(),
            ));
        }
        key
    }

    fn draw_row(&self, sheet: &Sheet, plot: &Plot, (row, y): (&StripRow, f64), lang: Lang) {
        if let Some(mark) = row.mark.filter(|mark| usable(*mark)) {
            let x = plot.at(mark, 0.0).0;
            let words = lang.pick("官方下达", "official");
            sheet.tip(format!("{} {words}: {}", row.name.get(lang), rate(mark, 1)));
            sheet.path(&[(x, y - 7.0), (x, y + 7.0)], Pen::solid(INK, 2.25));
        }
        let values = row.values.iter().enumerate();
        // The one whose values are told lies on top.
        let mut values: Vec<(usize, f64)> = values.map(|(i, value)| (i, *value)).collect();
        values.sort_by_key(|(i, _)| (self.told == Some(*i), *i));
        for (i, value) in values {
            if !usable(value) {
                continue;
            }
            let at = (plot.at(value, 0.0).0, y);
            let name = self.series.get(i).map_or("", |name| name.get(lang));
            sheet.tip(format!("{} {name}: {}", row.name.get(lang), rate(value, 1)));
            let color = theme::series(i);
            match sign(i) {
                Sign::Hollow(_) => sheet.ring(at, 4.0, color),
                _ => sheet.dot(at, 4.75, color),
            }
        }
        if let Some(told) = self.told {
            let kind = Type::bold(size::TICK, readable(theme::series(told)));
            let words = told_text(row, told);
            sheet.text(
                (sheet.width() - MARGIN, y),
                HPos::Right,
                VPos::Center,
                &words,
                kind,
            );
        }
    }
}

/// Names, with every other lane shaded so that the eye keeps to one.
fn draw_lanes(sheet: &Sheet, plot: &Plot, names: &[String]) {
    let kind = Type::plain(size::TICK, INK);
    for (i, name) in names.iter().enumerate() {
        let y = plot.rect.y0 + LANE * i as f64;
        if i % 2 == 1 {
            let lane = Rect::new(MARGIN - 6.0, y, sheet.width() - MARGIN + 6.0, y + LANE);
            sheet.rect(lane, SHADE, 1.0);
        }
        let at = (MARGIN, y + LANE / 2.0);
        sheet.text(at, HPos::Left, VPos::Center, name, kind);
    }
}

/// A rate as it is written: without a sign unless it is below nothing.
fn rate(value: f64, decimals: usize) -> String {
    format!("{}%", number::fixed(value, decimals))
}

/// A filled and a hollow dot in turn, so that grey print tells them apart.
fn sign(series: usize) -> Sign {
    let color: Rgb = theme::series(series);
    if series.is_multiple_of(2) {
        Sign::Dot(color)
    } else {
        Sign::Hollow(color)
    }
}

/// What stands beside a lane.
fn told_text(row: &StripRow, told: usize) -> String {
    let value = row.values.get(told).copied().filter(|value| usable(*value));
    value.map_or("–".to_string(), |value| rate(value, 1))
}

/// Grid lines with their percentages below.
fn draw_grid(sheet: &Sheet, plot: &Plot, axis: &Axis) {
    let decimals = number::tick_decimals(axis.step());
    let kind = Type::plain(size::TICK, SOFT);
    let step = plot.rect.width() / axis.ticks.len().saturating_sub(1).max(1) as f64;
    let every = ((tick_room(axis) + 22.0) / step).ceil().max(1.0) as usize;
    for (i, &tick) in axis.ticks.iter().enumerate() {
        let x = plot.at(tick, 0.0).0;
        let color = if tick == 0.0 { AXIS } else { GRID };
        let ends = [(x, plot.rect.y0), (x, plot.rect.y1)];
        sheet.path(&ends, Pen::solid(color, 1.0));
        if i.is_multiple_of(every) {
            let label = rate(tick, decimals);
            let at = (x, plot.rect.y1 + 5.0);
            sheet.text(at, HPos::Center, VPos::Top, &label, kind);
        }
    }
}
