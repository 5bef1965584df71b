//! `[ledger]`: the listed projects by which project-reduction targets are judged.

use super::beside;
use super::decode::Decoder;
use crate::diag::Diagnostics;
use crate::ledger;
use crate::tree::{Reader, TableNode};
use jianpai_core::projects::Ledger;
use jianpai_core::text::Text;

impl Decoder<'_, '_> {
    /// The projects of the file that `[ledger]` names, beside the one that names it.
    pub(super) fn ledger(&mut self, table: &TableNode, diags: &mut Diagnostics) -> Option<Ledger> {
        let mut reader = Reader::new(table, Text::same("[ledger]"));
        reader.expect(["file"]);
        let node = reader.required_like("file", "file = \"projects.csv\"");
        let name = node.and_then(|node| node.string(reader.diags()));
        reader.finish(diags);
        let (node, name) = (node?, name?);
        let path = beside(self.files.path(node.span.file), name);
        match (self.fetch)(&path) {
            Ok(bytes) => {
                let found = ledger::read(self.catalogue, &path, &bytes, self.files, diags);
                let (ledger, file) = found?;
                self.inputs.push(file);
                Some(ledger)
            }
            Err(error) => {
                diags.push(super::cannot_open(&path, &error, Some(node.span)));
                None
            }
        }
    }
}
