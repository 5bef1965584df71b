//! What moved an account between two years: the LMDI split of a run.
//!
//! It stands beside the balance. The balance says which *measure* did how much and
//! is exact because the model is affine in the measures; the split says through which
//! *channel*, in the terms of the literature ([`crate::lmdi`] has the formulas).
//!
//! # Equations
//!
//! Both views write what the services emit themselves as a sum of products, G being
//! GDP, X[v] the driver of service v, D[v] its demand, S[k] the share of technology k,
//! κF[k] its calibrated factor, which is constant:
//!
//! ```text
//! technology   E = Σ_v Σ_g  G · X[v]/G · D[v]/X[v] · A[v] · S[c]/A[v] · S[g]/S[c] · κF[g]
//!                           │   │        │           │      │           └ control: among groups of one fuel
//!                           │   │        │           │      └ energy: among fuels
//!                           │   │        │           └ saving: part of the service not saved by measures
//!                           │   │        └ intensity: elasticity and autonomous saving
//!                           │   └ structure: drivers against GDP
//!                           └ activity
//! kaya (CO2)   E = Σ_v Σ_j  G · U/G · U[v]/U · U[v,j]/U[v] · C[v,j]/U[v,j]  +  Σ_v G · P[v]/G
//!                           │   │     │        │             └ carbon: CO2 per tce            └ process
//!                           │   │     │        └ fuel-mix: fuels within services
//!                           │   │     └ energy-structure: services in energy use
//!                           │   └ energy-intensity: energy per GDP
//!                           └ activity
//! A[v] = Σ_{k not saved} S[k]     S[c] = Σ_{k of fuel c} S[k]     fuel of k: the one it uses most, or none
//! S[g] = Σ_{k of group g} S[k]    a group: technologies of one service with the same fuel and the same κF
//! U[v,j] = Σ_k D·S[k]·use[k,j],  U[v] = Σ_j U[v,j],  U = Σ_v U[v]     energy, tce
//! C[v,j], P[v]: the parts of κF[k] that come from fuel j and from no fuel
//! ```
//!
//! Technologies that emit alike are one group before the split. Otherwise a plant that
//! gets a filter, which leaves its CO2 as it was, would be CO2 that one technology gives
//! up and another takes on; the two do not cancel once demand moves as well, and stand
//! under `control`. In groups a technology may be cut into any parts that emit alike,
//! and no effect changes.
//!
//! Where a fuel (or a whole service) comes from nothing or goes to nothing, what lies
//! within it has no share in that year; its composition is taken not to have changed.
//!
//! Two effects are differences of their own, not products: **linked**, the electricity
//! and steam that new measures use elsewhere, and **join**, the join to observed values.
//! All effects sum to E[T] − E[0].

use crate::catalogue::{Account, Book, Catalogue};
use crate::dims::{PollutantId, ServiceId, TechnologyId};
use crate::kernel::{self, Draw, Trajectory};
use crate::lmdi;
use crate::plan::{Plan, demand};
use crate::text::Text;

/// Through which channel an account changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// GDP.
    Activity,
    /// Drivers against GDP: the composition of the economy.
    Structure,
    /// Service per driver: elasticity and autonomous saving.
    Intensity,
    /// What measures save or cut back.
    Saving,
    /// Fuels: shares of technologies of different fuels.
    Energy,
    /// Technologies of the same fuel: processes and control equipment.
    Control,
    /// Energy per GDP.
    EnergyIntensity,
    /// Services in energy use.
    EnergyStructure,
    /// Fuels within services.
    FuelMix,
    /// CO2 per unit of a fuel.
    Carbon,
    /// CO2 from processes, not from fuels, per GDP.
    Process,
    /// Electricity and steam that new measures use elsewhere.
    Linked,
    /// The join to observed values.
    Join,
}

