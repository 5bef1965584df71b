//! Lines that add up as they are printed.
//!
//! Every line of a balance rounded by itself adds up to the printed total only by chance. Here
//! base, total, growth and current policy are rounded to the nearest, all new measures together
//! are what is left, and each of them is given its part of that by largest remainders:
//!
//! ```text
//! N = T − B − G − C        off by two units of the last decimal at most
//! Σ_m r_m = N              r_m ∈ {⌊x_m⌋, ⌊x_m⌋ + 1} but for what the others round away
//! ```

use crate::view::Form;
use std::ops::Range;

/// A column of a balance in units of the last decimal that is printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rounding {
    /// Decimals of the shown unit.
    pub decimals: u8,
    /// One for each line, the base first and the total last; `None` where nothing changes.
    pub units: Vec<Option<i64>>,
}

impl Rounding {
    /// The rounding of `values` (base units, `scale` of which are one shown unit): a base,
    /// changes, and the total that they add up to. The lines `group` take what rounding the
    /// others leaves.
    pub fn of(values: &[f64], scale: f64, group: Range<usize>) -> Self {
        let (Some(base), Some(total)) = (values.first(), values.last()) else {
            return Self {
                decimals: 0,
                units: Vec::new(),
            };
        };
        let decimals = decimals(base.abs().max(total.abs()) / scale);
        let factor = 10_f64.powi(i32::from(decimals)) / scale;
        let (from, to) = ((base * factor).round(), (total * factor).round());
        let size = base.abs().max(total.abs());
        // Rounding leaves traces of 1e-13 where nothing changes.
        let acts = |i: &usize| values[*i].abs() > size * 1e-9;
        let exact = |i: usize| values[i] * factor;
        let middle = 1..values.len().saturating_sub(1);
        let grouped: Vec<usize> = group.clone().filter(acts).collect();
        let alone = middle.filter(|i| !group.contains(i)).filter(acts);
        let alone: Vec<usize> = alone.collect();
        let mut units = vec![None; values.len()];
        let mut left = (to - from) as i64;
        for &i in &alone {
            let nearest = exact(i).round() as i64;
            units[i] = Some(nearest);
            left -= nearest;
        }
        if grouped.is_empty() {
            // What rounding leaves goes to the largest line.
            let largest = alone
                .iter()
                .max_by(|a, b| exact(**a).abs().total_cmp(&exact(**b).abs()));
            if let Some(unit) = largest.and_then(|i| units[*i].as_mut()) {
                *unit += left;
            }
        }
        let parts: Vec<f64> = grouped.iter().map(|i| exact(*i)).collect();
        for (i, unit) in grouped.iter().zip(apportion(&parts, left)) {
            units[*i] = Some(unit);
        }
        units[0] = Some(from as i64);
        if let Some(last) = units.last_mut() {
            *last = Some(to as i64);
        }
        Self { decimals, units }
    }

    /// How so many units are printed.
    pub fn form(&self, units: Option<i64>, signed: bool) -> Form {
        units.map_or(Form::Nothing, |units| Form::Rounded {
            units,
            decimals: self.decimals,
            signed,
        })
    }
}

/// Decimals that give an amount about four digits.
fn decimals(base: f64) -> u8 {
    match base.abs() {
        s if s >= 999.5 => 0,
        s if s >= 99.95 => 1,
        s if s >= 9.995 => 2,
        s if s >= 0.9995 => 3,
        _ => 4,
    }
}

/// Whole numbers near `exact` that add up to `sum`, by largest remainders. Where `exact` adds
/// up to within one of `sum`, as it does here, none is off by more than one.
pub fn apportion(exact: &[f64], sum: i64) -> Vec<i64> {
    let mut whole: Vec<i64> = exact.iter().map(|value| value.floor() as i64).collect();
    if whole.is_empty() {
        return whole;
    }
    let mut order: Vec<usize> = (0..exact.len()).collect();
    let rest = |i: &usize| exact[*i] - exact[*i].floor();
    order.sort_by(|a, b| rest(b).total_cmp(&rest(a)).then(a.cmp(b)));
    let left = sum - whole.iter().sum::<i64>();
    let places = order.len();
    if left >= 0 {
        for step in 0..left as usize {
            whole[order[step % places]] += 1;
        }
    } else {
        for step in 0..left.unsigned_abs() as usize {
            whole[order[places - 1 - step % places]] -= 1;
        }
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::{Rounding, apportion, decimals};
    use proptest::prelude::*;

    #[test]
    fn remainders_go_to_the_largest() {
        assert_eq!(apportion(&[1.4, 2.4, 3.2], 7), [2, 2, 3]);
        assert_eq!(apportion(&[-1.4, -2.4, -3.2], -7), [-1, -3, -3]);
        assert_eq!(apportion(&[0.5], 0), [0]);
        assert_eq!(apportion(&[], 0), [0_i64; 0]);
        // Base and total were each rounded up by nearly half.
        assert_eq!(apportion(&[1.0, 2.0], 2), [1, 1]);
        assert_eq!(apportion(&[1.0, 2.0], 4), [2, 2]);
    }

    #[test]
    fn amounts_have_about_four_digits() {
        assert_eq!(
            [0.123, 4.6, 41.0, 300.0, 30_655.0].map(decimals),
            [4, 3, 2, 1, 0]
        );
    }

    #[test]
    fn a_column_adds_up() {
        let values = [41.272e4, 2.704e4, -3.676e4, 1e-9, -2.325e4, 37.975e4];
        let rounding = Rounding::of(&values, 1e4, 4..5);
        assert_eq!(rounding.decimals, 2);
        // All but the measures to the nearest; they are 3798 − 4127 − 270 + 368 = −231.
        let units = [
            Some(4127),
            Some(270),
            Some(-368),
            None,
            Some(-231),
            Some(3798),
        ];
        assert_eq!(rounding.units, units);
    }

    proptest! {
        #[test]
        fn lines_add_up_and_are_off_by_one_at_most(
            exact in prop::collection::vec(-1e5..1e5_f64, 1..40),
            near in -0.99..0.99_f64,
        ) {
            let whole: f64 = exact.iter().sum();
            let sum = (whole + near).round() as i64;
            prop_assume!((sum as f64 - whole).abs() <= 1.0);
            let given = apportion(&exact, sum);
            prop_assert_eq!(given.iter().sum::<i64>(), sum);
            for (unit, exact) in given.iter().zip(&exact) {
                prop_assert!((*unit as f64 - exact).abs() < 2.0);
            }
        }
    }
}
