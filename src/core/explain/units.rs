//! The units in which terms are shown.

use super::{Electric, Input, Statement, Tape, What};
use crate::account::UnitKind;
use crate::catalogue::{Account, CreditRule, StockUnit};
use crate::dims::{IndicatorId, ServiceId, TechnologyId};
use crate::indicator::Per;
use crate::measure::spec::FieldKind;
use crate::published::Published;
use crate::text::Text;

/// The unit in which a term is shown: how many base units one is, and its name.
#[derive(Clone, Debug)]
pub struct Measured {
    /// Base units in one unit shown.
    pub scale: f64,
    /// Its name; empty for a plain number.
    pub unit: Text,
}

/// The unit in which a term is shown.
pub fn unit(tape: &Tape<'_>, what: What<'_>) -> Measured {
    let account = |q: usize| account_unit(tape, q);
    let service = |v: ServiceId| written(&tape.catalogue.services[v.at()].unit);
    let per = |q: usize, v: ServiceId| {
        let small = match tape.plan.accounts[q].unit_kind() {
            UnitKind::Mass => "t",
            UnitKind::Energy => "tce",
            _ => return plain(),
        };
        ratio(&named(small), &service(v))
    };
    let of = |k: TechnologyId| tape.catalogue.technologies[k.at()].service;
    let moved = |m: usize, i: usize| tape.plan.measures[m].shifts[i].service;
    match what {
        What::Indicator(i, _) | What::Effect(_, i, _) => indicator_unit(tape, i),
        What::Total(q, _)
        | What::Bare(q, _)
        | What::Modelled(q, ..)
        | What::JoinOffset(q, _)
        | What::Service(_, q, _)
        | What::BottomUp(q, _)
        | What::BottomUpPart(_, q)
        | What::Official(q, _)
        | What::ClassSum(q)
        | What::Change(_, q, _)
        | What::Done(_, q, _)
        | What::Moved(_, _, q, _)
        | What::Input(Input::Total(q) | Input::Class(q, _)) => account(q),
        What::Observed(i) => tape
            .observed
            .iter()
            .find(|(_, _, other)| *other == i)
            .map_or_else(plain, |(q, _, _)| account(*q)),
        What::Above(_, _, false)
        | What::Takes(..)
        | What::Cap(_)
        | What::Inside(..)
        | What::Outside(..)
        | What::LeftOutside(..)
        | What::BesidePublished(..)
        | What::AllPublished(..) => coal(),
        What::Electric(own) => match own {
            Electric::Sum(..) | Electric::SumPart(..) => coal(),
            Electric::Link(k, _) | Electric::PerUnit(k, _) | Electric::FuelOfPart(k) => {
                ratio(&named("tce"), &service(of(k)))
            }
            Electric::Output(v) | Electric::Beside(_, v) | Electric::FuelOf(_, v) => {
                ratio(&named("tce"), &service(v))
            }
            Electric::Scaled
            | Electric::Rate(_)
            | Electric::Odds(_)
            | Electric::Rest(..)
            | Electric::LinksToFuel(_) => plain(),
        },
        What::PerUnit(v, q) | What::Embodied(v, q, _) | What::Direct(v, q, _) => per(q, v),
        What::Part(k, q)
        | What::Coefficient(k, q)
        | What::Raw(k, q)
        | What::Accounted(k, q)
        | What::Fuel(k, _, q)
        | What::Side(_, _, k, q, ..)
        | What::Whole(k, q, _)
        | What::Linked(k, _, q, _)
        | What::DirectPart(k, q, _, None) => per(q, of(k)),
        What::PerMoved(m, i, q, _) => per(q, moved(m, i)),
        What::Demand(v, _) | What::Input(Input::Demand(v)) => service(v),
        What::NaturalDemand(v, _) => natural(tape, v),
        What::Share(_)
        | What::ShareSum(_)
        | What::Reference(..)
        | What::ShareChange(..)
        | What::ClassPart(..)
        | What::Amount(..)
        | What::FullAmount(..)
        | What::Taken(..)
        | What::Bent(..)
        | What::Room(..)
        | What::Given(..)
        | What::Available(..)
        | What::Excess(..)
        | What::Above(_, _, true)
        | What::Remaining(_) => percent(),
        What::Input(input) => input_unit(tape, input),
        _ => plain(),
    }
}

