//! Which design the rows of a table follow, told from the inputs themselves.
//!
//! A Saltelli sample is one if in every base sample `AB_j` equals `A` but for input
//! `j`, which is that of `B` (and `BA_j` the other way); a Morris sample is one if in
//! every trajectory each row changes one input of the row before, and every input
//! once. Values are compared to the bit: a design repeats them, it does not compute
//! them twice.
//!
//! Rows of a Saltelli sample in another order are put back: `A` is the row that for
//! every input has a neighbour differing in that input alone, its neighbours are the
//! `AB_j`, and these spell out `B` and `BA_j`. Base samples come in the order of `A`,
//! so that any shuffle of a sample gives the same order. In a second-order sample `A`
//! and `B` may change places; of the two, `A` is then the lesser. That is a valid
//! sample as well, with other sampling errors. The trajectories of a Morris sample
//! cross on their grid and cannot be told apart.

use std::collections::HashMap;

/// Rows that follow a Saltelli design: base samples of `D + 2` or `2 D + 2` rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// `A, AB_1 … AB_D, B`.
    First,
    /// `A, AB_1 … AB_D, BA_1 … BA_D, B`.
    Second,
}

/// Where rows leave a design.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Break {
    /// The first row that does not fit, counted from 0.
    pub row: usize,
    /// Place of the row within its group, counted from 0.
    pub place: usize,
    /// Base samples or trajectories that fit, of all whole ones.
    pub sound: usize,
    /// What is wrong.
    pub flaw: Flaw,
}

/// How a row does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// Saltelli: this input is not what it is in the row it is taken from.
    Differs {
        /// The input, counted from 0.
        input: usize,
        /// The row it should agree with, counted from 0.
        with: usize,
    },
    /// Morris: this many inputs differ from the row before, not one.
    Changed(usize),
    /// Morris: this input has changed in the trajectory before.
    Again(usize),
    /// The rows end within a group.
    Incomplete {
        /// Rows of the last group.
        rows: usize,
    },
}

impl Scheme {
    /// Rows of a base sample.
    pub const fn rows(self, inputs: usize) -> usize {
        match self {
            Self::First => inputs + 2,
            Self::Second => 2 * inputs + 2,
        }
    }

    /// Checks the rows as they stand.
    ///
    /// # Errors
    /// The first row that does not fit.
    pub fn check(self, columns: &[&[f64]]) -> Result<(), Break> {
        let inputs = columns.len();
        let flaw = |first: usize, place: usize| {
            let b = first + self.rows(inputs) - 1;
            (0..inputs).find_map(|input| {
                let with = if from_b(place, input, inputs) {
                    b
                } else {
                    first
                };
                let fits = same(columns[input][first + place], columns[input][with]);
                (!fits).then_some(Flaw::Differs { input, with })
            })
        };
        groups(columns, self.rows(inputs), self.rows(inputs) - 1, flaw)
    }

    /// An order of the rows in which they follow the scheme; `None` if there is none,
    /// or more than one reading.
    pub fn restore(self, columns: &[&[f64]]) -> Option<Vec<usize>> {
        let rows = columns.first()?.len();
        if rows == 0 || !rows.is_multiple_of(self.rows(columns.len())) {
            return None;
        }
        Restoring::new(columns, self)?.order()
    }
}

/// Whether in a base sample's row the input is that of `B`.
const fn from_b(place: usize, input: usize, inputs: usize) -> bool {
    if place <= inputs {
        place == input + 1
    } else if place <= 2 * inputs {
        place != inputs + 1 + input
    } else {
        true
    }
}

/// Whether two values are the same; 0 and −0 are.
#[allow(clippy::float_cmp)] // a design repeats values to the bit
fn same(a: f64, b: f64) -> bool {
    a == b
}

