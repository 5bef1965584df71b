//! Columns of numbers out of any flat Parquet file, such as pandas and pyarrow write.

use crate::error::{ColumnFault, Error, Result};
use crate::layout::footer_of;
use crate::schema::UNITS;
use parquet::basic::{ConvertedType, LogicalType, Type as Physical};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl, get_column_reader};
use parquet::data_type::DataType;
use parquet::errors::ParquetError;
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData};
use parquet::file::serialized_reader::SerializedPageReader;
use parquet::schema::types::ColumnDescriptor;
use std::collections::{BTreeMap, HashSet};
use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

#[cfg(test)]
mod tests;

/// Rows decoded at a time.
const BATCH: usize = 1 << 16;
/// The largest whole number up to which a double keeps every one.
const EXACT: u64 = 1 << 53;

/// The columns of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// Their names.
    pub names: Vec<String>,
    /// Their values, one `Vec` a column, all of the same length and finite.
    pub columns: Vec<Vec<f64>>,
}

/// The units that a file of this crate says of its columns ([`UNITS`]); empty where it
/// says none.
///
/// # Errors
/// [`Error::Unreadable`]: no Parquet file, or its units are no JSON object of texts.
/// [`Error::Io`].
pub fn units(path: &Path) -> Result<BTreeMap<String, String>> {
    let file = File::open(path).map_err(Error::io(path))?;
    let metadata = footer_of(path, &file)?;
    let pairs = metadata.file_metadata().key_value_metadata();
    let mut pairs = pairs.into_iter().flatten();
    let told = pairs.find(|pair| pair.key == UNITS);
    let told = told.and_then(|pair| pair.value.as_ref());
    told.map_or(Ok(BTreeMap::new()), |told| {
        serde_json::from_str(told).map_err(|error| Error::unreadable(path, &error))
    })
}

/// Reads every column of a Parquet file as doubles, exactly.
///
/// Doubles, floats, integers of any width and sign, and flags (as 1 and 0) are read;
/// columns may be nullable if no value is missing; compression may be none, snappy or
/// zstd, encodings whatever the format has. The row labels that pandas stores as
/// `__index_level_0__` are passed over.
///
/// # Errors
/// [`Error::NotNumbers`]: a column of texts, dates, decimals, lists or the like.
/// [`Error::Missing`], [`Error::NotFinite`], [`Error::Inexact`]: a cell.
/// [`Error::Column`]: a name is empty or occurs twice. [`Error::Unreadable`],
/// [`Error::Io`].
pub fn read_columns(path: &Path) -> Result<Table> {
    let file = Arc::new(File::open(path).map_err(Error::io(path))?);
    let metadata = footer_of(path, &file)?;
    let schema = metadata.file_metadata().schema_descr();
    let mut table = Table {
        names: Vec::new(),
        columns: Vec::new(),
    };
    let mut seen = HashSet::new();
    for (at, descriptor) in schema.columns().iter().enumerate() {
        let name = descriptor.name();
        if descriptor.path().parts().len() == 1 && is_label(name) {
            continue;
        }
        let fault = match name {
            "" => Some(ColumnFault::Empty),
            _ => (!seen.insert(name)).then_some(ColumnFault::Twice),
        };
        if let Some(fault) = fault {
            let name = name.to_string();
            return Err(Error::Column { name, fault });
        }
        let column = Column {
            path,
            file: &file,
            descriptor,
        };
        column.check()?;
        table.columns.push(column.read(&metadata, at)?);
        table.names.push(name.to_string());
    }
    Ok(table)
}

/// Row labels of a pandas frame.
fn is_label(name: &str) -> bool {
    let level = name
        .strip_prefix("__index_level_")
        .and_then(|rest| rest.strip_suffix("__"));
    level.is_some_and(|level| !level.is_empty() && level.bytes().all(|b| b.is_ascii_digit()))
}

struct Column<'a> {
    path: &'a Path,
    file: &'a Arc<File>,
    descriptor: &'a ColumnDescriptor,
}

