//! A compiled sweep: every coefficient of its arithmetic, so that anyone can check it with
//! other tools; as JSON and as tables.

use crate::view::{Cell, Column as Shown, Form, Table, Unit};
use jianpai_core::batch::{Batch, Group, Input, Place, Sheet, Watch};
use jianpai_core::catalogue::{Account, Catalogue};
use jianpai_core::measure::OVER_CLAIM_SLACK;
use jianpai_core::target::{self, Demand};
use jianpai_core::text::Text;
use jianpai_sweep::engine::{Column, Judged, Sweep};
use serde_json::{Value, json};

/// What the documents say they are.
pub const FORMAT: &str = "jianpai-plan/1";

/// What an input of a sweep varies.
fn kind(input: &Input) -> &'static str {
    match input {
        Input::Level(_) => "level",
        Input::Start(_) => "start",
        Input::End(_) => "end",
        Input::Mix(_) => "mix",
        Input::Growth(_) => "growth",
        Input::Elasticity(_) => "elasticity",
        Input::Factor(_) => "factor",
        Input::Outside => "target",
    }
}

/// The tables: `inputs`, `targets`, `coefficients`.
pub fn tables(catalogue: &Catalogue, sweep: &Sweep) -> Vec<Table> {
    vec![
        inputs(sweep),
        targets(catalogue, sweep),
        coefficients(catalogue, sweep),
    ]
}

/// What varies, and within which bounds.
fn inputs(sweep: &Sweep) -> Table {
    let bound = |key: &'static str, zh: &str, en: &str| {
        Shown::number(key, zh, en, Unit::None).form(Form::Plain)
    };
    let columns = vec![
        Shown::whole("place", "序号", "Place").at(0),
        Shown::id("name", "输入", "Input").at(1),
        Shown::id("kind", "种类", "Kind").at(2),
        bound("low", "下限", "Low").at(3),
        bound("high", "上限", "High").at(4),
    ];
    let mut table = Table::new("inputs", Text::new("输入", "Inputs"), columns);
    for (place, input) in sweep.inputs.iter().enumerate() {
        let (low, high) = input.limits;
        table.row(vec![
            place.into(),
            Cell::from(&input.name),
            kind(&input.input).into(),
            low.into(),
            high.into(),
        ]);
    }
    table
}

/// What each target demands, in base units; a reduction as a part of 1.
fn targets(catalogue: &Catalogue, sweep: &Sweep) -> Table {
    let columns = vec![
        Shown::id("name", "目标", "Target").at(0),
        Shown::id("demand", "要求", "Demand").at(1),
        Shown::number_by("required", "要求的值", "Required", "unit").at(2),
        Shown::unit("unit", "单位", "Unit").at(3),
        Shown::whole("input", "所用输入", "Input").at(4),
    ];
    let mut table = Table::new("targets", Text::new("目标", "Targets"), columns);
    for (judged, target) in sweep.judged.iter().zip(&sweep.reported.targets) {
        let indicator = &catalogue.indicators[target.indicator.at()];
        let unit = match judged.demand {
            Demand::Reduction { .. } => Unit::Fraction,
            _ => Unit::base_of(&indicator.kind),
        };
        table.row(vec![
            Cell::from(&target.id),
            word(judged.demand).into(),
            target::required(judged.demand).0.into(),
            unit.into(),
            judged.input.into(),
        ]);
    }
    table
}

