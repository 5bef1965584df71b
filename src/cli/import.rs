//! `jianpai import`: a workbook that is filled in becomes a scenario, a ledger, a region;
//! what is wrong with it is told by sheet and cell, all of it, and then nothing is written.

use super::BAD_INPUT;
use super::console::Console;
use super::init::{FOLDERS, put_bases};
use super::out::{print, warn, warn_drawn};
use clap::Args;
use jianpai_core::text::{Lang, Text};
use jianpai_load::diag::{Color, Diagnostic, Diagnostics, Files};
use jianpai_load::digest::hex;
use jianpai_load::scenario::{beside, stem};
use jianpai_load::{encoding, ledger};
use jianpai_office::import::{self, Filled, Flaw, Made, Wanted};
use jianpai_study::embedded::BASES;
use jianpai_study::folder::put_file;
use jianpai_study::{Problems, Session};
use std::collections::BTreeMap;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

/// Arguments of `import`.
#[derive(Args, Debug)]
pub(super) struct ImportArgs {
    /// The workbook, or a ledger as CSV / 填好的工作簿，或 CSV 台账
    file: PathBuf,
    /// The scenario to be written; a ledger, where the workbook holds nothing else / 写出的情景（只有台账时为台账）
    #[arg(long, short, value_name = "FILE", conflicts_with = "out")]
    output: Option<PathBuf>,
    /// Folder in which everything is written / 写出到此目录
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Write a copy with what is wrong coloured, and said in notes / 写出标红、带批注的副本
    #[arg(long, value_name = "COPY.xlsx")]
    mark: Option<PathBuf>,
    /// Replace files that are there / 覆盖已有的文件
    #[arg(long)]
    force: bool,
}

/// Reads the workbook; exit code 0 or 2.
pub(super) fn main(console: &Console, args: &ImportArgs) -> u8 {
    match run(console, args) {
        Ok(()) => 0,
        Err(code) => code,
    }
}

fn run(console: &Console, args: &ImportArgs) -> Result<(), u8> {
    if let Some(out) = args
        .out
        .as_ref()
        .filter(|out| out.exists() && !out.is_dir())
    {
        return Err(console.complain(&match console.lang {
            Lang::Zh => format!("--out {}：不是目录", out.display()),
            Lang::En => format!("--out {}: is no folder", out.display()),
        }));
    }
    let bytes = console.inputs.bytes(&args.file).map_err(|error| {
        let what = Text::new("工作簿", "the workbook");
        console.cannot_read(&what, &args.file, &error)
    })?;
    let mut session = console.open()?;
    let is_text = !bytes.starts_with(b"PK") && !bytes.starts_with(b"\xd0\xcf\x11\xe0");
    let is_table = args
        .file
        .extension()
        .is_some_and(|end| end.eq_ignore_ascii_case("csv"));
    if is_text && is_table {
        return list(console, args, &session, &bytes);
    }
    let workbook = import::open(&bytes).map_err(|(why, help)| {
        let file = args.file.display();
        console.complain(&match console.lang {
            Lang::Zh => format!("{file} {}：{}", why.zh, help.zh),
            Lang::En => format!("{file} {}: {}", why.en, help.en),
        })
    })?;
    let places = Places::of(args, import::own_id(&workbook).as_deref());
    let data = std::sync::Arc::clone(session.data());
    let names = (data.catalogue(), data.vocabulary());
    let wanted = Wanted {
        id: &places.id,
        bases: &places.bases,
    };
    let filled = import::read(workbook, names, wanted);
    let (mut flaws, others, files) = checked(&mut session, &filled, &places);
    console.check_id(&places.id, &args.file.display().to_string())?;
    flaws.sort_by_key(|flaw| flaw.points.first().map(|point| point.place));
    tell(console, args, &filled, &flaws, (others.clone(), &files));
    let wrong = flaws.iter().filter(|flaw| flaw.is_error()).count();
    let wrong = wrong
        + others
            .iter()
            .filter(|one| one.severity == jianpai_load::diag::Severity::Error)
            .count();
    if let Some(copy) = &args.mark {
        mark(console, args, (&filled, &flaws), copy)?;
    }
    if wrong > 0 {
        warn(&match console.lang {
            Lang::Zh => format!("{wrong} 处错误，什么也没有写出\n"),
            Lang::En => format!("{wrong} errors; nothing is written\n"),
        });
        return Err(BAD_INPUT);
    }
    if args.output.is_none() && args.out.is_none() {
        print(&match console.lang {
            Lang::Zh => "可以导入；加 -o 情景.toml 或 --out 目录 写出\n".to_string(),
            Lang::En => "it can be imported: add -o SCENARIO.toml or --out DIR\n".to_string(),
        });
        return Ok(());
    }
    write(console, args, &filled, &places)
}

