//! A workbook (`.xlsx`) as cells: values, what numbers are shown as, formulas without a
//! value, errors, merged cells, what is hidden.
//!
//! Formulas are not computed: the value that the spreadsheet kept beside them is taken.

mod styles;
mod xml;

pub use styles::{Shown, date};

use self::xml::{Piece, attribute, pieces};
use std::collections::HashMap;
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// A place in a sheet: row and column, from 0.
pub type At = (u32, u32);

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A text.
    Text(String),
    /// A number.
    Number(f64),
    /// Yes or no.
    Bool(bool),
    /// An error, such as `#REF!`.
    Error(String),
    /// A formula whose value nobody has computed.
    Uncomputed,
}

/// A cell that holds something.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// What stands in it.
    pub value: Value,
    /// What a number in it is shown as.
    pub shown: Shown,
    /// Whether the value is that of a formula.
    pub formula: bool,
}

/// A row that holds something.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its number, from 0.
    pub at: u32,
    /// Whether it is hidden.
    pub hidden: bool,
    /// The columns, from 0, and their cells, ascending.
    pub cells: Vec<(u32, Cell)>,
}

/// A sheet.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet {
    /// Its name.
    pub name: String,
    /// Whether it is hidden.
    pub hidden: bool,
    /// Its rows, ascending.
    pub rows: Vec<Row>,
    /// Hidden columns, from 0: first and last.
    pub hidden_columns: Vec<(u32, u32)>,
    /// Merged cells: first and last.
    pub merged: Vec<(At, At)>,
    /// Whether it has more rows than are read.
    pub cut: bool,
}

/// A workbook.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Workbook {
    /// Its sheets, in order.
    pub sheets: Vec<Sheet>,
}

/// Why bytes are no workbook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoWorkbook {
    /// A workbook of Excel up to 2003 (`.xls`).
    Old,
    /// A workbook that asks for a password.
    Locked,
    /// An archive of something else.
    Other,
    /// An archive that is damaged.
    Damaged,
    /// More than may be unpacked.
    TooLarge,
    /// No archive at all.
    NoArchive,
}

/// Rows with something in them that are read of a sheet.
pub const MOST_ROWS: usize = 200_000;
/// Bytes of a part of a workbook, unpacked, at most.
const MOST_BYTES: u64 = 512 << 20;

/// What an OLE container begins with.
const OLE: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// Reads a workbook.
///
/// # Errors
/// Why it is none.
pub fn read(bytes: &[u8]) -> Result<Workbook, NoWorkbook> {
    if bytes.starts_with(OLE) {
        // A locked workbook is packed into one; its streams have names in UTF-16.
        let name: Vec<u8> = "EncryptedPackage"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        let locked = bytes.windows(name.len()).any(|window| window == name);
        return Err(if locked {
            NoWorkbook::Locked
        } else {
            NoWorkbook::Old
        });
    }
    if !bytes.starts_with(b"PK") {
        return Err(NoWorkbook::NoArchive);
    }
    let archive = ZipArchive::new(Cursor::new(bytes));
    let mut archive = archive.map_err(|_| NoWorkbook::Damaged)?;
    let Some(book) = part(&mut archive, "xl/workbook.xml")? else {
        return Err(NoWorkbook::Other);
    };
    let links = part(&mut archive, "xl/_rels/workbook.xml.rels")?;
    let links = targets(&links.unwrap_or_default());
    let styles = part(&mut archive, "xl/styles.xml")?;
    let styles = styles::read(&styles.unwrap_or_default());
    let texts = part(&mut archive, "xl/sharedStrings.xml")?;
    let texts = shared(&texts.unwrap_or_default());
    let mut sheets = Vec::new();
    let mut old_dates = false;
    for piece in pieces(&book) {
        let Piece::Open {
            name, attributes, ..
        } = piece
        else {
            continue;
        };
        if name == "workbookPr" {
            let flag = attribute(attributes, "date1904");
            old_dates = flag.is_some_and(|flag| matches!(&*flag, "1" | "true"));
        }
        if name != "sheet" {
            continue;
        }
        let name = attribute(attributes, "name")
            .unwrap_or_default()
            .into_owned();
        let hidden = attribute(attributes, "state").is_some_and(|state| state != "visible");
        let target = attribute(attributes, "id").and_then(|id| links.get(&*id));
        let Some(text) = target
            .map(|path| part(&mut archive, path))
            .transpose()?
            .flatten()
        else {
            continue;
        };
        let mut sheet = Reader {
            texts: &texts,
            styles: &styles,
            old_dates,
        }
        .sheet(&text);
        (sheet.name, sheet.hidden) = (name, hidden);
        sheets.push(sheet);
    }
    Ok(Workbook { sheets })
}

