//! How much of the variance of a result each input explains, by itself and with others.

use jianpai_core::text::{Lang, Text};

use super::dots::draw_range;
use super::look::Paper;
use super::number;
use super::place::Rect;
use super::scale::{self, Axis, usable};
use super::sheet::{
    Finished, HPos, KeyItem, MARGIN, Pen, Plot, Sheet, Sign, Type, VPos, frame_height, tick_room,
};
use super::text;
use super::theme::{self, AXIS, INK, Rgb, SOFT, size};
use super::tornado::draw_axis;

/// Bars of the parts of a variance that inputs explain: first-order and total indices.
#[derive(Clone, Debug, Default)]
pub struct VarianceShares {
    /// Headline.
    pub title: Text,
    /// What is drawn.
    pub subtitle: Text,
    /// Inputs in the order they are drawn, the largest first as a rule.
    pub rows: Vec<VarianceRow>,
    /// Source line.
    pub footnote: Text,
}

/// One input of [`VarianceShares`].
#[derive(Clone, Debug, Default)]
pub struct VarianceRow {
    /// Its name.
    pub name: Text,
    /// What it explains by itself.
    pub first: Option<VarianceShare>,
    /// What it explains with others.
    pub total: Option<VarianceShare>,
    /// Whether its name has an asterisk.
    pub is_marked: bool,
}

/// A part of a variance.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct VarianceShare {
    /// The part, 1 for all of it.
    pub value: f64,
    /// Half the width of its interval.
    pub half_width: Option<f64>,
}

/// Widest column of names.
const NAMES: f64 = 270.0;
/// Height of a lane.
const LANE: f64 = 15.0;
/// Space above and below the lanes of a row.
const GAP: f64 = 14.0;
/// Height of the headings over the columns of figures.
const STRIP: f64 = 20.0;

/// A kind of index: the lane it is drawn in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    First,
    Total,
}

impl Kind {
    /// Its colour, and how much of it.
    fn fill(self) -> (Rgb, f64) {
        let alpha = if self == Self::First { 1.0 } else { 0.4 };
        (theme::series(0), alpha)
    }

    fn of(self, row: &VarianceRow) -> Option<VarianceShare> {
        let share = match self {
            Self::First => row.first,
            Self::Total => row.total,
        };
        share.filter(|share| usable(share.value))
    }

    /// Its heading, and what it is.
    fn words(self, lang: Lang) -> (&'static str, &'static str) {
        match self {
            Self::First => (
                lang.pick("一阶", "First"),
                lang.pick("一阶：单独解释", "first order: by itself"),
            ),
            Self::Total => (
                lang.pick("总", "Total"),
                lang.pick(
                    "总：连同与其他输入的共同作用",
                    "total: with what it does together with others",
                ),
            ),
        }
    }
}

/// A row, worked out.
struct Row<'a> {
    of: &'a VarianceRow,
    lines: Vec<String>,
    top: f64,
    height: f64,
}

/// A figure as printed, in percent.
fn figure(share: VarianceShare) -> String {
    let half = share.half_width.filter(|half| usable(*half));
    let value = number::fixed(100.0 * share.value, 1) + "%";
    half.map_or(value.clone(), |half| {
        format!("{value} ±{}", number::fixed(100.0 * half, 1))
    })
}

