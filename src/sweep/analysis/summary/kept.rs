//! Summaries as they are written down, to be merged elsewhere: all that they know, and no
//! more room than that takes.
//!
//! Sums are long integers without their leading and trailing noughts, counts in buckets
//! are those that are not nought, by the distance from the one before. What is read is
//! held against what a summary can be before it is one.

use super::best::{Best, Direction};
use super::buckets::Buckets;
use super::front::Front;
use super::keys::{LARGEST, key_of, value_of};
use super::moments::{LINEAR, Moments, SQUARE};
use super::quantiles::Quantiles;
use super::scale::Scale;
use super::{Probability, Summary};
use crate::analysis::AnalysisError;
use serde::{Deserialize, Serialize};

/// Something was read that no summary can be.
fn wrong(difference: &'static str) -> AnalysisError {
    AnalysisError::Merge { difference }
}

/// A long integer: signed digits of 32 bits, from that of a place on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Number {
    first: usize,
    digits: Vec<i64>,
}

impl Number {
    fn of(digits: &[i64]) -> Self {
        let first = digits.iter().position(|digit| *digit != 0).unwrap_or(0);
        let end = digits.iter().rposition(|digit| *digit != 0);
        let end = end.map_or(first, |last| last + 1);
        Self {
            first,
            digits: digits[first..end].to_vec(),
        }
    }

    /// All of `length` digits: each but the highest in [0, 2³²).
    fn digits(&self, length: usize) -> Result<Vec<i64>, AnalysisError> {
        let end = self.first.checked_add(self.digits.len());
        if end.is_none_or(|end| end > length) {
            return Err(wrong("a sum has too many digits"));
        }
        let mut all = vec![0; self.first];
        all.extend(&self.digits);
        all.resize(length, 0);
        let (top, rest) = all.split_last().unwrap_or((&0, &[]));
        let fits = rest.iter().all(|digit| (0..1 << 32).contains(digit));
        if fits && (-1 << 40..1 << 40).contains(top) {
            Ok(all)
        } else {
            Err(wrong("a digit of a sum is none"))
        }
    }
}

/// [`Moments`] and [`Summary`] as they are written down.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KeptSummary {
    column: usize,
    count: u64,
    linear: Number,
    square: Number,
    least: Option<(u64, f64)>,
    greatest: Option<(u64, f64)>,
    quantiles: KeptQuantiles,
}

/// [`Quantiles`] as they are written down.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct KeptQuantiles {
    exact_limit: usize,
    bits: u32,
    center: f64,
    width: f64,
    /// Values that are kept.
    values: Vec<f64>,
    /// Counts: how many keys after the last one, and how many values.
    counts: Vec<(u64, u64)>,
}

impl From<&Quantiles> for KeptQuantiles {
    fn from(own: &Quantiles) -> Self {
        let (bits, Scale { center, width }) = own.buckets().kind();
        let mut last = 0;
        let counts = own.buckets().listed().into_iter().map(|(key, count)| {
            let gap = key - last;
            last = key;
            (gap, count)
        });
        Self {
            exact_limit: own.exact_limit(),
            bits,
            center,
            width,
            counts: counts.collect(),
            values: own.keys().iter().map(|key| value_of(*key)).collect(),
        }
    }
}

impl KeptQuantiles {
    /// Quantiles of so many values.
    fn into_quantiles(self, count: u64) -> Result<Quantiles, AnalysisError> {
        let Self {
            exact_limit,
            bits,
            center,
            width,
            values,
            counts,
        } = self;
        let plain = Quantiles::new(exact_limit, bits)?;
        let scale = Scale { center, width };
        if !(center.abs() <= LARGEST && width >= 0.0 && width.is_finite()) {
            return Err(wrong("a middle or a spread is none"));
        }
        let mut keys = Vec::with_capacity(values.len());
        for value in values {
            if value.is_nan() || value.abs() > LARGEST {
                return Err(wrong("a value is none"));
            }
            keys.push(key_of(value));
        }
        let mut all = keys.len() as u64;
        let mut buckets = Buckets::new(bits, scale);
        let mut key = 0_u64;
        for (gap, n) in counts {
            let next = key.checked_add(gap).filter(|key| key >> (12 + bits) == 0);
            let sum = all.checked_add(n);
            let (Some(next), Some(sum)) = (next, sum) else {
                return Err(wrong("a count is none"));
            };
            (key, all) = (next, sum);
            buckets.tally_key(key, n);
        }
        let is_one = keys.is_empty() || buckets.is_empty();
        if all != count || !is_one || keys.len() > exact_limit {
            return Err(wrong("counts are not as many as values"));
        }
        Ok(plain.about(scale).holding(count, keys, buckets))
    }
}

