//! Any flat Parquet file as CSV, row after row, so that one reader takes both.
//!
//! A number is written with all its digits: whole numbers and decimals as they stand,
//! floats as the shortest text that reads back to the same double. No value is `null`.

use crate::error::{Error, Result};
use parquet::basic::{Compression, ConvertedType, LogicalType, TimeUnit, Type as Physical};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl, get_column_reader};
use parquet::data_type::DataType;
use parquet::file::metadata::{ParquetMetaData, ParquetMetaDataReader};
use parquet::file::reader::ChunkReader;
use parquet::file::serialized_reader::SerializedPageReader;
use parquet::schema::types::ColumnDescriptor;
use std::fmt::Write as _;
use std::io::{self, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

#[cfg(test)]
mod tests;

/// Rows written at a time.
const BATCH: usize = 1 << 12;
/// Why a value of bytes has no place in a table.
const NO_TEXT: &str = "bytes that are no text";
/// What is written for columns that nobody asked for.
const PASSED_OVER: &str = "-";

/// How the values of a column are written.
#[derive(Clone, Debug, PartialEq)]
enum Written {
    Flag,
    Signed,
    Unsigned,
    /// So many digits behind the point.
    Decimal(usize),
    /// Days since 1970.
    Date,
    /// So many a second, since midnight.
    Time(i64),
    /// So many a second, since 1970.
    Instant(i64),
    /// Nanoseconds of a day, and the day, as old files have it.
    OldInstant,
    Real,
    Half,
    Text,
    /// What has no place in a cell of a table.
    Other(String),
}

impl Written {
    fn of(column: &ColumnDescriptor) -> Self {
        let nested = column.max_rep_level() > 0 || column.path().parts().len() > 1;
        if nested {
            return Self::Other("nested values".to_string());
        }
        let second = |unit: &TimeUnit| match unit {
            TimeUnit::MILLIS => 1_000,
            TimeUnit::MICROS => 1_000_000,
            TimeUnit::NANOS => 1_000_000_000,
        };
        let scale = usize::try_from(column.type_scale()).unwrap_or(0);
        let other = || {
            let what = match (column.logical_type_ref(), column.converted_type()) {
                (Some(logical), _) => format!("{logical:?}"),
                (None, ConvertedType::NONE) => column.physical_type().to_string(),
                (None, converted) => converted.to_string(),
            };
            Self::Other(what)
        };
        let (logical, converted) = (column.logical_type_ref(), column.converted_type());
        match (column.physical_type(), logical, converted) {
            (_, Some(LogicalType::Decimal(_)), _) | (_, None, ConvertedType::DECIMAL) => {
                Self::Decimal(scale)
            }
            (Physical::BOOLEAN, ..) => Self::Flag,
            (Physical::INT32, Some(LogicalType::Date), _) | (_, None, ConvertedType::DATE) => {
                Self::Date
            }
            (_, Some(LogicalType::Time(time)), _) => Self::Time(second(&time.unit)),
            (_, None, ConvertedType::TIME_MILLIS) => Self::Time(1_000),
            (_, None, ConvertedType::TIME_MICROS) => Self::Time(1_000_000),
            (_, Some(LogicalType::Timestamp(time)), _) => Self::Instant(second(&time.unit)),
            (_, None, ConvertedType::TIMESTAMP_MILLIS) => Self::Instant(1_000),
            (_, None, ConvertedType::TIMESTAMP_MICROS) => Self::Instant(1_000_000),
            (Physical::INT32 | Physical::INT64, Some(LogicalType::Integer(of)), _) => {
                if of.is_signed {
                    Self::Signed
                } else {
                    Self::Unsigned
                }
            }
            (
                Physical::INT32 | Physical::INT64,
                None,
                ConvertedType::UINT_8
                | ConvertedType::UINT_16
                | ConvertedType::UINT_32
                | ConvertedType::UINT_64,
            ) => Self::Unsigned,
            (
                Physical::INT32 | Physical::INT64,
                None,
                ConvertedType::NONE
                | ConvertedType::INT_8
                | ConvertedType::INT_16
                | ConvertedType::INT_32
                | ConvertedType::INT_64,
            )
            | (_, Some(LogicalType::Unknown), _) => Self::Signed,
            (Physical::INT96, ..) => Self::OldInstant,
            (Physical::FLOAT | Physical::DOUBLE, None, ConvertedType::NONE) => Self::Real,
            (Physical::FIXED_LEN_BYTE_ARRAY, Some(LogicalType::Float16), _)
                if column.type_length() == 2 =>
            {
                Self::Half
            }
            (
                Physical::BYTE_ARRAY,
                Some(LogicalType::String | LogicalType::Enum | LogicalType::Json),
                _,
            )
            | (
                Physical::BYTE_ARRAY,
                None,
                ConvertedType::UTF8
                | ConvertedType::ENUM
                | ConvertedType::JSON
                | ConvertedType::NONE,
            ) => Self::Text,
            _ => other(),
        }
    }
}

/// A Parquet file that is read as CSV: a header, then a line a row.
pub struct Text<R: ChunkReader> {
    path: PathBuf,
    source: Arc<R>,
    metadata: ParquetMetaData,
    kinds: Vec<Written>,
    wanted: Vec<bool>,
    /// The row group being read, and its rows that are left.
    group: Option<(Vec<Option<ColumnReader>>, usize)>,
    next: usize,
    /// Rows before the next one.
    rows: u64,
    /// Text that was written and has not been read yet.
    ready: Vec<u8>,
    at: usize,
}

impl<R: ChunkReader + 'static> Text<R> {
    /// Opens what is called `path`. Where `wanted` names columns, by their places, the
    /// others are passed over; a wanted one must have a place in a table.
    ///
    /// # Errors
    /// [`Error::Unreadable`]: no Parquet, or cut off. [`Error::NotNumbers`]: a wanted
    /// column is of lists, bytes or the like. [`Error::Codec`].
    pub fn open(path: &Path, source: R, wanted: Option<&[usize]>) -> Result<Self> {
        let metadata = ParquetMetaDataReader::new()
            .parse_and_finish(&source)
            .map_err(|error| Error::unreadable(path, &error))?;
        let columns = metadata.file_metadata().schema_descr().columns();
        let kinds: Vec<Written> = columns.iter().map(|column| Written::of(column)).collect();
        let is_wanted = |at: usize| wanted.is_none_or(|wanted| wanted.contains(&at));
        let mut text = Self {
            path: path.to_path_buf(),
            source: Arc::new(source),
            wanted: (0..kinds.len()).map(is_wanted).collect(),
            group: None,
            next: 0,
            rows: 0,
            ready: Vec::new(),
            at: 0,
            kinds,
            metadata,
        };
        for (at, kind) in text.kinds.iter().enumerate() {
            if let (Written::Other(what), true, true) = (kind, text.wanted[at], wanted.is_some()) {
                return Err(Error::NotNumbers {
                    path: text.path.clone(),
                    column: text.name(at),
                    what: what.clone(),
                });
            }
        }
        text.sizes()?;
        text.codecs()?;
        let names = (0..text.kinds.len()).map(|at| quoted(&text.name(at)));
        let header = names.collect::<Vec<_>>().join(",");
        text.ready = format!("{header}\n").into_bytes();
        Ok(text)
    }

    /// The number of columns.
    pub fn width(&self) -> usize {
        self.kinds.len()
    }

    /// What the file says of itself under a key, such as `pandas`.
    pub fn said(&self, key: &str) -> Option<&str> {
        let pairs = self.metadata.file_metadata().key_value_metadata()?;
        let found = pairs.iter().find(|pair| pair.key == key)?;
        found.value.as_deref()
    }

    /// The name of a column; of a nested one its whole path.
    fn name(&self, at: usize) -> String {
        let column = self.metadata.file_metadata().schema_descr().column(at);
        column.path().parts().join(".")
    }

    /// Refuses a file whose parts do not agree on how many rows there are.
    fn sizes(&self) -> Result<()> {
        let mut rows = 0_i64;
        for group in self.metadata.row_groups() {
            let count = group.num_rows();
            let mut flat = group.columns().iter().zip(&self.kinds);
            let fits = flat.all(|(column, kind)| {
                matches!(kind, Written::Other(_)) || column.num_values() == count
            });
            rows = rows.saturating_add(count);
            if count < 0 || !fits {
                return Err(Error::unreadable(&self.path, "columns of unequal length"));
            }
        }
        if rows != self.metadata.file_metadata().num_rows() {
            return Err(Error::unreadable(&self.path, "rows are missing"));
        }
        Ok(())
    }

    /// Refuses what is compressed in a way that is not built in.
    fn codecs(&self) -> Result<()> {
        for group in self.metadata.row_groups() {
            for (at, column) in group.columns().iter().enumerate() {
                let codec = column.compression();
                if self.wanted[at] && matches!(codec, Compression::LZO) {
                    return Err(Error::Codec {
                        path: self.path.clone(),
                        column: self.name(at),
                        codec: codec.to_string(),
                    });
                }
            }
        }
        Ok(())
    }

    /// Readers of the next row group, if there is one.
    fn open_group(&mut self) -> Result<()> {
        let Some(group) = self.metadata.row_groups().get(self.next) else {
            return Ok(());
        };
        let rows = usize::try_from(group.num_rows()).unwrap_or(0);
        let mut readers = Vec::with_capacity(self.kinds.len());
        for (at, chunk) in group.columns().iter().enumerate() {
            let written = self.wanted[at] && !matches!(self.kinds[at], Written::Other(_));
            if !written {
                readers.push(None);
                continue;
            }
            let starts = [
                chunk.dictionary_page_offset(),
                Some(chunk.data_page_offset()),
            ];
            let sound = starts.into_iter().flatten().all(|start| start >= 0);
            if chunk.compressed_size() < 0 || !sound {
                return Err(Error::unreadable(&self.path, "a negative offset"));
            }
            let pages = SerializedPageReader::new(self.source.clone(), chunk, rows, None)
                .map_err(|error| self.damaged(at, &error))?;
            readers.push(Some(get_column_reader(
                chunk.column_descr_ptr(),
                Box::new(pages),
            )));
        }
        self.next += 1;
        self.group = Some((readers, rows));
        Ok(())
    }

    fn damaged(&self, at: usize, why: &impl ToString) -> Error {
        let why = format!("column `{}`: {}", self.name(at), why.to_string());
        Error::unreadable(&self.path, &why)
    }

    /// Writes the next rows to `ready`.
    fn refill(&mut self) -> Result<()> {
        while self.group.as_ref().is_none_or(|(_, rows)| *rows == 0) {
            let before = self.next;
            self.open_group()?;
            if self.next == before {
                return Ok(());
            }
        }
        let Some((mut readers, left)) = self.group.take() else {
            return Ok(());
        };
        let rows = left.min(BATCH);
        let mut columns: Vec<Option<Vec<String>>> = Vec::with_capacity(readers.len());
        for (at, reader) in readers.iter_mut().enumerate() {
            let Some(reader) = reader else {
                columns.push(None);
                continue;
            };
            let (kind, full) = (&self.kinds[at], self.full(at));
            // The decoders panic on some damaged pages; what they leave is dropped.
            let cells = catch_unwind(AssertUnwindSafe(|| cells(reader, kind, full, rows)));
            let cells = cells.unwrap_or_else(|_| Err("a damaged page".to_string()));
            let cells = cells.map_err(|why| match why.as_str() {
                NO_TEXT => Error::NotNumbers {
                    path: self.path.clone(),
                    column: self.name(at),
                    what: "bytes".to_string(),
                },
                _ => self.damaged(at, &why),
            })?;
            if cells.len() != rows {
                let n = self.rows + cells.len() as u64;
                return Err(self.damaged(at, &format!("values end after row {n}")));
            }
            columns.push(Some(cells));
        }
        self.ready.clear();
        self.at = 0;
        for row in 0..rows {
            for (at, column) in columns.iter().enumerate() {
                if at > 0 {
                    self.ready.push(b',');
                }
                let cell = match (column, &self.kinds[at]) {
                    (Some(cells), _) => &cells[row],
                    (None, Written::Other(what)) if self.wanted[at] => what,
                    (None, _) => PASSED_OVER,
                };
                self.ready.extend_from_slice(cell.as_bytes());
            }
            self.ready.push(b'\n');
        }
        self.rows += rows as u64;
        self.group = Some((readers, left - rows));
        Ok(())
    }

    /// The definition level of a value that is not missing.
    fn full(&self, at: usize) -> i16 {
        let schema = self.metadata.file_metadata().schema_descr();
        schema.column(at).max_def_level()
    }
}

