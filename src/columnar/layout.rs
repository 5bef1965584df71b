//! Where things stand in a file of this crate: the magic bytes, the row groups one
//! after another with nothing between them, the footer.

use crate::error::{Error, Result};
use crate::schema::{Schema, UNITS};
use parquet::errors::ParquetError;
use parquet::file::metadata::{
    ColumnChunkMetaData, FileMetaData, KeyValue, ParquetMetaData, ParquetMetaDataReader,
    ParquetMetaDataWriter, RowGroupMetaData,
};
use parquet::file::statistics::Statistics;
use parquet::schema::types::SchemaDescriptor;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// What begins and ends a file.
pub(crate) const MAGIC: &[u8; 4] = b"PAR1";
/// Bytes after the footer: its length and the magic.
pub(crate) const TAIL: u8 = 8;
/// Who writes, in the form that the format asks for.
const CREATED_BY: &str = concat!("jianpai version ", env!("CARGO_PKG_VERSION"));
/// The version of the format that allows all encodings used.
const FORMAT: i32 = 2;

/// What a footer says beside its row groups.
pub(crate) fn head(schema: &Schema, metadata: &[(String, String)]) -> FileMetaData {
    let pairs = metadata
        .iter()
        .map(|(key, value)| KeyValue::new(key.clone(), value.clone()));
    let units = schema.units();
    let units = units.map(|units| KeyValue::new(UNITS.to_string(), units));
    let pairs: Vec<KeyValue> = pairs.chain(units).collect();
    let pairs = (!pairs.is_empty()).then_some(pairs);
    let by = Some(CREATED_BY.to_string());
    FileMetaData::new(FORMAT, 0, by, pairs, schema.descriptor().clone(), None)
}

/// The bytes of a footer with its tail.
pub(crate) fn footer(
    head: &FileMetaData,
    groups: Vec<RowGroupMetaData>,
) -> std::result::Result<Vec<u8>, ParquetError> {
    let mut bytes = Vec::new();
    let metadata = ParquetMetaData::new(head.clone(), groups);
    ParquetMetaDataWriter::new(&mut bytes, &metadata).finish()?;
    Ok(bytes)
}

/// A row group `by` bytes further on, as the `ordinal`th.
pub(crate) fn moved(
    group: RowGroupMetaData,
    by: i64,
    ordinal: usize,
) -> std::result::Result<RowGroupMetaData, ParquetError> {
    let mut columns = Vec::with_capacity(group.num_columns());
    for column in group.columns() {
        let offset = column.data_page_offset() + by;
        let column = column.clone().into_builder().set_data_page_offset(offset);
        columns.push(column.build()?);
    }
    let offset = columns
        .first()
        .map_or(0, ColumnChunkMetaData::data_page_offset);
    let ordinal = i32::try_from(ordinal)
        .map_err(|_| ParquetError::General("more than 2^31 row groups".into()))?;
    group
        .into_builder()
        .set_column_metadata(columns)
        .set_ordinal(ordinal)
        .set_file_offset(offset)
        .build()
}

/// Draws and bytes of a row group: `None` if it does not begin at byte `at`, is not
/// without holes, or does not say which consecutive draws it has.
pub(crate) fn extent(group: &RowGroupMetaData, at: u64) -> Option<Extent> {
    let mut end = at.cast_signed();
    for column in group.columns() {
        let (offset, size) = (column.data_page_offset(), column.compressed_size());
        if column.dictionary_page_offset().is_some() || offset != end || size < 0 {
            return None;
        }
        end = end.checked_add(size)?;
    }
    let Statistics::Int64(draws) = group.column(0).statistics()? else {
        return None;
    };
    let first = u64::try_from(*draws.min_opt()?).ok()?;
    let last = u64::try_from(*draws.max_opt()?).ok()?;
    let next = last.checked_add(1)?;
    let rows = u64::try_from(group.num_rows()).ok()?;
    (rows > 0 && next.checked_sub(first)? == rows).then_some(Extent {
        first,
        next,
        end: end.cast_unsigned(),
    })
}

/// Draws of a row group and where its bytes end.
pub(crate) struct Extent {
    pub(crate) first: u64,
    pub(crate) next: u64,
    pub(crate) end: u64,
}

