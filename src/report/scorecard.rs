//! The scorecard of a hindcast: what the model gives for past years against what
//! was published, in percent reduction on the base year; the error is model less
//! published, in points.
//!
//! Published numbers of different calibres stand side by side but are never
//! joined, and nothing here feeds back into a run.

use crate::case::{Case, short_name};
use crate::chart::{Chart as _, IndexPanel, IndexPanels};
use crate::figures::{Figure, both};
use crate::grid::{WIDE, paragraph};
use crate::view::{Cell, Column, Form, Table, Unit};
use crate::write;
use jianpai_core::catalogue::{Achievement, Book, Catalogue, Level};
use jianpai_core::dims::PollutantId;
use jianpai_core::sector::{self, Sector};
use jianpai_core::text::{Lang, Text};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// One published number and the model's.
#[derive(Clone, Copy, Debug)]
pub struct Score<'a> {
    /// The position of its case.
    pub case: usize,
    /// What was published.
    pub published: &'a Achievement,
    /// The model's reduction against the base year (fraction).
    pub model: f64,
}

impl Score<'_> {
    /// Model less published (fraction).
    pub fn error(&self) -> f64 {
        self.model - self.published.value.value
    }

    /// The book that it is held against.
    fn book(&self, catalogue: &Catalogue) -> Book {
        catalogue.book_of(self.published.calibre)
    }

    /// What it is about.
    fn subject(&self, catalogue: &Catalogue) -> Text {
        subject(catalogue, &self.published.indicator, self.book(catalogue))
    }

    fn is_sector(&self) -> bool {
        self.published.indicator.contains(':')
    }
}

/// The model's value of what `published` speaks of, by year of the case, in `book`
/// where it is kept there.
pub(crate) fn series(case: &Case<'_>, published: &str, book: Book) -> Option<Vec<f64>> {
    let plain = case.catalogue.indicator(published);
    let kept = case.catalogue.indicator_in(published, book);
    if let Some(i) = kept.or(plain) {
        return Some(case.outcome.indicators[i.at()].clone());
    }
    let part = sector::parse(case.catalogue, published)?;
    Some(sector::emissions(case.catalogue, case.plan, part))
}

/// Every published number that the cases have a year for, in the order of the data.
pub fn scores<'a>(cases: &[Case<'a>]) -> Vec<Score<'a>> {
    let mut found = Vec::new();
    for (c, case) in cases.iter().enumerate() {
        let mut known: BTreeMap<(&str, Book), Option<Vec<f64>>> = BTreeMap::new();
        let own = case.catalogue.achievements.iter();
        for published in own.filter(|a| a.region == case.plan.region) {
            let name = published.indicator.as_str();
            let book = case.catalogue.book_of(published.calibre);
            let values = known.entry((name, book));
            let values = values.or_insert_with(|| series(case, name, book));
            let (Some(values), Some(from), Some(to)) = (
                values,
                case.plan.year(published.base_year),
                case.plan.year(published.year),
            ) else {
                continue;
            };
            if values[from] > 0.0 {
                found.push(Score {
                    case: c,
                    published,
                    model: 1.0 - values[to] / values[from],
                });
            }
        }
    }
    found
}

/// Every published number beside the model's.
pub fn table(cases: &[Case<'_>], scores: &[&Score<'_>]) -> Table {
    let mut columns = vec![
        Column::id("region", "地区", "Region"),
        Column::id("indicator", "指标", "Indicator"),
        Column::id("book", "账", "Book"),
        Column::whole("year", "年份", "Year").at(1),
    ];
    columns.extend(compared());
    columns.extend([
        Column::whole("base_year", "基年", "Base year"),
        Column::unit("unit", "单位", "Unit"),
        Column::unit("error_unit", "误差的单位", "Unit of the error"),
        Column::id("calibre", "口径", "Calibre"),
        Column::id("status", "状态", "Status"),
        Column::id("source", "来源", "Source"),
        Column::id("scenario", "情景", "Scenario"),
        Column::text("name", "指标", "Indicator")
            .at(0)
            .once("indicator"),
        Column::text("region_name", "地区", "Region"),
        Column::text("calibre_name", "公布值的口径", "Calibre of the published").at(5),
        Column::text("status_name", "状态", "Status").at(6),
    ]);
    let title = Text::new("模型与公布值", "Model and published");
    let mut table = Table::new("hindcast", title, columns);
    for score in scores {
        let (case, published) = (&cases[score.case], score.published);
        let calibre = &case.catalogue.calibres[published.calibre.at()];
        let origin = published.value.origin;
        table.row(vec![
            Cell::from(&case.region().named.id),
            Cell::from(&published.indicator),
            case.catalogue.book_of(published.calibre).id().into(),
            published.year.into(),
            score.model.into(),
            published.value.value.into(),
            score.error().into(),
            published.base_year.into(),
            Unit::Percent.into(),
            Unit::Points.into(),
            Cell::from(&calibre.id),
            origin.status.id().into(),
            Cell::from(&case.catalogue.sources[origin.source.at()].id),
            Cell::from(&case.scenario.id),
            score.subject(case.catalogue).into(),
            Cell::from(&case.region().named.name),
            Cell::from(&calibre.name),
            origin.status.name().into(),
        ]);
    }
    table
}

