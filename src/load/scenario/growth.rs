//! Drivers that have neither a record nor a growth rate for every year.

use super::names;
use super::problems::{sub_table, table_span, years_span};
use crate::diag::Diagnostic;
use crate::tree::TableNode;
use jianpai_core::catalogue::Catalogue;
use jianpai_core::dims::{DriverId, RegionId};
use jianpai_core::text::Text;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// Where and when growth is needed.
pub(super) struct Needed<'a> {
    pub(super) catalogue: &'a Catalogue,
    pub(super) region: RegionId,
    pub(super) years: RangeInclusive<i32>,
}

impl Needed<'_> {
    /// One diagnostic for all drivers that lack growth in some year. A driver whose
    /// entry is there but wrong has been reported already.
    pub(super) fn missing(
        &self,
        tree: &TableNode,
        stated: Option<&BTreeMap<DriverId, Vec<(i32, f64)>>>,
    ) -> Option<Diagnostic> {
        let mut lacking: Vec<(DriverId, Vec<i32>)> = Vec::new();
        for d in 0..self.catalogue.drivers.len() {
            let driver = DriverId::from_usize(d);
            if !self.has_demand(driver) || self.faulty(driver, tree, stated) {
                continue;
            }
            let path = stated.and_then(|stated| stated.get(&driver));
            let unknown = |year: &i32| !self.known(driver, path, *year);
            let years: Vec<i32> = self.years.clone().filter(unknown).collect();
            if !years.is_empty() {
                lacking.push((driver, years));
            }
        }
        (!lacking.is_empty()).then(|| self.diagnostic(tree, &lacking))
    }

    /// Whether the region has a service that follows the driver; GDP always counts.
    fn has_demand(&self, driver: DriverId) -> bool {
        let world = self.catalogue.world(self.region);
        let services = self.catalogue.services.iter().enumerate();
        self.catalogue.driver("gdp") == Some(driver)
            || world.is_some_and(|world| {
                services
                    .filter(|(_, service)| service.driver == driver)
                    .any(|(v, _)| world.demand[v].is_some_and(|amount| amount.value > 0.0))
            })
    }

    /// Whether `[growth]` has an entry meant for the driver that could not be read.
    fn faulty(
        &self,
        driver: DriverId,
        tree: &TableNode,
        stated: Option<&BTreeMap<DriverId, Vec<(i32, f64)>>>,
    ) -> bool {
        let Some(table) = sub_table(tree, "growth") else {
            return false;
        };
        let known = names::drivers(self.catalogue);
        let id = self.catalogue.drivers[driver.at()].id.as_str();
        let unread = !stated.is_some_and(|stated| stated.contains_key(&driver));
        table.entries.iter().any(|(key, _)| {
            let exists = self.catalogue.driver(&key.name);
            (exists == Some(driver) && unread)
                || (exists.is_none() && names::meant(&key.name, &known) == Some(id))
        })
    }

    /// Whether growth in `year` is on record or stated.
    fn known(&self, driver: DriverId, path: Option<&Vec<(i32, f64)>>, year: i32) -> bool {
        let world = self.catalogue.world(self.region);
        let recorded = world.is_some_and(|world| world.growth.contains_key(&(driver, year)));
        recorded || path.is_some_and(|path| path.iter().any(|(from, _)| *from <= year))
    }

    fn diagnostic(&self, tree: &TableNode, lacking: &[(DriverId, Vec<i32>)]) -> Diagnostic {
        let drivers = &self.catalogue.drivers;
        let alike = lacking.iter().all(|(_, years)| *years == lacking[0].1);
        let span = years_span(&lacking[0].1);
        let mut ids = Vec::new();
        let mut help = Text::new(
            "在 [growth] 下写明各项，例如",
            "give each under [growth], for example",
        );
        for (driver, years) in lacking {
            let named = &drivers[driver.at()];
            let when = years_span(years);
            ids.push(if alike {
                format!("`{}`", named.id)
            } else {
                format!("`{}` ({when})", named.id)
            });
            help.zh += &format!("\n{} = \"3 %\"   # {}", named.id, named.name.zh);
            help.en += &format!("\n{} = \"3 %\"   # {}", named.id, named.name.en);
        }
        let message = if alike {
            Text::new(
                format!("{} 没有 {span} 年的增长率", ids.join("、")),
                format!("no growth for {span} of {}", ids.join(", ")),
            )
        } else {
            Text::new(
                format!("{} 没有增长率", ids.join("、")),
                format!("no growth of {}", ids.join(", ")),
            )
        };
        let label = match sub_table(tree, "growth") {
            Some(_) => Text::new("在此补充", "add it here"),
            None => Text::new("没有 [growth]", "there is no [growth]"),
        };
        let region = &self.catalogue.regions[self.region.at()].named.name;
        Diagnostic::error("no-growth", message)
            .label(table_span(tree, "growth"), label)
            .note(Text::new(
                format!("{}没有这些年的记录，须由情景给出", region.zh),
                format!(
                    "{} has no record of these years; the scenario must say",
                    region.en
                ),
            ))
            .help(help)
    }
}
