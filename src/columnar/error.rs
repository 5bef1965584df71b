//! What can go wrong, by type, so that a caller can say it in the user's language.

use std::io;
use std::path::{Path, PathBuf};

/// The result of this crate's functions.
pub type Result<T> = std::result::Result<T, Error>;

/// What is wrong with the name of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnFault {
    /// It has no name.
    Empty,
    /// Two columns have it.
    Twice,
    /// It is that of the leading column, `draw`.
    Reserved,
}

/// What went wrong.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file cannot be opened, read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A file is not Parquet, is cut off or damaged, or not of the expected layout.
    #[error("{}: not a readable Parquet file: {why}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// A column's name cannot stand.
    #[error("column `{name}`: {}", match fault {
        ColumnFault::Empty => "it has no name",
        ColumnFault::Twice => "the name occurs twice",
        ColumnFault::Reserved => "the name is that of the leading column",
    })]
    Column {
        /// The name.
        name: String,
        /// What is wrong with it.
        fault: ColumnFault,
    },
    /// A column of a file has a type that is not a number or a flag.
    #[error("{}: column `{column}` is not of numbers but of {what}", path.display())]
    NotNumbers {
        /// The file.
        path: PathBuf,
        /// The column.
        column: String,
        /// Its type.
        what: String,
    },
    /// A column is compressed in a way that is not built in.
    #[error("{}: column `{column}` is compressed with {codec}, which is not read", path.display())]
    Codec {
        /// The file.
        path: PathBuf,
        /// The column.
        column: String,
        /// How it is compressed.
        codec: String,
    },
    /// A cell of a file is empty.
    #[error("{}: column `{column}`, row {row}: no value", path.display())]
    Missing {
        /// The file.
        path: PathBuf,
        /// The column.
        column: String,
        /// The row, the first being 1.
        row: u64,
    },
    /// A cell of a file is not a finite number.
    #[error("{}: column `{column}`, row {row}: {value} is not a finite number", path.display())]
    NotFinite {
        /// The file.
        path: PathBuf,
        /// The column.
        column: String,
        /// The row, the first being 1.
        row: u64,
        /// What stands there.
        value: f64,
    },
    /// A whole number in a file is too large for a double.
    #[error("{}: column `{column}`, row {row}: {value} is beyond 2^53 and cannot be kept exactly", path.display())]
    Inexact {
        /// The file.
        path: PathBuf,
        /// The column.
        column: String,
        /// The row, the first being 1.
        row: u64,
        /// What stands there.
        value: i128,
    },
    /// A number to be written is not finite.
    #[error("column `{column}`, draw {draw}: {value} is not a finite number")]
    WriteNotFinite {
        /// The column.
        column: String,
        /// The draw.
        draw: u64,
        /// What it would be.
        value: f64,
    },
    /// Columns to be written do not fit the schema, in number, kind or length.
    #[error("columns do not fit the schema: {0}")]
    Shape(String),
    /// A file's columns are not those of the others.
    #[error("{}: other columns than the other files, from column {at} on", path.display())]
    OtherColumns {
        /// The file.
        path: PathBuf,
        /// The first column that differs, `draw` being 0.
        at: usize,
    },
    /// A file comes from another sweep or another version of the program.
    #[error("{}: of another sweep or version: `{key}` differs", path.display())]
    OtherSweep {
        /// The file.
        path: PathBuf,
        /// The key of the metadata that differs, or `created_by`.
        key: String,
    },
    /// Draws are missing: `from` and those after it, up to but without `to`.
    #[error("draws {from} to {} are missing", to - 1)]
    Gap {
        /// The first missing.
        from: u64,
        /// The first that is there again.
        to: u64,
    },
    /// Draws are there twice: `from` and those after it, up to but without `to`.
    #[error("draws {from} to {} are there twice", to - 1)]
    Overlap {
        /// The first that is there twice.
        from: u64,
        /// The first that is not.
        to: u64,
    },
    /// There is nothing to merge.
    #[error("no rows to merge")]
    Nothing,
}

impl Error {
    /// A failure of the file system at `path`.
    pub(crate) fn io(path: &Path) -> impl Fn(io::Error) -> Error {
        move |source| Error::Io {
            path: path.to_path_buf(),
            source,
        }
    }

    /// `path` does not hold what it should.
    pub(crate) fn unreadable(path: &Path, why: &(impl ToString + ?Sized)) -> Error {
        Error::Unreadable {
            path: path.to_path_buf(),
            why: why.to_string(),
        }
    }
}