/// Model, published and error.
fn compared() -> [Column; 3] {
    let reduction = |key: &'static str, zh, en| {
        let column = Column::number_by(key, zh, en, "unit").form(Form::Fixed(1));
        column.decimals(3)
    };
    [
        reduction("model", "模型", "Model").at(2),
        reduction("published", "公布", "Published").at(3),
        Column::number_by("error", "误差", "Error", "error_unit")
            .form(Form::FixedSigned(1))
            .decimals(3)
            .at(4),
    ]
}

/// Every table of a hindcast.
pub fn tables(cases: &[Case<'_>], scores: &[Score<'_>]) -> Vec<Table> {
    let all: Vec<&Score<'_>> = scores.iter().collect();
    vec![
        table(cases, &all),
        regions(cases, &all),
        summary(cases, scores),
    ]
}

/// A hindcast for machines: every score (percent, error in points) with calibre, status and
/// source, and the tables.
pub fn json(cases: &[Case<'_>], scores: &[Score<'_>]) -> Value {
    let rows = scores.iter().map(|score| {
        let (case, published) = (&cases[score.case], score.published);
        let origin = published.value.origin;
        json!({
            "region": case.region().named.id,
            "indicator": published.indicator,
            "book": score.book(case.catalogue).id(),
            "base_year": published.base_year,
            "year": published.year,
            "model": score.model * 100.0,
            "published": published.value.value * 100.0,
            "error": score.error() * 100.0,
            "unit": Unit::Percent.machine().name.en,
            "error_unit": Unit::Points.machine().name.en,
            "calibre": case.catalogue.calibres[published.calibre.at()].id,
            "status": origin.status.id(),
            "source": case.catalogue.sources[origin.source.at()].id,
            "scenario": case.scenario.id,
        })
    });
    let mut document = write::document(&tables(cases, scores));
    document["scores"] = rows.collect();
    document
}

/// What people call a published number's subject: an indicator, or a sector.
pub(crate) fn subject(catalogue: &Catalogue, published: &str, book: Book) -> Text {
    let kept = catalogue.indicator_in(published, book);
    if let Some(i) = kept.or_else(|| catalogue.indicator(published)) {
        return short_name(catalogue, &catalogue.indicators[i.at()]);
    }
    let Some((pollutant, part)) = sector::parse(catalogue, published) else {
        return Text::same(published);
    };
    let pollutant = &catalogue.pollutants[pollutant.at()].named;
    let part = match part {
        Sector::Class(class) => catalogue.classes[class.at()].named.name.clone(),
        Sector::Transport => Text::new("交通（含非道路）", "transport with non-road"),
        Sector::Total => Text::new("合计", "total"),
    };
    Text::new(
        format!("{}·{}", pollutant.id, part.zh),
        format!("{}: {}", pollutant.id, part.en),
    )
}

