//! Folders of results: what is in them, who may write, and how they are replaced.
//!
//! A folder belongs to the program if it holds a manifest of the program's, or nothing.
//! Of what is in it, only files that a manifest names are replaced or removed; all else
//! stays. A file that was changed since it was written is kept under another name.
//!
//! Results come in three steps, so that a process killed at any instant loses nothing:
//! 1. everything is written below `.jianpai-new`;
//! 2. the manifest is replaced by one that says what is to come (`pending`);
//! 3. every file gets its name, what is out of date goes, the manifest is the new one.
//!
//! Between 2 and 3 lies a moment with old and new side by side, and the manifest says
//! so; the next run into the folder mends it.

// Every error is a `Problem`: the file system refuses, or something of somebody else's
// stands in the way.
#![allow(clippy::missing_errors_doc)]

mod file;
mod lock;
pub mod manifest;
pub mod name;
mod ordinary;
mod place;
pub mod problem;
pub mod run;

pub use file::{put_file, put_file_at};
pub use jianpai_columnar::sink::SealedRows;
pub use manifest::{Hashed, Manifest};
pub use ordinary::stream;
pub use place::{Content, Folder, Kept, put};
pub use problem::Problem;

/// A file to be written: its path below the folder, and its bytes.
pub type Entry = (String, Vec<u8>);

#[cfg(test)]
mod tests;
