//! Numbers with the statistical basis (calibre, 口径) on which they were counted.
//!
//! The same year, place and pollutant has another number on another basis: national
//! NH3-N was 229.9 (1e4 t) in the environmental statistics of 2015 and 96.3 in the
//! census of 2017. Their quotient, −58 %, is no achievement. So numbers of different
//! calibres are never subtracted or divided; a scenario may declare a [`Splice`]:
//!
//! ```text
//! value in `to` = factor · value in `from`
//! ```
//!
//! Rates of growth are quotients within one calibre already: a chain of them may pass
//! from one calibre to the next, as the levels they come from may not.

use crate::dims::{CalibreId, IndicatorId};

/// A number and its calibre.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Calibred {
    /// The number, in any unit: both of a pair have the same.
    pub value: f64,
    /// Its calibre.
    pub calibre: CalibreId,
}

/// Two numbers of different calibres that were to be combined.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mixed {
    /// The one.
    pub own: Calibred,
    /// The one it was to be set against.
    pub base: Calibred,
}

impl Mixed {
    /// The change that would wrongly come out (fraction): own / base − 1.
    pub fn artefact(&self) -> f64 {
        self.own.value / self.base.value - 1.0
    }
}

impl Calibred {
    /// Whether the two may be combined.
    ///
    /// # Errors
    /// If they have different calibres.
    pub fn comparable(self, base: Self) -> Result<(), Mixed> {
        if self.calibre == base.calibre {
            Ok(())
        } else {
            Err(Mixed { own: self, base })
        }
    }

    /// The difference `self − base`.
    ///
    /// # Errors
    /// If they have different calibres.
    pub fn minus(self, base: Self) -> Result<f64, Mixed> {
        self.comparable(base).map(|()| self.value - base.value)
    }

    /// The quotient `self / base`.
    ///
    /// # Errors
    /// If they have different calibres.
    pub fn ratio(self, base: Self) -> Result<f64, Mixed> {
        self.comparable(base).map(|()| self.value / base.value)
    }
}

/// A declared bridge between two calibres of one indicator.
#[derive(Clone, Debug, PartialEq)]
pub struct Splice {
    /// Its id in the scenario.
    pub id: String,
    /// The indicator.
    pub indicator: IndicatorId,
    /// The calibre that is carried over.
    pub from: CalibreId,
    /// The calibre that it is carried to.
    pub to: CalibreId,
    /// Value in `to` / value in `from`, > 0.
    pub factor: f64,
    /// The year for which both are known, if the scenario says.
    pub year: Option<i32>,
    /// Where the factor comes from.
    pub source: String,
}

impl Splice {
    /// `number` of `indicator` in the calibre `to`, if this splice leads there; it can
    /// be walked in either direction.
    pub fn carry(
        &self,
        indicator: IndicatorId,
        number: Calibred,
        to: CalibreId,
    ) -> Option<Calibred> {
        if self.indicator != indicator {
            return None;
        }
        let value = if (self.from, self.to) == (number.calibre, to) {
            number.value * self.factor
        } else if (self.to, self.from) == (number.calibre, to) {
            number.value / self.factor
        } else {
            return None;
        };
        Some(Calibred { value, calibre: to })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATISTICS: CalibreId = CalibreId(0);
    const CENSUS: CalibreId = CalibreId(1);
    const BASE: Calibred = Calibred {
        value: 229.9136,
        calibre: STATISTICS,
    };
    const LATER: Calibred = Calibred {
        value: 96.3,
        calibre: CENSUS,
    };

    #[test]
    fn calibres_do_not_mix() {
        let mixed = LATER.ratio(BASE).unwrap_err();
        assert_eq!(mixed, LATER.minus(BASE).unwrap_err());
        assert_eq!(
            mixed,
            Mixed {
                own: LATER,
                base: BASE
            }
        );
        assert!((mixed.artefact() - -0.581_147).abs() < 1e-6, "the trap");
    }

    #[test]
    fn within_a_calibre_it_is_arithmetic() {
        let half = Calibred {
            value: BASE.value / 2.0,
            ..BASE
        };
        assert!((half.ratio(BASE).unwrap() - 0.5).abs() < 1e-15);
        assert!((half.minus(BASE).unwrap() + half.value).abs() < 1e-12);
    }

    #[test]
    fn a_splice_leads_there_and_back_for_its_indicator_only() {
        let splice = Splice {
            id: "s".into(),
            indicator: IndicatorId(3),
            from: CENSUS,
            to: STATISTICS,
            factor: 2.1,
            year: None,
            source: "somewhere".into(),
        };
        let there = splice.carry(IndicatorId(3), LATER, STATISTICS).unwrap();
        assert!((there.value - 96.3 * 2.1).abs() < 1e-12);
        assert!(there.ratio(BASE).is_ok());
        let back = splice.carry(IndicatorId(3), there, CENSUS).unwrap();
        assert!((back.value - LATER.value).abs() < 1e-12 && back.calibre == CENSUS);
        assert_eq!(splice.carry(IndicatorId(2), LATER, STATISTICS), None);
        assert_eq!(splice.carry(IndicatorId(3), LATER, CalibreId(7)), None);
    }
}
