//! Summaries of a stream of draws, in bounded memory.
//!
//! Every summary here is a function of the *set* of draws: however the draws are
//! cut into blocks, and in whatever order blocks are merged, the result is the
//! same to the bit. No fixed block size is needed for that, as sums are kept
//! exactly ([`moments`]), quantiles are counts in fixed buckets ([`quantiles`]),
//! and the best draws are chosen by total orders ([`best`], [`front`]).

pub mod best;
mod buckets;
pub mod front;
pub mod kept;
mod keys;
mod look;
pub mod moments;
mod near;
pub mod quantiles;
mod scale;

pub use best::{Best, Direction, Draw};
pub use front::{Front, Point};
pub use moments::Moments;
pub use quantiles::{Quantile, Quantiles};
pub use scale::Scale;

use super::error::AnalysisError;
use super::stats;
use keys::{LARGEST, check, key_of};
use look::Look;
use moments::Sums;

/// How often something was so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Probability {
    /// Draws in which it was so.
    pub met: u64,
    /// Draws.
    pub count: u64,
}

impl Probability {
    /// Takes in a draw.
    pub fn push(&mut self, met: bool) {
        self.met += u64::from(met);
        self.count += 1;
    }

    /// Takes in draws: yes where a number is above one half.
    pub fn extend(&mut self, values: &[f64]) {
        self.met += values.iter().map(|v| u64::from(*v > 0.5)).sum::<u64>();
        self.count += values.len() as u64;
    }

    /// Takes in the draws of another.
    pub fn merge(&mut self, other: &Self) {
        self.met += other.met;
        self.count += other.count;
    }

    /// Share of draws; `None` without any.
    pub fn share(&self) -> Option<f64> {
        (self.count > 0).then(|| self.met as f64 / self.count as f64)
    }

    /// Wilson's (1927) interval of the probability, for independent draws.
    pub fn interval(&self, confidence: f64) -> (f64, f64) {
        self.interval_of(1, confidence)
    }

    /// The same where draws come in groups of `group` that share inputs, as in a Saltelli
    /// design: the mean of a group varies at most as much as a single draw, so that as
    /// many groups tell at least as much as so many independent draws.
    pub fn interval_of(&self, group: u64, confidence: f64) -> (f64, f64) {
        let Some(share) = self.share() else {
            return (0.0, 1.0);
        };
        let trials = self.count as f64 / group.max(1) as f64;
        stats::wilson(share, trials, confidence)
    }
}

/// Count, mean, variance, extremes and quantiles of one quantity.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// The quantity's column, for messages.
    column: usize,
    moments: Moments,
    least: Best,
    greatest: Best,
    quantiles: Quantiles,
}

impl Summary {
    /// An empty summary of the quantity in `column`, with quantiles of the
    /// default kind.
    pub fn new(column: usize) -> Self {
        Self::with_quantiles(column, Quantiles::default())
    }

    /// An empty summary with quantiles of a chosen kind.
    pub fn with_quantiles(column: usize, quantiles: Quantiles) -> Self {
        Self {
            column,
            moments: Moments::default(),
            least: Best::new(1, Direction::Least),
            greatest: Best::new(1, Direction::Greatest),
            quantiles,
        }
    }

    /// The same before its first draw.
    #[must_use]
    pub fn without_draws(&self) -> Self {
        Self::with_quantiles(self.column, self.quantiles.without_values())
    }

    /// Says how many draws are to come, here and in the summaries merged with this one:
    /// with many, less memory is taken until then.
    pub fn expect(&mut self, draws: u64) {
        self.quantiles.expect(draws);
    }

    /// As [`expect`](Self::expect), of draws that have been taken in already: what is kept
    /// of them is counted.
    pub fn count_on(&mut self, draws: u64) {
        self.quantiles.count_on(draws);
    }

    /// Puts what is kept in order, so that quantiles are found at once.
    pub fn sort(&mut self) {
        self.quantiles.sort();
    }

    /// Whether quantiles are exact.
    pub fn is_exact(&self) -> bool {
        self.quantiles.is_exact()
    }

    /// Takes in a draw.
    ///
    /// # Errors
    ///
    /// The value is not finite, or beyond ±1e150; the summary is as before.
    pub fn push(&mut self, draw: u64, value: f64) -> Result<(), AnalysisError> {
        check(draw, self.column, value)?;
        self.moments.add(value);
        self.least.add(draw, value);
        self.greatest.add(draw, value);
        self.quantiles.add(value);
        Ok(())
    }

