//! Drivers that have neither a record nor a growth rate for every year, and rates that
//! count in no year.

use super::names;
use super::problems::{sub_table, table_span, years_span};
use crate::diag::{Diagnostic, FileId};
use crate::tree::{TableNode, Value};
use jianpai_core::catalogue::Catalogue;
use jianpai_core::dims::{DriverId, RegionId};
use jianpai_core::scenario::{GrowthFrom, Scenario};
use jianpai_core::text::Text;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// No record reaches further beyond the end of a scenario (years).
const RECORDS: i32 = 100;

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

/// Rates that the file `own` states and that count in no year of the scenario: the record
/// goes before a rate for all years, and a rate from a year on needs that year.
pub(super) fn idle(
    catalogue: &Catalogue,
    scenario: &Scenario,
    tree: &TableNode,
    own: FileId,
) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let years = scenario.years(catalogue);
    for (driver, path) in &scenario.growth {
        let id = &catalogue.drivers[driver.at()].id;
        let entry = sub_table(tree, "growth").and_then(|table| table.entry(id));
        let Some((key, node)) = entry else {
            continue;
        };
        for (from, rate) in path {
            let counts = |year: &i32| {
                let used = scenario.growth_of(*driver, *year);
                used.is_some_and(|(_, by)| by == GrowthFrom::Statement(*from))
            };
            if years.iter().skip(1).any(counts) {
                continue;
            }
            let place = match &node.value {
                Value::Table(table) => table.get_key(&from.to_string()),
                _ => Some(key),
            };
            let Some(place) = place.filter(|place| place.span.file == own) else {
                continue;
            };
            let diagnostic = without_effect(catalogue, scenario, *driver, (*from, *rate));
            found.push(diagnostic.label(place.span, Text::new("不起作用", "without effect")));
        }
    }
    found
}

fn without_effect(
    catalogue: &Catalogue,
    scenario: &Scenario,
    driver: DriverId,
    (from, rate): (i32, f64),
) -> Diagnostic {
    let named = &catalogue.drivers[driver.at()];
    let (id, name, end) = (&named.id, &named.name, scenario.end_year);
    let rate = (rate * 1e6).round() / 1e4;
    let recorded = |year: i32| scenario.world.growth.contains_key(&(driver, year));
    let first = catalogue.base_year + 1;
    let (why, help) = if from == i32::MIN {
        // All years of the scenario are on record; the rate is for those after them.
        let mut later = first..=end + RECORDS;
        let counts = later.find(|year| !recorded(*year)).unwrap_or(end + 1);
        let last = counts - 1;
        (
            Text::new(
                format!("{first}—{last} 年均有记录，它从 {counts} 年起才算数，情景止于 {end} 年"),
                format!(
                    "{first} to {last} are on record; it counts from {counts} on, and the scenario ends in {end}"
                ),
            ),
            Text::new(
                format!("要代替记录，写明年份：{id} = {{ {end} = \"{rate} %\" }}；否则删去"),
                format!(
                    "to put it in place of the record, name the year: {id} = {{ {end} = \"{rate} %\" }}; else take it out"
                ),
            ),
        )
    } else if from > end {
        (
            Text::new(
                format!("它从 {from} 年起算数，情景止于 {end} 年"),
                format!("it counts from {from} on, and the scenario ends in {end}"),
            ),
            Text::new(
                "延长 [scenario] end_year，或删去",
                "extend [scenario] end_year, or take it out",
            ),
        )
    } else {
        (
            Text::new(
                format!("情景从 {first} 年起，而此后各年另有写明"),
                format!("the scenario begins with {first}, for which another is stated"),
            ),
            Text::new("删去", "take it out"),
        )
    };
    let message = Text::new(
        format!(
            "“{}”（`{id}`）的增长率 {rate} % 不起作用：{}",
            name.zh, why.zh
        ),
        format!(
            "growth of {} (`{id}`) of {rate} % has no effect: {}",
            name.en, why.en
        ),
    );
    Diagnostic::warning("growth-without-effect", message).help(help)
}
