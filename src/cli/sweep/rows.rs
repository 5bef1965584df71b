//! The rows of a sweep on their way to a file: written in order under a temporary
//! name, with a journal beside them, so that a sweep killed at any instant goes on
//! where it was and ends in the same bytes.

mod csv;
#[cfg(feature = "parquet")]
mod parquet;

use super::super::results::SealedRows;
use clap::ValueEnum;
use jianpai_sweep::engine::run::{Sink, lock};
use jianpai_sweep::engine::{Carried, Column};
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// How the rows of the draws are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Columns under zstd, for pandas and the like
    #[cfg(feature = "parquet")]
    Parquet,
    /// One line a draw
    Csv,
    /// Summaries only
    None,
}

impl Format {
    /// The format where none is asked for.
    #[cfg(feature = "parquet")]
    pub(super) const DEFAULT: Self = Self::Parquet;
    /// The format where none is asked for.
    #[cfg(not(feature = "parquet"))]
    pub(super) const DEFAULT: Self = Self::Csv;

    /// Its name on the command line.
    pub(super) fn id(self) -> &'static str {
        match self {
            #[cfg(feature = "parquet")]
            Self::Parquet => "parquet",
            Self::Csv => "csv",
            Self::None => "none",
        }
    }

    /// The format with this name.
    pub(in super::super) fn named(name: &str) -> Option<Self> {
        let all = <Self as ValueEnum>::value_variants();
        all.iter().copied().find(|format| format.id() == name)
    }

    /// The file of the rows.
    pub(super) fn file(self) -> Option<&'static str> {
        match self {
            #[cfg(feature = "parquet")]
            Self::Parquet => Some("draws.parquet"),
            Self::Csv => Some("draws.csv"),
            Self::None => None,
        }
    }
}

/// What is to be written, and where.
pub(super) struct Layout<'a> {
    pub folder: &'a Path,
    pub format: Format,
    /// What the rows depend on, the slice not included.
    pub fingerprint: &'a str,
    /// Draws of the whole sweep.
    pub draws: u64,
    /// The columns, those carried along behind the others.
    pub names: Vec<String>,
    /// What each column holds, those carried along not included.
    pub columns: &'a [Column],
    /// Columns that are carried along.
    pub carried: Arc<[Carried]>,
    /// The first chunk of the slice, and its first draw.
    pub first: (u64, u64),
    /// Draws of a chunk.
    pub chunk: u64,
}

/// Rows on their way to a file.
pub(super) enum Rows {
    Csv(Mutex<csv::Rows>, Arc<[Carried]>),
    #[cfg(feature = "parquet")]
    Parquet(parquet::Rows),
}

/// Encoded rows.
pub(super) enum Encoded {
    Csv(Vec<u8>),
    #[cfg(feature = "parquet")]
    Parquet(jianpai_columnar::Segment),
}

/// Why rows cannot be resumed.
#[derive(Debug)]
pub(super) enum Refusal {
    /// There is nothing to resume.
    Nothing,
    /// The rows are those of another sweep.
    Other,
}

impl Rows {
    fn csv(rows: csv::Rows, layout: &Layout<'_>) -> Self {
        Self::Csv(Mutex::new(rows), Arc::clone(&layout.carried))
    }

    /// Starts the rows anew.
    pub(super) fn create(layout: &Layout<'_>) -> io::Result<Self> {
        match layout.format {
            #[cfg(feature = "parquet")]
            Format::Parquet => parquet::Rows::create(layout).map(Self::Parquet),
            _ => csv::Rows::create(layout).map(|rows| Self::csv(rows, layout)),
        }
    }

    /// Goes on with rows; returns the chunk to go on from.
    pub(super) fn resume(layout: &Layout<'_>) -> io::Result<Result<(Self, u64), Refusal>> {
        Ok(match layout.format {
            #[cfg(feature = "parquet")]
            Format::Parquet => {
                parquet::Rows::resume(layout)?.map(|(rows, chunk)| (Self::Parquet(rows), chunk))
            }
            _ => csv::Rows::resume(layout)?.map(|(rows, chunk)| (Self::csv(rows, layout), chunk)),
        })
    }

    /// Ends the file, which has its name to get still.
    pub(super) fn seal(self) -> io::Result<SealedRows> {
        match self {
            Self::Csv(rows, _) => {
                let rows = rows.into_inner();
                rows.unwrap_or_else(PoisonError::into_inner).seal()
            }
            #[cfg(feature = "parquet")]
            Self::Parquet(rows) => rows.seal(),
        }
    }
}

impl Sink for Rows {
    type Encoded = Encoded;
    type Error = io::Error;

    fn wants(&self, _: u64) -> bool {
        true
    }

    fn encode(&self, _: u64, first: u64, values: &[Vec<f64>]) -> io::Result<Encoded> {
        match self {
            Self::Csv(_, carried) => {
                let lines = jianpai_sweep::engine::output::lines_with(first, values, carried);
                lines.map(Encoded::Csv)
            }
            #[cfg(feature = "parquet")]
            Self::Parquet(rows) => rows.encode(first, values).map(Encoded::Parquet),
        }
    }

    fn write(&self, encoded: Encoded) -> io::Result<()> {
        match (self, encoded) {
            (Self::Csv(rows, _), Encoded::Csv(lines)) => lock(rows).write(&lines),
            #[cfg(feature = "parquet")]
            (Self::Parquet(rows), Encoded::Parquet(segment)) => rows.write(&segment),
            // A sink encodes for itself.
            #[cfg(feature = "parquet")]
            _ => Ok(()),
        }
    }

    fn checkpoint(&self, chunks: u64) -> io::Result<()> {
        match self {
            Self::Csv(rows, _) => lock(rows).checkpoint(chunks),
            // Every segment is written down as it comes.
            #[cfg(feature = "parquet")]
            Self::Parquet(_) => Ok(()),
        }
    }
}
