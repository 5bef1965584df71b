//! One diagnostic as text, drawn by annotate-snippets.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Patch, Renderer, Snippet};
use jianpai_core::plain;
use jianpai_core::plausible::Doubt;
use jianpai_core::text::{Lang, Text};

use super::{Color, Diagnostic, FileId, Files, Severity, Span, floor};

/// Widest source line that is printed whole; CSV lines may be longer.
const WIDTH: usize = 140;
/// A span over more lines than this is cut to its first line.
const TALLEST: usize = 4;

/// Draws one diagnostic, with a line break at its end.
pub(super) fn block(item: &Diagnostic, files: &Files, lang: Lang, color: Color) -> String {
    let level = match item.severity {
        Severity::Error => Level::ERROR.with_name(lang.pick("错误", "error")),
        Severity::Warning => Level::WARNING.with_name(lang.pick("警告", "warning")),
        Severity::Doubt(Doubt::High) => Level::WARNING.with_name(lang.pick("高", "high")),
        Severity::Doubt(Doubt::Medium) => Level::WARNING.with_name(lang.pick("中", "medium")),
        Severity::Doubt(Doubt::Low) => Level::INFO.with_name(lang.pick("低", "low")),
    };
    let note = || Level::NOTE.with_name(lang.pick("说明", "note"));
    let help = || Level::HELP.with_name(lang.pick("建议", "help"));
    let title = level
        .primary_title(plain::line(item.message.get(lang)))
        .id(item.code);
    let mut group = Group::with_title(title);
    for snippet in snippets(item, files, lang) {
        group = group.element(snippet);
    }
    for text in &item.notes {
        group = group.element(note().message(plain::terminal(text.get(lang))));
    }
    let mut report = Vec::with_capacity(2);
    let patch = item
        .replace
        .as_ref()
        .and_then(|(span, by)| patch(files, *span, by));
    let advice = advice(item);
    match (patch, advice) {
        (Some(patch), Some(text)) => {
            report.push(group);
            let title = help().secondary_title(plain::terminal(text.get(lang)).into_owned());
            report.push(Group::with_title(title).element(patch));
        }
        (None, Some(text)) => {
            report
                .push(group.element(help().message(plain::terminal(text.get(lang)).into_owned())));
        }
        (_, None) => report.push(group),
    }
    let renderer = match color {
        Color::Always => Renderer::styled(),
        Color::Never => Renderer::plain(),
    };
    let mut text = renderer.term_width(WIDTH).render(&report);
    text.push('\n');
    text
}

/// Bytes of source that a diagnostic shows.
pub(super) fn cost(item: &Diagnostic, files: &Files) -> usize {
    let labels = item.labels.iter();
    labels
        .map(|label| {
            whole_lines(files, label.span.file, clamp(files, label.span))
                .1
                .len()
        })
        .sum()
}

/// The line that counts what is not shown.
pub(super) fn more(count: usize, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("……其余 {count} 处问题未列出\n"),
        Lang::En => format!("… {count} more problems, not shown\n"),
    }
}

/// The help line: the diagnostic's own, or one made from the replacement.
fn advice(item: &Diagnostic) -> Option<Text> {
    item.help.clone().or_else(|| {
        let (_, by) = item.replace.as_ref()?;
        Some(Text::new(format!("改写为 `{by}`"), format!("write `{by}`")))
    })
}

/// One snippet for each file, that of the primary label first.
fn snippets<'a>(
    item: &'a Diagnostic,
    files: &'a Files,
    lang: Lang,
) -> Vec<Snippet<'a, annotate_snippets::Annotation<'a>>> {
    let mut order: Vec<FileId> = Vec::new();
    for label in &item.labels {
        if !order.contains(&label.span.file) {
            order.push(label.span.file);
        }
    }
    let of_file = |file: FileId| {
        let spans: Vec<Range<usize>> = item
            .labels
            .iter()
            .map(|label| clamp(files, label.span))
            .collect();
        let labels = || {
            let all = item.labels.iter().zip(&spans).enumerate();
            all.filter(|(_, (label, _))| label.span.file == file)
        };
        let start = labels().map(|(_, (_, span))| span.start).min().unwrap_or(0);
        let end = labels().map(|(_, (_, span))| span.end).max().unwrap_or(0);
        let (first_line, lines) = whole_lines(files, file, start..end);
        let mut snippet = Snippet::source(plain::as_long(&files.text(file)[lines.clone()]))
            .line_start(first_line)
            .path(plain::line(files.path(file)));
        for (index, (label, span)) in labels() {
            let kind = match index {
                0 => AnnotationKind::Primary,
                _ => AnnotationKind::Context,
            };
            let text = Some(plain::line(label.text.get(lang))).filter(|text| !text.is_empty());
            let span = span.start - lines.start..span.end - lines.start;
            snippet = snippet.annotation(kind.span(span).label(text));
        }
        snippet
    };
    order.into_iter().map(of_file).collect()
}

/// The change as `-` and `+` lines; none for a line too long to be read twice.
fn patch<'a>(files: &'a Files, span: Span, by: &'a str) -> Option<Snippet<'a, Patch<'a>>> {
    let range = clamp(files, span);
    let (first_line, lines) = whole_lines(files, span.file, range.clone());
    let source = &files.text(span.file)[lines.clone()];
    if source.chars().count() > WIDTH - 20 || &files.text(span.file)[range.clone()] == by {
        return None;
    }
    let range = range.start - lines.start..range.end - lines.start;
    let patch = Patch::new(range, plain::line(by));
    let snippet = Snippet::source(plain::as_long(source)).line_start(first_line);
    let path = plain::line(files.path(span.file));
    Some(snippet.path(path).patch(patch))
}

/// A span inside the text, on character boundaries and not too tall.
fn clamp(files: &Files, span: Span) -> Range<usize> {
    let text = files.text(span.file);
    let start = floor(text, span.start);
    let end = floor(text, span.end).max(start);
    let covered = &text[start..end];
    if covered.lines().count() > TALLEST {
        let first = covered.lines().next().unwrap_or_default();
        return start..start + first.len();
    }
    start..end
}

/// The number of the first line and the bytes of all lines a range touches,
/// without the last line break.
fn whole_lines(files: &Files, file: FileId, range: Range<usize>) -> (usize, Range<usize>) {
    let text = files.text(file);
    let lines = files.lines(file);
    let line = lines.partition_point(|&start| start <= range.start);
    let start = lines[line - 1];
    let end = text[range.end..]
        .find('\n')
        .map_or(text.len(), |i| range.end + i);
    let end = start + text[start..end].trim_end_matches('\r').len();
    (line, start..end.max(range.end))
}
