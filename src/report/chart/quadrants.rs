//! What things do to two amounts at once: a dot each in four quadrants.

use jianpai_core::text::{Lang, Text};

use super::look::Paper;
use super::number;
use super::place::{Placer, Rect};
use super::scale::{self, Axis, usable};
use super::sheet::{
    Finished, HPos, KeyItem, MARGIN, Pen, Plot, Point, Sheet, Sign, Type, VPos, frame_height,
    tick_room,
};
use super::text;
use super::theme::{ATTAINED, AXIS, BAD, GOOD, GRID, PAPER, Rgb, SOFT, readable, size};

/// Dots in four quadrants: right cuts one amount, up cuts the other.
#[derive(Clone, Debug, Default)]
pub struct Quadrants {
    /// Headline.
    pub title: Text,
    /// What is drawn.
    pub subtitle: Text,
    /// What the horizontal axis cuts, as in `CO2`.
    pub x_name: Text,
    /// What the vertical axis cuts.
    pub y_name: Text,
    /// Unit of both axes.
    pub unit: Text,
    /// The dots.
    pub points: Vec<QuadrantPoint>,
    /// Source line.
    pub footnote: Text,
}

/// One dot of [`Quadrants`].
#[derive(Clone, Debug, Default)]
pub struct QuadrantPoint {
    /// Its name.
    pub name: Text,
    /// What it cuts of the one; below zero it adds.
    pub x: f64,
    /// What it cuts of the other.
    pub y: f64,
}

/// Height of the page.
const HEIGHT: f64 = 620.0;
/// Dots with a name; smaller ones have a tooltip.
const NAMED: usize = 14;

impl QuadrantPoint {
    /// Colour by quadrant: green cuts both, red adds to one or both.
    fn color(&self) -> Rgb {
        if self.x < 0.0 || self.y < 0.0 {
            BAD
        } else {
            GOOD
        }
    }
}

impl Quadrants {
    /// The dots that can be drawn.
    fn drawn(&self) -> Vec<&QuadrantPoint> {
        let all = self.points.iter();
        all.filter(|point| usable(point.x) && usable(point.y))
            .collect()
    }

    /// The chart with the boxes of its texts.
    pub(super) fn layout(&self, lang: Lang, paper: Paper) -> Finished {
        let (title, footnote) = (self.title.get(lang), self.footnote.get(lang));
        let subtitle = self.subtitle.get(lang);
        let points = self.drawn();
        let key = Self::key(&points, lang);
        let frame = || frame_height(paper, title, subtitle, &key, footnote) + 60.0;
        let sheet = Sheet::new(paper, paper.with_plot(HEIGHT, frame));
        let top = sheet.key_rows(&key, sheet.header(title, subtitle)) + 24.0;
        let bottom = sheet.footer(footnote) - 46.0;
        let area = Rect::new(MARGIN, top, sheet.width() - MARGIN, bottom);
        if points.is_empty() {
            sheet.no_data(area, lang);
            return sheet.finish(title);
        }
        let x = axis(points.iter().map(|point| point.x), 7);
        let y = axis(points.iter().map(|point| point.y), 6);
        let left = area.x0 + tick_room(&y) + 8.0;
        let rect = Rect::new(left, area.y0, area.x1 - 24.0, area.y1);
        let plot = Plot::new(&sheet, rect, (x.lo(), x.hi()), (y.lo(), y.hi()));
        let mut placer = Placer {
            bounds: rect,
            ..Placer::default()
        };
        draw_ground(&sheet, &plot, (&x, &y));
        let zero = plot.at(0.0, 0.0);
        placer.avoid_line(&[(zero.0, rect.y0), (zero.0, rect.y1)]);
        placer.avoid_line(&[(rect.x0, zero.1), (rect.x1, zero.1)]);
        self.draw_names(&sheet, &plot, (&x, area.x0), lang);
        draw_corners(&sheet, &plot, &mut placer, lang);
        draw_points(&sheet, &plot, &mut placer, (&points, self), lang);
        sheet.finish(title)
    }

