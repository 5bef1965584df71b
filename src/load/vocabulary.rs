//! What things are called: ids, the names in their own tables, and other names
//! (`data/names.csv`), so that a planner writes 天然气 where an id stands.
//!
//! A name is compared without blanks and case, and with plain signs in place of
//! full-width ones. One that stands for two things says so; nobody guesses.

use crate::diag::nearest;
use jianpai_core::catalogue::{Catalogue, Indicator, Named, Technology};
use jianpai_core::gazetteer::PartOf;
use jianpai_core::measure::FieldKind;
use jianpai_core::measure::common::{COMMON, Holds};
use jianpai_core::measure::spec::KINDS;
use jianpai_core::names::NameOf;
use std::collections::{BTreeMap, BTreeSet};

/// What a name stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meaning<'c> {
    /// Nothing that is known.
    Nothing,
    /// One thing, by its id.
    One(&'c str),
    /// Several, by their ids.
    Several(Vec<&'c str>),
}

/// The names of everything that a file can name.
#[derive(Clone, Debug)]
pub struct Vocabulary<'c> {
    catalogue: &'c Catalogue,
    /// Ids by kind and by name, folded; other names go before those of tables.
    names: BTreeMap<(NameOf, String), BTreeSet<&'c str>>,
    ids: BTreeMap<NameOf, BTreeSet<&'c str>>,
}

impl<'c> Vocabulary<'c> {
    /// That of a catalogue.
    pub fn new(catalogue: &'c Catalogue) -> Self {
        let mut names: BTreeMap<(NameOf, String), BTreeSet<&'c str>> = BTreeMap::new();
        for other in &catalogue.names {
            let key = (other.of, fold(&other.name));
            names.entry(key).or_default().insert(&other.id);
        }
        let others: BTreeSet<(NameOf, String)> = names.keys().cloned().collect();
        for (of, named) in named(catalogue) {
            for name in [&named.name.zh, &named.name.en] {
                let key = (of, fold(name));
                if !others.contains(&key) {
                    names.entry(key).or_default().insert(&named.id);
                }
            }
        }
        for proxy in &catalogue.gazetteer.proxies {
            for name in [&proxy.name.zh, &proxy.name.en] {
                let key = (NameOf::Proxy, fold(name));
                names.entry(key).or_default().insert(&proxy.id);
            }
        }
        for kind in KINDS {
            for name in [kind.zh, kind.en] {
                let key = (NameOf::Measure, fold(name));
                names.entry(key).or_default().insert(kind.id);
            }
        }
        let kinds = NameOf::ALL.iter().map(|(_, of)| *of);
        let ids = kinds.map(|of| (of, ids(catalogue, of))).collect();
        Self {
            catalogue,
            names,
            ids,
        }
    }

    /// Whether `text` is an id of its kind as it stands.
    pub fn is_id(&self, of: NameOf, text: &str) -> bool {
        self.ids.get(&of).is_some_and(|ids| ids.contains(text))
    }

    /// What `name` stands for, if it is not an id itself; of several things, those that
    /// `fits` lets through.
    pub fn meaning(&self, of: NameOf, name: &str, fits: &dyn Fn(&str) -> bool) -> Meaning<'c> {
        let Some(found) = self.names.get(&(of, fold(name))) else {
            return Meaning::Nothing;
        };
        let fitting: Vec<&'c str> = found.iter().copied().filter(|id| fits(id)).collect();
        match fitting.as_slice() {
            [] => Meaning::Nothing,
            [one] => Meaning::One(one),
            _ => Meaning::Several(fitting),
        }
    }

    /// The id that `name` stands for; itself where it is one or stands for nothing.
    pub fn id<'t>(&self, of: NameOf, name: &'t str) -> &'t str
    where
        'c: 't,
    {
        match self.meaning(of, name, &|_| true) {
            Meaning::One(id) if !self.is_id(of, name) => id,
            _ => name,
        }
    }

    /// The name of this kind that looks most like `name`, and its id.
    pub fn near(&self, of: NameOf, name: &str) -> Option<(&str, &'c str)> {
        let own = self.names.iter().filter(|((kind, _), _)| *kind == of);
        let known = own.clone().map(|((_, name), _)| name.as_str());
        let near = nearest(&fold(name), known)?;
        let (_, ids) = own.clone().find(|((_, name), _)| name == near)?;
        Some((near, ids.first()?))
    }

    /// The other names of an id, in the order of the table.
    pub fn others(&self, of: NameOf, id: &str) -> impl Iterator<Item = &'c str> {
        let all = self.catalogue.names.iter();
        let own: Vec<&'c str> = all
            .filter(|other| other.of == of && other.id == id)
            .map(|other| other.name.as_str())
            .collect();
        own.into_iter()
    }

    /// Whether `name`, in a mix or a list, can be a technology of one of `services`; of
    /// any, if there are none.
    pub fn serves(&self, services: &[&str], name: &str) -> bool {
        let mut technologies = self.catalogue.technologies.iter();
        technologies.any(|k| {
            let service = &self.catalogue.services[k.service.at()].named.id;
            (k.alias() == name || k.named.id == name)
                && (services.is_empty() || services.contains(&service.as_str()))
        })
    }
}

