//! The order of work of a batch: which columns are made from which, and which rows
//! are summed from them.
//!
//! Every row is laid out as one sum over columns, `c + Σ_k c[k]·φ[k]`, with φ the
//! terms s[j], the demand ratios d[g,t] and their products d[g,t]·s[j]; the join to
//! observed values and a scale are multiplied into the coefficients. A product of
//! columns is made once for all rows that need it. Rows made of the same columns are
//! evaluated together, so that a column is loaded once for several of them. The work
//! goes year by year, so that the columns in use stay in the first cache.

use super::{Batch, Sheet};
use std::collections::{BTreeMap, HashMap};

/// Rows that are evaluated at once, at most; three never are.
pub(super) const MOST_ROWS: usize = 6;

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

/// How a column is made from others (subscripts of columns).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Make {
    /// The product of two.
    Product(u32, u32),
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
            Self::Product(..) => 1.0,
        }
    }
}

/// Rows that are made of the same columns.
#[derive(Clone, Debug, Default)]
pub(super) struct Bundle {
    /// Where the rows go.
    pub slots: Vec<u32>,
    /// Their constants.
    pub constants: Vec<f64>,
    /// The columns.
    pub terms: Vec<u32>,
    /// Coefficients, terms × rows.
    pub coefficients: Vec<f64>,
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

impl Bundle {
    fn rows(&self) -> usize {
        self.slots.len()
    }

    fn operations(&self) -> usize {
        self.rows() * self.terms.len()
    }
}

/// Columns that are made, then rows that need no later ones.
#[derive(Clone, Debug, Default)]
pub(super) struct Stage {
    /// The subscript of the first column made that later stages use, too.
    pub first: usize,
    /// Those columns.
    pub kept: Vec<Make>,
    /// Products for this stage alone, from the column [`Program::kept`] on: later
    /// stages overwrite them, so that the columns in use stay in the first cache.
    pub products: Vec<(u32, u32)>,
    /// One over a column, behind the products.
    pub inverses: Vec<u32>,
    /// The rows.
    pub bundles: Vec<Bundle>,
    /// Multiples of them.
    pub multiples: Vec<Multiple>,
}

impl Stage {
    /// Puts the products and inverses where they stand, behind `kept` columns.
    fn settle(&mut self, kept: usize) {
        let (products, inverses) = (narrow(kept), narrow(kept + self.products.len()));
        let place = |column: &mut u32| {
            if *column & INVERSE != 0 {
                *column = (*column & !INVERSE) + inverses;
            } else if *column & PRODUCT != 0 {
                *column = (*column & !PRODUCT) + products;
            }
        };
        let bundles = self.bundles.iter_mut();
        bundles.flat_map(|bundle| &mut bundle.terms).for_each(place);
        let times = self.multiples.iter_mut();
        times.filter_map(|m| m.times.as_mut()).for_each(place);
    }

    /// Where rows and their multiples go.
    pub fn targets(&self) -> impl Iterator<Item = usize> {
        let slots = self.bundles.iter().flat_map(|bundle| &bundle.slots);
        let apart = self.multiples.iter().filter(|m| m.slot != m.of);
        let multiples = apart.map(|multiple| &multiple.slot);
        slots.chain(multiples).map(|slot| *slot as usize)
    }
}

/// What is done for a tile of draws.
#[derive(Clone, Debug, Default)]
pub(super) struct Program {
    /// The number of columns: inputs, switches, and those made.
    pub columns: usize,
    /// Those that stay to the end.
    pub kept: usize,
    /// The number of rows written.
    pub slots: usize,
    /// What depends on no growth, then year after year.
    pub stages: Vec<Stage>,
    /// Rows that are the same for every draw: where they go, and their value.
    pub constants: Vec<(usize, f64)>,
    /// The shares that are watched.
    pub shares: Vec<Bundle>,
}

impl Program {
    /// Fused multiply-adds of a draw.
    pub fn operations(&self) -> usize {
        let rows = self.stages.iter().flat_map(|stage| &stage.bundles);
        rows.chain(&self.shares).map(Bundle::operations).sum()
    }

    /// Columns made for a draw.
    pub fn made(&self) -> usize {
        let made = |s: &Stage| s.kept.len() + s.products.len() + s.inverses.len();
        self.stages.iter().map(made).sum()
    }

    /// Rows written that vary from draw to draw.
    pub fn written(&self) -> usize {
        self.stages
            .iter()
            .map(|stage| stage.targets().count())
            .sum()
    }

    /// Products that make multiples of rows.
    pub fn multiples(&self) -> usize {
        let all = self.stages.iter().flat_map(|stage| &stage.multiples);
        all.map(|multiple| 1 + usize::from(multiple.times.is_some()))
            .sum()
    }

