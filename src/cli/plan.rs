//! `jianpai plan`: a compiled sweep as JSON, so that anyone can check the arithmetic
//! with other tools.

use super::console::Console;
use super::input::stream;
use super::out::print;
use clap::Args;
use jianpai_core::batch::{Batch, Group, Input, Place, Sheet, Watch};
use jianpai_core::catalogue::{Account, Catalogue};
use jianpai_core::measure::OVER_CLAIM_SLACK;
use jianpai_core::target::{self, Demand};
use jianpai_study::SweepOptions;
use jianpai_study::folder::put_file;
use jianpai_sweep::engine::{Column, Judged, Sweep};
use serde::Deserialize;
use serde_json::{Value, json};
use std::io::BufReader;
use std::path::{Path, PathBuf};

/// What the files say they are.
const FORMAT: &str = "jianpai-plan/1";

/// Arguments of `plan`.
#[derive(Args, Debug)]
pub(super) struct PlanArgs {
    /// Scenario file with a [sweep] / 含 [sweep] 的情景文件
    scenario: String,
    /// Where to write it; standard output without / 写到此文件，默认标准输出
    #[arg(long, value_name = "FILE")]
    export: Option<PathBuf>,
}

/// Compiles the sweep of a file and writes it as JSON.
pub(super) fn main(console: &Console, args: &PlanArgs) -> u8 {
    match export(console, args) {
        Ok(()) => 0,
        Err(code) => code,
    }
}

fn export(console: &Console, args: &PlanArgs) -> Result<(), u8> {
    let mut session = console.open()?;
    let study = session.try_open_varied(&args.scenario, None);
    let swept = study.and_then(|study| session.try_sweep(&study, SweepOptions::default()));
    let swept = session.settle(swept);
    let swept = console.tell(&mut session, swept)?;
    let mut value = plan(session.catalogue(), &swept.sweep);
    value["scenario"] = json!(swept.study.scenario().id);
    value["region"] = json!(swept.study.region());
    let text = format!("{value}\n");
    let Some(path) = &args.export else {
        print(&text);
        return Ok(());
    };
    let written = put_file(path, is_plan, |to| to.write_all(text.as_bytes()));
    written.map_err(|problem| console.refuse(&problem))
}

/// What a plan says it is.
#[derive(Deserialize)]
struct Kind {
    format: String,
}

/// Whether a file is a plan that this command wrote. It is read piece by piece, so it may
/// be of any size.
fn is_plan(path: &Path) -> bool {
    let file = stream(path).ok().map(BufReader::new);
    let found = file.and_then(|file| serde_json::from_reader::<_, Kind>(file).ok());
    found.is_some_and(|kind| kind.format == FORMAT)
}

/// The compiled sweep; see the README for what its parts mean.
fn plan(catalogue: &Catalogue, sweep: &Sweep) -> Value {
    let batch = &sweep.batch;
    let inputs = sweep.inputs.iter().map(|input| {
        let kind = match input.input {
            Input::Level(_) => "level",
            Input::Start(_) => "start",
            Input::End(_) => "end",
            Input::Mix(_) => "mix",
            Input::Growth(_) => "growth",
            Input::Elasticity(_) => "elasticity",
            Input::Factor(_) => "factor",
            Input::Outside => "target",
        };
        let (low, high) = input.limits;
        json!({ "name": input.name, "kind": kind, "low": low, "high": high })
    });
    let switches = batch
        .switches
        .iter()
        .map(|switch| json!({ "input": switch.input, "equals": switch.equals }));
    let rows = batch.sheets.iter().flat_map(|sheet| {
        (0..batch.span).map(move |t| row(catalogue, (batch, &sweep.years), sheet, t))
    });
    let indicators = sweep.columns.iter().filter_map(|column| {
        let Column::Indicator(id, t) = column else {
            return None;
        };
        let place = batch.place(catalogue, *id)?;
        Some(indicator(batch, &sweep.name(catalogue, column), place, *t))
    });
    let mut named = Vec::new();
    let targets: Vec<Value> = sweep
        .judged
        .iter()
        .zip(&sweep.reported.targets)
        .map(|(judged, target)| judge(batch, &target.id, judged, &mut named))
        .collect();
    let cost = sweep.column(&Column::Cost);
    let cost_row = cost.and_then(|_| Some(batch.account(Account::Cost)? + batch.span - 1));
    let watched = batch.feasibility.iter().map(|cell| {
        let (monomials, coefficients): (Vec<usize>, Vec<f64>) =
            cell.changes.iter().copied().unzip();
        let (technology, group) = match cell.what {
            Watch::Share(k) => (Some(&catalogue.technologies[k.at()].named.id), None),
            Watch::Demand(group) => (None, Some(group)),
        };
        json!({
            "technology": technology,
            "group": group,
            "year": sweep.years[cell.year],
            "constant": cell.constant,
            "monomials": monomials,
            "coefficients": coefficients,
        })
    });
    json!({
        "format": FORMAT,
        "program": jianpai_study::folder::run::model(),
        "years": sweep.years,
        "inputs": inputs.collect::<Vec<_>>(),
        "switches": switches.collect::<Vec<_>>(),
        "monomials": batch.monomials,
        "groups": batch.groups.iter().map(group).collect::<Vec<_>>(),
        "rows": rows.collect::<Vec<_>>(),
        "indicators": indicators.collect::<Vec<_>>(),
        "targets": targets,
        "target_indicators": named,
        "watched": watched.collect::<Vec<_>>(),
        "watched_slack": OVER_CLAIM_SLACK,
        "not_negative": sweep
            .not_negative()
            .iter()
            .map(|(row, least)| json!({ "row": row, "least": least }))
            .collect::<Vec<_>>(),
        "margin_slack": target::SLACK,
        "margin_floor": target::FLOOR,
        "cost_row": cost_row,
    })
}

