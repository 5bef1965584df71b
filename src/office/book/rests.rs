//! What the results rest on: every number of the data and every statement of the scenario
//! that moves an indicator of a target (or a headline) in its year, with its source.

use super::Book;
use jianpai_core::dims::{IndicatorId, SourceId};
use jianpai_core::explain::{self, Input, Tape};
use jianpai_core::provenance::Sourced;
use jianpai_core::text::{Lang, Text};
use jianpai_report::case::short_name;
use jianpai_report::listing;
use jianpai_report::view::{Cell, Column, Form, Table, Unit, Value};
use std::collections::{BTreeSet, HashMap};

/// What stands above the table of numbers.
pub(super) fn note(lang: Lang) -> &'static str {
    lang.pick(
        "权重：该数的弹性（绝对值）占全部数弹性之和的比重，取其在各项结果中最大的一项；逐项来历见 jianpai explain",
        "Weight: the number's part of Σ |elasticity|, of the result in which it is largest; jianpai explain tells every term",
    )
}

/// A number that something rests on.
struct Rest<'a> {
    input: Input<'a>,
    /// Its value in the shown unit.
    value: f64,
    scale: f64,
    unit: Text,
    name: Text,
    sourced: Option<Sourced>,
    /// Its largest weight, and the result that has it.
    weight: f64,
    of: (IndicatorId, usize),
}

/// The numbers and their sources.
pub(super) fn tables(book: &Book<'_>) -> Vec<Table> {
    let rests = rests(book);
    let used: BTreeSet<SourceId> = rests
        .iter()
        .filter_map(|rest| Some(rest.sourced?.origin.source))
        .collect();
    vec![numbers(book, &rests), sources(book, &used)]
}

/// The results looked at: every target in its year, headlines in the last year.
fn results(book: &Book<'_>) -> Vec<(IndicatorId, usize)> {
    let case = &book.case;
    let last = case.plan.span() - 1;
    let targets = case.scenario.targets.iter();
    let targets = targets.filter_map(|one| Some((one.indicator, case.plan.year(one.year)?)));
    let mut all: Vec<(IndicatorId, usize)> = Vec::new();
    let pairs = case.catalogue.in_pairs().into_iter();
    let headlines =
        pairs.filter(|id| case.catalogue.indicators[id.at()].is_headline(case.catalogue));
    for one in targets.chain(headlines.map(|id| (id, last))) {
        if !all.contains(&one) {
            all.push(one);
        }
    }
    all
}

fn rests<'a>(book: &Book<'a>) -> Vec<Rest<'a>> {
    let case = &book.case;
    let mut tape = Tape::new(case.catalogue, case.scenario, case.plan);
    let mut known: HashMap<Input<'a>, usize> = HashMap::new();
    let mut all: Vec<Rest<'a>> = Vec::new();
    for of in results(book) {
        let root = tape.indicator(of.0, of.1);
        for weight in tape.weights(root) {
            if let Some(at) = known.get(&weight.input) {
                let rest = &mut all[*at];
                if weight.share > rest.weight {
                    (rest.weight, rest.of) = (weight.share, of);
                }
                continue;
            }
            let node = tape.node(weight.node);
            let shown = explain::unit(&tape, node.what);
            known.insert(weight.input, all.len());
            all.push(Rest {
                input: weight.input,
                value: node.value / shown.scale,
                scale: shown.scale,
                name: explain::label(&tape, node.what),
                unit: shown.unit,
                sourced: tape.sourced(weight.input).map(|(number, _)| number),
                weight: weight.share,
                of,
            });
        }
    }
    all.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    all
}

fn numbers(book: &Book<'_>, rests: &[Rest<'_>]) -> Table {
    let case = &book.case;
    let columns = vec![
        Column::text("name", "数", "Number").at(0),
        Column::number("value", "取值", "Value", Unit::None).at(1),
        Column::number("low", "下限", "Low", Unit::None).at(2),
        Column::number("high", "上限", "High", Unit::None).at(3),
        Column::unit("unit", "单位", "Unit").at(4),
        Column::text("status", "可靠程度", "Status").at(5),
        Column::text("title", "出处", "Source").at(6),
        Column::id("source", "来源编号", "Source id").at(7),
        Column::id("place", "所在文件与行", "File and line").at(8),
        Column::number("weight", "权重", "Weight", Unit::Fraction)
            .form(Form::Percent)
            .at(9),
        Column::text("of", "最影响的结果", "Weighs most in").at(10),
    ];
    let mut table = Table::new("numbers", Text::new("依据的数", "Numbers"), columns);
    for rest in rests {
        let (id, t) = rest.of;
        let of = short_name(case.catalogue, &case.catalogue.indicators[id.at()]);
        let year = case.plan.years[t];
        let of = Text::new(format!("{year}年{}", of.zh), format!("{}, {year}", of.en));
        let mut cells = vec![Cell::from(&rest.name), rest.value.into()];
        cells.extend(rest.origin(book));
        cells.extend([rest.weight.into(), of.into()]);
        table.row(cells);
    }
    table
}

impl Rest<'_> {
    /// Range, unit, status, source and place.
    fn origin(&self, book: &Book<'_>) -> [Cell; 7] {
        let case = &book.case;
        let unit = Cell::from(Value::Named(self.unit.clone()));
        let Some(number) = self.sourced else {
            let place = match self.input {
                Input::Stated(statement) => (book.places)(statement),
                _ => None,
            };
            let place = place.map(|(file, line)| format!("{file}:{line}"));
            let stated = Text::new("情景设定", "stated by the scenario");
            return [
                Cell::absent(),
                Cell::absent(),
                unit,
                stated.into(),
                Cell::from(case.scenario.document.as_ref().map(Text::same)),
                Cell::absent(),
                place.into(),
            ];
        };
        let source = &case.catalogue.sources[number.origin.source.at()];
        let own = case.scenario.inventory.as_deref();
        let file = case
            .catalogue
            .file(number.origin)
            .or(own)
            .unwrap_or_default();
        let has_range = number.high > number.low;
        let bound = |value: f64| Cell::from(has_range.then_some(value / self.scale));
        [
            bound(number.low),
            bound(number.high),
            unit,
            number.origin.status.name().into(),
            Text::same(&source.title).into(),
            Cell::from(&source.id),
            format!("{file}:{}", number.origin.line).into(),
        ]
    }
}

/// The sources of the data that are used, as `list sources` has them.
fn sources(book: &Book<'_>, used: &BTreeSet<SourceId>) -> Table {
    let mut table = listing::sources(book.case.catalogue);
    table.title = Text::new("所用来源", "Sources used");
    let mut at = 0..;
    table.rows.retain(|_| {
        at.next()
            .is_some_and(|at| used.contains(&SourceId::from_usize(at)))
    });
    table.columns[0].heading = Text::new("编号", "Id");
    for (key, place) in [("url", 4), ("terms", 5)] {
        if let Some(c) = table.column(key) {
            table.columns[c].place = Some(place);
        }
    }
    table
}