    /// The program that writes `outputs`.
    pub fn of(batch: &Batch, outputs: &[Output]) -> Self {
        let mut columns = Columns {
            batch,
            kept: Vec::new(),
            products: Vec::new(),
            inverses: Vec::new(),
            known: HashMap::new(),
        };
        let mut program = Self {
            slots: outputs.iter().map(|o| o.slot + 1).max().unwrap_or(0),
            ..Self::default()
        };
        let mut stages: BTreeMap<usize, Vec<Row>> = BTreeMap::from([(0, Vec::new())]);
        let mut several: BTreeMap<usize, Vec<Output>> = BTreeMap::new();
        for output in outputs {
            several.entry(output.row).or_default().push(*output);
        }
        for outputs in several.values() {
            let row = Row::of(batch, outputs);
            if row.terms.is_empty() && row.multiples.iter().all(|m| m.per.is_none()) {
                let constant = |m: &Output| (m.slot, m.scale * row.constant);
                program.constants.extend(row.multiples.iter().map(constant));
                program
                    .constants
                    .extend(row.slot.map(|slot| (slot, row.constant)));
            } else {
                stages.entry(row.stage()).or_default().push(row);
            }
        }
        for (stage, rows) in stages {
            let first = columns.count();
            let mut placed = Vec::new();
            let mut multiples = Vec::new();
            for row in &rows {
                // A row that is only wanted multiplied stands where the last of its
                // multiples goes, until that one is made.
                let last = row.multiples.last().map(|multiple| multiple.slot);
                let Some(slot) = row.slot.or(last) else {
                    continue;
                };
                placed.push(columns.place(row, slot));
                multiples.extend(columns.multiples(row, slot));
            }
            if stage == 0 {
                let shares = (0..batch.feasibility.len()).map(|i| columns.share(i));
                program.shares = bundles(shares.collect());
            }
            program.stages.push(Stage {
                first,
                kept: columns.kept[first - columns.given()..].to_vec(),
                products: std::mem::take(&mut columns.products),
                inverses: std::mem::take(&mut columns.inverses),
                bundles: bundles(placed),
                multiples,
            });
            columns.known.retain(|key, _| key.stays());
        }
        program.kept = columns.count();
        let places = |stage: &Stage| program.kept + stage.products.len() + stage.inverses.len();
        program.columns = program
            .stages
            .iter()
            .map(places)
            .max()
            .unwrap_or(program.kept);
        for stage in &mut program.stages {
            stage.settle(program.kept);
        }
        program
    }
}

/// The value of a row that is the same for every draw.
pub(super) fn constant(batch: &Batch, row: usize) -> Option<f64> {
    let row = Row::of(batch, &[Output::plain(row, 0)]);
    row.terms.is_empty().then_some(row.constant)
}

/// One term of a row: a demand ratio (group, year), a monomial, or their product.
type Factor = (Option<(usize, usize)>, Option<usize>);

/// A row as a sum over terms.
#[derive(Debug)]
struct Row {
    /// Where it goes, if it does itself.
    slot: Option<usize>,
    constant: f64,
    terms: Vec<(Factor, f64)>,
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
            multiples,
        };
        for segment in &sheet.segments {
            let group = segment.group.filter(|g| moves(*g)).map(|g| (g, t));
            let constant = scale * segment.constants[t];
            match group {
                None => row.constant += constant,
                Some(_) => row.add((group, None), constant),
            }
            for (j, monomial) in segment.monomials.iter().enumerate() {
                let coefficient = segment.coefficients[j * batch.span + t];
                row.add((group, Some(*monomial)), scale * coefficient);
            }
        }
        // What needs no ratio comes first, whatever segment it came from.
        row.terms.sort_by_key(|((group, _), _)| group.is_some());
        row
    }

    fn add(&mut self, factor: Factor, amount: f64) {
        if amount == 0.0 {
            return;
        }
        match self.terms.iter_mut().find(|(other, _)| *other == factor) {
            Some((_, sum)) => *sum += amount,
            None => self.terms.push((factor, amount)),
        }
    }

    /// 0, or the year in which its ratios are known, counted from 1.
    fn stage(&self) -> usize {
        let years = self.terms.iter().filter_map(|((ratio, _), _)| *ratio);
        let divided = self.multiples.iter().filter_map(|multiple| multiple.per);
        let years = years.chain(divided).map(|(_, t)| t + 1);
        years.max().unwrap_or(0)
    }
}

/// A row whose columns are there.
#[derive(Debug)]
struct Placed {
    slot: u32,
    constant: f64,
    terms: Vec<(u32, f64)>,
}

/// What a column holds.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Key {
    /// A product of columns.
    Product(Vec<usize>),
    /// A demand ratio.
    Ratio(usize, usize),
    /// A demand ratio times a monomial.
    Moved(usize, usize, usize),
    /// One over a demand ratio.
    Inverse(usize, usize),
}

