//! The chart of a comparison.

use super::compared::{Compared, Judged, Stated};
use crate::case::{number, plain_name, signed_percent};
use crate::chart::{Chart as _, OptionCard, OptionCell, OptionRow};
use crate::figures::{Figure, both};
use jianpai_core::target::Demand;
use jianpai_core::text::Text;

/// The scorecard in both languages.
pub fn figures(compared: &Compared<'_>) -> Vec<Figure> {
    let card = card(compared);
    both("options", |lang| card.render(lang)).to_vec()
}

/// The scorecard: options by sets of targets.
fn card(compared: &Compared<'_>) -> OptionCard {
    let all = compared.options.len();
    let within = compared.options.iter().filter(|o| o.plan().is_some());
    let within = within.count();
    let Text { zh, en } = &compared.scenario.name;
    let end = compared.scenario.end_year;
    let title = if within == all {
        Text::new(
            format!("{all} 个目标方案都做得到，代价与把握不同"),
            format!("All {all} target options can be met, at different cost and certainty"),
        )
    } else {
        Text::new(
            format!("{all} 个目标方案中 {within} 个做得到"),
            format!("{within} of {all} target options can be met"),
        )
    };
    let Some(first) = compared.options.first() else {
        return OptionCard::default();
    };
    let (objective, unit) = first.answered.objective();
    let name = |i: &usize| {
        let target = &compared.scenario.targets[*i];
        let indicator = &compared.catalogue.indicators[target.indicator.at()];
        let name = plain_name(compared.catalogue, indicator);
        let several = compared.scenario.targets.iter();
        let same = several.filter(|other| other.indicator == target.indicator);
        if same.count() > 1 || target.year != end {
            let year = target.year;
            return Text::new(format!("{} {year}", name.zh), format!("{} {year}", name.en));
        }
        name
    };
    let targets = first.answered.programme.wanted.iter().map(|(i, _)| *i);
    let targets: Vec<usize> = targets.collect();
    let rows = compared.sets.iter().flat_map(|set| {
        let each = set.options.iter().enumerate();
        each.map(|(k, i)| compared.row(*i, &targets, k == 0))
    });
    let tried = compared.tried();
    OptionCard {
        title,
        subtitle: Text::new(
            format!("{zh}：{}；每行一个方案", objective.zh),
            format!("{en}: {}; one option a row", objective.en),
        ),
        targets: targets.iter().map(name).collect(),
        cost: Text::new(
            format!("最低成本（{}）", unit.unit.zh),
            format!("least cost ({})", unit.unit.en),
        ),
        regret: compared.has_regret().then(|| {
            Text::new(
                format!("最大后悔值（{}）", unit.unit.zh),
                format!("worst regret ({})", unit.unit.en),
            )
        }),
        rows: rows.collect(),
        footnote: Text::new(
            format!("测算：jianpai {}；{}", env!("CARGO_PKG_VERSION"), tried.zh),
            format!(
                "Computed by jianpai {}. {}",
                env!("CARGO_PKG_VERSION"),
                tried.en
            ),
        ),
    }
}

impl Compared<'_> {
    fn row(&self, i: usize, targets: &[usize], begins: bool) -> OptionRow {
        let option = &self.options[i];
        let (_, unit) = option.answered.objective();
        let all = option.all();
        let regret = self.worst(i).map(|worst| {
            if worst.is_finite() {
                Text::same(number(worst / unit.scale))
            } else {
                Text::new("会不达标", "may miss")
            }
        });
        OptionRow {
            name: option.name.clone(),
            cells: targets.iter().map(|t| option.cell(*t)).collect(),
            cost: option.plan().map(|plan| plan.point.cost / unit.scale),
            probability: all.as_ref().map(|all| all.share),
            stated: all.as_ref().map(Stated::text),
            regret,
            begins,
        }
    }
}

impl Judged<'_> {
    /// How the option stands with a target.
    fn cell(&self, target: usize) -> OptionCell {
        let (reached, met) = self.reached(target);
        let words = match (met, self.one(target), reached) {
            (Some(true), Some(stated), _) => stated.text(),
            (Some(false), _, Some(reached)) => {
                let wanted = &self.answered.scenario.targets[target];
                let each = self.answered.each(wanted);
                match wanted.demand {
                    Demand::Reduction { wanted, .. } => {
                        let shown = signed_percent(-reached);
                        // Just short of what is asked.
                        let same = shown == signed_percent(-wanted);
                        if same { format!("≈{shown}") } else { shown }
                    }
                    _ => number(reached / each.scale),
                }
            }
            _ => String::new(),
        };
        OptionCell { met, words }
    }
}