    /// Signs and their meaning.
    fn key(points: &[&QuadrantPoint], lang: Lang) -> Vec<KeyItem> {
        let meanings = [
            (GOOD, lang.pick("两项都不增", "adds to neither")),
            (BAD, lang.pick("至少一项增加", "adds to one or both")),
        ];
        let shown = |color: Rgb| points.iter().any(|point| point.color() == color);
        let mut key: Vec<KeyItem> = (meanings.into_iter())
            .filter(|(color, _)| shown(*color))
            .map(|(color, words)| (Sign::Dot(color), words.to_owned()))
            .collect();
        if points.len() > NAMED {
            let rest = points.len() - NAMED;
            let words = match lang {
                Lang::Zh => format!("未标名：较小的{rest}项"),
                Lang::En => format!("unnamed: the {rest} smallest"),
            };
            key.push((Sign::Hollow(SOFT), words));
        }
        key
    }

    /// What the axes cut: one below, one above the plot.
    fn draw_names(&self, sheet: &Sheet, plot: &Plot, (x, left): (&Axis, f64), lang: Lang) {
        let kind = Type::bold(size::SMALL, SOFT);
        let named = |name: &Text| {
            let (name, unit) = (name.get(lang), self.unit.get(lang));
            let words = match lang {
                Lang::Zh => format!("{name}减排量（{unit}）"),
                Lang::En => format!("cut of {name} ({unit})"),
            };
            text::fit(&words, kind.size, true, plot.rect.width() * 0.8)
        };
        let below = named(&self.x_name) + " →";
        let at = (plot.rect.x1, plot.rect.y1 + 36.0);
        sheet.text(at, HPos::Right, VPos::Center, &below, kind);
        let above = "↑ ".to_owned() + &named(&self.y_name);
        let at = (left, plot.rect.y0 - 13.0);
        sheet.text(at, HPos::Left, VPos::Center, &above, kind);
        let kind = Type::plain(size::TICK, SOFT);
        let step = plot.rect.width() / (x.ticks.len() - 1) as f64;
        let every = ((tick_room(x) + 14.0) / step).ceil().max(1.0) as usize;
        let zero = x.ticks.iter().position(|tick| *tick == 0.0).unwrap_or(0);
        for (index, (&tick, label)) in x.ticks.iter().zip(x.labels()).enumerate() {
            if index.abs_diff(zero).is_multiple_of(every) {
                let at = (plot.at(tick, plot.y.0).0, plot.rect.y1 + 9.0);
                sheet.text(at, HPos::Center, VPos::Top, &label, kind);
            }
        }
    }
}

/// An axis with zero on it and some room on both sides of it.
fn axis(values: impl Iterator<Item = f64>, count: usize) -> Axis {
    let (lo, hi) = scale::extent(values).unwrap_or((0.0, 0.0));
    let (lo, hi) = (lo.min(0.0), hi.max(0.0));
    let span = if hi > lo { hi - lo } else { 1.0 };
    scale::axis((lo.min(-0.16 * span), hi.max(0.16 * span)), count)
}

/// The quadrant that is wanted, grid and zero lines.
fn draw_ground(sheet: &Sheet, plot: &Plot, (x, y): (&Axis, &Axis)) {
    let rect = plot.rect;
    let zero = plot.at(0.0, 0.0);
    let wanted = Rect::new(zero.0, rect.y0, rect.x1, zero.1);
    sheet.rect(wanted, ATTAINED, 1.0);
    for &tick in &x.ticks {
        let at = plot.at(tick, 0.0).0;
        sheet.path(&[(at, rect.y0), (at, rect.y1)], Pen::solid(GRID, 1.0));
    }
    sheet.y_grid(plot, y);
    let pen = Pen::solid(AXIS, 1.5);
    sheet.path(&[(zero.0, rect.y0), (zero.0, rect.y1)], pen);
    sheet.path(&[(rect.x0, zero.1), (rect.x1, zero.1)], pen);
}

