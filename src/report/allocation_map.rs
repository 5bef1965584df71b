//! What each rule asks of every province, on a map of tiles.

use crate::allocation::{ByRule, Shared};
use crate::case::percent;
use crate::chart::{Chart as _, Mark, TileMap};
use crate::figures::{Figure, Shown, both, of_places, ranked, remarks, tiles_by_id};
use jianpai_core::text::Text;

/// A map a rule, in both languages; none where the parts are not the provinces.
pub fn figures(shared: &Shared) -> Vec<Figure> {
    let charts = maps(shared).into_iter();
    charts
        .flat_map(|(name, chart)| both(&name, |lang| chart.render(lang)))
        .collect()
}

/// The maps with the stems of their files.
pub fn maps(shared: &Shared) -> Vec<(String, TileMap)> {
    if shared.base_year.is_none() {
        return Vec::new();
    }
    let maps = shared.rules.iter().filter_map(|rule| {
        let chart = map(shared, rule)?;
        Some((format!("allocation-map-{}", rule.id), chart))
    });
    maps.collect()
}

fn map(shared: &Shared, rule: &ByRule) -> Option<TileMap> {
    let tiles = tiles_by_id(|id| {
        let i = shared.parts.iter().position(|part| part.id == id)?;
        let part = &shared.parts[i];
        let rate = rule.cuts[i] / part.emission;
        let note = part.official.map_or(Text::same(percent(rate)), |official| {
            let (rate, official) = (percent(rate), percent(official));
            Text::new(
                format!("{rate}；官方下达{official}"),
                format!("{rate}; official {official}"),
            )
        });
        let known = rate.is_finite().then(|| Shown {
            value: rate * 100.0,
            words: percent(rate),
            mark: None::<Mark>,
            note,
        });
        Some((part.name.clone(), known))
    })?;
    let ranked = ranked(&tiles);
    let (most, least) = (ranked.first()?, ranked.last()?);
    let (id, count) = (&shared.pollutant, ranked.len());
    let whole: f64 = shared.parts.iter().map(|part| part.emission).sum();
    let rate = percent(shared.cut / whole);
    let base = shared.base_year.unwrap_or_default();
    let places = of_places();
    Some(TileMap {
        title: Text::new(
            format!(
                "{id}削减{rate}的分解（{}）：{count}省从{}（{}）到{}（{}）",
                rule.name.zh, least.shown, least.name.zh, most.shown, most.name.zh
            ),
            format!(
                "{id}, {rate} to be cut, by “{}”: {} ({}) to {} ({}) in {count} provinces",
                rule.name.en, least.shown, least.name.en, most.shown, most.name.en
            ),
        ),
        subtitle: Text::new(
            format!("各省较{base}年的削减比例"),
            format!("Rate of reduction on {base} by province"),
        ),
        scale: Text::new("颜色：削减比例（%）", "Colour: rate of reduction (%)"),
        remarks: remarks(&tiles, ["最多", "最少"], ["Most", "Least"]),
        below_zero: Text::new("可增排", "may emit more"),
        tiles,
        whole: None,
        footnote: Text::new(
            format!(
                "{}各省比例按排放量加权等于总目标。测算：jianpai {}。",
                places.zh,
                env!("CARGO_PKG_VERSION")
            ),
            format!(
                "{} Rates weighted with emissions sum to the whole. Computed by jianpai {}.",
                places.en,
                env!("CARGO_PKG_VERSION")
            ),
        ),
    })
}
