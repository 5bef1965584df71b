//! What holds for every kind of chart in every look, over random contents: no text covers
//! another or leaves the page, none is printed smaller than 8 pt, the document is sound.
//!
//! `JIANPAI_LAYOUTS=10000 cargo test -p jianpai-report layouts` draws as many; the default
//! is fewer. A layout is one chart in one language and one look.

use jianpai_core::text::{Lang, Text};

use super::look::{Chart, Format, Look};
use super::place::Rect;
use super::tests::{Dice, well_formed};
use super::text;
use super::*;

/// A text on a page, read from the document.
struct Written {
    area: Rect,
    size: f64,
    words: String,
}

/// A document read back: its page in px, the printed width of a px in pt, its texts.
struct Read {
    page: Rect,
    points: f64,
    texts: Vec<Written>,
}

/// The value of an attribute of a tag.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    rest.split('"').next()
}

fn number(tag: &str, name: &str) -> Option<f64> {
    attribute(tag, name)?.parse().ok()
}

/// What a text element says, its spans joined.
fn plain(content: &str) -> String {
    let mut out = String::new();
    let mut inside = true;
    for c in content.chars() {
        match c {
            '<' => inside = false,
            '>' => inside = true,
            c if inside => out.push(c),
            _ => {}
        }
    }
    let pairs = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&amp;", "&"),
    ];
    pairs
        .iter()
        .fold(out, |text, (from, to)| text.replace(from, to))
}

fn read(svg: &str) -> Read {
    let head = svg.split('>').next().unwrap_or("");
    let view: Vec<f64> = attribute(head, "viewBox")
        .unwrap_or("")
        .split(' ')
        .filter_map(|value| value.parse().ok())
        .collect();
    let [x, y, wide, tall] = view[..] else {
        panic!("no page: {head}")
    };
    let width = attribute(head, "width").unwrap_or("");
    let points = match width.strip_suffix("mm") {
        Some(mm) => mm.parse::<f64>().unwrap_or(0.0) / 25.4 * 72.0 / wide,
        None => width.parse::<f64>().unwrap_or(0.0) * 0.75 / wide,
    };
    let texts = svg.split("<text").skip(1).map(|part| {
        let (tag, rest) = part.split_once('>').unwrap_or((part, ""));
        let words = plain(rest.split("</text>").next().unwrap_or(""));
        let size = number(tag, "font-size").unwrap_or(0.0);
        let bold = tag.contains("font-weight=\"bold\"");
        let (x, base) = (
            number(tag, "x").unwrap_or(0.0),
            number(tag, "y").unwrap_or(0.0),
        );
        let wide = text::width(&words, size, bold);
        let left = match attribute(tag, "text-anchor") {
            Some("middle") => x - wide / 2.0,
            Some("end") => x - wide,
            _ => x,
        };
        Written {
            area: Rect::new(left, base - 0.86 * size, left + wide, base + 0.2 * size),
            size,
            words,
        }
    });
    Read {
        page: Rect::new(x, y, x + wide, y + tall),
        points,
        texts: texts.collect(),
    }
}

/// Checks one drawing; what is wrong with it, if anything is.
fn faults(svg: &str, look: Look) -> Vec<String> {
    let read = read(svg);
    let mut out = Vec::new();
    if let Some(ratio) = look.format.ratio() {
        let shape = read.page.width() / read.page.height();
        if (shape / ratio - 1.0).abs() > 1e-3 {
            out.push(format!("a page of {shape:.3}, not {ratio:.3}"));
        }
    }
    for (index, one) in read.texts.iter().enumerate() {
        let Written { area, size, words } = one;
        if !read.page.grown(0.15).holds(area) {
            out.push(format!(
                "leaves the page: {words:?} {area:?} {:?}",
                read.page
            ));
        }
        if size * read.points < 8.0 - 0.01 {
            out.push(format!("{:.2} pt: {words:?}", size * read.points));
        }
        for other in &read.texts[..index] {
            if area.grown(-0.2).overlaps(&other.area.grown(-0.2)) {
                out.push(format!(
                    "{words:?} {area:?} covers {:?} {:?}",
                    other.words, other.area
                ));
            }
        }
    }
    out
}

/// An amount of any size, sometimes nothing, below nothing, or not known.
fn amount(dice: &mut Dice) -> f64 {
    let size = 10_f64.powf(dice.between(-3.0, 6.0));
    match dice.below(12) {
        0 => 0.0,
        1 => -size,
        2 => f64::NAN,
        _ => size,
    }
}

