//! The ledger of projects (重点工程减排量): what each listed project is credited with, by
//! the rules of official accounting.
//!
//! # Rules
//!
//! ```text
//! capability   R = E(before) − E(after)                    t a year, see [`Work`]
//! in the base  R ≤ B, the emission of the source in the base; nothing without one
//! offsets      C = max(0, R − pledged regional offsets)
//! credit       new[y]  = C · part(m + lag)                 y, m: stable operation
//!              new[y+1] = C − new[y],  nothing later
//! ```
//!
//! with part(n) the part of the year from the beginning of month *n* on, 0 if that is the
//! next year ([`crate::accounting::credit_of`]), and lag the months from stable
//! operation to the first that counts (`start-lag` of `data/parameters.csv`, 1: credit
//! begins in the second month). A source earns once: two rows of one source and pollutant
//! are refused by the reader. What a plan's target asks for is the sum of the new credit
//! of its years.

use crate::accounting::{
    coal_so2, credit_of, factor_emission, flue_gas_emission, sewage_reduction,
};
use crate::dims::PollutantId;
use crate::text::Text;
use std::collections::BTreeMap;

/// A type of project, as the guide of accounting lists them.
#[derive(Debug)]
pub struct ProjectType {
    /// Its id.
    pub id: &'static str,
    /// Name in Chinese.
    pub zh: &'static str,
    /// Name in English.
    pub en: &'static str,
    /// `water`, `air` or, for what closes, both (empty).
    pub medium: &'static str,
}

const fn of(
    id: &'static str,
    zh: &'static str,
    en: &'static str,
    medium: &'static str,
) -> ProjectType {
    ProjectType { id, zh, en, medium }
}

/// All types: those of water as the guide of 2021 lists them, of air as far as its list
/// and the plans name them.
pub const TYPES: &[ProjectType] = &[
    of(
        "restructuring",
        "产业结构升级",
        "closing and upgrading of industry",
        "",
    ),
    of(
        "industrial-wastewater",
        "工业污染深度治理",
        "industrial wastewater",
        "water",
    ),
    of("urban-sewage", "城镇污水治理", "urban sewage", "water"),
    of(
        "reclaimed-water",
        "再生水循环利用",
        "reuse of reclaimed water",
        "water",
    ),
    of(
        "livestock",
        "规模畜禽养殖粪污治理及资源化利用",
        "manure of large farms",
        "water",
    ),
    of("rural-sewage", "农村生活污水治理", "rural sewage", "water"),
    of(
        "leachate",
        "生活垃圾渗滤液处理",
        "landfill leachate",
        "water",
    ),
    of(
        "voc-source",
        "含VOCs产品源头替代",
        "products without VOCs",
        "air",
    ),
    of("voc-control", "VOCs综合治理", "control of VOCs", "air"),
    of(
        "ultra-low-power",
        "燃煤机组超低排放改造",
        "ultra-low-emission coal power",
        "air",
    ),
    of(
        "ultra-low-industry",
        "重点行业超低排放改造",
        "ultra-low-emission industry",
        "air",
    ),
    of("furnaces", "工业炉窑治理", "industrial furnaces", "air"),
    of("boilers", "燃煤锅炉综合整治", "coal boilers", "air"),
    of("clean-heating", "清洁取暖", "clean heating", "air"),
    of("transport", "移动源治理", "vehicles and machinery", "air"),
];

/// The type that `name` says: by its id or one of its names.
pub fn type_of(name: &str) -> Option<&'static ProjectType> {
    TYPES
        .iter()
        .find(|t| t.id == name || t.zh == name || t.en == name)
}

/// Two states of a source, before the project and after it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pair {
    /// Before.
    pub before: f64,
    /// After.
    pub after: f64,
}

/// How the emission of a source before and after follows from what the ledger says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Work {
    /// Water: m3/d, concentrations in mg/L.
    Water {
        /// Flow (m3/d).
        flow: f64,
        /// Concentration (mg/L).
        at: Pair,
    },
    /// Flue gas: m3/h, hours a year, concentrations in mg/m3.
    FlueGas {
        /// Flow (m3/h).
        flow: f64,
        /// Hours a year.
        hours: f64,
        /// Concentration (mg/m3).
        at: Pair,
    },
    /// SO2 of coal: t a year, sulphur, removal of the desulphurisation (fractions).
    Coal {
        /// Coal (t a year).
        coal: f64,
        /// Sulphur (mass fraction).
        sulphur: f64,
        /// Removal (fraction); more after than before.
        removal: Pair,
    },
    /// An amount a year times a factor: units, kg a unit.
    Factor {
        /// Units a year.
        amount: f64,
        /// kg a unit.
        factor: Pair,
    },
    /// Tonnes a year.
    Tonnes(Pair),
}

/// The part of sulphur that leaves as SO2 in the general rule.
const CONVERTED: f64 = 0.8;

