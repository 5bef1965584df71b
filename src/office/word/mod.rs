//! A report as a Word document.
//!
//! WordprocessingML (ECMA-376) is written here part by part: the styles of official papers
//! (GB/T 9704—2012: type area 156 × 225 mm, 三号 on 28 pt lines, 一、（一）1.) need full control,
//! and a document needs little else. Headings, captions, contents and cross-references are
//! fields and numbering, so that a document can go on being edited.

mod body;
mod package;
mod picture;
mod styles;
mod table;
mod xml;

pub use picture::Picture;

use jianpai_core::text::Lang;
use jianpai_report::briefing::Briefing;
use jianpai_report::figures::Plate;

/// The document of a report. `draw` gives the picture of a figure, in this language.
///
/// The same report gives the same bytes.
pub fn document(
    briefing: &Briefing,
    lang: Lang,
    draw: &mut dyn FnMut(&Plate) -> Picture,
) -> Vec<u8> {
    let body = body::of(briefing, lang, draw);
    package::zipped(briefing, lang, &body)
}
