//! Designs: points of the unit cube, and distributions over it.
//!
//! A design gives every draw a point u in [0, 1]^D; a [`Distribution`] per dimension
//! turns coordinates into values, x_d = F_d⁻¹(u_d), and a [`Correlation`] may tie
//! dimensions together in between.
//!
//! **Draw = f(seed, index).** No draw needs the one before it: any slice of any
//! design can be computed anywhere, in any order and in blocks of any size, with
//! the same bits. Points are made of integer operations and + − × ÷ alone, so they
//! are the same on every platform. Distributions and correlations also use the
//! standard library's `ln` and `exp`, whose last bit may differ between platforms
//! (not between threads or runs).
//!
//! | design | for | draws | points depend on the number of draws |
//! |---|---|---|---|
//! | [`Design::Random`] | Monte Carlo | any | no |
//! | [`Design::LatinHypercube`] | even margins | any | yes |
//! | [`Design::Sobol`] | means, indices, metamodels | best 2ᵐ | no |
//! | [`Design::Saltelli`] | Sobol indices | n·(D+2) or n·(2D+2), best n = 2ᵐ | no |
//! | [`Design::Morris`] | screening | r·(D+1) | no |
//! | [`Design::Grid`], [`Design::List`] | what is wanted | their own | |
//!
//! # Examples
//! ```
//! use jianpai_sweep::design::{Design, Distribution, Points};
//!
//! let points = Points::new(Design::Sobol, 3, 1024, 2015)?;
//! let mut block = vec![0.0; 3 * 256]; // 256 draws, column by column
//! points.fill(512, &mut block); // draws 512 … 767
//! let factor = Distribution::from_range(1.2, 2.0, 3.1)?;
//! factor.apply(&mut block[..256]); // values of dimension 0
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod correlate;
mod distributions;
mod each;
mod grid;
mod latin;
pub mod levels;
mod morris;
pub mod normal;
mod permute;
pub mod recognise;
mod rng;
mod saltelli;
mod sobol;
mod strata;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use thiserror::Error;

pub use correlate::{Correlation, CorrelationError, score_of_rank};
pub use distributions::{Distribution, DistributionError, Quantile};
pub use morris::levels as morris_levels;
pub use rng::Rng;
pub use strata::Strata;

use grid::Grid;
use latin::Latin;
use morris::Morris;
use rng::Purpose;
use saltelli::Saltelli;
use sobol::Sobol;

/// The most draws a design may have: 2⁴⁰ ≈ 1.1·10¹².
pub const MOST_DRAWS: u64 = 1 << 40;

/// The most dimensions of [`Design::Sobol`]; [`Design::Saltelli`] uses two per input.
pub const MOST_SOBOL_DIMS: usize = sobol::MOST_DIMS;

/// How points are laid out in the unit cube.
#[derive(Debug, Clone, PartialEq)]
pub enum Design {
    /// Independent uniform numbers.
    Random,
    /// One point in each of n strata of every dimension (McKay et al. 1979).
    LatinHypercube,
    /// Owen-scrambled Sobol sequence (Joe and Kuo 2008, Owen 1995, Burley 2020).
    Sobol,
    /// The Sobol sequence as it stands, from point 0 (all coordinates 0). For
    /// comparison with other programs; the seed has no effect.
    PlainSobol,
    /// Rows for Sobol indices (Saltelli 2002, 2010) over scrambled Sobol points.
    Saltelli {
        /// Also the rows for second-order indices.
        second_order: bool,
    },
    /// Trajectories for elementary effects (Morris 1991).
    Morris {
        /// Levels p of every input: 2, 4 or more; usually 4.
        levels: u32,
    },
    /// Every combination of levels, ends included, last dimension fastest.
    Grid {
        /// Levels of each dimension; one level stands at 1/2.
        sizes: Vec<u64>,
    },
    /// Given values of the inputs themselves: no distribution is applied to them.
    Values {
        /// One column per dimension, one value per draw.
        columns: Arc<[Vec<f64>]>,
    },
    /// Given points.
    List {
        /// One row per draw, one coordinate in [0, 1] per dimension.
        rows: Arc<[Vec<f64>]>,
    },
}

