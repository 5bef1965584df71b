//! Rows as Parquet: a chunk of draws is a row group.

use super::super::super::results::SealedRows;
use super::{Layout, Refusal};
use jianpai_columnar::{self as columnar, Error, Kind, Schema, Segment, Values};
use jianpai_sweep::engine::Column;
use jianpai_sweep::engine::run::lock;
use std::io;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

/// The file.
const NAME: &str = "draws.parquet";

/// Rows on their way to `draws.parquet`.
pub(crate) struct Rows {
    file: Mutex<columnar::Rows>,
    schema: Schema,
}

/// What an error of the columns is to the rest of the program.
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
        column if column.is_flag() => Kind::Flag,
        // Some draws have none.
        column if column.is_result() => Kind::Sparse,
        _ => Kind::Real,
    };
    let columns = layout.names.iter().zip(layout.columns.iter().map(kind));
    Schema::new(columns.map(|(name, kind)| (name.clone(), kind))).map_err(other)
}

fn parts(layout: &Layout<'_>) -> (PathBuf, Vec<(String, String)>) {
    let metadata = vec![
        ("sweep".to_string(), layout.fingerprint.to_string()),
        (columnar::TOTAL.to_string(), layout.draws.to_string()),
    ];
    (layout.folder.join(NAME), metadata)
}

impl Rows {
    pub(super) fn create(layout: &Layout<'_>) -> io::Result<Self> {
        let (schema, (out, metadata)) = (schema(layout)?, parts(layout));
        let rows = columnar::Rows::create(&out, &schema, &metadata, layout.first.1);
        Ok(Self {
            file: Mutex::new(rows.map_err(other)?),
            schema,
        })
    }

    pub(super) fn resume(layout: &Layout<'_>) -> io::Result<Result<(Self, u64), Refusal>> {
        let (schema, (out, metadata)) = (schema(layout)?, parts(layout));
        let found = columnar::Rows::resume(&out, &schema, &metadata, layout.first.1);
        Ok(match found {
            Ok(Some(rows)) => {
                let chunk = rows.next().div_ceil(layout.chunk);
                let file = Mutex::new(rows);
                Ok((Self { file, schema }, chunk))
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
            .filter(|(_, kind)| *kind == Kind::Flag)
            .map(|(column, _)| column.iter().map(|value| *value > 0.5).collect())
            .collect();
        let mut flags = flags.iter();
        let columns: Vec<Values<'_>> = values
            .iter()
            .zip(kinds)
            .map(|(column, kind)| match kind {
                Kind::Flag => Values::Flag(flags.next().map_or(&[], Vec::as_slice)),
                Kind::Sparse => Values::Sparse(column),
                Kind::Real | Kind::Whole => Values::Real(column),
            })
            .collect();
        columnar::encode(&self.schema, first, &columns).map_err(other)
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
