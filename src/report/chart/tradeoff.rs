//! What one thing costs in terms of another: a Pareto front, with plans beside it.

use jianpai_core::text::{Lang, Text};

use super::look::Paper;
use super::notes::label_near;
use super::number;
use super::place::{Placer, Rect};
use super::scale::{self, Axis, usable};
use super::sheet::{
    Finished, HPos, KeyItem, MARGIN, Pen, Plot, Point, Sheet, Sign, Type, VPos, frame_height,
    tick_room,
};
use super::text;
use super::theme::{ATTAINED, AXIS, BAD, GRID, INK, SOFT, readable, series, size};

/// A front of two things that are both to be little.
#[derive(Clone, Debug, Default)]
pub struct TradeOff {
    /// Headline.
    pub title: Text,
    /// What is drawn.
    pub subtitle: Text,
    /// What becomes less, with its unit, for the axis below.
    pub across: Text,
    /// What becomes more, with its unit, for the axis at the side.
    pub upwards: Text,
    /// The front, from where nothing is asked to the most there is.
    pub points: Vec<TradePoint>,
    /// Plans beside it.
    pub plans: Vec<TradePlan>,
    /// Source line.
    pub footnote: Text,
}

/// A breakpoint of a [`TradeOff`].
#[derive(Clone, Debug, Default)]
pub struct TradePoint {
    /// What becomes less.
    pub less: f64,
    /// What becomes more.
    pub more: f64,
    /// What is done on the way to it from the point before; of the first point, what it is.
    pub by: Text,
}

/// A plan in the plane of a [`TradeOff`].
#[derive(Clone, Debug, Default)]
pub struct TradePlan {
    /// What becomes less.
    pub less: f64,
    /// What becomes more.
    pub more: f64,
    /// What it is called.
    pub name: Text,
    /// Whether it is the one chosen, not the one stated.
    pub chosen: bool,
}

/// Height of the plot.
const PLOT: f64 = 380.0;
/// Steps are named beside the line up to this number; beyond, the largest are.
const NAMED: usize = 8;

impl TradeOff {
    fn points(&self) -> Vec<&TradePoint> {
        let all = self.points.iter();
        all.filter(|p| usable(p.less) && usable(p.more)).collect()
    }

    fn plans(&self) -> Vec<&TradePlan> {
        let all = self.plans.iter();
        all.filter(|p| usable(p.less) && usable(p.more)).collect()
    }

    /// The chart with the boxes of its texts.
    pub(super) fn layout(&self, lang: Lang, paper: Paper) -> Finished {
        let (title, footnote) = (self.title.get(lang), self.footnote.get(lang));
        let (points, plans) = (self.points(), self.plans());
        let xs = points
            .iter()
            .map(|p| p.less)
            .chain(plans.iter().map(|p| p.less));
        let ys = points
            .iter()
            .map(|p| p.more)
            .chain(plans.iter().map(|p| p.more));
        let ranges = scale::extent(xs).zip(scale::extent(ys));
        let axes = ranges.map(|(x, y)| [padded(x, 7), padded(y, 6)]);
        let cut = axes.iter().flatten().any(scale::is_cut);
        let subtitle = scale::noted(self.subtitle.get(lang), cut, lang);
        let key = self.key(lang);
        let frame = frame_height(paper, title, &subtitle, &key, footnote);
        let sheet = Sheet::new(paper, (frame + PLOT + 78.0).ceil());
        let top = sheet.key_rows(&key, sheet.header(title, &subtitle)) + 28.0;
        sheet.footer(footnote);
        let (Some([across, upwards]), true) = (axes, points.len() > 1) else {
            sheet.no_data(
                Rect::new(MARGIN, top, sheet.width() - MARGIN, top + PLOT),
                lang,
            );
            return sheet.finish(title);
        };
        let room = tick_room(&upwards) + 10.0;
        let rect = Rect::new(
            MARGIN + room,
            top,
            sheet.width() - MARGIN - 16.0,
            top + PLOT,
        );
        let ranges = ((across.lo(), across.hi()), (upwards.lo(), upwards.hi()));
        let plot = Plot::new(&sheet, rect, ranges.0, ranges.1);
        let small = Type::plain(size::SMALL, SOFT);
        let words = text::fit(self.upwards.get(lang), small.size, false, rect.width());
        sheet.text(
            (MARGIN, top - 18.0),
            HPos::Left,
            VPos::Center,
            &words,
            small,
        );
        Self::ground(&sheet, &plot, &points);
        sheet.y_grid(&plot, &upwards);
        below(&sheet, &plot, &across);
        let words = text::fit(self.across.get(lang), small.size, false, rect.width());
        let at = (rect.x1, rect.y1 + 27.0);
        sheet.text(at, HPos::Right, VPos::Top, &words, small);
        draw_front(&sheet, &plot, &points, lang);
        Self::label(&sheet, &plot, (&points, &plans), lang);
        sheet.finish(title)
    }

    /// Signs and their meaning.
    fn key(&self, lang: Lang) -> Vec<KeyItem> {
        let front = lang.pick("前沿：不能再两全", "front: no plan is better in both");
        let can = lang.pick("做得到", "can be done");
        let mut key = vec![
            (Sign::Line(Pen::solid(series(0), 2.5)), front.to_owned()),
            (Sign::Fill(ATTAINED, 1.0), can.to_owned()),
        ];
        for plan in self.plans() {
            let sign = if plan.chosen {
                Sign::Bullseye(series(1))
            } else {
                Sign::Diamond(BAD)
            };
            key.push((sign, plan.name.get(lang).to_owned()));
        }
        key
    }

