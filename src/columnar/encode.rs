//! Rows → one encoded row group, in memory.

use crate::error::{Error, Result};
use crate::schema::{ColumnKind, Schema};
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::column::writer::{
    ColumnCloseResult, ColumnWriterImpl, get_column_writer, get_typed_column_writer,
};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::metadata::RowGroupMetaData;
use parquet::file::properties::{
    EnabledStatistics, WriterProperties, WriterPropertiesPtr, WriterVersion,
};
use parquet::file::statistics::{Statistics, ValueStatistics};
use parquet::file::writer::{SerializedPageWriter, TrackedWrite};
use rayon::prelude::*;
use std::sync::{Arc, LazyLock};

/// A good number of rows for a segment: 84 MB for 40 columns of doubles while they are encoded,
/// and a footer of 20 MB for 1e9 draws.
pub const SEGMENT_ROWS: usize = 1 << 18;

/// Bytes of a page before compression. Smaller ones compress worse; larger ones fall
/// out of the processor's cache and take longer.
const PAGE: usize = 256 << 10;

/// The values of one column.
#[derive(Clone, Copy, Debug)]
pub enum Values<'a> {
    /// Of [`ColumnKind::Real`].
    Real(&'a [f64]),
    /// Of [`ColumnKind::Sparse`]: what is not a number is missing.
    Sparse(&'a [f64]),
    /// Of [`ColumnKind::Flag`].
    Flag(&'a [bool]),
    /// Of [`ColumnKind::Whole`].
    Whole(&'a [i64]),
    /// Of [`ColumnKind::Text`].
    Text(&'a [String]),
}

impl Values<'_> {
    /// How many there are.
    pub fn len(&self) -> usize {
        match self {
            Values::Real(values) | Values::Sparse(values) => values.len(),
            Values::Flag(values) => values.len(),
            Values::Whole(values) => values.len(),
            Values::Text(values) => values.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn kind(&self) -> ColumnKind {
        match self {
            Values::Real(_) => ColumnKind::Real,
            Values::Sparse(_) => ColumnKind::Sparse,
            Values::Flag(_) => ColumnKind::Flag,
            Values::Whole(_) => ColumnKind::Whole,
            Values::Text(_) => ColumnKind::Text,
        }
    }
}

/// An encoded row group: consecutive draws.
#[derive(Debug)]
pub struct Segment {
    pub(crate) first: u64,
    pub(crate) rows: u64,
    pub(crate) chunks: Vec<Vec<u8>>,
    /// Offsets count from the start of the first chunk.
    pub(crate) group: RowGroupMetaData,
}

impl Segment {
    /// The index of the first draw.
    pub fn first(&self) -> u64 {
        self.first
    }

    /// The number of draws.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// The encoded bytes, without the footer.
    pub fn bytes(&self) -> u64 {
        self.chunks.iter().map(|chunk| chunk.len() as u64).sum()
    }
}

/// Encodes the draws from `first` on. Pure; columns are encoded in parallel on the
/// current rayon pool, and the bytes do not depend on it.
///
/// # Errors
/// [`Error::Shape`]: the columns do not fit `schema`, are of unequal length, or empty.
/// [`Error::WriteNotFinite`]: a number is not finite (−0 and subnormals are kept), or, in
/// a sparse column, is infinite.
pub fn encode(schema: &Schema, first: u64, columns: &[Values<'_>]) -> Result<Segment> {
    let rows = check(schema, first, columns)?;
    let draws: Vec<i64> = (first..first + rows).map(u64::cast_signed).collect();
    let chunks: Result<Vec<(Vec<u8>, ColumnCloseResult)>> = (0..=columns.len())
        .into_par_iter()
        .map(|at| match at.checked_sub(1) {
            None => chunk(schema, 0, Values::Whole(&draws), &WHOLE),
            Some(c) => {
                let (properties, ends) = match columns[c] {
                    Values::Real(values) => {
                        let name = &schema.columns()[c].0;
                        (&REAL, Some(ends(name, first, values, 0)?))
                    }
                    Values::Sparse(values) => {
                        let name = &schema.columns()[c].0;
                        (&REAL, Some(sparse_ends(name, first, values)?))
                    }
                    Values::Flag(_) => (&FLAG, None),
                    Values::Whole(_) => (&WHOLE, None),
                    Values::Text(_) => (&TEXT, None),
                };
                let (bytes, mut closed) = chunk(schema, at, columns[c], properties)?;
                if let Some(ends) = ends {
                    let column = closed.metadata.into_builder().set_statistics(ends);
                    closed.metadata = column.build().map_err(|error| shape(&error))?;
                }
                Ok((bytes, closed))
            }
        })
        .collect();
    segment(schema, first, rows, chunks?)
}

fn check(schema: &Schema, first: u64, columns: &[Values<'_>]) -> Result<u64> {
    let expected = schema.columns();
    if columns.len() != expected.len() {
        let (n, m) = (columns.len(), expected.len());
        return Err(Error::Shape(format!("{n} columns instead of {m}")));
    }
    let rows = columns.first().map_or(0, Values::len);
    for (values, (name, kind)) in columns.iter().zip(expected) {
        if values.kind() != *kind {
            let found = values.kind();
            return Err(Error::Shape(format!("`{name}`: {found:?} for {kind:?}")));
        }
        if values.len() != rows {
            let n = values.len();
            return Err(Error::Shape(format!(
                "`{name}`: {n} rows instead of {rows}"
            )));
        }
    }
    let rows = rows as u64;
    let last = first.checked_add(rows);
    if rows == 0 || last.is_none_or(|last| i64::try_from(last).is_err()) {
        return Err(Error::Shape(format!("{rows} rows from draw {first} on")));
    }
    Ok(rows)
}

/// The least and the greatest of a column's values, for those who read only what they
/// need of a file. Zeros as the format wants them: −0 is the least one, +0 the greatest.
fn ends(column: &str, first: u64, values: &[f64], missing: u64) -> Result<Statistics> {
    const LANES: usize = 8;
    let less = |a: f64, b: f64| if a < b { a } else { b };
    let more = |a: f64, b: f64| if a > b { a } else { b };
    let (mut least, mut greatest) = ([f64::INFINITY; LANES], [f64::NEG_INFINITY; LANES]);
    // A value that is not finite makes its sum NaN, and NaN stays.
    let mut sound = [0.0; LANES];
    let (lanes, rest) = values.as_chunks::<LANES>();
    let mut take = |lane: &[f64]| {
        let all = least.iter_mut().zip(&mut greatest).zip(&mut sound);
        for (((least, greatest), sound), value) in all.zip(lane) {
            *least = less(*value, *least);
            *greatest = more(*value, *greatest);
            *sound += value * 0.0;
        }
    };
    for lane in lanes {
        take(lane);
    }
    take(rest);
    if sound.iter().any(|lane| lane.is_nan()) {
        let mut draws = (first..).zip(values);
        if let Some((draw, value)) = draws.find(|(_, value)| !value.is_finite()) {
            let (column, value) = (column.to_string(), *value);
            return Err(Error::WriteNotFinite {
                column,
                draw,
                value,
            });
        }
    }
    let least = least.into_iter().fold(f64::INFINITY, less);
    let greatest = greatest.into_iter().fold(f64::NEG_INFINITY, more);
    let least = if least == 0.0 { -0.0 } else { least };
    let ends = ValueStatistics::new(
        Some(least),
        Some(greatest + 0.0),
        None,
        Some(missing),
        false,
    );
    let ends = ends.with_min_is_exact(true).with_max_is_exact(true);
    Ok(ends.with_nan_count(Some(0)).into())
}

/// The same for a sparse column, over the values that are not missing.
fn sparse_ends(column: &str, first: u64, values: &[f64]) -> Result<Statistics> {
    let there: Vec<f64> = values.iter().copied().filter(|v| !v.is_nan()).collect();
    if there.len() == values.len() {
        return ends(column, first, values, 0);
    }
    let mut draws = (first..).zip(values);
    if let Some((draw, value)) = draws.find(|(_, value)| value.is_infinite()) {
        let (column, value) = (column.to_string(), *value);
        return Err(Error::WriteNotFinite {
            column,
            draw,
            value,
        });
    }
    let missing = (values.len() - there.len()) as u64;
    if there.is_empty() {
        return Ok(ValueStatistics::<f64>::new(None, None, None, Some(missing), false).into());
    }
    ends(column, first, &there, missing)
}

static REAL: LazyLock<WriterPropertiesPtr> =
    // Statistics: see `ends`.
    LazyLock::new(|| properties(Encoding::BYTE_STREAM_SPLIT, EnabledStatistics::None));
static FLAG: LazyLock<WriterPropertiesPtr> =
    LazyLock::new(|| properties(Encoding::PLAIN, EnabledStatistics::Chunk));
static WHOLE: LazyLock<WriterPropertiesPtr> =
    LazyLock::new(|| properties(Encoding::DELTA_BINARY_PACKED, EnabledStatistics::Chunk));
static TEXT: LazyLock<WriterPropertiesPtr> =
    LazyLock::new(|| properties(Encoding::PLAIN, EnabledStatistics::None));

fn properties(encoding: Encoding, statistics: EnabledStatistics) -> WriterPropertiesPtr {
    Arc::new(
        WriterProperties::builder()
            // Pages of the second version: their values are compressed where they stand.
            .set_writer_version(WriterVersion::PARQUET_2_0)
            .set_dictionary_enabled(false)
            .set_encoding(encoding)
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_statistics_enabled(statistics)
            .set_offset_index_disabled(true)
            .set_data_page_size_limit(PAGE)
            .set_data_page_row_count_limit(usize::MAX)
            .set_write_batch_size(PAGE / size_of::<f64>())
            .build(),
    )
}

/// One column, encoded by itself: offsets count from its own start.
fn chunk(
    schema: &Schema,
    at: usize,
    values: Values<'_>,
    properties: &WriterPropertiesPtr,
) -> Result<(Vec<u8>, ColumnCloseResult)> {
    let size = match values {
        Values::Real(values) | Values::Sparse(values) => size_of_val(values),
        Values::Flag(values) => values.len() / 8,
        Values::Whole(values) => values.len(),
        Values::Text(values) => values.iter().map(String::len).sum(),
    };
    let mut out = TrackedWrite::new(Vec::with_capacity(size));
    let closed = match values {
        Values::Real(values) => fill(open::<DoubleType>(schema, at, properties, &mut out), values),
        Values::Sparse(values) => sparse(open(schema, at, properties, &mut out), values),
        Values::Flag(values) => fill(open::<BoolType>(schema, at, properties, &mut out), values),
        Values::Whole(values) => fill(open::<Int64Type>(schema, at, properties, &mut out), values),
        Values::Text(values) => {
            let values: Vec<ByteArray> = values.iter().map(|v| v.as_str().into()).collect();
            fill(
                open::<ByteArrayType>(schema, at, properties, &mut out),
                &values,
            )
        }
    };
    let both = closed.and_then(|closed| Ok((out.into_inner()?, closed)));
    let (mut bytes, closed) = both.map_err(|error| shape(&error))?;
    bytes.shrink_to_fit();
    Ok((bytes, closed))
}

fn open<'a, T: DataType>(
    schema: &Schema,
    at: usize,
    properties: &WriterPropertiesPtr,
    out: &'a mut TrackedWrite<Vec<u8>>,
) -> ColumnWriterImpl<'a, T> {
    let pages = Box::new(SerializedPageWriter::new(out));
    let column = schema.descriptor().column(at);
    get_typed_column_writer(get_column_writer(column, properties.clone(), pages))
}

fn fill<T: DataType>(
    mut writer: ColumnWriterImpl<'_, T>,
    values: &[T::T],
) -> parquet::errors::Result<ColumnCloseResult> {
    writer.write_batch(values, None, None)?;
    writer.close()
}

/// A column with values missing: one level a row, 1 where there is one.
fn sparse(
    mut writer: ColumnWriterImpl<'_, DoubleType>,
    values: &[f64],
) -> parquet::errors::Result<ColumnCloseResult> {
    let levels: Vec<i16> = values.iter().map(|v| i16::from(!v.is_nan())).collect();
    let there: Vec<f64> = values.iter().copied().filter(|v| !v.is_nan()).collect();
    writer.write_batch(&there, Some(&levels), None)?;
    writer.close()
}

fn segment(
    schema: &Schema,
    first: u64,
    rows: u64,
    columns: Vec<(Vec<u8>, ColumnCloseResult)>,
) -> Result<Segment> {
    let mut chunks = Vec::with_capacity(columns.len());
    let mut group = RowGroupMetaData::builder(schema.descriptor().clone())
        .set_num_rows(rows.cast_signed())
        .set_file_offset(0);
    let (mut at, mut plain) = (0_i64, 0);
    for (bytes, closed) in columns {
        let column = closed.metadata;
        plain += column.uncompressed_size();
        let offset = column.data_page_offset() + at;
        let column = column
            .into_builder()
            .set_data_page_offset(offset)
            .clear_page_encoding_stats()
            .build();
        group = group.add_column_metadata(column.map_err(|error| shape(&error))?);
        at += (bytes.len() as u64).cast_signed();
        chunks.push(bytes);
    }
    let group = group
        .set_total_byte_size(plain)
        .build()
        .map_err(|error| shape(&error))?;
    Ok(Segment {
        first,
        rows,
        chunks,
        group,
    })
}

fn shape(error: &ParquetError) -> Error {
    Error::Shape(error.to_string())
}
