//! `jianpai allocate`: a target of the nation, or of a whole of your own, shared among its
//! parts.

use super::BAD_INPUT;
use super::console::Console;
use super::named;
use super::out::{print, results};
use super::tables::{PrintArgs, fraction};
use clap::Args;
use jianpai_core::allocate::{Part, Rule, Unshared, share};
use jianpai_core::catalogue::{Account, Book, Catalogue, Pollutant};
use jianpai_core::dims::{PollutantId, RegionId};
use jianpai_core::names::NameOf;
use jianpai_core::text::{Lang, Text};
use jianpai_load::diag::{Diagnostics, FileId, Files};
use jianpai_load::digest::hex;
use jianpai_load::parts;
use jianpai_load::vocabulary::{Vocabulary, fold};
use jianpai_report::allocation::{self, ByRule, COST, Cheapest, Priced, Shared};
use jianpai_report::allocation_map;
use jianpai_report::case::number;
use jianpai_report::write;
use jianpai_solve::joint::Outcome;
use jianpai_study::folder::manifest::relative;
use jianpai_study::folder::run::{hashed_data, hashed_inputs};
use jianpai_study::folder::{Entry, Hashed, Manifest};
use jianpai_study::joint;
use jianpai_study::problem::Unknown;
use jianpai_study::{Problems, Session};
use serde_json::{Map, json};
use std::path::{Path, PathBuf};

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
    /// Rules, all by default: equal, emission, gdp, population, per-head, converge; cost with --scenario / 分解规则，默认全部
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    by: Vec<String>,
    /// Scenario whose measures the parts choose from: for `cost`, and for what every rule costs / 供各地区选择措施的情景，用于 cost 及各规则的成本
    #[arg(long, value_name = "SCENARIO", conflicts_with = "parts")]
    scenario: Option<String>,
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
    /// Folder for results: tables, chart, manifest / 结果目录
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    #[command(flatten)]
    print: PrintArgs,
}

pub(super) fn main(console: &Console, args: &AllocateArgs) -> u8 {
    match run(console, args) {
        Ok(()) => 0,
        Err(code) => code,
    }
}

fn run(console: &Console, args: &AllocateArgs) -> Result<(), u8> {
    let mut session = console.open()?;
    let whole = whole(console, &session, args)?;
    let (rules, by_cost) = rules(console, args)?;
    let catalogue = session.catalogue();
    let (mut parts, mut inputs) = match &args.parts {
        Some(path) => own_parts(console, path)?,
        None => (parts_of(console, catalogue, args, &whole)?, Vec::new()),
    };
    bound(console, catalogue, &args.floor, &mut parts, |part, rate| {
        part.floor = rate;
    })?;
    bound(
        console,
        catalogue,
        &args.ceiling,
        &mut parts,
        |part, rate| {
            part.ceiling = rate;
        },
    )?;
    if let Some(part) = parts.iter().find(|part| part.floor > part.ceiling) {
        return Err(console.complain(&match console.lang {
            Lang::Zh => format!("{} 的下限高于上限", part.name.zh),
            Lang::En => format!("the floor of {} is above its ceiling", part.name.en),
        }));
    }
    let emission: f64 = parts.iter().map(|part| part.emission).sum();
    let rate = reduction(console, catalogue, args, &whole)?;
    let cut = rate * emission;
    let mut by_rule = Vec::new();
    for rule in rules {
        let cuts = share(&parts, cut, rule);
        by_rule.push(ByRule {
            id: rule.id(),
            name: rule.name(),
            cuts: cuts.map_err(|why| unshared(console, rule, rate, emission, &why))?,
            costs: None,
        });
    }
    let own = args.parts.is_some();
    let mut shared = Shared {
        pollutant: catalogue.pollutants[whole.pollutant.at()].named.id.clone(),
        whole: if own {
            Text::new("自备地区", "your own whole")
        } else {
            catalogue.regions[whole.region.at()].named.name.clone()
        },
        base_year: (!own).then_some(catalogue.base_year),
        parts,
        cut,
        rules: by_rule,
        unit: 1e4 / 10_f64.powi(i32::from(args.digits)),
        priced: None,
    };
    if let Some(path) = &args.scenario {
        let read = priced(console, &mut session, (path, &whole, by_cost), &mut shared)?;
        inputs = hashed_inputs(session.files(), read);
    }
    let all = allocation::tables(&shared);
    let text = if let Some(text) = args.print.alone(console, &all)? {
        text
    } else if args.print.json {
        format!("{:#}\n", allocation::json(&shared))
    } else {
        allocation::text(&shared, console.lang)
    };
    let written = args
        .out
        .as_ref()
        .map(|out| write(console, &session, args, (out, &whole, &shared, inputs)));
    let written = written.transpose()?;
    print(&text);
    if let (Some(folder), None, false) = (written, &args.print.table.table, args.print.json) {
        print(&results(console.lang, &folder));
    }
    Ok(())
}

