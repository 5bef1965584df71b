//! A folder of results, held by this process until its results are in place.

use super::Entry;
use super::lock::{self, Lock};
use super::manifest::{self, Hashed, Manifest, below, hash_of};
use super::name;
use super::problem::Problem;
use jianpai_columnar::sink::SealedRows;
use jianpai_load::digest::hex;
use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

/// Where new results stand until they are whole.
const FRESH: &str = ".jianpai-new";
/// Endings of rows that are being written.
const GROWING: [&str; 3] = [".part", ".journal", ".journal.new"];
/// Files of rows.
pub const ROWS: [&str; 2] = ["draws.csv", "draws.parquet"];
/// What file managers leave everywhere.
const LITTER: [&str; 3] = [".DS_Store", "Thumbs.db", "desktop.ini"];

/// A folder of results that only this process writes to.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    command: String,
    /// What stood there before.
    known: Option<Manifest>,
    /// Folders made for it, the outer ones first: they go again if they stay empty.
    made: Vec<PathBuf>,
    lock: Option<Lock>,
}

/// What a folder is to hold.
#[derive(Debug)]
pub struct Content {
    /// Without its outputs.
    pub manifest: Manifest,
    /// Files, by their paths below the folder.
    pub entries: Vec<Entry>,
    /// Rows of a sweep.
    pub rows: Option<SealedRows>,
}

/// A file that somebody changed, kept under another name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Where it stood.
    pub was: PathBuf,
    /// Where it stands now.
    pub now: PathBuf,
}

impl Folder {
    /// Takes the folder `name` in `parent`, which may hold anything, for a command.
    pub fn take(parent: &Path, name: &str, command: &str) -> Result<Self, Problem> {
        if let Some(fault) = name::fault(name) {
            return Err(Problem::new(
                format!("`{name}` 不能作结果目录名：{}", fault.zh),
                format!("no folder of results can be called `{name}`: {}", fault.en),
            ));
        }
        let mut folder = Self {
            path: parent.join(name),
            command: command.to_string(),
            known: None,
            made: Vec::new(),
            lock: None,
        };
        for _ in 0..3 {
            folder.make()?;
            folder.look()?;
            match Lock::take(&folder.path, command) {
                Ok(lock) => {
                    folder.lock = Some(lock);
                    break;
                }
                // Another process made the folder, found nothing to do and took it away.
                Err(_) if !folder.path.exists() => {}
                Err(problem) => return Err(problem),
            }
        }
        if folder.lock.is_none() {
            let error = io::Error::from(io::ErrorKind::NotFound);
            return Err(Problem::write(&folder.path, &error));
        }
        folder.look()?;
        folder.tidy()?;
        Ok(folder)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Removes rows that were being written, of any format.
    pub fn drop_growing(&self) -> Result<(), Problem> {
        for name in ROWS {
            for ending in GROWING {
                gone(&self.path.join(format!("{name}{ending}")))?;
            }
        }
        Ok(())
    }

    /// The path of a file among those that are to be put in place.
    pub fn fresh(&self, name: &str) -> Result<PathBuf, Problem> {
        let fresh = self.path.join(FRESH);
        std::fs::create_dir_all(&fresh).map_err(|error| Problem::write(&fresh, &error))?;
        Ok(fresh.join(name))
    }

    /// Refuses if a file of somebody else's stands where `name` is to be.
    pub fn reserve(&self, name: &str) -> Result<(), Problem> {
        let path = self.path.join(name);
        let there = std::fs::symlink_metadata(&path).is_ok();
        let known = self.known.as_ref();
        let ours = known.is_some_and(|known| !known.hashes(name).is_empty());
        if there && !ours {
            return Err(Problem::new(
                format!("{} 不是本程序写的，不覆盖；请移走或改名", path.display()),
                format!(
                    "{} was not written by this program and is left alone: move it or rename it",
                    path.display()
                ),
            ));
        }
        Ok(())
    }

    /// Makes the folder and those above it.
    fn make(&mut self) -> Result<(), Problem> {
        let mut missing = Vec::new();
        let mut at = self.path.as_path();
        loop {
            match std::fs::metadata(at) {
                Ok(metadata) if metadata.is_dir() => break,
                Ok(_) => {
                    return Err(Problem::new(
                        format!("{} 是文件，不是目录；原样保留", at.display()),
                        format!(
                            "{} is a file, not a folder, and is left alone",
                            at.display()
                        ),
                    ));
                }
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    if std::fs::symlink_metadata(at).is_ok() {
                        return Err(Problem::new(
                            format!("{} 是指向不存在之处的链接；原样保留", at.display()),
                            format!("{} is a link to nowhere and is left alone", at.display()),
                        ));
                    }
                    missing.push(at.to_path_buf());
                }
                Err(error) => return Err(Problem::write(at, &error)),
            }
            match at.parent() {
                Some(parent) if !parent.as_os_str().is_empty() => at = parent,
                _ => break,
            }
        }
        for path in missing.into_iter().rev() {
            match std::fs::create_dir(&path) {
                Ok(()) => self.made.push(path),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(Problem::write(&path, &error)),
            }
        }
        Ok(())
    }

