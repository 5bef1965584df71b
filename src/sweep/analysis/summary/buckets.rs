//! Counts of values in buckets that cut every power of two of the distance from a center,
//! and a width more, into `2^bits` equal parts.

use super::keys::{key_of, value_of};

/// Powers of two of double precision, times two signs.
const OCTAVES: usize = 1 << 12;
/// Values whose counters are found before any of them is counted.
const AT_ONCE: usize = 256;

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

    /// Where a value is counted.
    #[inline]
    fn place(self, value: f64) -> f64 {
        // The nought keeps −0 from being less than 0.
        let off = value - self.center + 0.0;
        (off.abs() + self.width).copysign(off)
    }

    /// The least or the greatest value that is counted at `place`.
    fn value(self, place: f64, outwards: f64) -> f64 {
        if self == Self::PLAIN {
            return place;
        }
        let off = (place.abs() - self.width).max(0.0).copysign(place);
        // What rounding can have moved on the way to its place and back.
        let size = self.center.abs() + place.abs() + self.width;
        self.center + off + outwards * 4.0 * f64::EPSILON * size
    }
}

/// Counts by bucket.
#[derive(Debug, Clone)]
pub(super) struct Buckets {
    bits: u32,
    scale: Scale,
    /// The powers of two (and signs) with counts, in the order in which they came: the
    /// upper twelve bits of their keys.
    octaves: Vec<u64>,
    /// `2^bits` counts for each of them, of four bytes: they soon take more room than
    /// the caches have.
    counts: Vec<u32>,
    /// What those cannot hold; empty until then.
    more: Vec<u64>,
    /// One more than the place of each possible octave; 0 where it has none. Empty before
    /// the first count.
    places: Vec<u16>,
}

/// A bucket with counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Bucket {
    /// The least value it may hold.
    pub(super) lower: f64,
    /// The greatest value it may hold.
    pub(super) upper: f64,
    /// How many it holds.
    pub(super) count: u64,
}

impl PartialEq for Buckets {
    fn eq(&self, other: &Self) -> bool {
        self.kind() == other.kind() && self.rising().eq(other.rising())
    }
}

impl Buckets {
    /// None yet.
    pub(super) fn new(bits: u32, scale: Scale) -> Self {
        Self {
            bits,
            scale,
            octaves: Vec::new(),
            counts: Vec::new(),
            more: Vec::new(),
            places: Vec::new(),
        }
    }

    /// Buckets per power of two (2 to the power of this), and where.
    pub(super) fn kind(&self) -> (u32, Scale) {
        (self.bits, self.scale)
    }

    /// Whether nothing has been counted.
    pub(super) fn is_empty(&self) -> bool {
        self.octaves.is_empty()
    }

    /// Counts finite values.
    pub(super) fn extend(&mut self, values: &[f64]) {
        // With nothing between one count and the next, many counters are on their way
        // from memory at a time.
        let mut slots = [0; AT_ONCE];
        for values in values.chunks(AT_ONCE) {
            let slots = &mut slots[..values.len()];
            while !self.find(values, slots) {
                for value in values {
                    self.place((key_of(self.scale.place(*value)) >> 52) as usize);
                }
            }
            for slot in slots {
                self.add(*slot as usize, 1);
            }
        }
    }

    /// Where values are counted; whether they all are.
    fn find(&self, values: &[f64], slots: &mut [u32]) -> bool {
        let Some(places) = self.places.first_chunk::<OCTAVES>() else {
            return false;
        };
        let (shift, mask) = (52 - self.bits, (1_u32 << self.bits) - 1);
        let mut all = true;
        for (slot, value) in slots.iter_mut().zip(values) {
            let key = key_of(self.scale.place(*value));
            let place = places[(key >> 52) as usize];
            all &= place > 0;
            let place = u32::from(place).wrapping_sub(1);
            *slot = place << self.bits | (key >> shift) as u32 & mask;
        }
        all
    }

    /// Counts a value many times.
    pub(super) fn tally(&mut self, value: f64, count: u64) {
        let key = key_of(self.scale.place(value));
        let place = self.place((key >> 52) as usize);
        let within = (key >> (52 - self.bits)) as usize & ((1 << self.bits) - 1);
        self.add_many(place << self.bits | within, count);
    }

