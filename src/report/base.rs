//! What the base of a scenario rests on that counts from a later year than the data: which
//! amounts are official, which the run has brought there.

use jianpai_core::base::BaseOf;
use jianpai_core::catalogue::{Account, Catalogue};
use jianpai_core::dims::{CalibreId, IndicatorId};
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

/// Of what is `shown`, the accounts whose base year has no official total, with the year
/// that each is projected from, in one sentence for a footnote; empty where none is.
/// Several scenarios that count from one year are told together.
pub fn projected(
    catalogue: &Catalogue,
    scenarios: &[&Scenario],
    shown: impl Iterator<Item = IndicatorId>,
) -> Text {
    let mut accounts: Vec<Account> = Vec::new();
    for id in shown {
        let account = catalogue.account_of(id).official();
        if !accounts.contains(&account) {
            accounts.push(account);
        }
    }
    let mut years: Vec<i32> = scenarios.iter().map(|one| one.base_year).collect();
    years.sort_unstable();
    years.dedup();
    let sentence = |year: &i32| {
        let own = scenarios.iter().filter(|one| one.base_year == *year);
        let bases: Vec<Vec<BaseOf>> = own.map(|one| one.bases(catalogue)).collect();
        let parts = projections(&bases, &accounts);
        let texts = parts.iter().map(|(span, names)| {
            let names: Vec<Text> = names
                .iter()
                .map(|(account, all)| {
                    let name = account.name(catalogue);
                    if *all {
                        return name;
                    }
                    Text::new(
                        format!("{}（部分情景）", name.zh),
                        format!("{} (some scenarios)", name.en),
                    )
                })
                .collect();
            let zh: Vec<&str> = names.iter().map(|name| name.zh.as_str()).collect();
            let en: Vec<&str> = names.iter().map(|name| name.en.as_str()).collect();
            Text::new(
                format!("{} 由{span}年推算", zh.join("、")),
                format!("{} projected from {span}", en.join(", ")),
            )
        });
        let texts: Vec<Text> = texts.collect();
        let zh: Vec<&str> = texts.iter().map(|text| text.zh.as_str()).collect();
        let en: Vec<&str> = texts.iter().map(|text| text.en.as_str()).collect();
        (!texts.is_empty()).then(|| {
            Text::new(
                format!("。基年{year}年无官方总量：{}", zh.join("，")),
                format!(
                    ". Base year {year} has no official total: {}",
                    en.join("; ")
                ),
            )
        })
    };
    let all: Vec<Text> = years.iter().filter_map(sentence).collect();
    Text::new(
        all.iter().map(|text| text.zh.as_str()).collect::<String>(),
        all.iter().map(|text| text.en.as_str()).collect::<String>(),
    )
}

/// The years that bases of `accounts` are projected from (`2020`, `2015–2020`), each with
/// its accounts and whether those are projected in all of the scenarios.
fn projections(bases: &[Vec<BaseOf>], accounts: &[Account]) -> Vec<(String, Vec<(Account, bool)>)> {
    let mut parts: Vec<(String, Vec<(Account, bool)>)> = Vec::new();
    for account in accounts {
        let own = bases.iter().filter_map(|all| {
            let mut own = all
                .iter()
                .filter(|base| base.account.official() == *account);
            own.find(|base| !base.official).map(|base| base.year)
        });
        let mut from: Vec<i32> = own.collect();
        from.sort_unstable();
        let (Some(first), Some(last)) = (from.first(), from.last()) else {
            continue;
        };
        let span = if first == last {
            first.to_string()
        } else {
            format!("{first}–{last}")
        };
        let one = (*account, from.len() == bases.len());
        match parts.iter_mut().find(|(other, _)| *other == span) {
            Some((_, names)) => names.push(one),
            None => parts.push((span, vec![one])),
        }
    }
    parts
}
