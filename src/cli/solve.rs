//! `jianpai solve`: which measures, how far, at what cost, or why not.

use super::MISSED;
use super::console::Console;
use super::input::stream;
use super::named;
use super::out::{print, results};
use super::tables::{PrintArgs, fraction};
use clap::{Args, ValueEnum};
use jianpai_core::catalogue::Catalogue;
use jianpai_core::dims::IndicatorId;
use jianpai_core::text::{Lang, Text};
use jianpai_load::scenario::solve::{ObjectiveSpec, is_part_of_draws};
use jianpai_report::figures::Figure;
use jianpai_report::grid::{NARROW, paragraph};
use jianpai_report::solve::{self as report, Answered, FORMAT};
use jianpai_report::view::Table;
use jianpai_report::write;
use jianpai_solve::front::{self, Axis, Front};
use jianpai_solve::nearby::Range;
use jianpai_solve::{curve, nearby};
use jianpai_study::draws::{Trial, Uncertain};
use jianpai_study::folder::run::{hashed_data, hashed_inputs};
use jianpai_study::folder::{Entry, Manifest, put_file};
use jianpai_study::problem::Unknown;
use jianpai_study::solve::{MarginOptions, SAMPLE, Safe, Solved, toml};
use jianpai_study::{Session, SolveOptions, SolveStudy};
use jianpai_sweep::analysis::summary::Probability;
use serde::Deserialize;
use serde_json::{Map, json};
use std::io::BufReader;
use std::path::{Component, Path, PathBuf};

/// Parts of the least cost that ranges are asked for.
const PARTS: [f64; 3] = [0.01, 0.05, 0.10];

/// Arguments of `solve`.
#[derive(Args, Debug)]
// Each is a switch of the command line.
#[allow(clippy::struct_excessive_bools)]
pub(super) struct SolveArgs {
    /// Scenario file; its [solve] says what is sought / 情景文件，求解要求写在 [solve]
    scenario: String,
    /// What is made least, instead of what the file says / 求解目标，代替文件所写
    #[arg(long, value_enum)]
    objective: Option<Sought>,
    /// Also how far each level can move at 1, 5 and 10 % more cost / 另算成本多 1、5、10 % 时各力度的范围
    #[arg(long)]
    ranges: bool,
    /// Also the marginal abatement cost curve of this target, other targets left out / 另算该目标的边际减排成本曲线（不计其他目标）
    #[arg(long, value_name = "TARGET")]
    curve: Option<String>,
    /// Pareto front of two of: cost, any indicator; `all`: cost against each pollutant, and CO2 against NOx / 帕累托前沿：成本与某指标，或两个指标，如 CO2,NOx
    #[arg(long, value_name = "LESS,MORE")]
    front: Vec<String>,
    /// With --curve and --front: keep the other targets / 与 --curve、--front 同用：同时满足其他目标
    #[arg(long)]
    with_others: bool,
    /// Also so many plans, as different as can be, that cost no more than --within more / 另给出若干个彼此最不同的方案
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(2..=10))]
    apart: Option<u8>,
    /// With --apart: how much more they may cost / 与 --apart 同用：成本至多多百分之几
    #[arg(
        long,
        value_name = "PERCENT",
        default_value = "5 %",
        requires = "apart"
    )]
    within: String,
    /// All targets are to be met in this part of the draws, such as 90% / 要有这样的把握：抽样中全部目标达到的比例，如 90%
    #[arg(long, value_name = "PERCENT")]
    robust: Option<String>,
    /// With --robust: fresh draws on which the plan is tried / 与 --robust 同用：检验用的抽样次数
    #[arg(long, default_value_t = Trial::default().draws, value_parser = clap::value_parser!(u64).range(100..=10_000_000))]
    draws: u64,
    /// With --robust: seed of the draws / 与 --robust 同用：随机种子
    #[arg(long, default_value_t = Trial::default().seed)]
    seed: u64,
    /// With --robust: leave the model's error out of the draws / 与 --robust 同用：抽样不计模型自身的误差
    #[arg(long)]
    no_model_error: bool,
    /// Folder for results: the scenario found, tables, manifest / 结果目录
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Write the linear programme as JSON, to be solved with other tools / 导出线性规划
    #[arg(long, value_name = "FILE")]
    export: Option<PathBuf>,
    #[command(flatten)]
    print: PrintArgs,
    /// Exit with code 1 if there is no plan / 无解时退出码为 1
    #[arg(long)]
    strict: bool,
}