impl VarianceShares {
    /// The chart with the boxes of its texts.
    pub(super) fn layout(&self, lang: Lang, paper: Paper) -> Finished {
        let (title, footnote) = (self.title.get(lang), self.footnote.get(lang));
        let subtitle = self.subtitle.get(lang);
        let kinds = self.kinds();
        let key = self.key(&kinds, lang);
        let mut rows = self.rows(&kinds, paper, lang);
        let body: f64 = rows.iter().map(|row| row.height).sum();
        let frame = frame_height(paper, title, subtitle, &key, footnote);
        let sheet = Sheet::new(paper, (frame + STRIP + body.max(80.0) + 46.0).ceil());
        let top = sheet.header(title, subtitle);
        let top = sheet.key_rows(&key, top) + 6.0 + STRIP;
        sheet.footer(footnote);
        if kinds.is_empty() {
            let area = Rect::new(MARGIN, top, sheet.width() - MARGIN, top + 80.0);
            sheet.no_data(area, lang);
            return sheet.finish(title);
        }
        let mut y = top;
        for row in &mut rows {
            row.top = y;
            y += row.height;
        }
        let axis = self.axis(&kinds);
        let names = rows.iter().flat_map(|row| &row.lines);
        let names = names.map(|line| Type::bold(13.0, INK).width(line));
        let left = MARGIN + names.fold(0.0, f64::max) + 12.0;
        let columns = self.columns(&kinds, &sheet, lang);
        let right = columns.first().map_or(sheet.width() - MARGIN, |(_, x)| *x);
        let half = tick_room(&axis) / 2.0 + 6.0;
        let area = Rect::new(left + half.min(12.0), top, right - half, y + 4.0);
        let plot = Plot::new(&sheet, area, (axis.lo(), axis.hi()), (0.0, 1.0));
        let labels: Vec<String> = axis
            .labels()
            .iter()
            .map(|label| format!("{label}%"))
            .collect();
        draw_axis(&sheet, &plot, (&axis.ticks, &labels), Pen::solid(AXIS, 1.5));
        for row in &rows {
            draw_row(&sheet, &plot, row, &kinds, (left - 12.0, lang));
        }
        for (kind, x) in &columns {
            self.draw_column(&sheet, &rows, *kind, *x, (top, lang));
        }
        sheet.finish(title)
    }

    /// The kinds of indices that there are.
    fn kinds(&self) -> Vec<Kind> {
        let all = [Kind::First, Kind::Total];
        let there = |kind: &Kind| self.rows.iter().any(|row| kind.of(row).is_some());
        all.into_iter().filter(there).collect()
    }

    /// Signs and their meaning.
    fn key(&self, kinds: &[Kind], lang: Lang) -> Vec<KeyItem> {
        let mut key: Vec<KeyItem> = kinds
            .iter()
            .map(|kind| {
                let (color, alpha) = kind.fill();
                (Sign::Fill(color, alpha), kind.words(lang).1.to_owned())
            })
            .collect();
        let mut shares = self.rows.iter().flat_map(|row| [row.first, row.total]);
        if shares.any(|share| share.is_some_and(|share| share.half_width.is_some())) {
            let words = lang.pick("95% 区间", "95% interval");
            key.push((Sign::Whisker(INK), words.to_owned()));
        }
        key
    }

    /// Rows worked out; tops follow later.
    fn rows(&self, kinds: &[Kind], paper: Paper, lang: Lang) -> Vec<Row<'_>> {
        let all = self.rows.iter().map(|row| {
            let star = if row.is_marked { " *" } else { "" };
            let name = text::tidy(row.name.get(lang)) + star;
            let lines = text::lines(&name, 13.0, true, paper.column(NAMES), 2);
            let tall = 17.0 * lines.len() as f64 + 8.0;
            Row {
                of: row,
                height: tall.max(LANE * kinds.len() as f64 + GAP),
                lines,
                top: 0.0,
            }
        });
        all.collect()
    }

    /// From nothing to the farthest end of an interval, in percent: at most all of it.
    fn axis(&self, kinds: &[Kind]) -> Axis {
        let shares = self
            .rows
            .iter()
            .flat_map(|row| kinds.iter().filter_map(|kind| kind.of(row)));
        let ends = shares.map(|share| 100.0 * (share.value + share.half_width.unwrap_or(0.0)));
        let most = ends.filter(|end| usable(*end)).fold(5.0, f64::max);
        scale::axis((0.0, most.min(100.0)), 6)
    }

    /// Where each column of figures begins: they end at the margin.
    fn columns(&self, kinds: &[Kind], sheet: &Sheet, lang: Lang) -> Vec<(Kind, f64)> {
        let kind_of = Type::bold(size::TICK, INK);
        let mut end = sheet.width() - MARGIN;
        let mut found = Vec::new();
        for kind in kinds.iter().rev() {
            let figures = self.rows.iter().filter_map(|row| kind.of(row)).map(figure);
            let widths = figures.map(|figure| kind_of.width(&figure));
            let wide = widths.fold(kind_of.width(kind.words(lang).0), f64::max);
            found.push((*kind, end - wide));
            end -= wide + 18.0;
        }
        found.reverse();
        found
    }

    /// The figures of a kind under its heading.
    fn draw_column(
        &self,
        sheet: &Sheet,
        rows: &[Row],
        kind: Kind,
        x: f64,
        (top, lang): (f64, Lang),
    ) {
        let head = Type::plain(size::TICK, SOFT);
        let heading = kind.words(lang).0;
        let at = (x, top - STRIP / 2.0);
        sheet.text(at, HPos::Left, VPos::Center, heading, head);
        for row in rows {
            let words = kind.of(row.of).map_or("–".to_owned(), figure);
            let style = if kind == Kind::First || self.rows.iter().all(|r| r.first.is_none()) {
                Type::bold(size::TICK, INK)
            } else {
                Type::plain(size::TICK, INK)
            };
            let at = (x, row.top + row.height / 2.0);
            sheet.text(at, HPos::Left, VPos::Center, &words, style);
        }
    }
}

