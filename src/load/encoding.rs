//! From the bytes of a text to its characters.
//!
//! A byte-order mark decides (UTF-8, UTF-16). Without one a text with many zero bytes is
//! UTF-16, as some programs write it; else it is UTF-8, or else GB18030 (GBK), as Chinese
//! Excel writes it. The whole text decides, not a part of it: two bytes of GBK may happen
//! to be a character of UTF-8.

use encoding_rs::{DecoderResult, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};
use std::io::{self, BufRead, BufReader, Cursor, Read};

/// Bytes looked at for zeros.
const START: usize = 4096;

/// The encoding of a text, and the bytes of the mark before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Coded {
    encoding: &'static Encoding,
    mark: usize,
    /// Whether every byte has a meaning, as far as is known.
    sound: bool,
}

impl Coded {
    /// What a text that begins so says of itself; nothing where only the whole can tell.
    fn told(start: &[u8]) -> Option<Self> {
        if let Some((encoding, mark)) = Encoding::for_bom(start) {
            return Some(Self {
                encoding,
                mark,
                sound: true,
            });
        }
        let start = &start[..start.len().min(START)];
        let zeros = |from: usize| {
            start
                .iter()
                .skip(from)
                .step_by(2)
                .filter(|b| **b == 0)
                .count()
        };
        let (even, odd) = (zeros(0), zeros(1));
        let encoding = match (even, odd) {
            (0, odd) if odd > 0 && odd * 10 >= start.len() => UTF_16LE,
            (even, 0) if even > 0 && even * 10 >= start.len() => UTF_16BE,
            _ => return None,
        };
        Some(Self {
            encoding,
            mark: 0,
            sound: true,
        })
    }

    /// The encoding of a text.
    pub fn of(bytes: &[u8]) -> Self {
        // Reading memory cannot fail.
        Self::read(Box::new(Cursor::new(bytes))).unwrap_or(Self {
            encoding: UTF_8,
            mark: 0,
            sound: false,
        })
    }

    /// The encoding of a text that is read once, from its beginning to its end.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn read<'r>(source: Box<dyn Read + 'r>) -> io::Result<Self> {
        let mut source = BufReader::with_capacity(1 << 16, source);
        if let Some(told) = Self::told(source.fill_buf()?) {
            return Ok(told);
        }
        let (mut utf8, mut gbk) = (Errors::new(UTF_8), Errors::new(GB18030));
        loop {
            let bytes = source.fill_buf()?;
            let (length, last) = (bytes.len(), bytes.is_empty());
            utf8.take(bytes, last);
            gbk.take(bytes, last);
            source.consume(length);
            if last {
                break;
            }
        }
        // Where neither fits, the one with fewer faults shows best what is wrong.
        let encoding = if utf8.count <= gbk.count {
            UTF_8
        } else {
            GB18030
        };
        Ok(Self {
            encoding,
            mark: 0,
            sound: utf8.count.min(gbk.count) == 0,
        })
    }

    /// The text of all bytes, the mark left out, and whether every one had a meaning.
    pub fn decode(self, bytes: &[u8]) -> (String, bool) {
        let body = bytes.get(self.mark..).unwrap_or_default();
        let (text, faults) = self.encoding.decode_without_bom_handling(body);
        (text.into_owned(), !faults)
    }

    /// A piece of the text, such as a line or a cell.
    pub fn piece(self, bytes: &[u8]) -> String {
        self.encoding
            .decode_without_bom_handling(bytes)
            .0
            .into_owned()
    }

    /// Whether every byte of the text is known to have a meaning.
    pub(crate) fn is_sound(self) -> bool {
        self.sound
    }

    /// Whether commas, quotes and line breaks stand as single bytes.
    pub(crate) fn is_cut_by_bytes(self) -> bool {
        self.encoding == UTF_8 || self.encoding == GB18030
    }

    /// The bytes of the mark.
    pub(crate) fn mark(self) -> usize {
        self.mark
    }

    /// The coding of what [`Coded::decode`] gives.
    pub(crate) fn plain() -> Self {
        Self {
            encoding: UTF_8,
            mark: 0,
            sound: true,
        }
    }
}

/// Counts what has no meaning in an encoding, piece by piece.
struct Errors {
    decoder: encoding_rs::Decoder,
    room: String,
    count: usize,
}

impl Errors {
    fn new(encoding: &'static Encoding) -> Self {
        Self {
            decoder: encoding.new_decoder_without_bom_handling(),
            room: String::with_capacity(1 << 16),
            count: 0,
        }
    }

    fn take(&mut self, mut bytes: &[u8], last: bool) {
        loop {
            self.room.clear();
            let (result, read) =
                self.decoder
                    .decode_to_string_without_replacement(bytes, &mut self.room, last);
            bytes = &bytes[read..];
            match result {
                DecoderResult::InputEmpty => return,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => self.count += 1,
            }
        }
    }
}

/// The text of the bytes of a file; see [`Coded`].
pub fn decode(bytes: &[u8]) -> String {
    // Plain UTF-8 is told at once.
    let told = Coded::told(bytes);
    if let (None, Ok(text)) = (told, std::str::from_utf8(bytes)) {
        return text.to_owned();
    }
    told.unwrap_or_else(|| Coded::of(bytes)).decode(bytes).0
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "锅炉,炉,gdp\n0.5,0,联通\n";

    fn utf16(text: &str, le: bool) -> Vec<u8> {
        let units = text.encode_utf16();
        units
            .flat_map(|unit| {
                if le {
                    unit.to_le_bytes()
                } else {
                    unit.to_be_bytes()
                }
            })
            .collect()
    }

    #[test]
    fn every_usual_encoding_is_read() {
        let gbk = GB18030.encode(TEXT).0.into_owned();
        let (le, be) = (utf16(TEXT, true), utf16(TEXT, false));
        let marked = |mark: &[u8], body: &[u8]| [mark, body].concat();
        for bytes in [
            TEXT.as_bytes().to_vec(),
            marked(b"\xef\xbb\xbf", TEXT.as_bytes()),
            marked(b"\xff\xfe", &le),
            marked(b"\xfe\xff", &be),
            le,
            be,
            gbk,
        ] {
            assert_eq!(decode(&bytes), TEXT, "{bytes:x?}");
            assert_eq!(Coded::of(&bytes).decode(&bytes), (TEXT.to_string(), true));
        }
    }

    /// 炉 in GBK happens to be a character of UTF-8; the rest of the text is not.
    #[test]
    fn the_whole_text_decides() {
        let bytes = GB18030.encode("炉,锅炉\n1,2\n").0.into_owned();
        assert!(std::str::from_utf8(&bytes[..2]).is_ok());
        assert_eq!(decode(&bytes), "炉,锅炉\n1,2\n");
        assert_eq!(Coded::of(&bytes).piece(&bytes[..2]), "炉");
        let mut long = b"a,b\n".repeat(40_000);
        long.extend_from_slice(&bytes);
        assert_eq!(Coded::of(&long).piece(&bytes[..2]), "炉");
    }

    #[test]
    fn what_is_no_text_is_told() {
        for bytes in [&b"a,b\n\xff\xff,2\n"[..], b"\x81"] {
            assert!(!Coded::of(bytes).decode(bytes).1, "{bytes:x?}");
        }
        // One bad byte in UTF-8 does not make it GBK.
        let bytes = [TEXT.as_bytes(), b"\xff"].concat();
        let (text, whole) = Coded::of(&bytes).decode(&bytes);
        assert!(text.starts_with(TEXT) && !whole);
    }
}
