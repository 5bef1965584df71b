//! Every indicator in every year, as a table.

use crate::case::Case;
use crate::tables::{of_run, run_of};
use crate::view::{Column, Table, run};
use jianpai_core::text::Text;

/// Every indicator in every year: with all measures, with growth alone, and with current
/// policy alone, in base units. One account that serves for both books has its rows once.
pub fn table(cases: &[Case<'_>]) -> Table {
    let number = |key: &'static str, zh, en| Column::number_by(key, zh, en, "unit");
    let mut columns = of_run().to_vec();
    columns.extend([
        Column::id("indicator", "指标", "Indicator"),
        Column::id("book", "账", "Book"),
        Column::text("name", "指标", "Indicator").at(0),
        Column::whole("year", "年份", "Year").at(1),
        Column::unit("unit", "单位", "Unit").at(2),
        number("value", "情景", "Scenario").at(3),
        number("no_measures", "无措施（仅增长）", "Growth alone").at(4),
        number("current_policy", "仅现行政策", "Current policy alone").at(5),
    ]);
    let title = Text::new("逐年指标", "Indicators by year");
    let mut table = Table::new("trajectory", title, columns);
    for case in cases {
        for found in run::indicators(case) {
            if found.repeats {
                continue;
            }
            let values = found.values.iter().zip(&found.no_measures);
            let values = values.zip(&found.current_policy).zip(&found.years);
            for (((value, without), current), year) in values {
                let mut cells = run_of(case).to_vec();
                cells.extend([
                    (&found.indicator).into(),
                    found.book.into(),
                    (&found.name).into(),
                    (*year).into(),
                    found.unit.into(),
                    (*value).into(),
                    (*without).into(),
                    (*current).into(),
                ]);
                table.row(cells);
            }
        }
    }
    table
}
