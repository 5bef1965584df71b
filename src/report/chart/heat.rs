//! A result over two inputs: filled contours, frontiers and the part not attained.

use jianpai_core::text::{Lang, Text};

use super::contour::Field;
use super::hatch::{self, Divide};
use super::look::Paper;
use super::notes::grounded;
use super::number;
use super::place::{Placer, Rect};
use super::scale::{self, Axis, usable};
use super::sheet::{
    Finished, HPos, KeyItem, MARGIN, Pen, Plot, Point, Sheet, Sign, Type, VPos, frame_height,
    tick_room, with_unit,
};
use super::text;
use super::theme::{self, AXIS, GRID, INK, PAPER, Rgb, SOFT, readable, size};

/// A map of a result over two inputs. Values lie on the nodes of the grid; between
/// them the colours follow straight lines, in steps that the scale names.
#[derive(Clone, Debug, Default)]
pub struct ResponseMap {
    /// Headline.
    pub title: Text,
    /// What is drawn; the unit is added to it.
    pub subtitle: Text,
    /// Unit of the result, also over the colour scale.
    pub unit: Text,
    /// The input from left to right.
    pub x: MapAxis,
    /// The input from bottom to top.
    pub y: MapAxis,
    /// Results, `values[row * x.values.len() + column]`; what is not finite is a gap.
    pub values: Vec<f64>,
    /// Where targets are just met, and other lines.
    pub frontiers: Vec<MapFrontier>,
    /// A point to name, as the scenario as stated.
    pub marked: Option<MapPoint>,
    /// Source line.
    pub footnote: Text,
}

/// An input of a [`ResponseMap`].
#[derive(Clone, Debug, Default)]
pub struct MapAxis {
    /// Name.
    pub name: Text,
    /// Unit, added to the name; leave it empty for shares and years.
    pub unit: Text,
    /// How its values are written.
    pub ticks: MapTicks,
    /// Values of the grid, ascending, two or more.
    pub values: Vec<f64>,
}

/// How the values of a [`MapAxis`] are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MapTicks {
    /// As they are.
    #[default]
    Number,
    /// In percent: 0.4 as 40%.
    Share,
    /// Whole numbers without separators: 2030.
    Year,
}

/// A frontier on a [`ResponseMap`].
#[derive(Clone, Debug, Default)]
pub struct MapFrontier {
    /// Label, as in 达标线 SO2 −15%.
    pub label: Text,
    /// Points `(x, y)` in the units of the axes. Attainment lies to the left of the way
    /// from each to the next (x to the right, y up). A line ends on the rim of the grid
    /// or repeats its first point.
    pub lines: Vec<Vec<(f64, f64)>>,
    /// Whether the part not attained is hatched.
    pub hatched: bool,
    /// What holds everywhere when there are no lines.
    pub attained: bool,
}

/// A named point on a [`ResponseMap`].
#[derive(Clone, Debug, Default)]
pub struct MapPoint {
    /// Value of the input from left to right.
    pub x: f64,
    /// Value of the input from bottom to top.
    pub y: f64,
    /// Label.
    pub label: Text,
}

/// Height of the page.
const HEIGHT: f64 = 640.0;
/// Between hatching strokes, along an axis.
const PITCH: f64 = 11.0;
/// Width of the colour scale.
const SCALE: f64 = 18.0;
/// Dashes of the frontiers after the first.
const DASHES: [Option<&str>; 4] = [None, Some("9 4"), Some("3 3.5"), Some("10 3 2 3")];

impl MapAxis {
    /// Range of the values, if they ascend.
    fn range(&self) -> Option<(f64, f64)> {
        let rises = self.values.windows(2).all(|pair| pair[0] < pair[1]);
        let (&lo, &hi) = (self.values.first()?, self.values.last()?);
        (rises && lo < hi && usable(lo) && usable(hi)).then_some((lo, hi))
    }

