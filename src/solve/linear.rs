//! A linear programme as numbers: columns with bounds, rows, and what a point is worth.
//!
//! ```text
//! min  Σ_j c[j]·x[j]      l ≤ x ≤ u      Σ_j a[i,j]·x[j] ≥, ≤ or = b[i]
//! ```
//!
//! It knows nothing of emissions. Everything above it speaks of rows in one form,
//! `a·x ≥ b` ([`Linear::rows_at_least`]).

/// A column: one unknown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Column {
    /// What one unit of it costs.
    pub cost: f64,
    /// Its least value.
    pub low: f64,
    /// Its greatest value; may be infinite.
    pub high: f64,
    /// Whether it is a whole number.
    pub whole: bool,
}

impl Column {
    /// A column between bounds.
    pub fn between(low: f64, high: f64, cost: f64) -> Self {
        Self {
            cost,
            low,
            high,
            whole: false,
        }
    }

    /// A column that is 0 or 1.
    pub fn either() -> Self {
        Self {
            whole: true,
            ..Self::between(0.0, 1.0, 0.0)
        }
    }
}

/// How a row is held against its limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sense {
    /// `a·x ≥ b`.
    AtLeast,
    /// `a·x ≤ b`.
    AtMost,
    /// `a·x = b`.
    Equal,
}

/// A row.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Column and coefficient; a column stands in it once.
    pub terms: Vec<(usize, f64)>,
    /// How it is held.
    pub sense: Sense,
    /// Against what.
    pub limit: f64,
}

impl Row {
    /// `a·x ≥ b`.
    pub fn at_least(terms: Vec<(usize, f64)>, limit: f64) -> Self {
        Self {
            terms,
            sense: Sense::AtLeast,
            limit,
        }
    }

    /// `a·x ≤ b`.
    pub fn at_most(terms: Vec<(usize, f64)>, limit: f64) -> Self {
        Self {
            sense: Sense::AtMost,
            ..Self::at_least(terms, limit)
        }
    }

    /// `a·x = b`.
    pub fn equal(terms: Vec<(usize, f64)>, limit: f64) -> Self {
        Self {
            sense: Sense::Equal,
            ..Self::at_least(terms, limit)
        }
    }

    /// a·x.
    pub fn value(&self, x: &[f64]) -> f64 {
        self.terms.iter().map(|(j, a)| a * x[*j]).sum()
    }

    /// What is left over (≥ 0) or missing (< 0) at `x`.
    pub fn slack(&self, x: &[f64]) -> f64 {
        let over = self.value(x) - self.limit;
        match self.sense {
            Sense::AtLeast => over,
            Sense::AtMost => -over,
            Sense::Equal => -over.abs(),
        }
    }

    /// The size of its greatest coefficient.
    pub fn size(&self) -> f64 {
        self.terms
            .iter()
            .fold(0.0, |most, (_, a)| a.abs().max(most))
    }
}

/// A linear programme.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Linear {
    /// The unknowns.
    pub columns: Vec<Column>,
    /// The rows.
    pub rows: Vec<Row>,
}

/// Coefficients below this part of the greatest of their row are rounding.
pub const NOTHING: f64 = 1e-12;

impl Linear {
    /// Adds a column; its index.
    pub fn column(&mut self, column: Column) -> usize {
        self.columns.push(column);
        self.columns.len() - 1
    }

    /// Adds a row, without the coefficients that are rounding; its index.
    pub fn row(&mut self, mut row: Row) -> usize {
        let least = row.size() * NOTHING;
        row.terms.retain(|(_, a)| a.abs() > least);
        self.rows.push(row);
        self.rows.len() - 1
    }

    /// c·x.
    pub fn cost(&self, x: &[f64]) -> f64 {
        self.columns.iter().zip(x).map(|(c, x)| c.cost * x).sum()
    }

    /// The same programme with another objective.
    #[must_use]
    pub fn with_costs(&self, costs: &[f64]) -> Self {
        let mut other = self.clone();
        for (column, cost) in other.columns.iter_mut().zip(costs) {
            column.cost = *cost;
        }
        other
    }

    /// The same with whole columns held at their values in `x`.
    #[must_use]
    pub fn settled(&self, x: &[f64]) -> Self {
        let mut other = self.clone();
        for (column, x) in other.columns.iter_mut().zip(x) {
            if column.whole {
                (column.low, column.high) = (x.round(), x.round());
                column.whole = false;
            }
        }
        other
    }

    /// Whether any column is a whole number.
    pub fn has_whole(&self) -> bool {
        self.columns.iter().any(|column| column.whole)
    }

    /// The greatest amount by which `x` breaks a bound, or a row measured on its greatest
    /// coefficient; 0 where it breaks none.
    pub fn violation(&self, x: &[f64]) -> f64 {
        let bounds = self.columns.iter().zip(x);
        let bounds = bounds.map(|(c, x)| (c.low - x).max(x - c.high));
        let rows = self.rows.iter().map(|row| {
            let size = row.size();
            -row.slack(x) / if size > 0.0 { size } else { 1.0 }
        });
        bounds.chain(rows).fold(0.0, f64::max)
    }

    /// The rows as `a·x ≥ b`, each with the index of its row and the sign with which it
    /// was taken; an equation is two.
    pub fn rows_at_least(&self) -> Vec<(usize, f64, Row)> {
        let mut all = Vec::with_capacity(self.rows.len());
        for (i, row) in self.rows.iter().enumerate() {
            if row.sense != Sense::AtMost {
                all.push((i, 1.0, Row::at_least(row.terms.clone(), row.limit)));
            }
            if row.sense != Sense::AtLeast {
                let terms = row.terms.iter().map(|(j, a)| (*j, -a)).collect();
                all.push((i, -1.0, Row::at_least(terms, -row.limit)));
            }
        }
        all
    }
}
