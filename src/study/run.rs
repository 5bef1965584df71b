//! A scenario ready to run, and one that has run.

use crate::data::Data;
use crate::session::chosen_region;
use jianpai_core::catalogue::Catalogue;
use jianpai_core::explain::Support;
use jianpai_core::outcome::{self, Outcome};
use jianpai_core::plan::Plan;
use jianpai_core::scenario::Scenario;
use jianpai_core::text::Text;
use jianpai_load::scenario::Loaded;
use jianpai_report::case::Case;
use std::sync::Arc;

/// A scenario, read and compiled.
#[derive(Clone, Debug)]
pub struct Study {
    pub(crate) data: Arc<Data>,
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
