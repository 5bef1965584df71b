//! Makes the order of work of a batch: rows as sums over columns, columns as products
//! of inputs, and rows of one shape side by side (see `program.rs`).

use super::program::{Bundle, Bundles, MOST_ROWS, Make, Multiple, Output, Part, Program, Term};
use super::{Batch, Sheet};
use std::collections::{BTreeMap, HashMap};

impl Batch {
    /// The value of a row that is the same for every draw.
    pub fn constant(&self, row: usize) -> Option<f64> {
        constant(self, row)
    }

    /// Leaves out the join to observed values.
    pub fn unjoin(&mut self) {
        for sheet in &mut self.sheets {
            sheet.join = None;
        }
        self.write_all();
    }

    /// Writes every row, each to its own index.
    pub fn write_all(&mut self) {
        let all: Vec<Output> = (0..self.rows())
            .map(|row| Output::plain(row, row))
            .collect();
        self.write(&all);
    }

    /// Writes these rows and no others.
    pub fn write(&mut self, outputs: &[Output]) {
        self.program = Program::of(self, outputs);
    }
}

impl Program {
    /// The program that writes `outputs`.
    pub fn of(batch: &Batch, outputs: &[Output]) -> Self {
        let mut columns = Columns {
            batch,
            makes: Vec::new(),
            known: HashMap::new(),
        };
        let mut constants = Vec::new();
        let mut placed = Vec::new();
        let mut several: BTreeMap<usize, Vec<Output>> = BTreeMap::new();
        for output in outputs {
            several.entry(output.row).or_default().push(*output);
        }
        for outputs in several.values() {
            let row = Row::of(batch, outputs);
            if row.is_constant() && row.multiples.iter().all(|m| m.per.is_none()) {
                let constant = |m: &Output| (m.slot, m.scale * row.constant);
                constants.extend(row.multiples.iter().map(constant));
                constants.extend(row.slot.map(|slot| (slot, row.constant)));
            } else {
                placed.extend(columns.place(&row));
            }
        }
        let shares = (0..batch.feasibility.len()).map(|i| columns.share(i));
        let shares = Bundles::of(shares.collect());
        Self {
            given: columns.given(),
            makes: columns.makes,
            rows: Bundles::of(placed),
            slots: outputs.iter().map(|o| o.slot + 1).max().unwrap_or(0),
            constants,
            shares,
        }
    }
}

impl<const R: usize> Bundle<R> {
    /// `rows`, all of the same shape.
    fn of(rows: &[Placed]) -> Self {
        let terms = |of: &dyn Fn(&Placed) -> &[(u32, f64)]| -> Vec<Term<R>> {
            let first = of(&rows[0]).iter().enumerate();
            let term = |(k, (column, _)): (usize, &(u32, f64))| Term {
                column: *column,
                coefficients: std::array::from_fn(|r| of(&rows[r])[k].1),
            };
            first.map(term).collect()
        };
        let part = |p: usize| Part {
            ratios: std::array::from_fn(|r| rows[r].parts[p].ratio),
            constants: std::array::from_fn(|r| rows[r].parts[p].constant),
            terms: terms(&|row| &row.parts[p].terms),
        };
        Self {
            slots: std::array::from_fn(|r| rows[r].slot),
            constants: std::array::from_fn(|r| rows[r].constant),
            parts: (0..rows[0].parts.len()).map(part).collect(),
            terms: terms(&|row| &row.terms),
            multiples: rows.iter().flat_map(|row| row.multiples.clone()).collect(),
        }
    }
}

impl Bundles {
    /// Rows of the same terms side by side.
    fn of(rows: Vec<Placed>) -> Self {
        let mut alike: Vec<Vec<Placed>> = Vec::new();
        let mut places: HashMap<Shape, usize> = HashMap::new();
        for row in rows {
            let place = *places.entry(row.shape()).or_insert(alike.len());
            if place == alike.len() {
                alike.push(Vec::new());
            }
            alike[place].push(row);
        }
        let mut all = Self::default();
        for rows in &alike {
            // 4 rows are better done as 2 and 2 than as 3 and 1.
            let pieces = rows.len().div_ceil(MOST_ROWS);
            let end = |i: usize| i * rows.len() / pieces;
            for piece in (0..pieces).map(|i| &rows[end(i)..end(i + 1)]) {
                match piece.len() {
                    1 => all.ones.push(Bundle::of(piece)),
                    2 => all.twos.push(Bundle::of(piece)),
                    _ => all.threes.push(Bundle::of(piece)),
                }
            }
        }
        all
    }
}

