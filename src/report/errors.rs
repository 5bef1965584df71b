//! Where a hindcast is wrong, and by how much: a map of tiles of model less published.

use crate::case::{Case, number};
use crate::chart::{Chart as _, Tile, TileMap};
use crate::figures::{Figure, Shown, both, of_places, ranked, tiles};
use crate::scorecard::{Score, subject};
use jianpai_core::catalogue::Book;
use jianpai_core::text::Text;
use std::collections::BTreeMap;

/// Errors up to this many points are counted in the headline.
const NEAR: f64 = 5.0;

/// What is published alike for many provinces: indicator, book, year.
type Alike<'a> = (&'a str, Book, i32);

/// A map for each number that was published for many provinces alike.
pub fn figures(cases: &[Case<'_>], scores: &[Score<'_>]) -> Vec<Figure> {
    let charts = maps(cases, scores).into_iter();
    charts
        .flat_map(|(name, chart)| both(&name, |lang| chart.render(lang)))
        .collect()
}

/// The maps with the stems of their files.
pub fn maps(cases: &[Case<'_>], scores: &[Score<'_>]) -> Vec<(String, TileMap)> {
    let mut alike: BTreeMap<Alike<'_>, Vec<&Score<'_>>> = BTreeMap::new();
    for score in scores {
        let catalogue = cases[score.case].catalogue;
        let book = catalogue.book_of(score.published.calibre);
        let key = (
            score.published.indicator.as_str(),
            book,
            score.published.year,
        );
        alike.entry(key).or_default().push(score);
    }
    // Of several years the last, which is farthest from the base year.
    let last = |key: &Alike<'_>| {
        let same = |other: &&Alike<'_>| other.0 == key.0 && other.1 == key.1;
        alike.keys().filter(same).all(|other| other.2 <= key.2)
    };
    let maps = alike.iter().filter(|(key, _)| last(key));
    let maps = maps.filter_map(|(key, own)| {
        let chart = map(cases, *key, own)?;
        Some((format!("hindcast-map-{}-{}", key.0, key.2), chart))
    });
    maps.collect()
}

/// A difference in points as it is written.
fn points(error: f64) -> String {
    let sign = if error >= 0.05 { "+" } else { "" };
    format!("{sign}{error:.1}")
        .replace('-', "−")
        .replace("−0.0", "0.0")
}

fn map(
    cases: &[Case<'_>],
    (indicator, book, year): Alike<'_>,
    scores: &[&Score<'_>],
) -> Option<TileMap> {
    let catalogue = cases.first()?.catalogue;
    let percent = |part: f64| number(part * 100.0);
    let tiles = tiles(catalogue, |region| {
        let score = scores
            .iter()
            .find(|score| score.published.region == region)?;
        let error = score.error() * 100.0;
        let (model, told) = (percent(score.model), percent(score.published.value.value));
        Some(Shown {
            value: error.abs(),
            words: points(error),
            mark: None,
            note: Text::new(
                format!("模型降{model}%，公布降{told}%"),
                format!("the model says −{model} %, published −{told} %"),
            ),
        })
    })?;
    let provinces: Vec<f64> = scores
        .iter()
        .filter(|score| {
            let known = |tile: &Tile| {
                let name = &catalogue.regions[score.published.region.at()].named.name;
                tile.name == *name && tile.value.is_finite()
            };
            tiles.iter().any(known)
        })
        .map(|score| score.error() * 100.0)
        .collect();
    let count = provinces.len();
    let near = provinces.iter().filter(|error| error.abs() <= NEAR).count();
    let mean = provinces.iter().sum::<f64>() / count as f64;
    let name = subject(catalogue, indicator, book);
    let (way_zh, way_en) = if mean < 0.0 {
        ("少", "less than was published")
    } else {
        ("多", "more than was published")
    };
    let by = format!("{:.1}", mean.abs());
    let ranked = ranked(&tiles);
    let first = ranked.iter().take(3);
    let list = |pick: &dyn Fn(&Tile) -> String, by: &str| {
        first
            .clone()
            .map(|tile| pick(tile))
            .collect::<Vec<_>>()
            .join(by)
    };
    let places = of_places();
    Some(TileMap {
        title: Text::new(
            format!(
                "{}{year}年：{count}省中{near}省误差在{NEAR}个百分点以内，降幅平均{way_zh}算{by}个百分点",
                name.zh
            ),
            format!(
                "{} in {year}: {near} of {count} provinces are within {NEAR} points; on the mean the model cuts {by} points {way_en}",
                name.en
            ),
        ),
        subtitle: Text::new(
            "模型降幅减公布降幅，百分点；正数为模型降得多",
            "Reduction by the model less that published, in points; above zero the model cuts more",
        ),
        scale: Text::new(
            "颜色：误差大小（百分点）",
            "Colour: size of the error (points)",
        ),
        remarks: vec![Text::new(
            format!(
                "误差最大：{}",
                list(&|tile| format!("{} {}", tile.name.zh, tile.shown), "、")
            ),
            format!(
                "Largest: {}",
                list(&|tile| format!("{} {}", tile.name.en, tile.shown), ", ")
            ),
        )],
        tiles,
        whole: None,
        below_zero: Text::default(),
        footnote: Text::new(
            format!(
                "模型的任何数都未按公布值调过；各省口径不一，误差不可相减。{}测算：jianpai {}。",
                places.zh,
                env!("CARGO_PKG_VERSION")
            ),
            format!(
                "No number of the model is tuned to what was published; calibres differ between provinces. {} Computed by jianpai {}.",
                places.en,
                env!("CARGO_PKG_VERSION")
            ),
        ),
    })
}
