//! An answered programme, as reports see it.

use jianpai_core::catalogue::Catalogue;
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
    /// How much of the money of a plan rests on cost figures of each status, by status:
    /// every share that the free measures change weighs by what it costs, without its sign.
    pub fn support(&self, solution: &Solution) -> [f64; 6] {
        let sheets = Sheets::of(self.catalogue, self.plan);
        let t = self.plan.span() - 1;
        let mut by_status = [0.0; 6];
        for (row, share) in self.plan.shares.iter().enumerate() {
            let technology = &self.catalogue.technologies[share.technology.at()];
            let Some(cost) = technology.cost else {
                continue;
            };
            let change = sheets.share(row, t);
            let free = self.programme.spec.free.iter();
            let change: f64 = free
                .map(|free| change.slopes[free.measure] * solution.levels[free.measure])
                .sum();
            let demand = sheets.demand(technology.service, t);
            by_status[cost.origin.status as usize] += (change * demand * cost.value).abs();
        }
        let all: f64 = by_status.iter().sum();
        if all > 0.0 {
            for part in &mut by_status {
                *part /= all;
            }
        }
        by_status
    }

    /// The part of the money that rests on assumed numbers.
    pub fn assumed(&self, solution: &Solution) -> f64 {
        self.support(solution)[Status::Assumed as usize]
    }
}
