//! Small multiples: one panel of indices per indicator, each against its target.

use crate::standing::Standing;
use jianpai_core::text::{Lang, Text};

use super::gutter::{self, EndLabel};
use super::look::Paper;
use super::number;
use super::place::Rect;
use super::scale::{self, Axis, usable};
use super::sheet::{
    Finished, HPos, KeyItem, MARGIN, Pen, Plot, Sheet, Sign, Type, VPos, frame_height, tick_room,
};
use super::text;
use super::theme::{self, AXIS, GREY, INK, SOFT, readable, size, verdict};

/// Panels of indices, base year = 100.
#[derive(Clone, Debug, Default)]
pub struct IndexPanels {
    /// Headline.
    pub title: Text,
    /// What is drawn; say which year is 100.
    pub subtitle: Text,
    /// One to eight panels (more are drawn, smaller).
    pub panels: Vec<IndexPanel>,
    /// Name of the line with measures, for the key.
    pub with_name: Text,
    /// Name of the line without measures, for the key.
    pub without_name: Text,
    /// Name of the line in the other book, for the key.
    pub other_name: Text,
    /// Last recorded year: the ground up to it is shaded.
    pub history_until: Option<i32>,
    /// Every panel has its own scale instead of one for all.
    pub own_scales: bool,
    /// Source line.
    pub footnote: Text,
}

/// One panel of [`IndexPanels`].
#[derive(Clone, Debug, Default)]
pub struct IndexPanel {
    /// Indicator.
    pub name: Text,
    /// Index of the line's colour in the palette.
    pub color: usize,
    /// Years, ascending.
    pub years: Vec<i32>,
    /// Index with measures, one a year; what is not finite is a gap.
    pub with_measures: Vec<f64>,
    /// Index without measures, one a year; may be empty.
    pub without_measures: Vec<f64>,
    /// The same with measures in the other book, one a year; may be empty.
    pub other_book: Vec<f64>,
    /// Recorded indices.
    pub observed: Vec<(i32, f64)>,
    /// Years from which recorded indices are of another calibre, joined by a splice.
    pub splices: Vec<i32>,
    /// What is to be reached.
    pub targets: Vec<PanelTarget>,
}

/// A target of an [`IndexPanel`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PanelTarget {
    /// The year.
    pub year: i32,
    /// The index to be reached, as 90 for ten percent less.
    pub index: f64,
    /// Whether the line with measures reaches it.
    pub standing: Standing,
    /// What is asked, beside the mark, as in 目标 −10%.
    pub label: Text,
}

/// The line of a splice.
fn splice_pen() -> Pen {
    Pen::dashed(SOFT, 1.5, "2 4")
}

/// The line of the other book.
fn other_pen(color: theme::Rgb) -> Pen {
    Pen::solid(color, 1.0)
}

/// Between panels.
const GAP: f64 = 26.0;
/// Narrowest panel, the gap beside it included.
const NARROW: f64 = 230.0;
/// From the end of the lines to their labels.
const REACH: f64 = 16.0;
/// Under a plot, for the years.
const FOOT: f64 = 26.0;

/// What is common to all panels.
struct Common<'a> {
    sheet: &'a Sheet,
    lang: Lang,
    axis: Option<Axis>,
    gutter: f64,
    history: Option<i32>,
}

impl IndexPanel {
    /// Points of one line.
    fn points(&self, values: &[f64]) -> Vec<(f64, f64)> {
        let pairs = self.years.iter().zip(values).filter(|pair| usable(*pair.1));
        pairs
            .map(|(&year, &value)| (f64::from(year), value))
            .collect()
    }

    /// The targets that can be drawn.
    fn targets(&self) -> impl Iterator<Item = &PanelTarget> {
        self.targets.iter().filter(|target| usable(target.index))
    }

    /// How all of them stand together.
    fn standing(&self) -> Standing {
        let all = self.targets().map(|target| target.standing);
        Standing::together(all).unwrap_or_default()
    }

    /// Recorded points in order.
    fn records(&self) -> Vec<(f64, f64)> {
        let mut records = self.observed.clone();
        records.retain(|record| usable(record.1));
        records.sort_by_key(|record| record.0);
        records
            .into_iter()
            .map(|(year, value)| (f64::from(year), value))
            .collect()
    }