/// One input: its name, a bar a lane and the interval of each.
fn draw_row(sheet: &Sheet, plot: &Plot, row: &Row, kinds: &[Kind], (right, lang): (f64, Lang)) {
    let name = Type::plain(13.0, INK);
    let middle = row.top + row.height / 2.0;
    let tall = name.pitch() * row.lines.len() as f64;
    sheet.texts((right, middle - tall / 2.0), HPos::Right, &row.lines, name);
    for (lane, kind) in kinds.iter().enumerate() {
        let Some(share) = kind.of(row.of) else {
            continue;
        };
        let y = middle + LANE * (lane as f64 + 0.5 - kinds.len() as f64 / 2.0);
        let at = |share: f64| {
            let percent = (100.0 * share).clamp(plot.x.0, plot.x.1);
            plot.at(percent, 0.0).0
        };
        let (zero, end) = (at(0.0), at(share.value));
        let said = format!(
            "{}, {}: {}",
            text::tidy(row.of.name.get(lang)),
            kind.words(lang).0,
            figure(share)
        );
        sheet.tip(said);
        let (color, alpha) = kind.fill();
        if end > zero {
            let area = Rect::new(zero, y - LANE / 2.0 + 1.5, end, y + LANE / 2.0 - 1.5);
            sheet.rect(area, color, alpha);
        }
        if let Some(half) = share.half_width.filter(|half| usable(*half)) {
            let ends = [share.value - half, share.value + half];
            let inside = |end: f64| (plot.x.0..=plot.x.1).contains(&(100.0 * end));
            let ends = ends.map(|end| (at(end), inside(end)));
            draw_range(sheet, ends, (y, 3.5), Pen::solid(INK, 1.5));
        }
    }
}

#[cfg(test)]
pub(super) fn sample(count: usize, with_total: bool) -> VarianceShares {
    let names = [
        ("货车 NOx 因子", "NOx factor of trucks"),
        (
            "35蒸吨及以下燃煤锅炉淘汰进度（含工业园区自备锅炉）",
            "Closure of coal-fired boilers up to 35 t/h, captive ones included",
        ),
        (
            "火电发电量增速偏差",
            "deviation of thermal electricity growth",
        ),
        ("粗钢产量", "Crude steel output"),
    ];
    let row = |i: usize| {
        let value = 0.62 * 0.5_f64.powi(i32::try_from(i).unwrap_or(0)) - 0.002;
        let (zh, en) = names[i % names.len()];
        let total = VarianceShare {
            value: value + 0.03,
            half_width: Some(0.02 + 0.03 * value),
        };
        VarianceRow {
            name: Text::new(zh, en),
            first: Some(VarianceShare {
                value,
                half_width: Some(0.03),
            }),
            total: with_total.then_some(total),
            is_marked: i % 3 == 2,
        }
    };
    VarianceShares {
        title: Text::new(
            "示例：货车 NOx 因子解释六成方差",
            "An example: the NOx factor of trucks explains most",
        ),
        subtitle: Text::new(
            "2025年氮氧化物，占方差的份额",
            "NOx in 2025, parts of its variance",
        ),
        rows: (0..count).map(row).collect(),
        footnote: Text::new("测算：示例", "Projection: an example"),
    }
}
