//! A study with its levers free: every new measure's level and every driver's growth, with
//! the arithmetic that makes results of them.
//!
//! It is a sweep of those inputs that nobody draws: its compiled coefficients are handed to
//! a reader that moves the levers (a page), so the page computes what `run` would.
//!
//! A coal cap is laid out at stated levels, so it is not affine in them: it is taken out, and
//! the coal use of each of its years is held against it.

use crate::problem::Error;
use crate::run::{Run, Study};
use crate::solve::uncapped;
use crate::sweep::{SweepOptions, compile};
use jianpai_core::batch::Input;
use jianpai_core::catalogue::Account;
use jianpai_core::dims::DriverId;
use jianpai_core::measure::{Field, Policy, Role};
use jianpai_core::text::Text;
use jianpai_load::diag::Diagnostics;
use jianpai_load::scenario::Limits;
use jianpai_load::scenario::sweep::{InputSpec, SweepSpec};
use jianpai_load::tree::Value;
use jianpai_report::page::{self, Extent, Lever, Moved, Page};
use jianpai_solve::programme::Counted;
use jianpai_sweep::engine::Sweep;

/// A study whose levers are free.
#[derive(Clone, Debug)]
pub struct LeverStudy {
    /// The scenario without its coal cap.
    pub study: Study,
    /// The coal cap that was taken out.
    pub cap: Option<CapLine>,
    /// The arithmetic: its inputs are the levers, in order.
    pub sweep: Sweep,
    /// What each input moves.
    pub levers: Vec<Lever>,
}

/// A coal cap as a line to stay below.
#[derive(Clone, Debug, PartialEq)]
pub struct CapLine {
    /// The measure's id.
    pub id: String,
    /// Its name.
    pub name: Text,
    /// The years in which it is fully in force, by index, and the most coal (tce).
    pub most: Vec<(usize, f64)>,
}

impl Study {
    /// The study with its levers free.
    ///
    /// # Errors
    /// What keeps it from running without its coal cap.
    pub fn with_levers(&self) -> Result<LeverStudy, Error> {
        let mut said = Diagnostics::default();
        let Some((study, cap, limits)) = uncapped(self, &mut said) else {
            return Err(self.refusal(said));
        };
        let cap = cap.map(|cap| CapLine {
            id: cap.id,
            name: cap.name,
            most: limits
                .iter()
                .filter(|limit| limit.of == Counted::Account(Account::Coal))
                .map(|limit| (limit.t, limit.most))
                .collect(),
        });
        let levers = levers(&study);
        let mut spec = SweepSpec::of_nothing();
        spec.inputs = levers.iter().map(|l| input(&study, l.moved)).collect();
        if spec.inputs.is_empty() {
            return Err(Error::refused(
                "没有可调的措施或增速：情景里没有新增措施，期末以前各年的增速都有记录",
                "nothing can be moved: the scenario has no new measure, and growth is on record up to its last year",
            ));
        }
        let options = SweepOptions {
            draws: Some(1),
            trajectories: true,
            model_error: false,
            ..SweepOptions::default()
        };
        let (loaded, _) = crate::draws::judged(&study);
        let run = (&loaded, &study.plan);
        let sweep = compile::of_spec(study.catalogue(), run, &spec, options, &mut said);
        let Some(sweep) = sweep else {
            return Err(self.refusal(said));
        };
        Ok(LeverStudy {
            study,
            cap,
            sweep,
            levers,
        })
    }
}

impl Study {
    /// How much each measure of the plan does, as its file says it, where it says so in a
    /// number.
    pub fn extents(&self) -> Vec<Option<Extent>> {
        (0..self.plan.measures.len())
            .map(|m| extent(self, m))
            .collect()
    }

    /// The same as the file writes it (`60 %`, `3000 t/h`); `None` where its kind has no such
    /// field or the file does not state it.
    pub fn written_extents(&self) -> Vec<Option<String>> {
        let all = 0..self.plan.measures.len();
        all.map(|m| stated(self, m).map(|(_, text)| text.to_string()))
            .collect()
    }
}

