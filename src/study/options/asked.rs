//! The options of a scenario, each compiled to a solve of its own.

use crate::draws::Uncertain;
use crate::run::{Study, compiled};
use crate::solve::{self, SolveOptions, SolveStudy, Solved};
use jianpai_load::diag::{Diagnostic, Diagnostics};
use jianpai_load::scenario::solve::options::{self as spec, GrowthSpec, OptionSpec};
use jianpai_load::scenario::solve::read;
use jianpai_sweep::engine::attained::Attained;
use rayon::prelude::*;

/// The options of a study, ready to be solved.
#[derive(Clone, Debug)]
pub struct OptionsStudy {
    /// The scenario as it stands.
    pub study: Study,
    /// The options as the file has them.
    pub specs: Vec<OptionSpec>,
    /// Each option as a solve of its own.
    pub each: Vec<SolveStudy>,
    /// What varies from draw to draw.
    pub uncertain: Uncertain,
    /// The cases of growth, and that of each option.
    pub(super) cases: (Vec<Vec<GrowthSpec>>, Vec<usize>),
}

/// An option that was solved and tried.
#[derive(Clone, Debug)]
pub struct Solution {
    /// Its plan, or why there is none.
    pub solved: Solved,
    /// How often the plan meets the targets, and which targets are judged.
    pub attained: Option<(Attained, Vec<usize>)>,
}

/// Compiles the options of a study; what is wrong goes to `diags`.
pub(crate) fn compile(
    study: &Study,
    options: SolveOptions,
    diags: &mut Diagnostics,
) -> Option<OptionsStudy> {
    let catalogue = study.catalogue();
    let base = read(catalogue, &study.loaded, diags);
    let specs = spec::read(catalogue, &study.loaded, diags);
    let uncertain = Uncertain::of(catalogue, &study.loaded, diags);
    let (base, specs, uncertain) = (base?, specs?, uncertain?);
    let made: Vec<(Option<SolveStudy>, Diagnostics)> = specs
        .par_iter()
        .map(|option| {
            let mut found = Diagnostics::default();
            let mut loaded = study.loaded.clone();
            loaded.scenario = option.laid_over(study.scenario());
            let own = match compiled(&study.data, &study.files, loaded) {
                Ok(own) => solve::compile(&own, base.under(option), options, &mut found),
                Err((_, wrong)) => {
                    found.extend(wrong);
                    None
                }
            };
            (own, found)
        })
        .collect();
    // What is said of many options is said once.
    let mut said: Vec<Diagnostic> = Vec::new();
    let mut each = Vec::with_capacity(specs.len());
    for (own, found) in made {
        each.extend(own);
        for one in &found {
            if !said.contains(one) {
                said.push(one.clone());
            }
        }
    }
    diags.extend(said);
    let whole = each.len() == specs.len();
    let mut cases: Vec<Vec<GrowthSpec>> = Vec::new();
    let mut own = Vec::with_capacity(specs.len());
    for option in &specs {
        let known = cases.iter().position(|case| *case == option.growth);
        own.push(known.unwrap_or_else(|| {
            cases.push(option.growth.clone());
            cases.len() - 1
        }));
    }
    whole.then(|| OptionsStudy {
        study: study.clone(),
        specs,
        each,
        uncertain,
        cases: (cases, own),
    })
}

impl OptionsStudy {
    /// The case of growth of an option.
    pub fn case(&self, option: usize) -> usize {
        self.cases.1[option]
    }

    /// Options of the same targets and bounds, in the order of the first of each.
    pub(super) fn sets(&self) -> Vec<Vec<usize>> {
        let mut sets: Vec<Vec<usize>> = Vec::new();
        for (i, option) in self.specs.iter().enumerate() {
            let same = sets
                .iter()
                .position(|set| self.specs[set[0]].asks_the_same(option));
            match same {
                Some(set) => sets[set].push(i),
                None => sets.push(vec![i]),
            }
        }
        sets
    }
}