impl<R: ChunkReader + 'static> Read for Text<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        if self.at >= self.ready.len() {
            self.ready.clear();
            self.refill()
                .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
            self.at = 0;
        }
        let count = to.len().min(self.ready.len() - self.at);
        to[..count].copy_from_slice(&self.ready[self.at..self.at + count]);
        self.at += count;
        Ok(count)
    }
}

/// A cell in quotes if it needs them.
fn quoted(text: &str) -> String {
    let plain = text.trim() == text && !text.contains([',', '"', '\n', '\r']);
    if plain {
        text.to_string()
    } else {
        format!("\"{}\"", text.replace('"', "\"\""))
    }
}

/// The next `rows` cells of a column.
fn cells(
    reader: &mut ColumnReader,
    kind: &Written,
    full: i16,
    rows: usize,
) -> std::result::Result<Vec<String>, String> {
    match reader {
        ColumnReader::BoolColumnReader(r) => drain(r, full, rows, |v| Ok(v.to_string())),
        ColumnReader::Int32ColumnReader(r) => drain(r, full, rows, |v| match kind {
            Written::Unsigned => Ok(v.cast_unsigned().to_string()),
            _ => Ok(whole(kind, i64::from(*v))),
        }),
        ColumnReader::Int64ColumnReader(r) => drain(r, full, rows, |v| match kind {
            Written::Unsigned => Ok(v.cast_unsigned().to_string()),
            _ => Ok(whole(kind, *v)),
        }),
        ColumnReader::Int96ColumnReader(r) => drain(r, full, rows, |v| {
            let [low, high, day] = *v.data() else {
                return Err("a time of another length".to_string());
            };
            let nanos = (u64::from(high) << 32) | u64::from(low);
            let days = i64::from(day) - 2_440_588;
            Ok(instant(
                days * 86_400 + (nanos / 1_000_000_000).cast_signed(),
                (nanos % 1_000_000_000) as u32,
            ))
        }),
        ColumnReader::FloatColumnReader(r) => {
            drain(r, full, rows, |v| Ok(format!("{:?}", f64::from(*v))))
        }
        ColumnReader::DoubleColumnReader(r) => drain(r, full, rows, |v| Ok(format!("{v:?}"))),
        ColumnReader::ByteArrayColumnReader(r) => drain(r, full, rows, |v| bytes(kind, v.data())),
        ColumnReader::FixedLenByteArrayColumnReader(r) => {
            drain(r, full, rows, |v| bytes(kind, v.data()))
        }
    }
}

