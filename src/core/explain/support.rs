//! Weights of input numbers, and how much of a result rests on which status.

use super::tape::gradient;
use super::{Input, NodeId, Op, Statement, Tape, What};
use crate::catalogue::Catalogue;
use crate::dims::IndicatorId;
use crate::measure::ramp::Ramp;
use crate::plan::Plan;
use crate::provenance::Status;
use crate::scenario::Scenario;
use std::collections::BTreeMap;

/// The weight of one input number in a result.
#[derive(Clone, Copy, Debug)]
pub struct Weight<'a> {
    /// Its term.
    pub node: NodeId,
    /// What it is.
    pub input: Input<'a>,
    /// e = ∂ln R / ∂ln n.
    pub elasticity: f64,
    /// |e| as a part of the sum over all inputs.
    pub share: f64,
    /// |e| · (high − low) / value: how far the result moves over the number's range
    /// (fraction of it); 0 where no range is known.
    pub doubt: f64,
}

/// How much of a result rests on numbers of each kind. The parts sum to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shares {
    /// By status, in the order of [`Status::ALL`].
    pub by_status: [f64; 6],
    /// On what the scenario states.
    pub stated: f64,
}

impl Shares {
    /// The part that rests on numbers quoted or computed from quoted ones.
    pub fn firm(&self) -> f64 {
        self.of(Status::Quoted) + self.of(Status::Computed)
    }

    /// The same as a part of what rests on the data, leaving out what the scenario
    /// states; `None` where all of it is stated.
    pub fn firm_of_data(&self) -> Option<f64> {
        let data = 1.0 - self.stated;
        (data > 1e-12).then(|| self.firm() / data)
    }

    /// The part that rests on numbers of one status.
    pub fn of(&self, status: Status) -> f64 {
        self.by_status[status as usize]
    }
}

impl<'a> Tape<'a> {
    /// The weights of all input numbers in `root`, the heaviest first.
    pub fn weights(&self, root: NodeId) -> Vec<Weight<'a>> {
        let result = self.value(root);
        let adjoint = gradient(&self.nodes, root);
        let mut weights = Vec::new();
        for (i, derivative) in adjoint.iter().enumerate() {
            let node = &self.nodes[i];
            let What::Input(input) = node.what else {
                continue;
            };
            if *derivative == 0.0 || node.op != Op::Leaf || self.is_date(input) {
                continue;
            }
            let elasticity = derivative * node.value / result;
            if !elasticity.is_finite() || elasticity == 0.0 {
                continue;
            }
            let range = self.sourced(input).map_or(0.0, |(n, _)| n.high - n.low);
            weights.push(Weight {
                node: NodeId(i as u32),
                input,
                elasticity,
                share: 0.0,
                doubt: (derivative * range / result).abs(),
            });
        }
        let sum: f64 = weights.iter().map(|weight| weight.elasticity.abs()).sum();
        for weight in &mut weights {
            weight.share = weight.elasticity.abs() / sum;
        }
        weights.sort_by(|a, b| b.share.total_cmp(&a.share).then(a.node.cmp(&b.node)));
        weights
    }

    /// How much of `root` rests on which numbers; `None` where it rests on none.
    pub fn shares(&self, root: NodeId) -> Option<Shares> {
        self.shares_of(&self.weights(root))
    }

    /// The same from weights at hand.
    pub fn shares_of(&self, weights: &[Weight<'_>]) -> Option<Shares> {
        let mut shares = Shares {
            by_status: [0.0; 6],
            stated: 0.0,
        };
        for weight in weights {
            match self.sourced(weight.input) {
                Some((number, _)) => {
                    shares.by_status[number.origin.status as usize] += weight.share;
                }
                None => shares.stated += weight.share,
            }
        }
        (!weights.is_empty()).then_some(shares)
    }

    /// The part in force of a measure whose timetable is made of years.
    fn is_date(&self, input: Input<'_>) -> bool {
        let Input::Stated(Statement::Ramp(m, _)) = input else {
            return false;
        };
        !matches!(self.scenario.measures[m].ramp, Ramp::Points(_))
    }
}

/// What the results of a scenario rest on: every indicator in the last year, and
/// that of every target in its year.
#[derive(Clone, Debug, Default)]
pub struct Support {
    shares: BTreeMap<(IndicatorId, usize), Shares>,
    last: usize,
}

impl Support {
    /// The support of a compiled scenario as stated.
    pub fn of(catalogue: &Catalogue, scenario: &Scenario, plan: &Plan) -> Self {
        let last = plan.span() - 1;
        let all = (0..catalogue.indicators.len()).map(|i| (IndicatorId::from_usize(i), last));
        let targets = scenario.targets.iter();
        let targets =
            targets.filter_map(|target| Some((target.indicator, plan.year(target.year)?)));
        let mut tape = Tape::new(catalogue, scenario, plan);
        let mut shares = BTreeMap::new();
        for (id, t) in all.chain(targets) {
            if shares.contains_key(&(id, t)) {
                continue;
            }
            let root = tape.indicator(id, t);
            if let Some(found) = tape.shares(root) {
                shares.insert((id, t), found);
            }
        }
        Self { shares, last }
    }

    /// What an indicator rests on in the last year.
    pub fn last(&self, id: IndicatorId) -> Option<&Shares> {
        self.at(id, self.last)
    }

    /// What an indicator rests on in the year at `t`, if it is the last or a target's.
    pub fn at(&self, id: IndicatorId, t: usize) -> Option<&Shares> {
        self.shares.get(&(id, t))
    }
}
