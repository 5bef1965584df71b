//! What explains the difference between two scenarios of one region.
//!
//! # Equations
//!
//! A modelled indicator is V = w · Σ_v E_v, with E_v the part of the account in
//! service v and w its weight: 1 for emissions, 1 / (E[b] · GDP index) for
//! intensities, 1 / D[v] for the share of a service. E_v = frozen_v + Σ_m c[m,v].
//!
//! The inputs of the two scenarios form three groups: demand (growth and
//! elasticities), measures (with the span of years), and the own inventory. A
//! corner takes each group from A or from B and is compiled anew, so that whatever
//! a measure owes to the others (reference shares, extents in absolute units) is
//! counted. A walk exchanges the groups that differ one by one, from all A to all
//! B; each step is split without remainder:
//!
//! ```text
//! demand     Δ = Σ_v ½(w+w')·(E'_v − E_v)  +  ½(E+E')·(w' − w)     by driver; w belongs to GDP or to v's driver
//! measures   Δ = Σ_m w·(c'_m − c_m)                                 by measure; w does not depend on them
//! inventory  Δ = V' − V
//! ```
//!
//! Every order of exchange whose corners can be carried out counts the same
//! (Shapley value of the groups), so the split does not depend on an order; with
//! demand and measures alone it is the symmetric two-point rule: a measure's part is
//! the mean of its change at A's and at B's growth. If no order can be carried
//! out (a corner over-claims a technology), growth and inventory are exchanged
//! without measures and each measure counts with its change in its own scenario;
//! that too is exact. The join to observed values is a part of its own:
//!
//! ```text
//! V_B − V_A = Σ parts + (join_B − join_A)
//! ```

pub mod inputs;

use crate::catalogue::Catalogue;
use crate::compile::compile;
use crate::dims::{DriverId, IndicatorId, ServiceId};
use crate::indicator::Per;
use crate::kernel::{self, Draw, Join, Trajectory};
use crate::outcome;
use crate::plan::Plan;
use crate::scenario::Scenario;

/// One of the two scenarios.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// Its plan.
    pub plan: &'a Plan,
}

/// What a part of the difference comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The growth of a driver.
    Driver(DriverId),
    /// The elasticity of a service, together with the growth of its driver.
    Elasticity(ServiceId),
    /// A measure, by its id.
    Measure(String),
    /// The own inventory.
    Inventory,
    /// The join to observed values.
    Join,
}

/// A part of the difference.
#[derive(Clone, Debug)]
pub struct Part {
    /// Where it comes from.
    pub cause: Cause,
    /// Whether that input differs itself; if not, the part follows from others, as
    /// when a measure finds less to take because another took more.
    pub differs: bool,
    /// The part by common year, in the base unit of the indicator.
    pub values: Vec<f64>,
}

/// The difference of one indicator.
#[derive(Clone, Debug)]
pub struct Difference {
    /// The indicator.
    pub indicator: IndicatorId,
    /// A's values by common year (t, tce, index, fraction).
    pub a: Vec<f64>,
    /// B's values.
    pub b: Vec<f64>,
    /// The parts; they sum to B − A in every year.
    pub parts: Vec<Part>,
}

/// What explains the differences.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// The common years.
    pub years: Vec<i32>,
    /// Every indicator.
    pub indicators: Vec<Difference>,
    /// Orders of exchange that could be carried out; 0 if measures count in their own
    /// scenarios.
    pub orders: usize,
    /// Orders there are.
    pub possible: usize,
}

/// Whether two scenarios speak of the same region and base year, so that inputs can
/// be exchanged between them.
pub fn comparable(a: &Scenario, b: &Scenario) -> bool {
    a.region == b.region && a.base_year == b.base_year
}

/// A group of inputs that is exchanged as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Group {
    Demand,
    Measures,
    Inventory,
}

const GROUPS: [Group; 3] = [Group::Demand, Group::Measures, Group::Inventory];

impl Group {
    fn bit(self) -> usize {
        1 << self as usize
    }
}

/// A compiled and run combination of inputs.
struct Corner {
    plan: Plan,
    run: Trajectory,
}

