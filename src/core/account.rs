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
//! pollutant p   F[k,p] + Σ_fuel use[k,fuel] · factor[fuel,p]      t    physical
//!               F_acc[k,p], see [`Credit`]                        t    accounted
//! coal          Σ_{fuel is coal} use[k,fuel]                      tce
//! energy        Σ_fuel use[k,fuel]                                tce
//! non-fossil    Σ_{fuel is not fossil} use[k,fuel]                tce, never calibrated
//! final energy, electricity in it, energy of industry             tce, never calibrated;
//!                                                                 [`crate::electricity`]
//! cost          nothing: costs are those of measures, [`crate::plan`]  yuan
//! activity i    1 if k carries the tag of share indicator i       units of service
//! ```
//!
//! An emission stands in up to two **books**. The physical one (实际排放) is what goes
//! up the stack and down the river. The accounted one (核算) is what the rules of
//! official accounting count: the same activities, shares and base-year total, but the
//! factors that the rules credit. Official targets are judged in the second. Both are
//! calibrated to the same official base, each with its own κ; a pollutant without rules
//! of its own has one account for both, and one without an official total has no
//! accounted book.

use crate::catalogue::{
    Account, Accounting, Book, Catalogue, Credit, CreditRule, Indicator, IndicatorKind,
};
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
            Account::Pollutant(p, book) => book.key(&catalogue.pollutants[p.at()].named.id),
            Account::Outside(p) => {
                format!("{} outside calibre", catalogue.pollutants[p.at()].named.id)
            }
            Account::Coal => "coal".to_string(),
            Account::Energy => "energy".to_string(),
            Account::NonFossil => "non-fossil".to_string(),
            Account::FinalEnergy => "final-energy".to_string(),
            Account::FinalElectricity => "final-electricity".to_string(),
            Account::IndustryEnergy => "industry-energy".to_string(),
            Account::Cost => "cost".to_string(),
            Account::Activity(i) => catalogue.indicators[i.at()].named.id.clone(),
        }
    }

    /// What it is called in sentences.
    pub fn name(self, catalogue: &Catalogue) -> Text {
        match self {
            Account::Pollutant(p, Book::Physical) => {
                Text::same(catalogue.pollutants[p.at()].named.id.clone())
            }
            Account::Pollutant(p, Book::Accounted) => {
                Book::Accounted.beside(&Text::same(catalogue.pollutants[p.at()].named.id.clone()))
            }
            Account::Outside(p) => {
                let id = &catalogue.pollutants[p.at()].named.id;
                Text::new(
                    format!("{id}（口径以外）"),
                    format!("{id} outside the calibre"),
                )
            }
            Account::Coal => Text::new("煤炭", "coal"),
            Account::Energy => Text::new("能源", "energy"),
            Account::NonFossil => Text::new("非化石能源", "non-fossil energy"),
            Account::FinalEnergy => Text::new("终端能源", "final energy"),
            Account::FinalElectricity => Text::new("终端用电", "electricity of final users"),
            Account::IndustryEnergy => Text::new("工业能耗", "energy of industry"),
            Account::Cost => Text::new("成本", "cost"),
            Account::Activity(i) => catalogue.indicators[i.at()].named.name.clone(),
        }
    }

    /// The kind of its amounts: mass, energy, money or activity.
    pub fn unit_kind(self) -> UnitKind {
        match self {
            Account::Pollutant(..) | Account::Outside(_) => UnitKind::Mass,
            Account::Coal
            | Account::Energy
            | Account::NonFossil
            | Account::FinalEnergy
            | Account::FinalElectricity
            | Account::IndustryEnergy => UnitKind::Energy,
            Account::Cost => UnitKind::Money,
            Account::Activity(_) => UnitKind::Activity,
        }
    }

    /// The account under which its base-year inventory stands: both books are
    /// calibrated to the same official amounts.
    #[must_use]
    pub fn official(self) -> Account {
        match self {
            Account::Pollutant(p, _) => Account::Pollutant(p, Book::Physical),
            other => other,
        }
    }

    /// The id without the book: `SO2` for both.
    pub fn base_id(self, catalogue: &Catalogue) -> String {
        self.official().id(catalogue)
    }

    /// The book it stands in; `None` for what has no books.
    pub fn book(self) -> Option<Book> {
        match self {
            Account::Pollutant(_, book) => Some(book),
            Account::Outside(_) => Some(Book::Physical),
            _ => None,
        }
    }
}

