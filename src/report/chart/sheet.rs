//! The sheet a chart is drawn on: shapes in px, the frame of headline and source
//! line, keys, and plots with a coordinate system.

use std::cell::RefCell;
use std::rc::Rc;

use jianpai_core::text::{Lang, Text as Words};
use plotters::coord::Shift;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::{
    Cartesian2d, Circle, DrawingArea, IntoDrawingArea, LineSeries, PathElement, Polygon, RGBColor,
    Rectangle, ShapeStyle, Text,
};
use plotters::style::text_anchor::Pos;
pub(super) use plotters::style::text_anchor::{HPos, VPos};
use plotters::style::{Color, FontDesc, FontFamily, FontStyle, TextStyle};

use super::backend::{FINE, Page, Svg};
use super::look::Paper;
use super::place::Rect;
use super::text;
use super::theme::{self, AXIS, GRID, INK, PAPER, Rgb, SOFT, size};

/// Space kept free around everything.
pub(super) const MARGIN: f64 = 28.0;

/// A point in px.
pub(super) type Point = (f64, f64);

/// Size, weight and colour of a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Type {
    /// Size in px.
    pub size: f64,
    /// Bold or regular.
    pub bold: bool,
    /// Colour; used as it is.
    pub color: Rgb,
}

impl Type {
    /// A regular type.
    pub fn plain(size: f64, color: Rgb) -> Self {
        Self {
            size,
            bold: false,
            color,
        }
    }

    /// A bold type.
    pub fn bold(size: f64, color: Rgb) -> Self {
        Self {
            size,
            bold: true,
            color,
        }
    }

    /// Width of a text in this type.
    pub fn width(&self, text: &str) -> f64 {
        text::width(text, self.size, self.bold)
    }

    /// Smaller if a line is wider than `room`, but never too small to read.
    pub fn narrowed(self, line: &str, room: f64) -> Self {
        let share = (room / self.width(line)).min(1.0);
        let size = (self.size * share).max(self.size.min(size::LEAST));
        Self { size, ..self }
    }

    /// Distance between lines.
    pub fn pitch(&self) -> f64 {
        (self.size * 1.3).round()
    }
}

/// A stroke.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pen {
    /// Colour.
    pub color: Rgb,
    /// Width in px.
    pub width: f64,
    /// Dash pattern.
    pub dash: Option<&'static str>,
}

impl Pen {
    /// A solid stroke.
    pub fn solid(color: Rgb, width: f64) -> Self {
        Self {
            color,
            width,
            dash: None,
        }
    }

    /// A dashed stroke.
    pub fn dashed(color: Rgb, width: f64, dash: &'static str) -> Self {
        Self {
            color,
            width,
            dash: Some(dash),
        }
    }

    /// The same for plotters.
    fn style(self) -> ShapeStyle {
        ShapeStyle {
            color: rgb(self.color).to_rgba(),
            filled: false,
            stroke_width: (self.width * FINE).round() as u32,
        }
    }
}

/// A sign in a key.
#[derive(Clone, Copy, Debug)]
pub(super) enum Sign {
    /// A line.
    Line(Pen),
    /// A line with a hollow marker.
    Ring(Rgb),
    /// A filled dot.
    Dot(Rgb),
    /// A hollow dot.
    Hollow(Rgb),
    /// A hollow dot with a small one in it.
    Bullseye(Rgb),
    /// A line that ends in a short bar.
    End(Rgb),
    /// A target.
    Diamond(Rgb),
    /// An area of an opacity.
    Fill(Rgb, f64),
    /// A hatched area.
    Hatch,
    /// A line with short ends.
    Whisker(Rgb),
}

/// A sign and what it means.
pub(super) type KeyItem = (Sign, String);

/// A page under construction.
pub(super) struct Sheet {
    page: Rc<RefCell<Page>>,
    root: DrawingArea<Svg, Shift>,
    spare: f64,
}

/// A finished page.
pub(super) struct Finished {
    /// The SVG document.
    pub svg: String,
    /// Every text with its box.
    #[cfg_attr(not(test), expect(dead_code, reason = "read by the overlap test"))]
    pub boxes: Vec<(Rect, String)>,
    /// Width and height.
    pub size: Point,
}