impl Effect {
    /// The word used in files.
    pub fn id(self) -> &'static str {
        match self {
            Effect::Activity => "activity",
            Effect::Structure => "structure",
            Effect::Intensity => "intensity",
            Effect::Saving => "saving",
            Effect::Energy => "energy",
            Effect::Control => "control",
            Effect::EnergyIntensity => "energy-intensity",
            Effect::EnergyStructure => "energy-structure",
            Effect::FuelMix => "fuel-mix",
            Effect::Carbon => "carbon",
            Effect::Process => "process",
            Effect::Linked => "linked",
            Effect::Join => "join",
        }
    }

    /// The name shown to people.
    pub fn name(self) -> Text {
        match self {
            Effect::Activity => Text::new("经济规模", "GDP"),
            Effect::Structure => Text::new("经济结构", "Economic structure"),
            Effect::Intensity => Text::new("活动强度", "Activity per driver"),
            Effect::Saving => Text::new("节约与压减", "Saving and cutback"),
            Effect::Energy => Text::new("燃料替代", "Fuel switching"),
            Effect::Control => Text::new("工艺与治理", "Technology and control"),
            Effect::EnergyIntensity => Text::new("能源强度", "Energy per GDP"),
            Effect::EnergyStructure => Text::new("用能部门结构", "Services in energy use"),
            Effect::FuelMix => Text::new("燃料结构", "Fuel mix"),
            Effect::Carbon => Text::new("单位能耗碳排放", "CO2 per energy"),
            Effect::Process => Text::new("工艺过程排放", "Process emissions"),
            Effect::Linked => Text::new("连带用电用汽", "Linked power and steam"),
            Effect::Join => Text::new("与观测值衔接", "Join to observed"),
        }
    }
}

/// Which identity is taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// By demand and technology: any account.
    Technology,
    /// By energy use and fuels: CO2.
    Kaya,
}

impl View {
    /// The word used in files.
    pub fn id(self) -> &'static str {
        match self {
            View::Technology => "technology",
            View::Kaya => "kaya",
        }
    }

    /// The factors of a term, in order; [`Effect::Linked`] and [`Effect::Join`] follow.
    fn factors(self) -> [Effect; 6] {
        match self {
            View::Technology => [
                Effect::Activity,
                Effect::Structure,
                Effect::Intensity,
                Effect::Saving,
                Effect::Energy,
                Effect::Control,
            ],
            View::Kaya => [
                Effect::Activity,
                Effect::EnergyIntensity,
                Effect::EnergyStructure,
                Effect::FuelMix,
                Effect::Carbon,
                Effect::Process,
            ],
        }
    }
}

/// What is to be decomposed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request {
    /// The account: a pollutant, coal or energy.
    pub account: Account,
    /// The identity.
    pub view: View,
    /// Subscript of the first year.
    pub from: usize,
    /// Subscript of the last year.
    pub to: usize,
    /// Year by year instead of end to end.
    pub chained: bool,
}

/// The change of an account between two years, by effect.
#[derive(Clone, Debug)]
pub struct Decomposition {
    /// What was asked.
    pub request: Request,
    /// The value in the first year (t or tce).
    pub from: f64,
    /// The value in the last year (t or tce).
    pub to: f64,
    /// Additive effects (t or tce); they sum to `to − from`.
    pub effects: Vec<(Effect, f64)>,
    /// Multiplicative effects in the same order; their product is `to / from`. `None`
    /// where the account is not above 0 throughout.
    pub ratios: Option<Vec<f64>>,
}

/// The paths of a run that its decompositions read.
#[derive(Debug)]
pub struct Paths<'a> {
    catalogue: &'a Catalogue,
    plan: &'a Plan,
    run: &'a Trajectory,
    /// Index of each driver by year, base year = 1.
    drivers: Vec<Vec<f64>>,
    /// Shares by technology and year.
    shares: Vec<Vec<f64>>,
    /// The same as official accounting credits them.
    credited: Vec<Vec<f64>>,
    /// What a technology uses most: index of the fuel, if any.
    fuel: Vec<Option<usize>>,
}