fn input_unit(tape: &Tape<'_>, input: Input<'_>) -> Measured {
    let data = tape.catalogue;
    let of = |k: TechnologyId| written(&data.services[data.technologies[k.at()].service.at()].unit);
    match input {
        Input::Share(_) | Input::Saving(_) | Input::Growth(..) | Input::Zone(..) => percent(),
        Input::Recorded(quantity, _) if Published::of_record(quantity).is_some() => percent(),
        Input::Factor(k, _) => ratio(&named("t"), &of(k)),
        Input::Credit(k, j) => match data.technologies[k.at()].credits[j].1.rule {
            CreditRule::Rule => ratio(&named("t"), &of(k)),
            _ => percent(),
        },
        Input::FuelUse(k, _) => ratio(&named("tce"), &of(k)),
        Input::FuelFactor(..) => ratio(&named("t"), &named("tce")),
        Input::Link(k, j) => {
            let w = data.technologies[k.at()].links[j].0;
            ratio(&written(&data.services[w.at()].unit), &of(k))
        }
        Input::Parameter(id) => {
            let unit = data.parameters.get(id).map_or("", |p| p.unit.as_str());
            let scale = if unit == "1" { "" } else { unit };
            written(scale)
        }
        Input::Stock(_, unit) => match unit {
            StockUnit::SteamCapacity => scaled(1.0, "蒸吨/小时", "t/h"),
            StockUnit::Items => scaled(1.0, "台", "boilers"),
            StockUnit::Vehicles => scaled(1e4, "万辆", "10⁴ vehicles"),
            StockUnit::Power => scaled(1.0, "MW", "MW"),
        },
        Input::Recorded("rail-turnover", _) => scaled(1e8, "亿吨公里", "10⁸ t·km"),
        Input::Stated(statement) => match statement {
            Statement::Growth(..)
            | Statement::Level(_)
            | Statement::Ramp(..)
            | Statement::Entry(..)
            | Statement::Published(..)
            | Statement::Observed(_) => percent(),
            Statement::Elasticity(_) => plain(),
            Statement::Field(m, key) => {
                let measure = &tape.scenario.measures[m];
                let field = measure.kind.fields.iter().find(|field| field.key == key);
                let field = field.and_then(|field| field.within(&measure.values));
                field.map_or_else(plain, |field| field_unit(field.kind))
            }
        },
        _ => plain(),
    }
}

fn field_unit(kind: FieldKind) -> Measured {
    match kind {
        FieldKind::Share | FieldKind::Growth => percent(),
        FieldKind::Mass | FieldKind::Output => scaled(1e4, "万吨", "10⁴ t"),
        FieldKind::Area => scaled(1e4, "万平方米", "10⁴ m²"),
        FieldKind::Coal => coal(),
        FieldKind::Households => scaled(1e4, "万户", "10⁴ households"),
        FieldKind::SteamCapacity => scaled(1.0, "蒸吨/小时", "t/h"),
        FieldKind::Items => scaled(1.0, "台", "items"),
        FieldKind::Power => scaled(1.0, "MW", "MW"),
        FieldKind::Electricity => scaled(1e8, "亿kWh", "10⁸ kWh"),
        FieldKind::Hours => scaled(1.0, "小时", "h"),
        FieldKind::Vehicles => scaled(1e4, "万辆", "10⁴ vehicles"),
        FieldKind::Persons => scaled(1e4, "万人", "10⁴ persons"),
        FieldKind::Flow => scaled(1e4, "万立方米/日", "10⁴ m³/d"),
        FieldKind::FreightWork => scaled(1e8, "亿吨公里", "10⁸ t·km"),
        FieldKind::Heads => scaled(1e4, "万头", "10⁴ head"),
        _ => plain(),
    }
}

