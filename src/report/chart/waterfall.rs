//! From one level to another, step by step.

use jianpai_core::text::{Lang, Text};

use super::number;
use super::place::{Placer, Rect};
use super::scale::{self, Axis, usable};
use super::sheet::{
    Finished, HPos, KeyItem, MARGIN, Pen, Plot, Sheet, Sign, Type, VPos, WIDTH, tick_room,
    with_unit,
};
use super::text;
use super::theme::{
    AXIS, BAD, GOOD, GREY, GROWTH, INK, PAPER, POLICY, Rgb, SOFT, TOTAL, readable, size, verdict,
};

/// A waterfall of steps between levels. Up to eight bars stand upright; more bars,
/// or bars with long names, lie on their side with the names at the left.
#[derive(Clone, Debug, Default)]
pub struct Waterfall {
    /// Headline.
    pub title: Text,
    /// What is drawn; the unit is added to it.
    pub subtitle: Text,
    /// Unit of the values.
    pub unit: Text,
    /// Bars in order.
    pub steps: Vec<Step>,
    /// What the percentage under the last level is against, as in 较2015年.
    pub against: Text,
    /// A value to compare with.
    pub target: Option<LevelTarget>,
    /// Paints rises green and falls red.
    pub higher_is_better: bool,
    /// Starts the axis at zero even when all bars are short against the levels.
    /// Otherwise such an axis is cut, which the chart says and marks.
    pub full_axis: bool,
    /// Source line.
    pub footnote: Text,
}

/// One bar of a [`Waterfall`].
#[derive(Clone, Debug, Default)]
pub struct Step {
    /// Name.
    pub label: Text,
    /// Level, or change against the bar before.
    pub value: f64,
    /// What the value is.
    pub kind: StepKind,
}

/// The kind of a [`Step`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StepKind {
    /// A level: the bar starts at zero.
    Level,
    /// A change: green when down, red when up, unless higher is better.
    #[default]
    Change,
    /// A change that comes with growth (activity, structure) rather than with a
    /// measure: ochre, up or down. A key then tells growth from measures.
    Growth,
    /// A change by what is in place already (current policy, natural renewal): a colour
    /// of its own, up or down.
    Policy,
    /// A change that is nobody's doing (rounding, interaction, other): grey.
    Adjustment,
}

/// A target drawn across a [`Waterfall`].
#[derive(Clone, Debug, Default)]
pub struct LevelTarget {
    /// The level.
    pub value: f64,
    /// Label of its line.
    pub label: Text,
    /// Met, missed, or not judged.
    pub met: Option<bool>,
}

/// A bar worked out: where it starts and ends, and what is written beside it.
pub(super) struct Bar {
    /// Where the bar starts.
    pub from: f64,
    /// Where it ends, which is the level after it.
    pub to: f64,
    /// Its kind.
    pub kind: StepKind,
    /// Fill.
    pub color: Rgb,
    /// Name.
    pub name: String,
    /// Value.
    pub value: String,
    /// Change against the first level, on the last one.
    pub share: Option<String>,
}

/// Bars up to which a waterfall stands.
const UPRIGHT: usize = 8;
/// Height of a standing waterfall.
const HEIGHT: f64 = 560.0;

impl Waterfall {
    /// The chart as an SVG document.
    pub fn render(&self, lang: Lang) -> String {
        self.draw(lang).svg
    }

    /// The chart with the boxes of its texts.
    pub(super) fn draw(&self, lang: Lang) -> Finished {
        let bars = self.bars(lang);
        let slot = (WIDTH - 2.0 * MARGIN - 70.0) / bars.len().max(1) as f64;
        let stands = bars.len() <= UPRIGHT
            && bars.iter().all(|bar| {
                let lines = label_lines(&bar.name, slot);
                lines.len() <= 3 && !text::cuts_a_word(&bar.name, &lines)
            });
        if stands || bars.is_empty() {
            self.draw_upright(&bars, lang)
        } else {
            super::cascade::draw(self, &bars, lang)
        }
    }

