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

// The vector width is chosen at run time; what runs under it has to be inlined there.
#![allow(clippy::inline_always)]

use super::rng::mix;

/// Most rounds of the network.
const MOST_ROUNDS: usize = 24;

/// Numbers that go through the network side by side.
pub(super) const LANES: usize = 64;

/// The box of a permutation of 0..n, shared by all keys.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    n: u64,
    rows: u32,
    columns: u32,
    /// Few numbers need more rounds: a round of a small box is one of few functions.
    rounds: usize,
}

impl Shape {
    /// The box for 0..n, n from 1 to 2⁴⁰.
    pub(super) const fn new(n: u64) -> Self {
        let root = n.isqrt();
        let rows = if root * root == n { root } else { root + 1 };
        let rounds = match n {
            0..64 => MOST_ROUNDS,
            64..1024 => 10,
            _ => 6,
        };
        Self {
            n,
            rows: rows as u32,
            columns: n.div_ceil(rows) as u32,
            rounds,
        }
    }

    /// The permutation that belongs to `key`.
    pub(super) fn keyed(self, key: u64) -> Permutation {
        let mut keys = [0; MOST_ROUNDS];
        for (pair, slots) in (1_u64..).zip(keys[..self.rounds].chunks_exact_mut(2)) {
            let bits = mix(key.wrapping_add(pair.wrapping_mul(0x9e37_79b9_7f4a_7c15)));
            slots[0] = bits as u32;
            slots[1] = (bits >> 32) as u32;
        }
        Permutation { shape: self, keys }
    }
}

/// One permutation of 0..n.
#[derive(Debug, Clone, Copy)]
pub(super) struct Permutation {
    shape: Shape,
    keys: [u32; MOST_ROUNDS],
}

impl Permutation {
    /// Where `i` goes.
    pub(super) fn apply(&self, i: u64) -> u64 {
        let columns = u64::from(self.shape.columns);
        self.walk((i / columns) as u32, (i % columns) as u32)
    }

    /// Where `first`, `first + 1`, … go; whole lanes side by side.
    #[inline(always)]
    pub(super) fn images(&self, first: u64, out: &mut [u64]) {
        let mut lanes = out.chunks_exact_mut(LANES);
        let mut next = first;
        for block in &mut lanes {
            self.lanes(next, block);
            next += LANES as u64;
        }
        for (i, image) in (next..).zip(lanes.into_remainder()) {
            *image = self.apply(i);
        }
    }

    /// [`LANES`] numbers at once, in loops the compiler turns into vectors.
    #[inline(always)]
    fn lanes(&self, first: u64, out: &mut [u64]) {
        let Shape {
            n,
            rows,
            columns,
            rounds,
        } = self.shape;
        let (mut l, mut r) = self.box_places(first);
        for pair in self.keys[..rounds].chunks_exact(2) {
            for (l, r) in l.iter_mut().zip(&r) {
                *l = add(*l, hash(*r, pair[0], rows), rows);
            }
            for (r, l) in r.iter_mut().zip(&l) {
                *r = add(*r, hash(*l, pair[1], columns), columns);
            }
        }
        for ((image, &l), &r) in out.iter_mut().zip(&l).zip(&r) {
            *image = u64::from(l) * u64::from(columns) + u64::from(r);
        }
        for ((image, &l), &r) in out.iter_mut().zip(&l).zip(&r) {
            if *image >= n {
                *image = self.walk(l, r);
            }
        }
    }

    /// Row and column of `first` and of the numbers after it.
    #[inline(always)]
    fn box_places(&self, first: u64) -> ([u32; LANES], [u32; LANES]) {
        let columns = self.shape.columns;
        let (mut l, mut r) = ([0; LANES], [0; LANES]);
        let mut row = (first / u64::from(columns)) as u32;
        let mut column = (first % u64::from(columns)) as u32;
        let mut done = 0;
        while done < LANES {
            let run = ((columns - column) as usize).min(LANES - done);
            l[done..done + run].fill(row);
            for (r, column) in r[done..done + run].iter_mut().zip(column..) {
                *r = column;
            }
            (row, column, done) = (row + 1, 0, done + run);
        }
        (l, r)
    }

    /// Goes through the network until the result is below n.
    fn walk(&self, mut l: u32, mut r: u32) -> u64 {
        let Shape {
            n,
            rows,
            columns,
            rounds,
        } = self.shape;
        loop {
            for pair in self.keys[..rounds].chunks_exact(2) {
                l = add(l, hash(r, pair[0], rows), rows);
                r = add(r, hash(l, pair[1], columns), columns);
            }
            let image = u64::from(l) * u64::from(columns) + u64::from(r);
            if image < n {
                return image;
            }
        }
    }
}

/// a + b modulo m, for a, b < m < 2³¹.
#[inline(always)]
const fn add(a: u32, b: u32, m: u32) -> u32 {
    let sum = a + b;
    if sum >= m { sum - m } else { sum }
}

/// A number below `range` from `x` and a round's key (multiplications of Wellons's
/// `lowbias32`).
#[inline(always)]
const fn hash(x: u32, key: u32, range: u32) -> u32 {
    let h = x.wrapping_add(key).wrapping_mul(0x7feb_352d);
    let h = (h ^ (h >> 15)).wrapping_mul(0x846c_a68b);
    ((h as u64 * range as u64) >> 32) as u32
}