    /// Range of the indices.
    fn extent(&self) -> Option<(f64, f64)> {
        let lines = self
            .with_measures
            .iter()
            .chain(&self.without_measures)
            .chain(&self.other_book)
            .copied();
        let marks = self
            .observed
            .iter()
            .map(|o| o.1)
            .chain(self.targets().map(|t| t.index));
        scale::extent(lines.chain(marks))
    }

    /// First and last year.
    fn span(&self) -> Option<(i32, i32)> {
        let drawn = [
            &self.with_measures,
            &self.without_measures,
            &self.other_book,
        ];
        let lines = drawn
            .into_iter()
            .flat_map(|values| self.years.iter().zip(values));
        let lines = lines.filter(|pair| usable(*pair.1)).map(|pair| *pair.0);
        let marks = self.observed.iter().filter(|o| usable(o.1)).map(|o| o.0);
        let years: Vec<i32> = lines
            .chain(marks)
            .chain(self.targets().map(|t| t.year))
            .collect();
        Some((*years.iter().min()?, *years.iter().max()?))
    }

    /// The change reached in a year, or else in the last year, and whether that year is
    /// the last one drawn.
    fn reached(&self, year: i32) -> Option<(f64, bool)> {
        let points = self.points(&self.with_measures);
        let last = points.last()?;
        let mut all = points.iter();
        let at = all.find(|point| (point.0 - f64::from(year)).abs() < 0.5);
        let (year, value) = *at.unwrap_or(last);
        Some((value - 100.0, year >= last.0))
    }

    /// The verdict in words, with the figure of the target year when that is not the
    /// last year; of several targets, how many are met.
    fn chip(&self, lang: Lang) -> Option<(String, Type)> {
        let targets: Vec<&PanelTarget> = self.targets().collect();
        let first = *targets.first()?;
        let (reached, at_end) = self.reached(first.year)?;
        let standing = self.standing();
        let words = standing.words();
        let words = words.get(lang);
        let count = targets.len();
        let met = targets.iter().filter(|t| t.standing.met() == Some(true));
        let met = met.count();
        let within = targets.iter().any(|t| t.standing == Standing::Within);
        let figure = number::reached_percent(reached, Some(first.index - 100.0));
        let words = match (count, at_end, lang) {
            (1, true, _) => words.to_owned(),
            (1, false, Lang::Zh) => format!("{}年 {figure}，{words}", first.year),
            (1, false, Lang::En) => format!("{}: {figure}, {words}", first.year),
            (_, _, Lang::Zh) if within => format!("{count}项中{met}项达标（有的在误差之内）"),
            (_, _, Lang::En) if within => format!("{met} of {count} met, some within error"),
            (_, _, Lang::Zh) => format!("{count}项中{met}项达标"),
            (_, _, Lang::En) => format!("{met} of {count} met"),
        };
        let color = readable(verdict(standing));
        Some((words, Type::bold(size::TICK, color)))
    }

    /// Labels beside the plot; their points are in years and indices.
    fn labels(&self, lang: Lang) -> Vec<EndLabel> {
        let mut labels = Vec::new();
        if let Some(&end) = self.points(&self.with_measures).last() {
            let at_target = self.targets().find(|t| f64::from(t.year) >= end.0);
            let color = at_target.map_or(theme::series(self.color), |t| verdict(t.standing));
            let kind = Type::bold(size::LABEL, readable(color));
            let set = at_target.map(|t| t.index - 100.0);
            let text = number::reached_percent(end.1 - 100.0, set);
            labels.push(EndLabel {
                at: end,
                lines: vec![(text, kind)],
            });
        }
        for target in self.targets() {
            let text = text::tidy(target.label.get(lang));
            if text.is_empty() {
                continue;
            }
            let kind = Type::plain(size::SMALL, INK);
            let at = (f64::from(target.year), target.index);
            labels.push(EndLabel {
                at,
                lines: vec![(text, kind)],
            });
        }
        if let Some(&end) = self.points(&self.other_book).last() {
            let kind = Type::plain(size::SMALL, readable(theme::series(self.color)));
            let text = number::percent(end.1 - 100.0, 1);
            labels.push(EndLabel {
                at: end,
                lines: vec![(text, kind)],
            });
        }
        if let Some(&end) = self.points(&self.without_measures).last() {
            let kind = Type::plain(size::SMALL, readable(GREY));
            let text = number::percent(end.1 - 100.0, 1);
            labels.push(EndLabel {
                at: end,
                lines: vec![(text, kind)],
            });
        }
        labels
    }

