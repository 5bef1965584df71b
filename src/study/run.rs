//! A scenario ready to run, and one that has run.

use crate::data::Data;
use crate::problem::{Error, Problems, Unknown, noted};
use jianpai_core::catalogue::Catalogue;
use jianpai_core::compile::{PlanError, compile};
use jianpai_core::explain::Support;
use jianpai_core::measure::ramp::Ramp;
use jianpai_core::outcome::{self, Outcome};
use jianpai_core::plan::Plan;
use jianpai_core::scenario::Scenario;
use jianpai_core::text::Text;
use jianpai_load::diag::{Diagnostic, Diagnostics, Files};
use jianpai_load::scenario::{self, Limits, Loaded};
use jianpai_report::case::Case;
use std::sync::Arc;

/// A scenario, read and compiled.
#[derive(Clone, Debug)]
pub struct Study {
    pub(crate) data: Arc<Data>,
    /// The texts that its problems point into.
    pub(crate) files: Files,
    /// The scenario and the text that it came from.
    pub loaded: Loaded,
    /// The compiled scenario.
    pub plan: Plan,
}

/// A study that has run.
#[derive(Clone, Debug)]
pub struct Run {
    /// What has run.
    pub study: Study,
    /// What came out.
    pub outcome: Outcome,
    /// Which numbers of the data the results rest on.
    pub support: Support,
}

impl Study {
    /// The data that it was compiled with.
    pub fn data(&self) -> &Arc<Data> {
        &self.data
    }

    /// The texts that its problems point into.
    pub fn files(&self) -> &Files {
        &self.files
    }

    /// What the data hold.
    pub fn catalogue(&self) -> &Catalogue {
        self.data.catalogue()
    }

    /// The scenario.
    pub fn scenario(&self) -> &Scenario {
        &self.loaded.scenario
    }

    /// The id of its region.
    pub fn region(&self) -> &str {
        let region = self.loaded.scenario.region;
        &self.catalogue().regions[region.at()].named.id
    }

    /// The region as a note, where the caller chose it and not the file.
    pub fn chosen_region(&self) -> Option<Text> {
        chosen_region(self.catalogue(), &self.loaded)
    }

    /// The same scenario with other levels of some of its measures, by their ids; 1 is
    /// the measure as it is planned. It is compiled anew, so that what depends on the
    /// levels (a coal cap, a technology claimed beyond what there is) is right.
    ///
    /// # Errors
    /// A measure that the scenario does not have, a level outside 0 to 10, or what keeps
    /// the scenario from running at these levels.
    pub fn with_levels(&self, levels: &[(&str, f64)]) -> Result<Self, Error> {
        self.with_paths(levels, &[])
    }

    /// The same, with other timetables of some measures: the part in force in each year, of
    /// its level; means of years or what stands at their ends, as the measure has it.
    ///
    /// # Errors
    /// As [`Study::with_levels`].
    pub fn with_paths(
        &self,
        levels: &[(&str, f64)],
        paths: &[(&str, Vec<(i32, f64)>)],
    ) -> Result<Self, Error> {
        let mut loaded = self.loaded.clone();
        let limits = Limits::level();
        for (id, points) in paths {
            let mut measures = loaded.scenario.measures.iter_mut();
            if let Some(measure) = measures.find(|m| m.id == *id) {
                let points = Ramp::Points(points.clone());
                measure.ramp = match measure.ramp {
                    Ramp::Mean(_) => Ramp::Mean(Box::new(points)),
                    _ => points,
                };
            }
        }
        for (id, level) in levels {
            let measures = &mut loaded.scenario.measures;
            let Some(measure) = measures.iter_mut().find(|m| m.id == *id) else {
                let known = measures.iter().map(|measure| measure.id.as_str());
                let known: Vec<&str> = known.collect();
                let what = Text::new("措施", "measure");
                return Err(Unknown::among(what, id, &known).into());
            };
            if !limits.hold(*level) {
                return Err(Error::refused(
                    format!("措施 `{id}` 的执行程度 {level} 不在 0 与 10 之间"),
                    format!("the level {level} of `{id}` does not lie between 0 and 10"),
                ));
            }
            measure.level = *level;
        }
        compiled(&self.data, &self.files, loaded).map_err(|(_, found)| {
            let mut all = Diagnostics::default();
            all.extend(found);
            self.refusal(all)
        })
    }

    /// What is wrong with it, as an error.
    pub(crate) fn refusal(&self, found: Diagnostics) -> Error {
        Error::Input(Problems::new(found, &self.files))
    }

    /// Runs it as stated. It cannot fail: everything was checked on compiling.
    #[must_use]
    pub fn run(self) -> Run {
        let (catalogue, scenario) = (self.data.catalogue(), &self.loaded.scenario);
        Run {
            outcome: outcome::run(catalogue, scenario, &self.plan),
            support: Support::of(catalogue, scenario, &self.plan),
            study: self,
        }
    }
}

impl Run {
    /// What the data hold.
    pub fn catalogue(&self) -> &Catalogue {
        self.study.catalogue()
    }

    /// The run as reports see it.
    pub fn case(&self) -> Case<'_> {
        Case {
            catalogue: self.study.catalogue(),
            scenario: &self.study.loaded.scenario,
            plan: &self.study.plan,
            outcome: &self.outcome,
            support: &self.support,
        }
    }
}

/// Compiles a scenario; what keeps it from running, with the scenario given back.
pub(crate) fn compiled(
    data: &Arc<Data>,
    files: &Files,
    loaded: Loaded,
) -> Result<Study, (Box<Loaded>, Vec<Diagnostic>)> {
    let catalogue = data.catalogue();
    match compile(catalogue, &loaded.scenario) {
        Ok(plan) => Ok(Study {
            data: Arc::clone(data),
            files: files.clone(),
            loaded,
            plan,
        }),
        Err(errors) => {
            let found = problems(catalogue, &loaded, &errors);
            Err((Box::new(loaded), found))
        }
    }
}

/// What keeps a scenario from running, with the region where the caller chose it.
fn problems(catalogue: &Catalogue, loaded: &Loaded, errors: &[PlanError]) -> Vec<Diagnostic> {
    let here = chosen_region(catalogue, loaded);
    let found = errors
        .iter()
        .map(|error| scenario::explain(catalogue, loaded, error));
    found.map(|one| noted(one, here.as_ref())).collect()
}

/// The region that the caller chose, as a note.
fn chosen_region(catalogue: &Catalogue, loaded: &Loaded) -> Option<Text> {
    let region = &catalogue.regions[loaded.scenario.region.at()].named.name;
    loaded.replaced.then(|| {
        Text::new(
            format!("地区：{}", region.zh),
            format!("region: {}", region.en),
        )
    })
}
