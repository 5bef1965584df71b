//! What things cost: figures by year, and prices of one year as those of another.
//!
//! # Equations
//!
//! What a unit of service by technology *k* costs in year *t*, in prices of year *p*:
//!
//! ```text
//! c[k,t] = c[o(k),t] + Σ_parts n[k,part,t] · P[p] / P[price year of n]
//! ```
//!
//! with o(k) the technology over which the figures of *k* are a difference (c = 0 where
//! there is none) and P the price index of `data/prices.csv`, the implicit deflator of
//! GDP. A part of which the data hold figures for several years lies on straight lines
//! between them, and is constant before the first and after the last.

use crate::dims::{PollutantId, TechnologyId};
use crate::provenance::Sourced;
use crate::text::Text;
use std::collections::BTreeMap;

/// One figure of a cost.
#[derive(Clone, Debug)]
pub struct CostFigure {
    /// Which part of the cost it is: `fuel`, `capital` …
    pub part: String,
    /// The year that it holds for; `None` for all.
    pub year: Option<i32>,
    /// Yuan per unit of service, in prices of `price_year`.
    pub value: Sourced,
    /// The year of its prices.
    pub price_year: i32,
}

/// What a unit of service costs by one technology.
#[derive(Clone, Debug, Default)]
pub struct Cost {
    /// The technology to whose cost the figures are added, where they are a difference.
    pub over: Option<TechnologyId>,
    /// The figures, those of a part in the order of their years.
    pub figures: Vec<CostFigure>,
}

impl Cost {
    /// Which of the figures count in `year`, as indices, and with what weight.
    pub fn at(&self, year: i32) -> Vec<(usize, f64)> {
        let mut found = Vec::new();
        let mut parts: Vec<&str> = Vec::new();
        for figure in &self.figures {
            if parts.contains(&figure.part.as_str()) {
                continue;
            }
            parts.push(&figure.part);
            let all = self.figures.iter().enumerate();
            let own = all.filter(|(_, other)| other.part == figure.part);
            let own: Vec<(usize, i32)> = own
                .map(|(i, other)| (i, other.year.unwrap_or(i32::MIN)))
                .collect();
            let next = own.iter().position(|(_, at)| *at > year);
            match (next, own.last()) {
                (Some(0), _) => found.push((own[0].0, 1.0)),
                (Some(next), _) => {
                    let (before, after) = (own[next - 1], own[next]);
                    let span = f64::from(after.1) - f64::from(before.1);
                    let part = (f64::from(year) - f64::from(before.1)) / span;
                    found.extend([(before.0, 1.0 - part), (after.0, part)]);
                }
                (None, Some(last)) => found.push((last.0, 1.0)),
                (None, None) => {}
            }
        }
        found.retain(|(_, weight)| *weight != 0.0);
        found
    }
}

/// The price index by year.
#[derive(Clone, Debug, Default)]
pub struct Prices {
    /// The index of each year; only quotients mean something.
    pub index: BTreeMap<i32, Sourced>,
}

impl Prices {
    /// What an amount in prices of `from` is multiplied by to be one in prices of `to`;
    /// `None` where the index does not hold both years.
    pub fn factor(&self, from: i32, to: i32) -> Option<f64> {
        if from == to {
            return Some(1.0);
        }
        let (from, to) = (self.index.get(&from)?, self.index.get(&to)?);
        Some(to.value / from.value)
    }

    /// The first and the last year; `None` without an index.
    pub fn span(&self) -> Option<(i32, i32)> {
        let years = self.index.keys();
        Some((*years.clone().next()?, *years.clone().next_back()?))
    }
}

/// A published cost of taking away a tonne: a check beside the program's own, never an
/// input of the model.
#[derive(Clone, Debug)]
pub struct PublishedCost {
    /// Its id.
    pub id: String,
    /// What it is of.
    pub name: Text,
    /// The pollutant.
    pub pollutant: PollutantId,
    /// `mitigation` (cost over tonnes), `marginal`, `price` (of emission rights) or `tax`.
    pub kind: String,
    /// Yuan a tonne, in prices of `price_year`.
    pub value: Sourced,
    /// The year of its prices.
    pub price_year: i32,
}

/// The capital recovery factor: what one yuan of capital costs in each of `life` years at
/// the rate `rate` (a fraction a year).
///
/// ```text
/// CRF = r / (1 − (1 + r)^−n),   1/n at r = 0
/// ```
pub fn annuity(rate: f64, life: f64) -> f64 {
    if rate.abs() < 1e-12 {
        return 1.0 / life;
    }
    rate / (1.0 - libm::pow(1.0 + rate, -life))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dims::SourceId;
    use crate::provenance::{Origin, Status};

    fn sourced(value: f64) -> Sourced {
        let origin = Origin {
            source: SourceId(0),
            status: Status::Assumed,
            file: 0,
            line: 1,
        };
        Sourced::exact(value, origin)
    }

    fn figure(part: &str, year: Option<i32>) -> CostFigure {
        CostFigure {
            part: part.into(),
            year,
            value: sourced(1.0),
            price_year: 2015,
        }
    }

    #[test]
    fn figures_lie_on_straight_lines_between_their_years() {
        let cost = Cost {
            over: None,
            figures: vec![
                figure("plant", Some(2015)),
                figure("fuel", None),
                figure("plant", Some(2020)),
                figure("plant", Some(2022)),
            ],
        };
        assert_eq!(cost.at(2010), [(0, 1.0), (1, 1.0)]);
        assert_eq!(cost.at(2015), [(0, 1.0), (1, 1.0)]);
        let [a, b, fuel] = cost.at(2018)[..] else {
            panic!("three figures")
        };
        assert_eq!((a.0, b.0, fuel), (0, 2, (1, 1.0)));
        assert!((a.1 - 0.4).abs() < 1e-12 && (b.1 - 0.6).abs() < 1e-12);
        assert_eq!(cost.at(2021), [(2, 0.5), (3, 0.5), (1, 1.0)]);
        assert_eq!(cost.at(2035), [(3, 1.0), (1, 1.0)]);
    }

    #[test]
    fn prices_of_one_year_are_those_of_another_times_the_index() {
        let index = [(2015, sourced(100.0)), (2020, sourced(110.0))];
        let prices = Prices {
            index: index.into(),
        };
        assert!((prices.factor(2015, 2020).unwrap() - 1.1).abs() < 1e-12);
        assert!((prices.factor(2020, 2015).unwrap() - 1.0 / 1.1).abs() < 1e-12);
        assert_eq!(prices.factor(2017, 2017), Some(1.0));
        assert_eq!(prices.factor(2017, 2020), None);
        assert_eq!(prices.span(), Some((2015, 2020)));
    }

    #[test]
    fn capital_is_paid_back_over_its_life() {
        // 6 %, 15 a: 0.10296 of the tables; without interest a fifteenth.
        assert!((annuity(0.06, 15.0) - 0.102_962_8).abs() < 1e-6);
        assert!((annuity(0.0, 15.0) - 1.0 / 15.0).abs() < 1e-12);
        // Fifteen payments, discounted, are worth the capital.
        let worth: f64 = (1..=15)
            .map(|t| annuity(0.06, 15.0) / 1.06_f64.powi(t))
            .sum();
        assert!((worth - 1.0).abs() < 1e-12);
    }
}
