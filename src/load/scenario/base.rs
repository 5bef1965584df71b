//! The year that a scenario counts from: `[scenario] base`.

use super::head::LONGEST;
use super::worded;
use crate::diag::{Diagnostic, Diagnostics, beside};
use crate::tree::{Node, Reader};
use jianpai_core::catalogue::{Catalogue, Level};
use jianpai_core::text::Text;

/// Reads `base`, or `base_year` as it may be called as in targets; without either it is the
/// first year of the data. What is wrong is reported, and that year taken.
pub(super) fn read(catalogue: &Catalogue, reader: &mut Reader<'_>) -> i32 {
    let nodes = [reader.optional("base"), reader.optional("base_year")];
    let usual = catalogue.base_year;
    let node = match nodes {
        [Some(a), Some(b)] if a.span.file == b.span.file => {
            let message = Text::new(
                "base 与 base_year 是同一回事，只能写一个",
                "`base` and `base_year` are the same: give one of them",
            );
            reader.push(
                Diagnostic::error("two-bases", message)
                    .label(a.span, Text::new("基年", "the base year"))
                    .label(b.span, Text::new("又是基年", "again"))
                    .help(Text::new("留 base，删去 base_year", "keep `base`")),
            );
            a
        }
        // What a child file gives counts, whatever its parent gave.
        [Some(a), Some(b)] => {
            if a.span.file < b.span.file {
                a
            } else {
                b
            }
        }
        [a, b] => match a.or(b) {
            Some(node) => node,
            None => return usual,
        },
    };
    let Some(year) = node.integer(reader.diags()) else {
        return usual;
    };
    let known = i32::try_from(year).ok();
    if let Some(year) = known.filter(|year| catalogue.bases.contains(year)) {
        return year;
    }
    reader.push(unknown(catalogue, node, year));
    usual
}

/// A year that no base is known of.
fn unknown(catalogue: &Catalogue, node: &Node, year: i64) -> Diagnostic {
    let list = |join: &str, last: &str| {
        let years: Vec<String> = catalogue.bases.iter().map(i32::to_string).collect();
        match years.split_last() {
            Some((end, [])) => end.clone(),
            Some((end, rest)) => format!("{}{last}{end}", rest.join(join)),
            None => String::new(),
        }
    };
    let message = Text::new(
        format!("不能以 {year} 年为基年：可用 {}", list("、", "、")),
        format!(
            "{year} cannot be the base year: it can be {}",
            list(", ", " or ")
        ),
    );
    let mut diagnostic = Diagnostic::error("base-year", message).label(
        node.span,
        Text::new("该年没有可用的口径", "no calibre to count from"),
    );
    for base in &catalogue.bases {
        diagnostic = diagnostic.note(calibre_of(catalogue, *base));
    }
    diagnostic.help(Text::new(
        "较其他年份的目标，在 [targets.*] 里写 base_year",
        "for targets against another year, give `base_year` in [targets.*]",
    ))
}

/// On which calibre a base year counts.
fn calibre_of(catalogue: &Catalogue, base: i32) -> Text {
    let nation = catalogue.regions.iter().zip(&catalogue.worlds);
    let nation = nation
        .filter(|(region, _)| region.level == Level::Nation)
        .find_map(|(_, world)| world.as_ref());
    let own = nation.and_then(|world| {
        let accounts = if base == catalogue.base_year {
            Some(&world.inventory)
        } else {
            world.later.get(&base)
        };
        let mut all = accounts?.values();
        all.find_map(|inventory| Some(inventory.total?.calibre))
    });
    match own {
        Some(calibre) => {
            let named = &catalogue.calibres[calibre.at()];
            Text::new(
                format!("{base}：{}", beside(&named.id, &named.name.zh)),
                format!("{base}: {} ({})", named.name.en, named.id),
            )
        }
        None => Text::new(
            format!("{base}：尚无公布的总量，由此前基年的口径推算"),
            format!(
                "{base}: no totals are published yet; projected in the calibre of the base before it"
            ),
        ),
    }
}

/// The last year of a scenario that counts from `base`.
pub(super) fn end_year(node: &Node, base: i32, diags: &mut Diagnostics) -> Option<i32> {
    let year = worded::year_of(node, diags)?;
    let (first, last) = (base + 1, base + LONGEST);
    if let Ok(year) = i32::try_from(year)
        && (first..=last).contains(&year)
    {
        return Some(year);
    }
    let message = Text::new(
        format!("末年应在 {first} 与 {last} 之间，这里是 {year}"),
        format!("the last year lies between {first} and {last}, this is {year}"),
    );
    diags.push(
        Diagnostic::error("year-range", message)
            .label(node.span, Text::new("超出范围", "out of range"))
            .help(Text::new(
                format!("基年为 {base}，末年须在其后"),
                format!("the base year is {base}; the last year comes after it"),
            )),
    );
    None
}