/// Where everything goes.
struct Places {
    /// The id of the scenario.
    id: String,
    /// Its path.
    path: PathBuf,
    /// The folder of current policy, as seen from it, and whether it is there.
    bases: String,
    has_bases: bool,
}

impl Places {
    fn of(args: &ImportArgs, own: Option<&str>) -> Self {
        let name = |path: &Path| {
            let name = path
                .file_stem()
                .map(|name| name.to_string_lossy().into_owned());
            name.unwrap_or_default()
        };
        let id = match (&args.output, own) {
            (Some(path), _) => name(path),
            (None, Some(id)) => id.to_string(),
            (None, None) => name(&args.file),
        };
        let path = match (&args.output, &args.out) {
            (Some(path), _) => path.clone(),
            (None, Some(folder)) => folder.join(format!("{id}.toml")),
            (None, None) => args.file.with_file_name(format!("{id}.toml")),
        };
        let folder = path.parent().unwrap_or(Path::new(""));
        let found = FOLDERS
            .iter()
            .find(|own| folder.join(own).join(BASES[0].0).is_file());
        Self {
            bases: (*found.unwrap_or(&FOLDERS[0])).to_string(),
            has_bases: found.is_some(),
            id,
            path,
        }
    }

    /// The path of something beside the scenario, as the reader asks for it.
    fn beside(&self, name: &str) -> String {
        beside(&self.path.display().to_string(), name)
    }

    /// The path of a file that is made.
    fn of_made(&self, made: &Made) -> String {
        if made.name == format!("{}.toml", self.id) {
            self.path.display().to_string()
        } else {
            self.beside(&made.name)
        }
    }
}

/// Reads what was made from the workbook as any scenario is read: what is wrong, by cell,
/// then what concerns other files.
fn checked(
    session: &mut Session,
    filled: &Filled,
    places: &Places,
) -> (Vec<Flaw>, Vec<Diagnostic>, Files) {
    let made: Vec<(String, &Made)> = filled
        .all()
        .map(|made| (places.of_made(made), made))
        .collect();
    let (problems, files) = if filled.scenario.is_some() {
        let texts = made
            .iter()
            .map(|(path, made)| (path.clone(), made.text.clone()));
        let texts: BTreeMap<String, String> = texts.collect();
        let own = places.path.display().to_string();
        let fetch = move |path: &str| -> io::Result<Vec<u8>> {
            if let Some(text) = texts.get(path) {
                return Ok(text.clone().into_bytes());
            }
            let read = super::input::Inputs { most: MOST }.bytes(path);
            let name = path.rsplit('/').next().unwrap_or(path);
            let base = BASES.iter().find(|(base, _)| *base == name);
            match (read, base) {
                (Err(error), Some((_, text))) if error.kind() == io::ErrorKind::NotFound => {
                    Ok(text.as_bytes().to_vec())
                }
                (read, _) => read,
            }
        };
        session.with_fetch(fetch, |session| session.try_open(&own, None));
        let found = session.take_found();
        (found.diagnostics().clone(), found.files().clone())
    } else if let Some(ledger) = &filled.ledger {
        let (mut files, mut said) = (Files::new(), Diagnostics::default());
        let path = places.of_made(ledger);
        ledger::read(
            session.catalogue(),
            &path,
            ledger.text.as_bytes(),
            &mut files,
            &mut said,
        );
        (said, files)
    } else {
        (Diagnostics::default(), Files::new())
    };
    let paths: Vec<(&str, &Made)> = made
        .iter()
        .map(|(path, made)| (path.as_str(), *made))
        .collect();
    let (found, others) = import::addressed(problems.iter(), &files, &paths);
    let mut flaws = filled.flaws.clone();
    let row = |flaw: &Flaw| {
        let point = flaw.points.first()?;
        Some((point.place.sheet, point.place.at?.0))
    };
    let bad: Vec<_> = flaws
        .iter()
        .filter(|flaw| flaw.is_error())
        .filter_map(row)
        .collect();
    // Of a row with a cell that cannot be used, the reader misses what that would have said.
    let follows = |flaw: &Flaw| {
        let whole = flaw
            .points
            .first()
            .is_some_and(|point| point.part.is_none());
        whole && row(flaw).is_some_and(|row| bad.contains(&row))
    };
    flaws.extend(found.into_iter().filter(|flaw| !follows(flaw)));
    (flaws, others, files)
}

