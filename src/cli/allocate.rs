//! `jianpai allocate`: a target of the nation, or of a whole of your own, shared among its
//! parts.

use super::BAD_INPUT;
use super::console::Console;
use super::out::print;
use super::tables::{self, Format, TableArgs, fraction};
use clap::Args;
use jianpai_core::allocate::{Part, Rule, Unshared, share};
use jianpai_core::catalogue::{Account, Book, Catalogue};
use jianpai_core::dims::{PollutantId, RegionId};
use jianpai_core::text::{Lang, Text};
use jianpai_load::diag::{Diagnostics, Files};
use jianpai_load::parts;
use jianpai_report::allocation::{self, Shared};
use jianpai_report::case::number;
use jianpai_study::Problems;
use jianpai_study::problem::Unknown;
use std::path::PathBuf;

/// Arguments of `allocate`.
#[derive(Args, Debug)]
pub(super) struct AllocateArgs {
    /// The pollutant: COD, NH3-N, SO2, NOx … / 污染物
    pollutant: String,
    /// The whole whose parts share the target / 目标所属的地区
    #[arg(long, value_name = "REGION", default_value = "china")]
    region: String,
    /// Parts of your own as CSV: part,emission,gdp,population,floor,ceiling,official / 自备各地区数据
    #[arg(long, value_name = "FILE")]
    parts: Option<PathBuf>,
    /// How much the whole cuts; by default its official target of --plan / 总削减比例，默认取官方目标
    #[arg(long, value_name = "PERCENT")]
    reduction: Option<String>,
    /// The plan with the official targets / 官方目标所属规划
    #[arg(long, value_name = "PLAN", default_value = "13fyp")]
    plan: String,
    /// Rules, all by default: equal, emission, gdp, population, per-head, converge / 分解规则，默认全部
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    by: Vec<String>,
    /// How far `converge` goes towards the same emission per head / 趋同程度
    #[arg(long, value_name = "PERCENT", default_value = "50 %")]
    converge: String,
    /// Least rate of every part, or of one: --floor 5% --floor tibet=0% / 各地区或某地区的最低比例
    #[arg(long, value_name = "[PART=]PERCENT")]
    floor: Vec<String>,
    /// Highest rate of every part, or of one / 最高比例
    #[arg(long, value_name = "[PART=]PERCENT")]
    ceiling: Vec<String>,
    /// Decimals of 10⁴ t in which tonnes are shared out / 万吨保留的小数位
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u8).range(0..=4))]
    digits: u8,
    /// Print all tables as JSON / 以 JSON 输出
    #[arg(long)]
    json: bool,
    /// With --table: print it as CSV / 与 --table 同用：以 CSV 输出
    #[arg(long, requires = "table", conflicts_with = "json")]
    csv: bool,
    #[command(flatten)]
    table: TableArgs,
}

pub(super) fn main(console: &Console, args: &AllocateArgs) -> u8 {
    match run(console, args) {
        Ok(()) => 0,
        Err(code) => code,
    }
}

fn run(console: &Console, args: &AllocateArgs) -> Result<(), u8> {
    let session = console.open()?;
    let catalogue = session.catalogue();
    let whole = whole(console, catalogue, args)?;
    let rules = rules(console, args)?;
    let mut parts = match &args.parts {
        Some(path) => own_parts(console, path)?,
        None => parts_of(console, catalogue, args, &whole)?,
    };
    bound(console, &args.floor, &mut parts, |part, rate| {
        part.floor = rate;
    })?;
    bound(console, &args.ceiling, &mut parts, |part, rate| {
        part.ceiling = rate;
    })?;
    if let Some(part) = parts.iter().find(|part| part.floor > part.ceiling) {
        return Err(console.complain(&match console.lang {
            Lang::Zh => format!("{} 的下限高于上限", part.name.zh),
            Lang::En => format!("the floor of {} is above its ceiling", part.name.en),
        }));
    }
    let emission: f64 = parts.iter().map(|part| part.emission).sum();
    let rate = reduction(console, catalogue, args, &whole)?;
    let cut = rate * emission;
    let mut cuts = Vec::new();
    for rule in rules {
        let found = share(&parts, cut, rule);
        let found = found.map_err(|why| unshared(console, rule, rate, emission, &why))?;
        cuts.push((rule, found));
    }
    let own = args.parts.is_some();
    let shared = Shared {
        pollutant: args.pollutant.clone(),
        whole: if own {
            Text::new("自备地区", "your own whole")
        } else {
            catalogue.regions[whole.region.at()].named.name.clone()
        },
        base_year: (!own).then_some(catalogue.base_year),
        parts,
        cut,
        rules: cuts,
        unit: 1e4 / 10_f64.powi(i32::from(args.digits)),
    };
    let all = allocation::tables(&shared);
    let text = if let Some(name) = &args.table.table {
        let table = tables::named(console, &all, name)?;
        tables::text(console, table, Format::of(args.csv, args.json))
    } else if args.json {
        format!("{:#}\n", allocation::json(&shared))
    } else {
        allocation::text(&shared, console.lang)
    };
    print(&text);
    Ok(())
}

