//! Numbers of the place: the file of a region of its own, or an inventory of a built-in one.

use super::basics::Basics;
use super::cells;
use super::flaw::{Flaw, Place};
use super::made::{Made, key, quoted};
use super::table::{Line, Table, bare};
use jianpai_core::catalogue::{Catalogue, Named};
use jianpai_core::provenance::Status;
use jianpai_core::text::Text;

/// What a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Proxy,
    Amount,
    Emission,
}

const PARTS: [(Part, &[&str]); 3] = [
    (Part::Emission, &["排放量", "排放", "emission"]),
    (Part::Proxy, &["指标", "proxy"]),
    (Part::Amount, &["活动量", "活动", "amount"]),
];

/// The id of what is called `name`; the name itself where nothing is.
fn id_of<'n>(all: impl Iterator<Item = &'n Named>, name: &str) -> String {
    let wanted = bare(name);
    let mut all = all;
    let found = all.find(|named| {
        [&named.id, &named.name.zh, &named.name.en]
            .iter()
            .any(|own| bare(own) == wanted)
    });
    found.map_or_else(|| name.to_string(), |named| named.id.clone())
}

fn pollutant(catalogue: &Catalogue, name: &str) -> String {
    id_of(catalogue.pollutants.iter().map(|p| &p.named), name)
}

fn class(catalogue: &Catalogue, name: &str) -> String {
    if matches!(bare(name).as_str(), "" | "总量" | "合计" | "total") {
        return "total".to_string();
    }
    id_of(catalogue.classes.iter().map(|class| &class.named), name)
}

fn status(name: &str) -> String {
    let wanted = bare(name);
    let mut all = Status::ALL.iter();
    let found = all.find(|status| {
        let own = status.name();
        [own.zh.as_str(), &own.en, status.id()]
            .iter()
            .any(|name| bare(name) == wanted)
    });
    found.map_or_else(|| name.to_string(), |status| status.id().to_string())
}

/// A row of the sheet.
struct Number {
    line: Line,
    part: Part,
    name: (String, Place),
}

fn numbers(table: &mut Table<'_>, flaws: &mut Vec<Flaw>) -> Vec<Number> {
    let lines = table.lines();
    table.remarks(&lines, flaws);
    let mut all = Vec::new();
    for line in lines {
        let part = table.text(line, "part", flaws);
        let name = table.text(line, "name", flaws);
        for needed in ["part", "name", "value"] {
            if table.cell(line, needed, &mut Vec::new()).is_none() {
                table.missing(line, needed, flaws);
            }
        }
        let (Some((part, at)), Some(name)) = (part, name) else {
            continue;
        };
        let wanted = bare(&part);
        let found = PARTS
            .iter()
            .find(|(_, names)| names.iter().any(|name| bare(name) == wanted));
        match found {
            Some((part, _)) => all.push(Number {
                line,
                part: *part,
                name,
            }),
            None => flaws.push(
                Flaw::error(
                    "part",
                    Text::new(
                        format!("没有栏目“{part}”"),
                        format!("there is no part `{part}`"),
                    ),
                )
                .at(at, Text::new("未知", "not known"))
                .help(Text::new(
                    "可用：排放量、指标、活动量",
                    "known: emission, proxy, amount",
                )),
            ),
        }
    }
    all
}

/// A quantity with its unit as one text.
fn quantity(
    table: &mut Table<'_>,
    line: Line,
    from: &str,
    flaws: &mut Vec<Flaw>,
) -> Option<(String, Place)> {
    let (text, place) = table.text(line, from, flaws)?;
    let unit = table.text(line, "unit", flaws);
    Some(match unit {
        Some((unit, _)) if !text.ends_with(&unit) => (format!("{text} {unit}"), place),
        _ => (text, place),
    })
}

/// The table of a number: `{ value = "…", source = "…", status = "…" }`.
fn told(table: &mut Table<'_>, number: &Number, flaws: &mut Vec<Flaw>) -> Option<(String, Place)> {
    let line = number.line;
    let (text, place) = quantity(table, line, "value", flaws)?;
    let mut parts = vec![format!("value = {}", quoted(&text))];
    if number.part == Part::Proxy
        && let Some((of, _)) = quantity(table, line, "of", flaws)
    {
        parts.push(format!("of = {}", quoted(&of)));
    }
    if let Some((cell, _)) = table.cell(line, "year", flaws)
        && let Ok(year) = cells::year(cell)
    {
        parts.push(format!("year = {year}"));
    }
    if let Some((source, _)) = table.text(line, "source", flaws) {
        parts.push(format!("source = {}", quoted(&source)));
    }
    if let Some((word, _)) = table.text(line, "status", flaws) {
        parts.push(format!("status = {}", quoted(&status(&word))));
    }
    Some((format!("{{ {} }}", parts.join(", ")), place))
}

