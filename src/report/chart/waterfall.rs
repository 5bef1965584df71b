//! A waterfall as a chart: up to eight bars stand upright, others lie on their side.

use jianpai_core::text::Lang;

use super::look::Paper;
use super::place::{Placer, Rect};
use super::scale::usable;
use super::sheet::{Finished, HPos, MARGIN, Pen, Plot, Sheet, Type, VPos, frame_height, tick_room};
use super::steps::{Bar, StepKind, Waterfall, cut_mark, key};
use super::text;
use super::theme::{AXIS, INK, PAPER, SOFT, readable, size, verdict};

/// Bars up to which a waterfall stands.
const UPRIGHT: usize = 8;
/// Height of a standing waterfall.
const HEIGHT: f64 = 560.0;

impl Waterfall {
    /// The chart with the boxes of its texts.
    pub(super) fn layout(&self, lang: Lang, paper: Paper) -> Finished {
        let bars = self.bars(lang);
        let slot = (paper.width - 2.0 * MARGIN - 70.0) / bars.len().max(1) as f64;
        let stands = bars.len() <= UPRIGHT
            && bars.iter().all(|bar| {
                let lines = label_lines(&bar.name, slot);
                lines.len() <= 3 && !text::cuts_a_word(&bar.name, &lines)
            });
        if stands || bars.is_empty() {
            self.upright(&bars, lang, paper)
        } else {
            super::cascade::layout(self, &bars, lang, paper)
        }
    }

    /// Bars side by side.
    fn upright(&self, bars: &[Bar], lang: Lang, paper: Paper) -> Finished {
        let (axis, cut) = self.axis(bars, 6);
        let (title, footnote) = (self.title.get(lang), self.footnote.get(lang));
        let subtitle = self.subtitle(Some(&axis).filter(|_| cut), lang);
        let key = key(bars, lang);
        let frame = || frame_height(paper, title, &subtitle, &key, footnote);
        let sheet = Sheet::new(paper, paper.with_plot(HEIGHT, frame));
        let top = sheet.header(title, &subtitle);
        let top = sheet.key_rows(&key, top);
        let kind = Type::plain(13.0, INK);
        let left = MARGIN + tick_room(&axis) + 8.0;
        let slot = (sheet.width() - MARGIN - left) / bars.len().max(1) as f64;
        let rows = bars
            .iter()
            .map(|bar| label_lines(&bar.name, slot).len())
            .max()
            .unwrap_or(1);
        let foot = 10.0 + kind.pitch() * rows as f64;
        let bottom = sheet.footer(footnote) - foot;
        let shares = bars.iter().filter_map(|bar| bar.share.as_ref());
        let above = shares
            .map(|share| share_lines(share, slot).len())
            .max()
            .unwrap_or(0);
        let rect = Rect::new(
            left,
            top + 28.0 + 16.0 * above as f64,
            sheet.width() - MARGIN,
            bottom,
        );
        if bars.is_empty() {
            sheet.no_data(rect, lang);
            return sheet.finish(title);
        }
        let plot = Plot::new(
            &sheet,
            rect,
            (0.0, bars.len() as f64),
            (axis.lo(), axis.hi()),
        );
        sheet.y_grid(&plot, &axis);
        draw_bars(&sheet, &plot, bars);
        let zero = plot.at(0.0, axis.lo().max(0.0)).1;
        sheet.path(&[(rect.x0, zero), (rect.x1, zero)], Pen::solid(AXIS, 1.0));
        if cut {
            for (index, bar) in bars.iter().enumerate() {
                if bar.kind == StepKind::Level {
                    let x = plot.at(index as f64 + 0.5, 0.0).0;
                    let half = rect.width() / bars.len() as f64 * 0.34 + 3.0;
                    cut_mark(
                        &sheet,
                        (x - half, rect.y1 - 14.0),
                        (x + half, rect.y1 - 20.0),
                    );
                }
            }
        }
        self.target_line(&sheet, &plot);
        let mut placer = value_labels(&sheet, &plot, bars);
        self.target_label(&sheet, &plot, &mut placer, lang);
        for (index, bar) in bars.iter().enumerate() {
            let x = plot.at(index as f64 + 0.5, axis.lo()).0;
            let kind = if bar.kind == StepKind::Level {
                Type::bold(13.0, INK)
            } else {
                kind
            };
            sheet.texts(
                (x, rect.y1 + 8.0),
                HPos::Center,
                &label_lines(&bar.name, slot),
                kind,
            );
        }
        sheet.finish(title)
    }

