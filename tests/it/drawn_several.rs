//! What the charts of several runs are given to draw, against the runs: scorecards, maps of
//! tiles, panels of regions, the diagram of bands, maps of errors and of shares.

use crate::charts::{in_region, level};
use crate::program::run as call;
use crate::support::{catalogue, close, session};
use crate::written::{Shipped, shipped};
use jianpai::core::target::Demand;
use jianpai::core::text::Lang;
use jianpai::report::case::Case;
use jianpai::report::chart::Mark;
use jianpai::report::standing::Standing;
use jianpai::report::{errors, figures, reliability, scorecard};
use jianpai::study::hindcast::{self, Past};
use std::collections::{BTreeMap, BTreeSet};

/// The nation and all provinces in the scenario for all of them.
fn regions() -> &'static Vec<Shipped> {
    static ALL: std::sync::OnceLock<Vec<Shipped>> = std::sync::OnceLock::new();
    ALL.get_or_init(|| {
        let regions = &catalogue().regions;
        let wanted = regions.iter().filter(|region| {
            let level = format!("{:?}", region.level);
            level == "Nation" || level == "Province"
        });
        wanted
            .map(|region| in_region("provinces", &region.named.id))
            .collect()
    })
}

fn options() -> Vec<&'static Shipped> {
    let ids = ["weak", "planned", "strengthened"].map(|end| format!("shaanxi-14fyp-{end}"));
    let find = |id: &String| shipped().iter().find(|one| one.scenario.id == *id).unwrap();
    ids.iter().map(find).collect()
}

/// Every cell has the verdict of its scenario, in the terms of the target, and the headline
/// names who meets everything.
#[test]
fn a_scorecard_holds_every_verdict_of_every_scenario() {
    let all = options();
    let cases: Vec<Case<'_>> = all.iter().map(|one| one.case()).collect();
    let chart = figures::scorecard(&cases).unwrap();
    let mut told = 0;
    for (one, row) in all.iter().zip(&chart.rows) {
        let mut full = true;
        for (target, verdict) in one.scenario.targets.iter().zip(&one.outcome.verdicts) {
            let verdict = verdict.as_ref().unwrap();
            full &= verdict.met;
            let Demand::Reduction { wanted, base_year } = target.demand else {
                panic!("{}", target.id);
            };
            let i = target.indicator.at();
            let reached = 1.0 - one.value(i, target.year) / one.value(i, base_year);
            let place = chart
                .targets
                .iter()
                .zip(&row.cells)
                .filter_map(|(_, c)| c.as_ref());
            let cell = place
                .filter(|cell| close(cell.reached, reached * 100.0, 1e-9, 1.0))
                .find(|cell| close(cell.limit, wanted * 100.0, 1e-9, 1.0));
            let cell = cell.unwrap_or_else(|| panic!("{} {}", one.scenario.id, target.id));
            assert_eq!(cell.standing.met(), Some(verdict.met));
            let band = one.case().band(target, verdict);
            assert_eq!(cell.band.is_some(), band.is_some());
            if let (Some((low, high)), Some(band)) = (cell.band, band) {
                assert!(close(low, band.low * 100.0, 1e-12, 1e-9) && high > low);
                let inside = low <= wanted * 100.0 && wanted * 100.0 <= high;
                assert_eq!(cell.standing == Standing::Within, verdict.met && inside);
            }
            told += 1;
        }
        let (met, all) = one.case().score();
        let cells = row.cells.iter().flatten();
        assert_eq!(cells.clone().count(), all);
        let own = cells
            .filter(|cell| cell.standing.met() == Some(true))
            .count();
        assert_eq!(own, met);
        assert_eq!(
            chart.title.zh.contains(&one.scenario.name.zh),
            full,
            "{}",
            chart.title.zh
        );
        let costs = jianpai::report::costs::of_new(&one.case()).0;
        let (value, low, high) = row.cost.unwrap();
        assert!(close(value * 1e8, costs.value, 1e-12, 1.0));
        assert!(
            close(low * 1e8, costs.low, 1e-12, 1.0) && close(high * 1e8, costs.high, 1e-12, 1.0)
        );
    }
    assert_eq!(told, 18);
}

