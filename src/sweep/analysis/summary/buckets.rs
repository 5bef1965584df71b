//! Counts of values in buckets that cut every power of two of the distance from a center,
//! and a width more, into `2^bits` equal parts.

use super::keys::{key_of, value_of};
use super::near::{CARRY, Near};
use super::scale::Scale;
use std::borrow::Cow;

/// Powers of two of double precision, times two signs.
const OCTAVES: usize = 1 << 12;
/// Values whose counters are found before any of them is counted.
const AT_ONCE: usize = 256;

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
    /// What has not been added to these counts yet.
    near: Option<Near>,
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
            near: Near::new(bits, scale),
        }
    }

    /// Buckets per power of two (2 to the power of this), and where.
    pub(super) fn kind(&self) -> (u32, Scale) {
        (self.bits, self.scale)
    }

    /// Whether nothing has been counted.
    pub(super) fn is_empty(&self) -> bool {
        self.octaves.is_empty() && self.is_settled()
    }

    /// Whether nothing is left near the center that is to be added to the counts.
    fn is_settled(&self) -> bool {
        self.near.as_ref().is_none_or(Near::is_empty)
    }

    /// Counts finite values.
    pub(super) fn extend(&mut self, values: &[f64]) {
        for values in values.chunks(Near::MOST) {
            let Some(near) = &mut self.near else {
                self.spread(values);
                continue;
            };
            if !near.has_room(values.len()) {
                self.gathered();
            }
            if let Some(near) = &mut self.near {
                near.take(values);
            }
        }
    }

    /// Counts what has been gathered near the center.
    fn gathered(&mut self) {
        let Some(near) = &mut self.near else {
            return;
        };
        let (full, mut far) = (near.count(), near.far(Vec::new()));
        for key in full {
            self.tally_key(key, CARRY);
        }
        self.spread(&far);
        far.clear();
        if let Some(near) = &mut self.near {
            near.far(far);
        }
    }

    /// Adds what has been counted near the center: what is asked for from then on is found
    /// at once.
    pub(super) fn settle(&mut self) {
        self.gathered();
        let Some(near) = &mut self.near else {
            return;
        };
        for (key, count) in near.empty() {
            self.tally_key(key, count);
        }
    }

    /// The same, settled.
    fn settled(&self) -> Cow<'_, Self> {
        if self.is_settled() {
            return Cow::Borrowed(self);
        }
        let mut own = self.clone();
        own.settle();
        Cow::Owned(own)
    }

    /// Counts finite values wherever they lie.
    fn spread(&mut self, values: &[f64]) {
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
        self.tally_key(key_of(self.scale.place(value)) >> (52 - self.bits), count);
    }

    /// Adds to the bucket with these upper `12 + bits` bits of its keys.
    pub(super) fn tally_key(&mut self, key: u64, count: u64) {
        let place = self.place((key >> self.bits) as usize);
        let within = key as usize & ((1 << self.bits) - 1);
        self.add_many(place << self.bits | within, count);
    }

    /// Takes in the counts of others of as many bits.
    pub(super) fn merge(&mut self, other: &Self) {
        let other = &*other.settled();
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

    /// The octaves in rising order, with their places.
    fn octaves(&self) -> Vec<(u64, usize)> {
        let mut octaves: Vec<(u64, usize)> = self.octaves.iter().copied().zip(0..).collect();
        octaves.sort_unstable();
        octaves
    }

    /// What the bucket `within` an octave of a place may hold, and how many it holds.
    fn bucket(&self, (octave, place): (u64, usize), within: usize) -> Bucket {
        let width = 52 - self.bits;
        let low = (octave << self.bits | within as u64) << width;
        Bucket {
            lower: self.scale.value(value_of(low), -1.0),
            upper: self.scale.value(value_of(low | ((1 << width) - 1)), 1.0),
            count: self.count(place << self.bits | within),
        }
    }

    /// The buckets with counts, in rising order.
    pub(super) fn rising(&self) -> impl Iterator<Item = Bucket> {
        let own = self.settled();
        let octaves = own.octaves();
        (0..octaves.len() << own.bits).filter_map(move |number| {
            let within = number & ((1 << own.bits) - 1);
            let found = own.bucket(octaves[number >> own.bits], within);
            (found.count > 0).then_some(found)
        })
    }

    /// The counts that are not nought, in rising order: the upper `12 + bits` bits of the keys
    /// of each bucket, and how many it holds.
    pub(super) fn listed(&self) -> Vec<(u64, u64)> {
        let own = self.settled();
        let within = 1_u64 << own.bits;
        let mut found = Vec::new();
        for (octave, place) in own.octaves() {
            let first = place << own.bits;
            let counts = (0..within)
                .zip(first..)
                .map(|(i, slot)| (i, own.count(slot)));
            let counts = counts.filter(|(_, count)| *count > 0);
            found.extend(counts.map(|(i, count)| (octave << own.bits | i, count)));
        }
        found
    }

    /// The bucket that holds the value of a rank, counted from 0, and how many of its own
    /// come before it; `None` if there are not so many.
    pub(super) fn of_rank(&self, rank: u64) -> Option<(Bucket, u64)> {
        let own = self.settled();
        let mut left = rank;
        for octave in own.octaves() {
            let first = octave.1 << own.bits;
            let slots = first..first + (1 << own.bits);
            let counts = own.counts[slots.clone()].iter().map(|n| u64::from(*n));
            let more = own.more.get(slots.clone()).unwrap_or(&[]);
            let all = counts.sum::<u64>() + more.iter().sum::<u64>();
            if left >= all {
                left -= all;
                continue;
            }
            for slot in slots {
                let count = own.count(slot);
                if left < count {
                    return Some((own.bucket(octave, slot - first), left));
                }
                left -= count;
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    /// Values at and about a center, some of them far from it in widths.
    fn about(scale: Scale) -> impl Strategy<Value = f64> {
        let Scale { center, width } = scale;
        prop_oneof![
            6 => (-3.0..3.0_f64).prop_map(move |z| center + z * width),
            2 => (-20.0..20.0_f64).prop_map(move |z| center + z * width),
            // On the borders of powers of two.
            1 => (0_i32..6, prop::bool::ANY).prop_map(move |(power, up)| {
                let off = 2.0_f64.powi(power) * width;
                center + if up { off } else { -off }
            }),
            1 => Just(center),
            1 => (-300_i32..150, -1.0..1.0_f64).prop_map(|(e, m)| m * 10_f64.powi(e)),
            1 => prop_oneof![Just(0.0), Just(-0.0), Just(1e150), Just(-1e150)],
        ]
        .prop_map(|value| value.clamp(-1e150, 1e150))
    }

    /// A column with the middle and the spread that its counters are told of.
    fn column() -> impl Strategy<Value = (Scale, Vec<f64>)> {
        let center = prop_oneof![Just(0.0), Just(-0.0), -2.0..2.0_f64, -1e12..1e12_f64];
        let width = prop_oneof![
            Just(0.0),
            Just(1.0),
            Just(f64::MIN_POSITIVE / 64.0),
            1e-9..1e9_f64,
            1e290..1e308_f64,
        ];
        let scale = (center, width).prop_map(|(center, width)| Scale { center, width });
        scale.prop_flat_map(|scale| {
            // Few different values, so that bytes run over, or as many as there are draws.
            let few = prop::collection::vec(about(scale), 1..4);
            let many = prop::collection::vec(about(scale), 1..400);
            (Just(scale), prop_oneof![few, many], 1_usize..1500).prop_map(
                |(scale, some, length)| {
                    let column = some.iter().cycle().take(length.max(some.len())).copied();
                    (scale, column.collect())
                },
            )
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn counts_are_those_of_one_by_one(
            (scale, values) in column(),
            bits in 4_u32..=16,
            cut in 1_usize..600,
            repeated in 1_usize..12,
        ) {
            let mut buckets = Buckets::new(bits, scale);
            let mut naive: BTreeMap<u64, u64> = BTreeMap::new();
            for _ in 0..repeated {
                for part in values.chunks(cut) {
                    buckets.extend(part);
                }
                for value in &values {
                    // The equation in words: how far from the center, with its sign, and a
                    // width further; then sign, exponent and the first bits of the rest.
                    let off = (value - scale.center) + 0.0;
                    let size = off.abs() + scale.width;
                    let place = if off.is_sign_negative() { -size } else { size };
                    *naive.entry(key_of(place) >> (52 - bits)).or_default() += 1;
                }
            }
            let lower = |key: u64| scale.value(value_of(key << (52 - bits)), -1.0).to_bits();
            let expected: Vec<(u64, u64)> = naive.iter().map(|(k, n)| (lower(*k), *n)).collect();
            let found = |buckets: &Buckets| -> Vec<(u64, u64)> {
                buckets.rising().map(|b| (b.lower.to_bits(), b.count)).collect()
            };
            // Before and after what is near has been added, and in others.
            prop_assert_eq!(&found(&buckets), &expected);
            let mut merged = Buckets::new(bits, scale);
            merged.merge(&buckets);
            prop_assert_eq!(&found(&merged), &expected);
            buckets.settle();
            prop_assert_eq!(&found(&buckets), &expected);
            prop_assert!(buckets == merged && !buckets.is_empty());
            // More may come afterwards.
            buckets.extend(&values);
            merged.merge(&merged.clone());
            let more: u64 = buckets.rising().map(|bucket| bucket.count).sum();
            prop_assert_eq!(more, ((repeated + 1) * values.len()) as u64);
        }
    }

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
