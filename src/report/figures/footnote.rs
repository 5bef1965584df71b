//! Under the charts: calibres, sources, and what the numbers rest on.

use crate::base;
use crate::case::{Case, splice_text};
use jianpai_core::catalogue::{Account, Book};
use jianpai_core::dims::{IndicatorId, PollutantId};
use jianpai_core::explain::{Shares, Support};
use jianpai_core::scenario::Scenario;
use jianpai_core::text::{Lang, Text};

/// The footnote: calibres and sources of the base year, the model, the scenario,
/// and, of the indicators `shown`, how much rests on what kind of numbers.
pub(crate) fn footnote(case: &Case<'_>, pollutants: &[PollutantId], shown: &[usize]) -> Text {
    footnote_of(std::slice::from_ref(case), pollutants, shown)
}

/// The same for several scenarios: the first one's, with the splices of all.
pub(super) fn footnote_of(cases: &[Case<'_>], pollutants: &[PollutantId], shown: &[usize]) -> Text {
    let case = &cases[0];
    let rests = rests(cases, shown);
    let mut calibres: Vec<&Text> = Vec::new();
    let mut sources: Vec<&Text> = Vec::new();
    for p in pollutants {
        let inventory = case
            .scenario
            .world
            .inventory
            .get(&Account::Pollutant(*p, Book::Physical));
        let Some(total) = inventory.and_then(|inventory| inventory.total) else {
            continue;
        };
        let calibre = &case.catalogue.calibres[total.calibre.at()].name;
        let source = &case.catalogue.sources[total.amount.origin.source.at()].issuer;
        if !calibres.contains(&calibre) {
            calibres.push(calibre);
        }
        if !sources.contains(&source) {
            sources.push(source);
        }
    }
    let join = |texts: &[&Text], lang: Lang| {
        let names: Vec<&str> = texts.iter().map(|name| name.get(lang)).collect();
        names.join(lang.pick("、", "; "))
    };
    let (version, origin) = (env!("CARGO_PKG_VERSION"), origin(cases));
    let frame = |lang: Lang, none: &str, calibre: &str| {
        let calibres = join(&calibres, lang);
        if calibres.is_empty() {
            none.to_string()
        } else {
            format!("{calibre}{calibres}")
        }
    };
    let zh = frame(Lang::Zh, "基年为自下而上估算，无官方口径", "口径：");
    let en = frame(
        Lang::En,
        "Base year bottom-up, no official calibre",
        "Calibre: ",
    );
    let (from_zh, from_en) = if sources.is_empty() {
        (String::new(), String::new())
    } else {
        (
            format!("；基年来源：{}", join(&sources, Lang::Zh)),
            format!(". Base year: {}", join(&sources, Lang::En)),
        )
    };
    let mut splices: Vec<Text> = Vec::new();
    let pairs = cases
        .iter()
        .flat_map(|case| pollutants.iter().map(move |p| (case, *p)));
    let several = pollutants.len() > 1;
    for (case, splice) in pairs.flat_map(|(case, p)| case.splices(p).map(move |s| (case, s))) {
        let mut text = splice_text(case, splice);
        if several {
            let id = &case.catalogue.indicators[splice.indicator.at()].named.id;
            text = Text::new(format!("{id} {}", text.zh), format!("{id} {}", text.en));
        }
        if !splices.contains(&text) {
            splices.push(text);
        }
    }
    let spliced = |lang: Lang| -> String {
        let texts = splices.iter().map(|text| text.get(lang));
        texts
            .flat_map(|text| [lang.pick("。", ". "), text])
            .collect()
    };
    let projected = projected(cases, shown);
    let (zh, en) = (
        zh + &from_zh + &projected.zh + &spliced(Lang::Zh),
        en + &from_en + &projected.en + &spliced(Lang::En),
    );
    Text::new(
        format!("{zh}。测算：jianpai {version}，{}。{}", origin.zh, rests.zh),
        format!(
            "{en}. Projection: jianpai {version}, {}.{}",
            origin.en, rests.en
        ),
    )
}

/// Which bases of what is shown no official total stands behind.
pub(super) fn projected(cases: &[Case<'_>], shown: &[usize]) -> Text {
    let scenarios: Vec<&Scenario> = cases.iter().map(|case| case.scenario).collect();
    let shown = shown.iter().map(|i| IndicatorId::from_usize(*i));
    base::projected(cases[0].catalogue, &scenarios, shown)
}

/// What is said of the scenarios behind a chart.
fn origin(cases: &[Case<'_>]) -> Text {
    let ids: Vec<&str> = cases.iter().map(|c| c.scenario.id.as_str()).collect();
    let same_name = cases
        .iter()
        .all(|case| case.scenario.name == cases[0].scenario.name);
    match ids.as_slice() {
        [one] => Text::new(format!("情景 {one}"), format!("scenario {one}")),
        several if several.len() <= 4 => Text::new(
            format!("情景 {}", several.join("、")),
            format!("scenarios {}", several.join(", ")),
        ),
        many if same_name => {
            let (name, count) = (&cases[0].scenario.name, many.len());
            Text::new(
                format!("情景 {}，{count}个地区", name.zh),
                format!("scenario {}, {count} regions", name.en),
            )
        }
        many => Text::new(
            format!("情景 {} 等{}个", many[0], many.len()),
            format!("scenarios {} and {} more", many[0], many.len() - 1),
        ),
    }
}

/// How much of what a chart shows of the last year rests on numbers with a source, and
/// on what the scenario states: from the least to the most of several.
fn rests(cases: &[Case<'_>], shown: &[usize]) -> Text {
    let supports = cases.iter().map(|case| case.support);
    let year = cases[0].scenario.end_year;
    if cases.iter().all(|case| case.scenario.end_year == year) {
        return rests_on(supports, shown, year);
    }
    rests_in(supports, shown, &Text::new("期末", "the last year"))
}

/// The same from the supports themselves.
pub fn rests_on<'s>(
    supports: impl Iterator<Item = &'s Support>,
    shown: &[usize],
    year: i32,
) -> Text {
    let when = Text::new(format!("{year}年"), year.to_string());
    rests_in(supports, shown, &when)
}

fn rests_in<'s>(supports: impl Iterator<Item = &'s Support>, shown: &[usize], when: &Text) -> Text {
    let shares = supports.flat_map(|support| {
        let ids = shown.iter().map(|i| IndicatorId::from_usize(*i));
        ids.filter_map(|id| support.last(id))
    });
    let shares: Vec<&Shares> = shares.collect();
    if shares.is_empty() {
        return Text::default();
    }
    let span = |of: &dyn Fn(&Shares) -> f64| {
        let parts = shares.iter().map(|shares| (of(shares) * 100.0).round());
        let (low, high) = parts.fold((100.0_f64, 0.0_f64), |(low, high), part| {
            (low.min(part), high.max(part))
        });
        if (high - low).abs() < 0.5 {
            format!("{low:.0}%")
        } else {
            format!("{low:.0}–{high:.0}%")
        }
    };
    let (firm, stated) = (span(&Shares::firm), span(&|shares| shares.stated));
    Text::new(
        format!(
            "{}数值所依据的数中，{firm}有出处（引自文件、统计资料或由其算出），{stated}由情景设定，\
             其余为估算或假定。",
            when.zh
        ),
        format!(
            " Of what {} rests on, {firm} is quoted or computed from a source, {stated} is set by \
             the scenario, the rest is estimated or assumed.",
            when.en
        ),
    )
}
