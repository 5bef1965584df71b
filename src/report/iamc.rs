//! Machine output in the IAMC long format: `trajectory.csv` and `meta.csv`.
//!
//! Columns `model,scenario,region,variable,unit,year,value`; components sum to
//! their parents at every level; no empty or infinite value is written.

use crate::case::Case;
use jianpai_core::catalogue::{Account, Indicator, IndicatorKind};
use jianpai_core::dims::{CalibreId, PollutantId};
use jianpai_core::kernel::{self, Join};
use jianpai_core::measure::Policy;
use jianpai_core::target::Demand;
use std::collections::BTreeMap;

/// EJ in one tce: 29.3076 GJ.
const EJ_PER_TCE: f64 = 29.3076e-9;

/// The long table of several cases.
pub fn trajectory(cases: &[Case<'_>], model: &str) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let header = [
        "model", "scenario", "region", "variable", "unit", "year", "value",
    ];
    // Writing to memory cannot fail.
    let _ = writer.write_record(header);
    for case in cases {
        for (scenario, variable, unit, values) in rows(case) {
            for (year, value) in case.outcome.years.iter().zip(&values) {
                if value.is_finite() {
                    let region = &case.region().named.name.en;
                    let (year, value) = (year.to_string(), format!("{value}"));
                    let _ = writer
                        .write_record([model, &scenario, region, &variable, &unit, &year, &value]);
                }
            }
        }
    }
    writer.into_inner().unwrap_or_default()
}

type Row = (String, String, String, Vec<f64>);

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
fn rows(case: &Case<'_>) -> Vec<Row> {
    let mut rows = Vec::new();
    for variant in variants(case) {
        for p in (0..case.catalogue.pollutants.len()).map(PollutantId::from_usize) {
            rows.extend(emissions(case, &variant, p));
        }
        for (indicator, values) in case.catalogue.indicators.iter().zip(variant.indicators) {
            if !matches!(indicator.kind, IndicatorKind::Emission(_)) {
                rows.extend(indicator_row(&variant.name, indicator, values));
            }
        }
        rows.extend(other_energy(case, &variant));
        rows.extend(freight(case, &variant));
        let gdp = case.outcome.run.gdp.clone();
        rows.push((variant.name, "GDP [Index]".to_string(), String::new(), gdp));
    }
    rows
}

/// One indicator in its IAMC unit.
fn indicator_row(scenario: &str, indicator: &Indicator, values: &[f64]) -> Option<Row> {
    let scale = match indicator.kind {
        IndicatorKind::Coal | IndicatorKind::Energy => EJ_PER_TCE,
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
fn other_energy(case: &Case<'_>, variant: &Variant<'_>) -> Option<Row> {
    let of = |kind: &IndicatorKind| {
        let mut indicators = case.catalogue.indicators.iter();
        indicators.position(|i| i.kind == *kind && i.iamc_variable.starts_with("Primary Energy"))
    };
    let (coal, all) = (of(&IndicatorKind::Coal)?, of(&IndicatorKind::Energy)?);
    let pairs = variant.indicators[all]
        .iter()
        .zip(&variant.indicators[coal]);
    let values = pairs.map(|(all, coal)| (all - coal) * EJ_PER_TCE).collect();
    let variable = format!("{}|Other", case.catalogue.indicators[all].iamc_variable);
    Some((variant.name.clone(), variable, "EJ/yr".to_string(), values))
}

/// A pollutant's total, its sectors at every level, and what lies outside the
/// official calibre.
fn emissions(case: &Case<'_>, variant: &Variant<'_>, p: PollutantId) -> Vec<Row> {
    let pollutant = &case.catalogue.pollutants[p.at()];
    let (variable, unit) = (&pollutant.iamc_variable, &pollutant.iamc_unit);
    let mut nodes: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    let Some(q) = case.plan.account(Account::Pollutant(p)) else {
        return Vec::new();
    };
    let by_service = kernel::by_service(case.plan, &variant.levels, q, variant.join);
    for (v, values) in by_service.iter().enumerate() {
        if values.iter().all(|value| *value == 0.0) {
            continue;
        }
        let path = case
            .catalogue
            .services
            .get(v)
            .map_or("Harmonisation", |s| s.iamc.as_str());
        let mut prefix = variable.clone();
        add(&mut nodes, &prefix, values);
        for part in path.split('|') {
            prefix = format!("{prefix}|{part}");
            add(&mut nodes, &prefix, values);
        }
    }
    if let Some(values) = account(case, variant, Account::Outside(p))
        && values.iter().any(|value| *value != 0.0)
    {
        nodes.insert(
            variable.replacen("Emissions", "Emissions Outside Calibre", 1),
            values,
        );
    }
    let scaled = |values: Vec<f64>| values.iter().map(|v| v * pollutant.iamc_per_t).collect();
    let nodes = nodes.into_iter();
    nodes
        .map(|(name, v)| (variant.name.clone(), name, unit.clone(), scaled(v)))
        .collect()
}

fn add(nodes: &mut BTreeMap<String, Vec<f64>>, name: &str, values: &[f64]) {
    let sums = nodes
        .entry(name.to_string())
        .or_insert_with(|| vec![0.0; values.len()]);
    for (sum, value) in sums.iter_mut().zip(values) {
        *sum += value;
    }
}

/// Freight turnover and its part by rail, 1e8 t·km to billion t·km.
fn freight(case: &Case<'_>, variant: &Variant<'_>) -> Vec<Row> {
    let Some(service) = case.catalogue.service("freight") else {
        return Vec::new();
    };
    let scale = case.catalogue.services[service.at()].scale * 1e-9;
    let all: Vec<f64> = case.outcome.run.demand[service.at()]
        .iter()
        .map(|d| d * scale)
        .collect();
    let rail = case.catalogue.indicators.iter().position(|indicator| {
        indicator.kind
            == IndicatorKind::Share {
                tag: "rail".to_string(),
                service,
            }
    });
    let name = "Energy Service|Transportation|Freight";
    let row = |suffix: &str, values: Vec<f64>| {
        let unit = "billion tkm/yr".to_string();
        (
            variant.name.clone(),
            format!("{name}{suffix}"),
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
    let mut writer = csv::Writer::from_writer(Vec::new());
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
    let _ = writer.write_record(header);
    for (case, hash) in cases.iter().zip(hashes) {
        let (met, all) = case.score();
        let own = [
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
        let _ = writer.write_record(&own);
        for suffix in ["no-measures", "current-policy"] {
            let mut other = own.clone();
            other[1] = format!("{}-{suffix}", case.scenario.id);
            other[6] = met_in(case, suffix).to_string();
            other[7] = (met_in(case, suffix) == all).to_string();
            let _ = writer.write_record(&other);
        }
    }
    writer.into_inner().unwrap_or_default()
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
