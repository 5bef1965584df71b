//! A target of a whole, shared among its parts.
//!
//! # Rules
//!
//! With e[i] the emission of part *i* in the base year, E = Σ e, R the cut that the whole
//! has to make (t) and Q = E − R what may still be emitted, every part gets a cut c[i],
//! Σ c = R:
//!
//! ```text
//! equal       c[i] = λ·e[i]                     everyone cuts by one rate
//! emission    c[i] = λ·e[i]·(e[i]/GDP[i])       who emits more per GDP cuts more
//! gdp         c[i] = λ·GDP[i]                   who earns more cuts more
//! population  c[i] = λ·population[i]            a cut for every resident
//! per-head    e[i] − c[i] = λ·population[i]     the same emission for every resident
//! converge    e[i] − c[i] = λ·((1−κ)·e[i]/E + κ·population[i]/Σ population)
//! ```
//!
//! each within the bounds of its part, floor[i] ≤ c[i]/e[i] ≤ ceiling[i]: what a bound
//! takes from one part the others carry in the same proportions (water-filling, one λ for
//! all that are at no bound). λ is found exactly, from the sorted levels at which parts
//! meet their bounds.
//!
//! # Rounding
//!
//! Tonnes are shared out in whole units of what is printed ([`round_to_sum`], the largest
//! remainder), so that the parts add up to the whole in the last digit.

use crate::text::Text;

/// One part of the whole.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Text,
    /// Emission in the base year (t).
    pub emission: f64,
    /// GDP in the base year (yuan).
    pub gdp: Option<f64>,
    /// Residents in the base year.
    pub population: Option<f64>,
    /// The least rate by which it cuts (fraction of its emission).
    pub floor: f64,
    /// The highest.
    pub ceiling: f64,
    /// The rate that it was given officially, for comparison.
    pub official: Option<f64>,
}

/// A rule of sharing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Rule {
    /// Everyone cuts by one rate.
    Equal,
    /// In proportion to emission and to emission per GDP.
    Emission,
    /// In proportion to GDP.
    Gdp,
    /// In proportion to population.
    Population,
    /// The same emission per resident afterwards.
    PerHead,
    /// On the way to that from today's shares, by this part (0–1).
    Converge(f64),
}

impl Rule {
    /// All rules; `part` is how far [`Rule::Converge`] goes.
    pub fn all(part: f64) -> [Rule; 6] {
        [
            Rule::Equal,
            Rule::Emission,
            Rule::Gdp,
            Rule::Population,
            Rule::PerHead,
            Rule::Converge(part),
        ]
    }

    /// Its id.
    pub fn id(self) -> &'static str {
        match self {
            Rule::Equal => "equal",
            Rule::Emission => "emission",
            Rule::Gdp => "gdp",
            Rule::Population => "population",
            Rule::PerHead => "per-head",
            Rule::Converge(_) => "converge",
        }
    }

    /// Its name.
    pub fn name(self) -> Text {
        match self {
            Rule::Equal => Text::new("等比例", "equal rate"),
            Rule::Emission => Text::new("按排放强度", "by intensity"),
            Rule::Gdp => Text::new("按GDP", "by GDP"),
            Rule::Population => Text::new("按人口", "by population"),
            Rule::PerHead => Text::new("人均相等", "equal per head"),
            Rule::Converge(_) => Text::new("趋同", "converging"),
        }
    }

    /// What it needs to know of every part beside the emission.
    pub fn needs(self) -> (bool, bool) {
        match self {
            Rule::Equal => (false, false),
            Rule::Emission | Rule::Gdp => (true, false),
            Rule::Population | Rule::PerHead | Rule::Converge(_) => (false, true),
        }
    }
}

/// Why a target cannot be shared out.
#[derive(Clone, Debug, PartialEq)]
pub enum Unshared {
    /// The bounds let the parts cut no less than the first and no more than the second (t).
    OutOfReach(f64, f64),
    /// A part lacks what the rule needs: its id, and whether it is GDP (else population).
    Missing(String, bool),
}

