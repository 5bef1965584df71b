//! Correlated Latin hypercubes: every stratum of every dimension keeps its one point.
//!
//! Iman and Conover (1982) correlate a sample by its ranks: columns are not changed, but
//! put in another order, that of scores which have the correlation wanted. For m draws,
//! with random orders π_d of the normal scores s_1 … s_m (s_r = Φ⁻¹(r/(m+1))),
//!
//! ```text
//! S   = ( s_π_d(j) )            m × k, a column per dimension
//! T   = SᵀS / Σ s²  = Q Qᵀ      the correlation that chance has given it (Cholesky)
//! S*  = S (P Q⁻¹)ᵀ              P Pᵀ = R, the correlation wanted
//! c_d(j) = rank of S*_dj among column d
//! ```
//!
//! and draw j takes stratum c_d(j) of dimension d. The correlation of S* is R exactly; of
//! the ranks it is what R gives (2 sin(π ρ_s/6), [`super::score_of_rank`]), to a few
//! hundredths at m = 20 and to a few thousandths at m = 256.
//!
//! For all n draws at once that takes memory for n ranks a dimension, and no draw could be
//! computed without them. So it is done for blocks of m = 256 draws, which share the n
//! strata out among them. With B = ⌊n/m⌋ whole blocks and a rest of n − B m draws,
//!
//! ```text
//! rest    stratum ⌊(2 j + 1) n / (2 (n − B m))⌋, j = 0 … : evenly over all
//! block b, rank c:   of the other strata, in order, number  c B + (σ_d(b) + o_d(c)) mod B
//! ```
//!
//! with σ_d a keyed permutation of the blocks and o_d(c) a random turn. Each block has
//! one stratum of each m-th part of the range: it is a Latin hypercube of m draws itself,
//! correlated as a whole, and all blocks together have every stratum once. A draw is a
//! function of the seed, n and its index; 256 ranks a dimension are all that is kept. Up
//! to 511 draws the last block is as large as what is left, so that up to 255 draws the
//! method is that of Iman and Conover as it stands.
//!
//! Source: R. L. Iman, W. J. Conover, Commun. Stat. B11 (1982) 311.

use super::latin::Latin;
use super::permute::{Permutation, Shape};
use super::rng::{Purpose, Rng};
use super::{Correlation, Design, Points, normal};

/// Draws of a block.
const BLOCK: u64 = 256;
/// What is too little to divide by in a Cholesky factor.
const LEAST: f64 = 1e-8;

/// The correlated dimensions of a Latin hypercube.
#[derive(Debug, Clone)]
pub struct Strata {
    latin: Latin,
    correlation: Correlation,
    draws: u64,
    /// Normal scores of a whole block and of the rest, and the sums of their squares.
    scores: [(Vec<f64>, f64); 2],
    /// How blocks share in the strata, one entry a correlated dimension.
    shared: Vec<Shared>,
    /// The strata of the rest, less as many as come before them.
    rest: Vec<u64>,
}

/// How the blocks share in the strata of one dimension.
#[derive(Debug, Clone)]
struct Shared {
    rng: Rng,
    /// σ_d, where there are whole blocks.
    order: Option<Permutation>,
    /// o_d(c) by rank, below the number of whole blocks.
    turns: Vec<u64>,
}

/// A block being arranged.
struct Block {
    number: u64,
    size: usize,
    is_rest: bool,
}

impl Strata {
    /// For the points of a Latin hypercube; other designs have no strata to keep.
    pub fn new(points: &Points, correlation: &Correlation) -> Option<Self> {
        if !matches!(points.design(), Design::LatinHypercube) {
            return None;
        }
        let (draws, seed) = (points.len(), points.seed());
        let whole = draws / BLOCK;
        let scores = |m: u64| {
            let score = |r: u64| normal::quantile((r + 1) as f64 / (m + 1) as f64);
            let scores: Vec<f64> = (0..m).map(score).collect();
            let squares = scores.iter().map(|s| s * s).sum();
            (scores, squares)
        };
        let blocks = (whole > 0).then(|| Shape::new(whole));
        let shared = correlation.dims().iter().map(|d| {
            let rng = Rng::of(seed, Purpose::Strata, *d);
            Shared {
                rng,
                order: blocks.map(|shape| shape.keyed(rng.u64(0))),
                turns: (0..BLOCK).map(|c| below(rng.u64(1 + c), whole)).collect(),
            }
        });
        // Evenly over all.
        let rest = draws % BLOCK;
        let of_rest = |j: u64| (2 * j + 1) * draws / (2 * rest) - j;
        Some(Self {
            latin: Latin::new(draws, seed),
            correlation: correlation.clone(),
            draws,
            scores: [scores(if whole > 0 { BLOCK } else { 0 }), scores(rest)],
            shared: shared.collect(),
            rest: (0..rest).map(of_rest).collect(),
        })
    }

