//! A counter-based random source: the number at an index, without the numbers
//! before it.
//!
//! A generator with a state gives other numbers when draws are computed in
//! another order or on another number of threads. Here a number is a function of
//! (seed, stream, index), made of integer operations only, so its bits are the
//! same in any order, on any thread and on any platform.
//!
//! # Construction
//! With γ = 0x9e3779b97f4a7c15 (odd, 2⁶⁴/φ) and `mix` the finaliser of SplitMix64,
//!
//! ```text
//! key   = mix( mix(seed + γ) + stream · 0xd1342543de82ef95 )
//! salt  = mix( key ^ 0x6a09e667f3bcc908 )
//! z     = key + (index + 1) · γ
//! value = mix(z), the salt being exclusive-ored in after mix's first multiplication
//! ```
//!
//! Every step from stream to key is a bijection, so two streams of one seed never
//! share a key. The salt keeps streams apart whose counters happen to cross:
//! without it they would repeat each other's numbers from there on.
//!
//! Sources: G. L. Steele, D. Lea, C. H. Flood, "Fast splittable pseudorandom number
//! generators", OOPSLA 2014 (SplitMix64, with Stafford's variant 13 of the
//! finaliser); J. K. Salmon et al., "Parallel random numbers: as easy as 1, 2, 3",
//! SC 2011 (why counters).

/// The golden-ratio increment of SplitMix64.
const GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;

/// 2⁻⁵³: a number's top 53 bits times this lie in [0, 1).
pub(super) const UNIT: f64 = 1.0 / (1_u64 << 53) as f64;

/// SplitMix64's finaliser: a bijection of 64 bits in which every input bit changes
/// every output bit with a probability close to one half.
pub(super) const fn mix(z: u64) -> u64 {
    finish(z, 0)
}

/// The finaliser with a salt after its first multiplication.
#[inline]
const fn finish(z: u64, salt: u64) -> u64 {
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9) ^ salt;
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// What a stream is for. Purposes keep the designs' streams, and a caller's own
/// (purpose 0), from meeting under one seed.
#[derive(Debug, Clone, Copy)]
pub(super) enum Purpose {
    Random = 1,
    Latin,
    Scramble,
    MorrisOrder,
    MorrisStart,
    Strata,
    Error,
}

/// One stream of random numbers, addressed by index.
///
/// # Examples
/// ```
/// use jianpai_sweep::design::Rng;
/// let rng = Rng::new(2015, 7);
/// assert_eq!(rng.u64(1_000_000), Rng::new(2015, 7).u64(1_000_000));
/// assert!((0.0..1.0).contains(&rng.u01(0)));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rng {
    key: u64,
    salt: u64,
}

impl Rng {
    /// The stream `stream` of `seed`. Streams from 2⁴⁸ on are the designs' own.
    pub const fn new(seed: u64, stream: u64) -> Self {
        let key =
            mix(mix(seed.wrapping_add(GAMMA))
                .wrapping_add(stream.wrapping_mul(0xd134_2543_de82_ef95)));
        Self {
            key,
            salt: mix(key ^ 0x6a09_e667_f3bc_c908),
        }
    }

    /// Stream `number` of a purpose.
    pub(super) const fn of(seed: u64, purpose: Purpose, number: usize) -> Self {
        Self::new(seed, ((purpose as u64) << 48) | number as u64)
    }

    /// The stream of what is called `name` in the file: draws of the model's error. It
    /// depends on the name alone, not on what else there is (FNV-1a, folded to 48 bits).
    pub(crate) fn named(seed: u64, name: &str) -> Self {
        let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        let folded = (hash ^ (hash >> 48)) & ((1 << 48) - 1);
        Self::new(seed, ((Purpose::Error as u64) << 48) | folded)
    }

    /// The 64 bits at `index`.
    #[inline]
    pub const fn u64(&self, index: u64) -> u64 {
        finish(
            self.key
                .wrapping_add(index.wrapping_add(1).wrapping_mul(GAMMA)),
            self.salt,
        )
    }

    /// The number at `index`: uniform in [0, 1), a multiple of 2⁻⁵³ (top 53 bits).
    #[inline]
    pub const fn u01(&self, index: u64) -> f64 {
        (self.u64(index) >> 11) as f64 * UNIT
    }

    /// The numbers at `first`, `first + 1`, …
    #[inline]
    pub fn fill(&self, first: u64, out: &mut [f64]) {
        for (index, slot) in (first..).zip(out) {
            *slot = self.u01(index);
        }
    }
}
