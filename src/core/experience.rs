//! How fast shares have risen at most, as far as there is a record.

use crate::dims::{RegionId, ServiceId};
use crate::provenance::Sourced;
use crate::text::Text;

/// The fastest rise on record of a share.
#[derive(Clone, Debug)]
pub struct Experience {
    /// What rises.
    pub name: Text,
    /// The service.
    pub service: ServiceId,
    /// The tag of the technologies whose joint share rises.
    pub tag: String,
    /// The region.
    pub region: RegionId,
    /// The rise within a year (fraction of the service).
    pub value: Sourced,
    /// When, as printed.
    pub period: String,
}
