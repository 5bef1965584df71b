//! `jianpai check`: everything wrong with scenario files, without running them.

use super::BAD_INPUT;
use super::session::{Session, print};
use clap::Args;
use jianpai_load::diag::{Diagnostics, Files};

/// Arguments of `check`.
#[derive(Args, Debug)]
pub(super) struct CheckArgs {
    /// Scenario files / 情景文件
    #[arg(required = true, value_name = "SCENARIO")]
    scenarios: Vec<String>,
    /// Print findings as JSON / 以 JSON 输出
    #[arg(long)]
    json: bool,
}

/// Checks every file; exit code 2 if one of them cannot run.
pub(super) fn main(session: &Session, args: &CheckArgs) -> u8 {
    let mut files = Files::new();
    let catalogue = match session.catalogue(&mut files) {
        Ok(catalogue) => catalogue,
        Err(code) => return code,
    };
    let mut diags = Diagnostics::default();
    let mut good = 0;
    for path in &args.scenarios {
        if Session::prepare(path, None, &catalogue, &mut files, &mut diags).is_some() {
            good += 1;
        }
    }
    if args.json {
        diags.sort();
        print(&format!("{:#}\n", diags.to_json(&files, session.lang)));
    } else {
        session.report(&files, &mut diags);
        let bad = args.scenarios.len() - good;
        print(&match session.lang {
            jianpai_core::text::Lang::Zh => format!("{good} 个情景可以运行，{bad} 个有错\n"),
            jianpai_core::text::Lang::En => format!("{good} can run, {bad} cannot\n"),
        });
    }
    if diags.has_errors() { BAD_INPUT } else { 0 }
}