/// Each tile has the change of its province and the mark of its verdicts; the headline has
/// the ends of what is drawn.
#[test]
fn a_map_of_tiles_holds_each_province_once_with_its_change() {
    let all = regions();
    let cases: Vec<Case<'_>> = all.iter().map(Shipped::case).collect();
    assert_eq!(cases.len(), 32);
    let (mut missed, mut none) = (0, 0);
    for (i, indicator) in catalogue().indicators.iter().enumerate() {
        if !indicator.kind.is_emission() {
            continue;
        }
        let chart = figures::tile_map(&cases, i).unwrap();
        assert_eq!(chart.tiles.len(), 31);
        let places: BTreeSet<(u8, u8)> = chart.tiles.iter().map(|tile| tile.at).collect();
        assert_eq!(places.len(), 31);
        let mut changes = Vec::new();
        for one in all {
            let from = one.base();
            let change = one.value(i, one.scenario.end_year) / one.value(i, from) - 1.0;
            let name = &catalogue().regions[one.plan.region.at()].named.name;
            let tile = chart
                .tiles
                .iter()
                .chain(&chart.whole)
                .find(|t| t.name == *name);
            let tile = tile.unwrap_or_else(|| panic!("{}", name.en));
            assert!(
                close(tile.value, -100.0 * change, 1e-9, 1e-3),
                "{}",
                name.en
            );
            let own = one.scenario.targets.iter().zip(&one.outcome.verdicts);
            let own = own.filter(|(target, _)| target.indicator.at() == i);
            let met: Vec<bool> = own.map(|(_, v)| v.as_ref().unwrap().met).collect();
            let mark = tile.mark.unwrap();
            match met.as_slice() {
                [] => {
                    none += 1;
                    assert_eq!(mark, Mark::NoTarget);
                }
                all if all.contains(&false) => {
                    missed += 1;
                    assert_eq!(mark, Mark::Missed);
                }
                _ => assert!(matches!(mark, Mark::Met | Mark::Within)),
            }
            if chart.whole.as_ref().is_none_or(|whole| whole.name != *name) {
                changes.push(change);
            }
        }
        changes.sort_by(f64::total_cmp);
        for change in [changes[0], changes[30]] {
            let shown = jianpai::report::case::signed_percent(change);
            assert!(
                chart.title.en.contains(&shown),
                "{} {shown}",
                chart.title.en
            );
        }
        // A few provinces are no map, nor are several scenarios.
        assert!(figures::tile_map(&cases[..9], i).is_none());
    }
    assert!(missed > 5 && none > 20, "{missed} {none}");
    let several: Vec<Case<'_>> = options().iter().map(|one| one.case()).collect();
    assert!(figures::tile_map(&several, 0).is_none());
}

/// Each panel has the index of its region year by year and its target's level.
#[test]
fn panels_of_regions_hold_the_indices_of_each() {
    let all = regions();
    let cases: Vec<Case<'_>> = all.iter().map(Shipped::case).collect();
    for i in 0..catalogue().indicators.len() {
        let chart = figures::panels(&cases, i);
        let mut steady = 0;
        for (one, panel) in all.iter().zip(&chart.panels) {
            let from = one.value(i, one.base());
            for (year, value) in panel.years.iter().zip(&panel.values) {
                assert!(close(
                    *value,
                    100.0 * one.value(i, *year) / from,
                    1e-9,
                    1e-6
                ));
            }
            let falls = panel.values.windows(2).all(|pair| pair[1] < pair[0]);
            let rises = panel.values.windows(2).all(|pair| pair[1] > pair[0]);
            let up = catalogue().indicators[i].higher_is_better;
            steady += usize::from(if up { rises } else { falls });
            let own = one.scenario.targets.iter();
            let own = own.filter(|t| t.indicator.at() == i && t.year == one.scenario.end_year);
            let levels: Vec<f64> = own.filter_map(|target| level(one, target)).collect();
            assert_eq!(panel.target.is_some(), !levels.is_empty());
            if let ([level], Some((year, index))) = (levels.as_slice(), panel.target) {
                assert_eq!(year, one.scenario.end_year);
                assert!(close(index, 100.0 * level / from, 1e-9, 1e-6));
            }
        }
        let counted = format!("{steady} of 32 regions");
        assert!(
            chart.title.en.contains(&counted),
            "{} {counted}",
            chart.title.en
        );
    }
}

