//! The results of `run`: tables, charts and the manifest of each scenario.

use super::manifest::relative;
use super::{Content, Entry, Folder, Hashed, Kept, Manifest, Problem, put};
use crate::data::Data;
use jianpai_core::text::Lang;
use jianpai_load::diag::{FileId, Files};
use jianpai_load::digest::hex;
use jianpai_report::case::Case;
use jianpai_report::decomposition::{self, Method};
use jianpai_report::{base, figures, iamc, summary, tables};
use rayon::prelude::*;
use serde_json::{Map, Value, json};
use std::path::{Path, PathBuf};

/// Which charts are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Charts {
    /// All of them.
    All,
    /// None.
    None,
}

/// Runs whose results are to be written, and how.
pub struct Results<'a> {
    /// The runs.
    pub cases: &'a [Case<'a>],
    /// The input files of each run.
    pub inputs: &'a [&'a [FileId]],
    /// The texts of the inputs.
    pub files: &'a Files,
    /// The data that they ran with.
    pub data: &'a Data,
    /// Of tables and charts.
    pub lang: Lang,
    /// Which charts are drawn.
    pub charts: Charts,
}

/// Writes one folder a case (and a comparison for several) into `out`, all of them or
/// none. Returns the folders, and the files that somebody had changed.
pub fn write(results: &Results<'_>, out: &Path) -> Result<(Vec<PathBuf>, Vec<Kept>), Problem> {
    let names = results.cases.iter().map(|case| case.scenario.id.as_str());
    let names = names.chain((results.cases.len() > 1).then_some(COMPARISON));
    let mut taken = take_all(out, &names.collect::<Vec<_>>())?;
    let model = model();
    let version = env!("CARGO_PKG_VERSION");
    let hashes: Vec<String> = results
        .inputs
        .iter()
        .map(|inputs| combined(results.files, inputs))
        .collect();
    let mut contents: Vec<Content> = results
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
                (
                    "balance.csv".to_string(),
                    jianpai_report::write::csv_file(&tables::balance(one), results.lang),
                ),
                (
                    "decomposition.csv".to_string(),
                    decomposition_of(case, results.lang),
                ),
                (
                    "targets.csv".to_string(),
                    jianpai_report::write::csv_file(&tables::targets(one), results.lang),
                ),
                (
                    "costs.csv".to_string(),
                    jianpai_report::write::csv_file(
                        &jianpai_report::costs::table(one),
                        results.lang,
                    ),
                ),
                (
                    "calibration.csv".to_string(),
                    jianpai_report::write::csv_file(&tables::calibration(case), results.lang),
                ),
            ];
            if let Some(table) = tables::tracked_values(one) {
                let bytes = jianpai_report::write::csv_file(&table, results.lang);
                entries.push(("tracked.csv".to_string(), bytes));
            }
            if results.charts == Charts::All {
                let charts = figures::all(case).into_iter();
                entries.extend(charts.map(|f| (format!("charts/{}", f.name), f.svg.into_bytes())));
            }
            Content {
                manifest: manifest(results, i),
                entries,
                rows: None,
            }
        })
        .collect();
    if results.cases.len() > 1 {
        contents.push(Content {
            manifest: manifest_of_comparison(results),
            entries: compare(results, &model, version, &hashes),
            rows: None,
        });
    }
    let paths = taken.iter().map(|folder| folder.path().to_path_buf());
    let paths = paths.collect();
    let kept = put(taken.drain(..).zip(contents).collect())?;
    Ok((paths, kept))
}

/// The folder of what compares several cases.
const COMPARISON: &str = "comparison";

/// Takes every folder before anything is written, in one order for all processes.
fn take_all(out: &Path, names: &[&str]) -> Result<Vec<Folder>, Problem> {
    let mut order: Vec<usize> = (0..names.len()).collect();
    order.sort_by_key(|i| names[*i]);
    let mut taken: Vec<Option<Folder>> = names.iter().map(|_| None).collect();
    for i in order {
        let command = if names[i] == COMPARISON {
            COMPARISON
        } else {
            "run"
        };
        taken[i] = Some(Folder::take(out, names[i], command)?);
    }
    Ok(taken.into_iter().flatten().collect())
}

