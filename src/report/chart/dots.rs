//! What is reached against what is asked for: a row a target, each on its own scale.

use crate::standing::Standing;
use jianpai_core::text::{Lang, Text};

use super::look::Paper;
use super::number;
use super::place::Rect;
use super::scale::{self, Axis, usable};
use super::sheet::{Finished, HPos, KeyItem, MARGIN, Pen, Sheet, Sign, Type, VPos, frame_height};
use super::text;
use super::theme::{ATTAINED, AXIS, GRID, INK, SOFT, readable, size, verdict};

/// A dot plot of targets. How far a result is beyond its target is drawn in percent of
/// the target, so that targets of all kinds stand on one scale: right of the line is met.
#[derive(Clone, Debug, Default)]
pub struct TargetDots {
    /// Headline.
    pub title: Text,
    /// What is drawn.
    pub subtitle: Text,
    /// The targets, from top to bottom.
    pub rows: Vec<TargetRow>,
    /// What a hollow dot is: the same target in the other book.
    pub other_name: Text,
    /// What a whisker is.
    pub interval_name: Text,
    /// Source line.
    pub footnote: Text,
}

/// One target of [`TargetDots`].
#[derive(Clone, Debug, Default)]
pub struct TargetRow {
    /// Its indicator.
    pub name: Text,
    /// What it demands.
    pub demand: Text,
    /// What is reached, in the same terms.
    pub reached: Text,
    /// By how much the result is beyond the target (above 0) or short of it, in percent of
    /// the target; what is not finite has no dot.
    pub margin: f64,
    /// The same of the ends of the result's band.
    pub interval: Option<(f64, f64)>,
    /// The same in the other book.
    pub other: Option<f64>,
    /// How it stands.
    pub standing: Standing,
}

/// Farther than this from its target (percent) a result stands at the edge.
const FAR: f64 = 150.0;
/// Widest column of names, as a part of the page.
const NAMES: f64 = 0.34;
/// Widest column of results, as a part of the page.
const RESULTS: f64 = 0.22;

/// A row with its lines.
struct Row<'a> {
    of: &'a TargetRow,
    names: Vec<String>,
    demands: Vec<String>,
    reached: Vec<String>,
    words: Vec<String>,
    height: f64,
}

/// Types of the first and the second line of a row.
fn types() -> (Type, Type) {
    (Type::bold(size::TICK, INK), Type::plain(size::SMALL, SOFT))
}

impl TargetRow {
    /// The row with its lines on a page of some width.
    fn laid_out(&self, wide: f64, lang: Lang) -> Row<'_> {
        let (bold, small) = types();
        let names = text::lines(self.name.get(lang), bold.size, true, wide * NAMES, 2);
        let demands = text::lines(self.demand.get(lang), small.size, false, wide * NAMES, 2);
        let right = wide * RESULTS;
        let reached = text::lines(self.reached.get(lang), bold.size, true, right, 2);
        let words = self.standing.words();
        let words = text::lines(words.get(lang), small.size, false, right, 2);
        let tall = |first: &[String], second: &[String]| {
            bold.pitch() * first.len() as f64 + small.pitch() * second.len() as f64
        };
        let height = tall(&names, &demands).max(tall(&reached, &words)) + 12.0;
        Row {
            of: self,
            names,
            demands,
            reached,
            words,
            height,
        }
    }

    /// Everything that has a place on the scale.
    fn values(&self) -> impl Iterator<Item = f64> {
        let ends = self.interval.into_iter().flat_map(|(lo, hi)| [lo, hi]);
        let all = [self.margin].into_iter().chain(ends).chain(self.other);
        all.filter(|value| usable(*value))
    }
}