    /// Title lines for a panel of some width and whether the verdict shares their
    /// first line.
    fn heading(&self, wide: f64, lang: Lang) -> (Vec<String>, bool) {
        let chip = self
            .chip(lang)
            .map_or(0.0, |(words, kind)| kind.width(&words) + 12.0);
        let name = self.name.get(lang);
        let beside = text::wrap(name, size::LABEL, true, wide - chip);
        if chip > 0.0 && beside.len() <= 1 {
            return (beside, true);
        }
        (text::lines(name, size::LABEL, true, wide, 2), false)
    }

    /// Height of the heading.
    fn head(&self, wide: f64, lang: Lang) -> f64 {
        let (lines, beside) = self.heading(wide, lang);
        let below = if self.chip(lang).is_some() && !beside {
            17.0
        } else {
            0.0
        };
        lines.len().max(1) as f64 * 18.0 + below + 10.0
    }
}

impl IndexPanels {
    /// Columns and rows of the grid on a page of some width.
    fn grid(&self, wide: f64) -> (usize, usize) {
        let most = ((wide / NARROW) as usize).max(1);
        match self.panels.len() {
            count if most < 4 => (most.min(count.max(1)), count.max(1).div_ceil(most)),
            0 | 1 => (1, 1),
            2 => (2, 1),
            3 => (3, 1),
            4 => (2, 2),
            5 | 6 => (3, 2),
            count => (4, count.div_ceil(4)),
        }
    }

    /// The chart with the boxes of its texts.
    pub(super) fn layout(&self, lang: Lang, paper: Paper) -> Finished {
        let (columns, rows) = self.grid(paper.width);
        let height = match rows {
            1 => 460.0,
            rows => 100.0 + 280.0 * rows as f64,
        };
        let title = self.title.get(lang);
        let cut = self.axes().iter().any(scale::is_cut);
        let subtitle = scale::noted(self.subtitle.get(lang), cut, lang);
        let spare = columns * rows > self.panels.len() && !self.panels.is_empty();
        let key = self.key(lang);
        let room = paper.width - 2.0 * MARGIN;
        let wide = (room - GAP * (columns - 1) as f64) / columns as f64;
        let heads = self.heads(columns, wide, lang);
        let frame = || {
            let around = frame_height(paper, title, &subtitle, &key, self.footnote.get(lang));
            around + heads.iter().sum::<f64>() + 50.0 * rows as f64
        };
        let sheet = Sheet::new(paper, paper.with_plot(height, frame));
        let top = sheet.header(title, &subtitle);
        let top = if spare {
            top + 4.0
        } else {
            sheet.key_rows(&key, top) + 6.0
        };
        let bottom = sheet.footer(self.footnote.get(lang));
        let area = Rect::new(MARGIN, top, sheet.width() - MARGIN, bottom);
        let common = self.common(&sheet, wide, lang);
        if self.panels.is_empty() {
            sheet.no_data(area, lang);
        }
        let heights = area.height() - heads.iter().sum::<f64>() - 12.0 * (rows - 1) as f64;
        let tall = heights / rows as f64;
        let mut top = area.y0;
        for (row, &head) in heads.iter().enumerate() {
            for column in 0..columns {
                let x = area.x0 + column as f64 * (wide + GAP);
                let cell = Rect::new(x, top, x + wide, top + head + tall);
                let index = row * columns + column;
                match self.panels.get(index) {
                    Some(panel) => common.draw(panel, cell, head),
                    None if index == self.panels.len() => draw_key(&sheet, &key, cell, lang),
                    None => {}
                }
            }
            top += head + tall + 12.0;
        }
        sheet.finish(title)
    }

    /// Height of the headings of each row.
    fn heads(&self, columns: usize, wide: f64, lang: Lang) -> Vec<f64> {
        let rows = self.panels.chunks(columns);
        rows.map(|row| row.iter().map(|p| p.head(wide, lang)).fold(0.0, f64::max))
            .collect()
    }

