//! Names as sentences have them.

use crate::case::{Case, short_name};
use jianpai_core::target::Target;
use jianpai_core::text::{Lang, Text};

/// Names in a row.
pub(super) fn row(names: &[Text], lang: Lang) -> String {
    let names: Vec<&str> = names.iter().map(|name| name.get(lang)).collect();
    names.join(lang.pick("、", ", "))
}

/// The indicators of some targets by their short names, each once.
pub(super) fn indicators_of<'t>(
    case: &Case<'_>,
    targets: impl Iterator<Item = &'t Target>,
) -> Vec<Text> {
    let mut names: Vec<Text> = Vec::new();
    for target in targets {
        let indicator = &case.catalogue.indicators[target.indicator.at()];
        let name = short_name(case.catalogue, indicator);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}