/// Adds what the rules cost, and where asked the cut of least cost; the files of the
/// scenario.
fn priced(
    console: &Console,
    session: &mut Session,
    (path, whole, by_cost): (&str, &Whole, bool),
    shared: &mut Shared,
) -> Result<Vec<FileId>, u8> {
    let leading = named::leading(session.catalogue(), whole.pollutant);
    let Some(indicator) = leading else {
        return Err(console.complain(&match console.lang {
            Lang::Zh => format!("{} 没有可按情景计算的排放指标", shared.pollutant),
            Lang::En => format!(
                "{} has no indicator that a scenario moves",
                shared.pollutant
            ),
        }));
    };
    let others: Vec<Vec<f64>> = shared.rules.iter().map(|rule| rule.cuts.clone()).collect();
    let asked = joint::Asked {
        indicator,
        parts: &shared.parts,
        cut: shared.cut,
        others: &others,
    };
    let found = session.allocate_by_cost(path, &asked);
    let found = found.map_err(|error| console.fail(&error))?;
    for (rule, costs) in shared.rules.iter_mut().zip(found.others) {
        rule.costs = Some(costs);
    }
    let cheapest = match found.outcome {
        Outcome::Shared(shares) => {
            let (id, zh, en) = COST;
            let costs = shares.costs.into_iter().map(Some).collect();
            shared.rules.push(ByRule {
                id,
                name: Text::new(zh, en),
                cuts: shares.cuts,
                costs: Some(costs),
            });
            Cheapest::Shared(shares.price)
        }
        // The rules stand without it, and their costs say how far short they fall.
        Outcome::OutOfReach(most) => Cheapest::Most(most),
        Outcome::BelowFloor(parts) => Cheapest::BelowFloor(parts),
    };
    if by_cost && !matches!(cheapest, Cheapest::Shared(_)) {
        return Err(out_of_reach(console, shared, &cheapest));
    }
    shared.priced = Some(Priced {
        scenario: found.scenario,
        year: found.year,
        cheapest,
    });
    Ok(found.inputs)
}

/// The measures of all parts do not suffice.
fn out_of_reach(console: &Console, shared: &Shared, cheapest: &Cheapest) -> u8 {
    let emission: f64 = shared.parts.iter().map(|part| part.emission).sum();
    let percent = |tonnes: f64| number(tonnes / emission * 100.0);
    let rate = percent(shared.cut);
    let short = |lang: Lang| {
        let Cheapest::BelowFloor(parts) = cheapest else {
            return String::new();
        };
        let each = parts.iter().map(|(i, rate)| {
            let name = shared.parts[*i].name.get(lang);
            format!("{name} {} %", number(rate * 100.0))
        });
        each.collect::<Vec<_>>().join(lang.pick("、", ", "))
    };
    console.complain(&match (cheapest, console.lang) {
        (Cheapest::Most(most), Lang::Zh) => format!(
            "情景的措施合计至多削减 {} %，达不到 {rate} %：用措施更多的情景，或调整 --reduction、--floor、--ceiling",
            percent(*most)
        ),
        (Cheapest::Most(most), Lang::En) => format!(
            "the measures of the scenario cut {} % together at most, not {rate} %: name a scenario with more of them, or change --reduction, --floor or --ceiling",
            percent(*most)
        ),
        (_, Lang::Zh) => format!(
            "以下地区用情景的措施达不到自己的下限（最多削减）：{}。放宽 --floor（可为负，如 --floor=-5%），或用措施更多的情景",
            short(Lang::Zh)
        ),
        (_, Lang::En) => format!(
            "with the measures of the scenario these parts cannot keep their floors (they cut at most): {}. Widen --floor (it may be below nothing: --floor=-5%), or name a scenario with more measures",
            short(Lang::En)
        ),
    })
}