/// The file of a region of its own.
pub(super) fn region(
    (id, name, parent): (&str, (&str, Place), Option<(String, Place)>),
    catalogue: &Catalogue,
    table: Option<&mut Table<'_>>,
    flaws: &mut Vec<Flaw>,
) -> Made {
    let mut made = Made::new(format!("regions/{id}.toml"));
    let (called, place) = name;
    made.from(place, "[region]");
    made.push("\n");
    made.string(place, "id", id);
    let known = catalogue.gazetteer.called(called, None);
    let known = known.first().map(|place| place.short.clone());
    made.string(
        place,
        "name_zh",
        &known.unwrap_or_else(|| called.to_string()),
    );
    if let Some((parent, place)) = parent {
        made.string(place, "parent", &parent);
    }
    let Some(table) = table else {
        return made;
    };
    let mut all = numbers(table, flaws);
    all.sort_by_key(|number| number.part);
    let emissions = all.iter().filter(|number| number.part == Part::Emission);
    let mut pollutants: Vec<String> = Vec::new();
    for number in emissions {
        let id = pollutant(catalogue, &number.name.0);
        if !pollutants.contains(&id) {
            pollutants.push(id);
        }
    }
    for (part, head) in [(Part::Proxy, "proxies"), (Part::Amount, "amounts")] {
        let own: Vec<&Number> = all.iter().filter(|number| number.part == part).collect();
        if own.is_empty() {
            continue;
        }
        made.push(&format!("\n[region.{head}]\n"));
        for number in own {
            if let Some((code, place)) = told(table, number, flaws) {
                made.code(place, &key(&number.name.0), &code);
            }
        }
    }
    for id in pollutants {
        let own = all.iter().filter(|number| number.part == Part::Emission);
        let own = own.filter(|number| pollutant(catalogue, &number.name.0) == id);
        for (i, number) in own.enumerate() {
            if i == 0 {
                made.push("\n");
                made.from(number.name.1, &format!("[region.inventory.{}]", key(&id)));
                made.push("\n");
            }
            let class_cell = table.text(number.line, "class", flaws);
            let class = class(catalogue, class_cell.as_ref().map_or("", |(text, _)| text));
            if let Some((code, place)) = told(table, number, flaws) {
                made.code(place, &key(&class), &code);
            }
        }
    }
    made
}

/// The columns of an inventory.
const HEADER: &str = "region,account,class,year,value,unit,calibre,source,status,note\n";

/// An inventory of a built-in region; `None` where the sheet has no rows.
pub(super) fn inventory(
    (name, region): (&str, &str),
    catalogue: &Catalogue,
    table: &mut Table<'_>,
    basics: &Basics<'_>,
    flaws: &mut Vec<Flaw>,
) -> Option<Made> {
    let all = numbers(table, flaws);
    if all.is_empty() {
        return None;
    }
    let mut made = Made::new(name);
    made.push(HEADER);
    for number in all {
        let line = number.line;
        if number.part != Part::Emission {
            flaws.push(
                Flaw::error(
                    "own-region-only",
                    Text::new(
                        format!("“{region}”是程序自带的地区，不能改指标和活动量"),
                        format!("{region} is built in: its proxies and amounts cannot be changed"),
                    ),
                )
                .at(
                    table.place(line, "part"),
                    Text::new("只用于自定地区", "of regions of their own only"),
                )
                .help(Text::new(
                    "删去此行；或在“基本信息”里换成自定地区",
                    "take the row out, or name a region of its own under Basics",
                )),
            );
            continue;
        }
        let mut cells: Vec<(String, Option<Place>)> = vec![
            (region.to_string(), Some(basics.place("region"))),
            (pollutant(catalogue, &number.name.0), Some(number.name.1)),
        ];
        let own = table.text(line, "class", flaws);
        let place = own.as_ref().map(|(_, place)| *place);
        cells.push((
            class(catalogue, own.as_ref().map_or("", |(text, _)| text)),
            place,
        ));
        let year = table.cell(line, "year", flaws);
        let (year, place) = match year {
            Some((cell, place)) => (
                cells::year(cell).map_or_else(|text| text, |year| year.to_string()),
                Some(place),
            ),
            None => ("2015".to_string(), None),
        };
        let calibre = table.text(line, "calibre", flaws).or_else(|| {
            let usual = if year == "2015" {
                "env-stats-2015"
            } else {
                "stats-2020"
            };
            Some((usual.to_string(), table.place(line, "calibre")))
        });
        cells.push((year, place));
        for from in ["value", "unit"] {
            let found = table.text(line, from, flaws);
            let place = table.place(line, from);
            cells.push((
                found.map_or(String::new(), |(text, _)| super::cells::narrow(&text)),
                Some(place),
            ));
        }
        if let Some((calibre, place)) = calibre {
            cells.push((id_of(catalogue.calibres.iter(), &calibre), Some(place)));
        }
        let source = table.text(line, "source", flaws);
        let known = source
            .as_ref()
            .filter(|(text, _)| catalogue.sources.iter().any(|own| own.id == *text));
        cells.push((
            known.map_or("own".to_string(), |(id, _)| id.clone()),
            source.as_ref().map(|(_, place)| *place),
        ));
        let word = table.text(line, "status", flaws);
        let usual = if source.is_some() {
            "quoted"
        } else {
            "recalled"
        };
        cells.push((
            word.as_ref()
                .map_or(usual.to_string(), |(text, _)| status(text)),
            word.as_ref().map(|(_, place)| *place),
        ));
        cells.push((source.map_or(String::new(), |(text, _)| text), None));
        for (i, (text, place)) in cells.into_iter().enumerate() {
            if i > 0 {
                made.push(",");
            }
            made.csv(place.or(Some(table.place(line, "name"))), &text);
        }
        made.push("\n");
    }
    Some(made)
}
