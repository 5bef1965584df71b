//! `jianpai run`.

use super::BAD_INPUT;
use super::session::{Session, print};
use clap::Args;
use jianpai_core::outcome;
use jianpai_load::diag::{Diagnostics, Files};

/// Arguments of `run`.
#[derive(Args, Debug)]
pub(super) struct RunArgs {
    /// Scenario files / 情景文件
    #[arg(required = true, value_name = "SCENARIO")]
    scenarios: Vec<String>,
}

pub(super) fn main(session: &Session, args: &RunArgs) -> u8 {
    let mut files = Files::new();
    let catalogue = match session.catalogue(&mut files) {
        Ok(catalogue) => catalogue,
        Err(code) => return code,
    };
    let mut diags = Diagnostics::default();
    for path in &args.scenarios {
        if let Some(ready) = Session::prepare(path, None, &catalogue, &mut files, &mut diags) {
            let out = outcome::run(&catalogue, &ready.loaded.scenario, &ready.plan);
            for (i, ind) in catalogue.indicators.iter().enumerate() {
                let e = out.indicators[i].last().unwrap();
                let b = out.indicators[i][0];
                print(&format!(
                    "{:16} {:14.4e} -> {:14.4e} ({:+.1}%) frozen {:+.1}% current {:+.1}%\n",
                    ind.named.id,
                    b,
                    e,
                    (e / b - 1.0) * 100.0,
                    (out.frozen[i].last().unwrap() / b - 1.0) * 100.0,
                    (out.current[i].last().unwrap() / b - 1.0) * 100.0
                ));
            }
            for (t, v) in ready.loaded.scenario.targets.iter().zip(&out.verdicts) {
                print(&format!("{} {:?}\n", t.id, v));
            }
            for p in 0..4 {
                let a =
                    jianpai_core::catalogue::Account::Pollutant(jianpai_core::dims::PollutantId(p));
                let b = outcome::balance(&ready.plan, &out.run, a, ready.plan.span() - 1).unwrap();
                print(&format!(
                    "{}\n",
                    catalogue.pollutants[usize::from(p)].named.id
                ));
                for (it, v) in b.lines {
                    let n = match it {
                        outcome::Item::Measure(m) => ready.plan.measures[m].id.clone(),
                        o => format!("{o:?}"),
                    };
                    print(&format!("   {:40} {:10.3}\n", n, v / 1e4));
                }
            }
            for k in &ready.plan.base_year.kappas {
                print(&format!(
                    "kappa {:?} {:?} {:.3}\n",
                    k.account,
                    k.class.map(|c| catalogue.classes[c.at()].named.id.clone()),
                    k.value
                ));
            }
            for (m, n) in &ready.plan.notices {
                print(&format!(
                    "notice {}: {}\n",
                    ready.plan.measures[*m].id, n.en
                ));
            }
        }
    }
    session.report(&files, &mut diags);
    if diags.has_errors() { BAD_INPUT } else { 0 }
}