/// Amounts by year around a level, with gaps now and then.
fn row(dice: &mut Dice, count: usize, level: f64) -> Vec<f64> {
    let (drift, gaps) = (dice.between(-0.6, 0.4), dice.below(6) == 0);
    (0..count)
        .map(|t| {
            let value = level * (1.0 + drift * t as f64 / count as f64 + dice.between(-0.02, 0.02));
            if gaps && dice.below(5) == 0 {
                f64::NAN
            } else {
                value
            }
        })
        .collect()
}

fn years(dice: &mut Dice) -> Vec<i32> {
    let first = 2005 + i32::try_from(dice.below(16)).unwrap_or(0);
    (first..first + [1, 2, 5, 6, 16, 46][dice.below(6)]).collect()
}

/// One to forty, the small counts oftener.
fn count(dice: &mut Dice) -> usize {
    1 + match dice.below(3) {
        0 => dice.below(4),
        1 => dice.below(12),
        _ => dice.below(40),
    }
}

fn areas(dice: &mut Dice, long: usize) -> AreaChart {
    let years = years(dice);
    let level = 10_f64.powf(dice.between(-3.0, 6.0));
    let kind = [AreaKind::Wedges, AreaKind::Parts][dice.below(2)];
    let empty = dice.below(15) == 0;
    let areas = (0..count(dice)).map(|_| {
        let own = level * 10_f64.powf(dice.between(-4.0, 0.0));
        let own = if empty { 0.0 } else { own };
        let own = if dice.below(8) == 0 { -own } else { own };
        Area {
            name: dice.text(long),
            paint: [Paint::Series, Paint::Series, Paint::Policy, Paint::Rest][dice.below(4)],
            values: row(dice, years.len(), own),
        }
    });
    let areas: Vec<Area> = areas.collect();
    let edges = (0..dice.below(3)).map(|n| Edge {
        name: dice.text(long),
        values: row(dice, years.len(), level),
        muted: n == 0,
    });
    let edges: Vec<Edge> = edges.collect();
    let targets = (0..dice.below(4)).map(|_| TargetMark {
        year: years[dice.below(years.len())],
        value: level * dice.between(0.3, 1.6),
        label: dice.text(long),
        standing: dice.standing(),
    });
    AreaChart {
        targets: targets.collect(),
        title: dice.text(long * 2),
        subtitle: dice.text(long * 2),
        unit: Text::new("万吨", "10⁴ t"),
        kind,
        floor: if kind == AreaKind::Wedges {
            row(dice, years.len(), level)
        } else {
            Vec::new()
        },
        raised: (dice.below(3) == 0).then(|| Raised {
            name: dice.text(long),
            from: row(dice, years.len(), level),
            to: row(dice, years.len(), level * 1.1),
        }),
        areas,
        edges,
        history_until: (dice.below(2) == 0).then(|| years[dice.below(years.len())]),
        years,
        footnote: dice.text(long * 4),
    }
}

fn dots(dice: &mut Dice, long: usize) -> TargetDots {
    let rows = (0..count(dice)).map(|_| {
        let size = 10_f64.powf(dice.between(-2.0, 3.5));
        let margin = [size, -size, 0.0, f64::NAN][dice.below(4)];
        TargetRow {
            name: dice.text(long),
            demand: dice.text(long),
            reached: dice.text(2),
            margin,
            interval: (dice.below(2) == 0).then_some((margin - size * 0.4, margin + size * 0.4)),
            other: (dice.below(3) == 0).then(|| margin + dice.between(-20.0, 20.0)),
            standing: dice.standing(),
        }
    });
    TargetDots {
        rows: rows.collect(),
        title: dice.text(long * 2),
        subtitle: dice.text(long * 2),
        other_name: dice.text(3),
        interval_name: dice.text(3),
        footnote: dice.text(long * 3),
    }
}

fn slope(dice: &mut Dice, long: usize) -> SlopeChart {
    let columns = 1 + dice.below(6);
    let years: Vec<i32> = (2015..).step_by(5).take(columns).collect();
    let lines = (0..=dice.below(14)).map(|_| {
        let mut values = row(dice, columns, 100.0);
        if let Some(first) = values.first_mut() {
            *first = 100.0;
        }
        SlopeLine {
            name: dice.text(long),
            values,
            note: dice.text(3),
        }
    });
    SlopeChart {
        lines: lines.collect(),
        title: dice.text(long * 2),
        subtitle: dice.text(long),
        recorded_until: (dice.below(3) > 0).then(|| years[dice.below(columns)]),
        years,
        footnote: dice.text(long * 3),
    }
}