/// Bytes of a file beside the scenario at most.
const MOST: u64 = 256 << 20;

/// Prints what is wrong, by cell.
fn tell(
    console: &Console,
    args: &ImportArgs,
    filled: &Filled,
    flaws: &[Flaw],
    others: (Vec<Diagnostic>, &Files),
) {
    let book = called(args);
    let located = import::located((&book, &filled.workbook), flaws, others, console.lang);
    let problems = Problems::new(located.diagnostics.clone(), &located.files);
    if problems.is_empty() {
        return;
    }
    let plain = !io::stderr().is_terminal() || std::env::var_os("NO_COLOR").is_some();
    let color = if plain { Color::Never } else { Color::Always };
    warn_drawn(&located.tidy(&problems.render(console.lang, color)));
}

/// The name of the workbook.
fn called(args: &ImportArgs) -> String {
    let name = args.file.file_name();
    name.map_or_else(
        || args.file.display().to_string(),
        |name| name.to_string_lossy().into_owned(),
    )
}

/// Writes the copy with notes.
fn mark(
    console: &Console,
    args: &ImportArgs,
    (filled, flaws): (&Filled, &[Flaw]),
    copy: &Path,
) -> Result<(), u8> {
    let book = called(args);
    let bytes = import::marked((&book, &filled.workbook), flaws, console.lang);
    let bytes = bytes.map_err(|error| console.complain(&error.to_string()))?;
    let put = put_file(copy, |_| args.force, |to| to.write_all(&bytes));
    put.map_err(|problem| console.refuse(&problem))?;
    let what = console.lang.pick("标注副本写入", "marked copy written to");
    warn(&format!("{what}: {}\n", copy.display()));
    Ok(())
}

/// What the files of an import begin with.
const MADE_BY: &str = "# jianpai import: ";
/// What stands before the hash of a file.
const HASH: &str = "# sha256 ";

/// A scenario with its origin in front: hashes tell whether somebody has changed it since.
fn signed(book: &str, text: &str, beside: &[&Made]) -> String {
    let mut head = format!("{MADE_BY}{book}\n{HASH}{}\n", hex(text.as_bytes()));
    for made in beside {
        head += &format!("{HASH}{} {}\n", hex(made.text.as_bytes()), made.name);
    }
    format!("{head}\n{text}")
}

/// Whether a scenario is as an import wrote it; the hashes of what it wrote beside it.
fn as_written(path: &Path) -> Option<Vec<(String, String)>> {
    let bytes = super::input::Inputs { most: MOST }.bytes(path).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let (head, body) = text.split_once("\n\n")?;
    let mut lines = head.lines();
    lines.next().filter(|line| line.starts_with(MADE_BY))?;
    let own = lines.next()?.strip_prefix(HASH)?;
    let beside = lines.filter_map(|line| {
        let (hash, name) = line.strip_prefix(HASH)?.split_once(' ')?;
        Some((name.to_string(), hash.to_string()))
    });
    (hex(body.as_bytes()) == own).then(|| beside.collect())
}

