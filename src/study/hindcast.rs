//! The recorded measures of past years, run to be held against published progress.

use crate::embedded::HINDCAST;
use crate::problem::{Error, Unknown};
use crate::run::Run;
use crate::session::Session;
use jianpai_core::dims::RegionId;
use std::collections::BTreeSet;
use std::io;

/// The regions of these names, each once, or all with published numbers in the order of
/// the data.
///
/// # Errors
/// The first name that is no region's, or of a region without published numbers.
pub fn regions(session: &Session, names: &[String]) -> Result<Vec<RegionId>, Error> {
    let catalogue = session.catalogue();
    let published = catalogue.achievements.iter().map(|a| a.region.at());
    let published: BTreeSet<usize> = published.collect();
    if names.is_empty() {
        return Ok(published.into_iter().map(RegionId::from_usize).collect());
    }
    let mut wanted = Vec::new();
    for name in names {
        let region = catalogue.region(name);
        let region = region.ok_or_else(|| Unknown::region(catalogue, name))?;
        if !published.contains(&region.at()) {
            return Err(Error::refused(
                format!("data/outcomes.csv 没有该地区的公布值: {name}"),
                format!("data/outcomes.csv has no published number of this region: {name}"),
            ));
        }
        if !wanted.contains(&region) {
            wanted.push(region);
        }
    }
    Ok(wanted)
}

/// Runs the scenario of each region: `REGION.toml`, or `provinces.toml` where it has none
/// of its own, from `folder` or as compiled into the program.
///
/// # Errors
/// Everything that is wrong with any of them.
pub fn run(
    session: &mut Session,
    folder: Option<&str>,
    regions: &[RegionId],
) -> Result<Vec<Run>, Error> {
    if folder.is_some() {
        return run_in(session, folder.unwrap_or_default(), regions);
    }
    session.with_fetch(compiled_in, |session| {
        run_in(session, "scenarios/hindcast", regions)
    })
}

/// The bytes of a scenario that is compiled into the program.
fn compiled_in(path: &str) -> io::Result<Vec<u8>> {
    let found = HINDCAST.iter().find(|(name, _)| *name == path);
    let text = found.map(|(_, text)| text.as_bytes().to_vec());
    text.ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))
}

fn run_in(session: &mut Session, folder: &str, regions: &[RegionId]) -> Result<Vec<Run>, Error> {
    let mut all = Vec::new();
    for region in regions {
        let id = &session.catalogue().regions[region.at()].named.id;
        let own = format!("{folder}/{id}.toml");
        // A file of the region's own that cannot be read is told of, not passed over.
        let path = if session.is_missing(&own) {
            format!("{folder}/provinces.toml")
        } else {
            own
        };
        let Some(loaded) = session.try_load(&path, Some(*region)) else {
            break;
        };
        all.push(loaded);
    }
    let all = session.settle(Some(all))?;
    session.run_all(all)
}