fn quadrants(dice: &mut Dice, long: usize) -> Quadrants {
    let scale = 10_f64.powf(dice.between(-3.0, 2.0));
    let points = (0..count(dice)).map(|_| QuadrantPoint {
        name: dice.text(long),
        x: scale * dice.between(-0.4, 1.0) * [1.0, 0.05, 0.0][dice.below(3)],
        y: scale * dice.between(-0.4, 1.0) * [1.0, 0.05, 0.0][dice.below(3)],
    });
    Quadrants {
        points: points.collect(),
        title: dice.text(long * 2),
        subtitle: dice.text(long),
        x_name: Text::same("CO2"),
        y_name: dice.text(2),
        unit: Text::new("占2015年排放的%", "% of 2015"),
        footnote: dice.text(long * 3),
    }
}

fn pairs(dice: &mut Dice, long: usize) -> PairedBars {
    let panels = (0..=dice.below(8)).map(|_| {
        let years = years(dice);
        PairPanel {
            name: dice.text(long),
            first: (0..years.len())
                .map(|_| amount(dice).clamp(-90.0, 90.0))
                .collect(),
            second: (0..years.len())
                .map(|_| amount(dice).clamp(-90.0, 90.0))
                .collect(),
            years,
        }
    });
    PairedBars {
        panels: panels.collect(),
        title: dice.text(long * 2),
        subtitle: dice.text(long),
        first_name: dice.text(2),
        second_name: dice.text(2),
        footnote: dice.text(long * 3),
    }
}

/// One of every kind.
fn every_kind(dice: &mut Dice, long: usize) -> Vec<(&'static str, Box<dyn Chart>)> {
    let mut all: Vec<(&'static str, Box<dyn Chart>)> = vec![
        ("areas", Box::new(areas(dice, long))),
        ("dots", Box::new(dots(dice, long))),
        ("slope", Box::new(slope(dice, long))),
        ("quadrants", Box::new(quadrants(dice, long))),
        ("pairs", Box::new(pairs(dice, long))),
    ];
    all.extend(tests::every_kind(dice, long));
    all.extend(several::every_kind(dice, long));
    all
}

#[test]
fn every_chart_is_sound_in_every_look() {
    let wanted = std::env::var("JIANPAI_LAYOUTS").ok();
    let wanted: usize = wanted.and_then(|count| count.parse().ok()).unwrap_or(1_200);
    let only = std::env::var("JIANPAI_LAYOUT_KIND").ok();
    let looks: Vec<Look> = Look::all().collect();
    let (mut drawn, mut bad) = (0, Vec::new());
    let mut seed = 0;
    while drawn < wanted {
        seed += 1;
        let mut dice = Dice(seed * 15_485_863 + 7);
        let long = 1 + usize::try_from(seed % 9).unwrap_or(0);
        for (kind, chart) in every_kind(&mut dice, long) {
            if only.as_deref().is_some_and(|only| only != kind) {
                continue;
            }
            let look = looks[dice.below(looks.len())];
            for lang in [Lang::Zh, Lang::En] {
                let svg = chart.draw(lang, look);
                let what = format!("{kind} {seed} {lang:?} {look:?}");
                well_formed(&svg, &what);
                let found = faults(&svg, look);
                bad.extend(
                    found
                        .into_iter()
                        .take(2)
                        .map(|fault| format!("{what}: {fault}")),
                );
                drawn += 1;
            }
        }
    }
    let count = bad.len();
    bad.truncate(40);
    assert!(
        bad.is_empty(),
        "{count} faults in {drawn} layouts:\n{}",
        bad.join("\n")
    );
    println!("{drawn} layouts");
}

#[test]
fn a_fault_is_seen() {
    let text = |x: f64, size: f64| {
        format!("<text x=\"{x}\" y=\"50\" font-size=\"{size}\" fill=\"#000000\">减排</text>")
    };
    let page = |body: &str| {
        format!(
            "<svg xmlns=\"x\" width=\"1000\" height=\"580\" viewBox=\"0 0 1000 580\">{body}</svg>"
        )
    };
    let look = Look::default();
    let of = |body: &str| faults(&page(body), look).len();
    assert_eq!(of(&(text(10.0, 12.0) + &text(60.0, 12.0))), 0);
    assert_eq!(of(&(text(10.0, 12.0) + &text(30.0, 12.0))), 1);
    assert_eq!(of(&text(990.0, 12.0)), 1);
    assert_eq!(of(&text(10.0, 10.0)), 1);
    let wide = Look {
        format: Format::Wide,
        ..look
    };
    assert_eq!(faults(&page(""), wide).len(), 1);
}
