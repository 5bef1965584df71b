//! A place of one's own: a region that the data do not hold, made from the one it lies in.
//!
//! # Equations
//!
//! Of every service *v* of its parent *P* the place *C* has a part, told by a proxy *q* (an
//! amount that both have) unless its amount or part is stated:
//!
//! ```text
//! D[C,v] = φ[v] · D[P,v]          φ[v] = X[C,q(v)] / X[P,q(v)]
//! ```
//!
//! A proxy that is not stated takes the part of the one that stands in for it
//! ([`crate::gazetteer::Proxy::until`]). Shares of technologies, growth on record and the
//! rest are those of the parent where the place states none of its own. An official amount
//! that is not stated follows the parent's calibration, class by class:
//!
//! ```text
//! official[C,c,p] = official[P,c,p] · B[C,c,p] / B[P,c,p]        B = Σ_{k ∈ c} F[k,p]·A[k,b]
//! ```
//!
//! so that κ is that of the parent. From there on the place is a region like any other.
//! With every φ = 1 it is its parent; parts that add up to 1 have emissions that add up to
//! those of the parent.
//!
//! # Which numbers to replace first
//!
//! [`Own::asked`] lists what is estimated. How much one matters is found by making the
//! place anew with that number a little larger, and running it ([`Own::world`] takes the
//! number and the factor): everything that rests on it moves along, the base year too.

use crate::calibrate::bottom_up;
use crate::catalogue::{
    Account, Book, Catalogue, Inventory, InventoryValue, Recorded, Stock, StockUnit, World,
};
use crate::dims::{CalibreId, ClassId, DriverId, RegionId, ServiceId, TechnologyId};
use crate::gazetteer::{By, ParentAmount, PartOf};
use crate::provenance::{Origin, Sourced, Status};
use std::collections::BTreeMap;

/// A proxy as the place states it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stated {
    /// The place's amount, in natural units.
    pub value: f64,
    /// The parent's, in the same; `None` where the program knows it.
    pub of: Option<f64>,
    /// Where it stands.
    pub origin: Origin,
}

/// What is stated of a place; everything else comes from its parent.
#[derive(Clone, Debug)]
pub struct Own {
    /// The region it lies in, which has a base year.
    pub parent: RegionId,
    /// Where that is said.
    pub origin: Origin,
    /// Proxies, by their index.
    pub proxies: BTreeMap<usize, Stated>,
    /// Parts of the parent's services (fractions).
    pub shares: BTreeMap<ServiceId, Sourced>,
    /// Amounts of services in the base year, in their units.
    pub amounts: BTreeMap<ServiceId, Sourced>,
    /// Shares of technologies, of whole services.
    pub mix: BTreeMap<TechnologyId, Sourced>,
    /// Growth on record (fraction a year).
    pub growth: BTreeMap<(DriverId, i32), (Sourced, CalibreId)>,
    /// Official amounts of the data's base year; what is not in them is estimated.
    pub inventory: BTreeMap<Account, Inventory>,
    /// Stocks.
    pub stocks: BTreeMap<(String, StockUnit), Sourced>,
}

/// A number of a place that can be another.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// The place's part by a proxy.
    Proxy(usize),
    /// The amount of a service.
    Amount(ServiceId),
    /// The official amount of a class.
    Class(Account, ClassId),
    /// All recorded rates of growth of a driver.
    Growth(DriverId),
    /// The share of a technology, at the cost of the others of its service.
    Mix(TechnologyId),
    /// A stock.
    Stock(String, StockUnit),
}

/// What a planner can be asked for in the place of an estimate.
#[derive(Clone, Debug, PartialEq)]
pub enum Asked {
    /// A proxy.
    Proxy(usize),
    /// The amount of a service.
    Amount(ServiceId),
    /// The official amounts of a pollutant, class by class.
    Inventory(Account),
    /// The growth of a driver on record.
    Growth(DriverId),
    /// The technologies of a service.
    Mix(ServiceId),
    /// A stock.
    Stock(String, StockUnit),
}

/// A place's part of something, and what tells it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Part {
    /// The fraction.
    pub share: f64,
    /// The proxy behind it, if one is.
    pub proxy: Option<usize>,
    /// Where the number stands that tells it.
    pub origin: Origin,
}

/// Whether an estimate stands there, or less.
fn weak(origin: Origin) -> bool {
    origin.status >= Status::Estimated
}

/// The origin of what is worked out from a number.
fn estimated(origin: Origin) -> Origin {
    Origin {
        status: origin.status.max(Status::Estimated),
        ..origin
    }
}

