//! Words for who cannot see a chart: what is drawn, with the main numbers.

use crate::case::{Case, number, percent, signed_percent};
use crate::chart::{
    Abatement, AreaChart, AreaKind, IndexPanels, LineChart, PairedBars, Quadrants, SlopeChart,
    StepKind, TargetDots, Waterfall,
};
use jianpai_core::text::{Lang, Text};

/// Parts of a sentence in both languages, joined.
pub(super) fn joined(parts: &[Text]) -> Text {
    let join = |lang: Lang| {
        let parts: Vec<&str> = parts.iter().map(|part| part.get(lang)).collect();
        parts.join(lang.pick("，", ", "))
    };
    Text::new(join(Lang::Zh), join(Lang::En))
}

pub(super) fn indices(case: &Case<'_>, chart: &IndexPanels) -> Text {
    let (first, last) = (case.index_base(), case.scenario.end_year);
    let ends = chart.panels.iter().filter_map(|panel| {
        let end = panel.with_measures.last().filter(|end| end.is_finite())?;
        let change = signed_percent(end / 100.0 - 1.0);
        let name = &panel.name;
        Some(Text::new(
            format!("{} {change}", name.zh),
            format!("{} {change}", name.en),
        ))
    });
    let ends = joined(&ends.collect::<Vec<_>>());
    Text::new(
        format!(
            "折线图，每项指标一幅，{first}年=100，画至{last}年，并标出目标。{last}年较{first}年：{}。",
            ends.zh
        ),
        format!(
            "Line charts, one an indicator, {first} = 100, to {last}, with the targets. {last} on \
             {first}: {}.",
            ends.en
        ),
    )
}

/// Steps told one by one: the largest.
const TOLD: usize = 4;

pub(super) fn balance(of: &Text, chart: &Waterfall) -> Text {
    let unit = &chart.unit;
    let level = |step: Option<&crate::chart::Step>| {
        step.map_or_else(Text::default, |step| {
            Text::new(
                format!("{}{}{}", step.label.zh, number(step.value), unit.zh),
                format!("{} {} in {}", number(step.value), unit.en, step.label.en),
            )
        })
    };
    let (from, to) = (level(chart.steps.first()), level(chart.steps.last()));
    let mut steps: Vec<_> = chart.steps.iter().collect();
    steps.retain(|step| step.kind != StepKind::Level);
    steps.sort_by(|a, b| b.value.abs().total_cmp(&a.value.abs()));
    let told: Vec<Text> = steps
        .iter()
        .take(TOLD)
        .map(|step| {
            let sign = if step.value < 0.0 { "−" } else { "+" };
            let amount = format!("{sign}{}", number(step.value.abs()));
            let name = &step.label;
            Text::new(
                format!("{}{amount}", name.zh),
                format!("{} {amount}", name.en),
            )
        })
        .collect();
    let told = joined(&told);
    Text::new(
        format!(
            "{}的瀑布图：从{}到{}。最大的各项：{}。",
            of.zh, from.zh, to.zh, told.zh
        ),
        format!(
            "Waterfall of {}: from {} to {}. The largest steps: {}.",
            of.en, from.en, to.en, told.en
        ),
    )
}

pub(super) fn values(chart: &LineChart) -> Text {
    let unit = &chart.unit;
    let given = chart.series.iter().flat_map(|series| &series.observed);
    let given: Vec<Text> = given
        .map(|(year, value)| {
            Text::new(
                format!("{year}年{}", number(*value)),
                format!("{} in {year}", number(*value)),
            )
        })
        .collect();
    let (given, name) = (joined(&given), &chart.subtitle);
    let aims = chart.targets.iter().map(|aim| {
        Text::new(
            format!("{}年{}", aim.year, aim.label.zh),
            format!("{} by {}", aim.label.en, aim.year),
        )
    });
    let aims = joined(&aims.collect::<Vec<_>>());
    let aims = if aims.zh.is_empty() {
        Text::default()
    } else {
        Text::new(format!("{}。", aims.zh), format!(" {}.", aims.en))
    };
    Text::new(
        format!(
            "{}的折线图（{}）：{}。{}",
            name.zh, unit.zh, given.zh, aims.zh
        ),
        format!(
            "Line chart of {} ({}): {}.{}",
            name.en, unit.en, given.en, aims.en
        ),
    )
}

