//! Quantiles: exact while few, bracketed when many.
//!
//! Up to `exact_limit` values are kept, and quantiles are those of NumPy's
//! default (type 7 of Hyndman and Fan, 1996): linear between order statistics
//! `⌊(n − 1) q⌋` and the next. Beyond that, values are counted in buckets. Both
//! are functions of the set of values alone.
//!
//! From buckets the rank is exact and the value is not: every quantile comes
//! with bounds that hold the exact one for certain. With a center c and a width w that are
//! about the middle and the spread of the values ([`Quantiles::about`]), a bucket at x is
//! no wider than
//!
//! ```text
//! (|x − c| + w) / 2^bits
//! ```
//!
//! With 11 bits, and w no more than twice the standard deviation, that is less than 0.5 %
//! of a standard deviation for every quantile from 2.5 % to 97.5 %, which lie within 6.3 of
//! them of the mean, whatever the distribution. Without a center and a width buckets are
//! parts of the value itself: of what varies little about a large mean, they tell nothing.
//! The value given places the rank evenly within its bucket. Memory: `4 · 2^bits` bytes per
//! power of two that occurs (twelve beyond 2³² values in one bucket), for each side of the
//! center: some eight of them, 64 KB, for most distributions. While values come, those near
//! the center are counted in bytes before (72 KB of room, of which most distributions touch
//! a third).

use super::buckets::{Bucket, Buckets};
use super::keys::{key_of, value_of};
use super::scale::Scale;
use crate::analysis::AnalysisError;

/// A quantile with certain bounds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quantile {
    /// The value to report.
    pub value: f64,
    /// The exact quantile of all draws is at least this …
    pub lower: f64,
    /// … and at most this. Equal to `lower` if the value is exact.
    pub upper: f64,
}

impl Quantile {
    /// The same, knowing that nothing lies beyond `low` and `high`.
    pub(super) fn within(self, low: f64, high: f64) -> Self {
        let clamp = |v: f64| v.clamp(low, high);
        Self {
            value: clamp(self.value),
            lower: clamp(self.lower),
            upper: clamp(self.upper),
        }
    }
}

/// Quantiles of a stream.
#[derive(Debug, Clone)]
pub struct Quantiles {
    exact_limit: usize,
    count: u64,
    /// Keys of all values while exact; empty afterwards.
    keys: Vec<u64>,
    /// Counts from then on.
    buckets: Buckets,
    /// Whether values are counted from the first on.
    many: bool,
    /// Whether the keys are in rising order.
    sorted: bool,
}

impl Default for Quantiles {
    /// Exact up to 2¹⁶ values (512 KB), then 11 bits.
    fn default() -> Self {
        Self::empty(1 << 16, (11, Scale::PLAIN))
    }
}

impl PartialEq for Quantiles {
    fn eq(&self, other: &Self) -> bool {
        let sorted = |q: &Self| {
            let mut keys = q.keys.clone();
            keys.sort_unstable();
            keys
        };
        self.same_kind(other)
            && self.count == other.count
            && self.buckets == other.buckets
            && sorted(self) == sorted(other)
    }
}

impl Quantiles {
    fn empty(exact_limit: usize, (bits, scale): (u32, Scale)) -> Self {
        Self {
            exact_limit,
            count: 0,
            keys: Vec::new(),
            buckets: Buckets::new(bits, scale),
            many: false,
            sorted: false,
        }
    }

    /// The same before its first value, with buckets that are narrowest at a center.
    #[must_use]
    pub fn about(&self, scale: Scale) -> Self {
        Self::empty(self.exact_limit, (self.buckets.kind().0, scale))
    }

    /// The same holding values: kept ones, or counts.
    pub(super) fn holding(self, count: u64, keys: Vec<u64>, buckets: Buckets) -> Self {
        Self {
            count,
            keys,
            buckets,
            ..self
        }
    }

    /// The values that are kept, as keys.
    pub(super) fn keys(&self) -> &[u64] {
        &self.keys
    }

    /// The counts.
    pub(super) fn buckets(&self) -> &Buckets {
        &self.buckets
    }

    /// The most values that are kept.
    pub fn exact_limit(&self) -> usize {
        self.exact_limit
    }

    /// Puts what is kept in order, so that quantiles are found at once.
    pub fn sort(&mut self) {
        self.keys.sort_unstable();
        self.sorted = true;
        self.buckets.settle();
    }

    /// The same before its first value.
    #[must_use]
    pub fn without_values(&self) -> Self {
        Self::empty(self.exact_limit, self.buckets.kind())
    }

    /// Counts values from the first on if more than are kept are to come, here and in
    /// those merged with this: what comes out is the same, in less memory.
    pub fn expect(&mut self, values: u64) {
        self.many = values > self.exact_limit as u64;
    }

    /// The same after the first values: those that are kept are counted now.
    pub fn count_on(&mut self, values: u64) {
        self.expect(values);
        if self.many {
            self.spill();
        }
    }