impl LeverStudy {
    /// The page of a run of [`LeverStudy::study`]; `file` is what a scenario beside the page
    /// extends.
    pub fn page<'a>(
        &'a self,
        run: &'a Run,
        (file, program, hash): (&'a str, &'a str, &'a str),
    ) -> Page<'a> {
        let cap = self.cap.as_ref();
        Page {
            case: run.case(),
            sweep: &self.sweep,
            levers: &self.levers,
            cap: cap.map(|cap| page::Cap {
                id: &cap.id,
                name: &cap.name,
                most: &cap.most,
            }),
            file,
            chosen: self.study.loaded.replaced.then(|| self.study.region()),
            program,
            hash,
        }
    }
}

/// The levers: new measures in the order of the file, then drivers that move something in a
/// year that is not on record.
fn levers(study: &Study) -> Vec<Lever> {
    let plan = &study.plan;
    let measures = plan.measures.iter().enumerate();
    let free = measures.filter(|(_, m)| m.policy == Policy::New && !m.shifts.is_empty());
    let free = free.map(|(m, _)| Lever {
        moved: Moved::Measure(m),
        extent: extent(study, m),
    });
    let last = plan.years.last().copied().unwrap_or_default();
    let drivers = (0..plan.growth.len()).map(DriverId::from_usize);
    let drivers = drivers.filter(|driver| {
        let open = plan.recorded_until[driver.at()] < last;
        let serves = plan.driver.iter().zip(&plan.demand);
        let mut serves = serves.filter(|(own, demand)| *own == driver && **demand > 0.0);
        open && (*driver == plan.gdp || serves.next().is_some())
    });
    let drivers = drivers.map(|driver| Lever {
        moved: Moved::Growth(driver),
        extent: None,
    });
    free.chain(drivers).collect()
}

/// The field that says how much a measure does, and what its file writes there.
fn stated(study: &Study, m: usize) -> Option<(&'static Field, &str)> {
    let measure = &study.plan.measures[m];
    let measures = study.loaded.tree.get("measures")?;
    let Value::Table(all) = &measures.value else {
        return None;
    };
    let Value::Table(own) = &all.get(&measure.id)?.value else {
        return None;
    };
    let fields = measure.kind.fields.iter();
    let mut fields = fields.filter(|field| field.role == Role::Extent);
    fields.find_map(|field| match &own.get(field.key)?.value {
        Value::String(text) => Some((field, text.trim())),
        _ => None,
    })
}

/// How much a measure does, as its file says it: the number of its extent and what stands
/// behind it. At level 0 a `reach` is what there is already.
fn extent(study: &Study, m: usize) -> Option<Extent> {
    let (field, text) = stated(study, m)?;
    let digits = |c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | '+');
    let end = text.find(|c| !digits(c)).unwrap_or(text.len());
    let number: f64 = text[..end].parse().ok()?;
    let from = if field.key == "reach" {
        reached(study, m, number)?
    } else {
        0.0
    };
    Some(Extent {
        label: Text::new(field.zh, field.en),
        number,
        rest: text[end..].trim().to_string(),
        from,
    })
}

/// What there is already of what a measure's `reach` of so many percent names, in percent;
/// `None` where more than its one shift, or a zone, stands between the two.
fn reached(study: &Study, m: usize, reach: f64) -> Option<f64> {
    let measure = &study.plan.measures[m];
    let [shift] = measure.shifts.as_slice() else {
        return None;
    };
    let part = shift.layout.as_ref()?.part.value;
    (measure.zone.is_none() && part > 0.0).then_some(reach - part * 100.0)
}

/// The input of a sweep that a lever is.
fn input(study: &Study, moved: Moved) -> InputSpec {
    let catalogue = study.catalogue();
    let plan = &study.plan;
    let (name, input, limits) = match moved {
        Moved::Measure(m) => {
            let name = format!("level:{}", plan.measures[m].id);
            (name, Input::Level(m), Limits::level())
        }
        Moved::Growth(driver) => {
            let years = plan.years.iter().zip(&plan.growth[driver.at()]);
            let open = years.filter(|(year, _)| **year > plan.recorded_until[driver.at()]);
            let bounds = open.fold((0.0_f64, 0.0_f64), |(least, most), (_, rate)| {
                (least.min(*rate), most.max(*rate))
            });
            let name = format!("growth:{}", catalogue.drivers[driver.at()].id);
            (name, Input::Growth(driver), Limits::departure(bounds))
        }
    };
    // All that it may be: what a lever can claim beyond what there is, is watched.
    let range = (limits.low, limits.high);
    InputSpec::uniform(name, input, range, (limits, SweepSpec::of_nothing().span))
}
