//! Logarithmic mean Divisia index decomposition, LMDI-I (Ang 2005, Energy Policy
//! 33:867; Ang 2015, Energy Policy 86:233).
//!
//! # Equations
//!
//! A total is a sum of terms, each the product of its factors, in two states 0 and T:
//!
//! ```text
//! V = Σ_i V[i],  V[i] = Π_f x[i,f]
//! L(a, b) = (a − b) / (ln a − ln b),  L(a, a) = a                logarithmic mean
//! additive        ΔV_f = Σ_i L(V[i,T], V[i,0]) · ln(x[i,f,T] / x[i,f,0])         Σ_f ΔV_f = V_T − V_0
//! multiplicative  D_f  = exp Σ_i w[i] · ln(x[i,f,T] / x[i,f,0])                  Π_f D_f  = V_T / V_0
//!                 w[i] = L(V[i,T], V[i,0]) / L(V_T, V_0)
//! hence           D_f  = exp(ΔV_f / L(V_T, V_0))
//! ```
//!
//! Both are exact: nothing is left over. They do not depend on the order of terms or
//! factors, and seen from T back to 0 the effects change sign (D becomes 1/D).
//!
//! **Chained** over states 0, 1, … T, the effects of the steps are added (D
//! multiplied): each step is weighed with its own years. **End to end**, only the
//! first and the last state count. Both sum to V_T − V_0; the effects differ.
//!
//! **Zeros** are taken by their analytic limits (Ang, Zhang and Choi 1998, Energy
//! 23:489, table 2; Wood and Lenzen 2006, Energy Policy 34:1326), not by a small
//! number in their place. With d, c > 0, the effect of a factor x in a term of value V:
//!
//! ```text
//! case   V_0  V_T  x_0  x_T   effect        case   V_0  V_T  x_0  x_T   effect
//!  1      0    c    0    d    c              5      0    0    d    d    0
//!  2      c    0    d    0    −c             6      0    0    0    0    0
//!  3      0    c    d    d    0              7      0    0    d    0    0
//!  4      c    0    d    d    0              8      0    0    0    d    0
//! ```
//!
//! Where n factors vanish at once (cases 1 and 2), each has c/n: the limit when one
//! and the same small number stands for all of them. D_f has no value where a total is 0.
//!
//! Negative factors have no logarithm and are refused.

#[cfg(test)]
mod tests;

/// The logarithmic mean of two non-negative numbers; 0 if one of them is 0.
///
/// ```text
/// L(a, b) = (a − b) / (ln a − ln b),  L(a, a) = a,  √(a·b) ≤ L(a, b) ≤ (a + b)/2
/// ```
pub fn log_mean(a: f64, b: f64) -> f64 {
    if a <= 0.0 || b <= 0.0 {
        return 0.0;
    }
    // The smaller one below, so that L(a, b) and L(b, a) have the same bits.
    let (low, high) = if a < b { (a, b) } else { (b, a) };
    let log = log_ratio(high, low);
    if log == 0.0 { low } else { (high - low) / log }
}

/// ln(a / b) of positive numbers, without loss of digits near a = b and without
/// overflow far from it.
fn log_ratio(a: f64, b: f64) -> f64 {
    let near = (a - b) / b;
    if near.abs() < 0.5 {
        libm::log1p(near)
    } else {
        libm::log(a) - libm::log(b)
    }
}

/// The effects of the factors of one term, `from` and `to` being its factors before
/// and after, none of them negative. They sum to `Π to − Π from`.
///
/// The shorter of the two slices decides how many factors there are.
pub fn effects(from: &[f64], to: &[f64]) -> Vec<f64> {
    let factors = from.len().min(to.len());
    let (from, to) = (&from[..factors], &to[..factors]);
    let before: f64 = from.iter().product();
    let after: f64 = to.iter().product();
    if from.iter().chain(to).all(|x| *x > 0.0) {
        let logs: Vec<f64> = from
            .iter()
            .zip(to)
            .map(|(a, b)| log_ratio(*b, *a))
            .collect();
        let weight = match (before > 0.0 && after > 0.0, logs.iter().sum::<f64>()) {
            (true, _) => log_mean(after, before),
            // A product too small for a float.
            (false, total) if total != 0.0 => (after - before) / total,
            (false, _) => 0.0,
        };
        return logs.iter().map(|log| weight * log).collect();
    }
    let vanishing = |f: &usize| (from[*f] > 0.0) != (to[*f] > 0.0);
    let count = (0..factors).filter(vanishing).count();
    let each = (after - before) / count.max(1) as f64;
    (0..factors)
        .map(|f| if vanishing(&f) { each } else { 0.0 })
        .collect()
}

