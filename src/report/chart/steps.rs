//! From one level to another, step by step: what a waterfall shows, and its bars.
//!
//! `waterfall.rs` draws them upright, `cascade.rs` on their side, `cascades.rs` several
//! beside each other.

use crate::standing::Standing;
use jianpai_core::text::{Lang, Text};

use super::number;
use super::scale::{self, Axis, usable};
use super::sheet::{KeyItem, Sheet, Sign, with_unit};
use super::text;
use super::theme::{BAD, GOOD, GREY, GROWTH, PAPER, POLICY, Rgb, TOTAL, size};

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
    pub standing: Standing,
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

impl Waterfall {
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

/// A white slanted band across a bar whose foot is cut off.
pub(super) fn cut_mark(sheet: &Sheet, from: (f64, f64), to: (f64, f64)) {
    let steep = (to.0 - from.0).abs() < (to.1 - from.1).abs();
    let (dx, dy) = if steep { (6.0, 0.0) } else { (0.0, 6.0) };
    let corners = [from, to, (to.0 + dx, to.1 + dy), (from.0 + dx, from.1 + dy)];
    sheet.polygon(&corners, PAPER, 1.0);
}
