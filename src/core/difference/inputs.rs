//! Which inputs of two scenarios differ, by value: `15 %` and `0.15` are the same.

use super::{Cause, Side};
use crate::catalogue::Inventory;
use crate::dims::{DriverId, ServiceId};
use crate::measure::own_cost::OwnCost;
use crate::measure::{Measure, Value};
use crate::scenario::Scenario;
use crate::target::{Demand, Target};

/// What differs.
#[derive(Clone, Debug, Default)]
pub struct Changed {
    /// Measures that are added, gone or changed.
    pub measures: Vec<String>,
    /// Drivers whose growth differs in a common year.
    pub drivers: Vec<DriverId>,
    /// Services whose elasticity differs.
    pub elasticities: Vec<ServiceId>,
    /// Whether the inventories differ.
    pub inventory: bool,
    /// Whether the observed values or the way of joining them differ.
    pub observed: bool,
}

impl Changed {
    /// Whether the input behind `cause` differs.
    pub fn has(&self, cause: &Cause) -> bool {
        match cause {
            Cause::Driver(driver) => self.drivers.contains(driver),
            Cause::Elasticity(service) => self.elasticities.contains(service),
            Cause::Measure(id) => self.measures.contains(id),
            Cause::Inventory => self.inventory,
            Cause::Join => self.observed,
        }
    }
}

/// Whether two numbers say the same, but for the last bits of a conversion.
pub fn same(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-12 * a.abs().max(b.abs())
}

/// What differs between two scenarios of one region.
pub fn changed(a: Side<'_>, b: Side<'_>) -> Changed {
    let years = a.plan.span().min(b.plan.span());
    let drivers = (0..a.plan.growth.len()).filter(|d| {
        let pairs = a.plan.growth[*d].iter().zip(&b.plan.growth[*d]);
        pairs.take(years).any(|(x, y)| !same(*x, *y))
    });
    let elasticities = (0..a.plan.elasticity.len())
        .filter(|v| !same(a.plan.elasticity[*v], b.plan.elasticity[*v]));
    let find = |scenario: &Scenario, id: &str| scenario.measures.iter().any(|m| m.id == id);
    let mut measures = Vec::new();
    for measure in &a.scenario.measures {
        let other = b.scenario.measures.iter().find(|m| m.id == measure.id);
        if other.is_none_or(|other| !measure_fields(measure, other).is_empty()) {
            measures.push(measure.id.clone());
        }
    }
    let added = b.scenario.measures.iter();
    let added = added.filter(|m| !find(a.scenario, &m.id));
    measures.extend(added.map(|m| m.id.clone()));
    Changed {
        measures,
        drivers: drivers.map(DriverId::from_usize).collect(),
        elasticities: elasticities.map(ServiceId::from_usize).collect(),
        inventory: !same_inventories(a.scenario, b.scenario),
        observed: !same_observations(a.scenario, b.scenario),
    }
}

/// The fields in which two measures differ; `timetable` stands for start, end, ramp
/// and points, `type` for everything if the kinds differ. Names and sources are no
/// inputs.
pub fn measure_fields(a: &Measure, b: &Measure) -> Vec<&'static str> {
    if a.kind.id != b.kind.id {
        return vec!["type"];
    }
    let mut fields = Vec::new();
    if a.policy != b.policy {
        fields.push("policy");
    }
    if !same(a.level, b.level) {
        fields.push("level");
    }
    if a.zone != b.zone {
        fields.push("zone");
    }
    // Ramps are constant outside 2000-2200, the years that files may name.
    let differ = |year: i32| !same(a.ramp.at(year), b.ramp.at(year));
    if a.ramp != b.ramp && ((2000..=2200).any(differ) || a.ramp.end() != b.ramp.end()) {
        fields.push("timetable");
    }
    fields.extend(cost_fields(a.cost.as_ref(), b.cost.as_ref()));
    for field in a.kind.fields {
        let (x, y) = (a.values.get(field.key), b.values.get(field.key));
        let alike = match (x, y) {
            (None, None) => true,
            (Some(x), Some(y)) => same_value(x, y),
            _ => false,
        };
        if !alike {
            fields.push(field.key);
        }
    }
    fields
}