impl Corner {
    fn new(catalogue: &Catalogue, scenario: &Scenario) -> Option<Self> {
        let plan = compile(catalogue, scenario).ok()?;
        let run = kernel::run(&plan, &Draw::stated(&plan)).unjoined();
        Some(Self { plan, run })
    }

    /// The indicator in this corner.
    fn view(&self, catalogue: &Catalogue, indicator: IndicatorId, years: usize) -> Option<View> {
        let per = catalogue.indicators[indicator.at()].kind.per();
        // A quotient of two accounts is no sum over causes.
        if let Per::Account(_) = per {
            return None;
        }
        let plan = &self.plan;
        let q = plan.account(catalogue.account_of(indicator))?;
        let levels = plan.stated_levels();
        let rows = kernel::by_service(plan, &levels, q, Join::Modelled);
        let base: f64 = rows.iter().map(|row| row[0]).sum();
        let weight = |t: usize| match per {
            Per::Nothing => 1.0,
            Per::Gdp | Per::ValueAdded if base > 0.0 => {
                let index = self.run.index_of(per).map_or(1.0, |index| index[t]);
                1.0 / (base * index)
            }
            Per::Demand(v) if self.run.demand[v.at()][t] > 0.0 => 1.0 / self.run.demand[v.at()][t],
            _ => 0.0,
        };
        let change = |m: usize| self.run.change.row(m, q)[..years].to_vec();
        let measures = plan.measures.iter().enumerate();
        Some(View {
            weight: (0..years).map(weight).collect(),
            rows,
            changes: measures.map(|(m, x)| (x.id.clone(), change(m))).collect(),
        })
    }
}

/// One indicator in one corner, cut to the common years.
struct View {
    /// w by year.
    weight: Vec<f64>,
    /// The account by service and year.
    rows: Vec<Vec<f64>>,
    /// The account's change by measure and year.
    changes: Vec<(String, Vec<f64>)>,
}

impl View {
    fn total(&self, t: usize) -> f64 {
        self.rows.iter().map(|row| row[t]).sum()
    }

    fn value(&self, t: usize) -> f64 {
        self.total(t) * self.weight[t]
    }

    fn change(&self, measure: &str, t: usize) -> f64 {
        let found = self.changes.iter().find(|(id, _)| id == measure);
        found.map_or(0.0, |(_, change)| change[t])
    }
}

/// Parts being summed up.
struct Ledger {
    years: usize,
    parts: Vec<(Cause, Vec<f64>)>,
}

impl Ledger {
    fn add(&mut self, cause: &Cause, value: impl Fn(usize) -> f64) {
        let found = self.parts.iter().position(|(other, _)| other == cause);
        let at = found.unwrap_or_else(|| {
            self.parts.push((cause.clone(), vec![0.0; self.years]));
            self.parts.len() - 1
        });
        for (t, cell) in self.parts[at].1.iter_mut().enumerate() {
            *cell += value(t);
        }
    }
}

/// The common part of two comparable scenarios, and what differs in it.
struct Pair<'a> {
    catalogue: &'a Catalogue,
    a: Side<'a>,
    b: Side<'a>,
    years: usize,
    changed: inputs::Changed,
}