/// Plates have each chart once, with a caption and words in both languages, and are what
/// the folder of a comparison holds.
#[test]
fn plates_of_several_runs_are_the_files_of_a_comparison() {
    let few: Vec<Case<'_>> = options().iter().map(|one| one.case()).collect();
    let many: Vec<Case<'_>> = regions().iter().map(Shipped::case).collect();
    for cases in [few.as_slice(), many.as_slice()] {
        let plates = figures::plates_of_runs(cases);
        let ids: BTreeSet<&str> = plates.iter().map(|plate| plate.id.as_str()).collect();
        assert_eq!(ids.len(), plates.len());
        for plate in &plates {
            for lang in [Lang::Zh, Lang::En] {
                assert!(!plate.caption.get(lang).trim().is_empty(), "{}", plate.id);
                let alt = plate.alt.get(lang);
                assert!(
                    alt.chars().any(|c| c.is_ascii_digit()),
                    "{}: {alt}",
                    plate.id
                );
            }
            assert!(!plate.caption.zh.ends_with('。') && !plate.caption.en.ends_with('.'));
        }
        let files = figures::comparing(cases);
        assert_eq!(files.len(), 2 * plates.len());
        for file in files {
            let stem = file.name.split_once('.').unwrap().0;
            assert!(ids.contains(stem), "{}", file.name);
        }
    }
    assert!(figures::plates_of_runs(&few[..1]).is_empty());
}

/// A table of a hindcast as rows by column.
fn printed(args: &[&str]) -> Vec<BTreeMap<String, String>> {
    let (code, output, error) = call(args);
    assert_eq!(code, 0, "{error}");
    let mut reader = csv::Reader::from_reader(output.as_bytes());
    reader.deserialize().map(|row| row.unwrap()).collect()
}

/// The diagram has the shares of the table, weighted with the cases of each of its lines.
#[test]
fn the_diagram_of_bands_is_the_table_of_their_reliability() {
    let mut session = session();
    let past = hindcast::past(&mut session).unwrap();
    let runs: Vec<_> = past.iter().map(Past::held).collect();
    let chart = reliability::diagram(&runs);
    let rows = printed(&["hindcast", "--table", "reliability", "--csv"]);
    let (mut cases, mut inside) = (0.0, 0.0);
    for (panel, kind) in chart.panels.iter().zip(["plan", "recorded"]) {
        for one in &panel.series {
            let own = rows.iter().filter(|row| row["run"] == kind);
            let own = own.filter(|row| {
                let i = catalogue().indicator(&row["indicator"]).unwrap();
                let indicator = &catalogue().indicators[i.at()];
                jianpai::report::case::plain_name(catalogue(), indicator) == one.name
            });
            let known = own.filter(|row| row["covered90"].parse::<f64>().is_ok());
            for (k, key) in ["covered50", "covered80", "covered90"].iter().enumerate() {
                let pairs = known.clone().map(|row| {
                    let number = |key: &str| row[key].parse::<f64>().unwrap();
                    (number("cases"), number(key))
                });
                let (count, sum) = pairs.fold((0.0, 0.0), |a, b| (a.0 + b.0, a.1 + b.0 * b.1));
                assert!((one.cases as f64 - count).abs() < 0.5);
                assert!(
                    close(one.points[k].1, sum / count, 2e-3, 1.0),
                    "{}",
                    one.name.en
                );
                if k == 2 {
                    cases += count;
                    inside += sum;
                }
            }
        }
    }
    let share = (inside / cases).round();
    let wanted = format!("covered {share} % of {cases} past cases");
    assert!(
        chart.title.en.contains(&wanted),
        "{} {wanted}",
        chart.title.en
    );
}