impl Key {
    /// Whether later stages use the column, too.
    fn stays(&self) -> bool {
        matches!(self, Self::Product(_) | Self::Ratio(..))
    }
}

/// Marks the subscript of a product of one stage.
const PRODUCT: u32 = 1 << 30;
/// Marks that of an inverse.
const INVERSE: u32 = 1 << 31;

/// The columns made so far.
struct Columns<'a> {
    batch: &'a Batch,
    kept: Vec<Make>,
    products: Vec<(u32, u32)>,
    inverses: Vec<u32>,
    known: HashMap<Key, u32>,
}

impl Columns<'_> {
    /// Columns that are there from the start.
    fn given(&self) -> usize {
        self.batch.inputs.len() + self.batch.switches.len()
    }

    fn count(&self) -> usize {
        self.given() + self.kept.len()
    }

    fn keep(&mut self, key: Key, make: Make) -> u32 {
        let column = narrow(self.count());
        self.kept.push(make);
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
        let column = INVERSE | narrow(self.inverses.len());
        self.inverses.push(ratio);
        self.known.insert(key, column);
        column
    }

    fn factor(&mut self, factor: &Factor) -> u32 {
        match *factor {
            (None, None) => unreachable!("a constant is no term"),
            (None, Some(j)) => self.product(&self.batch.monomials[j]),
            (Some((g, t)), None) => self.ratio(g, t),
            (Some((g, t)), Some(j)) => {
                let key = Key::Moved(g, t, j);
                if let Some(column) = self.known.get(&key) {
                    return *column;
                }
                let (ratio, term) = (self.ratio(g, t), self.product(&self.batch.monomials[j]));
                let column = PRODUCT | narrow(self.products.len());
                self.products.push((ratio, term));
                self.known.insert(key, column);
                column
            }
        }
    }

    fn place(&mut self, row: &Row, slot: usize) -> Placed {
        let terms = row.terms.iter();
        Placed {
            slot: narrow(slot),
            constant: row.constant,
            terms: terms.map(|(f, amount)| (self.factor(f), *amount)).collect(),
        }
    }

    /// The multiples of a row that goes to `slot`.
    fn multiples(&mut self, row: &Row, slot: usize) -> impl Iterator<Item = Multiple> {
        row.multiples.iter().map(move |multiple| Multiple {
            of: narrow(slot),
            scale: multiple.scale,
            times: multiple.per.map(|(g, t)| self.inverse(g, t)),
            slot: narrow(multiple.slot),
        })
    }

    /// A share that is watched; it goes to the slot of its own subscript.
    fn share(&mut self, i: usize) -> Placed {
        let cell = &self.batch.feasibility[i];
        let changes = cell.changes.iter();
        Placed {
            slot: narrow(i),
            constant: cell.constant,
            terms: changes
                .map(|(j, amount)| (self.product(&self.batch.monomials[*j]), *amount))
                .collect(),
        }
    }
}

/// Rows of the same columns side by side, those of like shape after one another.
fn bundles(rows: Vec<Placed>) -> Vec<Bundle> {
    let mut alike: Vec<Vec<Placed>> = Vec::new();
    let mut places: HashMap<Vec<u32>, usize> = HashMap::new();
    for row in rows {
        let terms = row.terms.iter().map(|(term, _)| *term).collect();
        let place = *places.entry(terms).or_insert(alike.len());
        if place == alike.len() {
            alike.push(Vec::new());
        }
        alike[place].push(row);
    }
    let mut found = Vec::new();
    for rows in &alike {
        // 7 rows are better done as 4 and 3 than as 6 and 1.
        let pieces = rows.len().div_ceil(MOST_ROWS);
        for piece in rows.chunks(rows.len().div_ceil(pieces)) {
            // Sums of 3 rows leave registers idle: 2 and 1 are faster.
            let size = if piece.len() == 3 { 2 } else { piece.len() };
            found.extend(piece.chunks(size).map(bundle));
        }
    }
    found.sort_by_key(|bundle| (bundle.rows(), bundle.terms.len()));
    found
}

fn bundle(rows: &[Placed]) -> Bundle {
    let terms = &rows[0].terms;
    Bundle {
        slots: rows.iter().map(|row| row.slot).collect(),
        constants: rows.iter().map(|row| row.constant).collect(),
        terms: terms.iter().map(|(term, _)| *term).collect(),
        coefficients: (0..terms.len())
            .flat_map(|j| rows.iter().map(move |row| row.terms[j].1))
            .collect(),
    }
}

/// Subscripts are small.
fn narrow(subscript: usize) -> u32 {
    u32::try_from(subscript).unwrap_or(u32::MAX)
}
