//! Text of a user made harmless for what shows it: a terminal, a spreadsheet, a picture.
//!
//! Names, ids, labels and paths may hold anything. Characters that steer what shows them
//! (escape codes, marks that turn the direction of writing, what has no width) are written
//! as `\u001b`: visible, and in JSON still the same text. A spreadsheet takes a cell that
//! begins with `=`, `+`, `-` or `@` for a formula; one that holds no number is led by an
//! apostrophe, which spreadsheets read as "this is text".

use std::borrow::Cow;

/// Whether a character steers what shows it, or cannot be seen.
pub fn steers(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

/// Text for a terminal: lines and tabs stay, every other character that steers is
/// written out.
pub fn terminal(text: &str) -> Cow<'_, str> {
    written(text, |c| matches!(c, '\n' | '\t'))
}

/// The same on one line.
pub fn line(text: &str) -> Cow<'_, str> {
    written(text, |_| false)
}

fn written(text: &str, stays: impl Fn(char) -> bool) -> Cow<'_, str> {
    let bad = |c: char| steers(c) && !stays(c);
    // Most text is plain ASCII or Chinese, and is looked at once.
    if !text.chars().any(bad) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if bad(c) {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                out += &format!("\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// Text whose characters that steer stand for themselves no more, byte for byte as long
/// as it was, so that places in it hold. Those of one byte stay: who draws source lines
/// draws them.
pub fn as_long(text: &str) -> Cow<'_, str> {
    let bad = |c: char| steers(c) && c.len_utf8() > 1;
    if !text.chars().any(bad) {
        return Cow::Borrowed(text);
    }
    let shown = text.chars().map(|c| match c.len_utf8() {
        2 if bad(c) => '¿',
        3 if bad(c) => '\u{fffd}',
        4 if bad(c) => '\u{1f6c8}',
        _ => c,
    });
    Cow::Owned(shown.collect())
}

/// Whether a text that begins so is a formula to a spreadsheet.
fn begins_a_formula(text: &str) -> bool {
    let first = text.trim_start_matches(' ').chars().next();
    first.is_some_and(|c| {
        matches!(
            c,
            '=' | '+' | '-' | '@' | '\t' | '\r' | '＝' | '＋' | '－' | '＠'
        )
    })
}

/// The content of a cell of CSV: a number as it is, a text so that no spreadsheet takes
/// it for a formula and no terminal for a command.
pub fn cell(text: &str) -> Cow<'_, str> {
    if begins_a_formula(text) && !text.parse::<f64>().is_ok_and(f64::is_finite) {
        let text = terminal(text);
        return Cow::Owned(format!("'{text}"));
    }
    terminal(text)
}

/// [`cell`] in quotes where CSV asks for them.
pub fn quoted(text: &str) -> Cow<'_, str> {
    let text = cell(text);
    if text.contains([',', '"', '\n', '\r']) {
        Cow::Owned(format!("\"{}\"", text.replace('"', "\"\"")))
    } else {
        text
    }
}

/// The text of a [`cell`] without the apostrophe put before it.
pub fn uncelled(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if begins_a_formula(rest) => rest,
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_is_written_out() {
        assert_eq!(
            terminal("\u{1b}[31m红\u{202e}x\r\u{9b}\u{e0041}"),
            "\\u001b[31m红\\u202ex\\u000d\\u009b\\udb40\\udc41"
        );
        assert_eq!(terminal("a\n\tb"), "a\n\tb");
        assert_eq!(line("a\nb"), "a\\u000ab");
        assert!(matches!(terminal("减排 CO₂ −15 %"), Cow::Borrowed(_)));
        for c in [
            '\u{202a}', '\u{2066}', '\u{200f}', '\u{61c}', '\u{85}', '\u{2028}',
        ] {
            assert!(steers(c) && !terminal(&c.to_string()).contains(c), "{c:?}");
        }
    }

    #[test]
    fn places_hold_in_what_is_as_long() {
        let text = "a\u{9b}b\u{202e}c\u{e0041}d";
        let shown = as_long(text);
        assert_eq!(shown.len(), text.len());
        assert!(!shown.chars().any(steers));
        assert_eq!(shown.find('d'), text.find('d'));
    }

    #[test]
    fn numbers_stay_and_formulas_do_not() {
        for number in ["-1.5", "+3", "-1e-7", "0", "-0", "12"] {
            assert_eq!(cell(number), number);
        }
        for (text, safe) in [
            ("=1+1", "'=1+1"),
            ("+1+1", "'+1+1"),
            ("-2+3", "'-2+3"),
            ("@SUM(1)", "'@SUM(1)"),
            ("\t=1", "'\t=1"),
            ("\r=1", "'\\u000d=1"),
            ("  =1", "'  =1"),
            ("＝1", "'＝1"),
            ("-inf", "'-inf"),
        ] {
            assert_eq!(cell(text), safe);
        }
        assert_eq!(cell("SO2 = 1"), "SO2 = 1");
        assert_eq!(quoted("=a,\"b\""), "\"'=a,\"\"b\"\"\"");
        assert_eq!(uncelled("'=1+1"), "=1+1");
        assert_eq!(uncelled("'tis"), "'tis");
    }
}