/// A number to nudge.
type Nudge<'n> = Option<(&'n Input, f64)>;

/// The factor of an input.
fn factor(nudge: Nudge<'_>, input: &Input) -> f64 {
    match nudge {
        Some((nudged, factor)) if nudged == input => factor,
        _ => 1.0,
    }
}

impl Own {
    /// The base year of the parent.
    fn parent<'c>(&self, catalogue: &'c Catalogue) -> Option<&'c World> {
        catalogue.world(self.parent)
    }

    /// The parent's amount of a proxy in natural units, where the data know it.
    pub fn parent_amount(&self, catalogue: &Catalogue, proxy: usize) -> Option<f64> {
        let world = self.parent(catalogue)?;
        match &catalogue.gazetteer.proxies[proxy].of {
            ParentAmount::Service(v) => {
                let scale = catalogue.services[v.at()].scale;
                world.demand[v.at()].map(|amount| amount.value * scale)
            }
            ParentAmount::Recorded(quantity) => {
                let key = (quantity.clone(), catalogue.base_year);
                world.recorded.get(&key).map(|level| level.value.value)
            }
            ParentAmount::Stated => None,
        }
    }

    /// The part that a proxy tells; `None` where neither it nor what stands in is stated.
    pub fn part_by(&self, catalogue: &Catalogue, proxy: usize) -> Option<Part> {
        self.nudged_part_by(catalogue, proxy, None)
    }

    fn nudged_part_by(
        &self,
        catalogue: &Catalogue,
        proxy: usize,
        nudge: Nudge<'_>,
    ) -> Option<Part> {
        let found = if let Some(stated) = self.proxies.get(&proxy) {
            let of = stated.of.or_else(|| self.parent_amount(catalogue, proxy))?;
            // Nothing of nothing is no part.
            let some = stated.value > 0.0;
            let share = if some { stated.value / of } else { 0.0 };
            Part {
                share,
                proxy: Some(proxy),
                origin: stated.origin,
            }
        } else {
            let until = catalogue.gazetteer.proxies[proxy].until?;
            let part = self.nudged_part_by(catalogue, until, nudge)?;
            let origin = Origin {
                status: Status::Assumed,
                ..part.origin
            };
            Part { origin, ..part }
        };
        let share = found.share * factor(nudge, &Input::Proxy(proxy));
        Some(Part { share, ..found })
    }

    /// The place's part of a service; `None` where nothing tells it.
    pub fn part(&self, catalogue: &Catalogue, service: ServiceId) -> Option<Part> {
        self.nudged_part(catalogue, service, None)
    }

    fn nudged_part(
        &self,
        catalogue: &Catalogue,
        service: ServiceId,
        nudge: Nudge<'_>,
    ) -> Option<Part> {
        let whole = self.parent(catalogue)?.demand[service.at()].map_or(0.0, |d| d.value);
        let plain = |share: f64, origin: Origin| Part {
            share,
            proxy: None,
            origin,
        };
        let part = if let Some(amount) = self.amounts.get(&service) {
            let some = whole > 0.0;
            let share = if some { amount.value / whole } else { 0.0 };
            plain(share, amount.origin)
        } else if let Some(share) = self.shares.get(&service) {
            plain(share.value, share.origin)
        } else {
            match catalogue.gazetteer.by(service)? {
                By::Proxy(proxy) => self.nudged_part_by(catalogue, proxy, nudge)?,
                By::Service(_) => return None,
            }
        };
        let share = part.share * factor(nudge, &Input::Amount(service));
        Some(Part { share, ..part })
    }

    /// The base year of the place, with one of its numbers times a factor if `nudge` says
    /// so; `None` where something tells no part.
    pub fn world(&self, catalogue: &Catalogue, nudge: Nudge<'_>) -> Option<World> {
        let parent = self.parent(catalogue)?;
        let mut world = World {
            shares: self.mixes(catalogue, parent, nudge),
            growth: self.growths(parent, nudge),
            ..World::default()
        };
        for v in (0..catalogue.services.len()).map(ServiceId::from_usize) {
            let demand = self.demand(catalogue, v, nudge);
            // What the parent says nothing of has no part.
            if demand.is_none() && parent.demand[v.at()].is_some() {
                return None;
            }
            world.demand.push(demand);
        }
        self.levels(catalogue, &mut world, nudge)?;
        let base = (parent.demand.as_slice(), parent.shares.as_slice());
        let own = (world.demand.as_slice(), world.shares.as_slice());
        let (base, own) = (plain(base), plain(own));
        let follow = |account: Account, inventory: &Inventory| {
            let from = bottom_up(catalogue, (&base.0, &base.1), account);
            let to = bottom_up(catalogue, (&own.0, &own.1), account);
            followed(inventory, &from, &to)
        };
        let all = parent.inventory.iter();
        world.inventory = all
            .map(|(account, inventory)| (*account, follow(*account, inventory)))
            .collect();
        world.later = parent
            .later
            .iter()
            .map(|(year, accounts)| {
                let all = accounts.iter();
                let own = all.map(|(account, inventory)| (*account, follow(*account, inventory)));
                (*year, own.collect())
            })
            .collect();
        for (account, own) in &self.inventory {
            let fallback = world.inventory.remove(account).unwrap_or_default();
            world
                .inventory
                .insert(*account, completed(own.clone(), &fallback));
        }
        if let Some((Input::Class(account, class), factor)) = nudge {
            scale_class(&mut world, *account, *class, factor);
        }
        Some(world)
    }

    /// The amount of a service; `None` where the parent has none to say, or nothing tells
    /// a part of it.
    fn demand(&self, catalogue: &Catalogue, v: ServiceId, nudge: Nudge<'_>) -> Option<Sourced> {
        if let Some(amount) = self.amounts.get(&v) {
            return Some(amount.scaled(factor(nudge, &Input::Amount(v))));
        }
        let whole = self.parent(catalogue)?.demand[v.at()]?;
        let part = self.nudged_part(catalogue, v, nudge)?;
        // A proxy that is the amount itself is no estimate of it.
        let same = part.proxy.is_some_and(|p| {
            catalogue.gazetteer.proxies[p].of == ParentAmount::Service(v)
                && self
                    .proxies
                    .get(&p)
                    .is_some_and(|stated| stated.of.is_none())
        });
        let mut amount = whole.scaled(part.share);
        amount.origin = if same {
            part.origin
        } else {
            estimated(part.origin)
        };
        Some(amount)
    }

    /// Shares of technologies: its own, or the parent's.
    fn mixes(
        &self,
        catalogue: &Catalogue,
        parent: &World,
        nudge: Nudge<'_>,
    ) -> Vec<Option<Sourced>> {
        let mut shares: Vec<Option<Sourced>> = parent.shares.clone();
        for (k, share) in shares.iter_mut().enumerate() {
            let k = TechnologyId::from_usize(k);
            let service = &catalogue.services[catalogue.technologies[k.at()].service.at()];
            let own = service
                .technologies
                .iter()
                .any(|k| self.mix.contains_key(k));
            if own {
                *share = self.mix.get(&k).copied();
            } else if let Some(share) = share {
                share.origin = estimated(share.origin);
            }
        }
        if let Some((Input::Mix(k), factor)) = nudge {
            let service = catalogue.technologies[k.at()].service;
            let all = &catalogue.services[service.at()].technologies;
            if let Some(share) = &mut shares[k.at()] {
                *share = share.scaled(factor);
            }
            let sum: f64 = all
                .iter()
                .filter_map(|k| shares[k.at()])
                .map(|s| s.value)
                .sum();
            for k in all {
                shares[k.at()] = shares[k.at()].map(|share| share.scaled(1.0 / sum));
            }
        }
        shares
    }

    /// Growth on record: its own, or the parent's.
    fn growths(
        &self,
        parent: &World,
        nudge: Nudge<'_>,
    ) -> BTreeMap<(DriverId, i32), (Sourced, CalibreId)> {
        let theirs = parent.growth.iter().map(|(key, (rate, calibre))| {
            let origin = estimated(rate.origin);
            (*key, (Sourced { origin, ..*rate }, *calibre))
        });
        let mut all: BTreeMap<_, _> = theirs.collect();
        all.extend(self.growth.iter().map(|(key, rate)| (*key, *rate)));
        if let Some((Input::Growth(driver), factor)) = nudge {
            for ((_, _), (rate, _)) in all.iter_mut().filter(|((d, _), _)| d == driver) {
                *rate = rate.scaled(factor);
            }
        }
        all
    }

    /// Stocks and recorded levels.
    fn levels(&self, catalogue: &Catalogue, world: &mut World, nudge: Nudge<'_>) -> Option<()> {
        let parent = self.parent(catalogue)?;
        for rule in &catalogue.gazetteer.rules {
            let part = match rule.by {
                By::Proxy(proxy) => self.nudged_part_by(catalogue, proxy, nudge),
                By::Service(v) => self.nudged_part(catalogue, v, nudge),
            };
            match (&rule.of, part) {
                (PartOf::Service(_), _) | (_, None) => {}
                (PartOf::Stock(group), Some(part)) => {
                    let theirs = parent.stocks.iter().filter(|((g, _), _)| g == group);
                    for (key, stock) in theirs {
                        let value = Sourced {
                            origin: estimated(part.origin),
                            ..stock.value.scaled(part.share)
                        };
                        world.stocks.insert(key.clone(), Stock { value });
                    }
                }
                (PartOf::Recorded(quantity), Some(part)) => {
                    let theirs = parent.recorded.iter().filter(|((q, _), _)| q == quantity);
                    for (key, level) in theirs {
                        let value = Sourced {
                            origin: estimated(part.origin),
                            ..level.value.scaled(part.share)
                        };
                        let level = Recorded { value, ..*level };
                        world.recorded.insert(key.clone(), level);
                    }
                }
            }
        }
        for (key, value) in &self.stocks {
            world.stocks.insert(key.clone(), Stock { value: *value });
        }
        if let Some((Input::Stock(group, unit), factor)) = nudge
            && let Some(stock) = world.stocks.get_mut(&(group.clone(), *unit))
        {
            stock.value = stock.value.scaled(factor);
        }
        Some(())
    }

    /// What a planner can be asked for, with the numbers behind each.
    pub fn asked(&self, catalogue: &Catalogue) -> Vec<(Asked, Vec<Input>)> {
        let Some(world) = self.world(catalogue, None) else {
            return Vec::new();
        };
        let mut all = self.asked_activity(catalogue, &world);
        let drivers = (0..catalogue.drivers.len()).map(DriverId::from_usize);
        for driver in drivers {
            let mut rates = world.growth.range((driver, i32::MIN)..=(driver, i32::MAX));
            if rates.any(|(_, (rate, _))| weak(rate.origin)) {
                all.push((Asked::Growth(driver), vec![Input::Growth(driver)]));
            }
        }
        for (v, service) in catalogue.services.iter().enumerate() {
            let used = world.demand[v].is_some_and(|amount| amount.value > 0.0);
            let shares = service.technologies.iter();
            let shares = shares.filter_map(|k| Some((*k, world.shares[k.at()]?)));
            let inputs: Vec<Input> = shares
                .filter(|(_, share)| share.value > 0.0 && weak(share.origin))
                .map(|(k, _)| Input::Mix(k))
                .collect();
            // The one technology of a service has all of it.
            if used && inputs.len() > 1 {
                all.push((Asked::Mix(ServiceId::from_usize(v)), inputs));
            }
        }
        for (account, inventory) in &world.inventory {
            let classes = inventory.classes.iter();
            let inputs: Vec<Input> = classes
                .filter(|(_, value)| value.amount.value > 0.0 && weak(value.amount.origin))
                .map(|(class, _)| Input::Class(*account, *class))
                .collect();
            if !inputs.is_empty() && account.book() == Some(Book::Physical) {
                all.push((Asked::Inventory(*account), inputs));
            }
        }
        for ((group, unit), stock) in &world.stocks {
            if weak(stock.value.origin) {
                let (g, u) = (group.clone(), *unit);
                let input = Input::Stock(g.clone(), u);
                all.push((Asked::Stock(g, u), vec![input]));
            }
        }
        all
    }

    /// Proxies and amounts that are estimated. An amount that a proxy is, is asked once.
    fn asked_activity(&self, catalogue: &Catalogue, world: &World) -> Vec<(Asked, Vec<Input>)> {
        let mut all = Vec::new();
        for (p, proxy) in catalogue.gazetteer.proxies.iter().enumerate() {
            let firm = self
                .proxies
                .get(&p)
                .is_some_and(|stated| !weak(stated.origin));
            let used = catalogue.gazetteer.rules.iter().any(|rule| {
                let PartOf::Service(v) = rule.of else {
                    return false;
                };
                let stated = self.amounts.contains_key(&v) || self.shares.contains_key(&v);
                !stated && self.rests_on(catalogue, rule.by, p)
            });
            if !firm && used && (proxy.until.is_some() || self.proxies.contains_key(&p)) {
                all.push((Asked::Proxy(p), vec![Input::Proxy(p)]));
            }
        }
        for v in (0..catalogue.services.len()).map(ServiceId::from_usize) {
            let stated = self.amounts.get(&v).or_else(|| self.shares.get(&v));
            let firm = stated.is_some_and(|stated| !weak(stated.origin));
            let by = match catalogue.gazetteer.by(v) {
                Some(By::Proxy(p)) if stated.is_none() => Some(p),
                _ => None,
            };
            let same = by.is_some_and(|p| {
                let of = &catalogue.gazetteer.proxies[p].of;
                *of == ParentAmount::Service(v)
            });
            let some = world.demand[v.at()].is_some_and(|amount| amount.value > 0.0);
            if !firm && !same && some {
                all.push((Asked::Amount(v), vec![Input::Amount(v)]));
            }
        }
        all
    }

    /// Whether a part is told by `proxy`, or would be if it were stated.
    fn rests_on(&self, catalogue: &Catalogue, by: By, proxy: usize) -> bool {
        let By::Proxy(mut at) = by else { return false };
        loop {
            if at == proxy {
                return true;
            }
            if self.proxies.contains_key(&at) {
                return false;
            }
            match catalogue.gazetteer.proxies[at].until {
                Some(next) => at = next,
                None => return false,
            }
        }
    }
}