    /// The axis of all panels, unless each has its own.
    fn shared_axis(&self) -> Option<Axis> {
        let all = self.panels.iter().filter_map(IndexPanel::extent);
        let range = scale::extent(all.flat_map(|(lo, hi)| [lo, hi]));
        range
            .filter(|_| !self.own_scales)
            .map(|range| scale::axis(range, 4))
    }

    /// Every axis that is drawn.
    fn axes(&self) -> Vec<Axis> {
        if let Some(shared) = self.shared_axis() {
            return vec![shared];
        }
        let ranges = self.panels.iter().filter_map(IndexPanel::extent);
        ranges.map(|range| scale::axis(range, 4)).collect()
    }

    /// What all panels share.
    fn common<'a>(&self, sheet: &'a Sheet, wide: f64, lang: Lang) -> Common<'a> {
        let labels: Vec<EndLabel> = self.panels.iter().flat_map(|p| p.labels(lang)).collect();
        Common {
            sheet,
            lang,
            axis: self.shared_axis(),
            gutter: (gutter::width(&labels) + REACH).min(wide * 0.55),
            history: self.history_until,
        }
    }

    /// Signs and their meaning.
    fn key(&self, lang: Lang) -> Vec<KeyItem> {
        let mut key: Vec<KeyItem> = Vec::new();
        let mut add = |sign: Sign, words: &str| {
            if !words.is_empty() {
                key.push((sign, words.to_owned()));
            }
        };
        let any = |test: &dyn Fn(&IndexPanel) -> bool| self.panels.iter().any(test);
        let color = self.panels.first().map_or(0, |panel| panel.color);
        add(
            Sign::Line(Pen::solid(theme::series(color), 2.75)),
            self.with_name.get(lang),
        );
        if any(&|panel| !panel.without_measures.is_empty()) {
            add(
                Sign::Line(Pen::solid(GREY, 2.0)),
                self.without_name.get(lang),
            );
        }
        if any(&|panel| !panel.other_book.is_empty()) {
            add(
                Sign::Line(other_pen(theme::series(color))),
                self.other_name.get(lang),
            );
        }
        if any(&|panel| !panel.observed.is_empty()) {
            add(Sign::Ring(INK), lang.pick("公布值", "published"));
        }
        if any(&|panel| !panel.splices.is_empty()) {
            add(
                Sign::Line(splice_pen()),
                lang.pick("口径衔接", "splice of calibres"),
            );
        }
        for standing in Standing::ALL {
            if any(&|panel| panel.targets().any(|t| t.standing == standing)) {
                let words = standing.of_target();
                add(Sign::Diamond(verdict(standing)), words.get(lang));
            }
        }
        if let Some(year) = self.history_until.filter(|_| !self.panels.is_empty()) {
            let words = match lang {
                Lang::Zh => format!("至{year}年：增长有记录，排放为模拟"),
                Lang::En => format!("to {year}: growth on record, emissions modelled"),
            };
            add(Sign::Fill(theme::GRID, 1.0), &words);
        }
        key
    }
}

/// The key in the cell no panel needs.
fn draw_key(sheet: &Sheet, key: &[KeyItem], cell: Rect, lang: Lang) {
    let x = cell.x0 + 26.0;
    let kind = Type::bold(size::LABEL, INK);
    let at = (x, cell.y0 + 9.0);
    sheet.text(at, HPos::Left, VPos::Center, lang.pick("图例", "Key"), kind);
    sheet.key_column(key, Rect::new(x, cell.y0 + 30.0, cell.x1, cell.y1));
}

