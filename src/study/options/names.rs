//! What options, cases of growth and sets of targets are called where the file gives them
//! no names.

use super::asked::OptionsStudy;
use jianpai_core::catalogue::Catalogue;
use jianpai_core::text::Text;
use jianpai_load::scenario::solve::HighSpec;
use jianpai_load::scenario::solve::options::{GrowthSpec, OptionSpec, TargetSpec};
use jianpai_report::case::{percent, plain_name};
use jianpai_report::options::asked_in_short;

/// Drivers of a case that are named one by one.
const NAMED: usize = 2;

/// The names.
#[derive(Clone, Debug)]
pub(super) struct Names {
    /// Of each option.
    pub options: Vec<Text>,
    /// Of each case of growth.
    pub cases: Vec<Text>,
    /// Of each set of targets.
    pub sets: Vec<Text>,
}

impl Names {
    /// Those of options.
    pub(super) fn of(asked: &OptionsStudy) -> Self {
        let catalogue = asked.study.catalogue();
        let cases = &asked.cases.0;
        let named = |most: usize| -> Vec<Text> {
            let all = cases.iter().map(|case| growth(catalogue, case, most));
            all.collect()
        };
        // The first driver alone, where it tells the cases apart.
        let short = named(1);
        let apart = |i: usize| short[..i].iter().all(|other| other.zh != short[i].zh);
        let cases: Vec<Text> = if (0..short.len()).all(apart) {
            short
        } else {
            named(NAMED)
        };
        let several = cases.len() > 1;
        let option = |(i, spec): (usize, &OptionSpec)| {
            if let Some(name) = &spec.name {
                return name.clone();
            }
            let set = targets(asked, i);
            if !several {
                return set;
            }
            let case = &cases[asked.case(i)];
            let has_own = !(spec.targets.is_empty() && spec.bounds.is_empty());
            if has_own {
                joined(&[set, case.clone()], "；", "; ")
            } else {
                case.clone()
            }
        };
        Self {
            options: asked.specs.iter().enumerate().map(option).collect(),
            sets: asked
                .sets()
                .iter()
                .map(|set| {
                    // A set of one option has its name.
                    let named = asked.specs[set[0]].name.clone();
                    named
                        .filter(|_| set.len() == 1)
                        .unwrap_or_else(|| targets(asked, set[0]))
                })
                .collect(),
            cases,
        }
    }
}

/// What an option asks of targets and measures.
fn targets(asked: &OptionsStudy, option: usize) -> Text {
    let spec = &asked.specs[option];
    let catalogue = asked.study.catalogue();
    let target = |spec: &TargetSpec| {
        let target = &asked.study.scenario().targets[spec.target];
        let indicator = &catalogue.indicators[target.indicator.at()];
        let name = plain_name(catalogue, indicator);
        let value = asked_in_short(indicator, spec.demand);
        Text::new(
            format!("{} {}", name.zh, value.zh),
            format!("{} {}", name.en, value.en),
        )
    };
    // What all options ask alike tells none of them apart.
    let alike = |one: &&TargetSpec| {
        let same = |other: &TargetSpec| other.target == one.target && other.demand == one.demand;
        let mut all = asked.specs.iter();
        asked.specs.len() == 1 || !all.all(|option| option.targets.iter().any(same))
    };
    let mut parts: Vec<Text> = spec.targets.iter().filter(alike).map(target).collect();
    parts.extend(spec.bounds.iter().map(|bound| {
        let name = &asked.study.scenario().measures[bound.measure].name;
        let (zh, en) = match bound.high {
            HighSpec::Level(high) => {
                let most = percent(high);
                (format!("至多 {most}"), format!("at most {most}"))
            }
            HighSpec::Stock => ("以存量为限".to_string(), "up to the stock".to_string()),
            HighSpec::Usual => {
                let least = percent(bound.low.unwrap_or(0.0));
                (format!("至少 {least}"), format!("at least {least}"))
            }
        };
        Text::new(format!("{}{zh}", name.zh), format!("{} {en}", name.en))
    }));
    if parts.is_empty() {
        return if spec.targets.is_empty() {
            Text::new("目标同情景", "targets as stated")
        } else {
            Text::new("目标相同", "the same targets")
        };
    }
    joined(&parts, "、", ", ")
}

/// A case of growth, of which so many drivers are named.
fn growth(catalogue: &Catalogue, case: &[GrowthSpec], most: usize) -> Text {
    let mut drivers: Vec<&GrowthSpec> = case.iter().collect();
    let gdp = catalogue.driver("gdp");
    drivers.sort_by_key(|growth| Some(growth.driver) != gdp);
    let one = |growth: &&GrowthSpec| {
        let is_gdp = Some(growth.driver) == gdp;
        let named = &catalogue.drivers[growth.driver.at()].name;
        let name = if is_gdp {
            Text::same("GDP")
        } else {
            named.clone()
        };
        let (zh, en) = match (growth.rate, growth.path.as_slice()) {
            (Some(rate), _) => (
                format!("年增 {}", percent(rate)),
                format!("+{} a year", percent(rate)),
            ),
            (None, path) => {
                let years = path.iter().map(|(year, _)| *year);
                let (first, last) = (years.clone().min(), years.max());
                let (first, last) = (first.unwrap_or(0), last.unwrap_or(0));
                let (a, b) = (first.max(0), last);
                (format!("逐年（{a}—{b}）"), format!("by year ({a}-{b})"))
            }
        };
        Text::new(format!("{} {zh}", name.zh), format!("{} {en}", name.en))
    };
    let mut parts: Vec<Text> = drivers.iter().take(most).map(one).collect();
    let more = drivers.len().saturating_sub(most);
    if most > 1 && more > 0 {
        parts.push(Text::new(
            format!("等 {} 项", drivers.len()),
            format!("and {more} more"),
        ));
    }
    if parts.is_empty() {
        return Text::new("增长同情景", "growth as stated");
    }
    joined(&parts, "、", ", ")
}

/// Parts, one after the other.
fn joined(parts: &[Text], zh: &str, en: &str) -> Text {
    let all =
        |pick: fn(&Text) -> &str, by: &str| parts.iter().map(pick).collect::<Vec<_>>().join(by);
    Text::new(all(|t| &t.zh, zh), all(|t| &t.en, en))
}
