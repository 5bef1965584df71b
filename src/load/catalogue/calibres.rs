//! Inventories whose numbers are of different calibres.

use crate::diag::{Diagnostic, Diagnostics, Span, beside};
use jianpai_core::catalogue::{Account, Catalogue, Inventory, InventoryValue, Level};
use jianpai_core::text::Text;

/// Two numbers of one inventory that do not go together.
pub(super) fn mixed(
    catalogue: &Catalogue,
    account: Account,
    (own, here): (&InventoryValue, Span),
    (other, there): (&InventoryValue, Option<Span>),
    what: &Text,
) -> Diagnostic {
    let id = account.id(catalogue);
    let calibres = [own, other].map(|value| &catalogue.calibres[value.calibre.at()]);
    let [a, b] = calibres.map(|calibre| &calibre.name);
    let message = Text::new(
        format!("{id}：“{}”与“{}”的数不能放在一起", a.zh, b.zh),
        format!(
            "{id}: numbers of \"{}\" and of \"{}\" do not go together",
            a.en, b.en
        ),
    );
    let ids = calibres.map(|calibre| &calibre.id);
    let named = [beside(ids[0], &a.zh), beside(ids[1], &b.zh)];
    let of = |i: usize| Text::new(format!("口径 {}", named[i]), format!("of {}", ids[i]));
    let diagnostic = Diagnostic::error("calibre-mixed", message).label(here, of(0));
    let diagnostic = if let Some(there) = there {
        diagnostic.label(there, of(1))
    } else {
        let place = catalogue.row(other.amount.origin).unwrap_or_default();
        diagnostic.note(Text::new(
            format!("程序自带的数（口径 {}，{}）：{place}", ids[1], b.zh),
            format!("the data's own number, of {}: {place}", ids[1]),
        ))
    };
    diagnostic.help(what.clone())
}

/// Classes of another calibre than the total, or than each other.
pub(super) fn within(
    catalogue: &Catalogue,
    account: Account,
    inventory: &Inventory,
    place: &dyn Fn(&InventoryValue) -> Span,
    diags: &mut Diagnostics,
) {
    let first = inventory
        .total
        .as_ref()
        .or(inventory.classes.values().next());
    let Some(first) = first else { return };
    for value in inventory.classes.values() {
        if value.calibred().comparable(first.calibred()).is_err() {
            let help = Text::new(
                "总量与各类须为同一口径：换成同一口径的数，或只给总量",
                "total and classes are of one calibre: use numbers of one, or give the total alone",
            );
            let (own, other) = ((value, place(value)), (first, Some(place(first))));
            diags.push(mixed(catalogue, account, own, other, &help));
        }
    }
}

/// Provinces' totals that are to be split like the nation's classes, of another calibre.
pub(super) fn across(
    catalogue: &Catalogue,
    place: &dyn Fn(&InventoryValue) -> Span,
    diags: &mut Diagnostics,
) {
    let worlds = || catalogue.regions.iter().zip(&catalogue.worlds);
    let of_level = |level: Level| worlds().filter(move |(region, _)| region.level == level);
    let Some((_, Some(nation))) = of_level(Level::Nation).next() else {
        return;
    };
    for (account, whole) in &nation.inventory {
        // Classes of another calibre than the nation's total have been reported.
        let class = whole.total.as_ref().or(whole.classes.values().next());
        let Some(class) = class.filter(|_| !whole.classes.is_empty()) else {
            continue;
        };
        for (_, world) in of_level(Level::Province) {
            let own = world
                .as_ref()
                .and_then(|world| world.inventory.get(account));
            let total = own
                .filter(|own| own.classes.is_empty())
                .and_then(|own| own.total);
            let Some(total) = total else { continue };
            if total.calibred().comparable(class.calibred()).is_err() {
                let help = Text::new(
                    "分省总量按全国各类拆分，两者须为同一口径；或给出该省的各类",
                    "the total is split like the nation's classes: use one calibre, or give the province's classes",
                );
                let (here, there) = ((&total, place(&total)), (class, Some(place(class))));
                diags.push(mixed(catalogue, *account, here, there, &help));
            }
        }
    }
}
