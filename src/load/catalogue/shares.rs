//! Shares of technologies in the base year.

use super::Book;
use super::fields::{not_negative, region, required, world};
use crate::diag::{Diagnostic, Span};
use jianpai_core::provenance::Sourced;
use jianpai_core::text::Text;
use std::collections::{HashMap, HashSet};

/// Default shares (`region = *`), then the regions' own, which replace the
/// default of a service as a whole.
pub(super) fn shares(book: &mut Book<'_>) {
    let columns = required(&["region", "technology", "value"]);
    let mut own: HashMap<(usize, usize), Vec<(usize, Sourced)>> = HashMap::new();
    let mut default: HashMap<usize, Vec<(usize, Sourced)>> = HashMap::new();
    let mut places: HashMap<(Option<usize>, usize), (Span, f64)> = HashMap::new();
    let mut spoilt: HashSet<usize> = HashSet::new();
    let mut owner: Option<usize> = None;
    for file in ["shares.csv", "shares_regional.csv"] {
        if file != "shares.csv" && !book.has(file) {
            continue;
        }
        let Some(table) = book.table(file, &columns) else {
            continue;
        };
        let mut before = book.problems();
        for row in table.rows() {
            // A row that cannot be read leaves the sum of its service open.
            if book.problems() > before {
                before = book.problems();
                spoilt.extend(owner);
            }
            owner = service_of(book, row.cell("technology").text);
            let everywhere = row.cell("region").text == "*";
            let region = if everywhere { None } else { region(book, &row) };
            let technology = book.find("technology", &row.cell("technology"));
            let (Some(k), Some(value)) = (technology, book.value(&row)) else {
                continue;
            };
            if (region.is_none() && !everywhere) || !not_negative(book, &row, value.value) {
                continue;
            }
            if !book.unique(&row, &["region", "technology"]) {
                continue;
            }
            let v = book.catalogue.technologies[k].service.at();
            let place = places
                .entry((region, v))
                .or_insert((row.cell("value").span, 0.0));
            place.1 += value.value;
            match region {
                Some(region) => own.entry((region, v)).or_default().push((k, value)),
                None => default.entry(v).or_default().push((k, value)),
            }
        }
        if book.problems() > before {
            spoilt.extend(owner);
        }
    }
    let open = ["technologies.csv", "services.csv", "regions.csv"];
    let open = open.iter().any(|file| book.broken.contains(*file));
    for ((region, service), (span, sum)) in places {
        if (sum - 1.0).abs() > 1e-9 && !spoilt.contains(&service) && !open {
            let service = &book.catalogue.services[service].named.id;
            let region = region.map_or("*", |r| &book.catalogue.regions[r].named.id);
            let sum = (sum * 1e9).round() / 1e9;
            let message = Text::new(
                format!("`{region}` 的 `{service}` 各工艺占比之和为 {sum}，应为 1"),
                format!("the shares of `{service}` in `{region}` sum to {sum}, not to 1"),
            );
            let label = Text::new("该活动的第一行", "first row of this service");
            book.diags.push(
                Diagnostic::error("share-sum", message)
                    .label(span, label)
                    .help(Text::new(
                        "检查该活动的各行是否齐全，占比写成小数（0.25，不是 25）",
                        "see that no row is missing and that shares are fractions (0.25, not 25)",
                    )),
            );
        }
    }
    for region in 0..book.catalogue.regions.len() {
        if book.catalogue.worlds[region].is_none() {
            continue;
        }
        for service in 0..book.catalogue.services.len() {
            let rows = own
                .get(&(region, service))
                .or_else(|| default.get(&service));
            let rows = rows.cloned().unwrap_or_default();
            for (k, value) in rows {
                world(book, region).shares[k] = Some(value);
            }
        }
    }
}

/// The service whose technology `text` names or was meant to name (`freight.c3`).
fn service_of(book: &Book<'_>, text: &str) -> Option<usize> {
    let technologies = &book.catalogue.technologies;
    let exact = technologies.iter().find(|k| k.named.id == text);
    let prefix = text.split('.').next().unwrap_or_default();
    let like = |id: &str| !prefix.is_empty() && id.split('.').next() == Some(prefix);
    exact
        .or_else(|| technologies.iter().find(|k| like(&k.named.id)))
        .map(|k| k.service.at())
}
