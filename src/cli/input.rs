//! Every file that is read is opened here: what is no ordinary file is refused by its
//! kind before it is opened (a pipe would wait for ever, a device may act on it), and a
//! file over a stated size is not taken into memory. What the program keeps for itself in
//! a folder of results that it holds (locks, journals, rows not yet in place) is opened
//! by what writes it.

use jianpai_load::input::Refusal;
pub(super) use jianpai_study::folder::stream;
use std::fs::{File, FileType};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// How inputs are read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Inputs {
    /// Bytes of a file at most.
    pub most: u64,
}

impl Inputs {
    /// The bytes of a file.
    pub(super) fn bytes(self, path: impl AsRef<Path>) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        // A file may grow, and some of the system's own say that they are empty.
        let limit = self.most.saturating_add(1);
        self.open(path)?.take(limit).read_to_end(&mut bytes)?;
        self.fits(bytes.len() as u64)?;
        Ok(bytes)
    }

    /// A file of a size that is read.
    pub(super) fn open(self, path: impl AsRef<Path>) -> io::Result<File> {
        let file = stream(path)?;
        self.fits(file.metadata()?.len())?;
        Ok(file)
    }

    fn fits(self, bytes: u64) -> io::Result<()> {
        let most = self.most;
        if bytes > most {
            return Err(Refusal::TooLarge { bytes, most }.error());
        }
        Ok(())
    }

    /// The bytes of files that a scenario names.
    pub(super) fn fetch(self) -> impl Fn(&str) -> io::Result<Vec<u8>> {
        move |path| self.bytes(path)
    }
}

/// What stands in a folder, by name.
pub(super) fn folder(path: impl AsRef<Path>) -> io::Result<Vec<(PathBuf, FileType)>> {
    let path = path.as_ref();
    if !std::fs::metadata(path)?.is_dir() {
        return Err(Refusal::NoFolder.error());
    }
    let mut found = Vec::new();
    for entry in std::fs::read_dir(path)? {
        let entry = entry?;
        found.push((entry.path(), entry.file_type()?));
    }
    found.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(found)
}
