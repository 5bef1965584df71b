//! Sobol sequence with Joe and Kuo's direction numbers, plain or Owen-scrambled.
//!
//! # The sequence
//! Dimension d has a primitive polynomial of degree s over GF(2) with inner
//! coefficients a_1 … a_{s−1}, and odd initial numbers m_1 … m_s. With v_k the
//! binary fraction m_k/2ᵏ,
//!
//! ```text
//! v_k = a_1 v_{k−1} ⊕ … ⊕ a_{s−1} v_{k−s+1} ⊕ v_{k−s} ⊕ (v_{k−s} >> s)      k > s
//! x(i) = ⊕ { v_{k+1} : bit k of i ⊕ (i >> 1) is 1 }
//! ```
//!
//! (Gray-code order, as in `scipy.stats.qmc.Sobol`, whose unscrambled points these
//! equal.) Point i+1 is point i ⊕ v_{c+1}, c the number of trailing zeros of i+1:
//! blocks go that way, a block's first point by the sum; both give the same bits.
//!
//! Any 2ᵐ consecutive points from a multiple of 2ᵐ on hold one point in each of the
//! 2ᵐ equal intervals of every dimension.
//!
//! # The scramble
//! Owen's nested uniform scramble flips digit k of a point by a random bit that
//! depends on the digits before it. It keeps the balance above, makes every point
//! uniform in [0, 1), removes point 0 from the corner, and for smooth functions
//! lowers the error of a mean from O(n⁻¹) to about O(n^−1.5).
//!
//! Here the first 8 digits (255 flips) come from a table, exactly; behind each of
//! the 256 places the remaining digits go through the hash of Laine and Karras with
//! a key of that place. On the digits in reversed order (first digit lowest) it
//! uses only x ⊕ x·even, + and ·odd, in which a bit depends on lower bits only:
//! that is the nesting.
//!
//! Points do not depend on how many are drawn: a longer sample continues a shorter.
//!
//! Sources: S. Joe, F. Y. Kuo, SIAM J. Sci. Comput. 30 (2008) 2635; A. B. Owen,
//! "Randomly permuted (t,m,s)-nets and (t,s)-sequences", 1995; S. Laine, T. Karras,
//! "Stratified sampling for stochastic transparency", CGF 30 (2011); B. Burley,
//! "Practical hash-based Owen scrambling", JCGT 9 (2020).

use super::rng::{Purpose, Rng, UNIT};

/// The table of direction numbers; its head carries source and licence.
const JOE_KUO: &str = include_str!("joe_kuo.txt");

/// Dimensions the table reaches.
pub(super) const MOST_DIMS: usize = 2048;

/// Digits that are scrambled by table, and the table's length.
const TOP: u32 = 8;
const LEAVES: usize = 1 << TOP;

/// A Sobol sequence of fixed dimension and length.
#[derive(Debug, Clone)]
pub(super) struct Sobol {
    /// Direction numbers per dimension, and one 0 after the last.
    stride: usize,
    /// Direction numbers with digits reversed (bit k is digit k+1).
    numbers: Vec<u64>,
    /// One table per dimension if scrambled.
    scrambles: Option<Vec<[u64; LEAVES]>>,
}

impl Sobol {
    /// `dims` ≤ [`MOST_DIMS`]; enough direction numbers for indices below `draws`.
    pub(super) fn new(dims: usize, draws: u64, scramble: Option<u64>) -> Self {
        let bits = (u64::BITS - (draws - 1).leading_zeros()).max(1) as usize;
        let stride = bits + 1;
        let mut numbers = Vec::with_capacity(dims * stride);
        let mut rows = JOE_KUO.lines().filter(|line| !line.starts_with('#'));
        for d in 0..dims {
            let row = if d == 0 { None } else { rows.next() };
            numbers.extend(directions(row, bits));
            numbers.push(0);
        }
        let scrambles = scramble.map(|seed| (0..dims).map(|d| scramble_table(seed, d)).collect());
        Self {
            stride,
            numbers,
            scrambles,
        }
    }

