//! Indicators from one plan to the next: a line each over a few years.

use jianpai_core::text::{Lang, Text};

use super::gutter::{self, EndLabel};
use super::look::Paper;
use super::number;
use super::place::Rect;
use super::scale::{self, usable};
use super::sheet::{
    Finished, HPos, KeyItem, MARGIN, Pen, Plot, Sheet, Sign, Type, VPos, frame_height, tick_room,
};
use super::text;
use super::theme::{self, AXIS, INK, PAPER, SOFT, readable, size};

/// Lines between a few years, each an index of its first value.
#[derive(Clone, Debug, Default)]
pub struct SlopeChart {
    /// Headline.
    pub title: Text,
    /// What is drawn.
    pub subtitle: Text,
    /// The years, ascending.
    pub years: Vec<i32>,
    /// The last year on record: what comes after is projected.
    pub recorded_until: Option<i32>,
    /// The lines.
    pub lines: Vec<SlopeLine>,
    /// Source line.
    pub footnote: Text,
}

/// One line of a [`SlopeChart`].
#[derive(Clone, Debug, Default)]
pub struct SlopeLine {
    /// Name.
    pub name: Text,
    /// One value a year, the first = 100; what is not finite is a gap.
    pub values: Vec<f64>,
    /// What stands below the name, such as the amounts.
    pub note: Text,
}

/// Height of the page.
const HEIGHT: f64 = 580.0;
/// Grid lines, about.
const ROWS: usize = 6;
/// From the last year to the labels.
const REACH: f64 = 26.0;
/// Lines in colours of their own; others are drawn in the same ones.
const MOST: usize = 12;
/// Dashes of what is projected.
const DASH: &str = "6 4";

impl SlopeLine {
    /// Usable points by the index of their year.
    fn points(&self) -> Vec<(usize, f64)> {
        let all = self.values.iter().copied().enumerate();
        all.filter(|(_, value)| usable(*value)).collect()
    }
}

impl SlopeChart {
    /// The lines that can be drawn.
    fn drawn(&self) -> Vec<&SlopeLine> {
        let within = |line: &&SlopeLine| {
            let points = line.points();
            points.iter().any(|(index, _)| *index < self.years.len())
        };
        self.lines.iter().filter(within).take(MOST).collect()
    }

    /// Whether a year is projected.
    fn projected(&self, index: usize) -> bool {
        let year = self.years.get(index).copied();
        self.recorded_until
            .is_some_and(|until| year.is_some_and(|year| year > until))
    }

    /// The chart with the boxes of its texts.
    pub(super) fn layout(&self, lang: Lang, paper: Paper) -> Finished {
        let (title, footnote) = (self.title.get(lang), self.footnote.get(lang));
        let lines = self.drawn();
        let values = lines.iter().flat_map(|line| line.values.iter().copied());
        let range = scale::extent(values.chain([100.0])).filter(|_| !lines.is_empty());
        let axis = range.map(|range| scale::axis(range, ROWS));
        let subtitle = self.subtitle.get(lang);
        let subtitle = scale::noted(subtitle, axis.as_ref().is_some_and(scale::is_cut), lang);
        let key = self.key(&lines, lang);
        let frame = || frame_height(paper, title, &subtitle, &key, footnote) + 30.0;
        let sheet = Sheet::new(paper, paper.with_plot(HEIGHT, frame));
        let top = sheet.key_rows(&key, sheet.header(title, &subtitle)) + 8.0;
        let bottom = sheet.footer(footnote) - 28.0;
        let area = Rect::new(MARGIN, top, sheet.width() - MARGIN, bottom);
        let Some(axis) = axis else {
            sheet.no_data(area, lang);
            return sheet.finish(title);
        };
        let labels = Self::labels(&lines, area, lang);
        let left = area.x0 + tick_room(&axis) + 26.0;
        let right = area.x1 - gutter::width(&labels) - REACH;
        let rect = Rect::new(left, area.y0, right, area.y1);
        let last = self.years.len().saturating_sub(1).max(1) as f64;
        let plot = Plot::new(&sheet, rect, (0.0, last), (axis.lo(), axis.hi()));
        sheet.y_grid(&plot, &axis);
        self.draw_years(&sheet, &plot);
        for (index, line) in lines.iter().enumerate() {
            self.draw_line(&sheet, &plot, (index, line), lang);
        }
        let placed = labels.into_iter().zip(&lines).map(|(label, line)| {
            let (index, value) = line.points().last().copied().unwrap_or((0, axis.lo()));
            EndLabel {
                at: plot.at(index as f64, value),
                ..label
            }
        });
        let placed: Vec<EndLabel> = placed.collect();
        gutter::draw(
            &sheet,
            &placed,
            right + REACH,
            (area.y0 - 8.0, area.y1 + 10.0),
        );
        sheet.finish(title)
    }