/// A finished file of this crate.
pub(crate) struct Finished {
    pub(crate) path: PathBuf,
    pub(crate) metadata: ParquetMetaData,
    /// The first draw; 0 if there is none.
    pub(crate) first: u64,
    /// The draw after the last one.
    pub(crate) next: u64,
    /// Where the row groups end and the footer begins.
    pub(crate) end: u64,
}

/// Opens `path` and checks its footer, its length and its layout.
pub(crate) fn look(path: &Path) -> Result<Finished> {
    let file = File::open(path).map_err(Error::io(path))?;
    let length = file.metadata().map_err(Error::io(path))?.len();
    let metadata = footer_of(path, &file)?;
    let mut end = MAGIC.len() as u64;
    let mut draws: Option<(u64, u64)> = None;
    for group in metadata.row_groups() {
        let extent = extent(group, end)
            .filter(|extent| draws.is_none_or(|(_, next)| next == extent.first))
            .ok_or_else(|| Error::unreadable(path, "not laid out as by this program"))?;
        end = extent.end;
        draws = Some((draws.map_or(extent.first, |(first, _)| first), extent.next));
    }
    let footer = footer_length(&file).map_err(Error::io(path))?;
    if end.checked_add(footer) != Some(length) {
        return Err(Error::unreadable(path, "bytes are missing or too many"));
    }
    let (first, next) = draws.unwrap_or_default();
    Ok(Finished {
        path: path.to_path_buf(),
        metadata,
        first,
        next,
        end,
    })
}

/// Bytes of the footer with its tail, as the tail says.
fn footer_length(mut file: &File) -> io::Result<u64> {
    let mut length = [0; 4];
    file.seek(SeekFrom::End(-i64::from(TAIL)))?;
    file.read_exact(&mut length)?;
    Ok(u64::from(u32::from_le_bytes(length)) + u64::from(TAIL))
}

/// The footer of any Parquet file.
pub(crate) fn footer_of(path: &Path, file: &File) -> Result<ParquetMetaData> {
    ParquetMetaDataReader::new()
        .parse_and_finish(file)
        .map_err(|error| Error::unreadable(path, &error))
}

/// Whether `path` is a finished file of this program's, of any version, laid out as its
/// files are.
pub fn is_own(path: &Path) -> bool {
    let program = CREATED_BY.split(' ').next().unwrap_or_default();
    look(path).is_ok_and(|found| {
        let by = found.metadata.file_metadata().created_by();
        by.is_some_and(|by| by.starts_with(program))
    })
}

/// The first column in which two schemas differ.
pub(crate) fn other_column(a: &SchemaDescriptor, b: &SchemaDescriptor) -> Option<usize> {
    let (a, b) = (a.columns(), b.columns());
    let most = a.len().max(b.len());
    (0..most).find(|at| a.get(*at).map(|c| c.self_type()) != b.get(*at).map(|c| c.self_type()))
}

/// What differs between a file's head and the one expected, if anything does.
pub(crate) fn difference(
    path: &Path,
    found: &FileMetaData,
    expected: &FileMetaData,
) -> Option<Error> {
    let path = path.to_path_buf();
    if let Some(at) = other_column(found.schema_descr(), expected.schema_descr()) {
        return Some(Error::OtherColumns { path, at });
    }
    if found.created_by() != expected.created_by() {
        let key = "created_by".to_string();
        return Some(Error::OtherSweep { path, key });
    }
    let none = Vec::new();
    let a = found.key_value_metadata().unwrap_or(&none);
    let b = expected.key_value_metadata().unwrap_or(&none);
    let longest = a.len().max(b.len());
    let at = (0..longest).find(|i| a.get(*i) != b.get(*i))?;
    let key = b.get(at).or(a.get(at))?.key.clone();
    Some(Error::OtherSweep { path, key })
}

/// Whether `path` is a finished file with these columns and metadata, and exactly the
/// `rows` draws from `first` on, so that it need not be computed again. Looks at the
/// footer and the length, not at the values. A file that is not there, is cut off, or
/// is of another sweep is not whole.
pub fn is_whole(
    path: &Path,
    schema: &Schema,
    metadata: &[(String, String)],
    first: u64,
    rows: u64,
) -> bool {
    let Ok(found) = look(path) else {
        return false;
    };
    let draws = match rows {
        0 => (0, 0),
        _ => (first, first.saturating_add(rows)),
    };
    let expected = head(schema, metadata);
    let other = difference(path, found.metadata.file_metadata(), &expected);
    other.is_none() && (found.first, found.next) == draws
}
