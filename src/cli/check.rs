//! `jianpai check`: everything wrong with scenario files, and what in them is to be
//! doubted.

use super::console::Console;
use super::out::{print, print_drawn};
use super::tables::{self, PrintArgs};
use super::{BAD_INPUT, MISSED};
use clap::{Args, ValueEnum};
use jianpai_core::catalogue::Catalogue;
use jianpai_core::outcome;
use jianpai_core::plausible::{self, Doubt, Finding};
use jianpai_core::text::Lang;
use jianpai_load::diag::{Color, Diagnostic, Diagnostics, Files};
use jianpai_load::scenario;
use jianpai_report::doubts;
use jianpai_report::estimates as report;
use jianpai_report::grid::{WIDE, paragraph, wrap};
use jianpai_report::view::Table;
use jianpai_study::problem::noted;
use jianpai_study::{SolveOptions, Study, SweepOptions};
use serde_json::{Value, json};
use std::io::IsTerminal;

/// Arguments of `check`.
#[derive(Args, Debug)]
pub(super) struct CheckArgs {
    /// Scenario files / 情景文件
    #[arg(required = true, value_name = "SCENARIO")]
    scenarios: Vec<String>,
    /// Check for these regions instead of the file's own; `all` is the nation and all provinces /
    /// 改按这些地区检查；all 为全国及各省
    #[arg(long, value_name = "REGION", value_delimiter = ',')]
    region: Vec<String>,
    #[command(flatten)]
    print: PrintArgs,
    /// Show findings of this level and graver ones only / 只列出该级及更重的发现
    #[arg(long, value_enum, default_value = "low")]
    level: Shown,
    /// Exit with code 1 if there are high findings / 有“高”级发现时退出码为 1
    #[arg(long)]
    strict: bool,
}

/// The least grave findings shown.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Shown {
    /// 高
    High,
    /// 中
    Medium,
    /// 低
    Low,
}

impl Shown {
    fn doubt(self) -> Doubt {
        match self {
            Shown::High => Doubt::High,
            Shown::Medium => Doubt::Medium,
            Shown::Low => Doubt::Low,
        }
    }
}

/// One finding and its place.
struct Located {
    finding: Finding,
    diagnostic: Diagnostic,
}

/// Checks every file; exit code 2 if one of them cannot run, 1 with `--strict` if
/// there are high findings.
pub(super) fn main(console: &Console, args: &CheckArgs) -> u8 {
    match check(console, args) {
        Ok(code) | Err(code) => code,
    }
}

fn check(console: &Console, args: &CheckArgs) -> Result<u8, u8> {
    if let Some(name) = &args.print.table.table {
        tables::known(console, &["findings", "estimates"], name)?;
    }
    let mut session = console.open()?;
    let regions = session.regions_for(&args.region, &args.scenarios);
    let regions = regions.map_err(|error| console.fail(&error))?;
    let mut ready = Vec::new();
    // Scenarios that run, but whose [sweep], [solve] or options do not.
    let mut broken = 0;
    for path in &args.scenarios {
        for region in &regions {
            let Some(study) = session.try_open_varied(path, *region) else {
                continue;
            };
            let mut sound = true;
            if study.loaded.tree.get("sweep").is_some() {
                let swept = session.try_sweep(&study, SweepOptions::default());
                sound &= swept.is_some();
            }
            if jianpai_load::scenario::solve::options::are_there(&study.loaded) {
                // Each of them is a solve.
                let options = session.try_options(&study, SolveOptions::default());
                sound &= options.is_some();
            } else if jianpai_load::scenario::solve::is_there(&study.loaded) {
                let solved = session.try_solve(&study, SolveOptions::default());
                sound &= solved.is_some();
            }
            broken += usize::from(!sound);
            ready.push(study);
        }
    }
    let problems = session.take_found();
    let files = session.files();
    let mut all = Vec::new();
    for study in &ready {
        all.extend(located(study, files));
    }
    all.sort_by_key(|x| (x.diagnostic.severity, x.diagnostic.span()));
    // What scenarios share is said once.
    let mut unique: Vec<Located> = Vec::new();
    for one in all {
        if !unique
            .iter()
            .any(|other| other.diagnostic == one.diagnostic)
        {
            unique.push(one);
        }
    }
    let all = unique;
    let count = |doubt: Doubt| all.iter().filter(|x| x.finding.doubt == doubt).count();
    let counts = [Doubt::High, Doubt::Medium, Doubt::Low].map(count);
    let shown: Vec<&Located> = all
        .iter()
        .filter(|x| x.finding.doubt <= args.level.doubt())
        .collect();
    let wanted = args.print.table.table.as_deref();
    if let Some(name) = wanted {
        console.report(&problems);
        let table = match name {
            "estimates" => estimates(&ready),
            _ => table(session.catalogue(), &shown, files),
        };
        let format = args.print.format();
        print(&tables::text(console, &table, format));
    } else if args.print.json {
        let mut value = problems.to_json(console.lang);
        if let Value::Array(items) = &mut value {
            items.extend(
                shown
                    .iter()
                    .map(|x| json_of(session.catalogue(), x, files, console.lang)),
            );
        }
        print(&format!("{value:#}\n"));
    } else {
        console.report(&problems);
        print_drawn(&text(console.lang, &shown, files));
        for study in &ready {
            print(&replace_first(console.lang, study));
        }
        print(&summary(
            console.lang,
            (ready.len() - broken, args.scenarios.len() * regions.len()),
            counts,
        ));
    }
    Ok(if problems.diagnostics().has_errors() {
        BAD_INPUT
    } else if args.strict && counts[0] > 0 {
        MISSED
    } else {
        0
    })
}

