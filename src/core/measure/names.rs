//! Names in a measure's fields: aliases of technologies, alone and in a mix.

use super::traced::{Traced, Use};
use super::{Context, Measure, Problem};
use crate::dims::{ServiceId, TechnologyId};
use crate::text::Text;

impl Context<'_> {
    /// Resolves a mix of aliases to technologies of `service`.
    pub(super) fn mix(
        &self,
        m: &Measure,
        key: &'static str,
        service: ServiceId,
    ) -> Result<Vec<(TechnologyId, Traced)>, Vec<Problem>> {
        let entries = m.mix(key).unwrap_or_default();
        let mut found: Vec<(TechnologyId, Traced)> = Vec::new();
        let mut problems = Vec::new();
        for (alias, part) in entries {
            match self.resolve(m, service, alias) {
                Some(technology) if found.iter().any(|(k, _)| *k == technology) => {
                    problems.push(twice(&format!("{key}.{alias}"), alias));
                }
                Some(technology) => {
                    let part = Traced::of(*part, Use::Entry(key, alias.clone()));
                    found.push((technology, part));
                }
                None => {
                    problems.push(self.unknown_alias(&format!("{key}.{alias}"), alias, service));
                }
            }
        }
        // The reader takes sums within a billionth of 100 %; here they are 1.
        let sum = Traced::sum(found.iter().map(|(_, part)| part.clone()));
        for (_, part) in &mut found {
            *part = part.clone() / sum.clone();
        }
        if problems.is_empty() {
            Ok(found)
        } else {
            Err(problems)
        }
    }

    /// Resolves a list of aliases to technologies of `service`.
    pub(super) fn aliases(
        &self,
        m: &Measure,
        key: &'static str,
        service: ServiceId,
    ) -> Result<Vec<TechnologyId>, Vec<Problem>> {
        let mut found = Vec::new();
        let mut problems = Vec::new();
        for alias in m.words(key).unwrap_or_default() {
            match self.resolve(m, service, alias) {
                Some(technology) if found.contains(&technology) => {
                    problems.push(twice(key, alias));
                }
                Some(technology) => found.push(technology),
                None => problems.push(self.unknown_alias(key, alias, service)),
            }
        }
        if problems.is_empty() {
            Ok(found)
        } else {
            Err(problems)
        }
    }

    /// The technology that `alias` names; in a measure on a fleet, among its vehicles
    /// where there are several (`electric` is a truck in a fleet of trucks).
    fn resolve(&self, m: &Measure, service: ServiceId, alias: &str) -> Option<TechnologyId> {
        let mut found = self.catalogue.technologies_of(service, alias);
        if let (Some(_), true) = (m.word("fleet"), found.len() > 1) {
            let freight = self.catalogue.services[service.at()].named.id == "freight";
            let tag = if freight { "truck" } else { "car" };
            found.retain(|k| self.catalogue.technologies[k.at()].has_tag(tag));
        }
        // New-energy vehicles of a fleet, whatever drives them there.
        if let (Some(_), true, "nev") = (m.word("fleet"), found.is_empty(), alias) {
            found = self.catalogue.tagged(service, alias);
        }
        match found.as_slice() {
            [one] => Some(*one),
            _ => None,
        }
    }

    /// The problem with an alias that names no technology of `service`, or several.
    fn unknown_alias(&self, key: &str, alias: &str, service: ServiceId) -> Problem {
        let ids = |technologies: &[TechnologyId], full: bool| -> String {
            let technologies = technologies
                .iter()
                .map(|k| &self.catalogue.technologies[k.at()]);
            let names = technologies.map(|k| if full { k.named.id.as_str() } else { k.alias() });
            names.collect::<Vec<_>>().join(", ")
        };
        let several = self.catalogue.technologies_of(service, alias);
        let service = &self.catalogue.services[service.at()];
        let id = &service.named.id;
        if several.is_empty() {
            let known = ids(&service.technologies, false);
            let text = Text::new(
                format!("“{}”没有工艺 `{alias}`", service.named.name.zh),
                format!("service `{id}` has no technology `{alias}`"),
            );
            return Problem::new(key, text).with_help(Text::new(
                format!("可选：{known}"),
                format!("one of: {known}"),
            ));
        }
        let several = ids(&several, true);
        let text = Text::new(
            format!("“{}”中 `{alias}` 不止一种工艺", service.named.name.zh),
            format!("`{alias}` is more than one technology of `{id}`"),
        );
        Problem::new(key, text).with_help(Text::new(
            format!("写全 id（加引号）：{several}"),
            format!("write the full id, in quotes: {several}"),
        ))
    }
}

/// The problem of a technology that is named twice.
fn twice(key: &str, alias: &str) -> Problem {
    let text = Text::new(
        format!("`{alias}` 写了两次"),
        format!("`{alias}` is named twice"),
    );
    Problem::new(key, text)
}
