//! Two accounts of the same thing side by side: pairs of bars by year, a panel each.

use jianpai_core::text::{Lang, Text};

use super::look::Paper;
use super::number;
use super::place::Rect;
use super::scale::{self, Axis, usable};
use super::sheet::{
    Finished, HPos, KeyItem, MARGIN, Pen, Plot, Sheet, Sign, Type, VPos, frame_height, tick_room,
};
use super::text;
use super::theme::{self, AXIS, INK, Rgb, SOFT, readable, size};

/// Pairs of bars by year in panels on one scale, in percent.
#[derive(Clone, Debug, Default)]
pub struct PairedBars {
    /// Headline.
    pub title: Text,
    /// What is drawn.
    pub subtitle: Text,
    /// The first of each pair.
    pub first_name: Text,
    /// The second of each pair.
    pub second_name: Text,
    /// The panels.
    pub panels: Vec<PairPanel>,
    /// Source line.
    pub footnote: Text,
}

/// One panel of [`PairedBars`].
#[derive(Clone, Debug, Default)]
pub struct PairPanel {
    /// Its name.
    pub name: Text,
    /// The years, ascending.
    pub years: Vec<i32>,
    /// First of each pair by year, in percent; what is not finite has no bar.
    pub first: Vec<f64>,
    /// Second of each pair.
    pub second: Vec<f64>,
}

/// Widest that a panel is asked to be before one more stands beside it.
const PANEL: f64 = 270.0;
/// Between panels.
const GAP: f64 = 26.0;
/// Height of a row of panels.
const TALL: f64 = 270.0;
/// Part of a year that its two bars fill.
const FILLED: f64 = 0.74;

impl PairPanel {
    /// Years with a bar, by index.
    fn drawn(&self) -> Vec<usize> {
        let known = |values: &[f64], i: usize| values.get(i).is_some_and(|value| usable(*value));
        let any = |i: &usize| known(&self.first, *i) || known(&self.second, *i);
        (0..self.years.len()).filter(any).collect()
    }
}

/// Colours of the two bars: their lightness differs, so that grey print tells them apart.
fn colors() -> [Rgb; 2] {
    [theme::series(0), theme::series(1)]
}

impl PairedBars {
    /// The chart with the boxes of its texts.
    pub(super) fn layout(&self, lang: Lang, paper: Paper) -> Finished {
        let (title, footnote) = (self.title.get(lang), self.footnote.get(lang));
        let subtitle = self.subtitle.get(lang);
        let panels: Vec<&PairPanel> = (self.panels.iter())
            .filter(|panel| !panel.drawn().is_empty())
            .collect();
        let room = paper.width - 2.0 * MARGIN;
        let across = ((room + GAP) / PANEL).floor().max(1.0) as usize;
        let rows = panels.len().div_ceil(across).max(1);
        let columns = panels.len().div_ceil(rows).max(1);
        let key = self.key(&panels, lang);
        let frame = frame_height(paper, title, subtitle, &key, footnote);
        let sheet = Sheet::new(paper, (frame + TALL * rows as f64 + 10.0).ceil());
        let top = sheet.key_rows(&key, sheet.header(title, subtitle)) + 6.0;
        let bottom = sheet.footer(footnote);
        let values = panels
            .iter()
            .flat_map(|panel| panel.first.iter().chain(&panel.second));
        let Some((lo, hi)) = scale::extent(values.copied()).filter(|_| !panels.is_empty()) else {
            sheet.no_data(Rect::new(MARGIN, top, paper.width - MARGIN, bottom), lang);
            return sheet.finish(title);
        };
        let axis = scale::axis((lo.min(0.0), hi.max(0.0)), 4);
        let wide = (room - GAP * (columns - 1) as f64) / columns as f64;
        let tall = (bottom - top) / rows as f64;
        for (index, panel) in panels.iter().enumerate() {
            let x = MARGIN + (index % columns) as f64 * (wide + GAP);
            let y = top + (index / columns) as f64 * tall;
            let cell = Rect::new(x, y, x + wide, y + tall - 12.0);
            self.draw_panel(&sheet, panel, (cell, &axis), lang);
        }
        sheet.finish(title)
    }

