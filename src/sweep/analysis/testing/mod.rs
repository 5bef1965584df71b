//! Oracles: analytic test functions, reference results, planted structure.

mod agreement;
mod analytic;
mod discovery;
mod refusals;
mod streams;

/// The van der Corput number of `index` in `base` (Halton, 1960).
fn halton(index: usize, base: usize) -> f64 {
    let (mut rest, mut unit, mut value) = (index + 1, 1.0, 0.0);
    while rest > 0 {
        unit /= base as f64;
        value += unit * (rest % base) as f64;
        rest /= base;
    }
    value
}

/// A pseudo-random number in [0, 1): place by place.
fn uniform(stream: u64, place: usize) -> f64 {
    super::random::Resample::new(17, stream).index(place as u64, 1 << 52) as f64
        / (1_u64 << 52) as f64
}

/// Borrowed columns.
fn slices(columns: &[Vec<f64>]) -> Vec<&[f64]> {
    columns.iter().map(Vec::as_slice).collect()
}

/// A named line of numbers of a fixture.
fn numbers(fixture: &str, name: &str) -> Vec<f64> {
    let line = fixture
        .lines()
        .find(|l| l.split(' ').next() == Some(name))
        .unwrap();
    line.split(' ')
        .skip(1)
        .map(|n| n.parse().unwrap())
        .collect()
}

/// Values agree to a tolerance.
fn close(found: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(found.len(), expected.len());
    for (place, (f, e)) in found.iter().zip(expected).enumerate() {
        assert!(
            (f - e).abs() <= tolerance,
            "{place}: {f} is not {e} to {tolerance}"
        );
    }
}