impl Design {
    /// The design's name in files and on the command line.
    pub const fn id(&self) -> &'static str {
        match self {
            Self::Random => "random",
            Self::LatinHypercube => "latin-hypercube",
            Self::Sobol => "sobol",
            Self::PlainSobol => "plain-sobol",
            Self::Saltelli { .. } => "saltelli",
            Self::Morris { .. } => "morris",
            Self::Grid { .. } => "grid",
            Self::List { .. } | Self::Values { .. } => "list",
        }
    }

    /// Draws that belong together: rows per base sample (Saltelli), points per
    /// trajectory (Morris), otherwise 1. n base samples or trajectories take
    /// n times as many draws.
    pub const fn group(&self, dims: usize) -> u64 {
        match self {
            Self::Saltelli { second_order } => Saltelli::rows(dims, *second_order),
            Self::Morris { .. } => Morris::rows(dims),
            _ => 1,
        }
    }
}

/// What a draw is within its design.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// A point like any other.
    Point,
    /// Saltelli: the row of matrix A.
    A {
        /// Base sample.
        base: u64,
    },
    /// Saltelli: A with one input from B.
    Ab {
        /// Base sample.
        base: u64,
        /// The input from B.
        input: usize,
    },
    /// Saltelli: B with one input from A.
    Ba {
        /// Base sample.
        base: u64,
        /// The input from A.
        input: usize,
    },
    /// Saltelli: the row of matrix B.
    B {
        /// Base sample.
        base: u64,
    },
    /// Morris: a point of a trajectory.
    Step {
        /// Trajectory.
        trajectory: u64,
        /// 0 at the start, D at the end.
        step: usize,
        /// The input that differs from the step before; none at the start.
        moved: Option<usize>,
        /// Whether it rose by Δ (or fell by Δ).
        rises: bool,
    },
}

/// Why a design cannot be laid out.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum DesignError {
    /// Nothing to vary.
    #[error("a design needs at least one dimension")]
    NoDims,
    /// No draw asked for, or none listed.
    #[error("a design needs at least one draw")]
    NoDraws,
    /// More draws than [`MOST_DRAWS`].
    #[error("the design has {} draws; at most {MOST_DRAWS} are possible",
            .draws.map_or("more than 2^64".to_owned(), |n| n.to_string()))]
    TooManyDraws {
        /// Draws after rounding; none if they pass 64 bits.
        draws: Option<u64>,
    },
    /// More dimensions than the direction numbers reach.
    #[error("{design} takes at most {most} dimensions, not {dims}; use latin-hypercube or random")]
    TooManyDims {
        /// Name of the design.
        design: &'static str,
        /// Dimensions asked for.
        dims: usize,
        /// Dimensions possible.
        most: usize,
    },
    /// Morris levels that leave no grid: one, or three, of which two would be used.
    #[error("morris takes 2, 4 or more levels, not {0}")]
    Levels(u32),
    /// A grid or list of another dimension than the design.
    #[error("{design} describes {found} dimensions; the sweep has {dims}")]
    Dims {
        /// Name of the design.
        design: &'static str,
        /// Dimensions of the sweep.
        dims: usize,
        /// Dimensions of the grid, or of the list's first row that differs.
        found: usize,
    },
    /// A grid dimension without levels.
    #[error("grid dimension {dim} has no levels")]
    NoLevels {
        /// The dimension, from 0.
        dim: usize,
    },
    /// A listed coordinate outside the unit cube.
    #[error("row {row}, column {column} of the list is {value}; coordinates lie in 0 to 1")]
    Coordinate {
        /// Row of the list, from 0.
        row: usize,
        /// Column, from 0.
        column: usize,
        /// What stands there.
        value: f64,
    },
}

/// A design laid out: the points of all draws, computed when asked for.
#[derive(Debug, Clone)]
pub struct Points {
    design: Design,
    dims: usize,
    draws: u64,
    seed: u64,
    engine: Engine,
}

/// What computes a design's coordinates.
#[derive(Debug, Clone)]
enum Engine {
    Random,
    Latin(Latin),
    Sobol(Sobol),
    Saltelli(Saltelli),
    Morris(Morris),
    Grid(Grid),
    List(Arc<[Vec<f64>]>),
    Values(Arc<[Vec<f64>]>),
}

