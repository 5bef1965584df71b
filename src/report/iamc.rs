//! Machine output in the IAMC long format: `trajectory.csv` and `meta.csv`.
//!
//! Columns `model,scenario,region,variable,unit,year,value`; components sum to
//! their parents at every level; no empty or infinite value is written.
//!
//! Names are those of the common variable list (IAMconsortium/common-definitions)
//! wherever it has one. Of a pollutant that fuels carry (CO2), what the fuels of a
//! service emit stands under `Energy`, what its processes emit (carbonates, carbon as a
//! raw material) under `Industrial Processes`:
//!
//! ```text
//! E[v,t] = fuels[v,t] + P[v,t]      P[v,t] = r[t] · Σ_k D[v,t]·S[k,t]·κF[k]·(1 − Σ_j use[k,j]·f[j] / F[k])
//! ```
//!
//! with *r* the ratio of the join to observed values. Every variable and its unit is
//! listed in [`codelist`], which `data/iamc/` holds as files for nomenclature and pint.

use crate::base;
use crate::case::Case;
use crate::cells::Csv;
use jianpai_core::account::UnitKind;
use jianpai_core::catalogue::{Account, Book, Catalogue, Indicator, Pollutant};
use jianpai_core::decompose::Paths;
use jianpai_core::dims::{CalibreId, PollutantId, RegionId};
use jianpai_core::kernel::{self, Draw, Join};
use jianpai_core::measure::Policy;
use jianpai_core::target::Demand;
use std::collections::BTreeMap;

/// EJ in one tce: 29.3076 GJ.
const EJ_PER_TCE: f64 = 29.3076e-9;

/// What stands in place of `Emissions` for what lies outside the official total.
const OUTSIDE: &str = "Emissions Outside Calibre";
/// Freight turnover.
const FREIGHT: &str = "Energy Service|Transportation|Freight";
/// Its unit.
const FREIGHT_UNIT: &str = "billion tkm/yr";
/// GDP, base year = 1.
const GDP: &str = "GDP [Index]";

/// The long table of several cases.
pub fn trajectory(cases: &[Case<'_>], model: &str) -> Vec<u8> {
    let mut writer = Csv::new();
    let header = [
        "model", "scenario", "region", "variable", "unit", "year", "value",
    ];
    writer.row(header);
    for case in cases {
        for (scenario, variable, unit, values) in rows(case) {
            for (year, value) in case.outcome.years.iter().zip(&values) {
                if value.is_finite() {
                    let region = &case.region().named.name.en;
                    let (year, value) = (year.to_string(), format!("{value}"));
                    writer.row([model, &scenario, region, &variable, &unit, &year, &value]);
                }
            }
        }
    }
    writer.into_bytes()
}

/// Where the offset of a join to observed values stands, which belongs to no service.
const HARMONISATION: &str = "Other|Harmonisation";

type Series = (String, String, String, Vec<f64>);

/// One run of a case: its name in the table, its levels and its indicators.
struct Variant<'a> {
    name: String,
    levels: Vec<f64>,
    join: Join,
    indicators: &'a [Vec<f64>],
}

/// The scenario itself, growth alone, and current policy alone.
fn variants<'a>(case: &'a Case<'_>) -> [Variant<'a>; 3] {
    let id = &case.scenario.id;
    let levels = |keep: &dyn Fn(Policy) -> bool| -> Vec<f64> {
        let measures = case.plan.measures.iter();
        measures
            .map(|m| if keep(m.policy) { m.level } else { 0.0 })
            .collect()
    };
    let outcome = case.outcome;
    [
        Variant {
            name: id.clone(),
            levels: levels(&|_| true),
            join: Join::Observed,
            indicators: &outcome.indicators,
        },
        Variant {
            name: format!("{id}-no-measures"),
            levels: levels(&|_| false),
            join: Join::Modelled,
            indicators: &outcome.frozen,
        },
        Variant {
            name: format!("{id}-current-policy"),
            levels: levels(&|policy| policy == Policy::Current),
            join: Join::Modelled,
            indicators: &outcome.current,
        },
    ]
}

/// All rows of a case.
fn rows(case: &Case<'_>) -> Vec<Series> {
    let mut rows = Vec::new();
    for variant in variants(case) {
        for p in (0..case.catalogue.pollutants.len()).map(PollutantId::from_usize) {
            rows.extend(emissions(case, &variant, p));
        }
        for (indicator, values) in case.catalogue.indicators.iter().zip(variant.indicators) {
            if !indicator.kind.is_emission() {
                rows.extend(indicator_row(&variant.name, indicator, values));
            } else if let Some(pollutant) = accounted(case.catalogue, indicator) {
                let values = values.iter().map(|t| t * pollutant.iamc_per_t).collect();
                let (variable, unit) = (&indicator.iamc_variable, &indicator.iamc_unit);
                rows.push((variant.name.clone(), variable.clone(), unit.clone(), values));
            }
        }
        rows.extend(other_energy(case, &variant));
        rows.extend(freight(case, &variant));
        let gdp = case.outcome.run.gdp.clone();
        rows.push((variant.name, GDP.to_string(), String::new(), gdp));
    }
    rows
}

