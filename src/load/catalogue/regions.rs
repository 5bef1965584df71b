//! Base years, records and targets of regions: activity, growth, zones, stocks, recorded
//! levels and official targets; `inventory` and `shares` read theirs.

use super::book::Book;
use super::fields::{base_year, calibre, not_negative, region, required, world, year};
use super::names::word;
use super::{inventory, record, shares};
use crate::diag::Diagnostic;
use crate::table::Row;
use jianpai_core::catalogue::{Level, OfficialTarget, Recorded, Stock, StockUnit, World};
use jianpai_core::dims::{DriverId, RegionId, ServiceId};
use jianpai_core::text::Text;
use std::collections::{HashMap, HashSet};

/// Reads all of them.
pub(super) fn read(book: &mut Book<'_>) {
    let services = book.catalogue.services.len();
    let technologies = book.catalogue.technologies.len();
    for (region, world) in book
        .catalogue
        .regions
        .iter()
        .zip(&mut book.catalogue.worlds)
    {
        if region.level != Level::Zone {
            *world = Some(World {
                demand: vec![None; services],
                shares: vec![None; technologies],
                ..World::default()
            });
        }
    }
    activity(book);
    shares::shares(book);
    growth(book);
    inventory::inventory(book, "inventory.csv");
    inventory::seeds(book);
    zones(book);
    stocks(book);
    recorded(book);
    targets(book);
    record::read(book);
    check_complete(book);
}

fn activity(book: &mut Book<'_>) {
    let columns = required(&["region", "service", "year", "value", "unit"]);
    let Some(table) = book.table("activity.csv", &columns) else {
        return;
    };
    for row in table.rows() {
        let (region, service) = (
            region(book, &row),
            book.find("service", &row.cell("service")),
        );
        let year = base_year(book, &row);
        let value = book.value(&row);
        let (Some(region), Some(service), Some(value)) = (region, service, value) else {
            continue;
        };
        let unit = book.catalogue.services[service].unit.clone();
        let Some(scale) = book.scale(&row, "unit", &unit) else {
            continue;
        };
        if year.is_none() || !not_negative(book, &row, value.value) {
            continue;
        }
        if book.unique(&row, &["region", "service"]) {
            world(book, region).demand[service] = Some(value.scaled(scale));
        }
    }
}

fn growth(book: &mut Book<'_>) {
    let columns = required(&["region", "driver", "year", "value", "unit", "calibre"]);
    let Some(table) = book.table("driver_growth.csv", &columns) else {
        return;
    };
    for row in table.rows() {
        let (region, driver) = (region(book, &row), book.find("driver", &row.cell("driver")));
        let year = year(book, &row, "year");
        let calibre = calibre(book, &row);
        let scale = book.scale(&row, "unit", "");
        let value = book.value(&row);
        let (Some(region), Some(driver), Some(year), Some(calibre), Some(scale), Some(value)) =
            (region, driver, year, calibre, scale, value)
        else {
            continue;
        };
        if value.value * scale <= -1.0 {
            book.nothing_left(&row.cell("value"));
            continue;
        }
        if book.unique(&row, &["region", "driver", "year"]) {
            let key = (DriverId::from_usize(driver), year);
            world(book, region)
                .growth
                .insert(key, (value.scaled(scale), calibre));
        }
    }
}

fn zones(book: &mut Book<'_>) {
    let columns = required(&["zone", "service", "value"]);
    let Some(table) = book.table("zones.csv", &columns) else {
        return;
    };
    let mut sums: HashMap<(Option<usize>, usize), f64> = HashMap::new();
    for row in table.rows() {
        let zone = book.find("region", &row.cell("zone"));
        let service = book.find("service", &row.cell("service"));
        let value = book.value(&row);
        let (Some(zone), Some(service), Some(value)) = (zone, service, value) else {
            continue;
        };
        if not_negative(book, &row, value.value) && book.unique(&row, &["zone", "service"]) {
            let key = (RegionId::from_usize(zone), ServiceId::from_usize(service));
            book.catalogue.zones.insert(key, value);
            let parent = book.catalogue.regions[zone].parent.map(RegionId::at);
            let sum = sums.entry((parent, service)).or_default();
            let before = *sum;
            *sum += value.value;
            // Said once, where the parts first exceed the whole.
            if before <= WHOLE && *sum > WHOLE {
                let sum = *sum;
                too_much(book, &row, (parent, service), sum);
            }
        }
    }
}

