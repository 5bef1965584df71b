//! What stands on a line chart beside its lines: records, limits, targets and splices.

use jianpai_core::text::Lang;

use super::lines::LineChart;
use super::notes::{label_near, targets};
use super::number;
use super::place::{Placer, Rect};
use super::scale::usable;
use super::sheet::{HPos, Pen, Plot, Point, Sheet, Type};
use super::text;
use super::theme::{INK, PAPER, Rgb, SHADE, SOFT, readable, size, verdict};

impl LineChart {
    /// Recorded values: one dark line when all series share them.
    pub(super) fn draw_records(&self, sheet: &Sheet, plot: &Plot, placer: &mut Placer, lang: Lang) {
        let mut known: Vec<(Rgb, Vec<(f64, f64)>)> = Vec::new();
        for series in &self.series {
            let records = series.records();
            if !records.is_empty() && !known.iter().any(|(_, other)| *other == records) {
                known.push((readable(series.rgb()), records));
            }
        }
        let single = known.len() == 1;
        for (color, records) in &known {
            let color = if single { INK } else { *color };
            plot.line(records, Pen::solid(color, 1.75));
            let path: Vec<Point> = records.iter().map(|&(x, y)| plot.at(x, y)).collect();
            placer.avoid_line(&path);
            let every = (records.len() / 30).max(1);
            for (&at, (year, value)) in path.iter().zip(records).step_by(every) {
                let words = lang.pick("历史", "recorded");
                sheet.tip(format!("{words} {year}: {}", number::amount(*value)));
                sheet.ring(at, 3.5, color);
            }
        }
    }

    /// Dashed limits.
    pub(super) fn draw_caps(&self, sheet: &Sheet, plot: &Plot) {
        for cap in self.caps.iter().filter(|cap| usable(cap.value)) {
            let y = plot.at(plot.x.0, cap.value).1;
            let pen = Pen::dashed(readable(verdict(cap.standing)), 1.25, "5 4");
            sheet.path(&[(plot.rect.x0, y), (plot.rect.x1, y)], pen);
        }
    }

    /// Labels of the limits, beside their line where there is room.
    pub(super) fn label_caps(&self, sheet: &Sheet, plot: &Plot, placer: &mut Placer, lang: Lang) {
        for cap in self.caps.iter().filter(|cap| usable(cap.value)) {
            let y = plot.at(plot.x.0, cap.value).1;
            let kind = Type::plain(size::TICK, readable(verdict(cap.standing)));
            let along = [0.12, 0.3, 0.5, 0.7, 0.88];
            let marks = along.map(|share| (plot.rect.x0 + plot.rect.width() * share, y));
            label_near(sheet, placer, &marks, cap.label.get(lang), kind, 14.0);
        }
    }

    /// Dashed verticals where the calibre breaks.
    pub(super) fn draw_splices(&self, sheet: &Sheet, plot: &Plot) {
        for x in self.splices_at(plot) {
            let pen = Pen::dashed(SOFT, 1.0, "2 4");
            sheet.path(&[(x, plot.rect.y0), (x, plot.rect.y1)], pen);
        }
    }

    /// Where the splices inside the plot lie, in px.
    fn splices_at(&self, plot: &Plot) -> Vec<f64> {
        let inside = |year: &f64| *year >= plot.x.0 && *year <= plot.x.1;
        let years = self.splices.iter().map(|splice| f64::from(splice.year));
        let years = years.filter(inside);
        years.map(|year| plot.at(year, plot.y.0).0).collect()
    }

    /// Labels of the splices: beside their own line, each in a row of its own from the top.
    pub(super) fn label_splices(
        &self,
        sheet: &Sheet,
        plot: &Plot,
        placer: &mut Placer,
        lang: Lang,
    ) {
        let others = self.splices_at(plot);
        let kind = Type::plain(size::SMALL, SOFT);
        for splice in &self.splices {
            let year = f64::from(splice.year);
            let words = splice.label.get(lang);
            if year < plot.x.0 || year > plot.x.1 || words.trim().is_empty() {
                continue;
            }
            let words = match lang {
                Lang::Zh => format!("口径衔接：{words}"),
                Lang::En => format!("splice: {words}"),
            };
            let words = text::fit(&words, kind.size, false, plot.rect.width() - 24.0);
            let x = plot.at(year, plot.y.0).0;
            let size = (kind.width(&words), kind.pitch());
            let Some(rect) = self.beside(plot, placer, x, size) else {
                continue;
            };
            for &line in others
                .iter()
                .filter(|&&l| l > rect.x0 - 2.0 && l < rect.x1 + 2.0)
            {
                let until = self
                    .history_until
                    .map(|until| plot.at(f64::from(until), 0.0).0);
                let shaded = until.is_some_and(|until| line < until);
                let ground = if shaded { SHADE } else { PAPER };
                sheet.rect(
                    Rect::new(line - 1.5, rect.y0, line + 1.5, rect.y1),
                    ground,
                    1.0,
                );
            }
            sheet.texts((rect.x0, rect.y0), HPos::Left, &[words], kind);
            placer.texts.push(rect);
        }
        for x in others {
            placer.avoid_line(&[(x, plot.rect.y0), (x, plot.rect.y1)]);
        }
    }

    /// The first free place right or left of a vertical, from the top; a place that
    /// covers lines if there is no other, none if all would cover a text.
    fn beside(&self, plot: &Plot, placer: &Placer, x: f64, size: (f64, f64)) -> Option<Rect> {
        let targets: Vec<Rect> = self
            .targets
            .iter()
            .filter(|target| usable(target.value))
            .map(|target| plot.at(f64::from(target.year), target.value))
            .map(|(x, y)| Rect::new(x, y, x, y).grown(16.0))
            .collect();
        let rows = ((plot.rect.height() - 8.0) / (size.1 + 2.0)) as usize;
        let right = (x + 7.0).min(plot.rect.x1 - size.0);
        let left = (x - 7.0 - size.0).max(plot.rect.x0 + 2.0);
        let places = (0..rows).flat_map(|row| {
            let y = plot.rect.y0 + 4.0 + row as f64 * (size.1 + 2.0);
            [right, left].map(|x| Rect::new(x, y, x + size.0, y + size.1))
        });
        let off = |rect: &Rect| {
            let bounds = placer.bounds.holds(rect);
            bounds
                && !placer
                    .texts
                    .iter()
                    .any(|text| text.overlaps(&rect.grown(3.0)))
        };
        let free = |rect: &Rect| {
            let padded = rect.grown(3.0);
            let crossed = |line: &(Point, Point)| padded.inside(line.0, line.1) > 0.0;
            !placer.lines.iter().any(crossed)
                && !targets
                    .iter()
                    .chain(&placer.marks)
                    .any(|m| m.overlaps(&padded))
        };
        let places: Vec<Rect> = places.filter(off).collect();
        places
            .iter()
            .copied()
            .find(free)
            .or(places.first().copied())
    }

    /// Targets, and the lines of limits kept free of their labels.
    pub(super) fn draw_targets(&self, sheet: &Sheet, plot: &Plot, placer: &mut Placer, lang: Lang) {
        for cap in self.caps.iter().filter(|cap| usable(cap.value)) {
            let y = plot.at(plot.x.0, cap.value).1;
            placer.avoid_line(&[(plot.rect.x0, y), (plot.rect.x1, y)]);
        }
        targets(sheet, plot, placer, (&self.targets, false), lang);
    }
}
