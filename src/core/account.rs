//! Accounts: the columns in which a run is kept.
//!
//! A plan, a run and a batch hold one row of years for every account. Everything
//! that works for one account (balance, explanation, comparison, decomposition,
//! sweep) works for all of them alike, so a new kind of account is added to
//! [`Account`] and to the functions of this file and is then known everywhere.
//!
//! Before calibration, one unit of service by technology *k* causes
//!
//! ```text
//! pollutant p   F[k,p] + Σ_fuel use[k,fuel] · factor[fuel,p]      t
//! coal          Σ_{fuel is coal} use[k,fuel]                      tce
//! energy        Σ_fuel use[k,fuel]                                tce
//! cost          c[k], 0 where no figure is known                  yuan
//! activity i    1 if k carries the tag of share indicator i       units of service
//! ```

use crate::catalogue::{Account, Catalogue, Indicator, IndicatorKind};
use crate::dims::{IndicatorId, PollutantId, TechnologyId};
use crate::text::Text;

/// What kind of quantity an account or an indicator is, and the base unit in which
/// the program holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnitKind {
    /// The mass of a pollutant (t).
    Mass,
    /// Coal or energy (tce).
    Energy,
    /// Money (yuan).
    Money,
    /// The activity of a service, in units of that service.
    Activity,
    /// An amount per GDP at constant prices, as an index (base year = 1).
    Index,
    /// A part of a whole (fraction).
    Share,
}

impl Account {
    /// The id in files and tables; each account has its own.
    pub fn id(self, catalogue: &Catalogue) -> String {
        match self {
            Account::Pollutant(p) => catalogue.pollutants[p.at()].named.id.clone(),
            Account::Outside(p) => {
                format!("{} outside calibre", catalogue.pollutants[p.at()].named.id)
            }
            Account::Coal => "coal".to_string(),
            Account::Energy => "energy".to_string(),
            Account::Cost => "cost".to_string(),
            Account::Activity(i) => catalogue.indicators[i.at()].named.id.clone(),
        }
    }

    /// What it is called in sentences.
    pub fn name(self, catalogue: &Catalogue) -> Text {
        match self {
            Account::Pollutant(p) => Text::same(catalogue.pollutants[p.at()].named.id.clone()),
            Account::Outside(p) => {
                let id = &catalogue.pollutants[p.at()].named.id;
                Text::new(
                    format!("{id}（口径以外）"),
                    format!("{id} outside the calibre"),
                )
            }
            Account::Coal => Text::new("煤炭", "coal"),
            Account::Energy => Text::new("能源", "energy"),
            Account::Cost => Text::new("成本", "cost"),
            Account::Activity(i) => catalogue.indicators[i.at()].named.name.clone(),
        }
    }

    /// The kind of its amounts: mass, energy, money or activity.
    pub fn unit_kind(self) -> UnitKind {
        match self {
            Account::Pollutant(_) | Account::Outside(_) => UnitKind::Mass,
            Account::Coal | Account::Energy => UnitKind::Energy,
            Account::Cost => UnitKind::Money,
            Account::Activity(_) => UnitKind::Activity,
        }
    }
}

impl Catalogue {
    /// All accounts, in the order used by plans: pollutants within the calibre,
    /// outside it, coal, energy, cost, then one for each share indicator.
    pub fn accounts(&self) -> Vec<Account> {
        let pollutants = || (0..self.pollutants.len()).map(PollutantId::from_usize);
        let shares = self.indicators.iter().enumerate();
        let is_share = |i: &Indicator| matches!(i.kind, IndicatorKind::Share { .. });
        let shares = shares.filter(|(_, i)| is_share(i));
        pollutants()
            .map(Account::Pollutant)
            .chain(pollutants().map(Account::Outside))
            .chain([Account::Coal, Account::Energy, Account::Cost])
            .chain(shares.map(|(i, _)| Account::Activity(IndicatorId::from_usize(i))))
            .collect()
    }

    /// The raw coefficient of `account` for one unit of service by `technology`:
    /// t, tce, yuan or units of activity per unit of service, before calibration.
    ///
    /// The front of this file states it for each account.
    pub fn coefficient(&self, technology: TechnologyId, account: Account) -> f64 {
        let k = &self.technologies[technology.at()];
        match account {
            Account::Pollutant(p) | Account::Outside(p) => {
                let own = k
                    .factors
                    .iter()
                    .filter(|(q, _)| *q == p)
                    .map(|(_, f)| f.value);
                let fuel = k.energy.iter().map(|(carrier, use_)| {
                    let factors = &self.carriers[carrier.at()].factors;
                    let per_tce: f64 = factors
                        .iter()
                        .filter(|(q, _)| *q == p)
                        .map(|(_, f)| f.value)
                        .sum();
                    use_.value * per_tce // tce/unit · t/tce
                });
                own.sum::<f64>() + fuel.sum::<f64>()
            }
            Account::Coal => {
                let coal = k
                    .energy
                    .iter()
                    .filter(|(c, _)| self.carriers[c.at()].is_coal);
                coal.map(|(_, use_)| use_.value).sum()
            }
            Account::Energy => k.energy.iter().map(|(_, use_)| use_.value).sum(),
            Account::Cost => k.cost.map_or(0.0, |c| c.value),
            Account::Activity(i) => match &self.indicators[i.at()].kind {
                IndicatorKind::Share { tag, service }
                    if *service == k.service && k.has_tag(tag) =>
                {
                    1.0
                }
                _ => 0.0,
            },
        }
    }
}
