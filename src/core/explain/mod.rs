//! What a result is made from, down to the rows of the data.
//!
//! [`Tape`] writes the equations of [`crate::plan`] out for one result: a graph of
//! [`Node`]s whose leaves are the numbers of the data ([`Input`], each with its row,
//! source and status) and the statements of the scenario. Nothing here decides a
//! result: tests hold every node to its children, and the root to the run.
//!
//! # How much rests on which numbers
//!
//! The weight of an input number *n* in a result *R* is its elasticity
//!
//! ```text
//! e[n] = ∂ln R / ∂ln n = (n / R) · ∂R/∂n
//! ```
//!
//! (to first order, the part of *R* that would go if *n* went), and what rests on
//! the numbers of one status is
//!
//! ```text
//! w[s] = Σ_{n of status s} |e[n]| / Σ_n |e[n]|
//! ```
//!
//! All elasticities of a result come from one backward pass through its graph
//! (reverse accumulation). The measure has no unit, does not depend on the order of
//! terms, and sees what cancels:
//!
//! - a factor is scaled up and κ down by it, so in the base year every factor has
//!   e = 0 and the official total e = 1: factors only distribute. Later a factor
//!   weighs as far as its class has moved away from its mix of the base year;
//! - a share of a technology, a class or a mix counts at the cost of the others
//!   (`S = S / Σ S`), a part of a whole that is given;
//! - a rate of growth of 7 % weighs about 0.07 of what it drives: as much as it adds.
//!
//! Statements of the scenario (growth, levels and extents of measures) are a group of
//! their own. The years of a timetable and a level of 100 % are not weighed: they are
//! no quantities. An index such as CO2 per GDP does not depend on the official total
//! at all, and rests on growth and measures alone.
//!
//! A number counts as one, however many rows repeat it: the coal a plant burns per kWh
//! stands in a row of the plain plant and in one of the retrofitted, and a retrofit
//! takes it off one and gives it to the other. Its elasticity is the sum over the rows
//! (of one service, with one value, range, source and status, for one fuel, pollutant or
//! service used), so what cancels is nothing:
//!
//! ```text
//! e[n] = Σ_{rows r that give n} ∂ln R / ∂ln r
//! ```
//!
//! Where the scenario counts from a later base year than the data, terms go back to the
//! data's own: demand of the base year is their amount times growth up to it, shares are
//! theirs and what current policy has changed, and what a measure changes counts from the
//! base year. κ is of the year whose official amount stands behind it.
//!
//! *Taken as given:* the fitted split of a province's total into classes counts as
//! the total (with its status) times fitted parts (`estimated`), though the fit moves
//! a little with the totals of other provinces; a coal cap stated in tonnes has been
//! converted to coal equivalent.
//!
//! What could be wrong in a result is the weight times the width of a number's range:
//! [`Weight::doubt`] `= |e| · (high − low) / value`.

mod base;
mod electric;
mod join;
mod label;
mod measures;
mod shares;
mod support;
mod tape;
mod units;
mod what;

pub use label::{label, symbol};
pub use support::{Shares, Support, Weight};
pub use tape::{Node, NodeId, Op};
pub use units::{Measured, unit};
pub use what::{Electric, Input, Statement, What};

use crate::catalogue::{Account, Catalogue};
use crate::dims::{CalibreId, ClassId, IndicatorId};
use crate::indicator::Per;
use crate::plan::Plan;
use crate::provenance::Sourced;
use crate::scenario::Scenario;
use std::collections::HashMap;

/// The terms behind the results of a compiled scenario, written as they are asked for.
#[derive(Clone, Debug)]
pub struct Tape<'a> {
    /// The data.
    pub catalogue: &'a Catalogue,
    /// The scenario.
    pub scenario: &'a Scenario,
    /// Its plan; where it counts from a later base year than the data, [`Plan::whole`].
    pub plan: &'a Plan,
    /// The plan that runs: from the base year on.
    own: &'a Plan,
    /// The base year, an index of `plan`.
    first: usize,
    nodes: Vec<Node<'a>>,
    known: HashMap<What<'a>, NodeId>,
    /// Accounts and classes that have a calibration factor.
    calibrated: HashMap<(usize, Option<ClassId>), f64>,
    /// Observations as the join uses them: account, year, position.
    observed: Vec<(usize, usize, usize)>,
}