    /// Takes in the counts of others of as many bits.
    pub(super) fn merge(&mut self, other: &Self) {
        for (octave, from) in other.octaves.iter().zip((0..).step_by(1 << other.bits)) {
            let to = self.place(*octave as usize) << self.bits;
            for within in 0..1 << self.bits {
                self.add_many(to + within, other.count(from + within));
            }
        }
    }

    #[inline]
    fn add(&mut self, slot: usize, count: u32) {
        match self.counts[slot].checked_add(count) {
            Some(sum) => self.counts[slot] = sum,
            None => self.overflow(slot, u64::from(count)),
        }
    }

    fn add_many(&mut self, slot: usize, count: u64) {
        match u32::try_from(count) {
            Ok(count) => self.add(slot, count),
            Err(_) => self.overflow(slot, count),
        }
    }

    #[cold]
    fn overflow(&mut self, slot: usize, count: u64) {
        self.more.resize(self.counts.len(), 0);
        self.more[slot] += count;
    }

    fn count(&self, slot: usize) -> u64 {
        let more = self.more.get(slot).copied().unwrap_or(0);
        u64::from(self.counts[slot]) + more
    }

    /// The place of an octave, which is made if there is none.
    fn place(&mut self, octave: usize) -> usize {
        if self.places.is_empty() {
            self.places.resize(OCTAVES, 0);
            for (octave, number) in self.octaves.iter().zip(1..) {
                self.places[*octave as usize] = number;
            }
        }
        if self.places[octave] == 0 {
            self.octaves.push(octave as u64);
            self.counts.resize(self.octaves.len() << self.bits, 0);
            self.places[octave] = self.octaves.len() as u16;
        }
        usize::from(self.places[octave]) - 1
    }

    /// The buckets with counts, in rising order.
    pub(super) fn rising(&self) -> impl Iterator<Item = Bucket> {
        let width = 52 - self.bits;
        let mut octaves: Vec<(u64, usize)> = self.octaves.iter().copied().zip(0..).collect();
        octaves.sort_unstable();
        let slots = octaves.into_iter().flat_map(move |(octave, place)| {
            let first = place << self.bits;
            (0..1_u64 << self.bits).map(move |within| (octave, within, first + within as usize))
        });
        slots.filter_map(move |(octave, within, slot)| {
            let count = self.count(slot);
            let low = (octave << self.bits | within) << width;
            (count > 0).then(|| Bucket {
                lower: self.scale.value(value_of(low), -1.0),
                upper: self.scale.value(value_of(low | ((1 << width) - 1)), 1.0),
                count,
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_beyond_four_bytes_are_whole() {
        let mut one = Buckets::new(4, Scale::PLAIN);
        one.extend(&[3.0, 3.0, 3.0, -7.5]);
        // Doubled until a bucket holds three times 2^40.
        for _ in 0..40 {
            let same = one.clone();
            one.merge(&same);
        }
        let counts: Vec<u64> = one.rising().map(|bucket| bucket.count).collect();
        assert_eq!(counts, [1 << 40, 3 << 40]);
        // The same by another way: all at once, then one more by one more.
        let mut other = Buckets::new(4, Scale::PLAIN);
        other.tally(3.0, (3 << 40) - 1);
        other.tally(-7.5, 1 << 40);
        assert_ne!(one, other);
        other.extend(&[3.0]);
        assert_eq!(one, other);
        other.extend(&[3.0, 1e-3]);
        let counts: Vec<u64> = other.rising().map(|bucket| bucket.count).collect();
        assert_eq!(counts, [1 << 40, 1, (3 << 40) + 1]);
    }

    #[test]
    fn a_counter_runs_over_by_single_values() {
        let mut buckets = Buckets::new(4, Scale::PLAIN);
        buckets.tally(1.0, u64::from(u32::MAX) - 1);
        buckets.extend(&[1.0; 5]);
        let found = buckets.rising().next().unwrap();
        assert_eq!(found.count, u64::from(u32::MAX) + 4);
        assert!(found.lower.to_bits() == 1.0_f64.to_bits());
        assert!(found.upper < 1.0625 && found.upper > 1.062);
    }
}
