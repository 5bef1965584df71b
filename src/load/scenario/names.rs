//! Names that do not exist, and the ones that were probably meant.

use crate::diag::{Diagnostic, Span, all_nearest, beside, nearest};
use jianpai_core::catalogue::{Catalogue, Named, Service};
use jianpai_core::dims::TechnologyId;
use jianpai_core::measure::spec::KINDS;
use jianpai_core::names::NameOf;
use jianpai_core::text::Text;

/// Longer lists are not printed; `jianpai list` has them.
const LONGEST: usize = 30;

/// Something that can be named in a scenario: its id and its names.
#[derive(Clone, Copy)]
pub(super) struct Known<'k> {
    id: &'k str,
    names: [&'k str; 2],
    /// Whether this is another name (`data/names.csv`) of something that is listed itself.
    other: bool,
}

impl<'k> Known<'k> {
    /// A word that has no other name.
    pub(super) fn word(id: &'k str) -> Self {
        Self::named(id, "", "")
    }

    /// An id with its names in both languages.
    pub(super) fn named(id: &'k str, zh: &'k str, en: &'k str) -> Self {
        let names = [zh, en];
        let other = false;
        Self { id, names, other }
    }

    /// Whether `name` is its id or one of its names.
    pub(super) fn is(&self, name: &str) -> bool {
        self.id == name || self.names.contains(&name)
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
        Some(text) if known.iter().filter(|known| !known.other).count() > LONGEST => {
            diagnostic.help(text)
        }
        _ if known.is_empty() => diagnostic,
        _ => diagnostic.help(choices(known)),
    }
}

/// What there is to choose from.
pub(super) fn choices(known: &[Known<'_>]) -> Text {
    let listed = known.iter().filter(|known| !known.other);
    let ids: Vec<&str> = listed.clone().map(|known| known.id).collect();
    let named: Vec<String> = listed
        .map(|known| beside(known.id, known.names[0]))
        .collect();
    Text::new(
        format!("可用：{}", named.join("、")),
        format!("known: {}", ids.join(", ")),
    )
}

/// Offers `near` for the name at `span`, in quotes if the name is in quotes.
pub(super) fn suggest(
    diagnostic: Diagnostic,
    name: &str,
    span: Span,
    near: &str,
    known: &[Known<'_>],
) -> Diagnostic {
    // shanxi is 山西 and shaanxi is 陕西: the name tells whether it is the one meant.
    let names = known.iter().find(|known| known.id == near);
    let [zh, en] = names.map_or([""; 2], |known| known.names);
    let whole = |better: &str| match (span.end - span.start).checked_sub(name.len()) {
        Some(0) => Some(better.to_string()),
        Some(2) => Some(format!("\"{better}\"")),
        _ => None,
    };
    // Who writes Chinese is answered in Chinese.
    let like = like_names(name, near, known);
    if let [first, rest @ ..] = like.as_slice() {
        let list: Vec<String> = like
            .iter()
            .map(|like| format!("`{}`", like.names[0]))
            .collect();
        let ids: Vec<String> = like
            .iter()
            .map(|like| match names_en(like.id, known) {
                "" => format!("`{}`", like.id),
                name => format!("`{}` ({name})", like.id),
            })
            .collect();
        let diagnostic = diagnostic.help(Text::new(
            format!("是否指 {}？", list.join(" 或 ")),
            format!("did you mean {}?", ids.join(" or ")),
        ));
        return match whole(first.names[0]).filter(|_| rest.is_empty()) {
            Some(better) => diagnostic.suggest(span, better),
            None => diagnostic,
        };
    }
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
    match whole(near) {
        Some(better) => diagnostic.suggest(span, better),
        None => diagnostic,
    }
}

/// The Chinese names most like one that is written in Chinese, one of each thing: that of
/// `near` and those that are as like it.
fn like_names<'k>(name: &str, near: &str, known: &[Known<'k>]) -> Vec<Known<'k>> {
    if name.is_ascii() {
        return Vec::new();
    }
    let chinese = known.iter().filter(|known| !known.names[0].is_ascii());
    let names = all_nearest(name, chinese.clone().map(|known| known.names[0]));
    let mut found: Vec<Known<'k>> = Vec::new();
    for like in chinese
        .clone()
        .filter(|known| names.contains(&known.names[0]))
    {
        if found.iter().all(|other| other.id != like.id) {
            found.push(*like);
        }
    }
    if !found.iter().any(|like| like.id == near) {
        found = chinese
            .filter(|known| known.id == near)
            .take(1)
            .copied()
            .collect();
    }
    found
}

