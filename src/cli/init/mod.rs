//! `jianpai init`: a commented starting file that runs as it is, on current policy, with
//! the official targets of a plan.

mod place;
mod template;

use super::console::Console;
use super::out::{print, warn};
use clap::Args;
use jianpai_core::catalogue::Catalogue;
use jianpai_core::dims::RegionId;
use jianpai_core::scenario::Scenario;
use jianpai_core::text::Lang;
use jianpai_load::scenario::Loaded;
use jianpai_study::embedded::BASES;
use jianpai_study::folder::{Problem, put_file};
use jianpai_study::region_file::{self, NewPlace};
use jianpai_study::{Error, Session};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Arguments of `init`.
#[derive(Args, Debug)]
pub(super) struct InitArgs {
    /// Region id, see `jianpai list regions` / 地区 id
    #[arg(required_unless_present = "place", conflicts_with = "place")]
    region: Option<String>,
    /// A prefecture-level place, see `jianpai list places`: writes a region of its own, too / 地级市等，另写地区文件
    #[arg(long, value_name = "NAME")]
    place: Option<String>,
    /// The region that the place lies in / 上级地区
    #[arg(long, value_name = "REGION", requires = "place")]
    parent: Option<String>,
    /// With --place: a place that is not in the list, such as a county / 名录以外的地方，如县区
    #[arg(long, requires = "parent")]
    new: bool,
    /// Five-year plan: 13 (2016-2020), 14 (2021-2025) or 15 (2026-2030), by default that of
    /// the last year / 五年规划：13、14 或 15，默认按末年
    #[arg(long, value_name = "PLAN")]
    plan: Option<String>,
    /// Last year, by default that of the plan / 末年，默认为规划末年
    #[arg(long)]
    end: Option<i32>,
    /// Write to this file instead of the terminal / 写入文件
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// A five-year plan.
#[derive(Clone, Copy, Debug)]
struct FiveYears {
    number: &'static str,
    /// The id of its targets in the data.
    targets: &'static str,
    zh: &'static str,
    en: &'static str,
    /// The file of what happens anyway.
    base: &'static str,
    first: i32,
    last: i32,
}

const PLANS: [FiveYears; 3] = [
    FiveYears {
        number: "13",
        targets: "13fyp",
        zh: "“十三五”",
        en: "13th Five-Year Plan",
        base: "current-policy-13fyp.toml",
        first: 2016,
        last: 2020,
    },
    FiveYears {
        number: "14",
        targets: "14fyp",
        zh: "“十四五”",
        en: "14th Five-Year Plan",
        base: "current-policy-14fyp.toml",
        first: 2021,
        last: 2025,
    },
    FiveYears {
        number: "15",
        targets: "15fyp",
        zh: "“十五五”",
        en: "15th Five-Year Plan",
        base: "current-policy-15fyp.toml",
        first: 2026,
        last: 2030,
    },
];

/// The plan of a call that names neither a plan nor a last year.
const USUAL: FiveYears = PLANS[1];

/// Where the files of current policy may lie, as seen from the new file.
pub(super) const FOLDERS: [&str; 5] = [
    "base",
    "scenarios/base",
    "../base",
    "../scenarios/base",
    "../../scenarios/base",
];

/// What the template is made for.
struct Wanted<'a> {
    catalogue: &'a Catalogue,
    region: RegionId,
    /// Whether it is one of its own, with a file beside.
    own: bool,
    plan: FiveYears,
    end: i32,
    /// The file that it extends, as seen from it.
    extends: String,
    /// What that file says for this region.
    base: Scenario,
    lang: Lang,
}

pub(super) fn main(console: &Console, args: &InitArgs) -> u8 {
    match init(console, args) {
        Ok(()) => 0,
        Err(code) => code,
    }
}