/// What is shared, and of which region.
struct Whole {
    region: RegionId,
    pollutant: PollutantId,
}

fn whole(console: &Console, catalogue: &Catalogue, args: &AllocateArgs) -> Result<Whole, u8> {
    let ids = catalogue.regions.iter().map(|r| r.named.id.as_str());
    let region = catalogue.region(&args.region).ok_or_else(|| {
        console.fail(&Unknown::like(Text::new("地区", "region"), &args.region, ids).into())
    })?;
    let ids: Vec<&str> = catalogue
        .pollutants
        .iter()
        .map(|p| p.named.id.as_str())
        .collect();
    let pollutant = catalogue.pollutant(&args.pollutant).ok_or_else(|| {
        let what = Text::new("污染物", "pollutant");
        console.fail(&Unknown::among(what, &args.pollutant, &ids).into())
    })?;
    Ok(Whole { region, pollutant })
}

fn rules(console: &Console, args: &AllocateArgs) -> Result<Vec<Rule>, u8> {
    let all = Rule::all(fraction(console, "--converge", &args.converge)?);
    if args.by.is_empty() {
        return Ok(all.to_vec());
    }
    let ids = all.map(Rule::id);
    let find = |name: &String| {
        let found = all.iter().find(|rule| rule.id() == name).copied();
        found.ok_or_else(|| {
            console.fail(&Unknown::among(Text::new("规则", "rule"), name, &ids).into())
        })
    };
    args.by.iter().map(find).collect()
}

/// Lays bounds over parts: `5%` for all, `tibet=0%` for one.
fn bound(
    console: &Console,
    given: &[String],
    parts: &mut [Part],
    set: impl Fn(&mut Part, f64),
) -> Result<(), u8> {
    // What is said of one part goes before what is said of all.
    let (one, all): (Vec<&String>, Vec<&String>) = given.iter().partition(|g| g.contains('='));
    for text in all {
        let rate = fraction(console, "--floor/--ceiling", text)?;
        for part in parts.iter_mut() {
            set(part, rate);
        }
    }
    for text in one {
        let (name, rate) = text.split_once('=').unwrap_or_default();
        let rate = fraction(console, "--floor/--ceiling", rate)?;
        let at = parts.iter().position(|p| p.id == name || p.name.zh == name);
        let Some(at) = at else {
            let ids = parts.iter().map(|part| part.id.as_str());
            let unknown = Unknown::like(Text::new("地区", "part"), name, ids);
            return Err(console.fail(&unknown.into()));
        };
        set(&mut parts[at], rate);
    }
    Ok(())
}

fn own_parts(console: &Console, path: &std::path::Path) -> Result<Vec<Part>, u8> {
    let bytes = console.inputs.bytes(path).map_err(|error| {
        let what = Text::new("地区数据", "the table of parts");
        console.cannot_read(&what, path, &error)
    })?;
    let (mut files, mut diags) = (Files::new(), Diagnostics::default());
    let found = parts::read(&path.display().to_string(), &bytes, &mut files, &mut diags);
    console.report(&Problems::new(diags, &files));
    found.ok_or(BAD_INPUT)
}