impl TargetDots {
    /// The chart with the boxes of its texts.
    pub(super) fn layout(&self, lang: Lang, paper: Paper) -> Finished {
        let (title, footnote) = (self.title.get(lang), self.footnote.get(lang));
        let subtitle = self.subtitle.get(lang);
        let key = self.key(lang);
        let rows: Vec<Row> = (self.rows.iter())
            .map(|row| row.laid_out(paper.width, lang))
            .collect();
        let body: f64 = rows.iter().map(|row| row.height).sum();
        let frame = frame_height(paper, title, subtitle, &key, footnote);
        let sheet = Sheet::new(paper, (frame + body.max(80.0) + 62.0).ceil());
        let top = sheet.key_rows(&key, sheet.header(title, subtitle)) + 26.0 + sheet.spare(0.4);
        sheet.footer(footnote);
        if rows.is_empty() {
            let area = Rect::new(MARGIN, top, sheet.width() - MARGIN, top + 80.0);
            sheet.no_data(area, lang);
            return sheet.finish(title);
        }
        let axis = self.axis();
        let (bold, small) = types();
        let widest = |lines: &mut dyn Iterator<Item = f64>| lines.fold(40.0, f64::max);
        let left = widest(&mut rows.iter().flat_map(|row| {
            let names = row.names.iter().map(|line| bold.width(line));
            names.chain(row.demands.iter().map(|line| small.width(line)))
        }));
        let right = widest(&mut rows.iter().flat_map(|row| {
            let reached = row.reached.iter().map(|line| bold.width(line));
            reached.chain(row.words.iter().map(|line| small.width(line)))
        }));
        let x0 = MARGIN + left + 24.0;
        let x1 = sheet.width() - MARGIN - right - 24.0;
        let scale = Across {
            axis: &axis,
            x0,
            x1,
        };
        draw_ground(&sheet, &scale, (top, top + body), lang);
        let mut y = top;
        for (index, row) in rows.iter().enumerate() {
            if index > 0 {
                let ends = [(MARGIN, y), (sheet.width() - MARGIN, y)];
                sheet.path(&ends, Pen::solid(GRID, 1.0));
            }
            draw_row(&sheet, row, &scale, y, lang);
            y += row.height;
        }
        sheet.finish(title)
    }

    /// The scale in percent of the target, zero always on it.
    fn axis(&self) -> Axis {
        let values = self.rows.iter().flat_map(TargetRow::values);
        let near = values.map(|value| value.clamp(-FAR, FAR));
        let (lo, hi) = scale::extent(near).unwrap_or((0.0, 0.0));
        scale::axis((lo.min(-10.0), hi.max(10.0)), 6)
    }

    /// Signs and their meaning.
    fn key(&self, lang: Lang) -> Vec<KeyItem> {
        let mut key = Vec::new();
        for standing in Standing::ALL {
            let mut rows = self.rows.iter();
            if rows.any(|row| row.standing == standing && usable(row.margin)) {
                let words = standing.words();
                key.push((Sign::Dot(verdict(standing)), words.get(lang).to_owned()));
            }
        }
        if self.rows.iter().any(|row| row.other.is_some_and(usable)) {
            key.push((Sign::Hollow(SOFT), self.other_name.get(lang).to_owned()));
        }
        if self.rows.iter().any(|row| row.interval.is_some()) {
            key.push((Sign::Whisker(INK), self.interval_name.get(lang).to_owned()));
        }
        key.retain(|(_, words)| !words.is_empty());
        key
    }
}

/// The scale across the page.
struct Across<'a> {
    axis: &'a Axis,
    x0: f64,
    x1: f64,
}

impl Across<'_> {
    /// Where a value lies; beyond the ends, at them.
    fn at(&self, value: f64) -> f64 {
        let (lo, hi) = (self.axis.lo(), self.axis.hi());
        let share = (value.clamp(lo, hi) - lo) / (hi - lo);
        self.x0 + share * (self.x1 - self.x0)
    }

    fn holds(&self, value: f64) -> bool {
        (self.axis.lo()..=self.axis.hi()).contains(&value)
    }
}

/// The side where targets are met, grid lines and their labels.
fn draw_ground(sheet: &Sheet, scale: &Across, (top, bottom): (f64, f64), lang: Lang) {
    let zero = scale.at(0.0);
    sheet.rect(Rect::new(zero, top, scale.x1, bottom), ATTAINED, 1.0);
    let kind = Type::plain(size::TICK, SOFT);
    let decimals = number::tick_decimals(scale.axis.step());
    let labels = scale.axis.ticks.iter().map(|&tick| match tick {
        0.0 => lang.pick("目标", "target").to_owned(),
        _ => number::signed(tick, decimals) + "%",
    });
    let labels: Vec<String> = labels.collect();
    let widest = labels.iter().map(|label| kind.width(label));
    let step = (scale.x1 - scale.x0) / (labels.len() - 1) as f64;
    let every = ((widest.fold(0.0, f64::max) + 12.0) / step).ceil().max(1.0) as usize;
    let zero_at = scale.axis.ticks.iter().position(|tick| *tick == 0.0);
    for (index, (&tick, label)) in scale.axis.ticks.iter().zip(&labels).enumerate() {
        let x = scale.at(tick);
        let origin = Some(index) == zero_at;
        let pen = if origin {
            Pen::solid(INK, 1.5)
        } else {
            Pen::solid(GRID, 1.0)
        };
        let above = if origin { 6.0 } else { 0.0 };
        sheet.path(&[(x, top - above), (x, bottom)], pen);
        if index.abs_diff(zero_at.unwrap_or(0)).is_multiple_of(every) {
            let kind = Type {
                bold: origin,
                ..kind
            };
            sheet.text((x, bottom + 6.0), HPos::Center, VPos::Top, label, kind);
        }
    }
    let small = Type::plain(size::SMALL, SOFT);
    let y = top - 12.0;
    for (words, edge, h) in [
        (lang.pick("差于目标", "short of it"), scale.x0, HPos::Left),
        (lang.pick("好于目标", "beyond it"), scale.x1, HPos::Right),
    ] {
        let room = (zero - edge).abs() - 8.0;
        if small.width(words) <= room {
            sheet.text((edge, y), h, VPos::Center, words, small);
        }
    }
}