impl Common<'_> {
    /// One panel in its cell.
    fn draw(&self, panel: &IndexPanel, cell: Rect, head: f64) {
        let (Some(extent), Some((first, last))) = (panel.extent(), panel.span()) else {
            self.title(panel, cell);
            let area = Rect::new(cell.x0, cell.y0 + head, cell.x1, cell.y1);
            self.sheet.no_data(area, self.lang);
            return;
        };
        let axis = self.axis.clone().unwrap_or_else(|| scale::axis(extent, 4));
        let left = cell.x0 + tick_room(&axis) + 8.0;
        self.title(panel, cell);
        let rect = Rect::new(left, cell.y0 + head, cell.x1 - self.gutter, cell.y1 - FOOT);
        let pad = if first == last { 1.0 } else { 0.0 };
        let x = (f64::from(first) - pad, f64::from(last) + pad);
        let plot = Plot::new(self.sheet, rect, x, (axis.lo(), axis.hi()));
        if let Some(until) = self.history.map(f64::from).filter(|&until| until >= x.0) {
            plot.shade_until(self.sheet, until, rect.y0);
        }
        self.sheet.y_grid(&plot, &axis);
        let base = plot.at(x.0, 100.0).1;
        if axis.lo() <= 100.0 && axis.hi() >= 100.0 {
            self.sheet
                .path(&[(rect.x0, base), (rect.x1, base)], Pen::solid(AXIS, 1.0));
        }
        for year in panel.splices.iter().map(|year| f64::from(*year)) {
            if (x.0..=x.1).contains(&year) {
                let at = plot.at(year, plot.y.0).0;
                self.sheet
                    .path(&[(at, rect.y0), (at, rect.y1)], splice_pen());
            }
        }
        self.lines(panel, &plot);
        self.sheet.years(&plot, first, last);
        let labels = panel.labels(self.lang).into_iter();
        let labels: Vec<EndLabel> = labels
            .map(|label| {
                let label = label.narrowed(self.gutter - REACH);
                let (_, y) = plot.at(label.at.0, label.at.1);
                EndLabel {
                    at: (rect.x1, y),
                    ..label
                }
            })
            .collect();
        gutter::draw(
            self.sheet,
            &labels,
            rect.x1 + REACH,
            (rect.y0 - 8.0, rect.y1 + 8.0),
        );
    }

    /// Name and verdict.
    fn title(&self, panel: &IndexPanel, cell: Rect) {
        let (lines, beside) = panel.heading(cell.width(), self.lang);
        let kind = Type::bold(size::LABEL, INK);
        let mut y = cell.y0;
        for line in &lines {
            self.sheet
                .text((cell.x0, y + 9.0), HPos::Left, VPos::Center, line, kind);
            y += 18.0;
        }
        if let Some((words, kind)) = panel.chip(self.lang) {
            if beside {
                let x = cell.x0 + Type::bold(size::LABEL, INK).width(&lines.concat()) + 10.0;
                self.sheet
                    .text((x, cell.y0 + 9.0), HPos::Left, VPos::Center, &words, kind);
            } else {
                let words = text::fit(&words, kind.size, true, cell.width());
                self.sheet
                    .text((cell.x0, y + 8.0), HPos::Left, VPos::Center, &words, kind);
            }
        }
    }

    /// Lines, records and the target.
    fn lines(&self, panel: &IndexPanel, plot: &Plot) {
        let without = panel.points(&panel.without_measures);
        plot.line(&without, Pen::solid(GREY, 1.75));
        for target in panel.targets() {
            let (x, y) = plot.at(f64::from(target.year), target.index);
            let pen = Pen::dashed(verdict(target.standing), 1.25, "4 3");
            self.sheet
                .path(&[(plot.rect.x0, y), (plot.rect.x1.max(x), y)], pen);
        }
        let color = theme::series(panel.color);
        let other = panel.points(&panel.other_book);
        plot.line(&other, other_pen(color));
        let with = panel.points(&panel.with_measures);
        self.sheet.tip(panel.name.get(self.lang));
        plot.line(&with, Pen::solid(color, 2.75));
        let records = panel.records();
        plot.line(&records, Pen::solid(INK, 1.5));
        for &(year, index) in &records {
            self.sheet
                .tip(format!("{year}: {}", number::fixed(index, 1)));
            self.sheet.ring(plot.at(year, index), 2.75, INK);
        }
        for (points, color) in [(&without, GREY), (&other, color), (&with, color)] {
            if let Some(&(year, index)) = points.last() {
                self.sheet
                    .tip(format!("{year}: {}", number::fixed(index, 1)));
                self.sheet.dot(plot.at(year, index), 3.5, color);
            }
        }
        for target in panel.targets() {
            let at = plot.at(f64::from(target.year), target.index);
            let words = self.lang.pick("目标", "target");
            self.sheet.tip(format!(
                "{words} {}: {}",
                target.year,
                number::fixed(target.index, 1)
            ));
            self.sheet.diamond(at, 5.0, verdict(target.standing));
        }
    }
}