/// A colour for plotters.
fn rgb(color: Rgb) -> RGBColor {
    RGBColor(color.0, color.1, color.2)
}

/// A length in virtual units.
fn fine(value: f64) -> i32 {
    (value * FINE).round() as i32
}

/// A point in virtual units.
fn fine_point((x, y): Point) -> (i32, i32) {
    (fine(x), fine(y))
}

/// Drops the result of a drawing call: the backend writes to memory and cannot fail.
fn done<T, E>(_: Result<T, E>) {}

impl Sheet {
    /// An empty page, at least `height` px tall.
    pub fn new(paper: Paper, height: f64) -> Self {
        Self::sized(paper, height, paper.tall(height))
    }

    /// A page to measure on.
    pub fn probe(paper: Paper) -> Self {
        Self::sized(paper, 1000.0, 1000.0)
    }

    fn sized(paper: Paper, wanted: f64, height: f64) -> Self {
        let page = Rc::new(RefCell::new(Page::new(paper, height)));
        let root = Svg(Rc::clone(&page)).into_drawing_area();
        let spare = height - wanted;
        let sheet = Self { page, root, spare };
        sheet.rect(Rect::new(0.0, 0.0, paper.width, height), PAPER, 1.0);
        sheet
    }

    /// A part of the height that the page has beyond what was asked for.
    pub fn spare(&self, part: f64) -> f64 {
        self.spare * part
    }

    /// Width in px.
    pub fn width(&self) -> f64 {
        self.page.borrow().size.0
    }

    /// Height in px.
    pub fn height(&self) -> f64 {
        self.page.borrow().size.1
    }

    /// The document.
    pub fn finish(self, name: &str) -> Finished {
        let page = self.page.borrow();
        Finished {
            svg: page.document(&text::tidy(name)),
            boxes: page.boxes.clone(),
            size: page.size,
        }
    }

    /// Gives the next shape a tooltip.
    pub fn tip(&self, text: impl Into<String>) {
        self.page.borrow_mut().tooltip = Some(text.into());
    }

    /// One line of text.
    pub fn text(&self, at: Point, h: HPos, v: VPos, text: &str, kind: Type) {
        let weight = if kind.bold {
            FontStyle::Bold
        } else {
            FontStyle::Normal
        };
        let style = TextStyle {
            font: FontDesc::new(FontFamily::SansSerif, kind.size * FINE, weight),
            color: rgb(kind.color).to_backend_color(),
            pos: Pos::new(h, v),
        };
        done(
            self.root
                .draw(&Text::new(text.to_owned(), fine_point(at), style)),
        );
    }

    /// Lines below each other from `top`; returns the bottom.
    pub fn texts(&self, (x, top): Point, h: HPos, lines: &[String], kind: Type) -> f64 {
        let mut y = top;
        for line in lines {
            self.text((x, y + kind.pitch() / 2.0), h, VPos::Center, line, kind);
            y += kind.pitch();
        }
        y
    }

    /// A polyline.
    pub fn path(&self, points: &[Point], pen: Pen) {
        self.page.borrow_mut().dash = pen.dash;
        let points: Vec<_> = points.iter().copied().map(fine_point).collect();
        done(self.root.draw(&PathElement::new(points, pen.style())));
        self.page.borrow_mut().dash = None;
    }

    /// A filled rectangle.
    pub fn rect(&self, area: Rect, color: Rgb, alpha: f64) {
        let corners = [
            fine_point((area.x0, area.y0)),
            fine_point((area.x1, area.y1)),
        ];
        done(
            self.root
                .draw(&Rectangle::new(corners, rgb(color).mix(alpha).filled())),
        );
    }

    /// A filled polygon.
    pub fn polygon(&self, points: &[Point], color: Rgb, alpha: f64) {
        let points: Vec<_> = points.iter().copied().map(fine_point).collect();
        done(
            self.root
                .draw(&Polygon::new(points, rgb(color).mix(alpha).filled())),
        );
    }

