//! Hatching of the side of a line where something is not attained.

use super::place::Rect;
use super::sheet::Point;

/// A line with attainment on its left, on the page (y grows downwards). Lines end
/// on the rim of the area or close.
pub(super) struct Divide {
    /// Segments of all its lines.
    segments: Vec<[Point; 2]>,
    /// A point where it is attained, if there is a line.
    known: Option<Point>,
    /// What holds everywhere if there is none.
    otherwise: bool,
}

impl Divide {
    /// From polylines in px; `otherwise` says what holds everywhere without lines.
    pub fn new(lines: &[Vec<Point>], otherwise: bool) -> Self {
        let segments: Vec<[Point; 2]> = lines
            .iter()
            .flat_map(|line| line.windows(2).map(|pair| [pair[0], pair[1]]))
            .collect();
        let length = |[a, b]: &[Point; 2]| (b.0 - a.0).hypot(b.1 - a.1);
        let longest = segments
            .iter()
            .reduce(|best, next| {
                if length(next) > length(best) {
                    next
                } else {
                    best
                }
            })
            .filter(|segment| length(segment) > 0.0);
        let known = longest.map(|&[a, b]| {
            let (dx, dy, long) = (b.0 - a.0, b.1 - a.1, length(&[a, b]));
            // Left of the way on the page: up (negative y) when it leads right.
            let off = 0.02;
            let middle = (f64::midpoint(a.0, b.0), f64::midpoint(a.1, b.1));
            (middle.0 + off * dy / long, middle.1 - off * dx / long)
        });
        Self {
            segments,
            known,
            otherwise,
        }
    }

    /// Whether a point lies on the attained side: the way to a point that does
    /// crosses the line an even number of times.
    pub fn attained(&self, at: Point) -> bool {
        let Some(known) = self.known else {
            return self.otherwise;
        };
        let crossings = self.crossings(at, known);
        let between = crossings.iter().filter(|&&t| t > 0.0 && t < 1.0);
        between.count() % 2 == 0
    }

    /// Where the straight line through two points crosses, as shares of the way. Ends
    /// of segments that lie on the line count once.
    fn crossings(&self, from: Point, to: Point) -> Vec<f64> {
        let way = (to.0 - from.0, to.1 - from.1);
        let side = |p: Point| way.0 * (p.1 - from.1) - way.1 * (p.0 - from.0);
        let along = |p: Point| {
            ((p.0 - from.0) * way.0 + (p.1 - from.1) * way.1) / (way.0 * way.0 + way.1 * way.1)
        };
        let cut = |&[a, b]: &[Point; 2]| {
            let (sa, sb) = (side(a), side(b));
            ((sa >= 0.0) != (sb >= 0.0)).then(|| along(a) + sa / (sa - sb) * (along(b) - along(a)))
        };
        self.segments.iter().filter_map(cut).collect()
    }
}

/// Slanted strokes over the part of an area where some of the divides is not attained.
pub(super) fn strokes(area: Rect, divides: &[Divide], pitch: f64) -> Vec<[Point; 2]> {
    let count = ((area.width() + area.height()) / pitch).ceil() as usize;
    // Along a stroke the distances from the left and from the top add up to `sum`.
    (1..count)
        .map(|index| index as f64 * pitch)
        .flat_map(|sum| {
            let (left, right) = ((sum - area.height()).max(0.0), sum.min(area.width()));
            let ends = [left, right].map(|x| (area.x0 + x, area.y0 + sum - x));
            pieces(ends, divides)
        })
        .collect()
}

/// The pieces of a stroke on which some of the divides is not attained.
fn pieces([from, to]: [Point; 2], divides: &[Divide]) -> Vec<[Point; 2]> {
    let at = |t: f64| (from.0 + t * (to.0 - from.0), from.1 + t * (to.1 - from.1));
    if (to.0 - from.0).hypot(to.1 - from.1) < 1.0 {
        return Vec::new();
    }
    let mut cuts = vec![0.0, 1.0];
    for divide in divides {
        let crossings = divide.crossings(from, to).into_iter();
        cuts.extend(crossings.filter(|&t| t > 0.0 && t < 1.0));
    }
    cuts.sort_by(f64::total_cmp);
    let mut out: Vec<[f64; 2]> = Vec::new();
    for pair in cuts.windows(2) {
        let middle = at(f64::midpoint(pair[0], pair[1]));
        if divides.iter().all(|divide| divide.attained(middle)) {
            continue;
        }
        match out.last_mut() {
            Some(last) if last[1].to_bits() == pair[0].to_bits() => last[1] = pair[1],
            _ => out.push([pair[0], pair[1]]),
        }
    }
    out.into_iter().map(|piece| piece.map(at)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const AREA: Rect = Rect {
        x0: 0.0,
        y0: 0.0,
        x1: 100.0,
        y1: 60.0,
    };

    fn drawn(divides: &[Divide]) -> f64 {
        let strokes = strokes(AREA, divides, 1.0);
        let long = strokes.iter().map(|[a, b]| (b.0 - a.0).hypot(b.1 - a.1));
        // A stroke a px apart from the next stands for a band 1/√2 px wide.
        long.sum::<f64>() / 2.0_f64.sqrt()
    }

    #[test]
    fn the_right_of_the_line_is_hatched() {
        // Upwards on the page at x = 30: the left is x < 30.
        let up = Divide::new(&[vec![(30.0, 60.0), (30.0, 20.0), (30.0, 0.0)]], false);
        assert!(up.attained((10.0, 20.0)) && !up.attained((50.0, 20.0)));
        assert!((drawn(&[up]) - 70.0 * 60.0).abs() < 60.0);
        let down = Divide::new(&[vec![(30.0, 0.0), (30.0, 60.0)]], false);
        assert!((drawn(&[down]) - 30.0 * 60.0).abs() < 60.0);
    }

    #[test]
    fn islands_and_several_divides() {
        // Anticlockwise on the page: the inside is on the left.
        let square = vec![
            (20.0, 20.0),
            (20.0, 40.0),
            (40.0, 40.0),
            (40.0, 20.0),
            (20.0, 20.0),
        ];
        let inside = || Divide::new(std::slice::from_ref(&square), false);
        assert!(inside().attained((30.0, 30.0)) && !inside().attained((10.0, 30.0)));
        assert!((drawn(&[inside()]) - (6000.0 - 400.0)).abs() < 60.0);
        let half = Divide::new(&[vec![(30.0, 60.0), (30.0, 0.0)]], false);
        assert!((drawn(&[inside(), half]) - (6000.0 - 200.0)).abs() < 60.0);
    }

    #[test]
    fn without_lines_all_or_nothing() {
        assert!(strokes(AREA, &[Divide::new(&[], true)], 5.0).is_empty());
        assert!((drawn(&[Divide::new(&[], false)]) - 6000.0).abs() < 60.0);
        assert!(strokes(AREA, &[], 5.0).is_empty());
    }
}
