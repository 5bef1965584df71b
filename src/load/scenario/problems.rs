//! Puts what the model finds wrong with a scenario at its place in the file.

use super::{Loaded, names, percent};
use crate::catalogue::unexplained;
use crate::diag::{Diagnostic, Span, beside};
use crate::tree::{Node, TableNode, Value};
use jianpai_core::catalogue::Catalogue;
use jianpai_core::compile::{NothingLeft, PlanError};
use jianpai_core::explain::Statement;
use jianpai_core::measure::Problem;
use jianpai_core::scenario::GrowthFrom;
use jianpai_core::text::Text;

/// The diagnostic of an error in compiling `loaded`.
pub fn explain(catalogue: &Catalogue, loaded: &Loaded, error: &PlanError) -> Diagnostic {
    match error {
        PlanError::Measure { measure, problem } => {
            measure_problem(catalogue, loaded, measure, problem)
        }
        PlanError::OverClaim {
            zone,
            technology,
            year,
            excess,
            available,
            claims,
        } => {
            let name = &catalogue.technologies[technology.at()].named;
            let diagnostic = over_claim(
                loaded,
                (&name.id, &name.name),
                *year,
                (*excess, *available),
                claims,
            );
            match zone {
                None => diagnostic,
                Some(zone) => {
                    let zone = &catalogue.regions[zone.at()].named.name;
                    diagnostic.note(Text::new(
                        format!("在{}以内：分区拿不出多于自己所有的", zone.zh),
                        format!("within {}: a zone cannot give more than it has", zone.en),
                    ))
                }
            }
        }
        PlanError::NoGrowth { driver, years } => {
            let driver = &catalogue.drivers[driver.at()];
            let span = years_span(years);
            let message = Text::new(
                format!("没有“{}”（{}）{span} 年的增长率", driver.name.zh, driver.id),
                format!(
                    "no growth of {} (`{}`) for {span}",
                    driver.name.en, driver.id
                ),
            );
            let place = table_span(&loaded.tree, "growth");
            Diagnostic::error("no-growth", message)
                .label(place, Text::new("在此补充", "add it here"))
                .help(Text::new(
                    format!("[growth] 下写 {} = \"… %\"", driver.id),
                    format!("under [growth] write {} = \"… %\"", driver.id),
                ))
        }
        PlanError::NothingLeft(found) => nothing_left(catalogue, loaded, *found),
        PlanError::Observation { position, text } => {
            let place = table_span(&loaded.tree, "observed");
            let entries = sub_table(&loaded.tree, "observed").map(|table| &table.entries);
            let span = entries
                .and_then(|e| e.get(*position))
                .map_or(place, |(key, _)| key.span);
            Diagnostic::error("observation", text.clone())
                .label(span, Text::new("不能作为观测值", "cannot be joined to"))
        }
        PlanError::CircularLinks => {
            let message = Text::new(
                "活动之间的互用（data/links.csv）成了死循环",
                "services use up more of each other than they serve (data/links.csv)",
            );
            Diagnostic::error("circular-links", message).help(Text::new(
                "检查 data/links.csv 的数值与单位",
                "check the values and units of data/links.csv",
            ))
        }
        PlanError::Unexplained(found) => {
            let diagnostic = unexplained(catalogue, found);
            match catalogue.row(found.official.origin) {
                Some(row) => diagnostic.note(Text::same(row)),
                None => diagnostic,
            }
        }
    }
}