    /// Fills the correlated dimensions of a block of draws from `first` on, laid out as by
    /// [`Points::fill`] with `rows` draws per column.
    ///
    /// # Panics
    /// If the block lacks one of the dimensions.
    pub fn fill(&self, first: u64, block: &mut [f64], rows: usize) {
        let end = first + rows as u64;
        let mut next = first;
        while next < end {
            let number = next / BLOCK;
            let start = number * BLOCK;
            let size = BLOCK.min(self.draws - start);
            let is_rest = size < BLOCK;
            let here = Block {
                number,
                size: size as usize,
                is_rest,
            };
            let upto = end.min(start + size);
            let ranks = self.ranks(&here);
            for ((&d, ranks), shared) in self.correlation.dims().iter().zip(ranks).zip(&self.shared)
            {
                let column = &mut block[d * rows..(d + 1) * rows];
                let places = &mut column[(next - first) as usize..(upto - first) as usize];
                let ranks = &ranks[(next - start) as usize..];
                let key = self.latin.key(d);
                let turn = shared.order.filter(|_| !is_rest);
                let turn = turn.map(|order| order.apply(number));
                for (place, rank) in places.iter_mut().zip(ranks) {
                    let rank = usize::from(*rank);
                    let stratum = match turn {
                        Some(turn) => self.of_block(rank, turn + shared.turns[rank]),
                        None => self.rest[rank] + rank as u64,
                    };
                    *place = self.latin.place(key, stratum);
                }
            }
            next = upto;
        }
    }

    /// The ranks of a block's draws in every correlated dimension.
    fn ranks(&self, block: &Block) -> Vec<Vec<u16>> {
        let (m, dims) = (block.size, self.shared.len());
        let (scores, squares) = &self.scores[usize::from(block.is_rest)];
        let mut orders: Vec<Vec<u16>> = self
            .shared
            .iter()
            .map(|shared| shuffled(&shared.rng, block))
            .collect();
        let mut tied: Vec<Vec<f64>> = orders
            .iter()
            .map(|order| order.iter().map(|r| scores[usize::from(*r)]).collect())
            .collect();
        let chance = chance(&tied, *squares);
        // Forward substitution: Q z = s.
        for i in (0..dims).filter(|_| chance.is_some()) {
            let (known, rest) = tied.split_at_mut(i);
            let (own, q) = (&mut rest[0], chance.as_ref().map_or(&[][..], |q| &q[i]));
            let mut sums = vec![-0.0; m];
            for (q, z) in q.iter().zip(&*known) {
                sums.iter_mut().zip(z).for_each(|(sum, z)| *sum += q * z);
            }
            let each = own.iter_mut().zip(&sums);
            each.for_each(|(own, known)| *own = (*own - known) / q[i]);
        }
        // From the last on: each is made of those before it.
        for i in (0..dims).rev() {
            let row = self.correlation.lower(i);
            if i == 0 && row == [1.0] {
                // Divided by a positive number, scores keep their order.
                break;
            }
            let mut sums = vec![-0.0; m];
            for (l, z) in row.iter().zip(&tied) {
                sums.iter_mut().zip(z).for_each(|(sum, z)| *sum += l * z);
            }
            orders[i] = order(&sums);
        }
        orders
    }

    /// The stratum of a rank within a whole block, whose turn is given: up to twice the
    /// number of blocks.
    fn of_block(&self, rank: usize, turn: u64) -> u64 {
        let whole = self.draws / BLOCK;
        let turn = if turn < whole { turn } else { turn - whole };
        let number = rank as u64 * whole + turn;
        // Past the strata of the rest that come before it: about as many as their part of
        // all, and looked at.
        let mut low = (rank * self.rest.len()) >> BLOCK.ilog2();
        while low < self.rest.len() && self.rest[low] <= number {
            low += 1;
        }
        while low > 0 && self.rest[low - 1] > number {
            low -= 1;
        }
        number + low as u64
    }
}

/// The numbers below the size of a block in a random order (Fisher and Yates).
fn shuffled(rng: &Rng, block: &Block) -> Vec<u16> {
    let mut order: Vec<u16> = (0..block.size as u16).collect();
    for j in (1..order.len()).rev() {
        // Beyond the numbers that order the blocks and turn their strata.
        let bits = rng.u64((block.number + 2) * BLOCK + j as u64);
        order.swap(j, below(bits, j as u64 + 1) as usize);
    }
    order
}