/// The tables on the terminal: the nation number by number, other regions a line
/// each, and the errors in short.
pub fn text(cases: &[Case<'_>], scores: &[Score<'_>], lang: Lang) -> String {
    let mut out = String::new();
    let nation = |score: &&Score<'_>| cases[score.case].region().level == Level::Nation;
    let (national, regional): (Vec<&Score<'_>>, Vec<&Score<'_>>) =
        scores.iter().partition(|score| nation(score));
    let (sectors, totals): (Vec<&Score<'_>>, Vec<&Score<'_>>) =
        national.into_iter().partition(|score| score.is_sector());
    for (part, zh, en) in [
        (&totals, "公布的进展", "Published progress"),
        (
            &sectors,
            "研究清单与车辆年报的分部门变化",
            "Research inventories and vehicle reports, by sector",
        ),
    ] {
        if !part.is_empty() {
            let base = base_text(part);
            let (zh, en) = (format!("{zh}：{}", base.zh), format!("{en}: {}", base.en));
            let region = &cases[part[0].case].region().named.name;
            let table = write::terminal(&table(cases, part), lang, WIDE);
            out += &format!("\n{} · {}\n{table}\n", region.get(lang), lang.pick(zh, en));
        }
    }
    if !regional.is_empty() {
        let base = base_text(&regional);
        let title = match lang {
            Lang::Zh => format!(
                "各地区：{}，最近一年；平均误差为各年误差绝对值的平均",
                base.zh
            ),
            Lang::En => format!(
                "Regions: {}, latest year; mean error over all years, without sign",
                base.en
            ),
        };
        let table = write::terminal(&regions(cases, &regional), lang, WIDE);
        out += &format!("\n{title}\n{table}\n");
    }
    let table = write::terminal(&summary(cases, scores), lang, WIDE);
    let title = lang.pick(
        "误差小结（模型减公布，百分点）",
        "Errors in short (model less published, points)",
    );
    out += &format!("\n{title}\n{table}\n");
    let note = lang.pick(
        "口径各不相同，公布值之间不可相减；模型未按任何一个公布值调整。",
        "Calibres differ: published numbers are not to be subtracted from each other. No number of \
         the model is tuned to any of them.",
    );
    out += &format!("\n{}", paragraph(note, WIDE, 0));
    out
}

