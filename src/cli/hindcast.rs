//! `jianpai hindcast`: the recorded measures of past years against published progress.

use super::out::print;
use super::results::Manifest;
use super::session::{Done, Session};
use super::{BAD_INPUT, input, output};
use clap::Args;
use jianpai_core::catalogue::Catalogue;
use jianpai_core::dims::RegionId;
use jianpai_core::text::Text;
use jianpai_load::diag::{Diagnostics, FileId, Files};
use jianpai_load::scenario;
use jianpai_report::case::Case;
use jianpai_report::scorecard;
use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

/// Arguments of `hindcast`.
#[derive(Args, Debug)]
pub(super) struct HindcastArgs {
    /// Folder with `REGION.toml` or `provinces.toml` instead of the scenarios compiled in /
    /// 改用此目录中的“地区.toml”或 provinces.toml
    #[arg(long, value_name = "DIR")]
    scenarios: Option<PathBuf>,
    /// Only these regions / 只算这些地区
    #[arg(long, value_name = "REGION", value_delimiter = ',')]
    region: Vec<String>,
    /// Print `region,indicator,year,model,published,error` in percent and points /
    /// 输出 CSV，单位为 % 与百分点
    #[arg(long, conflicts_with = "json")]
    csv: bool,
    /// Print JSON, with calibre, status and source / 输出 JSON，含口径、状态与来源
    #[arg(long)]
    json: bool,
    /// Write the table and charts to a folder `hindcast` in this one /
    /// 在此目录下写出 hindcast 文件夹：表与图
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// Runs the hindcast of every region with published numbers; exit code 0 or 2.
pub(super) fn main(session: &Session, args: &HindcastArgs) -> u8 {
    match run(session, args) {
        Ok(()) => 0,
        Err(code) => code,
    }
}

fn run(session: &Session, args: &HindcastArgs) -> Result<(), u8> {
    let mut files = Files::new();
    let catalogue = session.catalogue(&mut files)?;
    let data_files = files.iter().count();
    let regions = regions(session, args, &catalogue)?;
    let done = solve(session, args, &catalogue, &regions, &mut files)?;
    let cases: Vec<Case<'_>> = done.iter().map(|done| done.case(&catalogue)).collect();
    let scores = scorecard::scores(&cases);
    let table = scorecard::csv(&cases, &scores);
    let written = match &args.out {
        None => None,
        Some(out) => {
            let mut entries = vec![("hindcast.csv".to_string(), table.clone())];
            let charts = scorecard::figures(&cases, &scores).into_iter();
            entries.extend(charts.map(|f| (format!("charts/{}", f.name), f.svg.into_bytes())));
            let manifest = manifest(&done, &files, data_files);
            Some(session.put_folder((out, "hindcast"), manifest, entries)?)
        }
    };
    print(&if args.csv {
        String::from_utf8_lossy(&table).into_owned()
    } else if args.json {
        format!("{:#}\n", scorecard::json(&cases, &scores))
    } else {
        let results = session.lang.pick("结果：", "Results:");
        let written = written.map(|folder| format!("\n  {results} {}/\n", folder.display()));
        scorecard::text(&cases, &scores, session.lang) + &written.unwrap_or_default()
    });
    Ok(())
}

/// What went in.
fn manifest(done: &[Done], files: &Files, data_files: usize) -> Manifest {
    let mut inputs: Vec<FileId> = Vec::new();
    for one in done {
        let own = &one.ready.loaded.inputs;
        inputs.extend(
            own.iter()
                .filter(|id| {
                    // A file that many regions extend is read for each.
                    let path = files.path(**id);
                    !inputs.iter().any(|known| files.path(*known) == path)
                })
                .copied()
                .collect::<Vec<_>>(),
        );
    }
    Manifest {
        inputs: output::hashed_inputs(files, &inputs),
        data: output::hashed_data(files, data_files),
        ..Manifest::of("hindcast")
    }
}

/// The regions asked for, or all with published numbers, in the order of the data.
fn regions(
    session: &Session,
    args: &HindcastArgs,
    catalogue: &Catalogue,
) -> Result<Vec<RegionId>, u8> {
    let known: BTreeSet<usize> = catalogue
        .achievements
        .iter()
        .map(|a| a.region.at())
        .collect();
    if args.region.is_empty() {
        return Ok(known.into_iter().map(RegionId::from_usize).collect());
    }
    let mut wanted = Vec::new();
    for name in &args.region {
        let Some(region) = catalogue.region(name) else {
            return Err(session.unknown_region(catalogue, name));
        };
        if !known.contains(&region.at()) {
            let what = session.lang.pick(
                "data/outcomes.csv 没有该地区的公布值",
                "data/outcomes.csv has no published number of this region",
            );
            return Err(session.complain(&format!("{what}: {name}")));
        }
        if !wanted.contains(&region) {
            wanted.push(region);
        }
    }
    Ok(wanted)
}

/// The bytes of a scenario: on disk where a folder is given, else as compiled in.
fn fetch(session: &Session, folder: Option<&Path>, path: &str) -> io::Result<Vec<u8>> {
    if folder.is_some() {
        return session.inputs.bytes(path);
    }
    let found = jianpai_study::embedded::HINDCAST
        .iter()
        .find(|(name, _)| *name == path);
    found
        .map(|(_, text)| text.as_bytes().to_vec())
        .ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))
}

/// Reads, compiles and runs the scenario of each region; all problems are printed at once.
fn solve(
    session: &Session,
    args: &HindcastArgs,
    catalogue: &Catalogue,
    regions: &[RegionId],
    files: &mut Files,
) -> Result<Vec<Done>, u8> {
    let folder = args.scenarios.as_deref();
    if let Some(folder) = folder {
        input::folder(folder).map_err(|error| {
            session.cannot_read(
                &Text::new("情景目录", "the folder of scenarios"),
                folder,
                &error,
            )
        })?;
    }
    let fetch = |path: &str| fetch(session, folder, path);
    let root = folder.map_or("scenarios/hindcast".to_string(), |f| {
        f.display().to_string()
    });
    let mut diags = Diagnostics::default();
    let mut all = Vec::new();
    for region in regions {
        let own = format!("{root}/{}.toml", catalogue.regions[region.at()].named.id);
        // A file of the region's own that cannot be read is told of, not passed over.
        let none = fetch(&own).is_err_and(|error| error.kind() == io::ErrorKind::NotFound);
        let path = if none {
            format!("{root}/provinces.toml")
        } else {
            own
        };
        let loaded = scenario::read(&path, Some(*region), catalogue, &fetch, files, &mut diags);
        let Some(loaded) = loaded else { break };
        all.push(loaded);
    }
    session.report(files, &mut diags);
    if diags.has_errors() {
        Err(BAD_INPUT)
    } else {
        session.solve(catalogue, all, files)
    }
}
