//! Numbers of a region of one's own: a quantity, or a table of one with its source.

use super::Grower;
use crate::diag::{Diagnostic, Span};
use crate::quantity::{self, Dim};
use crate::tree::{Node, Reader, Value};
use jianpai_core::dims::SourceId;
use jianpai_core::provenance::{Origin, Source, Sourced, Status};
use jianpai_core::text::Text;

/// A number that stands in a file, in the units asked for.
#[derive(Clone, Copy)]
pub(super) struct Number<'t> {
    pub(super) value: f64,
    /// Where the number stands.
    pub(super) span: Span,
    /// The parent's, as it stands.
    pub(super) of: Option<(f64, &'t Node)>,
    pub(super) origin: Origin,
}

impl Number<'_> {
    pub(super) fn sourced(&self, scale: f64) -> Sourced {
        Sourced::exact(self.value * scale, self.origin)
    }
}

impl Grower<'_, '_> {
    /// A number in base units of `dim`: `"120 万人"`, or `{ value = …, source = …, status = … }`.
    /// A number alone has been written down without a source: it is `recalled`.
    pub(super) fn number<'t>(
        &mut self,
        (what, node): (&str, &'t Node),
        dim: Dim,
        example: &str,
        with_of: bool,
    ) -> Option<Number<'t>> {
        let Value::Table(table) = &node.value else {
            let value = quantity::check(node, dim, self.diags, example)?;
            let value = super::super::fields::not_negative(node, value, self.diags)?;
            return Some(Number {
                value,
                span: node.span,
                of: None,
                origin: self.origin_at(node.span),
            });
        };
        let mut reader = Reader::new(table, Text::same(format!("`{what}`")));
        reader.expect(["value", "of", "year", "source", "status", "note"]);
        let value_node = reader.required_like("value", &format!("value = \"{example}\""));
        let of_node = if with_of { reader.optional("of") } else { None };
        reader.opt_integer("year");
        reader.opt_string("note");
        let source = reader.optional("source");
        let status = reader.optional("status");
        reader.finish(self.diags);
        let origin = self.origin(node.span, source, status);
        let mut read = |node: &Node| {
            let value = quantity::check(node, dim, self.diags, example)?;
            super::super::fields::not_negative(node, value, self.diags)
        };
        let of = of_node.and_then(|node| Some((read(node)?, node)));
        let value_node = value_node?;
        let value = read(value_node)?;
        let span = value_node.span;
        (of_node.is_none() || of.is_some()).then_some(Number {
            value,
            span,
            of,
            origin,
        })
    }

    /// The origin of a number without a source of its own.
    pub(super) fn origin_at(&mut self, span: Span) -> Origin {
        self.origin(span, None, None)
    }

    /// The origin of what stands at `span`. A source that the data do not list is a new one.
    pub(super) fn origin(
        &mut self,
        span: Span,
        source: Option<&Node>,
        status: Option<&Node>,
    ) -> Origin {
        let named = source.and_then(|node| node.string(self.diags));
        let status_word = status.and_then(|node| Some((node.string(self.diags)?, node.span)));
        let usual = if named.is_some() {
            Status::Quoted
        } else {
            Status::Recalled
        };
        let status = status_word.map_or(usual, |(word, at)| {
            Status::parse(word).unwrap_or_else(|| {
                self.diags.push(unknown_status(word, at));
                usual
            })
        });
        let source = self.source(named.unwrap_or("own-region"));
        let path = self.files.path(span.file).to_string();
        let files = &mut self.catalogue.files;
        let file = files.iter().position(|name| *name == path);
        let file = file.unwrap_or_else(|| {
            files.push(path);
            files.len() - 1
        });
        let (line, _) = self.files.position(span.file, span.start);
        Origin {
            source,
            status,
            file: u16::try_from(file).unwrap_or(u16::MAX),
            line: u32::try_from(line).unwrap_or(u32::MAX),
        }
    }

    fn source(&mut self, name: &str) -> SourceId {
        let sources = &mut self.catalogue.sources;
        let known = sources.iter().position(|source| source.id == name);
        let at = known.unwrap_or_else(|| {
            sources.push(Source {
                id: name.to_string(),
                title: name.to_string(),
                issuer: Text::default(),
                year: String::new(),
                url: String::new(),
                terms: String::new(),
            });
            sources.len() - 1
        });
        SourceId::from_usize(at)
    }
}

fn unknown_status(word: &str, span: Span) -> Diagnostic {
    let known = Status::ALL.map(Status::id);
    let message = Text::new(
        format!("没有名为 `{word}` 的状态"),
        format!("there is no status `{word}`"),
    );
    let diagnostic = Diagnostic::error("unknown-status", message)
        .label(span, Text::new("未知状态", "unknown status"));
    match crate::diag::nearest(word, known) {
        Some(near) => diagnostic.suggest(span, format!("\"{near}\"")),
        None => diagnostic.help(Text::new(
            format!("可用：{}", known.join("、")),
            format!("known: {}", known.join(", ")),
        )),
    }
}