/// A number below `n` from random bits.
const fn below(bits: u64, n: u64) -> u64 {
    ((bits as u128 * n as u128) >> 64) as u64
}

/// The rows of Q; none where chance has made some columns the same.
fn chance(columns: &[Vec<f64>], squares: f64) -> Option<Vec<Vec<f64>>> {
    let mut q: Vec<Vec<f64>> = Vec::with_capacity(columns.len());
    for (i, column) in columns.iter().enumerate() {
        let mut row = Vec::with_capacity(i + 1);
        for (j, other) in columns[..=i].iter().enumerate() {
            let product: f64 = column.iter().zip(other).map(|(a, b)| a * b).sum();
            let before = if i == j { &row[..] } else { &q[j][..j] };
            let known: f64 = row.iter().zip(before).map(|(a, b)| a * b).sum();
            let left = product / squares - known;
            if i == j {
                if left.is_nan() || left < LEAST {
                    return None;
                }
                row.push(left.sqrt());
            } else {
                row.push(left / q[j][j]);
            }
        }
        q.push(row);
    }
    Some(q)
}

/// The rank of every score, from 0; of equal ones the earlier first.
fn order(scores: &[f64]) -> Vec<u16> {
    /// Parts of the range.
    const BINS: usize = 256;
    let (least, most) = scores
        .iter()
        .fold((f64::MAX, f64::MIN), |(a, b), s| (a.min(*s), b.max(*s)));
    let scale = (BINS - 1) as f64 / (most - least);
    // Numbers that are none go to the first.
    let bin = |score: f64| ((score - least) * scale) as usize;
    // Counted into parts of the range first: next to nothing is left to be moved then.
    let mut starts = [0_u16; BINS + 1];
    for score in scores {
        starts[bin(*score).min(BINS - 1) + 1] += 1;
    }
    for i in 0..BINS {
        starts[i + 1] += starts[i];
    }
    let mut rising = vec![(0.0, 0_u16); scores.len()];
    for (j, score) in (0..).zip(scores) {
        let next = &mut starts[bin(*score).min(BINS - 1)];
        rising[usize::from(*next)] = (*score, j);
        *next += 1;
    }
    for i in 1..rising.len() {
        let new = rising[i];
        let mut place = i;
        while place > 0 && rising[place - 1].0.total_cmp(&new.0).is_gt() {
            rising[place] = rising[place - 1];
            place -= 1;
        }
        rising[place] = new;
    }
    let mut ranks = vec![0; scores.len()];
    for (rank, (_, j)) in (0..).zip(rising) {
        ranks[usize::from(j)] = rank;
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::design::score_of_rank;
    use nalgebra::DMatrix;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn ranks_are_those_of_a_sort(
            scores in prop::collection::vec(
                prop_oneof![
                    4 => -4.0..4.0_f64,
                    1 => (-3_i32..4).prop_map(f64::from),
                    1 => prop_oneof![Just(0.0), Just(-0.0), Just(1e-300), Just(9e15)],
                ],
                1..300,
            ),
        ) {
            let mut rising: Vec<usize> = (0..scores.len()).collect();
            rising.sort_by(|a, b| scores[*a].total_cmp(&scores[*b]));
            let ranks = order(&scores);
            for (rank, j) in rising.into_iter().enumerate() {
                prop_assert_eq!(usize::from(ranks[j]), rank);
            }
        }
    }

    /// Of whole blocks and the rest together, every stratum has its one place: those of the
    /// rest are left out of the others one by one.
    #[test]
    fn strata_of_blocks_are_what_the_rest_leaves() {
        let tie = DMatrix::from_row_slice(2, 2, &[1.0, 0.3, 0.3, 1.0].map(score_of_rank));
        let tie = Correlation::new(vec![0, 1], &tie).unwrap();
        for draws in [256_u64, 257, 300, 511, 2560, 2561, 2815, 10_000] {
            let points = Points::new(Design::LatinHypercube, 2, draws, 3).unwrap();
            let strata = Strata::new(&points, &tie).unwrap();
            let (whole, rest) = (draws / BLOCK, draws % BLOCK);
            let of_rest: Vec<u64> = (0..rest)
                .map(|j| (2 * j + 1) * draws / (2 * rest))
                .collect();
            let others: Vec<u64> = (0..draws).filter(|s| !of_rest.contains(s)).collect();
            for (number, stratum) in others.into_iter().enumerate() {
                let (rank, turn) = (number as u64 / whole, number as u64 % whole);
                for again in [turn, turn + whole] {
                    assert_eq!(strata.of_block(rank as usize, again), stratum, "{draws}");
                }
            }
        }
    }
}
