//! Places below the provinces, and by what a place's part of its parent is told.
//!
//! A place of one's own ([`crate::place`]) has some part of every service of its parent.
//! What decides it is a *proxy*: an amount that both have, such as secondary value added.
//! Where the place does not state one, another stands in for it ([`Proxy::until`]).

use crate::dims::{RegionId, ServiceId};
use crate::provenance::{Origin, Sourced};
use crate::text::Text;

/// A prefecture-level place, as the register of codes has it.
#[derive(Clone, Debug)]
pub struct Place {
    /// The id used in files; it may be that of a built-in city.
    pub id: String,
    /// The code of GB/T 2260.
    pub code: String,
    /// The whole name: `唐山市`.
    pub name: Text,
    /// The usual name: `唐山`.
    pub short: String,
    /// The province it lies in.
    pub parent: RegionId,
}

/// An amount of a place, or of a province as the sum or the whole of its places.
#[derive(Clone, Debug)]
pub struct PlaceAmount {
    /// The id of the place or of the region.
    pub place: String,
    /// The quantity: the id of a [`Proxy`].
    pub quantity: String,
    /// The year it is of.
    pub year: i32,
    /// The amount in natural units (persons, t, yuan, head).
    pub value: Sourced,
}

/// How the amount of a parent is known where a place does not state it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParentAmount {
    /// It is the base-year amount of a service.
    Service(ServiceId),
    /// It is on record for the base year.
    Recorded(String),
    /// It has to be stated.
    Stated,
}

/// An amount by which a place's part of its parent is told.
#[derive(Clone, Debug)]
pub struct Proxy {
    /// The id used in files.
    pub id: String,
    /// The name shown to people.
    pub name: Text,
    /// Its unit as written in files.
    pub unit: String,
    /// Natural units in one such unit.
    pub scale: f64,
    /// How the parent's amount is known.
    pub of: ParentAmount,
    /// What stands in for it where the place does not state it, an index into
    /// [`Gazetteer::proxies`]; `None` for the last.
    pub until: Option<usize>,
}

/// What tells the part of something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// A proxy, an index into [`Gazetteer::proxies`].
    Proxy(usize),
    /// The part of a service.
    Service(ServiceId),
}

/// Which part of something of the parent a place has.
#[derive(Clone, Debug)]
pub enum PartOf {
    /// Of a service.
    Service(ServiceId),
    /// Of a group of stocks.
    Stock(String),
    /// Of a recorded level.
    Recorded(String),
}

/// A rule by which parts are told.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Of what.
    pub of: PartOf,
    /// By what.
    pub by: By,
    /// Where the row stands.
    pub origin: Origin,
}

/// Everything the data say of places.
#[derive(Clone, Debug, Default)]
pub struct Gazetteer {
    /// The places, in the order of their codes.
    pub places: Vec<Place>,
    /// Amounts of places and of their parents.
    pub amounts: Vec<PlaceAmount>,
    /// The proxies; what stands in for one comes before it.
    pub proxies: Vec<Proxy>,
    /// By what parts are told.
    pub rules: Vec<Rule>,
}

impl Gazetteer {
    /// The place called `id`.
    pub fn place(&self, id: &str) -> Option<&Place> {
        self.places.iter().find(|place| place.id == id)
    }

    /// The places that go by `name`: their id, their whole or usual Chinese name, or
    /// their English one with or without what is in brackets; of one parent, if given.
    pub fn called(&self, name: &str, parent: Option<RegionId>) -> Vec<&Place> {
        let plain = |text: &str| text.trim().to_lowercase();
        let wanted = plain(name);
        let first = |text: &str| plain(text.split(" (").next().unwrap_or(text));
        let fits = |place: &&Place| {
            let own = [&place.id, &place.name.zh, &place.short, &place.name.en];
            own.into_iter().any(|own| plain(own) == wanted) || first(&place.name.en) == wanted
        };
        let here = |place: &&Place| parent.is_none_or(|parent| place.parent == parent);
        let exact = self.places.iter().find(|place| place.id == name);
        match exact.filter(here) {
            Some(place) => vec![place],
            None => self.places.iter().filter(here).filter(fits).collect(),
        }
    }

    /// The places whose usual name shares most characters with a Chinese one, at most three.
    pub fn alike(&self, name: &str) -> Vec<&Place> {
        let shared = |place: &Place| {
            let own = place.short.chars();
            own.filter(|c| !c.is_ascii() && name.contains(*c)).count()
        };
        let mut all: Vec<(usize, &Place)> = self
            .places
            .iter()
            .map(|place| (shared(place), place))
            .filter(|(shared, _)| *shared > 0)
            .collect();
        all.sort_by_key(|(shared, _)| std::cmp::Reverse(*shared));
        all.truncate(3);
        all.into_iter().map(|(_, place)| place).collect()
    }

    /// The amount of a quantity in a place or a parent.
    pub fn amount(&self, place: &str, quantity: &str) -> Option<&PlaceAmount> {
        let fits = |amount: &&PlaceAmount| amount.place == place && amount.quantity == quantity;
        self.amounts.iter().find(fits)
    }

    /// The proxy called `id`.
    pub fn proxy(&self, id: &str) -> Option<usize> {
        self.proxies.iter().position(|proxy| proxy.id == id)
    }

    /// What tells the part of a service.
    pub fn by(&self, service: ServiceId) -> Option<By> {
        let fits = |rule: &&Rule| matches!(rule.of, PartOf::Service(v) if v == service);
        self.rules.iter().find(fits).map(|rule| rule.by)
    }
}

/// A unit of files as a person reads it: `1e4 t` is 万t, and 10⁴ t.
pub fn unit_name(written: &str) -> Text {
    let zh = match written {
        "1e4 persons" => "万人",
        "1e4 t" => "万t",
        "1e4 tce" => "万tce",
        "1e4 head" => "万头",
        "1e4 vehicles" => "万辆",
        "1e4 households" => "万户",
        "1e8 CNY" => "亿元",
        "1e8 kWh" => "亿kWh",
        "1e8 t.km" => "亿t·km",
        other => other,
    };
    Text::new(zh, written.replace("1e4", "10⁴").replace("1e8", "10⁸"))
}
