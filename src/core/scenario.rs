//! A scenario: growth, measures and targets for a region and a span of years.
//!
//! It is what a file states, checked for form; whether it can be carried out is found by
//! [`crate::compile`]. Growth of a driver in a year is the record where there is one, else
//! what the scenario states ([`Scenario::growth_of`]).

use crate::calibre::{Calibred, Splice};
use crate::catalogue::{Account, Book, Catalogue, IndicatorKind, InventoryValue, World};
use crate::dims::{CalibreId, DriverId, IndicatorId, PollutantId, RegionId, ServiceId};
use crate::measure::Measure;
use crate::projects::Ledger;
use crate::published::Published;
use crate::target::{Demand, Target};
use crate::text::Text;
use std::collections::BTreeMap;

/// How the projection is joined to the last observed value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Harmonise {
    /// Projected values are multiplied by observed / modelled of the last observed year.
    Ratio,
    /// The difference observed − modelled of that year is added.
    Offset,
}

/// A published value of a past year.
#[derive(Clone, Debug)]
pub struct Observation {
    /// The indicator.
    pub indicator: IndicatorId,
    /// The year.
    pub year: i32,
    /// Reduction against the base year (fraction), the form in which progress is published.
    pub reduction: f64,
    /// The calibre in which it was published.
    pub calibre: CalibreId,
    /// The published amount (t or tce) in that calibre, if it was an amount.
    pub amount: Option<Calibred>,
    /// The splice that carried the amount to the base year's calibre, as an index
    /// of [`Scenario::splices`].
    pub splice: Option<usize>,
    /// Where it was published.
    pub source: Option<String>,
}

/// A target on something outside the model: shown, never dropped.
#[derive(Clone, Debug)]
pub struct Tracked {
    /// Its id in the scenario.
    pub id: String,
    /// Its name.
    pub name: Text,
    /// The target, as written; in English where that is given.
    pub target: Text,
    /// The year.
    pub year: i32,
    /// The user's own value, if given.
    pub value: Option<String>,
    /// The user's own value of each year, ascending, in [`Self::unit`].
    pub values: Vec<(i32, f64)>,
    /// The unit of the values, as the file writes it.
    pub unit: String,
    /// What the target asks for as a number in that unit, if it is known.
    pub aim: Option<f64>,
    /// Where it is laid down.
    pub source: Option<String>,
}

impl Tracked {
    /// The newest of the values up to the target's year, or the first one after it.
    pub fn newest(&self) -> Option<(i32, f64)> {
        let until = self
            .values
            .iter()
            .rev()
            .find(|(year, _)| *year <= self.year);
        until.or(self.values.first()).copied()
    }

    /// A number in the unit of the values, as text: `38.6 μg/m³`.
    pub fn amount(&self, value: f64) -> String {
        let number = if value < 0.0 {
            format!("−{}", -value)
        } else {
            value.to_string()
        };
        format!("{number} {}", self.unit).trim_end().to_string()
    }
}

/// Where a rate of growth comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GrowthFrom {
    /// `data/driver_growth.csv`.
    Record,
    /// The scenario, from this year on (`i32::MIN`: for all years).
    Statement(i32),
}

/// A checked scenario.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// Its id: the name of its file.
    pub id: String,
    /// Its name.
    pub name: Text,
    /// What it is about.
    pub description: Text,
    /// The document it comes from.
    pub document: Option<String>,
    /// The region.
    pub region: RegionId,
    /// The first year, from which everything counts; activities and shares come to it
    /// on record and current policy from [`Catalogue::base_year`] on.
    pub base_year: i32,
    /// The last year.
    pub end_year: i32,
    /// The year whose prices costs are in.
    pub price_year: i32,
    /// Growth stated by the scenario, from a year on until the next one stated (fraction a year).
    pub growth: BTreeMap<DriverId, Vec<(i32, f64)>>,
    /// Elasticities that differ from the data's.
    pub elasticity: BTreeMap<ServiceId, f64>,
    /// Measures.
    pub measures: Vec<Measure>,
    /// The listed projects, if a ledger is named.
    pub ledger: Option<Ledger>,
    /// Targets on indicators of the model.
    pub targets: Vec<Target>,
    /// Targets on anything else.
    pub tracked: Vec<Tracked>,
    /// Published values of past years.
    pub observed: Vec<Observation>,
    /// Declared bridges between calibres.
    pub splices: Vec<Splice>,
    /// How the projection joins them.
    pub harmonise: Harmonise,
    /// Published shares that the file states, by year (fraction).
    pub published: BTreeMap<Published, Vec<(i32, f64)>>,
    /// The user's own inventory, if one is laid over the base year: origins that
    /// name no file of the catalogue stand in it.
    pub inventory: Option<String>,
    /// The region's base year, with the user's own inventory laid over it.
    pub world: World,
}

