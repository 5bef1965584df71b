//! An answered programme, as reports see it.

use jianpai_core::catalogue::Catalogue;
use jianpai_core::costing;
use jianpai_core::kernel::{self, Draw};
use jianpai_core::plan::Plan;
use jianpai_core::provenance::Status;
use jianpai_core::scenario::Scenario;
use jianpai_core::text::Text;
use jianpai_solve::affine::Sheets;
use jianpai_solve::answer::Solution;
use jianpai_solve::conflict::Explanation;
use jianpai_solve::programme::Programme;

/// An answered programme, as reports see it.
#[derive(Clone, Copy)]
pub struct Answered<'a> {
    /// The data.
    pub catalogue: &'a Catalogue,
    /// The scenario, without its coal cap.
    pub scenario: &'a Scenario,
    /// Its plan, at the stated levels.
    pub plan: &'a Plan,
    /// The plan from which the programme was made: another one where measures have a level
    /// for each year.
    pub laid_out: &'a Plan,
    /// The programme.
    pub programme: &'a Programme,
    /// What each limit is called.
    pub limits: &'a [Text],
    /// Measures that stay as stated because what they cost is not known.
    pub held: &'a [usize],
    /// What came out.
    pub found: Found<'a>,
}

/// A plan, or why there is none.
#[derive(Clone, Copy)]
pub enum Found<'a> {
    /// A plan.
    Plan(&'a Solution),
    /// None.
    Infeasible(&'a Explanation),
}

impl Answered<'_> {
    /// Accounts and indicators as functions of the levers of the programme.
    pub fn sheets(&self) -> Sheets<'_> {
        let paced = self.programme.paced.iter();
        let paced = paced.map(|(_, paced, _)| paced.clone()).collect();
        Sheets::of(self.catalogue, self.laid_out).with_paced(paced)
    }

    /// How much of the money of a plan rests on cost figures of each status, by status
    /// (parts of 1): what the free measures cost in the last year, see
    /// [`jianpai_core::costing`].
    pub fn support(&self, solution: &Solution) -> [f64; 6] {
        let mut plan = self.plan.clone();
        for (measure, level) in plan.measures.iter_mut().zip(&solution.levels) {
            measure.level = *level;
        }
        let run = kernel::run(&plan, &Draw::stated(&plan));
        let free = self.programme.spec.free.iter().map(|free| free.measure);
        let known: Vec<usize> = free.filter(|m| plan.measures[*m].cost_known).collect();
        let last = plan.span() - 1;
        costing::of_measures(self.catalogue, &plan, &run, &known, last)
            .map_or([0.0; 6], |found| found.by_status)
    }

    /// The part of the money that rests on assumed numbers.
    pub fn assumed(&self, solution: &Solution) -> f64 {
        self.support(solution)[Status::Assumed as usize]
    }
}
