//! Areas on top of each other over the years: what measures take off a line, or the parts
//! of a whole. What they are and how they stack is in `stack.rs`.

use jianpai_core::text::Lang;

use super::gutter::{self, EndLabel};
use super::look::Paper;
use super::notes::{self, STRIP};
use super::number;
use super::place::{Placer, Rect};
use super::scale::{self, Axis, usable};
use super::sheet::{
    Finished, KeyItem, MARGIN, Pen, Plot, Point, Sheet, Sign, Type, frame_height, tick_room,
    with_unit,
};
use super::stack::{AreaChart, AreaKind, Edge, Layer};
use super::text;
use super::theme::{BAD, GRID, INK, PAPER, Rgb, SOFT, readable, size};

/// Height of the page.
const HEIGHT: f64 = 580.0;
/// From the end of the areas to their labels.
const REACH: f64 = 26.0;
/// Half the width of a lone year, in years.
const LONE: f64 = 0.35;

impl AreaChart {
    /// The chart with the boxes of its texts.
    pub(super) fn layout(&self, lang: Lang, paper: Paper) -> Finished {
        let kept = self.kept();
        let layers = self.layers(&kept, lang);
        let (title, footnote) = (self.title.get(lang), self.footnote.get(lang));
        let axis = self.axis(&kept, &layers);
        let subtitle = with_unit(&self.subtitle, &self.unit, lang);
        let subtitle = scale::noted(&subtitle, axis.as_ref().is_some_and(scale::is_cut), lang);
        let key = self.key(lang);
        let frame = || frame_height(paper, title, &subtitle, &key, footnote) + 50.0;
        let sheet = Sheet::new(paper, paper.with_plot(HEIGHT, frame));
        let top = sheet.key_rows(&key, sheet.header(title, &subtitle));
        let bottom = sheet.footer(footnote) - 26.0;
        let area = Rect::new(MARGIN, top + self.strip(), sheet.width() - MARGIN, bottom);
        match axis {
            Some(axis) => {
                let drawn = Drawn {
                    chart: self,
                    sheet: &sheet,
                    kept: &kept,
                    layers: &layers,
                    lang,
                };
                drawn.draw(area, &axis);
            }
            None => sheet.no_data(area, lang),
        }
        sheet.finish(title)
    }

    /// Height of what stands over the plot.
    fn strip(&self) -> f64 {
        self.history_until.map_or(8.0, |_| STRIP)
    }

    /// Signs that need a word.
    fn key(&self, lang: Lang) -> Vec<KeyItem> {
        let mut key = Vec::new();
        if let Some(raised) = &self.raised {
            key.push((Sign::Fill(BAD, 0.4), raised.name.get(lang).to_owned()));
        }
        notes::target_key(&self.targets, lang, &mut key);
        key
    }
}

/// A chart on its sheet.
struct Drawn<'a> {
    chart: &'a AreaChart,
    sheet: &'a Sheet,
    kept: &'a [usize],
    layers: &'a [Layer],
    lang: Lang,
}

