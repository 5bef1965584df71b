//! Many regions: a map of tiles and a panel each.

use super::compare::{
    change, changes_text, last_target, mark_of, names, pollutants, same_scenario, span,
};
use super::footnote::footnote_of;
use super::places::{self, Shown};
use crate::case::{Case, demand_text, short_name, signed_percent};
use crate::chart::{RegionPanel, RegionPanels, Tile, TileMap};
use crate::standing::Standing;
use jianpai_core::catalogue::Level;
use jianpai_core::text::{Lang, Text};

/// Regions that have a target on an indicator, those that meet it, and those of them that
/// do so within the model's error.
fn tally(cases: &[&Case<'_>], i: usize) -> (usize, usize, usize) {
    let all = cases.iter().filter_map(|case| case.standing_on(i));
    let (mut judged, mut met, mut within) = (0, 0, 0);
    for standing in all {
        judged += 1;
        met += usize::from(standing.met() == Some(true));
        within += usize::from(standing == Standing::Within);
    }
    (judged, met, within)
}

/// How many of those with a target meet it, as the end of a headline.
fn met_text((judged, met, within): (usize, usize, usize)) -> Text {
    if judged == 0 {
        return Text::new("，均未设目标", "; none has a target");
    }
    let near = if within == 0 {
        Text::default()
    } else if within == met {
        Text::new("（均在误差之内）", ", all within error")
    } else {
        Text::new(
            format!("（{within}个在误差之内）"),
            format!(" ({within} within error)"),
        )
    };
    Text::new(
        format!("；{judged}个有目标，达到{met}个{}", near.zh),
        format!("; {met} of {judged} with a target meet it{}", near.en),
    )
}

/// An indicator in every province as tiles; `None` where the cases are not one scenario in
/// many provinces.
pub fn tile_map(cases: &[Case<'_>], i: usize) -> Option<TileMap> {
    let first = cases.first()?;
    if !same_scenario(cases) {
        return None;
    }
    let catalogue = first.catalogue;
    let indicator = &catalogue.indicators[i];
    let better = if indicator.higher_is_better {
        1.0
    } else {
        -1.0
    };
    let of = |case: &Case<'_>| {
        let change = change(case, i, case.index_base());
        let asked = case.targets().find(|(t, _)| t.indicator.at() == i);
        let asks = asked.map(|(target, _)| demand_text(indicator, target));
        let note = |lang: Lang| {
            let shown = signed_percent(change / 100.0);
            let asks = asks.as_ref().map(|asks| asks.get(lang));
            asks.map_or(shown.clone(), |asks| match lang {
                Lang::Zh => format!("{shown}；目标：{asks}"),
                Lang::En => format!("{shown}; target: {asks}"),
            })
        };
        change.is_finite().then(|| Shown {
            value: better * change,
            words: signed_percent(change / 100.0),
            mark: Some(mark_of(case, i)),
            note: Text::new(note(Lang::Zh), note(Lang::En)),
        })
    };
    let tiles = places::tiles(catalogue, |region| {
        cases
            .iter()
            .find(|case| case.plan.region == region)
            .and_then(of)
    })?;
    let whole = cases
        .iter()
        .find(|case| case.region().level == Level::Nation);
    let whole = whole.and_then(|case| Some((case, of(case)?)));
    let whole = whole.map(|(case, shown)| Tile {
        name: case.region().named.name.clone(),
        at: (0, 0),
        value: shown.value,
        shown: shown.words,
        mark: shown.mark,
        note: shown.note,
    });
    let parts: Vec<&Case<'_>> = cases
        .iter()
        .filter(|case| case.region().level == Level::Province)
        .collect();
    let title = headline(
        &places::ranked(&tiles),
        &short_name(catalogue, indicator),
        tally(&parts, i),
    );
    let (from, to) = span(first);
    let (zh, en) = if indicator.higher_is_better {
        ("增幅", "increase")
    } else {
        ("降幅", "reduction")
    };
    let scale = Text::new(
        format!("颜色：{from}—{to}年{zh}（%）"),
        format!("Colour: {en} {from}–{to} (%)"),
    );
    Some(TileMap {
        title,
        subtitle: {
            let name = &first.scenario.name;
            let what = changes_text(cases);
            Text::new(
                format!("{}：各省{}", name.zh, what.zh),
                format!("{}: {} by province", name.en, lowered(&what.en)),
            )
        },
        scale,
        remarks: places::remarks(&tiles, ["变化最大", "变化最小"], ["Most", "Least"]),
        below_zero: if indicator.higher_is_better {
            Text::new("不升反降", "fell instead")
        } else {
            Text::new("不降反升", "rose instead")
        },
        footnote: {
            let mut foot = footnote_of(cases, &pollutants(first, &[i]), &[i]);
            let places = places::of_places();
            foot.zh = places.zh + &foot.zh;
            foot.en = format!("{} {}", places.en, foot.en);
            foot
        },
        tiles,
        whole,
    })
}

/// A sentence's first letter made small.
fn lowered(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or(String::new(), |first| {
        first.to_lowercase().chain(chars).collect()
    })
}

/// Who changes most and least, and how many meet their target.
fn headline(ranked: &[&Tile], name: &Text, tally: (usize, usize, usize)) -> Text {
    let met = met_text(tally);
    let count = ranked.len();
    let (Some(most), Some(least)) = (ranked.first(), ranked.last()) else {
        return name.clone();
    };
    Text::new(
        format!(
            "{}：{count}省变化从{}（{}）到{}（{}）{}",
            name.zh, most.shown, most.name.zh, least.shown, least.name.zh, met.zh
        ),
        format!(
            "{}: {} ({}) to {} ({}) in {count} provinces{}",
            name.en, most.shown, most.name.en, least.shown, least.name.en, met.en
        ),
    )
}

/// One indicator over the years, a panel each case.
pub fn panels(cases: &[Case<'_>], i: usize) -> RegionPanels {
    let first = &cases[0];
    let indicator = &first.catalogue.indicators[i];
    let names = names(cases);
    let all = cases.iter().zip(names).map(|(case, name)| RegionPanel {
        name,
        years: case.index_years().to_vec(),
        values: case.index(i, &case.outcome.indicators[i]),
        without: case.index(i, case.reference(i)),
        target: last_target(case, i).map(|change| (case.scenario.end_year, 100.0 + change)),
        standing: case.standing_on(i),
    });
    let panels: Vec<RegionPanel> = all.collect();
    let steady = |panel: &&RegionPanel| {
        let steps = panel.values.windows(2);
        let good = |pair: &[f64]| {
            if indicator.higher_is_better {
                pair[1] > pair[0]
            } else {
                pair[1] < pair[0]
            }
        };
        panel.values.len() > 1 && steps.clone().all(good)
    };
    let steady = panels.iter().filter(steady).count();
    let own: Vec<&Case<'_>> = cases.iter().collect();
    let met = met_text(tally(&own, i));
    let (what_zh, what_en) = if same_scenario(cases) {
        ("个地区", "regions")
    } else {
        ("个情景", "scenarios")
    };
    let (way_zh, way_en) = if indicator.higher_is_better {
        ("逐年上升", "rise every year")
    } else {
        ("逐年下降", "fall every year")
    };
    let (name, count) = (short_name(first.catalogue, indicator), cases.len());
    let some_zh = if steady == count {
        "均".to_string()
    } else {
        format!("中{steady}个")
    };
    let base = first.index_base();
    let same = cases.iter().all(|case| span(case) == span(first));
    let subtitle = if same {
        let (from, to) = span(first);
        Text::new(
            format!("{from}—{to}年指数，{base}年=100；右上为期末变化"),
            format!("Index {from}–{to}, {base} = 100; at the right the change at the end"),
        )
    } else {
        Text::new(
            "指数，各自目标基年=100；右上为期末变化",
            "Index, the year that targets count from = 100; at the right the change at the end",
        )
    };
    let reference = if cases
        .iter()
        .all(|c| c.reference_name() == first.reference_name())
    {
        first.reference_name()
    } else {
        Text::new("无新增措施", "without new measures")
    };
    RegionPanels {
        title: Text::new(
            format!("{}：{count}{what_zh}{some_zh}{way_zh}{}", name.zh, met.zh),
            format!(
                "{}: {steady} of {count} {what_en} {way_en}{}",
                name.en, met.en
            ),
        ),
        subtitle,
        panels,
        with_name: if same_scenario(cases) {
            Text::new("本情景", "This scenario")
        } else {
            Text::new("各情景", "Each scenario")
        },
        without_name: reference,
        footnote: footnote_of(cases, &pollutants(first, &[i]), &[i]),
    }
}