impl<'a> Paths<'a> {
    /// The paths of the run that `draw` gives.
    pub fn new(catalogue: &'a Catalogue, plan: &'a Plan, draw: &Draw, run: &'a Trajectory) -> Self {
        let growth = kernel::growth(plan, draw);
        let even = |base: &[f64]| -> Vec<Vec<f64>> {
            base.iter().map(|share| vec![*share; plan.span()]).collect()
        };
        let mut shares = even(&plan.base_year.shares);
        let mut credited = even(&plan.base_year.credited);
        for row in &plan.shares {
            for (path, changes) in [
                (&mut shares, &row.changes),
                (&mut credited, &row.credited.1),
            ] {
                for (m, change) in changes {
                    let cells = path[row.technology.at()].iter_mut().zip(change);
                    cells.for_each(|(share, change)| *share += draw.levels[*m] * change);
                }
            }
        }
        let most = catalogue.technologies.iter().map(|k| {
            let used = k.energy.iter().filter(|(_, used)| used.value > 0.0);
            let most = used.max_by(|a, b| a.1.value.total_cmp(&b.1.value));
            most.map(|(carrier, _)| carrier.at())
        });
        Self {
            catalogue,
            plan,
            run,
            drivers: growth.iter().map(|path| demand::index(path)).collect(),
            shares,
            credited,
            fuel: most.collect(),
        }
    }

    /// Shares by technology and year, as the account at `q` counts them.
    fn shares_in(&self, q: usize) -> &[Vec<f64>] {
        match self.plan.accounts[q] {
            Account::Pollutant(_, Book::Accounted) => &self.credited,
            _ => &self.shares,
        }
    }

    /// Decomposes. `None` for an account that the plan has not, or a view that it has not.
    pub fn decompose(&self, request: Request) -> Option<Decomposition> {
        let q = self.plan.account(request.account)?;
        let kaya = match (request.view, request.account) {
            (View::Technology, _) => None,
            (View::Kaya, Account::Pollutant(p, _)) => Some(self.kaya(q, p)?),
            (View::Kaya, _) => return None,
        };
        let years: Vec<usize> = if request.chained {
            (request.from..=request.to).collect()
        } else {
            vec![request.from, request.to]
        };
        let value = |t: usize| self.run.total.at(q, t);
        let names = request.view.factors();
        let mut effects = vec![0.0; names.len() + 2];
        let mut logs = Some(vec![0.0; names.len() + 2]);
        for step in years.windows(2) {
            let (from, to) = (step[0], step[1]);
            let (before, after) = match &kaya {
                None => self.technology(q, from, to),
                Some(kaya) => kaya.tables(&self.run.gdp, from, to),
            };
            // Demand, shares, factors and indices are not negative (the plan would not
            // compile): nothing is refused.
            let split = lmdi::split(&before, &after, names.len()).ok()?;
            let rest = |t: usize, direct: f64| {
                let join = self.run.join.at(q, t);
                [value(t) - join - direct, join]
            };
            let (rest_before, rest_after) = (rest(from, split.from), rest(to, split.to));
            let rest = rest_after.iter().zip(rest_before).map(|(b, a)| b - a);
            let found: Vec<f64> = split.by_factor().into_iter().chain(rest).collect();
            let mean = lmdi::log_mean(value(to), value(from));
            logs = logs.filter(|_| mean > 0.0);
            for (sum, effect) in logs.iter_mut().flatten().zip(&found) {
                *sum += effect / mean;
            }
            for (sum, effect) in effects.iter_mut().zip(&found) {
                *sum += effect;
            }
        }
        let names = names.into_iter().chain([Effect::Linked, Effect::Join]);
        Some(Decomposition {
            request,
            from: value(request.from),
            to: value(request.to),
            effects: names.zip(effects).collect(),
            ratios: logs.map(|logs| logs.into_iter().map(f64::exp).collect()),
        })
    }

    /// What no fuel emits of pollutant `p` (t, before the join to observed values), by
    /// year and service: Σ_k D·S[k]·κF[k] less the part of its fuels. `None` if no fuel
    /// carries the pollutant.
    pub fn processes(&self, p: PollutantId) -> Option<Vec<Vec<f64>>> {
        let q = self.plan.account(Account::Pollutant(p, Book::Physical))?;
        Some(self.kaya(q, p)?.process)
    }

