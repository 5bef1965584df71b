//! What a file is, told from its first bytes and never from its name.

use crate::diag::{Diagnostic, Diagnostics, FileId, Files, Span};
use crate::encoding::Coded;
use jianpai_core::text::Text;

/// Bytes that suffice to tell.
pub const START: usize = 512;

/// A kind of file that is no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Parquet.
    Parquet,
    /// A workbook of Excel, WPS or LibreOffice (a ZIP archive).
    Workbook,
    /// A workbook of Excel up to 2003, or another document of that time.
    OldWorkbook,
    /// A table as a web page or as XML, which Excel also calls `.xls`.
    Markup,
    /// Compressed with gzip, zstd, bzip2 or xz.
    Compressed(&'static str),
    /// Arrow, HDF5, NumPy, SQLite or the like.
    Data(&'static str),
    /// A document or picture.
    Document(&'static str),
}

/// First bytes, and what they begin.
const MAGIC: [(&[u8], Format); 20] = [
    (b"PAR1", Format::Parquet),
    (b"PARE", Format::Data("Parquet (encrypted)")),
    (b"PK\x03\x04", Format::Workbook),
    (b"PK\x05\x06", Format::Workbook),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Format::OldWorkbook),
    (b"\x1f\x8b", Format::Compressed("gzip")),
    (b"\x28\xb5\x2f\xfd", Format::Compressed("zstd")),
    (b"BZh", Format::Compressed("bzip2")),
    (b"\xfd7zXZ\x00", Format::Compressed("xz")),
    (b"7z\xbc\xaf\x27\x1c", Format::Compressed("7-Zip")),
    (b"Rar!", Format::Compressed("RAR")),
    (b"ARROW1", Format::Data("Arrow (Feather)")),
    (b"FEA1", Format::Data("Feather")),
    (b"\x89HDF\r\n\x1a\n", Format::Data("HDF5")),
    (b"\x93NUMPY", Format::Data("NumPy")),
    (b"SQLite format 3\x00", Format::Data("SQLite")),
    (b"ORC\x0a", Format::Data("ORC")),
    (b"%PDF", Format::Document("PDF")),
    (b"\x89PNG", Format::Document("PNG")),
    (b"\xff\xd8\xff", Format::Document("JPEG")),
];

/// What a file is that begins so; nothing for a text.
pub fn of(start: &[u8]) -> Option<Format> {
    let known = MAGIC.iter().find(|(magic, _)| start.starts_with(magic));
    if let Some((_, format)) = known {
        return Some(*format);
    }
    let plain = start
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(start)
        .trim_ascii_start();
    let plain = plain[..plain.len().min(16)].to_ascii_lowercase();
    let markup = [
        &b"<?xml"[..],
        b"<html",
        b"<!doctype",
        b"<table",
        b"<workbook",
    ];
    markup
        .iter()
        .any(|tag| plain.starts_with(tag))
        .then_some(Format::Markup)
}

impl Format {
    /// What it is called.
    fn name(self) -> Text {
        match self {
            Self::Parquet => Text::same("Parquet"),
            Self::Workbook => Text::new(
                "Excel 工作簿（xlsx）或其他压缩包",
                "an Excel workbook (xlsx) or another archive",
            ),
            Self::OldWorkbook => {
                Text::new("旧版 Excel 工作簿（xls）", "an old Excel workbook (xls)")
            }
            Self::Markup => Text::new("网页或 XML", "a web page or XML"),
            Self::Compressed(name) => Text::new(
                format!("用 {name} 压缩的文件"),
                format!("compressed with {name}"),
            ),
            Self::Data(name) | Self::Document(name) => {
                Text::new(format!("{name} 文件"), format!("of the kind {name}"))
            }
        }
    }

    /// How to get what is read.
    fn help(self) -> Text {
        match self {
            Self::Workbook | Self::OldWorkbook | Self::Markup => Text::new(
                "在 Excel 或 WPS 中打开，另存为“CSV UTF-8（逗号分隔）”再读；文件名改成 .csv 没有用",
                "open it in Excel and save it as “CSV UTF-8 (comma delimited)”; giving it another name does not help",
            ),
            Self::Compressed(_) => Text::new("解压后再读", "unpack it first"),
            Self::Parquet => Text::new(
                "此处读 CSV：pandas 中 pandas.read_parquet(文件).to_csv(\"表.csv\", index=False)",
                "CSV is read here: in pandas, pandas.read_parquet(FILE).to_csv(\"table.csv\", index=False)",
            ),
            Self::Data(_) => Text::new(
                "存成 CSV（UTF-8）或 Parquet，如 pandas 的 to_csv(\"表.csv\", index=False)",
                "save it as CSV (UTF-8) or Parquet, such as by to_csv(\"table.csv\", index=False) of pandas",
            ),
            Self::Document(_) => Text::new(
                "把其中的表录入 CSV（UTF-8）",
                "put the table in it into CSV (UTF-8)",
            ),
        }
    }

    /// Says that `path` is of a kind that is not read there.
    pub fn refusal(self, path: &str) -> Diagnostic {
        let name = self.name();
        let message = Text::new(
            format!("`{path}` 不是文本，而是{}", name.zh),
            format!("`{path}` is no text; it is {}", name.en),
        );
        Diagnostic::error("not-text", message).help(self.help())
    }
}

/// Takes in the bytes of a text. What is no text is refused by its kind; a text with
/// bytes that no encoding gives a meaning is taken in, and the first of them is told.
pub fn take_in(
    path: &str,
    bytes: &[u8],
    files: &mut Files,
    diags: &mut Diagnostics,
) -> Option<FileId> {
    if let Some(format) = of(bytes) {
        diags.push(format.refusal(path));
        return None;
    }
    let (text, whole) = Coded::of(bytes).decode(bytes);
    let zero = text.find('\0');
    let bad = if whole { zero } else { text.find('\u{fffd}') };
    let file = files.add_decoded(path, text, bytes);
    let Some(at) = bad else {
        return Some(file);
    };
    let message = if zero.is_some() && whole {
        Text::new(
            format!("`{path}` 中有零字节，不是文本"),
            format!("`{path}` has bytes of zero: it is no text"),
        )
    } else {
        Text::new(
            format!("`{path}` 中有字节既不是 UTF-8，也不是 GB18030"),
            format!("`{path}` has bytes that are neither UTF-8 nor GB18030"),
        )
    };
    let label = Text::new("首先是这里", "here first");
    let length = files.text(file)[at..]
        .chars()
        .next()
        .map_or(0, char::len_utf8);
    diags.push(
        Diagnostic::error("encoding", message)
            .label(Span::new(file, at, at + length), label)
            .help(Text::new(
                "用编辑器或 Excel 另存为 UTF-8",
                "save it as UTF-8 in an editor or in Excel",
            )),
    );
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_told_by_their_first_bytes() {
        for (bytes, format) in [
            (&b"PAR1..."[..], Some(Format::Parquet)),
            (b"PK\x03\x04\x14\x00", Some(Format::Workbook)),
            (b"\xef\xbb\xbf <HTML><table>", Some(Format::Markup)),
            (b"\x1f\x8b\x08", Some(Format::Compressed("gzip"))),
            (b"a,b\n1,2\n", None),
            (b"[scenario]", None),
            (b"PAR,1\n", None),
            (b"", None),
        ] {
            assert_eq!(of(bytes), format, "{bytes:?}");
        }
    }
}
