//! Indicators: what planners and targets speak of, as accounts.
//!
//! Every indicator is one account, as it is or divided by something. This is the
//! only place that says which:
//!
//! ```text
//! emission of p          E[p,t]                                t
//! coal, energy           E[q,t]                                tce
//! p or energy per GDP    E[q,t] / E[q,b] / GDP[t]              index, base year = 1
//! industry per value     E[q,t] / E[q,b] / V[t]                index, base year = 1
//! share of service v     A[i,t] / D[v,t]                       fraction
//! non-fossil share       N[t] / E[energy,t]                    fraction
//! electricity's share    L[t] / F[t]                           fraction
//! ```
//!
//! with *b* the base year, GDP an index at constant prices, A the activity of the
//! technologies that carry the indicator's tag and D the demand of the service; V is an index
//! of secondary value added. N is the non-fossil energy of the technologies and of what
//! supplies it outside of them ([`crate::plan::Plan::outside`]), L the electricity in final
//! energy F ([`crate::electricity`]). Of these two quotients the lower part depends on the
//! levels of measures: they are not affine in them, while `N − wanted·E ≥ 0` is. Where
//! E[q,b] is nothing there is no index, and where D is nothing there is no share:
//! those who divide decide what to show then.
//!
//! A new kind of indicator is a variant of [`IndicatorKind`] and an answer to each of
//! the questions below; nothing outside this file and the readers of data and targets
//! should match on the variants.

use crate::account::UnitKind;
use crate::catalogue::{Account, Book, Catalogue, Indicator, IndicatorKind};
use crate::dims::{IndicatorId, PollutantId, ServiceId};

/// What an indicator's account is divided by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Per {
    /// By nothing: the indicator is an amount.
    Nothing,
    /// By its own base year and by the GDP index of the year.
    Gdp,
    /// By its own base year and by the index of secondary value added of the year.
    ValueAdded,
    /// By the demand of a service.
    Demand(ServiceId),
    /// By another account, which measures change.
    Account(Account),
}

impl IndicatorKind {
    /// What its account is divided by.
    pub fn per(&self) -> Per {
        match self {
            IndicatorKind::Emission(..) | IndicatorKind::Coal | IndicatorKind::Energy => {
                Per::Nothing
            }
            IndicatorKind::EmissionIntensity(..) | IndicatorKind::EnergyIntensity => Per::Gdp,
            IndicatorKind::Share { service, .. } => Per::Demand(*service),
            IndicatorKind::NonFossil => Per::Account(Account::Energy),
            IndicatorKind::ElectricityShare => Per::Account(Account::FinalEnergy),
            IndicatorKind::IndustryIntensity => Per::ValueAdded,
        }
    }

    /// The kind of its values: mass, energy, an index or a share.
    pub fn unit_kind(&self) -> UnitKind {
        match (self.per(), self) {
            (Per::Gdp | Per::ValueAdded, _) => UnitKind::Index,
            (Per::Demand(_) | Per::Account(_), _) => UnitKind::Share,
            (Per::Nothing, IndicatorKind::Emission(..)) => UnitKind::Mass,
            (Per::Nothing, _) => UnitKind::Energy,
        }
    }

    /// Whether it is an account divided by something: an index or a share.
    pub fn is_ratio(&self) -> bool {
        self.per() != Per::Nothing
    }

    /// Whether it is an index against the base year, per GDP or value added.
    pub fn is_index(&self) -> bool {
        matches!(self.per(), Per::Gdp | Per::ValueAdded)
    }

    /// Whether it is the share of a service or of energy use.
    pub fn is_share(&self) -> bool {
        matches!(self.per(), Per::Demand(_)) || self.is_quotient()
    }

    /// Whether it is a share of an account that measures change as well: not affine in
    /// their levels.
    pub fn is_quotient(&self) -> bool {
        matches!(self.per(), Per::Account(_))
    }

    /// Whether it is the share of `service` that technologies with `tag` serve.
    pub fn is_share_of(&self, tag: &str, service: ServiceId) -> bool {
        matches!(self, IndicatorKind::Share { tag: own, service: of } if own == tag && *of == service)
    }

    /// Whether it is the total emission of a pollutant.
    pub fn is_emission(&self) -> bool {
        self.unit_kind() == UnitKind::Mass
    }

    /// The pollutant whose emission it is, or whose emission per GDP.
    pub fn pollutant(&self) -> Option<PollutantId> {
        match self {
            IndicatorKind::Emission(p, _) | IndicatorKind::EmissionIntensity(p, _) => Some(*p),
            _ => None,
        }
    }