    /// The dashed line of the target.
    fn target_line(&self, sheet: &Sheet, plot: &Plot) {
        if let Some(target) = self.target.as_ref().filter(|t| usable(t.value)) {
            let y = plot.at(0.0, target.value).1;
            let pen = Pen::dashed(readable(verdict(target.standing)), 1.25, "5 4");
            sheet.path(&[(plot.rect.x0, y), (plot.rect.x1, y)], pen);
        }
    }

    /// The label of the target, near its line and off the bars.
    fn target_label(&self, sheet: &Sheet, plot: &Plot, placer: &mut Placer, lang: Lang) {
        let Some(target) = self.target.as_ref().filter(|t| usable(t.value)) else {
            return;
        };
        let y = plot.at(0.0, target.value).1;
        let along = [0.1, 0.25, 0.4, 0.55, 0.7, 0.85, 0.95];
        let marks = along.map(|share| (plot.rect.x0 + share * plot.rect.width(), y));
        placer.avoid_line(&[(plot.rect.x0, y), (plot.rect.x1, y)]);
        let kind = Type::bold(size::TICK, readable(verdict(target.standing)));
        super::notes::label_near(sheet, placer, &marks, target.label.get(lang), kind, 14.0);
    }
}

/// A name wrapped for its slot.
fn label_lines(name: &str, slot: f64) -> Vec<String> {
    text::wrap_even(name, 13.0, true, slot - 8.0)
}

/// The change of the result wrapped for its slot.
fn share_lines(share: &str, slot: f64) -> Vec<String> {
    text::lines(share, size::SMALL, false, slot - 4.0, 3)
}

/// Bars and the dotted lines between them.
fn draw_bars(sheet: &Sheet, plot: &Plot, bars: &[Bar]) {
    for (index, bar) in bars.iter().enumerate() {
        let center = index as f64 + 0.5;
        let floor = |value: f64| value.max(plot.y.0);
        let (x0, y0) = plot.at(center - 0.34, floor(bar.from));
        let (x1, y1) = plot.at(center + 0.34, floor(bar.to));
        let (y_top, y_bottom) = (y0.min(y1), y0.max(y1).max(y0.min(y1) + 1.5));
        sheet.tip(format!("{}: {}", bar.name, bar.value));
        sheet.rect(Rect::new(x0, y_top, x1, y_bottom), bar.color, 1.0);
        if index + 1 < bars.len() {
            let next = plot.at(center + 1.0 - 0.34, floor(bar.to));
            sheet.path(&[(x1, y1), next], Pen::dashed(AXIS, 1.25, "2 3"));
        }
    }
}

/// Values above the bars (the share of the result above its value), on paper where
/// a line passes.
fn value_labels(sheet: &Sheet, plot: &Plot, bars: &[Bar]) -> Placer {
    let mut placer = Placer {
        bounds: Rect::new(
            plot.rect.x0,
            plot.rect.y0 - 30.0,
            plot.rect.x1,
            plot.rect.y1,
        ),
        ..Placer::default()
    };
    let slot = plot.rect.width() / bars.len().max(1) as f64;
    for (index, bar) in bars.iter().enumerate() {
        let from = if bar.kind == StepKind::Level {
            0.0
        } else {
            bar.from
        };
        let (x, y0) = plot.at(index as f64 + 0.5, from.max(plot.y.0));
        let (_, y1) = plot.at(index as f64 + 0.5, bar.to.max(plot.y.0));
        placer.marks.push(Rect::new(
            x - slot * 0.34,
            y0.min(y1),
            x + slot * 0.34,
            y0.max(y1),
        ));
        let value = Type::bold(size::LABEL, readable(bar.color));
        let mut lines = Vec::new();
        if let Some(share) = &bar.share {
            let small = Type::plain(size::SMALL, SOFT);
            let wrapped = share_lines(share, slot);
            lines.extend(wrapped.into_iter().map(|line| (line, small)));
        }
        lines.push((bar.value.clone(), value));
        let mut bottom = y0.min(y1) - 3.0;
        for (line, kind) in lines.into_iter().rev() {
            let kind = kind.narrowed(&line, slot - 2.0);
            let half = kind.width(&line) / 2.0;
            let covered = Rect::new(
                x - half - 2.0,
                bottom - kind.pitch(),
                x + half + 2.0,
                bottom,
            );
            sheet.rect(covered, PAPER, 0.85);
            sheet.text(
                (x, bottom - kind.pitch() / 2.0),
                HPos::Center,
                VPos::Center,
                &line,
                kind,
            );
            placer.texts.push(covered);
            bottom -= kind.pitch();
        }
    }
    placer
}