/// Amounts and shares as plain numbers; what is not there is nothing.
fn plain((demand, shares): (&[Option<Sourced>], &[Option<Sourced>])) -> (Vec<f64>, Vec<f64>) {
    let values = |all: &[Option<Sourced>]| {
        let all = all.iter();
        all.map(|one| one.map_or(0.0, |one| one.value)).collect()
    };
    (values(demand), values(shares))
}

/// The parent's inventory times what the place has of each class before calibration.
fn followed(
    inventory: &Inventory,
    from: &BTreeMap<ClassId, f64>,
    to: &BTreeMap<ClassId, f64>,
) -> Inventory {
    let ratio = |to: f64, from: f64| if from > 0.0 { to / from } else { 0.0 };
    let at = |all: &BTreeMap<ClassId, f64>, class: &ClassId| all.get(class).copied().unwrap_or(0.0);
    let amount = |value: &InventoryValue, scale: f64| InventoryValue {
        amount: Sourced {
            origin: estimated(value.amount.origin),
            ..value.amount.scaled(scale)
        },
        ..*value
    };
    let classes: BTreeMap<ClassId, InventoryValue> = inventory
        .classes
        .iter()
        .map(|(class, value)| (*class, amount(value, ratio(at(to, class), at(from, class)))))
        .collect();
    let scale = if classes.is_empty() {
        ratio(to.values().sum(), from.values().sum())
    } else {
        let sum = |all: &BTreeMap<ClassId, InventoryValue>| -> f64 {
            all.values().map(|value| value.amount.value).sum()
        };
        ratio(sum(&classes), sum(&inventory.classes))
    };
    Inventory {
        year: inventory.year,
        total: inventory.total.as_ref().map(|total| amount(total, scale)),
        classes,
    }
}