/// The English name of an id, where it says more than that.
fn names_en<'k>(id: &str, known: &[Known<'k>]) -> &'k str {
    let named = known.iter().find(|known| known.id == id && !known.other);
    let en = named.map_or("", |known| known.names[1]);
    if en.eq_ignore_ascii_case(id) { "" } else { en }
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
        .or_else(|| {
            let begins =
                |other: &str| !other.is_empty() && !other.is_ascii() && name.starts_with(other);
            let own = |known: &&Known<'_>| !known.other && known.names.iter().any(|n| begins(n));
            known.iter().find(own).map(|known| known.id)
        })
        .or_else(|| {
            let names = known.iter().flat_map(|known| known.names);
            let near = nearest(name, names.filter(|name| !name.is_empty()))?;
            called(&|other| other == near)
        })
}

/// Things with their other names (`data/names.csv`) behind them.
fn with_others<'k>(
    catalogue: &'k Catalogue,
    of: NameOf,
    mut known: Vec<Known<'k>>,
) -> Vec<Known<'k>> {
    let others = catalogue.names.iter().filter(|other| other.of == of);
    let others = others.filter(|other| known.iter().any(|known| known.id == other.id));
    let others: Vec<Known<'k>> = others
        .map(|other| Known {
            other: true,
            ..Known::named(&other.id, &other.name, "")
        })
        .collect();
    known.extend(others);
    known
}

/// Drivers, services and indicators by id and name.
pub(super) fn drivers(catalogue: &Catalogue) -> Vec<Known<'_>> {
    with_others(catalogue, NameOf::Driver, Known::all(&catalogue.drivers))
}

/// See [`drivers`].
pub(super) fn services(catalogue: &Catalogue) -> Vec<Known<'_>> {
    let all = Known::all(catalogue.services.iter().map(|service| &service.named));
    with_others(catalogue, NameOf::Service, all)
}

/// See [`drivers`]; one that is kept in two books is named once.
pub(super) fn indicators(catalogue: &Catalogue) -> Vec<Known<'_>> {
    let on_call = catalogue.callable();
    let on_call = on_call.filter(|i| catalogue.indicator(&i.named.id).is_none());
    let all = catalogue.indicators.iter().chain(on_call);
    let all = Known::all(all.map(|indicator| &indicator.named));
    with_others(catalogue, NameOf::Indicator, all)
}

/// Kinds of measures by id and name.
pub(super) fn kinds(catalogue: &Catalogue) -> Vec<Known<'_>> {
    let all = KINDS.iter();
    let all = all.map(|kind| Known::named(kind.id, kind.zh, kind.en));
    with_others(catalogue, NameOf::Measure, all.collect())
}

/// Words that a field may hold.
pub(super) fn words<'k>(catalogue: &'k Catalogue, words: &[&'k str]) -> Vec<Known<'k>> {
    let others = |id: &str| {
        let mut all = catalogue.names.iter();
        let first = all.find(|other| other.of == NameOf::Word && other.id == id);
        first.map_or("", |other| other.name.as_str())
    };
    let words = words.iter().map(|id| Known::named(id, others(id), ""));
    with_others(catalogue, NameOf::Word, words.collect())
}

/// Technologies by what measures call them, or by their ids.
pub(super) fn technologies<'k>(
    catalogue: &'k Catalogue,
    called: impl Iterator<Item = &'k str>,
) -> Vec<Known<'k>> {
    let called: Vec<&str> = called.collect();
    // What mixes call them is told apart by the service that has them all.
    let technology = |k: &TechnologyId| &catalogue.technologies[k.at()];
    let has = |service: &&Service, called: &str| {
        let mut own = service.technologies.iter().map(technology);
        own.any(|k| k.named.id == called || k.alias() == called)
    };
    let mut services = catalogue.services.iter();
    let service = services.find(|service| called.iter().all(|called| has(service, called)));
    let known = called.iter().map(|&called| {
        let own = service.map_or(&[][..], |service| &service.technologies);
        let mut own = own.iter().map(technology);
        let found = own.find(|k| k.named.id == called || k.alias() == called);
        let name = found.map(|k| &k.named.name);
        Known::named(
            called,
            name.map_or("", |n| n.zh.as_str()),
            name.map_or("", |n| n.en.as_str()),
        )
    });
    with_others(catalogue, NameOf::Technology, known.collect())
}

/// Regions that are no zones.
pub(super) fn regions(catalogue: &Catalogue) -> Vec<Known<'_>> {
    use jianpai_core::catalogue::Level;
    let regions = catalogue.regions.iter();
    let all = Known::all(regions.filter(|r| r.level != Level::Zone).map(|r| &r.named));
    with_others(catalogue, NameOf::Region, all)
}