/// The cut of each part (t), summing to `cut`.
///
/// # Errors
/// The bounds do not let the parts sum to it, or a part lacks a number.
pub fn share(parts: &[Part], cut: f64, rule: Rule) -> Result<Vec<f64>, Unshared> {
    let (gdp, population) = rule.needs();
    for part in parts {
        let lacks = |needed: bool, number: Option<f64>| needed && number.is_none_or(|n| n <= 0.0);
        if lacks(gdp, part.gdp) {
            return Err(Unshared::Missing(part.id.clone(), true));
        }
        if lacks(population, part.population) {
            return Err(Unshared::Missing(part.id.clone(), false));
        }
    }
    let bounds: Vec<(f64, f64)> = parts
        .iter()
        .map(|p| (p.floor * p.emission, p.ceiling * p.emission))
        .collect();
    let sum = |of: fn(&(f64, f64)) -> f64| bounds.iter().map(of).sum::<f64>();
    let (least, most) = (sum(|b| b.0), sum(|b| b.1));
    let slack = 1e-9 * cut.abs().max(1.0);
    if cut < least - slack || cut > most + slack {
        return Err(Unshared::OutOfReach(least, most));
    }
    let emission: f64 = parts.iter().map(|p| p.emission).sum();
    let heads: f64 = parts.iter().map(|p| p.population.unwrap_or(0.0)).sum();
    let weight = |p: &Part| -> f64 {
        let (gdp, population) = (p.gdp.unwrap_or(1.0), p.population.unwrap_or(1.0));
        match rule {
            Rule::Equal => p.emission,
            Rule::Emission => p.emission * p.emission / gdp,
            Rule::Gdp => gdp,
            Rule::Population | Rule::PerHead => population,
            Rule::Converge(part) => {
                (1.0 - part) * p.emission / emission + part * population / heads
            }
        }
    };
    let weights: Vec<f64> = parts.iter().map(weight).collect();
    if matches!(rule, Rule::PerHead | Rule::Converge(_)) {
        // What is left is shared, between the emissions that the bounds leave.
        let left = parts.iter().zip(&bounds);
        let left: Vec<(f64, f64)> = left
            .map(|(p, (low, high))| (p.emission - high, p.emission - low))
            .collect();
        let quotas = fill(&weights, &left, emission - cut);
        let cuts = parts
            .iter()
            .zip(quotas)
            .map(|(p, quota)| p.emission - quota);
        return Ok(cuts.collect());
    }
    Ok(fill(&weights, &bounds, cut))
}

/// x[i] = λ·w[i] within bounds `(least, most)`, Σ x = total, one λ for all that are at no
/// bound. The bounds must allow the total: where they do not, what comes nearest.
pub fn fill(weights: &[f64], bounds: &[(f64, f64)], total: f64) -> Vec<f64> {
    let at = |level: f64| -> Vec<f64> {
        let parts = weights.iter().zip(bounds);
        parts
            .map(|(w, (low, high))| (level * w).max(*low).min(*high))
            .collect()
    };
    let sum = |level: f64| at(level).iter().sum::<f64>();
    // Levels at which a part meets a bound: between two of them the sum is linear.
    let with_bounds = weights.iter().zip(bounds).filter(|(w, _)| **w > 0.0);
    let mut levels: Vec<f64> = with_bounds
        .flat_map(|(w, (low, high))| [low / w, high / w])
        .filter(|level| level.is_finite())
        .collect();
    levels.push(0.0);
    levels.sort_by(f64::total_cmp);
    let after = levels.partition_point(|level| sum(*level) < total);
    if after == 0 {
        return at(levels[0]);
    }
    let first = levels[after - 1];
    let Some(last) = levels.get(after).copied() else {
        return at(first);
    };
    let (low, high) = (sum(first), sum(last));
    let part = if high > low {
        (total - low) / (high - low)
    } else {
        1.0
    };
    at(first + part * (last - first))
}

