//! The levels of a plan beside those that a scenario states.

use crate::solve::Answered;
use crate::view::Form;
use jianpai_core::text::{Lang, Text};
use jianpai_solve::answer::Solution;

/// Measures that a sentence names.
const NAMED: usize = 6;
/// Levels that differ by less are the same.
const SAME: f64 = 5e-4;

/// How a plan that meets all targets differs from what is stated.
#[derive(Clone, Debug, Default)]
pub struct Ways {
    /// Measures that do more: the name, the level stated, the level found, those that differ
    /// most first.
    pub more: Vec<(Text, f64, f64)>,
    /// Measures that do less.
    pub less: Vec<(Text, f64, f64)>,
}

impl Ways {
    pub(super) fn of(answered: &Answered<'_>, solution: &Solution) -> Self {
        let measures = answered.plan.measures.iter().enumerate();
        let all = measures.map(|(m, measure)| {
            let stated = answered.programme.stated[m];
            (measure.name.clone(), stated, solution.levels[m])
        });
        let all: Vec<(Text, f64, f64)> = all.collect();
        let pick = |sign: f64| {
            let by = |own: &(Text, f64, f64)| sign * (own.2 - own.1);
            let mut picked: Vec<_> = all.iter().filter(|own| by(own) > SAME).cloned().collect();
            picked.sort_by(|a, b| by(b).total_cmp(&by(a)));
            picked
        };
        Self {
            more: pick(1.0),
            less: pick(-1.0),
        }
    }
}

/// The sentence on the levels of a plan.
pub(super) fn said(found: &Ways) -> Text {
    let list = |all: &[(Text, f64, f64)], lang: Lang| {
        let percent = |level: f64| Form::Percent.show(level, 1.0, lang);
        let named = all.iter().take(NAMED);
        let named = named.map(|(name, stated, level)| match lang {
            Lang::Zh => format!("{}（{} → {}）", name.zh, percent(*stated), percent(*level)),
            Lang::En => format!("{} ({} → {})", name.en, percent(*stated), percent(*level)),
        });
        let named: Vec<String> = named.collect();
        let rest = if all.len() > NAMED {
            lang.pick("等", ", and others")
        } else {
            ""
        };
        named.join(lang.pick("、", ", ")) + rest
    };
    let (more, less) = (&found.more[..], &found.less[..]);
    match (more.is_empty(), less.is_empty()) {
        (true, true) => Text::new(
            "各项措施都按情景所述的力度。",
            "Every measure stays at the level that the scenario states.",
        ),
        (false, true) => Text::new(
            format!("须比情景加大力度的：{}。", list(more, Lang::Zh)),
            format!("More than the scenario states: {}.", list(more, Lang::En)),
        ),
        (true, false) => Text::new(
            format!("可比情景减小力度的：{}。", list(less, Lang::Zh)),
            format!("Less than the scenario states: {}.", list(less, Lang::En)),
        ),
        (false, false) => Text::new(
            format!(
                "须比情景加大力度的：{}；可减小力度的：{}。",
                list(more, Lang::Zh),
                list(less, Lang::Zh)
            ),
            format!(
                "More than the scenario states: {}; less: {}.",
                list(more, Lang::En),
                list(less, Lang::En)
            ),
        ),
    }
}
