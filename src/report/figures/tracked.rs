//! Targets outside the model: the user's own values over the years, and what is aimed at.

use crate::case::Case;
use crate::chart::{LineChart, Series, TargetMark};
use crate::standing::Standing;
use jianpai_core::scenario::Tracked;
use jianpai_core::text::Text;

/// One chart for each that has values of two years or more, or of one and an aim, by the
/// name of its file.
pub fn charts(case: &Case<'_>) -> Vec<(String, LineChart)> {
    let all = case.scenario.tracked.iter();
    let told = all.filter(|t| t.values.len() + usize::from(t.aim.is_some()) > 1);
    let told = told.filter(|t| !t.values.is_empty()).enumerate();
    told.map(|(n, tracked)| (file(n, tracked), chart(case, tracked)))
        .collect()
}

/// `tracked-pm25`; an id that is no name of a file gives way to its number.
fn file(n: usize, tracked: &Tracked) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let id = &tracked.id;
    if !id.is_empty() && id.len() <= 60 && id.chars().all(plain) {
        format!("tracked-{id}")
    } else {
        format!("tracked-{}", n + 1)
    }
}

fn chart(case: &Case<'_>, tracked: &Tracked) -> LineChart {
    let given = tracked.values.iter().map(|(year, _)| *year);
    let years: Vec<i32> = given.chain(tracked.aim.map(|_| tracked.year)).collect();
    let first = years.iter().min().copied().unwrap_or(tracked.year);
    let last = years.iter().max().copied().unwrap_or(tracked.year);
    let name = &tracked.name;
    let target = &tracked.target;
    let source = tracked.source.as_ref();
    LineChart {
        title: headline(case, tracked),
        subtitle: name.clone(),
        unit: Text::same(tracked.unit.clone()),
        years: (first..=last).collect(),
        series: vec![Series {
            name: Text::new("自报值", "Own values"),
            observed: tracked.values.clone(),
            ..Series::default()
        }],
        targets: tracked
            .aim
            .map(|value| TargetMark {
                year: tracked.year,
                value,
                label: Text::new(
                    format!("目标：{}", target.zh),
                    format!("Target: {}", target.en),
                ),
                // Which side of it is the better one the file does not say.
                standing: Standing::Open,
            })
            .into_iter()
            .collect(),
        footnote: Text::new(
            format!(
                "各年数值由情景文件给出，模型不计算此项{}",
                source.map_or(String::new(), |s| format!("；目标出处：{s}")),
            ),
            format!(
                "The values stand in the scenario file; the model does not compute them{}",
                source.map_or(String::new(), |s| format!("; the target: {s}")),
            ),
        ),
        ..LineChart::default()
    }
}

/// What the newest value is, against what is aimed at.
fn headline(case: &Case<'_>, tracked: &Tracked) -> Text {
    let region = &case.region().named.name;
    let (name, target) = (&tracked.name, &tracked.target);
    let Some((year, value)) = tracked.newest() else {
        return name.clone();
    };
    let amount = tracked.amount(value);
    let to = tracked.year;
    Text::new(
        format!(
            "{}{}：{year}年{amount}，{to}年目标{}",
            region.zh, name.zh, target.zh
        ),
        format!(
            "{}, {}: {amount} in {year}; target for {to}: {}",
            region.en, name.en, target.en
        ),
    )
}
