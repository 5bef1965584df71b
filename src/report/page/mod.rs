//! One HTML file with levers: the plan's own coefficients and a reader that moves them.
//!
//! The file needs no network and no server. It holds the compiled plan as JSON, in the form
//! of [`crate::compiled`], what everything is called in both languages, and its scripts:
//! `model.js` evaluates the plan by the equations of `benches/peers/README.md`, `solve.js` is
//! a simplex on the same rows, `app.js` shows them (`charts.js` draws, `views.js` says when). A content-security policy lets these
//! scripts and this style run and nothing else.

mod document;

pub use document::{Cap, Extent, Lever, Moved, Page};

use jianpai_core::text::Lang;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// What a page says it is.
pub const FORMAT: &str = "jianpai-page/1";

/// The parts of a page.
const FRAME: &str = include_str!("page.html");
const STYLE: &str = include_str!("page.css");
const SCRIPTS: [&str; 6] = [
    include_str!("words.js"),
    include_str!("model.js"),
    include_str!("solve.js"),
    include_str!("charts.js"),
    include_str!("views.js"),
    include_str!("app.js"),
];

/// The file.
pub fn html(page: &Page<'_>, lang: Lang) -> String {
    let script = SCRIPTS.join("\n");
    let data = inline(&page.document(lang));
    let title = page.case.title();
    FRAME
        .replace("{{lang}}", lang.pick("zh-CN", "en"))
        .replace("{{title}}", &escaped(title.get(lang)))
        .replace("{{script-hash}}", &hash(&script))
        .replace("{{style-hash}}", &hash(STYLE))
        .replace("{{style}}", STYLE)
        .replace("{{script}}", &script)
        // Last: what is in it is nobody's placeholder.
        .replace("{{data}}", &data)
}

/// JSON that ends no script: `<` is written out.
fn inline(value: &Value) -> String {
    value.to_string().replace('<', "\\u003c")
}

/// Text that is no markup.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}

/// A hash as a content-security policy has it.
fn hash(text: &str) -> String {
    use base64::Engine as _;
    let digest = Sha256::digest(text.as_bytes());
    let code = base64::engine::general_purpose::STANDARD.encode(digest);
    format!("sha256-{code}")
}
