//! A waterfall on its side: names at the left, one row a bar.

use jianpai_core::text::Lang;

use super::look::Paper;
use super::place::Rect;
use super::scale::usable;
use super::sheet::{Finished, HPos, MARGIN, Pen, Plot, Sheet, Type, VPos, frame_height};
use super::steps::{Bar, StepKind, Waterfall, cut_mark, key};
use super::text;
use super::theme::{AXIS, GRID, INK, PAPER, SOFT, readable, size, verdict};

/// Widest column of names.
const NAMES: f64 = 300.0;

/// Thickness of every bar, however many lines its name has: only lengths speak.
const THICK: f64 = 18.0;

/// A row: the lines of its name and its place.
struct NamedBar {
    lines: Vec<String>,
    top: f64,
    height: f64,
}

impl NamedBar {
    /// Upper and lower edge of the row's bar.
    fn bar(&self) -> (f64, f64) {
        let middle = self.top + self.height / 2.0;
        (middle - THICK / 2.0, middle + THICK / 2.0)
    }
}

/// Draws the bars as rows; the page grows with them.
pub(super) fn layout(chart: &Waterfall, bars: &[Bar], lang: Lang, paper: Paper) -> Finished {
    let (axis, cut) = chart.axis(bars, 7);
    let title = chart.title.get(lang);
    let subtitle = chart.subtitle(Some(&axis).filter(|_| cut), lang);
    let kind = Type::plain(13.0, INK);
    let mut rows = rows(bars, paper);
    let body: f64 = rows.iter().map(|row| row.height).sum();
    let key = key(bars, lang);
    let frame = frame_height(paper, title, &subtitle, &key, chart.footnote.get(lang));
    let sheet = Sheet::new(paper, (frame + body + 74.0).ceil());
    let top = sheet.key_rows(&key, sheet.header(title, &subtitle)) + 28.0;
    sheet.footer(chart.footnote.get(lang));
    let mut y = top;
    for row in &mut rows {
        row.top = y;
        y += row.height;
    }
    let widest = rows.iter().flat_map(|row| &row.lines);
    let widest = widest
        .map(|line| Type::bold(13.0, INK).width(line))
        .fold(0.0, f64::max);
    let left = MARGIN + widest + 14.0;
    let right = plot_right(bars, (axis.lo(), axis.hi()), (left, sheet.width() - MARGIN));
    let rect = Rect::new(left, top, right, y);
    let plot = Plot::new(&sheet, rect, (axis.lo(), axis.hi()), (0.0, 1.0));
    let (all, last) = (spaced(&axis, &plot), axis.ticks.len() - 1);
    for (index, (&tick, label)) in axis.ticks.iter().zip(axis.labels()).enumerate() {
        let x = plot.at(tick, 0.0).0;
        sheet.path(&[(x, rect.y0), (x, rect.y1)], Pen::solid(GRID, 1.0));
        if all || index == 0 || index == last {
            sheet.text(
                (x, rect.y1 + 6.0),
                HPos::Center,
                VPos::Top,
                &label,
                Type::plain(size::TICK, SOFT),
            );
        }
    }
    draw_rows(&sheet, &plot, bars, &rows, cut);
    let line = target(&sheet, &plot, chart, lang);
    for (bar, row) in bars.iter().zip(&rows) {
        let kind = if bar.kind == StepKind::Level {
            Type::bold(13.0, INK)
        } else {
            kind
        };
        let tall = kind.pitch() * row.lines.len() as f64;
        let start = row.top + (row.height - tall) / 2.0;
        sheet.texts((left - 14.0, start), HPos::Right, &row.lines, kind);
        value(&sheet, &plot, bar, row, line);
    }
    sheet.finish(title)
}

/// Whether the tick labels keep apart.
fn spaced(axis: &super::scale::Axis, plot: &Plot) -> bool {
    let step = plot.rect.width() / axis.ticks.len().saturating_sub(1).max(1) as f64;
    super::sheet::tick_room(axis) + 8.0 < step
}

/// Names wrapped and heights; tops follow later.
fn rows(bars: &[Bar], paper: Paper) -> Vec<NamedBar> {
    let wrapped = |bar: &Bar| {
        let lines = text::lines(&bar.name, 13.0, true, paper.column(NAMES), 2);
        let height = (17.0 * lines.len() as f64 + 9.0).max(28.0);
        NamedBar {
            lines,
            top: 0.0,
            height,
        }
    };
    bars.iter().map(wrapped).collect()
}