/// Tiles of a hindcast have the errors of its table, in points.
#[test]
fn maps_of_errors_hold_the_errors_of_the_table() {
    let mut session = session();
    let runs = hindcast::run(&mut session, None, &[]).unwrap();
    let cases: Vec<Case<'_>> = runs.iter().map(jianpai::study::Run::case).collect();
    let scores = scorecard::scores(&cases);
    let maps = errors::maps(&cases, &scores);
    let rows = printed(&["hindcast", "--csv"]);
    let (name, chart) = &maps[0];
    assert_eq!(name, "hindcast-map-CO2-per-GDP-2019");
    let own = rows.iter().filter(|row| {
        row["indicator"] == "CO2-per-GDP" && row["year"] == "2019" && row["region"] != "china"
    });
    let (mut count, mut near) = (0, 0);
    for row in own {
        let region = catalogue().region(&row["region"]).unwrap();
        let name = &catalogue().regions[region.at()].named.name;
        let Some(tile) = chart.tiles.iter().find(|tile| tile.name == *name) else {
            continue;
        };
        let error: f64 = row["error"].parse().unwrap();
        assert!(
            close(tile.value, error.abs(), 1e-3, 1.0),
            "{} {error}",
            name.en
        );
        assert_eq!(tile.shown.starts_with('+'), error >= 0.05, "{}", tile.shown);
        count += 1;
        near += usize::from(error.abs() <= 5.0);
    }
    assert!(count >= 25, "{count}");
    let wanted = format!("{near} of {count} provinces");
    assert!(
        chart.title.en.contains(&wanted),
        "{} {wanted}",
        chart.title.en
    );
}

/// The map of each rule shows what the rule asks of each province.
#[test]
fn maps_of_shares_show_the_rates_of_the_table() {
    let out = tempfile::tempdir().unwrap();
    let path = out.path().to_str().unwrap();
    let (code, _, error) = call(&["allocate", "COD", "--out", path]);
    assert_eq!(code, 0, "{error}");
    let rows = printed(&["allocate", "COD", "--table", "allocation", "--csv"]);
    let folder = std::fs::read_dir(out.path())
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    for rule in ["equal", "gdp", "converge"] {
        let svg = folder.join(format!("allocation-map-{rule}.en.svg"));
        let svg = std::fs::read_to_string(svg).unwrap();
        let own: Vec<_> = rows
            .iter()
            .filter(|row| row["rule"] == rule && row["part"] != "total")
            .collect();
        assert_eq!(own.len(), 31);
        for row in own {
            let rate: f64 =
                row["cut"].parse::<f64>().unwrap() / row["emission"].parse::<f64>().unwrap();
            let region = catalogue().region(&row["part"]).unwrap();
            let name = &catalogue().regions[region.at()].named.name.en;
            let head = format!("<title>{name}: ");
            let shown = svg
                .split_once(&head)
                .and_then(|(_, rest)| rest.split_once('%'));
            let shown: f64 = shown.unwrap_or_else(|| panic!("{name}")).0.parse().unwrap();
            // Tonnes are shared out in whole hundreds, rates are drawn before that.
            let unit = 100.0 / row["emission"].parse::<f64>().unwrap();
            assert!(
                (shown - rate * 100.0).abs() <= 0.0501 + 100.0 * unit,
                "{rule} {name}: {shown} {rate}"
            );
        }
    }
}