/// `values` in whole multiples of `unit` that sum to the multiple nearest to their sum:
/// the largest remainders are rounded up; of equal ones the first.
pub fn round_to_sum(values: &[f64], unit: f64) -> Vec<i64> {
    let scaled: Vec<f64> = values.iter().map(|value| value / unit).collect();
    let mut whole: Vec<i64> = scaled.iter().map(|value| value.floor() as i64).collect();
    let wanted = scaled.iter().sum::<f64>().round() as i64;
    let short = wanted - whole.iter().sum::<i64>();
    let mut order: Vec<usize> = (0..values.len()).collect();
    let remainder = |i: usize| scaled[i] - scaled[i].floor();
    order.sort_by(|a, b| remainder(*b).total_cmp(&remainder(*a)).then(a.cmp(b)));
    for i in order.into_iter().take(usize::try_from(short).unwrap_or(0)) {
        whole[i] += 1;
    }
    whole
}

/// The Gini coefficient of `amounts` over `weights` (both 0 or more): how unequally the
/// amount per unit of weight is spread, 0 if everyone has the same.
///
/// ```text
/// G = 1 − Σ_i (W[i] − W[i−1]) · (A[i] + A[i−1])     parts in the order of amount/weight,
///                                                   W, A their cumulative shares
/// ```
pub fn gini(amounts: &[f64], weights: &[f64]) -> Option<f64> {
    let (all, heads): (f64, f64) = (amounts.iter().sum(), weights.iter().sum());
    if all <= 0.0 || heads <= 0.0 {
        return None;
    }
    let mut order: Vec<usize> = (0..amounts.len()).filter(|i| weights[*i] > 0.0).collect();
    let per = |i: usize| amounts[i] / weights[i];
    order.sort_by(|a, b| per(*a).total_cmp(&per(*b)));
    let (mut before, mut area) = (0.0, 0.0);
    for i in order {
        let after = before + amounts[i] / all;
        area += weights[i] / heads * (before + after);
        before = after;
    }
    Some(1.0 - area)
}

