//! The recorded measures of past years, run to be held against published progress.

use crate::embedded::{HINDCAST, PLANS};
use crate::problem::{Error, Unknown};
use crate::run::Run;
use crate::session::Session;
use jianpai_core::catalogue::Catalogue;
use jianpai_core::dims::RegionId;
use jianpai_core::doubt::RunKind;
use jianpai_core::scenario::Scenario;
use jianpai_load::scenario::Loaded;
use jianpai_report::reliability;
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

/// Runs the scenario of each region of these names, or of all with published numbers in
/// the years of their scenario: `REGION.toml`, or `provinces.toml` where it has none of
/// its own, from `folder` or as compiled into the program.
///
/// # Errors
/// A name that is no region's, a named region without published numbers in the years of
/// its scenario, and everything that is wrong with any of the scenarios.
pub fn run(
    session: &mut Session,
    folder: Option<&str>,
    names: &[String],
) -> Result<Vec<Run>, Error> {
    let regions = regions(session, names)?;
    let all = if let Some(folder) = folder {
        load_from(session, folder, &regions)?
    } else {
        let folder = "scenarios/hindcast";
        session.with_fetch(compiled_in(HINDCAST), |session| {
            load_from(session, folder, &regions)
        })?
    };
    let mut told = Vec::new();
    for loaded in all {
        let scenario = &loaded.scenario;
        if has_numbers(session.catalogue(), scenario) {
            told.push(loaded);
        } else if !names.is_empty() {
            let id = &session.catalogue().regions[scenario.region.at()].named.id;
            let (first, last) = (scenario.base_year, scenario.end_year);
            return Err(Error::refused(
                format!("data/outcomes.csv 在 {first}—{last} 年没有该地区的公布值: {id}"),
                format!(
                    "data/outcomes.csv has no published number of this region in {first}-{last}: {id}"
                ),
            ));
        }
    }
    session.run_all(told)
}

/// Whether a number was published for the region that counts from and to years of the
/// scenario.
fn has_numbers(catalogue: &Catalogue, scenario: &Scenario) -> bool {
    let years = scenario.base_year..=scenario.end_year;
    catalogue.achievements.iter().any(|published| {
        published.region == scenario.region
            && years.contains(&published.base_year)
            && years.contains(&published.year)
    })
}

/// A run of past years, and the base year from which published numbers are held to it.
pub struct Past {
    /// The run.
    pub run: Run,
    /// What kind of run it is.
    pub kind: RunKind,
    /// Published numbers that count from this year on.
    pub since: i32,
}

impl Past {
    /// The same for who holds it against what was published.
    pub fn held(&self) -> reliability::Past<'_> {
        reliability::Past {
            case: self.run.case(),
            kind: self.kind,
            since: self.since,
        }
    }
}

/// Runs of the past of both kinds: the measures on record, and the plans of 2016 (nation
/// and every place with published numbers) and of 2021 (nation), all as compiled in.
///
/// # Errors
/// Everything that is wrong with any of them.
pub fn past(session: &mut Session) -> Result<Vec<Past>, Error> {
    let places = regions(session, &[])?;
    let recorded = run(session, None, &[])?.into_iter().map(|run| Past {
        run,
        kind: RunKind::Recorded,
        since: i32::MIN,
    });
    let mut all: Vec<Past> = recorded.collect();
    let nation = |session: &Session, region: RegionId| {
        session.catalogue().regions[region.at()].parent.is_none()
    };
    let plans = session.with_fetch(compiled_in(PLANS), |session| {
        let mut loaded = Vec::new();
        for region in &places {
            let files: &[(&str, i32)] = if nation(session, *region) {
                &[
                    ("scenarios/national-13fyp.toml", i32::MIN),
                    ("scenarios/national-14fyp-planned.toml", 2020),
                ]
            } else {
                &[("scenarios/provinces.toml", i32::MIN)]
            };
            for (path, since) in files {
                let Some(one) = session.try_load(path, Some(*region)) else {
                    break;
                };
                loaded.push((one, *since));
            }
        }
        let (loaded, since): (Vec<_>, Vec<i32>) = loaded.into_iter().unzip();
        let loaded = session.settle(Some(loaded))?;
        let runs = session.run_all(loaded)?;
        Ok::<_, Error>(runs.into_iter().zip(since).collect::<Vec<_>>())
    })?;
    all.extend(plans.into_iter().map(|(run, since)| Past {
        run,
        kind: RunKind::Plan,
        since,
    }));
    Ok(all)
}

/// Reads what is compiled into the program: `files` by their paths.
fn compiled_in(
    files: &'static [(&'static str, &'static str)],
) -> impl Fn(&str) -> io::Result<Vec<u8>> {
    move |path| {
        let found = files.iter().find(|(name, _)| *name == path);
        let text = found.map(|(_, text)| text.as_bytes().to_vec());
        text.ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))
    }
}

fn load_from(
    session: &mut Session,
    folder: &str,
    regions: &[RegionId],
) -> Result<Vec<Loaded>, Error> {
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
    session.settle(Some(all))
}