    /// Signs and their meaning.
    fn key(&self, lines: &[&SlopeLine], lang: Lang) -> Vec<KeyItem> {
        if lines.is_empty() {
            return Vec::new();
        }
        let all = 0..self.years.len();
        let recorded = all.clone().any(|i| !self.projected(i)) && self.recorded_until.is_some();
        let mut key = Vec::new();
        if recorded {
            let words = lang.pick("增长有记录的年份", "years with growth on record");
            key.push((Sign::Dot(INK), words.to_owned()));
        }
        if all.clone().any(|i| self.projected(i)) {
            let words = lang.pick("情景推算", "projected");
            key.push((Sign::Hollow(INK), words.to_owned()));
        }
        key
    }

    /// Names, notes and changes, as large as the column allows.
    fn labels(lines: &[&SlopeLine], area: Rect, lang: Lang) -> Vec<EndLabel> {
        let widest = area.width() * 0.38;
        let mut labels = Vec::new();
        for (size, share) in [(size::LABEL, 0.7), (13.0, 0.85), (12.0, 1.0), (11.0, 1.0)] {
            let label = |(index, line): (usize, &&SlopeLine)| {
                let color = readable(theme::series(index));
                let (name, small) = (
                    Type::bold(size, color),
                    Type::plain((size - 1.0).clamp(11.0, 12.5), SOFT),
                );
                let change = line.points().last().map_or(String::new(), |(_, value)| {
                    number::percent(value - 100.0, 1)
                });
                let wide = widest * share;
                let room = wide - name.width(&format!(" {change}"));
                let words = text::fit(line.name.get(lang), size, true, room);
                let note = text::fit(line.note.get(lang), small.size, false, wide);
                let lines = [(format!("{words} {change}"), name), (note, small)];
                EndLabel {
                    at: (0.0, 0.0),
                    lines: lines
                        .into_iter()
                        .filter(|(line, _)| !line.is_empty())
                        .collect(),
                }
            };
            labels = lines.iter().enumerate().map(label).collect();
            if gutter::fit_in(&labels, area.height() + 14.0) {
                return labels;
            }
        }
        for label in &mut labels {
            label.lines.truncate(1);
        }
        labels
    }

    /// The years with a vertical each.
    fn draw_years(&self, sheet: &Sheet, plot: &Plot) {
        let count = self.years.len();
        let kind = Type::bold(size::TICK, INK);
        let step = plot.rect.width() / count.saturating_sub(1).max(1) as f64;
        let every = ((kind.width("2000") + 10.0) / step).ceil().max(1.0) as usize;
        for (index, year) in self.years.iter().enumerate() {
            let x = plot.at(index as f64, plot.y.0).0;
            let ends = [(x, plot.rect.y0), (x, plot.rect.y1 + 4.0)];
            sheet.path(&ends, Pen::solid(AXIS, 1.0));
            let from_end = count - 1 - index;
            if from_end.is_multiple_of(every) {
                let at = (x, plot.rect.y1 + 8.0);
                sheet.text(at, HPos::Center, VPos::Top, &year.to_string(), kind);
            }
        }
        let base = plot.at(0.0, 100.0).1;
        let ends = [(plot.rect.x0, base), (plot.rect.x1, base)];
        sheet.path(&ends, Pen::solid(AXIS, 1.0));
    }

    /// A line: solid on record, dashed where it is projected.
    fn draw_line(
        &self,
        sheet: &Sheet,
        plot: &Plot,
        (index, line): (usize, &SlopeLine),
        lang: Lang,
    ) {
        let color = theme::series(index);
        let points = line.points();
        for pair in points.windows(2) {
            let [from, to] = [pair[0], pair[1]].map(|(i, value)| plot.at(i as f64, value));
            let pen = if self.projected(pair[1].0) {
                Pen::dashed(color, 2.5, DASH)
            } else {
                Pen::solid(color, 2.5)
            };
            sheet.path(&[from, to], pen);
        }
        for (i, value) in points {
            let at = plot.at(i as f64, value);
            let year = self.years.get(i).copied().unwrap_or(0);
            let name = line.name.get(lang);
            sheet.tip(format!("{name} {year}: {}", number::fixed(value, 1)));
            if self.projected(i) {
                sheet.ring(at, 4.25, color);
            } else {
                sheet.dot(at, 5.5, PAPER);
                sheet.dot(at, 4.5, color);
            }
        }
    }
}