/// The sum of squared shares of `amounts` (Herfindahl): 1/n if all carry the same, 1 if
/// one carries everything.
pub fn concentration(amounts: &[f64]) -> Option<f64> {
    let all: f64 = amounts.iter().sum();
    (all > 0.0).then(|| amounts.iter().map(|a| (a / all) * (a / all)).sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(id: &str, emission: f64, gdp: f64, population: f64) -> Part {
        Part {
            id: id.into(),
            name: Text::same(id),
            emission,
            gdp: Some(gdp),
            population: Some(population),
            floor: 0.0,
            ceiling: 1.0,
            official: None,
        }
    }

    fn three() -> Vec<Part> {
        vec![
            part("a", 100.0, 10.0, 1.0),
            part("b", 60.0, 20.0, 2.0),
            part("c", 40.0, 10.0, 1.0),
        ]
    }

    fn close(found: &[f64], wanted: &[f64]) {
        assert_eq!(found.len(), wanted.len());
        for (a, b) in found.iter().zip(wanted) {
            assert!((a - b).abs() < 1e-9, "{found:?} {wanted:?}");
        }
    }

    #[test]
    fn twenty_of_two_hundred_by_every_rule() {
        let parts = three();
        close(
            &share(&parts, 20.0, Rule::Equal).unwrap(),
            &[10.0, 6.0, 4.0],
        );
        close(&share(&parts, 20.0, Rule::Gdp).unwrap(), &[5.0, 10.0, 5.0]);
        close(
            &share(&parts, 20.0, Rule::Population).unwrap(),
            &[5.0, 10.0, 5.0],
        );
        // e²/GDP: 1000, 180, 160 of 1340.
        let wanted = [20_000.0 / 1340.0, 3600.0 / 1340.0, 3200.0 / 1340.0];
        close(&share(&parts, 20.0, Rule::Emission).unwrap(), &wanted);
        // Q = 180: 45, 90, 45 by heads, but b may not emit more than its 60 and c than its
        // 40; a keeps the rest, 80.
        close(
            &share(&parts, 20.0, Rule::PerHead).unwrap(),
            &[20.0, 0.0, 0.0],
        );
        // Half way: shares .5·(.5, .3, .2) + .5·(.25, .5, .25) = .375, .4, .225 of 180 are
        // 67.5, 72 (held at 60), 40.5 (at 40): a keeps 80.
        close(
            &share(&parts, 20.0, Rule::Converge(0.5)).unwrap(),
            &[20.0, 0.0, 0.0],
        );
        // A tenth of the way: .475, .32, .205: 85.5, 57.6, 36.9.
        close(
            &share(&parts, 20.0, Rule::Converge(0.1)).unwrap(),
            &[14.5, 2.4, 3.1],
        );
        close(
            &share(&parts, 20.0, Rule::Converge(0.0)).unwrap(),
            &[10.0, 6.0, 4.0],
        );
    }

    #[test]
    fn what_a_bound_takes_from_one_the_others_carry() {
        let mut parts = three();
        // a no more than 5 %: 5; the other 15 in proportion 60 : 40.
        parts[0].ceiling = 0.05;
        close(&share(&parts, 20.0, Rule::Equal).unwrap(), &[5.0, 9.0, 6.0]);
        // c at least 20 %: 8; b has the rest, 7.
        parts[2].floor = 0.2;
        close(&share(&parts, 20.0, Rule::Equal).unwrap(), &[5.0, 7.0, 8.0]);
        let out = share(&parts, 110.0, Rule::Equal);
        assert_eq!(out, Err(Unshared::OutOfReach(8.0, 105.0)));
        assert!(share(&parts, 7.0, Rule::Equal).is_err());
        close(
            &share(&parts, 105.0, Rule::Gdp).unwrap(),
            &[5.0, 60.0, 40.0],
        );
        close(&share(&parts, 8.0, Rule::Gdp).unwrap(), &[0.0, 0.0, 8.0]);
    }

    #[test]
    fn a_part_without_population_is_named() {
        let mut parts = three();
        parts[1].population = None;
        assert!(share(&parts, 20.0, Rule::Gdp).is_ok());
        let missing = Unshared::Missing("b".into(), false);
        assert_eq!(share(&parts, 20.0, Rule::PerHead), Err(missing));
    }

    #[test]
    fn parts_add_up_to_the_last_digit() {
        assert_eq!(round_to_sum(&[1.0 / 3.0; 3], 0.01), [34, 33, 33]);
        assert_eq!(round_to_sum(&[2.5, 2.5, 5.0], 1.0), [3, 2, 5]);
        assert_eq!(round_to_sum(&[0.26, 0.26, 0.48], 0.1), [3, 2, 5]);
        let many: Vec<f64> = (1..=31).map(|i| 7.0 / f64::from(i)).collect();
        let sum: i64 = round_to_sum(&many, 0.01).iter().sum();
        assert_eq!(sum, (many.iter().sum::<f64>() / 0.01).round() as i64);
    }

    #[test]
    fn gini_and_concentration() {
        assert!(gini(&[1.0, 2.0], &[1.0, 2.0]).unwrap().abs() < 1e-12);
        // Two of the same size, one has everything: 1/2.
        assert!((gini(&[0.0, 4.0], &[1.0, 1.0]).unwrap() - 0.5).abs() < 1e-12);
        // 1 and 3 over equal weights: 1 − (½·¼ + ½·(¼ + 1)) = ¼.
        assert!((gini(&[3.0, 1.0], &[1.0, 1.0]).unwrap() - 0.25).abs() < 1e-12);
        assert_eq!(gini(&[0.0, 0.0], &[1.0, 1.0]), None);
        assert!((concentration(&[1.0, 1.0, 2.0]).unwrap() - 0.375).abs() < 1e-12);
        assert_eq!(concentration(&[0.0]), None);
    }
}
