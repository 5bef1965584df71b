//! Text and paragraphs as WordprocessingML.

/// A text as the content of an element or an attribute; what XML cannot hold is left out.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' => out.push(' '),
            '\u{0}'..='\u{1f}' | '\u{7f}' | '\u{fffe}' | '\u{ffff}' => {}
            c => out.push(c),
        }
    }
    out
}

/// A run of text with these properties (the inside of `w:rPr`).
pub(super) fn run(text: &str, properties: &str) -> String {
    let properties = match properties {
        "" => String::new(),
        some => format!("<w:rPr>{some}</w:rPr>"),
    };
    let text = escaped(text);
    format!("<w:r>{properties}<w:t xml:space=\"preserve\">{text}</w:t></w:r>")
}

/// A paragraph of a style; `more` stands in its properties behind the style.
pub(super) fn paragraph(style: &str, more: &str, runs: &str) -> String {
    format!("<w:p><w:pPr><w:pStyle w:val=\"{style}\"/>{more}</w:pPr>{runs}</w:p>")
}

/// A field with the text that it shows until it is updated.
pub(super) fn field(code: &str, shown: &str, properties: &str) -> String {
    let properties = match properties {
        "" => String::new(),
        some => format!("<w:rPr>{some}</w:rPr>"),
    };
    let part = |kind: &str| format!("<w:r>{properties}<w:fldChar w:fldCharType=\"{kind}\"/></w:r>");
    let code = escaped(code);
    let code = format!(
        "<w:r>{properties}<w:instrText xml:space=\"preserve\"> {code} </w:instrText></w:r>"
    );
    let shown = run(
        shown,
        properties
            .trim_start_matches("<w:rPr>")
            .trim_end_matches("</w:rPr>"),
    );
    format!(
        "{}{code}{}{shown}{}",
        part("begin"),
        part("separate"),
        part("end")
    )
}

/// A bookmark around runs.
pub(super) fn bookmark(id: usize, name: &str, runs: &str) -> String {
    format!(
        "<w:bookmarkStart w:id=\"{id}\" w:name=\"{name}\"/>{runs}<w:bookmarkEnd w:id=\"{id}\"/>"
    )
}

#[cfg(test)]
mod tests {
    use super::{escaped, field, run};

    #[test]
    fn what_xml_cannot_hold_is_left_out() {
        assert_eq!(
            escaped("a<b>&\"c\u{1}\u{ffff}d\n"),
            "a&lt;b&gt;&amp;&quot;cd "
        );
        assert!(run("≥ 65 蒸吨/时", "<w:b/>").contains("≥ 65 蒸吨/时"));
        let text = field("SEQ 表 \\* ARABIC", "1", "");
        assert_eq!(text.matches("<w:fldChar ").count(), 3);
        assert!(text.contains("SEQ 表"));
    }
}