/// One target: words, whisker and dots, result.
fn draw_row(sheet: &Sheet, row: &Row, scale: &Across, top: f64, lang: Lang) {
    let (bold, small) = types();
    let middle = top + row.height / 2.0;
    let start = |first: usize, second: usize| {
        middle - f64::midpoint(bold.pitch() * first as f64, small.pitch() * second as f64)
    };
    let y = start(row.names.len(), row.demands.len());
    let y = sheet.texts((MARGIN, y), HPos::Left, &row.names, bold);
    sheet.texts((MARGIN, y), HPos::Left, &row.demands, small);
    let color = verdict(row.of.standing);
    let kind = Type::bold(bold.size, readable(color));
    let x = sheet.width() - MARGIN;
    let y = start(row.reached.len(), row.words.len());
    let y = sheet.texts((x, y), HPos::Right, &row.reached, kind);
    sheet.texts((x, y), HPos::Right, &row.words, small);
    let zero = scale.at(0.0);
    let name = row.of.name.get(lang);
    if let Some((lo, hi)) = row
        .of
        .interval
        .filter(|(lo, hi)| usable(*lo) && usable(*hi))
    {
        let ends = [lo, hi].map(|end| (scale.at(end), scale.holds(end)));
        draw_range(sheet, ends, (middle, 5.0), Pen::solid(SOFT, 1.75));
    }
    if usable(row.of.margin) {
        let at = (scale.at(row.of.margin), middle);
        sheet.path(&[(zero, middle), at], Pen::solid(AXIS, 1.5));
        sheet.tip(format!("{name}: {}", row.of.reached.get(lang)));
        mark(sheet, at, scale.holds(row.of.margin), row.of.margin, color);
    } else {
        let words = lang.pick("无法按比例表示", "no scale");
        let words = text::fit(words, small.size, false, scale.x1 - zero - 12.0);
        let at = (zero + 10.0, middle);
        sheet.text(at, HPos::Left, VPos::Center, &words, small);
    }
    let other = row
        .of
        .other
        .filter(|other| usable(*other) && scale.holds(*other));
    if let Some(other) = other {
        let at = (scale.at(other), middle);
        let percent = number::percent(other, 0);
        sheet.tip(format!("{name}: {percent}"));
        sheet.ring(at, 4.0, SOFT);
    }
}

/// A range between two places at a height, with ends of `half` up and down: where it goes on
/// beyond the scale, which is told beside each place, it has none.
pub(super) fn draw_range(sheet: &Sheet, ends: [(f64, bool); 2], (y, half): (f64, f64), pen: Pen) {
    let [(low, _), (high, _)] = ends;
    sheet.path(&[(low, y), (high, y)], pen);
    for (x, _) in ends.into_iter().filter(|(_, inside)| *inside) {
        sheet.path(&[(x, y - half), (x, y + half)], pen);
    }
}

/// A dot, or an arrow head where the value lies beyond the scale.
fn mark(sheet: &Sheet, (x, y): (f64, f64), inside: bool, value: f64, color: super::theme::Rgb) {
    if inside {
        sheet.dot((x, y), 6.0, color);
        return;
    }
    let way = value.signum();
    let corners = [
        (x + 7.0 * way, y),
        (x - 5.0 * way, y - 6.5),
        (x - 5.0 * way, y + 6.5),
    ];
    sheet.polygon(&corners, color, 1.0);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_holds_the_target_and_ends_where_results_are_far() {
        let row = |margin: f64| TargetRow {
            margin,
            ..TargetRow::default()
        };
        let chart = |rows: &[f64]| TargetDots {
            rows: rows.iter().map(|margin| row(*margin)).collect(),
            ..TargetDots::default()
        };
        let axis = chart(&[-30.0, 900.0]).axis();
        assert!(axis.ticks.contains(&0.0));
        assert!(axis.lo() <= -30.0 && (FAR..2.0 * FAR).contains(&axis.hi()));
        let axis = chart(&[f64::NAN]).axis();
        assert!(axis.lo() < 0.0 && axis.hi() > 0.0);
    }
}