/// The pollutant of an indicator in an accounted book of its own, which is a total
/// without sectors: official accounting publishes none.
fn accounted<'c>(catalogue: &'c Catalogue, indicator: &Indicator) -> Option<&'c Pollutant> {
    let own = indicator.told_book(catalogue) == Some(Book::Accounted);
    let p = indicator.kind.pollutant().filter(|_| own)?;
    Some(&catalogue.pollutants[p.at()])
}

/// One indicator in its IAMC unit.
fn indicator_row(scenario: &str, indicator: &Indicator, values: &[f64]) -> Option<Series> {
    let scale = match indicator.kind.unit_kind() {
        UnitKind::Energy => EJ_PER_TCE,
        _ => 1.0,
    };
    let values: Vec<f64> = values.iter().map(|value| value * scale).collect();
    let (variable, unit) = (indicator.iamc_variable.clone(), indicator.iamc_unit.clone());
    (!variable.is_empty()).then(|| (scenario.to_string(), variable, unit, values))
}

/// What is left of an account, joined to observed years, at the levels of a variant.
fn account(case: &Case<'_>, variant: &Variant<'_>, account: Account) -> Option<Vec<f64>> {
    let q = case.plan.account(account)?;
    let rows = kernel::by_service(case.plan, &variant.levels, q, variant.join);
    let years = case.plan.span();
    Some(
        (0..years)
            .map(|t| rows.iter().map(|row| row[t]).sum())
            .collect(),
    )
}

/// Energy other than coal, so that components sum to `Primary Energy`.
fn other_energy(case: &Case<'_>, variant: &Variant<'_>) -> Option<Series> {
    let of = |account: Account| {
        let mut indicators = case.catalogue.indicators.iter();
        let is_amount = |i: &Indicator| i.kind.amount() == Some(account);
        indicators.position(|i| is_amount(i) && i.iamc_variable.starts_with("Primary Energy"))
    };
    let (coal, all) = (of(Account::Coal)?, of(Account::Energy)?);
    let pairs = variant.indicators[all]
        .iter()
        .zip(&variant.indicators[coal]);
    let values = pairs.map(|(all, coal)| (all - coal) * EJ_PER_TCE).collect();
    let variable = format!("{}|Other", case.catalogue.indicators[all].iamc_variable);
    Some((variant.name.clone(), variable, "EJ/yr".to_string(), values))
}

/// A pollutant's total, its sectors at every level, and what lies outside the
/// official calibre.
fn emissions(case: &Case<'_>, variant: &Variant<'_>, p: PollutantId) -> Vec<Series> {
    let pollutant = &case.catalogue.pollutants[p.at()];
    let (variable, unit) = (&pollutant.iamc_variable, &pollutant.iamc_unit);
    let mut nodes: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    let Some(q) = case.plan.account(Account::Pollutant(p, Book::Physical)) else {
        return Vec::new();
    };
    let by_service = kernel::by_service(case.plan, &variant.levels, q, variant.join);
    let processes = processes(case, variant, p, q);
    for (v, values) in by_service.iter().enumerate() {
        if values.iter().all(|value| *value == 0.0) {
            continue;
        }
        let Some(service) = case.catalogue.services.get(v) else {
            place(&mut nodes, variable, HARMONISATION, values);
            continue;
        };
        let Some(process) = processes.as_ref().map(|all| &all[v]) else {
            place(&mut nodes, variable, &service.iamc, values);
            continue;
        };
        let rest = values.iter().zip(process).map(|(all, process)| {
            let rest = all - process;
            // Where nothing is left, what rounding leaves is no emission.
            if rest.abs() <= 1e-12 * all.abs() {
                0.0
            } else {
                rest
            }
        });
        let fuels: Vec<f64> = rest.collect();
        for (path, part) in [
            (&service.iamc_fuel, &fuels),
            (&service.iamc_process, process),
        ] {
            if part.iter().any(|value| *value != 0.0) {
                place(&mut nodes, variable, path, part);
            }
        }
    }
    if let Some(values) = account(case, variant, Account::Outside(p))
        && values.iter().any(|value| *value != 0.0)
    {
        nodes.insert(variable.replacen("Emissions", OUTSIDE, 1), values);
    }
    let scaled = |values: Vec<f64>| values.iter().map(|v| v * pollutant.iamc_per_t).collect();
    let nodes = nodes.into_iter();
    nodes
        .map(|(name, v)| (variant.name.clone(), name, unit.clone(), scaled(v)))
        .collect()
}