    /// The steps as bars; steps without a usable value are left out.
    pub(super) fn bars(&self, lang: Lang) -> Vec<Bar> {
        let steps: Vec<&Step> = self
            .steps
            .iter()
            .filter(|step| usable(step.value))
            .collect();
        let decimals = decimals(&steps);
        let first = steps
            .iter()
            .find(|s| s.kind == StepKind::Level)
            .map(|s| s.value);
        let levels = steps.iter().filter(|s| s.kind == StepKind::Level).count();
        let last = steps
            .iter()
            .rposition(|s| s.kind == StepKind::Level)
            .filter(|_| levels > 1);
        let mut running = 0.0;
        let bar = |(index, step): (usize, &&Step)| {
            let level = step.kind == StepKind::Level;
            let (from, to) = if level {
                (0.0, step.value)
            } else {
                (running, running + step.value)
            };
            running = to;
            let base = first.filter(|&base| Some(index) == last && base > 0.0);
            let share = base.map(|base| {
                let change = number::percent((step.value / base - 1.0) * 100.0, 1);
                let against = text::fit(self.against.get(lang), size::TICK, false, 180.0);
                format!("{against} {change}").trim().to_owned()
            });
            Bar {
                from,
                to,
                kind: step.kind,
                color: match step.kind {
                    StepKind::Level => TOTAL,
                    StepKind::Adjustment => GREY,
                    StepKind::Growth => GROWTH,
                    StepKind::Policy => POLICY,
                    StepKind::Change if (step.value > 0.0) != self.higher_is_better => BAD,
                    StepKind::Change => GOOD,
                },
                name: text::tidy(step.label.get(lang)),
                value: if level {
                    number::fixed(step.value, decimals)
                } else {
                    number::signed(step.value, decimals)
                },
                share,
            }
        };
        steps.iter().enumerate().map(bar).collect()
    }

    /// The axis, and whether it is cut.
    pub(super) fn axis(&self, bars: &[Bar], count: usize) -> (Axis, bool) {
        let ends = bars.iter().flat_map(|bar| match bar.kind {
            StepKind::Level => [bar.to, bar.to],
            _ => [bar.from, bar.to],
        });
        let target = self.target.iter().map(|target| target.value);
        let (lo, hi) = scale::extent(ends.chain(target)).unwrap_or((0.0, 1.0));
        let cut = !self.full_axis && lo > 0.0 && hi - lo < 0.45 * hi && hi > lo;
        if cut {
            let axis = scale::axis((lo - 0.25 * (hi - lo), hi), count);
            if axis.lo() > 0.0 {
                return (axis, true);
            }
        }
        (scale::axis((lo.min(0.0), hi.max(0.0)), count), false)
    }

    /// Subtitle with the unit and, if the axis is cut, a word on it.
    pub(super) fn subtitle(&self, cut: Option<&Axis>, lang: Lang) -> String {
        let line = with_unit(&self.subtitle, &self.unit, lang);
        let Some(start) = cut.and_then(|axis| axis.labels().into_iter().next()) else {
            return line;
        };
        match lang {
            Lang::Zh => format!("{line}（坐标轴自{start}起，总量柱已截短）"),
            Lang::En => format!("{line} (axis starts at {start}, bars of totals are cut)"),
        }
    }