fn init(console: &Console, args: &InitArgs) -> Result<(), u8> {
    let mut session = console.open()?;
    let (place, mut region) = wanted(console, &session, args)?;
    let base_year = session.catalogue().base_year;
    let (plan, end) = match choose(args, base_year, console.lang) {
        Ok(chosen) => chosen,
        Err(text) => return Err(console.complain(&text)),
    };
    if let Some(path) = args.output.as_ref().filter(|path| path.exists()) {
        let what = console
            .lang
            .pick("文件已存在，不覆盖", "the file exists and is left alone");
        return Err(console.complain(&format!("{what}: {}", path.display())));
    }
    let beside = args.output.as_deref().and_then(Path::parent);
    let beside = beside.unwrap_or(Path::new(""));
    let found = FOLDERS
        .iter()
        .find(|folder| beside.join(folder).join(plan.base).is_file());
    let folder = found.unwrap_or(&FOLDERS[0]);
    let extends = format!("{folder}/{}", plan.base);
    let own = place.map(|place| {
        let text = region_file::text(session.catalogue(), &place, console.lang);
        let path = beside.join("regions").join(format!("{}.toml", place.id));
        (place, text.unwrap_or_default(), path)
    });
    // A region file that is there already is the planner's: the scenario is for that one.
    let there = own
        .as_ref()
        .filter(|(.., path)| args.output.is_some() && path.exists());
    if let Some((place, text, path)) = &own {
        let bytes = match there {
            Some(_) => console.inputs.bytes(path).unwrap_or_default(),
            None => text.as_bytes().to_vec(),
        };
        let made = made(&mut session, place, bytes);
        region = made.map_err(|error| console.fail(&error))?;
    }
    let folder_of_base = found.is_some().then_some(beside);
    let base = current_policy(console, &mut session, folder_of_base, &extends, region);
    let base = base.map_err(|error| console.fail(&error))?;
    let data = Arc::clone(session.data());
    let wanted = Wanted {
        catalogue: data.catalogue(),
        region,
        own: own.is_some(),
        plan,
        end,
        extends,
        base: base.scenario,
        lang: console.lang,
    };
    let mut text = template::template(&wanted);
    let Some(path) = &args.output else {
        // One file that runs by itself.
        if let Some((_, region, _)) = &own {
            text += region;
        }
        print(&text);
        return Ok(());
    };
    let written = if found.is_none() {
        put_bases(&beside.join(folder))
    } else {
        Ok(Vec::new())
    };
    let done = written.and_then(|bases| {
        if let (Some((_, region, place)), None) = (&own, there) {
            put_region(place, region)?;
        }
        put_file(path, |_| false, |to| to.write_all(text.as_bytes()))?;
        Ok(bases)
    });
    match done {
        Ok(bases) => {
            if let Some((.., path)) = &own {
                let what = match there {
                    Some(_) => console.lang.pick(
                        "沿用已有的地区文件",
                        "the region file that is there is used",
                    ),
                    None => console.lang.pick("地区写入", "region written to"),
                };
                warn(&format!("{what}: {}\n", path.display()));
            }
            for path in bases {
                let what = console
                    .lang
                    .pick("另存现行政策", "current policy written to");
                warn(&format!("{what}: {}\n", path.display()));
            }
            Ok(())
        }
        Err(problem) => Err(console.refuse(&problem)),
    }
}

/// The place or the region that a file is asked for; of a place, the nation stands for its
/// region until that is made.
fn wanted(
    console: &Console,
    session: &Session,
    args: &InitArgs,
) -> Result<(Option<NewPlace>, RegionId), u8> {
    let region = |name: &str| {
        let found = session.region(name);
        found.map_err(|unknown| console.fail(&unknown.into()))
    };
    let parent = args.parent.as_deref().map(region).transpose()?;
    let catalogue = session.catalogue();
    let name = match (&args.place, &args.region) {
        (Some(name), _) => name,
        // Who names a place where a region is asked for means the place.
        (None, Some(name)) => {
            if session.region(name).is_ok() || catalogue.gazetteer.called(name, None).is_empty() {
                return Ok((None, region(name)?));
            }
            name
        }
        (None, None) => return Ok((None, RegionId(0))),
    };
    match place::choose(console, catalogue, (name, parent, args.new))? {
        place::Wanted::BuiltIn(region) => Ok((None, region)),
        place::Wanted::New(place) => Ok((Some(place), RegionId(0))),
    }
}

