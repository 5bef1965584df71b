//! Result folders: written whole under a temporary name, then renamed.

use jianpai_core::text::Lang;
use jianpai_load::diag::{FileId, Files};
use jianpai_report::case::Case;
use jianpai_report::{figures, iamc, tables};
use rayon::prelude::*;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::io;
use std::path::{Path, PathBuf};

/// Which charts are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Charts {
    /// All of them.
    All,
    /// None.
    None,
}

/// What is to be written.
pub(super) struct Job<'a> {
    pub cases: &'a [Case<'a>],
    /// The input files of each case.
    pub inputs: &'a [&'a [FileId]],
    pub files: &'a Files,
    /// The first so many files are the data.
    pub data_files: usize,
    pub lang: Lang,
    pub charts: Charts,
}

/// A file to be written: its path below the folder, and its bytes.
type Entry = (String, Vec<u8>);

/// Writes one folder a case (and a comparison for several) into `out`.
/// Returns the folders.
pub(super) fn write(job: &Job<'_>, out: &Path) -> io::Result<Vec<PathBuf>> {
    let model = model();
    let version = env!("CARGO_PKG_VERSION");
    let hashes: Vec<String> = job
        .inputs
        .iter()
        .map(|inputs| combined(job.files, inputs))
        .collect();
    let folders: Vec<(String, Vec<Entry>)> = job
        .cases
        .par_iter()
        .enumerate()
        .map(|(i, case)| {
            let one = std::slice::from_ref(case);
            let mut entries = vec![
                ("trajectory.csv".to_string(), iamc::trajectory(one, &model)),
                (
                    "meta.csv".to_string(),
                    iamc::meta(one, &model, version, &hashes[i..=i]),
                ),
                ("balance.csv".to_string(), tables::balance(one, job.lang)),
                ("targets.csv".to_string(), tables::targets(one, job.lang)),
                (
                    "calibration.csv".to_string(),
                    tables::calibration(case, job.lang),
                ),
            ];
            if job.charts == Charts::All {
                let charts = figures::all(case).into_iter();
                entries.extend(charts.map(|f| (format!("charts/{}", f.name), f.svg.into_bytes())));
            }
            entries.push(manifest(job, i, &entries));
            (case.scenario.id.clone(), entries)
        })
        .collect();
    let mut folders = folders;
    if job.cases.len() > 1 {
        folders.push((
            "comparison".to_string(),
            compare(job, &model, version, &hashes),
        ));
    }
    std::fs::create_dir_all(out)?;
    folders
        .iter()
        .map(|(name, entries)| replace(&out.join(name), entries))
        .collect()
}

/// The tables and charts over all cases.
fn compare(job: &Job<'_>, model: &str, version: &str, hashes: &[String]) -> Vec<Entry> {
    let mut entries = vec![
        (
            "trajectory.csv".to_string(),
            iamc::trajectory(job.cases, model),
        ),
        (
            "meta.csv".to_string(),
            iamc::meta(job.cases, model, version, hashes),
        ),
        (
            "targets.csv".to_string(),
            tables::targets(job.cases, job.lang),
        ),
    ];
    if job.charts == Charts::All {
        let charts = figures::comparing(job.cases).into_iter();
        entries.extend(charts.map(|f| (format!("charts/{}", f.name), f.svg.into_bytes())));
    }
    entries
}

/// The name of the model in machine output.
pub(super) fn model() -> String {
    format!("jianpai {}", env!("CARGO_PKG_VERSION"))
}

pub(super) fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        text += &format!("{byte:02x}");
    }
    text
}

/// The hash of an input as it stands on disk.
fn hash_of(files: &Files, id: FileId) -> String {
    match std::fs::read(files.path(id)) {
        Ok(bytes) => hex(&bytes),
        Err(_) => hex(files.text(id).as_bytes()),
    }
}

/// One hash over several input files.
fn combined(files: &Files, inputs: &[FileId]) -> String {
    let all: Vec<String> = inputs.iter().map(|file| hash_of(files, *file)).collect();
    hex(all.join("\n").as_bytes())
}

/// Program, options, and a hash of everything read and written.
fn manifest(job: &Job<'_>, i: usize, entries: &[Entry]) -> Entry {
    let case = &job.cases[i];
    let entry =
        |id: FileId, sha256: String| json!({ "path": job.files.path(id), "sha256": sha256 });
    let inputs = job.inputs[i]
        .iter()
        .map(|id| entry(*id, hash_of(job.files, *id)));
    // What is compiled in need not be what stands at that path.
    let data = job.files.iter().take(job.data_files);
    let data = data.map(|(id, _, text)| entry(id, hex(text.as_bytes())));
    let outputs = entries
        .iter()
        .map(|(name, bytes)| json!({ "path": name, "sha256": hex(bytes) }));
    let value = json!({
        "program": "jianpai",
        "version": env!("CARGO_PKG_VERSION"),
        "scenario": case.scenario.id,
        "region": case.region().named.id,
        "options": { "lang": job.lang.pick("zh", "en") },
        "inputs": inputs.collect::<Vec<_>>(),
        "data": data.collect::<Vec<_>>(),
        "outputs": outputs.collect::<Vec<_>>(),
    });
    (
        "manifest.json".to_string(),
        format!("{value:#}\n").into_bytes(),
    )
}

/// Writes `entries` beside `folder`, then puts them in its place.
pub(super) fn replace(folder: &Path, entries: &[Entry]) -> io::Result<PathBuf> {
    let name = folder
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or("results");
    let process = std::process::id();
    let fresh = folder.with_file_name(format!(".{name}.new-{process}"));
    let old = folder.with_file_name(format!(".{name}.old-{process}"));
    let written = (|| {
        for (path, bytes) in entries {
            let path = fresh.join(path);
            if let Some(parent) = path.parent() {
                std::fs::create_dir_all(parent)?;
            }
            std::fs::write(path, bytes)?;
        }
        if folder.exists() {
            std::fs::rename(folder, &old)?;
        }
        std::fs::rename(&fresh, folder)
    })();
    match written {
        Ok(()) => {
            if old.exists() {
                std::fs::remove_dir_all(&old)?;
            }
            Ok(folder.to_path_buf())
        }
        Err(error) => {
            // Leave things as they were; the first error is the one to tell.
            let _ = std::fs::remove_dir_all(&fresh);
            if old.exists() && !folder.exists() {
                let _ = std::fs::rename(&old, folder);
            }
            Err(error)
        }
    }
}