/// Writes everything, or nothing where something of somebody else's stands in the way.
fn write(console: &Console, args: &ImportArgs, filled: &Filled, places: &Places) -> Result<(), u8> {
    let book = called(args);
    let beside: Vec<&Made> = filled
        .all()
        .filter(|made| Some(*made) != filled.scenario.as_ref())
        .collect();
    let known = as_written(&places.path);
    let alone = filled.scenario.is_none();
    let mut files: Vec<(PathBuf, Vec<u8>, bool)> = Vec::new();
    for made in &beside {
        let path = match (alone, &args.output) {
            (true, Some(path)) => path.clone(),
            _ => PathBuf::from(places.beside(&made.name)),
        };
        let same = console.inputs.bytes(&path).ok().map(|bytes| hex(&bytes));
        let own = known
            .iter()
            .flatten()
            .any(|(name, hash)| *name == made.name && same.as_deref() == Some(hash.as_str()));
        let own = own || same == Some(hex(made.text.as_bytes()));
        files.push((path, made.text.clone().into_bytes(), own));
    }
    if let Some(scenario) = &filled.scenario {
        let text = signed(&book, &scenario.text, &beside);
        files.push((places.path.clone(), text.into_bytes(), known.is_some()));
    }
    for (path, _, own) in &files {
        if path.exists() && !(*own || args.force) {
            return Err(console.complain(&match console.lang {
                Lang::Zh => format!("{} 已存在，且不是导入所写或写后改过，不覆盖；请换名，或加 --force", path.display()),
                Lang::En => format!("{} exists and is not as an import wrote it: choose another name, or add --force", path.display()),
            }));
        }
    }
    let named = filled.scenario.as_ref().is_some_and(|made| {
        made.text
            .contains(&format!("extends = \"{}/", places.bases))
    });
    if named && !places.has_bases {
        let folder = places.path.parent().unwrap_or(Path::new(""));
        let bases = put_bases(&folder.join(&places.bases));
        for path in bases.map_err(|problem| console.refuse(&problem))? {
            let what = console
                .lang
                .pick("另存现行政策", "current policy written to");
            warn(&format!("{what}: {}\n", path.display()));
        }
    }
    for (path, bytes, _) in files {
        put_file(&path, |_| true, |to| to.write_all(&bytes))
            .map_err(|problem| console.refuse(&problem))?;
        let what = console.lang.pick("写入", "written to");
        warn(&format!("{what}: {}\n", path.display()));
    }
    if let Some(scenario) = &filled.scenario {
        let count = |table: &str| scenario.text.matches(&format!("\n[{table}.")).count();
        let (measures, targets) = (count("measures"), count("targets"));
        let path = places.path.display();
        print(&match console.lang {
            Lang::Zh => format!(
                "措施 {measures} 项，目标 {targets} 个；接着可用 jianpai check {path}、jianpai run {path}\n"
            ),
            Lang::En => format!(
                "{measures} measures, {targets} targets; next: jianpai check {path}, jianpai run {path}\n"
            ),
        });
    }
    Ok(())
}

/// A ledger as CSV, in whichever encoding: checked, and written in UTF-8.
fn list(console: &Console, args: &ImportArgs, session: &Session, bytes: &[u8]) -> Result<(), u8> {
    let path = args.file.display().to_string();
    let (mut files, mut said) = (Files::new(), Diagnostics::default());
    let found = ledger::read(session.catalogue(), &path, bytes, &mut files, &mut said);
    console.report(&Problems::new(said, &files));
    let (ledger, _) = found.ok_or(BAD_INPUT)?;
    let to = match (&args.output, &args.out) {
        (Some(path), _) => path.clone(),
        (None, Some(folder)) => folder.join(format!(
            "{}.csv",
            stem(&called(args)).trim_end_matches(".csv")
        )),
        (None, None) => {
            print(&match console.lang {
                Lang::Zh => format!(
                    "{} 个项目，可以导入；加 -o 台账.csv 写出\n",
                    ledger.projects.len()
                ),
                Lang::En => format!(
                    "{} projects can be imported: add -o LEDGER.csv\n",
                    ledger.projects.len()
                ),
            });
            return Ok(());
        }
    };
    let text = format!("\u{feff}{}", encoding::decode(bytes));
    let put = put_file(&to, |_| args.force, |out| out.write_all(text.as_bytes()));
    put.map_err(|problem| console.refuse(&problem))?;
    let what = console.lang.pick("写入", "written to");
    warn(&format!("{what}: {}\n", to.display()));
    Ok(())
}
