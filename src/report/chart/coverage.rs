//! What bands state against what they cover: whether “nine times in ten” is true.

use jianpai_core::text::{Lang, Text};

use super::gutter::{self, EndLabel};
use super::look::Paper;
use super::number;
use super::place::Rect;
use super::scale::{self, usable};
use super::sheet::{
    Finished, HPos, KeyItem, MARGIN, Pen, Plot, Point, Sheet, Sign, Type, VPos, frame_height,
};
use super::text;
use super::theme::{AXIS, GREY, GRID, INK, SOFT, readable, series, size};

/// A diagram of reliability.
#[derive(Clone, Debug, Default)]
pub struct Coverage {
    /// Headline.
    pub title: Text,
    /// What is drawn.
    pub subtitle: Text,
    /// One panel a kind of run.
    pub panels: Vec<CoveragePanel>,
    /// Source line.
    pub footnote: Text,
}

/// One panel of a [`Coverage`].
#[derive(Clone, Debug, Default)]
pub struct CoveragePanel {
    /// What kind of run.
    pub name: Text,
    /// One line an indicator.
    pub series: Vec<CoverageSeries>,
}

/// One line of a [`CoveragePanel`].
#[derive(Clone, Debug, Default)]
pub struct CoverageSeries {
    /// The indicator.
    pub name: Text,
    /// How many cases there are.
    pub cases: usize,
    /// What is stated and what is covered, in percent.
    pub points: Vec<(f64, f64)>,
}

/// Fewer cases than this are drawn hollow and thin.
pub const FEW: usize = 10;
/// Height of the plots.
const PLOT: f64 = 330.0;
/// Height of a panel with its heading and the axis below.
const ROW: f64 = PLOT + 52.0;
/// So far beside each other stand points of few cases.
const DODGE: f64 = 6.0;
/// Between panels, and the room for the labels of lines.
const GAP: f64 = 30.0;
const LABELS: f64 = 140.0;
/// Pages narrower than this have one panel in a row.
const NARROW: f64 = 760.0;

impl Coverage {
    /// The chart with the boxes of its texts.
    pub(super) fn layout(&self, lang: Lang, paper: Paper) -> Finished {
        let (title, footnote) = (self.title.get(lang), self.footnote.get(lang));
        let subtitle = self.subtitle.get(lang);
        let key = self.key(lang);
        let frame = frame_height(paper, title, subtitle, &key, footnote);
        // On a narrow page panels stand below each other.
        let across = if paper.width < NARROW {
            1
        } else {
            self.panels.len().clamp(1, 2)
        };
        let rows = self.panels.len().div_ceil(across).max(1) as f64;
        let sheet = Sheet::new(paper, (frame + rows * ROW + 8.0).ceil());
        let top = sheet.key_rows(&key, sheet.header(title, subtitle)) + 4.0;
        sheet.footer(footnote);
        let all = self.panels.iter().flat_map(|panel| &panel.series);
        let points = all.flat_map(|series| series.points.iter().copied());
        let values = points.flat_map(|(stated, covered)| [stated, covered]);
        let Some((lo, _)) = scale::extent(values) else {
            sheet.no_data(
                Rect::new(MARGIN, top, sheet.width() - MARGIN, top + PLOT),
                lang,
            );
            return sheet.finish(title);
        };
        let lo = if lo >= 40.0 {
            40.0
        } else {
            lo.clamp(-100.0, 0.0)
        };
        let room = sheet.width() - 2.0 * MARGIN - GAP * (across - 1) as f64;
        let wide = room / across as f64;
        for (k, panel) in self.panels.iter().enumerate() {
            let x = MARGIN + (wide + GAP) * (k % across) as f64;
            let y = top + ROW * (k / across) as f64;
            let rect = Rect::new(x, y, x + wide, y + PLOT + 60.0);
            panel.draw(&sheet, rect, lo, lang);
        }
        sheet.finish(title)
    }

    /// Signs and their meaning.
    fn key(&self, lang: Lang) -> Vec<KeyItem> {
        let diagonal = lang.pick("标称与实际一致", "covers what it states");
        let mut key = vec![(
            Sign::Line(Pen::dashed(SOFT, 1.25, "5 4")),
            diagonal.to_owned(),
        )];
        let all = || self.panels.iter().flat_map(|panel| &panel.series);
        if all().any(|series| series.cases >= FEW) {
            let words = match lang {
                Lang::Zh => format!("实心：{FEW}例及以上"),
                Lang::En => format!("filled: {FEW} cases or more"),
            };
            key.push((Sign::Dot(INK), words));
        }
        if all().any(|series| series.cases < FEW) {
            let words = match lang {
                Lang::Zh => format!("空心：不足{FEW}例，说明不了多少"),
                Lang::En => format!("hollow: fewer than {FEW} cases, which tell little"),
            };
            key.push((Sign::Hollow(INK), words));
        }
        key
    }
}