impl From<&Summary> for KeptSummary {
    fn from(own: &Summary) -> Self {
        let (linear, square) = own.moments.digits();
        let one = |best: &Best| best.draws().first().map(|best| (best.draw, best.value));
        Self {
            column: own.column,
            count: own.count(),
            linear: Number::of(&linear),
            square: Number::of(&square),
            least: one(&own.least),
            greatest: one(&own.greatest),
            quantiles: KeptQuantiles::from(&own.quantiles),
        }
    }
}

impl TryFrom<KeptSummary> for Summary {
    type Error = AnalysisError;

    fn try_from(kept: KeptSummary) -> Result<Self, AnalysisError> {
        let quantiles = kept.quantiles.into_quantiles(kept.count)?;
        let mut own = Self::with_quantiles(kept.column, quantiles);
        let linear = kept.linear.digits(LINEAR)?;
        let square = kept.square.digits(SQUARE)?;
        own.moments = Moments::of_digits(kept.count, linear, square);
        let ends = [
            (&mut own.least, kept.least),
            (&mut own.greatest, kept.greatest),
        ];
        for (best, end) in ends {
            if end.is_some() != (kept.count > 0) {
                return Err(wrong("an extreme is not there, or one of nothing"));
            }
            if let Some((draw, value)) = end {
                best.push(draw, value)?;
            }
        }
        Ok(own)
    }
}

/// [`Best`] as it is written down.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KeptBest {
    keep: usize,
    is_least: bool,
    draws: Vec<(u64, f64)>,
}

impl From<&Best> for KeptBest {
    fn from(own: &Best) -> Self {
        let (keep, direction) = own.kind();
        let draws = own.draws().iter();
        Self {
            keep,
            is_least: direction == Direction::Least,
            draws: draws.map(|best| (best.draw, best.value)).collect(),
        }
    }
}

impl TryFrom<KeptBest> for Best {
    type Error = AnalysisError;

    fn try_from(kept: KeptBest) -> Result<Self, AnalysisError> {
        let direction = if kept.is_least {
            Direction::Least
        } else {
            Direction::Greatest
        };
        let mut own = Self::new(kept.keep, direction);
        for (draw, value) in kept.draws {
            own.push(draw, value)?;
        }
        Ok(own)
    }
}

/// [`Front`] as it is written down.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KeptFront {
    points: Vec<(u64, f64, f64)>,
    peak: usize,
}

impl From<&Front> for KeptFront {
    fn from(own: &Front) -> Self {
        let points = own.points().iter();
        Self {
            points: points.map(|p| (p.draw, p.cost, p.margin)).collect(),
            peak: own.peak(),
        }
    }
}

impl TryFrom<KeptFront> for Front {
    type Error = AnalysisError;

    fn try_from(kept: KeptFront) -> Result<Self, AnalysisError> {
        let mut own = Self::default();
        for (draw, cost, margin) in kept.points {
            own.push(draw, cost, margin)?;
        }
        Ok(own.having_held(kept.peak))
    }
}

/// [`Probability`] as it is written down.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KeptProbability {
    met: u64,
    count: u64,
}

impl From<&Probability> for KeptProbability {
    fn from(own: &Probability) -> Self {
        let Probability { met, count } = *own;
        Self { met, count }
    }
}

impl TryFrom<KeptProbability> for Probability {
    type Error = AnalysisError;

    fn try_from(KeptProbability { met, count }: KeptProbability) -> Result<Self, AnalysisError> {
        if met > count {
            return Err(wrong("more was met than was drawn"));
        }
        Ok(Self { met, count })
    }
}
