//! The charts of a case for whoever writes a report: each with its caption and with words
//! for who cannot see it, in the order in which a briefing shows them.

use super::balance::waterfall;
use super::indices::indices;
use super::tracked;
use crate::case::{Case, account_name, leading, number, signed_percent};
use crate::chart::{Chart, IndexPanels, LineChart, StepKind, Waterfall};
use jianpai_core::dims::PollutantId;
use jianpai_core::text::{Lang, Text};

/// A chart with what a document says of it.
pub struct Plate {
    /// Stem of its files, as in `balance-SO2`.
    pub id: String,
    /// What it shows: its headline without the final stop.
    pub caption: Text,
    /// One or two sentences for who cannot see it: what is drawn, with the main numbers.
    pub alt: Text,
    /// The drawing.
    pub chart: Box<dyn Chart>,
}

impl Plate {
    /// A plate under its headline.
    pub(super) fn new(
        id: impl Into<String>,
        headline: &Text,
        alt: Text,
        chart: impl Chart + 'static,
    ) -> Self {
        Self {
            id: id.into(),
            caption: without_stop(headline),
            alt,
            chart: Box::new(chart),
        }
    }
}

impl std::fmt::Debug for Plate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Plate")
            .field("id", &self.id)
            .field("caption", &self.caption)
            .finish_non_exhaustive()
    }
}

/// Every chart of a case, in the order in which a briefing shows them.
pub fn plates(case: &Case<'_>) -> Vec<Plate> {
    briefing(case)
}

/// The charts that every run writes.
pub(super) fn briefing(case: &Case<'_>) -> Vec<Plate> {
    let panels = indices(case);
    let mut plates = vec![Plate::new(
        "indices",
        &panels.title.clone(),
        alt_of_indices(case, &panels),
        panels,
    )];
    for p in (0..case.catalogue.pollutants.len()).map(PollutantId::from_usize) {
        if let Some(chart) = waterfall(case, p) {
            let id = &case.catalogue.pollutants[p.at()].named.id;
            let of = account_name(case.catalogue, leading(case.catalogue, p));
            let (title, alt) = (chart.title.clone(), alt_of_balance(&of, &chart));
            plates.push(Plate::new(format!("balance-{id}"), &title, alt, chart));
        }
    }
    for (name, chart) in tracked::charts(case) {
        let (title, alt) = (chart.title.clone(), alt_of_values(&chart));
        plates.push(Plate::new(name, &title, alt, chart));
    }
    plates
}

/// A headline as a caption.
fn without_stop(headline: &Text) -> Text {
    let cut = |text: &str| text.trim_end_matches(['。', '.', ' ']).to_string();
    Text::new(cut(&headline.zh), cut(&headline.en))
}

/// Parts of a sentence in both languages, joined.
pub(super) fn joined(parts: &[Text]) -> Text {
    let join = |lang: Lang| {
        let parts: Vec<&str> = parts.iter().map(|part| part.get(lang)).collect();
        parts.join(lang.pick("，", ", "))
    };
    Text::new(join(Lang::Zh), join(Lang::En))
}

fn alt_of_indices(case: &Case<'_>, chart: &IndexPanels) -> Text {
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

fn alt_of_balance(of: &Text, chart: &Waterfall) -> Text {
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

fn alt_of_values(chart: &LineChart) -> Text {
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
