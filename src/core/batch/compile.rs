//! From a plan and a list of inputs to sheets of coefficients.
//!
//! What does not vary (levels and growth that are not sampled) is multiplied into the
//! coefficients here, once; amounts that cancel to rounding are settled to nothing.

use super::program::Program;
use super::{
    Batch, FactorGroup, Group, Input, Segment, Sheet, Switch, VariantCase, Variants, Watch, Watched,
};
use crate::catalogue::{Account, Book};
use crate::dims::{RegionId, ServiceId, TechnologyId};
use crate::grid::Grid;
use crate::measure::OVER_CLAIM_SLACK;
use crate::plan::{LEAST_LEFT, Plan, Term, demand};
use std::collections::BTreeMap;

/// What varies, and how.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sampling<'a> {
    /// The inputs.
    pub inputs: &'a [Input],
    /// What [`Input::Factor`] refers to.
    pub factors: &'a [FactorGroup],
    /// Measures whose timetable or mix is sampled.
    pub variants: &'a [Variants],
    /// The least and greatest value of each input: decides what is watched.
    /// Without it, nothing is.
    pub ranges: Option<&'a [(f64, f64)]>,
}

/// Whether services are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Split {
    /// One sheet an account.
    Whole,
    /// One sheet a service of this account (an index into the plan's accounts).
    Services(usize),
    /// One sheet for this account alone.
    Account(usize),
}

/// A product of columns.
type Product = Vec<usize>;
/// Coefficients by demand group and product, one a year each.
type Terms = BTreeMap<(Option<usize>, Product), Vec<Sum>>;

/// A sum that knows the size of what went into it.
#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    value: f64,
    /// The sum of the amounts without their signs.
    size: f64,
}

impl Sum {
    /// What rounding may leave, of every unit of size, where amounts cancel: each of
    /// them is itself the result of several roundings.
    const RESIDUE: f64 = 16.0 * f64::EPSILON;

    fn add(&mut self, amount: f64) {
        self.value += amount;
        self.size += amount.abs();
    }

    /// The sum; nothing where it is no more than what rounding leaves.
    fn settled(self) -> f64 {
        if self.value.abs() <= Self::RESIDUE * self.size {
            0.0
        } else {
            self.value
        }
    }
}

/// Adds, to a service and a product of columns, an amount by year per unit of demand.
type Add<'a> = dyn FnMut(usize, &[usize], &dyn Fn(usize) -> f64) + 'a;
/// Changes of the share of a technology (in a zone) by mover.
type Changes<'a> = BTreeMap<(Option<RegionId>, TechnologyId), Vec<(usize, &'a [f64])>>;

/// Compiles `plan` for draws.
pub fn compile(plan: &Plan, sampling: Sampling<'_>, split: Split) -> Batch {
    let groups = Groups::of(plan, sampling.inputs);
    let demand = demand::demand(plan, &plan.growth);
    let mut builder = Builder {
        plan,
        sampling,
        groups,
        demand,
        switches: Vec::new(),
        monomials: Vec::new(),
    };
    let movers = builder.movers();
    let sheets = builder.sheets(&movers, split);
    let feasibility = sampling
        .ranges
        .map_or(Vec::new(), |ranges| builder.feasibility(&movers, ranges));
    let mut batch = Batch {
        inputs: sampling.inputs.to_vec(),
        switches: builder.switches,
        monomials: builder.monomials,
        accounts: plan.accounts.clone(),
        span: plan.span(),
        groups: builder.groups.all,
        gdp_group: builder.groups.gdp,
        gdp: demand::index(&plan.growth[plan.gdp.at()]),
        value_added_group: builder.groups.value_added,
        value_added: demand::index(&plan.growth[plan.value_added.at()]),
        service_groups: builder.groups.of_service,
        demand: builder.demand,
        sheets,
        feasibility,
        program: Program::default(),
    };
    batch.write_all();
    batch
}

/// The demand groups of a plan under sampled growth.
struct Groups {
    all: Vec<Group>,
    of_service: Vec<Option<usize>>,
    gdp: Option<usize>,
    value_added: Option<usize>,
}

impl Groups {
    fn of(plan: &Plan, inputs: &[Input]) -> Self {
        let mut all = Self {
            all: Vec::new(),
            of_service: Vec::new(),
            gdp: None,
            value_added: None,
        };
        let find = |wanted: Input| inputs.iter().position(|input| *input == wanted);
        for v in 0..plan.demand.len() {
            let growth = find(Input::Growth(plan.driver[v]));
            let elasticity_input = find(Input::Elasticity(ServiceId::from_usize(v)));
            let touched = growth.is_some() || elasticity_input.is_some();
            let group = (touched && plan.demand[v] > 0.0).then(|| {
                all.add(
                    plan,
                    plan.driver[v].at(),
                    (growth, elasticity_input),
                    plan.elasticity[v],
                )
            });
            all.of_service.push(group);
        }
        let gdp = find(Input::Growth(plan.gdp));
        all.gdp = gdp.map(|_| all.add(plan, plan.gdp.at(), (gdp, None), 1.0));
        // Kept where an account is divided by it.
        let added = find(Input::Growth(plan.value_added));
        let added = added.filter(|_| plan.account(Account::IndustryEnergy).is_some());
        all.value_added = added.map(|_| all.add(plan, plan.value_added.at(), (added, None), 1.0));
        all
    }