/// Reads the file of a region, so that the session knows it.
fn made(session: &mut Session, place: &NewPlace, bytes: Vec<u8>) -> Result<RegionId, Error> {
    let path = format!("regions/{}.toml", place.id);
    let scenario = format!(
        "[scenario]\nname_zh = \"x\"\nregion = \"{}\"\nextends = \"{}\"\nend_year = {}\n",
        place.id, BASES[0].0, PLANS[0].last
    );
    let fetch = move |asked: &str| -> std::io::Result<Vec<u8>> {
        if asked == path {
            return Ok(bytes.clone());
        }
        let base = BASES.iter().find(|(name, _)| *name == asked);
        match (asked, base) {
            ("new.toml", _) => Ok(scenario.clone().into_bytes()),
            (_, Some((_, text))) => Ok(text.as_bytes().to_vec()),
            _ => Err(std::io::Error::from(std::io::ErrorKind::NotFound)),
        }
    };
    let loaded = session.with_fetch(fetch, |session| session.try_load("new.toml", None));
    Ok(session.settle(loaded)?.scenario.region)
}

/// Writes the file of a region.
fn put_region(path: &Path, text: &str) -> Result<(), Problem> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|error| Problem::write(folder, &error))?;
    }
    put_file(path, |_| false, |to| to.write_all(text.as_bytes()))
}

/// What the file of current policy says for a region: the one on the disk `beside` the
/// new file, or the one in the program.
fn current_policy(
    console: &Console,
    session: &mut jianpai_study::Session,
    beside: Option<&Path>,
    extends: &str,
    region: RegionId,
) -> Result<Loaded, Error> {
    let inputs = console.inputs;
    let beside = beside.map(Path::to_path_buf);
    let fetch = move |path: &str| -> std::io::Result<Vec<u8>> {
        if let Some(beside) = &beside {
            return inputs.bytes(beside.join(path));
        }
        let name = path.rsplit('/').next().unwrap_or(path);
        let found = BASES.iter().find(|(base, _)| *base == name);
        found
            .map(|(_, text)| text.as_bytes().to_vec())
            .ok_or_else(|| std::io::Error::from(std::io::ErrorKind::NotFound))
    };
    let loaded = session.with_fetch(fetch, |session| session.try_load(extends, Some(region)));
    session.settle(loaded)
}

/// The plan and the last year, or why there is none such.
fn choose(args: &InitArgs, base_year: i32, lang: Lang) -> Result<(FiveYears, i32), String> {
    let by_year = |end: i32| {
        let mut plans = PLANS.iter();
        *plans
            .find(|plan| end <= plan.last)
            .unwrap_or(&PLANS[PLANS.len() - 1])
    };
    let known: Vec<&str> = PLANS.iter().map(|plan| plan.number).collect();
    let plan = match args.plan.as_deref() {
        None => args.end.map_or(USUAL, by_year),
        Some(said) => {
            let digits = said.trim_end_matches("fyp");
            let mut plans = PLANS.iter();
            let found = plans.find(|plan| plan.number == digits);
            *found.ok_or_else(|| match lang {
                Lang::Zh => format!("没有规划 `{said}`；可用：{}", known.join("、")),
                Lang::En => format!("there is no plan `{said}`; known: {}", known.join(", ")),
            })?
        }
    };
    let end = args.end.unwrap_or(plan.last);
    let span = plan.last..=base_year + 85;
    if span.contains(&end) {
        return Ok((plan, end));
    }
    let (first, last) = (span.start(), span.end());
    Err(match lang {
        Lang::Zh => format!(
            "末年应在 {first} 与 {last} 之间：{}目标的目标年为 {first} 年",
            plan.zh
        ),
        Lang::En => format!(
            "the last year lies between {first} and {last}: the targets of the {} are for {first}",
            plan.en
        ),
    })
}

/// Writes the files of current policy that are not there yet.
pub(super) fn put_bases(folder: &Path) -> Result<Vec<PathBuf>, Problem> {
    let mut written = Vec::new();
    std::fs::create_dir_all(folder).map_err(|error| Problem::write(folder, &error))?;
    for (name, text) in BASES {
        let path = folder.join(name);
        if !path.exists() {
            put_file(&path, |_| false, |to| to.write_all(text.as_bytes()))?;
            written.push(path);
        }
    }
    Ok(written)
}
