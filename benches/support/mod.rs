//! From the path of a sweep file to a compiled sweep, for the benches.

use jianpai::core::catalogue::Catalogue;
use jianpai::core::dims::IndicatorId;
use jianpai::core::plan;
use jianpai::core::text::Lang;
use jianpai::load::catalogue;
use jianpai::load::diag::{Color, Diagnostics, Files};
use jianpai::load::scenario;
use jianpai::load::scenario::sweep::{self as spec, DistributionSpec, InputSpec, SweepSpec};
use jianpai_sweep::design::{Correlation, Design, Distribution, Points, score_of_rank};
use jianpai_sweep::engine::{Reported, Sampled, Sweep};

/// Compiles the sweep at `path` with its own inputs, correlations and reported years.
///
/// # Panics
/// With the diagnostics, if the file cannot be read or compiled.
pub fn sweep_of(path: &str, design: Design, draws: u64, seed: u64) -> (Catalogue, Sweep) {
    let (mut files, mut diags) = (Files::new(), Diagnostics::default());
    let data = jianpai::embedded::data();
    let catalogue = catalogue::read("data", &data, &mut files, &mut diags);
    let read = catalogue.as_ref().and_then(|catalogue| {
        let fetch = |path: &str| std::fs::read(path);
        let loaded = scenario::read(path, None, catalogue, &fetch, &mut files, &mut diags)?;
        let spec = spec::read(catalogue, &loaded, &mut diags)?;
        Some((loaded, spec))
    });
    let (Some(catalogue), Some((loaded, spec))) = (catalogue, read) else {
        panic!("{}", diags.render(&files, Lang::En, Color::Never));
    };
    let plan = plan::compile(&catalogue, &loaded.scenario).expect("a scenario that runs");
    let years = spec.years.iter().filter_map(|year| plan.year(*year));
    let mut years: Vec<usize> = years.collect();
    if years.is_empty() {
        years.push(plan.span() - 1);
    }
    let indicators = (0..catalogue.indicators.len()).map(IndicatorId::from_usize);
    let cells = years
        .iter()
        .flat_map(|t| indicators.clone().map(move |i| (i, *t)));
    let reported = Reported {
        cells: cells.collect(),
        targets: loaded.scenario.targets.clone(),
    };
    let points = Points::new(design, spec.inputs.len(), draws, seed).expect("a possible design");
    let inputs: Vec<Sampled> = spec.inputs.iter().map(sampled).collect();
    let sweep = Sweep::new(
        &catalogue,
        &plan,
        (inputs, &spec.factors),
        (points, correlation(&spec)),
        reported,
    );
    (catalogue, sweep.expect("a sweep that compiles"))
}

fn sampled(spec: &InputSpec) -> Sampled {
    let distribution = match spec.distribution.clone() {
        DistributionSpec::Uniform(lo, hi) => Distribution::Uniform { lo, hi },
        DistributionSpec::Triangular(lo, mode, hi) => Distribution::Triangular { lo, mode, hi },
        DistributionSpec::Normal(mean, sd) => Distribution::Normal { mean, sd },
        DistributionSpec::LogNormal(low, central, high) => {
            Distribution::from_range(low, central, high).expect("a range in order")
        }
        DistributionSpec::Values(values) => Distribution::Points { values },
    };
    Sampled {
        name: spec.name.clone(),
        input: spec.input.clone(),
        distribution,
        target: spec.target,
    }
}

/// The Gaussian copula of the stated rank correlations.
fn correlation(spec: &SweepSpec) -> Option<Correlation> {
    let pairs = spec.correlations.iter();
    let mut dims: Vec<usize> = pairs.flat_map(|(a, b, _)| [*a, *b]).collect();
    dims.sort_unstable();
    dims.dedup();
    if dims.is_empty() {
        return None;
    }
    let place = |input: usize| dims.iter().position(|d| *d == input).unwrap_or(0);
    let mut matrix = nalgebra::DMatrix::identity(dims.len(), dims.len());
    for (a, b, rank) in &spec.correlations {
        let (i, j) = (place(*a), place(*b));
        matrix[(i, j)] = score_of_rank(*rank);
        matrix[(j, i)] = score_of_rank(*rank);
    }
    Some(Correlation::new(dims, &matrix).expect("possible correlations"))
}