/// What no fuel emits of a pollutant, by service and year, joined as the variant is.
fn processes(
    case: &Case<'_>,
    variant: &Variant<'_>,
    p: PollutantId,
    q: usize,
) -> Option<Vec<Vec<f64>>> {
    let mut draw = Draw::stated(case.plan);
    draw.levels.clone_from(&variant.levels);
    let paths = Paths::new(case.catalogue, case.plan, &draw, &case.outcome.run);
    let by_year = paths.processes(p)?;
    let ratio = |t: usize| match variant.join {
        Join::Observed => case.plan.ratio.at(q, t),
        Join::Modelled => 1.0,
    };
    let services = 0..case.catalogue.services.len();
    let path = |v: usize| {
        by_year
            .iter()
            .enumerate()
            .map(move |(t, all)| ratio(t) * all[v])
    };
    Some(services.map(|v| path(v).collect()).collect())
}

/// Adds `values` to a variable, and to all above the part of it at `path`.
fn place(nodes: &mut BTreeMap<String, Vec<f64>>, variable: &str, path: &str, values: &[f64]) {
    let mut prefix = variable.to_string();
    add(nodes, &prefix, values);
    for part in path.split('|') {
        prefix = format!("{prefix}|{part}");
        add(nodes, &prefix, values);
    }
}

fn add(nodes: &mut BTreeMap<String, Vec<f64>>, name: &str, values: &[f64]) {
    let sums = nodes
        .entry(name.to_string())
        .or_insert_with(|| vec![0.0; values.len()]);
    for (sum, value) in sums.iter_mut().zip(values) {
        *sum += value;
    }
}

/// A variable that can be written: its name, its unit, what it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Code {
    /// Its name.
    pub variable: String,
    /// Its unit; empty for an index.
    pub unit: String,
    /// What it is.
    pub description: String,
}

/// Every variable that a run of any scenario may write, in order.
pub fn codelist(catalogue: &Catalogue) -> Vec<Code> {
    let mut codes: BTreeMap<String, Code> = BTreeMap::new();
    let mut add = |variable: String, unit: &str, description: String| {
        codes.entry(variable.clone()).or_insert_with(|| Code {
            variable,
            unit: unit.to_string(),
            description,
        });
    };
    for (p, pollutant) in catalogue.pollutants.iter().enumerate() {
        let (variable, unit) = (&pollutant.iamc_variable, pollutant.iamc_unit.as_str());
        let name = &pollutant.named.name.en;
        add(
            variable.clone(),
            unit,
            format!("emissions of {name} (by {})", pollutant.basis),
        );
        add(
            variable.replacen("Emissions", OUTSIDE, 1),
            unit,
            format!("emissions of {name} outside the official total"),
        );
        let carried = catalogue.carriers.iter().any(|carrier| {
            let mut factors = carrier.factors.iter();
            factors.any(|(other, _)| other.at() == p)
        });
        let mut paths = vec![HARMONISATION];
        for service in &catalogue.services {
            if carried {
                paths.extend([service.iamc_fuel.as_str(), service.iamc_process.as_str()]);
            } else {
                paths.push(service.iamc.as_str());
            }
        }
        for path in paths {
            let mut prefix = variable.clone();
            for part in path.split('|') {
                prefix = format!("{prefix}|{part}");
                let sector = &prefix[variable.len() + 1..];
                let words = sector.replace('|', ", ");
                add(
                    prefix.clone(),
                    unit,
                    format!("emissions of {name} from {words}"),
                );
            }
        }
    }
    for indicator in &catalogue.indicators {
        if !indicator.kind.is_emission() || accounted(catalogue, indicator).is_some() {
            let (variable, unit) = (indicator.iamc_variable.clone(), &indicator.iamc_unit);
            if !variable.is_empty() {
                add(variable, unit, indicator.named.name.en.clone());
            }
            if indicator.kind.amount() == Some(Account::Energy) {
                let other = format!("{}|Other", indicator.iamc_variable);
                add(other, unit, "energy other than coal".to_string());
            }
        }
    }
    for (suffix, words) in [
        ("", ""),
        ("|Rail", " by rail"),
        ("|Other", " by road and water"),
    ] {
        let description = format!("freight turnover{words}");
        add(format!("{FREIGHT}{suffix}"), FREIGHT_UNIT, description);
    }
    add(
        GDP.to_string(),
        "",
        "GDP at constant prices, base year = 1".to_string(),
    );
    codes.into_values().collect()
}

