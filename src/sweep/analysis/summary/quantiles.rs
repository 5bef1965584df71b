//! Quantiles: exact while few, bracketed when many.
//!
//! Up to `exact_limit` values are kept, and quantiles are those of NumPy's
//! default (type 7 of Hyndman and Fan, 1996): linear between order statistics
//! `⌊(n − 1) q⌋` and the next. Beyond that, values are counted in buckets that
//! cut every power of two into `2^bits` equal parts (as in HDR histograms). Both
//! are functions of the set of values alone.
//!
//! From buckets the rank is exact and the value is not: every quantile comes
//! with bounds that hold the exact one for certain, no further apart than
//! `2^-bits` of the value (relative; subnormal numbers apart): 0.024 % with 12
//! bits. The value given places the rank evenly within its bucket. Memory:
//! `8 · 2^bits` bytes per power of two that occurs; outputs within a factor of
//! 1000 occupy ten of them, 330 KB.

use serde::{Deserialize, Serialize};

use super::{key_of, value_of};
use crate::analysis::AnalysisError;

/// Powers of two of double precision, times two signs.
const OCTAVES: usize = 1 << 12;

/// A quantile with certain bounds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
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
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Quantiles {
    exact_limit: usize,
    bits: u32,
    count: u64,
    /// Keys of all values while exact; empty afterwards.
    keys: Vec<u64>,
    /// Counts by power of two, in rising order.
    octaves: Vec<Octave>,
    /// One more than the place of each possible octave; 0 where it has none yet. Empty
    /// before the first count.
    #[serde(skip)]
    places: Vec<u16>,
    /// Whether values are counted from the first on.
    #[serde(skip)]
    many: bool,
}

/// Counts within one power of two (and sign).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Octave {
    key: u64,
    counts: Vec<u64>,
}

impl Default for Quantiles {
    /// Exact up to 2¹⁶ values (512 KB), then 12 bits.
    fn default() -> Self {
        Self {
            exact_limit: 1 << 16,
            bits: 12,
            ..Self::empty()
        }
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
            && self.octaves == other.octaves
            && sorted(self) == sorted(other)
    }
}

impl Quantiles {
    fn empty() -> Self {
        Self {
            exact_limit: 0,
            bits: 0,
            count: 0,
            keys: Vec::new(),
            octaves: Vec::new(),
            places: Vec::new(),
            many: false,
        }
    }

    /// The same before its first value.
    #[must_use]
    pub fn without_values(&self) -> Self {
        Self {
            exact_limit: self.exact_limit,
            bits: self.bits,
            ..Self::empty()
        }
    }

    /// Counts values from the first on if more than are kept are to come, here and in
    /// those merged with this: what comes out is the same, in less memory.
    pub fn expect(&mut self, values: u64) {
        self.many = values > self.exact_limit as u64;
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
        Ok(Self {
            exact_limit,
            bits,
            ..Self::empty()
        })
    }

    fn same_kind(&self, other: &Self) -> bool {
        self.exact_limit == other.exact_limit && self.bits == other.bits
    }

    /// Whether quantiles are exact.
    pub fn is_exact(&self) -> bool {
        self.octaves.is_empty() && self.count <= self.exact_limit as u64
    }

    /// Whether values are kept when there are `more` of them.
    fn keeps(&self, more: u64) -> bool {
        !self.many && self.octaves.is_empty() && self.count + more <= self.exact_limit as u64
    }

    /// Takes in a finite value.
    pub(super) fn add(&mut self, value: f64) {
        self.extend(&[value]);
    }

    /// Takes in finite values.
    pub(super) fn extend(&mut self, values: &[f64]) {
        if self.keeps(values.len() as u64) {
            self.count += values.len() as u64;
            self.keys.extend(values.iter().map(|value| key_of(*value)));
            return;
        }
        self.spill();
        self.count += values.len() as u64;
        for value in values {
            self.tally(key_of(*value), 1);
        }
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
        let keeps = other.octaves.is_empty() && self.keeps(other.count);
        self.count += other.count;
        if keeps {
            self.keys.extend_from_slice(&other.keys);
            return Ok(());
        }
        self.spill();
        for key in &other.keys {
            self.tally(*key, 1);
        }
        for octave in &other.octaves {
            for (slot, count) in octave.counts.iter().enumerate().filter(|(_, c)| **c > 0) {
                self.tally(
                    (octave.key << self.bits | slot as u64) << (52 - self.bits),
                    *count,
                );
            }
        }
        Ok(())
    }

    /// Turns kept values into counts.
    fn spill(&mut self) {
        for key in std::mem::take(&mut self.keys) {
            self.tally(key, 1);
        }
    }

    /// Counts a key.
    #[inline]
    fn tally(&mut self, key: u64, count: u64) {
        let octave = (key >> 52) as usize;
        let slot = (key >> (52 - self.bits)) as usize & ((1 << self.bits) - 1);
        let place = match self.places.get(octave) {
            Some(place) if *place > 0 => usize::from(*place) - 1,
            _ => self.place(octave),
        };
        self.octaves[place].counts[slot] += count;
    }

    /// The place of an octave, which is made if there is none.
    #[cold]
    fn place(&mut self, octave: usize) -> usize {
        let key = octave as u64;
        let place = match self.octaves.binary_search_by_key(&key, |o| o.key) {
            Ok(place) => place,
            Err(place) => {
                let counts = vec![0; 1 << self.bits];
                self.octaves.insert(place, Octave { key, counts });
                place
            }
        };
        self.places.clear();
        self.places.resize(OCTAVES, 0);
        for (octave, number) in self.octaves.iter().zip(1..) {
            self.places[octave.key as usize] = number;
        }
        place
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
            return (self.bucket(low), self.bucket(high));
        }
        let mut keys = self.keys.clone();
        let exact = |key: u64| {
            let value = value_of(key);
            Quantile {
                value,
                lower: value,
                upper: value,
            }
        };
        let (_, below, rest) = keys.select_nth_unstable(low as usize);
        let below = exact(*below);
        let above = if high > low {
            rest.iter().min().copied().map(exact)
        } else {
            None
        };
        (below, above.unwrap_or(below))
    }

    /// The order statistic of a rank, from its bucket.
    fn bucket(&self, rank: u64) -> Quantile {
        let mut before = 0;
        for octave in &self.octaves {
            for (slot, count) in octave.counts.iter().enumerate() {
                if rank < before + count {
                    let width = 52 - self.bits;
                    let low = (octave.key << self.bits | slot as u64) << width;
                    let (lower, upper) = (value_of(low), value_of(low | ((1 << width) - 1)));
                    let within = ((rank - before) as f64 + 0.5) / *count as f64;
                    return Quantile {
                        value: lower + within * (upper - lower),
                        lower,
                        upper,
                    };
                }
                before += count;
            }
        }
        // Not reached: ranks are below the count.
        Quantile {
            value: 0.0,
            lower: f64::MIN,
            upper: f64::MAX,
        }
    }
}