/// The value of a row that is the same for every draw.
pub(super) fn constant(batch: &Batch, row: usize) -> Option<f64> {
    let row = Row::of(batch, &[Output::plain(row, 0)]);
    row.is_constant().then_some(row.constant)
}

/// What moves with one demand ratio: its group and year, and a sum over monomials.
#[derive(Debug)]
struct Moved {
    ratio: (usize, usize),
    constant: f64,
    terms: Vec<(usize, f64)>,
}

/// A row as sums over monomials.
#[derive(Debug)]
struct Row {
    /// Where it goes, if it does itself.
    slot: Option<usize>,
    constant: f64,
    terms: Vec<(usize, f64)>,
    moved: Vec<Moved>,
    /// Its multiples, without the ratios that are still 1.
    multiples: Vec<Output>,
}

impl Row {
    /// What outputs of one row are made of: the first as it is said where it needs no
    /// ratio, the others as multiples of it.
    fn of(batch: &Batch, outputs: &[Output]) -> Self {
        let row = outputs[0].row;
        let sheet: &Sheet = &batch.sheets[row / batch.span];
        let t = row % batch.span;
        let (ratio, offset) = match &sheet.join {
            Some((ratio, offset)) => (ratio[t], offset[t]),
            None => (1.0, 0.0),
        };
        let moves = |g: usize| t >= batch.groups[g].moves_from();
        let per = |o: &Output| o.per.filter(|(g, _)| moves(*g));
        let plain = |o: &&Output| per(o).is_none() && o.scale != 0.0;
        let lead = outputs.iter().find(plain).copied();
        let mut multiples: Vec<Output> = outputs.to_vec();
        multiples.retain(|o| Some(*o) != lead);
        let own = lead.map_or(1.0, |lead| lead.scale);
        for multiple in &mut multiples {
            multiple.per = per(multiple);
            multiple.scale /= own;
        }
        let scale = ratio * own;
        let mut row = Self {
            slot: lead.map(|lead| lead.slot),
            constant: offset * own,
            terms: Vec::new(),
            moved: Vec::new(),
            multiples,
        };
        for segment in &sheet.segments {
            let constant = scale * segment.constants[t];
            let monomials = segment.monomials.iter().enumerate();
            let terms = monomials.map(|(j, monomial)| {
                let coefficient = segment.coefficients.at(j, t);
                (*monomial, scale * coefficient)
            });
            let terms = terms.filter(|(_, amount)| *amount != 0.0);
            let Some(g) = segment.group.filter(|g| moves(*g)) else {
                row.constant += constant;
                terms.for_each(|(monomial, amount)| row.add(monomial, amount));
                continue;
            };
            let moved = Moved {
                ratio: (g, t),
                constant,
                terms: terms.collect(),
            };
            if constant != 0.0 || !moved.terms.is_empty() {
                row.moved.push(moved);
            }
        }
        row
    }

    /// Adds to what does not move with demand.
    fn add(&mut self, monomial: usize, amount: f64) {
        match self.terms.iter_mut().find(|(other, _)| *other == monomial) {
            Some((_, sum)) => *sum += amount,
            None => self.terms.push((monomial, amount)),
        }
    }

    fn is_constant(&self) -> bool {
        self.terms.is_empty() && self.moved.is_empty()
    }
}

/// A row whose columns are there.
#[derive(Debug)]
struct Placed {
    slot: u32,
    constant: f64,
    terms: Vec<(u32, f64)>,
    parts: Vec<PlacedPart>,
    multiples: Vec<Multiple>,
}

/// What moves with a demand ratio, likewise.
#[derive(Debug)]
struct PlacedPart {
    group: usize,
    ratio: u32,
    constant: f64,
    terms: Vec<(u32, f64)>,
}

