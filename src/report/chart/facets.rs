//! Many regions over the years: a small panel each, one scale for all.

use crate::standing::Standing;
use jianpai_core::text::{Lang, Text};

use super::look::Paper;
use super::number;
use super::place::Rect;
use super::scale::{self, Axis, usable};
use super::sheet::{
    Finished, HPos, KeyItem, MARGIN, Pen, Plot, Sheet, Sign, Type, VPos, frame_height, tick_room,
};
use super::text;
use super::theme::{AXIS, GREY, GRID, INK, SOFT, readable, series, size, verdict};

/// Panels of many regions.
#[derive(Clone, Debug, Default)]
pub struct RegionPanels {
    /// Headline.
    pub title: Text,
    /// What is drawn; say which year is 100.
    pub subtitle: Text,
    /// The panels, in the order of reading.
    pub panels: Vec<RegionPanel>,
    /// Name of the line, for the key.
    pub with_name: Text,
    /// Name of the line to compare with, for the key.
    pub without_name: Text,
    /// Source line.
    pub footnote: Text,
}

/// One panel of [`RegionPanels`].
#[derive(Clone, Debug, Default)]
pub struct RegionPanel {
    /// The region.
    pub name: Text,
    /// Years, ascending.
    pub years: Vec<i32>,
    /// The index, one a year; what is not finite is a gap.
    pub values: Vec<f64>,
    /// What it is compared with, one a year; may be empty.
    pub without: Vec<f64>,
    /// The year and the index of the target, where it is a level.
    pub target: Option<(i32, f64)>,
    /// How the region stands with its targets; none without one.
    pub standing: Option<Standing>,
}

/// Least width of a panel.
const WIDE: f64 = 134.0;
/// Between panels.
const GAP: (f64, f64) = (18.0, 8.0);
/// The heading and the plot of a panel.
const HEAD: f64 = 19.0;
const PLOT: f64 = 64.0;

impl RegionPanel {
    fn points(&self, values: &[f64]) -> Vec<(f64, f64)> {
        let pairs = self.years.iter().zip(values).filter(|pair| usable(*pair.1));
        pairs
            .map(|(year, value)| (f64::from(*year), *value))
            .collect()
    }

    /// The change at the end, in percent, beside the target it is held against.
    fn end(&self) -> Option<String> {
        let points = self.points(&self.values);
        let (year, value) = points.last()?;
        let own = self
            .target
            .filter(|(at, _)| (f64::from(*at) - year).abs() < 0.5);
        let set = own.map(|(_, index)| index - 100.0);
        Some(number::reached_percent(value - 100.0, set))
    }
}

impl RegionPanels {
    /// The chart with the boxes of its texts.
    pub(super) fn layout(&self, lang: Lang, paper: Paper) -> Finished {
        let (title, footnote) = (self.title.get(lang), self.footnote.get(lang));
        let (axis, span) = (self.axis(), self.span());
        let cut = axis.as_ref().is_some_and(scale::is_cut);
        let subtitle = scale::noted(self.subtitle.get(lang), cut, lang);
        let key = self.key(lang);
        let frame = frame_height(paper, title, &subtitle, &key, footnote);
        let labels = axis.as_ref().map_or(0.0, tick_room) + 8.0;
        let room = paper.width - 2.0 * MARGIN - labels;
        let most = ((room + GAP.0) / (WIDE + GAP.0)).floor().max(1.0) as usize;
        let columns = most.min(self.panels.len().max(1));
        let rows = self.panels.len().div_ceil(columns).max(1) as f64;
        let body = rows * (HEAD + PLOT + GAP.1) + 26.0;
        let sheet = Sheet::new(paper, (frame + body + 8.0).ceil());
        let top = sheet.key_rows(&key, sheet.header(title, &subtitle)) + 4.0;
        sheet.footer(footnote);
        let (Some(axis), Some(span)) = (axis, span) else {
            sheet.no_data(
                Rect::new(MARGIN, top, sheet.width() - MARGIN, top + body),
                lang,
            );
            return sheet.finish(title);
        };
        let wide = (room - GAP.0 * (columns - 1) as f64) / columns as f64;
        for (i, panel) in self.panels.iter().enumerate() {
            let (row, column) = (i / columns, i % columns);
            let x = MARGIN + labels + column as f64 * (wide + GAP.0);
            let y = top + row as f64 * (HEAD + PLOT + GAP.1);
            let rect = Rect::new(x, y + HEAD, x + wide, y + HEAD + PLOT);
            let (from, to) = (f64::from(span.0), f64::from(span.1.max(span.0 + 1)));
            let plot = Plot::new(&sheet, rect, (from, to), (axis.lo(), axis.hi()));
            grid(&sheet, &plot, &axis, column == 0);
            panel.draw(&sheet, &plot, lang);
            // Years stand under the lowest panel of each column.
            if i + columns >= self.panels.len() {
                let kind = Type::plain(size::SMALL, SOFT);
                let y = rect.y1 + 5.0;
                let (first, last) = (span.0.to_string(), span.1.to_string());
                sheet.text((rect.x0, y), HPos::Left, VPos::Top, &first, kind);
                if span.1 > span.0 {
                    sheet.text((rect.x1, y), HPos::Right, VPos::Top, &last, kind);
                }
            }
        }
        sheet.finish(title)
    }

