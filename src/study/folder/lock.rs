//! One process at a time in a folder of results.
//!
//! The lock is the system's, on a file in the folder, so that it ends with its process
//! however that ends. The file says who holds it; it goes when the holder is done, and
//! a file that a killed process left behind stops nobody.

use super::problem::Problem;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// The file in the folder.
pub(super) const FILE: &str = ".jianpai.lock";

/// A folder held by this process.
#[derive(Debug)]
pub(super) struct Lock {
    path: PathBuf,
    file: File,
}

impl Lock {
    /// Takes the lock of `folder` for a command.
    pub(super) fn take(folder: &Path, command: &str) -> Result<Self, Problem> {
        let path = folder.join(FILE);
        let failed = |error: &io::Error| Problem::write(&path, error);
        loop {
            let mut options = OpenOptions::new();
            options.read(true).write(true).create(true).truncate(false);
            let mut file = options.open(&path).map_err(|error| failed(&error))?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Err(held(folder, &mut file)),
                Err(TryLockError::Error(error)) => return Err(failed(&error)),
            }
            // Its last holder may have removed it in between.
            if !same(&file, &path) {
                continue;
            }
            let holder = format!("{} jianpai {command}\n", std::process::id());
            let written = file
                .set_len(0)
                .and_then(|()| file.write_all(holder.as_bytes()));
            written.map_err(|error| failed(&error))?;
            return Ok(Self { path, file });
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // While it is held still: whoever opened it meanwhile finds it gone, and
        // opens anew.
        let _ = std::fs::remove_file(&self.path);
        let _ = self.file.unlock();
    }
}

/// Whether an open file is the one at `path`.
#[cfg(unix)]
fn same(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let (Ok(open), Ok(there)) = (file.metadata(), std::fs::metadata(path)) else {
        return false;
    };
    (open.dev(), open.ino()) == (there.dev(), there.ino())
}

/// An open file cannot be replaced here.
#[cfg(not(unix))]
fn same(_: &File, _: &Path) -> bool {
    true
}

/// Who holds a folder.
fn held(folder: &Path, file: &mut File) -> Problem {
    let mut text = String::new();
    // Some systems let nobody else read a locked file.
    let _ = file.take(200).read_to_string(&mut text);
    let holder = text.trim().split_once(' ').filter(|_| text.ends_with('\n'));
    let folder = folder.display();
    match holder {
        Some((process, command)) => Problem::new(
            format!(
                "{folder} 正由另一进程写入（{command}，进程号 {process}）；请等它结束，或用 --out 换一个目录"
            ),
            format!(
                "{folder} is being written by another process ({command}, process {process}): wait for it, or choose another folder with --out"
            ),
        ),
        None => Problem::new(
            format!("{folder} 正由另一进程写入；请等它结束，或用 --out 换一个目录"),
            format!(
                "{folder} is being written by another process: wait for it, or choose another folder with --out"
            ),
        ),
    }
}