    fn add(
        &mut self,
        plan: &Plan,
        driver: usize,
        (growth, elasticity_input): (Option<usize>, Option<usize>),
        elasticity: f64,
    ) -> usize {
        let projected = |year: &i32| *year > plan.recorded_until[driver];
        let group = Group {
            growth,
            elasticity_input,
            elasticity,
            path: plan.growth[driver].clone(),
            projected_from: plan.years.iter().position(projected).unwrap_or(plan.span()),
        };
        self.all
            .iter()
            .position(|other| *other == group)
            .unwrap_or_else(|| {
                self.all.push(group);
                self.all.len() - 1
            })
    }
}

/// Changes of shares as slices.
fn borrowed(all: &[(TechnologyId, Option<RegionId>, Vec<f64>)]) -> Vec<OfShare<'_>> {
    let all = all.iter();
    all.map(|(k, zone, change)| (*k, *zone, change.as_slice()))
        .collect()
}

/// What a measure does, times a product of columns and a number.
struct Mover<'a> {
    product: Product,
    scale: f64,
    terms: Vec<&'a Term>,
    shares: Vec<OfShare<'a>>,
    /// Shares as official accounting credits them.
    credited: Vec<OfShare<'a>>,
}

/// The change of a share by year, in the region or in a zone.
type OfShare<'a> = (TechnologyId, Option<RegionId>, &'a [f64]);

struct Builder<'a> {
    plan: &'a Plan,
    sampling: Sampling<'a>,
    groups: Groups,
    demand: Vec<Vec<f64>>,
    switches: Vec<Switch>,
    monomials: Vec<Product>,
}

