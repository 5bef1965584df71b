//! Draws given from outside, and draws of a design, block by block into columns that lie one
//! behind the other.

use crate::pool::lock;
use jianpai_sweep::engine::{BLOCK, Sweep, Workspace};
use numpy::ndarray::{ArrayView2, s};
use pyo3::prelude::*;
use rayon::ThreadPool;
use rayon::prelude::*;
use std::sync::{Mutex, OnceLock};

/// Draws that one thread takes at a time.
const PIECE: usize = 8 * BLOCK;
/// Pieces between two looks at whether the user wants to stop.
const LOOK: usize = 64;

/// A number that is none, or infinite.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NotFinite {
    pub(crate) row: usize,
    pub(crate) column: usize,
}

/// A compiled sweep whose inputs are given.
///
/// The sweep watches what the draws of its design could do to a scenario. Draws beyond them
/// go through a second one that watches all that the inputs may be; both have the same
/// arithmetic.
pub(crate) struct Kernel {
    /// The sweep of the design.
    pub(crate) drawn: Sweep,
    /// What its design can draw.
    pub(crate) ranges: Vec<(f64, f64)>,
    /// The sweep of everything.
    open: OnceLock<Option<Sweep>>,
    make_open: Box<dyn Fn() -> Option<Sweep> + Send + Sync>,
    /// Memory of single draws, and of blocks.
    spare: [Mutex<Vec<Room>>; 2],
}

/// Memory of one worker.
#[derive(Default)]
struct Room {
    inputs: Vec<f64>,
    drawn: Workspace,
    open: Workspace,
}

impl Kernel {
    /// A kernel of a sweep; `make_open` compiles the one that watches everything.
    pub(crate) fn new(
        drawn: Sweep,
        make_open: impl Fn() -> Option<Sweep> + Send + Sync + 'static,
    ) -> Self {
        Self {
            ranges: drawn.drawn(),
            drawn,
            open: OnceLock::new(),
            make_open: Box::new(make_open),
            spare: Default::default(),
        }
    }

    /// The number of inputs.
    pub(crate) fn inputs(&self) -> usize {
        self.drawn.inputs.len()
    }

    /// The columns that are outputs.
    pub(crate) fn outputs(&self) -> Vec<usize> {
        (self.inputs()..self.drawn.columns.len()).collect()
    }

    /// Some columns of one draw.
    pub(crate) fn row(
        &self,
        chosen: &[usize],
        x: &ArrayView2<'_, f64>,
        out: &mut [f64],
    ) -> Result<(), NotFinite> {
        let mut room = lock(&self.spare[0]).pop().unwrap_or_default();
        let mut out: Vec<&mut [f64]> = out.chunks_mut(1).collect();
        let done = self.some(chosen, x, &mut out, &mut room);
        lock(&self.spare[0]).push(room);
        done
    }