/// What is made least, as it is named on the command line.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Sought {
    /// 成本
    Cost,
    /// 力度之和
    Effort,
    /// 最高力度
    Even,
}

impl Sought {
    fn spec(self) -> ObjectiveSpec {
        match self {
            Sought::Cost => ObjectiveSpec::Cost,
            Sought::Effort => ObjectiveSpec::Effort,
            Sought::Even => ObjectiveSpec::Even,
        }
    }
}

/// Solves a scenario; exit codes 0, 1 (no plan, with `--strict`), 2 (bad input).
pub(super) fn main(console: &Console, args: &SolveArgs) -> u8 {
    match solve(console, args) {
        Ok(code) | Err(code) => code,
    }
}

fn solve(console: &Console, args: &SolveArgs) -> Result<u8, u8> {
    let mut session = console.open()?;
    let options = SolveOptions {
        objective: args.objective.map(Sought::spec),
    };
    let study = session.try_open_varied(&args.scenario, None);
    let found = study.and_then(|study| session.try_solve(&study, options));
    let found = session.settle(found);
    let asked = console.tell(&mut session, found)?;
    let id = &asked.study.scenario().id;
    if args.out.is_some() {
        console.check_id(id, &args.scenario)?;
    }
    let (solved, safe) = solved(console, &mut session, args, &asked)?;
    let limits = asked.limit_names();
    let answered = asked.answered(&solved, &limits);
    let programme = answered.programme;
    let mut all = report::tables(&answered);
    let extra = further(console, args, (&answered, &solved), &mut all)?;
    let mut charts = Vec::new();
    if args.out.is_some() {
        let (ranges, fronts) = (&extra.ranges, &extra.fronts);
        charts = report::figures(&answered, report::Further { ranges, fronts });
    }
    let mut remarks = Vec::new();
    let tries = safe.as_ref().map(|(safe, _)| tries(safe));
    if let (Some((safe, uncertain)), Some(tries)) = (&safe, &tries) {
        let seen = seen(safe, uncertain, tries, args);
        all.extend(report::margin(&answered, &seen));
        remarks.extend(answered.margin_in_words(&seen));
    }
    if let Some(id) = &args.curve {
        // A curve moves one target; the rows of draws would hold it where it is.
        let plain = safe.as_ref().map(|(safe, _)| &safe.plain.programme);
        let bare = Answered {
            programme: plain.unwrap_or(programme),
            ..answered
        };
        let drawn = curve(console, args, &bare, id)?;
        all.extend(drawn.tables);
        remarks.push(drawn.remark);
        charts.extend(drawn.charts);
    }
    let alone = args.print.alone(console, &all)?;
    if let Some(path) = &args.export {
        let text = format!("{}\n", report::export(&answered));
        let written = put_file(path, is_export, |to| to.write_all(text.as_bytes()));
        written.map_err(|problem| console.refuse(&problem))?;
    }
    let written = args.out.as_ref().map(|out| {
        let result = Written {
            asked: &asked,
            solved: &solved,
            tables: &all,
            charts: &charts,
            session: &session,
            robust: safe.as_ref().map(|(safe, _)| safe.asked),
        };
        result.put(console, args, out)
    });
    let written = written.transpose()?;
    print(&if let Some(table) = alone {
        table
    } else if args.print.json {
        format!("{:#}\n", write::document(&all))
    } else {
        text(
            console.lang,
            &answered,
            (&all, &remarks),
            written.as_deref(),
        )
    });
    let none = matches!(solved, Solved::Infeasible(_));
    Ok(if args.strict && none { MISSED } else { 0 })
}

/// The part of the draws that the command line asks for.
fn part(console: &Console, args: &SolveArgs) -> Result<Option<f64>, u8> {
    let Some(text) = &args.robust else {
        return Ok(None);
    };
    let part = fraction(console, "--robust", text)?;
    if is_part_of_draws(part) {
        return Ok(Some(part));
    }
    Err(console.complain(&match console.lang {
        Lang::Zh => format!("--robust `{text}`：应大于 0 而小于 100 %，100 % 再多抽样也无从检验"),
        Lang::En => format!(
            "--robust `{text}`: more than 0 and less than 100 %, which no number of draws can tell"
        ),
    }))
}