/// Writes the tables and the chart into a folder of their own.
fn write(
    console: &Console,
    session: &Session,
    args: &AllocateArgs,
    (out, whole, shared, inputs): (&Path, &Whole, &Shared, Vec<Hashed>),
) -> Result<PathBuf, u8> {
    let mut entries: Vec<Entry> = allocation::tables(shared)
        .iter()
        .map(|table| {
            (
                format!("{}.csv", table.id),
                write::csv_file(table, console.lang),
            )
        })
        .collect();
    let mut charts = allocation::charts(shared);
    charts.extend(allocation_map::figures(shared));
    entries.extend(
        charts
            .into_iter()
            .map(|chart| (chart.name, chart.svg.into_bytes())),
    );
    let region = session.catalogue().regions[whole.region.at()]
        .named
        .id
        .clone();
    let rules: Vec<&str> = shared.rules.iter().map(|rule| rule.id).collect();
    let mut options = Map::new();
    for (key, value) in [
        ("pollutant", json!(shared.pollutant)),
        ("region", json!(region)),
        ("cut_t", json!(shared.cut)),
        ("rules", json!(rules)),
        ("converge", json!(args.converge)),
        ("floor", json!(args.floor)),
        ("ceiling", json!(args.ceiling)),
        ("scenario", json!(args.scenario)),
        ("lang", json!(console.lang.pick("zh", "en"))),
    ] {
        options.insert(key.to_string(), value);
    }
    let manifest = Manifest {
        region: args.parts.is_none().then_some(region),
        options,
        inputs,
        data: hashed_data(session.data()),
        ..Manifest::of("allocate")
    };
    let name = format!("{}-allocation", shared.pollutant);
    console.put_folder((out, &name), manifest, entries)
}

/// What is shared, and of which region.
struct Whole {
    region: RegionId,
    pollutant: PollutantId,
}

fn whole(console: &Console, session: &Session, args: &AllocateArgs) -> Result<Whole, u8> {
    let catalogue = session.catalogue();
    let region = session.region(&args.region);
    let region = region.map_err(|unknown| console.fail(&unknown.into()))?;
    let name = args.pollutant.as_str();
    let of_name = pollutant(catalogue, name);
    let pollutant = of_name.ok_or_else(|| {
        let ids = catalogue.pollutants.iter().map(|p| p.named.id.as_str());
        let ids: Vec<&str> = ids.collect();
        let what = Text::new("污染物", "pollutant");
        console.fail(&Unknown::among(what, name, &ids).into())
    })?;
    Ok(Whole { region, pollutant })
}

/// A pollutant by its id, by its own name, or by a name of its emission.
fn pollutant(catalogue: &Catalogue, name: &str) -> Option<PollutantId> {
    let own = |p: &Pollutant| {
        let Text { zh, en } = &p.named.name;
        fold(zh) == fold(name) || fold(en) == fold(name)
    };
    let called = catalogue.pollutants.iter().position(own);
    let called = called.map(PollutantId::from_usize);
    let of_indicator = || named::emitted(catalogue, named::known(catalogue, name)?);
    catalogue.pollutant(name).or(called).or_else(of_indicator)
}