    /// Ticks inside a range with their labels.
    fn ticks(&self, (lo, hi): (f64, f64), count: usize) -> Vec<(f64, String)> {
        let factor = if self.ticks == MapTicks::Share {
            100.0
        } else {
            1.0
        };
        let axis = scale::axis((lo * factor, hi * factor), count);
        let step = if self.ticks == MapTicks::Year {
            axis.step().max(1.0)
        } else {
            axis.step()
        };
        let decimals = number::tick_decimals(step);
        let label = |value: f64| match self.ticks {
            MapTicks::Number => number::fixed(value, decimals),
            MapTicks::Share => number::fixed(value, decimals) + "%",
            MapTicks::Year => format!("{value:.0}"),
        };
        let slack = (hi - lo) * 1e-9;
        let whole = |value: &f64| self.ticks != MapTicks::Year || value.fract() == 0.0;
        let ticks = axis.ticks.iter().copied().filter(whole);
        ticks
            .map(|value| (value / factor, label(value)))
            .filter(|(at, _)| *at >= lo - slack && *at <= hi + slack)
            .collect()
    }

    /// Name with the unit.
    fn title(&self, lang: Lang) -> String {
        let (name, unit) = (self.name.get(lang).trim(), self.unit.get(lang).trim());
        match (unit.is_empty(), lang) {
            (true, _) => name.to_owned(),
            (false, Lang::Zh) => format!("{name}（{unit}）"),
            (false, Lang::En) => format!("{name} ({unit})"),
        }
    }
}

/// Colour of a frontier.
fn line_color(index: usize) -> Rgb {
    [INK, theme::series(3), theme::series(1), theme::series(7)][index % 4]
}

/// Colour of a step of the scale.
fn step_color(index: usize, steps: usize) -> Rgb {
    theme::sequential(index as f64 / steps.saturating_sub(1).max(1) as f64)
}

impl ResponseMap {
    /// The chart with the boxes of its texts.
    pub(super) fn layout(&self, lang: Lang, paper: Paper) -> Finished {
        let (title, footnote) = (self.title.get(lang), self.footnote.get(lang));
        let subtitle = with_unit(&self.subtitle, &self.unit, lang);
        let key = self.key(lang);
        let frame = || frame_height(paper, title, &subtitle, &key, footnote);
        let sheet = Sheet::new(paper, paper.with_plot(HEIGHT, frame));
        let top = sheet.header(title, &subtitle);
        let top = sheet.key_rows(&key, top) + 4.0;
        let bottom = sheet.footer(footnote);
        let area = Rect::new(MARGIN, top, sheet.width() - MARGIN, bottom);
        let full = self.values.len() == self.x.values.len() * self.y.values.len();
        let values = scale::extent(self.values.iter().copied()).filter(|_| full);
        match (self.x.range(), self.y.range(), values) {
            (Some(x), Some(y), Some(values)) => self.draw_map(&sheet, area, (x, y), values, lang),
            _ => sheet.no_data(area, lang),
        }
        sheet.finish(title)
    }

    /// Signs and their meaning.
    fn key(&self, lang: Lang) -> Vec<KeyItem> {
        let mut key = Vec::new();
        let missed =
            |line: &&MapFrontier| line.hatched && !(line.lines.is_empty() && line.attained);
        let hatched = self.frontiers.iter().filter(missed).count();
        if hatched > 0 {
            let words = match hatched {
                1 => lang.pick("斜线：未达标", "hatched: target missed"),
                _ => lang.pick("斜线：有目标未达标", "hatched: some target missed"),
            };
            key.push((Sign::Hatch, words.to_owned()));
        }
        if self.values.iter().any(|&value| !usable(value)) {
            let words = lang.pick("灰：无结果", "grey: no result");
            key.push((Sign::Fill(GRID, 1.0), words.to_owned()));
        }
        // Lines without room for a label keep their name here.
        for (index, frontier) in self.frontiers.iter().enumerate() {
            let label = frontier.label.get(lang);
            if !label.is_empty() && !frontier.lines.is_empty() {
                let pen = Self::pen(index, 2.25);
                key.push((Sign::Line(pen), label.to_owned()));
            }
        }
        key
    }

    /// The stroke of a frontier.
    fn pen(index: usize, width: f64) -> Pen {
        Pen {
            color: line_color(index),
            width,
            dash: DASHES[index % DASHES.len()],
        }
    }

