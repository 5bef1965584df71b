//! What was published after the base year, and the fastest rises on record: what
//! results are held against, never an input of the model.

use super::fields::{calibre, not_negative, region, required, year};
use super::names::word;
use super::{Book, names_of};
use crate::diag::{Diagnostic, nearest};
use crate::table::Row;
use jianpai_core::catalogue::{self, Achievement, Experience, ModelError};
use jianpai_core::dims::{RegionId, ServiceId};
use jianpai_core::doubt::{Alike, RunKind};
use jianpai_core::sector;
use jianpai_core::text::Text;

/// How wrong runs of the past were.
const ERRORS: &str = "model_error.csv";
/// The same case by case.
const CASES: &str = "model_error_cases.csv";

/// The columns that say which errors are alike.
const ALIKE: [&str; 5] = ["run", "indicator", "book", "anchored", "distance"];

/// Reads all of them.
pub(super) fn read(book: &mut Book<'_>) {
    achievements(book);
    model_errors(book);
    model_error_cases(book);
    experience(book);
}

/// Reads how wrong runs of the past were: `model_error.csv`, which the program makes.
fn model_errors(book: &mut Book<'_>) {
    let own = ["cases", "mean", "value", "covered", "unit", "method"];
    let columns = required(&[&ALIKE[..], &own].concat());
    let Some(table) = book.table(ERRORS, &columns) else {
        return;
    };
    for row in table.rows() {
        let alike = alike(book, &row);
        let cases = row.cell("cases").number(book.diags);
        let scale = book.scale(&row, "unit", "");
        let value = book.value(&row);
        let (Some(alike), Some(cases), Some(scale), Some(value)) = (alike, cases, scale, value)
        else {
            continue;
        };
        if !not_negative(book, &row, value.value) || !book.unique(&row, &ALIKE) {
            continue;
        }
        book.catalogue.model_errors.push(ModelError {
            kind: alike.kind,
            indicator: alike.indicator,
            book: alike.book,
            anchored: alike.anchored,
            distance: alike.distance,
            cases: cases as usize,
            half90: value.scaled(scale),
            errors: Vec::new(),
        });
    }
}

/// Which errors a row is alike to.
fn alike(book: &mut Book<'_>, row: &Row<'_>) -> Option<Alike> {
    let kinds = [RunKind::Plan, RunKind::Recorded].map(|kind| (kind.id(), kind));
    let kind = word(book, row, "run", &kinds);
    let indicator = book.find("indicator", &row.cell("indicator"));
    let books = catalogue::Book::ALL.map(|book| (book.id(), book));
    let kept = word(book, row, "book", &books);
    let anchored = word(book, row, "anchored", &[("yes", true), ("no", false)]);
    let distance = row.cell("distance").number(book.diags);
    Some(Alike {
        kind: kind?,
        indicator: book.catalogue.indicators[indicator?].base.clone(),
        book: kept?,
        anchored: anchored?,
        distance: distance? as i32,
    })
}

/// Reads the errors case by case, which the program makes, too: as many of each kind as
/// the other table counts.
fn model_error_cases(book: &mut Book<'_>) {
    let own = ["region", "base_year", "from", "year", "value", "unit"];
    let columns = required(&[&ALIKE[..], &own].concat());
    let Some(table) = book.table(CASES, &columns) else {
        return;
    };
    let of = |error: &ModelError, alike: &Alike| {
        (error.kind, error.book, error.anchored, error.distance)
            == (alike.kind, alike.book, alike.anchored, alike.distance)
            && error.indicator == alike.indicator
    };
    let mut whole = !book.broken.contains(ERRORS);
    for row in table.rows() {
        let Some((alike, error)) = case(book, &row) else {
            whole = false;
            continue;
        };
        let mut known = book.catalogue.model_errors.iter_mut();
        if let Some(known) = known.find(|known| of(known, &alike)) {
            known.errors.push(error);
        }
    }
    // Where rows are refused, what is missing is said already.
    if !whole {
        return;
    }
    let uneven = book.catalogue.model_errors.iter();
    let uneven: Vec<Diagnostic> = uneven
        .filter(|error| error.errors.len() != error.cases)
        .map(uneven_cases)
        .collect();
    book.diags.extend(uneven);
}

/// One case: what it is alike to, and its error.
fn case(book: &mut Book<'_>, row: &Row<'_>) -> Option<(Alike, f64)> {
    let alike = alike(book, row);
    let region = region(book, row);
    let years = ["base_year", "from", "year"].map(|key| year(book, row, key));
    let scale = book.scale(row, "unit", "");
    let value = book.value(row);
    let keys = [
        "run",
        "indicator",
        "book",
        "anchored",
        "region",
        "base_year",
        "from",
        "year",
    ];
    let (alike, scale, value) = (alike?, scale?, value?);
    region?;
    let known = years.iter().all(Option::is_some) && book.unique(row, &keys);
    known.then_some((alike, value.value * scale))
}

