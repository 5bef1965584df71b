//! Rows laid out for evaluation: a few consecutive years of one sheet that are made
//! of the same terms, with their coefficients side by side.

use super::{Batch, Sheet};

/// Years that are evaluated at once, at most.
pub(super) const MOST_YEARS: usize = 6;

/// Rows that are evaluated together.
#[derive(Clone, Debug)]
pub(super) struct Bundle {
    /// The first row.
    pub row: usize,
    /// The subscript of its year.
    pub year: usize,
    /// The part that no term touches, by year.
    pub constants: Vec<f64>,
    /// Its segments, the one without a group first if it has one.
    pub segments: Vec<Part>,
    /// Ratio and offset by year.
    pub join: Option<(Vec<f64>, Vec<f64>)>,
}

/// One segment of a bundle.
#[derive(Clone, Debug)]
pub(super) struct Part {
    /// Its demand group.
    pub group: Option<usize>,
    /// Its constants by year; 0 without a group.
    pub constants: Vec<f64>,
    /// Terms, as subscripts of the term table of a tile.
    pub terms: Vec<u32>,
    /// Coefficients, terms × years.
    pub coefficients: Vec<f64>,
}

impl Bundle {
    pub(super) fn years(&self) -> usize {
        self.constants.len()
    }

    pub(super) fn operations(&self) -> usize {
        let parts = self
            .segments
            .iter()
            .map(|part| part.terms.len() + usize::from(part.group.is_some()));
        self.years() * (parts.sum::<usize>() + usize::from(self.join.is_some()))
    }
}

/// What one row is made of: a constant, and parts with constant and terms.
#[derive(Clone, Debug, Default, PartialEq)]
struct Row {
    constant: f64,
    parts: Vec<(Option<usize>, f64, Vec<(u32, f64)>)>,
    join: Option<(f64, f64)>,
}

impl Row {
    /// The row of `sheet` in year `t`; a group whose ratio is still 1 needs no ratio.
    fn of(batch: &Batch, sheet: &Sheet, t: usize) -> Self {
        let mut row = Self {
            join: sheet.join.as_ref().map(|(r, o)| (r[t], o[t])),
            ..Self::default()
        };
        let mut plain: Vec<(u32, f64)> = Vec::new();
        for segment in &sheet.segments {
            let moving = segment.group.filter(|g| t >= batch.groups[*g].moves_from());
            let coefficient = |j: usize| segment.coefficients[j * batch.span + t];
            let terms = segment.monomials.iter().enumerate();
            let terms = terms.filter(|(j, _)| coefficient(*j) != 0.0);
            let terms: Vec<(u32, f64)> = terms
                .map(|(j, monomial)| (batch.term(*monomial), coefficient(j)))
                .collect();
            if moving.is_some() {
                if segment.constants[t] != 0.0 || !terms.is_empty() {
                    row.parts.push((moving, segment.constants[t], terms));
                }
                continue;
            }
            row.constant += segment.constants[t];
            for (term, amount) in terms {
                match plain.iter_mut().find(|(other, _)| *other == term) {
                    Some((_, sum)) => *sum += amount,
                    None => plain.push((term, amount)),
                }
            }
        }
        if !plain.is_empty() {
            row.parts.insert(0, (None, 0.0, plain));
        }
        row
    }

    /// Whether two rows are made of the same terms.
    fn alike(&self, other: &Self) -> bool {
        let same = |(a, b): (
            &(Option<usize>, f64, Vec<(u32, f64)>),
            &(Option<usize>, f64, Vec<(u32, f64)>),
        )| {
            a.0 == b.0 && a.2.len() == b.2.len() && a.2.iter().zip(&b.2).all(|(x, y)| x.0 == y.0)
        };
        self.join.is_some() == other.join.is_some()
            && self.parts.len() == other.parts.len()
            && self.parts.iter().zip(&other.parts).all(same)
    }
}

/// Consecutive alike rows as bundles.
fn bundles(rows: &[(usize, usize, Row)]) -> Vec<Bundle> {
    let mut found = Vec::new();
    let mut start = 0;
    while start < rows.len() {
        let (first, year, row) = &rows[start];
        let follows = |(i, (at, t, other)): (usize, &(usize, usize, Row))| {
            *at == first + i && *t == year + i && other.alike(row)
        };
        let run = rows[start..]
            .iter()
            .enumerate()
            .take_while(|(i, r)| follows((*i, r)))
            .count();
        // 7 years are better done as 4 and 3 than as 6 and 1.
        let pieces = run.div_ceil(MOST_YEARS);
        let years = run.div_ceil(pieces);
        found.push(bundle(&rows[start..start + years]));
        start += years;
    }
    found
}

/// Alike rows of consecutive years side by side.
fn bundle(rows: &[(usize, usize, Row)]) -> Bundle {
    let (row, year, first) = &rows[0];
    let part = |i: usize| Part {
        group: first.parts[i].0,
        constants: rows.iter().map(|(_, _, row)| row.parts[i].1).collect(),
        terms: first.parts[i].2.iter().map(|(term, _)| *term).collect(),
        coefficients: (0..first.parts[i].2.len())
            .flat_map(|j| rows.iter().map(move |(_, _, row)| row.parts[i].2[j].1))
            .collect(),
    };
    let join = |which: fn(&(f64, f64)) -> f64| -> Vec<f64> {
        rows.iter()
            .filter_map(|(_, _, row)| row.join.as_ref().map(which))
            .collect()
    };
    Bundle {
        row: *row,
        year: *year,
        constants: rows.iter().map(|(_, _, row)| row.constant).collect(),
        segments: (0..first.parts.len()).map(part).collect(),
        join: first.join.is_some().then(|| (join(|j| j.0), join(|j| j.1))),
    }
}

/// The wanted rows of all sheets.
pub(super) fn of_sheets(batch: &Batch, wanted: &dyn Fn(usize) -> bool) -> Vec<Bundle> {
    let mut found = Vec::new();
    for (i, sheet) in batch.sheets.iter().enumerate() {
        let rows: Vec<(usize, usize, Row)> = (0..batch.span)
            .filter(|t| wanted(i * batch.span + t))
            .map(|t| (i * batch.span + t, t, Row::of(batch, sheet, t)))
            .collect();
        found.extend(bundles(&rows));
    }
    found
}

/// The shares that are watched; row i is share i.
pub(super) fn of_shares(batch: &Batch) -> Vec<Bundle> {
    let rows: Vec<(usize, usize, Row)> = batch
        .feasibility
        .iter()
        .enumerate()
        .map(|(i, cell)| {
            let terms = cell.changes.iter();
            let terms = terms.map(|(monomial, amount)| (batch.term(*monomial), *amount));
            let row = Row {
                constant: cell.constant,
                parts: vec![(None, 0.0, terms.collect())],
                join: None,
            };
            (i, cell.year, row)
        })
        .collect();
    bundles(&rows)
}
