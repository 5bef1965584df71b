//! Machine output in the IAMC long format: `trajectory.csv` and `meta.csv`.
//!
//! Columns `model,scenario,region,variable,unit,year,value`; components sum to
//! their parents at every level; no empty or infinite value is written.

use crate::case::Case;
use jianpai_core::catalogue::{Account, Indicator, IndicatorKind};
use jianpai_core::dims::PollutantId;
use jianpai_core::kernel;
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

/// All rows of a case: the scenario itself in full, then the totals without
/// measures and with current policy only.
fn rows(case: &Case<'_>) -> Vec<Row> {
    let id = &case.scenario.id;
    let mut rows = Vec::new();
    for p in (0..case.catalogue.pollutants.len()).map(PollutantId::from_usize) {
        rows.extend(emissions(case, p));
    }
    for (i, indicator) in case.catalogue.indicators.iter().enumerate() {
        if !matches!(indicator.kind, IndicatorKind::Emission(_)) {
            rows.extend(indicator_row(id, indicator, &case.outcome.indicators[i]));
        }
    }
    rows.push((
        id.clone(),
        "GDP [Index]".to_string(),
        String::new(),
        case.outcome.run.gdp.clone(),
    ));
    rows.extend(freight(case));
    for (suffix, values) in [
        ("no-measures", &case.outcome.frozen),
        ("current-policy", &case.outcome.current),
    ] {
        let name = format!("{id}-{suffix}");
        for (i, indicator) in case.catalogue.indicators.iter().enumerate() {
            rows.extend(indicator_row(&name, indicator, &values[i]).map(|mut row| {
                if let IndicatorKind::Emission(p) = indicator.kind {
                    let pollutant = &case.catalogue.pollutants[p.at()];
                    row.2.clone_from(&pollutant.iamc_unit);
                    row.3 = values[i].iter().map(|v| v * pollutant.iamc_per_t).collect();
                }
                row
            }));
        }
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
    let row = (
        scenario.to_string(),
        indicator.iamc_variable.clone(),
        indicator.iamc_unit.clone(),
        values,
    );
    (!indicator.iamc_variable.is_empty()).then_some(row)
}

/// A pollutant's total, its sectors at every level, and what lies outside the
/// official calibre.
fn emissions(case: &Case<'_>, p: PollutantId) -> Vec<Row> {
    let pollutant = &case.catalogue.pollutants[p.at()];
    let (variable, unit) = (&pollutant.iamc_variable, &pollutant.iamc_unit);
    let levels = case.plan.stated_levels();
    let id = &case.scenario.id;
    let mut nodes: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    let Some(q) = case.plan.account(Account::Pollutant(p)) else {
        return Vec::new();
    };
    let by_service = kernel::by_service(case.plan, &levels, &case.outcome.run.demand, q);
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
    if let Some(q) = case.plan.account(Account::Outside(p)) {
        let values = kernel::account(case.plan, &levels, &case.outcome.run.demand, q);
        if values.iter().any(|value| *value != 0.0) {
            nodes.insert(
                variable.replacen("Emissions", "Emissions Outside Calibre", 1),
                values,
            );
        }
    }
    let scaled = |values: Vec<f64>| values.iter().map(|v| v * pollutant.iamc_per_t).collect();
    nodes
        .into_iter()
        .map(|(name, values)| (id.clone(), name, unit.clone(), scaled(values)))
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

/// Freight turnover, 1e8 t·km to billion t·km.
fn freight(case: &Case<'_>) -> Option<Row> {
    let service = case.catalogue.service("freight")?;
    let scale = case.catalogue.services[service.at()].scale * 1e-9;
    let values = case.outcome.run.demand[service.at()]
        .iter()
        .map(|d| d * scale)
        .collect();
    let variable = "Energy Service|Transportation|Freight".to_string();
    Some((
        case.scenario.id.clone(),
        variable,
        "billion tkm/yr".to_string(),
        values,
    ))
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
