//! Weights of input numbers, and how much of a result rests on which status.

use super::tape::gradient;
use super::{Input, NodeId, Op, Statement, Tape, What};
use crate::catalogue::Catalogue;
use crate::dims::{CarrierId, IndicatorId, PollutantId, ServiceId, SourceId, TechnologyId};
use crate::plan::Plan;
use crate::provenance::Status;
use crate::scenario::Scenario;
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};

/// The weight of one input number in a result.
#[derive(Clone, Debug)]
pub struct Weight<'a> {
    /// Its term: the first, where it stands in several rows.
    pub node: NodeId,
    /// What it is there.
    pub input: Input<'a>,
    /// The other rows that repeat it.
    pub also: Vec<Input<'a>>,
    /// e = ∂ln R / ∂ln n.
    pub elasticity: f64,
    /// |e| as a part of the sum over all inputs.
    pub share: f64,
    /// |e| · (high − low) / value: how far the result moves over the number's range
    /// (fraction of it); 0 where no range is known.
    pub doubt: f64,
}

/// What a row of data says of a technology.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Of {
    Fuel(CarrierId),
    Factor(PollutantId),
    Credit(PollutantId),
    Use(ServiceId),
}

/// A number, wherever it stands.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Number<'a> {
    /// It stands in one row.
    Own(Input<'a>),
    /// It may be repeated for other technologies of the service.
    Repeated {
        service: ServiceId,
        of: Of,
        /// Value and range.
        bits: [u64; 3],
        source: SourceId,
        status: u8,
    },
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
    /// The weights of all input numbers in `root`, the heaviest first. A number that
    /// several rows repeat is one number: what it does at one place and undoes at
    /// another is summed before its size is taken.
    pub fn weights(&self, root: NodeId) -> Vec<Weight<'a>> {
        let result = self.value(root);
        let adjoint = gradient(&self.nodes, root);
        // Where each number stands in `weights`.
        let mut known: HashMap<Number<'a>, usize> = HashMap::new();
        let mut weights: Vec<Weight<'a>> = Vec::new();
        // Σ |e| over the places of each: what cancels leaves only rounding of it.
        let mut sizes: Vec<f64> = Vec::new();
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
            match known.entry(self.number(input)) {
                Entry::Occupied(entry) => {
                    let weight = &mut weights[*entry.get()];
                    weight.elasticity += elasticity;
                    weight.also.push(input);
                    sizes[*entry.get()] += elasticity.abs();
                }
                Entry::Vacant(entry) => {
                    entry.insert(weights.len());
                    sizes.push(elasticity.abs());
                    weights.push(Weight {
                        node: NodeId(i as u32),
                        input,
                        also: Vec::new(),
                        elasticity,
                        share: 0.0,
                        doubt: 0.0,
                    });
                }
            }
        }
        let mut sizes = sizes.into_iter();
        weights.retain(|weight| {
            let size = sizes.next().unwrap_or_default();
            weight.elasticity.abs() > 1e-12 * size
        });
        let sum: f64 = weights.iter().map(|weight| weight.elasticity.abs()).sum();
        for weight in &mut weights {
            weight.share = weight.elasticity.abs() / sum;
            if let Some((n, _)) = self.sourced(weight.input) {
                let value = self.node(weight.node).value;
                weight.doubt = (weight.elasticity * (n.high - n.low) / value).abs();
            }
        }
        weights.sort_by(|a, b| b.share.total_cmp(&a.share).then(a.node.cmp(&b.node)));
        weights
    }

    /// The number that stands at `input`. Rows of one service that give the same value
    /// and range from the same source for the same fuel, pollutant or service used
    /// repeat one number: a plant burns as much coal with a filter as without.
    fn number(&self, input: Input<'a>) -> Number<'a> {
        let technology = |k: TechnologyId| &self.catalogue.technologies[k.at()];
        let (k, of) = match input {
            Input::FuelUse(k, j) => (k, technology(k).energy.get(j).map(|x| Of::Fuel(x.0))),
            Input::Factor(k, j) => (k, technology(k).factors.get(j).map(|x| Of::Factor(x.0))),
            Input::Credit(k, j) => (k, technology(k).credits.get(j).map(|x| Of::Credit(x.0))),
            Input::Link(k, j) => (k, technology(k).links.get(j).map(|x| Of::Use(x.0))),
            _ => return Number::Own(input),
        };
        match (of, self.sourced(input)) {
            (Some(of), Some((n, _))) => Number::Repeated {
                service: technology(k).service,
                of,
                bits: [n.value, n.low, n.high].map(f64::to_bits),
                source: n.origin.source,
                status: n.origin.status as u8,
            },
            _ => Number::Own(input),
        }
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
        let Input::Stated(Statement::Ramp(m, ..)) = input else {
            return false;
        };
        !self.scenario.measures[m].ramp.is_stated()
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