    /// Bars side by side.
    fn draw_upright(&self, bars: &[Bar], lang: Lang) -> Finished {
        let sheet = Sheet::new(HEIGHT);
        let (axis, cut) = self.axis(bars, 6);
        let title = self.title.get(lang);
        let top = sheet.header(title, &self.subtitle(Some(&axis).filter(|_| cut), lang));
        let top = sheet.key_rows(&key(bars, lang), top);
        let kind = Type::plain(13.0, INK);
        let left = MARGIN + tick_room(&axis) + 8.0;
        let slot = (WIDTH - MARGIN - left) / bars.len().max(1) as f64;
        let rows = bars
            .iter()
            .map(|bar| label_lines(&bar.name, slot).len())
            .max()
            .unwrap_or(1);
        let foot = 10.0 + kind.pitch() * rows as f64;
        let bottom = sheet.footer(self.footnote.get(lang)) - foot;
        let shares = bars.iter().filter_map(|bar| bar.share.as_ref());
        let above = shares
            .map(|share| share_lines(share, slot).len())
            .max()
            .unwrap_or(0);
        let rect = Rect::new(
            left,
            top + 28.0 + 16.0 * above as f64,
            WIDTH - MARGIN,
            bottom,
        );
        if bars.is_empty() {
            sheet.no_data(rect, lang);
            return sheet.finish(title);
        }
        let plot = Plot::new(
            &sheet,
            rect,
            (0.0, bars.len() as f64),
            (axis.lo(), axis.hi()),
        );
        sheet.y_grid(&plot, &axis);
        draw_bars(&sheet, &plot, bars);
        let zero = plot.at(0.0, axis.lo().max(0.0)).1;
        sheet.path(&[(rect.x0, zero), (rect.x1, zero)], Pen::solid(AXIS, 1.0));
        if cut {
            for (index, bar) in bars.iter().enumerate() {
                if bar.kind == StepKind::Level {
                    let x = plot.at(index as f64 + 0.5, 0.0).0;
                    let half = rect.width() / bars.len() as f64 * 0.34 + 3.0;
                    cut_mark(
                        &sheet,
                        (x - half, rect.y1 - 14.0),
                        (x + half, rect.y1 - 20.0),
                    );
                }
            }
        }
        self.target_line(&sheet, &plot);
        let mut placer = value_labels(&sheet, &plot, bars);
        self.target_label(&sheet, &plot, &mut placer, lang);
        for (index, bar) in bars.iter().enumerate() {
            let x = plot.at(index as f64 + 0.5, axis.lo()).0;
            let kind = if bar.kind == StepKind::Level {
                Type::bold(13.0, INK)
            } else {
                kind
            };
            sheet.texts(
                (x, rect.y1 + 8.0),
                HPos::Center,
                &label_lines(&bar.name, slot),
                kind,
            );
        }
        sheet.finish(title)
    }

    /// The dashed line of the target.
    fn target_line(&self, sheet: &Sheet, plot: &Plot) {
        if let Some(target) = self.target.as_ref().filter(|t| usable(t.value)) {
            let y = plot.at(0.0, target.value).1;
            let pen = Pen::dashed(readable(verdict(target.met)), 1.25, "5 4");
            sheet.path(&[(plot.rect.x0, y), (plot.rect.x1, y)], pen);
        }
    }

    /// The label of the target, near its line and off the bars.
    fn target_label(&self, sheet: &Sheet, plot: &Plot, placer: &mut Placer, lang: Lang) {
        let Some(target) = self.target.as_ref().filter(|t| usable(t.value)) else {
            return;
        };
        let y = plot.at(0.0, target.value).1;
        let along = [0.1, 0.25, 0.4, 0.55, 0.7, 0.85, 0.95];
        let marks = along.map(|share| (plot.rect.x0 + share * plot.rect.width(), y));
        placer.avoid_line(&[(plot.rect.x0, y), (plot.rect.x1, y)]);
        let kind = Type::bold(size::TICK, readable(verdict(target.met)));
        super::marks::label_near(sheet, placer, &marks, target.label.get(lang), kind, 14.0);
    }
}

/// Colours and their meaning, none unless growth or current policy stands beside measures.
pub(super) fn key<'a>(bars: impl IntoIterator<Item = &'a Bar>, lang: Lang) -> Vec<KeyItem> {
    let bars: Vec<&Bar> = bars.into_iter().collect();
    let apart = |bar: &&Bar| matches!(bar.kind, StepKind::Growth | StepKind::Policy);
    if !bars.iter().any(apart) {
        return Vec::new();
    }
    let meanings = [
        (GROWTH, lang.pick("增长与结构", "growth and structure")),
        (
            POLICY,
            lang.pick("现行政策与自然更新", "current policy and renewal"),
        ),
        (GOOD, lang.pick("措施：减少", "measures, down")),
        (BAD, lang.pick("措施：增加", "measures, up")),
        (GREY, lang.pick("其他", "other")),
    ];
    let shown = |color: Rgb| bars.iter().any(|bar| bar.color == color);
    let shown = meanings.into_iter().filter(|(color, _)| shown(*color));
    shown
        .map(|(color, words)| (Sign::Fill(color, 1.0), words.to_owned()))
        .collect()
}

/// A name wrapped for its slot.
fn label_lines(name: &str, slot: f64) -> Vec<String> {
    text::wrap_even(name, 13.0, true, slot - 8.0)
}

/// The change of the result wrapped for its slot.
fn share_lines(share: &str, slot: f64) -> Vec<String> {
    text::lines(share, size::SMALL, false, slot - 4.0, 3)
}

