//! `jianpai template`: a workbook to be filled in.

use super::console::Console;
use super::out::warn;
use clap::{Args, ValueEnum};
use jianpai_office::forms::Form;
use jianpai_office::template;
use jianpai_study::folder::put_file;
use std::path::PathBuf;

/// Arguments of `template`.
#[derive(Args, Debug)]
pub(super) struct TemplateArgs {
    /// Which sheets / 要哪些表
    #[arg(value_enum, default_value = "all")]
    what: What,
    /// The workbook to be written / 写出的工作簿
    #[arg(long, short, value_name = "FILE.xlsx")]
    output: PathBuf,
    /// Replace a file that is there / 覆盖已有的文件
    #[arg(long)]
    force: bool,
}

/// The sheets of a template.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum What {
    /// 基年排放
    Inventory,
    /// 措施
    Measures,
    /// 目标
    Targets,
    /// 项目台账
    Ledger,
    /// 全部
    All,
}

impl What {
    fn forms(self) -> &'static [Form] {
        match self {
            What::Inventory => &[Form::Basics, Form::Inventory],
            What::Measures => &[Form::Basics, Form::Measures],
            What::Targets => &[Form::Basics, Form::Targets],
            What::Ledger => &[Form::Ledger],
            What::All => &Form::ALL,
        }
    }
}

/// Writes the workbook; exit code 0 or 2.
pub(super) fn main(console: &Console, args: &TemplateArgs) -> u8 {
    match write(console, args) {
        Ok(()) => 0,
        Err(code) => code,
    }
}

fn write(console: &Console, args: &TemplateArgs) -> Result<(), u8> {
    let session = console.open()?;
    let data = session.data();
    let names = (data.catalogue(), data.vocabulary());
    let made = template::workbook(names, args.what.forms(), console.lang);
    let bytes = made.map_err(|error| console.complain(&error.to_string()))?;
    let put = put_file(&args.output, |_| args.force, |to| to.write_all(&bytes));
    put.map_err(|problem| console.refuse(&problem))?;
    let what = console.lang.pick("空表写入", "template written to");
    warn(&format!("{what}: {}\n", args.output.display()));
    Ok(())
}
