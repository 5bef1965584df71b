//! Rows as Parquet: a chunk of draws is a row group.

use super::layout::{Layout, Refusal, SealedRows};
use crate::encode::{Segment, Values, encode};
use crate::error::Error;
use crate::merge::TOTAL;
use crate::rows;
use crate::schema::{ColumnKind, Schema};
use jianpai_sweep::engine::Column;
use jianpai_sweep::engine::carried::Cells;
use jianpai_sweep::engine::run::lock;
use std::io;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

/// The file.
const NAME: &str = "draws.parquet";

/// Rows on their way to `draws.parquet`.
pub(crate) struct Rows {
    file: Mutex<rows::Rows>,
    schema: Schema,
    carried: Vec<Cells>,
}

fn kind_of(cells: &Cells) -> ColumnKind {
    match cells {
        Cells::Whole(_) => ColumnKind::Whole,
        Cells::Real(_) => ColumnKind::Real,
        Cells::Flag(_) => ColumnKind::Flag,
        Cells::Text(_) => ColumnKind::Text,
    }
}

/// The values of some draws.
fn of_draws(cells: &Cells, draws: Range<usize>) -> Values<'_> {
    match cells {
        Cells::Whole(values) => Values::Whole(values.get(draws).unwrap_or_default()),
        Cells::Real(values) => Values::Real(values.get(draws).unwrap_or_default()),
        Cells::Flag(values) => Values::Flag(values.get(draws).unwrap_or_default()),
        Cells::Text(values) => Values::Text(values.get(draws).unwrap_or_default()),
    }
}

fn carried(layout: &Layout<'_>) -> Vec<Cells> {
    let carried = layout.carried.iter();
    carried.map(|(_, cells)| Cells::of(cells)).collect()
}

/// An error of this crate as one of input and output.
fn other(error: Error) -> io::Error {
    match error {
        Error::Io { path, source } => {
            io::Error::new(source.kind(), format!("{}: {source}", path.display()))
        }
        error => io::Error::other(error),
    }
}

fn schema(layout: &Layout<'_>) -> io::Result<Schema> {
    let kind = |column: &Column| match column {
        column if column.is_flag() => ColumnKind::Flag,
        // Some draws have none.
        column if column.is_result() => ColumnKind::Sparse,
        _ => ColumnKind::Real,
    };
    let carried = carried(layout);
    let behind = carried.iter().map(kind_of);
    let kinds = layout.columns.iter().map(kind).chain(behind);
    let columns = layout.names.iter().zip(kinds);
    let schema = Schema::new(columns.map(|(name, kind)| (name.clone(), kind)));
    let schema = schema.map_err(other)?;
    Ok(schema.with_units(layout.units.iter().cloned()))
}

fn parts(layout: &Layout<'_>) -> (PathBuf, Vec<(String, String)>) {
    let metadata = vec![
        ("sweep".to_string(), layout.fingerprint.to_string()),
        (TOTAL.to_string(), layout.draws.to_string()),
    ];
    (layout.folder.join(NAME), metadata)
}

impl Rows {
    pub(super) fn create(layout: &Layout<'_>) -> io::Result<Self> {
        let (schema, (out, metadata)) = (schema(layout)?, parts(layout));
        let rows = rows::Rows::create(&out, &schema, &metadata, layout.first.1);
        Ok(Self {
            file: Mutex::new(rows.map_err(other)?),
            schema,
            carried: carried(layout),
        })
    }

    pub(super) fn resume(layout: &Layout<'_>) -> io::Result<Result<(Self, u64), Refusal>> {
        let (schema, (out, metadata)) = (schema(layout)?, parts(layout));
        let found = rows::Rows::resume(&out, &schema, &metadata, layout.first.1);
        Ok(match found {
            Ok(Some(rows)) => {
                let chunk = rows.next().div_ceil(layout.chunk);
                let (file, carried) = (Mutex::new(rows), carried(layout));
                let rows = Self {
                    file,
                    schema,
                    carried,
                };
                Ok((rows, chunk))
            }
            Ok(None) => Err(Refusal::Nothing),
            Err(Error::OtherSweep { .. } | Error::OtherColumns { .. }) => Err(Refusal::Other),
            Err(error) => return Err(other(error)),
        })
    }

    pub(super) fn encode(&self, first: u64, values: &[Vec<f64>]) -> io::Result<Segment> {
        let kinds = self.schema.columns().iter().map(|(_, kind)| *kind);
        let flags: Vec<Vec<bool>> = values
            .iter()
            .zip(kinds.clone())
            .filter(|(_, kind)| *kind == ColumnKind::Flag)
            .map(|(column, _)| column.iter().map(|value| *value > 0.5).collect())
            .collect();
        let mut flags = flags.iter();
        let start = usize::try_from(first).unwrap_or(usize::MAX);
        let draws = start..start.saturating_add(values.first().map_or(0, Vec::len));
        let behind = self
            .carried
            .iter()
            .map(|column| of_draws(column, draws.clone()));
        let columns: Vec<Values<'_>> = values
            .iter()
            .zip(kinds)
            .map(|(column, kind)| match kind {
                ColumnKind::Flag => Values::Flag(flags.next().map_or(&[], Vec::as_slice)),
                ColumnKind::Sparse => Values::Sparse(column),
                ColumnKind::Real | ColumnKind::Whole | ColumnKind::Text => Values::Real(column),
            })
            .chain(behind)
            .collect();
        encode(&self.schema, first, &columns).map_err(other)
    }

    pub(super) fn write(&self, segment: &Segment) -> io::Result<()> {
        lock(&self.file).append(segment).map_err(other)
    }

    pub(super) fn seal(self) -> io::Result<SealedRows> {
        let file = self.file.into_inner();
        let file = file.unwrap_or_else(PoisonError::into_inner);
        let sealed = file.seal().map_err(other)?;
        Ok(SealedRows {
            name: NAME,
            part: sealed.part,
            journal: sealed.journal,
            sha256: sealed.sha256,
        })
    }
}
