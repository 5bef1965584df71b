//! What the base of a scenario rests on that counts from a later year than the data: which
//! amounts are official, which the run has brought there.

use jianpai_core::base::BaseOf;
use jianpai_core::catalogue::{Account, Catalogue};
use jianpai_core::dims::CalibreId;
use jianpai_core::scenario::Scenario;
use jianpai_core::text::Text;
use serde_json::{Value, json};

/// The same in one sentence; `None` where the scenario counts from the data's own base year.
pub fn text(catalogue: &Catalogue, scenario: &Scenario) -> Option<Text> {
    let all = scenario.bases(catalogue);
    let mut groups: Vec<(BaseOf, Vec<Account>)> = Vec::new();
    for own in all {
        let alike = |other: &BaseOf| (other.year, other.calibre) == (own.year, own.calibre);
        match groups.iter_mut().find(|(first, _)| alike(first)) {
            Some((_, accounts)) => accounts.push(own.account),
            None => groups.push((own, vec![own.account])),
        }
    }
    // What is official stands first.
    groups.sort_by_key(|(own, _)| (!own.official, -own.year));
    let base = scenario.base_year;
    let parts: Vec<Text> = groups
        .iter()
        .map(|(own, accounts)| {
            let names: Vec<Text> = accounts.iter().map(|a| a.name(catalogue)).collect();
            let zh: Vec<&str> = names.iter().map(|name| name.zh.as_str()).collect();
            let en: Vec<&str> = names.iter().map(|name| name.en.as_str()).collect();
            let (zh, en) = (zh.join("、"), en.join(", "));
            let calibre = &catalogue.calibres[own.calibre.at()].name;
            if own.official {
                Text::new(
                    format!("{zh} 为官方总量（{}）", calibre.zh),
                    format!("{en}: official totals ({})", calibre.en),
                )
            } else {
                let year = own.year;
                Text::new(
                    format!("{zh} 无该年官方总量，由 {year} 年起推算（{}）", calibre.zh),
                    format!(
                        "{en}: no official total, projected from {year} ({})",
                        calibre.en
                    ),
                )
            }
        })
        .collect();
    let zh: Vec<&str> = parts.iter().map(|part| part.zh.as_str()).collect();
    let en: Vec<&str> = parts.iter().map(|part| part.en.as_str()).collect();
    (!parts.is_empty()).then(|| {
        Text::new(
            format!("基年 {base}：{}", zh.join("；")),
            format!("base {base}: {}", en.join("; ")),
        )
    })
}

/// The same for machines: one object an account.
pub fn json(catalogue: &Catalogue, scenario: &Scenario) -> Vec<Value> {
    let calibre = |id: CalibreId| &catalogue.calibres[id.at()].id;
    let all = scenario.bases(catalogue).into_iter().map(|own| {
        json!({
            "account": own.account.id(catalogue),
            "base": scenario.base_year,
            "from": own.year,
            "calibre": calibre(own.calibre),
            "is": if own.official { "official" } else { "projected" },
        })
    });
    all.collect()
}

/// The same in one cell: `COD official 2020 stats-2020; CO2 projected 2015 ceads`.
pub fn cell(catalogue: &Catalogue, scenario: &Scenario) -> String {
    let all = scenario.bases(catalogue).into_iter().map(|own| {
        format!(
            "{} {} {} {}",
            own.account.id(catalogue),
            if own.official {
                "official"
            } else {
                "projected"
            },
            own.year,
            catalogue.calibres[own.calibre.at()].id
        )
    });
    all.collect::<Vec<_>>().join("; ")
}
