//! The command line: one file a command.

mod check;
mod diff;
mod init;
mod list;
mod merge;
mod output;
mod run;
mod session;
mod sweep;
mod sweep_findings;
mod sweep_rows;
mod sweep_text;

use clap::{Args, Parser, Subcommand, ValueEnum};
use jianpai_core::text::Lang;
use std::path::PathBuf;
use std::process::ExitCode;

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
    /// Check scenarios: errors, and what is to be doubted / 检查情景文件：错误与存疑之处
    Check(check::CheckArgs),
    /// Compare two scenarios: inputs, outputs, and what explains how much / 比较两个情景：输入、结果与差别的来源
    Diff(diff::DiffArgs),
    /// Print a commented starting file for a region / 生成一份可运行的情景模板
    Init(init::InitArgs),
    /// List what the data hold / 列出数据中的条目
    List(list::ListArgs),
    /// Run many draws of a scenario with a [sweep] / 批量抽样运行
    Sweep(sweep::SweepArgs),
    /// Join the rows of the slices of a sweep / 合并分片抽样的结果
    Merge(merge::MergeArgs),
    /// Print the JSON Schema of scenario files / 输出情景文件的 JSON Schema
    Schema,
}

/// Exit code of targets missed under `--strict`.
const MISSED: u8 = 1;
/// Exit code of bad input.
const BAD_INPUT: u8 = 2;

/// Runs the program.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let lang = match cli.common.lang {
        Some(Language::Zh) => Lang::Zh,
        Some(Language::En) => Lang::En,
        None => session::locale(),
    };
    let session = session::Session {
        lang,
        data: cli.common.data,
    };
    let code = match cli.command {
        Command::Run(args) => run::main(&session, &args),
        Command::Check(args) => check::main(&session, &args),
        Command::Diff(args) => diff::main(&session, &args),
        Command::Init(args) => init::main(&session, &args),
        Command::List(args) => list::main(&session, &args),
        Command::Sweep(args) => sweep::main(&session, &args),
        Command::Merge(args) => merge::main(&session, &args),
        Command::Schema => {
            session::print(&jianpai_load::schema::text());
            0
        }
    };
    ExitCode::from(code)
}