    /// One area of several closed outlines, holes included.
    pub fn regions(&self, outlines: &[Vec<Point>], color: Rgb) {
        self.page.borrow_mut().regions(outlines, color);
    }

    /// Hatching: many thin strokes.
    pub fn hatching(&self, lines: &[[Point; 2]]) {
        self.page.borrow_mut().strokes(lines, INK, (1.0, 0.42));
    }

    /// A horizontal range with short ends on a light edge.
    pub fn whisker(&self, (x0, x1): (f64, f64), y: f64, half: f64, color: Rgb) {
        for (color, width) in [(PAPER, 4.5), (color, 1.75)] {
            let pen = Pen::solid(color, width);
            self.path(&[(x0, y), (x1, y)], pen);
            for x in [x0, x1] {
                self.path(&[(x, y - half), (x, y + half)], pen);
            }
        }
    }

    /// A filled circle.
    pub fn dot(&self, center: Point, radius: f64, color: Rgb) {
        done(self.root.draw(&Circle::new(
            fine_point(center),
            fine(radius),
            rgb(color).filled(),
        )));
    }

    /// A hollow circle; the tooltip goes to its outline.
    pub fn ring(&self, center: Point, radius: f64, color: Rgb) {
        let tip = self.page.borrow_mut().tooltip.take();
        self.dot(center, radius, PAPER);
        self.page.borrow_mut().tooltip = tip;
        let pen = Pen::solid(color, 1.75);
        done(
            self.root
                .draw(&Circle::new(fine_point(center), fine(radius), pen.style())),
        );
    }

    /// A hollow circle with a dot in it.
    pub fn bullseye(&self, center: Point, color: Rgb) {
        self.ring(center, 4.5, color);
        self.dot(center, 2.0, color);
    }

    /// A target's diamond with a white edge.
    pub fn diamond(&self, (x, y): Point, radius: f64, color: Rgb) {
        let corners = |r: f64| [(x, y - r), (x + r, y), (x, y + r), (x - r, y)];
        let tip = self.page.borrow_mut().tooltip.take();
        self.polygon(&corners(radius + 1.75), PAPER, 1.0);
        self.page.borrow_mut().tooltip = tip;
        self.polygon(&corners(radius), color, 1.0);
    }

    /// Headline and subtitle; returns where the chart may begin.
    pub fn header(&self, title: &str, subtitle: &str) -> f64 {
        let room = self.width() - 2.0 * MARGIN;
        let mut y = 18.0;
        let kind = [size::TITLE, 20.0, 18.0]
            .into_iter()
            .map(|size| Type::bold(size, INK))
            .find(|kind| text::wrap(title, kind.size, true, room).len() <= 2)
            .unwrap_or(Type::bold(17.0, INK));
        let lines = text::lines(title, kind.size, true, room, 3);
        let lines = if lines.len() == 2 {
            text::at_a_pause(title, kind.size, true, room).map_or(lines, Vec::from)
        } else {
            lines
        };
        y = self.texts((MARGIN, y), HPos::Left, &lines, kind);
        let kind = Type::plain(size::SUBTITLE, SOFT);
        let lines = text::lines_greedy(subtitle, kind.size, room, 3);
        self.texts((MARGIN, y + 2.0), HPos::Left, &lines, kind) + 8.0
    }

    /// The source line; returns where the chart must end.
    pub fn footer(&self, footnote: &str) -> f64 {
        let kind = Type::plain(size::FOOT, SOFT);
        let lines = text::lines_greedy(footnote, size::FOOT, self.width() - 2.0 * MARGIN, 4);
        let top = self.height() - 14.0 - kind.pitch() * lines.len() as f64;
        self.texts((MARGIN, top), HPos::Left, &lines, kind);
        top - 8.0
    }

