//! `jianpai decompose`: the LMDI split of a scenario's run, or of a table of the user's own.

use super::BAD_INPUT;
use super::console::Console;
use super::named;
use super::out::{print, results};
use super::tables::{self, TableArgs};
use clap::{Args, ValueEnum};
use jianpai_core::catalogue::{Account, Catalogue};
use jianpai_core::lmdi;
use jianpai_core::text::{Lang, Text};
use jianpai_load::diag::{Diagnostics, Files};
use jianpai_load::digest::hex;
use jianpai_load::factors;
use jianpai_load::table::decode;
use jianpai_report::case::Case;
use jianpai_report::decomposition::own::Own;
use jianpai_report::decomposition::{self, Decomposition, Method, Span};
use jianpai_report::figures::Figure;
use jianpai_study::folder::manifest::relative;
use jianpai_study::folder::{Entry, Hashed, Manifest};
use jianpai_study::{Problems, folder};
use std::path::PathBuf;

/// Arguments of `decompose`.
#[derive(Args, Debug)]
// Each is a switch of the command line.
#[allow(clippy::struct_excessive_bools)]
pub(super) struct DecomposeArgs {
    /// A scenario (.toml), or a table group,factor,from,to (.csv) / 情景文件，或因素表
    #[arg(value_name = "SCENARIO.toml|TABLE.csv")]
    file: PathBuf,
    /// Effects that sum to the change, or multiply to the ratio / 加法或乘法
    #[arg(long, value_enum, default_value_t = Form::Additive)]
    method: Form,
    /// Indicators to decompose, all by default: SO2, coal, energy … / 分解的指标，默认全部
    #[arg(long, value_name = "INDICATOR", value_delimiter = ',')]
    indicator: Vec<String>,
    /// First year, by default the base year / 起始年，默认基年
    #[arg(long, value_name = "YEAR")]
    from: Option<i32>,
    /// Last year, by default the scenario's last / 终止年，默认末年
    #[arg(long, value_name = "YEAR")]
    to: Option<i32>,
    /// Year by year instead of end to end / 逐年链接，而不是只用首末两年
    #[arg(long)]
    chained: bool,
    /// Print CSV / 输出 CSV
    #[arg(long, conflicts_with = "json")]
    csv: bool,
    /// Print JSON / 输出 JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    table: TableArgs,
    /// Also write the CSV and waterfall charts (additive) to a folder of their own in this one / 另在此目录下建文件夹写出 CSV 与瀑布图
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// A form of the decomposition on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    /// 加法
    Additive,
    /// 乘法
    Multiplicative,
}

impl DecomposeArgs {
    fn method(&self) -> Method {
        match self.method {
            Form::Additive => Method::Additive,
            Form::Multiplicative => Method::Multiplicative,
        }
    }

    /// The name of the file without folder and extension.
    fn stem(&self) -> String {
        let stem = self.file.file_stem().and_then(|stem| stem.to_str());
        stem.unwrap_or("table").to_string()
    }
}

/// Decomposes; exit code 2 on bad input.
pub(super) fn main(console: &Console, args: &DecomposeArgs) -> u8 {
    let done = bytes(console, args).and_then(|bytes| {
        if is_scenario(args, &decode(&bytes)) {
            scenario(console, args)
        } else {
            table(console, args, &bytes)
        }
    });
    match done {
        Ok(()) => 0,
        Err(code) => code,
    }
}

fn bytes(console: &Console, args: &DecomposeArgs) -> Result<Vec<u8>, u8> {
    console.inputs.bytes(&args.file).map_err(|error| {
        let what = Text::new("情景或因素表", "the scenario or table");
        console.cannot_read(&what, &args.file, &error)
    })
}

/// Whether a text is a scenario and not a table of factors: its first line says so, and
/// the name of the file only where that is neither.
fn is_scenario(args: &DecomposeArgs, text: &str) -> bool {
    let mut lines = text.lines().map(str::trim);
    let first = lines.find(|line| !line.is_empty() && !line.starts_with('#'));
    let first = first.unwrap_or_default();
    if first.contains("group") && first.contains("factor") && first.contains(',') {
        return false;
    }
    let key = first.split_once('=').map(|(key, _)| key);
    if first.starts_with('[') || key.is_some_and(|key| !key.contains(',')) {
        return true;
    }
    let extension = args.file.extension().and_then(|e| e.to_str());
    extension.is_some_and(|extension| extension.eq_ignore_ascii_case("toml"))
}

