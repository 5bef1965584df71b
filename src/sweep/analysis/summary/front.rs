//! The draws that no other beats both in cost (less is better) and in margin (more is
//! better): the Pareto set, whole.
//!
//! A draw beats another if it is no worse in both and better in one; of draws that are
//! the same in both, all belong to the set. Along the set, in the order of cost, the
//! margin rises, so that a new draw finds its place by bisection.
//!
//! Mostly the set is small: some multiple of the square root of the number of draws. But
//! if one input moves both, every draw may belong to it. Beyond [`MOST`] draws it is
//! therefore thinned, at fixed places in the stream of draws ([`Front::settle`]), to every
//! other one, and says so. Up to then it is a function of the set of draws alone.

use super::keys::check;
use crate::analysis::AnalysisError;

/// Draws that are kept of the set, at most: 3 MB.
pub const MOST: usize = 1 << 17;

/// A draw of the set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Number of the draw.
    pub draw: u64,
    /// Its cost.
    pub cost: f64,
    /// Its margin.
    pub margin: f64,
}

/// The set.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Front {
    /// By cost, then by draw.
    points: Vec<Point>,
    thinned: bool,
    /// The most draws that it held where it would have been thinned.
    peak: usize,
}

impl Front {
    /// Takes in a draw.
    ///
    /// # Errors
    ///
    /// A value is not finite or beyond ±1e150.
    pub fn push(&mut self, draw: u64, cost: f64, margin: f64) -> Result<(), AnalysisError> {
        check(draw, 0, cost)?;
        check(draw, 1, margin)?;
        // −0 and 0 are one number.
        self.add(Point {
            draw,
            cost: cost + 0.0,
            margin: margin + 0.0,
        });
        Ok(())
    }

    #[allow(clippy::float_cmp)] // what is the same is neither better nor worse
    fn add(&mut self, new: Point) {
        let start = self.points.partition_point(|old| old.cost < new.cost);
        // The cheaper draw with the greatest margin is the last of them.
        let cheaper = start.checked_sub(1).map(|last| self.points[last]);
        if cheaper.is_some_and(|old| old.margin >= new.margin) {
            return;
        }
        let same_cost = self.points.get(start).filter(|old| old.cost == new.cost);
        if same_cost.is_some_and(|old| old.margin > new.margin) {
            return;
        }
        let beside = &self.points[start..];
        let alike = beside.partition_point(|old| old.cost == new.cost && old.margin == new.margin);
        let beaten = beside[alike..].partition_point(|old| old.margin <= new.margin);
        self.points.drain(start + alike..start + alike + beaten);
        let place = self.points[start..start + alike].partition_point(|old| old.draw < new.draw);
        // A draw is in the set once.
        if self.points.get(start + place) != Some(&new) {
            self.points.insert(start + place, new);
        }
    }

    /// Takes in the draws of another.
    pub fn merge(&mut self, other: &Self) {
        self.thinned |= other.thinned;
        for point in &other.points {
            self.add(*point);
        }
    }

    /// Thins the set if it has grown beyond [`MOST`]. To be called after the same draws
    /// in every run, so that what is left does not depend on how it was cut.
    pub fn settle(&mut self) {
        self.peak = self.peak.max(self.points.len());
        if self.points.len() > MOST {
            self.points = spread(&self.points, MOST / 2);
            self.thinned = true;
        }
    }

    /// The most draws that it held where it would have been thinned: the set of these draws
    /// and of others before them held no more there than theirs and this together.
    pub fn peak(&self) -> usize {
        self.peak
    }

    /// The same, knowing what it held before: more than [`MOST`] have been thinned.
    pub(super) fn having_held(self, peak: usize) -> Self {
        Self {
            peak,
            thinned: peak > MOST,
            ..self
        }
    }

    /// The draws, the cheapest first.
    pub fn points(&self) -> &[Point] {
        &self.points
    }

    /// Whether draws of the set have been left out: then there are more than [`MOST`].
    pub fn is_thinned(&self) -> bool {
        self.thinned
    }

    /// At most `most` draws of the set, its ends among them, evenly along it.
    pub fn some(&self, most: usize) -> Vec<Point> {
        spread(&self.points, most)
    }
}

/// At most `most` of some points, the first and the last among them.
fn spread(points: &[Point], most: usize) -> Vec<Point> {
    if points.len() <= most {
        return points.to_vec();
    }
    let (last, parts) = (points.len() - 1, most.max(2) - 1);
    (0..=parts)
        .map(|i| points[(i * last + parts / 2) / parts])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::design::Rng;

    /// Every draw that none beats, by comparing all with all.
    fn by_hand(draws: &[(f64, f64)]) -> Vec<u64> {
        let beats =
            |a: &(f64, f64), b: &(f64, f64)| a.0 <= b.0 && a.1 >= b.1 && (a.0 < b.0 || a.1 > b.1);
        let free = |b: &(f64, f64)| !draws.iter().any(|a| beats(a, b));
        let all = draws.iter().enumerate().filter(|(_, b)| free(b));
        all.map(|(i, _)| i as u64).collect()
    }

    fn front(draws: &[(f64, f64)], order: impl Iterator<Item = usize>) -> Front {
        let mut front = Front::default();
        for i in order {
            front.push(i as u64, draws[i].0, draws[i].1).unwrap();
        }
        front
    }

    fn numbers(front: &Front) -> Vec<u64> {
        let mut numbers: Vec<u64> = front.points().iter().map(|p| p.draw).collect();
        numbers.sort_unstable();
        numbers
    }

    #[test]
    fn it_is_the_whole_set_however_it_is_cut() {
        for (seed, steps) in [(1, 0.0), (2, 7.0), (3, 40.0), (4, 3.0)] {
            let rng = Rng::new(seed, 0);
            let n = 600;
            let number = |i: u64| {
                let u = rng.u01(i);
                if steps > 0.0 { (u * steps).floor() } else { u }
            };
            // More cost brings more margin, with noise: a set of some size.
            let draws: Vec<(f64, f64)> = (0..n as u64)
                .map(|i| (number(2 * i), 0.8 * number(2 * i) + 0.3 * number(2 * i + 1)))
                .collect();
            let whole = front(&draws, 0..n);
            assert_eq!(numbers(&whole), by_hand(&draws), "{seed}");
            assert_eq!(front(&draws, (0..n).rev()), whole);
            let mut merged = front(&draws, (0..n).filter(|i| i % 3 == 1));
            merged.merge(&front(&draws, (0..n).filter(|i| i % 3 != 1)));
            assert_eq!(merged, whole);
        }
    }

    #[test]
    fn where_all_belong_it_is_thinned_and_says_so() {
        let line: Vec<(f64, f64)> = (0..MOST + 10).map(|i| (i as f64, i as f64)).collect();
        let mut all = front(&line, 0..line.len());
        assert!(all.points().len() == MOST + 10 && !all.is_thinned());
        let some = all.some(5);
        let draws: Vec<u64> = some.iter().map(|p| p.draw).collect();
        let last = (MOST + 9) as u64;
        assert_eq!((draws.len(), draws[0], draws[4]), (5, 0, last));
        all.settle();
        assert!(all.is_thinned() && all.points().len() == MOST / 2);
        assert_eq!(all.points().last().unwrap().draw, last);
    }
}
