//! Indicators: each in the physical book, and again in the accounted one where the
//! pollutant is accounted by rules of its own.

use super::Book;
use super::names::{ID, identity, word};
use crate::table::{Column, Row};
use jianpai_core::catalogue::{self, Accounting, Indicator, IndicatorKind, Named};
use jianpai_core::dims::{PollutantId, ServiceId};
use jianpai_core::text::Text;

/// Reads the table.
pub(super) fn read(book: &mut Book<'_>) {
    let more = ["kind", "of", "better", "iamc_variable", "display_unit"].map(Column::required);
    let optional = ["per", "iamc_unit", "when"].map(Column::optional);
    let columns = [ID.to_vec(), more.to_vec(), optional.to_vec()].concat();
    let Some(table) = book.table("indicators.csv", &columns) else {
        return;
    };
    let mut read: Vec<Indicator> = Vec::new();
    for row in table.rows() {
        let better = word(book, &row, "better", &[("lower", false), ("higher", true)]);
        let kind = indicator_kind(book, &row);
        let on_call = match row.cell("when").text {
            "" => Some(false),
            _ => word(book, &row, "when", &[("asked", true)]),
        };
        let (Some(named), Some(higher_is_better), Some(kind), Some(on_call)) =
            (identity(book, &row), better, kind, on_call)
        else {
            continue;
        };
        let text = |column: &str| row.cell(column).text.to_string();
        read.push(Indicator {
            base: named.id.clone(),
            named,
            book: catalogue::Book::Physical,
            both: both(&book.catalogue, &kind),
            kind,
            higher_is_better,
            iamc_variable: text("iamc_variable"),
            iamc_unit: text("iamc_unit"),
            display_unit: text("display_unit"),
            on_call,
        });
    }
    let accounted: Vec<Indicator> = read
        .iter()
        .filter_map(|i| accounted(&book.catalogue, i))
        .collect();
    // Those on call stand behind all others.
    let mut all: Vec<Indicator> = read.into_iter().chain(accounted).collect();
    all.sort_by_key(|indicator| indicator.on_call);
    for indicator in all {
        book.register(
            "indicator",
            &indicator.named.id,
            book.catalogue.indicators.len(),
        );
        book.catalogue.indicators.push(indicator);
    }
}

/// Whether one account serves for both books.
fn both(catalogue: &catalogue::Catalogue, kind: &IndicatorKind) -> bool {
    let accounting = |p: PollutantId| catalogue.pollutants[p.at()].accounting;
    kind.pollutant().map(accounting) == Some(Accounting::Physical)
}

/// The same indicator in the accounted book; `None` for what has none of its own.
fn accounted(catalogue: &catalogue::Catalogue, physical: &Indicator) -> Option<Indicator> {
    let pollutant = &catalogue.pollutants[physical.kind.pollutant()?.at()];
    if pollutant.accounting != Accounting::Rules {
        return None;
    }
    let of = catalogue::Book::Accounted;
    let kind = match physical.kind {
        IndicatorKind::Emission(p, _) => IndicatorKind::Emission(p, of),
        IndicatorKind::EmissionIntensity(p, _) => IndicatorKind::EmissionIntensity(p, of),
        _ => return None,
    };
    let (id, name) = (&physical.base, &physical.named.name);
    Some(Indicator {
        named: Named {
            id: of.key(id),
            name: Text::new(
                format!("{}（核算）", name.zh),
                format!("{}, accounted", name.en),
            ),
        },
        book: of,
        kind,
        // Machine output tells the books apart in the variable.
        iamc_variable: format!("{} [Accounted]", physical.iamc_variable),
        ..physical.clone()
    })
}

fn indicator_kind(book: &mut Book<'_>, row: &Row<'_>) -> Option<IndicatorKind> {
    #[derive(Clone, Copy)]
    enum Kind {
        Emission,
        Intensity,
        Account,
        Share,
    }
    let kinds = [
        ("emission", Kind::Emission),
        ("intensity", Kind::Intensity),
        ("account", Kind::Account),
        ("share", Kind::Share),
    ];
    let of = row.cell("of");
    match word(book, row, "kind", &kinds)? {
        Kind::Emission => {
            let p = book.find("pollutant", &of)?;
            Some(IndicatorKind::Emission(
                PollutantId::from_usize(p),
                catalogue::Book::Physical,
            ))
        }
        Kind::Intensity if of.text == "energy" => Some(IndicatorKind::EnergyIntensity),
        Kind::Intensity if of.text == "industry-energy" => Some(IndicatorKind::IndustryIntensity),
        Kind::Intensity => {
            let p = book.find("pollutant", &of)?;
            Some(IndicatorKind::EmissionIntensity(
                PollutantId::from_usize(p),
                catalogue::Book::Physical,
            ))
        }
        Kind::Account => word(book, row, "of", &[("coal", true), ("energy", false)]).map(|coal| {
            if coal {
                IndicatorKind::Coal
            } else {
                IndicatorKind::Energy
            }
        }),
        Kind::Share if row.cell("per").text == "energy" => {
            let own = word(book, row, "of", &[("non-fossil", ())]);
            own.map(|()| IndicatorKind::NonFossil)
        }
        Kind::Share if row.cell("per").text == "final-energy" => {
            let own = word(book, row, "of", &[("electricity", ())]);
            own.map(|()| IndicatorKind::ElectricityShare)
        }
        Kind::Share => {
            let service = book.find("service", &row.cell("per"))?;
            let service = ServiceId::from_usize(service);
            Some(IndicatorKind::Share {
                tag: of.text.to_string(),
                service,
            })
        }
    }
}