    /// The factors of every group's term in two years.
    fn technology(&self, q: usize, from: usize, to: usize) -> (Vec<f64>, Vec<f64>) {
        let (mut before, mut after) = (Vec::new(), Vec::new());
        let shares = self.shares_in(q);
        for (v, service) in self.catalogue.services.iter().enumerate() {
            let saved = self.catalogue.saved(ServiceId::from_usize(v));
            let active: Vec<TechnologyId> = service
                .technologies
                .iter()
                .copied()
                .filter(|k| *k != saved)
                .collect();
            let sum = |t: usize, fits: &dyn Fn(TechnologyId) -> bool| -> f64 {
                let these = active.iter().filter(|k| fits(**k));
                let sum: f64 = these.map(|k| shares[k.at()][t]).sum();
                // What is taken to the last is 0, not the rounding of it.
                if sum < NOTHING { 0.0 } else { sum }
            };
            let whole = [from, to].map(|t| sum(t, &|_| true));
            for group in self.groups(&active, q) {
                let fuel = [from, to].map(|t| sum(t, &|k| self.fuel[k.at()] == group.fuel));
                let own = [from, to].map(|t| sum(t, &|k| group.members.contains(&k)));
                let (fuels, within) = (within(fuel, whole), within(own, fuel));
                for (i, (t, table)) in [(from, &mut before), (to, &mut after)]
                    .into_iter()
                    .enumerate()
                {
                    let gdp = self.run.gdp[t];
                    let driver = self.drivers[self.plan.driver[v].at()][t];
                    // Constants take part in the product; they have no effect.
                    let intensity = self.run.demand[v][t] / driver * group.factor;
                    table.extend([gdp, driver / gdp, intensity, whole[i], fuels[i], within[i]]);
                }
            }
        }
        (before, after)
    }

    /// The technologies that emit something into the account at `q`, those with one
    /// fuel and one calibrated factor together.
    fn groups(&self, technologies: &[TechnologyId], q: usize) -> Vec<Group> {
        let mut groups: Vec<Group> = Vec::new();
        for k in technologies {
            let factor = self.plan.base_year.coefficient(*k, q);
            if factor <= 0.0 {
                continue;
            }
            let fuel = self.fuel[k.at()];
            let alike = |group: &&mut Group| {
                group.fuel == fuel && (group.factor - factor).abs() <= ALIKE * factor
            };
            match groups.iter_mut().find(alike) {
                Some(group) => group.members.push(*k),
                None => groups.push(Group {
                    fuel,
                    factor,
                    members: vec![*k],
                }),
            }
        }
        groups
    }

    /// Energy, CO2 from fuels and from processes by service and year, for pollutant
    /// `p` at position `q`. `None` if no fuel carries it.
    fn kaya(&self, q: usize, p: PollutantId) -> Option<Kaya> {
        let carriers = &self.catalogue.carriers;
        let carried = |j: usize| {
            let factor = carriers[j].factors.iter().find(|(other, _)| *other == p);
            factor.map_or(0.0, |(_, factor)| factor.value)
        };
        if (0..carriers.len()).all(|j| carried(j) <= 0.0) {
            return None;
        }
        let energy = self.plan.account(Account::Energy)?;
        let (services, span) = (self.catalogue.services.len(), self.plan.span());
        let mut kaya = Kaya {
            fuels: carriers.len(),
            energy: vec![vec![0.0; services * carriers.len()]; span],
            carbon: vec![vec![0.0; services * carriers.len()]; span],
            process: vec![vec![0.0; services]; span],
        };
        for (k, technology) in self.catalogue.technologies.iter().enumerate() {
            let (id, v) = (TechnologyId::from_usize(k), technology.service.at());
            let raw = self.catalogue.coefficient(id, self.plan.accounts[q]);
            let carbon = self.plan.base_year.coefficient(id, q);
            let tce = self.plan.base_year.coefficient(id, energy);
            let used: f64 = technology.energy.iter().map(|(_, used)| used.value).sum();
            for (t, share) in self.shares_in(q)[k].iter().enumerate() {
                let amount = self.run.demand[v][t] * share.max(0.0);
                let mut rest = carbon * amount; // t/unit · units = t
                for (j, use_of) in &technology.energy {
                    let (own, cell) = (use_of.value, v * carriers.len() + j.at());
                    let uses = if used > 0.0 {
                        tce * own / used * amount
                    } else {
                        0.0
                    };
                    // κF · (use·factor / (F + Σ use·factor)): the fuel's part of the emission.
                    let part = if raw > 0.0 {
                        own * carried(j.at()) / raw
                    } else {
                        0.0
                    };
                    kaya.energy[t][cell] += uses;
                    if uses > 0.0 {
                        kaya.carbon[t][cell] += carbon * part * amount;
                        rest -= carbon * part * amount;
                    }
                }
                // What is left where all comes from fuels is rounding.
                if rest > 1e-12 * carbon * amount {
                    kaya.process[t][v] += rest;
                }
            }
        }
        kaya.tidy();
        Some(kaya)
    }
}