    /// Reads the manifest. Without one, the folder has to be empty.
    fn look(&mut self) -> Result<(), Problem> {
        let unreadable = |error: &io::Error| Problem::read(&self.path, error);
        self.known = Manifest::read(&self.path).map_err(|error| unreadable(&error))?;
        if self.known.is_some() {
            return Ok(());
        }
        let mut names = BTreeSet::new();
        for entry in std::fs::read_dir(&self.path).map_err(|error| unreadable(&error))? {
            let name = entry.map_err(|error| unreadable(&error))?.file_name();
            let name = name.to_string_lossy().into_owned();
            let growing = ROWS.iter().any(|rows| {
                let ending = name.strip_prefix(rows);
                ending.is_some_and(|ending| GROWING.contains(&ending))
            });
            let own = growing || name == lock::FILE || name == FRESH;
            if !own && !LITTER.contains(&name.as_str()) {
                names.insert(name);
            }
        }
        match names.first() {
            None => Ok(()),
            Some(first) => Err(Problem::new(
                format!(
                    "{} 不是本程序的结果目录（其中有 {first}），原样保留；请用 --out 换一个目录",
                    self.path.display()
                ),
                format!(
                    "{} is no folder of results (it holds {first}) and is left alone: choose another folder with --out",
                    self.path.display()
                ),
            )),
        }
    }

    /// Sweeps up what a killed process left behind.
    fn tidy(&self) -> Result<(), Problem> {
        let fresh = self.path.join(FRESH);
        match std::fs::symlink_metadata(&fresh) {
            Ok(metadata) if metadata.is_dir() => {
                std::fs::remove_dir_all(&fresh).map_err(|error| Problem::write(&fresh, &error))
            }
            _ => gone(&fresh),
        }
    }

    /// Says which files stand in the way of `content`, writes it beside its place.
    fn stage(&self, content: &Content) -> Result<Manifest, Problem> {
        let fresh = self.path.join(FRESH);
        let mut manifest = content.manifest.clone();
        for (path, bytes) in &content.entries {
            self.reserve(path)?;
            manifest.outputs.push(Hashed {
                path: path.clone(),
                sha256: hex(bytes),
            });
        }
        if let Some(rows) = &content.rows {
            self.reserve(rows.name)?;
            manifest.outputs.push(Hashed {
                path: rows.name.to_string(),
                sha256: rows.sha256.clone(),
            });
        }
        let written = content.entries.iter().try_for_each(|(path, bytes)| {
            let path = fresh.join(path);
            write(&path, bytes).map_err(|error| Problem::write(&path, &error))
        });
        if let Err(problem) = written {
            // The first problem is the one to tell.
            let _ = std::fs::remove_dir_all(&fresh);
            return Err(problem);
        }
        Ok(manifest)
    }

    /// Gives every file its name and removes what is out of date.
    fn place(&mut self, content: &Content, manifest: Manifest) -> Result<Vec<Kept>, Problem> {
        let mut known = self
            .known
            .take()
            .unwrap_or_else(|| Manifest::of(&self.command));
        settle(&self.path, &mut known);
        known.pending = Some(Box::new(manifest.clone()));
        self.write_manifest(&known)?;
        let mut kept = Vec::new();
        let fresh = self.path.join(FRESH);
        for (name, _) in &content.entries {
            self.put(&fresh.join(name), name, &known, &mut kept)?;
        }
        if let Some(rows) = &content.rows {
            self.put(&rows.part, rows.name, &known, &mut kept)?;
        }
        self.remove_old(&known, &manifest)?;
        let whole = beside_others(known, manifest);
        self.write_manifest(&whole)?;
        if let Some(rows) = &content.rows {
            gone(&rows.journal)?;
        }
        self.known = Some(whole);
        self.tidy()?;
        Ok(kept)
    }

    /// Puts one file in its place; one that somebody changed is kept.
    fn put(
        &self,
        from: &Path,
        name: &str,
        known: &Manifest,
        kept: &mut Vec<Kept>,
    ) -> Result<(), Problem> {
        let to = self.path.join(name);
        let failed = |error: &io::Error| Problem::write(&to, error);
        if let Some(parent) = to.parent() {
            std::fs::create_dir_all(parent).map_err(|error| failed(&error))?;
        }
        if std::fs::symlink_metadata(&to).is_ok() && !as_written(&to, &known.hashes(name)) {
            let now = free(&to);
            std::fs::rename(&to, &now).map_err(|error| failed(&error))?;
            kept.push(Kept {
                was: to.clone(),
                now,
            });
        }
        std::fs::rename(from, &to).map_err(|error| failed(&error))
    }