    /// A key in rows; returns its bottom.
    pub fn key_rows(&self, items: &[KeyItem], top: f64) -> f64 {
        let kind = Type::plain(size::SMALL, SOFT);
        let (mut x, mut y) = (MARGIN, top);
        for (sign, label) in items {
            let label = text::fit(label, kind.size, false, self.width() - 2.0 * MARGIN - 28.0);
            let wide = 26.0 + kind.width(&label);
            if x > MARGIN && x + wide > self.width() - MARGIN {
                x = MARGIN;
                y += 18.0;
            }
            self.sign(*sign, (x, y + 9.0));
            self.text((x + 26.0, y + 9.0), HPos::Left, VPos::Center, &label, kind);
            x += wide + 22.0;
        }
        if items.is_empty() { top } else { y + 22.0 }
    }

    /// A key in a column of its own; returns its bottom.
    pub fn key_column(&self, items: &[KeyItem], area: Rect) -> f64 {
        let kind = Type::plain(size::TICK, SOFT);
        let mut y = area.y0;
        for (sign, label) in items {
            let lines = text::lines(label, kind.size, false, area.width() - 30.0, 3);
            if y + kind.pitch() * lines.len() as f64 > area.y1 {
                break;
            }
            self.sign(*sign, (area.x0, y + kind.pitch() / 2.0));
            y = self.texts((area.x0 + 30.0, y), HPos::Left, &lines, kind) + 7.0;
        }
        y
    }

    /// A sign 20 px wide from `at` on.
    fn sign(&self, sign: Sign, at: Point) {
        let ends = [at, (at.0 + 20.0, at.1)];
        let middle = (at.0 + 10.0, at.1);
        match sign {
            Sign::Line(pen) => self.path(&ends, pen),
            Sign::Ring(color) => {
                self.path(&ends, Pen::solid(color, 1.5));
                self.ring(middle, 3.5, color);
            }
            Sign::End(color) => {
                self.path(&[at, middle], Pen::solid(color, 2.0));
                let (x, y) = middle;
                self.path(&[(x, y - 5.0), (x, y + 5.0)], Pen::solid(color, 2.5));
            }
            Sign::Dot(color) => self.dot(middle, 4.5, color),
            Sign::Hollow(color) => self.ring(middle, 4.0, color),
            Sign::Bullseye(color) => self.bullseye(middle, color),
            Sign::Diamond(color) => self.diamond(middle, 5.0, color),
            Sign::Hatch => {
                let (x, y) = at;
                self.rect(Rect::new(x, y - 6.0, x + 20.0, y + 6.0), theme::GRID, 1.0);
                let line = |k: i32| {
                    let from = x + 4.0 * f64::from(k);
                    [(from, y + 6.0), (from + 12.0, y - 6.0)]
                };
                self.hatching(&[line(-1), line(1), line(0), line(2)].map(|[a, b]| {
                    let slide = (x - a.0).max(0.0);
                    let over = (b.0 - x - 20.0).max(0.0);
                    [(a.0 + slide, a.1 - slide), (b.0 - over, b.1 + over)]
                }));
            }
            Sign::Whisker(color) => self.whisker((at.0 + 1.0, at.0 + 19.0), at.1, 4.0, color),
            Sign::Fill(color, alpha) => {
                self.rect(
                    Rect::new(at.0, at.1 - 6.0, at.0 + 20.0, at.1 + 6.0),
                    color,
                    alpha,
                );
            }
        }
    }

    /// Says that there is nothing to draw.
    pub fn no_data(&self, area: Rect, lang: Lang) {
        let kind = Type::plain(16.0, SOFT);
        let words = lang.pick("无数据", "No data");
        self.text(area.center(), HPos::Center, VPos::Center, words, kind);
    }

    /// Values beside the grid lines of an axis, right of `x`, and the lines.
    pub fn y_grid(&self, plot: &Plot, axis: &super::scale::Axis) {
        let kind = Type::plain(size::TICK, SOFT);
        for (&tick, label) in axis.ticks.iter().zip(axis.labels()) {
            let y = plot.at(plot.x.0, tick).1;
            self.path(
                &[(plot.rect.x0, y), (plot.rect.x1, y)],
                Pen::solid(GRID, 1.0),
            );
            self.text(
                (plot.rect.x0 - 8.0, y),
                HPos::Right,
                VPos::Center,
                &label,
                kind,
            );
        }
    }