impl Catalogue {
    /// All accounts, in the order used by plans: pollutants within the calibre,
    /// outside it, coal, energy, cost, one for each share indicator, then the
    /// accounted book of the pollutants that have rules of their own, and those that only
    /// indicators on call speak of, where one does.
    pub fn accounts(&self) -> Vec<Account> {
        let pollutants = || (0..self.pollutants.len()).map(PollutantId::from_usize);
        let shares = self.indicators.iter().enumerate();
        let is_share = |i: &Indicator| matches!(i.kind, IndicatorKind::Share { .. });
        let shares = shares.filter(|(_, i)| is_share(i));
        let spoken = |kind: &IndicatorKind| self.indicators.iter().any(|i| i.kind == *kind);
        let non_fossil = spoken(&IndicatorKind::NonFossil);
        let electricity = spoken(&IndicatorKind::ElectricityShare);
        let electricity = electricity.then_some([Account::FinalEnergy, Account::FinalElectricity]);
        let industry = spoken(&IndicatorKind::IndustryIntensity);
        pollutants()
            .map(|p| Account::Pollutant(p, Book::Physical))
            .chain(pollutants().map(Account::Outside))
            .chain([Account::Coal, Account::Energy, Account::Cost])
            .chain(shares.map(|(i, _)| Account::Activity(IndicatorId::from_usize(i))))
            .chain(
                pollutants()
                    .filter(|p| self.pollutants[p.at()].accounting == Accounting::Rules)
                    .map(|p| Account::Pollutant(p, Book::Accounted)),
            )
            .chain(non_fossil.then_some(Account::NonFossil))
            .chain(electricity.into_iter().flatten())
            .chain(industry.then_some(Account::IndustryEnergy))
            .collect()
    }

    /// The raw coefficient of `account` for one unit of service by `technology`:
    /// t, tce, yuan or units of activity per unit of service, before calibration.
    ///
    /// The front of this file states it for each account.
    pub fn coefficient(&self, technology: TechnologyId, account: Account) -> f64 {
        let k = &self.technologies[technology.at()];
        match account {
            Account::Pollutant(p, Book::Accounted) => self.accounted(technology, p),
            Account::Pollutant(p, Book::Physical) | Account::Outside(p) => {
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
            Account::NonFossil => {
                let own = k.energy.iter();
                let own = own.filter(|(c, _)| !self.carriers[c.at()].is_fossil);
                own.map(|(_, use_)| use_.value).sum()
            }
            Account::FinalEnergy | Account::FinalElectricity | Account::IndustryEnergy => {
                self.electric_coefficient(technology, account)
            }
            // Figures of cost change by year: they stand in the plan.
            Account::Cost => 0.0,
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

    /// How official accounting counts the emission of `p` by `technology`; `None` where
    /// it takes the physical factor without a word.
    pub fn credit(&self, technology: TechnologyId, p: PollutantId) -> Option<&Credit> {
        let credits = &self.technologies[technology.at()].credits;
        let found = credits.iter().find(|(q, _)| *q == p);
        found.map(|(_, credit)| credit)
    }

    /// The technology on whose physical factor the accounting factor of `technology`
    /// rests; `None` for a published coefficient.
    pub fn rests_on(&self, technology: TechnologyId, p: PollutantId) -> Option<TechnologyId> {
        self.credited(technology, p).1
    }

    /// F_acc[k,p]: t per unit of service, as [`Credit`] says.
    fn accounted(&self, technology: TechnologyId, p: PollutantId) -> f64 {
        let (factor, on) = self.credited(technology, p);
        let physical = Account::Pollutant(p, Book::Physical);
        on.map_or(factor, |on| factor * self.coefficient(on, physical))
    }

    /// The credits of `technology` to their end: a ratio and the technology whose physical
    /// factor it is of, or a published coefficient (t per unit of service) and none.
    fn credited(&self, technology: TechnologyId, p: PollutantId) -> (f64, Option<TechnologyId>) {
        match self.credit(technology, p).map(|c| (c.rule, c.of, c.value)) {
            Some((CreditRule::Rule, _, value)) => (value.value, None),
            Some((CreditRule::Limits | CreditRule::Nothing, Some(of), value)) => {
                let (factor, on) = self.credited(of, p);
                (value.value * factor, on)
            }
            _ => (1.0, Some(technology)),
        }
    }
}
