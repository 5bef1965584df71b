//! Where a scenario states a number.

use super::Loaded;
use super::problems::sub_table;
use crate::diag::{Files, Span};
use crate::tree::{TableNode, Value};
use jianpai_core::catalogue::Catalogue;
use jianpai_core::explain::Statement;

impl Loaded {
    /// The file and line in which the scenario states something; `None` if it states
    /// it nowhere.
    pub fn place(
        &self,
        catalogue: &Catalogue,
        files: &Files,
        statement: Statement<'_>,
    ) -> Option<(String, usize)> {
        let span = self.span(catalogue, statement)?;
        let (line, _) = files.position(span.file, span.start);
        Some((files.path(span.file).to_string(), line))
    }

    pub(super) fn span(&self, catalogue: &Catalogue, statement: Statement<'_>) -> Option<Span> {
        let measure = |m: usize, path: &[&str]| {
            let measures = sub_table(&self.tree, "measures")?;
            let id = self.scenario.measures[m].id.as_str();
            Some(deepest(measures, &[&[id], path].concat()))
        };
        match statement {
            Statement::Growth(driver, from) => {
                let driver = catalogue.drivers[driver.at()].id.as_str();
                let year = from.to_string();
                Some(deepest(sub_table(&self.tree, "growth")?, &[driver, &year]))
            }
            Statement::Elasticity(v) => {
                let service = catalogue.services[v.at()].named.id.as_str();
                Some(deepest(sub_table(&self.tree, "elasticity")?, &[service]))
            }
            Statement::Published(of, year) => {
                let year = year.to_string();
                let head = sub_table(&self.tree, "scenario")?;
                Some(deepest(head, &[of.key(), &year]))
            }
            Statement::Level(m) => measure(m, &["level"]),
            Statement::Ramp(m, ..) => {
                let table = sub_table(&self.tree, "measures")?;
                let (_, node) = table.entry(&self.scenario.measures[m].id)?;
                let points = matches!(&node.value, Value::Table(t) if t.get("points").is_some());
                measure(m, &[if points { "points" } else { "start" }])
            }
            Statement::Field(m, key) => measure(m, &[key]),
            Statement::Entry(m, key, alias) => measure(m, &[key, alias]),
            Statement::Observed(i) => {
                let table = sub_table(&self.tree, "observed")?;
                let (key, _) = table.entries.get(i)?;
                // An amount is a reduction that follows from it.
                let stated = sub_table(table, &key.name).and_then(|own| {
                    ["reduction", "value"]
                        .into_iter()
                        .find(|k| own.get(k).is_some())
                });
                Some(deepest(table, &[&key.name, stated.unwrap_or("reduction")]))
            }
        }
    }
}

/// The key that `path` leads to in `table`, or the last one on the way that is there.
fn deepest(table: &TableNode, path: &[&str]) -> Span {
    let mut span = table.span;
    let mut table = table;
    for name in path {
        let Some((key, node)) = table.entry(name) else {
            break;
        };
        span = key.span;
        match &node.value {
            Value::Table(inner) => table = inner,
            _ => break,
        }
    }
    span
}