fn group(group: &Group) -> Value {
    json!({
        "growth": group.growth,
        "elasticity_input": group.elasticity_input,
        "elasticity": group.elasticity,
        "path": group.path,
        "projected_from": group.projected_from,
    })
}

/// One cell, the join to observed years folded in.
fn row(catalogue: &Catalogue, (batch, years): (&Batch, &[i32]), sheet: &Sheet, t: usize) -> Value {
    let (ratio, offset) = match &sheet.join {
        Some((ratio, offset)) => (ratio[t], offset[t]),
        None => (1.0, 0.0),
    };
    let segments = sheet.segments.iter().map(|segment| {
        let terms = segment.monomials.iter().zip(segment.coefficients.rows());
        let (monomials, coefficients): (Vec<usize>, Vec<f64>) = terms
            .filter(|(_, amounts)| amounts[t] != 0.0)
            .map(|(monomial, amounts)| (*monomial, amounts[t] * ratio))
            .unzip();
        json!({
            "group": segment.group,
            "constant": segment.constants[t] * ratio,
            "monomials": monomials,
            "coefficients": coefficients,
        })
    });
    json!({
        "account": account(catalogue, batch.accounts[sheet.account]),
        "year": years[t],
        "constant": offset,
        "segments": segments.collect::<Vec<_>>(),
    })
}

/// The name of an account in the export.
fn account(catalogue: &Catalogue, account: Account) -> String {
    match account {
        Account::Outside(p) => format!("outside:{}", catalogue.pollutants[p.at()].named.id),
        Account::Activity(_) => format!("activity:{}", account.id(catalogue)),
        _ => account.id(catalogue),
    }
}

fn indicator(batch: &Batch, name: &str, place: Place, t: usize) -> Value {
    match place {
        Place::Plain(row) => json!({ "name": name, "rule": "plain", "row": row + t }),
        Place::PerGdp(row) => json!({
            "name": name,
            "rule": "per-gdp",
            "row": row + t,
            "base_row": row,
            "gdp": batch.gdp[t],
            "group": batch.gdp_group,
        }),
        Place::PerDemand(row, service) => json!({
            "name": name,
            "rule": "per-demand",
            "row": row + t,
            "demand": batch.demand[service][t],
            "group": batch.service_groups[service],
        }),
    }
}

/// A target; the indicators that it reads are added to `named`.
fn judge(batch: &Batch, id: &str, judged: &Judged, named: &mut Vec<Value>) -> Value {
    let mut add = |t: usize| {
        named.push(indicator(batch, &format!("{id}@{t}"), judged.place, t));
        named.len() - 1
    };
    let (word, reached) = match judged.demand {
        Demand::Reduction { .. } => {
            let (end, base) = (add(judged.end), add(judged.base));
            (
                "reduction",
                json!({ "rule": "reduction", "end": end, "base": base }),
            )
        }
        Demand::Cumulative { .. } => {
            let of: Vec<usize> = (judged.base..=judged.end).map(&mut add).collect();
            ("cumulative", json!({ "rule": "sum", "of": of }))
        }
        Demand::Floor(_) => ("floor", json!({ "rule": "value", "end": add(judged.end) })),
        _ => ("cap", json!({ "rule": "value", "end": add(judged.end) })),
    };
    let (required, sign) = target::required(judged.demand);
    json!({
        "name": id,
        "demand": word,
        "required": required,
        "required_input": judged.input,
        "sign": sign,
        "reached": reached,
    })
}
