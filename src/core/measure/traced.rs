//! Numbers that remember what they were made from.
//!
//! A measure is stated in planners' units and becomes a part of a service by a
//! few conversions. Written with [`Traced`] numbers, each conversion is computed
//! and recorded in one line, so that [`crate::explain`] shows the numbers that
//! were in fact used.

use crate::catalogue::{Account, StockUnit};
use crate::dims::{RegionId, ServiceId, TechnologyId};
use std::ops::{Add, Div, Mul, Sub};

/// A number that the conversion of a measure uses.
#[derive(Clone, Debug, PartialEq)]
pub enum Use {
    /// A field of the measure, in its base unit.
    Field(&'static str),
    /// An entry of a mix: the field and the alias.
    Entry(&'static str, String),
    /// A parameter of the data.
    Parameter(String),
    /// A stock of the region.
    Stock(String, StockUnit),
    /// The zone's part of a service.
    Zone(RegionId, ServiceId),
    /// A technology's share in the base year.
    BaseShare(TechnologyId),
    /// A technology's share in a year (an index) under the reference.
    ReferenceShare(TechnologyId, usize),
    /// Demand for a service in a year (an index), in natural units.
    Demand(ServiceId, usize),
    /// A recorded level of a quantity in a year.
    Recorded(String, i32),
    /// What a unit served by a technology causes in an account, calibrated.
    Coefficient(TechnologyId, Account),
    /// The part of the measure in force in a year (an index).
    Ramp(usize),
    /// The use of a fuel by a technology: its position there (tce per unit of service).
    Fuel(TechnologyId, usize),
}

/// How a number was made.
#[derive(Clone, Debug, PartialEq)]
pub enum Made {
    /// It is a constant of the rule.
    Fixed,
    /// It was used as it is.
    Of(Use),
    /// `constant + Σ factor · part`.
    Linear {
        /// The constant.
        constant: f64,
        /// Factors and parts.
        parts: Vec<(f64, Traced)>,
    },
    /// `scale · Π part`.
    Product {
        /// The constant factor.
        scale: f64,
        /// The parts.
        parts: Vec<Traced>,
    },
    /// The first over the second.
    Ratio(Box<(Traced, Traced)>),
    /// Zero where it is below zero.
    Positive(Box<Traced>),
}

/// A number with its making.
#[derive(Clone, Debug, PartialEq)]
pub struct Traced {
    /// The number.
    pub value: f64,
    /// How it was made.
    pub made: Made,
}

impl Traced {
    /// A constant of a rule.
    pub fn fixed(value: f64) -> Self {
        let made = Made::Fixed;
        Self { value, made }
    }

    /// A number used as it is.
    pub fn of(value: f64, used: Use) -> Self {
        let made = Made::Of(used);
        Self { value, made }
    }

    /// The sum of several.
    pub fn sum(parts: impl IntoIterator<Item = Traced>) -> Self {
        let parts: Vec<(f64, Traced)> = parts.into_iter().map(|part| (1.0, part)).collect();
        Self {
            value: parts.iter().map(|(_, part)| part.value).sum(),
            made: Made::Linear {
                constant: 0.0,
                parts,
            },
        }
    }

    /// The sum of several, each times a constant.
    pub fn weighted(parts: impl IntoIterator<Item = (f64, Traced)>) -> Self {
        let parts: Vec<(f64, Traced)> = parts.into_iter().collect();
        Self {
            value: parts.iter().map(|(factor, part)| factor * part.value).sum(),
            made: Made::Linear {
                constant: 0.0,
                parts,
            },
        }
    }

    /// 1 − the number.
    #[must_use]
    pub fn rest(self) -> Self {
        Self {
            value: 1.0 - self.value,
            made: Made::Linear {
                constant: 1.0,
                parts: vec![(-1.0, self)],
            },
        }
    }

    /// 1 + the number.
    #[must_use]
    pub fn grown(self) -> Self {
        Self {
            value: 1.0 + self.value,
            made: Made::Linear {
                constant: 1.0,
                parts: vec![(1.0, self)],
            },
        }
    }

    /// The number, or zero where it is below zero.
    #[must_use]
    pub fn positive(self) -> Self {
        Self {
            value: self.value.max(0.0),
            made: Made::Positive(Box::new(self)),
        }
    }
}

impl Add for Traced {
    type Output = Traced;
    fn add(self, other: Traced) -> Traced {
        Traced::sum([self, other])
    }
}

impl Sub for Traced {
    type Output = Traced;
    fn sub(self, other: Traced) -> Traced {
        Traced {
            value: self.value - other.value,
            made: Made::Linear {
                constant: 0.0,
                parts: vec![(1.0, self), (-1.0, other)],
            },
        }
    }
}

impl Mul for Traced {
    type Output = Traced;
    fn mul(self, other: Traced) -> Traced {
        let value = self.value * other.value;
        let made = match (self.made, other.made) {
            // One product, not a product of products.
            (Made::Product { scale, mut parts }, made) => {
                parts.push(Traced {
                    value: other.value,
                    made,
                });
                Made::Product { scale, parts }
            }
            (made, other_made) => Made::Product {
                scale: 1.0,
                parts: vec![
                    Traced {
                        value: self.value,
                        made,
                    },
                    Traced {
                        value: other.value,
                        made: other_made,
                    },
                ],
            },
        };
        Traced { value, made }
    }
}

impl Mul<f64> for Traced {
    type Output = Traced;
    fn mul(self, factor: f64) -> Traced {
        let value = self.value * factor;
        let made = match self.made {
            Made::Product { scale, parts } => Made::Product {
                scale: scale * factor,
                parts,
            },
            made => Made::Product {
                scale: factor,
                parts: vec![Traced {
                    value: self.value,
                    made,
                }],
            },
        };
        Traced { value, made }
    }
}

impl Div for Traced {
    type Output = Traced;
    fn div(self, other: Traced) -> Traced {
        Traced {
            value: self.value / other.value,
            made: Made::Ratio(Box::new((self, other))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Made, Traced, Use};

    #[test]
    fn a_number_is_what_its_making_gives() {
        let field = |value, key| Traced::of(value, Use::Field(key));
        let coal = field(300.0, "amount") / field(3.0, "per") * field(0.1, "reburn").rest() * 2.0;
        assert!((coal.value - 180.0).abs() < 1e-12);
        let Made::Product { scale, parts } = &coal.made else {
            panic!("{coal:?}")
        };
        assert!((scale - 2.0).abs() < 1e-15 && parts.len() == 2);
        let made: f64 = parts.iter().map(|part| part.value).product();
        assert!((made * scale - coal.value).abs() < 1e-12);
        assert!((field(1.0, "a") - field(3.0, "b")).positive().value.abs() < 1e-15);
    }
}
