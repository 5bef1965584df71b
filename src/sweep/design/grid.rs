//! Full grid: every combination of the inputs' levels, the last input fastest.
//!
//! ```text
//! x_d = k_d/(size_d − 1)        k_d = ⌊ i / Π_{e>d} size_e ⌋ mod size_d
//! ```
//!
//! so both ends are in the grid; an input of one level stands at 1/2.

/// A grid in mixed radix.
#[derive(Debug, Clone)]
pub(super) struct Grid {
    /// Size and stride of each input.
    axes: Vec<(u64, u64)>,
}

impl Grid {
    /// The grid; the product of the sizes fits 64 bits.
    pub(super) fn new(sizes: &[u64]) -> Self {
        let mut axes = Vec::with_capacity(sizes.len());
        let mut stride = 1_u64;
        for &size in sizes.iter().rev() {
            axes.push((size, stride));
            stride *= size;
        }
        axes.reverse();
        Self { axes }
    }

    /// Coordinates `d` of the points from `first` on.
    pub(super) fn column(&self, d: usize, first: u64, out: &mut [f64]) {
        let (size, stride) = self.axes[d];
        let mut level = first / stride % size;
        let mut left = stride - first % stride;
        let mut rest = out;
        while !rest.is_empty() {
            let count = usize::try_from(left).map_or(rest.len(), |left| left.min(rest.len()));
            let (run, after) = rest.split_at_mut(count);
            run.fill(if size == 1 {
                0.5
            } else {
                level as f64 / (size - 1) as f64
            });
            level = if level + 1 == size { 0 } else { level + 1 };
            (rest, left) = (after, stride);
        }
    }
}
