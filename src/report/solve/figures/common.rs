//! What the charts of a solve share: units, names, and what stands under all of them.

use crate::case::percent;
use crate::solve::answered::Answered;
use crate::solve::names::Each;
use crate::units::Unit;
use jianpai_core::text::{Lang, Text};
use jianpai_solve::programme::{Objective, Wanted};

/// Names of measures told beside a step.
const TOLD: usize = 2;

/// Where the numbers come from.
pub(super) fn computed(answered: &Answered<'_>) -> Text {
    let (version, id) = (env!("CARGO_PKG_VERSION"), &answered.scenario.id);
    let year = answered.plan.price_year;
    Text::new(
        format!("测算：jianpai {version}，情景 {id}；{year}年价格。"),
        format!("Computed by jianpai {version}, scenario {id}; prices of {year}."),
    )
}

/// What is told of costs as a sentence: of one year, or discounted.
pub(super) fn of_costs(answered: &Answered<'_>) -> Text {
    let year = answered.scenario.end_year;
    match answered.programme.spec.objective {
        Objective::Cost(Some(rate)) => {
            let rate = percent(rate);
            Text::new(
                format!("费用为各年按{rate}折现之和。"),
                format!("Costs are those of all years, discounted at {rate}. "),
            )
        }
        _ => Text::new(
            format!("费用为{year}年新增措施的年费用。"),
            format!("Costs are those of new measures in {year}. "),
        ),
    }
}

impl Answered<'_> {
    /// What is reached of a target is counted in: for an emission tonnes, as many as one
    /// unit of the requirement is; else the unit of the requirement.
    pub(super) fn amount(&self, wanted: &Wanted) -> (f64, Each) {
        let target = &wanted.target;
        let indicator = &self.catalogue.indicators[target.indicator.at()];
        let each = self.each(target);
        let base = wanted.asked.base.as_ref();
        let Some(base) = base.filter(|_| indicator.kind.is_emission()) else {
            return (1.0, each);
        };
        let shown = Unit::of_indicator(indicator).shown();
        let each = Each {
            scale: shown.scale,
            unit: shown.name,
            points: false,
        };
        (base.at(&self.programme.stated), each)
    }

    /// A measure's name.
    pub(super) fn names(&self, moved: &[(usize, f64)]) -> Text {
        let name = |lang: Lang| {
            let told = moved.iter().take(TOLD).map(|(j, by)| {
                let sign = if *by > 0.0 { "+" } else { "−" };
                format!("{sign}{}", self.measure(*j).get(lang))
            });
            let told = told.collect::<Vec<_>>().join(lang.pick("、", ", "));
            match (moved.len() > TOLD, lang) {
                (false, _) => told,
                (true, Lang::Zh) => format!("{told}等{}项", moved.len()),
                (true, Lang::En) => format!("{told} and {} more", moved.len() - TOLD),
            }
        };
        Text::new(name(Lang::Zh), name(Lang::En))
    }
}
