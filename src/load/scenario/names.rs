//! Names that do not exist, and the ones that were probably meant.

use crate::diag::{Diagnostic, Span, beside, nearest};
use jianpai_core::catalogue::{Catalogue, Named};
use jianpai_core::text::Text;

/// Longer lists are not printed; `jianpai list` has them.
const LONGEST: usize = 30;

/// Something that can be named in a scenario: its id and its names.
#[derive(Clone, Copy)]
pub(super) struct Known<'k> {
    id: &'k str,
    names: [&'k str; 2],
}

impl<'k> Known<'k> {
    /// A word that has no other name.
    pub(super) fn word(id: &'k str) -> Self {
        Self { id, names: [""; 2] }
    }

    /// An id with its names in both languages.
    pub(super) fn named(id: &'k str, zh: &'k str, en: &'k str) -> Self {
        let names = [zh, en];
        Self { id, names }
    }

    /// Everything in a list of the catalogue.
    pub(super) fn all(items: impl IntoIterator<Item = &'k Named>) -> Vec<Self> {
        let known = |named: &'k Named| Self::named(&named.id, &named.name.zh, &named.name.en);
        items.into_iter().map(known).collect()
    }

    /// Words that have no other names.
    pub(super) fn words(words: &[&'k str]) -> Vec<Self> {
        words.iter().map(|word| Self::word(word)).collect()
    }
}

/// Reports a name that is none of `known`. `list` is what `jianpai list` calls them.
pub(super) fn unknown(
    what: &Text,
    name: &str,
    span: Span,
    known: &[Known<'_>],
    list: Option<&str>,
) -> Diagnostic {
    let message = Text::new(
        format!("没有名为 `{name}` 的{}", what.zh),
        format!("there is no {} `{name}`", what.en),
    );
    let diagnostic =
        Diagnostic::error("unknown-name", message).label(span, Text::new("未知", "not known"));
    if let Some(near) = meant(name, known) {
        return suggest(diagnostic, name, span, near, known);
    }
    let list = list.map(|list| {
        Text::new(
            format!("全部名称见 jianpai list {list}"),
            format!("see jianpai list {list}"),
        )
    });
    match list {
        Some(text) if known.len() > LONGEST => diagnostic.help(text),
        _ if known.is_empty() => diagnostic,
        _ => diagnostic.help(choices(known)),
    }
}

/// What there is to choose from.
pub(super) fn choices(known: &[Known<'_>]) -> Text {
    let ids: Vec<&str> = known.iter().map(|known| known.id).collect();
    let named: Vec<String> = known
        .iter()
        .map(|known| beside(known.id, known.names[0]))
        .collect();
    Text::new(
        format!("可用：{}", named.join("、")),
        format!("known: {}", ids.join(", ")),
    )
}

/// Offers `near` for the name at `span`, in quotes if the name is in quotes.
fn suggest(
    diagnostic: Diagnostic,
    name: &str,
    span: Span,
    near: &str,
    known: &[Known<'_>],
) -> Diagnostic {
    // shanxi is 山西 and shaanxi is 陕西: the name tells whether it is the one meant.
    let names = known.iter().find(|known| known.id == near);
    let [zh, en] = names.map_or([""; 2], |known| known.names);
    let en = if en.eq_ignore_ascii_case(near) {
        ""
    } else {
        en
    };
    let bracketed = |name: &str, open: &str, close: &str| match name {
        "" => String::new(),
        name => format!("{open}{name}{close}"),
    };
    let diagnostic = diagnostic.help(Text::new(
        format!("是否指 `{near}`{}？", bracketed(zh, "（", "）")),
        format!("did you mean `{near}`{}?", bracketed(en, " (", ")")),
    ));
    match (span.end - span.start).checked_sub(name.len()) {
        Some(0) => diagnostic.suggest(span, near),
        Some(2) => diagnostic.suggest(span, format!("\"{near}\"")),
        _ => diagnostic,
    }
}

/// The id that `name` is most like. A planner may well write a name in place of an id.
pub(super) fn meant<'k>(name: &str, known: &[Known<'k>]) -> Option<&'k str> {
    let called = |fits: &dyn Fn(&str) -> bool| {
        let named = |known: &&Known<'_>| known.names.iter().any(|n| !n.is_empty() && fits(n));
        known.iter().find(named).map(|known| known.id)
    };
    called(&|other| other.eq_ignore_ascii_case(name))
        .or_else(|| nearest(name, known.iter().map(|known| known.id)))
        .or_else(|| {
            let known = known.iter().map(|known| known.id);
            let cut = |id: &&str| {
                name.strip_prefix(id)
                    .is_some_and(|r| r.starts_with(['-', '_']))
            };
            known.filter(cut).max_by_key(|id| id.len())
        })
        // 陕西省 is 陕西, 新疆维吾尔自治区 is 新疆.
        .or_else(|| called(&|other| !other.is_ascii() && name.starts_with(other)))
        .or_else(|| {
            let names = known.iter().flat_map(|known| known.names);
            let near = nearest(name, names.filter(|name| !name.is_empty()))?;
            called(&|other| other == near)
        })
}

/// Drivers, services and indicators by id and name.
pub(super) fn drivers(catalogue: &Catalogue) -> Vec<Known<'_>> {
    Known::all(&catalogue.drivers)
}

/// See [`drivers`].
pub(super) fn services(catalogue: &Catalogue) -> Vec<Known<'_>> {
    Known::all(catalogue.services.iter().map(|service| &service.named))
}

/// See [`drivers`].
pub(super) fn indicators(catalogue: &Catalogue) -> Vec<Known<'_>> {
    let on_call = catalogue.callable();
    let on_call = on_call.filter(|i| catalogue.indicator(&i.named.id).is_none());
    let all = catalogue.indicators.iter().chain(on_call);
    Known::all(all.map(|indicator| &indicator.named))
}

/// Regions that are no zones.
pub(super) fn regions(catalogue: &Catalogue) -> Vec<Known<'_>> {
    use jianpai_core::catalogue::Level;
    let regions = catalogue.regions.iter();
    Known::all(regions.filter(|r| r.level != Level::Zone).map(|r| &r.named))
}
