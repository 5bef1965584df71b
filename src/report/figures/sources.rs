//! Who emits a pollutant, year by year: the classes of sources on top of each other.

use super::balance::{amount_of, unit_of};
use super::footnote::footnote;
use super::wedges::lowered;
use crate::case::{Case, account_name, leading, number, percent};
use crate::chart::{Area, AreaChart, AreaKind, Edge, Paint};
use jianpai_core::catalogue::Account;
use jianpai_core::dims::PollutantId;
use jianpai_core::kernel::{self, Join};
use jianpai_core::text::Text;

/// One class of sources, by year from the one that targets count from (t).
struct Source {
    name: Text,
    paint: Paint,
    values: Vec<f64>,
}

impl Source {
    fn first(&self) -> f64 {
        self.values.first().copied().unwrap_or(0.0)
    }

    fn last(&self) -> f64 {
        self.values.last().copied().unwrap_or(0.0)
    }
}

/// The classes that emit, the largest of the last year first; what belongs to no service
/// last.
fn sources(case: &Case<'_>, account: Account) -> Option<Vec<Source>> {
    let (catalogue, plan) = (case.catalogue, case.plan);
    let q = plan.account(account)?;
    let start = plan.year(case.index_base())?;
    let rows = kernel::by_service(plan, &plan.stated_levels(), q, Join::Observed);
    let mut all: Vec<Source> = catalogue
        .classes
        .iter()
        .map(|class| Source {
            name: class.named.name.clone(),
            paint: Paint::Series,
            values: vec![0.0; plan.span() - start],
        })
        .collect();
    let rest = all.len();
    all.push(Source {
        name: Text::new("其他（衔接等）", "Other (join)"),
        paint: Paint::Rest,
        values: vec![0.0; plan.span() - start],
    });
    for (v, row) in rows.iter().enumerate() {
        let class = catalogue.services.get(v).map_or(rest, |s| s.class.at());
        for (sum, value) in all[class].values.iter_mut().zip(&row[start..]) {
            *sum += value;
        }
    }
    let total: f64 = all
        .iter()
        .map(|source| source.first().max(source.last()))
        .sum();
    let emits = |source: &Source| source.values.iter().any(|v| v.abs() > total * 1e-9);
    all.retain(emits);
    all.sort_by(|a, b| {
        let rank = |source: &Source| (source.paint == Paint::Rest, -source.last());
        let ((a, x), (b, y)) = (rank(a), rank(b));
        a.cmp(&b).then(x.total_cmp(&y))
    });
    Some(all)
}

/// The sources of a pollutant. `None` where fewer than two classes emit it.
pub fn by_source(case: &Case<'_>, p: PollutantId) -> Option<AreaChart> {
    let account = leading(case.catalogue, p);
    let sources = sources(case, account)?;
    let classes = sources.iter().filter(|s| s.paint != Paint::Rest).count();
    let base: f64 = sources.iter().map(Source::first).sum();
    if classes < 2 || base <= 0.0 {
        return None;
    }
    let scale = if base >= 5e8 { 1e8 } else { 1e4 };
    let years = case.index_years().to_vec();
    let total = |t: usize| sources.iter().map(|s| s.values[t]).sum::<f64>() / scale;
    let (first, end) = (case.index_base(), case.scenario.end_year);
    let named = case.title();
    let name = account_name(case.catalogue, account);
    Some(AreaChart {
        title: title(case, &name, &sources, scale),
        subtitle: Text::new(
            format!("{}：{first}—{end}年{}分部门排放", named.zh, name.zh),
            format!("{} — {} by source, {first}–{end}", named.en, name.en),
        ),
        unit: unit_of(scale),
        edges: vec![Edge {
            name: Text::new("合计", "Total"),
            values: (0..years.len()).map(total).collect(),
            muted: false,
        }],
        years,
        kind: AreaKind::Parts,
        areas: sources
            .iter()
            .map(|source| Area {
                name: source.name.clone(),
                paint: source.paint,
                values: source.values.iter().map(|v| v / scale).collect(),
            })
            .collect(),
        history_until: Some(case.recorded_until()).filter(|year| *year > first),
        footnote: footnote(case, &[p], &amount_of(case, account)),
        ..AreaChart::default()
    })
}

/// The headline: the largest source of the last year, and the one that moved most.
fn title(case: &Case<'_>, name: &Text, sources: &[Source], scale: f64) -> Text {
    let (first, year) = (case.index_base(), case.scenario.end_year);
    let unit = unit_of(scale);
    let total: f64 = sources.iter().map(Source::last).sum();
    let classes = || sources.iter().filter(|s| s.paint != Paint::Rest);
    let mut text = Text::new(
        format!("{year}年{}", name.zh),
        format!("{} in {year}", name.en),
    );
    if let Some(top) = classes().max_by(|a, b| a.last().total_cmp(&b.last())) {
        let share = percent(top.last() / total);
        text.zh = format!(
            "{year}年{}排放最多的是{}（占{share}）",
            name.zh, top.name.zh
        );
        text.en = format!(
            "The largest source of {} in {year} is {} ({share})",
            name.en,
            lowered(&top.name.en)
        );
    }
    let moved = |source: &&Source| source.last() - source.first();
    let fell = classes().min_by(|a, b| moved(a).total_cmp(&moved(b)));
    if let Some(fell) = fell.filter(|s| moved(s) < -1e-3 * total) {
        let by = number(-moved(&fell) / scale);
        let top = classes().max_by(|a, b| a.last().total_cmp(&b.last()));
        if top.is_some_and(|top| top.name == fell.name) {
            text.zh += &format!("，较{first}年减少也最多（{by}{}）", unit.zh);
            text.en += &format!("; it has also fallen most since {first} ({by} {})", unit.en);
        } else {
            text.zh += &format!(
                "，较{first}年减少最多的是{}（{by}{}）",
                fell.name.zh, unit.zh
            );
            text.en += &format!(
                "; the largest fall since {first} is in {} ({by} {})",
                lowered(&fell.name.en),
                unit.en
            );
        }
    }
    text
}