    /// Takes in a block of draws, the first of them number `first`, much faster than
    /// one by one.
    ///
    /// The block's sums about its first value are rounded before they join the exact
    /// ones: the result depends on where blocks begin and end, not on the order in which
    /// they come.
    ///
    /// # Errors
    ///
    /// A value is not finite, or beyond ±1e150; the summary is as before.
    pub fn extend(&mut self, first: u64, values: &[f64]) -> Result<(), AnalysisError> {
        self.extend_numbered(values, |place| first + place as u64)
    }

    /// The same of some draws of a block: those at `kept`, counted from `first`.
    ///
    /// # Errors
    ///
    /// As [`extend`](Self::extend).
    ///
    /// # Panics
    ///
    /// If there are more values than `kept` says.
    pub fn extend_some(
        &mut self,
        (first, kept): (u64, &[usize]),
        values: &[f64],
    ) -> Result<(), AnalysisError> {
        self.extend_numbered(values, |place| first + kept[place] as u64)
    }

    fn extend_numbered(
        &mut self,
        values: &[f64],
        number: impl Fn(usize) -> u64,
    ) -> Result<(), AnalysisError> {
        let Some(first) = values.first() else {
            return Ok(());
        };
        let Look {
            least,
            greatest,
            sums,
        } = Look::at(values, *first);
        // What is not finite makes a sum not finite, whatever the extremes say.
        if !(sums.finite() && least >= -LARGEST && greatest <= LARGEST) {
            for (place, value) in values.iter().enumerate() {
                check(number(place), self.column, *value)?;
            }
        }
        self.moments.add_block(values.len() as u64, sums);
        for (best, value) in [(&mut self.least, least), (&mut self.greatest, greatest)] {
            if !best.takes(number(0), value) {
                continue;
            }
            let place = values
                .iter()
                .position(|other| key_of(*other) == key_of(value));
            best.add(number(place.unwrap_or(0)), value);
        }
        self.quantiles.extend(values, (least, greatest));
        Ok(())
    }

    /// Takes in `count` draws that all have one value, the first of them number `first`: as
    /// [`extend`](Self::extend) does, at once.
    ///
    /// # Errors
    ///
    /// The value is not finite, or beyond ±1e150; the summary is as before.
    pub fn repeat(&mut self, first: u64, value: f64, count: u64) -> Result<(), AnalysisError> {
        if count == 0 {
            return Ok(());
        }
        check(first, self.column, value)?;
        self.moments.add_block(count, Sums::alike(value));
        self.least.add(first, value);
        self.greatest.add(first, value);
        self.quantiles.repeat(value, count);
        Ok(())
    }

    /// Takes in the draws of another.
    ///
    /// # Errors
    ///
    /// The other is of another column, or its quantiles of another kind.
    pub fn merge(&mut self, other: &Self) -> Result<(), AnalysisError> {
        if self.column != other.column {
            return Err(AnalysisError::Merge {
                difference: "their columns",
            });
        }
        self.quantiles.merge(&other.quantiles)?;
        self.moments.merge(&other.moments);
        self.least.merge(&other.least)?;
        self.greatest.merge(&other.greatest)
    }

    /// Number of draws.
    pub fn count(&self) -> u64 {
        self.moments.count()
    }

    /// Mean: the exact sum, rounded once, divided by the count; `None` without
    /// draws.
    pub fn mean(&self) -> Option<f64> {
        self.moments.mean()
    }

    /// Variance with divisor `n − 1`; `None` below two draws.
    pub fn variance(&self) -> Option<f64> {
        self.moments.variance()
    }

    /// Square root of the variance.
    pub fn deviation(&self) -> Option<f64> {
        self.moments.variance().map(f64::sqrt)
    }

    /// The least draw; of equals the earliest.
    pub fn least(&self) -> Option<Draw> {
        self.least.draws().first().copied()
    }

    /// The greatest draw; of equals the earliest.
    pub fn greatest(&self) -> Option<Draw> {
        self.greatest.draws().first().copied()
    }

    /// A quantile, for `0 ≤ q ≤ 1`; `None` without draws or for another `q`.
    pub fn quantile(&self, q: f64) -> Option<Quantile> {
        let (low, high) = (self.least()?.value, self.greatest()?.value);
        self.quantiles
            .quantile(q)
            .map(|found| found.within(low, high))
    }

    /// Several quantiles at once.
    pub fn quantiles(&self, qs: &[f64]) -> Vec<Option<Quantile>> {
        qs.iter().map(|q| self.quantile(*q)).collect()
    }
}
