//! The command line: one file a command.

mod allocate;
mod check;
mod console;
mod decompose;
mod diff;
mod explain;
mod hindcast;
mod import;
mod init;
mod input;
mod ledger;
mod list;
mod merge;
mod named;
mod options;
mod out;
mod plan;
mod report;
mod run;
mod sensitivity;
mod solve;
mod sweep;
mod tables;
mod template;

use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use jianpai_core::plain;
use jianpai_core::text::Lang;
use std::ffi::OsString;
use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;

pub use console::locale;

/// Emissions-reduction scenarios: trajectories, balances and verdicts on targets.
/// 减排情景模拟：排放轨迹、减排平衡与目标判定。
#[derive(Debug, Parser)]
#[command(name = "jianpai", version, arg_required_else_help = true)]
struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

/// Options of every command.
#[derive(Args, Clone, Debug)]
struct Common {
    /// Language of messages, tables and charts; by default that of the locale / 语言，默认随系统
    #[arg(long, global = true, value_enum)]
    lang: Option<Language>,
    /// Use this data folder instead of the one compiled in / 改用此数据目录
    #[arg(long, global = true, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Largest file that is read, such as 1GB; rows that `merge` copies may be of any size / 输入文件的大小上限，如 1GB；merge 逐行复制，不受此限
    #[arg(long, global = true, value_name = "SIZE", default_value = "256MB", value_parser = jianpai_load::input::bytes)]
    max_size: u64,
}

/// A language on the command line.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Language {
    /// 中文
    Zh,
    /// English
    En,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run scenarios and write results / 运行情景并写出结果
    Run(run::RunArgs),
    /// Print the terms and sources behind a result / 说明一个结果由哪些数而来
    Explain(explain::ExplainArgs),
    /// Check scenarios: errors, and what is to be doubted / 检查情景文件：错误与存疑之处
    Check(check::CheckArgs),
    /// Compare two scenarios: inputs, outputs, and what explains how much / 比较两个情景：输入、结果与差别的来源
    Diff(diff::DiffArgs),
    /// Hold the model against the published progress of past years / 用过去几年的公布进展检验模型
    Hindcast(hindcast::HindcastArgs),
    /// Print a commented starting file for a region / 生成一份可运行的情景模板
    Init(init::InitArgs),
    /// List what the data hold / 列出数据中的条目
    List(list::ListArgs),
    /// Seek the levels that meet all targets at least cost, or say why there are none / 由目标反推措施与力度
    Solve(solve::SolveArgs),
    /// Compare target options: feasible, least cost, probability, regret / 目标方案比选
    Options(options::OptionsArgs),
    /// Run many draws of a scenario with a [sweep] / 批量抽样运行
    Sweep(sweep::SweepArgs),
    /// Write the compiled sweep of a file as JSON / 导出编译后的抽样方案
    Plan(plan::PlanArgs),
    /// Split a change into effects (LMDI): of a scenario, or of your own table / LMDI 因素分解
    Decompose(decompose::DecomposeArgs),
    /// Credit a list of projects by the rules of accounting / 核算重点工程减排量
    Ledger(ledger::LedgerArgs),
    /// Write a workbook to be filled in (Excel, WPS) / 生成待填的工作簿
    Template(template::TemplateArgs),
    /// Read a workbook that is filled in: scenario, ledger, region / 导入填好的工作簿
    Import(import::ImportArgs),
    /// Share a target among the parts of a whole / 把目标分解到各地区
    Allocate(allocate::AllocateArgs),
    /// Write one page with levers for each scenario: HTML, no network / 生成可调力度的网页（单个 HTML 文件）
    Report(report::ReportArgs),
    /// Join the rows of the slices of a sweep / 合并分片抽样的结果
    Merge(merge::MergeArgs),
    /// Say which inputs of a table matter, and when an outcome comes about / 敏感性分析与情景发现
    Sensitivity(Box<sensitivity::SensitivityArgs>),
    /// Print the JSON Schema of scenario files / 输出情景文件的 JSON Schema
    Schema,
    /// Print completions for a shell: source them, or put them where it looks / 输出命令补全脚本
    Completions {
        /// The shell / 命令行外壳
        #[arg(value_enum)]
        shell: clap_complete::Shell,
    },
}

