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
use jianpai_core::names::{NameOf, OtherName};
use jianpai_core::text::Text;
use std::collections::{BTreeMap, BTreeSet};

/// What a name stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meaning<'v> {
    /// Nothing that is known.
    Nothing,
    /// One thing, by its id.
    One(&'v str),
    /// Several, by their ids.
    Several(Vec<&'v str>),
}

/// The names of everything that a file can name. It is made once for a set of data, and
/// holds nothing of it.
#[derive(Clone, Debug)]
pub struct Vocabulary {
    /// Ids by kind and by name, folded, those first of whose names it is the first; other
    /// names go before those of tables.
    names: BTreeMap<(NameOf, String), Vec<String>>,
    ids: BTreeMap<NameOf, BTreeSet<String>>,
    /// Names in Chinese by kind and id, as they are written, those of tables first.
    written: BTreeMap<(NameOf, String), Vec<String>>,
    /// Technologies: what mixes call them, their ids and those of their services.
    technologies: Vec<[String; 3]>,
}

impl Vocabulary {
    /// That of a catalogue.
    pub fn new(catalogue: &Catalogue) -> Self {
        let mut names: BTreeMap<(NameOf, String), Vec<String>> = BTreeMap::new();
        let mut written: BTreeMap<(NameOf, String), Vec<String>> = BTreeMap::new();
        // How far from the front of its own list a name stands: 年份 is first `year`, then `end`.
        let mut places: Vec<(usize, &OtherName)> = Vec::new();
        for other in &catalogue.names {
            let own = written.entry((other.of, other.id.clone())).or_default();
            places.push((own.len(), other));
            own.push(other.name.clone());
        }
        places.sort_by_key(|(place, _)| *place);
        for (_, other) in places {
            let ids = names.entry((other.of, fold(&other.name))).or_default();
            if !ids.contains(&other.id) {
                ids.push(other.id.clone());
            }
        }
        let others: BTreeSet<(NameOf, String)> = names.keys().cloned().collect();
        let mut add = |of: NameOf, id: &str, name: &Text, first: bool| {
            for name in [&name.zh, &name.en] {
                let key = (of, fold(name));
                if first || !others.contains(&key) {
                    let ids = names.entry(key).or_default();
                    if !ids.iter().any(|other| other == id) {
                        ids.push(id.to_string());
                    }
                }
            }
            // Its own name goes before other ones.
            let own = written.entry((of, id.to_string())).or_default();
            own.insert(0, name.zh.clone());
        };
        for (of, named) in named(catalogue) {
            add(of, &named.id, &named.name, false);
        }
        for proxy in &catalogue.gazetteer.proxies {
            add(NameOf::Proxy, &proxy.id, &proxy.name, true);
        }
        for kind in KINDS {
            add(NameOf::Measure, kind.id, &Text::new(kind.zh, kind.en), true);
        }
        let kinds = NameOf::ALL.iter().map(|(_, of)| *of);
        let owned = |of| ids(catalogue, of).into_iter().map(str::to_string).collect();
        let ids = kinds.map(|of| (of, owned(of))).collect();
        let technologies = catalogue.technologies.iter().map(|k| {
            let service = &catalogue.services[k.service.at()].named.id;
            [k.alias(), &k.named.id, service].map(str::to_string)
        });
        Self {
            names,
            ids,
            written,
            technologies: technologies.collect(),
        }
    }

    /// Whether `text` is an id of its kind as it stands.
    pub fn is_id(&self, of: NameOf, text: &str) -> bool {
        self.ids.get(&of).is_some_and(|ids| ids.contains(text))
    }

    /// What `name` stands for, if it is not an id itself; of several things, those that
    /// `fits` lets through.
    pub fn meaning(&self, of: NameOf, name: &str, fits: &dyn Fn(&str) -> bool) -> Meaning<'_> {
        let Some(found) = self.names.get(&(of, fold(name))) else {
            return Meaning::Nothing;
        };
        let found = found.iter().map(String::as_str);
        let fitting: Vec<&str> = found.filter(|id| fits(id)).collect();
        match fitting.as_slice() {
            [] => Meaning::Nothing,
            [one] => Meaning::One(one),
            _ => Meaning::Several(fitting),
        }
    }

    /// The id that `name` stands for; itself where it is one or stands for nothing.
    pub fn id<'t>(&'t self, of: NameOf, name: &'t str) -> &'t str {
        match self.meaning(of, name, &|_| true) {
            Meaning::One(id) if !self.is_id(of, name) => id,
            _ => name,
        }
    }

    /// The name of this kind that looks most like `name`, and its id.
    pub fn near(&self, of: NameOf, name: &str) -> Option<(&str, &str)> {
        let own = self.names.iter().filter(|((kind, _), _)| *kind == of);
        let known = own.clone().map(|((_, name), _)| name.as_str());
        let near = nearest(&fold(name), known)?;
        let (_, ids) = own.clone().find(|((_, name), _)| name == near)?;
        Some((near, ids.first()?))
    }

    /// The Chinese name that stands for `id` and for nothing else of its kind: what a file
    /// may say in its place.
    pub fn chinese(&self, of: NameOf, id: &str) -> Option<&str> {
        let own = self.written.get(&(of, id.to_string()))?;
        let own = own
            .iter()
            .map(String::as_str)
            .filter(|name| !name.is_ascii());
        let alone = |name: &&str| match self.names.get(&(of, fold(name))) {
            Some(ids) => ids.first().is_some_and(|first| first == id),
            None => false,
        };
        own.clone().find(alone)
    }

    /// Whether `name` is a name of `id` in one of the tables.
    pub fn stands_for(&self, of: NameOf, name: &str, id: &str) -> bool {
        let own = self.written.get(&(of, id.to_string()));
        own.is_some_and(|own| own.iter().any(|other| other == name))
    }

    /// The one of `ids` whose name stands in `text`: the longest name that does, where that
    /// is no other's.
    pub fn said_in<'i>(&self, of: NameOf, text: &str, ids: &[&'i str]) -> Option<&'i str> {
        let text = fold(text);
        let length = |id: &&'i str| {
            let own = self.written.get(&(of, (*id).to_string()));
            let own = own.into_iter().flatten().map(|name| fold(name));
            let inside = own.filter(|name| !name.is_empty() && text.contains(name.as_str()));
            inside.map(|name| name.chars().count()).max()
        };
        let longest = ids.iter().filter_map(&length).max()?;
        let mut said = ids.iter().filter(|id| length(id) == Some(longest));
        let first = said.next()?;
        said.next().is_none().then_some(*first)
    }

    /// Whether `name`, in a mix or a list, can be a technology of one of `services`; of
    /// any, if there are none.
    pub fn serves(&self, services: &[&str], name: &str) -> bool {
        let mut technologies = self.technologies.iter();
        technologies.any(|[alias, id, service]| {
            (alias == name || id == name)
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
