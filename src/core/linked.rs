//! Linked use: a technology of one service that uses another service
//! (electricity for heat pumps, steam for district heat).
//!
//! # Equations
//!
//! With B[u,w] the use of service *w* by one unit of service *u* at given shares,
//! and f[u,q] what one unit of *u* causes directly in account *q*, the whole that
//! a unit causes is (Leontief; one LU factorisation serves all accounts)
//!
//! ```text
//! φ = f + B·φ        ⇒        φ = (I − B)^-1 · f
//! ```
//!
//! Base-year demand already contains its own electricity and steam, so φ values
//! only what *new measures* add: a heat pump is charged with its electricity at
//! the mix of power technologies that current policy gives in that year. Valuing
//! it at a mix that does not depend on the levels of the new measures keeps
//! results affine in them; what is left out is the second-order product of
//! electrification and of cleaner power in one and the same scenario.

use nalgebra::DMatrix;

/// Solves φ = (I − B)^-1 · f for all accounts at once.
///
/// `links` is B, services × services; `direct` is f, services × accounts. `None`
/// if I − B is singular, that is if services use up more of each other than they
/// serve.
pub fn embodied(links: &DMatrix<f64>, direct: &DMatrix<f64>) -> Option<DMatrix<f64>> {
    let size = links.nrows();
    (DMatrix::identity(size, size) - links).lu().solve(direct)
}

#[cfg(test)]
mod tests {
    use super::embodied;
    use nalgebra::DMatrix;

    #[test]
    fn a_service_that_uses_itself_and_another() {
        // Power uses 5 % of itself; steam uses 0.1 power a unit.
        let links = DMatrix::from_row_slice(2, 2, &[0.05, 0.0, 0.1, 0.0]);
        let direct = DMatrix::from_row_slice(2, 1, &[1.0, 2.0]);
        let total = embodied(&links, &direct).unwrap();
        assert!((total[(0, 0)] - 1.0 / 0.95).abs() < 1e-12);
        assert!((total[(1, 0)] - (2.0 + 0.1 / 0.95)).abs() < 1e-12);
    }

    #[test]
    fn a_loop_that_never_serves_anything_is_refused() {
        let links = DMatrix::from_row_slice(1, 1, &[1.0]);
        assert!(embodied(&links, &DMatrix::from_row_slice(1, 1, &[1.0])).is_none());
    }
}