/// A table of the user's own.
fn table(console: &Console, args: &DecomposeArgs, bytes: &[u8]) -> Result<(), u8> {
    let given = !args.indicator.is_empty() || args.from.is_some() || args.to.is_some();
    if given || args.chained {
        return Err(console.complain(console.lang.pick(
            "因素表只有期初、期末两个状态：--indicator、--from、--to、--chained 只用于情景",
            "a table has two states: --indicator, --from, --to and --chained are for scenarios",
        )));
    }
    let path = args.file.display().to_string();
    let (mut files, mut diags) = (Files::new(), Diagnostics::default());
    let found = factors::read(&path, bytes, &mut files, &mut diags);
    console.report(&Problems::new(diags, &files));
    let table = found.ok_or(BAD_INPUT)?;
    // The reader lets no number and no product through that cannot be decomposed.
    let split = lmdi::split(&table.from, &table.to, table.factors.len());
    let split = split.map_err(|unfit| console.complain(&unfit.value.to_string()))?;
    let own = Own {
        name: &args.stem(),
        groups: &table.groups,
        factors: &table.factors,
        split: &split,
        method: args.method(),
    };
    let found = [own.table()];
    let csv = jianpai_report::write::csv(&found[0], console.lang);
    let shown = if let Some(name) = &args.table.table {
        let table = tables::named(console, &found, name)?;
        tables::text(console, table, tables::Format::of(args.csv, args.json))
    } else if args.json {
        format!("{:#}\n", own.json())
    } else if args.csv {
        String::from_utf8_lossy(&csv).into_owned()
    } else {
        own.text(console.lang)
    };
    let manifest = Manifest {
        inputs: vec![Hashed {
            path: relative(&path),
            sha256: hex(bytes),
        }],
        ..Manifest::of("decompose")
    };
    write(console, args, (&shown, csv), manifest, || own.charts())
}

/// The run of a scenario.
fn scenario(console: &Console, args: &DecomposeArgs) -> Result<(), u8> {
    let mut session = console.open()?;
    let study = session.open(&args.file.to_string_lossy(), None);
    let run = console.tell(&mut session, study)?.run();
    let case = run.case();
    let span = Span {
        accounts: accounts(console, args, &case)?,
        years: years(console, args, &case)?,
        chained: args.chained,
    };
    let (all, method, lang) = (
        decomposition::decompose(&case, &span),
        args.method(),
        console.lang,
    );
    let additive: Vec<Decomposition> = all.clone();
    let found = [decomposition::table(&[(&case, all)], method)];
    let csv = jianpai_report::write::csv(&found[0], lang);
    let shown = if let Some(name) = &args.table.table {
        let table = tables::named(console, &found, name)?;
        tables::text(console, table, tables::Format::of(args.csv, args.json))
    } else if args.json {
        format!("{:#}\n", decomposition::json(&case, &additive, method))
    } else if args.csv {
        String::from_utf8_lossy(&csv).into_owned()
    } else {
        decomposition::text(&case, &additive, method, lang)
    };
    let manifest = Manifest {
        scenario: Some(case.scenario.id.clone()),
        region: Some(case.region().named.id.clone()),
        inputs: folder::run::hashed_inputs(
            session.files(),
            run.study.loaded.inputs.iter().copied(),
        ),
        data: folder::run::hashed_data(session.data()),
        ..Manifest::of("decompose")
    };
    write(console, args, (&shown, csv), manifest, || {
        decomposition::charts(&case, &additive)
    })
}

/// The accounts of the indicators named on the command line.
fn accounts(console: &Console, args: &DecomposeArgs, case: &Case<'_>) -> Result<Vec<Account>, u8> {
    if args.indicator.is_empty() {
        return Ok(decomposition::accounts(case));
    }
    let names = args.indicator.iter();
    names
        .map(|name| account(console, case.catalogue, name))
        .collect()
}

fn account(console: &Console, catalogue: &Catalogue, name: &str) -> Result<Account, u8> {
    let id = named::indicator(console, catalogue, (name, &[]))?;
    let amount = catalogue.indicators[id.at()].kind.amount();
    amount.ok_or_else(|| {
        console.complain(&match console.lang {
            Lang::Zh => format!("`{name}` 是比值，请分解它的总量（如 CO2、energy）"),
            Lang::En => {
                format!("`{name}` is a ratio: decompose the amount in it, such as CO2 or energy")
            }
        })
    })
}

/// The first and last year, within the run and in order.
fn years(console: &Console, args: &DecomposeArgs, case: &Case<'_>) -> Result<(i32, i32), u8> {
    let (first, last) = (case.scenario.base_year, case.scenario.end_year);
    let (from, to) = (args.from.unwrap_or(first), args.to.unwrap_or(last));
    if first <= from && from < to && to <= last {
        return Ok((from, to));
    }
    Err(console.complain(&match console.lang {
        Lang::Zh => format!("--from {from} --to {to}：应在 {first}—{last} 之内，且先后有序"),
        Lang::En => {
            format!(
                "--from {from} --to {to}: years within {first}–{last}, the first before the last"
            )
        }
    }))
}

/// Writes the table and the charts into a folder of their own, whole, if that was asked
/// for; then prints what is shown, which stands for a call that went well.
fn write(
    console: &Console,
    args: &DecomposeArgs,
    (shown, csv): (&str, Vec<u8>),
    manifest: Manifest,
    charts: impl FnOnce() -> Vec<Figure>,
) -> Result<(), u8> {
    let Some(out) = &args.out else {
        print(shown);
        return Ok(());
    };
    let csv = jianpai_report::write::marked(csv, console.lang);
    let mut entries: Vec<Entry> = vec![("decomposition.csv".to_string(), csv)];
    let charts = charts().into_iter();
    entries.extend(charts.map(|chart| (chart.name, chart.svg.into_bytes())));
    let name = format!("{}-decomposition", args.stem());
    let written = console.put_folder((out, &name), manifest, entries)?;
    print(shown);
    if !args.json && !args.csv {
        print(&results(console.lang, &written));
    }
    Ok(())
}
