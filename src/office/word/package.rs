//! The parts of a document in their package.

use super::body::{self, Body};
use super::picture::BLANK;
use super::styles;
use jianpai_core::text::Lang;
use jianpai_report::briefing::Briefing;
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml";

/// The document as bytes.
pub(super) fn zipped(briefing: &Briefing, lang: Lang, body: &Body) -> Vec<u8> {
    let mut parts: Vec<Part> = Vec::new();
    let mut part = |name: &str, xml: &str| {
        parts.push(Part {
            name: name.to_string(),
            bytes: format!("{HEAD}{xml}").into_bytes(),
            is_packed: false,
        });
    };
    part("[Content_Types].xml", &content_types());
    part("_rels/.rels", &package_relations());
    part("word/document.xml", &body.xml);
    part("word/_rels/document.xml.rels", &relations(body));
    part("word/styles.xml", &styles::styles(lang));
    part("word/numbering.xml", &styles::numbering(lang, body.lists));
    part("word/settings.xml", SETTINGS);
    part("word/fontTable.xml", &styles::font_table());
    part("word/footer1.xml", &body::footer(lang, false));
    part("word/footer2.xml", &body::footer(lang, true));
    part("docProps/core.xml", &body::core(briefing, lang));
    for (p, picture) in body.pictures.iter().enumerate() {
        let number = p + 1;
        let png = picture.png.clone().unwrap_or_else(|| BLANK.to_vec());
        parts.push(Part {
            name: format!("word/media/image{number}.png"),
            bytes: png,
            is_packed: true,
        });
        parts.push(Part {
            name: format!("word/media/image{number}.svg"),
            bytes: picture.svg.clone().into_bytes(),
            is_packed: false,
        });
    }
    pack(&parts)
}

/// A file of a package.
struct Part {
    name: String,
    bytes: Vec<u8>,
    /// Whether packing it again gains nothing.
    is_packed: bool,
}

/// Files as a zip whose bytes depend on nothing else.
fn pack(parts: &[Part]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().last_modified_time(DateTime::default());
    let written = parts.iter().try_for_each(|part| {
        let method = if part.is_packed {
            CompressionMethod::Stored
        } else {
            CompressionMethod::Deflated
        };
        zip.start_file(&part.name, options.compression_method(method))?;
        zip.write_all(&part.bytes)
            .map_err(zip::result::ZipError::from)
    });
    // A vector takes whatever is written, and the names are ours.
    match written.and_then(|()| zip.finish()) {
        Ok(cursor) => cursor.into_inner(),
        Err(error) => unreachable!("a zip in memory: {error}"),
    }
}

fn content_types() -> String {
    let part = |name: &str, kind: &str| {
        format!("<Override PartName=\"/word/{name}.xml\" ContentType=\"{WORD}.{kind}+xml\"/>")
    };
    format!(
        "<Types xmlns=\"{PACKAGE}/content-types\">\
         <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
         <Default Extension=\"xml\" ContentType=\"application/xml\"/>\
         <Default Extension=\"png\" ContentType=\"image/png\"/><Default Extension=\"svg\" ContentType=\"image/svg+xml\"/>\
         {}{}{}{}{}{}{}\
         <Override PartName=\"/docProps/core.xml\" ContentType=\"application/vnd.openxmlformats-package.core-properties+xml\"/></Types>",
        part("document", "document.main"),
        part("styles", "styles"),
        part("numbering", "numbering"),
        part("settings", "settings"),
        part("fontTable", "fontTable"),
        part("footer1", "footer"),
        part("footer2", "footer"),
    )
}

fn package_relations() -> String {
    format!(
        "<Relationships xmlns=\"{PACKAGE}/relationships\">\
         <Relationship Id=\"rId1\" Type=\"{OFFICE}/officeDocument\" Target=\"word/document.xml\"/>\
         <Relationship Id=\"rId2\" Type=\"{PACKAGE}/relationships/metadata/core-properties\" Target=\"docProps/core.xml\"/></Relationships>"
    )
}

fn relations(body: &Body) -> String {
    let one = |id: &str, kind: &str, target: &str| {
        format!("<Relationship Id=\"{id}\" Type=\"{OFFICE}/{kind}\" Target=\"{target}\"/>")
    };
    let mut all = [
        one("styles", "styles", "styles.xml"),
        one("numbering", "numbering", "numbering.xml"),
        one("settings", "settings", "settings.xml"),
        one("fonts", "fontTable", "fontTable.xml"),
        one("footer1", "footer", "footer1.xml"),
        one("footer2", "footer", "footer2.xml"),
    ]
    .concat();
    for number in 1..=body.pictures.len() {
        for kind in ["png", "svg"] {
            let target = format!("media/image{number}.{kind}");
            all += &one(&format!("{kind}{number}"), "image", &target);
        }
    }
    format!("<Relationships xmlns=\"{PACKAGE}/relationships\">{all}</Relationships>")
}

/// Footers of two sides, and the behaviour of today's Word.
const SETTINGS: &str = "<w:settings xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\">\
    <w:zoom w:percent=\"100\"/><w:evenAndOddHeaders/><w:defaultTabStop w:val=\"420\"/><w:characterSpacingControl w:val=\"compressPunctuation\"/>\
    <w:compat><w:useFELayout/><w:compatSetting w:name=\"compatibilityMode\" w:uri=\"http://schemas.microsoft.com/office/word\" w:val=\"15\"/></w:compat></w:settings>";