impl Drawn<'_> {
    /// First and last year of anything drawn.
    fn years(&self) -> (i32, i32) {
        let drawn = self.kept.iter().map(|i| self.chart.years[*i]);
        let targets = self.chart.targets.iter().map(|target| target.year);
        let all = || drawn.clone().chain(targets.clone());
        (all().min().unwrap_or(0), all().max().unwrap_or(0))
    }

    /// Places of the years on the axis; a lone year gets some width.
    fn xs(&self) -> Vec<f64> {
        self.kept
            .iter()
            .map(|i| f64::from(self.chart.years[*i]))
            .collect()
    }

    /// Points of a line over the years drawn.
    fn points(&self, values: &[f64]) -> Vec<(f64, f64)> {
        let all = self.xs().into_iter().zip(values.iter().copied());
        let points: Vec<(f64, f64)> = all.filter(|(_, value)| usable(*value)).collect();
        match points[..] {
            [(x, y)] => vec![(x - LONE, y), (x + LONE, y)],
            _ => points,
        }
    }

    /// The outline of a band between two edges.
    fn band(&self, from: &[f64], to: &[f64]) -> Vec<(f64, f64)> {
        let mut outline = self.points(to);
        outline.extend(self.points(from).into_iter().rev());
        outline
    }

    fn of(&self, values: &[f64]) -> Vec<f64> {
        let get = |i: &usize| values.get(*i).copied().unwrap_or(f64::NAN);
        self.kept.iter().map(get).collect()
    }

    /// Everything inside the frame.
    fn draw(&self, area: Rect, axis: &Axis) {
        let (chart, sheet, lang) = (self.chart, self.sheet, self.lang);
        let (first, last) = self.years();
        let left = area.x0 + tick_room(axis) + 8.0;
        let labels = self.labels(area, axis);
        let plain: Vec<EndLabel> = labels.iter().map(|(_, label)| label.clone()).collect();
        let right = if labels.is_empty() {
            area.x1 - 16.0
        } else {
            area.x1 - gutter::width(&plain) - REACH
        };
        let rect = Rect::new(left, area.y0, right, area.y1);
        let pad = if first == last { 1.0 } else { 0.0 };
        let x = (f64::from(first) - pad, f64::from(last) + pad);
        let plot = Plot::new(sheet, rect, x, (axis.lo(), axis.hi()));
        if let Some(until) = chart.history_until.map(f64::from) {
            notes::history(sheet, &plot, until, false, lang);
        }
        sheet.y_grid(&plot, axis);
        self.draw_floor(&plot);
        self.draw_layers(&plot);
        let mut placer = Placer {
            bounds: rect,
            ..Placer::default()
        };
        self.draw_edges(&plot, &mut placer);
        sheet.years(&plot, first, last);
        notes::targets(sheet, &plot, &mut placer, (&chart.targets, true), lang);
        let end = plot.at(self.end(), axis.lo()).0;
        let labels: Vec<EndLabel> = labels
            .into_iter()
            .map(|(value, label)| EndLabel {
                at: (end, plot.at(x.1, value.clamp(axis.lo(), axis.hi())).1),
                ..label
            })
            .collect();
        gutter::draw(
            sheet,
            &labels,
            right + REACH,
            (area.y0 - chart.strip() + 4.0, area.y1 + 6.0),
        );
    }

    /// Where the areas end.
    fn end(&self) -> f64 {
        let xs = self.xs();
        match xs[..] {
            [x] => x + LONE,
            _ => xs.last().copied().unwrap_or(0.0),
        }
    }

    /// The pale ground under the areas.
    fn draw_floor(&self, plot: &Plot) {
        if self.chart.floor.is_empty() {
            return;
        }
        let floor = self.of(&self.chart.floor);
        let foot = vec![plot.y.0; floor.len()];
        plot.fill(self.band(&foot, &floor), GRID, 1.0);
    }

    /// The areas, each with a light edge, and what lies above the line.
    fn draw_layers(&self, plot: &Plot) {
        for layer in self.layers {
            let value = number::amount(layer.end());
            self.sheet.tip(format!("{}: {value}", layer.name));
            plot.fill(self.band(&layer.from, &layer.to), layer.color, 0.9);
        }
        for layer in self.layers {
            plot.line(&self.points(&layer.to), Pen::solid(PAPER, 0.75));
        }
        if let Some(raised) = &self.chart.raised {
            let (from, to) = (self.of(&raised.from), self.of(&raised.to));
            self.sheet.tip(raised.name.get(self.lang));
            plot.fill(self.band(&from, &to), BAD, 0.4);
        }
    }

    /// The lines, those compared with below.
    fn draw_edges(&self, plot: &Plot, placer: &mut Placer) {
        let (back, front): (Vec<_>, Vec<_>) = self.chart.edges.iter().partition(|e| e.muted);
        for edge in back.into_iter().chain(front) {
            let points = self.points(&self.of(&edge.values));
            let pen = Pen::solid(edge.color(), if edge.muted { 2.25 } else { 2.75 });
            self.sheet.tip(edge.name.get(self.lang));
            plot.line(&points, pen);
            let path: Vec<Point> = points.iter().map(|&(x, y)| plot.at(x, y)).collect();
            placer.avoid_line(&path);
            if let Some(&at) = path.last() {
                self.sheet.dot(at, 5.25, PAPER);
                self.sheet.dot(at, 4.0, edge.color());
            }
        }
    }

    /// Names and last values with the value they stand at, as large as the column allows.
    fn labels(&self, area: Rect, axis: &Axis) -> Vec<(f64, EndLabel)> {
        let room = area.height() + self.chart.strip() - 2.0;
        let widest = area.width() * 0.36;
        let tries = [
            (size::LABEL, 0.55, false),
            (13.0, 0.7, false),
            (12.0, 0.85, false),
            (11.5, 1.0, true),
            (11.0, 1.0, true),
        ];
        let mut labels = Vec::new();
        for (size, share, one_line) in tries {
            labels = self.labels_at(size, (widest * share, one_line), axis);
            let plain: Vec<EndLabel> = labels.iter().map(|l| l.1.clone()).collect();
            if gutter::fit_in(&plain, room) && plain.iter().all(|l| l.lines.len() <= 3) {
                break;
            }
        }
        labels
    }

    /// Labels in one size.
    fn labels_at(
        &self,
        size: f64,
        (wide, one_line): (f64, bool),
        axis: &Axis,
    ) -> Vec<(f64, EndLabel)> {
        let value = Type::plain((size - 1.0).clamp(11.0, 13.0), SOFT);
        let label = |name: &str, color: Rgb, told: String| {
            let kind = Type::bold(size, readable(color));
            let lines = if one_line {
                let room = wide - kind.width(&format!(" {told}"));
                let name = text::fit(name, size, true, room);
                vec![(format!("{name} {told}"), kind)]
            } else {
                let names = text::lines(name, size, true, wide, 3);
                let names = names.into_iter().map(|line| (line, kind));
                names.chain([(told, value)]).collect()
            };
            EndLabel {
                at: (0.0, 0.0),
                lines,
            }
        };
        let total: f64 = self.layers.iter().map(Layer::end).sum();
        let mut all = Vec::new();
        // The lines first: where room is short, they stay.
        for edge in &self.chart.edges {
            if let Some(end) = self.of(&edge.values).last().filter(|end| usable(**end)) {
                let told = number::amount(*end);
                all.push((*end, label(edge.name.get(self.lang), edge.color(), told)));
            }
        }
        let mut layers: Vec<&Layer> = self.layers.iter().collect();
        layers.sort_by(|a, b| b.end().abs().total_cmp(&a.end().abs()));
        for layer in layers.into_iter().filter(|layer| layer.end() != 0.0) {
            let end = layer.end();
            let told = match self.chart.kind {
                AreaKind::Wedges => number::signed(-end, number::amount_decimals(end)),
                AreaKind::Parts if total > 0.0 && end > 0.0 => {
                    let share = number::fixed(end / total * 100.0, 1);
                    format!("{} ({share}%)", number::amount(end))
                }
                AreaKind::Parts => number::amount(end),
            };
            let ends = (layer.from.last().copied(), layer.to.last().copied());
            let (from, to) = (ends.0.unwrap_or(0.0), ends.1.unwrap_or(0.0));
            let middle = f64::midpoint(from.max(axis.lo()), to.max(axis.lo()));
            all.push((middle, label(&layer.name, layer.color, told)));
        }
        all
    }
}

impl Edge {
    /// Colour of the line.
    fn color(&self) -> Rgb {
        if self.muted { SOFT } else { INK }
    }
}