/// Explains the difference between two comparable scenarios; `None` if they are not
/// comparable.
pub fn explain(catalogue: &Catalogue, a: Side<'_>, b: Side<'_>) -> Option<Explanation> {
    if !comparable(a.scenario, b.scenario) {
        return None;
    }
    let pair = Pair {
        catalogue,
        a,
        b,
        years: a.plan.span().min(b.plan.span()),
        changed: inputs::changed(a, b),
    };
    let groups: Vec<Group> = GROUPS
        .into_iter()
        .filter(|group| pair.differs(*group))
        .collect();
    let corners: Vec<Option<Corner>> = (0..8)
        .map(|mask| {
            let used = groups.iter().map(|group| group.bit()).sum::<usize>() & mask == mask;
            let used = used.then(|| pair.hybrid(mask))?;
            Corner::new(catalogue, &used)
        })
        .collect();
    let orders = orders(&groups);
    let walkable = |order: &&Vec<Group>| masks(order).iter().all(|mask| corners[*mask].is_some());
    let good: Vec<&Vec<Group>> = orders.iter().filter(walkable).collect();
    let ends = [a, b].map(|side| kernel::run(side.plan, &Draw::stated(side.plan)));
    let [joined_a, joined_b] =
        [(a, &ends[0]), (b, &ends[1])].map(|(s, run)| outcome::indicators(catalogue, s.plan, run));
    let [plain_a, plain_b] = [(a, &ends[0]), (b, &ends[1])]
        .map(|(s, run)| outcome::indicators(catalogue, s.plan, &run.clone().unjoined()));
    let apart = good
        .is_empty()
        .then(|| Apart::new(&pair, &groups))
        .flatten();
    let indicators = (0..catalogue.indicators.len()).map(|i| {
        let id = IndicatorId::from_usize(i);
        let mut ledger = Ledger {
            years: pair.years,
            parts: Vec::new(),
        };
        if let Some(apart) = &apart {
            apart.split(&pair, id, &mut ledger);
        } else {
            pair.walk(&good, &corners, id, &mut ledger);
        }
        ledger.add(&Cause::Join, |t| {
            (joined_b[i][t] - plain_b[i][t]) - (joined_a[i][t] - plain_a[i][t])
        });
        pair.difference(id, ledger, &joined_a[i], &joined_b[i])
    });
    Some(Explanation {
        years: a.plan.years[..pair.years].to_vec(),
        indicators: indicators.collect(),
        orders: good.len(),
        possible: orders.len(),
    })
}

/// Every order of the groups.
fn orders(groups: &[Group]) -> Vec<Vec<Group>> {
    if groups.is_empty() {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for (i, first) in groups.iter().enumerate() {
        let mut rest = groups.to_vec();
        rest.remove(i);
        for tail in orders(&rest) {
            all.push(std::iter::once(*first).chain(tail).collect());
        }
    }
    all
}

/// The corners of an order: the first is all A.
fn masks(order: &[Group]) -> Vec<usize> {
    let mut mask = 0;
    let steps = order.iter().map(|group| {
        mask |= group.bit();
        mask
    });
    std::iter::once(0)
        .chain(steps.collect::<Vec<_>>())
        .collect()
}

impl Pair<'_> {
    fn differs(&self, group: Group) -> bool {
        let (a, b) = (self.a.scenario, self.b.scenario);
        match group {
            Group::Demand => a.growth != b.growth || a.elasticity != b.elasticity,
            Group::Measures => !self.changed.measures.is_empty() || a.end_year != b.end_year,
            Group::Inventory => self.changed.inventory,
        }
    }

    /// The scenario that takes the groups in `mask` from B, not joined to observations.
    fn hybrid(&self, mask: usize) -> Scenario {
        let from = |group: Group| {
            if mask & group.bit() == 0 {
                self.a.scenario
            } else {
                self.b.scenario
            }
        };
        let mut scenario = from(Group::Measures).clone();
        scenario.growth = from(Group::Demand).growth.clone();
        scenario.elasticity = from(Group::Demand).elasticity.clone();
        scenario.world = from(Group::Inventory).world.clone();
        scenario.observed.clear();
        scenario
    }

    /// The cause that the demand of a service belongs to.
    fn demand_cause(&self, v: usize) -> Cause {
        let service = ServiceId::from_usize(v);
        if self.changed.elasticities.contains(&service) {
            Cause::Elasticity(service)
        } else {
            Cause::Driver(self.a.plan.driver[v])
        }
    }

    /// Adds the mean of the walks along `orders`.
    fn walk(
        &self,
        orders: &[&Vec<Group>],
        corners: &[Option<Corner>],
        id: IndicatorId,
        ledger: &mut Ledger,
    ) {
        let view = |corner: &Option<Corner>| corner.as_ref()?.view(self.catalogue, id, self.years);
        let views: Vec<Option<View>> = corners.iter().map(view).collect();
        let part = 1.0 / orders.len() as f64;
        for order in orders {
            let masks = masks(order);
            for (step, group) in masks.windows(2).zip(order.iter()) {
                if let (Some(from), Some(to)) = (&views[step[0]], &views[step[1]]) {
                    self.step(*group, (from, to), part, id, ledger);
                }
            }
        }
    }

    /// Adds `part` times one step.
    fn step(
        &self,
        group: Group,
        (from, to): (&View, &View),
        part: f64,
        id: IndicatorId,
        ledger: &mut Ledger,
    ) {
        match group {
            Group::Demand => self.demand_step((from, to), part, id, ledger),
            Group::Measures => {
                let mut ids: Vec<&String> = from.changes.iter().map(|(id, _)| id).collect();
                ids.extend(to.changes.iter().map(|(id, _)| id));
                ids.dedup();
                let mut seen: Vec<&String> = Vec::new();
                for id in ids {
                    if seen.contains(&id) {
                        continue;
                    }
                    seen.push(id);
                    ledger.add(&Cause::Measure(id.clone()), |t| {
                        part * to.weight[t] * (to.change(id, t) - from.change(id, t))
                    });
                }
            }
            Group::Inventory => {
                ledger.add(&Cause::Inventory, |t| part * (to.value(t) - from.value(t)));
            }
        }
    }

    fn demand_step(
        &self,
        (from, to): (&View, &View),
        part: f64,
        id: IndicatorId,
        ledger: &mut Ledger,
    ) {
        for (v, (before, after)) in from.rows.iter().zip(&to.rows).enumerate() {
            ledger.add(&self.demand_cause(v), |t| {
                part * 0.5 * (from.weight[t] + to.weight[t]) * (after[t] - before[t])
            });
        }
        let weight = match self.catalogue.indicators[id.at()].kind.per() {
            Per::Nothing | Per::Account(_) => return,
            Per::Gdp => Cause::Driver(self.a.plan.gdp),
            Per::ValueAdded => Cause::Driver(self.a.plan.value_added),
            Per::Demand(v) => self.demand_cause(v.at()),
        };
        ledger.add(&weight, |t| {
            part * 0.5 * (from.total(t) + to.total(t)) * (to.weight[t] - from.weight[t])
        });
    }

    /// The finished difference: parts that are nothing are left out.
    fn difference(&self, id: IndicatorId, ledger: Ledger, a: &[f64], b: &[f64]) -> Difference {
        let (a, b) = (a[..self.years].to_vec(), b[..self.years].to_vec());
        let size = a.iter().chain(&b).fold(0.0_f64, |max, x| max.max(x.abs()));
        let parts = ledger.parts.into_iter().filter_map(|(cause, values)| {
            let something = values.iter().any(|value| value.abs() > size * 1e-13);
            let differs = self.changed.has(&cause);
            something.then_some(Part {
                cause,
                differs,
                values,
            })
        });
        Difference {
            indicator: id,
            parts: parts.collect(),
            a,
            b,
        }
    }
}

