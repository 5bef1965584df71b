//! A target of a whole shared among regions at least cost, each with the measures that one
//! scenario has for it.

use crate::problem::Error;
use crate::session::Session;
use crate::solve::{SolveOptions, SolveStudy, refused};
use jianpai_core::allocate::Part;
use jianpai_core::dims::{IndicatorId, RegionId};
use jianpai_core::text::Text;
use jianpai_load::diag::FileId;
use jianpai_solve::affine::{Affine, Sheets};
use jianpai_solve::joint::{self, Outcome};
use jianpai_solve::solver::Failure;
use rayon::prelude::*;

/// What is to be shared.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The indicator that is to fall: an emission.
    pub indicator: IndicatorId,
    /// The parts, by the ids of their regions.
    pub parts: &'a [Part],
    /// What the whole has to cut, on the base year (t).
    pub cut: f64,
    /// Cuts by other rules (t), whose cost is asked for.
    pub others: &'a [Vec<f64>],
}

/// A cut shared at least cost.
#[derive(Clone, Debug)]
pub struct ByCost {
    /// What came out.
    pub outcome: Outcome,
    /// What the cuts by other rules cost each part at least (10⁸ yuan); `None` where the
    /// measures of the scenario do not suffice.
    pub others: Vec<Vec<Option<f64>>>,
    /// The year in which the cut is made: the last of the scenario.
    pub year: i32,
    /// The title of the scenario.
    pub scenario: Text,
    /// The files that it was read from, in the files of the session.
    pub inputs: Vec<FileId>,
}

impl Session {
    /// Shares a cut among regions at least cost, with the measures of the scenario at `path`
    /// as they are for each of them.
    ///
    /// # Errors
    /// What is wrong with the scenario in any of the regions; a scenario that counts from
    /// another year; the solver.
    pub fn allocate_by_cost(&mut self, path: &str, asked: &Asked<'_>) -> Result<ByCost, Error> {
        let mut solved = Vec::with_capacity(asked.parts.len());
        for part in asked.parts {
            let region = self.catalogue().region(&part.id);
            let Some(region) = region else {
                return Err(Error::refused(
                    format!("`{}` 不是数据中的地区，不能按成本分解", part.id),
                    format!(
                        "`{}` is no region of the data: it has no measures to choose from",
                        part.id
                    ),
                ));
            };
            solved.push(self.programme_of(path, region)?);
        }
        let base = self.catalogue().base_year;
        if let Some(other) = solved
            .first()
            .filter(|s| s.study.scenario().base_year != base)
        {
            let own = other.study.scenario().base_year;
            return Err(Error::refused(
                format!(
                    "情景以 {own} 年为基年，分解以 {base} 年的排放为准：用以 {base} 年为基年的情景"
                ),
                format!(
                    "the scenario counts from {own}, the emissions that are shared are of {base}: name one that counts from {base}"
                ),
            ));
        }
        let left: Vec<Affine> = solved
            .iter()
            .map(|one| left(one, asked.indicator))
            .collect();
        let parts: Vec<joint::Part<'_>> = asked
            .parts
            .iter()
            .zip(&solved)
            .zip(&left)
            .map(|((part, solved), left)| joint::Part {
                programme: &solved.programme,
                left,
                emission: part.emission,
                floor: part.floor,
                ceiling: part.ceiling,
            })
            .collect();
        let outcome = joint::share(&parts, asked.cut).map_err(|failure| refused(&failure))?;
        let others = asked.others.iter().map(|cuts| {
            let each = parts.par_iter().zip(cuts);
            each.map(|(part, cut)| joint::cost_of(part, *cut)).collect()
        });
        let others: Result<Vec<Vec<Option<f64>>>, Failure> = others.collect();
        let scenario = solved.first().map(|one| one.study.scenario());
        Ok(ByCost {
            outcome,
            others: others.map_err(|failure| refused(&failure))?,
            year: scenario.map_or(base, |scenario| scenario.end_year),
            scenario: scenario.map(|one| one.name.clone()).unwrap_or_default(),
            inputs: solved
                .iter()
                .flat_map(|one| one.study.loaded.inputs.clone())
                .collect(),
        })
    }

    /// The programme of a scenario for a region. What is only doubted there is not told: it
    /// would be told for every region.
    fn programme_of(&mut self, path: &str, region: RegionId) -> Result<SolveStudy, Error> {
        let study = self.try_open_varied(path, Some(region));
        let solved = study.and_then(|study| self.try_solve(&study, SolveOptions::default()));
        let solved = self.settle(solved)?;
        self.take_found();
        Ok(solved)
    }
}

/// What a region emits in the last year, as a function of its levers.
fn left(solved: &SolveStudy, indicator: IndicatorId) -> Affine {
    let plan = &solved.study.plan;
    let sheets = Sheets::of(solved.study.catalogue(), plan).with_paced(solved.paced.clone());
    let found = sheets.indicator(indicator, plan.span() - 1);
    found.unwrap_or_else(|| Affine {
        constant: 0.0,
        slopes: vec![0.0; sheets.owners().len()],
    })
}