/// The rules asked for, and whether least cost is one of them.
fn rules(console: &Console, args: &AllocateArgs) -> Result<(Vec<Rule>, bool), u8> {
    let all = Rule::all(fraction(console, "--converge", &args.converge)?);
    if args.by.is_empty() {
        return Ok((all.to_vec(), false));
    }
    let mut ids: Vec<&str> = all.iter().map(|rule| rule.id()).collect();
    ids.push(COST.0);
    let (mut rules, mut by_cost) = (Vec::new(), false);
    for name in &args.by {
        if name == COST.0 {
            by_cost = true;
            continue;
        }
        let found = all.iter().find(|rule| rule.id() == name).copied();
        let found = found.ok_or_else(|| {
            console.fail(&Unknown::among(Text::new("规则", "rule"), name, &ids).into())
        });
        rules.push(found?);
    }
    if by_cost && args.scenario.is_none() {
        return Err(console.complain(console.lang.pick(
            "--by cost 需要各地区可选的措施：加上 --scenario 情景文件，如 scenarios/provinces.toml",
            "--by cost needs measures to choose from: add --scenario FILE, such as scenarios/provinces.toml",
        )));
    }
    Ok((rules, by_cost))
}

/// A rate of a bound: below nothing it lets the emission grow.
fn bound_of(console: &Console, text: &str) -> Result<f64, u8> {
    let plain = text.trim();
    let minus = plain.strip_prefix(['-', '−']);
    let rate = fraction(console, "--floor/--ceiling", minus.unwrap_or(plain))?;
    Ok(if minus.is_some() { -rate } else { rate })
}

/// Lays bounds over parts: `5%` for all, `tibet=0%` for one.
fn bound(
    console: &Console,
    catalogue: &Catalogue,
    given: &[String],
    parts: &mut [Part],
    set: impl Fn(&mut Part, f64),
) -> Result<(), u8> {
    // What is said of one part goes before what is said of all.
    let (one, all): (Vec<&String>, Vec<&String>) = given.iter().partition(|g| g.contains('='));
    for text in all {
        let rate = bound_of(console, text)?;
        for part in parts.iter_mut() {
            set(part, rate);
        }
    }
    for text in one {
        let (name, rate) = text.split_once('=').unwrap_or_default();
        let rate = bound_of(console, rate)?;
        let vocabulary = Vocabulary::new(catalogue);
        let id = vocabulary.id(NameOf::Region, name.trim());
        let named = |p: &Part| p.id == id || p.name.zh == name || p.name.en == name;
        let at = parts.iter().position(named);
        let Some(at) = at else {
            let ids = parts.iter().map(|part| part.id.as_str());
            let unknown = Unknown::like(Text::new("地区", "part"), name, ids);
            return Err(console.fail(&unknown.into()));
        };
        set(&mut parts[at], rate);
    }
    Ok(())
}

/// Parts of a table of the user's own, and that table.
fn own_parts(console: &Console, path: &Path) -> Result<(Vec<Part>, Vec<Hashed>), u8> {
    let bytes = console.inputs.bytes(path).map_err(|error| {
        let what = Text::new("地区数据", "the table of parts");
        console.cannot_read(&what, path, &error)
    })?;
    let (mut files, mut diags) = (Files::new(), Diagnostics::default());
    let found = parts::read(&path.display().to_string(), &bytes, &mut files, &mut diags);
    console.report(&Problems::new(diags, &files));
    let read = Hashed {
        path: relative(&path.display().to_string()),
        sha256: hex(&bytes),
    };
    found.map(|parts| (parts, vec![read])).ok_or(BAD_INPUT)
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
            official: official(catalogue, args, (whole, RegionId::from_usize(r))),
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
fn official(
    catalogue: &Catalogue,
    args: &AllocateArgs,
    (whole, region): (&Whole, RegionId),
) -> Option<f64> {
    let pollutant = &catalogue.pollutants[whole.pollutant.at()].named.id;
    let mut targets = catalogue.targets.iter();
    let own = targets.find(|target| {
        target.plan == args.plan
            && target.region == region
            && target.indicator == *pollutant
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
    let known = official(catalogue, args, (whole, whole.region)).filter(|_| args.parts.is_none());
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