impl Work {
    /// Emission before and after (t a year).
    pub fn emission(&self) -> Pair {
        let both = |at: Pair, emission: &dyn Fn(f64) -> f64| Pair {
            before: emission(at.before),
            after: emission(at.after),
        };
        match *self {
            Work::Water { flow, at } => both(at, &|c| sewage_reduction(flow, c)),
            Work::FlueGas { flow, hours, at } => both(at, &|c| flue_gas_emission(flow, hours, c)),
            Work::Coal {
                coal,
                sulphur,
                removal,
            } => both(removal, &|eta| coal_so2(coal, sulphur, CONVERTED, eta)),
            Work::Factor { amount, factor } => both(factor, &|f| factor_emission(amount, f)),
            Work::Tonnes(at) => at,
        }
    }
}

/// One project, for one pollutant.
#[derive(Clone, Debug, PartialEq)]
pub struct Project {
    /// Its name.
    pub name: String,
    /// The source whose emission it cuts, as the base names it.
    pub source: String,
    /// Its type.
    pub kind: &'static str,
    /// Where it is.
    pub place: String,
    /// The pollutant.
    pub pollutant: PollutantId,
    /// Year and month (1–12) from which it runs stably.
    pub stable: (i32, u32),
    /// What it does.
    pub work: Work,
    /// Mean operating load (fraction).
    pub load: f64,
    /// Emission of the source in the base (t); `None` if it is not in it.
    pub base: Option<f64>,
    /// Regional offsets pledged for new plants (t a year).
    pub offset: f64,
    /// Its line in the file.
    pub line: usize,
}

/// What a project earns.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Credit {
    /// Reduction capability, before less after (t a year).
    pub capability: f64,
    /// What the rule of the base takes off it.
    pub beyond_base: f64,
    /// What pledged offsets take off what is left.
    pub offset: f64,
    /// What is credited in the end.
    pub credited: f64,
    /// The part of it that counts in the year of stable operation.
    pub first: f64,
}

impl Project {
    /// What it earns; `lag` are the months from stable operation to the first that counts.
    pub fn credit(&self, lag: u32) -> Credit {
        let Pair { before, after } = self.work.emission();
        let capability = ((before - after) * self.load).max(0.0);
        let in_base = capability.min(self.base.unwrap_or(0.0).max(0.0));
        let offset = self.offset.clamp(0.0, in_base);
        let credited = in_base - offset;
        Credit {
            capability,
            beyond_base: capability - in_base,
            offset,
            credited,
            first: credited * credit_of(self.stable.1, lag),
        }
    }

    /// What is newly credited in `year` (t).
    pub fn new_in(&self, lag: u32, year: i32) -> f64 {
        let credit = self.credit(lag);
        match year - self.stable.0 {
            0 => credit.first,
            1 => credit.credited - credit.first,
            _ => 0.0,
        }
    }
}

/// A ledger.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ledger {
    /// Its file.
    pub file: String,
    /// Months from stable operation to the first that counts.
    pub lag: u32,
    /// The projects, in the order of the file.
    pub projects: Vec<Project>,
}

impl Ledger {
    /// Whether it says anything of a pollutant.
    pub fn has(&self, pollutant: PollutantId) -> bool {
        self.projects.iter().any(|p| p.pollutant == pollutant)
    }

    /// The first and the last year with new credit; `None` without projects.
    pub fn span(&self) -> Option<(i32, i32)> {
        let years = self.projects.iter().map(|p| p.stable.0);
        let first = years.clone().min()?;
        Some((first, years.max()? + 1))
    }

    /// New credit of a pollutant in `year` (t) by those projects that `keep` lets through.
    pub fn new_in(
        &self,
        pollutant: PollutantId,
        year: i32,
        keep: impl Fn(&Project) -> bool,
    ) -> f64 {
        let projects = self.projects.iter();
        let projects = projects.filter(|p| p.pollutant == pollutant && keep(p));
        projects.map(|p| p.new_in(self.lag, year)).sum()
    }

    /// What has been credited of a pollutant by the end of each year (t), from the
    /// first project on: what a project target is held to.
    pub fn by_year(&self, pollutant: PollutantId, years: &[i32]) -> Vec<f64> {
        let until = |year: &i32| -> f64 {
            let (first, last) = self.span().unwrap_or((*year, *year));
            (first..=last.min(*year))
                .map(|y| self.new_in(pollutant, y, |_| true))
                .sum()
        };
        years.iter().map(until).collect()
    }

    /// New credit by what `key` says of a project, pollutant and year (t).
    pub fn sums(
        &self,
        key: impl Fn(&Project) -> String,
    ) -> BTreeMap<(String, PollutantId, i32), f64> {
        let mut sums = BTreeMap::new();
        for project in &self.projects {
            let (year, credit) = (project.stable.0, project.credit(self.lag));
            let parts = [
                (year, credit.first),
                (year + 1, credit.credited - credit.first),
            ];
            for (year, tonnes) in parts {
                let cell = (key(project), project.pollutant, year);
                *sums.entry(cell).or_insert(0.0) += tonnes;
            }
        }
        sums
    }
}

