//! Later base years: which official amounts a scenario counts from that names one.
//!
//! A scenario may count from a later year *b* than the data. Of every account it takes the
//! newest official inventory up to *b*, in the calibre of its own year *y*:
//!
//! ```text
//! y = b    the base is official
//! y < b    the base is projected: what the run comes to in b, calibrated in y
//! ```
//!
//! [`crate::calibrate`] sets κ in *y*, [`crate::compile`] brings activities and shares to
//! *y* and *b*.

use crate::catalogue::{Account, Catalogue, World};
use crate::dims::CalibreId;
use crate::scenario::Scenario;

/// What the base of an account rests on, where a scenario counts from a later base year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BaseOf {
    /// The account.
    pub account: Account,
    /// The year of the official amount behind it.
    pub year: i32,
    /// The calibre of that amount.
    pub calibre: CalibreId,
    /// Whether that is the base year itself; otherwise the base is what the run comes to
    /// in the base year from there.
    pub official: bool,
}

impl World {
    /// The world for a scenario that counts from `base`: of every account the newest
    /// official inventory up to that year, in the calibre of its own year.
    #[must_use]
    pub fn from_base(&self, base: i32) -> Self {
        let mut world = self.clone();
        for (_, accounts) in self.later.range(..=base) {
            for (account, inventory) in accounts {
                world.inventory.insert(*account, inventory.clone());
            }
        }
        world
    }
}

impl Scenario {
    /// What stands behind the base of each account that has an official amount; empty
    /// where the scenario counts from the data's own base year.
    pub fn bases(&self, catalogue: &Catalogue) -> Vec<BaseOf> {
        if self.base_year == catalogue.base_year {
            return Vec::new();
        }
        let all = self.world.inventory.iter();
        all.filter_map(|(account, inventory)| {
            let total = inventory.total?;
            let year = inventory.year.unwrap_or(catalogue.base_year);
            Some(BaseOf {
                account: *account,
                year,
                calibre: total.calibre,
                official: year == self.base_year,
            })
        })
        .collect()
    }
}
