//! Indices of the main indicators against their base year, a panel each.

use super::footnote::footnote;
use super::targets::{headline, is_drawn, marks, not_drawn};
use crate::case::{Case, short_name};
use crate::chart::{IndexPanel, IndexPanels};
use jianpai_core::catalogue::Book;
use jianpai_core::dims::{IndicatorId, PollutantId};
use jianpai_core::text::Text;

/// Indices against the base year for the main indicators, with target marks.
pub fn indices(case: &Case<'_>) -> IndexPanels {
    let shown = panel_indicators(case);
    let panels = shown.iter().map(|&i| panel(case, i)).collect();
    let (first, last) = (case.index_base(), case.scenario.end_year);
    let pollutants: Vec<PollutantId> = shown
        .iter()
        .filter_map(|i| case.catalogue.indicators[*i].kind.pollutant())
        .collect();
    let name = case.title();
    let mut footnote = footnote(case, &pollutants, &shown);
    let rest = not_drawn(case);
    footnote.zh += &rest.zh;
    footnote.en += &rest.en;
    IndexPanels {
        title: headline(case),
        subtitle: Text::new(
            format!("{}：{first}—{last}年主要指标，{first}年=100", name.zh),
            format!(
                "{} — main indicators {first}–{last}, {first} = 100",
                name.en
            ),
        ),
        panels,
        with_name: Text::new("本情景", "This scenario"),
        without_name: case.reference_name(),
        other_name: Text::new("实际排放", "Physical emission"),
        history_until: Some(case.recorded_until()).filter(|year| *year > first),
        own_scales: false,
        footnote,
    }
}

/// Panels beyond this number are drawn only for targets.
const PANELS: usize = 8;

/// The five indicators of the briefing (four pollutants of the plan and CO2 per GDP) and
/// every other with a target that can be drawn.
pub(super) fn panel_indicators(case: &Case<'_>) -> Vec<usize> {
    let all = case.catalogue.in_pairs().into_iter().map(IndicatorId::at);
    let targeted = |i: usize| {
        let mut own = case.targets().filter(|(t, _)| t.indicator.at() == i);
        own.any(|(target, _)| is_drawn(case, target))
    };
    let briefing: Vec<usize> = all
        .clone()
        .filter(|i| {
            let indicator = &case.catalogue.indicators[*i];
            // What was observed is drawn in the book in which it was.
            let seen = case.scenario.observed.iter();
            if seen.clone().any(|o| o.indicator.at() == *i) {
                return true;
            }
            let unofficial = |p: &PollutantId| case.plan.base_year.uncalibrated.contains(p);
            let kind = &indicator.kind;
            let official = kind.is_index() || !kind.pollutant().is_some_and(|p| unofficial(&p));
            official && indicator.is_headline(case.catalogue)
        })
        .collect();
    let room = PANELS.saturating_sub(all.clone().filter(|i| targeted(*i)).count());
    let others = briefing.into_iter().filter(|i| !targeted(*i));
    let others: Vec<usize> = others.take(room).collect();
    all.filter(|i| targeted(*i) || others.contains(i)).collect()
}

fn panel(case: &Case<'_>, i: usize) -> IndexPanel {
    let indicator = &case.catalogue.indicators[i];
    // Published reductions count from the scenario's base year.
    let same_base = case.index_base() == case.scenario.base_year;
    // Beside what is accounted, what is really emitted.
    let told = indicator.told_book(case.catalogue);
    let accounted = told == Some(Book::Accounted);
    let other = case
        .catalogue
        .in_book(IndicatorId::from_usize(i), Book::Physical)
        .map(IndicatorId::at)
        .filter(|_| accounted);
    let observed = case
        .scenario
        .observed
        .iter()
        .filter(|o| o.indicator.at() == i && same_base);
    IndexPanel {
        name: short_name(case.catalogue, indicator),
        color: 0,
        years: case.index_years().to_vec(),
        with_measures: case.index(i, &case.outcome.indicators[i]),
        without_measures: case.index(i, case.reference(i)),
        other_book: other.map_or_else(Vec::new, |j| case.index(j, &case.outcome.indicators[j])),
        observed: observed
            .map(|o| (o.year, (1.0 - o.reduction) * 100.0))
            .collect(),
        splices: case.spliced(i).map(|(year, _)| year).collect(),
        targets: marks(case, i),
    }
}
