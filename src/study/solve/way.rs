//! What would meet the targets that a run misses.

use super::{SolveOptions, SolveStudy, Solved, compile};
use crate::problem::Error;
use crate::run::{Run, Study};
use jianpai_core::measure::Policy;
use jianpai_core::text::Text;
use jianpai_load::diag::Diagnostics;
use jianpai_load::scenario::solve::read;
use jianpai_report::solve::Answered;

/// A way to the targets of a run, or why there is none.
#[derive(Clone, Debug)]
pub struct Way {
    asked: SolveStudy,
    solved: Solved,
    limits: Vec<Text>,
}

impl Study {
    /// The study with its `[solve]`, or with that of a file that has none, ready to be solved.
    ///
    /// # Errors
    /// What keeps it from being solved.
    pub fn backwards(&self, options: SolveOptions) -> Result<SolveStudy, Error> {
        let mut said = Diagnostics::default();
        let spec = read(self.catalogue(), &self.loaded, &mut said);
        let asked = spec.and_then(|spec| compile(self, spec, options, &mut said));
        asked.ok_or_else(|| self.refusal(said))
    }
}

impl Run {
    /// What would meet its targets, where it misses some and has measures that could be
    /// changed; `None` where nothing can be sought (a target that no level moves, a `[solve]`
    /// that is wrong), which `solve` tells.
    pub fn way(&self) -> Option<Way> {
        let mut measures = self.study.plan.measures.iter();
        let free = measures.any(|measure| measure.policy == Policy::New);
        if self.case().tally().missed == 0 || !free {
            return None;
        }
        let asked = self.study.backwards(SolveOptions::default()).ok()?;
        let solved = asked.solve().ok()?;
        let limits = asked.limit_names();
        Some(Way {
            asked,
            solved,
            limits,
        })
    }
}

impl Way {
    /// As reports see it.
    pub fn answered(&self) -> Answered<'_> {
        self.asked.answered(&self.solved, &self.limits)
    }
}
