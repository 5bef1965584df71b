//! Distributions of uncertain inputs, by their quantiles: x = F⁻¹(u).
//!
//! Drawing by the inverse keeps what a design has: strata stay strata, and one
//! coordinate makes one value.
//!
//! | distribution | quantile |
//! |---|---|
//! | uniform | lo + (hi − lo)·u |
//! | triangular, c = (mode−lo)/(hi−lo) | lo + √(u (hi−lo)(mode−lo)) for u < c, else hi − √((1−u)(hi−lo)(hi−mode)) |
//! | normal | mean + sd·z, z = Φ⁻¹(u) |
//! | log-normal | median·gsd^z |
//! | split log-normal | median·gsd_below^z for z < 0, median·gsd_above^z for z ≥ 0 |
//! | discrete | the first value whose cumulative weight passes u |
//! | truncated | F⁻¹( F(lo) + u (F(hi) − F(lo)) ) |
//!
//! u = 0 and u = 1 give the ends of a bounded distribution; where there is none, the
//! quantiles at 2⁻⁵⁴ and 1 − 2⁻⁵³ (about ∓8.2 standard deviations).

// Inlined where the vector width has been chosen.
#![allow(clippy::inline_always)]

use thiserror::Error;

use super::each::each;
use super::normal;

/// Φ⁻¹(0.975): half a central 95 % interval in standard deviations.
const Z_95: f64 = 1.959_963_984_540_054;

/// The least probability an interval of truncation may hold.
const LEAST_SHARE: f64 = 1e-9;

/// How an uncertain input is distributed.
#[derive(Debug, Clone, PartialEq)]
pub enum Distribution {
    /// Equally likely between `lo` and `hi`.
    Uniform {
        /// Lower end.
        lo: f64,
        /// Upper end.
        hi: f64,
    },
    /// Density rising from `lo` to `mode` and falling to `hi`, in straight lines.
    Triangular {
        /// Lower end.
        lo: f64,
        /// Most likely value.
        mode: f64,
        /// Upper end.
        hi: f64,
    },
    /// Normal.
    Normal {
        /// Mean.
        mean: f64,
        /// Standard deviation, above 0.
        sd: f64,
    },
    /// Log-normal: 95 % lies between median/gsd^1.96 and median·gsd^1.96.
    LogNormal {
        /// Median, above 0.
        median: f64,
        /// Geometric standard deviation, at least 1.
        gsd: f64,
    },
    /// Two half log-normals that meet at the median, half the probability on each
    /// side. The density has a step at the median when the two differ; quantiles
    /// have none.
    SplitLogNormal {
        /// Median, above 0.
        median: f64,
        /// Geometric standard deviation below the median, at least 1.
        gsd_below: f64,
        /// Geometric standard deviation above the median, at least 1.
        gsd_above: f64,
    },
    /// One of several values, with weights.
    Discrete {
        /// Values, in the order u runs through them.
        values: Vec<f64>,
        /// Weights, none negative; their sum need not be 1.
        weights: Vec<f64>,
    },
    /// One of several values, all equally likely.
    Points {
        /// Values, in the order u runs through them.
        values: Vec<f64>,
    },
    /// Always the same value.
    Fixed {
        /// The value.
        value: f64,
    },
    /// A continuous distribution cut to an interval and scaled up to probability 1.
    Truncated {
        /// What is cut.
        of: Box<Distribution>,
        /// Lower end; −∞ for none.
        lo: f64,
        /// Upper end; +∞ for none.
        hi: f64,
    },
}

/// Why a distribution is none.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum DistributionError {
    /// Not a finite number.
    #[error("{name} is {value}; a distribution needs finite numbers")]
    NotFinite {
        /// Name of the number.
        name: &'static str,
        /// What it is.
        value: f64,
    },
    /// Ends or mode in the wrong order.
    #[error("{name} = {value} lies below {below} = {bound}")]
    Order {
        /// Name of the number.
        name: &'static str,
        /// What it is.
        value: f64,
        /// Name of the number it should reach.
        below: &'static str,
        /// What that is.
        bound: f64,
    },
    /// Not above 0.
    #[error("{name} = {value} must be above 0; for a range that reaches 0 use a triangle")]
    NotPositive {
        /// Name of the number.
        name: &'static str,
        /// What it is.
        value: f64,
    },
    /// Nothing to choose from.
    #[error("a discrete distribution needs at least one value with a weight above 0")]
    NoValues,
    /// Lists of different length.
    #[error("{values} values have {weights} weights")]
    Lengths {
        /// Number of values.
        values: usize,
        /// Number of weights.
        weights: usize,
    },
    /// Truncation of something without a density.
    #[error("only a continuous distribution can be cut; leave values out of a list instead")]
    NotContinuous,
    /// Truncation to where there is next to nothing.
    #[error("between {lo} and {hi} lies a probability of {share:e} only")]
    EmptyInterval {
        /// Lower end.
        lo: f64,
        /// Upper end.
        hi: f64,
        /// The probability in between.
        share: f64,
    },
}

