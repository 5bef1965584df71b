//! From the path of a sweep file to a compiled sweep, for the benches.

use jianpai::core::catalogue::Catalogue;
use jianpai::study::{Data, Session, SweepOptions};
use jianpai::sweep::design::{Design, Points};
use jianpai::sweep::engine::Sweep;

/// Compiles the sweep at `path` with its own inputs, correlations and reported years.
///
/// # Panics
/// With the diagnostics, if the file cannot be read or compiled.
pub fn sweep_of(path: &str, design: Design, draws: u64, seed: u64) -> (Catalogue, Sweep) {
    let data = Data::compiled_in().expect("good data");
    let mut session = Session::new(data, |path| std::fs::read(path));
    let mut swept = match session.sweeps(path, &[None], SweepOptions::default()) {
        Ok(mut swept) => swept.remove(0),
        Err(error) => panic!("{error}"),
    };
    let dims = swept.sweep.inputs.len();
    swept.sweep.points = Points::new(design, dims, draws, seed).expect("a possible design");
    (session.catalogue().clone(), swept.sweep)
}
