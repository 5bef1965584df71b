//! What a page holds as JSON: names, units and the compiled plan.

use super::FORMAT;
use crate::case::{Case, demand_text, short_name};
use crate::compiled;
use jianpai_core::catalogue::Account;
use jianpai_core::dims::{DriverId, IndicatorId};
use jianpai_core::target::{Demand, Target};
use jianpai_core::text::{Lang, Text};
use jianpai_sweep::engine::Sweep;
use serde_json::{Map, Value, json};

/// What a lever moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moved {
    /// The level of a measure, by its index in the plan.
    Measure(usize),
    /// What is added to the growth of a driver in each year that is not on record.
    Growth(DriverId),
}

/// How much a measure does, as its file says it.
#[derive(Clone, Debug, PartialEq)]
pub struct Extent {
    /// What the field means.
    pub label: Text,
    /// The number at level 1.
    pub number: f64,
    /// What stands behind it: a unit.
    pub rest: String,
    /// The number at level 0: nothing, or what there is already of what `reach` names.
    pub from: f64,
}

/// A lever.
#[derive(Clone, Debug, PartialEq)]
pub struct Lever {
    /// What it moves.
    pub moved: Moved,
    /// How much the measure does, where its file says so in a number.
    pub extent: Option<Extent>,
}

/// A coal cap, taken out of the plan, as a line to stay below.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cap<'a> {
    /// The measure's id.
    pub id: &'a str,
    /// Its name.
    pub name: &'a Text,
    /// The years in which it is fully in force, by index, and the most coal (tce).
    pub most: &'a [(usize, f64)],
}

/// A page.
#[derive(Clone, Copy, Debug)]
pub struct Page<'a> {
    /// The run without a coal cap.
    pub case: Case<'a>,
    /// The arithmetic of the levers: its inputs are they, in order.
    pub sweep: &'a Sweep,
    /// The levers.
    pub levers: &'a [Lever],
    /// The coal cap.
    pub cap: Option<Cap<'a>>,
    /// The file, as a scenario beside the page would name it.
    pub file: &'a str,
    /// The id of the region, where the caller chose it and not the file.
    pub chosen: Option<&'a str>,
    /// Which program wrote it.
    pub program: &'a str,
    /// A hash of the data and files that went in.
    pub hash: &'a str,
}

