//! The head of a scenario, which the other parts are read against.

use crate::diag::Span;
use jianpai_core::dims::RegionId;
use jianpai_core::published::Published;
use jianpai_core::scenario::Harmonise;
use jianpai_core::text::Text;
use std::collections::BTreeMap;

/// Scenarios end at most this many years after the base year.
pub(super) const LONGEST: i32 = 85;

/// The head of a scenario; what is `None` has been reported.
pub(super) struct Head {
    pub(super) name: Option<Text>,
    pub(super) description: Text,
    pub(super) document: Option<String>,
    pub(super) region: Option<RegionId>,
    pub(super) base_year: i32,
    /// Whether that is a later year than the first of the data.
    pub(super) rebased: bool,
    pub(super) end_year: Option<i32>,
    pub(super) price_year: Option<i32>,
    pub(super) inventory: Option<(String, Span)>,
    pub(super) harmonise: Option<Harmonise>,
    pub(super) targets_from: Option<(String, Span)>,
    /// Published shares by year.
    pub(super) published: BTreeMap<Published, Vec<(i32, f64)>>,
    /// Whether it may hold more than could be read.
    pub(super) torn: bool,
}