/// The columns of a row, and of what moves with each demand group.
type Shape = (Vec<u32>, Vec<(usize, Vec<u32>)>);

impl Placed {
    fn shape(&self) -> Shape {
        let columns = |terms: &[(u32, f64)]| terms.iter().map(|(column, _)| *column).collect();
        let parts = self.parts.iter();
        let parts = parts.map(|part| (part.group, columns(&part.terms)));
        (columns(&self.terms), parts.collect())
    }
}

/// What a column holds.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Key {
    /// A product of columns.
    Product(Vec<usize>),
    /// A demand ratio.
    Ratio(usize, usize),
    /// One over a demand ratio.
    Inverse(usize, usize),
}

/// The columns made so far.
struct Columns<'a> {
    batch: &'a Batch,
    makes: Vec<Make>,
    known: HashMap<Key, u32>,
}

impl Columns<'_> {
    /// Columns that are there from the start.
    fn given(&self) -> usize {
        self.batch.inputs.len() + self.batch.switches.len()
    }

    fn keep(&mut self, key: Key, make: Make) -> u32 {
        let column = narrow(self.given() + self.makes.len());
        self.makes.push(make);
        self.known.insert(key, column);
        column
    }

    fn product(&mut self, columns: &[usize]) -> u32 {
        if let [column] = columns {
            return narrow(*column);
        }
        let key = Key::Product(columns.to_vec());
        if let Some(column) = self.known.get(&key) {
            return *column;
        }
        let (last, before) = columns.split_last().map_or((0, columns), |(l, b)| (*l, b));
        let before = self.product(before);
        self.keep(key, Make::Product(before, narrow(last)))
    }

    /// d[g,t]
    fn ratio(&mut self, g: usize, t: usize) -> u32 {
        let key = Key::Ratio(g, t);
        if let Some(column) = self.known.get(&key) {
            return *column;
        }
        let group = &self.batch.groups[g];
        let before = (t > group.moves_from()).then(|| self.ratio(g, t - 1));
        self.keep(key, group.step(t, before))
    }

    fn inverse(&mut self, g: usize, t: usize) -> u32 {
        let key = Key::Inverse(g, t);
        if let Some(column) = self.known.get(&key) {
            return *column;
        }
        let ratio = self.ratio(g, t);
        self.keep(key, Make::Inverse(ratio))
    }

    /// The columns of monomials.
    fn terms(&mut self, terms: &[(usize, f64)]) -> Vec<(u32, f64)> {
        let place = |(j, amount): &(usize, f64)| (self.product(&self.batch.monomials[*j]), *amount);
        terms.iter().map(place).collect()
    }

    /// Nothing for a row that goes nowhere.
    fn place(&mut self, row: &Row) -> Option<Placed> {
        // A row that is only wanted multiplied stands where the last of its multiples
        // goes, until that one is made.
        let last = row.multiples.last().map(|multiple| multiple.slot);
        let slot = narrow(row.slot.or(last)?);
        let moved = row.moved.iter();
        let parts = moved.map(|part| PlacedPart {
            group: part.ratio.0,
            ratio: self.ratio(part.ratio.0, part.ratio.1),
            constant: part.constant,
            terms: self.terms(&part.terms),
        });
        let parts = parts.collect();
        let multiples = row.multiples.iter();
        let multiples = multiples.map(|multiple| Multiple {
            of: slot,
            scale: multiple.scale,
            times: multiple.per.map(|(g, t)| self.inverse(g, t)),
            slot: narrow(multiple.slot),
        });
        let multiples = multiples.collect();
        Some(Placed {
            slot,
            constant: row.constant,
            terms: self.terms(&row.terms),
            parts,
            multiples,
        })
    }

    /// A share that is watched; it goes to the slot of its own index.
    fn share(&mut self, i: usize) -> Placed {
        let cell = &self.batch.feasibility[i];
        Placed {
            slot: narrow(i),
            constant: cell.constant,
            terms: self.terms(&cell.changes),
            parts: Vec::new(),
            multiples: Vec::new(),
        }
    }
}

/// Indices of columns and slots are small.
fn narrow(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}
