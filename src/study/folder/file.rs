//! Single files of results.

use super::problem::Problem;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// Writes a file beside its place, then puts it there. What stands there already is
/// replaced only if `own` knows it for something that the program wrote.
pub fn put_file(
    path: &Path,
    own: impl FnOnce(&Path) -> bool,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Problem> {
    put_file_at(path, own, |fresh| {
        let written = File::create(fresh).and_then(|file| {
            let mut to = BufWriter::with_capacity(1 << 20, file);
            write(&mut to)?;
            to.flush()
        });
        written.map_err(|error| Problem::write(path, &error))
    })
}

/// The same for a writer that opens its file itself: it is there already, empty and
/// held by this process, and is to be written, not replaced.
pub fn put_file_at<T>(
    path: &Path,
    own: impl FnOnce(&Path) -> bool,
    write: impl FnOnce(&Path) -> Result<T, Problem>,
) -> Result<T, Problem> {
    let place = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let path = place.as_path();
    let failed = |error: &io::Error| Problem::write(path, error);
    match std::fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(failed(&error)),
        Ok(metadata) if !metadata.is_file() => {
            return Err(Problem::new(
                format!("{} 不是普通文件，不写", path.display()),
                format!("{} is no regular file and is left alone", path.display()),
            ));
        }
        Ok(_) if own(path) => {}
        Ok(_) => {
            return Err(Problem::new(
                format!(
                    "{} 已存在，且不是本程序的同类结果，不覆盖；请改名或移走",
                    path.display()
                ),
                format!(
                    "{} exists, is no such result of this program's, and is left alone: move it, or choose another name",
                    path.display()
                ),
            ));
        }
    }
    let fresh = beside(path);
    let file = claim(&fresh, path)?;
    let placed = write(&fresh).and_then(|value| {
        let placed = file.sync_all().and_then(|()| std::fs::rename(&fresh, path));
        placed.map_err(|error| failed(&error))?;
        Ok(value)
    });
    if placed.is_err() {
        let _ = std::fs::remove_file(&fresh);
    }
    placed
}

/// Opens the temporary file, emptied, and locks it. One that a killed process left
/// behind is used again.
fn claim(fresh: &Path, path: &Path) -> Result<File, Problem> {
    let failed = |error: &io::Error| Problem::write(path, error);
    if let Some(parent) = fresh
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty())
    {
        std::fs::create_dir_all(parent).map_err(|error| failed(&error))?;
    }
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    let file = options.open(fresh).map_err(|error| failed(&error))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            return Err(Problem::new(
                format!("{} 正由另一进程写入", path.display()),
                format!("{} is being written by another process", path.display()),
            ));
        }
        Err(TryLockError::Error(error)) => return Err(failed(&error)),
    }
    file.set_len(0).map_err(|error| failed(&error))?;
    Ok(file)
}

/// The temporary name of a file.
fn beside(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.jianpai-new"))
}
