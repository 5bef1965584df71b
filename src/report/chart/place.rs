//! Where labels go: spreading them in a column, and finding free room near a mark.

/// A box in px; y grows downwards.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Rect {
    /// Left.
    pub x0: f64,
    /// Top.
    pub y0: f64,
    /// Right.
    pub x1: f64,
    /// Bottom.
    pub y1: f64,
}

impl Rect {
    /// From left, top, right, bottom.
    pub fn new(x0: f64, y0: f64, x1: f64, y1: f64) -> Self {
        Self { x0, y0, x1, y1 }
    }

    /// Width.
    pub fn width(&self) -> f64 {
        self.x1 - self.x0
    }

    /// Height.
    pub fn height(&self) -> f64 {
        self.y1 - self.y0
    }

    /// Middle.
    pub fn center(&self) -> (f64, f64) {
        (
            f64::midpoint(self.x0, self.x1),
            f64::midpoint(self.y0, self.y1),
        )
    }

    /// Whether two boxes share an area.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.x0 < other.x1 && other.x0 < self.x1 && self.y0 < other.y1 && other.y0 < self.y1
    }

    /// Whether `other` lies inside.
    pub fn holds(&self, other: &Self) -> bool {
        self.x0 <= other.x0 && self.y0 <= other.y0 && other.x1 <= self.x1 && other.y1 <= self.y1
    }

    /// Larger by `by` on every side.
    pub fn grown(&self, by: f64) -> Self {
        Self::new(self.x0 - by, self.y0 - by, self.x1 + by, self.y1 + by)
    }

    /// The point of the box nearest to a point.
    pub fn nearest(&self, (x, y): (f64, f64)) -> (f64, f64) {
        (
            x.max(self.x0).min(self.x1.max(self.x0)),
            y.max(self.y0).min(self.y1.max(self.y0)),
        )
    }

    /// Length of the part of a segment inside the box.
    pub fn inside(&self, from: (f64, f64), to: (f64, f64)) -> f64 {
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let (mut start, mut end) = (0.0_f64, 1.0_f64);
        let sides = [
            (-dx, from.0 - self.x0),
            (dx, self.x1 - from.0),
            (-dy, from.1 - self.y0),
            (dy, self.y1 - from.1),
        ];
        for (run, room) in sides {
            if run == 0.0 {
                if room < 0.0 {
                    return 0.0;
                }
            } else if run < 0.0 {
                start = start.max(room / run);
            } else {
                end = end.min(room / run);
            }
        }
        if start < end {
            (end - start) * dx.hypot(dy)
        } else {
            0.0
        }
    }
}

/// Centres of blocks in a column, as near to the wanted ones as the order, the gaps
/// and the bounds allow (least squares). Blocks that cannot all fit are stacked from
/// `lo` and run over `hi`; callers make them smaller first, see [`fits`].
pub(super) fn spread(wanted: &[f64], heights: &[f64], gap: f64, lo: f64, hi: f64) -> Vec<f64> {
    let count = wanted.len().min(heights.len());
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by(|&a, &b| wanted[a].total_cmp(&wanted[b]).then(a.cmp(&b)));
    // Distance of every centre from the first, packed tight.
    let mut packed = Vec::with_capacity(count);
    let mut at = 0.0;
    for (rank, &index) in order.iter().enumerate() {
        if rank > 0 {
            at += heights[order[rank - 1]] / 2.0 + gap + heights[index] / 2.0;
        }
        packed.push(at);
    }
    // Pool adjacent violators: (sum, count) of each pool.
    let mut pools: Vec<(f64, usize)> = Vec::new();
    for (rank, &index) in order.iter().enumerate() {
        pools.push((wanted[index] - packed[rank], 1));
        while let [.., (s0, n0), (s1, n1)] = pools[..] {
            if s0 / n0 as f64 <= s1 / n1 as f64 {
                break;
            }
            pools.pop();
            pools.pop();
            pools.push((s0 + s1, n0 + n1));
        }
    }
    let means = pools
        .iter()
        .flat_map(|&(sum, n)| std::iter::repeat_n(sum / n as f64, n));
    let (Some(&first), Some(&last)) = (order.first(), order.last()) else {
        return Vec::new();
    };
    let low = lo + heights[first] / 2.0;
    let high = hi - heights[last] / 2.0 - packed[count - 1];
    let mut centres = vec![0.0; count];
    for ((rank, &index), mean) in order.iter().enumerate().zip(means) {
        centres[index] = mean.min(high).max(low) + packed[rank];
    }
    centres
}

