//! Where the buckets of a quantity are narrowest.

/// Where buckets are narrowest: values x are counted at ±(|x − center| + width), with the
/// sign of x − center, in order. Within a width of the center buckets are as narrow as
/// the width's own, further out they widen with the distance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    /// Where the values lie.
    pub center: f64,
    /// How far they spread, about.
    pub width: f64,
}

impl Scale {
    /// Powers of two of the values themselves.
    pub const PLAIN: Self = Self {
        center: 0.0,
        width: 0.0,
    };

    /// How far a value lies from the center, and the size of the place where it is counted.
    #[inline(always)]
    #[allow(clippy::inline_always)] // into loops of vectors
    pub(super) fn off(self, value: f64) -> (f64, f64) {
        // The nought keeps −0 from being less than 0.
        let off = value - self.center + 0.0;
        (off, off.abs() + self.width)
    }

    /// Where a value is counted.
    #[inline]
    pub(super) fn place(self, value: f64) -> f64 {
        let (off, size) = self.off(value);
        size.copysign(off)
    }

    /// The least or the greatest value that is counted at `place`.
    pub(super) fn value(self, place: f64, outwards: f64) -> f64 {
        if self == Self::PLAIN {
            return place;
        }
        let off = (place.abs() - self.width).max(0.0).copysign(place);
        // What rounding can have moved on the way to its place and back.
        let size = self.center.abs() + place.abs() + self.width;
        self.center + off + outwards * 4.0 * f64::EPSILON * size
    }
}