/// A plan, with its margin of safety where one is asked for; the margin.
type Margin = (Box<Safe>, Uncertain);

/// Solves what is asked, with a margin where one is asked for.
fn solved(
    console: &Console,
    session: &mut Session,
    args: &SolveArgs,
    asked: &SolveStudy,
) -> Result<(Solved, Option<Margin>), u8> {
    let Some(part) = part(console, args)?.or(asked.spec.robust) else {
        let solved = asked.solve().map_err(|error| console.fail(&error))?;
        return Ok((solved, None));
    };
    let uncertain = session.try_uncertain(&asked.file);
    let uncertain = session.settle(uncertain);
    let uncertain = console.tell(session, uncertain)?;
    let options = MarginOptions {
        part,
        sample: SAMPLE,
        trial: trial(args),
    };
    let found = asked.solve_safe(&uncertain, options);
    let found = found.map_err(|error| console.fail(&error))?;
    Ok(match found {
        Ok(safe) => {
            let plan = Solved::Plan(Box::new(safe.planned.clone()));
            (plan, Some((safe, uncertain)))
        }
        Err(none) => (none, None),
    })
}

/// How a margin is tried.
fn trial(args: &SolveArgs) -> Trial {
    Trial {
        draws: args.draws,
        seed: args.seed,
        model_error: !args.no_model_error,
    }
}

/// The tries of a margin, as reports see them.
fn tries(safe: &Safe) -> Vec<(f64, f64, Probability)> {
    let all = safe.tries.iter();
    all.map(|one| (one.asked, one.kept, one.fresh)).collect()
}

/// A margin as reports see it.
fn seen<'a>(
    safe: &'a Safe,
    uncertain: &'a Uncertain,
    tries: &'a [(f64, f64, Probability)],
    args: &SolveArgs,
) -> report::Safe<'a> {
    report::Safe {
        plan: &safe.planned.solution,
        attained: &safe.attained.0,
        targets: &safe.attained.1,
        plain: &safe.plain.solution,
        plain_attained: &safe.plain_attained,
        asked: safe.asked,
        tries,
        sample: SAMPLE,
        reached: safe.is_reached(),
        out_of_reach: safe.out_of_reach,
        model_error: !args.no_model_error,
        inputs: &uncertain.drawn,
        decided: &uncertain.decided,
    }
}

/// A curve: its tables, what is to be said of it, its charts where there is a folder.
struct Drawn {
    tables: [Table; 2],
    remark: Text,
    charts: Vec<Figure>,
}

/// The curve of a target and each measure by itself, with what is to be said of both.
fn curve(
    console: &Console,
    args: &SolveArgs,
    answered: &Answered<'_>,
    id: &str,
) -> Result<Drawn, u8> {
    let programme = answered.programme;
    let mut wanted = programme.wanted.iter();
    let Some((i, wanted)) = wanted.find(|(_, wanted)| wanted.target.id == id) else {
        let known = programme.wanted.iter();
        let known: Vec<&str> = known.map(|(_, w)| w.target.id.as_str()).collect();
        let unknown = Unknown::among(Text::new("目标", "target"), id, &known);
        return Err(console.fail(&unknown.into()));
    };
    let found = curve::curve(programme, *i, args.with_others);
    let found = found.map_err(|failure| console.complain(&failure.0))?;
    let alone = curve::alone(programme, wanted);
    let charts = if args.out.is_some() {
        report::curve_figures(answered, wanted, (&found, &alone))
    } else {
        Vec::new()
    };
    Ok(Drawn {
        tables: [
            report::curve(answered, wanted, &found),
            report::alone(answered, wanted, &alone),
        ],
        remark: report::interaction(answered, wanted, &found, &alone),
        charts,
    })
}

/// What was found beside the plan and is drawn, too.
#[derive(Default)]
struct Extra {
    ranges: Vec<Range>,
    fronts: Vec<Front>,
}

