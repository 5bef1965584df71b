//! Runs of the past by sector, held against what was published of sectors.
//!
//! ```text
//! model = 1 − E[sector, year] / E[sector, base]      error = model − published
//! ```
//!
//! Research inventories, the yearly reports on vehicles and machinery and CO2 inventories
//! publish sectors. Each number is compared within its own calibre: with the model's
//! reduction between the same two years, never with a number of another calibre. The
//! yearly statistics give sectors of COD and NH3-N of single years of two provinces alone,
//! and SO2 and NOx by sector of no two years in one calibre: they are not here.

use crate::reliability::Past;
use crate::scorecard::{series, subject};
use crate::view::{Cell, Column, Form, Table, Unit};
use jianpai_core::text::Text;

/// Every published number of a sector beside what the runs say of it.
pub fn table(runs: &[Past<'_>]) -> Table {
    let number = |key: &'static str, zh, en, unit: &'static str| {
        let form = if key == "error" {
            Form::FixedSigned(1)
        } else {
            Form::Fixed(1)
        };
        Column::number_by(key, zh, en, unit).form(form).decimals(3)
    };
    let columns = vec![
        Column::id("run", "运行", "Run").at(1),
        Column::id("region", "地区", "Region"),
        Column::id("indicator", "指标", "Indicator"),
        Column::whole("base_year", "基年", "Base year").at(3),
        Column::whole("year", "年份", "Year").at(4),
        number("model", "模型", "Model", "unit").at(5),
        number("published", "公布", "Published", "unit").at(6),
        number("error", "误差", "Error", "error_unit").at(7),
        Column::unit("unit", "单位", "Unit"),
        Column::unit("error_unit", "误差的单位", "Unit of the error"),
        Column::id("calibre", "口径", "Calibre").at(2),
        Column::id("status", "状态", "Status"),
        Column::id("source", "来源", "Source"),
        Column::id("scenario", "情景", "Scenario"),
        Column::text("name", "部门", "Sector")
            .at(0)
            .once("indicator"),
    ];
    let title = Text::new(
        "分部门：模型与公布值",
        "Sectors: the model and what was published",
    );
    let mut table = Table::new("sectors", title, columns);
    let Some(catalogue) = runs.first().map(|past| past.case.catalogue) else {
        return table;
    };
    let sectors = catalogue.achievements.iter();
    for published in sectors.filter(|a| a.indicator.contains(':')) {
        let book = catalogue.book_of(published.calibre);
        for past in runs {
            let case = &past.case;
            if case.plan.region != published.region || published.base_year < past.since {
                continue;
            }
            let years = [published.base_year, published.year].map(|year| case.plan.year(year));
            let values = series(case, &published.indicator, book);
            let (Some(values), [Some(from), Some(to)]) = (values, years) else {
                continue;
            };
            // A sector that the model has nothing of cannot be scored.
            if values[from] <= 0.0 {
                continue;
            }
            let model = 1.0 - values[to] / values[from];
            let origin = published.value.origin;
            table.row(vec![
                past.kind.id().into(),
                Cell::from(&case.region().named.id),
                Cell::from(&published.indicator),
                published.base_year.into(),
                published.year.into(),
                model.into(),
                published.value.value.into(),
                (model - published.value.value).into(),
                Unit::Percent.into(),
                Unit::Points.into(),
                Cell::from(&catalogue.calibres[published.calibre.at()].id),
                origin.status.id().into(),
                Cell::from(&catalogue.sources[origin.source.at()].id),
                Cell::from(&case.scenario.id),
                subject(catalogue, &published.indicator, book).into(),
            ]);
        }
    }
    table
}