impl ProjectType {
    /// Its name in both languages.
    pub fn name(&self) -> Text {
        Text::new(self.zh, self.en)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn project(work: Work, stable: (i32, u32), base: Option<f64>) -> Project {
        Project {
            name: "p".into(),
            source: "s".into(),
            kind: "boilers",
            place: "x".into(),
            pollutant: PollutantId(0),
            stable,
            work,
            load: 1.0,
            base,
            offset: 0.0,
            line: 2,
        }
    }

    fn close(a: f64, b: f64) {
        assert!((a - b).abs() < 1e-9, "{a} {b}");
    }

    /// The worked example: 11,000 t of coal with 1 % sulphur, desulphurisation of 75 %
    /// from June. 176 t last year, 99 t this year, 77 t credited, 55 t in the next year.
    #[test]
    fn a_boiler_falls_from_176_to_99_tonnes() {
        let removal = Pair {
            before: 0.0,
            after: 0.75,
        };
        let work = Work::Coal {
            coal: 11_000.0,
            sulphur: 0.01,
            removal,
        };
        close(work.emission().before, 176.0);
        let project = project(work, (2021, 6), Some(176.0));
        // The example counts from the month itself: no lag.
        close(project.credit(0).credited, 132.0);
        close(176.0 - project.new_in(0, 2021), 99.0);
        close(project.new_in(0, 2022), 55.0);
        close(project.new_in(0, 2023), 0.0);
        // By the rule it counts from July on: 6/12 of 132 t.
        close(project.new_in(1, 2021), 66.0);
        close(project.new_in(1, 2022), 66.0);
    }

    #[test]
    fn a_thousand_cubic_metres_from_1b_to_1a_earn_3_65_and_1_10_tonnes() {
        let at = |before, after| Work::Water {
            flow: 1000.0,
            at: Pair { before, after },
        };
        close(
            project(at(60.0, 50.0), (2021, 1), Some(1e3))
                .credit(1)
                .capability,
            3.65,
        );
        let nh3n = project(at(8.0, 5.0), (2021, 1), Some(1e3))
            .credit(1)
            .capability;
        // 3 mg/L · 365,000 m3 = 1.095 t, which guides round to 1.10.
        close(nh3n, 1.095);
    }

    #[test]
    fn flue_gas_and_factors() {
        // 1,000,000 m3/h · 5,000 h · (200 − 50) mg/m3 = 750 t.
        let gas = Work::FlueGas {
            flow: 1e6,
            hours: 5000.0,
            at: Pair {
                before: 200.0,
                after: 50.0,
            },
        };
        let Pair { before, after } = gas.emission();
        close(before, 1000.0);
        close(after, 250.0);
        // 200,000 t · (1.5 − 0.6) kg/t = 180 t.
        let factor = Work::Factor {
            amount: 2e5,
            factor: Pair {
                before: 1.5,
                after: 0.6,
            },
        };
        close(factor.emission().before - factor.emission().after, 180.0);
    }

    #[test]
    fn no_more_than_the_base_less_what_is_pledged() {
        let work = Work::Tonnes(Pair {
            before: 100.0,
            after: 20.0,
        });
        let mut one = project(work, (2022, 3), Some(50.0));
        one.offset = 8.0;
        let credit = one.credit(1);
        close(credit.capability, 80.0);
        close(credit.beyond_base, 30.0);
        close(credit.offset, 8.0);
        close(credit.credited, 42.0);
        // From April on: 9/12.
        close(credit.first, 31.5);
        one.base = None;
        close(one.credit(1).credited, 0.0);
        close(one.credit(1).beyond_base, 80.0);
        one.base = Some(50.0);
        one.offset = 70.0;
        close(one.credit(1).credited, 0.0);
        one.offset = 0.0;
        one.load = 0.5;
        close(one.credit(1).credited, 40.0);
    }

    #[test]
    fn what_runs_stably_in_december_counts_in_the_next_year() {
        let work = Work::Tonnes(Pair {
            before: 24.0,
            after: 0.0,
        });
        let one = project(work, (2021, 12), Some(24.0));
        close(one.new_in(1, 2021), 0.0);
        close(one.new_in(1, 2022), 24.0);
        let ledger = Ledger {
            file: String::new(),
            lag: 1,
            projects: vec![one, project(work, (2023, 6), Some(24.0))],
        };
        let years = [2020, 2021, 2022, 2023, 2024, 2025];
        assert_eq!(
            ledger.by_year(PollutantId(0), &years),
            [0.0, 0.0, 24.0, 36.0, 48.0, 48.0]
        );
        assert_eq!(ledger.by_year(PollutantId(1), &years), [0.0; 6]);
        assert_eq!(ledger.span(), Some((2021, 2024)));
        let sums = ledger.sums(|p| p.place.clone());
        close(sums[&("x".to_string(), PollutantId(0), 2023)], 12.0);
    }
}
