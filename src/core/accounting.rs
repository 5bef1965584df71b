//! Official arithmetic of total-emission control (主要污染物总量减排核算).

use crate::catalogue::Catalogue;

/// The gross reduction that a net target needs: base − target + new emission.
///
/// All in one unit of mass. 11th-FYP example (NDRC 2007): SO2 2549 − 2295 + 370 = 624.
pub fn gross_reduction(base: f64, target: f64, new_emission: f64) -> f64 {
    base - target + new_emission
}

/// SO2 from burning coal: `coal · S · retained · 2 · (1 − η)` (t).
///
/// `coal` in t, `sulphur` a mass fraction, `converted` the part of the sulphur
/// that leaves as SO2 (0.8 in the general rule, 0.85 in T/CSES 144-2024),
/// `removal` η of the desulphurisation.
pub fn coal_so2(coal: f64, sulphur: f64, converted: f64, removal: f64) -> f64 {
    coal * sulphur * converted * 2.0 * (1.0 - removal)
}

/// The part of a year in which a control counts that starts (or is credited)
/// with the beginning of `month` (1–12).
pub fn part_of_year_from(month: u32) -> f64 {
    f64::from(12_u32.saturating_sub(month.saturating_sub(1))) / 12.0
}

/// The part of a year's work that is credited in the year itself, where a project counts
/// `lag` months after stable operation and as many become stable in each month: the mean of
/// [`part_of_year_from`], 11/24 for a lag of one month. The rest falls in the next year.
pub fn first_year_credit(lag: u32) -> f64 {
    let months = 1..=12;
    months.map(|month| credit_of(month, lag)).sum::<f64>() / 12.0
}

/// The part of its first year that a project is credited with which is stable from `month`
/// (1–12) on and counts `lag` months later.
pub fn credit_of(month: u32, lag: u32) -> f64 {
    part_of_year_from(month + lag)
}

/// The months from stable operation to the first that counts, as the data have it (1 where
/// they do not).
pub fn start_lag(catalogue: &Catalogue) -> u32 {
    let lag = catalogue.parameter("start-lag").unwrap_or(1.0);
    lag.max(0.0) as u32
}

/// The yearly reduction of a sewage-works change (t/a): flow in m3/d, difference
/// of concentrations in mg/L. m3/d · 365 d/a · mg/L · 1e-6 t/g.
pub fn sewage_reduction(flow: f64, concentration_drop: f64) -> f64 {
    flow * 365.0 * concentration_drop * 1e-6
}

/// The yearly emission of flue gas (t/a): flow in m3/h, hours a year, mg/m3.
/// m3/h · h/a · mg/m3 · 1e-9 t/mg.
pub fn flue_gas_emission(flow: f64, hours: f64, concentration: f64) -> f64 {
    flow * hours * concentration * 1e-9
}

/// The yearly emission of an amount with a factor (t/a): units a year, kg a unit.
pub fn factor_emission(amount: f64, factor: f64) -> f64 {
    amount * factor * 1e-3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eleventh_plan_balance() {
        assert!((gross_reduction(2549.0, 2295.0, 370.0) - 624.0).abs() < 1e-9);
        assert!((gross_reduction(1414.0, 1273.0, 430.0) - 571.0).abs() < 1e-9);
    }

    #[test]
    fn worked_example_of_a_boiler_with_desulphurisation_from_june() {
        assert!((coal_so2(11_000.0, 0.01, 0.8, 0.0) - 176.0).abs() < 1e-9);
        // The example treats 6416 t, "7/12 of the coal", at 75 % removal.
        let treated = (11_000.0 * part_of_year_from(6)).floor();
        let so2 = coal_so2(11_000.0 - treated, 0.01, 0.8, 0.0) + coal_so2(treated, 0.01, 0.8, 0.75);
        assert!((so2 - 99.0).abs() < 0.01, "{so2}");
    }

    /// The same boiler month by month: the example counts from the month of stable operation
    /// (no lag), 7/12 of 132 t; credited from the second month it is 6/12, the rest a year
    /// later. As many boilers in every month are credited with 11/24.
    #[test]
    fn a_year_of_such_boilers_is_credited_with_eleven_parts_of_twenty_four() {
        let (before, after) = (176.0, 44.0);
        let credited = |month: u32, lag: u32| (before - after) * credit_of(month, lag);
        assert!((before - credited(6, 0) - 99.0).abs() < 1e-9);
        assert!((before - credited(6, 1) - 110.0).abs() < 1e-9);
        assert!(credited(12, 1).abs() < 1e-12, "all of it in the next year");
        let year: f64 = (1..=12).map(|month| credited(month, 1)).sum();
        assert!((year - 12.0 * 132.0 * 11.0 / 24.0).abs() < 1e-9);
        assert!((first_year_credit(1) - 11.0 / 24.0).abs() < 1e-15);
        assert!((first_year_credit(0) - 13.0 / 24.0).abs() < 1e-15);
    }

    #[test]
    fn a_year_has_twelve_months_to_be_credited() {
        assert!((part_of_year_from(1) - 1.0).abs() < 1e-15);
        assert!((part_of_year_from(12) - 1.0 / 12.0).abs() < 1e-15);
        assert!(
            part_of_year_from(13).abs() < 1e-15,
            "from the year after on"
        );
    }

    #[test]
    fn upgrading_a_thousand_cubic_metres_from_1b_to_1a() {
        assert!((sewage_reduction(1000.0, 60.0 - 50.0) - 3.65).abs() < 1e-9);
        assert!((sewage_reduction(1000.0, 8.0 - 5.0) - 1.095).abs() < 1e-9);
    }
}
