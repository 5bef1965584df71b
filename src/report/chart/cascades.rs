//! Two cases step by step, several indicators beside each other.

use jianpai_core::text::{Lang, Text};

use super::look::Paper;
use super::place::Rect;
use super::scale::{self, usable};
use super::sheet::{Finished, HPos, KeyItem, MARGIN, Pen, Sheet, Sign, Type, VPos, frame_height};
use super::steps::{self, Bar, Step, StepKind, Waterfall};
use super::text;
use super::theme::{AXIS, GRID, INK, PAPER, SOFT, TOTAL, readable, size};

/// Cascades from one case to another: a row for each input that differs, a column for
/// each indicator, each column on a scale of its own.
#[derive(Clone, Debug, Default)]
pub struct Cascades {
    /// Headline.
    pub title: Text,
    /// What is drawn.
    pub subtitle: Text,
    /// Name of the case at the start.
    pub from_name: Text,
    /// Name of the case at the end.
    pub to_name: Text,
    /// The inputs that differ, in the order they are changed.
    pub steps: Vec<CascadeStep>,
    /// Indicators; five and more go on below.
    pub panels: Vec<CascadePanel>,
    /// Source line.
    pub footnote: Text,
}

/// One input of [`Cascades`].
#[derive(Clone, Debug, Default)]
pub struct CascadeStep {
    /// Name.
    pub name: Text,
    /// Growth, a measure ([`StepKind::Change`]) or an adjustment; not a level.
    pub kind: StepKind,
}

/// One indicator of [`Cascades`].
#[derive(Clone, Debug, Default)]
pub struct CascadePanel {
    /// Indicator.
    pub name: Text,
    /// Unit of its values.
    pub unit: Text,
    /// Value at the start.
    pub from: f64,
    /// Change with each step; `from` and these add up to `to`.
    pub changes: Vec<f64>,
    /// Value at the end.
    pub to: f64,
    /// Value to compare with.
    pub target: Option<f64>,
}

/// Widest column of names.
const NAMES: f64 = 230.0;
/// Between columns.
const GAP: f64 = 22.0;
/// Columns side by side.
const ACROSS: usize = 4;
/// Narrowest column.
const NARROW: f64 = 130.0;

/// Rows that all columns share.
struct Rows {
    names: Vec<Vec<String>>,
    heights: Vec<f64>,
}

/// A column worked out.
struct Column<'a> {
    panel: &'a CascadePanel,
    bars: Vec<Bar>,
    name: Vec<String>,
}

impl CascadePanel {
    /// The bars, one a row.
    fn bars(&self, steps: &[CascadeStep], lang: Lang) -> Vec<Bar> {
        let level = |value: f64| Step {
            value: if usable(value) { value } else { 0.0 },
            kind: StepKind::Level,
            ..Step::default()
        };
        let change = |index: usize| self.changes.get(index).copied().filter(|&v| usable(v));
        let between = steps.iter().enumerate().map(|(index, step)| Step {
            label: step.name.clone(),
            value: change(index).unwrap_or(0.0),
            kind: match step.kind {
                StepKind::Level => StepKind::Adjustment,
                kind => kind,
            },
        });
        let chart = Waterfall {
            steps: std::iter::once(level(self.from))
                .chain(between)
                .chain([level(self.to)])
                .collect(),
            ..Waterfall::default()
        };
        let mut bars = chart.bars(lang);
        for (index, bar) in bars.iter_mut().skip(1).take(steps.len()).enumerate() {
            match change(index) {
                None => "–".clone_into(&mut bar.value),
                Some(0.0) => "0".clone_into(&mut bar.value),
                Some(_) => {}
            }
        }
        bars
    }
}