/// The multiplicative effect that goes with an additive one: exp(ΔV_f / L(V_T, V_0)).
/// `None` where a total is 0 (or below): V_T / V_0 has no logarithm.
pub fn ratio(effect: f64, from: f64, to: f64) -> Option<f64> {
    let mean = log_mean(to, from);
    (mean > 0.0).then(|| libm::exp(effect / mean))
}

/// A number that cannot be decomposed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Unfit {
    /// The state it stands in.
    pub state: usize,
    /// The term.
    pub term: usize,
    /// The factor.
    pub factor: usize,
    /// The number: negative, infinite or none.
    pub value: f64,
}

/// A total decomposed: the effect of every factor in every term.
#[derive(Clone, Debug, PartialEq)]
pub struct Split {
    /// How many factors a term has.
    pub factors: usize,
    /// V of the first state.
    pub from: f64,
    /// V of the last state.
    pub to: f64,
    /// Additive effects, terms × factors; they sum to V_T − V_0.
    pub additive: Vec<f64>,
    /// ln of the multiplicative effects, terms × factors; they sum to ln(V_T / V_0).
    /// `None` where V is 0 in some state.
    pub logs: Option<Vec<f64>>,
}

impl Split {
    /// ΔV_f of every factor.
    pub fn by_factor(&self) -> Vec<f64> {
        self.columns(&self.additive)
    }

    /// D_f of every factor, if the totals are not 0.
    pub fn ratios(&self) -> Option<Vec<f64>> {
        let logs = self.columns(self.logs.as_ref()?);
        Some(logs.into_iter().map(f64::exp).collect())
    }

    /// The sum of every column of a table of terms × factors.
    fn columns(&self, table: &[f64]) -> Vec<f64> {
        let column = |f: usize| table.iter().skip(f).step_by(self.factors).sum();
        (0..self.factors).map(column).collect()
    }
}

/// Decomposes from one state to another: both terms × factors.
///
/// # Errors
/// The first number that is negative or not finite.
///
/// # Panics
/// If a state is no table of `factors` columns, or the two have different sizes.
pub fn split(from: &[f64], to: &[f64], factors: usize) -> Result<Split, Unfit> {
    chain(&[from, to], factors)
}

/// Decomposes over a sequence of states, each terms × factors, step by step.
/// One state alone has no effects.
///
/// # Errors
/// The first number that is negative or not finite.
///
/// # Panics
/// If there is no state, one is no table of `factors` columns, or sizes differ.
pub fn chain(states: &[&[f64]], factors: usize) -> Result<Split, Unfit> {
    let size = states[0].len();
    assert!(
        factors > 0 && size.is_multiple_of(factors),
        "terms × factors"
    );
    assert!(
        states.iter().all(|s| s.len() == size),
        "states differ in size"
    );
    for (state, values) in states.iter().enumerate() {
        let unfit = |x: &f64| !x.is_finite() || *x < 0.0;
        if let Some(i) = values.iter().position(unfit) {
            let (term, factor) = (i / factors, i % factors);
            return Err(Unfit {
                state,
                term,
                factor,
                value: values[i],
            });
        }
    }
    let total = |state: &[f64]| -> f64 {
        let terms = state.chunks_exact(factors);
        terms.map(|term| term.iter().product::<f64>()).sum()
    };
    let mut split = Split {
        factors,
        from: total(states[0]),
        to: total(states[states.len() - 1]),
        additive: vec![0.0; size],
        logs: states
            .iter()
            .all(|s| total(s) > 0.0)
            .then(|| vec![0.0; size]),
    };
    for step in states.windows(2) {
        let mean = log_mean(total(step[1]), total(step[0]));
        let terms = step[0]
            .chunks_exact(factors)
            .zip(step[1].chunks_exact(factors));
        let effects: Vec<f64> = terms.flat_map(|(from, to)| effects(from, to)).collect();
        for (sum, effect) in split.additive.iter_mut().zip(&effects) {
            *sum += effect;
        }
        for (sum, effect) in split.logs.iter_mut().flatten().zip(&effects) {
            *sum += effect / mean;
        }
    }
    Ok(split)
}