/// Decimals of a waterfall: one for all bars, so that they add up to the eye.
fn decimals(steps: &[&Step]) -> usize {
    let top = steps
        .iter()
        .map(|step| step.value.abs())
        .fold(0.0, f64::max);
    let values = steps.iter().map(|step| step.value.abs());
    let small = values.filter(|&value| value > top * 1e-6);
    let small = small.fold(f64::INFINITY, f64::min);
    let decimals = number::amount_decimals(top);
    let shows = |d: usize| small * 10_f64.powi(i32::try_from(d).unwrap_or(0)) >= 0.95;
    if shows(decimals) || top == 0.0 {
        decimals
    } else {
        decimals + 1
    }
}

/// Bars and the dotted lines between them.
fn draw_bars(sheet: &Sheet, plot: &Plot, bars: &[Bar]) {
    for (index, bar) in bars.iter().enumerate() {
        let center = index as f64 + 0.5;
        let floor = |value: f64| value.max(plot.y.0);
        let (x0, y0) = plot.at(center - 0.34, floor(bar.from));
        let (x1, y1) = plot.at(center + 0.34, floor(bar.to));
        let (y_top, y_bottom) = (y0.min(y1), y0.max(y1).max(y0.min(y1) + 1.5));
        sheet.tip(format!("{}: {}", bar.name, bar.value));
        sheet.rect(Rect::new(x0, y_top, x1, y_bottom), bar.color, 1.0);
        if index + 1 < bars.len() {
            let next = plot.at(center + 1.0 - 0.34, floor(bar.to));
            sheet.path(&[(x1, y1), next], Pen::dashed(AXIS, 1.25, "2 3"));
        }
    }
}

/// Values above the bars (the share of the result above its value), on paper where
/// a line passes.
fn value_labels(sheet: &Sheet, plot: &Plot, bars: &[Bar]) -> Placer {
    let mut placer = Placer {
        bounds: Rect::new(
            plot.rect.x0,
            plot.rect.y0 - 30.0,
            plot.rect.x1,
            plot.rect.y1,
        ),
        ..Placer::default()
    };
    let slot = plot.rect.width() / bars.len().max(1) as f64;
    for (index, bar) in bars.iter().enumerate() {
        let from = if bar.kind == StepKind::Level {
            0.0
        } else {
            bar.from
        };
        let (x, y0) = plot.at(index as f64 + 0.5, from.max(plot.y.0));
        let (_, y1) = plot.at(index as f64 + 0.5, bar.to.max(plot.y.0));
        placer.marks.push(Rect::new(
            x - slot * 0.34,
            y0.min(y1),
            x + slot * 0.34,
            y0.max(y1),
        ));
        let value = Type::bold(size::LABEL, readable(bar.color));
        let mut lines = Vec::new();
        if let Some(share) = &bar.share {
            let small = Type::plain(size::SMALL, SOFT);
            let wrapped = share_lines(share, slot);
            lines.extend(wrapped.into_iter().map(|line| (line, small)));
        }
        lines.push((bar.value.clone(), value));
        let mut bottom = y0.min(y1) - 3.0;
        for (line, kind) in lines.into_iter().rev() {
            let size = if kind.width(&line) > slot - 2.0 {
                kind.size * (slot - 2.0) / kind.width(&line)
            } else {
                kind.size
            };
            let kind = Type { size, ..kind };
            let half = kind.width(&line) / 2.0;
            let covered = Rect::new(
                x - half - 2.0,
                bottom - kind.pitch(),
                x + half + 2.0,
                bottom,
            );
            sheet.rect(covered, PAPER, 0.85);
            sheet.text(
                (x, bottom - kind.pitch() / 2.0),
                HPos::Center,
                VPos::Center,
                &line,
                kind,
            );
            placer.texts.push(covered);
            bottom -= kind.pitch();
        }
    }
    placer
}

/// A white slanted band across a bar whose foot is cut off.
pub(super) fn cut_mark(sheet: &Sheet, from: (f64, f64), to: (f64, f64)) {
    let steep = (to.0 - from.0).abs() < (to.1 - from.1).abs();
    let (dx, dy) = if steep { (6.0, 0.0) } else { (0.0, 6.0) };
    let corners = [from, to, (to.0 + dx, to.1 + dy), (from.0 + dx, from.1 + dy)];
    sheet.polygon(&corners, PAPER, 1.0);
}
