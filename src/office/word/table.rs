//! Tables of a document: three rules, a header row that repeats on every page, columns as wide
//! as what is in them.

use super::xml::{escaped, run};
use jianpai_core::text::Lang;
use jianpai_report::view::{Table, Value};
use jianpai_report::write::{Block, Shown, blocks};
use unicode_width::UnicodeWidthStr;

/// Width of the type area in twips: 156 mm.
const WIDTH: f64 = 8844.0;
/// Sizes of type in half points, the largest that fits is taken; the smallest is 8 pt.
const SIZES: [u32; 6] = [21, 20, 19, 18, 17, 16];
/// 9 pt: below it, texts are rather set in two lines.
const NORMAL: u32 = 18;
/// Room left and right of a cell, in twips.
const PADDING: f64 = 70.0;
/// A column of text is not made narrower than this many half-width characters to fit.
const NARROWEST: f64 = 9.0;

/// A table as one or more tables of a document.
pub(super) fn of(table: &Table, lang: Lang) -> String {
    let all = blocks(table, lang);
    let all: Vec<String> = all.iter().map(|block| one(table, block)).collect();
    all.join("<w:p><w:pPr><w:pStyle w:val=\"TableGap\"/></w:pPr></w:p>")
}

fn one(table: &Table, block: &Block) -> String {
    let (size, widths) = layout(block);
    let grid = widths.iter();
    let grid = grid.map(|width| format!("<w:gridCol w:w=\"{width}\"/>"));
    let grid = grid.collect::<Vec<_>>().concat();
    let total: u32 = widths.iter().sum();
    let mut out = format!(
        "<w:tbl><w:tblPr><w:tblStyle w:val=\"Figures\"/><w:tblW w:w=\"{total}\" w:type=\"dxa\"/>\
         <w:jc w:val=\"center\"/><w:tblLayout w:type=\"fixed\"/>\
         <w:tblLook w:val=\"0420\" w:firstRow=\"1\" w:lastRow=\"0\" w:firstColumn=\"0\" w:lastColumn=\"0\" w:noHBand=\"0\" w:noVBand=\"1\"/>\
         </w:tblPr><w:tblGrid>{grid}</w:tblGrid>"
    );
    let header: Vec<Shown> = block.header.iter().map(|text| shown(text)).collect();
    out += &row(&header, &widths, (size, true, true));
    for line in &block.lines {
        out += &row(line, &widths, (size, false, is_total(table, line)));
    }
    out + "</w:tbl>"
}

fn shown(text: &str) -> Shown {
    Shown {
        text: text.to_string(),
        right: false,
        of: None,
    }
}

/// Whether a line is a sum of others.
fn is_total(table: &Table, line: &[Shown]) -> bool {
    let Some((r, _)) = line.iter().find_map(|shown| shown.of) else {
        return false;
    };
    let value = |key: &str| table.cell(&table.rows[r], key).map(|cell| &cell.value);
    match value("item") {
        Some(Value::Id(item)) => {
            matches!(item.as_str(), "base" | "total" | "new_measures" | "net")
        }
        _ => table.id == "costs" && value("measure") == Some(&Value::Absent),
    }
}

/// Half-width characters of the widest line of a text.
fn cells(text: &str) -> f64 {
    let widest = text.lines().map(UnicodeWidthStr::width_cjk).max();
    widest.unwrap_or(0) as f64
}

/// The size of type, in half points, and the widths of the columns, in twips.
fn layout(block: &Block) -> (u32, Vec<u32>) {
    let count = block.header.len();
    let natural: Vec<f64> = (0..count)
        .map(|c| {
            let body = block.lines.iter().map(|line| cells(&line[c].text));
            let body = body.fold(0.0, f64::max);
            // Headings may stand in two lines.
            let head = cells(&block.header[c]);
            body.max((head / 2.0).ceil().max(4.0).min(head)) + 1.0
        })
        .collect();
    let is_text = |c: usize| {
        let mut lines = block.lines.iter();
        lines.any(|line| !line[c].right && !line[c].text.is_empty())
    };
    for size in SIZES {
        // A half-width character is half the size of the type: size / 4 points wide.
        let twips = f64::from(size) / 4.0 * 20.0;
        let room = WIDTH - 2.0 * PADDING * count as f64;
        let over = natural.iter().sum::<f64>() * twips - room;
        let give: f64 = (0..count)
            .filter(|c| is_text(*c))
            .map(|c| (natural[c] - NARROWEST).max(0.0))
            .sum::<f64>()
            * twips;
        // Smaller type first; what fits in none is set in the smallest, or in 9 pt where
        // texts need not be cut by more than half.
        let last = size == SIZES[SIZES.len() - 1];
        let fits = over <= 0.0 || last || (size <= NORMAL && over <= give * 0.5);
        if !fits {
            continue;
        }
        let cut = if over > 0.0 && give > 0.0 {
            (over / give).min(1.0)
        } else {
            0.0
        };
        let spare = (-over).max(0.0) / count as f64;
        let width = |c: usize| {
            let own = if is_text(c) {
                natural[c] - (natural[c] - NARROWEST).max(0.0) * cut
            } else {
                natural[c]
            };
            (own * twips + 2.0 * PADDING + spare.min(600.0)) as u32
        };
        return (size, (0..count).map(width).collect());
    }
    let even = (WIDTH / count.max(1) as f64) as u32;
    (SIZES[SIZES.len() - 1], vec![even; count])
}

fn row(line: &[Shown], widths: &[u32], (size, header, bold): (u32, bool, bool)) -> String {
    let properties = if header {
        "<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>"
    } else {
        "<w:trPr><w:cantSplit/></w:trPr>"
    };
    let cells = line.iter().zip(widths).map(|(shown, width)| {
        let align = match (header, shown.right) {
            (true, _) => "center",
            (_, true) => "right",
            _ => "left",
        };
        let mut look = String::new();
        if bold {
            look += "<w:b/><w:bCs/>";
        }
        if let Some(color) = color(&shown.text) {
            look += &format!("<w:color w:val=\"{color}\"/>");
        }
        look += &format!("<w:sz w:val=\"{size}\"/><w:szCs w:val=\"{size}\"/>");
        let lines: Vec<String> = shown.text.lines().map(|text| run(text, &look)).collect();
        let text = lines.join("<w:r><w:br/></w:r>");
        let line = escaped(&(size * 13).to_string());
        let valign = "<w:vAlign w:val=\"center\"/>";
        format!(
            "<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/>{valign}</w:tcPr>\
             <w:p><w:pPr><w:pStyle w:val=\"TableText\"/><w:spacing w:line=\"{line}\" w:lineRule=\"atLeast\"/><w:jc w:val=\"{align}\"/></w:pPr>{text}</w:p></w:tc>"
        )
    });
    let cells: String = cells.collect();
    format!("<w:tr>{properties}{cells}</w:tr>")
}

/// The colour of a verdict.
fn color(text: &str) -> Option<&'static str> {
    let has = |mark: char| text.starts_with(mark) || text.ends_with(mark);
    match () {
        () if has('✗') => Some("A93A29"),
        () if has('≈') && !text.starts_with("≈0") => Some("7D5A0B"),
        () if has('✓') => Some("146A5D"),
        () => None,
    }
}
