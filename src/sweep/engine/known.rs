//! What runs of the past say of the model's error in what a sweep reports.

use jianpai_core::catalogue::Catalogue;
use jianpai_core::dims::IndicatorId;
use jianpai_core::discrepancy::Discrepancy;
use jianpai_core::doubt;
use jianpai_core::plan::Plan;
use jianpai_core::scenario::Scenario;
use jianpai_core::target::Target;

/// How wrong the model may be about what a sweep reports.
#[derive(Clone, Debug, Default)]
pub struct Errors {
    /// The index of the year that indicators count from.
    pub origin: usize,
    /// One entry a reported indicator in a year; `None` where nothing is known, or where
    /// the year is observed.
    pub cells: Vec<Option<Discrepancy>>,
    /// One entry a target.
    pub targets: Vec<Option<Discrepancy>>,
}

impl Errors {
    /// What runs of the past say of these indicators, years and targets.
    pub fn of(
        catalogue: &Catalogue,
        (scenario, plan): (&Scenario, &Plan),
        cells: &[(IndicatorId, usize)],
        targets: &[Target],
    ) -> Self {
        let from = scenario.index_base(&plan.years);
        let origin = plan.year(from).unwrap_or(0);
        let cell = |(id, t): &(IndicatorId, usize)| {
            let indicator = &catalogue.indicators[id.at()];
            let account = plan.account(catalogue.account_of(*id))?;
            let year = plan.years[*t];
            let seen = plan.observed_until[account].is_some_and(|seen| year <= seen);
            if year <= from || seen {
                return None;
            }
            let book = doubt::book_of(catalogue, indicator, indicator.book);
            let known = doubt::of_year((catalogue, plan), (*id, book), (from, year))?;
            Discrepancy::of(&known)
        };
        let target = |target: &Target| {
            let known = doubt::of_target(catalogue, (scenario, plan), target)?;
            Discrepancy::of(&known)
        };
        Self {
            origin,
            cells: cells.iter().map(cell).collect(),
            targets: targets.iter().map(target).collect(),
        }
    }

    /// The reported indicators that have an error, by index.
    pub(super) fn of_cells(&self) -> impl Iterator<Item = usize> + '_ {
        let all = self.cells.iter().enumerate();
        all.filter_map(|(i, known)| known.as_ref().map(|_| i))
    }

    /// The targets that have one.
    pub(super) fn of_targets(&self) -> impl Iterator<Item = usize> + '_ {
        let all = self.targets.iter().enumerate();
        all.filter_map(|(i, known)| known.as_ref().map(|_| i))
    }
}