impl CoveragePanel {
    fn draw(&self, sheet: &Sheet, area: Rect, lo: f64, lang: Lang) {
        let head = Type::bold(size::LABEL, INK);
        let name = text::fit(self.name.get(lang), head.size, true, area.width());
        sheet.text(
            (area.x0, area.y0 + 9.0),
            HPos::Left,
            VPos::Center,
            &name,
            head,
        );
        let labels = LABELS.min(area.width() * 0.4);
        let left = area.x0 + 42.0;
        let right = (area.x1 - labels).max(left + 40.0);
        let rect = Rect::new(left, area.y0 + 26.0, right, area.y0 + 26.0 + PLOT - 26.0);
        let plot = Plot::new(sheet, rect, (lo, 100.0), (lo, 100.0));
        grid(sheet, &plot, lo);
        let ends = [plot.at(lo, lo), plot.at(100.0, 100.0)];
        sheet.path(&ends, Pen::dashed(SOFT, 1.25, "5 4"));
        let kind = Type::plain(size::SMALL, SOFT);
        let words = lang.pick("区间标称的把握", "what the band states");
        let at = (rect.center().0, rect.y1 + 26.0);
        let words = text::fit(words, kind.size, false, rect.width() + 30.0);
        sheet.text(at, HPos::Center, VPos::Top, &words, kind);
        let mut ends = Vec::new();
        // The line with most cases lies on top.
        let mut order: Vec<usize> = (0..self.series.len()).collect();
        order.sort_by_key(|i| self.series[*i].cases);
        for i in order {
            let one = &self.series[i];
            let aside = self.aside(i);
            ends.extend(one.draw(sheet, &plot, (i, aside), lang));
        }
        ends.sort_by(|a: &EndLabel, b: &EndLabel| a.at.1.total_cmp(&b.at.1));
        let room = area.x1 - rect.x1 - 24.0;
        let ends: Vec<EndLabel> = ends.into_iter().map(|label| label.narrowed(room)).collect();
        gutter::draw(
            sheet,
            &ends,
            rect.x1 + 24.0,
            (rect.y0 - 4.0, rect.y1 + 12.0),
        );
    }
}

impl CoveragePanel {
    /// How far a line is set aside, so that none of those of few cases covers another;
    /// those of many stand where they are.
    fn aside(&self, i: usize) -> f64 {
        let few = |one: &&CoverageSeries| one.cases < FEW;
        let all = self.series.iter().filter(few).count();
        let before = self.series[..i].iter().filter(few).count();
        if self.series[i].cases < FEW {
            (before as f64 - (all - 1) as f64 / 2.0) * DODGE
        } else {
            0.0
        }
    }
}

impl CoverageSeries {
    /// Draws the line, set aside a little; its label at its last point.
    fn draw(
        &self,
        sheet: &Sheet,
        plot: &Plot,
        (index, aside): (usize, f64),
        lang: Lang,
    ) -> Option<EndLabel> {
        let few = self.cases < FEW;
        let color = series(index);
        let known = self.points.iter().copied();
        let mut known: Vec<(f64, f64)> = known.filter(|(a, b)| usable(*a) && usable(*b)).collect();
        known.sort_by(|a, b| a.0.total_cmp(&b.0));
        let end = *known.last()?;
        let width = if few { 1.0 } else { 2.25 };
        let place = |(stated, covered): (f64, f64)| {
            let (x, y) = plot.at(stated, covered);
            (x + aside, y)
        };
        let path: Vec<Point> = known.iter().map(|point| place(*point)).collect();
        sheet.path(&path, Pen::solid(color, width));
        for &(stated, covered) in &known {
            let at = place((stated, covered));
            let (stated, covered) = (number::fixed(stated, 0), number::fixed(covered, 0));
            let name = self.name.get(lang);
            sheet.tip(format!("{name}: {stated}% → {covered}% (n={})", self.cases));
            if few {
                sheet.ring(at, 4.0, color);
            } else {
                sheet.dot(at, 5.0, color);
            }
        }
        let weight = if few {
            Type::plain(size::SMALL, readable(color))
        } else {
            Type::bold(size::TICK, readable(color))
        };
        let cases = match lang {
            Lang::Zh => format!("{}例", self.cases),
            Lang::En => format!("{} cases", self.cases),
        };
        let name = text::tidy(self.name.get(lang));
        let name = text::fit(&name, weight.size, weight.bold, 2.0 * LABELS);
        Some(EndLabel {
            at: place(end),
            lines: vec![(name, weight), (cases, Type::plain(size::SMALL, SOFT))],
        })
    }
}

/// Percentages on both sides.
fn grid(sheet: &Sheet, plot: &Plot, lo: f64) {
    let kind = Type::plain(size::TICK, SOFT);
    let axis = scale::axis((lo, 100.0), 6);
    for &tick in axis
        .ticks
        .iter()
        .filter(|tick| **tick >= lo && **tick <= 100.0)
    {
        let (x, y) = plot.at(tick, tick);
        let color = if tick <= lo { AXIS } else { GRID };
        sheet.path(
            &[(plot.rect.x0, y), (plot.rect.x1, y)],
            Pen::solid(color, 1.0),
        );
        sheet.path(
            &[(x, plot.rect.y0), (x, plot.rect.y1)],
            Pen::solid(color, 1.0),
        );
        let label = format!("{}%", number::fixed(tick, 0));
        sheet.text(
            (plot.rect.x0 - 6.0, y),
            HPos::Right,
            VPos::Center,
            &label,
            kind,
        );
        sheet.text(
            (x, plot.rect.y1 + 9.0),
            HPos::Center,
            VPos::Top,
            &label,
            kind,
        );
    }
    let frame = plot.rect;
    sheet.path(
        &[(frame.x0, frame.y1), (frame.x1, frame.y1)],
        Pen::solid(GREY, 1.0),
    );
}
