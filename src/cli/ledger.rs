//! `jianpai ledger`: a list of projects in, what each of them is credited out.

use super::BAD_INPUT;
use super::console::Console;
use super::out::print;
use super::tables::PrintArgs;
use clap::Args;
use jianpai_core::text::Text;
use jianpai_load::diag::{Diagnostics, Files};
use jianpai_load::ledger;
use jianpai_report::projects::{self, Shown};
use jianpai_study::Problems;
use jianpai_study::problem::Unknown;
use std::path::PathBuf;

/// Arguments of `ledger`.
#[derive(Args, Debug)]
pub(super) struct LedgerArgs {
    /// Projects as CSV, one row a project and pollutant / 项目清单（CSV），每个项目、每种污染物一行
    file: PathBuf,
    /// Hold it to the project-reduction targets of this region / 与该地区的重点工程减排目标比较
    #[arg(long, value_name = "REGION")]
    region: Option<String>,
    /// Only those of this plan: 13fyp-projects, 14fyp … / 只比较该规划的目标
    #[arg(long, value_name = "PLAN", requires = "region")]
    plan: Option<String>,
    #[command(flatten)]
    print: PrintArgs,
}

pub(super) fn main(console: &Console, args: &LedgerArgs) -> u8 {
    match run(console, args) {
        Ok(()) => 0,
        Err(code) => code,
    }
}

fn run(console: &Console, args: &LedgerArgs) -> Result<(), u8> {
    let session = console.open()?;
    let catalogue = session.catalogue();
    let region = args.region.as_deref().map(|name| session.region(name));
    let region = region.transpose();
    let region = region.map_err(|unknown| console.fail(&unknown.into()))?;
    if let Some(plan) = args.plan.as_deref() {
        let mut plans: Vec<&str> = catalogue.targets.iter().map(|t| t.plan.as_str()).collect();
        plans.sort_unstable();
        plans.dedup();
        if !plans.contains(&plan) {
            let unknown = Unknown::among(Text::new("规划", "plan"), plan, &plans);
            return Err(console.fail(&unknown.into()));
        }
    }
    let bytes = console.inputs.bytes(&args.file).map_err(|error| {
        let what = Text::new("项目清单", "the ledger");
        console.cannot_read(&what, &args.file, &error)
    })?;
    let path = args.file.display().to_string();
    let (mut files, mut diags) = (Files::new(), Diagnostics::default());
    let found = ledger::read(catalogue, &path, &bytes, &mut files, &mut diags);
    console.report(&Problems::new(diags, &files));
    let (ledger, _) = found.ok_or(BAD_INPUT)?;
    let shown = Shown {
        catalogue,
        ledger: &ledger,
        region,
        plan: args.plan.as_deref(),
    };
    let all = projects::tables(&shown);
    let text = if let Some(text) = args.print.alone(console, &all)? {
        text
    } else if args.print.json {
        format!("{:#}\n", projects::json(&shown))
    } else {
        projects::text(&shown, console.lang)
    };
    print(&text);
    Ok(())
}