    /// Everything inside the frame.
    fn draw_map(
        &self,
        sheet: &Sheet,
        area: Rect,
        (x, y): ((f64, f64), (f64, f64)),
        values: (f64, f64),
        lang: Lang,
    ) {
        let kind = Type::plain(size::TICK, SOFT);
        let steps = scale::axis(values, 11);
        let rows = self.y.ticks(y, 6);
        let widest = |labels: &mut dyn Iterator<Item = f64>| labels.fold(0.0, f64::max);
        let left = area.x0 + widest(&mut rows.iter().map(|row| kind.width(&row.1))) + 10.0;
        let unit = text::fit(self.unit.get(lang), size::TICK, false, 120.0);
        let right = (SCALE + 8.0 + tick_room(&steps)).max(kind.width(&unit));
        let rect = Rect::new(left, area.y0 + 30.0, area.x1 - right - 26.0, area.y1 - 50.0);
        let plot = Plot::new(sheet, rect, x, y);
        self.fill(sheet, &plot, &steps);
        let lines = self.lines(&plot);
        self.hatch(sheet, &plot, &lines);
        for (index, frontier) in lines.iter().enumerate() {
            for line in frontier {
                sheet.path(line, Pen::solid(PAPER, 4.75));
                sheet.tip(self.frontiers[index].label.get(lang));
                sheet.path(line, Self::pen(index, 2.25));
            }
        }
        self.rim(sheet, &plot, &rows, lang);
        color_scale(sheet, &steps, (rect, area.x1 - right), &unit);
        let mut placer = Placer {
            bounds: rect.grown(-5.0),
            ..Placer::default()
        };
        for line in lines.iter().flatten() {
            placer.avoid_line(line);
        }
        self.mark(sheet, &plot, &mut placer, lang);
        for (index, frontier) in lines.iter().enumerate() {
            let words = self.frontiers[index].label.get(lang);
            let kind = Type::bold(size::TICK, readable(line_color(index)));
            grounded(sheet, &mut placer, &spots(frontier), words, kind);
        }
    }

    /// Areas of the steps, each over the one below, so that no gap shows.
    fn fill(&self, sheet: &Sheet, plot: &Plot, steps: &Axis) {
        sheet.rect(plot.rect, GRID, 1.0);
        let heights: Vec<f64> = self
            .values
            .iter()
            .map(|&value| if usable(value) { value } else { f64::NAN })
            .collect();
        let columns: Vec<f64> = self
            .x
            .values
            .iter()
            .map(|&x| plot.at(x, plot.y.0).0)
            .collect();
        let rows: Vec<f64> = self
            .y
            .values
            .iter()
            .map(|&y| plot.at(plot.x.0, y).1)
            .collect();
        let field = Field {
            x: &columns,
            y: &rows,
            heights: &heights,
        };
        let count = steps.ticks.len() - 1;
        for (index, &level) in steps.ticks[..count].iter().enumerate() {
            let level = if index == 0 { f64::MIN } else { level };
            let outlines = field.above(level);
            if !outlines.is_empty() {
                sheet.regions(&outlines, step_color(index, count));
            }
        }
    }

    /// The lines of every frontier in px.
    fn lines(&self, plot: &Plot) -> Vec<Vec<Vec<Point>>> {
        let px = |line: &Vec<(f64, f64)>| {
            let points = line.iter().filter(|p| usable(p.0) && usable(p.1));
            let points = points
                .map(|p| plot.at(p.0.clamp(plot.x.0, plot.x.1), p.1.clamp(plot.y.0, plot.y.1)));
            points.collect::<Vec<Point>>()
        };
        let frontier = |frontier: &MapFrontier| {
            let lines = frontier.lines.iter().map(px);
            lines.filter(|line| line.len() > 1).collect()
        };
        self.frontiers.iter().map(frontier).collect()
    }

    /// Hatching where some target is not attained.
    fn hatch(&self, sheet: &Sheet, plot: &Plot, lines: &[Vec<Vec<Point>>]) {
        let pairs = self.frontiers.iter().zip(lines);
        let divides: Vec<Divide> = pairs
            .filter(|(frontier, _)| frontier.hatched)
            .map(|(frontier, lines)| Divide::new(lines, frontier.attained))
            .collect();
        let strokes = hatch::strokes(plot.rect, &divides, PITCH);
        if !strokes.is_empty() {
            sheet.hatching(&strokes);
        }
    }