/// The names of the four quadrants, where they fit.
fn draw_corners(sheet: &Sheet, plot: &Plot, placer: &mut Placer, lang: Lang) {
    let rect = plot.rect;
    let (zero_x, zero_y) = plot.at(0.0, 0.0);
    let kind = Type::bold(size::TICK, SOFT);
    let names = [
        (true, true, lang.pick("减污降碳协同", "cuts both")),
        (
            false,
            true,
            lang.pick("减污增碳", "less pollution, more carbon"),
        ),
        (
            true,
            false,
            lang.pick("降碳增污", "less carbon, more pollution"),
        ),
        (false, false, lang.pick("增污增碳", "adds to both")),
    ];
    for (right, up, name) in names {
        let (x0, x1) = if right {
            (zero_x, rect.x1)
        } else {
            (rect.x0, zero_x)
        };
        let room = Rect::new(
            x0 + 8.0,
            if up { rect.y0 } else { zero_y } + 5.0,
            x1 - 8.0,
            if up { zero_y } else { rect.y1 } - 5.0,
        );
        let lines = text::wrap(name, kind.size, true, room.width());
        let tall = kind.pitch() * lines.len() as f64;
        if lines.is_empty() || tall > room.height() || text::cuts_a_word(name, &lines) {
            continue;
        }
        let wide = lines
            .iter()
            .map(|line| kind.width(line))
            .fold(0.0, f64::max);
        let top = if up { room.y0 } else { room.y1 - tall };
        let (x, h, left) = if right {
            (room.x1, HPos::Right, room.x1 - wide)
        } else {
            (room.x0, HPos::Left, room.x0)
        };
        sheet.texts((x, top), h, &lines, kind);
        placer
            .texts
            .push(Rect::new(left, top, left + wide, top + tall));
    }
}

/// Dots, the largest with their names.
fn draw_points(
    sheet: &Sheet,
    plot: &Plot,
    placer: &mut Placer,
    (points, chart): (&[&QuadrantPoint], &Quadrants),
    lang: Lang,
) {
    let zero = plot.at(0.0, 0.0);
    let far = |point: &QuadrantPoint| {
        let (x, y) = plot.at(point.x, point.y);
        (x - zero.0).hypot(y - zero.1)
    };
    let mut order: Vec<&QuadrantPoint> = points.to_vec();
    order.sort_by(|a, b| far(b).total_cmp(&far(a)));
    for (rank, point) in order.iter().enumerate().rev() {
        let at = plot.at(point.x, point.y);
        let told = [point.x, point.y].map(|value| number::signed(-value, 2));
        sheet.tip(format!(
            "{}: {} {}, {} {} ({})",
            point.name.get(lang),
            chart.x_name.get(lang),
            told[0],
            chart.y_name.get(lang),
            told[1],
            chart.unit.get(lang)
        ));
        if rank < NAMED {
            sheet.dot(at, 6.5, PAPER);
            sheet.dot(at, 5.25, point.color());
        } else {
            sheet.ring(at, 3.5, point.color());
        }
        // Twice: a name over another's dot would be taken for its own.
        let mark = Rect::new(at.0, at.1, at.0, at.1).grown(6.0);
        placer.marks.extend([mark, mark]);
    }
    for point in order.into_iter().take(NAMED) {
        let at: Point = plot.at(point.x, point.y);
        let kind = Type::plain(size::SMALL, readable(point.color()));
        super::notes::label_near(sheet, placer, &[at], point.name.get(lang), kind, 16.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_is_on_both_axes_with_room_on_either_side() {
        for values in [
            vec![3.0, 9.0],
            vec![-2.0],
            vec![],
            vec![0.0],
            vec![-1.0, 4.0],
        ] {
            let axis = axis(values.into_iter(), 6);
            assert!(axis.lo() < 0.0 && axis.hi() > 0.0, "{axis:?}");
            assert!(axis.ticks.iter().any(|tick| tick.abs() < 1e-12), "{axis:?}");
        }
    }

    #[test]
    fn dots_are_coloured_by_what_they_do() {
        let of = |x: f64, y: f64| {
            let name = Text::default();
            QuadrantPoint { name, x, y }.color()
        };
        assert_eq!(of(1.0, 1.0), GOOD);
        assert_eq!(of(0.0, 1.0), GOOD);
        assert_eq!(of(-1.0, 1.0), BAD);
    }
}