/// Which official amounts of a base year come from a user's own inventory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnInventory {
    /// Accounts of which it gives everything.
    pub own: Vec<Account>,
    /// Accounts of which it gives the total alone: the built-in classes are scaled to it.
    pub scaled: Vec<Account>,
    /// Accounts that it leaves to the built-in inventory.
    pub built_in: Vec<Account>,
}

impl Scenario {
    /// Published shares by year, from the base year to the last one, ascending: those that
    /// the file states, and whether it does, else those on record.
    pub fn published(&self, of: Published) -> Vec<(i32, f64, bool)> {
        let years = self.base_year..=self.end_year;
        let stated = self.published.get(&of).map_or(&[][..], Vec::as_slice);
        let found = years.filter_map(|year| {
            let stated = stated.iter().find(|(y, _)| *y == year);
            let recorded = || {
                let key = (of.recorded().to_string(), year);
                let level = self.world.recorded.get(&key)?;
                Some((year, level.value.value, false))
            };
            stated
                .map(|(y, share)| (*y, *share, true))
                .or_else(recorded)
        });
        found.collect()
    }

    /// The year that most of the targets count from, of `years`; tables, balances and
    /// charts count from it. The base year where no target counts from any.
    pub fn index_base(&self, years: &[i32]) -> i32 {
        let counted = self
            .targets
            .iter()
            .filter_map(|target| match target.demand {
                Demand::Reduction { base_year, .. } | Demand::Project { base_year, .. } => {
                    Some(base_year)
                }
                _ => None,
            });
        let counted = counted.filter(|year| years.contains(year) && *year < self.end_year);
        let mut counts = BTreeMap::new();
        for year in counted {
            *counts.entry(year).or_insert(0_usize) += 1;
        }
        let most = counts.iter().max_by_key(|(year, count)| (**count, -**year));
        most.map_or(self.base_year, |(year, _)| *year)
    }

    /// What the user's own inventory gives and what it leaves; `None` without one.
    pub fn own_inventory(&self, catalogue: &Catalogue) -> Option<OwnInventory> {
        self.inventory.as_ref()?;
        // Origins that name no file of the catalogue stand in the user's own.
        let own =
            |value: &InventoryValue| usize::from(value.amount.origin.file) >= catalogue.files.len();
        let mut found = OwnInventory::default();
        for (account, inventory) in &self.world.inventory {
            let Some(total) = &inventory.total else {
                continue;
            };
            let list = if !own(total) {
                &mut found.built_in
            } else if inventory.classes.values().all(own) {
                &mut found.own
            } else {
                &mut found.scaled
            };
            list.push(*account);
        }
        Some(found)
    }

    /// The ledger by which `target` is judged, and the pollutant there: that of listed
    /// projects, where the target asks for project reductions as accounted and the ledger
    /// lists some of its pollutant. Without one the new measures of the scenario count.
    pub fn ledger_of(
        &self,
        catalogue: &Catalogue,
        target: &Target,
    ) -> Option<(&Ledger, PollutantId)> {
        let indicator = &catalogue.indicators[target.indicator.at()];
        let IndicatorKind::Emission(pollutant, _) = indicator.kind else {
            return None;
        };
        let asks = matches!(target.demand, Demand::Project { .. });
        let accounted = target.book == Book::Accounted || indicator.both;
        let ledger = self.ledger.as_ref().filter(|_| asks && accounted)?;
        ledger.has(pollutant).then_some((ledger, pollutant))
    }

    /// The years that growth and measures are laid out over: from the data's own base
    /// year on, whichever year the scenario counts from.
    pub fn years(&self, catalogue: &Catalogue) -> Vec<i32> {
        (catalogue.base_year..=self.end_year).collect()
    }

    /// The growth of `driver` in `year`, and whether it is on record or stated, and
    /// from which year on. A statement that names a year goes before the record, the
    /// record before a statement for all years.
    pub fn growth_of(&self, driver: DriverId, year: i32) -> Option<(f64, GrowthFrom)> {
        let record = self.world.growth.get(&(driver, year));
        let record = record.map(|(rate, _)| (rate.value, GrowthFrom::Record));
        let path = self.growth.get(&driver);
        let stated = path.and_then(|path| path.iter().rev().find(|(from, _)| *from <= year));
        let stated = stated.map(|(from, rate)| (*rate, GrowthFrom::Statement(*from)));
        let explicit = path.is_some_and(|path| {
            path.iter()
                .any(|(from, _)| *from != i32::MIN && *from <= year)
        });
        if explicit {
            stated.or(record)
        } else {
            record.or(stated)
        }
    }
}