/// Exit code of targets missed under `--strict`.
const MISSED: u8 = 1;
/// Exit code of bad input.
const BAD_INPUT: u8 = 2;

/// Runs the program on what stands on its command line.
pub fn main() -> ExitCode {
    ExitCode::from(run(std::env::args_os()))
}

/// Runs the program on `args`, the first of which is its own name; the exit code.
pub fn run(args: impl IntoIterator<Item = OsString>) -> u8 {
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(said) => return usage(&said),
    };
    let lang = match cli.common.lang {
        Some(Language::Zh) => Lang::Zh,
        Some(Language::En) => Lang::En,
        None => console::locale(),
    };
    set_up_threads();
    let console = console::Console {
        lang,
        data: cli.common.data,
        inputs: input::Inputs {
            most: cli.common.max_size,
        },
    };
    let code = match cli.command {
        Command::Run(args) => run::main(&console, &args),
        Command::Explain(args) => explain::main(&console, &args),
        Command::Check(args) => check::main(&console, &args),
        Command::Hindcast(args) => hindcast::main(&console, &args),
        Command::Diff(args) => diff::main(&console, &args),
        Command::Init(args) => init::main(&console, &args),
        Command::List(args) => list::main(&console, &args),
        Command::Solve(args) => solve::main(&console, &args),
        Command::Options(args) => options::main(&console, &args),
        Command::Sweep(args) => sweep::main(&console, &args),
        Command::Plan(args) => plan::main(&console, &args),
        Command::Decompose(args) => decompose::main(&console, &args),
        Command::Ledger(args) => ledger::main(&console, &args),
        Command::Template(args) => template::main(&console, &args),
        Command::Import(args) => import::main(&console, &args),
        Command::Allocate(args) => allocate::main(&console, &args),
        Command::Report(args) => report::main(&console, &args),
        Command::Merge(args) => merge::main(&console, &args),
        Command::Sensitivity(args) => sensitivity::main(&console, &args),
        Command::Schema => {
            out::print(&jianpai_load::schema::text());
            0
        }
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "jianpai", &mut script);
            out::print(&String::from_utf8_lossy(&script));
            0
        }
    };
    out::finish(lang, code)
}

/// The bytes of files, read as commands read theirs: ordinary files of at most
/// [`LARGEST`](jianpai_load::input::LARGEST) bytes.
pub fn fetch() -> impl Fn(&str) -> std::io::Result<Vec<u8>> {
    input::Inputs {
        most: jianpai_load::input::LARGEST,
    }
    .fetch()
}

/// Prints what the reader of the command line has to say: help, the version, or what
/// is wrong.
fn usage(said: &clap::Error) -> u8 {
    let (text, code) = (said.render(), said.exit_code());
    let code = u8::try_from(code).unwrap_or(BAD_INPUT);
    if said.use_stderr() {
        let colour = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
        // What the user wrote stands in it.
        let harmful = |c: char| c != '\n' && plain::steers(c);
        if colour && !text.to_string().contains(harmful) {
            out::warn_drawn(&text.ansi().to_string());
        } else {
            out::warn(&text.to_string());
        }
        return code;
    }
    let colour = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    out::print_drawn(&if colour {
        text.ansi().to_string()
    } else {
        text.to_string()
    });
    out::finish(console::locale(), code)
}

/// Threads that a machine is asked for at most, whatever the command line says.
pub fn most_threads() -> usize {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    (4 * cores).max(16)
}

/// Threads to be used: as many as `RAYON_NUM_THREADS` says, within reason, or one a core.
pub fn threads() -> usize {
    let asked = std::env::var("RAYON_NUM_THREADS").ok();
    let asked = asked.and_then(|text| text.trim().parse::<usize>().ok());
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    asked
        .filter(|n| *n > 0)
        .unwrap_or(cores)
        .min(most_threads())
}

/// A pool of threads for the whole program.
fn set_up_threads() {
    // Fails only if there is a pool already.
    let _ = rayon::ThreadPoolBuilder::new()
        .num_threads(threads())
        .build_global();
}