/// Growth times elasticity that leaves nothing of a service: the factors, each where
/// it is stated or recorded, and how far the elasticity could go.
fn nothing_left(catalogue: &Catalogue, loaded: &Loaded, found: NothingLeft) -> Diagnostic {
    let NothingLeft {
        service,
        driver,
        year,
        growth,
        from,
        elasticity,
    } = found;
    let named = &catalogue.services[service.at()].named;
    let follows = &catalogue.drivers[driver.at()];
    let [rate, product] = [growth, growth * elasticity].map(|part| percent::number(part * 100.0));
    let message = Text::new(
        format!(
            "{year} 年“{}”（`{}`）降为零或负数：“{}”（`{}`）增长 {rate} %，乘以弹性 {elasticity} 为 {product} %",
            named.name.zh, named.id, follows.name.zh, follows.id
        ),
        format!(
            "nothing is left of {} (`{}`) in {year}: growth of {} (`{}`) of {rate} % times an elasticity of {elasticity} is {product} %",
            named.name.en, named.id, follows.name.en, follows.id
        ),
    );
    let mut diagnostic = Diagnostic::error("nothing-left", message);
    let stated = loaded.scenario.elasticity.contains_key(&service);
    let own = loaded.span(catalogue, Statement::Elasticity(service));
    if let Some(span) = own.filter(|_| stated) {
        // Two decimals, towards zero: what is shown keeps the bound.
        let bound = (-100.0 / growth).trunc() / 100.0;
        let bound = format!("{bound:.2}").replace('-', "−");
        let label = if growth < 0.0 {
            Text::new(
                format!("应小于 {bound}"),
                format!("has to be below {bound}"),
            )
        } else {
            Text::new(
                format!("应大于 {bound}"),
                format!("has to be above {bound}"),
            )
        };
        diagnostic = diagnostic.label(span, label);
    }
    match from {
        GrowthFrom::Statement(since) => {
            if let Some(span) = loaded.span(catalogue, Statement::Growth(driver, since)) {
                diagnostic = diagnostic.label(span, Text::new("增长率", "the growth"));
            }
        }
        GrowthFrom::Record => {
            let world = &loaded.scenario.world;
            let recorded = world.growth.get(&(driver, year));
            if let Some(row) = recorded.and_then(|(rate, _)| catalogue.row(rate.origin)) {
                diagnostic = diagnostic.note(Text::new(
                    format!("增长率记录于 {row}"),
                    format!("the growth is recorded in {row}"),
                ));
            }
        }
    }
    let id = &follows.id;
    diagnostic.help(Text::new(
        format!(
            "改弹性，或在 [growth] 写明自 {year} 年起的增长率，如 {id} = {{ {year} = \"-10 %\" }}"
        ),
        format!(
            "change the elasticity, or state the growth from {year} on under [growth], like {id} = {{ {year} = \"-10 %\" }}"
        ),
    ))
}

pub(super) fn years_span(years: &[i32]) -> String {
    match (years.first(), years.last()) {
        (Some(first), Some(last)) if first != last => format!("{first}–{last}"),
        (Some(first), _) => first.to_string(),
        _ => String::new(),
    }
}

pub(super) fn sub_table<'t>(tree: &'t TableNode, name: &str) -> Option<&'t TableNode> {
    match &tree.get(name)?.value {
        Value::Table(table) => Some(table),
        _ => None,
    }
}

/// The span of a part of the file, or of `[scenario]` where there is none.
pub(super) fn table_span(tree: &TableNode, name: &str) -> Span {
    let part = tree.get(name).or_else(|| tree.get("scenario"));
    part.map_or(tree.span, |node| node.span)
}

/// The span of a measure's key or of one of its fields (`to.gas`).
pub(super) fn field_span(loaded: &Loaded, measure: &str, field: &str) -> Span {
    let fallback = table_span(&loaded.tree, "measures");
    let Some(measures) = sub_table(&loaded.tree, "measures") else {
        return fallback;
    };
    let Some((key, node)) = measures.entry(measure) else {
        return fallback;
    };
    let mut span = key.span;
    let mut node = node;
    for part in field.split('.').filter(|part| !part.is_empty()) {
        let Value::Table(table) = &node.value else {
            // A mix that is one name.
            span = node.span;
            break;
        };
        let Some((key, inner)) = table.entry(part) else {
            break;
        };
        // The name at fault in a mix is the key; elsewhere it is the value.
        span = if field.contains('.') {
            key.span
        } else {
            inner.span
        };
        node = inner;
    }
    span
}