/// Everything in the catalogue that has names of its own.
fn named(catalogue: &Catalogue) -> Vec<(NameOf, &Named)> {
    let mut all: Vec<(NameOf, &Named)> = Vec::new();
    all.extend(catalogue.regions.iter().map(|r| (NameOf::Region, &r.named)));
    all.extend(catalogue.drivers.iter().map(|d| (NameOf::Driver, d)));
    let services = catalogue.services.iter();
    all.extend(services.map(|s| (NameOf::Service, &s.named)));
    // The accounted twin of an indicator is named by its book.
    let plain = |i: &&Indicator| i.named.id == i.base;
    let on_call = catalogue.callable();
    let on_call = on_call.filter(|i| catalogue.indicator(&i.named.id).is_none());
    let indicators = catalogue.indicators.iter().chain(on_call).filter(plain);
    all.extend(indicators.map(|i| (NameOf::Indicator, &i.named)));
    let technologies = catalogue.technologies.iter();
    all.extend(technologies.map(|k| (NameOf::Technology, &k.named)));
    all.extend(catalogue.calibres.iter().map(|c| (NameOf::Calibre, c)));
    all.extend(catalogue.classes.iter().map(|c| (NameOf::Class, &c.named)));
    all
}

/// The ids of a kind; empty for tables and keys, which the reader knows.
pub fn ids(catalogue: &Catalogue, of: NameOf) -> BTreeSet<&str> {
    let own = named(catalogue).into_iter().filter(|(kind, _)| *kind == of);
    let mut ids: BTreeSet<&str> = own.map(|(_, named)| named.id.as_str()).collect();
    match of {
        NameOf::Technology => {
            ids.extend(catalogue.technologies.iter().map(Technology::alias));
        }
        NameOf::Measure => ids.extend(KINDS.iter().map(|kind| kind.id)),
        NameOf::Word => ids.extend(words()),
        NameOf::Proxy => ids.extend(catalogue.gazetteer.proxies.iter().map(|p| p.id.as_str())),
        NameOf::Class => {
            ids.insert("total");
        }
        NameOf::Stock => {
            let rules = catalogue.gazetteer.rules.iter();
            ids.extend(rules.filter_map(|rule| match &rule.of {
                PartOf::Stock(group) => Some(group.as_str()),
                _ => None,
            }));
        }
        _ => {}
    }
    ids
}

/// Every word that a field of some table may hold.
fn words() -> BTreeSet<&'static str> {
    let fields = KINDS.iter().flat_map(|kind| kind.fields);
    let of_kinds = fields.filter_map(|field| match field.kind {
        FieldKind::Word(words) => Some(words),
        _ => None,
    });
    let common = COMMON.iter().filter_map(|common| match common.holds {
        Holds::Word(words) => Some(words),
        _ => None,
    });
    let all = of_kinds.chain(common).flatten().copied();
    all.chain(["accounted", "physical", "ratio", "offset"])
        .chain(["cost", "effort", "even", "total", "added"])
        .collect()
}

/// A name as it is compared.
pub fn fold(name: &str) -> String {
    let plain = |c: char| match c {
        // Full-width letters, figures and signs lie at a fixed distance.
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        other => other,
    };
    let kept = name.chars().map(plain).filter(|c| !c.is_whitespace());
    kept.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn names_are_compared_without_blanks_case_and_width() {
        assert_eq!(fold("ＣＯＤ 排放量"), "cod排放量");
        assert_eq!(fold("一级 A"), "一级a");
        assert_eq!(fold("GDP（２０２０）"), "gdp(2020)");
    }
}
