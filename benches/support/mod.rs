//! From the path of a sweep file to a compiled sweep, for the benches.

use jianpai::core::catalogue::Catalogue;
use jianpai::core::plan;
use jianpai::core::text::Lang;
use jianpai::load::catalogue;
use jianpai::load::diag::{Color, Diagnostics, Files};
use jianpai::load::scenario;
use jianpai::study::prepare::{self, SweepOptions};
use jianpai::sweep::design::{Design, Points};
use jianpai::sweep::engine::Sweep;

/// Compiles the sweep at `path` with its own inputs, correlations and reported years.
///
/// # Panics
/// With the diagnostics, if the file cannot be read or compiled.
pub fn sweep_of(path: &str, design: Design, draws: u64, seed: u64) -> (Catalogue, Sweep) {
    let (mut files, mut diags) = (Files::new(), Diagnostics::default());
    let data = jianpai::study::embedded::data();
    let catalogue = catalogue::read("data", &data, &mut files, &mut diags);
    let sweep = catalogue.as_ref().and_then(|catalogue| {
        let fetch = |path: &str| std::fs::read(path);
        let loaded = scenario::read(path, None, catalogue, &fetch, &mut files, &mut diags)?;
        let plan = plan::compile(catalogue, &loaded.scenario).expect("a scenario that runs");
        let options = SweepOptions::default();
        prepare::sweep(
            catalogue,
            (&loaded, &plan),
            options,
            (&fetch, &mut files),
            &mut diags,
        )
    });
    let (Some(catalogue), Some(mut sweep)) = (catalogue, sweep) else {
        panic!("{}", diags.render(&files, Lang::En, Color::Never));
    };
    let dims = sweep.inputs.len();
    sweep.points = Points::new(design, dims, draws, seed).expect("a possible design");
    (catalogue, sweep)
}