/// The right end of the plot that leaves every value label its room.
fn plot_right(bars: &[Bar], (lo, hi): (f64, f64), (left, right): (f64, f64)) -> f64 {
    let room = right - left;
    let wide = bars.iter().fold(room - 10.0, |wide, bar| {
        let share = ((bar.from.max(bar.to) - lo) / (hi - lo)).clamp(0.02, 1.0);
        wide.min((room - label_width(bar) - 14.0) / share)
    });
    left + wide.max(120.0)
}

/// Types of the value and of the share beside it.
fn label_types(bar: &Bar) -> (Type, Type) {
    let value = Type::bold(size::LABEL, readable(bar.color));
    (value, Type::plain(size::TICK, SOFT))
}

/// Width of the value label.
fn label_width(bar: &Bar) -> f64 {
    let (value, share) = label_types(bar);
    value.width(&bar.value)
        + bar
            .share
            .as_ref()
            .map_or(0.0, |text| share.width(text) + 10.0)
}

/// Bars and the dotted lines between rows.
fn draw_rows(sheet: &Sheet, plot: &Plot, bars: &[Bar], rows: &[NamedBar], cut: bool) {
    let x = |value: f64| plot.at(value.clamp(plot.x.0, plot.x.1), 0.0).0;
    for (index, (bar, row)) in bars.iter().zip(rows).enumerate() {
        let (x0, x1) = (x(bar.from), x(bar.to));
        let (from, to) = (x0.min(x1), x0.max(x1).max(x0.min(x1) + 1.5));
        let (y0, y1) = row.bar();
        sheet.tip(format!("{}: {}", bar.name, bar.value));
        sheet.rect(Rect::new(from, y0, to, y1), bar.color, 1.0);
        if cut && bar.kind == StepKind::Level {
            cut_mark(sheet, (from + 14.0, y1 + 1.0), (from + 20.0, y0 - 1.0));
        }
        if index + 1 < rows.len() {
            let pen = Pen::dashed(AXIS, 1.25, "2 3");
            sheet.path(&[(x1, y1), (x1, rows[index + 1].bar().0)], pen);
        }
    }
    let zero = x(plot.x.0.max(0.0));
    sheet.path(
        &[(zero, plot.rect.y0), (zero, plot.rect.y1)],
        Pen::solid(AXIS, 1.0),
    );
}

/// The target's line with its label above the plot; returns where it lies.
fn target(sheet: &Sheet, plot: &Plot, chart: &Waterfall, lang: Lang) -> Option<f64> {
    let target = chart
        .target
        .as_ref()
        .filter(|target| usable(target.value))?;
    let x = plot.at(target.value, 0.0).0;
    let color = readable(verdict(target.standing));
    let (top, bottom) = (plot.rect.y0 - 6.0, plot.rect.y1);
    sheet.path(&[(x, top), (x, bottom)], Pen::dashed(color, 1.25, "5 4"));
    let kind = Type::bold(size::TICK, color);
    let words = text::fit(
        target.label.get(lang),
        kind.size,
        true,
        sheet.width() - 2.0 * MARGIN,
    );
    let half = kind.width(&words) / 2.0;
    let center = x.min(sheet.width() - MARGIN - half).max(MARGIN + half);
    sheet.text(
        (center, top - 11.0),
        HPos::Center,
        VPos::Center,
        &words,
        kind,
    );
    Some(x)
}

/// The value right of its bar, on paper where the target's line passes.
fn value(sheet: &Sheet, plot: &Plot, bar: &Bar, row: &NamedBar, line: Option<f64>) {
    let end = bar.from.max(bar.to).clamp(plot.x.0, plot.x.1);
    let x = plot.at(end, 0.0).0 + 7.0;
    let y = row.top + row.height / 2.0;
    let (kind, small) = label_types(bar);
    let wide = label_width(bar);
    if line.is_some_and(|line| line > x - 3.0 && line < x + wide + 3.0) {
        sheet.rect(
            Rect::new(x - 3.0, y - 10.0, x + wide + 3.0, y + 10.0),
            PAPER,
            1.0,
        );
    }
    sheet.text((x, y), HPos::Left, VPos::Center, &bar.value, kind);
    if let Some(share) = &bar.share {
        let x = x + kind.width(&bar.value) + 10.0;
        sheet.text((x, y), HPos::Left, VPos::Center, share, small);
    }
}
