//! Only ordinary files are opened: a pipe would wait for ever, and a device may act on it.

use jianpai_load::input::Refusal;
use std::fs::{File, FileType, Metadata};
use std::io;
use std::path::Path;

/// An ordinary file of any size, for what is read piece by piece.
pub fn stream(path: impl AsRef<Path>) -> io::Result<File> {
    let path = path.as_ref();
    ordinary(&std::fs::metadata(path)?)?;
    let file = File::open(path)?;
    // What stands there may have become another since.
    ordinary(&file.metadata()?)?;
    Ok(file)
}

/// Refuses all but ordinary files.
fn ordinary(metadata: &Metadata) -> io::Result<()> {
    let kind = metadata.file_type();
    if kind.is_file() {
        return Ok(());
    }
    Err(if kind.is_dir() {
        Refusal::Folder.error()
    } else {
        special(kind).error()
    })
}

#[cfg(unix)]
fn special(kind: FileType) -> Refusal {
    use std::os::unix::fs::FileTypeExt;
    if kind.is_fifo() {
        Refusal::Pipe
    } else if kind.is_socket() {
        Refusal::Socket
    } else if kind.is_block_device() || kind.is_char_device() {
        Refusal::Device
    } else {
        Refusal::Irregular
    }
}

#[cfg(not(unix))]
fn special(_: FileType) -> Refusal {
    Refusal::Irregular
}
