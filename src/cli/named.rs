//! Things that an argument names: by id, Chinese or English name, or another name.

use super::console::Console;
use jianpai_core::catalogue::{Account, Catalogue};
use jianpai_core::dims::{IndicatorId, PollutantId};
use jianpai_core::names::NameOf;
use jianpai_core::text::Text;
use jianpai_load::vocabulary::Vocabulary;
use jianpai_study::problem::Unknown;

/// The indicator called `name`, as it stands: no book is chosen.
pub(super) fn known(catalogue: &Catalogue, name: &str) -> Option<IndicatorId> {
    let vocabulary = Vocabulary::new(catalogue);
    catalogue.indicator(vocabulary.id(NameOf::Indicator, name))
}

/// The same; the exit code after saying that there is none, beside `others` that would do.
pub(super) fn indicator(
    console: &Console,
    catalogue: &Catalogue,
    (name, others): (&str, &[&str]),
) -> Result<IndicatorId, u8> {
    known(catalogue, name).ok_or_else(|| {
        let ids = catalogue.indicators.iter().map(|i| i.named.id.as_str());
        let known = others.iter().copied().chain(ids);
        console.fail(&Unknown::like(Text::new("指标", "indicator"), name, known).into())
    })
}

/// The emission of a pollutant in the book that decides, if it is an indicator.
pub(super) fn leading(catalogue: &Catalogue, pollutant: PollutantId) -> Option<IndicatorId> {
    let mut indicators = catalogue.indicators.iter();
    let found = indicators.position(|indicator| {
        let amount = indicator.kind.amount();
        let same = matches!(amount, Some(Account::Pollutant(p, _)) if p == pollutant);
        same && indicator.kind.is_emission() && indicator.leads(catalogue)
    });
    found.map(IndicatorId::from_usize)
}

/// The pollutant whose emission an indicator is.
pub(super) fn emitted(catalogue: &Catalogue, id: IndicatorId) -> Option<PollutantId> {
    let indicator = &catalogue.indicators[id.at()];
    match indicator.kind.amount() {
        Some(Account::Pollutant(p, _)) if indicator.kind.is_emission() => Some(p),
        _ => None,
    }
}