    /// The ground of what can be done.
    fn ground(sheet: &Sheet, plot: &Plot, points: &[&TradePoint]) {
        let mut corners: Vec<Point> = points.iter().map(|p| plot.at(p.less, p.more)).collect();
        let (Some(first), Some(last)) = (corners.first().copied(), corners.last().copied()) else {
            return;
        };
        let rect = plot.rect;
        corners.push((last.0, rect.y0));
        corners.push((rect.x1, rect.y0));
        corners.push((rect.x1, first.1));
        sheet.polygon(&corners, ATTAINED, 1.0);
    }

    /// Names of steps and plans, where there is room.
    fn label(
        sheet: &Sheet,
        plot: &Plot,
        (points, plans): (&[&TradePoint], &[&TradePlan]),
        lang: Lang,
    ) {
        let mut placer = Placer {
            bounds: plot.rect.grown(-4.0),
            ..Placer::default()
        };
        let path: Vec<Point> = points.iter().map(|p| plot.at(p.less, p.more)).collect();
        placer.avoid_line(&path);
        for plan in plans {
            let (x, y) = plot.at(plan.less, plan.more);
            placer
                .marks
                .push(Rect::new(x - 8.0, y - 8.0, x + 8.0, y + 8.0));
        }
        for plan in plans {
            let at = plot.at(plan.less, plan.more);
            let color = if plan.chosen { series(1) } else { BAD };
            let name = plan.name.get(lang);
            let (less, more) = (number::amount(plan.less), number::amount(plan.more));
            sheet.tip(format!("{name}: {less}, {more}"));
            if plan.chosen {
                sheet.bullseye(at, color);
            } else {
                sheet.diamond(at, 6.0, color);
            }
            let kind = Type::bold(size::TICK, readable(color));
            label_near(sheet, &mut placer, &[at], name, kind, 26.0);
        }
        if let (Some(first), Some(at)) = (points.first(), path.first()) {
            let kind = Type::plain(size::SMALL, SOFT);
            label_near(sheet, &mut placer, &[*at], first.by.get(lang), kind, 20.0);
        }
        // The longest steps are named first: where room is short, the others go without.
        let mut steps: Vec<usize> = (1..points.len()).collect();
        let long = |k: &usize| {
            let (a, b) = (path[*k - 1], path[*k]);
            (a.0 - b.0).hypot(a.1 - b.1)
        };
        steps.sort_by(|a, b| long(b).total_cmp(&long(a)).then(a.cmp(b)));
        for k in steps.into_iter().take(NAMED) {
            let words = points[k].by.get(lang);
            if words.trim().is_empty() || long(&k) < 18.0 {
                continue;
            }
            let along = [0.5, 0.35, 0.65].map(|share| {
                let (a, b) = (path[k - 1], path[k]);
                (a.0 + (b.0 - a.0) * share, a.1 + (b.1 - a.1) * share)
            });
            let kind = Type::plain(size::SMALL, INK);
            label_near(sheet, &mut placer, &along, words, kind, 20.0);
        }
    }
}

/// An axis with a little room at both ends.
fn padded((lo, hi): (f64, f64), count: usize) -> Axis {
    let more = 0.04 * (hi - lo);
    let (lo, hi) = scale::toward_zero((lo, hi));
    scale::axis(
        (
            lo - if lo == 0.0 { 0.0 } else { more },
            hi + if hi == 0.0 { 0.0 } else { more },
        ),
        count,
    )
}

/// The line of the front with its breakpoints.
fn draw_front(sheet: &Sheet, plot: &Plot, points: &[&TradePoint], lang: Lang) {
    let line: Vec<(f64, f64)> = points.iter().map(|p| (p.less, p.more)).collect();
    plot.line(&line, Pen::solid(series(0), 2.5));
    for point in points {
        let (less, more) = (number::amount(point.less), number::amount(point.more));
        sheet.tip(format!("{less}, {more} {}", point.by.get(lang)));
        sheet.dot(plot.at(point.less, point.more), 3.25, series(0));
    }
}

/// The axis below.
fn below(sheet: &Sheet, plot: &Plot, axis: &Axis) {
    let kind = Type::plain(size::TICK, SOFT);
    let y = plot.rect.y1;
    sheet.path(
        &[(plot.rect.x0, y), (plot.rect.x1, y)],
        Pen::solid(AXIS, 1.0),
    );
    let labels = axis.labels();
    let gap = plot.rect.width() / axis.ticks.len().saturating_sub(1).max(1) as f64;
    let every = ((tick_room(axis) + 12.0) / gap).ceil().max(1.0) as usize;
    for (k, (&tick, label)) in axis.ticks.iter().zip(&labels).enumerate() {
        let x = plot.at(tick, plot.y.0).0;
        sheet.path(&[(x, plot.rect.y0), (x, y)], Pen::solid(GRID, 1.0));
        sheet.path(&[(x, y), (x, y + 4.0)], Pen::solid(AXIS, 1.0));
        if k.is_multiple_of(every) {
            sheet.text((x, y + 7.0), HPos::Center, VPos::Top, label, kind);
        }
    }
}
