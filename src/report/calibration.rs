//! Calibration factors that want a word.

use crate::case::Case;
use jianpai_core::calibrate::Kappa;
use jianpai_core::text::Text;

/// Why a calibration factor may lie far from 1, if the data say.
pub fn kappa_reason<'c>(case: &'c Case<'_>, kappa: &Kappa) -> Option<&'c Text> {
    let account = kappa.account.base_id(case.catalogue);
    let reasons = &case.catalogue.kappa_reasons;
    let own = reasons.get(&(kappa.class, account.clone()));
    own.or_else(|| reasons.get(&(None, account)))
}

/// Whether a calibration factor lies outside 0.5–2.
pub fn is_far(kappa: f64) -> bool {
    !(0.5..=2.0).contains(&kappa)
}