impl Distribution {
    /// The log-normal that has `central` as its median and `low` to `high` as its 95 %
    /// interval. If the range is lopsided on the logarithmic scale, the two sides get
    /// their own spread, so that the 2.5 %, 50 % and 97.5 % quantiles are `low`,
    /// `central` and `high` in any case:
    ///
    /// ```text
    /// ln gsd_below = ln(central/low)/1.95996    ln gsd_above = ln(high/central)/1.95996
    /// ```
    ///
    /// Three equal numbers give a fixed value.
    ///
    /// # Errors
    /// Unless 0 < low ≤ central ≤ high, all finite.
    pub fn from_range(low: f64, central: f64, high: f64) -> Result<Self, DistributionError> {
        finite(&[("low", low), ("central", central), ("high", high)])?;
        positive("low", low)?;
        ordered(("central", central), ("low", low))?;
        ordered(("high", high), ("central", central))?;
        let below = libm::log(central / low) / Z_95;
        let above = libm::log(high / central) / Z_95;
        Ok(if below == 0.0 && above == 0.0 {
            Self::Fixed { value: central }
        } else if (below - above).abs() <= 1e-12 * below.max(above) {
            Self::LogNormal {
                median: central,
                gsd: libm::exp(below),
            }
        } else {
            Self::SplitLogNormal {
                median: central,
                gsd_below: libm::exp(below),
                gsd_above: libm::exp(above),
            }
        })
    }

    /// This distribution cut to `lo` … `hi`.
    #[must_use]
    pub fn truncated(self, lo: f64, hi: f64) -> Self {
        Self::Truncated {
            of: Box::new(self),
            lo,
            hi,
        }
    }

    /// This distribution cut at its quantiles `p_lo` and `p_hi`: bounded, as designs
    /// with points on the ends of the cube want it ([`super::Points::touches_ends`]).
    ///
    /// # Errors
    /// As [`Distribution::prepare`], or if the quantiles leave nothing between them.
    pub fn within(self, p_lo: f64, p_hi: f64) -> Result<Self, DistributionError> {
        let quantiles = self.prepare()?;
        let cut = self.truncated(quantiles.quantile(p_lo), quantiles.quantile(p_hi));
        cut.prepare().map(|_| cut)
    }

    /// Checks the numbers and works out what does not depend on u.
    ///
    /// # Errors
    /// Says which number is wrong.
    pub fn prepare(&self) -> Result<Quantile, DistributionError> {
        let (lo, hi) = (f64::NEG_INFINITY, f64::INFINITY);
        if let Self::Truncated { of, lo, hi } = self {
            return of.prepare()?.cut(*lo, *hi);
        }
        Ok(Quantile {
            form: self.form()?,
            from: 0.0,
            span: 1.0,
            lo,
            hi,
        })
    }

    /// The value at probability `u`; not a number if the distribution is none. For
    /// many values take [`Distribution::prepare`] or [`Distribution::apply`].
    pub fn quantile(&self, u: f64) -> f64 {
        self.prepare()
            .map_or(f64::NAN, |prepared| prepared.quantile(u))
    }

    /// Turns coordinates into values, in place.
    ///
    /// # Errors
    /// As [`Distribution::prepare`].
    pub fn apply(&self, u: &mut [f64]) -> Result<(), DistributionError> {
        self.prepare()?.apply(u);
        Ok(())
    }

    /// Whether values can be of any size.
    pub fn is_unbounded(&self) -> bool {
        match self {
            Self::Normal { .. } | Self::LogNormal { .. } | Self::SplitLogNormal { .. } => true,
            Self::Truncated { of, lo, hi } => {
                of.is_unbounded() && !(lo.is_finite() && hi.is_finite())
            }
            _ => false,
        }
    }