/// The split without common corners of measures.
struct Apart {
    /// Corners without measures.
    bare: Vec<Option<Corner>>,
    orders: Vec<Vec<Group>>,
    ends: [Corner; 2],
}

impl Apart {
    fn new(pair: &Pair<'_>, groups: &[Group]) -> Option<Self> {
        let groups: Vec<Group> = groups
            .iter()
            .copied()
            .filter(|group| *group != Group::Measures)
            .collect();
        let last: usize = groups.iter().map(|group| group.bit()).sum();
        let bare = (0..8).map(|mask| {
            let mut scenario = (last & mask == mask).then(|| pair.hybrid(mask))?;
            scenario.measures.clear();
            Corner::new(pair.catalogue, &scenario)
        });
        let end = |mask: usize| Corner::new(pair.catalogue, &pair.hybrid(mask));
        Some(Self {
            bare: bare.collect(),
            orders: orders(&groups),
            ends: [end(0)?, end(7)?],
        })
    }

    fn split(&self, pair: &Pair<'_>, id: IndicatorId, ledger: &mut Ledger) {
        let orders: Vec<&Vec<Group>> = self.orders.iter().collect();
        pair.walk(&orders, &self.bare, id, ledger);
        let view = |corner: &Corner| corner.view(pair.catalogue, id, pair.years);
        let [a, b] = &self.ends;
        for (sign, view) in [(-1.0, view(a)), (1.0, view(b))] {
            let Some(view) = view else { continue };
            for (measure, change) in &view.changes {
                ledger.add(&Cause::Measure(measure.clone()), |t| {
                    sign * view.weight[t] * change[t]
                });
            }
        }
    }
}