impl Cascades {
    /// The chart with the boxes of its texts.
    pub(super) fn layout(&self, lang: Lang, paper: Paper) -> Finished {
        let (title, footnote) = (self.title.get(lang), self.footnote.get(lang));
        let subtitle = self.subtitle.get(lang);
        let rows = self.rows(paper, lang);
        let widest = rows.names.iter().flatten();
        let widest = widest.map(|line| Type::bold(13.0, INK).width(line));
        let left = MARGIN + widest.fold(0.0, f64::max) + 16.0;
        let most = ((paper.width - MARGIN - left + GAP) / (NARROW + GAP)) as usize;
        let across = self.panels.len().clamp(1, most.clamp(1, ACROSS));
        let wide = (paper.width - MARGIN - left - GAP * (across - 1) as f64) / across as f64;
        let columns: Vec<Column> = self
            .panels
            .iter()
            .filter(|panel| usable(panel.from) && usable(panel.to))
            .map(|panel| Column {
                panel,
                bars: panel.bars(&self.steps, lang),
                name: text::lines(panel.name.get(lang), size::LABEL, true, wide, 2),
            })
            .collect();
        let key = Self::key(&columns, lang);
        let body: f64 = rows.heights.iter().sum();
        let head = |columns: &[Column]| {
            let lines = columns.iter().map(|column| column.name.len()).max();
            18.0 * lines.unwrap_or(1) as f64 + 24.0
        };
        let bands = columns.chunks(across);
        let tall: f64 = bands.clone().map(|band| head(band) + body + 22.0).sum();
        let frame = frame_height(paper, title, subtitle, &key, footnote);
        let sheet = Sheet::new(paper, (frame + tall.max(100.0) + 12.0).ceil());
        let mut top = sheet.key_rows(&key, sheet.header(title, subtitle)) + 8.0;
        sheet.footer(footnote);
        if columns.is_empty() {
            let area = Rect::new(MARGIN, top, sheet.width() - MARGIN, top + 80.0);
            sheet.no_data(area, lang);
            return sheet.finish(title);
        }
        for band in bands {
            let start = top + head(band);
            let right = left + wide * band.len() as f64 + GAP * (band.len() - 1) as f64;
            draw_names(&sheet, &rows, start, (left, right));
            for (index, column) in band.iter().enumerate() {
                let x = left + index as f64 * (wide + GAP);
                let cell = Rect::new(x, start, x + wide, start + body);
                draw_column(&sheet, column, &rows, cell, lang);
            }
            top = start + body + 22.0;
        }
        sheet.finish(title)
    }

    /// Names of the rows, wrapped.
    fn rows(&self, paper: Paper, lang: Lang) -> Rows {
        let steps = self.steps.iter().map(|step| &step.name);
        let names = std::iter::once(&self.from_name)
            .chain(steps)
            .chain([&self.to_name]);
        let names: Vec<Vec<String>> = names
            .map(|name| text::lines(name.get(lang), 13.0, true, paper.column(NAMES), 2))
            .collect();
        let height = |lines: &Vec<String>| (17.0 * lines.len() as f64 + 11.0).max(30.0);
        Rows {
            heights: names.iter().map(height).collect(),
            names,
        }
    }

    /// Signs and their meaning.
    fn key(columns: &[Column], lang: Lang) -> Vec<KeyItem> {
        let bars = columns.iter().flat_map(|column| &column.bars);
        let mut key = steps::key(bars, lang);
        if columns.iter().any(|c| c.panel.target.is_some_and(usable)) {
            let pen = Pen::dashed(INK, 1.25, "4 3");
            key.push((Sign::Line(pen), lang.pick("目标", "target").to_owned()));
        }
        key
    }
}

/// Names at the left and a light line under every row.
fn draw_names(sheet: &Sheet, rows: &Rows, top: f64, (left, right): (f64, f64)) {
    let mut y = top;
    let last = rows.names.len() - 1;
    for (index, (lines, height)) in rows.names.iter().zip(&rows.heights).enumerate() {
        let kind = if index == 0 || index == last {
            Type::bold(13.0, INK)
        } else {
            Type::plain(13.0, INK)
        };
        let tall = kind.pitch() * lines.len() as f64;
        let start = y + (height - tall) / 2.0;
        sheet.texts((left - 16.0, start), HPos::Right, lines, kind);
        let strong = index == 0 || index + 1 >= last;
        let color = if strong { AXIS } else { GRID };
        y += height;
        if index < last {
            sheet.path(&[(MARGIN, y), (right, y)], Pen::solid(color, 1.0));
        }
    }
}

