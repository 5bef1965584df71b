//! `[solve.group.NAME]`: measures of which only some are to be used.

use super::Context;
use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::tree::{Key, Node, Reader};
use jianpai_core::text::Text;

/// An either/or group.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupSpec {
    /// Its id.
    pub id: String,
    /// Its measures, as indices into the scenario's, and where each is named.
    pub measures: Vec<(usize, Span)>,
    /// How many of them.
    pub count: usize,
    /// Whether exactly so many, or at most.
    pub exactly: bool,
    /// Whether each is carried out as far as it may be, or not at all.
    pub whole: bool,
    /// Where it stands.
    pub span: Span,
}

impl Context<'_> {
    pub(super) fn group(
        &self,
        key: &Key,
        node: &Node,
        diags: &mut Diagnostics,
    ) -> Option<GroupSpec> {
        let table = node.table(diags)?;
        let mut reader = Reader::new(table, Text::same(format!("[solve.group.{}]", key.name)));
        reader.expect(["measures", "most", "exactly", "whole"]);
        let mut measures: Vec<(usize, Span)> = Vec::new();
        for node in reader.array("measures").unwrap_or_default() {
            let Some(name) = node.string(reader.diags()) else {
                continue;
            };
            let found = self.measure(name, node.span, reader.diags());
            let Some(m) = found.filter(|m| self.may_move(*m, node.span, reader.diags())) else {
                continue;
            };
            if let Some((_, first)) = measures.iter().find(|(other, _)| *other == m) {
                reader.push(twice(name, node.span, *first));
            } else {
                measures.push((m, node.span));
            }
        }
        let (most, exactly) = (reader.optional("most"), reader.optional("exactly"));
        let count = most.or(exactly);
        if let (Some(most), Some(exactly)) = (most, exactly) {
            let message = Text::new(
                "`most` 与 `exactly` 只能写一个",
                "give only one of `most` and `exactly`",
            );
            reader.push(
                Diagnostic::error("group-count", message)
                    .label(exactly.span, Text::new("多余", "one too many"))
                    .label(most.span, Text::new("已写", "given already"))
                    .help(Text::new(
                        "至多几项写 most，正好几项写 exactly",
                        "`most` is at most so many, `exactly` so many",
                    )),
            );
        }
        let stated = count.and_then(|node| Some((node.integer(reader.diags())?, node.span)));
        let of = measures.len();
        let number = stated.map_or(Some(1), |(number, _)| usize::try_from(number).ok());
        let number = number.filter(|number| (1..of.max(2)).contains(number));
        if let (None, Some((number, span))) = (number, stated) {
            let message = Text::new(
                format!("{of} 项里选 {number} 项，不成其为选择"),
                format!("{number} of {of} measures is no choice"),
            );
            reader.push(
                Diagnostic::error("group-count", message)
                    .label(span, Text::new("项数不对", "no such number"))
                    .help(Text::new(
                        "写 1 到措施数减 1 之间的整数",
                        "write a number from 1 to one less than there are measures",
                    )),
            );
        }
        let whole = reader.optional("whole");
        let whole = whole.and_then(|node| node.bool(reader.diags()));
        if of < 2 && !reader.diags().has_errors() {
            let message = Text::new(
                format!("[solve.group.{}] 至少要两项措施", key.name),
                format!("[solve.group.{}] needs two measures at least", key.name),
            );
            reader.push(
                Diagnostic::error("group-count", message)
                    .label(key.span, Text::new("无可选择", "nothing to choose from"))
                    .help(Text::new(
                        "写法如 measures = [\"a\", \"b\"]",
                        "write it like measures = [\"a\", \"b\"]",
                    )),
            );
        }
        reader.finish(diags);
        Some(GroupSpec {
            id: key.name.clone(),
            measures,
            count: number?,
            exactly: exactly.is_some(),
            whole: whole.unwrap_or(false),
            span: key.span,
        })
    }
}

/// A measure that a group names again.
pub(super) fn twice(name: &str, again: Span, first: Span) -> Diagnostic {
    let message = Text::new(
        format!("同一列里 `{name}` 写了两次"),
        format!("the list names `{name}` twice"),
    );
    Diagnostic::error("group-twice", message)
        .label(again, Text::new("又一次", "again here"))
        .label(first, Text::new("先在这里", "first here"))
        .help(Text::new("删去一处", "take one out"))
}