/// Ranges, plans that differ and fronts, where asked.
fn further(
    console: &Console,
    args: &SolveArgs,
    (answered, solved): (&Answered<'_>, &Solved),
    all: &mut Vec<Table>,
) -> Result<Extra, u8> {
    let programme = answered.programme;
    let mut extra = Extra::default();
    if let (true, Solved::Plan(planned)) = (args.ranges, solved) {
        let ranges = nearby::ranges(programme, &planned.solution.point, &PARTS);
        let ranges = ranges.map_err(|failure| console.complain(&failure.0))?;
        all.push(report::ranges(answered, &ranges));
        extra.ranges = ranges;
    }
    if let (Some(count), Solved::Plan(planned)) = (args.apart, solved) {
        let part = fraction(console, "--within", &args.within)?;
        let best = &planned.solution.point;
        let plans = nearby::apart(programme, best, part, usize::from(count));
        let plans = plans.map_err(|failure| console.complain(&failure.0))?;
        all.push(report::apart(answered, part, &plans));
    }
    if args.with_others && args.front.is_empty() && args.curve.is_none() {
        return Err(console.complain(console.lang.pick(
            "--with-others 与 --curve 或 --front 同用",
            "--with-others goes with --curve or --front",
        )));
    }
    if !args.front.is_empty() {
        extra.fronts = fronts(console, args, answered)?;
        all.push(report::fronts(answered, &extra.fronts));
    }
    Ok(extra)
}

/// The fronts that are asked for.
fn fronts(console: &Console, args: &SolveArgs, answered: &Answered<'_>) -> Result<Vec<Front>, u8> {
    let catalogue = answered.catalogue;
    let leading = |i: usize| catalogue.indicators[i].leads(catalogue);
    let mut pairs = Vec::new();
    for asked in &args.front {
        if asked == "all" {
            let indicators = catalogue.indicators.iter().enumerate();
            let leading = indicators.filter(|(i, one)| leading(*i) && one.kind.is_emission());
            let each = leading.map(|(i, _)| Axis::Indicator(IndicatorId::from_usize(i)));
            pairs.extend(each.map(|axis| (axis, Axis::Money)));
            pairs.push((
                axis(console, catalogue, "NOx")?,
                axis(console, catalogue, "CO2")?,
            ));
            continue;
        }
        let Some((less, more)) = asked.split_once([',', '，']) else {
            return Err(console.complain(&match console.lang {
                Lang::Zh => format!("--front `{asked}`：写两项，如 NOx,cost 或 CO2,NOx"),
                Lang::En => format!("--front `{asked}`: name two, like NOx,cost or CO2,NOx"),
            }));
        };
        let pair = (
            axis(console, catalogue, less)?,
            axis(console, catalogue, more)?,
        );
        if pair.0 == pair.1 {
            return Err(console.complain(&match console.lang {
                Lang::Zh => format!("--front `{asked}`：两项相同"),
                Lang::En => format!("--front `{asked}`: the two are the same"),
            }));
        }
        pairs.push(pair);
    }
    let sheets = answered.sheets();
    let mut found = Vec::new();
    for pair in pairs {
        match front::front(answered.programme, &sheets, pair, args.with_others) {
            Ok(front) => found.push(front),
            // Of all of them, those that nothing moves are left out.
            Err(_) if args.front.iter().any(|asked| asked == "all") => {}
            Err(failure) => return Err(console.complain(&failure.0)),
        }
    }
    Ok(found)
}

/// One side of a front, by what it is called.
fn axis(console: &Console, catalogue: &Catalogue, name: &str) -> Result<Axis, u8> {
    let name = name.trim();
    if matches!(name, "cost" | "成本") {
        return Ok(Axis::Money);
    }
    let id = named::indicator(console, catalogue, (name, &["cost"]))?;
    let own = &catalogue.indicators[id.at()];
    // An emission is meant in the book that decides, unless its book is said.
    let plain = own.named.id == own.base;
    let emitted = named::emitted(catalogue, id).filter(|_| plain);
    let leading = emitted.and_then(|pollutant| named::leading(catalogue, pollutant));
    Ok(Axis::Indicator(leading.unwrap_or(id)))
}

/// What is printed.
fn text(
    lang: Lang,
    answered: &Answered<'_>,
    (all, remarks): (&[Table], &[Text]),
    written: Option<&Path>,
) -> String {
    let mut out = report::text(answered, lang);
    for id in [
        "years", "margin", "ranges", "apart", "front", "curve", "alone",
    ] {
        if let Some(table) = all.iter().find(|table| table.id == id) {
            let title = paragraph(table.title.get(lang), NARROW, 0);
            out += &format!("\n{title}\n{}\n", write::terminal(table, lang, NARROW));
        }
    }
    for remark in remarks {
        out += &format!("\n{}", paragraph(remark.get(lang), NARROW, 0));
    }
    if let Some(folder) = written {
        out += &results(lang, folder);
    }
    out
}

/// What goes into a folder of results.
struct Written<'a> {
    asked: &'a SolveStudy,
    solved: &'a Solved,
    tables: &'a [Table],
    charts: &'a [Figure],
    session: &'a Session,
    /// The part of the draws that a margin was asked for.
    robust: Option<f64>,
}