/// A part of the archive as text; `None` where there is none.
fn part(archive: &mut ZipArchive<Cursor<&[u8]>>, path: &str) -> Result<Option<String>, NoWorkbook> {
    let Ok(entry) = archive.by_name(path) else {
        return Ok(None);
    };
    let mut bytes = Vec::new();
    let read = entry.take(MOST_BYTES + 1).read_to_end(&mut bytes);
    read.map_err(|_| NoWorkbook::Damaged)?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(NoWorkbook::TooLarge);
    }
    Ok(Some(jianpai_load::encoding::decode(&bytes)))
}

/// The parts that links of the workbook lead to, by their ids.
fn targets(text: &str) -> HashMap<String, String> {
    let links = pieces(text).filter_map(|piece| {
        let Piece::Open {
            name: "Relationship",
            attributes,
            ..
        } = piece
        else {
            return None;
        };
        let id = attribute(attributes, "Id")?.into_owned();
        let target = attribute(attributes, "Target")?;
        let path = match target.strip_prefix('/') {
            Some(whole) => whole.to_string(),
            None => format!("xl/{}", target.trim_start_matches("./")),
        };
        Some((id, path))
    });
    links.collect()
}

/// The texts that cells share. How Chinese is read aloud (`rPh`) is left out.
fn shared(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    let (mut own, mut wanted, mut aloud) = (String::new(), false, false);
    for piece in pieces(text) {
        match piece {
            Piece::Open {
                name: "si", closed, ..
            } => {
                own.clear();
                if closed {
                    all.push(String::new());
                }
            }
            Piece::Close("si") => all.push(std::mem::take(&mut own)),
            Piece::Open {
                name: "rPh",
                closed: false,
                ..
            } => aloud = true,
            Piece::Close("rPh") => aloud = false,
            Piece::Open {
                name: "t", closed, ..
            } => wanted = !closed,
            Piece::Close("t") => wanted = false,
            Piece::Text(text) if wanted && !aloud => own += &text,
            _ => {}
        }
    }
    all
}

/// What cells refer to.
struct Reader<'a> {
    texts: &'a [String],
    styles: &'a [Shown],
    /// Whether days count from 1904.
    old_dates: bool,
}

/// A cell that is being read.
#[derive(Default)]
struct Open {
    at: u32,
    kind: String,
    shown: Shown,
    formula: bool,
    value: Option<String>,
    inline: String,
}