/// The LMDI split from the base year to the last and to every year with a target.
fn decomposition_of(case: &Case<'_>, lang: Lang) -> Vec<u8> {
    let spans = decomposition::spans(case);
    let all = spans
        .iter()
        .flat_map(|span| decomposition::decompose(case, span));
    let table = decomposition::table(&[(case, all.collect())], Method::Additive);
    jianpai_report::write::csv_file(&table, lang)
}

/// The tables and charts over all cases.
fn compare(results: &Results<'_>, model: &str, version: &str, hashes: &[String]) -> Vec<Entry> {
    let mut entries = vec![
        (
            "trajectory.csv".to_string(),
            iamc::trajectory(results.cases, model),
        ),
        (
            "meta.csv".to_string(),
            iamc::meta(results.cases, model, version, hashes),
        ),
        (
            "targets.csv".to_string(),
            jianpai_report::write::csv_file(&tables::targets(results.cases), results.lang),
        ),
    ];
    if results.charts == Charts::All {
        let charts = figures::comparing(results.cases).into_iter();
        entries.extend(charts.map(|f| (format!("charts/{}", f.name), f.svg.into_bytes())));
    }
    entries
}

/// The name of the model in machine output.
pub fn model() -> String {
    format!("jianpai {}", env!("CARGO_PKG_VERSION"))
}

/// One hash over several input files.
pub fn combined(files: &Files, inputs: &[FileId]) -> String {
    let all: Vec<&str> = inputs.iter().map(|file| files.sha256(*file)).collect();
    hex(all.join("\n").as_bytes())
}

/// The hashes of what went in, as manifests list them: a file that many scenarios
/// extend is read for each and stands there once.
pub fn hashed_inputs(files: &Files, inputs: impl IntoIterator<Item = FileId>) -> Vec<Hashed> {
    let mut all: Vec<Hashed> = Vec::new();
    for id in inputs {
        let hashed = Hashed {
            path: relative(files.path(id)),
            sha256: files.sha256(id).to_string(),
        };
        if !all.contains(&hashed) {
            all.push(hashed);
        }
    }
    all
}

/// The hashes of the data.
pub fn hashed_data(data: &Data) -> Vec<Hashed> {
    hashed_inputs(data.files(), data.ids())
}

/// Program, options, and a hash of everything read.
fn manifest(results: &Results<'_>, i: usize) -> Manifest {
    let case = &results.cases[i];
    let splices = case.scenario.splices.iter();
    let splices = splices.map(|splice| summary::splice(case.catalogue, splice));
    Manifest {
        scenario: Some(case.scenario.id.clone()),
        region: Some(case.region().named.id.clone()),
        options: options(results),
        splices: splices.collect(),
        base: base::json(case.catalogue, case.scenario),
        inputs: hashed_inputs(results.files, results.inputs[i].iter().copied()),
        data: hashed_data(results.data),
        ..Manifest::of("run")
    }
}

fn options(results: &Results<'_>) -> Map<String, Value> {
    let mut options = Map::new();
    options.insert("charts".to_string(), json!(results.charts == Charts::All));
    options.insert("lang".to_string(), json!(results.lang.pick("zh", "en")));
    options
}

/// The manifest of the tables over all cases.
fn manifest_of_comparison(results: &Results<'_>) -> Manifest {
    let inputs = results.inputs.iter().copied().flatten().copied();
    let ids = results.cases.iter().map(|case| json!(case.scenario.id));
    let mut options = options(results);
    options.insert("scenarios".to_string(), ids.collect());
    Manifest {
        options,
        inputs: hashed_inputs(results.files, inputs),
        data: hashed_data(results.data),
        ..Manifest::of("comparison")
    }
}