    /// The checked form of an uncut distribution.
    fn form(&self) -> Result<Form, DistributionError> {
        match self {
            &Self::Uniform { lo, hi } => {
                finite(&[("lo", lo), ("hi", hi), ("hi - lo", hi - lo)])?;
                ordered(("hi", hi), ("lo", lo))?;
                Ok(Form::Uniform { lo, hi })
            }
            &Self::Triangular { lo, mode, hi } => {
                finite(&[("lo", lo), ("mode", mode), ("hi", hi), ("hi - lo", hi - lo)])?;
                ordered(("mode", mode), ("lo", lo))?;
                ordered(("hi", hi), ("mode", mode))?;
                Ok(Form::Triangular { lo, mode, hi })
            }
            &Self::Normal { mean, sd } => {
                finite(&[("mean", mean), ("sd", sd)])?;
                positive("sd", sd)?;
                Ok(Form::Normal { mean, sd })
            }
            &Self::LogNormal { median, gsd } => log_normal(median, gsd, gsd),
            &Self::SplitLogNormal {
                median,
                gsd_below,
                gsd_above,
            } => log_normal(median, gsd_below, gsd_above),
            Self::Discrete { values, weights } => discrete(values, weights),
            Self::Points { values } => {
                finite_all("a value", values)?;
                if values.is_empty() {
                    return Err(DistributionError::NoValues);
                }
                Ok(Form::Points {
                    values: values.clone(),
                })
            }
            &Self::Fixed { value } => {
                finite(&[("value", value)])?;
                Ok(Form::Fixed { value })
            }
            Self::Truncated { .. } => Err(DistributionError::NotContinuous),
        }
    }
}

/// A checked distribution, ready to be asked for quantiles.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantile {
    form: Form,
    /// Probability below the cut, and within it.
    from: f64,
    span: f64,
    lo: f64,
    hi: f64,
}

/// Distributions with what is worked out once.
#[derive(Debug, Clone, PartialEq)]
enum Form {
    Uniform {
        lo: f64,
        hi: f64,
    },
    Triangular {
        lo: f64,
        mode: f64,
        hi: f64,
    },
    Normal {
        mean: f64,
        sd: f64,
    },
    LogNormal {
        median: f64,
        below: f64,
        above: f64,
    },
    Discrete {
        values: Vec<f64>,
        cumulative: Vec<f64>,
    },
    Points {
        values: Vec<f64>,
    },
    Fixed {
        value: f64,
    },
}

impl Quantile {
    /// The value at probability `u`.
    pub fn quantile(&self, u: f64) -> f64 {
        let p = self.from + u * self.span;
        self.form.quantile(p).clamp(self.lo, self.hi)
    }

    /// Turns coordinates into values, in place.
    pub fn apply(&self, u: &mut [f64]) {
        // On vectors where nothing keeps one from it.
        let p = |u: f64| self.from + u * self.span;
        match self.form {
            Form::Fixed { value } => u.fill(value),
            Form::Uniform { lo, hi } => each(u, |u| self.cut_off(lo + (hi - lo) * p(u))),
            Form::Normal { mean, sd } => {
                each(u, |u| told_apart(p(u)));
                normal::quantiles(u);
                each(u, |z| self.cut_off(mean + sd * z));
            }
            Form::LogNormal {
                median,
                below,
                above,
            } => {
                each(u, |u| told_apart(p(u)));
                normal::quantiles(u);
                let spread = |z: f64| z * if z < 0.0 { below } else { above };
                each(u, |z| self.cut_off(median * libm::exp(spread(z))));
            }
            _ => each(u, |u| self.quantile(u)),
        }
    }

    /// A value within the cut.
    #[inline(always)]
    fn cut_off(&self, value: f64) -> f64 {
        let value = if value < self.lo { self.lo } else { value };
        if value > self.hi { self.hi } else { value }
    }

    /// The distribution cut to an interval, or to what is left of it.
    fn cut(self, lo: f64, hi: f64) -> Result<Self, DistributionError> {
        for (name, value) in [("lo", lo), ("hi", hi)] {
            if value.is_nan() {
                return Err(DistributionError::NotFinite { name, value });
            }
        }
        ordered(("hi", hi), ("lo", lo))?;
        let (lo, hi) = (lo.max(self.lo), hi.min(self.hi));
        let (Some(from), Some(to)) = (self.form.cdf(lo), self.form.cdf(hi)) else {
            return Err(DistributionError::NotContinuous);
        };
        let span = to - from;
        if span < LEAST_SHARE {
            return Err(DistributionError::EmptyInterval {
                lo,
                hi,
                share: span.max(0.0),
            });
        }
        Ok(Self {
            form: self.form,
            from,
            span,
            lo,
            hi,
        })
    }
}

/// A probability that a double can tell from 0 and 1.
#[inline(always)]
fn told_apart(p: f64) -> f64 {
    p.clamp(normal::LEAST, normal::MOST)
}

