//! Counter-based resampling: the choice at a place is a function of the place.

/// Odd constant of SplitMix64 (Steele, Lea and Flood, 2014).
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// The finaliser of SplitMix64 (Stafford's variant 13): a bijection of 64 bits.
const fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A stream of bootstrap indices. Position `j` of replicate `r` under `seed` is
/// always the same, in whatever order positions are asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Resample {
    key: u64,
}

impl Resample {
    /// The stream of one replicate.
    pub(crate) const fn new(seed: u64, replicate: u64) -> Self {
        let key = mix(mix(seed.wrapping_add(STEP)) ^ mix(replicate.wrapping_mul(STEP) ^ !STEP));
        Self { key }
    }

    /// A uniform index below `n` (Lemire, 2019, without rejection: the bias is
    /// below `n / 2^64`).
    pub(crate) const fn index(self, position: u64, n: usize) -> usize {
        let counter = self
            .key
            .wrapping_add(position.wrapping_add(1).wrapping_mul(STEP));
        ((mix(counter) as u128 * n as u128) >> 64) as usize
    }

    /// How often each of `n` rows is drawn when `n` rows are drawn with
    /// replacement.
    pub(crate) fn counts(self, n: usize, counts: &mut Vec<u32>) {
        counts.clear();
        counts.resize(n, 0);
        for position in 0..n as u64 {
            counts[self.index(position, n)] += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_add_up_and_spread_as_poisson() {
        let mut counts = Vec::new();
        Resample::new(7, 3).counts(100_000, &mut counts);
        assert_eq!(counts.iter().sum::<u32>(), 100_000);
        let absent = counts.iter().filter(|c| **c == 0).count() as f64 / 1e5;
        assert!((absent - (-1.0_f64).exp()).abs() < 0.005, "{absent}");
    }

    #[test]
    fn replicates_and_seeds_differ() {
        let first = |s, r| {
            (0..8)
                .map(|j| Resample::new(s, r).index(j, 1000))
                .collect::<Vec<_>>()
        };
        assert_ne!(first(0, 0), first(0, 1));
        assert_ne!(first(0, 0), first(1, 0));
        assert_ne!(first(0, 1), first(1, 0));
        assert_eq!(first(5, 9), first(5, 9));
    }
}