/// Value and share of a bar with their types; both shrink to fit `room`.
fn labels(bar: &Bar, room: f64) -> (Type, Type, f64) {
    let level = bar.kind == StepKind::Level;
    let still = bar.from.total_cmp(&bar.to).is_eq();
    let color = if still && !level {
        SOFT
    } else {
        readable(bar.color)
    };
    let value = Type {
        bold: level || !still,
        ..Type::plain(size::TICK, color)
    };
    let share = Type::plain(size::SMALL, SOFT);
    let wide = |value: Type, share: Type| {
        let beside = bar.share.as_ref();
        value.width(&bar.value) + beside.map_or(0.0, |text| share.width(text) + 6.0)
    };
    let shrink = (room / wide(value, share)).min(1.0);
    let smaller = |kind: Type| Type {
        size: (kind.size * shrink).max(size::LEAST),
        ..kind
    };
    let (value, share) = (smaller(value), smaller(share));
    (value, share, wide(value, share))
}

/// One indicator: its name, its bars and their values.
fn draw_column(sheet: &Sheet, column: &Column, rows: &Rows, cell: Rect, lang: Lang) {
    let kind = Type::bold(size::LABEL, INK);
    let small = Type::plain(size::SMALL, SOFT);
    let top = cell.y0 - 22.0 - 18.0 * column.name.len() as f64;
    sheet.texts((cell.x0, top), HPos::Left, &column.name, kind);
    let unit = text::fit(column.panel.unit.get(lang), small.size, false, cell.width());
    sheet.text(
        (cell.x0, cell.y0 - 13.0),
        HPos::Left,
        VPos::Center,
        &unit,
        small,
    );
    let ends = column.bars.iter().flat_map(|bar| match bar.kind {
        StepKind::Level => [bar.to, bar.to],
        _ => [bar.from, bar.to],
    });
    let target = column.panel.target.filter(|&target| usable(target));
    let (lo, hi) = scale::extent(ends.chain(target)).unwrap_or((0.0, 1.0));
    let span = if hi > lo { hi - lo } else { 1.0 };
    let room = cell.width() - 8.0;
    let wide = column.bars.iter().fold(room, |wide, bar| {
        let end = if bar.kind == StepKind::Level {
            bar.to
        } else {
            bar.from.max(bar.to)
        };
        let share = ((end - lo) / span).clamp(0.0, 1.0);
        let label = labels(bar, room * 0.6).2 + 14.0;
        if share > 0.0 {
            wide.min((room - label) / share)
        } else {
            wide
        }
    });
    let x = |value: f64| cell.x0 + 4.0 + (value - lo) / span * wide.max(20.0);
    let start = x(column.panel.from);
    let pen = Pen::dashed(AXIS, 1.0, "2 3");
    sheet.path(&[(start, cell.y0 + 4.0), (start, cell.y1 - 4.0)], pen);
    if let Some(target) = target {
        let at = x(target);
        sheet.path(
            &[(at, cell.y0), (at, cell.y1)],
            Pen::dashed(INK, 1.25, "4 3"),
        );
    }
    let mut y = cell.y0;
    for (bar, height) in column.bars.iter().zip(&rows.heights) {
        let middle = y + height / 2.0;
        y += height;
        let (from, to) = match bar.kind {
            StepKind::Level => (x(bar.to) - 2.5, x(bar.to) + 2.5),
            _ => (x(bar.from.min(bar.to)), x(bar.from.max(bar.to))),
        };
        let (half, color) = match bar.kind {
            StepKind::Level => (10.0, TOTAL),
            _ => (7.5, bar.color),
        };
        let (value, share, wide) = labels(bar, room * 0.6);
        let at = to + 7.0;
        let ground = Rect::new(at - 2.0, middle - 8.0, at + wide + 2.0, middle + 8.0);
        sheet.rect(ground, PAPER, 1.0);
        sheet.tip(format!("{} {}", bar.name, bar.value).trim().to_owned());
        let bar_area = Rect::new(from, middle - half, to.max(from + 1.5), middle + half);
        sheet.rect(bar_area, color, 1.0);
        sheet.text((at, middle), HPos::Left, VPos::Center, &bar.value, value);
        if let Some(words) = &bar.share {
            let at = (at + value.width(&bar.value) + 6.0, middle);
            sheet.text(at, HPos::Left, VPos::Center, words, share);
        }
    }
}
