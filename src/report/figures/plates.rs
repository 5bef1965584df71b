//! The charts of a case for whoever writes a report: each with its caption and with words
//! for who cannot see it, in the order in which a briefing shows them.

use super::abatement::abatement;
use super::balance::waterfall;
use super::books::books;
use super::dots::dots;
use super::indices::indices;
use super::slope::slopes;
use super::sources::by_source;
use super::synergy::synergy;
use super::wedges::wedges;
use super::{alt, tracked};
use crate::case::{Case, account_name, leading};
use crate::chart::Chart;
use jianpai_core::dims::PollutantId;
use jianpai_core::text::Text;

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
    /// A plate of a chart, from its headline and its words.
    pub(super) fn of<C: Chart + 'static>(
        id: impl Into<String>,
        chart: C,
        told: impl FnOnce(&C) -> (&Text, Text),
    ) -> Self {
        let (headline, alt) = told(&chart);
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

/// Every chart of a case, in the order in which a briefing shows them: those that every run
/// writes, then targets, plans, wedges, sources, both books, and carbon beside pollutants.
pub fn plates(case: &Case<'_>) -> Vec<Plate> {
    let mut all = briefing(case);
    if let Some(chart) = dots(case) {
        all.push(Plate::of("targets", chart, |c| (&c.title, alt::dots(c))));
    }
    if let Some(chart) = slopes(case) {
        all.push(Plate::of("slopes", chart, |c| (&c.title, alt::slopes(c))));
    }
    let pollutants = || (0..case.catalogue.pollutants.len()).map(PollutantId::from_usize);
    let named = |stem: &str, p: PollutantId| {
        let id = &case.catalogue.pollutants[p.at()].named.id;
        format!("{stem}-{id}")
    };
    for p in pollutants() {
        if let Some(chart) = wedges(case, p) {
            let id = named("wedges", p);
            all.push(Plate::of(id, chart, |c| (&c.title, alt::areas(c))));
        }
    }
    for p in pollutants() {
        if let Some(chart) = by_source(case, p) {
            let id = named("sources", p);
            all.push(Plate::of(id, chart, |c| (&c.title, alt::areas(c))));
        }
    }
    if let Some(chart) = books(case) {
        all.push(Plate::of("books", chart, |c| (&c.title, alt::books(c))));
    }
    for p in pollutants() {
        if let Some(chart) = synergy(case, p) {
            let id = named("synergy", p);
            all.push(Plate::of(id, chart, |c| (&c.title, alt::synergy(c))));
        }
    }
    all
}

/// The charts that every run writes.
pub(super) fn briefing(case: &Case<'_>) -> Vec<Plate> {
    let panels = indices(case);
    let mut plates = vec![Plate::of("indices", panels, |c| {
        (&c.title, alt::indices(case, c))
    })];
    for p in (0..case.catalogue.pollutants.len()).map(PollutantId::from_usize) {
        if let Some(chart) = waterfall(case, p) {
            let id = &case.catalogue.pollutants[p.at()].named.id;
            let of = account_name(case.catalogue, leading(case.catalogue, p));
            let id = format!("balance-{id}");
            plates.push(Plate::of(id, chart, |c| (&c.title, alt::balance(&of, c))));
        }
    }
    for p in (0..case.catalogue.pollutants.len()).map(PollutantId::from_usize) {
        if let Some(chart) = abatement(case, p) {
            let id = &case.catalogue.pollutants[p.at()].named.id;
            let of = account_name(case.catalogue, leading(case.catalogue, p));
            let id = format!("abatement-{id}");
            plates.push(Plate::of(id, chart, |c| (&c.title, alt::abatement(&of, c))));
        }
    }
    for (name, chart) in tracked::charts(case) {
        plates.push(Plate::of(name, chart, |c| (&c.title, alt::values(c))));
    }
    plates
}

/// A headline as a caption.
fn without_stop(headline: &Text) -> Text {
    let cut = |text: &str| text.trim_end_matches(['。', '.', ' ']).to_string();
    Text::new(cut(&headline.zh), cut(&headline.en))
}
