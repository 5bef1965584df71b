//! Syntax errors in both languages.

use jianpai_core::text::Text;

use crate::diag::{Diagnostic, Span};

/// A mistake that the parser found.
pub(super) struct Fault<'e> {
    /// Where its line begins.
    pub(super) line: usize,
    /// Where it begins.
    pub(super) start: usize,
    /// Where it ends.
    pub(super) end: usize,
    /// The parser's words.
    pub(super) message: &'e str,
}

impl<'e> Fault<'e> {
    /// The parser's words without what it expected.
    pub(super) fn what(&self) -> &'e str {
        let split = self.message.split_once(", expected ");
        split.map_or(self.message, |(what, _)| what)
    }
}

/// The first mistake of each line, in order: the later ones are mostly its
/// consequences, and those that are not are found when it is mended.
pub(super) fn faults<'e>(text: &str, errors: &'e [toml::de::Error]) -> Vec<Fault<'e>> {
    let mut places: Vec<(usize, usize, &str)> = errors
        .iter()
        .map(|error| {
            let span = error.span().unwrap_or(0..0);
            (span.start, span.end, error.message())
        })
        .collect();
    places.sort_unstable();
    let mut found: Vec<Fault<'e>> = Vec::new();
    let (mut line, mut seen) = (0, 0);
    for (start, end, message) in places {
        if let Some(last) = text.get(seen..start).and_then(|piece| piece.rfind('\n')) {
            line = seen + last + 1;
        }
        seen = start;
        if found.last().is_none_or(|last| last.line != line) {
            let end = end.max(start).min(text.len());
            let end = whole_key(text, end, message);
            found.push(Fault {
                line,
                start,
                end,
                message,
            });
        }
    }
    found
}

/// Whether the fault is a key that only lacks quotes: letters of any script, figures,
/// `_` and `-`.
pub(super) fn is_plain_key(text: &str, fault: &Fault<'_>) -> bool {
    let written = text.get(fault.start..fault.end).unwrap_or_default();
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    fault.what() == "invalid unquoted key" && !written.is_empty() && written.chars().all(plain)
}

/// The end of a key that the parser cuts in two where letters beyond a-z stop.
fn whole_key(text: &str, end: usize, message: &str) -> usize {
    if !message.starts_with("invalid unquoted key") {
        return end;
    }
    let rest = text.get(end..).unwrap_or_default();
    let more = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    let more = rest.find(|c| !more(c)).unwrap_or(rest.len());
    end + more
}

/// What was probably meant by the text at fault, where that is plain.
pub(super) fn better(text: &str, fault: &Fault<'_>) -> Option<String> {
    let written = text.get(fault.start..fault.end)?;
    let trimmed = written.trim();
    if fault.what() == "string values must be quoted" && !trimmed.is_empty() {
        let inner = trimmed.trim_matches(typographic);
        let plain = !inner.contains(['"', '\\', '\n', '=']) && trimmed == written;
        return plain.then(|| format!("\"{inner}\""));
    }
    let key = fault.what() == "invalid unquoted key" && written.chars().any(char::is_alphabetic);
    if !key {
        return None;
    }
    // `share: "50 %"`, as in other formats.
    if let Some(name) = written.strip_suffix(':') {
        return Some(format!("{name} ="));
    }
    (!written.contains(['"', '\\'])).then(|| format!("\"{written}\""))
}

/// Quotes that a word processor makes.
fn typographic(c: char) -> bool {
    matches!(c, '“' | '”' | '‘' | '’' | '「' | '」' | '＂')
}

/// A sign of a Chinese keyboard in place of one of TOML.
pub(super) fn wide(sign: &str, span: Span) -> Diagnostic {
    let narrow = match sign {
        "＝" | "：" => "=",
        "，" => ",",
        "｛" => "{",
        "｝" => "}",
        "［" => "[",
        _ => "]",
    };
    let message = Text::new(
        format!("`{sign}` 是全角标点"),
        format!("`{sign}` is a full-width sign"),
    );
    Diagnostic::error("toml-syntax", message)
        .label(span, Text::new("应为半角", "write the plain one"))
        .suggest(span, narrow)
}

/// The diagnostic of a mistake at `span` of the file.
pub(super) fn one(text: &str, fault: &Fault<'_>, span: Span) -> Diagnostic {
    let message = fault.message;
    let written = text.get(fault.start..fault.end).unwrap_or_default().trim();
    let (message, expected) = match message.split_once(", expected ") {
        Some((what, expected)) => (what, Some(expected)),
        None => (message, None),
    };
    if message == "string values must be quoted" && !written.is_empty() {
        return unquoted(span, written);
    }
    if let (true, Some(name)) = (message == "invalid unquoted key", written.strip_suffix(':')) {
        let message = Text::new(
            "键与值之间用等号",
            "a key and its value are joined by an equals sign",
        );
        return Diagnostic::error("toml-syntax", message)
            .label(span, Text::default())
            .suggest(span, format!("{name} ="));
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
        "recursion limit" | "cannot recurse further; max recursion depth met" => "层数过多",
        other => other,
    }
}
