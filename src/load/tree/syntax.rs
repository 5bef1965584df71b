//! Syntax errors in both languages.

use std::collections::BTreeSet;

use jianpai_core::text::Text;

use crate::diag::{Diagnostic, Diagnostics, FileId, Span};

/// Turns the parser's errors into diagnostics: the first of each line, for the
/// later ones are mostly its consequences.
pub(super) fn report(
    text: &str,
    file: FileId,
    errors: &[toml::de::Error],
    diags: &mut Diagnostics,
) {
    let mut places: Vec<(usize, usize, &str)> = errors
        .iter()
        .map(|error| {
            let span = error.span().unwrap_or(0..0);
            (span.start, span.end, error.message())
        })
        .collect();
    places.sort_unstable();
    let mut seen = BTreeSet::new();
    for (start, end, message) in places {
        let before = text.get(..start).unwrap_or(text);
        let line = before.rfind('\n').map_or(0, |i| i + 1);
        if seen.insert(line) {
            diags.push(one(text, Span::new(file, start, end), message));
        }
    }
}

fn one(text: &str, span: Span, message: &str) -> Diagnostic {
    let written = text.get(span.start..span.end).unwrap_or_default().trim();
    let (message, expected) = match message.split_once(", expected ") {
        Some((what, expected)) => (what, Some(expected)),
        None => (message, None),
    };
    if message == "string values must be quoted" && !written.is_empty() {
        return unquoted(span, written);
    }
    if message == "invalid unquoted key" && written.chars().any(char::is_alphabetic) {
        let message = Text::new(
            "含汉字的键要加引号",
            "a key with letters beyond a-z must be quoted",
        );
        return Diagnostic::error("toml-syntax", message)
            .label(span, Text::default())
            .suggest(span, format!("\"{written}\""));
    }
    let english = match message {
        "string values must be quoted" => "missing value",
        "invalid basic string" | "invalid literal string" => "the string is not closed",
        "invalid multi-line basic string" | "invalid multi-line literal string" => {
            "the multi-line string is not closed"
        }
        "duplicate key" => "the key is there already",
        other => other,
    };
    let chinese = translate(message);
    let message = Text::new(
        format!("TOML 语法错误：{chinese}"),
        format!("TOML syntax: {english}"),
    );
    let label = match expected.filter(|text| *text != "literal string") {
        Some("nothing") | None => Text::default(),
        Some(list) => Text::new(format!("此处应为 {list}"), format!("expected {list}")),
    };
    let diagnostic = Diagnostic::error("toml-syntax", message).label(span, label);
    if english == "the key is there already" {
        return diagnostic.help(Text::new("两处只留一处", "keep one of the two"));
    }
    diagnostic
}

fn unquoted(span: Span, written: &str) -> Diagnostic {
    let message = Text::new(
        "文字和带单位的量要加引号",
        "texts and quantities must be quoted",
    );
    let diagnostic = Diagnostic::error("toml-syntax", message).label(span, Text::default());
    let typographic = |c: char| matches!(c, '“' | '”' | '‘' | '’' | '「' | '」' | '＂');
    if written.starts_with(typographic) {
        let inner = written.trim_matches(typographic);
        return diagnostic
            .suggest(span, format!("\"{inner}\""))
            .help(Text::new("引号用英文半角 \"", "use the straight quotes \""));
    }
    if written.contains(['"', '\'', '\\', '\n', '=']) {
        return diagnostic;
    }
    diagnostic.suggest(span, format!("\"{written}\""))
}

/// The parser's own words in Chinese; those without a translation stay.
fn translate(message: &str) -> &str {
    match message {
        "string values must be quoted" => "缺少值",
        "duplicate key" => "键重复",
        "missing comma between array elements" => "数组元素之间缺少逗号",
        "unclosed array" => "数组没有结束",
        "unclosed inline table" => "内联表没有结束",
        "unclosed table" => "表头没有结束",
        "unclosed array of tables" => "表数组的表头没有结束",
        "invalid basic string" | "invalid literal string" => "字符串没有结束",
        "invalid multi-line basic string" | "invalid multi-line literal string" => {
            "多行字符串没有结束"
        }
        "key with no value" => "键没有值",
        "unquoted keys cannot be empty" => "键不能为空",
        "missing escaped value" => "反斜杠后的字符不对",
        "unexpected key or value" => "此处多出内容",
        "invalid boolean" => "应为 true 或 false",
        "recursion limit" => "层数过多",
        other => other,
    }
}
