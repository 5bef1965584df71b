//! Electricity of final users.
//!
//! The data say what a technology uses of electricity where measures move it (`links.csv`);
//! the rest of the base year's electricity (motors, lamps, appliances, electrolysis) no
//! technology stands for. Two accounts and the energy of industry need all of it:
//!
//! ```text
//! f[k]  = Σ_fuel use[k,fuel]                         tce      k: not of the class power
//! l[k]  = use[k, thermal power] / τ · h              tce
//! e[v]  = ρ · Σ_k S[k,b]·f[k]                        tce per unit of service, all its k
//! ρ     = s/(1 − s) − Σ_k A[k,b]·l[k] / Σ_k A[k,b]·f[k]
//!
//! final electricity  L:  l[k] + e[v(k)]
//! final energy       F:  f[k] + l[k] + e[v(k)]
//! energy of industry I:  f[k] + l[k] + e[v(k)]       k of the class industry, ρ of industry
//!                        f[k] − h                    k of the class power that burns fuel
//! ```
//!
//! with s the published share of electricity in final energy (for I in that of industry),
//! so that in the base year *b* the model gives just that share; h the heat content of
//! electricity (3.6 MJ/kWh: 电热当量法, as final energy and the energy of industry are
//! counted in the statistics) and τ the thermal part of generation, by which the links of
//! the data are scaled and which is undone here. The electricity beside the links is spread
//! over the services as their fuel is, and belongs to the service and not to one of its
//! technologies: a shift of technologies keeps it, what is saved or closed takes it along
//! (`<service>.saved` has none), and growth moves it with the service.
//!
//! Coke counts where its coal is charged, bought heat by the fuel that makes it, power plants
//! in I by what they lose. None of these accounts is calibrated: like non-fossil energy they
//! are what the technologies hold.

use crate::catalogue::{Account, Catalogue, Technology};
use crate::dims::{ServiceId, TechnologyId};

/// The class of power plants.
const POWER: &str = "power";
/// The class of industry.
const INDUSTRY: &str = "industry";
/// The service whose links are electricity.
pub const ELECTRICITY: &str = "thermal-power";
/// The parameter by which links of electricity are scaled.
pub const THERMAL_SHARE: &str = "thermal-share";
/// The heat content of coal equivalent.
pub const HEAT: &str = "gj-per-tce";
/// GJ per kWh.
pub(crate) const GJ: f64 = 0.0036;

/// A part of the electricity accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// Fuel.
    Fuel,
    /// Electricity of the data's links.
    Links,
    /// What a plant gives off: taken off what it burns.
    Output,
}

impl Catalogue {
    /// The class of a technology.
    fn class_of(&self, technology: &Technology) -> &str {
        &self.classes[technology.class.at()].named.id
    }

    /// Whether `k` counts in final energy (of industry, if `industry`).
    pub fn is_final(&self, k: TechnologyId, industry: bool) -> bool {
        let class = self.class_of(&self.technologies[k.at()]);
        class != POWER && (!industry || class == INDUSTRY)
    }

    /// Whether `k` takes a part of the electricity beside the links: not what is saved.
    pub fn has_beside(&self, k: TechnologyId, industry: bool) -> bool {
        let service = self.technologies[k.at()].service;
        let saved = self.services[service.at()].technologies.last();
        self.is_final(k, industry) && saved != Some(&k)
    }

    /// The parts of an account of this module that a technology has.
    pub fn electric_parts(&self, k: TechnologyId, account: Account) -> &'static [Part] {
        let industry = account == Account::IndustryEnergy;
        if self.is_final(k, industry) {
            return match account {
                Account::FinalElectricity => &[Part::Links],
                _ => &[Part::Fuel, Part::Links],
            };
        }
        let technology = &self.technologies[k.at()];
        let power = self.class_of(technology) == POWER;
        let mut fuels = technology.energy.iter();
        if industry && power && fuels.any(|(c, _)| self.carriers[c.at()].is_fossil) {
            return &[Part::Fuel, Part::Output];
        }
        &[]
    }

    /// Coal equivalent of a kWh at its heat content (tce), if the data say that of heat.
    pub fn tce_per_kwh(&self) -> Option<f64> {
        Some(GJ / self.parameter(HEAT)?)
    }

    /// One part per unit of service (tce); an output is below zero.
    pub fn electric_part(&self, k: TechnologyId, part: Part) -> f64 {
        let technology = &self.technologies[k.at()];
        let kwh = |service: ServiceId| self.services[service.at()].scale;
        let heat = self.tce_per_kwh().unwrap_or_default();
        match part {
            Part::Fuel => technology.energy.iter().map(|(_, used)| used.value).sum(),
            Part::Output => -kwh(technology.service) * heat,
            Part::Links => {
                let thermal = self.parameter(THERMAL_SHARE).unwrap_or(1.0);
                let links = technology.links.iter();
                let links = links.filter(|(w, _)| self.services[w.at()].named.id == ELECTRICITY);
                let used = links.map(|(w, used)| used.value * kwh(*w) / thermal * heat);
                used.sum()
            }
        }
    }

    /// The coefficient of an account of this module without the electricity beside the
    /// links (tce per unit of service).
    pub(crate) fn electric_coefficient(&self, k: TechnologyId, account: Account) -> f64 {
        let parts = self.electric_parts(k, account).iter();
        parts.map(|part| self.electric_part(k, *part)).sum()
    }
}
