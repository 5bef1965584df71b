//! A keyed permutation of 0..n computed element by element: no table, no state.
//!
//! A number i < n is written as (l, r) in a box of a × b cells, a = ⌈√n⌉ and
//! b = ⌈n/a⌉, and goes through the rounds of a Feistel network in which addition
//! modulo a or b takes the place of the exclusive or:
//!
//! ```text
//! l ← (l + F_k(r)) mod a        (even rounds)
//! r ← (r + F_k(l)) mod b        (odd rounds)
//! ```
//!
//! Each round can be undone, so the whole is a permutation of the box. A result
//! beyond n goes through the network again ("cycle walking"); as a·b − n < a this
//! happens to fewer than one number in √n.
//!
//! Source: J. Black, P. Rogaway, "Ciphers with arbitrary finite domains", CT-RSA
//! 2002 (generalised Feistel, cycle walking). The reduction of a hash to 0..a by
//! multiplication is D. Lemire's, ACM TOMACS 29 (2019).

use super::rng::mix;

/// Rounds of the network. Six leave no trace in the tests, down to n = 2.
const ROUNDS: usize = 6;

/// The box of a permutation of 0..n, shared by all keys.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    n: u64,
    rows: u64,
    columns: u64,
}

impl Shape {
    /// The box for 0..n, n ≥ 1 and below 2⁶².
    pub(super) const fn new(n: u64) -> Self {
        let root = n.isqrt();
        let rows = if root * root == n { root } else { root + 1 };
        Self { n, rows, columns: n.div_ceil(rows) }
    }

    /// The permutation that belongs to `key`.
    pub(super) fn keyed(self, key: u64) -> Permutation {
        let mut keys = [0; ROUNDS];
        for (round, slot) in (1_u64..).zip(&mut keys) {
            *slot = mix(key.wrapping_add(round.wrapping_mul(0x9e37_79b9_7f4a_7c15)));
        }
        Permutation { shape: self, keys }
    }
}

/// One permutation of 0..n.
#[derive(Debug, Clone, Copy)]
pub(super) struct Permutation {
    shape: Shape,
    keys: [u64; ROUNDS],
}

impl Permutation {
    /// Where `i` goes.
    pub(super) fn apply(&self, i: u64) -> u64 {
        self.walk(i / self.shape.columns, i % self.shape.columns)
    }

    /// Calls `use_it(k, image)` for the images of `first`, `first + 1`, … , the
    /// k-th of `count`, without a division per number.
    #[inline]
    pub(super) fn each(&self, first: u64, count: usize, mut use_it: impl FnMut(usize, u64)) {
        let (mut l, mut r) = (first / self.shape.columns, first % self.shape.columns);
        for k in 0..count {
            use_it(k, self.walk(l, r));
            r += 1;
            if r == self.shape.columns {
                (l, r) = (l + 1, 0);
            }
        }
    }

    /// Goes through the network until the result is below n.
    #[inline]
    fn walk(&self, mut l: u64, mut r: u64) -> u64 {
        let Shape { n, rows, columns } = self.shape;
        loop {
            for pair in self.keys.as_chunks::<2>().0 {
                l = add(l, hash(r, pair[0], rows), rows);
                r = add(r, hash(l, pair[1], columns), columns);
            }
            let image = l * columns + r;
            if image < n {
                return image;
            }
        }
    }
}

/// a + b modulo m, for a, b < m.
#[inline]
const fn add(a: u64, b: u64, m: u64) -> u64 {
    let sum = a + b;
    if sum >= m { sum - m } else { sum }
}

/// A number below `range` (< 2³²) from `x` and a round's key.
#[inline]
const fn hash(x: u64, key: u64, range: u64) -> u64 {
    let h = x.wrapping_add(key).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let h = (h ^ (h >> 32)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((h >> 32) * range) >> 32
}