/// All of a service but for rounding: what the parts of a region's zones may come to.
const WHOLE: f64 = 1.0 + 1e-9;

/// Reports zones that have more of a service than there is.
fn too_much(
    book: &mut Book<'_>,
    row: &Row<'_>,
    (parent, service): (Option<usize>, usize),
    sum: f64,
) {
    let service = &book.catalogue.services[service].named.id;
    let region = parent.map_or("", |region| &book.catalogue.regions[region].named.id);
    let sum = (sum * 1e9).round() / 1e9;
    let message = Text::new(
        format!("`{region}` 各分区在 `{service}` 中的占比之和为 {sum}，超过 1"),
        format!("the zones of `{region}` have {sum} of `{service}` together, more than all of it"),
    );
    let label = Text::new("加上这一行超过 1", "with this row they exceed 1");
    book.diags.push(
        Diagnostic::error("zone-sum", message)
            .label(row.cell("value").span, label)
            .help(Text::new(
                "分区之和不超过全省：检查各分区的占比，写成小数（0.25，不是 25）",
                "zones do not exceed their province: check the part of each, as a fraction (0.25, not 25)",
            )),
    );
}

fn stocks(book: &mut Book<'_>) {
    let columns = required(&["region", "group", "value", "unit"]);
    let Some(table) = book.table("stocks.csv", &columns) else {
        return;
    };
    for row in table.rows() {
        let Some(region) = region(book, &row) else {
            continue;
        };
        let Some(group) = row.cell("group").text_required(book.diags) else {
            continue;
        };
        let units = [
            ("t/h", (StockUnit::SteamCapacity, "t/h")),
            ("boilers", (StockUnit::Items, "boilers")),
            ("MW", (StockUnit::Power, "MW")),
            ("1e4 vehicles", (StockUnit::Vehicles, "vehicles")),
            ("vehicles", (StockUnit::Vehicles, "vehicles")),
        ];
        let value = book.value(&row);
        let unit = word(book, &row, "unit", &units);
        let (Some(value), Some((unit, base))) = (value, unit) else {
            continue;
        };
        let Some(scale) = book.scale(&row, "unit", base) else {
            continue;
        };
        if !not_negative(book, &row, value.value) {
            continue;
        }
        if book.unique(&row, &["region", "group", "unit"]) {
            let stock = Stock {
                value: value.scaled(scale),
            };
            world(book, region)
                .stocks
                .insert((group.to_string(), unit), stock);
        }
    }
}

fn recorded(book: &mut Book<'_>) {
    let columns = required(&["region", "quantity", "year", "value", "unit", "calibre"]);
    let Some(table) = book.table("recorded.csv", &columns) else {
        return;
    };
    for row in table.rows() {
        let (region, year, calibre) = (
            region(book, &row),
            year(book, &row, "year"),
            calibre(book, &row),
        );
        let Some(quantity) = row.cell("quantity").text_required(book.diags) else {
            continue;
        };
        let Some(value) = book.value(&row) else {
            continue;
        };
        let (Some(region), Some(year), Some(calibre)) = (region, year, calibre) else {
            continue;
        };
        let unit = row.cell("unit").text;
        let scale = match unit.split_once(' ').map(|(scale, _)| scale.parse::<f64>()) {
            Some(Ok(scale)) => scale,
            _ if unit == "%" => 0.01,
            _ => 1.0,
        };
        // Several vintages of one quantity may stand side by side; the first is used.
        let key = (quantity.to_string(), year);
        let recorded = Recorded {
            value: value.scaled(scale),
            calibre,
        };
        world(book, region).recorded.entry(key).or_insert(recorded);
    }
}