    /// Frame, ticks and names of the inputs.
    fn rim(&self, sheet: &Sheet, plot: &Plot, rows: &[(f64, String)], lang: Lang) {
        let kind = Type::plain(size::TICK, SOFT);
        let rect = plot.rect;
        let pen = Pen::solid(AXIS, 1.0);
        let corners = [
            (rect.x0, rect.y0),
            (rect.x1, rect.y0),
            (rect.x1, rect.y1),
            (rect.x0, rect.y1),
            (rect.x0, rect.y0),
        ];
        sheet.path(&corners, pen);
        for (value, label) in rows {
            let y = plot.at(plot.x.0, *value).1;
            sheet.path(&[(rect.x0 - 4.0, y), (rect.x0, y)], pen);
            sheet.text((rect.x0 - 8.0, y), HPos::Right, VPos::Center, label, kind);
        }
        let columns = self.x.ticks(plot.x, 8);
        let widest = columns.iter().map(|column| kind.width(&column.1));
        let room = widest.fold(0.0, f64::max) + 12.0;
        let step = rect.width() / columns.len().saturating_sub(1).max(1) as f64;
        let every = (room / step).ceil().max(1.0) as usize;
        for (index, (value, label)) in columns.iter().enumerate() {
            let x = plot.at(*value, plot.y.0).0;
            sheet.path(&[(x, rect.y1), (x, rect.y1 + 4.0)], pen);
            if index % every == 0 {
                sheet.text((x, rect.y1 + 8.0), HPos::Center, VPos::Top, label, kind);
            }
        }
        let bold = Type::bold(size::TICK, INK);
        let name = text::fit(&self.y.title(lang), bold.size, true, rect.x1 - MARGIN);
        let at = (MARGIN, rect.y0 - 18.0);
        sheet.text(at, HPos::Left, VPos::Center, &name, bold);
        let name = text::fit(&self.x.title(lang), bold.size, true, rect.width());
        let at = (rect.center().0, rect.y1 + 36.0);
        sheet.text(at, HPos::Center, VPos::Center, &name, bold);
    }

    /// The named point.
    fn mark(&self, sheet: &Sheet, plot: &Plot, placer: &mut Placer, lang: Lang) {
        let inside = |point: &&MapPoint| {
            point.x >= plot.x.0 && point.x <= plot.x.1 && point.y >= plot.y.0 && point.y <= plot.y.1
        };
        let Some(point) = self.marked.as_ref().filter(inside) else {
            return;
        };
        let at = plot.at(point.x, point.y);
        let words = point.label.get(lang);
        sheet.dot(at, 8.0, PAPER);
        sheet.tip(words);
        sheet.dot(at, 6.0, INK);
        sheet.dot(at, 2.25, PAPER);
        placer
            .marks
            .push(Rect::new(at.0, at.1, at.0, at.1).grown(8.0));
        grounded(sheet, placer, &[at], words, Type::bold(size::TICK, INK));
    }
}

/// Places along lines where a label may stand.
fn spots(lines: &[Vec<Point>]) -> Vec<Point> {
    let length = |line: &Vec<Point>| -> f64 {
        let pairs = line.windows(2);
        pairs
            .map(|p| (p[1].0 - p[0].0).hypot(p[1].1 - p[0].1))
            .sum()
    };
    let Some(line) = lines.iter().reduce(|best, line| {
        if length(line) > length(best) {
            line
        } else {
            best
        }
    }) else {
        return Vec::new();
    };
    let last = line.len() - 1;
    let shares = [0.5, 0.35, 0.65, 0.2, 0.8, 0.08, 0.92];
    let at = |share: f64| line[(share * last as f64).round() as usize];
    shares.map(at).to_vec()
}

/// The colour scale, its steps level with their bounds.
fn color_scale(sheet: &Sheet, steps: &Axis, (rect, x): (Rect, f64), unit: &str) {
    let kind = Type::plain(size::TICK, SOFT);
    let count = steps.ticks.len() - 1;
    let tall = rect.height() / count as f64;
    let bottom = |index: usize| rect.y1 - tall * index as f64;
    // Each over the one below, so that no gap shows.
    for index in 0..count {
        let area = Rect::new(x, rect.y0, x + SCALE, bottom(index));
        sheet.rect(area, step_color(index, count), 1.0);
    }
    let every = (18.0 / tall).ceil().max(1.0) as usize;
    for (index, label) in steps.labels().iter().enumerate() {
        if index % every == 0 {
            let at = (x + SCALE + 8.0, bottom(index));
            sheet.text(at, HPos::Left, VPos::Center, label, kind);
        }
    }
    let at = (x, rect.y0 - 18.0);
    sheet.text(at, HPos::Left, VPos::Center, unit, kind);
}