impl Reader<'_> {
    fn sheet(&self, text: &str) -> Sheet {
        let mut sheet = Sheet::default();
        let (mut row, mut next) = (None::<Row>, 0);
        let mut cell = None::<Open>;
        let (mut in_value, mut in_text) = (false, false);
        for piece in pieces(text) {
            match piece {
                Piece::Open {
                    name: "row",
                    attributes,
                    ..
                } => {
                    let at = attribute(attributes, "r").and_then(|r| r.parse::<u32>().ok());
                    let at = at.map_or(next, |r| r.saturating_sub(1));
                    next = at + 1;
                    row = Some(Row {
                        at,
                        hidden: flag(attributes, "hidden"),
                        cells: Vec::new(),
                    });
                }
                Piece::Close("row") => {
                    if let Some(row) = row.take().filter(|row| !row.cells.is_empty()) {
                        if sheet.rows.len() == MOST_ROWS {
                            sheet.cut = true;
                            break;
                        }
                        sheet.rows.push(row);
                    }
                }
                Piece::Open {
                    name: "c",
                    attributes,
                    closed,
                } => {
                    let after = row.as_ref().and_then(|row| row.cells.last());
                    let after = after.map_or(0, |(at, _)| at + 1);
                    let own = attribute(attributes, "r").and_then(|r| column_of(&r));
                    let style = attribute(attributes, "s").and_then(|s| s.parse::<usize>().ok());
                    let shown = style.and_then(|s| self.styles.get(s)).copied();
                    cell = (!closed).then(|| Open {
                        at: own.unwrap_or(after),
                        kind: attribute(attributes, "t").unwrap_or_default().into_owned(),
                        shown: shown.unwrap_or_default(),
                        ..Open::default()
                    });
                }
                Piece::Close("c") => {
                    let found = cell.take().and_then(|cell| self.cell(cell));
                    if let (Some(row), Some(found)) = (&mut row, found) {
                        row.cells.push(found);
                    }
                }
                Piece::Open { name: "f", .. } => {
                    if let Some(cell) = &mut cell {
                        cell.formula = true;
                    }
                }
                Piece::Open {
                    name: "v", closed, ..
                } => in_value = !closed,
                Piece::Close("v") => in_value = false,
                Piece::Open {
                    name: "t", closed, ..
                } => in_text = !closed,
                Piece::Close("t") => in_text = false,
                Piece::Text(text) => {
                    if let Some(cell) = &mut cell {
                        if in_value {
                            *cell.value.get_or_insert_default() += &text;
                        } else if in_text {
                            cell.inline += &text;
                        }
                    }
                }
                Piece::Open {
                    name, attributes, ..
                } => beside(&mut sheet, name, attributes),
                Piece::Close(_) => {}
            }
        }
        sheet
    }

    /// A cell with its column; `None` if it is empty.
    fn cell(&self, open: Open) -> Option<(u32, Cell)> {
        let text = |text: String| (!text.trim().is_empty()).then_some(Value::Text(text));
        let value = match (open.kind.as_str(), open.value) {
            ("inlineStr", _) => text(open.inline)?,
            (_, None) if open.formula => Value::Uncomputed,
            (_, None) => return None,
            ("s", Some(index)) => {
                let index: usize = index.trim().parse().ok()?;
                text(self.texts.get(index)?.clone())?
            }
            ("str" | "d", Some(value)) => text(value)?,
            ("e", Some(value)) => Value::Error(value),
            ("b", Some(value)) => Value::Bool(value.trim() == "1"),
            (_, Some(value)) => match value.trim().parse::<f64>() {
                Ok(number) if self.old_dates && open.shown == Shown::Date => {
                    Value::Number(number + 1462.0)
                }
                Ok(number) => Value::Number(number),
                Err(_) => text(value)?,
            },
        };
        let cell = Cell {
            value,
            shown: open.shown,
            formula: open.formula,
        };
        Some((open.at, cell))
    }
}

/// What a sheet says beside its cells: hidden columns and merged cells.
fn beside(sheet: &mut Sheet, name: &str, attributes: &str) {
    if name == "col" && flag(attributes, "hidden") {
        let end = |key: &str| attribute(attributes, key)?.parse::<u32>().ok();
        if let (Some(first), Some(last)) = (end("min"), end("max")) {
            let columns = (first.saturating_sub(1), last.saturating_sub(1));
            sheet.hidden_columns.push(columns);
        }
    }
    if name == "mergeCell" {
        let range = attribute(attributes, "ref");
        sheet.merged.extend(range.and_then(|range| {
            let (first, last) = range.split_once(':')?;
            Some((place(first)?, place(last)?))
        }));
    }
}

fn flag(attributes: &str, name: &str) -> bool {
    attribute(attributes, name).is_some_and(|flag| matches!(&*flag, "1" | "true"))
}