/// Freight turnover and its part by rail, 1e8 t·km to billion t·km.
fn freight(case: &Case<'_>, variant: &Variant<'_>) -> Vec<Series> {
    let Some(service) = case.catalogue.service("freight") else {
        return Vec::new();
    };
    let scale = case.catalogue.services[service.at()].scale * 1e-9;
    let all: Vec<f64> = case.outcome.run.demand[service.at()]
        .iter()
        .map(|d| d * scale)
        .collect();
    let rail = case
        .catalogue
        .indicators
        .iter()
        .position(|indicator| indicator.kind.is_share_of("rail", service));
    let row = |suffix: &str, values: Vec<f64>| {
        let unit = FREIGHT_UNIT.to_string();
        (
            variant.name.clone(),
            format!("{FREIGHT}{suffix}"),
            unit,
            values,
        )
    };
    let mut rows = Vec::new();
    if let Some(i) = rail {
        let shares = &variant.indicators[i];
        let by_rail: Vec<f64> = all
            .iter()
            .zip(shares)
            .map(|(all, share)| all * share)
            .collect();
        let rest = all
            .iter()
            .zip(&by_rail)
            .map(|(all, rail)| all - rail)
            .collect();
        rows.push(row("|Rail", by_rail));
        rows.push(row("|Other", rest));
    }
    rows.push(row("", all));
    rows
}

/// Scenario metadata: one line a scenario.
pub fn meta(cases: &[Case<'_>], model: &str, version: &str, hashes: &[String]) -> Vec<u8> {
    let mut writer = Csv::new();
    // Only scenarios that count from a later year have anything to say of their base.
    let rebased = |case: &Case<'_>| case.scenario.base_year != case.catalogue.base_year;
    let any = cases.iter().any(rebased);
    let header = [
        "model",
        "scenario",
        "region_id",
        "program_version",
        "input_sha256",
        "targets",
        "targets_met",
        "all_targets_met",
        "end_year",
        "splices",
    ];
    let base = any.then_some("base");
    let paced = cases.iter().any(|case| !paces(case).is_empty());
    let pace = paced.then_some("record_of");
    writer.row(header.into_iter().chain(base).chain(pace));
    for (case, hash) in cases.iter().zip(hashes) {
        let (met, all) = case.score();
        let mut own = vec![
            model.to_string(),
            case.scenario.id.clone(),
            case.region().named.id.clone(),
            version.to_string(),
            hash.clone(),
            all.to_string(),
            met.to_string(),
            (met == all).to_string(),
            case.scenario.end_year.to_string(),
            splices(case),
        ];
        own.extend(any.then(|| base::cell(case.catalogue, case.scenario)));
        own.extend(paced.then(|| paces(case)));
        writer.row(&own);
        for suffix in ["no-measures", "current-policy"] {
            let mut other = own.clone();
            other[1] = format!("{}-{suffix}", case.scenario.id);
            other[6] = met_in(case, suffix).to_string();
            other[7] = (met_in(case, suffix) == all).to_string();
            writer.row(&other);
        }
    }
    writer.into_bytes()
}

/// Whose record the measures of a case follow, where it is another region's or both occur:
/// `power-ule china; homes hebei`.
fn paces(case: &Case<'_>) -> String {
    let region = |id: RegionId| &case.catalogue.regions[id.at()].named.id;
    let paced = case.scenario.measures.iter();
    let paced = paced.filter_map(|m| Some((&m.id, m.record_of?)));
    let all: Vec<(&String, RegionId)> = paced.collect();
    if all.iter().all(|(_, pace)| *pace == case.scenario.region) {
        return String::new();
    }
    let texts = all
        .iter()
        .map(|(id, pace)| format!("{id} {}", region(*pace)));
    texts.collect::<Vec<_>>().join("; ")
}

/// The splices of a case: `NH3-N census-2017 ×2.1 env-stats-2015`.
fn splices(case: &Case<'_>) -> String {
    let calibre = |id: CalibreId| &case.catalogue.calibres[id.at()].id;
    let texts = case.scenario.splices.iter().map(|s| {
        let indicator = &case.catalogue.indicators[s.indicator.at()].named.id;
        format!(
            "{indicator} {} ×{} {}",
            calibre(s.from),
            s.factor,
            calibre(s.to)
        )
    });
    texts.collect::<Vec<_>>().join("; ")
}

/// How many targets the run without (new) measures meets.
fn met_in(case: &Case<'_>, suffix: &str) -> usize {
    let values = if suffix == "no-measures" {
        &case.outcome.frozen
    } else {
        &case.outcome.current
    };
    let gross = vec![0.0; case.outcome.years.len()];
    let judged = case.scenario.targets.iter().filter_map(|target| {
        if matches!(target.demand, Demand::Project { .. }) {
            return None;
        }
        let values = &values[target.indicator.at()];
        jianpai_core::target::judge(target, &case.outcome.years, values, &gross)
    });
    judged.filter(|verdict| verdict.met).count()
}