    /// Years under a plot.
    pub fn years(&self, plot: &Plot, first: i32, last: i32) {
        let kind = Type::plain(size::TICK, SOFT);
        let label = kind
            .width(&first.to_string())
            .max(kind.width(&last.to_string()));
        let y = plot.rect.y1;
        self.path(
            &[(plot.rect.x0, y), (plot.rect.x1, y)],
            Pen::solid(AXIS, 1.0),
        );
        for year in super::scale::year_ticks(first, last, plot.rect.width(), label) {
            let x = plot.at(f64::from(year), plot.y.0).0;
            self.path(&[(x, y), (x, y + 4.0)], Pen::solid(AXIS, 1.0));
            self.text(
                (x, y + 9.0),
                HPos::Center,
                VPos::Top,
                &year.to_string(),
                kind,
            );
        }
    }
}

/// Height of headline, key and source line together.
pub(super) fn frame_height(
    paper: Paper,
    title: &str,
    subtitle: &str,
    key: &[KeyItem],
    footnote: &str,
) -> f64 {
    let probe = Sheet::probe(paper);
    let top = probe.header(title, subtitle);
    probe.key_rows(key, top) + (probe.height() - probe.footer(footnote))
}

/// Width of the widest tick label.
pub(super) fn tick_room(axis: &super::scale::Axis) -> f64 {
    let kind = Type::plain(size::TICK, SOFT);
    axis.labels()
        .iter()
        .map(|label| kind.width(label))
        .fold(0.0, f64::max)
}

/// Joins the subtitle and the unit.
pub(super) fn with_unit(subtitle: &Words, unit: &Words, lang: Lang) -> String {
    let (subtitle, unit) = (subtitle.get(lang).trim(), unit.get(lang).trim());
    if subtitle.is_empty() || unit.is_empty() {
        return format!("{subtitle}{unit}");
    }
    format!("{subtitle}{}{unit}", lang.pick("，", ", "))
}

/// An area with a Cartesian coordinate system.
pub(super) struct Plot {
    /// The area in px.
    pub rect: Rect,
    /// Range in x.
    pub x: (f64, f64),
    /// Range in y.
    pub y: (f64, f64),
    page: Rc<RefCell<Page>>,
    area: DrawingArea<Svg, Cartesian2d<RangedCoordf64, RangedCoordf64>>,
}

impl Plot {
    /// Lays a coordinate system over an area of the sheet.
    pub fn new(sheet: &Sheet, rect: Rect, x: (f64, f64), y: (f64, f64)) -> Self {
        let (left, top) = fine_point((rect.x0, rect.y0));
        let (right, bottom) = fine_point((rect.x1, rect.y1));
        let coords = Cartesian2d::new(x.0..x.1, y.0..y.1, (left..right, bottom..top));
        Self {
            rect,
            x,
            y,
            page: Rc::clone(&sheet.page),
            area: sheet.root.apply_coord_spec(coords),
        }
    }

    /// Where a value lies, in px.
    pub fn at(&self, x: f64, y: f64) -> Point {
        let (x, y) = self.area.map_coordinate(&(x, y));
        (f64::from(x) / FINE, f64::from(y) / FINE)
    }

    /// A line through values.
    pub fn line(&self, values: &[(f64, f64)], pen: Pen) {
        self.page.borrow_mut().dash = pen.dash;
        for element in LineSeries::new(values.iter().copied(), pen.style()) {
            done(self.area.draw(&element));
        }
        let mut page = self.page.borrow_mut();
        page.dash = None;
        page.tooltip = None;
    }

    /// An area with these corners.
    pub fn fill(&self, corners: Vec<(f64, f64)>, color: Rgb, alpha: f64) {
        done(
            self.area
                .draw(&Polygon::new(corners, rgb(color).mix(alpha).filled())),
        );
    }

    /// The recorded years' ground.
    pub fn shade_until(&self, sheet: &Sheet, year: f64, top: f64) -> f64 {
        let x = self.at(year.clamp(self.x.0, self.x.1), self.y.0).0;
        sheet.rect(
            Rect::new(self.rect.x0, top, x, self.rect.y1),
            theme::SHADE,
            1.0,
        );
        x
    }
}