    /// Removes outputs of an earlier run of the same command that are none any more.
    fn remove_old(&self, known: &Manifest, manifest: &Manifest) -> Result<(), Problem> {
        let still: BTreeSet<&str> = manifest.outputs.iter().map(|o| o.path.as_str()).collect();
        let mut folders = BTreeSet::new();
        let old = known.written_by(&self.command);
        for output in old.map_or(&[][..], |old| &old.outputs) {
            let Some(path) = below(&self.path, &output.path) else {
                continue;
            };
            let ours = as_written(&path, &known.hashes(&output.path));
            if still.contains(output.path.as_str()) || !ours {
                continue;
            }
            gone(&path)?;
            let parent = path.parent().filter(|parent| *parent != self.path);
            folders.extend(parent.map(Path::to_path_buf));
        }
        for folder in folders {
            // Only if nothing else is in it.
            let _ = std::fs::remove_dir(folder);
        }
        Ok(())
    }

    fn write_manifest(&self, manifest: &Manifest) -> Result<(), Problem> {
        let (fresh, place) = (
            self.path.join(FRESH).join(manifest::FILE),
            self.path.join(manifest::FILE),
        );
        let written =
            write(&fresh, &manifest.bytes()).and_then(|()| std::fs::rename(&fresh, &place));
        written.map_err(|error| Problem::write(&place, &error))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        self.lock = None;
        for path in self.made.iter().rev() {
            // Fails where something is in it, which is as it should be.
            let _ = std::fs::remove_dir(path);
        }
    }
}

/// Puts the contents of several folders in place: nothing is changed in any of them
/// before all are written beside their places.
pub fn put(folders: Vec<(Folder, Content)>) -> Result<Vec<Kept>, Problem> {
    let mut staged = Vec::new();
    for (folder, content) in folders {
        let manifest = folder.stage(&content);
        match manifest {
            Ok(manifest) => staged.push((folder, content, manifest)),
            Err(problem) => {
                let _ = folder.tidy();
                for (folder, _, _) in &staged {
                    let _ = folder.tidy();
                }
                return Err(problem);
            }
        }
    }
    let mut kept = Vec::new();
    for (mut folder, content, manifest) in staged {
        kept.extend(folder.place(&content, manifest)?);
    }
    Ok(kept)
}

/// Takes what a run cut off was putting in place for what of it is there.
fn settle(folder: &Path, known: &mut Manifest) {
    let Some(pending) = known.pending.take() else {
        return;
    };
    let there = |output: &&Hashed| {
        let path = below(folder, &output.path);
        path.is_some_and(|path| as_written(&path, &[output.sha256.as_str()]))
    };
    let placed: Vec<Hashed> = pending.outputs.iter().filter(there).cloned().collect();
    if known.written_by(pending.command()).is_none() {
        known.beside.push(Manifest {
            outputs: Vec::new(),
            ..(*pending).clone()
        });
    }
    let Some(record) = known.written_by_mut(pending.command()) else {
        return;
    };
    record.outputs.retain(|old| {
        let again = placed.iter().any(|new| new.path == old.path);
        let path = below(folder, &old.path);
        !again && path.is_some_and(|path| std::fs::symlink_metadata(path).is_ok())
    });
    record.outputs.extend(placed);
}

/// The new manifest with those of other commands beside it.
fn beside_others(known: Manifest, manifest: Manifest) -> Manifest {
    let mut whole = manifest;
    let new: BTreeSet<&str> = whole.outputs.iter().map(|o| o.path.as_str()).collect();
    let (top, beside) = (
        Manifest {
            beside: Vec::new(),
            pending: None,
            ..known.clone()
        },
        known.beside,
    );
    let others = std::iter::once(top).chain(beside);
    let others = others.filter(|one| one.command() != whole.command() && !one.outputs.is_empty());
    let others = others.map(|mut one| {
        // What is written over is the new one's.
        one.outputs.retain(|o| !new.contains(o.path.as_str()));
        one
    });
    let others: Vec<Manifest> = others.collect();
    whole.beside = others;
    whole
}

/// Whether a file has one of these hashes.
fn as_written(path: &Path, hashes: &[&str]) -> bool {
    let plain = std::fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_file());
    plain && hash_of(path).is_ok_and(|hash| hashes.contains(&hash.as_str()))
}

/// A name beside `path` that nothing has: `targets.kept-1.csv`.
fn free(path: &Path) -> PathBuf {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let ending = path
        .extension()
        .map(|e| format!(".{}", e.to_string_lossy()));
    let ending = ending.unwrap_or_default();
    let mut i = 1_u32;
    loop {
        let name = path.with_file_name(format!("{stem}.kept-{i}{ending}"));
        if std::fs::symlink_metadata(&name).is_err() {
            return name;
        }
        i += 1;
    }
}

/// Removes a file that may not be there.
fn gone(path: &Path) -> Result<(), Problem> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Problem::write(path, &error)),
        _ => Ok(()),
    }
}

/// Writes a file and the folders above it.
fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent)?;
    }
    std::fs::write(path, bytes)
}