/// From which year the reductions of some numbers count.
fn base_text(scores: &[&Score<'_>]) -> Text {
    let years: Vec<i32> = scores.iter().map(|s| s.published.base_year).collect();
    match years.first() {
        Some(base) if years.iter().all(|year| year == base) => Text::new(
            format!("较{base}年下降，%"),
            format!("reduction on {base}, %"),
        ),
        _ => Text::new("较各自基年下降，%", "reduction on their base years, %"),
    }
}

/// One line a region and indicator: the latest year, and the mean error.
fn regions(cases: &[Case<'_>], scores: &[&Score<'_>]) -> Table {
    let mut columns = vec![
        Column::id("region", "地区", "Region"),
        Column::id("indicator", "指标", "Indicator"),
        Column::id("book", "账", "Book"),
        Column::whole("year", "年份", "Year").at(2),
    ];
    let places = [3, 4, 5];
    let compared = compared().into_iter().zip(places);
    columns.extend(compared.map(|(column, place)| column.at(place)));
    columns.extend([
        Column::number_by("mean_error", "平均误差", "Mean error", "error_unit")
            .form(Form::Fixed(1))
            .decimals(3)
            .at(6),
        Column::unit("unit", "单位", "Unit"),
        Column::unit("error_unit", "误差的单位", "Unit of the error"),
        Column::id("calibre", "口径", "Calibre"),
        Column::text("region_name", "地区", "Region").at(0),
        Column::text("name", "指标", "Indicator").at(1),
        Column::text("calibre_name", "公布值的口径", "Calibre of the published").at(7),
    ]);
    let title = Text::new("各地区最近一年", "Regions, latest year");
    let mut table = Table::new("hindcast-regions", title, columns);
    let mut groups: BTreeMap<(usize, &str, Book), Vec<&Score<'_>>> = BTreeMap::new();
    for score in scores {
        let book = score.book(cases[score.case].catalogue);
        let key = (score.case, score.published.indicator.as_str(), book);
        groups.entry(key).or_default().push(score);
    }
    for ((c, indicator, book), group) in groups {
        let Some(latest) = group.iter().max_by_key(|score| score.published.year) else {
            continue;
        };
        let mean = group.iter().map(|s| s.error().abs()).sum::<f64>() / group.len() as f64;
        let catalogue = cases[c].catalogue;
        let calibre = &catalogue.calibres[latest.published.calibre.at()];
        table.row(vec![
            Cell::from(&cases[c].region().named.id),
            indicator.into(),
            book.id().into(),
            latest.published.year.into(),
            latest.model.into(),
            latest.published.value.value.into(),
            latest.error().into(),
            mean.into(),
            Unit::Percent.into(),
            Unit::Points.into(),
            Cell::from(&calibre.id),
            Cell::from(&cases[c].region().named.name),
            subject(catalogue, indicator, book).into(),
            Cell::from(&calibre.name),
        ]);
    }
    table
}

/// Mean, mean absolute and largest error of each indicator, the nation apart.
fn summary(cases: &[Case<'_>], scores: &[Score<'_>]) -> Table {
    let error = |key: &'static str, zh, en, form| {
        let column = Column::number_by(key, zh, en, "unit").form(form);
        column.decimals(3)
    };
    let columns = vec![
        Column::id("indicator", "指标", "Indicator"),
        Column::id("book", "账", "Book"),
        Column::text("name", "指标", "Indicator").at(0),
        Column::text("of", "范围", "Of").at(1),
        Column::whole("numbers", "个数", "Numbers").at(2),
        error("mean", "平均", "Mean", Form::FixedSigned(1)).at(3),
        error(
            "mean_absolute",
            "绝对值平均",
            "Mean, no sign",
            Form::Fixed(1),
        )
        .at(4),
        error("largest", "最大", "Largest", Form::FixedSigned(1)).at(5),
        Column::unit("unit", "单位", "Unit"),
    ];
    let title = Text::new("误差小结", "Errors in short");
    let mut table = Table::new("hindcast-errors", title, columns);
    let mut order: Vec<(&str, Book, bool)> = Vec::new();
    let key = |score: &Score<'_>| cases[score.case].region().level == Level::Nation;
    let book = |score: &Score<'_>| score.book(cases[score.case].catalogue);
    for score in scores {
        let group = (score.published.indicator.as_str(), book(score), key(score));
        if !order.contains(&group) {
            order.push(group);
        }
    }
    for (indicator, kept, nation) in order {
        let errors: Vec<f64> = scores
            .iter()
            .filter(|s| s.published.indicator == indicator && book(s) == kept && key(s) == nation)
            .map(Score::error)
            .collect();
        let Some(catalogue) = cases.first().map(|case| case.catalogue) else {
            continue;
        };
        let count = errors.len() as f64;
        let largest = errors.iter().copied().fold(0.0, |largest: f64, error| {
            if error.abs() > largest.abs() {
                error
            } else {
                largest
            }
        });
        let of = if nation {
            Text::new("全国", "nation")
        } else {
            Text::new("其他地区", "other regions")
        };
        table.row(vec![
            indicator.into(),
            kept.id().into(),
            subject(catalogue, indicator, kept).into(),
            of.into(),
            errors.len().into(),
            (errors.iter().sum::<f64>() / count).into(),
            (errors.iter().map(|e| e.abs()).sum::<f64>() / count).into(),
            largest.into(),
            Unit::Points.into(),
        ]);
    }
    table
}

/// Charts of the nation: the indicators, then one of sectors a pollutant.
pub fn figures(cases: &[Case<'_>], scores: &[Score<'_>]) -> Vec<Figure> {
    let Some(c) = cases
        .iter()
        .position(|case| case.region().level == Level::Nation)
    else {
        return Vec::new();
    };
    let own: Vec<&Score<'_>> = scores.iter().filter(|score| score.case == c).collect();
    let mut charts = vec![(
        "hindcast".to_string(),
        own.iter()
            .copied()
            .filter(|s| !s.is_sector())
            .collect::<Vec<_>>(),
    )];
    for p in (0..cases[c].catalogue.pollutants.len()).map(PollutantId::from_usize) {
        let of = |score: &&&Score<'_>| {
            let part = sector::parse(cases[c].catalogue, &score.published.indicator);
            part.is_some_and(|(q, _)| q == p)
        };
        let id = &cases[c].catalogue.pollutants[p.at()].named.id;
        charts.push((
            format!("hindcast-{id}"),
            own.iter().filter(of).copied().collect(),
        ));
    }
    let charts = charts.into_iter().filter(|(_, scores)| !scores.is_empty());
    charts
        .flat_map(|(name, scores)| {
            let chart = panels(&cases[c], &scores);
            both(&name, |lang| chart.render(lang))
        })
        .collect()
}