/// What is stated, and the estimate scaled to what is left for the classes that are not.
fn completed(mut own: Inventory, estimate: &Inventory) -> Inventory {
    let said: f64 = own.classes.values().map(|value| value.amount.value).sum();
    let open = estimate.classes.iter();
    let open: Vec<(ClassId, InventoryValue)> = open
        .filter(|(class, _)| !own.classes.contains_key(class))
        .map(|(class, value)| (*class, *value))
        .collect();
    let sum: f64 = open.iter().map(|(_, value)| value.amount.value).sum();
    let scale = match own.total {
        Some(total) if sum > 0.0 => (total.amount.value - said).max(0.0) / sum,
        _ => 1.0,
    };
    let like = own.total.or(own.classes.values().next().copied());
    for (class, value) in open {
        let amount = value.amount.scaled(scale);
        let calibre = like.map_or(value.calibre, |like| like.calibre);
        own.classes
            .insert(class, InventoryValue { amount, calibre });
    }
    if own.total.is_none() {
        let sum: f64 = own.classes.values().map(|value| value.amount.value).sum();
        own.total = like.map(|like| InventoryValue {
            amount: Sourced::exact(sum, like.amount.origin),
            ..like
        });
    }
    own
}

/// A class times a factor, the total with it.
fn scale_class(world: &mut World, account: Account, class: ClassId, factor: f64) {
    let Some(inventory) = world.inventory.get_mut(&account) else {
        return;
    };
    let Some(value) = inventory.classes.get_mut(&class) else {
        return;
    };
    let more = value.amount.value * (factor - 1.0);
    value.amount = value.amount.scaled(factor);
    if let Some(total) = &mut inventory.total {
        total.amount = Sourced::exact(total.amount.value + more, total.amount.origin);
    }
}
