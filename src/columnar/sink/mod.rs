//! The rows of a sweep on their way to a file: written in order under a temporary
//! name, with a journal beside them, so that a sweep killed at any instant goes on
//! where it was and ends in the same bytes.

// Every error is the file system's, or that of a column that cannot be written.
#![allow(clippy::missing_errors_doc)]

mod csv;
#[cfg(feature = "parquet")]
mod parquet;

use jianpai_sweep::engine::run::{Sink, lock};
use jianpai_sweep::engine::{Carried, Column};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// How the rows of the draws are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Columns under zstd, for pandas and the like
    #[cfg(feature = "parquet")]
    Parquet,
    /// One line a draw
    Csv,
    /// Summaries only
    None,
}

impl Format {
    /// Its name on the command line.
    pub fn id(self) -> &'static str {
        match self {
            #[cfg(feature = "parquet")]
            Self::Parquet => "parquet",
            Self::Csv => "csv",
            Self::None => "none",
        }
    }

    /// The formats there are, the one first that is taken where none is asked for.
    pub const ALL: &'static [Self] = &[
        #[cfg(feature = "parquet")]
        Self::Parquet,
        Self::Csv,
        Self::None,
    ];

    /// The format with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|format| format.id() == name)
    }

    /// The file of the rows.
    pub fn file(self) -> Option<&'static str> {
        match self {
            #[cfg(feature = "parquet")]
            Self::Parquet => Some("draws.parquet"),
            Self::Csv => Some("draws.csv"),
            Self::None => None,
        }
    }
}

/// Rows that have been written beside their place.
#[derive(Debug)]
pub struct SealedRows {
    /// The name they get.
    pub name: &'static str,
    /// Where they stand.
    pub part: PathBuf,
    /// What goes once they are in place.
    pub journal: PathBuf,
    /// SHA-256 of the whole file, in hexadecimal digits.
    pub sha256: String,
}

/// What is to be written, and where.
pub struct Layout<'a> {
    /// The folder of the results.
    pub folder: &'a Path,
    /// CSV or Parquet.
    pub format: Format,
    /// What the rows depend on, the slice not included.
    pub fingerprint: &'a str,
    /// Draws of the whole sweep.
    pub draws: u64,
    /// The columns, those carried along behind the others.
    pub names: Vec<String>,
    /// What each column holds, those carried along not included.
    pub columns: &'a [Column],
    /// The unit of each of these, empty for none. Parquet says them in its metadata; CSV
    /// has no place for them.
    pub units: Vec<String>,
    /// Columns that are carried along.
    pub carried: Arc<[Carried]>,
    /// The first chunk of the slice, and its first draw.
    pub first: (u64, u64),
    /// Draws of a chunk.
    pub chunk: u64,
}

/// Rows on their way to a file.
pub struct Rows(Inner);

enum Inner {
    Csv(Mutex<csv::Rows>, Arc<[Carried]>),
    #[cfg(feature = "parquet")]
    Parquet(parquet::Rows),
}

/// Encoded rows.
pub struct Encoded(Bytes);

enum Bytes {
    Csv(Vec<u8>),
    #[cfg(feature = "parquet")]
    Parquet(crate::Segment),
}

/// Why rows cannot be resumed.
#[derive(Debug)]
pub enum Refusal {
    /// There is nothing to resume.
    Nothing,
    /// The rows are those of another sweep.
    Other,
}

impl Inner {
    fn csv(rows: csv::Rows, layout: &Layout<'_>) -> Self {
        Self::Csv(Mutex::new(rows), Arc::clone(&layout.carried))
    }
}

impl Rows {
    /// Starts the rows anew.
    pub fn create(layout: &Layout<'_>) -> io::Result<Self> {
        Ok(Self(match layout.format {
            #[cfg(feature = "parquet")]
            Format::Parquet => Inner::Parquet(parquet::Rows::create(layout)?),
            _ => Inner::csv(csv::Rows::create(layout)?, layout),
        }))
    }

    /// Goes on with rows; returns the chunk to go on from.
    pub fn resume(layout: &Layout<'_>) -> io::Result<Result<(Self, u64), Refusal>> {
        let found = match layout.format {
            #[cfg(feature = "parquet")]
            Format::Parquet => {
                parquet::Rows::resume(layout)?.map(|(rows, chunk)| (Inner::Parquet(rows), chunk))
            }
            _ => csv::Rows::resume(layout)?.map(|(rows, chunk)| (Inner::csv(rows, layout), chunk)),
        };
        Ok(found.map(|(rows, chunk)| (Self(rows), chunk)))
    }

    /// Ends the file, which has its name to get still.
    pub fn seal(self) -> io::Result<SealedRows> {
        match self.0 {
            Inner::Csv(rows, _) => {
                let rows = rows.into_inner();
                rows.unwrap_or_else(PoisonError::into_inner).seal()
            }
            #[cfg(feature = "parquet")]
            Inner::Parquet(rows) => rows.seal(),
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
        let bytes = match &self.0 {
            Inner::Csv(_, carried) => {
                let lines = jianpai_sweep::engine::output::lines_with(first, values, carried);
                lines.map(Bytes::Csv)
            }
            #[cfg(feature = "parquet")]
            Inner::Parquet(rows) => rows.encode(first, values).map(Bytes::Parquet),
        };
        bytes.map(Encoded)
    }

    fn write(&self, encoded: Encoded) -> io::Result<()> {
        match (&self.0, encoded.0) {
            (Inner::Csv(rows, _), Bytes::Csv(lines)) => lock(rows).write(&lines),
            #[cfg(feature = "parquet")]
            (Inner::Parquet(rows), Bytes::Parquet(segment)) => rows.write(&segment),
            // A sink encodes for itself.
            #[cfg(feature = "parquet")]
            _ => Ok(()),
        }
    }

    fn checkpoint(&self, chunks: u64) -> io::Result<()> {
        match &self.0 {
            Inner::Csv(rows, _) => lock(rows).checkpoint(chunks),
            // Every segment is written down as it comes.
            #[cfg(feature = "parquet")]
            Inner::Parquet(_) => Ok(()),
        }
    }
}