impl Form {
    /// F⁻¹(p).
    #[inline]
    fn quantile(&self, p: f64) -> f64 {
        match self {
            &Self::Uniform { lo, hi } => lo + (hi - lo) * p,
            &Self::Triangular { lo, mode, hi } => {
                let width = hi - lo;
                if p * width < mode - lo {
                    lo + (p * width * (mode - lo)).sqrt()
                } else {
                    hi - ((1.0 - p) * width * (hi - mode)).sqrt()
                }
            }
            &Self::Normal { mean, sd } => mean + sd * score(p),
            &Self::LogNormal {
                median,
                below,
                above,
            } => {
                let z = score(p);
                median * libm::exp(z * if z < 0.0 { below } else { above })
            }
            Self::Discrete { values, cumulative } => {
                let place = cumulative.partition_point(|&sum| sum <= p);
                values[place.min(values.len() - 1)]
            }
            Self::Points { values } => {
                values[((p * values.len() as f64) as usize).min(values.len() - 1)]
            }
            &Self::Fixed { value } => value,
        }
    }

    /// F(x) where there is a density.
    fn cdf(&self, x: f64) -> Option<f64> {
        match *self {
            Self::Uniform { lo, hi } => Some(((x - lo) / (hi - lo)).clamp(0.0, 1.0)),
            Self::Triangular { lo, mode, hi } => Some(if x <= lo {
                0.0
            } else if x >= hi {
                1.0
            } else if x < mode {
                (x - lo) * (x - lo) / ((hi - lo) * (mode - lo))
            } else {
                1.0 - (hi - x) * (hi - x) / ((hi - lo) * (hi - mode))
            }),
            Self::Normal { mean, sd } => Some(normal::cdf((x - mean) / sd)),
            Self::LogNormal {
                median,
                below,
                above,
            } => {
                if x <= 0.0 {
                    return Some(0.0);
                }
                let log = libm::log(x / median);
                let sigma = if log < 0.0 { below } else { above };
                // At the median itself 0/0 would follow from a side without spread.
                Some(if log == 0.0 {
                    0.5
                } else {
                    normal::cdf(log / sigma)
                })
            }
            _ => None,
        }
    }
}

/// Φ⁻¹ within what a double can tell from 0 and 1.
#[inline]
fn score(p: f64) -> f64 {
    normal::quantile(told_apart(p))
}

/// A log-normal from its median and the two geometric standard deviations.
fn log_normal(median: f64, below: f64, above: f64) -> Result<Form, DistributionError> {
    finite(&[("median", median), ("gsd", below), ("gsd", above)])?;
    positive("median", median)?;
    ordered(("gsd", below), ("1", 1.0))?;
    ordered(("gsd", above), ("1", 1.0))?;
    Ok(Form::LogNormal {
        median,
        below: libm::log(below),
        above: libm::log(above),
    })
}

/// Values with the sums of their weights, scaled to 1.
fn discrete(values: &[f64], weights: &[f64]) -> Result<Form, DistributionError> {
    if values.len() != weights.len() {
        let (values, weights) = (values.len(), weights.len());
        return Err(DistributionError::Lengths { values, weights });
    }
    finite_all("a value", values)?;
    finite_all("a weight", weights)?;
    for &weight in weights {
        ordered(("a weight", weight), ("0", 0.0))?;
    }
    // Values without weight would only be met through rounding at u = 1.
    let kept = || {
        values
            .iter()
            .zip(weights)
            .filter(|&(_, &weight)| weight > 0.0)
    };
    let total: f64 = weights.iter().sum();
    if total <= 0.0 {
        return Err(DistributionError::NoValues);
    }
    finite(&[("the sum of weights", total)])?;
    let mut sum = 0.0;
    let cumulative = kept()
        .map(|(_, weight)| {
            sum += weight;
            sum / total
        })
        .collect();
    Ok(Form::Discrete {
        values: kept().map(|(&value, _)| value).collect(),
        cumulative,
    })
}

fn finite(numbers: &[(&'static str, f64)]) -> Result<(), DistributionError> {
    match numbers.iter().find(|(_, value)| !value.is_finite()) {
        Some(&(name, value)) => Err(DistributionError::NotFinite { name, value }),
        None => Ok(()),
    }
}

fn finite_all(name: &'static str, values: &[f64]) -> Result<(), DistributionError> {
    match values.iter().find(|value| !value.is_finite()) {
        Some(&value) => Err(DistributionError::NotFinite { name, value }),
        None => Ok(()),
    }
}

fn positive(name: &'static str, value: f64) -> Result<(), DistributionError> {
    if value > 0.0 {
        Ok(())
    } else {
        Err(DistributionError::NotPositive { name, value })
    }
}

/// The first must not lie below the second.
fn ordered(
    (name, value): (&'static str, f64),
    (below, bound): (&'static str, f64),
) -> Result<(), DistributionError> {
    if value < bound {
        return Err(DistributionError::Order {
            name,
            value,
            below,
            bound,
        });
    }
    Ok(())
}