impl Written<'_> {
    fn put(&self, console: &Console, args: &SolveArgs, out: &Path) -> Result<PathBuf, u8> {
        let scenario = self.asked.study.scenario();
        let lang = console.lang;
        let tables = self.tables.iter();
        let mut entries: Vec<Entry> = tables
            .map(|table| (format!("{}.csv", table.id), write::csv_file(table, lang)))
            .collect();
        if let Solved::Plan(planned) = self.solved {
            let parent = from(&out.join(&scenario.id), Path::new(&args.scenario));
            let text = toml(self.asked, planned, &parent);
            entries.push(("solution.toml".to_string(), text.into_bytes()));
        }
        entries.extend(self.charts.iter().map(|figure| {
            let name = format!("charts/{}", figure.name);
            (name, figure.svg.clone().into_bytes())
        }));
        let mut options = Map::new();
        let objective = self.asked.spec.objective.id();
        options.insert("objective".to_string(), json!(objective));
        options.insert("ranges".to_string(), json!(args.ranges));
        if let Some(part) = self.robust {
            options.insert("robust".to_string(), json!(part));
            options.insert("draws".to_string(), json!(args.draws));
            options.insert("seed".to_string(), json!(args.seed));
            options.insert("model_error".to_string(), json!(!args.no_model_error));
        }
        if let Some(target) = &args.curve {
            options.insert("curve".to_string(), json!(target));
            options.insert("with_others".to_string(), json!(args.with_others));
        }
        options.insert("lang".to_string(), json!(lang.pick("zh", "en")));
        let inputs = self.asked.study.loaded.inputs.iter().copied();
        let manifest = Manifest {
            scenario: Some(scenario.id.clone()),
            region: Some(self.asked.study.region().to_string()),
            options,
            inputs: hashed_inputs(self.session.files(), inputs),
            data: hashed_data(self.session.data()),
            ..Manifest::of("solve")
        };
        console.put_folder((out, &scenario.id), manifest, entries)
    }
}

/// The way from a folder to a file, with `/`.
fn from(folder: &Path, file: &Path) -> String {
    let whole = |path: &Path| -> Vec<String> {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
        let mut parts: Vec<String> = Vec::new();
        for part in path.components() {
            match part {
                Component::CurDir => {}
                Component::ParentDir => {
                    parts.pop();
                }
                other => parts.push(other.as_os_str().to_string_lossy().into_owned()),
            }
        }
        parts
    };
    let (folder, file) = (whole(folder), whole(file));
    let same = folder.iter().zip(&file).take_while(|(a, b)| a == b).count();
    let up = std::iter::repeat_n("..", folder.len() - same);
    let down = file[same..].iter().map(String::as_str);
    up.chain(down).collect::<Vec<_>>().join("/")
}

/// The head of an exported programme.
#[derive(Deserialize)]
struct Head {
    format: String,
}

/// Whether a file is a programme that this command wrote.
fn is_export(path: &Path) -> bool {
    let file = stream(path).ok().map(BufReader::new);
    let found = file.and_then(|file| serde_json::from_reader::<_, Head>(file).ok());
    found.is_some_and(|head| head.format == FORMAT)
}