impl Points {
    /// Lays out `design` in `dims` dimensions.
    ///
    /// `draws` is rounded up to whole groups ([`Design::group`]); a grid and a list
    /// have draws of their own and take no notice of it. [`Points::len`] tells.
    ///
    /// # Errors
    /// No dimension or draw, too many of them, or a design that does not fit.
    pub fn new(design: Design, dims: usize, draws: u64, seed: u64) -> Result<Self, DesignError> {
        if dims == 0 {
            return Err(DesignError::NoDims);
        }
        check_dims(&design, dims)?;
        let group = design.group(dims);
        let rounded = match &design {
            Design::Grid { sizes } => sizes.iter().try_fold(1, |n: u64, &k| n.checked_mul(k)),
            Design::List { rows } => Some(rows.len() as u64),
            Design::Values { columns } => Some(columns.first().map_or(0, Vec::len) as u64),
            _ => draws.div_ceil(group).checked_mul(group),
        };
        let draws = match rounded {
            Some(0) => return Err(DesignError::NoDraws),
            Some(n) if n <= MOST_DRAWS => n,
            _ => return Err(DesignError::TooManyDraws { draws: rounded }),
        };
        let engine = match &design {
            Design::Random => Engine::Random,
            Design::LatinHypercube => Engine::Latin(Latin::new(draws, seed)),
            Design::Sobol => Engine::Sobol(Sobol::new(dims, draws, Some(seed))),
            Design::PlainSobol => Engine::Sobol(Sobol::new(dims, draws, None)),
            Design::Saltelli { second_order } => Engine::Saltelli(Saltelli::new(
                dims,
                draws / group,
                *second_order,
                Some(seed),
            )),
            Design::Morris { levels } => Engine::Morris(Morris::new(dims, *levels, seed)),
            Design::Grid { sizes } => Engine::Grid(Grid::new(sizes)),
            Design::List { rows } => Engine::List(Arc::clone(rows)),
            Design::Values { columns } => Engine::Values(Arc::clone(columns)),
        };
        Ok(Self {
            design,
            dims,
            draws,
            seed,
            engine,
        })
    }

    /// The design.
    pub const fn design(&self) -> &Design {
        &self.design
    }

    /// Dimensions D.
    pub const fn dims(&self) -> usize {
        self.dims
    }

    /// Number of draws, after rounding to what the design gives.
    pub const fn len(&self) -> u64 {
        self.draws
    }

    /// Never: a design has at least one draw.
    pub const fn is_empty(&self) -> bool {
        self.draws == 0
    }

    /// The seed.
    pub const fn seed(&self) -> u64 {
        self.seed
    }

    /// Base samples (Saltelli) or trajectories (Morris), otherwise draws.
    pub const fn groups(&self) -> u64 {
        self.draws / self.design.group(self.dims)
    }

    /// Whether the draws are a sample of the inputs' distributions: then shares of draws
    /// estimate probabilities, and intervals have a meaning. The rows of a list and of a
    /// grid are chosen; those of Morris stand on levels, the ends among them.
    pub const fn is_sample(&self) -> bool {
        match self.design {
            Design::Random
            | Design::LatinHypercube
            | Design::Sobol
            | Design::PlainSobol
            | Design::Saltelli { .. } => true,
            Design::Morris { .. }
            | Design::Grid { .. }
            | Design::List { .. }
            | Design::Values { .. } => false,
        }
    }

    /// Whether coordinates 0 and 1 themselves occur, as in a grid. Distributions
    /// without ends want to be cut then ([`Distribution::within`]): their quantiles at
    /// 0 and 1 lie 8 standard deviations out.
    pub fn touches_ends(&self) -> bool {
        match &self.design {
            Design::Random
            | Design::LatinHypercube
            | Design::Sobol
            | Design::Saltelli { .. }
            | Design::Values { .. } => false,
            Design::PlainSobol | Design::Morris { .. } => true,
            Design::Grid { sizes } => sizes.iter().any(|&size| size > 1),
            Design::List { rows } => rows.iter().flatten().any(|&u| u <= 0.0 || u >= 1.0),
        }
    }

    /// What draw `index` is within the design.
    pub fn role(&self, index: u64) -> Role {
        match &self.engine {
            Engine::Saltelli(saltelli) => saltelli.role(index),
            Engine::Morris(morris) => morris.role(index),
            _ => Role::Point,
        }
    }

