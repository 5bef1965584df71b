//! Ranges and ticks of the axes.

use jianpai_core::text::Lang;

/// An axis: its ticks, which also bound it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Axis {
    /// Tick values, ascending, at least two.
    pub ticks: Vec<f64>,
}

impl Axis {
    /// Lower end.
    pub fn lo(&self) -> f64 {
        self.ticks.first().copied().unwrap_or(0.0)
    }

    /// Upper end.
    pub fn hi(&self) -> f64 {
        self.ticks.last().copied().unwrap_or(1.0)
    }

    /// Distance between ticks.
    pub fn step(&self) -> f64 {
        match self.ticks.as_slice() {
            [a, b, ..] => b - a,
            _ => 1.0,
        }
    }

    /// Tick labels.
    pub fn labels(&self) -> Vec<String> {
        let decimals = super::number::tick_decimals(self.step());
        self.ticks
            .iter()
            .map(|&tick| super::number::fixed(tick, decimals))
            .collect()
    }
}

/// Whether a value can be drawn; what is not finite or absurdly large is a gap.
pub(super) fn usable(value: f64) -> bool {
    value.is_finite() && value.abs() < 1e100
}

/// Lowest and highest usable value.
pub(super) fn extent(values: impl IntoIterator<Item = f64>) -> Option<(f64, f64)> {
    values
        .into_iter()
        .filter(|&value| usable(value))
        .fold(None, |range, value| {
            let (lo, hi) = range.unwrap_or((value, value));
            Some((lo.min(value), hi.max(value)))
        })
}

/// Stretches a range to zero when zero is near enough for the eye to expect it.
pub(super) fn toward_zero((lo, hi): (f64, f64)) -> (f64, f64) {
    if lo > 0.0 && lo <= 0.5 * hi {
        (0.0, hi)
    } else if hi < 0.0 && hi >= 0.5 * lo {
        (lo, 0.0)
    } else {
        (lo, hi)
    }
}

/// Whether an axis leaves out zero.
pub(super) fn is_cut(axis: &Axis) -> bool {
    axis.lo() > 0.0 || axis.hi() < 0.0
}

/// A subtitle that says so if an axis does not start at zero.
pub(super) fn noted(subtitle: &str, cut: bool, lang: Lang) -> String {
    match (cut, lang) {
        (false, _) => subtitle.to_owned(),
        (true, Lang::Zh) => format!("{subtitle}（坐标轴不从零起）"),
        (true, Lang::En) => format!("{subtitle} (axis does not start at zero)"),
    }
}

/// The smallest of 1, 2, 2.5, 5 times a power of ten not below `rough`.
fn nice_step(rough: f64) -> f64 {
    let power = 10_f64.powf(rough.log10().floor());
    [1.0, 2.0, 2.5, 5.0, 10.0]
        .into_iter()
        .map(|factor| factor * power)
        .find(|&step| step >= rough * (1.0 - 1e-9))
        .unwrap_or(10.0 * power)
}

/// About `count` round ticks that cover the range.
pub(super) fn axis(range: (f64, f64), count: usize) -> Axis {
    let limit = |value: f64| {
        if value.is_finite() {
            value.clamp(-1e290, 1e290)
        } else {
            0.0
        }
    };
    let (mut lo, mut hi) = (limit(range.0.min(range.1)), limit(range.0.max(range.1)));
    let size = lo.abs().max(hi.abs());
    if size < 1e-290 {
        (lo, hi) = (0.0, 1.0);
    } else if hi - lo < size * 1e-9 {
        (lo, hi) = (lo - size * 0.1, hi + size * 0.1);
    }
    let step = nice_step((hi - lo) / count.max(1) as f64);
    let first = (lo / step + 1e-9).floor();
    let last = (hi / step - 1e-9).ceil().max(first + 1.0);
    let ticks = (0..=((last - first) as usize).min(50))
        .map(|index| (first + index as f64) * step)
        .collect();
    Axis { ticks }
}

/// Years to write under an axis of `width` px so that labels `label` px wide keep
/// apart: every year, or round steps with the two ends kept.
pub(super) fn year_ticks(first: i32, last: i32, width: f64, label: f64) -> Vec<i32> {
    let span = last.saturating_sub(first).max(0);
    if span == 0 {
        return vec![first];
    }
    let per_year = width / f64::from(span);
    let room = label + 7.0;
    let steps = [1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000];
    let wide = |step: &&i32| f64::from(**step) * per_year >= room;
    let even = |step: &&i32| first % **step == 0 && last % **step == 0 && span / **step >= 4;
    let step = steps.iter().filter(wide).find(even);
    let step = step.or(steps.iter().find(wide)).map_or(span, |&step| step);
    let near = |a: i32, b: i32| f64::from((a - b).abs()) * per_year < room;
    let mut years = vec![first];
    if !near(first, last) {
        years.push(last);
    }
    let start = first.div_euclid(step).saturating_mul(step);
    let mut year = start;
    while year < last {
        if year > first && years.iter().all(|&other| !near(year, other)) {
            years.push(year);
        }
        year = year.saturating_add(step);
    }
    years.sort_unstable();
    years
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_cover_the_data() {
        assert_eq!(
            axis((0.0, 10_200.0), 6).ticks,
            [0.0, 2000.0, 4000.0, 6000.0, 8000.0, 10_000.0, 12_000.0]
        );
        assert_eq!(
            axis((87.0, 108.0), 5).ticks,
            [85.0, 90.0, 95.0, 100.0, 105.0, 110.0]
        );
        let axis = axis((-3.0, 7.5), 5);
        assert!(axis.lo() <= -3.0 && axis.hi() >= 7.5 && axis.ticks.contains(&0.0));
    }

    #[test]
    fn odd_ranges_still_have_ticks() {
        for range in [
            (0.0, 0.0),
            (5.0, 5.0),
            (-2.0, -2.0),
            (1e-12, 2e-12),
            (1e300, -1e300),
            (f64::NAN, f64::INFINITY),
            (f64::MAX, f64::MAX),
        ] {
            let axis = axis(range, 5);
            assert!(axis.ticks.len() >= 2 && axis.ticks.len() <= 51, "{range:?}");
            assert!(axis.ticks.iter().all(|t| t.is_finite()), "{range:?}");
            assert!(axis.ticks.windows(2).all(|w| w[0] < w[1]), "{range:?}");
        }
    }

    #[test]
    fn years_keep_both_ends_and_keep_apart() {
        assert_eq!(
            year_ticks(2015, 2020, 700.0, 28.0),
            [2015, 2016, 2017, 2018, 2019, 2020]
        );
        assert_eq!(
            year_ticks(2015, 2060, 800.0, 28.0),
            [2015, 2020, 2025, 2030, 2035, 2040, 2045, 2050, 2055, 2060]
        );
        assert_eq!(year_ticks(2013, 2020, 120.0, 28.0), [2013, 2020]);
        assert_eq!(year_ticks(2020, 2020, 700.0, 28.0), [2020]);
        assert_eq!(year_ticks(2000, 1990, 700.0, 28.0), [2000]);
    }

    #[test]
    fn near_zero_ranges_start_at_zero() {
        assert_eq!(toward_zero((3.0, 9.0)), (0.0, 9.0));
        assert_eq!(toward_zero((60.0, 73.0)), (60.0, 73.0));
        assert_eq!(toward_zero((-9.0, -3.0)), (-9.0, 0.0));
    }
}