/// A share below this is the rounding of nothing.
const NOTHING: f64 = 1e-12;

/// Factors that differ by less than this part of them are the same.
const ALIKE: f64 = 1e-9;

/// Technologies of one service that emit alike.
struct Group {
    /// What they use most.
    fuel: Option<usize>,
    /// κF, t or tce per unit.
    factor: f64,
    members: Vec<TechnologyId>,
}

/// Part of a whole in two states. Where the whole is nothing, its composition is that
/// of the other state.
fn within(part: [f64; 2], whole: [f64; 2]) -> [f64; 2] {
    let share = |i: usize| (whole[i] > 0.0).then(|| part[i] / whole[i]);
    let (a, b) = (share(0), share(1));
    [a.or(b).unwrap_or(0.0), b.or(a).unwrap_or(0.0)]
}

/// Energy use and CO2 by year: services × fuels, or services.
struct Kaya {
    fuels: usize,
    /// U[v,j], tce.
    energy: Vec<Vec<f64>>,
    /// C[v,j], t.
    carbon: Vec<Vec<f64>>,
    /// P[v], t.
    process: Vec<Vec<f64>>,
}

impl Kaya {
    /// Takes the rounding of nothing out: what is less than a trillionth of the most
    /// that a fuel or a process reaches in any year.
    fn tidy(&mut self) {
        for cell in 0..self.energy[0].len() {
            let most = self.energy.iter().map(|all| all[cell]).fold(0.0, f64::max);
            for (energy, carbon) in self.energy.iter_mut().zip(&mut self.carbon) {
                if energy[cell] < NOTHING * most {
                    energy[cell] = 0.0;
                    carbon[cell] = 0.0;
                }
            }
        }
        for v in 0..self.process[0].len() {
            let most = self.process.iter().map(|all| all[v]).fold(0.0, f64::max);
            for all in &mut self.process {
                if all[v] < NOTHING * most {
                    all[v] = 0.0;
                }
            }
        }
    }

    /// The factors of every term in two years.
    fn tables(&self, gdp: &[f64], from: usize, to: usize) -> (Vec<f64>, Vec<f64>) {
        let years = [from, to];
        let whole = years.map(|t| self.energy[t].iter().sum::<f64>());
        let mut tables = [Vec::new(), Vec::new()];
        for v in 0..self.process[0].len() {
            let of = |t: usize| &self.energy[t][v * self.fuels..][..self.fuels];
            let service = years.map(|t| of(t).iter().sum::<f64>());
            let services = within(service, whole);
            for j in 0..self.fuels {
                let cell = v * self.fuels + j;
                let fuel = years.map(|t| self.energy[t][cell]);
                let carbon = within(years.map(|t| self.carbon[t][cell]), fuel);
                let mix = within(fuel, service);
                for (i, table) in tables.iter_mut().enumerate() {
                    let g = gdp[years[i]];
                    table.extend([g, whole[i] / g, services[i], mix[i], carbon[i], 1.0]);
                }
            }
            for (i, table) in tables.iter_mut().enumerate() {
                let g = gdp[years[i]];
                table.extend([g, 1.0, 1.0, 1.0, 1.0, self.process[years[i]][v] / g]);
            }
        }
        let [before, after] = tables;
        (before, after)
    }
}