/// The keys in which two stated costs differ.
fn cost_fields(a: Option<&OwnCost>, b: Option<&OwnCost>) -> Vec<&'static str> {
    let differ = [
        ("cost", a.map(|c| &c.yearly) != b.map(|c| &c.yearly)),
        ("capital", a.map(|c| &c.capital) != b.map(|c| &c.capital)),
        (
            "life",
            a.map(|c| c.life.to_bits()) != b.map(|c| c.life.to_bits()),
        ),
        (
            "price_year",
            a.map(|c| c.price_year) != b.map(|c| c.price_year),
        ),
    ];
    // One that states no cost at all differs in what the other says.
    let said = |key: &str| {
        let says = |c: &OwnCost| match key {
            "cost" => c.yearly.is_some(),
            "capital" | "life" => c.capital.is_some(),
            _ => c.price_year.is_some(),
        };
        a.is_some_and(says) || b.is_some_and(says)
    };
    let differ = differ
        .into_iter()
        .filter(|(key, differs)| *differs && said(key));
    differ.map(|(key, _)| key).collect()
}

/// Whether two values say the same; lists and mixes have no order.
fn same_value(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(x), Value::Number(y)) => same(*x, *y),
        (Value::Words(x), Value::Words(y)) => {
            x.len() == y.len() && x.iter().all(|word| y.contains(word))
        }
        (Value::Mix(x), Value::Mix(y)) => {
            let part = |mix: &[(String, f64)], name: &str| {
                let found = mix.iter().find(|(other, _)| other == name);
                found.map_or(0.0, |(_, part)| *part)
            };
            let names = x.iter().chain(y).map(|(name, _)| name);
            names
                .into_iter()
                .all(|name| same(part(x, name), part(y, name)))
        }
        _ => a == b,
    }
}

/// Whether two targets ask the same.
pub fn same_target(a: &Target, b: &Target) -> bool {
    let demand = match (a.demand, b.demand) {
        (
            Demand::Reduction {
                wanted: x,
                base_year: from,
            },
            Demand::Reduction {
                wanted: y,
                base_year: to,
            },
        )
        | (
            Demand::Project {
                wanted: x,
                base_year: from,
            },
            Demand::Project {
                wanted: y,
                base_year: to,
            },
        )
        | (Demand::Cumulative { limit: x, from }, Demand::Cumulative { limit: y, from: to }) => {
            same(x, y) && from == to
        }
        (Demand::Cap(x), Demand::Cap(y)) | (Demand::Floor(x), Demand::Floor(y)) => same(x, y),
        _ => false,
    };
    demand && a.indicator == b.indicator && a.year == b.year
}

fn same_observations(a: &Scenario, b: &Scenario) -> bool {
    if a.observed.is_empty() && b.observed.is_empty() {
        return true;
    }
    let found = |scenario: &Scenario| {
        let all = scenario.observed.iter();
        let mut all: Vec<(usize, i32, f64)> = all
            .map(|o| (o.indicator.at(), o.year, o.reduction))
            .collect();
        all.sort_by_key(|(indicator, year, _)| (*indicator, *year));
        all
    };
    let (x, y) = (found(a), found(b));
    let alike = |(x, y): (&(usize, i32, f64), &(usize, i32, f64))| {
        (x.0, x.1) == (y.0, y.1) && same(x.2, y.2)
    };
    a.harmonise == b.harmonise && x.len() == y.len() && x.iter().zip(&y).all(alike)
}

/// Whether two scenarios of one region start from the same inventories.
pub fn same_inventories(a: &Scenario, b: &Scenario) -> bool {
    let (x, y) = (&a.world.inventory, &b.world.inventory);
    let accounts = x.keys().chain(y.keys());
    accounts
        .into_iter()
        .all(|account| match (x.get(account), y.get(account)) {
            (Some(x), Some(y)) => same_inventory(x, y),
            _ => false,
        })
}

/// Whether two inventories of an account say the same.
pub fn same_inventory(a: &Inventory, b: &Inventory) -> bool {
    let amount = |x: &Option<crate::catalogue::InventoryValue>| x.map(|v| v.amount.value);
    let totals = match (amount(&a.total), amount(&b.total)) {
        (Some(x), Some(y)) => same(x, y),
        (x, y) => x.is_none() && y.is_none(),
    };
    let classes = a.classes.keys().chain(b.classes.keys());
    totals
        && classes
            .into_iter()
            .all(|class| match (a.classes.get(class), b.classes.get(class)) {
                (Some(x), Some(y)) => same(x.amount.value, y.amount.value),
                _ => false,
            })
}
