//! Where the provinces stand on a map of tiles: the usual arrangement, by neighbours and
//! not by borders.

use crate::chart::{Mark, Tile};
use jianpai_core::catalogue::Catalogue;
use jianpai_core::dims::RegionId;
use jianpai_core::text::Text;

/// The provinces by id, each with its column from the west and its row from the north.
const PLACES: [(&str, u8, u8); 31] = [
    ("heilongjiang", 6, 0),
    ("inner-mongolia", 3, 1),
    ("jilin", 6, 1),
    ("xinjiang", 0, 2),
    ("ningxia", 2, 2),
    ("shanxi", 3, 2),
    ("beijing", 4, 2),
    ("tianjin", 5, 2),
    ("liaoning", 6, 2),
    ("qinghai", 0, 3),
    ("gansu", 1, 3),
    ("shaanxi", 2, 3),
    ("henan", 3, 3),
    ("hebei", 4, 3),
    ("shandong", 5, 3),
    ("tibet", 0, 4),
    ("sichuan", 1, 4),
    ("chongqing", 2, 4),
    ("hubei", 3, 4),
    ("anhui", 4, 4),
    ("jiangsu", 5, 4),
    ("shanghai", 6, 4),
    ("yunnan", 1, 5),
    ("guizhou", 2, 5),
    ("hunan", 3, 5),
    ("jiangxi", 4, 5),
    ("zhejiang", 5, 5),
    ("guangxi", 3, 6),
    ("guangdong", 4, 6),
    ("fujian", 5, 6),
    ("hainan", 3, 7),
];

/// Fewer provinces than this are compared in another way.
const FEWEST: usize = 12;

/// What a tile shows of a province.
pub(crate) struct Shown {
    /// What gives the colour.
    pub value: f64,
    /// The same as it is written.
    pub words: String,
    /// How it stands with its target.
    pub mark: Option<Mark>,
    /// More about it.
    pub note: Text,
}

/// All provinces as tiles, those that `of` knows with a value; `None` where these are too
/// few for a map.
pub(crate) fn tiles(
    catalogue: &Catalogue,
    of: impl Fn(RegionId) -> Option<Shown>,
) -> Option<Vec<Tile>> {
    tiles_by_id(|id| {
        let region = catalogue.region(id)?;
        let name = catalogue.regions[region.at()].named.name.clone();
        Some((name, of(region)))
    })
}

/// The same by id, for whoever has names of their own; what is not known there is left out.
pub(crate) fn tiles_by_id(of: impl Fn(&str) -> Option<(Text, Option<Shown>)>) -> Option<Vec<Tile>> {
    let placed = PLACES.iter().filter_map(|(id, column, row)| {
        let (name, shown) = of(id)?;
        let empty = Tile {
            name,
            at: (*column, *row),
            value: f64::NAN,
            ..Tile::default()
        };
        Some(match shown {
            Some(shown) => Tile {
                value: shown.value,
                shown: shown.words,
                mark: shown.mark,
                note: shown.note,
                ..empty
            },
            None => empty,
        })
    });
    let tiles: Vec<Tile> = placed.collect();
    let known = tiles.iter().filter(|tile| tile.value.is_finite()).count();
    (known >= FEWEST).then_some(tiles)
}

/// What every map of tiles says under it.
pub(crate) fn of_places() -> Text {
    Text::new(
        "方格按方位排列，便于查找，不表示边界和面积。",
        "Tiles stand for provinces by neighbourhood; they show no borders and no areas.",
    )
}

/// How many are named as the first and the last.
const NAMED: usize = 3;

/// The first, the middle and the last of some tiles, under the words for the first and the
/// last in Chinese and in English.
pub(crate) fn remarks(tiles: &[Tile], zh: [&str; 2], en: [&str; 2]) -> Vec<Text> {
    let ranked = ranked(tiles);
    let named = |tiles: &[&Tile], [zh, en]: [&str; 2]| {
        let each = |pick: &dyn Fn(&Text) -> String, by: &str| {
            let own = tiles
                .iter()
                .map(|t| format!("{} {}", pick(&t.name), t.shown));
            own.collect::<Vec<_>>().join(by)
        };
        Text::new(
            format!("{zh}：{}", each(&|name| name.zh.clone(), "、")),
            format!("{en}: {}", each(&|name| name.en.clone(), ", ")),
        )
    };
    let count = ranked.len();
    let middle = ranked.get(count / 2).map_or("", |tile| &tile.shown);
    vec![
        named(&ranked[..NAMED.min(count)], [zh[0], en[0]]),
        Text::new(format!("居中：{middle}"), format!("Middle one: {middle}")),
        named(&ranked[count.saturating_sub(NAMED)..], [zh[1], en[1]]),
    ]
}

/// The tiles that have a value, the greatest first.
pub(crate) fn ranked(tiles: &[Tile]) -> Vec<&Tile> {
    let known = tiles.iter().filter(|tile| tile.value.is_finite());
    let mut ranked: Vec<&Tile> = known.collect();
    ranked.sort_by(|a, b| b.value.total_cmp(&a.value));
    ranked
}

#[cfg(test)]
mod tests {
    use super::PLACES;
    use std::collections::BTreeSet;

    #[test]
    fn every_province_has_a_tile_of_its_own() {
        let places: BTreeSet<(u8, u8)> = PLACES.iter().map(|(_, x, y)| (*x, *y)).collect();
        let names: BTreeSet<&str> = PLACES.iter().map(|(id, ..)| *id).collect();
        assert_eq!((places.len(), names.len()), (31, 31));
        // The tiles hang together: every one touches another.
        for (id, x, y) in PLACES {
            let touches = places.iter().any(|(a, b)| {
                let (dx, dy) = (a.abs_diff(x), b.abs_diff(y));
                dx.max(dy) == 1
            });
            assert!(touches, "{id}");
        }
    }
}