/// The constant and the coefficient of each product of inputs, of every account in every
/// year, in base units. A row without `product` is the constant; `group` is that of the
/// demand by which both are multiplied.
fn coefficients(catalogue: &Catalogue, sweep: &Sweep) -> Table {
    let columns = vec![
        Shown::id("account", "账户", "Account").at(0),
        Shown::whole("year", "年份", "Year").at(1),
        Shown::whole("group", "需求组", "Demand group").at(2),
        Shown::whole("product", "输入之积", "Product of inputs").at(3),
        Shown::id("inputs", "其中的输入", "Its inputs").at(4),
        Shown::number_by("coefficient", "系数", "Coefficient", "unit").at(5),
        Shown::unit("unit", "单位", "Unit").at(6),
    ];
    let title = Text::new("系数", "Coefficients");
    let mut table = Table::new("coefficients", title, columns);
    let batch = &sweep.batch;
    for sheet in &batch.sheets {
        let of = batch.accounts[sheet.account];
        let (id, unit) = (account(catalogue, of), Unit::of_account(of).base());
        for (t, year) in sweep.years.iter().enumerate() {
            let (ratio, offset) = join(sheet, t);
            let mut row = |group: Cell, product: Option<usize>, value: f64| {
                let inputs = product.map(|product| {
                    let names = batch.monomials[product].iter();
                    let names = names.map(|column| name(sweep, *column));
                    names.collect::<Vec<_>>().join(" × ")
                });
                table.row(vec![
                    Cell::from(&id),
                    (*year).into(),
                    group,
                    product.into(),
                    inputs.into(),
                    value.into(),
                    unit.into(),
                ]);
            };
            if offset != 0.0 {
                row(Cell::absent(), None, offset);
            }
            for segment in &sheet.segments {
                row(segment.group.into(), None, segment.constants[t] * ratio);
                let terms = segment.monomials.iter().zip(segment.coefficients.rows());
                for (product, amounts) in terms.filter(|(_, amounts)| amounts[t] != 0.0) {
                    row(segment.group.into(), Some(*product), amounts[t] * ratio);
                }
            }
        }
    }
    table
}

/// What a column of a product is: an input, or a switch on the value of one.
fn name(sweep: &Sweep, column: usize) -> String {
    let inputs = &sweep.inputs;
    let Some(switch) = column.checked_sub(inputs.len()) else {
        return inputs[column].name.clone();
    };
    let switch = &sweep.batch.switches[switch];
    format!("[{} = {}]", inputs[switch.input].name, switch.equals)
}

/// The ratio and the offset that join an account to observed values in a year.
fn join(sheet: &Sheet, t: usize) -> (f64, f64) {
    match &sheet.join {
        Some((ratio, offset)) => (ratio[t], offset[t]),
        None => (1.0, 0.0),
    }
}

/// The compiled sweep; `benches/peers/README.md` says what its parts mean.
pub fn json(catalogue: &Catalogue, sweep: &Sweep) -> Value {
    let batch = &sweep.batch;
    let inputs = sweep.inputs.iter().map(|input| {
        let (low, high) = input.limits;
        json!({ "name": input.name, "kind": kind(&input.input), "low": low, "high": high })
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
    let (ratio, offset) = join(sheet, t);
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
        Place::PerIndex(row, of) => json!({
            "name": name,
            "rule": "per-gdp",
            "row": row + t,
            "base_row": row,
            "gdp": batch.index_path(of)[t],
            "group": batch.index_group(of),
        }),
        Place::PerAccount(row, energy) => json!({
            "name": name,
            "rule": "per-row",
            "row": row + t,
            "over_row": energy + t,
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

/// What a target demands.
fn word(demand: Demand) -> &'static str {
    match demand {
        Demand::Reduction { .. } => "reduction",
        Demand::Cumulative { .. } => "cumulative",
        Demand::Floor(_) => "floor",
        _ => "cap",
    }
}

/// A target; the indicators that it reads are added to `named`.
fn judge(batch: &Batch, id: &str, judged: &Judged, named: &mut Vec<Value>) -> Value {
    let mut add = |t: usize| {
        named.push(indicator(batch, &format!("{id}@{t}"), judged.place, t));
        named.len() - 1
    };
    let reached = match judged.demand {
        Demand::Reduction { .. } => {
            let (end, base) = (add(judged.end), add(judged.base));
            json!({ "rule": "reduction", "end": end, "base": base })
        }
        Demand::Cumulative { .. } => {
            let of: Vec<usize> = (judged.base..=judged.end).map(&mut add).collect();
            json!({ "rule": "sum", "of": of })
        }
        _ => json!({ "rule": "value", "end": add(judged.end) }),
    };
    let (required, sign) = target::required(judged.demand);
    json!({
        "name": id,
        "demand": word(judged.demand),
        "required": required,
        "required_input": judged.input,
        "sign": sign,
        "reached": reached,
    })
}
