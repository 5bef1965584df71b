//! The rows of a sweep on their way to a file: written in order under a temporary
//! name, with a journal beside them, so that a sweep killed at any instant goes on
//! where it was and ends in the same bytes.

// Every error is the file system's, or that of a column that cannot be written.
#![allow(clippy::missing_errors_doc)]

mod csv;
mod layout;
#[cfg(feature = "parquet")]
mod parquet;

pub use layout::{Format, Layout, Refusal, SealedRows};

use jianpai_sweep::engine::Carried;
use jianpai_sweep::engine::run::{Sink, lock};
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

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

    /// Goes on with rows that were begun; returns the first chunk that is missing.
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

    /// Ends the file, which still has its temporary name.
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
            // A sink writes only what it has encoded itself.
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
