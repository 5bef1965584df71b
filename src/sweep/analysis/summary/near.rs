//! Counts near the center, a byte each, in front of those of [`super::buckets`].
//!
//! Most values lie within a few widths of the center. There the number of a value's bucket
//! needs no table. With b bits and bits(·) the upper 32 bits of a double as a whole number,
//!
//! ```text
//! place   p = |x − c| + w                                    ≥ w
//! number  d = ⌊bits(p) / 2^(20−b)⌋ − 2^b · exponent(w)       ≥ 0
//! slot    s = side + d  for x ≥ c,  side − 1 − d  for x < c  rising with x
//! ```
//!
//! and all of it is done for some vectors at a time. Slots are gathered first and counted
//! later, many of one column after the other: its counters, which are few lines of the
//! cache, are fetched once for all of them. What a byte cannot hold is carried to the
//! counts behind it; what lies further out goes there by itself. No count depends on
//! which of the two ways it went.

// The vector width is chosen at run time; what runs under it has to be inlined there.
#![allow(clippy::inline_always)]

use super::scale::Scale;
use pulp::{Arch, Simd, WithSimd};

/// Powers of two, from that of the width on, that are near: 7 widths at least.
const OCTAVES: u32 = 4;
/// Bits beyond which slots of both sides would not fit their type.
const MOST_BITS: u32 = 12;
/// Values that are gathered before they are counted.
const STAGE: usize = 4096;
/// The slot of a value that is not near: what is counted there is counted elsewhere.
const FAR: u16 = u16::MAX;
/// As many as the type of a slot can tell apart: then no slot has to be held against them.
const SLOTS: usize = 1 << u16::BITS;
/// The upper 12 bits of the key of a positive number: sign and exponent.
const POSITIVE: u64 = 1 << 11;

/// How far a byte counts.
pub(super) const CARRY: u64 = 1 << u8::BITS;

/// Values near the center, counted or still to be.
#[derive(Debug, Clone)]
pub(super) struct Near {
    bits: u32,
    scale: Scale,
    /// Slots on each side.
    side: u32,
    /// The first bucket of the power of two of the width, counted from 0.
    first: u32,
    /// One count a slot, [`SLOTS`] of them; none before the first value.
    counts: Vec<u8>,
    /// Slots to be counted: `gathered` of them.
    stage: Vec<u16>,
    gathered: usize,
    /// Values that are not near.
    far: Vec<f64>,
}

impl Near {
    /// For buckets about a center; `None` if they have no width or are too many.
    pub(super) fn new(bits: u32, scale: Scale) -> Option<Self> {
        let exponent = (scale.width.to_bits() >> 52) as u32;
        let fits = scale.width > 0.0 && bits <= MOST_BITS && exponent + OCTAVES < 0x7ff;
        fits.then(|| Self {
            bits,
            scale,
            side: OCTAVES << bits,
            first: exponent << bits,
            counts: Vec::new(),
            stage: Vec::new(),
            gathered: 0,
            far: Vec::new(),
        })
    }

    /// Values that can be taken at once.
    pub(super) const MOST: usize = STAGE;

    /// Whether nothing has been taken since it was last emptied.
    pub(super) fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// Whether there is room for so many values before those gathered are counted.
    pub(super) fn has_room(&self, values: usize) -> bool {
        self.gathered + values <= STAGE
    }

    /// Gathers finite values, for which there is room.
    pub(super) fn take(&mut self, values: &[f64]) {
        if self.counts.is_empty() {
            self.counts = vec![0; SLOTS];
            self.stage.resize(STAGE, 0);
        }
        let slots = &mut self.stage[self.gathered..][..values.len()];
        let all = Arch::new().dispatch(Placing {
            values,
            scale: self.scale,
            shift: 20 - self.bits,
            first: self.first,
            side: self.side,
            slots,
        });
        if !all {
            let slots = slots.iter().zip(values);
            let far = slots.filter(|(slot, _)| **slot == FAR);
            self.far.extend(far.map(|(_, value)| *value));
        }
        self.gathered += values.len();
    }

    /// Counts what is gathered, but for what is far; the buckets to which [`CARRY`] more
    /// are to be added, as the upper bits of their keys.
    pub(super) fn count(&mut self) -> Vec<u64> {
        let mut full = Vec::new();
        let Some(counts) = self.counts.first_chunk_mut::<SLOTS>() else {
            return Vec::new();
        };
        for slot in &self.stage[..self.gathered] {
            let count = &mut counts[usize::from(*slot)];
            *count = count.wrapping_add(1);
            if *count == 0 {
                note(&mut full, *slot);
            }
        }
        self.gathered = 0;
        let near = full.into_iter().filter(|slot| *slot != FAR);
        near.map(|slot| self.key(slot)).collect()
    }

    /// What was not near, in exchange for an empty list.
    pub(super) fn far(&mut self, empty: Vec<f64>) -> Vec<f64> {
        std::mem::replace(&mut self.far, empty)
    }

    /// Gives away all counts: the upper bits of keys, and how many. Nothing may be left
    /// gathered.
    pub(super) fn empty(&mut self) -> Vec<(u64, u64)> {
        let counts = std::mem::take(&mut self.counts);
        self.stage = Vec::new();
        let near = (0..).zip(counts.iter().take(2 * self.side as usize));
        let near = near.filter(|(_, count)| **count > 0);
        near.map(|(slot, count)| (self.key(slot), u64::from(*count)))
            .collect()
    }

    /// The upper `12 + bits` bits of the keys in a slot.
    fn key(&self, slot: u16) -> u64 {
        // Keys of negative numbers are those of positive ones, mirrored at the sign.
        let (slot, side) = (u64::from(slot), u64::from(self.side));
        let (sign, first) = (POSITIVE << self.bits, u64::from(self.first));
        match slot.checked_sub(side) {
            Some(number) => sign + first + number,
            None => sign - 1 - first - (side - 1 - slot),
        }
    }
}

/// Rarely done: kept out of the loop that counts.
#[cold]
#[inline(never)]
fn note(full: &mut Vec<u16>, slot: u16) {
    full.push(slot);
}

/// Values whose slots are to be found.
struct Placing<'a> {
    values: &'a [f64],
    scale: Scale,
    shift: u32,
    first: u32,
    side: u32,
    slots: &'a mut [u16],
}

impl WithSimd for Placing<'_> {
    /// Whether all values are near.
    type Output = bool;

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> bool {
        let Self {
            values,
            scale,
            shift,
            first,
            side,
            slots,
        } = self;
        let mut furthest = 0;
        for (slot, value) in slots.iter_mut().zip(values) {
            let (off, place) = scale.off(*value);
            let number = ((place.to_bits() >> 32) as u32 >> shift).wrapping_sub(first);
            let sign = ((off.to_bits() >> 32) as u32).cast_signed() >> 31;
            let here = side.wrapping_add(number ^ sign.cast_unsigned());
            *slot = if number < side { here as u16 } else { FAR };
            furthest = number.max(furthest);
        }
        furthest < side
    }
}