/// Checks the places below `upto` of all groups of rows.
fn groups(
    columns: &[&[f64]],
    group: usize,
    upto: usize,
    flaw: impl Fn(usize, usize) -> Option<Flaw>,
) -> Result<(), Break> {
    let rows = columns.first().map_or(0, |column| column.len());
    let (mut found, mut sound) = (None, 0);
    for first in (0..rows / group).map(|g| g * group) {
        let bad = (1..upto).find_map(|place| flaw(first, place).map(|flaw| (place, flaw)));
        match bad {
            None => sound += 1,
            Some((place, flaw)) => {
                found.get_or_insert((first + place, place, flaw));
            }
        }
    }
    if found.is_none() && !rows.is_multiple_of(group) {
        let first = rows - rows % group;
        found = Some((first, 0, Flaw::Incomplete { rows: rows % group }));
    }
    match found {
        None if rows > 0 => Ok(()),
        None => Err(Break {
            row: 0,
            place: 0,
            sound,
            flaw: Flaw::Incomplete { rows: 0 },
        }),
        Some((row, place, flaw)) => Err(Break {
            row,
            place,
            sound,
            flaw,
        }),
    }
}

/// Checks that the rows are trajectories of a Morris design as they stand.
///
/// # Errors
/// The first row that does not fit.
pub fn check_morris(columns: &[&[f64]]) -> Result<(), Break> {
    let inputs = columns.len();
    let moved = |row: usize| moved(columns, row);
    let flaw = |first: usize, place: usize| match moved(first + place) {
        (Some(input), 1) => {
            let before = (1..place).any(|earlier| moved(first + earlier) == (Some(input), 1));
            before.then_some(Flaw::Again(input))
        }
        (_, changed) => Some(Flaw::Changed(changed)),
    };
    groups(columns, inputs + 1, inputs + 1, flaw)
}

/// The first input that differs from the row before, and how many do.
pub(super) fn moved(columns: &[&[f64]], row: usize) -> (Option<usize>, usize) {
    let differ = |input: &usize| !same(columns[*input][row], columns[*input][row - 1]);
    let mut changed = (0..columns.len()).filter(differ);
    let first = changed.next();
    (first, changed.count() + usize::from(first.is_some()))
}

/// Rows of a Morris design in which `fixed` further inputs of one value were moved, too:
/// in every trajectory of `columns.len() + fixed + 1` rows, as many repeat the row before
/// them. Without these the rows are trajectories of `columns`; their numbers, or `None`
/// if there are no such trajectories.
pub fn without_repeats(columns: &[&[f64]], fixed: usize) -> Option<Vec<usize>> {
    let rows = columns.first()?.len();
    let group = columns.len() + fixed + 1;
    if fixed == 0 || rows == 0 || !rows.is_multiple_of(group) {
        return None;
    }
    let mut kept = Vec::with_capacity(rows / group * (columns.len() + 1));
    for first in (0..rows).step_by(group) {
        let before = kept.len();
        kept.push(first);
        kept.extend((first + 1..first + group).filter(|row| moved(columns, *row).1 > 0));
        if kept.len() - before != columns.len() + 1 {
            return None;
        }
    }
    let left: Vec<Vec<f64>> = columns
        .iter()
        .map(|column| kept.iter().map(|row| column[*row]).collect())
        .collect();
    let left: Vec<&[f64]> = left.iter().map(Vec::as_slice).collect();
    check_morris(&left).is_ok().then_some(kept)
}

/// Rows being put back in order.
struct Restoring<'a> {
    columns: &'a [&'a [f64]],
    scheme: Scheme,
    /// For every input, rows by all their other inputs.
    without: Vec<HashMap<u64, Vec<u32>>>,
    /// Rows by all inputs.
    whole: HashMap<u64, Vec<u32>>,
    /// Hash of every input of every row, row after row, and their sums by row.
    hashes: Vec<u64>,
    sums: Vec<u64>,
    used: Vec<bool>,
}