/// The findings on one scenario.
fn located(study: &Study, files: &Files) -> Vec<Located> {
    let (catalogue, loaded, plan) = (study.catalogue(), &study.loaded, &study.plan);
    let outcome = outcome::run(catalogue, &loaded.scenario, plan);
    let mut found = plausible::find(catalogue, &loaded.scenario, plan, &outcome);
    found.extend(scenario::replaced(loaded, files));
    let region = study.chosen_region();
    let found = found.into_iter().map(|finding| Located {
        diagnostic: noted(
            scenario::locate(catalogue, loaded, files, &finding),
            region.as_ref(),
        ),
        finding,
    });
    found.collect()
}

/// The estimated numbers of every scenario of a region of one's own.
fn estimates(ready: &[Study]) -> Table {
    report::table(ready.iter().map(|study| {
        let all = jianpai_study::estimates::estimates(study);
        (study.catalogue(), study.scenario(), all)
    }))
}

/// Which estimated numbers of a region of one's own to replace first.
fn replace_first(lang: Lang, study: &Study) -> String {
    let all = jianpai_study::estimates::estimates(study);
    let lines = report::first(study.catalogue(), study.scenario(), &all);
    let mut out = String::new();
    for line in &lines {
        out += &paragraph(line.get(lang), WIDE, 3);
    }
    if !out.is_empty() {
        out += lang.pick(
            "  全部估计数：jianpai check 本文件 --table estimates\n\n",
            "  all of them: jianpai check THIS_FILE --table estimates\n\n",
        );
    }
    out
}

/// The findings as a table.
fn table(catalogue: &Catalogue, shown: &[&Located], files: &Files) -> Table {
    let located = shown.iter().map(|x| doubts::Located {
        finding: &x.finding,
        message: &x.diagnostic.message,
        place: x.diagnostic.span().map(|span| {
            let (line, _) = files.position(span.file, span.start);
            (files.path(span.file), line)
        }),
    });
    doubts::table(catalogue, &located.collect::<Vec<_>>())
}

/// The findings in full.
fn text(lang: Lang, shown: &[&Located], files: &Files) -> String {
    let mut diags = Diagnostics::default();
    diags.extend(shown.iter().map(|x| x.diagnostic.clone()));
    let styled = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let color = if styled { Color::Always } else { Color::Never };
    let mut out = diags.render(files, lang, color);
    if !styled {
        out = narrow(&out);
    }
    if !out.is_empty() {
        out.push('\n');
    }
    out
}

/// Long lines of findings wrapped; lines of a file that are shown stay as they are.
fn narrow(text: &str) -> String {
    let mut out = String::new();
    for line in text.lines() {
        let start = line.trim_start_matches(|c: char| c == ' ' || c.is_ascii_digit());
        if start.starts_with('|') || start.starts_with("-->") {
            out += line;
            out.push('\n');
            continue;
        }
        for line in wrap(line, WIDE) {
            out += &line;
            out.push('\n');
        }
        if line.is_empty() {
            out.push('\n');
        }
    }
    out
}

/// How many files can run, and how many findings there are.
fn summary(lang: Lang, (good, all): (usize, usize), [high, medium, low]: [usize; 3]) -> String {
    let bad = all - good;
    match lang {
        Lang::Zh => {
            format!("{good} 个情景可以运行，{bad} 个有错\n发现：高 {high}，中 {medium}，低 {low}\n")
        }
        Lang::En => format!(
            "{good} can run, {bad} cannot\nfindings: {high} high, {medium} medium, {low} low\n"
        ),
    }
}

/// A finding with the keys of a diagnostic, and its numbers.
fn json_of(catalogue: &Catalogue, located: &Located, files: &Files, lang: Lang) -> Value {
    let finding = &located.finding;
    let mut one = Diagnostics::default();
    one.push(located.diagnostic.clone());
    let mut value = one.to_json(files, lang)[0].take();
    let sources: Vec<Value> = finding
        .origins
        .iter()
        .map(|origin| {
            json!({
                "file": catalogue.file(*origin),
                "line": origin.line,
                "source": catalogue.sources[origin.source.at()].id,
                "status": origin.status.id(),
            })
        })
        .collect();
    value["found"] = json!(finding.found);
    value["yardstick"] = json!(finding.yardstick);
    value["basis"] = json!(finding.basis.get(lang));
    value["sources"] = json!(sources);
    value
}