/// A panel an indicator: the model's line, growth alone where known, the published points.
pub fn panels(case: &Case<'_>, scores: &[&Score<'_>]) -> IndexPanels {
    let mut names: Vec<(&str, Book)> = Vec::new();
    for score in scores {
        let book = case.catalogue.book_of(score.published.calibre);
        let name = (score.published.indicator.as_str(), book);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let panels = names.iter().filter_map(|&(name, book)| {
        let values = series(case, name, book)?;
        let index = |values: &[f64]| values.iter().map(|v| v / values[0] * 100.0).collect();
        let frozen = case.catalogue.indicator_in(name, book);
        let frozen = frozen.or_else(|| case.catalogue.indicator(name));
        let own = scores.iter().filter(|s| {
            let of = case.catalogue.book_of(s.published.calibre);
            s.published.indicator == name && of == book
        });
        Some(IndexPanel {
            name: subject(case.catalogue, name, book),
            color: 0,
            years: case.plan.years.clone(),
            with_measures: index(&values),
            without_measures: frozen.map_or_else(Vec::new, |i| index(&case.outcome.frozen[i.at()])),
            other_book: Vec::new(),
            // A reduction on a later year stands on the model's value of that year.
            observed: own
                .filter_map(|s| {
                    let base = values[case.plan.year(s.published.base_year)?] / values[0];
                    let left = 1.0 - s.published.value.value;
                    Some((s.published.year, base * left * 100.0))
                })
                .collect(),
            splices: Vec::new(),
            targets: Vec::new(),
        })
    });
    let (first, last) = (case.scenario.base_year, case.scenario.end_year);
    let region = &case.region().named.name;
    IndexPanels {
        title: headline(case, scores),
        subtitle: Text::new(
            format!("{}：{first}—{last}年，{first}年=100；点为公布值", region.zh),
            format!(
                "{} {first}–{last}, {first} = 100; points are published",
                region.en
            ),
        ),
        panels: panels.collect(),
        with_name: Text::new("模型：有记录的措施", "Model with the measures on record"),
        without_name: Text::new("无措施（仅增长）", "No measures (growth alone)"),
        other_name: Text::default(),
        history_until: None,
        own_scales: false,
        footnote: footnote(case, scores),
    }
}

/// The largest error among the latest numbers of each indicator, in a sentence.
fn headline(case: &Case<'_>, scores: &[&Score<'_>]) -> Text {
    let is_latest = |score: &&&Score<'_>| {
        let own = scores
            .iter()
            .filter(|s| s.published.indicator == score.published.indicator);
        own.map(|s| s.published.year).max() == Some(score.published.year)
    };
    let latest = scores.iter().filter(is_latest);
    let Some(worst) = latest.max_by(|a, b| a.error().abs().total_cmp(&b.error().abs())) else {
        return Text::default();
    };
    let name = worst.subject(case.catalogue);
    let year = worst.published.year;
    let size = Form::Fixed(1).show(worst.error().abs(), 0.01, Lang::En);
    let (zh, en) = if worst.error() < 0.0 {
        ("少降", "little")
    } else {
        ("多降", "much")
    };
    Text::new(
        format!(
            "与公布值相差最大的是{year}年的{}：模型{zh}{size}个百分点",
            name.zh
        ),
        format!(
            "Largest error: {}, {year}, reduced {size} points too {en}",
            name.en
        ),
    )
}

fn footnote(case: &Case<'_>, scores: &[&Score<'_>]) -> Text {
    let mut calibres: Vec<&Text> = Vec::new();
    for score in scores {
        let name = &case.catalogue.calibres[score.published.calibre.at()].name;
        if !calibres.contains(&name) {
            calibres.push(name);
        }
    }
    let join = |lang: Lang| {
        let names: Vec<&str> = calibres.iter().map(|name| name.get(lang)).collect();
        names.join(lang.pick("、", "; "))
    };
    let version = env!("CARGO_PKG_VERSION");
    Text::new(
        format!(
            "公布值口径：{}。测算：jianpai {version}，未按公布值调整。",
            join(Lang::Zh)
        ),
        format!(
            "Published: {}. Model: jianpai {version}, not tuned to them.",
            join(Lang::En)
        ),
    )
}