impl<'a> Builder<'a> {
    /// Every measure as it is stated, or the cases of its variants.
    fn movers(&mut self) -> Vec<Mover<'a>> {
        let mut movers = Vec::new();
        for (m, measure) in self.plan.measures.iter().enumerate() {
            let level = self
                .sampling
                .inputs
                .iter()
                .position(|input| *input == Input::Level(m));
            let product: Product = level.into_iter().collect();
            let scale = if level.is_some() { 1.0 } else { measure.level };
            let variants = self.sampling.variants.iter().find(|v| v.measure == m);
            if let Some(variants) = variants {
                for case in &variants.cases {
                    movers.push(self.case(case, &product, scale));
                }
                continue;
            }
            let terms = self.plan.terms.iter().filter(|term| term.measure == m);
            let rows = self.plan.shares.iter().chain(&self.plan.zone_shares);
            let shares = rows.filter_map(|row| {
                let (_, change) = row.changes.iter().find(|(other, _)| *other == m)?;
                Some((row.technology, row.zone, change.as_slice()))
            });
            let credited = self.plan.shares.iter().filter_map(|row| {
                let mut own = row.credited.1.iter();
                let (_, change) = own.find(|(other, _)| *other == m)?;
                Some((row.technology, row.zone, change.as_slice()))
            });
            movers.push(Mover {
                product,
                scale,
                terms: terms.collect(),
                shares: shares.collect(),
                credited: credited.collect(),
            });
        }
        movers
    }

    fn case(&mut self, case: &'a VariantCase, level: &[usize], scale: f64) -> Mover<'a> {
        let inputs = self.sampling.inputs.len();
        let mut product = level.to_vec();
        product.extend(case.scale);
        for switch in &case.when {
            let known = self.switches.iter().position(|other| other == switch);
            let place = known.unwrap_or_else(|| {
                self.switches.push(*switch);
                self.switches.len() - 1
            });
            product.push(inputs + place);
        }
        product.sort_unstable();
        Mover {
            product,
            scale,
            terms: case.terms.iter().collect(),
            shares: borrowed(&case.shares),
            credited: borrowed(&case.credited),
        }
    }

    /// The coefficients of every sheet.
    fn sheets(&mut self, movers: &[Mover<'_>], split: Split) -> Vec<Sheet> {
        let wanted: Vec<(usize, Option<usize>)> = match split {
            Split::Whole => (0..self.plan.accounts.len()).map(|q| (q, None)).collect(),
            Split::Account(q) => vec![(q, None)],
            Split::Services(q) => (0..self.demand.len()).map(|v| (q, Some(v))).collect(),
        };
        wanted
            .into_iter()
            .map(|(q, service)| {
                let terms = self.terms(movers, q, service);
                self.sheet(q, service, terms)
            })
            .collect()
    }

    /// One account (of one service): what base shares, measures and factors make of it.
    fn terms(&self, movers: &[Mover<'_>], q: usize, service: Option<usize>) -> Terms {
        let (plan, span) = (self.plan, self.plan.span());
        let chosen = |v: usize| service.is_none_or(|wanted| wanted == v);
        let mut terms = Terms::new();
        let mut add = |v: usize, product: &[usize], amount: &dyn Fn(usize) -> f64| {
            let key = (self.groups.of_service[v], product.to_vec());
            let cells = terms
                .entry(key)
                .or_insert_with(|| vec![Sum::default(); span]);
            for (t, cell) in cells.iter_mut().enumerate() {
                cell.add(self.demand[v][t] * amount(t)); // units · t/unit = t
            }
        };
        for v in (0..self.demand.len()).filter(|v| chosen(*v)) {
            add(v, &[], &|_| plan.base.at(v, q));
        }
        let outside = plan.outside_of(q).filter(|_| service.is_none());
        for mover in movers {
            for term in mover.terms.iter().filter(|term| chosen(term.service.at())) {
                let change = term.change.row(q);
                add(term.service.at(), &mover.product, &|t| {
                    mover.scale * change[t]
                });
            }
        }
        for (h, group) in self.sampling.factors.iter().enumerate() {
            let input = Input::Factor(h);
            let input = self.sampling.inputs.iter().position(|i| *i == input);
            let (Some(input), [_, ..]) = (input, group.of(plan.accounts[q])) else {
                continue;
            };
            self.factor(group, input, movers, (q, &chosen), &mut add);
        }
        if let Some(outside) = outside {
            let cells = terms
                .entry((None, Product::new()))
                .or_insert_with(|| vec![Sum::default(); span]);
            for (cell, amount) in cells.iter_mut().zip(outside) {
                cell.add(*amount);
            }
        }
        terms
    }

    /// Adds `(f − 1) · (what the group's factors make of the account)`.
    ///
    /// The multiplier scales the direct emission of the technologies; what new
    /// measures cause through linked services keeps the factors of the reference.
    fn factor(
        &self,
        group: &FactorGroup,
        input: usize,
        movers: &[Mover<'_>],
        (q, chosen): (usize, &dyn Fn(usize) -> bool),
        add: &mut Add<'_>,
    ) {
        for &k in group.of(self.plan.accounts[q]) {
            let v = self.plan.service[k.at()].at();
            let per_unit = self.plan.base_year.coefficient(k, q);
            if per_unit == 0.0 || !chosen(v) {
                continue;
            }
            let mut part = |product: &[usize], share: &dyn Fn(usize) -> f64| {
                let mut scaled = product.to_vec();
                scaled.push(input);
                scaled.sort_unstable();
                add(v, &scaled, &|t| share(t) * per_unit);
                add(v, product, &|t| -share(t) * per_unit);
            };
            let credits = matches!(
                self.plan.accounts[q],
                Account::Pollutant(_, Book::Accounted)
            );
            let base = if credits {
                self.plan.base_year.credited[k.at()]
            } else {
                self.plan.base_year.shares[k.at()]
            };
            part(&[], &|_| base);
            for mover in movers {
                let shares = if credits {
                    &mover.credited
                } else {
                    &mover.shares
                };
                for (_, _, change) in shares
                    .iter()
                    .filter(|(other, zone, _)| *other == k && zone.is_none())
                {
                    part(&mover.product, &|t| mover.scale * change[t]);
                }
            }
        }
    }

    /// Lays terms out as segments.
    fn sheet(&mut self, q: usize, service: Option<usize>, terms: Terms) -> Sheet {
        let span = self.plan.span();
        let mut segments: Vec<Segment> = Vec::new();
        for ((group, product), sums) in terms {
            let amounts: Vec<f64> = sums.into_iter().map(Sum::settled).collect();
            if segments.last().is_none_or(|last| last.group != group) {
                segments.push(Segment {
                    group,
                    constants: vec![0.0; span],
                    monomials: Vec::new(),
                    coefficients: Grid::of(span, Vec::new()),
                });
            }
            let Some(segment) = segments.last_mut() else {
                continue;
            };
            if product.is_empty() {
                segment.constants = amounts;
            } else if amounts.iter().any(|amount| *amount != 0.0) {
                segment
                    .monomials
                    .push(monomial(&mut self.monomials, product));
                segment.coefficients.push(&amounts);
            }
        }
        let joined = self.plan.observed_until[q].is_some();
        // An offset belongs to no service; a ratio applies to each alike.
        let offset = if service.is_some() {
            vec![0.0; span]
        } else {
            self.plan.offset.row(q).to_vec()
        };
        Sheet {
            account: q,
            service,
            segments,
            join: joined.then(|| (self.plan.ratio.row(q).to_vec(), offset)),
        }
    }

    /// What the ranges of the inputs could push below zero.
    fn feasibility(&mut self, movers: &[Mover<'_>], ranges: &[(f64, f64)]) -> Vec<Watched> {
        let mut watched = Vec::new();
        let mut rows = Changes::new();
        for (i, mover) in movers.iter().enumerate() {
            for (technology, zone, change) in &mover.shares {
                rows.entry((*zone, *technology))
                    .or_default()
                    .push((i, change));
            }
        }
        for ((zone, technology), changes) in rows {
            let base = self.base_share(zone, technology);
            for t in 0..self.plan.span() {
                let parts = changes.iter().map(|(i, change)| {
                    let mover = &movers[*i];
                    (mover.product.clone(), mover.scale * change[t])
                });
                let what = (Watch::Share(technology), t);
                watched.extend(self.watched(what, base, parts, ranges));
            }
        }
        for g in 0..self.groups.all.len() {
            for t in self.groups.all[g].moves_from()..self.plan.span() {
                let (constant, parts) = self.groups.all[g].left(t);
                let constant = constant - LEAST_LEFT - OVER_CLAIM_SLACK;
                watched.extend(self.watched((Watch::Demand(g), t), constant, parts, ranges));
            }
        }
        watched
    }

    /// A number that has to stay at or above zero, if the inputs could push it below.
    fn watched(
        &mut self,
        (what, year): (Watch, usize),
        constant: f64,
        parts: impl IntoIterator<Item = (Product, f64)>,
        ranges: &[(f64, f64)],
    ) -> Option<Watched> {
        let mut cell = Watched {
            what,
            year,
            constant,
            changes: Vec::new(),
        };
        let mut least = 0.0;
        let mut moved = Vec::new();
        for (product, amount) in parts {
            if product.is_empty() {
                cell.constant += amount;
            } else if amount != 0.0 {
                let (low, high) = self.range(&product, ranges);
                least += (low * amount).min(high * amount);
                moved.push((product, amount));
            }
        }
        if moved.is_empty() || cell.constant + least >= 0.0 {
            return None;
        }
        for (product, amount) in moved {
            let place = monomial(&mut self.monomials, product);
            cell.changes.push((place, amount));
        }
        Some(cell)
    }

    /// The base share of a technology, or its part that lies in a zone.
    fn base_share(&self, zone: Option<RegionId>, technology: TechnologyId) -> f64 {
        let rows = self.plan.shares.iter().chain(&self.plan.zone_shares);
        let mut rows = rows.filter(|row| row.zone == zone && row.technology == technology);
        let own = self.plan.base_year.shares[technology.at()];
        rows.next().map_or(own, |row| row.base)
    }

    /// The least and greatest value of a product of columns.
    fn range(&self, product: &[usize], ranges: &[(f64, f64)]) -> (f64, f64) {
        let inputs = self.sampling.inputs.len();
        product
            .iter()
            .fold((1.0, 1.0), |(low, high): (f64, f64), c| {
                let (a, b) = if *c < inputs { ranges[*c] } else { (0.0, 1.0) };
                let ends = [low * a, low * b, high * a, high * b];
                let least = ends.iter().copied().fold(f64::INFINITY, f64::min);
                let most = ends.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                (least, most)
            })
    }
}

/// The index of a monomial, added if new.
fn monomial(all: &mut Vec<Product>, wanted: Product) -> usize {
    all.iter().position(|m| *m == wanted).unwrap_or_else(|| {
        all.push(wanted);
        all.len() - 1
    })
}

#[cfg(test)]
mod tests {
    use super::Sum;

    /// The bits of a settled sum.
    fn sum(amounts: &[f64]) -> u64 {
        let mut sum = Sum::default();
        for amount in amounts {
            sum.add(*amount);
        }
        sum.settled().to_bits()
    }

    #[test]
    fn what_rounding_leaves_of_a_cancellation_is_nothing() {
        let nothing = 0.0_f64.to_bits();
        assert_ne!((0.1_f64 + 0.2 - 0.3).to_bits(), nothing);
        assert_eq!(sum(&[0.1, 0.2, -0.3]), nothing);
        let third = 1e9 / 3.0;
        assert_eq!(sum(&[third, -third * (1.0 + 4.0 * f64::EPSILON)]), nothing);
    }

    #[test]
    fn small_amounts_and_small_differences_stay() {
        assert_eq!(sum(&[1e-300]), 1e-300_f64.to_bits());
        let difference: f64 = 1e9 + 1e-4 - 1e9;
        assert_eq!(sum(&[1e9, 1e-4, -1e9]), difference.to_bits());
    }
}