    /// Signs and their meaning.
    fn key(&self, panels: &[&PairPanel], lang: Lang) -> Vec<KeyItem> {
        if panels.is_empty() {
            return Vec::new();
        }
        let names = [&self.first_name, &self.second_name];
        let items = colors().into_iter().zip(names);
        items
            .map(|(color, name)| (Sign::Fill(color, 1.0), name.get(lang).to_owned()))
            .filter(|(_, words)| !words.is_empty())
            .collect()
    }

    /// One panel in its cell.
    fn draw_panel(
        &self,
        sheet: &Sheet,
        panel: &PairPanel,
        (cell, axis): (Rect, &Axis),
        lang: Lang,
    ) {
        let years = panel.drawn();
        let kind = Type::bold(size::LABEL, INK);
        let name = text::fit(panel.name.get(lang), kind.size, true, cell.width());
        sheet.text(
            (cell.x0, cell.y0 + 9.0),
            HPos::Left,
            VPos::Center,
            &name,
            kind,
        );
        let left = cell.x0 + tick_room(axis) + 8.0;
        let rect = Rect::new(left, cell.y0 + 44.0, cell.x1, cell.y1 - 26.0);
        let x = (0.0, years.len() as f64);
        let plot = Plot::new(sheet, rect, x, (axis.lo(), axis.hi()));
        sheet.y_grid(&plot, axis);
        let small = Type::plain(size::TICK, SOFT);
        let step = rect.width() / years.len() as f64;
        let every = ((small.width("2000") + 6.0) / step).ceil().max(1.0) as usize;
        for (at, index) in years.iter().enumerate() {
            let year = panel.years[*index];
            if (years.len() - 1 - at).is_multiple_of(every) {
                let x = plot.at(at as f64 + 0.5, 0.0).0;
                let at = (x, rect.y1 + 9.0);
                sheet.text(at, HPos::Center, VPos::Top, &year.to_string(), small);
            }
            for (side, (values, name)) in [
                (&panel.first, &self.first_name),
                (&panel.second, &self.second_name),
            ]
            .into_iter()
            .enumerate()
            {
                let Some(value) = values.get(*index).copied().filter(|v| usable(*v)) else {
                    continue;
                };
                let x0 = at as f64 + (1.0 - FILLED) / 2.0 + side as f64 * FILLED / 2.0;
                let (left, zero) = plot.at(x0, 0.0);
                let (right, end) = plot.at(x0 + FILLED / 2.0, value);
                let bar = Rect::new(left, zero.min(end), right, zero.max(end).max(end + 1.0));
                let name = name.get(lang);
                sheet.tip(format!("{name} {year}: {}", number::fixed(value, 1) + "%"));
                sheet.rect(bar, colors()[side], 1.0);
            }
        }
        let zero = plot.at(0.0, 0.0).1;
        sheet.path(&[(rect.x0, zero), (rect.x1, zero)], Pen::solid(AXIS, 1.0));
        draw_ends(sheet, panel, cell, &years);
    }
}

/// The values of the last year, beside each other over the plot in the bars' colours.
fn draw_ends(sheet: &Sheet, panel: &PairPanel, cell: Rect, years: &[usize]) {
    let Some(&last) = years.last() else { return };
    let mut x = cell.x1;
    let sides = [&panel.first, &panel.second].into_iter().zip(colors());
    let year = format!("{}", panel.years[last]);
    for (values, color) in sides.collect::<Vec<_>>().into_iter().rev() {
        let Some(value) = values.get(last).copied().filter(|v| usable(*v)) else {
            continue;
        };
        let kind = Type::bold(size::TICK, readable(color));
        let words = format!("{}%", number::fixed(value, 1));
        sheet.text((x, cell.y0 + 28.0), HPos::Right, VPos::Center, &words, kind);
        x -= kind.width(&words) + 10.0;
    }
    let kind = Type::plain(size::TICK, SOFT);
    if x - kind.width(&year) > cell.x0 {
        sheet.text((x, cell.y0 + 28.0), HPos::Right, VPos::Center, &year, kind);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_without_a_bar_are_left_out() {
        let panel = PairPanel {
            years: vec![2015, 2016, 2017],
            first: vec![f64::NAN, 1.0, f64::NAN],
            second: vec![f64::NAN, f64::NAN, 2.0],
            ..PairPanel::default()
        };
        assert_eq!(panel.drawn(), [1, 2]);
    }
}