/// The next `rows` values, each as a text; those that are not there as `null`.
fn drain<T: DataType>(
    reader: &mut ColumnReaderImpl<T>,
    full: i16,
    rows: usize,
    text: impl Fn(&T::T) -> std::result::Result<String, String>,
) -> std::result::Result<Vec<String>, String> {
    let mut out = Vec::with_capacity(rows);
    let (mut values, mut levels) = (Vec::new(), Vec::new());
    while out.len() < rows {
        values.clear();
        levels.clear();
        let (records, ..) = reader
            .read_records(rows - out.len(), Some(&mut levels), None, &mut values)
            .map_err(|error| error.to_string())?;
        if records == 0 {
            break;
        }
        let mut values = values.iter();
        if full == 0 {
            out.extend(
                values
                    .map(&text)
                    .collect::<std::result::Result<Vec<_>, _>>()?,
            );
            continue;
        }
        for level in &levels {
            out.push(if *level < full {
                "null".to_string()
            } else {
                let value = values.next();
                text(value.ok_or_else(|| "fewer values than levels".to_string())?)?
            });
        }
    }
    Ok(out)
}

/// A whole number, as what it stands for.
fn whole(kind: &Written, value: i64) -> String {
    match kind {
        Written::Decimal(scale) => decimal(value < 0, &value.unsigned_abs().to_string(), *scale),
        Written::Date => date(value),
        Written::Time(second) => {
            let fraction = value.rem_euclid(*second) * (1_000_000_000 / second);
            time(value.div_euclid(*second), fraction as u32)
        }
        Written::Instant(second) => {
            let fraction = value.rem_euclid(*second) * (1_000_000_000 / second);
            instant(value.div_euclid(*second), fraction as u32)
        }
        _ => value.to_string(),
    }
}