/// A hash of one input's value; sums of them stand for rows.
fn hash(input: usize, value: f64) -> u64 {
    // SplitMix64 on the bits; 0 and −0 are one value.
    let bits = if value == 0.0 { 0 } else { value.to_bits() };
    let mut z = bits ^ (input as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

impl<'a> Restoring<'a> {
    fn new(columns: &'a [&'a [f64]], scheme: Scheme) -> Option<Self> {
        let (inputs, rows) = (columns.len(), columns[0].len());
        u32::try_from(rows).ok()?;
        let mut hashes = Vec::with_capacity(rows * inputs);
        let mut sums = Vec::with_capacity(rows);
        for row in 0..rows {
            let start = hashes.len();
            let values = columns.iter().map(|column| column[row]);
            hashes.extend(values.enumerate().map(|(input, value)| hash(input, value)));
            sums.push(
                hashes[start..]
                    .iter()
                    .fold(0, |a: u64, b| a.wrapping_add(*b)),
            );
        }
        let mut without = vec![HashMap::with_capacity(rows); inputs];
        let mut whole: HashMap<u64, Vec<u32>> = HashMap::with_capacity(rows);
        for row in 0..rows {
            whole.entry(sums[row]).or_default().push(row as u32);
            for (input, map) in without.iter_mut().enumerate() {
                let key = sums[row].wrapping_sub(hashes[row * inputs + input]);
                let found: &mut Vec<u32> = map.entry(key).or_default();
                found.push(row as u32);
            }
        }
        Some(Self {
            columns,
            scheme,
            without,
            whole,
            hashes,
            sums,
            used: vec![false; rows],
        })
    }

    /// Candidates for `A` by their values, each with what belongs to it.
    fn order(mut self) -> Option<Vec<usize>> {
        let rows = self.used.len();
        let mut rising: Vec<usize> = (0..rows).collect();
        rising.sort_by(|a, b| {
            let by = |c: &&[f64]| c[*a].total_cmp(&c[*b]);
            self.columns
                .iter()
                .map(by)
                .find(|o| o.is_ne())
                .unwrap_or(a.cmp(b))
        });
        let mut order = Vec::with_capacity(rows);
        for a in rising {
            if !self.used[a]
                && let Some(group) = self.group(a)
            {
                for row in &group {
                    self.used[*row] = true;
                }
                order.extend(group);
            }
        }
        (order.len() == rows).then_some(order)
    }

    /// The base sample that has `a` as its row of `A`; `None` if there is none, or if
    /// there are several readings.
    fn group(&self, a: usize) -> Option<Vec<usize>> {
        let inputs = self.columns.len();
        let mut group = vec![a];
        for input in 0..inputs {
            let key = self.sums[a].wrapping_sub(self.hashes[a * inputs + input]);
            let found = self.without[input].get(&key)?;
            let mut others = found.iter().map(|row| *row as usize).filter(|row| {
                !self.used[*row] && !same(self.columns[input][*row], self.columns[input][a])
            });
            let row = others.next()?;
            // Rows that are the same are one as good as the other.
            if others.any(|other| self.sums[other] != self.sums[row]) {
                return None;
            }
            group.push(row);
        }
        let of_b: Vec<u64> = (0..inputs)
            .map(|input| self.hashes[group[input + 1] * inputs + input])
            .collect();
        let b = of_b
            .iter()
            .fold(0, |sum: u64, part| sum.wrapping_add(*part));
        if self.scheme == Scheme::Second {
            for (input, part) in of_b.iter().enumerate() {
                let key = b
                    .wrapping_sub(*part)
                    .wrapping_add(self.hashes[a * inputs + input]);
                let row = self.free(key, &group)?;
                group.push(row);
            }
        }
        let b = self.free(b, &group)?;
        group.push(b);
        Some(group)
    }

    /// A row of these values that is not taken yet.
    fn free(&self, key: u64, taken: &[usize]) -> Option<usize> {
        let found = self.whole.get(&key)?.iter().map(|row| *row as usize);
        found
            .into_iter()
            .find(|row| !self.used[*row] && !taken.contains(row))
    }
}