fn measure_problem(
    catalogue: &Catalogue,
    loaded: &Loaded,
    measure: &str,
    problem: &Problem,
) -> Diagnostic {
    let mut measures = loaded.scenario.measures.iter();
    let zh = measures
        .find(|m| m.id == measure)
        .map_or("", |m| m.name.zh.as_str());
    let message = Text::new(
        format!(
            "措施 {}：{}",
            beside(&format!("`{measure}`"), zh),
            problem.text.zh
        ),
        format!("measure `{measure}`: {}", problem.text.en),
    );
    let span = field_span(loaded, measure, &problem.key);
    let span = item_span(loaded, measure, problem).unwrap_or(span);
    let label = Text::new("无法照此实施", "cannot be carried out");
    let diagnostic = Diagnostic::error("measure", message).label(span, label);
    let Some(help) = &problem.help else {
        return diagnostic.help(Text::new(
            "各类措施的字段与取值见 jianpai list measures",
            "jianpai list measures shows the fields of each kind",
        ));
    };
    // A name that is not in the list of those to choose from.
    let listed = help.en.strip_prefix("one of: ");
    let Some((quoted, list)) = problem.text.en.rsplit('`').nth(1).zip(listed) else {
        return diagnostic.help(help.clone());
    };
    let known = names::technologies(catalogue, list.split(", "));
    match names::meant(quoted, &known) {
        Some(near) => names::suggest(diagnostic, quoted, span, near, &known),
        None => diagnostic.help(names::choices(&known)),
    }
}

/// The item of a list that the problem quotes.
fn item_span(loaded: &Loaded, measure: &str, problem: &Problem) -> Option<Span> {
    let measures = sub_table(&loaded.tree, "measures")?;
    let Value::Table(table) = &measures.get(measure)?.value else {
        return None;
    };
    let Value::Array(items) = &table.get(&problem.key)?.value else {
        return None;
    };
    let quoted = |item: &&Node| match &item.value {
        Value::String(text) => problem.text.en.contains(&format!("`{text}`")),
        _ => false,
    };
    items.iter().find(quoted).map(|item| item.span)
}

fn over_claim(
    loaded: &Loaded,
    (id, name): (&str, &Text),
    year: i32,
    (excess, available): (f64, f64),
    claims: &[(String, f64)],
) -> Diagnostic {
    let (excess, available) = (excess * 100.0, available * 100.0);
    let names: Vec<String> = claims
        .iter()
        .map(|(measure, _)| format!("`{measure}`"))
        .collect();
    let measures = &loaded.scenario.measures;
    let named: Vec<String> = claims
        .iter()
        .map(|(id, _)| {
            let found = measures.iter().find(|measure| measure.id == *id);
            beside(&format!("`{id}`"), found.map_or("", |m| m.name.zh.as_str()))
        })
        .collect();
    let (together, takes) = if names.len() > 1 {
        ("合计", "together take")
    } else {
        ("", "takes")
    };
    let message = Text::new(
        format!(
            "{}从 {year} 年起{together}取用的“{}”（`{id}`）超出存量：超出部分为该活动的 {excess:.3} %",
            named.join("、"),
            name.zh
        ),
        format!(
            "{} {takes} more of {} (`{id}`) than there is, from {year} on: {excess:.3} % of the service too much",
            names.join(" and "),
            name.en
        ),
    );
    let mut diagnostic = Diagnostic::error("over-claim", message);
    for (measure, part) in claims {
        let part = part * 100.0;
        let label = Text::new(format!("取 {part:.3} %"), format!("takes {part:.3} %"));
        diagnostic = diagnostic.label(field_span(loaded, measure, ""), label);
    }
    diagnostic
        .note(Text::new(
            format!("当年可取的只有 {available:.3} %"),
            format!("{available:.3} % of the service were there to take"),
        ))
        .help(if names.len() > 1 {
            Text::new(
                "降低其中一项的 share 或 level，或改取其他工艺",
                "lower the share or level of one of them, or let it take from other technologies",
            )
        } else {
            Text::new("降低它的 share 或 level", "lower its share or level")
        })
}
