//! What is known while a `[sweep]` is compiled.

use jianpai_core::catalogue::Catalogue;
use jianpai_load::diag::{Diagnostics, FileId, Files};
use jianpai_load::scenario::sweep::SweepSpec;
use jianpai_load::scenario::{Fetch, Loaded};

/// A scenario with its `[sweep]`, and what is found on the way.
pub(super) struct Context<'a> {
    pub(super) catalogue: &'a Catalogue,
    pub(super) loaded: &'a Loaded,
    pub(super) spec: &'a SweepSpec,
    pub(super) fetch: &'a Fetch<'a>,
    pub(super) files: &'a mut Files,
    pub(super) diags: &'a mut Diagnostics,
    /// Columns of a list that are no inputs.
    pub(super) carried: Vec<(String, Vec<String>)>,
    /// The file of the list.
    pub(super) listed: Option<FileId>,
}
