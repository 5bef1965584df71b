//! `manifest.json`: what a folder of results holds and what it was made from.
//!
//! One type for every command. A folder may hold the results of several commands (a
//! scenario that is run and swept): the last one's manifest stands at the top, the
//! others' under `beside`. While results are being put in place, what is to come stands
//! under `pending`: a manifest with `pending` is that of a run cut off in that instant,
//! and the next one mends it.

use super::ordinary::stream;
use jianpai_load::digest::digits;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

/// The file in the folder.
pub const FILE: &str = "manifest.json";
/// What the program calls itself.
const PROGRAM: &str = "jianpai";

/// A file and the SHA-256 of its bytes, in hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hashed {
    /// As given on the command line or in a file, never absolute; of outputs from the
    /// folder.
    pub path: String,
    /// Of its bytes.
    pub sha256: String,
}

/// The part of a sweep's draws that a file of rows holds: chunks of `draws` draws, of
/// which those from `first` up to but without `end` are there, `of` in all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Blocks {
    /// Draws of a block.
    pub draws: u64,
    /// The first block that is there.
    pub first: u64,
    /// The first that is not, behind them.
    pub end: u64,
    /// Blocks of the whole sweep.
    pub of: u64,
}

/// What is particular to a sweep.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Swept {
    /// The design, by its id.
    pub design: String,
    /// Draws of the whole sweep.
    pub draws: u64,
    /// The seed of the draws.
    pub seed: u64,
    /// `i/n` of a slice.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub shard: Option<String>,
    /// What the rows depend on: program, data, scenario, design.
    pub sweep: String,
    /// Completed blocks.
    pub blocks: Blocks,
}

/// A manifest.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// What wrote it.
    pub program: String,
    /// The program's version.
    pub version: String,
    /// The command that wrote the outputs.
    #[serde(default)]
    pub command: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    /// The id of the scenario.
    pub scenario: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    /// The id of the region.
    pub region: Option<String>,
    #[serde(skip_serializing_if = "Map::is_empty", default)]
    /// What was asked for and changes the outputs.
    pub options: Map<String, Value>,
    #[serde(flatten, skip_serializing_if = "Option::is_none", default)]
    /// Of a sweep: which draws.
    pub swept: Option<Swept>,
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    /// Series that were joined across calibres.
    pub splices: Vec<Value>,
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    /// What the base rests on, where it is a later year than the data's own.
    pub base: Vec<Value>,
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    /// The scenario's files and lists.
    pub inputs: Vec<Hashed>,
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    /// The tables of the data.
    pub data: Vec<Hashed>,
    #[serde(default)]
    /// What was written.
    pub outputs: Vec<Hashed>,
    /// Results of other commands in the same folder.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub beside: Vec<Manifest>,
    /// What is being put in place.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub pending: Option<Box<Manifest>>,
}

impl Manifest {
    /// Of a command, without anything yet.
    pub fn of(command: &str) -> Self {
        Self {
            program: PROGRAM.to_string(),
            version: env!("CARGO_PKG_VERSION").to_string(),
            command: command.to_string(),
            ..Self::default()
        }
    }

    /// The manifest of a folder; `None` if it has none of this program's.
    pub fn read(folder: &Path) -> io::Result<Option<Self>> {
        let path = folder.join(FILE);
        match std::fs::symlink_metadata(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
            Ok(metadata) if !metadata.is_file() => return Ok(None),
            Ok(_) => {}
        }
        let bytes = std::fs::read(&path)?;
        let found: Option<Self> = serde_json::from_slice(&bytes).ok();
        Ok(found.filter(|found| found.program == PROGRAM))
    }

    /// Its bytes.
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = serde_json::to_vec_pretty(self).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }

    /// This manifest, those beside it and what is pending.
    pub fn all(&self) -> Vec<&Manifest> {
        let mut all = vec![self];
        all.extend(&self.beside);
        all.extend(self.pending.as_deref());
        all
    }

    /// The part that a command wrote.
    pub fn written_by(&self, command: &str) -> Option<&Manifest> {
        let mut all = std::iter::once(self).chain(&self.beside);
        all.find(|one| one.command() == command)
    }

    /// The same, to be changed.
    pub fn written_by_mut(&mut self, command: &str) -> Option<&mut Manifest> {
        if self.command() == command {
            return Some(self);
        }
        let mut beside = self.beside.iter_mut();
        beside.find(|one| one.command() == command)
    }

    /// The command; older manifests do not name it.
    pub fn command(&self) -> &str {
        match (self.command.as_str(), &self.swept) {
            ("", Some(_)) => "sweep",
            ("", None) => "run",
            (command, _) => command,
        }
    }

    /// The hashes that an output may have; empty if it is none of the program's.
    pub fn hashes(&self, path: &str) -> Vec<&str> {
        let all = self.all().into_iter();
        let outputs = all.flat_map(|one| &one.outputs);
        let same = outputs.filter(|output| output.path == path);
        same.map(|output| output.sha256.as_str()).collect()
    }
}

/// A path of an output below its folder; `None` if it would lead elsewhere.
pub fn below(folder: &Path, path: &str) -> Option<PathBuf> {
    let inner = Path::new(path);
    let plain = inner
        .components()
        .all(|c| matches!(c, Component::Normal(_)));
    (plain && !path.is_empty() && path != FILE).then(|| folder.join(inner))
}

/// The hash of a file's bytes, read piece by piece: of an ordinary file of any size.
pub fn hash_of(path: &Path) -> io::Result<String> {
    let mut file = stream(path)?;
    let mut hash = Sha256::new();
    let mut piece = vec![0; 1 << 20];
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(digits(&hash.finalize())),
            count => hash.update(&piece[..count]),
        }
    }
}

/// A path as given, but never absolute: as seen from the current folder.
pub fn relative(path: &str) -> String {
    let given = Path::new(path);
    if !given.is_absolute() {
        return path.to_string();
    }
    let here = std::env::current_dir().unwrap_or_default();
    let shared = given
        .components()
        .zip(here.components())
        .take_while(|(a, b)| a == b)
        .count();
    let rest = given.components().skip(shared);
    if shared == 0 {
        // Another drive: there is no way from here to there.
        return given
            .file_name()
            .map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    }
    let up = here.components().skip(shared).map(|_| "..".to_string());
    let down = rest.map(|part| part.as_os_str().to_string_lossy().into_owned());
    up.chain(down).collect::<Vec<_>>().join("/")
}