    /// Exact up to `exact_limit` values of 8 bytes (at most 2²⁰, 8 MB), then
    /// counted in `2^bits` buckets per power of two (`bits` from 4 to 16).
    ///
    /// # Errors
    ///
    /// A setting is out of range.
    pub fn new(exact_limit: usize, bits: u32) -> Result<Self, AnalysisError> {
        if exact_limit > 1 << 20 {
            let (setting, value) = ("exact limit", exact_limit as f64);
            return Err(AnalysisError::Setting {
                setting,
                value,
                rule: "at most 2^20",
            });
        }
        if !(4..=16).contains(&bits) {
            let (setting, value) = ("bits", f64::from(bits));
            return Err(AnalysisError::Setting {
                setting,
                value,
                rule: "from 4 to 16",
            });
        }
        Ok(Self::empty(exact_limit, (bits, Scale::PLAIN)))
    }

    fn same_kind(&self, other: &Self) -> bool {
        self.exact_limit == other.exact_limit && self.buckets.kind() == other.buckets.kind()
    }

    /// Whether quantiles are exact.
    pub fn is_exact(&self) -> bool {
        self.buckets.is_empty() && self.count <= self.exact_limit as u64
    }

    /// Whether values are kept when there are `more` of them.
    fn keeps(&self, more: u64) -> bool {
        !self.many && self.buckets.is_empty() && self.count + more <= self.exact_limit as u64
    }

    /// Takes in a finite value.
    pub(super) fn add(&mut self, value: f64) {
        self.extend(&[value], (value, value));
    }

    /// Takes in finite values, of which the least and the greatest are known.
    pub(super) fn extend(&mut self, values: &[f64], (least, greatest): (f64, f64)) {
        self.sorted = false;
        if self.keeps(values.len() as u64) {
            self.count += values.len() as u64;
            self.keys.extend(values.iter().map(|value| key_of(*value)));
            return;
        }
        self.spill();
        self.count += values.len() as u64;
        if key_of(least) == key_of(greatest) {
            self.buckets.tally(least, values.len() as u64);
        } else {
            self.buckets.extend(values);
        }
    }

    /// Takes in a finite value so many times.
    pub(super) fn repeat(&mut self, value: f64, count: u64) {
        self.sorted = false;
        if self.keeps(count) {
            let all = self.keys.len() + count as usize;
            self.keys.resize(all, key_of(value));
        } else {
            self.spill();
            self.buckets.tally(value, count);
        }
        self.count += count;
    }

    /// Takes in the values of another.
    ///
    /// # Errors
    ///
    /// The other has another exact limit or other buckets.
    pub fn merge(&mut self, other: &Self) -> Result<(), AnalysisError> {
        if !self.same_kind(other) {
            return Err(AnalysisError::Merge {
                difference: "their quantiles' settings",
            });
        }
        self.sorted = false;
        let keeps = other.buckets.is_empty() && self.keeps(other.count);
        self.count += other.count;
        if keeps {
            self.keys.extend_from_slice(&other.keys);
            return Ok(());
        }
        self.spill();
        for key in &other.keys {
            self.buckets.tally(value_of(*key), 1);
        }
        self.buckets.merge(&other.buckets);
        Ok(())
    }

    /// Turns kept values into counts.
    fn spill(&mut self) {
        for key in std::mem::take(&mut self.keys) {
            self.buckets.tally(value_of(key), 1);
        }
    }

    /// The quantile of probability `q`; `None` without values or for a `q`
    /// outside [0, 1].
    pub fn quantile(&self, q: f64) -> Option<Quantile> {
        if self.count == 0 || !(0.0..=1.0).contains(&q) {
            return None;
        }
        let place = (self.count - 1) as f64 * q;
        let rank = place.floor() as u64;
        let (below, above) = self.pair(rank, (rank + 1).min(self.count - 1));
        let share = place - place.floor();
        let between = |a: f64, b: f64| a + share * (b - a);
        Some(Quantile {
            value: between(below.value, above.value),
            lower: between(below.lower, above.lower),
            upper: between(below.upper, above.upper),
        })
    }

    /// Two order statistics, ranks from 0.
    fn pair(&self, low: u64, high: u64) -> (Quantile, Quantile) {
        if !self.is_exact() {
            let (bucket, within) = self.bucket(low);
            let next = within + (high - low);
            let above = if next < bucket.count {
                (bucket, next)
            } else {
                self.bucket(high)
            };
            return (even(bucket, within), even(above.0, above.1));
        }
        let exact = |key: u64| {
            let value = value_of(key);
            Quantile {
                value,
                lower: value,
                upper: value,
            }
        };
        if self.sorted {
            let at = |rank: u64| exact(self.keys[rank as usize]);
            return (at(low), at(high));
        }
        let mut keys = self.keys.clone();
        let (_, below, rest) = keys.select_nth_unstable(low as usize);
        let below = exact(*below);
        let above = if high > low {
            rest.iter().min().copied().map(exact)
        } else {
            None
        };
        (below, above.unwrap_or(below))
    }

    /// The bucket that holds the order statistic of a rank, and how many of its own come
    /// before it.
    fn bucket(&self, rank: u64) -> (Bucket, u64) {
        // Always there: ranks are below the count.
        let none = Bucket {
            lower: f64::MIN,
            upper: f64::MAX,
            count: 1,
        };
        self.buckets.of_rank(rank).unwrap_or((none, 0))
    }
}

/// The value that comes after `within` others of its bucket, in which they lie evenly.
fn even(bucket: Bucket, within: u64) -> Quantile {
    let Bucket {
        lower,
        upper,
        count,
    } = bucket;
    let share = (within as f64 + 0.5) / count as f64;
    Quantile {
        value: lower + share * (upper - lower),
        lower,
        upper,
    }
}