/// The parts of a region that the data know, with their base year.
fn parts_of(
    console: &Console,
    catalogue: &Catalogue,
    args: &AllocateArgs,
    whole: &Whole,
) -> Result<Vec<Part>, u8> {
    let account = Account::Pollutant(whole.pollutant, Book::Physical);
    let year = catalogue.base_year;
    let mut parts = Vec::new();
    for (r, region) in catalogue.regions.iter().enumerate() {
        let world = catalogue.worlds[r].as_ref();
        let (Some(world), true) = (world, region.parent == Some(whole.region)) else {
            continue;
        };
        let total = world.inventory.get(&account).and_then(|i| i.total);
        let Some(total) = total.filter(|total| total.amount.value > 0.0) else {
            continue;
        };
        let known = |key: &str| {
            let found = world.recorded.get(&(key.to_string(), year));
            found.map(|recorded| recorded.value.value)
        };
        parts.push(Part {
            id: region.named.id.clone(),
            name: region.named.name.clone(),
            emission: total.amount.value,
            gdp: known("gdp-nominal"),
            population: known("population"),
            floor: 0.0,
            ceiling: 1.0,
            official: official(catalogue, args, RegionId::from_usize(r)),
        });
    }
    if parts.len() < 2 {
        let name = &catalogue.regions[whole.region.at()].named.name;
        return Err(console.complain(&match console.lang {
            Lang::Zh => format!("数据中没有{}各部分的 {} 官方排放量：用 --parts 给出一张表（名称、排放量）", name.zh, args.pollutant),
            Lang::En => format!("the data have no official {} of the parts of {}: give a table of them with --parts (part,emission)", args.pollutant, name.en),
        }));
    }
    Ok(parts)
}

/// The official reduction of a region in the plan (fraction), counted from the base year.
fn official(catalogue: &Catalogue, args: &AllocateArgs, region: RegionId) -> Option<f64> {
    let mut targets = catalogue.targets.iter();
    let own = targets.find(|target| {
        target.plan == args.plan
            && target.region == region
            && target.indicator == args.pollutant
            && target.kind == "reduction"
            && target.base_year == catalogue.base_year
    });
    own.map(|target| target.value.value)
}

fn reduction(
    console: &Console,
    catalogue: &Catalogue,
    args: &AllocateArgs,
    whole: &Whole,
) -> Result<f64, u8> {
    if let Some(text) = &args.reduction {
        return fraction(console, "--reduction", text);
    }
    let known = official(catalogue, args, whole.region).filter(|_| args.parts.is_none());
    known.ok_or_else(|| {
        console.complain(&match console.lang {
            Lang::Zh => format!(
                "规划 {} 没有{}{} 较 {} 年的削减目标：用 --reduction 10% 写明",
                args.plan,
                catalogue.regions[whole.region.at()].named.name.zh,
                args.pollutant,
                catalogue.base_year
            ),
            Lang::En => format!(
                "plan {} has no reduction of {} on {} here: state it with --reduction 10%",
                args.plan, args.pollutant, catalogue.base_year
            ),
        })
    })
}

/// Says why a target cannot be shared out.
fn unshared(console: &Console, rule: Rule, rate: f64, emission: f64, why: &Unshared) -> u8 {
    let rule = rule.name();
    let text = match (why, console.lang) {
        (Unshared::OutOfReach(least, most), lang) => {
            let percent = |tonnes: f64| number(tonnes / emission * 100.0);
            let (least, most, rate) = (percent(*least), percent(*most), number(rate * 100.0));
            match lang {
                Lang::Zh => format!(
                    "上下限之内合计只能削减 {least}—{most} %，达不到 {rate} %：放宽 --floor 或 --ceiling"
                ),
                Lang::En => format!(
                    "within the bounds the parts cut {least} to {most} % together, not {rate} %: widen --floor or --ceiling"
                ),
            }
        }
        (Unshared::Missing(id, gdp), Lang::Zh) => {
            let what = if *gdp { "GDP" } else { "人口" };
            format!(
                "规则“{}”需要各地区的{what}，`{id}` 没有：补上，或用 --by 另选规则",
                rule.zh
            )
        }
        (Unshared::Missing(id, gdp), Lang::En) => {
            let what = if *gdp { "GDP" } else { "population" };
            format!(
                "the rule `{}` needs the {what} of every part, and `{id}` has none: add it, or choose others with --by",
                rule.en
            )
        }
    };
    console.complain(&text)
}