    /// One scale for all.
    fn axis(&self) -> Option<Axis> {
        let panels = self.panels.iter();
        let values = panels.flat_map(|panel| {
            let target = panel.target.iter().map(|(_, index)| *index);
            let lines = panel.values.iter().chain(&panel.without).copied();
            lines.chain(target)
        });
        let range = scale::extent(values)?;
        Some(scale::axis(range, 3))
    }

    /// First and last year of all.
    fn span(&self) -> Option<(i32, i32)> {
        let years = self.panels.iter().flat_map(|panel| {
            let target = panel.target.iter().map(|(year, _)| *year);
            panel.years.iter().copied().chain(target)
        });
        years.fold(None, |span, year| {
            let (first, last) = span.unwrap_or((year, year));
            Some((first.min(year), last.max(year)))
        })
    }

    /// Signs and their meaning.
    fn key(&self, lang: Lang) -> Vec<KeyItem> {
        let mut key = vec![(
            Sign::Line(Pen::solid(series(0), 2.5)),
            self.with_name.get(lang).to_string(),
        )];
        if self.panels.iter().any(|panel| !panel.without.is_empty()) {
            let sign = Sign::Line(Pen::solid(GREY, 1.25));
            key.push((sign, self.without_name.get(lang).to_string()));
        }
        for standing in Standing::ALL {
            let own = |panel: &&RegionPanel| panel.standing == Some(standing);
            if self
                .panels
                .iter()
                .any(|panel| own(&panel) && panel.target.is_some())
            {
                let sign = Sign::Diamond(verdict(standing));
                key.push((sign, standing.of_target().get(lang).to_string()));
            }
        }
        key
    }
}

impl RegionPanel {
    fn draw(&self, sheet: &Sheet, plot: &Plot, lang: Lang) {
        let rect = plot.rect;
        let standing = self.standing;
        let color = standing.map_or(SOFT, |standing| readable(verdict(standing)));
        let kind = Type::bold(size::TICK, color);
        let shown = self.end().unwrap_or_else(|| "–".to_owned());
        let at = (rect.x1, rect.y0 - HEAD / 2.0 - 1.0);
        sheet.text(at, HPos::Right, VPos::Center, &shown, kind);
        let room = rect.width() - kind.width(&shown) - 8.0;
        let (name, head) = (self.name.get(lang), Type::bold(size::TICK, INK));
        let small = head.size * room / head.width(name).max(room);
        let head = Type::bold(small.max(11.0), INK);
        let name = text::fit(name, head.size, true, room);
        let at = (rect.x0, rect.y0 - HEAD / 2.0 - 1.0);
        sheet.text(at, HPos::Left, VPos::Center, &name, head);
        let without = self.points(&self.without);
        plot.line(&without, Pen::solid(GREY, 1.25));
        let points = self.points(&self.values);
        sheet.tip(format!("{}: {shown}", self.name.get(lang)));
        plot.line(&points, Pen::solid(series(0), 2.25));
        if let Some(&(x, y)) = points.last() {
            sheet.dot(plot.at(x, y), 2.75, series(0));
        }
        let target = self.target.filter(|(_, index)| usable(*index));
        if let Some((year, index)) = target {
            let color = verdict(standing.unwrap_or_default());
            let (x, y) = plot.at(f64::from(year), index);
            let pen = Pen::dashed(color, 1.0, "3 3");
            sheet.path(&[(rect.x0, y), (x, y)], pen);
            sheet.diamond((x, y), 4.25, color);
        }
    }
}

/// The grid of a panel, with its values at the left end of a row.
fn grid(sheet: &Sheet, plot: &Plot, axis: &Axis, labelled: bool) {
    let kind = Type::plain(size::SMALL, SOFT);
    // Values that would touch are left out.
    let gap = plot.rect.height() / axis.ticks.len().saturating_sub(1).max(1) as f64;
    let every = ((kind.pitch() + 1.0) / gap).ceil().max(1.0) as usize;
    for (k, (&tick, label)) in axis.ticks.iter().zip(axis.labels()).enumerate() {
        let y = plot.at(plot.x.0, tick).1;
        let last = k == 0;
        let color = if last { AXIS } else { GRID };
        let ends = [(plot.rect.x0, y), (plot.rect.x1, y)];
        sheet.path(&ends, Pen::solid(color, 1.0));
        if labelled && k.is_multiple_of(every) {
            let at = (plot.rect.x0 - 6.0, y);
            sheet.text(at, HPos::Right, VPos::Center, &label, kind);
        }
    }
}