fn targets(book: &mut Book<'_>) {
    let columns = required(&[
        "plan",
        "region",
        "indicator",
        "kind",
        "base_year",
        "target_year",
        "value",
        "unit",
    ]);
    let Some(table) = book.table("targets.csv", &columns) else {
        return;
    };
    for row in table.rows() {
        let region = region(book, &row);
        let (from, to) = (
            year(book, &row, "base_year"),
            year(book, &row, "target_year"),
        );
        let kinds = [("reduction", ""), ("project-reduction", "t")];
        let base = word(book, &row, "kind", &kinds);
        let value = book.value(&row);
        let (Some(region), Some(base_year), Some(target_year), Some(base), Some(value)) =
            (region, from, to, base, value)
        else {
            continue;
        };
        let Some(scale) = book.scale(&row, "unit", base) else {
            continue;
        };
        let text = |column: &str| row.cell(column).text.to_string();
        book.catalogue.targets.push(OfficialTarget {
            plan: text("plan"),
            region: RegionId::from_usize(region),
            indicator: text("indicator"),
            kind: text("kind"),
            base_year,
            target_year,
            value: value.scaled(scale),
        });
    }
}

/// Every region with a base year must say the amount of every service, and every
/// service with an amount must have shares: zero is never a silent default.
fn check_complete(book: &mut Book<'_>) {
    book.close();
    let broken = |files: &[&str]| files.iter().any(|file| book.broken.contains(*file));
    let vocabulary = broken(&["regions.csv", "services.csv", "technologies.csv"]);
    let no_activity = vocabulary || broken(&["activity.csv"]);
    let no_shares = vocabulary || broken(&["shares.csv", "shares_regional.csv"]);
    let mut missing: Vec<(&str, Text, Text)> = Vec::new();
    let mut unshared = HashSet::new();
    for (region, world) in book.catalogue.regions.iter().zip(&book.catalogue.worlds) {
        let Some(world) = world else { continue };
        for (v, service) in book.catalogue.services.iter().enumerate() {
            let (region, service_id) = (&region.named.id, &service.named.id);
            match world.demand[v] {
                None if !no_activity => missing.push((
                    "activity.csv",
                    Text::new(
                        format!("没有 `{region}` 的 `{service_id}`"),
                        format!("`{service_id}` of `{region}` is missing"),
                    ),
                    Text::new(
                        "补一行；没有该活动也要写明 0",
                        "add a row; say 0 where there is none",
                    ),
                )),
                Some(amount) if amount.value > 0.0 && !no_shares => {
                    let shared = service
                        .technologies
                        .iter()
                        .any(|k| world.shares[k.at()].is_some());
                    if !shared && unshared.insert(v) {
                        missing.push((
                            "shares.csv",
                            Text::new(
                                format!("没有 `{service_id}` 的工艺占比（{region}）"),
                                format!("`{service_id}` has no shares of technologies ({region})"),
                            ),
                            Text::new(
                                "补上该活动各工艺的行，region 写 * 表示各地通用",
                                "add a row for each of its technologies, with region * for all regions",
                            ),
                        ));
                    }
                }
                Some(_) | None => {}
            }
        }
    }
    for (file, message, help) in missing {
        let path = format!("{}/{file}", book.folder);
        let position = book.catalogue.files.iter().position(|name| *name == path);
        let mut diagnostic = Diagnostic::error("incomplete", message).help(help);
        if let Some(position) = position {
            let header = book.files.line(book.tables[position], 1);
            diagnostic = diagnostic.label(header, Text::new("此表缺行", "a row is missing below"));
        }
        book.diags.push(diagnostic);
    }
}