fn indicator_unit(tape: &Tape<'_>, id: IndicatorId) -> Measured {
    match tape.catalogue.indicators[id.at()].kind.per() {
        Per::Demand(_) | Per::Account(_) => percent(),
        Per::Gdp | Per::ValueAdded => scaled(0.01, "（基年=100）", "(base year = 100)"),
        Per::Nothing => tape
            .account_of(id)
            .map_or_else(plain, |q| account_unit(tape, q)),
    }
}

fn account_unit(tape: &Tape<'_>, q: usize) -> Measured {
    match tape.plan.accounts[q] {
        Account::Pollutant(..) | Account::Outside(_) => scaled(1e4, "万吨", "10⁴ t"),
        Account::Coal
        | Account::Energy
        | Account::NonFossil
        | Account::FinalEnergy
        | Account::FinalElectricity
        | Account::IndustryEnergy => coal(),
        Account::Cost => scaled(1e8, "亿元", "10⁸ CNY"),
        Account::Activity(i) => match tape.catalogue.indicators[i.at()].kind.per() {
            Per::Demand(service) => written(&tape.catalogue.services[service.at()].unit),
            _ => plain(),
        },
    }
}

/// A service's amounts in natural units, shown in the unit of its files.
fn natural(tape: &Tape<'_>, v: ServiceId) -> Measured {
    let service = &tape.catalogue.services[v.at()];
    Measured {
        scale: service.scale,
        ..written(&service.unit)
    }
}

fn scaled(scale: f64, zh: &str, en: &str) -> Measured {
    let unit = Text::new(zh, en);
    Measured { scale, unit }
}

fn plain() -> Measured {
    scaled(1.0, "", "")
}

fn percent() -> Measured {
    scaled(0.01, "%", "%")
}

fn coal() -> Measured {
    scaled(1e4, "万吨标准煤", "10⁴ tce")
}

fn ratio(above: &Measured, below: &Measured) -> Measured {
    let (a, b) = (&above.unit, &below.unit);
    scaled(
        1.0,
        &format!("{}/{}", a.zh, b.zh),
        &format!("{}/{}", a.en, b.en),
    )
}

/// A unit as files write it, in words; the value is in that unit already.
fn written(unit: &str) -> Measured {
    let parts: Vec<Measured> = unit.split('/').map(named).collect();
    match parts.as_slice() {
        [above, below] => ratio(above, below),
        [one] => one.clone(),
        _ => scaled(1.0, unit, unit),
    }
}

/// One word of a unit: `1e8 t.km` is 亿吨公里.
fn named(unit: &str) -> Measured {
    let (zh, en, word) = match unit.split_once(' ') {
        Some(("1e4", word)) => ("万", "10⁴ ", word),
        Some(("1e8", word)) => ("亿", "10⁸ ", word),
        _ => ("", "", unit),
    };
    let (word_zh, word_en) = match word {
        "t" => ("吨", "t"),
        "tce" => ("吨标准煤", "tce"),
        "t.km" => ("吨公里", "t·km"),
        "head" => ("头", "head"),
        "households" => ("户", "households"),
        "persons" => ("人", "persons"),
        "vehicles" => ("辆", "vehicles"),
        "CNY" => ("元", "CNY"),
        "m2" => ("平方米", "m²"),
        "m3" => ("立方米", "m³"),
        "h" => ("小时", "h"),
        "km" => ("公里", "km"),
        "months" => ("月", "months"),
        "unit" => ("单位", "unit"),
        other => (other, other),
    };
    scaled(1.0, &format!("{zh}{word_zh}"), &format!("{en}{word_en}"))
}