/// Things told one by one in a sentence: the largest.
const LISTED: usize = 5;

/// Targets with what each comes to.
pub(super) fn dots(chart: &TargetDots) -> Text {
    let rows = chart.rows.iter().map(|row| {
        let words = row.standing.words();
        Text::new(
            format!(
                "{}（{}）{}，{}",
                row.name.zh, row.demand.zh, row.reached.zh, words.zh
            ),
            format!(
                "{} ({}): {}, {}",
                row.name.en, row.demand.en, row.reached.en, words.en
            ),
        )
    });
    let rows: Vec<Text> = rows.collect();
    let join = |lang: Lang| {
        let rows: Vec<&str> = rows.iter().map(|row| row.get(lang)).collect();
        rows.join(lang.pick("；", "; "))
    };
    Text::new(
        format!(
            "点图，每项目标一行，圆点为结果，竖线为目标。{}。",
            join(Lang::Zh)
        ),
        format!(
            "Dot plot, a row a target, the dot is the result and the line the target. {}.",
            join(Lang::En)
        ),
    )
}

/// Indicators between plans with their changes.
pub(super) fn slopes(chart: &SlopeChart) -> Text {
    let ends = chart.lines.iter().filter_map(|line| {
        let change = signed_percent(line.values.last()? / 100.0 - 1.0);
        Some(Text::new(
            format!("{} {change}", line.name.zh),
            format!("{} {change}", line.name.en),
        ))
    });
    let ends = joined(&ends.collect::<Vec<_>>());
    let first = chart.years.first().copied().unwrap_or(0);
    let last = chart.years.last().copied().unwrap_or(0);
    Text::new(
        format!("斜线图，{first}年=100。{last}年较{first}年：{}。", ends.zh),
        format!(
            "Slope chart, {first} = 100. {last} on {first}: {}.",
            ends.en
        ),
    )
}

/// Areas with their heights in the last year.
pub(super) fn areas(chart: &AreaChart) -> Text {
    let last = chart.years.last().copied().unwrap_or(0);
    let end = |values: &[f64]| values.last().copied().unwrap_or(0.0);
    let mut parts: Vec<_> = chart.areas.iter().collect();
    parts.sort_by(|a, b| end(&b.values).abs().total_cmp(&end(&a.values).abs()));
    let sign = match chart.kind {
        AreaKind::Wedges => "−",
        AreaKind::Parts => "",
    };
    let told = |name: &Text, amount: String| {
        Text::new(
            format!("{}{amount}", name.zh),
            format!("{} {amount}", name.en),
        )
    };
    let parts = parts.iter().filter(|area| end(&area.values) > 0.0);
    let parts = parts
        .take(LISTED)
        .map(|area| told(&area.name, format!("{sign}{}", number(end(&area.values)))));
    let parts = joined(&parts.collect::<Vec<_>>());
    let edges = chart.edges.iter();
    let edges = edges.map(|edge| told(&edge.name, number(end(&edge.values))));
    let edges = joined(&edges.collect::<Vec<_>>());
    let unit = &chart.unit;
    match chart.kind {
        AreaKind::Wedges => Text::new(
            format!(
                "楔形图：两条线之间为各项措施逐年的减排量。{last}年（{}）：{}；其中{}。",
                unit.zh, edges.zh, parts.zh
            ),
            format!(
                "Wedges: between the two lines, what each measure cuts year by year. {last} ({}): \
                 {}; of it {}.",
                unit.en, edges.en, parts.en
            ),
        ),
        AreaKind::Parts => Text::new(
            format!(
                "堆积面积图：各部门逐年的排放。{last}年（{}）：{}；其中{}。",
                unit.zh, edges.zh, parts.zh
            ),
            format!(
                "Stacked areas: emission by source and year. {last} ({}): {}; of it {}.",
                unit.en, edges.en, parts.en
            ),
        ),
    }
}