    /// The account that it divides or is, of those with an official inventory; `None`
    /// for a share, which has none.
    pub fn inventoried(&self) -> Option<Account> {
        match self {
            IndicatorKind::Emission(p, book) | IndicatorKind::EmissionIntensity(p, book) => {
                Some(Account::Pollutant(*p, *book))
            }
            IndicatorKind::Coal => Some(Account::Coal),
            IndicatorKind::Energy | IndicatorKind::EnergyIntensity => Some(Account::Energy),
            IndicatorKind::Share { .. }
            | IndicatorKind::NonFossil
            | IndicatorKind::ElectricityShare
            | IndicatorKind::IndustryIntensity => None,
        }
    }

    /// The account that it is, undivided; `None` for a ratio.
    pub fn amount(&self) -> Option<Account> {
        self.inventoried().filter(|_| !self.is_ratio())
    }
}

impl Indicator {
    /// The book that its name has to say, where there is another indicator for the
    /// other one: `None` for what is kept in one book, or in both alike.
    pub fn told_book(&self, catalogue: &Catalogue) -> Option<Book> {
        let other = match self.book {
            Book::Physical => Book::Accounted,
            Book::Accounted => Book::Physical,
        };
        let apart = catalogue.indicator_in(&self.base, other).is_some() && !self.both;
        apart.then_some(self.book)
    }

    /// Whether it is the one of two books that official targets speak of, or the only
    /// one there is.
    pub fn leads(&self, catalogue: &Catalogue) -> bool {
        self.told_book(catalogue) != Some(Book::Physical)
    }

    /// Whether a briefing shows it without being asked: the emissions of pollutants
    /// other than carbon, and emissions per GDP, as accounted where they are.
    pub fn is_headline(&self, catalogue: &Catalogue) -> bool {
        if !self.leads(catalogue) {
            return false;
        }
        let Some(p) = self.kind.pollutant() else {
            return false;
        };
        self.kind.is_index() || catalogue.pollutants[p.at()].medium != "carbon"
    }
}

impl Catalogue {
    /// The account of indicator `id`, to be divided as [`IndicatorKind::per`] says.
    pub fn account_of(&self, id: IndicatorId) -> Account {
        match &self.indicators[id.at()].kind {
            IndicatorKind::NonFossil => Account::NonFossil,
            IndicatorKind::ElectricityShare => Account::FinalElectricity,
            IndicatorKind::IndustryIntensity => Account::IndustryEnergy,
            kind => kind.inventoried().unwrap_or(Account::Activity(id)),
        }
    }

    /// The indicator that is `account` itself, undivided, if there is one.
    pub fn amount_indicator(&self, account: Account) -> Option<IndicatorId> {
        let mut indicators = self.indicators.iter();
        let found = indicators.position(|i| i.kind.amount() == Some(account))?;
        Some(IndicatorId::from_usize(found))
    }
}

#[cfg(test)]
mod tests {
    use super::Per;
    use crate::account::UnitKind;
    use crate::catalogue::{Account, Book, IndicatorKind};
    use crate::dims::{PollutantId, ServiceId};

    #[test]
    fn every_kind_is_one_account_as_it_is_or_divided() {
        let p = PollutantId(1);
        let share = IndicatorKind::Share {
            tag: "rail".to_string(),
            service: ServiceId(2),
        };
        let pollutant = Some(Account::Pollutant(p, Book::Accounted));
        let kinds = [
            (
                IndicatorKind::Emission(p, Book::Accounted),
                pollutant,
                Per::Nothing,
            ),
            (
                IndicatorKind::EmissionIntensity(p, Book::Accounted),
                pollutant,
                Per::Gdp,
            ),
            (IndicatorKind::Coal, Some(Account::Coal), Per::Nothing),
            (IndicatorKind::Energy, Some(Account::Energy), Per::Nothing),
            (
                IndicatorKind::EnergyIntensity,
                Some(Account::Energy),
                Per::Gdp,
            ),
            (share, None, Per::Demand(ServiceId(2))),
            (
                IndicatorKind::NonFossil,
                None,
                Per::Account(Account::Energy),
            ),
            (
                IndicatorKind::ElectricityShare,
                None,
                Per::Account(Account::FinalEnergy),
            ),
            (IndicatorKind::IndustryIntensity, None, Per::ValueAdded),
        ];
        for (kind, account, per) in kinds {
            assert_eq!((kind.inventoried(), kind.per()), (account, per), "{kind:?}");
            // An amount has the unit of its account; what is divided has none.
            match kind.amount() {
                Some(account) => assert_eq!(kind.unit_kind(), account.unit_kind(), "{kind:?}"),
                None => assert!(
                    matches!(kind.unit_kind(), UnitKind::Index | UnitKind::Share),
                    "{kind:?}"
                ),
            }
            assert_eq!(kind.is_ratio(), kind.amount().is_none(), "{kind:?}");
        }
    }
}