impl<'a> Tape<'a> {
    /// An empty tape for `plan`, which must be that of `scenario`.
    pub fn new(catalogue: &'a Catalogue, scenario: &'a Scenario, plan: &'a Plan) -> Self {
        let own = plan;
        let plan = own.whole.as_deref().unwrap_or(own);
        let kappas = plan.base_year.kappas.iter();
        let calibrated = kappas
            .filter_map(|kappa| Some(((plan.account(kappa.account)?, kappa.class), kappa.value)))
            .collect();
        Self {
            catalogue,
            scenario,
            plan,
            own,
            first: plan.first,
            nodes: Vec::new(),
            known: HashMap::new(),
            calibrated,
            observed: join::observed(catalogue, scenario, plan),
        }
    }

    /// All terms written so far.
    pub fn nodes(&self) -> &[Node<'a>] {
        &self.nodes
    }

    /// One of them.
    pub fn node(&self, id: NodeId) -> &Node<'a> {
        &self.nodes[id.at()]
    }

    /// The values of a term's children.
    pub fn values(&self, node: &Node<'_>) -> Vec<f64> {
        let values = node.children.iter().map(|child| self.node(*child).value);
        values.collect()
    }

    /// Indicator `id` in the year at `t` of the plan that runs: t, tce, an index (base
    /// year = 1) or a fraction.
    pub fn indicator(&mut self, id: IndicatorId, t: usize) -> NodeId {
        let catalogue = self.catalogue;
        let t = self.first + t;
        let what = What::Indicator(id, t);
        let Some(q) = self.account_of(id) else {
            return self.constant(0.0);
        };
        match catalogue.indicators[id.at()].kind.per() {
            Per::Nothing => self.total(q, t),
            per @ (Per::Gdp | Per::ValueAdded) => self.memo(what, |tape| {
                let (index, gdp) = (tape.index(q, t), tape.driven(per, t));
                (Op::Ratio { scale: 1.0 }, vec![index, gdp])
            }),
            Per::Demand(service) => {
                if self.plan.demand[service.at()] <= 0.0 {
                    return self.constant(0.0);
                }
                self.memo(what, |tape| {
                    let (activity, demand) = (tape.total(q, t), tape.demand(service, t));
                    (Op::Ratio { scale: 1.0 }, vec![activity, demand])
                })
            }
            Per::Account(whole) => {
                let Some(e) = self.whole_of(q, whole) else {
                    return self.constant(0.0);
                };
                self.memo(what, |tape| {
                    let (own, energy) = (tape.total(q, t), tape.total(e, t));
                    (Op::Ratio { scale: 1.0 }, vec![own, energy])
                })
            }
        }
    }

    /// The account that the one at `q` is a share of, where the share is known.
    fn whole_of(&self, q: usize, whole: Account) -> Option<usize> {
        let known = self.own.outside_of(q).is_some();
        self.plan.account(whole).filter(|_| known)
    }

    /// What measure `m` changes in indicator `id` in the year at `t`, before the join
    /// to observed values (negative where it reduces).
    pub fn effect(&mut self, m: usize, id: IndicatorId, t: usize) -> NodeId {
        let catalogue = self.catalogue;
        let t = self.first + t;
        let Some(q) = self.account_of(id) else {
            return self.constant(0.0);
        };
        let change = self.change(m, q, t);
        let what = What::Effect(m, id, t);
        match catalogue.indicators[id.at()].kind.per() {
            Per::Nothing => change,
            per @ (Per::Gdp | Per::ValueAdded) => self.memo(what, |tape| {
                let (base, gdp) = (tape.total(q, tape.first), tape.driven(per, t));
                let index = tape.push(What::Step(m), Op::Ratio { scale: 1.0 }, vec![change, base]);
                (Op::Ratio { scale: 1.0 }, vec![index, gdp])
            }),
            Per::Demand(service) => {
                if self.plan.demand[service.at()] <= 0.0 {
                    return self.constant(0.0);
                }
                self.memo(what, |tape| {
                    let demand = tape.demand(service, t);
                    (Op::Ratio { scale: 1.0 }, vec![change, demand])
                })
            }
            // (ΔN − s·ΔE) / E with s the share under growth alone: these sum to the change.
            Per::Account(whole) => {
                let Some(e) = self.whole_of(q, whole) else {
                    return self.constant(0.0);
                };
                self.memo(what, |tape| {
                    let (bare, bare_energy) = (tape.bare(q, t), tape.bare(e, t));
                    let ratio = Op::Ratio { scale: 1.0 };
                    let share = tape.push(What::Step(m), ratio, vec![bare, bare_energy]);
                    let more = tape.change(m, e, t);
                    let (op, parts) = product(vec![share, more]);
                    let usual = tape.push(What::Step(m), op, parts);
                    let less = Op::Linear {
                        constant: 0.0,
                        factors: vec![1.0, -1.0],
                    };
                    let gain = tape.push(What::Step(m), less, vec![change, usual]);
                    let energy = tape.modelled(e, t, false);
                    (Op::Ratio { scale: 1.0 }, vec![gain, energy])
                })
            }
        }
    }

    /// The number behind an input with its calibre, if the data hold it.
    pub fn sourced(&self, input: Input<'_>) -> Option<(Sourced, Option<CalibreId>)> {
        what::sourced((self.catalogue, self.scenario, self.plan), input)
    }

    /// The account that an indicator speaks of.
    fn account_of(&self, id: IndicatorId) -> Option<usize> {
        self.plan.account(self.catalogue.account_of(id))
    }

    /// The term `what`, written by `make` unless it stands already. A sum or product
    /// of one term is that term.
    fn memo(
        &mut self,
        what: What<'a>,
        make: impl FnOnce(&mut Self) -> (Op, Vec<NodeId>),
    ) -> NodeId {
        if let Some(id) = self.known.get(&what) {
            return *id;
        }
        let (op, children) = make(self);
        let alone = match &op {
            Op::Linear { constant, factors } => *constant == 0.0 && factors == &[1.0],
            Op::Product { scale } => (*scale - 1.0).abs() < f64::EPSILON && children.len() == 1,
            _ => false,
        };
        let id = if alone {
            children[0]
        } else {
            self.push(what, op, children)
        };
        self.known.insert(what, id);
        id
    }

    fn push(&mut self, what: What<'a>, op: Op, children: Vec<NodeId>) -> NodeId {
        let values: Vec<f64> = children
            .iter()
            .map(|child| self.node(*child).value)
            .collect();
        let value = op.value(&values).unwrap_or_default();
        self.place(Node {
            what,
            op,
            value,
            children,
        })
    }

    fn place(&mut self, node: Node<'a>) -> NodeId {
        let id = NodeId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        self.nodes.push(node);
        id
    }

    fn value(&self, id: NodeId) -> f64 {
        self.node(id).value
    }

    /// A constant of the equations.
    fn constant(&mut self, value: f64) -> NodeId {
        self.place(Node {
            what: What::Constant,
            op: Op::Leaf,
            value,
            children: Vec::new(),
        })
    }

    /// A number of the data.
    fn input(&mut self, input: Input<'a>) -> NodeId {
        let what = What::Input(input);
        if let Some(id) = self.known.get(&what) {
            return *id;
        }
        let value = self.sourced(input).map_or(0.0, |(number, _)| number.value);
        self.leaf(what, value)
    }

    /// A number that the scenario states.
    fn stated(&mut self, statement: Statement<'a>, value: f64) -> NodeId {
        let what = What::Input(Input::Stated(statement));
        match self.known.get(&what) {
            Some(id) => *id,
            None => self.leaf(what, value),
        }
    }

    fn leaf(&mut self, what: What<'a>, value: f64) -> NodeId {
        let id = self.place(Node {
            what,
            op: Op::Leaf,
            value,
            children: Vec::new(),
        });
        self.known.insert(what, id);
        id
    }
}

/// A plain sum of `children`.
fn sum(children: Vec<NodeId>) -> (Op, Vec<NodeId>) {
    let op = Op::Linear {
        constant: 0.0,
        factors: vec![1.0; children.len()],
    };
    (op, children)
}

/// A plain product of `children`.
fn product(children: Vec<NodeId>) -> (Op, Vec<NodeId>) {
    (Op::Product { scale: 1.0 }, children)
}