/// Whether blocks fit into a column of `room` px.
pub(super) fn fits(heights: &[f64], gap: f64, room: f64) -> bool {
    heights.iter().sum::<f64>() + gap * heights.len().saturating_sub(1) as f64 <= room
}

/// What a label must not cover, and what it would rather not.
#[derive(Clone, Debug, Default)]
pub(super) struct Placer {
    /// Labels stay inside.
    pub bounds: Rect,
    /// Texts already there: never covered.
    pub texts: Vec<Rect>,
    /// Marks and bars: avoided.
    pub marks: Vec<Rect>,
    /// Lines: avoided.
    pub lines: Vec<((f64, f64), (f64, f64))>,
}

impl Placer {
    /// Adds a polyline to what is avoided.
    pub fn avoid_line(&mut self, points: &[(f64, f64)]) {
        self.lines
            .extend(points.windows(2).map(|pair| (pair[0], pair[1])));
    }

    /// Finds room for a box of `size` near one of the marks and keeps it; returns the
    /// mark too. `None` when every place would cover another text.
    pub fn place(&mut self, marks: &[(f64, f64)], size: (f64, f64)) -> Option<(Rect, (f64, f64))> {
        let found = marks.iter().filter_map(|&mark| {
            let (cost, rect) = self.best_near(mark, size)?;
            Some((cost, rect, mark))
        });
        let (_, rect, mark) =
            found.reduce(|best, other| if other.0 < best.0 - 1e-9 { other } else { best })?;
        self.texts.push(rect);
        Some((rect, mark))
    }

    /// The best place near a mark and its cost.
    fn best_near(&self, mark: (f64, f64), size: (f64, f64)) -> Option<(f64, Rect)> {
        let near = [9.0, 16.0, 26.0, 38.0, 50.0, 64.0, 80.0, 100.0, 125.0, 155.0]
            .into_iter()
            .flat_map(|reach| {
                let sides = around(mark, size, reach).into_iter().enumerate();
                sides.map(|(rank, rect)| (rect, rank as f64 * 1.5))
            });
        let mut best = self.cheapest(near, mark);
        if best.is_none_or(|(cost, _)| cost > 150.0) {
            let all = self.everywhere(size).into_iter().map(|rect| (rect, 20.0));
            best = self.cheapest(
                best.map(|(_, rect)| (rect, 0.0)).into_iter().chain(all),
                mark,
            );
        }
        best
    }

    /// The best of some places, each with a surcharge.
    fn cheapest(
        &self,
        places: impl Iterator<Item = (Rect, f64)>,
        mark: (f64, f64),
    ) -> Option<(f64, Rect)> {
        places
            .filter_map(|(rect, extra)| Some((self.cost(rect, mark)? + extra, rect)))
            .reduce(|best, other| if other.0 < best.0 - 1e-9 { other } else { best })
    }

    /// A grid of places all over the bounds.
    fn everywhere(&self, size: (f64, f64)) -> Vec<Rect> {
        let free = (self.bounds.width() - size.0, self.bounds.height() - size.1);
        let steps = 24;
        let grid = (0..=steps).flat_map(|row| (0..=steps).map(move |column| (column, row)));
        grid.map(|(column, row)| {
            let x = self.bounds.x0 + free.0 * f64::from(column) / f64::from(steps);
            let y = self.bounds.y0 + free.1 * f64::from(row) / f64::from(steps);
            Rect::new(x, y, x + size.0, y + size.1)
        })
        .collect()
    }

