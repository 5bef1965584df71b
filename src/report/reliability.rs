//! How wrong runs of the past were, as tables: `data/model_error.csv` is the CSV of the
//! one, `data/model_error_cases.csv` that of the other, case by case.
//!
//! A run is held against every published number of its region that counts from the base
//! years asked for, as it is and joined to each earlier published number of the same
//! series. What is alike, and how wide a band follows, is [`jianpai_core::doubt`]'s
//! business; nothing here feeds back into a run.

use crate::case::{Case, plain_name};
use crate::chart::{self, Chart as _, Coverage, CoveragePanel, CoverageSeries};
use crate::figures::{Figure, both};
use crate::scorecard::series;
use crate::view::{Cell, Column, Form, Table, Unit};
use jianpai_core::catalogue::Achievement;
use jianpai_core::doubt::{self, Alike, RunKind, covered, groups, summaries};
use jianpai_core::text::Text;
use std::collections::BTreeMap;

/// A run of past years.
pub struct Past<'a> {
    /// The run.
    pub case: Case<'a>,
    /// What kind of run it is.
    pub kind: RunKind,
    /// Only published numbers that count from a year at or after this one.
    pub since: i32,
}

/// Every published number beside what the runs say of it, unanchored and anchored.
pub fn cases(runs: &[Past<'_>]) -> Vec<doubt::Case> {
    let mut found = Vec::new();
    for past in runs {
        let case = &past.case;
        let own = case
            .catalogue
            .achievements
            .iter()
            .filter(|a| a.region == case.plan.region && a.base_year >= past.since);
        // What counts from one year in one calibre is one series.
        let mut all: BTreeMap<(&str, usize, i32), Vec<&Achievement>> = BTreeMap::new();
        for published in own {
            let key = (
                published.indicator.as_str(),
                published.calibre.at(),
                published.base_year,
            );
            all.entry(key).or_default().push(published);
        }
        for ((indicator, _, base_year), mut published) in all {
            published.sort_by_key(|a| a.year);
            found.extend(of_series(past, indicator, base_year, &published));
        }
    }
    found
}

/// The cases of one series.
fn of_series(
    past: &Past<'_>,
    indicator: &str,
    base_year: i32,
    published: &[&Achievement],
) -> Vec<doubt::Case> {
    let case = &past.case;
    let Some(kept) = case.catalogue.indicator(indicator) else {
        return Vec::new();
    };
    let told = case.catalogue.book_of(published[0].calibre);
    let kept = &case.catalogue.indicators[kept.at()];
    let book = doubt::book_of(case.catalogue, kept, told);
    let (Some(values), Some(base)) = (series(case, indicator, book), case.plan.year(base_year))
    else {
        return Vec::new();
    };
    let at = |year: i32| case.plan.year(year).map(|t| values[t]);
    let mut found = Vec::new();
    let mut add = |anchored: bool, (from, year): (i32, i32), model: f64, published: f64| {
        let alike = Alike {
            kind: past.kind,
            indicator: indicator.to_string(),
            book,
            anchored,
            distance: year - from,
        };
        let error = model - published;
        if error.is_finite() {
            let region = case.plan.region;
            found.push(doubt::Case {
                alike,
                region,
                base_year,
                from,
                year,
                error,
            });
        }
    };
    for (i, later) in published.iter().enumerate() {
        let Some(value) = at(later.year) else {
            continue;
        };
        let wanted = later.value.value;
        add(
            false,
            (base_year, later.year),
            1.0 - value / values[base],
            wanted,
        );
        for earlier in &published[..i] {
            let Some(joined) = at(earlier.year) else {
                continue;
            };
            let left = (1.0 - earlier.value.value) * value / joined;
            add(true, (earlier.year, later.year), 1.0 - left, wanted);
        }
    }
    found
}

/// Columns that say which cases are alike.
fn alike_columns() -> Vec<Column> {
    vec![
        Column::id("run", "运行", "Run").at(0),
        Column::id("indicator", "指标", "Indicator").at(1),
        Column::id("book", "账", "Book").at(2),
        Column::flag("anchored", "与公布进展衔接", "Anchored", ["no", "yes"]).at(3),
        Column::whole("distance", "距离（年）", "Distance (a)").at(4),
    ]
}

fn alike_cells(alike: &Alike) -> Vec<Cell> {
    vec![
        alike.kind.id().into(),
        Cell::from(&alike.indicator),
        alike.book.id().into(),
        alike.anchored.into(),
        alike.distance.into(),
    ]
}

/// Columns that every table of the data has.
fn origin_columns() -> [Column; 3] {
    [
        Column::id("source", "来源", "Source"),
        Column::id("status", "状态", "Status"),
        Column::id("note", "说明", "Note"),
    ]
}

/// The program makes these tables itself.
fn origin_cells() -> [Cell; 3] {
    ["model-error".into(), "computed".into(), Cell::absent()]
}

/// The errors of all cases, alike ones on a line.
pub fn table(runs: &[Past<'_>]) -> Table {
    let mut columns = alike_columns();
    columns.extend([
        Column::whole("cases", "个数", "Cases").at(5),
        Column::number_by("mean", "平均误差", "Mean error", "unit")
            .decimals(3)
            .at(6),
        Column::number_by("value", "90 % 半宽", "Half-width, 90 %", "unit")
            .decimals(3)
            .at(7),
        Column::number_by(
            "covered",
            "他地区区间的覆盖",
            "Covered by others' bands",
            "unit",
        )
        .decimals(1)
        .at(8),
        Column::unit("unit", "单位", "Unit"),
        Column::id("method", "方法", "Method").at(9),
    ]);
    columns.extend(origin_columns());
    let title = Text::new("模型误差", "Errors of the model");
    let mut table = Table::new("model-error", title, columns);
    for found in summaries(&cases(runs)) {
        let alike = &found.alike;
        let mut row = alike_cells(alike);
        row.extend([
            found.cases.into(),
            found.mean.into(),
            found.half90.into(),
            found.covered.into(),
            Unit::Percent.into(),
            found.method.id().into(),
        ]);
        row.extend(origin_cells());
        table.row(row);
    }
    table
}

/// Levels of the bands that are held against the record, and their columns.
const LEVELS: [(f64, &str); 3] = [(0.5, "covered50"), (0.8, "covered80"), (0.9, "covered90")];

/// What bands state and what they cover: of alike cases the part within the band that is
/// made of the other regions' cases, for bands of 50, 80 and 90 %.
pub fn coverage(runs: &[Past<'_>]) -> Table {
    let mut columns = alike_columns();
    columns.push(Column::whole("cases", "个数", "Cases").at(5));
    columns.extend(LEVELS.map(|(level, key)| {
        let level = level * 100.0;
        let (zh, en) = (format!("{level} % 区间的覆盖"), format!("Of {level} %"));
        let column = Column::number_by(key, &zh, &en, "unit").form(Form::Fixed(0));
        column.decimals(1).absent("–").at(6)
    }));
    columns.push(Column::unit("unit", "单位", "Unit"));
    let title = Text::new("区间的可靠性", "Reliability of bands");
    let mut table = Table::new("reliability", title, columns);
    let all = cases(runs);
    for (alike, own) in groups(&all) {
        let mut row = alike_cells(alike);
        row.push(own.len().into());
        row.extend(LEVELS.map(|(level, _)| Cell::from(covered(&own, level))));
        row.push(Unit::Percent.into());
        table.row(row);
    }
    table
}

/// The error of every case that is in [`table`], alike ones together.
pub fn cases_table(runs: &[Past<'_>]) -> Table {
    let mut columns = alike_columns();
    columns.extend([
        Column::id("region", "地区", "Region").at(5),
        Column::whole("base_year", "基年", "Base year").at(6),
        Column::whole("from", "起算年", "From").at(7),
        Column::whole("year", "年份", "Year").at(8),
        Column::number_by("value", "误差", "Error", "unit")
            .decimals(3)
            .at(9),
        Column::unit("unit", "单位", "Unit"),
    ]);
    columns.extend(origin_columns());
    let title = Text::new("模型误差：逐例", "Errors of the model, case by case");
    let mut table = Table::new("model-error-cases", title, columns);
    let all = cases(runs);
    for (alike, own) in groups(&all) {
        for case in own {
            let region = runs.first().map(|past| past.case.catalogue);
            let region = region.map(|catalogue| &catalogue.regions[case.region.at()].named.id);
            let mut row = alike_cells(alike);
            row.extend([
                region.into(),
                case.base_year.into(),
                case.from.into(),
                case.year.into(),
                case.error.into(),
                Unit::Percent.into(),
            ]);
            row.extend(origin_cells());
            table.row(row);
        }
    }
    table
}

/// The diagram of what bands state and cover, in both languages.
pub fn figures(runs: &[Past<'_>]) -> Vec<Figure> {
    let chart = diagram(runs);
    both("reliability", |lang| chart.render(lang)).to_vec()
}

/// What bands state against what they cover: cases of one indicator together, whatever
/// they are joined to and however far they reach, each group by its own band.
pub fn diagram(runs: &[Past<'_>]) -> Coverage {
    let all = cases(runs);
    let mut left_out = 0;
    let mut panels = Vec::new();
    for kind in [RunKind::Plan, RunKind::Recorded] {
        let mut found: BTreeMap<&str, Pooled> = BTreeMap::new();
        for (alike, own) in groups(&all).into_iter().filter(|(a, _)| a.kind == kind) {
            let shares = LEVELS.map(|(level, _)| covered(&own, level));
            let [Some(half), Some(most), Some(nearly)] = shares else {
                left_out += own.len();
                continue;
            };
            let pooled = found.entry(&alike.indicator).or_default();
            pooled.cases += own.len();
            for (sum, share) in pooled.inside.iter_mut().zip([half, most, nearly]) {
                *sum += share * own.len() as f64;
            }
        }
        let series = found.iter().map(|(indicator, pooled)| CoverageSeries {
            name: name_of(runs, indicator),
            cases: pooled.cases,
            points: pooled.points(),
        });
        let mut series: Vec<CoverageSeries> = series.collect();
        series.sort_by_key(|one| std::cmp::Reverse(one.cases));
        if !series.is_empty() {
            panels.push(CoveragePanel {
                name: kind_name(kind),
                series,
            });
        }
    }
    Coverage {
        title: headline(&panels),
        subtitle: Text::new(
            "横轴：区间标称的把握；纵轴：实际落在区间里的例数占比；区间只用其他地区的误差做成",
            "Across: what the band states; upwards: the part of cases within it, the band being made of other regions' errors",
        ),
        panels,
        footnote: Text::new(
            format!(
                "每例是一个公布数与模型之差；同一地区的几例相互并不独立。另有{left_out}例因其他地区不足三例，区间无从检验，未画。测算：jianpai {}。",
                env!("CARGO_PKG_VERSION")
            ),
            format!(
                "A case is one published number less the model's; cases of one region are not independent. {left_out} more, for which other regions have fewer than three, cannot be tried and are not drawn. Computed by jianpai {}.",
                env!("CARGO_PKG_VERSION")
            ),
        ),
    }
}

/// Cases of one indicator together.
#[derive(Default)]
struct Pooled {
    cases: usize,
    /// Cases within the band of each level.
    inside: [f64; 3],
}

impl Pooled {
    /// What is stated and covered, in percent.
    fn points(&self) -> Vec<(f64, f64)> {
        let pairs = LEVELS.iter().zip(self.inside);
        pairs
            .map(|((level, _), inside)| (level * 100.0, inside / self.cases as f64 * 100.0))
            .collect()
    }
}

fn kind_name(kind: RunKind) -> Text {
    match kind {
        RunKind::Plan => Text::new("事前的规划情景", "Plans, as seen before"),
        RunKind::Recorded => Text::new("事后按实录的措施", "Measures as recorded"),
    }
}

fn name_of(runs: &[Past<'_>], indicator: &str) -> Text {
    let catalogue = runs.first().map(|past| past.case.catalogue);
    let known = catalogue.and_then(|catalogue| {
        let i = catalogue.indicator(indicator)?;
        Some(plain_name(catalogue, &catalogue.indicators[i.at()]))
    });
    known.unwrap_or_else(|| Text::same(indicator))
}

/// What the widest band covers, over all cases drawn.
fn headline(panels: &[CoveragePanel]) -> Text {
    let series = panels.iter().flat_map(|panel| &panel.series);
    let (mut cases, mut inside, mut few) = (0, 0.0, 0);
    for one in series {
        let Some((_, covered)) = one.points.last() else {
            continue;
        };
        cases += one.cases;
        inside += covered / 100.0 * one.cases as f64;
        few += usize::from(one.cases < chart::FEW_CASES);
    }
    if cases == 0 {
        return Text::new("区间无从检验", "Bands cannot be tried");
    }
    let (level, _) = LEVELS[LEVELS.len() - 1];
    let stated = (level * 100.0).round();
    let share = (inside / cases as f64 * 100.0).round();
    let (few_zh, few_en) = match few {
        0 => (String::new(), String::new()),
        few => (
            format!("；其中{few}条线不足{}例，说明不了多少", chart::FEW_CASES),
            format!(
                "; {few} of the lines have fewer than {} and tell little",
                chart::FEW_CASES
            ),
        ),
    };
    Text::new(
        format!("标称{stated}%的区间，历史上实际覆盖{share}%（{cases}例）{few_zh}"),
        format!("Bands that state {stated} % covered {share} % of {cases} past cases{few_en}"),
    )
}