    /// Coordinates `d` of the points from `first` on.
    pub(super) fn column(&self, d: usize, first: u64, out: &mut [f64]) {
        match &self.scrambles {
            None => self.each(d, first, out, |x| x),
            Some(tables) => {
                let table = &tables[d];
                self.each(d, first, out, |x| scrambled(x, table));
            }
        }
    }

    /// Coordinate `d` of one point.
    pub(super) fn coordinate(&self, d: usize, index: u64) -> f64 {
        let x = self.digits(d, index);
        let x = self
            .scrambles
            .as_ref()
            .map_or(x, |tables| scrambled(x, &tables[d]));
        fraction(x)
    }

    /// Walks along the Gray code and writes `change` of every point.
    #[inline]
    fn each(&self, d: usize, first: u64, out: &mut [f64], change: impl Fn(u64) -> u64) {
        let numbers = &self.numbers[d * self.stride..(d + 1) * self.stride];
        let mut x = self.digits(d, first);
        for (next, slot) in (first + 1..).zip(out) {
            *slot = fraction(change(x));
            x ^= numbers[next.trailing_zeros() as usize];
        }
    }

    /// The digits of one point, reversed.
    fn digits(&self, d: usize, index: u64) -> u64 {
        let numbers = &self.numbers[d * self.stride..(d + 1) * self.stride];
        let mut gray = index ^ (index >> 1);
        let mut x = 0;
        while gray != 0 {
            x ^= numbers[gray.trailing_zeros() as usize];
            gray &= gray - 1;
        }
        x
    }
}

/// The number whose binary digits are the bits of `x` from the lowest up.
#[inline]
const fn fraction(x: u64) -> f64 {
    (x.reverse_bits() >> 11) as f64 * UNIT
}

/// The first `bits` direction numbers of a row of the table (`None`: dimension 1,
/// where every m_k is 1), reversed.
fn directions(row: Option<&str>, bits: usize) -> Vec<u64> {
    let Some(row) = row else {
        return (0..bits).map(|k| 1 << k).collect();
    };
    let mut fields = row
        .split(' ')
        .skip(1)
        .map(|field| field.parse().unwrap_or(0_u64));
    let s = fields.next().unwrap_or(1) as usize;
    let inner = fields.next().unwrap_or(0);
    // v_k as a fraction of 2⁶⁴.
    let mut v: Vec<u64> = fields.zip(1..).map(|(m, k)| m << (64 - k)).collect();
    for k in s..bits.max(s) {
        let mut next = v[k - s] ^ (v[k - s] >> s);
        for j in 1..s {
            if (inner >> (s - 1 - j)) & 1 == 1 {
                next ^= v[k - j];
            }
        }
        v.push(next);
    }
    v.iter()
        .take(bits)
        .map(|number| number.reverse_bits())
        .collect()
}

/// For each value of the first 8 digits: in the low 8 bits the scrambled digits, in
/// the other 56 the key for the digits behind.
fn scramble_table(seed: u64, d: usize) -> [u64; LEAVES] {
    let rng = Rng::of(seed, Purpose::Scramble, d);
    let flips: [u64; 4] = std::array::from_fn(|word| rng.u64(word as u64));
    std::array::from_fn(|place| {
        let mut digits = place as u64;
        for k in 0..TOP {
            // The nodes of the binary tree, level by level.
            let node = ((1 << k) - 1) + (place & ((1 << k) - 1));
            digits ^= ((flips[node / 64] >> (node % 64)) & 1) << k;
        }
        (rng.u64(4 + place as u64) & !(LEAVES as u64 - 1)) | digits
    })
}

/// Nested uniform scramble of reversed digits.
#[inline]
const fn scrambled(x: u64, table: &[u64; LEAVES]) -> u64 {
    let entry = table[(x & (LEAVES as u64 - 1)) as usize];
    let mut rest = x >> TOP;
    rest ^= rest.wrapping_mul(0x3d20_adea_3d20_adea);
    rest = rest.wrapping_add(entry >> TOP);
    rest = rest.wrapping_mul((entry >> 32) | 1);
    rest ^= rest.wrapping_mul(0x0552_6c56_0552_6c56);
    rest ^= rest.wrapping_mul(0x53a2_2864_53a2_2864);
    (rest << TOP) | (entry & (LEAVES as u64 - 1))
}
