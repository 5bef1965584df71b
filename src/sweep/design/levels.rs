//! On how many levels the rows of a Morris design stand, told from the moves.
//!
//! An input of a `p`-level design moves by the same step Δ of its range from one of `q`
//! low levels, evenly spaced, to the high level above it:
//!
//! | levels | Δ | q | spacing of the low levels |
//! |---|---|---|---|
//! | p even | p/(2(p−1)) | p/2 | 1/(p−1) |
//! | p odd, as SALib samples it | p/(2(p−1)) | (p−1)/2 | (1−Δ)/(q−1) |
//! | p odd, an even grid that shows whole | 1/2, or (p+1)/(2(p−1)) | p − Δ(p−1) | 1/(p−1) |
//!
//! The range itself need not show in a few trajectories, but the step does, and Δ gives
//! the range from it: values 0, 0.2, 0.6, 0.8 that move by 0.6 stand on 6 levels of 0 to
//! 1, not on 4. Inputs of another than a uniform distribution stand on the quantiles of
//! the levels, which no spacing tells: of these it is asked that the low levels are at
//! most `q` and below all high ones, and that higher levels move to higher ones.

use super::recognise::moved;

/// How far from its level a value may lie, in spacings: tables are rounded.
const SLACK: f64 = 0.005;
/// Most levels that are thought of.
const MOST: u32 = 100;
/// Most levels by which an even spacing is told from quantiles: with more, some spacing
/// fits anything.
const PLAIN: u32 = 20;

/// What fits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fit {
    /// The step Δ as a part of the range.
    pub step: f64,
    /// Whether some inputs stand on no even spacing, and are taken for quantiles.
    pub quantiles: bool,
}

/// The lower and the higher value of one input's move in every trajectory.
type Moves = Vec<(f64, f64)>;

/// A way to lay out levels.
#[derive(Debug, Clone, Copy)]
struct Layout {
    step: f64,
    lows: u32,
    spacing: f64,
    /// Whether the lowest and the highest of the low levels have to be there.
    whole: bool,
}

/// The moves of a table that is known to be a Morris design, and the levels they fit.
#[derive(Debug, Clone)]
pub struct Levels {
    inputs: Vec<Moves>,
    /// Whether an input stands on an even spacing of some number of levels.
    even: Vec<bool>,
}

impl Levels {
    /// Takes the moves of rows that [`super::recognise::check_morris`] has found sound.
    pub fn of(columns: &[&[f64]]) -> Self {
        let group = columns.len() + 1;
        let rows = columns.first().map_or(0, |column| column.len());
        let mut inputs = vec![Vec::with_capacity(rows / group); columns.len()];
        for row in (0..rows).filter(|row| row % group > 0) {
            if let (Some(input), _) = moved(columns, row) {
                let (a, b) = (columns[input][row - 1], columns[input][row]);
                inputs[input].push((a.min(b), a.max(b)));
            }
        }
        let even = inputs
            .iter()
            .map(|moves| (2..=PLAIN).any(|p| layouts(p).iter().any(|l| l.fits(moves))))
            .collect();
        Self { inputs, even }
    }

    /// How the moves fit so many levels.
    ///
    /// # Errors
    /// The first input that does not.
    pub fn fit(&self, levels: u32) -> Result<Fit, usize> {
        let misfit = |layout: &Layout| {
            let each = self.inputs.iter().zip(&self.even);
            each.clone()
                .position(|(moves, even)| !(layout.fits(moves) || !even && layout.ranks(moves)))
        };
        let all = layouts(levels);
        let quantiles = self.even.iter().any(|even| !even);
        match all.iter().find(|layout| misfit(layout).is_none()) {
            Some(layout) => Ok(Fit {
                step: layout.step,
                quantiles,
            }),
            None => Err(all.first().and_then(misfit).unwrap_or(0)),
        }
    }

    /// The fewest levels that fit, even numbers first.
    pub fn fewest(&self) -> Option<u32> {
        self.fitting().next()
    }

    /// All numbers of levels that fit, even ones first.
    pub fn fitting(&self) -> impl Iterator<Item = u32> {
        let even = (2..=MOST).step_by(2);
        let odd = (3..=MOST).step_by(2);
        even.chain(odd).filter(|p| self.fit(*p).is_ok())
    }

    /// The different values that an input takes, but for rounding.
    pub fn values(&self, input: usize) -> usize {
        let moves = &self.inputs[input];
        let slack = 1e-9 * range(moves);
        let all = moves.iter().flat_map(|(low, high)| [*low, *high]);
        distinct(all, slack).len()
    }
}

/// Greatest less least value.
fn range(moves: &Moves) -> f64 {
    let least = moves.iter().map(|m| m.0).fold(f64::INFINITY, f64::min);
    let most = moves.iter().map(|m| m.1).fold(f64::NEG_INFINITY, f64::max);
    most - least
}

/// Rising values further apart than `slack`.
fn distinct(values: impl Iterator<Item = f64>, slack: f64) -> Vec<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_unstable_by(f64::total_cmp);
    values.dedup_by(|a, b| *a - *b <= slack);
    values
}

/// The ways to lay out `p` levels, the most common first.
fn layouts(p: u32) -> Vec<Layout> {
    if p < 2 {
        return Vec::new();
    }
    let (parts, half) = (f64::from(p - 1), p / 2);
    let step = f64::from(p) / (2.0 * parts);
    if p.is_multiple_of(2) {
        let spacing = 1.0 / parts;
        return vec![Layout {
            step,
            lows: half,
            spacing,
            whole: false,
        }];
    }
    let spacing = (1.0 - step) / f64::from(half.max(2) - 1);
    let as_sampled = Layout {
        step,
        lows: half,
        spacing,
        whole: false,
    };
    // A step of so many levels of an even grid leaves p − so many low ones.
    let by = |levels: u32| Layout {
        step: f64::from(levels) / parts,
        lows: p - levels,
        spacing: 1.0 / parts,
        whole: true,
    };
    vec![as_sampled, by(half), by(half + 1)]
}

impl Layout {
    /// Whether moves go from one low level to the high one above it.
    fn fits(&self, moves: &Moves) -> bool {
        let Some((first, _)) = moves.first() else {
            return true;
        };
        let step = moves.iter().map(|(low, high)| high - low).sum::<f64>() / moves.len() as f64;
        let spacing = step / self.step * self.spacing;
        let least = moves.iter().fold(*first, |least, (low, _)| least.min(*low));
        let mut most = 0.0_f64;
        let fits = moves.iter().all(|(low, high)| {
            let place = (low - least) / spacing;
            let whole = place.round();
            most = most.max(whole);
            (place - whole).abs() <= SLACK
                && whole < f64::from(self.lows)
                && ((high - low) - step).abs() <= SLACK * spacing
        });
        fits && (!self.whole || most + 1.5 > f64::from(self.lows))
    }

    /// Whether moves go from at most so many low values to higher ones that rise with
    /// them, all above all low ones.
    fn ranks(&self, moves: &Moves) -> bool {
        let slack = 1e-9 * range(moves);
        let mut moves = moves.clone();
        moves.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
        let lows = distinct(moves.iter().map(|m| m.0), slack);
        let rise = moves.windows(2).all(|pair| {
            let (a, b) = (pair[0], pair[1]);
            if b.0 - a.0 <= slack {
                (b.1 - a.1).abs() <= slack
            } else {
                b.1 - a.1 > slack
            }
        });
        let most = lows.last().copied().unwrap_or(f64::NEG_INFINITY);
        let apart = moves.iter().all(|(_, high)| *high > most);
        rise && apart && lows.len() <= self.lows as usize
    }
}