    /// Some columns of all rows of `x`, column behind column.
    pub(crate) fn rows(
        &self,
        (py, pool): (Python<'_>, &ThreadPool),
        chosen: &[usize],
        x: &ArrayView2<'_, f64>,
        out: &mut [f64],
    ) -> PyResult<Result<(), NotFinite>> {
        pieces(py, pool, x.nrows(), out, |start, out| {
            let mut room = lock(&self.spare[1]).pop().unwrap_or_default();
            let draws = out.first().map_or(0, |column| column.len());
            let part = x.slice(s![start..start + draws, ..]);
            let done = self.piece(chosen, &part, out, &mut room);
            lock(&self.spare[1]).push(room);
            done.map_err(|flaw| NotFinite {
                row: start + flaw.row,
                ..flaw
            })
        })
    }

    /// Some blocks.
    fn piece(
        &self,
        chosen: &[usize],
        x: &ArrayView2<'_, f64>,
        mut out: Vec<&mut [f64]>,
        room: &mut Room,
    ) -> Result<(), NotFinite> {
        for start in (0..x.nrows()).step_by(BLOCK) {
            let end = (start + BLOCK).min(x.nrows());
            let mut part: Vec<&mut [f64]> = out
                .iter_mut()
                .map(|column| &mut column[start..end])
                .collect();
            let done = self.some(chosen, &x.slice(s![start..end, ..]), &mut part, room);
            done.map_err(|flaw| NotFinite {
                row: start + flaw.row,
                ..flaw
            })?;
        }
        Ok(())
    }

    /// One block.
    fn some(
        &self,
        chosen: &[usize],
        x: &ArrayView2<'_, f64>,
        out: &mut [&mut [f64]],
        room: &mut Room,
    ) -> Result<(), NotFinite> {
        let draws = x.nrows();
        let Room {
            inputs,
            drawn,
            open,
        } = room;
        let within = gather(x, &self.ranges, inputs);
        if !within {
            let mut all = x.indexed_iter();
            let first = all.find(|(_, value)| !value.is_finite());
            if let Some(((row, column), _)) = first {
                return Err(NotFinite { row, column });
            }
        }
        let all = || self.open.get_or_init(|| (self.make_open)()).as_ref();
        let (sweep, work) = if within {
            (&self.drawn, drawn)
        } else {
            (all().unwrap_or(&self.drawn), open)
        };
        sweep.take(inputs, draws, work);
        let rows = sweep.evaluate(draws, work);
        for (i, out) in chosen.iter().zip(out) {
            rows.write(*i, &sweep.columns[*i], out);
        }
        Ok(())
    }
}

/// Copies rows to columns, one behind the other; whether all numbers lie within the ranges of
/// their columns, as none does that is infinite or no number.
fn gather(x: &ArrayView2<'_, f64>, ranges: &[(f64, f64)], columns: &mut Vec<f64>) -> bool {
    let draws = x.nrows();
    columns.resize(draws * ranges.len(), 0.0);
    if x.is_standard_layout() {
        // Row by row, as they lie.
        for (d, row) in x.rows().into_iter().enumerate() {
            for (i, value) in row.iter().enumerate() {
                columns[i * draws + d] = *value;
            }
        }
    } else {
        for (column, values) in columns.chunks_exact_mut(draws.max(1)).zip(x.columns()) {
            for (own, value) in column.iter_mut().zip(values) {
                *own = *value;
            }
        }
    }
    let all = columns.chunks_exact(draws.max(1)).zip(ranges);
    let mut within = true;
    for (column, (low, high)) in all {
        // Without a branch, it goes over whole vectors.
        #[allow(clippy::needless_bitwise_bool)]
        let inside = |so_far: bool, value: &f64| so_far & (*value >= *low) & (*value <= *high);
        within &= column.iter().fold(true, inside);
    }
    within
}

/// The columns of `draws` draws of a sweep from `first` on, inputs and results, column behind
/// column.
pub(crate) fn block(
    (py, pool): (Python<'_>, &ThreadPool),
    sweep: &Sweep,
    (first, draws): (u64, usize),
    out: &mut [f64],
) -> PyResult<()> {
    let done = pieces(py, pool, draws, out, |start, out| {
        drawn(sweep, first + start as u64, out);
        Ok::<(), ()>(())
    });
    done.map(|_| ())
}

/// The same as columns of their own, without Python: in `pool`, or without one on this thread.
pub(crate) fn columns(
    pool: Option<&ThreadPool>,
    sweep: &Sweep,
    (first, draws): (u64, usize),
) -> Vec<Vec<f64>> {
    let columns = sweep.columns.iter().map(|_| vec![0.0; draws]);
    let mut columns: Vec<Vec<f64>> = columns.collect();
    let pieces = cut(columns.iter_mut().map(Vec::as_mut_slice), draws);
    let act = |(start, out): Piece<'_>| drawn(sweep, first + start as u64, out);
    match pool {
        Some(pool) if pieces.len() > 1 => pool.install(|| pieces.into_par_iter().for_each(act)),
        _ => pieces.into_iter().for_each(act),
    }
    columns
}

/// Draws from `first` on, as many as the columns are long.
fn drawn(sweep: &Sweep, first: u64, mut out: Vec<&mut [f64]>) {
    let mut work = Workspace::default();
    let draws = out.first().map_or(0, |column| column.len());
    for from in (0..draws).step_by(BLOCK) {
        let length = (draws - from).min(BLOCK);
        let rows = sweep.block(first + from as u64, length, &mut work);
        for ((i, column), out) in sweep.columns.iter().enumerate().zip(&mut out) {
            rows.write(i, column, &mut out[from..from + length]);
        }
    }
}

/// Some draws: the first, and their part of each column.
type Piece<'o> = (usize, Vec<&'o mut [f64]>);

/// Cuts columns of `draws` numbers into pieces of some draws each.
fn cut<'o>(columns: impl Iterator<Item = &'o mut [f64]>, draws: usize) -> Vec<Piece<'o>> {
    let mut pieces: Vec<Piece<'o>> = (0..draws).step_by(PIECE).map(|at| (at, vec![])).collect();
    for column in columns {
        for ((_, piece), part) in pieces.iter_mut().zip(column.chunks_mut(PIECE)) {
            piece.push(part);
        }
    }
    pieces
}

/// Cuts columns of `draws` numbers into pieces of some draws each and does something with
/// every piece, in parallel; the first error in the order of the draws.
fn pieces<E: Send>(
    py: Python<'_>,
    pool: &ThreadPool,
    draws: usize,
    out: &mut [f64],
    act: impl Fn(usize, Vec<&mut [f64]>) -> Result<(), E> + Sync,
) -> PyResult<Result<(), E>> {
    if draws == 0 {
        return Ok(Ok(()));
    }
    let mut pieces = cut(out.chunks_exact_mut(draws), draws);
    while !pieces.is_empty() {
        let rest = pieces.split_off(pieces.len().min(LOOK));
        let now = std::mem::replace(&mut pieces, rest);
        let alone = now.len() == 1;
        let done = py.detach(|| {
            let one = |(start, out): Piece<'_>| act(start, out).err();
            if alone {
                return now.into_iter().find_map(one);
            }
            let flaws = pool.install(|| now.into_par_iter().filter_map(one).collect::<Vec<E>>());
            flaws.into_iter().next()
        });
        if let Some(flaw) = done {
            return Ok(Err(flaw));
        }
        py.check_signals()?;
    }
    Ok(Ok(()))
}