impl Page<'_> {
    /// The document.
    pub fn document(&self, lang: Lang) -> Value {
        let case = &self.case;
        let mut plan = compiled::json(case.catalogue, self.sweep);
        let names = names(&plan);
        prune(&mut plan, &self.cost_rows(), self.coal_rows());
        let years = &case.plan.years;
        json!({
            "format": FORMAT,
            "program": self.program,
            "hash": self.hash,
            "lang": lang.pick("zh", "en"),
            "scenario": case.scenario.id,
            "file": self.file,
            "chosen": self.chosen,
            "title": both(&case.title()),
            "region": both(&case.region().named.name),
            "years": years,
            "from": case.index_base(),
            "base_year": case.scenario.base_year,
            "price_year": case.plan.price_year,
            "recorded": case.recorded_until(),
            "joined": !case.scenario.observed.is_empty(),
            "levers": self.levers.iter().map(|lever| self.lever(lever)).collect::<Vec<_>>(),
            "indicators": self.indicators(&names),
            "targets": case.targets().map(|(target, _)| self.target(target)).collect::<Vec<_>>(),
            "cap": self.cap.map(|cap| json!({
                "id": cap.id,
                "name": both(cap.name),
                "most": cap.most,
            })),
            "technologies": technologies(case, &plan),
            "plan": plan,
        })
    }

    fn lever(&self, lever: &Lever) -> Value {
        let case = &self.case;
        match lever.moved {
            Moved::Measure(m) => {
                let measure = &case.plan.measures[m];
                let sector = measure.shifts.first().map(|shift| {
                    let service = &case.catalogue.services[shift.service.at()];
                    both(&service.named.name)
                });
                json!({
                    "kind": "level",
                    "id": measure.id,
                    "name": both(&measure.name),
                    "group": sector,
                    "type": both(&Text::new(measure.kind.zh, measure.kind.en)),
                    "planned": measure.level,
                    "extent": lever.extent.as_ref().map(|extent| json!({
                        "label": both(&extent.label),
                        "number": extent.number,
                        "rest": extent.rest,
                        "from": extent.from,
                    })),
                    "costed": measure.cost_known,
                })
            }
            Moved::Growth(driver) => {
                let own = &case.catalogue.drivers[driver.at()];
                let recorded = case.plan.recorded_until[driver.at()];
                let years = case.plan.years.iter().zip(&case.plan.growth[driver.at()]);
                let open = years.filter(|(year, _)| **year > recorded);
                let open: Vec<(i32, f64)> = open.map(|(year, rate)| (*year, *rate)).collect();
                json!({
                    "kind": "growth",
                    "id": own.id,
                    "name": both(&own.name),
                    "planned": 0.0,
                    "path": open,
                })
            }
        }
    }

    fn indicators(&self, names: &Map<String, Value>) -> Vec<Value> {
        let case = &self.case;
        let all = case.catalogue.indicators.iter().enumerate();
        let all = all.filter_map(|(i, indicator)| {
            let id = &indicator.named.id;
            let at = case.plan.years.iter();
            let at = at.map(|year| names.get(&format!("{id}@{year}")));
            let at: Option<Vec<&Value>> = at.collect();
            let unit = case.unit(i).shown();
            Some(json!({
                "id": id,
                "of": indicator.base,
                "name": both(&short_name(case.catalogue, indicator)),
                "unit": both(&unit.name),
                "scale": unit.scale,
                "emission": indicator.kind.is_emission(),
                "leads": indicator.leads(case.catalogue),
                "at": at?,
            }))
        });
        all.collect()
    }

    fn target(&self, target: &Target) -> Value {
        let case = &self.case;
        let indicator = &case.catalogue.indicators[target.indicator.at()];
        let judged = self.sweep.reported.targets.iter();
        let judged = judged.clone().position(|own| own.id == target.id);
        let run = case.targets().find(|(own, _)| own.id == target.id);
        let verdict = run.and_then(|(_, verdict)| verdict);
        let band = verdict.and_then(|verdict| case.band(target, verdict));
        let display = crate::case::display(indicator);
        let gross = match target.demand {
            Demand::Project { wanted, base_year } => self.gross(target, wanted, base_year),
            _ => None,
        };
        json!({
            "id": target.id,
            "name": both(target.name.as_ref().unwrap_or(&indicator.named.name)),
            "short": both(&short_name(case.catalogue, indicator)),
            "indicator": indicator.named.id,
            "year": target.year,
            "demand": both(&demand_text(indicator, target)),
            "reduction": matches!(target.demand, Demand::Reduction { .. }),
            "ratio": indicator.kind.is_ratio(),
            "unit": both(&display.unit),
            "scale": display.scale,
            "book": target.book.id(),
            "half": band.map(|band| (band.high - band.low) / 2.0),
            "judged": judged,
            "gross": gross,
            "ledger": case.scenario.ledger_of(case.catalogue, target).is_some(),
            "source": target.source,
            "planned": verdict.map(|v| json!({
                "required": v.required,
                "reached": v.reached,
                "margin": v.margin,
                "met": v.met,
            })),
        })
    }

    /// What new measures cut together: the rows of the account in the two years.
    fn gross(&self, target: &Target, wanted: f64, base_year: i32) -> Option<Value> {
        let case = &self.case;
        if case.scenario.ledger_of(case.catalogue, target).is_some() {
            return None;
        }
        let row = |year: i32| {
            let at = IndicatorId::from_usize(target.indicator.at());
            let place = self.sweep.batch.place(case.catalogue, at)?;
            let jianpai_core::batch::Place::Plain(row) = place else {
                return None;
            };
            Some(row + case.plan.year(year)?)
        };
        Some(json!({ "wanted": wanted, "end": row(target.year)?, "base": row(base_year)? }))
    }

    fn cost_rows(&self) -> Vec<usize> {
        let batch = &self.sweep.batch;
        let first = batch.account(Account::Cost);
        first.map_or_else(Vec::new, |first| (first..first + batch.span).collect())
    }

    fn coal_rows(&self) -> Option<usize> {
        self.cap?;
        self.sweep.batch.account(Account::Coal)
    }
}

/// A text in both languages.
fn both(text: &Text) -> Value {
    json!({ "zh": text.zh, "en": text.en })
}

/// The names of the technologies that are watched.
fn technologies(case: &Case<'_>, plan: &Value) -> Map<String, Value> {
    let watched = plan["watched"].as_array().into_iter().flatten();
    let ids = watched.filter_map(|cell| cell["technology"].as_str());
    let named = ids.filter_map(|id| {
        let own = case.catalogue.technology(id)?;
        let name = &case.catalogue.technologies[own.at()].named.name;
        Some((id.to_string(), both(name)))
    });
    named.collect()
}

/// The place of each indicator of the plan by its name.
fn names(plan: &Value) -> Map<String, Value> {
    let all = plan["indicators"].as_array().into_iter().flatten();
    let all = all.enumerate();
    let all = all.filter_map(|(k, one)| Some((one["name"].as_str()?.to_string(), json!(k))));
    all.collect()
}

/// Takes out the rows that nothing on the page reads; the others keep their places.
fn prune(plan: &mut Value, cost: &[usize], coal: Option<usize>) {
    let mut used: Vec<usize> = cost.to_vec();
    let place = |value: &Value| value.as_u64().and_then(|row| usize::try_from(row).ok());
    for list in ["indicators", "target_indicators"] {
        for one in plan[list].as_array().into_iter().flatten() {
            used.extend(
                ["row", "base_row"]
                    .iter()
                    .filter_map(|key| place(&one[key])),
            );
        }
    }
    for one in plan["not_negative"].as_array().into_iter().flatten() {
        used.extend(place(&one["row"]));
    }
    if let Some(first) = coal {
        let years = plan["years"].as_array().map_or(0, Vec::len);
        used.extend(first..first + years);
    }
    for (row, value) in plan["rows"]
        .as_array_mut()
        .into_iter()
        .flatten()
        .enumerate()
    {
        if !used.contains(&row) {
            *value = Value::Null;
        }
    }
    plan["cost"] = json!(cost);
    plan["coal"] = json!(coal);
}