/// Both books with the last year of each.
pub(super) fn books(chart: &PairedBars) -> Text {
    let ends = chart.panels.iter().filter_map(|panel| {
        let [a, b] = [panel.first.last()?, panel.second.last()?].map(|v| percent(v / 100.0));
        Some(Text::new(
            format!("{}核算{a}、实际{b}", panel.name.zh),
            format!("{} {a} accounted and {b} physical", panel.name.en),
        ))
    });
    let ends = joined(&ends.collect::<Vec<_>>());
    let years = chart.panels.iter().filter_map(|panel| panel.years.last());
    let last = years.max().copied().unwrap_or(0);
    Text::new(
        format!("成对柱形图：各年两本账的减排比例。{last}年：{}。", ends.zh),
        format!(
            "Pairs of bars: reduction in both books by year. {last}: {}.",
            ends.en
        ),
    )
}

/// Measures with what the largest of them do.
pub(super) fn synergy(chart: &Quadrants) -> Text {
    let mut points: Vec<_> = chart.points.iter().collect();
    points.sort_by(|a, b| (b.x.abs() + b.y.abs()).total_cmp(&(a.x.abs() + a.y.abs())));
    let (x, y) = (&chart.x_name, &chart.y_name);
    let told = points.iter().take(LISTED).map(|point| {
        // What is no change has no sign.
        let [a, b] = [point.x, point.y].map(|value| signed_percent(0.0 - value / 100.0));
        Text::new(
            format!("{}：{}{a}、{}{b}", point.name.zh, x.zh, y.zh),
            format!("{}: {} {a}, {} {b}", point.name.en, x.en, y.en),
        )
    });
    let told = joined(&told.collect::<Vec<_>>());
    Text::new(
        format!(
            "四象限图：横向为{}减排量，纵向为{}减排量，每项措施为一点。作用最大的：{}。",
            x.zh, y.zh, told.zh
        ),
        format!(
            "Quadrants: cut of {} across, of {} upwards, a dot a measure. The largest: {}.",
            x.en, y.en, told.en
        ),
    )
}

/// The cost curve with what a tonne costs by each of the widest measures.
pub(super) fn abatement(of: &Text, chart: &Abatement) -> Text {
    let mut bars: Vec<_> = chart.bars.iter().collect();
    bars.sort_by(|a, b| b.amount.total_cmp(&a.amount));
    let (unit, price) = (&chart.unit, &chart.price_unit);
    let told = bars.iter().take(LISTED).map(|bar| {
        let (amount, cost) = (number(bar.amount), number(bar.price));
        Text::new(
            format!("{}减{amount}，{cost}{}", bar.name.zh, price.zh),
            format!("{} {amount} at {cost} {}", bar.name.en, price.en),
        )
    });
    let told: Vec<Text> = told.collect();
    let join = |lang: Lang| {
        let told: Vec<&str> = told.iter().map(|one| one.get(lang)).collect();
        told.join(lang.pick("；", "; "))
    };
    Text::new(
        format!(
            "{}的减排成本曲线，每项措施一柱，宽为减排量（{}），高为每吨费用。减得最多的：{}。",
            of.zh,
            unit.zh,
            join(Lang::Zh)
        ),
        format!(
            "Abatement cost curve of {}, a bar a measure, as wide as what it takes away ({}) and as \
             high as a tonne costs. The widest: {}.",
            of.en,
            unit.en,
            join(Lang::En)
        ),
    )
}