impl Column<'_> {
    fn name(&self) -> String {
        self.descriptor.path().string()
    }

    /// Whether the column is of numbers.
    fn check(&self) -> Result<()> {
        let d = self.descriptor;
        let number = match (d.logical_type_ref(), d.converted_type()) {
            (Some(LogicalType::Integer(_)), _) => true,
            (None, converted) => matches!(
                converted,
                ConvertedType::NONE
                    | ConvertedType::INT_8
                    | ConvertedType::INT_16
                    | ConvertedType::INT_32
                    | ConvertedType::INT_64
                    | ConvertedType::UINT_8
                    | ConvertedType::UINT_16
                    | ConvertedType::UINT_32
                    | ConvertedType::UINT_64
            ),
            _ => false,
        };
        let physical = matches!(
            d.physical_type(),
            Physical::BOOLEAN
                | Physical::INT32
                | Physical::INT64
                | Physical::FLOAT
                | Physical::DOUBLE
        );
        let flat = d.max_rep_level() == 0 && d.path().parts().len() == 1;
        if number && physical && flat {
            return Ok(());
        }
        let what = match (flat, d.logical_type_ref(), d.converted_type()) {
            (false, ..) => "nested values".to_string(),
            (_, Some(logical), _) => format!("{logical:?}"),
            (_, None, ConvertedType::NONE) => d.physical_type().to_string(),
            (_, None, converted) => converted.to_string(),
        };
        Err(Error::NotNumbers {
            path: self.path.to_path_buf(),
            column: self.name(),
            what,
        })
    }

    /// Every row group's values, one after the other.
    fn read(&self, metadata: &ParquetMetaData, at: usize) -> Result<Vec<f64>> {
        let mut values = Vec::new();
        for group in metadata.row_groups() {
            let before = values.len() as u64;
            let rows = u64::try_from(group.num_rows()).unwrap_or(u64::MAX);
            self.guarded(group.column(at), rows, &mut values)?;
            if values.len() as u64 - before != rows {
                let (name, n) = (self.name(), values.len() as u64 - before);
                let why = format!("column `{name}` has {n} values in a group of {rows} rows");
                return Err(Error::unreadable(self.path, &why));
            }
        }
        Ok(values)
    }

    /// Reads a chunk. The decoders panic on some damaged pages; that is a damaged file,
    /// and nothing outlives the panic but the values, which are dropped.
    fn guarded(&self, chunk: &ColumnChunkMetaData, rows: u64, to: &mut Vec<f64>) -> Result<()> {
        catch_unwind(AssertUnwindSafe(|| self.chunk(chunk, rows, to))).unwrap_or_else(|_| {
            let why = format!("column `{}`: a damaged page", self.name());
            Err(Error::unreadable(self.path, &why))
        })
    }

    fn chunk(&self, chunk: &ColumnChunkMetaData, rows: u64, to: &mut Vec<f64>) -> Result<()> {
        let starts = [
            chunk.dictionary_page_offset(),
            Some(chunk.data_page_offset()),
        ];
        if chunk.compressed_size() < 0 || starts.into_iter().flatten().any(|start| start < 0) {
            return Err(Error::unreadable(self.path, "a negative offset"));
        }
        let rows = usize::try_from(rows).unwrap_or(usize::MAX);
        let pages = SerializedPageReader::new(self.file.clone(), chunk, rows, None)
            .map_err(|error| self.damaged(&error))?;
        let descriptor = chunk.column_descr_ptr();
        let unsigned = matches!(
            descriptor.converted_type(),
            ConvertedType::UINT_8
                | ConvertedType::UINT_16
                | ConvertedType::UINT_32
                | ConvertedType::UINT_64
        );
        match get_column_reader(descriptor, Box::new(pages)) {
            ColumnReader::DoubleColumnReader(reader) => self.drain(reader, to, |v| Ok(*v)),
            ColumnReader::FloatColumnReader(reader) => {
                self.drain(reader, to, |v| Ok(f64::from(*v)))
            }
            ColumnReader::BoolColumnReader(reader) => {
                self.drain(reader, to, |v| Ok(f64::from(u8::from(*v))))
            }
            ColumnReader::Int32ColumnReader(reader) if unsigned => {
                self.drain(reader, to, |v| Ok(f64::from(v.cast_unsigned())))
            }
            ColumnReader::Int32ColumnReader(reader) => {
                self.drain(reader, to, |v| Ok(f64::from(*v)))
            }
            ColumnReader::Int64ColumnReader(reader) if unsigned => self.drain(reader, to, |v| {
                let v = v.cast_unsigned();
                (v <= EXACT).then_some(v as f64).ok_or(i128::from(v))
            }),
            ColumnReader::Int64ColumnReader(reader) => self.drain(reader, to, |v| {
                let exact = v.unsigned_abs() <= EXACT;
                exact.then_some(*v as f64).ok_or(i128::from(*v))
            }),
            _ => Err(Error::unreadable(self.path, "types in disagreement")),
        }
    }

    /// Everything that `reader` has, as doubles; a value that is none comes as `Err`.
    fn drain<T: DataType>(
        &self,
        mut reader: ColumnReaderImpl<T>,
        to: &mut Vec<f64>,
        number: impl Fn(&T::T) -> std::result::Result<f64, i128>,
    ) -> Result<()> {
        let (path, column) = (self.path.to_path_buf(), self.name());
        let (mut values, mut levels) = (Vec::new(), Vec::new());
        loop {
            values.clear();
            levels.clear();
            let (records, _, _) = reader
                .read_records(BATCH, Some(&mut levels), None, &mut values)
                .map_err(|error| self.damaged(&error))?;
            if records == 0 {
                return Ok(());
            }
            let full = self.descriptor.max_def_level();
            if let Some(at) = levels.iter().position(|level| *level < full) {
                // Values before it may be faulty too, but one fault is enough.
                let row = (to.len() + at + 1) as u64;
                return Err(Error::Missing { path, column, row });
            }
            for value in &values {
                let row = to.len() as u64 + 1;
                match number(value) {
                    Ok(number) if number.is_finite() => to.push(number),
                    Ok(value) => {
                        return Err(Error::NotFinite {
                            path,
                            column,
                            row,
                            value,
                        });
                    }
                    Err(value) => {
                        return Err(Error::Inexact {
                            path,
                            column,
                            row,
                            value,
                        });
                    }
                }
            }
        }
    }

    fn damaged(&self, error: &ParquetError) -> Error {
        Error::unreadable(self.path, &format!("column `{}`: {error}", self.name()))
    }
}
