//! Several scenarios side by side: what each target asks and each scenario reaches.

use crate::case::{Case, plain_name, short_name};
use crate::grid::{NARROW, paragraph, wrap};
use crate::standing::Standing;
use crate::tables::{of_run, run_of};
use crate::view::{Across, Cell, Column, Form, Table, Unit, With};
use crate::write::{self, AFTER};
use jianpai_core::catalogue::Book;
use jianpai_core::dims::IndicatorId;
use jianpai_core::target::counts;
use jianpai_core::text::{Lang, Text};

fn span(case: &Case<'_>) -> (i32, i32) {
    (case.index_base(), case.scenario.end_year)
}

fn same_span(cases: &[Case<'_>]) -> bool {
    cases.iter().all(|case| span(case) == span(&cases[0]))
}

/// Whether all are one scenario in several regions.
fn same_name(cases: &[Case<'_>], lang: Lang) -> bool {
    let name = |case: &Case<'_>| case.scenario.name.get(lang).to_string();
    cases.len() > 1 && cases.iter().all(|case| name(case) == name(&cases[0]))
}

/// The change of each indicator that is compared, a line a scenario and indicator.
pub fn table(cases: &[Case<'_>]) -> Table {
    let columns = columns(cases);
    let title = Text::new("情景比较", "Scenarios");
    let mut table = Table::new("comparison", title, columns);
    table.across = Some(Across::of(
        &["scenario", "region"],
        ("indicator_name", "indicator_name"),
        "change",
    ));
    let shown = compared(cases);
    for case in cases {
        let (from, to) = span(case);
        let (met, all) = case.score();
        for &i in &shown {
            let indicator = &case.catalogue.indicators[i];
            let values = &case.outcome.indicators[i];
            let base = case.base_value(i);
            let change = counts(base).then(|| values[values.len() - 1] / base - 1.0);
            let verdict = case.standing_on(i).map(Standing::id);
            let mut cells = run_of(case).to_vec();
            cells.extend([
                label(case, cases).into(),
                Cell::from(Text::new(format!("{from}—{to}"), format!("{from}–{to}"))),
                from.into(),
                to.into(),
                Cell::from(&indicator.base),
                indicator.book.id().into(),
                heading(case, i).into(),
                change.into(),
                Unit::Percent.into(),
                verdict.into(),
                met.into(),
                all.into(),
            ]);
            table.row(cells);
        }
    }
    table
}

/// What a column is called: a note says which are accounted, so that of two books only
/// the physical one is named in the heading.
fn heading(case: &Case<'_>, i: usize) -> Text {
    let indicator = &case.catalogue.indicators[i];
    if indicator.leads(case.catalogue) {
        plain_name(case.catalogue, indicator)
    } else {
        short_name(case.catalogue, indicator)
    }
}

/// Which of the columns are accounted; empty if none is.
fn accounted(case: &Case<'_>, shown: &[usize], lang: Lang) -> String {
    let own = shown.iter().filter(|i| {
        let indicator = &case.catalogue.indicators[**i];
        indicator.told_book(case.catalogue) == Some(Book::Accounted)
    });
    let names: Vec<Text> = own.map(|i| heading(case, *i)).collect();
    let names: Vec<&str> = names.iter().map(|name| name.get(lang)).collect();
    if names.is_empty() {
        return String::new();
    }
    match lang {
        Lang::Zh => format!("；{}为核算", names.join("、")),
        Lang::En => format!("; {} as accounted", names.join(", ")),
    }
}

fn columns(cases: &[Case<'_>]) -> Vec<Column> {
    let heading = |lang: Lang, regions: &'static str, scenarios: &'static str| {
        if same_name(cases, lang) {
            regions
        } else {
            scenarios
        }
    };
    let zh = heading(Lang::Zh, "地区", "情景比较");
    let en = heading(Lang::En, "Region", "Scenarios");
    let years = Column::text("years", "时段", "Years");
    let mut columns = of_run().to_vec();
    columns.extend([
        Column::text("name", zh, en).at(0),
        // Years stand in a note where all scenarios have the same.
        if same_span(cases) { years } else { years.at(1) },
        Column::whole("from", "起始年", "From"),
        Column::whole("to", "终止年", "To"),
        Column::id("indicator", "指标", "Indicator"),
        Column::id("book", "账", "Book"),
        Column::text("indicator_name", "指标", "Indicator"),
        Column::number_by("change", "变化", "Change", "unit")
            .form(Form::SignedPercent)
            .absent("—")
            .with(With::Mark("verdict")),
        Column::unit("unit", "单位", "Unit"),
        Column::id("verdict", "判定", "Verdict"),
        Column::whole("targets_met", "达标", "Met")
            .at(AFTER)
            .with(With::Of("targets")),
        Column::whole("targets", "目标数", "Targets"),
    ]);
    columns
}

/// What a line is called: the region where the scenario is always the same.
fn label(case: &Case<'_>, cases: &[Case<'_>]) -> Text {
    let label = |lang: Lang| {
        let region = case.region().named.name.get(lang);
        let name = case.scenario.name.get(lang);
        if same_name(cases, lang) {
            region.to_string()
        } else if name.contains(region) {
            name.to_string()
        } else {
            format!("{name} · {region}")
        }
    };
    Text::new(label(Lang::Zh), label(Lang::En))
}

/// The comparison on the terminal, from the year that targets count from to the last one.
pub fn text(cases: &[Case<'_>], lang: Lang) -> String {
    let table = table(cases);
    let (from, to) = span(&cases[0]);
    let change = match (same_span(cases), lang) {
        (true, Lang::Zh) => format!("{to}年较{from}年变化"),
        (true, Lang::En) => format!("change {from}–{to}"),
        (false, Lang::Zh) => "期末较各自目标基年的变化".to_string(),
        (false, Lang::En) => {
            "change from the year that each scenario's targets count from".to_string()
        }
    };
    let marks = lang.pick(
        "✓ 该指标的目标全部达到，≈ 达到但在误差之内，✗ 有目标未达到，? 无法判定，无记号为未设目标",
        "✓ its targets are met, ≈ met within error, ✗ one is missed, ? cannot be judged, no mark: no target",
    );
    let title = if same_name(cases, lang) {
        let name = cases[0].scenario.name.get(lang);
        format!("\n{}\n", wrap(name, NARROW).join("\n"))
    } else {
        String::new()
    };
    let note = paragraph(
        &format!(
            "{change}{}{marks}{}",
            lang.pick("；", "; "),
            accounted(&cases[0], &compared(cases), lang)
        ),
        NARROW,
        0,
    );
    let grid = write::terminal(&table, lang, NARROW);
    format!("{title}\n{grid}\n{note}")
}

/// The indicators that comparisons show: emissions, CO2 per GDP, and every other that a
/// scenario has a target on.
pub fn compared(cases: &[Case<'_>]) -> Vec<usize> {
    let Some(case) = cases.first() else {
        return Vec::new();
    };
    let has_target = |i: usize| {
        let mut targets = cases.iter().flat_map(|case| &case.scenario.targets);
        targets.any(|target| target.indicator.at() == i)
    };
    let all = case.catalogue.in_pairs().into_iter().map(IndicatorId::at);
    let shown =
        all.filter(|i| case.catalogue.indicators[*i].is_headline(case.catalogue) || has_target(*i));
    shown.collect()
}
