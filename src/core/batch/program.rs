//! The order of work of a batch: which columns are made from which, and which rows
//! are summed from them. `order.rs` makes it from the batch, `tile.rs` carries it out.
//!
//! Every row is laid out as nested sums, as the equations of the batch have them:
//!
//! ```text
//! c + Σ_j c[j]·s[j] + Σ_g d[g,t] · (c[g] + Σ_j c[g,j]·s[j])
//! ```
//!
//! with the terms s in columns; the join to observed values and a scale are multiplied
//! into the coefficients. Rows made of the same terms are evaluated together, each with
//! the demand ratios of its own year, so that a column is loaded once for several of
//! them: those of one account in all years, and those of accounts that the same
//! measures move. What a row is does not depend on which others are asked for.

/// Rows that are evaluated at once, at most: with a sum in work for each, and one for
/// the part of it that is to be multiplied, they fill the registers.
pub(super) const MOST_ROWS: usize = 3;

/// A row wanted from a batch, and where it goes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Output {
    /// The row: `sheet · span + t`.
    pub row: usize,
    /// What it is multiplied by.
    pub scale: f64,
    /// The demand ratio (group, year) it is divided by.
    pub per: Option<(usize, usize)>,
    /// The row of the block that it is written to.
    pub slot: usize,
}

impl Output {
    /// A row as it is.
    pub fn plain(row: usize, slot: usize) -> Self {
        Self {
            row,
            scale: 1.0,
            per: None,
            slot,
        }
    }
}

/// How a column is made from others (indices of columns).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Make {
    /// The product of two.
    Product(u32, u32),
    /// One over a column.
    Inverse(u32),
    /// `before · (slope·δ + 1)`; without `before`, 1 stands for it.
    Shift {
        before: Option<u32>,
        input: u32,
        slope: f64,
    },
    /// `before · (ε·(g + δ) + 1) · scale`; without `shift`, δ is 0.
    Elastic {
        before: Option<u32>,
        elasticity: u32,
        shift: Option<u32>,
        growth: f64,
        scale: f64,
    },
}

impl Make {
    /// A demand ratio's step for one draw.
    pub fn one(&self, inputs: &[f64]) -> f64 {
        match *self {
            Self::Shift { input, slope, .. } => slope.mul_add(inputs[input as usize], 1.0),
            Self::Elastic {
                elasticity,
                shift,
                growth,
                scale,
                ..
            } => {
                let growth = growth + shift.map_or(0.0, |s| inputs[s as usize]);
                inputs[elasticity as usize].mul_add(growth, 1.0) * scale
            }
            Self::Product(..) | Self::Inverse(_) => 1.0,
        }
    }
}

/// What a column adds to `R` rows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Term<const R: usize> {
    /// The column.
    pub column: u32,
    /// Its coefficient in each.
    pub coefficients: [f64; R],
}

/// What is summed up and then multiplied by a demand ratio of each row's own.
#[derive(Clone, Debug)]
pub(super) struct Part<const R: usize> {
    /// The columns of the ratios.
    pub ratios: [u32; R],
    pub constants: [f64; R],
    pub terms: Vec<Term<R>>,
}

/// `R` rows that are made of the same terms.
#[derive(Clone, Debug)]
pub(super) struct Bundle<const R: usize> {
    /// Where the rows go.
    pub slots: [u32; R],
    pub constants: [f64; R],
    /// What moves with demand.
    pub parts: Vec<Part<R>>,
    /// What does not.
    pub terms: Vec<Term<R>>,
    /// Multiples of the rows.
    pub multiples: Vec<Multiple>,
}

/// A multiple of a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Multiple {
    /// Where the row is.
    pub of: u32,
    /// The number.
    pub scale: f64,
    /// The column that multiplies it, too.
    pub times: Option<u32>,
    /// Where it goes.
    pub slot: u32,
}

impl<const R: usize> Bundle<R> {
    /// Fused multiply-adds of a draw.
    fn operations(&self) -> usize {
        let parts = self.parts.iter().map(|part| part.terms.len() + 1);
        R * (self.terms.len() + parts.sum::<usize>())
    }

    /// Columns loaded for a draw: those of terms once, and each row's own ratios.
    fn loads(&self) -> usize {
        let parts = self.parts.iter().map(|part| part.terms.len() + R);
        self.terms.len() + parts.sum::<usize>()
    }

    /// Where rows and their multiples go.
    fn targets(&self) -> impl Iterator<Item = u32> {
        let apart = self.multiples.iter().filter(|m| m.slot != m.of);
        self.slots.into_iter().chain(apart.map(|m| m.slot))
    }
}

/// Bundles by the number of their rows.
#[derive(Clone, Debug, Default)]
pub(super) struct Bundles {
    pub ones: Vec<Bundle<1>>,
    pub twos: Vec<Bundle<2>>,
    pub threes: Vec<Bundle<MOST_ROWS>>,
}

impl Bundles {
    fn operations(&self) -> usize {
        let ones = self.ones.iter().map(Bundle::operations);
        let twos = self.twos.iter().map(Bundle::operations);
        let threes = self.threes.iter().map(Bundle::operations);
        ones.chain(twos).chain(threes).sum()
    }

    fn loads(&self) -> usize {
        let ones = self.ones.iter().map(Bundle::loads);
        let twos = self.twos.iter().map(Bundle::loads);
        let threes = self.threes.iter().map(Bundle::loads);
        ones.chain(twos).chain(threes).sum()
    }

    /// Where rows and their multiples go.
    pub fn targets(&self) -> impl Iterator<Item = usize> {
        let ones = self.ones.iter().flat_map(Bundle::targets);
        let twos = self.twos.iter().flat_map(Bundle::targets);
        let threes = self.threes.iter().flat_map(Bundle::targets);
        ones.chain(twos).chain(threes).map(|slot| slot as usize)
    }

    fn multiples(&self) -> impl Iterator<Item = &Multiple> {
        let ones = self.ones.iter().flat_map(|b| &b.multiples);
        let twos = self.twos.iter().flat_map(|b| &b.multiples);
        let threes = self.threes.iter().flat_map(|b| &b.multiples);
        ones.chain(twos).chain(threes)
    }
}

/// What is done for a tile of draws.
#[derive(Clone, Debug, Default)]
pub(super) struct Program {
    /// Columns that are there from the start: inputs and switches.
    pub given: usize,
    /// How those behind them are made, one after the other.
    pub makes: Vec<Make>,
    /// The rows.
    pub rows: Bundles,
    /// The number of rows written.
    pub slots: usize,
    /// Rows that are the same for every draw: where they go, and their value.
    pub constants: Vec<(usize, f64)>,
    /// The shares that are watched.
    pub shares: Bundles,
}

impl Program {
    /// The number of columns.
    pub fn columns(&self) -> usize {
        self.given + self.makes.len()
    }

    /// Fused multiply-adds of a draw.
    pub fn operations(&self) -> usize {
        self.rows.operations() + self.shares.operations()
    }

    /// Columns loaded for them.
    pub fn loads(&self) -> usize {
        self.rows.loads() + self.shares.loads()
    }

    /// Rows written that vary from draw to draw.
    pub fn written(&self) -> usize {
        self.rows.targets().count()
    }

    /// Products that make multiples of rows.
    pub fn multiples(&self) -> usize {
        let products = |m: &Multiple| 1 + usize::from(m.times.is_some());
        self.rows.multiples().map(products).sum()
    }
}
