//! Published progress that counts from another observed year, such as a reduction on the
//! year before: carried back to the scenario's base year, link by link.

use super::fields::within;
use super::head::Head;
use crate::diag::{Diagnostic, Diagnostics, Span, beside};
use crate::tree::{Node, Reader};
use jianpai_core::catalogue::Catalogue;
use jianpai_core::dims::{CalibreId, IndicatorId};
use jianpai_core::scenario::Observation;
use jianpai_core::text::Text;

/// An observed value as it stands in the file.
pub(super) struct Draft {
    /// Its reduction counts from the year of the link, if there is one.
    pub seen: Observation,
    pub link: Option<Link>,
}

/// The year that a reduction counts from, where that is not the base year.
#[derive(Clone, Copy)]
pub(super) struct Link {
    pub from: i32,
    /// Where `base_year` stands.
    pub place: Span,
    /// Where a calibre of its own stands.
    pub calibre: Option<Span>,
    /// Whether it names a book of its own.
    pub book: bool,
}

/// Reads `base_year`: the outer `None` has been reported, the inner one is the base year
/// of the scenario.
#[allow(clippy::option_option)]
pub(super) fn link(
    node: Option<&Node>,
    said: Option<(&str, &Node)>,
    (year, calibre): (Option<i32>, Option<Span>),
    head: &Head,
    reader: &mut Reader<'_>,
) -> Option<Option<Link>> {
    let Some(node) = node else {
        return Some(None);
    };
    let from = within(node, head, head.base_year, reader.diags())?;
    if let Some(("value", amount)) = said {
        // What a parent file gave for a reduction is no matter.
        if node.span.file <= amount.span.file {
            reader.push(idle(node.span));
            return None;
        }
        return Some(None);
    }
    if let Some(year) = year.filter(|year| from >= *year) {
        reader.push(late(node.span, (from, year), head.base_year));
        return None;
    }
    let place = node.span;
    Some((from > head.base_year).then_some(Link {
        from,
        place,
        calibre,
        book: false,
    }))
}

/// The observed values with every reduction on the base year of the scenario:
/// `1 − (1 − r_from) (1 − r)`. `all` says whether every entry could be read, `base_year` what the scenario counts from.
pub(super) fn carried(
    catalogue: &Catalogue,
    mut drafts: Vec<Draft>,
    (all, base_year): (bool, i32),
    diags: &mut Diagnostics,
) -> Vec<Observation> {
    let mut order: Vec<usize> = (0..drafts.len()).collect();
    // A link leads to an earlier year, which has been carried by then.
    order.sort_by_key(|i| drafts[*i].seen.year);
    for i in order {
        let Some(link) = drafts[i].link else {
            continue;
        };
        let own = drafts[i].seen.indicator;
        // A link that names no book is of the one that it leads to.
        let base = |id: IndicatorId| &catalogue.indicators[id.at()].base;
        let leads = |draft: &&Draft| {
            let alike = draft.seen.indicator == own
                || (!link.book && base(draft.seen.indicator) == base(own));
            alike && draft.seen.year == link.from
        };
        let before = drafts.iter().find(leads);
        let Some(before) = before.map(|draft| draft.seen.clone()) else {
            if all {
                diags.push(unseen(catalogue, &drafts[i].seen, link, base_year));
            }
            continue;
        };
        let seen = &mut drafts[i].seen;
        if let Some(span) = link.calibre.filter(|_| seen.calibre != before.calibre) {
            diags.push(mixed(catalogue, (seen.calibre, before.calibre), link, span));
            continue;
        }
        seen.indicator = before.indicator;
        seen.calibre = before.calibre;
        seen.splice = before.splice;
        seen.reduction = 1.0 - (1.0 - before.reduction) * (1.0 - seen.reduction);
    }
    drafts.into_iter().map(|draft| draft.seen).collect()
}

/// A reduction that counts from its own year or a later one.
fn late(place: Span, (from, year): (i32, i32), base: i32) -> Diagnostic {
    let message = Text::new(
        format!("基准年 {from} 应早于观测年 {year}"),
        format!("the base year {from} must come before the observed year {year}"),
    );
    Diagnostic::error("year-order", message)
        .label(
            place,
            Text::new("不早于观测年", "not before the observed year"),
        )
        .help(Text::new(
            format!("不写则从 {base} 年算起"),
            format!("without it, it counts from {base}"),
        ))
}

/// `base_year` beside an amount.
fn idle(place: Span) -> Diagnostic {
    let message = Text::new(
        "绝对量 value 用不到 base_year",
        "`base_year` counts for nothing beside an amount (`value`)",
    );
    Diagnostic::error("no-use", message)
        .label(place, Text::new("不起作用", "without effect"))
        .help(Text::new(
            "删去；较某年的降幅写作 reduction",
            "take it out; a reduction on a year is written `reduction`",
        ))
}

/// There is no observed value of the year that a reduction counts from.
fn unseen(catalogue: &Catalogue, seen: &Observation, link: Link, base: i32) -> Diagnostic {
    let id = &catalogue.indicators[seen.indicator.at()].named.id;
    let from = link.from;
    let message = Text::new(
        format!("{id} 没有 {from} 年的观测值，较该年的降幅无从算起"),
        format!("there is no observed {id} of {from} for this reduction to count from"),
    );
    Diagnostic::error("no-base", message)
        .label(
            link.place,
            Text::new("该年没有观测值", "nothing observed in that year"),
        )
        .help(Text::new(
            format!("另写 [observed.*] year = {from} 的降幅，或改写较 {base} 年的降幅"),
            format!("add an [observed.*] with year = {from}, or give the reduction on {base}"),
        ))
}

/// A reduction of another calibre than the year that it counts from.
fn mixed(
    catalogue: &Catalogue,
    (own, before): (CalibreId, CalibreId),
    link: Link,
    span: Span,
) -> Diagnostic {
    let [own, before] = [own, before].map(|id| &catalogue.calibres[id.at()]);
    let from = link.from;
    let message = Text::new(
        format!(
            "降幅是“{}”，{from} 年的观测值是“{}”：不是从这个数算起的",
            own.name.zh, before.name.zh
        ),
        format!(
            "the reduction is of \"{}\", the observed value of {from} of \"{}\": it does not count from that",
            own.name.en, before.name.en
        ),
    );
    Diagnostic::error("calibre-mixed", message)
        .label(span, Text::new("另一口径", "another calibre"))
        .label(
            link.place,
            Text::new("从这一年算起", "counts from this year"),
        )
        .help(Text::new(
            format!(
                "改写同一口径（{}）的降幅，或删去 calibre",
                beside(&before.id, &before.name.zh)
            ),
            format!(
                "give the reduction in the same calibre ({}), or leave `calibre` out",
                before.id
            ),
        ))
}
