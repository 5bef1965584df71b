//! What the machine can do, measured with the widest vectors that it has.
//!
//! Every function returns the numbers of double precision that it went through, so
//! that a rate is that over the time it took.

// The vector width is chosen at run time; what runs under it has to be inlined there.
#![allow(clippy::inline_always)]

use pulp::{Arch, Simd, WithSimd};
use std::hint::black_box;

/// Independent sums: two a cycle over a latency of four or five take ten.
const SUMS: usize = 12;
/// Sums of a stream, and vectors of one turn.
const STREAMS: usize = 10;
/// Bytes of a cache line.
const LINE: usize = 64;
/// Turns of a loop in one call.
const TURNS: usize = 4096;

/// Fused multiply-adds that wait for nothing but themselves.
struct Fma;

impl WithSimd for Fma {
    type Output = f64;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> f64 {
        let a = simd.splat_f64s(black_box(0.999_999));
        let b = simd.splat_f64s(black_box(1e-6));
        let mut sums = [simd.splat_f64s(black_box(1.0)); SUMS];
        for _ in 0..TURNS {
            for sum in &mut sums {
                *sum = simd.mul_add_e_f64s(*sum, a, b);
            }
        }
        for sum in sums {
            black_box(simd.reduce_sum_f64s(sum));
        }
        (TURNS * SUMS * S::F64_LANES) as f64
    }
}

/// Divisions that wait for nothing but themselves.
struct Divide;

impl WithSimd for Divide {
    type Output = f64;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> f64 {
        let a = simd.splat_f64s(black_box(1.000_001));
        let mut values = [simd.splat_f64s(black_box(1.1)); SUMS];
        for _ in 0..TURNS / 16 {
            for value in &mut values {
                *value = simd.div_f64s(*value, a);
            }
        }
        for value in values {
            black_box(simd.reduce_sum_f64s(value));
        }
        (TURNS / 16 * SUMS * S::F64_LANES) as f64
    }
}

/// Loads from a buffer, each the operand of a fused multiply-add.
struct Load<'a>(&'a [f64]);

impl WithSimd for Load<'_> {
    type Output = f64;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> f64 {
        let a = simd.splat_f64s(black_box(1.000_001));
        let mut sums = [simd.splat_f64s(0.0); STREAMS];
        let (vectors, _) = S::as_simd_f64s(self.0);
        let (groups, _) = vectors.as_chunks::<STREAMS>();
        for group in groups {
            for (sum, vector) in sums.iter_mut().zip(group) {
                *sum = simd.mul_add_e_f64s(*vector, a, *sum);
            }
        }
        for sum in sums {
            black_box(simd.reduce_sum_f64s(sum));
        }
        (groups.len() * STREAMS * S::F64_LANES) as f64
    }
}

/// Stores to a buffer.
struct Store<'a>(&'a mut [f64]);

impl WithSimd for Store<'_> {
    type Output = f64;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> f64 {
        let value = simd.splat_f64s(black_box(1.5));
        let (vectors, _) = S::as_mut_simd_f64s(self.0);
        let (groups, _) = vectors.as_chunks_mut::<STREAMS>();
        let stored = groups.len() * STREAMS * S::F64_LANES;
        for group in groups {
            for vector in group {
                *vector = value;
            }
        }
        stored as f64
    }
}

/// Lanes of the widest vector.
struct Lanes;

impl WithSimd for Lanes {
    type Output = usize;

    fn with_simd<S: Simd>(self, _: S) -> usize {
        S::F64_LANES
    }
}

/// Numbers in the widest vector.
pub fn lanes() -> usize {
    Arch::new().dispatch(Lanes)
}

/// Fused multiply-adds.
pub fn fma() -> f64 {
    Arch::new().dispatch(Fma)
}

/// Divisions.
pub fn divide() -> f64 {
    Arch::new().dispatch(Divide)
}

/// Zeros from a boundary of cache lines on, so that no vector lies across two.
pub struct Buffer {
    memory: Vec<f64>,
    start: usize,
    length: usize,
}

impl Buffer {
    /// `length` numbers.
    pub fn new(length: usize) -> Self {
        let memory = vec![0.0; length + LINE / 8];
        let start = memory.as_ptr().align_offset(LINE);
        Self {
            memory,
            start,
            length,
        }
    }
}

/// Loads with a fused multiply-add each; passes enough to last as long as [`fma`].
pub fn load(buffer: &Buffer) -> f64 {
    let buffer = &buffer.memory[buffer.start..][..buffer.length];
    let arch = Arch::new();
    let pass = || arch.dispatch(Load(black_box(buffer)));
    (0..passes(buffer.len())).map(|_| pass()).sum()
}

/// Stores.
pub fn store(buffer: &mut Buffer) -> f64 {
    let buffer = &mut buffer.memory[buffer.start..][..buffer.length];
    let arch = Arch::new();
    let turns = passes(buffer.len());
    let mut pass = || {
        let stored = arch.dispatch(Store(&mut *buffer));
        black_box(&mut *buffer);
        stored
    };
    (0..turns).map(|_| pass()).sum()
}

fn passes(length: usize) -> usize {
    (1 << 18) / length
}

/// Cycles of a chain of dependent steps: exclusive or (1) and 64-bit product (3 on
/// every x86-64 core of the last fifteen years).
pub fn cycles() -> f64 {
    const STEPS: u32 = 1 << 15;
    let (mask, factor) = (
        black_box(0x9e37_79b9_u64),
        black_box(0x2545_f491_4f6c_dd1d_u64),
    );
    let mut x = black_box(1_u64);
    for _ in 0..STEPS {
        x = (x ^ mask).wrapping_mul(factor);
    }
    black_box(x);
    f64::from(STEPS) * 4.0
}
