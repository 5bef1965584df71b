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
    seed: u64,
    /// σ_d, where there are whole blocks.
    blocks: Option<Shape>,
    /// Normal scores of a whole block and of the rest.
    scores: [Vec<f64>; 2],
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
            (0..m).map(score).collect()
        };
        Some(Self {
            latin: Latin::new(draws, seed),
            correlation: correlation.clone(),
            draws,
            seed,
            blocks: (whole > 0).then(|| Shape::new(whole)),
            scores: [
                scores(if whole > 0 { BLOCK } else { 0 }),
                scores(draws % BLOCK),
            ],
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
            for (&d, ranks) in self.correlation.dims().iter().zip(self.ranks(&here)) {
                let column = &mut block[d * rows..(d + 1) * rows];
                let places = &mut column[(next - first) as usize..(upto - first) as usize];
                let of = self.dimension(d, &here);
                let ranks = &ranks[(next - start) as usize..];
                for (place, rank) in places.iter_mut().zip(ranks) {
                    *place = self.latin.place(d, of.stratum(u64::from(*rank)));
                }
            }
            next = upto;
        }
    }

    /// The ranks of a block's draws in every correlated dimension.
    fn ranks(&self, block: &Block) -> Vec<Vec<u16>> {
        let (m, dims) = (block.size, self.correlation.dims());
        let scores = &self.scores[usize::from(block.is_rest)];
        let shuffled: Vec<Vec<f64>> = dims
            .iter()
            .map(|d| self.shuffle(*d, block, scores))
            .collect();
        let squares: f64 = scores.iter().map(|s| s * s).sum();
        let chance = chance(&shuffled, squares);
        let mut tied = vec![vec![0.0; m]; dims.len()];
        let mut z = vec![0.0; dims.len()];
        for j in 0..m {
            for i in 0..dims.len() {
                let own = shuffled[i][j];
                z[i] = match &chance {
                    // Forward substitution: Q z = s.
                    Some(q) => {
                        let known: f64 = q[i].iter().zip(&z[..i]).map(|(q, z)| q * z).sum();
                        (own - known) / q[i][i]
                    }
                    None => own,
                };
                let row = self.correlation.lower(i);
                tied[i][j] = row.iter().zip(&z).map(|(l, z)| l * z).sum();
            }
        }
        tied.iter().map(|scores| order(scores)).collect()
    }

    /// Scores in a random order (Fisher and Yates).
    fn shuffle(&self, d: usize, block: &Block, scores: &[f64]) -> Vec<f64> {
        let rng = Rng::of(self.seed, Purpose::Strata, d);
        let mut scores = scores.to_vec();
        for j in (1..scores.len()).rev() {
            // Beyond the numbers that order the blocks and turn their strata.
            let bits = rng.u64((block.number + 2) * BLOCK + j as u64);
            scores.swap(j, below(bits, j as u64 + 1) as usize);
        }
        scores
    }

    fn dimension(&self, d: usize, block: &Block) -> Dimension {
        let rng = Rng::of(self.seed, Purpose::Strata, d);
        let whole = self.draws / BLOCK;
        let rest = self.draws % BLOCK;
        let order = self.blocks.map(|shape| shape.keyed(rng.u64(0)));
        let turn = |order: Permutation| order.apply(block.number);
        Dimension {
            rng,
            draws: self.draws,
            whole,
            rest,
            turn: order.filter(|_| !block.is_rest).map(turn),
        }
    }
}

/// How a block shares in the strata of one dimension.
struct Dimension {
    rng: Rng,
    draws: u64,
    /// Whole blocks, and draws of the rest.
    whole: u64,
    rest: u64,
    /// σ_d of the block; none for the rest.
    turn: Option<u64>,
}

impl Dimension {
    /// The stratum of a rank within the block.
    fn stratum(&self, rank: u64) -> u64 {
        let Some(turn) = self.turn else {
            return self.of_rest(rank);
        };
        let offset = below(self.rng.u64(1 + rank), self.whole);
        let number = rank * self.whole + (turn + offset) % self.whole;
        // Past the strata of the rest that come before it.
        let (mut low, mut high) = (0, self.rest);
        while low < high {
            let middle = u64::midpoint(low, high);
            if self.of_rest(middle) <= number + middle {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        number + low
    }

    /// The strata of the rest, evenly over all.
    fn of_rest(&self, j: u64) -> u64 {
        (2 * j + 1) * self.draws / (2 * self.rest)
    }
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
    let mut rising: Vec<u16> = (0..scores.len() as u16).collect();
    let at = |j: u16| scores[usize::from(j)];
    rising.sort_unstable_by(|a, b| at(*a).total_cmp(&at(*b)).then(a.cmp(b)));
    let mut ranks = vec![0; scores.len()];
    for (rank, j) in (0..).zip(rising) {
        ranks[usize::from(j)] = rank;
    }
    ranks
}