    /// Coordinates of the draws from `first` on, column by column: with
    /// block = out.len()/D, coordinate d of draw first + i goes to out[d·block + i].
    ///
    /// # Panics
    /// If `out` is no whole number of draws or passes the last draw.
    pub fn fill(&self, first: u64, out: &mut [f64]) {
        let block = out.len() / self.dims;
        assert_eq!(block * self.dims, out.len(), "a block holds whole draws");
        if block > 0 {
            for (d, column) in out.chunks_exact_mut(block).enumerate() {
                self.column(d, first, column);
            }
        }
    }

    /// Coordinates in dimension `d` of the draws from `first` on.
    ///
    /// # Panics
    /// If there is no such dimension, or `out` passes the last draw.
    pub fn column(&self, d: usize, first: u64, out: &mut [f64]) {
        assert!(d < self.dims, "dimension {d} of {}", self.dims);
        let end = first.checked_add(out.len() as u64);
        assert!(
            end.is_some_and(|end| end <= self.draws),
            "draws from {first} pass the last"
        );
        match &self.engine {
            Engine::Random => Rng::of(self.seed, Purpose::Random, d).fill(first, out),
            Engine::Latin(latin) => latin.column(d, first, out),
            Engine::Sobol(sobol) => sobol.column(d, first, out),
            Engine::Saltelli(saltelli) => saltelli.column(d, first, out),
            Engine::Morris(morris) => morris.column(d, first, out),
            Engine::Grid(grid) => grid.column(d, first, out),
            Engine::Values(columns) => {
                out.copy_from_slice(&columns[d][first as usize..][..out.len()]);
            }
            Engine::List(rows) => {
                for (slot, row) in out.iter_mut().zip(&rows[first as usize..]) {
                    *slot = row[d];
                }
            }
        }
    }
}

/// Whether the design can have this dimension, and its own numbers are sound.
fn check_dims(design: &Design, dims: usize) -> Result<(), DesignError> {
    let most = match design {
        Design::Sobol | Design::PlainSobol => MOST_SOBOL_DIMS,
        Design::Saltelli { .. } => MOST_SOBOL_DIMS / 2,
        _ => usize::MAX,
    };
    if dims > most {
        return Err(DesignError::TooManyDims {
            design: design.id(),
            dims,
            most,
        });
    }
    match design {
        Design::Morris { levels } if *levels < 2 || *levels == 3 => {
            Err(DesignError::Levels(*levels))
        }
        Design::Grid { sizes } => {
            if sizes.len() != dims {
                return Err(DesignError::Dims {
                    design: "grid",
                    dims,
                    found: sizes.len(),
                });
            }
            match sizes.iter().position(|&size| size == 0) {
                Some(dim) => Err(DesignError::NoLevels { dim }),
                None => Ok(()),
            }
        }
        Design::List { rows } => check_list(rows, dims),
        Design::Values { columns } => check_values(columns, dims),
        _ => Ok(()),
    }
}

/// Columns of one length, of finite values.
fn check_values(columns: &[Vec<f64>], dims: usize) -> Result<(), DesignError> {
    let length = columns.first().map_or(0, Vec::len);
    if columns.len() != dims || columns.iter().any(|column| column.len() != length) {
        return Err(DesignError::Dims {
            design: "list",
            dims,
            found: columns.len(),
        });
    }
    for (column, values) in columns.iter().enumerate() {
        if let Some(row) = values.iter().position(|value| !value.is_finite()) {
            return Err(DesignError::Coordinate {
                row,
                column,
                value: values[row],
            });
        }
    }
    Ok(())
}

/// Rows of `dims` coordinates in [0, 1].
fn check_list(rows: &[Vec<f64>], dims: usize) -> Result<(), DesignError> {
    for (row, values) in rows.iter().enumerate() {
        if values.len() != dims {
            return Err(DesignError::Dims {
                design: "list",
                dims,
                found: values.len(),
            });
        }
        let outside = values.iter().position(|value| !(0.0..=1.0).contains(value));
        if let Some(column) = outside {
            return Err(DesignError::Coordinate {
                row,
                column,
                value: values[column],
            });
        }
    }
    Ok(())
}