/// A value of bytes.
fn bytes(kind: &Written, data: &[u8]) -> std::result::Result<String, String> {
    match (kind, data) {
        (Written::Decimal(scale), _) => {
            let negative = data.first().is_some_and(|byte| byte & 0x80 != 0);
            Ok(decimal(negative, &digits(data, negative), *scale))
        }
        (Written::Half, [low, high]) => {
            Ok(format!("{:?}", half(u16::from_le_bytes([*low, *high]))))
        }
        _ => match std::str::from_utf8(data) {
            Ok(text) => Ok(quoted(text)),
            Err(_) => Err(NO_TEXT.to_string()),
        },
    }
}

/// The decimal digits of the size of a whole number in two's complement, first byte
/// first.
fn digits(data: &[u8], negative: bool) -> String {
    let mut size: Vec<u8> = data.to_vec();
    if negative {
        let mut carry = true;
        for byte in size.iter_mut().rev() {
            let (sum, over) = (!*byte).overflowing_add(u8::from(carry));
            (*byte, carry) = (sum, over);
        }
    }
    let mut out = Vec::new();
    while size.iter().any(|byte| *byte != 0) {
        let mut rest = 0_u32;
        for byte in &mut size {
            let value = rest << 8 | u32::from(*byte);
            *byte = (value / 10) as u8;
            rest = value % 10;
        }
        out.push(b'0' + rest as u8);
    }
    out.reverse();
    String::from_utf8(out).unwrap_or_default()
}

