//! Published shares from which indicators on call count.
//!
//! The model holds a part of what some indicators speak of, and changes of it. Where it
//! stands at first is published: the scenario states it, or the data have it on record
//! ([`crate::scenario::Scenario::published`]). Without it the indicator is refused.

use crate::catalogue::IndicatorKind;

/// A published share (fraction).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Published {
    /// Non-fossil energy in energy use.
    NonFossil,
    /// Electricity in final energy.
    Electricity,
    /// Electricity in the final energy of industry.
    IndustrialElectricity,
}

impl Published {
    /// All of them.
    pub const ALL: [Self; 3] = [
        Published::NonFossil,
        Published::Electricity,
        Published::IndustrialElectricity,
    ];

    /// The recorded level that holds it.
    pub fn recorded(self) -> &'static str {
        match self {
            Published::NonFossil => "non-fossil-share",
            Published::Electricity => "electricity-share",
            Published::IndustrialElectricity => "industrial-electricity-share",
        }
    }

    /// The key of `[scenario]` that states it.
    pub fn key(self) -> &'static str {
        match self {
            Published::NonFossil => "non_fossil",
            Published::Electricity => "electricity_share",
            Published::IndustrialElectricity => "industrial_electricity_share",
        }
    }

    /// What counts from it.
    pub fn kind(self) -> IndicatorKind {
        match self {
            Published::NonFossil => IndicatorKind::NonFossil,
            Published::Electricity => IndicatorKind::ElectricityShare,
            Published::IndustrialElectricity => IndicatorKind::IndustryIntensity,
        }
    }

    /// The one that a recorded level holds.
    pub fn of_record(quantity: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|own| own.recorded() == quantity)
    }
}