/// The column of an address such as `AB12`, from 0.
fn column_of(address: &str) -> Option<u32> {
    let letters = address.bytes().take_while(u8::is_ascii_alphabetic);
    let mut column = 0_u32;
    for letter in letters {
        let digit = u32::from(letter.to_ascii_uppercase() - b'A') + 1;
        column = column.checked_mul(26)?.checked_add(digit)?;
    }
    column.checked_sub(1)
}

/// A place such as `AB12`.
fn place(address: &str) -> Option<At> {
    let digits = address.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let row: u32 = digits.parse().ok()?;
    Some((row.checked_sub(1)?, column_of(address)?))
}

/// A place as people write it: `C7`.
pub fn address((row, column): At) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        letters.push(char::from(b'A' + ((rest - 1) % 26) as u8));
        rest = (rest - 1) / 26;
    }
    let letters: String = letters.iter().rev().collect();
    format!("{letters}{}", row + 1)
}

impl Sheet {
    /// The cell at a place, if it holds something.
    pub fn cell(&self, (row, column): At) -> Option<&Cell> {
        let at = self.rows.binary_search_by_key(&row, |row| row.at).ok()?;
        let cells = &self.rows[at].cells;
        let found = cells.binary_search_by_key(&column, |(at, _)| *at).ok()?;
        Some(&cells[found].1)
    }
}

#[cfg(test)]
mod tests {
    use super::{Value, address, place};

    #[test]
    fn places_have_names() {
        for (at, name) in [
            ((6, 2), "C7"),
            ((0, 0), "A1"),
            ((9, 25), "Z10"),
            ((0, 26), "AA1"),
            ((3, 701), "ZZ4"),
            ((3, 702), "AAA4"),
        ] {
            assert_eq!(address(at), name);
            assert_eq!(place(name), Some(at));
        }
        assert_eq!(place("C0"), None);
    }

    #[test]
    fn what_is_no_workbook_is_told() {
        use super::{NoWorkbook, read};
        assert_eq!(read(b"a,b\n"), Err(NoWorkbook::NoArchive));
        assert_eq!(read(b"PK\x03\x04broken"), Err(NoWorkbook::Damaged));
        let old = [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".as_slice(), &[0; 512]].concat();
        assert_eq!(read(&old), Err(NoWorkbook::Old));
        let name: Vec<u8> = "EncryptedPackage"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        assert_eq!(read(&[old, name].concat()), Err(NoWorkbook::Locked));
    }

    #[test]
    fn what_a_spreadsheet_writes_is_read() {
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        let percent = rust_xlsxwriter::Format::new().set_num_format("0%");
        sheet.set_name("措施").unwrap();
        sheet.write(0, 0, "a & b").unwrap();
        sheet.write_with_format(2, 3, 0.95, &percent).unwrap();
        sheet.write(2, 4, true).unwrap();
        sheet
            .write_formula(3, 0, rust_xlsxwriter::Formula::new("=1+1").set_result("2"))
            .unwrap();
        sheet.set_row_hidden(3).unwrap();
        let bytes = book.save_to_buffer().unwrap();
        let read = super::read(&bytes).unwrap();
        let sheet = &read.sheets[0];
        assert_eq!(sheet.name, "措施");
        assert_eq!(
            sheet.cell((0, 0)).unwrap().value,
            Value::Text("a & b".into())
        );
        let share = sheet.cell((2, 3)).unwrap();
        assert_eq!(
            (&share.value, share.shown),
            (&Value::Number(0.95), super::Shown::Percent)
        );
        assert_eq!(sheet.cell((2, 4)).unwrap().value, Value::Bool(true));
        let sum = sheet.cell((3, 0)).unwrap();
        assert_eq!((&sum.value, sum.formula), (&Value::Number(2.0), true));
        assert!(sheet.rows[2].hidden);
        assert_eq!(sheet.cell((1, 0)), None);
    }
}