/// Digits with the point where it belongs.
fn decimal(negative: bool, digits: &str, scale: usize) -> String {
    let digits = format!("{digits:0>width$}", width = scale + 1);
    let (whole, part) = digits.split_at(digits.len() - scale);
    let sign = if negative { "-" } else { "" };
    let point = if scale == 0 { "" } else { "." };
    format!("{sign}{whole}{point}{part}")
}

/// A number of 16 bits (IEEE 754).
fn half(bits: u16) -> f64 {
    let sign = if bits & 0x8000 == 0 { 1.0 } else { -1.0 };
    let (exponent, part) = (i32::from(bits >> 10 & 0x1f), f64::from(bits & 0x3ff));
    let power = |n: i32| f64::from_bits(((1023 + i64::from(n)).cast_unsigned()) << 52);
    sign * match exponent {
        0 => part * power(-24),
        31 if part == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (1024.0 + part) * power(exponent - 25),
    }
}

/// `2020-01-31` of days since 1970.
fn date(days: i64) -> String {
    // Years of 400 years begin in March, so that leap days come last.
    let days = days.saturating_add(719_468);
    let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let date = day - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{date:02}")
}

/// `12:30:00` and what is left of a second.
fn time(seconds: i64, nanos: u32) -> String {
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let mut text = format!("{hours:02}:{minutes:02}:{seconds:02}");
    if nanos > 0 {
        let fraction = format!("{nanos:09}");
        let _ = write!(text, ".{}", fraction.trim_end_matches('0'));
    }
    text
}

/// `2020-01-31 12:30:00` of seconds since 1970.
fn instant(seconds: i64, nanos: u32) -> String {
    let (days, seconds) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    format!("{} {}", date(days), time(seconds, nanos))
}
