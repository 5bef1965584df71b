//! From A to B, step by step: what explains the difference of each indicator.

use super::{Figure, both, rests_on};
use crate::base;
use crate::case::{display, number, short_name};
use crate::chart::{Chart as _, Step, StepKind, Waterfall};
use crate::diff::Comparison;
use jianpai_core::difference::{Cause, Difference};
use jianpai_core::text::Text;

/// Steps shown by name; the smaller ones are summed up.
const NAMED: usize = 12;

/// A chart for every indicator that differs in the last common year.
pub fn differences(of: &Comparison<'_>) -> Vec<Figure> {
    let charts = steps_between(of).into_iter();
    charts
        .flat_map(|(id, chart)| both(&format!("diff-{id}"), |lang| chart.render(lang)))
        .collect()
}

/// The same before they are drawn, each with the id of its indicator: from A's value the
/// steps sum to B's.
pub fn steps_between(of: &Comparison<'_>) -> Vec<(String, Waterfall)> {
    let moved = of.moved().into_iter();
    let charts = moved.filter_map(|difference| {
        let indicator = &of.a.catalogue.indicators[difference.indicator.at()];
        Some((indicator.named.id.clone(), waterfall(of, difference)?))
    });
    charts.collect()
}

fn waterfall(of: &Comparison<'_>, difference: &Difference) -> Option<Waterfall> {
    let years = &of.explanation?.years;
    let last = years.len() - 1;
    let (a, b) = (difference.a[last], difference.b[last]);
    if (b - a).abs() <= 1e-9 * a.abs().max(b.abs()) {
        return None;
    }
    let indicator = &of.a.catalogue.indicators[difference.indicator.at()];
    let mut shown = display(indicator);
    if shown.scale > 9e3 && a.abs().max(b.abs()) >= 5e8 {
        let zh = shown.unit.zh.replace('万', "亿");
        shown.unit = Text::new(zh, shown.unit.en.replace('⁴', "⁸"));
        shown.scale = 1e8;
    }
    if shown.scale < 1.0 && !indicator.kind.is_share() {
        let base = of.a.scenario.base_year;
        shown.unit = Text::new(format!("{base}年=100"), format!("{base} = 100"));
    }
    let (name_a, name_b) = of.names();
    let level = |name: &Text, value: f64| Step {
        label: name.clone(),
        value: value / shown.scale,
        kind: StepKind::Level,
    };
    let mut steps = vec![level(&name_a, a)];
    steps.extend(changes(of, difference, last, shown.scale));
    steps.push(level(&name_b, b));
    let year = years[last];
    let name = short_name(of.a.catalogue, indicator);
    let (way_zh, way_en) = if b < a {
        ("低", "below")
    } else {
        ("高", "above")
    };
    let gap = number((b - a).abs() / shown.scale);
    let unit = &shown.unit;
    let points = Text::new("个百分点", "points");
    let gap_unit = if indicator.kind.is_share() {
        &points
    } else {
        unit
    };
    let grey = steps.iter().any(|step| step.kind == StepKind::Adjustment);
    let (grey_zh, grey_en) = if grey {
        (
            "；灰色为增长等非措施的差别",
            "; grey: growth and what is no measure",
        )
    } else {
        ("", "")
    };
    let (ids_a, ids_b) = (&of.a.scenario.id, &of.b.scenario.id);
    let version = env!("CARGO_PKG_VERSION");
    let supports = [of.a.support, of.b.support].into_iter();
    let rests = rests_on(supports, &[difference.indicator.at()], year);
    let scenarios = [of.a.scenario, of.b.scenario];
    let shown = std::iter::once(difference.indicator);
    let base = base::projected(of.a.catalogue, &scenarios, shown);
    Some(Waterfall {
        title: Text::new(
            format!(
                "{year}年{}：{}比{}{way_zh}{gap}（{}）",
                name.zh, name_b.zh, name_a.zh, gap_unit.zh
            ),
            format!(
                "{} {year}: {} is {gap} ({}) {way_en} {}",
                name.en, name_b.en, gap_unit.en, name_a.en
            ),
        ),
        subtitle: Text::new(
            format!("从{}到{}{grey_zh}", name_a.zh, name_b.zh),
            format!("From {} to {}{grey_en}", name_a.en, name_b.en),
        ),
        unit: unit.clone(),
        steps,
        against: Text::new("较 A", "vs A"),
        target: None,
        higher_is_better: indicator.higher_is_better,
        full_axis: false,
        footnote: Text::new(
            format!(
                "测算：jianpai {version}，情景 {ids_a}、{ids_b}；各项之和等于差别，无余项{}。{}",
                base.zh, rests.zh
            ),
            format!(
                "Projection: jianpai {version}, scenarios {ids_a}, {ids_b}. The steps sum to the difference{}.{}",
                base.en, rests.en
            ),
        ),
    })
}

/// The steps between: growth and other inputs first (grey), then the measures.
fn changes(of: &Comparison<'_>, difference: &Difference, last: usize, scale: f64) -> Vec<Step> {
    let gap = (difference.b[last] - difference.a[last]).abs();
    let size = difference.parts.iter().map(|part| part.values[last].abs());
    let size = size.fold(gap, f64::max);
    let mut grey = Vec::new();
    let mut measures = Vec::new();
    let mut rest = 0.0;
    for part in &difference.parts {
        let value = part.values[last];
        let step = Step {
            label: of.cause_name(&part.cause),
            value: value / scale,
            kind: match part.cause {
                Cause::Measure(_) => StepKind::Change,
                _ => StepKind::Adjustment,
            },
        };
        if value.abs() < 1e-9 * size {
            continue;
        }
        if step.kind == StepKind::Adjustment {
            grey.push(step);
        } else if value.abs() < 0.01 * size {
            rest += value;
        } else {
            measures.push(step);
        }
    }
    measures.sort_by(|a, b| b.value.abs().total_cmp(&a.value.abs()));
    if measures.len() > NAMED {
        rest += measures
            .drain(NAMED..)
            .map(|step| step.value * scale)
            .sum::<f64>();
    }
    measures.sort_by(|a, b| a.value.total_cmp(&b.value));
    if rest.abs() > 1e-9 * size {
        measures.push(Step {
            label: Text::new("其他措施", "Other measures"),
            value: rest / scale,
            kind: StepKind::Change,
        });
    }
    grey.extend(measures);
    grey
}
