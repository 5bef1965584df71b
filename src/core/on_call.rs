//! What is there only for scenarios that speak of it.
//!
//! Most scenarios have nothing to say of a few indicators, and some of those need numbers
//! that the data do not have everywhere. Rows of `indicators.csv` that are marked so stand
//! aside with the pollutants that they alone speak of: no run keeps their accounts, no
//! table shows them. A scenario that names one, in a target or elsewhere, calls it up; it
//! then is an indicator like any other, behind those that are always there.

use crate::catalogue::{Account, Catalogue, Indicator, IndicatorKind};
use crate::dims::PollutantId;
use std::sync::Arc;

impl Catalogue {
    /// The data with what is on call set aside. Pollutants on call are the last ones of
    /// their table.
    #[must_use]
    pub fn set_aside(mut self) -> Self {
        let Some(first) = self.indicators.iter().position(|i| i.on_call) else {
            return self;
        };
        let full = self.clone();
        self.indicators.truncate(first);
        let spoken = |p: usize| {
            let on = |i: &&Indicator| i.kind.pollutant().map(PollutantId::at) == Some(p);
            let mut all = full.indicators.iter().filter(on).peekable();
            all.peek().is_none() || all.any(|i| !i.on_call)
        };
        while self.pollutants.len() > 1 && !spoken(self.pollutants.len() - 1) {
            self.pollutants.pop();
        }
        let kept = self.pollutants.len();
        let stays = |p: &PollutantId| p.at() < kept;
        for k in &mut self.technologies {
            k.factors.retain(|(p, _)| stays(p));
            k.credits.retain(|(p, _)| stays(p));
        }
        for carrier in &mut self.carriers {
            carrier.factors.retain(|(p, _)| stays(p));
        }
        self.seeds.retain(|(p, ..), _| stays(p));
        let inventoried = |account: &Account| match account {
            Account::Pollutant(p, _) | Account::Outside(p) => stays(p),
            _ => true,
        };
        for world in self.worlds.iter_mut().flatten() {
            world.inventory.retain(|account, _| inventoried(account));
            for later in world.later.values_mut() {
                later.retain(|account, _| inventoried(account));
            }
        }
        self.on_call = Some(Arc::new(full));
        self
    }

    /// The indicators that a scenario can call up, called up or not.
    pub fn callable(&self) -> impl Iterator<Item = &Indicator> {
        let all = self.on_call.iter().flat_map(|full| &full.indicators);
        all.filter(|indicator| indicator.on_call)
    }

    /// The data with the indicators called `ids` (without their books) and what they speak
    /// of; `None` if nothing is to be called up. Indices stay.
    pub fn called(&self, ids: &[String]) -> Option<Self> {
        let full = Arc::clone(self.on_call.as_ref()?);
        let wanted = |i: &&Indicator| i.on_call && ids.contains(&i.base);
        let missing = |i: &&Indicator| self.indicator(&i.named.id).is_none();
        let new: Vec<&Indicator> = full
            .indicators
            .iter()
            .filter(wanted)
            .filter(missing)
            .collect();
        if new.is_empty() {
            return None;
        }
        let mut grown = self.clone();
        for indicator in new {
            let kind = match &indicator.kind {
                IndicatorKind::Emission(p, book) => {
                    IndicatorKind::Emission(grown.call_pollutant(&full, *p), *book)
                }
                IndicatorKind::EmissionIntensity(p, book) => {
                    IndicatorKind::EmissionIntensity(grown.call_pollutant(&full, *p), *book)
                }
                other => other.clone(),
            };
            grown.indicators.push(Indicator {
                kind,
                ..indicator.clone()
            });
        }
        Some(grown)
    }

    /// The pollutant `p` of `full` with its factors and inventories; its id here.
    fn call_pollutant(&mut self, full: &Self, p: PollutantId) -> PollutantId {
        let own = &full.pollutants[p.at()];
        if let Some(known) = self.pollutant(&own.named.id) {
            return known;
        }
        let new = PollutantId::from_usize(self.pollutants.len());
        self.pollutants.push(own.clone());
        for (mine, theirs) in self.technologies.iter_mut().zip(&full.technologies) {
            let own = theirs.factors.iter().filter(|(q, _)| *q == p);
            mine.factors.extend(own.map(|(_, value)| (new, *value)));
            let own = theirs.credits.iter().filter(|(q, _)| *q == p);
            mine.credits.extend(own.map(|(_, credit)| (new, *credit)));
        }
        for (mine, theirs) in self.carriers.iter_mut().zip(&full.carriers) {
            let own = theirs.factors.iter().filter(|(q, _)| *q == p);
            mine.factors.extend(own.map(|(_, value)| (new, *value)));
        }
        let seeds = full.seeds.iter().filter(|((q, ..), _)| *q == p);
        let seeds = seeds.map(|((_, region, class), value)| ((new, *region, *class), *value));
        self.seeds.extend(seeds);
        let here = |account: &Account| match account {
            Account::Pollutant(q, book) if *q == p => Some(Account::Pollutant(new, *book)),
            _ => None,
        };
        for (mine, theirs) in self.worlds.iter_mut().zip(&full.worlds) {
            let (Some(mine), Some(theirs)) = (mine, theirs) else {
                continue;
            };
            for (account, inventory) in &theirs.inventory {
                if let Some(account) = here(account) {
                    mine.inventory.insert(account, inventory.clone());
                }
            }
            for (year, accounts) in &theirs.later {
                for (account, inventory) in accounts {
                    if let Some(account) = here(account) {
                        let later = mine.later.entry(*year).or_default();
                        later.insert(account, inventory.clone());
                    }
                }
            }
        }
        new
    }
}