    /// How bad a place is; `None` when it is forbidden.
    fn cost(&self, rect: Rect, mark: (f64, f64)) -> Option<f64> {
        let padded = rect.grown(3.0);
        if !self.bounds.holds(&rect) || self.texts.iter().any(|text| text.overlaps(&padded)) {
            return None;
        }
        let near = rect.nearest(mark);
        let far = (near.0 - mark.0).hypot(near.1 - mark.1);
        let covered: f64 = self
            .lines
            .iter()
            .map(|&(from, to)| padded.inside(from, to))
            .filter(|length| *length > 0.0)
            .map(|length| 40.0 + length)
            .sum();
        let marks = self.marks.iter().filter(|m| m.overlaps(&padded)).count() as f64;
        let leader = self
            .texts
            .iter()
            .filter(|text| text.inside(mark, near) > 0.0)
            .count() as f64;
        let crossed = self
            .marks
            .iter()
            .filter(|m| {
                !m.grown(1.0)
                    .overlaps(&Rect::new(mark.0, mark.1, mark.0, mark.1))
            })
            .filter(|m| m.inside(mark, near) > 0.0)
            .count() as f64;
        Some(far + 2.0 * covered + 120.0 * marks + 200.0 * leader + 90.0 * crossed)
    }
}

/// Boxes on the eight sides of a mark, at a distance.
fn around((x, y): (f64, f64), (w, h): (f64, f64), reach: f64) -> [Rect; 10] {
    let slant = reach * 0.75;
    let boxed = |left: f64, top: f64| Rect::new(left, top, left + w, top + h);
    [
        boxed(x - w / 2.0, y + reach),
        boxed(x - w / 2.0, y - reach - h),
        boxed(x - reach - w, y - h / 2.0),
        boxed(x + reach, y - h / 2.0),
        boxed(x - slant - w, y + slant),
        boxed(x - slant - w, y - slant - h),
        boxed(x + slant, y + slant),
        boxed(x + slant, y - slant - h),
        boxed(x - w, y + reach),
        boxed(x - w, y - reach - h),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A small deterministic sequence in 0..1.
    fn sequence(mut state: u64) -> impl FnMut() -> f64 {
        move || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 33) as f64 / f64::from(1_u32 << 31)
        }
    }

    #[test]
    fn spread_never_overlaps_and_keeps_the_order() {
        for seed in 0..300 {
            let mut next = sequence(seed);
            let count = 1 + (next() * 9.0) as usize;
            let wanted: Vec<f64> = (0..count).map(|_| next() * 300.0 - 20.0).collect();
            let heights: Vec<f64> = (0..count).map(|_| 10.0 + next() * 20.0).collect();
            let (lo, hi) = (0.0, 330.0);
            assert!(fits(&heights, 2.0, hi - lo));
            let centres = spread(&wanted, &heights, 2.0, lo, hi);
            for i in 0..count {
                assert!(centres[i] - heights[i] / 2.0 >= lo - 1e-6);
                assert!(centres[i] + heights[i] / 2.0 <= hi + 1e-6);
                for j in 0..i {
                    let room = f64::midpoint(heights[i], heights[j]) + 2.0;
                    assert!(
                        (centres[i] - centres[j]).abs() >= room - 1e-6,
                        "seed {seed}"
                    );
                }
            }
        }
    }

    #[test]
    fn labels_with_room_stay_where_they_are() {
        let centres = spread(&[100.0, 20.0], &[14.0, 14.0], 2.0, 0.0, 200.0);
        assert!((centres[0] - 100.0).abs() < 1e-9 && (centres[1] - 20.0).abs() < 1e-9);
        assert!(spread(&[], &[], 2.0, 0.0, 1.0).is_empty());
    }

    #[test]
    fn placed_labels_never_cover_each_other() {
        let mut placer = Placer {
            bounds: Rect::new(0.0, 0.0, 600.0, 300.0),
            ..Placer::default()
        };
        let mut next = sequence(7);
        for _ in 0..12 {
            let mark = (next() * 600.0, next() * 300.0);
            placer.place(&[mark], (150.0, 16.0));
        }
        assert_eq!(placer.texts.len(), 12);
        for (i, one) in placer.texts.iter().enumerate() {
            assert!(placer.bounds.holds(one));
            assert!(placer.texts[..i].iter().all(|other| !one.overlaps(other)));
        }
    }

    #[test]
    fn segments_are_measured_inside_a_box() {
        let rect = Rect::new(0.0, 0.0, 10.0, 10.0);
        assert!((rect.inside((-5.0, 5.0), (20.0, 5.0)) - 10.0).abs() < 1e-9);
        assert!(rect.inside((-5.0, 20.0), (20.0, 20.0)).abs() < 1e-9);
        assert!(rect.inside((-1.0, 5.0), (-1.0, 8.0)).abs() < 1e-9);
    }
}
