//! Logarithmic mean Divisia index decomposition, LMDI-I, additive form.
//!
//! For a total V = Σ_i Π_f x[i,f] between two states 0 and T, the effect of
//! factor f is (Ang 2005, Energy Policy 33:867)
//!
//! ```text
//! ΔV_f = Σ_i L(V[i,T], V[i,0]) · ln(x[i,f,T] / x[i,f,0])      Σ_f ΔV_f = V_T − V_0
//! L(a, b) = (a − b) / ln(a / b),  L(a, a) = a
//! ```
//!
//! Zeros are taken by their analytic limits (Wood and Lenzen 2006, Energy
//! Policy 34:1326): a factor that goes from 0 to something carries the whole
//! change of its term; where several do, they share it equally.

/// The logarithmic mean of two non-negative numbers.
pub fn log_mean(a: f64, b: f64) -> f64 {
    if a <= 0.0 || b <= 0.0 {
        return 0.0;
    }
    let ratio = a / b;
    // Near a = b the quotient loses all digits: L = b·(1 + d/2 − d²/12 + …), d = a/b − 1.
    let d = ratio - 1.0;
    if d.abs() < 1e-4 {
        return b * (1.0 + d / 2.0 - d * d / 12.0 + d * d * d / 24.0);
    }
    (a - b) / ratio.ln()
}

/// The effects of the factors of one term, `from` and `to` being its factors
/// before and after. They sum to `Π to − Π from`.
///
/// # Panics
/// Never: the shorter of the two slices decides how many factors there are.
pub fn effects(from: &[f64], to: &[f64]) -> Vec<f64> {
    let factors = from.len().min(to.len());
    let before: f64 = from[..factors].iter().product();
    let after: f64 = to[..factors].iter().product();
    let vanishing = |f: usize| (from[f] > 0.0) != (to[f] > 0.0);
    let count = (0..factors).filter(|f| vanishing(*f)).count();
    if before > 0.0 && after > 0.0 {
        let weight = log_mean(after, before);
        return (0..factors)
            .map(|f| weight * (to[f] / from[f]).ln())
            .collect();
    }
    if count == 0 {
        return vec![0.0; factors]; // 0 before and after
    }
    let each = (after - before) / count as f64;
    (0..factors)
        .map(|f| if vanishing(f) { each } else { 0.0 })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn log_mean_of_equals_is_the_number() {
        assert!((log_mean(3.0, 3.0) - 3.0).abs() < 1e-15);
        assert!((log_mean(3.0 + 1e-9, 3.0) - 3.0).abs() < 1e-8);
        assert!((log_mean(2.0, 1.0) - 1.0 / 2f64.ln()).abs() < 1e-15);
    }

    #[test]
    fn zero_cases_by_their_limits() {
        assert_eq!(effects(&[2.0, 0.0], &[3.0, 4.0]), vec![0.0, 12.0]);
        assert_eq!(effects(&[2.0, 5.0], &[3.0, 0.0]), vec![0.0, -10.0]);
        assert_eq!(effects(&[0.0, 1.0], &[0.0, 2.0]), vec![0.0, 0.0]);
    }

    proptest! {
        #[test]
        fn effects_sum_to_the_change(
            from in prop::collection::vec(prop_oneof![Just(0.0), 1e-3..1e3f64], 4),
            to in prop::collection::vec(prop_oneof![Just(0.0), 1e-3..1e3f64], 4),
        ) {
            let before: f64 = from.iter().product();
            let after: f64 = to.iter().product();
            let sum: f64 = effects(&from, &to).iter().sum();
            prop_assert!((sum - (after - before)).abs() <= 1e-9 * before.max(after).max(1.0));
        }
    }
}