/// What is said where the two tables count otherwise.
fn uneven_cases(error: &ModelError) -> Diagnostic {
    let (found, counted) = (error.errors.len(), error.cases);
    let anchored = if error.anchored { "yes" } else { "no" };
    let (run, book) = (error.kind.id(), error.book.id());
    let (indicator, distance) = (&error.indicator, error.distance);
    let key = format!("{run} / {indicator} / {book} / {anchored} / {distance}");
    let message = Text::new(
        format!("`{key}`：{ERRORS} 计 {counted} 例，{CASES} 中有 {found} 例"),
        format!("`{key}`: {ERRORS} counts {counted} cases, {CASES} has {found}"),
    );
    Diagnostic::error("cases-missing", message).help(Text::new(
        "两表都由程序生成，取自同一次运行：jianpai hindcast --csv --table model-error 与 --table model-error-cases",
        "the program makes both, of the same runs: jianpai hindcast --csv --table model-error, and --table model-error-cases",
    ))
}

fn achievements(book: &mut Book<'_>) {
    let columns = required(&[
        "region",
        "indicator",
        "kind",
        "base_year",
        "year",
        "value",
        "unit",
        "calibre",
    ]);
    let Some(table) = book.table("outcomes.csv", &columns) else {
        return;
    };
    for row in table.rows() {
        let region = region(book, &row);
        let indicator = published(book, &row);
        let (from, to) = (year(book, &row, "base_year"), year(book, &row, "year"));
        let scale = book.scale(&row, "unit", "");
        let calibre = calibre(book, &row);
        let value = book.value(&row);
        let (Some(region), Some(indicator), Some(base_year), Some(year)) =
            (region, indicator, from, to)
        else {
            continue;
        };
        let (Some(scale), Some(calibre), Some(value)) = (scale, calibre, value) else {
            continue;
        };
        if !book.unique(&row, &["region", "indicator", "base_year", "year"]) {
            continue;
        }
        book.catalogue.achievements.push(Achievement {
            region: RegionId::from_usize(region),
            indicator,
            calibre,
            base_year,
            year,
            value: value.scaled(scale),
        });
    }
}

/// What a published reduction is of: an indicator, or a sector of a pollutant.
fn published(book: &mut Book<'_>, row: &Row<'_>) -> Option<String> {
    let cell = row.cell("indicator");
    let text = cell.text_required(book.diags)?;
    let known =
        book.catalogue.indicator(text).is_some() || sector::parse(&book.catalogue, text).is_some();
    if known {
        return Some(text.to_string());
    }
    let vocabulary = ["indicators.csv", "pollutants.csv", "classes.csv"];
    if vocabulary.iter().any(|file| book.broken.contains(*file)) {
        book.silenced += 1;
        return None;
    }
    let message = Text::new(
        format!("没有名为 `{text}` 的指标"),
        format!("there is no indicator `{text}`"),
    );
    let ids = book.catalogue.indicators.iter();
    let near = nearest(text, ids.map(|indicator| indicator.named.id.as_str()));
    let mut diagnostic =
        Diagnostic::error("unknown-id", message).label(cell.span, Text::new("未知", "not known"));
    if let Some(near) = near {
        diagnostic = diagnostic.suggest(cell.span, near);
    }
    book.diags.push(diagnostic.help(Text::new(
        "写 indicators.csv 的指标，或“污染物:类别”，如 SO2:power；类别另有 transport、total",
        "name an indicator of indicators.csv, or POLLUTANT:CLASS such as SO2:power; transport and total are classes too",
    )));
    None
}

/// Fastest rises on record of the joint share of technologies with a tag.
fn experience(book: &mut Book<'_>) {
    let columns = required(&[
        "name_zh", "name_en", "service", "tag", "region", "value", "unit", "period",
    ]);
    let Some(table) = book.table("experience.csv", &columns) else {
        return;
    };
    for row in table.rows() {
        let service = book.find("service", &row.cell("service"));
        let region = region(book, &row);
        let scale = book.scale(&row, "unit", "");
        let value = book.value(&row);
        let cell = row.cell("tag");
        let tag = cell.text_required(book.diags).map(str::to_string);
        let period = row
            .cell("period")
            .text_required(book.diags)
            .map(str::to_string);
        let (Some(service), Some(tag)) = (service, tag) else {
            continue;
        };
        let service = ServiceId::from_usize(service);
        if book.catalogue.tagged(service, &tag).is_empty()
            && !book.broken.contains("technologies.csv")
        {
            let message = Text::new(
                format!("该活动没有带 `{tag}` 标签的工艺"),
                format!("no technology of the service carries the tag `{tag}`"),
            );
            book.diags.push(
                Diagnostic::error("unknown-id", message)
                    .label(cell.span, Text::new("未知", "not known"))
                    .help(Text::new(
                        "标签见 technologies.csv 的 tags 列",
                        "the tags stand in technologies.csv",
                    )),
            );
            continue;
        }
        let (Some(region), Some(scale), Some(value), Some(period)) = (region, scale, value, period)
        else {
            continue;
        };
        if !not_negative(book, &row, value.value)
            || !book.unique(&row, &["service", "tag", "region"])
        {
            continue;
        }
        book.catalogue.experience.push(Experience {
            name: names_of(&row),
            service,
            tag,
            region: RegionId::from_usize(region),
            value: value.scaled(scale),
            period,
        });
    }
}
